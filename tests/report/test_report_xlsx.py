"""Reports as Excel workbooks: what two readers of workbooks find in them.

Law: a cell holds the value that its text shows, no text is a formula, and equal reports give equal bytes.
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from invoke import invoke
from mag_rotation.errors import MissingExtra
from mag_rotation.report.description import Cell, Column, Head, Report, Section, Tone, ValueKind, make_section
from mag_rotation.report.formats import Form, render, render_file
from mag_rotation.report.language import ENGLISH, find_language
from mag_rotation.report.words import BurdenChange, NightHour
from paths import EXAMPLES

UNIT = NightHour(points=10, curve="default")


def report_of(*sections: Section, title: str = "Calls") -> Report:
    return Report(title=title, sections=sections, document={})


def sheets_of(report: Report) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(render_file(report, Form.XLSX)))
    sheets: dict[str, Worksheet] = {}
    for sheet in book.worksheets:
        assert isinstance(sheet, Worksheet)
        sheets[sheet.title] = sheet
    return sheets


def values_of(sheet: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_sentences_come_first_and_each_table_has_a_sheet() -> None:
    word: Column[str] = Column(head="word", read=str)
    table = make_section([word], ["a", "b"], ENGLISH, title="Words", lead=["Two words."], notes=["That is all."])
    sheets = sheets_of(report_of(table, Section(lead=("No more.",)), Section(notes=("Zone rules.",))))

    assert list(sheets) == ["Answer", "Words"]
    lines = [row[0] for row in values_of(sheets["Answer"])]
    assert lines == ["Calls", "Two words.", "No more.", "", "That is all.", "Zone rules."]
    assert values_of(sheets["Words"]) == [["word"], ["a"], ["b"]]
    assert (sheets["Words"].freeze_panes, sheets["Answer"].freeze_panes) == ("A2", None)


@pytest.mark.parametrize(
    ("kind", "value", "held", "number_format"),
    [
        (ValueKind.NUMBER, 12, 12, "General"),
        (ValueKind.MEAN, 2.4, 2.4, "0"),
        (ValueKind.CHANGE, -3, -3, "+0;-0;0"),
        (ValueKind.NIGHT_HOURS, 16_110, 26.85, '0.0" h"'),
        (ValueKind.NIGHT_HOURS_CHANGE, BurdenChange(burden=0, before=390), -0.65, '+0.0#" h";-0.0#" h";0.0" h"'),
        (ValueKind.LENGTH, 90, timedelta(minutes=90), "[h]:mm"),
        (ValueKind.INSTANT, datetime(2020, 9, 15, 20, tzinfo=UTC), datetime(2020, 9, 15, 20), "ddd yyyy-mm-dd hh:mm"),  # noqa: DTZ001
        (ValueKind.DATE, date(2020, 9, 15), datetime(2020, 9, 15), "yyyy-mm-dd"),  # noqa: DTZ001
        (ValueKind.DATE, date(1899, 12, 31), "1899-12-31", "General"),
        (ValueKind.INSTANT, datetime(1850, 1, 2, 3, tzinfo=UTC), "Wed 1850-01-02 03:00", "General"),
        (ValueKind.TEXT, "=1+1", "=1+1", "General"),
        (ValueKind.TEXT, 7, "7", "General"),
        (ValueKind.NUMBER, None, None, "General"),
        (ValueKind.LENGTH, None, None, "General"),
    ],
)
def test_a_cell_holds_what_its_text_shows(kind: ValueKind, value: object, held: object, number_format: str) -> None:
    column: Column[object] = Column(head="x", kind=kind, read=lambda row: row)
    cell = sheets_of(report_of(make_section([column], [value], ENGLISH, unit=UNIT)))["Table"]["A2"]

    assert not isinstance(cell, tuple)
    assert cell.value == held
    assert cell.number_format == number_format
    assert cell.data_type != "f"


@pytest.mark.parametrize(
    ("tag", "number_format"),
    [("fr", '0.0"\xa0h"'), ("ru", '0.0"\xa0ч"'), ("zh", '0.0"小时"'), ("ar", '0.0" س"'), ("en-GB", '0.0" h"')],
)
def test_night_hours_have_the_unit_of_the_language(tag: str, number_format: str) -> None:
    language = find_language(tag)
    column: Column[int] = Column(head="burden", kind=ValueKind.NIGHT_HOURS, read=lambda row: row)
    table = make_section([column], [16_110], language, unit=replace(UNIT, language=language))
    (answer, sheet) = sheets_of(replace(report_of(table), language=language)).values()
    cell = sheet["A2"]

    assert not isinstance(cell, tuple)
    assert (cell.value, cell.number_format) == (26.85, number_format)
    assert [bool(one.sheet_view.rightToLeft) for one in (answer, sheet)] == [tag == "ar"] * 2


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_texts_stay_texts(text: str) -> None:
    report = report_of(Section(lead=(text,), heads=(Head(text),), rows=((Cell(text),),)), title=text)
    found = CalamineWorkbook.from_filelike(io.BytesIO(render_file(report, Form.XLSX)))

    assert len(found.sheet_names) == 2
    assert all(isinstance(cell, str) for row in found.get_sheet_by_index(1).to_python() for cell in row)


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_is_a_font(tone: Tone) -> None:
    cell = sheets_of(report_of(Section(heads=(Head("x"),), rows=((Cell("a", tone),),))))["Table"]["A2"]

    assert not isinstance(cell, tuple)
    assert bool(cell.font.b) is (tone in {Tone.NIGHT, Tone.BLOCKED})


def test_sheets_have_names_that_spreadsheets_allow() -> None:
    heads, rows = (Head("x"),), ((Cell("a"),),)
    titles = ("", "", "History", "a/b:c?", "A B C", "x" * 40, "x" * 31, "'quoted'", "Answer")
    names = list(sheets_of(report_of(*(Section(title=title, heads=heads, rows=rows) for title in titles))))

    assert names == [
        "Answer", "Table", "Table 2", "History 2", "a b c", "A B C 2", "x" * 31, f"{'x' * 29} 2", "quoted", "Answer 2",
    ]  # fmt: skip


def test_long_tables_and_texts_are_whole_up_to_what_a_cell_holds() -> None:
    report = report_of(Section(heads=(Head("n"),), rows=tuple((Cell("x" * 40_000, value=None),) for _ in range(3))))
    sheet = sheets_of(report)["Table"]

    assert sheet.max_row == 4
    assert len(str(sheet["A2"].value)) == 32_767


def test_an_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)

    with pytest.raises(MissingExtra, match=r"mag-rotation\[sheets\]"):
        render_file(report_of(), Form.XLSX)


def test_a_workbook_is_no_text() -> None:
    with pytest.raises(TypeError, match="xlsx is not a text"):
        render(report_of(), Form.XLSX)


@pytest.mark.parametrize(
    ("command", "sheet", "heads"),
    [
        (("calls",), "Table", ["call", "rule date", "start (UTC)"]),
        (("night", "--call", "XVII"), "Table", ["member", "name", "zone"]),
        (("fairness",), "Table", ["member", "name", "burden"]),
        (("calls", "--member", "tec-08"), "Table", ["call"]),
        (("drift",), "Table", ["date", "first call", "slot"]),
    ],
)
def test_every_answer_is_a_workbook_with_the_same_bytes_each_time(
    command: tuple[str, ...], sheet: str, heads: list[str], tmp_path: Path
) -> None:
    name, *more = command
    files = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for file in files:
        done = invoke(name, EXAMPLES / "mag-2020" / "plan.toml", *more, "-o", file)
        assert (done.code, done.out) == (0, "")
        assert done.err.endswith(" (xlsx)\n")

    assert files[0].read_bytes() == files[1].read_bytes()
    found = CalamineWorkbook.from_path(str(files[0]))
    assert found.get_sheet_by_name(found.sheet_names[1]).to_python()[0][: len(heads)] == heads
    assert sheet in found.sheet_names
