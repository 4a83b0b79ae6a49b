"""The judge's search against all rotations of small problems.

Law: picks come out where some keep all limits and are better than what they have to be better than, and are such picks;
where none are, the search finishes without. Whatever weights it begins with, and however small its blocks are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mag_rotation.burden import Ints
from mag_rotation.propose import proof
from mag_rotation.propose.problem import Problem
from mag_rotation.propose.proof import Goal, SearchResult, Standing, find_within
from twin_propose import best, changes_of, is_kept, merit_of, problem_of, problems, rotations, total_of, worst_of

many = settings(max_examples=4 * settings().max_examples)

NONE = SearchResult(picks=None, finished=True)


def goals(pairs: list[tuple[int, int]]) -> st.SearchStrategy[Goal]:
    """Limits about what some rotation comes to, or none."""
    if not pairs:
        return st.just(Goal())
    near = st.sampled_from((-1, 0, 1))

    def about(pair: tuple[int, int]) -> st.SearchStrategy[Goal]:
        worst, total = (st.none() | near.map(value.__add__) for value in pair)
        return st.builds(Goal, worst=worst, total=total)

    return st.sampled_from(pairs).flatmap(about)


def some_weights(problem: Problem) -> st.SearchStrategy[Ints | None]:
    count = len(problem.base)
    lists = st.lists(st.integers(0, 10**9), min_size=count, max_size=count)
    return st.none() | lists.map(lambda weights: np.array(weights, dtype=np.int64))


@many
@given(st.data())
def test_picks_come_out_where_some_keep_all_limits(data: st.DataObject) -> None:
    problem = data.draw(problems())
    pairs = [(worst_of(problem, picks), total_of(problem, picks)) for picks in rotations(problem)]
    goal = data.draw(goals(pairs))
    good = [
        pair
        for pair in pairs
        if (goal.worst is None or pair[0] <= goal.worst) and (goal.total is None or pair[1] <= goal.total)
    ]

    found = find_within(problem, goal, weights=data.draw(some_weights(problem)))

    assert found.finished
    assert (found.picks is not None) is bool(good)
    if found.picks is not None:
        assert is_kept(problem, found.picks)
        assert (worst_of(problem, found.picks), total_of(problem, found.picks)) in good


def standing(problem: Problem, picks: tuple[int, ...], *, total_first: bool) -> Standing:
    values = (*merit_of(problem, picks, total_first=total_first), changes_of(problem, picks))
    return Standing(values=values, total_first=total_first)


@many
@given(st.data())
def test_a_better_rotation_comes_out_where_there_is_one(data: st.DataObject) -> None:
    problem, total_first = data.draw(problems()), data.draw(st.booleans())
    first = best(problem, total_first=total_first)
    if first is None:
        return
    own = data.draw(st.sampled_from([*rotations(problem), *first.picks]))
    mine = standing(problem, own, total_first=total_first)
    goal = Goal(total=total_of(problem, own)) if total_first else Goal(worst=worst_of(problem, own))

    found = find_within(problem, goal, better_than=mine, weights=data.draw(some_weights(problem)))

    assert found.finished
    assert (found.picks is not None) is ((*first.values, first.changes) < mine.values)
    if found.picks is not None:
        assert is_kept(problem, found.picks)
        assert standing(problem, found.picks, total_first=total_first).values < mine.values


@given(problems())
def test_blocks_of_one_beginning_come_to_the_same(problem: Problem) -> None:
    least = min((worst_of(problem, picks) for picks in rotations(problem)), default=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof, "_CELLS", 1)
        below, there = (find_within(problem, Goal(worst=worst)) for worst in (least - 1, least))

    assert below == NONE
    assert there.picks is None or worst_of(problem, there.picks) == least
    assert (there.picks is None) is (not list(rotations(problem)))


def test_a_search_that_is_stopped_is_not_finished() -> None:
    problem = problem_of([[[1, 2], [2, 1]]] * 4)

    assert find_within(problem, Goal(worst=5), stop=lambda: True) == SearchResult(picks=None, finished=False)
    assert find_within(problem, Goal(worst=5)) == NONE
    assert find_within(problem, Goal(worst=6)).picks == (0, 0, 1, 1)


@pytest.mark.parametrize("base", [0, 10**15, 2**59])
def test_large_numbers_are_exact(base: int) -> None:
    costs = [[[10**14, 10**14 + 1], [10**14 + 1, 10**14]]] * 3
    problem = problem_of(costs, base=np.array([base, base], dtype=np.int64))
    least = base + 3 * 10**14 + 2

    assert find_within(problem, Goal(worst=least - 1)) == NONE
    assert find_within(problem, Goal(worst=least)).picks in {(0, 0, 1), (0, 1, 1)}


def test_the_total_of_what_all_have_borne_may_leave_64_bits() -> None:
    base, sizes = np.array([10**15, 10**15 - 1], dtype=np.int64), np.array([10**5, 10**5], dtype=np.int64)
    problem = problem_of([[[3, 1], [1, 2]]] * 2, base=base, sizes=sizes)
    least = 10**5 * (2 * 10**15 - 1 + 6)
    own = Standing(values=(least + 10**5, *[10**15 + 2] * 10**5, *[10**15 + 1] * 10**5, 0), total_first=True)

    assert least > 2**64
    assert find_within(problem, Goal(total=least - 1)) == NONE
    assert find_within(problem, Goal(total=least)).picks == (1, 1)
    assert find_within(problem, Goal(total=least + 10**5), better_than=own).picks == (1, 1)
    assert (
        find_within(problem, Goal(total=least), better_than=replace(own, values=(least - 1, *own.values[1:]))) == NONE
    )


def test_numbers_that_leave_64_bits_are_not_searched() -> None:
    problem = problem_of([[[2**62, 2**62]]])
    many_members = replace(problem_of([[[2**50, 1]]]), sizes=np.array([2**20], dtype=np.int64))

    for too_large in (problem, many_members):
        assert find_within(too_large, Goal(worst=1)) == SearchResult(picks=None, finished=False)
    assert find_within(problem_of([[[1]]]), Goal(worst=10**30, total=10**30)).picks == (0,)


def test_a_turn_that_nothing_may_take_has_no_picks() -> None:
    problem = problem_of([[[1, 2]], [[1, 2]]], allowed=np.array([[True, True], [False, False]]))

    assert find_within(problem, Goal()) == NONE


def test_a_problem_that_is_too_large_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "_MOST_COSTS", 3)

    assert find_within(problem_of([[[1, 2], [2, 1]]]), Goal(worst=0)) == SearchResult(picks=None, finished=False)
    assert find_within(problem_of([[[1, 2]]]), Goal(worst=0)) == NONE
