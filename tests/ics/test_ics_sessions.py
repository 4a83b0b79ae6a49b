"""Sessions in calendars: one event each, and one edition after another.

Law: a program that got the last edition has exactly the sessions of the plan, and nobody is named unasked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars import MEETING, STAMP, Client, after, events_of, series_of, values
from engines import Occurrence, read_stupidly, read_with_icaljs, read_with_libical
from linter import lint
from mag_rotation.calls import ChangeKind
from mag_rotation.errors import UnusableEdition
from mag_rotation.ics import (
    Edition,
    SessionNote,
    edit_sessions,
    is_session_uid,
    make_session_uid,
    note_own_duties,
    note_people,
    read_prior,
    read_prior_sessions,
)
from mag_rotation.planfile import load_plan
from mag_rotation.programme import Duty, Programme, ScheduledSession, Segment, Session, schedule_sessions
from mag_rotation.roster import Member, Stay, ZoneName
from mag_rotation.series import Season
from paths import EXAMPLES

DAY = timedelta(days=1)
ANN = Member(id="ann", name="Ann Example", zone=ZoneName("Europe/Zurich"))
BO = Member(id="bo", name="Bo Example", zone=ZoneName("Australia/Brisbane"), lead=10)
OPENING = Session(
    id="opening",
    title="Opening, with; signs",
    date=date(2026, 11, 9),
    at=time(9),
    minutes=90,
    zone=ZoneName("Europe/Zurich"),
    track="main",
    room="Hall",
    segments=(Segment(title="Welcome", minutes=30), Segment(title="Debate", minutes=60)),
    people=(Duty(member="ann", role="speaker", lead=90), Duty(member="bo", role="moderator")),
    note="Bring the minutes.",
    url="https://example.org/opening",
)
CLOSING = Session(id="closing", title="Closing", date=date(2026, 11, 10), at=time(18), minutes=60)
BOTH = (OPENING, CLOSING)


def scheduled(*sessions: Session) -> tuple[ScheduledSession, ...]:
    return schedule_sessions(Programme(sessions=sessions))


def next_edition(
    *sessions: Session,
    before: bytes | None = None,
    stamp: datetime = STAMP,
    notes: dict[str, SessionNote] | None = None,
) -> Edition:
    """The edition of these sessions that follows a file."""
    previous = None if before is None else read_prior_sessions(before, MEETING)
    return edit_sessions(scheduled(*sessions), MEETING, stamp=stamp, previous=previous, notes=notes)


def test_a_session_is_an_event_with_its_room_its_agenda_and_its_link() -> None:
    data = next_edition(OPENING).data()
    (event,) = events_of(data).values()

    assert event["uid"] == make_session_uid("opening", MEETING) == "demo-session-opening@example.org"
    assert event["summary"] == "Opening, with; signs"
    assert event["location"] == "Hall"
    assert event["url"] == "https://example.org/opening"
    assert values(data, "DTSTART")[-1] == "20261109T090000"
    assert values(data, "CATEGORIES") == ["main"]
    assert values(data, "SEQUENCE") == ["0"]
    assert str(event["description"]).split("\n\n") == [
        "Monday 2026-11-09 08:00 UTC",
        "Note: Bring the minutes.",
        "Agenda (Europe/Zurich):\n09:00 Welcome\n09:30 Debate",
        "https://example.org/opening",
    ]
    assert lint(data) == []


def test_nobody_is_named_unless_asked_for() -> None:
    sessions = scheduled(*BOTH)
    data = next_edition(*BOTH).data().decode()
    people = next_edition(*BOTH, notes=dict(note_people(sessions, [ANN, BO]))).data()

    assert not any(word in data for word in ("Ann", "Bo Example", "ann", "speaker", "moderator", "VALARM"))
    descriptions = {str(event["uid"]): str(event["description"]) for event in events_of(people).values()}
    assert "People:\nspeaker: Ann Example\nmoderator: Bo Example" in descriptions["demo-session-opening@example.org"]
    assert "People" not in descriptions["demo-session-closing@example.org"]
    assert lint(people) == []


def test_the_calendar_of_a_member_says_their_part_and_reminds_them() -> None:
    programme = Programme(sessions=(replace(OPENING, people=(*OPENING.people, Duty(member="ann", role="organiser"))),))
    sessions = schedule_sessions(programme)
    own = {one.id: note_own_duties(sessions, programme, one)["opening"] for one in (ANN, BO)}

    assert own["ann"] == SessionNote(
        text="Your part: speaker, organiser; be there 90 minutes before", alarm=90, zone=ANN.zone
    )
    assert own["bo"] == SessionNote(text="Your part: moderator; be there 10 minutes before", alarm=10, zone=BO.zone)
    data = next_edition(OPENING, notes={"opening": own["ann"]}).data()
    assert values(data, "TRIGGER") == ["-PT90M"]
    assert next_edition(OPENING, before=data, notes={"opening": own["ann"]}).data() == data
    assert lint(data) == []


@pytest.mark.parametrize(
    ("member", "moments"),
    [
        (BO, ["Monday 2026-11-09 08:00 UTC", "Monday 2026-11-09 18:00 Australia/Brisbane"]),
        (replace(BO, zone=ZoneName("UTC")), ["Monday 2026-11-09 08:00 UTC"]),
        (
            replace(BO, zone=ZoneName("Pacific/Kiritimati")),
            ["Monday 2026-11-09 08:00 UTC", "Monday 2026-11-09 22:00 Pacific/Kiritimati"],
        ),
        (
            replace(BO, stays=(Stay(first=date(2026, 11, 9), last=date(2026, 11, 9), zone=ZoneName("Asia/Tokyo")),)),
            ["Monday 2026-11-09 08:00 UTC", "Monday 2026-11-09 17:00 Asia/Tokyo"],
        ),
        (
            replace(BO, zone=ZoneName("America/Los_Angeles")),
            ["Monday 2026-11-09 08:00 UTC", "Monday 2026-11-09 00:00 America/Los_Angeles"],
        ),
        (replace(BO, left=date(2026, 11, 1)), ["Monday 2026-11-09 08:00 UTC"]),
    ],
)
def test_the_calendar_of_a_member_has_the_hour_where_the_member_is(member: Member, moments: list[str]) -> None:
    notes = dict(note_own_duties(scheduled(OPENING), Programme(), member))
    (event,) = events_of(next_edition(OPENING, notes=notes).data()).values()

    assert str(event["description"]).split("\n\n")[0].split("\n") == moments


def test_who_has_no_lead_is_not_reminded() -> None:
    note = note_own_duties(scheduled(CLOSING), Programme(), ANN)["closing"]

    assert note.alarm is None
    assert "TRIGGER" not in next_edition(CLOSING, notes={"closing": note}).data().decode()


# Editions.


@pytest.mark.parametrize("stamp", [STAMP, STAMP + 7 * DAY, STAMP - DAY, STAMP + 1000 * DAY])
def test_unchanged_sessions_change_no_byte_whatever_the_stamp(stamp: datetime) -> None:
    data = next_edition(*BOTH).data()
    again = next_edition(*BOTH, before=data, stamp=stamp)

    assert (again.data(), again.changes) == (data, ())


@pytest.mark.parametrize(
    ("changed", "sequence", "kind"),
    [
        (replace(CLOSING, at=time(19)), 1, ChangeKind.MOVED),
        (replace(CLOSING, date=date(2026, 11, 12)), 1, ChangeKind.MOVED),
        (replace(CLOSING, minutes=90), 1, ChangeKind.EDITED),
        (replace(CLOSING, room="Room 5"), 1, ChangeKind.EDITED),
        (replace(CLOSING, title="Farewell"), 0, ChangeKind.EDITED),
        (replace(CLOSING, note="All rise."), 0, ChangeKind.EDITED),
        (replace(CLOSING, track="main"), 0, ChangeKind.EDITED),
        (replace(CLOSING, segments=(Segment(title="Thanks", minutes=60),)), 0, ChangeKind.EDITED),
    ],
)
def test_sequence_rises_where_people_have_to_be_told(changed: Session, sequence: int, kind: ChangeKind) -> None:
    first = next_edition(*BOTH).data()
    edition = next_edition(OPENING, changed, before=first, stamp=STAMP + DAY)
    (event,) = [event for event in edition.events if event.stamp == STAMP + DAY]

    assert (event.uid, event.sequence) == (make_session_uid("closing", MEETING), sequence)
    assert [change.kind for change in edition.changes] == [kind]


def test_a_session_that_left_is_cancelled_once_and_keeps_its_uid_when_it_comes_back() -> None:
    first = next_edition(*BOTH).data()
    gone = next_edition(OPENING, before=first, stamp=STAMP + DAY)
    again = next_edition(OPENING, before=gone.data(), stamp=STAMP + 2 * DAY)
    back = next_edition(*BOTH, before=again.data(), stamp=STAMP + 3 * DAY)

    assert [change.kind for change in gone.changes] == [ChangeKind.DROPPED]
    assert again.data() == gone.data()
    assert [change.kind for change in back.changes] == [ChangeKind.REVIVED]
    states = [{event.uid[5:-12]: (event.sequence, event.cancelled) for event in one.events} for one in (gone, back)]
    assert states == [
        {"session-opening": (0, False), "session-closing": (1, True)},
        {"session-opening": (0, False), "session-closing": (2, False)},
    ]


def test_a_session_that_is_past_stays_as_it_was() -> None:
    first = next_edition(*BOTH).data()

    assert next_edition(OPENING, before=first, stamp=STAMP + 1000 * DAY).data() == first


def test_the_season_of_the_calls_does_not_hold_for_sessions() -> None:
    meeting = replace(MEETING, season=Season(first=date(2026, 1, 1), last=date(2026, 6, 30)))
    first = edit_sessions(scheduled(*BOTH), meeting, stamp=STAMP)
    gone = edit_sessions(
        scheduled(OPENING), meeting, stamp=STAMP + DAY, previous=read_prior_sessions(first.data(), meeting)
    )

    assert [change.kind for change in gone.changes] == [ChangeKind.DROPPED]


def test_a_session_that_left_names_nobody_in_a_calendar_without_people() -> None:
    first = next_edition(*BOTH, notes=dict(note_people(scheduled(*BOTH), [ANN, BO]))).data()
    data = next_edition(CLOSING, before=first, stamp=STAMP + DAY).data().decode()

    assert "Cancelled: Opening" in data
    assert "Example" not in data
    assert "Debate" in data


def test_a_file_of_calls_is_no_file_of_sessions_and_the_other_way_round() -> None:
    calls, sessions = after(series_of()).data(), next_edition(*BOTH).data()

    with pytest.raises(UnusableEdition, match="holds the calls of 'demo', which are written without --sessions"):
        read_prior_sessions(calls, MEETING)
    with pytest.raises(UnusableEdition, match="holds the sessions of 'demo', which are written with --sessions"):
        read_prior(sessions, MEETING)


@pytest.mark.parametrize("session", ["slot1", "20261109", "20261109-extra2", "session-a", "a", "A-1"])
def test_ids_that_look_like_dates_and_slots_are_those_of_sessions(session: str) -> None:
    data = next_edition(replace(CLOSING, id=session)).data()

    assert is_session_uid(make_session_uid(session, MEETING), MEETING)
    assert next_edition(replace(CLOSING, id=session), before=data).data() == data
    with pytest.raises(UnusableEdition):
        read_prior(data, MEETING)


@pytest.mark.parametrize(
    "uid",
    [
        "demo-session-@example.org",
        "demo-session-a@example.com",
        "other-session-a@example.org",
        "demo-session--a@example.org",
        "demo-session-a b@example.org",
        "demo-20261109@example.org",
        "",
    ],
)
def test_other_uids_are_not_those_of_sessions(uid: str) -> None:
    assert not is_session_uid(uid, MEETING)


# A member's program.

NAMES = ("opening", "closing", "data", "slot1")
CHANGES = st.builds(
    Session,
    id=st.sampled_from(NAMES),
    title=st.sampled_from(["One", "Two, and; more"]),
    date=st.dates(date(2026, 11, 9), date(2026, 11, 11)),
    at=st.sampled_from([time(0), time(2, 30), time(23, 45)]),
    minutes=st.sampled_from([30, 90, 1500]),
    zone=st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/New_York"]).map(ZoneName),
    room=st.sampled_from(["", "Hall"]),
    people=st.sampled_from([(), (Duty(member="ann", role="speaker"),)]),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """An edition that went out, and its sessions."""

    sessions: tuple[ScheduledSession, ...]
    edition: Edition


@st.composite
def histories(draw: st.DrawFn) -> list[Published]:
    """Editions of sessions that come, change, leave and come back; all before the event."""
    out: list[Published] = []
    stamp = STAMP
    for _ in range(draw(st.integers(2, 4))):
        sessions = scheduled(*draw(st.lists(CHANGES, max_size=3, unique_by=lambda one: one.id)))
        before = read_prior_sessions(out[-1].edition.data(), MEETING) if out else None
        out.append(Published(sessions=sessions, edition=edit_sessions(sessions, MEETING, stamp=stamp, previous=before)))
        stamp += draw(st.sampled_from([timedelta(0), timedelta(seconds=1), DAY]))
    return out


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_law_a_client_that_got_the_last_edition_has_exactly_the_sessions(data: st.DataObject) -> None:
    history = data.draw(histories())
    mail = data.draw(st.lists(st.sampled_from(history), max_size=5))
    mail.insert(data.draw(st.integers(0, len(mail))), history[-1])
    client = Client()
    for one in mail:
        client.take(one.edition.data())

    assert [finding for one in history for finding in lint(one.edition.data())] == []
    assert sorted((one.uid, one.start, one.end, one.location) for one in client.held()) == sorted(
        (make_session_uid(one.id, MEETING), one.start, one.end, one.session.room or None)
        for one in history[-1].sessions
    )


def show(one: Occurrence) -> tuple[object, ...]:
    return one.uid, one.start, one.end, one.summary, one.location


def test_every_engine_reads_the_sessions_of_the_example(tmp_path: Path) -> None:
    plan = load_plan(EXAMPLES / "igf-2020" / "plan.toml")
    zoned = tuple(replace(one, zone=ZoneName("Australia/Brisbane")) for one in plan.sessions)
    out = tmp_path / "sessions.ics"
    out.write_bytes(edit_sessions(zoned, plan.meeting, stamp=datetime(2020, 10, 1, tzinfo=UTC)).data())
    found = read_stupidly(out)

    assert lint(out.read_bytes()) == []
    assert sorted(map(show, found), key=str) == sorted(
        (
            (make_session_uid(one.id, plan.meeting), one.start, one.end, one.session.title, one.session.room)
            for one in plan.sessions
        ),
        key=str,
    )
    assert read_with_icaljs(out) == found
    assert read_with_libical(out) == found
