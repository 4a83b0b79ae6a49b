"""Local search: a few turns at a time are chosen anew, exactly, while the others stay.

Every step keeps every limit and is better by the same order that proofs go by. Chance comes from a seed; the same seed
takes the same steps everywhere, so that a longer search has done all that a shorter one did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import comb

import numpy as np

from mag_rotation.propose.meet_in_the_middle import ExactSearch
from mag_rotation.propose.order import Aim, merit
from mag_rotation.propose.problem import Picks, Problem, Steps

__all__ = ["DRAWN", "LocalSearch", "part_of"]

PATIENCE = 200
"""Draws in a row without a gain after which the search ends."""
DRAWN = 4
"""How many turns are chosen anew together."""
_MOST_CANDIDATES = 144
"""With more candidates than this two turns are chosen anew together, so that a draw takes a moment."""
_MOST_JOINS = 100_000_000
"""How many joins a draw may look at."""


class _Chance:
    """Whole numbers from a seed: the generator of Knuth's MMIX, its high bits."""

    def __init__(self, seed: int) -> None:
        self._state = (seed * 2862933555777941757 + 3037000493) % 2**64

    def below(self, count: int) -> int:
        """Return a number from 0 to ``count - 1``."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % count

    def draw(self, many: Sequence[int], count: int) -> tuple[int, ...]:
        """Return some of the values, in their order."""
        left = list(many)
        return tuple(sorted(left.pop(self.below(len(left))) for _ in range(min(count, len(left)))))


def part_of(problem: Problem, turns: Sequence[int], picks: Sequence[int]) -> Problem:
    """Return the problem of some turns, while the others keep their picks."""
    chosen = list(turns)
    others = [turn for turn in range(problem.turns) if turn not in set(chosen)]
    taken = [picks[turn] for turn in others]
    allowed = problem.allowed[chosen].copy()
    clashes = {}
    place = {turn: index for index, turn in enumerate(chosen)}
    for turn, index in place.items():
        for other in range(problem.turns):
            clash = problem.clashes.get((min(turn, other), max(turn, other)))
            if clash is None:
                continue
            turned = clash if turn < other else clash.T
            if other not in place:
                allowed[index] &= ~turned[:, picks[other]]
            elif index < place[other]:
                clashes[index, place[other]] = turned
    return replace(
        problem,
        costs=problem.costs[chosen],
        base=problem.base + problem.costs[others, :, taken].sum(axis=0, dtype=np.int64),
        allowed=allowed,
        changes=problem.changes[chosen],
        clashes=clashes,
        musts=tuple(must for must in problem.musts if must not in taken),
        rows=problem.rows[chosen],
        row_base=problem.row_base + problem.rows[others, :, taken].sum(axis=0, dtype=np.int64),
    )


class LocalSearch:
    """A search from some picks that keep every limit; ``picks`` are the best so far, at any time.

    It ends once nobody bears more than ``goal``, too.
    """

    def __init__(self, problem: Problem, aim: Aim, picks: Picks, *, seed: int, goal: int | None = None) -> None:
        self._problem, self._aim, self._goal, self._chance = problem, aim, goal, _Chance(seed)
        self.picks, self._merit = picks, merit(problem, aim, picks)
        wide = int(problem.allowed.sum(axis=1).max(initial=0)) > _MOST_CANDIDATES
        self._drawn = min(2 if wide else DRAWN, problem.turns)

    def steps(self, patience: int = PATIENCE) -> Steps[None]:
        """Choose turns anew until it failed ``patience`` times in a row."""
        problem = self._problem
        most, idle = min(patience, 2 * comb(problem.turns, self._drawn)), 0
        while idle < most and (self._goal is None or problem.worst(self.picks) > self._goal):
            yield
            turns = self._chance.draw(range(problem.turns), self._drawn)
            idle = 0 if (yield from self._choose_anew(turns)) else idle + 1

    def shake(self) -> None:
        """Give a third of the turns any candidate that keeps every limit, however much worse it is.

        What is found afterwards may be worse than what was there before.
        """
        problem, picks = self._problem, list(self.picks)
        for turn in self._chance.draw(range(problem.turns), max(1, problem.turns // 3)):
            before, candidates = picks[turn], problem.candidates(turn)
            picks[turn] = candidates[self._chance.below(len(candidates))]
            within = self._aim.limit is None or problem.worst(picks) <= self._aim.limit
            picks[turn] = picks[turn] if within and problem.keeps(picks) else before
        self.picks = tuple(picks)
        self._merit = merit(problem, self._aim, self.picks)

    def _choose_anew(self, turns: Sequence[int]) -> Steps[bool]:
        """Choose some turns anew, optimally; return whether that was better."""
        known = [self.picks[turn] for turn in turns]
        part = part_of(self._problem, turns, self.picks)
        search = ExactSearch(part, self._aim, known=known, most_joins=_MOST_JOINS)
        yield from search.steps()
        chosen = list(self.picks)
        for turn, pick in zip(turns, search.picks or known, strict=True):
            chosen[turn] = pick
        new = merit(self._problem, self._aim, chosen)
        if new >= self._merit:
            return False
        self.picks, self._merit = tuple(chosen), new
        return True
