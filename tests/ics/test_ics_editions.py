"""One edition after another: what clients are told, and that they end with exactly the plan's calls.

Law: SEQUENCE and DTSTAMP never fall, no UID serves another call, nothing that was announced vanishes, and what did not
change keeps its bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import MEETING, STAMP, Client, Known, after, events_of, logical, series_of, slot, values, version
from engines import instant, on_clock
from histories import DAY, FIRST, MONTHS, SOON, histories
from linter import lint
from mag_rotation.calls import ChangeKind, unroll
from mag_rotation.errors import InvalidInstant, RefusedLayout, UnusableEdition
from mag_rotation.ics import CalendarLayout, Edition, Event, PriorCalendar, merge_calendars, read_prior
from mag_rotation.ics.event import expand_occurrences
from mag_rotation.invite.invitations import make_invitations
from mag_rotation.planfile import load_plan
from mag_rotation.report import sentence
from mag_rotation.roster import UTC_ZONE, Member, MemberId
from mag_rotation.series import Extra, Organizer, Override, Phase, Season, Series, Weekday
from mag_rotation.zones import to_local
from paths import DATA

LATER = STAMP + timedelta(days=7)
BOTH = pytest.mark.parametrize("layout", list(CalendarLayout))
PLAIN = series_of()


def changed(edition: Edition) -> list[tuple[str, str]]:
    """Kind and date of each change."""
    return [(str(change.kind), str((change.after or change.before or NOBODY).date)) for change in edition.changes]


NOBODY = unroll(PLAIN)[0]


def with_(series: Series, *overrides: Override) -> Series:
    return replace(series, overrides=overrides)


def blocks(data: bytes) -> dict[str, bytes]:
    """The bytes of each VEVENT by UID and RECURRENCE-ID."""
    found = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", data, re.DOTALL)
    return {str(re.findall(rb"^(?:UID|RECURRENCE-ID)[:;].*", block, re.MULTILINE)): block for block in found}


@BOTH
@pytest.mark.parametrize("stamp", [STAMP, LATER, STAMP - DAY, STAMP + 1000 * DAY])
def test_an_unchanged_plan_changes_no_byte_whatever_the_stamp(layout: CalendarLayout, stamp: datetime) -> None:
    series = with_(
        series_of(slot("16:00", "Europe/Berlin", "Berlin"), slot("07:00"), count=8),
        Override(date=FIRST, cancel=True),
        Override(date=FIRST + 7 * DAY, minutes=90),
    )
    data = after(series, layout=layout).data()
    again = after(series, data, layout=layout, stamp=stamp)

    assert again.data() == data
    assert again.changes == ()


@BOTH
def test_equal_plan_stamp_and_previous_file_give_equal_bytes(layout: CalendarLayout) -> None:
    data = after(PLAIN, layout=layout).data()
    moved = with_(PLAIN, Override(date=FIRST, at=time(9)))

    assert after(moved, data, layout=layout, stamp=LATER) == after(moved, data, layout=layout, stamp=LATER)


RISES = [
    ("another start", Override(date=FIRST, at=time(9)), 1, "moved"),
    ("another day", Override(date=FIRST, to=FIRST + DAY), 1, "moved"),
    ("another end", Override(date=FIRST, minutes=90), 1, "edited"),
    ("another place", Override(date=FIRST, location="Room 5"), 1, "edited"),
    ("called off", Override(date=FIRST, cancel=True), 1, "cancelled"),
    ("another note", Override(date=FIRST, note="bring the minutes"), 0, "edited"),
]


@BOTH
@pytest.mark.parametrize(("override", "rise", "kind"), [case[1:] for case in RISES], ids=[case[0] for case in RISES])
def test_sequence_rises_by_one_where_people_have_to_be_told(
    override: Override, rise: int, kind: str, layout: CalendarLayout
) -> None:
    plain = replace(PLAIN, meeting=replace(MEETING, numbering=None))
    first = after(plain, layout=layout).data()
    edition = after(with_(plain, override), first, layout=layout, stamp=LATER)
    (event,) = [event for event in edition.events if event.stamp == LATER and event.rule is None]

    assert (event.sequence, event.stamp) == (rise, LATER)
    assert changed(edition) == [(kind, "2026-03-03")]
    assert lint(edition.data()) == []
    kept = blocks(first).items() & blocks(edition.data()).items()
    assert len(kept) == len(blocks(first)) - 1


@BOTH
def test_a_call_that_is_revived_keeps_its_uid_and_rises(layout: CalendarLayout) -> None:
    first = after(PLAIN, layout=layout).data()
    off = after(with_(PLAIN, Override(date=FIRST, cancel=True)), first, layout=layout, stamp=LATER).data()
    edition = after(PLAIN, off, layout=layout, stamp=LATER + DAY)
    (change,) = [change for change in edition.changes if change.kind is ChangeKind.REVIVED]

    assert edition.list_shown()[change.key].sequence == 2
    assert change.before is not None
    assert not change.before.is_held
    assert change.after == unroll(PLAIN)[0]


@BOTH
def test_a_call_that_left_the_plan_is_cancelled_once_and_stays(layout: CalendarLayout) -> None:
    first = after(PLAIN, layout=layout).data()
    short = series_of(count=5)
    dropped = after(short, first, layout=layout, stamp=LATER)
    gone = [event for event in dropped.list_shown().values() if event.cancelled]

    assert changed(dropped) == [("dropped", "2026-04-07")]
    assert [(event.sequence, event.start.date()) for event in gone] == [(1, date(2026, 4, 7))]
    for stamp in (LATER, LATER + 10 * DAY, LATER + 1000 * DAY):
        assert after(short, dropped.data(), layout=layout, stamp=stamp).data() == dropped.data()
    back = after(PLAIN, dropped.data(), layout=layout, stamp=LATER + 1000 * DAY)
    assert changed(back) == [("revived", "2026-04-07")]
    assert [event.sequence for event in back.list_shown().values() if event.start.date() == date(2026, 4, 7)] == [2]


@BOTH
def test_a_call_that_is_past_is_left_as_it_was(layout: CalendarLayout) -> None:
    """The next season's plan, in the same file."""
    old = with_(PLAIN, Override(date=FIRST + 7 * DAY, cancel=True))
    first = after(old, layout=layout).data()
    next_season = series_of(first=date(2026, 9, 1), count=3)
    edition = after(next_season, first, layout=layout, stamp=datetime(2026, 8, 1, tzinfo=UTC))
    past = {key: event for key, event in edition.list_shown().items() if event.start < datetime(2026, 8, 1, tzinfo=UTC)}
    before = after(old, layout=layout).list_shown()

    assert past.keys() == before.keys()
    assert [(one.start, one.end, one.cancelled) for one in past.values()] == [
        (one.start, one.end, one.cancelled) for one in before.values()
    ]
    assert {kind for kind, _ in changed(edition)} == {"added"}
    assert lint(edition.data()) == []


@BOTH
@pytest.mark.parametrize(("minutes", "kind"), [(0, []), (-1, ["dropped"])])
def test_a_call_is_past_when_it_has_ended(layout: CalendarLayout, minutes: int, kind: list[str]) -> None:
    first = after(PLAIN, layout=layout).data()
    end = unroll(PLAIN)[-1].end
    edition = after(series_of(count=5), first, layout=layout, stamp=end + timedelta(minutes=minutes))

    assert [str(change.kind) for change in edition.changes] == kind


@BOTH
def test_what_changes_within_a_second_or_under_an_earlier_stamp_is_newer_all_the_same(layout: CalendarLayout) -> None:
    data = after(PLAIN, layout=layout).data()
    for note, stamp in (("a", STAMP), ("b", STAMP), ("c", STAMP - 100 * DAY)):
        data, before = (
            after(with_(PLAIN, Override(date=FIRST, note=note)), data, layout=layout, stamp=stamp).data(),
            data,
        )
        old, new = events_of(before), events_of(data)
        changed_keys = [key for key in new if key not in old or version(old[key]) != version(new[key])]

        assert len(changed_keys) == 1 + (layout is CalendarLayout.SERIES)  # the series is renewed with its occurrence
        assert all(version(new[key]) > version(old.get(key, old[key[0], None])) for key in changed_keys)


def test_in_a_series_what_was_a_call_is_never_excluded() -> None:
    first = after(PLAIN, layout=CalendarLayout.SERIES).data()
    edition = after(
        series_of(slot("14:00"), slot("20:00"), slot("07:00")), first, layout=CalendarLayout.SERIES, stamp=LATER
    )
    excluded = set(values(edition.data(), "EXDATE"))

    assert excluded
    assert not excluded & {f"{one.start:%Y%m%dT%H%M%SZ}" for one in read_prior(first, MEETING).events}
    assert {event.start for event in edition.list_shown().values()} >= {call.start for call in unroll(PLAIN)}


def test_in_a_series_a_slot_of_another_hour_has_a_uid_of_its_own() -> None:
    first = after(PLAIN, layout=CalendarLayout.SERIES).data()
    edition = after(series_of(slot("20:00"), slot("15:00")), first, layout=CalendarLayout.SERIES, stamp=LATER)
    hours = {(event.uid, (event.original or event.start).hour) for event in edition.list_shown().values()}

    assert hours == {("demo-slot1@example.org", 14), ("demo-slot2@example.org", 20), ("demo-slot3@example.org", 15)}


def test_in_a_series_more_calls_are_one_more_count() -> None:
    first = after(PLAIN, layout=CalendarLayout.SERIES).data()
    edition = after(series_of(count=7), first, layout=CalendarLayout.SERIES, stamp=LATER)

    assert values(edition.data(), "RRULE") == ["FREQ=WEEKLY;COUNT=4;INTERVAL=2", "FREQ=WEEKLY;COUNT=3;INTERVAL=2"]
    assert values(edition.data(), "SEQUENCE") == ["1", "0"]
    assert changed(edition) == [("added", "2026-04-14")]


@BOTH
@pytest.mark.parametrize("stamp", [LATER, STAMP + 1000 * DAY], ids=["before", "after"])
def test_a_call_whose_slot_gets_another_hour_is_moved_and_held_once(layout: CalendarLayout, stamp: datetime) -> None:
    """In a series it is the occurrence of another slot, whether the season is over or not."""
    first = after(PLAIN, layout=layout).data()
    other = series_of(slot("20:00"), slot("15:00"))
    edition = after(other, first, layout=layout, stamp=stamp)
    held = sorted(event.start for event in edition.list_shown().values() if not event.cancelled)

    assert changed(edition) == [("moved", f"{call.date}") for call in unroll(other)]
    assert held == [call.start for call in unroll(other)]
    assert [change.before and change.before.start for change in edition.changes] == [
        call.start for call in unroll(PLAIN)
    ]
    assert after(other, edition.data(), layout=layout, stamp=stamp + DAY).data() == edition.data()
    back = after(PLAIN, edition.data(), layout=layout, stamp=stamp + DAY)
    assert changed(back) == [("moved", f"{call.date}") for call in unroll(PLAIN)]
    assert sorted(event.start for event in back.list_shown().values() if not event.cancelled) == [
        call.start for call in unroll(PLAIN)
    ]


def test_in_a_series_a_call_of_another_weekday_is_the_same_call() -> None:
    tuesday, friday = (series_of(replace(slot("14:00"), weekday=day)) for day in (Weekday.TU, Weekday.FR))
    first = after(tuesday, layout=CalendarLayout.SERIES).data()
    edition = after(friday, first, layout=CalendarLayout.SERIES, stamp=STAMP + 1000 * DAY)

    assert sorted(event.start for event in edition.list_shown().values() if not event.cancelled) == [
        call.start for call in unroll(friday)
    ]
    assert {kind for kind, _ in changed(edition)} == {"moved"}


@BOTH
def test_a_past_call_whose_rule_date_left_the_plan_stays_as_it_was(layout: CalendarLayout) -> None:
    first = after(series_of(slot("14:00"), count=3), layout=layout).data()
    wednesdays = series_of(slot("14:00"), first=FIRST + DAY, count=3)
    edition = after(wednesdays, first, layout=layout, stamp=STAMP + 1000 * DAY)

    assert {kind for kind, _ in changed(edition)} == {"added"}
    assert len([event for event in edition.list_shown().values() if not event.cancelled]) == 6


def test_in_a_series_a_weekday_that_leads_out_of_the_season_is_refused() -> None:
    season = replace(MEETING, season=Season(first=FIRST))
    monday = series_of(replace(slot("14:00"), weekday=Weekday.MO), meeting=season)

    with pytest.raises(RefusedLayout, match=r"slot 1 has the call of 2026-03-03 on 2026-03-02"):
        after(monday, layout=CalendarLayout.SERIES)
    assert len(after(monday).events) == 6


# Calls that are off.

OFF = [
    ("called off", (Override(date=FIRST, cancel=True),), (), 0),
    ("called off with a note", (Override(date=FIRST, cancel=True, note="Cancelled: no room"),), (), 0),
    ("an extra call", (), (Extra(date=FIRST + DAY, at=time(9), cancel=True),), 0),
    ("left the plan", (), (), 1),
    ("all of them", tuple(Override(date=FIRST + 7 * week * DAY, cancel=True) for week in range(5)), (), 1),
]


@BOTH
@pytest.mark.parametrize(("overrides", "extras", "fewer"), [case[1:] for case in OFF], ids=[case[0] for case in OFF])
@pytest.mark.parametrize("text", [None, "About the call.\n\nTwo blocks."], ids=["bare", "described"])
def test_a_call_that_is_off_says_so_in_its_texts_and_takes_nobodys_hour(
    overrides: tuple[Override, ...], extras: tuple[Extra, ...], fewer: int, text: str | None, layout: CalendarLayout
) -> None:
    meeting = replace(MEETING, description=text)
    plain = series_of(meeting=meeting)
    first = after(plain, layout=layout)
    short = series_of(count=6 - fewer, overrides=overrides, extras=extras, meeting=meeting)
    for edition in (after(short, first.data(), layout=layout, stamp=LATER), after(short, layout=layout)):
        events = events_of(edition.data()).values()
        off = [event for event in events if event["status"] == "CANCELLED"]

        assert lint(edition.data()) == []
        assert len(off) == len([event for event in edition.list_shown().values() if event.cancelled])
        assert len(off) >= len(overrides) + len(extras)
        for event in events:
            title, text_, taken, busy = (
                str(event.get(name, "")) for name in ("summary", "description", "transp", "x-microsoft-cdo-busystatus")
            )
            assert (event in off) == title.startswith("Cancelled: Demo call")
            assert (event in off) == text_.startswith("Cancelled: ")
            assert not text_.startswith("Cancelled: Cancelled: ")
            assert (taken, busy) == (("TRANSPARENT", "FREE") if event in off else ("", ""))
        assert after(short, edition.data(), layout=layout, stamp=LATER + DAY).data() == edition.data()
    back = after(plain, after(short, first.data(), layout=layout, stamp=LATER).data(), layout=layout, stamp=LATER + DAY)
    held = {key: event for key, event in back.list_shown().items() if key in first.list_shown()}
    assert {key: (event.summary, event.description) for key, event in held.items()} == {
        key: (event.summary, event.description) for key, event in first.list_shown().items()
    }


@BOTH
@pytest.mark.parametrize("name", ["Demo call", "Cancelled: flights", "Cancelled: "])
def test_changes_know_a_call_that_is_off_by_its_own_title_and_note(name: str, layout: CalendarLayout) -> None:
    plain = series_of(count=3, meeting=replace(MEETING, name=name, numbering=None))
    off = with_(plain, Override(date=FIRST, cancel=True, note="no room"))
    later = with_(plain, Override(date=FIRST, cancel=True, note="no room, no chair"))
    first = after(plain, layout=layout).data()
    second = after(off, first, layout=layout, stamp=LATER)
    third = after(later, second.data(), layout=layout, stamp=LATER + DAY)
    fourth = after(plain, third.data(), layout=layout, stamp=LATER + 2 * DAY)
    told = [
        (
            str(change.kind),
            change.before and (change.before.title, change.before.note),
            change.after and change.after.note,
        )
        for edition in (second, third, fourth)
        for change in edition.changes
    ]

    assert told == [
        ("cancelled", (name, None), "no room"),
        ("edited", (name, "no room"), "no room, no chair"),
        ("revived", (name, "no room, no chair"), None),
    ]


@pytest.mark.parametrize(
    ("label", "phase", "expected"),
    [
        ("Berlin", "Spring", ("Berlin", "Spring")),
        ("Berlin", None, ("Berlin", None)),
        (None, None, (None, None)),
        ("Spring", "Spring", ("Spring", None)),  # written once, and then it is the slot
    ],
)
def test_changes_know_the_slot_and_the_phase_that_were_announced(
    label: str | None, phase: str | None, expected: tuple[str | None, str | None]
) -> None:
    days = Phase(name=phase or "", first=FIRST, last=FIRST + 30 * DAY)
    plain = series_of(slot("14:00", label=label), count=3, phases=(days,) if phase else ())
    moved = with_(plain, Override(date=FIRST, at=time(9)))
    (change,) = after(moved, after(plain).data(), stamp=LATER).changes

    assert change.before is not None
    assert (change.before.slot, change.before.phase) == expected


@pytest.mark.parametrize("phase", ["Spring", None])
def test_changes_know_the_phase_of_an_extra_call(phase: str | None) -> None:
    days = Phase(name=phase or "", first=FIRST, last=FIRST + 30 * DAY)
    extra = Extra(date=FIRST + DAY, at=time(8))
    plain = series_of(slot("14:00", label="midday"), count=3, phases=(days,) if phase else (), extras=(extra,))
    later = replace(plain, extras=(replace(extra, minutes=90),))
    (change,) = after(later, after(plain).data(), stamp=LATER).changes

    assert change.before is not None
    assert (change.before.slot, change.before.phase) == (None, phase)


# What programs look at.

TOUCHES = [
    ("called off", Override(date=FIRST, cancel=True)),
    ("moved", Override(date=FIRST, at=time(9))),
    ("on the day before", Override(date=FIRST, to=FIRST - DAY)),
    ("longer", Override(date=FIRST, minutes=90)),
    ("elsewhere", Override(date=FIRST, location="Room 5")),
    ("with a note", Override(date=FIRST, note="bring the minutes")),
]


@pytest.mark.parametrize("override", [case[1] for case in TOUCHES], ids=[case[0] for case in TOUCHES])
def test_a_series_is_renewed_with_any_of_its_occurrences_and_its_sequence_stays(override: Override) -> None:
    """Evolution takes the revision of a UID from the first event with it."""
    data = after(PLAIN, layout=CalendarLayout.SERIES).data()
    own, other = ("demo-slot1@example.org", None), ("demo-slot2@example.org", None)
    for series, stamp in ((with_(PLAIN, override), LATER), (PLAIN, LATER), (PLAIN, LATER + DAY)):
        was, data = events_of(data), after(series, data, layout=CalendarLayout.SERIES, stamp=stamp).data()
        now = events_of(data)
        is_touched = now != was
        uids = [str(key[0]) for key in now]

        assert is_touched == (stamp == LATER)
        assert (version(now[own]) > version(was[own])) == is_touched
        assert instant(now[own], "last-modified") == instant(now[own], "dtstamp")
        assert version(now[own])[0] == version(was[own])[0] == 0
        assert version(now[other]) == version(was[other])
        assert all(list(now)[uids.index(uid)][1] is None for uid in uids)
        assert lint(data) == []


@BOTH
def test_a_call_was_created_when_it_was_announced_first(layout: CalendarLayout) -> None:
    first = after(PLAIN, layout=layout).data()
    moved = with_(replace(PLAIN, extras=(EARLY,)), Override(date=FIRST, at=time(9)))
    second = after(moved, first, layout=layout, stamp=LATER).data()
    off = with_(replace(PLAIN, extras=(EARLY,)), Override(date=FIRST, cancel=True))
    third = after(off, second, layout=layout, stamp=LATER + DAY).data()
    both = merge_calendars(read_prior(second, MEETING), read_prior(first, MEETING))
    last = after(PLAIN, after(off, both, layout=layout, stamp=LATER + DAY).data(), layout=layout, stamp=LATER + 9 * DAY)

    assert set(values(first, "CREATED")) == {f"{STAMP:%Y%m%dT%H%M%SZ}"}
    for data in (second, third, last.data()):
        created = {str(event["uid"]): instant(event, "created") for event in events_of(data).values()}
        assert created.pop("demo-20260304-extra@example.org") == LATER
        assert set(created.values()) == {STAMP}
        assert lint(data) == []


@pytest.mark.parametrize(
    "created", ["", "CREATED:00001231T000000Z\r\n", "CREATED:yesterday\r\n", "CREATED:20260101\r\n"]
)
def test_a_call_whose_creation_another_program_lost_was_created_by_its_last_edition(created: str) -> None:
    first = after(PLAIN, stamp=LATER).data()
    lost = re.sub(rb"CREATED:.*\r\n", created.encode(), first)
    edition = after(with_(PLAIN, Override(date=FIRST, at=time(9))), lost, stamp=LATER + DAY)

    assert set(values(edition.data(), "CREATED")) == {f"{LATER:%Y%m%dT%H%M%SZ}"}


# Editions of an earlier version.

UPGRADE = DATA / "upgrade"
OLD = [(name, layout) for name in ("board", "texts", "summit", "year") for layout in CalendarLayout]


@pytest.mark.parametrize(("name", "layout"), OLD)
@pytest.mark.parametrize("days", [-1000, 0, 30, 1000], ids=["before", "soon", "within", "after"])
def test_an_edition_that_an_earlier_version_wrote_is_followed_without_another_sequence(
    name: str, layout: CalendarLayout, days: int
) -> None:
    plan = load_plan(UPGRADE / f"{name}.toml")
    data = (UPGRADE / f"{name}-{layout}.ics").read_bytes()
    stamp = datetime(2026, 3, 1, tzinfo=UTC) + days * DAY
    edition = after(plan.series, data, layout=layout, stamp=stamp)
    old, new = events_of(data), events_of(edition.data())

    assert edition.changes == ()
    assert old.keys() == new.keys()
    assert {key: version(event)[0] for key, event in new.items()} == {
        key: version(event)[0] for key, event in old.items()
    }
    assert all(version(new[key]) >= version(event) for key, event in old.items())
    assert all(instant(event, "created") == instant(old[key], "dtstamp") for key, event in new.items())
    for event in new.values():
        assert (event["status"] == "CANCELLED") == str(event["summary"]).startswith("Cancelled: ")
    assert lint(edition.data()) == []
    assert after(plan.series, edition.data(), layout=layout, stamp=stamp + DAY).data() == edition.data()
    if layout is CalendarLayout.CALLS:
        organizer = Organizer(name="Office", email="office@example.org")
        member = Member(id=MemberId("m"), zone=UTC_ZONE, email="m@example.org")
        meeting = replace(plan.meeting, organizer=organizer)
        assert not [*make_invitations(plan.calls, meeting, [member], stamp=stamp, previous=read_prior(data, meeting))]


# Moves onto dates that a series leaves out.


@st.composite
def paused(draw: st.DrawFn) -> Series:
    """A plan of ten weeks with silent ones among them, into some of which calls are moved."""
    silent = draw(st.sets(st.integers(1, 8), max_size=4))
    pauses = tuple(
        Phase(name=f"Pause {week}", first=FIRST + 7 * week * DAY, last=FIRST + 7 * week * DAY, calls=False)
        for week in sorted(silent)
    )
    moves = {
        week: Override(
            date=FIRST + 7 * week * DAY,
            to=FIRST + 7 * draw(st.sampled_from(sorted(silent))) * DAY,
            minutes=draw(st.sampled_from([None, None, 30])),
        )
        for week in draw(st.sets(st.integers(0, 9), max_size=2))
        if silent and week not in silent
    }
    slots = draw(st.sampled_from([(slot("14:00"),), (slot("14:00"), slot("20:00")), (slot("16:00", "Europe/Berlin"),)]))
    return series_of(*slots, count=10, phases=pauses, overrides=tuple(moves.values()))


def on_exclusions(data: bytes) -> list[str]:
    """The starts of overrides which the series with their UID leaves out."""
    found: dict[tuple[str, str], set[datetime]] = {}
    for block in re.findall(r"BEGIN:VEVENT\n.*?END:VEVENT", "\n".join(logical(data)), re.DOTALL):
        uid = re.findall(r"^UID:(.*)", block, re.MULTILINE)[0]
        for name, zone, digits in re.findall(r"^(EXDATE|DTSTART)(?:;TZID=(.*))?:([0-9T]+)", block, re.MULTILINE):
            wall = datetime.strptime(digits, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall time
            if name == "EXDATE" or "RECURRENCE-ID" in block:
                found.setdefault((uid, name), set()).add(on_clock(wall, zone or None))
    return [
        f"{uid} at {start}"
        for (uid, name), starts in found.items()
        for start in starts
        if name == "DTSTART" and start in found.get((uid, "EXDATE"), set())
    ]


def test_what_is_moved_onto_an_exclusion_is_found() -> None:
    assert on_exclusions((UPGRADE / "summit-series.ics").read_bytes()) == [
        "summit-slot1@summit.example.org at 2026-03-17 14:00:00+00:00"
    ]


@given(st.lists(paused(), min_size=1, max_size=5))
def test_no_call_is_moved_onto_a_date_that_its_series_leaves_out(plans: list[Series]) -> None:
    """ical-expander loses one that is. What is shown is what the plan has, and what was announced stays."""
    before: Edition | None = None
    for turn, series in enumerate(plans):
        stamp = STAMP + turn * DAY
        try:
            edition = after(series, before.data() if before else None, layout=CalendarLayout.SERIES, stamp=stamp)
        except RefusedLayout:
            continue
        data = edition.data()
        held = sorted((event.start, event.end) for event in edition.list_shown().values() if not event.cancelled)

        assert on_exclusions(data) == []
        assert lint(data) == []
        assert held == sorted((call.start, call.end) for call in unroll(series) if call.is_held)
        assert after(series, data, layout=CalendarLayout.SERIES, stamp=stamp + DAY).data() == data
        if before is None:
            assert len(edition.list_shown()) == len(unroll(series))
        else:
            assert before.list_shown().keys() <= edition.list_shown().keys()
            assert all(edition.list_shown()[key].sequence >= one.sequence for key, one in before.list_shown().items())
        before = edition


def test_where_a_past_call_was_moved_to_a_date_that_is_left_out_now_nothing_is_left_out() -> None:
    both = with_(PLAIN, Override(date=FIRST + 14 * DAY, to=FIRST + 21 * DAY))
    first = after(both, layout=CalendarLayout.SERIES).data()
    pause = Phase(name="Pause", first=FIRST + 14 * DAY, last=FIRST + 21 * DAY, calls=False)
    weekly = series_of(slot("14:00", label="midday"), count=6, phases=(pause,))
    stamp = datetime(2026, 3, 26, tzinfo=UTC)
    edition = after(weekly, first, layout=CalendarLayout.SERIES, stamp=stamp)
    there = [event for event in edition.list_shown().values() if event.start.date() == FIRST + 21 * DAY]

    assert sorted((event.cancelled, event.original) for event in there if event.uid.startswith("demo-slot1@")) == [
        (False, datetime(2026, 3, 17, 14, tzinfo=UTC)),
        (True, datetime(2026, 3, 24, 14, tzinfo=UTC)),
    ]
    assert on_exclusions(edition.data()) == []
    assert all(change.after or change.before for change in edition.changes)
    assert after(weekly, edition.data(), layout=CalendarLayout.SERIES, stamp=stamp + DAY).data() == edition.data()


def test_a_call_that_is_moved_into_a_pause_is_told_as_moved() -> None:
    pause = Phase(name="Pause", first=FIRST + 13 * DAY, last=FIRST + 20 * DAY, calls=False)
    plain = series_of(slot("14:00"), count=5, phases=(pause,))
    first = after(plain, layout=CalendarLayout.SERIES).data()
    moved = with_(plain, Override(date=FIRST + 7 * DAY, to=FIRST + 14 * DAY))
    edition = after(moved, first, layout=CalendarLayout.SERIES, stamp=LATER)

    assert values(after(moved, layout=CalendarLayout.SERIES).data(), "EXDATE") == ["20260310T140000Z"]
    assert [
        (str(one.kind), one.before and one.before.start, one.after and one.after.start) for one in edition.changes
    ] == [("moved", unroll(plain)[1].start, unroll(moved)[1].start)]


EARLY, LATE = (Extra(date=FIRST + DAY, at=time(hour)) for hour in (9, 15))


@BOTH
def test_an_extra_call_that_takes_over_the_uid_of_a_deleted_one_is_told_of(layout: CalendarLayout) -> None:
    plain = replace(PLAIN, meeting=replace(MEETING, numbering=None))
    both = after(replace(plain, extras=(EARLY, LATE)), layout=layout).data()
    (warning,) = after(replace(plain, extras=(LATE,)), both, layout=layout, stamp=LATER).warnings
    kept = after(replace(plain, extras=(replace(LATE, nth=2),)), both, layout=layout, stamp=LATER)

    assert sentence(warning) == (
        "the extra call of 2026-03-04 at 15:00 UTC was announced as demo-20260304-extra2@example.org and takes over "
        "demo-20260304-extra@example.org, which was another call; write nth = 2 into its table in the plan"
    )
    assert kept.warnings == ()
    assert changed(kept) == [("dropped", "2026-03-04")]
    third = replace(LATE, at=time(18))
    three = after(replace(plain, extras=(EARLY, LATE, third)), layout=layout).data()
    for extras in ((LATE, third), (third, EARLY, LATE)):
        warnings = after(replace(plain, extras=extras), three, layout=layout, stamp=LATER).warnings
        assert sorted(re.findall("nth = [0-9]", " ".join(map(sentence, warnings)))) == [
            f"nth = {n}" for n in (1, 2, 3)[-len(extras) :]
        ]
    gone = after(
        replace(plain, extras=(LATE,)), after(replace(plain, extras=(EARLY,)), layout=layout).data(), layout=layout
    )
    assert gone.warnings == ()
    off = after(plain, after(replace(plain, extras=(EARLY,)), layout=layout).data(), layout=layout, stamp=LATER).data()
    (warning,) = after(replace(plain, extras=(LATE,)), off, layout=layout, stamp=LATER).warnings
    assert sentence(warning) == (
        "the extra call of 2026-03-04 at 15:00 UTC has the UID of one that was cancelled, "
        "demo-20260304-extra@example.org; write nth = 2 into its table in the plan if it is another call"
    )
    for edits in ((replace(EARLY, at=time(15)), LATE), (EARLY,), (replace(EARLY, at=time(11)),), ()):
        assert after(replace(plain, extras=edits), both, layout=layout, stamp=LATER).warnings == ()


# Two files of one meeting.


@BOTH
def test_of_two_files_the_later_edition_of_each_event_counts(layout: CalendarLayout) -> None:
    first = after(PLAIN, layout=layout)
    moved = after(with_(PLAIN, Override(date=FIRST, at=time(9))), first.data(), layout=layout, stamp=LATER)
    longer = after(replace(series_of(count=8), extras=(EARLY,)), first.data(), layout=layout, stamp=LATER + DAY)
    for one, other in ((moved, longer), (longer, moved)):
        both = merge_calendars(read_prior(one.data(), MEETING), read_prior(other.data(), MEETING))
        shown = expand_occurrences(both.events)

        assert shown.keys() == moved.list_shown().keys() | longer.list_shown().keys()
        assert all(
            shown[key].sequence >= edition.list_shown()[key].sequence
            for edition in (one, other)
            for key in edition.list_shown()
        )
        edition = after(PLAIN, both, layout=layout, stamp=LATER + 2 * DAY)
        assert sorted(event.start for event in edition.list_shown().values() if not event.cancelled) == [
            call.start for call in unroll(PLAIN)
        ]
        seen = Client()
        for data in (one.data(), other.data(), edition.data()):
            seen.take(data)
        assert sorted(event.start for event in seen.held()) == [call.start for call in unroll(PLAIN)]
        assert after(PLAIN, edition.data(), layout=layout, stamp=LATER + 3 * DAY).data() == edition.data()


def test_two_files_that_say_two_things_under_one_sequence_are_both_outdone() -> None:
    first = after(PLAIN).data()
    early, late = (
        after(with_(PLAIN, Override(date=FIRST, at=time(hour))), first, stamp=LATER + hour * DAY) for hour in (9, 11)
    )
    both = merge_calendars(read_prior(early.data(), MEETING), read_prior(late.data(), MEETING))
    edition = after(with_(PLAIN, Override(date=FIRST, at=time(9))), both, stamp=LATER)
    (event,) = [event for event in edition.events if event.start.date() == FIRST]

    assert (event.start.hour, event.sequence) == (9, 3)
    assert event.stamp is not None
    assert event.stamp > LATER + 11 * DAY


@BOTH
def test_a_file_beside_itself_is_that_file(layout: CalendarLayout) -> None:
    found = read_prior(after(PLAIN, layout=layout).data(), MEETING)
    nothing = PriorCalendar(events=(), layout=None)

    assert merge_calendars(found, found) == found
    assert merge_calendars(found, nothing) == found


def test_files_with_a_slot_on_two_clocks_are_no_one_calendar() -> None:
    utc, berlin = (
        read_prior(after(series_of(slot("14:00", zone)), layout=CalendarLayout.SERIES).data(), MEETING)
        for zone in ("UTC", "Europe/Berlin")
    )

    with pytest.raises(UnusableEdition, match=r"has 'demo-slot1@example[.]org' on another clock"):
        merge_calendars(utc, berlin)


def test_files_with_dates_of_a_series_each_of_its_own_are_no_one_calendar() -> None:
    spring, autumn = (
        read_prior(after(series_of(slot("14:00"), first=first), layout=CalendarLayout.SERIES).data(), MEETING)
        for first in (FIRST, FIRST + 210 * DAY)
    )

    with pytest.raises(UnusableEdition, match=r"has dates of 'demo-slot1@example[.]org' that the other file has not"):
        merge_calendars(spring, autumn)


def test_files_of_two_layouts_are_no_one_calendar() -> None:
    calls, series = (read_prior(after(PLAIN, layout=layout).data(), MEETING) for layout in CalendarLayout)

    with pytest.raises(UnusableEdition, match="is in the layout series, the other file in the layout calls"):
        merge_calendars(calls, series)


def test_the_two_layouts_do_not_follow_each_other() -> None:
    for one, other in ((CalendarLayout.CALLS, CalendarLayout.SERIES), (CalendarLayout.SERIES, CalendarLayout.CALLS)):
        with pytest.raises(UnusableEdition, match=f"in the layout {one}, whose events no {other} can replace"):
            after(PLAIN, after(PLAIN, layout=one).data(), layout=other)


def test_a_naive_stamp_is_refused() -> None:
    with pytest.raises(InvalidInstant):
        after(PLAIN, stamp=STAMP.replace(tzinfo=None), layout=CalendarLayout.SERIES)


Shown = list[tuple[datetime, datetime, str | None]]


def plan_shows(series: Series) -> Shown:
    return sorted((call.start, call.end, call.location) for call in unroll(series) if call.is_held)


@BOTH
@given(data=st.data())
def test_a_client_that_got_the_last_edition_has_exactly_the_calls_of_the_plan(
    layout: CalendarLayout, data: st.DataObject
) -> None:
    """Whatever else reached it, in any order and however often; all of it before the season."""
    history = data.draw(histories(layout, SOON))
    if not history:
        return
    last = history[-1]
    mail = data.draw(st.lists(st.sampled_from(history), max_size=6))
    mail.insert(data.draw(st.integers(0, len(mail))), last)
    client = Client()
    for one in mail:
        client.take(one.data)

    assert sorted((one.start, one.end, one.location) for one in client.held()) == plan_shows(last.series)


@BOTH
@given(data=st.data())
def test_in_mid_season_a_client_has_the_calls_to_come_and_keeps_those_that_were(
    layout: CalendarLayout, data: st.DataObject
) -> None:
    history = data.draw(histories(layout, MONTHS))
    if not history:
        return
    client = Client()
    for one in history:
        client.take(one.data)
    last = history[-1]
    seen = sorted((one.start, one.end, one.location) for one in client.held())
    ever = {shown for one in history for shown in plan_shows(one.series)}

    assert [shown for shown in seen if shown[1] > last.stamp] == [
        shown for shown in plan_shows(last.series) if shown[1] > last.stamp
    ]
    assert set(seen) <= ever
    assert set(plan_shows(last.series)) <= set(seen)


@BOTH
@given(data=st.data())
def test_nothing_that_was_announced_vanishes_falls_or_changes_without_a_newer_version(
    layout: CalendarLayout, data: st.DataObject
) -> None:
    history = data.draw(histories(layout, MONTHS))
    files = [one.data for one in history]
    read = [events_of(file) for file in files]
    assert [finding for file in files for finding in lint(file)] == []
    for (before, old), (now, new) in pairwise(zip(history, read, strict=True)):
        assert old.keys() <= new.keys()
        assert all(version(new[key]) >= version(event) for key, event in old.items())
        assert all(int(str(new[key]["sequence"])) >= int(str(event["sequence"])) for key, event in old.items())
        same = {key for key, event in old.items() if version(new[key]) == version(event)}
        assert all(new[key].to_ical() == old[key].to_ical() for key in same)
        seen, shown = before.edition.list_shown(), now.edition.list_shown()
        assert seen.keys() <= shown.keys()
        for key, event in seen.items():
            rise = shown[key].sequence - event.sequence
            assert rise == 1 if schedule(event) != schedule(shown[key]) else rise >= 0
        for change in now.edition.changes:
            assert change.kind is not ChangeKind.DROPPED or (
                change.before is not None and change.before.end > now.stamp
            )
        told = {change.key for change in now.edition.changes}
        moved_away = {
            key
            for key, event in seen.items()
            if shown[key].cancelled and not event.cancelled and (key[0], day_of(event)) in told_before(now.edition)
        }
        assert told == difference(before.edition, now.edition) - moved_away


def told_before(edition: Edition) -> set[tuple[str, date]]:
    """The occurrences that other occurrences have replaced, by UID and day."""
    told = {change.key: (change.uid, day_of(edition.list_shown()[change.key])) for change in edition.changes}
    return {
        (change.before.uid, change.before.date)
        for change in edition.changes
        if change.before is not None and (change.before.uid, change.before.date) != told[change.key]
    }


def day_of(event: Event) -> date:
    """The day of its regular start."""
    return to_local(event.original or event.start, event.original_zone).wall.date()


def schedule(event: Event) -> tuple[object, ...]:
    """What people have to be told of when it changes."""
    return event.start, event.end, event.cancelled, event.location


def difference(before: Edition, now: Edition) -> set[Known]:
    """What differs in what is shown, stupidly."""
    old, new = before.list_shown(), now.list_shown()
    return {
        key for key in old.keys() | new.keys() if key not in old or old[key].without_edition != new[key].without_edition
    }


@BOTH
@given(data=st.data())
def test_no_uid_ever_serves_another_call(layout: CalendarLayout, data: st.DataObject) -> None:
    clocks: dict[str, tuple[str, time]] = {}
    for one in data.draw(histories(layout, MONTHS)):
        for (uid, original), event in one.edition.list_shown().items():
            if original is not None:  # a slot is known by its hour on its clock, a call by the date of it
                at = event.original_zone, to_local(original, event.original_zone).wall.time()
                assert clocks.setdefault(uid, at) == at
        for change in one.edition.changes:
            if change.after is not None and change.key[1] is None:
                assert change.uid == change.after.uid
                assert f"demo-{change.after.date:%Y%m%d}" in change.uid


@given(data=st.data())
def test_in_a_series_every_date_of_the_plan_has_one_call_however_often_its_slots_were_replaced(
    data: st.DataObject,
) -> None:
    for one in data.draw(histories(CalendarLayout.SERIES, MONTHS)):
        held = Counter(
            day_of(event)
            for event in one.edition.list_shown().values()
            if event.original is not None and not event.cancelled
        )
        for call in unroll(one.series):
            assert call.slot_number is None or held[call.date] == call.is_held


@BOTH
@given(data=st.data())
def test_a_file_says_what_its_edition_says(layout: CalendarLayout, data: st.DataObject) -> None:
    for one in data.draw(histories(layout, MONTHS)):
        found = read_prior(one.data, one.series.meeting)

        assert {event.key: event for event in found.events} == {event.key: event for event in one.edition.events}
        assert found.layout in {layout, None}
        assert len(found.events) == len(one.edition.events)


def test_edition_lines_hold_no_method_no_people_and_a_revision_in_utc() -> None:
    data = after(with_(PLAIN, Override(date=FIRST, cancel=True))).data()
    names = {re.split("[:;]", line)[0] for line in logical(data)}

    assert names.isdisjoint({"METHOD", "ATTENDEE", "ORGANIZER", "VALARM", "RDATE"})
    assert set(values(data, "LAST-MODIFIED")) == {"20260101T000000Z"}
    assert len(values(data, "SEQUENCE")) == data.count(b"BEGIN:VEVENT")
