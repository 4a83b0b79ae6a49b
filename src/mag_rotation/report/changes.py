"""What a new calendar holds and changes: reports, and lines about what was written to a file or to a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mag_rotation.calls import Call, ChangeKind
from mag_rotation.ics import Edition, EventChange, PriorCalendar
from mag_rotation.report.calls import change_document, change_records, count_kinds
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Report, Section, Tone, ValueKind, make_section
from mag_rotation.report.language import Language, mark

__all__ = [
    "changed_option_line",
    "contested_line",
    "describe_changes",
    "describe_edition",
    "edition_line",
    "publish_line",
    "remembered_line",
    "unfinished_line",
]

_TONE = {ChangeKind.DROPPED: Tone.FAINT, ChangeKind.CANCELLED: Tone.FAINT, ChangeKind.EDITED: Tone.PLAIN}


def describe_changes(context: Context, changes: Sequence[EventChange], *, of_sessions: bool = False) -> Report:
    """Describe what an edition of a calendar changes for people who have the one before."""
    return Report(
        title=context.title("what changes in calendars"),
        sections=(_section(context, changes, of_sessions=of_sessions),),
        document=context.document({"changes": [change_document(change) for change in changes]}),
        records=change_records(changes, context),
        language=context.language,
    )


def edition_line(
    edition: Edition, found: PriorCalendar | None, language: Language, *, is_new: bool, of_sessions: bool = False
) -> str:
    """Return how many calls were written, and how many changes there are if calls were announced before.

    ``is_new`` says that the file is another one than before, ``of_sessions`` that its events are sessions.
    """
    if not is_new:
        return language.phrase("nothing has changed")
    calls, cancelled = _count_calls(edition)
    tell = _tell_sessions if of_sessions else _tell_calls
    written = tell(calls, cancelled, language)
    if found is None or not found.events:
        return written
    return language.phrase_count(
        "{written}; {count} change", "{written}; {count} changes", len(edition.changes), written=written
    )


def _tell_calls(count: int, cancelled: int, language: Language) -> str:
    """Return how many calls were written, and how many of them are cancelled."""
    if not cancelled:
        return language.phrase_count("{count} call written", "{count} calls written", count)
    return language.phrase_count(
        "{count} call written, {cancelled} of them cancelled",
        "{count} calls written, {cancelled} of them cancelled",
        count,
        cancelled=cancelled,
    )


def _tell_sessions(count: int, cancelled: int, language: Language) -> str:
    """Return how many sessions were written, and how many of them are cancelled."""
    if not cancelled:
        return language.phrase_count("{count} session written", "{count} sessions written", count)
    return language.phrase_count(
        "{count} session written, {cancelled} of them cancelled",
        "{count} sessions written, {cancelled} of them cancelled",
        count,
        cancelled=cancelled,
    )


def publish_line(language: Language, *, calls: int, due: int, written: int, dry_run: bool) -> str:
    """Return how many of the ``due`` calls were written to a server.

    >>> from mag_rotation.report.language import ENGLISH
    >>> publish_line(ENGLISH, calls=3, due=2, written=1, dry_run=False)
    '3 calls, 1 of 2 written, 1 left as they were'
    >>> publish_line(ENGLISH, calls=1, due=0, written=0, dry_run=False)
    '1 call, nothing has changed'
    """
    if dry_run:
        return language.phrase_count(
            "{count} call, {due} to be written; nothing was written: this is a dry run",
            "{count} calls, {due} to be written; nothing was written: this is a dry run",
            calls,
            due=due,
        )
    if not due:
        return language.phrase_count("{count} call, nothing has changed", "{count} calls, nothing has changed", calls)
    return language.phrase_count(
        "{count} call, {written} of {due} written, {left} left as they were",
        "{count} calls, {written} of {due} written, {left} left as they were",
        calls,
        written=written,
        due=due,
        left=calls - due,
    )


def site_line(language: Language, *, files: int, written: int, ahead: int, dry_run: bool) -> str:
    """Return what became of the files of a site.

    >>> from mag_rotation.report.language import ENGLISH
    >>> site_line(ENGLISH, files=9, written=2, ahead=5, dry_run=False)
    '5 calls to come; 2 of 9 files written'
    >>> site_line(ENGLISH, files=9, written=0, ahead=1, dry_run=False)
    '1 call to come; nothing is new, and no file was written'
    """
    calls = language.phrase_count("{count} call to come", "{count} calls to come", ahead)
    if dry_run:
        return language.phrase_count(
            "{calls}; {written} of {count} file to be written; nothing was written: this is a dry run",
            "{calls}; {written} of {count} files to be written; nothing was written: this is a dry run",
            files,
            calls=calls,
            written=written,
        )
    if not written:
        return language.phrase("{calls}; nothing is new, and no file was written", calls=calls)
    return language.phrase_count(
        "{calls}; {written} of {count} file written",
        "{calls}; {written} of {count} files written",
        files,
        calls=calls,
        written=written,
    )


def remembered_line(options: Sequence[str], language: Language) -> str:
    """Return the options of a site that were not given, and are those of the last time.

    >>> from mag_rotation.report.language import ENGLISH
    >>> remembered_line(["--base-url https://example.org/", "--locale fr"], ENGLISH)
    'as last time: --base-url https://example.org/, --locale fr'
    """
    return language.phrase("as last time: {options}", options=language.write_list(options))


def changed_option_line(option: str, before: Sequence[str], after: Sequence[str], language: Language) -> str:
    """Return that an option of a site has other values than the last time.

    >>> from mag_rotation.report.language import ENGLISH
    >>> changed_option_line("--locale", ["en", "fr"], ["fr"], ENGLISH)
    '--locale was en, fr the last time; now it is fr'
    """
    return language.phrase(
        "{option} was {before} the last time; now it is {after}",
        option=option,
        before=language.write_list(before),
        after=language.write_list(after),
    )


def unfinished_line(stopped: Exception, language: Language) -> str:
    """Return why the rest was not written to a server."""
    return language.phrase("mag-rotation: {why}; run again to go on", why=stopped)


def contested_line(uid: str, language: Language) -> str:
    """Return the line about a call that others changed each time it was to be written."""
    return language.phrase("{uid}: was changed by others each time it was to be written; run again", uid=uid)


def describe_edition(
    context: Context, edition: Edition, *, file: str, layout: str, is_new: bool, lead: str, of_sessions: bool = False
) -> Report:
    """Describe what a file holds, which was written now if it ``is_new``; ``lead`` says so in a sentence.

    ``of_sessions`` says that its events are sessions.
    """
    calls, cancelled = _count_calls(edition)
    changes = describe_changes(context, edition.changes, of_sessions=of_sessions)
    sheets = tuple(replace(sheet, lead=(lead, *sheet.lead)) for sheet in changes.sections)
    counts = {
        "file": file,
        "layout": layout,
        "written": is_new,
        "sessions" if of_sessions else "calls": calls,
        "cancelled": cancelled,
    }
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


def _section(context: Context, changes: Sequence[EventChange], *, of_sessions: bool) -> Section:
    """Return one row for each change, in the order of starts."""
    notes = context.notes()
    if not changes:
        return Section(lead=(context.language.phrase("Nothing changes."),), notes=notes)
    lead = context.language.phrase_count(
        "{count} change: {kinds}.",
        "{count} changes: {kinds}.",
        len(changes),
        kinds=count_kinds(changes, context.language),
    )
    columns = _SESSION_COLUMNS if of_sessions else _COLUMNS
    return make_section(columns, changes, context.language, lead=(lead,), notes=notes)


def _tone(change: EventChange) -> Tone:
    return _TONE.get(change.kind, Tone.CHANGED)


def _name(change: EventChange) -> str:
    call = change.after or change.before
    return "" if call is None else f"{call.label or ''} {call.date}".strip()


def _title(change: EventChange) -> str:
    call = change.after or change.before
    return "" if call is None else call.title


def _tell_when(call: Call | None, language: Language) -> str:
    """Return when a call is, and whether it is cancelled."""
    if call is None:
        return ""
    figures = {"start": language.write_moment(call.start), "length": language.write_short_length(call.minutes)}
    if call.is_held:
        return language.phrase("{start}, {length}", **figures)
    return language.phrase("{start}, {length} (cancelled)", **figures)


_PROPERTIES = {
    "title": mark("title"),
    "location": mark("location"),
    "note": mark("note"),
    "zone": mark("zone"),
}
"""The properties beside the time, in words."""


def _tell_else(before: Call | None, after: Call | None, language: Language) -> str:
    """Return the names of the properties beside the time that differ."""
    if before is None or after is None:
        return ""
    changed = (word for name, word in _PROPERTIES.items() if getattr(before, name) != getattr(after, name))
    return language.write_list(list(map(language.translate, changed)))


_COLUMNS: tuple[Column[EventChange], ...] = (
    Column(head="call", show=_name, tone=_tone),
    Column(head="change", kind=ValueKind.WORD, read=lambda change: change.kind, tone=_tone),
    Column(head="before (UTC)", tell=lambda change, language: _tell_when(change.before, language), tone=_tone),
    Column(head="after (UTC)", tell=lambda change, language: _tell_when(change.after, language), tone=_tone),
    Column(
        head="what else", tell=lambda change, language: _tell_else(change.before, change.after, language), tone=_tone
    ),
    Column(head="UID", read=lambda change: change.uid, tone=_tone),
)
"""A call as it was announced and as it is now."""

_SESSION_COLUMNS: tuple[Column[EventChange], ...] = (Column(head="session", show=_title, tone=_tone), *_COLUMNS[1:])
