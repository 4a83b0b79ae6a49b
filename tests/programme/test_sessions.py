"""What sessions, duties and programmes refuse, and when the sessions of a programme are.

Law: a session starts when a call of the same date, hour and zone does; each id names one session of one day.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mag_rotation import programme as room
from mag_rotation.calls import unroll
from mag_rotation.errors import InvalidProgramme
from mag_rotation.hours import Window
from mag_rotation.limits import SESSIONS
from mag_rotation.programme import (
    DEFAULT_LEVELS,
    Duty,
    Level,
    Programme,
    Repeat,
    Rule,
    ScheduledSession,
    Segment,
    Session,
    schedule_sessions,
)
from mag_rotation.roster import Member
from mag_rotation.series import Meeting, Phase, Rotation, Schedule, Series, Slot
from mag_rotation.zones import Adjustment

DAY = date(2020, 11, 9)
PHASES = (
    Phase(name="Phase II", first=date(2020, 11, 9), last=date(2020, 11, 17)),
    Phase(name="Phase I", first=date(2020, 11, 2), last=date(2020, 11, 6)),
)
ID = "write up to 64 letters and digits, with hyphens only between them, such as 'mag2020'"
LONG = "x" * 60


def session(name: str = "data", **changes: object) -> Session:
    """A session of an hour at noon of 9 November 2020."""
    values = {"title": "Data", "date": DAY, "at": time(12), "minutes": 60} | changes
    return Session(id=name, **values)  # type: ignore[arg-type]


def schedule(*sessions: Session, phases: tuple[Phase, ...] = PHASES, zone: str = "UTC") -> list[ScheduledSession]:
    return list(schedule_sessions(Programme(sessions=sessions, zone=zone), phases))


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Segment(title="Welcome", minutes=0), ["duration: found 0 minutes; a segment lasts 1 minute or more"]),
        (lambda: Duty(member="ann", role="speaker", lead=-5), ["lead: found -5 minutes; a lead is 0 minutes or more"]),
        (
            lambda: Duty(member="", role=""),
            ["id: missing; write the id of a member", "role: missing; write one such as speaker or moderator"],
        ),
        (
            lambda: session("main session", title="", minutes=-1, at=time(12, 0, 30)),
            [
                f"id: found 'main session'; {ID}",
                "title: missing; write what the session is called",
                "at: found 12:00:30; a start is wall-clock time in its zone, in whole minutes and without an offset",
                "duration: found -1 minutes; a session lasts 1 minute or more",
            ],
        ),
        (
            lambda: session(zone="Geneva", until=date(2020, 11, 8)),
            [
                "zone: 'Geneva' is not the name of a time zone; did you mean Europe/Zurich?",
                'until: found 2020-11-08 without repeat; write repeat = "daily", or leave it out',
                "until: found 2020-11-08, before date; write 2020-11-09 or a later day",
            ],
        ),
        (
            lambda: session(people=(Duty(member="ann", role="speaker"), Duty(member="ann", role="speaker", lead=5))),
            ["people: found 'ann' as speaker more than once; name each member once for each role"],
        ),
        (
            lambda: session(LONG, repeat=Repeat.DAILY),
            [f"id: found '{LONG}'; {ID}, counted with the number of the day behind it"],
        ),
        (
            lambda: Programme(
                zone="Nowhere", rest=-1, join_ahead={"speaker": -20}, north=("Africa", "WEOG"), south=("Africa",)
            ),
            [
                "zone: 'Nowhere' is not the name of a time zone; write one such as Europe/Zurich or UTC",
                "rest: found -1 minutes; a rest is 0 minutes or more",
                "join-ahead.speaker: found -20 minutes; a lead is 0 minutes or more",
                "south: found Africa, which is in north too; name each in one of the two",
            ],
        ),
        (
            lambda: Programme(sessions=(session(), session("b"), session())),
            ["sessions[2].id: found 'data', the id of sessions[0] too; give each session an id of its own"],
        ),
    ],
)
def test_a_value_that_contradicts_itself_cannot_be_made(build: Callable[[], object], said: list[str]) -> None:
    with pytest.raises(InvalidProgramme) as refused:
        build()

    assert list(map(str, refused.value.mistakes)) == said


def test_a_programme_is_a_value() -> None:
    one = Programme(
        sessions=(session(groups={"language": "en"}),), join_ahead={"speaker": 20}, rules={Rule.SHORT_REST: Level.OFF}
    )
    other = pickle.loads(pickle.dumps(one))  # noqa: S301 - our own bytes

    assert other == one
    assert hash(other) == hash(one)
    assert one.level_of(Rule.SHORT_REST) is Level.OFF
    assert all(one.level_of(rule) is level for rule, level in DEFAULT_LEVELS.items() if rule is not Rule.SHORT_REST)
    assert DEFAULT_LEVELS.keys() == set(Rule)


@pytest.mark.parametrize(
    ("own", "role", "of_member", "lead"),
    [
        (90, "speaker", 30, 90),
        (0, "speaker", 30, 0),
        (None, "speaker", 30, 20),
        (None, "guest", 30, 30),
        (None, "guest", None, 0),
    ],
)
def test_the_lead_is_the_duty_s_else_that_of_the_role_else_the_member_s(
    own: int | None, role: str, of_member: int | None, lead: int
) -> None:
    programme = Programme(join_ahead={"speaker": 20})

    found = programme.lead_of(Duty(member="ann", role=role, lead=own), Member(id="ann", zone="UTC", lead=of_member))

    assert found == lead


@settings(max_examples=30, deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2021, 12, 31)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["UTC", "Europe/London", "America/New_York", "Pacific/Chatham", "Pacific/Apia", "Asia/Kathmandu"]),
    st.booleans(),
)
def test_a_session_starts_when_a_call_of_the_same_date_hour_and_zone_does(
    day: date, at: time, zone: str, of_programme: bool
) -> None:
    one = session(date=day, at=at, zone=None if of_programme else zone)
    call = unroll(
        Series(
            meeting=Meeting(id="m", name="M", uid_domain="example.org", minutes=60),
            schedule=Schedule(first=day, repeat="daily", count=1),
            rotation=Rotation(slots=(Slot(at=at, zone=zone),)),
        )
    )[0]

    found = schedule(one, zone=zone if of_programme else "UTC")[0]

    assert (found.start, found.end, found.zone, found.adjusted) == (call.start, call.end, zone, call.adjusted)


def test_the_start_of_a_gap_is_moved_past_it_and_that_of_a_fold_is_the_first() -> None:
    spring = session(date=date(2021, 3, 28), at=time(1, 30), zone="Europe/London")
    autumn = session("autumn", date=date(2020, 10, 25), at=time(1, 30), zone="Europe/London")

    later, earlier = schedule(autumn, spring)[::-1]

    assert (later.start, later.adjusted) == (datetime(2021, 3, 28, 1, 30, tzinfo=UTC), Adjustment.GAP)
    assert (earlier.start, earlier.adjusted) == (datetime(2020, 10, 25, 0, 30, tzinfo=UTC), Adjustment.FOLD)


def test_segments_follow_each_other_from_the_start() -> None:
    agenda = tuple(Segment(title=f"Part {n}", minutes=n) for n in (10, 15, 15, 15, 25, 10))

    found = schedule(session(minutes=90, segments=agenda))[0]

    assert [part.start for part in found.segments] == [
        found.start + timedelta(minutes=n) for n in (0, 10, 25, 40, 55, 80)
    ]
    assert found.segments[-1].end == found.end
    assert found.session.segment_minutes == 90


def test_sessions_come_by_start_and_then_id_with_the_phase_of_their_date() -> None:
    found = schedule(
        session("late", at=time(18)),
        session("b", date=date(2020, 11, 8)),
        session("a", date=date(2020, 11, 8)),
        session("named", phase="Phase I"),
    )

    assert [(one.id, one.phase) for one in found] == [
        ("a", None),
        ("b", None),
        ("named", "Phase I"),
        ("late", "Phase II"),
    ]


def test_a_session_repeats_daily_to_its_last_day_or_to_the_end_of_its_phase() -> None:
    to_the_end = schedule(session(date=date(2020, 11, 15), repeat=Repeat.DAILY))
    until = schedule(session(repeat=Repeat.DAILY, until=date(2020, 11, 9)))
    named = schedule(session(date=date(2020, 11, 5), phase="Phase I", repeat=Repeat.DAILY))

    assert [(one.id, one.session.date.day, one.session.repeat) for one in to_the_end] == [
        ("data-1", 15, None),
        ("data-2", 16, None),
        ("data-3", 17, None),
    ]
    assert [one.id for one in until] == ["data-1"]
    assert [(one.id, one.phase) for one in named] == [("data-1", "Phase I"), ("data-2", "Phase I")]


def test_a_repeated_session_keeps_its_wall_time_over_a_clock_change() -> None:
    found = schedule(
        session(date=date(2020, 10, 24), zone="Europe/Zurich", repeat=Repeat.DAILY, until=date(2020, 10, 26))
    )

    assert [one.start.hour for one in found] == [10, 11, 11]


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        (
            [session(phase="Phase 1"), session("b", phase="Break")],
            [
                "sessions[0].phase: found 'Phase 1', which is not a phase; did you mean 'Phase I'?",
                "sessions[1].phase: found 'Break', which is not a phase; the phases are Phase I, Phase II",
            ],
        ),
        (
            [session(date=date(2020, 11, 8), repeat=Repeat.DAILY)],
            ["sessions[0].until: missing, and 2020-11-08 is in no phase; write the last day of the session"],
        ),
        (
            [session(phase="Phase I", repeat=Repeat.DAILY)],
            [
                (
                    "sessions[0].date: found 2020-11-09, after the end of its phase on 2020-11-06; "
                    "write an earlier day, or until"
                ),
            ],
        ),
        (
            [session(repeat=Repeat.DAILY), session("data-2"), session("data-9")],
            [
                f"sessions[{index}].id: found 'data-{day}', the id of a day of sessions[0] or of this one; "
                "write another"
                for index, day in ((1, 2), (2, 9))
            ],
        ),
        (
            [session(repeat=Repeat.DAILY, until=date(2999, 1, 1))],
            ["sessions: found 357,261, day by day; a programme has 10,000 at most"],
        ),
    ],
)
def test_sessions_that_cannot_be_scheduled_are_all_named(sessions: list[Session], said: list[str]) -> None:
    with pytest.raises(InvalidProgramme) as refused:
        schedule(*sessions)

    assert list(map(str, refused.value.mistakes)) == said


def test_a_phase_of_a_plan_without_phases_is_refused() -> None:
    with pytest.raises(InvalidProgramme, match="'Phase I', which is not a phase; the plan has no phases"):
        schedule(session(phase="Phase I"), phases=())


def test_no_sessions_and_as_many_as_there_may_be_are_scheduled() -> None:
    last = DAY + timedelta(days=SESSIONS - 1)

    assert schedule() == []
    assert len(schedule(session(repeat=Repeat.DAILY, until=last))) == SESSIONS


def test_a_window_may_end_at_midnight() -> None:
    assert str(Programme(window=Window(time(6), time(0))).window) == "06:00-24:00"


def test_every_name_of_the_room_is_there_and_listed_and_no_other() -> None:
    assert [name for name in room.__all__ if getattr(room, name, None) is None] == []
    assert set(room.__all__) <= set(dir(room))
    assert not hasattr(room, "find_conflict")
