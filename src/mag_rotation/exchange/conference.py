"""A conference as both formats describe it: days, rooms and events with texts, and what is kept beside them.

The formats have no segments, roles, leads, phases or groups of a session. These are its *extras*, a JSON text that
stands where the schemas allow it: in XML in a processing instruction of the event, which other programs pass over, in
JSON in ``conference.meta``. What other programs may have changed (times, room, titles) counts before the extras.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mag_rotation.errors import InvalidScheduleFile, Mistake
from mag_rotation.places import ZoneName
from mag_rotation.programme import Programme, ScheduledSession, Segment
from mag_rotation.roster import Member, MemberId
from mag_rotation.series import Meeting
from mag_rotation.values import FrozenDict
from mag_rotation.zones import Adjustment, LocalTime, resolve, to_local

__all__ = [
    "LANGUAGE",
    "LINK",
    "TYPE",
    "Conference",
    "ConferenceDay",
    "ConferenceEvent",
    "EventPerson",
    "format_agenda",
    "make_conference",
    "make_guid",
    "make_member_guid",
    "make_session_guid",
]

LANGUAGE = "language"
"""The group of a session that the formats have as its language."""

TYPE = "type"
"""The group of a session that the formats have as its type, such as talk or workshop."""

_URL_NAMESPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""The namespace of URLs for name-based UUIDs (RFC 9562)."""

_SHORTEST_NAME = 4
"""The fewest letters of an acronym."""

_LONGEST_HOURS = 100
_MOST_ID = 2**31 - 1
LINK = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+")
"""A link as the formats and plans have it."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class EventPerson:
    """A person of an event, by name; ``guid`` and ``code`` are what the program that wrote the file calls them.

    Some programs take people without a number for one and the same person, so that ``code`` is a number in our files.
    """

    name: str
    guid: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConferenceEvent:
    """A session as the formats describe it; ``start`` is in the zone of the conference.

    ``extras`` is the JSON text of what the formats do not have.
    """

    id: int
    guid: str
    slug: str
    start: LocalTime
    minutes: int
    room: str
    title: str
    track: str
    type: str
    language: str
    abstract: str
    description: str
    url: str
    people: tuple[EventPerson, ...]
    extras: str

    @property
    def duration(self) -> str:
        """The length as hours and minutes."""
        return f"{self.minutes // 60:02}:{self.minutes % 60:02}"

    @property
    def long_duration(self) -> str:
        """The length as hours and minutes, or as days, hours and minutes where two digits of hours do not suffice."""
        if self.minutes < _LONGEST_HOURS * 60:
            return self.duration
        days, minutes = divmod(self.minutes, 24 * 60)
        return f"{days}:{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ConferenceDay:
    """A civil day of the conference's zone, from midnight to midnight, with its events by room."""

    date: date
    start: LocalTime
    end: LocalTime
    rooms: Mapping[str, tuple[ConferenceEvent, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Conference:
    """What a schedule file says; ``rooms`` are their names with their guids, by name."""

    title: str
    acronym: str
    zone: ZoneName
    url: str
    days: tuple[ConferenceDay, ...]
    rooms: Mapping[str, str]
    tracks: tuple[str, ...]

    @property
    def events(self) -> tuple[ConferenceEvent, ...]:
        """The events of all days and rooms."""
        return tuple(event for day in self.days for room in day.rooms.values() for event in room)

    @property
    def version(self) -> str:
        """A text that changes when anything else does, by which programs know a new schedule."""
        return hashlib.sha1(repr(self).encode(), usedforsecurity=False).hexdigest()[:8]


def make_conference(
    meeting: Meeting,
    programme: Programme,
    sessions: Sequence[ScheduledSession],
    *,
    members: Iterable[Member] = (),
    with_people: bool = False,
) -> Conference:
    """Return the sessions of a programme as a conference; people are in it only ``with_people``.

    ``members`` give the names of people. Raises :class:`InvalidScheduleFile` if there is no session, or if a text has
    characters that XML does not allow.
    """
    names = {member.id: member.display_name for member in members} if with_people else None
    _check(meeting, sessions, names or {})
    ids: set[int] = set()
    slugs: set[str] = set()
    events: dict[date, dict[str, list[ConferenceEvent]]] = {}
    for one in sorted(sessions, key=lambda one: (one.start, one.id)):
        event = _make_event(one, meeting, zone=programme.zone, names=names, ids=ids, slugs=slugs)
        ids.add(event.id)
        slugs.add(event.slug)
        events.setdefault(event.start.wall.date(), {}).setdefault(event.room, []).append(event)
    tracks = dict.fromkeys(one.session.track for one in sessions if one.session.track)
    rooms = sorted({one.session.room for one in sessions})
    return Conference(
        title=meeting.name,
        acronym=_make_acronym(meeting.id),
        zone=programme.zone,
        url=meeting.url if meeting.url and LINK.fullmatch(meeting.url) else "",
        days=tuple(_make_day(day, found, programme.zone) for day, found in events.items()),
        rooms=FrozenDict({room: make_guid(meeting.uid_domain, meeting.id, "room", room) for room in rooms}),
        tracks=tuple(tracks),
    )


def _make_event(
    one: ScheduledSession,
    meeting: Meeting,
    *,
    zone: ZoneName,
    names: Mapping[MemberId, str] | None,
    ids: set[int],
    slugs: set[str],
) -> ConferenceEvent:
    """Return a session as an event; ``ids`` and ``slugs`` are those in use, ``names`` is None without people."""
    session = one.session
    guid = make_session_guid(session.id, meeting)
    is_web = bool(LINK.fullmatch(session.url))
    members = dict.fromkeys(duty.member for duty in session.people) if names is not None else {}
    return ConferenceEvent(
        id=_choose_id(guid, ids),
        guid=guid,
        slug=_choose_slug(f"{_make_acronym(meeting.id)}-session-{session.id.lower()}", slugs),
        start=to_local(one.start, zone),
        minutes=session.minutes,
        room=session.room,
        title=session.title,
        track=session.track,
        type=session.groups.get(TYPE, ""),
        language=session.groups.get(LANGUAGE, ""),
        abstract=session.note,
        description=format_agenda(session.segments),
        url=session.url if is_web else "",
        people=tuple(_make_person(member, (names or {}).get(member)) for member in members),
        extras=_write_extras(one, with_people=names is not None, with_url=not is_web),
    )


def _make_person(member: MemberId, name: str | None) -> EventPerson:
    guid = make_member_guid(member)
    return EventPerson(name=name or member, guid=guid, code=str(_choose_id(guid, set())))


def _write_extras(one: ScheduledSession, *, with_people: bool, with_url: bool) -> str:
    """Return what the formats do not have of a session as JSON in ASCII, which every place can hold.

    The wall time is there where a clock change skips it, because its instant tells another one.
    """
    session, is_skipped = one.session, one.adjusted is Adjustment.GAP
    groups = {key: text for key, text in session.groups.items() if key not in {LANGUAGE, TYPE} or not text}
    people = [{"id": duty.member, "role": duty.role, "lead": duty.lead} for duty in session.people]
    found: dict[str, object] = {
        "id": session.id,
        "date": session.date.isoformat() if is_skipped else None,
        "at": f"{session.at:%H:%M}" if is_skipped else None,
        "zone": session.zone,
        "groups": groups,
        "segments": [{"title": segment.title, "minutes": segment.minutes} for segment in session.segments],
        "people": people if with_people else [],
        "phase": session.phase,
        "url": session.url if with_url else "",
    }
    kept = {key: value for key, value in found.items() if value not in (None, "", [], {})}
    return json.dumps(kept, separators=(", ", ": "))


def format_agenda(segments: Sequence[Segment]) -> str:
    """Return the segments one below the other with their lengths.

    >>> format_agenda([Segment(title="Opening", minutes=10), Segment(title="Debate", minutes=80)])
    'Opening (10 min)\\nDebate (80 min)'
    """
    return "\n".join(f"{segment.title} ({segment.minutes} min)" for segment in segments)


def _make_day(day: date, rooms: Mapping[str, Sequence[ConferenceEvent]], zone: ZoneName) -> ConferenceDay:
    """Return a civil day; where a clock change skips its midnight, it begins after the gap."""
    start, end = (
        to_local(resolve(datetime.combine(one, time()), zone).instant, zone) for one in (day, day + timedelta(days=1))
    )
    return ConferenceDay(
        date=day,
        start=start,
        end=end,
        rooms=FrozenDict({room: tuple(rooms[room]) for room in sorted(rooms)}),
    )


def _make_acronym(meeting_id: str) -> str:
    """Return the id of a meeting as an acronym: at least four small letters, digits or low lines.

    >>> _make_acronym("MAG-2020"), _make_acronym("wg")
    ('mag_2020', 'wg_programme')
    """
    acronym = meeting_id.lower().replace("-", "_")
    return acronym if len(acronym) >= _SHORTEST_NAME else f"{acronym}_programme"


def make_guid(*names: str) -> str:
    """Return the name-based UUID (version 5) of some names: the same names have the same UUID.

    >>> make_guid("example.org", "mag", "session", "inclusion") == make_guid("example.org", "mag", "session", "data")
    False
    """
    name = "/".join(["urn:mag-rotation:", *names])
    digest = bytearray(hashlib.sha1(_URL_NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def make_session_guid(session: str, meeting: Meeting) -> str:
    """Return the UUID of a session by its id."""
    return make_guid(meeting.uid_domain, meeting.id, "session", session)


def make_member_guid(member: MemberId) -> str:
    """Return the UUID by which a member is found again."""
    return make_guid("member", member)


def _choose_id(guid: str, taken: set[int]) -> int:
    """Return a number by a UUID, which stays the same when others come and go, unless two have the same."""
    number = int(guid.replace("-", "")[:8], 16) % _MOST_ID + 1
    while number in taken:
        number = number % _MOST_ID + 1
    return number


def _choose_slug(slug: str, taken: set[str]) -> str:
    """Return a slug that no other event has; ids that differ in capitals alone have the same one."""
    return (
        slug
        if slug not in taken
        else next(name for count in range(2, len(taken) + 3) if (name := f"{slug}-{count}") not in taken)
    )


def _check(meeting: Meeting, sessions: Sequence[ScheduledSession], names: Mapping[MemberId, str]) -> None:
    """Raise :class:`InvalidScheduleFile` if these sessions cannot be written."""
    if not sessions:
        raise InvalidScheduleFile(
            [Mistake(place="sessions", problem="found none; a schedule has one session or more, in [[sessions]]")]
        )
    mistakes = [
        Mistake(
            place=place,
            problem=f"found the character U+{ord(wrong[0]):04X}, which XML does not allow; leave it out",
        )
        for place, text in _list_texts(meeting, sessions, names)
        if (wrong := _NOT_IN_XML.search(text))
    ]
    if mistakes:
        raise InvalidScheduleFile(mistakes)


def _list_texts(
    meeting: Meeting, sessions: Sequence[ScheduledSession], names: Mapping[MemberId, str]
) -> Iterator[tuple[str, str]]:
    """Yield every text of a schedule with its place."""
    yield "meeting.name", meeting.name
    yield from ((f"member {member}, name", name) for member, name in names.items())
    for one in sessions:
        session, place = one.session, f"session {one.id}"
        yield f"{place}, title", session.title
        yield f"{place}, track", session.track
        yield f"{place}, room", session.room
        yield f"{place}, note", session.note
        yield from ((f"{place}, group {name}", text) for name, text in session.groups.items())
        yield from ((f"{place}, segment", segment.title) for segment in session.segments)
