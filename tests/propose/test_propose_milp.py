"""The least worst burden by HiGHS, against a look at every rotation and against the exact search.

Laws: with time enough the answer is that of the stupid twin; without, whatever is claimed is true all the same.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import product
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from mag_rotation.burden import Bools, Ints
from mag_rotation.errors import MissingExtra
from mag_rotation.propose.milp import MilpProof, minimax_by_milp
from mag_rotation.propose.order import Aim
from mag_rotation.propose.problem import Picks, Problem
from paths import TESTS
from searches import search_halves

LONG = 60.0
NOTHING = MilpProof(picks=None, bound=None, closed=True)


def table(low: int, high: int, *shape: int) -> st.SearchStrategy[Ints]:
    """Arrays of whole numbers."""
    size = int(np.prod(shape))
    numbers = st.lists(st.integers(low, high), min_size=size, max_size=size)
    return numbers.map(lambda flat: np.array(flat, dtype=np.int64).reshape(shape))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Small problems with any mix of limits: equal turns are likely, and so are limits that cannot be kept."""
    turns, candidates, classes, rows = (draw(st.integers(low, 4)) for low in (1, 1, 0, 0))
    regimes = draw(st.integers(1, turns))
    regime = draw(st.lists(st.integers(0, regimes - 1), min_size=turns, max_size=turns))
    costs = draw(table(0, 9, regimes, classes, candidates))
    others = draw(table(-3, 4, regimes, rows, candidates))
    shut = draw(table(0, 9, regimes, candidates)) == 9
    pairs = [(one, other) for other in range(turns) for one in range(other)]
    clashing: list[tuple[int, int]] = []
    if draw(st.booleans()) and pairs:
        clashing = draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True))
    return Problem(
        costs=costs[regime],
        base=draw(table(0, 6, classes)),
        sizes=draw(table(1, 3, classes)),
        allowed=~shut[regime],
        changes=draw(table(0, 1, turns, candidates)),
        clashes=MappingProxyType({pair: draw(table(0, 2, candidates, candidates)) == 2 for pair in sorted(clashing)}),
        musts=tuple(draw(st.lists(st.integers(0, candidates - 1), max_size=2, unique=True))),
        rows=others[regime],
        row_base=draw(table(-2, 2, rows)),
        row_limits=draw(table(-1, 14, rows)),
        cap=draw(st.none() | st.integers(5, 40)),
        groups=np.zeros((0, classes), dtype=np.bool_),
    )


def every(problem: Problem) -> list[Picks]:
    """All picks that keep every limit."""
    picks = product(range(problem.allowed.shape[1]), repeat=problem.turns)
    return [one for one in picks if problem.keeps(one)]


def worst(problem: Problem, picks: Picks) -> int:
    return int(problem.burdens(picks).max(initial=0))


def problem_of(costs: ArrayLike, *, cap: int | None = None, musts: tuple[int, ...] = ()) -> Problem:
    """A problem without other limits, from costs by turn, class and candidate."""
    array = np.array(costs, dtype=np.int64)
    turns, classes, candidates = array.shape
    return Problem(
        costs=array,
        base=np.zeros(classes, dtype=np.int64),
        sizes=np.ones(classes, dtype=np.int64),
        allowed=np.ones((turns, candidates), dtype=np.bool_),
        changes=np.zeros((turns, candidates), dtype=np.int64),
        musts=musts,
        rows=np.zeros((turns, 0, candidates), dtype=np.int64),
        row_base=np.zeros(0, dtype=np.int64),
        row_limits=np.zeros(0, dtype=np.int64),
        cap=cap,
        groups=np.zeros((0, classes), dtype=np.bool_),
    )


def long_problem(turns: int, *, clashing: bool = False) -> Problem:
    """Turns that differ, too many of them to be looked at in no time."""
    problem = problem_of(np.random.default_rng(7).integers(0, 100, size=(turns, 12, 24)))
    same: Bools = np.eye(24, dtype=np.bool_)
    return replace(problem, clashes={(turn, turn + 1): same for turn in range(turns - 1)} if clashing else {})


@settings(max_examples=400)
@given(problem=problems(), data=st.data())
def test_the_answer_is_that_of_a_look_at_every_rotation(problem: Problem, data: st.DataObject) -> None:
    ways = every(problem)
    known = data.draw(st.none() | st.sampled_from(ways)) if ways else None

    proof = minimax_by_milp(problem, known=known, seconds=LONG)

    if not ways:
        assert proof == NOTHING
        return
    assert proof.picks in ways
    assert proof.closed
    assert proof.bound == worst(problem, proof.picks) == min(worst(problem, picks) for picks in ways)
    assert proof.picks == problem.canonical(proof.picks)


@given(problem=problems())
def test_the_answer_is_that_of_the_exact_search(problem: Problem) -> None:
    outcome = search_halves(problem, Aim())

    proof = minimax_by_milp(problem, known=None, seconds=LONG)

    assert outcome.closed
    assert (proof.picks is None) == (outcome.picks is None)
    if outcome.picks is not None:
        assert proof.bound == worst(problem, outcome.picks)


@given(problem=problems(), seconds=st.sampled_from((0.0, -1.0, 1e-6, 1e-4)), data=st.data())
def test_what_is_claimed_when_the_time_is_up_is_true(problem: Problem, seconds: float, data: st.DataObject) -> None:
    ways = every(problem)
    known = data.draw(st.none() | st.sampled_from(ways)) if ways else None

    proof = minimax_by_milp(problem, known=known, seconds=seconds)

    if not ways:
        assert proof.picks is None
        return
    least = min(worst(problem, picks) for picks in ways)
    assert proof.bound is not None
    assert proof.bound <= least
    assert proof.picks is not None or (known is None and not proof.closed)
    if proof.picks is not None:
        assert proof.picks in ways
        assert proof.closed == (proof.bound == worst(problem, proof.picks))


@pytest.mark.parametrize("clashing", [False, True])
def test_no_time_gives_a_bound_and_the_picks_that_were_known(*, clashing: bool) -> None:
    problem = long_problem(40, clashing=clashing)
    known = tuple(turn % 2 for turn in range(40))

    proof = minimax_by_milp(problem, known=known, seconds=0)

    each_alone = problem.costs.min(axis=2).sum(axis=0).max()
    assert proof.picks == known
    assert not proof.closed
    assert proof.bound is not None
    assert each_alone <= proof.bound < worst(problem, known)


def test_no_time_and_nothing_known_gives_no_picks_and_a_bound() -> None:
    proof = minimax_by_milp(long_problem(40), known=None, seconds=0)

    assert proof.picks is None
    assert not proof.closed
    assert proof.bound is not None


def test_known_picks_are_never_made_worse_and_the_fairer_of_two_as_good_is_given() -> None:
    # both rotations leave 5 for the first member; the second member bears 3 or 1
    problem = problem_of([[[5, 5], [3, 1]]])

    assert minimax_by_milp(problem, known=(1,), seconds=LONG).picks == (1,)


def test_known_picks_that_break_a_limit_are_left_aside() -> None:
    problem = problem_of([[[5, 1], [0, 4]]], cap=4)

    assert minimax_by_milp(problem, known=(0,), seconds=LONG) == MilpProof(picks=(1,), bound=4, closed=True)


@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(problem_of([[[5, 6]]], cap=4), id="a cap below what each member bears alone"),
        pytest.param(problem_of([[[5, 0], [0, 5]]], cap=4), id="a cap below what all can bear"),
        pytest.param(problem_of([[[1, 1, 1]]] * 2, musts=(0, 1, 2)), id="more musts than turns"),
        pytest.param(problem_of([[[5, 0], [0, 5]]], cap=-1), id="a cap below nothing"),
    ],
)
def test_limits_that_cannot_be_kept_are_proven_so(problem: Problem) -> None:
    assert minimax_by_milp(problem, known=None, seconds=LONG) == NOTHING


@pytest.mark.parametrize("turns", [0, 3])
def test_without_members_nobody_bears_anything(turns: int) -> None:
    problem = problem_of(np.zeros((turns, 0, 2)))

    assert minimax_by_milp(problem, known=None, seconds=LONG) == MilpProof(picks=(0,) * turns, bound=0, closed=True)


def test_sums_beyond_the_reach_of_floats_are_not_judged_by_them() -> None:
    # the two rotations differ by one in 10**16, which a float does not hold
    problem = problem_of([[[10**16 + 1, 10**16], [0, 0]]])

    assert minimax_by_milp(problem, known=None, seconds=LONG) == MilpProof(picks=None, bound=10**16, closed=False)
    assert minimax_by_milp(problem, known=(0,), seconds=LONG) == MilpProof(picks=(0,), bound=10**16, closed=False)
    assert minimax_by_milp(problem, known=(1,), seconds=LONG) == MilpProof(picks=(1,), bound=10**16, closed=True)


def test_the_same_problem_gives_the_same_proof() -> None:
    problem = long_problem(4, clashing=True)

    assert len({repr(minimax_by_milp(problem, known=None, seconds=LONG)) for _ in range(3)}) == 1


def test_nothing_is_written_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    minimax_by_milp(long_problem(4), known=(0,) * 4, seconds=LONG)
    minimax_by_milp(problem_of([[[5, 0], [0, 5]]], cap=4), known=None, seconds=LONG)

    assert capfd.readouterr() == ("", "")


def test_a_missing_package_is_named_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)

    with pytest.raises(MissingExtra, match=r"solve needs .*'highspy'.*pip install 'mag-rotation\[solve\]'"):
        minimax_by_milp(long_problem(4), known=None, seconds=LONG)


ALONE = """
import sys
import mag_rotation.propose.milp
assert "highspy" not in sys.modules, "loaded before it is needed"
"""

ANOTHER = """
import highspy
other = highspy.Highs()
other.setOptionValue("output_flag", False)
other.setOptionValue("threads", 2)
other.addVar(0, 1)
other.changeColIntegrality(0, highspy.HighsVarType.kInteger)
other.run()
"""

IMPORTED = [str(TESTS / folder) for folder in ("propose", "support", "oracles")]

AFTER_ANOTHER = f"""{ANOTHER}
import sys
sys.path[:0] = {IMPORTED!r}
from test_propose_milp import minimax_by_milp, problem_of
proof = minimax_by_milp(problem_of([[[5, 1, 3], [0, 4, 3]]]), known=None, seconds=60)
assert (proof.picks, proof.bound, proof.closed) == ((2,), 3, True), proof
"""


@pytest.mark.parametrize(("before", "script"), [("", ALONE), (ANOTHER, AFTER_ANOTHER)], ids=["alone", "after another"])
def test_a_process_is_left_as_it_is_and_taken_as_it_is(before: str, script: str) -> None:
    """What HiGHS prints when it is made, it prints to whoever makes it first."""
    alone, done = (
        subprocess.run(
            [sys.executable, "-c", each],
            cwd=TESTS,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        for each in (before, script)
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, alone.stdout, "")
