"""Single values as people write them on the command line: read as in a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import TypeVar

from pydantic_core import PydanticCustomError

from mag_rotation.errors import InvalidValue
from mag_rotation.hours import Window
from mag_rotation.planfile import fields
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
    """Return a time of day written as in a plan; raises :class:`InvalidValue`.

    >>> parse_clock("13:30")
    datetime.time(13, 30)
    """
    return _value(fields.read_clock, text)


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
    return _value(fields.read_day, text)


def parse_minutes(text: str) -> int:
    """Return the minutes of a length written as in a plan, 1 to a week; raises :class:`InvalidValue`.

    >>> parse_minutes("1h30min"), parse_minutes("PT2H")
    (90, 120)
    """
    return _value(fields.make_length_reader(1), text)


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


def _value(read: Callable[[object], V], text: str) -> V:
    """Return the value of a text; the error for a wrong one says what would be right."""
    try:
        return read(text)
    except PydanticCustomError as error:
        raise InvalidValue(error.message()) from None
