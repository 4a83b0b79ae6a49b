"""Exact search: every way to fill half the turns, joined with every way to fill the rest, as far as proofs allow.

Rule 1: a way or a join is left out only where integers prove that nothing as good as the best known comes of it.
Rule 2: stopped or not, what is found keeps every limit; only a search that came to its end says so.

The proof is a cut: weights from the linear relaxation turn "nobody bears more than the best worst known" into one sum
over turns, which leaves each turn only candidates near the least weighted cost. Both halves are sorted by that sum, so
that a join looks at a stretch of the other half alone (meet in the middle: Horowitz and Sahni 1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mag_rotation.burden import Ints
from mag_rotation.propose.joins import EVER, Cut, Half, Stop, fill, in_order, keeping, picks_of, worst_of
from mag_rotation.propose.linear import dual_weights, weighted
from mag_rotation.propose.narrow import narrowed
from mag_rotation.propose.order import Aim, Merit, best_rows, merit
from mag_rotation.propose.problem import Picks, Problem

__all__ = ["Outcome", "search_halves"]

_SCALE = 100_000
"""How fine the weights of a cut are."""
_HIGH, _WIDE = 16, 4096
"""The joins that are looked at together: so many ways of the first half with so many of the second."""
_MOST_JOINS = 20_000_000_000
"""How many joins are looked at, some minutes' work; a search that would have to look at more ends as if stopped."""
_MOST_KEPT = 100_000
"""Joins that are compared at once."""
_NO_LIMIT = EVER // 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The best picks that were found, None where there are none, and whether the search came to its end."""

    picks: Picks | None
    closed: bool


def search_halves(
    problem: Problem, aim: Aim, *, known: Sequence[int] | None = None, stop: Stop = lambda: False
) -> Outcome:
    """The best picks for an aim.

    ``known`` are picks that keep every limit, the better the faster; ``stop`` is asked from time to time. Closed with
    no picks means that no picks keep every limit.
    """
    if not problem.allowed.any(axis=1).all():
        return Outcome(picks=None, closed=True)
    less = narrowed(problem)
    champion = _Champion(less.problem, aim, None if known is None else less.inwards(known))
    closed = _searched(less.problem, aim, champion, stop)
    return Outcome(picks=None if champion.picks is None else less.outwards(champion.picks), closed=closed)


def _searched(problem: Problem, aim: Aim, champion: _Champion, stop: Stop) -> bool:
    """Show the champion everything that may be as good as the best known; whether the search came to its end."""
    proof = _Proof(problem, aim, champion)
    halves = []
    for turns in in_order(problem):
        cut = Cut(costs=proof.costs, room=proof.room)
        half = fill(problem, turns, cut, limit=champion.limit, stop=stop)
        if half is None:
            return False
        halves.append(half)
    return _join(problem, (halves[0], halves[1]), proof, champion, stop)


class _Champion:
    """The best picks so far, and what is still as good: at most ``limit`` on anybody, at most ``total`` in all."""

    def __init__(self, problem: Problem, aim: Aim, known: Sequence[int] | None) -> None:
        self._problem, self._aim = problem, aim
        self._alone = len(set(problem.twins())) == problem.turns
        self._merit: Merit | None = None
        self.picks: Picks | None = None
        self.limit = min(limit for limit in (aim.limit, problem.cap, _NO_LIMIT) if limit is not None)
        self.total = _NO_LIMIT
        if known is not None:
            self.meet(problem.settled(tuple(known)))

    def meet(self, picks: Picks) -> None:
        """Keep these picks when they are better."""
        found = merit(self._problem, self._aim, picks)
        if self._merit is not None and self._merit <= found:
            return
        self._merit, self.picks = found, picks
        if self._aim.total_first:
            self.total = found[0][0]
        else:
            self.limit = min(self.limit, found[0][0])

    def meet_all(self, picks: Ints) -> None:
        """Keep the best of several picks, (rotations, turns)."""
        if not len(picks):
            return
        problem = self._problem
        burdens = problem.base + problem.costs[np.arange(problem.turns), :, picks].sum(axis=1)
        best = picks[best_rows(problem, self._aim, burdens)]
        if self._alone:  # no turn has an equal: nothing is shared out again, and the first of the least moved is it
            moved = problem.changes[np.arange(problem.turns), best].sum(axis=1)
            best = best[moved == moved.min()]
            best = best[np.lexsort((*best.T[::-1], np.zeros(len(best))))[:1]]
        alike = {problem.settled(tuple(row)) for row in best.tolist()}
        self.meet(min(alike, key=lambda found: (problem.changed(found), found)))


class _Proof:
    """One sum over turns of costs that are 0 or more, and how much of it the best known leaves."""

    def __init__(self, problem: Problem, aim: Aim, champion: _Champion) -> None:
        self._champion = champion
        self._share = _SCALE if aim.total_first else 0
        limited = champion.limit < _NO_LIMIT
        weights = np.zeros(len(problem.base), dtype=np.int64)
        if limited or not aim.total_first:
            weights = dual_weights(problem, scale=_SCALE, limit=champion.limit if aim.total_first else None)
        costs, base = weighted(problem, weights)
        costs = np.where(problem.allowed, costs + self._share * problem.totals, EVER)
        least = costs.min(axis=1)
        self._weight = int(weights.sum())
        self._spent = int(least.sum()) + base + self._share * int(problem.sizes @ problem.base)
        self.costs: Ints = np.where(problem.allowed, costs - least[:, None], EVER // 2)
        self.rank: list[int] = np.argsort(-weights, kind="stable").tolist()

    @property
    def room(self) -> int | None:
        """The most that the sum may be; None while nothing limits it."""
        champion = self._champion
        if (self._weight and champion.limit >= _NO_LIMIT) or (self._share and champion.total >= _NO_LIMIT):
            return None
        return self._weight * champion.limit + self._share * champion.total - self._spent


def _join(problem: Problem, halves: tuple[Half, Half], proof: _Proof, champion: _Champion, stop: Stop) -> bool:
    """Show the champion every join that may be as good as the best known; whether all of them were looked at."""
    first, second = halves
    based = first.loads + problem.base.astype(first.loads.dtype)[:, None]
    base, looked = int(problem.sizes @ problem.base), 0
    for low in range(0, len(first.picks), _HIGH):
        if stop() or looked > _MOST_JOINS:
            return False
        rows = slice(low, low + _HIGH)
        room = proof.room
        reach = len(second.cuts)
        if room is not None:
            reach = int(np.searchsorted(second.cuts, room - int(first.cuts[low]), side="right"))
        looked += reach * _HIGH
        for left in range(0, reach, _WIDE):
            columns = slice(left, min(left + _WIDE, reach))
            worst = worst_of(based[:, rows], second.loads[:, columns], proof.rank, limit=champion.limit)
            if worst is None:
                continue
            good = worst <= champion.limit
            if champion.total < _NO_LIMIT:
                good &= first.totals[rows, None] + second.totals[None, columns] + base <= champion.total
            ones, others = np.nonzero(good)
            for begin in range(0, len(ones), _MOST_KEPT):
                part = slice(begin, begin + _MOST_KEPT)
                picks = picks_of(problem, first, second, ones[part] + low, others[part] + left)
                champion.meet_all(picks[keeping(problem, picks)])
    return True
