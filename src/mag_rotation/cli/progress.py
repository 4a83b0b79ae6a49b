"""What people see while a command works for long, and how they stop it.

The line is shown only if stderr is a terminal, and is removed before anything else is written.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, Lock, Thread
from types import FrameType
from typing import Self, TextIO

__all__ = ["Interrupt", "SearchProgress", "show_progress", "wipe_progress"]

_WAIT, _EVERY = 1.0, 0.5
"""Seconds before the line is shown, and between two updates of it."""

_WIPE = "\r\x1b[K"


class _Line:
    """The line on a terminal that says what is being done; the last of ``doings`` is shown."""

    def __init__(self, stream: TextIO) -> None:
        self.doings: list[str | Callable[[], str]] = []
        self.is_over = Event()
        self._stream, self._shown, self._lock = stream, "", Lock()

    def keep_showing(self, wait: float, every: float) -> None:
        """Show the line after ``wait`` seconds, and look for a new text every ``every`` seconds."""
        seconds = wait
        while not self.is_over.wait(seconds):
            doing = self.doings[-1]
            self._show(doing if isinstance(doing, str) else doing())
            seconds = every

    def _show(self, text: str) -> None:
        with self._lock:
            if text != self._shown:
                self._stream.write(f"{_WIPE if self._shown else ''}{text} ...")
                self._stream.flush()
                self._shown = text

    def wipe(self) -> None:
        """Remove the line from the terminal."""
        with self._lock:
            if self._shown:
                self._stream.write(_WIPE)
                self._stream.flush()
                self._shown = ""


_LINE: ContextVar[_Line | None] = ContextVar("_LINE", default=None)
"""The line of the work that goes on; None if there is none, or no terminal."""


@contextmanager
def show_progress(doing: str | Callable[[], str], *, wait: float = _WAIT, every: float = _EVERY) -> Iterator[None]:
    """Show on the terminal what is being done, from ``wait`` seconds on until it is done.

    If ``doing`` is a function, it is called again every ``every`` seconds. Work inside other work changes its line: the
    seconds are those of the whole.
    """
    outer, stream = _LINE.get(), sys.stderr
    if outer is not None:
        outer.doings.append(doing)
        try:
            yield
        finally:
            outer.doings.pop()
        return
    if stream is None or not stream.isatty():
        yield
        return
    line = _Line(stream)
    line.doings.append(doing)
    token = _LINE.set(line)
    thread = Thread(target=line.keep_showing, args=(wait, every), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        line.is_over.set()
        thread.join()
        line.wipe()
        _LINE.reset(token)


def wipe_progress() -> None:
    """Remove the line, if there is one, so that something else can be written."""
    line = _LINE.get()
    if line is not None:
        line.wipe()


class SearchProgress:
    """The state of a search for a rotation; ``left`` returns the seconds left. Burdens are in point-minutes."""

    def __init__(self, left: Callable[[], float]) -> None:
        self.left = left
        self.best: int | None = None
        self.bound = 0

    def note(self, best: int | None, bound: int) -> None:
        """Record the largest burden of the best rotation found, and the proven lower bound."""
        self.best, self.bound = best, bound


class CompareProgress:
    """What is sought while rotations are compared; ``left`` returns the seconds left."""

    def __init__(self, left: Callable[[], float]) -> None:
        self.left = left
        self.sought = "today"

    def note(self, sought: str) -> None:
        """Record the id of the rotation that is sought."""
        self.sought = sought


class Interrupt:
    """A context in which the first Ctrl-C sets ``pressed``, and the second interrupts as usual.

    A search looks at ``pressed`` and ends soon with the best that it has found.
    """

    def __init__(self) -> None:
        self.pressed = False
        self._before: signal._HANDLER = None

    def __enter__(self) -> Self:
        """Handle Ctrl-C."""
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the handler of Ctrl-C."""
        signal.signal(signal.SIGINT, self._before)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True
