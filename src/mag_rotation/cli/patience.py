"""What people see while work takes long.

Rule 1: only on stderr, only where that is a terminal, and gone before the answer comes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

__all__ = ["patience"]

_WAIT = 2.0
"""Seconds of silence that nobody minds."""

_WIPE = "\r\x1b[K"


@contextmanager
def patience(doing: str, *, wait: float = _WAIT) -> Iterator[None]:
    """Say on the terminal what is being done, once it has taken ``wait`` seconds, until it is done."""
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield
        return

    shown: list[str] = []

    def show(text: str) -> None:
        shown.append(text)
        stream.write(text)
        stream.flush()

    timer = Timer(wait, show, [f"{doing} ..."])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if shown:
            show(_WIPE)
