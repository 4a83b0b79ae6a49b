"""Clock changes worked out the slow way: each day of each member asked of the standard library by itself.

Law: nothing here shares code with the library's zones, night or drift; of the library it only reads the values that go
in. Zones are the standard library's, on the files of the tzdata package. It knows no change of a clock, only days.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from twin_night import clock

DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a wall time


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One change: its date, what clocks show before and after in minutes from the slot's date, and whose moved."""

    day: date
    before: int
    after: int
    whose: str


def start_of(day: date, at: time, anchor: str) -> datetime:
    """When the slot starts, in UTC: a repeated time is the first, a skipped one is read by the offset before."""
    return datetime.combine(day, at, clock(anchor)).astimezone(UTC)


def shown(day: date, at: time, anchor: str, zone: str) -> int:
    """The local time of a slot in minutes from 00:00 of its date."""
    there = start_of(day, at, anchor).astimezone(clock(zone)).replace(tzinfo=None)
    return (there - datetime.combine(day, time())) // timedelta(minutes=1)


def _offsets(day: date, at: time, anchor: str, zone: str) -> tuple[timedelta, timedelta]:
    """By how much the anchor's wall time and the member's clock are ahead of UTC."""
    start = start_of(day, at, anchor)
    there = start.astimezone(clock(zone)).replace(tzinfo=None)
    plain = start.replace(tzinfo=None)
    return datetime.combine(day, at) - plain, there - plain


def rows(
    at: time, anchor: str, zone: str, *, first: date, last: date, called: Container[date] = frozenset()
) -> Sequence[Row]:
    """The changes from ``first`` to ``last``; a day unlike both its neighbours counts only where it is ``called``."""
    count = (last - first).days
    every = [first + DAY * index for index in range(-3, count + 4)]
    hours = {day: shown(day, at, anchor, zone) for day in every}
    kept = [
        day
        for day in every
        if day in called or day in {every[0], every[-1]} or hours[day] in {hours[day - DAY], hours[day + DAY]}
    ]
    found = []
    for earlier, day in pairwise(kept):
        if hours[earlier] == hours[day] or not first <= day <= last:
            continue
        old, new = _offsets(earlier, at, anchor, zone), _offsets(day, at, anchor, zone)
        moved = [name for name, one, other in zip(("anchor", "member"), old, new, strict=True) if one != other]
        whose = moved[0] if len(moved) == 1 else "both"
        found.append(Row(day=day, before=hours[earlier], after=hours[day], whose=whose))
    return found


def apart(one: str, other: str, instant: datetime) -> timedelta:
    """How far clocks of one zone are ahead of those of another."""
    walls = [instant.astimezone(clock(zone)).replace(tzinfo=None) for zone in (one, other)]
    return walls[0] - walls[1]
