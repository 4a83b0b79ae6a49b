"""Content lines: logical lines as the bytes of a file (RFC 5545, 3.1).

Lines end with CR LF and have at most 75 octets. No fold is inside a character or between a backslash and its letter,
because some readers unfold octets and others unescape before they unfold.
"""

from __future__ import annotations

from collections.abc import Iterable

from icalendar import vText

__all__ = ["encode_lines", "escape_text", "fold"]

_WIDTH = 75


def fold(line: str) -> str:
    r"""Return one logical line as physical lines, without the last line end.

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
    """Return the bytes of a file with these logical lines."""
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()


def escape_text(value: str) -> str:
    r"""Return a text as the value of a property (RFC 5545, 3.3.11).

    >>> print(escape_text("Geneva, room 2"))
    Geneva\, room 2
    """
    return vText(value).to_ical().decode()
