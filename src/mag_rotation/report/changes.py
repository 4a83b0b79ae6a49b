"""What a new calendar holds and changes: reports, and lines about what was written to a file or to a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from mag_rotation.calls import Call, ChangeKind
from mag_rotation.ics import Edition, EventChange, PriorCalendar
from mag_rotation.report.calls import change_document, change_records
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Report, Section, Tone, make_section
from mag_rotation.report.words import length, plural, utc_moment

__all__ = ["contested_line", "describe_changes", "describe_edition", "edition_line", "publish_line", "unfinished_line"]

_TONE = {ChangeKind.DROPPED: Tone.FAINT, ChangeKind.CANCELLED: Tone.FAINT, ChangeKind.EDITED: Tone.PLAIN}


def describe_changes(context: Context, changes: Sequence[EventChange]) -> Report:
    """Describe what an edition of a calendar changes for people who have the one before."""
    return Report(
        title=f"{context.name}: what changes in calendars",
        sections=(_section(context, changes),),
        document=context.document({"changes": [change_document(change) for change in changes]}),
        records=change_records(changes, context),
    )


def edition_line(edition: Edition, found: PriorCalendar | None, *, is_new: bool) -> str:
    """Return how many calls were written, and how many changes there are if calls were announced before.

    ``is_new`` says that the file is another one than before.
    """
    if not is_new:
        return "nothing has changed"
    calls, cancelled = _count_calls(edition)
    words = f"{plural(calls, 'call')} written" + (f", {cancelled} of them cancelled" if cancelled else "")
    if found is None or not found.events:
        return words
    return f"{words}; {plural(len(edition.changes), 'change')}"


def publish_line(*, calls: int, due: int, written: int, dry_run: bool) -> str:
    """Return how many of the ``due`` calls were written to a server.

    >>> publish_line(calls=3, due=2, written=1, dry_run=False), publish_line(calls=1, due=0, written=0, dry_run=False)
    ('3 calls, 1 of 2 written, 1 left as they were', '1 call, nothing has changed')
    """
    counted = plural(calls, "call")
    if dry_run:
        return f"{counted}, {due} to be written; nothing was written: this is a dry run"
    if not due:
        return f"{counted}, nothing has changed"
    return f"{counted}, {written} of {due} written, {calls - due} left as they were"


def site_line(*, files: int, written: int, ahead: int, dry_run: bool) -> str:
    """Return what became of the files of a site.

    >>> site_line(files=9, written=2, ahead=5, dry_run=False)
    '5 calls to come; 2 of 9 files written'
    >>> site_line(files=9, written=0, ahead=1, dry_run=False)
    '1 call to come; nothing is new, and no file was written'
    """
    calls = f"{plural(ahead, 'call')} to come"
    if dry_run:
        return f"{calls}; {written} of {plural(files, 'file')} to be written; nothing was written: this is a dry run"
    if not written:
        return f"{calls}; nothing is new, and no file was written"
    return f"{calls}; {written} of {plural(files, 'file')} written"


def unfinished_line(stopped: Exception) -> str:
    """Return why the rest was not written to a server."""
    return f"mag-rotation: {stopped}; run again to go on"


def contested_line(uid: str) -> str:
    """Return the line about a call that others changed each time it was to be written."""
    return f"{uid}: was changed by others each time it was to be written; run again"


def describe_edition(context: Context, edition: Edition, *, file: str, layout: str, is_new: bool, lead: str) -> Report:
    """Describe what a file holds, which was written now if it ``is_new``; ``lead`` says so in a sentence."""
    calls, cancelled = _count_calls(edition)
    changes = describe_changes(context, edition.changes)
    sheets = tuple(replace(sheet, lead=(lead, *sheet.lead)) for sheet in changes.sections)
    counts = {"file": file, "layout": layout, "written": is_new, "calls": calls, "cancelled": cancelled}
    return replace(
        changes,
        title=edition.meeting.name,
        sections=sheets if edition.changes else (Section(lead=(lead,), notes=context.notes()),),
        document=context.document({**counts, "changes": changes.document["changes"]}),
    )


def _count_calls(edition: Edition) -> tuple[int, int]:
    """Return how many calls a calendar has, and how many of them are cancelled."""
    shown = edition.list_shown().values()
    return len(shown), sum(event.cancelled for event in shown)


def _section(context: Context, changes: Sequence[EventChange]) -> Section:
    """Return one row for each change, in the order of starts."""
    notes = context.notes()
    if not changes:
        return Section(lead=("Nothing changes.",), notes=notes)
    counts = Counter(change.kind for change in changes)
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in ChangeKind if counts[kind])
    return make_section(_COLUMNS, changes, lead=(f"{plural(len(changes), 'change')}: {kinds}.",), notes=notes)


def _tone(change: EventChange) -> Tone:
    return _TONE.get(change.kind, Tone.CHANGED)


def _name(change: EventChange) -> str:
    call = change.after or change.before
    return "" if call is None else f"{call.label or ''} {call.date}".strip()


def _when(call: Call | None) -> str:
    """Return when a call is, and whether it is cancelled."""
    if call is None:
        return ""
    return f"{utc_moment(call.start)}, {length(call.minutes)}" + ("" if call.is_held else " (cancelled)")


def _else(before: Call | None, after: Call | None) -> str:
    """Return the names of the properties beside the time that differ."""
    if before is None or after is None:
        return ""
    pairs = {
        "title": (before.title, after.title),
        "location": (before.location, after.location),
        "note": (before.note, after.note),
        "zone": (before.zone, after.zone),
    }
    return ", ".join(name for name, (old, new) in pairs.items() if old != new)


_COLUMNS: tuple[Column[EventChange], ...] = (
    Column(head="call", show=_name, tone=_tone),
    Column(head="change", read=lambda change: change.kind, tone=_tone),
    Column(head="before (UTC)", show=lambda change: _when(change.before), tone=_tone),
    Column(head="after (UTC)", show=lambda change: _when(change.after), tone=_tone),
    Column(head="what else", show=lambda change: _else(change.before, change.after), tone=_tone),
    Column(head="UID", read=lambda change: change.uid, tone=_tone),
)
"""A call as it was announced and as it is now."""
