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
from mag_rotation.report.language import Language, mark
from mag_rotation.report.words import NightHour, write_count
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
        title=context.title("clock changes"),
        sections=(_changes_section(report, context.night_hour()), _gaps_section(context, report)),
        document=context.document(body),
        records=Records.of(_RECORD_COLUMNS, _list_member_changes(report), {"tzdata": TZDATA_VERSION}),
        language=context.language,
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


def _few(names: Sequence[str], language: Language) -> str:
    """Return some names, and how many more there are."""
    return language.list_first(names, _SHOWN)


_CLOCK = {Whose.ANCHOR: mark("the slot's"), Whose.MEMBER: mark("the member's"), Whose.BOTH: mark("both")}


def _changes_section(report: DriftReport, unit: NightHour) -> Section:
    """Return one row for each change, slot and clock."""
    language, span = unit.language, {"first": report.first, "last": report.last}
    if not report.changes:
        lead = language.phrase("From {first} to {last} no member's local hour of a slot changes.", **span)
        return Section(lead=(lead,))
    seats = {id_ for change in report.changes for id_ in change.members}
    dates = len({change.date for change in report.changes})
    lead = language.phrase_count(
        "From {first} to {last} the local hour of a slot changes for {members}, on {count} date.",
        "From {first} to {last} the local hour of a slot changes for {members}, on {count} dates.",
        dates,
        members=write_count(len(seats), "member", language),
        **span,
    )
    burden: Column[DriftChange] = Column(head="burden a call", show=lambda change: _burden_text(change, unit))
    return make_section((*_TABLE, burden), report.changes, language, lead=(lead,), unit=unit)


def _tone(change: DriftChange) -> Tone:
    return Tone.NIGHT if change.enters_night else Tone.PLAIN


def _tell_first_call(change: DriftChange, language: Language) -> str:
    called = change.first_call
    return language.phrase("none") if called is None else f"{called.label or ''} {called.date}".strip()


def _tell_slot(change: DriftChange, language: Language) -> str:
    slot = change.slot
    name = slot.label or language.phrase("slot {number}", number=change.slot_number)
    start = f"{slot.at:%H:%M} {slot.zone}"
    if change.phase:
        return language.phrase("{slot} of {phase} ({start})", slot=name, phase=change.phase, start=start)
    return language.phrase("{slot} ({start})", slot=name, start=start)


def _tell_hour(hour: LocalHour, language: Language) -> str:
    if not hour.day_shift:
        return f"{hour.at:%H:%M}"
    return language.phrase("{time} ({days} day)", time=f"{hour.at:%H:%M}", days=language.write_change(hour.day_shift))


def _tell_local_time(change: DriftChange, language: Language) -> str:
    return language.phrase(
        "{before} to {after}", before=_tell_hour(change.before, language), after=_tell_hour(change.after, language)
    )


def _tell_night(change: DriftChange, language: Language) -> str:
    """Return who comes into the night and out of it, and who is blocked."""
    blocked = [id_ for effect in change.effects if effect.blocked == (False, True) for id_ in effect.members]
    freed = [id_ for effect in change.effects if effect.blocked == (True, False) for id_ in effect.members]
    said = [
        (change.enters_night, language.phrase("into the night")),
        (change.leaves_night, language.phrase("out of the night")),
        (blocked, language.translate("blocked", context="several members")),
        (freed, language.phrase("blocked no longer")),
    ]
    return language.write_parts([_tell_of(names, what, change, language) for names, what in said if names])


def _tell_of(names: Sequence[str], what: str, change: DriftChange, language: Language) -> str:
    """Return what is said of some members, with their names if they are not all of the row."""
    if len(names) == len(change.members):
        return what
    return language.phrase("{members}: {what}", members=_few(names, language), what=what)


def _burden_text(change: DriftChange, unit: NightHour) -> str:
    """Return the burden before and after, for each kind of member if they differ."""
    pairs: dict[tuple[int, int], list[str]] = {}
    for effect in change.effects:
        pairs.setdefault(effect.burden, []).extend(effect.members)
    return unit.language.write_parts(
        [
            _tell_of(names, _show_burdens(before, after, unit), change, unit.language)
            for (before, after), names in pairs.items()
        ]
    )


def _show_burdens(before: int, after: int, unit: NightHour) -> str:
    if before == after:
        return unit.show(before)
    return unit.language.phrase("{before} to {after}", before=unit.show(before), after=unit.show(after))


def change_record(change: DriftChange) -> dict[str, object]:
    """Return a change of the local hour of a slot, as JSON has it."""
    return make_record(_CHANGE_COLUMNS, change)


def tell_changes(changes: Sequence[DriftChange], language: Language) -> Iterator[str]:
    """Yield the changes of the local hours of calls to come, one sentence a date."""
    groups: dict[tuple[date, int], list[DriftChange]] = {}
    for change in changes:
        if change.first_call is not None:
            groups.setdefault((change.date, change.minutes), []).append(change)
    for (day, minutes), same in sorted(groups.items()):
        hours = [
            language.phrase("{slot} at {time}", slot=_name_slot(change.slot), time=f"{change.after.at:%H:%M}")
            for change in same
        ]
        yield language.phrase(
            "From {date} on, calls start {difference} on the clock of {zones}: {hours}.",
            date=language.write_date(day),
            difference=language.write_difference(minutes),
            zones=language.join_first(list(dict.fromkeys(zone for change in same for zone in change.zones))),
            hours=language.join(hours),
        )


def _name_slot(slot: Slot) -> str:
    return slot.label or f"{slot.at:%H:%M} {slot.zone}"


_TABLE: tuple[Column[DriftChange], ...] = (
    Column(head="date", tell=lambda change, language: language.write_iso_date(change.date)),
    Column(
        head="first call",
        tell=_tell_first_call,
        tone=lambda change: Tone.FAINT if change.first_call is None else Tone.PLAIN,
    ),
    Column(head="slot", tell=_tell_slot),
    Column(head="members", context="names", tell=lambda change, language: _few(change.members, language)),
    Column(head="zone", tell=lambda change, language: _few(change.zones, language)),
    Column(
        head="local time",
        tell=_tell_local_time,
        tone=_tone,
    ),
    Column(head="by", tell=lambda change, language: language.write_difference(change.minutes)),
    Column(head="whose clock", tell=lambda change, language: language.translate(_CLOCK[change.whose])),
    Column(head="night", tell=_tell_night, tone=_tone),
)
"""A clock change of a slot, as people see it."""


def _gaps_section(context: Context, report: DriftReport) -> Section:
    """Return one row for all zones that are out of step with others from one date to another."""
    language = context.language
    keys = (*map(language.translate, _KEY), context.night_hour().explain()) if report.changes else ()
    title = language.phrase("Weeks in which some have changed their clocks and others have not, or not yet")
    return make_section(_GAP_COLUMNS, _group_gaps(report.gaps), language, title=title, notes=context.notes(*keys))


_KEY = (
    mark("date: the slot's own, in its zone, the first with the new hour."),
    mark(
        "first call: the first in the slot at that hour; none: the hour changes before there is one, or none follows."
    ),
    mark("Local times are those at home; (+1 day) is the day after the slot's date."),
    mark("Burdens are those of one call, lead and overrun counted, on a clock that does not change during it."),
)
"""What the table of changes means."""


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


def _tell_others(gaps: Sequence[DriftGap], language: Language) -> str:
    others = _few(_list_zones(gaps, changed=False), language)
    if len(gaps[0].begun_by) == 1:
        return others
    return language.phrase("{zones} (changed, too)", zones=others)


def _tell_apart(gap: DriftGap, language: Language) -> str:
    """Return how far apart two zones are, and how far before and after."""
    now, before, after = (
        language.sign(f"{'-' if minutes < 0 else ''}{_show_size(abs(minutes), language)}")
        for minutes in (gap.minutes, gap.minutes_before, gap.minutes_after)
    )
    figures = {"zones": f"{gap.zones[0]} - {gap.zones[1]}", "now": now, "before": before}
    if before == after:
        return language.phrase("{zones}: {now}, not {before}", **figures)
    return language.phrase("{zones}: {now}, {before} before, {after} after", after=after, **figures)


def _show_size(minutes: int, language: Language) -> str:
    """Return a length, and none as so many hours."""
    return language.write_short_length(minutes) if minutes else language.phrase("0 h")


_GAP_COLUMNS: tuple[Column[Sequence[DriftGap]], ...] = (
    Column(head="from", show=lambda gaps: gaps[0].first.isoformat()),
    Column(head="until", show=lambda gaps: gaps[0].last.isoformat()),
    Column(head="have changed", tell=lambda gaps, language: _few(_list_zones(gaps, changed=True), language)),
    Column(head="have not", tell=_tell_others),
    Column(head="apart", tell=lambda gaps, language: _tell_apart(gaps[0], language)),
    Column(
        head="calls in it",
        tell=lambda gaps, language: _few([call.label or call.date.isoformat() for call in gaps[0].calls], language),
    ),
)
"""The gaps that share a row."""
