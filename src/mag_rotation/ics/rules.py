"""One rule for the dates of a slot.

Rule 1: a rule is of a kind that all programs read alike: every so many weeks or days, some weekdays of every so many
weeks, the n-th or last weekday or one day of every so many months, never the 29th to 31st, which not all months have.
Nothing else is ever written: Exchange has no other (MS-OXOCAL 2.2.1.44.1), and the Wednesday after the fourth Tuesday
is a Wednesday of every week but those left out.
Rule 2: a rule gives every date asked for, and few others: turns that shift, as after a cancelled call, leave a slot
with the dates of all slots but those of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import gcd

from mag_rotation.calls import MOST_DATES, check_repeat, monday, rule_dates
from mag_rotation.series import Schedule, Weekday

__all__ = ["Cover", "cover"]

_DAYS = tuple(Weekday.__members__)

_MOST_SPARE = 10
"""The most dates that a rule may give for one that was asked for, besides it: more slots than this rotate seldom."""


_IN_EVERY_MONTH = 28
"""The last day that all months have: of a later one Exchange takes the last day of a shorter month, others nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """A rule that gives ``count`` dates, of which ``spare`` were not asked for."""

    body: str
    count: int
    spare: tuple[date, ...]


def cover(dates: Sequence[date]) -> Cover | None:
    """The rule with the fewest spare dates for distinct ``dates`` in order; None when none has few enough.

    The first date is the first instance of the rule, the last date the last one.

    >>> tuesdays = [date(2026, 9, 1) + timedelta(weeks=3 * turn) for turn in range(4)]
    >>> cover(tuesdays)
    Cover(body='FREQ=WEEKLY;INTERVAL=3', count=4, spare=())
    >>> [str(day) for day in cover([*tuesdays, date(2026, 12, 15)]).spare]
    ['2026-11-24']
    """
    best: Cover | None = None
    wanted = set(dates)
    for body, size in _candidates(dates):
        if size > min((_MOST_SPARE + 1) * len(dates) + 1, MOST_DATES) or check_repeat(body) is not None:
            continue  # dates that lie far apart have no rule that a plan takes
        given = [day.date for day in rule_dates(Schedule(first=dates[0], repeat=body, until=dates[-1]))]
        spare = tuple(day for day in given if day not in wanted)
        if not wanted <= set(given) or len(spare) > _MOST_SPARE * len(dates):
            continue
        if best is None or len(spare) < len(best.spare):
            best = Cover(body=body, count=len(given), spare=spare)
    return best


def _candidates(dates: Sequence[date]) -> Iterator[tuple[str, int]]:
    """Rules that may give the dates, the plainest first, each with about how many dates it gives."""
    first, last = dates[0], dates[-1]
    span = (last - first).days
    if span == 0:
        yield "FREQ=WEEKLY", 1
        return
    days = gcd(*((after - before).days for before, after in pairwise(dates)))
    if days % 7 == 0:
        yield _rule("WEEKLY", days // 7), span // days + 1
    else:
        yield _rule("DAILY", days), span // days + 1
    months = gcd(*(_month(after) - _month(before) for before, after in pairwise(dates)))
    if months:
        size = (_month(last) - _month(first)) // months + 1
        yield from ((_rule("MONTHLY", months, part), size) for part in _of_month(dates))
    weeks = gcd(*((monday(after) - monday(before)).days // 7 for before, after in pairwise(dates))) or 1
    weekdays = sorted({day.weekday() for day in dates})
    if len(weekdays) > 1:
        part = f"BYDAY={','.join(_DAYS[day] for day in weekdays)}"
        yield _rule("WEEKLY", weeks, part), (span // (7 * weeks)) * len(weekdays)


def _of_month(dates: Sequence[date]) -> Iterator[str]:
    """What may be common to days in their months."""
    numbers = {day.day for day in dates}
    weekdays = {day.weekday() for day in dates}
    if len(weekdays) == 1:
        name = _DAYS[dates[0].weekday()]
        ordinals = {(day.day - 1) // 7 + 1 for day in dates}
        if len(ordinals) == 1 and max(ordinals) < 5:
            yield f"BYDAY={max(ordinals)}{name}"
        if all((day + timedelta(days=7)).month != day.month for day in dates):
            yield f"BYDAY=-1{name}"
    if len(numbers) == 1 and max(numbers) <= _IN_EVERY_MONTH:
        yield f"BYMONTHDAY={max(numbers)}"


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _rule(frequency: str, interval: int, *parts: str) -> str:
    every = (f"INTERVAL={interval}",) if interval > 1 else ()
    return ";".join((f"FREQ={frequency}", *every, *parts))
