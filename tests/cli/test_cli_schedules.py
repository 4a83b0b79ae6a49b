"""Schedules of conference programs and calendars of sessions on the command line."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from conftest import Run
from invoke import invoke
from mag_rotation.exchange import read_schedule
from mag_rotation.planfile import load_plan
from paths import DATA, EXAMPLES

IGF = EXAMPLES / "igf-2020" / "plan.toml"
MAG = EXAMPLES / "mag-2020" / "plan.toml"
MEMBERS = EXAMPLES / "mag-2020" / "members.csv"
PRETALX = DATA / "schedules" / "pretalx.xml"
STAMP = ("--stamp", "2020-10-01T00:00Z")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("name", ["schedule.xml", "schedule.json"])
@pytest.mark.parametrize("sheet", ["sessions.csv", "sessions.toml"])
def test_the_sessions_of_the_example_come_back(name: str, sheet: str, tmp_path: Path) -> None:
    plan = load_plan(IGF)
    out = tmp_path / name
    written = invoke("to-schedule", IGF, "--with-people", "-o", out)
    assert (written.code, written.out) == (0, "")
    assert written.err == f"{out}: 15 sessions on 7 days in 3 rooms, with 21 people\n"
    assert mode(out) == 0o600

    read = invoke("from-schedule", out, "--roster", MEMBERS, "-o", tmp_path / sheet)
    text = IGF.read_text("utf-8").partition("[[sessions]]")[0].replace("../mag-2020/members.csv", str(MEMBERS))
    mine = tmp_path / "plan.toml"
    if sheet == "sessions.csv":
        mine.write_text(f'{text}\nfile = "sessions.csv"\n', "utf-8")
    else:
        mine.write_text(text + (tmp_path / sheet).read_text("utf-8"), "utf-8")
    again = load_plan(mine)

    assert read.code == 0
    assert read.err.startswith(f"{tmp_path / sheet}: 15 sessions on 7 days in 3 rooms, at the instants of {name}\n")
    assert ("a plan reads it with file = 'sessions.csv' in [programme]" in read.err) is (sheet == "sessions.csv")
    assert ("paste these tables at the end of the plan; " in read.err) is (sheet == "sessions.toml")
    assert [(one.id, one.start, one.end, one.session.people, one.segments) for one in again.sessions] == [
        (one.id, one.start, one.end, one.session.people, one.segments) for one in plan.sessions
    ]
    assert mode(tmp_path / sheet) == 0o600


MAG_NOW = ("--now", "2020-09-10T00:00Z")


@pytest.mark.parametrize(
    ("public", "private"),
    [
        (("to-schedule", IGF, "-o", "w.xml"), ("--with-people",)),
        (("to-schedule", IGF, "-o", "w.json"), ("--with-people",)),
        (("ics", IGF, "--sessions", *STAMP, "-o", "w.ics"), ("--with-people",)),
        (("report", MAG, *MAG_NOW, "-o", "w.html"), ("--committee",)),
        (("calls", MAG, "-o", "w.csv"), ("--all-zones",)),
    ],
)
def test_a_file_that_keeps_its_mode_is_told_when_that_does_not_go_with_what_it_holds(
    public: tuple[str | Path, ...], private: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = str(public[-1])
    assert "chmod" not in invoke(*public).err
    Path(name).chmod(0o644)

    shown = invoke(*public, *private)
    assert shown.code == 0, shown.err
    assert f"{name} can be read by others (mode 644) and holds personal data: chmod 600 {name}\n" in shown.err
    assert mode(Path(name)) == 0o644

    Path(name).chmod(0o600)
    assert "chmod" not in invoke(*public, *private).err
    hidden = invoke(*public)
    assert f"{name} can be read by you alone (mode 600) and holds no personal data" in hidden.err
    assert f": chmod 644 {name}\n" in hidden.err
    assert mode(Path(name)) == 0o600


def test_a_programme_over_a_file_that_others_read_is_told(tmp_path: Path) -> None:
    out = tmp_path / "w.json"
    out.write_text("{}", "utf-8")
    out.chmod(0o640)

    assert f"{out} can be read by others (mode 640)" in invoke("programme", IGF, "-o", out).err


def test_a_schedule_names_nobody_unless_asked(tmp_path: Path) -> None:
    plan = load_plan(IGF)
    for name in ("schedule.xml", "schedule.json"):
        done = invoke("to-schedule", IGF, "-o", tmp_path / name)
        text = (tmp_path / name).read_text("utf-8")

        assert done.err.endswith("with no people\n")
        assert mode(tmp_path / name) == 0o644
        assert not any(member.id in text or member.display_name in text for member in plan.members)


def test_the_same_plan_gives_the_same_bytes_and_a_new_version_when_it_changes(tmp_path: Path) -> None:
    out = tmp_path / "schedule.xml"
    texts = []
    for track in ((), (), ("--track", "data", "--force")):
        assert invoke("to-schedule", IGF, "-o", out, *track).code == 0
        texts.append(out.read_text("utf-8"))
    versions = [text.partition("<version>")[2].partition("<")[0] for text in texts]

    assert texts[0] == texts[1] == invoke("to-schedule", IGF, "-o", "-").out
    assert versions[0] == versions[1] != versions[2]
    assert len(read_schedule(texts[2].encode()).sessions) == 1


@pytest.mark.parametrize("asked", [("to-schedule", "-o", "-"), ("ics", "--sessions", "-o", "-", *STAMP)])
def test_the_bytes_do_not_depend_on_the_machine(asked: tuple[str, ...], run: Run) -> None:
    command, *options = asked
    there = run(command, str(IGF), *options, TZ="Asia/Kathmandu", PYTHONHASHSEED="1", LC_ALL="C")

    assert there.returncode == 0
    assert there.stdout.replace("\r\n", "\n") == invoke(command, IGF, *options).out.replace("\r\n", "\n")


def test_a_schedule_of_another_program_is_replaced_only_by_force(tmp_path: Path) -> None:
    out = tmp_path / "schedule.xml"
    shutil.copy(PRETALX, out)
    refused = invoke("to-schedule", IGF, "-o", out)

    assert refused.code == 2
    assert refused.err == (
        f"mag-rotation: {out}: holds a schedule that another program wrote; give another name, or replace it with "
        "--force\n"
    )
    assert out.read_bytes() == PRETALX.read_bytes()
    assert invoke("to-schedule", IGF, "-o", out, "--force").code == 0
    assert invoke("to-schedule", IGF, "-o", out).code == 0


def test_what_is_read_of_another_program_is_told(tmp_path: Path) -> None:
    out = tmp_path / "sessions.csv"
    done = invoke("from-schedule", PRETALX, "-o", out)

    assert done.code == 0
    lines = done.err.splitlines()
    assert lines[0].startswith("warning: Speaker 13, Speaker ")
    assert "have no duties, because no roster was given; --roster names" in lines[0]
    assert lines[1].startswith("left out, because sessions have no such field: conference.base_url (1), ")
    assert lines[2:] == [
        f"{out}: 36 sessions on 3 days in 2 rooms, at the instants of pretalx.xml",
        "a plan reads it with file = 'sessions.csv' in [programme]",
    ]
    assert invoke("from-schedule", PRETALX, "-o", "-").out.encode() == out.read_bytes().removeprefix(b"\xef\xbb\xbf")
    assert invoke("from-schedule", PRETALX, "-o", out).code == 2


def test_json_has_what_was_left_open_and_left_out(tmp_path: Path) -> None:
    document = invoke("from-schedule", PRETALX, "-o", tmp_path / "sessions.toml", "-f", "json").document

    assert list(document) == [
        *("meeting", "tzdata", "file", "source", "zone", "sessions", "days", "rooms", "open_people", "left_out"),
        *("warnings", "warning_facts"),
    ]
    people, left_out = document["open_people"], document["left_out"]
    assert isinstance(people, list)
    assert len(people) == 29
    assert people[0]["sessions"]
    assert isinstance(left_out, dict)
    assert left_out["event.recording"] == 36
    written = invoke("to-schedule", IGF, "-o", tmp_path / "schedule.json", "-f", "json").document
    assert list(written) == [
        *("meeting", "tzdata", "file", "zone", "sessions", "days", "rooms", "people_named", "warnings", "warning_facts")
    ]
    assert written["people_named"] == 0


def test_a_table_says_what_was_left_out(tmp_path: Path) -> None:
    read = invoke("from-schedule", PRETALX, "-o", tmp_path / "sessions.csv", "-f", "table")
    written = invoke("to-schedule", IGF, "-o", tmp_path / "s.xml", "-f", "table")

    assert "DemoCon" in read.out
    assert "left out, because sessions have no such field" in " ".join(read.out.split())
    assert "s.xml: 15 sessions on 7 days in 3 rooms, with no people." in " ".join(written.out.split())


def test_a_schedule_without_rooms_counts_none(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    text = MAG.read_text("utf-8").replace('"members.csv"', f'"{MEMBERS}"')
    plan.write_text(f'{text}\n[[sessions]]\nid = "a"\ntitle = "A"\ndate = 2020-11-09\nat = "09:00"\nduration = "1h"\n')

    assert invoke("to-schedule", plan, "-o", tmp_path / "s.xml").err.endswith("1 session on 1 day, with no people\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("to-schedule", IGF, "-o", "schedule.ics"),
            "schedule.ics ends in .ics; name a file that ends in .xml or .json",
        ),
        (("to-schedule", IGF, "-o", "schedule"), "schedule ends in nothing; name a file that ends in .xml or .json"),
        (("to-schedule", IGF, "-o", "-", "-f", "json"), "--format is that of a report on stdout"),
        (("to-schedule", MAG, "-o", "s.xml"), "sessions: found none; write each one as a table under [[sessions]]"),
        (("to-schedule", IGF, "-o", "s.xml", "--track", "dat"), "found 'dat', which is no track; did you mean 'data'?"),
        (
            ("to-schedule", IGF, "-o", "s.xml", "--track", "xyz"),
            "found 'xyz', which is no track; the tracks are environment, trust, inclusion, data",
        ),
        (("from-schedule", PRETALX, "-o", "s.xlsx"), "s.xlsx ends in .xlsx; name a file that ends in .csv or .toml"),
        (("from-schedule", PRETALX, "-f", "json"), "--format is that of a report on stdout, and the sessions go there"),
        (("from-schedule", MEMBERS), "members.csv, line 1, column 1: found no XML that can be read"),
        (("from-schedule", "nowhere.xml"), "nowhere.xml: no such file"),
        (("ics", IGF, "-o", "s.ics", "--track", "data"), "--track is about sessions; add --sessions"),
        (("ics", IGF, "-o", "s.ics", "--member", "tec-08"), "--member is about sessions; add --sessions"),
        (("ics", IGF, "-o", "s.ics", "--with-people"), "--with-people is about sessions; add --sessions"),
        (("ics", IGF, "-o", "s.ics", "--sessions", "--layout", "series"), "sessions have one event each"),
        (("ics", IGF, "-o", "s.ics", "--sessions", "--member", "gov-01"), "'gov-01' has no duty in a session"),
        (
            ("ics", IGF, "-o", "s.ics", "--sessions", "--member", "tec-08", "--track", "data"),
            "'tec-08' has no duty in a session of the track 'data'",
        ),
        (("ics", MAG, "-o", "s.ics", "--sessions"), "sessions: found none; write each one as a table"),
    ],
)
def test_wrong_requests_say_what_would_be_right(
    arguments: tuple[object, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke(*arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


# Calendars.


def test_a_calendar_of_sessions_has_editions(tmp_path: Path) -> None:
    out = tmp_path / "sessions.ics"
    first = invoke("ics", IGF, "--sessions", "-o", out, *STAMP)
    data = out.read_bytes()
    again = invoke("ics", IGF, "--sessions", "-o", out, "--stamp", "2020-10-02T00:00Z")

    assert first.err == f"{out}: 15 sessions written\n"
    assert again.err == f"{out}: nothing has changed\n"
    assert out.read_bytes() == data == invoke("ics", IGF, "--sessions", "-o", "-", *STAMP).out.encode()
    assert mode(out) == 0o644
    plan = tmp_path / "plan.toml"
    text = IGF.read_text("utf-8").replace("../mag-2020/members.csv", str(MEMBERS)).replace('"18:30"', '"17:30"')
    plan.write_text(text, "utf-8")
    moved = invoke("ics", plan, "--sessions", "-o", out, "--stamp", "2020-10-03T00:00Z", "-f", "json").document
    assert (moved["layout"], moved["sessions"], moved["cancelled"]) == ("sessions", 15, 0)
    assert [one["kind"] for one in json.loads(json.dumps(moved["changes"]))] == ["moved"]
    (tmp_path / "announced.ics").write_bytes(data)
    table = invoke("changes", plan, "--sessions", "--previous", tmp_path / "announced.ics", "--stamp", STAMP[1]).out
    assert "1 change: 1 moved." in table
    assert "Main session: inclusion" in table
    none = invoke("changes", IGF, "--sessions", "--track", "data", "--previous", tmp_path / "announced.ics", *STAMP)
    assert "14 changes: 14 dropped." in none.out
    wrong = invoke("changes", IGF, "--previous", tmp_path / "announced.ics")
    assert "holds the sessions of 'igf2020', which are written with --sessions" in wrong.err


def test_who_is_in_a_session_is_said_only_where_it_is_asked_for(tmp_path: Path) -> None:
    plan = load_plan(IGF)
    texts = {}
    for name, asked in (
        ("all", ()),
        ("track", ("--track", "inclusion")),
        ("people", ("--with-people",)),
        ("member", ("--member", "tec-08")),
        ("both", ("--member", "tec-08", "--with-people")),
    ):
        out = tmp_path / f"{name}.ics"
        assert invoke("ics", IGF, "--sessions", *asked, "-o", out, *STAMP).code == 0
        texts[name] = out.read_bytes().replace(b"\r\n ", b"").decode()
        assert mode(out) == (0o600 if name in {"people", "member", "both"} else 0o644)
    seat = plan.member("tec-08")

    for name in ("all", "track"):
        assert not any(member.display_name in texts[name] or member.id in texts[name] for member in plan.members)
    assert [text.count("BEGIN:VEVENT") for text in texts.values()] == [15, 1, 15, 2, 2]
    assert f"speaker: {seat.display_name}" in texts["people"]
    assert "Your part: speaker\\; be there 90 minutes before" in texts["member"]
    assert "TRIGGER:-PT90M" in texts["member"]
    assert "rapporteur" not in texts["member"]
    assert "before\\n\\nPeople:\\nmoderator: " in texts["both"]
    assert "X-WR-CALNAME:IGF 2020: inclusion" in texts["track"]
    assert f"X-WR-CALNAME:IGF 2020: {seat.display_name}" in texts["member"]


def test_the_calendar_of_another_track_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "data.ics"
    assert invoke("ics", IGF, "--sessions", "--track", "data", "-o", out, *STAMP).code == 0
    before = out.read_bytes()
    other = invoke("ics", IGF, "--sessions", "--track", "trust", "-o", out, *STAMP)
    calls = invoke("ics", IGF, "-o", out, *STAMP)

    assert other.err == f"mag-rotation: {out}: holds sessions of another track or member; give another name\n"
    assert "holds the sessions of 'igf2020', which are written with --sessions" in calls.err
    assert (other.code, calls.code, out.read_bytes()) == (2, 2, before)


def test_a_file_of_sessions_that_was_announced_elsewhere_is_followed(tmp_path: Path) -> None:
    announced, out = tmp_path / "announced.ics", tmp_path / "new.ics"
    assert invoke("ics", IGF, "--sessions", "-o", announced, *STAMP).code == 0
    calls = tmp_path / "calls.ics"
    assert invoke("ics", IGF, "-o", calls, *STAMP).code == 0
    done = invoke("ics", IGF, "--sessions", "--previous", announced, "-o", out, "--stamp", "2020-10-05T00:00Z")
    wrong = invoke("ics", IGF, "--sessions", "--previous", calls, "-o", out)
    onto = invoke("ics", IGF, "--sessions", "-o", calls)

    assert done.err == f"{out}: 15 sessions written; 0 changes\n"
    assert out.read_bytes() == announced.read_bytes()
    assert "holds the calls of 'igf2020', which are written without --sessions" in wrong.err
    assert onto.err.endswith("it was left as it was, so give another name\n")


def write_plan(folder: Path, *changes: tuple[str, str]) -> Path:
    """The example with some of its text changed."""
    text = IGF.read_text("utf-8").replace("../mag-2020/members.csv", str(MEMBERS))
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "plan.toml"
    path.write_text(text, "utf-8")
    return path


LATER = ("--stamp", "2020-10-05T00:00Z")


@pytest.mark.parametrize(
    "asked", [("--member", "tec-08"), ("--member", "tec-08", "--with-people"), ("--track", "data")]
)
def test_a_calendar_whose_last_session_left_is_cancelled_and_one_that_was_never_written_is_not_made(
    asked: tuple[str, ...], tmp_path: Path
) -> None:
    plan, out, new = write_plan(tmp_path), tmp_path / "own.ics", tmp_path / "new.ics"
    assert invoke("ics", plan, "--sessions", *asked, "-o", out, *STAMP).code == 0
    first = out.read_bytes()
    write_plan(tmp_path, ('"tec-08"', '"tec-07"'), ('track = "data"', 'track = "trust"'))

    told = invoke("changes", plan, "--sessions", *asked, "--previous", out, *LATER)
    refused = invoke("ics", plan, "--sessions", *asked, "-o", new, *LATER)
    given = invoke("ics", plan, "--sessions", *asked, "-o", new, "--previous", out, *LATER)
    done = invoke("ics", plan, "--sessions", *asked, "-o", out, *LATER)
    data = out.read_bytes()
    again = invoke("ics", plan, "--sessions", *asked, "-o", out, "--stamp", "2020-10-09T00:00Z")

    count = first.count(b"BEGIN:VEVENT")
    assert (told.code, f"{count} dropped" in told.out) == (0, True)
    assert refused.code == 2
    assert f"{count} of them cancelled" in done.err
    assert (given.code, new.read_bytes()) == (0, data)
    assert data.count(b"STATUS:CANCELLED") == data.count(b"BEGIN:VEVENT") == count
    assert data.replace(b"\r\n ", b"").count(b"Cancelled: in this calendar alone\\; the session is held") == count
    assert again.err == f"{out}: nothing has changed\n"
    assert out.read_bytes() == data
    write_plan(tmp_path)
    back = invoke("ics", plan, "--sessions", *asked, "-o", out, "--stamp", "2020-10-10T00:00Z")
    assert back.code == 0
    assert out.read_bytes().count(b"STATUS:CONFIRMED") == count
    assert b"in this calendar alone" not in out.read_bytes().replace(b"\r\n ", b"")


def test_the_error_stays_where_the_file_is_another_calendar(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, ('"tec-08"', '"tec-07"'))
    for name, asked in (("all.ics", ()), ("other.ics", ("--member", "tec-07")), ("calls.ics", None)):
        out = tmp_path / name
        first = ("ics", plan) if asked is None else ("ics", plan, "--sessions", *asked)
        assert invoke(*first, "-o", out, *STAMP).code == 0
        before = out.read_bytes()
        done = invoke("ics", plan, "--sessions", "--member", "tec-08", "-o", out, *LATER)

        assert (done.code, "'tec-08' has no duty in a session" in done.err) == (2, True)
        assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        ((), ("--track", "data"), True),
        ((), ("--member", "tec-08"), True),
        (("--track", "data"), ("--track", "trust"), True),
        (("--member", "tec-08"), ("--member", "gov-01"), True),
        (("--track", "data"), (), False),
        (("--member", "tec-08"), ("--member", "tec-08"), False),
        ((), ("--with-people",), False),
    ],
)
def test_no_selection_takes_the_place_of_a_larger_one(
    first: tuple[str, ...], second: tuple[str, ...], is_refused: bool, tmp_path: Path
) -> None:
    out = tmp_path / "w.ics"
    assert invoke("ics", IGF, "--sessions", *first, "-o", out, *STAMP).code == 0
    before = out.read_bytes()
    done = invoke("ics", IGF, "--sessions", *second, "-o", out, *LATER)

    if is_refused:
        assert (done.code, out.read_bytes()) == (2, before)
        assert "give another name" in done.err or "has no duty" in done.err
    else:
        assert done.code == 0
        assert b"CANCELLED" not in out.read_bytes()


def test_a_session_that_changed_its_track_says_that_it_is_held(tmp_path: Path) -> None:
    plan, out = write_plan(tmp_path), tmp_path / "data.ics"
    assert invoke("ics", plan, "--sessions", "--track", "data", "-o", out, *STAMP).code == 0
    write_plan(tmp_path, ('track = "data"', 'track = "trust"'))
    assert invoke("ics", plan, "--sessions", "--track", "data", "-o", out, *LATER).code == 0
    text = out.read_bytes().replace(b"\r\n ", b"").decode()
    assert "DESCRIPTION:Cancelled: in this calendar alone\\; the session is held\\, in the track trust." in text

    gone = IGF.read_text("utf-8").replace("../mag-2020/members.csv", str(MEMBERS))
    plan.write_text(gone.partition("[[sessions]]")[0], "utf-8")
    assert invoke("ics", plan, "--sessions", "--track", "data", "-o", out, *LATER).code == 0
    assert b"in this calendar alone" not in out.read_bytes().replace(b"\r\n ", b"")


@pytest.mark.parametrize("name", ["w.xml", "w.json"])
@pytest.mark.parametrize(
    ("first", "second", "tracks"),
    [
        (("--track", "data"), ("--track", "trust"), "'data'"),
        ((), ("--track", "data"), "'environment', 'inclusion', 'trust', none"),
        (("--track", "data"), (), None),
        (("--track", "data"), ("--track", "data"), None),
        ((), (), None),
    ],
)
def test_the_schedule_of_other_tracks_is_replaced_only_by_force(
    name: str, first: tuple[str, ...], second: tuple[str, ...], tracks: str | None, tmp_path: Path
) -> None:
    out = tmp_path / name
    assert invoke("to-schedule", IGF, *first, "-o", out).code == 0
    before = out.read_bytes()
    done = invoke("to-schedule", IGF, *second, "-o", out)

    if tracks is None:
        assert done.code == 0
        return
    told = f"{out}: holds sessions of other tracks ({tracks}); give another name, or replace it with --force"
    assert (done.code, done.err, out.read_bytes()) == (2, f"mag-rotation: {told}\n", before)
    assert invoke("to-schedule", IGF, *second, "-o", out, "--force").code == 0


def test_a_session_that_changed_its_track_is_no_reason_to_refuse_a_schedule(tmp_path: Path) -> None:
    plan, out = write_plan(tmp_path, ('track = "trust"', 'track = "data"')), tmp_path / "w.xml"
    assert invoke("to-schedule", plan, "--track", "data", "-o", out).code == 0
    write_plan(tmp_path)

    assert invoke("to-schedule", plan, "--track", "data", "-o", out).code == 0


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (("programme", IGF), "an answer of mag-rotation, which is no schedule"),
        (("ics", IGF, *STAMP, "--sessions"), "something other than a schedule"),
    ],
)
def test_a_file_that_is_no_schedule_is_named_as_what_it_is(
    made: tuple[str | Path, ...], told: str, tmp_path: Path
) -> None:
    out = tmp_path / "w.json"
    data = invoke(*made, *(("-f", "json") if made[0] == "programme" else ("-o", "-"))).out
    out.write_text(data, "utf-8")
    done = invoke("to-schedule", IGF, "-o", out)

    assert done.err == f"mag-rotation: {out}: holds {told}; give another name, or replace it with --force\n"
    assert out.read_text("utf-8") == data.replace("\r\n", "\n")
