"""The journal of sent messages, written to the disk before each next step.

A line is one JSON object, appended and synced, so that an interrupted run loses none. One line is written before a
message is sent and another after the server's answer. If the second one is missing, the message may or may not have
arrived. The journal contains no password, and of a message only its id and its file.

A file that is not a journal from its first byte to its last is never changed. One run at a time can write to a journal;
a second one is refused, except on Windows, which has no such lock.

The journal is beside the nearest marked message directory above the message, whatever path is used to name it. Changes
of the directory do not affect the journal.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from mag_rotation.errors import RefusedOutput, UnreadableFile
from mag_rotation.files import sync_folder
from mag_rotation.limits import JOURNAL, JOURNAL_LINE_KIB

__all__ = [
    "MARK",
    "DeliveryOutcome",
    "Journal",
    "JournalEntry",
    "directory_of",
    "journal_of",
    "open_journal",
    "read_journal",
]

MARK = ".invitations"
"""The empty file that marks a directory of messages."""

_HEAD = b'{"at": "0000-00-00T00:00:00+00:00", "message": "'
"""The beginning of a line, with 0 for any digit; it identifies an incomplete line as one of a journal."""

_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)


class DeliveryOutcome(StrEnum):
    """The known state of a message."""

    SENDING = "sending"
    """The message was about to be sent; the server's answer is unknown."""
    SENT = "sent"
    """The server accepted the message."""
    REFUSED = "refused"
    """The server will never accept the message."""
    DEFERRED = "deferred"
    """The server does not accept the message now; it was not sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalEntry:
    """One line of a journal: the state of the message with that id, and the answer of the server."""

    message: str
    outcome: DeliveryOutcome
    file: str
    answer: str = ""


class Journal:
    """The journal of one directory of messages, open for writing."""

    __slots__ = ("_descriptor", "_last", "_path")

    def __init__(self, path: Path, descriptor: int, last: dict[str, JournalEntry]) -> None:
        self._path, self._descriptor, self._last = path, descriptor, last

    def last(self, message: str) -> JournalEntry | None:
        """Return the last entry of a message; None if there is none."""
        return self._last.get(message)

    def list_deferred(self) -> tuple[str, ...]:
        """Return the deferred messages, in the order of their last entries."""
        return tuple(message for message, entry in self._last.items() if entry.outcome is DeliveryOutcome.DEFERRED)

    def write(self, entry: JournalEntry) -> None:
        """Add a line and return when it is on the disk; raises :class:`RefusedOutput`."""
        record = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "message": entry.message,
            "outcome": str(entry.outcome),
            "file": entry.file,
            "answer": entry.answer,
        }
        line = json.dumps(record).encode() + b"\n"
        try:
            size = os.fstat(self._descriptor).st_size
            written = os.write(self._descriptor, line)
            os.fsync(self._descriptor)
        except OSError as error:
            raise _describe_refusal(self._path, error, "nothing more was sent") from None
        if written < len(line):
            with suppress(OSError):
                os.ftruncate(self._descriptor, size)
            raise RefusedOutput(str(self._path), "cannot be written whole; nothing more was sent")
        _keep_last(self._last, entry)


def directory_of(place: Path) -> Path:
    """Return the directory of messages at ``place``, an absolute path without links: the nearest one with a mark.

    If there is none, it is the directory itself, or the one that contains the file.
    """
    own = place if place.is_dir() else place.parent
    return next((one for one in (own, *own.parents) if (one / MARK).is_file()), own)


def journal_of(directory: Path) -> Path:
    """Return the journal of a directory, beside it; raises :class:`RefusedOutput` if that is impossible.

    >>> journal_of(Path("post/week1")).as_posix()
    'post/week1.journal'
    """
    if not directory.name:
        raise RefusedOutput(str(directory), "has no place beside it for a journal; name one with --journal FILE")
    return directory.with_name(f"{directory.name}.journal")


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """Open or create a journal; an incomplete last line is removed.

    Raises :class:`RefusedOutput` if it cannot be written or another run has it open. Raises :class:`UnreadableFile` if
    it is not a journal, and leaves it unchanged.
    """
    try:
        if path.exists():
            _check_kind(path, path.stat())
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except UnreadableFile:
        raise
    except OSError as error:
        raise _describe_refusal(path, error, "nothing was sent") from None
    try:
        _lock(descriptor, path)
        data = _read_contents(descriptor, path)
        last, size = _read_entries(data, path)
        try:
            _end_last_line(descriptor, data, size)
        except OSError as error:
            raise _describe_refusal(path, error, "nothing was sent") from None
        sync_folder(path.parent)
        yield Journal(path, descriptor, last)
    finally:
        os.close(descriptor)


def read_journal(path: Path) -> dict[str, JournalEntry]:
    """Return the last entry of each message by its id; empty if there is no journal."""
    try:
        _check_kind(path, path.stat())
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return {}
    except UnreadableFile:
        raise
    except OSError as error:
        raise UnreadableFile(str(path), (error.strerror or "not readable").lower()) from None
    try:
        return _read_entries(_read_contents(descriptor, path), path)[0]
    finally:
        os.close(descriptor)


def _describe_refusal(path: Path, error: OSError, what_follows: str) -> RefusedOutput:
    reason = (error.strerror or "not writable").lower()
    return RefusedOutput(str(path), f"cannot be written: {reason}; {what_follows}")


def _check_kind(path: Path, status: os.stat_result) -> None:
    """Raise :class:`UnreadableFile` for anything other than a regular file of an acceptable size."""
    if not stat.S_ISREG(status.st_mode):
        kind = "is a directory" if stat.S_ISDIR(status.st_mode) else "is not a regular file"
        raise UnreadableFile(str(path), f"{kind}; name a file with --journal")
    problem = JOURNAL.find_problem(status.st_size)
    if problem:
        raise UnreadableFile(str(path), problem)


def _read_contents(descriptor: int, path: Path) -> bytes:
    """Return the contents of an open journal, without opening its path again."""
    _check_kind(path, os.fstat(descriptor))
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read()


def _end_last_line(descriptor: int, data: bytes, size: int) -> None:
    """Truncate a journal to its first ``size`` bytes of entries, and end the last line."""
    if size < len(data):
        os.ftruncate(descriptor, size)
    elif data and not data.endswith(b"\n"):
        os.write(descriptor, b"\n")
    os.fsync(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415 - Windows has none; there it is for people to start one run at a time
    except ImportError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise RefusedOutput(str(path), "is in use by another run; wait until that has ended") from None


def _read_entries(data: bytes, path: Path) -> tuple[dict[str, JournalEntry], int]:
    """Return the last entry of each message, and the bytes of all entries without an incomplete last line."""
    last: dict[str, JournalEntry] = {}
    *lines, rest = data.split(b"\n")
    if rest and _read_entry(rest):
        lines, rest = [*lines, rest], b""
    for number, line in enumerate(lines, start=1):
        entry = _read_entry(line)
        if entry is None:
            raise _refuse_line(path, number)
        _keep_last(last, entry)
    if rest and not _is_cut_off(rest, is_first=not lines):
        raise _refuse_line(path, len(lines) + 1)
    return last, len(data) - len(rest)


def _refuse_line(path: Path, number: int) -> UnreadableFile:
    return UnreadableFile(str(path), f"line {number} is not a line of a journal; name another with --journal")


def _is_cut_off(rest: bytes, *, is_first: bool) -> bool:
    """Return whether this is the beginning of a journal line; a first line needs its fixed beginning.

    >>> _is_cut_off(b'{"at": "2026-', is_first=False), _is_cut_off(b'{"at": "2026-', is_first=True)
    (True, False)
    """
    head = rest[: len(_HEAD)].translate(_DIGITS)
    return _HEAD.startswith(head) and (len(head) == len(_HEAD) or not is_first) and not rest.endswith(b"}")


def _keep_last(last: dict[str, JournalEntry], entry: JournalEntry) -> None:
    """Store the last entry of a message, in the order of these entries."""
    last.pop(entry.message, None)
    last[entry.message] = entry


def _read_entry(line: bytes) -> JournalEntry | None:
    if len(line) > JOURNAL_LINE_KIB * 1024:
        return None
    try:
        record = json.loads(line)
        texts = {name: record[name] for name in ("message", "file", "answer")}
        if not all(isinstance(text, str) for text in texts.values()):
            return None
        return JournalEntry(outcome=DeliveryOutcome(record["outcome"]), **texts)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
