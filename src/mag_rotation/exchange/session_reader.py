"""The sessions of a schedule file, whichever of the two formats it has, and what a session cannot hold of it.

The instant of an event counts before its printed start. Its wall time is in the zone of the conference; a time that a
clock change repeats for the second time is kept in UTC. A person is a member of the roster, by UUID, id or name, or
stays open: nobody is guessed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from mag_rotation.errors import InvalidProgramme, InvalidScheduleFile, Mistake, UnknownZone, is_control, quote_value
from mag_rotation.exchange.conference import LANGUAGE, LINK, TYPE, EventPerson, format_agenda, make_member_guid
from mag_rotation.limits import NAMED, SESSIONS, find_nearest
from mag_rotation.places import UTC_ZONE, ZoneName, zone_name
from mag_rotation.places.suggest import remove_accents
from mag_rotation.programme import Duty, Segment, Session
from mag_rotation.roster import Member, MemberId
from mag_rotation.series import LONGEST_ID
from mag_rotation.values import Fact, FactCode, FrozenDict
from mag_rotation.zones import YEARS, resolve, to_local, to_utc

__all__ = [
    "IDENTIFIERS",
    "KEPT",
    "OWN_GENERATOR",
    "EventSource",
    "OpenPerson",
    "ReadSchedule",
    "ScheduleNote",
    "ScheduleSource",
    "clean_text",
    "make_sessions",
]

V = TypeVar("V")

OWN_GENERATOR = "mag_rotation"
"""The name by which a file says that this project wrote it."""

KEPT = frozenset(
    {"title", "track", "room", "type", "language", "abstract", "description", "date", "start", "duration", "url", "id"}
)
"""The texts of an event that a session has."""

IDENTIFIERS = ("guid", "code", "slug")
"""What other programs call an event; a session has an id of its own."""

SPEAKER = "speaker"
"""The role of people in files that name no role."""

_MOST_NEAR, _NEAR = 50, 0.8
"""How many people who are no members are compared with the roster, and how like a name has to be."""

_OTHER = re.compile(r"[^A-Za-z0-9]+")
_DURATION = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,4}):([0-9]{1,2})", re.ASCII)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?", re.ASCII)
_COUNTS_DAYS = frozenset({"pretalx", OWN_GENERATOR})
"""Programs whose lengths of three numbers are days, hours and minutes; others write hours, minutes and seconds."""


class ScheduleNote(FactCode):
    """How a schedule file was read."""

    OPEN_PEOPLE = "schedule_people_open"
    NO_ROSTER = "schedule_without_roster"
    NO_ZONE = "schedule_zone_missing"
    OTHER_START = "schedule_start_differs"
    NEAR_PEOPLE = "schedule_people_near"
    NO_LENGTH = "schedule_without_length"


@dataclass(frozen=True, kw_only=True, slots=True)
class EventSource:
    """An event as a file has it: its texts by name, its people and our own part.

    ``day`` is the date of the day that it stands under, as it is written.
    """

    place: str
    day: str
    texts: Mapping[str, str]
    people: tuple[EventPerson, ...] = ()
    extras: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleSource:
    """A schedule file as it was read; ``left_out`` counts the fields that sessions do not have."""

    title: str
    generator: str
    zone: str
    day_change: str
    events: tuple[EventSource, ...]
    left_out: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPerson:
    """A person of a file who is no member of the roster, and the ids of the sessions that name them."""

    name: str
    sessions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadSchedule:
    """The sessions of a file in its order; ``zone`` is that of sessions without one.

    ``left_out`` counts what the file has and sessions do not, by names such as ``event.subtitle``.
    """

    title: str
    zone: ZoneName
    sessions: tuple[Session, ...]
    open_people: tuple[OpenPerson, ...]
    left_out: Mapping[str, int]
    notes: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Extras:
    """Our own part of an event."""

    id: str
    start: datetime | None = None
    zone: ZoneName | None = None
    groups: Mapping[str, str] = field(default_factory=FrozenDict)
    segments: tuple[Segment, ...] = ()
    people: tuple[Duty, ...] = ()
    phase: str | None = None
    url: str = ""


def clean_text(text: str) -> str:
    """Return a text without control characters other than newline and tab."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain if plain.isprintable() else "".join(one for one in plain if one in "\n\t" or not is_control(one))


def make_sessions(
    source: ScheduleSource, *, members: Sequence[Member] | None = None, zone: ZoneName | None = None
) -> ReadSchedule:
    """Return the sessions of a schedule file.

    ``members`` is the roster; None believes the ids of a file that this project wrote. ``zone`` decides over that of
    the file. Raises :class:`InvalidScheduleFile` with all that cannot be read.
    """
    if not 0 < len(source.events) <= SESSIONS:
        many = f"{len(source.events):,}; a programme has {SESSIONS:,} sessions at most"
        none = "none; a schedule has its events in the rooms of its days"
        raise InvalidScheduleFile([Mistake(place="events", problem=f"found {many if source.events else none}")])
    mistakes: list[Mistake] = []
    named = zone or _read_zone(source.zone, mistakes)
    roster = None if members is None else _Roster.of(members)
    sessions: list[Session] = []
    open_people: dict[str, list[str]] = {}
    others: dict[str, str] = {}
    without_length: list[str] = []
    ids: Counter[str] = Counter()
    for event in source.events:
        before = len(mistakes)
        extras = _read_extras(event, mistakes)
        start = _read_start(event, source, named, mistakes)
        minutes = _read_minutes(event, source.generator, mistakes)
        if len(mistakes) > before or start is None or minutes is None:
            continue
        if minutes == 0:
            without_length.append(_read_line(event.texts.get("title", "")) or event.place)
            continue
        session_id = _choose_id(event, extras, ids)
        duties, strangers = _match_people(event, extras, roster)
        try:
            session = _make_session(
                event,
                extras,
                session_id=session_id,
                instant=to_utc(start),
                minutes=minutes,
                people=duties,
                zone=named or UTC_ZONE,
            )
        except InvalidProgramme as error:
            mistakes += [Mistake(place=f"{event.place}, {one.place}", problem=one.problem) for one in error.mistakes]
            continue
        sessions.append(session)
        for name in strangers:
            open_people.setdefault(name, []).append(session_id)
        if taken := _find_other_start(event, start, named or UTC_ZONE):
            others[session_id] = f"{session.title} ({event.texts.get('start', '').strip()} / {taken:%H:%M})"
    if without_length and not sessions and not mistakes:
        problem = "found none with a length above 0; a session has one, such as 01:30"
        mistakes.append(Mistake(place="events", problem=problem))
    if mistakes:
        raise InvalidScheduleFile(mistakes[:NAMED])
    near = () if roster is None else tuple(roster.list_near(list(open_people)[:_MOST_NEAR]))
    links = sum(bool(one.texts.get("url", "").strip()) and not _read_url(one) for one in source.events)
    counts = Counter({**source.left_out, "event.url": links})
    left_out = {key: count for key, count in sorted(counts.items()) if count}
    notes = (
        Fact.of(ScheduleNote.NO_LENGTH, events=tuple(without_length)) if without_length else None,
        Fact.of(ScheduleNote.OTHER_START, sessions=tuple(others), starts=tuple(others.values())) if others else None,
        Fact.of(ScheduleNote.NO_ZONE) if named is None and sessions else None,
        Fact.of(ScheduleNote.NO_ROSTER if members is None else ScheduleNote.OPEN_PEOPLE, people=tuple(open_people))
        if open_people
        else None,
        Fact.of(ScheduleNote.NEAR_PEOPLE, people=near) if near else None,
    )
    return ReadSchedule(
        title=source.title,
        zone=named or UTC_ZONE,
        sessions=tuple(sessions),
        open_people=tuple(OpenPerson(name=name, sessions=tuple(ids)) for name, ids in open_people.items()),
        left_out=FrozenDict(left_out),
        notes=tuple(filter(None, notes)),
    )


def _read_zone(text: str, mistakes: list[Mistake]) -> ZoneName | None:
    """Return the zone of the conference; None if the file does not say."""
    if not text.strip():
        return None
    try:
        return zone_name(text.strip())
    except UnknownZone as error:
        mistakes.append(Mistake(place="time_zone_name", problem=f"found {error}; or say it with --zone"))
        return None


# Times.


def _read_start(
    event: EventSource, source: ScheduleSource, zone: ZoneName | None, mistakes: list[Mistake]
) -> datetime | None:
    """Return the instant of an event: its date with an offset, else the day and the start in the conference's zone."""
    written = event.texts.get("date", "").strip()
    if "T" in written or " " in written:
        try:
            wall: datetime | None = datetime.fromisoformat(written)
        except ValueError:
            problem = f"found {quote_value(written)}; write an instant such as 2020-11-09T18:30:00+00:00"
            mistakes.append(Mistake(place=f"{event.place}, date", problem=problem))
            return None
    else:
        wall = _combine(event, written, source.day_change, mistakes)
    if wall is None:
        return None
    if not YEARS[0] < wall.year < YEARS[1]:
        problem = f"found the year {wall.year}; write one from {YEARS[0] + 1} to {YEARS[1] - 1}"
        mistakes.append(Mistake(place=f"{event.place}, date", problem=problem))
        return None
    if wall.tzinfo is not None:
        return wall.replace(second=0, microsecond=0)
    if zone is None:
        if source.zone.strip() == "" and not any(one.place == "time_zone_name" for one in mistakes):
            problem = "missing, and the times have no offset; say the zone with --zone"
            mistakes.append(Mistake(place="time_zone_name", problem=problem))
        return None
    return resolve(wall.replace(second=0, microsecond=0), zone).instant


def _combine(event: EventSource, written: str, change: str, mistakes: list[Mistake]) -> datetime | None:
    """Return the wall time of a day and a start; an hour before the change of days belongs to the next date."""
    at = _read_clock(event.texts.get("start", ""))
    try:
        day = date.fromisoformat(written or event.day.strip()[:10])
    except ValueError:
        day = None
    for key, found, missing, right in (
        ("date", written or event.day, day is None, "write a date such as 2020-11-09, or an instant"),
        ("start", event.texts.get("start", ""), at is None, "write a time of day such as 18:30"),
    ):
        if missing:
            problem = f"{f'found {quote_value(found)}' if found else 'missing'}; {right}"
            mistakes.append(Mistake(place=f"{event.place}, {key}", problem=problem))
    if day is None or at is None:
        return None
    turn = None if written else _read_clock(change)
    is_next = turn is not None and at < turn and day < date.max
    return datetime.combine(day + timedelta(days=1) if is_next else day, at)


def _read_clock(text: str) -> time | None:
    """Return a time of day; None if the text is none."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _read_minutes(event: EventSource, generator: str, mistakes: list[Mistake]) -> int | None:
    """Return the length of an event in minutes, which may be 0; seconds count as a minute more."""
    text = event.texts.get("duration", "").strip()
    found = _DURATION.fullmatch(text)
    if found is not None:
        first, second, third = int(found[1] or 0), int(found[2]), int(found[3])
        if found[1] and generator not in _COUNTS_DAYS:
            return first * 60 + second + (third > 0)
        return (first * 24 + second) * 60 + third
    problem = f"{f'found {quote_value(text)}' if text else 'missing'}; write hours and minutes such as 01:30"
    mistakes.append(Mistake(place=f"{event.place}, duration", problem=problem))
    return None


def _find_other_start(event: EventSource, start: datetime, zone: ZoneName) -> time | None:
    """Return the local start by the date of an event whose printed one is neither that nor the written one."""
    printed, local = _read_clock(event.texts.get("start", "")), to_local(start, zone).wall
    taken = time(local.hour, local.minute)
    return None if printed in {None, time(start.hour, start.minute), taken} else taken


# Sessions.


def _make_session(
    event: EventSource,
    extras: _Extras | None,
    *,
    session_id: str,
    instant: datetime,
    minutes: int,
    people: tuple[Duty, ...],
    zone: ZoneName,
) -> Session:
    """Return the session of an event; what the formats have is taken from the event, the rest from the extras."""
    read = clean_text if extras else _read_line
    texts = {key: read(event.texts.get(key, "")) for key in ("title", "track", "room", LANGUAGE, TYPE)}
    groups = {**(extras.groups if extras else {}), **{key: texts[key] for key in (LANGUAGE, TYPE) if texts[key]}}
    own_zone, wall = _place_start(instant, extras, zone)
    return Session(
        id=session_id,
        title=texts["title"],
        date=wall.date(),
        at=wall.time(),
        minutes=minutes,
        zone=own_zone,
        track=texts["track"],
        room=texts["room"],
        groups=groups,
        segments=extras.segments if extras else (),
        people=people,
        phase=extras.phase if extras else None,
        note=_read_note(event, extras),
        url=_read_url(event) or (extras.url if extras else ""),
    )


def _read_url(event: EventSource) -> str:
    """Return the link of an event; empty for one that a plan does not take."""
    found = event.texts.get("url", "").strip()
    return found if LINK.fullmatch(found) else ""


def _read_line(text: str) -> str:
    """Return a text as one line."""
    return " ".join(clean_text(text).split())


def _read_note(event: EventSource, extras: _Extras | None) -> str:
    """Return abstract and description as one text, without the agenda that this project wrote."""
    abstract, description = (clean_text(event.texts.get(key, "")) for key in ("abstract", "description"))
    if extras:
        description = "" if description.strip() == format_agenda(extras.segments).strip() else description
        return "\n\n".join(filter(None, (abstract, description)))
    return "\n\n".join(dict.fromkeys(filter(None, (abstract.strip(), description.strip()))))


def _place_start(instant: datetime, extras: _Extras | None, zone: ZoneName) -> tuple[ZoneName | None, datetime]:
    """Return the zone of a session, None for that of the programme, and the wall time of its start there."""
    own = extras.zone if extras else None
    clock = own or zone
    if extras and extras.start is not None and resolve(extras.start, clock).instant == instant:
        return own, extras.start
    wall = to_local(instant, clock).wall
    if resolve(wall, clock).instant == instant:
        return own, wall
    return UTC_ZONE, instant.replace(tzinfo=None)


def _choose_id(event: EventSource, extras: _Extras | None, ids: Counter[str]) -> str:
    """Return the id of a session: its own, else what the file calls the event; a second one has 2 behind it."""
    named = (event.texts.get(key, "") for key in ("id", *IDENTIFIERS))
    written = [extras.id] if extras else [_OTHER.sub("-", text).strip("-") for text in named]
    base = next(filter(None, written), "session")[:LONGEST_ID].strip("-")
    wanted = base
    while wanted in ids:
        ids[base] += 1
        wanted = f"{base[: LONGEST_ID - 6]}-{ids[base]}"
    ids[wanted] = 1
    return wanted


# People.


@dataclass(frozen=True, kw_only=True, slots=True)
class _Roster:
    """The members by their UUIDs, by their ids and by names that one of them has, as written and without accents.

    ``shown`` are the names of members with their ids, by the words of the name in the order of the alphabet.
    """

    by_guid: Mapping[str, MemberId]
    ids: frozenset[MemberId]
    by_name: Mapping[str, MemberId]
    by_letters: Mapping[str, MemberId]
    shown: Mapping[str, str]

    @classmethod
    def of(cls, members: Iterable[Member]) -> _Roster:
        known = list(members)
        names = Counter(_fold_name(one.display_name) for one in known)
        letters = Counter(_fold_letters(one.display_name) for one in known)
        return cls(
            by_guid=FrozenDict({make_member_guid(one.id): one.id for one in known}),
            ids=frozenset(one.id for one in known),
            by_name=FrozenDict({name: one.id for one in known if names[name := _fold_name(one.display_name)] == 1}),
            by_letters=FrozenDict(
                {name: one.id for one in known if letters[name := _fold_letters(one.display_name)] == 1}
            ),
            shown=FrozenDict({_sort_words(one.display_name): f"{one.display_name} ({one.id})" for one in known}),
        )

    def find(self, person: EventPerson) -> MemberId | None:
        """Return the member that a person is; None for everybody else."""
        if person.guid.lower() in self.by_guid:
            return self.by_guid[person.guid.lower()]
        named = next((text for text in (person.code, person.name) if text in self.ids), None)
        return named or self.by_name.get(_fold_name(person.name)) or self.by_letters.get(_fold_letters(person.name))

    def list_near(self, names: Iterable[str]) -> Iterator[str]:
        """Yield each name of a person that is like that of a member, with the member whom it may mean."""
        for name in names:
            near = find_nearest(_sort_words(name), self.shown, cutoff=_NEAR)
            if near:
                yield f"{name}: {self.shown[near[0]]}"


def _fold_name(name: str) -> str:
    """Return a name for comparison: without regard to capitals, spaces and the form of its letters."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _fold_letters(name: str) -> str:
    """Return a name for comparison without regard to accents, too.

    >>> _fold_letters("João  SILVA") == _fold_letters("joao silva"), _fold_letters("Łukasz")
    (True, 'lukasz')
    """
    return _fold_name(remove_accents(name))


def _sort_words(name: str) -> str:
    """Return the words of a name in the order of the alphabet, so that a family name may come first."""
    return " ".join(sorted(re.findall(r"\w+", _fold_letters(name))))


def _match_people(
    event: EventSource, extras: _Extras | None, roster: _Roster | None
) -> tuple[tuple[Duty, ...], list[str]]:
    """Return the duties of members, and the names of people who are none.

    Our own part counts for those who are still among the people of the event.
    """
    own = {make_member_guid(duty.member): duty.member for duty in extras.people} if extras else {}
    there = {person.guid.lower() for person in event.people}
    duties = [duty for duty in extras.people if make_member_guid(duty.member) in there] if extras else []
    strangers = [] if roster is None else [duty.member for duty in duties if duty.member not in roster.ids]
    found = {(duty.member, duty.role): duty for duty in duties if roster is None or duty.member in roster.ids}
    for person in event.people:
        if person.guid.lower() in own:
            continue
        member = None if roster is None else roster.find(person)
        if member is None:
            strangers.append(_read_line(person.name) or person.code or person.guid)
        else:
            found.setdefault((member, SPEAKER), Duty(member=member, role=SPEAKER))
    return tuple(found.values()), list(dict.fromkeys(filter(None, strangers)))


# Our own part.


def _read_extras(event: EventSource, mistakes: list[Mistake]) -> _Extras | None:
    """Return our own part of an event; None if it has none."""
    if event.extras is None:
        return None
    try:
        found: object = json.loads(event.extras)
        zone, day = _take(found, "zone", str), _take(found, "date", str)
        return _Extras(
            id=_take(found, "id", str),
            start=datetime.fromisoformat(f"{day}T{_take(found, 'at', str)}") if day else None,
            zone=zone_name(zone) if zone else None,
            groups=FrozenDict({str(key): str(text) for key, text in _take(found, "groups", dict).items()}),
            segments=tuple(
                Segment(title=_take(one, "title", str), minutes=_take(one, "minutes", int))
                for one in _take(found, "segments", list)
            ),
            people=tuple(
                Duty(member=_take(one, "id", str), role=_take(one, "role", str), lead=_take_lead(one))
                for one in _take(found, "people", list)
            ),
            phase=_take(found, "phase", str) or None,
            url=_take(found, "url", str),
        )
    except (ValueError, TypeError, RecursionError):
        problem = "found a part of mag-rotation that cannot be read; write the file again, or remove that part"
        mistakes.append(Mistake(place=event.place, problem=problem))
        return None


def _take(table: object, key: str, kind: type[V]) -> V:
    """Return a value of a table, empty if there is none; raises TypeError for one of another kind."""
    value: object = table.get(key, kind()) if isinstance(table, dict) else None
    if not isinstance(value, kind):
        raise TypeError(key)
    return value


def _take_lead(table: object) -> int | None:
    is_given = isinstance(table, dict) and table.get("lead") is not None
    return _take(table, "lead", int) if is_given else None
