"""Plan files: TOML and CSV to a plan; a file with mistakes raises with all of them, each in its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from mag_rotation.errors import InvalidPlan, InvalidRoster, InvalidValue, MagRotationError, Mistake, UnreadableFile
from mag_rotation.files import read_file
from mag_rotation.limits import PLAN, SHEET
from mag_rotation.places import zone_name
from mag_rotation.plan import Plan, PlanSource
from mag_rotation.planfile.parsing import (
    parse_clock,
    parse_day,
    parse_meeting_id,
    parse_minutes,
    parse_text,
    parse_weekday,
    parse_window,
)
from mag_rotation.planfile.reader import (
    Place,
    Sections,
    build_attendance,
    build_carried,
    build_hours,
    build_members,
    build_programme,
    build_series,
    build_thresholds,
    parse_toml,
    read_sections,
)
from mag_rotation.planfile.sheets import RosterSheet, read_carried, read_history, read_roster, read_sessions
from mag_rotation.planfile.tables import CarriedTable, HistoryTable, PlanTable, SessionSketch, SessionTable
from mag_rotation.roster import Member

__all__ = [
    "MOST_MEMBERS",
    "load_plan",
    "parse_clock",
    "parse_day",
    "parse_meeting_id",
    "parse_minutes",
    "parse_text",
    "parse_weekday",
    "parse_window",
    "plan_files",
    "plan_schema",
    "plan_template",
    "read_members",
]

T = TypeVar("T")

MOST_MEMBERS = 100_000
"""The most members that a plan may have."""


def load_plan(path: Path | str) -> Plan:
    """Read a plan file and the CSV files it names.

    Raises :class:`UnreadableFile` when the plan cannot be opened, :class:`InvalidPlan` with all mistakes at once, and
    :class:`MissingExtra` when the plan asks for days off and the packages that know them are not installed.
    """
    plan_path = Path(path)
    return plan_from(plan_path, read_file(plan_path, PLAN))


def plan_from(plan_path: Path, data: bytes, sheets: Mapping[str, bytes] | None = None) -> Plan:
    """Return the plan that these bytes describe, as if they were the file at ``plan_path``.

    ``sheets`` are the bytes of files that are not there yet, by the names that the plan gives them. Raises what
    :func:`load_plan` raises of a file that can be opened.
    """
    given = sheets or {}

    def sheet(name: str) -> bytes:
        return given[name] if name in given else read_file(plan_path.parent / name, SHEET)

    parsed = parse_toml(data, plan_path.name)
    if parsed.mistakes and (problem := _find_other_kind(plan_path.name, data)):
        raise InvalidPlan([Mistake(place=plan_path.name, problem=problem)])
    if not parsed.data and parsed.mistakes:
        raise InvalidPlan(parsed.mistakes)
    mistakes = list(parsed.mistakes)
    sections = read_sections(parsed.data, mistakes)
    built = build_series(sections, mistakes) if parsed.is_sure else None
    hours = build_hours(sections, mistakes)
    thresholds = build_thresholds(sections, mistakes)
    seats = _roster_sheet(sheet, sections, mistakes)
    tables = [*(seats.rows if seats else ()), *((Place(path=path), table) for path, table in sections.members.items())]
    if len(tables) > MOST_MEMBERS:
        problem = f"found {len(tables)} members; a plan has at most {MOST_MEMBERS}"
        mistakes.append(Mistake(place="roster", problem=problem))
    members = build_members(tables, sections.curve_names, mistakes)
    stands = not sections.damaged & {"roster", "members"} and seats is not None
    ids = [table.id for _, table in tables if table.id is not None]
    known_ids = ids if stands and len(ids) == len(tables) else None
    history = build_attendance(_lines(sheet, sections.history, "history", read_history, mistakes), known_ids, mistakes)
    carried = build_carried(_lines(sheet, sections.carried, "carried", read_carried, mistakes), known_ids, mistakes)
    of_sessions: list[Mistake] = []
    programme = build_programme(sections, _session_tables(sheet, sections, of_sessions), known_ids, of_sessions)
    mistakes += sorted(of_sessions, key=_find_row)
    if mistakes or built is None:
        raise InvalidPlan(parsed.drop_uncertain(mistakes))
    return Plan(
        meeting=built.meeting,
        schedule=built.schedule,
        rotation=built.rotation,
        overrides=built.overrides,
        extras=built.extras,
        phases=built.phases,
        members=members,
        hours=hours,
        with_days_off=sections.days_off is not None,
        history=history,
        carried=carried,
        thresholds=thresholds,
        programme=programme,
        source=PlanSource(
            files=tuple(map(str, (plan_path, *_sheets(plan_path, sections)))),
            unread_columns=tuple(seats.unread if seats else ()),
            beside_roster=tuple(member.id for member in members[len(seats.rows) :]) if seats and seats.rows else (),
        ),
    )


_SPREADSHEET = "is a spreadsheet and no plan; 'mag-rotation roster {name} -o members.csv' makes a roster of it"
_OTHER_KINDS = {
    ".csv": "is a sheet and no plan; name it under [roster], [history], [carried] or [programme] of a plan",
    ".xlsx": _SPREADSHEET,
    ".ods": _SPREADSHEET,
    ".ics": "is a calendar and no plan; 'mag-rotation from-ics {name}' makes a plan of it",
    ".json": "is JSON and no plan; name the plan first",
}
"""What a file is that is no plan, by how it ends."""

_ROSTER = "is a roster and no plan; write --roster {name}, or name it under [roster] of a plan"
"""What a sheet is that has members in it."""


def _find_other_kind(name: str, data: bytes) -> str | None:
    """Return what a file is that is not TOML, and where it belongs; None if its name does not tell."""
    suffix = Path(name).suffix.lower()
    kind = _OTHER_KINDS.get(suffix)
    if suffix in {".csv", ".xlsx", ".ods"}:
        with suppress(MagRotationError):  # a damaged workbook, or one that a missing package would read
            kind = _ROSTER if read_roster(data, name, []).rows else kind
    return None if kind is None else kind.format(name=name)


def read_members(roster: Path | None, written: Iterable[str]) -> tuple[Member, ...]:
    """Return the members of a roster sheet, and those that are written as ``ID=ZONE``, without a plan.

    Raises :class:`InvalidRoster` with all mistakes at once, and :class:`UnreadableFile` for a file that cannot be read.
    """
    mistakes: list[Mistake] = []
    members: list[Member] = []
    if roster is not None:
        sheet = read_roster(read_file(roster, SHEET), roster.name, mistakes)
        if mistakes and not sheet.rows:
            hint = f"mag-rotation roster {roster.name} -o members.csv makes a roster of a spreadsheet"
            mistakes.append(Mistake(place=roster.name, problem=hint))
        members += build_members(sheet.rows, (), mistakes)
    for text in written:
        try:
            member = _parse_member(text)
        except MagRotationError as error:
            mistakes.append(Mistake(place=f"--member {text}", problem=str(error)))
            continue
        if any(member.id == other.id for other in members):
            problem = f"found {member.id!r} again; give each member an id of its own"
            mistakes.append(Mistake(place=f"--member {text}", problem=problem))
        members.append(member)
    if len(members) > MOST_MEMBERS:
        mistakes.append(Mistake(place="roster", problem=f"found {len(members)} members; give at most {MOST_MEMBERS}"))
    if mistakes:
        raise InvalidRoster(mistakes)
    return tuple(members)


def _parse_member(text: str) -> Member:
    """Return the member of a text such as ``ann=Europe/Zurich``."""
    id_, equals, zone = map(str.strip, text.partition("="))
    if not (id_ and equals and zone):
        raise InvalidValue(f"found {text!r}; write an id and a zone, such as ann=Europe/Zurich")
    return Member(id=parse_text(id_), zone=zone_name(zone))


def plan_files(plan: Plan) -> tuple[Path, ...]:
    """Return the files that a plan was read from, the plan file first; empty if it was built in code."""
    return tuple(map(Path, plan.source.files)) if plan.source else ()


def _sheets(plan: Path, sections: Sections) -> Iterable[Path]:
    """Return the CSV files that a plan names."""
    named = (sections.roster, sections.history, sections.carried, sections.programme)
    return (plan.parent / table.file for table in named if table is not None and table.file is not None)


def _lines(
    look: Callable[[str], bytes],
    table: HistoryTable | CarriedTable | None,
    key: str,
    read: Callable[[bytes, str, list[Mistake]], Iterator[T]],
    mistakes: list[Mistake],
) -> list[T]:
    """Return the lines of the sheet that a table names; empty if it is not there."""
    sheet = None if table is None else _beside(look, table.file, f"{key}.file", mistakes)
    return [] if table is None or sheet is None else list(read(sheet, Path(table.file).name, mistakes))


def _roster_sheet(look: Callable[[str], bytes], sections: Sections, mistakes: list[Mistake]) -> RosterSheet | None:
    """Return the members of the sheet that a plan names; empty if it names none; None if it could not be read."""
    if sections.roster is None:
        return RosterSheet(rows=())
    before = len(mistakes)
    name = sections.roster.file
    data = _beside(look, name, "roster.file", mistakes)
    if data is None:
        return None
    sheet = read_roster(data, Path(name).name, mistakes, sections.roster.groups)
    return sheet if sheet.rows or before == len(mistakes) else None  # mistakes and no row: it was not read


def _session_tables(
    look: Callable[[str], bytes], sections: Sections, mistakes: list[Mistake]
) -> list[tuple[Place, SessionTable | SessionSketch]]:
    """Return the sessions that a plan holds, or those of the sheet that it names; both are a mistake."""
    here: list[tuple[Place, SessionTable | SessionSketch]] = [
        (Place(path=path), table) for path, table in sections.sessions.items()
    ]
    name = sections.programme.file if sections.programme else None
    if name is None:
        return here
    if here:
        problem = f"found {name!r} beside [[sessions]]; write the sessions in one of the two"
        mistakes.append(Mistake(place="programme.file", problem=problem))
    sheet = _beside(look, name, "programme.file", mistakes)
    return here if sheet is None else [*here, *read_sessions(sheet, Path(name).name, mistakes)]


_ROW = re.compile(r" row ([0-9]+)", re.ASCII)


def _find_row(mistake: Mistake) -> int:
    """Return the row of a sheet that a mistake is in, 0 for one that is in none."""
    found = _ROW.search(mistake.place)
    return int(found[1]) if found else 0


def _beside(look: Callable[[str], bytes], name: str, place: str, mistakes: list[Mistake]) -> bytes | None:
    """Return the bytes of a file that a plan names, relative to the plan."""
    try:
        return look(name)
    except UnreadableFile as error:
        reason = f"{error.reason} It" if error.reason.endswith("?") else f"{error.reason}; it"
        mistakes.append(Mistake(place=place, problem=f"found {name!r}: {reason} is looked for beside the plan"))
        return None


def plan_schema() -> str:
    """Return the JSON Schema (draft 2020-12) of plan files, for editors."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **PlanTable.model_json_schema(by_alias=True)}
    return json.dumps(_without_null(schema), indent=2, ensure_ascii=False) + "\n"


def _without_null(schema: object) -> object:
    """Return the schema without null, which TOML does not have: a key without a value is left out."""
    match schema:
        case {"anyOf": [{**inner}, {"type": "null"}], **rest}:
            return _without_null(inner | rest)
        case {**keys}:
            return {key: _without_null(value) for key, value in keys.items() if value is not None}
        case _:
            return schema


def plan_template() -> str:
    """Return a commented plan that runs at once, to start from."""
    return (files("mag_rotation.planfile") / "template.toml").read_text("utf-8")
