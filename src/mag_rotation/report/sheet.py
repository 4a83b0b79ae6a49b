"""A table of text for people, before anyone knows how it will be shown.

Rule 1: a cell says in words whatever its tone says in colour.
Rule 2: the renderers of one sheet (terminal, Markdown, CSV) show the same words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

__all__ = ["Cell", "Column", "Sheet", "Tone", "to_csv", "to_markdown", "to_terminal"]


class Tone(StrEnum):
    """How a cell stands out, in the colours that rich knows by name."""

    PLAIN = ""
    NIGHT = "bold magenta"
    BLOCKED = "bold red"
    CHANGED = "yellow"
    FAINT = "dim"


@dataclass(frozen=True, slots=True)
class Cell:
    """One text and its tone."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; numbers are set to the right."""

    head: str
    number: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Sentences above, a table, sentences below; any of them may be empty."""

    lead: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    notes: tuple[str, ...] = ()


def to_terminal(sheets: Sequence[Sheet], *, title: str, width: int | None, colour: bool) -> str:
    """The sheets as aligned text below a title; ``width`` None means as wide as the widest row asks for."""
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
    console.print(Text(title, style="bold"))
    for sheet in sheets:
        for sentence in sheet.lead:
            console.print(Text(sentence))
        if sheet.rows:
            console.print()
            console.print(_rich_table(sheet))
        if sheet.notes:
            console.print()
        for sentence in sheet.notes:
            console.print(Text(sentence))
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n"))


def _rich_table(sheet: Sheet) -> RichTable:
    table = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in sheet.columns:
        table.add_column(Text(column.head), justify="right" if column.number else "left", overflow="fold")
    for row in sheet.rows:
        table.add_row(*(Text(cell.text, style=str(cell.tone)) for cell in row))
    return table


_MARKDOWN = str.maketrans({letter: f"\\{letter}" for letter in "\\|*`[]"} | {"<": "&lt;", "&": "&amp;", "\n": "<br>"})


def to_markdown(sheets: Sequence[Sheet], *, title: str) -> str:
    """The sheets as Markdown below a heading."""
    blocks = [f"# {title.translate(_MARKDOWN)}"]
    for sheet in sheets:
        blocks += [sentence.translate(_MARKDOWN) for sentence in sheet.lead]
        if sheet.rows:
            heads = " | ".join(column.head.translate(_MARKDOWN) for column in sheet.columns)
            rules = " | ".join("---:" if column.number else "---" for column in sheet.columns)
            rows = (" | ".join(cell.text.translate(_MARKDOWN) for cell in row) for row in sheet.rows)
            blocks.append("\n".join(f"| {line} |" for line in (heads, rules, *rows)))
        blocks += [f"*{sentence.translate(_MARKDOWN)}*" for sentence in sheet.notes]
    return "\n\n".join(blocks) + "\n"


def to_csv(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Records as CSV with CR LF, as RFC 4180 has it; None is an empty cell."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([["" if value is None else value for value in row] for row in rows])
    return file.getvalue()
