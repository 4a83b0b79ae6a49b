"""The commands ``ics`` and ``changes`` through a season: files, words, JSON, and a kill at any moment.

Law: the file is the old one or the new one, whatever happens; what ``changes`` tells is what ``ics`` then writes.
"""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from calendars import logical, values
from invoke import Outcome, invoke
from linter import lint
from paths import DATA, TESTS

HOSTILE = 'a;b,c:d"e\\g\u202b\u05e9\u200f \U0001f469\u200d\U0001f4bb|<b>*' + "x" * 90 + "\nEND:VEVENT"
PLAN = """
format = 1
[meeting]
id = "board"
name = "Board call"
uid-domain = "board.example.org"
duration = "1h"
numbering = {}
[schedule]
first = 2026-03-03
repeat = "FREQ=WEEKLY"
count = 4
[rotation]
slots = [{ at = "16:00", zone = "Europe/Berlin", label = "Berlin" }, { at = "20:00", label = "late" }]
"""
OFF = '[[exceptions]]\ndate = 2026-03-10\ncancel = true\nnote = "nobody can"\n'
MOVED = '[[exceptions]]\ndate = 2026-03-17\nto = 2026-03-18\nat = "09:00"\n'
EXTRA = '[[extras]]\ndate = 2026-03-12\nat = "08:00"\n'
SHORT = PLAN.replace("count = 4", "count = 3")
JANUARY, FEBRUARY = "2026-01-10T09:00Z", "2026-02-10T09:00Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    assert ics(tmp_path, JANUARY).err == f"{tmp_path / 'board.ics'}: 4 calls written\n"
    return tmp_path


def ics(folder: Path, stamp: str, *options: object) -> Outcome:
    return invoke("ics", folder / "plan.toml", "-o", folder / "board.ics", "--stamp", stamp, *options)


def changes(folder: Path, *options: object) -> Outcome:
    given = ("--previous", folder / "board.ics", "--stamp", FEBRUARY)
    return invoke("changes", folder / "plan.toml", *given, *options)


def plan(folder: Path, *more: str, base: str = PLAN) -> None:
    (folder / "plan.toml").write_text(base + "".join(more), "utf-8")


def told(done: Outcome) -> list[tuple[str, object, object]]:
    """Kind, and the starts before and after, of each change in JSON."""
    found = done.document["changes"]
    assert isinstance(found, list)
    return [(one["kind"], *((one[when] or {}).get("start") for when in ("before", "after"))) for one in found]


def test_the_file_that_is_replaced_is_what_was_announced(folder: Path) -> None:
    plan(folder, OFF, MOVED, EXTRA)
    done = ics(folder, FEBRUARY)
    data = (folder / "board.ics").read_bytes()

    assert done.err == f"{folder / 'board.ics'}: 5 calls written, 1 of them cancelled; 3 changes\n"
    assert lint(data) == []
    assert values(data, "SEQUENCE") == ["0", "1", "0", "1", "0"]
    assert values(data, "DTSTAMP") == ["20260110T090000Z"] + ["20260210T090000Z"] * 3 + ["20260110T090000Z"]


def test_without_a_change_nothing_is_written_and_that_is_said(folder: Path) -> None:
    before = (folder / "board.ics").stat()
    done = ics(folder, FEBRUARY)
    after = (folder / "board.ics").stat()

    assert done.err == f"{folder / 'board.ics'}: nothing has changed\n"
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_another_file_may_be_what_was_announced(folder: Path) -> None:
    plan(folder, OFF)
    known = folder / "board.ics"
    out = folder / "new.ics"
    options = ("--previous", known, "--stamp", FEBRUARY)

    assert invoke("ics", folder / "plan.toml", "-o", out, *options).code == 0
    assert invoke("ics", folder / "plan.toml", "-o", "-", *options).out.encode() == out.read_bytes()
    assert values(out.read_bytes(), "SEQUENCE") == ["0", "1", "0", "0"]
    assert set(values(known.read_bytes(), "SEQUENCE")) == {"0"}


def test_stdout_follows_nothing_unless_it_is_told_what(folder: Path) -> None:
    done = invoke("ics", folder / "plan.toml", "-o", "-", "--stamp", FEBRUARY)

    assert set(values(done.out.encode(), "DTSTAMP")) == {"20260210T090000Z"}


@pytest.mark.parametrize("layout", ["calls", "series"])
def test_a_cut_file_is_refused_and_left_by_both_commands(layout: str, folder: Path) -> None:
    known = folder / "board.ics"
    known.write_bytes(known.read_bytes()[:-20])
    before = known.read_bytes()
    begin = f"mag-rotation: {known}: cannot be read whole as one iCalendar file: the 'VEVENT' that begins in line "
    done, told = ics(folder, FEBRUARY, "--layout", layout), changes(folder)

    assert (done.code, told.code) == (2, 2)
    assert done.err.startswith(begin)
    assert told.err.startswith(begin)
    assert done.err.endswith("so the file was cut off; get it once more; it was left as it was, so give another name\n")
    assert told.err.endswith("get it once more; --previous takes the calendar that mag-rotation ics wrote last\n")
    assert invoke("ics", folder / "plan.toml", "-o", folder / "new.ics", "--previous", known).code == 2
    assert known.read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["board.ics", "plan.toml"]


def test_a_file_in_the_other_layout_is_refused_and_left(folder: Path) -> None:
    before = (folder / "board.ics").read_bytes()
    done = ics(folder, FEBRUARY, "--layout", "series")

    assert done.code == 2
    assert done.err == (
        f"mag-rotation: {folder / 'board.ics'}: was written in the layout calls, whose events no series can replace; "
        "ask for that layout; nothing was written\n"
    )
    assert (folder / "board.ics").read_bytes() == before


@pytest.mark.parametrize(
    ("own", "given", "asked", "guilty"),
    [
        ("calls", "empty", "series", "out.ics"),
        ("series", "empty", "calls", "out.ics"),
        ("calls", "series", "series", "out.ics"),
        ("empty", "calls", "series", "given.ics"),
        ("empty", "series", "calls", "given.ics"),
        (None, "calls", "series", "given.ics"),
        ("calls", "series", "calls", "given.ics"),
        ("series", "calls", "series", "given.ics"),
        ("empty", "calls", "calls", None),
        ("series", "empty", "series", None),
    ],
)
def test_of_two_files_the_one_in_another_layout_is_named(
    own: str | None, given: str, asked: str, guilty: str | None, folder: Path
) -> None:
    invoke("ics", folder / "plan.toml", "-o", folder / "series.ics", "--layout", "series", "--stamp", JANUARY)
    known = {
        "calls": (folder / "board.ics").read_bytes(),
        "series": (folder / "series.ics").read_bytes(),
        "empty": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    }
    out, previous = folder / "out.ics", folder / "given.ics"
    previous.write_bytes(known[given])
    if own is not None:
        out.write_bytes(known[own])
    done = invoke("ics", folder / "plan.toml", "-o", out, "--previous", previous, "--layout", asked)

    if guilty is None:
        assert done.code == 0
        return
    merging = own == asked
    reason = f"in the layout {given if guilty == 'given.ics' else own}, " + ("the other file" if merging else "whose")
    assert done.code == 2
    assert done.err.startswith(f"mag-rotation: {folder / guilty}: {'is' if merging else 'was written'} {reason}")
    assert done.err.endswith("; nothing was written\n")
    assert (out.read_bytes() if out.exists() else None) == (known[own] if own else None)


def test_a_sequence_that_cannot_rise_is_told_with_the_files_that_may_hold_it(folder: Path) -> None:
    known, out = folder / "board.ics", folder / "new.ics"
    known.write_bytes(known.read_bytes().replace(b"SEQUENCE:0", b"SEQUENCE:2147483647"))
    plan(folder, OFF)
    reason = "holds 'board-20260310@board.example.org' with the SEQUENCE 2147483647, after which there is none"

    for options, named in (
        (("-o", known), f"{known}"),
        (("-o", out, "--previous", known), f"{known}"),
        (("-o", known, "--previous", known), f"{known} or {known}"),
    ):
        done = invoke("ics", folder / "plan.toml", *options)
        assert (done.code, done.err) == (2, f"mag-rotation: {named}: {reason}; nothing was written\n")


def test_a_file_that_is_not_there_was_not_announced(folder: Path) -> None:
    done = invoke("changes", folder / "plan.toml", "--previous", folder / "none.ics")

    assert done.code == 2
    assert done.err == f"mag-rotation: {folder / 'none.ics'}: no such file; check the path\n"


def test_what_a_series_cannot_say_exits_with_2_and_writes_nothing(folder: Path) -> None:
    out = folder / "series.ics"
    done = invoke("ics", folder / "plan.toml", "-o", out, "--layout", "series")
    assert done.code == 0
    before = out.read_bytes()
    plan(folder, base=PLAN.replace("16:00", "02:30").replace("2026-03-03", "2026-03-29"))
    done = invoke("ics", folder / "plan.toml", "-o", out, "--layout", "series")

    assert (done.code, done.out) == (2, "")
    assert "slot 1 (Berlin) starts on 2026-03-29 at an hour that clocks of Europe/Berlin skip or repeat" in done.err
    assert out.read_bytes() == before


def test_changes_tells_what_ics_then_writes(folder: Path) -> None:
    plan(folder, OFF, MOVED, EXTRA, base=SHORT)
    done = changes(folder, "-f", "json")

    assert set(done.document) == {"meeting", "tzdata", "changes", "warnings", "warning_facts"}
    assert told(done) == [
        ("cancelled", "2026-03-10T20:00:00Z", "2026-03-10T20:00:00Z"),
        ("added", None, "2026-03-12T08:00:00Z"),
        ("moved", "2026-03-17T15:00:00Z", "2026-03-18T08:00:00Z"),
        ("dropped", "2026-03-24T20:00:00Z", None),
    ]
    assert ics(folder, FEBRUARY).err.endswith("; 4 changes\n")
    assert told(changes(folder, "-f", "json")) == []
    plan(folder)
    assert [kind for kind, _, _ in told(changes(folder, "-f", "json"))] == ["revived", "dropped", "moved", "revived"]


def test_a_call_before_has_the_keys_of_a_call_and_what_the_file_says(folder: Path) -> None:
    plan(folder, OFF)
    (change, *_) = json.loads(changes(folder, "-f", "json").out)["changes"]
    listed = json.loads(invoke("calls", folder / "plan.toml", "-f", "json").out)["calls"]

    assert change["uid"] == "board-20260310@board.example.org"
    assert change["after"] == listed[1]
    assert change["before"] == {
        **listed[1],
        "number": 2,
        "label": "2",
        "title": "Board call 2",
        "slot_number": None,
        "status": "planned",
        "note": None,
        "zone": "UTC",
    }


def test_changes_in_words_and_as_records(folder: Path) -> None:
    assert changes(folder).lines[:2] == ["Board call: what changes in calendars", "Nothing changes."]
    plan(folder, MOVED.replace('at = "09:00"', f"note = {json.dumps(HOSTILE, ensure_ascii=False)}"))
    done = changes(folder)
    rows = list(csv.reader(io.StringIO(changes(folder, "-f", "csv").out, newline="")))

    assert (done.code, done.lines[1]) == (0, "1 change: 1 moved.")
    assert "Tue 2026-03-17 15:00, 1 h" in done.out
    assert "Wed 2026-03-18 15:00, 1 h" in done.out
    assert len(rows) == 2
    assert dict(zip(*rows, strict=True))["after_note"] == HOSTILE
    assert changes(folder, "-f", "markdown").code == 0


def test_changes_of_a_series_file_are_told_call_by_call(folder: Path) -> None:
    (folder / "board.ics").unlink()
    assert ics(folder, JANUARY, "--layout", "series").code == 0
    plan(folder, OFF, MOVED, EXTRA, base=SHORT)

    assert [kind for kind, _, _ in told(changes(folder, "-f", "json"))] == ["cancelled", "added", "moved", "dropped"]
    assert ics(folder, FEBRUARY, "--layout", "series").err.endswith("; 4 changes\n")
    data = (folder / "board.ics").read_bytes()
    assert lint(data) == []
    assert [line for line in logical(data) if "COUNT" in line or "EXDATE" in line] == [
        "RRULE:FREQ=WEEKLY;COUNT=2;INTERVAL=2",
        "RRULE:FREQ=WEEKLY;COUNT=2;INTERVAL=2",
    ]


def test_an_answer_does_not_replace_the_calendar_it_is_about(folder: Path) -> None:
    before = (folder / "board.ics").read_bytes()
    done = changes(folder, "-o", folder / "board.ics")

    assert done.code == 2
    assert (folder / "board.ics").read_bytes() == before


KILLED = """
import os, signal, sys, tempfile
from pathlib import Path
from invoke import invoke

plan, out = sys.argv[1:]
WHERE = [(tempfile, "mkstemp"), (os, "fdopen"), (os, "fsync"), (Path, "chmod"), (Path, "replace")]


def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def run():
    invoke("ics", plan, "-o", out, "--stamp", "2026-02-10T09:00Z")


for owner, name in WHERE:
    for before in (True, False):
        child = os.fork()
        if child == 0:
            was = getattr(owner, name)
            setattr(owner, name, die if before else lambda *args, **kwargs: (was(*args, **kwargs), die()))
            run()
            os._exit(7)
        _, status = os.waitpid(child, 0)
        print(name, before, os.WTERMSIG(status), Path(out).read_bytes() == Path(plan + ".old").read_bytes())
run()
"""


def test_a_kill_at_any_write_leaves_the_old_file_or_the_new_one(folder: Path) -> None:
    old = (folder / "board.ics").read_bytes()
    (folder / "plan.toml.old").write_bytes(old)
    plan(folder, OFF)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, str(folder / "plan.toml"), str(folder / "board.ics")],
        env={**os.environ, "PYTHONPATH": str(TESTS / "support")},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    seen = [line.split() for line in done.stdout.splitlines()]

    assert {int(code) for _, _, code, _ in seen} == {signal.SIGKILL}
    assert len(seen) == 10
    assert [line for line in seen if line[3] == "False"] == [["replace", "False", "9", "False"]]
    assert lint((folder / "board.ics").read_bytes()) == []
    assert (folder / "board.ics").read_bytes() != old


@pytest.mark.parametrize("name", ["fsync", "fdopen"])
def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "board.ics").read_bytes()
    plan(folder, OFF)

    was = getattr(os, name)

    def full(descriptor: int, *mode: str) -> object:
        if mode == ("rb",):
            return was(descriptor, *mode)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, name, full)
    done = ics(folder, FEBRUARY)

    assert done.code == 2
    assert "no space left on device; nothing was changed" in done.err
    assert (folder / "board.ics").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["board.ics", "plan.toml"]


# Files that were made to break what reads them.

ATTACK = DATA / "attack"
OURS = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:council-20260901@council.example.org
DTSTAMP:20260801T000000Z
DTSTART;TZID=Europe/Berlin:20260901T160000
DTEND;TZID=Europe/Berlin:20260901T170000
SUMMARY:C
END:VEVENT
END:VCALENDAR
"""
NOT_OURS = "is not a calendar of 'council' that mag-rotation wrote: "
ATTACKS = {
    "a directory of zones": ((ATTACK / "tzid_Europe.ics").read_text("utf-8"), "it holds '1@x', which is not a call of"),
    "a year that no vtimezone has": (
        (ATTACK / "gone9999.ics").read_text("utf-8"),
        "found the year 9999 as DTSTART in line 14; a call lies in the years 1900 to 2999",
    ),
    "a directory of zones in a call of ours": (
        OURS.replace("Europe/Berlin", "Europe"),
        "found the TZID 'Europe' as DTSTART in line 6, which is not the name of a time zone",
    ),
    "a directory below": (
        OURS.replace("Europe/Berlin", "America/Indiana"),
        "found the TZID 'America/Indiana' as DTST",
    ),
    "a zone of 300 letters": (OURS.replace("Europe/Berlin", "x" * 300), "found the TZID 'xxxxxxxxxx"),
    "a zone of 20,000 slashes": (OURS.replace("Europe/Berlin", "a/" * 20_000), "found the TZID 'a/a/a/"),
    "a zone with a null": (OURS.replace("Europe/Berlin", "Europe\0Berlin"), "found the TZID 'Europe\\x00Berlin'"),
    "the year 1": (OURS.replace(":20260901T160000", ":00010101T000000"), "found the year 1 as DTSTART in line 6"),
    "the last stamp": (
        OURS.replace("20260801T000000Z", "99991231T235959Z"),
        "found the year 9999 as DTSTAMP in line 5",
    ),
    "a VTIMEZONE of a directory": (
        OURS.replace("VERSION:2.0", "VERSION:2.0\nBEGIN:VTIMEZONE\nTZID:Europe\nEND:VTIMEZONE").replace(
            "TZID=Europe/Berlin", "TZID=Europe"
        ),
        "found the TZID 'Europe' as DTSTART in line 9",
    ),
}


@pytest.mark.parametrize(("text", "said"), ATTACKS.values(), ids=ATTACKS)
def test_a_hostile_file_is_refused_by_every_command_before_anything_is_written(
    text: str, said: str, tmp_path: Path
) -> None:
    plan, known = tmp_path / "council.toml", tmp_path / "known.ics"
    plan.write_bytes((ATTACK / "council.toml").read_bytes())
    known.write_text(text, "utf-8")
    out = tmp_path / "out"
    right = "; --previous takes the calendar that mag-rotation ics wrote last\n"
    for end, command in (
        (right, ("changes", plan, "--previous", known)),
        (right, ("ics", plan, "-o", out, "--previous", known)),
        (right, ("invite", plan, "-o", out, "--previous", known)),
        ("; it was left as it was, so give another name\n", ("ics", plan, "-o", known)),
    ):
        done = invoke(*command)

        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"mag-rotation: {known}: {NOT_OURS}{said}")
        assert done.err.endswith(end)
        assert known.read_text("utf-8") == text
        assert sorted(path.name for path in tmp_path.iterdir()) == ["council.toml", "known.ics"]
