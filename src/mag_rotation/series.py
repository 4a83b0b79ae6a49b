"""Slots, rotation, phases and changes: what is planned, in civil time only.

Rule 1: no instant and no offset appears here; a slot is a wall-clock time in its anchor zone.
Rule 2: nothing is unrolled here; the call room does that.
Rule 3: lengths are whole minutes, dates are civil dates in the slot's own zone.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from mag_rotation.errors import InvalidSeries, Mistake, quoted
from mag_rotation.roster import UTC_ZONE, ZoneName

__all__ = [
    "ID_PATTERN",
    "LONGEST_ID",
    "Advance",
    "Counting",
    "Extra",
    "Meeting",
    "NumberStyle",
    "Numbering",
    "Organizer",
    "Override",
    "Phase",
    "Rotation",
    "Schedule",
    "Series",
    "Slot",
    "Weekday",
    "check_domain",
    "check_meeting_id",
    "check_phases",
]

LONGEST_ID = 64
"""The most letters of a meeting's id."""

ID_PATTERN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", re.ASCII)
"""What a meeting's id looks like."""

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)


class Weekday(IntEnum):
    """A day of the ISO week by the two letters of RFC 5545, Monday being 0."""

    MO, TU, WE, TH, FR, SA, SU = range(7)


class Advance(StrEnum):
    """The rule by which the turn goes on to the next slot."""

    CALL = "call"
    """Every planned call takes a turn, cancelled ones too."""
    HELD = "held"
    """A cancelled call gives its turn to the next."""
    WEEK = "week"
    """ISO weeks since the first rule date; weeks without a call take turns."""
    ISO_WEEK = "iso-week"
    """The ISO week number, week 1 taking the first slot."""


class NumberStyle(StrEnum):
    """How a call's number is written."""

    ROMAN = "roman"
    ARABIC = "arabic"
    NONE = "none"


class Counting(StrEnum):
    """Which calls take a number."""

    HELD = "held"
    PLANNED = "planned"


def _require(*rules: tuple[bool, str, str]) -> None:
    """Raise one error with every rule ``(holds, place, problem)`` that does not hold."""
    broken = [Mistake(place=place, problem=problem) for holds, place, problem in rules if not holds]
    if broken:
        raise InvalidSeries(broken)


def check_meeting_id(text: str) -> str | None:
    """What would be right instead of ``text`` for the id of a meeting, or None when it is right.

    >>> check_meeting_id("mag2020")
    """
    good = len(text) <= LONGEST_ID and ID_PATTERN.fullmatch(text)
    return (
        None
        if good
        else f"write up to {LONGEST_ID} letters and digits, with hyphens only between them, such as 'mag2020'"
    )


def check_domain(text: str) -> str | None:
    """What would be right instead of ``text`` for the domain of UIDs, or None when it is right.

    >>> check_domain("not a domain")
    "write a DNS name such as 'mag.example.org'"
    """
    labels = text.split(".")
    named = len(labels) > 1 and not labels[-1].isdigit()  # a last label of digits is that of an IP address
    good = named and len(text) <= 253 and all(map(_LABEL.fullmatch, labels))
    return None if good else "write a DNS name such as 'mag.example.org'"


def _lasts(minutes: int | None) -> tuple[bool, str, str]:
    """The rule that a length, where one is given, is a minute or more."""
    return minutes is None or minutes > 0, "duration", f"found {minutes} minutes; a call lasts 1 minute or more"


def _shows(at: dt.time | None) -> tuple[bool, str, str]:
    """The rule that a start, where one is given, is a whole minute of a wall clock."""
    plain = at is None or (at.tzinfo is None and not at.second and not at.microsecond)
    return plain, "at", f"found {at}; a start is wall-clock time in its zone, in whole minutes and without an offset"


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A place on the clock of an anchor zone, perhaps on a weekday of its own.

    A slot with a ``weekday`` is held on that weekday of the rule date's ISO week. ``minutes`` overrules the length
    of phase and meeting.
    """

    at: dt.time
    zone: ZoneName = UTC_ZONE
    label: str | None = None
    weekday: Weekday | None = None
    minutes: int | None = None

    def __post_init__(self) -> None:
        _require(_shows(self.at), _lasts(self.minutes))


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotation:
    """An ordered cycle of slots, in which one may appear twice, and the rule by which the turn advances.

    ``start`` is the slot of the first call, counted from 1.
    """

    slots: tuple[Slot, ...]
    advance: Advance = Advance.CALL
    start: int = 1

    def __post_init__(self) -> None:
        count = len(self.slots)
        _require(
            (count > 0, "slots", "found none; a rotation has at least one slot"),
            (
                count == 0 or 1 <= self.start <= count,
                "start",
                f"found {self.start}; the slots are numbered 1 to {count}",
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The rule dates: the body of an RFC 5545 RRULE without COUNT and UNTIL, counted from ``first``.

    Exactly one of ``until`` (included) and ``count`` (1 rule date or more) ends it; how many dates a series may have
    is for the room that unrolls it.
    """

    first: dt.date
    repeat: str
    until: dt.date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        both = self.until is not None and self.count is not None
        neither = self.until is None and self.count is None
        _require(
            (not both, "until", "found beside count; give one of the two"),
            (not neither, "until", "missing, as is count; give one of the two"),
            (self.count is None or self.count >= 1, "count", f"found {self.count}; a series has 1 rule date or more"),
            (
                self.until is None or self.until >= self.first,
                "until",
                f"found {self.until}, before first; write {self.first} or a later day",
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """A change to the call of one rule date (an exception in the words of a plan).

    ``slot`` is a label or a number counted from 1; it takes that slot's hour, zone and weekday. ``to`` is the civil
    date on which the call is held. A cancelled call changes nothing else but its note.
    """

    date: dt.date
    cancel: bool = False
    minutes: int | None = None
    at: dt.time | None = None
    zone: ZoneName | None = None
    to: dt.date | None = None
    slot: str | int | None = None
    location: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        changes = {
            "duration": self.minutes,
            "at": self.at,
            "zone": self.zone,
            "to": self.to,
            "slot": self.slot,
            "location": self.location,
        }
        idle = [name for name, value in changes.items() if value is not None] if self.cancel else []
        problem = "found beside cancel = true; a cancelled call takes nothing but a note"
        _require(_shows(self.at), _lasts(self.minutes), *((False, name, problem) for name in idle))

    @property
    def fixes_start(self) -> bool:
        """Whether the call starts where the exception says, whatever the rotation gives."""
        return any(value is not None for value in (self.at, self.zone, self.to, self.slot))


@dataclass(frozen=True, kw_only=True, slots=True)
class Extra:
    """A call outside the rule.

    It takes a number unless ``numbered`` is false, and no turn unless ``takes_turn`` is true: then it uses up the
    turn of the next rule call.
    """

    date: dt.date
    at: dt.time
    zone: ZoneName = UTC_ZONE
    minutes: int | None = None
    to: dt.date | None = None
    cancel: bool = False
    note: str | None = None
    location: str | None = None
    numbered: bool = True
    takes_turn: bool = False

    def __post_init__(self) -> None:
        _require(_shows(self.at), _lasts(self.minutes))


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A named stretch of the season, ``first`` and ``last`` included; a call belongs to it by its rule date.

    With ``calls`` false it silences the rule dates inside it. ``slots`` or ``start`` give it turns of its own,
    ``repeat`` dates of its own, ``minutes`` another length; what is None is inherited.
    """

    name: str
    first: dt.date
    last: dt.date
    calls: bool = True
    minutes: int | None = None
    slots: tuple[Slot, ...] | None = None
    start: int | None = None
    repeat: str | None = None

    def __post_init__(self) -> None:
        count = None if self.slots is None else len(self.slots)
        _require(
            _lasts(self.minutes),
            (self.last >= self.first, "to", f"found {self.last}, before from; write {self.first} or a later day"),
            (count != 0, "slots", "found none; leave slots out to inherit the rotation's"),
            (
                self.start is None or (self.start >= 1 and (not count or self.start <= count)),
                "start",
                f"found {self.start}; the slots are numbered 1 to {count or 'the last'}",
            ),
        )

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def has_own_turns(self) -> bool:
        """Whether the phase counts turns of its own, leaving the rotation's where it stands."""
        return self.slots is not None or self.start is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbering:
    """How calls are numbered in the order of their starts."""

    first: int = 1
    style: NumberStyle = NumberStyle.ARABIC
    count: Counting = Counting.HELD

    def __post_init__(self) -> None:
        least = 1 if self.style is NumberStyle.ROMAN else 0
        _require((self.first >= least, "first", f"found {self.first}; {self.style} numbers begin at {least} or later"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Organizer:
    """Who sends the invitations."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """What all calls of a series share. ``minutes``, ``lead`` and ``overrun`` are in minutes.

    ``lead`` is how long before the start one has to be up, ``overrun`` what the chair budgets past the hour. ``id`` and
    ``uid_domain`` are the two sides of every UID: letters, digits and hyphens, and a DNS name.
    """

    id: str
    name: str
    uid_domain: str
    minutes: int
    lead: int = 0
    overrun: int = 0
    location: str | None = None
    url: str | None = None
    description: str | None = None
    organizer: Organizer | None = None
    numbering: Numbering | None = None

    def __post_init__(self) -> None:
        right_id, right_domain = check_meeting_id(self.id), check_domain(self.uid_domain)
        _require(
            (right_id is None, "id", f"found {quoted(self.id)}; {right_id}"),
            (right_domain is None, "uid-domain", f"found {quoted(self.uid_domain)}; {right_domain}"),
            _lasts(self.minutes),
            (self.lead >= 0, "lead", f"found {self.lead}; a lead is 0 minutes or more"),
            (self.overrun >= 0, "overrun", f"found {self.overrun}; an overrun is 0 minutes or more"),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """Everything that decides which calls there are."""

    meeting: Meeting
    schedule: Schedule
    rotation: Rotation
    overrides: tuple[Override, ...] = ()
    extras: tuple[Extra, ...] = ()
    phases: tuple[Phase, ...] = ()

    def __post_init__(self) -> None:
        check_phases(self.phases, len(self.rotation.slots))

    def phase_on(self, day: dt.date) -> Phase | None:
        """The phase that holds a civil date, if any."""
        return next((phase for phase in self.phases if day in phase), None)


def check_phases(phases: tuple[Phase, ...], slots: int) -> None:
    """Raise :class:`InvalidSeries` where two phases overlap or a start exceeds the inherited slots."""
    mistakes: list[Mistake] = []
    for index, phase in enumerate(phases):
        for earlier in phases[:index]:
            if phase.first <= earlier.last and earlier.first <= phase.last:
                problem = (
                    f"{phase.first} to {phase.last} overlaps phase {earlier.name!r}, {earlier.first} to {earlier.last}"
                )
                mistakes.append(Mistake(place=f"phases[{index}].from", problem=f"{problem}; phases may not overlap"))
        if phase.slots is None and phase.start is not None and phase.start > slots:
            problem = f"found {phase.start}; the slots are numbered 1 to {slots}"
            mistakes.append(Mistake(place=f"phases[{index}].start", problem=problem))
    if mistakes:
        raise InvalidSeries(mistakes)
