"""The judge: whether a rotation is what it is said to be, by counting again.

Rule 1: the judge knows no algorithm; whatever says it found a rotation is judged alike.
Rule 2: burdens, nights and constraints are counted call by call and member by member, as the night room has them.
Rule 3: of what only a search can prove, the judge says that it was claimed and not that it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from mag_rotation.calls import Call, unroll
from mag_rotation.errors import InvalidRequest, Mistake
from mag_rotation.hours import DAY, Window, minute_of_day
from mag_rotation.night import NightReport, night_report
from mag_rotation.propose.answer import Offer, Proposed, Share
from mag_rotation.propose.case import Case
from mag_rotation.propose.frontier import Point, knee
from mag_rotation.propose.prices import Price
from mag_rotation.propose.request import Constraint, ConstraintCode, Objective, Request, Setting
from mag_rotation.propose.turns import Layout, layout
from mag_rotation.roster import UTC_ZONE, Member, MemberId, ZoneName
from mag_rotation.series import Slot
from mag_rotation.zones import epoch_second, stretches

__all__ = ["Claim", "PriceClaim", "judged"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceClaim:
    """What is said of the price of a constraint; see :class:`Price`."""

    worst_without: int
    worst_with: int
    proven: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What is said of a rotation and cannot be counted from its slots: what was proven, by which weights and prices.

    ``frontier`` are the rotations that are said to be on it; ``prices`` are those of all constraints in their order.
    """

    slots: tuple[Slot, ...]
    bound: int
    proven: bool
    weights: Mapping[MemberId, int]
    frontier: tuple[tuple[Slot, ...], ...]
    swept: bool
    prices: tuple[PriceClaim, ...]

    @classmethod
    def of(cls, found: Proposed) -> Claim:
        """What an answer says of itself."""
        return cls(
            slots=found.slots,
            bound=found.bound,
            proven=found.proven,
            weights=found.certificate.weights,
            frontier=tuple(offer.slots for offer in found.frontier),
            swept=found.swept,
            prices=tuple(
                PriceClaim(worst_without=price.worst_without, worst_with=price.worst_with, proven=price.proven)
                for price in found.prices
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trial:
    """What is judged: the held calls by date, who is in the night at each, and which of them had a choice."""

    setting: Setting
    request: Request
    layout: Layout
    slots: tuple[Slot, ...]
    members: tuple[Member, ...]
    calls: tuple[Call, ...]
    nights: Mapping[str, NightReport]
    shares: tuple[Share, ...]

    @property
    def chosen(self) -> list[Call]:
        """The calls whose hour was chosen."""
        free = {call.uid for _, calls in self.layout.turns for call in calls}
        return [call for call in self.calls if call.uid in free]


def judged(setting: Setting, request: Request, claim: Claim) -> tuple[Proposed, tuple[str, ...]]:
    """The rotation as counting gives it, and a sentence for everything that does not hold.

    Raises :class:`InvalidRequest` where slots or weights cannot be those of an answer to the request.
    """
    setting = setting.under(request.curve)
    case = Case.of(setting, request)
    _check(case, claim)
    series = case.layout.with_slots(claim.slots)
    calls = unroll(series)
    members = request.counted(setting.roster)
    nights = _nights(setting, members, calls)
    trial = _Trial(
        setting=setting,
        request=request,
        layout=case.layout,
        slots=claim.slots,
        members=members,
        calls=tuple(sorted((call for call in calls if call.is_held), key=lambda call: (call.date, call.uid))),
        nights=nights,
        shares=_shares(setting, members, nights, _nights(setting, members, setting.calls)),
    )
    offers, wrong = _offers(case, claim)
    priced = _priced(setting, request, case)
    found = Proposed(
        request=request,
        series=series,
        slots=claim.slots,
        calls=calls,
        shares=trial.shares,
        bound=claim.bound,
        proven=claim.proven,
        certificate=case.certificate(claim.weights),
        frontier=offers,
        swept=claim.swept,
        prices=tuple(
            Price(
                constraint=constraint,
                worst_without=price.worst_without,
                worst_with=price.worst_with,
                proven=price.proven,
            )
            for constraint, price in zip(priced, claim.prices, strict=False)
        ),
    )
    if len(claim.prices) != len(priced):
        wrong.append(f"prices: found {len(claim.prices)} of them; {len(priced)} constraints have one")
    broken = [sentence for rule in _RULES for sentence in rule(trial)]
    return found, (*broken, *wrong, *_claims(found))


def _nights(setting: Setting, members: Sequence[Member], calls: Sequence[Call]) -> dict[str, NightReport]:
    """Who is in the night at each held call, by its UID."""
    return {
        call.uid: night_report(
            start=call.start,
            minutes=call.minutes,
            meeting=setting.meeting,
            roster=members,
            hours=setting.hours,
            call=call,
            days_off=setting.days_off,
        )
        for call in calls
        if call.is_held
    }


def _shares(
    setting: Setting, members: Sequence[Member], new: Mapping[str, NightReport], today: Mapping[str, NightReport]
) -> tuple[Share, ...]:
    """What the calls put on each member, counted one by one."""
    carried = setting.carried
    sums = {member.id: [carried.get(member.id, 0), 0, carried.get(member.id, 0), 0] for member in members}
    for place, reports in ((0, new), (2, today)):
        for report in reports.values():
            for night in report.members:
                sums[night.id][place] += night.burden
                sums[night.id][place + 1] += night.in_night
    shares = (
        Share(
            id=member.id,
            name=member.display_name,
            burden=sums[member.id][0],
            night_calls=sums[member.id][1],
            burden_today=sums[member.id][2],
            night_calls_today=sums[member.id][3],
        )
        for member in members
    )
    return tuple(sorted(shares, key=lambda share: (-share.burden, share.id)))


def _priced(setting: Setting, request: Request, case: Case) -> list[Constraint]:
    """The constraints that have a price, in their order."""
    constraints = [limit.constraint for limit in case.limits]
    if request.keep:
        with suppress(InvalidRequest):  # without the announced calls the plan may not fit the request
            layout(setting, replace(request, keep=0))
            constraints.append(Constraint(code=ConstraintCode.KEEP, amount=request.keep))
    return constraints


def _check(case: Case, claim: Claim) -> None:
    """Raise where a claim is none that can be counted."""
    mistakes = []
    if len(claim.slots) != case.layout.length:
        problem = f"found {len(claim.slots)}; what was asked for has {case.layout.length}"
        mistakes.append(Mistake(place="slots", problem=problem))
    known = {member.id for member in case.found.members}
    mistakes += [
        Mistake(
            place=f"certificate.weights.{member}",
            problem=f"found {weight}; a weight is 0 or more, of a member who counts",
        )
        for member, weight in claim.weights.items()
        if member not in known or weight < 0
    ]
    if mistakes:
        raise InvalidRequest(mistakes)


def _offers(case: Case, claim: Claim) -> tuple[tuple[Offer, ...], list[str]]:
    """The rotations of the frontier with what they come to, and those that cannot be on it."""
    problem, places = case.problem, {slot: place for place, slot in reversed(list(enumerate(case.layout.candidates)))}
    points: list[Point] = []
    wrong: list[str] = []
    for number, slots in enumerate(claim.frontier, start=1):
        known = len(slots) == case.layout.length and all(slot in places for slot in slots)
        picks = tuple(places[slots[place]] for place, _ in case.layout.turns) if known else ()
        if not known or not problem.keeps(picks):
            wrong.append(f"rotation {number} of the frontier is none of those that were allowed")
            continue
        burdens = problem.burdens(picks)
        worst, total = int(burdens.max(initial=0)) * problem.unit, int(burdens @ problem.sizes) * problem.unit
        if points and not (worst > points[-1].worst and total < points[-1].total):
            wrong.append(f"rotation {number} of the frontier is no better in its total than the one before it")
        points.append(Point(worst=worst, total=total, picks=picks))
    best = knee(points)
    slots_of = case.layout.slots
    return tuple(
        Offer(worst=point.worst, total=point.total, slots=slots_of(point.picks), knee=point is best) for point in points
    ), wrong


def _claims(found: Proposed) -> Iterator[str]:
    """What is claimed of the bound and contradicts what was counted."""
    if found.bound < found.certificate.least:
        yield f"the bound is {found.bound} and the certificate proves {found.certificate.least}"
    if found.bound > found.worst:
        yield f"the bound is {found.bound} and the worst only {found.worst}"
    cheapest = min((offer.worst for offer in found.frontier), default=found.bound)
    if cheapest < found.bound:
        yield f"the bound is {found.bound} and a rotation of the frontier has a worst of {cheapest}"
    if found.proven:
        yield from _proofs(found)


def _proofs(found: Proposed) -> Iterator[str]:
    """What is claimed to be proven of the answer and contradicts what was counted."""
    request = found.request
    if request.objective is Objective.LEXIMIN:
        if found.bound < found.worst:
            yield f"the worst is said to be the least, but it is {found.worst} and the bound {found.bound}"
        return
    limit = None
    if request.objective is Objective.BALANCED:
        limit = found.bound * (100 + request.tolerance) // 100
        if found.worst > limit:
            yield f"the worst is {found.worst}, more than {request.tolerance} percent above the bound of {found.bound}"
    cheaper = [offer.total for offer in found.frontier if limit is None or offer.worst <= limit]
    if min(cheaper, default=found.total) < found.total:
        yield f"the total is said to be the least, but it is {found.total} and one of the frontier {min(cheaper)}"


def _slots(trial: _Trial) -> Iterator[str]:
    """Slots come from the grid, or are slots that stay."""
    for number, slot in enumerate(trial.slots, start=1):
        if slot not in trial.layout.candidates:
            yield f"slot {number}, {slot.at:%H:%M} {slot.zone}, is none of those that were asked for"


def _never(trial: _Trial) -> Iterator[str]:
    for call in trial.chosen:
        for member in trial.nights[call.uid].blocked:
            yield f"{member} cannot attend the call of {call.date}"


def _windows(trial: _Trial) -> Iterator[str]:
    request = trial.request
    for call in trial.chosen:
        for windows, zone in ((request.windows, request.zone), (request.utc_windows, UTC_ZONE)):
            if windows and not any(_within(window, call, zone) for window in windows):
                yield f"the call of {call.date} does not lie within {' or '.join(map(str, windows))}"


def _within(window: Window, call: Call, zone: ZoneName) -> bool:
    """Whether every minute of a call lies in a window by the clock of a zone."""
    pieces = stretches(call.start, call.minutes, zone)
    return sum(window.overlap(piece.minute, piece.length) for piece in pieces) == call.minutes


def _quorum(trial: _Trial) -> Iterator[str]:
    wanted = trial.request.quorum
    for call in trial.chosen if wanted is not None else ():
        count = trial.nights[call.uid].summary
        if count.members - count.in_night < (wanted or 0):
            yield f"only {count.members - count.in_night} are out of the night at the call of {call.date}"


def _awake(trial: _Trial) -> Iterator[str]:
    wanted = {member.id for member in trial.members if {member.id, *member.roles} & set(trial.request.awake)}
    for call in trial.chosen:
        for member in trial.nights[call.uid].in_night:
            if member in wanted:
                yield f"{member} is in the night at the call of {call.date}"


def _most_nights(trial: _Trial) -> Iterator[str]:
    most = trial.request.most_nights
    for share in trial.shares if most is not None else ():
        if share.night_calls > (most or 0):
            yield f"{share.id} has {share.night_calls} calls in the night"


def _twice(trial: _Trial) -> Iterator[str]:
    chosen = {call.uid for call in trial.chosen}
    for one, other in pairwise(trial.calls) if trial.request.no_night_twice else ():
        again = set(trial.nights[one.uid].in_night) & set(trial.nights[other.uid].in_night)
        if again and {one.uid, other.uid} & chosen:
            yield f"{min(again)} is in the night at the calls of {one.date} and {other.date}"


def _gap(trial: _Trial) -> Iterator[str]:
    gap = trial.request.gap
    for one, other in pairwise(trial.chosen) if gap is not None else ():
        if one.turn is None or other.turn is None or one.turn.index == other.turn.index:
            continue
        first, second = one.turn.slot, other.turn.slot
        away = (epoch_second(one.start) - epoch_second(other.start)) // 60
        if first.zone == second.zone:
            away = minute_of_day(first.at) - minute_of_day(second.at)
        apart = min(away % DAY, -away % DAY)
        if apart < (gap or 0):
            yield f"the calls of {one.date} and {other.date} are {apart} minutes apart on the clock"


def _distinct(trial: _Trial) -> Iterator[str]:
    if trial.request.distinct:
        used = [trial.slots[place] for place, _ in trial.layout.turns]
        clocks = [(slot.at, slot.zone, slot.weekday) for slot in used]
        if len(set(clocks)) < len(clocks):
            yield "a slot is there twice"


def _cap(trial: _Trial) -> Iterator[str]:
    cap = trial.request.cap
    for share in trial.shares if cap is not None else ():
        if share.burden > (cap or 0):
            yield f"{share.id} bears {share.burden} point-minutes"


def _stay(trial: _Trial) -> Iterator[str]:
    used = [trial.slots[place] for place, _ in trial.layout.turns]
    for place in trial.layout.stays:
        slot = trial.layout.candidates[place]
        if slot not in used:
            yield f"the slot {slot.at:%H:%M} {slot.zone} has not stayed"


_RULES: tuple[Callable[[_Trial], Iterator[str]], ...] = (
    _slots,
    _never,
    _windows,
    _quorum,
    _awake,
    _most_nights,
    _twice,
    _gap,
    _distinct,
    _cap,
    _stay,
)
"""Everything that may not hold of a rotation."""
