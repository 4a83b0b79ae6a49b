"""What the c3voc's schemas ask of a schedule.xml and a schedule.json, as tables of names and forms.

Only what this project writes is described: a name that no table has is a problem.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

ANY = r"(?s).*"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
INSTANT = rf"{DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}[+-][0-9]{{2}}:[0-9]{{2}}"
GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NUMBER = r"[1-9][0-9]*"
LINK = r"https?://.*"
DURATION = r"([0-9]{1,2}:[0-9]{2})(:[0-9]{1,2})?"
CLOCK = r"[0-2][0-9]:[0-5][0-9]"
ACRONYM = r"[a-z0-9_]{4,}"
SLUG = r"[a-z0-9_]{4,}-[a-z0-9_-]{3,}[a-z0-9]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """The form of a text, and whether it has to be there."""

    form: str = ANY
    required: bool = True


def optional(form: str = ANY) -> Rule:
    return Rule(form=form, required=False)


CONFERENCE = {
    "title": Rule(),
    "acronym": Rule(form=ACRONYM),
    "start": Rule(form=DAY),
    "end": Rule(form=DAY),
    "timeslot_duration": Rule(form=CLOCK),
    "url": optional(LINK),
    "time_zone_name": Rule(form=r"[A-Z].*"),
}
EVENT = {
    "room": Rule(),
    "title": Rule(),
    "subtitle": Rule(),
    "type": Rule(),
    "date": Rule(form=INSTANT),
    "start": Rule(form=CLOCK),
    "duration": Rule(form=DURATION),
    "abstract": Rule(),
    "slug": Rule(form=SLUG),
    "track": Rule(),
    "language": Rule(),
    "description": optional(),
    "url": optional(LINK),
}
PERSON = {"id": Rule(form=NUMBER), "guid": Rule(form=GUID)}


def check_texts(found: Mapping[str, str], rules: Mapping[str, Rule], where: str) -> Iterator[str]:
    """Yield what is missing, unknown or of another form."""
    yield from (f"{where}: {name} is unknown" for name in found.keys() - rules.keys())
    for name, rule in rules.items():
        if name not in found:
            if rule.required:
                yield f"{where}: {name} is missing"
        elif not re.fullmatch(rule.form, found[name]):
            yield f"{where}: {name} is {found[name]!r}"


def check_unique(values: Iterable[str], what: str) -> Iterator[str]:
    """Yield the values that are there twice."""
    yield from (f"{what} {value} is there {count} times" for value, count in Counter(values).items() if count > 1)


def find_xml_problems(data: bytes) -> list[str]:
    """Everything that the XML schema would refuse."""
    root = ET.fromstring(data)  # noqa: S314 - what the tests have written
    problems = [] if [one.tag for one in root][:3] == ["generator", "version", "conference"] else ["order of the head"]
    problems += [f"{one.tag} is unknown" for one in root[3:] if one.tag != "day"]
    conference = root[2]
    texts = {one.tag: one.text or "" for one in conference if one.tag != "track"}
    problems += check_texts(texts, {**CONFERENCE, "days": Rule(form=NUMBER)}, "conference")
    for track in conference.iter("track"):
        problems += check_texts(track.attrib, {"name": Rule()}, "track")
    days = root.findall("day")
    for day in days:
        bounds = {"start": Rule(form=INSTANT), "end": Rule(form=INSTANT)}
        problems += check_texts(day.attrib, {"index": Rule(form=NUMBER), "date": Rule(form=DAY), **bounds}, "day")
        for room in day:
            problems += check_texts(room.attrib, {"name": Rule(), "guid": Rule(form=GUID)}, "room")
            problems += [f"{one.tag} in a room" for one in room if one.tag != "event"]
    events = list(root.iter("event"))
    for event in events:
        problems += check_texts(event.attrib, {"id": Rule(form=NUMBER), "guid": Rule(form=GUID)}, "event")
        children = [one for one in event if one.tag not in {"persons", "links"}]
        problems += check_unique([one.tag for one in event], "element")
        problems += check_texts({one.tag: one.text or "" for one in children}, EVENT, "event")
        for person in event.iter("person"):
            problems += check_texts(person.attrib, PERSON, "person")
    for key in ("id", "guid"):
        problems += check_unique([event.attrib[key] for event in events], key)
    problems += check_unique([event.findtext("slug", "") for event in events], "slug")
    problems += check_unique([day.attrib["index"] for day in days], "day")
    return problems


def find_json_problems(data: bytes) -> list[str]:
    """Everything that the JSON schema would refuse."""
    document = json.loads(data)
    conference = document["schedule"]["conference"]
    problems = [f"{key} is unknown" for key in document.keys() - {"$schema", "generator", "schedule"}]
    texts = {key: one for key, one in conference.items() if isinstance(one, str)}
    zone = optional(r"([A-Z][a-z]+/[A-Z][a-z]+.*)|.*UTC")
    problems += check_texts(texts, {**CONFERENCE, "time_zone_name": zone}, "conference")
    problems += [
        f"conference: {key} is unknown"
        for key in conference.keys() - texts.keys() - {"daysCount", "days", "rooms", "tracks", "meta"}
    ]
    if conference["daysCount"] != len(conference["days"]):
        problems.append("daysCount")
    for room in conference["rooms"]:
        problems += check_texts(room, {"name": Rule(), "guid": Rule(form=GUID)}, "room")
    events = []
    for index, day in enumerate(conference["days"], start=1):
        problems += [] if day["index"] == index else [f"the index of day {index}"]
        texts = {key: one for key, one in day.items() if isinstance(one, str)}
        bounds = {"day_start": Rule(form=INSTANT), "day_end": Rule(form=INSTANT)}
        problems += check_texts(texts, {"date": Rule(form=DAY), **bounds}, "day")
        if datetime.fromisoformat(day["day_start"]) >= datetime.fromisoformat(day["day_end"]):
            problems.append("a day ends before it begins")
        events += [event for room in day["rooms"].values() for event in room]
    for event in events:
        texts = {key: one for key, one in event.items() if isinstance(one, str)}
        rules = {**EVENT, "guid": Rule(form=GUID), "duration": Rule(form="[0-9]+:[0-9]{2}"), "url": Rule()}
        problems += check_texts(texts, rules, "event")
        problems += [f"event: {key}" for key in event.keys() - texts.keys() - {"id", "persons", "links"}]
        problems += [] if isinstance(event["id"], int) and event["id"] >= 1 else [f"id {event['id']!r}"]
        for person in event["persons"]:
            problems += check_texts(person | {"id": str(person["id"])}, {**PERSON, "name": Rule()}, "person")
    for key in ("id", "guid", "slug"):
        problems += check_unique([str(event[key]) for event in events], key)
    return problems
