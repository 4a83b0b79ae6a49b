"""The organizer and the members of calls as iCalendar properties (RFC 5545, 3.8.4.1 and 3.8.4.3).

An address is written as a mailto URI, a name as a quoted RFC 6868 value, so that neither can end its line.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from mag_rotation.errors import InvalidPlan, Mistake
from mag_rotation.roster import Member
from mag_rotation.series import Meeting, Organizer

__all__ = ["organizer_of", "role_of", "to_one_line", "write_attendee", "write_organizer"]

_ROLES = {
    "chair": "CHAIR",
    "co-chair": "CHAIR",
    "observer": "OPT-PARTICIPANT",
    "optional": "OPT-PARTICIPANT",
}
"""The roles of members that iCalendar knows; the first in this order counts."""

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_MAILTO = "@!$'()*+-._~"
"""Characters that need no escape in the address of a mailto URI."""


def organizer_of(meeting: Meeting) -> Organizer:
    """Return the organizer; raises :class:`InvalidPlan` if the plan has none."""
    if meeting.organizer is None:
        right = "write organizer = { name = 'Secretariat', email = 'secretariat@example.org' } into [meeting]"
        raise InvalidPlan([Mistake(place="meeting.organizer", problem=f"invitations come from somebody; {right}")])
    return meeting.organizer


def role_of(member: Member) -> str:
    """Return the ROLE of a member in calls.

    >>> from mag_rotation.roster import MemberId, UTC_ZONE
    >>> role_of(Member(id=MemberId("a"), zone=UTC_ZONE, roles=("Observer", "captioner")))
    'OPT-PARTICIPANT'
    >>> role_of(Member(id=MemberId("b"), zone=UTC_ZONE))
    'REQ-PARTICIPANT'
    """
    held = {role.casefold() for role in member.roles}
    return next((role for name, role in _ROLES.items() if name in held), "REQ-PARTICIPANT")


def to_one_line(text: str) -> str:
    r"""Return a text without line breaks and control characters, for a name or a header.

    >>> to_one_line("Seat\r\n 12")
    'Seat 12'
    """
    return _BLANK.sub(" ", text).strip()


def write_organizer(organizer: Organizer) -> str:
    """Return the ORGANIZER property."""
    return f"ORGANIZER;CN={_quote_name(organizer.name)}:{_make_mailto(organizer.email)}"


def write_attendee(member: Member, address: str) -> str:
    """Return the parameters and the value of a member's ATTENDEE, from the first semicolon on."""
    return f";ROLE={role_of(member)};CN={_quote_name(member.display_name)}:{_make_mailto(address)}"


def _quote_name(name: str) -> str:
    """Return a name as a parameter value, encoded by RFC 6868."""
    escaped = to_one_line(name).replace("^", "^^").replace('"', "^'")
    return f'"{escaped}"'


def _make_mailto(address: str) -> str:
    return f"mailto:{quote(address, safe=_MAILTO)}"
