"""The local day: bands, windows and burden curves.

A day has 1,440 minutes on a clock that does not change; the zones room splits days with a clock change first. Windows
include their start and not their end, and may pass midnight. Prices are integers of points per hour, burdens integers
of point-minutes; nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from itertools import accumulate

from mag_rotation.errors import InvalidHours
from mag_rotation.limits import find_nearest
from mag_rotation.values import FrozenDict

__all__ = [
    "BANDS",
    "DAY",
    "DEEP_NIGHT",
    "DEFAULT_CURVE",
    "DEFAULT_NIGHT",
    "Band",
    "Curve",
    "Hours",
    "Window",
    "band_at",
]

DAY = 24 * 60
"""Minutes of a day on a clock that does not change."""


def _are_points(found: object) -> bool:
    return type(found) is int and found >= 0


def minute_of_day(at: time) -> int:
    """Return the minutes since 00:00; seconds are dropped."""
    return at.hour * 60 + at.minute


@dataclass(frozen=True, slots=True)
class Window:
    """A period of the local day; ``start`` is included, ``end`` is not, and equal ends mean the whole day.

    As text, an end at midnight is 24:00.

    >>> night = Window(time(23), time(6))
    >>> time(23) in night, time(6) in night, str(night)
    (True, False, '23:00-06:00')
    >>> str(Window(time(0), time(0)))
    '00:00-24:00'
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        wrong = [str(at) for at in (self.start, self.end) if at.tzinfo or at.second or at.microsecond]
        if wrong:
            raise InvalidHours(f"found {', '.join(wrong)}; a window is cut at whole minutes, without a zone")

    def __contains__(self, at: time) -> bool:
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{f'{self.end:%H:%M}' if minute_of_day(self.end) else '24:00'}"

    @property
    def minutes(self) -> int:
        """The length of the window, 1 to 1,440."""
        return (minute_of_day(self.end) - minute_of_day(self.start)) % DAY or DAY

    def overlap(self, minute: int, length: int) -> int:
        """Return how many of the ``length`` minutes from local ``minute`` of the day are in the window.

        >>> Window(time(23), time(6)).overlap(22 * 60 + 30, 60)
        30
        """
        days, rest = divmod(length, DAY)
        begin = minute_of_day(self.start)
        # Shift the clock so that the window begins at 0 and is one period, which may run into the next day.
        at = (minute - begin) % DAY
        first = max(0, min(at + rest, self.minutes) - at)
        second = max(0, min(at + rest - DAY, self.minutes))
        return days * self.minutes + first + second


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """A named part of the local day."""

    name: str
    window: Window


BANDS = (
    Band(name="night", window=Window(time(23), time(6))),
    Band(name="early", window=Window(time(6), time(8))),
    Band(name="day", window=Window(time(8), time(18))),
    Band(name="evening", window=Window(time(18), time(23))),
)
"""The four fixed parts of the 24 hours, whatever the nights of plans and members are."""

DEFAULT_NIGHT = Window(time(23), time(6))
"""The seven hours of EU 2003/88/EC and ILO C171, as the UK's statutory default places them."""

DEEP_NIGHT = Window(time(2), time(6))
"""The window of circadian low (NASA TM; Hong Kong CAD 371), independent of the members' nights."""


def band_at(at: time) -> Band:
    """Return the band that contains a local time.

    >>> band_at(time(6)).name
    'early'
    """
    return next(band for band in BANDS if at in band.window)


@dataclass(frozen=True, slots=True)
class Curve:
    """Points per hour for each of the 24 local hours, integers of 0 or more.

    >>> Curve((10,) * 24).cost(minute=0, length=60)
    600
    """

    hours: Sequence[int]
    until: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """Point-minutes from 00:00 to each minute of the day, 1,441 values."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", tuple(self.hours))
        if len(self.hours) != 24:
            raise InvalidHours(f"found {len(self.hours)} values; a curve has one for each of the 24 local hours")
        wrong = [str(points) for points in self.hours if not _are_points(points)]
        if wrong:
            raise InvalidHours(f"found {', '.join(wrong)}; points per hour are integers of 0 or more")
        until = tuple(accumulate((self.hours[minute // 60] for minute in range(DAY)), initial=0))
        object.__setattr__(self, "until", until)

    @property
    def dearest(self) -> int:
        """The points per hour of the dearest hour."""
        return max(self.hours)

    def cost(self, minute: int, length: int) -> int:
        """Return the point-minutes of ``length`` minutes from local ``minute`` of the day."""
        days, end = divmod(minute + length, DAY)
        return days * self.until[DAY] + self.until[end] - self.until[minute]


DEFAULT_CURVE = Curve((8, 9, 10, 10, 10, 10, 6, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 4, 5, 7))
"""The default curve, from the legal night to the circadian low: a policy with sources."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """The night, the burden curves and the prices of days off of a plan.

    ``curve`` is the one for members without a curve of their own. ``curves`` always has ``default``, the published
    curve; the name is reserved. ``weekend_points`` and ``holiday_points`` are points per hour that a minute on such a
    day costs in addition to its curve.
    """

    night: Window = DEFAULT_NIGHT
    curve: str = "default"
    curves: Mapping[str, Curve] = field(default_factory=FrozenDict)
    weekend_points: int = 0
    holiday_points: int = 0

    def __post_init__(self) -> None:
        wrong = [str(points) for points in (self.weekend_points, self.holiday_points) if not _are_points(points)]
        if wrong:
            raise InvalidHours(f"found {', '.join(wrong)}; points per hour of a day off are integers of 0 or more")
        if self.curves.get("default", DEFAULT_CURVE) != DEFAULT_CURVE:
            raise InvalidHours("found a curve named 'default'; the name is reserved, give yours another")
        object.__setattr__(self, "curves", FrozenDict({"default": DEFAULT_CURVE} | dict(self.curves)))
        self.curve_of(self.curve)

    def curve_of(self, name: str | None) -> Curve:
        """Return the curve of that name, or the plan's if it is None; raises :class:`InvalidHours` if unknown."""
        wanted = self.curve if name is None else name
        if wanted not in self.curves:
            close = find_nearest(wanted, self.curves, cutoff=0.75)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise InvalidHours(f"found {wanted!r}; {hint}the curves of this plan are {', '.join(sorted(self.curves))}")
        return self.curves[wanted]

    @property
    def charges_days_off(self) -> bool:
        """Whether days off cost anything."""
        return self.weekend_points > 0 or self.holiday_points > 0

    def day_off_points(self, *, weekend: bool, holiday: bool) -> int:
        """Return the additional points per hour of a day; a holiday on a weekend costs what a holiday does.

        >>> Hours(weekend_points=2, holiday_points=5).day_off_points(weekend=True, holiday=True)
        5
        """
        if holiday:
            return self.holiday_points
        return self.weekend_points if weekend else 0
