"""The sessions of a plan: in the plan or in a sheet beside it, the same value comes of both."""

from __future__ import annotations

import io
from datetime import date, time
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from mag_rotation.errors import InvalidPlan
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan, plan_from
from mag_rotation.planfile.writer import write_next_plan
from mag_rotation.programme import Duty, Programme, Repeat, Segment, Session
from mag_rotation.values import FrozenDict
from paths import EXAMPLES

PLAN = """format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2027-01-05, repeat = "FREQ=WEEKLY", count = 4 }
rotation = { slots = [{ at = "14:00" }] }
members = [{ id = "tec-8", zone = "Australia/Brisbane" }, { id = "gov-1", zone = "Asia/Kathmandu" }]
phases = [{ name = "Phase I", from = 2027-03-01, to = 2027-03-05, calls = false }]
"""
WITH_SHEET = PLAN + 'programme = { zone = "Europe/Paris", file = "sessions.csv" }\n'
HEADS = (
    *("ID", "title", "date", "at", "zone", "duration", "track", "room", "group:language", "Region"),
    *("segments", "people", "note", "url", "phase", "repeat", "until"),
)
ROWS = (
    (
        *(
            "inclusion",
            "Main session; inclusion",
            "2027-03-01",
            "18:30",
            "Asia/Kathmandu",
            "90min",
            "inclusion",
            "main",
        ),
        *("en", "WEOG", "Setting the scene, briefly 10min; Discussion: 1h20min"),
        *("tec-8 : speaker : 90min; gov-1:online moderator", "a note", "https://example.org/i", "Phase I", "", ""),
    ),
    (*("lunch", "Lunch", "2027-03-01", "12:00", "", "1h"), *[""] * 9, "daily", "2027-03-03"),
)
SESSIONS = (
    Session(
        id="inclusion",
        title="Main session; inclusion",
        date=date(2027, 3, 1),
        at=time(18, 30),
        zone="Asia/Kathmandu",
        minutes=90,
        track="inclusion",
        room="main",
        groups={"language": "en", "Region": "WEOG"},
        segments=(Segment(title="Setting the scene, briefly", minutes=10), Segment(title="Discussion", minutes=80)),
        people=(
            Duty(member="tec-8", role="speaker", lead=90),
            Duty(member="gov-1", role="online moderator"),
        ),
        note="a note",
        url="https://example.org/i",
        phase="Phase I",
    ),
    Session(
        id="lunch",
        title="Lunch",
        date=date(2027, 3, 1),
        at=time(12),
        minutes=60,
        repeat=Repeat.DAILY,
        until=date(2027, 3, 3),
    ),
)


def to_csv(separator: str) -> bytes:
    cells = [[f'"{cell}"' if set(cell) & {";", ","} else cell for cell in row] for row in (HEADS, *ROWS)]
    return "".join(f"{separator.join(row)}\n" for row in cells).encode()


def to_xlsx() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Programme")
        for number, row in enumerate((HEADS, *ROWS)):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def loaded(text: str, sheet: bytes | None = None) -> Plan:
    return plan_from(Path("plan.toml"), text.encode(), {} if sheet is None else {"sessions.csv": sheet})


@pytest.mark.parametrize("sheet", [to_csv(","), to_csv(";"), to_xlsx()], ids=["comma", "semicolon", "workbook"])
def test_a_sheet_of_sessions_says_what_tables_would(sheet: bytes) -> None:
    plan = loaded(WITH_SHEET, sheet)

    assert plan.programme == Programme(zone="Europe/Paris", sessions=SESSIONS)
    assert [one.id for one in plan.sessions] == ["lunch-1", "inclusion", "lunch-2", "lunch-3"]


def test_a_sheet_of_sessions_is_a_file_of_the_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(WITH_SHEET)
    (tmp_path / "sessions.csv").write_bytes(to_csv(","))
    plan = load_plan(tmp_path / "plan.toml")

    assert plan.source is not None
    assert [Path(file).name for file in plan.source.files] == ["plan.toml", "sessions.csv"]


def test_a_missing_sheet_of_sessions_is_told_beside_other_mistakes(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(WITH_SHEET.replace('"1h"', '"soon"'))
    with pytest.raises(InvalidPlan) as caught:
        load_plan(tmp_path / "plan.toml")

    assert [one.place for one in caught.value.mistakes] == ["meeting.duration", "programme.file"]


@pytest.mark.parametrize(
    ("segments", "people"),
    [
        ("Talk:::" + ":" * 50_000 + " x y", "tec-8" + " " * 50_000),
        ("a" * 100_000, ":" * 100_000),
        (" : : " * 20_000, "tec-8:" + "x " * 50_000 + ":5min:"),
    ],
)
def test_long_cells_are_refused_at_once(segments: str, people: str) -> None:
    rows = f'id,title,date,at,duration,segments,people\na,A,2027-03-01,09:00,1h,"{segments}","{people}"\n'
    with pytest.raises(InvalidPlan) as caught:
        loaded(WITH_SHEET, rows.encode())

    assert {one.place for one in caught.value.mistakes} == {
        "sessions.csv row 2, column segments",
        "sessions.csv row 2, column people",
    }
    assert all(len(one.problem) < 300 for one in caught.value.mistakes)


def test_a_plan_without_a_programme_has_no_sessions() -> None:
    plan = loaded(PLAN)

    assert (plan.programme, plan.sessions) == (None, ())


def test_sessions_need_no_table_of_the_programme() -> None:
    plan = loaded(PLAN + '[[sessions]]\nid = "a"\ntitle = "A"\ndate = 2027-03-01\nat = "09:00"\nduration = "1h"\n')

    assert plan.programme == Programme(
        sessions=(Session(id="a", title="A", date=date(2027, 3, 1), at=time(9), minutes=60),)
    )


def test_a_programme_may_have_no_sessions() -> None:
    assert loaded(PLAN + "programme = {}\n").programme == Programme()


def test_segments_that_do_not_fit_are_no_mistake_of_the_file() -> None:
    session = 'id = "a", title = "A", date = 2027-03-01, at = "09:00", duration = "1h"'
    segments = '[{ title = "B", duration = "2h" }]'
    plan = loaded(PLAN + f"sessions = [{{ {session}, segments = {segments} }}]\n")

    assert [(one.title, one.end.hour) for one in plan.sessions[0].segments] == [("B", 11)]


@pytest.mark.parametrize("inline", [True, False], ids=["a list", "tables"])
def test_the_next_season_has_no_sessions_of_the_last_one(*, inline: bool) -> None:
    session = {"id": '"a"', "title": '"A"', "date": "2027-03-01", "at": '"09:00"', "duration": '"1h"'}
    pairs = [f"{key} = {value}" for key, value in session.items()]
    written = f"sessions = [{{ {', '.join(pairs)} }}]\n" if inline else "\n".join(["[[sessions]]", *pairs, ""])
    text = PLAN + "programme = { window = '06:00-22:00' }\n" + written
    series = loaded(text).series
    after = write_next_plan(text, series, series, sheet="carried.csv")
    plan = plan_from(Path("plan.toml"), after.encode(), {"carried.csv": b"member,burden,night_calls,calls\n"})

    assert plan.programme is not None
    assert (plan.programme.sessions, str(plan.programme.window)) == ((), "06:00-22:00")


def test_the_example_has_the_record_of_the_event() -> None:
    plan = load_plan(EXAMPLES / "igf-2020" / "plan.toml")
    assert plan.programme is not None
    starts = {one.id: f"{one.start:%d %H:%M}-{one.end:%H:%M}" for one in plan.sessions}

    assert {id_: starts[id_] for id_ in RECORD} == RECORD
    assert {one.phase for one in plan.sessions} == {"Phase I", "Phase II"}
    assert [one.minutes for one in next(one for one in plan.programme.sessions if one.id == "data").segments] == [
        *(10, 15, 15, 15, 25, 10)
    ]
    assert plan.programme.join_ahead == FrozenDict({"speaker": 20, "moderator": 30, "online moderator": 30})


RECORD = {
    "environment": "09 16:40-18:10",
    "trust": "10 13:30-15:00",
    "dynamic-coalitions": "11 12:30-14:00",
    "inclusion": "11 18:30-20:00",
    "digital-cooperation": "12 17:50-19:20",
    "regional-igfs": "13 16:50-18:20",
    "closing": "17 17:20-19:20",
}


def tell_sheet(rows: str) -> list[str]:
    """What is told of a sheet of sessions, without the name of the sheet."""
    with pytest.raises(InvalidPlan) as caught:
        loaded(WITH_SHEET, rows.encode())
    return [str(one).removeprefix("sessions.csv ") for one in caught.value.mistakes]


NEEDED = "id,title,date,at,duration"
ROW = "a,A,2027-03-01,09:00,1h"


@pytest.mark.parametrize(
    ("head", "column"),
    [
        *(("speakers", "people"), ("Speaker names", "people"), ("Moderators", "people"), ("peple", "people")),
        *(("agenda", "segments"), ("Segment", "segments"), ("Timezone", "zone"), ("romm", "room"), ("Venue", "room")),
        *(("Theme", "track"), ("Notes", "note"), ("Session note", "note"), ("Link", "url"), ("Untill", "until")),
    ],
)
def test_a_column_that_may_mean_another_is_no_group(head: str, column: str) -> None:
    assert tell_sheet(f"{NEEDED},{head}\n{ROW},\n") == [
        f"row 1: found the column {head!r}; rename {head!r} to {column!r}, or to {f'group: {head}'!r} if it is a group"
    ]


@pytest.mark.parametrize(
    "head", ["language", "Region", "group: Theme", "groups:speakers", "Level", "Stakeholder group"]
)
def test_other_columns_are_groups(head: str) -> None:
    plan = loaded(WITH_SHEET, f"{NEEDED},{head}\n{ROW},x\n".encode())

    assert plan.programme is not None
    assert list(plan.programme.sessions[0].groups.values()) == ["x"]


def test_the_heads_of_an_officer_are_named_with_what_to_write() -> None:
    length = "write how long each session lasts, such as '90min', and not its end"
    lines = tell_sheet("Nr,Session title,Day,Start (UTC),End,Panel 1\n1,A,2027-03-01,09:00,1h,x:speaker\n")

    assert lines == [
        "row 1: found no column 'id'; rename 'Nr' to 'id' if it is meant",
        "row 1: found no column 'title'; rename 'Session title' to 'title' if it is meant",
        "row 1: found no column 'date'; rename 'Day' to 'date' if it is meant",
        "row 1: found no column 'at'; rename 'Start (UTC)' to 'at' if it is meant",
        f"row 1: found no column 'duration'; {length}, and rename 'End' to 'duration' if it is meant",
        "row 1: found the column 'Panel 1'; rename 'Panel 1' to 'people', or to 'group: Panel 1' if it is a group",
        "row 2, column people: found 'x'; write the id of a member of the roster",
    ]


def test_two_heads_that_mean_one_column_are_both_named() -> None:
    lines = tell_sheet(f"{NEEDED},people,Speakers\n{ROW},,\n")

    assert lines == [
        "row 1: found the column 'Speakers'; rename 'Speakers' to 'people', or to 'group: Speakers' if it is a group"
    ]


def test_a_sheet_without_a_row_is_a_mistake() -> None:
    assert tell_sheet(f"{NEEDED}\n") == [
        "sessions.csv: found no row below the heads of the columns; write a row for each session"
    ]


def test_a_sheet_of_another_kind_is_shown_nothing_of() -> None:
    (line,) = tell_sheet("hue,flavour\nred,sweet\n")

    assert "red" not in line
    assert "hue" not in line
    assert line.endswith("name its columns so in the first row, or name another file in the plan")


def test_the_mistakes_of_all_rows_are_told_in_the_order_of_the_rows() -> None:
    people = "tec-8:speaker; Ann Keller; Gov 1:speaker"
    rows = (f'a,A,2027-03-01,09:00,1h,"{people}"', "b,B,01.03.2027,9h00,1 h,tec8:chair", "c,,2027-03-01,09:00,1h,x:y")
    lines = tell_sheet("\n".join([f"{NEEDED},people", *rows, ""]))

    assert [line.partition(";")[0] for line in lines] == [
        "row 2, column people: found 'Ann Keller'",
        "row 2, column people: found 'Gov 1'",
        "row 3, column date: found '01.03.2027'",
        "row 3, column at: found '9h00'",
        "row 3, column duration: found '1 h'",
        "row 3, column people: found 'tec8'",
        "row 3, column people: found 'chair'",
        "row 4, column title: missing",
        "row 4, column people: found 'x'",
        "row 4, column people: found 'y'",
    ]
    assert [line.split("; ")[1].partition("?")[0] for line in lines[1:6]] == [
        *("did you mean 'gov-1'", "did you mean 2027-03-01", "did you mean 09:00", "did you mean 1h"),
        "did you mean 'tec-8'",
    ]


@pytest.mark.parametrize("item", ["Talk 80 min", "Talk (80)", "Talk: 80 minutes", "Talk 80", "Talk (80 min)"])
def test_the_length_of_a_segment_is_suggested(item: str) -> None:
    (line,) = tell_sheet(f"{NEEDED},segments\n{ROW},{item}\n")

    assert "did you mean 80min?" in line


def test_the_people_of_a_table_with_mistakes_are_judged() -> None:
    table = (
        '{ id = "a", title = "A", date = 2027-03-01, at = "9:00", duration = "1h", people = [{ id = "x", role = 3 }] }'
    )
    with pytest.raises(InvalidPlan) as caught:
        loaded(PLAN + f"sessions = [{table}]\n")

    assert [one.place for one in caught.value.mistakes] == [
        *("sessions[0].at", "sessions[0].people[0].role", "sessions[0].people[0].id"),
    ]
