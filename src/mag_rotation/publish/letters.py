"""Messages on the disk, and who each of them goes to.

Rule 1: a message goes to the one address of its To and to nobody else; one with several, or with Cc or Bcc, is refused.
Rule 2: what is no message is a mistake that names its file, and all come at once, before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses
from pathlib import Path

from mag_rotation.errors import InvalidMessages, Mistake, UnreadableFile

__all__ = ["Letter", "read_letters"]

_ID = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One message in a file: its id, and the addresses of its envelope. ``name`` is the file below the directory."""

    path: Path
    name: str
    id: str
    sender: str
    recipient: str

    def data(self) -> bytes:
        """The message as it goes over the line; raises :class:`UnreadableFile`."""
        return _LINE_END.sub(b"\r\n", _read(self.path))


def read_letters(source: Path) -> tuple[Letter, ...]:
    """The ``.eml`` files in a directory and below, by name, or the one file; raises :class:`InvalidMessages`."""
    if not source.exists():
        raise UnreadableFile(str(source), "no such directory; mag-rotation invite --eml writes one")
    found = sorted(source.rglob("*.eml")) if source.is_dir() else [source]
    wanted = [path for path in found if not path.name.startswith(".")]
    base = source if source.is_dir() else source.parent
    mistakes: list[Mistake] = []
    letters = [_letter(path, path.relative_to(base).as_posix(), mistakes) for path in wanted]
    if not letters:
        mistakes.append(Mistake(place=str(source), problem="holds no .eml file; mag-rotation invite --eml writes them"))
    if mistakes:
        raise InvalidMessages(mistakes)
    return tuple(letter for letter in letters if letter is not None)


def _letter(path: Path, name: str, mistakes: list[Mistake]) -> Letter | None:
    try:
        head = HeaderParser().parsestr(_read(path).decode("utf-8", "replace"))
    except UnreadableFile as error:
        mistakes.append(Mistake(place=name, problem=error.reason))
        return None
    sender, recipient = _addresses(head, "From"), _addresses(head, "To")
    found = _ID.fullmatch(str(head.get("Message-ID", "")).strip())
    wrong = [
        *(f"has {len(values)} addresses in {which}; right is one" for which, values in _both(sender, recipient)),
        *(f"has a {which}; a message goes to the address in To alone" for which in ("Cc", "Bcc") if which in head),
        *(() if found else ("has no Message-ID, by which it is known whether it was sent",)),
    ]
    mistakes += [Mistake(place=name, problem=problem) for problem in wrong]
    if wrong or found is None:
        return None
    return Letter(path=path, name=name, id=found[1], sender=sender[0], recipient=recipient[0])


def _both(sender: Sequence[str], recipient: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """The headers that have not exactly one address."""
    return [(which, values) for which, values in (("From", sender), ("To", recipient)) if len(values) != 1]


def _addresses(head: Message, name: str) -> list[str]:
    """The addresses in a header, as they are written."""
    return [address for _, address in getaddresses(map(str, head.get_all(name, []))) if "@" in address]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(str(path), (error.strerror or "cannot be read").lower()) from None
