"""The command ``mag-rotation``, also as ``python -m mag_rotation``.

Nothing is imported before the process is set up, because a package may print while it is imported.
"""

import gc
import os
import signal
import sys
from contextlib import redirect_stdout, suppress

_INTERRUPTED = 130
"""The exit code by which shells know an interrupt."""

_GARBAGE_AFTER = 100_000
"""How many new objects start a search for garbage: imports make little, and the search takes long."""


def main() -> None:
    """Run the command line; an interrupt before a command has begun is one line on stderr and exit code 130."""
    try:
        _run()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process ends already
        with suppress(OSError):
            os.write(2, b"mag-rotation: interrupted; nothing was changed\n")
        sys.exit(_INTERRUPTED)


def _run() -> None:
    """Set up the process and run the command that ``sys.argv`` asks for."""
    # pydantic asks every package that is installed whether it has a plugin for it, which can take longer than a command
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    gc.set_threshold(_GARBAGE_AFTER)
    _part_stdout_from_its_descriptor()
    with redirect_stdout(sys.stderr):
        from mag_rotation.cli import main as run  # noqa: PLC0415 - after the lines above

    try:
        run()
    finally:
        gc.freeze()  # the process ends: a last search through all that is alive would take a fifth of a short command


def _part_stdout_from_its_descriptor() -> None:
    """Let ``sys.stdout`` alone write to stdout, and let descriptor 1 lead nowhere until the process ends.

    Libraries in C print to the descriptor, as HiGHS does its banner, and flush their buffers when the process ends.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    while nowhere <= 2:  # a standard stream was closed: its number is taken here, or the next file would get it
        nowhere = os.dup(nowhere)
    stdout = sys.__stdout__
    if stdout is not None and sys.stdout is stdout:
        sys.stdout = os.fdopen(os.dup(1), "w", encoding=stdout.encoding, errors=stdout.errors)
        sys.__stdout__ = sys.stdout  # type: ignore[misc]  # the width of the terminal is asked of this one
    os.dup2(nowhere, 1)
    os.close(nowhere)


if __name__ == "__main__":
    main()
