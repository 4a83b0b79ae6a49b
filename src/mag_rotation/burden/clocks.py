"""Many starts read on many clocks at once, as integers.

Rule 1: starts rise and are whole UTC seconds; what goes out are minutes and days of local clocks.
Rule 2: two zones that agree over the whole time asked about are one clock.
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
    """A civil date as days since 1970-01-01."""
    return day.toordinal() - _EPOCH_DAY


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Starts:
    """Rising starts with the length of each call, made ready once for any number of questions.

    ``seconds`` are UTC seconds since 1970 and ``listed`` the same as integers; ``minute_of_day`` is by UTC's clock.
    ``minutes`` are the lengths, ``longest`` the longest of them. ``whole`` says that all starts are on whole minutes.
    """

    seconds: Ints
    listed: Sequence[int]
    minute_of_day: Ints
    minutes: Ints
    longest: int
    whole: bool

    @classmethod
    def of(cls, starts: Sequence[datetime], minutes: Sequence[int]) -> Starts:
        """The starts that are UTC instants; raises :class:`InvalidStarts` where they do not rise."""
        if len(starts) != len(minutes):
            raise InvalidStarts(
                f"found {len(starts)} starts and {len(minutes)} lengths; give one length for each start"
            )
        seconds = np.floor(to_epoch_seconds(starts)).astype(np.int64)
        falls = np.flatnonzero(np.diff(seconds) < 0)
        if len(falls):
            late, early = starts[falls[0]], starts[falls[0] + 1]
            raise InvalidStarts(f"found {early.isoformat()} after {late.isoformat()}; give the starts in rising order")
        if min(minutes, default=0) < 0:
            raise InvalidStarts(f"found a length of {min(minutes)} minutes; a call lasts 0 minutes or more")
        return cls(
            seconds=seconds,
            listed=seconds.tolist(),
            minute_of_day=seconds // 60 % DAY,
            minutes=np.array(minutes, dtype=np.int64),
            longest=max(minutes, default=0),
            whole=not np.any(seconds % 60),
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Span:
    """Starts, and how many minutes before and after a call anybody's minutes reach."""

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
        """The most minutes that one start can come to for anybody."""
        return self.before + self.starts.longest + self.after

    def clock(self, zone: ZoneName) -> OffsetTable:
        """The offsets of a zone from the first minute that counts to the last."""
        if not self.starts.listed:
            return make_offset_table(zone, 0, 0)
        first, last = self.starts.listed[0], self.starts.listed[-1]
        return make_offset_table(zone, first - self.before * 60, last + (self.starts.longest + self.after) * 60)

    def read_minutes(self, clock: OffsetTable) -> Ints:
        """The minute of the local day at each start, plus a day: 0 to three days, less one minute.

        The day on top saves bringing each sum back into the day: tables are three days long instead.
        """
        if self.starts.whole and not any(offset % 60 for offset in clock.offsets):
            return self.starts.minute_of_day + self._select_current(
                clock, [offset // 60 + DAY for offset in clock.offsets]
            )
        return self.local_minutes(clock) % DAY + DAY

    def local_minutes(self, clock: OffsetTable) -> Ints:
        """The local minute at each start, counted from the local 1970-01-01 00:00."""
        return (self.seconds + self._select_current(clock, clock.offsets)) // 60

    def local_days(self, clock: OffsetTable) -> Ints:
        """The local civil date at each start, as days since 1970-01-01."""
        return self.local_minutes(clock) // DAY

    def find_touched_days(self, clocks: Iterable[OffsetTable]) -> tuple[int, Bools]:
        """The first local day that anybody's minutes may touch, and of each day from it on whether any may.

        There is always a day more at the end, which none touches.
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
        """The indices of the starts inside whose minutes, ``lead`` before them included, the clock changes."""
        # Looked up in the list: a clock has a change or two, for which numpy takes longer to begin than this to end.
        found: set[int] = set()
        for at in clock.instants[1:]:
            low = bisect_right(self.starts.listed, at - (self.starts.longest + self.after) * 60)
            high = bisect_left(self.starts.listed, at + lead * 60)
            if low < high:
                ends = self.seconds[low:high] + (self.minutes[low:high] + self.after) * 60
                found.update(low + index for index in np.flatnonzero(ends > at).tolist())
        return sorted(found)

    def _select_current(self, clock: OffsetTable, values: Sequence[int]) -> Ints:
        """At each start, the one of ``values`` that stands where the offset in force does in the clock's."""
        edges = [0, *(bisect_left(self.starts.listed, at) for at in clock.instants[1:]), len(self.starts.listed)]
        counts = [after - before for before, after in pairwise(edges)]
        return np.array(values, dtype=np.int64).repeat(counts)
