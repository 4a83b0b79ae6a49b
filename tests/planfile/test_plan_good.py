"""Good plans: every key of the plan format lands in the value it speaks of, however it is written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from mag_rotation.errors import Mistake
from mag_rotation.fairness import Thresholds
from mag_rotation.hours import DEFAULT_CURVE, Window
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan
from mag_rotation.planfile.reader import Place, read_table
from mag_rotation.planfile.tables import (
    ExceptionTable,
    ExtraTable,
    MeetingTable,
    MemberTable,
    PhaseTable,
    PlanTable,
    ProgrammeTable,
    RotationTable,
    ScheduleTable,
    SessionTable,
    Table,
    make_value,
    to_toml,
)
from mag_rotation.planfile.toml_tables import format_inline
from mag_rotation.programme import Duty, Level, Programme, Repeat, Rule, Segment, Session
from mag_rotation.roster import UTC_ZONE, Attendance, Carried, Member, MemberId, Stay
from mag_rotation.series import (
    Advance,
    Counting,
    Extra,
    Meeting,
    Numbering,
    NumberStyle,
    Organizer,
    Override,
    Phase,
    Rotation,
    Schedule,
    Season,
    Series,
    Slot,
    Weekday,
)
from mag_rotation.zones import zone_name

PARIS, LIMA, DUBAI, BRISBANE = map(zone_name, ("Europe/Paris", "America/Lima", "Asia/Dubai", "Australia/Brisbane"))
LARK = (10, 10, 10, 10, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 8, 10, 10)

RULES = ", ".join(
    (
        'person-twice = "warning"',
        'room-twice = "off"',
        'track-twice = "error"',
        'groups-apart = "warning"',
        'north-south = "off"',
        'outside-phase = "off"',
        'outside-window = "warning"',
        'past-midnight = "off"',
        'segments-overrun = "warning"',
        'call-during-session = "off"',
        'short-rest = "warning"',
    )
)

SMALL = """format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2027-01-05, repeat = "FREQ=WEEKLY", count = 4 }
rotation = { slots = [{ at = "14:00" }] }
"""

MAXIMAL = f"""
format = 1
[meeting]
id = "demo-27"
name = " Weekly call "
uid-domain = "Calls.example.org"
duration = "1h30min"
lead = "15min"
overrun = "PT10M"
location = "Room 1, first floor"
url = "https://meet.example.org/demo?x=1"
description = '''Agenda:
\t1. news'''
organizer = {{ name = "Secretariat", email = "secretariat@example.org" }}
numbering = {{ first = 16, style = "roman", count = "planned" }}
alarm = "1h30min"
color = "steelblue"
feed-url = "https://example.org/demo.ics"
season-from = 2026-01-01
season-to = 2029-12-31
[schedule]
first = 2027-01-05
repeat = "freq=weekly;byday=tu"
until = 2027-02-23
[rotation]
advance = "held"
start = 2
hold = 4
taken = 1
slots = [
  {{ at = "14:00", zone = "Europe/Paris", label = "afternoon" }},
  {{ at = 20:00:00, label = "evening", weekday = "WE", duration = "1h" }},
]
[[exceptions]]
date = 2027-01-12
at = "15:00"
zone = "America/Lima"
to = 2027-01-13
slot = "afternoon"
duration = "45min"
location = "Room 2"
note = "later"
[[exceptions]]
date = "2027-01-19"
cancel = true
at = "09:00"
note = "early"
cancel-note = "no call"
[[exceptions]]
date = 2027-01-26
slot = 2
[[extras]]
date = 2027-02-04
at = "13:00"
zone = "Asia/Dubai"
duration = "PT1H"
to = 2027-02-05
cancel = false
note = "welcome"
location = "Room 3"
numbered = false
takes-turn = true
nth = 2
[[phases]]
name = "Phase I"
from = 2027-02-09
to = 2027-02-16
calls = true
duration = "2h"
slots = [{{ at = "09:00", zone = "Asia/Dubai", label = "nine" }}, {{ at = "10:00" }}]
start = 2
hold = 2
taken = 1
repeat = "FREQ=DAILY;INTERVAL=2"
[[phases]]
name = "Summit"
from = 2027-02-22
to = 2027-02-28
calls = false
[night]
from = "22:30"
to = 06:30:00
[burden]
curve = "lark"
[verdict]
acceptable-share = 10
poor-share = 40
acceptable-streak = 3
poor-streak = 5
required-roles = ["chair"]
[curves.lark]
hours = {list(LARK)}
[roster]
file = "members.csv"
groups = ["region"]
[[members]]
id = "seat-12"
zone = "Australia/Brisbane"
name = "Seat 12"
email = "seat12@example.org"
groups = {{ region = "WEOG", "stake holder" = "technical" }}
roles = ["captioner", "chair"]
weight = 3
curve = "default"
lead = "90min"
night = "22:00-06:00"
never = ["00:00-05:00", "12:00 \u2013 24:00"]
joined = 2027-01-01
left = 2027-12-31
stays = [{{ from = 2027-02-01, to = 2027-02-20, zone = "Europe/Paris" }}]
locale = "en-AU"
[history]
file = "attendance.csv"
[carried]
file = "carried.csv"
[programme]
zone = "Europe/Paris"
window = "06:00-24:00"
rest = "10h"
join-ahead = {{ speaker = "20min", "sign language" = "PT1H" }}
apart = ["language"]
north = ["WEOG"]
south = ["African"]
by = "area"
rules = {{ {RULES} }}
[[sessions]]
id = "opening"
title = "Opening"
date = 2027-02-22
at = "18:30"
zone = "UTC"
duration = "90min"
track = "plenary"
room = "main"
groups = {{ language = "en" }}
segments = [{{ title = "Welcome", duration = "10min" }}, {{ title = "Speeches", duration = "80min" }}]
people = [
  {{ id = "seat-12", role = "speaker", lead = "0min" }},
  {{ id = "seat-12", role = "sign language" }},
]
note = "doors open early"
url = "https://example.org/opening"
phase = "Summit"
repeat = "daily"
until = 2027-02-23
"""

PROGRAMME = Programme(
    sessions=(
        Session(
            id="opening",
            title="Opening",
            date=date(2027, 2, 22),
            at=time(18, 30),
            zone=UTC_ZONE,
            minutes=90,
            track="plenary",
            room="main",
            groups={"language": "en"},
            segments=(Segment(title="Welcome", minutes=10), Segment(title="Speeches", minutes=80)),
            people=(
                Duty(member=MemberId("seat-12"), role="speaker", lead=0),
                Duty(member=MemberId("seat-12"), role="sign language"),
            ),
            note="doors open early",
            url="https://example.org/opening",
            phase="Summit",
            repeat=Repeat.DAILY,
            until=date(2027, 2, 23),
        ),
    ),
    zone=PARIS,
    window=Window(time(6), time(0)),
    rest=600,
    join_ahead={"speaker": 20, "sign language": 60},
    rules={
        Rule.PERSON_TWICE: Level.WARNING,
        Rule.ROOM_TWICE: Level.OFF,
        Rule.TRACK_TWICE: Level.ERROR,
        Rule.GROUPS_APART: Level.WARNING,
        Rule.NORTH_SOUTH: Level.OFF,
        Rule.OUTSIDE_PHASE: Level.OFF,
        Rule.OUTSIDE_WINDOW: Level.WARNING,
        Rule.PAST_MIDNIGHT: Level.OFF,
        Rule.SEGMENTS_OVERRUN: Level.WARNING,
        Rule.CALL_DURING_SESSION: Level.OFF,
        Rule.SHORT_REST: Level.WARNING,
    },
    apart=("language",),
    north=("WEOG",),
    south=("African",),
    by="area",
)
DAYS_OFF = """
[days-off]
weekend-points = 2
holiday-points = 4
"""
"""A table of its own: whoever asks for it needs packages that a plan without it does not."""

MEETING = Meeting(
    id="demo-27",
    name="Weekly call",
    uid_domain="Calls.example.org",
    minutes=90,
    lead=15,
    overrun=10,
    location="Room 1, first floor",
    url="https://meet.example.org/demo?x=1",
    description="Agenda:\n\t1. news",
    organizer=Organizer(name="Secretariat", email="secretariat@example.org"),
    numbering=Numbering(first=16, style=NumberStyle.ROMAN, count=Counting.PLANNED),
    season=Season(first=date(2026, 1, 1), last=date(2029, 12, 31)),
    alarm=90,
    color="steelblue",
    feed_url="https://example.org/demo.ics",
)
SERIES = Series(
    meeting=MEETING,
    schedule=Schedule(first=date(2027, 1, 5), repeat="FREQ=WEEKLY;BYDAY=TU", until=date(2027, 2, 23)),
    rotation=Rotation(
        slots=(
            Slot(at=time(14), zone=PARIS, label="afternoon"),
            Slot(at=time(20), label="evening", weekday=Weekday.WE, minutes=60),
        ),
        advance=Advance.HELD,
        start=2,
        hold=4,
        taken=1,
    ),
    overrides=(
        Override(
            date=date(2027, 1, 12),
            at=time(15),
            zone=LIMA,
            to=date(2027, 1, 13),
            slot="afternoon",
            minutes=45,
            location="Room 2",
            note="later",
        ),
        Override(date=date(2027, 1, 19), cancel=True, at=time(9), note="early", cancel_note="no call"),
        Override(date=date(2027, 1, 26), slot=2),
    ),
    extras=(
        Extra(
            date=date(2027, 2, 4),
            at=time(13),
            zone=DUBAI,
            minutes=60,
            to=date(2027, 2, 5),
            note="welcome",
            location="Room 3",
            numbered=False,
            takes_turn=True,
            nth=2,
        ),
    ),
    phases=(
        Phase(
            name="Phase I",
            first=date(2027, 2, 9),
            last=date(2027, 2, 16),
            minutes=120,
            slots=(Slot(at=time(9), zone=DUBAI, label="nine"), Slot(at=time(10))),
            start=2,
            hold=2,
            taken=1,
            repeat="FREQ=DAILY;INTERVAL=2",
        ),
        Phase(name="Summit", first=date(2027, 2, 22), last=date(2027, 2, 28), calls=False),
    ),
)
SEAT_12 = Member(
    id=MemberId("seat-12"),
    zone=BRISBANE,
    name="Seat 12",
    email="seat12@example.org",
    groups={"region": "WEOG", "stake holder": "technical"},
    roles=("captioner", "chair"),
    weight=3,
    curve="default",
    lead=90,
    night=(time(22), time(6)),
    never=((time(0), time(5)), (time(12), time(0))),
    joined=date(2027, 1, 1),
    left=date(2027, 12, 31),
    stays=(Stay(first=date(2027, 2, 1), last=date(2027, 2, 20), zone=PARIS),),
    locale="en-AU",
)


def loaded(plan: str, folder: Path, **sheets: str | bytes) -> Plan:
    """The plan of that text with its sheets beside it."""
    for name, content in {"plan.toml": plan, **{f"{sheet}.csv": text for sheet, text in sheets.items()}}.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_plan(folder / "plan.toml")


@pytest.fixture
def maximal(tmp_path: Path) -> Plan:
    attendance = "date,member,attended,remark\n2026-12-29,seat-12,Yes,\n2026-12-29,a,NO,ill\n"
    carried = "member,burden,night_calls,calls\nseat-12,1200,2,7\n"
    return loaded(
        MAXIMAL, tmp_path, members="id,zone,region,desk\na,UTC,Asia,9\n", attendance=attendance, carried=carried
    )


def test_every_key_of_a_maximal_plan_lands_in_its_value(maximal: Plan) -> None:
    assert maximal.series == SERIES
    assert maximal.meeting == MEETING
    assert maximal.members == (Member(id=MemberId("a"), zone=UTC_ZONE, groups={"region": "Asia"}), SEAT_12)
    assert maximal.hours.night == Window(time(22, 30), time(6, 30))
    assert maximal.hours.curve == "lark"
    assert {name: curve.hours for name, curve in maximal.hours.curves.items()} == {
        "default": DEFAULT_CURVE.hours,
        "lark": LARK,
    }
    assert maximal.history == (
        Attendance(date=date(2026, 12, 29), member=MemberId("seat-12"), attended=True),
        Attendance(date=date(2026, 12, 29), member=MemberId("a"), attended=False),
    )
    assert maximal.carried == (Carried(member=MemberId("seat-12"), burden=1200, night_calls=2, calls=7),)


def test_the_maximal_plan_has_every_key_there_is() -> None:
    """Whoever adds a key to the format is told here to say where it lands."""
    schema = PlanTable.model_json_schema(by_alias=True)
    keys = {key for table in [schema, *schema["$defs"].values()] for key in table["properties"]}
    written = set(re.findall(r"([a-z-]+) = |\[+([a-z-]+)[\].]", MAXIMAL + SMALL + DAYS_OFF))

    assert keys - {key for pair in written for key in pair} == set()


def test_a_programme_has_its_sessions_and_what_they_are_held_against(maximal: Plan) -> None:
    assert maximal.programme == PROGRAMME
    assert [(one.id, one.phase, one.start) for one in maximal.sessions] == [
        ("opening-1", "Summit", datetime(2027, 2, 22, 18, 30, tzinfo=UTC)),
        ("opening-2", "Summit", datetime(2027, 2, 23, 18, 30, tzinfo=UTC)),
    ]


def test_a_verdict_table_says_when_a_time_is_good_acceptable_or_poor(maximal: Plan) -> None:
    assert maximal.thresholds == Thresholds(
        acceptable_share=10, poor_share=40, acceptable_streak=3, poor_streak=5, required_roles=("chair",)
    )


def test_a_plan_says_its_calls_and_its_warnings(maximal: Plan) -> None:
    first = maximal.calls[0]

    assert (first.title, first.start) == ("Weekly call XVI", datetime(2027, 1, 6, 20, tzinfo=UTC))
    assert set(maximal.time_warnings) < set(maximal.warnings)


def test_what_is_not_given_has_the_value_of_the_format(tmp_path: Path) -> None:
    plan = loaded(SMALL + '[[members]]\nid = "a"\nzone = "UTC"\n', tmp_path)

    assert plan.meeting == Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60)
    assert plan.series.rotation == Rotation(slots=(Slot(at=time(14)),), advance=Advance.CALL, start=1)
    assert plan.members == (Member(id=MemberId("a"), zone=UTC_ZONE),)
    assert (plan.hours.night, plan.hours.curve, plan.history, plan.carried) == (
        Window(time(23), time(6)),
        "default",
        (),
        (),
    )


def test_a_numbering_table_without_keys_counts_held_calls_from_1(tmp_path: Path) -> None:
    plan = loaded(SMALL.replace('"1h" }', '"1h", numbering = {} }'), tmp_path)

    assert [call.label for call in plan.calls] == ["1", "2", "3", "4"]
    assert plan.meeting.numbering == Numbering(first=1, style=NumberStyle.ARABIC, count=Counting.HELD)


def test_a_byte_order_mark_at_the_ends_of_a_text_is_no_letter_of_it(tmp_path: Path) -> None:
    plan = loaded(SMALL.replace('"Demo"', '"\\uFEFF Demo\\uFEFF"'), tmp_path)

    assert plan.meeting.name == "Demo"


# Values written back.

DAY = date(2026, 10, 6)


def written_and_read(model: type[Table], make: Callable[..., object], value: object) -> object:
    mistakes: list[Mistake] = []
    document = tomllib.loads(f"x = {format_inline(to_toml(model, value))}")
    table = read_table(model, document["x"], Place(path="x"), mistakes)
    assert table is not None, mistakes
    made = make_value(make, table, "x", mistakes)
    assert mistakes == []
    return made


VALUES: list[tuple[type[Table], object]] = [
    (MeetingTable, MEETING),
    (ScheduleTable, SERIES.schedule),
    (ScheduleTable, Schedule(first=DAY, repeat="FREQ=DAILY", count=3)),
    (RotationTable, SERIES.rotation),
    *((ExceptionTable, override) for override in SERIES.overrides),
    *((ExtraTable, extra) for extra in SERIES.extras),
    *((PhaseTable, phase) for phase in SERIES.phases),
    (MemberTable, SEAT_12),
    *((SessionTable, session) for session in PROGRAMME.sessions),
    (ProgrammeTable, replace(PROGRAMME, sessions=())),
    (MemberTable, Member(id="a", zone="UTC", lead=0, weight=0, never=((time(0), time(0)),))),
]
"""The values of a plan that has every key, and some that differ from the default although they are nothing or zero."""


@pytest.mark.parametrize(("model", "value"), VALUES, ids=lambda item: type(item).__name__)
def test_a_value_is_the_same_after_it_was_written_and_read(model: type[Table], value: object) -> None:
    assert written_and_read(model, model.makes, value) == value


PLAIN: dict[type[Table], tuple[Callable[..., object], object]] = {
    MeetingTable: (Meeting, Meeting(id="wg", name="WG", uid_domain="example.org", minutes=60)),
    ScheduleTable: (Schedule, Schedule(first=DAY, repeat="FREQ=WEEKLY", count=1)),
    RotationTable: (Rotation, Rotation(slots=(Slot(at=time(14)),))),
    ExceptionTable: (Override, Override(date=DAY)),
    ExtraTable: (Extra, Extra(date=DAY, at=time(14))),
    PhaseTable: (Phase, Phase(name="x", first=DAY, last=DAY)),
    MemberTable: (Member, Member(id="a", zone="UTC")),
    ProgrammeTable: (Programme, Programme()),
    SessionTable: (Session, Session(id="a", title="A", date=DAY, at=time(9), minutes=60)),
}


@pytest.mark.parametrize("model", PLAIN, ids=lambda model: model.__name__)
def test_a_default_is_not_written_and_comes_back(model: type[Table]) -> None:
    make, value = PLAIN[model]
    required = {info.alias for info in model.model_fields.values() if info.is_required()} | {
        "by",
        "count",
        "rest",
        "zone",
    }

    assert {key for key, said in to_toml(model, value).items() if said is not None} <= required
    assert written_and_read(model, make, value) == value
