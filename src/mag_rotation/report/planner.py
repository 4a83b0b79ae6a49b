"""The meeting planner for people and programs: the starts of a day, who would be in the night, and what is recommended.

The day is drawn as a strip of letters for each clock, so that 50 members fit into 80 columns. Below it the starts are
listed with their figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from mag_rotation.fairness import ClockChange, PlannerDay, PlannerStart, Verdict
from mag_rotation.night import MemberNight
from mag_rotation.report.calls import call_record
from mag_rotation.report.context import Context
from mag_rotation.report.description import (
    Cell,
    Column,
    Head,
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
from mag_rotation.roster import UTC_ZONE, Member, ZoneName

__all__ = ["describe_planner"]

_MEMBER_COLUMNS: tuple[Column[MemberNight], ...] = (
    Column(key="id"),
    Column(key="local_start", read=lambda row: row.local_start.isoformat()),
    Column(key="day_shift"),
    Column(key="band"),
    Column(key="in_night"),
    Column(key="burden"),
)
"""A member at a start of PLANNER."""

DayStart: TypeAlias = tuple[PlannerDay, PlannerStart]
"""A start and its day."""


def _tone(row: DayStart) -> Tone:
    return Tone.FAINT if row[1].dominated else Tone.PLAIN


def _tell_mark(row: DayStart, language: Language) -> str:
    start = row[1]
    if start.blocked:
        return language.phrase("blocks {members}", members=language.join_first(start.blocked, 2))
    return language.phrase("dominated") if start.dominated else language.phrase("recommended")


START_COLUMNS: tuple[Column[DayStart], ...] = (
    Column(key="date", read=lambda row: row[0].date),
    Column(key="start", kind=ValueKind.INSTANT, read=lambda row: row[1].start),
    Column(key="in_night", kind=ValueKind.NUMBER, read=lambda row: row[1].in_night),
    Column(key="blocked", read=lambda row: list(row[1].blocked)),
    Column(key="worst", kind=ValueKind.NUMBER, read=lambda row: row[1].worst),
    Column(key="total", kind=ValueKind.NUMBER, read=lambda row: row[1].total),
    Column(key="verdict", read=lambda row: str(row[1].verdict)),
    Column(key="dominated", read=lambda row: row[1].dominated),
    Column(
        head="UTC",
        kind=ValueKind.INSTANT,
        read=lambda row: row[1].start,
        tell=lambda row, language: language.write_hour(row[1].start),
        tone=_tone,
    ),
    Column(
        head="local",
        read=lambda row: f"{row[1].local_start.wall:%H:%M}",
        tone=_tone,
        is_shown=lambda rows: any(day.zone != UTC_ZONE for day, _ in rows),
    ),
    Column(
        head="in the night",
        kind=ValueKind.NUMBER,
        read=lambda row: row[1].in_night,
        tone=lambda row: Tone.NIGHT if row[1].in_night and not row[1].dominated else _tone(row),
    ),
    Column(head="hardest hit", kind=ValueKind.NIGHT_HOURS, read=lambda row: row[1].worst, tone=_tone),
    Column(head="in total", kind=ValueKind.NIGHT_HOURS, read=lambda row: row[1].total, tone=_tone),
    Column(head="verdict", kind=ValueKind.WORD, read=lambda row: str(row[1].verdict), tone=_tone),
    Column(head="", tell=_tell_mark, tone=lambda row: Tone.BLOCKED if row[1].blocked else _tone(row)),
)
"""A start of PLANNER: its keys in the order of JSON and CSV, and what people see."""


def _make_planner_document(context: Context, day: PlannerDay) -> dict[str, object]:
    """Return PLANNER: one day."""
    order = {member.id: place for place, member in enumerate(day.roster)}
    starts = []
    for start in day.starts:
        members = sorted(start.night.members, key=lambda row: order[row.id])
        record = make_record(START_COLUMNS[1:], (day, start))
        starts.append({**record, "members": [make_record(_MEMBER_COLUMNS, row) for row in members]})
    return context.document(
        {
            "date": day.date.isoformat(),
            "zone": day.zone,
            "minutes": day.minutes,
            "starts": starts,
            "recommended": [utc_text(start.start) for start in day.recommended],
            "beside": [call_record(call) for call in day.beside],
            "clock_changes": [
                {
                    "at": utc_text(change.instant),
                    "before": change.before // 60,
                    "after": change.after // 60,
                    "zones": list(change.zones),
                }
                for change in day.clock_changes
            ],
        }
    )


def describe_planner(context: Context, days: Sequence[PlannerDay]) -> Report:
    """Describe the starts of one day, or of several; of several, tables for people show only what is recommended."""
    plain = replace(context, warnings=())
    document = (
        _make_planner_document(context, days[0])
        if len(days) == 1
        else context.document({"days": [_make_planner_document(plain, day) for day in days]})
    )
    unit = context.night_hour()
    sections = [section for day in days for section in _make_sections(day, unit, is_alone=len(days) == 1)]
    language = context.language
    notes = [
        unit.explain(),
        language.phrase(
            "Dominated: another start is worse in no figure and better in one. What is recommended is not."
        ),
    ]
    if len(days) > 1:
        notes.append(language.phrase("Dominated starts are in JSON and CSV, and in the planner of one day."))
    return Report(
        title=context.title("when to meet"),
        sections=(*sections, Section(notes=context.notes(*notes))),
        document=document,
        records=Records.of(START_COLUMNS, [(day, start) for day in days for start in day.starts], context.versions),
        language=language,
    )


def _make_sections(day: PlannerDay, unit: NightHour, *, is_alone: bool) -> tuple[Section, ...]:
    """Return the recommendation, the strip of each clock, and the starts one by one."""
    shown, language = day.starts if is_alone else day.recommended, unit.language
    lead = [*_recommend(day, unit), *_tell_calls(day, language), *_tell_changes(day.clock_changes, language)]
    return (
        _draw_strips(day, language, lead=lead, has_legend=is_alone),
        make_section(
            START_COLUMNS,
            [(day, start) for start in shown],
            language,
            title=language.phrase("starts of {date}", date=day.date),
            unit=unit,
        ),
    )


def _recommend(day: PlannerDay, unit: NightHour) -> Iterator[str]:
    """Yield what is recommended, in sentences."""
    language, best = unit.language, day.recommended
    when = language.write_date(day.date)
    if not any(start.night.members for start in day.starts):
        yield language.phrase("{date}: nobody takes part, so any start will do.", date=when)
        return
    if not best:
        yield language.phrase("{date}: every start touches hours that somebody cannot attend at all.", date=when)
        return
    if len(best) == 1:
        yield language.phrase(
            "{date}: {start} is recommended: {figures}.",
            date=when,
            start=_name(best[0], day, language),
            figures=_tell_figures(best[0], unit),
        )
        return
    yield language.phrase_count(
        "{date}: {recommended} of {count} start are recommended.",
        "{date}: {recommended} of {count} starts are recommended.",
        len(day.starts),
        date=when,
        recommended=len(best),
    )
    firsts: dict[PlannerStart, list[str]] = {}
    for what, start in (
        (language.phrase("fewest in the night"), min(best, key=lambda one: (one.in_night, one.worst, one.total))),
        (language.phrase("least for the hardest hit"), min(best, key=lambda one: (one.worst, one.in_night, one.total))),
        (language.phrase("least in total"), min(best, key=lambda one: (one.total, one.worst, one.in_night))),
    ):
        firsts.setdefault(start, []).append(what)
    for start, whats in firsts.items():
        text = language.phrase(
            "{qualities}: {start}, {figures}.",
            qualities=language.join(whats),
            start=_name(start, day, language),
            figures=_tell_figures(start, unit),
        )
        yield f"{text[:1].upper()}{text[1:]}"


def _name(start: PlannerStart, day: PlannerDay, language: Language) -> str:
    utc = f"{start.start:%H:%M}"
    if day.zone == UTC_ZONE:
        return language.phrase("{time} UTC", time=utc)
    return language.phrase(
        "{time} in {city} ({utc} UTC)",
        time=f"{start.local_start.wall:%H:%M}",
        city=language.name_city(day.zone),
        utc=utc,
    )


def _tell_figures(start: PlannerStart, unit: NightHour) -> str:
    people = start.night.summary
    figures = {
        "in_night": people.in_night,
        "members": people.members,
        "worst": unit.show(start.worst),
        "total": unit.show(start.total),
    }
    if start.verdict is Verdict.POOR:
        return unit.language.phrase(
            "{in_night} of {members} in the night, the hardest hit {worst}, all {total}, but check calls it a poor "
            "time",
            **figures,
        )
    return unit.language.phrase("{in_night} of {members} in the night, the hardest hit {worst}, all {total}", **figures)


def _tell_calls(day: PlannerDay, language: Language) -> Iterator[str]:
    """Yield the calls of the plan during the starts, in a sentence each."""
    for call in day.beside:
        figures = {"time": f"{call.start:%H:%M}", "date": call.date.isoformat(), "label": call.label}
        yield (
            language.phrase(
                "Call {label} of the plan at {time} UTC counts before the starts after it; --instead-of {label} leaves "
                "it out.",
                **figures,
            )
            if call.label
            else language.phrase(
                "The call of the plan at {time} UTC counts before the starts after it; --instead-of {date} leaves it "
                "out.",
                **figures,
            )
        )


def _tell_changes(changes: Sequence[ClockChange], language: Language) -> Iterator[str]:
    """Yield the clock changes of the day, in sentences."""
    for change in changes:
        figures = {
            "time": language.write_hour(change.instant),
            "before": language.sign(_show_offset(change.before)),
            "after": language.sign(_show_offset(change.after)),
            "zones": language.join_first(change.zones, 3),
        }
        yield (
            language.phrase("* Clocks go forward at {time} UTC, from {before} to {after}: {zones}.", **figures)
            if change.after > change.before
            else language.phrase("* Clocks go back at {time} UTC, from {before} to {after}: {zones}.", **figures)
        )


def _show_offset(seconds: int) -> str:
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"UTC{'-' if seconds < 0 else '+'}{hours}{f':{minutes:02}' if minutes else ''}"


_LETTERS = {"early": "e", "day": ".", "evening": "v", "night": "n"}
"""How a strip shows the band of a start that is in nobody's night."""

_LEGEND = mark(
    "X cannot attend; N in the night; else the start is n at night (23-06), e early (06-08), . by day (08-18) or v in "
    "the evening (18-23); - takes no part."
)

_TONES = {"X": Tone.BLOCKED, "N": Tone.NIGHT, "-": Tone.FAINT}

_LABEL = 26
"""The most letters of a label: beside it, the 48 half hours of a day fit into 80 columns."""

_DRAWN_STEP = 30
"""The starts of a finer grid are drawn only so many minutes apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Strip:
    """The members whose clocks and letters are equal: a letter for each start."""

    offset: int
    has_change: bool
    letters: str
    members: tuple[Member, ...]
    zones: tuple[ZoneName, ...]


def _draw_strips(day: PlannerDay, language: Language, *, lead: Sequence[str], has_legend: bool) -> Section:
    """Return a row of letters for each group of members with equal clocks, from west to east."""
    drawn = [start for start in day.starts if start.local_start.wall.minute % _DRAWN_STEP == 0] or list(day.starts)
    strips = _make_strips(day, drawn)
    if not strips:
        return Section(lead=tuple(lead))
    marks = "".join("^" if start.is_recommended else " " for start in drawn)
    last = (Cell(language.phrase("recommended")), Cell(marks.rstrip() or " "))
    notes = [language.translate(_LEGEND)] if has_legend else []
    if len(drawn) < len(day.starts):
        notes.append(
            language.phrase_count(
                "Drawn: the starts on the half hour, {drawn} of {count}.",
                "Drawn: the starts on the half hour, {drawn} of {count}.",
                len(day.starts),
                drawn=len(drawn),
            )
        )
    return Section(
        title=language.phrase("clocks of {date}", date=day.date),
        lead=tuple(lead),
        heads=(
            Head(language.phrase("hour in {city}", city=language.name_city(day.zone))),
            Head(_draw_hours(drawn)),
        ),
        rows=(*((Cell(_label(strip, language)), _make_cell(strip.letters)) for strip in strips), last),
        notes=tuple(notes),
    )


def _make_cell(letters: str) -> Cell:
    """Return the letters of a strip, each in its tone."""
    return Cell(letters, tones=tuple(_TONES.get(letter, Tone.PLAIN) for letter in letters))


def _make_strips(day: PlannerDay, drawn: Sequence[PlannerStart]) -> list[_Strip]:
    nights = [{row.id: row for row in start.night.members} for start in drawn]
    groups: dict[tuple[str, tuple[int | None, ...]], list[Member]] = {}
    zones: dict[str, str] = {}
    for member in day.roster:
        rows = [night.get(member.id) for night in nights]
        offsets = tuple(None if row is None else row.local_start.offset for row in rows)
        zones[member.id] = next((row.zone for row in rows if row is not None), member.zone)
        groups.setdefault(("".join(map(_letter, rows)), offsets), []).append(member)
    found = []
    for (letters, offsets), members in groups.items():
        known = [offset for offset in offsets if offset is not None]
        found.append(
            _Strip(
                offset=known[0] if known else 0,
                has_change=any(one != other for one, other in pairwise(known)),
                letters=letters,
                members=tuple(members),
                zones=tuple(dict.fromkeys(zones[member.id] for member in members)),
            )
        )
    return sorted(found, key=lambda strip: strip.offset)


def _letter(row: MemberNight | None) -> str:
    if row is None:
        return "-"
    if row.blocked:
        return "X"
    return "N" if row.in_night else _LETTERS[row.band]


def _label(strip: _Strip, language: Language) -> str:
    """Return who a strip is about: one member and their city, or how many in which cities, and a mark of a change."""
    cities = language.write_list(list(map(language.name_city, strip.zones)))
    text = (
        language.phrase("{member} in {cities}", member=strip.members[0].id, cities=cities)
        if len(strip.members) == 1
        else language.phrase_count("{count} in {cities}", "{count} in {cities}", len(strip.members), cities=cities)
    )
    mark = " *" if strip.has_change else ""
    room = _LABEL - len(mark)
    return f"{text if len(text) <= room else f'{text[: room - 3]}...'}{mark}"


def _draw_hours(drawn: Sequence[PlannerStart]) -> str:
    """Return the hours of the day above their starts, as many as there is room for."""
    line = ""
    for place, start in enumerate(drawn):
        wall = start.local_start.wall
        if wall.minute == 0 and len(line) <= place and (place == 0 or wall.hour % 2 == 0):
            line = f"{line.ljust(place)}{wall.hour:02} "
    return line.rstrip()
