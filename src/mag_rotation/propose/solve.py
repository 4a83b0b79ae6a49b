"""From a problem to an answer: the algorithms in order, each starting from what the one before it knows.

Rule 1: whoever finds the answer, its proof is that of the search that came to its end, or of the weights.
Rule 2: time that is left is told by whoever asks; what comes from a search that ran out of it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from mag_rotation.burden import Ints
from mag_rotation.errors import MissingExtra
from mag_rotation.propose.feasible import feasible
from mag_rotation.propose.frontier import Point, sweep, thinned
from mag_rotation.propose.halves import Outcome, search_halves
from mag_rotation.propose.linear import dual_weights, proven_bound, rounded_picks
from mag_rotation.propose.milp import Proof, minimax_by_milp
from mag_rotation.propose.order import Aim
from mag_rotation.propose.problem import Picks, Problem
from mag_rotation.propose.request import Objective
from mag_rotation.propose.search import DRAWN, improved

__all__ = ["Budget", "Least", "Solved", "least_worst", "possible", "solve"]

_SCALE = 1000
"""How many weights a certificate shares out among the members."""
_LEVELS = 12
"""How many limits on the worst the frontier is searched at where it cannot be swept."""
_SHARE, _LONGEST = 0.5, 600.0
"""How much of the time that is left one search may take, and the most seconds for the solver."""
_SHORT = 12
"""The patience of the search at each of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """How long to search: ``left`` gives the seconds that are left. ``seed`` starts what is left to chance."""

    left: Callable[[], float] = lambda: inf
    seed: int = 0

    def over(self) -> bool:
        """Whether the time is up."""
        return self.left() <= 0

    def part(self, share: float) -> Budget:
        """A budget of a share of the time that is left now, so that something is left afterwards."""
        now = self.left()
        kept = 0.0 if now == inf else now * (1 - share)
        return replace(self, left=lambda: self.left() - kept)


@dataclass(frozen=True, kw_only=True, slots=True)
class Least:
    """The leximin best picks that were found; None with ``closed`` says that the limits cannot be kept.

    ``closed`` says that the whole order is proven, ``bound`` is the least that any worst can be, in units.
    """

    picks: Picks | None
    closed: bool
    bound: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Solved:
    """An answer: picks for the objective, whether they are proven best, and the leximin best with its bound.

    ``weights`` are those of the certificate, by class; ``points`` the frontier, whole where ``swept``.
    """

    picks: Picks
    closed: bool
    least: Least
    weights: Ints
    points: tuple[Point, ...]
    swept: bool


def possible(problem: Problem, budget: Budget) -> Outcome:
    """Picks that keep every limit; closed without picks means that there are none."""
    found = feasible(problem, seed=budget.seed, stop=budget.part(_SHARE).over)
    if found.picks is not None or found.closed:
        return found
    proof = _by_solver(problem, None, budget)
    return found if proof is None else Outcome(picks=proof.picks, closed=proof.closed and proof.picks is None)


def least_worst(problem: Problem, budget: Budget) -> Least:
    """The picks that spare the worst-off most, then the next, and so on."""
    start = possible(problem, budget)
    if start.picks is None:
        return Least(picks=None, closed=start.closed, bound=0)
    found = _best(problem, Aim(), start.picks, budget.part(_SHARE))
    picks, bound = found.picks or start.picks, _bound(problem, dual_weights(problem, scale=_SCALE))
    if found.closed:
        return Least(picks=picks, closed=True, bound=problem.worst(picks))
    proof = _by_solver(problem, picks, budget)
    if proof is not None:
        bound = max(bound, proof.bound or 0)
        if proof.picks is not None and problem.worst(proof.picks) < problem.worst(picks):
            picks = improved(problem, Aim(), proof.picks, seed=budget.seed, stop=budget.part(_SHARE).over)
    return Least(picks=picks, closed=False, bound=bound)


def _by_solver(problem: Problem, known: Picks | None, budget: Budget) -> Proof | None:
    """What the solver proves in a share of the time; None where it is not installed or there is no time."""
    seconds = min(budget.left() * _SHARE, _LONGEST)
    if seconds <= 0:
        return None
    try:
        return minimax_by_milp(problem, known=known, seconds=seconds)
    except MissingExtra:  # what it would add is a bound: without it the answer is as good and says less
        return None


def _best(problem: Problem, aim: Aim, start: Picks, budget: Budget) -> Outcome:
    """Local search, and the exact search from what it found."""
    known = start
    if problem.turns > DRAWN:  # up to so many turns the exact search does at once what the local search does
        known = improved(problem, aim, start, seed=budget.seed, stop=budget.over)
    return search_halves(problem, aim, known=known, stop=budget.over)


def _bound(problem: Problem, weights: Ints) -> int:
    """The least whole number of units that weights leave for the worst."""
    scale = int(weights.sum())
    return -(-proven_bound(problem, weights) // scale) if scale else 0


def solve(problem: Problem, objective: Objective, tolerance: int, budget: Budget) -> Solved | Least:
    """The best rotation for an objective, with the frontier; a :class:`Least` without picks where there is none."""
    least = least_worst(problem, budget)
    if least.picks is None:
        return least
    swept = sweep(problem, stop=budget.part(_SHARE).over) if least.closed else None
    points = swept or thinned(_searched(problem, least.picks, budget))
    picks, closed = least.picks, least.closed
    if objective is not Objective.LEXIMIN:
        limit = None
        if objective is Objective.BALANCED:
            limit = problem.worst(least.picks) * (100 + tolerance) // 100
        aim = Aim(limit=limit, total_first=True)
        known = [point for point in points if limit is None or point.worst <= limit]
        found = _best(problem, aim, known[-1].picks if known else least.picks, budget)
        # a limit that stands on a worst which may not be the least is no proof
        picks, closed = found.picks or picks, found.closed and (least.closed or limit is None)
    return Solved(
        picks=picks,
        closed=closed,
        least=least,
        weights=dual_weights(problem, scale=_SCALE),
        points=_with_own(problem, points, picks),
        swept=swept is not None,
    )


def _point(problem: Problem, picks: Picks) -> Point:
    burdens = problem.burdens(picks)
    return Point(worst=int(burdens.max(initial=0)), total=int(burdens @ problem.sizes), picks=picks)


def _with_own(problem: Problem, points: tuple[Point, ...], picks: Picks) -> tuple[Point, ...]:
    """The frontier with the answer itself where it has the values of one of the points."""
    own = _point(problem, picks)
    same = [point for point in points if (point.worst, point.total) == (own.worst, own.total)]
    return tuple(replace(point, picks=picks) if point in same else point for point in points)


def _searched(problem: Problem, least: Picks, budget: Budget) -> Iterator[Point]:
    """Points near the frontier, from the fairest picks to the cheapest."""
    yield _point(problem, least)
    totals = np.where(problem.allowed, problem.totals, np.iinfo(np.int64).max)
    cheapest = tuple(totals.argmin(axis=1).tolist())
    if problem.keeps(cheapest):
        yield _point(problem, cheapest)
    low, high = problem.worst(least), problem.worst(cheapest)
    for level in range(_LEVELS):
        if budget.over():
            return
        limit = low + (high - low) * level // _LEVELS
        picks = rounded_picks(problem, limit=limit)
        if not problem.keeps(picks):
            picks = least
        aim = Aim(limit=max(limit, problem.worst(picks)), total_first=True)
        yield _point(problem, improved(problem, aim, picks, seed=budget.seed, stop=budget.over, patience=_SHORT))
