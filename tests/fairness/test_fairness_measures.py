"""Measures of burdens: values worked out by hand, and the laws that each measure keeps and breaks.

Law: every law of the literature that a measure does not keep has an example here that shows it, so that nobody takes
the measure for more than it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mag_rotation.fairness import gini, jain, leximin_key, mean, spread, total, worst

Measure = Callable[[Sequence[int]], float]

burdens = st.lists(st.one_of(st.sampled_from((0, 0, 60, 600)), st.integers(0, 20_000)), min_size=1, max_size=12)
factors = st.integers(1, 50)

FIGURES: dict[str, Measure] = {
    "worst": worst,
    "total": total,
    "mean": mean,
    "spread": spread,
    "gini": gini,
    "jain": jain,
}

BY_HAND = [
    # burdens: worst, total, mean, spread, gini, jain
    pytest.param([60, 180, 120], (180, 360, 120.0, 120, 2 / 9, 6 / 7), id="three different ones"),
    pytest.param([0, 0, 0, 600], (600, 600, 150.0, 600, 0.75, 0.25), id="one bears all"),
    pytest.param([300, 300], (300, 600, 300.0, 0, 0.0, 1.0), id="both bear the same"),
    pytest.param([100, 300], (300, 400, 200.0, 200, 0.25, 0.8), id="one bears three times as much"),
    pytest.param([1, 2, 4], (4, 7, 7 / 3, 3, 2 / 7, 49 / 63), id="a mean that is no integer"),
    pytest.param([7], (7, 7, 7.0, 0, 0.0, 1.0), id="one member"),
    pytest.param([0, 0, 0], (0, 0, 0.0, 0, 0.0, 1.0), id="nobody bears anything"),
    pytest.param([], (0, 0, 0.0, 0, 0.0, 1.0), id="nobody at all"),
]


@pytest.mark.parametrize(("values", "expected"), BY_HAND)
def test_the_measures_are_what_a_hand_works_out(values: list[int], expected: tuple[float, ...]) -> None:
    assert tuple(measure(values) for measure in FIGURES.values()) == expected


def test_what_counts_minutes_is_an_integer() -> None:
    assert [type(measure([60, 121])) for measure in (worst, total, spread)] == [int, int, int]


def test_nobody_has_an_empty_key() -> None:
    assert leximin_key([]) == ()


@pytest.mark.parametrize("name", FIGURES)
@given(burdens, st.randoms(use_true_random=False))
def test_anonymity_who_bears_what_does_not_matter(name: str, values: list[int], chance: Random) -> None:
    shuffled = values.copy()
    chance.shuffle(shuffled)

    assert FIGURES[name](shuffled) == FIGURES[name](values)


@given(burdens)
def test_anonymity_of_the_leximin_key(values: list[int]) -> None:
    assert leximin_key(values[::-1]) == leximin_key(values)


@pytest.mark.parametrize("measure", [gini, jain])
@given(burdens, factors)
def test_scale_invariance_the_unit_does_not_matter(measure: Measure, values: list[int], factor: int) -> None:
    assert measure([factor * value for value in values]) == measure(values)


@pytest.mark.parametrize("measure", [worst, total, spread])
@given(burdens, factors)
def test_homogeneity_in_another_unit_it_is_as_many_times_as_much(
    measure: Measure, values: list[int], factor: int
) -> None:
    assert measure([factor * value for value in values]) == factor * measure(values)


@given(burdens, factors)
def test_homogeneity_of_the_mean(values: list[int], factor: int) -> None:
    assert mean([factor * value for value in values]) == pytest.approx(factor * mean(values))


@given(burdens, factors)
def test_homogeneity_of_the_leximin_key(values: list[int], factor: int) -> None:
    assert leximin_key([factor * value for value in values]) == tuple(factor * value for value in leximin_key(values))


@pytest.mark.parametrize("measure", [gini, jain, worst, mean, spread])
@given(burdens, st.integers(2, 5))
def test_replication_invariance_a_room_twice_as_large_is_as_unequal(
    measure: Measure, values: list[int], times: int
) -> None:
    assert measure(values * times) == measure(values)


def test_the_total_and_the_key_know_how_many_members_there_are() -> None:
    assert total([60, 0] * 2) == 2 * total([60, 0])
    assert leximin_key([60, 0] * 2) == (60, 60, 0, 0)


@st.composite
def transfers(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Burdens before and after one member takes a part of another's: less than what would turn the two round."""
    before = draw(st.lists(st.integers(0, 5000), min_size=2, max_size=8))
    heavy = draw(st.integers(0, len(before) - 1))
    light = draw(st.integers(0, len(before) - 1))
    assume(before[heavy] - before[light] >= 2)
    part = draw(st.integers(1, before[heavy] - before[light] - 1))
    after = before.copy()
    after[heavy] -= part
    after[light] += part
    return before, after


@given(transfers())
def test_pigou_dalton_to_take_from_who_bears_more_is_fairer_by_leximin_gini_and_jain(
    moved: tuple[list[int], list[int]],
) -> None:
    before, after = moved

    assert leximin_key(after) < leximin_key(before)
    assert gini(after) < gini(before)
    assert jain(after) > jain(before)


@given(transfers())
def test_pigou_dalton_weakly_the_worst_and_the_spread_never_rise(moved: tuple[list[int], list[int]]) -> None:
    before, after = moved

    assert worst(after) <= worst(before)
    assert spread(after) <= spread(before)


def test_pigou_dalton_does_not_hold_strictly_for_worst_and_spread_which_see_only_the_ends() -> None:
    before, after = [0, 200, 400, 600], [0, 300, 300, 600]

    assert (worst(after), spread(after)) == (worst(before), spread(before))
    assert leximin_key(after) < leximin_key(before)


@given(transfers())
def test_pigou_dalton_does_not_hold_for_mean_and_total_which_do_not_see_who_bears_it(
    moved: tuple[list[int], list[int]],
) -> None:
    before, after = moved

    assert (mean(after), total(after)) == (mean(before), total(before))


@given(burdens)
def test_gini_lies_between_equality_and_one_who_bears_all(values: list[int]) -> None:
    assert 0 <= gini(values) <= 1 - 1 / len(values) + 1e-15


@given(burdens)
def test_jain_lies_between_one_who_bears_all_and_equality(values: list[int]) -> None:
    assert 1 / len(values) - 1e-15 <= jain(values) <= 1


@given(st.integers(1, 10_000), st.integers(1, 30))
def test_the_ends_are_reached_where_one_bears_all_and_where_all_bear_the_same(value: int, count: int) -> None:
    alone, alike = [value] + [0] * (count - 1), [value] * count

    assert (gini(alone), jain(alone)) == (float(Fraction(count - 1, count)), 1 / count)
    assert (gini(alike), jain(alike)) == (0.0, 1.0)


@given(burdens)
def test_gini_is_the_sum_over_all_pairs_of_its_definition(values: list[int]) -> None:
    count, middle = len(values), Fraction(sum(values), len(values))
    apart = sum(abs(one - other) for one, other in product(values, repeat=2))
    expected = apart / (2 * count**2 * middle) if middle else Fraction(0)

    assert gini(values) == float(expected)


@given(burdens)
def test_jain_is_its_definition(values: list[int]) -> None:
    squares = sum(value**2 for value in values)
    expected = Fraction(sum(values) ** 2, len(values) * squares) if squares else Fraction(1)

    assert jain(values) == float(expected)


@given(burdens, burdens)
def test_leximin_spares_the_worst_off_first(one: list[int], other: list[int]) -> None:
    other = [*other, worst(one) + 1]

    assert leximin_key(one) < leximin_key(other)


@given(burdens, burdens)
def test_where_the_worst_off_bear_the_same_the_others_decide(one: list[int], other: list[int]) -> None:
    most = worst(one + other)

    assert (leximin_key([most, *one]) < leximin_key([most, *other])) is (leximin_key(one) < leximin_key(other))


@given(burdens, st.integers(1, 500), st.data())
def test_monotony_a_burden_more_is_worse_by_leximin_mean_and_total_whoever_bears_it(
    values: list[int], more: int, data: st.DataObject
) -> None:
    who = data.draw(st.integers(0, len(values) - 1))
    heavier = [value + more * (index == who) for index, value in enumerate(values)]

    assert leximin_key(heavier) > leximin_key(values)
    assert total(heavier) > total(values)
    assert mean(heavier) > mean(values)


def standard_deviation(values: Sequence[int]) -> float:
    """What others optimise; it is no measure of this library."""
    middle = sum(values) / len(values)
    return float((sum((value - middle) ** 2 for value in values) / len(values)) ** 0.5)


def test_equal_misery_pleases_the_standard_deviation_and_not_leximin() -> None:
    rotation, misery = [60, 180, 120], [600, 600, 600]

    assert standard_deviation(misery) < standard_deviation(rotation)
    assert leximin_key(misery) > leximin_key(rotation)


def test_equal_misery_pleases_gini_jain_and_the_spread_too_so_none_of_them_is_optimised() -> None:
    rotation, misery = [60, 180, 120], [600, 600, 600]

    assert gini(misery) < gini(rotation)
    assert jain(misery) > jain(rotation)
    assert spread(misery) < spread(rotation)


def test_a_mean_of_groups_hides_the_one_who_bears_most_and_leximin_over_members_does_not() -> None:
    # two regions of two: the first plan has the smaller worst group mean and puts 50 on one member
    outlier, even = [[50, 0], [24, 24]], [[26, 26], [26, 26]]

    assert max(map(mean, outlier)) < max(map(mean, even))
    assert leximin_key([50, 0, 24, 24]) > leximin_key([26, 26, 26, 26])
