"""Candidate rules of dates that no single rule covers."""

from datetime import date, timedelta

import pytest

from mag_rotation.ics.recurrence import list_candidate_rules

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
