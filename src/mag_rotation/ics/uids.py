"""The UIDs of this project: parsing those of calendar files, and forming those of slots and sessions.

A UID from a file may come from any program: numbers have a limited length, and eight digits need not be a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mag_rotation.series import ID_PATTERN, Meeting

__all__ = ["OwnUid", "is_session_uid", "make_session_uid", "make_slot_uid", "parse_own_uid", "parse_uid"]

_FORM = re.compile(
    rf"(?P<meeting>{ID_PATTERN.pattern})"
    r"-(?:(?P<date>[0-9]{8})(?:-extra(?P<nth>[0-9]{0,6}))?|slot(?P<slot>[0-9]{1,6}))@(?P<domain>[A-Za-z0-9.-]+)",
    re.ASCII,
)
_NTH = re.compile("(?:[2-9]|[1-9][0-9]{1,3})?")
"""The number of an extra call in its UID; the first of a date has none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnUid:
    """The parts of a UID.

    ``date`` are the eight digits of a rule date or an extra call's date, None for a slot. ``slot`` is the number of a
    slot, None for a date. ``nth`` is which extra call of its date it is, None if no plan forms such a number.
    """

    meeting: str
    domain: str
    date: str | None
    is_extra: bool
    nth: int | None
    slot: int | None


def parse_uid(uid: str, meeting: Meeting) -> OwnUid | None:
    """Return the parts of a UID of a meeting; None if it belongs to something else.

    >>> meeting = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
    >>> parse_uid("demo-slot2@example.org", meeting).slot, parse_uid("other-slot2@example.org", meeting)
    (2, None)
    """
    found = parse_own_uid(uid)
    return found if found and (found.meeting, found.domain) == (meeting.id, meeting.uid_domain) else None


def parse_own_uid(uid: str) -> OwnUid | None:
    """Return the parts of a UID that this project formed for any meeting; None for another UID.

    >>> found = parse_own_uid("demo-20261027-extra2@example.org")
    >>> found.meeting, found.domain, found.date, found.is_extra, found.nth, found.slot
    ('demo', 'example.org', '20261027', True, 2, None)
    """
    found = _FORM.fullmatch(uid)
    if found is None:
        return None
    nth = found["nth"]
    return OwnUid(
        meeting=found["meeting"],
        domain=found["domain"],
        date=found["date"],
        is_extra=nth is not None,
        nth=int(nth or 1) if nth is not None and _NTH.fullmatch(nth) else None,
        slot=None if found["slot"] is None else int(found["slot"]),
    )


def make_slot_uid(number: int, meeting: Meeting) -> str:
    """Return the UID of the series of a slot."""
    return f"{meeting.id}-slot{number}@{meeting.uid_domain}"


def make_session_uid(session: str, meeting: Meeting) -> str:
    """Return the UID of the session with an id."""
    return f"{meeting.id}-session-{session}@{meeting.uid_domain}"


def is_session_uid(uid: str, meeting: Meeting) -> bool:
    """Return whether a UID is that of a session of a meeting.

    >>> meeting = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
    >>> [is_session_uid(f"demo-{text}@example.org", meeting) for text in ("session-opening", "20201109", "session-")]
    [True, False, False]
    """
    session = uid.removeprefix(f"{meeting.id}-session-").removesuffix(f"@{meeting.uid_domain}")
    return ID_PATTERN.fullmatch(session) is not None and uid == make_session_uid(session, meeting)
