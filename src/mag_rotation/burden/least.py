"""The least that free turns could put on each member alone.

Rule 1: each turn has the same choices, and every call of a turn takes the turn's choice.
Rule 2: members are looked at one by one: each has the choices that suit them best.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mag_rotation.burden.matrix import BurdenMatrix

__all__ = ["compute_least_totals"]


def compute_least_totals(matrix: BurdenMatrix, turns: Sequence[int], choices: Sequence[int]) -> tuple[int, ...]:
    """For each member, the sum over turns of the least that one choice puts on them over all calls of the turn.

    ``turns`` and ``choices`` say of each start of the matrix which turn it belongs to and which choice it is; both
    are counted from 0, and every call of a turn has a start for every choice. Point-minutes.
    """
    if not len(turns):
        return (0,) * len(matrix.members)
    count = max(choices) + 1
    place = np.array(turns, dtype=np.int64) * count + np.array(choices, dtype=np.int64)
    order = place.argsort(kind="stable")
    firsts = np.flatnonzero(np.diff(place[order], prepend=-1))
    sums = np.add.reduceat(matrix.burdens()[:, order], firsts, axis=1, dtype=np.int64)
    least = sums.reshape(len(sums), max(turns) + 1, count).min(axis=2).sum(axis=1)
    return tuple(least[matrix.class_of].tolist())
