"""Local search: a few turns at a time are chosen anew, exactly, while the others stay.

Rule 1: every step keeps every limit and is better by the same order that proofs go by.
Rule 2: chance comes from a seed; the same seed takes the same steps everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import comb

from mag_rotation.propose.halves import search_halves
from mag_rotation.propose.joins import Stop
from mag_rotation.propose.order import Aim, merit
from mag_rotation.propose.problem import Picks, Problem

__all__ = ["DRAWN", "improved", "part_of"]

PATIENCE = 200
"""Draws in a row without a gain after which the search ends."""
DRAWN = 4
"""How many turns are chosen anew together."""


class _Chance:
    """Whole numbers from a seed: the generator of Knuth's MMIX, its high bits."""

    def __init__(self, seed: int) -> None:
        self._state = (seed * 2862933555777941757 + 3037000493) % 2**64

    def below(self, count: int) -> int:
        """A number from 0 to ``count - 1``."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % count

    def draw(self, many: Sequence[int], count: int) -> tuple[int, ...]:
        """Some of the values, in their order."""
        left = list(many)
        return tuple(sorted(left.pop(self.below(len(left))) for _ in range(min(count, len(left)))))


def part_of(problem: Problem, turns: Sequence[int], picks: Sequence[int]) -> Problem:
    """The problem of some turns, while the others keep their picks."""
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
        base=problem.base + problem.costs[others, :, taken].sum(axis=0),
        allowed=allowed,
        changes=problem.changes[chosen],
        clashes=clashes,
        musts=tuple(must for must in problem.musts if must not in taken),
        rows=problem.rows[chosen],
        row_base=problem.row_base + problem.rows[others, :, taken].sum(axis=0),
    )


def improved(
    problem: Problem,
    aim: Aim,
    picks: Picks,
    *,
    seed: int,
    stop: Stop = lambda: False,
    goal: int | None = None,
    patience: int = PATIENCE,
) -> Picks:
    """Picks at least as good, found by choosing a few turns anew until that has long been in vain.

    ``picks`` keep every limit, and so do these. ``patience`` is how many draws in a row are in vain before it ends; it
    ends, too, once nobody bears more than ``goal``.
    """
    chance = _Chance(seed)
    best, found = picks, merit(problem, aim, picks)
    most, idle = min(patience, 2 * comb(problem.turns, min(DRAWN, problem.turns))), 0
    while idle < most and not stop() and (goal is None or problem.worst(best) > goal):
        turns = chance.draw(range(problem.turns), DRAWN)
        chosen = _anew(problem, aim, turns, best, stop)
        new = merit(problem, aim, chosen)
        idle = 0 if new < found else idle + 1
        if new < found:
            best, found = chosen, new
    return best


def _anew(problem: Problem, aim: Aim, turns: Sequence[int], picks: Picks, stop: Stop) -> Picks:
    """The picks with some turns chosen anew, as well as can be."""
    known = [picks[turn] for turn in turns]
    outcome = search_halves(part_of(problem, turns, picks), aim, known=known, stop=stop)
    chosen = list(picks)
    for turn, pick in zip(turns, outcome.picks or known, strict=True):
        chosen[turn] = pick
    return tuple(chosen)
