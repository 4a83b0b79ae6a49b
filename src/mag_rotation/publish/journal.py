"""What became of each message, on the disk before anything follows from it.

Rule 1: a line is one JSON object, appended and synced; what is read back is what was written, whatever was killed when.
Rule 2: that a message is about to go is written before it goes, what the server answered after: a message with the
first line and without the second may have arrived or not, and nobody may guess which.
Rule 3: one run at a time; a second one is refused, but on Windows, where it is for people to see to it.
Rule 4: no password is written, and nothing of a message but its id and its file.
Rule 5: a message has one journal by whatever way it is named: beside the nearest directory above it that is marked as
one of messages. What becomes of the directory leaves the journal as it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from mag_rotation.errors import RefusedOutput, UnreadableFile

__all__ = ["MARK", "Entry", "Journal", "Outcome", "directory_of", "journal_of", "open_journal", "read_journal"]

MARK = ".invitations"
"""The empty file in the directory that messages were written to."""


class Outcome(StrEnum):
    """What is known of a message."""

    SENDING = "sending"
    """It was about to go; what the server answered is not known."""
    SENT = "sent"
    """The server has taken it."""
    REFUSED = "refused"
    """The server will never take it."""
    DEFERRED = "deferred"
    """The server does not take it now; it has not gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a journal: what became of the message of that id, and what the server said."""

    message: str
    outcome: Outcome
    file: str
    answer: str = ""


class Journal:
    """The journal of one directory of messages, open to be written."""

    __slots__ = ("_descriptor", "_last", "_path")

    def __init__(self, path: Path, descriptor: int, last: dict[str, Entry]) -> None:
        self._path, self._descriptor, self._last = path, descriptor, last

    def last(self, message: str) -> Entry | None:
        """The last word on a message; None where there is none."""
        return self._last.get(message)

    def deferred(self) -> tuple[str, ...]:
        """The messages that were put off, in the order of the last word on them."""
        return tuple(message for message, entry in self._last.items() if entry.outcome is Outcome.DEFERRED)

    def write(self, entry: Entry) -> None:
        """Add a line, and come back when it is on the disk; raises :class:`RefusedOutput`."""
        said = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "message": entry.message,
            "outcome": str(entry.outcome),
            "file": entry.file,
            "answer": entry.answer,
        }
        line = json.dumps(said).encode() + b"\n"
        try:
            written = os.write(self._descriptor, line)
            os.fsync(self._descriptor)
        except OSError as error:
            reason = (error.strerror or "not writable").lower()
            raise RefusedOutput(str(self._path), f"cannot be written: {reason}; nothing more was sent") from None
        if written < len(line):
            raise RefusedOutput(str(self._path), "cannot be written whole; nothing more was sent")
        _note(self._last, entry)


def directory_of(place: Path) -> Path:
    """The directory that messages at ``place``, an absolute path without links, belong to: the nearest with a mark.

    Where there is none: the directory itself, or the one that the file is in.
    """
    own = place if place.is_dir() else place.parent
    return next((one for one in (own, *own.parents) if (one / MARK).is_file()), own)


def journal_of(directory: Path) -> Path:
    """The journal of a directory, beside it; raises :class:`RefusedOutput` where nothing can be.

    >>> journal_of(Path("post/week1")).as_posix()
    'post/week1.journal'
    """
    if not directory.name:
        raise RefusedOutput(str(directory), "has no place beside it for a journal; name one with --journal FILE")
    return directory.with_name(f"{directory.name}.journal")


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """Open a journal, or begin one; a last line that was cut off is dropped.

    Raises :class:`RefusedOutput` where it cannot be written or another run has it open, :class:`UnreadableFile` where
    it is no journal.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        reason = (error.strerror or "not writable").lower()
        raise RefusedOutput(str(path), f"cannot be written: {reason}; nothing was sent") from None
    try:
        _lock(descriptor, path)
        data = path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        last = _entries(whole, path)
        os.ftruncate(descriptor, len(whole))
        _sync_folder(path)
        yield Journal(path, descriptor, last)
    finally:
        os.close(descriptor)


def read_journal(path: Path) -> dict[str, Entry]:
    """The last word on each message by its id; nothing where there is no journal."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UnreadableFile(str(path), (error.strerror or "not readable").lower()) from None
    return _entries(data[: data.rfind(b"\n") + 1], path)


def _sync_folder(path: Path) -> None:
    """See that a file that was just made is still there after a crash, where the system can be asked for it."""
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _lock(descriptor: int, path: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415 - Windows has none; there it is for people to start one run at a time
    except ImportError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise RefusedOutput(str(path), "is in use by another run; wait until that has ended") from None


def _entries(data: bytes, path: Path) -> dict[str, Entry]:
    """The last entry of each message."""
    last: dict[str, Entry] = {}
    for number, line in enumerate(data.splitlines(), start=1):
        entry = _entry(line)
        if entry is None:
            raise UnreadableFile(str(path), f"line {number} is no line of a journal; name another with --journal")
        _note(last, entry)
    return last


def _note(last: dict[str, Entry], entry: Entry) -> None:
    """Keep the last word on each message, in the order of these words."""
    last.pop(entry.message, None)
    last[entry.message] = entry


def _entry(line: bytes) -> Entry | None:
    try:
        said = json.loads(line)
        texts = {name: said[name] for name in ("message", "file", "answer")}
        if not all(isinstance(text, str) for text in texts.values()):
            return None
        return Entry(outcome=Outcome(said["outcome"]), **texts)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
