"""The calls of a plan as the events of a calendar file, one event a call.

Rule 1: an event is written on the clock of its call's anchor zone, in UTC where that is UTC or cannot be said.
Rule 2: cancelled calls are events too, which say so in their texts.
Rule 3: what a call says of itself is worked out from the call alone, without a word that depends on the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mag_rotation.calls import Call
from mag_rotation.ics.event import Event, cancel_event
from mag_rotation.ics.zones import can_say
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Meeting
from mag_rotation.zones import LocalTime, to_local

__all__ = ["NOTE", "call_event", "clock_of", "describe", "format_moments"]

NOTE = "Note: "
"""What stands before a call's note in a DESCRIPTION."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def call_event(call: Call, meeting: Meeting, *, zones: Sequence[ZoneName] = (), utc: bool = False) -> Event:
    """A call as an event of its own; ``zones`` are those whose local times stand in its DESCRIPTION."""
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
    """The zone on whose clock both ends may be written: ``zone``, or UTC where it shows one of them twice."""
    return zone if can_say(start, zone) and can_say(end, zone) else UTC_ZONE


def _format_moment(at: LocalTime, zone: ZoneName) -> str:
    """A local time in words that do not depend on the locale of the machine."""
    weekday = _WEEKDAYS[at.wall.weekday()]
    return f"{weekday} {at.wall:%Y-%m-%d %H:%M} {zone}"


def format_moments(start: datetime, zones: Sequence[ZoneName]) -> str:
    """A start on the clocks of UTC and of these zones, a line each."""
    return "\n".join(_format_moment(to_local(start, zone), zone) for zone in dict.fromkeys((UTC_ZONE, *zones)))


def describe(call: Call, meeting: Meeting, zones: Sequence[ZoneName]) -> str:
    """What a member reads below the title: the times, the note, what is said of all calls, and the link."""
    note = f"{NOTE}{call.note}" if call.note else None
    blocks = [format_moments(call.start, zones), note, meeting.description, meeting.url]
    return "\n\n".join(block for block in blocks if block)
