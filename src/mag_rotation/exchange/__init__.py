"""Schedules of conference programs: sessions to ``schedule.xml`` and ``schedule.json``, and those files to sessions.

``schedule.xml`` is the format of pentabarf and frab, ``schedule.json`` that of pretalx; the c3voc keeps the schemas of
both, and many programs write and read them. Bytes go in and values come out: nothing here opens a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from mag_rotation.errors import InvalidScheduleFile, Mistake
from mag_rotation.exchange.conference import Conference, make_conference, make_session_guid
from mag_rotation.exchange.schedule_json import parse_schedule_json, write_schedule_json
from mag_rotation.exchange.schedule_xml import parse_schedule_xml, write_schedule_xml
from mag_rotation.exchange.session_reader import (
    OpenPerson,
    ReadSchedule,
    ScheduleNote,
    ScheduleSource,
    make_sessions,
)
from mag_rotation.limits import SCHEDULE
from mag_rotation.places import ZoneName
from mag_rotation.roster import Member
from mag_rotation.values import FrozenDict

__all__ = [
    "Conference",
    "OpenPerson",
    "ReadSchedule",
    "ScheduleNote",
    "describe_file",
    "is_own_schedule",
    "list_event_tracks",
    "make_conference",
    "make_session_guid",
    "read_schedule",
    "write_schedule_json",
    "write_schedule_xml",
]


def is_own_schedule(data: bytes) -> bool:
    """Return whether this project wrote a schedule file, by the generator that its beginning names."""
    return re.search(rb'(?s)\A.{0,300}(?:<generator name=|"generator": \{\s*"name": )"mag_rotation"', data) is not None


def describe_file(data: bytes) -> str:
    """Return what a file holds that this project did not write as a schedule.

    >>> describe_file(b'{"tzdata": "2026a", "sessions": []}')
    'an answer of mag-rotation, which is no schedule'
    >>> describe_file(b"<schedule/>"), describe_file(b"Dear all")
    ('a schedule that another program wrote', 'something other than a schedule')
    """
    if re.match(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<schedule\b", data.lstrip(b"\xef\xbb\xbf"), re.DOTALL):
        return "a schedule that another program wrote"
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError):
        return "something other than a schedule"
    keys: Mapping[str, object] = found if isinstance(found, dict) else {}
    if "schedule" in keys or "conference" in keys:
        return "a schedule that another program wrote"
    return "an answer of mag-rotation, which is no schedule" if "tzdata" in keys else "something other than a schedule"


def list_event_tracks(data: bytes) -> Mapping[str, str]:
    """Return the tracks of the events of a schedule file by their guids; empty if it cannot be read."""
    try:
        events = _parse(data).events
    except InvalidScheduleFile:
        return FrozenDict()
    return FrozenDict({event.texts.get("guid", ""): event.texts.get("track", "") for event in events})


def read_schedule(
    data: bytes, *, members: Sequence[Member] | None = None, zone: ZoneName | None = None
) -> ReadSchedule:
    """Return the sessions of a schedule.xml or schedule.json, whichever the bytes are.

    ``members`` is the roster in which people are looked up; None believes the ids of a file that this project wrote.
    ``zone`` decides over the one that the file names. Raises :class:`InvalidScheduleFile` with all that is wrong.
    """
    if (problem := SCHEDULE.find_problem(len(data))) is not None:
        raise InvalidScheduleFile([Mistake(place="file", problem=problem)])
    return make_sessions(_parse(data), members=members, zone=zone)


def _parse(data: bytes) -> ScheduleSource:
    begin = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return parse_schedule_json(data) if begin in {b"{", b"["} else parse_schedule_xml(data)
