"""Plan files: TOML and CSV to values, all mistakes at once.

Rule 1: this room opens the files that it is told to read, and no others.
Rule 2: whoever gets a :class:`Plan` gets a right one; what is wrong raises with every mistake in its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic_core import PydanticCustomError

from mag_rotation.calls import Call
from mag_rotation.errors import InvalidPlan, InvalidValue, Mistake, UnreadableFile
from mag_rotation.hours import Hours
from mag_rotation.night import NightReport, night_report
from mag_rotation.plan import fields
from mag_rotation.plan.build import build_attendance, build_hours, build_members, build_series
from mag_rotation.plan.oddities import call_oddities, plan_oddities
from mag_rotation.plan.reader import Sections, parse_toml, read_sections
from mag_rotation.plan.sheets import history_rows, roster_rows
from mag_rotation.plan.tables import MemberTable, PlanTable
from mag_rotation.roster import Attendance, Member
from mag_rotation.series import Meeting, Series

__all__ = ["MOST_MEMBERS", "Plan", "load_plan", "parse_day", "parse_minutes", "plan_schema", "plan_template"]

V = TypeVar("V")

MOST_MEMBERS = 100_000
"""The most members that a plan may have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One meeting series with its members, read and found right.

    ``calls`` are all calls of the series by start. ``time_warnings`` are sentences about the times of calls,
    ``warnings`` those and every other thing that is odd.
    """

    series: Series
    calls: tuple[Call, ...]
    roster: tuple[Member, ...]
    hours: Hours
    history: tuple[Attendance, ...]
    time_warnings: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def meeting(self) -> Meeting:
        """What all calls share."""
        return self.series.meeting

    def night(self, call: Call) -> NightReport:
        """Who is in the night at a call of this plan."""
        return night_report(
            start=call.start,
            minutes=call.minutes,
            meeting=self.meeting,
            roster=self.roster,
            hours=self.hours,
            call=call,
        )


def load_plan(path: Path | str) -> Plan:
    """Read a plan file and the CSV files it names.

    Raises :class:`UnreadableFile` when the plan cannot be opened, and :class:`InvalidPlan` with all mistakes at once.
    """
    plan_path = Path(path)
    mistakes: list[Mistake] = []
    data, broken = parse_toml(_read(plan_path), plan_path.name)
    if broken:
        raise InvalidPlan(broken)
    sections = read_sections(data, mistakes)
    built = build_series(sections, mistakes)
    hours = build_hours(sections, mistakes)
    curves_stand = "curves" not in sections.damaged
    tables, roster_stands = _members(plan_path, sections, mistakes)
    if len(tables) > MOST_MEMBERS:
        problem = f"found {len(tables)} members; a plan has at most {MOST_MEMBERS}"
        mistakes.append(Mistake(place="roster", problem=problem))
    roster = build_members(tables, hours, mistakes, curves_stand=curves_stand)
    history: tuple[Attendance, ...] = ()
    if sections.history:
        sheet = _beside(plan_path, sections.history.file, "history.file", mistakes)
        lines = list(history_rows(sheet, Path(sections.history.file).name, mistakes)) if sheet is not None else []
        history = build_attendance(lines, (table.id for _, table in tables) if roster_stands else None, mistakes)
    if mistakes or built is None:
        raise InvalidPlan(mistakes)
    series, calls = built
    return Plan(
        series=series,
        calls=calls,
        roster=roster,
        hours=hours,
        history=history,
        time_warnings=call_oddities(calls),
        warnings=plan_oddities(series, calls, roster, history),
    )


def _members(plan: Path, sections: Sections, mistakes: list[Mistake]) -> tuple[list[tuple[str, MemberTable]], bool]:
    """The members with their places, those of the sheet first, and whether no mistake hides any of them."""
    if sections.roster is None:
        return list(sections.members.items()), not sections.damaged & {"roster", "members"}
    before = len(mistakes)
    name = sections.roster.file
    sheet = _beside(plan, name, "roster.file", mistakes)
    rows = list(roster_rows(sheet, Path(name).name, mistakes)) if sheet is not None else []
    return [*rows, *sections.members.items()], before == len(mistakes) and "members" not in sections.damaged


def _read(path: Path) -> bytes:
    """The bytes of a file; raises :class:`UnreadableFile`."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        raise UnreadableFile(str(path), _reason(error)) from None


def _reason(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "no such file; check the path"
        case IsADirectoryError():
            return "is a directory; name the file in it"
        case PermissionError():
            return "may not be read; check its permissions"
        case _:
            words = error.strerror if isinstance(error, OSError) else str(error)
            return f"cannot be read: {words or error}"


def _beside(plan: Path, name: str, place: str, mistakes: list[Mistake]) -> bytes | None:
    """The bytes of a file that a plan names, relative to the plan."""
    try:
        return _read(plan.parent / name)
    except UnreadableFile as error:
        mistakes.append(
            Mistake(place=place, problem=f"found {name!r}: {error.reason}; it is looked for beside the plan")
        )
        return None


def plan_schema() -> str:
    """The JSON Schema (draft 2020-12) of plan files, for editors."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **PlanTable.model_json_schema(by_alias=True)}
    return json.dumps(_without_null(schema), indent=2, ensure_ascii=False) + "\n"


def _without_null(schema: object) -> object:
    """The schema without what speaks of null, which TOML does not have: a key that has no value is left out."""
    match schema:
        case {"anyOf": [{**inner}, {"type": "null"}], **rest}:
            return _without_null(inner | rest)
        case {**keys}:
            return {key: _without_null(value) for key, value in keys.items() if value is not None}
        case _:
            return schema


def plan_template() -> str:
    """A commented plan that runs at once, to start from."""
    return (files("mag_rotation.plan") / "template.toml").read_text("utf-8")


def parse_day(text: str) -> date:
    """A date written as in a plan; raises :class:`InvalidValue`.

    >>> parse_day("2020-09-08")
    datetime.date(2020, 9, 8)
    """
    return _value(fields.day, text)


def parse_minutes(text: str) -> int:
    """The minutes of a length written as in a plan, 1 to a week; raises :class:`InvalidValue`.

    >>> parse_minutes("1h30min"), parse_minutes("PT2H")
    (90, 120)
    """
    return _value(fields.duration(1), text)


def _value(read: Callable[[object], V], text: str) -> V:
    try:
        return read(text)
    except PydanticCustomError as error:
        raise InvalidValue(error.message()) from None
