"""``init`` with options: the plan that somebody has in mind, with the comments of the template."""

from datetime import date, time
from pathlib import Path

import pytest

from invoke import invoke
from mag_rotation.planfile import load_plan, plan_template

ROSTER = "id,zone\nann,Europe/Zurich\nbo,Asia/Tokyo\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "members.csv").write_text(ROSTER, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_options_the_template_is_written(office: Path) -> None:
    assert invoke("init").code == 0
    assert (office / "plan.toml").read_text("utf-8") == plan_template()


def test_everything_that_is_said_stands_in_the_plan(office: Path) -> None:
    done = invoke(
        *("init", "--roster", "lists/members.csv", "--name", "Réunion Ö", "--first", "2027-01-12"),
        *("--until", "2027-06-29", "--duration", "90min", "--slots", "13:00, 06:00,21:00@Europe/Zurich"),
    )
    plan = load_plan(office / "plan.toml")

    assert (done.code, done.err) == (0, "plan.toml written; try: mag-rotation calls plan.toml\n")
    assert (plan.meeting.id, plan.meeting.name, plan.meeting.minutes) == ("reunion-o", "Réunion Ö", 90)
    assert (plan.schedule.first, plan.schedule.until) == (date(2027, 1, 12), date(2027, 6, 29))
    assert [(slot.at, slot.zone) for slot in plan.rotation.slots] == [
        (time(13), "UTC"),
        (time(6), "UTC"),
        (time(21), "Europe/Zurich"),
    ]
    assert [member.id for member in plan.members] == ["ann", "bo"]


def test_the_comments_of_the_template_stay(office: Path) -> None:
    invoke("init", "--first", "2027-02-02", "--slots", "13:00")
    text = (office / "plan.toml").read_text("utf-8")
    comments = [line for line in plan_template().splitlines() if line.startswith("#")]

    assert [line for line in text.splitlines() if line.startswith("#")] == comments


def test_a_later_beginning_moves_the_end_by_as_much(office: Path) -> None:
    invoke("init", "--first", "2028-01-04")
    plan = load_plan(office / "plan.toml")

    assert plan.schedule.until is not None
    assert plan.schedule.until - plan.schedule.first == date(2027, 6, 29) - date(2027, 1, 5)


@pytest.mark.parametrize(("rule", "days"), [("fortnightly", 14), ("daily", 1), ("FREQ=WEEKLY;INTERVAL=3", 21)])
def test_the_rule_is_written_as_it_was_said(rule: str, days: int, office: Path) -> None:
    invoke("init", "--repeat", rule)
    calls = load_plan(office / "plan.toml").calls

    assert f'repeat = "{rule}"' in (office / "plan.toml").read_text("utf-8")
    assert (calls[1].date - calls[0].date).days == days


def test_a_roster_is_named_as_seen_from_the_plan(office: Path) -> None:
    invoke("init", "lists/plan.toml", "--roster", "lists/members.csv")

    assert 'file = "members.csv"' in (office / "lists" / "plan.toml").read_text("utf-8")
    assert len(load_plan(office / "lists" / "plan.toml").members) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--roster", "nope.csv"), "roster.file: found 'nope.csv': no such file"),
        (("--repeat", "hourly"), "schedule.repeat: found 'hourly'; write one of daily"),
        (("--first", "2027-01-12", "--until", "2026-06-29"), "until: found 2026-06-29, before first"),
        (("--slots", "25:00"), "found '25:00'; write a time of day"),
        (("--slots", "19:30@Toronto"), "did you mean America/Toronto?"),
        (("--duration", "0min"), "write a length from 1min"),
        (("--name", ""), "name"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(arguments: tuple[str, ...], said: str, office: Path) -> None:
    done = invoke("init", *arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (office / "plan.toml").exists()
