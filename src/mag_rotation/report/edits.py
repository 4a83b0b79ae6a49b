"""What an edit of a plan changes: the text, and the calls as members will see them.

Rule 1: the keys of a document are a contract; they may be added, never lost or renamed.
Rule 2: a call that changes is one row; what changes of it stands there before and after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from mag_rotation.calls import Call, CallChange, ChangeKind
from mag_rotation.report.calls import change_document, change_records
from mag_rotation.report.context import Context
from mag_rotation.report.description import Cell, Head, Report, Section, Tone
from mag_rotation.report.words import length, plural, utc_moment

__all__ = ["carried_line", "describe_edit"]

_TONE = {
    ChangeKind.ADDED: Tone.CHANGED,
    ChangeKind.MOVED: Tone.CHANGED,
    ChangeKind.REVIVED: Tone.CHANGED,
    ChangeKind.CANCELLED: Tone.FAINT,
    ChangeKind.DROPPED: Tone.FAINT,
    ChangeKind.EDITED: Tone.PLAIN,
}

_SHOWN: dict[str, Callable[[Call], str]] = {
    "call": lambda call: call.label or "",
    "rule date": lambda call: call.date.isoformat(),
    "start (UTC)": lambda call: utc_moment(call.start),
    "length": lambda call: length(call.minutes),
    "slot": lambda call: call.slot or "",
    "status": lambda call: str(call.status),
    "location": lambda call: call.location or "",
    "note": lambda call: call.note or "",
}
"""The columns of a call; those that are empty in every row are left out, and the place where it changes nowhere."""


def carried_line(members: int) -> str:
    """What the sheet of a season that goes on holds.

    >>> carried_line(1), carried_line(2)
    ('what 1 member has borne so far', 'what 2 members have borne so far')
    """
    return f"what {plural(members, 'member')} {'has' if members == 1 else 'have'} borne so far"


def describe_edit(context: Context, changes: Sequence[CallChange], *, diff: str, told: Sequence[str] = ()) -> Report:
    """What an edit changes; ``diff`` is that of the text, ``told`` are sentences about what was done."""
    kinds = Counter(change.kind for change in changes)
    counted = ", ".join(f"{kinds[kind]} {kind}" for kind in ChangeKind if kinds[kind])
    lead = f"{plural(len(changes), 'call')} not as before: {counted}." if changes else "All calls stay as they are."
    columns, rows = _table(changes)
    return Report(
        title=context.name,
        sections=(Section(lead=(*told, lead), heads=columns, rows=rows, notes=context.notes()),),
        document=context.document({"diff": diff, "changes": [change_document(change) for change in changes]}),
        records=change_records(changes, context),
    )


def _table(changes: Sequence[CallChange]) -> tuple[tuple[Head, ...], tuple[tuple[Cell, ...], ...]]:
    """One row a change, with the UID where extra calls come or go."""
    columns = {head: [_both(change, shown) for change in changes] for head, shown in _SHOWN.items()}
    if not any(_differs(change, _SHOWN["location"]) for change in changes):
        del columns["location"]
    if any(_is_extra_come_or_gone(change) for change in changes):
        columns["UID"] = [change.uid for change in changes]
    said = {head: texts for head, texts in columns.items() if any(texts)}
    rows = tuple(
        (Cell(str(change.kind), _TONE[change.kind]), *(Cell(texts[row], _TONE[change.kind]) for texts in said.values()))
        for row, change in enumerate(changes)
    )
    return (Head("change"), *map(Head, said)), rows


def _both(change: CallChange, shown: Callable[[Call], str]) -> str:
    """One thing of a call, before and after where it changes."""
    before, after = (None if call is None else shown(call) for call in (change.before, change.after))
    if before is None or after is None or before == after:
        return (after if before is None else before) or ""
    return f"{before or '-'} -> {after or '-'}"


def _differs(change: CallChange, shown: Callable[[Call], str]) -> bool:
    calls = change.before, change.after
    return len({shown(call) for call in calls if call is not None}) > 1


def _is_extra_come_or_gone(change: CallChange) -> bool:
    """Whether an extra call is new or dropped: those on one date are told apart by their UIDs alone."""
    call = change.after or change.before
    return change.kind in {ChangeKind.ADDED, ChangeKind.DROPPED} and call is not None and call.slot_number is None
