"""Where the answers of the command line go: a file of a format, or stdout; and what is said on stderr.

Text goes out as UTF-8 whatever the locale says. No answer replaces what it was made from. A stream that is closed or
full is an error, so that a command can stop before it changes anything.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TextIO

from mag_rotation.errors import InvalidValue, RefusedOutput, escape_controls
from mag_rotation.files import describe_trouble
from mag_rotation.report import Form

__all__ = [
    "OR_STDOUT",
    "STDOUT",
    "file_bytes",
    "form_of",
    "keep_stdout_for_answers",
    "refuse_sources",
    "say",
    "say_trouble",
    "terminal_width",
    "write_out",
]

STDOUT = Path("-")
"""What ``--output`` is given to mean stdout."""

OR_STDOUT = f"name a file, or write {STDOUT} for stdout"
"""The cure for a target that is no file, where the answer may go to stdout as well."""

_SUFFIXES = {".csv": Form.CSV, ".json": Form.JSON, ".md": Form.MARKDOWN, ".txt": Form.TABLE}
"""How the files of an answer end, by the format in them."""

_OTHER_FORMATS = frozenset({".htm", ".html", ".ics", ".ods", ".pdf", ".docx", ".toml", ".xls", ".xlsx", ".xml"})
"""Suffixes of formats in which no answer is written."""


def form_of(asked: Form | None, path: Path | None) -> Form:
    """The format of an answer: the one asked for, else that which the file is named for, else a table.

    Raises :class:`InvalidValue` where the file is named for another format than the one asked for, or where none is
    asked for and no answer is written in that of the file.

    >>> form_of(None, Path("calls.csv")), form_of(Form.JSON, Path("calls")), form_of(None, STDOUT)
    (<Form.CSV: 'csv'>, <Form.JSON: 'json'>, <Form.TABLE: 'table'>)
    """
    suffix = "" if path is None else path.suffix.lower()
    named = _SUFFIXES.get(suffix)
    if asked is None and (named or not suffix):
        return named or Form.TABLE
    if asked is None:
        *others, last = _SUFFIXES
        problem = f"{suffix} is no format of an answer"
        raise InvalidValue(f"--output {path}: {problem}; name a file that ends in {', '.join(others)} or {last}")
    if named not in {None, asked} or suffix in _OTHER_FORMATS:
        right = next(ending for ending, form in _SUFFIXES.items() if form is asked)
        raise InvalidValue(
            f"--format {asked} and --output {path} are two formats; leave --format out, or name a file that ends in "
            f"{right}"
        )
    return asked


def file_bytes(path: Path, text: str) -> bytes:
    """The bytes of a text in a file of that name: UTF-8, in a CSV file with the byte-order mark that Excel knows it by.

    >>> file_bytes(Path("a.CSV"), "é"), file_bytes(Path("a.txt"), "é")
    (b'\\xef\\xbb\\xbf\\xc3\\xa9', b'\\xc3\\xa9')
    """
    return text.encode("utf-8-sig" if path.suffix.lower() == ".csv" else "utf-8")


def refuse_sources(path: Path, sources: Iterable[Path], *, of: str = "this plan") -> None:
    """Raise :class:`RefusedOutput` when ``path`` leads, by whatever name, to a file that something is read from."""
    for source in sources:
        try:
            same = path.samefile(source)
        except (OSError, RuntimeError, ValueError):  # what is not there, or cannot be, is said by who writes it
            continue
        if same:
            raise RefusedOutput(str(path), f"is a file that {of} is read from; name another for the answer")


_ANSWERS: ContextVar[TextIO | None] = ContextVar("_ANSWERS")
"""Where answers go while ``sys.stdout`` stands for something else; None when stdout is closed."""


@contextmanager
def keep_stdout_for_answers() -> Iterator[None]:
    """Leave stdout to :func:`write_out`; what anything else prints to ``sys.stdout`` meanwhile goes to stderr."""
    token = _ANSWERS.set(_answers())
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _ANSWERS.reset(token)


def _answers() -> TextIO | None:
    """The stream of the answer; None when it is closed."""
    return _ANSWERS.get(sys.stdout)


def terminal_width() -> int | None:
    """The number of columns of the terminal that shows the answer; None when it goes elsewhere."""
    stream = _answers()
    return shutil.get_terminal_size().columns if stream is not None and stream.isatty() else None


def write_out(text: str) -> None:
    """Write text to stdout as UTF-8 bytes, line ends as they are; raises :class:`RefusedOutput`."""
    stream = _answers()
    if stream is None:
        raise RefusedOutput("<stdout>", "cannot be written: it is closed; nothing was changed")
    _send(stream, text, name="<stdout>")


def say(text: str) -> None:
    """Write a line to stderr, for people; raises :class:`RefusedOutput`."""
    if sys.stderr is None:
        raise RefusedOutput("<stderr>", "cannot be written: it is closed; nothing was changed")
    _send(sys.stderr, f"{escape_controls(text)}\n", name="<stderr>")


def say_trouble(text: str) -> None:
    """Write the message of an error to stderr; where that cannot be written, the exit code alone tells of it."""
    with suppress(RefusedOutput):
        say(text)


def _send(stream: TextIO, text: str, *, name: str) -> None:
    """Write UTF-8 to a stream whose reader may have gone, as that of ``| head`` does: then the rest is dropped."""
    try:
        stream.flush()
        stream.buffer.write(text.encode("utf-8", "replace"))
        stream.buffer.flush()
    except OSError as error:
        # What is still buffered would be tried again at the end of the process and fail there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise RefusedOutput(name, f"cannot be written: {describe_trouble(error)}; nothing was changed") from None
