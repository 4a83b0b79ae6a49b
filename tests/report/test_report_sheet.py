"""Sheets: what stands in a cell is what a reader sees, in a terminal, in Markdown and in CSV.

Law: no renderer loses or joins words, none lets a cell break out of its place, and what a colour says is also said in
words.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from openpyxl import load_workbook

from mag_rotation.cells import arm, write_csv
from mag_rotation.hours import Curve, Hours
from mag_rotation.report.context import Context
from mag_rotation.report.description import (
    Cell,
    Column,
    Head,
    Records,
    Report,
    Section,
    Tone,
    ValueKind,
    make_record,
    make_section,
)
from mag_rotation.report.formats import Form, render, render_file
from mag_rotation.report.formats.table import to_plain
from mag_rotation.report.formats.terminal import to_terminal
from mag_rotation.report.language import ENGLISH
from mag_rotation.report.words import BurdenChange, NightHour

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def sheet(
    *rows: tuple[str, ...], heads: tuple[str, ...] = ("name", "text", "last"), **parts: tuple[str, ...]
) -> Section:
    return Section(
        heads=tuple(Head(head) for head in heads),
        rows=tuple(tuple(Cell(text) for text in row) for row in rows),
        lead=parts.get("lead", ()),
        notes=parts.get("notes", ()),
    )


def to_markdown(*sections: Section, title: str) -> str:
    return render(Report(title=title, sections=sections, document={}), Form.MARKDOWN)


def plain(*sheets: Section, title: str = "title", width: int | None = None) -> str:
    return to_terminal(sheets, title=title, width=width, colour=False)


def cells_wide(text: str) -> int:
    """How many terminal cells ``text`` takes, by the Unicode database alone."""
    marks = {"Mn", "Me", "Cf"}
    return sum(
        0 if unicodedata.category(letter) in marks else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


WORDS = st.text(alphabet="ab -|*日本é\u0301", max_size=8).map(str.strip)


@given(
    heads=st.lists(st.tuples(WORDS, st.booleans()), min_size=1, max_size=4),
    data=st.data(),
)
def test_rows_set_without_rich_have_the_bytes_that_rich_gives(
    heads: list[tuple[str, bool]], data: st.DataObject
) -> None:
    texts = data.draw(st.lists(st.tuples(*(WORDS for _ in heads)), min_size=1, max_size=4))
    table = Section(
        heads=tuple(Head(head, kind=ValueKind.NUMBER if number else ValueKind.TEXT) for head, number in heads),
        rows=tuple(tuple(Cell(text) for text in row) for row in texts),
    )
    lines = data.draw(st.lists(WORDS, max_size=2))
    sheets = [table, Section(lead=tuple(lines), notes=tuple(lines)), table]

    text = to_plain(sheets, title="title")
    assume(text is not None)  # a text of no width alone, which is left to rich

    assert text == to_terminal(sheets, title="title", width=None, colour=False)


@pytest.mark.parametrize("text", ["two\nlines", "a\ttab", "\u200e", "\u0301"])
def test_what_needs_more_care_than_counting_is_left_to_rich(text: str) -> None:
    assert to_plain([Section(lead=(text,))], title="title") is None
    assert to_plain([Section(heads=(Head("a"),), rows=((Cell(text),),))], title="title") is None


def test_columns_are_aligned_and_numbers_stand_to_the_right() -> None:
    table = Section(
        heads=(Head("id"), Head("minutes", kind=ValueKind.NUMBER), Head("word")),
        rows=((Cell("a"), Cell("5"), Cell("one")), (Cell("long-id"), Cell("120"), Cell("two"))),
    )

    assert (
        plain(table).splitlines()
        == [
            "title",
            "",
            "id       minutes  word",
            "a              5  one",
            "long-id      120  two",
            "",
        ][:5]
    )


@pytest.mark.parametrize(
    "word",
    ["日本語の席", "서울", "👩 seat", "مقعد", "\uff46\uff55\uff4c\uff4c", "Zürich", "cafe\u0301", "\u05d0\u05d1\u05d2"],
)
def test_wide_characters_keep_the_columns(word: str) -> None:
    lines = plain(sheet(("narrow", "x", "end"), (word, "y", "end"))).splitlines()[3:]
    at = [cells_wide(line[: line.index("end")]) for line in lines]

    assert len(at) == 2
    assert at[0] == at[1]
    assert word in lines[1]


def test_lead_and_notes_stand_around_the_table_with_a_blank_line_between() -> None:
    shown = plain(sheet(("a", "b", "c"), lead=("first.",), notes=("last.",)))

    assert shown == "title\nfirst.\n\nname  text  last\na     b     c\n\nlast.\n"


@pytest.mark.parametrize("width", [None, 10, 200])
def test_a_sheet_without_rows_shows_its_sentences_and_no_heads(width: int | None) -> None:
    assert plain(sheet(lead=("none.",), notes=("rules.",)), width=width) == "title\nnone.\n\nrules.\n"
    assert plain(Section()) == "title\n"


def test_markup_in_a_text_is_shown_and_not_obeyed() -> None:
    text = "[bold]x[/bold] :smile: [link=y]"
    shown = plain(sheet((text, "", ""), lead=(text,)), title=text)

    assert shown.count(text) == 3


def test_a_newline_in_a_cell_stays_in_its_column() -> None:
    lines = plain(sheet(("one\ntwo", "x", "y"))).splitlines()

    assert [lines[3].split(), lines[4].split()] == [["one", "x", "y"], ["two"]]


@pytest.mark.parametrize("width", range(18, 120, 6))
def test_a_narrow_terminal_wraps_between_words_and_loses_none(width: int) -> None:
    row = ("seat-001", "alpha beta|gamma 2020-09-15 delta", "in the night")
    shown = plain(sheet(row, lead=row), width=width)
    words = re.findall(r"[^\s;:]+", shown)

    assert all(cells_wide(line) <= width for line in shown.splitlines())
    assert all(words.count(word) == 2 for text in row for word in text.split()), shown


@pytest.mark.parametrize("width", range(1, 80, 3))
def test_no_terminal_is_too_narrow_for_the_letters(width: int) -> None:
    row = ("America/Argentina/Buenos_Aires", "1200", "in the night")
    shown = Counter(re.sub(r"\s", "", plain(sheet(row), title="", width=width)))

    assert shown >= Counter("".join(row).replace(" ", ""))


def test_a_terminal_too_narrow_for_the_table_gets_each_row_in_words() -> None:
    table = sheet(("seat-001", "", "in the night"), ("seat-002", "Africa/Nairobi", ""), heads=("member", "zone", ""))

    assert plain(table, width=24) == (
        "title\n\nmember: seat-001; in the\nnight\n\nmember: seat-002; zone:\nAfrica/Nairobi\n\n"
    )


def test_the_widest_column_gives_way_first() -> None:
    shown = plain(sheet(("seat-001", "a b c d e f g h i j k l", "z")), width=30)

    assert shown.splitlines()[3].startswith("seat-001  a b c")
    assert "\nname      text" in shown


def test_colour_is_there_only_when_asked_for_and_adds_no_word() -> None:
    table = Section(
        heads=(Head("a"), Head("b")),
        rows=((Cell("in the night", Tone.NIGHT), Cell("blocked", Tone.BLOCKED)), (Cell("x", Tone.FAINT), Cell("y"))),
    )
    coloured = to_terminal([table], title="t", width=80, colour=True)

    assert {"\x1b[1;35m", "\x1b[1;31m", "\x1b[2m"} <= set(COLOUR.findall(coloured))
    without = [line.rstrip() for line in COLOUR.sub("", coloured).splitlines()]
    assert without == plain(table, title="t", width=80).splitlines()
    assert "\x1b" not in plain(table, title="t", width=80)


HOSTILE = [
    "a|b", "a\nb", "`code`", "<b>&amp;", "*x* _y_ __z__ ~~w~~", "[l](u)", "a\\", "\\|", "# x #", "_", "C# #1",
    "![i](u)", "- x", "1. x", "<https://example.org>", "America/La_Paz", "a_b_", "$x$", "&copy;", "> q", "---",
    "x\\\\|y",
]  # fmt: skip


def read_markdown(text: str) -> list[str]:
    """The headings, paragraphs and cells of a Markdown text as a reader sees them, by a parser that is not ours."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return ["".join(map(seen, token.children or ())) for token in parser.parse(text) if token.type == "inline"]


def seen(token: Token) -> str:
    """One piece of text; anything that is more than text, but a break and the emphasis of notes, is refused."""
    if token.type == "html_inline":
        assert token.content == "<br>"
        return "\n"
    assert token.type in {"text", "text_special", "em_open", "em_close"}, token
    return token.content


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_a_text_as_it_is(text: str) -> None:
    markdown = render(
        Report(title=text, sections=(sheet((text, "y", "z"), notes=(text,)),), document={}), Form.MARKDOWN
    )

    assert read_markdown(markdown) == [text, "name", "text", "last", text, "y", "z", text]
    assert "<em>" not in MarkdownIt("commonmark").render(to_markdown(title=text))


printable = st.text(
    st.characters(exclude_categories=["C", "Z"]) | st.sampled_from("|\\*_`<&#~[]!"), min_size=1, max_size=20
)


@given(printable)
def test_markdown_never_lets_a_cell_out_of_its_column(text: str) -> None:
    markdown = render(
        Report(title=text, sections=(sheet((text, "y", "z"), (text, text, text)),), document={}), Form.MARKDOWN
    )

    assert read_markdown(markdown) == [text, "name", "text", "last", text, "y", "z", text, text, text]


@pytest.mark.parametrize("text", ["America/La_Paz", "a_b_c", "snake_case_1"])
def test_markdown_leaves_underscores_within_words_alone(text: str) -> None:
    assert to_markdown(title=text) == f"# {text}\n"


def test_markdown_sets_numbers_to_the_right_and_leaves_an_empty_table_out() -> None:
    table = Section(heads=(Head("n", kind=ValueKind.NUMBER), Head("w")), rows=((Cell("1"), Cell("a")),))

    assert to_markdown(table, title="t") == "# t\n\n| n | w |\n| ---: | --- |\n| 1 | a |\n"
    assert to_markdown(sheet(lead=("No calls.",)), title="t") == "# t\n\nNo calls.\n"


def test_csv_has_crlf_and_quotes_what_would_break_a_row() -> None:
    text = write_csv(("a", "b"), [("x,y", 'say "no"'), ("two\nlines", None), (True, 3)])

    assert text == 'a,b\r\n"x,y","say ""no"""\r\n"two\nlines",\r\nTrue,3\r\n'
    assert write_csv(("a", "b"), []) == "a,b\r\n"


@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from(',"\n;'))] * 2)))
def test_csv_gives_back_what_was_put_in(rows: list[tuple[str, ...]]) -> None:
    read = list(csv.reader(io.StringIO(write_csv(("a", "b"), rows), newline=""), strict=True))

    assert [[arm(cell) for cell in row] for row in read] == [["a", "b"], *map(list, rows)]


def test_a_column_that_holds_another_reads_shows_and_hides_alike() -> None:
    column: Column[str] = Column(
        key="word",
        head="a word",
        read=str.upper,
        tone=lambda word: Tone.FAINT if word == "b" else Tone.PLAIN,
        is_shown=lambda words: "b" in words,
        missing="-",
    )
    held: Column[tuple[int, str]] = column.through(lambda pair: pair[1], prefix="its_")
    pairs = [(1, "a"), (2, "b"), (3, "")]

    assert make_record([held], pairs[0]) == {"its_word": "A"}
    assert make_section([held], pairs, ENGLISH).rows == ((Cell("A"),), (Cell("B", Tone.FAINT),), (Cell("-"),))
    assert make_section([held], pairs[:1], ENGLISH).heads == ()
    assert Records.of([held], pairs, {"tzdata": "2026a"}).rows[1] == ("B", "2026a")


@pytest.mark.parametrize(
    ("kind", "value", "text", "plain"),
    [
        (ValueKind.TEXT, "x", "x", "x"),
        (ValueKind.NUMBER, 1200, "1200", 1200),
        (ValueKind.MEAN, 2.5, "2", 2.5),
        (ValueKind.CHANGE, -3, "-3", -3),
        (ValueKind.LENGTH, 90, "1 h 30", 90),
        (ValueKind.INSTANT, datetime(2026, 3, 3, 14, tzinfo=UTC), "Tue 2026-03-03 14:00", "2026-03-03T14:00:00Z"),
        (ValueKind.DATE, date(2026, 3, 3), "2026-03-03", "2026-03-03"),
        (ValueKind.NUMBER, None, "-", None),
    ],
)
def test_a_value_is_shown_by_its_kind_and_written_plain(
    kind: ValueKind, value: object, text: str, plain: object
) -> None:
    column: Column[object] = Column(key="k", head="h", kind=kind, read=lambda row: row, missing="-")

    held = value if isinstance(value, int | float | date) else None
    assert make_section([column], [value], ENGLISH).rows == ((Cell(text, value=held),),)
    assert make_record([column], value) == {"k": plain}


def test_each_format_has_a_suffix_of_its_own_and_a_writer() -> None:
    report = Report(title="t", sections=(sheet(("x", "y", "z")),), document={"warnings": ["w"]})

    assert len({form.suffix for form in Form}) == len(Form) == len({render_file(report, form) for form in Form})
    assert [Form(form.value) for form in Form] == list(Form)


def test_no_two_formats_share_a_name_or_a_suffix() -> None:
    names = [name for form in Form for name in {str(form), *form.other_names}]

    assert len(names) == len(set(names))
    assert all(form.other_names[0] == form.suffix.removeprefix(".") for form in Form)


DEFAULT = NightHour(points=10, curve="default")


@pytest.mark.parametrize(
    ("points", "burden", "shown", "changed"),
    [
        (10, 16_110, "26.9 h", "+26.9 h"),
        (10, 0, "0.0 h", "0.0 h"),
        (10, 29, "<0.1 h", "+0.05 h"),
        (10, 30, "0.1 h", "+0.1 h"),
        (10, 17_550, "29.3 h", "+29.3 h"),
        (10, 0.5, "<0.1 h", "+<0.01 h"),
        (10, 600_000, "1,000.0 h", "+1,000.0 h"),
        (10, 617.5, "1.0 h", "+1.0 h"),
        (1, 90, "1.5 h", "+1.5 h"),
        (0, 90, "1.5 h", "+1.5 h"),
        (1_000_000, 90, "<0.1 h", "+<0.01 h"),
    ],
)
def test_a_burden_is_shown_in_hours_at_the_dearest_hour(points: int, burden: float, shown: str, changed: str) -> None:
    unit = NightHour(points=points, curve="default")

    assert (unit.show(burden), unit.show_change(BurdenChange(burden=burden, before=0))) == (shown, changed)
    assert unit.show_change(BurdenChange(burden=0, before=burden)) == changed.replace("+", "-")


@given(st.integers(0, 3000), st.integers(-400, 400), st.sampled_from((1, 3, 10, 17)))
def test_a_change_is_the_difference_of_what_is_shown_and_never_looks_like_none(
    old: int, more: int, points: int
) -> None:
    unit, new = NightHour(points=points, curve="default"), max(0, old + more)
    change = unit.show_change(BurdenChange(burden=new, before=old))
    shown, before = (float(unit.figure(one).removeprefix("<0.1") or 0) for one in (new, old))

    if shown == before:
        assert (change == "0.0 h") == (new == old)
        assert new == old or change.startswith("+" if new > old else "-")
    else:
        assert change == f"{shown - before:+.1f} h"


@given(st.integers(0, 3000), st.integers(-90, 90), st.sampled_from((1, 3, 10, 17)))
def test_burdens_that_differ_are_told_apart(one: int, more: int, points: int) -> None:
    unit, other = NightHour(points=points, curve="default"), max(0, one + more)
    text, other_text = unit.show_apart(one, other)

    assert (text == other_text) == (one == other)
    if unit.show(one) != unit.show(other):
        assert (text, other_text) == (unit.show(one), unit.show(other))


def test_the_unit_is_explained_with_its_figures() -> None:
    assert NightHour(points=1, curve="owl").explain() == (
        "A night-hour is as much as an hour of a call at the worst time of night: 1 point by the curve "
        "'owl', 60 point-minutes in JSON and CSV."
    )


def test_a_curve_of_zeros_has_a_unit_too() -> None:
    assert NightHour(points=0, curve="nil").explain() == (
        "The curve 'nil' has no points, so a night-hour is an hour of 1 point, 60 point-minutes in JSON and CSV."
    )


def test_burdens_are_points_for_programs_and_hours_for_people() -> None:
    held: Column[int] = Column(key="burden", head="burden", kind=ValueKind.NIGHT_HOURS, read=lambda row: row)
    change: Column[int] = Column(
        head="change", kind=ValueKind.NIGHT_HOURS_CHANGE, read=lambda row: BurdenChange(burden=row, before=0)
    )
    both = (held, change.through(lambda row: row))

    assert [cell.text for cell in make_section(both, [900], ENGLISH, unit=DEFAULT).rows[0]] == ["1.5 h", "+1.5 h"]
    assert all(one.number for one in make_section(both, [900], ENGLISH, unit=DEFAULT).heads)
    assert Records.of(both, [900], {}).rows == ((900,),)
    with pytest.raises(TypeError, match="the column 'burden' has burdens; give the unit"):
        make_section(both, [900], ENGLISH).rows[0]


def test_the_unit_is_that_of_the_plans_curve_or_of_the_one_asked_for() -> None:
    hours = Hours(curve="owl", curves={"owl": Curve((3,) * 24), "nil": Curve((0,) * 24)})
    context = Context(meeting=None, hours=hours)

    assert context.night_hour() == NightHour(points=3, curve="owl")
    assert context.night_hour("default") == DEFAULT
    assert context.night_hour("nil").show(60) == "1.0 h"


RANKED = Section(
    heads=(Head("id"), Head("first", rank=1), Head("rather long", rank=3), Head("b", rank=2), Head("c", rank=3)),
    rows=(tuple(map(Cell, ("x", "one", "two", "three", "four"))),),
    notes=("The end.",),
)


@pytest.mark.parametrize(
    ("width", "heads", "told"),
    [
        (None, "id first rather long b c", ""),
        (35, "id first rather long b c", ""),
        (34, "id first rather long b", "c"),
        (29, "id first rather long b", "c"),
        (28, "id first b c", "rather long"),
        (22, "id first b c", "rather long"),
        (16, "id first b", "rather long and c"),
        (15, "id first c", "rather long and b"),
        (14, "id first", "rather long, b and c"),
    ],
)
def test_a_terminal_shows_the_columns_that_fit_by_their_rank_and_names_the_others(
    width: int | None, heads: str, told: str
) -> None:
    lines = to_terminal([RANKED, Section(notes=("After all.",))], title="t", width=width, colour=False).splitlines()
    text = " ".join(" ".join(lines).split())

    assert f" {heads} x " in f" {text} "
    note = f"Not shown in {width} columns: {told}. A file (--output) has all. After all."
    assert text.endswith(note) if told else "Not shown" not in text


def burdens(*values: float | None, beside: ValueKind = ValueKind.NUMBER) -> Section:
    """A table of names, burdens, and another column of the kind ``beside``."""
    rows = (
        (Cell(f"m{place}"), Cell("" if value is None else f"{value} h", value=value), Cell("1", value=1))
        for place, value in enumerate(values)
    )
    heads = (Head("member"), Head("burden", ValueKind.NIGHT_HOURS), Head("calls", beside))
    return Section(heads=heads, rows=tuple(rows))


@pytest.mark.parametrize(
    ("section", "width", "bars"),
    [
        (burdens(8, 4, 1, 0.01, 0), 80, [20, 10, 3, 1, 0]),
        (burdens(8, 4), 32, [9, 5]),
        (burdens(8, 4), 28, [5, 3]),
        (burdens(8, 4), 27, [0, 0]),
        (burdens(8, None), 80, [20, 0]),
        (burdens(8), 80, [0]),
        (burdens(0, 0), 80, [0, 0]),
        (burdens(None, None), 80, [0, 0]),
        (burdens(8, 4, beside=ValueKind.NIGHT_HOURS), 80, [0, 0]),
        (burdens(8, 4), None, [0, 0]),
    ],
    ids=["in all", "narrower", "least", "no room", "none", "one row", "nothing", "no value", "side by side", "pipe"],
)
def test_a_terminal_with_room_shows_burdens_as_bars(section: Section, width: int | None, bars: list[int]) -> None:
    lines = [line for line in plain(section, width=width).splitlines() if re.match(r"m\d", line)]

    assert [len(re.sub(r"[^▏▎▍▌▋▊▉█]", "", line)) for line in lines] == bars
    assert all(len(line) <= (width or 1000) for line in lines)


@pytest.mark.parametrize(
    ("form", "heading"),
    [
        (Form.TABLE, "The <question>\n"),
        (Form.MARKDOWN, "## The &lt;question>\n"),
        (Form.HTML, "<h2>The &lt;question&gt;</h2>"),
    ],
)
@pytest.mark.parametrize("colour", [False, True])
def test_a_title_without_a_table_stands_above_the_sentences(form: Form, heading: str, *, colour: bool) -> None:
    asked = Section(title="The <question>", lead=("Shall it move?",))
    silent = Section(title="Nothing", notes=("It is late.",))
    text = render(Report(title="Paper", sections=(asked, silent), document={}), form, width=80, colour=colour)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)

    assert heading in plain
    assert plain.index(heading) < plain.index("Shall it move?")
    assert "Nothing" not in plain
    assert ("h2{" in text) == (form is Form.HTML)


def test_a_workbook_has_the_titles_of_sentences() -> None:
    asked = Section(title="The question", lead=("Shall it move?",))
    sheet = load_workbook(
        io.BytesIO(render_file(Report(title="Paper", sections=(asked,), document={}), Form.XLSX))
    ).worksheets[0]

    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["Paper", "The question", "Shall it move?"]
