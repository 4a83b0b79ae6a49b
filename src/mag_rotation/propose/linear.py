"""The linear relaxation: weights on members that say how low the worst burden can possibly be.

Rule 1: weights come out as integers of 0 or more; any such weights prove a bound, so that no rounding makes one wrong.
Rule 2: what is proven is worked out in integers afterwards; nothing rests on the arithmetic in here.

The worst burden of any picks is at least their weighted mean burden, and that is at least the sum over turns of the
least weighted cost of a candidate. The best weights are the duals of the relaxation in which a turn may be shared out
among candidates (von Neumann's minimax theorem); the simplex method finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mag_rotation.burden import Ints
from mag_rotation.propose.problem import Picks, Problem

__all__ = ["dual_weights", "proven_bound", "rounded_picks", "weighted"]

Floats = NDArray[np.float64]

_ROWS = 48
"""How many classes the relaxation looks at to begin with; those that its answer hurts come in afterwards."""
_ROUNDS = 12
_MOST_WORK = 3 * 10**9
"""How many numbers the pivots may touch; weights that come earlier prove less and are right all the same."""
_TINY = 1e-9
_DEAR = 1e4
"""What a unit above the limit costs, in units of the total, where a limit is to be kept."""


def weighted(problem: Problem, weights: Ints) -> tuple[Ints, int]:
    """The weighted cost of every candidate at every turn, (turns, candidates), and the weighted base."""
    return np.einsum("c,tcs->ts", weights, problem.costs), int(weights @ problem.base)


def proven_bound(problem: Problem, weights: Ints) -> int:
    """The integer below which, divided by the sum of the weights, no worst burden can be.

    It is the weighted base and, over turns, the least weighted cost of an allowed candidate.
    """
    costs, base = weighted(problem, weights)
    return base + int(np.where(problem.allowed, costs, np.iinfo(np.int64).max).min(axis=1).sum())


def dual_weights(problem: Problem, *, scale: int, limit: int | None = None) -> Ints:
    """Weights of the classes that prove the most, about ``scale`` of them in all.

    With ``limit`` they are the prices of keeping everybody at or below it while the total is least: what a unit less
    for a class is worth in ``1 / scale`` of a unit of the total.
    """
    weights, _ = _relaxation(problem, limit)
    rounded: Ints = np.rint(weights * scale).astype(np.int64)
    if len(rounded) and not rounded.any() and limit is None:
        rounded[int(weights.argmax())] = 1
    return rounded


def rounded_picks(problem: Problem, *, limit: int | None = None) -> Picks:
    """Picks near the relaxation's answer, where a turn may be shared out: whole shares first, then the largest parts.

    They keep to the allowed candidates and to no other limit. With ``limit`` the answer is that of the least total with
    everybody at or below it.
    """
    _, shares = _relaxation(problem, limit)
    twins = problem.twins()
    picks = [0] * problem.turns
    for block in sorted(set(twins)):
        alike = [turn for turn, twin in enumerate(twins) if twin == block]
        parts = shares[block] * len(alike)
        whole = np.floor(parts + _TINY).astype(np.int64)
        chosen = np.repeat(np.arange(len(parts)), whole).tolist()[: len(alike)]
        left = np.where(problem.allowed[block], parts - whole, -1.0)
        chosen += np.argsort(-left, kind="stable")[: len(alike) - len(chosen)].tolist()
        chosen += chosen[:1] * (len(alike) - len(chosen))  # fewer candidates than turns
        for turn, pick in zip(alike, sorted(chosen), strict=True):
            picks[turn] = pick
    return tuple(picks)


@lru_cache(maxsize=2)
def _relaxation(problem: Problem, limit: int | None) -> tuple[Floats, Floats]:
    """The weight of every class and the shares of every turn, from the classes that matter."""
    active = np.argsort(-_peaks(problem), kind="stable")[:_ROWS]
    weights, shares = np.zeros(len(problem.base)), np.zeros(problem.allowed.shape)
    for _ in range(_ROUNDS):
        duals, shares = _relaxed(problem, active, limit)
        weights = np.zeros(len(problem.base))
        weights[active] = duals
        burdens = problem.base + np.einsum("ts,tcs->c", shares, problem.costs)
        ceiling = max(float(burdens[active].max(initial=0)), limit or 0)
        worse = [index for index in np.argsort(-burdens, kind="stable").tolist() if burdens[index] > ceiling + 1e-6]
        if not worse:
            break
        active = np.concatenate([active, np.array(worse[:_ROWS], dtype=np.int64)])
    return weights, shares


def _peaks(problem: Problem) -> Floats:
    """The mean of what a class bears, by which the heaviest laden come first."""
    costs = np.where(problem.allowed[:, None, :], problem.costs, 0).sum(axis=2) / problem.allowed.sum(axis=1)[:, None]
    peaks: Floats = problem.base + costs.sum(axis=0)
    return peaks


def _relaxed(problem: Problem, active: Ints, limit: int | None) -> tuple[Floats, Floats]:
    """The duals of the active classes, and how each turn is shared out among candidates, (turns, candidates).

    Equal turns are one block, shared out as often as there are turns in it.
    """
    twins = problem.twins()
    blocks = sorted(set(twins))
    counts = [twins.count(block) for block in blocks]
    columns = [(block, candidate) for block in blocks for candidate in problem.candidates(block)]
    turn, candidate = np.array(columns, dtype=np.int64).reshape(-1, 2).T
    costs = problem.costs[turn[:, None], active[None, :], candidate[:, None]].T.astype(np.float64)
    prices = np.zeros(len(columns)) if limit is None else problem.totals[turn, candidate].astype(np.float64)
    sharing = (turn[None, :] == np.array(blocks)[:, None]).astype(np.float64)
    room = -problem.base[active].astype(np.float64) + (limit or 0)
    scale = max(1.0, float(np.abs(costs).max(initial=0)))
    duals, values = _simplex(costs / scale, sharing, room / scale, counts, prices / scale, free=limit is None)
    shares = np.zeros(problem.allowed.shape)
    for place, block in enumerate(blocks):
        mine = turn == block
        for other in (index for index, twin in enumerate(twins) if twin == block):
            shares[other, candidate[mine]] = values[mine] / counts[place]
    return duals, shares


def _simplex(
    costs: Floats, sharing: Floats, room: Floats, counts: Sequence[int], prices: Floats, *, free: bool
) -> tuple[Floats, Floats]:
    """Least ``prices @ x + dear * over`` with ``costs @ x <= room + over`` and ``sharing @ x == counts``, x >= 0.

    Where ``free`` there are no prices and ``over`` may be less than 0: it is the worst burden. Gives the duals of the
    first rows and x. Dense, from the corner where each block takes the candidate that is cheapest in sum; Dantzig's
    rule, and Bland's once it stands still.
    """
    rows, blocks, width = len(costs), len(sharing), costs.shape[1]
    start = [int(np.where(block > 0, costs.sum(axis=0), np.inf).argmin()) for block in sharing]
    x = np.zeros(width)
    x[start] = counts
    excess = costs @ x - room
    top = int(excess.argmax()) if rows else 0
    lifted = rows > 0 and (free or excess[top] > 0)
    tableau = np.zeros((rows + blocks, width + 1 + rows))
    tableau[:rows, :width], tableau[rows:, :width] = costs, sharing
    tableau[:rows, width] = -1
    tableau[:rows, width + 1 :] = np.eye(rows)
    basis = [*(width + 1 + row for row in range(rows)), *start]
    if lifted:
        basis[top] = width
    right = np.concatenate([room, np.array(counts, dtype=np.float64)])
    objective = np.concatenate([prices, [1.0 if free else _DEAR], np.zeros(rows)])
    table = np.linalg.solve(tableau[:, basis], np.column_stack([tableau, right]))
    reduced = np.append(objective, 0.0) - objective[basis] @ table
    _pivot(table, reduced, basis)
    solution = np.zeros(width + 1 + rows)
    solution[basis] = table[:, -1]
    return np.maximum(reduced[width + 1 : -1], 0), solution[:width]


def _pivot(table: Floats, reduced: Floats, basis: list[int]) -> None:
    """Exchange columns until none promises anything, in place."""
    still = 0
    for _ in range(_MOST_WORK // max(1, table.size)):
        promising = np.flatnonzero(reduced[:-1] < -_TINY)
        if not len(promising):
            return
        enters = int(promising[0]) if still > len(basis) else int(reduced[:-1].argmin())
        column = table[:, enters]
        rising = column > _TINY
        if not rising.any():
            return
        ratios = np.full(len(column), np.inf)
        ratios[rising] = table[rising, -1] / column[rising]
        least = ratios.min()
        leaves = min(np.flatnonzero(ratios <= least + _TINY), key=lambda row: basis[row])
        still = 0 if least > _TINY else still + 1
        line = table[leaves] / column[leaves]
        table -= np.outer(column, line)
        table[leaves] = line
        reduced -= reduced[enters] * line
        basis[leaves] = enters
