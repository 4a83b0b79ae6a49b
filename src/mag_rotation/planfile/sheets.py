"""Sheets in CSV, XLSX or ODS: the roster, the attendance and the carried ledger, as spreadsheets save them.

Rows are counted as a spreadsheet counts them: the heads are row 1, and a line ``sep=;`` above them is not counted.
A cell is read by the same function as its TOML value; an empty cell is a missing value. Of a workbook the first sheet
that has the columns is read, else its first sheet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from mag_rotation.cells import arm
from mag_rotation.errors import Mistake
from mag_rotation.limits import COMPARED_WORD, SUGGESTED, find_nearest
from mag_rotation.plan.groups import MEMBER_COLUMNS, PRIVATE_CURES, Private, column_key, private_kind
from mag_rotation.planfile import fields as f
from mag_rotation.planfile.fields import list_names, show, suggest_nearest
from mag_rotation.planfile.reader import Place, find_control_characters, read_member, read_session, read_table
from mag_rotation.planfile.tables import (
    AttendanceLine,
    CarriedLine,
    MemberSketch,
    MemberTable,
    SessionSketch,
    SessionTable,
    Table,
    list_keys,
)
from mag_rotation.planfile.workbook import WorkbookSheet, is_workbook, read_workbook

__all__ = [
    "SESSION_COLUMNS",
    "RawRow",
    "RawSheet",
    "RosterSheet",
    "find_separator",
    "read_carried",
    "read_history",
    "read_member_cells",
    "read_raw_sheets",
    "read_roster",
    "read_sessions",
    "read_sheet",
    "read_sheet_rows",
    "split_stays",
]

T = TypeVar("T", bound=Table)
_Records: TypeAlias = Sequence[Sequence[str]]

_KNOWN_GROUPS = ("country",)
"""Groups that a plan reads more from than a label, so that their columns are known in any case."""

_STAY = re.compile(r"(?P<first>\S+?)\s*/\s*(?P<last>\S+)\s+(?P<zone>\S.*)")
_SEPARATORS = ";,"
_ALL_SEPARATORS = ";,\t|"
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<separator>[;,|\t])"?[;,\t ]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
"""The first line that names the separator of cells to Excel; no spreadsheet shows it as a row."""

_FIRST_LINES = 10
"""How far down the heads are looked for, below a title."""

_LINES_LOOKED_AT = 50
"""How many lines decide what separates the cells of a file of any layout."""

_LINE_END = re.compile(r"\r\n?|\n")
_RESAVE = "save it as 'CSV UTF-8 (comma delimited)' in Excel, or with the character set UTF-8 in LibreOffice"

_NOT_CSV = {
    "unexpected end of data": "found a quotation mark that is never closed; close it, or write it twice inside a text",
    "expected after": "found more after a closing quotation mark; write it twice inside a text",
    "field larger": "found a cell of more than 131072 characters; is a quotation mark missing?",
}
"""What the csv module says of a row that cannot be cut into cells, in a secretary's words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """The cells of one row by column, empty ones left out, and its place; None where they cannot be separated."""

    place: Place
    cells: dict[str, str] | None


def _decode(data: bytes, name: str, mistakes: list[Mistake]) -> str | None:
    """Return the text of a sheet, or a mistake that says how to save it right."""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class RawRow:
    """The cells of one row as they are written, and the line of the file in which it begins."""

    line: int
    cells: Sequence[str]


def _read_records(text: str, delimiter: str, name: str, mistakes: list[Mistake]) -> list[RawRow] | None:
    """Return the rows of a sheet cut into cells, or a mistake in the row that cannot be."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[RawRow] = []
    line = 1
    try:
        while (record := next(reader, None)) is not None:
            records.append(RawRow(line=line, cells=record))
            line = reader.line_num + 1
    except csv.Error as error:
        cures = (cure for words, cure in _NOT_CSV.items() if words in str(error))
        problem = next(cures, f"not CSV: {error}; {_RESAVE}")
        mistakes.append(Mistake(place=f"{name} row {len(records) + 1}", problem=problem))
        return None
    return records


def _find_heads(text: str, separators: str, required: Sequence[str]) -> tuple[int, str]:
    """Return the number of the line with the required columns, from 0, and its separator.

    If no line has them, it is the first line, and the separator that is most frequent in it.
    """
    lines = _LINE_END.split(text, _FIRST_LINES)[:_FIRST_LINES]
    wanted = {column_key(column) for column in required}
    for number, line in enumerate(lines if wanted else ()):
        for separator in separators:
            if wanted <= {column_key(cell.strip('"')) for cell in line.split(separator)}:
                return number, separator
    return 0, max(reversed(separators), key=lines[0].count)


def read_sheet_rows(
    data: bytes, name: str, required: tuple[str, ...], mistakes: list[Mistake], *, known: Sequence[str] = ()
) -> list[Row]:
    """Return the rows below the header; mistakes of the sheet itself are added to ``mistakes``.

    Columns that are ``required`` or ``known`` get these names in the rows, however they are capitalised.
    """
    return read_sheet(data, name, required, mistakes, known)[1]


def find_no_column(head: str) -> None:
    """Return that a head means no column but the one that it names."""


def read_sheet(
    data: bytes,
    name: str,
    required: tuple[str, ...],
    mistakes: list[Mistake],
    known: Sequence[str],
    *,
    guess: Callable[[str], str | None] = find_no_column,
) -> tuple[list[str], list[Row]]:
    """Return the columns and the rows of a sheet, as :func:`read_sheet_rows` has them; empty if it cannot be read.

    ``guess`` says which column a head may mean that is none; such a head is a mistake.
    """
    cut = _cut(data, name, required, mistakes)
    if cut is None:
        return [], []
    records, separator = cut
    written = _strip_cells(records[0]) if records else []
    names = {column_key(column): column for column in (*known, *required)}
    header = [names.get(column_key(column), column) for column in written]
    meant = {head: column for head in dict.fromkeys(header) if head not in known and (column := guess(head))}
    problems = _check_header(header, written, required, name, meant, known=known)
    mistakes.extend(problems)
    if problems:
        header = [meant.get(head, head) for head in header]
        if not meant or _check_header(header, header, required, name, {}, known=known):
            return [], []
    return header, list(_read_rows(records, header, separator, name, mistakes))


def _cut(data: bytes, name: str, required: Sequence[str], mistakes: list[Mistake]) -> tuple[_Records, str] | None:
    """Return the rows of a sheet from its heads on, cut into cells, and what separates these; or a mistake."""
    if is_workbook(data):
        above, records, separator = *_choose_sheet(read_workbook(data, name, mistakes), required), ""
    elif (text := _decode(data, name, mistakes)) is not None:
        marked, text = _take_separator_line(text)
        above, separator = _find_heads(text, marked or _SEPARATORS, required)
        rows = _read_records(text, separator, name, mistakes)
        records = None if rows is None else [row.cells for row in rows]
    else:
        return None
    if above and records is not None:
        mistakes.append(_refuse_title(records[:above], above + 1, name))
    return None if above or records is None else (records, separator)


def find_separator(data: bytes, required: Sequence[str]) -> str:
    """What separates the cells of a CSV sheet that can be read; a comma for a workbook."""
    if is_workbook(data):
        return ","
    marked, text = _take_separator_line(data.decode("utf-8-sig"))
    return marked or _find_heads(text, _SEPARATORS, required)[1]


def _choose_sheet(sheets: Sequence[WorkbookSheet], required: Sequence[str]) -> tuple[int, _Records | None]:
    """Return the rows of the sheet with the required columns, else of the first, and the number above its header."""
    wanted = {column_key(column) for column in required}
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:_FIRST_LINES]):
            if wanted and wanted <= set(map(column_key, row)):
                return number, sheet.rows
    return 0, sheets[0].rows if sheets else None


def _take_separator_line(text: str) -> tuple[str, str]:
    """Return the separator that the first line names, empty if it names none, and the text below it."""
    marked = _SEPARATOR_LINE.match(text)
    return (marked["separator"], text[marked.end() :]) if marked else ("", text)


@dataclass(frozen=True, kw_only=True, slots=True)
class RawSheet:
    """A sheet of any layout: its name in a workbook, and the rows in it that are not empty."""

    title: str
    rows: tuple[RawRow, ...]


def read_raw_sheets(
    data: bytes, name: str, mistakes: list[Mistake], count_heads: Callable[[Sequence[str]], int]
) -> tuple[RawSheet, ...]:
    """Return the sheets of a file that may have any separator and titles above the heads; empty if it cannot be read.

    ``count_heads`` says how many cells of a row are heads of columns: the separator is the one that gives most of them.
    """
    if is_workbook(data):
        sheets = [
            (sheet.title, [RawRow(line=line, cells=row) for line, row in enumerate(sheet.rows, start=1)])
            for sheet in read_workbook(data, name, mistakes)
        ]
    elif (text := _decode(data, name, mistakes)) is not None:
        marked, text = _take_separator_line(text)
        lines = _LINE_END.split(text, _LINES_LOOKED_AT)[:_LINES_LOOKED_AT]

        def judge(separator: str) -> tuple[int, int]:
            rows = list(csv.reader(lines, delimiter=separator))
            return max(map(count_heads, rows), default=0), max(map(len, rows), default=0)

        rows = _read_records(text, marked or max(_ALL_SEPARATORS, key=judge), name, mistakes)
        shift = 1 if marked else 0
        sheets = [("", [RawRow(line=row.line + shift, cells=row.cells) for row in rows or ()])]
    else:
        sheets = []
    stripped = (
        (title, [RawRow(line=row.line, cells=_strip_cells(row.cells)) for row in rows]) for title, rows in sheets
    )
    return tuple(RawSheet(title=title, rows=tuple(row for row in rows if row.cells)) for title, rows in stripped)


def _strip_cells(record: Sequence[str]) -> list[str]:
    """Return the cells of a row without blanks round them, and without the empty ones at its end."""
    cells = [arm(cell.strip()) for cell in record]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _read_rows(
    records: Sequence[Sequence[str]], header: Sequence[str], separator: str, name: str, mistakes: list[Mistake]
) -> Iterator[Row]:
    """Yield the rows below the heads that are not empty."""
    for number, record in enumerate(records[1:], start=2):
        place = Place(path=f"{name} row {number}", row=True)
        cells = _strip_cells(record)
        if len(cells) > len(header):
            cure = f"put a text that holds {separator!r} in quotation marks" if separator else "name every column"
            problem = f"found {len(cells)} cells under {len(header)} columns; {cure}"
            mistakes.append(Mistake(place=str(place), problem=problem))
            yield Row(place=place, cells=None)
        elif cells:
            row = {column: cell for column, cell in zip(header, cells, strict=False) if cell}
            for column, cell in row.items():
                shown = column if column.isprintable() else repr(column)
                mistakes.extend(find_control_characters(cell, place.of(shown)))
            yield Row(place=place, cells=row)


def _refuse_title(records: Sequence[Sequence[str]], heads: int, name: str) -> Mistake:
    """Return the mistake of a sheet whose heads are in a lower row than the first."""
    title = next((cell.strip() for record in records for cell in record if cell.strip()), None)
    found = "an empty row" if title is None else f"the title {show(title)}"
    rows = "this row" if heads == 2 else f"the {heads - 1} rows"
    problem = f"found {found} above the heads of the columns, which are in row {heads}; delete {rows} above them"
    return Mistake(place=f"{name} row 1", problem=problem)


def _check_header(
    header: Sequence[str],
    written: Sequence[str],
    required: tuple[str, ...],
    name: str,
    meant: Mapping[str, str],
    *,
    known: Sequence[str],
) -> list[Mistake]:
    """Return the mistakes in the names of columns, as they are read and as they are written.

    ``meant`` has the columns that heads may mean, by head; ``known`` columns mean themselves.
    """
    place = f"{name} row 1"
    if not header:
        columns = ", ".join(required)
        return [
            Mistake(place=place, problem=f"found no header; the first row names the columns: {columns} and any others")
        ]
    found = [
        mistake
        for number, column in enumerate(header, start=1)
        for mistake in find_control_characters(column, f"{place}, column {number}")
    ]
    if len(header) == 1 and "\t" in header[0]:
        problem = f"found columns separated by tabs; {_RESAVE}"
        return [*found, Mistake(place=place, problem=problem)]
    missing = [column for column in required if column not in header]
    renamed = {column: head for head, column in reversed(list(meant.items()))}
    found.extend(
        Mistake(place=place, problem=problem) for problem in _tell_missing(written, required, missing, renamed, known)
    )
    for head, column in meant.items():
        if column not in missing or renamed[column] != head:
            cure = f"{_tell_rename(head, column)}, or to {f'group: {head}'!r} if it is a group"
            found.append(Mistake(place=place, problem=f"found the column {head!r}; {cure}"))
    found.extend(_find_equal_heads(written, place))
    if "" in header:
        found.append(Mistake(place=place, problem="found a column without a name; give each column a name"))
    return found


def _tell_missing(
    written: Sequence[str],
    required: Sequence[str],
    missing: Sequence[str],
    renamed: Mapping[str, str],
    known: Sequence[str],
) -> Iterator[str]:
    """Yield the problem of each required column that is missing; ``renamed`` has the heads that may mean columns."""
    by_key = {column_key(head): head for head in written}
    claimed = set(map(column_key, known))
    free = {key: head for key, head in by_key.items() if key not in claimed} if missing else {}
    close = {
        column: find_nearest(column, [key for key, head in free.items() if _may_mean(head, column)])
        for column in missing
    }
    if missing and list(missing) == list(required) and not renamed and not any(close.values()):
        # nothing of it is shown: a plan of a stranger may name any file
        columns = " and ".join(map(repr, required))
        cure = "name its columns so in the first row, or name another file in the plan"
        yield f"found no column {columns}, so it is not such a sheet; {cure}"
        return
    for column in missing:
        if column in renamed:
            cure = f"{_tell_rename(renamed[column], column)} if it is meant"
        else:
            hint = f"rename {by_key[close[column][0]]!r} to {column!r} if it is meant; " if close[column] else ""
            cure = f"{hint}the columns are {', '.join(map(repr, written))}"
        yield f"found no column {column!r}; {cure}"


def _may_mean(head: str, column: str) -> bool:
    """Return whether a head that is like a column may mean it: whether it is no word for something else, as Phone."""
    from mag_rotation.planfile.people import find_meaning  # noqa: PLC0415 - the table of headings, for errors only

    return find_meaning(head) in {None, column}


def _find_equal_heads(written: Sequence[str], place: str) -> Iterator[Mistake]:
    """Yield the mistakes of heads that several columns have."""
    alike: dict[str, list[str]] = {}
    for head in written:
        alike.setdefault(column_key(head), []).append(head)
    for key, heads in alike.items():
        if key and len(heads) > 1:
            again = "" if len(set(heads)) == 1 else f", as {' and '.join(map(repr, dict.fromkeys(heads)))}"
            problem = f"found the column {heads[0]!r} twice{again}; give each column a name of its own"
            yield Mistake(place=place, problem=problem)


def _tell_rename(head: str, column: str) -> str:
    """Say how a head becomes that of the column it may mean."""
    if column == "duration" and column_key(head) in _ENDS:
        return f"write how long each session lasts, such as '90min', and not its end, and rename {head!r} to 'duration'"
    return f"rename {head!r} to {column!r}"


# The roster.


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterSheet:
    """The members of a sheet with their places, and the columns that are read as nothing."""

    rows: tuple[tuple[Place, MemberTable | MemberSketch], ...]
    unread: tuple[str, ...] = ()


def read_roster(data: bytes, name: str, mistakes: list[Mistake], groups: Sequence[str] | None = None) -> RosterSheet:
    """Return the members of a roster sheet.

    ``groups`` names the columns that are groups; None: every column that is not known is one. Groups are printed, so
    a column of them with an address or a telephone number is a mistake.
    """
    known = (*(groups or ()), *_KNOWN_GROUPS, *MEMBER_COLUMNS)
    header, rows = read_sheet(data, name, ("id", "zone"), mistakes, known)
    columns = [column for column in header if column not in MEMBER_COLUMNS]
    if groups is not None and header:
        mistakes.extend(_check_groups(groups, columns, name))
    wanted = None if groups is None else set(map(column_key, groups))
    labels = [column for column in columns if wanted is None or column_key(column) in wanted]
    private = _find_private_cells(
        set(labels),
        rows,
        PRIVATE_CURES if groups is None else dict.fromkeys(Private, "take the column out of roster.groups"),
    )
    mistakes.extend(private[column] for column in labels if column in private)
    shown = set(labels) - private.keys()
    return RosterSheet(
        rows=tuple(
            (
                row.place,
                MemberSketch() if row.cells is None else read_member_cells(row.cells, row.place, shown, mistakes),
            )
            for row in rows
        ),
        unread=tuple(column for column in columns if wanted is not None and column_key(column) not in wanted),
    )


def _check_groups(groups: Sequence[str], columns: Sequence[str], name: str) -> Iterator[Mistake]:
    """Yield the mistakes in ``roster.groups``; ``columns`` are those of the sheet that may be groups."""
    read, free = set(map(column_key, MEMBER_COLUMNS)), set(map(column_key, columns))
    known = f"the columns of {name} that may be groups are {list_names(columns) or 'none'}"
    suggested = 0
    for index, group in enumerate(groups):
        place = f"roster.groups[{index}]"
        if column_key(group) in read:
            yield Mistake(place=place, problem=f"found {show(group)}, a column that is read for itself; leave it out")
        elif column_key(group) not in free:
            hint = suggest_nearest(group, columns) if suggested < SUGGESTED else ""
            suggested += 1
            yield Mistake(place=place, problem=f"found {show(group)}; {hint}{known}")


def _find_private_cells(
    columns: Collection[str], rows: Sequence[Row], cures: Mapping[Private, str]
) -> dict[str, Mistake]:
    """Return the mistakes of columns of groups in which a cell holds an address or a telephone number, by column.

    ``cures`` say what to do about each.
    """
    mistakes: dict[str, Mistake] = {}
    for row in rows:
        for column, cell in (row.cells or {}).items():
            found = private_kind(cell) if column in columns and column not in mistakes else None
            if found is not None:
                problem = f"found {found} in a column of groups, which are printed; {cures[found]}"
                place = row.place.of(column if column.isprintable() else repr(column))
                mistakes[column] = Mistake(place=place, problem=problem)
    return mistakes


def read_member_cells(
    cells: Mapping[str, str], place: Place, groups: Collection[str], mistakes: list[Mistake]
) -> MemberTable | MemberSketch:
    """Return the member of one row, from the cells that are not empty."""
    known: dict[str, object] = {
        key.name: key.read_cell(cells[key.name]) if key.read_cell else cells[key.name]
        for key in list_keys(MemberTable)
        if key.name in cells and key.name in MEMBER_COLUMNS
    }
    if "stays" in known:
        known["stays"] = list(split_stays(cells["stays"], place, mistakes))
    known["groups"] = {column: cell for column, cell in cells.items() if column in groups}
    return read_member(known, place, mistakes)


def split_stays(cell: str, place: Place, mistakes: list[Mistake]) -> Iterator[dict[str, str]]:
    """Yield the stays of a cell as tables of a plan; other texts are added to ``mistakes``."""
    right = "write days and a zone such as '2026-10-01/2026-10-20 Europe/Paris', with ';' between several stays"
    yield from _split_items(_split_stay, f.split_cell(cell), right, place.of("stays"), mistakes)


def _split_stay(item: str) -> dict[str, str] | None:
    found = _STAY.fullmatch(item)
    return found and {"from": found["first"], "to": found["last"], "zone": found["zone"]}


# The sessions of a programme.

SESSION_COLUMNS = tuple(key.name for key in list_keys(SessionTable) if key.name != "groups")
"""The columns of a sheet of sessions that are not groups."""

_ENDS = frozenset({"end", "ends", "endtime", "finish", "to"})
"""Heads of the end of a session, which has a length instead."""

_HEADS_MEANT = {
    # what people write as the head of a column, by its key -> the column
    **dict.fromkeys(("nr", "no", "no.", "nr.", "#", "number", "code", "session", "sessions"), "id"),
    **dict.fromkeys(("name", "titel", "topic", "subject"), "title"),
    **dict.fromkeys(("day", "dates", "days"), "date"),
    **dict.fromkeys(("start", "starts", "begin", "begins", "from", "time", "hour", "starttime"), "at"),
    **dict.fromkeys(("length", "minutes", "min", "lasts", *_ENDS), "duration"),
    **dict.fromkeys(("timezone", "tz"), "zone"),
    **dict.fromkeys(("location", "place", "venue", "hall"), "room"),
    **dict.fromkeys(("stream", "theme", "strand"), "track"),
    **dict.fromkeys(("agenda", "parts", "items"), "segments"),
    **dict.fromkeys(
        ("person", "speaker", "moderator", "rapporteur", "organiser", "organizer", "panel", "panelist", "panellist"),
        "people",
    ),
    **dict.fromkeys(("participants", "who"), "people"),
    **dict.fromkeys(("description", "abstract", "remark", "remarks", "comment", "comments"), "note"),
    **dict.fromkeys(("link", "website", "web"), "url"),
}

_WORDS_BESIDE = frozenset({"session", "sessions", "of", "the", "list", "utc", "local", "name", "names", "in"})
"""Words in the head of a column that do not say which one it is."""

_WORD = re.compile(r"[^\W\d_]+|#")


def _guess_session_column(head: str) -> str | None:
    """Return the column of sessions that a head may mean; None if it means none, or is named as a group.

    >>> [_guess_session_column(head) for head in ("Speakers", "Session title", "Start (UTC)", "romm", "Language")]
    ['people', 'title', 'at', 'room', None]
    """
    if _GROUP_HEAD.match(head) or len(head) > COMPARED_WORD:
        return None
    key = column_key(head)
    known = {**dict.fromkeys(SESSION_COLUMNS), **_HEADS_MEANT}
    words = [word for word in _WORD.findall(head.casefold()) if word not in _WORDS_BESIDE]
    found = {_find_session_column(word, known) for word in words}
    if key in known or not words:
        return _find_session_column(key, known)
    return found.pop() if len(found) == 1 else None


def _find_session_column(word: str, known: Mapping[str, str | None]) -> str | None:
    """Return the column that one word means, in the singular or plural, or mistyped; None if it means none."""
    for one in (word, word.removesuffix("s")):
        if one in known:
            return known[one] or one
    close = find_nearest(word, SESSION_COLUMNS, cutoff=_LEAST_LIKE)
    return close[0] if close else None


_LEAST_LIKE = 0.75
"""How like a column a head must be to be a mistyped one: ``romm`` is."""

_GROUP_HEAD = re.compile(r"groups?\s*:\s*", re.IGNORECASE)
"""What may stand before the name of a group in the head of its column."""

_BETWEEN_SEGMENTS = re.compile(r"[;\n]")


def read_sessions(
    data: bytes, name: str, mistakes: list[Mistake]
) -> tuple[tuple[Place, SessionTable | SessionSketch], ...]:
    """Return the sessions of a sheet with their places; a column that is not known is a group.

    A column that looks like a mistyped one, or has another word for one, is a mistake unless it is named as a group, as
    in ``group: theme``. Groups are printed, so a column of them with an address or a telephone number is a mistake.
    """
    required = tuple(info.alias or "" for info in SessionTable.model_fields.values() if info.is_required())
    header, rows = read_sheet(data, name, required, mistakes, SESSION_COLUMNS, guess=_guess_session_column)
    if header and not rows:
        problem = "found no row below the heads of the columns; write a row for each session"
        mistakes.append(Mistake(place=name, problem=problem))
    labels = [column for column in header if column not in SESSION_COLUMNS]
    private = _find_private_cells(labels, rows, dict.fromkeys(Private, "delete the column"))
    mistakes.extend(private[column] for column in labels if column in private)
    groups = {column: _GROUP_HEAD.sub("", column, count=1) for column in labels if column not in private}
    return tuple((row.place, _read_session_cells(row, groups, mistakes)) for row in rows if row.cells is not None)


def _read_session_cells(row: Row, groups: Mapping[str, str], mistakes: list[Mistake]) -> SessionTable | SessionSketch:
    """Return the session of one row, from the cells that are not empty; ``groups`` are names by column."""
    cells = row.cells or {}
    known: dict[str, object] = {name: cells[name] for name in SESSION_COLUMNS if name in cells}
    if "segments" in known:
        items = [item.strip() for item in _BETWEEN_SEGMENTS.split(cells["segments"]) if item.strip()]
        right = "write titles and lengths such as 'Setting the scene 10min; Discussion 25min'"
        known["segments"] = list(_split_items(_split_segment, items, right, row.place.of("segments"), mistakes))
    if "people" in known:
        right = "write ids and roles such as 'seat-1:speaker; seat-2:moderator:30min'"
        items = f.split_cell(cells["people"])
        known["people"] = list(_split_items(_split_duty, items, right, row.place.of("people"), mistakes))
    known["groups"] = {name: cells[column] for column, name in groups.items() if column in cells}
    return read_session(known, row.place, mistakes)


_UNITS = frozenset({"h", "hour", "hours", "m", "min", "mins", "minute", "minutes"})
"""What may stand apart behind the number of a length, so that an error can show both."""


def _split_segment(item: str) -> dict[str, str] | None:
    """Return the title of a segment, and the length behind it."""
    words = item.rsplit(maxsplit=2)
    is_apart = len(words) == 3 and words[2].strip("().").casefold() in _UNITS and words[1].strip("(").isdigit()
    title, *lengths = item.rsplit(maxsplit=2 if is_apart else 1)
    title = title.rstrip(": ")
    return {"title": title, "duration": " ".join(lengths).strip("()")} if title and lengths else None


def _split_duty(item: str) -> dict[str, str] | None:
    """Return the id of a person, the role, and the lead if there is one."""
    parts = [part.strip() for part in item.split(":")]
    return dict(zip(("id", "role", "lead"), parts, strict=False)) if len(parts) in {2, 3} and all(parts) else None


def _split_items(
    split: Callable[[str], dict[str, str] | None],
    items: Sequence[str],
    right: str,
    place: str,
    mistakes: list[Mistake],
) -> Iterator[dict[str, str]]:
    """Yield the items of a cell as tables of a plan; other texts are added to ``mistakes``."""
    for item in items:
        found = split(item)
        if found is not None:
            yield found
            continue
        mistakes.append(Mistake(place=place, problem=f"found {show(item)}; {right}"))


# Attendance and carried ledgers.


def read_history(data: bytes, name: str, mistakes: list[Mistake]) -> Iterator[tuple[Place, AttendanceLine]]:
    """Return the lines of an attendance sheet with their places."""
    return _read_lines(AttendanceLine, data, name, mistakes)


def read_carried(data: bytes, name: str, mistakes: list[Mistake]) -> Iterator[tuple[Place, CarriedLine]]:
    """Return the lines of a carried ledger with their places."""
    return _read_lines(CarriedLine, data, name, mistakes)


def _read_lines(model: type[T], data: bytes, name: str, mistakes: list[Mistake]) -> Iterator[tuple[Place, T]]:
    """Yield the lines of a sheet that has a column for each required key of a table; other columns are not read."""
    columns = tuple(info.alias or "" for info in model.model_fields.values())
    required = tuple(info.alias or "" for info in model.model_fields.values() if info.is_required())
    for row in read_sheet_rows(data, name, required, mistakes, known=columns):
        if row.cells is None:
            continue
        line = read_table(
            model, {column: cell for column, cell in row.cells.items() if column in columns}, row.place, mistakes
        )
        if line is not None:
            yield row.place, line
