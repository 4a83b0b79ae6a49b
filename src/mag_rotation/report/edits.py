"""What an edit of a plan changes, as a report: the text, and one row for each call, before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mag_rotation.calls import Call, CallChange, ChangeKind, label_of
from mag_rotation.plan import Plan
from mag_rotation.plan.season import NextSeason
from mag_rotation.report.calls import change_document, change_records, count_kinds
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Report, Tone, ValueKind, make_section
from mag_rotation.report.language import ENGLISH, Language, mark
from mag_rotation.report.words import write_count

__all__ = ["describe_edit", "season_lines"]

_TONE = {
    ChangeKind.ADDED: Tone.CHANGED,
    ChangeKind.MOVED: Tone.CHANGED,
    ChangeKind.REVIVED: Tone.CHANGED,
    ChangeKind.CANCELLED: Tone.FAINT,
    ChangeKind.DROPPED: Tone.FAINT,
    ChangeKind.EDITED: Tone.PLAIN,
}

_DRY_RUN = mark("Nothing was written: this is a dry run.")

_SHARED = mark(
    "Both plans can write the same calendar: each leaves the calls of the other season as they were announced."
)


def season_lines(
    season: NextSeason, plan: Plan, language: Language, *, plan_file: str, sheet: str, ended: str | None
) -> list[str]:
    """Return what the files of the next season hold; ``ended`` is the file of the last one, if it was cut."""
    lines = [
        language.phrase(
            "{plan}: {parts}.", plan=plan_file, parts=language.write_parts([*_tell_season(plan, language)])
        ),
        language.phrase_count(
            "{sheet}: what {count} member has borne so far.",
            "{sheet}: what {count} members have borne so far.",
            len(season.plan.carried),
            sheet=sheet,
        ),
    ]
    if ended is not None:
        lines.append(language.phrase("{plan}: ends with {date} now.", plan=ended, date=season.last_call.date))
    return [*lines, language.translate(_SHARED)] if plan.meeting.season.first else lines


def _tell_season(plan: Plan, language: Language) -> Iterator[str]:
    """Yield the calls of a plan with their numbers, and whose turn is the first one."""
    dates = [call.date for call in plan.calls]
    figures = {"calls": write_count(len(dates), "call", language), "first": min(dates), "last": max(dates)}
    numbering, rotation = plan.meeting.numbering, plan.series.rotation
    if numbering is None:
        yield language.phrase("{calls} from {first} to {last}", **figures)
    else:
        number = label_of(numbering.first, numbering.style) or language.translate("none", context="a number")
        yield language.phrase("{calls} from {first} to {last}, numbers from {number} on", number=number, **figures)
    label = rotation.slots[rotation.start - 1].label
    slot = language.add_brackets(f"{rotation.start}", label) if label else f"{rotation.start}"
    if rotation.taken:
        yield language.phrase_count(
            "the first turn is that of slot {slot}, which has had {taken} of its {count} turns",
            "the first turn is that of slot {slot}, which has had {taken} of its {count} turns",
            rotation.hold,
            slot=slot,
            taken=rotation.taken,
        )
    else:
        yield language.phrase("the first turn is that of slot {slot}", slot=slot)


def describe_edit(
    context: Context, changes: Sequence[CallChange], *, diff: str, lead: Sequence[str] = (), dry_run: bool = False
) -> Report:
    """Describe what an edit changes; ``diff`` is that of the text, ``lead`` are sentences about what was done."""
    language = context.language
    count = (
        language.phrase_count(
            "{count} call not as before: {kinds}.",
            "{count} calls not as before: {kinds}.",
            len(changes),
            kinds=count_kinds(changes, language),
        )
        if changes
        else language.phrase("All calls stay as they are.")
    )
    lead = (*lead, *((language.translate(_DRY_RUN),) if dry_run else ()), count)
    return Report(
        title=context.name,
        sections=(make_section(_COLUMNS, changes, language, lead=lead, notes=context.notes()),),
        document=context.document({"diff": diff, "changes": [change_document(change) for change in changes]}),
        records=change_records(changes, context),
        language=language,
    )


def _tone(change: CallChange) -> Tone:
    return _TONE[change.kind]


def _tell_both(change: CallChange, tell: Callable[[Call, Language], str], language: Language) -> str:
    """Return a property of a call, before and after if it changes."""
    before, after = (None if call is None else tell(call, language) for call in (change.before, change.after))
    if before is None or after is None or before == after:
        return (after if before is None else before) or ""
    return language.phrase("{before} -> {after}", before=before or "-", after=after or "-")


def _differs(change: CallChange, tell: Callable[[Call, Language], str]) -> bool:
    calls = change.before, change.after
    return len({tell(call, ENGLISH) for call in calls if call is not None}) > 1


def _has_extra_come_or_gone(changes: Sequence[CallChange]) -> bool:
    """Return whether an extra call is new or dropped: those on one date differ only by their UIDs."""
    return any(
        change.kind in {ChangeKind.ADDED, ChangeKind.DROPPED} and call is not None and call.slot_number is None
        for change in changes
        for call in [change.after or change.before]
    )


def _column(head: str, tell: Callable[[Call, Language], str], *, only_if_changed: bool = False) -> Column[CallChange]:
    """Return the column of a property of calls, which is shown if any call has it, or has another one than before."""
    return Column(
        head=head,
        tell=lambda change, language: _tell_both(change, tell, language),
        tone=_tone,
        is_shown=lambda changes: any(
            _differs(change, tell) if only_if_changed else _tell_both(change, tell, ENGLISH) for change in changes
        ),
    )


_COLUMNS: tuple[Column[CallChange], ...] = (
    Column(head="change", kind=ValueKind.WORD, read=lambda change: change.kind, tone=_tone),
    _column(mark("call"), lambda call, _: call.label or ""),
    _column(mark("rule date"), lambda call, _: call.date.isoformat()),
    _column(mark("start (UTC)"), lambda call, language: language.write_moment(call.start)),
    _column(mark("length"), lambda call, language: language.write_short_length(call.minutes)),
    _column(mark("slot"), lambda call, _: call.slot or ""),
    _column(mark("status"), lambda call, language: language.translate(str(call.status))),
    _column(mark("location"), lambda call, _: call.location or "", only_if_changed=True),
    _column(mark("note"), lambda call, _: call.note or ""),
    Column(head="UID", read=lambda change: change.uid, tone=_tone, is_shown=_has_extra_come_or_gone),
)
"""A call that changes; columns that are empty in every row are left out, and the place if no call changes it."""
