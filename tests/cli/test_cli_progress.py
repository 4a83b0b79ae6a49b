"""What people see while work takes long, and how they stop it: a line on the terminal that is gone in the end."""

import io
import re
import signal
import sys
import threading
from functools import partial
from unittest.mock import patch

import pytest

from mag_rotation.cli import main
from mag_rotation.cli.progress import Interrupt, show_progress, wipe_progress
from mag_rotation.report.propose import search_line
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"


class Terminal(io.StringIO):
    """A stream that says it is a terminal, and when something was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        count = super().write(text)
        self.written.set()
        return count


def as_stderr(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make stderr a terminal; to be called by the test itself, for pytest puts its own stream there before."""
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    return stream


def waiting() -> bool:
    return any(thread.name == "progress" for thread in threading.enumerate())


def test_long_work_says_what_it_does_and_wipes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_stderr(monkeypatch)
    with show_progress("reading plan.toml", wait=0):
        assert terminal.written.wait(30)
        assert terminal.getvalue() == "reading plan.toml ..."

    assert terminal.getvalue() == "reading plan.toml ...\r\x1b[K"
    assert not waiting()


def test_short_work_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_stderr(monkeypatch)
    with show_progress("reading plan.toml", wait=600):
        assert waiting()

    assert terminal.getvalue() == ""
    assert not waiting()


def test_where_no_terminal_listens_nothing_is_said_or_started(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with show_progress("reading plan.toml", wait=0):
        assert not waiting()

    assert stream.getvalue() == ""


def test_an_error_or_an_interrupt_comes_through_and_leaves_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_stderr(monkeypatch)

    def interrupted() -> None:
        with show_progress("reading", wait=0):
            assert terminal.written.wait(30)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert not waiting()


def test_what_is_said_is_asked_again_while_the_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, asked = as_stderr(monkeypatch), threading.Semaphore(0)
    count = iter(range(1_000_000))

    def doing() -> str:
        asked.release()
        return f"step {next(count)}"

    with show_progress(doing, wait=0, every=0):
        assert all(asked.acquire(timeout=30) for _ in range(3))

    assert terminal.getvalue().startswith("step 0 ...\r\x1b[Kstep 1 ...")
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert not waiting()


def test_work_inside_other_work_changes_the_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_stderr(monkeypatch)
    with show_progress("working", wait=0, every=0):
        for inner in ("reading", "counting"):
            with show_progress(inner, wait=600):
                while f"{inner} ..." not in terminal.getvalue():
                    terminal.written.wait(0.01)
        assert threading.active_count() >= 2

    assert re.sub(r"(working \.\.\.)?\r\x1b\[K", "", terminal.getvalue()) in {
        "reading ...counting ...",
        "working ...reading ...counting ...",
    }
    assert not waiting()


def test_the_line_is_gone_before_anything_else_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_stderr(monkeypatch)
    with show_progress("working", wait=0, every=600):
        assert terminal.written.wait(30)
        wipe_progress()
        terminal.write("answer\n")

    assert terminal.getvalue() == "working ...\r\x1b[Kanswer\n"
    wipe_progress()
    assert terminal.getvalue().endswith("answer\n")


def test_every_command_has_a_line_where_it_works_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command itself waits until its line is there."""
    terminal = as_stderr(monkeypatch)
    monkeypatch.setattr("mag_rotation.cli.usage.show_progress", partial(show_progress, wait=0))
    monkeypatch.setattr("mag_rotation.cli.calls.deliver", lambda *_, **__: terminal.written.wait(30))
    with patch.object(sys, "argv", ["mag-rotation", "drift", str(MAG)]), pytest.raises(SystemExit):
        main()

    assert re.match(r"(working|reading plan\.toml) \.\.\.", terminal.getvalue())
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("best", "bound", "left", "said"),
    [
        (None, 0, 12.4, "searching: no rotation yet, 12 s left"),
        (None, 900, 3, "searching: no rotation yet, none is below 900, 3 s left"),
        (1200, 0, 2.6, "searching: the best worst is 1200, 3 s left"),
        (1200, 900, 1, "searching: the best worst is 1200, none is below 900, 1 s left"),
        (1200, 1200, -0.7, "searching: the best worst is 1200, which is the least, 0 s left"),
    ],
)
def test_progress_tells_the_best_the_bound_and_the_time_left(
    best: int | None, bound: int, left: float, said: str
) -> None:
    assert search_line(best, bound, left) == said


def test_an_interrupt_is_a_wish_and_a_second_one_ends_everything() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupt() as interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.pressed
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
