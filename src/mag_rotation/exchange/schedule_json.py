"""``schedule.json``: the JSON format of frab and pretalx.

Our own part of each event is in ``conference.meta``, which the schema leaves open, by the event's guid. It is one text
there, because tools of the c3voc turn each key of a table into an element of XML.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from mag_rotation.errors import InvalidScheduleFile, Mistake
from mag_rotation.exchange.conference import Conference, ConferenceEvent, EventPerson
from mag_rotation.exchange.session_reader import IDENTIFIERS, KEPT, OWN_GENERATOR, EventSource, ScheduleSource
from mag_rotation.limits import SCHEDULE, SCHEDULE_VALUES
from mag_rotation.values import FrozenDict

__all__ = ["parse_schedule_json", "write_schedule_json"]

_META = "mag_rotation"

_ZONE = re.compile("[A-Z][a-z]+/[A-Z][a-z]+|UTC$")
"""The names of zones that the schema allows; others stand in our own part alone."""

_DERIVED = frozenset(
    {
        *("title", "acronym", "start", "end", "daysCount", "timeslot_duration", "time_zone_name", "day_change"),
        *("days", "rooms", "tracks"),
    }
)
"""What a conference says and sessions imply, or what is read elsewhere."""

_SCHEDULE_KNOWN = frozenset({"version", "base_url", "generator", "conference"})
_DAY_KNOWN = frozenset({"index", "date", "day_start", "day_end", "start", "end", "rooms"})
_NAME_KNOWN = frozenset({"name"})

_NAMES = ("name", "public_name", "full_public_name", "full_name")
"""The keys of a person that have a name, the best first."""

_PERSON_KEPT = frozenset({*_NAMES, "guid", "code", "id"})


def parse_schedule_json(data: bytes) -> ScheduleSource:
    """Return what a schedule.json says; raises :class:`InvalidScheduleFile` for anything else."""
    document = _load(data)
    schedule = _table(document.get("schedule"))
    conference = _table(schedule.get("conference"))
    if not isinstance(conference.get("days"), list):
        problem = "missing; a schedule.json has the list schedule.conference.days"
        raise InvalidScheduleFile([Mistake(place="schedule.conference.days", problem=problem)])
    generator = _text(_table(document.get("generator", schedule.get("generator"))).get("name"))
    own = _read_meta(_table(conference.get("meta")).get(_META))
    left_out: Counter[str] = Counter()
    events: list[EventSource] = []
    for place, day, room, value in _list_events(conference):
        event = _table(value)
        extras = _table(own.get("sessions")).get(_text(event.get("guid")))
        texts = {key: _text(one) for key, one in event.items() if key in {*KEPT, *IDENTIFIERS}}
        events.append(
            EventSource(
                place=place,
                day=day,
                texts=FrozenDict({**texts, "room": texts.get("room") or room}),
                people=_read_people(event),
                extras=None if extras is None else json.dumps(extras),
            )
        )
        _count_event(event, left_out, is_own=extras is not None)
    if generator != OWN_GENERATOR:
        _count_around(schedule, conference, left_out)
    return ScheduleSource(
        title=_text(conference.get("title")).strip(),
        generator=generator,
        zone=_text(conference.get("time_zone_name")) or _text(own.get("zone")),
        day_change=_text(conference.get("day_change")),
        events=tuple(events),
        left_out=FrozenDict(left_out),
    )


def _load(data: bytes) -> Mapping[str, object]:
    """Return the document of an acceptable size."""
    if sum(map(data.count, (b",", b"[", b"{"))) > SCHEDULE_VALUES:
        problem = f"has more than {SCHEDULE_VALUES:,} values; {SCHEDULE.cure}"
        raise InvalidScheduleFile([Mistake(place="file", problem=problem)])
    try:
        document: object = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InvalidScheduleFile([Mistake(place="file", problem="found bytes that are not UTF-8")]) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        problem = f"found no JSON that can be read ({error.msg}); export the schedule again, or give a schedule.xml"
        raise InvalidScheduleFile([Mistake(place=place, problem=problem)]) from None
    except RecursionError:
        problem = "found too many lists and tables in each other; a schedule.json has ten"
        raise InvalidScheduleFile([Mistake(place="file", problem=problem)]) from None
    table = _table(document)
    if not isinstance(table.get("schedule"), dict):
        problem = "missing; a schedule.json is a table with the key schedule"
        raise InvalidScheduleFile([Mistake(place="schedule", problem=problem)])
    return table


def _read_meta(value: object) -> Mapping[str, object]:
    """Return our own part of a file, an empty one if there is none; raises :class:`InvalidScheduleFile`."""
    try:
        return _table(json.loads(_text(value) or "{}"))
    except (json.JSONDecodeError, RecursionError):
        problem = "found a part of mag-rotation that cannot be read; write the file again, or remove that part"
        raise InvalidScheduleFile([Mistake(place="schedule.conference.meta", problem=problem)]) from None


def _list_events(conference: Mapping[str, object]) -> Iterator[tuple[str, str, str, object]]:
    """Yield the place, the day, the room and the value of each event."""
    for number, value in enumerate(_list(conference.get("days"))):
        day = _table(value)
        for room, events in _table(day.get("rooms")).items():
            for index, event in enumerate(_list(events)):
                yield f"days[{number}].rooms.{room}[{index}]", _text(day.get("date")), room, event


def _read_people(event: Mapping[str, object]) -> tuple[EventPerson, ...]:
    """Return the people of an event."""
    return tuple(
        EventPerson(
            name=next(filter(None, (_text(person.get(key)).strip() for key in _NAMES)), ""),
            guid=_text(person.get("guid")),
            code=_text(person.get("code", person.get("id"))),
        )
        for person in map(_table, _list(event.get("persons")))
    )


def _count_event(event: Mapping[str, object], left_out: Counter[str], *, is_own: bool) -> None:
    """Count what a session does not have of an event and its people."""
    for key, value in event.items():
        is_known = key in KEPT or key == "persons" or (is_own and key in IDENTIFIERS)
        if not is_known and not _is_empty(value):
            left_out[f"event.{key}"] += len(value) if isinstance(value, list) else 1
    for person in map(_table, _list(event.get("persons"))):
        for key, value in person.items():
            left_out[f"person.{key}"] += key not in _PERSON_KEPT and not _is_empty(value)


def _count_around(schedule: Mapping[str, object], conference: Mapping[str, object], left_out: Counter[str]) -> None:
    """Count what sessions do not have of what is around events."""
    parts = [("schedule", schedule, _SCHEDULE_KNOWN), ("conference", conference, _DERIVED)]
    parts += [("day", _table(day), _DAY_KNOWN) for day in _list(conference.get("days"))]
    for key in ("room", "track"):
        parts += [(key, _table(one), _NAME_KNOWN) for one in _list(conference.get(f"{key}s"))]
    for name, table, known in parts:
        for key, value in table.items():
            left_out[f"{name}.{key}"] += key not in known and not _is_empty(value)


def _table(value: object) -> Mapping[str, object]:
    """Return a value as a table, an empty one for any other value."""
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    """Return a value as a list, an empty one for any other value."""
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    """Return a value as text: a number as it is written, any other value as an empty text."""
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) if is_plain else ""


def _is_empty(value: object) -> bool:
    """Return whether a value says nothing: false, null, and empty texts, lists and tables."""
    return not (value.strip() if isinstance(value, str) else value)


# Writing.


def write_schedule_json(conference: Conference) -> bytes:
    """Return a conference as the bytes of a schedule.json, in UTF-8."""
    days = [
        {
            "index": index,
            "date": day.date.isoformat(),
            "day_start": day.start.isoformat(),
            "day_end": day.end.isoformat(),
            "rooms": {room: [_write_event(event) for event in events] for room, events in day.rooms.items()},
        }
        for index, day in enumerate(conference.days, start=1)
    ]
    extras = {event.guid: json.loads(event.extras) for event in conference.events}
    url = {"url": conference.url} if conference.url else {}
    zone = {"time_zone_name": conference.zone} if _ZONE.match(conference.zone) else {}
    document = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": OWN_GENERATOR},
        "schedule": {
            "version": conference.version,
            "conference": {
                "acronym": conference.acronym,
                "title": conference.title,
                "start": conference.days[0].date.isoformat(),
                "end": conference.days[-1].date.isoformat(),
                "daysCount": len(days),
                "timeslot_duration": "00:05",
                **zone,
                **url,
                "tracks": [{"name": track} for track in conference.tracks],
                "rooms": [{"name": room, "guid": guid} for room, guid in conference.rooms.items()],
                "days": days,
                "meta": {_META: json.dumps({"zone": conference.zone, "sessions": extras})},
            },
        },
    }
    return f"{json.dumps(document, ensure_ascii=False, indent=2)}\n".encode()


def _write_event(event: ConferenceEvent) -> dict[str, object]:
    return {
        "id": event.id,
        "guid": event.guid,
        "date": event.start.isoformat(),
        "start": f"{event.start.wall:%H:%M}",
        "duration": event.duration,
        "room": event.room,
        "slug": event.slug,
        "url": event.url,
        "title": event.title,
        "subtitle": "",
        "track": event.track,
        "type": event.type,
        "language": event.language,
        "abstract": event.abstract,
        "description": event.description,
        "persons": [{"id": int(one.code), "guid": one.guid, "name": one.name} for one in event.people],
        "links": [],
    }
