"""Candidate rules of dates that no single rule covers."""

from datetime import date, timedelta

import pytest

from mag_rotation.ics.recurrence import find_covering_rule, list_candidate_rules

FIRST = date(2026, 1, 6)


@pytest.mark.parametrize("weeks", [1, 2, 3, 4, 5, 6, 7, 8, 12])
@pytest.mark.parametrize("missing", [{3}, {2, 7}])
def test_a_rule_of_every_so_many_weeks_is_a_candidate_though_dates_are_missing(weeks: int, missing: set[int]) -> None:
    every = [FIRST + timedelta(weeks=weeks * turn) for turn in range(12)]
    days = [day for turn, day in enumerate(every) if turn not in missing]

    assert tuple(every) in [found for _, found in list_candidate_rules(days)]


def test_dates_on_two_weekdays_of_every_seventh_week_are_found() -> None:
    every = [FIRST + timedelta(weeks=7 * turn, days=gone) for turn in range(8) for gone in (0, 2)]
    days = [day for turn, day in enumerate(every) if turn != 5]

    assert tuple(every) in [found for _, found in list_candidate_rules(days)]


def test_no_dates_have_no_rule_and_one_date_has_one() -> None:
    assert list(list_candidate_rules([])) == []
    assert [found for _, found in list_candidate_rules([FIRST])] == [(FIRST,)]


@pytest.mark.parametrize(("ordinal", "days"), [(1, (6, 3, 3, 7)), (3, (20, 17, 17, 21)), (4, (27, 24, 24, 28))])
def test_the_same_weekday_of_every_month_is_a_rule_up_to_the_fourth(ordinal: int, days: tuple[int, ...]) -> None:
    found = find_covering_rule([date(2026, month, day) for month, day in enumerate(days, start=1)])

    assert found is not None
    assert found.body in {f"FREQ=MONTHLY;BYDAY={ordinal}TU", "FREQ=MONTHLY;BYDAY=-1TU"}


def test_the_fourth_weekday_is_not_taken_for_the_last() -> None:
    days = [date(2026, 3, 24), date(2026, 4, 28), date(2026, 5, 26), date(2026, 6, 23)]
    found = find_covering_rule(days)

    assert found is not None
    assert found.body == "FREQ=MONTHLY;BYDAY=4TU"
