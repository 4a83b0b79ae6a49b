"""Clock changes as a document, as records of a change and a member, and as sheets for people.

Rule 1: the keys of a document are a contract; they may be added, never lost or renamed.
Rule 2: in a sheet, members and zones that fare alike share a row, and a long row of names is cut; documents have all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mag_rotation.drift import DriftChange, DriftGap, DriftReport, Effect, LocalHour, Whose
from mag_rotation.report.context import Context
from mag_rotation.report.description import Cell, Head, Records, Report, Section, Tone, utc_text
from mag_rotation.report.words import DAYS, difference, length, plural
from mag_rotation.roster import ZoneName
from mag_rotation.zones import TZDATA_VERSION

__all__ = ["describe_drift"]

_SHOWN = 4
"""How many names a cell shows before it counts the rest."""

_HEADS = (
    "slot",
    "slot_number",
    "phase",
    "at",
    "zone",
    "date",
    "first_call",
    "whose",
    "local_before",
    "local_after",
    "day_shift_before",
    "day_shift_after",
    "minutes",
)
"""What a record has of its change; the member's own values follow."""

_MEMBER_HEADS = (
    "member",
    "member_zone",
    "night_minutes_before",
    "night_minutes_after",
    "burden_before",
    "burden_after",
    "blocked_before",
    "blocked_after",
)


def describe_drift(context: Context, report: DriftReport) -> Report:
    """Whose local hour of a slot changes when, and when two zones are out of step."""
    context = replace(context, warnings=(*report.notes, *context.warnings))
    body = {
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "changes": [_change_record(change) for change in report.changes],
        "gaps": [_gap_record(gap) for gap in report.gaps],
    }
    return Report(
        title=f"{context.name}: clock changes",
        sections=(_changes_sheet(report), _gaps_sheet(context, report)),
        document=context.document(body),
        records=Records(
            keys=(*_HEADS, *_MEMBER_HEADS, "tzdata"),
            rows=tuple(record for change in report.changes for record in _records(change)),
        ),
    )


def _change_record(change: DriftChange) -> dict[str, object]:
    return {
        **_facts(change),
        "members": list(change.members),
        "member_zone": change.zones[0],
        "member_zones": list(change.zones),
        "enters_night": list(change.enters_night),
        "leaves_night": list(change.leaves_night),
        "effects": [{"members": list(effect.members), **_figures(effect)} for effect in change.effects],
    }


def _facts(change: DriftChange) -> dict[str, object]:
    """What a change is, whoever the members are."""
    return {
        "slot": change.slot.label,
        "slot_number": change.slot_number,
        "phase": change.phase,
        "at": f"{change.slot.at:%H:%M}",
        "zone": change.slot.zone,
        "date": change.date.isoformat(),
        "first_call": None if change.first_call is None else change.first_call.uid,
        "whose": str(change.whose),
        "local_before": f"{change.before.at:%H:%M}",
        "local_after": f"{change.after.at:%H:%M}",
        "day_shift_before": change.before.day_shift,
        "day_shift_after": change.after.day_shift,
        "minutes": change.minutes,
    }


def _figures(effect: Effect) -> dict[str, object]:
    """What a call costs before and after."""
    pairs: dict[str, tuple[object, object]] = {
        "night_minutes": effect.night_minutes,
        "burden": effect.burden,
        "blocked": effect.blocked,
    }
    return {f"{name}_{when}": value for name, pair in pairs.items() for when, value in zip(_WHEN, pair, strict=True)}


_WHEN = ("before", "after")


def _records(change: DriftChange) -> Iterator[tuple[object, ...]]:
    facts = tuple(_facts(change).values())
    for effect in change.effects:
        for place in effect.members:
            yield (*facts, place, change.homes[place], *_figures(effect).values(), TZDATA_VERSION)


def _gap_record(gap: DriftGap) -> dict[str, object]:
    usual = gap.minutes_before if gap.minutes_before == gap.minutes_after else None
    return {
        "zones": list(gap.zones),
        "same_clock": [list(zones) for zones in gap.same_clock],
        "from": gap.first.isoformat(),
        "to": gap.last.isoformat(),
        "start": utc_text(gap.start),
        "end": utc_text(gap.end),
        "usual_minutes": usual,
        "minutes": gap.minutes,
        "minutes_before": gap.minutes_before,
        "minutes_after": gap.minutes_after,
        "begun_by": list(gap.begun_by),
        "ended_by": list(gap.ended_by),
        "calls": [call.uid for call in gap.calls],
    }


def _few(names: Sequence[str]) -> str:
    """Some names, and how many more there are.

    >>> _few(["a", "b"]), _few(["a", "b", "c", "d", "e", "f"])
    ('a, b', 'a, b, c, d and 2 more')
    """
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


_CLOCK = {Whose.ANCHOR: "the slot's", Whose.MEMBER: "the member's", Whose.BOTH: "both"}


def _changes_sheet(report: DriftReport) -> Section:
    """One row a change, a slot and a clock."""
    when = f"From {report.first} to {report.last}"
    notes = (_GAPS,) if report.gaps else ()
    if not report.changes:
        return Section(lead=(f"{when} no member's local hour of a slot changes.",), notes=notes)
    seats = {id_ for change in report.changes for id_ in change.members}
    dates = len({change.date for change in report.changes})
    lead = f"{when} the local hour of a slot changes for {plural(len(seats), 'member')}, on {plural(dates, 'date')}."
    heads = (
        "date", "first call", "slot", "members", "zone", "local time", "by", "whose clock", "night", "burden a call",
    )  # fmt: skip
    rows = tuple(_change_row(change) for change in report.changes)
    return Section(lead=(lead,), heads=tuple(Head(head) for head in heads), rows=rows, notes=notes)


def _change_row(change: DriftChange) -> tuple[Cell, ...]:
    tone = Tone.NIGHT if change.enters_night else Tone.PLAIN
    called = change.first_call
    return (
        Cell(f"{DAYS[change.date.weekday()]} {change.date}"),
        Cell("none", Tone.FAINT) if called is None else Cell(f"{called.label or ''} {called.date}".strip()),
        Cell(_slot_text(change)),
        Cell(_few(change.members)),
        Cell(_few(change.zones)),
        Cell(f"{_hour_text(change.before)} to {_hour_text(change.after)}", tone),
        Cell(difference(change.minutes)),
        Cell(_CLOCK[change.whose]),
        Cell(_night_text(change), tone),
        Cell(_burden_text(change)),
    )


def _slot_text(change: DriftChange) -> str:
    slot = change.slot
    name = slot.label or f"slot {change.slot_number}"
    phase = f" of {change.phase}" if change.phase else ""
    return f"{name}{phase} ({slot.at:%H:%M} {slot.zone})"


def _hour_text(hour: LocalHour) -> str:
    return f"{hour.at:%H:%M}" + (f" ({hour.day_shift:+d} day)" if hour.day_shift else "")


def _night_text(change: DriftChange) -> str:
    """Who comes into the night and out of it, and whom it blocks."""
    blocked = [id_ for effect in change.effects if effect.blocked == (False, True) for id_ in effect.members]
    freed = [id_ for effect in change.effects if effect.blocked == (True, False) for id_ in effect.members]
    said = [
        (change.enters_night, "into the night"),
        (change.leaves_night, "out of the night"),
        (blocked, "blocked"),
        (freed, "blocked no longer"),
    ]
    return "; ".join(f"{_who(names, change)}{what}" for names, what in said if names)


def _who(names: Sequence[str], change: DriftChange) -> str:
    """Names, where they are not all of the row."""
    return "" if len(names) == len(change.members) else f"{_few(names)}: "


def _burden_text(change: DriftChange) -> str:
    """Burden before and after, for each kind of member where they differ."""
    pairs: dict[tuple[int, int], list[str]] = {}
    for effect in change.effects:
        pairs.setdefault(effect.burden, []).extend(effect.members)
    return "; ".join(
        f"{_who(names, change)}{before} to {after}" if before != after else f"{_who(names, change)}{before}"
        for (before, after), names in pairs.items()
    )


def _gaps_sheet(context: Context, report: DriftReport) -> Section:
    """One row for all zones that are out of step with others from one date to another."""
    heads = ("from", "until", "have changed", "have not", "apart", "calls in it") if report.gaps else ()
    return Section(
        heads=tuple(Head(head) for head in heads),
        rows=tuple(_gap_row(gaps) for gaps in _together(report.gaps)),
        notes=context.notes(*(_KEY if report.changes else ())),
    )


_KEY = (
    "date: the slot's own, in its zone, the first with the new hour.",
    "first call: the first in the slot at that hour; none: the hour changes before there is one, or none follows.",
    "Local times are those at home; (+1 day) is the day after the slot's date.",
    "Burdens are in point-minutes of one call, lead and overrun counted, on a clock that does not change during it.",
)
"""What the table of changes means."""

_GAPS = "Weeks in which some have changed their clocks and others have not, or not yet:"


def _together(gaps: Sequence[DriftGap]) -> list[list[DriftGap]]:
    """The gaps that one sentence can tell: the same dates, and the same sides to both."""
    rows: dict[object, list[DriftGap]] = {}
    for gap in gaps:
        begun, ended = (tuple(zone in movers for zone in _sides(gap)) for movers in (gap.begun_by, gap.ended_by))
        sign = 1 if _sides(gap) == gap.zones else -1
        jumps = sign * (gap.minutes - gap.minutes_before), sign * (gap.minutes_after - gap.minutes)
        rows.setdefault((gap.first, gap.last, begun, ended, jumps), []).append(gap)
    return list(rows.values())


def _sides(gap: DriftGap) -> tuple[ZoneName, ZoneName]:
    """The two zones, the one that changed first before the other."""
    one, other = gap.zones
    return (one, other) if one in gap.begun_by else (other, one)


def _gap_row(gaps: Sequence[DriftGap]) -> tuple[Cell, ...]:
    changed, others = list[str](), list[str]()
    for gap in gaps:
        sides = gap.same_clock if _sides(gap) == gap.zones else gap.same_clock[::-1]
        changed += [zone for zone in sides[0] if zone not in changed]
        others += [zone for zone in sides[1] if zone not in others]
    gap = gaps[0]
    calls = [call.label or call.date.isoformat() for call in gap.calls]
    return (
        Cell(gap.first.isoformat()),
        Cell(gap.last.isoformat()),
        Cell(_few(changed)),
        Cell(_few(others) if len(gap.begun_by) == 1 else f"{_few(others)} (changed, too)"),
        Cell(_apart(gap)),
        Cell(_few(calls)),
    )


def _apart(gap: DriftGap) -> str:
    """How far apart two zones are, and how far before and after."""
    now, before, after = (
        f"{'-' if minutes < 0 else ''}{length(abs(minutes)) if minutes else '0 h'}"
        for minutes in (gap.minutes, gap.minutes_before, gap.minutes_after)
    )
    usual = f"not {before}" if before == after else f"{before} before, {after} after"
    return f"{gap.zones[0]} - {gap.zones[1]}: {now}, {usual}"
