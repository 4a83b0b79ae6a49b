"""Broken plans: each file of ``broken`` says at its top what the reader has to say about it.

Law: every mistake is told at once, each with its place, and nothing is written. A file is a plan, a folder a plan
with its sheets; the lines ``# expect: ...`` are the mistakes in the order in which they are told.
"""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from pydantic import Field

from conftest import Run
from mag_rotation.errors import InvalidPlan, Mistake, UnreadableFile
from mag_rotation.planfile import MOST_MEMBERS, load_plan, plan_from
from mag_rotation.planfile.reader import Place, read_table
from mag_rotation.planfile.tables import Table
from parts import require_module
from paths import BROKEN_PLANS as PLANS
from paths import DATA

BROKEN = DATA / "broken"
EXPECT = "# expect: "

ORDERED = ("toml_", "phases_", "exception", "extras_", "several_with_damaged", "member_id_twice", "session_id_")
"""How the names of those begin whose messages speak of an order: lines of a file, the second of two tables."""

UNORDERED = [path for path in PLANS if not path.stem.startswith(ORDERED)]

GOOD = """format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2027-01-05, repeat = "FREQ=WEEKLY", count = 4 }
rotation = { slots = [{ at = "14:00" }] }
"""


def name_of(path: Path) -> str:
    return path.parent.name if path.name == "plan.toml" else path.stem


def expected(path: Path) -> list[str]:
    lines = path.read_text("utf-8").split("\n")
    return [line.removeprefix(EXPECT) for line in lines if line.startswith(EXPECT)]


def told(path: Path) -> list[str]:
    with pytest.raises(InvalidPlan) as caught:
        load_plan(path)
    return [str(mistake) for mistake in caught.value.mistakes]


def keep_known(plan: str | bytes, folder: Path, **sheets: str | bytes) -> list[str]:
    """What is told of a plan and its sheets, given as text or bytes."""
    for name, content in {"plan.toml": plan, **{f"{sheet}.csv": text for sheet, text in sheets.items()}}.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return told(folder / "plan.toml")


@pytest.mark.parametrize("path", PLANS, ids=name_of)
def test_every_mistake_of_a_broken_plan_is_told_in_its_place(path: Path) -> None:
    assert told(path) == expected(path)


def test_there_are_broken_plans_of_every_kind() -> None:
    told_at_once = [len(expected(path)) for path in PLANS]

    assert len(PLANS) >= 60
    assert min(told_at_once) >= 1
    assert sum(3 <= count <= 9 for count in told_at_once) >= 8


@pytest.mark.parametrize("path", PLANS, ids=name_of)
def test_a_message_is_one_line_without_a_full_stop(path: Path) -> None:
    for message in expected(path):
        assert message.isprintable()
        assert not message.endswith(".")
        assert message.partition(": ")[0]


@pytest.mark.parametrize("path", UNORDERED, ids=name_of)
def test_the_order_of_the_sections_changes_no_message(path: Path, tmp_path: Path) -> None:
    """Sections are judged on their own: what stands first in the file hides nothing."""
    text = path.read_text("utf-8")
    body = "".join(line for line in text.splitlines(keepends=True) if not line.startswith(EXPECT))
    blocks = body.split("\n\n")
    top, tables = blocks[0], blocks[1:]
    (tmp_path / path.name).write_text("\n\n".join(["\n".join(reversed(top.split("\n"))), *reversed(tables)]) + "\n")
    for sheet in path.parent.glob("*.csv"):
        (tmp_path / sheet.name).write_bytes(sheet.read_bytes())

    places = [message.replace("members[0]", "members[1]") for message in told(tmp_path / path.name)]
    assert sorted(places) == sorted(message.replace("members[0]", "members[1]") for message in expected(path))


@pytest.mark.parametrize(
    "case",
    [
        "several_all_over_the_plan.toml",
        "several_in_plan_and_sheets/plan.toml",
        "toml_value_missing.toml",
        "roster_in_utf16/plan.toml",
    ],
)
def test_the_command_line_tells_all_mistakes_and_writes_nothing(case: str, run: Run, tmp_path: Path) -> None:
    plan = BROKEN / case
    target = tmp_path / "calls.ics"
    target.write_bytes(b"what was announced")
    pairs = [message.partition(": ")[::2] for message in expected(plan)]
    lines = [f"  {Mistake(place=place, problem=problem).for_people}" for place, problem in pairs]
    noun = "mistake" if len(lines) == 1 else "mistakes"
    head = f"mag-rotation: the plan has {len(lines)} {noun}; nothing was written"

    for command in (("ics", plan, "-o", target), ("ics", plan, "-o", "-"), ("calls", plan, "-o", "new.txt")):
        done = run(*command)
        assert (done.returncode, done.stdout) == (2, "")
        told = [line for line in done.stderr.splitlines() if not line.startswith("      ")]  # excerpts are shown deeper
        assert told == [head, *lines]
    assert [file.name for file in tmp_path.iterdir()] == ["calls.ics"]
    assert target.read_bytes() == b"what was announced"


def test_validate_lists_all_mistakes_as_errors(run: Run) -> None:
    plan = BROKEN / "several_all_over_the_plan.toml"
    done = run("validate", plan, "--format", "json")
    document = json.loads(done.stdout)

    assert (done.returncode, document["errors"], document["warnings"]) == (2, expected(plan), [])


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing.toml", "no such file; check the path"),
        (".", "is a directory; name the file in it"),
        ("nul\0.toml", "cannot be read: no file can have this name"),
        ("x" * 300, "cannot be read: file name too long"),
    ],
)
def test_a_plan_that_cannot_be_opened_says_why(name: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        load_plan(f"{tmp_path}/{name}")

    assert caught.value.reason == problem


def test_a_plan_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "plan.toml").write_text(GOOD, "utf-8")
    monkeypatch.setattr("mag_rotation.files.os.open", locked)
    with pytest.raises(UnreadableFile, match="may not be read; check its permissions"):
        load_plan(tmp_path / "plan.toml")


def test_a_plan_in_another_encoding_says_in_which_line_it_shows(tmp_path: Path) -> None:
    text = GOOD.replace("Demo", "Démo")

    problem = "found a byte that is not UTF-8 in line 2; save the file with the encoding UTF-8"
    assert keep_known(text.encode("cp1252"), tmp_path) == [f"plan.toml: {problem}"]
    problem = problem.replace("line 2", "line 1")
    assert keep_known(text.encode("utf-16"), tmp_path) == [f"plan.toml: {problem}"]


def test_a_plan_has_at_most_a_mebibyte(tmp_path: Path) -> None:
    largest = GOOD + "#" * (2**20 - len(GOOD))
    (tmp_path / "plan.toml").write_text(largest)

    assert len(load_plan(tmp_path / "plan.toml").calls) == 4
    problem = "has more than 1 MiB, the most that is read of a plan; put the roster into a CSV file"
    (tmp_path / "plan.toml").write_text(largest + "#")
    with pytest.raises(UnreadableFile, match=problem):
        load_plan(tmp_path / "plan.toml")
    with pytest.raises(InvalidPlan, match=problem):
        plan_from(tmp_path / "plan.toml", f"{largest}#".encode())


def test_a_plan_has_at_most_100000_members(tmp_path: Path) -> None:
    rows = "".join(f"{number},UTC\n" for number in range(MOST_MEMBERS))
    plan = GOOD + 'roster = { file = "members.csv" }\nmembers = [{ id = "one too many", zone = "UTC" }]\n'

    problem = "found 100001 members; a plan has at most 100000"
    assert keep_known(plan, tmp_path, members=f"id,zone\n{rows}") == [f"roster: {problem}"]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("x = 0x{f}", "x"),
        ('members = [{{ id = "a", zone = "UTC", weight = 0x{f} }}]', "members[0].weight"),
        ('members = [{{ id = 0x{f}, zone = "UTC" }}]', "members[0].id"),
        ("exceptions = [{{ date = 2027-01-05, slot = 0x{f} }}]", "exceptions[0].slot"),
        ("curves.owl.hours = 0x{f}", "curves.owl.hours"),
    ],
)
def test_a_number_too_long_to_print_is_a_mistake_like_any_other(value: str, place: str, tmp_path: Path) -> None:
    (message,) = keep_known(GOOD + value.format(f="f" * 5000), tmp_path)

    assert message.startswith(f"{place}: ")
    assert len(message) < 250


def test_an_interval_too_long_to_read_is_a_mistake_quoted_in_part(tmp_path: Path) -> None:
    (message,) = keep_known(GOOD.replace("WEEKLY", f"WEEKLY;INTERVAL={'9' * 5000}"), tmp_path)

    assert message.startswith("schedule.repeat: found 'INTERVAL=9999")
    assert message.endswith("; INTERVAL takes a number from 1 to 10000")
    assert len(message) < 250


class Strict(Table):
    """A table whose values are refused in words that the reader does not know."""

    count: int = Field(gt=3, description="more than three")


def test_what_is_refused_in_unforeseen_words_is_not_called_a_missing_table() -> None:
    mistakes: list[Mistake] = []

    assert read_table(Strict, {"count": 2}, Place(path="strict"), mistakes) is None
    assert list(map(str, mistakes)) == ["strict.count: found 2; input should be greater than 3"]


def test_a_cell_too_long_for_a_sheet_hints_at_a_quotation_mark(tmp_path: Path) -> None:
    sheet = 'id,zone,name\na,UTC,"' + "x" * 140_000 + '"\n'

    problem = "found a cell of more than 131072 characters; is a quotation mark missing?"
    assert keep_known(GOOD + 'roster = { file = "members.csv" }\n', tmp_path, members=sheet) == [
        f"members.csv row 2: {problem}"
    ]


def test_what_is_found_is_quoted_in_part_where_it_is_long(tmp_path: Path) -> None:
    long = "Europe/" + "Z" * 5000
    messages = keep_known(GOOD + f'members = [{{ id = "a", zone = "{long}", night = "{long}" }}]\n', tmp_path)

    assert [len(message) < 250 for message in messages] == [True, True]


def test_invalid_plans_travel_between_processes_with_their_mistakes(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").touch()
    with pytest.raises(InvalidPlan) as caught:
        load_plan(tmp_path / "plan.toml")

    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (str(again), again.mistakes) == (str(caught.value), caught.value.mistakes)
    assert str(again).splitlines()[0] == "a plan with 4 mistakes:"


OTHER_KINDS = {
    "members.csv": ("id,zone\nann,UTC\n", "is a roster and no plan; write --roster members.csv, or name it under"),
    "Members.CSV": ("name;zone;id\nAnn;UTC;a\n", "is a roster and no plan; write --roster Members.CSV, or name it"),
    "bad.csv": ("id,zone\nann,Nowhere\n", "is a roster and no plan; write --roster bad.csv, or name it under"),
    "history.csv": (
        "date,member,attended\n",
        "is a sheet and no plan; name it under [roster], [history], [carried] or [programme]",
    ),
    "calls.ics": ("BEGIN:VCALENDAR\n", "is a calendar and no plan; 'mag-rotation from-ics calls.ics' makes a plan"),
    "people.xlsx": ("PK\x03\x04", "is a spreadsheet and no plan; 'mag-rotation roster people.xlsx -o members.csv'"),
    "proposal.json": ("{}", "is JSON and no plan; name the plan first"),
}


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_a_file_that_is_no_plan_is_named_for_what_it_is(name: str, tmp_path: Path) -> None:
    text, said = OTHER_KINDS[name]
    (tmp_path / name).write_text(text)

    with pytest.raises(InvalidPlan) as refused:
        load_plan(tmp_path / name)
    (mistake,) = refused.value.mistakes
    assert mistake.place == name
    assert mistake.problem.startswith(said)


def test_a_roster_in_a_workbook_is_one_too(tmp_path: Path) -> None:
    book = require_module("openpyxl", "run pip install 'mag-rotation[test]'").Workbook()
    for row in (["id", "zone"], ["ann", "UTC"]):
        book.active.append(row)
    book.save(tmp_path / "members.xlsx")

    with pytest.raises(InvalidPlan, match=r"is a roster and no plan; write --roster members\.xlsx, or name it under"):
        load_plan(tmp_path / "members.xlsx")


def test_a_plan_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(GOOD)

    assert load_plan(tmp_path / "plan.csv").meeting == plan_from(tmp_path / "plan.toml", GOOD.encode()).meeting


NEAR = [
    ("member.csv", "members.csv", "no such file; did you mean members.csv? It is looked for beside the plan"),
    ("Members.csv", "members.csv", "no such file; did you mean members.csv? It is looked for beside the plan"),
    ("members.cvs", "members.csv", "no such file; did you mean members.csv? It is looked for beside the plan"),
    ("roster.csv", "members.csv", "no such file; check the path; it is looked for beside the plan"),
    ("members.csv", ".members.csv", "no such file; check the path; it is looked for beside the plan"),
]


@pytest.mark.parametrize(("written", "there", "said"), NEAR)
def test_a_missing_sheet_is_met_with_the_nearest_file(written: str, there: str, said: str, tmp_path: Path) -> None:
    (tmp_path / there).write_text("id,zone\nann,UTC\n")
    (tmp_path / "plan.toml").write_text(f'{GOOD}\n[roster]\nfile = "{written}"\n')

    with pytest.raises(InvalidPlan) as refused:
        load_plan(tmp_path / "plan.toml")
    assert [one.problem for one in refused.value.mistakes] == [f"found '{written}': {said}"]


def test_a_missing_plan_is_met_with_the_nearest_file(tmp_path: Path) -> None:
    (tmp_path / "season-2026.toml").write_text(GOOD)
    (tmp_path / "season-2025").mkdir()

    with pytest.raises(UnreadableFile, match=r"no such file; did you mean season-2026\.toml\?$"):
        load_plan(tmp_path / "season-2062.toml")
    with pytest.raises(UnreadableFile, match="no such file; check the path"):
        load_plan(tmp_path / "nowhere" / "season-2026.toml")


AT_ONCE: list[tuple[str, str, str]] = [
    ('[{ at = "14:00" }]', '["19:30 America/Toronto"]', 'write { at = "19:30", zone = "America/Toronto" }'),
    ('[{ at = "14:00" }]', '["America/Toronto 19:30"]', 'write { at = "19:30", zone = "America/Toronto" }'),
    ('[{ at = "14:00" }]', '["19:30@Europe/Zurich"]', 'write { at = "19:30", zone = "Europe/Zurich" }'),
    ('[{ at = "14:00" }]', '["14:00", "08:00, Etc/GMT+3"]', 'write { at = "08:00", zone = "Etc/GMT+3" }'),
    ('[{ at = "14:00" }]', '["2pm Toronto"]', "write a time of day such as '14:00'"),
    ("2027-01-05", '"2027-06-31"', "found '2027-06-31'; June has 30 days"),
    ("2027-01-05", "2027-06-31", "found 2027-06-31, a day that does not exist: June has 30 days; write another date"),
    ("2027-01-05", '"2027-02-29"', "found '2027-02-29'; February 2027 has 28 days"),
    ("2027-01-05", '"2027-00-10"', "found '2027-00-10'; a year has 12 months"),
    ("2027-01-05", '"2027-04-00"', "found '2027-04-00'; April has 30 days"),
    ("2027-01-05", '"0000-04-01"', "found '0000-04-01'; write a date such as 2020-09-08"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), AT_ONCE)
def test_a_mistake_comes_with_what_would_be_right(right: str, wrong: str, said: str) -> None:
    with pytest.raises(InvalidPlan) as refused:
        plan_from(Path("plan.toml"), GOOD.replace(right, wrong).encode())
    (mistake,) = refused.value.mistakes
    assert said in mistake.problem


@pytest.mark.parametrize("never", ["evenings after 21", "21-24", "after 21:00", "21:00", "9 pm to midnight"])
def test_hours_of_never_are_written_as_a_range(never: str) -> None:
    member = f'\n[[members]]\nid = "a"\nzone = "UTC"\nnever = ["{never}"]\n'
    with pytest.raises(InvalidPlan, match=r"members\[0\]\.never\[0\]: found .*; write a range such as '21:00-24:00'"):
        plan_from(Path("plan.toml"), f"{GOOD}{member}".encode())


NUMBERED = {
    "rotation.slots[1].zone": "slot 2 (rotation.slots[1].zone): x",
    "phases[0].slots[2].at": "phase 1, slot 3 (phases[0].slots[2].at): x",
    "members[9].stays[0].to": "member 10, stay 1 (members[9].stays[0].to): x",
    "exceptions[3]": "exception 4 (exceptions[3]): x",
    "extras[0].date": "extra call 1 (extras[0].date): x",
    "members[0].never[1]": "member 1 (members[0].never[1]): x",
    "members.csv row 7, column zone": "members.csv row 7, column zone: x",
    "night.curve[3]": "night.curve[3]: x",
    "meeting.name": "meeting.name: x",
}


@pytest.mark.parametrize("place", NUMBERED)
def test_people_count_tables_from_1_and_programs_read_the_place(place: str) -> None:
    mistake = Mistake(place=place, problem="x")

    assert (mistake.for_people, str(mistake)) == (NUMBERED[place], f"{place}: x")


def test_the_number_of_a_slot_is_in_the_error_and_in_validate(run: Run, tmp_path: Path) -> None:
    wrong = GOOD.replace('{ at = "14:00" }', '{ at = "14:00" }, { at = "2pm" }')
    (tmp_path / "plan.toml").write_text(wrong)
    told = "slot 2 (rotation.slots[1].at): found '2pm'; "

    assert f"  {told}" in run("calls", str(tmp_path / "plan.toml")).stderr
    assert told in run("validate", str(tmp_path / "plan.toml")).stdout
    errors = json.loads(run("validate", str(tmp_path / "plan.toml"), "-f", "json").stdout)["errors"]
    assert errors[0].startswith("rotation.slots[1].at: found '2pm'; ")
