"""Local times of many starts on many clocks, as integers.

Starts are whole UTC seconds in rising order. Zones with the same offsets over the whole period share one clock.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mag_rotation.errors import InvalidStarts
from mag_rotation.hours import DAY
from mag_rotation.roster import ZoneName
from mag_rotation.zones import OffsetTable, make_offset_table, to_epoch_seconds

__all__ = ["Bools", "Ints", "Span", "Starts", "to_epoch_day"]

Ints = NDArray[np.signedinteger]

Bools = NDArray[np.bool_]

_EPOCH_DAY = date(1970, 1, 1).toordinal()


def to_epoch_day(day: date) -> int:
    """Return a civil date as days since 1970-01-01."""
    return day.toordinal() - _EPOCH_DAY


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Starts:
    """Rising starts with the length of each call, prepared for any number of questions.

    ``seconds`` are UTC seconds since 1970 and ``listed`` the same as a list of integers. ``minute_of_day`` is in UTC.
    ``minutes`` are the lengths, ``longest`` the longest of them. ``whole`` says that all starts are whole minutes.
    """

    seconds: Ints
    second_list: Sequence[int]
    minute_of_day: Ints
    minutes: Ints
    longest: int
    whole: bool

    @classmethod
    def of(cls, starts: Sequence[datetime], minutes: Sequence[int]) -> Starts:
        """Create starts from UTC instants; raises :class:`InvalidStarts` if they do not rise."""
        if len(starts) != len(minutes):
            raise InvalidStarts(
                f"found {len(starts)} starts and {len(minutes)} lengths; give one length for each start"
            )
        seconds = np.floor(to_epoch_seconds(starts)).astype(np.int64)
        falls = np.flatnonzero(np.diff(seconds) < 0)
        if len(falls):
            late, early = starts[falls[0]], starts[falls[0] + 1]
            raise InvalidStarts(f"found {early.isoformat()} after {late.isoformat()}; give the starts in rising order")
        shortest = min(minutes, default=0)
        if shortest < 0:
            raise InvalidStarts(f"found a length of {shortest} minutes; a call lasts 0 minutes or more")
        return cls(
            seconds=seconds,
            second_list=seconds.tolist(),
            minute_of_day=seconds // 60 % DAY,
            minutes=np.array(minutes, dtype=np.int64),
            longest=max(minutes, default=0),
            whole=not np.any(seconds % 60),
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Span:
    """Starts, and the most minutes before and after a call that count for any member."""

    starts: Starts
    before: int
    after: int

    @property
    def seconds(self) -> Ints:
        return self.starts.seconds

    @property
    def minutes(self) -> Ints:
        return self.starts.minutes

    @property
    def longest(self) -> int:
        """The most minutes that one start can take for any member."""
        return self.before + self.starts.longest + self.after

    def clock(self, zone: ZoneName) -> OffsetTable:
        """Return the offsets of a zone from the first minute that counts to the last."""
        if not self.starts.second_list:
            return make_offset_table(zone, 0, 0)
        first, last = self.starts.second_list[0], self.starts.second_list[-1]
        return make_offset_table(zone, first - self.before * 60, last + (self.starts.longest + self.after) * 60)

    def read_minutes(self, clock: OffsetTable) -> Ints:
        """Return the local minute of the day at each start, plus one day: 0 to three days, less one minute.

        The additional day avoids a modulo for each sum, because the tables are three days long.
        """
        if self.starts.whole and not any(offset % 60 for offset in clock.offsets):
            return self.starts.minute_of_day + self._select_current(
                clock, [offset // 60 + DAY for offset in clock.offsets]
            )
        return self.local_minutes(clock) % DAY + DAY

    def local_minutes(self, clock: OffsetTable) -> Ints:
        """Return the local minute at each start, counted from the local 1970-01-01 00:00."""
        return (self.seconds + self._select_current(clock, clock.offsets)) // 60

    def local_days(self, clock: OffsetTable) -> Ints:
        """Return the local civil date at each start, as days since 1970-01-01."""
        return self.local_minutes(clock) // DAY

    def find_touched_days(self, clocks: Iterable[OffsetTable]) -> tuple[int, Bools]:
        """Return the first local day that any member's minutes may touch, and for each day from it whether any may.

        The last day is an additional one that no minute touches.
        """
        offsets = {offset for clock in clocks for offset in clock.offsets}
        if not offsets or not len(self.seconds):
            return 0, np.zeros(1, dtype=np.bool_)
        day = DAY * 60
        lows = (self.seconds + (min(offsets) - self.before * 60)) // day
        highs = (self.seconds + self.minutes * 60 + (max(offsets) + self.after * 60)) // day
        first = int(lows[0])
        count = int(highs.max()) - first + 2
        open_days = np.bincount(lows - first, minlength=count) - np.bincount(highs - first + 1, minlength=count)
        return first, open_days.cumsum() > 0

    def find_changes_inside(self, clock: OffsetTable, lead: int) -> list[int]:
        """Return the indices of the starts with a clock change inside their minutes, ``lead`` included."""
        # Looked up in the list: a clock has a change or two, for which numpy takes longer to begin than this to end.
        found: set[int] = set()
        for at in clock.instants[1:]:
            low = bisect_right(self.starts.second_list, at - (self.starts.longest + self.after) * 60)
            high = bisect_left(self.starts.second_list, at + lead * 60)
            if low < high:
                ends = self.seconds[low:high] + (self.minutes[low:high] + self.after) * 60
                found.update(low + index for index in np.flatnonzero(ends > at).tolist())
        return sorted(found)

    def _select_current(self, clock: OffsetTable, values: Sequence[int]) -> Ints:
        """Return, for each start, the entry of ``values`` for the current UTC offset."""
        edges = [
            0,
            *(bisect_left(self.starts.second_list, at) for at in clock.instants[1:]),
            len(self.starts.second_list),
        ]
        counts = [after - before for before, after in pairwise(edges)]
        return np.array(values, dtype=np.int64).repeat(counts)
