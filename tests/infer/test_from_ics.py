"""Calendars of others read as plans.

Law: the draft has exactly the held calls of the calendar, at the same instants and of the same length, as the engines
of others see them; whatever it does not say is named; and what cannot be known is refused with nothing written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, permutations
from pathlib import Path

import pytest
from dateutil.rrule import rrule, rruleset, rrulestr
from hypothesis import given
from hypothesis import strategies as st

from calendars import MEETING, series_of, slot
from calendars import after as edition_after
from engines import read_with_icaljs, read_with_libical
from facts import in_words
from invoke import invoke
from mag_rotation.calls import Call, unroll
from mag_rotation.errors import InvalidCalendar
from mag_rotation.ics import CalendarLayout, make_edition, to_ics
from mag_rotation.infer.external import ReadingOptions, read_external
from mag_rotation.infer.infer_plan import infer_plan
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan, plan_from
from mag_rotation.planfile.writer import write_draft
from mag_rotation.report import sentence
from mag_rotation.roster import ZoneName
from mag_rotation.series import Advance, Extra, Meeting, Override, Phase, Rotation, Schedule, Series, Slot, Weekday
from mag_rotation.values import Fact
from mag_rotation.zones import TZDATA_VERSION, resolve
from paths import DATA, EXAMPLES

STAMP = datetime(2026, 1, 1, tzinfo=UTC)
PLANS = sorted(EXAMPLES.rglob("*.toml"))
Held = list[tuple[datetime, int]]


def lines(*parts: str) -> bytes:
    """A calendar file of these lines."""
    body = "\n".join(parts)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Calendar//EN\n{body}\nEND:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def event(uid: str, *parts: str, summary: str = "Board call") -> str:
    return "\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"SUMMARY:{summary}", *parts, "END:VEVENT"]
    )


def from_utc(start: datetime) -> str:
    return f"DTSTART:{start:%Y%m%dT%H%M%SZ}"


def held_of(calls: Sequence[Call]) -> Held:
    return sorted((call.start, call.minutes) for call in calls if call.is_held)


def draft_of(data: bytes, reading: ReadingOptions | None = None) -> tuple[Plan, tuple[str, ...]]:
    """The plan that a calendar becomes, read back from its text, and what it does not say."""
    calendar = read_external(data, "old.ics", reading)
    draft = infer_plan(calendar)
    notes = tuple(map(sentence, draft.notes))
    plan = plan_from(Path("draft.toml"), write_draft(draft.series, head=["A draft."], unsaid=notes).encode())
    assert plan.series == draft.series
    assert held_of(plan.calls) == sorted((call.start, call.minutes) for call in calendar.held)
    return plan, notes


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Our own calendars come back.


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
@pytest.mark.parametrize("options", [(), ("--utc",), ("--layout", "series")], ids=["zoned", "utc", "series"])
def test_a_calendar_of_ours_becomes_a_plan_with_the_same_calls(
    path: Path, options: tuple[str, ...], tmp_path: Path
) -> None:
    file, out = tmp_path / "calendar.ics", tmp_path / "draft.toml"
    assert invoke("ics", path, "-o", file, "--stamp", "2026-01-01T00:00Z", *options).code == 0

    done = invoke("from-ics", file, "-o", out)

    before, after = load_plan(path), load_plan(out)
    assert done.code == 0, done.err
    assert held_of(after.calls) == held_of(before.calls)
    assert (after.meeting.id, after.meeting.uid_domain) == (before.meeting.id, before.meeting.uid_domain)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_feed_with_one_event_a_call_keeps_its_uids_titles_and_slots(path: Path) -> None:
    before = load_plan(path)

    after, _ = draft_of(to_ics(before.calls, before.meeting, stamp=STAMP))

    assert [(call.uid, call.title) for call in after.calls if call.is_held] == [
        (call.uid, call.title) for call in before.calls if call.is_held
    ]
    assert [(slot.at, slot.zone) for slot in after.series.rotation.slots] == [
        (slot.at, slot.zone) for slot in before.series.rotation.slots
    ]
    assert after.series.rotation.advance is before.series.rotation.advance or len(after.series.rotation.slots) < 3


ZONES = ("UTC", "America/Los_Angeles", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati")
HOURS = tuple(time(hour, minute) for hour in (0, 1, 2, 9, 14, 23) for minute in (0, 30))
slots = st.builds(
    Slot,
    at=st.sampled_from(HOURS),
    zone=st.sampled_from(ZONES).map(ZoneName),
    weekday=st.sampled_from((None, None, None, Weekday.TH)),
    minutes=st.sampled_from((None, None, 45)),
)


@st.composite
def plans(draw: st.DrawFn) -> Series:
    """A small series across clock changes, with calls off, moved, lengthened and put in."""
    repeat = draw(st.sampled_from(("FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=DAILY")))
    schedule = Schedule(first=date(2026, 3, 3), repeat=repeat, count=draw(st.integers(1, 14)))
    hold = draw(st.integers(1, 3))
    rotation = Rotation(
        slots=tuple(draw(st.lists(slots, min_size=1, max_size=4))),
        advance=draw(st.sampled_from(list(Advance))),
        hold=hold,
        taken=draw(st.integers(0, hold - 1)),
    )
    meeting = Meeting(id="law", name="Law", uid_domain="law.example.org", minutes=60)
    bare = Series(meeting=meeting, schedule=schedule, rotation=rotation)
    dates = [call.date for call in unroll(bare)]
    changes = draw(st.dictionaries(st.sampled_from(dates), st.integers(0, 3), max_size=4))
    makers = (
        lambda day: Override(date=day, cancel=True),
        lambda day: Override(date=day, at=time(11), zone=ZoneName("Asia/Tokyo")),
        lambda day: Override(date=day, to=day + timedelta(days=1)),
        lambda day: Override(date=day, minutes=150),
    )
    days = st.integers(0, 90).map(lambda days: date(2026, 3, 1) + timedelta(days=days))
    extras = draw(st.lists(st.builds(Extra, date=days, at=st.sampled_from(HOURS)), max_size=2))
    phases = (Phase(name="off", first=date(2026, 3, 20), last=date(2026, 4, 20), calls=False),)
    silent = draw(st.booleans())
    return Series(
        meeting=meeting,
        schedule=schedule,
        rotation=rotation,
        overrides=tuple(makers[kind](day) for day, kind in changes.items() if not (silent and day in phases[0])),
        extras=tuple(extras),
        phases=phases if silent else (),
    )


@given(plans(), st.booleans())
def test_whatever_a_plan_has_its_calendar_gives_back_every_instant(series: Series, in_utc: bool) -> None:
    calls = unroll(series)
    expected = sorted(set(held_of(calls)))
    if not expected:
        return

    plan, _ = draft_of(to_ics(calls, series.meeting, stamp=STAMP, utc=in_utc))

    assert held_of(plan.calls) == expected


@pytest.mark.parametrize(
    ("hours", "nth"),
    [((9, 11), (None, None)), ((11, 9), (None, None)), ((9, 11), (2, None)), ((9,), (2,)), ((9, 11), (3, 1))],
)
def test_extra_calls_of_one_date_keep_their_uids(hours: tuple[int, ...], nth: tuple[int | None, ...]) -> None:
    series = Series(
        meeting=Meeting(id="board", name="Board", uid_domain="board.example.org", minutes=60),
        schedule=Schedule(first=date(2026, 3, 3), repeat="FREQ=WEEKLY", count=6),
        rotation=Rotation(slots=(Slot(at=time(14)),)),
        extras=tuple(
            Extra(date=date(2026, 3, 12), at=time(hour), nth=place) for hour, place in zip(hours, nth, strict=True)
        ),
    )
    calls = unroll(series)
    plan, unsaid = draft_of(to_ics(calls, series.meeting, stamp=STAMP))

    assert [(call.uid, call.start) for call in plan.calls] == [(call.uid, call.start) for call in calls]
    assert not [sentence for sentence in unsaid if "UID" in sentence]


def test_uids_that_say_what_cannot_be_are_not_kept() -> None:
    odd = ("-extra0", "-extra01", "-extra1", "-extra99999", "-extra2")
    no_day = event("board-20261399@board.example.org", "DTSTART:20260911T090000Z", "DURATION:PT1H")
    weekly = event("board-20260901@board.example.org", "DTSTART:20260901T140000Z", "DURATION:PT1H")
    twice = [
        event(f"board-20260904{uid}@board.example.org", f"DTSTART:202609{4 + day:02}T090000Z", "DURATION:PT1H")
        for day, uid in enumerate(odd)
    ]
    plan, _ = draft_of(lines(weekly, *twice, no_day))

    assert len({call.uid for call in plan.calls}) == 7


@given(
    st.sampled_from(("WEEKLY;BYDAY=TU,TH", "WEEKLY;INTERVAL=2", "MONTHLY;BYDAY=-1TU", "DAILY;INTERVAL=3")),
    st.integers(2, 20),
    st.sets(st.integers(0, 15), max_size=4),
    st.lists(st.integers(1, 60), max_size=2, unique=True),
)
def test_a_series_unrolls_as_dateutil_unrolls_it(rule: str, count: int, out: set[int], added: list[int]) -> None:
    """The stupid twin: naive wall times of one rruleset, each put through the door."""
    first, zone = datetime(2026, 3, 3, 9, 30), ZoneName("America/New_York")  # noqa: DTZ001 - wall time
    body = f"FREQ={rule};COUNT={count}"
    walls = list(rrulestr(body, dtstart=first))
    twin = rruleset()
    ruled = rrulestr(body, dtstart=first)
    assert isinstance(ruled, rrule)
    twin.rrule(ruled)
    twin.rdate(first)
    excluded = [walls[index] for index in out if 0 < index < len(walls)]
    extra = [first + timedelta(days=days, hours=3) for days in added]
    for wall in extra:
        twin.rdate(wall)
    for wall in excluded:
        twin.exdate(wall)
    stamped = [
        f"{name};TZID={zone}:{wall:%Y%m%dT%H%M%S}"
        for name, many in (("EXDATE", excluded), ("RDATE", extra))
        for wall in many
    ]

    calendar = read_external(
        lines(
            event("a@example.org", f"DTSTART;TZID={zone}:20260303T093000", "DURATION:PT1H", f"RRULE:{body}", *stamped)
        ),
        "old.ics",
    )

    # a start that the rule does not give counts as the first of COUNT, which dateutil does not know
    expected = [resolve(wall, zone).instant for wall in twin]
    found = [call.start for call in calendar.calls]
    assert found == expected or (first not in walls and set(found) < set(expected))


# Calendars as others make them.

LOS_ANGELES = """BEGIN:VTIMEZONE
TZID:America/Los_Angeles
BEGIN:DAYLIGHT
TZOFFSETFROM:-0800
TZOFFSETTO:-0700
TZNAME:PDT
DTSTART:19700308T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0700
TZOFFSETTO:-0800
TZNAME:PST
DTSTART:19701101T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE"""

COMMUNITY = lines(
    "X-WR-CALNAME:Contributors",
    "X-WR-TIMEZONE:America/Los_Angeles",
    LOS_ANGELES,
    event(
        "morning@example.org",
        "DTSTART;TZID=America/Los_Angeles:20200108T100000",
        "DTEND;TZID=America/Los_Angeles:20200108T110000",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20200624T235959Z;BYDAY=WE",
        "EXDATE;TZID=America/Los_Angeles:20200318T100000",
        summary="Contributors (Americas)",
    ),
    event(
        "morning@example.org",
        "RECURRENCE-ID;TZID=America/Los_Angeles:20200205T100000",
        "DTSTART;TZID=America/Los_Angeles:20200206T110000",
        "DTEND;TZID=America/Los_Angeles:20200206T123000",
        summary="Contributors (Americas)",
    ),
    event(
        "evening@example.org",
        "DTSTART:20200115T073000Z",
        "DTEND:20200115T083000Z",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=12",
        summary="Contributors (Asia)",
    ),
)


def test_several_rules_with_an_interval_become_one_rotation() -> None:
    plan, unsaid = draft_of(COMMUNITY)
    series = plan.series

    assert (series.schedule.repeat, series.schedule.first, series.schedule.until) == (
        "FREQ=WEEKLY",
        date(2020, 1, 8),
        date(2020, 6, 24),
    )
    assert series.rotation == Rotation(
        slots=(Slot(at=time(10), zone=ZoneName("America/Los_Angeles")), Slot(at=time(7, 30)))
    )
    assert series.overrides == (
        Override(date=date(2020, 2, 5), at=time(11), to=date(2020, 2, 6), minutes=90),
        Override(date=date(2020, 3, 18), cancel=True),
    )
    assert (series.extras, series.phases, series.meeting.name) == ((), (), "Contributors")
    assert any("UIDs of their own" in sentence for sentence in unsaid)


FAR = [
    ("19000101T000000Z", "29991201T000000Z"),
    ("19000101T000000Z", "29991201T000000Z", "29991202T000000Z"),
    ("20000103T090000Z", "20280104T090000Z"),
    ("19000101T000000Z", "20260101T000000Z", "29991231T230000Z"),
    ("20260105T000000Z", "29990107T000000Z"),
    ("19500601T000000Z", "20500601T010000Z"),
]


@pytest.mark.parametrize("starts", FAR)
def test_calls_that_lie_too_far_apart_for_any_rule_are_extra_calls(starts: tuple[str, ...]) -> None:
    data = lines(*(event(f"e{number}@x", f"DTSTART:{start}", "DURATION:PT1H") for number, start in enumerate(starts)))
    plan, _ = draft_of(data)

    assert len(plan.calls) == len(starts)


ODD_ONSETS = ["00010101T000000", "00010101T000000Z", "00010101", "99991231T235959", "99991231", "00010102T010000"]


@pytest.mark.parametrize("onset", ODD_ONSETS)
@pytest.mark.parametrize("offset", ["+1400", "+0100", "-0100", "-1200"])
def test_a_clock_may_have_begun_on_the_first_day_or_begin_on_the_last(onset: str, offset: str) -> None:
    """No wall time lies before the first of all, or after the last: nothing may be counted back or on from there."""
    for more in ("", "\nRRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1;UNTIL=20200101T000000Z", f"\nRDATE:{onset}"):
        odd = f"BEGIN:STANDARD\nDTSTART:{onset}\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}{more}\nEND:STANDARD"
        zone = LOS_ANGELES.replace("END:VTIMEZONE", f"{odd}\nEND:VTIMEZONE")
        start = "DTSTART;TZID=America/Los_Angeles:20260901T150000"
        plan, _ = draft_of(lines(zone, event("a@x", start, "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")))

        assert [call.start for call in plan.calls] == [utc(f"2026-09-{day:02}T22:00") for day in (1, 8, 15)]


@pytest.mark.parametrize("reader", [read_with_icaljs, read_with_libical], ids=["ical.js", "libical"])
def test_engines_of_others_see_the_calls_that_the_draft_has(reader, tmp_path: Path) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    file = tmp_path / "community.ics"
    file.write_bytes(COMMUNITY)

    plan, _ = draft_of(COMMUNITY)

    theirs = sorted((one.start, int((one.end - one.start).total_seconds()) // 60) for one in reader(file))
    assert held_of(plan.calls) == theirs


FORTNIGHTS = lines(
    event(
        "odd@example.org",
        "DTSTART;TZID=America/Los_Angeles:20170329T080000",
        "DTEND;TZID=America/Los_Angeles:20170329T090000",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20170823T150000Z",
        "EXDATE;TZIP=America/Los_Angeles:20170412T080000",
    ),
    event(
        "even@example.org",
        "DTSTART;TZID=America/Los_Angeles:20170405T170000",
        "DTEND;TZID=America/Los_Angeles:20170405T180000",
        "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20170831T000000Z",
    ),
)


def test_a_malformed_exdate_is_read_as_it_was_meant_and_named() -> None:
    plan, unsaid = draft_of(FORTNIGHTS)

    assert plan.series.rotation.slots == tuple(
        Slot(at=time(hour), zone=ZoneName("America/Los_Angeles")) for hour in (8, 17)
    )
    assert plan.series.overrides == (Override(date=date(2017, 4, 12), cancel=True),)
    assert "2017-04-12" not in {str(start.date()) for start, _ in held_of(plan.calls)}
    assert sum("EXDATE;TZIP=" in sentence for sentence in unsaid) == 1


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("Pacific Standard Time", "America/Los_Angeles"),
        ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', None),
        ("/citadel.org/20210210_1/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Etc/UTC", "UTC"),
        ("Somewhere", None),
    ],
)
def test_a_tzid_of_another_make_is_read_or_asked_about(tzid: str, zone: str | None) -> None:
    data = lines(event("a@x.example.org", f"DTSTART;TZID={tzid}:20260706T090000", "DURATION:PT1H"))

    if zone is None:
        with pytest.raises(InvalidCalendar, match=r"event 1: found the TZID .*--zone"):
            read_external(data, "old.ics")
        named = tzid.strip('"')
        plan, _ = draft_of(data, ReadingOptions(zones={named: ZoneName("Europe/Berlin")}))
    else:
        plan, unsaid = draft_of(data)
        assert any("was read as" in sentence for sentence in unsaid) == (zone != "UTC")
    assert plan.series.rotation.slots[0].zone == (zone or "Europe/Berlin")


def test_a_vtimezone_may_say_where_it_lies() -> None:
    zone = LOS_ANGELES.replace("TZID:America/Los_Angeles", "TZID:Custom\nX-LIC-LOCATION:America/Los_Angeles")
    data = lines(zone, event("a@x.example.org", "DTSTART;TZID=Custom:20260706T090000", "DURATION:PT1H"))

    plan, unsaid = draft_of(data)

    assert held_of(plan.calls) == [(utc("2026-07-06T16:00"), 60)]
    assert "the TZID 'Custom' was read as America/Los_Angeles (found 2)" in unsaid or any("Custom" in s for s in unsaid)


def test_single_events_in_utc_are_read_on_the_clock_of_the_calendar() -> None:
    walls = [datetime(2026, 3, 3) + timedelta(weeks=week, hours=10 if week % 2 else 18) for week in range(8)]  # noqa: DTZ001
    zone = ZoneName("America/New_York")
    starts = [resolve(wall, zone).instant for wall in walls]
    events = [
        event(
            f"q{number}7f@google.com",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
        )
        for number, start in enumerate(starts)
    ]

    plan, _ = draft_of(lines(f"X-WR-TIMEZONE:{zone}", *events))

    assert plan.series.rotation.slots == (Slot(at=time(18), zone=zone), Slot(at=time(10), zone=zone))
    assert (plan.series.overrides, plan.series.extras, plan.meeting.id) == ((), (), "board-call")


def test_weeks_without_a_call_take_turns_where_the_hours_say_so() -> None:
    kept = [week for week in range(12) if week not in {4, 9}]
    events = [
        event(
            f"{week}@x.example.org",
            from_utc(datetime(2026, 9, 1, tzinfo=UTC) + timedelta(weeks=week, hours=8 + 6 * (week % 3))),
            "DURATION:PT1H",
        )
        for week in kept
    ]

    plan, _ = draft_of(lines(*events))

    assert [slot.at.hour for slot in plan.series.rotation.slots] == [8, 14, 20]
    assert [one.date for one in plan.series.overrides] == [date(2026, 9, 29), date(2026, 11, 3)]


def held_weeks(hours: str, off: Sequence[int] = (), first: date = date(2026, 9, 1)) -> bytes:
    """One event a week in UTC at the hour of each letter, A being 8:00; weeks ``off`` have none."""
    starts = (
        (week, datetime.combine(first, time(8 + 2 * "ABCD".index(hour)), UTC) + timedelta(weeks=week))
        for week, hour in enumerate(hours)
        if week not in off
    )
    return lines(*(event(f"{week}@x.example.org", from_utc(start), "DURATION:PT1H") for week, start in starts))


@pytest.mark.parametrize(
    ("hours", "off", "hold", "taken", "cycle"),
    [
        ("AAAABBBBCCCC", (), 4, 0, "ABC"),
        ("AAAABBBBCCCCAAAABB", (), 4, 0, "ABC"),
        ("AABBBBCCCCAAAABBBB", (), 4, 2, "ABC"),
        ("AAAABBBBCCCCAAAABBBB", (2, 9), 4, 0, "ABC"),
        ("AAABBBBBBBBBBBBBCCCCCCCCCCCCCAAAAAAAAAAAAA", (), 13, 10, "ABC"),
        ("AABBAABBAA", (), 2, 0, "AB"),
        ("AAAAAAAA", (), 1, 0, "A"),
        ("ABABABAB", (), 1, 0, "AB"),
    ],
)
def test_a_slot_that_has_several_weeks_in_a_row_is_found(
    hours: str, off: Sequence[int], hold: int, taken: int, cycle: str
) -> None:
    plan, _ = draft_of(held_weeks(hours, off))

    rotation = plan.series.rotation
    assert (rotation.hold, rotation.taken) == (hold, taken)
    assert "".join("ABCD"[(one.at.hour - 8) // 2] for one in rotation.slots) == cycle
    assert [one.date for one in plan.series.overrides] == [date(2026, 9, 1) + timedelta(weeks=week) for week in off]
    assert plan.series.extras == () == plan.series.phases


def test_a_moved_call_among_several_weeks_in_a_row_is_an_exception() -> None:
    plan, _ = draft_of(held_weeks("AAAABBDBCCCCAAAABBBB"))

    assert (plan.series.rotation.hold, len(plan.series.rotation.slots)) == (4, 3)
    assert [one.date for one in plan.series.overrides] == [date(2026, 10, 13)]


def test_weeks_of_the_calendar_in_a_row_are_found_over_the_end_of_a_year() -> None:
    first = date(2026, 9, 29)  # week 40; the year has 53
    hours = "".join("ABC"[((first + timedelta(weeks=week)).isocalendar().week - 1) // 4 % 3] for week in range(30))
    plan, _ = draft_of(held_weeks(hours, first=first))

    assert plan.series.rotation.advance is Advance.ISO_WEEK
    assert (plan.series.rotation.hold, plan.series.rotation.taken, plan.series.overrides) == (4, 0, ())


@pytest.mark.parametrize("layout", CalendarLayout)
def test_both_layouts_give_back_the_turns_in_a_row(layout: CalendarLayout) -> None:
    series = Series(
        meeting=Meeting(id="board", name="Board", uid_domain="board.example.org", minutes=60),
        schedule=Schedule(first=date(2026, 3, 3), repeat="FREQ=WEEKLY", count=24),
        rotation=Rotation(slots=tuple(Slot(at=time(hour)) for hour in (5, 13, 21)), hold=4, taken=1),
    )
    plan, _ = draft_of(make_edition(series, unroll(series), stamp=STAMP, layout=layout).data())

    assert plan.series.rotation == series.rotation


def test_what_a_plan_cannot_say_is_named_and_nobody_is_copied() -> None:
    data = lines(
        event(
            "a@x.example.org",
            "DTSTART:20260901T140000Z",
            "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY;COUNT=6",
            "ATTENDEE;CN=Somebody:mailto:somebody@private.example.net",
            "ORGANIZER:mailto:boss@private.example.net",
            "ATTACH:https://example.org/agenda.pdf",
            "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nDESCRIPTION:soon\nEND:VALARM",
        ),
        event(
            "a@x.example.org",
            "RECURRENCE-ID;RANGE=THISANDFUTURE:20260908T140000Z",
            "DTSTART:20260908T150000Z",
            "DURATION:PT1H",
        ),
        event("b@x.example.org", "DTSTART;VALUE=DATE:20260910", "RRULE:FREQ=YEARLY"),
        event("c@x.example.org", "DTSTART:16010901T140000Z", "DURATION:PT1H"),
        event("d@x.example.org", "DTSTART:20260902T140000Z", "DURATION:PT0S"),
        event("e@x.example.org", "DTSTART:20260901T140000Z", "DURATION:PT1H"),
        event("f@x.example.org", "DTSTART:20260903T140000Z", "DURATION:PT1H", summary="Dinner"),
        "BEGIN:VTODO\nUID:t@x.example.org\nDTSTAMP:20260101T000000Z\nEND:VTODO",
    )

    plan, unsaid = draft_of(data)
    said = "\n".join(unsaid)

    words = ("attendees", "organizers", "attachments", "alarms", "THISANDFUTURE", "all-day", "outside the years",
             "whole minute", "more than once", "'Dinner'", "tasks")  # fmt: skip
    assert [word for word in words if word not in said] == []
    assert "private" not in said + write_draft(plan.series, unsaid=unsaid)
    assert [call.start.hour for call in plan.calls] == [14, 15, 15, 15, 15, 15]


def test_a_series_without_an_end_is_ended_and_it_is_said() -> None:
    data = lines(event("a@x.example.org", "DTSTART:20260901T140000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"))

    year, unsaid = draft_of(data)
    month, silent = draft_of(data, ReadingOptions(until=date(2026, 9, 30)))

    assert (len(year.calls), len(month.calls)) == (53, 5)
    assert any("ended on 2027-09-01" in sentence for sentence in unsaid)
    assert not any("ended on" in sentence for sentence in silent)


FLOATING = ("DTSTART:20260901T090000", "DURATION:PT1H")


@pytest.mark.parametrize("until", [None, "2020-01-01", "2026-09-08", "2040-01-01"])
@pytest.mark.parametrize("end", ["COUNT=8", "UNTIL=20261020T090000"])
def test_a_last_day_leaves_rules_with_an_end_alone(end: str, until: str | None, tmp_path: Path) -> None:
    file = tmp_path / "old.ics"
    file.write_bytes(lines(event("a@x.example.org", *FLOATING, f"RRULE:FREQ=WEEKLY;{end}")))

    done = invoke("from-ics", file, "--zone", "Europe/Zurich", "-o", tmp_path / "draft.toml", *(
        () if until is None else ("--until", until)
    ))  # fmt: skip

    assert done.code == 0, done.err
    assert "8 calls in 1 slot, at the instants of old.ics" in done.err
    assert len(load_plan(tmp_path / "draft.toml").calls) == 8


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY", "FREQ=WEEKLY;UNTIL=99991231T000000Z", "FREQ=WEEKLY;BYDAY=WE"])
def test_a_last_day_before_the_first_date_of_a_rule_without_an_end_is_refused(rule: str, tmp_path: Path) -> None:
    file, out = tmp_path / "old.ics", tmp_path / "draft.toml"
    file.write_bytes(
        lines(
            event("a@x.example.org", *FLOATING, "RRULE:FREQ=WEEKLY;COUNT=8"),
            event("b@x.example.org", *FLOATING, f"RRULE:{rule}"),
        )
    )

    refused = invoke("from-ics", file, "--zone", "Europe/Zurich", "--until", "2026-08-31", "-o", out)
    written = out.exists()
    taken = invoke("from-ics", file, "--zone", "Europe/Zurich", "--until", "2026-09-01", "-o", out)

    assert (refused.code, written) == (2, False)
    assert (
        "old.ics event 2: found a rule without an end whose first date is 2026-09-01, after 2026-08-31, its last day; "
        "give --until 2026-09-01 or a later day"
    ) in refused.err
    assert "event 1" not in refused.err
    assert taken.code == 0, taken.err


def test_an_end_beyond_the_years_of_plans_is_none_and_it_is_said() -> None:
    rule = "RRULE:FREQ=WEEKLY;UNTIL=99991231T000000Z"
    data = lines(event("a@x.example.org", "DTSTART:20260901T140000Z", "DURATION:PT1H", rule))

    plan, unsaid = draft_of(data)

    assert len(plan.calls) == 53
    assert any("rules without an end were ended on 2027-09-01" in sentence for sentence in unsaid)


def test_what_does_not_fit_the_rotation_becomes_an_extra_call() -> None:
    data = lines(
        event("a@x.example.org", "DTSTART:20260901T140000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=6"),
        event("b@x.example.org", "DTSTART:20260903T090000Z", "DURATION:PT30M"),
    )

    plan, _ = draft_of(data)

    assert plan.series.extras == (Extra(date=date(2026, 9, 3), at=time(9), minutes=30),)


def test_the_meeting_with_the_series_is_taken_or_the_one_asked_for() -> None:
    data = lines(
        event("a@x.example.org", "DTSTART:20260901T140000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=6"),
        *(
            event(f"{n}@x.example.org", f"DTSTART:202609{n:02}T090000Z", "DURATION:PT1H", summary="Tea")
            for n in (3, 17)
        ),
    )

    board, unsaid = draft_of(data)
    tea, _ = draft_of(data, ReadingOptions(only="tea"))

    assert (board.meeting.name, len(board.calls)) == ("Board call", 6)
    assert "another meeting was left out: 'Tea' (2 events); take it with --only" in unsaid
    assert (tea.meeting.name, len(tea.calls)) == ("Tea", 2)


# Refusals.

REFUSED = [
    pytest.param(b"", "cannot be read whole as iCalendar", id="empty"),
    pytest.param(b"<html>no calendar</html>", "cannot be read whole", id="html"),
    pytest.param(COMMUNITY[:-40], "cannot be read whole", id="cut off"),
    pytest.param("BEGIN:VCALENDAR".encode("utf-16"), "in UTF-16; save it in UTF-8", id="UTF-16"),
    pytest.param(lines("X-A:b"), "found no VEVENT", id="no event"),
    pytest.param(lines(event("a@b", "DTSTART:20260901T140000Z")), "--duration", id="no end"),
    pytest.param(
        lines(event("a@b", "DTSTART:20260901T140000", "DURATION:PT1H")), "on no clock; .*--zone", id="floating"
    ),
    pytest.param(lines(event("a@b", "DURATION:PT1H")), "found 0 DTSTART", id="no start"),
    pytest.param(
        lines(event("a@b", "DTSTART:soon", "DURATION:PT1H")), "found DTSTART that cannot be read", id="no time"
    ),
    pytest.param(
        lines(event("a@b", "DTSTART:20260901T140000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY;COUNT=3")),
        "FREQ",
        id="hourly",
    ),
    pytest.param(
        lines(event("a@b", "DTSTART:20260901T140000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=20000")),
        "10000",
        id="too many",
    ),
    pytest.param(lines(event("a@b", "DTSTART;VALUE=DATE:20260901")), "found no call", id="whole days only"),
    pytest.param(
        lines(event("a@b", "DTSTART:20260901T140000Z", "DURATION:PT1H", "STATUS:CANCELLED")),
        "found no call that is held: all 1 are cancelled",
        id="off",
    ),
]


@pytest.mark.parametrize(("data", "said"), REFUSED)
def test_what_cannot_be_known_is_refused_and_nothing_is_written(data: bytes, said: str, tmp_path: Path) -> None:
    file, out = tmp_path / "old.ics", tmp_path / "draft.toml"
    file.write_bytes(data)

    done = invoke("from-ics", file, "-o", out)

    assert done.code == 2
    assert not out.exists()
    with pytest.raises(InvalidCalendar, match=said):
        read_external(data, "old.ics")


def test_all_mistakes_of_a_calendar_come_at_once() -> None:
    data = lines(*(event(f"{n}@b", "DTSTART:20260901T140000Z") for n in range(3)))

    with pytest.raises(InvalidCalendar) as refused:
        read_external(data, "old.ics")

    assert [mistake.place for mistake in refused.value.mistakes] == [f"old.ics event {n}" for n in (1, 2, 3)]


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.ics"
    with file.open("wb") as handle:
        handle.truncate(17 * 1024 * 1024)

    done = invoke("from-ics", file)

    assert (done.code, done.out) == (2, "")
    assert "has more than 16 MiB" in done.err


INJECTED = 'A"\\n[[members]]\\nid = "x"\\; \u202e\U0001f600 \x07\x1b[31m # = \'\'\' """'


def test_texts_of_strangers_stay_texts(tmp_path: Path) -> None:
    data = lines(
        event(
            'x"y\x1b@evil.example.org', "DTSTART:20260901T140000Z", "DURATION:PT1H", f"LOCATION:{INJECTED}",
            f"DESCRIPTION:{INJECTED}", "URL:javascript:alert(1)\x07", summary=INJECTED,
        ),
        event("b@c", "DTSTART:20260902T140000Z", "DURATION:PT1H", summary=f"Other {INJECTED} end"),
    )  # fmt: skip
    file, out = tmp_path / "old.ics", tmp_path / "draft.toml"
    file.write_bytes(data)

    done = invoke("from-ics", file, "-o", out, "--only", "A")
    plan = load_plan(out)

    assert (done.code, plan.members) == (0, ())
    assert "\x1b" not in done.err + out.read_text("utf-8")
    assert plan.meeting.description is None or "[[members]]" in plan.meeting.description
    assert plan.meeting.location is not None


def test_a_plan_that_is_there_is_not_replaced_unless_forced(tmp_path: Path) -> None:
    file, out = tmp_path / "old.ics", tmp_path / "plan.toml"
    file.write_bytes(FORTNIGHTS)
    out.write_text("mine")

    refused, forced = invoke("from-ics", file, "-o", out), invoke("from-ics", file, "-o", out, "--force")

    assert (refused.code, forced.code) == (2, 0)
    assert "there already" in refused.err
    assert len(load_plan(out).calls) == 22


@pytest.mark.parametrize("name", ["sequence-of-override", "exrule", "line-without-colon", "two-groups", "bare"])
def test_a_report_counts_what_was_drafted_and_names_what_was_left_out(name: str, tmp_path: Path) -> None:
    file, out = tmp_path / f"{name}.ics", tmp_path / "draft.toml"
    file.write_bytes(ALONE.encode() if name == "bare" else file_of(name).read_bytes())
    plain = invoke("from-ics", file, "-o", out)

    done = {form: invoke("from-ics", file, "-o", out, "--force", "-f", form) for form in ("table", "csv", "json")}

    plan, document = load_plan(out), done["json"].document
    counts = {
        "file": str(out),
        "source": file.name,
        "calls": len(held_of(plan.calls)),
        "slots": len(plan.series.rotation.slots),
        "exceptions": len(plan.series.overrides),
        "extras": len(plan.series.extras),
        "phases": len(plan.series.phases),
    }
    *unsaid, told = plain.err.splitlines()
    warnings = [sentence.removeprefix("note: ") for sentence in unsaid]
    assert (plain.code, plain.out) == (0, "")
    assert document == {
        "meeting": plan.meeting.id,
        "tzdata": TZDATA_VERSION,
        **counts,
        "warnings": warnings,
        "warning_facts": document["warning_facts"],
    }
    facts = document["warning_facts"]
    assert isinstance(facts, list)
    assert [set(fact) >= {"code"} for fact in facts] == [True] * len(warnings) != []
    assert done["json"].err == done["table"].err == ""
    assert done["table"].lines[:2] == [plan.meeting.name, f"{told}."]
    assert all(sentence in done["table"].out for sentence in warnings)
    assert done["csv"].lines == [",".join([*counts, "tzdata"]), ",".join([*map(str, counts.values()), TZDATA_VERSION])]
    assert done["csv"].err.splitlines() == [f"warning: {sentence}" for sentence in warnings]


def test_a_calendar_is_not_replaced_by_its_own_draft(tmp_path: Path) -> None:
    file = tmp_path / "old.ics"
    file.write_bytes(FORTNIGHTS)

    done = invoke("from-ics", file, "-o", file, "--force")

    assert done.code == 2
    assert file.read_bytes() == FORTNIGHTS


def test_nothing_of_a_season_of_ten_years_takes_long() -> None:
    data = lines(
        *(
            event(
                f"{n}@x.example.org",
                from_utc(datetime(2016, 1, 5, 6 + 8 * (n % 3), tzinfo=UTC) + timedelta(weeks=n)),
                "DURATION:PT1H",
            )
            for n in range(520)
        )
    )

    plan, _ = draft_of(data)

    assert [slot.at.hour for slot in plan.series.rotation.slots] == [6, 14, 22]


@given(st.data())
def test_a_calendar_damaged_anywhere_is_read_or_refused_and_never_breaks(data: st.DataObject) -> None:
    rows = COMMUNITY.decode().split("\r\n")
    for _ in range(data.draw(st.integers(1, 4))):
        index = data.draw(st.integers(0, len(rows) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                rows[index : index + 1] = []
            case 1:
                rows.insert(index, data.draw(st.sampled_from(rows)))
            case 2:
                rows[index] = rows[index][: data.draw(st.integers(0, len(rows[index])))]
            case _:
                rows[index] = rows[index].replace("2020", data.draw(st.sampled_from(("0001", "9999", "1582", "x"))))

    try:
        plan, _ = draft_of("\r\n".join(rows).encode())
    except InvalidCalendar:
        return
    assert plan.calls


SERIES = ("DTSTART;TZID=America/New_York:20260901T090000", "DTEND;TZID=America/New_York:20260901T100000")
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"
STARTS = [utc(f"2026-09-{day:02}T13:00") for day in (1, 8, 15, 22)]


def change(*parts: str) -> str:
    return event("a@x.example.org", *parts)


ODD_SERIES = [
    pytest.param([*SERIES, WEEKLY], [], STARTS, None, id="plain"),
    pytest.param(
        [*SERIES, "RRULE:FREQ=WEEKLY;UNTIL=20260922"], [], STARTS[:3], "UNTIL without an hour", id="until a day"
    ),
    pytest.param([*SERIES, "RRULE:FREQ=WEEKLY;UNTIL=20260922T090000"], [], STARTS, None, id="until a wall time"),
    pytest.param([*SERIES, "RRULE:FREQ=WEEKLY;UNTIL=20260922T125959Z"], [], STARTS[:3], None, id="until just before"),
    pytest.param([*SERIES, "RRULE:FREQ=WEEKLY;UNTIL=20260101T000000Z"], [], STARTS[:1], None, id="until before"),
    pytest.param([*SERIES, f"{WEEKLY};BYHOUR=9;BYMINUTE=0;BYSECOND=0"], [], STARTS, None, id="its own hour"),
    pytest.param(
        [*SERIES, "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3"],
        [],
        [STARTS[0], utc("2026-09-02T13:00"), utc("2026-09-09T13:00")],
        "start on a date their own rule does not give",
        id="start off the rule",
    ),
    pytest.param(
        [*SERIES, WEEKLY, "EXDATE;VALUE=DATE:20260908"], [], [STARTS[0], *STARTS[2:]], "whole day", id="day out"
    ),
    pytest.param([*SERIES, WEEKLY, "EXDATE:20260908T130000Z"], [], [STARTS[0], *STARTS[2:]], None, id="out in UTC"),
    pytest.param([*SERIES, WEEKLY, "EXDATE:20260909T130000Z"], [], STARTS, None, id="out of nothing"),
    pytest.param([*SERIES, "RDATE;VALUE=DATE:20260908"], [], STARTS[:2], None, id="a day more"),
    pytest.param([*SERIES, "RDATE;VALUE=PERIOD:20260908T130000Z/PT1H"], [], STARTS[:2], None, id="a period more"),
    pytest.param(
        [*SERIES, "RDATE;VALUE=PERIOD:20260908T130000Z/20260908T140000Z"],
        [],
        STARTS[:2],
        None,
        id="a period by its end",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change("RECURRENCE-ID:20260908T090000", "DTSTART:20260908T150000Z", "DURATION:PT1H")],
        [STARTS[0], utc("2026-09-08T15:00"), *STARTS[2:]],
        None,
        id="changed by a wall time",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change("RECURRENCE-ID;VALUE=DATE:20260908", "DTSTART:20260908T150000Z", "DURATION:PT1H")],
        [STARTS[0], utc("2026-09-08T15:00"), *STARTS[2:]],
        "RECURRENCE-ID of a whole day",
        id="changed by a day",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change("RECURRENCE-ID:20260908T130000Z", "STATUS:CANCELLED")],
        [STARTS[0], *STARTS[2:]],
        None,
        id="called off",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change("RECURRENCE-ID:20260908T130000Z", "DTSTART;VALUE=DATE:20260908")],
        [STARTS[0], *STARTS[2:]],
        "all-day",
        id="changed to a whole day",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change("RECURRENCE-ID:20260908T130000Z", "DTSTART:20260908T130030Z", "DURATION:PT1H")],
        [STARTS[0], *STARTS[2:]],
        "whole minute",
        id="changed by seconds",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change("RECURRENCE-ID:20260910T130000Z", "DTSTART:20260910T150000Z", "DURATION:PT1H")],
        [*STARTS[:2], utc("2026-09-10T15:00"), *STARTS[2:]],
        "a call that its series does not have",
        id="an orphan",
    ),
    pytest.param(
        ["DTSTART;TZID=America/New_York:20260901T090000", "DURATION:P1DT1H", "RRULE:FREQ=WEEKLY;COUNT=1"],
        [],
        STARTS[:1],
        None,
        id="a day and an hour",
    ),
]


@pytest.mark.parametrize(("parts", "changes", "starts", "said"), ODD_SERIES)
def test_a_series_is_read_in_every_form(
    parts: list[str], changes: list[str], starts: list[datetime], said: str | None
) -> None:
    plan, unsaid = draft_of(lines(event("a@x.example.org", *parts), *changes))

    assert [start for start, _ in held_of(plan.calls)] == starts
    assert said is None or any(said in sentence for sentence in unsaid)


UNREADABLE = [
    pytest.param("DTEND;VALUE=DATE:20260902", "DTEND without", id="a day as the end"),
    pytest.param(
        "DURATION:PT1H\nRDATE;VALUE=PERIOD:20260908T130000Z/PT0S", "PERIOD is not of whole", id="empty period"
    ),
    pytest.param("DURATION:PT1H\nRDATE;TZID=Q:20260908T130000", "found the TZID 'Q'", id="RDATE on no clock"),
    pytest.param("DURATION:PT1H\nRRULE:FREQ=WEEKLY;BYHOUR=11;COUNT=2", "BYHOUR", id="another hour"),
    pytest.param("DURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "", id="no such day"),
]


@pytest.mark.parametrize(("more", "said"), UNREADABLE)
def test_what_a_series_says_wrongly_is_refused_or_read_as_its_start(more: str, said: str) -> None:
    data = lines(event("a@x.example.org", SERIES[0], more))

    if said:
        with pytest.raises(InvalidCalendar, match=said):
            read_external(data, "old.ics")
    else:
        assert [call.start for call in read_external(data, "old.ics").calls] == STARTS[:1]


def test_words_and_marks_about_the_number_make_no_other_meeting() -> None:
    events = [
        event(
            f"{n}@x.example.org",
            from_utc(STARTS[0] + timedelta(weeks=n)),
            "DURATION:PT1H",
            summary=f"Board call {n + 7}",
        )
        for n in range(5)
    ]

    plan, unsaid = draft_of(lines(*events))

    assert [call.title for call in plan.calls] == [f"Board call {n}" for n in range(7, 12)]
    assert not any("titles" in sentence for sentence in unsaid)


def test_zones_are_told_on_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "old.ics"
    file.write_bytes(
        lines(
            event("a@x.example.org", "DTSTART;TZID=Customized Time Zone:20260901T090000", "DURATION:PT1H"),
            event("b@x.example.org", "DTSTART:20260908T090000", "DURATION:PT1H"),
        )
    )

    done = invoke("from-ics", file, "--zone", "Customized Time Zone=Asia/Tokyo", "--zone", "Europe/Zurich")
    wrong = invoke("from-ics", file, "--zone", "Geneva")

    assert done.code == 0, done.err
    assert [zone in done.out for zone in ("Asia/Tokyo", "Europe/Zurich")] == [True, True]
    assert "times without a zone were read on the clock of Europe/Zurich (found 1)" in done.err
    assert wrong.code == 2


def test_times_without_a_zone_are_on_the_clock_of_the_calendar() -> None:
    data = lines("X-WR-TIMEZONE:Asia/Tokyo", event("a@x.example.org", "DTSTART:20260901T090000", "DURATION:PT1H"))

    plan, unsaid = draft_of(data)

    assert held_of(plan.calls) == [(utc("2026-09-01T00:00"), 60)]
    assert any("were read on the clock of Asia/Tokyo" in sentence for sentence in unsaid)


def test_a_calendar_of_extra_calls_alone_is_a_plan_too() -> None:
    data = lines(
        *(
            event(f"board-2026090{day}-extra@board.example.org", f"DTSTART:2026090{day}T090000Z", "DURATION:PT1H")
            for day in (1, 4)
        )
    )

    plan, _ = draft_of(data)

    assert (plan.meeting.id, len(plan.calls)) == ("board", 2)


@pytest.mark.parametrize(
    ("uids", "summary", "meeting_id", "domain"),
    [
        (("board-20260901@b.example.org", "board-slot2@b.example.org"), "Any", "board", "b.example.org"),
        (("board-call-1@b.example.org", "board-call-2@b.example.org"), "Any", "board-call", "calls.example.org"),
        (
            ("040000008200E0@google.com", "040000008200E1@google.com"),
            "Réunion n° 2!",
            "reunion-n-2",
            "calls.example.org",
        ),
        (("q1@google.com", "board-20260902@localhost"), "Any", "board", "calls.example.org"),
        (("p@a.example.org", "q@b.example.org"), "\u4f1a\u8bae", "calls", "calls.example.org"),
        (("p@localhost", "q@localhost"), "", "calls", "calls.example.org"),
    ],
)
def test_the_id_and_the_domain_come_from_the_uids_or_the_title(
    uids: tuple[str, str], summary: str, meeting_id: str, domain: str
) -> None:
    events = [
        event(uid, f"DTSTART:2026090{day}T090000Z", "DURATION:PT1H", summary=summary)
        for day, uid in enumerate(uids, start=1)
    ]

    data = lines(*events)

    draft = infer_plan(read_external(data, "old.ics", ReadingOptions(only=summary)))
    text = write_draft(draft.series)

    assert (draft.series.meeting.id, draft.series.meeting.uid_domain) == (meeting_id, domain)
    assert draft.series.meeting.name == (summary or "Calls")
    assert f'uid-domain = "{domain}"  # the right part of every UID: a DNS name of yours' in text
    assert "google" not in text


@pytest.mark.parametrize(("count", "said"), [(1, "found 1 other UID)"), (2, "found 2 other UIDs)")])
def test_uids_that_are_not_the_plans_are_counted(count: int, said: str, tmp_path: Path) -> None:
    file = tmp_path / "old.ics"
    file.write_bytes(
        lines(*(event(f"q{n}@google.com", f"DTSTART:2026090{n}T090000Z", "DURATION:PT1H") for n in range(1, count + 1)))
    )

    done = invoke("from-ics", file)

    assert said in done.err
    instants = "1 call of that calendar at its very instant." if count == 1 else "2 calls of that calendar at their"
    assert f"It gives the {instants}" in done.out


@pytest.mark.parametrize(
    ("tzid", "location", "zone"),
    [
        ("Office", "X-LIC-LOCATION:America/Los_Angeles", "America/Los_Angeles"),
        ("Office", None, None),
        ("Los Angeles", None, "America/Los_Angeles"),
        ("Zurich", None, None),
    ],
)
def test_of_a_vtimezone_only_its_location_is_read_and_its_offset_confirms_a_name(
    tzid: str, location: str | None, zone: str | None
) -> None:
    told = f"TZID:{tzid}" if location is None else f"TZID:{tzid}\n{location}"
    zones = LOS_ANGELES.replace("TZID:America/Los_Angeles", told)
    data = lines(zones, event("a@x.example.org", f"DTSTART;TZID={tzid}:20260706T090000", "DURATION:PT1H"))

    if zone is None:
        with pytest.raises(InvalidCalendar, match=f"event 1: found the TZID '{tzid}', .*--zone '{tzid}'=ZONE"):
            read_external(data, "old.ics")
        zone = "America/Los_Angeles"
        plan, _ = draft_of(data, ReadingOptions(zones={tzid: ZoneName(zone)}))
    else:
        plan, _ = draft_of(data)
    assert plan.series.rotation.slots[0].zone == zone


@pytest.mark.parametrize(("text", "note"), [("About it.", None), ("About it.", "no room"), (None, None)])
def test_a_call_of_ours_that_is_off_hides_neither_the_name_nor_the_description(
    text: str | None, note: str | None
) -> None:
    off = tuple(Override(date=date(2026, 3, day), cancel=True, note=note) for day in (3, 24))
    meeting = replace(MEETING, description=text, numbering=None)
    before = series_of(slot("14:00"), overrides=off, meeting=meeting)
    after, unsaid = draft_of(edition_after(before, layout=CalendarLayout.SERIES).data())

    assert (after.series.meeting.name, after.series.meeting.description) == (
        "Demo call",
        None if note else text,
    )
    assert [sentence for sentence in unsaid if "descriptions" in sentence] == (
        ["descriptions that differ from call to call were left out (found 2)"] if note else []
    )
    assert [(call.start, call.is_held) for call in unroll(after.series)] == [
        (call.start, call.is_held) for call in unroll(before)
    ]


def test_hours_that_follow_a_clock_nobody_names_are_wondered_at() -> None:
    before = load_plan(EXAMPLES / "oci" / "plan.toml")
    data = to_ics(before.calls, before.meeting, stamp=STAMP, utc=True)

    _, unsaid = draft_of(data)
    told, silent = draft_of(data, ReadingOptions(floating=ZoneName("America/Los_Angeles")))

    assert any("follow a clock that changes" in sentence for sentence in unsaid)
    assert not any("follow a clock" in sentence for sentence in silent)
    assert len(told.series.rotation.slots) == 2


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://meet.example.org/b", True),
        ("https://[", False),
        ("nowhere", False),
        ("https://x.example.org/ö", False),
    ],
)
def test_a_link_is_kept_where_a_plan_takes_it(url: str, kept: bool) -> None:
    plan, unsaid = draft_of(lines(event("a@x.example.org", *SERIES, f"URL:{url}", f"LOCATION:{url}")))

    assert plan.meeting.url == (url if kept else None)
    assert any("a URL was left out" in sentence for sentence in unsaid) != kept


# Public calendars in small: what other programs write, each file a kind.

FOREIGN, ATTACK = (DATA / name for name in ("foreign", "attack"))


def file_of(name: str) -> Path:
    own = FOREIGN / f"{name}.ics"
    return own if own.exists() else ATTACK / f"{name}.ics"


TUESDAYS = ["2026-09-01T13:00", "2026-09-08T13:00", "2026-09-15T13:00", "2026-09-22T13:00"]
COUNCIL = ["2023-11-16T16:00", "2023-11-23T16:00", "2023-11-30T16:00"]
KINDS = [
    ("attendee-quotes", TUESDAYS, "attendees were left out"),
    ("bad-geo", COUNCIL, "GEO that cannot be read was left out (found 1): line 11"),
    ("canceled-in-title", [TUESDAYS[0], *TUESDAYS[2:]], "whose title begins with 'Canceled:'"),
    ("exrule", [f"2026-{day}T13:00" for day in ("09-08", "09-15", "09-22", "10-06", "10-13", "10-20")], "EXRULE"),
    ("gmt-with-summer-time", [start.replace("T13", "T14") for start in TUESDAYS], "'GMT' was read by its VTIMEZONE"),
    ("line-without-colon", COUNCIL, "a colon and a value) were left out (found 1): line 11"),
    ("offset-with-seconds", TUESDAYS, "'Europe/Berlin' and its VTIMEZONE disagree"),
    ("sequence-of-override", [TUESDAYS[0], "2026-09-09T15:00", *TUESDAYS[2:]], "older versions of an event"),
    ("two-groups", [f"2026-{day}:00" for day in ("09-01T13", "10-06T13", "11-03T14", "12-01T14")], "'D&I Working"),
    ("two-tracks", TUESDAYS, "'Work Track 2' (1 event)"),
    ("tzid-with-colon", [f"2024-06-{day}T09:00" for day in ("04", "11", "18", "25")], "'tzone://Microsoft/Utc'"),
    ("us-mountain", ["2026-01-14T01:00", "2026-02-11T01:00", "2026-03-11T00:00", "2026-04-15T00:00", "2026-05-13T00:00",
                     "2026-06-10T00:00"], "as America/Denver"),
    ("vtimezone-without-offset", [start.replace("T13", "T05") for start in TUESDAYS], "STANDARD without TZOFFSETFROM"),
    ("year-zero-created", COUNCIL, "CREATED that cannot be read was left out (found 1): line 11"),
    ("gone9999", ["2026-09-01T14:00"], "outside the years 1900 to 2999 were left out (found 1): line 14"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "starts", "said"), KINDS, ids=[kind[0] for kind in KINDS])
def test_calendars_of_other_programs_give_their_instants_and_say_what_is_odd(
    name: str, starts: list[str], said: str
) -> None:
    zones = {"(UTC+10:00) Brisbane": ZoneName("Australia/Brisbane")} if name == "vtimezone-without-offset" else {}

    plan, unsaid = draft_of(file_of(name).read_bytes(), ReadingOptions(zones=zones))

    assert [start for start, _ in held_of(plan.calls)] == [utc(start) for start in starts]
    assert any(said in sentence for sentence in unsaid), unsaid


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("end-before-start", "DTEND '20231116T000000Z' in line 8, DTSTART '20231116T160000Z' in line 7"),
        ("dur", "last none or more than a week, were left out (found 1): line 4"),
        ("rdate", "PERIOD is not of whole minutes, from 1 to a week, in line 9"),
        ("gmt1", "found DTEND in the year 1, in line 8; a call lies in the years 1900 to 2999"),
        ("tzid_Europe", "found the TZID 'Europe', in line 8, which is not a zone of tzdata; say which zone"),
    ],
)  # fmt: skip
def test_what_is_refused_names_the_real_reason_and_its_line(name: str, said: str, tmp_path: Path) -> None:
    done = invoke("from-ics", file_of(name), "-o", tmp_path / "draft.toml")

    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "draft.toml").exists()


# What an answer does not need never stops it.

BESIDE = [
    pytest.param("BEGIN:VFREEBUSY\nUID:f@x.example.org\nFREEBUSY:never\nEND:VFREEBUSY", "busy times", id="VFREEBUSY"),
    pytest.param("BEGIN:VTODO\nDUE:soon\nEND:VTODO", "DUE that cannot be read", id="VTODO"),
    pytest.param("BEGIN:VTIMEZONE\nTZID:Nowhere\nEND:VTIMEZONE", "", id="an empty VTIMEZONE"),
    pytest.param("BEGIN:VTIMEZONE\nTZID:Europe\nBEGIN:DAYLIGHT\nTZOFFSETTO:east\nEND:DAYLIGHT\nEND:VTIMEZONE",
                 "DAYLIGHT without TZOFFSETFROM", id="half a VTIMEZONE"),
    pytest.param("BEGIN:VEVENT\nSUMMARY:Tea\nDTSTART;TZID=Nowhere:20260902T090000\nEND:VEVENT", "'Tea' (2 events)",
                 id="another meeting on no clock"),
    pytest.param("BEGIN:VEVENT\nSUMMARY:Tea\nDTSTART:soon\nRRULE:often\nEND:VEVENT", "'Tea'", id="a broken one"),
    pytest.param("END:VCALENDAR\nBye, and thanks\nBEGIN:VCALENDAR", "outside BEGIN:VCALENDAR", id="lines between"),
    pytest.param("X-APPLE-STRUCTURED-LOCATION", "not a property", id="a name alone"),
]  # fmt: skip


@pytest.mark.parametrize(("beside", "said"), BESIDE)
def test_what_stands_beside_the_meeting_never_stops_it(beside: str, said: str) -> None:
    plan, unsaid = draft_of(lines(beside, event("a@x.example.org", *SERIES, WEEKLY), beside))

    assert [start for start, _ in held_of(plan.calls)] == STARTS
    assert any(said in sentence and ("): line" in sentence or "Tea" in sentence) for sentence in unsaid) or not said


INSIDE = [
    pytest.param("BEGIN:VALARM\nTRIGGER:soon\nEND:VALARM", "TRIGGER that cannot be read", id="VALARM"),
    pytest.param("BEGIN:VALARM\nTRIGGER:-PT5M", "without an END", id="half a VALARM"),
    pytest.param("LAST-MODIFIED:00001231T000000Z", "LAST-MODIFIED that cannot be read", id="LAST-MODIFIED"),
    pytest.param("PRIORITY:high", "PRIORITY that cannot be read", id="PRIORITY"),
    pytest.param("SEQUENCE:", "SEQUENCE that cannot be read", id="SEQUENCE"),
    pytest.param('ATTENDEE;CN="Jo;X=":nobody', "attendees", id="a quote that is never closed"),
    pytest.param("ATTACH;VALUE=BINARY;ENCODING=BASE64:%%%", "attachments", id="ATTACH"),
    pytest.param("DESCRIPTION:a\nsecond line of it", "not a property", id="a line break in a text"),
    pytest.param("RRULE:", "RRULE without a value", id="an empty RRULE"),
    pytest.param("EXDATE:", "EXDATE without a value", id="an empty EXDATE"),
    pytest.param("EXDAT:20260908T130000Z", "EXDAT is not a property of iCalendar and was not read; EXDATE, perhaps",
                 id="a misspelt name"),
    pytest.param("STATUS:MAYBE", "the STATUS 'MAYBE' is none", id="STATUS"),
    pytest.param("DURATION:PT3H", "DURATION beside DTEND", id="two ends"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "said"), INSIDE)
def test_what_is_broken_in_an_event_and_not_needed_is_named_with_its_line(inside: str, said: str) -> None:
    plan, unsaid = draft_of(lines(event("a@x.example.org", *SERIES, WEEKLY, inside)))

    assert [(start, minutes) for start, minutes in held_of(plan.calls)] == [(start, 60) for start in STARTS]
    assert any(said in sentence and "): line" in sentence for sentence in unsaid), unsaid


def test_words_that_are_not_utf8_are_read_as_windows_writes_them() -> None:
    data = lines(event("a@x.example.org", *SERIES, WEEKLY, summary="R@union")).replace(b"R@", b"R\xe9")

    plan, unsaid = draft_of(data)

    assert plan.meeting.name == "R\u00e9union"
    assert "lines that are not UTF-8 were read as Windows-1252 (found 1): line 7" in unsaid


# Events that stand in no calendar are read as if they stood in one.

ALONE = event("a@x.example.org", *SERIES, WEEKLY)
BARE = [
    pytest.param(ALONE, [1], [], id="an event"),
    pytest.param(f"\ufeff\n\n{ALONE}\n", [3], [], id="behind blank lines"),
    pytest.param(ALONE.replace("VEVENT", "vevent").replace("BEGIN", "begin"), [1], [], id="in small letters"),
    pytest.param(f"{LOS_ANGELES.replace('America/Los_Angeles', 'LA')}\n{ALONE}", [18], [], id="behind a VTIMEZONE"),
    pytest.param(f"BEGIN:VTODO\nUID:t\nEND:VTODO\n{ALONE}", [4], ["tasks were left out (found 1): line 1"],
                 id="beside a task"),
    pytest.param(f"HTTP/1.1 200 OK\n\n{ALONE}\nBye", [3], ["were left out (found 2): lines 1 and 11"],
                 id="between other lines"),
    pytest.param(f"VERSION:2.0\n{ALONE}\nEND:VCALENDAR", [2], ["were left out (found 2): lines 1 and 10"],
                 id="in a calendar that has lost its first line"),
    pytest.param(f"BEGIN:VCARD\nFN:Jo\nEND:VCARD\n{ALONE}", [4], ["were left out (found 3): lines 1, 2 and 3"],
                 id="behind a VCARD"),
    pytest.param(f"{ALONE}\n{event('b@x.example.org', *SERIES, summary='Tea')}", [1, 9], ["'Tea' (1 event"],
                 id="two events"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "left_out"), BARE)
def test_events_that_stand_in_no_calendar_are_read_and_named_with_their_lines(
    text: str, where: list[int], left_out: list[str]
) -> None:
    plan, unsaid = draft_of(text.encode())

    assert [(start, minutes) for start, minutes in held_of(plan.calls)] == [(start, 60) for start in STARTS]
    named = f"line{'s' * (len(where) > 1)} {' and '.join(map(str, where))}"
    bare = "events that stand in no calendar (BEGIN:VCALENDAR) were read as if they stood in one"
    assert f"{bare} (found {len(where)}): {named}" in unsaid
    assert all(any(said in sentence for sentence in unsaid) for said in left_out), unsaid


@pytest.mark.parametrize("inside", [one.values[0] for one in INSIDE])
def test_an_event_means_the_same_with_and_without_a_calendar_round_it(inside: object) -> None:
    body = event("a@x.example.org", *SERIES, WEEKLY, str(inside))

    assert read_external(body.encode(), "old.ics").calls == read_external(lines(body), "old.ics").calls


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ALONE.removesuffix("END:VEVENT"), "the 'VEVENT' that begins in line 1 has no END, so the file was cut off"),
        (f"BEGIN:VTIMEZONE\nTZID:Q\n{ALONE}", "'VTIMEZONE' that begins in line 1 has no END"),
        ("BEGIN:VTODO\nUID:t\nEND:VTODO", "no line is BEGIN:VCALENDAR"),
        ("BEGIN:VCARD\nFN:Jo", "no line is BEGIN:VCALENDAR"),
        (f"{lines().decode()}{ALONE}", "found no VEVENT"),
    ],
    ids=["cut off", "a VTIMEZONE that is cut off", "a task", "a card", "behind a calendar"],
)
def test_what_is_no_event_of_a_whole_file_is_refused_without_a_calendar_too(text: str, said: str) -> None:
    with pytest.raises(InvalidCalendar, match=re.escape(said)):
        read_external(text.encode(), "old.ics")


# The highest SEQUENCE counts, then the later DTSTAMP, wherever it stands.

SAME = "a@x.example.org"


def version(sequence: int | None, stamp: str, *parts: str, uid: str = SAME, summary: str = "Board call") -> str:
    numbered = [] if sequence is None else [f"SEQUENCE:{sequence}"]
    return "\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{stamp}T000000Z",
            f"SUMMARY:{summary}",
            *numbered,
            *parts,
            "END:VEVENT",
        ]
    )


HOUR_LATER = ("DTSTART;TZID=America/New_York:20260901T100000", "DTEND;TZID=America/New_York:20260901T110000")
SECOND = "RECURRENCE-ID;TZID=America/New_York:20260908T090000"
SECOND_LATER = ("DTSTART;TZID=America/New_York:20260908T110000", "DTEND;TZID=America/New_York:20260908T120000")
MASTER = version(1, "20260101", *SERIES, WEEKLY)
LATE = [start + timedelta(hours=1) for start in STARTS]
MOVED = [STARTS[0], utc("2026-09-08T15:00"), *STARTS[2:]]
SECOND_OFF = [STARTS[0], *STARTS[2:]]
VERSIONS = [
    pytest.param([version(2, "20260101", *HOUR_LATER, WEEKLY), MASTER], LATE, id="masters"),
    pytest.param([version(None, "20260102", *HOUR_LATER, WEEKLY), MASTER], STARTS, id="SEQUENCE before DTSTAMP"),
    pytest.param([version(1, "20260102", *HOUR_LATER, WEEKLY), MASTER], LATE, id="DTSTAMP"),
    pytest.param([version(1, "20260101", *HOUR_LATER), version(0, "20260301", *SERIES)], LATE[:1], id="single events"),
    pytest.param(
        [MASTER, version(5, "20260101", SECOND, *SECOND_LATER), version(4, "20260301", SECOND, "STATUS:CANCELLED")],
        MOVED, id="a cancellation that was taken back",
    ),
    pytest.param(
        [MASTER, version(5, "20260101", SECOND, "STATUS:CANCELLED"), version(4, "20260301", SECOND, *SECOND_LATER)],
        SECOND_OFF, id="a move that was called off",
    ),
    pytest.param(
        [version(9, "20260101", *SERIES, WEEKLY), version(0, "20250101", SECOND, *SECOND_LATER)], MOVED,
        id="a change with a lower SEQUENCE than its series",
    ),
    pytest.param(
        [MASTER, version(2, "20260101", "RECURRENCE-ID:20260908T130000Z", *SECOND_LATER),
         version(1, "20260101", SECOND, "STATUS:CANCELLED")], MOVED, id="one call named in two ways",
    ),
    pytest.param(
        [MASTER, version(1, "20260101", SECOND, *SECOND_LATER), version(1, "20260101", SECOND, "STATUS:CANCELLED")],
        SECOND_OFF, id="nothing says which, and one is off",
    ),
    pytest.param(
        [MASTER, version(2, "20260101", SECOND.replace("ID;", "ID;RANGE=THISANDFUTURE;"), *SECOND_LATER),
         version(1, "20260201", SECOND, "STATUS:CANCELLED")],
        [STARTS[0], *(start + timedelta(hours=2) for start in STARTS[1:])],
        id="all later ones after a change of one",
    ),
    pytest.param(
        [MASTER, version(1, "soon", SECOND, *SECOND_LATER), version(1, "20260101", SECOND, *SERIES)],
        [STARTS[0], *STARTS[2:]], id="a DTSTAMP that cannot be read",
    ),
    pytest.param(
        [version(3, "20260101", SECOND, *SECOND_LATER), version(4, "20260101", SECOND, *SERIES)], STARTS[:1],
        id="changes without their series",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("events", "starts"), VERSIONS)
def test_the_newest_version_counts_in_any_order(events: list[str], starts: list[datetime]) -> None:
    for order in permutations(events):
        plan, _ = draft_of(lines(*order))
        assert [start for start, _ in held_of(plan.calls)] == starts


def test_a_series_that_was_called_off_has_no_call_whatever_the_cancellation_says() -> None:
    off = version(2, "20260201", "STATUS:CANCELLED")
    tea = [
        version(0, "20260101", f"DTSTART:202609{day:02}T090000Z", "DURATION:PT1H", uid=f"{day}@x") for day in (3, 10)
    ]

    for order in permutations([MASTER, off, version(0, "20260101", SECOND, *SECOND_LATER), *tea]):
        calendar = read_external(lines(*order), "old.ics")
        assert [call.start for call in calendar.held] == [utc("2026-09-03T09:00"), utc("2026-09-10T09:00")]
        assert [call.start for call in calendar.calls if call.cancelled] == MOVED


def test_events_that_share_a_uid_and_nothing_tells_apart_are_all_taken_and_named() -> None:
    events = [version(None, "20260101", f"DTSTART:202609{day:02}T130000Z", "DURATION:PT1H") for day in (1, 8, 15, 22)]

    plan, unsaid = draft_of(lines(*events))

    assert [start for start, _ in held_of(plan.calls)] == STARTS
    assert any("events with one UID" in sentence and "found 4" in sentence for sentence in unsaid)


def test_events_without_a_uid_are_no_versions_of_each_other() -> None:
    events = [
        version(number, f"2026010{number}", f"DTSTART:202609{day:02}T130000Z", "DURATION:PT1H").replace(
            f"UID:{SAME}\n", ""
        )
        for number, day in ((1, 1), (2, 8), (3, 15))
    ]

    plan, _ = draft_of(lines(*events))

    assert [start for start, _ in held_of(plan.calls)] == STARTS[:3]


def test_changes_belong_to_the_series_of_their_uid_and_to_no_other_event() -> None:
    single = version(1, "20260101", "DTSTART:20260904T090000Z", "DURATION:PT1H")

    for order in permutations([MASTER, single, version(1, "20260101", SECOND, *SECOND_LATER)]):
        plan, _ = draft_of(lines(*order))
        assert [start for start, _ in held_of(plan.calls)] == sorted([*MOVED, utc("2026-09-04T09:00")])


def test_changes_without_a_uid_are_events_of_their_own() -> None:
    nameless = [text.replace(f"UID:{SAME}\n", "") for text in (MASTER, version(1, "20260101", SECOND, *SECOND_LATER))]

    plan, _ = draft_of(lines(*nameless))

    assert [start for start, _ in held_of(plan.calls)] == sorted([*STARTS, utc("2026-09-08T15:00")])


# Two groups are two meetings, and one is one.


def titled(*titles: str, rule: str | None = None, days: Sequence[int] = ()) -> list[str]:
    """Events with these titles a week apart, or on these days of September, each of a UID of its own."""
    more = [] if rule is None else [f"RRULE:{rule}"]
    return [
        event(f"{index}@x.example.org", f"DTSTART:202609{day:02}T140000Z", "DURATION:PT1H", *more, summary=title)
        for index, (title, day) in enumerate(zip(titles, days or range(1, 29, 7), strict=False))
    ]


ONE = [
    pytest.param(titled("Board call 7", "Board call 8", "Board call 9"), id="digits"),
    pytest.param(titled("Board call VII", "Board call VIII", "Board call IX"), id="Roman numbers"),
    pytest.param(titled("Board call 7", "Board call 9", "Board call 12"), id="with gaps"),
    pytest.param(titled("1st Board call", "2nd Board call", "3rd Board call"), id="ordinals"),
    pytest.param(titled("Board call #7", "Board call, 8", "Board call - 9."), id="marks"),
    pytest.param(titled("IGF 2026 Board XV", "IGF 2026 Board XVI", "IGF 2026 Board XVIII"), id="a year and numbers"),
    pytest.param(titled("Board 2026-09-01", "Board 2026-09-08", "Board 2026-09-15"), id="dates"),
    pytest.param(titled("Board, week 36", "Board, week 37", "Board, week 38"), id="weeks"),
    pytest.param(titled("R\u00e9union", "Re\u0301union", "R\u00c9UNION"), id="NFC and NFD"),
    pytest.param(titled("Contributors (Asia)", "Contributors [EU]", "contributors"), id="brackets and cases"),
    pytest.param(titled("Board call", "Canceled: Board call", "Board call"), id="called off"),
    pytest.param(titled("(Board)", "[Board]", "Board"), id="nothing but brackets"),
    pytest.param(titled("", "", ""), id="no title"),
    pytest.param(titled("Board", "Board", rule="FREQ=WEEKLY;INTERVAL=2;COUNT=2"), id="two series of one title"),
]  # fmt: skip

TWO = [
    pytest.param(titled("CI group", "DI group"), "CI group", id="letters"),
    pytest.param(titled("DC call", "MD call", "CM call"), "DC call", id="letters that do not count"),
    pytest.param(titled("I team", "V team", "X team"), "I team", id="letters far apart"),
    pytest.param(titled("CI group", "Group", "CI group"), "CI group", id="letters beside none"),
    pytest.param(titled("Track 1", "Track 2", rule="FREQ=WEEKLY;COUNT=4"), "Track 1", id="two series"),
    pytest.param(titled("Track 2", "Track 1", rule="FREQ=WEEKLY;COUNT=4"), "Track 2", id="two series, the earlier"),
    pytest.param(titled("Track 1", "Track 2", "Track 1", "Track 2", "Track 1", days=(1, 3, 8, 10, 15)), "Track 1",
                 id="numbers that come again"),
    pytest.param(titled("C++ group", "C# group", "C++ group"), "C++ group", id="marks of a word"),
    pytest.param(titled("D&I group", "DI group", "D&I group"), "D&I group", id="a mark inside"),
    pytest.param(titled("Team V", "Team V", "Team X"), "Team V", id="a number twice"),
]  # fmt: skip


@pytest.mark.parametrize("events", ONE)
def test_titles_that_number_the_calls_of_one_meeting_are_one(events: list[str]) -> None:
    for order in permutations(events):
        calendar = read_external(lines(*order), "old.ics")
        assert not any("another meeting" in sentence for sentence in map(sentence, calendar.notes))


@pytest.mark.parametrize(("events", "first"), TWO)
def test_other_words_and_numbers_that_count_nothing_are_other_meetings(events: list[str], first: str) -> None:
    for order in permutations(events[:4]):
        calendar = read_external(lines(*order), "old.ics")
        assert {call.summary for call in calendar.calls} == {first}
        assert any("another meeting was left out" in sentence for sentence in map(sentence, calendar.notes))


# Every property that changes dates is obeyed or named.


def future(*parts: str, recurrence: str = "20260908T130000Z") -> str:
    return change(f"RECURRENCE-ID;RANGE=THISANDFUTURE:{recurrence}", *parts)


THIRD_LATER = change("RECURRENCE-ID:20260915T130000Z", *SECOND_LATER).replace("20260908T1", "20260916T1")
RULED = [
    pytest.param(
        [*SERIES, WEEKLY],
        [future(*SECOND_LATER)],
        [STARTS[0], *(s + timedelta(hours=2) for s in STARTS[1:])],
        "THISANDFUTURE was read as a change of that call and all later ones",
        id="all later ones",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [future("DTSTART;TZID=America/New_York:20260909T090000", "DURATION:PT1H")],
        [STARTS[0], *(s + timedelta(days=1) for s in STARTS[1:])],
        "THISANDFUTURE",
        id="a day later",
    ),
    pytest.param([*SERIES, WEEKLY], [future("STATUS:CANCELLED")], STARTS[:1], "THISANDFUTURE", id="off from then on"),
    pytest.param(
        [*SERIES, WEEKLY],
        [future(*SECOND_LATER), THIRD_LATER],
        [STARTS[0], utc("2026-09-08T15:00"), utc("2026-09-16T15:00"), utc("2026-09-22T15:00")],
        None,
        id="and one more",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [future(*SECOND_LATER), future("STATUS:CANCELLED", recurrence="20260922T130000Z")],
        [STARTS[0], utc("2026-09-08T15:00"), utc("2026-09-15T15:00")],
        None,
        id="two ranges",
    ),
    pytest.param(
        [*SERIES, "RRULE:FREQ=WEEKLY;INTERVAL=9;COUNT=2"],
        [future(*SECOND_LATER)],
        [STARTS[0], utc("2026-11-03T16:00")],
        None,
        id="from a call that is not there, across a clock change",
    ),
    pytest.param([*SERIES, WEEKLY], [future("LOCATION:Online")], STARTS, None, id="nothing about time"),
    pytest.param(
        [*SERIES, WEEKLY],
        [change("RECURRENCE-ID;RANGE=THISANDPRIOR:20260908T130000Z", *SECOND_LATER)],
        MOVED,
        "a RANGE other than THISANDFUTURE",
        id="another range",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [future("DTSTART;VALUE=DATE:20260909")],
        STARTS,
        "all-day",
        id="whole days from then on",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change(SECOND, *SECOND_LATER, "RRULE:FREQ=DAILY;COUNT=9")],
        MOVED,
        "rules and dates inside the change of one call",
        id="a rule in a change",
    ),
    pytest.param([*SERIES, WEEKLY, "EXRULE:FREQ=WEEKLY;INTERVAL=2"], [], [STARTS[1], STARTS[3]], "EXRULE", id="EXRULE"),
    pytest.param([*SERIES, WEEKLY, "EXRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=1"], [], SECOND_OFF, "EXRULE", id="a month's"),
    pytest.param([*SERIES, WEEKLY, "EXRULE:FREQ=WEEKLY;UNTIL=20260908T130000Z"], [], STARTS[2:], "EXRULE", id="until"),
    pytest.param([*SERIES, WEEKLY, "EXRULE:FREQ=DAILY;BYDAY=WE"], [], STARTS, "EXRULE", id="EXRULE of other days"),
    pytest.param([*SERIES, WEEKLY, "EXRULE:"], [], STARTS, "EXRULE without a value", id="an empty EXRULE"),
    pytest.param(
        [*SERIES, "RRULE:FREQ=WEEKLY;UNTIL=20260923"], [], STARTS, "UNTIL without an hour", id="UNTIL a day later"
    ),
    pytest.param(
        [*SERIES, "RRULE:FREQ=WEEKLY;UNTIL=20260921"], [], STARTS[:3], "UNTIL without", id="UNTIL a day before"
    ),
    pytest.param([*SERIES, "RRULE:FREQ=WEEKLY;UNTIL=18991231"], [], STARTS[:1], None, id="UNTIL long ago"),
    pytest.param([*SERIES, "RRULE:FREQ=WEEKLY;COUNT=9;UNTIL=20260922T130000Z"], [], STARTS, None, id="COUNT and UNTIL"),
    pytest.param([*SERIES, "RRULE:FREQ=WEEKLY;COUNT=4;UNTIL=20261222T130000Z"], [], STARTS, None, id="UNTIL and COUNT"),
    pytest.param([*SERIES, "RRULE:FREQ=WEEKLY\\;COUNT=4"], [], STARTS, None, id="an escaped rule"),
    pytest.param([*SERIES, "RRULE:RSCALE=GREGORIAN;SKIP=OMIT;FREQ=WEEKLY;COUNT=4"], [], STARTS, None, id="RSCALE"),
    pytest.param(
        [*SERIES, "RRULE:FREQ=WEEKLY;COUNT=2", "RRULE:FREQ=MONTHLY;BYDAY=3TU,4TU;COUNT=2"],
        [],
        STARTS,
        None,
        id="two rules, one of which gives the start",
    ),
    pytest.param(
        [*SERIES, WEEKLY, "STATUS:CANCELED"],
        [change(SECOND, *SECOND_LATER)],
        [],
        "misspelt STATUS",
        id="STATUS misspelt",
    ),
    pytest.param(
        [*SERIES, WEEKLY], [change(SECOND, "STATUS:Cancled")], SECOND_OFF, "misspelt STATUS", id="in a change"
    ),
    pytest.param([*SERIES, WEEKLY, "STATUS:cancelled"], [], [], None, id="STATUS in small letters"),
    pytest.param(
        [*SERIES, WEEKLY],
        [change(SECOND, "STATUS:CONFIRMED").replace("Board", "CANCELLED : Board")],
        SECOND_OFF,
        "whose title begins",
        id="a title with two L",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change(SECOND).replace("Board call", "Abgesagt: Board call")],
        SECOND_OFF,
        "whose title begins",
        id="a title in German",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change(SECOND).replace("Board call", "Board call (cancelled)")],
        STARTS,
        "'cancelled' in their title were read as held",
        id="a word in a title",
    ),
    pytest.param(
        [*SERIES, WEEKLY, "EXDATE;TZDI=America/New_York:20260908T090000"],
        [],
        SECOND_OFF,
        "EXDATE without a zone",
        id="EXDATE misspelt",
    ),
    pytest.param(
        [*SERIES, WEEKLY, "EXDATE:20260908T090000"], [], SECOND_OFF, "EXDATE without a zone", id="EXDATE on no clock"
    ),
    pytest.param(
        [*SERIES, WEEKLY, "EXDATE:99991231T000000Z"], [], STARTS, "outside the years", id="EXDATE out of all years"
    ),
    pytest.param(
        [*SERIES, "RDATE:20260908T090000,99991231T090000Z"],
        [],
        STARTS[:2],
        "RDATE without a zone",
        id="RDATE on no clock",
    ),
    pytest.param([*SERIES, "RDATE;VALUE=PERIOD:20260908T130000Z/P0DT1H"], [], STARTS[:2], None, id="a period"),
    pytest.param(
        [SERIES[0], "DTEND:20260901T100000", WEEKLY], [], STARTS, "DTEND without a zone", id="DTEND on no clock"
    ),
    pytest.param(
        ["DTSTART;TZID=America/New_York:20260901T130000Z", "DURATION:PT1H", WEEKLY],
        [],
        STARTS,
        "beside a time in UTC",
        id="a TZID beside Z",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change("RECURRENCE-ID:99991231T000000Z", *SECOND_LATER)],
        STARTS,
        "outside the years",
        id="a change out of all years",
    ),
    pytest.param(
        [*SERIES, WEEKLY],
        [change(SECOND, "DTSTART:99991231T000000Z", "DURATION:PT1H")],
        SECOND_OFF,
        "outside the years",
        id="a call moved out of all years",
    ),
]


@pytest.mark.parametrize(("parts", "changes", "starts", "said"), RULED)
def test_what_changes_dates_is_obeyed_or_named(
    parts: list[str], changes: list[str], starts: list[datetime], said: str | None
) -> None:
    tea = [event(f"{n}@t.example.org", f"DTSTART:2026090{n}T090000Z", "DURATION:PT1H") for n in (3, 4)]
    held = [utc(f"2026-09-0{n}T09:00") for n in (3, 4)]

    plan, unsaid = draft_of(lines(event("a@x.example.org", *parts), *changes, *tea))

    assert [start for start, _ in held_of(plan.calls)] == sorted([*starts, *held])
    assert said is None or any(said in sentence and "): line" in sentence for sentence in unsaid), unsaid


@pytest.mark.parametrize("status", ["", "STATUS:CONFIRMED"])
def test_a_calendar_that_cancels_is_read_so_without_a_status(status: str) -> None:
    cancel = version(2, "20260201", SECOND, *SECOND_LATER, *filter(None, [status]))
    data = lines(MASTER) + lines("METHOD:CANCEL", cancel)

    plan, unsaid = draft_of(data)

    assert [start for start, _ in held_of(plan.calls)] == SECOND_OFF
    assert any("METHOD:CANCEL were read as cancelled" in sentence for sentence in unsaid)


def test_a_change_without_its_series_is_one_call_unless_it_says_all_later_ones() -> None:
    dates = ("RDATE:20260915T130000Z,20260922T130000Z", "RRULE:FREQ=WEEKLY;COUNT=9")
    single, unsaid = draft_of(lines(change(SECOND, *SECOND_LATER, *dates)))
    later, _ = draft_of(lines(future(*SERIES, dates[0])))

    assert [start for start, _ in held_of(single.calls)] == [utc("2026-09-08T15:00")]
    assert any("rules and dates inside the change of one call" in sentence for sentence in unsaid)
    assert [start for start, _ in held_of(later.calls)] == [STARTS[0], *STARTS[2:]]


ENDS_FIRST = [
    ("DTEND:20260901T125959Z", "DTEND '20260901T125959Z' in line 9, DTSTART '20260901T090000' in line 8"),
    ("DTEND;TZID=Europe/Berlin:20260901T100000", "DTEND '20260901T100000' in line 9"),
    ("DURATION:-PT1H", "DURATION '-PT1H' in line 9"),
    ("DURATION:-P3000000D", "DURATION '-P3000000D' in line 9"),
    ("DTEND;TZID=America/New_York:20260831T100000", "DTEND '20260831T100000' in line 9"),
]


@pytest.mark.parametrize(("end", "said"), ENDS_FIRST)
def test_an_event_that_ends_before_it_starts_is_refused_with_both_lines(end: str, said: str) -> None:
    with pytest.raises(InvalidCalendar, match="ends before it starts: " + re.escape(said)):
        read_external(lines(event("a@x.example.org", SERIES[0], end)), "old.ics")


LIMITS = [
    (("DTSTART:29991231T230000Z", "DURATION:P1D"), "found the year 3000"),
    (("DTSTART:29991201T130000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=9"), "gives 5 dates up to the year 2999"),
    ((*SERIES, "RRULE:FREQ=WEEKLY;COUNT=0"), "found COUNT '0'"),
    ((*SERIES, "RRULE:FREQ=WEEKLY;COUNT=99999999999"), "found COUNT '99999999999'"),
    ((*SERIES, "RRULE:FREQ=WEEKLY;UNTIL=soon"), "found UNTIL that cannot be read, 'SOON' in line 10"),
    ((*SERIES, "RDATE:soon"), "found RDATE that cannot be read, 'soon' in line 10"),
    ((SERIES[0], "DURATION:P9999999999999D"), "found DURATION that cannot be read, 'P9999999999999D' in line 9"),
    (
        ("DTSTART:19000101T000000Z", "DTSTART:19000101T000000Z", "DURATION:PT1H"),
        "found 2 DTSTART: lines 8 and 9",
    ),
    ((*SERIES, "RDATE;VALUE=PERIOD:20260908T130000Z/P3000000D"), "PERIOD is not of whole minutes"),
    ((*SERIES, "RDATE;VALUE=PERIOD:20260908T130000Z/99991231T130000Z"), "found RDATE in the year 9999, in line 10"),
]


@pytest.mark.parametrize(("parts", "said"), LIMITS)
def test_what_cannot_be_counted_is_refused_in_our_words(parts: Sequence[str], said: str) -> None:
    with pytest.raises(InvalidCalendar, match=re.escape(said)):
        read_external(lines(event("a@x.example.org", *parts)), "old.ics")


def test_more_calls_than_a_plan_has_are_refused_and_so_is_a_text_that_no_title_holds() -> None:
    daily = ("DTSTART:20200101T{}0000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=6000")
    data = lines(*(event(f"{hour}@x.example.org", *daily).format(hour) for hour in ("09", "15")))

    with pytest.raises(InvalidCalendar, match="found 12000 calls; a plan has at most 10000"):
        read_external(data, "old.ics")
    with pytest.raises(InvalidCalendar, match="found no event with 'Tea' in its SUMMARY"):
        read_external(data, "old.ics", ReadingOptions(only="Tea"))


def test_letters_whose_vtimezone_is_no_zone_give_instants_in_utc() -> None:
    odd = LOS_ANGELES.replace("America/Los_Angeles", "CET").replace("2SU", "2WE").replace("1SU", "3FR")
    rule = "RRULE:FREQ=WEEKLY;COUNT=20"

    plan, unsaid = draft_of(
        lines(odd, event("a@x.example.org", "DTSTART;TZID=CET:20260901T180000", "DURATION:PT1H", rule))
    )

    starts = [start for start, _ in held_of(plan.calls)]
    assert [(start - starts[0]).total_seconds() / 3600 % 168 for start in starts] == [0.0] * 12 + [1.0] * 8
    assert {slot.zone for slot in plan.series.rotation.slots} == {"UTC"}
    assert any("was read by its VTIMEZONE, which agrees with no zone" in sentence for sentence in unsaid)


def test_no_call_is_found_for_reasons_that_are_named() -> None:
    data = lines(
        event("a@b", "DTSTART;VALUE=DATE:20260901"),
        event("c@d", "DTSTART:16010901T140000Z", "DURATION:PT1H"),
        event("e@f", *SERIES, "STATUS:CANCELED"),
    )

    with pytest.raises(InvalidCalendar, match="found no call that is held: all 1 are cancelled") as caught:
        read_external(data, "old.ics")

    assert in_words(tuple(fact for fact in caught.value.notes if isinstance(fact, Fact))) == (
        "all-day events were left out, since a call starts at an hour (found 1): line 8",
        "events outside the years 1900 to 2999 were left out (found 1): line 14",
        "a misspelt STATUS was read as CANCELLED (found 1): line 17",
    )


# Laws.

MOUNTAIN = LOS_ANGELES.replace("America/Los_Angeles", "us-mountain").replace("0700", "0600").replace("0800", "0700")
NINE = ("DTSTART;TZID={}:20260901T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=12")
OF_THE_8TH = "RECURRENCE-ID:20260908T160000Z"
COMPONENTS = [
    LOS_ANGELES,
    MOUNTAIN,
    version(1, "20260101", *NINE).format("us-mountain"),
    version(2, "20260101", *NINE).format("America/Los_Angeles"),
    version(1, "20260101", OF_THE_8TH, "DTSTART;TZID=us-mountain:20260909T110000", "DURATION:PT2H"),
    version(1, "20260102", OF_THE_8TH, "DTSTART;TZID=us-mountain:20260909T120000", "DURATION:PT2H"),
    change("RECURRENCE-ID;RANGE=THISANDFUTURE:20261006T160000Z", "DTSTART:20261006T180000Z", "DURATION:PT1H"),
    version(1, "20260101", "RECURRENCE-ID:20260915T160000Z", "STATUS:CANCELLED"),
    event("b@x.example.org", "DTSTART:20260903T090000Z", "DURATION:PT1H"),
    event("c@x.example.org", "DTSTART:20260904T090000Z", "DURATION:PT1H", summary="Tea"),
    event("d@x.example.org", "DTSTART:20260904T090000Z", "DURATION:PT1H", summary="Coffee"),
]


def rows_of(*parts: str) -> list[bytes]:
    return lines(*parts).split(b"\r\n")


@given(st.permutations(COMPONENTS), st.integers(20, 75))
def test_the_order_of_components_and_the_folds_of_lines_never_matter(order: list[str], width: int) -> None:
    plain = read_external(lines(*COMPONENTS), "old.ics")
    folded = [b"\r\n ".join(row[at : at + width] for at in range(0, len(row) or 1, width)) for row in rows_of(*order)]

    other = read_external(b"\r\n".join(folded), "old.ics")

    assert (other.calls, other.name, other.zones) == (plain.calls, plain.name, plain.zones)
    assert len(plain.held) == 12


@given(plans())
def test_a_foreign_calendar_that_became_a_plan_is_written_with_the_same_instants(series: Series) -> None:
    """From a calendar of others to a plan, to a calendar of ours, and read once more as if it were a stranger's."""
    calls = unroll(series)
    if not held_of(calls):
        return
    numbers = count(1)
    feed = to_ics(calls, series.meeting, stamp=STAMP)
    data = re.sub(rb"UID:[^\r]+", lambda _: b"UID:q7f%d@google.com" % next(numbers), feed)

    first = read_external(data, "old.ics")
    plan, _ = draft_of(data)
    again = read_external(to_ics(plan.calls, plan.meeting, stamp=STAMP), "new.ics")

    assert [(call.start, call.minutes) for call in again.held] == [(call.start, call.minutes) for call in first.held]
