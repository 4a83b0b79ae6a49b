"""What exceptions and phases make of a call: its start, its length, its zone, its place, its status.

Law: exception before slot before phase before meeting; whatever changes, rule date and UID stay.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.calls import Call, Status, assign_extra_places, find_call_changes, find_overlaps, unroll
from mag_rotation.errors import InvalidSeries
from mag_rotation.roster import ZoneName
from mag_rotation.series import Extra, Override, Phase, Rotation, Schedule, Series, Slot, Weekday
from twin_turns import ABC, MEETING, TUESDAY, letters, slots, week, weekly

PLAIN = Series(meeting=replace(MEETING, location="Online"), schedule=weekly(4), rotation=ABC)
TOKYO, ZURICH = ZoneName("Asia/Tokyo"), ZoneName("Europe/Zurich")


def changed(change: Override, series: Series = PLAIN) -> Call:
    """The call of the rule date of ``change``."""
    [call] = [call for call in unroll(replace(series, overrides=(change,))) if call.date == change.date]
    return call


def when(call: Call) -> str:
    return f"{call.start:%d %b %H:%M}"


class TestAnExceptionCanSay:
    def test_that_a_call_is_cancelled(self) -> None:
        call = changed(Override(date=week(1), cancel=True, note="a holiday"))

        assert (call.status, call.is_held, call.note, when(call)) == (
            Status.CANCELLED,
            False,
            "a holiday",
            "15 Sep 14:00",
        )

    def test_another_length_which_alone_is_no_move(self) -> None:
        call = changed(Override(date=week(1), minutes=90))

        assert (call.minutes, call.status) == (90, Status.PLANNED)

    def test_another_hour_with_the_slots_zone_and_name(self) -> None:
        tokyo = replace(PLAIN, rotation=Rotation(slots=(Slot(at=time(9), zone=TOKYO, label="morning"),)))

        call = changed(Override(date=week(1), at=time(10)), tokyo)

        assert (when(call), call.slot, call.zone, call.status) == ("15 Sep 01:00", "morning", TOKYO, Status.MOVED)

    def test_another_zone_which_keeps_the_wall_time(self) -> None:
        call = changed(Override(date=week(1), zone=TOKYO))

        assert (when(call), call.slot, call.zone, call.status) == ("15 Sep 05:00", "B", TOKYO, Status.MOVED)

    def test_another_hour_in_another_zone_that_is_the_same_instant_and_no_move(self) -> None:
        call = changed(Override(date=week(1), at=time(16), zone=ZURICH))

        assert (when(call), call.zone, call.status) == ("15 Sep 14:00", ZURICH, Status.PLANNED)

    def test_another_day(self) -> None:
        call = changed(Override(date=week(1), to=date(2020, 9, 18)))

        assert (when(call), call.date, call.slot, call.status) == ("18 Sep 14:00", week(1), "B", Status.MOVED)

    def test_the_very_day_and_hour_that_it_has_which_is_no_move(self) -> None:
        assert changed(Override(date=week(1), to=week(1), at=time(14))).status is Status.PLANNED

    def test_another_place_and_a_note_which_are_no_move(self) -> None:
        call = changed(Override(date=week(1), location="Room 9", note="hybrid"))

        assert (call.location, call.note, call.status) == ("Room 9", "hybrid", Status.PLANNED)

    def test_nothing_at_all(self) -> None:
        assert changed(Override(date=week(1))) == unroll(PLAIN)[1]


class TestAnExceptionsSlot:
    """It takes that slot's hour, zone and weekday, shows its name, and leaves the turns alone."""

    SERIES = replace(
        PLAIN,
        rotation=Rotation(slots=(*slots(6, 14), Slot(at=time(9), zone=TOKYO, weekday=Weekday.FR, label="Friday"))),
    )

    @pytest.mark.parametrize("wanted", ["Friday", 3])
    def test_is_named_by_its_label_or_its_number(self, wanted: str | int) -> None:
        call = changed(Override(date=week(0), slot=wanted), self.SERIES)

        assert (when(call), call.zone, call.slot, call.slot_number) == ("11 Sep 00:00", TOKYO, "Friday", 3)
        assert (call.status, call.date) == (Status.MOVED, TUESDAY)

    def test_does_not_change_whose_turn_is_next(self) -> None:
        calls = unroll(replace(PLAIN, overrides=(Override(date=week(0), slot="C"),)))

        assert letters(calls) == "CBCA"

    def test_gives_way_to_an_hour_a_zone_and_a_day_of_the_exceptions_own(self) -> None:
        change = Override(date=week(0), slot="Friday", at=time(10), zone=ZURICH, to=date(2020, 9, 10))

        call = changed(change, self.SERIES)

        assert (when(call), call.zone, call.slot) == ("10 Sep 08:00", ZURICH, "Friday")

    def test_of_the_same_instant_is_no_move(self) -> None:
        twice = replace(PLAIN, rotation=Rotation(slots=slots(15, 10, 15)))

        call = changed(Override(date=week(0), slot=3), twice)

        assert (call.slot_number, call.status) == (3, Status.PLANNED)

    def test_is_looked_for_in_the_cycle_of_the_phase(self) -> None:
        own = Phase(name="event", first=week(1), last=week(2), slots=(Slot(at=time(1)), Slot(at=time(2), label="late")))
        series = replace(PLAIN, phases=(own,))

        assert changed(Override(date=week(1), slot="late"), series).start.hour == 2
        with pytest.raises(InvalidSeries, match=r"exceptions\[0\]\.slot: found 'B'; the labels are 'late'"):
            changed(Override(date=week(1), slot="B"), series)

    def test_may_bear_a_label_twice_where_both_are_the_same_slot(self) -> None:
        twice = replace(PLAIN, rotation=Rotation(slots=(*slots(15, 10), *slots(15))))

        assert changed(Override(date=week(1), slot="A"), twice).slot_number == 1

    @pytest.mark.parametrize(
        ("cycle", "wanted", "said"),
        [
            (slots(6, 14), "Z", "found 'Z'; the labels are 'A', 'B'"),
            ((Slot(at=time(6)),), "Z", "found 'Z'; no slot has a label, give its number"),
            (slots(6, 14), 3, "found 3; the slots are numbered 1 to 2"),
            (slots(6, 14), 0, "found 0; the slots are numbered 1 to 2"),
            ((*slots(6), *slots(7)), "A", "found 'A', the label of different slots; give the slot's number"),
        ],
    )
    def test_that_is_not_there_is_an_error(self, cycle: tuple[Slot, ...], wanted: str | int, said: str) -> None:
        series = replace(PLAIN, rotation=Rotation(slots=cycle))

        with pytest.raises(InvalidSeries) as raised:
            changed(Override(date=week(0), slot=wanted), series)

        assert [str(mistake) for mistake in raised.value.mistakes] == [f"exceptions[0].slot: {said}"]


def test_to_overrides_a_slots_weekday() -> None:
    thursdays = replace(PLAIN, rotation=Rotation(slots=(Slot(at=time(12), weekday=Weekday.TH),)))

    assert when(changed(Override(date=week(1), to=date(2020, 9, 21)), thursdays)) == "21 Sep 12:00"
    assert when(changed(Override(date=week(1), at=time(13)), thursdays)) == "17 Sep 13:00"


@pytest.mark.parametrize(
    ("exception", "slot", "phase", "expected"),
    [
        (15, 30, 45, 15),
        (15, None, None, 15),
        (None, 30, 45, 30),
        (None, 30, None, 30),
        (None, None, 45, 45),
        (None, None, None, 60),
    ],
)
def test_a_length_is_the_exceptions_the_slots_the_phases_or_the_meetings(
    exception: int | None, slot: int | None, phase: int | None, expected: int
) -> None:
    series = replace(
        PLAIN,
        rotation=Rotation(slots=(Slot(at=time(6), minutes=slot),)),
        phases=(Phase(name="event", first=week(1), last=week(1), minutes=phase),),
    )

    assert changed(Override(date=week(1), minutes=exception), series).minutes == expected


def test_a_slot_of_a_phase_has_its_own_length_before_the_phases() -> None:
    event = Phase(name="event", first=week(1), last=week(2), minutes=45, slots=(*slots(1, minutes=20), *slots(2)))
    calls = unroll(replace(PLAIN, phases=(event,)))

    assert [call.minutes for call in calls] == [60, 20, 45, 60]


def test_a_call_belongs_to_the_phase_that_holds_its_rule_date_wherever_it_is_held() -> None:
    event = Phase(name="event", first=week(1), last=week(1), minutes=45)
    series = replace(PLAIN, phases=(event,), overrides=(Override(date=week(1), to=week(9)),))

    assert [(call.phase, call.minutes) for call in unroll(series)] == [(None, 60)] * 3 + [("event", 45)]


def test_both_ends_of_a_phase_belong_to_it() -> None:
    event = Phase(name="event", first=week(1), last=week(2), calls=False)

    assert [call.date for call in unroll(replace(PLAIN, phases=(event,)))] == [week(0), week(3)]


class TestAnExceptionsDate:
    SILENT = replace(PLAIN, phases=(Phase(name="the event", first=week(1), last=week(1), calls=False),))

    @pytest.mark.parametrize(
        ("day", "said"),
        [
            (date(2020, 9, 18), "found 2020-09-18, which is not a rule date; the nearest is 2020-09-22"),
            (week(1), "found 2020-09-15, a date that phase 'the event' silences; the nearest is 2020-09-08"),
            (date(1999, 1, 1), "found 1999-01-01, which is not a rule date; the nearest is 2020-09-08"),
        ],
    )
    def test_that_has_no_call_is_an_error_that_names_the_nearest(self, day: date, said: str) -> None:
        with pytest.raises(InvalidSeries) as raised:
            changed(Override(date=day, note="what"), self.SILENT)

        assert [str(mistake) for mistake in raised.value.mistakes] == [f"exceptions[0].date: {said}"]

    def test_in_a_plan_without_calls_says_so(self) -> None:
        silent = replace(PLAIN, phases=(Phase(name="no", first=week(0), last=week(9), calls=False),))

        assert unroll(silent) == ()
        with pytest.raises(InvalidSeries, match="this plan has no call"):
            changed(Override(date=week(1)), silent)

    def test_may_not_come_twice(self) -> None:
        twice = replace(PLAIN, overrides=(Override(date=week(1), note="a"), Override(date=week(1), minutes=30)))

        with pytest.raises(InvalidSeries) as raised:
            unroll(twice)

        assert str(raised.value.mistakes[0]) == (
            "exceptions[1].date: found 2020-09-15 again, as in exceptions[0]; "
            "say all changes to a call in one exception"
        )

    def test_all_mistakes_are_told_at_once(self) -> None:
        bad = replace(PLAIN, overrides=(Override(date=date(2020, 9, 9)), Override(date=week(2), slot="Z")))

        with pytest.raises(InvalidSeries) as raised:
            unroll(bad)

        assert [mistake.place for mistake in raised.value.mistakes] == ["exceptions[0].date", "exceptions[1].slot"]


ANOTHER = "write a number that no extra call of 2020-09-10 has had"


class TestAnExtraCall:
    DAY = date(2020, 9, 10)

    def calls(self, *extras: Extra, phases: tuple[Phase, ...] = ()) -> list[Call]:
        """The extra calls among all calls."""
        calls = unroll(replace(PLAIN, extras=extras, phases=phases))
        return [call for call in calls if "extra" in call.uid]

    def test_has_its_own_date_hour_and_zone_and_no_slot(self) -> None:
        [call] = self.calls(Extra(date=self.DAY, at=time(9), zone=TOKYO, note="urgent", location="Room 9"))

        assert (call.date, call.start, call.zone) == (self.DAY, datetime(2020, 9, 10, 0, tzinfo=UTC), TOKYO)
        assert (call.slot, call.slot_number, call.status) == (None, None, Status.EXTRA)
        assert (call.note, call.location, call.minutes) == ("urgent", "Room 9", 60)

    def test_is_held_on_the_day_it_was_put_off_to_and_stays_an_extra(self) -> None:
        [call] = self.calls(Extra(date=self.DAY, at=time(9), to=date(2020, 9, 12)))

        assert (call.date, when(call), call.status) == (self.DAY, "12 Sep 09:00", Status.EXTRA)

    def test_cancelled_is_listed_with_the_start_it_would_have_had(self) -> None:
        [call] = self.calls(Extra(date=self.DAY, at=time(9), cancel=True))

        assert (when(call), call.status, call.number) == ("10 Sep 09:00", Status.CANCELLED, None)

    @pytest.mark.parametrize(("own", "phase", "expected"), [(15, 45, 15), (None, 45, 45), (None, None, 60)])
    def test_lasts_as_long_as_it_says_or_its_phase_or_the_meeting(
        self, own: int | None, phase: int | None, expected: int
    ) -> None:
        event = Phase(name="event", first=self.DAY, last=self.DAY, minutes=phase)

        [call] = self.calls(Extra(date=self.DAY, at=time(9), minutes=own), phases=(event,))

        assert (call.minutes, call.phase) == (expected, "event")

    def test_in_a_silent_phase_is_held(self) -> None:
        silent = Phase(name="event", first=self.DAY, last=self.DAY, calls=False)

        [call] = self.calls(Extra(date=self.DAY, at=time(9)), phases=(silent,))

        assert (call.status, call.phase, call.location) == (Status.EXTRA, "event", "Online")

    def test_second_and_third_on_one_day_have_uids_of_their_own_in_the_order_of_the_plan(self) -> None:
        extras = [Extra(date=self.DAY, at=time(hour)) for hour in (18, 9, 12)]

        assert [(call.uid, call.start.hour) for call in self.calls(*extras)] == [
            ("demo-20200910-extra2@demo.example.org", 9),
            ("demo-20200910-extra3@demo.example.org", 12),
            ("demo-20200910-extra@demo.example.org", 18),
        ]

    @pytest.mark.parametrize(
        ("above", "uids"),
        [
            ([2], ["extra2"]),
            ([1, None], ["extra", "extra2"]),
            ([3, None, 1, None], ["extra3", "extra4", "extra", "extra5"]),
            ([None, 7, None], ["extra", "extra7", "extra8"]),
        ],
    )
    def test_that_says_which_of_its_date_it_is_has_that_uid(self, above: list[int | None], uids: list[str]) -> None:
        extras = [Extra(date=self.DAY, at=time(hour), nth=nth) for hour, nth in enumerate(above)]
        other = Extra(date=TUESDAY, at=time(23))

        assert [call.uid for call in self.calls(*extras)] == [f"demo-20200910-{uid}@demo.example.org" for uid in uids]
        assert [call.uid for call in self.calls(*extras, other) if call.date == TUESDAY] == [
            "demo-20200908-extra@demo.example.org"
        ]

    def test_that_says_it_is_another_of_its_date_is_refused_with_all_others_that_do(self) -> None:
        with pytest.raises(InvalidSeries) as raised:
            self.calls(*(Extra(date=self.DAY, at=time(9), nth=nth) for nth in (None, 1, 4, None, 5)))

        assert [(mistake.place, mistake.problem) for mistake in raised.value.mistakes] == [
            ("extras[1].nth", f"found 1, as is extras[0]; {ANOTHER}, such as 6"),
            ("extras[4].nth", f"found 5, as is extras[3]; {ANOTHER}, such as 6"),
        ]

    def test_on_a_rule_date_is_another_call(self) -> None:
        uids = {call.uid for call in unroll(replace(PLAIN, extras=(Extra(date=TUESDAY, at=time(6)),)))}

        assert {"demo-20200908@demo.example.org", "demo-20200908-extra@demo.example.org"} <= uids


@given(st.lists(st.tuples(st.integers(0, 1), st.none() | st.integers(1, 6)), max_size=8))
def test_extra_calls_of_a_date_are_told_apart_or_refused(drawn: list[tuple[int, int | None]]) -> None:
    extras = [Extra(date=TUESDAY + timedelta(days=day), at=time(9), nth=nth) for day, nth in drawn]
    seen: list[tuple[date, int]] = []
    wrong = []
    for index, extra in enumerate(extras):
        above = [place for day, place in seen if day == extra.date]
        place = extra.nth if extra.nth is not None else max([0, *above]) + 1
        if place in above:
            wrong.append(f"extras[{index}].nth")
        seen.append((extra.date, place))

    if not wrong:
        assert assign_extra_places(extras) == tuple(place for _, place in seen)
        return
    with pytest.raises(InvalidSeries) as raised:
        assign_extra_places(extras)
    assert [mistake.place for mistake in raised.value.mistakes] == wrong


def test_a_uid_never_changes_whatever_happens_to_the_call() -> None:
    everything = (
        Override(date=week(0), cancel=True),
        Override(date=week(1), at=time(3), zone=TOKYO, to=week(8), slot="C", minutes=5, location="L", note="n"),
    )
    busy = Series(
        meeting=replace(MEETING, name="Other", minutes=5, numbering=None),
        schedule=Schedule(first=TUESDAY, repeat="FREQ=WEEKLY;BYDAY=TU", until=week(3)),
        rotation=Rotation(slots=slots(1, 2, 3), start=2),
        overrides=everything,
        phases=(Phase(name="p", first=week(2), last=week(2), slots=slots(9), minutes=30),),
    )

    assert {call.uid for call in unroll(busy)} == {call.uid for call in unroll(PLAIN)}


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 23), st.sampled_from((1, 60, 180, 2000)), st.booleans()), max_size=8
    )
)
def test_every_two_held_calls_that_run_at_once_are_a_pair(drawn: list[tuple[int, int, int, bool]]) -> None:
    extras = tuple(
        Extra(date=date(2020, 9, 8) + timedelta(days=day), at=time(hour), minutes=minutes, cancel=cancel)
        for day, hour, minutes, cancel in drawn
    )
    calls = unroll(Series(meeting=MEETING, schedule=weekly(2), rotation=ABC, extras=extras))
    held = [call for call in calls if call.is_held]
    expected = {
        frozenset((one.uid, two.uid))
        for one, two in combinations(held, 2)
        if one.start < two.end and two.start < one.end
    }

    pairs = list(find_overlaps(reversed(calls)))

    assert {frozenset((early.uid, late.uid)) for early, late in pairs} == expected
    assert len(pairs) == len(expected)
    assert all(early.start <= late.start for early, late in pairs)


def test_changes_come_by_the_later_start_and_not_by_the_rule_date() -> None:
    moved = Override(date=week(0), to=week(2) - timedelta(days=1))
    longer = [Override(date=week(number), minutes=30) for number in (1, 2)]
    changes = find_call_changes(unroll(PLAIN), unroll(replace(PLAIN, overrides=(moved, *longer))))

    assert [change.after and change.after.date for change in changes] == [week(1), week(0), week(2)]
