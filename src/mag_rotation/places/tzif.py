"""Zone rules from TZif bytes (RFC 9636): which offset is in force when, and when it changes.

Instants are whole seconds since 1970-01-01T00:00:00Z; offsets are seconds east of UTC. Type 0 is in force before the
first transition, the footer after the last one (RFC 9636, 3.2 and 3.3); without a footer the last type stays in force.
Malformed data and leap seconds raise :class:`InvalidZoneData`. Nothing here opens a file.
"""

import re
import struct
from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from mag_rotation.errors import InvalidZoneData

DAY = 86_400
HOUR = 3_600

_EPOCH_ORDINAL = 719_162  # days from 0001-01-01 to 1970-01-01
_EPOCH_WEEKDAY = 4  # a Thursday, where Sunday is 0
_DAYS_IN_400_YEARS = 146_097
_MONTH_STARTS = (
    (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365),
    (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366),
)

_MAGIC = b"TZif"
_HEADER = struct.Struct(">4sc15x6L")
_LOCAL_TYPE = struct.Struct(">lBB")
_SHORT, _LONG = 4, 8  # bytes of a time in the first and in the second data block
_OFFSETS = range(-25 * HOUR + 1, 26 * HOUR)  # RFC 9636, 3.2, under utoff

_NAME = r"<[A-Za-z0-9+-]{3,}>|[A-Za-z]{3,}"
_CLOCK = r"[+-]?[0-9]{1,3}(?::[0-5][0-9]){0,2}"
_FOOTER = re.compile(
    rf"(?P<std>{_NAME})(?P<std_offset>{_CLOCK})"
    rf"(?:(?P<dst>{_NAME})(?P<dst_offset>{_CLOCK})?,(?P<starts>[^,]+),(?P<ends>[^,]+))?"
)
_RULE_DAY = re.compile(
    rf"(?:M(?P<month>[0-9]{{1,2}})\.(?P<week>[0-9])\.(?P<weekday>[0-9])|J(?P<julian>[0-9]{{1,3}})|(?P<ordinal>[0-9]{{1,3}}))"
    rf"(?:/(?P<at>{_CLOCK}))?"
)
_MOST_OFFSET_HOURS = 24
_MOST_RULE_HOURS = 167  # RFC 9636, 3.3.2, where POSIX stops at 24
_DEFAULT_RULE_TIME = "2"


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalType:
    """What clocks show: the offset in seconds east of UTC, whether it is summer time, and the abbreviation."""

    offset: int
    dst: bool
    abbreviation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OffsetChange:
    """A change of the offset: ``before`` applies up to the instant ``at``, ``after`` from that second on."""

    at: int
    before: int
    after: int


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthDay:
    """The form ``Mm.w.d``: a weekday (0 is Sunday) in a week (5 is the last) of a month, and seconds past midnight."""

    month: int
    week: int
    weekday: int
    at: int

    def wall(self, year: int) -> int:
        """Return the wall time in ``year``, in seconds since 1970-01-01 00:00 on the same wall clock.

        >>> MonthDay(month=1, week=1, weekday=4, at=-3600).wall(1970)
        -3600
        """
        new_year = _count_days_to(year)
        starts = _MONTH_STARTS[isleap(year)]
        first = new_year + starts[self.month - 1]
        day = first + (self.weekday - first - _EPOCH_WEEKDAY) % 7 + 7 * (self.week - 1)
        if day >= new_year + starts[self.month]:
            day -= 7
        return day * DAY + self.at


@dataclass(frozen=True, kw_only=True, slots=True)
class YearDay:
    """The forms ``Jn`` and ``n``: days after 1 January, and seconds past midnight.

    With ``leap``, 29 February counts (``n``). Without it a day has the same date every year, and ``J1`` is day 0.
    """

    day: int
    leap: bool
    at: int

    def wall(self, year: int) -> int:
        """Return the wall time in ``year``, in seconds since 1970-01-01 00:00 on the same wall clock.

        >>> YearDay(day=59, leap=True, at=0).wall(1972) // 86400, 365 + 365 + 31 + 28  # 29 February
        (789, 789)
        """
        skipped = not self.leap and isleap(year) and self.day >= _MONTH_STARTS[0][2]
        return (_count_days_to(year) + self.day + skipped) * DAY + self.at


RuleDay = MonthDay | YearDay


@dataclass(frozen=True, kw_only=True, slots=True)
class Saving:
    """The part of a footer's year with the other offset: ``starts`` is in standard time, ``ends`` in this one.

    Its offset is lower than the standard one if winter is the exception (Dublin).
    """

    local: LocalType
    starts: RuleDay
    ends: RuleDay


@dataclass(frozen=True, kw_only=True, slots=True)
class Footer:
    """The rule for all later years, created by :func:`read_footer`; ``text`` is the POSIX TZ string."""

    text: str
    standard: LocalType
    saving: Saving | None

    def __hash__(self) -> int:
        """Hash the text alone, which determines everything else and is cheap to hash."""
        return hash(self.text)

    def type_at(self, second: int) -> LocalType:
        """Return the local type in force at ``second``.

        >>> read_footer("CET-1CEST,M3.5.0,M10.5.0/3").type_at(0).abbreviation
        'CET'
        """
        year = _estimate_year(second)
        instants, types = _expand_footer(self, year, year)
        return types[bisect_right(instants, second)]

    def turns(self, start: int, end: int) -> Iterator[tuple[int, LocalType]]:
        """Return every instant from ``start`` (included) to ``end`` at which a local type begins, and that type."""
        instants, types = _expand_footer(self, _estimate_year(start), _estimate_year(end))
        for index in range(bisect_left(instants, start), bisect_left(instants, end)):
            yield instants[index], types[index + 1]


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneRules:
    """The offsets of a zone for all time, created by :func:`read_tzif`.

    ``types[i]`` begins at the UTC second ``instants[i]``; the instants rise strictly. ``first`` applies before them.
    """

    first: LocalType
    instants: tuple[int, ...]
    types: tuple[LocalType, ...]
    footer: Footer | None

    def type_at(self, second: int) -> LocalType:
        """Return the local type in force at ``second``; at a transition's own second this is the new one."""
        instants = self.instants
        if self.footer is not None and (not instants or second >= instants[-1]):
            return self.footer.type_at(second)
        index = bisect_right(instants, second)
        return self.types[index - 1] if index else self.first

    def offset_at(self, second: int) -> int:
        """Return the offset in force at ``second``, in seconds east of UTC.

        >>> kolkata = ZoneRules(
        ...     first=read_footer("IST-5:30").standard, instants=(), types=(), footer=read_footer("IST-5:30"))
        >>> kolkata.offset_at(1_600_000_000)
        19800
        """
        return self.type_at(second).offset

    def changes(self, start: int, end: int) -> tuple[OffsetChange, ...]:
        """Return every change of the offset from ``start`` (included) to ``end`` (not), in order.

        A transition that only alters the abbreviation or the summer flag is not a change.

        >>> footer = read_footer("CET-1CEST,M3.5.0,M10.5.0/3")
        >>> paris = ZoneRules(first=footer.standard, instants=(), types=(), footer=footer)
        >>> paris.changes(1_767_225_600, 1_780_000_000)  # the spring of 2026: 29 March, 01:00 UTC
        (OffsetChange(at=1774746000, before=3600, after=7200),)
        """
        found: list[OffsetChange] = []
        if start < end:
            offset = self.offset_at(start - 1)
            for at, local in self.turns(start, end):
                if local.offset != offset:
                    found.append(OffsetChange(at=at, before=offset, after=local.offset))
                    offset = local.offset
        return tuple(found)

    def turns(self, start: int, end: int) -> Iterator[tuple[int, LocalType]]:
        """Return every instant from ``start`` (included) to ``end`` at which a local type begins, equal ones too."""
        instants, footer = self.instants, self.footer
        for at in instants[bisect_left(instants, start) : bisect_left(instants, end)]:
            yield at, self.type_at(at)  # not types[...], because the last one is the footer's to say
        if footer is not None:
            yield from footer.turns(max(start, instants[-1] + 1) if instants else start, end)


def read_tzif(data: bytes) -> ZoneRules:
    """Read a TZif file of version 2 or later (RFC 9636) from its 64-bit block and its footer.

    Data after the footer are reserved for later versions of the format and ignored.

    >>> read_tzif(b"GIF89a")
    Traceback (most recent call last):
    ...
    mag_rotation.errors.InvalidZoneData: zone data ends at byte 6, inside a header; right would be 44 or more
    """
    counts, position = _read_header(data, 0)
    # the first block says in 32 bits what it can of the second
    counts, position = _read_header(data, position + counts.length(_SHORT))
    return _read_block(data, position, counts)


@lru_cache(maxsize=1_024)
def read_footer(text: str) -> Footer:
    """Parse the POSIX TZ string of a TZif footer, with the wider rule times of RFC 9636, 3.3.2.

    >>> read_footer("IST-2IDT,M3.4.4/26,M10.5.0").saving.starts
    MonthDay(month=3, week=4, weekday=4, at=93600)
    """
    found = _FOOTER.fullmatch(text)
    if found is None:
        raise InvalidZoneData(
            f"footer {text!r} is no POSIX TZ string; right would be 'CET-1CEST,M3.5.0,M10.5.0/3', say"
        )
    # POSIX counts offsets westwards
    offset = -_parse_seconds(found["std_offset"], _MOST_OFFSET_HOURS, text)
    standard = LocalType(offset=offset, dst=False, abbreviation=found["std"].strip("<>"))
    if found["dst"] is None:
        return Footer(text=text, standard=standard, saving=None)
    offset = -_parse_seconds(found["dst_offset"], _MOST_OFFSET_HOURS, text) if found["dst_offset"] else offset + HOUR
    local = LocalType(offset=offset, dst=True, abbreviation=found["dst"].strip("<>"))
    saving = Saving(
        local=local, starts=_parse_rule_day(found["starts"], text), ends=_parse_rule_day(found["ends"], text)
    )
    return Footer(text=text, standard=standard, saving=saving)


class _Counts(NamedTuple):
    """The counts of a TZif header, in the order of the header."""

    ut_marks: int
    standard_marks: int
    leaps: int
    times: int
    types: int
    characters: int

    def length(self, width: int) -> int:
        """Return the bytes of the data block; each time takes ``width`` bytes."""
        types = self.types * _LOCAL_TYPE.size + self.characters
        return self.times * (width + 1) + types + self.leaps * (width + 4) + self.standard_marks + self.ut_marks


def _read_header(data: bytes, position: int) -> tuple[_Counts, int]:
    """Return the counts of the header at ``position``, and where its data block begins."""
    end = position + _HEADER.size
    if len(data) < end:
        raise InvalidZoneData(f"zone data ends at byte {len(data)}, inside a header; right would be {end} or more")
    magic, version, *counts = _HEADER.unpack_from(data, position)
    if magic != _MAGIC:
        raise InvalidZoneData(f"zone data has {magic!r} at byte {position}; right would be {_MAGIC!r}")
    if version < b"2":
        raise InvalidZoneData(
            f"zone data is of version {version!r}, with 32-bit times only; right would be b'2' or later"
        )
    return _Counts._make(counts), end


def _read_block(data: bytes, position: int, counts: _Counts) -> ZoneRules:
    end = position + counts.length(_LONG)
    if len(data) < end:
        raise InvalidZoneData(f"zone data ends at byte {len(data)}; its header promises {end} and a footer")
    if counts.leaps:
        raise InvalidZoneData(f"zone data counts {counts.leaps} leap seconds; right would be a file without them")
    if not counts.types:
        raise InvalidZoneData("zone data has no local time type; right would be one or more")
    instants: tuple[int, ...] = struct.unpack_from(f">{counts.times}q", data, position)
    for early, late in pairwise(instants):
        if early >= late:
            raise InvalidZoneData(f"transition {late} stands after {early}; right would be times that rise strictly")
    position += counts.times * _LONG
    indices = data[position : position + counts.times]
    if indices and max(indices) >= counts.types:
        raise InvalidZoneData(f"a transition names type {max(indices)}; right would be less than {counts.types}")
    position += counts.times
    names = position + counts.types * _LOCAL_TYPE.size
    types = _read_types(data[position:names], data[names : names + counts.characters])
    text = _read_footer_text(data, end)
    return ZoneRules(
        first=types[0],
        instants=instants,
        types=tuple(map(types.__getitem__, indices)),
        footer=read_footer(text) if text else None,
    )


def _read_types(records: bytes, names: bytes) -> list[LocalType]:
    types: list[LocalType] = []
    for offset, dst, at in _LOCAL_TYPE.iter_unpack(records):
        end = names.find(b"\0", at)
        if end < 0:
            raise InvalidZoneData(f"an abbreviation at {at} has no end; right would be a zero in {len(names)} bytes")
        if offset not in _OFFSETS:
            raise InvalidZoneData(f"a local time type is {offset} seconds off; right would be from -25 to 26 hours")
        if dst > 1:
            raise InvalidZoneData(f"a local time type has summer flag {dst}; right would be 0 or 1")
        types.append(LocalType(offset=offset, dst=bool(dst), abbreviation=_decode_ascii(names[at:end], "abbreviation")))
    return types


def _read_footer_text(data: bytes, position: int) -> str:
    end = data.find(b"\n", position + 1)
    if data[position : position + 1] != b"\n" or end < 0:
        raise InvalidZoneData(f"zone data has no footer at byte {position}; right would be a line between two newlines")
    return _decode_ascii(data[position + 1 : end], "footer")


def _decode_ascii(raw: bytes, what: str) -> str:
    if not raw.isascii():
        raise InvalidZoneData(f"{what} {raw!r} is not ASCII; right would be letters, digits and signs")
    return raw.decode("ascii")


def _parse_seconds(clock: str, most_hours: int, footer: str) -> int:
    """Return a signed ``h``, ``h:mm`` or ``h:mm:ss`` in seconds."""
    hours, minutes, seconds = (*map(int, clock.lstrip("+-").split(":")), 0, 0)[:3]
    if hours > most_hours:
        raise InvalidZoneData(f"footer {footer!r} has {clock!r} for a time; right would be {most_hours} hours or less")
    total = hours * HOUR + minutes * 60 + seconds
    return -total if clock.startswith("-") else total


def _parse_rule_day(rule: str, footer: str) -> RuleDay:
    found = _RULE_DAY.fullmatch(rule)
    if found is not None:
        at = _parse_seconds(found["at"] or _DEFAULT_RULE_TIME, _MOST_RULE_HOURS, footer)
        if found["month"]:
            month, week, weekday = int(found["month"]), int(found["week"]), int(found["weekday"])
            if 1 <= month <= 12 and 1 <= week <= 5 and weekday <= 6:
                return MonthDay(month=month, week=week, weekday=weekday, at=at)
        elif found["julian"]:
            if 1 <= (day := int(found["julian"])) <= 365:
                return YearDay(day=day - 1, leap=False, at=at)
        elif (day := int(found["ordinal"])) <= 365:
            return YearDay(day=day, leap=True, at=at)
    right = "M1.1.0 to M12.5.6, J1 to J365 or 0 to 365, perhaps with a /time"
    raise InvalidZoneData(f"footer {footer!r} has {rule!r} for a day; right would be {right}")


def _count_days_to(year: int) -> int:
    """Return the days from 1970-01-01 to 1 January of ``year``."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 - _EPOCH_ORDINAL


def _estimate_year(second: int) -> int:
    """Return the civil year of a UTC second by the mean length of years; near its ends it may be off by one."""
    return (second // DAY + _EPOCH_ORDINAL) * 400 // _DAYS_IN_400_YEARS + 1


@lru_cache(maxsize=8_192)
def _expand_footer(footer: Footer, first: int, last: int) -> tuple[tuple[int, ...], tuple[LocalType, ...]]:
    """Return all transitions of the years ``first`` to ``last``, and the types: one before them, then one each."""
    saving, standard = footer.saving, footer.standard
    if saving is None:
        return (), (standard,)
    turns: list[tuple[int, LocalType]] = []
    # a rule time may lie a week outside its year, and a year here is a rough one: both neighbours have their say
    for year in range(first - 1, last + 2):
        starts = (saving.starts.wall(year) - standard.offset, saving.local)
        ends = (saving.ends.wall(year) - saving.local.offset, standard)
        # south of the equator it is the standard time that lies inside the year
        begin, end = (starts, ends) if starts[0] < ends[0] else (ends, starts)
        if turns and turns[-1][0] >= begin[0]:
            turns[-1] = end  # the stretches of two years meet, as in permanent summer time
        elif begin[0] < end[0]:
            turns += begin, end
    before = standard if turns and turns[0][1] is saving.local else saving.local
    return tuple(at for at, _ in turns), (before, *(local for _, local in turns))
