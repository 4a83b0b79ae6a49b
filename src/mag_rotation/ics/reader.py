"""A lenient reader of calendar files that other programs wrote.

A file becomes components and properties with their line numbers. Values are parsed when they are requested, so that a
broken one only affects answers that need it. Unreadable parts are left out and reported with their lines. A file that
was cut off is refused, because it is unknown what is missing. The project's own editions are read strictly, in
:mod:`mag_rotation.ics.previous`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from mag_rotation.errors import InvalidValue, list_lines, quote_value
from mag_rotation.limits import CALENDAR, LISTED_TIMES, PARAMETER_BYTES, find_calendar_problem
from mag_rotation.values import Fact, FactCode

__all__ = [
    "DAMAGE",
    "Component",
    "Contents",
    "Duration",
    "FileNote",
    "Notes",
    "OmittedPart",
    "Period",
    "Property",
    "Time",
    "all_of",
    "duration_of",
    "integer_of",
    "offset_of",
    "one_of",
    "read_lenient",
    "rule_of",
    "split_physical_lines",
    "text_of",
    "time_of",
    "times_of",
    "unescape",
]

_UNREAD = "cannot be read whole as iCalendar"
_A_TIME = "a time such as 20260901T140000Z"

_NAME = re.compile(r"\s*([A-Za-z0-9_./-]+)[ \t]*(?=[;:])")
_MARK = re.compile('[";:]')
_CLOSING = re.compile(r'"[ \t]*(?:[;:,]|$)')
_VALUE = re.compile(r'[ \t]*"([^"]*)"[ \t]*(?:,|$)|([^,]*)(?:,|$)')
_TIMES = re.compile(r"[0-9TZPWDHMS/,+ \t-]+", re.IGNORECASE)
"""The form of times, lengths and periods; it has no colon."""

_ADDRESS = re.compile(r"[ \t]*mailto:", re.IGNORECASE)
_CARET = {"^n": "\n", "^^": "^", "^'": '"'}
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters that a plan refuses in a text: control characters other than newline and tab."""

_ESCAPES = re.compile(r'\\([nN,;:"\\])')

_TIME = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})?(Z)?)?", re.IGNORECASE)
_DURATION = re.compile(
    r"([+-])?P(?:([0-9]{1,8})W)?(?:([0-9]{1,8})D)?(?:T(?:([0-9]{1,8})H)?(?:([0-9]{1,8})M)?(?:([0-9]{1,8})S)?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-]?)([0-9]{2})([0-9]{2})([0-9]{2})?")
_MOST_OFFSET = timedelta(hours=26)

_OF_TIMES = {"DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "RDATE", "EXDATE"}
_LISTS = {"RDATE", "EXDATE"}
_OF_PEOPLE = {"ATTENDEE", "ORGANIZER"}

_IN_CALENDAR = frozenset({"VEVENT", "VTIMEZONE", "VTODO", "VJOURNAL", "VFREEBUSY"})
"""Components that some programs export without the calendar around them."""

_WHOLE = {"VCALENDAR", "VEVENT"}
"""Components that an answer may need; if one has no END, the file was cut off."""

_MUST_HAVE = {
    "STANDARD": ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"),
    "DAYLIGHT": ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"),
}


class FileNote(FactCode):
    """How a part of a calendar file was read that is not written as RFC 5545 requires."""

    NO_PROPERTY = "line_without_property"
    OUTSIDE = "line_outside_calendar"
    BARE = "event_outside_calendar"
    STRAY_END = "end_without_begin"
    NO_END = "component_without_end"
    NO_UTF8 = "line_not_utf8"
    UNREADABLE = "property_unreadable"
    INCOMPLETE = "clock_rule_incomplete"


DAMAGE: Mapping[FactCode, str] = {
    FileNote.NO_PROPERTY: "cannot be read as a property",
    FileNote.OUTSIDE: "stands outside the calendar",
    FileNote.BARE: "stands in no calendar",
    FileNote.STRAY_END: "ends nothing",
    FileNote.NO_END: "has no END",
    FileNote.NO_UTF8: "is not UTF-8",
}
"""The damage that is tolerated in calendars of other programs, and what an error says about its line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """A property; ``value`` is the raw text, ``name`` and the names of ``params`` are in capitals."""

    name: str
    params: tuple[tuple[str, tuple[str, ...]], ...]
    value: str
    line: int

    def param(self, name: str) -> str | None:
        """Return the text of a parameter, with its values joined by commas; None if it is missing."""
        values = self.param_values(name)
        return ",".join(values) if values else None

    def param_values(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter; empty if it is missing."""
        return next((values for one, values in self.params if one == name), ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """A component with its properties and sub-components in order; ``line`` is that of its BEGIN."""

    name: str
    line: int
    properties: tuple[Property, ...]
    components: tuple[Component, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OmittedPart:
    """Something that was unreadable or was read in another way than it is written."""

    note: Fact
    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Notes:
    """Facts about parts of a file that an answer ignores or reads differently, each with its lines.

    They are collected while a file is read, so that this value is mutable.
    """

    _found: dict[Fact | str, tuple[Fact, list[int | None]]] = field(default_factory=dict)

    def add(self, fact: Fact, line: int | None = None, *, key: str | None = None) -> None:
        """Add a fact, with its line if there is one; facts with the same ``key``, or equal ones, are counted."""
        self._found.setdefault(key or fact, (fact, []))[1].append(line)

    def facts(self) -> tuple[Fact, ...]:
        """Return the facts in their order, each with the figures ``count`` and ``lines``.

        >>> notes = Notes()
        >>> for line in (9, 4, 4):
        ...     notes.add(Fact.of(FileNote.UNREADABLE, property="URL"), line)
        >>> [dict(fact.figures) for fact in notes.facts()]
        [{'property': 'URL', 'count': 3, 'lines': (4, 9)}]
        """
        return tuple(
            Fact.of(
                fact.code,
                **fact.figures,
                count=len(lines),
                lines=tuple(sorted({line for line in lines if line is not None})),
            )
            for fact, lines in self._found.values()
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """The calendars (VCALENDAR) of a file, and the parts that were left out, by line."""

    calendars: tuple[Component, ...]
    left_out: tuple[OmittedPart, ...]

    @property
    def components(self) -> tuple[Component, ...]:
        """All components, each before its sub-components."""
        found, waiting = [], list(reversed(self.calendars))
        while waiting:
            found.append(waiting.pop())
            waiting += reversed(found[-1].components)
        return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Duration:
    """A length: ``days`` of the calendar, then ``time`` that elapses; both are negative in a negative length."""

    days: int
    time: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A start with an end or a length, as RDATE may have it."""

    start: datetime
    end: datetime | Duration


Time = date | datetime | Period
"""A day, a wall time, an instant in UTC, or a period."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _OpenComponent:
    """A component whose END has not been read yet."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    def close(self) -> Component:
        return Component(
            name=self.name, line=self.line, properties=tuple(self.properties), components=tuple(self.components)
        )


def read_lenient(data: bytes) -> Contents:
    """Read a calendar file; raises :class:`InvalidValue` if it is not one, or if it was cut off.

    If a file has events and no calendar, the events are read as if they were in one.

    >>> contents = read_lenient(b"BEGIN:VCALENDAR\\nBEGIN:VEVENT\\nGEO:abc\\nUID:a\\nEND:VEVENT\\nEND:VCALENDAR")
    >>> [component.name for component in contents.components], contents.left_out[0].line
    (['VCALENDAR', 'VEVENT'], 3)
    >>> read_lenient(b"BEGIN:VCALENDAR")
    Traceback (most recent call last):
    mag_rotation.errors.InvalidValue: cannot be read whole as iCalendar: the 'VCALENDAR' that begins in line 1 has no \
END, so the file was cut off; get it once more
    """
    problem = (
        "is in UTF-16; save it in UTF-8" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else find_calendar_problem(data)
    )
    if problem:
        raise InvalidValue(f"{_UNREAD}: it {problem}")
    left_out: list[OmittedPart] = []
    rows = _read_rows(data, left_out)
    outermost = _choose_outermost(rows)
    calendars: list[Component] = []
    stack: list[_OpenComponent] = []
    opened: Counter[str] = Counter()  # how many of each name are in the stack
    for line, read in rows:
        if read is not None and read.name == "BEGIN" and (stack or _read_component_name(read) in outermost):
            stack.append(_OpenComponent(name=_read_component_name(read), line=line))
            opened[stack[-1].name] += 1
        elif read is not None and read.name == "END" and stack:
            calendars += _close_component(_read_component_name(read), line, stack, opened, left_out)
        elif not stack:
            left_out.append(OmittedPart(note=Fact.of(FileNote.OUTSIDE), line=line))
        elif read is None:
            left_out.append(OmittedPart(note=Fact.of(FileNote.NO_PROPERTY), line=line))
        else:
            stack[-1].properties.append(read)
    if stack:
        last = stack[-1]
        raise InvalidValue(
            f"{_UNREAD}: the {quote_value(last.name)} that begins in line {last.line} has no END, so the file was cut "
            "off; get it once more"
        )
    if not calendars:
        raise InvalidValue(f"{_UNREAD}: no line is BEGIN:VCALENDAR")
    if outermost == _IN_CALENDAR:
        left_out += (
            OmittedPart(note=Fact.of(FileNote.BARE), line=one.line) for one in calendars if one.name == "VEVENT"
        )
        calendars = [Component(name="VCALENDAR", line=calendars[0].line, properties=(), components=tuple(calendars))]
    contents = Contents(calendars=tuple(calendars), left_out=())
    _check_lists(contents)
    left_out += (one for component in contents.components for one in _find_unreadable(component))
    return Contents(calendars=contents.calendars, left_out=tuple(sorted(left_out, key=lambda one: one.line)))


def _read_rows(data: bytes, left_out: list[OmittedPart]) -> list[tuple[int, Property | None]]:
    """Return the property of each line, None if the line is not one."""
    rows = []
    for line, raw in _unfold_lines(data.removeprefix(b"\xef\xbb\xbf")):
        text, is_utf8 = _decode(raw)
        if not is_utf8:
            left_out.append(OmittedPart(note=Fact.of(FileNote.NO_UTF8), line=line))
        rows.append((line, _read_property(text, line)))
    return rows


def _choose_outermost(rows: Iterable[tuple[int, Property | None]]) -> frozenset[str]:
    """Return the top-level components: calendars, or their contents if a file has events and no calendar."""
    begun = {_read_component_name(read) for _, read in rows if read is not None and read.name == "BEGIN"}
    return _IN_CALENDAR if "VEVENT" in begun and "VCALENDAR" not in begun else frozenset({"VCALENDAR"})


def _close_component(
    name: str, line: int, stack: list[_OpenComponent], opened: Counter[str], left_out: list[OmittedPart]
) -> Iterator[Component]:
    """Close the innermost open component with a name and everything open in it; return the outermost if it ends."""
    if not opened[name]:
        left_out.append(OmittedPart(note=Fact.of(FileNote.STRAY_END), line=line))
        return
    while True:
        last = stack.pop()
        opened[last.name] -= 1
        if stack:
            stack[-1].components.append(last.close())
        else:
            yield last.close()
        if last.name == name:
            return
        if last.name in _WHOLE:
            where = f"before the END of {quote_value(name)} in line {line}"
            problem = f"the {last.name} that begins in line {last.line} has no END {where}"
            raise InvalidValue(f"{_UNREAD}: {problem}; get the file once more")
        left_out.append(OmittedPart(note=Fact.of(FileNote.NO_END), line=last.line))


def _check_lists(contents: Contents) -> None:
    """Raise :class:`InvalidValue` if lists have more times than are accepted."""
    counts = (one.value.count(",") + 1 for part in contents.components for one in part.properties if one.name in _LISTS)
    if sum(counts) > LISTED_TIMES:
        most = (
            f"more than {LISTED_TIMES:,} times in {' and '.join(sorted(_LISTS))}, the most that is read of a calendar"
        )
        raise InvalidValue(f"{_UNREAD}: it has {most}; {CALENDAR.cure}")


def split_physical_lines(data: bytes) -> list[bytes]:
    """Return the physical lines of a file, with a CR at the end of each that ends with CR LF."""
    return data.split(b"\n" if b"\n" in data else b"\r")


def _unfold_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines without folds and blank lines, each with the number of its first physical line.

    Bytes are unfolded before they are decoded, because a fold may be inside a character.
    """
    parts: list[bytes] = []
    begin = 0
    for number, row in enumerate((row.rstrip(b"\r") for row in split_physical_lines(data)), start=1):
        if row[:1] in {b" ", b"\t"} and parts:
            parts.append(row[1:])
        elif row.strip():
            if parts:
                yield begin, b"".join(parts)
            parts, begin = [row], number
    if parts:
        yield begin, b"".join(parts)


def _decode(raw: bytes) -> tuple[str, bool]:
    try:
        return raw.decode(), True
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), False


def _read_component_name(read: Property) -> str:
    return read.value.strip().upper()


# Lines.


def _read_property(text: str, line: int) -> Property | None:
    """Return the property of a line; None if the line is not one."""
    named = _NAME.match(text)
    if named is None:
        return None
    name, start = named[1].upper(), named.end()
    if text[start] == ":":
        return Property(name=name, params=(), value=text[start + 1 :], line=line)
    cut = _find_value_colon(name, text, start)
    if cut is None:
        return None
    colon, quoting = cut
    if colon - start > PARAMETER_BYTES:
        return None
    edges = [at for at, mark in _find_separators(text, start, quoting=quoting) if mark == ";" and at < colon]
    pieces = [text[begin + 1 : end] for begin, end in zip(edges, [*edges[1:], colon], strict=True)]
    return Property(name=name, params=_read_params(pieces), value=text[colon + 1 :], line=line)


def _find_value_colon(name: str, text: str, start: int) -> tuple[int, bool] | None:
    """Return the position of the colon before the value, and whether quotes were respected to find it.

    Parameter values may contain unquoted colons (a TZID of Exchange, a SENT-BY), so the form of the value decides if
    possible. A quote that is never closed is ignored.
    """
    if name in _OF_TIMES:
        last = text.rfind(":")
        if last > start and _TIMES.fullmatch(text, last + 1):
            return last, True
    for quoting in (True, False):
        colons = [at for at, mark in _find_separators(text, start, quoting=quoting) if mark == ":"]
        if name in _OF_PEOPLE:
            colons = [at for at in colons if _ADDRESS.match(text, at + 1)] or colons
        if colons:
            return colons[0], quoting
    return None


def _find_separators(text: str, start: int, *, quoting: bool) -> Iterator[tuple[int, str]]:
    """Yield the semicolons and colons outside quotes.

    A quote opens a value only at its beginning and closes it only at its end; other quotes belong to broken names.
    """
    is_quoted = False
    for found in _MARK.finditer(text, start):
        at, mark = found.start(), found.group()
        if mark != '"':
            if not is_quoted:
                yield at, mark
        elif is_quoted:
            is_quoted = not _CLOSING.match(text, at)
        else:
            is_quoted = quoting and text[at - 1] in "=,"


def _read_params(pieces: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the parameters of a line; a part without a name belongs to the previous parameter."""
    params: list[tuple[str, list[str]]] = []
    for piece in pieces:
        name, equals, value = piece.partition("=")
        if equals:
            params.append((name.strip().upper(), [value]))
        elif params:
            params[-1][1].append(piece)
    found: dict[str, tuple[str, ...]] = {}
    for name, parts in params:
        found.setdefault(name, _split_values(";".join(parts)))
    return tuple(found.items())


def _split_values(text: str) -> tuple[str, ...]:
    """Return the values of a parameter, unquoted and decoded by RFC 6868."""
    if '"' not in text:
        values = text.split(",")
    else:
        found = list(_VALUE.finditer(text))
        values = [one[1] if one[1] is not None else one[2] for one in found if one.end() > one.start()]
    return tuple(re.sub(r"\^[n^']", lambda one: _CARET[one[0]], value) for value in values)


# What properties say.


def all_of(component: Component, name: str) -> tuple[Property, ...]:
    """Return every property with a name."""
    return tuple(one for one in component.properties if one.name == name)


def one_of(component: Component, name: str) -> Property:
    """Return the property with a name that must occur once; raises :class:`InvalidValue` otherwise."""
    found = all_of(component, name)
    if len(found) != 1:
        lines = list_lines([one.line for one in found])
        where = f"the {quote_value(component.name)} of line {component.line}"
        raise InvalidValue(f"found {len(found)} {name}{lines}; {where} must have one")
    return found[0]


def text_of(component: Component, name: str) -> str:
    """Return the first property with a name as NFC text without characters that a plan refuses; empty if missing."""
    found = next((one.value for one in component.properties if one.name == name), "")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", unescape(found))).strip()


def unescape(value: str) -> str:
    r"""Return the text of a value of the type TEXT.

    >>> unescape(r"a\, b\nc\\n")
    'a, b\nc\\n'
    """
    return _ESCAPES.sub(lambda one: "\n" if one[1] in "nN" else one[1], value)


def integer_of(found: Property) -> int | None:
    """Return the integer of a property; None if it is not one.

    >>> integer_of(Property(name="SEQUENCE", params=(), value=" 5", line=1))
    5
    """
    text = found.value.strip()
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,10}", text) else None


def time_of(found: Property) -> date | datetime:
    """Return the date, wall time or UTC instant of a property; raises :class:`InvalidValue` if it has none.

    >>> time_of(Property(name="DTSTART", params=(), value="20260901T140000", line=7)).isoformat()
    '2026-09-01T14:00:00'
    """
    read = _parse_time(found.value.strip())
    if read is None:
        raise _make_unread_error(found, _A_TIME)
    return read


def times_of(found: Property) -> tuple[Time, ...]:
    """Return every time of a list (RDATE, EXDATE); raises :class:`InvalidValue` if one is unreadable."""
    times: list[Time] = []
    for text in filter(None, map(str.strip, found.value.split(","))):
        begin, slash, rest = text.partition("/")
        start, end = _parse_time(begin), _parse_time(rest) or _parse_duration(rest)
        if not slash and start is not None:
            times.append(start)
        elif isinstance(start, datetime) and isinstance(end, datetime | Duration):
            times.append(Period(start=start, end=end))
        else:
            raise _make_unread_error(found, _A_TIME)
    if not times:
        raise _make_unread_error(found, _A_TIME)
    return tuple(times)


def duration_of(found: Property) -> Duration:
    """Return the length of a property; raises :class:`InvalidValue` if it has none."""
    read = _parse_duration(found.value.strip())
    if read is None:
        raise _make_unread_error(found, "one such as PT2H")
    return read


def rule_of(found: Property) -> Mapping[str, str]:
    """Return the parts of a recurrence rule by name, in capitals; raises :class:`InvalidValue` if it is not one."""
    text = re.sub(r"[\s\\]", "", found.value.upper())  # some programs escape a rule as if it were a text
    pieces = [piece.partition("=") for piece in text.split(";") if piece]
    rule = {name: value for name, _, value in pieces}
    if "FREQ" not in rule or not all(rule.values()):
        raise _make_unread_error(found, "one such as FREQ=WEEKLY;INTERVAL=2")
    return rule


def offset_of(found: Property) -> timedelta | None:
    """Return the UTC offset of a property; None if it is not one.

    Apple writes the 53 minutes and 28 seconds of historical Berlin without the hours.

    >>> for text in ("-0730", "+5328", "+005328"):
    ...     print(offset_of(Property(name="TZOFFSETFROM", params=(), value=text, line=1)))
    -1 day, 16:30:00
    0:53:28
    0:53:28
    """
    read = _OFFSET.fullmatch(found.value.strip())
    if read is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in read.groups()[1:])
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset > _MOST_OFFSET:
        offset = timedelta(minutes=hours, seconds=minutes)
    return -offset if read[1] == "-" else offset


def _make_unread_error(found: Property, right: str) -> InvalidValue:
    what = f"{found.name} that cannot be read, {quote_value(found.value)} in line {found.line}"
    return InvalidValue(f"found {what}; write {right}")


def _parse_time(text: str) -> date | datetime | None:
    read = _TIME.fullmatch(text)
    if read is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in read.groups()[:6])
    try:
        if read[4] is None:
            return date(year, month, day)
        # a leap second is the last one of its minute here
        wall = datetime(year, month, day, hour, minute, min(second, 59) if second <= 60 else second)  # noqa: DTZ001
    except ValueError:
        return None
    return wall.replace(tzinfo=UTC) if read[7] else wall


def _parse_duration(text: str) -> Duration | None:
    read = _DURATION.fullmatch(text)
    if read is None or not any(read.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in read.groups()[1:])
    sign = -1 if read[1] == "-" else 1
    return Duration(
        days=sign * (7 * weeks + days), time=sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)
    )


# What an answer may do without.


def _find_unreadable(component: Component) -> Iterator[OmittedPart]:
    """Yield the unreadable properties of a component that would not be noticed otherwise."""
    for one in component.properties:
        is_readable = _READABLE.get(one.name)
        if is_readable is not None and not is_readable(one):
            yield OmittedPart(note=Fact.of(FileNote.UNREADABLE, property=one.name), line=one.line)
    for name in _MUST_HAVE.get(component.name, ()):
        if not all_of(component, name):
            yield OmittedPart(
                note=Fact.of(FileNote.INCOMPLETE, component=component.name, property=name), line=component.line
            )


def _is_time(found: Property) -> bool:
    return _parse_time(found.value.strip()) is not None


def _is_trigger(found: Property) -> bool:
    return _is_time(found) or _parse_duration(found.value.strip()) is not None


def _is_integer(found: Property) -> bool:
    return integer_of(found) is not None


def _is_place(found: Property) -> bool:
    return re.fullmatch(r"\s*[+-]?[0-9.]+\s*;\s*[+-]?[0-9.]+\s*", found.value) is not None


_READABLE: Mapping[str, Callable[[Property], bool]] = {
    **dict.fromkeys(("CREATED", "LAST-MODIFIED", "DTSTAMP", "COMPLETED", "DUE"), _is_time),
    **dict.fromkeys(("SEQUENCE", "PRIORITY", "PERCENT-COMPLETE", "REPEAT"), _is_integer),
    **dict.fromkeys(("TZOFFSETFROM", "TZOFFSETTO"), lambda found: offset_of(found) is not None),
    "TRIGGER": _is_trigger,
    "GEO": _is_place,
}
