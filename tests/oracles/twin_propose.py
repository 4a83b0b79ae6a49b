"""Rotations weighed the slow way: every one of them, with plain loops over plain integers.

Law: nothing is left out and nothing is clever; numbers are Python's own, so that no sum is too large. Also here:
problems of every kind, small enough to look at every rotation, whose limits are tight around one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st

from mag_rotation.burden import Bools, Ints
from mag_rotation.propose.problem import Picks, Problem, load_type

MOST_CANDIDATES = {0: 4, 1: 6, 2: 6, 3: 6, 4: 6, 5: 4, 6: 3, 7: 2}
"""Candidates by turns, so that there are some 1,300 rotations at most."""

TOPS = (1, 2, 5, 12, 60, 3000, 16_383, 16_384, 32_767, 100_000, 2**31, 10**9)
"""The largest burdens of a problem: few different ones, and those at which narrow integers end."""

KINDS = ("mask", "base", "groups", "rows", "musts", "clashes", "cap")
"""What a problem may have beside costs; the last four are limits that no rotation may keep."""

Values = tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Best:
    """The best that there is: burdens as the order looks at them, the fewest calls moved, and every such rotation."""

    values: Values
    changes: int
    picks: frozenset[Picks]


def burdens_of(problem: Problem, picks: Sequence[int]) -> list[int]:
    """What the picks put on each class."""
    costs: list[list[list[int]]] = problem.costs.tolist()
    burdens: list[int] = problem.base.tolist()
    for turn, pick in enumerate(picks):
        for number in range(len(burdens)):
            burdens[number] += costs[turn][number][pick]
    return burdens


def worst_of(problem: Problem, picks: Sequence[int]) -> int:
    """The most that anybody bears."""
    return max(burdens_of(problem, picks), default=0)


def total_of(problem: Problem, picks: Sequence[int]) -> int:
    """What all members bear together."""
    burdens = burdens_of(problem, picks)
    return sum(burden * size for burden, size in zip(burdens, problem.sizes.tolist(), strict=True))


def changes_of(problem: Problem, picks: Sequence[int]) -> int:
    """How many calls the picks move."""
    return sum(int(problem.changes[turn, pick]) for turn, pick in enumerate(picks))


def is_kept(problem: Problem, picks: Sequence[int]) -> bool:
    """Whether the picks keep every limit."""
    if not all(problem.allowed[turn, pick] for turn, pick in enumerate(picks)):
        return False
    sums = [int(base) for base in problem.row_base]
    for turn, pick in enumerate(picks):
        for row in range(len(sums)):
            sums[row] += int(problem.rows[turn, row, pick])
    if any(found > int(limit) for found, limit in zip(sums, problem.row_limits, strict=True)):
        return False
    if problem.cap is not None and any(burden > problem.cap for burden in burdens_of(problem, picks)):
        return False
    if any(must not in picks for must in problem.musts):
        return False
    return not any(clash[picks[one], picks[other]] for (one, other), clash in problem.clashes.items())


def rotations(problem: Problem) -> Iterator[Picks]:
    """Every rotation that keeps every limit."""
    turns, candidates = problem.allowed.shape
    choices = [[at for at in range(candidates) if problem.allowed[turn, at]] for turn in range(turns)]
    return (picks for picks in product(*choices) if is_kept(problem, picks))


def merit_of(problem: Problem, picks: Sequence[int], *, total_first: bool = False) -> Values:
    """What is compared first: the total where that comes first, the worst of every group, then everybody."""
    burdens = burdens_of(problem, picks)
    everybody = [burden for burden, size in zip(burdens, problem.sizes.tolist(), strict=True) for _ in range(size)]
    groups = [
        max((burden for burden, mine in zip(burdens, group, strict=True) if mine), default=0)
        for group in problem.groups.tolist()
    ]
    first = total_of(problem, picks) if total_first else max(everybody, default=0)
    return (first, *sorted(groups, reverse=True), *sorted(everybody, reverse=True))


def best(problem: Problem, *, limit: int | None = None, total_first: bool = False) -> Best | None:
    """The best of all rotations that put at most ``limit`` on anybody; None where there are none."""
    values: Values | None = None
    found: list[tuple[int, Picks]] = []
    for picks in rotations(problem):
        if limit is not None and worst_of(problem, picks) > limit:
            continue
        mine = merit_of(problem, picks, total_first=total_first)
        if values is None or mine < values:
            values, found = mine, []
        if mine == values:
            found.append((changes_of(problem, picks), picks))
    if values is None:
        return None
    fewest = min(changes for changes, _ in found)
    return Best(values=values, changes=fewest, picks=frozenset(picks for changes, picks in found if changes == fewest))


def every_pair(problem: Problem) -> list[tuple[int, int]]:
    """Every pair of worst and total than which no rotation is better, by rising worst."""
    pairs = {(worst_of(problem, picks), total_of(problem, picks)) for picks in rotations(problem)}
    return sorted(pair for pair in pairs if not any(_beats(other, pair) for other in pairs))


def _beats(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a worst and a total are as small as others and one of them is smaller."""
    return one[0] <= other[0] and one[1] <= other[1] and one != other


def certified(problem: Problem, weights: Sequence[int]) -> tuple[int, int]:
    """A value and a scale: no rotation of allowed candidates has a worst below the one divided by the other."""
    assert all(weight >= 0 for weight in weights)
    value = sum(weight * int(base) for weight, base in zip(weights, problem.base, strict=True))
    for turn in range(problem.turns):
        value += min(
            sum(weight * int(problem.costs[turn, number, at]) for number, weight in enumerate(weights))
            for at in range(problem.allowed.shape[1])
            if problem.allowed[turn, at]
        )
    return value, sum(weights)


def problem_of(
    costs: Ints | Sequence[Sequence[Sequence[int]]],
    *,
    base: Ints | None = None,
    sizes: Ints | None = None,
    allowed: Bools | None = None,
    changes: Ints | None = None,
    groups: Bools | None = None,
) -> Problem:
    """A problem without limits of which only what a test is about is said; ``costs`` are by turn, class, candidate."""
    array = np.array(costs, dtype=np.int64)
    turns, classes, candidates = array.shape
    return Problem(
        costs=array,
        base=np.zeros(classes, dtype=np.int64) if base is None else base,
        sizes=np.ones(classes, dtype=np.int64) if sizes is None else sizes,
        allowed=np.ones((turns, candidates), dtype=np.bool_) if allowed is None else allowed,
        changes=np.zeros((turns, candidates), dtype=np.int64) if changes is None else changes,
        rows=np.zeros((turns, 0, candidates), dtype=np.int64),
        row_base=np.zeros(0, dtype=np.int64),
        row_limits=np.zeros(0, dtype=np.int64),
        groups=np.zeros((0, classes), dtype=np.bool_) if groups is None else groups,
    )


class Chance:
    """Random integers from a seed; drawing each of them by itself would take longer than all the searching."""

    def __init__(self, seed: int) -> None:
        self._source = np.random.default_rng(seed)

    def numbers(self, shape: Sequence[int], top: int, *, least: int = 0) -> Ints:
        """Integers from ``least`` to ``top`` in a shape."""
        return self._source.integers(least, top, size=tuple(shape), endpoint=True)

    def number(self, top: int) -> int:
        """An integer from 0 to ``top``."""
        return int(self.numbers((), top))

    def alike(self, count: int) -> list[int]:
        """For each of some things the one that it is a copy of: often each its own, often several the same."""
        if self.number(1):
            return list(range(count))
        return [int(at) for at in self.numbers((count,), max(0, count - 2))]


@st.composite
def problems(draw: st.DrawFn, *, limits: bool = True, tops: Sequence[int] = TOPS) -> Problem:
    """A problem with equal turns, candidates and classes now and then, its limits close to what some rotation needs.

    Without ``limits`` only masks are drawn, and each turn has an allowed candidate.
    """
    turns = draw(st.sampled_from((2, 3, 1, 2, 3, 3, 4, 4, 4, 5, 5, 6, 7, 0)))
    candidates = draw(st.sampled_from(range(MOST_CANDIDATES[turns], 0, -1)))
    classes = draw(st.sampled_from((2, 3, 4, 1, 5, 6, 2, 3, 4, 0)))
    top, kinds = draw(st.sampled_from(tops)), draw(st.sets(st.sampled_from(KINDS if limits else KINDS[:3])))
    chance = Chance(draw(st.integers(0, 2**32)))
    same, twins, columns = (chance.alike(count) for count in (turns, classes, candidates))
    anchor = chance.numbers((turns,), candidates - 1)[same].tolist()
    costs = chance.numbers((turns, classes, candidates), top)[same][:, twins][:, :, columns]
    allowed = np.ones((turns, candidates), dtype=np.bool_)
    if "mask" in kinds:
        allowed = chance.numbers((turns, candidates), 3)[same] > 0
        if not limits or chance.number(7):
            allowed[range(turns), anchor] = True
    problem = problem_of(
        costs,
        base=chance.numbers((classes,), top if "base" in kinds else 0)[twins],
        sizes=chance.numbers((classes,), 4, least=1),
        allowed=allowed,
        changes=_moved(chance, turns, candidates),
        groups=chance.numbers((chance.number(3) if "groups" in kinds else 0, classes), 1) > 0,
    )
    problem = _limited(problem, chance, kinds, same, anchor)
    if chance.number(1):  # as narrow as they may be
        narrow = [
            numbers.astype(load_type(int(np.abs(numbers).max(initial=0)) // 2))
            for numbers in (problem.costs, problem.rows)
        ]
        problem = replace(problem, costs=narrow[0], rows=narrow[1])
    return problem


def _moved(chance: Chance, turns: int, candidates: int) -> Ints:
    """Calls that candidates move: none, all of a turn but where they stand, or any number."""
    kind = chance.number(2)
    if kind < 2:
        return chance.numbers((turns, candidates), 3 * kind)
    calls = np.repeat(chance.numbers((turns, 1), 4, least=1), candidates, axis=1)
    calls[range(turns), chance.numbers((turns,), candidates - 1)] = 0
    return calls


def _limited(
    problem: Problem, chance: Chance, kinds: AbstractSet[str], same: Sequence[int], anchor: Sequence[int]
) -> Problem:
    """The problem with limits of some kinds, most of them such that the anchor just keeps or just breaks them."""
    turns, candidates = problem.allowed.shape
    if "rows" in kinds:
        height = 1 + chance.number(1)
        rows = chance.numbers((turns, height, candidates), 5, least=-1)[list(same)]
        row_base = chance.numbers((height,), 3)
        needs = row_base + rows[range(turns), :, list(anchor)].sum(axis=0)
        slack = chance.numbers((height,), 2, least=-1)
        problem = replace(problem, rows=rows, row_base=row_base, row_limits=needs + slack)
    if "musts" in kinds:
        musts = anchor[:2] if chance.number(1) else chance.numbers((2,), candidates - 1).tolist()
        problem = replace(problem, musts=tuple(musts))
    if "clashes" in kinds:
        problem = replace(problem, clashes=_clashes(chance, turns, candidates, anchor))
    if "cap" in kinds:
        room = (-1, 0, 0, 1, 10**6)[chance.number(4)]
        problem = replace(problem, cap=max(0, worst_of(problem, anchor) + room))
    return problem


def _clashes(chance: Chance, turns: int, candidates: int, anchor: Sequence[int]) -> dict[tuple[int, int], Bools]:
    """Some pairs of turns with a few clashes, no candidate twice, or all pairs so dense that little is left."""
    kind, pairs = chance.number(2), list(combinations(range(turns), 2))
    if kind == 0:
        return dict.fromkeys(pairs, np.eye(candidates, dtype=np.bool_))
    if kind == 1:
        pairs = [pair for pair in pairs if not chance.number(2)]
    clashes = {pair: chance.numbers((candidates, candidates), 2) < kind for pair in pairs}
    if chance.number(3):
        for (one, other), clash in clashes.items():
            clash[anchor[one], anchor[other]] = False
    return clashes
