"""The examples answer what their page promises, and the script of a secretariat runs also on a quiet day."""

import subprocess
import sys
from pathlib import Path

import pytest

from invoke import invoke
from paths import EXAMPLES

PLANS = sorted(EXAMPLES.glob("*/*.toml"))
AT = "2021-03-09T20:00Z"
ASKED = {
    "calls": (),
    "night": ("--at", AT),
    "fairness": (),
    "check": ("--at", AT),
    "propose": ("--slots", "2"),
    "drift": (),
    "validate": (),
    "ics": ("-o", "-", "--stamp", AT),
}


@pytest.mark.parametrize("command", ASKED)
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.parent.name}/{plan.name}")
def test_every_example_answers_every_command_that_its_page_names(plan: Path, command: str) -> None:
    assert f"`{command}`" in (EXAMPLES / "README.md").read_text("utf-8")
    assert invoke(command, plan, *ASKED[command]).code == 0


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2020, 9, 9", "27 of 50 members are in the night, tec-08 worst of all.\n"),
        ("2020, 12, 1", "the season is over"),
    ],
)
def test_the_script_of_a_secretariat_tells_the_next_call(day: str, said: str, tmp_path: Path) -> None:
    assert said in weekly(tmp_path, day, EXAMPLES / "mag-2020")


def test_the_script_of_a_secretariat_runs_when_nobody_is_in_the_night(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    plan = (EXAMPLES / "mag-2020" / "plan.toml").read_text("utf-8")
    (tmp_path / "plan" / "plan.toml").write_text(plan, "utf-8")
    (tmp_path / "plan" / "members.csv").write_text("id,zone\nlima,America/Lima\n", "utf-8")

    assert weekly(tmp_path, "2020, 9, 9", tmp_path / "plan").endswith("0 of 1 members are in the night.\n")


def weekly(folder: Path, day: str, plan: Path) -> str:
    """What the script says on a day about the plan in a folder, run as a process of its own."""
    text = (EXAMPLES / "weekly_script.py").read_text("utf-8")
    there = 'Path(__file__).parent / "mag-2020"'
    assert (text.count("2020, 9, 9"), text.count(there)) == (1, 1)
    script = folder / "script.py"
    script.write_text(text.replace("2020, 9, 9", day).replace(there, f"Path({str(plan)!r})"), "utf-8")
    done = subprocess.run(
        [sys.executable, script], cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    return done.stdout + done.stderr
