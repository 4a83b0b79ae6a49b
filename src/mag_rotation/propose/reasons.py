"""Why a rotation is the one that was proposed: codes with their figures, which a report puts into sentences.

They follow from the answer alone, so that counting it again gives the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import gcd
from typing import ClassVar, TypeAlias

from mag_rotation.calls import Call
from mag_rotation.hours import DAY
from mag_rotation.propose.answer import Impossible, Proposed
from mag_rotation.propose.case import Certificate
from mag_rotation.propose.judge import ProofPart
from mag_rotation.propose.online import NextSlot
from mag_rotation.propose.prices import Price
from mag_rotation.propose.request import Constraint, Objective, Request
from mag_rotation.propose.solve import Cut
from mag_rotation.roster import MemberId
from mag_rotation.series import Slot, Weekday

__all__ = [
    "Asked",
    "BestOf",
    "BeyondCertificate",
    "Bound",
    "Certified",
    "ChoiceSize",
    "ClaimedBeyond",
    "CountedAgain",
    "CutShort",
    "FairestSlot",
    "FreeOfCost",
    "FrontierRow",
    "FrontierSize",
    "InNightAtSlot",
    "LeastTotal",
    "LedgerWithSlot",
    "NightsOfWorst",
    "NoNextSlot",
    "NoRotation",
    "Priced",
    "Reason",
    "Shift",
    "Today",
    "WorstOff",
    "next_reasons",
    "places_of",
    "proposal_reasons",
    "refusal_reasons",
    "verification_reasons",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What was asked for."""

    code: ClassVar[str] = "asked"
    request: Request


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceSize:
    """How many slots had a choice, and from how many starts each."""

    code: ClassVar[str] = "choice"
    slots: int
    starts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BestOf:
    """What the rotation is the best of, and whether that is proven."""

    code: ClassVar[str] = "best_of"
    objective: Objective
    tolerance: int
    group: str | None
    proven: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CutShort:
    """What ended the search before it had looked at everything; ``wanted_grid`` is the grid that did not fit."""

    code: ClassVar[str] = "cut_short"
    cuts: tuple[Cut, ...]
    grid: int
    wanted_grid: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WorstOff:
    """Who carries the most; nobody where nobody bears anything."""

    code: ClassVar[str] = "worst_off"
    members: tuple[MemberId, ...]
    burden: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """The worst beside the bound; ``reached`` says that a rotation was found whose worst is the bound."""

    code: ClassVar[str] = "bound"
    worst: int
    bound: int
    reached: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Certified:
    """What the certificate proves."""

    code: ClassVar[str] = "certificate"
    certificate: Certificate


@dataclass(frozen=True, kw_only=True, slots=True)
class BeyondCertificate:
    """What the bound has beyond the certificate; ``step`` divides all burdens, None where it does not explain that."""

    code: ClassVar[str] = "beyond_certificate"
    least: int
    bound: int
    step: int | None
    reached: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Today:
    """The rotation beside the plan as it stands."""

    code: ClassVar[str] = "today"
    worst: int
    total: int
    worst_today: int
    total_today: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """How many members would bear less than in the plan as it stands, the same, and more."""

    code: ClassVar[str] = "shift"
    less: int
    same: int
    more: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NightsOfWorst:
    """The calls in the night of the member who is worst off in the plan as it stands, or in the rotation."""

    code: ClassVar[str] = "nights_of_worst"
    as_it_stands: bool
    member: MemberId
    night_calls: int
    night_calls_today: int


class RowKind(StrEnum):
    """A rotation of the frontier that a reason is about."""

    CHEAPEST = "cheapest"
    FAIREST = "fairest"
    KNEE = "knee"


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontierRow:
    """A rotation of the frontier beside the proposed one; ``complete`` is the frontier's."""

    code: ClassVar[str] = "frontier_row"
    row: RowKind
    worst: int
    total: int
    own_worst: int
    own_total: int
    complete: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LeastTotal:
    """That no rotation of the frontier has a smaller total."""

    code: ClassVar[str] = "least_total"
    total: int
    complete: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontierSize:
    """How many rotations the frontier has."""

    code: ClassVar[str] = "frontier"
    rotations: int
    complete: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Priced:
    """What one constraint costs the worst-off."""

    code: ClassVar[str] = "price"
    price: Price


@dataclass(frozen=True, kw_only=True, slots=True)
class FreeOfCost:
    """Constraints each of which costs the worst-off nothing."""

    code: ClassVar[str] = "free_of_cost"
    constraints: tuple[Constraint, ...]
    worst: int
    proven: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NoRotation:
    """Why there is no rotation of so many slots (None: no free schedule); see :class:`Impossible`."""

    code: ClassVar[str] = "no_rotation"
    slots: int | None
    conflict: tuple[Constraint, ...]
    smallest: bool
    proven: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NoNextSlot:
    """That no slot is left for the next call, and the constraints that leave none."""

    code: ClassVar[str] = "no_next_slot"
    date: date
    planned: datetime
    conflict: tuple[Constraint, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FairestSlot:
    """The fairest slot for the next call, of how many; ``start`` and ``planned`` are instants."""

    code: ClassVar[str] = "fairest_slot"
    choices: int
    date: date
    planned: datetime
    slot: Slot
    start: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerWithSlot:
    """The greatest burden and the total by the next call, and as planned; None if the slot is the planned one."""

    code: ClassVar[str] = "ledger_with_slot"
    worst: int
    total: int
    worst_today: int | None
    total_today: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class InNightAtSlot:
    """How many members are in the night at the fairest slot."""

    code: ClassVar[str] = "in_night_at_slot"
    in_night: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedAgain:
    """Over what a proposal was counted again, and how many checks failed."""

    code: ClassVar[str] = "counted_again"
    failed: int
    calls: int
    members: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimedBeyond:
    """What a proposal claims beyond its certificate, and only a search can prove."""

    code: ClassVar[str] = "claimed_beyond_certificate"
    claims: tuple[ProofPart, ...]
    bound: int


Reason: TypeAlias = (
    Asked
    | ChoiceSize
    | BestOf
    | CutShort
    | WorstOff
    | Bound
    | Certified
    | BeyondCertificate
    | Today
    | Shift
    | NightsOfWorst
    | FrontierRow
    | LeastTotal
    | FrontierSize
    | Priced
    | FreeOfCost
    | NoRotation
    | NoNextSlot
    | FairestSlot
    | LedgerWithSlot
    | InNightAtSlot
    | CountedAgain
    | ClaimedBeyond
)
"""One thing that speaks for a rotation or a slot, or against any."""


def proposal_reasons(found: Proposed) -> tuple[Reason, ...]:
    """Why these slots, who carries the most and why nobody can carry less, today's plan, and what it costs."""
    request = found.request
    return (
        Asked(request=request),
        _choice(found),
        BestOf(objective=request.objective, tolerance=request.tolerance, group=request.group, proven=found.proven),
        *_cut_short(found),
        *_worst(found),
        *_proven(found),
        *_today(found),
        *_cost(found),
        *_prices(found.prices),
    )


def refusal_reasons(found: Impossible) -> tuple[Reason, ...]:
    """Why there is no rotation."""
    request = found.request
    return (
        Asked(request=request),
        NoRotation(slots=request.slots, conflict=found.conflict, smallest=found.smallest, proven=found.proven),
    )


def next_reasons(found: NextSlot) -> tuple[Reason, ...]:
    """Return why the next call should be in that slot, beside what the plan has."""
    planned = found.planned
    if not found.choices:
        return (NoNextSlot(date=planned.date, planned=planned.start, conflict=found.conflict),)
    best, today = found.choices[0], [share.burden_today for share in found.shares]
    is_planned = best.start == planned.start
    return (
        FairestSlot(
            choices=len(found.choices), date=planned.date, planned=planned.start, slot=best.slot, start=best.start
        ),
        LedgerWithSlot(
            worst=best.worst,
            total=best.total,
            worst_today=None if is_planned else max(today, default=0),
            total_today=None if is_planned else sum(today),
        ),
        InNightAtSlot(in_night=best.in_night),
    )


def verification_reasons(found: Proposed, *, failed: int, is_searched: bool) -> tuple[Reason, ...]:
    """Return what was counted again, what the certificate proves, and what only a search can prove."""
    certificate = found.certificate
    claims = [
        (ProofPart.BOUND, found.bound > certificate.least),
        (ProofPart.ORDER, found.proven),
        (ProofPart.FRONTIER, found.swept),
        (ProofPart.PRICE, bool(found.prices)),
    ]
    claimed = tuple(part for part, is_claimed in claims if is_claimed and not is_searched)
    calls = sum(call.is_held for call in found.calls)
    return (
        CountedAgain(failed=failed, calls=calls, members=len(found.shares)),
        *((Certified(certificate=certificate),) if certificate.least else ()),
        *((ClaimedBeyond(claims=claimed, bound=found.bound),) if claimed else ()),
    )


def places_of(found: Proposed) -> dict[int, list[Call]]:
    """The held calls that took their slot from the rotation, by its number counted from 1."""
    slots = found.series.rotation.slots
    places: dict[int, list[Call]] = {}
    for call in found.calls:
        if call.is_held and call.turn is not None and call.turn.slots is slots:
            places.setdefault(call.turn.index + 1, []).append(call)
    return places


def _choice(found: Proposed) -> ChoiceSize:
    request = found.request
    coming = [call for call in found.calls if call.is_held and (request.first is None or call.date >= request.first)]
    coming.sort(key=lambda call: (call.date, call.start))
    staying = {call.uid for call in coming[: request.keep]}
    open_uids = {call.uid for call in coming} - staying
    chosen = sum(any(call.uid in open_uids for call in calls) for calls in places_of(found).values())
    days = request.weekdays or (None,)
    beside = {slot for slot in found.slots if not _on_grid(slot, request, days)}
    return ChoiceSize(slots=chosen, starts=len(set(days)) * (DAY // request.grid) + len(beside))


def _on_grid(slot: Slot, request: Request, days: Sequence[Weekday | None]) -> bool:
    minute = slot.at.hour * 60 + slot.at.minute
    return slot.minutes is None and slot.zone == request.zone and slot.weekday in days and minute % request.grid == 0


def _cut_short(found: Proposed) -> Iterator[Reason]:
    """What the search had no time or no room for."""
    if found.cuts or found.wanted_grid is not None:
        yield CutShort(cuts=found.cuts, grid=found.request.grid, wanted_grid=found.wanted_grid)


def _worst(found: Proposed) -> Iterator[Reason]:
    """Who carries the most, and how that stands to the least possible."""
    worst = found.worst
    most = tuple(share.id for share in found.shares if share.burden == worst) if worst else ()
    yield WorstOff(members=most, burden=worst)
    if worst:
        yield Bound(worst=worst, bound=found.bound, reached=_is_reached(found))


def _is_reached(found: Proposed) -> bool:
    """Whether some rotation that was found has a worst as low as the bound."""
    return found.bound in {found.worst, *(offer.worst for offer in found.frontier)}


def _proven(found: Proposed) -> Iterator[Reason]:
    """What the certificate proves, and what of the bound it leaves to a search or to the steps of burdens."""
    least, bound = found.certificate.least, found.bound
    if least:
        yield Certified(certificate=found.certificate)
    if bound > least:
        step = gcd(*(share.burden for share in found.shares)) or 1
        # the steps may be finer than they look here: then it was the search
        explains = -(-least // step) * step >= bound
        yield BeyondCertificate(least=least, bound=bound, step=step if explains else None, reached=_is_reached(found))


def _today(found: Proposed) -> Iterator[Reason]:
    """What it changes against the plan as it stands."""
    shares = found.shares
    if not shares:
        return
    yield Today(worst=found.worst, total=found.total, worst_today=found.worst_today, total_today=found.total_today)
    less, more = (sum(sign * (share.burden - share.burden_today) > 0 for share in shares) for sign in (-1, 1))
    yield Shift(less=less, same=len(shares) - less - more, more=more)
    old, new = min(shares, key=lambda share: (-share.burden_today, share.id)), shares[0]
    for as_it_stands, share in ((True, old), (False, new)):
        is_told = share.burden_today > 0 if as_it_stands else share.burden > 0 and new.id != old.id
        if is_told and share.night_calls != share.night_calls_today:
            yield NightsOfWorst(
                as_it_stands=as_it_stands,
                member=share.id,
                night_calls=share.night_calls,
                night_calls_today=share.night_calls_today,
            )


def _cost(found: Proposed) -> Iterator[Reason]:
    """What sparing the worst-off costs all the others: the ends of the frontier and its knee."""
    if not found.frontier:
        return
    fairest, cheapest = found.frontier[0], found.frontier[-1]
    knee = next((offer for offer in found.frontier if offer.knee), None)
    if cheapest.total >= found.total:
        yield LeastTotal(total=found.total, complete=found.swept)
    for row, offer, is_told in (
        (RowKind.CHEAPEST, cheapest, cheapest.total < found.total),
        (RowKind.FAIREST, fairest, fairest.worst < found.worst),
        (RowKind.KNEE, knee, True),
    ):
        if offer is not None and is_told:
            yield FrontierRow(
                row=row,
                worst=offer.worst,
                total=offer.total,
                own_worst=found.worst,
                own_total=found.total,
                complete=found.swept,
            )
    if len(found.frontier) > 1:
        yield FrontierSize(rotations=len(found.frontier), complete=found.swept)


def _prices(prices: Sequence[Price]) -> Iterator[Reason]:
    """What each constraint costs the worst-off; those that cost nothing share a reason."""
    free: dict[tuple[bool, int], list[Constraint]] = {}
    for price in prices:
        if price.worst_without == price.worst_with:
            free.setdefault((price.proven, price.worst_with), []).append(price.constraint)
        else:
            yield Priced(price=price)
    for (proven, worst), constraints in free.items():
        yield FreeOfCost(constraints=tuple(constraints), worst=worst, proven=proven)
