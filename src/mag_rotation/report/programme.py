"""The programme of the event: its sessions, who is in the night for which part of them, and their conflicts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import time
from typing import TypeAlias

from mag_rotation.choice import Criterion, Figures, Standing
from mag_rotation.programme import (
    Conflict,
    DutyNight,
    Level,
    ProgrammeReport,
    ProposedStart,
    ProposedSwap,
    ScheduledSession,
    SessionNight,
    StartProposals,
    SwapProposals,
)
from mag_rotation.report.context import Context
from mag_rotation.report.description import (
    Column,
    LaterRows,
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
from mag_rotation.report.sentences import figures_record, sentence
from mag_rotation.report.words import WORDS, NightHour
from mag_rotation.roster import UTC_ZONE, MemberId
from mag_rotation.zones import to_local

__all__ = ["CONFLICT_COLUMNS", "SESSION_COLUMNS", "describe_programme", "describe_starts", "describe_swaps"]

SessionDuty: TypeAlias = tuple[ScheduledSession, DutyNight]
"""A session, and a duty in it."""


def _show_local_start(session: ScheduledSession, language: Language) -> str:
    return f"{language.write_moment(to_local(session.start, session.zone).wall)} {language.name_city(session.zone)}"


def _is_abroad(session: ScheduledSession) -> bool:
    """Return whether a session has another clock than UTC."""
    return session.zone != UTC_ZONE


def _tone_of_night(night: SessionNight) -> Tone:
    return Tone.NIGHT if night.in_night else Tone.PLAIN


def _tone_of_duty(pair: SessionDuty) -> Tone:
    return Tone.NIGHT if pair[1].in_night else Tone.PLAIN


_LEVELS = {Level.ERROR: mark("error"), Level.WARNING: mark("warning")}
_TONE_OF_LEVEL = {Level.ERROR: Tone.BLOCKED, Level.WARNING: Tone.CHANGED}

SESSION_COLUMNS: tuple[Column[ScheduledSession], ...] = (
    Column(key="id"),
    Column(key="title", read=lambda session: session.session.title),
    Column(key="phase"),
    Column(key="track", read=lambda session: session.session.track or None),
    Column(key="room", read=lambda session: session.session.room or None),
    Column(key="start"),
    Column(key="end"),
)
"""A session of PROGRAMME and of ANNOUNCEMENT, in the order of JSON and CSV."""

_DUTY_KEYS: tuple[Column[DutyNight], ...] = (
    Column(key="id"),
    Column(key="role"),
    Column(key="local_start", read=lambda duty: duty.night.local_start.isoformat()),
    Column(key="day_shift", read=lambda duty: duty.night.day_shift),
    Column(key="duty_start", read=lambda duty: duty.duty_start.isoformat()),
    Column(key="band", read=lambda duty: duty.night.band),
    Column(key="night_minutes", read=lambda duty: duty.night.night_minutes),
    Column(key="in_night"),
    Column(key="burden", read=lambda duty: duty.night.burden),
    Column(key="segments_in_night", read=lambda duty: list(duty.segments_in_night)),
)
"""A person of a session of PROGRAMME, in the order of JSON and CSV."""

_Line: TypeAlias = tuple[ScheduledSession, DutyNight | None]
"""A session and a duty in it, none for a session without people."""


def _make_duty_column(column: Column[DutyNight]) -> Column[_Line]:
    return Column(key=f"person_{column.key}", read=lambda line: None if line[1] is None else column.value(line[1]))


_RECORDS: tuple[Column[_Line], ...] = (
    *(column.through(lambda line: line[0]) for column in SESSION_COLUMNS),
    *map(_make_duty_column, _DUTY_KEYS),
)
"""The columns of CSV: a row for each duty."""


def _session_record(night: SessionNight) -> dict[str, object]:
    """Return a session with its segments and its people."""
    segments = [
        {"title": segment.title, "start": utc_text(segment.start), "end": utc_text(segment.end)}
        for segment in night.session.segments
    ]
    people = [make_record(_DUTY_KEYS, duty) for duty in night.people]
    return {**make_record(SESSION_COLUMNS, night.session), "segments": segments, "people": people}


def _conflict_record(conflict: Conflict) -> dict[str, object]:
    return {
        "rule": conflict.rule.value,
        "level": conflict.level.value,
        "sessions": list(conflict.sessions),
        "people": list(conflict.people),
        "facts": figures_record(conflict.fact.figures),
        "text": sentence(conflict.fact),
    }


def _has_room(rows: Sequence[SessionNight]) -> bool:
    return any(row.session.session.room for row in rows)


def _has_track(rows: Sequence[SessionNight]) -> bool:
    return any(row.session.session.track for row in rows)


def _tell_in_night(night: SessionNight, language: Language) -> str:
    return language.join(night.in_night) if night.in_night else ""


def _tell_role(pair: SessionDuty, language: Language) -> str:
    """Return the role of a duty; one that is a word of the plan alone stays as it is."""
    role = pair[1].role
    return language.translate(role) if role in WORDS else role


_NIGHT_COLUMNS: tuple[Column[SessionNight], ...] = (
    Column(head="session", read=lambda night: night.id),
    Column(
        head="start (UTC)",
        kind=ValueKind.INSTANT,
        read=lambda night: night.session.start,
        is_shown=lambda rows: not any(_is_abroad(row.session) for row in rows),
    ),
    Column(
        head="start (UTC)",
        kind=ValueKind.INSTANT,
        read=lambda night: night.session.start,
        is_shown=lambda rows: any(_is_abroad(row.session) for row in rows),
        rank=5,
    ),
    Column(
        head="local start",
        tell=lambda night, language: _show_local_start(night.session, language),
        is_shown=lambda rows: any(_is_abroad(row.session) for row in rows),
    ),
    Column(head="length", kind=ValueKind.LENGTH, read=lambda night: night.session.session.minutes, rank=4),
    Column(head="title", read=lambda night: night.session.session.title),
    Column(head="room", read=lambda night: night.session.session.room, is_shown=_has_room, rank=2),
    Column(head="track", read=lambda night: night.session.session.track, is_shown=_has_track, rank=3),
    Column(
        head="in the night",
        tell=_tell_in_night,
        tone=_tone_of_night,
        is_shown=lambda rows: any(row.in_night for row in rows),
    ),
)

CONFLICT_COLUMNS: tuple[Column[Conflict], ...] = (
    Column(
        head="level",
        tell=lambda conflict, language: language.translate(_LEVELS[conflict.level]),
        tone=lambda conflict: _TONE_OF_LEVEL[conflict.level],
    ),
    Column(head="rule", read=lambda conflict: conflict.rule),
    Column(head="what", tell=lambda conflict, language: sentence(conflict.fact, language=language)),
)

_DUTY_COLUMNS: tuple[Column[SessionDuty], ...] = (
    Column(head="member", read=lambda pair: pair[1].id),
    Column(head="session", read=lambda pair: pair[0].id),
    Column(head="role", tell=_tell_role, rank=3),
    Column(head="on duty from", tell=lambda pair, language: language.write_hour(pair[1].duty_start.wall)),
    Column(
        head="local start",
        tell=lambda pair, language: language.write_hour(pair[1].night.local_start.wall),
        tone=_tone_of_duty,
    ),
    Column(head="night min", kind=ValueKind.NUMBER, read=lambda pair: pair[1].night.night_minutes, rank=1),
    Column(
        head="segments in the night",
        tell=lambda pair, language: language.write_parts(pair[1].segments_in_night),
        is_shown=lambda rows: any(duty.segments_in_night for _, duty in rows),
    ),
    Column(head="burden", kind=ValueKind.NIGHT_HOURS, read=lambda pair: pair[1].night.burden),
)


def describe_programme(context: Context, report: ProgrammeReport, *, with_all_duties: bool = False) -> Report:
    """Describe sessions, their conflicts, and the duties in the night; ``with_all_duties`` shows the others too."""
    language, unit = context.language, context.night_hour()
    duties = [(night.session, duty) for night in report for duty in night.people]
    shown = [pair for pair in duties if with_all_duties or pair[1].in_night]
    body = {
        "sessions": LaterRows(lambda: tuple(map(_session_record, report))),
        "conflicts": list(map(_conflict_record, report.conflicts)),
    }
    lines: list[_Line] = [(night.session, duty) for night in report for duty in (night.people or (None,))]
    tables = [make_section(_NIGHT_COLUMNS, report.sessions, language)]
    if report.conflicts:
        tables.append(make_section(CONFLICT_COLUMNS, report.conflicts, language, title=language.phrase("Conflicts")))
    if shown:
        title = language.phrase("Duties") if with_all_duties else language.phrase("Duties in the night")
        tables.append(make_section(_make_duty_columns(duties), _sort_duties(shown), language, title=title, unit=unit))
    return Report(
        title=context.title("the programme"),
        sections=(
            Section(lead=tuple(_tell_programme(report, duties, language))),
            *tables,
            Section(notes=context.notes(*([unit.explain()] if shown else []))),
        ),
        document=context.document(body),
        records=Records.of(_RECORDS, lines, context.versions),
        language=language,
    )


def _sort_duties(duties: Sequence[SessionDuty]) -> list[SessionDuty]:
    """Return duties by burden, the hardest first."""
    return sorted(duties, key=lambda pair: (-pair[1].night.burden, pair[1].id, pair[1].start))


def _make_duty_columns(duties: Sequence[SessionDuty]) -> tuple[Column[SessionDuty], ...]:
    """Return the columns of duties, with the burden of all ``duties`` of a member where somebody has several."""
    burdens, counts = Counter[MemberId](), Counter(duty.id for _, duty in duties)
    for _, duty in duties:
        burdens[duty.id] += duty.night.burden
    total: Column[SessionDuty] = Column(
        head="in total",
        kind=ValueKind.NIGHT_HOURS,
        read=lambda pair: burdens[pair[1].id],
        is_shown=lambda rows: any(counts[duty.id] > 1 for _, duty in rows),
        rank=2,
    )
    return (*_DUTY_COLUMNS, total)


def _tell_programme(report: ProgrammeReport, duties: Sequence[SessionDuty], language: Language) -> Iterator[str]:
    """Yield how many people have duties in the night, the hardest of these, and how many conflicts there are."""
    yield language.phrase_count("{count} session.", "{count} sessions.", len(report))
    in_night = [pair for pair in duties if pair[1].in_night]
    if not in_night:
        yield language.phrase("Nobody has a duty in the night.")
    else:
        yield language.phrase_count(
            "{count} person has a duty in the night.",
            "{count} people have duties in the night.",
            len({duty.id for _, duty in in_night}),
        )
        session, hardest = _sort_duties(in_night)[0]
        yield language.phrase(
            "The hardest one is that of {member} in {session}, from {time} on their clock.",
            member=hardest.id,
            session=session.id,
            time=language.write_hour(hardest.duty_start.wall),
        )
    levels = Counter(conflict.level for conflict in report.conflicts)
    if not levels:
        yield language.phrase("There is no conflict.")
    if count := levels[Level.ERROR]:
        yield language.phrase_count("{count} conflict is an error.", "{count} conflicts are errors.", count)
    if count := levels[Level.WARNING]:
        yield language.phrase_count("{count} conflict is a warning.", "{count} conflicts are warnings.", count)


# ------------------------------------------------------------------------------------- other times for the sessions


_KINDS = {
    Standing.BETTER: mark("better"),
    Standing.TRADE: mark("trade"),
    Standing.SAME: mark("same"),
    Standing.WORSE: mark("worse"),
}
_PRESENT = mark("present")
"""What a time is beside the present one."""


def _list_criteria(criteria: Sequence[Criterion]) -> list[str]:
    return list(map(str, criteria))


def _kind_of(row: ProposedStart) -> str:
    return _KINDS[row.standing] if row.comparison else _PRESENT


_START_COLUMNS: tuple[Column[ProposedStart], ...] = (
    Column(key="kind", head="", kind=ValueKind.WORD, read=_kind_of),
    Column(key="start", head="start (UTC)", kind=ValueKind.INSTANT, read=lambda row: row.session.start),
    Column(key="end", read=lambda row: row.session.end),
    Column(
        head="local start",
        tell=lambda row, language: _show_local_start(row.session, language),
        is_shown=lambda rows: any(_is_abroad(row.session) for row in rows),
        rank=2,
    ),
    Column(key="worst", head="hardest hit", kind=ValueKind.NIGHT_HOURS),
    Column(key="hardest", head="member", rank=1),
    Column(key="in_night", head="in the night", kind=ValueKind.NUMBER),
    Column(key="total", head="in total", kind=ValueKind.NIGHT_HOURS),
    Column(key="gains", read=lambda row: _list_criteria(row.comparison.gains if row.comparison else ())),
    Column(key="pays", read=lambda row: _list_criteria(row.comparison.pays if row.comparison else ())),
    Column(key="dominated"),
    Column(
        key="people_in_night",
        head="who",
        read=lambda row: list(row.night.in_night),
        tell=lambda row, language: language.join(row.night.in_night) if row.night.in_night else "",
        tone=lambda row: _tone_of_night(row.night),
        rank=1,
    ),
)
"""A time of a session, in the order of JSON and CSV."""

_SWAP_COLUMNS: tuple[Column[ProposedSwap], ...] = (
    Column(key="kind", head="", kind=ValueKind.WORD, read=lambda row: _KINDS[row.standing]),
    Column(key="first", head="session", read=lambda row: row.first.id),
    Column(key="first_start", head="start (UTC)", kind=ValueKind.INSTANT),
    Column(key="second", head="session", read=lambda row: row.second.id),
    Column(key="second_start", head="start (UTC)", kind=ValueKind.INSTANT),
    Column(key="worst", head="hardest hit", kind=ValueKind.NIGHT_HOURS),
    Column(key="hardest", head="member", rank=1),
    Column(key="in_night", head="in the night", kind=ValueKind.NUMBER),
    Column(key="total", head="in total", kind=ValueKind.NIGHT_HOURS),
    Column(key="gains", read=lambda row: _list_criteria(row.comparison.gains)),
    Column(key="pays", read=lambda row: _list_criteria(row.comparison.pays)),
    Column(key="dominated"),
    Column(
        key="people_in_night",
        head="who",
        read=lambda row: list(row.people_in_night),
        tell=lambda row, language: language.join(row.people_in_night) if row.people_in_night else "",
        tone=lambda row: Tone.NIGHT if row.people_in_night else Tone.PLAIN,
        rank=2,
    ),
)
"""An exchange of two sessions, in the order of JSON and CSV."""


_Hour: TypeAlias = tuple[ProposedStart, int]
"""A time of a session, and on how many days it comes to the same."""

_HOUR_COLUMNS: tuple[Column[_Hour], ...] = (
    *(column.through(lambda hour: hour[0]) for column in _START_COLUMNS),
    Column(head="days", kind=ValueKind.NUMBER, read=lambda hour: hour[1], rank=1),
)


def _list_hours(found: StartProposals) -> list[_Hour]:
    """Return the present time, and of those that no other one dominates the nearest of each hour with equal figures.

    Rows of equal figures come with the nearest first.
    """
    groups: dict[tuple[time, Figures, tuple[MemberId, ...]], list[ProposedStart]] = defaultdict(list)
    for row in found.rows[1:]:
        if not row.dominated:
            groups[row.session.start.time(), row.figures, row.night.in_night].append(row)
    return [(found.present, 1), *((rows[0], len(rows)) for rows in groups.values())]


def describe_starts(context: Context, found: StartProposals) -> Report:
    """Describe the times that a session may have: the present one, and those that no other one dominates.

    People see each hour once, on the nearest day.
    """
    language, unit, present = context.language, context.night_hour(), found.present
    best = found.recommended
    figures = {"session": present.session.id, "present": language.say_moment(present.session.start)}
    lead = []
    if any(conflict.level is Level.ERROR for conflict in present.conflicts):
        lead.append(language.phrase("{session} at {present} UTC is in a conflict that is an error.", **figures))
    if best is None and len(found) == 1 and lead:
        lead.append(language.phrase("No other start of {session} is free of such conflicts.", **figures))
    elif best is None and len(found) > 1 and all(row.figures == present.figures for row in found):
        lead.append(language.phrase("All starts of {session} come to the same; keep {present} UTC.", **figures))
    elif best is None:
        lead.append(language.phrase("No start is better for {session} than the present one, {present} UTC.", **figures))
    else:
        start = language.say_moment(best.session.start)
        lead += [
            language.phrase("Recommended for {session}: {start} UTC instead of {present} UTC.", start=start, **figures),
            *_compare(_AT_SESSION, best, (present.figures, present.hardest), unit),
        ]
    records = [
        {**make_record(_START_COLUMNS, row), "conflicts": list(map(_conflict_record, row.conflicts))} for row in found
    ]
    body = {
        "session": present.session.id,
        "recommended": None if best is None else utc_text(best.session.start),
        "starts": records,
    }
    return Report(
        title=context.title("other times for a session"),
        sections=(
            Section(lead=tuple(lead)),
            make_section(_HOUR_COLUMNS, _list_hours(found), language, unit=unit),
            Section(
                notes=context.notes(
                    language.translate(_COUNTED_AT_SESSION),
                    language.translate(_DAYS),
                    *_tell_hidden(found.rows[1:], language),
                    unit.explain(),
                )
            ),
        ),
        document=context.document(body),
        records=Records.of(_START_COLUMNS, list(found), context.versions),
        language=language,
    )


def describe_swaps(context: Context, found: SwapProposals) -> Report:
    """Describe the exchanges of two sessions that no other one dominates."""
    language, unit = context.language, context.night_hour()
    rows = [row for row in found if not row.dominated]
    best = next((row for row in rows if row.standing is Standing.BETTER), None)
    if best is None:
        lead = [language.phrase("No exchange of two sessions is better than the programme as it is.")]
    else:
        ids = {"first": best.first.id, "second": best.second.id}
        lead = [
            language.phrase("Recommended: {first} and {second} exchange their starts.", **ids),
            *_compare(_AT_ALL, best, (found.present, found.hardest), unit),
        ]
    body = {
        "present": {"worst": found.present.worst, "in_night": found.present.nights, "total": found.present.total},
        "recommended": None if best is None else [best.first.id, best.second.id],
        "swaps": [
            {**make_record(_SWAP_COLUMNS, row), "conflicts": list(map(_conflict_record, row.conflicts))}
            for row in found
        ],
    }
    return Report(
        title=context.title("exchanges of two sessions"),
        sections=(
            Section(lead=tuple(lead)),
            make_section(_SWAP_COLUMNS, rows, language, unit=unit),
            Section(
                notes=context.notes(language.translate(_COUNTED_AT_ALL), *_tell_hidden(found, language), unit.explain())
            ),
        ),
        document=context.document(body),
        records=Records.of(_SWAP_COLUMNS, list(found), context.versions),
        language=language,
    )


_AT_SESSION = mark("People in the night at this session: {nights} instead of {nights_now}.")
_AT_ALL = mark("People in the night, counted at each session: {nights} instead of {nights_now}.")


def _compare(
    counted: str, best: ProposedStart | ProposedSwap, present: tuple[Figures, MemberId | None], unit: NightHour
) -> Iterator[str]:
    """Yield what a time comes to, beside the figures of the present one and who bears most at it."""
    language, (now, hardest) = unit.language, present
    worst, worst_now = unit.show_apart(best.worst, now.worst)
    total, total_now = unit.show_apart(best.total, now.total)
    yield language.fill(language.translate(counted), {"nights": best.in_night, "nights_now": now.nights})
    yield language.phrase(
        "Most on one member, of all duties: {worst} ({member}) instead of {worst_now} ({member_now}); on all together "
        "{total} instead of {total_now}.",
        worst=worst,
        member=best.hardest or "-",
        worst_now=worst_now,
        member_now=hardest or "-",
        total=total,
        total_now=total_now,
    )


_COUNTED_AT_SESSION = mark(
    "in the night: people at this session; hardest hit, in total: the burdens of all duties, and of the calls with "
    "--with-calls."
)
_COUNTED_AT_ALL = mark(
    "in the night: people at all sessions, each once a session; hardest hit, in total: the burdens of all duties, and "
    "of the calls with --with-calls; who: the people in the night at these two sessions."
)
_DAYS = mark("days: on how many days the session can have this hour with these figures; the nearest one is shown.")


def _tell_hidden(rows: Iterable[ProposedStart | ProposedSwap], language: Language) -> Iterator[str]:
    """Yield how many times are left out of a table because another one dominates them."""
    if count := sum(row.dominated for row in rows):
        yield language.phrase_count(
            "{count} other is not shown, because one that is shown is better; JSON and CSV have it.",
            "{count} others are not shown, because one that is shown is better than each; JSON and CSV have them.",
            count,
        )
