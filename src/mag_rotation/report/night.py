"""Who is in the night at a call, and what the calls of a plan do to one member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from mag_rotation.calls import Call, Status
from mag_rotation.night import Count, MemberNight, NightReport, total_of
from mag_rotation.report.calls import CALL_COLUMNS, call_record, local_starts, zone_columns
from mag_rotation.report.context import Context
from mag_rotation.report.description import (
    Column,
    Records,
    Report,
    Section,
    Tone,
    ValueKind,
    make_record,
    make_section,
    utc_text,
)
from mag_rotation.report.language import Language, mark
from mag_rotation.report.words import NightHour
from mag_rotation.roster import Member, ZoneName
from mag_rotation.zones import LocalTime

if TYPE_CHECKING:
    from mag_rotation.drift import DriftChange

__all__ = [
    "MEMBER_COLUMNS",
    "MEMBER_KEYS",
    "NIGHT_KEY",
    "describe_member_calls",
    "describe_night",
    "make_night_document",
    "make_night_sections",
    "tell_night",
]

NIGHT_KEY = mark(
    "night min and deep night (02:00-06:00) are minutes of local time; these and the burden also cover the lead before "
    "the call and what it is budgeted to overrun."
)
"""What the heads of a table of nights mean: a call from 06:00 is in the night of a member who has to be up before."""


@lru_cache(maxsize=4_096)  # members who share a clock share the text
def _tell_hours(began: LocalTime, ended: LocalTime, day_shift: int, language: Language) -> str:
    hours = language.write_span(began.wall, ended.wall)
    if not day_shift:
        return hours
    return language.phrase("{hours} ({days} day)", hours=hours, days=language.write_change(day_shift))


def _tell_span(member: MemberNight, language: Language) -> str:
    """Return local start and end of a call, with the weekday of the start and the shift of its date."""
    return _tell_hours(member.local_start, member.local_end, member.day_shift, language)


_show_iso = lru_cache(maxsize=4_096)(LocalTime.isoformat)
"""The text of a local time, made once for all who share a clock."""


def _tell_verdict(member: MemberNight, language: Language) -> str:
    if member.blocked:
        return language.phrase("blocked, in the night") if member.in_night else language.phrase("blocked")
    return language.phrase("in the night") if member.in_night else ""


def _tone_of_verdict(member: MemberNight) -> Tone:
    return Tone.BLOCKED if member.blocked else _tone(member)


def _tone(member: MemberNight) -> Tone:
    return Tone.NIGHT if member.in_night else Tone.PLAIN


MEMBER_COLUMNS: tuple[Column[MemberNight], ...] = (
    Column(key="id", head="member"),
    Column(key="name", head="name", is_shown=lambda rows: any(row.name != row.id for row in rows), rank=2),
    Column(key="zone", head="zone", rank=1),
    Column(
        key="local_start", head="local time", read=lambda row: _show_iso(row.local_start), tell=_tell_span, tone=_tone
    ),
    Column(key="local_end", read=lambda row: _show_iso(row.local_end)),
    Column(key="day_shift", kind=ValueKind.NUMBER),
    Column(key="band", head="starts in", kind=ValueKind.WORD, rank=4),
    Column(
        head="lead",
        kind=ValueKind.LENGTH,
        read=lambda row: row.lead or None,
        is_shown=lambda rows: any(row.lead for row in rows),
        rank=3,
    ),
    Column(key="night_minutes", head="night min", kind=ValueKind.NUMBER, tone=_tone, rank=3),
    Column(key="deep_night_minutes", head="deep night", kind=ValueKind.NUMBER, rank=4),
    Column(key="in_night"),
    Column(key="blocked"),
    Column(key="burden", head="burden", kind=ValueKind.NIGHT_HOURS),
    Column(head="", tell=_tell_verdict, tone=_tone_of_verdict),
    Column(
        key="day_off",
        head="day off",
        tone=lambda _: Tone.CHANGED,
        is_shown=lambda rows: any(row.day_off for row in rows),
    ),
)
"""A member of NIGHT, in the order of JSON and CSV."""

MEMBER_KEYS = tuple(column.key for column in MEMBER_COLUMNS if column.key)

_GROUP_COLUMNS: tuple[Column[tuple[str, str, Count]], ...] = (
    Column(head="group", read=lambda row: row[0]),
    Column(head="value", read=lambda row: row[1]),
    Column(
        head="in the night",
        kind=ValueKind.NUMBER,
        read=lambda row: row[2].in_night,
        tone=lambda row: Tone.NIGHT if row[2].in_night else Tone.PLAIN,
    ),
    Column(head="members", kind=ValueKind.NUMBER, read=lambda row: row[2].members),
)


def _count(count: Count) -> dict[str, object]:
    return {"members": count.members, "in_night": count.in_night}


def make_night_document(context: Context, report: NightReport) -> dict[str, object]:
    """Return NIGHT: who is in the night at one time."""
    groups = {
        name: {value: _count(count) for value, count in counts.items()} for name, counts in report.by_group.items()
    }
    body = {
        "call": None if report.call is None else call_record(report.call),
        "start": utc_text(report.start),
        "end": utc_text(report.end),
        "night": {"from": f"{report.night.start:%H:%M}", "to": f"{report.night.end:%H:%M}"},
        "members": [make_record(MEMBER_COLUMNS, member) for member in report.members],
        "in_night": list(report.in_night),
        "blocked": list(report.blocked),
        "summary": {**_count(report.summary), "by_group": groups},
    }
    return context.document(body)


def tell_night(report: NightReport, language: Language) -> tuple[str, ...]:
    """Return when the call is and how many are in the night, in sentences."""
    start, end = report.start, report.end
    figures = {
        "start": language.say_moment(start),
        "end": f"{end:%H:%M}" if end.date() == start.date() else language.say_moment(end, has_weekday=False),
    }
    count = report.summary
    is_cancelled = report.call is not None and not report.call.is_held
    when = (
        language.phrase("{start} to {end} UTC. This call is cancelled.", **figures)
        if is_cancelled
        else language.phrase("{start} to {end} UTC.", **figures)
    )
    people = {"in_night": count.in_night, "members": count.members, "night": report.night}
    if not report.blocked:
        return when, language.phrase("{in_night} of {members} in the night ({night} local time).", **people)
    return when, language.phrase_count(
        "{in_night} of {members} in the night ({night} local time). {count} blocked: {names}.",
        "{in_night} of {members} in the night ({night} local time). {count} blocked: {names}.",
        len(report.blocked),
        names=language.write_list(report.blocked),
        **people,
    )


def make_night_sections(
    context: Context, report: NightReport, unit: NightHour, *, notes: Sequence[str]
) -> tuple[Section, ...]:
    """Return the members, worst first, how many of each group are in the night, and the notes."""
    groups, left_out = context.choose_groups(report.by_group, report.summary.members, lambda count: count.members)
    return (
        make_section(MEMBER_COLUMNS, report.members, context.language, unit=unit),
        make_section(_GROUP_COLUMNS, groups, context.language, title=context.language.phrase("Groups")),
        Section(notes=(*left_out, *notes)),
    )


_SUBJECT = mark("who is in the night")


def describe_night(context: Context, report: NightReport) -> Report:
    """Describe who is in the night at one time."""
    unit, language = context.night_hour(), context.language
    subject = language.translate(_SUBJECT)
    notes = context.notes(unit.explain(), language.translate(NIGHT_KEY))
    return Report(
        title=language.phrase("{title}: {subject}", title=report.call.title, subject=subject)
        if report.call
        else context.name_with(subject),
        sections=(
            Section(lead=tell_night(report, language)),
            *make_night_sections(context, report, unit, notes=notes),
        ),
        document=make_night_document(context, report),
        records=Records.of(MEMBER_COLUMNS, report.members, context.versions),
        language=language,
    )


CallNight: TypeAlias = tuple[Call, MemberNight]
"""A call, and what it does to a member."""


def _call_of(pair: CallNight) -> Call:
    return pair[0]


def _night_of(pair: CallNight) -> MemberNight:
    return pair[1]


def _tone_of_call(call: Call) -> Tone:
    return Tone.PLAIN if call.is_held else Tone.FAINT


def _tell_local_hours(pair: CallNight, language: Language) -> str:
    """Return the local start and end of a call, with the weekday of the end if that is another day."""
    return language.write_hours(pair[1].local_start.wall, pair[1].local_end.wall)


def _tell_local_day(pair: CallNight, language: Language) -> str:
    day = pair[1].local_start.wall
    return language.write_iso_date(day)


_OF_CALL = {column.head: column.through(_call_of) for column in CALL_COLUMNS if column.head}

_PAGE_COLUMNS: tuple[Column[CallNight], ...] = (
    _OF_CALL["call"],
    Column(
        head="day",
        context="a date",
        kind=ValueKind.DATE,
        read=lambda pair: pair[1].local_start.wall.date(),
        tell=_tell_local_day,
        tone=lambda pair: _tone_of_call(pair[0]),
    ),
    Column(head="local time", tell=_tell_local_hours, tone=lambda pair: _tone_of_call(pair[0])),
    Column(
        head="where",
        read=lambda pair: pair[1].zone,
        is_shown=lambda pairs: len({night.zone for _, night in pairs}) > 1,
    ),
    Column(
        head="UTC",
        kind=ValueKind.INSTANT,
        read=lambda pair: pair[0].start,
        tell=lambda pair, language: language.write_hour(pair[0].start),
        tone=lambda pair: _tone_of_call(pair[0]),
    ),
)
"""When a call is, on the page of a member."""

_COST_COLUMNS: tuple[Column[CallNight], ...] = (
    replace(_OF_CALL["status"], is_shown=lambda pairs: any(call.status is not Status.PLANNED for call, _ in pairs)),
    Column(
        head="",
        tell=lambda pair, language: _tell_verdict(pair[1], language) if pair[0].is_held else "",
        tone=lambda pair: _tone_of_verdict(pair[1]) if pair[0].is_held else Tone.FAINT,
    ),
    Column(
        head="burden",
        kind=ValueKind.NIGHT_HOURS,
        read=lambda pair: pair[1].burden if pair[0].is_held else None,
    ),
    next(column.through(_night_of) for column in MEMBER_COLUMNS if column.key == "day_off"),
    replace(_OF_CALL["note"], rank=1),
)
"""What a call means, on the page of a member; a cancelled one costs nothing."""

_PAGE_KEY = mark(
    "A call is in the night if a minute of it is, of the lead before it, or of what it is budgeted to overrun; the "
    "burden covers all of these."
)


def describe_member_calls(
    context: Context,
    member: Member,
    pairs: Sequence[CallNight],
    *,
    zones: Sequence[ZoneName] = (),
    changes: Sequence[DriftChange] = (),
) -> Report:
    """Describe the calls that one member takes part in, as a page that can be sent to the member.

    ``changes`` are those of the member's local hours. A cancelled call has the record of what it would have been;
    ``totals`` are of the held ones.
    """
    from mag_rotation.report.drift import change_record, tell_changes  # noqa: PLC0415 - few commands need the room

    local = [column.through(_call_of) for column in zone_columns(zones)]
    of_member = [column.through(_night_of, prefix="member_") for column in MEMBER_COLUMNS]
    unit, language = context.night_hour(), context.language
    total = total_of(pairs)
    places = list(dict.fromkeys(night.zone for _, night in pairs))
    leads = {night.lead for _, night in pairs if night.lead}
    moved = list(tell_changes(changes, language))
    lead = (
        language.phrase_count(
            "{count} call, {in_night} of them in the night, {burden} in all.",
            "{count} calls, {in_night} of them in the night, {burden} in all.",
            total.calls,
            in_night=total.in_night,
            burden=unit.say(total.burden),
        ),
        *([unit.explain()] if pairs else []),
        *(
            [language.phrase("Local times are those of {places}.", places=language.join_first(places))]
            if places
            else []
        ),
        *(
            language.phrase("You have to be up {length} before a call.", length=language.write_short_length(minutes))
            for minutes in sorted(leads)
        ),
        *(moved or ([language.phrase("No clock change moves these calls.")] if len(places) == 1 else [])),
    )
    body = {
        "member": member.id,
        "calls": [
            {**call_record(call), **local_starts(call, zones), "member": make_record(MEMBER_COLUMNS, night)}
            for call, night in pairs
        ],
        "totals": {"calls": total.calls, "in_night": total.in_night, "burden": total.burden},
        "clock_changes": list(map(change_record, changes)),
    }
    table = make_section(
        (*_PAGE_COLUMNS, *local, *_COST_COLUMNS),
        pairs,
        language,
        lead=lead,
        notes=context.notes(language.translate(_PAGE_KEY)),
        unit=unit,
    )
    return Report(
        title=context.name_with(member.display_name),
        sections=(table,),
        document=context.document(body),
        records=Records.of(
            (*(column.through(_call_of) for column in CALL_COLUMNS), *local, *of_member), pairs, context.versions
        ),
        language=language,
    )
