"""Recurrence rules for given dates: the one rule that covers all of them, and candidates that cover most.

A covering rule has a form that all programs read alike: every so many days or weeks, some weekdays of every so many
weeks, the n-th or last weekday or a day of every so many months. It never uses the 29th to 31st, which not all months
have. Exchange has no other forms (MS-OXOCAL 2.2.1.44.1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import gcd

from mag_rotation.calls import MOST_DATES, check_repeat, expand_rule_dates, monday_of
from mag_rotation.errors import InvalidSeries
from mag_rotation.series import Schedule, Weekday

__all__ = ["CoveringRule", "find_covering_rule", "list_candidate_rules"]

_DAYS = tuple(Weekday.__members__)

_MOST_SPARE = 10
"""The most spare dates of a rule per requested date; a rotation seldom has more slots than this."""


_IN_EVERY_MONTH = 28
"""The last day that all months have. For a later one Exchange takes the last day of a shorter month, other programs
nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CoveringRule:
    """A rule that gives ``count`` dates, of which ``spare`` are not among the requested ones."""

    body: str
    count: int
    spare: tuple[date, ...]


def find_covering_rule(dates: Sequence[date]) -> CoveringRule | None:
    """Return the rule with the fewest spare dates for distinct ``dates`` in order; None if all have too many.

    The first date is the first instance of the rule, the last date the last one.

    >>> tuesdays = [date(2026, 9, 1) + timedelta(weeks=3 * turn) for turn in range(4)]
    >>> find_covering_rule(tuesdays)
    CoveringRule(body='FREQ=WEEKLY;INTERVAL=3', count=4, spare=())
    >>> [str(day) for day in find_covering_rule([*tuesdays, date(2026, 12, 15)]).spare]
    ['2026-11-24']
    """
    best: CoveringRule | None = None
    wanted = set(dates)
    for body, size in _list_exact_rules(dates):
        if size > min((_MOST_SPARE + 1) * len(dates) + 1, MOST_DATES) or check_repeat(body) is not None:
            continue  # dates that lie far apart have no rule that a plan takes
        given = [day.date for day in expand_rule_dates(Schedule(first=dates[0], repeat=body, until=dates[-1]))]
        spare = tuple(day for day in given if day not in wanted)
        if not wanted <= set(given) or len(spare) > _MOST_SPARE * len(dates):
            continue
        if best is None or len(spare) < len(best.spare):
            best = CoveringRule(body=body, count=len(given), spare=spare)
    return best


def _list_exact_rules(dates: Sequence[date]) -> Iterator[tuple[str, int]]:
    """Return rules that may give the dates, the simplest first, each with its approximate number of dates."""
    first, last = dates[0], dates[-1]
    span = (last - first).days
    if span == 0:
        yield "FREQ=WEEKLY", 1
        return
    days = gcd(*((after - before).days for before, after in pairwise(dates)))
    if days % 7 == 0:
        yield _format_rule("WEEKLY", days // 7), span // days + 1
    else:
        yield _format_rule("DAILY", days), span // days + 1
    months = gcd(*(_count_months(after) - _count_months(before) for before, after in pairwise(dates)))
    if months:
        size = (_count_months(last) - _count_months(first)) // months + 1
        yield from ((_format_rule("MONTHLY", months, part), size) for part in _find_common_day(dates))
    weeks = gcd(*((monday_of(after) - monday_of(before)).days // 7 for before, after in pairwise(dates))) or 1
    weekdays = sorted({day.weekday() for day in dates})
    if len(weekdays) > 1:
        part = f"BYDAY={','.join(_DAYS[day] for day in weekdays)}"
        yield _format_rule("WEEKLY", weeks, part), (span // (7 * weeks)) * len(weekdays)


def _find_common_day(dates: Sequence[date]) -> Iterator[str]:
    """Return what the days have in common within their months, if anything."""
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


def _count_months(day: date) -> int:
    return day.year * 12 + day.month


def _format_rule(frequency: str, interval: int, *parts: str) -> str:
    every = (f"INTERVAL={interval}",) if interval > 1 else ()
    return ";".join((f"FREQ={frequency}", *every, *parts))


def list_candidate_rules(dates: Iterable[date]) -> Iterator[tuple[Schedule, tuple[date, ...]]]:
    """Return schedules that give most of the dates, the simplest first, each with its dates.

    A schedule may lack some of the dates and have others. There is at least one if there is a date.
    """
    days = sorted(set(dates))
    if not days:
        return
    seen: set[tuple[date, ...]] = set()
    for first, body, last in _list_likely_rules(days):
        try:
            found = tuple(day.date for day in expand_rule_dates(Schedule(first=first, repeat=body, until=last)))
        except InvalidSeries:
            continue
        if found in seen or len(found) > min(3 * len(days) + 10, MOST_DATES):
            continue
        seen.add(found)
        yield Schedule(first=found[0], repeat=body, until=found[-1]), found


def _list_likely_rules(days: Sequence[date]) -> Iterator[tuple[date, str, date]]:
    """Return rules from a first to a last date that may fit."""
    first, last = days[0], days[-1]
    if len(days) == 1:
        yield first, "FREQ=WEEKLY", last
        return
    exact = find_covering_rule(days)
    if exact is not None:
        yield first, exact.body, last
    yield from _list_weekly_rules(days)
    yield from _list_monthly_rules(days)


def _list_weekly_rules(days: Sequence[date]) -> Iterator[tuple[date, str, date]]:
    """Yield rules with one or several weekdays of every so many weeks."""
    weeks = sorted({monday_of(day) for day in days})
    gaps = [(after - before).days // 7 for before, after in pairwise(weeks)] or [1]
    often = Counter(day.weekday() for day in days).most_common()
    for interval in dict.fromkeys((gcd(*gaps), 1, Counter(gaps).most_common(1)[0][0])):
        every = f";INTERVAL={interval}" if interval > 1 else ""
        for weekday, _ in often:
            shift = timedelta(days=weekday)
            yield weeks[0] + shift, f"FREQ=WEEKLY{every}", weeks[-1] + shift
        regular = sorted(weekday for weekday, count in often if 2 * count >= len(weeks))
        if len(regular) > 1:
            weekdays = ",".join(_DAYS[weekday] for weekday in regular)
            yield days[0], f"FREQ=WEEKLY{every};BYDAY={weekdays}", days[-1]


def _list_monthly_rules(days: Sequence[date]) -> Iterator[tuple[date, str, date]]:
    """Yield rules with a weekday or a day of every so many months."""
    months = sorted({day.replace(day=1) for day in days})
    if 2 * len(months) < len(days) or len(months) < 2:
        return
    gaps = [(after.year - before.year) * 12 + after.month - before.month for before, after in pairwise(months)]
    first, last = months[0], (months[-1] + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    for interval in dict.fromkeys((gcd(*gaps), 1)):
        every = f";INTERVAL={interval}" if interval > 1 else ""
        yield from ((first, f"FREQ=MONTHLY{every};{part}", last) for part in _find_usual_day(days))


def _find_usual_day(days: Sequence[date]) -> Iterator[str]:
    """Return what most days have in common within their months."""
    (ordinal, weekday), _ = Counter(((day.day - 1) // 7 + 1, day.weekday()) for day in days).most_common(1)[0]
    if ordinal < 5:
        yield f"BYDAY={ordinal}{_DAYS[weekday]}"
    yield f"BYDAY=-1{_DAYS[weekday]}"
    yield f"BYMONTHDAY={Counter(day.day for day in days).most_common(1)[0][0]}"
    same = [day.day for day in days if day.weekday() == weekday]
    begin = max(range(1, 26), key=lambda start: (sum(start <= day < start + 7 for day in same), -start))
    yield f"BYDAY={_DAYS[weekday]};BYMONTHDAY={','.join(str(day) for day in range(begin, begin + 7))}"
