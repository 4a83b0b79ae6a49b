"""Many starts read on many clocks at once, as integers.

Rule 1: starts rise and are whole UTC seconds; what goes out are minutes and days of local clocks.
Rule 2: two zones that agree over the whole time asked about are one clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mag_rotation.hours import DAY
from mag_rotation.roster import ZoneName
from mag_rotation.zones import OffsetTable, epoch_seconds, offset_table

__all__ = ["Ints", "Span", "day_number"]

Ints = NDArray[np.signedinteger]

_EPOCH_DAY = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """A civil date as days since 1970-01-01."""
    return day.toordinal() - _EPOCH_DAY


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Span:
    """Rising starts with the length of each call, and how far before and after a call anybody's minutes reach.

    ``seconds`` are UTC seconds since 1970, ``minute_of_day`` the same by UTC's clock; the others are in minutes.
    """

    seconds: Ints
    minutes: Ints
    minute_of_day: Ints
    before: int
    after: int

    @classmethod
    def of(cls, starts: Sequence[datetime], minutes: Sequence[int], *, before: int, after: int) -> Span:
        """The span of starts that are UTC instants; raises :class:`ValueError` where they do not rise."""
        seconds = np.array(epoch_seconds(starts), dtype=np.int64)
        if np.any(np.diff(seconds) < 0):
            raise ValueError("found starts that do not rise; sort them first")
        return cls(
            seconds=seconds,
            minutes=np.array(minutes, dtype=np.int64),
            minute_of_day=seconds // 60 % DAY,
            before=before,
            after=after,
        )

    @property
    def days(self) -> int:
        """The most civil days of 24 hours that the minutes of one start fill, begun ones counted whole."""
        return -(-(self.before + int(self.minutes.max(initial=0)) + self.after) // DAY)

    def clock(self, zone: ZoneName) -> OffsetTable:
        """The offsets of a zone from the first minute that counts to the last."""
        if not len(self.seconds):
            return offset_table(zone, 0, 0)
        reach = (int(self.minutes.max()) + self.after) * 60
        return offset_table(zone, int(self.seconds[0]) - self.before * 60, int(self.seconds[-1]) + reach)

    def readings(self, clock: OffsetTable) -> Ints:
        """The minute of the local day at each start, plus a day: 0 to three days, less one minute.

        The day on top saves bringing each sum back into the day: tables are three days long instead.
        """
        if any(offset % 60 for offset in clock.offsets) or np.any(self.seconds % 60):
            return (self.seconds + self._offsets(clock)) // 60 % DAY + DAY
        return self.minute_of_day + self._offsets(clock) // 60 + DAY

    def local_days(self, clock: OffsetTable) -> Ints:
        """The local civil date at each start, as days since 1970-01-01."""
        return (self.seconds + self._offsets(clock)) // (DAY * 60)

    def changes_inside(self, clock: OffsetTable, lead: int) -> list[int]:
        """The indices of the starts inside whose minutes, ``lead`` before them included, the clock changes."""
        if len(clock.instants) == 1:
            return []
        changes = np.array(clock.instants[1:], dtype=np.int64)
        longest = (int(self.minutes.max(initial=0)) + self.after) * 60
        lows = self.seconds.searchsorted(changes - longest, side="right").tolist()
        highs = self.seconds.searchsorted(changes + lead * 60).tolist()
        found: set[int] = set()
        for at, low, high in zip(clock.instants[1:], lows, highs, strict=True):
            ends = self.seconds[low:high] + (self.minutes[low:high] + self.after) * 60
            found.update(low + index for index in np.flatnonzero(ends > at).tolist())
        return sorted(found)

    def _offsets(self, clock: OffsetTable) -> Ints:
        """The offset in force at each start, in seconds."""
        edges = [
            0,
            *self.seconds.searchsorted(np.array(clock.instants[1:], dtype=np.int64)).tolist(),
            len(self.seconds),
        ]
        counts = [after - before for before, after in pairwise(edges)]
        return np.array(clock.offsets, dtype=np.int64).repeat(counts)
