"""What a command may not replace: the files a plan is made from, and a file that is not a calendar of its meeting.

Law: after a refusal with exit code 2 every file holds the bytes it held before.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from invoke import invoke
from paths import EXAMPLES

STAMP = ("--stamp", "2020-06-01T00:00Z")
HISTORY = '\n[history]\nfile = "attendance.csv"\n'
SOURCES = ["plan.toml", "members.csv", "attendance.csv"]
COMMANDS = {
    "calls": (),
    "night": ("--call", "XVII"),
    "fairness": (),
    "check": ("--at", "2020-10-01T20:00Z"),
    "drift": (),
    "announce": ("--call", "XVII"),
    "ics": STAMP,
}
ALIEN = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n"
    "DTSTAMP:20200101T000000Z\r\nDTSTART:20200101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The MAG example with an attendance sheet beside it."""
    for name in ("plan.toml", "members.csv"):
        shutil.copy(EXAMPLES / "mag-2020" / name, tmp_path / name)
    with (tmp_path / "plan.toml").open("a", encoding="utf-8") as plan:
        plan.write(HISTORY)
    (tmp_path / "attendance.csv").write_text("date,member,attended\n2020-07-07,tec-08,yes\n", "utf-8")
    return tmp_path


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_answer_replaces_what_it_is_made_from(command: str, source: str, folder: Path) -> None:
    before = held(folder)
    done = invoke(command, folder / "plan.toml", *COMMANDS[command], "-o", folder / source)

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"mag-rotation: {folder / source}: is a file that this plan is read from; name another for the answer\n"
    )
    assert held(folder) == before


def roundabout(path: Path) -> Path:
    return path.parent / ".." / path.parent.name / path.name


def soft_link(path: Path) -> Path:
    (path.parent / "link").symlink_to(path.name)
    return path.parent / "link"


def hard_link(path: Path) -> Path:
    (path.parent / "link").hardlink_to(path)
    return path.parent / "link"


@pytest.mark.parametrize("other_name", [roundabout, soft_link, hard_link])
@pytest.mark.parametrize("source", SOURCES)
def test_a_source_is_known_by_any_of_its_names(source: str, other_name: Callable[[Path], Path], folder: Path) -> None:
    out = other_name(folder / source)
    before = held(folder)
    done = invoke("calls", folder / "plan.toml", "--output", out)

    assert (done.code, "is a file that this plan is read from" in done.err) == (2, True)
    assert held(folder) == before


def test_a_file_of_the_same_content_beside_the_plan_is_no_source(folder: Path) -> None:
    shutil.copy(folder / "members.csv", folder / "copy.csv")

    assert invoke("calls", folder / "plan.toml", "-o", folder / "copy.csv").code == 0
    assert invoke("calls", folder / "plan.toml", "-o", folder / ("x" * 300)).code == 2


FOREIGN = "is not a calendar of 'mag2020' that mag-rotation wrote: "


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("old", "cannot be read whole as one iCalendar file"),
        ("", "cannot be read whole as one iCalendar file"),
        (ALIEN.format(uid="a@b")[:-20], "cannot be read whole as one iCalendar file"),
        (
            ALIEN.format(uid="pta@school.example.org"),
            "it holds 'pta@school.example.org', which is not a call of 'mag2020'",
        ),
        (
            ALIEN.format(uid="mag2020-20200915@elsewhere.org"),
            "it holds 'mag2020-20200915@elsewhere.org', which is not a c",
        ),
    ],
)
def test_a_file_that_is_no_calendar_of_this_meeting_is_not_touched(content: str, reason: str, folder: Path) -> None:
    out = folder / "mine.ics"
    out.write_bytes(content.encode())
    before = held(folder)
    done = invoke("ics", folder / "plan.toml", "-o", out, *STAMP)

    assert (done.code, done.out) == (2, "")
    begin = f"mag-rotation: {out}: {FOREIGN if reason.startswith('it holds') else ''}{reason}"
    assert done.err.startswith(begin)
    assert done.err.endswith("; it was left as it was, so give another name\n")
    assert held(folder) == before


def test_an_earlier_calendar_of_this_meeting_is_replaced(folder: Path) -> None:
    out, plan = folder / "mag.ics", folder / "plan.toml"
    assert invoke("ics", plan, "-o", out, "--stamp", "2020-01-01T00:00Z").code == 0
    first = out.read_bytes()
    plan.write_text(plan.read_text("utf-8").replace('location = "Online"', 'location = "On the line"'), "utf-8")

    assert invoke("ics", plan, "-o", out, *STAMP).code == 0
    assert out.read_bytes() != first
    assert out.read_bytes().count(b"SEQUENCE:1") == first.count(b"SEQUENCE:0")


def test_a_file_that_may_not_be_read_is_not_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = folder / "mag.ics"
    out.write_text("secret")
    open_descriptor = os.open

    def forbidden(path: Path, *flags: int) -> int:
        if path == out:
            raise PermissionError(13, "Permission denied")
        return open_descriptor(path, *flags)

    monkeypatch.setattr("mag_rotation.files.os.open", forbidden)
    done = invoke("ics", folder / "plan.toml", "-o", out, *STAMP)

    assert done.code == 2
    assert done.err == f"mag-rotation: {out}: may not be read; check its permissions\n"
    assert out.read_text() == "secret"
