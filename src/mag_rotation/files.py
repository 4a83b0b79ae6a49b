"""File access: regular files are read within their limits and written completely or not at all.

Reading never waits (named pipes are refused), never follows a device and never exceeds its limit. Writing has two
steps: first everything is checked and written to temporary files, then all files are put in place together. Between the
two a command shows its answer, so that nothing changes if the answer cannot be shown.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from mag_rotation.errors import RefusedOutput, UnreadableFile
from mag_rotation.limits import InputLimit, find_nearest

__all__ = [
    "NewFile",
    "StagedFiles",
    "TellMode",
    "check_folder",
    "describe_trouble",
    "is_folder",
    "lock_folders",
    "make_folder",
    "read_file",
    "read_file_if_there",
    "stage_files",
    "sync_folder",
    "write_files",
]

_LONGEST_WAIT = 10.0
"""Seconds to wait for another run that changes files in the same folder."""
_PRIVATE = 0o600
_OTHERS = 0o044
"""The bits of a mode by which the group or others may read a file."""


def read_file(path: Path, limit: InputLimit) -> bytes:
    """Return the bytes of a regular file; raises :class:`UnreadableFile`.

    Anything other than a regular file is refused before it is opened, a file above its limit before it is read.
    """
    try:
        _check_regular(path, path.stat().st_mode)
        # a file that was exchanged for a pipe in between must not make us wait
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            _check_regular(path, status.st_mode)
            problem = limit.find_problem(status.st_size)
            data = b"" if problem else file.read(limit.most_bytes + 1)
    except UnreadableFile:
        raise
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        raise UnreadableFile(str(path), _describe_source(error, path)) from None
    problem = problem or limit.find_problem(len(data))
    if problem:
        raise UnreadableFile(str(path), problem)
    return data


def read_file_if_there(path: Path, limit: InputLimit) -> bytes | None:
    """Return the bytes of a file like :func:`read_file`; None if it does not exist."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UnreadableFile(str(path), _describe_source(error)) from None
    return read_file(path, limit)


def is_folder(path: Path) -> bool:
    """Return whether a path is a directory; raises :class:`UnreadableFile` if the system cannot tell."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise UnreadableFile(str(path), _describe_source(error)) from None


def _check_regular(path: Path, mode: int) -> None:
    """Raise :class:`UnreadableFile` for anything other than a regular file."""
    if not stat.S_ISREG(mode):
        problem = "is a directory; name the file in it" if stat.S_ISDIR(mode) else "is not a regular file; name one"
        raise UnreadableFile(str(path), problem)


def _describe_source(error: OSError | ValueError, path: Path | None = None) -> str:
    """Say why a file cannot be read, and what to do; the name of ``path`` may be misspelt."""
    match error:
        case FileNotFoundError() if path is not None and _ADDRESS.match(str(path)):
            return "is an address, and addresses are not read; download the file and name it"
        case FileNotFoundError():
            near = None if path is None else _find_near_file(path)
            return f"no such file; {'check the path' if near is None else f'did you mean {near}?'}"
        case PermissionError():
            return "may not be read; check its permissions"
        case _:
            return f"cannot be read: {describe_trouble(error)}"


_ADDRESS = re.compile(r"(?:https?|webcals?|ftps?):[/\\]", re.IGNORECASE)
"""The beginning of an address; a path has one slash where it had two."""

_MOST_NAMES, _LIKE = 200, 0.7
"""How many files of a folder are looked at for a name like the misspelt one, and how like it has to be."""


def _find_near_file(path: Path) -> str | None:
    """Return the name of the file in the folder that is most like a misspelt one; None if none is like it."""
    try:
        with os.scandir(path.parent) as entries:
            names = sorted(entry.name for entry in islice(entries, _MOST_NAMES) if entry.is_file())
    except (OSError, ValueError):
        return None
    near = find_nearest(path.name, [name for name in names if not name.startswith(".")], cutoff=_LIKE)
    return near[0] if near and near[0].isprintable() else None


def describe_trouble(error: OSError | ValueError | RuntimeError) -> str:
    """Return the operating system's reason without a capital at the beginning."""
    match error:
        case FileNotFoundError():
            return "no such file or directory"
        case OSError(strerror=str(words)):
            return words[:1].lower() + words[1:]
        case ValueError():  # each Python says it in other words
            return "no file can have this name"
        case _:
            return str(error).lower()


class TellMode(Protocol):
    """Says of files that their mode does not go with their content, which is ``private`` or for others."""

    def __call__(self, paths: Sequence[Path], mode: int, /, *, private: bool) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class NewFile:
    """A file to write.

    If ``replace`` is false, an existing file is refused. ``before`` is the content of the file when its new content was
    made; a file that has changed since is refused. A new file with personal data is ``private``: only its owner may
    read it. A replaced file keeps its mode; one that does not go with a ``private`` or ``public`` content is told
    before it is put in place. The ``last`` file is put in place after the others, because it names them.
    If ``sync`` is false, the data may be lost in a crash of the machine, but the file is never incomplete. ``cure``
    says what to do if something other than a file is at its path.
    """

    path: Path
    data: bytes
    replace: bool = True
    before: bytes | None = None
    private: bool = False
    public: bool = False
    last: bool = False
    sync: bool = True
    cure: str = "name a file"


@dataclass(frozen=True, kw_only=True, slots=True)
class _StagedFile:
    """A temporary file that is not yet in its place."""

    file: NewFile
    place: Path
    part: Path
    existed: bool
    mode: int

    @property
    def is_odd_mode(self) -> bool:
        """Whether the mode that a replaced file keeps shows personal data to others, or hides what is for them.

        A public file counts as hidden only if a new one would be readable.
        """
        if not self.existed or os.name != "posix":
            return False
        if self.file.private:
            return bool(self.mode & _OTHERS)
        return self.file.public and not self.mode & _OTHERS and bool(_usual_mode() & _OTHERS)


class StagedFiles:
    """Temporary files that :meth:`commit` puts in their places; ``tell`` is that of :func:`stage_files`."""

    __slots__ = ("_staged", "_tell")

    def __init__(self, tell: TellMode | None = None) -> None:
        self._staged: list[_StagedFile] = []
        self._tell = tell

    def add(self, file: NewFile) -> None:
        """Check a target and write its temporary file; raises :class:`RefusedOutput`, with nothing changed."""
        try:
            self._staged.append(_stage(file))
        except (OSError, RuntimeError, ValueError) as error:
            if isinstance(error, RefusedOutput):
                raise
            raise RefusedOutput(
                str(file.path), f"cannot be written: {_describe_target(error)}; nothing was changed"
            ) from None

    def commit(self) -> None:
        """Put every file in its place, in the order in which they were added, the ``last`` ones last.

        If one of them cannot be put in place, raises :class:`RefusedOutput` and restores the others.
        """
        self._staged.sort(key=lambda one: one.file.last)
        for one in self._staged:
            _refuse_changed_file(one)
        if self._tell is not None:
            odd = [one for one in self._staged if one.is_odd_mode]
            for private, mode in dict.fromkeys((one.file.private, one.mode) for one in odd):
                same = [one.file.path for one in odd if (one.file.private, one.mode) == (private, mode)]
                self._tell(same, mode, private=private)
        done: list[tuple[_StagedFile, Path | None]] = []
        for one in self._staged:
            backup: Path | None = None
            try:
                backup = _back_up(one) if len(self._staged) > 1 else None
                _put_in_place(one)
            except BaseException as error:
                _drop(backup)
                for before, kept in reversed(done):
                    _put_back(before, kept)
                if isinstance(error, RefusedOutput) or not isinstance(error, OSError):
                    raise
                reason = _describe_target(error)
                raise RefusedOutput(str(one.file.path), f"cannot be written: {reason}; nothing was changed") from None
            done.append((one, backup))
        for _, backup in done:
            _drop(backup)
        for folder in dict.fromkeys(one.place.parent for one in self._staged if one.file.sync):
            sync_folder(folder)
        self._staged.clear()

    def discard(self) -> None:
        """Remove the temporary files."""
        for one in self._staged:
            with suppress(OSError):
                one.part.unlink(missing_ok=True)
        self._staged.clear()


@contextmanager
def stage_files(*files: NewFile, tell: TellMode | None = None) -> Iterator[StagedFiles]:
    """Write temporary files, which the caller commits; without a commit nothing changes.

    Before they are put in place, ``tell`` gets those that replace others whose mode does not go with their content.
    Raises :class:`RefusedOutput` if a file cannot be written, with nothing changed.
    """
    staged = StagedFiles(tell)
    try:
        for file in files:
            staged.add(file)
        yield staged
    finally:
        staged.discard()


def check_folder(path: Path) -> None:
    """Raise :class:`RefusedOutput` if something other than a directory is at the path."""
    try:
        is_other = not stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        is_other = False
    except (OSError, ValueError) as error:
        raise RefusedOutput(
            str(path), f"cannot be written to: {describe_trouble(error)}; nothing was written"
        ) from None
    if is_other:
        raise RefusedOutput(str(path), "is not a directory; name one to write to, or one that is not there yet")


def make_folder(path: Path) -> None:
    """Create a directory unless it exists; raises :class:`RefusedOutput` if that is impossible."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise RefusedOutput(
            str(path), "is not a directory; name one to write to, or one that is not there yet"
        ) from None
    except (OSError, ValueError) as error:
        raise RefusedOutput(str(path), f"cannot be made: {describe_trouble(error)}; nothing was written") from None


def write_files(*files: NewFile, tell: TellMode | None = None) -> None:
    """Write all files or none; raises :class:`RefusedOutput` and keeps what was there.

    ``tell`` is that of :func:`stage_files`.
    """
    with stage_files(*files, tell=tell) as staged:
        staged.commit()


def _stage(file: NewFile) -> _StagedFile:
    """Write a temporary file with the mode that the file will have."""
    place = _resolve(file.path)
    existed = _has_entry(place)
    if existed:
        _check_target(file, place)
        mode = stat.S_IMODE(place.stat().st_mode) & 0o777
        if not os.access(place, os.W_OK):
            raise RefusedOutput(str(file.path), "may not be written; check its permissions; nothing was changed")
    else:
        mode = _PRIVATE if file.private else _usual_mode()
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}"[:60] + ".", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as written:
            written.write(file.data)
            if file.sync:
                written.flush()
                os.fsync(written.fileno())
        part.chmod(mode)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return _StagedFile(file=file, place=place, part=part, existed=existed, mode=mode)


def _has_entry(place: Path) -> bool:
    """Return whether something is at a path; raises OSError if the system cannot tell, as in a closed folder."""
    try:
        place.lstat()
    except FileNotFoundError:
        return False
    return True


def _resolve(path: Path) -> Path:
    """Return the path after its links are followed."""
    place = path.resolve()
    if place.is_symlink():  # on a circle older Pythons raise, and newer ones stop
        raise RuntimeError("its links go round in a circle")
    return place


def _check_target(file: NewFile, place: Path) -> None:
    """Raise an error if there is something at the target that must stay."""
    if not file.replace:
        raise RefusedOutput(str(file.path), "is there already and was left as it was; give another name or --force")
    if not stat.S_ISREG(place.stat().st_mode):
        kind = "is a directory" if place.is_dir() else "is not a regular file"
        raise RefusedOutput(str(file.path), f"{kind}; {file.cure}")


def _refuse_changed_file(staged: _StagedFile) -> None:
    """Raise an error if a file has changed since its new content was made."""
    before = staged.file.before
    if before is None:
        return
    try:
        with staged.place.open("rb") as file:
            now: bytes | None = file.read(len(before) + 1)
    except OSError:
        now = None
    if now != before:
        raise RefusedOutput(
            str(staged.file.path), "was changed by another program in the meantime; nothing was written, run this again"
        )


def _put_in_place(staged: _StagedFile) -> None:
    if not staged.file.replace:
        try:
            os.link(staged.part, staged.place)  # fails where another run has just made the file; a rename would not
        except FileExistsError:
            _check_target(staged.file, staged.place)
        except OSError:  # a file system without links
            staged.part.replace(staged.place)
        else:
            staged.part.unlink()
        return
    staged.part.replace(staged.place)


def _back_up(staged: _StagedFile) -> Path | None:
    """Keep the current file under a temporary name; None if there is none."""
    if not staged.existed:
        return None
    backup = staged.part.with_suffix(".before")
    try:
        os.link(staged.place, backup)
    except OSError:  # a file system without links
        backup.write_bytes(staged.place.read_bytes())
        backup.chmod(stat.S_IMODE(staged.place.stat().st_mode))
    return backup


def _put_back(staged: _StagedFile, backup: Path | None) -> None:
    """Restore the state before a file was put in place."""
    if backup is None:
        staged.place.unlink(missing_ok=True)
    else:
        backup.replace(staged.place)


def _drop(backup: Path | None) -> None:
    """Remove a backup; a failure does no harm."""
    if backup is not None:
        with suppress(OSError):
            backup.unlink(missing_ok=True)


def _describe_target(error: OSError | RuntimeError | ValueError) -> str:
    """Say why a file cannot be written; a missing path is that of its folder."""
    if isinstance(error, FileNotFoundError):
        return "no such directory"
    return describe_trouble(error)


def sync_folder(folder: Path) -> None:
    """Ask the system to write a folder to the disk, if it can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _usual_mode() -> int:
    """Return the mode of a new file by the umask of the process, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def lock_folders(paths: Iterable[Path], *, longest_wait: float = _LONGEST_WAIT) -> Iterator[None]:
    """Prevent other runs from changing files in the folders of these paths while the context lasts.

    The lock is on the folder itself, so that no lock file remains. A second run waits for at most ``longest_wait``
    seconds, then raises :class:`RefusedOutput`. Windows has no such lock; there only :attr:`NewFile.before` detects
    that a file has changed in the meantime.
    """
    try:
        import fcntl  # noqa: PLC0415 - Windows has none
    except ImportError:
        yield
        return
    end = time.monotonic() + longest_wait
    with ExitStack() as held:
        # in one order for all runs, so that no two wait for each other
        for folder in sorted({_folder_of(path) for path in paths}):
            try:
                descriptor = os.open(folder, os.O_RDONLY)
            except OSError:  # a folder that is not there, or may not be listed, is for the writing to complain of
                continue
            held.callback(os.close, descriptor)
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= end:
                        raise RefusedOutput(
                            str(folder),
                            "another run is changing files here; nothing was written, wait until it has ended",
                        ) from None
                    time.sleep(0.02)
                except OSError:  # a file system without locks
                    break
        yield


def _folder_of(path: Path) -> Path:
    """Return the folder that contains the file at a path."""
    try:
        return path.resolve().parent
    except (OSError, RuntimeError, ValueError):
        return path.absolute().parent
