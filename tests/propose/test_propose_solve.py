"""The order of the work: what is found in a time, in a round, on a grid and in a number of bytes.

Law: a longer search is never worse in anything that it says, a finer grid never worse than a coarser one after as many
rounds; time is used up while something is not proven; whatever ends a search, what comes out keeps every limit and
claims no more than is true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mag_rotation.planfile import load_plan
from mag_rotation.propose import (
    Budget,
    Cut,
    Impossible,
    Objective,
    ProposalClaim,
    Proposed,
    Request,
    case,
    propose,
    verify_proposal,
)
from mag_rotation.propose import solve as solving
from mag_rotation.propose.frontier import FrontierSearch, Point, knee, sweep
from mag_rotation.propose.meet_in_the_middle import End, ExactSearch
from mag_rotation.propose.order import Aim, merit
from mag_rotation.propose.problem import Problem, Steps, run
from mag_rotation.propose.solve import Climb, Least, Other, Solved, solve
from paths import DATA
from proposed import SETTING
from searches import search_halves
from twin_propose import best, every_pair, is_kept, merit_of, problem_of, problems, rotations, total_of, worst_of
from twin_rotation import Twin, requests_of, settings_of

some = settings(max_examples=3 * settings().max_examples)
OBJECTIVES = st.sampled_from(Objective)
ROTATIONS = DATA / "rotations"


class Countdown:
    """A clock that runs down by one whenever somebody looks."""

    def __init__(self, looks: float) -> None:
        self.left = looks

    def __call__(self) -> float:
        self.left -= 1
        return self.left


@contextmanager
def short_sight(joins: int = 40) -> Iterator[None]:
    """Exact searches that soon give up, no sweep and no solver, so that small problems are as open as large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "_JOINS", joins)
        patch.setattr(solving, "MOST_JOINS", 2 * joins)
        patch.setattr(solving, "_FEW_ROTATIONS", 1)
        patch.setattr(solving, "_SWEPT_AT_ONCE", 0)
        patch.setattr(solving, "_by_solver", lambda *_others: None)
        for name, value in (("_MOST_WORK", 0), ("_SOON", joins), ("_JOINS", joins), ("MOST_JOINS", 2 * joins)):
            patch.setattr(f"mag_rotation.propose.frontier.{name}", value)
        patch.setattr("mag_rotation.propose.meet_in_the_middle._HIGH", 2)
        patch.setattr("mag_rotation.propose.meet_in_the_middle._WIDE", 3)
        patch.setattr("mag_rotation.propose.search._MOST_JOINS", joins)
        yield


def answer(problem: Problem, looks: float = inf, *, objective: Objective = Objective.LEXIMIN) -> Solved | Least:
    """What is known after so many looks at the clock."""
    budget = Budget() if looks == inf else Budget(left=Countdown(looks))
    return solve(problem, budget, objective=objective, tolerance=10)


def assert_true(problem: Problem, found: Solved | Least, objective: Objective) -> None:
    """An answer keeps every limit and claims nothing that a look at every rotation does not bear out."""
    kept = list(rotations(problem))
    if isinstance(found, Least):
        assert found.picks is None
        assert not (found.closed and kept)
        return
    assert is_kept(problem, found.picks)
    least = min(worst_of(problem, picks) for picks in kept)
    assert found.least.bound <= least
    for point in found.points:
        assert is_kept(problem, point.picks)
        assert (point.worst, point.total) == (worst_of(problem, point.picks), total_of(problem, point.picks))
    assert all(one.worst < other.worst and one.total > other.total for one, other in pairwise(found.points))
    if found.swept:
        assert [(point.worst, point.total) for point in found.points] == every_pair(problem)
    if found.closed:
        limit = least * 110 // 100 if objective is Objective.BALANCED else None
        by_total = objective is not Objective.LEXIMIN
        wanted = best(problem, limit=limit, total_first=by_total)
        assert wanted is not None
        assert merit_of(problem, found.picks, total_first=by_total) == wanted.values


@some
@given(problems(), OBJECTIVES, st.integers(0, 60))
def test_whatever_ends_a_search_it_claims_nothing_that_is_not_so(
    problem: Problem, objective: Objective, looks: int
) -> None:
    assert_true(problem, answer(problem, looks, objective=objective), objective)
    with short_sight():
        assert_true(problem, answer(problem, 20 * looks, objective=objective), objective)


@some
@given(problems(), OBJECTIVES)
def test_without_an_end_of_time_everything_is_proven(problem: Problem, objective: Objective) -> None:
    found = answer(problem, objective=objective)
    assert_true(problem, found, objective)
    if isinstance(found, Least):
        assert found.closed
    else:
        assert (found.closed, found.swept, found.cuts) == (True, True, ())


@given(problems(), OBJECTIVES, st.booleans())
def test_what_a_first_look_does_not_show_a_longer_one_or_the_solver_does(
    problem: Problem, objective: Objective, asks_solver: bool
) -> None:
    others = [Other(make=lambda: problem, related=False), Other(make=lambda: None, related=False)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "_TRIES", 0 if asks_solver else 1)
        patch.setattr(solving, "_FEW_JOINS", 0 if asks_solver else 1)
        if not asks_solver:
            patch.setattr(solving, "_by_solver", lambda *_others: None)
        found = solve(problem, Budget(), objective=objective, tolerance=10, others=others)
    assert_true(problem, found, objective)
    if isinstance(found, Solved):
        same, unmade = found.without
        assert unmade is None
        assert same is None or same.worst >= found.least.bound * problem.unit
    elif asks_solver:
        assert found.closed


@given(problems(), OBJECTIVES)
def test_where_nobody_stops_a_search_that_cannot_be_closed_it_ends_all_the_same(
    problem: Problem, objective: Objective
) -> None:
    with short_sight():
        assert_true(problem, answer(problem, objective=objective), objective)


@given(problems(), st.lists(st.integers(0, 400), min_size=2, max_size=4).map(sorted))
def test_a_longer_search_is_never_worse(problem: Problem, looks: list[int]) -> None:
    with short_sight():
        answers = [answer(problem, count) for count in looks]
    for one, other in pairwise(answers):
        if isinstance(one, Least):
            continue
        assert isinstance(other, Solved)
        assert merit(problem, Aim(), other.picks) <= merit(problem, Aim(), one.picks)
        assert other.least.bound >= one.least.bound
        assert other.closed or not one.closed
        assert other.swept or not one.swept
        for point in one.points:
            assert any(now.worst <= point.worst and now.total <= point.total for now in other.points)


@given(problems(), st.integers(1, 300), OBJECTIVES)
def test_the_time_is_used_up_while_something_is_not_proven(problem: Problem, looks: int, objective: Objective) -> None:
    clock = Countdown(looks)
    with short_sight():
        found = solve(problem, Budget(left=clock), objective=objective, tolerance=10)
    if isinstance(found, Solved) and not (found.closed and found.swept):
        assert clock.left <= 0
        assert Cut.TIME in found.cuts


@given(problems(), st.integers(0, 60))
def test_an_interrupted_search_says_so_and_keeps_what_it_has(problem: Problem, looks: int) -> None:
    clock = Countdown(looks)
    with short_sight():
        found = solve(problem, Budget(interrupted=lambda: clock() < 0), objective=Objective.LEXIMIN)
    assert_true(problem, found, Objective.LEXIMIN)
    if isinstance(found, Solved):
        assert (Cut.INTERRUPTED in found.cuts) == (clock.left < 0 and not (found.closed and found.swept))
        assert Cut.TIME not in found.cuts


@given(problems())
def test_what_is_told_on_the_way_is_true_and_gets_better(problem: Problem) -> None:
    told: list[tuple[int | None, int]] = []
    budget = Budget(left=Countdown(300), tell=lambda best, bound: told.append((best, bound)))
    with short_sight():
        found = solve(problem, budget, objective=Objective.LEXIMIN)
    for (before, lower), (after, bound) in pairwise(told):
        assert (before, lower) != (after, bound)
        assert before is None or (after is not None and after <= before)
        assert bound >= lower
    if isinstance(found, Solved):
        assert found.least.picks is not None
        assert told[-1] == (problem.worst(found.least.picks) * problem.unit, found.least.bound * problem.unit)


@st.composite
def gridded(draw: st.DrawFn) -> tuple[Problem, list[list[int]]]:
    """A problem, and grids of its candidates, some of them part of others; musts are on all of them."""
    problem = draw(problems())
    every = range(problem.allowed.shape[1])
    grids = [sorted({*problem.musts, *(at for at in every if at % step == 0)}) for step in (4, 3, 2)]
    return problem, [grid for grid in grids if len(grid) < len(every)]


def merit_on(problem: Problem, grids: Sequence[Sequence[int]], rounds: int, aim: Aim) -> tuple[int, ...] | None:
    """What the best picks come to after so many rounds; None where none were found."""
    climb = Climb(problem, aim, grids, seed=3)
    run(climb.start())
    for number in range(rounds):
        run(climb.round(number))
    return None if climb.picks is None else merit(problem, aim, climb.picks)[0]


@some
@given(gridded(), st.integers(0, 2), st.booleans())
def test_a_finer_grid_is_never_worse_after_as_many_rounds(
    drawn: tuple[Problem, list[list[int]]], rounds: int, total_first: bool
) -> None:
    problem, grids = drawn
    aim = Aim(total_first=total_first)
    with short_sight():
        finest = merit_on(problem, grids, rounds, aim)
        for grid in grids:
            place = {candidate: index for index, candidate in enumerate(grid)}
            inside = [[place[candidate] for candidate in part] for part in grids if set(part) < set(grid)]
            alone = merit_on(problem.at(grid), inside, rounds, aim)
            assert alone is None or (finest is not None and finest <= alone)


@settings(max_examples=settings().max_examples // 2)
@given(st.data())
def test_a_finer_grid_of_a_plan_never_answers_worse(data: st.DataObject) -> None:
    setting = data.draw(settings_of(most_members=5))
    asked = replace(data.draw(requests_of(setting, most=2)), slots=data.draw(st.integers(2, 3)), keep=0, weekdays=())
    objective = data.draw(st.sampled_from((Objective.LEXIMIN, Objective.TOTAL)))
    looks = data.draw(st.sampled_from((inf, 3000, 300, 30, 0)))
    before: list[int] | None = None
    for grid in (120, 60, 30):
        request = replace(asked, objective=objective, grid=grid)
        assume(not Twin(setting, request).is_refused)
        # the first looks go to the relaxations of the grids that are part of the finer one only
        budget = Budget() if looks == inf else Budget(left=Countdown(looks + 3 * 120 / grid))
        found = propose(setting, request, budget)
        if not isinstance(found, Proposed):
            assert before is None
            continue
        values = [*([found.total] if objective is Objective.TOTAL else []), *(s.burden for s in found.shares)]
        assert before is None or values <= before
        before = values


@some
@given(problems(), st.integers(0, 3))
def test_the_searched_frontier_is_that_of_all_rotations_once_it_is_whole(problem: Problem, looks: int) -> None:
    fair = search_halves(problem, Aim()).picks
    assume(fair is not None)
    assert fair is not None
    search = FrontierSearch(problem, fair, is_least=True, seed=1)
    run(search.steps(looks, number=0))
    assert all(is_kept(problem, point.picks) for point in search.points)
    pairs = every_pair(problem)
    assert not search.whole or [(point.worst, point.total) for point in search.points] == pairs
    run(search.steps(10**6, number=0))
    assert search.whole
    assert [(point.worst, point.total) for point in search.points] == pairs


@given(problems(), st.integers(0, 9))
def test_a_frontier_is_whole_only_once_the_least_worst_is_known(problem: Problem, at: int) -> None:
    kept = sorted(rotations(problem), key=lambda picks: (worst_of(problem, picks), picks))
    assume(kept)
    search = FrontierSearch(problem, kept[at % len(kept)], is_least=False, seed=1)
    run(search.steps(10**6, number=1))
    open_at_first = search.whole
    fair = search_halves(problem, Aim()).picks
    assert fair is not None
    search.offer_fairest(fair, is_least=True)
    run(search.steps(10**6, number=1))
    assert (open_at_first, search.whole) == (False, True)
    assert [(point.worst, point.total) for point in search.points] == every_pair(problem)


def bargained(seed: int) -> Problem:
    """A problem whose candidates are the cheaper in sum, the more they put on one class in three."""
    costs = np.random.default_rng(seed).integers(0, 100, size=(6, 9, 10))
    for candidate in range(10):
        costs[:, :, candidate] += 100 * (10 - candidate)
        costs[:, candidate % 3, candidate] += 260 * candidate
    return problem_of(costs)


@pytest.mark.parametrize("seed", range(6))
def test_a_frontier_that_is_not_whole_has_no_hole(seed: int) -> None:
    problem = bargained(seed)
    fair, whole = search_halves(problem, Aim()).picks, sweep(problem)
    assert fair is not None
    assert whole is not None
    search = FrontierSearch(problem, fair, is_least=True, seed=1)
    run(search.steps(20, number=0))
    wide, high = whole[-1].worst - whole[0].worst, whole[0].total - whole[-1].total
    assert not search.whole
    assert {(point.worst, point.total) for point in search.points} < {(point.worst, point.total) for point in whole}
    for one in whole:  # a fifth of both axes leads from any rotation to one that was found
        assert any(
            abs(one.worst - point.worst) * 5 <= wide and abs(one.total - point.total) * 5 <= high
            for point in search.points
        )


def test_the_frontier_of_a_year_holds_the_rotations_between_which_people_choose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both have the least total that goes with their worst."""
    monkeypatch.setattr(solving, "_ROUNDS", 2)
    found = propose(load_plan(ROTATIONS / "year.toml").setting, Request(slots=6))
    assert isinstance(found, Proposed)
    pairs = [(offer.worst, offer.total) for offer in found.frontier]
    assert (found.worst, found.proven, found.swept) == (14520, True, False)
    assert {(15000, 577065), (16470, 535170)} <= set(pairs)
    assert sum(offer.knee for offer in found.frontier) == 1


def line(*pairs: tuple[int, int]) -> list[Point]:
    return [Point(worst=worst, total=total, picks=()) for worst, total in pairs]


def bent(count: int, *, at: int = 0) -> list[Point]:
    """A frontier of so many points evenly along both axes, bent a little; the neighbours of ``at`` are left out."""
    points = [(100 * place, 100 * (count - place) - place * (count - place)) for place in range(count)]
    return line(*(pair for place, pair in enumerate(points) if not at or abs(place - at) != 1))


@pytest.mark.parametrize(
    ("points", "whole", "named"),
    [
        (line((0, 9), (1, 1), (9, 0)), True, True),
        (line((0, 9), (1, 1), (9, 0)), False, False),  # three points of a frontier with gaps
        (line((0, 9), (9, 0)), True, False),
        (line((0, 9), (5, 8), (9, 0)), True, False),  # none lies below the line
        (bent(9), False, False),
        (bent(9), True, True),
        (bent(30), False, True),
        (bent(60, at=30), False, True),  # a gap of two steps of sixty
        (bent(14, at=7), False, False),  # a gap of two steps of fourteen
        (bent(14, at=7), True, True),
    ],
)
def test_a_knee_is_named_only_where_no_gap_could_hold_another(points: list[Point], whole: bool, named: bool) -> None:
    assert (knee(points, whole=whole) is not None) is named


@some
@given(problems(), st.integers(0, 3000))
def test_a_search_that_does_not_fit_proves_nothing(problem: Problem, size: int) -> None:
    found = ExactSearch(problem, Aim(), most_bytes=size)
    run(found.steps())
    if found.outcome.end is End.MEMORY:
        assert not found.outcome.closed
        assert found.picks is None or is_kept(problem, found.picks)
    else:
        assert found.outcome == search_halves(problem, Aim())


def nothing_fits(*_arguments: object, **_others: object) -> Steps[None]:
    yield


def test_what_did_not_fit_into_memory_is_said() -> None:
    problem = problem_of(np.random.default_rng(1).integers(0, 1000, size=(8, 6, 10)))
    with short_sight(10**6), pytest.MonkeyPatch.context() as patch:
        patch.setattr("mag_rotation.propose.meet_in_the_middle.enumerate_half", nothing_fits)
        found = answer(problem, 3000)
    assert isinstance(found, Solved)
    assert not found.closed
    assert set(found.cuts) == {Cut.TIME, Cut.MEMORY}


@pytest.mark.parametrize(("cells", "grid"), [(10**9, 60), (288, 60), (287, 120), (143, 180), (1, 1440)])
def test_a_grid_that_does_not_fit_into_memory_is_made_coarser_and_that_is_said(cells: int, grid: int) -> None:
    request = Request(slots=2, grid=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case, "_MOST_CELLS", cells)
        found = propose(SETTING, request)
        assert isinstance(found, Proposed)
        wanted = None if grid == 60 else 60
        assert (found.request.grid, found.wanted_grid, found.proven) == (grid, wanted, True)
        assert verify_proposal(SETTING, found.request, ProposalClaim.of(found)) == (found, ())
    assert verify_proposal(SETTING, found.request, ProposalClaim.of(found)) == (found, ())


def test_where_a_coarser_grid_has_no_rotation_a_finer_one_may_have_one() -> None:
    request = Request(slots=2, grid=60, quorum=6, cap=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case, "_MOST_CELLS", 1)
        found = propose(SETTING, request)
    assert isinstance(found, Impossible)
    assert (found.proven, found.conflict, found.smallest) == (False, (), False)
