"""Calls and nights as sheets for people.

Rule 1: dates are ISO dates and hours are of the 24-hour clock; no word depends on the machine's locale.
Rule 2: what a colour says stands beside it in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from mag_rotation.calls import Call, Status
from mag_rotation.night import MemberNight, NightReport, total_of
from mag_rotation.report.context import Context
from mag_rotation.report.sheet import Cell, Column, Sheet, Tone
from mag_rotation.report.words import DAYS, length, plural, utc_moment
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.zones import Adjusted, LocalTime, to_local

__all__ = ["calls_sheet", "member_calls_sheet", "night_sheets", "validation_sheet"]

_STATUS_TONE = {
    Status.PLANNED: Tone.PLAIN,
    Status.MOVED: Tone.CHANGED,
    Status.EXTRA: Tone.CHANGED,
    Status.CANCELLED: Tone.FAINT,
}


_ADJUSTED = {Adjusted.GAP: "skipped hour", Adjusted.FOLD: "repeated hour"}

_KEY = (
    "night min and deep night (02:00-06:00) are minutes of local time, burden is in point-minutes; all three also "
    "cover the lead before the call and what it is budgeted to overrun."
)
"""What the heads of a table of nights mean: a call from 06:00 is in the night of whoever has to be up before it."""


def _moment(at: LocalTime) -> str:
    return f"{DAYS[at.wall.weekday()]} {at.wall:%Y-%m-%d %H:%M}"


def _status(call: Call) -> str:
    return f"{call.status} ({_ADJUSTED[call.adjusted]})" if call.adjusted else str(call.status)


def _label(call: Call) -> str:
    return call.label or "-"


def _anchor(call: Call) -> str:
    """The start on the clock of the anchor zone, which is what the slot's name promises."""
    at = to_local(call.start, call.zone)
    return f"{DAYS[at.wall.weekday()]} {at.wall:%H:%M} {call.zone}"


def _columns_if(columns: Mapping[str, tuple[bool, list[str]]]) -> dict[str, list[str]]:
    """The columns that say something, by their heads."""
    return {head: texts for head, (wanted, texts) in columns.items() if wanted}


def calls_sheet(context: Context, calls: Sequence[Call], *, zones: Sequence[ZoneName] = ()) -> Sheet:
    """One row a call; columns that would be empty in all rows, or say only what is the rule, are left out."""
    places = [call.location or "" for call in calls]
    before = _columns_if({"call": (any(call.label for call in calls), [_label(call) for call in calls])})
    after = _columns_if(
        {
            "anchor time": (any(call.zone != UTC_ZONE for call in calls), [_anchor(call) for call in calls]),
            **{zone: (True, [_moment(to_local(call.start, zone)) for call in calls]) for zone in zones},
            "slot": (any(call.slot for call in calls), [call.slot or "" for call in calls]),
            "phase": (any(call.phase for call in calls), [call.phase or "" for call in calls]),
            "status": (True, [_status(call) for call in calls]),
            "location": (len(set(places)) > 1, places),
            "note": (any(call.note for call in calls), [call.note or "" for call in calls]),
        }
    )
    always = (Column("rule date"), Column("start (UTC)"), Column("length", number=True))
    rows = []
    for index, call in enumerate(calls):
        texts = [
            *(column[index] for column in before.values()),
            *(call.date.isoformat(), utc_moment(call.start), length(call.minutes)),
            *(column[index] for column in after.values()),
        ]
        rows.append(tuple(Cell(text, _STATUS_TONE[call.status]) for text in texts))
    return Sheet(
        lead=() if rows else ("No calls.",),
        columns=(*map(Column, before), *always, *map(Column, after)),
        rows=tuple(rows),
        notes=context.notes(),
    )


@lru_cache(maxsize=4_096)  # members who share a clock share the text
def _hours(began: LocalTime, ended: LocalTime, day_shift: int) -> str:
    start, end = began.wall, ended.wall
    shift = f" ({day_shift:+d} day)" if day_shift else ""
    later = f" {DAYS[end.weekday()]}" if end.date() != start.date() else ""
    return f"{DAYS[start.weekday()]} {start:%H:%M}-{end:%H:%M}{later}{shift}"


def _span(member: MemberNight) -> str:
    """Local start and end of a call, with the weekday of the start and the shift of its date."""
    return _hours(member.local_start, member.local_end, member.day_shift)


def _verdict(member: MemberNight) -> Cell:
    """The night in words."""
    if member.blocked:
        return Cell("blocked, in the night" if member.in_night else "blocked", Tone.BLOCKED)
    return Cell("in the night", Tone.NIGHT) if member.in_night else Cell("")


def _night_columns(*, lead: bool) -> tuple[Column, ...]:
    """The heads of what a call does to a member, with the lead where anybody has one."""
    return (
        *(Column("local time"), Column("starts in")),
        *((Column("lead", number=True),) if lead else ()),
        *(Column("night min", number=True), Column("deep night", number=True), Column("burden", number=True)),
        Column(""),
    )


_DAY_OFF = Column("day off")


def _any_day_off(nights: Iterable[MemberNight]) -> bool:
    """Whether a column for days off would say something."""
    return any(night.day_off for night in nights)


def _day_off_cell(member: MemberNight) -> Cell:
    return Cell(member.day_off or "", Tone.CHANGED)


def _any_lead(nights: Iterable[MemberNight]) -> bool:
    """Whether a column for leads would say something."""
    return any(night.lead for night in nights)


def _night_cells(member: MemberNight, *, lead: bool) -> tuple[Cell, ...]:
    tone = Tone.NIGHT if member.in_night else Tone.PLAIN
    return (
        Cell(_span(member), tone),
        Cell(member.band),
        *((Cell(length(member.lead) if member.lead else ""),) if lead else ()),
        Cell(str(member.night_minutes), tone),
        Cell(str(member.deep_night_minutes)),
        Cell(str(member.burden)),
        _verdict(member),
    )


def member_calls_sheet(
    context: Context, pairs: Sequence[tuple[Call, MemberNight]], *, zones: Sequence[ZoneName] = ()
) -> Sheet:
    """One row a call that a member takes part in, with the member's own times; a cancelled call costs nothing."""
    labelled = any(call.label for call, _ in pairs)
    off, lead_shown = _any_day_off(night for _, night in pairs), _any_lead(night for _, night in pairs)
    rows = tuple(
        (
            *((Cell(_label(call)),) if labelled else ()),
            Cell(utc_moment(call.start)),
            *(Cell(_moment(to_local(call.start, zone))) for zone in zones),
            Cell(_status(call), _STATUS_TONE[call.status]),
            *(_night_cells(night, lead=lead_shown) if call.is_held else _spared_cells(night, lead=lead_shown)),
            *((_day_off_cell(night),) if off else ()),
        )
        for call, night in pairs
    )
    total = total_of(pairs)
    lead = f"{plural(total.calls, 'call')}, {total.in_night} of them in the night, {total.burden} point-minutes in all."
    columns = (
        *((Column("call"),) if labelled else ()),
        Column("start (UTC)"),
        *(Column(zone) for zone in zones),
        *(Column("status"), *_night_columns(lead=lead_shown)),
        *((_DAY_OFF,) if off else ()),
    )
    return Sheet(lead=(lead,), columns=columns, rows=rows, notes=context.notes(_KEY))


def _spared_cells(member: MemberNight, *, lead: bool) -> tuple[Cell, ...]:
    """When a cancelled call would have been; what it would have cost is not shown as if it counted."""
    return Cell(_span(member), Tone.FAINT), Cell(member.band, Tone.FAINT), *([Cell("")] * (5 if lead else 4))


def night_sheets(context: Context, report: NightReport) -> tuple[Sheet, ...]:
    """Who is in the night, worst first, and how many of each group."""
    start, end = report.start, report.end
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
    when = f"{DAYS[start.weekday()]} {start:%Y-%m-%d %H:%M} to {last} UTC"
    cancelled = " This call is cancelled." if report.call is not None and not report.call.is_held else ""
    count = report.summary
    blocked = f" {len(report.blocked)} blocked: {', '.join(report.blocked)}." if report.blocked else ""
    lead = (
        f"{when}.{cancelled}",
        f"{count.in_night} of {count.members} in the night ({report.night} local time).{blocked}",
    )
    off, lead_shown = _any_day_off(report.members), _any_lead(report.members)
    named = any(member.name != member.id for member in report.members)
    rows = tuple(
        (
            Cell(member.id),
            *((Cell(member.name),) if named else ()),
            Cell(member.zone),
            *_night_cells(member, lead=lead_shown),
            *((_day_off_cell(member),) if off else ()),
        )
        for member in report.members
    )
    columns = (
        *(Column("member"), *((Column("name"),) if named else ()), Column("zone")),
        *_night_columns(lead=lead_shown),
        *((_DAY_OFF,) if off else ()),
    )
    members = Sheet(lead=lead, columns=columns, rows=rows)
    group_rows = tuple(
        (
            Cell(name),
            Cell(value),
            Cell(str(found.in_night), Tone.NIGHT if found.in_night else Tone.PLAIN),
            Cell(str(found.members)),
        )
        for name, counts in report.by_group.items()
        for value, found in counts.items()
    )
    columns = (Column("group"), Column("value"), Column("in the night", number=True), Column("members", number=True))
    groups = Sheet(columns=columns, rows=group_rows, notes=context.notes(_KEY))
    return members, groups


def validation_sheet(context: Context, errors: Sequence[str], *, excerpts: Sequence[str] = ()) -> Sheet:
    """One row for each thing that is wrong or odd, and below it the lines of the file that show it."""
    rows: list[tuple[Cell, Cell]] = []
    for text, excerpt in zip_longest(errors, excerpts, fillvalue=""):
        rows += [(Cell("wrong", Tone.BLOCKED), Cell(text))]
        rows += [(Cell(""), Cell(f"    {line}")) for line in excerpt.splitlines()]
    warnings = context.sentences()
    rows += [(Cell("odd", Tone.CHANGED), Cell(text)) for text in warnings]
    found = f"{plural(len(errors), 'mistake')}, {plural(len(warnings), 'warning')}"
    notes = replace(context, warnings=()).notes()
    return Sheet(lead=(f"{found}.",), columns=(Column(""), Column("what")), rows=tuple(rows), notes=notes)
