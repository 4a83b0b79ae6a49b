"""The rule dates of a series: the civil dates that its rule and its phases give.

Dates are counted from the rule's anchor. dateutil receives naive midnights; none of its objects leaves this module.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time
from itertools import islice
from typing import cast

from dateutil.rrule import rrule, rrulestr

from mag_rotation.errors import InvalidSeries, Mistake, quote_value
from mag_rotation.limits import NAMED_RULES
from mag_rotation.series import Override, Phase, Schedule, Weekday, find_phase, order_phases
from mag_rotation.zones import YEARS

__all__ = [
    "MOST_DATES",
    "RuleDate",
    "check_repeat",
    "expand_rule_dates",
    "find_exception_mistakes",
    "find_first_rule_date",
    "find_next_rule_date",
]

MOST_DATES = 10_000
"""The most rule dates that a plan may have."""

_PERIOD = 400
"""The years after which the calendar repeats, weekdays and ISO weeks included."""

_WEEKDAYS_OF_MONTH = 5
"""How often a weekday may fall into one month; dateutil fails on larger numbers."""

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAYS = tuple(Weekday.__members__)


def _describe_range(low: int, high: int, *, signed: bool = False) -> tuple[frozenset[str], str]:
    """Return the values that a part of a rule may list, and their description."""
    values = {str(number) for number in range(low, high + 1)} | {
        f"+{number}" for number in range(low, high + 1) if signed
    }
    values |= {f"-{number}" for number in range(low, high + 1) if signed}
    return frozenset(values), f"{low} to {high}" + (f" or -{high} to -{low}" if signed else "")


_PARTS: dict[str, tuple[frozenset[str], str] | None] = {
    "FREQ": (frozenset(_FREQUENCIES), ", ".join(_FREQUENCIES)),
    "INTERVAL": None,
    "WKST": (frozenset(_DAYS), ", ".join(_DAYS)),
    "BYDAY": None,
    "BYMONTH": _describe_range(1, 12),
    "BYMONTHDAY": _describe_range(1, 31, signed=True),
    "BYYEARDAY": _describe_range(1, 366, signed=True),
    "BYWEEKNO": _describe_range(1, 53, signed=True),
    "BYSETPOS": _describe_range(1, 366, signed=True),
}
"""The date parts of an RRULE, with their values and a description; None if there is a separate check."""

_REFUSED = {
    "BYHOUR": "the hour is the slot's",
    "BYMINUTE": "the minute is the slot's",
    "BYSECOND": "calls start on the minute",
    "RSCALE": "rules are of the Gregorian calendar",
    "SKIP": "rules are of the Gregorian calendar",
}
_ENDS_OF_SCHEDULE = {"COUNT": "give schedule.count instead", "UNTIL": "give schedule.until instead"}
_ENDS_OF_PHASE = dict.fromkeys(_ENDS_OF_SCHEDULE, "the rule of a phase ends with it, so give the phase's `to` instead")


def check_repeat(rule: str, *, of_phase: bool = False) -> str | None:
    """Say what is wrong with the RRULE body of a schedule or a phase; None if it is right.

    >>> check_repeat("FREQ=MONTHLY;BYDAY=2TU")
    >>> check_repeat("FREQ=WEEKLY;COUNT=8")
    "found COUNT in 'FREQ=WEEKLY;COUNT=8'; give schedule.count instead"
    """
    refused = _REFUSED | (_ENDS_OF_PHASE if of_phase else _ENDS_OF_SCHEDULE)
    text = quote_value(rule)
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, equals, value = part.partition("=")
        if name in refused:
            return f"found {name} in {text}; {refused[name]}"
        if not equals or name not in _PARTS:
            known = ", ".join(_PARTS)
            return f"found {quote_value(part)} in {text}; the parts of a rule are {known}, as in FREQ=WEEKLY;INTERVAL=2"
        if name in parts:
            return f"found {name} twice in {text}; a rule has each part once"
        parts[name] = value
        problem = _check_part(name, value)
        if problem:
            return f"found {quote_value(part)} in {text}; {problem}"
    if "FREQ" not in parts:
        return f"found {text}; a rule begins with FREQ=, one of {', '.join(_FREQUENCIES)}"
    problem = _check_together(parts)
    return f"found {text}; {problem}" if problem else None


def _check_part(name: str, value: str) -> str | None:
    """Say what is wrong with the value of one part; None if it is right."""
    allowed = _PARTS[name]
    if allowed is not None:
        single = name in {"FREQ", "WKST"}
        values = [value] if single else value.split(",")
        return None if all(item in allowed[0] for item in values) else f"{name} takes {allowed[1]}"
    if name == "INTERVAL":
        # Python reads no number of thousands of digits
        good = value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= MOST_DATES
        return None if good else f"INTERVAL takes a number from 1 to {MOST_DATES}"
    numbers, _ = _describe_range(1, 53, signed=True)
    good = all(item[-2:] in _DAYS and (len(item) == 2 or item[:-2] in numbers) for item in value.split(","))
    return None if good else "BYDAY takes MO to SU, with a number before it under MONTHLY and YEARLY, as in 2TU or -1FR"


def _check_together(parts: dict[str, str]) -> str | None:
    """Say which combination of parts RFC 5545 forbids; None if there is none."""
    frequency = parts["FREQ"]
    numbers = [int(item[:-2]) for item in parts.get("BYDAY", "").split(",") if len(item) > 2]
    numbered = bool(numbers)
    in_months = frequency == "MONTHLY" or "BYMONTH" in parts
    rules = (
        (numbered and frequency not in {"MONTHLY", "YEARLY"}, "BYDAY takes numbers under MONTHLY and YEARLY only"),
        (
            in_months and any(abs(number) > _WEEKDAYS_OF_MONTH for number in numbers),
            f"BYDAY takes 1 to {_WEEKDAYS_OF_MONTH} or -{_WEEKDAYS_OF_MONTH} to -1 within a month, as in 2TU",
        ),
        (numbered and "BYWEEKNO" in parts, "BYDAY takes no numbers beside BYWEEKNO"),
        ("BYWEEKNO" in parts and frequency != "YEARLY", "BYWEEKNO goes with FREQ=YEARLY only"),
        ("BYMONTHDAY" in parts and frequency == "WEEKLY", "BYMONTHDAY does not go with FREQ=WEEKLY"),
        ("BYYEARDAY" in parts and frequency != "YEARLY", "BYYEARDAY goes with FREQ=YEARLY only"),
        (
            "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts),
            "BYSETPOS needs another BY part",
        ),
    )
    return next((problem for broken, problem in rules if broken), None)


def _expand_until(repeat: str, first: date, last: date) -> Iterator[date]:
    """Return the dates of a rule anchored at ``first``, up to ``last`` included.

    RFC 5545 takes missing parts from the anchor. dateutil does the same, except for BYWEEKNO without a day, which it
    reads as all seven days.
    """
    if "BYWEEKNO=" in repeat and not any(part in repeat for part in ("BYDAY=", "BYMONTHDAY=", "BYYEARDAY=")):
        repeat = f"{repeat};BYDAY={_DAYS[first.weekday()]}"
    # dateutil looks for a date that never comes until the year 9999, for many seconds. Dates and weekdays are the same
    # every 400 years, so the rule is read as late as it can be: there its search is short.
    shift = max(0, (MAXYEAR - 1 - last.year) // _PERIOD) * _PERIOD
    start, end = (datetime.combine(day.replace(year=day.year + shift), time()) for day in (first, last))
    # one line of an RRULE makes a rule and never a set of them
    rule = cast("rrule", rrulestr(repeat, dtstart=start))
    for moment in rule.replace(until=end):
        yield moment.date().replace(year=moment.year - shift)


def _expand_count(repeat: str, first: date, count: int) -> list[date]:
    """Return the first ``count`` dates of a rule, or fewer if it ends before the last year.

    Most rules give all of them within fifty years, so a short search is tried first.
    """
    dates: list[date] = []
    for years in (50, 500, YEARS[1]):
        last = date(min(first.year + years, YEARS[1]), 12, 31)
        dates = list(islice(_expand_until(repeat, first, last), count))
        if len(dates) == count:
            break
    return dates


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleDate:
    """A date of the rule with the phase that contains it, silent phases included."""

    date: date
    phase: Phase | None

    @property
    def silent(self) -> bool:
        """Whether the date is in a phase without calls."""
        return self.phase is not None and not self.phase.calls


def expand_rule_dates(schedule: Schedule, phases: Sequence[Phase] = ()) -> tuple[RuleDate, ...]:
    """Return the dates of the schedule in order; phases with a rule of their own replace the dates inside them.

    Raises :class:`InvalidSeries` with every rule that is wrong, gives no date or gives more than 10,000.

    >>> schedule = Schedule(first=date(2020, 9, 7), repeat="FREQ=WEEKLY;BYDAY=TU", count=2)
    >>> [str(day.date) for day in expand_rule_dates(schedule)]
    ['2020-09-08', '2020-09-15']
    """
    mistakes: list[Mistake] = []
    outer = _expand_schedule(schedule, mistakes)
    inner: list[date] = []
    ordered = order_phases(phases)
    own = order_phases(phase for phase in phases if phase.repeat is not None and phase.calls)
    outer = [day for day in outer if find_phase(own, day) is None]
    for index, phase in enumerate(phases):
        if phase.repeat is None or not phase.calls:
            continue
        if len(mistakes) >= NAMED_RULES:
            more = f"found {NAMED_RULES} wrong rules; those of phases[{index}] and later were not looked at"
            mistakes.append(Mistake(place="phases", problem=more))
            break
        problem = check_repeat(phase.repeat, of_phase=True)
        dates = [] if problem else list(islice(_expand_until(phase.repeat, phase.first, phase.last), MOST_DATES + 1))
        if not problem and not dates:
            problem = f"found {phase.repeat!r}, which gives no date from {phase.first} to {phase.last}"
        if problem:
            mistakes.append(Mistake(place=f"phases[{index}].repeat", problem=problem))
        inner += dates
    if len(outer) + len(inner) > MOST_DATES and not mistakes:
        problem = f"found more than {MOST_DATES} rule dates; end the schedule earlier or split the plan"
        mistakes.append(Mistake(place="schedule", problem=problem))
    if mistakes:
        raise InvalidSeries(mistakes)
    return tuple(RuleDate(date=day, phase=find_phase(ordered, day)) for day in sorted(outer + inner))


def _expand_schedule(schedule: Schedule, mistakes: list[Mistake]) -> list[date]:
    """Return the dates of the schedule's own rule; adds what is wrong to ``mistakes``."""
    problem = check_repeat(schedule.repeat)
    if problem:
        mistakes.append(Mistake(place="schedule.repeat", problem=problem))
        return []
    if schedule.until is not None:
        dates = list(islice(_expand_until(schedule.repeat, schedule.first, schedule.until), MOST_DATES + 1))
        ending = f"by {schedule.until}"
    else:
        count = min(schedule.count or 0, MOST_DATES + 1)
        dates = _expand_count(schedule.repeat, schedule.first, count)
        if 0 < len(dates) < count:
            problem = f"found {schedule.count}; the rule gives {len(dates)} dates up to the year {YEARS[1]}"
            mistakes.append(Mistake(place="schedule.count", problem=problem))
        ending = f"up to the year {YEARS[1]}"
    if not dates:
        problem = f"found {schedule.repeat!r}, which gives no date {ending} from {schedule.first}"
        mistakes.append(Mistake(place="schedule.repeat", problem=problem))
    return dates


def find_first_rule_date(schedule: Schedule) -> date:
    """Return the first date of the rule on or after the schedule's first day, phases ignored.

    The rule must give a date, as :func:`expand_rule_dates` checks.

    >>> str(find_first_rule_date(Schedule(first=date(2020, 9, 7), repeat="FREQ=WEEKLY;BYDAY=TU", count=2)))
    '2020-09-08'
    """
    return next(_expand_until(schedule.repeat, schedule.first, schedule.until or date(YEARS[1], 12, 31)))


def find_next_rule_date(schedule: Schedule, day: date) -> date | None:
    """Return the rule's first date on or after ``day``, the end of the schedule ignored; None if there is none.

    >>> autumn = Schedule(first=date(2020, 9, 8), repeat="FREQ=WEEKLY;INTERVAL=2", count=2)
    >>> str(find_next_rule_date(autumn, date(2021, 3, 1)))
    '2021-03-09'
    """
    instances = _expand_until(schedule.repeat, schedule.first, date(YEARS[1], 12, 31))
    return next((found for found in instances if found >= day), None)


def find_exception_mistakes(dates: Sequence[RuleDate], overrides: Iterable[tuple[str, Override]]) -> list[Mistake]:
    """Return the mistakes in the dates of exceptions: no rule date, a silent phase, or given twice."""
    planned = {day.date for day in dates if not day.silent}
    ordered = sorted(planned)
    silent = {day.date: day.phase for day in dates if day.silent}
    mistakes: list[Mistake] = []
    seen: dict[date, str] = {}
    for place, override in overrides:
        day = override.date
        if day in planned:
            if day in seen:
                problem = f"found {day} again, as in {seen[day]}; say all changes to a call in one exception"
                mistakes.append(Mistake(place=f"{place}.date", problem=problem))
            seen[day] = place
            continue
        phase = silent.get(day)
        why = f"a date that phase {phase.name!r} silences" if phase else "which is not a rule date"
        after = bisect_left(ordered, day)
        around = ordered[max(after - 1, 0) : after + 1]
        nearest = min(around, key=lambda known: (abs(known - day), known), default=None)
        cure = f"the nearest is {nearest}" if nearest else "this plan has no call"
        mistakes.append(Mistake(place=f"{place}.date", problem=f"found {day}, {why}; {cure}"))
    return mistakes
