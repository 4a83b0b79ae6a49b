"""Zones grouped by their clocks over a period.

Two zones have the same clock if their offsets agree from some days before the period to some days after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mag_rotation.roster import UTC_ZONE, Member, ZoneName
from mag_rotation.zones import OffsetTable, make_offset_table, resolve, to_epoch_second

__all__ = [
    "ONE_DAY",
    "ClockGroup",
    "clock_of",
    "group_by_clock",
    "group_members",
    "list_unique",
    "takes_part",
    "to_instant",
    "to_second",
]

ONE_DAY = timedelta(days=1)


def list_unique(zones: Iterable[ZoneName]) -> tuple[ZoneName, ...]:
    """Return each zone once, in the order of first appearance."""
    return tuple(dict.fromkeys(zones))


def takes_part(member: Member, first: date, last: date) -> bool:
    """Return whether a member has joined and not left on any of these days; stays are ignored."""
    return (member.joined or first) <= last and (member.left or last) >= first


def to_instant(at: int) -> datetime:
    """Return the instant of a UTC second.

    >>> to_instant(1_600_200_000).isoformat()
    '2020-09-15T20:00:00+00:00'
    """
    return resolve(datetime(1970, 1, 1) + timedelta(seconds=at), UTC_ZONE).instant  # noqa: DTZ001 - for the door


def to_second(day: date, at: time = time()) -> int:
    """Return a civil date and time as seconds since 1970-01-01 00:00 of the same clock."""
    return to_epoch_second(resolve(datetime.combine(day, at), UTC_ZONE).instant)


def clock_of(zone: ZoneName, first: date, last: date, *, margin: int) -> OffsetTable:
    """Return the offsets of a zone from ``margin`` days before ``first`` to the same number after ``last``."""
    around = timedelta(days=margin)
    return make_offset_table(zone, to_second(first - around), to_second(last + around))


def group_by_clock(
    zones: Iterable[ZoneName], first: date, last: date, *, margin: int
) -> dict[OffsetTable, tuple[ZoneName, ...]]:
    """Return the zones grouped by clock, in the order in which they are given.

    >>> names = [ZoneName(name) for name in ("Europe/Rome", "Asia/Tokyo", "Europe/Paris")]
    >>> list(group_by_clock(names, date(2020, 1, 1), date(2020, 12, 31), margin=3).values())
    [('Europe/Rome', 'Europe/Paris'), ('Asia/Tokyo',)]
    """
    clocks: dict[OffsetTable, tuple[ZoneName, ...]] = {}
    for zone in list_unique(zones):
        clock = clock_of(zone, first, last, margin=margin)
        clocks[clock] = (*clocks.get(clock, ()), zone)
    return clocks


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockGroup:
    """Zones with the same clock, that of most members first, and how many members live by it."""

    zones: tuple[ZoneName, ...]
    members: int


def group_members(members: Iterable[Member], first: date, last: date) -> tuple[ClockGroup, ...]:
    """Return the members who take part on any of these days by the clocks of their home zones, from west to east.

    >>> zones = ("Europe/Rome", "Asia/Tokyo", "Europe/Paris", "Europe/Paris")
    >>> members = [Member(id=f"m{number}", zone=zone) for number, zone in enumerate(zones)]
    >>> [(group.zones, group.members) for group in group_members(members, date(2020, 1, 1), date(2020, 12, 31))]
    [(('Europe/Paris', 'Europe/Rome'), 3), (('Asia/Tokyo',), 1)]
    """
    sizes = Counter(member.zone for member in members if takes_part(member, first, last))
    zones = sorted(sizes, key=lambda zone: (-sizes[zone], zone))
    groups = group_by_clock(zones, first, last, margin=1)
    found = [
        (clock.offsets, ClockGroup(zones=same, members=sum(sizes[zone] for zone in same)))
        for clock, same in groups.items()
    ]
    return tuple(group for _, group in sorted(found, key=lambda pair: (pair[0], pair[1].zones)))
