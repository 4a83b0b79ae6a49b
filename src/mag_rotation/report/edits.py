"""What an edit of a plan changes, as a report: the text, and one row for each call, before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from mag_rotation.calls import Call, CallChange, ChangeKind, label_of
from mag_rotation.plan import Plan
from mag_rotation.plan.season import NextSeason
from mag_rotation.report.calls import change_document, change_records
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Report, Tone, make_section
from mag_rotation.report.words import length, plural, utc_moment

__all__ = ["describe_edit", "season_lines"]

_TONE = {
    ChangeKind.ADDED: Tone.CHANGED,
    ChangeKind.MOVED: Tone.CHANGED,
    ChangeKind.REVIVED: Tone.CHANGED,
    ChangeKind.CANCELLED: Tone.FAINT,
    ChangeKind.DROPPED: Tone.FAINT,
    ChangeKind.EDITED: Tone.PLAIN,
}

_DRY_RUN = "Nothing was written: this is a dry run."

_SHARED = "Both plans can write the same calendar: each leaves the calls of the other season as they were announced."


def season_lines(season: NextSeason, plan: Plan, *, plan_file: str, sheet: str, ended: str | None) -> list[str]:
    """Return what the files of the next season hold; ``ended`` is the file of the last one, if it was cut."""
    dates = [call.date for call in plan.calls]
    numbering, rotation = plan.meeting.numbering, plan.series.rotation
    number = "" if numbering is None else f", numbers from {label_of(numbering.first, numbering.style) or 'none'} on"
    slot = rotation.slots[rotation.start - 1]
    named = f" ({slot.label})" if slot.label else ""
    taken = f", which has had {rotation.taken} of its {rotation.hold} turns" if rotation.taken else ""
    span = f"{plural(len(dates), 'call')} from {min(dates)} to {max(dates)}"
    members = len(season.plan.carried)
    borne = f"{plural(members, 'member')} {'has' if members == 1 else 'have'} borne so far"
    return [
        f"{plan_file}: {span}{number}; the first turn is that of slot {rotation.start}{named}{taken}.",
        f"{sheet}: what {borne}.",
        *([] if ended is None else [f"{ended}: ends with {season.last_call.date} now."]),
        *([_SHARED] if plan.meeting.season.first else []),
    ]


def describe_edit(
    context: Context, changes: Sequence[CallChange], *, diff: str, lead: Sequence[str] = (), dry_run: bool = False
) -> Report:
    """Describe what an edit changes; ``diff`` is that of the text, ``lead`` are sentences about what was done."""
    kinds = Counter(change.kind for change in changes)
    counted = ", ".join(f"{kinds[kind]} {kind}" for kind in ChangeKind if kinds[kind])
    count = f"{plural(len(changes), 'call')} not as before: {counted}." if changes else "All calls stay as they are."
    lead = (*lead, *((_DRY_RUN,) if dry_run else ()), count)
    return Report(
        title=context.name,
        sections=(make_section(_COLUMNS, changes, lead=lead, notes=context.notes()),),
        document=context.document({"diff": diff, "changes": [change_document(change) for change in changes]}),
        records=change_records(changes, context),
    )


def _tone(change: CallChange) -> Tone:
    return _TONE[change.kind]


def _both(change: CallChange, show: Callable[[Call], str]) -> str:
    """Return a property of a call, before and after if it changes."""
    before, after = (None if call is None else show(call) for call in (change.before, change.after))
    if before is None or after is None or before == after:
        return (after if before is None else before) or ""
    return f"{before or '-'} -> {after or '-'}"


def _differs(change: CallChange, show: Callable[[Call], str]) -> bool:
    calls = change.before, change.after
    return len({show(call) for call in calls if call is not None}) > 1


def _has_extra_come_or_gone(changes: Sequence[CallChange]) -> bool:
    """Return whether an extra call is new or dropped: those on one date differ only by their UIDs."""
    return any(
        change.kind in {ChangeKind.ADDED, ChangeKind.DROPPED} and call is not None and call.slot_number is None
        for change in changes
        for call in [change.after or change.before]
    )


def _column(head: str, show: Callable[[Call], str], *, only_if_changed: bool = False) -> Column[CallChange]:
    """Return the column of a property of calls, which is shown if any call has it, or has another one than before."""
    is_said = _differs if only_if_changed else _both
    return Column(
        head=head,
        show=lambda change: _both(change, show),
        tone=_tone,
        is_shown=lambda changes: any(is_said(change, show) for change in changes),
    )


_COLUMNS: tuple[Column[CallChange], ...] = (
    Column(head="change", read=lambda change: change.kind, tone=_tone),
    _column("call", lambda call: call.label or ""),
    _column("rule date", lambda call: call.date.isoformat()),
    _column("start (UTC)", lambda call: utc_moment(call.start)),
    _column("length", lambda call: length(call.minutes)),
    _column("slot", lambda call: call.slot or ""),
    _column("status", lambda call: str(call.status)),
    _column("location", lambda call: call.location or "", only_if_changed=True),
    _column("note", lambda call: call.note or ""),
    Column(head="UID", read=lambda change: change.uid, tone=_tone, is_shown=_has_extra_come_or_gone),
)
"""A call that changes; columns that are empty in every row are left out, and the place if no call changes it."""
