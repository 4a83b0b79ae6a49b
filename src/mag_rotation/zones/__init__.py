"""Conversion between wall time and instants; no other room does it.

All results are UTC or naive ``datetime`` values, integers or names: no pendulum object leaves this room. Zone rules
come from the ``tzdata`` package, never from the operating system.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cache, lru_cache
from io import BytesIO
from operator import attrgetter
from typing import assert_never

import pendulum

from mag_rotation.errors import InvalidInstant, InvalidValue
from mag_rotation.hours import DAY
from mag_rotation.places import TZDATA_VERSION, ZoneName, load_zone_data, load_zone_rules, zone_name

__all__ = [
    "TZDATA_VERSION",
    "YEARS",
    "Adjustment",
    "Fold",
    "Gap",
    "LocalTime",
    "OffsetTable",
    "ResolvedTime",
    "Stretch",
    "Unique",
    "check_step",
    "civil_date",
    "list_starts",
    "load_zone_rules",
    "make_offset_table",
    "map_wall",
    "parse_instant",
    "resolve",
    "split_stretches",
    "to_epoch_second",
    "to_epoch_seconds",
    "to_local",
    "to_utc",
    "zone_name",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

YEARS = (1900, 2999)
"""The years, both included, of dates and instants; they are far from the limits of ``date`` in any zone."""


_LEAST_STEP = 5
"""The least minutes between two starts of a day."""


class Adjustment(StrEnum):
    """Whether clocks skip (``gap``) or repeat (``fold``) a wall time."""

    GAP = "gap"
    FOLD = "fold"


@dataclass(frozen=True, kw_only=True, slots=True)
class Unique:
    """The wall time occurs once."""

    instant: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """The wall time occurs twice, because clocks went back."""

    earlier: datetime
    later: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """The wall time does not occur, because clocks went forward over it.

    ``earlier`` uses the offset after the change and is before the change; ``later`` uses the offset before the change
    and is after it.
    """

    earlier: datetime
    later: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ResolvedTime:
    """The instant of a wall time, and how a clock change adjusted it, if it did."""

    instant: datetime
    adjusted: Adjustment | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalTime:
    """A naive local date and time, and its offset from UTC in seconds."""

    wall: datetime
    offset: int

    def isoformat(self) -> str:
        """Return the local time in ISO 8601 with its offset; fractions of a second are dropped.

        >>> LocalTime(wall=datetime(2020, 9, 16, 6), offset=36000).isoformat()
        '2020-09-16T06:00:00+10:00'
        """
        return self.wall.replace(tzinfo=timezone(timedelta(seconds=self.offset))).isoformat(timespec="seconds")

    def __str__(self) -> str:
        """Return the local time as people read it.

        >>> str(LocalTime(wall=datetime(2020, 9, 16, 6), offset=20700))
        '2020-09-16 06:00 UTC+05:45'
        """
        return f"{self.wall:%Y-%m-%d %H:%M} {timezone(timedelta(seconds=self.offset))}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """``length`` minutes without a clock change from local ``minute`` of the day, 0 to 1,439."""

    minute: int
    length: int


@cache
def _load_timezone(zone: ZoneName) -> pendulum.Timezone:
    return pendulum.Timezone.from_file(BytesIO(load_zone_data(zone)), key=zone)


def to_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC; a naive one raises :class:`InvalidInstant`.

    >>> to_utc(datetime(2020, 9, 15, 22, tzinfo=timezone(timedelta(hours=2)))).isoformat()
    '2020-09-15T20:00:00+00:00'
    """
    if instant.utcoffset() is None:
        raise InvalidInstant(instant)
    # Counted from a plain datetime, so that a subclass (pendulum's, say) goes in and none comes out.
    return _EPOCH + (instant - _EPOCH)


def map_wall(wall: datetime, zone: ZoneName) -> Unique | Fold | Gap:
    """Return every instant at which clocks in ``zone`` show ``wall``, which must be naive.

    >>> map_wall(datetime(2026, 7, 1, 12), ZoneName("Europe/London")).instant.isoformat()
    '2026-07-01T11:00:00+00:00'
    """
    if wall.tzinfo is not None:
        raise InvalidValue(f"found {wall.isoformat()}; a wall time has neither zone nor offset")
    tz = _load_timezone(zone)
    before = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    after = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)
    if before == after:
        return Unique(instant=before)
    if before < after:
        return Fold(earlier=before, later=after)
    return Gap(earlier=after, later=before)


def resolve(wall: datetime, zone: ZoneName) -> ResolvedTime:
    """Return the instant that ``wall`` means in ``zone`` by RFC 5545.

    A repeated time is the first of the two. A skipped time uses the offset before the gap, which moves it past the gap.

    >>> resolve(datetime(2026, 10, 25, 1, 30), ZoneName("Europe/London")).instant.isoformat()
    '2026-10-25T00:30:00+00:00'
    >>> resolve(datetime(2026, 3, 29, 1, 30), ZoneName("Europe/London")).adjusted
    <Adjustment.GAP: 'gap'>
    """
    match map_wall(wall, zone):
        case Unique(instant=instant):
            return ResolvedTime(instant=instant, adjusted=None)
        case Fold(earlier=earlier):
            return ResolvedTime(instant=earlier, adjusted=Adjustment.FOLD)
        case Gap(later=later):
            return ResolvedTime(instant=later, adjusted=Adjustment.GAP)
        case never:
            assert_never(never)


def to_local(instant: datetime, zone: ZoneName) -> LocalTime:
    """Return the local time in ``zone`` at ``instant``, which must be aware.

    >>> to_local(datetime(2020, 9, 15, 20, tzinfo=UTC), ZoneName("Asia/Kolkata")).isoformat()
    '2020-09-16T01:30:00+05:30'
    """
    return _to_local(to_utc(instant), zone)


# Sessions and calls begin at few instants, and their members live in few zones. The key is the instant in UTC: two
# instants of an hour that a zone repeats are equal as long as they are in that zone.
@lru_cache(maxsize=16_384)
def _to_local(instant: datetime, zone: ZoneName) -> LocalTime:
    there = instant.astimezone(_load_timezone(zone))
    offset = there.utcoffset() or timedelta(0)
    return LocalTime(wall=there.replace(tzinfo=None, fold=0), offset=offset // timedelta(seconds=1))


def civil_date(instant: datetime, zone: ZoneName) -> date:
    """Return the civil date in ``zone`` at ``instant``."""
    return to_local(instant, zone).wall.date()


def check_step(step: int) -> None:
    """Raise :class:`InvalidValue` for minutes between two starts that are no part of a day, or fewer than 5."""
    if step < _LEAST_STEP or DAY % step:
        raise InvalidValue(f"found a step of {step} minutes; give a part of a day from 5 minutes on, such as 30min")


def list_starts(day: date, *, zone: ZoneName, step: int) -> tuple[datetime, ...]:
    """Return the instants of a civil day of ``zone``, ``step`` minutes apart, from its first instant.

    The result is empty for a day that the zone does not have. Raises as :func:`check_step` does.

    >>> len(list_starts(date(2026, 3, 29), zone="Europe/London", step=60))
    23
    """
    check_step(step)
    first, end = (resolve(datetime.combine(each, time()), zone).instant for each in (day, day + timedelta(days=1)))
    pace = timedelta(minutes=step)
    return tuple(first + pace * number for number in range(-((first - end) // pace)))


@dataclass(frozen=True, kw_only=True, slots=True)
class OffsetTable:
    """The offsets of a clock over a period; zones with the same clock have equal tables.

    ``offsets[i]`` is in force from the UTC second ``instants[i]`` until ``instants[i + 1]``. The first instant is the
    beginning of the period.
    """

    instants: tuple[int, ...]
    offsets: tuple[int, ...]

    def split(self, second: int, minutes: int) -> Iterator[tuple[int, int]]:
        """Split the ``minutes`` of elapsed time from a UTC second at the clock changes.

        Each piece is its first local minute, counted from the local 1970-01-01 00:00, and its length in minutes. The
        local time of a minute is that of its first second.
        """
        # A change counts from the first minute that begins at or after it: ceiling division.
        cuts = (-((second - at) // 60) for at in self.instants[1:])
        edges = sorted({0, minutes, *(cut for cut in cuts if 0 < cut < minutes)})
        for begin, end in itertools.pairwise(edges):
            at = second + begin * 60
            offset = self.offsets[max(bisect_right(self.instants, at) - 1, 0)]
            yield (at + offset) // 60, end - begin


@lru_cache(maxsize=4_096)
def make_offset_table(zone: ZoneName, first: int, last: int) -> OffsetTable:
    """Return the offsets of a zone from the UTC second ``first`` to ``last``.

    >>> make_offset_table(ZoneName("Europe/London"), 1_774_000_000, 1_775_000_000)
    OffsetTable(instants=(1774000000, 1774746000), offsets=(0, 3600))
    """
    rules = load_zone_rules(zone)
    changes = rules.changes(first + 1, last + 1)
    return OffsetTable(
        instants=(first, *(change.at for change in changes)),
        offsets=(rules.offset_at(first), *(change.after for change in changes)),
    )


def split_stretches(start: datetime, minutes: int, zone: ZoneName) -> tuple[Stretch, ...]:
    """Split the ``minutes`` of elapsed time from ``start`` where clocks in ``zone`` change.

    The local time of a minute is that of its first second; the lengths add up to ``minutes``.

    >>> split_stretches(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 60, ZoneName("Europe/London"))
    (Stretch(minute=30, length=30), Stretch(minute=120, length=30))
    """
    return _split_stretches(to_epoch_second(start), minutes, zone)


@lru_cache(maxsize=16_384)
def _split_stretches(first: int, minutes: int, zone: ZoneName) -> tuple[Stretch, ...]:
    pieces = make_offset_table(zone, first, first + minutes * 60).split(first, minutes)
    return tuple(Stretch(minute=minute % DAY, length=length) for minute, length in pieces)


def to_epoch_second(instant: datetime) -> int:
    """Return an instant as whole seconds since 1970-01-01T00:00Z; fractions are dropped."""
    return (to_utc(instant) - _EPOCH) // timedelta(seconds=1)


def to_epoch_seconds(instants: Sequence[datetime]) -> list[float]:
    """Return instants as seconds since 1970-01-01T00:00Z with fractions; a naive one raises :class:`InvalidInstant`.

    >>> to_epoch_seconds([datetime(2020, 9, 15, 20, tzinfo=UTC)])
    [1600200000.0]
    """
    if None in set(map(attrgetter("tzinfo"), instants)):  # timestamp() would read it by the machine's own zone
        raise InvalidInstant(next(instant for instant in instants if instant.tzinfo is None))
    return list(map(datetime.timestamp, instants))


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_INSTANT = re.compile(
    r"""(?: (?P<weekday>[A-Za-z]{3,9}) [.,]? \s+ )?
    (?P<date> \d{4}-\d\d-\d\d | \d{8} | \d{4}-?W\d\d-?\d )
    (?: (?:T|\s+) (?P<clock> \d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)? | \d\d(?:\d\d(?:\d\d)?)? ) (?![\d.:]) )?
    \s* (?P<rest>.*)""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_OFFSET = re.compile(r"[+-]\d\d(?::?\d\d(?::?\d\d)?)?", re.ASCII)
_NAMED_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])(\d{1,2})(?::?(\d\d))?", re.ASCII | re.IGNORECASE)
_TWELVE_HOURS = re.compile(r"(\d{1,2})?(?:[:.](\d\d))?\s*([ap])\.?m\b\.?", re.ASCII | re.IGNORECASE)


def parse_instant(text: str) -> datetime:
    """Return the UTC instant of a text: a date, a time, and an offset, ``Z`` or a zone name.

    A weekday may precede the date and must be right. Repeated and skipped wall times are read like in :func:`resolve`.
    Raises :class:`InvalidInstant` if the text is not an instant, :class:`UnknownZone` for an unknown zone, and
    :class:`InvalidValue` for a year outside :data:`YEARS`.

    >>> parse_instant("2020-09-15T22:00+02:00").isoformat()
    '2020-09-15T20:00:00+00:00'
    >>> parse_instant("2020-09-15 22:00 Europe/Zurich") == parse_instant("Tue 2020-09-15 20:00 UTC")
    True
    """
    match = _INSTANT.fullmatch(text.strip().replace("\u2212", "-"))
    if match is None:
        raise InvalidInstant(text)
    day, clock, rest = match["date"], match["clock"], match["rest"]
    if half := _TWELVE_HOURS.match(f"{clock or ''}{rest}"):
        raise InvalidInstant(text, _explain_24_hours(half))
    if clock is None:
        right = f"'{day} 20:00 {rest}'" if rest else f"{day}T00:00Z"
        lacking = f"has no hour; write one, as in {right}"
        is_zone = not rest or (rest[0].isalpha() and not any(map(str.isdigit, rest)))
        raise InvalidInstant(text, lacking if is_zone else None)
    try:
        wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock.zfill(5) if ":" in clock else clock))
    except ValueError:
        raise InvalidInstant(text, "names a day or an hour that does not exist") from None
    if not YEARS[0] <= wall.year <= YEARS[1]:
        raise InvalidValue(f"found {text!r}; write an instant from the year {YEARS[0]} to {YEARS[1]}")
    _check_weekday(text, match["weekday"], wall.date())
    if not rest:
        raise InvalidInstant(text, f"has no time zone; add one, as in '{day} {wall:%H:%M} UTC'")
    return _resolve_instant(wall, rest, text)


def _explain_24_hours(half: re.Match[str]) -> str:
    """Say what would be right instead of a time on the 12-hour clock."""
    hour, minute = int(half[1] or 12) % 12 + 12 * (half[3] in "pP"), half[2] or "00"
    return f"is not by the 24-hour clock; write {hour:02}:{minute} for {half[0].strip()}"


def _check_weekday(text: str, found: str | None, day: date) -> None:
    """Raise :class:`InvalidInstant` if the weekday is not that of the date."""
    right = _WEEKDAYS[day.weekday()]
    if found is None or right.casefold().startswith(found.casefold()):
        return
    wrong = any(name.casefold().startswith(found.casefold()) for name in _WEEKDAYS)
    raise InvalidInstant(text, f"names the wrong weekday: {day} is a {right}" if wrong else None)


def _resolve_instant(wall: datetime, zone: str, text: str) -> datetime:
    """Return the instant of a wall time with ``Z``, an offset or a zone; ``text`` is the complete input."""
    if zone.casefold() in {"z", "utc"}:
        return wall.replace(tzinfo=UTC)
    if named := _NAMED_OFFSET.fullmatch(zone):
        offset = f"{named[1]}{named[2].zfill(2)}:{named[3] or '00'}"
        raise InvalidInstant(text, f"names an offset as a zone; write '{wall:%Y-%m-%d %H:%M}{offset}'")
    if offset_found := _OFFSET.match(zone):
        if offset_found.end() < len(zone):
            raise InvalidInstant(text, "has an offset and more behind it; write either an offset or the name of a zone")
        try:
            return to_utc(datetime.fromisoformat(f"{wall.isoformat()}{zone}"))
        except ValueError:
            raise InvalidInstant(text) from None
    return resolve(wall, zone_name(zone)).instant
