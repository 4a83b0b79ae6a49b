"""Whose turn it is: each rule of `advance`, the start, phases and extra calls that take a turn.

Law: slots are read in the order of rule dates, A B C being 06:00, 14:00 and 22:00 UTC; a small letter is a cancelled
call and a dash an extra one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from mag_rotation.calls import Status, unroll
from mag_rotation.series import Advance, Extra, Override, Phase, Rotation, Schedule, Series, Slot, Weekday
from twin_turns import ABC, MEETING, TUESDAY, letters, slots, week, weekly

XYZ = tuple(replace(slot, label=label) for slot, label in zip(slots(1, 2, 3), "XYZ", strict=True))
BY_COUNT = [Advance.CALL, Advance.HELD]
BY_CALENDAR = [Advance.WEEK, Advance.ISO_WEEK]


def shown(
    count: int,
    advance: Advance,
    *,
    start: int = 1,
    hold: int = 1,
    taken: int = 0,
    off: Sequence[int] = (),
    extras: Sequence[Extra] = (),
    phases: Sequence[Phase] = (),
    schedule: Schedule | None = None,
) -> str:
    """The letters of ``count`` Tuesdays of which the weeks ``off`` are cancelled."""
    return letters(
        unroll(
            Series(
                meeting=MEETING,
                schedule=schedule or weekly(count),
                rotation=replace(ABC, advance=advance, start=start, hold=hold, taken=taken),
                overrides=tuple(Override(date=week(number), cancel=True) for number in off),
                extras=tuple(extras),
                phases=tuple(phases),
            )
        )
    )


def stretch(first: int, last: int, *, calls: bool = True, repeat: str | None = None, start: int | None = None) -> Phase:
    """A phase from the Monday of the week ``first`` to the Sunday of the week ``last``."""
    begin, end = week(first) - timedelta(days=1), week(last) + timedelta(days=5)
    return Phase(name="event", first=begin, last=end, calls=calls, repeat=repeat, start=start)


@pytest.mark.parametrize(
    ("advance", "expected"),
    [
        (Advance.CALL, "ABcaBCA"),
        (Advance.HELD, "ABccCAB"),
        (Advance.WEEK, "ABcaBCA"),
        (Advance.ISO_WEEK, "ABcaBCA"),
    ],
)
def test_a_cancelled_call_gives_its_turn_on_under_held_alone(advance: Advance, expected: str) -> None:
    # 8 September 2020 lies in week 37, and 36 is a multiple of 3
    assert shown(7, advance, off=[2, 3]) == expected


@pytest.mark.parametrize(
    ("advance", "expected"),
    [(Advance.CALL, "CABC"), (Advance.HELD, "CABC"), (Advance.WEEK, "CABC"), (Advance.ISO_WEEK, "ABCA")],
)
def test_start_names_the_slot_of_the_first_call_and_iso_week_ignores_it(advance: Advance, expected: str) -> None:
    assert shown(4, advance, start=3) == expected


@pytest.mark.parametrize(
    ("advance", "expected"),
    [(Advance.CALL, "ABCABC"), (Advance.HELD, "ABCABC"), (Advance.WEEK, "ACBACB"), (Advance.ISO_WEEK, "ACBACB")],
)
def test_weeks_without_a_rule_date_take_turns_where_weeks_count(advance: Advance, expected: str) -> None:
    fortnights = Schedule(first=TUESDAY, repeat="FREQ=WEEKLY;INTERVAL=2", count=6)

    assert shown(6, advance, schedule=fortnights) == expected


@pytest.mark.parametrize(
    ("advance", "expected"),
    [(Advance.CALL, "ABCABC"), (Advance.HELD, "ABCABC"), (Advance.WEEK, "AABBCC"), (Advance.ISO_WEEK, "AABBCC")],
)
def test_two_calls_of_one_iso_week_share_a_turn_where_weeks_count(advance: Advance, expected: str) -> None:
    twice = Schedule(first=TUESDAY, repeat="FREQ=WEEKLY;BYDAY=TU,SU", count=6)

    assert shown(6, advance, schedule=twice) == expected


def test_week_counts_iso_weeks_from_monday_to_sunday() -> None:
    # Sunday the 13th is the last day of the first week, Monday the 14th the first of the second
    assert shown(0, Advance.WEEK, schedule=Schedule(first=date(2020, 9, 13), repeat="FREQ=DAILY", count=9)) == (
        "ABBBBBBBC"
    )


@pytest.mark.parametrize(
    ("advance", "expected"),
    # weeks 51, 52, 53, then 1, 2, 3: 51 takes C, 53 takes B, and week 1 the first slot again
    [(Advance.ISO_WEEK, "CABABC"), (Advance.WEEK, "ABCABC")],
)
def test_a_year_of_53_weeks_shows_under_iso_week_only(advance: Advance, expected: str) -> None:
    over_new_year = Schedule(first=date(2020, 12, 15), repeat="FREQ=WEEKLY", count=6)

    assert shown(6, advance, schedule=over_new_year) == expected


def test_week_counts_from_the_first_instance_of_the_rule_and_not_from_first() -> None:
    # 1 September is a Tuesday; the rule's first Monday lies in the ISO week after it
    late = Schedule(first=date(2020, 9, 1), repeat="FREQ=WEEKLY;BYDAY=MO", count=3)

    assert shown(3, Advance.WEEK, schedule=late) == "ABC"


def test_week_counts_from_the_first_rule_date_even_where_a_phase_silences_it() -> None:
    assert shown(5, Advance.WEEK, phases=[stretch(0, 1, calls=False)]) == "CAB"


@pytest.mark.parametrize("advance", BY_COUNT)
def test_a_silenced_date_takes_no_turn_where_calls_count(advance: Advance) -> None:
    assert shown(6, advance, phases=[stretch(1, 2, calls=False)]) == "ABCA"


@pytest.mark.parametrize("advance", BY_CALENDAR)
def test_a_silenced_date_takes_a_turn_where_weeks_count(advance: Advance) -> None:
    assert shown(6, advance, phases=[stretch(1, 2, calls=False)]) == "AABC"


@pytest.mark.parametrize(
    ("advance", "expected"),
    [
        (Advance.CALL, "ABXYCA"),
        (Advance.HELD, "ABXYCA"),
        (Advance.WEEK, "ABXYBC"),
        # the weeks 39 and 40 stand at Z and X of three
        (Advance.ISO_WEEK, "ABZXBC"),
    ],
)
def test_a_phase_with_slots_counts_from_1_and_the_outer_rotation_goes_on_where_it_stood(
    advance: Advance, expected: str
) -> None:
    assert shown(6, advance, phases=[replace(stretch(2, 3), slots=XYZ)]) == expected


@pytest.mark.parametrize(
    ("advance", "expected"),
    [
        (Advance.CALL, "ABZXCA"),
        (Advance.HELD, "ABZXCA"),
        (Advance.WEEK, "ABZXBC"),
        (Advance.ISO_WEEK, "ABZXBC"),
    ],
)
def test_a_phase_counts_from_its_own_start(advance: Advance, expected: str) -> None:
    assert shown(6, advance, phases=[replace(stretch(2, 3, start=3), slots=XYZ)]) == expected


def test_a_phase_with_a_start_alone_goes_through_the_inherited_slots_for_itself() -> None:
    assert shown(6, Advance.CALL, phases=[stretch(2, 3, start=2)]) == "ABBCCA"


@pytest.mark.parametrize("advance", Advance)
def test_a_phase_that_only_names_or_lengthens_leaves_the_turns_alone(advance: Advance) -> None:
    assert shown(6, advance, phases=[replace(stretch(2, 3), minutes=90)]) == shown(6, advance)


def test_each_phase_with_slots_counts_for_itself() -> None:
    phases = [replace(stretch(number, number + 1), slots=XYZ, name=f"{number}") for number in (1, 3)]

    assert shown(6, Advance.CALL, phases=phases) == "AXYXYB"


def test_a_cancelled_call_inside_a_phase_gives_its_turn_on_within_the_phase_under_held() -> None:
    phases = [replace(stretch(2, 4), slots=XYZ)]

    assert shown(6, Advance.HELD, phases=phases, off=[2]) == "ABxXYC"
    assert shown(6, Advance.CALL, phases=phases, off=[2]) == "ABxYZC"


def test_the_week_count_of_a_phase_begins_with_its_first_call() -> None:
    # the phase begins on a Wednesday, a week before its first Tuesday
    phase = replace(stretch(2, 3), first=week(1) + timedelta(days=1), slots=XYZ)

    assert shown(5, Advance.WEEK, phases=[phase]) == "ABXYB"


def test_a_phase_with_a_rule_of_its_own_replaces_the_outer_dates_from_its_first_day_on() -> None:
    daily = stretch(1, 1, repeat="FREQ=DAILY;INTERVAL=2")
    series = Series(meeting=MEETING, schedule=weekly(3), rotation=ABC, phases=(daily,))

    calls = unroll(series)

    assert [f"{call.date:%d %b}" for call in calls] == ["08 Sep", "14 Sep", "16 Sep", "18 Sep", "20 Sep", "22 Sep"]
    assert letters(calls) == "ABCABC"
    assert [call.phase for call in calls] == [None, *["event"] * 4, None]


def test_a_phase_with_a_rule_of_its_own_goes_on_past_the_end_of_the_schedule() -> None:
    series = Series(
        meeting=MEETING,
        schedule=Schedule(first=TUESDAY, repeat="FREQ=WEEKLY", until=week(1)),
        rotation=ABC,
        phases=(stretch(5, 6, repeat="FREQ=WEEKLY;BYDAY=FR"),),
    )

    assert [call.date for call in unroll(series)] == [week(0), week(1), date(2020, 10, 16), date(2020, 10, 23)]


@pytest.mark.parametrize("advance", BY_CALENDAR)
def test_a_phase_before_the_first_rule_date_counts_weeks_backwards(advance: Advance) -> None:
    assert shown(2, advance, phases=[stretch(-2, -1, repeat="FREQ=WEEKLY")]) == "BCAB"


class TestAnExtraThatTakesATurn:
    """It uses up the turn of the next rule call, and has no slot itself."""

    @staticmethod
    def taker(number: int, *, days: int = 1, hour: int = 12, cancel: bool = False) -> Extra:
        """A call on the Wednesday of a week, or some other number of days after its Tuesday."""
        day = week(number) + timedelta(days=days)
        return Extra(date=day, at=time(hour), takes_turn=True, cancel=cancel)

    @pytest.mark.parametrize(
        ("advance", "expected"),
        [(Advance.CALL, "A-CAB"), (Advance.HELD, "A-CAB"), (Advance.WEEK, "A-BCA"), (Advance.ISO_WEEK, "A-BCA")],
    )
    def test_uses_up_the_turn_of_the_next_call_unless_the_calendar_gives_the_turns(
        self, advance: Advance, expected: str
    ) -> None:
        assert shown(4, advance, extras=[self.taker(0)]) == expected

    @pytest.mark.parametrize("advance", Advance)
    def test_takes_none_unless_it_says_so(self, advance: Advance) -> None:
        plain = replace(self.taker(0), takes_turn=False)

        assert shown(4, advance, extras=[plain]).replace("-", "") == shown(4, advance)

    def test_before_the_first_call_it_takes_the_first_turn(self) -> None:
        assert shown(3, Advance.CALL, extras=[self.taker(-1)]) == "-BCA"

    def test_after_the_last_call_it_takes_nothing(self) -> None:
        assert shown(3, Advance.CALL, extras=[self.taker(5)]) == "ABC-"

    def test_two_of_them_take_two_turns(self) -> None:
        assert shown(3, Advance.CALL, extras=[self.taker(0, days=3), self.taker(0)]) == "A--AB"

    def test_cancelled_takes_its_turn_under_call_and_gives_it_back_under_held(self) -> None:
        off = self.taker(0, cancel=True)

        assert [shown(3, advance, extras=[off]) for advance in BY_COUNT] == ["A-CA", "A-BC"]

    def test_before_a_cancelled_call_it_takes_that_calls_turn(self) -> None:
        assert shown(4, Advance.HELD, extras=[self.taker(0)], off=[1]) == "A-cCA"

    def test_in_a_silent_phase_is_held_and_takes_the_turn_of_the_call_after_it(self) -> None:
        phases = [stretch(1, 2, calls=False)]

        assert shown(5, Advance.CALL, extras=[self.taker(1)], phases=phases) == "A-CA"

    def test_takes_the_turn_of_the_phase_whose_call_is_next(self) -> None:
        phases = [replace(stretch(1, 2), slots=XYZ)]

        assert shown(4, Advance.CALL, extras=[self.taker(0)], phases=phases) == "A-YZB"

    @pytest.mark.parametrize(("hour", "expected"), [(5, "-BC"), (6, "-BC"), (7, "A-C")])
    def test_on_a_rule_date_the_hour_says_which_call_is_next(self, hour: int, expected: str) -> None:
        assert shown(2, Advance.CALL, extras=[self.taker(0, days=0, hour=hour)]) == expected

    def test_on_one_rule_date_the_order_in_the_plan_has_no_say(self) -> None:
        early, late = self.taker(0, days=0, hour=3), self.taker(0, days=0, hour=23)

        assert shown(3, Advance.CALL, extras=[early, late]) == "-B-AB"
        assert shown(3, Advance.CALL, extras=[late, early]) == "-B-AB"

    def test_runs_along_its_own_date_and_not_the_one_it_is_held_on(self) -> None:
        late = replace(self.taker(0), to=week(9))

        assert shown(3, Advance.CALL, extras=[late]) == "A-CA"


class TestASlotWithAWeekdayOfItsOwn:
    """It is held on that weekday of the rule date's ISO week, Monday to Sunday."""

    @pytest.mark.parametrize(
        ("weekday", "held"),
        [(Weekday.MO, date(2020, 9, 7)), (Weekday.TU, date(2020, 9, 8)), (Weekday.SU, date(2020, 9, 13))],
    )
    def test_is_held_on_it(self, weekday: Weekday, held: date) -> None:
        rotation = Rotation(slots=(Slot(at=time(12), weekday=weekday),))

        [call] = unroll(Series(meeting=MEETING, schedule=weekly(1), rotation=rotation))

        assert (call.date, call.start.date(), call.status) == (TUESDAY, held, Status.PLANNED)

    def test_stays_in_the_week_of_a_sunday(self) -> None:
        rotation = Rotation(slots=(Slot(at=time(12), weekday=Weekday.MO),))
        sundays = Schedule(first=date(2021, 1, 3), repeat="FREQ=WEEKLY", count=1)

        [call] = unroll(Series(meeting=MEETING, schedule=sundays, rotation=rotation))

        # Sunday 3 January 2021 ends week 53 of 2020, which began on 28 December
        assert call.start.date() == date(2020, 12, 28)


# A slot that has several turns in a row.


@pytest.mark.parametrize(
    ("advance", "expected"),
    [
        (Advance.CALL, "AAbBCCAA"),
        (Advance.HELD, "AAbBBCCA"),
        (Advance.WEEK, "AAbBCCAA"),
        (Advance.ISO_WEEK, "AAbBCCAA"),
    ],
)
def test_a_slot_has_the_turns_that_hold_gives_it_under_every_rule(advance: Advance, expected: str) -> None:
    # week 37 is the first of a pair, and 36 is a multiple of 6
    assert shown(8, advance, hold=2, off=[2]) == expected


@pytest.mark.parametrize(
    ("advance", "expected"), [*((one, "CCCAAABB") for one in BY_COUNT), (Advance.WEEK, "CCCAAABB")]
)
def test_start_begins_the_turns_of_its_slot(advance: Advance, expected: str) -> None:
    assert shown(8, advance, start=3, hold=3) == expected


@pytest.mark.parametrize(
    ("advance", "expected"),
    [*((one, "BCCCCAAA") for one in BY_COUNT), (Advance.WEEK, "BCCCCAAA"), (Advance.ISO_WEEK, "AAAABBBB")],
)
def test_taken_turns_are_over_when_the_rotation_begins_and_iso_week_ignores_them(
    advance: Advance, expected: str
) -> None:
    assert shown(8, advance, start=2, hold=4, taken=3) == expected


def test_iso_weeks_begin_again_at_week_1_whatever_is_held() -> None:
    december = Schedule(first=date(2020, 12, 8), repeat="weekly", count=7)  # weeks 50 to 53, then 1 to 3

    assert shown(7, Advance.ISO_WEEK, hold=4, schedule=december) == "AAABAAA"
    assert shown(7, Advance.WEEK, hold=4, schedule=december) == "AAAABBB"


def test_weeks_without_a_call_take_turns_of_a_held_slot() -> None:
    fortnights = Schedule(first=TUESDAY, repeat="fortnightly", count=6)

    assert shown(6, Advance.WEEK, hold=4, schedule=fortnights) == "AABBCC"
    assert shown(6, Advance.CALL, hold=4, schedule=fortnights) == "AAAABB"


@pytest.mark.parametrize("hold", [2, 3])
def test_an_extra_call_uses_one_of_the_turns_of_a_held_slot(hold: int) -> None:
    extra = Extra(date=week(1) + timedelta(days=1), at=time(12), takes_turn=True)

    assert shown(6, Advance.CALL, hold=hold, extras=[extra]) == {2: "AA-BCCA", 3: "AA-BBBC"}[hold]


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (replace(stretch(3, 6), slots=XYZ), "AAAXXXYBBB"),
        (replace(stretch(3, 6), slots=XYZ, hold=2), "AAAXXYYBBB"),
        (replace(stretch(3, 6), slots=XYZ, hold=1), "AAAXYZXBBB"),
        (replace(stretch(3, 6), slots=XYZ, taken=2), "AAAXYYYBBB"),
        (replace(stretch(3, 6), slots=XYZ, hold=2, taken=1, start=3), "AAAZXXYBBB"),
        (stretch(3, 6, start=3), "AAACCCABBB"),
        (replace(stretch(3, 6, start=3), hold=4, taken=3), "AAACAAABBB"),
        (stretch(3, 6, calls=False), "AAABBB"),
        (stretch(3, 6), "AAABBBCCCA"),
    ],
)
def test_a_phase_with_turns_of_its_own_counts_them_afresh_and_may_hold_otherwise(phase: Phase, expected: str) -> None:
    assert shown(10, Advance.CALL, hold=3, phases=[phase]) == expected
