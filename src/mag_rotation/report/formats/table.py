"""A report as aligned text, wrapped and coloured on a terminal, as wide as it asks for in a pipe or a file.

The bytes of a pipe are those that :mod:`mag_rotation.report.formats.terminal` would write, in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mag_rotation.report.description import Report, Screen, Section

__all__ = ["GAP", "LEAVES_OUT_WARNINGS", "to_plain", "write"]

LEAVES_OUT_WARNINGS: bool = False

GAP = 2
"""Blanks between two columns."""


def write(report: Report, screen: Screen) -> str:
    """Return the sections below a title, as the screen has room for them."""
    if screen.width is None and not screen.colour and (plain := to_plain(report.sections, title=report.title)):
        return plain
    from mag_rotation.report.formats.terminal import to_terminal  # noqa: PLC0415 - the heavy part of rich

    return to_terminal(
        report.sections, title=report.title, language=report.language, width=screen.width, colour=screen.colour
    )


def to_plain(sections: Sequence[Section], *, title: str) -> str | None:
    """Return the sections as text below a title, rows at full width; None if a letter is not printed as it is."""

    texts = [title]
    for section in sections:
        texts += [section.title, *section.lead, *section.notes, *(column.head for column in section.heads)]
        texts += [cell.text for row in section.rows for cell in row]
    if not all(text.isprintable() and (not text or _count_cells(text)) for text in texts):
        return None
    lines = [title]
    for index, section in enumerate(sections):
        lines += [""] if index and section.lead else []
        lines += [*([section.heading] if section.heading else []), *section.lead]
        if section.rows:
            lines += ["", *([section.title] if section.title else []), *_rows(section)]
        lines += ["", *section.notes] if section.notes else []
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _rows(section: Section) -> Iterator[str]:
    """Yield the head and the rows of a table, each cell as wide as the widest of its column."""

    lines = [[column.head for column in section.heads], *([cell.text for cell in row] for row in section.rows)]
    cells = [[_count_cells(text) for text in line] for line in lines]
    blanks = [" " * max(column) for column in zip(*cells, strict=True)]
    right = [column.number for column in section.heads]
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
