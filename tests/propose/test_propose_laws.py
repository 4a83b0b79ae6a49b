"""What must hold of fairest rotations, bounds and certificates whatever the numbers are.

Law: a wider choice never hurts and a limit never helps; nothing depends on names, order or units; no rotation comes
below a bound, whatever the weights, and the weights that are found prove nearly as much as any could.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mag_rotation.burden import Ints
from mag_rotation.propose import linear
from mag_rotation.propose.frontier import Point, knee, sweep, thin_frontier
from mag_rotation.propose.linear import proven_bound
from mag_rotation.propose.order import Aim
from mag_rotation.propose.problem import Picks, Problem
from parts import require_module
from searches import dual_weights, rounded_picks, search_halves
from twin_propose import Values, certified, changes_of, merit_of, problem_of, problems, rotations, worst_of

some = settings(max_examples=3 * settings().max_examples)

FINE = 100_000
"""About how many weights there are in all."""

EASY = (1, 2, 5, 12, 60)


def fairest(problem: Problem, *, total_first: bool = False) -> tuple[Values, int, Picks] | None:
    """The best burdens, the fewest calls moved with them, and the picks; None where no rotation keeps every limit."""
    found = search_halves(problem, Aim(total_first=total_first))
    assert found.closed
    if found.picks is None:
        return None
    values = merit_of(problem, found.picks, total_first=total_first)
    return values, changes_of(problem, found.picks), found.picks


def assert_no_better(problem: Problem, other: Problem) -> None:
    """The first has no fairest rotation that is better than that of the other."""
    mine, theirs = fairest(problem), fairest(other)
    if mine is not None:
        assert theirs is not None
        assert theirs[:2] <= mine[:2]


def with_classes(problem: Problem, classes: Sequence[int]) -> Problem:
    """The problem with these classes of it, in this order."""
    at = np.array(classes, dtype=np.int64)
    return replace(
        problem,
        costs=problem.costs[:, at],
        base=problem.base[at],
        sizes=problem.sizes[at],
        groups=problem.groups[:, at],
    )


def with_candidates(problem: Problem, at: Sequence[int]) -> Problem:
    """The problem with its candidates in another order."""
    return replace(
        problem,
        costs=problem.costs[:, :, at],
        allowed=problem.allowed[:, at],
        changes=problem.changes[:, at],
        rows=problem.rows[:, :, at],
        clashes={pair: clash[np.ix_(at, at)] for pair, clash in problem.clashes.items()},
        musts=tuple(list(at).index(must) for must in problem.musts),
    )


@given(problems(), st.data())
def test_adding_a_candidate_never_worsens_the_worst(problem: Problem, data: st.DataObject) -> None:
    allowed = problem.allowed.copy()
    allowed[:, data.draw(st.integers(0, allowed.shape[1] - 1))] = False
    assert_no_better(replace(problem, allowed=allowed), problem)


@given(problems(), st.integers(0, 2**32))
def test_adding_a_limit_never_improves_the_worst(problem: Problem, seed: int) -> None:
    chance = np.random.default_rng(seed)
    turns, candidates = problem.allowed.shape
    row = chance.integers(0, 4, size=(turns, 1, candidates))
    stricter = [
        replace(problem, allowed=problem.allowed & (chance.random((turns, candidates)) < 0.7)),
        replace(problem, musts=(*problem.musts, int(chance.integers(candidates)))),
        replace(
            problem,
            rows=np.concatenate([problem.rows, row], axis=1),
            row_base=np.append(problem.row_base, 0),
            row_limits=np.append(problem.row_limits, turns),
        ),
    ]
    if turns > 1:
        clash = problem.clashes.get((0, 1), np.zeros((candidates, candidates), dtype=np.bool_))
        clashes = {**problem.clashes, (0, 1): clash | (chance.random((candidates, candidates)) < 0.4)}
        stricter.append(replace(problem, clashes=clashes))
    found = fairest(problem)
    if found is not None and found[0][0]:
        stricter.append(replace(problem, cap=found[0][0] - 1))
    for other in stricter:
        assert_no_better(other, problem)


@given(problems())
def test_a_cap_just_below_the_worst_leaves_nothing_and_at_it_everything(problem: Problem) -> None:
    found = fairest(problem)
    assume(found is not None and found[0][0] > 0)
    assert found is not None
    assert fairest(replace(problem, cap=found[0][0])) == found
    assert fairest(replace(problem, cap=found[0][0] - 1)) is None


@given(problems(), st.data())
def test_doubling_a_member_leaves_the_worst_as_it_is(problem: Problem, data: st.DataObject) -> None:
    assume(len(problem.sizes))
    sizes = problem.sizes.copy()
    sizes[data.draw(st.integers(0, len(sizes) - 1))] += 1
    one, other = fairest(problem), fairest(replace(problem, sizes=sizes))
    assert (one and one[0][0]) == (other and other[0][0])


@given(problems())
def test_doubling_every_member_changes_no_pick(problem: Problem) -> None:
    one, other = fairest(problem), fairest(replace(problem, sizes=2 * problem.sizes))
    assert (one and one[2]) == (other and other[2])


@given(problems())
def test_a_class_cut_into_two_changes_nothing(problem: Problem) -> None:
    classes = range(len(problem.sizes))
    cut = with_classes(problem, [*classes, *classes])
    sizes = np.concatenate([problem.sizes, np.ones(len(problem.sizes), dtype=np.int64)])
    assert fairest(replace(cut, sizes=sizes)) == fairest(replace(problem, sizes=problem.sizes + 1))


@given(problems(), st.sampled_from((2, 7, 1000)))
def test_scaling_all_costs_scales_the_worst(problem: Problem, factor: int) -> None:
    scaled = replace(
        problem,
        costs=problem.costs.astype(np.int64) * factor,
        base=problem.base * factor,
        cap=None if problem.cap is None else problem.cap * factor,
    )
    for total_first in (False, True):
        one, other = fairest(problem, total_first=total_first), fairest(scaled, total_first=total_first)
        expected = one and (tuple(factor * value for value in one[0]), *one[1:])
        assert other == expected


@given(problems(), st.integers(0, 10**6))
def test_a_past_that_all_share_is_added_to_the_worst(problem: Problem, past: int) -> None:
    assume(len(problem.sizes))
    later = replace(problem, base=problem.base + past, cap=None if problem.cap is None else problem.cap + past)
    one, other = fairest(problem), fairest(later)
    assert (one and (one[0][0] + past, *one[1:])) == (other and (other[0][0], *other[1:]))


@given(problems(), st.data())
def test_the_order_of_classes_does_not_matter(problem: Problem, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(problem.sizes))))
    assert fairest(with_classes(problem, order)) == fairest(problem)


@given(problems())
def test_the_order_of_turns_does_not_matter(problem: Problem) -> None:
    last = problem.turns - 1
    turned = replace(
        problem,
        costs=problem.costs[::-1],
        allowed=problem.allowed[::-1],
        changes=problem.changes[::-1],
        rows=problem.rows[::-1],
        clashes={(last - other, last - one): clash.T for (one, other), clash in problem.clashes.items()},
    )
    one, other = fairest(problem), fairest(turned)
    assert (one and one[:2]) == (other and other[:2])


@given(problems(), st.data())
def test_renaming_candidates_changes_no_burden(problem: Problem, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(problem.allowed.shape[1])))
    one, other = fairest(problem), fairest(with_candidates(problem, order))
    assert (one and one[:2]) == (other and other[:2])


@given(problems(limits=False))
def test_the_same_turns_once_more_put_at_most_twice_as_much_on_anybody(problem: Problem) -> None:
    assume(problem.turns <= 3)
    again = replace(
        problem,
        costs=np.concatenate([problem.costs, problem.costs]),
        base=2 * problem.base,
        allowed=np.concatenate([problem.allowed, problem.allowed]),
        changes=np.concatenate([problem.changes, problem.changes]),
        rows=np.concatenate([problem.rows, problem.rows]),
    )
    one, other = fairest(problem), fairest(again)
    assert one is not None
    assert other is not None
    assert other[0][0] <= 2 * one[0][0]


@given(problems())
def test_the_ends_of_the_frontier_are_the_fairest_and_the_least_total(problem: Problem) -> None:
    points = sweep(problem)
    assert points is not None
    assert all(one.worst < other.worst and one.total > other.total for one, other in pairwise(points))
    fair, least = fairest(problem), fairest(problem, total_first=True)
    assert bool(points) == (fair is not None)
    if points and fair is not None and least is not None:
        assert (points[0].worst, points[-1].total) == (fair[0][0], least[0][0])


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=12))
def test_the_knee_is_a_point_below_the_line_between_the_ends(pairs: list[tuple[int, int]]) -> None:
    points = thin_frontier(Point(worst=worst, total=total, picks=()) for worst, total in pairs)
    bend = knee(points, whole=True)

    def depth(point: Point) -> int:
        first, last = points[0], points[-1]
        line = first.total * (last.worst - point.worst) + last.total * (point.worst - first.worst)
        return line - point.total * (last.worst - first.worst)

    if bend is None:
        assert all(depth(point) <= 0 for point in points[1:-1])
    else:
        assert depth(bend) == max(depth(point) for point in points) > 0


def random_problem(seed: int, *, turns: int, classes: int, candidates: int, top: int) -> Problem:
    """A problem without limits, too large for a twin; some turns of it are equal."""
    chance = np.random.default_rng(seed)
    costs = chance.integers(0, top, size=(turns, classes, candidates), endpoint=True)
    costs[turns // 2 :] = costs[: turns - turns // 2][::-1]
    return problem_of(costs, base=chance.integers(0, top, size=classes), sizes=chance.integers(1, 4, size=classes))


@pytest.mark.parametrize("seed", range(4))
def test_two_ways_of_searching_agree_on_problems_of_a_million_rotations(seed: int) -> None:
    problem = random_problem(seed, turns=6, classes=9, candidates=10, top=(9, 300, 20_000, 10**6)[seed])
    points, fair, least = sweep(problem), fairest(problem), fairest(problem, total_first=True)
    assert points
    assert fair is not None
    assert least is not None
    assert (points[0].worst, points[-1].total) == (fair[0][0], least[0][0])
    for point in points[1:-1]:
        found = search_halves(problem, Aim(limit=point.worst, total_first=True), known=points[0].picks)
        assert found.closed
        assert found.picks is not None
        assert merit_of(problem, found.picks, total_first=True)[0] == point.total


@some
@given(problems(limits=False), st.data())
def test_no_rotation_comes_below_what_any_weights_prove(problem: Problem, data: st.DataObject) -> None:
    heaviest = data.draw(st.sampled_from((1, 9, FINE)))
    weights = [data.draw(st.integers(0, heaviest)) for _ in problem.sizes]
    value, scale = certified(problem, weights)
    assert proven_bound(problem, np.array(weights, dtype=np.int64)) == value
    assert all(value <= scale * worst_of(problem, picks) for picks in rotations(problem))


@some
@given(problems(limits=False))
def test_the_weights_that_are_found_are_a_certificate(problem: Problem) -> None:
    weights = dual_weights(problem, scale=FINE)
    value, scale = certified(problem, weights.tolist())
    assert proven_bound(problem, weights) == value
    assert bool(scale) == bool(len(problem.sizes))
    assert all(value <= scale * worst_of(problem, picks) for picks in rotations(problem))


@given(problems(limits=False), st.integers(0, 100))
def test_the_prices_of_a_limit_prove_a_least_total(problem: Problem, limit: int) -> None:
    weights = dual_weights(problem, scale=FINE, limit=limit)
    assert all(weight >= 0 for weight in weights.tolist())
    value, scale = certified(problem, (FINE * problem.sizes + weights).tolist())
    for picks in rotations(problem):
        if worst_of(problem, picks) <= limit:
            total = merit_of(problem, picks, total_first=True)[0]
            assert value - (scale - FINE * int(problem.sizes.sum())) * limit <= FINE * total


@some
@given(problems(limits=False, tops=EASY), st.booleans())
def test_no_weights_of_a_fine_grid_prove_more_by_a_hundredth(problem: Problem, few_rows: bool) -> None:
    problem = with_classes(problem, range(min(3, len(problem.sizes))))
    assume(len(problem.sizes))
    with pytest.MonkeyPatch.context() as patch:
        if few_rows:
            patch.setattr(linear, "_ROWS", 1)
        value, scale = certified(problem, dual_weights(problem, scale=FINE).tolist())
    fine = 12 if len(problem.sizes) == 3 else 60
    grid = (weights for weights in product(range(fine + 1), repeat=len(problem.sizes)) if sum(weights) == fine)
    most = max(certified(problem, weights)[0] for weights in grid)
    assert 100 * fine * value >= 99 * scale * most - scale


@given(problems(limits=False))
def test_rounded_picks_are_allowed(problem: Problem) -> None:
    picks = rounded_picks(problem)
    assert all(problem.allowed[turn, pick] for turn, pick in enumerate(picks))


@pytest.mark.parametrize("half", [1, 2, 5])
def test_rounded_picks_share_equal_turns_out_as_the_relaxation_does(half: int) -> None:
    problem = problem_of([[[0, 1, 9], [1, 0, 9]]] * (2 * half))
    assert sorted(rounded_picks(problem)) == [0] * half + [1] * half


@pytest.mark.parametrize(
    ("seed", "turns", "classes", "candidates"), [(0, 3, 5, 8), (1, 5, 40, 48), (2, 8, 120, 24), (3, 12, 300, 12)]
)
def test_the_weights_prove_what_a_foreign_solver_says_can_be_proven(
    seed: int, turns: int, classes: int, candidates: int
) -> None:
    problem = random_problem(seed, turns=turns, classes=classes, candidates=candidates, top=1200)
    value, scale = certified(problem, dual_weights(problem, scale=FINE).tolist())
    most = least_shared_worst(problem)
    assert 0.99 * most <= value / scale <= most + 1e-6


def least_shared_worst(problem: Problem) -> float:
    """The least worst burden where a turn may be shared out among candidates, by HiGHS."""
    highspy = require_module("highspy", "pip install 'mag-rotation[solve]'")
    solver = highspy.Highs()
    solver.silent()
    turns, classes, candidates = problem.costs.shape
    width = turns * candidates
    for column in range(width + 1):
        solver.addCol(float(column == width), 0.0, highspy.kHighsInf, 0, [], [])
    for turn in range(turns):
        mine: Ints = np.arange(turn * candidates, (turn + 1) * candidates, dtype=np.int32)
        solver.addRow(1.0, 1.0, candidates, mine, np.ones(candidates))
    for number in range(classes):
        borne = np.append(problem.costs[:, number].reshape(-1), -1).astype(np.float64)
        every: Ints = np.arange(width + 1, dtype=np.int32)
        solver.addRow(-highspy.kHighsInf, float(-problem.base[number]), width + 1, every, borne)
    solver.run()
    return float(solver.getInfo().objective_function_value)
