"""From a problem to an answer: the searches in rounds, each starting from what is known, until the time is up.

The order of the work does not depend on time: a longer search has done all that a shorter one did, and then more. What
a search proves is what came to its end, or follows from weights; who has the clock says when to stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf, prod

import numpy as np

from mag_rotation.burden import Ints
from mag_rotation.errors import MissingExtra
from mag_rotation.propose.feasible import feasible, find_feasible, is_open
from mag_rotation.propose.frontier import FrontierSearch, Point, point_of, sweep_steps, sweep_work
from mag_rotation.propose.linear import Relaxation, proven_bound, relax
from mag_rotation.propose.meet_in_the_middle import MOST_JOINS, SCALE, End, ExactSearch, Outcome
from mag_rotation.propose.milp import MilpProof, minimax_by_milp
from mag_rotation.propose.order import Aim, Merit, merit
from mag_rotation.propose.problem import Picks, Problem, Steps, Stop, cheapest_picks, run
from mag_rotation.propose.request import Objective
from mag_rotation.propose.search import LocalSearch

__all__ = ["Budget", "Climb", "Cut", "Least", "LeastWorst", "Other", "Solved", "possible", "solve"]

_SCALE = 1000
"""How many weights a certificate shares out among the members."""
_SHARE, _LONGEST = 0.5, 600.0
"""How much of the time that is left one search may take, and the most seconds for the solver."""
_GRACE = 0.5
"""Seconds that a first answer may take beyond the time that there is."""
_PATIENCE, _JOINS = 24, 2_000_000_000
"""The patience of local search and the joins of an exact one in the first round; later rounds have more of both."""
_FEW_ROTATIONS = 1_000_000
"""Up to so many rotations the exact search does at once what the local search does."""
_LIMITS = 16
"""Under how many limits on the worst the frontier is searched in the first round."""
_SWEPT_AT_ONCE = 500_000_000
"""How much work a sweep of the frontier may be to come before all other looks at it."""
_TRIES, _FEW_JOINS = 2_000, 20_000_000
"""How much a first look for a rotation that keeps every limit may try."""
_SMALL = 250_000
"""Up to so many costs no clock stops the first look, so that every machine finds out what it shows."""
_ROUNDS = 3
"""How many rounds there are where nobody stops the search."""


class Cut(StrEnum):
    """What ended a search before it was complete."""

    TIME = "time"
    MEMORY = "memory"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """How long to search: ``left`` gives the seconds that are left, ``interrupted`` whether somebody wants to stop.

    ``seed`` starts what is left to chance. ``tell`` is given the best worst so far (None before there is any) and what
    is proven of the least, in point-minutes, whenever they change.
    """

    left: Callable[[], float] = lambda: inf
    seed: int = 0
    interrupted: Stop = lambda: False
    tell: Callable[[int | None, int], None] = lambda _best, _bound: None

    def over(self) -> bool:
        """Return whether the time is up."""
        return self.interrupted() or self.left() <= 0

    @property
    def is_endless(self) -> bool:
        """Whether nothing but the work itself ends a search."""
        return self.left() == inf

    def less(self, seconds: float) -> Budget:
        """Return a budget that is over so many seconds earlier, or later."""
        return replace(self, left=lambda: self.left() - seconds)

    def part(self, share: float) -> Budget:
        """Return a budget of a share of the time that is left now, so that something is left afterwards."""
        now = self.left()
        return self if now == inf else self.less(now * (1 - share))


@dataclass(frozen=True, kw_only=True, slots=True)
class Least:
    """The leximin best picks that were found; None with ``closed`` says that the limits cannot be kept.

    ``closed`` says that the whole order is proven, ``bound`` is the least that any worst can be, in units.
    """

    picks: Picks | None
    closed: bool
    bound: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LeastWorst:
    """The least worst burden that was found, in point-minutes, and whether there is no smaller one."""

    worst: int
    closed: bool


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Solved:
    """An answer: picks for the objective, whether they are proven best, and the leximin best with its bound.

    ``weights`` are those of the certificate, by class; ``points`` the frontier, whole where ``swept``. ``without`` has
    the least worst of the other problems, None where there was no time to look. ``cuts`` say what kept the search from
    proving more.
    """

    picks: Picks
    closed: bool
    least: Least
    weights: Ints
    points: tuple[Point, ...]
    swept: bool
    without: tuple[LeastWorst | None, ...]
    cuts: tuple[Cut, ...]


def possible(problem: Problem, budget: Budget, *, stop: Stop) -> Outcome:
    """Return picks that keep every limit; closed without picks means that there are none.

    ``stop`` ends the search; the time is that of the solver, which is asked where the search does not find out.
    """
    found = feasible(problem, seed=budget.seed, stop=stop)
    if found.picks is not None or found.closed:
        return found
    proof = _by_solver(problem, None, None, budget)
    if proof is None or (proof.picks is None and not proof.closed):
        return found
    return Outcome(picks=proof.picks, end=End.CLOSED if proof.picks is None else End.OPEN)


def _by_solver(problem: Problem, known: Picks | None, weights: Ints | None, budget: Budget) -> MilpProof | None:
    """Return the proof of the solver in a share of the time; None if it is not installed or there is no time."""
    seconds = min(budget.left() * _SHARE, _LONGEST)
    if budget.over():
        return None
    try:
        return minimax_by_milp(problem, known=known, seconds=seconds, weights=weights, stop=budget.over)
    except MissingExtra:  # what it would add is a bound: without it the answer is as good and says less
        return None


class _Level:
    """What is known on one grid: ``candidates`` of the whole problem, and the best picks of them.

    ``weights`` are those of the relaxation. ``full`` is the merit of the picks from which a search last did not fit
    into memory: from the same it never will.
    """

    def __init__(self, candidates: tuple[int, ...]) -> None:
        self.candidates, self.inside = candidates, frozenset(candidates)
        self.picks: Picks | None = None
        self.merit: Merit | None = None
        self.bound = 0
        self.weights: Ints | None = None
        self.end = End.OPEN
        self.full: Merit | None = None

    @property
    def own_picks(self) -> Picks:
        """The picks as the problem of this grid alone numbers them; there have to be some."""
        place = {candidate: index for index, candidate in enumerate(self.candidates)}
        return tuple(place[pick] for pick in self.picks or ())


class Climb:
    """The best picks of a problem for an aim, better round by round.

    ``grids`` are the candidates of coarser grids; all candidates come last by themselves. A grid starts from the
    answers of those that are part of it, and each of these is searched as it would be by itself: so a finer grid never
    has a worse answer than a coarser one had after as many rounds.
    """

    def __init__(self, problem: Problem, aim: Aim, grids: Sequence[Sequence[int]] = (), *, seed: int) -> None:
        self.problem, self.aim, self._seed = problem, aim, seed
        every = range(problem.allowed.shape[1])
        parts = [tuple(grid) for grid in grids if len(grid) < len(every)]
        self._levels = [_Level(part) for part in (*parts, tuple(every))]
        self.relaxation: Relaxation | None = None

    @property
    def picks(self) -> Picks | None:
        """The best picks so far."""
        return self._levels[-1].picks

    @property
    def end(self) -> End:
        """How the last exact search on the finest grid ended."""
        return self._levels[-1].end

    @property
    def closed(self) -> bool:
        """Whether the picks are proven to be the best, or, without any, that there are none."""
        return self.end is End.CLOSED

    @property
    def has_begun(self) -> bool:
        """Whether there are first picks, or proven to be none."""
        return self.picks is not None or self.closed

    def offer(self, picks: Picks) -> None:
        """Accept picks that keep every limit on the finest grid."""
        self._take(self._levels[-1], picks)

    def close(self) -> None:
        """Record that there are no picks."""
        self._levels[-1].end = End.CLOSED

    def start(self) -> Steps[None]:
        """Look for first picks on every grid; close without picks if a quick check shows that there are none."""
        final = self._levels[-1]
        if not is_open(self.problem):
            final.end = End.CLOSED
            return
        for level in self._levels:
            part = self._part(level)
            if level is not final and not is_open(part):
                continue
            found = yield from self._find_first(level, part, more=1, seed=self._seed)
            self._pass_up(level)
            if level is final and level.picks is None and found.closed:
                level.end = End.CLOSED

    def start_again(self, number: int) -> Steps[None]:
        """Look for first picks once more on the finest grid, with another seed and more patience every time."""
        final = self._levels[-1]
        found = yield from self._find_first(final, self.problem, more=100 * 4**number, seed=self._seed + number)
        if final.picks is None and found.closed:
            final.end = End.CLOSED

    def _find_first(self, level: _Level, part: Problem, *, more: int, seed: int) -> Steps[Outcome]:
        """Return first picks on one grid if they are found quickly; ``more`` multiplies the work that is allowed."""
        if self.aim.total_first:
            cheapest = cheapest_picks(part)
            level.bound = point_of(part, cheapest).total
            if part.keeps(cheapest):
                self._take(level, tuple(level.candidates[pick] for pick in cheapest))
                return Outcome(picks=cheapest, end=End.OPEN)
        is_final = level is self._levels[-1]
        relaxation = self.relaxation if is_final else None
        relaxation = relaxation or (yield from relax(part))
        if is_final:
            self.relaxation = relaxation
        if not self.aim.total_first:
            level.weights = relaxation.integers(SCALE)
            level.bound = _bound(part, level.weights)
        found = yield from find_feasible(
            part, relaxation, seed=seed, tries=_TRIES * more, most_joins=min(_FEW_JOINS * more, MOST_JOINS)
        )
        if found.picks is not None:
            self._take(level, tuple(level.candidates[pick] for pick in found.picks))
        return found

    def round(self, number: int) -> Steps[None]:
        """Search on every grid in turn, with more patience in every round: locally, and then exactly."""
        for level in self._levels:
            self._pass_up(level)
            if level.picks is not None and level.end is not End.CLOSED and self._may_be_best(level):
                yield from self._search_locally(level, number)
                yield from self._search_exactly(level, number)

    def _may_be_best(self, level: _Level) -> bool:
        """Return whether a grid may have an answer as good as what is known on any."""
        known = (other.merit[0][0] for other in self._levels if other.merit is not None)
        return level is self._levels[-1] or level.bound <= min(known, default=level.bound)

    def _part(self, level: _Level) -> Problem:
        return self.problem if level is self._levels[-1] else self.problem.at(level.candidates)

    def _pass_up(self, level: _Level) -> None:
        """Pass the picks of coarser grids to this one."""
        for other in self._levels:
            if other.picks is not None and other.inside < level.inside:
                self._take(level, other.picks)

    def _take(self, level: _Level, picks: Picks) -> None:
        """Keep picks if they are better."""
        if picks == level.picks or (self.aim.limit is not None and self.problem.worst(picks) > self.aim.limit):
            return
        found = merit(self.problem, self.aim, picks)
        if level.merit is None or found < level.merit:
            level.picks, level.merit = picks, found

    def _search_locally(self, level: _Level, number: int) -> Steps[None]:
        """Search locally on one grid, from the best known picks and from near them."""
        problem = self._part(level)
        if prod(len(problem.candidates(turn)) for turn in range(problem.turns)) <= _FEW_ROTATIONS:
            return
        for attempt in range(1 + number):
            local = LocalSearch(problem, self.aim, level.own_picks, seed=self._seed + 1000 * number + attempt)
            if attempt:
                local.shake()
            yield from self._follow(level, local, local.steps(_PATIENCE if attempt else _PATIENCE * 2**number))

    def _search_exactly(self, level: _Level, number: int) -> Steps[None]:
        """Search exactly on one grid, with more work than the last time."""
        if level.full is not None and level.full == level.merit:
            return
        before, most = level.merit, min(_JOINS * 4**number, MOST_JOINS)
        known, weights = level.own_picks, level.weights
        exact = ExactSearch(self._part(level), self.aim, known=known, weights=weights, most_joins=most)
        yield from self._follow(level, exact, exact.steps())
        level.end = exact.outcome.end
        level.full = before if level.end is End.MEMORY else None

    def _follow(self, level: _Level, search: LocalSearch | ExactSearch, steps: Steps[None]) -> Steps[None]:
        """Take steps of a search, and record its best picks after each step."""
        seen: Picks | None = None
        ended = False
        while not ended:
            try:
                next(steps)
            except StopIteration:
                ended = True
            if search.picks is not None and search.picks is not seen:
                seen = search.picks
                self._take(level, tuple(level.candidates[pick] for pick in seen))
            if not ended:
                yield


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Other:
    """A problem whose least worst is wanted beside that of the main one, such as that without one constraint.

    ``make`` makes it, None where there is no time for that. Picks of the main one keep its limits where ``related``.
    """

    make: Callable[[], Problem | None]
    related: bool


class _Rival:
    """What is known of another problem; ``climb`` is there while it is searched. ``worst`` is in point-minutes."""

    def __init__(self, other: Other) -> None:
        self.other = other
        self.picks: Picks | None = None
        self.worst: int | None = None
        self.closed = False
        self.climb: Climb | None = None

    def take_up(self) -> None:
        """Keep what the search has found, and not the search."""
        climb, self.climb = self.climb, None
        if climb is not None and climb.picks is not None:
            self.picks, self.worst = climb.picks, climb.problem.worst(climb.picks) * climb.problem.unit
            self.closed = climb.closed

    @property
    def least_worst(self) -> LeastWorst | None:
        """The least worst that was found; None where there was no time to look."""
        self.take_up()
        return None if self.worst is None else LeastWorst(worst=self.worst, closed=self.closed)


class _Work:
    """All searches for an answer, and what is known at any time."""

    def __init__(
        self,
        problem: Problem,
        budget: Budget,
        *,
        objective: Objective,
        tolerance: int,
        grids: Sequence[Sequence[int]],
        others: Sequence[Other],
    ) -> None:
        self._problem, self._objective, self._tolerance, self._budget = problem, objective, tolerance, budget
        self._grids = grids
        self.main = Climb(problem, Aim(), grids, seed=budget.seed)
        self._chosen: Climb | None = None
        self._proven = 0
        self._frontier: FrontierSearch | None = None
        self._swept: tuple[Point, ...] | None = None
        self._may_sweep = True
        self._rivals = [_Rival(other) for other in others]
        self._told: tuple[int | None, int] | None = None

    @property
    def bound(self) -> int:
        """The least that any worst can be, as far as it is proven."""
        main = self.main
        return self._problem.worst(main.picks) if main.closed and main.picks is not None else self._proven

    def tell(self) -> None:
        """Report what is known, if it is new."""
        picks, unit = self.main.picks, self._problem.unit
        news = None if picks is None else self._problem.worst(picks) * unit, self.bound * unit
        if news != self._told:
            self._told = news
            self._budget.tell(*news)

    def look(self) -> Steps[None]:
        """Take a first look for picks: often it finds some, or that there are none."""
        yield from self.main.start()
        if self.main.relaxation is not None:
            self._proven = _bound(self._problem, self.main.relaxation.integers(_SCALE))

    def first(self) -> Steps[None]:
        """Find first picks, or that there are none, where the first look has shown neither."""
        main, number = self.main, 0
        while not main.has_begun and self._goes_on(number):
            yield
            yield from main.start_again(number)
            if number == 0 and not main.has_begun:
                self._ask_solver()
            number += 1

    def rounds(self) -> Steps[None]:
        """Improve what is known until everything is proven; endless if the time has an end."""
        main, number = self.main, 0
        while main.picks is not None and self._goes_on(number) and not self.is_done:
            yield
            if not main.closed:
                yield from main.round(number)
            if not main.closed and number == (0 if main.end is End.MEMORY else 1):
                self._ask_solver()
                yield
            yield from self._choose(number)
            yield from self._walk_frontier(number)
            for rival in self._rivals:
                if not rival.closed:
                    yield from self._look_without(rival, number)
            number += 1

    def _goes_on(self, number: int) -> bool:
        return number < _ROUNDS or not self._budget.is_endless

    @property
    def is_done(self) -> bool:
        """Whether everything is proven and whole."""
        chosen, frontier = self._chosen, self._frontier
        return (
            self.main.closed
            and (self._objective is Objective.LEXIMIN or (chosen is not None and chosen.closed))
            and (self._swept is not None or (frontier is not None and frontier.whole))
            and all(rival.closed for rival in self._rivals)
        )

    @property
    def is_out_of_memory(self) -> bool:
        """Whether a search that would leave nothing out did not fit."""
        return any(climb is not None and climb.end is End.MEMORY for climb in (self.main, self._chosen))

    def _ask_solver(self) -> None:
        """Let the mixed-integer solver look for a bound and better picks."""
        main, budget = self.main, self._budget
        weights = None if main.relaxation is None else main.relaxation.integers(SCALE)
        proof = _by_solver(self._problem, main.picks, weights, budget)
        if proof is None:
            return
        self._proven = max(self._proven, proof.bound or 0)
        if proof.picks is not None:
            main.offer(proof.picks)
        elif proof.closed:
            main.close()

    def _choose(self, number: int) -> Steps[None]:
        """Search for the objective if it is not leximin."""
        main, problem = self.main, self._problem
        if self._objective is Objective.LEXIMIN or main.picks is None:
            return
        limit = None
        if self._objective is Objective.BALANCED:
            limit = problem.worst(main.picks) * (100 + self._tolerance) // 100
        if self._chosen is None or self._chosen.aim.limit != limit:
            grids = () if limit is not None else self._grids
            self._chosen = Climb(problem, Aim(limit=limit, total_first=True), grids, seed=self._budget.seed)
            if limit is None:
                yield from self._chosen.start()
        for picks in (main.picks, *(point.picks for point in self._points())):
            self._chosen.offer(picks)
        yield from self._chosen.round(number)

    def _points(self) -> tuple[Point, ...]:
        return self._swept or (() if self._frontier is None else self._frontier.points)

    def _walk_frontier(self, number: int) -> Steps[None]:
        """Look for the frontier: by a look at every rotation where they are few."""
        main = self.main
        if self._swept is not None or main.picks is None:
            return
        is_small = self._may_sweep and sweep_work(self._problem) <= _SWEPT_AT_ONCE
        if main.closed and is_small and (yield from self._sweep()):
            return
        if self._frontier is None:
            self._frontier = FrontierSearch(self._problem, main.picks, is_least=main.closed, seed=self._budget.seed)
        self._frontier.offer_fairest(main.picks, is_least=main.closed)
        if self._chosen is not None and self._chosen.picks is not None:
            self._frontier.offer(self._chosen.picks)
        yield from self._frontier.steps(_LIMITS * 4**number, number=number)
        if main.closed and self._may_sweep and not self._frontier.whole:
            yield from self._sweep()

    def _sweep(self) -> Steps[bool]:
        """Look at every rotation, where they are not too many; whether that was done."""
        self._swept, self._may_sweep = (yield from sweep_steps(self._problem)), False
        return self._swept is not None

    def _look_without(self, rival: _Rival, number: int) -> Steps[None]:
        """Search for the least worst of another problem; it is made anew, so that few of them are in memory."""
        problem = rival.other.make()
        if problem is None:
            return
        climb = rival.climb = Climb(problem, Aim(), seed=self._budget.seed)
        picks = self.main.picks if rival.picks is None and rival.other.related else rival.picks
        if picks is None:
            yield from climb.start()
            if not climb.has_begun:
                yield from climb.start_again(number)
        else:
            climb.offer(picks)
        yield from climb.round(number)
        rival.take_up()

    def solved(self, cuts: tuple[Cut, ...]) -> Solved | Least:
        """Return the answer as far as it is known."""
        main, chosen, problem = self.main, self._chosen, self._problem
        least = Least(picks=main.picks, closed=main.closed, bound=self.bound)
        if main.picks is None:
            return least
        picks, closed = main.picks, main.closed
        if self._objective is not Objective.LEXIMIN and chosen is not None and chosen.picks is not None:
            # a limit that stands on a worst which may not be the least is no proof
            picks, closed = chosen.picks, chosen.closed and (main.closed or chosen.aim.limit is None)
        elif self._objective is not Objective.LEXIMIN:
            closed = False
        points = self._points() or (point_of(problem, main.picks),)
        weights = np.zeros(len(problem.base), dtype=np.int64)
        return Solved(
            picks=picks,
            closed=closed,
            least=least,
            weights=weights if main.relaxation is None else main.relaxation.integers(_SCALE),
            points=_with_own(problem, points, picks),
            swept=self._swept is not None or (self._frontier is not None and self._frontier.whole),
            without=tuple(rival.least_worst for rival in self._rivals),
            cuts=cuts,
        )


def solve(
    problem: Problem,
    budget: Budget,
    *,
    objective: Objective,
    tolerance: int = 0,
    grids: Sequence[Sequence[int]] = (),
    others: Sequence[Other] = (),
) -> Solved | Least:
    """Return the best rotation for an objective, with the frontier; a :class:`Least` without picks where there is none.

    ``grids`` are the candidates of coarser grids, and ``others`` problems whose least worst is wanted, too.
    """
    work = _Work(problem, budget, objective=objective, tolerance=tolerance, grids=grids, others=others)
    in_grace = budget.less(-_GRACE)
    at_once = budget.interrupted if problem.costs.size <= _SMALL else in_grace.over
    for steps, stop in ((work.look(), at_once), (work.first(), in_grace.over), (work.rounds(), budget.over)):
        run(_tell(steps, work), stop)
    return work.solved(tuple(_cuts(work, budget)))


def _tell(steps: Steps[None], work: _Work) -> Steps[None]:
    """Take steps, and report after each step what is known."""
    for _ in steps:
        work.tell()
        yield
    work.tell()


def _cuts(work: _Work, budget: Budget) -> Iterator[Cut]:
    """Yield what ended the work early."""
    if not work.is_done and budget.interrupted():
        yield Cut.INTERRUPTED
    elif not work.is_done and budget.over():
        yield Cut.TIME
    if work.is_out_of_memory:
        yield Cut.MEMORY


def _bound(problem: Problem, weights: Ints) -> int:
    """Return the least whole number of units that weights leave for the worst."""
    scale = int(weights.sum())
    return -(-proven_bound(problem, weights) // scale) if scale else 0


def _with_own(problem: Problem, points: tuple[Point, ...], picks: Picks) -> tuple[Point, ...]:
    """Return the frontier with the answer itself where it has the values of one of the points."""
    own = point_of(problem, picks)
    same = [point for point in points if (point.worst, point.total) == (own.worst, own.total)]
    return tuple(replace(point, picks=picks) if point in same else point for point in points)
