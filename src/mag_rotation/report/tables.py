"""Calls and nights as sheets for people.

Rule 1: dates are ISO dates and hours are of the 24-hour clock; no word depends on the machine's locale.
Rule 2: what a colour says stands beside it in words.
"""

from __future__ import annotations

from collections.abc import Sequence

from mag_rotation.calls import Call, Status
from mag_rotation.night import MemberNight, NightReport
from mag_rotation.report.sheet import Cell, Column, Sheet, Tone
from mag_rotation.roster import ZoneName
from mag_rotation.zones import TZDATA_VERSION, LocalTime, local

__all__ = ["calls_sheet", "member_calls_sheet", "night_sheets", "validation_sheet"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_STATUS_TONE = {
    Status.PLANNED: Tone.PLAIN,
    Status.MOVED: Tone.CHANGED,
    Status.EXTRA: Tone.CHANGED,
    Status.CANCELLED: Tone.FAINT,
}


def rules_line() -> str:
    """Which zone rules an answer rests on."""
    return f"Zone rules: tzdata {TZDATA_VERSION}."


def length(minutes: int) -> str:
    """A length as people say it.

    >>> length(120), length(90), length(45)
    ('2 h', '1 h 30', '45 min')
    """
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def _moment(at: LocalTime) -> str:
    return f"{_DAYS[at.wall.weekday()]} {at.wall:%Y-%m-%d %H:%M}"


def _utc(call: Call) -> str:
    return f"{_DAYS[call.start.weekday()]} {call.start:%Y-%m-%d %H:%M}"


def _status(call: Call) -> str:
    return f"{call.status} ({call.adjusted})" if call.adjusted else str(call.status)


def _label(call: Call) -> str:
    return call.label or "-"


def calls_sheet(calls: Sequence[Call], warnings: Sequence[str], *, zones: Sequence[ZoneName] = ()) -> Sheet:
    """One row a call; columns that would be empty in all rows are left out."""
    columns = [Column("call"), Column("date"), Column("start (UTC)"), Column("length", number=True)]
    columns += [Column(zone) for zone in zones]
    optional = {
        "slot": [call.slot or "" for call in calls],
        "phase": [call.phase or "" for call in calls],
        "status": [_status(call) for call in calls],
        "note": [call.note or "" for call in calls],
    }
    shown = {head: texts for head, texts in optional.items() if any(texts)}
    rows = []
    for index, call in enumerate(calls):
        tone = _STATUS_TONE[call.status]
        times = [_moment(local(call.start, zone)) for zone in zones]
        texts = [_label(call), call.date.isoformat(), _utc(call), length(call.minutes), *times]
        rows.append(tuple(Cell(text, tone) for text in [*texts, *(column[index] for column in shown.values())]))
    lead = () if rows else ("No calls.",)
    return Sheet(
        lead=lead,
        columns=(*columns, *(Column(head) for head in shown)),
        rows=tuple(rows),
        notes=(*warnings, rules_line()),
    )


def _span(member: MemberNight) -> str:
    """Local start and end of a call, with the weekday of the start and the shift of its date."""
    start, end = member.local_start.wall, member.local_end.wall
    shift = f" ({member.day_shift:+d} day)" if member.day_shift else ""
    later = f" {_DAYS[end.weekday()]}" if end.date() != start.date() else ""
    return f"{_DAYS[start.weekday()]} {start:%H:%M}-{end:%H:%M}{later}{shift}"


def _verdict(member: MemberNight) -> Cell:
    """The night in words."""
    if member.blocked:
        return Cell("blocked, in the night" if member.in_night else "blocked", Tone.BLOCKED)
    return Cell("in the night", Tone.NIGHT) if member.in_night else Cell("")


_NIGHT_COLUMNS = (
    Column("local time"),
    Column("band"),
    Column("night min", number=True),
    Column("deep", number=True),
    Column("burden", number=True),
    Column("", number=False),
)


def _night_cells(member: MemberNight) -> tuple[Cell, ...]:
    tone = Tone.NIGHT if member.in_night else Tone.PLAIN
    return (
        Cell(_span(member), tone),
        Cell(member.band),
        Cell(str(member.night_minutes), tone),
        Cell(str(member.deep_night_minutes)),
        Cell(str(member.burden)),
        _verdict(member),
    )


def member_calls_sheet(pairs: Sequence[tuple[Call, MemberNight]], warnings: Sequence[str]) -> Sheet:
    """One row a call that a member takes part in, with the member's own times."""
    rows = tuple(
        (Cell(_label(call)), Cell(_utc(call)), Cell(_status(call), _STATUS_TONE[call.status]), *_night_cells(night))
        for call, night in pairs
    )
    held = [night for call, night in pairs if call.is_held]
    nights = sum(night.in_night for night in held)
    burden = sum(night.burden for night in held)
    lead = f"{len(held)} calls, {nights} of them in the night, {burden} point-minutes in all."
    columns = (Column("call"), Column("start (UTC)"), Column("status"), *_NIGHT_COLUMNS)
    return Sheet(lead=(lead,), columns=columns, rows=rows, notes=(*warnings, rules_line()))


def night_sheets(report: NightReport, warnings: Sequence[str]) -> tuple[Sheet, ...]:
    """Who is in the night, worst first, and how many of each group."""
    start, end = report.start, report.end
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
    when = f"{_DAYS[start.weekday()]} {start:%Y-%m-%d %H:%M} to {last} UTC"
    cancelled = " This call is cancelled." if report.call is not None and not report.call.is_held else ""
    count = report.summary
    blocked = f" {len(report.blocked)} blocked: {', '.join(report.blocked)}." if report.blocked else ""
    lead = (
        f"{when}.{cancelled}",
        f"{count.in_night} of {count.members} in the night ({report.night}).{blocked}",
    )
    rows = tuple((Cell(member.id), Cell(member.zone), *_night_cells(member)) for member in report.members)
    members = Sheet(lead=lead, columns=(Column("member"), Column("zone"), *_NIGHT_COLUMNS), rows=rows)
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
    columns = (Column("group"), Column(""), Column("in the night", number=True), Column("members", number=True))
    groups = Sheet(columns=columns, rows=group_rows, notes=(*warnings, rules_line()))
    return members, groups


def validation_sheet(errors: Sequence[str], warnings: Sequence[str]) -> Sheet:
    """One row for each thing that is wrong or odd."""
    rows = [(Cell("wrong", Tone.BLOCKED), Cell(text)) for text in errors]
    rows += [(Cell("odd", Tone.CHANGED), Cell(text)) for text in warnings]
    found = f"{_plural(len(errors), 'mistake')}, {_plural(len(warnings), 'warning')}"
    return Sheet(lead=(f"{found}.",), columns=(Column(""), Column("what")), rows=tuple(rows), notes=(rules_line(),))


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
