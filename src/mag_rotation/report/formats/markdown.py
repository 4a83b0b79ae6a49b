"""A report as Markdown."""

from __future__ import annotations

import re

from mag_rotation.errors import escape_controls
from mag_rotation.report.description import Report, Screen

__all__ = ["LEAVES_OUT_WARNINGS", "write"]

LEAVES_OUT_WARNINGS: bool = False

_MARKDOWN = str.maketrans({letter: f"\\{letter}" for letter in "\\|*`[]~#"} | {"<": "&lt;", "&": "&amp;", "\n": "<br>"})
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""Underscores that would begin or end an emphasis; those within words, as in zone names, are only themselves."""


def _escape(text: str) -> str:
    r"""Return text that shows as it is in a paragraph or in a cell of a Markdown table.

    >>> print(_escape("a|b <c> _d_ America/La_Paz"))
    a\|b &lt;c> \_d\_ America/La_Paz
    """
    return _UNDERSCORE.sub(r"\\_", escape_controls(text).translate(_MARKDOWN))


def write(report: Report, _screen: Screen) -> str:
    """Return the sections below a heading."""
    blocks = [f"# {_escape(report.title)}"]
    for section in report.sections:
        blocks += [f"## {_escape(section.heading)}"] if section.heading else []
        blocks += [_escape(sentence) for sentence in section.lead]
        if section.rows:
            blocks += [f"## {_escape(section.title)}"] if section.title else []
            heads = " | ".join(_escape(one.head) for one in section.heads)
            rules = " | ".join("---:" if one.number else "---" for one in section.heads)
            rows = (" | ".join(_escape(cell.text) for cell in row) for row in section.rows)
            blocks.append("\n".join(f"| {line} |" for line in (heads, rules, *rows)))
        blocks += [f"*{_escape(sentence)}*" for sentence in section.notes]
    return "\n\n".join(blocks) + "\n"
