"""The linear relaxation: weights on members that say how low the worst burden can possibly be.

Weights come out as integers of 0 or more; any such weights prove a bound, so that no rounding makes one wrong. What is
proven is worked out in integers afterwards; nothing rests on the arithmetic in here.

The worst burden of any picks is at least their weighted mean burden, and that is at least the sum over turns of the
least weighted cost of a candidate. The best weights are the duals of the relaxation in which a turn may be shared out
among candidates (von Neumann's minimax theorem); the simplex method finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mag_rotation.burden import Ints
from mag_rotation.propose.problem import EVER, Picks, Problem, Steps

__all__ = ["Relaxation", "proven_bound", "relax", "weigh_costs"]

Floats = NDArray[np.float64]

_ROWS = 48
"""How many classes the relaxation looks at to begin with; those that its answer hurts come in afterwards."""
_ROUNDS = 12
_MOST_WORK = 3 * 10**9
"""How many numbers the pivots may touch; weights that come earlier prove less and are right all the same."""
_STEP = 30_000_000
"""How many of them in one step."""
_MOST_TABLE = 12_000_000
"""How many numbers its table may hold: some 100 MB, and for moments three times as many."""
_TINY = 1e-9
_DEAR = 1e4
"""What a unit above the limit costs, in units of the total, where a limit is to be kept."""


def weigh_costs(problem: Problem, weights: Ints) -> tuple[Ints, int]:
    """Return the weighted cost of every candidate at every turn, (turns, candidates), and the weighted base."""
    return np.einsum("c,tcs->ts", weights, problem.costs), int(weights @ problem.base)


def proven_bound(problem: Problem, weights: Ints) -> int:
    """Return the integer below which, divided by the sum of the weights, no worst burden can be.

    It is the weighted base and, over turns, the least weighted cost of an allowed candidate.
    """
    costs, base = weigh_costs(problem, weights)
    return base + int(np.where(problem.allowed, costs, EVER).min(axis=1).sum())


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Relaxation:
    """The relaxation's answer: the weight of every class, and the share of every candidate in a turn.

    With a limit the weights are the prices of keeping everybody at or below it while the total is least: what a unit
    less for a class is worth in units of the total.
    """

    problem: Problem
    weights: Floats
    shares: Floats
    limited: bool

    def integers(self, scale: int) -> Ints:
        """Return the weights as integers, multiplied by ``scale``."""
        rounded: Ints = np.rint(self.weights * scale).astype(np.int64)
        if len(rounded) and not rounded.any() and not self.limited:
            rounded[int(self.weights.argmax())] = 1
        return rounded

    @property
    def picks(self) -> Picks:
        """Picks near the answer: whole shares first, then the largest parts.

        They keep to the allowed candidates and to no other limit.
        """
        twins = self.problem.equal_turns()
        picks = [0] * self.problem.turns
        for block in sorted(set(twins)):
            alike = [turn for turn, twin in enumerate(twins) if twin == block]
            parts = self.shares[block] * len(alike)
            whole = np.floor(parts + _TINY).astype(np.int64)
            chosen = np.repeat(np.arange(len(parts)), whole).tolist()[: len(alike)]
            left = np.where(self.problem.allowed[block], parts - whole, -1.0)
            chosen += np.argsort(-left, kind="stable")[: len(alike) - len(chosen)].tolist()
            chosen += chosen[:1] * (len(alike) - len(chosen))  # fewer candidates than turns
            for turn, pick in zip(alike, sorted(chosen), strict=True):
                picks[turn] = pick
        return tuple(picks)


def relax(problem: Problem, limit: int | None = None) -> Steps[Relaxation]:
    """Solve the relaxation, in which a turn may be shared out among candidates, with the classes that matter.

    With ``limit`` it is that of the least total with everybody at or below it. Where the table would not fit into
    memory all classes weigh the same.
    """
    blocks = sorted(set(problem.equal_turns()))
    columns = int(problem.allowed[blocks].sum())
    if (len(blocks) + min(_ROWS, len(problem.base))) * columns > _MOST_TABLE:
        return _without_table(problem, limited=limit is not None)
    active = np.argsort(-_peaks(problem), kind="stable")[:_ROWS]
    weights, shares = np.zeros(len(problem.base)), np.zeros(problem.allowed.shape)
    for _ in range(_ROUNDS):
        yield
        duals, shares = yield from _relax(problem, active, limit)
        weights = np.zeros(len(problem.base))
        weights[active] = duals
        burdens = problem.base.astype(np.float64)
        for turn in np.flatnonzero(shares.any(axis=1)).tolist():
            taken = np.flatnonzero(shares[turn])
            burdens += problem.costs[turn][:, taken] @ shares[turn, taken]
        ceiling = max(float(burdens[active].max(initial=0)), limit or 0)
        worse = [index for index in np.argsort(-burdens, kind="stable").tolist() if burdens[index] > ceiling + 1e-6]
        if not worse or (len(blocks) + len(active) + len(worse[:_ROWS])) * columns > _MOST_TABLE:
            break
        active = np.concatenate([active, np.array(worse[:_ROWS], dtype=np.int64)])
    return Relaxation(problem=problem, weights=weights, shares=shares, limited=limit is not None)


def _without_table(problem: Problem, *, limited: bool) -> Relaxation:
    """Return all classes weighed alike, and every turn at its candidate of the least total."""
    shares = np.zeros(problem.allowed.shape)
    shares[np.arange(problem.turns), np.where(problem.allowed, problem.totals, EVER).argmin(axis=1)] = 1
    weights = np.full(len(problem.base), 1 / max(1, len(problem.base)))
    return Relaxation(problem=problem, weights=weights, shares=shares, limited=limited)


def _peaks(problem: Problem) -> Floats:
    """Return the mean of what a class bears, by which the heaviest laden come first."""
    peaks = problem.base.astype(np.float64)
    for costs, allowed in zip(problem.costs, problem.allowed, strict=True):
        peaks += costs[:, allowed].sum(axis=1, dtype=np.int64) / allowed.sum()
    return peaks


def _relax(problem: Problem, active: Ints, limit: int | None) -> Steps[tuple[Floats, Floats]]:
    """Return the duals of the active classes, and how each turn is shared out among candidates, (turns, candidates).

    Equal turns are one block, shared out as often as there are turns in it.
    """
    twins = problem.equal_turns()
    blocks = sorted(set(twins))
    counts = [twins.count(block) for block in blocks]
    columns = [(block, candidate) for block in blocks for candidate in problem.candidates(block)]
    turn, candidate = np.array(columns, dtype=np.int64).reshape(-1, 2).T
    costs = problem.costs[turn[:, None], active[None, :], candidate[:, None]].T.astype(np.float64)
    prices = np.zeros(len(columns)) if limit is None else problem.totals[turn, candidate].astype(np.float64)
    sharing = (turn[None, :] == np.array(blocks)[:, None]).astype(np.float64)
    room = -problem.base[active].astype(np.float64) + (limit or 0)
    scale = max(1.0, float(np.abs(costs).max(initial=0)))
    free = limit is None
    duals, values = yield from _simplex(costs / scale, sharing, room / scale, counts, prices / scale, free=free)
    shares = np.zeros(problem.allowed.shape)
    for place, block in enumerate(blocks):
        mine = turn == block
        for other in (index for index, twin in enumerate(twins) if twin == block):
            shares[other, candidate[mine]] = values[mine] / counts[place]
    return duals, shares


def _simplex(
    costs: Floats, sharing: Floats, room: Floats, counts: Sequence[int], prices: Floats, *, free: bool
) -> Steps[tuple[Floats, Floats]]:
    """Minimise ``prices @ x + dear * over`` with ``costs @ x <= room + over`` and ``sharing @ x == counts``, x >= 0.

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
    table = np.zeros((rows + blocks, width + 2 + rows))
    table[:rows, :width], table[rows:, :width] = costs, sharing
    table[:rows, width] = -1
    table[:rows, width + 1 : -1] = np.eye(rows)
    table[:, -1] = np.concatenate([room, np.array(counts, dtype=np.float64)])
    # the corner's columns are those of the identity but for the costs of each block's candidate
    table[:rows] -= costs[:, start] @ table[rows:]
    basis = [*(width + 1 + row for row in range(rows)), *start]
    objective = np.concatenate([prices, [1.0 if free else _DEAR], np.zeros(rows)])
    reduced = np.append(objective, 0.0) - objective[start] @ table[rows:]
    if lifted:
        _exchange(table, reduced, basis, top, width)
    yield from _pivot(table, reduced, basis)
    solution = np.zeros(width + 1 + rows)
    solution[basis] = table[:, -1]
    return np.maximum(reduced[width + 1 : -1], 0), solution[:width]


def _pivot(table: Floats, reduced: Floats, basis: list[int]) -> Steps[None]:
    """Exchange columns until none promises anything, in place."""
    still, step = 0, 1 + _STEP // max(1, table.size)
    for count in range(_MOST_WORK // max(1, table.size)):
        if count % step == step - 1:
            yield
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
        leaves = min(np.flatnonzero(ratios <= least + _TINY).tolist(), key=lambda row: basis[row])
        still = 0 if least > _TINY else still + 1
        _exchange(table, reduced, basis, leaves, enters)


def _exchange(table: Floats, reduced: Floats, basis: list[int], leaves: int, enters: int) -> None:
    """Put a column into the basis for that of a row, in place."""
    column = table[:, enters].copy()
    line = table[leaves] / column[leaves]
    table -= np.outer(column, line)
    table[leaves] = line
    reduced -= reduced[enters] * line
    basis[leaves] = enters
