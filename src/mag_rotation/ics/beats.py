"""Rules that calls may follow: every so many weeks or days, a weekday of every so many months.

Rule 1: a rule may lack some of the calls and give dates that have none; which one is best is not judged here.
Rule 2: a date is counted once, and the plainest rule comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import gcd

from mag_rotation.calls import MOST_DATES, monday, rule_dates
from mag_rotation.errors import InvalidSeries
from mag_rotation.ics.rules import cover
from mag_rotation.ics.unrolled import ForeignCall
from mag_rotation.series import Schedule, Weekday

__all__ = ["beats"]

_DAYS = tuple(Weekday.__members__)


def beats(calls: Sequence[ForeignCall]) -> Iterator[tuple[Schedule, tuple[date, ...]]]:
    """Schedules that give the dates of most calls, each with its dates; at least one where there is a call."""
    days = sorted({call.date for call in calls})
    if not days:
        return
    seen: set[tuple[date, ...]] = set()
    for first, body, last in _bodies(days):
        try:
            dates = tuple(day.date for day in rule_dates(Schedule(first=first, repeat=body, until=last)))
        except InvalidSeries:
            continue
        if dates in seen or len(dates) > min(3 * len(days) + 10, MOST_DATES):
            continue
        seen.add(dates)
        yield Schedule(first=dates[0], repeat=body, until=dates[-1]), dates


def _bodies(days: Sequence[date]) -> Iterator[tuple[date, str, date]]:
    """Rules from a first to a last date that may fit."""
    first, last = days[0], days[-1]
    if len(days) == 1:
        yield first, "FREQ=WEEKLY", last
        return
    exact = cover(days)
    if exact is not None:
        yield first, exact.body, last
    yield from _weekly(days)
    yield from _monthly(days)


def _weekly(days: Sequence[date]) -> Iterator[tuple[date, str, date]]:
    """One weekday, or several, of every so many weeks."""
    weeks = sorted({monday(day) for day in days})
    gaps = [(after - before).days // 7 for before, after in pairwise(weeks)] or [1]
    often = Counter(day.weekday() for day in days).most_common()
    for interval in dict.fromkeys((gcd(*gaps), 1, Counter(gaps).most_common(1)[0][0])):
        every = f";INTERVAL={interval}" if interval > 1 else ""
        for weekday, _ in often:
            shift = timedelta(days=weekday)
            yield weeks[0] + shift, f"FREQ=WEEKLY{every}", weeks[-1] + shift
        regular = sorted(weekday for weekday, count in often if 2 * count >= len(weeks))
        if len(regular) > 1:
            listed = ",".join(_DAYS[weekday] for weekday in regular)
            yield days[0], f"FREQ=WEEKLY{every};BYDAY={listed}", days[-1]


def _monthly(days: Sequence[date]) -> Iterator[tuple[date, str, date]]:
    """One weekday or day of every so many months."""
    months = sorted({day.replace(day=1) for day in days})
    if 2 * len(months) < len(days) or len(months) < 2:
        return
    gaps = [(after.year - before.year) * 12 + after.month - before.month for before, after in pairwise(months)]
    first, last = months[0], (months[-1] + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    for interval in dict.fromkeys((gcd(*gaps), 1)):
        every = f";INTERVAL={interval}" if interval > 1 else ""
        yield from ((first, f"FREQ=MONTHLY{every};{part}", last) for part in _of_month(days))


def _of_month(days: Sequence[date]) -> Iterator[str]:
    """What most days have in common in their months."""
    (ordinal, weekday), _ = Counter(((day.day - 1) // 7 + 1, day.weekday()) for day in days).most_common(1)[0]
    if ordinal < 5:
        yield f"BYDAY={ordinal}{_DAYS[weekday]}"
    yield f"BYDAY=-1{_DAYS[weekday]}"
    yield f"BYMONTHDAY={Counter(day.day for day in days).most_common(1)[0][0]}"
    same = [day.day for day in days if day.weekday() == weekday]
    begin = max(range(1, 26), key=lambda start: (sum(start <= day < start + 7 for day in same), -start))
    yield f"BYDAY={_DAYS[weekday]};BYMONTHDAY={','.join(str(day) for day in range(begin, begin + 7))}"
