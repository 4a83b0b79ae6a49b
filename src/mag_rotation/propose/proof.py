"""The judge's own search: picks that keep some limits, or the proof that there are none.

It is a depth-first branch and bound that shares nothing with the searches that propose. Every question is put as sums
over turns with a limit each: what a class bears, what all bear together, calls in the night. Weights make one sum of
them all; a beginning of a rotation is dropped where that sum, or any single one, has no room for the least that is
still to come. The weights are guessed in floating point, by multiplicative updates (Freund and Schapire 1999), and used
as integers: whatever they are, nothing is dropped without reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mag_rotation.burden import Bools, Ints
from mag_rotation.propose.problem import Picks, Problem

__all__ = ["Goal", "SearchResult", "Standing", "find_within"]

Floats = NDArray[np.float64]
Stop = Callable[[], bool]

_CELLS = 4_000_000
"""How many numbers the beginnings that wait for their turn may have, shared out among the turns."""
_MOST_COSTS = 30_000_000
"""Problems of more numbers are not searched: a few copies of them have to be held."""
_LARGEST = 2**61
"""Sums that may be larger are not searched: they would leave 64 bits."""
_WEIGHT = 2**58
"""About what all sums together may come to when they are weighted."""
_ROUNDS, _WORK = 300, 10**9
"""How often the weights are improved, and how many numbers that may touch."""
_EVER = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchResult:
    """Picks that were looked for, or None; without picks ``finished`` says that there are none."""

    picks: Picks | None
    finished: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """The most that one member may bear, and the most in total, in units; None is no limit."""

    worst: int | None = None
    total: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a rotation comes to, as the order compares it: less is better.

    ``values`` are the total (where ``total_first``) or the worst, the worst of each group from the worst down, the
    burdens of all members from the worst down, and the calls moved; burdens are in units.
    """

    values: tuple[int, ...]
    total_first: bool


def find_within(
    problem: Problem,
    goal: Goal,
    *,
    better_than: Standing | None = None,
    weights: Ints | None = None,
    stop: Stop = lambda: False,
) -> SearchResult:
    """Return picks that keep every limit of the problem and of the goal, and are better than a given standing.

    ``weights`` of the classes, such as a certificate has, are where the weights of the search begin.
    """
    is_below_0 = any(limit is not None and limit < 0 for limit in (goal.worst, goal.total))
    if is_below_0 or not problem.allowed.any(axis=1).all():
        return SearchResult(picks=None, finished=True)
    sums = _sums_of(problem, goal, better_than) if problem.costs.size <= _MOST_COSTS else None
    if sums is None:
        return SearchResult(picks=None, finished=False)
    return _Tree(problem, sums, better_than, weights, stop).search()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Sums:
    """Sums over turns with a limit each: ``costs`` are (turns, sums, candidates), ``room`` is for each sum.

    The burdens of classes come first; ``total`` and ``moved`` are the places of two others, where they are needed.
    """

    costs: Ints
    room: Ints
    total: int | None
    moved: int | None


def _sums_of(problem: Problem, goal: Goal, standing: Standing | None) -> _Sums | None:
    """Return the sums of a question; None if they may be too large."""
    most = np.abs(problem.costs).max(axis=2, initial=0).sum(axis=0).tolist()
    everybody = sum(size * part for size, part in zip(problem.sizes.tolist(), most, strict=True))
    if max(everybody, *most, *problem.base.tolist(), 0) > _LARGEST:
        return None
    worst = min(limit for limit in (goal.worst, problem.cap, _LARGEST) if limit is not None)
    costs, room = [problem.costs, problem.rows], [worst - problem.base, problem.row_limits - problem.row_base]
    total = moved = None
    if goal.total is not None:
        total = sum(part.shape[1] for part in costs)
        costs.append(problem.totals[:, None])
        room.append(np.array([max(-_LARGEST, min(_LARGEST, goal.total - _total_of_base(problem)))]))
    if standing is not None:
        moved = sum(part.shape[1] for part in costs)
        costs.append(problem.changes[:, None])
        room.append(np.array([_LARGEST]))
    return _Sums(costs=np.concatenate(costs, axis=1), room=np.concatenate(room), total=total, moved=moved)


def _total_of_base(problem: Problem) -> int:
    """Return what all members bear in any case: it may leave 64 bits, as no burden does."""
    return sum(size * base for size, base in zip(problem.sizes.tolist(), problem.base.tolist(), strict=True))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Block:
    """Beginnings of rotations: the picks of the first turns, what they come to (beginnings, sums), and weighted."""

    picks: Ints
    loads: Ints
    weighted: Ints

    def part(self, rows: slice | Ints) -> _Block:
        """Return some of the beginnings."""
        return _Block(picks=self.picks[rows], loads=self.loads[rows], weighted=self.weighted[rows])


class _Tree:
    """All beginnings of rotations, turn by turn; equal turns stand beside each other."""

    def __init__(
        self, problem: Problem, sums: _Sums, standing: Standing | None, weights: Ints | None, stop: Stop
    ) -> None:
        self._problem, self._sums, self._standing, self._stop = problem, sums, standing, stop
        equal = _equal_turns(problem, sums)
        self._order = sorted(range(problem.turns), key=lambda turn: (equal[turn], turn))
        self._equal = [equal[turn] for turn in self._order]
        self._costs, allowed = sums.costs[self._order], problem.allowed[self._order]
        factors = _factors(self._costs, allowed, sums.room, weights, stop)
        self._weighted = np.einsum("s,tsc->tc", factors, self._costs)
        room = sum(factor * room for factor, room in zip(factors.tolist(), sums.room.tolist(), strict=True))
        self._room = max(-2 * _LARGEST, min(2 * _LARGEST, room))
        # the candidates of each turn, the least weighted cost first
        self._choices = [
            np.flatnonzero(open_to)[np.argsort(cost[open_to], kind="stable")]
            for open_to, cost in zip(allowed, self._weighted, strict=True)
        ]
        self._rest = _still_to_come(np.where(allowed[:, None], self._costs, _EVER).min(axis=2))
        self._weighted_rest = _still_to_come(np.where(allowed, self._weighted, _EVER).min(axis=1))
        width = self._costs.shape[1] + (0 if standing is None else len(standing.values))
        self._step = max(1, _CELLS // max(1, problem.turns * width * problem.allowed.shape[1]))

    def search(self) -> SearchResult:
        """Look at every beginning that may end as it should, the most promising first."""
        sums, turns = self._costs.shape[1], len(self._order)
        empty = np.zeros((1, 0), dtype=np.int16)
        root = _Block(picks=empty, loads=np.zeros((1, sums), dtype=np.int64), weighted=np.zeros(1, dtype=np.int64))
        waiting = [self._keep(root)]
        while waiting:
            if self._stop():
                return SearchResult(picks=None, finished=False)
            block = waiting.pop()
            if len(block.picks) and block.picks.shape[1] == turns:
                return SearchResult(picks=self._in_their_order(block.picks[0]), finished=True)
            if len(block.picks) > self._step:
                waiting.append(block.part(slice(self._step, None)))
            if len(block.picks):
                waiting.append(self._grow(block.part(slice(0, self._step))))
        return SearchResult(picks=None, finished=True)

    def _in_their_order(self, picks: Ints) -> Picks:
        found = dict(zip(self._order, picks.tolist(), strict=True))
        return tuple(found[turn] for turn in sorted(found))

    def _grow(self, block: _Block) -> _Block:
        """Return the beginnings that are a turn longer and may end as they should."""
        place = block.picks.shape[1]
        choices = self._choices[place]
        weighted = block.weighted[:, None] + self._weighted[place][choices]
        good = weighted <= self._room - int(self._weighted_rest[place + 1])
        if place and self._equal[place] == self._equal[place - 1]:
            good &= block.picks[:, -1:] <= choices
        for earlier in range(place):
            clash = self._clash(earlier, place)
            if clash is not None:
                good &= ~clash[block.picks[:, earlier]][:, choices]
        rows, taken = np.nonzero(good)
        grown = _Block(
            picks=np.concatenate([block.picks[rows], choices[taken][:, None].astype(np.int16)], axis=1),
            loads=block.loads[rows] + self._costs[place].T[choices[taken]],
            weighted=weighted[rows, taken],
        )
        kept = self._keep(grown)
        return kept.part(np.argsort(kept.weighted, kind="stable"))

    def _clash(self, earlier: int, place: int) -> Bools | None:
        """Return which candidates of two places may not stand together, (of the earlier, of the other)."""
        one, other = self._order[earlier], self._order[place]
        clash = self._problem.clashes.get((min(one, other), max(one, other)))
        return clash if clash is None or one < other else clash.T

    def _keep(self, block: _Block) -> _Block:
        """Return the beginnings whose sums have room for the least that is still to come."""
        place = block.picks.shape[1]
        kept = block.part(np.flatnonzero((block.loads + self._rest[place] <= self._sums.room).all(axis=1)))
        missing = np.zeros(len(kept.picks), dtype=np.int64)
        for must in set(self._problem.musts):
            missing += ~(kept.picks == must).any(axis=1)
        kept = kept.part(np.flatnonzero(missing <= len(self._order) - place))
        if self._standing is None or not len(kept.picks):
            return kept
        return kept.part(self._better(kept.loads + self._rest[place], self._standing))

    def _better(self, least: Ints, standing: Standing) -> Ints:
        """Return which beginnings may still be better than a standing, from the least that their sums will come to."""
        problem, sums = self._problem, self._sums
        burdens = least[:, : len(problem.base)] + problem.base
        first, mine = burdens.max(axis=1, initial=0), standing.values
        if standing.total_first and sums.total is not None:
            first = least[:, sums.total]
            mine = (max(-_LARGEST, min(_LARGEST, mine[0] - _total_of_base(problem))), *mine[1:])
        groups = [burdens[:, group].max(axis=1, initial=0) for group in problem.groups]
        parts = [
            first[:, None],
            -np.sort(-np.array(groups, dtype=np.int64).reshape(len(groups), len(least)).T, axis=1),
            -np.sort(-np.repeat(burdens, problem.sizes, axis=1), axis=1),
            least[:, sums.moved, None],
        ]
        values = np.concatenate(parts, axis=1) - np.array(mine, dtype=np.int64)
        rows = np.arange(len(values))
        return np.flatnonzero(values[rows, (values != 0).argmax(axis=1)] < 0)


def _equal_turns(problem: Problem, sums: _Sums) -> list[int]:
    """Return for each turn the first equal one; if the order of turns matters, each is only equal to itself."""
    if problem.clashes:
        return list(range(problem.turns))
    first: dict[tuple[bytes, bytes], int] = {}
    keys = ((costs.tobytes(), allowed.tobytes()) for costs, allowed in zip(sums.costs, problem.allowed, strict=True))
    return [first.setdefault(key, turn) for turn, key in enumerate(keys)]


def _still_to_come(least: Ints) -> Ints:
    """Return the sum of the last turns, from each turn on; 0 after the last."""
    zero = np.zeros((1, *least.shape[1:]), dtype=np.int64)
    return np.concatenate([np.cumsum(least[::-1], axis=0)[::-1], zero])


def _factors(costs: Ints, allowed: Bools, room: Ints, begin: Ints | None, stop: Stop) -> Ints:
    """Return weights of 0 or more for the sums, such that the weighted sum of any rotation exceeds the weighted room.

    The best answer to the weights is a candidate for each turn; the sums that it exceeds most gain weight, again and
    again, and the weights that proved the most are kept.
    """
    turns, sums, _ = costs.shape
    most = np.abs(costs).max(axis=2, initial=0).sum(axis=0)
    scale = np.maximum(most, 1).astype(np.float64)
    binding = np.flatnonzero(most > room)
    factors = np.zeros(sums, dtype=np.int64)
    if not len(binding):
        return factors
    parts = costs[:, binding] / scale[binding, None]
    target = np.clip(room[binding] / scale[binding], -1, 1)
    closed = np.where(allowed, 0.0, np.inf)
    known = np.zeros(sums) if begin is None else np.concatenate([begin, np.zeros(sums - len(begin))])
    # half of the weight begins where a certificate has it, and half everywhere
    weights = _shares(_shares(known[binding] * scale[binding]) + _shares(np.ones(len(binding))))
    best, best_weights = -np.inf, weights
    for number in range(max(1, min(_ROUNDS, _WORK // max(1, costs.size)))):
        answer = (np.einsum("s,tsc->tc", weights, parts) + closed).argmin(axis=1)
        excess = parts[np.arange(turns), :, answer].sum(axis=0) - target
        value = float(weights @ excess)
        if value > best:
            best, best_weights = value, weights
        if stop():
            break
        step = 2 / np.sqrt(number + 1) / max(1e-12, float(np.abs(excess).max()))
        weights = _shares(weights * np.exp(step * excess))
    factors[binding] = np.rint(best_weights * (_WEIGHT / scale[binding])).astype(np.int64)
    return factors


def _shares(weights: Floats) -> Floats:
    """Return the weights, 1 or 0 in total."""
    total = weights.sum()
    shares: Floats = weights / total if total > 0 else np.zeros(len(weights))
    return shares
