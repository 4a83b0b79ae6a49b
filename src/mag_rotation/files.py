"""The one door to the file system: regular files read within their limits, files written whole or not at all.

Reading never waits (a named pipe is refused), never follows a device, and never reads more than its limit. Writing has
two steps: everything is checked and written beside its place first, then all files are put in their places together.
Between the two a command shows its answer, so that nothing is changed when the answer cannot be shown.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mag_rotation.errors import RefusedOutput, UnreadableFile
from mag_rotation.limits import InputLimit

__all__ = [
    "NewFile",
    "StagedFiles",
    "check_folder",
    "describe_trouble",
    "is_folder",
    "lock_folders",
    "make_folder",
    "read_file",
    "read_file_if_there",
    "stage_files",
    "write_files",
]

_LONGEST_WAIT = 10.0
"""Seconds to wait for another run that changes files in the same folder."""
_PRIVATE = 0o600


def read_file(path: Path, limit: InputLimit) -> bytes:
    """The bytes of a regular file; raises :class:`UnreadableFile`.

    Anything else than a regular file is refused before it is opened, and a file above its limit before it is read.
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
        raise UnreadableFile(str(path), _describe_source(error)) from None
    problem = problem or limit.find_problem(len(data))
    if problem:
        raise UnreadableFile(str(path), problem)
    return data


def read_file_if_there(path: Path, limit: InputLimit) -> bytes | None:
    """The bytes of a file as :func:`read_file` gives them; None if nothing is there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UnreadableFile(str(path), _describe_source(error)) from None
    return read_file(path, limit)


def is_folder(path: Path) -> bool:
    """Whether a path leads to a directory; raises :class:`UnreadableFile` where the system does not say."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise UnreadableFile(str(path), _describe_source(error)) from None


def _check_regular(path: Path, mode: int) -> None:
    """Raise :class:`UnreadableFile` for what is not a regular file."""
    if not stat.S_ISREG(mode):
        problem = "is a directory; name the file in it" if stat.S_ISDIR(mode) else "is not a regular file; name one"
        raise UnreadableFile(str(path), problem)


def _describe_source(error: OSError | ValueError) -> str:
    """Why a file cannot be read, and what to do."""
    match error:
        case FileNotFoundError():
            return "no such file; check the path"
        case PermissionError():
            return "may not be read; check its permissions"
        case _:
            return f"cannot be read: {describe_trouble(error)}"


def describe_trouble(error: OSError | ValueError | RuntimeError) -> str:
    """The system's reason in its own words, without a capital at the beginning."""
    match error:
        case FileNotFoundError():
            return "no such file or directory"
        case OSError(strerror=str(words)):
            return words[:1].lower() + words[1:]
        case _:
            return str(error).lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class NewFile:
    """A file to write.

    With ``replace`` false a file that is there already is refused. ``before`` is what the file held when its new
    content was made; a file that has changed since is refused. A new file with personal data is ``private``: only its
    owner may read it. A file that is replaced keeps its mode. The ``last`` file goes into its place after the others,
    because it names them. With ``sync`` false nobody waits for the disk: the file is whole under its name all the same,
    and after a crash of the machine it may be lost. ``cure`` says what to do where something else than a file is in its
    place.
    """

    path: Path
    data: bytes
    replace: bool = True
    before: bytes | None = None
    private: bool = False
    last: bool = False
    sync: bool = True
    cure: str = "name a file"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Staged:
    """A file that is written beside its place and not yet put there."""

    file: NewFile
    place: Path
    part: Path
    existed: bool


class StagedFiles:
    """Files that are written beside their places; :meth:`commit` puts them there."""

    __slots__ = ("_staged",)

    def __init__(self) -> None:
        self._staged: list[_Staged] = []

    def add(self, file: NewFile) -> None:
        """Check a target and write its file beside it; raises :class:`RefusedOutput`, with nothing changed."""
        try:
            self._staged.append(_stage(file))
        except (OSError, RuntimeError, ValueError) as error:
            if isinstance(error, RefusedOutput):
                raise
            raise RefusedOutput(
                str(file.path), f"cannot be written: {_describe_target(error)}; nothing was changed"
            ) from None

    def commit(self) -> None:
        """Put every file in its place, in the order in which they were added, the last ones last.

        Raises :class:`RefusedOutput` and puts back what was there if one of them cannot be put in its place.
        """
        self._staged.sort(key=lambda one: one.file.last)
        for one in self._staged:
            _check_unchanged(one)
        done: list[tuple[_Staged, Path | None]] = []
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
            _sync_folder(folder)
        self._staged.clear()

    def discard(self) -> None:
        """Remove what was written beside the places."""
        for one in self._staged:
            with suppress(OSError):
                one.part.unlink(missing_ok=True)
        self._staged.clear()


@contextmanager
def stage_files(*files: NewFile) -> Iterator[StagedFiles]:
    """Write files beside their places; the caller commits. Without a commit nothing is changed.

    Raises :class:`RefusedOutput` where a file cannot be written, with nothing changed.
    """
    staged = StagedFiles()
    try:
        for file in files:
            staged.add(file)
        yield staged
    finally:
        staged.discard()


def check_folder(path: Path) -> None:
    """Raise :class:`RefusedOutput` where something other than a directory is in the place of one."""
    try:
        is_other = not stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:
        is_other = False
    except (OSError, ValueError) as error:
        raise RefusedOutput(
            str(path), f"cannot be written to: {describe_trouble(error)}; nothing was written"
        ) from None
    if is_other:
        raise RefusedOutput(str(path), "is no directory; name one to write to, or one that is not there yet")


def make_folder(path: Path) -> None:
    """See that there is a directory at a path; raises :class:`RefusedOutput` where there can be none."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise RefusedOutput(str(path), "is no directory; name one to write to, or one that is not there yet") from None
    except (OSError, ValueError) as error:
        raise RefusedOutput(str(path), f"cannot be made: {describe_trouble(error)}; nothing was written") from None


def write_files(*files: NewFile) -> None:
    """Write files whole, all or none; raises :class:`RefusedOutput` and leaves what was there."""
    with stage_files(*files) as staged:
        staged.commit()


def _stage(file: NewFile) -> _Staged:
    """Write a file beside its place, with the mode that it will have there."""
    place = _resolve(file.path)
    existed = _has_entry(place)
    if existed:
        _check_target(file, place)
        mode = stat.S_IMODE(place.stat().st_mode) & 0o777
        if not os.access(place, os.W_OK):
            raise RefusedOutput(str(file.path), "may not be written; check its permissions; nothing was changed")
    else:
        mode = _PRIVATE if file.private else 0o666 & ~_read_umask()
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
    return _Staged(file=file, place=place, part=part, existed=existed)


def _has_entry(place: Path) -> bool:
    """Whether something is there; raises OSError where the system does not say, as in a folder that is closed."""
    try:
        place.lstat()
    except FileNotFoundError:
        return False
    return True


def _resolve(path: Path) -> Path:
    """Where a path leads when its links are followed."""
    place = path.resolve()
    if place.is_symlink():  # on a circle older Pythons raise, and newer ones stop
        raise RuntimeError("its links go round in a circle")
    return place


def _check_target(file: NewFile, place: Path) -> None:
    """Refuse to put a file where there is something that must stay."""
    if not file.replace:
        raise RefusedOutput(str(file.path), "is there already and was left as it was; give another name or --force")
    if not stat.S_ISREG(place.stat().st_mode):
        kind = "is a directory" if place.is_dir() else "is not a regular file"
        raise RefusedOutput(str(file.path), f"{kind}; {file.cure}")


def _check_unchanged(staged: _Staged) -> None:
    """Refuse to replace a file that has changed since its new content was made."""
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


def _put_in_place(staged: _Staged) -> None:
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


def _back_up(staged: _Staged) -> Path | None:
    """Keep what is at a place under a name beside it; None if nothing is there."""
    if not staged.existed:
        return None
    backup = staged.part.with_suffix(".before")
    try:
        os.link(staged.place, backup)
    except OSError:  # a file system without links
        backup.write_bytes(staged.place.read_bytes())
        backup.chmod(stat.S_IMODE(staged.place.stat().st_mode))
    return backup


def _put_back(staged: _Staged, backup: Path | None) -> None:
    """Undo what was put in a place."""
    if backup is None:
        staged.place.unlink(missing_ok=True)
    else:
        backup.replace(staged.place)


def _drop(backup: Path | None) -> None:
    """Remove a backup; one that cannot be removed does no harm."""
    if backup is not None:
        with suppress(OSError):
            backup.unlink(missing_ok=True)


def _describe_target(error: OSError | RuntimeError | ValueError) -> str:
    """Why a file cannot be written; what is missing is its folder."""
    if isinstance(error, FileNotFoundError):
        return "no such directory"
    return describe_trouble(error)


def _sync_folder(folder: Path) -> None:
    """See that a file that was put in a folder is there after a crash, where the system can be asked for it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _read_umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


@contextmanager
def lock_folders(paths: Iterable[Path], *, longest_wait: float = _LONGEST_WAIT) -> Iterator[None]:
    """Keep other runs from changing files in the folders of these paths while the context lasts.

    The lock lies on the folder itself, so that no lock file is left behind. A second run waits for at most
    ``longest_wait`` seconds, then raises :class:`RefusedOutput`. Windows has no such lock; there only
    :attr:`NewFile.before` tells that a file has changed in the meantime.
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
    """The folder that holds the file a path leads to."""
    try:
        return path.resolve().parent
    except (OSError, RuntimeError, ValueError):
        return path.absolute().parent
