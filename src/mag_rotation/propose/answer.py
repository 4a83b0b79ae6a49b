"""The fairest rotation of a plan: what is asked turned into a problem, and its answer into slots, calls and members.

Rule 1: what an answer says of members is counted from its calls, not taken from the search.
Rule 2: an answer holds everything that is needed to check it without knowing how it was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mag_rotation.burden import Ints, make_burden_matrix
from mag_rotation.calls import Call, unroll
from mag_rotation.errors import InvalidRequest
from mag_rotation.propose.case import Case, Certificate
from mag_rotation.propose.frontier import knee
from mag_rotation.propose.prices import Conflict, Price, conflict, prices
from mag_rotation.propose.problem import Problem
from mag_rotation.propose.request import Constraint, ConstraintCode, Request, Setting
from mag_rotation.propose.solve import Budget, Least, Solved, least_worst, solve
from mag_rotation.roster import Member, MemberId
from mag_rotation.series import Series, Slot

__all__ = ["Impossible", "Offer", "Proposed", "Share", "propose", "shares_of"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What a rotation puts on one member, and what the plan as it stands does: point-minutes and calls in the night.

    Burdens hold what is carried over from earlier seasons; calls in the night are of this one.
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
class Proposed:
    """A rotation that answers a request.

    ``series`` is the plan's with the rotation in it and ``calls`` are its calls; ``shares`` are worst first, by burden
    and then by id. ``bound`` is the most that is proven of the least worst; ``proven`` says that no rotation is better
    by the whole order that was asked for. ``swept`` says that ``frontier``, by rising worst, is whole.
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

    @property
    def worst(self) -> int:
        """The burden of the worst-off."""
        return max((share.burden for share in self.shares), default=0)

    @property
    def total(self) -> int:
        """The burden of all members together."""
        return sum(share.burden for share in self.shares)

    @property
    def worst_today(self) -> int:
        """The burden of the worst-off in the plan as it stands."""
        return max((share.burden_today for share in self.shares), default=0)

    @property
    def total_today(self) -> int:
        """The burden of all members together in the plan as it stands."""
        return sum(share.burden_today for share in self.shares)


@dataclass(frozen=True, kw_only=True, slots=True)
class Impossible:
    """That no rotation was found for a request.

    ``conflict`` are constraints that cannot be held together, and ``smallest`` says that no fewer clash; it is empty
    where it is not ``proven`` that there is none.
    """

    request: Request
    conflict: tuple[Constraint, ...]
    smallest: bool
    proven: bool


def propose(setting: Setting, request: Request, budget: Budget | None = None) -> Proposed | Impossible:
    """The rotation that answers a request best.

    Raises :class:`InvalidRequest` where plan and request do not fit, :class:`InvalidSeries` where the plan's phases do
    not allow a rotation of that length, and :class:`InvalidHours` where the plan has no such curve.
    """
    budget, setting = budget or Budget(), setting.under(request.curve)
    case = Case.of(setting, request)
    problem = case.problem
    solved = solve(problem, request.objective, request.tolerance, budget)
    if isinstance(solved, Least):
        clash = conflict(case.bare, case.limits, budget) if solved.closed else Conflict(limits=(), smallest=False)
        return Impossible(
            request=request,
            conflict=tuple(limit.constraint for limit in clash.limits),
            smallest=clash.smallest,
            proven=solved.closed,
        )
    certificate = case.certificate(_spread(case, solved.weights))
    worst = _worst(problem, solved.least)
    slots = case.layout.slots(solved.picks)
    series = case.layout.with_slots(slots)
    calls = unroll(series)
    best = knee(solved.points)
    return Proposed(
        request=request,
        series=series,
        slots=slots,
        calls=calls,
        shares=shares_of(setting, request, calls),
        bound=max(solved.least.bound * problem.unit, certificate.least),
        proven=solved.closed,
        certificate=certificate,
        frontier=tuple(
            Offer(
                worst=point.worst * problem.unit,
                total=point.total * problem.unit,
                slots=case.layout.slots(point.picks),
                knee=point is best,
            )
            for point in solved.points
        ),
        swept=solved.swept,
        prices=(
            *prices(case.bare, case.limits, worst=worst, closed=solved.least.closed, budget=budget),
            *_price_of_keeping(setting, request, worst, solved, budget),
        ),
    )


def _spread(case: Case, weights: Ints) -> dict[MemberId, int]:
    """The weights of classes on members, each on the first member of its class in the roster."""
    found: dict[MemberId, int] = {}
    weight = dict(enumerate(weights.tolist()))
    for member, mine in zip(case.found.members, case.class_of.tolist(), strict=True):
        if taken := weight.pop(mine, 0):
            found[member.id] = taken
    return found


def _worst(problem: Problem, least: Least) -> int:
    """The least worst that was found, in point-minutes."""
    return 0 if least.picks is None else problem.worst(least.picks) * problem.unit


def _price_of_keeping(
    setting: Setting, request: Request, worst: int, solved: Solved, budget: Budget
) -> Iterator[Price]:
    """What it costs that announced calls stay."""
    if not request.keep:
        return
    try:
        problem = Case.of(setting, replace(request, keep=0)).problem
    except InvalidRequest:  # without them the plan does not fit the request, so that there is nothing to compare
        return
    found = least_worst(problem, budget)
    yield Price(
        constraint=Constraint(code=ConstraintCode.KEEP, amount=request.keep),
        worst_without=worst if found.picks is None else min(_worst(problem, found), worst),
        worst_with=worst,
        proven=solved.least.closed and found.closed,
    )


def shares_of(setting: Setting, request: Request, calls: Sequence[Call]) -> tuple[Share, ...]:
    """What calls put on each member who counts, and what those of the plan do: worst first, by burden, then by id."""
    members = request.counted(setting.audience.members)
    new, today = (_sums(setting, members, some) for some in (calls, setting.calls))
    found = (
        Share(
            id=member.id,
            name=member.display_name,
            burden=burden,
            night_calls=nights,
            burden_today=burden_today,
            night_calls_today=nights_today,
        )
        for member, (burden, nights), (burden_today, nights_today) in zip(members, new, today, strict=True)
    )
    return tuple(sorted(found, key=lambda share: (-share.burden, share.id)))


def _sums(setting: Setting, members: Sequence[Member], calls: Sequence[Call]) -> list[tuple[int, int]]:
    """What the held calls put on each member, and how many of them are in the night."""
    held = sorted((call.start, call.minutes) for call in calls if call.is_held)
    matrix = make_burden_matrix(
        [start for start, _ in held],
        [minutes for _, minutes in held],
        setting.audience.with_members(members),
    )
    burdens = matrix.burdens().sum(axis=1, dtype=np.int64)
    nights = (matrix.night_minutes() > 0).sum(axis=1)
    by_class = list(zip(burdens.tolist(), nights.tolist(), strict=True))
    sums = (by_class[mine] for mine in matrix.class_of.tolist())
    return [
        (burden + setting.carried.get(member.id, 0), night_calls)
        for member, (burden, night_calls) in zip(members, sums, strict=True)
    ]
