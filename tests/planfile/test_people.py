"""Spreadsheets as groups keep them: which column is what, who is in which row, and the sheet that is written.

Laws: a private column is never written; ids depend on no order of rows; a sheet that was written is a roster that a
plan reads; the same table in CSV, XLSX and ODS gives the same roster; any file gives a roster or one error, and no
traceback.
"""

from __future__ import annotations

import csv
import io
import random
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib.resources import files
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cities import few_cities
from mag_rotation.errors import InvalidRoster, MagRotationError, MissingExtra, Mistake, UnreadableFile
from mag_rotation.limits import WORKBOOK_CELLS
from mag_rotation.plan.people import People, RosterDraft
from mag_rotation.planfile import workbook
from mag_rotation.planfile.people import _fold, draft_roster, make_id, read_people
from mag_rotation.planfile.sheets import read_history, read_roster
from mag_rotation.report import Form, render
from mag_rotation.report.roster import describe_roster, roster_line
from mag_rotation.report.sentences import sentence
from parts import require_module

Table = Sequence[Sequence[object]]


@pytest.fixture(autouse=True, scope="module")
def _cities() -> Iterator[None]:
    with few_cities():
        yield


def to_csv(rows: Table, separator: str = ",") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode()


def to_xlsx(rows: Table, *, title: str = "Members") -> bytes:
    openpyxl = require_module("openpyxl", "run pip install 'mag-rotation[test]'")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def to_ods(rows: Table, *, title: str = "Members") -> bytes:
    require_module("odf", "run pip install 'mag-rotation[test]'")
    from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped] # noqa: PLC0415
    from odf.table import Table as OdfTable  # type: ignore[import-untyped] # noqa: PLC0415
    from odf.table import TableCell, TableRow  # noqa: PLC0415
    from odf.text import P  # type: ignore[import-untyped] # noqa: PLC0415

    book = OpenDocumentSpreadsheet()
    table = OdfTable(name=title)
    for row in rows:
        line = TableRow()
        for value in row:
            if value is None or value == "":
                line.addElement(TableCell())
                continue
            kind = {"valuetype": "string"}
            if isinstance(value, date):
                kind = {"valuetype": "date", "datevalue": value.isoformat()}
            elif isinstance(value, int | float):
                kind = {"valuetype": "float", "value": str(value)}
            cell = TableCell(**kind)
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    tail = TableRow(numberrowsrepeated=1_048_000)  # as LibreOffice ends a sheet
    tail.addElement(TableCell(numbercolumnsrepeated=16_384))
    table.addElement(tail)
    book.spreadsheet.addElement(table)
    file = io.BytesIO()
    book.write(file)
    return file.getvalue()


TODAY = date(2026, 11, 1)


def draft(data: bytes, name: str = "people.csv", **options: object) -> RosterDraft:
    return draft_roster(read(data, name, **options), today=TODAY)


def read(data: bytes, name: str = "people.csv", **options: object) -> People:
    return read_people(data, name, **options)  # type: ignore[arg-type] # the tests name few of them


def meanings(found: People | RosterDraft) -> dict[str, str]:
    return {column.found: str(column.group or column.meaning) for column in found.columns}


def written(found: RosterDraft) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found.text, newline="")))


# Headings seen in the wild: the row of headings, a row of cells, and what each column is.

ANA = {"name": "Ana Silva", "zone": "Africa/Nairobi"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """A row of headings, the cells below it, what is read, and a title above."""

    heads: str
    cells: str
    read: str
    member: str = "Ana Silva | Africa/Nairobi"


LAYOUTS = {
    "plain": Layout(heads="Name|City|Country", cells="Ana Silva|Nairobi|Kenya", read="name|city|country"),
    "capitals": Layout(heads="NAME|E-MAIL|COUNTRY", cells="Ana Silva|a@example.org|KENYA", read="name|email|country"),
    "two names": Layout(
        heads="Last Name|First Name|Email Address|City|Country",
        cells="Silva|Ana|a@example.org|Nairobi|Kenya",
        read="family-name|given-name|email|city|country",
    ),
    "surname and forename": Layout(
        heads="Surname|Forename|Location", cells="Silva|Ana|Nairobi, Kenya", read="family-name|given-name|city"
    ),
    "united nations": Layout(
        heads="No.|Title|Family name|Given name(s)|Nationality|Country of residence|Regional Group|Stakeholder Group",
        cells="1|Ms.|Silva|Ana|Portugal|Kenya|African Group|Civil Society",
        read="left-out|left-out|family-name|given-name|left-out|country|region|stakeholder",
    ),
    "french": Layout(
        heads="Nom|Prénom|Courriel|Ville|Pays|Fuseau horaire",
        cells="Silva|Ana|a@example.org|Nairobi|Kenya|",
        read="family-name|given-name|email|city|country|zone",
    ),
    "french, one name": Layout(
        heads="Nom et prénom|Adresse électronique|Pays de résidence|Rôle",
        cells="Ana Silva|a@example.org|Kenya|Présidente",
        read="name|email|country|roles",
    ),
    "french, lone name": Layout(heads="Nom|Pays", cells="Ana Silva|Kenya", read="name|country"),
    "french, office": Layout(
        heads="Prénom(s)|NOM|Téléphone|Lieu d'affectation|Région",
        cells="Ana|Silva|+254 000 000 000|Nairobi|Afrique",
        read="given-name|family-name|left-out|city|region",
    ),
    "spanish": Layout(
        heads="Nombre|Apellidos|Correo electrónico|Ciudad|País|Huso horario",
        cells="Ana|Silva|a@example.org|Nairobi|Kenia|",
        read="given-name|family-name|email|city|country|zone",
    ),
    "spanish, one name": Layout(
        heads="Nombre|Correo|País|Cargo|Teléfono móvil",
        cells="Ana Silva|a@example.org|Kenia|Presidenta|254000000000",
        read="name|email|country|roles|left-out",
    ),
    "spanish, formal": Layout(
        heads="Nombres y apellidos|Lugar de residencia|Zona horaria|Grupo regional|Fecha de nacimiento",
        cells="Ana Silva|Nairobi|Africa/Nairobi|África|1990-01-01",
        read="name|city|zone|region|left-out",
    ),
    "german": Layout(
        heads="Vorname|Nachname|E-Mail-Adresse|Wohnort|Land|Geburtsdatum",
        cells="Ana|Silva|a@example.org|Nairobi|Kenia|1.1.1990",
        read="given-name|family-name|email|city|country|left-out",
    ),
    "portuguese": Layout(
        heads="Nome|Sobrenome|Cidade|País|Fuso horário",
        cells="Ana|Silva|Nairóbi|Quênia|",
        read="given-name|family-name|city|country|zone",
    ),
    "italian": Layout(
        heads="Nome|Cognome|Città|Paese|Indirizzo",
        cells="Ana|Silva|Nairobi|Kenya|Via 1",
        read="given-name|family-name|city|country|left-out",
    ),
    "form": Layout(
        heads="Timestamp|Email Address|What is your name?|In which city do you live?|Which country are you based in?",
        cells="2026-01-01 10:00|a@example.org|Ana Silva|Nairobi|Kenya",
        read="left-out|email|name|city|country",
    ),
    "form with a zone": Layout(
        heads="Horodateur|Nom complet|Quel est votre fuseau horaire ?",
        cells="2026-01-01|Ana Silva|Africa/Nairobi",
        read="left-out|name|zone",
    ),
    "two languages": Layout(
        heads="Name / Nom|Country / Pays|City / Ville|E-mail / Courriel",
        cells="Ana Silva|Kenya|Nairobi|a@example.org",
        read="name|country|city|email",
    ),
    "in brackets": Layout(
        heads="Full name (as in passport)|Time zone (IANA)|E-mail (work)",
        cells="Ana Silva|Africa/Nairobi|a@example.org",
        read="name|zone|email",
    ),
    "colons and lines": Layout(
        heads="Member name:|Country\nor region|Time\nzone:", cells="Ana Silva|Kenya|", read="name|country|zone"
    ),
    "a steering committee": Layout(
        heads="Name|GitHub|Affiliation|TZ|Term ends",
        cells="Ana Silva|@ana|Example|Africa/Nairobi|2027-12-31",
        read="name|left-out|Affiliation|zone|left",
    ),
    "a board": Layout(
        heads="Member|Role|Member since|Until|Mobile|Address|City",
        cells="Ana Silva|Chair|2024-01-01|2026-12-31|+254 000 000 000|Street 1|Nairobi",
        read="name|roles|joined|left|left-out|left-out|city",
    ),
    "windows": Layout(
        heads="Display Name|Mail|Windows time zone|Office phone",
        cells="Ana Silva|a@example.org|E. Africa Standard Time|000",
        read="name|email|zone|left-out",
    ),
    "offsets": Layout(heads="Participant|UTC offset|Country", cells="Ana Silva|UTC+3|Kenya", read="name|zone|country"),
    "address book": Layout(
        heads="First name|Last name|E-mail 1|Home Street|Home City|Home Postal Code|Birthday",
        cells="Ana|Silva|a@example.org|Street 1|Nairobi|00100|1990-01-01",
        read="given-name|family-name|email|left-out|city|left-out|left-out",
    ),
    "states": Layout(
        heads="Name|Town|State/Province|Country",
        cells="Ana Silva|Springfield|Illinois|USA",
        read="name|city|state|country",
        member="Ana Silva | America/Chicago",
    ),
    "a roster already": Layout(
        heads="id|zone|name|email|roles|night|locale|country",
        cells="ana-silva|Africa/Nairobi|Ana Silva|a@example.org|chair|22:00-06:00|pt|KE",
        read="id|zone|name|email|roles|night|locale|country",
    ),
    "visas": Layout(
        heads="Delegate|Passport number|Visa required|Dietary requirements|Gender|Duty station",
        cells="Ana Silva|X000|no|none|F|Nairobi",
        read="name|left-out|left-out|left-out|left-out|city",
    ),
    "an arabic name": Layout(
        heads="Name|Country", cells="آنا|كينيا", read="name|country", member="آنا | Africa/Nairobi"
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_columns_of_a_layout_are_recognised(name: str, separator: str) -> None:
    layout = LAYOUTS[name]
    heads, cells = layout.heads.split("|"), layout.cells.split("|")
    found = draft(to_csv([heads, cells], separator))

    assert list(meanings(found).values()) == layout.read.split("|")
    (person,) = found.persons
    assert f"{person.name} | {person.zone}" == layout.member
    private = [cell for cell, meaning in zip(cells, layout.read.split("|"), strict=True) if meaning == "left-out"]
    assert not [cell for cell in private if len(cell) > 2 and cell in found.text]


def test_there_are_enough_layouts() -> None:
    assert len(LAYOUTS) >= 25


PEOPLE: Table = [
    ["Family name", "Given name", "E-mail", "City", "Country", "Region", "Joined"],
    ["Silva", "Ana", "ana@example.org", "Nairobi", "Kenya", "Africa", date(2026, 1, 2)],
    ["Kim", "Min", "min@example.org", "Seoul", "Corée du Sud", "Asia", date(2026, 3, 4)],
    ["Żółć", "Łukasz", "lz@example.org", "Łódź", "Poland", "Europe", ""],
    ["Singh", "Dev", "dev@example.org", "Kathmandu", "Nepal", "Asia", date(2025, 1, 1)],
]
TITLED: Table = [["Members of the board"], ["as of", date(2026, 1, 1)], [], *PEOPLE[:2], [], *PEOPLE[2:]]
ZONES = ["Africa/Nairobi", "Asia/Seoul", "Europe/Warsaw", "Asia/Kathmandu"]
WRITERS: dict[str, Callable[[Table], bytes]] = {"csv": to_csv, "xlsx": to_xlsx, "ods": to_ods}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("table", [PEOPLE, TITLED], ids=["plain", "titled"])
def test_one_table_gives_one_roster_in_every_format(kind: str, table: Table) -> None:
    found = draft(WRITERS[kind](table), f"people.{kind}")

    assert [person.zone for person in found.persons] == ZONES
    assert [person.id for person in found.persons] == ["ana-silva", "min-kim", "lukasz-zolc", "dev-singh"]
    assert [row["joined"] for row in written(found)] == ["2026-01-02", "2026-03-04", "", "2025-01-01"]
    assert found.text == draft(to_csv(PEOPLE)).text


@pytest.mark.parametrize("kind", WRITERS)
def test_rows_are_counted_as_the_file_has_them(kind: str) -> None:
    found = read(WRITERS[kind](TITLED), f"people.{kind}")

    assert [person.row for person in found.persons] == [5, 7, 8, 9]


def test_a_cell_of_several_lines_takes_several_lines_of_the_file() -> None:
    found = read(b'Name,Country\n"Ana\nSilva",Kenya\nBo Li,Peru\n')

    assert [(person.row, person.name) for person in found.persons] == [(2, "Ana Silva"), (4, "Bo Li")]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_sheet_that_was_written_is_a_roster_in_every_format(kind: str) -> None:
    rows = [list(row) for row in csv.reader(io.StringIO(draft(to_csv(PEOPLE)).text, newline=""))]
    mistakes: list[Mistake] = []
    sheet = read_roster(WRITERS[kind](rows), f"members.{kind}", mistakes)

    assert mistakes == []
    assert [table.id for _, table in sheet.rows] == ["ana-silva", "min-kim", "lukasz-zolc", "dev-singh"]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_other_sheets_of_a_plan_may_be_workbooks_too(kind: str) -> None:
    rows: Table = [["date", "member", "attended"], [date(2026, 3, 3), "ana", "yes"]]
    mistakes: list[Mistake] = []
    ((_, line),) = read_history(WRITERS[kind](rows), f"attendance.{kind}", mistakes)

    assert mistakes == []
    assert (str(line.date), line.attended) == ("2026-03-03", True)


def test_a_workbook_with_a_title_above_its_heads_is_refused_as_a_roster() -> None:
    mistakes: list[Mistake] = []
    read_roster(to_xlsx([["Members"], ["id", "zone"], ["ana", "UTC"]]), "members.xlsx", mistakes)

    assert "found the title 'Members' above the heads of the columns, which are in row 2" in str(mistakes[0])


# Workbooks.


def test_typed_cells_merged_titles_and_hidden_columns_of_excel() -> None:
    openpyxl = require_module("openpyxl", "run pip install 'mag-rotation[test]'")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Our members"])
    sheet.merge_cells("A1:F1")
    sheet.append(["Name", "Country", "Joined", "Weight", "Tel.", "Night", "Note"])
    sheet.append(["Ana Silva", "Kenya", datetime.fromisoformat("2026-01-02"), 3, 254000000000, "22:00-06:00", "=1+1"])
    sheet.append(["Bo Li", "Peru", datetime.fromisoformat("2026-01-02T09:30"), 1.0, None, None, True])
    sheet.append(["Cy Ng", "Chile", None, None, None, None, time(9, 30)])
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("Hidden").append(["Name", "Country"])
    book["Hidden"].sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    found = draft(file.getvalue(), "people.xlsx")

    assert [row["joined"] for row in written(found)] == ["2026-01-02", "2026-01-02", ""]
    assert [row["weight"] for row in written(found)] == ["3", "1", ""]
    assert meanings(found)["Tel."] == "left-out"
    assert "254000000000" not in found.text
    assert found.notes == ()
    assert [person.zone for person in found.persons] == ["Africa/Nairobi", "America/Lima", None]


def test_the_first_sheet_with_headings_is_read_and_the_others_are_named() -> None:
    openpyxl = require_module("openpyxl", "run pip install 'mag-rotation[test]'")
    book = openpyxl.Workbook()
    book.active.append(["Read me"])
    for title, who in (("2025", "Ana Silva"), ("2026", "Bo Li")):
        book.create_sheet(title).append(["Name", "Country"])
        book[title].append([who, "Kenya"])
    file = io.BytesIO()
    book.save(file)
    found = read(file.getvalue(), "people.xlsx")

    assert [person.name for person in found.persons] == ["Ana Silva"]
    assert [sentence(note) for note in found.notes] == [
        "the sheet '2025' was read; --sheet takes another with headings: '2026'"
    ]
    assert [person.name for person in read(file.getvalue(), "people.xlsx", sheet="2026").persons] == ["Bo Li"]
    with pytest.raises(UnreadableFile, match=r"has no visible sheet '2027'; did you mean '202[56]'"):
        read(file.getvalue(), "people.xlsx", sheet="2027")


def zipped(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def far_cell() -> bytes:
    openpyxl = require_module("openpyxl", "run pip install 'mag-rotation[test]'")
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Name", "x"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repeated_cells() -> bytes:
    require_module("odf", "run pip install 'mag-rotation[test]'")
    from odf.opendocument import OpenDocumentSpreadsheet  # noqa: PLC0415
    from odf.table import Table as OdfTable  # noqa: PLC0415
    from odf.table import TableCell, TableRow  # noqa: PLC0415
    from odf.text import P  # noqa: PLC0415

    book, table, row = OpenDocumentSpreadsheet(), OdfTable(name="S"), TableRow(numberrowsrepeated=1_000_000)
    cell = TableCell(valuetype="string", numbercolumnsrepeated=16_384)
    cell.addElement(P(text="x"))
    row.addElement(cell)
    table.addElement(row)
    book.spreadsheet.addElement(table)
    file = io.BytesIO()
    book.write(file)
    return file.getvalue()


DAMAGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "cut off": (lambda: to_xlsx(PEOPLE)[:900], "cannot be unpacked"),
    "no workbook": (lambda: zipped(**{"a.txt": "x"}), "found an archive that is no workbook"),
    "an old one": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "with a password or of an Excel before 2007"),
    "empty parts": (lambda: zipped(**{"xl/workbook.xml": "", "xl/worksheets/sheet1.xml": ""}), "cannot be read"),
    "no content": (lambda: zipped(**{"content.xml": "<a", "mimetype": "x"}), "cannot be read"),
    "a cell far off": (far_cell, f"more than {WORKBOOK_CELLS:,} cells up to the last one"),
    "cells repeated": (repeated_cells, f"more than {WORKBOOK_CELLS:,} cells up to the last one"),
    "large inside": (lambda: zipped(**{"content.xml": " " * (257 << 20)}), "has more than 256 MiB once it is unpacked"),
    "utf-16": (lambda: "Name,Country\nAna,Kenya\n".encode("utf-16"), "found a file in UTF-16; save it as 'CSV UTF-8"),
    "windows-1252": (lambda: "Name,Country\nJosé,Chile\n".encode("cp1252"), "is not UTF-8 in line 2 ('é' in Windows"),
    "an open quote": (lambda: b'Name,Country\n"Ana,Kenya\n', "a quotation mark that is never closed"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_file_that_cannot_be_read_says_why_and_what_would_be_right(name: str) -> None:
    make, words = DAMAGED[name]
    with pytest.raises(InvalidRoster, match=re.escape(words)):
        read(make(), "people.xlsx")


def test_without_the_extra_a_workbook_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    with pytest.raises(MissingExtra, match=re.escape("pip install 'mag-rotation[sheets]'")):
        read(to_xlsx(PEOPLE), "people.xlsx")


def test_a_reader_that_panics_is_an_error_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    class Broken:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise PanicException

    python_calamine = require_module("python_calamine", "run pip install 'mag-rotation[sheets]'")
    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Broken)
    with pytest.raises(InvalidRoster, match="cannot be read as a workbook; save it"):
        read(to_xlsx(PEOPLE), "people.xlsx")


def test_an_interrupt_while_a_workbook_is_read_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise KeyboardInterrupt

    python_calamine = require_module("python_calamine", "run pip install 'mag-rotation[sheets]'")
    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        read(to_xlsx(PEOPLE), "people.xlsx")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (b'<table:table><table:table-row><table:table-cell office:value-type="string"/></table:table-row>', 1),
        (b'<table:table><table:table-row table:number-rows-repeated="9"><table:table-cell/></table:table-row>', 0),
        (b'<table:table><table:table-row table:number-rows-repeated="9"><table:table-cell></table:table-cell>', 0),
        (b'<table:table><table:table-row table:number-rows-repeated="9"/><table:table-row><table:table-cell>x', 0),
        (
            b'<table:table-row table:number-rows-repeated="9"/><table:table-row><table:table-cell>x</table:table-row>',
            10,
        ),
    ],
)
def test_the_cells_of_an_opendocument_table_are_counted(text: bytes, cells: int) -> None:
    assert workbook._count_ods_cells(text) == cells


# Columns.


def test_a_column_of_labels_is_a_group_and_others_are_left_out_with_the_reason() -> None:
    heads = ["Name", "Country", "Team", "Team", "Motto", "Charter", "Contact", "Second mail", "", "Empty", "Country"]
    rows = [
        [
            f"Member {n}",
            "Kenya",
            "red" if n % 2 else "blue",
            "x",
            f"motto {n}",
            "the same long text in every row, which nobody wants in a table",
            "+254000000000",
            "a@example.org",
            "?",
            "",
            "Peru",
        ]
        for n in range(6)
    ]
    found = read(to_csv([heads, *rows]))

    assert {column.found: str(column.reason or column.group or column.meaning) for column in found.columns} == {
        "Name": "name",
        "Country": "country",
        "Team": "Team",
        "Team (2)": "again",
        "Motto": "not-labels",
        "Charter": "not-labels",
        "Contact": "holds-telephone",
        "Second mail": "holds-address",
        "column 9": "no-heading",
        "Empty": "empty",
        "Country (2)": "again",
    }


def test_no_heading_has_two_meanings() -> None:
    tables = tomllib.loads((files("mag_rotation.planfile") / "headings.toml").read_text("utf-8"))
    heads = [
        (head, meaning)
        for name in ("private", "numbers", "hours", "groups", "read")
        for meaning, listed in tables[name].items()
        for head in set(listed)
    ]

    meanings = dict(heads)
    assert [(head, meaning) for head, meaning in heads if meanings[head] != meaning] == []
    assert [head for head, _ in heads if _fold(head) != head] == []


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("Can't do", ["evenings after 21", "", "evenings after 21"]),
        ("Comments", ["after 22:00", "not on Fridays", "before 8"]),
        ("When", ["9am", "9am", "9am"]),
        ("Remarks", ["mornings", "mornings", "evenings"]),
        ("Availability", ["any", "any", "any"]),
        ("Indisponibilités", ["", "18h30", ""]),
        ("Which hours are you not available?", ["x", "x", "x"]),
    ],
)
def test_hours_in_words_are_no_group(head: str, cells: list[str]) -> None:
    rows = [[name, "Kenya", cell] for name, cell in zip(("Ana", "Bo", "Cy"), cells, strict=True)]
    found = draft(to_csv([["Name", "Country", head], *rows]))

    assert [column.reason for column in found.columns] == [None, None, "hours"]
    assert written(found)[0].keys() == {"id", "name", "zone", "country"}
    kept = draft(to_csv([["Name", "Country", head], *rows]), groups=[head])
    assert kept.columns[2].group == head, "somebody asked for it"


@pytest.mark.parametrize("labels", [["red", "red", "blue"], ["Team 21", "Team 21", "Team 9"], ["2026", "2026", "2027"]])
def test_labels_are_no_hours(labels: list[str]) -> None:
    rows = [[name, "Kenya", cell] for name, cell in zip(("Ana", "Bo", "Cy"), labels, strict=True)]

    assert draft(to_csv([["Name", "Country", "Team"], *rows])).columns[2].group == "Team"


@pytest.mark.parametrize(
    ("head", "handles", "ids"),
    [
        ("Handle", ["ana7", "bo-l", "CY"], ["ana7", "bo-l", "CY"]),
        ("Username", ["a", "b", "c"], ["a", "b", "c"]),
        ("Handle", ["ana7", "ana7", "cy"], ["ana", "bo", "cy"]),
        ("Handle", ["ana7", "", "cy"], ["ana", "bo", "cy"]),
        ("Handle", ["@ana7", "@bo", "@cy"], ["ana", "bo", "cy"]),
        ("Handle", ["ana_7", "bo", "cy"], ["ana", "bo", "cy"]),
        ("Handle", ["a" * 65, "bo", "cy"], ["ana", "bo", "cy"]),
        ("Team", ["ana7", "bo-l", "cy"], ["ana", "bo", "cy"]),
    ],
)
def test_handles_are_ids_if_they_can_be(head: str, handles: list[str], ids: list[str]) -> None:
    rows = [[name, handle, "Kenya"] for name, handle in zip(("Ana", "Bo", "Cy"), handles, strict=True)]
    found = draft(to_csv([["Name", head, "Country"], *rows]))

    assert [row["id"] for row in written(found)] == ids
    assert found.columns[1].is_chosen == (ids != ["ana", "bo", "cy"])


def test_handles_are_no_ids_beside_ids_and_in_a_roster_that_has_others() -> None:
    handles = "Name,Handle,Country\nAna,ana7,Kenya\nBo,bo-l,Peru\n"
    beside = draft(b"Name,Handle,ID,Country\nAna,ana7,s1,Kenya\nBo,bo-l,s2,Peru\n")
    again = draft(handles.encode(), existing=b"id,name,zone\nana,Ana,Africa/Nairobi\nbo,Bo,America/Lima\n")

    assert [row["id"] for row in written(beside)] == ["s1", "s2"]
    assert ([row["id"] for row in written(again)], again.new, again.gone) == (["ana", "bo"], (), ())
    first = draft(handles.encode())
    assert draft(handles.encode(), existing=first.text.encode()).text == first.text


@pytest.mark.parametrize("head", ["Duty station", "City", "State", "Country", "Time zone"])
def test_a_group_that_is_wanted_still_says_where_somebody_is(head: str) -> None:
    cells = {
        "Duty station": "Lima",
        "City": "Lima",
        "State": "California",
        "Country": "Peru",
        "Time zone": "Asia/Tokyo",
    }
    zones = {"State": "America/Los_Angeles", "Time zone": "Asia/Tokyo"}
    found = draft(to_csv([["Name", head], ["Ana", cells[head]]]), groups=[head])

    (row,) = written(found)
    assert row["zone"] == zones.get(head, "America/Lima")
    assert row["country" if head == "Country" else head] == ("PE" if head == "Country" else cells[head])


def test_columns_that_a_roster_takes_for_one_are_one() -> None:
    heads = ["Name", "Country", "Work group", "work-group", "Region", "ID"]
    rows = [[f"Member {n}", "Kenya", "red", "blue", "Africa", f"m{n}"] for n in range(6)]
    found = draft(to_csv([heads, *rows]), groups=["id"])

    assert found.text.splitlines()[0] == "id,name,zone,country,Work group,region"
    existing = "id,zone,REGION\nm0,Africa/Nairobi,Asia\n"
    again = draft(to_csv([heads, *rows]), existing=existing.encode())
    assert again.text.splitlines()[:2] == [
        "id,zone,REGION,name,country,Work group",
        "m0,Africa/Nairobi,Africa,Member 0,KE,red",
    ]


def test_a_column_that_was_left_out_can_be_kept_unless_it_is_private() -> None:
    heads = ["Name", "Country", "Gender", "Mobile", "Stakeholder group"]
    rows = [["Ana Silva", "Kenya", "F", "+254000000000", "civil society"], ["Bo Li", "Peru", "M", "", "academia"]]
    found = draft(to_csv([heads, *rows]), groups=["gender", "Mobile"])

    assert [row["Gender"] for row in written(found)] == ["F", "M"]
    assert [row["stakeholder"] for row in written(found)] == ["civil society", "academia"]
    assert "+254" not in found.text


@pytest.mark.parametrize(
    "rows",
    [
        [["a", "b"], ["c", "d"]],
        [["Ana Silva", "Nairobi"], ["Bo Li", "Lima"]],
        [["Country", "City"], ["Kenya", "Nairobi"]],
    ],
)
def test_a_table_without_headings_is_refused(rows: Table) -> None:
    with pytest.raises(UnreadableFile, match="has no row of headings in its first 30 rows"):
        read(to_csv(rows))


# Rows.


def test_empty_rows_repeated_rows_and_rows_of_nobody_are_told() -> None:
    rows = [
        ["Name", "E-mail", "Country"],
        ["Ana Silva", "ana@example.org", "Kenya"],
        ["", "", ""],
        ["", "", "Peru"],
        ["Ana Silva", "ana@example.org", "Kenya"],
        ["Ana Silva", "ANA@example.org", "Peru"],
        ["Bo Li", "no address", "Middle-earth"],
        ["Cy Ng", "Cy <mailto:cy@example.org>", "Chile"],
    ]
    found = read(to_csv(rows))

    assert [person.row for person in found.persons] == [2, 6, 7, 8]
    assert [sentence(note) for note in found.notes] == [
        "a row without a name and an address was left out: line 4",
        "a row that repeats an earlier one was left out: line 5",
        "an e-mail address was not understood and was left out: line 7",
        "the country 'Middle-earth' is not known; write its English name or its ISO code, as CH: line 7",
        "one name and one address are there twice; delete a row if it is one person: lines 2 and 6",
    ]
    assert found.persons[3].cells["email"] == "cy@example.org"


def test_a_place_that_contradicts_the_zone_is_a_note() -> None:
    found = read(b"Name,Time zone,City,Country\nAna Silva,Asia/Tokyo,Berlin,Germany\n")

    assert [sentence(note) for note in found.notes] == [
        "row 2, ana-silva: Berlin, Germany is in Europe/Berlin, but the zone is 'Asia/Tokyo', which was taken"
    ]


@pytest.mark.parametrize(
    ("others", "first"),
    [
        (["Los Angeles", "San Diego"], "America/New_York"),
        (["Nottingham", "Leeds"], "Europe/London"),
        (["Leeds"], None),
        (["Leeds", "San Diego"], None),
        (["Nairobi", "Mombasa"], None),
    ],
)
def test_candidates_in_the_country_of_all_others_come_first(others: list[str], first: str | None) -> None:
    def candidates(cities: list[str]) -> list[str]:
        rows = [[f"M{n}", city] for n, city in enumerate(["Cambridge", *cities])]
        found = read(to_csv([["Name", "City"], *rows]))
        assert found.persons[0].zone is None
        return [one.zone for one in found.persons[0].location.candidates]

    alone, beside = candidates([]), candidates(others)
    assert sorted(alone) == sorted(beside)
    assert beside[0] == (first or alone[0])


def test_the_whole_report_fits_in_80_columns() -> None:
    heads = ["Name", "E-mail", "City", "Country", "Time zone", "Can't do", "Regional group"]
    rows = [
        ["Maria Fernanda Rodríguez González", "m@example.org", "Springfield", "USA", "", "evenings after 21", "GRULAC"],
        ["Ana Silva", "ana@example.org", "Geneva", "Ruritania", "", "", "Western European and Others Group"],
        ["Bo Li", "bo@example.org", "Xyzzy", "Kenya", "", "mornings", "African"],
        ["Cy", "cy@example.org", "", "", "CET", "", "African"],
    ]
    existing = b"id,name,zone,email\nana-silva,Ana Silva,America/Argentina/ComodRivadavia,ana@example.org\nx,X,UTC,\n"
    found = draft(to_csv([heads, *rows]), existing=existing)
    report = describe_roster(found, source="people.csv", file="members.csv", today=TODAY)
    text = render(report, Form.TABLE, width=80)

    assert [line for line in text.splitlines() if len(line) > 80] == []
    for cell in found.cells:
        assert f" {cell.cell}\n" in f" {text}", "what is to be written is on one line"


def test_a_city_that_is_not_known_where_the_country_decided_is_told() -> None:
    heads = ["Name", "City", "Country"]
    rows = [["Ana", "Nairobbi", "Kenya"], ["Bo", "Lima", "Peru"], ["Cy", "", "Peru"], ["Di", "Xyzzy", "Peru"]]
    notes = [sentence(note) for note in read(to_csv([heads, *rows])).notes]
    alone = [sentence(note) for note in read(to_csv([heads, *rows[:2]])).notes]

    assert notes == ["the cities 'Nairobbi', 'Xyzzy' are not known there, so the country decided: lines 2 and 5"]
    assert alone == ["the city 'Nairobbi' is not known there, so the country decided: line 2"]


def test_a_country_that_is_not_clear_is_told_with_its_rows_and_what_to_write() -> None:
    rows = [["Name", "Country"], ["Ana", "Congo"], ["Bo", "Mordor"], ["Cy", "Congo"], ["Di", "Oz"], ["Ed", "Mordor"]]

    assert [sentence(note) for note in read(to_csv(rows)).notes] == [
        (
            "the countries 'Mordor', 'Oz' are not known; write their English names or their ISO codes, as CH: "
            "lines 3, 5 and 6"
        ),
        "the country 'Congo' may be CD or CG; write the one that is meant: lines 2 and 4",
    ]


def test_what_a_plan_would_refuse_is_a_mistake_in_its_row() -> None:
    rows = [
        ["Name", "Country", "Joined", "Left", "Lead", "Night"],
        ["Ana Silva", "Kenya", "2026-03-01", "2026-01-01", "", ""],
        ["Bo Li", "Peru", "", "", "soon", "late"],
    ]
    with pytest.raises(InvalidRoster) as caught:
        read(to_csv(rows))

    places = [mistake.place for mistake in caught.value.mistakes]
    assert sorted(places) == [
        "people.csv row 2, column left",
        "people.csv row 3, column lead",
        "people.csv row 3, column night",
    ]


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        (["2026-10-31", "2026/1/2", "2026-10-31 10:00"], ["2026-10-31", "2026-01-02", "2026-10-31"]),
        (["31/12/2026", "1/2/2026"], ["2026-12-31", "2026-02-01"]),
        (["12/31/2026", "1/2/2026"], ["2026-12-31", "2026-01-02"]),
        (["1.2.2026"], ["2026-02-01"]),
        (["1/2/2026"], [""]),
        (["3/3/2026"], ["2026-03-03"]),
        (["31/12/2026", "12/31/2026", "1/2/2026"], ["", "", ""]),
        (
            ["3 mai 2026", "1er août 2026", "May 3, 2026", "3 de enero de 2026", "3rd October 2026"],
            ["2026-05-03", "2026-08-01", "2026-05-03", "2026-01-03", "2026-10-03"],
        ),
        (["2026", "soon", "30 February 2026", "5 Foober 2026", "2026-13-01"], [""] * 5),
    ],
)
def test_dates_are_read_where_they_are_clear(cells: list[str], dates: list[str]) -> None:
    rows = [["Name", "Country", "Joined"], *([f"Member {n}", "Kenya", cell] for n, cell in enumerate(cells))]
    found = draft(to_csv(rows))

    assert [row.get("joined", "") for row in written(found)] == dates
    assert bool(found.notes) is ("" in dates)


# Ids.


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Ana Silva", "ana-silva"),
        ("  Ana   SILVA ", "ana-silva"),
        ("Łukasz Żółć", "lukasz-zolc"),
        ("José Ñandú", "jose-nandu"),
        ("Søren Ærø", "soren-aero"),
        ("Siân O\u2019Brien", "sian-obrien"),
        ("Jean-Luc d'Arc", "jean-luc-darc"),
        ("Владимир", "vladimir"),
        ("Αθηνά", "athina"),
        ("王芳", "wangfang"),
        ("김민수", "gimminsu"),
        ("さくら", "sakura"),
        ("თამარ", "tamar"),
        ("Ա", "a"),
        ("🙂", "slightly-smiling-face"),
        ("", ""),
        ("x" * 100, "x" * 40),
    ],
)
def test_an_id_is_the_name_in_plain_letters(name: str, own: str) -> None:
    found = make_id(name)

    assert found == own or name in {"Αθηνά", "🙂"}
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", found)


TWINS = [
    ["Name", "E-mail", "City", "Country"],
    ["Ana Silva", "ana@example.org", "Nairobi", "Kenya"],
    ["Ana Silva", "asilva@example.com", "Lima", "Peru"],
    ["Wei Wang", "wei@example.org", "Beijing", "China"],
    ["Wei Wang", "wang@example.org", "Shanghai", "China"],
    ["Bo Li", "bo@example.org", "Lima", "Peru"],
    ["Bo Li", "li@example.org", "Lima", "Peru"],
    ["", "one@example.org", "Lima", "Peru"],
    ["", "two@example.org", "Lima", "Peru"],
]


def ids_by_address(rows: Table) -> dict[str, str]:
    return {person.cells["email"]: person.id for person in read(to_csv(rows)).persons}


def test_a_name_that_is_cut_elsewhere_is_the_same_person() -> None:
    found = read(to_csv([["Family name", "Given name", "Country"], ["A B", "C", "Kenya"], ["B", "C A", "Kenya"]]))

    assert [person.id for person in found.persons] == ["c-a-b"]
    assert [sentence(note) for note in found.notes] == ["a row that repeats an earlier one was left out: line 3"]


def test_without_the_extra_a_note_says_that_the_table_of_cities_is_short() -> None:
    with patch("mag_rotation.planfile.people.has_city_package", lambda: False):
        notes = [sentence(note) for note in read(b"Name,City\nAna Silva,Lima\n").notes]

    assert len(notes) == 1
    assert notes[0].startswith("cities are looked up in a short table; with the extra 'places' it has 34,000")


def test_two_people_of_one_name_are_told_apart_by_what_differs() -> None:
    ids = ids_by_address(TWINS)

    assert ids["ana@example.org"] == "ana-silva-ke"
    assert ids["asilva@example.com"] == "ana-silva-pe"
    assert ids["wei@example.org"] == "wei-wang-beijing"
    assert re.fullmatch(r"bo-li-[0-9a-f]{4}", ids["bo@example.org"])
    assert re.fullmatch(r"member-[0-9a-f]{4}", ids["one@example.org"]) or "member-" in ids["one@example.org"]
    assert len(set(ids.values())) == len(ids)
    assert not [own for own in ids.values() if "example" in own or "@" in own], "ids are printed"


@settings(max_examples=20)
@given(st.permutations(TWINS[1:]))
def test_ids_depend_on_no_order_of_rows(rows: list[list[str]]) -> None:
    assert ids_by_address([TWINS[0], *rows]) == ids_by_address(TWINS)


@pytest.mark.parametrize("column", ["ID", "Code", "Seat"])
def test_ids_of_the_group_are_kept(column: str) -> None:
    found = read(to_csv([[column, "Name", "Country"], ["gov-1", "Ana Silva", "Kenya"], ["", "Bo Li", "Peru"]]))

    assert [person.id for person in found.persons] == ["gov-1", "bo-li"]


def test_an_id_twice_is_a_mistake() -> None:
    with pytest.raises(InvalidRoster, match=re.escape("found 'a' again, as in people.csv row 2")):
        read(to_csv([["ID", "Name", "Country"], ["a", "Ana", "Kenya"], ["a", "Bo", "Peru"]]))


def test_names_in_two_columns_are_put_together_as_their_script_has_them() -> None:
    rows = [
        ["Family name", "Given name", "Country"],
        ["Silva", "Ana", "Kenya"],
        ["王", "芳", "China"],
        ["김", "민수", "South Korea"],
    ]
    found = read(to_csv(rows))

    assert [person.name for person in found.persons] == ["Ana Silva", "王芳", "김민수"]


# Again.


@settings(max_examples=20)
@given(st.permutations(TWINS[1:]), st.sets(st.integers(0, 7), max_size=4))
def test_members_keep_their_ids_whatever_the_spreadsheet_leaves_out(rows: list[list[str]], gone: set[int]) -> None:
    first = draft(to_csv(TWINS))
    left = [row for number, row in enumerate(rows) if number not in gone]
    again = draft(to_csv([TWINS[0], *left]), existing=first.text.encode())

    before = {row["email"]: row["id"] for row in written(first)}
    assert all(before[person.cells["email"]] == person.id for person in again.persons)
    assert [{key: cell for key, cell in row.items() if key != "left"} for row in written(again)] == written(first)
    assert len(again.gone) == len(gone)
    assert again.new == ()


def test_a_new_member_of_a_known_name_gets_another_id() -> None:
    first = draft(to_csv([["Name", "E-mail", "Country"], ["Ana Silva", "ana@example.org", "Kenya"]]))
    rows = [
        ["Name", "E-mail", "Country"],
        ["Ana Silva", "other@example.org", "Peru"],
        ["Ana Silva", "ana@example.org", "Kenya"],
    ]
    again = draft(to_csv(rows), existing=first.text.encode())

    assert [row["id"] for row in written(again)] == ["ana-silva", "ana-silva-pe"]


def test_who_has_another_name_at_the_same_address_is_the_same() -> None:
    first = draft(to_csv([["Name", "E-mail", "Country"], ["Ana Silva", "ana@example.org", "Kenya"]]))
    again = draft(
        to_csv([["Name", "E-mail", "Country"], ["Ana Costa", "Ana@Example.org", "Kenya"]]), existing=first.text.encode()
    )

    assert [(row["id"], row["name"]) for row in written(again)] == [("ana-silva", "Ana Costa")]
    assert [(own, sorted(cell.column for cell in cells)) for own, cells in again.changed.items()] == [
        ("ana-silva", ["email", "name"])
    ]


@pytest.mark.parametrize(
    ("left", "is_gone"),
    [("2026-01-01", False), ("2026-10-31", False), ("2026-11-01", True), ("2027-12-31", True), ("", True)],
)
def test_who_is_in_no_row_is_gone_unless_they_have_left_before(left: str, is_gone: bool) -> None:
    existing = f"id,name,zone,left\nana-silva,Ana Silva,Africa/Nairobi,{left}\n".encode()
    again = draft(b"Name,Country\nBo Li,Peru\n", existing=existing)

    assert (again.gone, again.new) == (("ana-silva",) if is_gone else (), ("bo-li",))
    assert [(cell.row, cell.column, cell.cell) for cell in again.cells] == ([(2, "left", "2026-10-31")] * is_gone)
    assert written(again)[0]["left"] == left, "nobody is removed by itself"


@pytest.mark.parametrize(
    ("before", "ends", "after"),
    [
        ("2027-12-31", "2026-12-31", "2026-12-31"),
        ("", "2026-12-31", "2026-12-31"),
        ("2027-12-31", "", "2027-12-31"),
        ("2027-12-31", "31.12.2028", "2028-12-31"),
        ("2027-12-31", "some day", "2027-12-31"),
    ],
)
def test_the_end_of_a_term_follows_the_spreadsheet(before: str, ends: str, after: str) -> None:
    existing = f"id,name,zone,country,left\nana-silva,Ana Silva,Africa/Nairobi,KE,{before}\n".encode()
    again = draft(f"Name,Country,Term ends\nAna Silva,Kenya,{ends}\n".encode(), existing=existing)

    assert written(again)[0]["left"] == after
    changes = [cell for cells in again.changed.values() for cell in cells]
    assert [(one.column, one.before, one.after) for one in changes] == (
        [("left", before, after)] if after != before else []
    )


def paste(found: RosterDraft) -> bytes:
    """Return the sheet with the cells that are offered."""
    rows = written(found)
    for one in found.cells:
        assert rows[one.row - 2]["id"] == one.id
        rows[one.row - 2][one.column] = one.cell
    return to_csv([list(rows[0]), *(list(row.values()) for row in rows)])


@pytest.mark.parametrize(
    ("heads", "cells", "stays"),
    [
        ("", "", "2000-01-01/2026-10-31 Europe/Zurich"),
        (",joined", ",2025-03-01", "2025-03-01/2026-10-31 Europe/Zurich"),
        (",joined", ",2027-03-01", ""),
        (
            ",stays",
            ",2026-03-01/2026-03-09 Asia/Tokyo",
            "2000-01-01/2026-10-31 Europe/Zurich; 2026-03-01/2026-03-09 Asia/Tokyo",
        ),
        (
            ",stays",
            ",2000-01-01/2000-01-09 Asia/Tokyo",
            "1999-12-31/2026-10-31 Europe/Zurich; 2000-01-01/2000-01-09 Asia/Tokyo",
        ),
    ],
)
def test_a_move_for_good_keeps_the_past_and_is_not_told_again(heads: str, cells: str, stays: str) -> None:
    existing = f"id,name,zone,country{heads}\nana-silva,Ana Silva,Europe/Zurich,CH{cells}\n".encode()
    data = b"Name,City,Country\nAna Silva,Lima,Peru\n"
    told = draft(data, existing=existing)

    assert [(move.before, move.after) for move in told.moved] == [("Europe/Zurich", "America/Lima")]
    sheet = paste(told)
    (row,) = csv.DictReader(io.StringIO(sheet.decode(), newline=""))
    assert (row["zone"], row["stays"]) == ("America/Lima", stays)
    mistakes: list[Mistake] = []
    read_roster(sheet, "members.csv", mistakes)
    assert mistakes == []
    again = draft(data, existing=sheet)
    assert (again.moved, again.cells) == ((), ())


@pytest.mark.parametrize(
    ("stays", "is_moved"),
    [
        ("2026-10-01/2026-12-31 America/Lima", False),
        ("2026-12-01/2026-12-31 America/Bogota", False),
        ("2026-10-01/2026-10-31 America/Lima", True),
        ("2026-10-01/2026-12-31 Asia/Tokyo", True),
        ("2026-01-01/2026-01-31 Asia/Tokyo; 2026-10-01/2026-11-01 America/Lima", False),
    ],
)
def test_who_is_away_by_the_roster_has_not_moved(stays: str, is_moved: bool) -> None:
    existing = f"id,name,zone,stays\nana-silva,Ana Silva,Europe/Zurich,{stays}\n".encode()

    assert bool(draft(b"Name,City,Country\nAna Silva,Lima,Peru\n", existing=existing).moved) is is_moved


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("ana-silva,Auckalnd,,", "did you mean Pacific/Auckland?"),
        ("ana-silva,Torontoo,,", "did you mean America/Toronto?"),
        ("ana-silva,Kolkatta,,", "did you mean Asia/Kolkata?"),
        ("ana-silva,Europe/Zurch,,", "did you mean Europe/Zurich?"),
        ("ana-silva,,next year,", "members.csv row 2, column left"),
        ("ana-silva,,,2026-10-01 Asia/Tokyo", "members.csv row 2, column stays"),
    ],
)
def test_a_cell_of_the_roster_that_a_plan_would_refuse_is_a_mistake(row: str, words: str) -> None:
    with pytest.raises(InvalidRoster) as error:
        draft(b"Name,Country\nAna Silva,Kenya\n", existing=f"id,zone,left,stays\n{row}\n".encode())

    assert words in str(error.value)
    assert "members.csv row 2" in str(error.value)


# Many rows, and any rows.


def make_table(count: int) -> Table:
    cities = [("Nairobi", "Kenya"), ("Lima", "Peru"), ("Genève", "Suisse"), ("Springfield", "USA"), ("東京", "日本")]
    rows: list[Sequence[object]] = [["Name", "E-mail", "City", "Country", "Region"]]
    rows += [[f"Person {n}", f"p{n}@example.org", *cities[n % len(cities)], f"region {n % 7}"] for n in range(count)]
    return rows


@pytest.mark.parametrize("kind", WRITERS)
def test_thousands_of_rows_are_read(kind: str) -> None:
    found = draft(WRITERS[kind](make_table(2_000)), f"people.{kind}")

    assert len(found.persons) == 2_000
    assert len(found.open) == 400
    assert roster_line(found, "people") == "people: 2000 members, 1600 zones found, 400 open."


WORDS = ["Name", "City", "Country", "Time zone", "E-mail", "Prénom", "Nom", "Phone", "id", "Joined", "Région", "", "x"]
CELLS = st.one_of(
    st.sampled_from(
        ["Ana Silva", "Kenya", "EST", "a@example.org", "2026-01-02", "+41 79", "", "=1+1", "'", '"', "王芳"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=12),
)


@settings(max_examples=80)
@given(
    st.lists(st.sampled_from(WORDS), max_size=7),
    st.lists(st.lists(CELLS, max_size=8), max_size=6),
    st.sampled_from(",;\t|"),
)
def test_any_table_is_a_roster_or_one_error(heads: list[str], rows: list[list[str]], separator: str) -> None:
    data = to_csv([heads, *rows], separator)
    with suppress(MagRotationError):
        found = draft(data)
        check_again(data, found)


def check_again(data: bytes, found: RosterDraft) -> None:
    """Check the sheet that was written, which a second run does not change."""
    again = draft(data, existing=found.text.encode())
    assert len(written(found)) == len(found.persons)
    assert len({row["id"] for row in written(found)}) == len(found.persons)
    assert again.text == found.text
    if not found.open and found.persons:
        mistakes: list[Mistake] = []
        read_roster(found.text.encode(), "members.csv", mistakes)
        assert mistakes == []


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_damaged_workbook_is_a_roster_or_one_error(kind: str) -> None:
    whole = WRITERS[kind](PEOPLE)
    chance = random.Random(7)  # noqa: S311 - the same damage each time
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        with suppress(MagRotationError):
            read(bytes(data), f"people.{kind}")


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_with_damage_inside_is_a_roster_or_one_error(kind: str) -> None:
    with zipfile.ZipFile(io.BytesIO(WRITERS[kind](PEOPLE))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(11)  # noqa: S311
    for _ in range(150):
        name = chance.choice([part for part in parts if part.endswith("xml")])
        data = bytearray(parts[name])
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.choice(b'<>"/&0A9 =')
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, bytes(data) if part == name else content)
        with suppress(MagRotationError):
            read(file.getvalue(), f"people.{kind}")


def test_the_file_of_a_plan_may_be_a_workbook(tmp_path: Path) -> None:
    from mag_rotation import load_plan  # noqa: PLC0415

    plan = """format = 1
[meeting]
id = "board"
name = "Board"
uid-domain = "example.org"
duration = "1h"
[schedule]
first = 2026-10-06
repeat = "weekly"
count = 2
[rotation]
slots = ["14:00"]
[roster]
file = "members.xlsx"
"""
    (tmp_path / "plan.toml").write_text(plan, "utf-8")
    rows: Table = [
        ["id", "zone", "joined", "stays", "locale"],
        ["ana", "Africa/Nairobi", date(2026, 1, 2), "2026-10-01/2026-10-20 Europe/Paris", "pt"],
    ]
    (tmp_path / "members.xlsx").write_bytes(to_xlsx(rows))
    (member,) = load_plan(tmp_path / "plan.toml").members

    assert (str(member.joined), member.stays[0].zone, member.locale) == ("2026-01-02", "Europe/Paris", "pt")


@pytest.mark.parametrize(
    ("heads", "suggested"),
    [
        ("id,Phone", None),
        ("id,Name,Phone", None),
        ("Zones,Idea", "'Zones' to 'zone'"),
        ("I.D.,zone", "'I.D.' to 'id'"),
        ("id,Timezone", "'Timezone' to 'zone'"),
        ("id,Fone,None", "'None' to 'zone'"),
        ("id,Telephone", None),
    ],
)
def test_a_head_that_means_something_else_is_not_taken_for_a_misspelt_column(heads: str, suggested: str | None) -> None:
    mistakes: list[Mistake] = []
    read_roster(f"{heads}\n{','.join('x' for _ in heads.split(','))}\n".encode(), "members.csv", mistakes)

    told = " ".join(one.problem for one in mistakes)
    assert "found no column" in told
    assert ("rename" in told) is (suggested is not None)
    assert suggested is None or f"rename {suggested} if it is meant" in told
