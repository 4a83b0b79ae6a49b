"""What constraints cost, and which of them cannot be held together.

The price of a constraint is the worst burden without it against the worst with all of them. A conflict is as small as
can be: without any one of its constraints the rest can be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from mag_rotation.propose.constraints import ConstraintArrays, with_constraints
from mag_rotation.propose.problem import Problem
from mag_rotation.propose.solve import Budget, LeastWorst, possible
from mag_rotation.values import Fact

__all__ = ["Conflict", "Price", "conflict", "price"]

_STEPS, _SHARE = 4_000, 0.25
"""How many steps of search all sets of constraints may take together, and how many of those left one may take."""
_SECONDS = 10
"""Seconds for the solver, however many the search for a rotation has left."""
_MOST_TRIED = 3000
"""How many sets of constraints are tried to find a smaller conflict."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """The worst burden, in point-minutes, without a constraint and with it; ``proven`` where both are the least."""

    constraint: Fact
    worst_without: int
    worst_with: int
    proven: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """Constraints that cannot be held together; ``smallest`` says that no fewer of all clash."""

    limits: tuple[ConstraintArrays, ...]
    smallest: bool


def price(constraint: Fact, without: LeastWorst | None, *, worst: int, closed: bool) -> Price:
    """Return the price of a constraint; ``without`` is what is known of the problem without it.

    ``worst`` is the least worst with all constraints, in point-minutes, ``closed`` where that is proven.
    """
    # a rotation that keeps all constraints keeps all but one, too: its worst is known when the time is up
    return Price(
        constraint=constraint,
        worst_without=worst if without is None else min(without.worst, worst),
        worst_with=worst,
        proven=closed and without is not None and without.closed,
    )


def conflict(problem: Problem, limits: Sequence[ConstraintArrays], budget: Budget) -> Conflict:
    """Return the fewest constraints that cannot be held together; empty if what they clash with is no constraint.

    Work is counted in steps, so that every machine names the same ones; the clock is only that of the solver, which is
    asked where steps have not been enough.
    """
    needed, sure, tests = list(limits), True, _Tests(problem, budget)
    for limit in limits:
        rest = [other for other in needed if other is not limit]
        together = tests.can_hold(rest)
        if together is False:
            needed = rest
        sure = sure and together is not None
    tried = 0
    for size in range(1, len(needed)):
        tried += comb(len(limits), size)
        if tried > _MOST_TRIED:
            return Conflict(limits=tuple(needed), smallest=False)
        for few in combinations(limits, size):
            together = tests.can_hold(few)
            if together is False:
                return Conflict(limits=few, smallest=sure)
            sure = sure and together is not None
    return Conflict(limits=tuple(needed), smallest=sure)


class _Tests:
    """Tests of sets of constraints, which share out the steps that there are."""

    def __init__(self, problem: Problem, budget: Budget) -> None:
        self._problem, self._steps = problem, _STEPS
        left = budget.left()
        self._budget = budget.less(left - _SECONDS) if left < _SECONDS else budget

    def can_hold(self, limits: Sequence[ConstraintArrays]) -> bool | None:
        """Return whether constraints can be held together; None if that was not found out."""
        least = int(self._steps * (1 - _SHARE))

        def stop() -> bool:
            self._steps -= 1
            return self._steps < least or self._budget.interrupted()

        found = possible(with_constraints(self._problem, limits), self._budget.part(_SHARE), stop=stop)
        return True if found.picks is not None else False if found.closed else None
