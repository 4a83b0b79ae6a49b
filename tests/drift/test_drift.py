"""Whose local hour of a slot moves when: cases that people know.

Law: dates are those of the public record of each zone; what a member lives through is told, and who is left out.
"""

import pickle
from collections.abc import Sequence
from datetime import date, time, timedelta
from itertools import pairwise

import pytest

from audiences import audience_of
from mag_rotation.calls import unroll
from mag_rotation.drift import DriftChange, DriftReport, Whose, make_drift_report
from mag_rotation.drift.gaps import find_gaps
from mag_rotation.errors import InvalidValue
from mag_rotation.hours import Hours
from mag_rotation.planfile import load_plan
from mag_rotation.report import sentence
from mag_rotation.roster import Member, MemberId, Stay, ZoneName
from mag_rotation.series import Extra, Meeting, Override, Phase, Rotation, Schedule, Series, Slot, Weekday
from paths import EXAMPLES
from strategies import meeting_of, seat, span

TSC = EXAMPLES / "nodejs-tsc" / "plan.toml"
MAG = EXAMPLES / "mag-2020" / "plan.toml"


def series_of(
    *slots: Slot,
    first: date,
    count: int = 30,
    repeat: str = "FREQ=WEEKLY",
    meeting: Meeting | None = None,
    phases: tuple[Phase, ...] = (),
    overrides: tuple[Override, ...] = (),
    extras: tuple[Extra, ...] = (),
) -> Series:
    return Series(
        meeting=meeting or meeting_of(),
        schedule=Schedule(first=first, repeat=repeat, count=count),
        rotation=Rotation(slots=slots),
        phases=phases,
        overrides=overrides,
        extras=extras,
    )


def slot_at(text: str, zone: str = "UTC", label: str | None = None) -> Slot:
    return Slot(at=time.fromisoformat(text), zone=ZoneName(zone), label=label)


def followed(series: Series, *roster: Member, first: date | None = None, last: date | None = None) -> DriftReport:
    return make_drift_report(
        series=series,
        calls=unroll(series),
        first=first,
        last=last,
        audience=audience_of(roster, series.meeting, hours=Hours()),
    )


def told(change: DriftChange) -> str:
    """``2020-10-25 22:00 to 21:00``, with the shift of the day where there is one."""
    hours = (
        f"{hour.at:%H:%M}" + (f"{hour.day_shift:+d}" if hour.day_shift else "")
        for hour in (change.before, change.after)
    )
    return f"{change.date} {' to '.join(hours)}"


def lines(changes: Sequence[DriftChange]) -> list[str]:
    return [told(change) for change in changes]


def loaded(path: object) -> DriftReport:
    plan = load_plan(str(path))
    return make_drift_report(
        series=plan.series, calls=plan.calls, audience=audience_of(plan.members, plan.series.meeting, hours=plan.hours)
    )


def test_on_27_october_2020_zurich_and_new_york_are_five_hours_apart() -> None:
    report = loaded(MAG)
    (gap,) = (gap for gap in report.gaps if gap.zones == ("Europe/Warsaw", "America/New_York"))

    assert (gap.first, gap.last) == (date(2020, 10, 25), date(2020, 11, 1))
    assert (gap.minutes, gap.minutes_before, gap.minutes_after) == (300, 360, 360)
    assert (gap.begun_by, gap.ended_by) == (("Europe/Warsaw",), ("America/New_York",))
    assert f"{gap.start:%d %H:%M} {gap.end:%d %H:%M}" == "25 01:00 01 06:00"
    assert [call.label for call in gap.calls] == ["XXI"]
    assert gap.same_clock[1] == ("America/New_York", "America/Toronto")


def test_members_whose_clocks_agree_are_one_group() -> None:
    report = loaded(MAG)
    (change,) = (change for change in report.changes if change.slot_number == 1 and "gov-16" in change.members)

    assert told(change) == "2020-10-25 22:00 to 21:00"
    assert change.members == ("gov-10", "gov-16", "gov-17", "gov-18", "civ-09", "tec-05")
    assert change.leaves_night == change.members
    assert change.enters_night == ()
    assert (change.whose, change.minutes, change.first_call) == (Whose.MEMBER, -60, None)


def test_the_first_call_at_the_new_hour_is_named() -> None:
    report = loaded(MAG)
    melbourne = [change for change in report.changes if change.members == ("gov-20",)]

    assert [(change.slot.label, change.first_call and change.first_call.label) for change in melbourne] == [
        ("evening", "XX"),
        ("afternoon", None),
        ("midday", "XIX"),
    ]
    assert lines(melbourne) == [
        "2020-10-03 06:00+1 to 07:00+1",
        "2020-10-04 01:00+1 to 02:00+1",
        "2020-10-04 00:00+1 to 01:00+1",
    ]


def test_slots_of_a_phase_are_followed_inside_it_only() -> None:
    report = loaded(TSC)
    madrid = [change for change in report.changes if change.members == ("seat-5",)]

    assert [(told(change), change.phase) for change in madrid] == [
        ("2023-03-26 10:00 to 11:00", None),
        ("2023-03-26 17:00 to 18:00", None),
        ("2023-03-26 22:00 to 23:00", None),
    ]
    assert madrid[2].enters_night == ("seat-5",)
    assert madrid[2].first_call is not None
    assert madrid[2].first_call.date == date(2023, 4, 5)
    assert [gap.minutes for gap in report.gaps if gap.zones == ("Europe/London", "America/New_York")] == [240]


def test_a_phase_with_slots_of_its_own_is_told_by_its_name() -> None:
    own = Phase(
        name="Autumn", first=date(2020, 10, 20), last=date(2020, 11, 10), minutes=120, slots=(slot_at("21:30"),)
    )
    series = series_of(slot_at("14:00"), first=date(2020, 10, 6), count=5, phases=(own,))
    (change,) = followed(series, seat("Europe/Rome")).changes

    assert (told(change), change.phase, change.slot_number) == ("2020-10-25 23:30 to 22:30", "Autumn", 1)
    assert change.effects[0].night_minutes == (120, 90)
    assert change.first_call is not None
    assert change.first_call.date == date(2020, 10, 27)


def test_a_change_inside_a_phase_is_dated_by_the_clock_for_the_slots_around_it() -> None:
    own = Phase(name="Weeks", first=date(2020, 10, 19), last=date(2020, 11, 1), slots=(slot_at("08:00"),))
    series = series_of(slot_at("14:00"), first=date(2020, 10, 6), count=6, phases=(own,))
    outer = [change for change in followed(series, seat("Europe/Rome")).changes if change.phase is None]

    assert lines(outer) == ["2020-10-25 16:00 to 15:00"]
    assert outer[0].first_call is not None
    assert outer[0].first_call.date == date(2020, 11, 3)


def test_nobody_is_told_of_slots_whose_phases_lie_outside_or_are_silent() -> None:
    silent = Phase(name="S", first=date(2020, 10, 24), last=date(2020, 10, 26), calls=False, slots=(slot_at("03:00"),))
    early = Phase(name="E", first=date(2020, 10, 1), last=date(2020, 10, 12), slots=(slot_at("04:00"),))
    series = series_of(slot_at("14:00"), first=date(2020, 10, 6), count=6, phases=(silent, early))

    assert [change.slot.at.hour for change in followed(series, seat("Europe/Rome")).changes] == [14]
    inside = followed(series, seat("Europe/Rome"), first=date(2020, 10, 1), last=date(2020, 10, 5))
    assert (inside.changes, inside.gaps) == ((), ())


@pytest.mark.parametrize(
    ("year", "begins", "ends"),
    [(2022, "2022-03-27", "2022-05-08"), (2025, "2025-02-23", "2025-04-06")],
)
def test_ramadan_in_morocco_moves_the_clock_there_and_back(year: int, begins: str, ends: str) -> None:
    series = series_of(slot_at("20:00"), first=date(year, 1, 4))
    report = followed(series, seat("Africa/Casablanca", name="ma"), seat("Africa/Lagos", name="ng"))

    assert lines(report.changes) == [f"{begins} 21:00 to 20:00", f"{ends} 20:00 to 21:00"]
    (gap,) = (gap for gap in report.gaps if gap.zones == ("Africa/Lagos", "Africa/Casablanca"))
    assert (f"{gap.first}", f"{gap.last}", gap.minutes, gap.minutes_before, gap.minutes_after) == (
        begins,
        ends,
        60,
        0,
        0,
    )
    assert gap.begun_by == gap.ended_by == ("Africa/Casablanca",)


def test_europe_and_morocco_in_2025_are_apart_in_two_steps() -> None:
    series = series_of(slot_at("20:00"), first=date(2025, 1, 7))
    report = followed(series, seat("Africa/Casablanca", name="ma"), seat("Europe/Zurich", name="ch"))
    pair = [gap for gap in report.gaps if gap.zones == ("Europe/Zurich", "Africa/Casablanca")]

    assert [(f"{gap.first}", f"{gap.last}", gap.minutes_before, gap.minutes, gap.minutes_after) for gap in pair] == [
        ("2025-02-23", "2025-03-30", 0, 60, 120),
        ("2025-03-30", "2025-04-06", 60, 120, 60),
    ]


def test_lord_howe_moves_by_half_an_hour_and_chatham_shows_quarters() -> None:
    series = series_of(slot_at("20:00"), first=date(2021, 3, 2), count=8)
    report = followed(series, seat("Australia/Lord_Howe", name="lh"), seat("Pacific/Chatham", name="ch"))

    assert [(told(change), change.minutes) for change in report.changes] == [
        ("2021-04-03 07:00+1 to 06:30+1", -30),
        ("2021-04-03 09:45+1 to 08:45+1", -60),
    ]


def test_sydney_and_london_shift_twice_against_each_other() -> None:
    series = series_of(slot_at("09:00", "Europe/London"), first=date(2021, 9, 7), count=12)
    report = followed(series, seat("Australia/Sydney"), seat("Europe/London", name="uk"))

    assert [(told(change), change.whose) for change in report.changes] == [
        ("2021-10-03 18:00 to 19:00", Whose.MEMBER),
        ("2021-10-31 19:00 to 20:00", Whose.ANCHOR),
    ]
    (gap,) = report.gaps
    assert (gap.minutes_before, gap.minutes, gap.minutes_after) == (540, 600, 660)


def test_a_day_left_out_in_apia_is_a_day_later_at_the_same_hour() -> None:
    series = series_of(slot_at("20:00"), first=date(2011, 12, 6), count=8)
    (change,) = followed(series, seat("Pacific/Apia")).changes

    assert (told(change), change.minutes) == ("2011-12-30 10:00 to 10:00+1", 1440)


def test_a_slot_anchored_in_apia_comes_a_day_earlier_for_everybody_else() -> None:
    series = series_of(slot_at("10:00", "Pacific/Apia"), first=date(2011, 12, 6), count=8)
    (change,) = followed(series, seat("UTC"), seat("Pacific/Apia", name="home")).changes

    assert (told(change), change.whose, change.members) == ("2011-12-31 20:00 to 20:00-1", Whose.ANCHOR, ("seat",))


def test_members_without_summer_time_see_the_anchor_move() -> None:
    series = series_of(slot_at("17:00", "America/Los_Angeles"), first=date(2021, 2, 3), count=45)
    roster = [seat(zone, name=zone[-5:]) for zone in ("Asia/Kolkata", "Asia/Shanghai", "America/Los_Angeles")]
    report = followed(series, *roster)

    assert [(told(change), change.whose, change.members) for change in report.changes] == [
        ("2021-03-14 06:30+1 to 05:30+1", Whose.ANCHOR, ("lkata",)),
        ("2021-03-14 09:00+1 to 08:00+1", Whose.ANCHOR, ("nghai",)),
        ("2021-11-07 05:30+1 to 06:30+1", Whose.ANCHOR, ("lkata",)),
        ("2021-11-07 08:00+1 to 09:00+1", Whose.ANCHOR, ("nghai",)),
    ]
    assert report.changes[0].enters_night == ("lkata",)
    assert report.changes[2].leaves_night == ("lkata",)
    assert report.gaps == ()


def test_both_clocks_may_move_on_one_date() -> None:
    series = series_of(slot_at("12:00", "Europe/London"), first=date(2021, 3, 2), count=8)
    report = followed(series, seat("Antarctica/Troll"), seat("Europe/Zurich", name="ch"))

    assert [(told(change), change.whose, change.members) for change in report.changes] == [
        ("2021-03-28 12:00 to 13:00", Whose.BOTH, ("seat",))
    ]


def test_an_hour_that_no_call_sees_is_passed_over() -> None:
    weekly = series_of(slot_at("02:30", "Europe/London"), first=date(2021, 3, 2), count=8)
    daily = series_of(slot_at("02:30", "Europe/London"), first=date(2021, 3, 2), count=50, repeat="FREQ=DAILY")
    skipped = series_of(slot_at("01:30", "Europe/London"), first=date(2021, 3, 2), count=50, repeat="FREQ=DAILY")
    home, chicago = seat("Europe/London"), seat("America/Chicago")
    east = series_of(slot_at("03:30", "America/New_York"), first=date(2021, 3, 2), count=4)
    every = series_of(slot_at("03:30", "America/New_York"), first=date(2021, 3, 2), count=30, repeat="FREQ=DAILY")

    assert followed(weekly, home).changes == followed(daily, home).changes == ()
    assert lines(followed(skipped, home).changes) == ["2021-03-28 01:30 to 02:30", "2021-03-29 02:30 to 01:30"]
    assert followed(east, chicago).changes == ()
    assert lines(followed(every, chicago).changes) == ["2021-03-14 02:30 to 01:30", "2021-03-15 01:30 to 02:30"]
    assert followed(every, chicago).gaps == ()


@pytest.mark.parametrize(
    ("first", "last"), [("2021-03-29", "2021-04-30"), ("2021-03-01", "2021-03-28"), ("2021-03-28", "2021-03-29")]
)
def test_an_hour_that_no_call_sees_is_passed_over_at_both_ends_of_a_report(first: str, last: str) -> None:
    # on Sunday the 28th 1:30 is skipped and 2:30 is read for it, and no call is held on a Sunday
    weekly = series_of(slot_at("01:30", "Europe/London"), first=date(2021, 3, 2), count=8)
    report = followed(weekly, seat("Europe/London"), first=date.fromisoformat(first), last=date.fromisoformat(last))

    assert report.changes == ()


def test_who_has_left_or_not_yet_joined_is_not_told() -> None:
    series = series_of(slot_at("14:00"), first=date(2021, 1, 5), count=50)
    gone = Member(id=MemberId("gone"), zone=ZoneName("Europe/Rome"), left=date(2021, 3, 27))
    late = Member(id=MemberId("late"), zone=ZoneName("Europe/Paris"), joined=date(2021, 3, 28))

    assert [change.members for change in followed(series, gone, late).changes] == [("late",), ("late",)]
    assert followed(series, gone).changes == ()


def test_a_stay_is_no_clock_change_and_is_noted() -> None:
    stay = Stay(first=date(2021, 3, 1), last=date(2021, 4, 30), zone=ZoneName("Asia/Tokyo"))
    away = Member(id=MemberId("away"), zone=ZoneName("Europe/Rome"), stays=(stay,))
    series = series_of(slot_at("14:00"), first=date(2021, 3, 2), count=8)
    report = followed(series, away)

    assert lines(report.changes) == ["2021-03-28 15:00 to 16:00"]
    (note,) = report.notes
    assert sentence(note) == (
        "away is in Asia/Tokyo from 2021-03-01 to 2021-04-30: a stay is not a clock change, so the hours of away are "
        "those of the clock of Europe/Rome throughout"
    )
    assert followed(series, away, last=date(2021, 2, 28), first=date(2021, 2, 1)).notes == ()


@pytest.mark.parametrize(
    ("first", "last", "noted"),
    [
        ("2021-04-30", "2021-05-31", True),  # begins on the last day
        ("2021-05-01", "2021-05-31", False),
        ("2021-02-01", "2021-04-01", True),  # ends on the first day
        ("2021-02-01", "2021-03-31", False),
        ("2021-04-10", "2021-04-11", True),
        ("2021-01-01", "2021-12-31", True),
    ],
)
def test_a_stay_is_noted_where_it_touches_the_days_reported(first: str, last: str, *, noted: bool) -> None:
    stay = Stay(first=date.fromisoformat(first), last=date.fromisoformat(last), zone=ZoneName("Asia/Tokyo"))
    away = Member(id=MemberId("away"), zone=ZoneName("Europe/Rome"), stays=(stay,))
    series = series_of(slot_at("14:00"), first=date(2021, 3, 2), count=8)
    report = followed(series, away, first=date(2021, 4, 1), last=date(2021, 4, 30))

    assert bool(report.notes) is noted


@pytest.mark.parametrize(
    ("own_slots", "slot_minutes", "burden"),
    [
        (None, None, (1440, 1740)),  # the phase lengthens the rotation's slots: 240 minutes
        (("09:00",), None, (240, 300)),  # it has slots of its own, so those of the rotation keep the meeting's 60
        (None, 60, (240, 300)),  # a length of its own comes first
        (("09:00",), 90, (390, 510)),
    ],
)
def test_a_phase_gives_its_length_to_the_slots_that_it_holds(
    own_slots: tuple[str, ...] | None, slot_minutes: int | None, burden: tuple[int, int]
) -> None:
    own = None if own_slots is None else tuple(map(slot_at, own_slots))
    phase = Phase(name="Long", first=date(2021, 3, 25), last=date(2021, 4, 2), slots=own, minutes=240)
    evening = Slot(at=time(20), minutes=slot_minutes)
    series = series_of(evening, first=date(2021, 3, 2), count=8, phases=(phase,))
    (change,) = (change for change in followed(series, seat("Europe/Rome")).changes if change.slot.at == time(20))

    assert [effect.burden for effect in change.effects] == [burden]


@pytest.mark.parametrize(
    ("zones", "first", "last", "days"),
    [
        (("America/Danmarkshavn", "America/Asuncion"), "1996-01-01", "1996-03-01", 60),
        (("America/Santiago", "America/New_York"), "2021-09-05", "2021-11-07", None),  # 63 days
        (("America/Santiago", "America/New_York"), "2022-09-11", "2022-11-06", 56),
    ],
)
def test_a_gap_lasts_sixty_days_at_most(zones: tuple[str, str], first: str, last: str, days: int | None) -> None:
    gaps = find_gaps([ZoneName(zone) for zone in zones], (), date.fromisoformat(first), date.fromisoformat(last))

    found = [gap for gap in gaps if (f"{gap.first}", f"{gap.last}") == (first, last)]
    assert [(gap.end - gap.start).days for gap in found] == ([] if days is None else [days])


@pytest.mark.parametrize(
    ("day", "touches"), [("1995-12-31", False), ("1996-01-01", True), ("1996-03-01", True), ("1996-03-02", False)]
)
def test_a_gap_belongs_to_the_days_that_it_touches(day: str, *, touches: bool) -> None:
    zones = [ZoneName("America/Danmarkshavn"), ZoneName("America/Asuncion")]

    assert bool(find_gaps(zones, (), date.fromisoformat(day), date.fromisoformat(day))) is touches


@pytest.mark.parametrize(
    ("zones", "day", "start"),
    [
        (("Asia/Gaza", "Asia/Beirut"), "2021-03-27", "2021-03-26 22:00"),
        (("Asia/Damascus", "Asia/Gaza"), "2021-03-26", "2021-03-25 22:00"),
        (("Asia/Jerusalem", "Asia/Gaza"), "2023-10-28", "2023-10-27 23:00"),
    ],
)
def test_changes_that_are_a_day_apart_have_a_gap_of_a_day(zones: tuple[str, str], day: str, start: str) -> None:
    (gap,) = find_gaps([ZoneName(zone) for zone in zones], (), date.fromisoformat(day), date.fromisoformat(day))

    assert (f"{gap.start:%Y-%m-%d %H:%M}", gap.end - gap.start) == (start, timedelta(days=1))
    assert (gap.minutes_before, gap.minutes, gap.minutes_after) == (0, 60, 0)


@pytest.mark.parametrize(
    ("joined", "left", "counts"),
    [
        (None, None, True),
        ("2022-04-30", None, True),  # on the last day
        ("2022-05-01", None, False),
        (None, "2022-03-01", True),  # on the first day
        (None, "2022-02-28", False),
        ("2022-04-30", "2022-06-01", True),
        ("2022-05-01", "2022-06-01", False),
    ],
)
def test_the_zones_of_whoever_takes_part_on_a_day_have_gaps(
    joined: str | None, left: str | None, *, counts: bool
) -> None:
    days = [None if text is None else date.fromisoformat(text) for text in (joined, left)]
    guest = Member(id=MemberId("ma"), zone=ZoneName("Africa/Casablanca"), joined=days[0], left=days[1])
    series = series_of(slot_at("20:00"), first=date(2022, 3, 1), count=9)
    report = followed(series, guest, seat("Africa/Lagos"), first=date(2022, 3, 1), last=date(2022, 4, 30))

    assert bool([gap for gap in report.gaps if gap.zones == ("Africa/Lagos", "Africa/Casablanca")]) is counts


@pytest.mark.parametrize(
    ("first", "last", "call"),
    [
        ("2021-03-28", "2021-03-28", "2021-03-28"),  # a call on the one day, at the new hour
        ("2021-03-01", "2021-03-28", "2021-03-28"),
        ("2021-03-28", "2021-04-30", "2021-03-28"),
    ],
)
def test_a_call_on_the_first_or_the_last_day_is_named(first: str, last: str, call: str) -> None:
    series = series_of(slot_at("14:00"), first=date(2021, 3, 7), count=9)
    (change,) = followed(
        series, seat("Europe/Rome"), first=date.fromisoformat(first), last=date.fromisoformat(last)
    ).changes

    assert change.first_call is not None
    assert change.first_call.date == date.fromisoformat(call)


@pytest.mark.parametrize("first", [date(2022, 3, 27), date(2021, 11, 1)])  # without and with an earlier change
def test_a_change_of_both_zones_in_one_night_is_dated_by_the_zone_that_is_ahead(first: date) -> None:
    zones = [ZoneName("Africa/Casablanca"), ZoneName("America/Godthab")]
    (gap,) = find_gaps(zones, (), first, date(2022, 5, 8))

    # Casablanca changes on the 27th at 2:00 UTC, Godthab, where it is still the 26th, an hour before
    assert gap.begun_by == gap.zones == ("Africa/Casablanca", "America/Godthab")
    assert (gap.first, gap.last) == (date(2022, 3, 27), date(2022, 5, 8))
    assert gap.ended_by == ("Africa/Casablanca",)


def test_a_gap_that_both_zones_end_in_one_night_ends_on_the_date_of_the_zone_that_is_ahead() -> None:
    zones = [ZoneName("Africa/Casablanca"), ZoneName("Chile/EasterIsland")]
    (gap,) = (one for one in find_gaps(zones, (), date(2025, 3, 1), date(2025, 4, 30)) if one.start.month == 2)

    # Casablanca changes on 6 April at 2:00 UTC, Easter Island, where it is still the 5th, an hour later
    assert gap.ended_by == gap.zones == ("Africa/Casablanca", "Chile/EasterIsland")
    assert gap.last == date(2025, 4, 6)


def test_kinds_of_members_are_told_apart_and_groups_are_not() -> None:
    hours = Hours()
    series = series_of(slot_at("20:00"), first=date(2021, 3, 2), count=8)
    owl = Member(id=MemberId("owl"), zone=ZoneName("Europe/Paris"), night=span("02:00-09:00"))
    early = Member(id=MemberId("up"), zone=ZoneName("Europe/Rome"), lead=60, never=(span("22:30-23:30"),))
    roster = (seat("Europe/Rome", name="a"), owl, early, seat("Europe/Oslo", name="b"))
    (change,) = make_drift_report(
        series=series, calls=unroll(series), audience=audience_of(roster, series.meeting, hours=hours)
    ).changes

    assert [effect.members for effect in change.effects] == [("a", "b"), ("owl",), ("up",)]
    assert change.members == ("a", "owl", "up", "b")
    assert change.zones == ("Europe/Rome", "Europe/Paris", "Europe/Oslo")
    assert [effect.burden for effect in change.effects] == [(240, 300), (240, 300), (420, 540)]
    assert [effect.blocked for effect in change.effects] == [(False, False), (False, False), (False, True)]


def test_a_slot_that_stands_in_a_cycle_twice_is_told_once() -> None:
    morning, evening = slot_at("10:00"), slot_at("15:00")
    series = series_of(evening, morning, evening, first=date(2021, 3, 2), count=9)
    report = followed(series, seat("Europe/Rome"))

    assert [(change.slot_number, change.first_call and change.first_call.date) for change in report.changes] == [
        (1, date(2021, 4, 6)),
        (2, date(2021, 3, 30)),
    ]


def test_only_calls_at_the_hour_of_the_slot_count_as_its_first() -> None:
    overrides = (
        Override(date=date(2021, 3, 30), cancel=True),
        Override(date=date(2021, 4, 6), at=time(9)),
        Override(date=date(2021, 4, 13), to=date(2021, 4, 14)),
    )
    extras = (Extra(date=date(2021, 3, 29), at=time(14)),)
    series = series_of(slot_at("14:00"), first=date(2021, 3, 2), count=9, overrides=overrides, extras=extras)
    (change,) = followed(series, seat("Europe/Rome")).changes

    assert change.first_call is not None
    assert (change.first_call.date, change.first_call.start.day) == (date(2021, 4, 13), 14)


def test_a_skipped_start_that_moves_past_midnight_is_still_its_slot() -> None:
    series = series_of(slot_at("23:30", "America/Nuuk"), first=date(2024, 3, 16), count=4)
    report = followed(series, seat("America/Nuuk", name="gl"), seat("UTC"))
    home = [change for change in report.changes if change.members == ("gl",)]

    assert unroll(series)[2].adjusted == "gap"
    assert lines(home) == ["2024-03-30 23:30 to 00:30+1", "2024-03-31 00:30+1 to 23:30"]
    assert [change.first_call and change.first_call.date for change in home] == [date(2024, 3, 30), date(2024, 4, 6)]
    assert lines([change for change in report.changes if change not in home]) == ["2024-03-31 01:30+1 to 00:30+1"]


def test_a_weekday_of_its_own_may_lead_out_of_the_phase() -> None:
    slot = Slot(at=time(14), weekday=Weekday.SU)
    own = Phase(name="P", first=date(2021, 3, 22), last=date(2021, 3, 23), slots=(slot,))
    series = series_of(slot_at("10:00"), first=date(2021, 3, 2), count=8, phases=(own,))
    (change,) = (change for change in followed(series, seat("Europe/Rome")).changes if change.phase)

    assert change.first_call is not None
    assert (change.date, change.first_call.date) == (date(2021, 3, 28), date(2021, 3, 23))


def test_from_and_to_are_both_included_and_reach_beyond_the_plan() -> None:
    series = series_of(slot_at("14:00"), first=date(2021, 1, 5), count=4)
    day = date(2021, 3, 28)

    assert followed(series, seat("Europe/Rome")).changes == ()
    assert lines(followed(series, seat("Europe/Rome"), first=day, last=day).changes) == ["2021-03-28 15:00 to 16:00"]
    assert followed(series, seat("Europe/Rome"), first=day + timedelta(days=1), last=date(2021, 10, 30)).changes == ()
    assert len(followed(series, seat("Europe/Rome"), last=date(2030, 12, 31)).changes) == 20


def test_a_slot_after_the_last_phase_with_slots_is_not_followed_into_it() -> None:
    whole = Phase(name="All", first=date(2021, 3, 1), last=date(2021, 4, 30), slots=(slot_at("08:00"),))
    series = series_of(slot_at("14:00"), first=date(2021, 3, 2), count=8, phases=(whole,))

    assert {change.phase for change in followed(series, seat("Europe/Rome")).changes} == {"All"}


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, "found no call, so there is no season; give the first and the last date"),
        (date(2021, 1, 1), None, "found no call, so there is no season; give the first and the last date"),
        (date(2021, 1, 2), date(2021, 1, 1), "found 2021-01-02 to 2021-01-01, which ends before it begins; "),
    ],
)
def test_a_season_that_is_none_is_refused(first: date | None, last: date | None, said: str) -> None:
    series = series_of(slot_at("14:00"), first=date(2021, 1, 5))
    with pytest.raises(InvalidValue, match=said):
        make_drift_report(
            series=series, calls=(), first=first, last=last, audience=audience_of((), series.meeting, hours=Hours())
        )


def test_changes_come_by_date_and_gaps_by_start() -> None:
    report = loaded(EXAMPLES / "oci" / "plan.toml")

    assert all(one.date <= other.date for one, other in pairwise(report.changes))
    assert all(one.start <= other.start for one, other in pairwise(report.gaps))
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own bytes
