"""Content lines: how logical lines become the bytes of a file.

Rule 1: lines end with CR LF and hold at most 75 octets (RFC 5545, 3.1).
Rule 2: no fold falls inside a character, nor between a backslash and its letter: some readers unfold octets, others
unescape before they unfold.
"""

from __future__ import annotations

from collections.abc import Iterable

from icalendar import vText

__all__ = ["encode_lines", "escape_text", "fold"]

_WIDTH = 75


def fold(line: str) -> str:
    r"""One logical line as physical lines, without the last line end.

    >>> [len(part.encode()) for part in fold("SUMMARY:" + "\u00e9" * 60).split("\r\n")]
    [74, 55]
    """
    parts: list[str] = []
    part, room, index = "", _WIDTH, 0
    while index < len(line):
        step = 2 if line[index] == "\\" and index + 1 < len(line) else 1
        token = line[index : index + step]
        size = len(token.encode())
        if size > room:
            parts.append(part)
            part, room = " ", _WIDTH - 1
        part, room, index = part + token, room - size, index + step
    return "\r\n".join([*parts, part])


def encode_lines(lines: Iterable[str]) -> bytes:
    """The bytes of a file of logical lines."""
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()


def escape_text(value: str) -> str:
    r"""A text as the value of a property (RFC 5545, 3.3.11).

    >>> print(escape_text("Geneva, room 2"))
    Geneva\, room 2
    """
    return vText(value).to_ical().decode()
