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
from mag_rotation.report.language import ENGLISH, Language, mark
from mag_rotation.report.words import write_count
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
    LeftOut.TELEPHONE: mark("a telephone number"),
    LeftOut.BIRTH: mark("about birth or age"),
    LeftOut.DOCUMENT: mark("about a passport, a visa or a bank"),
    LeftOut.ADDRESS: mark("a postal address"),
    LeftOut.PERSONAL: mark("personal"),
    LeftOut.ADDRESS_FORM: mark("a form of address"),
    LeftOut.NUMBER: mark("numbers of rows"),
    LeftOut.TIMESTAMP: mark("when a form was filled in"),
    LeftOut.HOLDS_TELEPHONE: mark("a cell holds a telephone number, and groups are printed"),
    LeftOut.HOLDS_ADDRESS: mark("a cell holds an e-mail address, and groups are printed"),
    LeftOut.NO_HEADING: mark("it has no heading"),
    LeftOut.EMPTY: mark("it is empty"),
    LeftOut.HOURS: mark("looks like hours; write them in a column never, such as 21:00-24:00"),
    LeftOut.AGAIN: mark("another column is read as the same"),
    LeftOut.NOT_LABELS: mark("no labels that members share; --group keeps it"),
}

_READ_AS = {
    "id": mark("id"),
    "zone": mark("zone"),
    "name": mark("name"),
    "family-name": mark("name, with the given name"),
    "given-name": mark("name, with the family name"),
    "city": mark("the city, for the zone"),
    "state": mark("the state, for the zone"),
    "country": mark("the country, for the zone, and a group"),
}
"""What a column is read as where its meaning is not the name of a column of the roster."""

_WHERE = frozenset({"zone", "city", "state"})
"""What a column can be read as and be a group besides."""

_FROM = {
    "zone": mark("zone"),
    "windows": mark("Windows zone"),
    "offset": mark("offset"),
    "city": mark("city"),
    "country": mark("country"),
    "answer": mark("answer"),
}
"""What a zone was found from, in words; what the roster sheet had already is named by its file."""


def _written(person: Person) -> str:
    """Return what is written about where a member lives."""
    where = person.where
    return ", ".join(filter(None, (where.zone, where.city, where.state, where.country)))


def _name_candidate(candidate: Candidate) -> str:
    return f"{candidate.zone} ({candidate.place})" if candidate.place else candidate.zone


def _tell_source(person: Person, sheet: str, language: Language) -> str:
    """Return what a zone was found from, with the name of the city where that is spelt otherwise."""
    if person.source is None:
        return ""
    town = person.location.place.partition(",")[0] if person.source == "city" else ""
    is_alike = normalize_name(town) in normalize_name(_written(person))
    source = language.translate(_FROM[person.source]) if person.source in _FROM else sheet
    match is_alike, person.is_assumed:
        case True, True:
            return language.phrase("{source} (assumed)", source=source)
        case False, True:
            return language.phrase("{source} ({town}, assumed)", source=source, town=town)
        case False, False:
            return language.add_brackets(source, town)
    return source


def _list_member_columns(sheet: str) -> tuple[Column[Person], ...]:
    """Return the columns of members; ``sheet`` is the name of the roster sheet."""
    return (
        Column(key="row", head="row", kind=ValueKind.NUMBER),
        Column(key="id", head="id"),
        Column(key="name", head="name", is_shown=lambda rows: any(row.name for row in rows)),
        Column(key="zone", head="zone", missing="open", tone=lambda row: Tone.PLAIN if row.zone else Tone.BLOCKED),
        Column(
            key="from",
            head="from",
            context="what a zone was found from",
            read=lambda row: row.source,
            tell=lambda row, language: _tell_source(row, sheet, language),
        ),
        Column(key="assumed", read=lambda row: row.is_assumed),
        Column(key="written", read=_written),
        Column(key="place", read=lambda row: row.location.place),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _OpenLine:
    """A line of the table of open zones: a candidate each, with the member only in the first of them."""

    person: Person | None
    may_be: str


def _list_open_lines(persons: Iterable[Person], language: Language) -> Iterator[_OpenLine]:
    """Yield the lines of the table of open zones; a line for each candidate fits where a list would not."""
    for person in persons:
        zones = [one.zone for one in person.location.candidates]
        more = len(zones) - _MOST_CANDIDATES
        lines = list(map(str, zones[:_MOST_CANDIDATES])) or [language.phrase("unknown")]
        if more > 0:
            lines.append(language.phrase_count("and {count} more", "and {count} more", more))
        for number, text in enumerate(lines):
            yield _OpenLine(person=None if number else person, may_be=text)


_OPEN_COLUMNS: tuple[Column[_OpenLine], ...] = (
    Column(head="row", kind=ValueKind.NUMBER, read=lambda line: line.person and line.person.row),
    Column(head="id", read=lambda line: line.person and line.person.id),
    Column(
        head="written",
        tell=lambda line, language: (line.person and (_written(line.person) or language.phrase("nothing"))) or "",
    ),
    Column(head="may be", read=lambda line: line.may_be),
)

_ASSUMED_COLUMNS: tuple[Column[Person], ...] = (
    Column(key="row", head="row", kind=ValueKind.NUMBER),
    Column(key="id", head="id"),
    Column(head="written", read=_written),
    Column(head="taken for", read=lambda row: row.location.place or row.zone, tone=lambda _: Tone.CHANGED),
)


def _tell_reading(column: ColumnReading, language: Language) -> str:
    if column.reason is not None:
        return language.phrase("left out: {why}", why=language.translate(_LEFT_OUT[column.reason]))
    if column.is_chosen:
        return language.phrase("id, because all are different")
    meaning = language.translate(_READ_AS[column.meaning]) if column.meaning in _READ_AS else column.meaning
    if column.group is None:
        return meaning
    if column.meaning in _WHERE:
        return language.phrase("{meaning}, and the group {group}", meaning=meaning, group=column.group)
    return language.phrase("the group {group}", group=column.group)


_CELL_COLUMNS: tuple[Column[CellToWrite], ...] = (
    Column(key="row", head="row", kind=ValueKind.NUMBER),
    Column(key="id", head="id"),
    Column(key="column", head="column"),
    Column(key="cell", head="cell", tone=lambda _: Tone.CHANGED),
)

_COLUMN_COLUMNS: tuple[Column[ColumnReading], ...] = (
    Column(head="column", key="found"),
    Column(head="read as", tell=_tell_reading),
)


def roster_line(draft: RosterDraft, source: str, language: Language = ENGLISH) -> str:
    """Return how many members a spreadsheet has, and of how many the zone is found."""
    found = [person for person in draft.persons if person.zone]
    assumed = sum(person.is_assumed for person in found)
    parts = [
        write_count(len(draft.persons), "member", language),
        language.phrase_count("{count} zone found", "{count} zones found", len(found)),
    ]
    if assumed:
        parts.append(language.phrase_count("{count} of them assumed", "{count} of them assumed", assumed))
    if draft.open:
        parts.append(language.phrase_count("{count} open", "{count} open", len(draft.open)))
    return language.phrase("{file}: {parts}.", file=source, parts=language.write_list(parts))


def describe_roster(
    draft: RosterDraft,
    language: Language = ENGLISH,
    *,
    source: str,
    file: str | None,
    today: date,
    has_plan: bool = False,
) -> Report:
    """Describe a roster made from ``source``; ``file`` is what it was written to, None if it was not.

    ``today`` is the day from which what is offered for members who moved or left counts. ``has_plan`` says that a plan
    is beside the roster, so that no new one is offered to who brings it up to date.
    """
    context = Context(meeting=None, warnings=draft.notes, language=language)
    sheet = file or "members.csv"
    member_columns = _list_member_columns(sheet)
    assumed = [person for person in draft.persons if person.is_assumed]
    sections = [Section(lead=(roster_line(draft, source, language), _tell_written(draft, file, language)))]
    if draft.open:
        cure = (
            language.phrase("Fill in the column zone of {file}, or run this in a terminal and answer.", file=file)
            if file
            else language.phrase("Add a country or a zone to the spreadsheet, or run this in a terminal and answer.")
        )
        lead = (language.phrase("Open, because it is not clear which:"), cure)
        lines = tuple(_list_open_lines(draft.open, language))
        sections.append(make_section(_OPEN_COLUMNS, lines, language, lead=lead))
    if assumed:
        lead = (
            language.phrase("Assumed, as by far the largest of its name, or all its zones have one clock."),
            language.phrase("Please check:"),
        )
        sections.append(make_section(_ASSUMED_COLUMNS, assumed, language, lead=lead))
    sections += _describe_changes(draft, sheet, today, language)
    sections.append(make_section(_COLUMN_COLUMNS, draft.columns, language))
    is_ready = file is not None and not (draft.is_update and has_plan) and not draft.open
    after = (language.phrase("Next: mag-rotation init plan.toml --roster {file}", file=file),) if is_ready else ()
    sections.append(make_section(member_columns, draft.persons, language, notes=(*context.notes(), *after)))
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
        title=language.phrase("Roster"),
        sections=tuple(sections),
        document=context.document(document),
        records=Records.of(member_columns, draft.persons, context.versions),
        language=language,
    )


def _tell_written(draft: RosterDraft, file: str | None, language: Language) -> str:
    """Return whether the roster was written."""
    if file is None:
        return language.phrase("Nothing is written; -o members.csv writes the roster.")
    if draft.is_changed:
        return language.phrase("Written to {file}.", file=file)
    return language.phrase("{file} says so already.", file=file)


def _describe_changes(draft: RosterDraft, sheet: str, today: date, language: Language) -> list[Section]:
    """Return what is new, gone, moved or changed, and the cells that are to be written for it."""
    if not draft.is_update:
        return []
    lines: list[str] = []
    if draft.new:
        lines.append(
            language.phrase(
                "New: {members}. A column joined can say from when.", members=language.list_first(draft.new)
            )
        )
    lines += [language.phrase("Gone: {member} is in no row of the spreadsheet.", member=own) for own in draft.gone]
    lines += [
        language.phrase(
            "Moved: {member} is in {after}, not in {before}.", member=move.id, after=move.after, before=move.before
        )
        for move in draft.moved
    ]
    ids: dict[tuple[str, str], list[str]] = {}
    for own, cells in draft.changed.items():
        for cell in cells:
            ids.setdefault((cell.column, _tell_dates(cell, language)), []).append(own)
    for (column, dates), owns in ids.items():
        figures = {"column": column, "members": language.list_first(owns)}
        lines.append(
            language.phrase("Changed: {column} of {members}: {dates}.", dates=dates, **figures)
            if dates
            else language.phrase("Changed: {column} of {members}.", **figures)
        )
    sections = [Section(lead=tuple(lines or (language.phrase("Nobody is new, gone or moved."),)))]
    if draft.cells:
        lead = language.phrase(
            "Please write into {file}, if this is so from {date} on and for good:", file=sheet, date=today
        )
        notes = [
            language.phrase(
                "If {member} is away for a time, write only stays: {date}/LAST-DAY {zone}",
                member=move.id,
                date=today.isoformat(),
                zone=move.after,
            )
            for move in draft.moved
        ]
        sections.append(make_section(_CELL_COLUMNS, draft.cells, language, lead=(lead,), notes=notes))
    return sections


def _tell_dates(change: CellChange, language: Language) -> str:
    """Return what a date is and was in a cell that got another text; empty for other cells."""
    if change.column not in {"joined", "left"}:
        return ""
    if change.before:
        return language.phrase("{after}, it was {before}", after=change.after, before=change.before)
    return str(change.after)


def question_lines(
    persons: Sequence[Person], people: People, now: datetime, language: Language = ENGLISH
) -> tuple[str, ...]:
    """Return the question where some members live: the candidates, numbered, each with its local time ``now``."""
    first = persons[0]
    figures = {
        "file": people.file,
        "row": first.row,
        "name": first.name or first.id,
        "written": _written(first) or language.phrase("nothing is written"),
    }
    candidates = first.location.candidates
    more = len(persons) - 1
    lines = [
        language.phrase_count(
            "{file} row {row}, {name} and {count} more: {written}",
            "{file} row {row}, {name} and {count} more: {written}",
            more,
            **figures,
        )
        if more
        else language.phrase("{file} row {row}, {name}: {written}", **figures)
    ]
    width = max((len(_name_candidate(one)) for one in candidates), default=0)
    for number, candidate in enumerate(candidates, start=1):
        now_there = language.phrase("{time} now", time=language.write_hour(to_local(now, candidate.zone).wall))
        lines.append(f"  {number:>2}  {_name_candidate(candidate):<{width}}  {now_there}")
    which = (
        language.phrase("Its number, or another city or zone; Enter leaves it open: ")
        if candidates
        else language.phrase("The city or the zone; Enter leaves it open: ")
    )
    return (*lines, which)


def unread_answer_line(answer: str, candidates: Sequence[Candidate], language: Language = ENGLISH) -> str:
    """Return why an answer is not taken."""
    may_be = language.join_first([_name_candidate(one) for one in candidates], _MOST_CANDIDATES)
    if not candidates:
        return language.phrase(
            "{answer!r} is not clear: write a zone such as Europe/Zurich, or a city and its country", answer=answer
        )
    if len(candidates) == 1:
        return language.phrase("{answer!r} is not clear: did you mean {zone}?", answer=answer, zone=may_be)
    return language.phrase("{answer!r} is not clear: it may be {zones}", answer=answer, zones=may_be)


def doubted_answer_line(answer: str, found: Candidate, person: Person, language: Language = ENGLISH) -> str:
    """Return why an answer is asked for again."""
    return language.phrase(
        "{answer!r} is {zone}, but {written!r} is written; the same again takes it",
        answer=answer,
        zone=_name_candidate(found),
        written=_written(person),
    )


def taken_answer_line(found: Candidate, language: Language = ENGLISH) -> str:
    """Return what an answer was taken for."""
    return language.phrase("taken: {zone}", zone=_name_candidate(found))
