"""Which of two rotations is fairer: the one order that every algorithm goes by.

The order is leximin: the worst-off member first, then the next. Members count alike, however many a class holds. If
groups are the second criterion, they are compared by their worst members once the worst burden is equal. Ties go to the
fewest calls moved, and then to the smaller numbers of candidates, so there is one best rotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mag_rotation.burden import Ints
from mag_rotation.propose.problem import Picks, Problem

__all__ = ["Aim", "Merit", "best_rows", "merit"]

Merit = tuple[tuple[int, ...], int, Picks]
"""What is compared: burdens as the aim looks at them, calls moved, picks. Less is better."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Aim:
    """What is sought among the picks that put at most ``limit`` units on anybody; None is no limit.

    Without ``total_first`` the leximin best, else the least total, and of those the leximin best.
    """

    limit: int | None = None
    total_first: bool = False


def merit(problem: Problem, aim: Aim, picks: Sequence[int]) -> Merit:
    """Return what the order compares, of one rotation."""
    burdens = problem.burdens(picks)
    everybody = np.sort(np.repeat(burdens, problem.sizes))[::-1].tolist()
    first = sum(everybody) if aim.total_first else max(everybody, default=0)
    return (
        (first, *_by_group(problem, burdens[None, :])[0].tolist(), *everybody),
        problem.count_changes(picks),
        tuple(picks),
    )


def best_rows(problem: Problem, aim: Aim, burdens: Ints) -> Ints:
    """Return the rows of ``burdens`` (rotations, classes) that none of the others is better than, by number.

    Calls moved and picks are left aside.
    """
    first = burdens @ problem.sizes if aim.total_first else burdens.max(axis=1, initial=0)
    left: Ints = np.flatnonzero(first == first.min(initial=np.iinfo(np.int64).max))
    for place in range(len(problem.groups)):
        column = _by_group(problem, burdens[left])[:, place]
        left = left[column == column.min()]
    return left[_leximin(burdens[left], problem.sizes)]


def _by_group(problem: Problem, burdens: Ints) -> Ints:
    """Return the worst burden of each group, from the worst group down, (rotations, groups)."""
    worst = [burdens[:, group].max(axis=1, initial=0) for group in problem.groups]
    return -np.sort(-np.array(worst, dtype=np.int64).reshape(len(problem.groups), len(burdens)).T, axis=1)


def _leximin(burdens: Ints, sizes: Ints) -> Ints:
    """Return the rows whose burdens, each as often as its class has members, are least from the worst down."""
    left: Ints = np.arange(len(burdens))
    rest = burdens.astype(np.int64)
    while len(left) > 1:
        level = rest.max(axis=1, initial=-1)
        least = level.min()
        if least < 0:
            break
        kept = level == least
        left, rest = left[kept], rest[kept]
        at_level = rest == least
        count = at_level @ sizes
        kept = count == count.min()
        left, rest, at_level = left[kept], rest[kept], at_level[kept]
        rest[at_level] = -1
    return left
