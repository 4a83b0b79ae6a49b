"""Schedules of conference programs: sessions to ``schedule.xml`` and ``schedule.json``, and those files to sessions.

``schedule.xml`` is the format of pentabarf and frab, ``schedule.json`` that of pretalx; the c3voc keeps the schemas of
both, and many programs write and read them. Bytes go in and values come out: nothing here opens a file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mag_rotation.errors import InvalidScheduleFile, Mistake
from mag_rotation.exchange.conference import Conference, make_conference
from mag_rotation.exchange.schedule_json import parse_schedule_json, write_schedule_json
from mag_rotation.exchange.schedule_xml import parse_schedule_xml, write_schedule_xml
from mag_rotation.exchange.session_reader import OpenPerson, ReadSchedule, ScheduleNote, make_sessions
from mag_rotation.limits import SCHEDULE
from mag_rotation.places import ZoneName
from mag_rotation.roster import Member

__all__ = [
    "Conference",
    "OpenPerson",
    "ReadSchedule",
    "ScheduleNote",
    "is_own_schedule",
    "make_conference",
    "read_schedule",
    "write_schedule_json",
    "write_schedule_xml",
]


def is_own_schedule(data: bytes) -> bool:
    """Return whether this project wrote a schedule file, by the generator that its beginning names."""
    return re.search(rb'(?s)\A.{0,300}(?:<generator name=|"generator": \{\s*"name": )"mag_rotation"', data) is not None


def read_schedule(
    data: bytes, *, members: Sequence[Member] | None = None, zone: ZoneName | None = None
) -> ReadSchedule:
    """Return the sessions of a schedule.xml or schedule.json, whichever the bytes are.

    ``members`` is the roster in which people are looked up; None believes the ids of a file that this project wrote.
    ``zone`` decides over the one that the file names. Raises :class:`InvalidScheduleFile` with all that is wrong.
    """
    if (problem := SCHEDULE.find_problem(len(data))) is not None:
        raise InvalidScheduleFile([Mistake(place="file", problem=problem)])
    begin = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    parse = parse_schedule_json if begin in {b"{", b"["} else parse_schedule_xml
    return make_sessions(parse(data), members=members, zone=zone)
