"""Labels of call numbers, such as Roman numerals."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from mag_rotation.errors import InvalidValue
from mag_rotation.series import NumberStyle

__all__ = ["label_of", "parse_roman", "to_roman"]

_MOST_READ = 499
"""The highest Roman numeral that is read: no series has so many calls, and longer ones are words."""

_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def to_roman(number: int) -> str:
    """Return a number in Roman numerals, with M repeated from 4,000 on; raises :class:`InvalidValue` below 1.

    >>> to_roman(17), to_roman(2026)
    ('XVII', 'MMXXVI')
    """
    if number < 1:
        raise InvalidValue(f"found {number}; Roman numerals begin at 1")
    letters = []
    for value, letter in _ROMAN:
        times, number = divmod(number, value)
        letters.append(letter * times)
    return "".join(letters)


@cache
def _list_romans() -> dict[str, int]:
    return {to_roman(number): number for number in range(1, _MOST_READ + 1)}


def parse_roman(text: str) -> int | None:
    """Return the number of a Roman numeral up to 499 in capitals; None for any other text.

    >>> parse_roman("XVII"), parse_roman("xvii"), parse_roman("IIII")
    (17, None, None)
    """
    return _list_romans().get(text)


def label_of(number: int, style: NumberStyle) -> str | None:
    """Return a number as it is written in a title; None for the style ``none``.

    >>> label_of(17, NumberStyle.ROMAN)
    'XVII'
    """
    return _WRITTEN[style](number)


_WRITTEN: dict[NumberStyle, Callable[[int], str | None]] = {
    NumberStyle.ROMAN: to_roman,
    NumberStyle.ARABIC: str,
    NumberStyle.NONE: lambda _: None,
}
