"""The fairest rotation of a plan: a request becomes a problem, and its answer slots, calls and members.

The figures of members are counted from the calls and not taken from the search. An answer holds everything needed
to check it without knowing how it was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from math import inf

import numpy as np

from mag_rotation.burden import Ints, make_burden_matrix
from mag_rotation.calls import Call, unroll
from mag_rotation.choice import Figures
from mag_rotation.errors import InvalidRequest
from mag_rotation.propose.case import Case, Certificate
from mag_rotation.propose.constraints import with_constraints
from mag_rotation.propose.frontier import knee
from mag_rotation.propose.prices import Conflict, Price, conflict, price
from mag_rotation.propose.problem import Problem
from mag_rotation.propose.request import ConstraintCode, Request, Setting
from mag_rotation.propose.solve import Budget, Cut, Least, Other, Solved, solve
from mag_rotation.propose.turns import layout
from mag_rotation.roster import Member, MemberId
from mag_rotation.series import Series, Slot
from mag_rotation.values import Fact

__all__ = [
    "Impossible",
    "Offer",
    "Proposed",
    "Recommendation",
    "Share",
    "Tally",
    "find_recommended",
    "make_shares",
    "priced",
    "propose",
    "shares_of",
    "tally_calls",
    "weigh_counts",
]

_AFTERWARDS = 0.5
"""How much time an answer needs once it is found, as a part of what it took to put the problem."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """The point-minutes and calls in the night of one member, in a rotation and in the current plan.

    Burdens include those carried over from earlier seasons; calls in the night are of this season.
    """

    id: MemberId
    name: str
    burden: int
    night_calls: int
    burden_today: int
    night_calls_today: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A rotation on the frontier: its worst and total in point-minutes; ``knee`` marks where gains grow dear."""

    worst: int
    total: int
    slots: tuple[Slot, ...]
    knee: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommendation:
    """A rotation of the frontier that dominates the proposed one; ``nights`` are its calls in the night by weight."""

    offer: Offer
    nights: int

    @property
    def figures(self) -> Figures:
        """What rotations are compared by."""
        return Figures(worst=self.offer.worst, nights=self.nights, total=self.offer.total)


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposed:
    """A rotation that answers a request.

    ``series`` is the plan's with the rotation in it, and ``calls`` are its calls; ``shares`` are worst first, by burden
    and then by id. ``bound`` is the most that is proven of the least worst; ``proven`` says that no rotation is better
    by the whole order that was asked for. ``swept`` says that ``frontier``, by rising worst, is whole. ``cuts`` are
    what ended the search before it had looked at everything. ``wanted_grid`` is the grid that was asked for where it
    has more starts than fit into memory: then ``request`` has the coarser one that was looked at instead.
    ``nights`` are the calls in the night of all members, by weight. ``recommended`` is the fairest rotation of the
    frontier that dominates this one; None if none does, and this one can be recommended itself.
    """

    request: Request
    series: Series
    slots: tuple[Slot, ...]
    calls: tuple[Call, ...]
    shares: tuple[Share, ...]
    bound: int
    proven: bool
    certificate: Certificate
    frontier: tuple[Offer, ...]
    swept: bool
    prices: tuple[Price, ...]
    nights: int
    recommended: Recommendation | None = None
    cuts: tuple[Cut, ...] = ()
    wanted_grid: int | None = None

    @property
    def worst(self) -> int:
        """The burden of the worst-off."""
        return max((share.burden for share in self.shares), default=0)

    @property
    def total(self) -> int:
        """The burden of all members together."""
        return sum(share.burden for share in self.shares)

    @property
    def figures(self) -> Figures:
        """What rotations are compared by."""
        return Figures(worst=self.worst, nights=self.nights, total=self.total)

    @property
    def worst_today(self) -> int:
        """The burden of the worst-off in the current plan."""
        return max((share.burden_today for share in self.shares), default=0)

    @property
    def total_today(self) -> int:
        """The burden of all members together in the current plan."""
        return sum(share.burden_today for share in self.shares)


@dataclass(frozen=True, kw_only=True, slots=True)
class Impossible:
    """The answer to a request for which no rotation was found.

    ``conflict`` are constraints that cannot be held together, and ``smallest`` says that no fewer clash; it is empty
    if it is not ``proven`` that there is none.
    """

    request: Request
    conflict: tuple[Fact, ...]
    smallest: bool
    proven: bool


def propose(setting: Setting, request: Request, budget: Budget | None = None) -> Proposed | Impossible:
    """Return the rotation that answers a request best.

    Raises :class:`InvalidRequest` where plan and request do not fit, :class:`InvalidSeries` where the plan's phases do
    not allow a rotation of that length, and :class:`InvalidHours` where the plan has no such curve.
    """
    budget, setting = budget or Budget(), setting.under(request.curve)
    begun = budget.left()
    case = Case.of(setting, request)
    spent = 0.0 if begun == inf else max(0.0, begun - budget.left())
    problem = case.problem
    solved = solve(
        problem,
        budget.less(spent * _AFTERWARDS),
        objective=request.objective,
        tolerance=request.tolerance,
        grids=case.grids,
        others=tuple(_others(setting, request, case, lambda: budget.left() > spent)),
    )
    is_whole = case.grid == request.grid
    if isinstance(solved, Least):
        clash = conflict(case.bare, case.limits, budget) if solved.closed else Conflict(limits=(), smallest=False)
        return Impossible(
            request=request,
            conflict=tuple(limit.constraint for limit in clash.limits) if is_whole else (),
            smallest=clash.smallest and is_whole,
            proven=solved.closed and is_whole,
        )
    certificate = case.certificate(_spread(case, solved.weights))
    slots = case.layout.slots(solved.picks)
    series = case.layout.with_slots(slots)
    calls = unroll(series)
    best = knee(solved.points, whole=solved.swept)
    members = request.members_counted(setting.audience.members)
    shares = shares_of(setting, request, calls)
    frontier = tuple(
        Offer(
            worst=point.worst * problem.unit,
            total=point.total * problem.unit,
            slots=case.layout.slots(point.picks),
            knee=point is best,
        )
        for point in solved.points
    )

    def count_nights(rotation: Sequence[Slot]) -> int:
        held = unroll(case.layout.with_slots(rotation))
        return weigh_counts(members, tally_calls(setting, members, held).nights)

    found = Proposed(
        request=request if is_whole else replace(request, grid=case.grid),
        series=series,
        slots=slots,
        calls=calls,
        shares=shares,
        bound=max(solved.least.bound * problem.unit, certificate.least),
        proven=solved.closed,
        certificate=certificate,
        frontier=frontier,
        swept=solved.swept,
        prices=tuple(_prices(setting, request, case, solved)),
        nights=count_nights(slots),
        cuts=solved.cuts,
        wanted_grid=None if is_whole else request.grid,
    )
    return replace(found, recommended=find_recommended(found, count_nights))


def find_recommended(found: Proposed, count_nights: Callable[[Sequence[Slot]], int]) -> Recommendation | None:
    """Return the fairest rotation of the frontier that dominates a proposed one; None if none does.

    ``count_nights`` counts the calls in the night of all members in a rotation, by weight. Only rotations with no
    larger worst and total are counted: no other can dominate it.
    """
    for offer in found.frontier:  # by rising worst
        if offer.worst <= found.worst and offer.total <= found.total:
            row = Recommendation(offer=offer, nights=count_nights(offer.slots))
            if row.figures.dominates(found.figures):
                return row
    return None


def weigh_counts(members: Sequence[Member], counts: Iterable[int]) -> int:
    """Return the sum of a count of each member, by weight."""
    return sum(member.weight * count for member, count in zip(members, counts, strict=True))


def priced(setting: Setting, request: Request, case: Case) -> tuple[Fact, ...]:
    """Return the constraints that have a price, in their order."""
    constraints = [limit.constraint for limit in case.limits]
    if request.keep:
        with suppress(InvalidRequest):  # without the announced calls the plan may not fit the request
            layout(setting, replace(request, keep=0))
            constraints.append(Fact.of(ConstraintCode.KEEP, keep=request.keep))
    return tuple(constraints)


def _others(setting: Setting, request: Request, case: Case, has_time: Callable[[], bool]) -> Iterator[Other]:
    """Yield the problems without one of the priced constraints each."""

    @cache
    def without_keeping() -> Problem:
        return Case.of(setting, replace(request, keep=0)).problem

    def without(index: int) -> Problem:
        return with_constraints(case.bare, [*case.limits[:index], *case.limits[index + 1 :]])

    for index, constraint in enumerate(priced(setting, request, case)):
        if constraint.code is ConstraintCode.KEEP:
            yield Other(make=lambda: without_keeping() if has_time() else None, related=False)
        else:
            yield Other(make=partial(without, index), related=True)


def _prices(setting: Setting, request: Request, case: Case, solved: Solved) -> Iterator[Price]:
    """Yield the price of each constraint."""
    least = solved.least
    worst = 0 if least.picks is None else case.problem.worst(least.picks) * case.problem.unit
    for constraint, without in zip(priced(setting, request, case), solved.without, strict=True):
        yield price(constraint, without, worst=worst, closed=least.closed)


def _spread(case: Case, weights: Ints) -> dict[MemberId, int]:
    """Return the weights of classes on members, each on the first member of its class in the roster."""
    found: dict[MemberId, int] = {}
    weight = dict(enumerate(weights.tolist()))
    for member, mine in zip(case.found.members, case.class_of.tolist(), strict=True):
        if taken := weight.pop(mine, 0):
            found[member.id] = taken
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What calls put on each of some members, in their order: burdens, and calls in the night, in all, and blocked."""

    burdens: tuple[int, ...]
    nights: tuple[int, ...]
    calls: tuple[int, ...]
    blocked: tuple[int, ...]


def tally_calls(setting: Setting, members: Sequence[Member], calls: Iterable[Call]) -> Tally:
    """Return the burdens of the held calls by member, in point-minutes; carried burdens do not count."""
    held = sorted((call.start, call.minutes) for call in calls if call.is_held)
    matrix = make_burden_matrix(
        [start for start, _ in held],
        [minutes for _, minutes in held],
        setting.audience.with_members(members),
    )
    parts = (matrix.burdens(), matrix.night_minutes() > 0, matrix.present(), matrix.blocked())
    burdens, nights, present, blocked = (part.sum(axis=1, dtype=np.int64)[matrix.class_of].tolist() for part in parts)
    return Tally(burdens=tuple(burdens), nights=tuple(nights), calls=tuple(present), blocked=tuple(blocked))


def make_shares(setting: Setting, members: Sequence[Member], new: Tally, today: Tally) -> tuple[Share, ...]:
    """Return the shares of members in some calls and in those of the plan: worst first, by burden, then by id."""
    rows = zip(members, new.burdens, new.nights, today.burdens, today.nights, strict=True)
    found = (
        Share(
            id=member.id,
            name=member.display_name,
            burden=burden + setting.carried.get(member.id, 0),
            night_calls=night_calls,
            burden_today=burden_today + setting.carried.get(member.id, 0),
            night_calls_today=night_calls_today,
        )
        for member, burden, night_calls, burden_today, night_calls_today in rows
    )
    return tuple(sorted(found, key=lambda share: (-share.burden, share.id)))


def shares_of(setting: Setting, request: Request, calls: Sequence[Call]) -> tuple[Share, ...]:
    """Return the shares of the members who count, for some calls and for those of the plan."""
    members = request.members_counted(setting.audience.members)
    return make_shares(
        setting, members, tally_calls(setting, members, calls), tally_calls(setting, members, setting.calls)
    )
