"""Feasibility: whether all limits can be kept, and picks that keep them.

The picks that are returned keep every limit; a search that ends without any proves that there are none. Limits on
sums are met by the search that spares the worst-off: an excess over a limit is a burden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mag_rotation.burden import Bools
from mag_rotation.propose.linear import Relaxation, proven_bound, relax
from mag_rotation.propose.meet_in_the_middle import MOST_JOINS, SCALE, End, ExactSearch, Outcome
from mag_rotation.propose.order import Aim
from mag_rotation.propose.problem import Picks, Problem, Steps, Stop, load_type, run
from mag_rotation.propose.search import LocalSearch

__all__ = ["feasible", "find_feasible"]

_TRIES = 200_000
"""After so many tries the search for picks that do not clash gives up."""
_TRIES_AT_ONCE = 50
"""How many tries there are in one step."""
_NONE = Outcome(picks=None, end=End.CLOSED)


def feasible(problem: Problem, *, seed: int, stop: Stop = lambda: False) -> Outcome:
    """Return picks that keep every limit, near the relaxation's answer if possible.

    Closed without picks means that there are none.
    """
    if not is_open(problem):
        return _NONE
    relaxation = run(relax(problem), stop)
    if relaxation is None:
        return Outcome(picks=None, end=End.OPEN)
    found = run(find_feasible(problem, relaxation, seed=seed), stop)
    return Outcome(picks=None, end=End.OPEN) if found is None else found


def is_open(problem: Problem) -> bool:
    """Return false if a quick check shows that no picks keep every limit."""
    return bool(problem.allowed.any(axis=1).all()) and _has_matching(problem)


def find_feasible(
    problem: Problem, relaxation: Relaxation, *, seed: int, tries: int = _TRIES, most_joins: int = MOST_JOINS
) -> Steps[Outcome]:
    """Return picks that keep every limit of an open problem; ``relaxation`` is that of the problem without a limit.

    ``tries`` and ``most_joins`` limit the work.
    """
    picks = relaxation.picks
    if problem.keeps(picks):
        return Outcome(picks=picks, end=End.OPEN)
    search = _Unclashed(problem, picks, tries)
    start = yield from search.find()
    if start is None or problem.keeps(start):
        return Outcome(picks=start, end=End.CLOSED if search.ended else End.WORK)
    return (yield from _keep_sums(problem, start, seed, most_joins))


def _keep_sums(problem: Problem, start: Picks, seed: int, most_joins: int) -> Steps[Outcome]:
    """Return picks that keep every limit on sums, from some that keep all others."""
    excess, goal = _excess(problem)
    weights = (yield from relax(excess)).integers(SCALE)
    if proven_bound(excess, weights) > goal * int(weights.sum()):
        return _NONE
    search = LocalSearch(excess, Aim(), start, seed=seed, goal=goal)
    yield from search.steps()
    if problem.keeps(search.picks):
        return Outcome(picks=search.picks, end=End.OPEN)
    exact = ExactSearch(excess, Aim(limit=goal), weights=weights, most_joins=most_joins)
    yield from exact.steps()
    return exact.outcome


def _has_matching(problem: Problem) -> bool:
    """Return false if turns that must all differ have too few candidates together (Hall's condition).

    The clashes show whether they must: no candidate goes with itself at any two turns.
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
    """Return the problem whose burdens are the limited sums, each raised so that all have one goal as their limit."""
    capped = problem.cap is not None
    most = int(max(np.abs(problem.rows).max(initial=0), problem.costs.max(initial=0) if capped else 0))
    kind = load_type(most // 2)
    costs = np.concatenate([problem.rows.astype(kind), *([problem.costs.astype(kind)] if capped else [])], axis=1)
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

    def __init__(self, problem: Problem, wished: Sequence[int], tries: int) -> None:
        self._problem, self._wished, self._left = problem, wished, tries
        self.ended = True
        self._against: dict[int, list[tuple[int, Bools]]] = {turn: [] for turn in range(problem.turns)}
        for (one, other), clash in problem.clashes.items():
            self._against[one].append((other, clash))
            self._against[other].append((one, clash.T))

    def find(self) -> Steps[Picks | None]:
        """Return such picks, near the wished ones if possible; None if there are none or the tries are used up."""
        domains = [frozenset(self._problem.candidates(turn)) for turn in range(self._problem.turns)]
        return (yield from self._fill({}, domains))

    def _fill(self, picks: dict[int, int], domains: Sequence[frozenset[int]]) -> Steps[Picks | None]:
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
            self._left -= 1
            if self._left % _TRIES_AT_ONCE == 0:
                yield
            if self._left < 0:
                self.ended = False
                return None
            left = self._narrow_domains(turn, choice, domains, open_turns)
            result = None if left is None else (yield from self._fill({**picks, turn: choice}, left))
            if result is not None or not self.ended:
                return result
        return None

    def _narrow_domains(
        self, turn: int, choice: int, domains: Sequence[frozenset[int]], open_turns: Sequence[int]
    ) -> list[frozenset[int]] | None:
        """Return the candidates left for the other turns; None if a turn has none left."""
        narrowed = list(domains)
        narrowed[turn] = frozenset({choice})
        for other, clash in self._against[turn]:
            if other in open_turns:
                narrowed[other] = frozenset(candidate for candidate in narrowed[other] if not clash[choice, candidate])
                if not narrowed[other]:
                    return None
        return narrowed
