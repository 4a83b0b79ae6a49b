"""Replies to invitations: who answered what to which call.

Anything that is not a reply of a member to a call is a mistake with the name of its file; all are reported at once.
Parts that an answer does not need are ignored. Error messages repeat no address, because it may belong to somebody
outside the plan. A tentative answer, a delegation and an answer for a former time do not count as attendance.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.message import Message
from email.utils import getaddresses
from functools import partial
from urllib.parse import unquote

from mag_rotation.calls import Call, unroll_regular
from mag_rotation.errors import InvalidValue, Mistake, quote_value
from mag_rotation.ics.event import Event, Key, expand_occurrences
from mag_rotation.ics.reader import Component, Property, all_of, integer_of, read_lenient, text_of
from mag_rotation.ics.uids import parse_uid
from mag_rotation.ics.zone_mapping import Clocks, Moment, RuleEffort
from mag_rotation.limits import CHARSETS, NAMED, REPLY_ADDRESSES, find_mail_problem
from mag_rotation.roster import UTC_ZONE, Member, MemberId, ZoneName, mailbox_of, normalize_address
from mag_rotation.series import Series
from mag_rotation.zones import civil_date

__all__ = [
    "AddressBook",
    "Presence",
    "Reply",
    "check_presence",
    "find_unknown_senders",
    "match_replies",
    "read_replies",
]

_ANSWERS = {"ACCEPTED": True, "DECLINED": False, "TENTATIVE": False, "DELEGATED": False}
"""The answers of RFC 5545 (PARTSTAT), and whether they mean attendance."""

_OTHER_METHODS = {
    "REQUEST": "is an invitation and no reply",
    "CANCEL": "calls an event off and is not a reply",
    "COUNTER": "proposes another time and is not a reply; answer it by hand",
    "PUBLISH": "is a calendar and no reply",
    "REFRESH": "asks for the invitation again and is not a reply",
}
_CALENDAR_TYPES = {"text/calendar", "application/ics"}
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
_FOLDS = re.compile(rb"\r?\n[ \t]|\r(?=\n)")
"""The differences between copies of a calendar: where lines are folded, and how they end."""

_EARLIER = " before a change"
"""The words after an answer to a call that was moved since."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """One answer from the file ``place``.

    ``original`` is the RECURRENCE-ID, an instant or a whole day, and ``start`` the DTSTART; both are None if missing or
    unreadable. ``addresses`` are those of the attendee, the most relevant first and SENT-BY last. ``is_delegate`` says
    that somebody else delegated to them, so that they need not be a member. ``named`` are all addresses in the reply.
    ``senders`` are the From addresses of the mail, if it was in one.
    """

    place: str
    uid: str
    original: datetime | date | None
    addresses: tuple[str, ...]
    answer: str
    sequence: int
    stamp: datetime
    start: datetime | None = None
    is_recurrence: bool = False
    is_delegate: bool = False
    named: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """The attendance of a member at the call of a date; ``reply`` is the word of the reply, None without one."""

    date: date
    member: MemberId
    attended: bool
    reply: str | None = None

    @property
    def is_earlier(self) -> bool:
        """Whether the reply is to the call before it was changed."""
        return self.reply is not None and self.reply.endswith(_EARLIER)


def read_replies(data: bytes, name: str, mistakes: list[Mistake]) -> tuple[Reply, ...]:
    """Return the replies in a file, a mail if its name ends with ``.eml``; adds what is wrong to ``mistakes``."""
    found: list[Reply] = []
    effort = RuleEffort()
    try:
        for part in (
            _drop_copies(_read_mail_parts(data)) if name.lower().endswith(".eml") else [_CalendarPart(data=data)]
        ):
            read = _read_calendar(read_lenient(part.data).components, name, part.method, effort)
            found += (replace(reply, senders=part.senders) for reply in read)
    except InvalidValue as error:
        mistakes.append(Mistake(place=name, problem=str(error)))
        return ()
    return tuple(found)


# Mail.


@dataclass(frozen=True, kw_only=True, slots=True)
class _CalendarPart:
    """A calendar in UTF-8, with the METHOD of its mail part and the From addresses of the mail."""

    data: bytes
    method: str | None = None
    senders: tuple[str, ...] = ()


def _read_mail_parts(data: bytes) -> list[_CalendarPart]:
    """Return the calendars in a mail; raises :class:`InvalidValue`."""
    problem = find_mail_problem(data)
    if problem:
        raise InvalidValue(problem)
    try:
        mail = email.message_from_bytes(data)
        parts = list(_walk_parts(mail, _read_senders(mail)))
        kinds = {part.get_content_type() for part, _ in parts}
        found = [
            _CalendarPart(data=_decode_content(part), method=str(part.get_param("method", "")) or None, senders=senders)
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
        raise InvalidValue("holds no calendar part (text/calendar), so it is not a reply; put the answer into a list")
    return found


def _drop_copies(parts: Iterable[_CalendarPart]) -> list[_CalendarPart]:
    """Return the parts without copies of other parts; of equal ones, the one with a METHOD is kept."""
    kept: dict[tuple[bytes, tuple[str, ...]], _CalendarPart] = {}
    for part in sorted(parts, key=lambda part: part.method is None):
        kept.setdefault((_FOLDS.sub(b"", part.data).strip(), part.senders), part)
    return list(kept.values())


def _walk_parts(mail: Message, senders: tuple[str, ...]) -> Iterator[tuple[Message, tuple[str, ...]]]:
    """Yield the parts of a mail without sub-parts, each with the senders of the innermost mail around it."""
    if not mail.is_multipart():
        yield mail, senders
        return
    is_envelope = mail.get_content_type() == "message/rfc822"
    for part in mail.get_payload():
        if not isinstance(part, Message):
            raise TypeError
        yield from _walk_parts(part, _read_senders(part) if is_envelope else senders)


def _read_senders(mail: Message) -> tuple[str, ...]:
    """Return the addresses of From."""
    written = getaddresses([str(one) for one in mail.get_all("From", [])])
    return tuple(address for _, one in written if (address := _read_address(one)))


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() in _CALENDAR_TYPES or (part.get_filename() or "").lower().endswith(".ics")


def _decode_content(part: Message) -> bytes:
    """Return the text of a part in UTF-8."""
    charset = part.get_content_charset() or "utf-8"
    if charset.lower() not in CHARSETS:
        raise InvalidValue(f"holds a calendar part that is in {quote_value(charset)}, which is not read; ask for UTF-8")
    try:
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or part.defects:
            raise InvalidValue("holds a calendar part that cannot be decoded; save the mail again as it came")
        return payload.decode(charset).encode()
    except (LookupError, UnicodeError):
        raise InvalidValue(f"holds a calendar part that is not text in {quote_value(charset)}") from None


# iCalendar.


def _read_calendar(
    components: Sequence[Component], place: str, method: str | None, effort: RuleEffort
) -> Iterator[Reply]:
    """Yield the replies in a calendar; raises :class:`InvalidValue` if it is anything else."""
    calendars = [one for one in components if one.name == "VCALENDAR"]
    for calendar in calendars:
        method_name = text_of(calendar, "METHOD").upper() or (method or "").upper()
        if not method_name:
            raise InvalidValue("has no METHOD, so it is an event and no reply; save the reply itself")
        if method_name != "REPLY":
            raise InvalidValue(
                _OTHER_METHODS.get(method_name, f"has the METHOD {quote_value(method_name)} and is not a reply")
            )
    events = [one for one in components if one.name == "VEVENT"]
    if not events:
        raise InvalidValue("is a reply to no event (VEVENT)")
    clocks = Clocks.of(components, effort=effort)
    for event in events:
        yield from _list_answers(event, place, clocks)


def _list_answers(event: Component, place: str, clocks: Clocks) -> Iterator[Reply]:
    """Yield the answers of one reply: that of its attendee and, for a delegate, that of the delegator."""
    attendees = [_Attendee.of(one) for one in all_of(event, "ATTENDEE")]
    sending = {mailbox_of(address) for one in attendees for address in one.sent_by}
    sent = {mailbox_of(address) for one in attendees for address in one.sends}
    own = [set(map(mailbox_of, one.addresses)) for one in attendees]
    linked = [
        bool(one.sends or one.sent_by or boxes & (sending | sent)) for one, boxes in zip(attendees, own, strict=True)
    ]
    if not attendees or (len(attendees) > 1 and not all(linked)):
        raise InvalidValue(f"names {len(attendees)} attendees; a reply is of one")
    named = tuple(address for one in attendees for address in one.everybody)
    if len(named) > REPLY_ADDRESSES:
        raise InvalidValue(f"names {len(named)} addresses; a reply has at most {REPLY_ADDRESSES}")
    reply = replace(_read_reply(event, place, clocks), named=named)
    for one, boxes in zip(attendees, own, strict=True):
        is_delegate = bool(one.sent_by or boxes & sent)
        answer = "DELEGATED" if one.sends or boxes & sending else one.answer
        if answer not in _ANSWERS and not (is_delegate and answer == "NEEDS-ACTION"):
            raise InvalidValue(f"has the answer {quote_value(answer)}; an answer is one of {', '.join(_ANSWERS)}")
        if answer in _ANSWERS:
            yield replace(reply, addresses=one.addresses, answer=answer, is_delegate=is_delegate)
    for address in dict.fromkeys(address for one in attendees for address in one.sent_by):
        if all(mailbox_of(address) not in boxes for boxes in own):
            yield replace(reply, addresses=(address,), answer="DELEGATED")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Attendee:
    """One attendee of a reply: addresses, answer, delegates and delegators."""

    addresses: tuple[str, ...]
    answer: str
    sends: tuple[str, ...]
    sent_by: tuple[str, ...]

    @classmethod
    def of(cls, found: Property) -> _Attendee:
        """Read an ATTENDEE."""
        answer = found.param("PARTSTAT") or "NEEDS-ACTION"
        return cls(
            addresses=_read_addresses([found.value, found.param("EMAIL") or "", *found.param_values("SENT-BY")]),
            answer=answer.partition(";")[0].strip().upper(),  # a parameter without a value may stand behind it
            sends=_read_addresses(found.param_values("DELEGATED-TO")),
            sent_by=_read_addresses(found.param_values("DELEGATED-FROM")),
        )

    @property
    def everybody(self) -> tuple[str, ...]:
        """All addresses in it."""
        return (*self.addresses, *self.sends, *self.sent_by)


def _read_reply(event: Component, place: str, clocks: Clocks) -> Reply:
    """Return the parts of a reply that do not depend on the attendee: the call, its time, and when it was sent."""
    numbers = [integer_of(one) for one in all_of(event, "SEQUENCE")]
    if None in numbers:
        raise InvalidValue("has SEQUENCE that cannot be read")
    uid = text_of(event, "UID")
    if not uid:
        raise InvalidValue("has no UID, so it does not say which call it answers; put the answer into a list")
    start = _read_moment(event, "DTSTART", clocks)
    stamp = _read_moment(event, "DTSTAMP", replace(clocks, floating=UTC_ZONE))
    return Reply(
        place=place,
        uid=uid,
        original=_read_moment(event, "RECURRENCE-ID", clocks),
        is_recurrence=bool(all_of(event, "RECURRENCE-ID")),
        start=start if isinstance(start, datetime) else None,
        addresses=(),
        answer="NEEDS-ACTION",
        sequence=max((number for number in numbers if number is not None), default=0),
        stamp=stamp if isinstance(stamp, datetime) else _LONG_AGO,
    )


def _read_moment(event: Component, name: str, clocks: Clocks) -> datetime | date | None:
    """Return the instant or the day of a property; None if it is unreadable."""
    for found in all_of(event, name)[:1]:
        try:
            read = clocks.moment(found)
        except InvalidValue:
            return None
        return read.instant if isinstance(read, Moment) else read
    return None


def _read_addresses(written: Iterable[str]) -> tuple[str, ...]:
    return tuple(address for one in written if (address := _read_address(one)))


def _read_address(text: str) -> str | None:
    """Return the mail address of a calendar user.

    >>> _read_address("MAILTO:Seat12@Example.ORG")
    'Seat12@example.org'
    """
    scheme, colon, rest = text.strip().partition(":")
    bare = unquote(rest.partition("?")[0]).strip() if colon and scheme.lower() == "mailto" else text.strip()
    local_part, at, _ = bare.rpartition("@")
    return normalize_address(bare) if at and local_part and (not colon or scheme.lower() == "mailto") else None


# What replies say of the plan's calls.


def match_replies(
    replies: Iterable[Reply],
    series: Series,
    calls: Sequence[Call],
    roster: Sequence[Member],
    mistakes: list[Mistake],
    *,
    announced: Iterable[Event] = (),
) -> tuple[Presence, ...]:
    """Return the last answer of each member to each date, by date; ``calls`` are those of ``series``.

    Of several replies of a member to a call, those for its current time take precedence, then the highest SEQUENCE, the
    latest DTSTAMP, and the last one read. ``announced`` are the events of the last announced calendar; a reply without
    a time is for the current one if it has their SEQUENCE.

    Replies to a cancelled call are ignored. If a date has two calls, a yes to either counts. Replies that fit no call
    or no member, come from another member, or are for a member who takes no part, are added to ``mistakes``.
    """
    known, book = _Calls.of(series, calls, announced), AddressBook.of(roster)
    latest: dict[tuple[str, MemberId], _DatedReply] = {}
    for reply in replies:
        try:
            call = known.find(reply)
            if reply.is_delegate and not any(map(book.list_members, reply.addresses)):
                continue
            member = book.find(reply.addresses, call)
            _check_sender(reply, member, book)
            if call.is_held:
                check_presence(member, call)
        except InvalidValue as error:
            mistakes.append(Mistake(place=reply.place, problem=str(error)))
            continue
        standing = _DatedReply(reply=reply, is_earlier=known.is_earlier(reply, call))
        before = latest.get((call.uid, member.id))
        if before is None or before.rank <= standing.rank:
            latest[call.uid, member.id] = standing
    answers: dict[tuple[date, MemberId], Presence] = {}
    for (uid, who), standing in latest.items():
        call = known.by_uid[uid]
        other = answers.get((call.date, who))
        if call.is_held and (other is None or not other.attended):
            answers[call.date, who] = standing.answer(call.date, who)
    return tuple(sorted(answers.values(), key=lambda answer: (answer.date, answer.member)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _DatedReply:
    """A reply, and whether it is to its call before it was changed."""

    reply: Reply
    is_earlier: bool

    @property
    def rank(self) -> tuple[bool, int, datetime]:
        """The sort key of a member's replies to a call; the greatest counts."""
        return not self.is_earlier, self.reply.sequence, self.reply.stamp

    def answer(self, day: date, member: MemberId) -> Presence:
        """Return the attendance of a member at the call of a day."""
        word = self.reply.answer.lower() + (_EARLIER if self.is_earlier else "")
        return Presence(
            date=day, member=member, attended=_ANSWERS[self.reply.answer] and not self.is_earlier, reply=word
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressBook:
    """The members of a roster by address, exact and without regard to case."""

    by_address: Mapping[str, Sequence[Member]]
    by_mailbox: Mapping[str, Sequence[Member]]

    @classmethod
    def of(cls, roster: Iterable[Member]) -> AddressBook:
        """Create the address book of the members with an address."""
        by_address: dict[str, list[Member]] = {}
        by_mailbox: dict[str, list[Member]] = {}
        for member in roster:
            if member.email is not None:
                by_address.setdefault(normalize_address(member.email), []).append(member)
                by_mailbox.setdefault(mailbox_of(member.email), []).append(member)
        return cls(by_address=by_address, by_mailbox=by_mailbox)

    def list_members(self, address: str) -> Sequence[Member]:
        """Return the members with an address; the exact spelling takes precedence over another case."""
        return self.by_address.get(normalize_address(address)) or self.by_mailbox.get(mailbox_of(address), ())

    def find(self, addresses: Iterable[str], call: Call) -> Member:
        """Return the member with the first of these addresses that is known; raises :class:`InvalidValue`.

        Case is ignored unless members differ only in it. If several members have an address, as with successive holders
        of a seat, the result is the one who takes part in ``call``.
        """
        today = partial(civil_date, call.start)
        for address in addresses:
            fits = self.list_members(address)
            if len(fits) > 1:
                fits = [one for one in fits if one.find_zone(today) is not None] or fits
            if len(fits) == 1:
                return fits[0]
            if fits:
                ids = ", ".join(one.id for one in fits[:NAMED]) + (" and others" if len(fits) > NAMED else "")
                raise InvalidValue(f"names the address of {len(fits)} members ({ids}); write the id, in a list")
        raise InvalidValue("names an address that no member has; put it into the roster, or write the id, in a list")


def _check_sender(reply: Reply, member: Member, book: AddressBook) -> None:
    """Raise an error for a reply from the address of a member whom it does not name, as in SENT-BY."""
    if not reply.senders or set(reply.senders) & set(reply.named):
        return
    sending = [one.id for address in reply.senders for one in book.list_members(address)]
    named = {one.id for address in reply.named for one in book.list_members(address)}
    if sending and not named.intersection(sending):
        who = " or ".join(dict.fromkeys(map(repr, sending)))
        problem = f"comes from the address of member {who} and answers for member {member.id!r}"
        raise InvalidValue(f"{problem}, with no SENT-BY that says so; put the answer into a list if it is right")


def find_unknown_senders(replies: Iterable[Reply], roster: Sequence[Member]) -> tuple[str, ...]:
    """Return the files with replies whose mail came from an unknown address, each once."""
    known = {mailbox_of(one.email) for one in roster if one.email is not None}
    strange = (one.place for one in replies if one.senders and known.isdisjoint(map(str.casefold, one.senders)))
    return tuple(dict.fromkeys(strange))


def check_presence(member: Member, call: Call) -> None:
    """Raise :class:`InvalidValue` if a call is before a member joined or after they left."""
    today = partial(civil_date, call.start)
    if member.find_zone(today) is not None:
        return
    day = today(replace(member, joined=None, left=None).find_zone(today) or member.zone)
    local_day = "" if day == call.date else f" ({day} on their clock)"
    if member.joined is not None and day < member.joined:
        why, cure = f"joined on {member.joined} and takes no part before", "joined"
    else:
        why, cure = f"left on {member.left} and takes no part after", "left"
    found = f"found {member.id!r} on {call.date}{local_day}, who {why}"
    raise InvalidValue(f"{found}; correct {cure} in the roster, or leave the answer out")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Calls:
    """The calls to which a reply may belong.

    ``by_start`` gives UIDs by the starts of rule and rotation, ``by_day`` by their days, ``by_clock`` by a zone and the
    day there, ``by_present_start`` by the current starts. ``zones`` are those of ``by_clock``, ``sequences`` those of
    the last announced events.
    """

    series: Series
    by_uid: Mapping[str, Call]
    by_start: Mapping[datetime | None, str]
    by_day: Mapping[date, str]
    by_clock: Mapping[tuple[ZoneName, date], str]
    zones: Sequence[ZoneName]
    by_present_start: Mapping[datetime | None, str]
    sequences: Mapping[Key, int]

    @classmethod
    def of(cls, series: Series, calls: Sequence[Call], announced: Iterable[Event]) -> _Calls:
        """Create the value from the calls of a series."""
        regular = [call for call in unroll_regular(series) if call.turn is not None]
        return cls(
            series=series,
            by_uid={call.uid: call for call in calls},
            by_start={call.start: call.uid for call in regular},
            by_day={call.day: call.uid for call in regular},
            by_clock={(call.zone, call.day): call.uid for call in regular},
            zones=sorted({call.zone for call in regular}),
            by_present_start={call.start: call.uid for call in calls},
            sequences={key: event.sequence for key, event in expand_occurrences(announced).items()},
        )

    def find(self, reply: Reply) -> Call:
        """Return the call of a reply by its UID, or by the UID of a slot and a current or former start of the rule.

        Raises :class:`InvalidValue` if there is none.
        """
        call = self.by_uid.get(reply.uid)
        if call is not None:
            return call
        meeting = self.series.meeting
        own = parse_uid(reply.uid, meeting)
        if own is None or own.slot is None:
            raise InvalidValue(f"is a reply to another event: its UID is not that of a call of {meeting.id!r}")
        if reply.original is None:
            if reply.is_recurrence:
                raise InvalidValue(
                    "names its call by a RECURRENCE-ID on a clock that is not known, or that is not a time"
                )
            raise InvalidValue(
                "answers a whole series and no call (it has no RECURRENCE-ID); put the answers into a list"
            )
        uid = self._find_uid(reply.original)
        if uid is None:
            raise InvalidValue(f"is a reply to {reply.original}, when this plan has no call")
        return self.by_uid[uid]

    def _find_uid(self, original: datetime | date) -> str | None:
        """Return the UID of the call of a day or a start, which the rule may have put at another time of that day."""
        if not isinstance(original, datetime):
            return self.by_day.get(original)
        that_day = (self.by_clock.get((zone, civil_date(original, zone))) for zone in self.zones)
        return self.by_start.get(original) or next(filter(None, that_day), None)

    def is_earlier(self, reply: Reply, call: Call) -> bool:
        """Return whether a reply is to a call before it was changed: by its time, else by its SEQUENCE.

        In a reply to one date of a series, RECURRENCE-ID is the start by the rule even if the call was moved, and
        DTSTART may be that of the first date of the series.
        """
        original = reply.original if isinstance(reply.original, datetime) else None
        hour = reply.start or original
        key: Key = (reply.uid, None)
        if reply.uid != call.uid:
            of_others = {self.by_start.get(reply.start), self.by_present_start.get(reply.start)} - {None, call.uid}
            hour = None if of_others and reply.start != call.start else reply.start
            hour, key = hour or (None if original in self.by_start else original), (reply.uid, original)
        if hour is not None:
            return hour != call.start
        present = self.sequences.get(key)
        return present is not None and reply.sequence < present
