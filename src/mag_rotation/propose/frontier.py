"""The frontier: every worst burden with the least total that goes with it.

A point is on the frontier when nothing has both a worst and a total as small and one of them smaller. Few rotations are
all looked at; of many, the least total is sought under one limit on the worst after the other, each in the middle of
the widest stretch that is not yet known. So a frontier that is not whole has its points spread over the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from mag_rotation.burden import Bools, Ints
from mag_rotation.propose.linear import relax
from mag_rotation.propose.meet_in_the_middle import (
    MOST_BYTES,
    MOST_JOINS,
    SCALE,
    WATCHED,
    ExactSearch,
    Half,
    SumBound,
    Watch,
    choose_watched,
    enumerate_half,
    in_order,
    keeping,
    picks_of,
    worst_of,
)
from mag_rotation.propose.order import Aim
from mag_rotation.propose.presolve import narrow
from mag_rotation.propose.problem import EVER, Picks, Problem, Steps, Stop, cheapest_picks, run
from mag_rotation.propose.search import DRAWN, LocalSearch

__all__ = ["FrontierSearch", "Point", "knee", "point_of", "sweep", "thin_frontier"]

_MOST_WORK = 10_000_000_000
"""How many burdens are looked at to sweep a frontier: those of the watched classes under every rotation."""
_STEP_BYTES = 16 * 2**20
"""About how many bytes are worked on in one step."""
_HIGH, _WIDE = 16, 4096
_MOST_STEPS = 4_000_000
"""The most different worst burdens that are looked up one by one."""
_FEW, _HOLE = 10, 10
"""A frontier that is not whole has a knee only with so many points, and none beside it with a part of either axis as
large as one of so many between them."""
_NARROW = 20
"""A stretch of the frontier smaller than a part of so many is worked off from its end."""
_JOINS = 200_000_000
"""How many joins each exact search may look at in the first round."""
_SOON = 40_000_000
"""The joins, and the bytes, of an exact search before the local one: often that is enough."""
_VAIN = 3
"""After so many of these in vain, one after the other, there are no more in a round."""
_PATIENCE = 12
"""The patience of the local search under one limit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A worst burden, the least total that was found with it, in units, and picks that have both."""

    worst: int
    total: int
    picks: Picks


def point_of(problem: Problem, picks: Picks) -> Point:
    """Return the point of some picks."""
    burdens = problem.burdens(picks)
    return Point(worst=int(burdens.max(initial=0)), total=int(burdens @ problem.sizes), picks=picks)


def thin_frontier(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the points that no other point dominates, by rising worst."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda point: (point.worst, point.total, point.picks)):
        if not kept or point.total < kept[-1].total:
            kept.append(point)
    return tuple(kept)


def knee(points: Sequence[Point], *, whole: bool) -> Point | None:
    """Return the point farthest below the line between the two ends; beyond it, sparing the worst-off costs more.

    None with fewer than three points, and if none lies below the line. If the frontier is not ``whole``, None on
    one so thin that the knee may lie elsewhere: with fewer than ten points, or farther than a tenth of either axis from
    one of its neighbours. Both axes count from end to end. Source: the distance of Satopaa, Albrecht, Irwin and
    Raghavan, "Finding a Kneedle in a Haystack", 2011.
    """
    if len(points) < (3 if whole else _FEW):
        return None
    first, last = points[0], points[-1]
    wide, high = last.worst - first.worst, first.total - last.total

    def depth(place: int) -> int:
        return (last.worst - points[place].worst) * high - (points[place].total - last.total) * wide

    deepest = max(range(1, len(points) - 1), key=depth)
    before, here, after = points[deepest - 1 : deepest + 2]
    across, down = max(here.worst - before.worst, after.worst - here.worst), before.total - here.total
    down = max(down, here.total - after.total)
    is_thin = not whole and (across * _HOLE > wide or down * _HOLE > high)
    return here if depth(deepest) > 0 and not is_thin else None


def sweep(problem: Problem, *, stop: Stop = lambda: False) -> tuple[Point, ...] | None:
    """Return the whole frontier, from a look at every rotation; None if they are too many, or it was stopped."""
    return run(sweep_steps(problem), stop)


def sweep_steps(problem: Problem) -> Steps[tuple[Point, ...] | None]:
    """Return the whole frontier, from a look at every rotation; None if they are too many."""
    less = yield from narrow(problem)
    problem = less.problem
    if sweep_work(problem) > _MOST_WORK:
        return None
    watch = choose_watched(problem, np.zeros(len(problem.base), dtype=np.int64))
    limit = EVER if problem.cap is None else problem.cap
    cut = SumBound(costs=np.zeros(problem.allowed.shape, dtype=np.int64), room=None)
    halves = []
    for turns in in_order(problem):
        half = yield from enumerate_half(problem, turns, cut, watch=watch, limit=limit)
        if half is None:
            return None
        halves.append(half)
    front = _Front(problem, halves[0], halves[1], watch, limit)
    for low in range(0, len(halves[0].picks), _HIGH):
        for left in range(0, len(halves[1].picks), _WIDE):
            yield
            yield from front.look(slice(low, low + _HIGH), slice(left, left + _WIDE))
    return tuple(replace(point, picks=less.expand(point.picks)) for point in front.points)


def sweep_work(problem: Problem) -> int:
    """Return the number of burdens that a sweep of the frontier computes."""
    rotations = prod(max(1, len(problem.candidates(turn))) for turn in range(problem.turns))
    return rotations * max(1, min(len(problem.base), WATCHED))


class _Front:
    """The frontier of the joins that were looked at so far."""

    def __init__(self, problem: Problem, first: Half, second: Half, watch: Watch, limit: int) -> None:
        self._problem, self._first, self._second, self._limit = problem, first, second, limit
        self._loads = first.loads + problem.base[watch.classes].astype(first.loads.dtype)[:, None]
        self._totals = first.totals + int(problem.sizes @ problem.base)
        costs = zip(problem.costs, problem.allowed, strict=True)
        most = int(problem.base.max(initial=0)) + sum(int(cost[:, open_to].max(initial=0)) for cost, open_to in costs)
        self._step = most // _MOST_STEPS + 1
        self._bars = np.full(most // self._step + 1, EVER, dtype=np.int64)
        self._at_once = max(1, _STEP_BYTES // (8 + len(problem.base) * (problem.turns + 2) * problem.costs.itemsize))
        self.points: tuple[Point, ...] = ()

    def look(self, rows: slice, columns: slice) -> Steps[None]:
        """Take up a block of joins."""
        worst = worst_of(self._loads[:, rows], self._second.loads[:, columns])
        if not worst.size:
            return
        totals = self._totals[rows, None] + self._second.totals[None, columns]
        # classes that are not watched may bear more: what passes here is looked at again
        passing = np.flatnonzero((worst <= self._limit) & self._is_good(worst, totals))
        worst, totals = worst.reshape(-1), totals.reshape(-1)
        while len(passing):
            some, passing = passing[: self._at_once], passing[self._at_once :]
            ones, others = np.divmod(some, len(self._second.totals[columns]))
            picks = picks_of(self._problem, self._first, self._second, ones + rows.start, others + columns.start)
            self._take(picks[keeping(self._problem, picks)])
            passing = passing[self._is_good(worst[passing], totals[passing])]
            yield

    def _is_good(self, worst: Ints, totals: Ints) -> Bools:
        """Return which of some joins no point so far is better than, or as good."""
        good: Bools = totals < self._bars.take(worst // self._step if self._step > 1 else worst)
        return good

    def _take(self, picks: Ints) -> None:
        """Keep those of some picks that are on the frontier so far."""
        problem = self._problem
        burdens = problem.base + problem.costs[np.arange(problem.turns), :, picks].sum(axis=1, dtype=np.int64)
        worst, totals = burdens.max(axis=1, initial=0), burdens @ problem.sizes
        good = (worst <= self._limit) & self._is_good(worst, totals)
        picks, worst, totals = picks[good], worst[good], totals[good]
        order = np.lexsort((totals, worst))
        least = np.minimum.accumulate(totals[order])
        falls = order[np.flatnonzero(np.diff(least, prepend=EVER))]
        found = (
            Point(worst=int(worst[row]), total=int(totals[row]), picks=tuple(picks[row].tolist())) for row in falls
        )
        self.points = thin_frontier([*self.points, *found])
        self._bars[:] = EVER
        for point in self.points:
            # a step holds several worsts: the bar of a point counts from the first step that lies wholly above it
            self._bars[-(-point.worst // self._step) :] = point.total


class FrontierSearch:
    """The frontier of a problem that has too many rotations to look at them all.

    ``fairest`` are picks that keep every limit, of the least worst where ``is_least``. ``points`` are those found so
    far, by rising worst. ``whole`` says that there are no others.
    """

    def __init__(self, problem: Problem, fairest: Picks, *, is_least: bool, seed: int) -> None:
        self._problem, self._seed, self._is_least = problem, seed, is_least
        self.points: tuple[Point, ...] = (point_of(problem, fairest),)
        self._known: list[tuple[int, int]] = []
        """Stretches of limits on the worst, both ends included, that have no other points than those found."""
        self._in_vain = 0
        self._cheapest: int | None = None
        """The limit from which on the least total is known."""

    @property
    def whole(self) -> bool:
        """Whether every point of the frontier was found."""
        return self._is_least and self._cheapest is not None and not self._unknown(set())

    def offer(self, picks: Picks) -> None:
        """Take up picks that were found elsewhere and keep every limit."""
        self.points = thin_frontier([*self.points, point_of(self._problem, picks)])

    def offer_fairest(self, picks: Picks, *, is_least: bool) -> None:
        """Take up picks of a lower worst, or that theirs is the least."""
        self._is_least = is_least
        self.offer(picks)

    def steps(self, limits: int, *, number: int) -> Steps[None]:
        """Look for the least total under so many limits on the worst, with more patience in every round."""
        tried: set[int] = set()
        self._in_vain = 0
        if self._cheapest is None:
            yield from self._look(self._problem.cap, number)
        fairest = self.points[0].worst
        if not any(low <= fairest <= up for low, up in self._known):
            tried.add(fairest)
            yield from self._look(fairest, number)
        for _ in range(limits):
            limit = self._next_limit(tried)
            if limit is None:
                return
            tried.add(limit)
            yield from self._look(limit, number)

    def _next_limit(self, tried: set[int]) -> int | None:
        """Return the limit to look at next: where least is known of the frontier; None if all is."""
        unknown = self._unknown(tried)
        if not unknown:
            return None
        wide = max(1, self.points[-1].worst - self.points[0].worst)
        high = max(1, self.points[0].total - self.points[-1].total)

        def size(stretch: tuple[int, int]) -> int:
            low, up = stretch
            before = max((point for point in self.points if point.worst < low), key=_worst, default=self.points[0])
            after = min((point for point in self.points if point.worst > up), key=_worst, default=self.points[-1])
            return max((up - low + 1) * high, (before.total - after.total) * wide)

        low, up = max(unknown, key=lambda stretch: (size(stretch), -stretch[0]))
        return up if size((low, up)) * _NARROW <= wide * high else (low + up) // 2

    def _unknown(self, tried: set[int]) -> list[tuple[int, int]]:
        """Return the stretches of limits between the ends that are not known and hold none that was tried."""
        low, up = self.points[0].worst, self.points[-1].worst
        found = []
        for begin, end in sorted([*self._known, *((limit, limit) for limit in tried), (up, up)]):
            if begin > low:
                found.append((low, min(begin - 1, up)))
            low = max(low, end + 1)
        return [(begin, end) for begin, end in found if begin <= end]

    def _look(self, limit: int | None, number: int) -> Steps[None]:
        """Find the least total with everybody at or below a limit, as far as can be."""
        problem, aim = self._problem, Aim(limit=limit, total_first=True)
        starts = [min((p for p in self.points if limit is None or p.worst <= limit), key=lambda p: p.total).picks]
        starts.append(cheapest_picks(problem))
        weights = None
        if limit is not None:
            relaxation = yield from relax(problem, limit)
            starts.append(relaxation.picks)
            weights = relaxation.integers(SCALE)
        kept = (p for p in starts if problem.keeps(p) and (limit is None or problem.worst(p) <= limit))
        start = min(kept, key=lambda picks: point_of(problem, picks).total)
        search = ExactSearch(problem, aim, known=start, weights=weights, most_joins=_SOON, most_bytes=_SOON)
        if self._in_vain < _VAIN:
            yield from search.steps()
        self._in_vain = 0 if search.outcome.closed else self._in_vain + 1
        if not search.outcome.closed:
            start = search.picks or start
            if problem.turns > DRAWN:
                local = LocalSearch(problem, aim, start, seed=self._seed + number)
                yield from local.steps(_PATIENCE * 2**number)
                start = local.picks
            joins, size = min(_JOINS * 4**number, MOST_JOINS), MOST_BYTES if number else _SOON
            search = ExactSearch(problem, aim, known=start, weights=weights, most_joins=joins, most_bytes=size)
            yield from search.steps()
        picks = search.picks or start
        self.offer(picks)
        if search.outcome.closed:
            worst = problem.worst(picks)
            if limit == problem.cap:
                self._cheapest = worst
            else:
                self._known.append((worst, EVER if limit is None else limit))


def _worst(point: Point) -> int:
    return point.worst
