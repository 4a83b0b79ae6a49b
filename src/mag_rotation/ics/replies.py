"""Replies to invitations: who answered what to which call.

Rule 1: bytes come in; what is no reply of a member to a call is a mistake that names its file, and all come at once.
Rule 2: no address is repeated in a message, for it may be a stranger's.
Rule 3: of several replies of a member to a call the latest counts: by SEQUENCE, then by DTSTAMP, then as they came.
Rule 4: a promise is no presence: who is tentative, or sends somebody else, has not said yes.
Rule 5: nobody answers for a call they take no part in, nor in another member's name without saying so (SENT-BY).
Rule 6: a calendar that stands twice in one mail, as its text and attached, is read once.
"""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.message import Message
from email.utils import getaddresses
from functools import partial
from urllib.parse import unquote

from mag_rotation.calls import Call, regular_calls
from mag_rotation.errors import InvalidValue, Mistake, quoted
from mag_rotation.ics.clocks import Clocks, Moment
from mag_rotation.ics.lenient import Component, Property, all_of, integer_of, read_lenient, text_of, time_of
from mag_rotation.ics.uids import parts_of
from mag_rotation.limits import CHARSETS, find_mail_problem
from mag_rotation.roster import Member, MemberId, mailbox_of, plain_address
from mag_rotation.series import Series
from mag_rotation.zones import civil_date, in_utc, local

__all__ = ["Answer", "Reply", "answers_of", "check_presence", "from_nobody", "member_by_address", "replies_in"]

_ANSWERS = {"ACCEPTED": True, "DECLINED": False, "TENTATIVE": False, "DELEGATED": False}
"""The answers of RFC 5545 (PARTSTAT), and whether they say yes."""

_OTHER_METHODS = {
    "REQUEST": "is an invitation and no reply",
    "CANCEL": "calls an event off and is no reply",
    "COUNTER": "proposes another time and is no reply; answer it by hand",
    "PUBLISH": "is a calendar and no reply",
    "REFRESH": "asks for the invitation again and is no reply",
}
_CALENDAR_TYPES = {"text/calendar", "application/ics"}
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
_FOLDS = re.compile(rb"\r?\n[ \t]|\r(?=\n)")
"""What differs between two copies of a calendar: where its lines are folded, and how they end."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One answer as it came in the file ``place``.

    ``original`` is the RECURRENCE-ID, an instant or a whole day. ``addresses`` are those of the attendee, from the
    one that counts most, SENT-BY last. ``senders`` are those of the mail it came in (From), none where it came in none.
    """

    place: str
    uid: str
    original: datetime | date | None
    addresses: tuple[str, ...]
    answer: str
    sequence: int
    stamp: datetime
    senders: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What is known of a member and the call of a date. ``reply`` is the word of a reply, None where it is no reply."""

    date: date
    member: MemberId
    attended: bool
    reply: str | None = None


def replies_in(data: bytes, name: str, mistakes: list[Mistake]) -> tuple[Reply, ...]:
    """The replies in a file, a mail where its name ends with ``.eml``; what is wrong is added to ``mistakes``."""
    found: list[Reply] = []
    try:
        for part in _once(_mail_parts(data)) if name.lower().endswith(".eml") else [_Part(data=data)]:
            read = _replies(read_lenient(part.data).components, name, part.method)
            found += (replace(reply, senders=part.senders) for reply in read)
    except InvalidValue as error:
        mistakes.append(Mistake(place=name, problem=str(error)))
        return ()
    return tuple(found)


# Mail.


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A calendar in UTF-8, with the METHOD of its part of a mail and the addresses of the mail's From."""

    data: bytes
    method: str | None = None
    senders: tuple[str, ...] = ()


def _mail_parts(data: bytes) -> list[_Part]:
    """The calendars in a mail; raises :class:`InvalidValue`."""
    problem = find_mail_problem(data)
    if problem:
        raise InvalidValue(problem)
    try:
        mail = email.message_from_bytes(data)
        parts = list(_leaves(mail, _senders(mail)))
        kinds = {part.get_content_type() for part, _ in parts}
        found = [
            _Part(data=_content(part), method=str(part.get_param("method", "")) or None, senders=senders)
            for part, senders in parts
            if _is_calendar(part)
        ]
    except InvalidValue:
        raise
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError):
        raise InvalidValue("cannot be read as a mail; save it again as it came") from None
    if not found and kinds & _TNEF:
        raise InvalidValue("holds winmail.dat, which only Outlook reads; ask for the answer once more in another form")
    if not found:
        raise InvalidValue("holds no calendar part (text/calendar), so it is no reply; put the answer into a list")
    return found


def _once(parts: Iterable[_Part]) -> list[_Part]:
    """The parts without those that hold another's calendar again; of equal ones the one with a METHOD stays."""
    kept: dict[tuple[bytes, tuple[str, ...]], _Part] = {}
    for part in sorted(parts, key=lambda part: part.method is None):
        kept.setdefault((_FOLDS.sub(b"", part.data).strip(), part.senders), part)
    return list(kept.values())


def _leaves(mail: Message, senders: tuple[str, ...]) -> Iterator[tuple[Message, tuple[str, ...]]]:
    """The parts of a mail that have none themselves, with the senders of the innermost mail that they are in."""
    if not mail.is_multipart():
        yield mail, senders
        return
    is_envelope = mail.get_content_type() == "message/rfc822"
    for part in mail.get_payload():
        if not isinstance(part, Message):
            raise TypeError
        yield from _leaves(part, _senders(part) if is_envelope else senders)


def _senders(mail: Message) -> tuple[str, ...]:
    """The addresses of From."""
    written = getaddresses([str(one) for one in mail.get_all("From", [])])
    return tuple(address for _, one in written if (address := _address(one)))


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() in _CALENDAR_TYPES or (part.get_filename() or "").lower().endswith(".ics")


def _content(part: Message) -> bytes:
    """The text of a part in UTF-8."""
    charset = part.get_content_charset() or "utf-8"
    if charset.lower() not in CHARSETS:
        raise InvalidValue(f"holds a calendar part that is in {quoted(charset)}, which is not read; ask for UTF-8")
    try:
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or part.defects:
            raise InvalidValue("holds a calendar part that cannot be decoded; save the mail again as it came")
        return payload.decode(charset).encode()
    except (LookupError, UnicodeError):
        raise InvalidValue(f"holds a calendar part that is no text in {quoted(charset)}") from None


# iCalendar.


def _replies(components: Sequence[Component], place: str, method: str | None) -> Iterator[Reply]:
    """The replies in a calendar; raises :class:`InvalidValue` where it is anything else."""
    calendars = [one for one in components if one.name == "VCALENDAR"]
    for calendar in calendars:
        said = text_of(calendar, "METHOD").upper() or (method or "").upper()
        if not said:
            raise InvalidValue("has no METHOD, so it is an event and no reply; save the reply itself")
        if said != "REPLY":
            raise InvalidValue(_OTHER_METHODS.get(said, f"has the METHOD {quoted(said)} and is no reply"))
    events = [one for one in components if one.name == "VEVENT"]
    if not events:
        raise InvalidValue("is a reply to no event (VEVENT)")
    clocks = Clocks.of(components)
    yield from (_reply(event, place, clocks) for event in events)


def _reply(event: Component, place: str, clocks: Clocks) -> Reply:
    attendees = all_of(event, "ATTENDEE")
    numbers = [integer_of(one) for one in all_of(event, "SEQUENCE")]
    if None in numbers:
        raise InvalidValue("has SEQUENCE that cannot be read")
    if len(attendees) != 1:
        raise InvalidValue(f"names {len(attendees)} attendees; a reply is of one")
    attendee = attendees[0]
    uid = text_of(event, "UID")
    if not uid:
        raise InvalidValue("has no UID, so it does not say which call it answers; put the answer into a list")
    answer = (attendee.param("PARTSTAT") or "NEEDS-ACTION").upper()
    if answer not in _ANSWERS:
        known = ", ".join(_ANSWERS)
        raise InvalidValue(f"has the answer {quoted(answer)}; an answer is one of {known}")
    stamps = [stamp for stamp in map(_time, all_of(event, "DTSTAMP")) if isinstance(stamp, datetime)]
    written = [attendee.value, attendee.param("EMAIL") or "", *attendee.param_values("SENT-BY")]
    return Reply(
        place=place,
        uid=uid,
        original=_original(event, clocks),
        addresses=tuple(address for one in written if (address := _address(one))),
        answer=answer,
        sequence=next((number for number in numbers if number is not None), 0),
        stamp=_in_utc(stamps[0]) if stamps else _LONG_AGO,
    )


def _time(found: Property) -> date | datetime:
    try:
        return time_of(found)
    except InvalidValue:
        raise InvalidValue(f"has {found.name} that cannot be read") from None


def _original(event: Component, clocks: Clocks) -> datetime | date | None:
    """The occurrence that a reply is to."""
    found = all_of(event, "RECURRENCE-ID")
    if not found:
        return None
    _time(found[0])
    try:
        named = clocks.moment(found[0])
    except InvalidValue:
        raise InvalidValue("names its call by a RECURRENCE-ID on a clock that is not known") from None
    return named.instant if isinstance(named, Moment) else named


def _in_utc(stamp: datetime) -> datetime:
    return in_utc(stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp)


def _address(text: str) -> str | None:
    """The address of a calendar user.

    >>> _address("MAILTO:Seat12@Example.ORG")
    'Seat12@example.org'
    """
    scheme, colon, rest = text.strip().partition(":")
    bare = unquote(rest.partition("?")[0]).strip() if colon and scheme.lower() == "mailto" else text.strip()
    local_part, at, _ = bare.rpartition("@")
    return plain_address(bare) if at and local_part and (not colon or scheme.lower() == "mailto") else None


# What replies say of the plan's calls.


def answers_of(
    replies: Iterable[Reply], series: Series, calls: Sequence[Call], roster: Sequence[Member], mistakes: list[Mistake]
) -> tuple[Answer, ...]:
    """What members have answered last, each once for a date, by date; ``calls`` are those of ``series``.

    Replies to a call that is off say nothing. Of two calls of one date a yes to either counts. What fits no call or no
    member, comes from another member, or answers for one who takes no part, is added to ``mistakes``.
    """
    find = _finder(series, calls)
    latest: dict[tuple[str, MemberId], Reply] = {}
    by_uid = {call.uid: call for call in calls}
    for reply in replies:
        try:
            call = find(reply)
            member = member_by_address(roster, reply.addresses, call)
            _check_sender(reply, member, roster)
            if call.is_held:
                check_presence(member, call)
        except InvalidValue as error:
            mistakes.append(Mistake(place=reply.place, problem=str(error)))
            continue
        before = latest.get((call.uid, member.id))
        if before is None or (before.sequence, before.stamp) <= (reply.sequence, reply.stamp):
            latest[call.uid, member.id] = reply
    answers: dict[tuple[date, MemberId], Answer] = {}
    for (uid, who), reply in latest.items():
        call = by_uid[uid]
        said = Answer(date=call.date, member=who, attended=_ANSWERS[reply.answer], reply=reply.answer.lower())
        other = answers.get((call.date, who))
        if call.is_held and (other is None or not other.attended):
            answers[call.date, who] = said
    return tuple(sorted(answers.values(), key=lambda answer: (answer.date, answer.member)))


def member_by_address(roster: Sequence[Member], addresses: Iterable[str], call: Call) -> Member:
    """The member with the first of these addresses that any member has; raises :class:`InvalidValue`.

    Letters count the same in either case, unless members differ in nothing else. Of several members with an address,
    as a seat and who had it before, it is the one who takes part in ``call``.
    """
    today = partial(civil_date, call.start)
    for address in addresses:
        fits = _members_at(roster, address)
        if len(fits) > 1:
            fits = [one for one in fits if one.whereabouts(today) is not None] or fits
        if len(fits) == 1:
            return fits[0]
        if fits:
            ids = ", ".join(one.id for one in fits)
            raise InvalidValue(f"names the address of {len(fits)} members ({ids}); write the id, in a list")
    raise InvalidValue("names an address that no member has; put it into the roster, or write the id, in a list")


def _members_at(roster: Sequence[Member], address: str) -> list[Member]:
    """The members with an address, those who differ from it in capitals only where it is nobody's as it is."""
    fits: list[Member] = []
    for fold in (plain_address, mailbox_of):
        fits = fits or [one for one in roster if one.email is not None and fold(one.email) == fold(address)]
    return fits


def _check_sender(reply: Reply, member: Member, roster: Sequence[Member]) -> None:
    """Refuse what came from the address of a member whom the reply names neither as attendee nor as SENT-BY."""
    if not reply.senders or set(reply.senders) & set(reply.addresses):
        return
    sending = [one.id for address in reply.senders for one in _members_at(roster, address)]
    named = {one.id for address in reply.addresses for one in _members_at(roster, address)}
    if sending and not named.intersection(sending):
        who = " or ".join(dict.fromkeys(map(repr, sending)))
        problem = f"comes from the address of member {who} and answers for member {member.id!r}"
        raise InvalidValue(f"{problem}, with no SENT-BY that says so; put the answer into a list if it is right")


def from_nobody(replies: Iterable[Reply], roster: Sequence[Member]) -> tuple[str, ...]:
    """The files with replies whose mail came from an address that no member has, each once."""
    known = {mailbox_of(one.email) for one in roster if one.email is not None}
    strange = (one.place for one in replies if one.senders and known.isdisjoint(map(str.casefold, one.senders)))
    return tuple(dict.fromkeys(strange))


def check_presence(member: Member, call: Call) -> None:
    """Raise :class:`InvalidValue` where a call is before a member joined or after they left."""
    today = partial(civil_date, call.start)
    if member.whereabouts(today) is not None:
        return
    day = today(replace(member, joined=None, left=None).whereabouts(today) or member.zone)
    local_day = "" if day == call.date else f" ({day} on their clock)"
    if member.joined is not None and day < member.joined:
        why, cure = f"joined on {member.joined} and takes no part before", "joined"
    else:
        why, cure = f"left on {member.left} and takes no part after", "left"
    found = f"found {member.id!r} on {call.date}{local_day}, who {why}"
    raise InvalidValue(f"{found}; correct {cure} in the roster, or leave the answer out")


def _finder(series: Series, calls: Sequence[Call]) -> Callable[[Reply], Call]:
    """What finds the call of a reply: by UID, or by a slot's UID and the start that the rule gives."""
    meeting = series.meeting
    by_uid = {call.uid: call for call in calls}
    regular = [call for call in regular_calls(series) if call.turn is not None]
    by_start: dict[datetime | date, str] = {local(call.start, call.zone).wall.date(): call.uid for call in regular}
    by_start |= {call.start: call.uid for call in regular}

    def find(reply: Reply) -> Call:
        call = by_uid.get(reply.uid)
        if call is not None:
            return call
        own = parts_of(reply.uid, meeting)
        if own is None or own.slot is None:
            raise InvalidValue(f"is a reply to another event: its UID is no call of {meeting.id!r}")
        if reply.original is None:
            raise InvalidValue(
                "answers a whole series and no call (it has no RECURRENCE-ID); put the answers into a list"
            )
        if reply.original not in by_start:
            raise InvalidValue(f"is a reply to {reply.original}, when this plan has no call")
        return by_uid[by_start[reply.original]]

    return find
