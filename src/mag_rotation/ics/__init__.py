"""Calls as iCalendar that clients read and read again.

Rule 1: equal calls and stamp give equal bytes; nothing here reads a clock or draws a UID.
Rule 2: one VEVENT a call, its UID from its rule date, cancelled calls kept as ``STATUS:CANCELLED``.
Rule 3: a feed has no METHOD and holds nothing about members.
Rule 4: icalendar escapes values; line ends and folds are made in :mod:`mag_rotation.ics.lines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vDuration, vText

from mag_rotation.calls import Call
from mag_rotation.ics.lines import content_bytes
from mag_rotation.ics.previous import why_not_ours
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Meeting
from mag_rotation.zones import TZDATA_VERSION, LocalTime, in_utc, local

__all__ = ["to_ics", "why_not_ours"]

_PRODID = "-//mag_rotation//mag_rotation//EN"
_REFRESH = timedelta(hours=6)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def to_ics(calls: Sequence[Call], meeting: Meeting, *, stamp: datetime, zones: Sequence[ZoneName] = ()) -> bytes:
    """The calls as a calendar file to download or to subscribe to, starts in UTC.

    ``stamp`` is the instant of DTSTAMP and LAST-MODIFIED, in any zone, fractions of a second dropped; a naive one
    raises :class:`InvalidInstant`. ``zones`` are those whose local times stand in each DESCRIPTION below the UTC start.

    >>> from datetime import UTC, date
    >>> from mag_rotation.calls import Status
    >>> start = datetime(2020, 9, 15, 20, tzinfo=UTC)
    >>> call = Call(uid="demo-20200915@example.org", date=date(2020, 9, 15), start=start, zone=UTC_ZONE,
    ...             end=start + timedelta(hours=2), title="Demo", status=Status.PLANNED)
    >>> meeting = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
    >>> print(to_ics([call], meeting, stamp=start).decode().replace("\\r", "").split("BEGIN:VEVENT")[1].strip())
    UID:demo-20200915@example.org
    DTSTAMP:20200915T200000Z
    LAST-MODIFIED:20200915T200000Z
    SEQUENCE:0
    DTSTART:20200915T200000Z
    DTEND:20200915T220000Z
    SUMMARY:Demo
    STATUS:CONFIRMED
    DESCRIPTION:Tuesday 2020-09-15 20:00 UTC
    END:VEVENT
    END:VCALENDAR
    """
    made = in_utc(stamp).replace(microsecond=0)
    calendar = Calendar()
    calendar.add("prodid", vText(_PRODID))
    calendar.add("version", vText("2.0"))
    calendar.add("calscale", vText("GREGORIAN"))
    calendar.add("name", vText(meeting.name))
    calendar.add("x-wr-calname", vText(meeting.name))
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    calendar.add("x-mag-rotation-tzdata", vText(TZDATA_VERSION))
    for call in calls:
        calendar.add_component(_event(call, meeting, stamp=made, zones=zones))
    return content_bytes(str(line) for line in calendar.content_lines(sorted=False) if line)


def _event(call: Call, meeting: Meeting, *, stamp: datetime, zones: Sequence[ZoneName]) -> Event:
    event = Event()
    event.add("uid", vText(call.uid))
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", 0)
    event.add("dtstart", call.start)
    event.add("dtend", call.end)
    event.add("summary", vText(call.title))
    event.add("status", vText("CONFIRMED" if call.is_held else "CANCELLED"))
    event.add("description", vText(describe(call, meeting, zones)))
    if call.location:
        event.add("location", vText(call.location))
    if meeting.url:
        event.add("url", meeting.url)
    for name in dict.fromkeys((call.slot, call.phase)):
        if name:  # a line of its own: ical.js and libical split a list after a value that ends with a backslash wrongly
            event.add("categories", [name])
    return event


def _moment(at: LocalTime, zone: ZoneName) -> str:
    """A local time in words that do not depend on the locale of the machine."""
    weekday = _WEEKDAYS[at.wall.weekday()]
    return f"{weekday} {at.wall:%Y-%m-%d %H:%M} {zone}"


def describe(call: Call, meeting: Meeting, zones: Sequence[ZoneName]) -> str:
    """What a member reads below the title: the times, the note, what is said of all calls, and the link."""
    moments = [_moment(local(call.start, zone), zone) for zone in dict.fromkeys((UTC_ZONE, *zones))]
    note = f"Note: {call.note}" if call.note else None
    blocks = ["\n".join(moments), note, meeting.description, meeting.url]
    return "\n\n".join(block for block in blocks if block)
