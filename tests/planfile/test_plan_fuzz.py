"""Plans and sheets that are wrong in ways nobody thought of.

Law: whatever the files hold, :func:`load_plan` gives a plan or raises an error of this library whose mistakes are lines
for people; the command line ends with 0 or 2, shows no traceback and leaves no file half written.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Run
from damage import DAMAGE, KINDS, PLANS, Change, damaged
from mag_rotation.errors import InvalidPlan, MagRotationError
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan, plan_template
from paths import EXAMPLES

SHEET = b"""id,zone,name,email,roles,weight,curve,lead,night,never,joined,left,region
a,Asia/Tokyo,"Seat, 1",a@example.org,chair;scribe,1,default,15min,22:00-06:00,00:00-05:00;12:00-13:00,2027-01-01,,Asia
b,Europe/Paris,"Seat
2",b@example.org,,2,,,,,,,Europe
c,America/Lima,,,,,,,,,,,Americas
"""
ATTENDANCE = b"date,member,attended\n2027-01-05,a,yes\n2027-01-05,b,no\n2027-01-12,c,yes\n"
SHEETS_PLAN = plan_template().encode() + b'[roster]\nfile = "members.csv"\n[history]\nfile = "attendance.csv"\n'


def judged(path: Path) -> Plan | None:
    """The plan, or None when the library refused it in lines for people; any other error goes through."""
    try:
        return load_plan(path)
    except MagRotationError as error:
        refused = error
    lines = [str(mistake) for mistake in refused.mistakes] if isinstance(refused, InvalidPlan) else [str(refused)]
    assert lines
    assert [line for line in lines if not line.isprintable() or line.startswith(":")] == []
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("fuzz")
    (place / "members.csv").write_bytes((EXAMPLES / "mag-2020" / "members.csv").read_bytes())
    return place


@given(st.sampled_from(PLANS), DAMAGE)
def test_a_damaged_plan_is_read_or_refused(folder: Path, plan: bytes, steps: list[Change]) -> None:
    (folder / "plan.toml").write_bytes(damaged(plan, steps))

    judged(folder / "plan.toml")


@given(DAMAGE, DAMAGE, st.booleans())
def test_damaged_sheets_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, roster: list[Change], history: list[Change], semicolons: bool
) -> None:
    folder = tmp_path_factory.getbasetemp()
    sheet = SHEET.replace(b";", b" ").replace(b",", b";") if semicolons else SHEET
    (folder / "plan.toml").write_bytes(SHEETS_PLAN)
    (folder / "members.csv").write_bytes(damaged(sheet, roster))
    (folder / "attendance.csv").write_bytes(damaged(ATTENDANCE, history))

    judged(folder / "plan.toml")


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(folder: Path, plan: bytes, sheet: bytes) -> None:
    (folder / "bytes.toml").write_bytes(plan)
    (folder / "sheets.toml").write_bytes(SHEETS_PLAN.replace(b"members.csv", b"bytes.csv"))
    (folder / "bytes.csv").write_bytes(sheet)

    judged(folder / "bytes.toml")
    judged(folder / "sheets.toml")


NAMES = [*re.findall(r"[a-z-]+(?= = )", plan_template()), "", "a b", "é", "\n", "\x1b", "a.b", "default"]
TEXTS = ["", " ", "UTC", "CET", "Geneva", "default", "22:00-06:00", "24:00-24:00", "2h", "FREQ=WEEKLY", "MO"]
SCALARS = st.one_of(
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, -1, 24, 10**5, 2**63, 10**30]),
    st.floats(),
    st.dates().filter(lambda day: day.year > 999),
    st.times(),
    st.datetimes(min_value=datetime(1000, 1, 1)),  # noqa: DTZ001 - a date-time of TOML without an offset
    st.text(max_size=8),
    st.sampled_from(TEXTS),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)


def toml(value: object) -> str:
    """A value as TOML on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case date() | time():
            return value.isoformat()
        case _:
            return repr(value).lower()


def places(value: object) -> list[Callable[[object], None]]:
    """A way to put another value into each place below a table or list."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    found: list[Callable[[object], None]] = []
    for key in keys:
        assert isinstance(value, dict | list)
        found += [lambda new, key=key: value.__setitem__(key, new), *places(value[key])]  # type: ignore[misc]
    return found


RICH = (
    plan_template()
    + """
[[exceptions]]
date = 2027-02-09
slot = "late"
[[extras]]
date = 2027-03-18
at = "13:00"
[[phases]]
name = "Summit"
from = 2027-05-03
to = 2027-05-14
slots = [{ at = "09:00", zone = "Asia/Dubai" }]
repeat = "FREQ=DAILY"
[curves.lark]
hours = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
[[members]]
id = "rich"
zone = "UTC"
roles = ["chair"]
never = ["00:00-05:00"]
stays = [{ from = 2027-02-01, to = 2027-02-03, zone = "UTC" }]
"""
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 10**6), VALUES), min_size=1, max_size=3))
def test_any_value_in_any_place_is_read_or_refused(folder: Path, changes: list[tuple[int, object]]) -> None:
    document = tomllib.loads(RICH)
    for number, value in changes:
        ways = places(document)
        ways[number % len(ways)](value)
    text = "\n".join(f"{toml(key)} = {toml(value)}" for key, value in document.items())
    (folder / "values.toml").write_text(text, "utf-8", "replace")

    judged(folder / "values.toml")


@pytest.mark.parametrize("seed", range(6))
def test_the_command_line_reads_or_refuses_a_damaged_plan(seed: int, run: Run, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 - damage that is the same in every run
    steps = [(rng.choice(KINDS), rng.random(), rng.random(), rng.randrange(10**6)) for _ in range(1 + seed // 2)]
    (tmp_path / "plan.toml").write_bytes(damaged(PLANS[0], steps))
    target = tmp_path / "calls.ics"
    target.write_bytes(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//old//EN\r\nEND:VCALENDAR\r\n")
    before = target.read_bytes()
    done = run("ics", "plan.toml", "-o", "calls.ics", "--stamp", "2026-12-01T00:00Z")
    after = target.read_bytes()

    assert done.returncode in {0, 2}
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert after == before if done.returncode else after.endswith(b"END:VCALENDAR\r\n")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["calls.ics", "plan.toml"]
