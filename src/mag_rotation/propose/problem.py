"""The problem as numbers: turns that each take one candidate, and what that puts on classes of members.

Rule 1: nothing here knows of dates, zones or people; everything is an integer and exact.
Rule 2: members whom no candidate can tell apart are one class, of a size.
Rule 3: burdens are in units, the largest number of point-minutes that divides them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from mag_rotation.burden import Bools, Ints

__all__ = ["Picks", "Problem", "collapsed", "load_type"]

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
    which classes have a member in a group, (groups, classes): the second criterion, where there is one.
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

    @property
    def turns(self) -> int:
        """How many turns there are."""
        return len(self.costs)

    @property
    def totals(self) -> Ints:
        """What a candidate at a turn puts on all members together, (turns, candidates)."""
        totals: Ints = np.einsum("c,tcs->ts", self.sizes, self.costs)
        return totals

    @property
    def ordered(self) -> bool:
        """Whether it matters which of two equal turns takes which candidate."""
        return bool(self.clashes)

    def twins(self) -> list[int]:
        """For each turn the first turn that is just like it, itself where there is none before."""
        if self.ordered:
            return list(range(self.turns))
        seen: dict[tuple[bytes, bytes, bytes], int] = {}
        parts = zip(self.costs, self.rows, self.allowed, strict=True)
        keys = (tuple(part.tobytes() for part in turn) for turn in parts)
        return [seen.setdefault((key[0], key[1], key[2]), turn) for turn, key in enumerate(keys)]

    def burdens(self, picks: Sequence[int]) -> Ints:
        """What the picks put on each class, in units."""
        borne: Ints = self.base + self.costs[np.arange(self.turns), :, list(picks)].sum(axis=0)
        return borne

    def worst(self, picks: Sequence[int]) -> int:
        """What the picks put on the worst-off, in units."""
        return int(self.burdens(picks).max(initial=0))

    def keeps(self, picks: Sequence[int]) -> bool:
        """Whether the picks keep every limit."""
        at = np.arange(self.turns)
        chosen = list(picks)
        sums = self.row_base + self.rows[at, :, chosen].sum(axis=0)
        return bool(
            self.allowed[at, chosen].all()
            and (sums <= self.row_limits).all()
            and (self.cap is None or self.worst(chosen) <= self.cap)
            and all(must in chosen for must in self.musts)
            and not any(clash[chosen[one], chosen[other]] for (one, other), clash in self.clashes.items())
        )

    def changed(self, picks: Sequence[int]) -> int:
        """How many calls the picks would move."""
        return int(self.changes[np.arange(self.turns), list(picks)].sum())

    def candidates(self, turn: int) -> list[int]:
        """The candidates that a turn may take."""
        return list(map(int, np.flatnonzero(self.allowed[turn])))

    def settled(self, picks: Picks) -> Picks:
        """The picks with the candidates of equal turns shared out again, so that as few calls move as can be.

        A candidate goes to the turns that it would not move, as long as it lasts; the rest are shared out in order,
        each turn taking what leaves the worst-off best off so far. Where that moves more calls than it has to, turns
        pass their candidates on in circles.
        """
        twins = self.twins()
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
        borne = self.base + sum((self.costs[turn, :, picks[turn]] for turn in alike if turn not in waiting), start=0)
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


def collapsed(costs: Ints, base: Ints, counts: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Classes of kinds whose rows of ``costs`` (kinds, turns, candidates) are equal, with equal ``base``.

    ``counts`` says how many members a kind has. Gives the costs by turn, (turns, classes, candidates), the base and the
    size of each class, and the class of each kind; classes stand by their first kind.
    """
    turns, candidates = costs.shape[1:]
    flat = np.ascontiguousarray(np.concatenate([costs.reshape(len(costs), turns * candidates), base[:, None]], axis=1))
    known: dict[bytes, int] = {}
    class_of = np.array([known.setdefault(row.tobytes(), len(known)) for row in flat], dtype=np.int64)
    firsts = np.unique(class_of, return_index=True)[1]
    sizes = np.zeros(len(known), dtype=np.int64)
    np.add.at(sizes, class_of, counts)
    return np.ascontiguousarray(costs[firsts].transpose(1, 0, 2)), base[firsts], sizes, class_of


def _circle(dearer: Sequence[Sequence[int]]) -> list[Pair]:
    """Who takes whose part in a circle that costs less in all, (taker, giver); empty where there is none.

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


def load_type(most: int) -> np.dtype[np.signedinteger]:
    """The narrowest signed integers that hold sums up to ``most``."""
    return next(np.dtype(kind) for kind in (np.int16, np.int32, np.int64) if most <= np.iinfo(kind).max // 2)
