"""What a command leaves behind that is killed, whose streams are closed or full, or that runs twice at once.

The commands are those of one table. Each runs in a child that is forked, so that a hundred runs stay quick.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from invoke import invoke
from mag_rotation.files import lock_folders
from mag_rotation.planfile import load_plan

PLAN = """\
format = 1

[meeting]
id = "council"
name = "Council"
uid-domain = "example.org"
duration = "1h"
organizer = { name = "Office", email = "office@example.org" }

[schedule]
first = 2026-01-06
repeat = "FREQ=WEEKLY"
count = 8

[rotation]
slots = [{ at = "06:00" }, { at = "14:00" }]

[[members]]
id = "ana"
zone = "Europe/Lisbon"
email = "ana@example.org"

[[members]]
id = "bo"
zone = "Asia/Tokyo"
email = "bo@example.org"
"""
REPLY = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
METHOD:REPLY
BEGIN:VEVENT
UID:council-20260106@example.org
DTSTAMP:20260101T000000Z
DTSTART:20260106T060000Z
ORGANIZER:mailto:office@example.org
ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org
END:VEVENT
END:VCALENDAR
"""
STAMP = ("--stamp", "2026-01-02T00:00Z")

COMMANDS: dict[str, tuple[object, ...]] = {
    "calls": ("calls", "plan.toml", "-o", "answer.txt"),
    "night": ("night", "plan.toml", "--at", "2026-01-06T06:00Z", "-o", "answer.txt"),
    "cancel": ("cancel", "plan.toml", "2026-01-13"),
    "move": ("move", "plan.toml", "2026-01-13", "--at", "07:00"),
    "extra": ("extra", "plan.toml", "2026-01-15", "--at", "07:00"),
    "next-season": ("next-season", "plan.toml", "--from", "2026-02-03", "--cut", "--force"),
    "propose": ("propose", "plan.toml", "--slots", "1", "--write"),
    "propose to a file": ("propose", "plan.toml", "--slots", "1", "--write", "-o", "answer.txt"),
    "next-slot": ("next-slot", "plan.toml", "--now", "2026-01-07T00:00Z", "--grid", "1h", "--write"),
    "init": ("init", "new.toml", "--force"),
    "ics": ("ics", "plan.toml", "-o", "board.ics", *STAMP),
    "ics with a report": ("ics", "plan.toml", "-o", "board.ics", *STAMP, "-f", "json"),
    "from-ics": ("from-ics", "theirs.ics", "-o", "draft.toml", "--force"),
    "from-ics with a report": ("from-ics", "theirs.ics", "-o", "draft.toml", "--force", "-f", "table"),
    "replies": ("replies", "plan.toml", "reply.ics", "-o", "attendance.csv"),
}
"""Every command that writes files together, or shows an answer when it does."""

KEPT = frozenset({"answer.txt", "board.ics", "draft.toml", "new.toml", "plan.toml"})
"""Files that stand there before a command and are changed by one of them."""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the commands need."""
    folder = tmp_path_factory.mktemp("start")
    (folder / "plan.toml").write_text(PLAN, "utf-8")
    (folder / "reply.ics").write_text(REPLY.replace("\n", "\r\n"), "utf-8")
    for name in ("answer.txt", "draft.toml", "new.toml"):
        (folder / name).write_text("before", "utf-8")
    assert invoke("ics", folder / "plan.toml", "-o", folder / "board.ics", "--stamp", "2026-01-01T00:00Z").code == 0
    shutil.copy(folder / "board.ics", folder / "theirs.ics")
    assert invoke("cancel", folder / "plan.toml", "2026-01-20").code == 0
    return folder


@pytest.fixture
def folder(start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(start, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def run_child(body: Callable[[], None]) -> int:
    """What a forked child ends with: its exit code, or the signal that ended it as a negative number."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                sys.stdout = sys.stderr = nowhere
                body()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


STEPS = [
    (tempfile, "mkstemp"),
    (os, "fdopen"),
    (os, "fsync"),
    (os, "link"),
    (Path, "chmod"),
    (Path, "replace"),
    (Path, "unlink"),
]
"""Everything that is done to the file system on the way."""


def kill_at(step: int, *, after: bool) -> None:
    """Have this process killed at the n-th of the steps that it takes, before it or after it."""
    taken = 0

    def wrap(owner: object, name: str) -> None:
        was = getattr(owner, name)

        def stepped(*args: object, **kwargs: object) -> object:
            nonlocal taken
            taken += 1
            if taken == step and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = was(*args, **kwargs)
            if taken == step and after:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(owner, name, stepped)

    for owner, name in STEPS:
        wrap(owner, name)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_kill_at_any_step_leaves_each_file_as_it_was_or_as_it_will_be(name: str, folder: Path, start: Path) -> None:
    before = held(folder)
    done = invoke(*COMMANDS[name])
    assert done.code == 0, done.err
    wanted = held(folder)
    step, deaths = 0, 0
    while True:
        step += 1
        codes = []
        for after in (False, True):
            shutil.rmtree(folder)
            shutil.copytree(start, folder)
            os.chdir(folder)

            def body(step: int = step, *, after: bool = after) -> None:
                kill_at(step, after=after)
                invoke(*COMMANDS[name])

            codes.append(run_child(body))
            found = held(folder)
            whole = {one: data for one, data in found.items() if not one.startswith(".")}
            assert all(data in {before.get(one), wanted.get(one)} for one, data in whole.items()), (step, after)
            assert before.keys() <= whole.keys()
            if found["plan.toml"] == before["plan.toml"]:  # nothing is lost: the same command does it all
                assert invoke(*COMMANDS[name]).code == 0
                whole = {one: data for one, data in held(folder).items() if not one.startswith(".")}
            # the plan is last: once it has changed, what it names is there
            assert whole == wanted
        if codes == [0, 0]:
            break
        assert set(codes) <= {-signal.SIGKILL, 0}
        deaths += codes.count(-signal.SIGKILL)
    assert deaths >= 10


def with_streams(out: io.TextIOWrapper | None, err: io.TextIOWrapper | None, arguments: tuple[object, ...]) -> int:
    """The exit code of a command whose streams are these; None is a closed one."""
    from mag_rotation.cli import main  # noqa: PLC0415 - in the child alone

    def body() -> None:
        sys.stdout, sys.stderr = out, err
        sys.argv = ["mag-rotation", *map(str, arguments)]
        main()

    return run_child(body)


STREAMS = ["stdout closed", "stdout full", "stderr closed", "stderr full"]
SPEAKS_ON = {
    "stdout": {
        *("cancel", "move", "extra", "next-season", "propose", "propose to a file", "next-slot"),
        *("ics with a report", "from-ics with a report"),
    },
    "stderr": {"init", "ics", "from-ics", "replies", "calls", "night", "propose to a file"},
}
"""The commands that say something on a stream, by the stream."""


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_cannot_speak_changes_nothing(name: str, stream: str, folder: Path) -> None:
    before = held(folder)
    which, state = stream.split()
    with Path(os.devnull).open("w", encoding="utf-8") as good, Path("/dev/full").open("w", encoding="utf-8") as full:
        bad = full if state == "full" else None
        out, err = (bad, good) if which == "stdout" else (good, bad)
        code = with_streams(out, err, COMMANDS[name])

    if name in SPEAKS_ON[which]:
        assert code == 2
        assert held(folder) == before
    else:
        assert code == 0


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-", ">/dev/full", "2>/dev/full"])
def test_a_closed_or_full_stream_of_a_real_process_changes_nothing(redirection: str, folder: Path) -> None:
    before = held(folder)
    arguments = "cancel plan.toml 2026-01-13" if redirection.startswith(">") else "ics plan.toml -o board.ics"
    command = f"{sys.executable} -m mag_rotation {arguments} {redirection}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8", timeout=60, check=False)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert held(folder) == before


# Two at once.


def run_together(*bodies: Callable[[], None]) -> list[int]:
    """The exit codes of children that run at the same time."""
    children = []
    for body in bodies:
        child = os.fork()
        if child == 0:
            code = 99
            try:
                body()
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


PAIRS = {
    "two cancels": (("cancel", "plan.toml", "2026-01-13"), ("cancel", "plan.toml", "2026-01-27")),
    "cancel and move": (("cancel", "plan.toml", "2026-01-13"), ("move", "plan.toml", "2026-01-27", "--at", "07:00")),
    "two extras": (
        ("extra", "plan.toml", "2026-01-15", "--at", "07:00"),
        ("extra", "plan.toml", "2026-01-16", "--at", "07:00"),
    ),
    "cancel and next-slot": (
        ("cancel", "plan.toml", "2026-01-27"),
        ("next-slot", "plan.toml", "--now", "2026-01-07T00:00Z", "--grid", "1h", "--write"),
    ),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", PAIRS)
def test_of_two_edits_at_once_none_is_lost(name: str) -> None:
    alone = []
    for arguments in PAIRS[name]:
        shutil.copy("plan.toml", "other.toml")
        assert invoke(arguments[0], "other.toml", *arguments[2:]).code == 0
        alone.append({(call.uid, call.start, call.status) for call in load_plan("other.toml").calls})
    Path("other.toml").unlink()
    old = {(call.uid, call.start, call.status) for call in load_plan("plan.toml").calls}
    wanted = {one for calls in alone for one in calls if one not in old}

    def body(arguments: tuple[object, ...]) -> None:
        done = invoke(*arguments)
        if done.code not in {0, 2}:
            os._exit(98)
        if done.code == 2:  # it says so, and can be run again
            assert "meantime" in done.err or "another run" in done.err
            assert invoke(*arguments).code == 0

    first, second = PAIRS[name]
    codes = run_together(lambda: body(first), lambda: body(second))

    assert codes == [0, 0]
    assert wanted <= {(call.uid, call.start, call.status) for call in load_plan("plan.toml").calls}


@contextmanager
def short_wait() -> Iterator[None]:
    was = lock_folders.__wrapped__.__kwdefaults__["longest_wait"]  # type: ignore[attr-defined]
    lock_folders.__wrapped__.__kwdefaults__["longest_wait"] = 0.05  # type: ignore[attr-defined]
    try:
        yield
    finally:
        lock_folders.__wrapped__.__kwdefaults__["longest_wait"] = was  # type: ignore[attr-defined]


EDITS = ["cancel", "move", "extra", "next-season", "propose", "propose to a file", "next-slot", "ics", "replies"]


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_waits_for_another_run_and_then_says_so(name: str, folder: Path) -> None:
    before = held(folder)
    with lock_folders([folder / "plan.toml"]), short_wait():
        done = invoke(*COMMANDS[name])

    assert done.code == 2
    assert "another run is changing files here; nothing was written" in done.err
    assert held(folder) == before
    assert invoke(*COMMANDS[name]).code == 0


@pytest.mark.parametrize("name", ["cancel", "move", "extra", "next-season", "ics", "replies"])
def test_a_file_that_an_editor_saved_in_the_meantime_is_not_replaced(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "replies":
        assert invoke(*COMMANDS[name]).code == 0
        (folder / "reply.ics").write_text(REPLY.replace("ACCEPTED", "DECLINED").replace("\n", "\r\n"), "utf-8")
    target = {"ics": "board.ics", "replies": "attendance.csv"}.get(name, "plan.toml")
    mkstemp = tempfile.mkstemp

    def save_meanwhile(**words: object) -> object:
        (folder / target).write_bytes((folder / target).read_bytes() + b"\n")
        return mkstemp(**words)  # type: ignore[call-overload]

    monkeypatch.setattr(tempfile, "mkstemp", save_meanwhile)
    before = held(folder)

    done = invoke(*COMMANDS[name])

    assert done.code == 2
    assert "was changed by another program in the meantime; nothing was written, run this again" in done.err
    assert held(folder).keys() == before.keys()
    assert {one: data.rstrip(b"\n") for one, data in held(folder).items()} == {
        one: data.rstrip(b"\n") for one, data in before.items()
    }


# What stands in the way.

NOWHERE = [
    ("propose", ("propose", "plan.toml", "--slots", "1", "--write", "-o", "nowhere/x.md")),
    (
        "next-slot",
        ("next-slot", "plan.toml", "--now", "2026-01-07T00:00Z", "--grid", "1h", "--write", "-o", "nowhere/x.md"),
    ),
    ("next-season", ("next-season", "plan.toml", "--from", "2026-02-03", "--cut", "-o", "nowhere/next.toml")),
    ("propose to itself", ("propose", "plan.toml", "--slots", "1", "--write", "-o", "plan.toml")),
    ("a long name", ("next-season", "plan.toml", "--from", "2026-02-03", "-o", "x" * 300)),
    ("verify to its proposal", ("verify", "plan.toml", "reply.ics", "-o", "reply.ics")),
    ("changes to its input", ("changes", "plan.toml", "--previous", "board.ics", "-o", "board.ics")),
    ("from-ics to its input", ("from-ics", "theirs.ics", "-o", "theirs.ics", "--force")),
    ("replies to the plan", ("replies", "plan.toml", "reply.ics", "-o", "plan.toml")),
    ("invite to a file", ("invite", "plan.toml", "-o", "reply.ics")),
    ("invite to a long name", ("invite", "plan.toml", "-o", "x" * 300)),
    ("invite below a file", ("invite", "plan.toml", "-o", "reply.ics/post")),
    ("replies of a long name", ("replies", "plan.toml", "x" * 300)),
    ("ics to a folder", ("ics", "plan.toml", "-o", ".")),
]


@pytest.mark.parametrize("arguments", [row[1] for row in NOWHERE], ids=[row[0] for row in NOWHERE])
def test_a_target_that_cannot_be_written_keeps_everything_as_it_was(
    arguments: tuple[object, ...], folder: Path
) -> None:
    before = held(folder)

    done = invoke(*arguments)

    assert done.code == 2
    assert "Traceback" not in done.err
    assert held(folder) == before


TO_A_FOLDER = [
    (("calls", "plan.toml"), "is a directory; name a file, or write - for stdout"),
    (("night", "plan.toml", "--at", "2026-01-06T06:00Z"), "is a directory; name a file, or write - for stdout"),
    (("propose", "plan.toml", "--slots", "1", "--write"), "is a directory; name a file, or write - for stdout"),
    (("from-ics", "theirs.ics", "--force"), "is a directory; name a file, or write - for stdout"),
    (("ics", "plan.toml"), "is a directory; name the file in it"),
    (("replies", "plan.toml", "reply.ics"), "is a directory; name the file in it"),
    (("next-season", "plan.toml", "--from", "2026-02-03"), "name a file for the new plan"),
]


@pytest.mark.parametrize(("arguments", "said"), TO_A_FOLDER, ids=[row[0][0] for row in TO_A_FOLDER])
def test_who_names_a_folder_is_told_what_this_command_can_do_instead(
    arguments: tuple[str, ...], said: str, folder: Path
) -> None:
    (folder / "there").mkdir()

    done = invoke(*arguments, "-o", "there")

    assert done.code == 2
    assert said in done.err
    assert ("stdout" in done.err) == ("stdout" in said)


def test_a_file_to_begin_with_cannot_take_the_place_of_a_folder(folder: Path) -> None:
    (folder / "there").mkdir()

    done = invoke("init", "there", "--force")

    assert (done.code, done.err) == (2, "mag-rotation: there: is a directory; name a file\n")


@pytest.mark.usefixtures("folder")
def test_new_files_with_personal_data_are_for_their_owner_alone() -> None:
    os.umask(0o022)
    assert invoke("invite", "plan.toml", "-o", "post", *STAMP).code == 0
    for name in ("next-season", "replies"):
        assert invoke(*COMMANDS[name]).code == 0
    assert invoke("night", "plan.toml", "--at", "2026-01-06T06:00Z", "-o", "night.json").code == 0
    assert invoke("calls", "plan.toml", "-o", "calls.json").code == 0
    assert invoke("ics", "plan.toml", "-o", "new.ics", *STAMP).code == 0

    private = [*Path("post").glob("*/*"), Path("attendance.csv"), Path("night.json"), *Path().glob("plan-2026*")]
    assert len(private) >= 12
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    assert {stat.S_IMODE(Path(name).stat().st_mode) for name in ("calls.json", "new.ics")} == {0o644}

    invitations = [*Path("post").glob("*/*.ics")]
    for path in invitations:
        path.chmod(0o644)
    again = invoke("invite", "plan.toml", "-o", "post", *STAMP)
    assert "post has 6 files with personal data that others can read: chmod -R go-rwx post\n" in again.err


IDS = [
    "a",
    "A",
    "../\u00c1",
    "member-407bdc49",
    "member-407bdc49c0750c5f3cd5f51ed536b390",
    "con",
    "a.",
    "\u00e1",
    "a\u0301",
]


def test_each_member_has_a_folder_of_their_own_whatever_the_ids(folder: Path) -> None:
    members = "".join(
        f'[[members]]\nid = "{one}"\nzone = "Asia/Tokyo"\nemail = "seat{number}@example.org"\n\n'
        for number, one in enumerate(IDS)
    )
    (folder / "plan.toml").write_text(PLAN.split("[[members]]", maxsplit=1)[0] + members, "utf-8")

    done = invoke("invite", "plan.toml", "-o", "post", *STAMP)

    folders = sorted(path.name for path in Path("post").iterdir())
    assert len({name.casefold() for name in folders}) == len(IDS)
    assert {len(list((Path("post") / name).iterdir())) for name in folders} == {8}
    assert f"{8 * len(IDS)} invitations" in done.err


def test_a_planted_link_beside_a_target_is_not_followed(folder: Path) -> None:
    victim = folder / "victim"
    victim.write_text("theirs", "utf-8")
    (folder / "post" / "ana").mkdir(parents=True)
    for name in (".board.ics.part", ".board.ics..part"):
        (folder / name).symlink_to(victim)
    (folder / "post" / "ana" / ".council-20260106.ics.part").symlink_to(victim)

    assert invoke("ics", "plan.toml", "-o", "board.ics", *STAMP).code == 0
    assert invoke("invite", "plan.toml", "-o", "post", *STAMP).code == 0
    assert victim.read_text("utf-8") == "theirs"
