"""What is told of clock changes: values only.

Rule 1: minutes are whole, dates are civil dates, instants are in UTC; of two ends of time the first is included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from mag_rotation.calls import Call
from mag_rotation.roster import MemberId, ZoneName
from mag_rotation.series import Slot
from mag_rotation.values import Fact, freeze

__all__ = ["DriftChange", "DriftGap", "DriftReport", "Effect", "LocalHour", "Whose"]


class Whose(StrEnum):
    """Whose clock moved."""

    ANCHOR = "anchor"
    MEMBER = "member"
    BOTH = "both"
    """Both on the same date, and not by as much."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalHour:
    """A local time of day, and the local date less the date of the slot in its own zone."""

    at: time
    day_shift: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a change does to members of one kind: the same lead, night, curve and hours they can never attend.

    ``night_minutes`` and ``burden`` (in point-minutes) are of one call, before and after, lead and overrun counted.
    """

    members: tuple[MemberId, ...]
    night_minutes: tuple[int, int]
    burden: tuple[int, int]
    blocked: tuple[bool, bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftChange:
    """One change of the local hour of one slot, for all members whose clocks agree.

    ``date`` is the first civil date in the anchor zone with the new hour. ``first_call`` is the first call in the slot
    that is held at it; None when the hour changes again, or the time looked at ends, before there is one. ``homes``
    are the members and their home zones, in the order of the roster; ``minutes`` is how much later the local hour is.
    ``slot_number`` counts in the cycle of ``phase`` where that has slots of its own, else in the rotation.
    """

    slot: Slot
    slot_number: int
    phase: str | None
    date: date
    first_call: Call | None
    whose: Whose
    homes: Mapping[MemberId, ZoneName]
    before: LocalHour
    after: LocalHour
    minutes: int
    effects: tuple[Effect, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "homes", freeze(self.homes))

    @property
    def members(self) -> tuple[MemberId, ...]:
        """The ids of those whose hour changes."""
        return tuple(self.homes)

    @property
    def zones(self) -> tuple[ZoneName, ...]:
        """Their home zones, each once."""
        return tuple(dict.fromkeys(self.homes.values()))

    @property
    def enters_night(self) -> tuple[MemberId, ...]:
        """Who is in the night after the change and was not before."""
        return self._list_members(after=True)

    @property
    def leaves_night(self) -> tuple[MemberId, ...]:
        """Who was in the night before the change and is not after."""
        return self._list_members(after=False)

    def _list_members(self, *, after: bool) -> tuple[MemberId, ...]:
        minutes = [(effect, effect.night_minutes if after else effect.night_minutes[::-1]) for effect in self.effects]
        chosen = {id_ for effect, (one, other) in minutes if not one and other for id_ in effect.members}
        return tuple(id_ for id_ in self.members if id_ in chosen)


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftGap:
    """A stretch between two clock changes in which two zones are not as far apart as before and after it.

    ``zones`` are two names; ``same_clock`` are the zones of the plan that keep the clock of the first and of the
    second. ``start`` (included) and ``end`` (not) are the instants of the changes, ``first`` and ``last`` their dates
    where they happened. Minutes say how far the first zone is ahead of the second. ``begun_by`` and ``ended_by``
    are those of the two zones whose clocks changed at the start and at the end. ``calls`` are held inside.
    """

    zones: tuple[ZoneName, ZoneName]
    same_clock: tuple[tuple[ZoneName, ...], tuple[ZoneName, ...]]
    start: datetime
    end: datetime
    first: date
    last: date
    minutes: int
    minutes_before: int
    minutes_after: int
    begun_by: tuple[ZoneName, ...]
    ended_by: tuple[ZoneName, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftReport:
    """All changes by date, slot and zone, and all gaps by start, from ``first`` to ``last``, both included."""

    first: date
    last: date
    changes: tuple[DriftChange, ...]
    gaps: tuple[DriftGap, ...]
    notes: tuple[Fact, ...]
