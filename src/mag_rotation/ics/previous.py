"""The calendar file that a new one would replace: whether it may.

Rule 1: bytes come in and a reason or None goes out; nothing is opened here.
Rule 2: what cannot be read whole is nobody's to replace.
"""

from __future__ import annotations

import re

from icalendar import Calendar, Component

from mag_rotation.series import Meeting

__all__ = ["why_not_ours"]

_UNREAD = "cannot be read whole as one iCalendar file"
_BODY = r"(?:[0-9]{8}(?:-extra[0-9]*)?|slot[0-9]+)"
"""What stands in a UID between the id of the meeting and its domain: a rule date, an extra's date, a slot."""


def why_not_ours(data: bytes, meeting: Meeting) -> str | None:
    r"""Why a file is no calendar of ``meeting``, as half a sentence; None when it is one and may be replaced.

    >>> meeting = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
    >>> why_not_ours(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", meeting) is None
    True
    >>> why_not_ours(b"BEGIN:VCALENDAR\r\n", meeting)
    'cannot be read whole as one iCalendar file'
    """
    try:
        data.decode("utf-8")
        calendars = Calendar.from_ical(data, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):  # what its parser lets through on odd input
        return _UNREAD
    # The parser takes any END for the one it waits for, such as one that is cut off.
    if (
        len(calendars) != 1
        or calendars[0].name != "VCALENDAR"
        or not data.rstrip().upper().endswith(b"\nEND:VCALENDAR")
    ):
        return _UNREAD
    components = calendars[0].walk()
    if any(component.errors for component in components):
        return _UNREAD
    return next((reason for component in components if (reason := _stranger(component, meeting))), None)


def _stranger(component: Component, meeting: Meeting) -> str | None:
    """Why a component belongs to another calendar; None for this meeting's calls, and for zones, which are nobody's."""
    if component.name not in {"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"}:
        return None
    uid = component.get("uid")
    if uid is None:
        return f"holds a {component.name} without a UID, and every call of {meeting.id!r} has one"
    ours = re.fullmatch(f"{re.escape(meeting.id)}-{_BODY}@{re.escape(meeting.uid_domain)}", str(uid))
    if component.name == "VEVENT" and ours:
        return None
    return f"holds {str(uid)!r}, which is no call of {meeting.id!r} at {meeting.uid_domain}"
