"""The prices of days off, by country.

Prices are points per hour for a whole civil day of a local clock; days count from 1970-01-01. Days that no start
touches have no price, so that countries without a difference share one value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from mag_rotation.burden.starts import Bools, Ints, Span, to_epoch_day
from mag_rotation.hours import DAY, Hours
from mag_rotation.roster import DaysOff
from mag_rotation.zones import OffsetTable

__all__ = ["DayPrices", "make_day_prices"]

_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday, where Monday is 0."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DayPrices:
    """Points per hour of each day from ``first`` on, and the point-minutes of all days before each.

    Equal prices are one object, so that members of two countries can be compared by identity.
    """

    first: int
    points: Ints
    before: Ints

    @property
    def peak(self) -> int:
        """The highest price of a minute."""
        return int(self.points.max(initial=0))

    def cost(self, begin: Ints, end: Ints) -> Ints:
        """Return the point-minutes from one local minute to another, both counted from 1970-01-01 00:00."""
        return self._points_until(end) - self._points_until(begin)

    def _points_until(self, minute: Ints) -> Ints:
        days, rest = np.divmod(minute - self.first * DAY, DAY)
        return self.before.take(days) + self.points.take(days) * rest


def make_day_prices(
    days_off: Mapping[str, DaysOff], *, span: Span, clocks: Iterable[OffsetTable], hours: Hours
) -> dict[str, DayPrices]:
    """Return the prices of the days that the starts touch, by country; countries without any price are left out."""
    if not days_off or not hours.charges_days_off:
        return {}
    first, touched = span.find_touched_days(clocks)
    known: dict[bytes, DayPrices] = {}
    found = {}
    for country, off in days_off.items():
        points = _list_points(off, first, touched, hours)
        if points.any():
            before = np.concatenate(([0], points[:-1] * DAY)).cumsum()
            prices = DayPrices(first=first, points=points, before=before)
            found[country] = known.setdefault(points.tobytes(), prices)
    return found


def _list_points(off: DaysOff, first: int, touched: Bools, hours: Hours) -> Ints:
    """Return the points per hour of each day from ``first`` on, 0 for days that are not touched."""
    week = [hours.day_off_points(weekend=weekday in off.weekend, holiday=False) for weekday in range(7)]
    days = np.arange(first, first + len(touched))
    points = np.array(week, dtype=np.int64).take((days + _EPOCH_WEEKDAY) % 7)
    places = [to_epoch_day(day) - first for day in off.holidays]
    points[[place for place in places if 0 <= place < len(points)]] = hours.day_off_points(weekend=False, holiday=True)
    return points * touched
