"""Mistakes in the TOML of plans that people write by hand, each with its correction.

Only a text that is not TOML comes here. A forgiving reader reads it again; it knows what beginners
write (dates of their country, words without quotes, ``yes``, ``:`` for ``=``, quotes of a word processor, a quote or a
bracket too few) and corrects it provisionally, so that the next mistakes are found too. Each mistake names the line and
the column, and shows the line with a mark under the place.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from mag_rotation.errors import Mistake, is_control, list_lines
from mag_rotation.limits import find_nearest
from mag_rotation.planfile.fields import CLOCK_SCHEMA, LENGTH_PATTERN, explain_no_day
from mag_rotation.planfile.guesses import format_day, guess_bool, guess_clock, guess_dates, guess_length
from mag_rotation.planfile.tables import LIST_SECTIONS, SECTIONS, PlanTable

__all__ = ["Mended", "mend_toml"]

Path = tuple[str | int, ...]

_MOST_REPORTED = 50
"""The most mistakes that are reported; a text with more is written in some other way throughout."""
_MOST_FOUND = 4 * _MOST_REPORTED
"""The most places that are looked at."""
_MOST_ALIKE = 3
"""The most mistakes of one wording that are reported one by one; a text with more has them throughout."""
_MOST_SHOWN = 100
"""The most letters of a line that are shown."""
_MOST_STRAYS = 10
"""The most lines that are neither keys nor tables in a text of fewer keys; one with more is no plan at all."""
_MOST_LEVELS = 12
"""How deep the forgiving reader follows brackets; a plan has six levels."""

_ODD_BLANKS = "\u00a0\u2007\u202f\u3000\u200b\ufeff"
_BLANKS = f"[ \t{_ODD_BLANKS}]"
_BLANK_LETTERS = frozenset(f" \t{_ODD_BLANKS}")
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = re.compile(rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*")
_BARE_HEADER = re.compile(
    rf"(?P<open>[({{<]?){_BLANKS}*(?P<name>[A-Za-z][A-Za-z-]*){_BLANKS}*(?P<close>[:{{)}}>]?){_BLANKS}*(?=#|\n|\Z)"
)
"""The name of a table alone on its line, in no brackets or in others, or before a brace."""
_PREFIX = re.compile(rf"[-*\u2022$]{_BLANKS}*(?={_PART}[ \t]*=)")
"""What stands before a key as in a list, or in a program."""
_CLOSING_BRACE = re.compile(rf"\}}{_BLANKS}*(?=#|\n|\Z)")
_HEADER = re.compile(
    r"""(?P<open>\[{1,2})(?P<name>(?:"[^"\n]*"|'[^'\n]*'|[^\[\]\n#"'])*)(?P<close>\]{0,2})(?P<rest>[^\n]*)"""
)
_LONG_TEXTS = {
    '"': re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    "'": re.compile(r"'''.*?'{3,5}", re.DOTALL),
}
_SEPARATOR = re.compile(r"=>|:=|==+|->|[=:\uff1d\uff1a]")
_ODD_BLANK = re.compile(f"[{_ODD_BLANKS}]")
_FOREIGN_COMMENT = re.compile(r"//|--(?= )|;|/\*|%")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
"""What a word processor makes of a hyphen."""
_SPACED_KEY = re.compile(rf"(?P<key>[A-Za-z][A-Za-z0-9_ {_DASHES}-]*?){_BLANKS}*(?==)")
_SMART = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u00ab\u00bb\u2039\u203a`\u00b4"
_SMART_KEY = re.compile(rf"[{_SMART}](?P<key>[^{_SMART}\n=]+)[{_SMART}](?={_BLANKS}*[=:])")
_VALUE_START = re.compile(rf"""["'\[{{{_SMART}0-9+-]|(?:true|false)\b""")
_PAIR_BEHIND = re.compile(rf"[ \t]+(?={_PART}[ \t]*=[^=])")
_SECOND_KEY = re.compile(rf"[,;]?{_BLANKS}*(?P<key>{_PART}[ \t]*=)")
_END_OF_VALUE = re.compile(r"[ \t]+(?:#|//|;[ \t])|\n")
_END_OF_ITEM = re.compile(r"[,\])}\n]|;(?=[ \t])|[ \t]+#")
_BEFORE_END = re.compile(rf"{_BLANKS}*(?:[,;\]}}#]|$)")
_DASHED_ITEM = re.compile(r"^[ \t]*-[ \t]+([^\n]+)$", re.MULTILINE)
_DASHED_ITEMS = re.compile(r"\n(?:[ \t]*-[ \t]+[^\n]+(?:\n|\Z))+")
_QUOTES = ("'", '"')
_CODE = re.compile(r'\\(?:[btnfr"\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})')
_RANGE = re.compile(r"[0-9]{1,2}:[0-9]{2}\s*[-\u2013]\s*[0-9]{1,2}:[0-9]{2}")
_CLOCK_AND_ZONE = re.compile(r"(?P<clock>[0-9]{1,2}:[0-9]{2})\s+(?P<zone>[A-Za-z][A-Za-z0-9_/+-]*)")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:[,'\u2019 .][0-9]{3})+|0[0-9]+")
_COUNTED = re.compile(r"([0-9]{1,5})\s*[A-Za-z]+")
_IDLE_LINES = re.compile(rf"(?:{_BLANKS}*(?:#[^\n]*)?\n)*{_BLANKS}*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mended:
    """The correction of a text that is not TOML, as far as it can be guessed.

    ``document`` is None if it still is not TOML. ``mistakes`` are in the order of the text.
    ``touched`` are the places of values that cannot be checked further. ``is_whole`` is false if a part of the
    text could not be read, so that keys may be missing, ``is_sure`` is false if a correction is one guess of several.
    """

    document: dict[str, object] | None
    mistakes: tuple[Mistake, ...]
    touched: frozenset[Path]
    is_whole: bool
    is_sure: bool


def mend_toml(text: str, name: str) -> Mended:
    """Find the mistakes in a text that is not TOML, and correct them provisionally; ``name`` is that of the file.

    If nothing in the text looks like a plan, it is neither quoted nor corrected.
    """
    body = text.replace("\r\n", "\n")
    lines = _Lines(body)
    scan = _Scan(body, lines)
    if _PLAN_LIKE.search(body):
        scan.read_document()
    if not scan.keys or scan.strays > max(_MOST_STRAYS, len(scan.keys)):
        _, problem, at = _parse_strictly(body)
        return _leave_as_is(lines.mistake(name, at, f"not TOML: {problem}{_describe_kind(body)}", shown=False))
    document, left, mended_at = _parse_strictly(_apply_edits(body, scan.edits))
    found = [(one.at, one.problem) for one in scan.list_findings()]
    if document is None:
        at = _find_origin(mended_at, scan.edits)
        if not any(lines.number(one.at) == lines.number(at) for one in scan.findings):
            found.append((at, left))
    mistakes = [lines.mistake(name, at, f"not TOML: {problem}") for at, problem in sorted(found)[:_MOST_REPORTED]]
    if len(found) > _MOST_REPORTED:
        mistakes.append(Mistake(place=name, problem="there are more places that are no TOML; mend these first"))
    return Mended(
        document=document,
        mistakes=tuple(mistakes),
        touched=frozenset(one.path for one in scan.findings if one.path),
        is_whole=scan.is_whole and not scan.is_cut,
        is_sure=all(one.is_sure for one in scan.findings),
    )


def _leave_as_is(mistake: Mistake) -> Mended:
    return Mended(document=None, mistakes=(mistake,), touched=frozenset(), is_whole=False, is_sure=False)


_AT = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def _parse_strictly(text: str) -> tuple[dict[str, object] | None, str, int]:
    """Return the document of a text, or the message of the parser and its place."""
    try:
        return tomllib.loads(text), "", 0
    except RecursionError:
        return None, "brackets in brackets without end", 0
    except ValueError as error:
        message = str(error)
        match = _AT.search(message)
        what = message[: match.start()] if match else message
        at = len(text)
        if match and match["line"]:
            starts = [0, *(found.end() for found in re.finditer("\n", text))]
            at = starts[int(match["line"]) - 1] + int(match["column"]) - 1
        return None, f"{what[:1].lower()}{what[1:]}", at


_FOREIGN_FILES = {
    "BEGIN:VCALENDAR": "; this is a calendar, which 'mag-rotation from-ics' makes a plan of",
    "{": "; this looks like JSON",
    "<": "; this looks like a page of the web",
    "PK\x03\x04": "; this is a workbook or an archive",
}


def _describe_kind(text: str) -> str:
    """Return a hint on the kind of a file that is not a plan, from its beginning."""
    begin = text.lstrip()
    hint = next((hint for head, hint in _FOREIGN_FILES.items() if begin.startswith(head)), "")
    if re.search(r"^(?:meeting|schedule|rotation)[ \t]*:[ \t]*$", text, re.MULTILINE):
        hint = '; this looks like YAML, and a plan is TOML: write [meeting], and below it id = "demo"'
    return hint or "; nothing in this file looks like a plan, which 'mag-rotation init' writes"


class _Lines:
    """The lines of a text, and where in them a place is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def number(self, at: int) -> int:
        """Return the number of the line that holds a place, counted from 1."""
        return bisect_right(self._starts, at)

    def mistake(self, name: str, at: int, problem: str, *, shown: bool = True) -> Mistake:
        """Return a mistake at a place, the line with a mark under it where it may be shown."""
        number = self.number(at)
        start = self._starts[number - 1]
        line = self._text[start:].partition("\n")[0] if number == len(self._starts) else self._line(number)
        where = f"line {number}, column {at - start + 1}"
        return Mistake(
            place=name, problem=f"{where}: {problem}", excerpt=_make_excerpt(line, at - start) if shown else ""
        )

    def _line(self, number: int) -> str:
        return self._text[self._starts[number - 1] : self._starts[number] - 1]


def _make_excerpt(line: str, column: int) -> str:
    """Return a line, shortened if it is long, with a mark under one of its letters."""
    first = max(0, column - _MOST_SHOWN // 2) if len(line) > _MOST_SHOWN else 0
    last = first + _MOST_SHOWN
    before, behind = ("..." if first else ""), ("..." if last < len(line) else "")
    shown = "".join(_show_letter(letter) for letter in line[first:last].rstrip())
    gap = len(before) + sum(_measure_width(_show_letter(letter)) for letter in line[first:column])
    return f"{before}{shown}{behind}\n{' ' * gap}^"


def _show_letter(letter: str) -> str:
    """Return a letter that can be printed: a blank for any blank, a point for what is invisible."""
    if letter == "\t" or (letter.isspace() and not is_control(letter)):
        return " "
    return letter if letter.isprintable() else "\u00b7"


def _measure_width(letter: str) -> int:
    """Return the width of a letter in columns of a terminal."""
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


# What a plan knows of keys.


_PATTERNS = {LENGTH_PATTERN: "length", CLOCK_SCHEMA["pattern"]: "clock"}
"""The kinds of texts that have a form of their own, by their pattern in the JSON Schema."""


@cache
def _read_kinds() -> Mapping[str, frozenset[str]]:
    """Return the kinds of value of each key of a plan, named as in its JSON Schema; dates are a kind too."""
    found: dict[str, set[str]] = {}
    level: list[object] = [PlanTable.model_json_schema(by_alias=True)]
    while level:
        value = level.pop()
        if isinstance(value, dict):
            for key, one in value.get("properties", {}).items():
                for alternative in (one, *one.get("anyOf", ())):
                    kind = _PATTERNS.get(alternative.get("pattern")) or alternative.get("type")
                    kind = "date" if alternative.get("format") == "date" else kind
                    found.setdefault(key, set()).update([kind] if isinstance(kind, str) else kind or ())
            level += value.values()
        elif isinstance(value, list):
            level += value
    return {key: frozenset(kinds - {"null"}) for key, kinds in found.items()}


_PLAN_LIKE = re.compile(
    rf"^[ \t]*\[{{1,2}}[ \t]*(?:{'|'.join(SECTIONS)})(?=[ \t]*(?:[\].#]|$))"
    rf"|^[ \t]*(?:format|{'|'.join(SECTIONS)})[ \t]*[=.]",
    re.MULTILINE,
)
"""What shows that a text is meant to be a plan: the name of a section, in brackets or before a value."""


# The forgiving reader.


@dataclass(frozen=True, kw_only=True, slots=True)
class _Edit:
    """Other text for a part of the text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Finding:
    """One mistake: its place, what was found and the correction.

    ``path`` is the place of a value that cannot be checked further. ``is_sure`` is false if the correction is one guess
    of several. ``list_at`` is the place of the list that holds the value.
    """

    at: int
    found: str
    right: str = ""
    path: Path = ()
    is_sure: bool = True
    list_at: int | None = None

    @property
    def problem(self) -> str:
        """What to say of it."""
        return f"found {_shorten(self.found)}" + (f"; write {_shorten(self.right)}" if self.right else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mend:
    """The correction of a value without quotes: ``text``, or each of the ``ways``; ``note`` follows what was found.

    ``is_value`` is false if the text only replaces a value that cannot be checked further; then ``ways`` are
    words.
    """

    text: str
    note: str = ""
    ways: tuple[str, ...] = ()
    is_sure: bool = True
    is_value: bool = True


def _sort_edits(edits: Iterable[_Edit]) -> Iterator[_Edit]:
    """Yield edits by place, without overlaps: the first of two, and the longer of two that begin together."""
    at = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.start != one.end, -one.end)):
        if edit.start >= at:
            yield edit
            at = edit.end


def _apply_edits(text: str, edits: Iterable[_Edit]) -> str:
    """Return a text after edits."""
    pieces, at = [], 0
    for edit in _sort_edits(edits):
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join((*pieces, text[at:]))


def _find_origin(at: int, edits: Iterable[_Edit]) -> int:
    """Return the place in the original text of a place in the edited text."""
    shift = 0
    for edit in _sort_edits(edits):
        if edit.start + shift < at:
            shift += len(edit.text) - (edit.end - edit.start)
    return at - shift


class _Scan:
    """A reader that goes through a text once and records its mistakes, with the edits that correct them."""

    def __init__(self, text: str, lines: _Lines) -> None:
        self.text, self.pos = text, 0
        self._lines = lines
        self._lists: dict[int | None, str] = {}  # by where they begin: lists on one line, mended
        self._reported_doubled: set[str] = set()
        self.edits: list[_Edit] = []
        self.findings: list[_Finding] = []
        self.keys: dict[Path, int] = {}
        self.strays = 0
        self.is_cut = False
        self.is_whole = True
        self._table: Path = ()
        self._counts: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}
        self._level = 0
        self._is_in_braces = False
        heads = re.findall(rf"^[ \t]*(\[{{1,2}})[ \t]*({'|'.join(LIST_SECTIONS)})[ \t]*\]", text, re.MULTILINE)
        counts = Counter(heads)
        self._doubled = {
            name for brackets, name in counts if brackets == "[" and (counts["[", name] > 1 or counts["[[", name])
        }

    def list_findings(self) -> Iterator[_Finding]:
        """Yield the mistakes to report; those of a list on one line are one, and so are many with the same words."""
        found = list(self._join_items())
        counts = Counter(one.problem for one in found)
        seen: set[str] = set()
        for one in found:
            if counts[one.problem] <= _MOST_ALIKE:
                yield one
            elif one.problem not in seen:
                seen.add(one.problem)
                rest = [other for other in found if other.problem == one.problem and other is not one]
                lines = dict.fromkeys(self._lines.number(other.at) for other in rest)
                more = f" here and in {len(rest)} more places{list_lines([*lines])}"
                yield (
                    replace(one, right=f"{one.right}{more}") if one.right else replace(one, found=f"{one.found}{more}")
                )

    def _join_items(self) -> Iterator[_Finding]:
        """Yield the mistakes; those of a list on one line are one mistake that shows the whole list corrected."""
        seen: set[int] = set()
        for one in self.findings:
            if one.list_at not in self._lists:
                yield one
            elif one.list_at is not None and one.list_at not in seen:
                seen.add(one.list_at)
                yield replace(one, right=self._lists[one.list_at])

    # Places and edits.

    def _edit(self, start: int, end: int, text: str) -> None:
        self.edits.append(_Edit(start=start, end=end, text=text))

    def _find(self, at: int, found: str, right: str = "", path: Path = ()) -> None:
        self._note(_Finding(at=at, found=found, right=right, path=path))

    def _note(self, finding: _Finding) -> None:
        self.findings.append(finding)
        if len(self.findings) >= _MOST_FOUND:
            self.is_cut = True

    def _char(self) -> str:
        return self.text[self.pos : self.pos + 1]

    def _line_end(self, at: int | None = None) -> int:
        end = self.text.find("\n", self.pos if at is None else at)
        return len(self.text) if end < 0 else end

    def _skip_blanks(self) -> None:
        """Go over blanks; those that TOML does not know become plain ones."""
        start = self.pos
        while self._char() in _BLANK_LETTERS:
            self.pos += 1
        blanks = self.text[start : self.pos]
        odd = _ODD_BLANK.search(blanks)
        if odd:
            code = f"U+{ord(odd[0]):04X}"
            self._find(start + odd.start(), f"a blank of a word processor ({code})", "a plain blank")
            self._edit(start, self.pos, " " * len(blanks))

    def _skip_comment(self) -> bool:
        """Go over a comment; one that another language begins is mended."""
        if self._char() == "#":
            self.pos = self._line_end()
            return True
        foreign = _FOREIGN_COMMENT.match(self.text, self.pos)
        if foreign is None:
            return False
        self._find(self.pos, f"{foreign[0]} where a comment begins", "#")
        self._edit(self.pos, self.pos, "# ")
        self.pos = self._line_end()
        return True

    # Lines.

    def read_document(self) -> None:
        """Read the whole text."""
        while self.pos < len(self.text) and not self.is_cut:
            self._skip_blanks()
            if self._char() in {"", "\n"}:
                self.pos += 1
            elif header := _HEADER.match(self.text, self.pos):
                self._read_header(header)
            elif (bare := _BARE_HEADER.match(self.text, self.pos)) and bare["name"].lower() in SECTIONS:
                self._read_bare_header(bare)
            elif self._is_in_braces and (brace := _CLOSING_BRACE.match(self.text, self.pos)):
                self._find(self.pos, "} that ends a table; delete it")
                self._edit(self.pos, brace.end(), "")
                self.pos = brace.end()
                self._is_in_braces = False
            elif not self._skip_comment():
                self._read_line()

    def _read_header(self, match: re.Match[str]) -> None:
        """Read the line that begins a table."""
        count = min(len(match["open"]), 2) if len(match["open"]) == len(match["close"]) else 0
        name = _correct_section(match["name"])
        is_list = name in LIST_SECTIONS if not count else count == 2 or name in self._doubled
        brackets = 2 if is_list else 1
        right = f"{'[' * brackets}{name}{']' * brackets}"
        found = self.text[match.start() : match.end("close")]
        end = match.end("close")
        behind = match["rest"].strip()
        if behind and behind[0] in ":;,.]" and not behind[1:].strip():
            end, found = match.end(), self.text[match.start() : match.end()].rstrip()
        parts = tuple(part.strip("\"' \t") for part in re.findall(_PART, name))
        if not any(parts):
            self._leave_out_table(match, found, "the name of a table into the brackets, such as [meeting]")
            return
        again = self._enter(parts, is_list=is_list, at=match.start())
        if again is not None:
            place = f"{right} again, as in line {self._lines.number(again)}; put its keys below that one"
            self._leave_out_table(match, place, "")
            return
        if name in self._doubled and count == 1:
            if name not in self._reported_doubled:
                self._find(match.start(), f"{found} more than once", f"{right} above each of them")
            self._reported_doubled.add(name)
            self._edit(match.start(), end, right)
        elif not count or name != match["name"].strip() or end != match.end("close"):
            self._find(match.start(), found, right)
            self._edit(match.start(), end, right)
        self.pos = end
        self._finish_line()

    def _read_bare_header(self, match: re.Match[str]) -> None:
        """Read the name of a table that is not in brackets; its keys may be in braces."""
        name = match["name"].lower()
        right = f"[[{name}]]" if name in LIST_SECTIONS else f"[{name}]"
        if self._enter((name,), is_list=name in LIST_SECTIONS, at=match.start()) is not None:
            self._read_line()
            return
        self._find(match.start(), match[0].strip(), right)
        self._edit(match.start(), match.end(), f"{right} ")
        self.pos = match.end()
        self._is_in_braces = match["open"] == "" and match["close"] == "{"
        self._finish_line()

    def _enter(self, parts: tuple[str, ...], *, is_list: bool, at: int) -> int | None:
        """Make a table the current one; return the place of its header if it is there already."""
        path: Path = ()
        for part in parts[:-1]:
            path = (*path, part)
            if path in self._counts:
                path = (*path, self._counts[path])
        path = (*path, *parts[-1:])
        if is_list:
            self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, self._counts[path])
        elif path in self._tables or path in self.keys:
            return self._tables.get(path, self.keys.get(path))
        self._tables[path] = at
        self._table = path
        return None

    def _leave_out_table(self, match: re.Match[str], found: str, right: str) -> None:
        """Leave a table out whose header cannot be mended, with all its keys."""
        self._find(match.start(), found, right)
        following = re.compile(r"^[ \t]*\[", re.MULTILINE).search(self.text, match.end())
        end = len(self.text) if following is None else following.start()
        self._edit(match.start(), end, "\n" * self.text.count("\n", match.start(), end))
        self.pos = end
        self.is_whole = False

    def _read_line(self) -> None:
        """Read a key and its value, or a line that is neither."""
        if prefix := _PREFIX.match(self.text, self.pos):
            self._find(self.pos, f"{prefix[0].strip()} before a key; delete it")
            self._edit(self.pos, prefix.end(), "")
            self.pos = prefix.end()
        start, edits, findings = self.pos, len(self.edits), len(self.findings)
        key = self._read_key(in_line=True)
        if key is None:
            end = self._line_end(start)
            line = _shorten(self.text[start:end].strip())
            self._find(start, line, "a key, = and a value, or # before a comment")
            self._edit(start, start, "# ")
            self.strays += 1
            self.pos = end
            return
        path = (*self._table, *key)
        self._skip_blanks()
        value = self.pos
        self._read_value("\n", path)
        if self._char() == "," and "array" in _read_kinds().get(key[-1], ()):
            self._read_bare_list(value, path)
        self._finish_line()
        if self.keys.setdefault(path, start) != start:
            del self.edits[edits:], self.findings[findings:]
            first = self._lines.number(self.keys[path])
            self._find(start, f"{key[-1]} again, as in line {first}; delete one of the two")
            self._edit(start, self.pos, "")

    def _read_key(self, *, in_line: bool) -> tuple[str, ...] | None:
        """Read a key and what separates it from its value; None if there is none."""
        start = self.pos
        match = _KEY.match(self.text, start)
        if match is not None:
            self.pos = match.end()
            self._skip_blanks()
            if self._skip_separator():
                return _split_key(match[0])
            known = match[0].lower() in _read_kinds()
            if in_line and known and self.pos > match.end() and _VALUE_START.match(self.text, self.pos):
                self._find(self.pos, f"no = behind {match[0]}", f"{match[0]} = {self._rest_of_line()}")
                self._edit(match.end(), match.end(), " =")
                return _split_key(match[0])
        self.pos = start
        odd = _SMART_KEY.match(self.text, start) or (_SPACED_KEY.match(self.text, start) if in_line else None)
        if odd is None:
            return None
        right = _correct_key(odd["key"])
        end = odd.start("key") + len(odd["key"]) + (odd.re is _SMART_KEY)
        self._find(start, f"the key {_shorten(self.text[start:end])}", right)
        self._edit(start, end, right)
        self.pos = odd.end()
        self._skip_blanks()
        return _split_key(right) if self._skip_separator() else None

    def _write_pair(self, text: str, path: Path) -> str:
        """Return the correct text of a value, with its key unless it is an item of a list."""
        return f"{path[-1]} = {text}" if path and isinstance(path[-1], str) else text

    def _rest_of_line(self) -> str:
        return _shorten(self.text[self.pos : self._line_end()].strip())

    def _skip_separator(self) -> bool:
        """Go over the = behind a key, or over a wrong sign in its place."""
        match = _SEPARATOR.match(self.text, self.pos)
        if match is None:
            return False
        if match[0] != "=":
            self._find(self.pos, f"{match[0]} behind a key", "=")
            self._edit(match.start(), match.end(), "=")
        self.pos = match.end()
        return True

    def _finish_line(self) -> None:
        """Go over the rest of a line behind a value or a header: nothing, or a comment."""
        self._skip_blanks()
        if self.is_cut or self._char() in {"", "\n"}:
            return
        if self._char() in ",;" and self.text[self.pos + 1 : self._line_end()].partition("#")[0].strip() == "":
            self._find(self.pos, f"{self._char()} at the end of the line; delete it")
            self._edit(self.pos, self.pos + 1, "")
            self.pos += 1
            self._skip_blanks()
        if second := _SECOND_KEY.match(self.text, self.pos):
            self._find(second.start("key"), "a second key on the line", "it on a line of its own")
            self._edit(self.pos, second.start("key"), "\n")
            self.pos = second.start("key")
            return
        if self._char() in {"", "\n"} or self._skip_comment():
            return
        rest = self._rest_of_line()
        self._find(self.pos, f"{rest} behind the end; delete it, or write # before a comment")
        self._edit(self.pos, self.pos, "# ")
        self.pos = self._line_end()

    # Values.

    def _read_value(self, closing: str, path: Path, *, list_at: int | None = None) -> None:
        """Read a value; ``closing`` is the bracket around it, or the end of the line."""
        self._skip_blanks()
        letter = self._char()
        if letter == "{" or (letter in _OTHER_BRACKETS and _BRACKET_AND_KEY.match(self.text, self.pos)):
            self._read_table(path)
        elif letter in _OTHER_BRACKETS:
            self._read_list(path)
        elif letter in {'"', "'"}:
            self._read_text(closing, path)
        elif letter and letter in _SMART:
            self._read_smart_text(closing, path)
        else:
            self._read_bare(closing, path, list_at)

    def _value_end(self, closing: str) -> int:
        """Return the end of a value without quotes."""
        pattern = _END_OF_VALUE if closing == "\n" else _END_OF_ITEM
        match = pattern.search(self.text, self.pos)
        end = match.start() if match else len(self.text)
        pair = _PAIR_BEHIND.search(self.text, self.pos, end)
        return self.pos + len(self.text[self.pos : end].rstrip()) if pair is None else pair.start()

    def _read_bare(self, closing: str, path: Path, list_at: int | None) -> None:
        """Read a value that has neither quotes nor brackets."""
        start = self.pos
        end = max(start, self._value_end(closing))
        found = self.text[start:end]
        if closing == "\n" and found[-1:] in {",", ";"}:
            found, end = found[:-1].rstrip(), start + len(found[:-1].rstrip())
        if not found or found.startswith("#"):
            self._miss_value(start, path, closing)
            return
        self.pos = end
        if _is_scalar(found):
            return
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        mend = _mend_bare(found, key, alone=closing == "\n")
        head = f"{key} = " if list_at is None and key and mend.is_value else ""
        self._note(
            _Finding(
                at=start,
                found=f"{_shorten(found)}{mend.note}",
                right=" or ".join(f"{head}{way}" for way in mend.ways or (mend.text,)),
                path=() if mend.is_value else path,
                is_sure=mend.is_sure,
                list_at=list_at,
            )
        )
        self._edit(start, end, mend.text)

    def _read_bare_list(self, start: int, path: Path) -> None:
        """Read the rest of a list without brackets on one line."""
        index = 1
        while self._char() == "," and self.text[self.pos + 1 : self._line_end()].partition("#")[0].strip():
            self.pos += 1
            self._read_value("]", (*path, index), list_at=start)
            self._skip_blanks()
            index += 1
        if index > 1:
            self._find(start, "a list without brackets", f"[{_shorten(self.text[start : self.pos].strip())}]")
            self._edit(start, start, "[")
            self._edit(self.pos, self.pos, "]")

    def _miss_value(self, at: int, path: Path, closing: str) -> None:
        """A key without a value is left out; items on the next lines, each behind a dash, are its value."""
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        if closing == "\n" and (items := _DASHED_ITEMS.match(self.text, at)):
            texts = [item.strip() for item in _DASHED_ITEM.findall(items[0])]
            right = f"[{', '.join(text if text[:1] in _QUOTES else _quote_text(text) for text in texts)}]"
            self._find(at, "items behind dashes", self._write_pair(right, path))
            self._edit(at, items.end(), f"{right}\n")
            self.pos = items.end() - 1
            return
        self._find(at, f"no value for {key}", "one behind the =, or delete the key", path)
        self._edit(at, at, '""')
        if closing == "\n":
            self.pos = at

    def _read_text(self, closing: str, path: Path) -> None:
        """Read a text in quotes, whose last quote may be missing."""
        start, quote = self.pos, self._char()
        if self.text.startswith(quote * 3, start):
            self._read_long_text(path)
            return
        line_end = self._line_end()
        pattern = rf"{quote}(?:\\.|[^{quote}\\\n])*{quote}" if quote == '"' else rf"{quote}[^{quote}\n]*{quote}"
        whole = re.compile(pattern).match(self.text, start)
        if whole is None and quote == '"':  # a backslash before the last quote hides it
            whole = re.compile(r'"[^"\n]*"').match(self.text, start)
        if whole is None:
            if not self._read_text_over_lines(start):
                self._close_text(start, closing, line_end, path)
            return
        inner = whole[0][1:-1]
        behind = re.compile(rf"{_BLANKS}*(?P<next>[^\n]?)").match(self.text, whole.end())
        following = behind["next"] if behind else ""
        if closing == "\n" and following not in {"", "#", ",", ";"} and self._read_inner_quotes(start, path):
            return
        if closing != "\n" and following.isalnum() and (cut := re.search(r"[,\]}]", inner)):
            self._close_text(start, closing, start + 1 + cut.start(), path)
            return
        self.pos = whole.end()
        if quote == '"' and "\\" in _CODE.sub("", inner):
            right = _quote_text(inner)
            self._find(start, "a \\ in a text in double quotes, where it begins a code", self._write_pair(right, path))
            self._edit(start, whole.end(), right)

    def _read_inner_quotes(self, start: int, path: Path) -> bool:
        """Read a text with quotes of its own kind inside, if it is one."""
        quote = self.text[start]
        line = re.split(r"[ \t]+#", self.text[start : self._line_end(start)])[0]
        last = line.rfind(quote)
        if "=" in line[: last + 1] or line.count(quote) < 3:
            return False
        right = _quote_text(line[1:last])
        self._find(start, f"{quote} inside a text, which ends it", self._write_pair(right, path))
        self._edit(start, start + last + 1, right)
        self.pos = start + last + 1
        return True

    def _read_text_over_lines(self, start: int) -> bool:
        """Read a text in quotes that continues in the next lines, if it is one."""
        quote = self.text[start]
        match = re.compile(rf"{quote}[^{quote}]*{quote}(?={_BLANKS}*(?:#|,|\n|\Z))").match(self.text, start)
        if match is None or any(map(_is_line_of_plan, match[0].split("\n")[1:])) or "\n\n" in match[0]:
            return False
        self._find(start, "a text over several lines", f"{quote * 3} before and behind it")
        self._edit(start, start, quote * 2)
        self._edit(match.end(), match.end(), quote * 2)
        self.pos = match.end()
        return True

    def _close_text(self, start: int, closing: str, limit: int, path: Path) -> None:
        """Read a text whose last quote is missing, or is one of a word processor."""
        smart = re.compile(f"[{_SMART}]").search(self.text, start + 1, limit)
        if smart is not None and not self.text[smart.end() : smart.end() + 1].isalnum():
            end, behind = smart.start(), smart.end()
        else:
            stop = r"[ \t]+#" if closing == "\n" else r"[,\]}]|[ \t]+#"
            match = re.compile(stop).search(self.text, start + 1, limit)
            end = behind = match.start() if match else limit
        end = start + len(self.text[start:end].rstrip())
        quote, inner = self.text[start], self.text[start + 1 : end]
        other = "'" if quote == '"' else '"'
        is_mixed = inner.endswith(other) and inner.count(other) == 1
        right = _quote_text(inner.removesuffix(other) if is_mixed else inner)
        at_end = other if is_mixed else "none"
        self._find(start, f"{quote} at the beginning of a text and {at_end} at its end", self._write_pair(right, path))
        self._edit(start, max(end, behind), right)
        self.pos = max(end, behind)

    def _read_long_text(self, path: Path) -> None:
        """Read a text in three quotes; if it has no end, nothing behind it can be read."""
        start, quote = self.pos, self._char()
        match = _LONG_TEXTS[quote].match(self.text, start)
        if match is not None:
            self.pos = match.end()
            return
        self._find(
            start, f"{quote * 3} at the beginning of a text and none at its end", f"{quote * 3} behind the text", path
        )
        self._edit(start, len(self.text), '""\n')
        self.pos = len(self.text)
        self.is_cut = True

    def _read_smart_text(self, closing: str, path: Path) -> None:
        """Read a text in quotes of a word processor."""
        start, limit = self.pos, self._line_end()
        limit = start + len(re.split(r"[ \t]+#", self.text[start:limit])[0])
        ends = [found.start() for found in re.finditer(f"[{_SMART}\"']", self.text[start + 1 : limit])]
        if closing != "\n":  # the text ends with the first quote before what ends a value
            ends = [end for end in ends if _BEFORE_END.match(self.text, start + end + 2, limit)][:1]
        if not ends:
            self._close_text(start, closing, limit, path)
            return
        end = start + 1 + ends[-1]
        inner = self.text[start + 1 : end]
        right = _quote_text(inner.strip() if self.text[start] in "\u00ab\u00bb" else inner)
        self._find(start, "quotes of a word processor", self._write_pair(right, path))
        self._edit(start, end + 1, right)
        self.pos = end + 1

    # Brackets.

    def _read_list(self, path: Path) -> None:
        """Read a list in brackets."""
        start, opening = self.pos, self._char()
        self._level += 1
        if self._level > _MOST_LEVELS:
            self.is_cut, self.pos = True, len(self.text)
            return
        if opening == "(":
            self._find(start, "( before a list", "[ and ]")
            self._edit(start, start + 1, "[")
        self.pos += 1
        edits, index = len(self.edits), 0
        while not self.is_cut:
            content = self.pos
            if not self._skip_to_item():
                self._close_bracket(start, content, "]")
                break
            if self._skip_end_of_list():
                break
            at = self.pos
            if self._char() == ",":
                self._find(at, "a comma too many; delete it")
                self._edit(at, at + 1, "")
                self.pos += 1
                continue
            self._read_value("]", (*path, index), list_at=start)
            self._skip_comma()
            index += 1
            if self.pos == at:
                self._close_bracket(start, at, "]")
                break
        self._level -= 1
        whole = self.text[start : self.pos]
        if "\n" not in whole and len(whole) <= _MOST_SHOWN and path and isinstance(path[-1], str):
            inner = [replace(one, start=one.start - start, end=one.end - start) for one in self.edits[edits:]]
            head = [_Edit(start=0, end=1, text="[")] if opening == "(" else []
            self._lists[start] = f"{path[-1]} = {_apply_edits(whole, [*head, *inner])}"

    def _skip_end_of_list(self) -> bool:
        """Go over the bracket that ends a list, or a wrong one in its place; false if there is none."""
        letter, at = self._char(), self.pos
        if letter not in {"]", ")"} and not (letter == "}" and self._level == 1):
            return False
        if letter == "}":
            self._find(at, "} at the end of a list", "]")
        if letter != "]":
            self._edit(at, at + 1, "]")
        self.pos += 1
        return True

    def _skip_to_item(self) -> bool:
        """Go to the next item of a list or to its end; false where neither comes before another line of the plan."""
        while True:
            self._skip_blanks()
            if self._char() == "#":
                self.pos = self._line_end()
            if self._char() != "\n":
                return self._char() != ""
            self.pos += 1
            line = self.text[self.pos : self._line_end()]
            if _is_line_of_plan(line):
                return False

    def _skip_comma(self) -> None:
        """Go over the comma behind an item; a missing one is inserted."""
        end = self.pos
        self._skip_blanks()
        letter = self._char()
        if letter == ",":
            self.pos += 1
        elif letter == ";":
            self._find(self.pos, "; between two items", ",")
            self._edit(self.pos, self.pos + 1, ",")
            self.pos += 1
        elif letter and letter not in "])}\n#":
            self._find(end, "no comma between two items", "one")
            self._edit(end, end, ",")
        elif letter in {"\n", "#"}:
            self._find_comma_over_lines(end)

    def _find_comma_over_lines(self, end: int) -> None:
        """Look for the comma on the next lines; a missing one is inserted behind the item."""
        idle = _IDLE_LINES.match(self.text, self.pos)
        at = idle.end() if idle else self.pos
        following = self.text[at : self._line_end(at)]
        if following.startswith(","):
            self.pos = at + 1
        elif following[:1] in {"{", '"', "'"} or (following[:1].isdigit() and not _KEY_AND_SIGN.match(following)):
            self._find(end - 1, "no comma behind this item", "one")
            self._edit(end, end, ",")

    def _close_bracket(self, start: int, end: int, closing: str) -> None:
        """Insert a missing bracket behind what was read."""
        opening = self.text[start]
        end = start + len(self.text[start:end].rstrip())
        last = "the last key" if closing == "}" else "the last of the list"
        self._find(start, f"{opening} and no {closing} that ends it", f"{closing} behind {last}")
        self._edit(end, end, closing)
        self.pos = end

    def _read_table(self, path: Path) -> None:
        """Read a table in braces, which TOML wants on one line; it may be in other brackets."""
        start, opening = self.pos, self._char()
        closing = _OTHER_BRACKETS.get(opening, "}")
        if opening != "{":
            self._find(start, f"{opening} before keys", "{ and }")
            self._edit(start, start + 1, "{")
        self._level += 1
        if self._level > _MOST_LEVELS:
            self.is_cut, self.pos = True, len(self.text)
            return
        self.pos += 1
        seen: dict[Path, int] = {}
        comma: int | None = None
        lines = 0
        while not self.is_cut:
            content = self.pos
            broken = self._skip_lines_of_table(closing, may_go_on=comma is not None or not seen)
            if broken is None:
                self._close_bracket(start, content if comma is None else comma, "}")
                break
            lines += broken
            if self._char() == closing:
                self._end_table(comma, closing)
                break
            at, edits = self.pos, len(self.edits)
            if broken and seen and comma is None:
                self._find(at, "no comma before this key", "one")
                self._edit(at, at, ", ")
            key = self._read_key(in_line=False)
            if key is None:
                self._find(at, f"{self._rest_of_line()} in a table in braces, where a key and = belong")
                self.is_cut, self.pos = True, len(self.text)
                return
            self._read_value("}", (*path, *key))
            if seen.setdefault(key, at) != at:
                del self.edits[edits:]
                self._find(at, f"{key[-1]} twice in one table; delete one of the two")
                self._edit(at if comma is None else comma, self.pos, "")
            comma = self._skip_comma_in_table()
        if lines:
            self._find(start, "a table in braces on several lines", "it on one line")
        self._level -= 1

    def _end_table(self, comma: int | None, closing: str) -> None:
        """Go over the bracket that ends a table; a comma before it is deleted."""
        if comma is not None:
            self._find(comma, f", before {closing}; delete it")
            self._edit(comma, comma + 1, "")
        self._edit(self.pos, self.pos + 1, "}")
        self.pos += 1

    def _skip_lines_of_table(self, closing: str, *, may_go_on: bool) -> int | None:
        """Go to the next key of a table in braces; how many lines lie before it; None if the table has no end."""
        lines = 0
        while True:
            self._skip_blanks()
            letter = self._char()
            if letter == "#":
                end = self._line_end()
                self._edit(self.pos, end, "")
                self.pos = end
            elif letter == "\n":
                following = self.text[self.pos + 1 : self._line_end(self.pos + 1)].lstrip()
                goes_on = may_go_on or _REST_OF_TABLE.match(following)
                if following[:1] not in {closing, "#", ""} and not (goes_on and _KEY_AND_SIGN.match(following)):
                    return None
                self._edit(self.pos, self.pos + 1, " ")
                self.pos += 1
                lines += 1
            else:
                return None if letter in {"", "]", "{", "["} - {closing} else lines

    def _skip_comma_in_table(self) -> int | None:
        """Go over the comma behind a value of a table in braces and return its place; None if there is none."""
        self._skip_blanks()
        at, letter = self.pos, self._char()
        if letter in {",", ";"}:
            if letter == ";":
                self._find(at, "; between two keys", ",")
                self._edit(at, at + 1, ",")
            self.pos += 1
            return at
        if _KEY_AND_SIGN.match(self.text[at : self._line_end()]):
            self._find(at, "no comma before this key", "one")
            self._edit(at, at, ", ")
        return None


_KEY_AND_SIGN = re.compile(rf"{_PART}{_BLANKS}*[=:]")
_BRACKET_AND_KEY = re.compile(rf"[\[(]{_BLANKS}*{_PART}{_BLANKS}*=")
_REST_OF_TABLE = re.compile(r"[^{}\n]*\}")
_OTHER_BRACKETS = {"[": "]", "(": ")"}
"""The brackets of a list, right ones and wrong ones, which may also stand where the braces of a table belong."""


def _is_line_of_plan(line: str) -> bool:
    """Return whether a line is a header or a key with a value, and so not part of a list."""
    plain = line.strip()
    header = re.match(r"\[{1,2}[ \t]*([a-z-]+)[ \t.\]]", plain)
    return bool(header and header[1] in SECTIONS) or bool(re.match(rf"{_PART}[ \t]*=", plain))


def _split_key(key: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, key))


def _correct_section(found: str) -> str:
    """Return the name of a table as TOML writes it: unchanged, else that of a similar section, else quoted."""
    plain = found.strip()
    if _KEY.fullmatch(plain):
        return plain
    return _correct_key(plain)


def _correct_key(found: str) -> str:
    """Return a key as TOML writes it; the name of a similar key of the plan if there is one."""
    plain = found.strip(f"{_SMART}\"' \t")
    kebab = re.sub(rf"[\s_{_DASHES}]+", "-", plain).lower()
    known = SECTIONS | _read_kinds().keys()
    if kebab in known:
        return kebab
    if meant := find_nearest(kebab, known, cutoff=0.85):
        return meant[0]
    return plain if re.fullmatch(r"[A-Za-z0-9_-]+", plain) else _quote_text(plain)


def _is_scalar(text: str) -> bool:
    """Return whether a text is a number, a date, a time, true or false of TOML."""
    if re.search(r"[\"'\[{#=\n]", text):
        return False
    try:
        tomllib.loads(f"x = {text}")
    except ValueError:
        return False
    return True


def _quote_text(text: str) -> str:
    """Return a text as TOML writes it, in double quotes where it may be."""
    clean = "".join(" " if letter.isspace() else letter for letter in text if letter.isspace() or letter.isprintable())
    if '"' not in clean and "\\" not in clean:
        return f'"{clean}"'
    if "'" not in clean:
        return f"'{clean}'"
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shorten(text: str) -> str:
    """Return text for a message: on one line, not too long, without invisible letters."""
    shown = "".join(_show_letter(letter) for letter in text)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[: _MOST_SHOWN - 3]}..."


_NOTHING = frozenset({"none", "null", "nil", "n/a", "na", "-", "?", "tbd", "undefined"})
_BELONGS = {"date": "a date such as 2026-10-06", "integer": "a whole number", "boolean": "true or false"}
"""What belongs under a key that takes no text, by the kind of its values."""


def _mend_bare(found: str, key: str, *, alone: bool) -> _Mend:
    """Return the correction of a value that has no quotes and is not TOML.

    One that stands ``alone`` on its line may be a list without brackets.
    """
    kinds = _read_kinds().get(key, frozenset({"string"}))
    bare = found.strip(f"\"'{_SMART}")
    if bare != found:
        return _Mend(text=_quote_text(bare), note=" with one quote")
    if found.lower() in _NOTHING:
        return _Mend(text='""', ways=("nothing at all, and delete the key",), is_value=False)
    if alone and "array" in kinds and "string" not in kinds:
        items = [item.strip() for item in re.split(r"[,;]", found) if item.strip()]
        texts = (item if _is_scalar(item) else _mend_bare(item, key, alone=False).text for item in items)
        return _Mend(text=f"[{', '.join(texts)}]", note=" without brackets")
    for mend_kind in (_mend_truth, _mend_length, _mend_date, _mend_clock, _mend_number):
        if mend := mend_kind(found, kinds):
            return mend
    belongs = [words for kind, words in _BELONGS.items() if kind in kinds]
    if belongs and not kinds & {"string", "length", "clock"}:
        return _Mend(text='""', ways=(belongs[0],), is_value=False)
    return _Mend(text=_quote_text(found), note=" without quotes")


def _mend_truth(found: str, kinds: frozenset[str]) -> _Mend | None:
    truth = guess_bool(found)
    if truth is None or not ("boolean" in kinds or found.lower() in {"true", "false"}):
        return None
    return _Mend(text=str(truth).lower(), note=" where true or false belongs")


def _mend_length(found: str, kinds: frozenset[str]) -> _Mend | None:
    meant = guess_length(found) if "length" in kinds else None
    return None if meant is None else _Mend(text=f'"{meant}"')


def _mend_date(found: str, kinds: frozenset[str]) -> _Mend | None:
    days = guess_dates(found) if len(found) > 8 or "date" in kinds else ()
    if len(days) == 1:
        return _Mend(text=str(days[0]))
    if days:
        ways = tuple(f"{day} ({format_day(day)})" for day in days)
        return _Mend(text=str(days[0]), note=", which may be two dates", ways=ways, is_sure=False)
    if "date" in kinds and re.fullmatch(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}", found):
        why = explain_no_day(found)
        note = f", a day that does not exist{f': {why}' if why else ''}"
        return _Mend(text='""', note=note, ways=("another date",), is_value=False)
    return None


def _mend_clock(found: str, kinds: frozenset[str]) -> _Mend | None:
    if _RANGE.fullmatch(found):
        return _Mend(text=f'"{found}"', note=" without quotes")
    both = _CLOCK_AND_ZONE.fullmatch(found)
    may_be = bool(kinds & {"clock", "array"}) and not found.isdigit()
    at = guess_clock(both["clock"] if both else found) if may_be else None
    if at is None:
        return None
    right = f'"{at:%H:%M}"'
    if both:
        return _Mend(text=right, ways=(f'{right}, zone = "{both["zone"]}"',))
    return _Mend(text=right, note=" without quotes" if f"{at:%H:%M}" == found else "")


def _mend_number(found: str, kinds: frozenset[str]) -> _Mend | None:
    counted = _COUNTED.fullmatch(found)
    if _THOUSANDS.fullmatch(found):
        return _Mend(text=re.sub(r"[^0-9+-]", "", found).lstrip("0") or "0")
    return _Mend(text=str(int(counted[1]))) if counted and "integer" in kinds else None
