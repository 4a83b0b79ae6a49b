"""Reports and lines about files of conference programs: what was written, and what was read and left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mag_rotation.exchange import Conference, ReadSchedule
from mag_rotation.programme import Session
from mag_rotation.report.context import Context
from mag_rotation.report.description import Records, Report, Section
from mag_rotation.report.language import ENGLISH, Language
from mag_rotation.report.words import write_count

__all__ = [
    "conference_line",
    "describe_conference",
    "describe_schedule",
    "left_out_line",
    "schedule_line",
    "sheet_line",
    "tables_line",
]


def _tell_counts(language: Language, *, sessions: int, days: int, rooms: int) -> str:
    """Return how many sessions are on how many days in how many rooms."""
    figures = {"sessions": write_count(sessions, "session", language), "days": write_count(days, "day", language)}
    if not rooms:
        return language.phrase("{sessions} on {days}", **figures)
    return language.phrase("{sessions} on {days} in {rooms}", rooms=write_count(rooms, "room", language), **figures)


def schedule_line(read: ReadSchedule, language: Language = ENGLISH, *, file: str, source: str) -> str:
    """Return which sessions of a schedule were written to a file."""
    return language.phrase(
        "{file}: {parts}, at the instants of {source}",
        file=file,
        parts=_tell_counts(language, **_count_sessions(read.sessions)),
        source=source,
    )


def _count_sessions(sessions: Sequence[Session]) -> dict[str, int]:
    return {
        "sessions": len(sessions),
        "days": len({one.date for one in sessions}),
        "rooms": len({one.room for one in sessions if one.room}),
    }


def left_out_line(left_out: Mapping[str, int], language: Language = ENGLISH) -> str:
    """Return which fields of a schedule sessions do not have, and in how many places they are.

    >>> left_out_line({"event.subtitle": 12, "room.guid": 1})
    'left out, because sessions have no such field: event.subtitle (12), room.guid (1)'
    """
    return language.phrase(
        "left out, because sessions have no such field: {fields}",
        fields=language.write_list(
            [language.add_brackets(field, language.write_number(count)) for field, count in left_out.items()]
        ),
    )


def sheet_line(sheet: str, language: Language = ENGLISH) -> str:
    """Return how a plan reads the sheet of sessions that was written.

    >>> sheet_line("sessions.csv")
    "a plan reads it with file = 'sessions.csv' in [programme]"
    """
    return language.phrase("a plan reads it with file = {sheet!r} in [programme]", sheet=sheet)


def tables_line(language: Language = ENGLISH) -> str:
    """Return how tables of sessions that were written get into a plan.

    >>> tables_line()
    'paste these tables at the end of the plan; where a sheet has its sessions, write a .csv and add its rows there'
    """
    return language.phrase(
        "paste these tables at the end of the plan; where a sheet has its sessions, write a .csv and add its rows there"
    )


def describe_schedule(context: Context, read: ReadSchedule, *, file: str, source: str, lead: str) -> Report:
    """Describe the sessions that were read from ``source`` and written to ``file``; ``lead`` says so."""
    facts: dict[str, object] = {"file": file, "source": source, "zone": read.zone, **_count_sessions(read.sessions)}
    people = [{"name": one.name, "sessions": list(one.sessions)} for one in read.open_people]
    language, notes = context.language, context.notes()
    if read.left_out:
        notes = (language.phrase("{sentence}.", sentence=left_out_line(read.left_out, language)), *notes)
    return Report(
        title=read.title or source,
        sections=(Section(lead=(lead,), notes=notes),),
        document=context.document({**facts, "open_people": people, "left_out": dict(read.left_out)}),
        records=Records(
            keys=(*facts, *context.versions),
            rows=((*facts.values(), *context.versions.values()),),
        ),
        language=context.language,
    )


def conference_line(conference: Conference, language: Language = ENGLISH, *, file: str, with_people: bool) -> str:
    """Return which sessions were written to a file, and whether people are in it."""
    counts = _count_conference(conference)
    named = counts.pop("people_named")
    figures = {"file": file, "parts": _tell_counts(language, **counts)}
    if not with_people:
        return language.phrase("{file}: {parts}, with no people", **figures)
    return language.phrase_count(
        "{file}: {parts}, with {count} person", "{file}: {parts}, with {count} people", named, **figures
    )


def _count_conference(conference: Conference) -> dict[str, int]:
    return {
        "sessions": len(conference.events),
        "days": len(conference.days),
        "rooms": sum(map(bool, conference.rooms)),
        "people_named": len({person.guid for event in conference.events for person in event.people}),
    }


def describe_conference(context: Context, conference: Conference, *, file: str, lead: str) -> Report:
    """Describe the sessions that were written to ``file``; ``lead`` says so."""
    facts: dict[str, object] = {"file": file, "zone": conference.zone, **_count_conference(conference)}
    return Report(
        title=context.title("schedule"),
        sections=(Section(lead=(lead,), notes=context.notes()),),
        document=context.document(facts),
        records=Records(
            keys=(*facts, *context.versions),
            rows=((*facts.values(), *context.versions.values()),),
        ),
        language=context.language,
    )
