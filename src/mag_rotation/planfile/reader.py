"""A plan file read: the bytes to a TOML document, to tables, to values, with every mistake in its place.

A table or a value with a mistake is left out and the others are still read and checked, so that one run finds all
mistakes. Nothing is opened here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from mag_rotation.calls import assign_extra_places, check_series
from mag_rotation.errors import InvalidProgramme, InvalidSeries, Mistake, is_control
from mag_rotation.hours import Curve, Hours, Window
from mag_rotation.limits import PLAN, SUGGESTED, find_nearest, find_toml_problem
from mag_rotation.plan import calls_of, find_season_mistakes
from mag_rotation.plan.groups import column_key
from mag_rotation.planfile.fields import Hints, list_names, read_format, show, suggest_nearest
from mag_rotation.planfile.tables import (
    LIST_SECTIONS,
    SECTIONS,
    AttendanceLine,
    BurdenTable,
    CarriedLine,
    CarriedTable,
    CurveTable,
    DaysOffTable,
    DutySketch,
    DutyTable,
    ExceptionTable,
    ExtraTable,
    HistoryTable,
    MeetingTable,
    MemberSketch,
    MemberTable,
    NightTable,
    PhaseTable,
    PlanTable,
    ProgrammeTable,
    RosterTable,
    RotationTable,
    ScheduleTable,
    SessionSketch,
    SessionTable,
    StaySketch,
    StayTable,
    Table,
    VerdictTable,
    find_inner_table,
    make_value,
)
from mag_rotation.programme import Programme, Session, schedule_sessions
from mag_rotation.roster import Attendance, Carried, Member, MemberId
from mag_rotation.series import Extra, Meeting, Override, Phase, Rotation, Schedule, Series, check_phases

__all__ = [
    "MOST_LEVELS",
    "Parsed",
    "Place",
    "Sections",
    "build_attendance",
    "build_carried",
    "build_hours",
    "build_members",
    "build_programme",
    "build_series",
    "build_thresholds",
    "find_control_characters",
    "is_too_deep",
    "parse_toml",
    "read_member",
    "read_sections",
    "read_session",
    "read_table",
]

MOST_LEVELS = 16
"""How deep tables and lists may be nested; a plan has six levels."""

if TYPE_CHECKING:
    from mag_rotation.fairness import Thresholds
    from mag_rotation.planfile.syntax import Mended

T = TypeVar("T", bound=Table)
V = TypeVar("V")

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_DIGITS = re.compile(r"[0-9][0-9_]{4000,}", re.ASCII)
_TOO_DEEP = f"found lists or tables nested more than {MOST_LEVELS} deep; a plan has six levels"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """The document of a plan, and the mistakes in its TOML.

    Where there are mistakes, ``data`` is what the text says once they are mended, as far as it can be guessed, and
    ``mended`` says how far that goes; it is empty where nothing could be read.
    """

    data: dict[str, object]
    mistakes: tuple[Mistake, ...] = ()
    mended: Mended | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the document says what was meant, so that its parts can be held against each other."""
        return self.mended is None or (self.mended.is_sure and self.mended.is_whole)

    def drop_uncertain(self, mistakes: Sequence[Mistake]) -> list[Mistake]:
        """Return the mistakes without those that only follow from a part that could not be corrected."""
        if self.mended is None:
            return list(mistakes)
        touched = tuple(_format_path("", path) for path in self.mended.touched)
        return [
            one
            for one in mistakes
            if not any(one.place == path or one.place.startswith((f"{path}.", f"{path}[")) for path in touched)
            and (self.mended.is_whole or not one.problem.startswith("missing; "))
        ]


def parse_toml(data: bytes, name: str) -> Parsed:
    """Return the document, or the mistakes of size, encoding and syntax that prevent reading it."""
    text, problem = _decode(data)
    if problem:
        return _refuse(name, problem)
    try:
        document = tomllib.loads(text)
    except RecursionError:
        return _refuse(name, _TOO_DEEP)
    except tomllib.TOMLDecodeError:
        return _mend(text, name)
    except ValueError:  # Python refuses to read the number, and does not say where it stands
        digits = _DIGITS.search(text)
        start = digits.start() if digits else 0
        line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
        where = f"line {line}, column {column}"
        return _refuse(name, f"{where}: found a number of thousands of digits; a plan needs six at most")
    return _refuse(name, _TOO_DEEP) if is_too_deep(document) else Parsed(data=document)


def _decode(data: bytes) -> tuple[str, str | None]:
    """Return the text of a plan, or the mistake that prevents decoding it."""
    if problem := PLAN.find_problem(len(data)):
        return "", problem
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", f"found a byte that is not UTF-8 in line {line}; save the file with the encoding UTF-8"
    return text, find_toml_problem(text)


def _refuse(name: str, problem: str) -> Parsed:
    return Parsed(data={}, mistakes=(Mistake(place=name, problem=problem),))


def _mend(text: str, name: str) -> Parsed:
    """Return the document of a text that is not TOML, after its mistakes are provisionally corrected."""
    from mag_rotation.planfile.syntax import mend_toml  # noqa: PLC0415 - for wrong texts only

    mended = mend_toml(text, name)
    document = mended.document or {}
    return Parsed(data={} if is_too_deep(document) else document, mistakes=mended.mistakes, mended=mended)


def is_too_deep(data: dict[str, object]) -> bool:
    """Return whether values are nested deeper than in any plan. The depth is unlimited, so this is no recursion."""
    level: list[object] = [data]
    for _ in range(MOST_LEVELS):
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return bool(level)


def find_control_characters(value: object, place: str) -> Iterator[Mistake]:
    """Yield every text below ``value`` that holds a control character other than newline and tab."""
    match value:
        case str() if value.isprintable():
            return
        case str():
            wrong = sorted(set(filter(is_control, value)) - {"\n", "\t"})
            if wrong:
                codes = ", ".join(f"U+{ord(letter):04X}" for letter in wrong)
                yield Mistake(
                    place=place,
                    problem=f"found control character {codes}; delete it, texts hold no others than newlines and tabs",
                )
        case Mapping():
            for key, inner in value.items():
                inside = _format_path(place, [key])
                yield from find_control_characters(key, inside)
                yield from find_control_characters(inner, inside)
        case list():
            for index, inner in enumerate(value):
                yield from find_control_characters(inner, _format_path(place, [index]))


def _format_path(prefix: str, loc: Sequence[str | int]) -> str:
    """Return a location as a path such as ``rotation.slots[1].zone``; keys that TOML quotes are quoted."""
    path = prefix
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            key = part if _BARE.fullmatch(part) else repr(part)
            path += f".{key}" if path else key
    return path


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The place of a table: a ``path`` of the plan, or a ``row`` of a sheet.

    >>> Place(path="members[1]").of("stays", 0, "to"), Place(path="members.csv row 7", row=True).of("roles", 0)
    ('members[1].stays[0].to', 'members.csv row 7, column roles')
    """

    path: str
    row: bool = False

    def __str__(self) -> str:
        return self.path

    def of(self, *loc: str | int) -> str:
        """Return the place of a key of the table; in a sheet, that of the column."""
        return f"{self.path}, column {loc[0]}" if self.row and loc else _format_path(self.path, loc)


def _find_table(model: type[Table], loc: Sequence[str | int]) -> type[Table]:
    """Return the table class that holds the last part of a location."""
    for part in loc[:-1]:
        field_ = next((info for info in model.model_fields.values() if info.alias == part), None)
        model = (field_ and find_inner_table(field_.annotation)) or model
    return model


def _describe_error(model: type[Table], error: ErrorDetails) -> str:
    """Return the message for an error of pydantic."""
    loc, found = error["loc"], error["input"]
    table = _find_table(model, loc)
    known = {info.alias or "": info.description or "" for info in table.model_fields.values()}
    last = str(loc[-1]) if loc else ""
    match error["type"]:
        case "missing":
            problem = f"missing; write {known.get(last, last)}"
        case "extra_forbidden":
            problem = f"unknown key; {suggest_nearest(last, known) or _tell_section(last)}{_list_keys(known)}"
        case "refused":
            problem = str(error["msg"])
        case "too_short":
            problem = f"found an empty list; write {known.get(last, 'at least one')}"
        case "list_type":
            problem = f"found {show(found)}; write a list: {known.get(last, last)}"
        case "model_type" | "dict_type":
            keys = ", ".join(info.alias or "" for info in (_find_inner(table, last) or table).model_fields.values())
            problem = f"found {show(found)}; write a table with the keys {keys}"
        case _:
            problem = f"found {show(found)}; {error['msg'][:1].lower()}{error['msg'][1:]}"
    return problem


def _list_keys(known: Collection[str]) -> str:
    return f"the keys here are {', '.join(known)}" if len(known) > 1 else f"the only key here is {', '.join(known)}"


def _tell_section(key: str) -> str:
    """Say where a key belongs that is a table of the plan or a key of another one; empty for all others."""
    if key in SECTIONS:
        return f"it is a table of the plan: write {_head_of(key)}, or {key} = ... above the first [table]; "
    inner = {info.alias or "": find_inner_table(info.annotation) for info in PlanTable.model_fields.values()}
    owners = [
        _head_of(section)
        for section, table in inner.items()
        if table and key in {info.alias for info in table.model_fields.values()}
    ]
    return f"{key} is a key of {' and '.join(owners)}; " if 0 < len(owners) <= _MOST_OWNERS else ""


_MOST_OWNERS = 2
"""The most tables that are named as the place of a key."""


def _head_of(section: str) -> str:
    """Return the line that begins a table of the plan."""
    return f"[[{section}]]" if section in LIST_SECTIONS else f"[{section}]"


def _find_inner(table: type[Table], key: str) -> type[Table] | None:
    """Return the table class of a key; None if the key holds no table."""
    info = next((info for info in table.model_fields.values() if info.alias == key), None)
    return find_inner_table(info.annotation) if info else None


def read_table(
    model: type[T], data: object, place: Place, mistakes: list[Mistake], *, salvage: bool = False
) -> T | None:
    """Read one table; None if it has mistakes, which are added to ``mistakes``.

    With ``salvage`` keys that are wrong and may be left out are left out, so that the others are still judged.
    """
    try:
        return model.model_validate(data, context=Hints(SUGGESTED - len(mistakes)))
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
    mistakes.extend(
        Mistake(place=place.of(*detail["loc"]), problem=_describe_error(model, detail)) for detail in details
    )
    required = {info.alias for info in model.model_fields.values() if info.is_required()}
    wrong = {detail["loc"][0] for detail in details if detail["loc"]}
    if not salvage or not isinstance(data, Mapping) or wrong & required:
        return None
    return model.model_validate({key: value for key, value in data.items() if key not in wrong})


def read_member(data: object, place: Place, mistakes: list[Mistake]) -> MemberTable | MemberSketch:
    """Read one member; with mistakes, which are added to ``mistakes``, only the keys that can still be judged."""
    table = read_table(MemberTable, data, place, mistakes)
    return MemberSketch.model_validate(data if isinstance(data, Mapping) else {}) if table is None else table


def read_session(data: object, place: Place, mistakes: list[Mistake]) -> SessionTable | SessionSketch:
    """Read one session; with mistakes, which are added to ``mistakes``, only the keys that can still be judged."""
    table = read_table(SessionTable, data, place, mistakes)
    return SessionSketch.model_validate(data if isinstance(data, Mapping) else {}) if table is None else table


@dataclass(frozen=True, kw_only=True, slots=True)
class Sections:
    """The tables of a plan that are right by themselves; what has mistakes is missing and named in ``damaged``.

    Lists of tables are given by place, curves by name. ``curve_names`` are those of all curves, damaged ones too; None
    where nobody can tell them. A member or a session with mistakes is a sketch.
    """

    meeting: MeetingTable | None
    schedule: ScheduleTable | None
    rotation: RotationTable | None
    exceptions: dict[str, ExceptionTable]
    extras: dict[str, ExtraTable]
    phases: dict[str, PhaseTable]
    night: NightTable
    burden: BurdenTable
    verdict: VerdictTable | None
    days_off: DaysOffTable | None
    curves: dict[str, CurveTable]
    curve_names: tuple[str, ...] | None
    roster: RosterTable | None
    members: dict[str, MemberTable | MemberSketch]
    history: HistoryTable | None
    carried: CarriedTable | None
    programme: ProgrammeTable | None
    sessions: dict[str, SessionTable | SessionSketch]
    damaged: frozenset[str]


class _Document:
    """A parsed plan and the mistakes found in it so far."""

    def __init__(self, data: Mapping[str, object], mistakes: list[Mistake]) -> None:
        self.data, self.mistakes = data, mistakes
        self.damaged: set[str] = set()

    def refuse(self, key: str, problem: str) -> None:
        self.mistakes.append(Mistake(place=_format_path("", [key]), problem=problem))
        self.damaged.add(key)

    def one(self, model: type[T], key: str) -> T | None:
        """Read the table of that name; None if it is missing or wrong."""
        if key not in self.data:
            return None
        return self._read(model, self.data[key], key, key)

    def read_list(self, model: type[T], key: str, *, salvage: bool = False) -> dict[str, T]:
        """Return the tables of a list, by place."""
        places = self._items(key).items()
        tables = {place: self._read(model, value, place, key, salvage=salvage) for place, value in places}
        return {place: table for place, table in tables.items() if table is not None}

    def members(self) -> dict[str, MemberTable | MemberSketch]:
        """Return the members, by place."""
        places = self._items("members").items()
        return {place: read_member(value, Place(path=place), self.mistakes) for place, value in places}

    def sessions(self) -> dict[str, SessionTable | SessionSketch]:
        """Return the sessions, by place."""
        places = self._items("sessions").items()
        return {place: read_session(value, Place(path=place), self.mistakes) for place, value in places}

    def _items(self, key: str) -> dict[str, object]:
        """Return the items of a list, by place."""
        found = self.data.get(key, [])
        if not isinstance(found, list):
            self.refuse(key, f"found {show(found)}; write each one as a table under [[{key}]]")
            return {}
        return {_format_path(key, [index]): value for index, value in enumerate(found)}

    def read_named(self, model: type[T], key: str) -> dict[str, T]:
        """Return the tables of a table, by name."""
        found = self.data.get(key, {})
        if not isinstance(found, dict):
            self.refuse(key, f"found {show(found)}; write each one as a table under [{key}.NAME]")
            return {}
        tables = {name: self._read(model, value, _format_path(key, [name]), key) for name, value in found.items()}
        return {name: table for name, table in tables.items() if table is not None}

    def _read(self, model: type[T], value: object, place: str, key: str, *, salvage: bool = False) -> T | None:
        table = read_table(model, value, Place(path=place), self.mistakes, salvage=salvage)
        if table is None:
            self.damaged.add(key)
        return table


def read_sections(data: Mapping[str, object], mistakes: list[Mistake]) -> Sections:
    """Read every section of a plan by itself, so that a mistake in one hides none in another."""
    document = _Document(data, mistakes)
    mistakes.extend(find_control_characters(data, ""))
    known = [info.alias or "" for info in PlanTable.model_fields.values()]
    for key in data:
        if key not in known:
            hint = suggest_nearest(key, known) or _tell_section(key)
            document.refuse(key, f"unknown key; {hint}{_list_keys(known)}")
            document.damaged.update(find_nearest(key, known))  # what was meant for it is not there
    for key, info in PlanTable.model_fields.items():
        if info.is_required() and key not in data:
            what = "" if find_inner_table(info.annotation) is None else f"a table [{key}]: "
            document.refuse(key, f"missing; write {what}{info.description}")
    if "format" in data:
        try:
            read_format(data["format"])
        except PydanticCustomError as error:
            document.refuse("format", error.message())
    curves = data.get("curves", {})
    curve_names = tuple(map(str, curves)) if isinstance(curves, dict) and "curves" not in document.damaged else None
    return Sections(
        meeting=document.one(MeetingTable, "meeting"),
        schedule=document.one(ScheduleTable, "schedule"),
        rotation=document.one(RotationTable, "rotation"),
        exceptions=document.read_list(ExceptionTable, "exceptions", salvage=True),
        extras=document.read_list(ExtraTable, "extras"),
        phases=document.read_list(PhaseTable, "phases"),
        night=document.one(NightTable, "night") or NightTable(),
        burden=document.one(BurdenTable, "burden") or BurdenTable(),
        verdict=document.one(VerdictTable, "verdict"),
        days_off=document.one(DaysOffTable, "days-off"),
        curves=document.read_named(CurveTable, "curves"),
        curve_names=curve_names,
        roster=document.one(RosterTable, "roster"),
        members=document.members(),
        history=document.one(HistoryTable, "history"),
        carried=document.one(CarriedTable, "carried"),
        programme=document.one(ProgrammeTable, "programme"),
        sessions=document.sessions(),
        damaged=frozenset(document.damaged),
    )


# Tables to values: what needs two tables to be checked is checked here.

_OF_SERIES = {"meeting", "schedule", "rotation", "exceptions", "extras", "phases"}


def build_series(sections: Sections, mistakes: list[Mistake]) -> Series | None:
    """Build the series; None if a mistake prevents it.

    Dates of exceptions are judged as soon as the rule and the phases stand, whatever else is wrong.
    """
    before = len(mistakes)
    meeting = make_value(Meeting, sections.meeting, "meeting", mistakes) if sections.meeting else None
    schedule = make_value(Schedule, sections.schedule, "schedule", mistakes) if sections.schedule else None
    rotation = make_value(Rotation, sections.rotation, "rotation", mistakes) if sections.rotation else None
    overrides = _make_values(Override, sections.exceptions, mistakes)
    extras = _make_values(Extra, sections.extras, mistakes)
    phases = _make_values(Phase, sections.phases, mistakes)
    if "extras" not in sections.damaged and len(extras) == len(sections.extras):
        try:
            assign_extra_places(extras.values())
        except InvalidSeries as error:
            mistakes.extend(error.mistakes)
    whole = len(mistakes) == before and not sections.damaged & _OF_SERIES
    try:
        if whole and meeting and schedule and rotation:
            series = Series(
                meeting=meeting,
                schedule=schedule,
                rotation=rotation,
                overrides=tuple(overrides.values()),
                extras=tuple(extras.values()),
                phases=tuple(phases.values()),
            )
            mistakes.extend(find_season_mistakes(series, calls_of(series)))
            return None if len(mistakes) > before else series
        if "phases" not in sections.damaged and len(phases) == len(sections.phases):
            check_phases(tuple(phases.values()), rotation)
            if schedule:
                check_series(schedule, rotation, tuple(phases.values()), overrides.items())
    except InvalidSeries as error:
        mistakes.extend(error.mistakes)
    return None


def _make_values(make: Callable[..., V], tables: Mapping[str, Table], mistakes: list[Mistake]) -> dict[str, V]:
    """Return the values of a list of tables by place; those that contradict themselves are left out."""
    made = {place: make_value(make, table, place, mistakes) for place, table in tables.items()}
    return {place: value for place, value in made.items() if value is not None}


def build_hours(sections: Sections, mistakes: list[Mistake]) -> Hours:
    """Return the night and the curves of a plan."""
    night = Window(sections.night.start, sections.night.end)
    if sections.night.start == sections.night.end:
        mistakes.append(
            Mistake(place="night.to", problem=f"found {night}; a night is shorter than a day, so write another time")
        )
    curves = {name: Curve(table.hours) for name, table in sections.curves.items() if name != "default"}
    names = sections.curve_names
    if "default" in (names or ()):
        problem = "the name is reserved for the published curve; give yours another name"
        mistakes.append(Mistake(place="curves.default", problem=problem))
    curve = sections.burden.curve
    if unknown := _judge_curves(names)(curve):
        mistakes.append(Mistake(place="burden.curve", problem=unknown))
    off = sections.days_off or DaysOffTable()
    return Hours(
        night=night,
        curve=curve if curve in curves else "default",
        curves=curves,
        weekend_points=off.weekend_points,
        holiday_points=off.holiday_points,
    )


def build_thresholds(sections: Sections, mistakes: list[Mistake]) -> Thresholds | None:
    """Build the thresholds of a verdict; None if the plan has none, or contradicts itself."""
    table = sections.verdict
    if table is None:
        return None
    from mag_rotation.fairness import Thresholds  # noqa: PLC0415 - brings numpy, which few plans need

    falling = [
        Mistake(place=f"verdict.{key}", problem=f"found {poor}, less than {low}; write {low} or more")
        for key, low, poor in (
            ("poor-share", table.acceptable_share, table.poor_share),
            ("poor-streak", table.acceptable_streak, table.poor_streak),
        )
        if poor < low
    ]
    mistakes.extend(falling)
    return None if falling else Thresholds(**table.model_dump())


def _judge_names(names: Iterable[str] | None, right: str) -> Callable[[str], str | None]:
    """Return the mistake of a name that is not among ``names``; None if it is, or if ``names`` are unknown.

    The nearest name is looked for a few times only, since that takes time.
    """
    known = None if names is None else dict.fromkeys(names)
    hints = dict[str, str]()

    def problem(found: str) -> str | None:
        if known is None or found in known:
            return None
        if found not in hints and len(hints) < SUGGESTED:
            hints[found] = suggest_nearest(found, known) or suggest_nearest(column_key(found), known)
        return f"found {show(found)}; {hints.get(found, '')}{right}"

    return problem


def _judge_curves(curves: Iterable[str] | None) -> Callable[[str], str | None]:
    """Return the mistake of an unknown curve; None if it is known, or if the curves are unknown."""
    known = None if curves is None else list(dict.fromkeys(["default", *curves]))
    if known == ["default"]:
        return _judge_names(known, "this plan has no curve but 'default', add yours as a table under [curves]")
    return _judge_names(known, f"the curves of this plan are {list_names(known or ())}")


def build_members(
    tables: Iterable[tuple[Place, MemberTable | MemberSketch]], curves: Iterable[str] | None, mistakes: list[Mistake]
) -> tuple[Member, ...]:
    """Return the members in the order of the plan, ids given once, curves known; those with mistakes are left out.

    ``curves`` are the names in the plan; None if they are unknown, and then curves are not judged.
    """
    members: list[Member] = []
    seen: dict[str, Place] = {}
    unknown_curve = _judge_curves(curves)
    for place, table in tables:
        if table.id is not None and seen.setdefault(table.id, place) != place:
            problem = f"found {table.id!r} again, as in {seen[table.id]}; give each member an id of its own"
            mistakes.append(Mistake(place=place.of("id"), problem=problem))
        if table.curve is not None and (unknown := unknown_curve(table.curve)):
            mistakes.append(Mistake(place=place.of("curve"), problem=unknown))
        contradictions = [
            Mistake(place=place.of(*where), problem=problem) for where, problem in _find_contradictions(table)
        ]
        mistakes.extend(contradictions)
        if isinstance(table, MemberTable) and not contradictions:
            member = make_value(Member, table, place.path, mistakes)
            members += [member] if member else []
    return tuple(members)


def _find_contradictions(table: MemberTable | MemberSketch) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the dates of a member that contradict each other: their place below the member, and the problem."""
    if table.joined and table.left and table.left < table.joined:
        yield ("left",), f"found {table.left}, before joined; write {table.joined} or a later day"
    begun: dict[date, int] = {}
    stays: Sequence[StayTable | StaySketch] = table.stays
    for index, stay in enumerate(stays):
        if stay.first is None:
            continue
        if stay.last is not None and stay.last < stay.first:
            yield ("stays", index, "to"), f"found {stay.last}, before from; write {stay.first} or a later day"
        earlier = begun.setdefault(stay.first, index)
        if earlier != index:
            problem = f"found {stay.first} again, as in stays[{earlier}]; give each stay a first day of its own"
            yield ("stays", index, "from"), problem


def build_attendance(
    tables: Iterable[tuple[Place, AttendanceLine]], ids: Iterable[str] | None, mistakes: list[Mistake]
) -> tuple[Attendance, ...]:
    """Return the attendance in the order of the sheet, each member and date once, members known.

    ``ids`` is None where the roster has mistakes that may hide members: then members are not judged.
    """
    stranger = _judge_ids(ids)
    lines: list[Attendance] = []
    seen: dict[tuple[date, str], Place] = {}
    for place, table in tables:
        if problem := stranger(table.member):
            mistakes.append(Mistake(place=place.of("member"), problem=problem))
        key = (table.date, table.member)
        if key in seen:
            problem = f"found {table.member!r} on {table.date} again, as in {seen[key]}; write each answer once"
            mistakes.append(Mistake(place=str(place), problem=problem))
        seen.setdefault(key, place)
        lines.append(Attendance(date=table.date, member=MemberId(table.member), attended=table.attended))
    return tuple(lines)


def build_carried(
    tables: Iterable[tuple[Place, CarriedLine]], ids: Iterable[str] | None, mistakes: list[Mistake]
) -> tuple[Carried, ...]:
    """Return the burdens of earlier seasons in the order of the sheet, each for a known member and once.

    ``ids`` is read as by :func:`build_attendance`.
    """
    stranger = _judge_ids(ids)
    lines: list[Carried] = []
    seen: dict[str, Place] = {}
    for place, table in tables:
        if problem := stranger(table.member):
            mistakes.append(Mistake(place=place.of("member"), problem=problem))
        if seen.setdefault(table.member, place) != place:
            problem = f"found {table.member!r} again, as in {seen[table.member]}; give each member one line"
            mistakes.append(Mistake(place=place.of("member"), problem=problem))
        if table.night_calls > table.calls:
            problem = f"found {table.night_calls}, of {table.calls} calls; write {table.calls} or less"
            mistakes.append(Mistake(place=place.of("night_calls"), problem=problem))
        line = Carried(
            member=MemberId(table.member), burden=table.burden, night_calls=table.night_calls, calls=table.calls
        )
        lines.append(line)
    return tuple(lines)


def _judge_ids(ids: Iterable[str] | None) -> Callable[[str], str | None]:
    """Return the mistake of an unknown id; None if a member has it, or if the ids are unknown."""
    return _judge_names(ids, "write the id of a member of the roster")


ROLES = ("speaker", "moderator", "online moderator", "rapporteur", "organiser")
"""The roles that a plan need not declare; others are those of ``join-ahead``."""


def build_programme(
    sections: Sections,
    tables: Sequence[tuple[Place, SessionTable | SessionSketch]],
    ids: Iterable[str] | None,
    mistakes: list[Mistake],
) -> Programme | None:
    """Build the programme of a plan from the ``tables`` of its sessions; None if it has none, or mistakes.

    ``ids`` is None where the roster has mistakes that may hide members: then members are not judged.
    """
    if sections.programme is None and not tables:
        return None
    before = len(mistakes)
    table = sections.programme or ProgrammeTable()
    stranger, odd_role = _judge_ids(ids), _judge_roles(table, is_damaged="programme" in sections.damaged)
    made: dict[Place, Session] = {}
    seen: dict[str, Place] = {}
    for place, session in tables:
        if session.id is not None and seen.setdefault(session.id, place) != place:
            problem = f"found {session.id!r} again, as in {seen[session.id]}; give each session an id of its own"
            mistakes.append(Mistake(place=place.of("id"), problem=problem))
        people: Sequence[DutyTable | DutySketch] = session.people
        for index, duty in enumerate(people):
            judged = (("id", duty.member and stranger(duty.member)), ("role", duty.role and odd_role(duty.role)))
            mistakes.extend(
                Mistake(place=place.of("people", index, key), problem=problem) for key, problem in judged if problem
            )
        if isinstance(session, SessionSketch):
            continue
        wrong: list[Mistake] = []
        value = make_value(Session, session, "", wrong)
        mistakes.extend(Mistake(place=place.of(*one.place.strip(".").split(".")), problem=one.problem) for one in wrong)
        if value is not None:
            made[place] = value
    programme = make_value(Programme, table, "programme", mistakes)
    phases = _make_values(Phase, sections.phases, [])
    if (
        programme is None
        or len({one.id for one in made.values()}) < len(made)
        or "phases" in sections.damaged
        or len(phases) < len(sections.phases)
    ):
        return None
    programme = replace(programme, sessions=tuple(made.values()))
    try:
        schedule_sessions(programme, tuple(phases.values()))
    except InvalidProgramme as error:
        mistakes.extend(_move_mistake(one, list(made)) for one in error.mistakes)
    return None if len(mistakes) > before else programme


_OF_SESSION = re.compile(r"sessions\[(?P<index>\d+)\]\.(?P<key>.+)", re.ASCII)


def _move_mistake(mistake: Mistake, places: Sequence[Place]) -> Mistake:
    """Return a mistake of a session with the place where the session is written."""
    found = _OF_SESSION.fullmatch(mistake.place)
    return mistake if found is None else replace(mistake, place=places[int(found["index"])].of(found["key"]))


def _judge_roles(table: ProgrammeTable, *, is_damaged: bool) -> Callable[[str], str | None]:
    """Return the mistake of an unknown role; None if it is known, or if roles may be hidden by a mistake."""
    known = None if is_damaged else dict.fromkeys((*ROLES, *table.join_ahead))
    right = f"write one of {', '.join(known or ())}, or add the role to programme.join-ahead"
    return _judge_names(known, right)
