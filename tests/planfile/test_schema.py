"""The declarations of plan keys, and the JSON Schema that is made from them.

Laws: every plan that loads fits the schema, and the schema refuses what can be refused by looking at one table alone;
every field of a value has one key.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import fields
from datetime import date, time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from conftest import Run
from mag_rotation.planfile import plan_schema, plan_template, tables
from mag_rotation.planfile.tables import Table, list_keys
from mag_rotation.programme import Rule
from paths import DATA, EXAMPLES

SCHEMA = json.loads(plan_schema())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
BROKEN = DATA / "broken"

REFUSED = re.split(
    r"\s+",
    """format_of_the_future section_unknown sections_of_the_wrong_kind items_of_the_wrong_kind meeting_missing
meeting_keys_missing meeting_key_unknown meeting_id_with_dots meeting_duration_a_number
meeting_duration_in_words meeting_margins_wrong meeting_organizer_a_text meeting_numbering_wrong
schedule_keys_missing schedule_key_unknown schedule_first_written_the_german_way schedule_first_an_iso_week
schedule_count_zero schedule_count_above_the_limit repeat_a_list repeat_in_words rotation_keys_missing
rotation_without_slots rotation_key_unknown rotation_start_zero rotation_advance_unknown slot_keys_missing
slot_key_unknown slot_at_wrong slot_weekday_in_full zone_a_number exception_keys_missing exception_key_unknown
exception_cancel_a_text extra_keys_missing extra_key_unknown phase_keys_missing phase_key_unknown
phase_without_slots night_key_unknown night_times_wrong burden_key_unknown curve_keys_missing curve_too_short
curve_too_long curve_with_wrong_points curve_a_text member_keys_missing member_key_unknown member_values_wrong
member_lists_wrong member_lists_no_lists member_stay_keys_missing roster_keys_missing roster_key_unknown
history_keys_missing carried_keys_missing programme_values_wrong programme_contradicts_itself
session_keys_missing session_values_wrong""",
)


def as_json(value: object) -> object:
    """A TOML value as an editor holds it against the schema: dates and times are texts."""
    match value:
        case dict():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case date() | time():
            return value.isoformat()
        case _:
            return value


def problems(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(as_json(tomllib.loads(text)))]


def test_the_schema_is_one_of_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)


def test_every_key_has_a_description_and_no_table_takes_others() -> None:
    for name, table in {"the plan": SCHEMA, **SCHEMA["$defs"]}.items():
        bare = [key for key, value in table["properties"].items() if not value.get("description")]
        assert (name, bare, table["additionalProperties"]) == (name, [], False)


def test_no_key_may_be_null_since_toml_has_no_null() -> None:
    assert "null" not in plan_schema()


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.toml")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_example_plan_fits(path: Path) -> None:
    assert problems(path.read_text("utf-8")) == []


def test_the_template_fits_with_and_without_what_it_has_in_comments() -> None:
    everything = "\n".join(line.removeprefix("# ") for line in plan_template().splitlines()[2:])

    assert problems(plan_template()) == problems(everything) == []


SHORT = {
    'slots = ["06:00", "14:00"]': True,
    'slots = ["06:00", { at = "14:00", label = "noon" }]': True,
    "slots = [06:00:00]": True,
    'slots = ["6:00"]': False,
    "slots = [6]": False,
    'slots = [{ label = "noon" }]': False,
}


@pytest.mark.parametrize("slots", SHORT)
def test_slots_may_be_starts_alone(slots: str) -> None:
    text = re.sub(r"(?ms)^slots = \[.*?^\]", slots, plan_template())

    assert slots in text
    assert (problems(text) == []) is SHORT[slots]


@pytest.mark.parametrize(
    ("rule", "fits"),
    [("daily", True), ("fortnightly", True), ("monthly", True), ("FREQ=DAILY", True), ("often", False)],
)
def test_a_rule_may_be_a_word(rule: str, fits: bool) -> None:
    assert (problems(plan_template().replace('repeat = "weekly"', f'repeat = "{rule}"')) == []) is fits


@pytest.mark.parametrize("name", REFUSED)
def test_what_one_table_shows_to_be_wrong_is_refused(name: str) -> None:
    assert problems((BROKEN / f"{name}.toml").read_text("utf-8"))


@pytest.mark.parametrize("length", ["2h", "90min", "1h30min", "PT2H", "P1DT1H1M", "P7D"])
def test_every_form_of_a_length_fits(length: str) -> None:
    assert problems(plan_template().replace('duration = "1h"', f'duration = "{length}"')) == []


@pytest.mark.parametrize("length", ["", "h", "P", "PT", "P1DT", "2 hours", "1.5h"])
def test_no_other_length_fits(length: str) -> None:
    assert len(problems(plan_template().replace('duration = "1h"', f'duration = "{length}"'))) == 1


def test_the_command_prints_the_schema_and_nothing_else(run: Run) -> None:
    done = run("schema")

    assert (done.returncode, done.stdout, done.stderr) == (0, plan_schema(), "")


# One declaration for each key.

MAKERS = [model for model in tables.Table.__subclasses__() if isinstance(model.makes, type) and model.makes is not dict]
ELSEWHERE = {"ProgrammeTable": {"sessions"}}
"""Fields of a value that other tables of the plan say."""


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_every_field_of_a_value_has_one_key(model: type[Table]) -> None:
    assert isinstance(model.makes, type)
    keys = [key.part.field if key.part else key.field for key in list_keys(model) if key.is_field]
    kept = {field.name for field in fields(model.makes) if field.init}

    assert set(keys) == kept - ELSEWHERE.get(model.__name__, set())
    assert len({key.name for key in list_keys(model) if key.is_field}) == len(keys)


def test_there_is_a_key_for_the_level_of_every_rule() -> None:
    assert [key.name for key in list_keys(tables.RulesTable)] == list(Rule)
