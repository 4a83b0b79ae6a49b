"""Single values as people write them: read as in a plan, with guesses of what a wrong one may mean.

A guess is never taken for a value: it is what an error suggests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from typing import TypeVar

from pydantic_core import PydanticCustomError

from mag_rotation.errors import InvalidValue
from mag_rotation.hours import Window
from mag_rotation.planfile import fields
from mag_rotation.series import Weekday, check_meeting_id

__all__ = [
    "format_day",
    "guess_bool",
    "guess_clock",
    "guess_dates",
    "guess_length",
    "parse_clock",
    "parse_day",
    "parse_meeting_id",
    "parse_minutes",
    "parse_text",
    "parse_weekday",
    "parse_window",
]

V = TypeVar("V")


def parse_clock(text: str) -> time:
    """Return a time of day written as in a plan; raises :class:`InvalidValue`.

    >>> parse_clock("13:30")
    datetime.time(13, 30)
    """
    at = guess_clock(text)
    return _value(fields.read_clock, text, None if at is None else f"{at:%H:%M}")


def parse_text(text: str) -> str:
    """Return a text that is not empty; raises :class:`InvalidValue`.

    >>> parse_text(" no call ")
    'no call'
    """
    return _value(fields.read_text, text)


def parse_meeting_id(text: str) -> str:
    """Return the id of a meeting; raises :class:`InvalidValue`.

    >>> parse_meeting_id("council-2027")
    'council-2027'
    """
    return _value(fields.make_text_reader(check_meeting_id), text)


def parse_day(text: str) -> date:
    """Return a date written as in a plan; raises :class:`InvalidValue`.

    >>> parse_day("2020-09-08")
    datetime.date(2020, 9, 8)
    """
    return _value(fields.read_day, text, *map(str, guess_dates(text)))


def parse_minutes(text: str) -> int:
    """Return the minutes of a length written as in a plan, 1 to a week; raises :class:`InvalidValue`.

    >>> parse_minutes("1h30min"), parse_minutes("PT2H")
    (90, 120)
    """
    return _value(fields.make_length_reader(1), text, guess_length(text))


def parse_weekday(text: str) -> Weekday:
    """Return a weekday by the two letters of RFC 5545; raises :class:`InvalidValue`.

    >>> parse_weekday("TU").name
    'TU'
    """
    return _value(fields.read_weekday, text)


def parse_window(text: str) -> Window:
    """Return hours of the day written as in a plan; raises :class:`InvalidValue`.

    >>> str(parse_window("06:00-20:00"))
    '06:00-20:00'
    """
    return Window(*_value(fields.read_range, text))


def _value(read: Callable[[object], V], text: str, *meant: str | None) -> V:
    """Return the value of a text; the error for a wrong one names the right texts that may be meant."""
    try:
        return read(text)
    except PydanticCustomError as error:
        found, _, right = error.message().rpartition("; ")
    ways = " or ".join(way for way in meant if way is not None and _is_right(read, way))
    raise InvalidValue(f"{found}; did you mean {ways}? {right}" if ways else f"{found}; {right}")


def _is_right(read: Callable[[object], V], text: str) -> bool:
    try:
        read(text)
    except PydanticCustomError:
        return False
    return True


# Guesses.

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
                months = [number for number, month in enumerate(fields.MONTHS, 1) if month.casefold().startswith(name)]
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
    return f"{day.day} {fields.MONTHS[day.month - 1]}"


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
