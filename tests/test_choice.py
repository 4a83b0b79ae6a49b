"""Laws of comparing candidates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.choice import Comparison, Criterion, Figures, Standing, compare_figures, find_dominated

FEW = st.integers(min_value=0, max_value=4)
FIGURES = st.builds(Figures, worst=FEW, nights=FEW, total=FEW)


def figures(worst: int, nights: int, total: int) -> Figures:
    return Figures(worst=worst, nights=nights, total=total)


@pytest.mark.parametrize(
    ("candidate", "standing", "gains", "pays"),
    [
        ((5, 5, 5), "same", "", ""),
        ((4, 5, 5), "better", "worst", ""),
        ((5, 4, 5), "better", "nights", ""),
        ((5, 5, 4), "better", "total", ""),
        ((4, 4, 4), "better", "worst nights total", ""),
        ((6, 5, 5), "worse", "", "worst"),
        ((5, 6, 7), "worse", "", "nights total"),
        ((4, 6, 5), "trade", "worst", "nights"),
        ((6, 4, 4), "trade", "nights total", "worst"),
        ((6, 4, 6), "trade", "nights", "worst total"),
    ],
)
def test_candidate_is_compared_figure_by_figure(
    candidate: tuple[int, int, int], standing: str, gains: str, pays: str
) -> None:
    assert compare_figures(figures(*candidate), figures(5, 5, 5)) == Comparison(
        standing=Standing(standing),
        gains=tuple(map(Criterion, gains.split())),
        pays=tuple(map(Criterion, pays.split())),
    )


@given(FIGURES, FIGURES)
def test_better_is_said_only_of_what_dominates(one: Figures, other: Figures) -> None:
    standing = compare_figures(one, other).standing
    assert (standing is Standing.BETTER) == one.dominates(other)
    assert (standing is Standing.WORSE) == other.dominates(one)
    assert (standing is Standing.SAME) == (one == other)


@given(st.lists(FIGURES, max_size=12))
def test_dominated_rows_are_those_that_another_row_dominates(rows: list[Figures]) -> None:
    assert find_dominated(rows) == tuple(any(other.dominates(row) for other in rows) for row in rows)


@given(st.lists(FIGURES, min_size=1, max_size=12))
def test_some_row_is_never_dominated(rows: list[Figures]) -> None:
    assert not all(find_dominated(rows))


def test_no_rows_have_no_dominated_row() -> None:
    assert find_dominated([]) == ()
