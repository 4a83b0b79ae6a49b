"""Message files and their recipients.

A message goes to the one address in its To. One with several, or with Cc or Bcc, is refused. Files that are not
messages are mistakes; all are reported at once, before anything is sent. A message is sent once, even if its file is
given twice or two files have its id.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses
from pathlib import Path

from mag_rotation.errors import InvalidMessages, InvalidValue, Mistake, UnreadableFile
from mag_rotation.files import read_file
from mag_rotation.limits import MAIL, find_mail_problem
from mag_rotation.publish.journal import MARK, directory_of, journal_of

__all__ = ["Batch", "Letter", "read_letters"]

_ID = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f-\x9f]{1,64}@[^\s<>@\x00-\x1f\x7f-\x9f]{1,255}")
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One message in a file: its id and its envelope addresses; ``name`` is the path below its directory."""

    path: Path
    name: str
    id: str
    sender: str
    recipient: str

    def data(self) -> bytes:
        """Return the message as it is sent; raises :class:`UnreadableFile`."""
        return _LINE_END.sub(b"\r\n", read_file(self.path, MAIL))


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """The messages of one run, each once, and their journal."""

    letters: tuple[Letter, ...]
    journal: Path


def read_letters(source: Path, *more: Path, journal: Path | None = None) -> Batch:
    """Return the ``.eml`` files in directories and their subdirectories by name, and files given themselves.

    Without ``journal``, all must belong to the journal of one directory. Raises :class:`InvalidMessages`, and
    :class:`RefusedOutput` if that directory cannot have one.
    """
    mistakes: list[Mistake] = []
    finds = [found for one in dict.fromkeys((source, *more)) if (found := _find(one, mistakes))]
    if journal is None:
        mistakes += _find_strays(finds)
    base = _find_common_directory([found.home for found in finds])
    files = {target: path for found in finds for target, path in found.files.items()}
    letters = [_read_letter(path, _make_name(path, base), mistakes) for path in files.values()]
    once = _select_once([letter for letter in letters if letter is not None], mistakes)
    if mistakes:
        raise InvalidMessages(mistakes)
    return Batch(letters=once, journal=journal or journal_of(finds[0].home))


@dataclass(frozen=True, kw_only=True, slots=True)
class _MessageSource:
    """The content of a source: its files by real path, its directory, and what below has another one."""

    source: Path
    home: Path
    files: Mapping[Path, Path]
    strays: Mapping[Path, Path]


def _find(source: Path, mistakes: list[Mistake]) -> _MessageSource | None:
    """Look for messages at a source and below; None if it cannot be read."""
    try:
        if not source.exists():
            problem = "no such file or directory; mag-rotation invite --eml writes one"
            mistakes.append(Mistake(place=str(source), problem=problem))
            return None
        place = source.resolve()
        paths, marked = _walk(place, mistakes) if place.is_dir() else ([place], [])
        files: dict[Path, Path] = {}
        for path in paths:
            if not path.name.startswith("."):
                files.setdefault(path.resolve() if path.is_symlink() and path.exists() else path, path)
        home = directory_of(place)
        strays = {one: one for one in marked} | {
            path: directory_of(target) for target, path in files.items() if not target.is_relative_to(home)
        }
    except OSError as error:
        mistakes.append(_make_unread_mistake(error, source))
        return None
    if not files and not (home / MARK).exists():
        mistakes.append(Mistake(place=str(source), problem="holds no .eml file; mag-rotation invite --eml writes them"))
    below = {source / path.relative_to(place): other for path, other in strays.items() if other != home}
    return _MessageSource(source=source, home=home, files=files, strays=below)


def _walk(top: Path, mistakes: list[Mistake]) -> tuple[list[Path], list[Path]]:
    """Return the files that end in ``.eml``, and the marked directories; links to directories are not followed."""
    paths: list[Path] = []
    marked: list[Path] = []
    for folder, _, names in os.walk(top, onerror=lambda error: mistakes.append(_make_unread_mistake(error, top))):
        here = Path(folder)
        paths += [here / name for name in names if name.endswith(".eml")]
        if MARK in names:
            marked.append(here)
    return sorted(paths), sorted(marked)


def _make_unread_mistake(error: OSError, place: Path) -> Mistake:
    return Mistake(place=str(error.filename or place), problem=(error.strerror or "cannot be read").lower())


def _find_strays(finds: Sequence[_MessageSource]) -> Iterator[Mistake]:
    """Yield what does not belong to the journal of the first source."""
    cure = "send one directory at a time, or all with one --journal FILE"
    strays = {path: home for found in finds for path, home in found.strays.items()}
    for path, home in strays.items():
        yield Mistake(place=str(path), problem=f"has a journal of its own, {journal_of(home)}; {cure}")
    for found in finds:
        if found.home != finds[0].home:
            own, other = journal_of(found.home), finds[0].source
            yield Mistake(
                place=str(found.source), problem=f"has the journal {own}, which is not that of {other}; {cure}"
            )


def _select_once(letters: Iterable[Letter], mistakes: list[Mistake]) -> tuple[Letter, ...]:
    """Return each message with its first file; messages to different people are never copies of each other."""
    first: dict[str, Letter] = {}
    for letter in letters:
        same = first.setdefault(letter.id, letter)
        if same.recipient != letter.recipient:
            problem = f"has the Message-ID of {same.name} and another address in To; each message has an id of its own"
            mistakes.append(Mistake(place=letter.name, problem=problem))
    return tuple(first.values())


def _find_common_directory(homes: Sequence[Path]) -> Path | None:
    """Return the directory that contains all of these; None if there is none, as on two drives."""
    try:
        return Path(os.path.commonpath(homes))
    except ValueError:
        return None


def _make_name(path: Path, base: Path | None) -> str:
    return (path.relative_to(base) if base else path).as_posix()


def _read_letter(path: Path, name: str, mistakes: list[Mistake]) -> Letter | None:
    try:
        head = _read_head(read_file(path, MAIL))
    except UnreadableFile as error:
        mistakes.append(Mistake(place=name, problem=error.reason))
        return None
    except InvalidValue as error:
        mistakes.append(Mistake(place=name, problem=str(error)))
        return None
    sender, recipient = _list_addresses(head, "From"), _list_addresses(head, "To")
    found = _ID.fullmatch(str(head.get("Message-ID", "")).strip())
    wrong = [
        *(
            f"has {len(values)} addresses in {which}; right is one"
            for which, values in _find_wrong_counts(sender, recipient)
        ),
        *(f"has a {which}; a message goes to the address in To alone" for which in ("Cc", "Bcc") if which in head),
        *(() if found else ("has no Message-ID, by which it is known whether it was sent",)),
    ]
    mistakes += [Mistake(place=name, problem=problem) for problem in wrong]
    if wrong or found is None:
        return None
    return Letter(path=path, name=name, id=found[1], sender=sender[0], recipient=recipient[0])


def _read_head(data: bytes) -> Message:
    """Return the headers of a message; raises :class:`InvalidValue` if they would take too long to parse."""
    problem = find_mail_problem(data, cure="write it again with mag-rotation invite --eml")
    if problem:
        raise InvalidValue(problem)
    text, _, _ = _LINE_END.sub(b"\n", data).partition(b"\n\n")
    return HeaderParser().parsestr(text.decode("utf-8", "replace"))


def _find_wrong_counts(sender: Sequence[str], recipient: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """Return the headers without exactly one address."""
    return [(which, values) for which, values in (("From", sender), ("To", recipient)) if len(values) != 1]


def _list_addresses(head: Message, name: str) -> list[str]:
    """Return the addresses in a header, unchanged."""
    found = getaddresses(map(str, head.get_all(name, [])))
    return [address for _, address in found if _ADDRESS.fullmatch(address)]
