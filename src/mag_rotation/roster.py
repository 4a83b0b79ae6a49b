"""The members of a plan: who they are, where they live and when they take part.

A member holds data only and converts no instant: :meth:`Member.find_zone` takes a function that gives the civil date in
a zone. Members are checked when they are created; names of curves are checked by the plan.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import accumulate

from mag_rotation.errors import InvalidMember, UnknownMember, UnknownZone
from mag_rotation.limits import find_nearest_ids
from mag_rotation.places import UTC_ZONE, ZoneName, zone_name
from mag_rotation.values import FrozenDict, freeze

__all__ = [
    "LOCALE_PATTERN",
    "NO_DAYS_OFF",
    "UTC_ZONE",
    "Attendance",
    "Carried",
    "DaysOff",
    "LocalHours",
    "Member",
    "MemberId",
    "Stay",
    "ZoneName",
    "check_email",
    "check_locale",
    "check_night",
    "check_roster",
    "days_off_of",
    "find_member",
    "find_shared_mailboxes",
    "mailbox_of",
    "normalize_address",
]

MemberId = str
"""The id of a member, unique in its roster."""

LocalHours = tuple[time, time]
"""A period of the local day; the first time is included, the second is not, and it may pass midnight."""

_CLOCKS_APART = 2
"""More days than the dates in two zones ever differ by."""

_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\]+")


def check_email(text: str) -> str | None:
    """Say what would be right instead of the address ``text``; None if it is right.

    >>> check_email("seat12@example.org"), check_email("Seat 12")
    (None, "write an address such as 'seat12@example.org'")
    """
    return None if _EMAIL.fullmatch(text) else "write an address such as 'seat12@example.org'"


def _is_stretch(hours: object) -> bool:
    """Return whether a value is two times of day in whole minutes, without a zone."""
    return (
        isinstance(hours, tuple)
        and len(hours) == 2
        and all(isinstance(at, time) and not (at.tzinfo or at.second or at.microsecond) for at in hours)
    )


def check_night(hours: LocalHours) -> str | None:
    """Say what would be right instead of the night ``hours``; None if they are right.

    >>> check_night((time(22), time(6)))
    """
    whole_day = hours[0] == hours[1]
    return "a night is shorter than a day; write local hours such as '22:00-06:00'" if whole_day else None


LOCALE_PATTERN = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)
"""The form of a language tag (BCP 47): a language and its subtags."""


def check_locale(tag: str) -> str | None:
    """Say what would be right instead of the language tag ``tag``; None if it is right.

    >>> check_locale("pt-BR"), check_locale("Portuguese")
    (None, "write a language tag such as 'fr' or 'pt-BR'")
    """
    return None if LOCALE_PATTERN.fullmatch(tag) else "write a language tag such as 'fr' or 'pt-BR'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stay:
    """A period in which a member lives in another zone.

    ``first`` and ``last`` are civil days of ``zone``, both included.
    """

    first: date
    last: date
    zone: ZoneName

    def __post_init__(self) -> None:
        zone_name(self.zone)
        if self.last < self.first:
            problem = f"a stay from {self.first} ends on {self.last}, before it begins"
            raise InvalidMember(f"{problem}; write {self.first} or a later day")


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A person or a seat that takes part in calls.

    ``weight`` is how many people a seat counts for. ``lead`` is in minutes and replaces the meeting's lead. ``night``
    replaces the plan's night. ``never`` are hours in which the member cannot attend; equal ends mean the whole day.
    ``joined`` and ``left`` are civil days of the member's zone, both included. ``locale`` is the language tag of their
    mails.

    >>> Member(id="au-1", zone="Australia/Brisbane").display_name
    'au-1'
    >>> Member(id="ch-1", zone="Zurich")
    Traceback (most recent call last):
    mag_rotation.errors.UnknownZone: member 'ch-1': 'Zurich' is not the name of a time zone; did you mean Europe/Zurich?
    """

    id: MemberId
    zone: ZoneName
    name: str | None = None
    email: str | None = None
    groups: Mapping[str, str] = field(default_factory=FrozenDict)
    roles: tuple[str, ...] = ()
    weight: int = 1
    curve: str | None = None
    lead: int | None = None
    night: LocalHours | None = None
    never: tuple[LocalHours, ...] = ()
    joined: date | None = None
    left: date | None = None
    stays: tuple[Stay, ...] = ()
    locale: str | None = None
    _ordered: tuple[Stay, ...] = field(init=False, repr=False, compare=False)
    _ends: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", freeze(self.groups))
        ordered = tuple(sorted(self.stays, key=lambda stay: stay.first))
        object.__setattr__(self, "_ordered", ordered)
        object.__setattr__(self, "_ends", tuple(accumulate((stay.last for stay in ordered), max)))
        try:
            zone_name(self.zone)
        except UnknownZone as error:
            raise UnknownZone(error.found, error.suggestions, f"member {self.id!r}", error.problem) from None
        problem = next(self._find_problems(), None)
        if problem:
            raise InvalidMember(f"member {self.id!r} {problem}")

    def _find_problems(self) -> Iterator[str]:
        """Yield what contradicts itself, and what would be right."""
        if not self.id:
            yield "has no id; give each member an id of its own"
        if self.joined and self.left and self.left < self.joined:
            yield f"left on {self.left}, before joining on {self.joined}; write {self.joined} or a later day"
        if self.weight < 0:
            yield f"has weight {self.weight}; a weight is 0 or more"
        if self.lead is not None and self.lead < 0:
            yield f"has a lead of {self.lead} minutes; a lead is 0 or more"
        for hours in (*(() if self.night is None else (self.night,)), *self.never):
            if not _is_stretch(hours):
                yield f"has the hours {hours!r}; write two times of day in whole minutes, such as (time(22), time(6))"
        for right, found in (
            (None if self.night is None else check_night(self.night), "has a night of the whole day"),
            (None if self.email is None else check_email(self.email), f"has the address {self.email!r}"),
            (None if self.locale is None else check_locale(self.locale), f"has the locale {self.locale!r}"),
        ):
            if right:
                yield f"{found}; {right}"
        if len({stay.first for stay in self.stays}) < len(self.stays):
            yield "has two stays from the same day; give each stay a day of its own"

    @property
    def display_name(self) -> str:
        """The name, or the id if there is no name."""
        return self.name or self.id

    @property
    def zones(self) -> frozenset[ZoneName]:
        """Every zone in which the member may live: home and stays."""
        return frozenset({self.zone, *(stay.zone for stay in self.stays)})

    def find_zone(self, today: Callable[[ZoneName], date]) -> ZoneName | None:
        """Return the zone in which the member lives; None if the member takes no part.

        ``today`` gives the civil date in a zone at the instant in question. If two stays include that instant, as on
        the day of a flight east, the one that began later counts.

        >>> home, guest = ZoneName("Asia/Tokyo"), ZoneName("Europe/Paris")
        >>> traveller = Member(id=MemberId("t"), zone=home, left=date(2020, 12, 31), stays=(
        ...     Stay(first=date(2020, 10, 1), last=date(2020, 10, 20), zone=guest),))
        >>> traveller.find_zone(lambda zone: date(2020, 10, 20))
        'Europe/Paris'
        >>> traveller.find_zone(lambda zone: date(2021, 1, 1)) is None
        True
        """
        day = today(self.zone)
        stay = self._find_stay(day, today) if self._ordered else None
        zone = self.zone if stay is None else stay.zone
        day = day if stay is None else today(zone)
        if (self.joined and day < self.joined) or (self.left and day > self.left):
            return None
        return zone

    def _find_stay(self, day: date, today: Callable[[ZoneName], date]) -> Stay | None:
        """Return the latest stay that includes an instant, which is on ``day`` at home."""
        near = day.toordinal()
        begun = bisect_right(self._ordered, near + _CLOCKS_APART, key=lambda stay: stay.first.toordinal())
        for index in reversed(range(begun)):
            if self._ends[index].toordinal() < near - _CLOCKS_APART:
                break
            stay = self._ordered[index]
            if stay.first <= today(stay.zone) <= stay.last:
                return stay
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysOff:
    """The days off of a country: ``weekend`` holds weekdays (Monday is 0), ``holidays`` dates with names.

    >>> emirates = DaysOff(weekend=frozenset({5, 6}), holidays={date(2026, 12, 2): "National Day"})
    >>> emirates.name_of(date(2026, 12, 2)), emirates.name_of(date(2026, 12, 5)), emirates.name_of(date(2026, 12, 4))
    ('National Day', 'weekend', None)
    """

    weekend: frozenset[int]
    holidays: Mapping[date, str] = field(default_factory=FrozenDict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "holidays", freeze(self.holidays))

    def is_weekend(self, day: date) -> bool:
        """Return whether the weekday of ``day`` is part of the weekend."""
        return day.weekday() in self.weekend

    def name_of(self, day: date) -> str | None:
        """Return the name of the holiday on ``day``, else ``weekend``; None if it is a working day."""
        if day in self.holidays:
            return self.holidays[day]
        return "weekend" if self.is_weekend(day) else None


NO_DAYS_OFF: Mapping[str, DaysOff] = FrozenDict()
"""The days off if no country is known."""


def days_off_of(member: Member, days_off: Mapping[str, DaysOff]) -> DaysOff | None:
    """Return the days off of a member's country (the group ``country``), wherever they stay; None if unknown."""
    return days_off.get(member.groups.get("country", ""))


@dataclass(frozen=True, kw_only=True, slots=True)
class Attendance:
    """Whether a member attended the call of a rule date."""

    date: date
    member: MemberId
    attended: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """A member's burden from earlier seasons in point-minutes, with the numbers of night calls and calls."""

    member: MemberId
    burden: int
    night_calls: int
    calls: int


def check_roster(roster: Iterable[Member]) -> tuple[Member, ...]:
    """Return the members unchanged; raises :class:`InvalidMember` if two of them have the same id.

    >>> check_roster([Member(id=MemberId("ann"), zone=UTC_ZONE), Member(id=MemberId("ann"), zone=UTC_ZONE)])
    Traceback (most recent call last):
    mag_rotation.errors.InvalidMember: found more than one member with the id 'ann'; give each an id of its own
    """
    members = tuple(roster)
    if len({member.id for member in members}) < len(members):
        counts = Counter(member.id for member in members)
        ids = ", ".join(repr(member) for member, count in counts.items() if count > 1)
        raise InvalidMember(f"found more than one member with the id {ids}; give each an id of its own")
    return members


def find_member(roster: Iterable[Member], wanted: str) -> Member:
    """Return the member with that id; raises :class:`UnknownMember` with the nearest ids if there is none.

    >>> find_member([Member(id=MemberId("gov-01"), zone=UTC_ZONE)], "gov-1")
    Traceback (most recent call last):
    mag_rotation.errors.UnknownMember: 'gov-1' is not a member of this plan; did you mean gov-01?
    """
    members = {member.id: member for member in roster}
    found = members.get(MemberId(wanted))
    if found is None:
        raise UnknownMember(wanted, find_nearest_ids(wanted, members))
    return found


def normalize_address(address: str) -> str:
    """Return an address with its domain in lower case.

    >>> normalize_address("Seat12@Example.ORG")
    'Seat12@example.org'
    """
    local_part, _, domain = address.rpartition("@")
    return f"{local_part}@{domain.lower()}"


def mailbox_of(address: str) -> str:
    """Return a key that is equal for all spellings of one mailbox: case is ignored.

    >>> mailbox_of("Seat12@Example.ORG") == mailbox_of("seat12@example.org")
    True
    """
    return normalize_address(address).casefold()


def find_shared_mailboxes(
    roster: Iterable[Member], moments: Iterable[Callable[[ZoneName], date]]
) -> tuple[tuple[Member, ...], ...]:
    """Return groups of members who share a mailbox and of whom two take part at the same moment.

    A moment is a function that gives the civil date in a zone, as in :meth:`Member.find_zone`. A member who takes over
    the seat and the address of another does not share them.

    >>> first = Member(id=MemberId("a"), zone=UTC_ZONE, email="seat@example.org", left=date(2026, 3, 3))
    >>> second = Member(id=MemberId("b"), zone=UTC_ZONE, email="Seat@example.org", joined=date(2026, 3, 4))
    >>> both = Member(id=MemberId("c"), zone=UTC_ZONE, email="seat@EXAMPLE.org", left=date(2026, 3, 2))
    >>> shared = find_shared_mailboxes([first, second, both], [lambda _: date(2026, 3, 2)])
    >>> [[one.id for one in group] for group in shared]
    [['a', 'c']]
    """
    groups: dict[str, list[Member]] = {}
    for member in roster:
        if member.email:
            groups.setdefault(mailbox_of(member.email), []).append(member)
    crowded = [group for group in groups.values() if len(group) > 1]
    found: list[set[MemberId]] = [set() for _ in crowded]
    for today in moments if crowded else ():
        for group, ids in zip(crowded, found, strict=True):
            if len(ids) < len(group):
                there = [member.id for member in group if member.find_zone(today) is not None]
                ids.update(there if len(there) > 1 else ())
    return tuple(
        tuple(member for member in group if member.id in ids) for group, ids in zip(crowded, found, strict=True) if ids
    )
