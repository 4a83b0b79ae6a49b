"""Why a rotation is the one that was proposed: codes with their figures, which a report puts into sentences.

They follow from the answer alone, so that counting it again gives the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from math import gcd

from mag_rotation.calls import Call
from mag_rotation.hours import DAY
from mag_rotation.propose.answer import Impossible, Proposed
from mag_rotation.propose.case import Certificate
from mag_rotation.propose.judge import ProofPart
from mag_rotation.propose.online import NextSlot
from mag_rotation.propose.prices import Price
from mag_rotation.propose.request import Request
from mag_rotation.series import Slot, Weekday, name_slot
from mag_rotation.values import Fact, FactCode

__all__ = [
    "ReasonCode",
    "RowKind",
    "next_reasons",
    "places_of",
    "proposal_reasons",
    "refusal_reasons",
    "verification_reasons",
]


class ReasonCode(FactCode):
    """What speaks for a rotation or a slot, or against any. Burdens are in point-minutes."""

    ASKED = "asked"
    """What was asked for: the figures of the request."""
    CHOICE = "choice"
    """How many ``slots`` had a choice, and from how many ``starts`` each."""
    BEST_OF = "best_of"
    """What the rotation is the best of, and whether that is ``proven``."""
    CUT_SHORT = "cut_short"
    """What ended the search early; ``wanted_grid`` is the grid that did not fit into memory."""
    WORST_OFF = "worst_off"
    """Who carries the most; nobody if nobody bears anything."""
    BOUND = "bound"
    """The worst beside the bound; ``reached`` if a rotation was found whose worst is the bound."""
    CERTIFICATE = "certificate"
    """What the certificate proves; ``members`` have the ``weights``, the largest first."""
    BEYOND_CERTIFICATE = "beyond_certificate"
    """What the bound has beyond the certificate; ``step`` divides all burdens, None if it does not explain that."""
    TODAY = "today"
    """The rotation beside the current plan."""
    SHIFT = "shift"
    """How many members would bear ``less`` than in the current plan, the ``same``, and ``more``."""
    NIGHTS_OF_WORST = "nights_of_worst"
    """The calls in the night of the member who is worst off, in the current plan or in the rotation."""
    FRONTIER_ROW = "frontier_row"
    """A rotation of the frontier beside the proposed one; ``complete`` is the frontier's."""
    RECOMMENDED = "recommended_instead"
    """The rotation of the frontier that dominates the proposed one, and is recommended instead."""
    LEAST_TOTAL = "least_total"
    """That no rotation of the frontier has a smaller total."""
    FRONTIER = "frontier"
    """How many rotations the frontier has."""
    PRICE = "price"
    """What one constraint costs the worst-off."""
    FREE_OF_COST = "free_of_cost"
    """Constraints each of which costs the worst-off nothing."""
    NO_ROTATION = "no_rotation"
    """Why there is no rotation of so many slots (None: no free schedule); see :class:`Impossible`."""
    NO_NEXT_SLOT = "no_next_slot"
    """That no slot is left for the next call, and the constraints that leave none."""
    FAIREST_SLOT = "fairest_slot"
    """The fairest slot for the next call, of how many."""
    LEDGER_WITH_SLOT = "ledger_with_slot"
    """The greatest burden and the total by the next call, and as planned; None if the slot is the planned one."""
    IN_NIGHT_AT_SLOT = "in_night_at_slot"
    """How many members are in the night at the fairest slot."""
    BLOCKED_AS_PLANNED = "blocked_as_planned"
    """The members who cannot attend the next call as it is planned."""
    COUNTED_AGAIN = "counted_again"
    """Over what a proposal was counted again, and how many checks failed."""
    CLAIMED_BEYOND = "claimed_beyond_certificate"
    """What a proposal claims beyond its certificate, and only a search can prove."""


class RowKind(StrEnum):
    """A rotation of the frontier that a reason is about."""

    CHEAPEST = "cheapest"
    FAIREST = "fairest"
    KNEE = "knee"


def proposal_reasons(found: Proposed) -> tuple[Fact, ...]:
    """Return why these slots, who carries the most and why nobody can carry less, today's plan, and what it costs."""
    request = found.request
    return (
        Fact.of(ReasonCode.ASKED, **request.figures),
        _tell_choice(found),
        Fact.of(
            ReasonCode.BEST_OF,
            objective=request.objective,
            tolerance=request.tolerance,
            group=request.group,
            proven=found.proven,
        ),
        *_tell_cuts(found),
        *_tell_worst(found),
        *_tell_proofs(found),
        *_tell_today(found),
        *_tell_recommended(found),
        *_tell_cost(found),
        *_tell_prices(found.prices),
    )


def refusal_reasons(found: Impossible) -> tuple[Fact, ...]:
    """Return why there is no rotation."""
    request = found.request
    return (
        Fact.of(ReasonCode.ASKED, **request.figures),
        Fact.of(
            ReasonCode.NO_ROTATION,
            slots=request.slots,
            conflict=found.conflict,
            smallest=found.smallest,
            proven=found.proven,
        ),
    )


def next_reasons(found: NextSlot) -> tuple[Fact, ...]:
    """Return why the next call should be in that slot, beside what the plan has."""
    planned, current = found.planned, found.current
    blocked = [Fact.of(ReasonCode.BLOCKED_AS_PLANNED, members=current.blocked)] if current.blocked else []
    if not found.choices:
        return (
            Fact.of(ReasonCode.NO_NEXT_SLOT, date=planned.date, planned=planned.start, conflict=found.conflict),
            *blocked,
        )
    best = found.choices[0]
    is_planned = best.start == planned.start
    return (
        Fact.of(
            ReasonCode.FAIREST_SLOT,
            choices=len(found.choices),
            date=planned.date,
            planned=planned.start,
            slot=name_slot(best.slot),
            start=best.start,
            verdict=str(best.verdict),
        ),
        Fact.of(
            ReasonCode.LEDGER_WITH_SLOT,
            worst=best.worst,
            total=best.total,
            worst_today=None if is_planned else current.worst,
            total_today=None if is_planned else current.total,
        ),
        Fact.of(ReasonCode.IN_NIGHT_AT_SLOT, in_night=best.in_night),
        *blocked,
    )


def verification_reasons(found: Proposed, *, failed: int, is_searched: bool) -> tuple[Fact, ...]:
    """Return the reasons of a check: what was counted again, what is certified, and what only a search can prove."""
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
        Fact.of(ReasonCode.COUNTED_AGAIN, failed=failed, calls=calls, members=len(found.shares)),
        *((_certify(certificate),) if certificate.least else ()),
        *((Fact.of(ReasonCode.CLAIMED_BEYOND, claims=claimed, bound=found.bound),) if claimed else ()),
    )


def _certify(certificate: Certificate) -> Fact:
    """Return the fact of a certificate, with the weights that are not 0, the largest first."""
    weights = [(member, weight) for member, weight in certificate.weights.items() if weight]
    weights.sort(key=lambda pair: (-pair[1], pair[0]))
    return Fact.of(
        ReasonCode.CERTIFICATE,
        value=certificate.value,
        scale=certificate.scale,
        least=certificate.least,
        members=tuple(member for member, _ in weights),
        weights=tuple(weight for _, weight in weights),
    )


def places_of(found: Proposed) -> dict[int, list[Call]]:
    """Return the held calls that took their slot from the rotation, by its number counted from 1."""
    slots = found.series.rotation.slots
    places: dict[int, list[Call]] = {}
    for call in found.calls:
        if call.is_held and call.turn is not None and call.turn.slots is slots:
            places.setdefault(call.turn.index + 1, []).append(call)
    return places


def _tell_choice(found: Proposed) -> Fact:
    request = found.request
    coming = [call for call in found.calls if call.is_held and (request.first is None or call.date >= request.first)]
    coming.sort(key=lambda call: (call.date, call.start))
    staying = {call.uid for call in coming[: request.keep]}
    open_uids = {call.uid for call in coming} - staying
    chosen = sum(any(call.uid in open_uids for call in calls) for calls in places_of(found).values())
    days = request.weekdays or (None,)
    beside = {slot for slot in found.slots if not _is_on_grid(slot, request, days)}
    return Fact.of(ReasonCode.CHOICE, slots=chosen, starts=len(set(days)) * (DAY // request.grid) + len(beside))


def _is_on_grid(slot: Slot, request: Request, days: Sequence[Weekday | None]) -> bool:
    minute = slot.at.hour * 60 + slot.at.minute
    return slot.minutes is None and slot.zone == request.zone and slot.weekday in days and minute % request.grid == 0


def _tell_cuts(found: Proposed) -> Iterator[Fact]:
    """Yield the reasons why the search ended early."""
    if found.cuts or found.wanted_grid is not None:
        yield Fact.of(ReasonCode.CUT_SHORT, cuts=found.cuts, grid=found.request.grid, wanted_grid=found.wanted_grid)


def _tell_worst(found: Proposed) -> Iterator[Fact]:
    """Yield who carries the most, and how far that is from the least possible."""
    worst = found.worst
    most = tuple(share.id for share in found.shares if share.burden == worst) if worst else ()
    yield Fact.of(ReasonCode.WORST_OFF, members=most, burden=worst)
    if worst:
        yield Fact.of(ReasonCode.BOUND, worst=worst, bound=found.bound, reached=_is_reached(found))


def _is_reached(found: Proposed) -> bool:
    """Return whether some rotation that was found has a worst as low as the bound."""
    return found.bound in {found.worst, *(offer.worst for offer in found.frontier)}


def _tell_proofs(found: Proposed) -> Iterator[Fact]:
    """Yield what the certificate proves, and how the rest of the bound was proven."""
    least, bound = found.certificate.least, found.bound
    if least:
        yield _certify(found.certificate)
    if bound > least:
        step = gcd(*(share.burden for share in found.shares)) or 1
        # the steps may be finer than they look here: then it was the search
        explains = -(-least // step) * step >= bound
        yield Fact.of(
            ReasonCode.BEYOND_CERTIFICATE,
            least=least,
            bound=bound,
            step=step if explains else None,
            reached=_is_reached(found),
        )


def _tell_today(found: Proposed) -> Iterator[Fact]:
    """Yield the changes against the current plan."""
    shares = found.shares
    if not shares:
        return
    yield Fact.of(
        ReasonCode.TODAY,
        worst=found.worst,
        total=found.total,
        worst_today=found.worst_today,
        total_today=found.total_today,
    )
    less, more = (sum(sign * (share.burden - share.burden_today) > 0 for share in shares) for sign in (-1, 1))
    yield Fact.of(ReasonCode.SHIFT, less=less, same=len(shares) - less - more, more=more)
    old, new = min(shares, key=lambda share: (-share.burden_today, share.id)), shares[0]
    for as_it_stands, share in ((True, old), (False, new)):
        is_told = share.burden_today > 0 if as_it_stands else share.burden > 0 and new.id != old.id
        if is_told and share.night_calls != share.night_calls_today:
            yield Fact.of(
                ReasonCode.NIGHTS_OF_WORST,
                as_it_stands=as_it_stands,
                member=share.id,
                night_calls=share.night_calls,
                night_calls_today=share.night_calls_today,
            )


def _tell_recommended(found: Proposed) -> Iterator[Fact]:
    """Yield the rotation that is recommended instead, if there is one."""
    if found.recommended is not None:
        row = found.recommended
        yield Fact.of(
            ReasonCode.RECOMMENDED,
            slots=tuple(map(name_slot, row.offer.slots)),
            worst=row.figures.worst,
            nights=row.figures.nights,
            total=row.figures.total,
            own_worst=found.worst,
            own_nights=found.nights,
            own_total=found.total,
        )


def _tell_cost(found: Proposed) -> Iterator[Fact]:
    """Yield the cost of sparing the worst-off: the ends of the frontier and its knee."""
    if not found.frontier:
        return
    fairest, cheapest = found.frontier[0], found.frontier[-1]
    knee = next((offer for offer in found.frontier if offer.knee), None)
    if cheapest.total >= found.total:
        yield Fact.of(ReasonCode.LEAST_TOTAL, total=found.total, complete=found.swept)
    for row, offer, is_told in (
        (RowKind.CHEAPEST, cheapest, cheapest.total < found.total),
        (RowKind.FAIREST, fairest, fairest.worst < found.worst),
        (RowKind.KNEE, knee, True),
    ):
        if offer is not None and is_told:
            yield Fact.of(
                ReasonCode.FRONTIER_ROW,
                row=row,
                worst=offer.worst,
                total=offer.total,
                own_worst=found.worst,
                own_total=found.total,
                complete=found.swept,
            )
    if len(found.frontier) > 1:
        yield Fact.of(ReasonCode.FRONTIER, rotations=len(found.frontier), complete=found.swept)


def _tell_prices(prices: Sequence[Price]) -> Iterator[Fact]:
    """Yield the price of each constraint; those that cost nothing share a reason."""
    free: dict[tuple[bool, int], list[Fact]] = {}
    for price in prices:
        if price.worst_without == price.worst_with:
            free.setdefault((price.proven, price.worst_with), []).append(price.constraint)
        else:
            yield Fact.of(
                ReasonCode.PRICE,
                constraints=(price.constraint,),
                worst_without=price.worst_without,
                worst_with=price.worst_with,
                proven=price.proven,
            )
    for (proven, worst), constraints in free.items():
        yield Fact.of(ReasonCode.FREE_OF_COST, constraints=tuple(constraints), worst=worst, proven=proven)
