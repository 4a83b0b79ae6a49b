"""What a plan can be asked: calls between dates, a member's nights, a night at any time, and what is odd about some.

Law: a plan answers with what the rooms below answer on its own roster, meeting and hours.
"""

from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from audiences import audience_of
from invoke import invoke
from mag_rotation import Plan, load_plan
from mag_rotation.errors import InvalidInstant
from mag_rotation.night import night_of, night_report, total_of
from mag_rotation.planfile import plan_files
from mag_rotation.roster import find_member
from paths import EXAMPLES

FOLDS = """
format = 1
[meeting]
id = "w"
name = "W"
uid-domain = "example.org"
duration = "1h"
[schedule]
first = 2020-10-18
repeat = "FREQ=WEEKLY"
count = 3
[rotation]
slots = [{ at = "02:30", zone = "Europe/Berlin" }]
[[members]]
id = "a"
zone = "Europe/Berlin"
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(EXAMPLES / "mag-2020" / "plan.toml")


@pytest.fixture
def folds(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(FOLDS, "utf-8")
    return path


def test_a_plan_names_the_files_it_was_read_from(plan: Plan, folds: Path) -> None:
    assert plan_files(plan) == (EXAMPLES / "mag-2020" / "plan.toml", EXAMPLES / "mag-2020" / "members.csv")
    assert plan_files(load_plan(folds)) == (folds,)


def test_between_goes_by_the_rule_date_and_holds_both_ends(plan: Plan) -> None:
    day = date(2020, 7, 14)

    assert plan.between() == plan.calls
    assert [call.date for call in plan.between(day, day)] == [day]
    assert {call.date for call in plan.between(first=day)} | {call.date for call in plan.between(last=day)} == {
        call.date for call in plan.calls
    }


def test_the_nights_of_a_member_are_those_of_the_calls_they_take_part_in(plan: Plan) -> None:
    seat = find_member(plan.members, "tec-08")
    pairs = plan.nights_of(seat, plan.calls)

    assert [call for call, _ in pairs] == list(plan.calls)
    assert all(
        night
        == night_of(
            seat, start=call.start, minutes=call.minutes, audience=audience_of([seat], plan.meeting, hours=plan.hours)
        )
        for call, night in pairs
    )


def test_the_night_at_a_time_is_as_long_as_the_meetings_calls_unless_told(plan: Plan) -> None:
    start = datetime(2020, 9, 15, 20, tzinfo=UTC)
    report = partial(night_report, start=start, audience=plan.audience)

    assert plan.night_at(start) == report(minutes=120)
    assert plan.night_at(start, 45) == report(minutes=45)
    with pytest.raises(InvalidInstant):
        plan.night_at(start.replace(tzinfo=None))


def test_every_member_of_a_report_has_the_night_they_have_alone(plan: Plan) -> None:
    """A report works out once what a call does to all who are alike."""
    for call in plan.calls:
        alone = {
            member.id: night_of(
                member,
                start=call.start,
                minutes=call.minutes,
                audience=audience_of([member], plan.meeting, hours=plan.hours),
            )
            for member in plan.members
        }
        assert {night.id: night for night in plan.night(call).members} == alone


def test_a_total_is_of_the_held_calls(plan: Plan) -> None:
    pairs = plan.nights_of(find_member(plan.members, "tec-08"), plan.calls)
    held = [night for call, night in pairs if call.is_held]
    total = total_of(pairs)

    assert len(held) < len(pairs)
    assert (total.calls, total.in_night) == (len(held), sum(night.in_night for night in held))
    assert total.burden == sum(night.burden for night in held)


def test_only_what_is_odd_about_the_listed_calls_is_said(folds: Path) -> None:
    twice = "the call of 2020-10-25: its wall time happens twice in Europe/Berlin; the first was taken"

    assert invoke("calls", folds, "-f", "json").document["warnings"] == [twice]
    for options in (["--to", "2020-10-24"], ["--from", "2020-10-26"], ["--from", "2020-10-26", "--member", "a"]):
        assert invoke("calls", folds, "-f", "json", *options).document["warnings"] == []


def test_warnings_that_a_sheet_of_records_has_no_place_for_are_said_on_stderr(folds: Path, tmp_path: Path) -> None:
    said = "warning: the call of 2020-10-25: its wall time happens twice in Europe/Berlin; the first was taken\n"
    night = ["night", folds, "--call", "2020-10-25"]

    assert invoke("calls", folds, "-f", "csv").err == said
    assert invoke(*night, "-f", "csv", "-o", tmp_path / "out.csv").err.startswith(said)
    assert [invoke("calls", folds, "-f", form).err for form in ("table", "markdown", "json")] == ["", "", ""]


def test_validate_has_its_warnings_in_the_records_and_says_them_once(folds: Path) -> None:
    done = invoke("validate", folds, "-f", "csv")

    assert done.err == ""
    assert "its wall time happens twice" in done.out
