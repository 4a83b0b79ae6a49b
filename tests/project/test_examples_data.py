"""The files under examples/ say what their sources say; they are read raw here, with the standard library alone."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from paths import EXAMPLES

PLANS = {
    "mag-2020/plan.toml",
    "igf-2020/plan.toml",
    "nodejs-tsc/plan.toml",
    "nodejs-tsc/four-slots.toml",
    "patcg/plan.toml",
    "oci/plan.toml",
    "kubernetes/contributor-experience.toml",
    "kubernetes/sig-docs-apac.toml",
}
TEXTS = sorted(path for path in EXAMPLES.rglob("*") if path.suffix in {".toml", ".csv", ".md"})

# how the seats are shared out, and the zones that the roster has to have
SEATS = {"government": 20, "civil society": 10, "private sector": 10, "technical": 10}
REGIONS = {"African": 10, "Asia-Pacific": 10, "Eastern European": 8, "GRULAC": 8, "WEOG": 14}
NEEDED = {
    "Africa/Johannesburg",
    "Africa/Lagos",
    "America/La_Paz",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Yerevan",
    "Australia/Brisbane",
    "Australia/Melbourne",
    "Europe/Berlin",
    "Europe/Rome",
    "Pacific/Efate",
}

# number, the date held, the start in UTC, minutes: the record of 2020 as the example's README gives it
MAG_RECORD = [
    ("XI", date(2020, 6, 30), "20:00", 120),
    ("XII", date(2020, 7, 7), "15:00", 120),
    ("XIII", date(2020, 7, 21), "14:00", 120),
    ("XIV", date(2020, 8, 4), "20:00", 120),
    ("XV", date(2020, 8, 18), "15:00", 120),
    ("XVI", date(2020, 9, 8), "14:00", 60),
    ("XVII", date(2020, 9, 15), "20:00", 120),
    ("XVIII", date(2020, 9, 22), "15:00", 120),
    ("XIX", date(2020, 10, 6), "14:00", 120),
    ("XX", date(2020, 10, 20), "20:00", 120),
    ("XXI", date(2020, 10, 27), "12:00", 60),
]
MINUTES = {"1h": 60, "2h": 120}


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((EXAMPLES / name).read_text(encoding="utf-8"))


def seats() -> list[dict[str, str]]:
    with (EXAMPLES / "mag-2020" / "members.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tzdata_lines(*parts: str) -> list[str]:
    return resources.files("tzdata").joinpath(*parts).read_text(encoding="utf-8").splitlines()


def zones_named(value: object) -> Iterator[str]:
    """Every value of a key `zone`, at any depth of a plan."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "zone":
                yield inner
            else:
                yield from zones_named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from zones_named(inner)


def weeks(first: date, until: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(0, (until - first).days + 1, 7)]


def slots_by_held_turns(plan: dict[str, Any], dates: list[date]) -> list[tuple[date, dict[str, Any], dict[str, Any]]]:
    """The calls that are held, each with its slot and its exception: a cancelled date uses up no turn."""
    exceptions = {entry["date"]: entry for entry in plan.get("exceptions", [])}
    assert set(exceptions) <= set(dates), "an exception names no rule date"
    slots = plan["rotation"]["slots"]
    held = [day for day in dates if not exceptions.get(day, {}).get("cancel", False)]
    return [(day, slots[turn % len(slots)], exceptions.get(day, {})) for turn, day in enumerate(held)]


def test_every_plan_in_the_folder_is_one_that_is_tested() -> None:
    found = {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.toml")}

    assert found == PLANS


@pytest.mark.parametrize("name", sorted(PLANS))
def test_a_plan_is_toml_of_format_1_under_a_reserved_domain(name: str) -> None:
    plan = load(name)

    assert plan["format"] == 1
    assert plan["meeting"]["uid-domain"].endswith(".example.org")
    assert re.fullmatch(r"[A-Za-z0-9-]+", plan["meeting"]["id"])
    assert plan["schedule"]["first"] <= plan["schedule"]["until"]


def test_no_two_plans_could_write_the_same_uid() -> None:
    ids = [(load(name)["meeting"]["id"], load(name)["meeting"]["uid-domain"]) for name in PLANS]

    assert len(set(ids)) == len(PLANS)


@pytest.mark.parametrize("name", sorted(PLANS))
def test_a_plan_names_only_zones_that_tzdata_has(name: str) -> None:
    assert set(zones_named(load(name))) <= set(tzdata_lines("zones"))


@pytest.mark.parametrize("name", sorted(PLANS - {"mag-2020/plan.toml", "igf-2020/plan.toml"}))
def test_an_inline_roster_is_labelled_synthetic(name: str) -> None:
    members = load(name)["members"]

    assert len({member["id"] for member in members}) == len(members) > 0
    assert all(member["name"].startswith("Synthetic member ") for member in members)


def test_there_are_files_to_look_through() -> None:
    assert {path.suffix for path in TEXTS} == {".toml", ".csv", ".md"}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_a_text_holds_no_address_and_no_control_character(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")  # not read_text, which would hide a carriage return

    assert re.findall(r"@(?!(?:[a-z0-9-]+\.)*example\.org\b).*", text) == []
    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]", text) == []


@pytest.mark.parametrize("name", sorted(PLANS))
def test_the_readme_lists_each_plan_with_its_command(name: str) -> None:
    rows = [line for line in (EXAMPLES / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]

    assert len([row for row in rows if f"`mag-rotation calls examples/{name}" in row]) == 1


def test_the_mag_roster_has_fifty_seats_with_the_columns_of_the_format() -> None:
    rows = seats()

    assert list(rows[0]) == ["id", "zone", "name", "region", "stakeholder", "country", "roles", "lead"]
    assert len(rows) == len({row["id"] for row in rows}) == len({row["name"] for row in rows}) == 50
    assert all(None not in row and None not in row.values() for row in rows), "a row is too long or too short"


def test_the_mag_roster_is_labelled_synthetic_seat_by_seat() -> None:
    names = [f"Synthetic seat {number} ({row['stakeholder']})" for number, row in enumerate(seats(), start=1)]

    assert [row["name"] for row in seats()] == names


def test_the_mag_roster_keeps_the_quota_of_seats() -> None:
    assert Counter(row["stakeholder"] for row in seats()) == SEATS
    assert Counter(row["region"] for row in seats()) == REGIONS


def test_the_mag_roster_lives_in_the_zones_it_has_to() -> None:
    zones = {row["zone"] for row in seats()}

    assert zones <= set(tzdata_lines("zones"))
    assert zones >= NEEDED
    assert 35 <= len(zones) <= 40
    assert "Europe/Zurich" not in zones, "the secretariat holds no seat"


def test_a_seats_country_is_the_one_its_zone_lies_in() -> None:
    table = [line.split("\t") for line in tzdata_lines("zoneinfo", "zone.tab") if not line.startswith("#")]
    country_of = {row[2]: row[0] for row in table}

    assert [(row["id"], row["country"]) for row in seats() if country_of[row["zone"]] != row["country"]] == []


def test_the_seats_with_a_role_or_a_lead_are_where_the_record_has_them() -> None:
    special = {(row["zone"], row["roles"], row["lead"]) for row in seats() if row["roles"] or row["lead"]}

    assert special == {
        ("Africa/Johannesburg", "chair", ""),
        ("America/New_York", "captioner", ""),
        ("Australia/Brisbane", "", "90min"),
    }


def test_the_mag_plan_gives_the_record_of_2020() -> None:
    plan = load("mag-2020/plan.toml")
    first, until = plan["schedule"]["first"], plan["schedule"]["until"]
    assert (plan["rotation"]["advance"], plan["schedule"]["repeat"]) == ("held", "FREQ=WEEKLY")

    calls = [
        (change.get("to", day), slot["at"], MINUTES[change.get("duration", plan["meeting"]["duration"])])
        for day, slot, change in slots_by_held_turns(plan, weeks(first, until))
    ]
    calls += [(extra["date"], extra["at"], MINUTES[extra["duration"]]) for extra in plan["extras"]]

    assert sorted(calls) == [call[1:] for call in MAG_RECORD]
    assert all(day.weekday() == 1 for day, _, _ in calls)


def test_the_mag_plan_counts_from_eleven_and_numbers_its_extra() -> None:
    plan = load("mag-2020/plan.toml")

    assert plan["meeting"]["numbering"] == {"first": 11, "style": "roman", "count": "held"}
    assert [(extra["numbered"], extra["takes-turn"]) for extra in plan["extras"]] == [(True, False)]
    assert len(MAG_RECORD) == 21 - 11 + 1


def test_the_mag_readme_tells_the_same_table_with_a_mark_for_each_fact() -> None:
    text = (EXAMPLES / "mag-2020" / "README.md").read_text(encoding="utf-8")
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    rows = [row for row in table if re.fullmatch("[XVI]+", row[0])]

    told = [(row[0], row[1], row[3], row[5]) for row in rows]
    recorded = [(no, f"Tue {day.day} {day:%b}", at, f"{length // 60} h") for no, day, at, length in MAG_RECORD]
    assert told == recorded
    assert {mark for row in rows for mark in (row[2], row[4], row[6])} == {"S", "D", "A"}


def test_the_mag_phases_are_the_twelve_days_of_the_event_and_do_not_overlap() -> None:
    phases = load("mag-2020/plan.toml")["phases"]
    days = [
        day
        for phase in phases
        if phase.get("calls") is False
        for day in (phase["from"] + timedelta(days=n) for n in range((phase["to"] - phase["from"]).days + 1))
        if day.weekday() < 5
    ]

    assert len(days) == 5 + 7
    assert all(before["to"] < after["from"] for before, after in pairwise(phases))


def test_the_patcg_plan_goes_round_without_the_month_in_person() -> None:
    plan = load("patcg/plan.toml")
    assert (plan["rotation"]["advance"], plan["schedule"]["repeat"]) == ("held", "FREQ=MONTHLY;BYDAY=2TU")

    every_day = [date(2025, 1, 1) + timedelta(days=n) for n in range(365)]
    second_tuesdays = [day for day in every_day if day.weekday() == 1 and 8 <= day.day <= 14]
    labels = {day.month: slot["label"] for day, slot, _ in slots_by_held_turns(plan, second_tuesdays)}

    assert " ".join(labels.get(month, "-") for month in range(1, 13)) == "A B C A B C A B - C A B"


def test_the_oci_plan_covers_the_week_in_which_plain_fortnights_go_wrong() -> None:
    plan = load("oci/plan.toml")
    dates = weeks(plan["schedule"]["first"], plan["schedule"]["until"])
    wrong = [day for turn, day in enumerate(dates) if (turn % 2 == 0) != (day.isocalendar().week % 2 == 1)]

    assert plan["rotation"]["advance"] == "iso-week"
    assert [slot["label"] for slot in plan["rotation"]["slots"]] == ["odd week", "even week"]
    assert wrong == [day for day in dates if day >= date(2021, 1, 6)]
    assert date(2020, 12, 30) in dates


def test_the_sig_docs_rule_is_the_day_after_the_fourth_tuesday() -> None:
    schedule = load("kubernetes/sig-docs-apac.toml")["schedule"]
    rule = dict(part.split("=") for part in schedule["repeat"].split(";"))
    every_day = [schedule["first"] + timedelta(days=n) for n in range(366)]

    by_rule = [day for day in every_day if day.weekday() == 2 and str(day.day) in rule["BYMONTHDAY"].split(",")]
    fourth_tuesdays = [day for day in every_day if day.weekday() == 1 and 22 <= day.day <= 28]
    assert (rule["FREQ"], rule["BYDAY"], by_rule[0]) == ("MONTHLY", "WE", date(2020, 1, 29))
    assert by_rule == [day + timedelta(days=1) for day in fourth_tuesdays]


@pytest.mark.parametrize(
    ("name", "slots"),
    [
        ("nodejs-tsc/plan.toml", ["09:00", "16:00", "21:00"]),
        ("nodejs-tsc/four-slots.toml", ["WE 12:00", "WE 21:00", "TH 14:00", "TH 17:00"]),
        ("oci/plan.toml", ["08:00 America/Los_Angeles", "17:00 America/Los_Angeles"]),
        ("kubernetes/contributor-experience.toml", ["10:00 America/Los_Angeles", "07:30 UTC"]),
        ("patcg/plan.toml", ["06:00", "22:00", "13:00"]),
    ],
)
def test_a_plan_has_the_slots_of_its_source(name: str, slots: list[str]) -> None:
    written = [
        " ".join(slot[key] for key in ("weekday", "at", "zone") if key in slot)
        for slot in load(name)["rotation"]["slots"]
    ]

    assert written == slots


def test_the_summer_phase_of_the_tsc_begins_between_two_full_cycles() -> None:
    plan = load("nodejs-tsc/plan.toml")
    (phase,) = plan["phases"]
    dates = weeks(plan["schedule"]["first"], plan["schedule"]["until"])
    summer = [day for day in dates if phase["from"] <= day <= phase["to"]]

    assert [slot["at"] for slot in phase["slots"]] == ["13:00", "15:00", "19:00"]
    assert (summer[0], summer[-1]) == (date(2023, 4, 12), dates[-1])
    assert (len(dates) - len(summer)) % 3 == len(summer) % 3 == 0
    assert {day.weekday() for day in dates} == {2}
