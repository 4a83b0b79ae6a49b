"""Calls and sessions as iCalendar files (RFC 5545), and iCalendar files as values.

Equal calls, stamp and previous edition give equal bytes: nothing here reads a clock or draws a random UID. A calendar
to subscribe to has no METHOD and no data about members.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mag_rotation.calls import Call
from mag_rotation.ics.edition import Edition, EventChange, check_layout, edit_calls, edit_sessions, make_edition
from mag_rotation.ics.event import Event
from mag_rotation.ics.previous import CalendarLayout, PriorCalendar, merge_calendars, read_prior, read_prior_sessions
from mag_rotation.ics.session_events import SessionNote, is_of_member, note_own_duties, note_people
from mag_rotation.ics.uids import is_session_uid, make_session_uid
from mag_rotation.roster import ZoneName
from mag_rotation.series import Meeting

__all__ = [
    "CalendarLayout",
    "Edition",
    "Event",
    "EventChange",
    "PriorCalendar",
    "SessionNote",
    "check_layout",
    "edit_calls",
    "edit_sessions",
    "is_of_member",
    "is_session_uid",
    "make_edition",
    "make_session_uid",
    "merge_calendars",
    "note_own_duties",
    "note_people",
    "read_prior",
    "read_prior_sessions",
    "to_ics",
]


def to_ics(
    calls: Sequence[Call], meeting: Meeting, *, stamp: datetime, zones: Sequence[ZoneName] = (), utc: bool = False
) -> bytes:
    """Return the calls as the first edition of a calendar file, to download or to subscribe to.

    ``stamp`` is the instant of DTSTAMP and LAST-MODIFIED, in any zone; fractions of a second are dropped, and a naive
    one raises :class:`InvalidInstant`. ``zones`` are those whose local times are listed in each DESCRIPTION below the
    UTC start. Times are in the anchor zone of each call, or in UTC if that zone repeats one of them or ``utc`` is set.

    >>> from datetime import UTC, date, timedelta
    >>> from mag_rotation.calls import Status
    >>> start = datetime(2020, 9, 15, 20, tzinfo=UTC)
    >>> call = Call(uid="demo-20200915@example.org", date=date(2020, 9, 15), start=start, zone=ZoneName("UTC"),
    ...             end=start + timedelta(hours=2), title="Demo", status=Status.PLANNED)
    >>> meeting = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
    >>> print(to_ics([call], meeting, stamp=start).decode().replace("\\r", "").split("BEGIN:VEVENT")[1].strip())
    UID:demo-20200915@example.org
    DTSTAMP:20200915T200000Z
    CREATED:20200915T200000Z
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
    return edit_calls(calls, meeting, stamp=stamp, zones=zones, utc=utc).data()
