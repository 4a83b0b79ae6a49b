"""The values of a drift report.

Minutes are whole, dates are civil dates, and instants are in UTC; a start is included, an end is not.
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
    """Whose clock changed."""

    ANCHOR = "anchor"
    MEMBER = "member"
    BOTH = "both"
    """Both on the same date, by different amounts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalHour:
    """A local time of day, and its date less the date of the slot in its own zone."""

    at: time
    day_shift: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """The effect of a change on members with the same lead, night, curve and ``never`` hours.

    ``night_minutes`` and ``burden`` (in point-minutes) are those of one call before and after, lead and overrun
    included.
    """

    members: tuple[MemberId, ...]
    night_minutes: tuple[int, int]
    burden: tuple[int, int]
    blocked: tuple[bool, bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftChange:
    """One change of the local time of one slot, for all members with the same clock.

    ``date`` is the first civil date in the anchor zone with the new time. ``first_call`` is the first held call in the
    slot at it; None if the time changes again, or the period ends, before there is one. ``homes`` gives members and
    their home zones, in the order of the roster. ``minutes`` is how much later the local time is. ``slot_number``
    counts in the cycle of ``phase`` if that has its own slots, else in the rotation.
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
        """The ids of the members whose time changes."""
        return tuple(self.homes)

    @property
    def zones(self) -> tuple[ZoneName, ...]:
        """Their home zones, without repetition."""
        return tuple(dict.fromkeys(self.homes.values()))

    @property
    def enters_night(self) -> tuple[MemberId, ...]:
        """The ids of the members who are in the night after the change but not before."""
        return self._list_members(after=True)

    @property
    def leaves_night(self) -> tuple[MemberId, ...]:
        """The ids of the members who are in the night before the change but not after."""
        return self._list_members(after=False)

    def _list_members(self, *, after: bool) -> tuple[MemberId, ...]:
        minutes = [(effect, effect.night_minutes if after else effect.night_minutes[::-1]) for effect in self.effects]
        chosen = {id_ for effect, (one, other) in minutes if not one and other for id_ in effect.members}
        return tuple(id_ for id_ in self.members if id_ in chosen)


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftGap:
    """A period between two clock changes in which the difference of two zones is another than before and after.

    ``zones`` are two names; ``same_clock`` are the zones of the plan with the clock of the first and of the second.
    ``start`` (included) and ``end`` (not) are the instants of the changes, ``first`` and ``last`` their local dates.
    Minutes say how far the first zone is ahead of the second. ``begun_by`` and ``ended_by`` are those of the two zones
    whose clocks changed at the start and at the end. ``calls`` are the calls during the gap.
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
    """The changes by date, slot and zone, and the gaps by start, from ``first`` to ``last``, both included."""

    first: date
    last: date
    changes: tuple[DriftChange, ...]
    gaps: tuple[DriftGap, ...]
    notes: tuple[Fact, ...]
