"""Columns of a roster that should not become groups: addresses, telephone numbers and misspelt names of keys."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import fields
from enum import StrEnum

from mag_rotation.limits import find_nearest
from mag_rotation.roster import Member

__all__ = [
    "MEMBER_COLUMNS",
    "NO_COLUMNS",
    "PRIVATE_CURES",
    "Private",
    "column_key",
    "private_kind",
    "suspicious_columns",
]

NO_COLUMNS = {"groups": "each group has a column of its own"}
"""Keys of a member that no cell can hold, and where they are written instead."""

MEMBER_COLUMNS = tuple(field.name for field in fields(Member) if field.name not in NO_COLUMNS)
"""The columns of a roster that are not groups."""

_BLANKS = re.compile(r"[ \u00a0_\-\u2010-\u2015]+")
_TELEPHONE = re.compile(r"[\s(]*(?:\+|00)[\s()./-]*\d")
_LEAST_DIGITS = 9
"""A cell with so many digits is a telephone number, however it is written."""


def column_key(column: str) -> str:
    """What the names of one column have in common: case, spaces, hyphens and underscores make no difference.

    >>> column_key("E-Mail"), column_key("Night calls") == column_key("night_calls")
    ('email', True)
    """
    return _BLANKS.sub("", column).casefold()


class Private(StrEnum):
    """What is never printed as a group."""

    ADDRESS = "an address"
    TELEPHONE = "a telephone number"


PRIVATE_CURES = {
    Private.ADDRESS: "rename the column to 'email', delete it, or name the columns that are groups in roster.groups",
    Private.TELEPHONE: "delete the column, or name the columns that are groups in roster.groups; a label is written "
    "with a word and at most eight digits, as in 'seat 001'",
}


def private_kind(cell: str) -> Private | None:
    """Whether a text holds an address or is a telephone number: ``+`` or ``00`` before digits, or nine digits or more.

    >>> private_kind("ana@example.org"), private_kind("00 41 22"), private_kind("Seat 001")
    (<Private.ADDRESS: 'an address'>, <Private.TELEPHONE: 'a telephone number'>, None)
    """
    if "@" in cell:
        return Private.ADDRESS
    is_telephone = _TELEPHONE.match(cell) or sum(map(str.isdigit, cell)) >= _LEAST_DIGITS
    return Private.TELEPHONE if is_telephone else None


def suspicious_columns(columns: Collection[str]) -> Iterator[tuple[str, str]]:
    """Columns whose name looks like a column or a key of a member, with the name that was perhaps meant."""
    for column in sorted(columns):
        close = find_nearest(column_key(column), MEMBER_COLUMNS, cutoff=0.8)
        if column_key(column) in NO_COLUMNS:
            yield column, column_key(column)
        elif close:
            yield column, close[0]
