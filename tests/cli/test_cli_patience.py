"""What people see while work takes long: a line on the terminal that is gone when the answer comes."""

import io
import threading

import pytest

from mag_rotation.cli.patience import patience


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
    return any(isinstance(thread, threading.Timer) for thread in threading.enumerate())


def test_long_work_says_what_it_does_and_wipes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_stderr(monkeypatch)
    with patience("reading plan.toml", wait=0):
        assert terminal.written.wait(30)
        assert terminal.getvalue() == "reading plan.toml ..."

    assert terminal.getvalue() == "reading plan.toml ...\r\x1b[K"
    assert not waiting()


def test_short_work_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_stderr(monkeypatch)
    with patience("reading plan.toml", wait=600):
        assert waiting()

    assert terminal.getvalue() == ""
    assert not waiting()


def test_where_no_terminal_listens_nothing_is_said_or_started(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with patience("reading plan.toml", wait=0):
        assert not waiting()

    assert stream.getvalue() == ""


def test_an_error_or_an_interrupt_comes_through_and_leaves_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = as_stderr(monkeypatch)

    def interrupted() -> None:
        with patience("reading", wait=0):
            assert terminal.written.wait(30)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert not waiting()
