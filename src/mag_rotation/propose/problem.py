"""The problem as numbers: turns that each take one candidate, and what that puts on classes of members.

Nothing here knows of dates, zones or people. Everything is an integer and exact. Members whom no candidate can tell
apart are one class, of a size. Burdens are in units, the largest number of point-minutes that divides them all. Costs
may be integers of 16 bits, because there can be very many of them; what is summed from them has 64 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from math import gcd
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from mag_rotation.burden import Bools, Ints

__all__ = ["EVER", "Collapsed", "Picks", "Problem", "Steps", "Stop", "cheapest_picks", "collapse", "load_type", "run"]

T = TypeVar("T")

EVER = int(np.iinfo(np.int64).max)
"""More than any number here."""

Steps = Generator[None, None, T]
"""Work in steps of a tenth of a second at the most; after the last one it returns what it comes to."""

Stop = Callable[[], bool]
"""Asked between steps whether to stop; the caller supplies the clock."""


Picks = tuple[int, ...]
"""The candidate of each turn, by number."""

Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Problem:
    """Turns, candidates and classes.

    ``costs`` has what a candidate at a turn puts on a class, (turns, classes, candidates), in units; ``base`` what
    every class bears in any case; ``sizes`` how many members a class has. ``allowed`` says which candidates a turn may
    take, ``clashes`` which two may not stand together at two turns, the smaller turn first. ``rows`` are other sums
    with a limit each, (turns, rows, candidates); ``cap`` is the most that anybody may bear. Each of ``musts`` is a
    candidate that some turn has to take. ``changes`` counts the calls that a candidate would move. ``groups`` says
    which classes have a member in a group, (groups, classes): the second criterion, where there is one. ``totals`` is
    what a candidate at a turn puts on all members together, (turns, candidates).
    """

    costs: Ints
    base: Ints
    sizes: Ints
    allowed: Bools
    changes: Ints
    clashes: Mapping[Pair, Bools] = field(default_factory=lambda: MappingProxyType({}))
    musts: tuple[int, ...] = ()
    rows: Ints
    row_base: Ints
    row_limits: Ints
    cap: int | None = None
    groups: Bools
    unit: int = 1
    totals: Ints = field(init=False)
    _twins: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "totals", np.einsum("c,tcs->ts", self.sizes, self.costs))
        object.__setattr__(self, "_twins", tuple(range(self.turns) if self.is_ordered else self._first_equals()))

    def _first_equals(self) -> list[int]:
        """Return for each turn the first one with equal costs, rows and candidates."""
        alike: dict[bytes, list[int]] = {}
        firsts = []
        for turn in range(self.turns):
            known = alike.setdefault(self.totals[turn].tobytes() + self.allowed[turn].tobytes(), [])
            equal = (
                first
                for first in known
                if np.array_equal(self.costs[first], self.costs[turn])
                and np.array_equal(self.rows[first], self.rows[turn])
            )
            firsts.append(next(equal, turn))
            known.append(turn)
        return firsts

    @property
    def turns(self) -> int:
        """How many turns there are."""
        return len(self.costs)

    @property
    def is_ordered(self) -> bool:
        """Whether it matters which of two equal turns takes which candidate."""
        return bool(self.clashes)

    def equal_turns(self) -> list[int]:
        """Return for each turn the first turn that is just like it, itself where there is none before."""
        return list(self._twins)

    def burdens(self, picks: Sequence[int]) -> Ints:
        """Return what the picks put on each class, in units."""
        borne: Ints = self.base + self.costs[np.arange(self.turns), :, list(picks)].sum(axis=0, dtype=np.int64)
        return borne

    def worst(self, picks: Sequence[int]) -> int:
        """Return what the picks put on the worst-off, in units."""
        return int(self.burdens(picks).max(initial=0))

    def keeps(self, picks: Sequence[int]) -> bool:
        """Return whether the picks keep every limit."""
        at = np.arange(self.turns)
        chosen = list(picks)
        sums = self.row_base + self.rows[at, :, chosen].sum(axis=0, dtype=np.int64)
        return bool(
            self.allowed[at, chosen].all()
            and (sums <= self.row_limits).all()
            and (self.cap is None or self.worst(chosen) <= self.cap)
            and all(must in chosen for must in self.musts)
            and not any(clash[chosen[one], chosen[other]] for (one, other), clash in self.clashes.items())
        )

    def count_changes(self, picks: Sequence[int]) -> int:
        """Return how many calls the picks would move."""
        return int(self.changes[np.arange(self.turns), list(picks)].sum())

    def candidates(self, turn: int) -> list[int]:
        """Return the candidates that a turn may take."""
        return list(map(int, np.flatnonzero(self.allowed[turn])))

    def at(self, candidates: Sequence[int]) -> Problem:
        """Return the problem with some of its candidates only, in the order given; every must has to be among them."""
        chosen = list(candidates)
        place = {candidate: index for index, candidate in enumerate(chosen)}
        return replace(
            self,
            costs=self.costs[:, :, chosen],
            allowed=self.allowed[:, chosen],
            changes=self.changes[:, chosen],
            clashes={pair: clash[np.ix_(chosen, chosen)] for pair, clash in self.clashes.items()},
            musts=tuple(place[must] for must in self.musts),
            rows=self.rows[:, :, chosen],
        )

    def canonical(self, picks: Picks) -> Picks:
        """Return the picks with the candidates of equal turns shared out again, so that as few calls move as can be.

        A candidate goes to the turns that it would not move, as long as it lasts; the rest are shared out in order,
        each turn taking what leaves the worst-off best off so far. Where that moves more calls than it has to, turns
        pass their candidates on in circles.
        """
        twins = self.equal_turns()
        settled = list(picks)
        for first in set(twins):
            alike = [turn for turn, twin in enumerate(twins) if twin == first]
            if len(alike) > 1:
                self._share_out(alike, settled)
                self._pass_on(alike, settled)
        return tuple(settled)

    def _share_out(self, alike: Sequence[int], picks: list[int]) -> None:
        left = sorted(picks[turn] for turn in alike)
        waiting = []
        for turn in alike:
            at = min(left, key=lambda candidate: (self.changes[turn, candidate], candidate))
            if self.changes[turn, at] < self.changes[turn, left].max():
                left.remove(at)
                picks[turn] = at
            else:
                waiting.append(turn)
        sure = [turn for turn in alike if turn not in waiting]
        borne = self.base + self.costs[sure, :, [picks[turn] for turn in sure]].sum(axis=0, dtype=np.int64)
        for turn in waiting:
            ranked = [(sorted((borne + self.costs[turn, :, choice]).tolist(), reverse=True), choice) for choice in left]
            picks[turn] = min(ranked)[1]
            left.remove(picks[turn])
            borne = borne + self.costs[turn, :, picks[turn]]

    def _pass_on(self, alike: Sequence[int], picks: list[int]) -> None:
        while True:
            held = [picks[turn] for turn in alike]
            moved = self.changes[np.ix_(alike, held)]
            circle = _circle((moved - np.diagonal(moved)[:, None]).tolist())
            if not circle:
                return
            for taker, giver in circle:
                picks[alike[taker]] = held[giver]


def cheapest_picks(problem: Problem) -> Picks:
    """Return the candidate of the least total at every turn, whatever limits that breaks."""
    return tuple(np.where(problem.allowed, problem.totals, EVER).argmin(axis=1).tolist())


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Collapsed:
    """Classes of kinds: ``costs`` (turns, classes, candidates) and ``base`` in units, sizes, the class of each kind."""

    costs: Ints
    base: Ints
    sizes: Ints
    class_of: Ints
    unit: int


def collapse(parts: Iterable[tuple[Ints, Ints]], counts: Ints, *, turns: int, candidates: int) -> Collapsed:
    """Return classes of kinds that have equal costs and an equal base; classes stand by their first kind.

    ``parts`` are the kinds some at a time: what they bear at each turn, (kinds, turns, candidates) in 64 bits, and what
    they bear in any case. ``counts`` says how many members a kind has. The costs come in the narrowest integers.
    """
    known: dict[tuple[bytes, int], int] = {}
    class_of: Ints = np.empty(len(counts), dtype=np.int64)
    costs = np.empty((turns, len(counts), candidates), dtype=np.int16)
    bases: list[int] = []
    at, unit, most = 0, 0, 0
    for rows, base in parts:
        most = max(most, int(rows.max(initial=0)))
        costs = costs if load_type(most // 2).itemsize <= costs.itemsize else costs.astype(load_type(most // 2))
        if unit != 1:
            unit = gcd(unit, int(np.gcd.reduce(rows, axis=None, initial=0)), *base.tolist())
        for row, borne in zip(rows, base.tolist(), strict=True):
            key = blake2b(row.tobytes()).digest(), borne
            number = class_of[at] = known.setdefault(key, len(known))
            if number == len(bases):
                costs[:, number] = row
                bases.append(borne)
            at += 1
    unit = unit or 1
    costs = costs[:, : len(known)]
    if 1 < unit <= most:
        np.floor_divide(costs, unit, out=costs)
    sizes = np.zeros(len(known), dtype=np.int64)
    np.add.at(sizes, class_of, counts)
    return Collapsed(
        costs=np.ascontiguousarray(costs, dtype=load_type(most // unit // 2)),
        base=np.array(bases, dtype=np.int64) // unit,
        sizes=sizes,
        class_of=class_of,
        unit=unit,
    )


def _circle(dearer: Sequence[Sequence[int]]) -> list[Pair]:
    """Return who takes whose part in a circle that costs less in all, (taker, giver); empty where there is none.

    ``dearer`` says how much more a part of another costs somebody than their own (Bellman and Ford's negative cycle).
    """
    places = range(len(dearer))
    if all(min(row) >= 0 for row in dearer):
        return []
    spent, taker, last = [0 for _ in places], [0 for _ in places], -1
    for _ in places:
        last = -1
        for one in places:
            for other in places:
                if spent[one] + dearer[one][other] < spent[other]:
                    spent[other], taker[other], last = spent[one] + dearer[one][other], one, other
        if last < 0:
            return []
    for _ in places:
        last = taker[last]
    circle = [(taker[last], last)]
    while circle[-1][0] != last:
        circle.append((taker[circle[-1][0]], circle[-1][0]))
    return circle


def run(steps: Steps[T], stop: Stop = lambda: False) -> T | None:
    """Take steps until the work is done, and return what it comes to; None if it was stopped before that."""
    while not stop():
        try:
            next(steps)
        except StopIteration as done:
            result: T = done.value
            return result
    return None


def load_type(most: int) -> np.dtype[np.signedinteger]:
    """Return the narrowest signed integers that hold sums up to ``most``."""
    return next(np.dtype(kind) for kind in (np.int16, np.int32, np.int64) if most <= np.iinfo(kind).max // 2)
