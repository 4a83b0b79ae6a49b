"""The least worst burden as a mixed-integer program, for HiGHS: where the exact search would have too much to look at.

Picks that come out were checked against every limit, and their worst burden is counted, in integers. What is proven
rests on the floating arithmetic of HiGHS. Its bound is rounded with room for that, sums that are too large for it are
not given to it, and what contradicts picks in hand is not believed. No object of HiGHS leaves this module, and nothing
of it is loaded before it is needed.

Equal turns are one block, and a variable counts how many of them take a candidate; there is no variable per member. Of
very many classes those that are likely to bear the most have a row each: what is proven of them holds for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, inf, isfinite

import numpy as np
from numpy.typing import NDArray

from mag_rotation.burden import Ints
from mag_rotation.errors import MissingExtra
from mag_rotation.propose.meet_in_the_middle import Watch, choose_watched
from mag_rotation.propose.order import Aim, merit
from mag_rotation.propose.problem import Picks, Problem, Stop

__all__ = ["MilpProof", "minimax_by_milp"]

Floats = NDArray[np.float64]

_MOST = 10**9
"""Larger sums are not told apart by the tolerances of HiGHS."""
_TOLERANCE, _TINY = 1e-3, 1e-9
"""How far above the truth a bound may be before it is rounded up, and how far in proportion."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MilpProof:
    """The fairest picks that are known, None where there are none, and what is proven of the worst burden.

    ``bound`` is the least that any worst can be, in units. ``closed`` says that the picks have it; without picks it
    says that no picks keep every limit, and there is no bound.
    """

    picks: Picks | None
    bound: int | None
    closed: bool


_NONE = MilpProof(picks=None, bound=None, closed=True)


def minimax_by_milp(
    problem: Problem,
    *,
    known: Picks | None,
    seconds: float,
    weights: Ints | None = None,
    stop: Stop = lambda: False,
) -> MilpProof:
    """Return picks that spare the worst-off, by the mixed-integer program.

    ``known`` is where it starts from, if it keeps every limit; ``seconds`` is when HiGHS stops, or when ``stop`` says
    so. ``weights`` of the classes, as of the relaxation, say which of very many have a row. The same problem gives the
    same proof, unless the time was up. Raises :class:`MissingExtra` where HiGHS is not installed.
    """
    if not problem.allowed.any(axis=1).all():
        return _NONE
    low, high = _range(problem)
    picks = problem.canonical(known) if known is not None and problem.keeps(known) else None
    if picks is not None:
        high = problem.worst(picks)
    elif problem.cap is not None:
        high = min(high, problem.cap)
    if low > high:
        return _NONE
    answer = _Answer()
    if max(high, problem.turns * max(_largest(problem.costs), _largest(problem.rows))) <= _MOST:
        watch = choose_watched(problem, np.zeros(len(problem.base), dtype=np.int64) if weights is None else weights)
        program = _Program(problem, watch, low=low, high=high)
        start = None if picks is None else program.values_of(picks)
        answer = _by_highs(program, start=start, seconds=seconds, stop=stop)
        if answer.values is not None:
            found = problem.canonical(program.picks_of(answer.values))
            picks = _fairer(problem, picks, found) if problem.keeps(found) else picks
    return _conclude(problem, picks, answer, low=low)


def _conclude(problem: Problem, picks: Picks | None, answer: _Answer, *, low: int) -> MilpProof:
    """Return what follows from the answer and the picks in hand, when no worst is below ``low``."""
    if picks is None and answer.none:
        return _NONE
    bound = max(low, ceil(answer.bound * (1 - _TINY) - _TOLERANCE)) if isfinite(answer.bound) else low
    if picks is None:
        return MilpProof(picks=None, bound=bound, closed=False)
    worst = problem.worst(picks)
    bound = low if bound > worst else bound
    return MilpProof(picks=picks, bound=bound, closed=bound == worst)


def _fairer(problem: Problem, one: Picks | None, other: Picks) -> Picks:
    return other if one is None else min(one, other, key=lambda picks: merit(problem, Aim(), picks))


def _largest(numbers: Ints) -> int:
    return int(np.abs(numbers).max(initial=0))


def _range(problem: Problem) -> tuple[int, int]:
    """Return the least and the most that the worst burden can be when every class is looked at by itself."""
    least = most = problem.base
    for costs, allowed in zip(problem.costs, problem.allowed, strict=True):
        open_to = costs[:, allowed].astype(np.int64)
        least, most = least + open_to.min(axis=1), most + open_to.max(axis=1)
    return int(least.max(initial=0)), int(most.max(initial=0))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Row:
    """A sum over some columns, ``factors`` times each, that lies between two ends, both included."""

    columns: Ints
    factors: Floats
    low: float
    high: float


class _Program:
    """The least worst burden of a problem in columns and rows.

    A column counts the turns of a block that take a candidate; the last column is the worst.
    """

    def __init__(self, problem: Problem, watch: Watch, *, low: int, high: int) -> None:
        self._problem, self._watch = problem, watch
        self._twins = problem.equal_turns()
        self._counts = Counter(self._twins)
        columns = [(block, candidate) for block in self._counts for candidate in problem.candidates(block)]
        self._blocks, self._candidates = np.array(columns, dtype=np.int64).reshape(-1, 2).T
        counts = [self._counts[block] for block, _ in columns]
        self.lower = np.array([0.0] * len(columns) + [low])
        self.upper = np.array([*counts, high], dtype=np.float64)
        self.rows = list(self._rows())

    def values_of(self, picks: Picks) -> Floats:
        """Return what the columns are when these picks are taken."""
        values = np.zeros(len(self.lower))
        place = {pair: at for at, pair in enumerate(zip(self._blocks.tolist(), self._candidates.tolist(), strict=True))}
        for block, pick in zip(self._twins, picks, strict=True):
            values[place[block, pick]] += 1
        values[-1] = self._problem.worst(picks)
        return values

    def picks_of(self, values: Floats) -> Picks:
        """Return the picks that the columns stand for; the caller checks that they keep every limit."""
        whole = np.rint(values[:-1]).astype(np.int64)
        picks = [0] * self._problem.turns
        for block in self._counts:
            mine = self._blocks == block
            taken = np.repeat(self._candidates[mine], np.maximum(whole[mine], 0)).tolist()
            alike = (turn for turn, twin in enumerate(self._twins) if twin == block)
            for turn, pick in zip(alike, taken, strict=False):
                picks[turn] = pick
        return tuple(picks)

    def _rows(self) -> Iterator[_Row]:
        problem, watch = self._problem, self._watch
        for block, count in self._counts.items():
            yield _whole(np.flatnonzero(self._blocks == block), low=count, high=count)
        for index in np.sort(watch.classes).tolist():
            costs = problem.costs[self._blocks, index, self._candidates]
            yield _sum(np.append(costs, -1), high=-int(problem.base[index]))
        for index in np.sort(watch.rows).tolist():
            room = int(problem.row_limits[index] - problem.row_base[index])
            yield _sum(problem.rows[self._blocks, index, self._candidates], high=room)
        for must in problem.musts:
            yield _whole(np.flatnonzero(self._candidates == must), low=1, high=inf)
        for (one, other), clash in problem.clashes.items():
            ones, others = np.flatnonzero(self._blocks == one), np.flatnonzero(self._blocks == other)
            for against in np.unique(clash, axis=0):
                alike = (clash == against).all(axis=1)
                first, second = ones[alike[self._candidates[ones]]], others[against[self._candidates[others]]]
                if len(first) and len(second):
                    yield _whole(np.concatenate([first, second]), low=-inf, high=1)


def _whole(columns: Ints, *, low: float, high: float) -> _Row:
    return _Row(columns=columns, factors=np.ones(len(columns)), low=low, high=high)


def _sum(factors: Ints, *, high: int) -> _Row:
    columns = np.flatnonzero(factors)
    return _Row(columns=columns, factors=factors[columns].astype(np.float64), low=-inf, high=high)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Answer:
    """What HiGHS says: the best columns it has, a bound from below, and whether there are none."""

    values: Floats | None = None
    bound: float = -inf
    none: bool = False


def _by_highs(program: _Program, *, start: Floats | None, seconds: float, stop: Stop) -> _Answer:
    """Let HiGHS solve a program: the door to it, with plain numbers on this side."""
    try:
        import highspy  # noqa: PLC0415 - needs an extra
    except ModuleNotFoundError:
        raise MissingExtra("solve", "highspy") from None
    width = len(program.lower)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = width, len(program.rows)
    lp.col_cost_ = np.append(np.zeros(width - 1), 1.0)
    lp.col_lower_, lp.col_upper_ = program.lower, program.upper
    lp.row_lower_ = np.array([row.low for row in program.rows], dtype=np.float64)
    lp.row_upper_ = np.array([row.high for row in program.rows], dtype=np.float64)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * width
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = width, len(program.rows)
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in program.rows)], dtype=np.int32)
    lp.a_matrix_.index_ = np.concatenate([np.zeros(0), *(row.columns for row in program.rows)]).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([np.zeros(0), *(row.factors for row in program.rows)])
    make: Callable[[], highspy.Highs] = highspy.Highs  # the class has no types, its methods have
    highs = make()
    options = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "time_limit": max(0.0, seconds),
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    for callback in (highs.cbMipInterrupt, highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
        callback.subscribe(lambda event: event.interrupt(stop()))
    highs.passModel(lp)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        highs.setSolution(solution)
    if highs.run() == highspy.HighsStatus.kError:
        # somebody else in this process came to HiGHS first, and with that the number of threads was settled
        highs.setOptionValue("threads", 0)
        if highs.run() == highspy.HighsStatus.kError:
            return _Answer()
    info, status = highs.getInfo(), highs.getModelStatus()
    has_values = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return _Answer(
        values=np.array(highs.getSolution().col_value, dtype=np.float64) if has_values else None,
        bound=info.mip_dual_bound,
        none=status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible},
    )
