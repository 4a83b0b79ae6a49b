"""The sessions of an event as calendar events, and what one calendar says of the people in them.

A calendar of sessions names nobody. The calendar of one member may say what the member does, and remind as early as
the member has to be there; one for organizers may list all people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mag_rotation.ics.event import CANCELLED, Event
from mag_rotation.ics.single_events import NOTE, clock_of, format_moments
from mag_rotation.ics.uids import make_session_uid
from mag_rotation.roster import UTC_ZONE, Member, ZoneName
from mag_rotation.series import Meeting
from mag_rotation.zones import to_local

if TYPE_CHECKING:
    from mag_rotation.programme import Programme, ScheduledSession

__all__ = [
    "NO_NOTE",
    "SessionNote",
    "is_of_member",
    "note_elsewhere",
    "note_own_duties",
    "note_people",
    "remove_people",
    "session_event",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionNote:
    """What a calendar says of the people in a session: a text, and how many minutes before the start it reminds.

    ``zone`` is that of the member whose calendar it is, at that time; None in the calendars of all.
    """

    text: str = ""
    alarm: int | None = None
    zone: ZoneName | None = None


_PEOPLE = "People:"
_OWN_PART = "Your part:"
"""The beginnings of the paragraphs of a description that say something of people."""

_HERE_ALONE = "in this calendar alone;"
"""The beginning of what a cancelled event says of a session that is held."""

NO_NOTE = SessionNote()


def session_event(
    one: ScheduledSession,
    meeting: Meeting,
    *,
    zones: Sequence[ZoneName] = (),
    utc: bool = False,
    note: SessionNote = NO_NOTE,
) -> Event:
    """Return a session as an event; ``zones`` are those whose local times are listed in its DESCRIPTION."""
    session = one.session
    blocks = [
        format_moments(one.start, zones if note.zone is None else (note.zone, *zones)),
        f"{NOTE}{session.note}" if session.note else None,
        _describe_agenda(one),
        note.text,
        session.url,
    ]
    return Event(
        uid=make_session_uid(one.id, meeting),
        start=one.start,
        end=one.end,
        zone=UTC_ZONE if utc else clock_of(one.zone, one.start, one.end),
        summary=session.title,
        description="\n\n".join(filter(None, blocks)),
        location=session.room or meeting.location,
        url=session.url or None,
        categories=(session.track,) if session.track else (),
        alarm=note.alarm,
    )


def _describe_agenda(one: ScheduledSession) -> str | None:
    """Return the segments with their starts in the zone of the session, one a line; None without segments."""
    lines = [f"{to_local(segment.start, one.zone).wall:%H:%M} {segment.title}" for segment in one.segments]
    return "\n".join([f"Agenda ({one.zone}):", *lines]) if lines else None


def remove_people(event: Event) -> Event:
    """Return an event without the paragraphs that say something of people."""
    blocks = (event.description or "").split("\n\n")
    kept = [block for block in blocks if not block.startswith((_PEOPLE, _OWN_PART))]
    return event if len(kept) == len(blocks) else replace(event, description="\n\n".join(kept))


def is_of_member(event: Event) -> bool:
    """Return whether an event says what a member does in the session, as in the calendar of one."""
    return any(block.startswith(_OWN_PART) for block in (event.text or "").split("\n\n"))


def note_elsewhere(event: Event, track: str | None) -> Event:
    r"""Return a cancelled event that says whether the session is held, with its ``track`` now; None if it is not.

    >>> from datetime import datetime
    >>> from mag_rotation.ics.event import cancel_event
    >>> start = datetime(2026, 11, 9, 9)
    >>> gone = cancel_event(Event(uid="x", start=start, end=start, zone=UTC_ZONE, summary="X", description="At 9"))
    >>> moved = note_elsewhere(gone, "data")
    >>> moved.description
    'Cancelled: in this calendar alone; the session is held, in the track data.\n\nAt 9'
    >>> note_elsewhere(moved, "data") == moved, note_elsewhere(moved, None) == gone
    (True, True)
    """
    if not event.cancelled:
        return event
    blocks = [block for block in (event.text or "").split("\n\n") if not block.startswith(_HERE_ALONE)]
    if track is not None:
        is_other = bool(track) and (track,) != event.categories
        blocks.insert(0, f"{_HERE_ALONE} the session is held{f', in the track {track}' if is_other else ''}.")
    text = "\n\n".join(blocks)
    return replace(event, description=f"{CANCELLED}{text}")


def note_people(sessions: Iterable[ScheduledSession], members: Iterable[Member]) -> Mapping[str, SessionNote]:
    """Return for each session a list of its people with their roles."""
    names = {member.id: member.display_name for member in members}
    return {
        one.id: SessionNote(
            text="\n".join(
                [_PEOPLE, *(f"{duty.role}: {names.get(duty.member, duty.member)}" for duty in one.session.people)]
            )
            if one.session.people
            else ""
        )
        for one in sessions
    }


def note_own_duties(
    sessions: Iterable[ScheduledSession], programme: Programme, member: Member
) -> Mapping[str, SessionNote]:
    """Return for each session what one member does in it, and a reminder at the earliest time to be there."""
    return {one.id: _note_duties(one, programme, member) for one in sessions}


def _note_duties(one: ScheduledSession, programme: Programme, member: Member) -> SessionNote:
    """Return what a member does in a session; the longest lead of several roles counts."""
    duties = [duty for duty in one.session.people if duty.member == member.id]
    lead = max((programme.lead_of(duty, member) for duty in duties), default=0)
    roles = ", ".join(duty.role for duty in duties)
    early = f"; be there {lead} minutes before" if lead else ""
    zone = member.find_zone(lambda zone: to_local(one.start, zone).wall.date())
    return SessionNote(text=f"{_OWN_PART} {roles}{early}", alarm=lead or None, zone=zone)
