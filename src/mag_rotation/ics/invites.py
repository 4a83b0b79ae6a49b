"""Calls as messages to members: one request or cancellation a member and call, with nobody else in it.

Rule 1: a message holds one event, its organizer and the one member it goes to; no other member's id, name or address.
Rule 2: the UID is the call's and the SEQUENCE that of the edition, so that a message and a feed tell of one event.
Rule 3: who takes part in a call is asked to it; who took part in it as it was announced, and does not any more, is told
that it is cancelled; nobody hears of what is past.
Rule 4: the id of a message comes from what it says and what it follows, never from when it was made: saying the same
again is the same message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache, partial
from hashlib import sha256
from urllib.parse import quote

from icalendar import vText

from mag_rotation.calls import Call
from mag_rotation.errors import InvalidPlan, Mistake
from mag_rotation.ics.edition import edit_calls
from mag_rotation.ics.event import Event
from mag_rotation.ics.layouts import describe
from mag_rotation.ics.lines import content_bytes
from mag_rotation.ics.previous import Announced
from mag_rotation.ics.write import message_lines
from mag_rotation.roster import Member, ZoneName
from mag_rotation.series import Meeting, Organizer
from mag_rotation.zones import civil_date, in_utc

__all__ = ["Invitation", "Method", "invitations", "one_line", "organizer_of", "role_of"]

_ROLES = {
    "chair": "CHAIR",
    "co-chair": "CHAIR",
    "observer": "OPT-PARTICIPANT",
    "optional": "OPT-PARTICIPANT",
}
"""The roles of members that say something to calendars; the first in this order counts."""

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_MADE_WHEN = ("DTSTAMP:", "LAST-MODIFIED:", "X-MAG-ROTATION-TZDATA:")
"""Lines that say when a message was made, and with what."""
_MAILTO = "@!$'()*+-._~"
"""What stands in an address of a mailto URI as it is."""


class Method(StrEnum):
    """What a message asks of a calendar."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """One message to one member. ``data`` is the calendar file, ``text`` its DESCRIPTION, ``id`` that of a mail.

    ``event`` is what the message tells of, without its description; ``is_news`` says that the call is announced for the
    first time.
    """

    member: Member
    address: str
    method: Method
    event: Event
    text: str
    is_news: bool
    id: str
    data: bytes


def organizer_of(meeting: Meeting) -> Organizer:
    """Who invites; raises :class:`InvalidPlan` where the plan does not say it."""
    if meeting.organizer is None:
        right = "write organizer = { name = 'Secretariat', email = 'secretariat@example.org' } into [meeting]"
        raise InvalidPlan([Mistake(place="meeting.organizer", problem=f"invitations come from somebody; {right}")])
    return meeting.organizer


def role_of(member: Member) -> str:
    """The ROLE of a member in calls.

    >>> from mag_rotation.roster import MemberId, UTC_ZONE
    >>> role_of(Member(id=MemberId("a"), zone=UTC_ZONE, roles=("Observer", "captioner")))
    'OPT-PARTICIPANT'
    >>> role_of(Member(id=MemberId("b"), zone=UTC_ZONE))
    'REQ-PARTICIPANT'
    """
    held = {role.casefold() for role in member.roles}
    return next((role for name, role in _ROLES.items() if name in held), "REQ-PARTICIPANT")


def one_line(text: str) -> str:
    r"""A text without line breaks and control characters, for a name or a header.

    >>> one_line("Seat\r\n 12")
    'Seat 12'
    """
    return _BLANK.sub(" ", text).strip()


def invitations(
    calls: Sequence[Call],
    meeting: Meeting,
    roster: Iterable[Member],
    *,
    stamp: datetime,
    previous: Announced | None = None,
    everything: bool = False,
    alarm: int | None = None,
    zones: Sequence[ZoneName] = (),
    utc: bool = False,
) -> Iterator[Invitation]:
    """The messages that are due, call by call and then in the order of the roster; members without an address get none.

    What is due is what changes for those who know ``previous``, and with ``everything``, or without ``previous``, every
    held call that has not ended by ``stamp``. ``alarm`` is in minutes before the start. ``zones`` and ``utc`` are as in
    :func:`mag_rotation.ics.to_ics`, and have to be those of ``previous``. Raises :class:`InvalidPlan` without an
    organizer, and :class:`UnusableEdition` where ``previous`` is in another layout than one event a call.
    """
    setting = _Setting(meeting=meeting, organizer=organizer_of(meeting), alarm=alarm, zones=tuple(zones))
    now = in_utc(stamp)
    edition = edit_calls(calls, meeting, stamp=stamp, previous=previous, zones=zones, utc=utc)
    seats = tuple(_Seat(member=one, address=one.email, line=_attendee(one, one.email)) for one in roster if one.email)
    known = {event.key: event for event in previous.events} if previous else {}
    changes = {change.key: change for change in edition.changes}
    planned = {call.uid: call for call in calls}

    def messages() -> Iterator[Invitation]:
        for event in edition.events:
            change = changes.get(event.key)
            if change is None and not everything:
                continue
            was = change.before if change else None
            call = planned.get(event.uid) or was
            if call is not None:
                told = _Told(event=event, call=call, before=known.get(event.key), call_before=was or call)
                if not told.is_past(now):
                    yield from _messages(told, seats, setting)

    return messages()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Setting:
    """What all messages share."""

    meeting: Meeting
    organizer: Organizer
    alarm: int | None
    zones: tuple[ZoneName, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seat:
    """A member who can be reached, and the ATTENDEE of the member but for the answer."""

    member: Member
    address: str
    line: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What there is to tell of one call: as it is now, and as it was announced, if it was."""

    event: Event
    call: Call
    before: Event | None
    call_before: Call

    def is_past(self, now: datetime) -> bool:
        """Whether it has ended, both as it is and as it was announced."""
        return self.event.end <= now and (self.before is None or self.before.end <= now)


def _messages(told: _Told, seats: Iterable[_Seat], setting: _Setting) -> Iterator[Invitation]:
    """The messages about one call, one for each seat that has to hear of it."""
    forms: dict[Method, _Form] = {}  # no more than two, and made only where somebody gets it
    is_there, was_there = _presence(told.event), _presence(told.before)
    for seat in seats:
        zone = is_there(seat.member)
        method = Method.REQUEST if zone else Method.CANCEL
        zone = zone or was_there(seat.member)
        if zone:
            if method not in forms:
                forms[method] = _form(told, method, setting)
            yield _message(forms[method], seat, zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Form:
    """A message about a call but for the member: what stands before and after, and the digest of what that says."""

    method: Method
    event: Event
    is_news: bool
    described: Callable[[ZoneName], tuple[str, bytes]]
    head: bytes
    tail: bytes
    said: bytes
    domain: str


def _form(told: _Told, method: Method, setting: _Setting) -> _Form:
    event, call = replace(told.event, description=None), told.call
    alarm = _alarm(event, setting.alarm)
    if method is Method.CANCEL:
        # A call is cancelled as the member knows it, with the note that says why.
        known = told.before or told.event
        event = replace(known, cancelled=True, sequence=event.sequence, stamp=event.stamp, description=None)
        call, alarm = replace(told.call_before, note=told.call.note), ()
    *head, end_event, end_calendar = message_lines(event, method)
    head.append(f"ORGANIZER;CN={_quoted(setting.organizer.name)}:{_mailto(setting.organizer.email)}")
    tail = (*alarm, end_event, end_calendar)
    follows = told.before.stamp if told.before else None
    said = [line for line in (*head, *tail) if not line.startswith(_MADE_WHEN)]

    @cache
    def described(zone: ZoneName) -> tuple[str, bytes]:
        text = describe(call, setting.meeting, (zone, *setting.zones))
        return text, content_bytes([f"DESCRIPTION:{_text(text)}"])

    return _Form(
        method=method,
        event=event,
        is_news=told.before is None,
        described=described,
        head=content_bytes(head),
        tail=content_bytes(tail),
        said=sha256("\n".join([*said, str(follows)]).encode()).digest(),
        domain=setting.meeting.uid_domain,
    )


def _message(form: _Form, seat: _Seat, zone: ZoneName) -> Invitation:
    """The message to one member, who lives by the clock of ``zone`` at that time."""
    text, described = form.described(zone)
    asked = ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE" if form.method is Method.REQUEST else ""
    own = described + content_bytes([f"ATTENDEE{asked}{seat.line}"])
    digest = sha256(form.said + own + seat.member.id.encode()).hexdigest()[:32]
    return Invitation(
        member=seat.member,
        address=seat.address,
        method=form.method,
        event=form.event,
        text=text,
        is_news=form.is_news,
        id=f"{form.event.uid.partition('@')[0]}.{form.event.sequence}.{digest}@{form.domain}",
        data=form.head + own + form.tail,
    )


def _alarm(event: Event, minutes: int | None) -> tuple[str, ...]:
    """A reminder that shows the title some minutes before the start."""
    if minutes is None:
        return ()
    said = f"DESCRIPTION:{_text(event.summary)}"
    return "BEGIN:VALARM", "ACTION:DISPLAY", said, f"TRIGGER:-PT{minutes}M", "END:VALARM"


def _presence(event: Event | None) -> Callable[[Member], ZoneName | None]:
    """The zone by whose clock a member lives at a call; None for who takes no part, and for all where it is off."""
    if event is None or event.cancelled:
        return lambda _: None
    today: Callable[[ZoneName], date] = cache(partial(civil_date, event.start))
    return lambda member: member.whereabouts(today)


def _attendee(member: Member, address: str) -> str:
    """The parameters of a member and the value, from the first semicolon."""
    return f";ROLE={role_of(member)};CN={_quoted(member.display_name)}:{_mailto(address)}"


def _quoted(name: str) -> str:
    """A name as the value of a parameter, by RFC 6868."""
    escaped = one_line(name).replace("^", "^^").replace('"', "^'")
    return f'"{escaped}"'


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe=_MAILTO)}"


def _text(value: str) -> str:
    return vText(value).to_ical().decode()
