"""The formats of a report: each is a module of this package that is named in :class:`Form` and writes a report.

A further format is one module with ``write`` and ``LEAVES_OUT_WARNINGS``, and one line in :class:`Form`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Protocol, Self, cast

from mag_rotation.report.description import Report

__all__ = ["Form", "Screen", "left_out", "render"]


class Form(StrEnum):
    """The formats of a report, by the name of their module, with the suffix of their files."""

    TABLE = "table", ".txt"
    MARKDOWN = "markdown", ".md"
    CSV = "csv", ".csv"
    JSON = "json", ".json"

    suffix: str

    def __new__(cls, name: str, suffix: str = "") -> Self:
        form = str.__new__(cls, name)
        form._value_ = name
        form.suffix = suffix
        return form


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """The terminal that a report is shown on; ``width`` is None for a file or a pipe."""

    width: int | None = None
    colour: bool = False


class _Format(Protocol):
    """What a module of a format offers."""

    LEAVES_OUT_WARNINGS: bool
    """Whether the format has no place for warnings."""

    def write(self, report: Report, _screen: Screen, /) -> str: ...


def _load_format(form: Form) -> _Format:
    """Return the module of a format, which is imported when it is first used."""
    return cast("_Format", import_module(f"{__name__}.{form}"))


def render(report: Report, form: Form, *, width: int | None = None, colour: bool = False) -> str:
    """Return the text of a report; ``width`` and ``colour`` are those of the terminal and count for tables only."""
    return _load_format(form).write(report, Screen(width=width, colour=colour))


def left_out(report: Report, form: Form) -> tuple[str, ...]:
    """Return the warnings of a report that a format has no place for."""
    warnings = report.document.get("warnings")
    if not isinstance(warnings, list) or not warnings or not _load_format(form).LEAVES_OUT_WARNINGS:
        return ()
    written = {value for row in report.records.rows for value in row if isinstance(value, str)}
    return tuple(text for text in map(str, warnings) if text not in written)
