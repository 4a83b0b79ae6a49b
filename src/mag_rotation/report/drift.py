"""Clock changes as a report.

In tables, members and zones with the same changes share a row, and long lists of names are cut; JSON and CSV have all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mag_rotation.drift import DriftChange, DriftGap, DriftReport, Effect, LocalHour, Whose
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Records, Report, Section, Tone, make_record, make_section, utc_text
from mag_rotation.report.words import DAYS, NightHour, difference, full_date, join_names, length, plural
from mag_rotation.roster import MemberId, ZoneName
from mag_rotation.series import Slot
from mag_rotation.zones import TZDATA_VERSION

__all__ = ["change_record", "describe_drift", "tell_changes"]

_SHOWN = 4
"""How many names a cell shows before it counts the rest."""


def describe_drift(context: Context, report: DriftReport) -> Report:
    """Describe for whom the local hour of a slot changes when, and when two zones are out of step."""
    context = replace(context, warnings=(*report.notes, *context.warnings))
    body = {
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "changes": [_change_record(change) for change in report.changes],
        "gaps": [_gap_record(gap) for gap in report.gaps],
    }
    return Report(
        title=f"{context.name}: clock changes",
        sections=(_changes_section(report, context.night_hour()), _gaps_section(context, report)),
        document=context.document(body),
        records=Records.of(_RECORD_COLUMNS, _list_member_changes(report), {"tzdata": TZDATA_VERSION}),
    )


def _change_record(change: DriftChange) -> dict[str, object]:
    return {
        **make_record(_CHANGE_COLUMNS, change),
        "members": list(change.members),
        "member_zone": change.zones[0],
        "member_zones": list(change.zones),
        "enters_night": list(change.enters_night),
        "leaves_night": list(change.leaves_night),
        "effects": [
            {"members": list(effect.members), **make_record(_EFFECT_COLUMNS, effect)} for effect in change.effects
        ],
    }


_CHANGE_COLUMNS: tuple[Column[DriftChange], ...] = (
    Column(key="slot", read=lambda change: change.slot.label),
    Column(key="slot_number"),
    Column(key="phase"),
    Column(key="at", read=lambda change: f"{change.slot.at:%H:%M}"),
    Column(key="zone", read=lambda change: change.slot.zone),
    Column(key="date"),
    Column(key="first_call", read=lambda change: None if change.first_call is None else change.first_call.uid),
    Column(key="whose"),
    Column(key="local_before", read=lambda change: f"{change.before.at:%H:%M}"),
    Column(key="local_after", read=lambda change: f"{change.after.at:%H:%M}"),
    Column(key="day_shift_before", read=lambda change: change.before.day_shift),
    Column(key="day_shift_after", read=lambda change: change.after.day_shift),
    Column(key="minutes"),
)
"""The part of a clock change of a slot that is the same for all members, in the order of JSON and CSV."""

_EFFECT_COLUMNS: tuple[Column[Effect], ...] = (
    Column(key="night_minutes_before", read=lambda effect: effect.night_minutes[0]),
    Column(key="night_minutes_after", read=lambda effect: effect.night_minutes[1]),
    Column(key="burden_before", read=lambda effect: effect.burden[0]),
    Column(key="burden_after", read=lambda effect: effect.burden[1]),
    Column(key="blocked_before", read=lambda effect: effect.blocked[0]),
    Column(key="blocked_after", read=lambda effect: effect.blocked[1]),
)
"""What a call costs before and after."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _MemberChange:
    """A clock change and one of the members whom it concerns."""

    change: DriftChange
    effect: Effect
    member: MemberId


def _list_member_changes(report: DriftReport) -> list[_MemberChange]:
    return [
        _MemberChange(change=change, effect=effect, member=member)
        for change in report.changes
        for effect in change.effects
        for member in effect.members
    ]


_RECORD_COLUMNS: tuple[Column[_MemberChange], ...] = (
    *(column.through(lambda row: row.change) for column in _CHANGE_COLUMNS),
    Column(key="member"),
    Column(key="member_zone", read=lambda row: row.change.homes[row.member]),
    *(column.through(lambda row: row.effect) for column in _EFFECT_COLUMNS),
)


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
    """Return some names, and how many more there are.

    >>> _few(["a", "b"]), _few(["a", "b", "c", "d", "e", "f"])
    ('a, b', 'a, b, c, d and 2 more')
    """
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


_CLOCK = {Whose.ANCHOR: "the slot's", Whose.MEMBER: "the member's", Whose.BOTH: "both"}


def _changes_section(report: DriftReport, unit: NightHour) -> Section:
    """Return one row for each change, slot and clock."""
    when = f"From {report.first} to {report.last}"
    if not report.changes:
        return Section(lead=(f"{when} no member's local hour of a slot changes.",))
    seats = {id_ for change in report.changes for id_ in change.members}
    dates = len({change.date for change in report.changes})
    lead = f"{when} the local hour of a slot changes for {plural(len(seats), 'member')}, on {plural(dates, 'date')}."
    burden: Column[DriftChange] = Column(head="burden a call", show=lambda change: _burden_text(change, unit))
    return make_section((*_TABLE, burden), report.changes, lead=(lead,), unit=unit)


def _tone(change: DriftChange) -> Tone:
    return Tone.NIGHT if change.enters_night else Tone.PLAIN


def _first_call_text(change: DriftChange) -> str:
    called = change.first_call
    return "none" if called is None else f"{called.label or ''} {called.date}".strip()


def _slot_text(change: DriftChange) -> str:
    slot = change.slot
    name = slot.label or f"slot {change.slot_number}"
    phase = f" of {change.phase}" if change.phase else ""
    return f"{name}{phase} ({slot.at:%H:%M} {slot.zone})"


def _hour_text(hour: LocalHour) -> str:
    return f"{hour.at:%H:%M}" + (f" ({hour.day_shift:+d} day)" if hour.day_shift else "")


def _night_text(change: DriftChange) -> str:
    """Return who comes into the night and out of it, and who is blocked."""
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
    """Return names before what is said of them; empty if they are all of the row."""
    return "" if len(names) == len(change.members) else f"{_few(names)}: "


def _burden_text(change: DriftChange, unit: NightHour) -> str:
    """Return the burden before and after, for each kind of member if they differ."""
    pairs: dict[tuple[int, int], list[str]] = {}
    for effect in change.effects:
        pairs.setdefault(effect.burden, []).extend(effect.members)
    return "; ".join(
        f"{_who(names, change)}{unit.show(before)}" + (f" to {unit.show(after)}" if before != after else "")
        for (before, after), names in pairs.items()
    )


def change_record(change: DriftChange) -> dict[str, object]:
    """Return a change of the local hour of a slot, as JSON has it."""
    return make_record(_CHANGE_COLUMNS, change)


def tell_changes(changes: Sequence[DriftChange]) -> Iterator[str]:
    """Yield the changes of the local hours of calls to come, one sentence a date."""
    groups: dict[tuple[date, int], list[DriftChange]] = {}
    for change in changes:
        if change.first_call is not None:
            groups.setdefault((change.date, change.minutes), []).append(change)
    for (day, minutes), same in sorted(groups.items()):
        hours = join_names([f"{_name_slot(change.slot)} at {change.after.at:%H:%M}" for change in same], None)
        clock = join_names(list(dict.fromkeys(zone for change in same for zone in change.zones)))
        yield f"From {full_date(day)} on, calls start {difference(minutes)} on the clock of {clock}: {hours}."


def _name_slot(slot: Slot) -> str:
    return slot.label or f"{slot.at:%H:%M} {slot.zone}"


_TABLE: tuple[Column[DriftChange], ...] = (
    Column(head="date", show=lambda change: f"{DAYS[change.date.weekday()]} {change.date}"),
    Column(
        head="first call",
        show=_first_call_text,
        tone=lambda change: Tone.FAINT if change.first_call is None else Tone.PLAIN,
    ),
    Column(head="slot", show=_slot_text),
    Column(head="members", show=lambda change: _few(change.members)),
    Column(head="zone", show=lambda change: _few(change.zones)),
    Column(
        head="local time",
        show=lambda change: f"{_hour_text(change.before)} to {_hour_text(change.after)}",
        tone=_tone,
    ),
    Column(head="by", show=lambda change: difference(change.minutes)),
    Column(head="whose clock", show=lambda change: _CLOCK[change.whose]),
    Column(head="night", show=_night_text, tone=_tone),
)
"""A clock change of a slot, as people see it."""


def _gaps_section(context: Context, report: DriftReport) -> Section:
    """Return one row for all zones that are out of step with others from one date to another."""
    notes = context.notes(*((*_KEY, context.night_hour().explain()) if report.changes else ()))
    return make_section(_GAP_COLUMNS, _group_gaps(report.gaps), title=_GAPS, notes=notes)


_KEY = (
    "date: the slot's own, in its zone, the first with the new hour.",
    "first call: the first in the slot at that hour; none: the hour changes before there is one, or none follows.",
    "Local times are those at home; (+1 day) is the day after the slot's date.",
    "Burdens are those of one call, lead and overrun counted, on a clock that does not change during it.",
)
"""What the table of changes means."""

_GAPS = "Weeks in which some have changed their clocks and others have not, or not yet"


def _group_gaps(gaps: Sequence[DriftGap]) -> list[list[DriftGap]]:
    """Return the gaps that share a row: those with the same dates and the same zones on both sides."""
    rows: dict[object, list[DriftGap]] = {}
    for gap in gaps:
        begun, ended = (tuple(zone in movers for zone in _sides(gap)) for movers in (gap.begun_by, gap.ended_by))
        sign = 1 if _sides(gap) == gap.zones else -1
        jumps = sign * (gap.minutes - gap.minutes_before), sign * (gap.minutes_after - gap.minutes)
        rows.setdefault((gap.first, gap.last, begun, ended, jumps), []).append(gap)
    return list(rows.values())


def _sides(gap: DriftGap) -> tuple[ZoneName, ZoneName]:
    """Return the two zones, the one that changed first before the other."""
    one, other = gap.zones
    return (one, other) if one in gap.begun_by else (other, one)


def _list_zones(gaps: Sequence[DriftGap], *, changed: bool) -> list[str]:
    """Return the zones that have changed, or those that have not, each once."""
    zones = list[str]()
    for gap in gaps:
        sides = gap.same_clock if _sides(gap) == gap.zones else gap.same_clock[::-1]
        zones += [zone for zone in sides[0 if changed else 1] if zone not in zones]
    return zones


def _others_text(gaps: Sequence[DriftGap]) -> str:
    others = _few(_list_zones(gaps, changed=False))
    return others if len(gaps[0].begun_by) == 1 else f"{others} (changed, too)"


def _apart(gap: DriftGap) -> str:
    """Return how far apart two zones are, and how far before and after."""
    now, before, after = (
        f"{'-' if minutes < 0 else ''}{length(abs(minutes)) if minutes else '0 h'}"
        for minutes in (gap.minutes, gap.minutes_before, gap.minutes_after)
    )
    usual = f"not {before}" if before == after else f"{before} before, {after} after"
    return f"{gap.zones[0]} - {gap.zones[1]}: {now}, {usual}"


_GAP_COLUMNS: tuple[Column[Sequence[DriftGap]], ...] = (
    Column(head="from", show=lambda gaps: gaps[0].first.isoformat()),
    Column(head="until", show=lambda gaps: gaps[0].last.isoformat()),
    Column(head="have changed", show=lambda gaps: _few(_list_zones(gaps, changed=True))),
    Column(head="have not", show=_others_text),
    Column(head="apart", show=lambda gaps: _apart(gaps[0])),
    Column(
        head="calls in it",
        show=lambda gaps: _few([call.label or call.date.isoformat() for call in gaps[0].calls]),
    ),
)
"""The gaps that share a row."""
