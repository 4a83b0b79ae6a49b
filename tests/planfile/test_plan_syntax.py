"""Mistakes of TOML that beginners make: each is told in its place with the line, a mark and the mend, several at once.

Laws: a text that is TOML is never touched; a mend that is no guess gives the plan that was meant; whatever stands in a
file, the reader ends, and says lines that can be printed; what is no plan is not quoted.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from damage import DAMAGE, PLANS, damaged
from invoke import invoke
from mag_rotation.errors import InvalidPlan, Mistake
from mag_rotation.planfile import load_plan, plan_template
from mag_rotation.planfile.guesses import guess_bool, guess_clock, guess_dates, guess_length
from mag_rotation.planfile.reader import parse_toml
from mag_rotation.planfile.syntax import mend_toml
from paths import BROKEN_PLANS as BROKEN
from paths import DATA, EXAMPLES
from plan_layouts import LAYOUTS, SHORT_TEXTS

GOOD = """format = 1

[meeting]
id = "demo"
name = "Demo call"
uid-domain = "example.org"
duration = "90min"

[schedule]
first = 2026-10-06
repeat = "weekly"
count = 8

[rotation]
slots = [
  { at = "14:00", label = "noon" },
  { at = "20:00", zone = "UTC" },
]

[[phases]]
name = "Break"
from = 2026-10-12
to = 2026-10-16
calls = false

[roster]
file = "members.csv"

[[members]]
id = "a"
zone = "Europe/Zurich"
roles = ["chair", "captioner"]
night = "22:00-06:00"

[[members]]
id = "b"
zone = "Asia/Tokyo"
"""
SLOTS = '[\n  { at = "14:00", label = "noon" },\n  { at = "20:00", zone = "UTC" },\n]'
SHEET = "id,zone\nc,Africa/Nairobi\n"

WORD_PROCESSOR = 'found quotes of a word processor; write name = "Demo call"'
NO_COMMA = "found no comma before this key; write one"

MENDS: Mapping[tuple[str, str], str] = {
    # what is right, what stands there instead -> what is said, behind "not TOML: "; the mend gives what is right
    # dates
    ("first = 2026-10-06", "first = 2026-10-6"): "found 2026-10-6; write first = 2026-10-06",
    ("first = 2026-10-06", "first = 6 October 2026"): "found 6 October 2026; write first = 2026-10-06",
    ("first = 2026-10-06", "first = October 6th, 2026"): "found October 6th, 2026; write first = 2026-10-06",
    ("first = 2026-10-06", "first = Tue 6 Oct 2026"): "found Tue 6 Oct 2026; write first = 2026-10-06",
    ("first = 2026-10-06", "first = 06.10.2026"): "found 06.10.2026; write first = 2026-10-06",
    ("first = 2026-10-06", "first = 2026/10/06  # start"): "found 2026/10/06; write first = 2026-10-06",
    ("first = 2026-10-06", "first = 2026\u201310\u201306"): "found 2026\u201310\u201306; write first = 2026-10-06",
    ("first = 2026-10-06", "first = 2026-10-06 20:00"): "found 2026-10-06 20:00; write first = 2026-10-06",
    ("to = 2026-10-16", "to = 16/10/2026"): "found 16/10/2026; write to = 2026-10-16",
    ("to = 2026-10-16", "to = 10/16/2026"): "found 10/16/2026; write to = 2026-10-16",
    # hours
    (SLOTS, '[14:00, { at = "20:00" }]'): 'found 14:00 without quotes; write slots = ["14:00", { at = "20:00" }]',
    ('at = "14:00"', "at = 14:00"): 'found 14:00 without quotes; write at = "14:00"',
    ('at = "14:00"', "at = 2pm"): 'found 2pm; write at = "14:00"',
    ('at = "14:00"', "at = 14h00"): 'found 14h00; write at = "14:00"',
    ('at = "14:00"', "at = 2:00 p.m."): 'found 2:00 p.m.; write at = "14:00"',
    ('at = "14:00"', "at = 14:00 UTC"): 'found 14:00 UTC; write at = "14:00", zone = "UTC"',
    ('night = "22:00-06:00"', "night = 22:00-06:00"): 'found 22:00-06:00 without quotes; write night = "22:00-06:00"',
    # lengths and numbers
    ('duration = "90min"', "duration = 90min"): 'found 90min; write duration = "90min"',
    ('duration = "90min"', "duration = 90 minutes"): 'found 90 minutes; write duration = "90min"',
    ("count = 8", "count = 08"): "found 08; write count = 8",
    ("count = 8", "count = 8 calls"): "found 8 calls; write count = 8",
    # yes and no
    ("calls = false", "calls = no"): "found no where true or false belongs; write calls = false",
    ("calls = false", "calls = No"): "found No where true or false belongs; write calls = false",
    ("calls = false", "calls = False"): "found False where true or false belongs; write calls = false",
    ("calls = false", "calls = off  # summit"): "found off where true or false belongs; write calls = false",
    # words without quotes
    ('file = "members.csv"', "file = members.csv"): 'found members.csv without quotes; write file = "members.csv"',
    ('name = "Demo call"', "name = Demo call"): 'found Demo call without quotes; write name = "Demo call"',
    ('repeat = "weekly"', "repeat = weekly"): 'found weekly without quotes; write repeat = "weekly"',
    ('zone = "Asia/Tokyo"', "zone = Asia/Tokyo"): 'found Asia/Tokyo without quotes; write zone = "Asia/Tokyo"',
    ('id = "a"', "id = a"): 'found a without quotes; write id = "a"',
    ('uid-domain = "example.org"', "uid-domain = example.org"): (
        'found example.org without quotes; write uid-domain = "example.org"'
    ),
    ('label = "noon"', "label = noon"): 'found noon without quotes; write label = "noon"',
    # lists
    ('roles = ["chair", "captioner"]', "roles = [chair, captioner]"): (
        'found chair without quotes; write roles = ["chair", "captioner"]'
    ),
    ('roles = ["chair", "captioner"]', "roles = chair, captioner"): (
        'found chair, captioner without brackets; write roles = ["chair", "captioner"]'
    ),
    ('roles = ["chair", "captioner"]', 'roles = "chair", "captioner"'): (
        'found a list without brackets; write ["chair", "captioner"]'
    ),
    ('roles = ["chair", "captioner"]', 'roles = ["chair"; "captioner"]'): "found ; between two items; write ,",
    ('roles = ["chair", "captioner"]', 'roles = ["chair" "captioner"]'): "found no comma between two items; write one",
    ('roles = ["chair", "captioner"]', 'roles = ["chair",, "captioner"]'): "found a comma too many; delete it",
    ('roles = ["chair", "captioner"]', 'roles = ("chair", "captioner")'): "found ( before a list; write [ and ]",
    ('roles = ["chair", "captioner"]', 'roles = ["chair", "captioner"'): (
        "found [ and no ] that ends it; write ] behind the last of the list"
    ),
    (' "noon" },\n', ' "noon" }\n'): "found no comma behind this item; write one",
    (' "noon" },\n', ' "noon" }   # first\n'): "found no comma behind this item; write one",
    (',\n]\n\n[[phases]]', '\n\n[[phases]]'): "found [ and no ] that ends it; write ] behind the last of the list",
    # quotes
    ('name = "Demo call"', 'name = "Demo call'): (
        'found " at the beginning of a text and none at its end; write name = "Demo call"'
    ),
    ('name = "Demo call"', "name = 'Demo call  # ours"): (
        "found ' at the beginning of a text and none at its end; write name = \"Demo call\""
    ),
    ('name = "Demo call"', 'name = Demo call"'): 'found Demo call" with one quote; write name = "Demo call"',
    ('name = "Demo call"', "name = \u201cDemo call\u201d"): WORD_PROCESSOR,
    ('name = "Demo call"', "name = \u201eDemo call\u201c"): WORD_PROCESSOR,
    ('name = "Demo call"', "name = \u00abDemo call\u00bb # x"): WORD_PROCESSOR,
    ('name = "Demo call"', "name = `Demo call`"): WORD_PROCESSOR,
    ('name = "Demo call"', 'name = "Demo call\u201d'): (
        'found " at the beginning of a text and none at its end; write name = "Demo call"'
    ),
    ('name = "Demo call"', "name = \u201cDemo call"): (
        'found \u201c at the beginning of a text and none at its end; write name = "Demo call"'
    ),
    ('at = "14:00", label', 'at = "14:00, label'): (
        'found " at the beginning of a text and none at its end; write at = "14:00"'
    ),
    ('at = "14:00", label', 'at = 14:00", label'): 'found 14:00" with one quote; write at = "14:00"',
    ('at = "20:00", zone = "UTC"', "at = \u201c20:00\u201d, zone = \u2018UTC\u2019"): (
        'found quotes of a word processor; write at = "20:00"'
    ),
    # keys, tables and what stands around them
    ('name = "Demo call"', 'name: "Demo call"'): "found : behind a key; write =",
    ('name = "Demo call"', 'name := "Demo call"'): "found := behind a key; write =",
    ('name = "Demo call"', 'name == "Demo call"'): "found == behind a key; write =",
    ('name = "Demo call"', 'name "Demo call"'): 'found no = behind name; write name = "Demo call"',
    ('uid-domain = "example.org"', 'uid domain = "example.org"'): "found the key uid domain; write uid-domain",
    ('name = "Demo call"', '\u201cname\u201d = "Demo call"'): "found the key \u201cname\u201d; write name",
    ('{ at = "14:00", label = "noon" }', '{ "at": "14:00", "label": "noon" }'): "found : behind a key; write =",
    ('{ at = "14:00", label = "noon" }', '{ at = "14:00" label = "noon" }'): NO_COMMA,
    ('{ at = "14:00", label = "noon" }', '{ at = "14:00"; label = "noon" }'): "found ; between two keys; write ,",
    ('{ at = "14:00", label = "noon" }', '{ at = "14:00", label = "noon", }'): "found , before }; delete it",
    ('{ at = "14:00", label = "noon" },', '{ at = "14:00", label = "noon",'): (
        "found { and no } that ends it; write } behind the last key"
    ),
    ('{ at = "20:00", zone = "UTC" },', '{ at = "20:00", zone = "UTC"'): (
        "found { and no } that ends it; write } behind the last key"
    ),
    ('{ at = "14:00", label = "noon" }', '{\n    at = "14:00",  # UTC\n    label = "noon"\n  }'): (
        "found a table in braces on several lines; write it on one line"
    ),
    ("[meeting]", "[meeting"): "found [meeting; write [meeting]",
    ("[meeting]", "[meeting]:"): "found [meeting]:; write [meeting]",
    ("[meeting]", "[meetin g]"): "found [meetin g]; write [meeting]",
    ("[[phases]]", "[[phases]"): "found [[phases]; write [[phases]]",
    ("[[phases]]", "[phases]]"): "found [phases]]; write [[phases]]",
    ("count = 8", "count = 8;"): "found ; at the end of the line; delete it",
    ("count = 8", "count = 8,"): "found , at the end of the line; delete it",
    ('roles = ["chair", "captioner"]', 'roles = ["chair", "captioner"],'): "found , at the end of the line; delete it",
    ("count = 8", "count = 8  // two months"): "found // where a comment begins; write #",
    ("count = 8", "count = 8 # x\n// two months"): "found // where a comment begins; write #",
    ("count = 8", "count = 8\n; two months"): "found ; where a comment begins; write #",
    ("count = 8", "count = 8 two months"): "found 8 two months; write a whole number",
    ('repeat = "weekly"', 'repeat = "weekly" and so on'): (
        "found and so on behind the end; delete it, or write # before a comment"
    ),
    ("count = 8", "count = 8\nthat is all"): "found that is all; write a key, = and a value, or # before a comment",
    ("count = 8", "count\u00a0= 8"): "found a blank of a word processor (U+00A0); write a plain blank",
    ('id = "b"\n', 'id = "b" weight = 1\n'): "found a second key on the line; write it on a line of its own",
    ('name = "Demo call"', 'name = "Demo call"\nname = "Other"'): (
        "found name again, as in line 5; delete one of the two"
    ),
    ('label = "noon" }', 'label = "noon", label = "x" }'): "found label twice in one table; delete one of the two",
}  # fmt: skip
GIVES_MORE = {'id = "b" weight = 1\n', "count = 8 two months"}
"""Where the mend cannot give just what was right."""


def mended(text: str) -> tuple[object, list[Mistake]]:
    found = mend_toml(text, "plan.toml")
    return found.document, list(found.mistakes)


@pytest.mark.parametrize("change", MENDS, ids=lambda change: change[1][:50].encode("unicode_escape").decode())
def test_a_mistake_is_told_with_its_line_and_its_mend(change: tuple[str, str]) -> None:
    right, wrong = change
    assert GOOD.count(right) == 1
    text = GOOD.replace(right, wrong)
    document, mistakes = mended(text)

    first = mistakes[0]
    assert first.place == "plan.toml"
    where, _, said = first.problem.partition(": not TOML: ")
    assert said == MENDS[change]
    line, column = map(int, re.findall(r"\d+", where))
    shown, mark = first.excerpt.split("\n")
    assert shown == text.split("\n")[line - 1].replace("\u00a0", " ")
    assert mark == " " * (column - 1) + "^"
    if wrong not in GIVES_MORE:
        expected = tomllib.loads(GOOD)
        if right == SLOTS:
            expected["rotation"]["slots"] = ["14:00", {"at": "20:00"}]
        assert document == expected


AMBIGUOUS = {
    "06/10/2026": ("2026-10-06 (6 October)", "2026-06-10 (10 June)"),
    "6/10/26": ("2026-10-06 (6 October)", "2026-06-10 (10 June)"),
    "06-10-2026": ("2026-10-06 (6 October)", "2026-06-10 (10 June)"),
    "1/2/2027": ("2027-02-01 (1 February)", "2027-01-02 (2 January)"),
}


@pytest.mark.parametrize("written", AMBIGUOUS)
def test_a_date_that_may_be_two_names_both(written: str) -> None:
    (mistake,) = parse_toml(GOOD.replace("2026-10-06", written).encode(), "plan.toml").mistakes
    first, second = AMBIGUOUS[written]

    assert mistake.problem == (
        f"line 10, column 9: not TOML: found {written}, which may be two dates; write first = {first} or "
        f"first = {second}"
    )
    assert mistake.excerpt == f"first = {written}\n        ^"


def test_a_date_that_is_the_same_either_way_is_no_guess() -> None:
    parsed = parse_toml(GOOD.replace("2026-10-06", "06/06/2026").encode(), "plan.toml")

    assert [one.problem.partition("; ")[2] for one in parsed.mistakes] == ["write first = 2026-06-06"]
    assert parsed.is_sure


NO_VALUE = {
    # under which key, what stands there -> what is said; nothing else is said of the key
    ("first = 2026-10-06", "first = 31/02/2026"): "found 31/02/2026, a day that does not exist; write another date",
    (
        "first = 2026-10-06",
        "first = 2026-02-30",
    ): "found 2026-02-30, a day that does not exist: February 2026 has 28 days; write another date",
    ("first = 2026-10-06", "first = next Tuesday"): "found next Tuesday; write a date such as 2026-10-06",
    ("count = 8", "count = eight"): "found eight; write a whole number",
    ("calls = false", "calls = maybe"): "found maybe; write true or false",
    ("count = 8", "count = "): "found no value for count; write one behind the =, or delete the key",
    ("count = 8", "count = # later"): "found no value for count; write one behind the =, or delete the key",
    ('label = "noon"', "label = "): "found no value for label; write one behind the =, or delete the key",
    ("count = 8", "count = None"): "found None; write nothing at all, and delete the key",
    ('label = "noon"', "label = n/a"): "found n/a; write nothing at all, and delete the key",
}


@pytest.mark.parametrize("change", NO_VALUE, ids=lambda change: change[1])
def test_a_value_that_cannot_be_guessed_is_told_once(change: tuple[str, str], tmp_path: Path) -> None:
    (mistake,) = told(GOOD.replace(*change), tmp_path)

    assert mistake.problem.partition(": not TOML: ")[2] == NO_VALUE[change]


def told(text: str, folder: Path) -> list[Mistake]:
    (folder / "plan.toml").write_text(text, "utf-8")
    (folder / "members.csv").write_text(SHEET, "utf-8")
    with pytest.raises(InvalidPlan) as caught:
        load_plan(folder / "plan.toml")
    return list(caught.value.mistakes)


def test_several_mistakes_are_told_at_once_and_the_plan_is_read_on(tmp_path: Path) -> None:
    text = GOOD
    for right, wrong in (
        ('name = "Demo call"', "name = \u201cDemo call\u201d"),
        ("first = 2026-10-06", "first = 06/10/2026"),
        (SLOTS, "[14:00, 20:00]"),
        ("calls = false", "calls = no"),
        ('file = "members.csv"', "file = members.csv"),
        ('zone = "Europe/Zurich"', 'zone = "Zurich"'),
        ('zone = "Asia/Tokyo"', "zone = Tokyo\ncolour = red"),
    ):
        text = text.replace(right, wrong)
    lines = [str(one) for one in told(text, tmp_path)]

    assert lines == [
        'plan.toml: line 5, column 8: not TOML: found quotes of a word processor; write name = "Demo call"',
        (
            "plan.toml: line 10, column 9: not TOML: found 06/10/2026, which may be two dates; write "
            "first = 2026-10-06 (6 October) or first = 2026-06-10 (10 June)"
        ),
        'plan.toml: line 15, column 10: not TOML: found 14:00 without quotes; write slots = ["14:00", "20:00"]',
        "plan.toml: line 21, column 9: not TOML: found no where true or false belongs; write calls = false",
        'plan.toml: line 24, column 8: not TOML: found members.csv without quotes; write file = "members.csv"',
        'plan.toml: line 34, column 8: not TOML: found Tokyo without quotes; write zone = "Tokyo"',
        'plan.toml: line 35, column 10: not TOML: found red without quotes; write colour = "red"',
        "members[0].zone: 'Zurich' is not the name of a time zone; did you mean Europe/Zurich?",
        "members[1].zone: 'Tokyo' is not the name of a time zone; did you mean Asia/Tokyo?",
        lines[-1],
    ]
    assert lines[-1].startswith("members[1].colour: unknown key; ")


def test_what_hangs_on_a_date_that_is_a_guess_is_not_judged(tmp_path: Path) -> None:
    off_the_rule = GOOD + "\n[[exceptions]]\ndate = 2026-10-14\ncancel = true\n"

    assert len(told(off_the_rule, tmp_path)) == 1
    assert len(told(off_the_rule.replace("2026-10-06", "2026-10-6"), tmp_path)) == 2
    assert len(told(off_the_rule.replace("2026-10-06", "06/10/2026"), tmp_path)) == 1


def test_keys_behind_a_text_without_an_end_are_not_missed(tmp_path: Path) -> None:
    (mistake,) = told(GOOD.replace('name = "Demo call"', 'name = """Demo call'), tmp_path)

    open_text = 'found """ at the beginning of a text and none at its end; write """ behind the text'
    assert mistake.problem == f"line 5, column 8: not TOML: {open_text}"


def test_a_table_that_is_there_twice_is_told_and_its_keys_are_not_missed(tmp_path: Path) -> None:
    again = '[meeting]\nlocation = "Online"\n\n[schedule]'
    (mistake,) = told(GOOD.replace("[schedule]", again), tmp_path)

    assert mistake.problem == (
        "line 9, column 1: not TOML: found [meeting] again, as in line 3; put its keys below that one"
    )


@pytest.mark.parametrize("head", ["[", "[]", "[ ]", "[[]]", "[]:"])
def test_a_table_without_a_name_is_told_and_left_out(head: str, tmp_path: Path) -> None:
    (mistake,) = told(GOOD.replace("[[phases]]", f"{head}\nx = no\n\n[[phases]]"), tmp_path)

    assert mistake.problem.endswith("; write the name of a table into the brackets, such as [meeting]")


@pytest.mark.parametrize(
    "heads", [("[members]", "[members]"), ("[members]", "[[members]]"), ("[[members]]", "[members]")]
)
def test_members_under_one_bracket_are_members_where_there_are_several(heads: tuple[str, str]) -> None:
    first, second = heads
    before, one, two = GOOD.split("[[members]]\n")
    document, mistakes = mended(f"{before}{first}\n{one}{second}\n{two}")

    assert document == tomllib.loads(GOOD)
    assert [one.problem.partition(": not TOML: ")[2] for one in mistakes] == [
        "found [members] more than once; write [[members]] above each of them"
    ]


def test_a_text_with_backslashes_is_written_in_single_quotes() -> None:
    document, (mistake,) = mended(GOOD.replace('"members.csv"', r'"C:\Users\me\members.csv"'))

    assert mistake.problem.endswith(r"where it begins a code; write file = 'C:\Users\me\members.csv'")
    assert isinstance(document, dict)
    assert document["roster"]["file"] == r"C:\Users\me\members.csv"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"The "big" call"', 'The "big" call'),
        ("'The council's call'  # of '26", "The council's call"),
        ("\u201cThe council\u2019s call\u201d", "The council\u2019s call"),
        ('The council\'s "big" call', 'The council\'s "big" call'),
    ],
)
def test_quotes_inside_a_text_stay_in_it(written: str, name: str) -> None:
    document, mistakes = mended(GOOD.replace('"Demo call"', written))

    assert len(mistakes) == 1
    assert isinstance(document, dict)
    assert document["meeting"]["name"] == name


# Laws.

ODD = """format = 1
[meeting]
name = \"\"\"A \\\"\"\" inside, = [ { ' # and
[not a table]
\"\"\" # a comment with "quotes" and [brackets
location = '''C:\\x "y" ''z''' # '
"url" = 'https://example.org/#a,b]'
[curves."a#b].c"]
hours = [ # none
  1_000, 0x1F, 1e3, -0.5, inf, # so
  1979-05-27T07:32:00Z, 07:32:00, [ [ "x", ], { a.b = 1, "c d" = 'e' } ],
]
[[members]] # first
groups.region = "a"
[members.extra]
x = true
[[members]]
groups = { "region" = "b" }
[members.extra]
x = false
"""
TOML = [ODD, *(text.decode() for text in PLANS), *LAYOUTS.values(), *SHORT_TEXTS, GOOD]


def is_toml(path: Path) -> bool:
    try:
        tomllib.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        return False
    return "deep" not in path.name and "empty" not in path.name


@pytest.mark.parametrize("text", [*TOML, *(path.read_text("utf-8") for path in BROKEN if is_toml(path))])
def test_what_is_toml_is_left_as_it_is(text: str) -> None:
    assert mended(text) == (tomllib.loads(text), [])


WRITTEN = st.sampled_from([GOOD.replace(right, wrong) for right, wrong in MENDS])


@example(text="format = 1\nx = [", steps=[])
@example(text="format = 1\nx = {", steps=[])
@example(text="format = 1\nx = [}]", steps=[])
@example(text="format = 1\nx = [{]}", steps=[])
@example(text="format = 1\nx = {a}", steps=[])
@example(text="format = 1\nx = {a = }", steps=[])
@example(text='format = 1\nx = "\\', steps=[])
@example(text="format = 1\n[", steps=[])
@example(text="format = 1\n[[]]", steps=[])
@example(text="format = 1\n= 1", steps=[])
@example(text="format = 1\nx = " + "[" * 40, steps=[])
@example(text="format = 1\nx = " + "{a=" * 40, steps=[])
@given(text=WRITTEN, steps=DAMAGE)
def test_whatever_stands_there_the_reader_ends_and_says_it_in_lines(
    text: str, steps: list[tuple[str, float, float, int]]
) -> None:
    data = damaged(text.encode(), steps)
    parsed = parse_toml(data, "plan.toml")

    for mistake in parsed.mistakes:
        assert str(mistake).isprintable()
        shown, *mark = mistake.excerpt.split("\n")
        assert shown.isprintable()
        assert [one.strip() for one in mark] in ([], ["^"])
        assert len(shown) <= 106
        if place := re.match(r"line (\d+), column (\d+): ", mistake.problem):
            assert 1 <= int(place[1]) <= data.count(b"\n") + 1
            assert 1 <= int(place[2]) <= max(map(len, data.decode("utf-8").split("\n"))) + 1


def test_a_long_line_is_shown_about_the_mark() -> None:
    wrong = GOOD.replace('"Demo call"', f'"{"x" * 300}" + "{"y" * 300}"')
    (mistake,) = parse_toml(wrong.encode(), "plan.toml").mistakes
    shown, mark = mistake.excerpt.split("\n")

    assert shown.endswith("...")
    assert len(shown) <= 106
    assert shown[len(mark) - 1] == '"'


def test_what_stays_wrong_is_told_by_the_parser_in_its_place() -> None:
    wrong = GOOD.replace("2026-10-06", "6 October 2026").replace('"Asia/Tokyo"', '"Asia/\x01Tokyo"')
    mistakes = parse_toml(wrong.encode(), "plan.toml").mistakes

    assert [one.problem for one in mistakes] == [
        "line 10, column 9: not TOML: found 6 October 2026; write first = 2026-10-06",
        "line 37, column 14: not TOML: illegal character '\\x01'",
    ]
    assert mistakes[1].excerpt == 'zone = "Asia/\u00b7Tokyo"\n             ^'


def test_what_is_wrong_before_a_mend_keeps_its_place() -> None:
    wrong = GOOD.replace('"Demo call"', '"Demo\x7f call"').replace("calls = false", "calls = no")
    mistakes = parse_toml(wrong.encode(), "plan.toml").mistakes

    assert [one.problem.partition(":")[0] for one in mistakes] == ["line 5, column 13", "line 24, column 9"]


def test_brackets_without_end_behind_a_mistake_are_told() -> None:
    mistakes = parse_toml(f"format = 1\n[meeting]\nname = no way\nx = {'[' * 5000}".encode(), "plan.toml").mistakes

    assert [one.problem.partition("; ")[0] for one in mistakes] == [
        "line 1, column 1: not TOML: brackets in brackets without end",
        "line 3, column 8: not TOML: found no way without quotes",
    ]


def test_a_key_that_is_there_twice_behind_a_wrong_sign_is_left_out() -> None:
    document, mistakes = mended(GOOD.replace('label = "noon" }', 'label = "noon"; label = "late" }'))

    assert document == tomllib.loads(GOOD)
    assert [one.problem.partition(": not TOML: ")[2] for one in mistakes] == [
        "found ; between two keys; write ,",
        "found label twice in one table; delete one of the two",
    ]


def test_a_mark_stands_under_letters_with_accents_of_their_own() -> None:
    (mistake,) = parse_toml(GOOD.replace('"Demo call"', '"Re\u0301union" du conseil').encode(), "p").mistakes
    shown, mark = mistake.excerpt.split("\n")

    assert shown[len(mark) :].startswith("du conseil")


def test_a_mark_stands_under_wide_letters() -> None:
    (mistake,) = parse_toml(GOOD.replace('label = "noon"', 'label = "\u6771\u4eac" zone = UTC').encode(), "p").mistakes[
        :1
    ]
    shown, mark = mistake.excerpt.split("\n")

    assert shown == '  { at = "14:00", label = "\u6771\u4eac" zone = UTC },'
    assert len(mark) - 1 == shown.index("zone") + 2


def test_many_mistakes_are_told_in_part() -> None:
    mistakes = parse_toml(
        (GOOD + "x = no way\n" * 2 + "".join(f"y{n} = a b\n" for n in range(500))).encode(), "p"
    ).mistakes

    assert len(mistakes) == 51
    assert str(mistakes[-1]) == "p: there are more places that are no TOML; mend these first"


# What is no plan.

FOREIGN = {
    "BEGIN:VCALENDAR\nVERSION:2.0\n": "this is a calendar, which 'mag-rotation from-ics' makes a plan of",
    '{"meeting": {"id": "x"}}\n': "this looks like JSON",
    "<html><body>\n": "this looks like a page of the web",
    "meeting:\n  id: demo\nschedule:\n  first: 2026-10-06\n": "this looks like YAML, and a plan is TOML: write [meet",
    "root:x:0:0:secret:/root:/bin/sh\n": "nothing in this file looks like a plan, which 'mag-rotation init' writes",
    "id,zone,secret\na,UTC,x\n": "nothing in this file looks like a plan",
    "# notes\n\n[meeting](secret.md) is\n": "nothing in this file looks like a plan",
    "format = 1\n" + "a secret line of prose\n" * 30: "nothing in this file looks like a plan",
    "-----BEGIN PRIVATE KEY-----\nsecret\n": "nothing in this file looks like a plan",
}


@pytest.mark.parametrize("text", FOREIGN, ids=lambda text: text[:20].strip())
def test_a_file_that_is_no_plan_is_told_what_it_is_and_not_quoted(text: str, tmp_path: Path) -> None:
    (mistake,) = told(text, tmp_path)

    assert re.match(r"line \d+, column \d+: not TOML: ", mistake.problem)
    assert FOREIGN[text] in mistake.problem
    assert (mistake.excerpt, "secret" in str(mistake)) == ("", False)


# What people see.


def test_the_line_and_the_mark_stand_below_the_mistake(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(GOOD.replace("calls = false", "calls = no"), "utf-8")
    (tmp_path / "members.csv").write_text(SHEET, "utf-8")
    done = invoke("calls", tmp_path / "plan.toml")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "mag-rotation: the plan has 1 mistake\n"
        "  plan.toml: line 24, column 9: not TOML: found no where true or false belongs; write calls = false\n"
        "      calls = no\n"
        "              ^\n"
    )
    table = invoke("validate", tmp_path / "plan.toml")
    assert table.lines[3:7] == [
        "       what",
        "wrong  plan.toml: line 24, column 9: not TOML: found no where true or false belongs; write calls = false",
        "           calls = no",
        "                   ^",
    ]
    document = json.loads(invoke("validate", tmp_path / "plan.toml", "-f", "json").out)
    assert document["errors"] == [
        "plan.toml: line 24, column 9: not TOML: found no where true or false belongs; write calls = false"
    ]


UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"


@pytest.mark.parametrize("path", sorted((DATA / "broken" / "toml").glob("*.toml")), ids=lambda path: path.stem)
def test_what_beginners_write_is_told_as_it_was_told_before(path: Path) -> None:
    """Each plan is one good plan with a mistake that people make; the text beside it is what they are told."""
    with pytest.raises(InvalidPlan) as caught:
        load_plan(path)
    text = caught.value.lines + "\n"
    golden = path.with_suffix(".txt")
    if UPDATE:
        golden.write_text(text, "utf-8", newline="\n")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("path", sorted((DATA / "broken" / "toml").glob("*.toml")), ids=lambda path: path.stem)
def test_each_of_these_mistakes_shows_its_line_and_a_mark(path: Path) -> None:
    lines = path.read_text("utf-8").split("\n")
    for mistake in mend_toml(path.read_text("utf-8"), path.name).mistakes:
        place = re.match(r"line (\d+), column (\d+): not TOML: ", mistake.problem)
        assert place is not None
        shown, mark = mistake.excerpt.split("\n")
        assert shown == re.sub(r"\s", " ", lines[int(place[1]) - 1].rstrip())
        assert mark.strip() == "^"
        assert len(mark) >= int(place[2])  # wide letters before it take two columns


def test_an_edit_of_a_plan_that_is_no_toml_tells_the_same(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(GOOD.replace("calls = false", "calls = no"), "utf-8")
    (tmp_path / "members.csv").write_text(SHEET, "utf-8")
    done = invoke("cancel", tmp_path / "plan.toml", "2026-10-06")

    assert done.code == 2
    assert done.err.startswith(
        "mag-rotation: the plan has 1 mistake; nothing was written\n  plan.toml: line 24, column 9:"
    )


def test_the_examples_are_read_without_the_forgiving_reader() -> None:
    assert [path for path in EXAMPLES.glob("*/*.toml") if parse_toml(path.read_bytes(), "p").mended] == []
    assert parse_toml(plan_template().encode(), "p").mended is None


# What may be meant.


def test_guesses_about_single_values() -> None:
    assert guess_dates("2026-02-30") == guess_dates("soon") == guess_dates("10 Smarch 2026") == ()
    assert guess_dates("2026 June 10") == guess_dates("20260610") == (date(2026, 6, 10),)
    assert [guess_clock(text) for text in ("1400", "12am", "12 pm", "24:00", "13pm", "9:75")] == [
        time(14), time(0), time(12), None, None, None,
    ]  # fmt: skip
    assert [guess_length(text) for text in ("2 hours", "1,5 h", "1h 30", "0", "soon", "")] == [
        "2h", "1h30min", "1h30min", "0min", None, None,
    ]  # fmt: skip
    assert [guess_bool(text) for text in ("Y", "nein", "1")] == [True, False, None]
