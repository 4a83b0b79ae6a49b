"""A report as an Excel workbook: the sentences on one sheet, and each table on a sheet of its own.

Cells are typed, so that a spreadsheet can sort and add them: numbers, lengths, dates and instants in UTC. No cell is a
formula. Equal reports give equal bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from mag_rotation.errors import MissingExtra, escape_controls
from mag_rotation.report.description import Cell, Head, Report, Screen, Section, Tone, ValueKind
from mag_rotation.report.language import Language

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.format import Format as CellFormat  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

__all__ = ["LEAVES_OUT_WARNINGS", "write"]

LEAVES_OUT_WARNINGS: bool = False

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a property that a workbook must have, the same in all
_FIRST_DAY = date(1900, 3, 1)
"""The first day that all spreadsheets number alike."""
_MOST_LETTERS = 32_767
"""The longest text of a cell."""
_NARROWEST, _WIDEST, _SENTENCES = 6, 60, 110
"""The widths of columns, in letters."""

_NUMBER_FORMATS = {
    ValueKind.MEAN: "0",
    ValueKind.CHANGE: "+0;-0;0",
    ValueKind.NIGHT_HOURS: "{0.0}",
    ValueKind.NIGHT_HOURS_CHANGE: "{+0.0#};{-0.0#};{0.0}",
    ValueKind.LENGTH: "[h]:mm",
    ValueKind.INSTANT: "ddd yyyy-mm-dd hh:mm",
    ValueKind.DATE: "yyyy-mm-dd",
}
"""How spreadsheets show the values of a kind; numbers in braces are night-hours, with the unit of the language."""
_FONTS: dict[Tone, dict[str, object]] = {
    Tone.PLAIN: {},
    Tone.NIGHT: {"bold": True, "font_color": "#5b2a86"},
    Tone.BLOCKED: {"bold": True, "font_color": "#a11212"},
    Tone.CHANGED: {"font_color": "#7a4a00"},
    Tone.FAINT: {"font_color": "#565d6d"},
}


def write(report: Report, _screen: Screen) -> bytes:
    """Return the bytes of a workbook; raises :class:`MissingExtra` without the package that writes it."""
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtra("sheets", "xlsxwriter") from None
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": escape_controls(report.title), "created": _MADE})
        formats = _Formats(book, report.language)
        _write_sentences(book.add_worksheet(report.language.phrase("Answer")), report, formats)
        names = _name_sheets((section for section in report.sections if section.rows), report.language)
        for name, section in names:
            _write_table(book.add_worksheet(name), section, formats)
        if report.language.is_right_to_left:
            for sheet in book.worksheets():
                sheet.right_to_left()
    return file.getvalue()


class _Formats:
    """The formats of cells of a workbook, each made once."""

    def __init__(self, book: Workbook, language: Language) -> None:
        self._book, self._language = book, language
        self._made: dict[tuple[Tone, str], CellFormat] = {}
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.sentence = book.add_format({"text_wrap": True, "valign": "top"})

    def of_kind(self, tone: Tone, kind: ValueKind) -> CellFormat:
        """Return the format of a cell that holds a number, a date or an instant."""
        return self.of(tone, re.sub(r"\{(.*?)\}", self._write_unit, _NUMBER_FORMATS.get(kind, "")))

    def _write_unit(self, number: re.Match[str]) -> str:
        """Return the format of a number of night-hours, its unit in quotation marks."""
        before, _, after = self._language.translate("{hours} h").partition("{hours}")
        return number[1].join(f'"{text}"' if text else "" for text in (before, after))

    def of(self, tone: Tone, number_format: str) -> CellFormat:
        """Return the format of a cell."""
        if (tone, number_format) not in self._made:
            holds = {"num_format": number_format} if number_format else {"text_wrap": True}
            self._made[tone, number_format] = self._book.add_format({"valign": "top", **holds, **_FONTS[tone]})
        return self._made[tone, number_format]


def _write_sentences(sheet: Worksheet, report: Report, formats: _Formats) -> None:
    """Write the title, and the sentences and notes of all sections below it."""
    sheet.set_column(0, 0, _SENTENCES)
    sheet.write_string(0, 0, _clean(report.title), formats.title)
    leads = [text for section in report.sections for text in (section.heading, *section.lead) if text]
    notes = [text for section in report.sections for text in section.notes]
    for row, text in enumerate((*leads, *([""] if leads and notes else []), *notes), start=1):
        sheet.write_string(row, 0, _clean(text), formats.sentence)


def _write_table(sheet: Worksheet, section: Section, formats: _Formats) -> None:
    """Write the heads, which stay in sight, and the rows."""
    for column, head in enumerate(section.heads):
        texts = [head.head, *(row[column].text for row in section.rows)]
        longest = max(len(line) for text in texts for line in text.split("\n"))
        sheet.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))
        sheet.write_string(0, column, _clean(head.head), formats.head)
    for row, cells in enumerate(section.rows, start=1):
        for column, (head, cell) in enumerate(zip(section.heads, cells, strict=True)):
            _write_cell(sheet, (row, column), head, cell, formats)
    sheet.freeze_panes(1, 0)


def _write_cell(sheet: Worksheet, at: tuple[int, int], head: Head, cell: Cell, formats: _Formats) -> None:
    """Write a cell by what it holds; one without a value, or with a day that no spreadsheet knows, is its text."""
    typed = formats.of_kind(cell.tone, head.kind)
    match cell.value:
        case datetime() as instant if instant.date() >= _FIRST_DAY:
            sheet.write_datetime(*at, instant.replace(tzinfo=None), typed)
        case date() as day if not isinstance(day, datetime) and day >= _FIRST_DAY:
            sheet.write_datetime(*at, day, typed)
        case int() | float() as number:
            sheet.write_number(*at, number / (24 * 60) if head.kind is ValueKind.LENGTH else number, typed)
        case _ if cell.text:
            sheet.write_string(*at, _clean(cell.text), formats.of(cell.tone, ""))
        case _:
            pass


def _clean(text: str) -> str:
    return escape_controls(text)[:_MOST_LETTERS]


def _name_sheets(sections: Iterable[Section], language: Language) -> Iterator[tuple[str, Section]]:
    """Yield each section with a name for its sheet: its title, as spreadsheets allow it, and a number if it is taken.

    >>> from mag_rotation.report.language import ENGLISH
    >>> sections = [Section(title="a/b: c"), Section(title="A b c"), Section()]
    >>> [name for name, _ in _name_sheets(sections, ENGLISH)]
    ['a b c', 'A b c 2', 'Table']
    """
    taken = {language.phrase("Answer").lower(), "history"}  # a name that spreadsheets keep for themselves
    for section in sections:
        plain = re.sub(r"\s+", " ", re.sub(r"[\[\]:*?/\\\x00-\x1f\x7f]", " ", section.title)).strip(
            " '"
        ) or language.phrase("Table")
        name, number = plain[:31].strip(" '"), 1
        while name.lower() in taken:
            number += 1
            name = f"{plain[: 30 - len(str(number))].strip()} {number}"
        taken.add(name.lower())
        yield name, section
