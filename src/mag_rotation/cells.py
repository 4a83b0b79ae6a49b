"""CSV text in which no cell can run as a spreadsheet formula.

Excel, LibreOffice and Google Sheets run a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return.
Names, notes and titles come from other people, so an apostrophe is put before such a text. Numbers stay as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

__all__ = ["arm", "disarm", "write_csv"]

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ARMED_AGAIN = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def disarm(text: str) -> str:
    """Return a text that spreadsheets do not run as a formula; :func:`arm` reverses it.

    >>> disarm("=1+1"), disarm("-270"), disarm("Ana"), disarm("'=x")
    ("'=1+1", '-270', 'Ana', "''=x")
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def arm(text: str) -> str:
    """Return the text that was given to :func:`disarm`.

    >>> arm("'=1+1"), arm("'Ana'")
    ('=1+1', "'Ana'")
    """
    return text[1:] if _ARMED_AGAIN.match(text) else text


def write_csv(
    heads: Sequence[str], rows: Iterable[Sequence[object]], *, line_end: str = "\r\n", separator: str = ","
) -> str:
    """Return heads and rows as CSV; None becomes an empty cell, and formulas are disarmed."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator, lineterminator=line_end)
    writer.writerow([disarm(head) for head in heads])
    writer.writerows([disarm(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return file.getvalue()
