"""Single values as a command line gives them, read as in a plan.

Rule 1: every kind of value is read by the function that reads it in a plan; what it refuses raises.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import TypeVar

from pydantic_core import PydanticCustomError

from mag_rotation.errors import InvalidValue
from mag_rotation.hours import Window
from mag_rotation.planfile import fields
from mag_rotation.planfile.meant import clock_meant, dates_meant, length_meant
from mag_rotation.series import Weekday, check_meeting_id

__all__ = [
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
    """A time of day written as in a plan; raises :class:`InvalidValue`.

    >>> parse_clock("13:30")
    datetime.time(13, 30)
    """
    at = clock_meant(text)
    return _value(fields.clock, text, None if at is None else f"{at:%H:%M}")


def parse_text(text: str) -> str:
    """A text that is not empty; raises :class:`InvalidValue`.

    >>> parse_text(" no call ")
    'no call'
    """
    return _value(fields.text, text)


def parse_meeting_id(text: str) -> str:
    """The id of a meeting; raises :class:`InvalidValue`.

    >>> parse_meeting_id("council-2027")
    'council-2027'
    """
    return _value(fields.ruled(check_meeting_id), text)


def parse_day(text: str) -> date:
    """A date written as in a plan; raises :class:`InvalidValue`.

    >>> parse_day("2020-09-08")
    datetime.date(2020, 9, 8)
    """
    return _value(fields.day, text, *map(str, dates_meant(text)))


def parse_minutes(text: str) -> int:
    """The minutes of a length written as in a plan, 1 to a week; raises :class:`InvalidValue`.

    >>> parse_minutes("1h30min"), parse_minutes("PT2H")
    (90, 120)
    """
    return _value(fields.duration(1), text, length_meant(text))


def parse_weekday(text: str) -> Weekday:
    """A weekday by the two letters of RFC 5545; raises :class:`InvalidValue`.

    >>> parse_weekday("TU").name
    'TU'
    """
    return _value(fields.weekday, text)


def parse_window(text: str) -> Window:
    """Hours of the day written as in a plan; raises :class:`InvalidValue`.

    >>> str(parse_window("06:00-20:00"))
    '06:00-20:00'
    """
    return Window(*_value(fields.clock_range, text))


def _value(read: Callable[[object], V], text: str, *meant: str | None) -> V:
    """The value of a text; where it is none, those of the texts that may be meant and are right are named."""
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
