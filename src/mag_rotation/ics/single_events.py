"""The calls of a plan as events, one event per call.

An event is written in the anchor zone of its call, or in UTC if that zone repeats a time of the call. Cancelled calls
are events too. The texts depend on the call alone and not on the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mag_rotation.calls import Call
from mag_rotation.ics.event import Event, cancel_event
from mag_rotation.ics.vtimezone import can_write_local
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Meeting
from mag_rotation.zones import LocalTime, to_local

__all__ = ["NOTE", "call_event", "clock_of", "describe", "format_moments"]

NOTE = "Note: "
"""The words before a call's note in a DESCRIPTION."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def call_event(call: Call, meeting: Meeting, *, zones: Sequence[ZoneName] = (), utc: bool = False) -> Event:
    """Return a call as an event; ``zones`` are those whose local times are listed in its DESCRIPTION."""
    event = Event(
        uid=call.uid,
        start=call.start,
        end=call.end,
        zone=UTC_ZONE if utc else clock_of(call.zone, call.start, call.end),
        summary=call.title,
        description=describe(call, meeting, zones),
        location=call.location or meeting.url,
        url=meeting.url,
        conference=meeting.url,
        categories=tuple(name for name in dict.fromkeys((call.slot, call.phase)) if name),
    )
    return event if call.is_held else cancel_event(event)


def clock_of(zone: ZoneName, start: datetime, end: datetime) -> ZoneName:
    """Return the zone in which both ends can be written: ``zone``, or UTC if it repeats one of them."""
    return zone if can_write_local(start, zone) and can_write_local(end, zone) else UTC_ZONE


def _format_moment(at: LocalTime, zone: ZoneName) -> str:
    """Return a local time in words that do not depend on the machine's locale."""
    weekday = _WEEKDAYS[at.wall.weekday()]
    return f"{weekday} {at.wall:%Y-%m-%d %H:%M} {zone}"


def format_moments(start: datetime, zones: Sequence[ZoneName]) -> str:
    """Return a start in UTC and in these zones, one line each."""
    return "\n".join(_format_moment(to_local(start, zone), zone) for zone in dict.fromkeys((UTC_ZONE, *zones)))


def describe(call: Call, meeting: Meeting, zones: Sequence[ZoneName]) -> str:
    """Return the description: the times, the note, the text that all calls share, and the link."""
    note = f"{NOTE}{call.note}" if call.note else None
    blocks = [format_moments(call.start, zones), note, meeting.description, meeting.url]
    return "\n\n".join(block for block in blocks if block)
