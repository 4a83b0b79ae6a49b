"""No cell that we write runs as a formula, and our readers give every text back; nothing shown acts on a terminal."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoke import invoke
from mag_rotation.cells import arm, disarm, write_csv
from mag_rotation.errors import escape_controls
from mag_rotation.planfile import load_plan
from mag_rotation.report.description import Cell, Head, Report, Section
from mag_rotation.report.formats import Form, render
from mag_rotation.report.formats.json import dump
from mag_rotation.report.formats.terminal import to_terminal

TRIGGERS = tuple("=+-@\t\r")

texts = st.text(st.sampled_from("=+-@\t\r'a1., \n\"")) | st.text()


@given(texts)
def test_arming_gives_back_what_was_disarmed(text: str) -> None:
    assert arm(disarm(text)) == text


@given(texts, texts)
def test_two_texts_stay_two_texts(one: str, other: str) -> None:
    assert (disarm(one) == disarm(other)) == (one == other)


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=2, max_size=2)
    )
)
def test_no_cell_of_a_written_sheet_begins_a_formula(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(write_csv(("a", "b"), rows), newline=""), strict=True))[1:]

    assert [[arm(cell) for cell in row] for row in read] == rows
    for row in read:
        assert not any(cell.startswith(TRIGGERS) and not cell[1:].replace(".", "").isdigit() for cell in row)


@pytest.mark.parametrize("number", ["-270", "+5", "-1.5", "-1,5", "3"])
def test_a_number_stays_as_it_is(number: str) -> None:
    assert disarm(number) == number


@pytest.mark.parametrize("text", ["-1+1", "+1-cmd|' /C calc'!A0", "=1", "@SUM(1)", "-", "--1", "-1.5.2", "+\u0661"])
def test_what_only_looks_like_a_number_is_disarmed(text: str) -> None:
    assert disarm(text) == f"'{text}"


PLAN = """\
format = 1
meeting = { id = "wg", name = "=HYPERLINK(1)", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2026-01-06, repeat = "FREQ=WEEKLY", count = 2 }
rotation = { slots = [{ at = "14:00", label = "@noon" }] }
exceptions = [{ date = 2026-01-06, note = "-2+3" }]
roster = { file = "members.csv" }
"""
MEMBERS = "id,zone,name,region\n'=a,UTC,'+Ana,'=North\n-7,UTC,''-Bo,South\n"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    (tmp_path / "members.csv").write_text(MEMBERS, "utf-8")
    return tmp_path / "plan.toml"


def test_a_roster_gives_back_what_was_disarmed(plan: Path) -> None:
    roster = load_plan(plan).members

    assert [(member.id, member.name) for member in roster] == [("=a", "+Ana"), ("-7", "'-Bo")]
    assert dict(roster[0].groups) == {"region": "=North"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("calls",),
        ("night", "--call", "2026-01-06"),
        ("fairness",),
        ("check", "--at", "2026-01-09T02:00Z"),
        ("validate",),
    ],
    ids=" ".join,
)
def test_no_answer_has_a_formula_in_csv(arguments: tuple[str, ...], plan: Path) -> None:
    command, *options = arguments
    done = invoke(command, plan, *options, "--format", "csv")

    found = [cell for row in csv.reader(io.StringIO(done.out, newline=""), strict=True) for cell in row]
    assert found
    assert not [one for one in found if one.startswith(TRIGGERS) and not one[1:].replace(".", "").isdigit()]
    assert any(one.startswith("'") for one in found) or command in {"check", "validate"}


def test_an_attendance_sheet_is_read_back(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("call,member\n2026-01-06,'=a\n2026-01-06,-7\n", "utf-8")
    for _ in range(2):
        done = invoke("replies", plan, "--list", tmp_path / "list.csv", "-o", tmp_path / "sheet.csv")
        assert done.code == 0
        assert (tmp_path / "sheet.csv").read_text("utf-8-sig").splitlines()[1:] == [
            "2026-01-06,'=a,yes,",
            "2026-01-06,-7,yes,",
        ]


# What reaches a terminal.

CONTROLS = "".join(map(chr, (*range(9), *range(11, 32), *range(127, 160))))


def acts(text: str) -> bool:
    """Whether a terminal would do something else than show this."""
    return any(letter in CONTROLS for letter in text)


@given(st.text(st.sampled_from(CONTROLS + "ab\n\t\u00e9\u202e")))
def test_an_escaped_text_does_nothing_to_a_terminal(text: str) -> None:
    shown = escape_controls(text)

    assert not acts(shown)
    assert escape_controls(shown) == shown
    assert (shown == text) == (not acts(text))


def test_no_form_of_an_answer_acts_on_a_terminal() -> None:
    sheet = Section(
        lead=("a\x1b[2J",), heads=(Head("h\x9b1m"),), rows=((Cell("c\x07"),),), notes=("n\x7f\x1b]0;t\x07",)
    )

    assert not acts(render(Report(title="t\x1bc", sections=(sheet,), document={}), Form.MARKDOWN))
    assert not acts(to_terminal([sheet], title="t\x1bc", width=None, colour=False))
    assert not acts(to_terminal([sheet], title="t\x1bc", width=4, colour=False))
    coloured = to_terminal([sheet], title="t\x1bc", width=80, colour=True)
    assert "\\x1b[2J" in coloured
    assert "\x1b[2J" not in coloured
    text = dump({"a": "\x1b[2J\x9b1m\x7f"})
    assert not acts(text)
    assert json.loads(text) == {"a": "\x1b[2J\x9b1m\x7f"}


_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="".join(map(chr, range(0x7F, 0xA0)))), max_size=6)
_DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _WORDS | st.sampled_from(Form),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=50)
@given(st.dictionaries(_WORDS, _DOCUMENTS, max_size=3))
def test_a_document_is_the_text_that_the_json_module_writes(document: dict[str, object]) -> None:
    assert dump(document) == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


NAMES = ["no\x1b[2J.toml", "no\x9b31m.toml", "no\x07.toml", "no\r.toml", "no\x7f.toml"]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_file_name_does_nothing_to_a_terminal(name: str, plan: Path) -> None:
    other = plan.with_name(name)
    for arguments in (("calls", other), ("validate", other), ("ics", plan, "-o", other / "x.ics")):
        assert not acts(invoke(*arguments).err)
    other.write_text(PLAN, "utf-8")
    for command, *options in (("cancel", "2026-01-13"), ("validate",), ("init", "--force")):
        done = invoke(command, other, *options)
        assert not acts(done.out + done.err)


@pytest.mark.parametrize(
    "secret", ["root:x:0:0:root:/root:/bin/bash\n", "a,b\nc,d\n", "[client]\npassword=1\n", "k=v\n"]
)
def test_a_file_that_is_no_sheet_is_never_shown(secret: str, plan: Path, tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text(secret, "utf-8")
    done = invoke("validate", plan)

    assert done.code == 2
    assert "members.csv row 1: found no column 'id' and 'zone', so it is not such a sheet; name " in done.out
    assert not any(part in done.out + done.err for part in secret.split("\n") if part)
