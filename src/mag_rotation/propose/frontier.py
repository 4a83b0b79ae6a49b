"""The frontier: every worst burden with the least total that goes with it.

Rule 1: a point is on the frontier when nothing has both a worst and a total as small and one of them smaller.
Rule 2: a frontier that was swept is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mag_rotation.burden import Ints
from mag_rotation.propose.joins import EVER, Cut, Half, Stop, fill, in_order, keeping, picks_of, worst_of
from mag_rotation.propose.narrow import narrowed
from mag_rotation.propose.problem import Picks, Problem

__all__ = ["Point", "knee", "sweep", "thinned"]

_MOST_JOINS = 400_000_000
"""More rotations than this are not swept."""
_HIGH, _WIDE = 16, 4096
_MOST_STEPS = 4_000_000
"""The most different worst burdens that are looked up one by one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A worst burden, the least total that was found with it, in units, and picks that have both."""

    worst: int
    total: int
    picks: Picks


def thinned(points: Iterable[Point]) -> tuple[Point, ...]:
    """The points that none of the others is better than, by rising worst."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda point: (point.worst, point.total, point.picks)):
        if not kept or point.total < kept[-1].total:
            kept.append(point)
    return tuple(kept)


def knee(points: Sequence[Point]) -> Point | None:
    """The point farthest below the straight line between the two ends: beyond it, sparing the worst-off costs more.

    None with fewer than three points, and where none lies below the line. Both axes count from end to end. Source: the
    distance of Satopaa, Albrecht, Irwin and Raghavan, "Finding a Kneedle in a Haystack", 2011.
    """
    if len(points) < 3:
        return None
    first, last = points[0], points[-1]
    wide, high = last.worst - first.worst, first.total - last.total

    def depth(point: Point) -> int:
        return (last.worst - point.worst) * high - (point.total - last.total) * wide

    deepest = max(points[1:-1], key=depth)
    return deepest if depth(deepest) > 0 else None


def sweep(problem: Problem, *, stop: Stop = lambda: False) -> tuple[Point, ...] | None:
    """The whole frontier, from a look at every rotation; None where they are too many, or it was stopped."""
    less = narrowed(problem)
    problem = less.problem
    joins = 1
    for turn in range(problem.turns):
        joins *= max(1, len(problem.candidates(turn)))
    if joins > _MOST_JOINS:
        return None
    limit = EVER if problem.cap is None else problem.cap
    cut = Cut(costs=np.zeros(problem.allowed.shape, dtype=np.int64), room=None)
    halves = [fill(problem, turns, cut, limit=limit, stop=stop) for turns in in_order(problem)]
    first, second = halves
    if first is None or second is None:
        return None
    front = _Front(problem, first, second, limit)
    for low in range(0, len(first.picks), _HIGH):
        if stop():
            return None
        for left in range(0, len(second.picks), _WIDE):
            front.look(slice(low, low + _HIGH), slice(left, left + _WIDE))
    return tuple(replace(point, picks=less.outwards(point.picks)) for point in front.points)


class _Front:
    """The frontier of the joins that were looked at so far."""

    def __init__(self, problem: Problem, first: Half, second: Half, limit: int) -> None:
        self._problem, self._first, self._second, self._limit = problem, first, second, limit
        self._loads = first.loads + problem.base.astype(first.loads.dtype)[:, None]
        self._totals = first.totals + int(problem.sizes @ problem.base)
        most = sum(int(half.loads.max(initial=0)) for half in (first, second)) + int(problem.base.max(initial=0))
        self._step = most // _MOST_STEPS + 1
        self._bars = np.full(most // self._step + 1, EVER, dtype=np.int64)
        self.points: tuple[Point, ...] = ()

    def look(self, rows: slice, columns: slice) -> None:
        """Take up a block of joins."""
        others = self._second.loads[:, columns]
        worst = worst_of(self._loads[:, rows], others, range(len(others)))
        if worst is None or not worst.size:
            return
        totals = self._totals[rows, None] + self._second.totals[None, columns]
        good = totals < self._bars.take(worst // self._step if self._step > 1 else worst)
        if self._limit < EVER:
            good &= worst <= self._limit
        ones, seconds = np.nonzero(good)
        if len(ones):
            self._take(worst[good], totals[good], ones + rows.start, seconds + columns.start)

    def _take(self, worst: Ints, totals: Ints, ones: Ints, others: Ints) -> None:
        """Keep those of some joins that keep every limit and are on the frontier so far."""
        picks = picks_of(self._problem, self._first, self._second, ones, others)
        kept = keeping(self._problem, picks)
        picks, worst, totals = picks[kept], worst[kept], totals[kept]
        order = np.lexsort((totals, worst))
        least = np.minimum.accumulate(totals[order])
        falls = order[np.flatnonzero(np.diff(least, prepend=EVER))]
        found = (
            Point(worst=int(worst[row]), total=int(totals[row]), picks=tuple(picks[row].tolist())) for row in falls
        )
        self.points = thinned([*self.points, *found])
        self._bars[:] = EVER
        for point in self.points:
            # a step holds several worsts: the bar of a point counts from the first step that lies wholly above it
            self._bars[-(-point.worst // self._step) :] = point.total
