"""The plan of calls in civil time: slots, rotation, phases, exceptions and extra calls.

A slot is a wall-clock time in its anchor zone; there are no instants and no offsets here, and the calls room computes
the calls. Lengths are whole minutes, dates are civil dates in the slot's zone.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from heapq import heappop, heappush
from itertools import islice

from mag_rotation.errors import InvalidSeries, Mistake
from mag_rotation.limits import NAMED
from mag_rotation.places import UTC_ZONE, ZoneName, find_common_zone, zone_name
from mag_rotation.series.checks import (
    check_cancel_note,
    check_hold,
    check_minutes,
    check_taken,
    check_wall_time,
    require,
)
from mag_rotation.series.meeting import (
    COLOR_NAMES,
    ID_PATTERN,
    LONGEST_ID,
    Counting,
    Meeting,
    Numbering,
    NumberStyle,
    Organizer,
    Season,
    check_color,
    check_domain,
    check_meeting_id,
)
from mag_rotation.values import Fact, FactCode

__all__ = [
    "COLOR_NAMES",
    "ID_PATTERN",
    "LONGEST_ID",
    "REPEAT_WORDS",
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
    "Season",
    "Series",
    "Slot",
    "SlotCode",
    "Weekday",
    "check_color",
    "check_domain",
    "check_meeting_id",
    "check_phases",
    "expand_repeat",
    "find_phase",
    "name_slot",
    "order_phases",
]


class Weekday(IntEnum):
    """A weekday, named by the two letters of RFC 5545; Monday is 0."""

    MO, TU, WE, TH, FR, SA, SU = range(7)


class Advance(StrEnum):
    """The rule by which the turn advances to the next slot."""

    CALL = "call"
    """Every planned call takes a turn, cancelled ones too."""
    HELD = "held"
    """A cancelled call passes its turn to the next."""
    WEEK = "week"
    """ISO weeks since the first rule date; weeks without a call take turns."""
    ISO_WEEK = "iso-week"
    """The ISO week number, week 1 taking the first slot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A start time in an anchor zone, optionally on a weekday of its own.

    A slot with a ``weekday`` takes place on that weekday of the rule date's ISO week. ``minutes`` replaces the length
    of phase and meeting.
    """

    at: dt.time
    zone: ZoneName = UTC_ZONE
    label: str | None = None
    weekday: Weekday | None = None
    minutes: int | None = None

    def __post_init__(self) -> None:
        zone_name(self.zone)
        require(check_wall_time(self.at), check_minutes(self.minutes))


class SlotCode(FactCode):
    """Facts that name a slot."""

    SLOT = "slot"


def name_slot(slot: Slot) -> Fact:
    """Return the slot as a figure of other facts; weekday, label and duration (minutes) only if it has them."""
    own = {"weekday": slot.weekday and slot.weekday.name, "label": slot.label, "duration": slot.minutes}
    more = {name: value for name, value in own.items() if value is not None}
    return Fact.of(SlotCode.SLOT, at=f"{slot.at:%H:%M}", zone=slot.zone, **more)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotation:
    """A cycle of slots, in which a slot may appear twice, and the rule by which the turn advances.

    ``start`` is the slot of the first call, counted from 1. Each slot has ``hold`` turns in a row before the next one,
    under every rule of ``advance``. ``taken`` of them are over for the slot ``start`` when the rotation begins.
    """

    slots: tuple[Slot, ...]
    advance: Advance = Advance.CALL
    start: int = 1
    hold: int = 1
    taken: int = 0

    def __post_init__(self) -> None:
        count = len(self.slots)
        require(
            (count > 0, "slots", "found none; a rotation has at least one slot"),
            (
                count == 0 or 1 <= self.start <= count,
                "start",
                f"found {self.start}; the slots are numbered 1 to {count}",
            ),
            check_hold(self.hold),
            check_taken(self.taken, self.hold),
        )

    @property
    def zone(self) -> ZoneName:
        """The anchor zone of all slots; UTC if they differ."""
        return find_common_zone(slot.zone for slot in self.slots)


_REPEATS = {"daily": "FREQ=DAILY", "weekly": "FREQ=WEEKLY", "fortnightly": "FREQ=WEEKLY;INTERVAL=2"}

REPEAT_WORDS = (*_REPEATS, "monthly")
"""The words for common rules."""


def expand_repeat(repeat: str, first: dt.date) -> str:
    """Return the RFC 5545 RRULE that a word such as ``weekly`` means from ``first`` on; a rule is returned as it is.

    ``fortnightly`` is every two weeks. ``monthly`` is the weekday of ``first`` in the same week of each month (first to
    fourth), or the last one of the month if ``first`` is after the fourth.

    >>> expand_repeat("monthly", dt.date(2026, 10, 13)), expand_repeat("monthly", dt.date(2026, 9, 29))
    ('FREQ=MONTHLY;BYDAY=2TU', 'FREQ=MONTHLY;BYDAY=-1TU')
    >>> expand_repeat("FREQ=WEEKLY;BYDAY=MO,TH", dt.date(2026, 10, 12))
    'FREQ=WEEKLY;BYDAY=MO,TH'
    """
    word = repeat.strip().lower()
    if word == "monthly":
        week = (first.day - 1) // 7 + 1
        return f"FREQ=MONTHLY;BYDAY={week if week <= 4 else -1}{Weekday(first.weekday()).name}"
    return _REPEATS.get(word, repeat)


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The rule dates, counted from ``first``.

    ``repeat`` is the body of an RFC 5545 RRULE without COUNT and UNTIL, or a word that :func:`expand_repeat` knows.
    Exactly one of ``until`` (included) and ``count`` (1 or more) ends it. The calls room limits the number of dates.
    """

    first: dt.date
    repeat: str
    until: dt.date | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "repeat", expand_repeat(self.repeat, self.first))
        both = self.until is not None and self.count is not None
        neither = self.until is None and self.count is None
        require(
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
    """An exception: a change of the call of one rule date.

    ``slot`` is a label, or a number counted from 1; the call takes that slot's time, zone and weekday. ``to`` is the
    civil date on which the call takes place. With ``cancel``, the other values say where the call would have been.
    ``cancel_note`` replaces ``note`` while the call is cancelled.
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
    cancel_note: str | None = None

    def __post_init__(self) -> None:
        if self.zone is not None:
            zone_name(self.zone)
        require(
            check_wall_time(self.at),
            check_minutes(self.minutes),
            check_cancel_note(self.cancel_note, cancel=self.cancel),
        )

    @property
    def fixes_start(self) -> bool:
        """Whether the exception determines the hour, whatever the rotation says; ``to`` alone only moves the day."""
        return any(value is not None for value in (self.at, self.zone, self.slot))


@dataclass(frozen=True, kw_only=True, slots=True)
class Extra:
    """A call outside the rule.

    It takes a number unless ``numbered`` is false. With ``takes_turn`` it uses the turn of the next rule call. ``nth``
    counts the extra calls of one date from 1; None means one more than those above it. ``cancel_note`` replaces
    ``note`` while the call is cancelled.
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
    nth: int | None = None
    cancel_note: str | None = None

    def __post_init__(self) -> None:
        zone_name(self.zone)
        counts = self.nth is None or self.nth >= 1
        require(
            check_wall_time(self.at),
            check_minutes(self.minutes),
            (counts, "nth", f"found {self.nth}; write 1 or more"),
            check_cancel_note(self.cancel_note, cancel=self.cancel),
        )


_NO_TURNS = "the phase counts no turns of its own; give it slots or a start"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A named part of the season, ``first`` and ``last`` included; calls belong to it by their rule date.

    If ``calls`` is false, its rule dates have no calls. ``slots`` or ``start`` give it turns of its own. ``repeat``
    gives it dates of its own, counted from ``first`` and read like that of a :class:`Schedule`. ``minutes`` is another
    length. ``hold`` and ``taken`` are those of the phase's own turns. None means inherited.
    """

    name: str
    first: dt.date
    last: dt.date
    calls: bool = True
    minutes: int | None = None
    slots: tuple[Slot, ...] | None = None
    start: int | None = None
    repeat: str | None = None
    hold: int | None = None
    taken: int = 0

    def __post_init__(self) -> None:
        if self.repeat is not None:
            object.__setattr__(self, "repeat", expand_repeat(self.repeat, self.first))
        count = None if self.slots is None else len(self.slots)
        require(
            check_minutes(self.minutes),
            (self.last >= self.first, "to", f"found {self.last}, before from; write {self.first} or a later day"),
            (count != 0, "slots", "found none; leave slots out to inherit the rotation's"),
            (
                self.start is None or (self.start >= 1 and (not count or self.start <= count)),
                "start",
                f"found {self.start}; the slots are numbered 1 to {count or 'the last'}",
            ),
            check_hold(self.hold),
            (self.hold is None or self.has_own_turns, "hold", f"found {self.hold}; {_NO_TURNS}"),
            check_taken(self.taken, self.hold),
            (self.taken == 0 or self.has_own_turns, "taken", f"found {self.taken}; {_NO_TURNS}"),
        )

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    @property
    def has_own_turns(self) -> bool:
        """Whether the phase counts its own turns while those of the rotation wait."""
        return self.slots is not None or self.start is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """All data that determine which calls there are."""

    meeting: Meeting
    schedule: Schedule
    rotation: Rotation
    overrides: tuple[Override, ...] = ()
    extras: tuple[Extra, ...] = ()
    phases: tuple[Phase, ...] = ()
    _ordered: tuple[Phase, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_phases(self.phases, self.rotation)
        object.__setattr__(self, "_ordered", tuple(order_phases(self.phases)))

    def phase_on(self, day: dt.date) -> Phase | None:
        """Return the phase that contains a civil date; None if there is none."""
        return find_phase(self._ordered, day)


def order_phases(phases: Iterable[Phase]) -> list[Phase]:
    """Return the phases by their first days, as :func:`find_phase` needs them."""
    return sorted(phases, key=lambda phase: phase.first)


def find_phase(ordered: Sequence[Phase], day: dt.date) -> Phase | None:
    """Return the phase that contains a civil date, from ``ordered`` phases without overlaps; None if there is none."""
    begun = bisect_right(ordered, day, key=lambda phase: phase.first)
    return ordered[begun - 1] if begun and day in ordered[begun - 1] else None


def check_phases(phases: tuple[Phase, ...], rotation: Rotation | None) -> None:
    """Raise :class:`InvalidSeries` if two phases overlap, or do not fit what they inherit from ``rotation``."""
    mistakes: list[Mistake] = []
    pairs, count = _find_overlaps(phases)
    for one, other in sorted(pairs):
        phase, earlier = phases[one], phases[other]
        problem = f"{phase.first} to {phase.last} overlaps phase {earlier.name!r}, {earlier.first} to {earlier.last}"
        mistakes.append(Mistake(place=f"phases[{one}].from", problem=f"{problem}; phases may not overlap"))
    if count > len(pairs):
        problem = f"found {count - len(pairs)} more overlaps; mend these first, since {NAMED} are named at once"
        mistakes.append(Mistake(place="phases", problem=problem))
    for index, phase in enumerate(phases):
        if rotation is None:
            continue
        if phase.slots is None and phase.start is not None and phase.start > len(rotation.slots):
            problem = f"found {phase.start}; the slots are numbered 1 to {len(rotation.slots)}"
            mistakes.append(Mistake(place=f"phases[{index}].start", problem=problem))
        fits, key, problem = check_taken(phase.taken, phase.hold or rotation.hold)
        if not fits:
            mistakes.append(Mistake(place=f"phases[{index}].{key}", problem=problem))
    if mistakes:
        raise InvalidSeries(mistakes)


def _find_overlaps(phases: Sequence[Phase]) -> tuple[list[tuple[int, int]], int]:
    """Return the first pairs of overlapping phases by index, the higher one first, and the number of all pairs."""
    pairs: list[tuple[int, int]] = []
    running: list[tuple[dt.date, int]] = []  # a heap of those that have begun, by their last days
    count = 0
    for index in sorted(range(len(phases)), key=lambda index: phases[index].first):
        while running and running[0][0] < phases[index].first:
            heappop(running)
        count += len(running)
        few = islice(running, NAMED - len(pairs))
        pairs += ((max(index, other), min(index, other)) for _, other in few)
        heappush(running, (phases[index].last, index))
    return pairs, count
