"""The formats of a report: each is a module of this package, and a line of :class:`Form`.

A module of a format has ``write``, and ``LEAVES_OUT_WARNINGS`` says whether the format has no place for warnings. A
format whose module returns bytes is for files only.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol, Self

from mag_rotation.report.description import Report, Screen
from mag_rotation.report.formats import csv, html, json, markdown, table, xlsx
from mag_rotation.report.language import ENGLISH, Language

__all__ = ["Form", "left_out", "mode_line", "render", "render_file", "saved_line"]


class Format(Protocol):
    """What a module of a format offers."""

    LEAVES_OUT_WARNINGS: bool

    def write(self, report: Report, screen: Screen, /) -> str | bytes: ...


class Form(StrEnum):
    """The formats of a report: name, suffix of files, module that writes it, and other words that people use."""

    TABLE = "table", ".txt", table, ("text",)
    MARKDOWN = "markdown", ".md", markdown
    HTML = "html", ".html", html, ("htm",)
    CSV = "csv", ".csv", csv
    XLSX = "xlsx", ".xlsx", xlsx, ("excel", "xls")
    JSON = "json", ".json", json

    suffix: str
    writer: Format
    other_names: tuple[str, ...]

    @property
    def is_text(self) -> bool:
        """Whether a terminal can show the format."""
        return self is not Form.XLSX

    def __new__(cls, name: str, suffix: str = "", module: Format = table, others: tuple[str, ...] = ()) -> Self:
        form = str.__new__(cls, name)
        form._value_ = name
        form.suffix = suffix
        form.writer = module
        form.other_names = (suffix.removeprefix("."), *others)
        return form


def render(report: Report, form: Form, *, width: int | None = None, colour: bool = False) -> str:
    """Return the text of a report; ``width`` and ``colour`` are those of the terminal and count for tables only.

    Raises :class:`TypeError` for a format that is not a text.
    """
    text = form.writer.write(report, Screen(width=width, colour=colour))
    if isinstance(text, bytes):
        raise TypeError(f"{form} is not a text; use render_file")
    return text


def render_file(report: Report, form: Form) -> bytes:
    """Return the bytes of a file with a report, texts in UTF-8.

    Raises :class:`MissingExtra` without the package that writes the format.
    """
    written = form.writer.write(report, Screen())
    return written if isinstance(written, bytes) else written.encode()


def saved_line(title: str, form: str, language: Language = ENGLISH) -> str:
    """Return what was written to a file; the title is in the language already.

    >>> saved_line("Weekly call: 4 calls", Form.MARKDOWN)
    'Weekly call: 4 calls (markdown)'
    """
    return language.phrase("{title} ({form})", title=title, form=form)


def mode_line(files: Sequence[str], mode: int, language: Language = ENGLISH, *, private: bool) -> str:
    """Return that others can read files with personal data, or cannot read files that are for them, with the cure.

    >>> mode_line(["eva.ics"], 0o644, private=True)
    'eva.ics can be read by others (mode 644) and holds personal data: chmod 600 eva.ics'
    >>> mode_line(["calls.ics"], 0o600, private=False)
    'calls.ics can be read by you alone (mode 600) and holds no personal data; to share it: chmod 644 calls.ics'
    """
    figures = {"files": language.write_list(files), "mode": f"{mode:o}", "arguments": shlex.join(files)}
    if private:
        return language.phrase(
            "{files} can be read by others (mode {mode}) and holds personal data: chmod 600 {arguments}", **figures
        )
    return language.phrase(
        "{files} can be read by you alone (mode {mode}) and holds no personal data; to share it: chmod 644 {arguments}",
        **figures,
    )


def left_out(report: Report, form: Form) -> tuple[str, ...]:
    """Return the warnings of a report that a format has no place for."""
    warnings = report.document.get("warnings")
    if not form.writer.LEAVES_OUT_WARNINGS or not isinstance(warnings, list):
        return ()
    written = {value for row in report.records.rows for value in row if isinstance(value, str)} if warnings else set()
    return tuple(text for text in map(str, warnings) if text not in written)
