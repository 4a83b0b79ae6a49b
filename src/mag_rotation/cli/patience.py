"""What people see while work takes long, and how they stop it.

The line is only on stderr, only where that is a terminal, and gone before the answer comes.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType
from typing import Self

__all__ = ["Interrupt", "SearchProgress", "patience"]

_WAIT, _EVERY = 2.0, 0.5
"""Seconds of silence that nobody minds, and between two looks at what there is to say."""

_WIPE = "\r\x1b[K"


@contextmanager
def patience(doing: str | Callable[[], str], *, wait: float = _WAIT, every: float = _EVERY) -> Iterator[None]:
    """Say on the terminal what is being done, once it has taken ``wait`` seconds, until it is done.

    Where ``doing`` is a function it is asked again ``every`` so many seconds.
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

    thread = Thread(target=keep_showing, name="patience", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        if shown:
            show(_WIPE)


class SearchProgress:
    """How a search for a rotation stands; ``left`` gives the seconds that are left. Burdens are in point-minutes."""

    def __init__(self, left: Callable[[], float]) -> None:
        self.left = left
        self.best: int | None = None
        self.bound = 0

    def note(self, best: int | None, bound: int) -> None:
        """Take up the best worst that was found, and what is proven of the least."""
        self.best, self.bound = best, bound

    def __str__(self) -> str:
        """The line for people.

        >>> progress = SearchProgress(left=lambda: 7.4)
        >>> progress.note(14520, 13755)
        >>> str(progress)
        'searching: the best worst is 14520, none is below 13755, 7 s left'
        """
        best = "no rotation yet" if self.best is None else f"the best worst is {self.best}"
        proven = ", which is the least" if self.best == self.bound else f", none is below {self.bound}"
        return f"searching: {best}{proven if self.bound else ''}, {max(0, round(self.left()))} s left"


class Interrupt:
    """Ctrl-C as a wish to end soon with what there is; pressed again it ends everything at once.

    A context: inside it ``pressed`` says whether somebody wants to stop.
    """

    def __init__(self) -> None:
        self.pressed = False
        self._before: signal._HANDLER = None

    def __enter__(self) -> Self:
        """Take Ctrl-C over."""
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        signal.signal(signal.SIGINT, self._before)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True
