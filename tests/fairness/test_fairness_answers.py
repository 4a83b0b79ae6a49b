"""``fairness`` on the command line: its JSON, its table, its sheet, its options.

Law: the keys of the JSON are pinned with their values; one may be added here, none may go.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from invoke import invoke
from mag_rotation.errors import InvalidHours
from mag_rotation.planfile import load_plan
from mag_rotation.report.fairness import SHARE_COLUMNS
from mag_rotation.zones import TZDATA_VERSION

PLAN = """
format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2020-01-06, repeat = "FREQ=WEEKLY", count = 4 }
rotation = { slots = [{ at = "23:00" }, { at = "04:00" }] }

[burden]
curve = "lark"

[curves.lark]
hours = [10, 10, 10, 10, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 8, 10, 10]

[curves.flat]
hours = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]

[[members]]
id = "a"
zone = "UTC"
name = "Seat A"
groups = { region = "Africa" }

[[members]]
id = "b"
zone = "America/Lima"
curve = "default"

[[members]]
id = "gone"
zone = "UTC"
left = 2019-01-01
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, "utf-8")
    return path


FAIRNESS_KEYS = ["calls", "curve", "worst", "total", "mean", "spread", "gini", "jain", "members", "by_group"]


def test_the_json_has_the_keys_of_the_contract(plan: Path) -> None:
    document = invoke("fairness", plan, "-f", "json").document

    assert document == {
        "meeting": "demo",
        "tzdata": TZDATA_VERSION,
        "calls": 4,
        "curve": "lark",
        "worst": 2160,
        "total": 3240,
        "mean": 1620.0,
        "spread": 1080,
        "gini": 1 / 6,
        "jain": 0.9,
        "members": [
            {
                "id": "a", "name": "Seat A", "burden": 2160, "attended_burden": None, "calls": 4,
                "burden_per_call": 540.0, "night_calls": 4, "longest_night_streak": 4, "best_possible": 0,
                "regret": 2160,
                "blocked_calls": 0,
            },
            {
                "id": "b", "name": "b", "burden": 1080, "attended_burden": None, "calls": 4,
                "burden_per_call": 270.0, "night_calls": 2, "longest_night_streak": 1, "best_possible": 0,
                "regret": 1080,
                "blocked_calls": 0,
            },
        ],
        "by_group": {"region": {"Africa": {"members": 1, "worst": 2160, "mean": 2160.0, "total": 2160}}},
        "sensitivity": [
            {"curve": "default", "worst_off": ["a"], "same_worst_off": True, "same_ranking": True},
            {"curve": "flat", "worst_off": ["b"], "same_worst_off": False, "same_ranking": False},
        ],
        "warnings": [],
        "warning_facts": [],
    }  # fmt: skip


def test_a_season_can_be_cut_by_rule_dates_both_ends_included(plan: Path) -> None:
    document = invoke("fairness", plan, "--from", "2020-01-13", "--to", "2020-01-20", "-f", "json").document

    assert (document["calls"], document["worst"]) == (2, 1080)
    assert invoke("fairness", plan, "--from", "2021-01-01", "-f", "json").document["members"] == []


def test_several_curves_give_one_document_each_in_the_order_asked_and_once(plan: Path) -> None:
    asked = ("--curve", "flat", "--curve", "default", "--curve", "flat")
    document = invoke("fairness", plan, *asked, "-f", "json").document
    curves = document["curves"]

    assert isinstance(curves, list)
    assert set(document) == {"meeting", "tzdata", "curves", "warnings", "warning_facts"}
    assert [found["curve"] for found in curves] == ["flat", "default"]
    assert all(set(found) == {*FAIRNESS_KEYS, "sensitivity"} for found in curves)
    # a is read by the curve asked for, b keeps their own
    assert [{one["id"]: one["burden"] for one in found["members"]} for found in curves] == [
        {"a": 240, "b": 1080},
        {"a": 2040, "b": 1080},
    ]


def test_one_curve_asked_for_is_what_if_and_stands_alone(plan: Path) -> None:
    assert invoke("fairness", plan, "--curve", "flat", "-f", "json").document["curve"] == "flat"


def test_an_unknown_curve_is_refused_and_the_known_ones_are_named(plan: Path) -> None:
    done = invoke("fairness", plan, "--curve", "latin")

    assert (done.code, done.out) == (2, "")
    assert "found 'latin'; the curves of this plan are default, flat, lark" in done.err
    with pytest.raises(InvalidHours):
        load_plan(plan).fairness(curve="latin")


def test_the_table_says_who_has_borne_the_most_and_whether_that_survives(plan: Path) -> None:
    lines = invoke("fairness", plan).lines

    assert lines[:7] == [
        "Demo: who has borne what",
        (
            "a has borne the most: 3.6 night-hours in 4 calls, 4 of them in the night; at best it could have been 0.0 "
            "night-hours."
        ),
        (
            "A night-hour is as much as an hour of a call at the worst time of night: 10 points by the curve 'lark', "
            "600 point-minutes in JSON and CSV."
        ),
        "4 calls under the curve 'lark': worst 3.6 h, mean 2.7 h, total 5.4 h, spread 1.8 h, Gini 0.167, Jain 0.900.",
        "Under the curve 'default': the same ranking, the same members worst off.",
        "Under the curve 'flat': another ranking, b worst off.",
        "",
    ]
    assert lines[7].split() == ["member", "name", "burden", "calls", "per", "call", "nights", "in", "a", "row", "best",
                                "regret"]  # fmt: skip


def test_two_ledgers_stand_apart(plan: Path) -> None:
    lines = invoke("fairness", plan, "--curve", "flat", "--curve", "lark").lines
    second = next(index for index, line in enumerate(lines) if "'lark': worst" in line)

    assert lines[second - 3] == ""
    assert lines[second - 2].startswith("a has borne the most: 3.6 night-hours")
    assert "1 point by the curve 'flat', 60 point-minutes" in lines[2]


@pytest.mark.parametrize(
    ("season", "said"),
    [
        pytest.param(["--from", "2021-01-01"], "Nobody has borne anything.", id="no calls"),
        pytest.param(
            ["--to", "2020-01-06", "--curve", "flat"],
            "b has borne the most: 2.0 night-hours in 1 call, ",
            id="one call",
        ),
    ],
)
def test_the_sentence_about_the_worst_off_fits_what_there_is(plan: Path, season: list[str], said: str) -> None:
    assert any(line.startswith(said) for line in invoke("fairness", plan, *season).lines)


def test_those_who_bear_the_most_together_are_named_together(plan: Path) -> None:
    plan.write_text(PLAN.replace('curve = "default"', 'curve = "lark"').replace("America/Lima", "Europe/London"))

    assert "a and b have borne the most: 3.6 night-hours each." in invoke("fairness", plan).lines


def test_attendance_has_a_column_where_it_is_known(plan: Path) -> None:
    plan.write_text(PLAN + '\n[history]\nfile = "seen.csv"\n')
    plan.with_name("seen.csv").write_text("date,member,attended\n2020-01-06,a,yes\n")
    rows = [line.split() for line in invoke("fairness", plan).lines]

    assert ["a", "Seat", "A", "3.6", "h", "1.0", "h", "4", "0.9", "h", "4", "4", "0.0", "h", "3.6", "h"] in rows
    assert ["b", "b", "1.8", "h", "-", "4", "0.5", "h", "2", "1", "0.0", "h", "1.8", "h"] in rows


def test_the_sheet_for_spreadsheets_has_one_row_a_member_and_curve(plan: Path) -> None:
    done = invoke("fairness", plan, "--curve", "flat", "--curve", "lark", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))

    assert list(rows[0]) == ["curve", *(column.key for column in SHARE_COLUMNS), "tzdata"]
    assert [(row["curve"], row["id"], row["regret"]) for row in rows] == [
        ("flat", "b", "1080"), ("flat", "a", "0"), ("lark", "a", "2160"), ("lark", "b", "1080"),
    ]  # fmt: skip


@pytest.mark.usefixtures("days_off_packages")
def test_days_off_are_charged_by_the_ledger_as_by_the_night_report_and_their_sources_are_named(plan: Path) -> None:
    # four Sundays, India's whole weekend; the last of them is Republic Day
    text = PLAN.replace("first = 2020-01-06", "first = 2020-01-05")
    text = (
        text.replace('region = "Africa"', 'country = "IN"') + "\n[days-off]\nweekend-points = 3\nholiday-points = 7\n"
    )
    plan.write_text(text)
    found = load_plan(plan)
    nights = [night for call in found.calls for night in found.night(call).members]
    sums = {member: sum(night.burden for night in nights if night.id == member) for member in ("a", "b")}
    document = invoke("fairness", plan, "-f", "json").document
    judged = found.check(found.calls[-1].start)

    assert {share.id: share.burden for share in found.fairness().members} == sums
    assert sums["a"] == 2160 + 3 * 60 * 3 + 60 * 7
    assert {share.id: share.burden for share in judged.after.members} == sums
    assert document["days_off"] == invoke("check", plan, "--at", "2020-02-01T12:00Z", "-f", "json").document["days_off"]
    assert "Days off: babel" in invoke("fairness", plan).lines[-1]
    assert invoke("fairness", plan, "-f", "csv").lines[0].endswith(",tzdata,babel,holidays")
