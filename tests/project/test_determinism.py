"""Equal input gives equal bytes: on every machine, in every locale and zone, and from one edition to the next.

Law: the golden files are what the MAG example says, byte for byte but for the name of the tzdata version. They are
written anew only with ``UPDATE_GOLDEN=1`` in the environment, and the difference is then to be read before it is kept.
"""

import difflib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from invoke import invoke
from mag_rotation.zones import TZDATA_VERSION
from paths import DATA, EXAMPLES, TESTS

MAG = EXAMPLES / "mag-2020" / "plan.toml"
GOLDEN = DATA / "golden"
STAMP = "2020-06-01T00:00Z"
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"

RIVALS = ["--slots", "1-3", "--options", "1", "--option", "ours=05:00,13:00@Europe/Zurich", "--time-limit", "60min"]
FILES = {
    "mag-2020.ics": ["ics", "-o", "-", "--stamp", STAMP],
    "mag-2020.calls.txt": ["calls"],
    "mag-2020.calls.md": ["calls", "-f", "markdown"],
    "mag-2020.calls.csv": ["calls", "-f", "csv"],
    "mag-2020.calls.json": ["calls", "-f", "json"],
    "mag-2020.tec-08.txt": ["calls", "--member", "tec-08", "--zone", "UTC"],
    "mag-2020.night-XVII.txt": ["night", "--call", "XVII"],
    "mag-2020.night-XVII.md": ["night", "--call", "XVII", "-f", "markdown"],
    "mag-2020.night-XVII.json": ["night", "--call", "XVII", "-f", "json"],
    "mag-2020.season.html": ["report", "--now", "2020-09-10T00:00Z"],
    "mag-2020.fairness.json": ["fairness", "-f", "json"],
    "mag-2020.fairness.txt": ["fairness"],
    "mag-2020.check-20201103.json": ["check", "--at", "2020-11-03T20:00Z", "-f", "json"],
    "mag-2020.check-20201103.txt": ["check", "--at", "2020-11-03T20:00Z"],
    "mag-2020.propose.json": ["propose", "--slots", "3", "-f", "json"],
    "mag-2020.propose.txt": ["propose", "--slots", "3"],
    "mag-2020.propose-limits.txt": ["propose", "--slots", "4", "--quorum", "30", "--gap", "4h", "--keep", "2"],
    "mag-2020.compare.json": ["compare", *RIVALS, "-f", "json"],
    "mag-2020.compare.md": ["compare", *RIVALS, "-f", "markdown"],
    "mag-2020.decide.json": ["decide", "--at", "2020-10-20T13:00Z", "--instead-of", "XX", "-f", "json"],
    "mag-2020.decide.md": ["decide", "--option", "ours=05:00,13:00@Europe/Zurich", "--committee", "-f", "markdown"],
    "mag-2020.planner.json": ["planner", "--date", "2020-10-25", "--step", "6h", "-f", "json"],
    "mag-2020.planner.txt": ["planner", "--date", "2020-10-25", "--zone", "Europe/Zurich"],
    "mag-2020.next-slot.json": ["next-slot", "--now", "2020-09-09T00:00Z", "-f", "json"],
}


def answer(arguments: list[str]) -> str:
    command, *options = arguments
    done = invoke(command, MAG, *options)
    assert (done.code, done.err) == (0, "")
    return done.out


def without_version(text: str) -> str:
    """The text with the name of the zone rules taken out, which is all that a new tzdata may change in 2020."""
    return re.sub(rf"\b{re.escape(TZDATA_VERSION)}\b", "TZDATA", text)


@pytest.mark.parametrize("name", FILES)
def test_the_example_gives_the_golden_bytes(name: str) -> None:
    found, path = without_version(answer(FILES[name])), GOLDEN / name
    if UPDATE:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(found.encode())
    wanted = path.read_bytes().decode()
    difference = difflib.unified_diff(wanted.splitlines(keepends=True), found.splitlines(keepends=True), name, "found")

    assert found == wanted, "".join(difference)


def test_there_is_no_golden_file_that_nothing_compares() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(FILES)


def test_every_golden_file_names_its_zone_rules_once_a_document() -> None:
    assert [name for name in FILES if "TZDATA" not in (GOLDEN / name).read_text("utf-8")] == []


ALL = """
import sys
from invoke import invoke
for arguments in {files!r}.values():
    done = invoke(arguments[0], {plan!r}, *arguments[1:])
    assert done.code == 0, done
    sys.stdout.buffer.write(done.out.encode())
"""


def all_answers(folder: Path, *, plan: Path = MAG, environment: dict[str, str] | None = None) -> bytes:
    """Everything in :data:`FILES`, made by one new process."""
    path = {"PYTHONPATH": str(TESTS / "support")}
    done = subprocess.run(
        [sys.executable, "-c", ALL.format(files=FILES, plan=str(plan))],
        cwd=folder,
        env={**os.environ, **path, **(environment or {})},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def here() -> bytes:
    return "".join(answer(arguments) for arguments in FILES.values()).encode()


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "2", "PYTHONTZPATH": "/none"},
        {"LC_ALL": "C", "PYTHONHASHSEED": "3", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "COLUMNS": "20"},
        {"TZ": "Nowhere/Else", "PYTHONOPTIMIZE": "2", "NO_COLOR": "1", "TERM": "dumb"},
    ],
    ids=lambda environment: " ".join(environment.values()),
)
def test_the_machine_does_not_show_in_the_bytes(environment: dict[str, str], here: bytes, tmp_path: Path) -> None:
    assert all_answers(tmp_path, environment=environment) == here


def test_neither_does_the_place_of_the_plan_nor_of_the_process(here: bytes, tmp_path: Path) -> None:
    for name in ("plan.toml", "members.csv"):
        (tmp_path / name).write_bytes((MAG.parent / name).read_bytes())

    assert all_answers(tmp_path, plan=Path("plan.toml")) == here


def test_the_line_ends_of_the_plan_do_not_show(here: bytes, tmp_path: Path) -> None:
    for name in ("plan.toml", "members.csv"):
        text = (MAG.parent / name).read_bytes()
        (tmp_path / name).write_bytes(text.replace(b"\n", b"\r\n"))

    assert all_answers(tmp_path, plan=Path("plan.toml")) == here
