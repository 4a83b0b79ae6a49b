"""CSV sheets: the roster, the attendance and the carried ledger, as spreadsheets save them.

Rule 1: rows are counted as a spreadsheet counts them, the header being row 1.
Rule 2: a cell is read by the same function as its TOML value; an empty cell is a missing value.
Rule 3: nothing is opened here; bytes come in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from pydantic import Field

from mag_rotation.errors import Mistake
from mag_rotation.plan import fields as f
from mag_rotation.plan.reader import Place, control_characters, read_member, read_table
from mag_rotation.plan.tables import MemberSketch, MemberTable, Table

__all__ = [
    "AttendanceTable",
    "CarriedLine",
    "carried_rows",
    "history_rows",
    "roster_rows",
    "sheet_rows",
    "suspicious_columns",
]

T = TypeVar("T", bound=Table)

_NO_COLUMNS = {
    "groups": "each group has a column of its own",
    "stays": "stays are written in the plan, in [[members]] tables",
}
"""Keys of a member that no cell can hold, and where they are written instead."""

MEMBER_COLUMNS = tuple(info.alias or "" for info in MemberTable.model_fields.values() if info.alias not in _NO_COLUMNS)
"""The columns of a roster that are not groups."""

_LISTS = {"roles", "never"}
_RESAVE = "save it as 'CSV UTF-8 (comma delimited)' in Excel, or with the character set UTF-8 in LibreOffice"

_NOT_CSV = {
    "unexpected end of data": "found a quotation mark that is never closed; close it, or write it twice inside a text",
    "expected after": "found more after a closing quotation mark; write it twice inside a text",
    "field larger": "found a cell of more than 131072 characters; is a quotation mark missing?",
}
"""What the csv module says of a row that cannot be cut into cells, in a secretary's words."""


class AttendanceTable(Table):
    """One line of an attendance sheet."""

    date: f.Day = Field(description="the rule date of a past call")
    member: f.Text = Field(description="the id of a member")
    attended: f.Answer = Field(description="yes or no")
    reply: f.Text | None = Field(default=None, description="what the member answered; it counts for nothing")


class CarriedLine(Table):
    """One line of a carried ledger."""

    member: f.Text = Field(description="the id of a member")
    burden: f.Tally = Field(description="the point-minutes that earlier seasons have put on the member")
    night_calls: f.Tally = Field(alias="night_calls", description="how many of their calls were in the night")
    calls: f.Tally = Field(description="how many calls the member took part in")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """The cells of one row by column, empty ones left out, and its place; None where they cannot be told apart."""

    place: Place
    cells: dict[str, str] | None


def _decode(data: bytes, name: str, mistakes: list[Mistake]) -> str | None:
    """The text of a sheet, or a mistake that says how to save it right."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        mistakes.append(Mistake(place=name, problem=f"found a file in UTF-16; {_RESAVE}"))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        guess = data[error.start : error.start + 1].decode("cp1252", "replace")
        problem = f"found a byte that is not UTF-8 in line {line} ({guess!r} in Windows-1252, perhaps); {_RESAVE}"
        mistakes.append(Mistake(place=name, problem=problem))
        return None


def _records(text: str, delimiter: str, name: str, mistakes: list[Mistake]) -> list[list[str]] | None:
    """The rows of a sheet cut into cells, or a mistake in the row that cannot be."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    try:
        while (record := next(reader, None)) is not None:
            records.append(record)
    except csv.Error as error:
        cures = (cure for words, cure in _NOT_CSV.items() if words in str(error))
        problem = next(cures, f"not CSV: {error}; {_RESAVE}")
        mistakes.append(Mistake(place=f"{name} row {len(records) + 1}", problem=problem))
        return None
    return records


def sheet_rows(data: bytes, name: str, required: tuple[str, ...], mistakes: list[Mistake]) -> list[Row]:
    """The rows below the header; what is wrong with the sheet itself is added to ``mistakes``."""
    text = _decode(data, name, mistakes)
    first = (text or "").partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    records = None if text is None else _records(text, delimiter, name, mistakes)
    if records is None:
        return []
    header = [column.strip() for column in records[0]] if records else []
    while header and not header[-1]:
        header.pop()
    problems = _header_problems(header, required, name)
    if problems:
        mistakes.extend(problems)
        return []
    rows = []
    for number, record in enumerate(records[1:], start=2):
        place = Place(path=f"{name} row {number}", row=True)
        cells = [cell.strip() for cell in record]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > len(header):
            cure = f"put a text that holds {delimiter!r} in quotation marks"
            problem = f"found {len(cells)} cells under {len(header)} columns; {cure}"
            mistakes.append(Mistake(place=str(place), problem=problem))
            rows.append(Row(place=place, cells=None))
        elif any(cells):
            row = {column: cell for column, cell in zip(header, cells, strict=False) if cell}
            for column, cell in row.items():
                shown = column if column.isprintable() else repr(column)
                mistakes.extend(control_characters(cell, place.of(shown)))
            rows.append(Row(place=place, cells=row))
    return rows


def _header_problems(header: list[str], required: tuple[str, ...], name: str) -> list[Mistake]:
    """What is wrong with the names of the columns."""
    place = f"{name} row 1"
    if not header:
        columns = ", ".join(required)
        return [
            Mistake(place=place, problem=f"found no header; the first row names the columns: {columns} and any others")
        ]
    found = [
        mistake
        for number, column in enumerate(header, start=1)
        for mistake in control_characters(column, f"{place}, column {number}")
    ]
    if len(header) == 1 and "\t" in header[0]:
        problem = f"found columns separated by tabs; {_RESAVE}"
        return [*found, Mistake(place=place, problem=problem)]
    for column in required:
        if column not in header:
            close = get_close_matches(column, [name.lower() for name in header], n=1)
            shown = next((name for name in header if close and name.lower() == close[0]), None)
            hint = f"rename {shown!r} to {column!r} if it is meant; " if shown else ""
            problem = f"found no column {column!r}; {hint}the columns are {', '.join(map(repr, header))}"
            found.append(Mistake(place=place, problem=problem))
    found += [
        Mistake(place=place, problem=f"found the column {column!r} twice; give each column a name of its own")
        for column in dict.fromkeys(header)
        if column and header.count(column) > 1
    ]
    if "" in header:
        found.append(Mistake(place=place, problem="found a column without a name; give each column a name"))
    return found


def roster_rows(data: bytes, name: str, mistakes: list[Mistake]) -> Iterator[tuple[Place, MemberTable | MemberSketch]]:
    """The members of a roster sheet with their places; every column that is not known is a group."""
    for row in sheet_rows(data, name, ("id", "zone"), mistakes):
        if row.cells is None:
            yield row.place, MemberSketch()
            continue
        known: dict[str, object] = {column: cell for column, cell in row.cells.items() if column in MEMBER_COLUMNS}
        for column in _LISTS & known.keys():
            known[column] = [item.strip() for item in row.cells[column].split(";") if item.strip()]
        weight = row.cells.get("weight", "")
        if weight.isascii() and weight.isdigit() and len(weight) < 10:
            known["weight"] = int(weight)
        known["groups"] = {column: cell for column, cell in row.cells.items() if column not in MEMBER_COLUMNS}
        yield row.place, read_member(known, row.place, mistakes)


def history_rows(data: bytes, name: str, mistakes: list[Mistake]) -> Iterator[tuple[Place, AttendanceTable]]:
    """The lines of an attendance sheet with their places."""
    return _lines(AttendanceTable, data, name, mistakes)


def carried_rows(data: bytes, name: str, mistakes: list[Mistake]) -> Iterator[tuple[Place, CarriedLine]]:
    """The lines of a carried ledger with their places."""
    return _lines(CarriedLine, data, name, mistakes)


def _lines(model: type[T], data: bytes, name: str, mistakes: list[Mistake]) -> Iterator[tuple[Place, T]]:
    """The lines of a sheet that has a column for each required key of a table; other columns are not read."""
    columns = tuple(info.alias or "" for info in model.model_fields.values())
    required = tuple(info.alias or "" for info in model.model_fields.values() if info.is_required())
    for row in sheet_rows(data, name, required, mistakes):
        if row.cells is None:
            continue
        line = read_table(
            model, {column: cell for column, cell in row.cells.items() if column in columns}, row.place, mistakes
        )
        if line is not None:
            yield row.place, line


def suspicious_columns(groups: set[str]) -> Iterator[tuple[str, str]]:
    """Groups whose name looks like a column or a key of a member, with what to do where that was meant."""
    for group in sorted(groups):
        close = get_close_matches(group.lower(), MEMBER_COLUMNS, n=1, cutoff=0.8)
        if group.lower() in _NO_COLUMNS:
            yield group, _NO_COLUMNS[group.lower()]
        elif close:
            yield group, f"rename it if you meant {close[0]!r}"
