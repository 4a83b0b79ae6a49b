"""Rotations in two halves: every way to fill some turns, and joins of two such halves, many at a time.

Rule 1: a way is left out only where a limit or the cut that it is given leaves none of its joins.
Rule 2: nothing here judges; whoever asks gets every join and says which are good.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mag_rotation.burden import Bools, Ints
from mag_rotation.propose.problem import Problem, load_type

__all__ = ["EVER", "Cut", "Half", "Stop", "fill", "in_order", "keeping", "picks_of", "worst_of"]

EVER = int(np.iinfo(np.int64).max)

Stop = Callable[[], bool]
"""Asked from time to time whether to stop: the clock of whoever asks."""

MOST_CELLS = 60_000_000
"""How many numbers a half may hold; more are not worked out."""
_PEEK = 6
"""After how many classes a block of joins is left when none of them is low enough."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Cut:
    """One sum over turns, (turns, candidates), each cost 0 or more, and the room that it may take; None is no limit."""

    costs: Ints
    room: int | None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Half:
    """Ways to fill some turns, by rising cut sum.

    ``picks`` are (ways, turns), ``loads`` what the ways put on classes, (classes, ways).
    """

    turns: tuple[int, ...]
    picks: Ints
    loads: Ints
    totals: Ints
    cuts: Ints


def in_order(problem: Problem) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The turns in two halves, equal turns beside each other."""
    twins = problem.twins()
    order = sorted(range(problem.turns), key=lambda turn: (twins[turn], turn))
    middle = (len(order) + 1) // 2
    return tuple(order[:middle]), tuple(order[middle:])


def fill(problem: Problem, turns: Sequence[int], cut: Cut, *, limit: int, stop: Stop) -> Half | None:
    """Every way to fill some turns that may leave everybody at or below ``limit``.

    None when they are too many, or it was stopped. Of ways that differ in the order of equal turns there is one.
    """
    loads_of = np.concatenate([problem.costs, problem.rows], axis=1)
    classes, height = len(problem.base), loads_of.shape[1]
    least = np.where(problem.allowed[:, None, :], loads_of, EVER).min(axis=2, initial=EVER)
    rest = np.concatenate([problem.base, problem.row_base]) + least.sum(axis=0)
    limits = np.concatenate([np.full(classes, limit, dtype=np.int64), problem.row_limits])
    kind = load_type(int(np.abs(problem.base).max(initial=0)) + int(loads_of.max(axis=2).sum(axis=0).max(initial=0)))
    twins = problem.twins()
    picks = np.zeros((1, 0), dtype=np.int16)
    loads = np.zeros((1, height), dtype=kind)
    totals = cuts = np.zeros(1, dtype=np.int64)
    for place, turn in enumerate(turns):
        rest = rest - least[turn]
        choices = np.array(problem.candidates(turn), dtype=np.int64)
        if stop() or len(picks) * len(choices) > MOST_CELLS:
            return None
        grown = cuts[:, None] + cut.costs[turn, choices]
        ways, chosen = np.nonzero(grown <= (EVER if cut.room is None else cut.room))
        chosen = choices[chosen]
        kept = np.ones(len(ways), dtype=np.bool_)
        if place and twins[turns[place - 1]] == twins[turn]:
            kept &= picks[ways, -1] <= chosen
        for earlier in range(place):
            clash = _clash(problem, turns[earlier], turn)
            if clash is not None:
                kept &= ~clash[picks[ways, earlier], chosen]
        ways, chosen = ways[kept], chosen[kept]
        if len(ways) * height > MOST_CELLS:
            return None
        loads = loads[ways] + loads_of[turn].T.astype(kind)[chosen]
        kept = (loads <= np.minimum(limits - rest, np.iinfo(kind).max)).all(axis=1)
        ways, chosen, loads = ways[kept], chosen[kept], loads[kept]
        picks = np.concatenate([picks[ways], chosen[:, None].astype(np.int16)], axis=1)
        totals = totals[ways] + problem.totals[turn, chosen]
        cuts = cuts[ways] + cut.costs[turn, chosen]
    rising = np.argsort(cuts, kind="stable")
    return Half(
        turns=tuple(turns),
        picks=picks[rising],
        loads=np.ascontiguousarray(loads[rising, :classes].T),
        totals=totals[rising],
        cuts=cuts[rising],
    )


def _clash(problem: Problem, one: int, other: int) -> Bools | None:
    """Which candidates of two turns may not stand together, (of the one, of the other)."""
    found = problem.clashes.get((min(one, other), max(one, other)))
    return found if found is None or one < other else found.T


def worst_of(ones: Ints, others: Ints, rank: Sequence[int], *, limit: int = EVER) -> Ints | None:
    """The worst burden of every join of some ways with some others, from loads of (classes, ways).

    The classes are looked at in the order of ``rank``. None where every join is soon seen to be above the limit.
    """
    worst: Ints = np.zeros((ones.shape[1], others.shape[1]), dtype=ones.dtype)
    sums = np.empty_like(worst)
    for place, row in enumerate(rank):
        np.add(ones[row, :, None], others[row, None, :], out=sums)
        np.maximum(worst, sums, out=worst)
        if place % _PEEK == _PEEK - 1 and worst.size and worst.min() > limit:
            return None
    return worst


def picks_of(problem: Problem, first: Half, second: Half, ones: Ints, others: Ints) -> Ints:
    """The picks of some joins, (joins, turns)."""
    picks = np.empty((len(ones), problem.turns), dtype=np.int64)
    picks[:, list(first.turns)] = first.picks[ones]
    picks[:, list(second.turns)] = second.picks[others]
    return picks


def keeping(problem: Problem, picks: Ints) -> Bools:
    """Which of several picks, (rotations, turns), keep every limit but that on burdens."""
    kept: Bools = np.asarray(problem.allowed[np.arange(problem.turns), picks].all(axis=1))
    if len(problem.row_base):
        sums = problem.row_base + problem.rows[np.arange(problem.turns), :, picks].sum(axis=1)
        kept &= (sums <= problem.row_limits).all(axis=1)
    for must in problem.musts:
        kept &= (picks == must).any(axis=1)
    for (one, other), clash in problem.clashes.items():
        kept &= ~clash[picks[:, one], picks[:, other]]
    return kept
