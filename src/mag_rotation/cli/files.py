"""What the command line writes: whole files or none, and bytes that do not depend on the machine.

Rule 1: a file is written beside its place and then put there in one step; a failure leaves what was there.
Rule 2: text goes out as UTF-8 whatever the locale says.
Rule 3: no answer replaces what it was made from.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from contextvars import ContextVar
from pathlib import Path
from typing import TextIO

from mag_rotation.errors import InvalidValue, RefusedOutput
from mag_rotation.report import Form

__all__ = [
    "STDOUT",
    "form_of",
    "keep_stdout_for_answers",
    "read_previous",
    "refuse_sources",
    "say",
    "terminal_width",
    "write_out",
    "write_whole",
]

STDOUT = Path("-")
"""What ``--output`` is given to mean stdout."""

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


def write_whole(path: Path, data: bytes, *, replace: bool = True) -> None:
    """Put ``data`` at ``path`` whole; raises :class:`RefusedOutput` and leaves what was there.

    With ``replace`` false a file that is there already is refused. A link is followed and stays; what is no file, such
    as a device, is refused, for it cannot be replaced.
    """
    try:
        place = _resolved(path)
        there = place.exists()
        if there:
            _check_place(path, place, replace=replace)
        mode = place.stat().st_mode & 0o777 if there else 0o666 & ~_umask()
        descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}."[:100], suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(mode)
            part.replace(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except RefusedOutput:
        raise
    except (OSError, RuntimeError) as error:  # RuntimeError: links that go round in a circle
        raise RefusedOutput(str(path), f"cannot be written: {_reason(error)}; nothing was changed") from None


def refuse_sources(path: Path, sources: Iterable[Path]) -> None:
    """Raise :class:`RefusedOutput` when ``path`` leads, by whatever name, to one of the files that were read."""
    for source in sources:
        try:
            same = path.samefile(source)
        except (OSError, RuntimeError, ValueError):  # what is not there, or cannot be, is said by who writes it
            continue
        if same:
            raise RefusedOutput(str(path), "is a file that this plan is read from; name another for the answer")


def read_previous(path: Path) -> bytes | None:
    """The bytes of the file that a new one would replace; None when there is none.

    Raises :class:`RefusedOutput` when it cannot be read.
    """
    try:
        there = path.is_file()
    except (OSError, ValueError):  # a path that no file can have, as who writes it will say
        return None
    try:
        return path.read_bytes() if there else None
    except OSError as error:
        raise RefusedOutput(str(path), f"cannot be read: {_reason(error)}; it was left as it was") from None


def _resolved(path: Path) -> Path:
    """Where a path leads when its links are followed."""
    place = path.resolve()
    if place.is_symlink():  # on a circle older Pythons raise, and newer ones stop
        raise RuntimeError("its links go round in a circle")
    return place


def _check_place(path: Path, place: Path, *, replace: bool) -> None:
    """Refuse to put a file where there is something that must stay."""
    if not replace:
        raise RefusedOutput(str(path), "is there already and was left as it was; give another name or --force")
    if not place.is_file():
        kind = "is a directory" if place.is_dir() else "is no file"
        raise RefusedOutput(str(path), f"{kind}; name a file, or write - for stdout")


def _reason(error: OSError | RuntimeError) -> str:
    """Why the system refused, in its own words without capitals."""
    match error:
        case FileNotFoundError():
            return "no such directory"
        case OSError(strerror=str(words)):
            return words.lower()
        case _:
            return str(error).lower()


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


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
        raise RefusedOutput("<stdout>", "cannot be written: it is closed")
    _send(stream, text, name="<stdout>")


def say(text: str) -> None:
    """Write a line to stderr, for people; to nobody when that is closed."""
    if sys.stderr is not None:
        _send(sys.stderr, f"{text}\n", name="<stderr>")


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
            raise RefusedOutput(name, f"cannot be written: {_reason(error)}") from None
