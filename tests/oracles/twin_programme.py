"""The programme worked out the slow way: every minute of every duty, and every pair of sessions, looked at by itself.

Law: nothing here shares code with the library's night of sessions, its conflicts or its proposals; of the library it
reads the values that go in, and zones are those of :mod:`twin_night`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from mag_rotation.audience import Audience
from mag_rotation.programme import Duty, Programme, ScheduledSession
from mag_rotation.roster import Member
from twin_night import MINUTE, clock, holds, home_at


def lead_of(duty: Duty, member: Member, programme: Programme) -> int:
    """The lead of the duty, of the role or of the member, whichever is said first."""
    said = [lead for lead in (duty.lead, programme.join_ahead.get(duty.role), member.lead) if lead is not None]
    return said[0] if said else 0


def minutes_from(start: datetime, end: datetime) -> Iterator[datetime]:
    """Every minute from ``start`` to ``end``, which is left out."""
    while start < end:
        yield start
        start += MINUTE


def segments_in_night(session: ScheduledSession, member: Member, audience: Audience) -> tuple[str, ...]:
    """The titles of the segments that have a minute in the member's night and in the session."""
    zone = home_at(member, session.start)
    assert zone is not None
    night = member.night or (audience.hours.night.start, audience.hours.night.end)
    begin, found = session.start, []
    for segment in session.session.segments:
        end = begin + timedelta(minutes=segment.minutes)
        walls = [minute.astimezone(clock(zone)) for minute in minutes_from(begin, min(end, session.end))]
        if any(holds(night, wall.hour * 60 + wall.minute) for wall in walls):
            found.append(segment.title)
        begin = end
    return tuple(found)
