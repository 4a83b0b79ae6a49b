"""The programme of the event: its sessions, who is in the night for which part of them, and their conflicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from mag_rotation.programme import Conflict, DutyNight, Level, ScheduledSession, SessionNight
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
from mag_rotation.report.sentences import figures_record, sentence
from mag_rotation.roster import UTC_ZONE
from mag_rotation.zones import to_local

__all__ = ["SESSION_COLUMNS", "describe_programme"]

SessionDuty: TypeAlias = tuple[ScheduledSession, DutyNight]
"""A session, and a duty in it."""


def _show_local_start(session: ScheduledSession, language: Language) -> str:
    return f"{language.write_hour(to_local(session.start, session.zone).wall)} {language.name_city(session.zone)}"


def _tone_of_night(night: SessionNight) -> Tone:
    return Tone.NIGHT if night.in_night else Tone.PLAIN


def _tone_of_duty(pair: SessionDuty) -> Tone:
    return Tone.NIGHT if pair[1].in_night else Tone.PLAIN


_LEVELS = {Level.ERROR: mark("error"), Level.WARNING: mark("warning"), Level.OFF: mark("off")}
_TONE_OF_LEVEL = {Level.ERROR: Tone.BLOCKED, Level.WARNING: Tone.CHANGED, Level.OFF: Tone.FAINT}


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
    return Column(key=f"person_{column.key}", read=lambda line: None if line[1] is None else column.plain(line[1]))


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


def describe_programme(
    context: Context,
    nights: Sequence[SessionNight],
    conflicts: Sequence[Conflict],
    *,
    with_all_duties: bool = False,
) -> Report:
    """Describe sessions, the duties in the night, and conflicts; ``with_all_duties`` shows those of the day too."""
    words = _Words(context.language)
    body = {
        "sessions": list(map(_session_record, nights)),
        "conflicts": list(map(_conflict_record, conflicts)),
    }
    lines: list[_Line] = [(night.session, duty) for night in nights for duty in (night.people or (None,))]
    return Report(
        title=context.title("the programme"),
        sections=tuple(words.sections(context, nights, conflicts, with_all_duties=with_all_duties)),
        document=context.document(body),
        records=Records.of(_RECORDS, lines, context.versions),
        language=context.language,
    )


class _Words:
    """A programme in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def sections(
        self, context: Context, nights: Sequence[SessionNight], conflicts: Sequence[Conflict], *, with_all_duties: bool
    ) -> Iterator[Section]:
        """Yield the answer in sentences, the sessions, their conflicts, and the duties by person."""
        unit = context.night_hour()
        duties = [(night.session, duty) for night in nights for duty in night.people]
        shown = [pair for pair in duties if with_all_duties or pair[1].in_night]
        yield Section(lead=tuple(self._answer(nights, duties, conflicts)))
        yield make_section(self._session_columns(), nights, self._language)
        if conflicts:
            yield make_section(
                self._conflict_columns(), conflicts, self._language, title=self._language.phrase("Conflicts")
            )
        if shown:
            title = self._language.phrase("Duties") if with_all_duties else self._language.phrase("Duties in the night")
            burdens = Counter[str]()
            for _, duty in shown:
                burdens[duty.id] += duty.night.burden
            rows = sorted(shown, key=lambda pair: (-burdens[pair[1].id], pair[1].id, pair[1].start))
            yield make_section(self._duty_columns(), rows, self._language, title=title, unit=unit)
        yield Section(notes=context.notes(*([unit.explain()] if shown else [])))

    def _answer(
        self, nights: Sequence[SessionNight], duties: Sequence[SessionDuty], conflicts: Sequence[Conflict]
    ) -> Iterator[str]:
        """Yield how many people have duties in the night, the hardest of these, and how many conflicts there are."""
        language = self._language
        yield language.phrase_count("{count} session.", "{count} sessions.", len(nights))
        in_night = [pair for pair in duties if pair[1].in_night]
        if not in_night:
            yield language.phrase("Nobody has a duty in the night.")
        else:
            yield language.phrase_count(
                "{count} person has a duty in the night.",
                "{count} people have duties in the night.",
                len({duty.id for _, duty in in_night}),
            )
            session, hardest = min(in_night, key=lambda pair: (-pair[1].night.burden, pair[1].id, pair[1].start))
            yield language.phrase(
                "The hardest one is that of {member} in {session}, from {time} on their clock.",
                member=hardest.id,
                session=session.id,
                time=language.write_hour(hardest.duty_start.wall),
            )
        levels = Counter(conflict.level for conflict in conflicts)
        if not conflicts:
            yield language.phrase("There is no conflict.")
        if count := levels[Level.ERROR]:
            yield language.phrase_count("{count} conflict is an error.", "{count} conflicts are errors.", count)
        if count := levels[Level.WARNING]:
            yield language.phrase_count("{count} conflict is a warning.", "{count} conflicts are warnings.", count)

    def _session_columns(self) -> tuple[Column[SessionNight], ...]:
        language = self._language
        return (
            Column(head="session", read=lambda night: night.id),
            Column(head="start (UTC)", kind=ValueKind.INSTANT, read=lambda night: night.session.start),
            Column(
                head="local start",
                show=lambda night: _show_local_start(night.session, language),
                is_shown=lambda rows: any(row.session.zone != UTC_ZONE for row in rows),
                rank=2,
            ),
            Column(head="length", kind=ValueKind.LENGTH, read=lambda night: night.session.session.minutes, rank=5),
            Column(head="title", read=lambda night: night.session.session.title, rank=4),
            Column(head="room", read=lambda night: night.session.session.room, is_shown=_has_room, rank=1),
            Column(head="track", read=lambda night: night.session.session.track, is_shown=_has_track, rank=3),
            Column(
                head="in the night",
                show=lambda night: language.join(night.in_night) if night.in_night else "",
                tone=_tone_of_night,
                is_shown=lambda rows: any(row.in_night for row in rows),
            ),
        )

    def _conflict_columns(self) -> tuple[Column[Conflict], ...]:
        return (
            Column(
                head="level",
                tell=lambda conflict, language: language.translate(_LEVELS[conflict.level]),
                tone=lambda conflict: _TONE_OF_LEVEL[conflict.level],
            ),
            Column(head="rule", key="rule", rank=1),
            Column(head="what", tell=lambda conflict, language: sentence(conflict.fact, language=language)),
        )

    def _duty_columns(self) -> tuple[Column[SessionDuty], ...]:
        language = self._language
        return (
            Column(head="member", read=lambda pair: pair[1].id),
            Column(head="session", read=lambda pair: pair[0].id),
            Column(head="role", read=lambda pair: pair[1].role, rank=2),
            Column(head="on duty from", show=lambda pair: language.write_hour(pair[1].duty_start.wall)),
            Column(
                head="local start",
                show=lambda pair: language.write_hour(pair[1].night.local_start.wall),
                tone=_tone_of_duty,
            ),
            Column(head="night min", kind=ValueKind.NUMBER, read=lambda pair: pair[1].night.night_minutes),
            Column(
                head="segments in the night",
                show=lambda pair: "; ".join(pair[1].segments_in_night),
                is_shown=lambda rows: any(duty.segments_in_night for _, duty in rows),
                rank=1,
            ),
            Column(head="burden", kind=ValueKind.NIGHT_HOURS, read=lambda pair: pair[1].night.burden),
        )


def _has_room(rows: Sequence[SessionNight]) -> bool:
    return any(row.session.session.room for row in rows)


def _has_track(rows: Sequence[SessionNight]) -> bool:
    return any(row.session.session.track for row in rows)
