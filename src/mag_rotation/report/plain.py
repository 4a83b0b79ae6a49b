"""Sheets as aligned text that neither wraps nor has colours: for a pipe or a file.

Rule 1: the bytes are those of :mod:`mag_rotation.report.terminal`, in a fraction of the time.
Rule 2: what needs more care than counting cells is left to that module.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mag_rotation.report.sheet import Sheet

__all__ = ["GAP", "to_plain"]

GAP = 2
"""Blanks between two columns."""


def to_plain(sheets: Sequence[Sheet], *, title: str) -> str | None:
    """The sheets as text below a title, rows as wide as they ask for; None where a letter is not printed as it is."""
    texts = [title]
    for sheet in sheets:
        texts += [*sheet.lead, *sheet.notes, *(column.head for column in sheet.columns)]
        texts += [cell.text for row in sheet.rows for cell in row]
    if not all(text.isprintable() and (not text or _count_cells(text)) for text in texts):
        return None
    lines = [title]
    for index, sheet in enumerate(sheets):
        lines += [""] if index and sheet.lead else []
        lines += sheet.lead
        lines += ["", *_rows(sheet)] if sheet.rows else []
        lines += ["", *sheet.notes] if sheet.notes else []
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _rows(sheet: Sheet) -> Iterator[str]:
    """The head and the rows of a table, each cell as wide as the widest of its column."""
    lines = [[column.head for column in sheet.columns], *([cell.text for cell in row] for row in sheet.rows)]
    cells = [[_count_cells(text) for text in line] for line in lines]
    blanks = [" " * max(column) for column in zip(*cells, strict=True)]
    right = [column.number for column in sheet.columns]
    for line, sizes in zip(lines, cells, strict=True):
        yield (" " * GAP).join(
            blank[size:] + text if number else text + blank[size:]
            for text, size, blank, number in zip(line, sizes, blanks, right, strict=True)
        )


def _count_cells(text: str) -> int:
    """Return how many cells of a terminal a printable text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - most answers are ASCII

    return cell_len(text)
