"""How command lines are read: a plan that is not named, options with one dash, formats by suffix, and the version.

Laws: without PLAN every command does what it does with ``plan.toml``; every long option of every command is known again
behind one dash; a file never holds another format than its name says.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

import mag_rotation
from conftest import Run
from invoke import Outcome, invoke
from mag_rotation.cli import app
from mag_rotation.cli.files import STDOUT, form_of
from mag_rotation.errors import InvalidValue
from mag_rotation.planfile import plan_template
from mag_rotation.report import Form
from mag_rotation.zones import TZDATA_VERSION
from paths import EXAMPLES

PROGRAM = get_command(app)
assert isinstance(PROGRAM, TyperGroup)
CONTEXT = PROGRAM.make_context("mag-rotation", ["calls"])
FOUND = {name: PROGRAM.get_command(CONTEXT, name) for name in PROGRAM.list_commands(CONTEXT)}
COMMANDS = {name: one for name, one in FOUND.items() if isinstance(one, TyperCommand)}

SESSION = """
[[sessions]]
id = "opening"
title = "Opening"
date = 2020-11-09
at = "09:00"
duration = "1h"
"""
ORGANIZER = 'organizer = { name = "Secretariat", email = "secretariat@example.org" }'
STAMP = ("--stamp", "2020-06-01T00:00Z")
ASKED: Mapping[str, tuple[str, ...]] = {
    "calls": ("--to", "2020-07-20"),
    "night": ("--call", "XVII"),
    "fairness": (),
    "report": ("--now", "2020-09-10T00:00Z"),
    "check": ("--at", "2020-11-03 20:00 UTC"),
    "planner": ("--date", "2020-11-03"),
    "drift": (),
    "announce": ("--call", "XVII"),
    "programme": (),
    "plot": ("--what", "ledger", "-o", "ledger.svg"),
    "validate": (),
    "ics": (*STAMP, "-o", "-"),
    "changes": (*STAMP, "--previous", "announced.ics"),
    "propose": ("--slots", "1", "--grid", "4h"),
    "compare": ("--slots", "1", "--grid", "4h"),
    "decide": ("--at", "2020-11-03 20:00 UTC"),
    "next-slot": ("--now", "2020-07-01T00:00Z"),
    "cancel": ("2020-07-07", "--dry-run"),
    "move": ("XVII", "--at", "15:00", "--dry-run"),
    "extra": ("2020-11-10", "--at", "13:00", "--dry-run"),
    "next-season": ("--from", "2021-01-01", "--dry-run"),
    "verify": ("proposal.json",),
    "replies": ("inbox",),
    "to-schedule": ("-o", "-"),
    "invite": (*STAMP, "-o", "mail"),
    "publish": ("--caldav", "http://calendars.example.org/"),
}
"""What each command that takes PLAN is asked, PLAN left out."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the MAG example, a session, a calendar, a proposal and an inbox."""
    place = tmp_path_factory.mktemp("office")
    shutil.copy(EXAMPLES / "mag-2020" / "members.csv", place)
    text = (EXAMPLES / "mag-2020" / "plan.toml").read_text("utf-8")
    plan = place / "plan.toml"
    plan.write_text(text.replace("[meeting]\n", f"[meeting]\n{ORGANIZER}\n") + SESSION, "utf-8")
    (place / "inbox").mkdir()
    assert invoke("ics", plan, *STAMP, "-o", place / "announced.ics").code == 0
    assert invoke("propose", plan, "--slots", "1", "--grid", "4h", "-o", place / "proposal.json").code == 0
    return place


@pytest.fixture
def folder(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the office, to work in."""
    place = tmp_path / "here"
    shutil.copytree(office, place)
    monkeypatch.chdir(place)
    return place


def test_the_commands_that_take_a_plan_are_all_asked_here() -> None:
    taking = {name for name, one in COMMANDS.items() if one.params and getattr(one.params[0], "metavar", "") == "PLAN"}

    assert taking == set(ASKED)
    assert taking | {"init", "schema", "send", "from-ics", "from-schedule", "roster"} <= set(COMMANDS)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", ASKED)
def test_without_a_plan_it_is_plan_toml_of_this_folder(command: str) -> None:
    named = invoke(command, "plan.toml", *ASKED[command])
    left_out = invoke(command, *ASKED[command])

    assert left_out == named
    assert named.code in {0, 1} or command == "publish", named.err


@pytest.mark.parametrize("command", ASKED)
def test_without_a_plan_and_without_plan_toml_the_plan_is_asked_for(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke(command, *ASKED[command])

    assert (done.code, done.out) == (2, "")
    members = ", or give members by --roster and --member" if command in {"night", "check", "planner"} else ""
    cure = f"'mag-rotation init' writes one{members}"
    assert done.err.endswith(f"name the plan: there is no plan.toml in this folder; {cure}\n")
    assert list(tmp_path.iterdir()) == []


def first_error(done: Outcome) -> str:
    return done.err.splitlines()[-1].removeprefix("Error: ").removeprefix("mag-rotation: ")


WORDS: Mapping[tuple[str, ...], str] = {
    # what is typed -> what is said, where it tells which word was taken for the plan
    ("cancel", "2020-07-07", "--dry-run"): "",
    ("cancel", "plan.toml", "2020-07-07", "--dry-run"): "",
    ("cancel", "--dry-run", "2020-07-07"): "",
    ("cancel", "2020-07-08", "--dry-run"): "'2020-07-08' names no call of this plan; ",
    ("cancel", "plan.toml"): "Missing argument 'DATE'.",
    ("cancel", "other.toml", "2020-07-07"): "other.toml: no such file; check the path",
    ("cancel", "other", "2020-07-07"): "other: no such file; check the path",
    ("cancel",): "Missing argument 'DATE'.",
    ("verify", "proposal.json"): "",
    ("verify", "missing.json"): "missing.json: no such file; check the path",
    ("verify", "plan.toml"): "Missing argument 'PROPOSAL'.",
    ("replies", "inbox"): "",
    ("replies", "announced.ics"): "  announced.ics: has no METHOD, so it is an event and no reply",
    ("replies", "nowhere"): "nowhere: no such file; check the path",
    ("replies", "plan.toml"): "Invalid value: give a DIR of replies, a --list FILE, or both",
    ("replies", "plan", "inbox"): "",
    ("replies", "plan"): "Invalid value: give a DIR of replies, a --list FILE, or both",
    ("calls", "2020-07-07"): "found '2020-07-07' in the place of the plan; a date goes with --from or --to",
    ("calls", "plan"): "",
    ("calls", "plan.toml", "2020-07-07"): "Got unexpected extra argument(s) (2020-07-07)",
    ("calls", "--", "plan.toml"): "",
}


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_first_word_that_is_no_file_is_the_one_after_the_plan(words: tuple[str, ...], folder: Path) -> None:
    shutil.copy(folder / "plan.toml", folder / "plan")
    done = invoke(*words)

    assert (done.code in {0, 1}) is (WORDS[words] == ""), done.err
    assert first_error(done).startswith(WORDS[words]) if WORDS[words] else "Error" not in done.err


def long_options() -> list[tuple[str, str]]:
    listed: list[tuple[str, str]] = []
    for command, one in COMMANDS.items():
        names = {name for param in one.params for name in (*param.opts, *param.secondary_opts)} | {"--help"}
        listed += [(command, name) for name in sorted(names) if name.startswith("--")]
    return listed


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("planner", "2027-03-03"), "found '2027-03-03' in the place of the plan; a date goes with --date"),
        (("planner", "2027-W09"), "a date goes with --date"),
        (("fairness", "2027-03-03"), "a date goes with --from or --to"),
        (("check", "2027-03-03 10:00 UTC"), "a date goes with --at"),
        (("night", "2027-03-03T10:00Z"), "a date goes with "),
        (("compare", "2027-03-03"), "a date goes with --from"),
    ],
)
def test_a_date_in_the_place_of_the_plan_is_told_where_it_goes(words: tuple[str, ...], said: str) -> None:
    done = invoke(*words)

    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.split())


def test_a_file_that_is_named_for_a_date_is_a_plan(folder: Path) -> None:
    shutil.copy(folder / "plan.toml", folder / "2027-03-03")

    assert invoke("fairness", "2027-03-03").code == 0


def test_a_long_option_behind_one_dash_is_known_again_in_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(long_options()) > 150
    for command, name in long_options():
        for typed in (name[1:], f"{name[1:]}=x", f"\u2013{name[2:]}", f"\u2014{name[2:]}"):
            with pytest.raises(SystemExit, match="2"):
                COMMANDS[command].main([typed, "2026-11-01"])

            said = f"no such option {typed.partition('=')[0]}; did you mean {name}?"
            assert capsys.readouterr().err.endswith(f"\n\nError: {said}\n")


DASHES: Mapping[tuple[str, ...], str] = {
    ("-version",): "no such option -version; did you mean --version?",
    ("-help",): "no such option -help; did you mean --help?",
    ("calls", "plan.toml", "-from=2026-11-01"): "no such option -from; did you mean --from?",
    ("calls", "-zone", "UTC"): "no such option -zone; did you mean --zone?",
    ("calls", "-f", "json", "-to", "2026-11-01"): "no such option -to; did you mean --to?",
    ("calls", "-fjson", "-to", "2026-11-01"): "no such option -to; did you mean --to?",
    ("calls", "---from", "2026-11-01"): "no such option ---from; did you mean --from?",
    ("calls", "-x"): "No such option: -x",
    ("calls", "--form", "json"): "No such option: --form (Possible options: --format, --from, --to)",
    # what stands where a value belongs is the value
    ("calls", "--zone", "-from"): "Invalid value for '--zone' / '-z': '-from' is not the name of a time zone; write",
    ("calls", "-m", "-to"): "'-to' is not a member of this plan",
    ("calls", "--member=-to",): "'-to' is not a member of this plan",
    ("cancel", "--note", "-note", "2020-07-08"): "'2020-07-08' names no call of this plan",
    ("calls", "--", "-from"): "-from: no such file; check the path",
}  # fmt: skip


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("words", DASHES, ids=" ".join)
def test_a_dash_too_few_is_told_and_a_value_is_left_alone(words: tuple[str, ...]) -> None:
    done = invoke(*words)

    assert (done.code, done.out) == (2, "")
    assert first_error(done).startswith(DASHES[words])


PLAINLY: Mapping[tuple[str, ...], str] = {
    ("plan.toml", "calls"): "the command comes before the plan, as in: mag-rotation calls plan.toml",
    ("plan.toml",): "the command comes before the plan, as in: mag-rotation calls plan.toml",
    ("propose", "--slots", "three"): "Invalid value for '--slots' / '-s': write a whole number",
    ("check", "--at", "2020-11-03T20:00Z", "--fail-on", "bad"): (
        "Invalid value for '--fail-on': 'bad' is not one of 'acceptable', 'poor'."
    ),
    (
        "ics",
        "-o",
        "x.ics",
        "--layout",
        "serie",
    ): "Invalid value for '--layout': 'serie' is not one of 'calls', 'series'.",
    ("calls", "--from", "06/10/2026"): (
        "Invalid value for '--from': found '06/10/2026'; did you mean 2026-10-06 or 2026-06-10? write a date such as "
    ),
    ("night", "--at", "2020-09-15", "20:00", "UTC"): (
        "Invalid value for '--at': '2020-09-15' has no hour; write one, as in 2020-09-15T00:00Z"
    ),
    ("cals",): "No such command 'cals'. Did you mean 'calls', 'cancel'?",
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("words", PLAINLY, ids=" ".join)
def test_what_is_typed_wrongly_is_told_in_plain_words(words: tuple[str, ...]) -> None:
    done = invoke(*words)

    assert (done.code, done.out) == (2, "")
    assert first_error(done).startswith(PLAINLY[words])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("words", [("-fjson",), ("-f", "json"), ("--format=json",), ("-zUTC", "-fjson")])
def test_short_options_with_their_value_behind_them_stay(words: tuple[str, ...]) -> None:
    assert invoke("calls", *words).document["meeting"] == "mag2020"


def test_the_version_is_said_with_that_of_the_zone_rules(run: Run) -> None:
    done = run("--version")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"mag-rotation {mag_rotation.__version__} (tzdata {TZDATA_VERSION})\n"
    assert mag_rotation.__version__ == version("mag-rotation")
    assert invoke("--version").out == done.stdout


def test_the_shell_is_told_options_without_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A completion reads half a command line: nothing is refused in it."""
    monkeypatch.chdir(tmp_path)
    context = COMMANDS["calls"].make_context("calls", ["-from"], resilient_parsing=True)
    whole = PROGRAM.make_context("mag-rotation", ["-version"], resilient_parsing=True)

    assert "--from" in [item.value for item in COMMANDS["calls"].shell_complete(context, "--fr")]
    assert "calls" in [item.value for item in PROGRAM.shell_complete(whole, "cal")]


@pytest.mark.usefixtures("folder")
def test_a_name_that_no_file_can_have_is_no_plan() -> None:
    assert first_error(invoke("replies", "x" * 300)).startswith(f"{'x' * 300}: ")


# The format of an answer and the name of its file.


def is_json(text: str) -> bool:
    return isinstance(json.loads(text), dict)


def is_csv(text: str) -> bool:
    return {len(row) for row in csv.reader(text.splitlines())} == {16}


KINDS: Mapping[str, Callable[[str], bool]] = {
    "calls.json": is_json,
    "CALLS.JSON": is_json,
    "calls.csv": is_csv,
    "calls.md": lambda text: text.startswith("# IGF 2020 MAG Virtual Meeting\n"),
    "calls.txt": lambda text: text.startswith("IGF 2020 MAG Virtual Meeting\n\ncall "),
    "calls": lambda text: text.startswith("IGF 2020 MAG Virtual Meeting\n\ncall "),
    "2020.07.calls.csv": is_csv,
}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_holds_what_its_name_says(name: str, folder: Path) -> None:
    done = invoke("calls", "-o", name)

    assert done.code == 0
    assert KINDS[name]((folder / name).read_text("utf-8").removeprefix("\ufeff"))


@pytest.mark.usefixtures("folder")
def test_stdout_is_a_table_unless_a_format_is_asked_for() -> None:
    assert invoke("calls", "-o", "-").out == invoke("calls").out
    assert is_json(invoke("calls", "-o", "-", "-f", "json").out)


@pytest.mark.parametrize("name", ["report", "report.part", "report.v2", "report.log"])
def test_a_format_that_is_asked_for_goes_into_a_file_that_is_named_for_none(name: str, folder: Path) -> None:
    assert invoke("calls", "-f", "json", "-o", name).code == 0
    assert is_json((folder / name).read_text("utf-8"))


*SUFFIXES, LAST_SUFFIX = sorted(form.suffix for form in Form)
WAYS = f"name a file that ends in {', '.join(SUFFIXES)} or {LAST_SUFFIX}"
NAMES = f"write one of {', '.join(Form)}"
REFUSED: Mapping[tuple[str, ...], str] = {
    ("-f", "xlsx"): "--format xlsx is not a text for a terminal: give --output FILE.xlsx",
    ("-f", "xlsx", "-o", "-"): "--format xlsx is not a text for a terminal: give --output FILE.xlsx",
    ("-o", "calls.htm"): f"--output calls.htm: .htm is not a format of an answer; {WAYS}",
    ("-o", "calls.xls"): f"--output calls.xls: .xls is not a format of an answer; {WAYS}",
    ("-o", "calls.pdf"): f"--output calls.pdf: .pdf is not a format of an answer; {WAYS}",
    ("-o", "calls.part"): f"--output calls.part: .part is not a format of an answer; {WAYS}",
    ("-o", "calls.ics"): f"--output calls.ics: .ics is not a format of an answer; {WAYS}",
    ("-o", "n.xlsx", "-f", "csv"): (
        "--format csv and --output n.xlsx are two formats; leave --format out, or name a file that ends in .csv"
    ),
    ("-o", "n.csv", "-f", "json"): (
        "--format json and --output n.csv are two formats; leave --format out, or name a file that ends in .json"
    ),
    ("-o", "n.html", "-f", "markdown"): (
        "--format markdown and --output n.html are two formats; leave --format out, or name a file that ends in .md"
    ),
    ("-o", "n.json", "-f", "table"): (
        "--format table and --output n.json are two formats; leave --format out, or name a file that ends in .txt"
    ),
    ("-f", "md"): f"found 'md'; did you mean markdown? {NAMES}",
    ("-f", "htm"): f"found 'htm'; did you mean html? {NAMES}",
    ("-f", "JSON"): f"found 'JSON'; did you mean json? {NAMES}",
    ("-f", "cvs"): f"found 'cvs'; did you mean csv? {NAMES}",
    ("-f", "excel"): f"found 'excel'; did you mean xlsx? {NAMES}",
    ("-f", "quarto"): f"found 'quarto'; {NAMES}",
}


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_two_formats_or_one_that_nothing_can_write_are_refused(words: tuple[str, ...], folder: Path) -> None:
    before = sorted(folder.iterdir())
    done = invoke("calls", *words)

    assert (done.code, done.out) == (2, "")
    assert first_error(done).removeprefix("Invalid value for '--format' / '-f': ") == REFUSED[words]
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [("cancel", "2020-07-07", "--dry-run"), ("ics", "-o", "calls.ics"), ("next-season", "--from", "2021-01-01")],
    ids=" ".join,
)
def test_a_report_on_stdout_is_no_workbook(words: tuple[str, ...], folder: Path) -> None:
    before = sorted(folder.iterdir())
    done = invoke(*words, "--format", "xlsx")

    assert (done.code, done.out) == (2, "")
    assert "--format xlsx is not a text for a terminal: this command writes to stdout" in " ".join(done.err.split())
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("form", Form)
def test_a_format_is_that_of_its_own_suffix_and_of_no_other(form: Form) -> None:
    path = Path(f"a{form.suffix}")

    assert form_of(None, path) is form_of(form, path) is form_of(form, None) is form_of(form, STDOUT) is form
    for other in set(Form) - {form}:
        with pytest.raises(InvalidValue):
            form_of(other, path)


# "Nothing was written" is news only where something would have been.

WRITES: Mapping[tuple[str, ...], bool] = {
    ("calls",): False,
    ("calls", "-o", "-"): True,
    ("calls", "-o", "calls.csv"): True,
    ("check", "--at", "2020-11-03 20:00 UTC"): False,
    ("fairness", "-o", "new.json"): True,
    ("ics", "-o", "-"): True,
    ("ics", "-o", "new.ics"): True,
    ("invite", "-o", "mail"): True,
    ("cancel", "2020-07-07"): True,
    ("cancel", "2020-07-07", "--dry-run"): False,
    ("next-season", "--from", "2021-01-01"): True,
    ("next-season", "--from", "2021-01-01", "--dry-run"): False,
    ("propose", "--slots", "1"): False,
    ("propose", "--slots", "1", "--write"): True,
    ("next-slot", "--write"): True,
    ("replies", "inbox"): False,
    ("replies", "inbox", "-o", "attendance.csv"): True,
}


@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_that_nothing_was_written_is_said_where_something_would_have_been(words: tuple[str, ...], folder: Path) -> None:
    (folder / "plan.toml").write_text(plan_template().replace("2027-06-29", "2026-06-29"), "utf-8")
    before = {path.name for path in folder.iterdir()}
    done = invoke(*words)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"mag-rotation: the plan has 1 mistake{'; nothing was written' * WRITES[words]}\n")
    assert {path.name for path in folder.iterdir()} == before
