"""The zones of a plan by the clocks that they keep over a stretch of time.

Rule 1: two zones are alike when their offsets agree from some days before the time asked about to some days after.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from mag_rotation.roster import UTC_ZONE, Member, ZoneName
from mag_rotation.zones import OffsetTable, make_offset_table, resolve, to_epoch_second

__all__ = ["ONE_DAY", "clock_of", "group_by_clock", "list_unique", "takes_part", "to_instant", "to_second"]

ONE_DAY = timedelta(days=1)


def list_unique(zones: Iterable[ZoneName]) -> tuple[ZoneName, ...]:
    """Each zone once, where it first stands."""
    return tuple(dict.fromkeys(zones))


def takes_part(member: Member, first: date, last: date) -> bool:
    """Whether a member has joined and not left on any of these days, stays aside."""
    return (member.joined or first) <= last and (member.left or last) >= first


def to_instant(at: int) -> datetime:
    """The instant of a UTC second.

    >>> to_instant(1_600_200_000).isoformat()
    '2020-09-15T20:00:00+00:00'
    """
    return resolve(datetime(1970, 1, 1) + timedelta(seconds=at), UTC_ZONE).instant  # noqa: DTZ001 - for the door


def to_second(day: date, at: time = time()) -> int:
    """A civil date and time as seconds since 1970-01-01 00:00 of the same clock; in UTC, the UTC second."""
    return to_epoch_second(resolve(datetime.combine(day, at), UTC_ZONE).instant)


def clock_of(zone: ZoneName, first: date, last: date, *, margin: int) -> OffsetTable:
    """The offsets of a zone from ``margin`` days before ``first`` to as many after ``last``."""
    around = timedelta(days=margin)
    return make_offset_table(zone, to_second(first - around), to_second(last + around))


def group_by_clock(
    zones: Iterable[ZoneName], first: date, last: date, *, margin: int
) -> dict[OffsetTable, tuple[ZoneName, ...]]:
    """The zones by the clock they keep, in the order in which they are given.

    >>> names = [ZoneName(name) for name in ("Europe/Rome", "Asia/Tokyo", "Europe/Paris")]
    >>> list(group_by_clock(names, date(2020, 1, 1), date(2020, 12, 31), margin=3).values())
    [('Europe/Rome', 'Europe/Paris'), ('Asia/Tokyo',)]
    """
    clocks: dict[OffsetTable, tuple[ZoneName, ...]] = {}
    for zone in list_unique(zones):
        clock = clock_of(zone, first, last, margin=margin)
        clocks[clock] = (*clocks.get(clock, ()), zone)
    return clocks
