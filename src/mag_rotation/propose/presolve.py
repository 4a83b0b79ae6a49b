"""Presolve: candidates that need not be looked at, because another of their turn does as well for everybody.

A candidate goes only where another of the same turn is as good for every class and every limit. Of candidates that are
the same to all, one stands for them; which of them a turn takes is settled afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mag_rotation.burden import Bools, Ints
from mag_rotation.propose.problem import Picks, Problem, Steps

__all__ = ["Presolved", "narrow"]

_MOST_CELLS = 20_000_000
"""How many numbers are compared for a turn; where it would be more, nothing is left out."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Presolved:
    """A problem with fewer candidates; ``stands_for`` and ``back`` are (turns, candidates).

    ``stands_for`` has the candidate that represents each candidate. ``back`` has the candidate to use for it in the
    whole problem: the one that moves the fewest calls of the turn.
    """

    problem: Problem
    stands_for: Ints
    back: Ints

    def reduce(self, picks: Sequence[int]) -> Picks:
        """Return picks of the whole problem as picks of this one."""
        return tuple(self.stands_for[np.arange(len(picks)), list(picks)].tolist())

    def expand(self, picks: Sequence[int]) -> Picks:
        """Return picks of this problem as picks of the whole one."""
        return tuple(self.back[np.arange(len(picks)), list(picks)].tolist())


def narrow(problem: Problem) -> Steps[Presolved]:
    """Leave out the candidates that are worse for some and better for nobody than another of their turn.

    Where it matters which candidates stand beside each other, or some have to be taken, the problem stays as it is.
    """
    turns, candidates = problem.allowed.shape
    stands_for: Ints = np.tile(np.arange(candidates), (turns, 1))
    back, changes, allowed = stands_for.copy(), problem.changes.copy(), problem.allowed.copy()
    height = problem.costs.shape[1] + problem.rows.shape[1]
    if problem.clashes or problem.musts or height * candidates**2 > _MOST_CELLS:
        return Presolved(problem=problem, stands_for=stands_for, back=back)
    twins = problem.equal_turns()
    for first in sorted(set(twins)):
        yield
        open_to = np.flatnonzero(problem.allowed[first])
        burdens, rows = problem.costs[first][:, open_to], problem.rows[first][:, open_to]
        for_all = _no_worse(burdens)
        no_worse = for_all & _no_worse(rows)
        same = no_worse & no_worse.T
        standing = open_to[same.argmax(axis=1)] if len(open_to) else open_to
        # one that is better for a limit alone may move more calls, and ties go to the fewest
        better = no_worse & ~for_all.T
        gone = open_to[better.any(axis=0) | (standing != open_to)]
        for turn in (index for index, twin in enumerate(twins) if twin == first):
            stands_for[turn, open_to] = standing
            allowed[turn, gone] = False
            for one in np.unique(standing).tolist():
                alike = open_to[standing == one]
                back[turn, one] = alike[problem.changes[turn, alike].argmin()]
                changes[turn, one] = problem.changes[turn, back[turn, one]]
    return Presolved(problem=replace(problem, allowed=allowed, changes=changes), stands_for=stands_for, back=back)


def _no_worse(columns: Ints) -> Bools:
    """Return which column is in no row larger than which, (columns, columns)."""
    return np.asarray((columns[:, :, None] <= columns[:, None, :]).all(axis=0))
