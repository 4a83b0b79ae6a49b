"""Guesses of what a wrong text may mean: a date, a time of day, a length, yes or no.

A guess is never taken for a value: it is what an error suggests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time

__all__ = ["MONTHS", "format_day", "guess_bool", "guess_clock", "guess_dates", "guess_length"]

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>[0-9]{4})"
_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}[\s-]*(?:of\s+)?{_NAME},?[\s-]*{_YEAR}",
        rf"{_NAME}\s*{_DAY},?\s+{_YEAR}",
        rf"{_YEAR}[\s-]+{_NAME}[\s-]+{_DAY}",
    )
)
_YEAR_FIRST = re.compile(r"([0-9]{4})\s*([/.-])\s*([0-9]{1,2})\s*\2\s*([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})\s*([/.-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4}|[0-9]{2})")
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]*\s+", re.IGNORECASE)
_TIME_BEHIND = re.compile(r"(?:T|\s+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\s*(?:Z|UTC)?$", re.IGNORECASE)

_CLOCK = re.compile(r"([0-9]{1,2})(?:\s*[:.h]\s*([0-9]{2})?)?(?::00)?\s*(?:([ap])\.?m\.?|h|hrs|hours|uhr|o'clock)?")
_FOUR_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})\s*(?:h|hrs|hours)?")

_HOURS = r"(?P<hours>[0-9]{1,3})(?:[.,](?P<part>0|25|5|50|75))?\s*(?:h|hr|hrs|hour|hours)"
_MINUTES = r"(?P<minutes>[0-9]{1,4})\s*(?:m|mn|min|mins|minute|minutes)?"
_LENGTH = re.compile(rf"(?:{_HOURS})?\s*(?:and\s*)?(?:{_MINUTES})?\.?", re.IGNORECASE)
_PARTS = {"0": 0, "25": 15, "5": 30, "50": 30, "75": 45}

_YES = frozenset({"yes", "y", "true", "on", "ja", "oui", "si"})
_NO = frozenset({"no", "n", "false", "off", "nein", "non"})


def guess_dates(text: str) -> tuple[date, ...]:
    """Return the dates that a text may mean: one, two if day and month may be swapped, or none.

    >>> [str(day) for day in guess_dates("06/10/2026")], [str(day) for day in guess_dates("10th June 2026")]
    (['2026-10-06', '2026-06-10'], ['2026-06-10'])
    >>> guess_dates("31/02/2026"), guess_dates("next week")
    ((), ())
    """
    plain = _TIME_BEHIND.sub("", _WEEKDAY.sub("", text.strip().translate(_DASHES), count=1))
    return tuple(dict.fromkeys(day for parts in _readings(plain) if (day := _date(*parts)) is not None))


def _readings(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield year, month and day as each way of reading has them, whether there is such a day or not."""
    if match := _YEAR_FIRST.fullmatch(text):
        yield int(match[1]), int(match[3]), int(match[4])
    elif match := _DIGITS.fullmatch(text):
        yield int(match[1]), int(match[2]), int(match[3])
    elif match := _YEAR_LAST.fullmatch(text):
        year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
        yield year, int(match[3]), int(match[1])
        if match[2] != ".":  # nobody who writes dots puts the month first
            yield year, int(match[1]), int(match[3])
    else:
        for pattern in _NAMED:
            if match := pattern.fullmatch(text):
                name = match["name"].casefold()
                months = [number for number, month in enumerate(MONTHS, 1) if month.casefold().startswith(name)]
                yield from ((int(match["year"]), month, int(match["day"])) for month in months)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def format_day(day: date) -> str:
    """Return a date in words, whatever the locale.

    >>> format_day(date(2026, 10, 6))
    '6 October'
    """
    return f"{day.day} {MONTHS[day.month - 1]}"


def guess_clock(text: str) -> time | None:
    """Return the time of day that a text may mean; None if it means none.

    >>> guess_clock("2pm"), guess_clock("8:30"), guess_clock("14h"), guess_clock("2 o'clock in the night")
    (datetime.time(14, 0), datetime.time(8, 30), datetime.time(14, 0), None)
    """
    plain = text.strip().lower()
    match = _FOUR_DIGITS.fullmatch(plain) or _CLOCK.fullmatch(plain)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    half = match[3] if match.re is _CLOCK else None
    if half is not None:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 24
    return time(hour, minute) if hour < 24 and minute < 60 else None


def guess_length(text: str) -> str | None:
    """Return the length that a text may mean, as a plan writes it; None if it means none.

    >>> guess_length("90 minutes"), guess_length("1.5 hours"), guess_length("1 h 30"), guess_length("45")
    ('90min', '1h30min', '1h30min', '45min')
    """
    match = _LENGTH.fullmatch(text.strip())
    if match is None or not (match["hours"] or match["minutes"]):
        return None
    hours = int(match["hours"] or 0)
    minutes = int(match["minutes"] or 0) + _PARTS.get(match["part"] or "0", 0)
    return (f"{hours}h" if hours else "") + (f"{minutes}min" if minutes or not hours else "")


def guess_bool(text: str) -> bool | None:
    """Return the meaning of another word for yes or no; None if it is neither.

    >>> guess_bool("Yes"), guess_bool("off"), guess_bool("maybe")
    (True, False, None)
    """
    plain = text.strip().lower()
    return True if plain in _YES else False if plain in _NO else None
