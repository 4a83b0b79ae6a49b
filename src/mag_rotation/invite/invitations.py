"""Messages to members about calls: one request or cancellation per member and call.

A message has one event, its organizer and the one member it goes to, and no data of other members. Its UID is that of
the call and its SEQUENCE that of the edition, so that a message and a calendar file describe the same event. Members
who take part in a call are invited. Members who took part in the announced call and no longer do get a cancellation.
Past calls are not announced.

The id of a message depends on its content and on what it follows, not on the time, so that equal messages have equal
ids. A mailbox gets one message per call, and no cancellation while one of its members takes part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache, partial
from hashlib import sha256
from itertools import islice

from mag_rotation.calls import Call
from mag_rotation.errors import InvalidPlan, Mistake
from mag_rotation.ics.content_lines import encode_lines, escape_text
from mag_rotation.ics.edition import advance_stamp, edit_calls
from mag_rotation.ics.event import CANCELLED, Event, cancel_event
from mag_rotation.ics.previous import PriorCalendar
from mag_rotation.ics.single_events import describe
from mag_rotation.ics.write import write_alarm, write_message
from mag_rotation.invite.attendees import organizer_of, write_attendee, write_organizer
from mag_rotation.roster import Member, MemberId, ZoneName, check_roster, find_shared_mailboxes, mailbox_of
from mag_rotation.series import Meeting, Organizer
from mag_rotation.zones import civil_date, to_utc

__all__ = ["Invitation", "Method", "News", "make_invitations", "name_file", "name_folder"]

_MOST_NAMED = 3
_MADE_WHEN = ("CREATED:", "DTSTAMP:", "LAST-MODIFIED:", "X-MAG-ROTATION-TZDATA:")
"""Lines with the time at which a call was announced or a message was made, and with the program."""


class Method(StrEnum):
    """The iTIP method of a message."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class News(StrEnum):
    """What a message means to its member: a new call, a change or a cancellation."""

    INVITED = "invited"
    """The first message about the call, to all or to this member."""
    CHANGED = "changed"
    """A call that the member knows has changed."""
    CANCELLED = "cancelled"
    """The call is cancelled."""
    WITHDRAWN = "withdrawn"
    """The call is held without this member, or with another address of theirs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """One message to one member.

    ``data`` is the calendar file, ``text`` its DESCRIPTION without the word for a cancelled call, ``id`` the
    Message-ID. ``event`` is the event without its description; ``before`` is what the member knew, if time, length or
    place changed. ``clocks`` are the zones of the local times in the text, the member's own first. ``note`` is that of
    the call.
    """

    member: Member
    address: str
    method: Method
    event: Event
    before: Event | None
    clocks: tuple[ZoneName, ...]
    text: str
    note: str | None
    news: News
    id: str
    data: bytes


def make_invitations(
    calls: Sequence[Call],
    meeting: Meeting,
    roster: Iterable[Member],
    *,
    stamp: datetime,
    previous: PriorCalendar | None = None,
    roster_then: Iterable[Member] | None = None,
    only: Container[MemberId] | None = None,
    everything: bool = False,
    alarm: int | None = None,
    zones: Sequence[ZoneName] = (),
    utc: bool = False,
) -> Iterator[Invitation]:
    """Return the messages that are due, by call and then in the order of the roster; members need an address.

    Due are the changes since ``previous``; with ``everything``, or without ``previous``, every held call that has not
    ended by ``stamp``. ``roster_then`` is the roster at the time of ``previous``: members who take part now and did not
    then, or had another address, are invited to every future call, and those who no longer take part get a cancellation
    at their former address. ``only`` limits the messages to some members. ``alarm`` is in minutes before the start and
    defaults to the meeting's. ``zones`` and ``utc`` are those of :func:`mag_rotation.ics.to_ics` and must be the same
    as for ``previous``.

    Raises :class:`InvalidPlan` if there is no organizer or if members who take part in one call share an address, and
    :class:`UnusableEdition` if ``previous`` does not have one event per call.
    """
    setting = _Context(
        meeting=meeting,
        organizer=organizer_of(meeting),
        alarm=meeting.alarm if alarm is None else alarm,
        zones=tuple(zones),
    )
    now = to_utc(stamp).replace(microsecond=0)
    edition = edit_calls(calls, meeting, stamp=stamp, previous=previous, zones=zones, utc=utc)
    residents = _find_seats(roster)
    asked = [seat.member for one, seat in residents.items() if only is None or one in only]
    _check_addresses(asked, (event for event in edition.events if not event.cancelled and event.end > now))
    tenants = residents if roster_then is None else _find_seats(roster_then)
    ids = (one for one in {**residents, **tenants} if only is None or one in only)
    pairs = [_Pair(current=residents.get(one), former=tenants.get(one)) for one in ids]
    movers = [pair for pair in pairs if pair.current != pair.former]
    known = {event.key: event for event in previous.events} if previous else {}
    changes = {change.key: change for change in edition.changes}
    planned = {call.uid: call for call in calls}

    def messages() -> Iterator[Invitation]:
        for event in edition.events:
            change = changes.get(event.key)
            is_for_all = change is not None or everything
            concerned = pairs if is_for_all else movers
            was = change.before if change else None
            call = planned.get(event.uid) or was
            if not concerned or call is None:
                continue
            news = _CallNews(
                # A message about an unchanged call must be newer than the one before.
                event=event if change or roster_then is None else replace(event, stamp=advance_stamp(event, now)),
                call=call,
                before=known.get(event.key),
                call_before=was or call,
                is_for_all=is_for_all,
            )
            if not news.is_past(now):
                yield from _make_messages(news, concerned, residents.values(), setting)

    return messages()


def _check_addresses(roster: Iterable[Member], events: Iterable[Event]) -> None:
    """Raise an error if members of a call share an address, because programs would merge their invitations."""
    mistakes = []
    for group in find_shared_mailboxes(roster, map(_make_today, events)):
        for member in group:
            others = list(islice((repr(other.id) for other in group if other is not member), _MOST_NAMED + 1))
            named = ", ".join(others[:_MOST_NAMED]) + (" and others" if len(others) > _MOST_NAMED else "")
            problem = f"found the address of {named}; write an address of its own, or none"
            mistakes.append(Mistake(place=f"member {member.id!r}, email", problem=problem))
    if mistakes:
        raise InvalidPlan(mistakes)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Context:
    """The data that all messages share."""

    meeting: Meeting
    organizer: Organizer
    alarm: int | None
    zones: tuple[ZoneName, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seat:
    """A member with an address, and the member's ATTENDEE without the answer."""

    member: Member
    address: str
    mailbox: str
    line: str


def _find_seats(roster: Iterable[Member]) -> Mapping[MemberId, _Seat]:
    """Return the members with an address by id, in the order of the roster; the ids must differ."""
    return {
        one.id: _Seat(member=one, address=one.email, mailbox=mailbox_of(one.email), line=write_attendee(one, one.email))
        for one in check_roster(roster)
        if one.email
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pair:
    """A member in the current and in the former roster; None if there was no address."""

    current: _Seat | None
    former: _Seat | None

    @property
    def has_moved(self) -> bool:
        """Whether the two differ, or one is missing."""
        then, now = (
            (seat and (seat.member.joined, seat.member.left, seat.mailbox)) for seat in (self.former, self.current)
        )
        return then != now

    @property
    def terms(self) -> str:
        """The dates and addresses of the member's participation, now and then."""
        seats = [seat and (seat.member.joined, seat.member.left, seat.address) for seat in (self.current, self.former)]
        return repr(seats)


@dataclass(frozen=True, kw_only=True, slots=True)
class _CallNews:
    """The news about one call: its current and its announced event, if any.

    ``is_for_all`` says that members who stay are informed too.
    """

    event: Event
    call: Call
    before: Event | None
    call_before: Call
    is_for_all: bool

    def is_past(self, now: datetime) -> bool:
        """Return whether the call has ended, as it is and as it was announced."""
        return self.event.end <= now and (self.before is None or self.before.end <= now)


def _make_messages(
    news: _CallNews, pairs: Iterable[_Pair], residents: Iterable[_Seat], setting: _Context
) -> Iterator[Invitation]:
    """Return the messages about one call, one per address that needs one; ``residents`` are all members of the plan."""
    form = cache(partial(_make_template, news, setting=setting))  # made only if somebody gets it
    is_there, was_there = _find_presence(news.event), _find_presence(news.before)

    @cache
    def kept() -> frozenset[str]:
        return frozenset(seat.mailbox for seat in residents if is_there(seat.member))

    dismissed: set[str] = set()
    for pair in pairs:
        now, then = pair.current, pair.former
        zone = is_there(now.member) if now else None
        zone_then = was_there(then.member) if then else None
        stays = bool(now and then and zone and zone_then and now.mailbox == then.mailbox)
        is_new = pair.has_moved and not stays
        terms = pair.terms if is_new else ""
        if then and zone_then and not stays and then.mailbox not in kept() and then.mailbox not in dismissed:
            dismissed.add(then.mailbox)
            kind = News.CANCELLED if news.event.cancelled else News.WITHDRAWN
            yield _make_message(form(Method.CANCEL), then, zone_then, terms, kind)
        if now and zone and (news.is_for_all or not stays):
            kind = News.INVITED if is_new or news.before is None else News.CHANGED
            yield _make_message(form(Method.REQUEST), now, zone, terms, kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Template:
    """A message about a call without its member: the lines before and after the ATTENDEE, and a digest."""

    method: Method
    event: Event
    before: Event | None
    described: Callable[[ZoneName], tuple[str, bytes]]
    head: bytes
    tail: bytes
    digest: bytes
    zones: tuple[ZoneName, ...]
    note: str | None
    domain: str


def _make_template(news: _CallNews, method: Method, setting: _Context) -> _Template:
    event, call = replace(news.event, description=None), news.call
    alarm = () if setting.alarm is None else write_alarm(event.summary, setting.alarm)
    if method is Method.CANCEL:
        # A call is cancelled as the member knows it, with the note that says why.
        known = news.before or news.event
        event = replace(cancel_event(known), sequence=event.sequence, stamp=event.stamp, description=None)
        call, alarm = replace(news.call_before, note=news.call.note), ()
    *head, end_event, end_calendar = write_message(event, method)
    head.append(write_organizer(setting.organizer))
    tail = (*alarm, end_event, end_calendar)
    follows = news.before.stamp if news.before else None
    is_same = news.before is not None and news.before.schedule_key == event.schedule_key
    stable_lines = [line for line in (*head, *tail) if not line.startswith(_MADE_WHEN)]

    @cache
    def described(zone: ZoneName) -> tuple[str, bytes]:
        text = describe(call, setting.meeting, (zone, *setting.zones))
        word = CANCELLED if event.cancelled else ""
        return text, encode_lines([f"DESCRIPTION:{escape_text(word + text)}"])

    return _Template(
        method=method,
        event=event,
        before=None if news.before is None or news.before.cancelled or is_same else news.before,
        described=described,
        head=encode_lines(head),
        tail=encode_lines(tail),
        digest=sha256("\n".join([*stable_lines, str(follows)]).encode()).digest(),
        zones=setting.zones,
        note=call.note,
        domain=setting.meeting.uid_domain,
    )


def _make_message(form: _Template, seat: _Seat, zone: ZoneName, terms: str, news: News) -> Invitation:
    """Return the message to one member, who lives in ``zone`` at that time; ``terms`` enter its id."""
    text, described = form.described(zone)
    asked = ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE" if form.method is Method.REQUEST else ""
    own = described + encode_lines([f"ATTENDEE{asked}{seat.line}"])
    digest = sha256(form.digest + own + seat.member.id.encode() + terms.encode()).hexdigest()[:32]
    return Invitation(
        member=seat.member,
        address=seat.address,
        method=form.method,
        event=form.event,
        before=form.before if news is News.CHANGED else None,
        clocks=(zone, *form.zones),
        text=text,
        note=form.note,
        news=news,
        id=f"{form.event.uid.partition('@')[0]}.{form.event.sequence}.{digest}@{form.domain}",
        data=form.head + own + form.tail,
    )


def _find_presence(event: Event | None) -> Callable[[Member], ZoneName | None]:
    """Return the zone in which a member lives at a call; None if they take no part or the call is cancelled."""
    if event is None or event.cancelled:
        return lambda _: None
    today = _make_today(event)
    return lambda member: member.find_zone(today)


def _make_today(event: Event) -> Callable[[ZoneName], date]:
    """Return a function that gives the civil date in a zone at the start of an event."""
    return cache(partial(civil_date, event.start))


_SAFE_NAME = r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?"
_WITH_DIGEST = r".*-[0-9a-f]{32}"
"""The form of names with a digest; an id of this form gets another name, so that names stay distinct."""
_DEVICES = r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?"
"""Names that Windows reserves for devices, with any ending."""


def name_folder(member: MemberId) -> str:
    """Return the directory of a member: the id if every system takes it as a name, else letters of it and a digest.

    >>> name_folder(MemberId("gov-01")), name_folder(MemberId("../\u00c1"))
    ('gov-01', 'member-407bdc49c0750c5f3cd5f51ed536b390')
    """
    if (
        re.fullmatch(_SAFE_NAME, member)
        and not re.fullmatch(_DEVICES, member)
        and not re.fullmatch(_WITH_DIGEST, member)
    ):
        return member
    letters = re.sub(r"[^a-z0-9]+", "-", member.lower())[:40].strip("-") or "member"
    return f"{letters}-{sha256(member.encode()).hexdigest()[:32]}"


def name_file(invitation: Invitation, address: str | None) -> str:
    """Return the name of a message's file without its ending; ``address`` is the member's address today.

    The name is the left part of the UID, which holds only letters, digits and hyphens. A member with a new address gets
    a message there and another at the old address, whose name says so.
    """
    given_up = address is not None and invitation.address != address
    return invitation.event.uid.partition("@")[0] + ("-old-address" if given_up else "")
