"""Sections as text for a terminal: wrapped to its width, in colour, whatever the letters need."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from mag_rotation.errors import escape_controls
from mag_rotation.report.description import Cell, Head, Section, ValueKind
from mag_rotation.report.formats.table import GAP
from mag_rotation.report.language import ENGLISH, Language

__all__ = ["to_terminal"]

_WORD = 20
"""The longest word that a column makes room for; only longer ones, zone names above all, are cut at the edge."""
_WHOLE = {ValueKind.DATE, ValueKind.INSTANT}
"""What does not wrap."""

_LEAST_BAR, _MOST_BAR = 5, 20
"""The fewest and the most cells of the longest bar."""

_PARTS = " ▏▎▍▌▋▊▉█"
"""A cell that is filled by eighths from the left."""


def to_terminal(
    sections: Sequence[Section], *, title: str, width: int | None, colour: bool, language: Language = ENGLISH
) -> str:
    """Return the sections as aligned text below a title; ``width`` None means as wide as the widest row.

    A table that is too wide leaves out columns of a rank, which is said above the last notes; then its cells wrap
    between words. Where the words of a row do not fit beside each other in ``width``, the rows are written as
    sentences of heads and texts. Where there is room to spare, the first burdens of a table are shown as bars as well.
    """
    file = io.StringIO()
    console = Console(
        file=file,
        width=width or 100_000,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(_text(title, "bold"))
    fitted = [_leave_out(section, width, language) for section in sections]
    if width is not None:
        fitted = [(_add_bars(section, width), sentence) for section, sentence in fitted]
    left_out = list(dict.fromkeys(sentence for _, sentence in fitted if sentence))
    for index, (section, _) in enumerate(fitted):
        if index and section.lead:
            console.print()
        if section.heading:
            console.print(_text(section.heading, "bold"))
        for sentence in section.lead:
            console.print(_text(sentence))
        if section.rows:
            console.print()
            if section.title:
                console.print(_text(section.title, "bold"))
            _print_rows(console, section, width)
        notes = (*left_out, *section.notes) if index == len(fitted) - 1 else section.notes
        if notes:
            console.print()
        for sentence in notes:
            console.print(_text(sentence))
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def _text(text: str, style: str = "") -> Text:
    """Return a text without control characters."""
    return Text(escape_controls(text), style=style)


def _cell_text(cell: Cell) -> Text:
    """Return the text of a cell in its tone, or each letter in its own."""
    if not cell.tones:
        return _text(cell.text, str(cell.tone))
    return Text.assemble(*((letter, str(tone)) for letter, tone in zip(cell.text, cell.tones, strict=True)))


def _print_rows(console: Console, section: Section, width: int | None) -> None:
    """Print the rows as a table, or one below the other."""
    widths = _widths(section, width)
    if widths is None:
        for row in section.rows:
            console.print(_row_in_words(section.heads, row))
        return
    table = RichTable(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for column, cells in zip(section.heads, widths, strict=True):
        justify: Literal["left", "right"] = "right" if column.number else "left"
        table.add_column(_text(column.head), justify=justify, overflow="fold", width=cells)
    for row in section.rows:
        table.add_row(*map(_cell_text, row))
    console.print(table)


def _leave_out(section: Section, width: int | None, language: Language) -> tuple[Section, str]:
    """Return a section with the columns that fit side by side, and a sentence that names the others, if any.

    All columns of rank 0 stay, and of the others those that there is room for, the smallest rank first.
    """
    columns = range(len(section.heads))
    if width is None or all(head.rank == 0 for head in section.heads):
        return section, ""
    kept: set[int] = set()
    room = width + GAP
    for column in sorted(columns, key=lambda column: (section.heads[column].rank, column)):
        cells = _width(section, column) + GAP
        if section.heads[column].rank == 0 or cells <= room:
            kept.add(column)
            room -= cells
    if len(kept) == len(section.heads):
        return section, ""
    names = [head.head for column, head in enumerate(section.heads) if column not in kept and head.head]
    shown = replace(
        section,
        heads=tuple(section.heads[column] for column in columns if column in kept),
        rows=tuple(tuple(row[column] for column in columns if column in kept) for row in section.rows),
    )
    return shown, language.phrase_count(
        "Not shown in {count} columns: {names}. A file (--output) has all.",
        "Not shown in {count} columns: {names}. A file (--output) has all.",
        width,
        names=language.join(names),
    )


def _add_bars(section: Section, width: int) -> Section:
    """Return a section with a bar beside each burden of the first column of burdens, if there is room for bars.

    Burdens in columns side by side are compared with each other, and get none.
    """
    kinds = [head.kind for head in section.heads]
    if ValueKind.NIGHT_HOURS not in kinds or len(section.rows) < 2:
        return section
    column = kinds.index(ValueKind.NIGHT_HOURS)
    after = column + 1
    values = [row[column].value for row in section.rows]
    burdens = [float(value) if isinstance(value, int | float) else 0.0 for value in values]
    most = max(burdens)
    room = width - sum(_width(section, place) + GAP for place in range(len(kinds)))
    if kinds[after : after + 1] == [ValueKind.NIGHT_HOURS] or not most or room < _LEAST_BAR:
        return section
    bars = [_draw_bar(burden / most, min(room, _MOST_BAR)) for burden in burdens]
    return replace(
        section,
        heads=(*section.heads[:after], Head(""), *section.heads[after:]),
        rows=tuple(
            (*row[:after], Cell(bar, row[column].tone), *row[after:])
            for row, bar in zip(section.rows, bars, strict=True)
        ),
    )


def _draw_bar(share: float, cells: int) -> str:
    """Return a bar for a share of 0 to 1; one of more than 0 is never empty.

    >>> [_draw_bar(share, 4) for share in (0, 0.001, 0.5, 0.6, 1)]
    ['', '▏', '██', '██▍', '████']
    """
    eighths = max(round(share * cells * 8), 1) if share else 0
    full, rest = divmod(eighths, 8)
    return f"{_PARTS[8] * full}{_PARTS[rest] if rest else ''}"


def _width(section: Section, column: int) -> int:
    """Return the width of a column that does not wrap."""
    texts = (section.heads[column].head, *(row[column].text for row in section.rows))
    return max(cell_len(line) for text in texts for line in text.split("\n"))


def _widths(section: Section, width: int | None) -> list[int] | None:
    """Return the width of each column in ``width``, the widest made narrower; None if the words do not fit."""
    widths = [_width(section, column) for column in range(len(section.heads))]
    if width is None:
        return widths
    texts = [[column.head, *(row[index].text for row in section.rows)] for index, column in enumerate(section.heads)]
    words = [max((cell_len(word) for text in column for word in text.split()), default=0) for column in texts]
    least = [
        whole if head.kind in _WHOLE else min(longest, _WORD)
        for head, whole, longest in zip(section.heads, widths, words, strict=True)
    ]
    room = width - GAP * (len(widths) - 1)
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda index: (widths[index] > least[index], widths[index]))
        widths[widest] -= 1
    return widths


def _row_in_words(columns: Sequence[Head], row: Sequence[Cell]) -> Padding:
    """Return a row as one sentence of heads and texts, with a blank line below it."""
    sentence = Text()
    for column, cell in zip(columns, row, strict=True):
        if cell.text:
            sentence.append("; " if sentence else "")
            sentence.append(f"{column.head}: " if column.head else "", style="bold")
            sentence.append_text(_cell_text(cell))
    return Padding(sentence, (0, 0, 1, 0))
