"""HTML: a text shows as it is wherever it stands, tables are tables, and colours have contrast."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoke import invoke
from mag_rotation.report import find_language
from mag_rotation.report.description import Cell, Head, ListItem, Report, Section, Tone, ValueKind
from mag_rotation.report.formats import Form, render
from mag_rotation.report.formats.html import DARK, LIGHT
from markup import contrast, parse_html, table_texts
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"

HOSTILE = [
    "<script>alert(1)</script>", "</td></tr></table>", "a&amp;b", "&lt;", "\"><img src=x onerror=alert(1)>",
    "' onclick='x", "]]>", "<!-- x", "</style>", "</title><b>", "a\nb", "a\x1b[2Jb", "مقعد", "\u202eabc", "日本",
]  # fmt: skip


def to_html(title: str, *sections: Section) -> str:
    return render(Report(title=title, sections=sections, document={}), Form.HTML)


def section_of(text: str, tone: Tone = Tone.PLAIN) -> Section:
    return Section(
        lead=(text, text),
        heads=(Head(text), Head("n", kind=ValueKind.NUMBER), Head("")),
        rows=((Cell(text), Cell("1"), Cell(text, tone)), (Cell(""), Cell("2"), Cell("y"))),
        notes=(text,),
    )


def as_shown(text: str) -> str:
    return text.replace("\x1b", "\\x1b")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_shows_as_it_is_and_is_never_markup(text: str) -> None:
    page = parse_html(to_html(text, section_of(text)))
    shown = as_shown(text)

    assert [one.text for one in page.find("title", "h1", "p", "caption")] == [shown] * 5
    assert [table_texts(one) for one in page.find("table")] == [
        [[shown, "n", ""], [shown, "1", shown], ["", "2", "y"]],
    ]
    assert page.find("script", "img", "iframe", "object", "a", "b") == []


@given(st.text(st.characters(exclude_categories=["C"]) | st.sampled_from("<>&\"'/="), min_size=1, max_size=30))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    page = parse_html(to_html(text, section_of(text)))

    assert {one.text for one in page.find("title", "h1", "p", "caption")} == {text}
    assert not [name for one in page.find("td", "th", "p") for name in one.attributes if name.startswith("on")]


def test_a_table_has_a_caption_and_heads_with_a_scope() -> None:
    page = parse_html(to_html("T", section_of("x"), Section(heads=(Head("a"),), rows=((Cell("1"),),))))
    first, second = page.find("table")

    assert [one.attributes.get("scope") for one in first.find("th")] == ["col", "col", "row"]
    assert [one.text for one in page.find("caption")] == ["x", "T"]
    marks = [one.attributes["id"] for one in page.find("caption")]
    assert len(set(marks)) == 2
    assert [one.attributes["aria-labelledby"] for one in page.find("div")] == marks
    assert table_texts(second) == [["a"], ["1"]]


def test_numbers_are_set_to_the_right_and_tones_are_classes() -> None:
    page = parse_html(to_html("T", section_of("x", Tone.NIGHT)))
    classes = [cell.attributes.get("class") for cell in page.find("tbody")[0].find("th", "td")]

    assert classes == [None, "number", "night", None, "number", None]


def test_a_section_without_rows_has_sentences_and_no_table() -> None:
    page = parse_html(to_html("T", Section(lead=("None.",), notes=("Rules.",)), Section()))

    assert [one.text for one in page.find("p")] == ["None.", "Rules."]
    assert page.find("table") == []


def test_a_page_loads_nothing_and_says_so() -> None:
    text = to_html("T", section_of("x"))
    page = parse_html(text)
    policy = [one.attributes["content"] for one in page.find("meta") if "http-equiv" in one.attributes]

    assert policy[0].startswith("default-src 'none';")
    assert not re.search(r"https?:|//|url\(|@import", text)
    assert page.find("html")[0].attributes == {"lang": "en"}


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_of_a_text_has_enough_contrast_on_paper_and_cards(colours: dict[str, str]) -> None:
    texts = ("ink", "faint", "night", "blocked", "changed", "link")

    assert set(colours) == {*texts, "paper", "card", "line"} == set(LIGHT)
    for ground in ("paper", "card"):
        assert all(contrast(colours[name], colours[ground]) >= 4.5 for name in texts)
        assert contrast(colours["line"], colours[ground]) >= 3


def test_the_tables_of_a_page_are_those_of_the_terminal() -> None:
    page = parse_html(invoke("night", MAG, "--call", "XVII", "-f", "html").out)
    table = invoke("night", MAG, "--call", "XVII", "-f", "markdown").out
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    found = [[cell for cell in row if cell] for one in page.find("table") for row in table_texts(one)]

    told = [[cell.replace("\\", "").strip() for cell in row if cell.strip()] for row in rows]
    assert found == [row for row in told if not set("".join(row)) <= set("-: ")]


FIGURES = {
    "من 2027-01-13 إلى 2027-02-10": ["2027-01-13", "2027-02-10"],
    "الثلاثاء 23:00-00:00 الأربعاء": ["23:00-00:00"],
    "00:00+1*": ["00:00+1*"],
    "23:30-1": ["23:30-1"],
    "(+1 يوم)": ["+1"],
    "و+1 هو اليوم التالي": ["+1"],
    "0.9*": ["0.9*"],
    "8\u201310": ["8\u201310"],
    "الساعة 14:00 بتوقيت UTC": [],
    "UTC-4 mag-2020 a-1 &#39;5": [],
    "1 2 3.5": [],
}


@pytest.mark.parametrize("text", FIGURES)
def test_figures_keep_their_order_on_a_page_from_right_to_left_alone(text: str) -> None:
    section = replace(section_of(text), title=text)
    for tag in ("ar", "fr", "en"):
        report = Report(title="T", sections=(section,), document={}, language=find_language(tag))
        page = parse_html(render(report, Form.HTML))
        cell = page.find("tbody")[0].find("th")[0]

        assert [one.text for one in cell.find("bdi")] == (FIGURES[text] if tag == "ar" else [])
        assert {one.attributes["dir"] for one in page.find("bdi")} <= {"ltr"}
        assert [one.text for one in page.find("caption", "p")] == [text] * 4, "the words are the same"


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("Tue 23:00-00:00 Wed", True),
        ("slot 1: 23:00 to 00:00+1\nslot 2: 03:00 to 04:00", True),
        ("06:00", True),
        ("evening", False),
        ("", False),
        ("moved from 14:00 because the chair of the day cannot attend", False),
    ],
)
def test_a_line_of_hours_is_not_broken(text: str, is_whole: bool) -> None:
    section = Section(heads=(Head("a"), Head("b")), rows=((Cell("x"), Cell(text)),))
    (cell,) = parse_html(to_html("T", section)).find("td")

    assert ("hours" in cell.attributes.get("class", "")) is is_whole


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("session-data", ["session-data"]),
        ("gov-08", ["gov-08"]),
        ("2020-opening.day", ["2020-opening.day"]),
        ("gov-08, pri-08 and x", ["gov-08", "pri-08"]),
        ("tec-04 is in main-hall-2 at half-past ten", ["tec-04", "main-hall-2"]),
        ("2020-09-15", []),
        ("10-20", []),
        ("0.9", []),
        ("well-known words", []),
        ("a-" * 40 + "b", []),
        ("<b>&#45-1", []),
        ("", []),
    ],
)
def test_an_id_is_not_broken_at_its_hyphens(text: str, whole: list[str]) -> None:
    section = Section(heads=(Head("a"), Head("b")), rows=((Cell(text), Cell(text)),))
    page = parse_html(to_html("T", section))
    cells = [one for row in page.find("tbody")[0].find("tr") for one in row.find("th", "td")]

    assert [cell.text for cell in cells] == [text, text]
    for cell in cells:
        is_id = cell.attributes.get("class") == "id"
        assert ([cell.text] if is_id else [one.text for one in cell.find("span")]) == whole


def test_items_that_follow_each_other_are_a_list() -> None:
    lead = ("First.", ListItem.of("a < b."), ListItem.of("c."), "Then.", ListItem.of("d."), "- no item")
    for section in (
        Section(title="T", lead=lead),
        Section(title="T", lead=lead, heads=(Head("n"),), rows=((Cell("1"),),)),
    ):
        html = to_html("title", section)
        page = parse_html(html)

        assert [one.text for one in page.find("li")] == ["a < b.", "c.", "d."]
        assert [one.text for one in page.find("p")] == ["First.", "Then.", "- no item"]
        assert html.count("<ul>") == 2
        assert "- a < b." in render(Report(title="title", sections=(section,), document={}), Form.TABLE)
        assert "\n\n- c.\n\n" in render(Report(title="title", sections=(section,), document={}), Form.MARKDOWN)


@pytest.mark.parametrize(
    "arguments",
    [("--at", "2020-10-20 13:00 UTC", "--instead-of", "XX"), ("--option", "noon=12:00", "--option", "ours=05:00")],
)
def test_the_reasons_of_a_paper_are_a_list(arguments: tuple[str, ...]) -> None:
    page = parse_html(invoke("decide", MAG, *arguments, "-f", "html").out)
    reasons = [line.removeprefix("- ") for line in invoke("decide", MAG, *arguments).lines if line.startswith("- ")]

    assert [one.text for one in page.find("li")] == reasons
    assert not [one.text for one in page.find("p") if one.text.startswith("- ")]


def test_a_head_of_few_words_stands_in_one_line() -> None:
    heads = ("other time 1", "members", "a head of many words that is long", "in the night")
    html = to_html("title", Section(heads=tuple(map(Head, heads)), rows=(tuple(map(Cell, heads)),)))

    assert [head for head in heads if f'class="whole">{head}<' in html] == ["other time 1", "in the night"]
