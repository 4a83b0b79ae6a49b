"""Exact search: each way to fill half the turns is joined with each way to fill the rest (Horowitz and Sahni 1974).

A way or a join is left out only if integers prove that it leads to nothing as good as the best known rotation. Every
rotation found keeps every limit, even if the search was stopped; only a search that ended says that it is complete.

The proof is a cut: weights from the linear relaxation turn "no member bears more than the best worst burden known"
into one sum over turns. It leaves each turn only the candidates near the least weighted cost. Both halves are sorted by
that sum, so a join reads only a part of the other half. With very many classes, each join checks only those that are
likely to bear the most; the joins that pass are checked against all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from mag_rotation.burden import Bools, Ints
from mag_rotation.propose.linear import relax, weigh_costs
from mag_rotation.propose.order import Aim, Merit, best_rows, merit
from mag_rotation.propose.presolve import Presolved, narrow
from mag_rotation.propose.problem import EVER, Picks, Problem, Steps, load_type

__all__ = [
    "MOST_BYTES",
    "MOST_JOINS",
    "SCALE",
    "WATCHED",
    "End",
    "ExactSearch",
    "Half",
    "Outcome",
    "SumBound",
    "Watch",
    "choose_watched",
    "enumerate_half",
    "in_order",
    "keeping",
    "picks_of",
    "worst_of",
]

SCALE = 100_000
"""How fine the weights of a cut are."""
_HIGH, _WIDE = 16, 4096
"""The joins that are looked at together: so many ways of the first half with so many of the second."""
MOST_JOINS = 400_000_000_000
"""How many joins are looked at, some minutes' work; a search that would have to look at more ends."""
MOST_BYTES = 80 * 2**20
"""How many bytes the ways of a half may take."""
_STEP_BYTES = 16 * 2**20
"""About how many bytes are worked on in one step."""
WATCHED = 160
"""How many classes, and how many sums with a limit, every join is checked against at once."""
_PEEK = 6
"""How many classes are looked at before joins that are above the limit are left out."""
_NO_LIMIT = EVER // 4
_NO_JOINS = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)


class End(Enum):
    """How a search ended."""

    OPEN = auto()
    """It was stopped."""
    CLOSED = auto()
    """It left nothing out that could be better."""
    MEMORY = auto()
    """One of the halves would not fit into memory."""
    WORK = auto()
    """It had looked at as many joins as it was allowed to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The best picks that were found, None where there are none, and how the search ended."""

    picks: Picks | None
    end: End

    @property
    def closed(self) -> bool:
        """Whether the picks are proven to be the best, or it is proven that there are none."""
        return self.end is End.CLOSED


class ExactSearch:
    """A search for the best picks for an aim; ``outcome`` has what is known at any time.

    ``known`` are picks that keep every limit, the better the faster. ``weights`` are those of the relaxation of the
    problem, with the limit of the aim where the total comes first; they are worked out where they are not given.
    """

    def __init__(
        self,
        problem: Problem,
        aim: Aim,
        *,
        known: Sequence[int] | None = None,
        weights: Ints | None = None,
        most_joins: int = MOST_JOINS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._problem, self._aim, self._weights = problem, aim, weights
        self._most_joins, self._most_bytes = most_joins, most_bytes
        self._known = None if known is None else problem.canonical(tuple(known))
        self._reduced: tuple[Presolved, _Incumbent] | None = None
        self._end = End.OPEN

    @property
    def picks(self) -> Picks | None:
        """The best picks so far."""
        if self._reduced is None:
            return self._known
        less, incumbent = self._reduced
        return None if incumbent.picks is None else less.expand(incumbent.picks)

    @property
    def outcome(self) -> Outcome:
        """The best picks so far, and how the search ended if it has."""
        return Outcome(picks=self.picks, end=self._end)

    def steps(self) -> Steps[None]:
        """Return the search itself."""
        if not self._problem.allowed.any(axis=1).all():
            self._end = End.CLOSED
            return
        less = yield from narrow(self._problem)
        known = None if self._known is None else less.reduce(self._known)
        incumbent = _Incumbent(less.problem, self._aim, known)
        self._reduced = less, incumbent
        self._end = yield from self._look(less.problem, incumbent)

    def _look(self, problem: Problem, incumbent: _Incumbent) -> Steps[End]:
        """Show the incumbent everything that may be as good as the best known."""
        weights = self._weights
        if weights is None and (incumbent.limit < _NO_LIMIT or not self._aim.total_first):
            limit = incumbent.limit if self._aim.total_first else None
            weights = (yield from relax(problem, limit)).integers(SCALE)
        if weights is None:
            weights = np.zeros(len(problem.base), dtype=np.int64)
        proof, watch = _Proof(problem, self._aim, incumbent, weights), choose_watched(problem, weights)
        halves = []
        for turns in in_order(problem):
            cut = SumBound(costs=proof.costs, room=proof.room)
            half = yield from enumerate_half(
                problem, turns, cut, watch=watch, limit=incumbent.limit, most_bytes=self._most_bytes
            )
            if half is None:
                return End.MEMORY
            halves.append(half)
        return (yield from self._join(problem, (halves[0], halves[1]), watch, proof, incumbent))

    def _join(
        self, problem: Problem, halves: tuple[Half, Half], watch: Watch, proof: _Proof, incumbent: _Incumbent
    ) -> Steps[End]:
        """Show the incumbent every join that may be as good as the best known."""
        first, second = halves
        based = first.loads + problem.base[watch.classes].astype(first.loads.dtype)[:, None]
        base, looked = int(problem.sizes @ problem.base), 0
        for low in range(0, len(first.picks), _HIGH):
            if looked > self._most_joins:
                return End.WORK
            rows, room, reach = slice(low, low + _HIGH), proof.room, len(second.cuts)
            if room is not None:
                reach = int(np.searchsorted(second.cuts, room - int(first.cuts[low]), side="right"))
            looked += reach * _HIGH
            for left in range(0, reach, _WIDE):
                yield
                columns = slice(left, min(left + _WIDE, reach))
                good = None
                if incumbent.total < _NO_LIMIT:
                    good = first.totals[rows, None] + second.totals[None, columns] + base <= incumbent.total
                ones, others = _within(based[:, rows], second.loads[:, columns], incumbent.limit, good)
                for begin in range(0, len(ones), incumbent.at_once):
                    yield
                    part = slice(begin, begin + incumbent.at_once)
                    incumbent.offer_all(picks_of(problem, first, second, ones[part] + low, others[part] + left))
        return End.CLOSED


class _Incumbent:
    """The best picks so far, and what is still as good: at most ``limit`` on anybody, at most ``total`` in all.

    ``at_once`` is how many picks should be offered together.
    """

    def __init__(self, problem: Problem, aim: Aim, known: Sequence[int] | None) -> None:
        self._problem, self._aim = problem, aim
        self._alone = len(set(problem.equal_turns())) == problem.turns
        self._merit: Merit | None = None
        self.picks: Picks | None = None
        self.limit = min(limit for limit in (aim.limit, problem.cap, _NO_LIMIT) if limit is not None)
        self.total = _NO_LIMIT
        height = problem.costs.shape[1] + problem.rows.shape[1]
        self.at_once = max(1, _STEP_BYTES // (8 + height * (problem.turns + 2) * problem.costs.itemsize))
        if known is not None:
            self._offer(problem.canonical(tuple(known)))

    def _offer(self, picks: Picks) -> None:
        """Keep these picks when they are better."""
        found = merit(self._problem, self._aim, picks)
        if self._merit is not None and self._merit <= found:
            return
        self._merit, self.picks = found, picks
        if self._aim.total_first:
            self.total = found[0][0]
        else:
            self.limit = min(self.limit, found[0][0])

    def offer_all(self, picks: Ints) -> None:
        """Keep the best of several picks, (rotations, turns), among those that keep every limit."""
        problem, at = self._problem, np.arange(self._problem.turns)
        picks = picks[keeping(problem, picks)]
        burdens = problem.base + problem.costs[at, :, picks].sum(axis=1, dtype=np.int64)
        low = burdens.max(axis=1, initial=0) <= self.limit
        picks, burdens = picks[low], burdens[low]
        if not len(picks):
            return
        best = picks[best_rows(problem, self._aim, burdens)]
        if self._alone:  # no turn has an equal: nothing is shared out again, and the first of the least moved is it
            moved = problem.changes[at, best].sum(axis=1)
            best = best[moved == moved.min()]
            best = best[np.lexsort((*best.T[::-1], np.zeros(len(best))))[:1]]
        alike = {problem.canonical(tuple(row)) for row in best.tolist()}
        self._offer(min(alike, key=lambda found: (problem.count_changes(found), found)))


class _Proof:
    """One sum over turns of costs that are 0 or more, and how much of it the best known leaves."""

    def __init__(self, problem: Problem, aim: Aim, incumbent: _Incumbent, weights: Ints) -> None:
        self._incumbent = incumbent
        self._share = SCALE if aim.total_first else 0
        costs, base = weigh_costs(problem, weights)
        costs = np.where(problem.allowed, costs + self._share * problem.totals, EVER)
        least = costs.min(axis=1)
        self._weight = int(weights.sum())
        self._spent = int(least.sum()) + base + self._share * int(problem.sizes @ problem.base)
        self.costs: Ints = np.where(problem.allowed, costs - least[:, None], EVER // 2)

    @property
    def room(self) -> int | None:
        """The most that the sum may be; None while nothing limits it."""
        incumbent = self._incumbent
        if (self._weight and incumbent.limit >= _NO_LIMIT) or (self._share and incumbent.total >= _NO_LIMIT):
            return None
        return self._weight * incumbent.limit + self._share * incumbent.total - self._spent


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Watch:
    """The classes and the sums with a limit that every join is checked against, by number, the most telling first."""

    classes: Ints
    rows: Ints


def choose_watched(problem: Problem, weights: Ints) -> Watch:
    """Choose the classes and limits that every join is checked against: all of them, unless there are too many.

    Few joins that break a limit should pass. Classes with large weights come first, then those that bear the most at
    some turn.
    """
    classes = np.argsort(-weights, kind="stable")
    if len(classes) > WATCHED:
        telling = classes[weights[classes] > 0]
        heaviest = np.unique(problem.costs.argmax(axis=1))
        order = dict.fromkeys(np.concatenate([telling, heaviest, classes]).tolist())
        classes = np.array(list(order)[:WATCHED], dtype=np.int64)
    rows: Ints = np.arange(len(problem.row_base))
    if len(rows) > WATCHED:
        slack = problem.row_limits - problem.row_base - problem.rows.mean(axis=2, dtype=np.float64).sum(axis=0)
        rows = np.argsort(slack, kind="stable")[:WATCHED]
    return Watch(classes=classes, rows=rows)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SumBound:
    """One sum over turns, (turns, candidates), each cost 0 or more, and the room that it may take; None is no limit."""

    costs: Ints
    room: int | None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Half:
    """Ways to fill some turns, by rising cut sum.

    ``picks`` are (ways, turns), ``loads`` what the ways put on the watched classes, (classes, ways).
    """

    turns: tuple[int, ...]
    picks: Ints
    loads: Ints
    totals: Ints
    cuts: Ints


def in_order(problem: Problem) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the turns in two halves, equal turns beside each other."""
    twins = problem.equal_turns()
    order = sorted(range(problem.turns), key=lambda turn: (twins[turn], turn))
    middle = (len(order) + 1) // 2
    return tuple(order[:middle]), tuple(order[middle:])


def enumerate_half(
    problem: Problem, turns: Sequence[int], cut: SumBound, *, watch: Watch, limit: int, most_bytes: int = MOST_BYTES
) -> Steps[Half | None]:
    """Return every way to fill some turns that may leave every watched class at or below ``limit``.

    None when they would take more than ``most_bytes``. Of ways that differ in the order of equal turns there is one.
    """
    loads_of = [
        np.concatenate([problem.costs[turn][watch.classes], problem.rows[turn][watch.rows]])
        for turn in range(problem.turns)
    ]
    classes, height = len(watch.classes), len(watch.classes) + len(watch.rows)
    least = [
        np.where(allowed, loads.astype(np.int64), EVER).min(axis=1, initial=EVER)
        for loads, allowed in zip(loads_of, problem.allowed, strict=True)
    ]
    rest = np.concatenate([problem.base[watch.classes], problem.row_base[watch.rows]]) + sum(least)
    limits = np.concatenate([np.full(classes, limit, dtype=np.int64), problem.row_limits[watch.rows]])
    most = sum(np.abs(loads).max(axis=1, initial=0).astype(np.int64) for loads in loads_of) + np.zeros(height)
    kind = load_type(int(np.abs(problem.base).max(initial=0)) + int(most.max(initial=0)))
    twins = problem.equal_turns()
    picks = np.zeros((1, 0), dtype=np.int16)
    loads = np.zeros((1, height), dtype=kind)
    totals = cuts = np.zeros(1, dtype=np.int64)
    for place, turn in enumerate(turns):
        rest = rest - least[turn]
        choices = np.array(problem.candidates(turn), dtype=np.int64)
        clashes = [_clash(problem, earlier, turn) for earlier in turns[:place]]
        columns, most_loads = loads_of[turn].T.astype(kind), np.minimum(limits - rest, np.iinfo(kind).max)
        parts: list[tuple[Ints, Ints, Ints, Ints]] = []
        size = 0
        step = max(1, _STEP_BYTES // ((32 + height * kind.itemsize) * max(1, len(choices))))
        for low in range(0, max(1, len(picks)), step):
            yield
            grown = cuts[low : low + step, None] + cut.costs[turn, choices]
            ways, chosen = np.nonzero(grown <= (EVER if cut.room is None else cut.room))
            ways, chosen = ways + low, choices[chosen]
            kept = np.ones(len(ways), dtype=np.bool_)
            if place and twins[turns[place - 1]] == twins[turn]:
                kept &= picks[ways, -1] <= chosen
            for earlier, clash in enumerate(clashes):
                if clash is not None:
                    kept &= ~clash[picks[ways, earlier], chosen]
            ways, chosen = ways[kept], chosen[kept]
            borne = loads[ways] + columns[chosen]
            kept = (borne <= most_loads).all(axis=1)
            ways, chosen = ways[kept], chosen[kept]
            longer = np.concatenate([picks[ways], chosen[:, None].astype(np.int16)], axis=1)
            more = totals[ways] + problem.totals[turn, chosen], cuts[ways] + cut.costs[turn, chosen]
            parts.append((longer, borne[kept], *more))
            size += sum(part.nbytes for part in parts[-1])
            if size > most_bytes:
                return None
        picks, loads, totals, cuts = (np.concatenate(column) for column in zip(*parts, strict=True))
    yield
    rising = np.argsort(cuts, kind="stable")
    return Half(
        turns=tuple(turns),
        picks=picks[rising],
        loads=np.ascontiguousarray(loads[rising, :classes].T),
        totals=totals[rising],
        cuts=cuts[rising],
    )


def _clash(problem: Problem, one: int, other: int) -> Bools | None:
    """Return which candidates of two turns may not stand together, (of the one, of the other)."""
    found = problem.clashes.get((min(one, other), max(one, other)))
    return found if found is None or one < other else found.T


def _within(ones: Ints, others: Ints, limit: int, good: Bools | None) -> tuple[Ints, Ints]:
    """Return the pairs of ways in which no class bears more than ``limit``; loads are (classes, ways).

    ``good`` says which joins are looked at, None is all.
    """
    if limit < _NO_LIMIT:
        low = worst_of(ones[:_PEEK], others[:_PEEK]) <= limit
        good = low if good is None else good & low
    if good is None:
        good = np.ones((ones.shape[1], others.shape[1]), dtype=np.bool_)
    if not good.any():
        return _NO_JOINS
    first, second = np.nonzero(good)
    for begin in range(_PEEK, len(ones), _PEEK) if limit < _NO_LIMIT else ():
        part = slice(begin, begin + _PEEK)
        kept = (ones[part, first] + others[part, second]).max(axis=0) <= limit
        first, second = first[kept], second[kept]
    return first, second


def worst_of(ones: Ints, others: Ints) -> Ints:
    """Return the worst burden of every join of some ways with some others, from loads of (classes, ways)."""
    worst: Ints = np.zeros((ones.shape[1], others.shape[1]), dtype=ones.dtype)
    sums = np.empty_like(worst)
    for one, other in zip(ones, others, strict=True):
        np.add(one[:, None], other[None, :], out=sums)
        np.maximum(worst, sums, out=worst)
    return worst


def picks_of(problem: Problem, first: Half, second: Half, ones: Ints, others: Ints) -> Ints:
    """Return the picks of some joins, (joins, turns)."""
    picks = np.empty((len(ones), problem.turns), dtype=np.int64)
    picks[:, list(first.turns)] = first.picks[ones]
    picks[:, list(second.turns)] = second.picks[others]
    return picks


def keeping(problem: Problem, picks: Ints) -> Bools:
    """Return which of several picks, (rotations, turns), keep every limit but that on burdens."""
    at = np.arange(problem.turns)
    kept: Bools = np.asarray(problem.allowed[at, picks].all(axis=1))
    if len(problem.row_base):
        sums = problem.row_base + problem.rows[at, :, picks].sum(axis=1, dtype=np.int64)
        kept &= (sums <= problem.row_limits).all(axis=1)
    for must in problem.musts:
        kept &= (picks == must).any(axis=1)
    for (one, other), clash in problem.clashes.items():
        kept &= ~clash[picks[:, one], picks[:, other]]
    return kept
