"""What a spreadsheet was read as: the zone of each member and what it was found from, each column, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mag_rotation.places.locate import Candidate
from mag_rotation.places.suggest import normalize_name
from mag_rotation.plan.people import CellChange, CellToWrite, ColumnReading, LeftOut, People, Person, RosterDraft
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Records, Report, Section, Tone, ValueKind, make_record, make_section
from mag_rotation.report.words import DAYS, join_names, list_first, plural
from mag_rotation.zones import to_local

__all__ = [
    "describe_roster",
    "doubted_answer_line",
    "question_lines",
    "roster_line",
    "taken_answer_line",
    "unread_answer_line",
]

_MOST_CANDIDATES = 4
"""How many candidates a table shows; JSON has them all."""

_LEFT_OUT = {
    LeftOut.TELEPHONE: "a telephone number",
    LeftOut.BIRTH: "about birth or age",
    LeftOut.DOCUMENT: "about a passport, a visa or a bank",
    LeftOut.ADDRESS: "a postal address",
    LeftOut.PERSONAL: "personal",
    LeftOut.ADDRESS_FORM: "a form of address",
    LeftOut.NUMBER: "numbers of rows",
    LeftOut.TIMESTAMP: "when a form was filled in",
    LeftOut.HOLDS_TELEPHONE: "a cell holds a telephone number, and groups are printed",
    LeftOut.HOLDS_ADDRESS: "a cell holds an e-mail address, and groups are printed",
    LeftOut.NO_HEADING: "it has no heading",
    LeftOut.EMPTY: "it is empty",
    LeftOut.HOURS: "looks like hours; write them in a column never, such as 21:00-24:00",
    LeftOut.AGAIN: "another column is read as the same",
    LeftOut.NOT_LABELS: "no labels that members share; --group keeps it",
}

_READ_AS = {
    "id": "id",
    "zone": "zone",
    "name": "name",
    "family-name": "name, with the given name",
    "given-name": "name, with the family name",
    "city": "the city, for the zone",
    "state": "the state, for the zone",
    "country": "the country, for the zone, and a group",
}
"""What a column is read as where its meaning is not the name of a column of the roster."""

_WHERE = frozenset({"zone", "city", "state"})
"""What a column can be read as and be a group besides."""

_FROM = {
    "zone": "zone",
    "windows": "Windows zone",
    "offset": "offset",
    "city": "city",
    "country": "country",
    "answer": "answer",
}
"""What a zone was found from, in words; what the roster sheet had already is named by its file."""


def _written(person: Person) -> str:
    """Return what is written about where a member lives."""
    where = person.where
    return ", ".join(filter(None, (where.zone, where.city, where.state, where.country)))


def _name_candidate(candidate: Candidate) -> str:
    return f"{candidate.zone} ({candidate.place})" if candidate.place else candidate.zone


def _from_words(person: Person, sheet: str) -> str:
    """Return what a zone was found from, with the name of the city where that is spelt otherwise."""
    if person.source is None:
        return ""
    town = person.location.place.partition(",")[0] if person.source == "city" else ""
    is_alike = normalize_name(town) in normalize_name(_written(person))
    remarks = [*(() if is_alike else (town,)), *(("assumed",) if person.is_assumed else ())]
    words = _FROM.get(person.source, sheet)
    return f"{words} ({', '.join(remarks)})" if remarks else words


def _list_member_columns(sheet: str) -> tuple[Column[Person], ...]:
    """Return the columns of members; ``sheet`` is the name of the roster sheet."""
    return (
        Column(key="row", head="row", kind=ValueKind.NUMBER),
        Column(key="id", head="id"),
        Column(key="name", head="name", is_shown=lambda rows: any(row.name for row in rows)),
        Column(key="zone", head="zone", missing="open", tone=lambda row: Tone.PLAIN if row.zone else Tone.BLOCKED),
        Column(key="from", head="from", read=lambda row: row.source, show=lambda row: _from_words(row, sheet)),
        Column(key="assumed", read=lambda row: row.is_assumed),
        Column(key="written", read=_written),
        Column(key="place", read=lambda row: row.location.place),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _OpenLine:
    """A line of the table of open zones: a candidate each, with the member only in the first of them."""

    person: Person | None
    may_be: str


def _list_open_lines(persons: Iterable[Person]) -> Iterator[_OpenLine]:
    """Yield the lines of the table of open zones; a line for each candidate fits where a list would not."""
    for person in persons:
        zones = [one.zone for one in person.location.candidates]
        more = len(zones) - _MOST_CANDIDATES
        lines = [*zones[:_MOST_CANDIDATES], *([f"and {more} more"] if more > 0 else [])] or ["unknown"]
        for number, text in enumerate(lines):
            yield _OpenLine(person=None if number else person, may_be=text)


_OPEN_COLUMNS: tuple[Column[_OpenLine], ...] = (
    Column(head="row", kind=ValueKind.NUMBER, read=lambda line: line.person and line.person.row),
    Column(head="id", read=lambda line: line.person and line.person.id),
    Column(head="written", read=lambda line: line.person and (_written(line.person) or "nothing")),
    Column(head="may be", read=lambda line: line.may_be),
)

_ASSUMED_COLUMNS: tuple[Column[Person], ...] = (
    Column(key="row", head="row", kind=ValueKind.NUMBER),
    Column(key="id", head="id"),
    Column(head="written", read=_written),
    Column(head="taken for", read=lambda row: row.location.place or row.zone, tone=lambda _: Tone.CHANGED),
)


def _say_reading(column: ColumnReading) -> str:
    if column.reason is not None:
        return f"left out: {_LEFT_OUT[column.reason]}"
    if column.is_chosen:
        return "id, because all are different"
    words = [_READ_AS[column.meaning]] if column.meaning in _WHERE and column.group is not None else []
    if column.group is not None:
        return ", and ".join([*words, f"the group {column.group}"])
    return _READ_AS.get(column.meaning, column.meaning)


_CELL_COLUMNS: tuple[Column[CellToWrite], ...] = (
    Column(key="row", head="row", kind=ValueKind.NUMBER),
    Column(key="id", head="id"),
    Column(key="column", head="column"),
    Column(key="cell", head="cell", tone=lambda _: Tone.CHANGED),
)

_COLUMN_COLUMNS: tuple[Column[ColumnReading], ...] = (
    Column(head="column", key="found"),
    Column(head="read as", read=_say_reading),
)


def roster_line(draft: RosterDraft, source: str) -> str:
    """Return how many members a spreadsheet has, and of how many the zone is found."""
    found = [person for person in draft.persons if person.zone]
    assumed = sum(person.is_assumed for person in found)
    parts = [plural(len(draft.persons), "member"), f"{plural(len(found), 'zone')} found"]
    parts += [f"{assumed} of them assumed"] if assumed else []
    parts += [f"{len(draft.open)} open"] if draft.open else []
    return f"{source}: {', '.join(parts)}."


def describe_roster(draft: RosterDraft, *, source: str, file: str | None, today: date) -> Report:
    """Describe a roster made from ``source``; ``file`` is what it was written to, None if it was not.

    ``today`` is the day from which what is offered for members who moved or left counts.
    """
    context = Context(meeting=None, warnings=draft.notes)
    sheet = file or "members.csv"
    member_columns = _list_member_columns(sheet)
    assumed = [person for person in draft.persons if person.is_assumed]
    told = "Nothing is written; -o members.csv writes the roster."
    if file:
        told = f"Written to {file}." if draft.is_changed else f"{file} says so already."
    sections = [Section(lead=(roster_line(draft, source), told))]
    if draft.open:
        fill = f"Fill in the column zone of {file}" if file else "Add a country or a zone to the spreadsheet"
        cure = f"{fill}, or run this in a terminal and answer."
        lead = ("Open, because it is not clear which:", cure)
        sections.append(make_section(_OPEN_COLUMNS, tuple(_list_open_lines(draft.open)), lead=lead))
    if assumed:
        lead = ("Assumed, as by far the largest of its name, or all its zones have one clock.", "Please check:")
        sections.append(make_section(_ASSUMED_COLUMNS, assumed, lead=lead))
    sections += _describe_changes(draft, sheet, today)
    sections.append(make_section(_COLUMN_COLUMNS, draft.columns))
    is_ready = file is not None and not draft.is_update and not draft.open
    after = (f"Next: mag-rotation init plan.toml --roster {file}",) if is_ready else ()
    sections.append(make_section(member_columns, draft.persons, notes=(*context.notes(), *after)))
    members = [
        {
            **make_record(member_columns, person),
            "candidates": [one.zone for one in person.location.candidates] if person.zone is None else [],
        }
        for person in draft.persons
    ]
    document: dict[str, object] = {
        "members": members,
        "columns": {column.found: str(column.meaning) for column in draft.columns},
        "left_out": {column.found: str(column.reason) for column in draft.columns if column.reason},
        "new": list(draft.new),
        "gone": list(draft.gone),
        "moved": [{"id": move.id, "before": move.before, "after": move.after} for move in draft.moved],
        "changed": {own: [cell.column for cell in cells] for own, cells in draft.changed.items()},
        "cells": [make_record(_CELL_COLUMNS, cell) for cell in draft.cells],
    }
    return Report(
        title="Roster",
        sections=tuple(sections),
        document=context.document(document),
        records=Records.of(member_columns, draft.persons, context.versions),
    )


def _describe_changes(draft: RosterDraft, sheet: str, today: date) -> list[Section]:
    """Return what is new, gone, moved or changed, and the cells that are to be written for it."""
    if not draft.is_update:
        return []
    lines: list[str] = []
    if draft.new:
        lines.append(f"New: {list_first(draft.new)}. A column joined can say from when.")
    lines += [f"Gone: {own} is in no row of the spreadsheet." for own in draft.gone]
    lines += [f"Moved: {move.id} is in {move.after}, not in {move.before}." for move in draft.moved]
    ids: dict[tuple[str, str], list[str]] = {}
    for own, cells in draft.changed.items():
        for cell in cells:
            ids.setdefault((cell.column, _say_dates(cell)), []).append(own)
    lines += [f"Changed: {column} of {list_first(owns)}{dates}." for (column, dates), owns in ids.items()]
    sections = [Section(lead=tuple(lines or ("Nobody is new, gone or moved.",)))]
    if draft.cells:
        lead = f"Please write into {sheet}, if this is so from {today} on and for good:"
        notes = [
            f"If {move.id} is away for a time, write only stays: {today}/LAST-DAY {move.after}" for move in draft.moved
        ]
        sections.append(make_section(_CELL_COLUMNS, draft.cells, lead=(lead,), notes=notes))
    return sections


def _say_dates(change: CellChange) -> str:
    """Return what a date is and was in a cell that got another text; empty for other cells."""
    if change.column not in {"joined", "left"}:
        return ""
    return f": {change.after}" + (f", it was {change.before}" if change.before else "")


def question_lines(persons: Sequence[Person], people: People, now: datetime) -> tuple[str, ...]:
    """Return the question where some members live: the candidates, numbered, each with its local time ``now``."""
    first = persons[0]
    more = f" and {len(persons) - 1} more" if len(persons) > 1 else ""
    who = f"{people.file} row {first.row}, {first.name or first.id}{more}"
    candidates = first.location.candidates
    lines = [f"{who}: {_written(first) or 'nothing is written'}"]
    width = max((len(_name_candidate(one)) for one in candidates), default=0)
    for number, candidate in enumerate(candidates, start=1):
        wall = to_local(now, candidate.zone).wall
        lines.append(f"  {number:>2}  {_name_candidate(candidate):<{width}}  {DAYS[wall.weekday()]} {wall:%H:%M} now")
    which = "Its number, or another city or zone" if candidates else "The city or the zone"
    return (*lines, f"{which}; Enter leaves it open: ")


def unread_answer_line(answer: str, candidates: Sequence[Candidate]) -> str:
    """Return why an answer is not taken."""
    may_be = join_names([_name_candidate(one) for one in candidates], _MOST_CANDIDATES)
    hint = f"it may be {may_be}" if candidates else "write a zone such as Europe/Zurich, or a city and its country"
    hint = f"did you mean {may_be}?" if len(candidates) == 1 else hint
    return f"{answer!r} is not clear: {hint}"


def doubted_answer_line(answer: str, found: Candidate, person: Person) -> str:
    """Return why an answer is asked for again."""
    written = _written(person)
    return f"{answer!r} is {_name_candidate(found)}, but {written!r} is written; the same again takes it"


def taken_answer_line(found: Candidate) -> str:
    """Return what an answer was taken for."""
    return f"taken: {_name_candidate(found)}"
