"""The announcement of a call, as members read it: when it is for them, who is in the night, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce

from mag_rotation.calls import Call, Status
from mag_rotation.plan.announcement import Announcement, LocalStart, ShiftAhead
from mag_rotation.programme import ScheduledSession
from mag_rotation.report.calls import call_record
from mag_rotation.report.context import Context
from mag_rotation.report.description import Cell, Column, Head, Records, Report, Section, make_record
from mag_rotation.report.language import Language
from mag_rotation.report.programme import SESSION_COLUMNS
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.zones import to_local

__all__ = ["describe_announcement"]

_MOST_CITIES = 4
"""The most cities that a sentence names."""

LOCAL_COLUMNS: tuple[Column[LocalStart], ...] = (
    Column(key="at", read=lambda start: f"{start.wall:%Y-%m-%dT%H:%M}"),
    Column(key="day_shift"),
    Column(key="zones", read=lambda start: list(start.zones)),
    Column(key="members"),
    Column(key="in_night"),
)
"""A local start of ANNOUNCEMENT, in the order of JSON and CSV."""


def describe_announcement(context: Context, found: Announcement, *, calendar: str | None = None) -> Report:
    """Describe an announcement; ``calendar`` is the address that members subscribe to."""
    language = context.language
    words = _Words(found, language)
    body = {
        "language": language.tag,
        "call": call_record(found.call),
        "local": [make_record(LOCAL_COLUMNS, start) for start in found.local],
        "in_night": found.in_night,
        "blocked": found.blocked,
        "following": list(map(call_record, found.following)),
        "cancelled": list(map(call_record, found.cancelled)),
        "shifts": [
            {"date": shift.date.isoformat(), "minutes": shift.minutes, "zones": list(shift.zones)}
            for shift in found.shifts
        ],
        "sessions": [make_record(SESSION_COLUMNS, session) for session in found.sessions],
    }
    return Report(
        title=words.subject(),
        sections=(words.section(calendar),),
        document=context.document(body),
        records=Records.of(LOCAL_COLUMNS, found.local, context.versions),
        language=language,
    )


class _Words:
    """An announcement in one language."""

    def __init__(self, found: Announcement, language: Language) -> None:
        self._found, self._language = found, language

    def subject(self) -> str:
        """Return the subject of a mail."""
        call, language = self._found.call, self._language
        figures = {"title": call.title, **self._moment(call)}
        if not call.is_held:
            return language.phrase("Cancelled: {title}, {date}", **figures)
        if call.zone == UTC_ZONE:
            return language.phrase("{title}: {date}, {time} UTC", **figures)
        return language.phrase("{title}: {date}, {time} in {city} ({utc} UTC)", **figures)

    def section(self, calendar: str | None) -> Section:
        """Return the sentences, with the local starts between them."""
        language = self._language
        held = self._found.call.is_held
        heads = (Head(language.phrase("local start")), Head(language.phrase("where")))
        return Section(
            lead=(language.phrase("Dear members,"), self._opening()),
            heads=heads if held else (),
            rows=tuple(map(self._row, self._found.local)) if held else (),
            notes=tuple(self._closing(calendar)),
        )

    def _moment(self, call: Call) -> dict[str, str]:
        """Return the date and the hour of a call on the clock of its zone, and the hour of UTC."""
        language, wall = self._language, to_local(call.start, call.zone).wall
        utc = language.write_clock(call.start.time())
        if wall.date() != call.start.date():
            utc = f"{language.write_weekday(call.start.date())} {utc}"
        return {
            "date": language.write_date(wall.date()),
            "time": language.write_clock(wall.time()),
            "city": language.name_city(call.zone),
            "utc": utc,
        }

    def _opening(self) -> str:
        """Return when the call is, or that it is cancelled."""
        call, language = self._found.call, self._language
        figures = {"title": call.title, "length": language.write_length(call.minutes), **self._moment(call)}
        match call.is_held, call.zone == UTC_ZONE:
            case True, True:
                return language.phrase("{title} is on {date} at {time} UTC and lasts {length}.", **figures)
            case True, False:
                return language.phrase(
                    "{title} is on {date} at {time} in {city} ({utc} UTC) and lasts {length}.", **figures
                )
            case False, True:
                return language.phrase("{title}, planned for {date} at {time} UTC, is cancelled.", **figures)
            case _:
                return language.phrase(
                    "{title}, planned for {date} at {time} in {city} ({utc} UTC), is cancelled.", **figures
                )

    def _row(self, start: LocalStart) -> tuple[Cell, Cell]:
        """Return a local start, its day where that is another than the call's own, and the cities."""
        call = self._found.call
        at = self._language.write_clock(start.wall.time())
        days = (start.wall.date() - to_local(call.start, call.zone).wall.date()).days
        if days:
            weekday = self._language.write_weekday(start.wall.date())
            at = self._language.phrase("{weekday} {time} ({days})", weekday=weekday, time=at, days=f"{days:+d}")
        return Cell(at), Cell(self._language.join(self._cities(start.zones)))

    def _cities(self, zones: Sequence[ZoneName]) -> list[str]:
        return list(dict.fromkeys(map(self._language.name_city, zones)))

    def _closing(self, calendar: str | None) -> Iterator[str]:
        """Return what stands below the local starts."""
        call, language = self._found.call, self._language
        if call.status is Status.MOVED:
            yield language.phrase("This call has been moved.")
        if call.is_held:
            yield self._night()
            yield from self._count_blocked()
        if call.note:
            yield language.phrase("Note: {note}", note=call.note)
        if call.is_held and call.location:
            yield language.phrase("Place: {place}", place=call.location)
        yield from self._shifts()
        for other in self._found.cancelled:
            yield language.phrase("There is no call on {date}.", date=self._moment(other)["date"])
        if self._found.following:
            names = [self._name(other) for other in self._found.following]
            yield language.phrase_count("Next: {calls}.", "Next: {calls}.", len(names), calls=language.join(names))
        if self._found.sessions:
            sessions = language.join(list(map(self._name_session, self._found.sessions)))
            yield language.phrase("Next sessions: {sessions}.", sessions=sessions)
        if calendar:
            yield language.phrase("Calendar to subscribe to: {url}", url=calendar)

    def _night(self) -> str:
        """Return for how many people the call is in the night, and where."""
        found, language = self._found, self._language
        cities = self._cities(found.night_zones)
        if not found.in_night:
            return language.phrase("Nobody is in the night.")
        if len(cities) > _MOST_CITIES:
            named = {"first": cities[0], "last": cities[-1]} if self._is_one_run() else {}
            if named:
                return language.phrase_count(
                    "It falls into the night for {count} member, from {first} to {last}; thank you for staying up.",
                    "It falls into the night for {count} members, from {first} to {last}; thank you for staying up.",
                    found.in_night,
                    **named,
                )
            return language.phrase_count(
                "It falls into the night for {count} member, in {cities} and elsewhere; thank you for staying up.",
                "It falls into the night for {count} members, in {cities} and elsewhere; thank you for staying up.",
                found.in_night,
                cities=reduce(self._add, cities[:_MOST_CITIES]),
            )
        return language.phrase_count(
            "It falls into the night for {count} member, in {cities}; thank you for staying up.",
            "It falls into the night for {count} members, in {cities}; thank you for staying up.",
            found.in_night,
            cities=language.join(cities),
        )

    def _count_blocked(self) -> Iterator[str]:
        """Return how many people the call finds in hours that they have ruled out; an announcement names nobody."""
        if count := self._found.blocked:
            yield self._language.phrase_count(
                "{count} member cannot attend at this hour.", "{count} members cannot attend at this hour.", count
            )

    def _add(self, names: str, name: str) -> str:
        """Return a list of names that goes on, with one more."""
        return self._language.phrase("{names}, {name}", names=names, name=name)

    def _is_one_run(self) -> bool:
        """Whether those in the night are neighbours, with nobody between them who is not."""
        places = [place for place, start in enumerate(self._found.local) if start.in_night]
        return places[-1] - places[0] == len(places) - 1

    def _shifts(self) -> Iterator[str]:
        """Return the clock changes ahead; one that shows at two hours of the rotation, and so on two dates, once."""
        told: set[tuple[ZoneName, int]] = set()
        for shift in self._found.shifts:
            zones = tuple(zone for zone in shift.zones if (zone, shift.minutes) not in told)
            told.update((zone, shift.minutes) for zone in zones)
            if zones:
                yield self._shift(replace(shift, zones=zones))

    def _shift(self, shift: ShiftAhead) -> str:
        """Return what a clock change does to the local hours."""
        language = self._language
        figures = {
            "date": language.write_day(shift.date),
            "length": language.write_length(abs(shift.minutes)),
            "cities": language.join(self._cities(shift.zones)),
        }
        if shift.minutes > 0:
            return language.phrase("From {date} calls are {length} later on the clock in {cities}.", **figures)
        return language.phrase("From {date} calls are {length} earlier on the clock in {cities}.", **figures)

    def _name(self, call: Call) -> str:
        """Return a later call in a sentence."""
        language, figures = self._language, self._moment(call)
        match call.label, call.zone == UTC_ZONE:
            case None, True:
                return language.phrase("{date} at {time} UTC", **figures)
            case None, False:
                return language.phrase("{date} at {time} in {city} ({utc} UTC)", **figures)
            case str(label), True:
                return language.phrase("{label} on {date} at {time} UTC", label=label, **figures)
            case label, _:
                return language.phrase("{label} on {date} at {time} in {city} ({utc} UTC)", label=str(label), **figures)

    def _name_session(self, session: ScheduledSession) -> str:
        """Return a session of the event in a sentence."""
        language, start = self._language, session.start
        figures = {"date": language.write_date(start.date()), "time": language.write_clock(start.time())}
        return language.phrase("{label} on {date} at {time} UTC", label=session.session.title, **figures)
