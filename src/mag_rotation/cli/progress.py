"""What people see while a command works for long, and how they stop it.

The line is shown only if stderr is a terminal, and is removed before the answer comes.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType
from typing import Self

__all__ = ["Interrupt", "SearchProgress", "show_progress"]

_WAIT, _EVERY = 2.0, 0.5
"""Seconds before the line is shown, and between two updates of it."""

_WIPE = "\r\x1b[K"


@contextmanager
def show_progress(doing: str | Callable[[], str], *, wait: float = _WAIT, every: float = _EVERY) -> Iterator[None]:
    """Show on the terminal what is being done, from ``wait`` seconds on until it is done.

    If ``doing`` is a function, it is called again every ``every`` seconds.
    """
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield
        return

    shown: list[str] = []
    done = Event()

    def show(text: str) -> None:
        shown.append(text)
        stream.write(text)
        stream.flush()

    def keep_showing() -> None:
        seconds = wait
        while not done.wait(seconds):
            text = doing if isinstance(doing, str) else doing()
            show(f"{_WIPE if shown else ''}{text} ...")
            if isinstance(doing, str):
                return
            seconds = every

    thread = Thread(target=keep_showing, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        if shown:
            show(_WIPE)


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
