"""What the command line writes: whole files or none, and bytes that do not depend on the machine.

Rule 1: a file is written beside its place and then put there in one step; a failure leaves what was there.
Rule 2: text goes out as UTF-8 whatever the locale says.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from mag_rotation.errors import RefusedOutput

__all__ = ["say", "write_out", "write_whole"]


def write_whole(path: Path, data: bytes, *, replace: bool = True) -> None:
    """Put ``data`` at ``path`` whole; raises :class:`RefusedOutput` and leaves what was there.

    With ``replace`` false a file that is there already is refused.
    """
    if not replace and path.exists():
        raise RefusedOutput(str(path), "is there already and was left as it was; give another name or --force")
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = "no such directory" if isinstance(error, FileNotFoundError) else (error.strerror or str(error)).lower()
        raise RefusedOutput(str(path), f"cannot be written: {reason}; nothing was changed") from None


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def write_out(text: str) -> None:
    """Write text to stdout as UTF-8 bytes, line ends as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """Write a line to stderr, for people."""
    sys.stderr.flush()
    sys.stderr.buffer.write(f"{text}\n".encode("utf-8", "replace"))
    sys.stderr.buffer.flush()
