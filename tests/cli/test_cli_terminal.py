"""The command line as people and shells meet it: terminals, pipes, locales, interrupts, help and completion."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from invoke import invoke
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
COMMAND = [sys.executable, "-m", "mag_rotation"]
BAR = re.compile("[▏▎▍▌▋▊▉█]+")
WIPED = re.compile(r"[^\r\n]*\r\x1b\[K")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
Run = Callable[..., CompletedProcess[str]]


def on_terminal(
    *arguments: object, columns: int = 200, code: int = 0, command: Sequence[str] = COMMAND, **environment: str
) -> str:
    """What a command shows on a terminal of that many columns, without lines of progress that it has wiped away."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}}
    process = subprocess.Popen(
        [*command, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=plain | {"TERM": "xterm", "COLUMNS": str(columns)} | environment,
    )
    os.close(theirs)
    data = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # what Linux says when the last writer has gone
            break
        if not piece:
            break
        data += piece
    os.close(ours)
    assert process.wait(60) == code, data
    return WIPED.sub("", data.decode("utf-8").replace("\r\n", "\n"))


def test_a_terminal_shows_colours_and_the_same_words_as_a_pipe() -> None:
    shown = on_terminal("night", MAG, "--call", "XVII")
    piped = invoke("night", MAG, "--call", "XVII").out

    assert "\x1b[1;35m" in shown
    assert [line.split() for line in BAR.sub("", COLOUR.sub("", shown)).splitlines()] == [
        line.split() for line in piped.splitlines()
    ]
    assert "\x1b" not in piped


def test_what_is_coloured_as_night_is_said_in_words() -> None:
    members = on_terminal("night", MAG, "--call", "XVII").split("Groups")[0].splitlines()[5:-2]

    assert len(members) == 50
    assert all(("\x1b[1;35m" in line) == ("in the night" in line) for line in members)


@pytest.mark.parametrize(("value", "coloured"), [("1", False), ("false", False), ("", True)])
def test_no_color_takes_the_colours_away_unless_it_is_empty(value: str, coloured: bool) -> None:
    assert ("\x1b[" in on_terminal("calls", MAG, NO_COLOR=value)) is coloured


EVERY_COMMAND = """
import sys
from mag_rotation.cli import main
from mag_rotation.cli.usage import COMMANDS
for command in COMMANDS:
    for arguments in (["--help"], ["--no-such-option"], ["none.toml", "none.json", "--nothing"]):
        sys.argv = ["mag-rotation", command, *arguments]
        try:
            main()
        except SystemExit:
            pass
"""


def test_help_and_errors_of_every_command_have_no_colour_where_none_is_wanted() -> None:
    """All on one terminal, for it takes long to start Python."""
    shown = on_terminal(command=[sys.executable, "-c", EVERY_COMMAND], NO_COLOR="1")

    assert shown.count("Usage: ") >= 3 * 28
    assert "\x1b" not in shown


def test_an_error_on_a_terminal_is_plain_without_colours(tmp_path: Path) -> None:
    shown = on_terminal("calls", tmp_path / "none.toml", code=2, NO_COLOR="1")

    assert shown == f"mag-rotation: {tmp_path / 'none.toml'}: no such file; check the path\n"


def test_a_pipe_gets_no_colour_and_no_bar_even_if_a_variable_asks_for_colour(run: Run) -> None:
    done = run("fairness", MAG, FORCE_COLOR="1", CLICOLOR_FORCE="1", PY_COLORS="1")

    assert done.stdout == invoke("fairness", MAG).out
    assert "\x1b" not in done.stdout + done.stderr
    assert not BAR.search(done.stdout)


@pytest.mark.parametrize(("columns", "most"), [(200, 20), (80, 14), (70, 0)])
def test_a_ledger_on_a_terminal_has_bars_as_long_as_its_burdens(columns: int, most: int) -> None:
    shown = on_terminal("fairness", MAG, columns=columns, NO_COLOR="1")
    rows = re.findall(r"^(?:civ|gov|igo|pri|tec)-\d\d .*?([\d.]+) h  ([▏▎▍▌▋▊▉█]*)", shown, re.MULTILINE)
    bars = [len(bar) for _, bar in rows]

    assert len(rows) == 50
    assert bars[0] == max(bars) == most
    for burden, bar in rows if most else ():
        assert abs(len(bar) - most * float(burden) / 26.9) <= 1
        assert bar or burden == "0.0"


@pytest.mark.parametrize("form", ["markdown", "csv", "json"])
def test_forms_for_machines_have_no_colours_on_a_terminal_either(form: str) -> None:
    assert on_terminal("calls", MAG, "-f", form) == invoke("calls", MAG, "-f", form).out


@pytest.mark.parametrize(
    ("columns", "left_out"),
    [
        (200, ""),
        (100, "rule date and phase"),
        (80, "rule date, length, slot and phase"),
        (60, "rule date, length, slot and phase"),
        (40, "rule date, length, slot and phase"),
    ],
)
def test_a_narrow_terminal_loses_no_word_but_those_of_columns_that_it_names(columns: int, left_out: str) -> None:
    shown = on_terminal("calls", MAG, columns=columns, NO_COLOR="1")
    words = re.findall(r"[^\s;]+", shown)

    assert all(len(line) <= columns for line in shown.splitlines())
    assert words.count("XVII") == 1
    assert words.count("cancelled") == 7
    assert words.count("midday") == (0 if "slot" in left_out else 6)
    assert words.count("2020-09-15") == (1 if "rule date" in left_out else 2)
    note = f"Not shown in {columns} columns: {left_out}. A file (--output) has all."
    assert (" ".join(words).count(note) == 1) if left_out else ("Not shown" not in shown)


def test_a_file_written_from_a_terminal_has_no_colours(tmp_path: Path) -> None:
    on_terminal("calls", MAG, "-o", tmp_path / "calls.txt", columns=40)

    assert (tmp_path / "calls.txt").read_text("utf-8") == invoke("calls", MAG).out


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_that_goes_away_is_no_error(form: str) -> None:
    """As ``| head -1`` does; the pipe is closed before anything is written, so that it always breaks."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*COMMAND, "calls", str(MAG), "-f", form], stdout=write, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(write)

    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_of_both_streams_that_goes_away_leaves_the_exit_code() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([*COMMAND, "calls", "none.toml"], stdout=write, stderr=write, timeout=60, check=False)
    os.close(write)

    assert done.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_stdout_is_told_without_a_traceback() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "calls", str(MAG)],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
            encoding="utf-8",
        )

    assert done.returncode == 2
    assert done.stderr == "mag-rotation: <stdout>: cannot be written: no space left on device; nothing was changed\n"


def test_text_is_utf8_whatever_the_locale_says(run: Run, tmp_path: Path) -> None:
    text = MAG.read_text("utf-8").replace("IGF 2020", "Séance 日本 👩")
    (tmp_path / "plan.toml").write_text(text, "utf-8")
    (tmp_path / "members.csv").write_bytes((MAG.parent / "members.csv").read_bytes())
    ascii_only = {
        "LC_ALL": "C",
        "LANG": "C",
        "PYTHONIOENCODING": "ascii",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    for form in ("table", "markdown", "csv", "json"):
        done = run("calls", "plan.toml", "-f", form, **ascii_only)

        assert (done.returncode, done.stderr) == (0, "")
        assert "Séance 日本 👩 MAG" in done.stdout or form == "csv"
    written = run("ics", "plan.toml", "-o", "-", **ascii_only)
    assert "SUMMARY:Séance 日本 👩 MAG Virtual Meeting XI\n" in written.stdout.replace("\r\n", "\n")
    refused = run("night", "plan.toml", "--call", "é日", **ascii_only | {"PYTHONUTF8": "1"})
    assert refused.stderr.startswith("mag-rotation: 'é日' names no call")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let the processes of a test be interrupted: in the background of a shell they may be told to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_with_the_code_that_shells_know() -> None:
    """The command is interrupted while it waits for a server that never answers."""
    login = {"MAG_ROTATION_CALDAV_USER": "secretariat", "MAG_ROTATION_CALDAV_PASSWORD": "secret"}
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/calendar/"
        process = subprocess.Popen(
            [*COMMAND, "publish", str(MAG), "--caldav", url, "--insecure-http"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | login,
        )
        client, _ = server.accept()
        with client:
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert (out, b"Traceback" in err) == (b"", False)


INTERRUPTED_AT = {
    "the imports of the program": ("import", "mag_rotation.cli", "; nothing was changed"),
    "the imports of a package": ("import", "typer", "; nothing was changed"),
    "late imports of the program": ("import", "mag_rotation.cli.options", "; nothing was changed"),
    "imports of a room": ("import", "mag_rotation.plan", "; nothing was changed"),
    "imports of pydantic": ("import", "pydantic", "; nothing was changed"),
    "the plan": ("open", "plan.toml", ""),
}


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(("event", "name", "said"), INTERRUPTED_AT.values(), ids=INTERRUPTED_AT)
def test_an_interrupt_is_one_line_and_the_code_that_shells_know(
    event: str, name: str, said: str, tmp_path: Path
) -> None:
    """The process interrupts itself where it begins to import a module, or opens its plan."""
    (tmp_path / "plan.toml").write_bytes((EXAMPLES / "oci" / "plan.toml").read_bytes())
    script = f"""
import os, signal, sys
from mag_rotation.__main__ import main
def interrupt(event, facts):
    if event == {event!r} and str(facts[0]).endswith({name!r}):
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(interrupt)
sys.argv = ["mag-rotation", "calls", "plan.toml"]
main()
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", f"mag-rotation: interrupted{said}\n")


def test_a_search_shows_how_it_stands_and_ends_with_the_best_when_ctrl_c_is_typed(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    out = tmp_path / "proposal.json"
    process = subprocess.Popen(
        [*COMMAND, "propose", str(MAG), "--free", "--time-limit", "60min", "-f", "json", "-o", str(out)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "200"},
    )
    os.close(theirs)
    shown = b""
    while b"s left" not in shown or b"best worst" not in shown:
        shown += os.read(ours, 65536)
    process.send_signal(signal.SIGINT)
    with suppress(OSError):  # what Linux says when the last writer has gone
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)

    assert process.wait(600) == 130
    standing = re.search(r"searching: the best worst is (\d+), none is below (\d+), (\d+) s left", shown.decode())
    assert standing
    best, bound, left = map(int, standing.groups())
    found = json.loads(out.read_text("utf-8"))
    assert bound <= found["bound"] <= found["worst"] <= best
    assert (found["proven"], found["cut_by"], left <= 3600) == (False, ["interrupted"], True)
    assert "\r\x1b[K" in shown.decode()
    assert "interrupted: this is the best rotation so far" in shown.decode()


HELP = {
    "calls": ["--from", "--to", "--zone", "--member", "--all-zones", "--locale", "--format", "--output"],
    "night": [
        *(
            "--call",
            "--next",
            "--now",
            "--at",
            "--duration",
            "--roster",
            "--member",
            "--groups",
            "--locale",
            "--format",
            "--output",
        ),
    ],
    "validate": ["--fail-on-warnings", "--locale", "--format"],
    "init": ["--roster", "--name", "--first", "--until", "--repeat", "--duration", "--slots", "--force", "--locale"],
    "roster": ["--output", "--sheet", "--group", "--now", "--locale", "--format"],
    "schema": [],
    "drift": ["--from", "--to", "--locale", "--format", "--output"],
    "announce": ["--call", "--next", "--now", "--locale", "--calendar", "--format", "--output"],
    "plot": ["--what", "--output", "--slots", "--zone", "--committee", "--locale"],
    "cancel": ["--note", "--undo", "--dry-run", "--locale", "--format"],
    "move": [
        *("--to", "--at", "--zone", "--slot", "--duration", "--note"),
        *("--undo", "--dry-run", "--locale", "--format"),
    ],
    "extra": [
        *("--at", "--zone", "--duration", "--note", "--takes-turn", "--not-numbered"),
        *("--undo", "--dry-run", "--locale", "--format"),
    ],
    "next-season": [
        *("--from", "--until", "--count", "--output", "--id", "--cut", "--force"),
        *("--dry-run", "--locale", "--format"),
    ],
    "fairness": ["--from", "--to", "--curve", "--with-sessions", "--groups", "--locale", "--format", "--output"],
    "check": [
        *(
            "--at",
            "--duration",
            "--instead-of",
            "--roster",
            "--member",
            "--fail-on",
            "--groups",
            "--locale",
            "--format",
            "--output",
        ),
    ],
    "planner": [
        *("--date", "--zone", "--step", "--week", "--duration", "--instead-of", "--roster", "--member"),
        *("--locale", "--format", "--output"),
    ],
    "ics": [
        *("--output", "--layout", "--previous", "--zone", "--utc", "--sessions", "--track", "--member"),
        *("--with-people", "--stamp", "--locale", "--format"),
    ],
    "changes": [
        *("--previous", "--zone", "--utc", "--sessions", "--track", "--member", "--with-people", "--stamp"),
        *("--locale", "--format", "--output"),
    ],
    "invite": [
        *("--output", "--previous", "--previous-plan", "--all", "--member", "--alarm", "--eml", "--zone", "--utc"),
        *("--stamp", "--locale"),
    ],
    "report": ["--committee", "--now", "--proposal", "--calendar", "--locale", "--output"],
    "programme": [
        *("--date", "--member", "--track", "--fail-on", "--propose", "--grid", "--swap", "--with-calls"),
        *("--locale", "--format", "--output"),
    ],
    "propose": [
        *("--slots", "--free", "--objective", "--tolerance", "--grid", "--zone", "--weekday", "--group"),
        *("--leave-out", "--window", "--utc-window", "--quorum", "--awake", "--most-nights", "--no-night-twice"),
        *("--curve", "--from", "--keep", "--gap", "--distinct", "--cap", "--stay", "--time-limit", "--seed"),
        *("--proof", "--write", "--locale", "--format", "--output"),
    ],
    "compare": [
        *("--slots", "--option", "--proposal", "--options", "--all", "--groups", "--members", "--grid", "--zone"),
        *("--weekday", "--group"),
        *("--leave-out", "--window", "--utc-window", "--quorum", "--awake", "--most-nights", "--no-night-twice"),
        *("--curve", "--from", "--keep", "--gap", "--distinct", "--cap", "--stay", "--time-limit", "--seed"),
        *("--write", "--locale", "--format", "--output"),
    ],
    "decide": [
        *("--at", "--duration", "--instead-of", "--option", "--proposal", "--from", "--decided", "--committee"),
        *("--locale", "--format", "--output"),
    ],
    "verify": ["--search", "--time-limit", "--locale", "--format", "--output"],
    "next-slot": [
        *("--now", "--grid", "--zone", "--weekday", "--group", "--leave-out", "--window", "--utc-window", "--quorum"),
        *("--awake", "--most-nights", "--no-night-twice", "--curve", "--write", "--locale", "--format", "--output"),
    ],
    "publish": [
        *("--caldav", "--site", "--base-url", "--user", "--zone", "--utc", "--stamp", "--dry-run"),
        *("--insecure-http", "--locale", "--format"),
    ],
    "replies": ["--list", "--previous", "--skip", "--locale", "--output"],
    "from-ics": ["--only", "--zone", "--until", "--duration", "--output", "--force", "--locale", "--format"],
    "from-schedule": ["--roster", "--zone", "--output", "--force", "--locale", "--format"],
    "to-schedule": ["--output", "--with-people", "--track", "--force", "--locale", "--format"],
    "send": [
        *("--host", "--port", "--security", "--user", "--rate", "--journal", "--retry-unknown", "--retry-refused"),
        *("--dry-run", "--locale"),
    ],
}


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize("command", HELP)
def test_the_help_of_a_command_explains_each_of_its_options(command: str, flag: str) -> None:
    done = invoke(command, flag)
    options = done.out.partition("Options:\n")[2]
    entries = re.findall(r"^  (?:-\w, )?(--[\w-]+)[^\n]*?(?:  |\n {20,})(\S[^\n]*)", options, re.MULTILINE)

    assert done.code == 0
    assert [name for name, _ in entries] == [*HELP[command], "--help"]
    assert all(len(words.split()) >= 3 and words[0].isupper() for _, words in entries), entries


def test_the_help_of_the_whole_lists_every_command_and_the_exit_codes() -> None:
    done = invoke("--help")

    assert done.code == 0
    assert re.findall(r"^  ([\w-]+)  ", done.out.partition("Commands:\n")[2], re.MULTILINE) == list(HELP)
    assert "..." not in done.out.partition("Commands:\n")[2]
    assert "Exit 0: done. 1: done, but a check you asked for failed. 2: bad input" in " ".join(done.out.split())


def test_without_a_command_the_help_is_shown_and_the_exit_code_is_that_of_wrong_usage() -> None:
    done = invoke()

    assert done.code == 2
    assert done.err.startswith("Usage: mag-rotation [OPTIONS] COMMAND")


def test_the_module_is_the_command(run: Run) -> None:
    assert run("calls", "--help").stdout == invoke("calls", "--help").out
    assert run("calls", "none.toml").returncode == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_made_for_the_shell_that_asks(shell: str, run: Run) -> None:
    done = run(_MAG_ROTATION_COMPLETE=f"source_{shell}")

    assert done.returncode == 0
    assert f"_MAG_ROTATION_COMPLETE=complete_{shell}" in done.stdout


def test_a_shell_gets_the_commands_to_complete_with(run: Run) -> None:
    done = run(_MAG_ROTATION_COMPLETE="complete_bash", COMP_WORDS="mag-rotation ", COMP_CWORD="1")

    assert (done.returncode, done.stdout.split()) == (0, list(HELP))


def test_a_narrow_programme_keeps_titles_rules_and_segments() -> None:
    shown = " ".join(on_terminal("programme", EXAMPLES / "igf-2020" / "plan.toml", columns=80).split())

    assert "Not shown in 80 columns: length, room and track." in shown
    assert "Main session" in shown
    assert "segments in the" in shown
