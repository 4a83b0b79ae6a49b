"""What a new calendar holds and changes, as a document, as records and as a sheet for people.

Rule 1: the keys of a document are a contract; they may be added, never lost or renamed.
Rule 2: one row a change, with the call as it was announced and as it is now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from mag_rotation.calls import Call, ChangeKind
from mag_rotation.ics import Edition, EventChange, PriorCalendar
from mag_rotation.report.calls import change_document, change_records
from mag_rotation.report.context import Context
from mag_rotation.report.description import Cell, Head, Report, Section, Tone
from mag_rotation.report.words import length, plural, utc_moment

__all__ = ["describe_changes", "describe_edition", "edition_line"]

_TONE = {ChangeKind.DROPPED: Tone.FAINT, ChangeKind.CANCELLED: Tone.FAINT, ChangeKind.EDITED: Tone.PLAIN}


def describe_changes(context: Context, changes: Sequence[EventChange]) -> Report:
    """What an edition of a calendar changes for those who have the one before."""
    return Report(
        title=f"{context.name}: what changes in calendars",
        sections=(_sheet(context, changes),),
        document=context.document({"changes": [change_document(change) for change in changes]}),
        records=change_records(changes, context),
    )


def edition_line(edition: Edition, found: PriorCalendar | None) -> str:
    """How much was written, and what that changes where something was announced."""
    calls, cancelled = _count_calls(edition)
    words = f"{plural(calls, 'call')} written" + (f", {cancelled} of them cancelled" if cancelled else "")
    if found is None or not found.events:
        return words
    return f"{words}; {plural(len(edition.changes), 'change')}"


def describe_edition(context: Context, edition: Edition, *, file: str, layout: str, is_new: bool, told: str) -> Report:
    """What was written to a file, or what it holds already where it ``is_new`` not; ``told`` says so in a sentence."""
    calls, cancelled = _count_calls(edition)
    changes = describe_changes(context, edition.changes)
    sheets = tuple(replace(sheet, lead=(told, *sheet.lead)) for sheet in changes.sections)
    counts = {"file": file, "layout": layout, "written": is_new, "calls": calls, "cancelled": cancelled}
    return replace(
        changes,
        title=edition.meeting.name,
        sections=sheets if edition.changes else (Section(lead=(told,), notes=context.notes()),),
        document=context.document({**counts, "changes": changes.document["changes"]}),
    )


def _count_calls(edition: Edition) -> tuple[int, int]:
    """The calls of a calendar, and how many of them are off."""
    shown = edition.list_shown().values()
    return len(shown), sum(event.cancelled for event in shown)


def _sheet(context: Context, changes: Sequence[EventChange]) -> Section:
    """One row a change, in the order of starts."""
    notes = context.notes()
    if not changes:
        return Section(lead=("Nothing changes.",), notes=notes)
    counts = Counter(change.kind for change in changes)
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in ChangeKind if counts[kind])
    return Section(
        lead=(f"{plural(len(changes), 'change')}: {kinds}.",),
        heads=tuple(Head(head) for head in ("call", "change", "before (UTC)", "after (UTC)", "what else", "UID")),
        rows=tuple(_row(change) for change in changes),
        notes=notes,
    )


def _row(change: EventChange) -> tuple[Cell, ...]:
    call = change.after or change.before
    tone = _TONE.get(change.kind, Tone.CHANGED)
    texts = (
        "" if call is None else f"{call.label or ''} {call.date}".strip(),
        str(change.kind),
        _when(change.before),
        _when(change.after),
        _else(change.before, change.after),
        change.uid,
    )
    return tuple(Cell(text, tone) for text in texts)


def _when(call: Call | None) -> str:
    """When a call is, and whether it is held."""
    if call is None:
        return ""
    return f"{utc_moment(call.start)}, {length(call.minutes)}" + ("" if call.is_held else " (cancelled)")


def _else(before: Call | None, after: Call | None) -> str:
    """What differs beside the time, by name, as far as the file tells of it."""
    if before is None or after is None:
        return ""
    pairs = {
        "title": (before.title, after.title),
        "location": (before.location, after.location),
        "note": (before.note, after.note),
        "zone": (before.zone, after.zone),
    }
    return ", ".join(name for name, (old, new) in pairs.items() if old != new)
