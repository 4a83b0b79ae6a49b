"""The searches for the fairest rotation against a twin that looks at every rotation there is.

Law: what a closed search finds is as good as the best of all rotations by the whole order, and moves as few calls; what
it says cannot be, cannot; a frontier is whole; a search that was stopped claims nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mag_rotation.burden import Ints
from mag_rotation.propose import frontier, linear, meet_in_the_middle
from mag_rotation.propose.feasible import feasible
from mag_rotation.propose.frontier import knee, sweep, thin_frontier
from mag_rotation.propose.meet_in_the_middle import (
    End,
    Outcome,
    SumBound,
    choose_watched,
    enumerate_half,
)
from mag_rotation.propose.order import Aim, merit
from mag_rotation.propose.problem import EVER, Picks, Problem, collapse, load_type, run
from mag_rotation.propose.search import LocalSearch, part_of
from searches import improve, search_halves
from twin_propose import (
    Best,
    best,
    changes_of,
    every_pair,
    is_kept,
    merit_of,
    problem_of,
    problems,
    rotations,
    total_of,
    worst_of,
)

many = settings(max_examples=8 * settings().max_examples)
some = settings(max_examples=3 * settings().max_examples)


@contextmanager
def small_steps() -> Iterator[None]:
    """Blocks of a few rotations, so that small problems have many of them; none of these numbers may matter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meet_in_the_middle, "_HIGH", 2)
        patch.setattr(meet_in_the_middle, "_WIDE", 3)
        patch.setattr(meet_in_the_middle, "_STEP_BYTES", 200)
        patch.setattr(meet_in_the_middle, "_PEEK", 2)
        patch.setattr(meet_in_the_middle, "WATCHED", 1)
        patch.setattr(frontier, "_HIGH", 2)
        patch.setattr(frontier, "_WIDE", 3)
        patch.setattr(frontier, "_MOST_STEPS", 7)
        patch.setattr(frontier, "_STEP_BYTES", 200)
        patch.setattr(linear, "_ROWS", 2)
        yield


def assert_best(problem: Problem, found: Outcome, wanted: Best | None, *, total_first: bool = False) -> None:
    """The outcome closes the question and is as good as the best of all."""
    assert found.closed
    if wanted is None:
        assert found.picks is None
        return
    assert found.picks is not None
    assert is_kept(problem, found.picks)
    assert merit_of(problem, found.picks, total_first=total_first) == wanted.values
    assert changes_of(problem, found.picks) == wanted.changes


@st.composite
def started(draw: st.DrawFn, *, limits: bool = True) -> tuple[Problem, Picks]:
    """A problem, and any picks that keep every limit of it."""
    problem = draw(problems(limits=limits))
    kept = list(rotations(problem))
    assume(kept)
    return problem, draw(st.sampled_from(kept))


@st.composite
def with_constraints(draw: st.DrawFn) -> tuple[Problem, int]:
    """A problem, and a limit near a worst burden that can be had."""
    problem = draw(problems())
    worsts = sorted({worst_of(problem, picks) for picks in rotations(problem)})
    near = draw(st.sampled_from(worsts)) if worsts else 0
    return problem, max(0, near + draw(st.sampled_from((0, 0, 0, -1, 1))))


NOBODY = problem_of(np.zeros((2, 0, 3), dtype=np.int64))
NO_TURN = problem_of(np.zeros((0, 2, 3), dtype=np.int64), base=np.array([3, 5]))
NOTHING = problem_of(np.zeros((0, 0, 1), dtype=np.int64))
ONE = problem_of([[[7, 4, 4]]], changes=np.array([[0, 1, 0]]))
BY_HAND = tuple(map(example, (NOBODY, NO_TURN, NOTHING, ONE)))


def with_corners(test: Callable[..., None]) -> Callable[..., None]:
    """The test with the smallest problems of all beside the random ones."""
    for case in BY_HAND:
        test = case(test)
    return test


@many
@given(problems())
@with_corners
def test_the_exact_search_finds_the_fairest_of_all_rotations(problem: Problem) -> None:
    assert_best(problem, search_halves(problem, Aim()), best(problem))


@some
@given(started())
def test_known_picks_do_not_change_what_is_found(case: tuple[Problem, Picks]) -> None:
    problem, known = case
    found = search_halves(problem, Aim(), known=known)
    assert_best(problem, found, best(problem))
    assert found == search_halves(problem, Aim())


@some
@given(with_constraints())
def test_the_least_total_under_a_limit_is_that_of_all_rotations(case: tuple[Problem, int]) -> None:
    problem, limit = case
    found = search_halves(problem, Aim(limit=limit, total_first=True))
    wanted = best(problem, limit=limit, total_first=True)
    assert_best(problem, found, wanted, total_first=True)
    if wanted is not None:
        known = min(rotations(problem), key=lambda picks: worst_of(problem, picks))
        assert search_halves(problem, Aim(limit=limit, total_first=True), known=known) == found


@some
@given(problems())
@with_corners
def test_the_least_total_of_all_is_found_without_a_limit(problem: Problem) -> None:
    found = search_halves(problem, Aim(total_first=True))
    assert_best(problem, found, best(problem, total_first=True), total_first=True)


@some
@given(with_constraints())
def test_a_limit_on_the_fairest_is_kept(case: tuple[Problem, int]) -> None:
    problem, limit = case
    assert_best(problem, search_halves(problem, Aim(limit=limit)), best(problem, limit=limit))


@some
@given(problems())
def test_the_size_of_the_steps_does_not_matter(problem: Problem) -> None:
    with small_steps():
        assert_best(problem, search_halves(problem, Aim()), best(problem))
        found = search_halves(problem, Aim(total_first=True))
        assert_best(problem, found, best(problem, total_first=True), total_first=True)
        assert [(point.worst, point.total) for point in sweep(problem) or ()] == every_pair(problem)


@many
@given(problems())
@with_corners
def test_the_swept_frontier_is_that_of_all_rotations(problem: Problem) -> None:
    points = sweep(problem)
    assert points is not None
    assert [(point.worst, point.total) for point in points] == every_pair(problem)
    for point in points:
        assert is_kept(problem, point.picks)
        assert (worst_of(problem, point.picks), total_of(problem, point.picks)) == (point.worst, point.total)
    assert thin_frontier(points) == points
    bend = knee(points, whole=True)
    assert bend is None or bend in points[1:-1]


@many
@given(problems(), st.integers(0, 99), st.booleans())
def test_a_start_keeps_every_limit_or_there_is_none(problem: Problem, seed: int, lucky: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if not lucky:  # local search finds nothing, so that the exact search has to
            patch.setattr(LocalSearch, "steps", lambda _search: iter(()))
        found = feasible(problem, seed=seed)
    if found.picks is None:
        assert found.closed
        assert not list(rotations(problem))
    else:
        assert is_kept(problem, found.picks)


@given(problems(), st.integers(0, 3))
def test_a_start_that_was_given_up_proves_nothing(problem: Problem, tries: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{feasible.__module__}._TRIES", tries)
        found = feasible(problem, seed=1)
    if found.picks is not None:
        assert is_kept(problem, found.picks)
    elif found.closed:
        assert not list(rotations(problem))


@pytest.mark.parametrize("problem", [NOBODY, NO_TURN, NOTHING, ONE])
def test_the_smallest_problems_have_a_start(problem: Problem) -> None:
    found = feasible(problem, seed=1)
    assert found.picks is not None
    assert is_kept(problem, found.picks)


@given(started(), st.booleans(), st.integers(0, 99))
def test_local_search_never_worsens_and_keeps_limits(case: tuple[Problem, Picks], total_first: bool, seed: int) -> None:
    problem, picks = case
    aim = Aim(limit=worst_of(problem, picks) if total_first else None, total_first=total_first)
    found = improve(problem, aim, picks, seed=seed)
    assert is_kept(problem, found)
    assert aim.limit is None or worst_of(problem, found) <= aim.limit
    before, after = (merit_of(problem, some, total_first=total_first) for some in (picks, found))
    assert (after, changes_of(problem, found)) <= (before, changes_of(problem, picks))
    assert improve(problem, aim, picks, seed=seed) == found


@given(started(), st.data())
def test_a_part_of_a_problem_is_the_problem_with_the_rest_held(
    case: tuple[Problem, Picks], data: st.DataObject
) -> None:
    problem, picks = case
    turns = [turn for turn in range(problem.turns) if data.draw(st.booleans())]
    part = part_of(problem, turns, picks)
    held = {
        tuple(other[turn] for turn in turns)
        for other in rotations(problem)
        if all(other[turn] == picks[turn] for turn in range(problem.turns) if turn not in turns)
    }
    assert set(rotations(part)) == held
    for chosen in held:
        whole = list(picks)
        for turn, pick in zip(turns, chosen, strict=True):
            whole[turn] = pick
        assert merit_of(part, chosen) == merit_of(problem, whole)


@given(problems(), st.data())
def test_filling_turns_in_any_order_leaves_out_no_rotation(problem: Problem, data: st.DataObject) -> None:
    assume(problem.allowed.any(axis=1).all())
    turns = data.draw(st.permutations(range(problem.turns)))
    limit = EVER if problem.cap is None else problem.cap
    cut = SumBound(costs=np.zeros(problem.allowed.shape, dtype=np.int64), room=None)
    watch = choose_watched(problem, np.zeros(len(problem.base), dtype=np.int64))
    half = run(enumerate_half(problem, turns, cut, watch=watch, limit=limit))
    assert half is not None
    filled = [tuple(picks) for picks in half.picks[:, np.argsort(turns)].tolist()]
    kept = {problem.canonical(picks) for picks in filled if is_kept(problem, picks)}
    assert kept == {problem.canonical(picks) for picks in rotations(problem)}
    for way, picks in enumerate(filled):
        assert (problem.base + half.loads[:, way]).tolist() == problem.burdens(picks).tolist()


@some
@given(started())
def test_settling_shares_out_among_equal_turns_and_moves_the_fewest_calls(case: tuple[Problem, Picks]) -> None:
    problem, picks = case
    settled = problem.canonical(picks)
    assert is_kept(problem, settled)
    assert problem.burdens(settled).tolist() == problem.burdens(picks).tolist()
    assert problem.canonical(settled) == settled
    twins = problem.equal_turns()

    def parts(other: Picks) -> list[tuple[int, int]]:
        return sorted(zip(twins, other, strict=True))

    alike = [other for other in rotations(problem) if parts(other) == parts(picks)]
    assert changes_of(problem, settled) == min(changes_of(problem, other) for other in alike)


@some
@given(started(), st.booleans())
def test_the_order_and_the_limits_are_those_of_the_twin(case: tuple[Problem, Picks], total_first: bool) -> None:
    problem, picks = case
    expected = merit_of(problem, picks, total_first=total_first), changes_of(problem, picks), picks
    assert merit(problem, Aim(total_first=total_first), picks) == expected
    assert problem.keeps(picks)


@given(problems(), st.data())
def test_keeping_is_that_of_the_twin_for_any_picks(problem: Problem, data: st.DataObject) -> None:
    candidates = problem.allowed.shape[1]
    picks = tuple(data.draw(st.integers(0, candidates - 1)) for _ in range(problem.turns))
    assert problem.keeps(picks) == is_kept(problem, picks)


@some
@given(problems(), st.integers(0, 4))
def test_a_stopped_search_claims_nothing(problem: Problem, asked: int) -> None:
    left = [asked]

    def stop() -> bool:
        left[0] -= 1
        return left[0] < 0

    wanted = best(problem)
    found = search_halves(problem, Aim(), stop=stop)
    if found.closed:
        assert_best(problem, found, wanted)
    elif found.picks is not None:
        assert is_kept(problem, found.picks)
    left[0] = asked
    start = feasible(problem, seed=1, stop=stop)
    assert is_kept(problem, start.picks) if start.picks is not None else not (start.closed and wanted)
    left[0] = asked
    points = sweep(problem, stop=stop)
    assert points is None or [(point.worst, point.total) for point in points] == every_pair(problem)


@given(started())
def test_a_search_stopped_at_once_gives_back_what_was_known(case: tuple[Problem, Picks]) -> None:
    problem, known = case
    found = search_halves(problem, Aim(), known=known, stop=lambda: True)
    assert found == Outcome(picks=problem.canonical(known), end=End.OPEN)
    assert improve(problem, Aim(), known, seed=1, stop=lambda: True) == known


@given(
    st.integers(0, 3),
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), max_size=9),
    st.integers(1, 4),
    st.sampled_from((0, 1, 7, 30, 40_000, 2**33)),
)
def test_classes_are_the_kinds_that_no_candidate_tells_apart(
    turns: int, candidates: int, kinds: list[tuple[int, int]], step: int, unit: int
) -> None:
    pool = unit * np.random.default_rng(turns).integers(0, 2, size=(4, turns, candidates))
    costs = pool[[row for row, _ in kinds]]
    base = unit * np.array([row // 2 for row, _ in kinds], dtype=np.int64)
    counts = np.array([count for _, count in kinds], dtype=np.int64)
    groups: dict[str, list[int]] = {}
    for kind in range(len(kinds)):
        groups.setdefault(f"{costs[kind].tolist()} {base[kind]}", []).append(kind)
    parts = ((costs[low : low + step], base[low : low + step]) for low in range(0, len(kinds), step))
    found = collapse(parts, counts, turns=turns, candidates=candidates)
    assert found.unit == (unit if unit and (costs.any() or base.any()) else 1)
    assert found.sizes.tolist() == [sum(kinds[kind][1] for kind in group) for group in groups.values()]
    assert found.costs.shape == (turns, len(groups), candidates)
    assert found.costs.dtype == np.int16
    for number, group in enumerate(groups.values()):
        assert [found.class_of[kind] for kind in group] == [number] * len(group)
        assert (found.costs[:, number].astype(np.int64) * found.unit).tolist() == costs[group[0]].tolist()
        assert found.base[number] * found.unit == base[group[0]]


@pytest.mark.parametrize(
    ("most", "kind"), [(32_767, np.int16), (32_768, np.int32), (2**31 - 1, np.int32), (2**31, np.int64)]
)
def test_costs_are_the_narrowest_integers_that_hold_them(most: int, kind: type[np.signedinteger]) -> None:
    rows: Ints = np.array([[[most, 1]]], dtype=np.int64)
    found = collapse([(rows, np.array([0])), (rows // 2, np.array([0]))], np.array([1, 1]), turns=1, candidates=2)
    assert found.costs.dtype == kind
    assert found.costs.tolist() == [[[most, 1], [most // 2, 0]]]


@pytest.mark.parametrize("most", [0, 16_383, 16_384, 32_767, 32_768, 2**30 - 1, 2**30, 2**31, 2**62 - 1])
def test_sums_of_two_fit_the_narrow_integers(most: int) -> None:
    assert 2 * most <= np.iinfo(load_type(most)).max


@pytest.mark.parametrize("top", [8191, 8192, 16_383, 16_384, 32_767, 32_768, 2**29, 2**30, 2**31, 10**12])
def test_burdens_at_the_end_of_narrow_integers_are_exact(top: int) -> None:
    costs: Ints = np.array([[[top, top - 1], [0, top]], [[top, 0], [top - 1, top]]], dtype=np.int64)
    problem = problem_of(costs, base=np.array([top, 0]))
    assert_best(problem, search_halves(problem, Aim()), best(problem))
    found = search_halves(problem, Aim(limit=2 * top, total_first=True))
    assert_best(problem, found, best(problem, limit=2 * top, total_first=True), total_first=True)
    assert [(point.worst, point.total) for point in sweep(problem) or ()] == every_pair(problem)


def test_forbidden_candidates_may_cost_anything() -> None:
    problem = problem_of(
        [[[1, 10**15], [2, 0]], [[3, 0], [10**15, 5]]], allowed=np.array([[True, False], [False, True]])
    )
    assert_best(problem, search_halves(problem, Aim()), best(problem))
    assert sweep(problem) == thin_frontier(sweep(problem) or ())


def test_a_turn_without_a_candidate_has_no_rotation() -> None:
    problem = problem_of([[[1, 2]], [[1, 2]]], allowed=np.array([[True, True], [False, False]]))
    assert search_halves(problem, Aim()) == Outcome(picks=None, end=End.CLOSED)
    assert feasible(problem, seed=1) == Outcome(picks=None, end=End.CLOSED)
    assert sweep(problem) == ()
