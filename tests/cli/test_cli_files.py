"""What the commands write: calendars, plans and answers, whole or not at all.

Law: after exit code 2 the place looks as it did before.
"""

import json
import os
import re
import shutil
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from invoke import Outcome, invoke
from linter import lint
from mag_rotation.cli import files
from mag_rotation.cli.progress import show_progress
from mag_rotation.errors import RefusedOutput
from mag_rotation.files import NewFile, write_files
from mag_rotation.zones import TZDATA_VERSION
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
STAMP = ("--stamp", "2020-06-01T00:00Z")
EARLIER = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
"""A calendar of which nothing speaks against being an earlier edition."""


def ics(out: object, *options: object, plan: Path = MAG) -> Outcome:
    return invoke("ics", plan, "-o", out, *STAMP, *options)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(child.name for child in folder.iterdir())


def test_a_calendar_is_written_and_the_count_told_on_stderr(tmp_path: Path) -> None:
    done = ics(tmp_path / "mag.ics")
    data = (tmp_path / "mag.ics").read_bytes()

    assert (done.code, done.out) == (0, "")
    assert done.err == f"{tmp_path / 'mag.ics'}: 18 calls written, 7 of them cancelled\n"
    assert lint(data) == []
    assert data.count(b"DTSTAMP:20200601T000000Z") == 18
    assert names(tmp_path) == ["mag.ics"]


@pytest.mark.parametrize("layout", ["calls", "series"])
def test_a_report_says_what_was_written_and_what_it_changes(layout: str, tmp_path: Path) -> None:
    first, plain = (ics(tmp_path / f"{name}.ics", "--layout", layout, *more).out for name, more in (
        ("mag", ("-f", "json")), ("plain", ()),
    ))  # fmt: skip
    again = ics(tmp_path / "mag.ics", "--layout", layout, "-f", "json").document
    shorter = tmp_path / "plan.toml"
    shorter.write_text(MAG.read_text("utf-8").replace('location = "Online"', 'location = "By phone"'), "utf-8")
    shutil.copy(MAG.parent / "members.csv", tmp_path)
    later = invoke(
        *("ics", shorter, "-o", tmp_path / "mag.ics", "--stamp", "2020-06-02T00:00Z"),
        *("--layout", layout, "-f", "json"),
    ).document

    document = json.loads(first)
    assert plain == ""
    assert (tmp_path / "plain.ics").exists()
    assert list(document) == [
        "meeting", "tzdata", "file", "layout", "written", "calls", "cancelled", "changes", "warnings",
        "warning_facts",
    ]  # fmt: skip
    assert {key: document[key] for key in ("meeting", "tzdata", "layout", "calls", "cancelled", "warnings")} == {
        "meeting": "mag2020", "tzdata": TZDATA_VERSION, "layout": layout, "calls": 18, "cancelled": 7, "warnings": [],
    }  # fmt: skip
    assert document["file"] == str(tmp_path / "mag.ics")
    assert [change["kind"] for change in document["changes"]] == ["added"] * 18
    assert [(one["written"], one["changes"] == []) for one in (document, again, later)] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip


def test_the_changes_of_a_report_are_those_that_changes_tells_before(tmp_path: Path) -> None:
    ics(tmp_path / "mag.ics")
    plan = tmp_path / "plan.toml"
    plan.write_text(MAG.read_text("utf-8").replace('location = "Online"', 'location = "By phone"'), "utf-8")
    shutil.copy(MAG.parent / "members.csv", tmp_path)
    later = ("--stamp", "2020-06-02T00:00Z", "-f", "json")

    told = invoke("changes", plan, "--previous", tmp_path / "mag.ics", *later).document
    done = invoke("ics", plan, "-o", tmp_path / "mag.ics", *later).document

    assert told["changes"]
    assert done["changes"] == told["changes"]


def test_a_report_has_every_form_and_the_warnings_in_it(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(HOLE, "utf-8")
    out = tmp_path / "a.ics"
    done = {form: ics(out, "-f", form, plan=plan) for form in ("table", "markdown", "csv", "json")}

    lead, table = f"{out}: 1 call written.\n1 change: 1 added.", done["table"].out
    assert table.startswith(f"Night\n{lead}\n")
    assert done["markdown"].out.startswith("# Night\n\n")
    assert "nothing has changed." in done["markdown"].out
    assert done["csv"].lines[0].startswith("uid,kind,before_number,")
    assert done["json"].document["warnings"] == [
        text.removeprefix("warning: ") for text in done["csv"].err.splitlines()
    ]
    assert [form for form, one in done.items() if one.err] == ["csv"]
    assert all(str(text) in table for text in invoke("calls", plan, "-f", "json").document["warnings"])  # type: ignore[attr-defined]
    assert "clock" in table


HOLE = """format = 1
[meeting]
id = "night"
name = "Night"
uid-domain = "night.example.org"
duration = "1h"
[schedule]
first = 2026-03-29
repeat = "FREQ=WEEKLY"
count = 1
[rotation]
slots = [{ at = "02:30", zone = "Europe/Berlin" }]
"""
"""A call in an hour that does not exist."""


@pytest.mark.parametrize("arguments", [("ics", MAG, "-o", "-"), ("from-ics", MAG), ("from-ics", MAG, "-o", "-")])
def test_a_report_is_not_mixed_with_the_product(arguments: tuple[object, ...]) -> None:
    done = invoke(*arguments, "-f", "json")

    assert (done.code, done.out) == (2, "")
    assert "--format is that of a report on stdout, and the" in " ".join(done.err.split())


def test_the_form_of_a_report_does_not_follow_the_name_of_the_product(tmp_path: Path) -> None:
    written = [(ics(tmp_path / name), (tmp_path / name).read_bytes()[:15]) for name in ("a.json", "a.csv", "a.md")]

    assert [(done.code, done.out, data) for done, data in written] == [(0, "", b"BEGIN:VCALENDAR")] * 3


def test_a_dash_is_stdout_and_has_the_same_bytes(tmp_path: Path) -> None:
    ics(tmp_path / "mag.ics")
    done = ics("-")

    assert (done.code, done.err) == (0, "")
    assert done.out.encode() == (tmp_path / "mag.ics").read_bytes()


def test_zones_stand_in_the_descriptions() -> None:
    done = ics("-", "--zone", "Asia/Tokyo", "-z", "America/Lima")

    assert r"DESCRIPTION:Tuesday 2020-06-30 20:00 UTC\nWednesday 2020-07-01 05:00 Asia/" in done.out
    assert done.out.count("America/Lima") == 18


@pytest.mark.parametrize("stamp", ["2020-06-01T02:00+02:00", "2020-06-01T00:00:00.75Z"])
def test_a_stamp_may_have_any_offset_and_is_a_whole_second(stamp: str) -> None:
    assert invoke("ics", MAG, "-o", "-", "--stamp", stamp).out == ics("-").out


def test_without_a_stamp_the_clock_is_asked() -> None:
    stamps = set(re.findall(r"DTSTAMP:(\d{4})", invoke("ics", MAG, "-o", "-").out))

    assert len(stamps) == 1
    assert stamps > {"2020"} or min(stamps) > "2025"


def test_a_file_that_is_there_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "mag.ics"
    path.write_bytes(EARLIER)
    path.chmod(0o640)

    assert ics(path).code == 0
    assert path.read_bytes().count(b"BEGIN:VEVENT") == 18
    assert mode(path) == 0o640


def test_a_new_file_has_the_permissions_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        ics(tmp_path / "mag.ics")
    finally:
        after = os.umask(before)

    assert mode(tmp_path / "mag.ics") == 0o640
    assert after == 0o027


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.ics").write_bytes(EARLIER)
    (tmp_path / "mag.ics").symlink_to("real.ics")

    assert ics(tmp_path / "mag.ics").code == 0
    assert (tmp_path / "mag.ics").is_symlink()
    assert (tmp_path / "real.ics").read_bytes().count(b"BEGIN:VEVENT") == 18


def test_a_broken_plan_leaves_the_calendar_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text("format = 2\n", "utf-8")
    (tmp_path / "mag.ics").write_text("announced")
    done = ics(tmp_path / "mag.ics", plan=tmp_path / "plan.toml")

    assert done.code == 2
    assert (tmp_path / "mag.ics").read_text() == "announced"
    assert names(tmp_path) == ["mag.ics", "plan.toml"]


def no_directory(folder: Path) -> Path:
    return folder / "none" / "mag.ics"


def a_directory(folder: Path) -> Path:
    return folder


def below_a_file(folder: Path) -> Path:
    (folder / "file").write_text("x")
    return folder / "file" / "mag.ics"


def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def a_circle(folder: Path) -> Path:
    (folder / "circle").symlink_to("circle")
    return folder / "circle"


def a_long_name(folder: Path) -> Path:
    return folder / ("x" * 300)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (no_directory, "cannot be written: no such directory; nothing was changed"),
        (a_directory, "is a directory; name the file in it"),
        (below_a_file, "cannot be written: not a directory; nothing was changed"),
        (a_pipe, "is not a regular file; name one"),
        (a_circle, "cannot be read: too many levels of symbolic links"),
        (a_long_name, "cannot be read: file name too long"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing_behind(
    place: Callable[[Path], Path], reason: str, tmp_path: Path
) -> None:
    path = place(tmp_path)
    before = names(tmp_path)
    done = ics(path)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"mag-rotation: {path}: {reason}")
    assert names(tmp_path) == before


def test_a_device_is_not_replaced_by_a_file() -> None:
    done = ics("/dev/null")

    assert done.code == 2
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mag.ics"
    path.write_text("announced")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mag_rotation.files.os.fsync", full)

    with pytest.raises(RefusedOutput, match="cannot be written: no space left on device; nothing was changed"):
        write_files(NewFile(path=path, data=b"new"))
    assert path.read_text() == "announced"
    assert names(tmp_path) == ["mag.ics"]


def test_an_interrupt_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mag.ics"
    path.write_text("announced")

    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mag_rotation.files.os.fsync", interrupted)

    with pytest.raises(KeyboardInterrupt):
        write_files(NewFile(path=path, data=b"new"))
    assert path.read_text() == "announced"
    assert names(tmp_path) == ["mag.ics"]


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_what_a_gone_reader_does_not_take_is_dropped(stream: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="ascii") as broken:
        monkeypatch.setattr(f"sys.{stream}", broken)
        broken.write("buffered")
        for send in (files.write_out, files.say):
            send("more \u00e9")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_stream_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        with pytest.raises(RefusedOutput, match="no space left on device; nothing was changed"):
            files.write_out("text")


def test_a_closed_stream_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    with pytest.raises(RefusedOutput, match=r"^<stderr>: cannot be written: it is closed; nothing was changed$"):
        files.say("for nobody")
    files.say_trouble("for nobody")
    with show_progress("waiting for nobody"):
        monkeypatch.setattr("sys.stdout", None)
    assert files.terminal_width() is None
    with pytest.raises(RefusedOutput, match=r"^<stdout>: cannot be written: it is closed; nothing was changed$"):
        files.write_out("text")


def test_what_others_print_beside_an_answer_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with files.keep_stdout_for_answers():
        print("a banner")  # noqa: T201 - as other packages do
        with files.keep_stdout_for_answers():
            files.write_out("the answer\n")
    files.write_out("and another\n")

    assert capsys.readouterr() == ("the answer\nand another\n", "a banner\n")


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json"])
@pytest.mark.parametrize("command", [["calls", MAG], ["night", MAG, "--call", "XVII"], ["validate", MAG]])
def test_an_answer_in_a_file_is_the_answer_on_stdout(command: list[object], form: str, tmp_path: Path) -> None:
    shown = invoke(*command, "-f", form)
    if command[0] != "validate":
        written = invoke(*command, "-f", form, "--output", tmp_path / "answer")

        assert (written.code, written.out) == (0, "")
        assert written.err.startswith(f"{tmp_path / 'answer'}: ")
        assert written.err.endswith(f" ({form})\n")
        assert (tmp_path / "answer").read_bytes() == shown.out.encode()
        assert invoke(*command, "-f", form, "-o", "-").out == shown.out
    assert shown.out


def test_warnings_about_times_are_told_while_a_calendar_is_written(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'format = 1\n[meeting]\nid = "w"\nname = "W"\nuid-domain = "example.org"\nduration = "1h"\n[schedule]\n'
        'first = 2020-10-25\nrepeat = "FREQ=WEEKLY"\ncount = 1\n[rotation]\nslots = [{ at = "02:30", zone = '
        '"Europe/Berlin" }]\n',
        "utf-8",
    )
    done = ics(tmp_path / "w.ics", plan=plan)

    assert done.code == 0
    assert done.err == (
        "warning: the call of 2020-10-25: its wall time happens twice in Europe/Berlin; the first was taken\n"
        f"{tmp_path / 'w.ics'}: 1 call written\n"
    )


BROKEN = 'format = 1\n[meeting]\nid = "x"\nname = "X"\nduration = "2"\nuid-domain = "example.org"\n'


def test_a_right_plan_is_valid_and_what_is_odd_is_listed() -> None:
    done = invoke("validate", MAG, "--format", "json")

    assert done.code == 0
    assert list(done.document) == ["meeting", "tzdata", "errors", "warnings", "warning_facts"]
    assert [done.document[key] for key in ("meeting", "tzdata", "errors")] == ["mag2020", TZDATA_VERSION, []]
    assert re.search("50 of 50.* no invitation can reach them", str(done.document["warnings"]))


def test_a_wrong_plan_is_told_on_stdout_in_json_with_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(BROKEN, "utf-8")
    done = invoke("validate", tmp_path / "plan.toml", "-f", "json")
    errors = done.document["errors"]

    assert (done.code, done.err) == (2, "")
    assert (done.document["meeting"], done.document["warnings"]) == (None, [])
    assert isinstance(errors, list)
    assert any(re.match(r"meeting\.duration: found '2'; .*write a length ", error) for error in errors)
    assert any("schedule" in error for error in errors)


@pytest.mark.parametrize("form", ["table", "markdown", "csv"])
def test_a_wrong_plan_is_told_in_every_form(form: str, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(BROKEN, "utf-8")
    done = invoke("validate", tmp_path / "plan.toml", "-f", form, "--fail-on-warnings")

    assert done.code == 2
    assert "meeting.duration: found '2'" in done.out


def test_a_plan_that_is_not_there_is_no_valid_plan(tmp_path: Path) -> None:
    done = invoke("validate", tmp_path / "plan.toml", "-f", "json")

    assert (done.code, done.out) == (2, "")
    assert "no such file" in done.err


def test_warnings_fail_a_script_that_asks_for_it_and_say_the_same() -> None:
    asked, not_asked = invoke("validate", MAG, "--fail-on-warnings"), invoke("validate", MAG)

    assert (asked.code, not_asked.code) == (1, 0)
    assert asked.out == not_asked.out


def test_without_anything_odd_fail_on_warnings_passes(tmp_path: Path) -> None:
    plan = invoke("init", tmp_path / "plan.toml")
    text = (tmp_path / "plan.toml").read_text("utf-8")
    quiet = re.sub(r'^(id = "(seat-\d)")$', r'\1\nemail = "\2@example.org"', text, flags=re.MULTILINE)
    quiet = re.sub(r"2027-", f"{TZDATA_VERSION[:4]}-", quiet)
    (tmp_path / "plan.toml").write_text(quiet, "utf-8")
    done = invoke("validate", tmp_path / "plan.toml", "--fail-on-warnings")

    assert plan.code == 0
    assert (done.code, done.lines[1]) == (0, "0 mistakes, 0 warnings.")


def test_init_writes_a_plan_that_runs_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke("init")

    assert (done.code, done.out) == (0, "")
    assert done.err == "plan.toml written; try: mag-rotation calls plan.toml\n"
    assert invoke("calls", "plan.toml").code == 0
    assert invoke("night", "plan.toml", "--call", "1").code == 0
    assert invoke("validate", "plan.toml").code == 0


def test_init_does_not_replace_a_plan_unless_told_to(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("mine")
    refused = invoke("init", path)

    assert refused.code == 2
    assert refused.err == (
        f"mag-rotation: {path}: is there already and was left as it was; give another name or --force\n"
    )
    assert path.read_text() == "mine"
    assert invoke("init", path, "--force").code == 0
    assert tomllib.loads(path.read_text("utf-8"))["format"] == 1


def test_the_schema_is_one_json_document() -> None:
    done = invoke("schema")

    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


MARK = b"\xef\xbb\xbf"
CSV_ANSWERS = {
    "calls": ("calls", MAG),
    "calls of a member": ("calls", MAG, "--member", "gov-01"),
    "night": ("night", MAG, "--call", "XVII"),
    "fairness": ("fairness", MAG),
    "check": ("check", MAG, "--at", "2020-11-03T20:00Z"),
    "drift": ("drift", MAG),
    "announce": ("announce", MAG, "--call", "XVII"),
    "changes": ("changes", MAG, "--previous", "earlier.ics", *STAMP),
}


@pytest.mark.parametrize("command", CSV_ANSWERS.values(), ids=CSV_ANSWERS)
@pytest.mark.parametrize("name", ["answer.csv", "ANSWER.CSV"])
def test_a_csv_file_begins_with_the_mark_that_excel_knows_utf8_by(
    command: tuple[object, ...], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("earlier.ics").write_bytes(EARLIER)
    shown = invoke(*command, "-f", "csv")
    done = invoke(*command, "-o", name)
    written = Path(name).read_bytes()

    assert (shown.code, done.code) == (0, 0), done.err
    assert written == MARK + shown.out.encode()
    assert not shown.out.encode().startswith(MARK)


@pytest.mark.parametrize("name", ["answer.json", "answer.md", "answer.txt", "answer"])
def test_no_other_file_begins_with_a_mark(name: str, tmp_path: Path) -> None:
    assert invoke("calls", MAG, "-o", tmp_path / name).code == 0
    assert not (tmp_path / name).read_bytes().startswith(MARK)


def test_our_readers_read_our_csv_files_back(tmp_path: Path) -> None:
    for file in MAG.parent.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    plan, who, out = tmp_path / "plan.toml", tmp_path / "who.csv", tmp_path / "attendance.csv"
    who.write_text("call,member\nXVII,gov-01\n", "utf-8")

    assert invoke("replies", plan, "--list", who, "-o", out).code == 0
    again = invoke("replies", plan, "--list", who, "-o", out)
    plan.write_text(plan.read_text("utf-8") + '\n[history]\nfile = "attendance.csv"\n', "utf-8")

    assert (again.code, out.read_bytes().count(MARK)) == (0, 1)
    assert invoke("fairness", plan).code == 0
    season = invoke("next-season", plan, "--from", "2021-01-01", "--cut")
    assert (tmp_path / "plan-2021-01-01-carried.csv").read_bytes().startswith(MARK), season.err
    assert invoke("fairness", tmp_path / "plan-2021-01-01.toml").code == 0


@pytest.mark.parametrize("name", ["x.isc", "calls.sci", "calls.icss", "calls.ISC", "calls.ics.csi"])
def test_a_calendar_is_not_written_to_a_file_whose_ending_is_mistyped(name: str, tmp_path: Path) -> None:
    done = invoke("ics", MAG, "-o", tmp_path / name)

    assert done.code == 2
    assert "name a file that ends in .ics" in " ".join(done.err.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("night",), ("announce",), ("check", "--at", "2026-01-06T10:00Z")])
def test_a_number_where_calls_have_none_is_met_with_their_dates(command: tuple[str, ...], tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'format = 1\nmeeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }\n'
        'schedule = { first = 2026-01-06, repeat = "weekly", count = 4 }\nrotation = { slots = ["14:00"] }\n'
        'members = [{ id = "a", zone = "UTC" }]\n'
    )
    done = invoke(command[0], plan, *command[1:], "--instead-of" if "--at" in command else "--call", "1")

    assert done.code == 2
    assert done.err == (
        "mag-rotation: '1' names no call of this plan; its calls have no numbers; name one by its rule date, from "
        "2026-01-06 to 2026-01-27\n"
    )
