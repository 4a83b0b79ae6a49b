"""What constraints cost, and which of them cannot be held together.

Rule 1: the price of a constraint is the worst burden without it against the worst with all of them.
Rule 2: a conflict is as small as can be: without any one of its constraints the rest can be kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from mag_rotation.propose.limits import Limit, limited
from mag_rotation.propose.problem import Problem
from mag_rotation.propose.request import Constraint
from mag_rotation.propose.solve import Budget, least_worst, possible

__all__ = ["Conflict", "Price", "conflict", "prices"]

_SHARE = 0.25
"""How much of the time that is left one set of constraints may take."""
_MOST_TRIED = 3000
"""How many sets of constraints are tried to find a smaller conflict."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """The worst burden, in point-minutes, without a constraint and with it; ``proven`` where both are the least."""

    constraint: Constraint
    worst_without: int
    worst_with: int
    proven: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """Constraints that cannot be held together; ``smallest`` says that no fewer of all clash."""

    limits: tuple[Limit, ...]
    smallest: bool


def prices(problem: Problem, limits: Sequence[Limit], *, worst: int, closed: bool, budget: Budget) -> Iterator[Price]:
    """The price of each constraint; ``worst`` is that with all of them, in point-minutes, ``closed`` where proven."""
    for index, limit in enumerate(limits):
        rest = [*limits[:index], *limits[index + 1 :]]
        without = limited(problem, rest)
        found = least_worst(without, budget)
        # a rotation that keeps all constraints keeps all but one, too: its worst is known when the time is up
        least = worst if found.picks is None else without.worst(found.picks) * problem.unit
        yield Price(
            constraint=limit.constraint,
            worst_without=min(least, worst),
            worst_with=worst,
            proven=closed and found.closed,
        )


def conflict(problem: Problem, limits: Sequence[Limit], budget: Budget) -> Conflict:
    """The fewest constraints that cannot be held together; none where what they clash with is no constraint."""
    needed, sure = list(limits), True
    for limit in limits:
        rest = [other for other in needed if other is not limit]
        together = _together(problem, rest, budget)
        if together is False:
            needed = rest
        sure = sure and together is not None
    tried = 0
    for size in range(1, len(needed)):
        tried += comb(len(limits), size)
        if tried > _MOST_TRIED:
            return Conflict(limits=tuple(needed), smallest=False)
        for few in combinations(limits, size):
            together = _together(problem, few, budget)
            if together is False:
                return Conflict(limits=few, smallest=sure)
            sure = sure and together is not None
    return Conflict(limits=tuple(needed), smallest=sure)


def _together(problem: Problem, limits: Sequence[Limit], budget: Budget) -> bool | None:
    """Whether constraints can be held together; None where that was not found out."""
    if budget.over():
        return None
    found = possible(limited(problem, limits), budget.part(_SHARE))
    return True if found.picks is not None else False if found.closed else None
