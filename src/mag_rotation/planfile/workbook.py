"""Workbooks (XLSX and ODS) to rows of texts, as a CSV file of the same sheet would have them.

The package ``python-calamine`` (the extra ``sheets``) reads them. It makes a table of all cells up to the last one that
is filled, so the size of that table is checked first: a file of one kilobyte can name the cell XFD1048576.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mag_rotation.errors import MissingExtra, Mistake
from mag_rotation.limits import SHEET, WORKBOOK_CELLS, WORKBOOK_MIB

__all__ = ["WorkbookSheet", "is_workbook", "read_workbook"]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 20
_SAVE_AS = "save it as an Excel workbook (.xlsx), an OpenDocument spreadsheet (.ods) or CSV UTF-8"

_CELL_NAME = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,9})["']""")
_ODS_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)\b([^<>]*?)(/?)>(?=(</table:)?)")
_ODS_REPEATED = re.compile(rb"""table:number-(?:rows|columns)-repeated\s*=\s*["']\s*\+?([0-9]+)""")
_ODS_VALUE = re.compile(rb"office:|calcext:|table:formula")


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkbookSheet:
    """A visible sheet; the first of its rows is row 1, and rows end at the last filled column of the sheet."""

    title: str
    rows: tuple[tuple[str, ...], ...]


def is_workbook(data: bytes) -> bool:
    """Return whether a file is a workbook, one of an old Excel or with a password included."""
    return data.startswith((_ZIP, _OLE))


def read_workbook(data: bytes, name: str, mistakes: list[Mistake]) -> tuple[WorkbookSheet, ...]:
    """Return the visible sheets of a workbook; what keeps it from being read is added to ``mistakes``.

    Raises :class:`MissingExtra` if the package that reads workbooks is not installed.
    """
    problem = _find_problem(data)
    if problem:
        mistakes.append(Mistake(place=name, problem=problem))
        return ()
    try:
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415
    except ImportError:
        raise MissingExtra("sheets", "python-calamine") from None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        read = [(title, book.get_sheet_by_name(title).to_python(skip_empty_area=False)) for title in shown]
    except (CalamineError, OSError, ValueError, IndexError) as error:
        reason = str(error).partition("\n")[0]
        mistakes.append(Mistake(place=name, problem=f"cannot be read as a workbook ({reason}); {_SAVE_AS} again"))
        return ()
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what calamine, written in Rust, raises of its own mistakes
            raise
        mistakes.append(Mistake(place=name, problem=f"cannot be read as a workbook; {_SAVE_AS} again"))
        return ()
    return tuple(
        WorkbookSheet(title=title, rows=tuple(tuple(map(_cell_text, row)) for row in rows)) for title, rows in read
    )


def _cell_text(value: float | str | date | time | timedelta) -> str:
    """Return a cell as a CSV file would have it: numbers without ``.0``, dates as ISO writes them.

    >>> _cell_text(41791234567.0), _cell_text(0.5), _cell_text(True), _cell_text(datetime(2026, 1, 2))
    ('41791234567', '0.5', 'yes', '2026-01-02')
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case time():
            return value.isoformat("minutes")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _find_problem(data: bytes) -> str | None:
    """Say what keeps a workbook from being read safely; None if it may be."""
    if data.startswith(_OLE):
        return f"found a workbook with a password or of an Excel before 2007; {_SAVE_AS}, without a password"
    import zipfile  # noqa: PLC0415 - most sheets are CSV
    import zlib  # noqa: PLC0415

    left = WORKBOOK_MIB << 20
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            is_ods = "content.xml" in names
            if not is_ods and "xl/workbook.xml" not in names:
                return f"found an archive that is no workbook; {_SAVE_AS}"
            cells = 0
            for name in names:
                with archive.open(name) as part:
                    text = part.read(left + 1)
                left -= len(text)
                if left < 0:
                    return f"has more than {WORKBOOK_MIB} MiB once it is unpacked; {SHEET.cure}"
                if name == "content.xml":
                    cells = max(cells, _count_ods_cells(text))
                elif not is_ods and name.startswith("xl/worksheets/"):
                    cells = max(cells, _count_xlsx_cells(text))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        return f"cannot be unpacked, so it is damaged; {_SAVE_AS} again"
    if cells > WORKBOOK_CELLS:
        return f"has a sheet of more than {WORKBOOK_CELLS:,} cells up to the last one; delete the cells far off"
    return None


def _count_xlsx_cells(text: bytes) -> int:
    """Return the cells of the table from A1 to the last row and column of a sheet of an XLSX file."""
    rows = columns = 0
    for letters, digits in set(_CELL_NAME.findall(text)):
        number = 0
        for letter in letters.upper():
            number = number * 26 + letter - 64
        rows, columns = max(rows, int(digits)), max(columns, number)
    return rows * max(1, columns)


def _count_ods_cells(text: bytes) -> int:
    """Return the cells of the largest table from its first to its last filled row and column in an ODS file."""
    most = rows = last = width = columns = repeated = 0
    is_filled = False
    for is_end, kind, attributes, is_closed, closing in _ODS_TAG.findall(text):
        if kind == b"table" and not is_end:
            rows = last = width = 0
        elif kind == b"table-row":
            if not is_end:
                columns, repeated, is_filled = 0, _read_repeated(attributes), False
            if is_end or is_closed:
                rows += repeated
                last = rows if is_filled else last
        elif not is_end and kind != b"table":
            columns += _read_repeated(attributes)
            if not (is_closed or closing) or _ODS_VALUE.search(attributes):
                is_filled, width = True, max(width, columns)
        most = max(most, last * width)
    return most


def _read_repeated(attributes: bytes) -> int:
    """Return how often a row or cell is repeated."""
    found = _ODS_REPEATED.search(attributes)
    return min(int(found[1][:9]), 1 << 30) if found else 1
