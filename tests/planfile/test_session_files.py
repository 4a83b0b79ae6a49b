"""Sessions as a sheet and as tables of a plan.

Law: what is written is read as the same sessions, or is refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from mag_rotation.errors import InvalidProgramme
from mag_rotation.planfile import plan_from
from mag_rotation.planfile.writer import write_session_sheet, write_session_tables
from mag_rotation.programme import Duty, Repeat, Segment, Session
from mag_rotation.roster import ZoneName

PLAN = """format = 1
[meeting]
id = "demo"
name = "Demo"
uid-domain = "example.org"
duration = "1h"
[schedule]
first = 2020-09-01
repeat = "weekly"
count = 2
[rotation]
advance = "call"
slots = ["14:00"]
[[phases]]
name = "Phase II"
from = 2020-11-09
to = 2020-11-17
calls = false
[[members]]
id = "tec-08"
zone = "Australia/Brisbane"
[[members]]
id = "=civ"
zone = "Europe/Zurich"
"""

FULL = Session(
    id="inclusion",
    title='=Main session: "inclusion"; a, b',
    date=date(2020, 11, 9),
    at=time(18, 30),
    minutes=95,
    zone=ZoneName("Africa/Nairobi"),
    track="-inclusion",
    room="main\nhall",
    groups={"language": "en", "region": "WEOG", "x y": "@z"},
    segments=(Segment(title="Setting the scene: why", minutes=10), Segment(title="Debate", minutes=80)),
    people=(Duty(member="tec-08", role="speaker", lead=90), Duty(member="=civ", role="moderator", lead=0)),
    phase="Phase II",
    note="One\n\ntwo.",
    url="https://example.org/inclusion?a=1",
)
PLAIN = Session(id="plain", title="Plain", date=date(2020, 11, 10), at=time(0), minutes=60)
DAILY = Session(
    id="slot",
    title="Slot",
    date=date(2020, 11, 11),
    at=time(9),
    minutes=60,
    repeat=Repeat.DAILY,
    until=date(2020, 11, 12),
)
SOME = (FULL, PLAIN, DAILY)


def test_a_sheet_is_read_as_the_same_sessions() -> None:
    sessions = (replace(FULL, groups={"region": "WEOG"}), PLAIN, DAILY)
    sheet = write_session_sheet(sessions)
    plan = plan_from(
        Path("plan.toml"), f'{PLAN}[programme]\nfile = "sessions.csv"\n'.encode(), {"sessions.csv": sheet.encode()}
    )

    assert plan.programme is not None
    assert plan.programme.sessions == sessions


def test_tables_are_read_as_the_same_sessions() -> None:
    plan = plan_from(Path("plan.toml"), f"{PLAN}\n{write_session_tables(SOME)}".encode())

    assert plan.programme is not None
    assert plan.programme.sessions == SOME


def test_a_sheet_has_the_columns_that_its_sessions_need() -> None:
    assert write_session_sheet([PLAIN]).splitlines() == ["id,title,date,at,duration", "plain,Plain,2020-11-10,00:00,1h"]


@pytest.mark.parametrize(
    "session",
    [
        replace(PLAIN, segments=(Segment(title="a; b", minutes=5),)),
        replace(PLAIN, people=(Duty(member="a:b", role="speaker"),)),
        replace(PLAIN, people=(Duty(member="a", role="b;c"),)),
        replace(PLAIN, title=" edge"),
        replace(PLAIN, groups={"contact": "ann@example.org"}),
    ],
)
def test_what_the_cells_of_a_sheet_cannot_hold_is_named(session: Session) -> None:
    with pytest.raises(InvalidProgramme, match="session plain: has a text that the cells of a sheet cannot hold"):
        write_session_sheet([session, DAILY])
