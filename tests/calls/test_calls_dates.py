"""Rule dates, what a rule may say, and what clock changes make of a start.

Law: dates are counted from the anchor; a wall time that is skipped or repeated is told on the call.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.calls import MOST_DATES, Call, check_repeat, expand_rule_dates, unroll
from mag_rotation.calls.dates import find_first_rule_date, find_next_rule_date
from mag_rotation.calls.turns import count_weeks
from mag_rotation.errors import InvalidSeries, UnknownZone
from mag_rotation.roster import ZoneName
from mag_rotation.series import Advance, Extra, Override, Phase, Rotation, Schedule, Series, Slot
from mag_rotation.zones import Adjustment
from twin_turns import ABC, MEETING, letters, slots, weekly

NEW_YORK = ZoneName("America/New_York")
NO_DATE = "which gives no date up to the year 2999"
TO_INSTEAD = "the rule of a phase ends with it, so give the phase's `to` instead"


def days(repeat: str, first: date, count: int) -> list[str]:
    """The first dates of a rule, day and month."""
    return [f"{day.date:%d %b}" for day in expand_rule_dates(Schedule(first=first, repeat=repeat, count=count))]


@pytest.mark.parametrize(
    ("repeat", "first", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=2TU", date(2025, 1, 1), ["14 Jan", "11 Feb", "11 Mar"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", date(2025, 1, 1), ["31 Jan", "28 Feb", "28 Mar"]),
        ("FREQ=MONTHLY;BYDAY=WE;BYMONTHDAY=23,24,25,26,27,28,29", date(2020, 1, 1), ["29 Jan", "26 Feb", "25 Mar"]),
        ("FREQ=MONTHLY;BYDAY=4WE", date(2020, 1, 1), ["22 Jan", "26 Feb", "25 Mar"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", date(2020, 5, 1), ["29 May", "30 Jun", "31 Jul"]),
        ("FREQ=MONTHLY;BYDAY=1WE,2WE,3WE,4WE", date(2020, 7, 15), ["15 Jul", "22 Jul", "05 Aug"]),
        ("FREQ=MONTHLY", date(2020, 1, 31), ["31 Jan", "31 Mar", "31 May"]),
        ("FREQ=WEEKLY;INTERVAL=2", date(2020, 12, 22), ["22 Dec", "05 Jan", "19 Jan"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", date(2020, 9, 8), ["08 Sep", "20 Sep", "22 Sep"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", date(2020, 9, 8), ["08 Sep", "13 Sep", "22 Sep"]),
        ("FREQ=DAILY;INTERVAL=10", date(2020, 2, 25), ["25 Feb", "06 Mar", "16 Mar"]),
        ("FREQ=DAILY;BYDAY=MO,FR", date(2020, 9, 8), ["11 Sep", "14 Sep", "18 Sep"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", date(2020, 1, 1), ["26 Nov", "25 Nov", "24 Nov"]),
        ("FREQ=YEARLY;BYYEARDAY=-1", date(2020, 1, 1), ["31 Dec", "31 Dec", "31 Dec"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2020, 3, 1), ["29 Feb", "29 Feb", "29 Feb"]),
    ],
)
def test_a_rule_gives_the_dates_that_it_says(repeat: str, first: date, expected: list[str]) -> None:
    assert check_repeat(repeat) is None
    assert days(repeat, first, 3) == expected


@pytest.mark.parametrize(
    ("word", "first", "expected"),
    [
        ("daily", date(2026, 2, 27), ["27 Feb", "28 Feb", "01 Mar"]),
        ("weekly", date(2026, 12, 22), ["22 Dec", "29 Dec", "05 Jan"]),
        ("fortnightly", date(2026, 12, 22), ["22 Dec", "05 Jan", "19 Jan"]),
        ("monthly", date(2026, 10, 13), ["13 Oct", "10 Nov", "08 Dec"]),
        ("monthly", date(2026, 10, 1), ["01 Oct", "05 Nov", "03 Dec"]),
        ("monthly", date(2026, 9, 28), ["28 Sep", "26 Oct", "23 Nov"]),
        ("monthly", date(2026, 9, 29), ["29 Sep", "27 Oct", "24 Nov"]),
        ("monthly", date(2026, 12, 31), ["31 Dec", "28 Jan", "25 Feb"]),
        ("monthly", date(2028, 2, 29), ["29 Feb", "28 Mar", "25 Apr"]),
        (" Monthly ", date(2026, 10, 13), ["13 Oct", "10 Nov", "08 Dec"]),
    ],
)
def test_a_word_gives_the_dates_that_it_means(word: str, first: date, expected: list[str]) -> None:
    schedule = Schedule(first=first, repeat=word, count=3)

    assert days(word, first, 3) == expected
    assert check_repeat(schedule.repeat) is None
    assert replace(schedule) == schedule


@given(first=st.dates(date(1900, 1, 1), date(2990, 1, 1)))
def test_monthly_is_the_first_to_fourth_of_its_weekday_else_the_last(first: date) -> None:
    def of_its_weekday(year: int, month: int) -> list[date]:
        every = (date(year, month, 1) + timedelta(days=day) for day in range(31))
        return [day for day in every if day.month == month and day.weekday() == first.weekday()]

    place = of_its_weekday(first.year, first.month).index(first)
    months = [(first.year + (first.month - 1 + ahead) // 12, (first.month - 1 + ahead) % 12 + 1) for ahead in range(14)]
    found = expand_rule_dates(Schedule(first=first, repeat="monthly", count=14))

    assert [day.date for day in found] == [of_its_weekday(*month)[-1 if place == 4 else place] for month in months]


def test_a_phase_counts_its_word_from_its_own_first_day() -> None:
    phase = Phase(name="P", first=date(2026, 3, 31), last=date(2026, 6, 30), repeat="monthly")

    assert phase.repeat == "FREQ=MONTHLY;BYDAY=-1TU"
    assert Phase(name="P", first=date(2026, 3, 3), last=date(2026, 6, 30), repeat="Fortnightly").repeat == (
        "FREQ=WEEKLY;INTERVAL=2"
    )


def test_a_week_of_the_year_without_a_day_takes_the_weekday_of_the_anchor() -> None:
    # RFC 5545 3.3.10: what the rule leaves open comes from DTSTART. 7 January 2020 is a Tuesday.
    assert days("FREQ=YEARLY;BYWEEKNO=20", date(2020, 1, 7), 3) == ["12 May", "18 May", "17 May"]
    assert days("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO,FR", date(2020, 1, 7), 3) == ["11 May", "15 May", "17 May"]


@pytest.mark.parametrize("repeat", ["FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=TU,SU;INTERVAL=2", "FREQ=YEARLY"])
@pytest.mark.parametrize("first", [date(1900, 3, 1), date(2000, 2, 29), date(2020, 12, 28), date(2999, 1, 1)])
def test_dates_are_counted_from_the_anchor_in_any_year(repeat: str, first: date) -> None:
    dates = [
        day.date for day in expand_rule_dates(Schedule(first=first, repeat=repeat, until=date(first.year, 12, 31)))
    ]

    weeks = [day for day in dates if day.weekday() in {1, 6} and count_weeks(first, day) % 2 == 0]
    thirds = [first + timedelta(days=3 * number) for number in range(len(dates))]
    assert dates == {"DAILY": thirds, "WEEKLY": weeks, "YEARLY": [first]}[repeat[5:].partition(";")[0]]


def test_first_need_not_match_the_rule_and_is_then_no_call() -> None:
    mondays = Schedule(first=date(2020, 9, 8), repeat="FREQ=WEEKLY;BYDAY=MO", until=date(2020, 9, 21))

    assert [day.date for day in expand_rule_dates(mondays)] == [date(2020, 9, 14), date(2020, 9, 21)]


def test_until_is_included() -> None:
    assert len(expand_rule_dates(Schedule(first=date(2020, 9, 8), repeat="FREQ=WEEKLY", until=date(2020, 9, 22)))) == 3
    assert len(expand_rule_dates(Schedule(first=date(2020, 9, 8), repeat="FREQ=WEEKLY", until=date(2020, 9, 21)))) == 2


def test_count_counts_silenced_dates_too() -> None:
    silent = Phase(name="event", first=date(2020, 9, 15), last=date(2020, 9, 22), calls=False)
    series = Series(meeting=MEETING, schedule=weekly(4), rotation=ABC, phases=(silent,))

    assert letters(unroll(series)) == "AB"
    assert [day.silent for day in expand_rule_dates(series.schedule, series.phases)] == [False, True, True, False]


def test_the_first_rule_date_is_found_however_late_it_is() -> None:
    # the rule meets a 29 February in 2000 for the first time, sixty years after its anchor
    rare = Schedule(
        first=date(1940, 3, 1), repeat="FREQ=YEARLY;INTERVAL=60;BYMONTH=2;BYMONTHDAY=29", until=date(2001, 1, 1)
    )
    series = Series(meeting=MEETING, schedule=rare, rotation=replace(ABC, advance=Advance.WEEK))

    assert find_first_rule_date(rare) == date(2000, 2, 29)
    assert letters(unroll(series)) == "A"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 1, 1), date(2020, 9, 8)),  # before the schedule begins
        (date(2020, 9, 8), date(2020, 9, 8)),
        (date(2020, 9, 9), date(2020, 9, 22)),
        (date(2020, 9, 22), date(2020, 9, 22)),
        (date(2020, 9, 23), date(2020, 10, 6)),  # after its two dates
        (date(2999, 12, 18), date(2999, 12, 31)),
        (date(2999, 12, 31), date(2999, 12, 31)),
    ],
)
def test_the_next_rule_date_is_that_day_or_later_whenever_the_schedule_ends(day: date, expected: date) -> None:
    autumn = Schedule(first=date(2020, 9, 8), repeat="FREQ=WEEKLY;INTERVAL=2", count=2)

    assert find_next_rule_date(autumn, day) == expected


def test_no_rule_date_is_after_the_last_year() -> None:
    daily = Schedule(first=date(2999, 12, 1), repeat="FREQ=DAILY", count=31)
    spring = Schedule(first=date(2020, 3, 1), repeat="FREQ=YEARLY", count=2)

    assert expand_rule_dates(daily)[-1].date == date(2999, 12, 31)
    assert find_first_rule_date(replace(daily, first=date(2999, 12, 31), count=1)) == date(2999, 12, 31)
    assert find_next_rule_date(spring, date(2999, 3, 1)) == date(2999, 3, 1)
    assert find_next_rule_date(spring, date(2999, 3, 2)) is None


def test_a_rule_may_be_sparse_and_still_give_all_its_dates() -> None:
    rare = Schedule(first=date(2020, 1, 1), repeat="FREQ=YEARLY;INTERVAL=20", count=9)

    assert [day.date.year for day in expand_rule_dates(rare)] == [2020, 2040, 2060, 2080, 2100, 2120, 2140, 2160, 2180]


def test_a_rule_whose_first_date_is_after_fifty_years_still_gives_it() -> None:
    rare = Schedule(first=date(2025, 3, 1), repeat="FREQ=YEARLY;INTERVAL=51;BYMONTH=2;BYMONTHDAY=29", count=1)

    assert [day.date for day in expand_rule_dates(rare)] == [date(2076, 2, 29)]


def test_weeks_between_goes_by_iso_weeks() -> None:
    assert count_weeks(date(2020, 12, 27), date(2020, 12, 28)) == 1
    assert count_weeks(date(2020, 12, 28), date(2021, 1, 3)) == 0
    assert count_weeks(date(2021, 1, 4), date(2020, 12, 27)) == -2


class TestASeriesIsRefused:
    @pytest.mark.parametrize(
        ("schedule", "said"),
        [
            (
                Schedule(first=date(2020, 1, 1), repeat="FREQ=OFTEN", count=3),
                "schedule.repeat: found 'FREQ=OFTEN' in 'FREQ=OFTEN'; FREQ takes DAILY, WEEKLY, MONTHLY, YEARLY",
            ),
            (
                Schedule(first=date(2020, 1, 1), repeat="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", count=3),
                f"schedule.repeat: found 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', {NO_DATE} from 2020-01-01",
            ),
            *(
                (
                    Schedule(first=date(2020, 1, 1), repeat=repeat, count=3),
                    f"schedule.repeat: found {repeat!r}; BYDAY takes 1 to 5 or -5 to -1 within a month, as in 2TU",
                )
                for repeat in (
                    "FREQ=MONTHLY;BYDAY=6MO",
                    "FREQ=MONTHLY;BYDAY=32TU",
                    "FREQ=MONTHLY;BYDAY=1TU,-6WE",
                    "FREQ=YEARLY;BYMONTH=11;BYDAY=32SU",
                    "FREQ=YEARLY;BYMONTH=1,12;BYDAY=-53FR",
                )
            ),
            (
                Schedule(first=date(2020, 1, 1), repeat="FREQ=WEEKLY;BYDAY=MO", until=date(2020, 1, 2)),
                "schedule.repeat: found 'FREQ=WEEKLY;BYDAY=MO', which gives no date by 2020-01-02 from 2020-01-01",
            ),
            (
                Schedule(first=date(2990, 1, 1), repeat="FREQ=YEARLY", count=20),
                "schedule.count: found 20; the rule gives 10 dates up to the year 2999",
            ),
            (
                Schedule(first=date(2020, 1, 1), repeat="FREQ=DAILY", count=MOST_DATES + 1),
                "schedule: found more than 10000 rule dates; end the schedule earlier or split the plan",
            ),
            (
                Schedule(first=date(2020, 1, 1), repeat="FREQ=DAILY", until=date(2120, 1, 1)),
                "schedule: found more than 10000 rule dates; end the schedule earlier or split the plan",
            ),
        ],
    )
    def test_for_a_schedule_that_gives_no_dates_or_too_many(self, schedule: Schedule, said: str) -> None:
        with pytest.raises(InvalidSeries) as raised:
            expand_rule_dates(schedule)

        assert [str(mistake) for mistake in raised.value.mistakes] == [said]

    def test_but_not_for_ten_thousand_dates(self) -> None:
        assert (
            len(expand_rule_dates(Schedule(first=date(2020, 1, 1), repeat="FREQ=DAILY", count=MOST_DATES)))
            == MOST_DATES
        )

    @pytest.mark.parametrize(
        ("days", "refused"), [(MOST_DATES - 1, False), (MOST_DATES, False), (MOST_DATES + 1, True)]
    )
    def test_for_a_phase_that_gives_more_than_ten_thousand_dates(self, days: int, *, refused: bool) -> None:
        begin = date(2000, 1, 1)
        daily = Phase(name="daily", first=begin, last=begin + timedelta(days=days - 1), repeat="FREQ=DAILY")
        schedule = Schedule(first=begin, repeat="FREQ=DAILY", count=1)
        if refused:
            with pytest.raises(InvalidSeries, match="found more than 10000 rule dates"):
                expand_rule_dates(schedule, (daily,))
        else:
            assert len(expand_rule_dates(schedule, (daily,))) == days

    @pytest.mark.parametrize(
        ("repeat", "said"),
        [
            ("FREQ=WEEKLY;BYDAY=MO", "found 'FREQ=WEEKLY;BYDAY=MO', which gives no date from 2020-09-08 to 2020-09-09"),
            ("FREQ=WEEKLY;COUNT=2", f"found COUNT in 'FREQ=WEEKLY;COUNT=2'; {TO_INSTEAD}"),
            ("FREQ=WEEKLY;UNTIL=20201231", f"found UNTIL in 'FREQ=WEEKLY;UNTIL=20201231'; {TO_INSTEAD}"),
        ],
    )
    def test_for_the_rule_of_a_phase_in_its_place(self, repeat: str, said: str) -> None:
        phase = Phase(name="a", first=date(2020, 9, 8), last=date(2020, 9, 9), repeat=repeat)
        other = replace(phase, name="b", first=date(2020, 9, 1), last=date(2020, 9, 2), repeat=None)

        with pytest.raises(InvalidSeries) as raised:
            expand_rule_dates(weekly(3), (other, phase))

        assert [str(mistake) for mistake in raised.value.mistakes] == [f"phases[1].repeat: {said}"]

    def test_but_not_for_the_rule_of_a_silent_phase_that_gives_no_date(self) -> None:
        phase = Phase(
            name="a", first=date(2020, 9, 8), last=date(2020, 9, 9), repeat="FREQ=WEEKLY;BYDAY=MO", calls=False
        )

        assert [day.silent for day in expand_rule_dates(weekly(2), (phase,))] == [True, False]

    def test_for_a_zone_that_is_none(self) -> None:
        with pytest.raises(UnknownZone):
            Rotation(slots=(Slot(at=time(9), zone="Mars/Base"),))


@pytest.mark.parametrize(
    ("repeat", "said"),
    [
        ("", "found '' in ''; the parts of a rule are FREQ"),
        ("WEEKLY", "found 'WEEKLY' in 'WEEKLY'; the parts of a rule are FREQ"),
        ("freq=weekly", "the parts of a rule are FREQ"),
        ("FREQ=WEEKLY;", "found '' in 'FREQ=WEEKLY;'"),
        ("FREQ=WEEKLY;BYEASTER=1", "found 'BYEASTER=1'"),
        ("FREQ=HOURLY", "FREQ takes DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=WEEKLY,DAILY", "FREQ takes"),
        ("FREQ=WEEKLY;UNTIL=20201231", "found UNTIL in 'FREQ=WEEKLY;UNTIL=20201231'; give schedule.until instead"),
        ("FREQ=WEEKLY;BYHOUR=9", "the hour is the slot's"),
        ("FREQ=WEEKLY;BYMINUTE=9", "the minute is the slot's"),
        ("FREQ=WEEKLY;BYSECOND=9", "calls start on the minute"),
        ("FREQ=WEEKLY;FREQ=DAILY", "found FREQ twice"),
        ("INTERVAL=2", "a rule begins with FREQ="),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL takes a number from 1 to 10000"),
        ("FREQ=WEEKLY;INTERVAL=-1", "INTERVAL takes a number"),
        ("FREQ=WEEKLY;INTERVAL=\u0662", "INTERVAL takes a number"),
        ("FREQ=WEEKLY;INTERVAL=" + "9" * 5000, "...; INTERVAL takes a number from 1 to 10000"),
        ("FREQ=WEEKLY;WKST=XX", "WKST takes MO, TU"),
        ("FREQ=WEEKLY;WKST=MO,TU", "WKST takes MO, TU"),
        ("FREQ=WEEKLY;BYDAY=TUE", "BYDAY takes MO to SU"),
        ("FREQ=MONTHLY;BYDAY=0TU", "BYDAY takes MO to SU"),
        ("FREQ=MONTHLY;BYDAY=TU,", "BYDAY takes MO to SU"),
        ("FREQ=WEEKLY;BYDAY=2TU", "BYDAY takes numbers under MONTHLY and YEARLY only"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=2TU", "BYDAY takes no numbers beside BYWEEKNO"),
        ("FREQ=MONTHLY;BYWEEKNO=20", "BYWEEKNO goes with FREQ=YEARLY only"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY does not go with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY goes with FREQ=YEARLY only"),
        ("FREQ=MONTHLY;BYSETPOS=-1", "BYSETPOS needs another BY part"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY takes 1 to 31 or -31 to -1"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY takes 1 to 31"),
        ("FREQ=MONTHLY;BYMONTH=-1", "BYMONTH takes 1 to 12"),
        ("FREQ=WEEKLY;SKIP=OMIT", "rules are of the Gregorian calendar"),
    ],
)
def test_a_rule_that_the_format_does_not_take_is_told_with_what_would_be_right(repeat: str, said: str) -> None:
    assert said in (check_repeat(repeat) or "")


@pytest.mark.parametrize(
    ("frequency", "part", "most", "signed"),
    [
        ("YEARLY", "BYMONTH", 12, False),
        ("MONTHLY", "BYMONTHDAY", 31, True),
        ("YEARLY", "BYYEARDAY", 366, True),
        ("YEARLY", "BYWEEKNO", 53, True),
        ("YEARLY;BYMONTH=1", "BYSETPOS", 366, True),
        ("DAILY", "INTERVAL", MOST_DATES, False),
    ],
)
def test_a_part_takes_numbers_up_to_its_ends(frequency: str, part: str, most: int, *, signed: bool) -> None:
    taken = {
        text
        for number in (0, 1, most - 1, most, most + 1)
        for text in (f"{number}", f"+{number}", f"-{number}")
        if check_repeat(f"FREQ={frequency};{part}={text}") is None
    }

    good = {f"{number}" for number in (1, most - 1, most)}
    assert taken == good | {f"{sign}{number}" for sign in ("+-" if signed else "") for number in good}


@pytest.mark.parametrize("number", ["", "1", "53", "+53", "-53", "54", "+54", "-54", "0"])
def test_a_weekday_takes_a_number_of_one_to_fifty_three(number: str) -> None:
    assert (check_repeat(f"FREQ=YEARLY;BYDAY={number}TU") is None) is (number[-2:] not in {"54", "0"})


@pytest.mark.parametrize(
    "repeat", ["FREQ=MONTHLY;BYDAY=+2TU", "FREQ=MONTHLY;BYMONTHDAY=+1,-1", "INTERVAL=2;FREQ=DAILY"]
)
def test_a_rule_may_have_signs_and_any_order(repeat: str) -> None:
    assert check_repeat(repeat) is None
    assert len(expand_rule_dates(Schedule(first=date(2020, 1, 1), repeat=repeat, count=5))) == 5


class TestAClockChange:
    @staticmethod
    def calls(slot: Slot, first: date, *overrides: Override) -> list[Call]:
        schedule = Schedule(first=first, repeat="FREQ=WEEKLY", count=3)
        return list(
            unroll(Series(meeting=MEETING, schedule=schedule, rotation=Rotation(slots=(slot,)), overrides=overrides))
        )

    def test_moves_a_skipped_start_past_the_gap_that_week_and_says_so(self) -> None:
        # 8 March 2020, 02:30 in New York does not happen; the week after it is 02:30 again
        calls = self.calls(Slot(at=time(2, 30), zone=NEW_YORK), date(2020, 3, 1))

        assert [f"{call.start:%d %b %H:%M}" for call in calls] == ["01 Mar 07:30", "08 Mar 07:30", "15 Mar 06:30"]
        assert [call.adjusted for call in calls] == [None, Adjustment.GAP, None]
        assert {str(call.status) for call in calls} == {"planned"}

    def test_takes_the_first_of_two_starts_in_a_repeated_hour_and_says_so(self) -> None:
        calls = self.calls(Slot(at=time(1, 30), zone=NEW_YORK), date(2020, 10, 25))

        assert [f"{call.start:%d %b %H:%M}" for call in calls] == ["25 Oct 05:30", "01 Nov 05:30", "08 Nov 06:30"]
        assert [call.adjusted for call in calls] == [None, Adjustment.FOLD, None]

    def test_that_an_exception_avoids_is_no_longer_told(self) -> None:
        calls = self.calls(
            Slot(at=time(2, 30), zone=NEW_YORK), date(2020, 3, 1), Override(date=date(2020, 3, 8), at=time(4))
        )

        assert [(call.adjusted, call.start.hour) for call in calls] == [(None, 7), (None, 8), (None, 6)]

    def test_that_an_extra_call_meets_is_told_too(self) -> None:
        extra = Extra(date=date(2020, 3, 8), at=time(2, 30), zone=NEW_YORK)
        calls = unroll(Series(meeting=MEETING, schedule=weekly(1), rotation=ABC, extras=(extra,)))

        assert calls[0].adjusted is Adjustment.GAP

    def test_that_swallows_a_whole_day_puts_the_call_on_the_day_after(self) -> None:
        # Samoa went from UTC-10 to UTC+14 at the end of 29 December 2011, so that the 30th never was
        calls = self.calls(Slot(at=time(9), zone=ZoneName("Pacific/Apia")), date(2011, 12, 23))

        assert [f"{call.start:%d %b %H:%M}" for call in calls] == ["23 Dec 19:00", "30 Dec 19:00", "05 Jan 19:00"]
        assert [call.adjusted for call in calls] == [None, Adjustment.GAP, None]
        assert [call.date.day for call in calls] == [23, 30, 6]

    def test_does_not_move_a_wall_time_that_is_neither_skipped_nor_repeated(self) -> None:
        mixed = Rotation(slots=(Slot(at=time(10), zone=NEW_YORK), *slots(15)))
        schedule = Schedule(first=date(2020, 3, 3), repeat="FREQ=WEEKLY", count=4)

        calls = unroll(Series(meeting=MEETING, schedule=schedule, rotation=mixed))

        # New York goes from UTC-5 to UTC-4 on 8 March; the slot in UTC stays
        assert [call.start.hour for call in calls] == [15, 15, 14, 15]

    def test_inside_a_call_does_not_change_its_length(self) -> None:
        calls = self.calls(Slot(at=time(1, 45), zone=NEW_YORK), date(2020, 3, 1))

        assert {call.end - call.start for call in calls} == {timedelta(hours=1)}


@pytest.mark.parametrize("number", [-53, -52, -6, 6, 30, 52, 53])
def test_a_weekday_may_be_counted_through_a_year(number: int) -> None:
    """dateutil fails on numbers that are too large within a month; within a year all of them are read."""
    repeat = f"FREQ=YEARLY;BYDAY={number}SU"

    found = expand_rule_dates(Schedule(first=date(2020, 1, 1), repeat=repeat, until=date(2060, 12, 31)))

    for day in (one.date for one in found):
        sundays = [date(day.year, 1, 1) + timedelta(days=days) for days in range(366)]
        sundays = [one for one in sundays if one.weekday() == 6 and one.year == day.year]
        assert day == sundays[number - 1 if number > 0 else number]
