"""Whether the limits can be kept at all, and picks that keep them.

Rule 1: picks that come out keep every limit; a search that came to its end without any proves that there are none.
Rule 2: limits on sums are met by the search that spares the worst-off: what exceeds a limit is a burden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mag_rotation.burden import Bools
from mag_rotation.propose.halves import Outcome, search_halves
from mag_rotation.propose.joins import Stop
from mag_rotation.propose.linear import dual_weights, proven_bound, rounded_picks
from mag_rotation.propose.order import Aim
from mag_rotation.propose.problem import Picks, Problem
from mag_rotation.propose.search import improved

__all__ = ["feasible"]

_SCALE = 100_000
"""How fine the weights are that may prove that sums with limits cannot be kept."""
_TRIES = 200_000
"""Steps after which the search for picks that do not clash gives up."""


def feasible(problem: Problem, *, seed: int, stop: Stop = lambda: False) -> Outcome:
    """Picks that keep every limit, near the relaxation's answer where nothing stands against it.

    Closed without picks means that there are none.
    """
    if not problem.allowed.any(axis=1).all() or not _matched(problem):
        return Outcome(picks=None, closed=True)
    picks = rounded_picks(problem)
    if problem.keeps(picks):
        return Outcome(picks=picks, closed=False)
    search = _Unclashed(problem, picks, stop)
    start = search.found()
    if start is None or problem.keeps(start):
        return Outcome(picks=start, closed=search.ended)
    return _within_limits(problem, start, seed, stop)


def _within_limits(problem: Problem, start: Picks, seed: int, stop: Stop) -> Outcome:
    """Picks that keep every limit on sums, from some that keep all others."""
    excess, goal = _excess(problem)
    weights = dual_weights(excess, scale=_SCALE)
    if proven_bound(excess, weights) > goal * int(weights.sum()):
        return Outcome(picks=None, closed=True)
    better = improved(excess, Aim(), start, seed=seed, stop=stop, goal=goal)
    if problem.keeps(better):
        return Outcome(picks=better, closed=False)
    return search_halves(excess, Aim(limit=goal), stop=stop)


def _matched(problem: Problem) -> bool:
    """False where turns that all have to differ have too few candidates between them (Hall's condition).

    Whether they have to is read off the clashes: no candidate goes with itself at any two turns.
    """
    pairs = problem.turns * (problem.turns - 1) // 2
    differ = len(problem.clashes) == pairs and all(np.diagonal(clash).all() for clash in problem.clashes.values())
    if not pairs or not differ:
        return True
    taken: dict[int, int] = {}

    def find(turn: int, seen: set[int]) -> bool:
        for candidate in problem.candidates(turn):
            if candidate in seen:
                continue
            seen.add(candidate)
            if candidate not in taken or find(taken[candidate], seen):
                taken[candidate] = turn
                return True
        return False

    return all(find(turn, set()) for turn in range(problem.turns))


def _excess(problem: Problem) -> tuple[Problem, int]:
    """The problem whose burdens are the sums that have limits, each raised so that one goal is the limit of all."""
    capped = problem.cap is not None
    costs = np.concatenate([problem.rows, problem.costs] if capped else [problem.rows], axis=1)
    base = np.concatenate([problem.row_base, problem.base] if capped else [problem.row_base])
    limits = np.concatenate([problem.row_limits, np.full(len(problem.base) if capped else 0, problem.cap or 0)])
    goal = int(limits.max(initial=0))
    turns, candidates = problem.allowed.shape
    return replace(
        problem,
        costs=costs,
        base=base + goal - limits,
        sizes=np.ones(len(base), dtype=np.int64),
        rows=np.zeros((turns, 0, candidates), dtype=np.int64),
        row_base=np.zeros(0, dtype=np.int64),
        row_limits=np.zeros(0, dtype=np.int64),
        cap=None,
        groups=np.zeros((0, len(base)), dtype=np.bool_),
        changes=np.zeros_like(problem.changes),
    ), goal


class _Unclashed:
    """Picks that do not clash and take every must, by trying; limits on sums are left aside."""

    def __init__(self, problem: Problem, wished: Sequence[int], stop: Stop) -> None:
        self._problem, self._wished, self._stop = problem, wished, stop
        self._steps = 0
        self.ended = True
        self._against: dict[int, list[tuple[int, Bools]]] = {turn: [] for turn in range(problem.turns)}
        for (one, other), clash in problem.clashes.items():
            self._against[one].append((other, clash))
            self._against[other].append((one, clash.T))

    def found(self) -> Picks | None:
        """Such picks, those wished for where they can be; None where there are none or the trying has to end."""
        domains = [frozenset(self._problem.candidates(turn)) for turn in range(self._problem.turns)]
        return self._filled({}, domains)

    def _filled(self, picks: dict[int, int], domains: Sequence[frozenset[int]]) -> Picks | None:
        problem = self._problem
        open_turns = [turn for turn in range(problem.turns) if turn not in picks]
        missing = {must for must in problem.musts if must not in picks.values()}
        if not open_turns:
            return None if missing else tuple(picks[turn] for turn in range(problem.turns))
        if len(missing) > len(open_turns):
            return None
        turn = min(open_turns, key=lambda turn: (len(domains[turn]), turn))
        choices = domains[turn] & missing if len(missing) == len(open_turns) else domains[turn]
        for choice in sorted(choices, key=lambda choice: (choice not in missing, choice != self._wished[turn], choice)):
            self._steps += 1
            if self._steps > _TRIES or self._stop():
                self.ended = False
            if not self.ended:
                return None
            left = self._narrowed(turn, choice, domains, open_turns)
            result = left and self._filled({**picks, turn: choice}, left)
            if result:
                return result
        return None

    def _narrowed(
        self, turn: int, choice: int, domains: Sequence[frozenset[int]], open_turns: Sequence[int]
    ) -> list[frozenset[int]] | None:
        """What the other turns may still take; None where one of them has nothing left."""
        narrowed = list(domains)
        narrowed[turn] = frozenset({choice})
        for other, clash in self._against[turn]:
            if other in open_turns:
                narrowed[other] = frozenset(candidate for candidate in narrowed[other] if not clash[choice, candidate])
                if not narrowed[other]:
                    return None
        return narrowed
