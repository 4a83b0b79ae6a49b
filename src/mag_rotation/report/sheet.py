"""A table of text for people, before anyone knows how it will be shown.

Rule 1: a cell says in words whatever its tone says in colour.
Rule 2: the renderers of one sheet (terminal, Markdown) show the same words, however narrow the terminal is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mag_rotation.errors import escape_controls

__all__ = ["Cell", "Column", "Sheet", "Tone", "to_markdown"]


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


_MARKDOWN = str.maketrans({letter: f"\\{letter}" for letter in "\\|*`[]~#"} | {"<": "&lt;", "&": "&amp;", "\n": "<br>"})
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""Underscores that would begin or end an emphasis; those within words, as in zone names, are only themselves."""


def _escape(text: str) -> str:
    r"""Text that shows as it is in a paragraph or in a cell of a Markdown table.

    >>> print(_escape("a|b <c> _d_ America/La_Paz"))
    a\|b &lt;c> \_d\_ America/La_Paz
    """
    return _UNDERSCORE.sub(r"\\_", escape_controls(text).translate(_MARKDOWN))


def to_markdown(sheets: Sequence[Sheet], *, title: str) -> str:
    """The sheets as Markdown below a heading."""
    blocks = [f"# {_escape(title)}"]
    for sheet in sheets:
        blocks += [_escape(sentence) for sentence in sheet.lead]
        if sheet.rows:
            heads = " | ".join(_escape(column.head) for column in sheet.columns)
            rules = " | ".join("---:" if column.number else "---" for column in sheet.columns)
            rows = (" | ".join(_escape(cell.text) for cell in row) for row in sheet.rows)
            blocks.append("\n".join(f"| {line} |" for line in (heads, rules, *rows)))
        blocks += [f"*{_escape(sentence)}*" for sentence in sheet.notes]
    return "\n\n".join(blocks) + "\n"
