"""The judge: whether a rotation is what it is said to be, by counting again and, if asked, by searching again.

Burdens, nights and constraints are counted call by call and member by member, as the night room has them. What only a
search can prove is claimed until :func:`prove_again` has proven it, with a search of the judge's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import pairwise

import numpy as np

from mag_rotation.calls import Call, unroll
from mag_rotation.errors import InvalidRequest, Mistake
from mag_rotation.hours import DAY, Window, minute_of_day
from mag_rotation.night import NightReport, night_report
from mag_rotation.propose.answer import Offer, Proposed, Share, find_recommended, priced
from mag_rotation.propose.case import Case
from mag_rotation.propose.constraints import with_constraints
from mag_rotation.propose.frontier import Point, knee
from mag_rotation.propose.prices import Price
from mag_rotation.propose.proof import Goal, SearchResult, Standing, find_within
from mag_rotation.propose.request import ConstraintCode, Objective, Request, Setting
from mag_rotation.propose.solve import Budget, Cut
from mag_rotation.propose.turns import Layout
from mag_rotation.roster import UTC_ZONE, Member, MemberId, ZoneName
from mag_rotation.series import Series, Slot
from mag_rotation.values import Fact, FactCode, Figure
from mag_rotation.zones import split_stretches, to_epoch_second

__all__ = [
    "FindingCode",
    "PriceClaim",
    "Proof",
    "ProofPart",
    "ProofResult",
    "ProposalClaim",
    "make_finding",
    "prove_again",
    "verify_proposal",
]


class FindingCode(FactCode):
    """What does not hold of a proposal.

    A fact with such a code is a finding: its figures are the ``place`` in the document, the value ``found`` there and
    the one that is ``right``. A constraint that is broken is a finding with the code of the constraint; ``member`` and
    ``dates`` say for whom and when, ``found`` and ``right`` are what it comes to and its limit.
    """

    PRICES = "prices"
    NOT_ASKED_FOR = "not_asked_for"
    NOT_ITS_NAME = "not_its_name"
    NOT_ALLOWED = "not_allowed"
    NOT_BETTER = "not_better"
    BELOW_CERTIFICATE = "below_certificate"
    ABOVE_WORST = "above_worst"
    ABOVE_FRONTIER = "above_frontier"
    NOT_LEAST_WORST = "not_least_worst"
    ABOVE_TOLERANCE = "above_tolerance"
    NOT_LEAST_TOTAL = "not_least_total"
    PRICE_BELOW_0 = "price_below_0"
    PRICE_NOT_THERE = "price_not_there"
    PRICE_OF_BOUND = "price_of_bound"


def make_finding(code: FactCode, place: str, *, found: Figure = None, right: Figure = None, **more: Figure) -> Fact:
    """Return a finding: what a proposal says at a place, and what is right."""
    return Fact.of(code, place=place, found=found, right=right, **more)


class ProofPart(StrEnum):
    """A claim that only a search can prove."""

    BOUND = "bound"
    """No rotation has a worst below the bound."""
    ORDER = "order"
    """No rotation is better by the order that was asked for."""
    FRONTIER = "frontier"
    """The frontier is complete."""
    PRICE = "price"
    """The least worst without a constraint."""


class ProofResult(StrEnum):
    """What became of a claim when it was searched again."""

    PROVEN = "proven"
    DISPROVED = "disproved"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """What a search says of a claim.

    ``claimed`` is the bound, the number of rotations of the frontier or the worst without the ``constraint``, None for
    the order. ``found`` is a rotation that contradicts the claim; without one a claim that is disproved says that there
    is a rotation which does not exist.
    """

    part: ProofPart
    result: ProofResult
    claimed: int | None = None
    constraint: Fact | None = None
    found: Offer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceClaim:
    """What is said of the price of a constraint; see :class:`Price`."""

    worst_without: int
    worst_with: int
    proven: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposalClaim:
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
    cuts: tuple[Cut, ...] = ()
    wanted_grid: int | None = None

    @classmethod
    def of(cls, found: Proposed) -> ProposalClaim:
        """Return the claims of an answer."""
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
            cuts=found.cuts,
            wanted_grid=found.wanted_grid,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trial:
    """A rotation to judge: all calls, those held by date, who is in the night at each, and which had a choice.

    ``places`` gives the index of a call among all by its UID.
    """

    request: Request
    layout: Layout
    series: Series
    slots: tuple[Slot, ...]
    members: tuple[Member, ...]
    all_calls: tuple[Call, ...]
    calls: tuple[Call, ...]
    places: Mapping[str, int]
    nights: Mapping[str, NightReport]
    shares: tuple[Share, ...]

    @property
    def chosen(self) -> list[Call]:
        """The calls whose hour was chosen."""
        free = {call.uid for _, calls in self.layout.turns for call in calls}
        return [call for call in self.calls if call.uid in free]

    def place_of(self, call: Call) -> str:
        """Return the place of a call in the document of the rotation."""
        return f"calls[{self.places[call.uid]}]"


def verify_proposal(setting: Setting, request: Request, claim: ProposalClaim) -> tuple[Proposed, tuple[Fact, ...]]:
    """Return the rotation as counting gives it, and everything of the claim that does not hold.

    Raises :class:`InvalidRequest` where slots or weights cannot be those of an answer to the request.
    """
    setting = setting.under(request.curve)
    case = Case.of(setting, request)
    _refuse_wrong_claim(case, claim)
    trial = _make_trial(setting, request, case.layout, claim.slots)
    offers, wrong = _count_offers(case, claim)
    constraints = priced(setting, request, case)
    if len(claim.prices) != len(constraints):
        wrong.append(make_finding(FindingCode.PRICES, "prices", found=len(claim.prices), right=len(constraints)))
    found = Proposed(
        request=request,
        series=trial.series,
        slots=claim.slots,
        calls=trial.all_calls,
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
            for constraint, price in zip(constraints, claim.prices, strict=False)
        ),
        nights=_sum_nights(trial.nights),
        cuts=claim.cuts,
        wanted_grid=claim.wanted_grid,
    )

    def count_nights(slots: Sequence[Slot]) -> int:
        return _sum_nights(_count_nights(setting, trial.members, unroll(case.layout.with_slots(slots))))

    found = replace(found, recommended=find_recommended(found, count_nights))
    broken = [finding for rule in _RULES for finding in rule(trial)]
    return found, (*broken, *wrong, *_check_claims(found))


def _make_trial(setting: Setting, request: Request, plan: Layout, slots: tuple[Slot, ...]) -> _Trial:
    """Return a rotation with its calls, counted one by one."""
    series, members = plan.with_slots(slots), request.members_counted(setting.audience.members)
    calls = unroll(series)
    nights = _count_nights(setting, members, calls)
    return _Trial(
        request=request,
        layout=plan,
        series=series,
        slots=slots,
        members=members,
        all_calls=calls,
        calls=tuple(sorted((call for call in calls if call.is_held), key=lambda call: (call.date, call.uid))),
        places={call.uid: place for place, call in enumerate(calls)},
        nights=nights,
        shares=_count_shares(setting, members, nights, _count_nights(setting, members, setting.calls)),
    )


def _sum_nights(nights: Mapping[str, NightReport]) -> int:
    """Return the calls in the night of all members, by weight."""
    return sum(report.summary.in_night for report in nights.values())


def _count_nights(setting: Setting, members: Sequence[Member], calls: Sequence[Call]) -> dict[str, NightReport]:
    """Return who is in the night at each held call, by its UID."""
    audience = setting.audience.with_members(members)
    return {
        call.uid: night_report(
            start=call.start,
            minutes=call.minutes,
            audience=audience,
            call=call,
        )
        for call in calls
        if call.is_held
    }


def _count_shares(
    setting: Setting, members: Sequence[Member], new: Mapping[str, NightReport], today: Mapping[str, NightReport]
) -> tuple[Share, ...]:
    """Return the burdens and nights of each member, counted call by call."""
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


def _refuse_wrong_claim(case: Case, claim: ProposalClaim) -> None:
    """Raise :class:`InvalidRequest` if a claim cannot be counted."""
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


def _count_offers(case: Case, claim: ProposalClaim) -> tuple[tuple[Offer, ...], list[Fact]]:
    """Return the rotations of the frontier with what they come to, and those that cannot be on it."""
    problem, places = case.problem, {slot: place for place, slot in reversed(list(enumerate(case.layout.candidates)))}
    points: list[Point] = []
    wrong: list[Fact] = []
    for number, slots in enumerate(claim.frontier):
        known = len(slots) == case.layout.length and all(slot in places for slot in slots)
        picks = tuple(places[slots[place]] for place, _ in case.layout.turns) if known else ()
        if not known or not problem.keeps(picks):
            wrong.append(make_finding(FindingCode.NOT_ALLOWED, f"frontier[{number}].slots"))
            continue
        burdens = problem.burdens(picks).tolist()
        worst = max(burdens, default=0) * problem.unit
        total = sum(size * burden for size, burden in zip(problem.sizes.tolist(), burdens, strict=True)) * problem.unit
        if points and not (worst > points[-1].worst and total < points[-1].total):
            wrong.append(make_finding(FindingCode.NOT_BETTER, f"frontier[{number}]"))
        points.append(Point(worst=worst, total=total, picks=picks))
    best = knee(points, whole=claim.swept)
    slots_of = case.layout.slots
    return tuple(
        Offer(worst=point.worst, total=point.total, slots=slots_of(point.picks), knee=point is best) for point in points
    ), wrong


def _check_claims(found: Proposed) -> Iterator[Fact]:
    """Yield the claims about the bound and about prices that contradict what was counted."""
    bound = found.bound
    if bound < found.certificate.least:
        yield make_finding(FindingCode.BELOW_CERTIFICATE, "bound", found=bound, right=found.certificate.least)
    if bound > found.worst:
        yield make_finding(FindingCode.ABOVE_WORST, "bound", found=bound, right=found.worst)
    worsts = {found.worst, *(offer.worst for offer in found.frontier)}
    fairest = min((offer.worst for offer in found.frontier), default=bound)
    if fairest < bound:
        yield make_finding(FindingCode.ABOVE_FRONTIER, "bound", found=bound, right=fairest)
    if found.proven:
        yield from _check_proofs(found)
    for number, price in enumerate(found.prices):
        if price.worst_without > price.worst_with:
            place = f"prices[{number}].worst_without"
            yield make_finding(FindingCode.PRICE_BELOW_0, place, found=price.worst_without, right=price.worst_with)
        if price.worst_with not in worsts:
            yield make_finding(FindingCode.PRICE_NOT_THERE, f"prices[{number}].worst_with", found=price.worst_with)
        if price.worst_with < bound or (price.proven and price.worst_with > bound):
            yield make_finding(
                FindingCode.PRICE_OF_BOUND, f"prices[{number}].worst_with", found=price.worst_with, right=bound
            )


def _check_proofs(found: Proposed) -> Iterator[Fact]:
    """Yield the claims of proof that contradict what was counted."""
    request = found.request
    if request.objective is Objective.LEXIMIN:
        if found.bound < found.worst:
            yield make_finding(FindingCode.NOT_LEAST_WORST, "proven", found=found.worst, right=found.bound)
        return
    limit = None
    if request.objective is Objective.BALANCED:
        limit = found.bound * (100 + request.tolerance) // 100
        if found.worst > limit:
            yield make_finding(FindingCode.ABOVE_TOLERANCE, "proven", found=found.worst, right=limit)
    cheaper = [offer.total for offer in found.frontier if limit is None or offer.worst <= limit]
    if min(cheaper, default=found.total) < found.total:
        yield make_finding(FindingCode.NOT_LEAST_TOTAL, "proven", found=found.total, right=min(cheaper))


def _check_slots(trial: _Trial) -> Iterator[Fact]:
    """Yield slots come from the grid, under the names that the plan has for them, or are slots that stay."""
    for number, slot in enumerate(trial.slots):
        if slot in trial.layout.candidates:
            continue
        alike = [known.label for known in trial.layout.candidates if replace(known, label=slot.label) == slot]
        if alike:
            yield make_finding(FindingCode.NOT_ITS_NAME, f"slots[{number}].label", found=slot.label, right=alike[0])
        else:
            yield make_finding(FindingCode.NOT_ASKED_FOR, f"slots[{number}]", found=f"{slot.at:%H:%M} {slot.zone}")


def _check_never(trial: _Trial) -> Iterator[Fact]:
    for call in trial.chosen:
        for member in trial.nights[call.uid].blocked:
            yield _make_broken(ConstraintCode.NEVER, trial, call, member=member)


def _make_broken(
    code: ConstraintCode,
    trial: _Trial,
    *calls: Call,
    member: MemberId | None = None,
    found: Figure = None,
    right: Figure = None,
) -> Fact:
    """Return the finding that a constraint is broken at some calls; the last call gives the place."""
    who: dict[str, Figure] = {} if member is None else {"member": member}
    dates = tuple(call.date.isoformat() for call in calls)
    return make_finding(code, trial.place_of(calls[-1]), found=found, right=right, **who, dates=dates)


def _check_windows(trial: _Trial) -> Iterator[Fact]:
    request = trial.request
    for call in trial.chosen:
        for code, windows, zone in (
            (ConstraintCode.WINDOWS, request.windows, request.zone),
            (ConstraintCode.UTC_WINDOWS, request.utc_windows, UTC_ZONE),
        ):
            if windows and not any(_is_within(window, call, zone) for window in windows):
                yield _make_broken(code, trial, call, right=" or ".join(map(str, windows)))


def _is_within(window: Window, call: Call, zone: ZoneName) -> bool:
    """Return whether every minute of a call lies in a window by the clock of a zone."""
    pieces = split_stretches(call.start, call.minutes, zone)
    return sum(window.overlap(piece.minute, piece.length) for piece in pieces) == call.minutes


def _check_quorum(trial: _Trial) -> Iterator[Fact]:
    wanted = trial.request.quorum
    for call in trial.chosen if wanted is not None else ():
        count = trial.nights[call.uid].summary
        if count.members - count.in_night < (wanted or 0):
            yield _make_broken(ConstraintCode.QUORUM, trial, call, found=count.members - count.in_night, right=wanted)


def _check_awake(trial: _Trial) -> Iterator[Fact]:
    wanted = {member.id for member in trial.members if {member.id, *member.roles} & set(trial.request.awake)}
    for call in trial.chosen:
        for member in trial.nights[call.uid].in_night:
            if member in wanted:
                yield _make_broken(ConstraintCode.AWAKE, trial, call, member=member)


def _check_most_nights(trial: _Trial) -> Iterator[Fact]:
    most = trial.request.most_nights
    for number, share in enumerate(trial.shares if most is not None else ()):
        if share.night_calls > (most or 0):
            yield make_finding(
                ConstraintCode.MOST_NIGHTS,
                f"members[{number}].night_calls",
                found=share.night_calls,
                right=most,
                member=share.id,
            )


def _check_twice(trial: _Trial) -> Iterator[Fact]:
    chosen = {call.uid for call in trial.chosen}
    for one, other in pairwise(trial.calls) if trial.request.no_night_twice else ():
        again = set(trial.nights[one.uid].in_night) & set(trial.nights[other.uid].in_night)
        if again and {one.uid, other.uid} & chosen:
            yield _make_broken(ConstraintCode.NO_NIGHT_TWICE, trial, one, other, member=min(again))


def _check_gap(trial: _Trial) -> Iterator[Fact]:
    gap = trial.request.gap
    for one, other in pairwise(trial.chosen) if gap is not None else ():
        if one.turn is None or other.turn is None or one.turn.index == other.turn.index:
            continue
        first, second = one.turn.slot, other.turn.slot
        away = (to_epoch_second(one.start) - to_epoch_second(other.start)) // 60
        if first.zone == second.zone:
            away = minute_of_day(first.at) - minute_of_day(second.at)
        apart = min(away % DAY, -away % DAY)
        if apart < (gap or 0):
            yield _make_broken(ConstraintCode.GAP, trial, one, other, found=apart, right=gap)


def _check_distinct(trial: _Trial) -> Iterator[Fact]:
    if trial.request.distinct:
        used = [trial.slots[place] for place, _ in trial.layout.turns]
        clocks = [(slot.at, slot.zone, slot.weekday) for slot in used]
        if len(set(clocks)) < len(clocks):
            yield make_finding(ConstraintCode.DISTINCT, "slots")


def _check_cap(trial: _Trial) -> Iterator[Fact]:
    cap = trial.request.cap
    for share in trial.shares if cap is not None else ():
        if share.burden > (cap or 0):
            yield make_finding(
                ConstraintCode.CAP,
                f"burdens.{share.id}",
                found=share.burden,
                right=cap,
                member=share.id,
            )


def _check_stay(trial: _Trial) -> Iterator[Fact]:
    used = [trial.slots[place] for place, _ in trial.layout.turns]
    for place in trial.layout.stays:
        slot = trial.layout.candidates[place]
        if slot not in used:
            yield make_finding(ConstraintCode.STAY, "slots", right=f"{slot.at:%H:%M} {slot.zone}")


_RULES: tuple[Callable[[_Trial], Iterator[Fact]], ...] = (
    _check_slots,
    _check_never,
    _check_windows,
    _check_quorum,
    _check_awake,
    _check_most_nights,
    _check_twice,
    _check_gap,
    _check_distinct,
    _check_cap,
    _check_stay,
)
"""Everything that may not hold of a rotation."""


def prove_again(setting: Setting, request: Request, found: Proposed, budget: Budget) -> tuple[Proof, ...]:
    """Search again for everything that an answer claims and that cannot be counted.

    ``found`` is the answer as :func:`verify_proposal` counted it. The parts share the time; one that is not finished in
    its share leaves the others theirs. Raises as :func:`verify_proposal` does.
    """
    setting = setting.under(request.curve)
    search = _Search(setting, request, found)
    parts: list[Callable[[Budget], Proof]] = [search.bound]
    if found.proven:
        parts.append(search.order)
    if found.swept:
        parts.append(search.frontier)
    parts += [partial(search.price, index) for index in range(len(found.prices))]
    return tuple(part(budget.part(1 / (len(parts) - place))) for place, part in enumerate(parts))


class _Search:
    """The claims of an answer, each put as the question for a rotation that contradicts it."""

    def __init__(self, setting: Setting, request: Request, found: Proposed) -> None:
        self._setting, self._request, self._found = setting, request, found
        self._case = Case.of(setting, request)

    def bound(self, budget: Budget) -> Proof:
        """Return that no rotation has a worst below the bound; what the certificate proves needs no search."""
        bound = self._found.bound
        result, contrary = ProofResult.PROVEN, None
        if bound > self._found.certificate.least:
            result, contrary = self._contradict(self._case, budget, worst=bound - 1)
        return Proof(part=ProofPart.BOUND, result=result, claimed=bound, found=contrary)

    def order(self, budget: Budget) -> Proof:
        """Return that no rotation is better by the whole order, down to the calls that are moved."""
        found, request = self._found, self._request
        worst: int | None = found.worst
        total: int | None = None
        if request.objective is not Objective.LEXIMIN:
            worst, total = None, found.total
        if request.objective is Objective.BALANCED:
            worst = found.bound * (100 + request.tolerance) // 100
        result, contrary = self._contradict(self._case, budget, worst=worst, total=total, better_than=self._standing())
        return Proof(part=ProofPart.ORDER, result=result, found=contrary)

    def frontier(self, budget: Budget) -> Proof:
        """Return that no rotation lies before the first one of the frontier, between two, or after the last."""
        offers = self._found.frontier
        worsts: list[int | None] = [*(offer.worst - 1 for offer in offers), None]
        totals: list[int | None] = [None, *(offer.total - 1 for offer in offers)]
        result, contrary = ProofResult.PROVEN, None
        for worst, total in zip(worsts, totals, strict=True):
            result, contrary = self._contradict(self._case, budget, worst=worst, total=total)
            if result is not ProofResult.PROVEN:
                break
        return Proof(part=ProofPart.FRONTIER, result=result, claimed=len(offers), found=contrary)

    def price(self, index: int, budget: Budget) -> Proof:
        """Return that some rotation has the worst without a constraint, and none a lower one where that is claimed."""
        price = self._found.prices[index]
        case, claimed = self._without(index), price.worst_without
        result, contrary = ProofResult.PROVEN, None
        if price.proven:
            result, contrary = self._contradict(case, budget.part(0.5), worst=claimed - 1)
        if (
            result is ProofResult.PROVEN and claimed < price.worst_with
        ):  # else it is that of a rotation with the constraint
            there = self._find(case, budget, worst=claimed)
            if there.picks is None:
                result = ProofResult.DISPROVED if there.finished else ProofResult.UNFINISHED
        return Proof(part=ProofPart.PRICE, result=result, claimed=claimed, constraint=price.constraint, found=contrary)

    def _without(self, index: int) -> Case:
        """Return the case without the constraint of a price."""
        if self._found.prices[index].constraint.code is ConstraintCode.KEEP:
            return Case.of(self._setting, replace(self._request, keep=0))
        rest = [limit for number, limit in enumerate(self._case.limits) if number != index]
        return replace(self._case, problem=with_constraints(self._case.bare, rest))

    def _contradict(
        self,
        case: Case,
        budget: Budget,
        *,
        worst: int | None = None,
        total: int | None = None,
        better_than: Standing | None = None,
    ) -> tuple[ProofResult, Offer | None]:
        """Return the result of the claim that nothing is within some limits, and a rotation that contradicts it."""
        outcome = self._find(case, budget, worst=worst, total=total, better_than=better_than)
        if outcome.picks is None:
            return ProofResult.PROVEN if outcome.finished else ProofResult.UNFINISHED, None
        slots = case.layout.slots(outcome.picks)
        shares = _make_trial(self._setting, self._request, case.layout, slots).shares
        burdens = [share.burden for share in shares]
        return ProofResult.DISPROVED, Offer(worst=max(burdens), total=sum(burdens), slots=slots, knee=False)

    def _find(
        self,
        case: Case,
        budget: Budget,
        *,
        worst: int | None = None,
        total: int | None = None,
        better_than: Standing | None = None,
    ) -> SearchResult:
        """Return picks within some limits, in point-minutes."""
        unit = case.problem.unit
        goal = Goal(worst=None if worst is None else worst // unit, total=None if total is None else total // unit)
        weights = np.zeros(len(case.problem.base), dtype=np.int64)
        for member, mine in zip(case.found.members, case.class_of.tolist(), strict=True):
            weights[mine] += self._found.certificate.weights.get(member.id, 0)
        return find_within(case.problem, goal, better_than=better_than, weights=weights, stop=budget.over)

    def _standing(self) -> Standing:
        """Return the figures of the answer in the order of comparison."""
        found, request, unit = self._found, self._request, self._case.problem.unit
        burdens = {share.id: share.burden // unit for share in found.shares}
        worst_of: dict[str, int] = {}
        for member in self._case.found.members:
            if request.group is not None and request.group in member.groups:
                value = member.groups[request.group]
                worst_of[value] = max(worst_of.get(value, 0), burdens[member.id])
        total_first = request.objective is not Objective.LEXIMIN
        everybody = sorted(burdens.values(), reverse=True)
        first = sum(everybody) if total_first else max(everybody, default=0)
        before = {call.uid: call.start for call in self._setting.calls}
        chosen = {call.uid for _, calls in self._case.layout.turns for call in calls}
        moved = sum(call.uid in chosen and call.start != before[call.uid] for call in found.calls)
        groups = sorted(worst_of.values(), reverse=True)
        return Standing(values=(first, *groups, *everybody, moved), total_first=total_first)
