"""The text of a plan in pieces: its tables by their lines, and the tables of a list by their comments.

The pieces put together are the text, byte for byte. The text must be valid TOML; nothing is checked here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import tomlkit

__all__ = ["Block", "Entry", "InlineList", "Keys", "Page", "mask_dates", "split_inline_pairs"]

_MARK = "\ufeff"
_MASK = "\U0010fffd"
"""A letter for private use, about a date that is a text for a while."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\r\n]*"
    r"|[ \t]+|\r?\n|[\[\]{},]"
    r"|[^ \t\r\n\[\]{},#\"']+",
    re.DOTALL,
)
"""Texts and comments whole, so that a bracket inside them opens nothing; the source is TOML already."""

Keys = MutableMapping[str, object]
"""A table as tomlkit keeps it, whose keys are set and deleted one by one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A table by its lines: from ``first``, the comments right above it, to ``end``, which is excluded.

    ``head`` is its header. The lines before any header are the block without a path.
    """

    path: tuple[str, ...]
    first: int
    head: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A plan in lines, where a value of several lines counts as one.

    Every line has an end; ``unended`` says that the last one has none in the file. ``mark`` is its byte-order mark.
    """

    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    newline: str
    mark: str
    unended: bool

    @classmethod
    def of(cls, text: str) -> Page:
        """Return the page of a text; its first line end is that of the lines to come."""
        body = text.removeprefix(_MARK)
        newline = "\r\n" if re.match(r"[^\n]*\r\n", body) else "\n"
        unended = bool(body) and not body.endswith("\n")
        lines = tuple(_split_lines(body + newline if unended else body))
        mark = _MARK if body != text else ""
        return cls(lines=lines, blocks=tuple(_find_blocks(lines)), newline=newline, mark=mark, unended=unended)

    @property
    def text(self) -> str:
        """The whole plan."""
        text = self.mark + "".join(self.lines)
        return text.removesuffix(self.newline) if self.unended else text

    @property
    def root(self) -> Block:
        """The lines before any header."""
        return self.blocks[0]

    def take(self, block: Block) -> str:
        """Return the text of a table without the comments above it."""
        return "".join(self.lines[block.head : block.end])

    def take_with_comments(self, block: Block) -> str:
        """Return the text of a table with the comments above it."""
        return "".join(self.lines[block.first : block.end])

    def write_table(self, header: str, pairs: Sequence[str]) -> str:
        """Return the text of a new table."""
        return "".join(f"{line}{self.newline}" for line in (header, *pairs))

    def replace_lines(self, changes: Mapping[tuple[int, int], str]) -> Page:
        """Return the page with other texts for ranges of its lines; the end of a range is excluded."""
        lines = list(self.lines)
        for (first, end), text in sorted(changes.items(), reverse=True):
            lines[first:end] = [text]
        return Page.of(replace(self, lines=tuple(lines)).text)

    def edit_table(self, block: Block, edit: Callable[[Keys], None]) -> str:
        """Return the text of a table after an edit."""
        document = tomlkit.parse(mask_dates(self.take(block)))
        edit(document)
        return _unmask_dates(document.as_string())

    def find_lines(self, block: Block) -> tuple[int, int]:
        """Return the lines to delete with a table: its own, and the empty ones above it."""
        first = block.first
        while first and not self.lines[first - 1].strip():
            first -= 1
        return first, block.end


def mask_dates(text: str) -> str:
    """Return TOML with texts for dates, because tomlkit drops blanks between a date and what follows.

    :meth:`Page.edit_table` turns them back.
    """
    tokens = [*_TOKEN.findall(text), "", ""]
    for number, (token, gap, closing) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        if closing and closing in "],}" and not gap.strip(" \t"):
            tokens[number] = re.sub(r"(?<![^=])\d{4}-\d\d-\d\d$", rf'"{_MASK}\g<0>{_MASK}"', token)
    return "".join(tokens)


def _unmask_dates(text: str) -> str:
    return re.sub(rf'"{_MASK}(.*?){_MASK}"', r"\1", text)


def _split_lines(text: str) -> Iterator[str]:
    """Yield the lines of a text that ends with one, each with its end."""
    start, depth = 0, 0
    for token in _TOKEN.finditer(text):
        depth += _count_step(token[0])
        if token[0].endswith("\n") and not depth:
            yield text[start : token.end()]
            start = token.end()


def _count_step(token: str) -> int:
    """Return by how much a token changes the depth of brackets."""
    return (token in {"[", "{"}) - (token in {"]", "}"})


def _find_blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the tables in the order of the file, beginning with the lines before any header."""
    heads = [number for number, line in enumerate(lines) if line.lstrip().startswith("[")]
    firsts = [_find_comment(lines, head) for head in heads]
    for head, first, limit in zip([-1, *heads], [0, *firsts], [*firsts, len(lines)], strict=True):
        pairs = (number for number in range(limit - 1, head, -1) if not _is_idle(lines[number]))
        end = next(pairs, head) + 1
        while end < limit and _is_comment(lines[end]):
            end += 1
        path = _parse_path(lines[head]) if head >= 0 else ()
        yield Block(path=path, first=first, head=max(head, 0), end=end)


def _find_comment(lines: Sequence[str], head: int) -> int:
    """Return the first of the lines of comment right above a header, or the header."""
    while head and _is_comment(lines[head - 1]):
        head -= 1
    return head


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _is_idle(line: str) -> bool:
    return not line.strip() or _is_comment(line)


@lru_cache(maxsize=256)
def _parse_path(header: str) -> tuple[str, ...]:
    """Return the keys that a header names."""
    path: tuple[str, ...] = ()
    found: object = tomllib.loads(header)
    while found:
        if isinstance(found, dict):
            key, found = next(iter(found.items()))
            path = (*path, key)
        else:
            found = found[0] if isinstance(found, list) else None
    return path


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A table or text in a list: the lines of comment ``above`` it, and that ``behind`` it with its distance."""

    text: str
    above: tuple[str, ...] = ()
    behind: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class InlineList:
    """A list of inline tables or texts; ``head`` is the comment behind its bracket, ``tail`` those below the last."""

    entries: tuple[Entry, ...]
    head: str
    tail: tuple[str, ...]
    indents: tuple[str, str]

    @property
    def is_plain(self) -> bool:
        """Whether it holds texts only, as the short form of slots does."""
        return bool(self.entries) and not any(entry.text.startswith("{") for entry in self.entries)

    @classmethod
    def of(cls, raw: str) -> InlineList:
        """Return the list that ``raw`` is, brackets included."""
        entries: list[Entry] = []
        above: list[str] = []
        head = text = gap = ""
        depth, fresh = 0, False  # fresh: nothing but space has stood on this line
        for token in _TOKEN.findall(raw[1:-1]):
            depth += _count_step(token)
            if text or depth or (token.strip() and token[0] not in "#,"):
                text, fresh = text + token, False
                if not depth:
                    entries.append(Entry(text=text, above=tuple(above)))
                    text, above = "", []
            elif token.startswith("#") and fresh:
                above.append(token)
                fresh = False
            elif token.startswith("#") and entries:
                entries[-1] = replace(entries[-1], behind=gap + token)
            elif token.startswith("#"):
                head = gap + token
            elif token.endswith("\n"):
                above += [""] * fresh
                fresh = True
            gap = "" if token.strip(" \t") else token
        outer = gap if fresh else ""
        inner = re.search(r"\n([ \t]*)[^\s#\]]", raw)
        indents = (inner[1] if inner else f"{outer}  ", outer)
        return cls(entries=tuple(entries), head=head, tail=tuple(above), indents=indents)

    def text(self, newline: str) -> str:
        """Return the list, one entry a line."""
        if not self.entries and not self.head and not self.tail:
            return "[]"
        inner, outer = self.indents
        rows = [f"[{self.head}"]
        for entry in self.entries:
            rows += [f"{inner}{line}".rstrip() for line in entry.above]
            rows.append(f"{inner}{entry.text},{entry.behind}")
        rows += [f"{inner}{line}".rstrip() for line in self.tail]
        return newline.join([*rows, f"{outer}]"])


def split_inline_pairs(text: str) -> list[str]:
    """Return the keys of an inline table, each with its value, as they are written.

    >>> split_inline_pairs("{ at='14:00', never = [1, 2] }")
    ["at='14:00'", 'never = [1, 2]']
    """
    pairs, depth = [""], 0
    for piece in _TOKEN.findall(text[1:-1]):
        depth += _count_step(piece)
        if depth or piece != ",":
            pairs[-1] += piece
        else:
            pairs.append("")
    return [pair.strip() for pair in pairs if pair.strip()]
