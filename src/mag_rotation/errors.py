"""The errors that the library raises.

Every error is a subclass of :class:`MagRotationError` and of a builtin exception. It keeps its facts in ``args``, so
that it can be pickled, and its message says where the problem is, what was found and what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

__all__ = [
    "AmbiguousCall",
    "Infeasible",
    "InvalidCalendar",
    "InvalidEdit",
    "InvalidHours",
    "InvalidInstant",
    "InvalidLedger",
    "InvalidMember",
    "InvalidMessages",
    "InvalidPlan",
    "InvalidProgramme",
    "InvalidProposal",
    "InvalidReplies",
    "InvalidRequest",
    "InvalidRoster",
    "InvalidScheduleFile",
    "InvalidSeries",
    "InvalidStarts",
    "InvalidValue",
    "InvalidZoneData",
    "MagRotationError",
    "MissingExtra",
    "Mistake",
    "RefusedByServer",
    "RefusedLayout",
    "RefusedOutput",
    "UnknownCall",
    "UnknownMember",
    "UnknownOption",
    "UnknownSession",
    "UnknownZone",
    "UnreachableServer",
    "UnreadableFile",
    "UnusableEdition",
    "escape_controls",
    "is_control",
    "list_lines",
    "quote_value",
]

_MOST_QUOTED = 80


class MagRotationError(Exception):
    """The base class of all errors that this library raises."""


def list_lines(lines: Sequence[int], most: int = 5) -> str:
    """Return the numbers of lines as they stand behind a sentence; empty if there are none.

    >>> list_lines([]), list_lines([4]), list_lines([4, 9]), list_lines(range(1, 7))
    ('', ': line 4', ': lines 4 and 9', ': lines 1, 2, 3, 4, 5 and more')
    """
    if len(lines) < 2:
        return f": line {lines[0]}" if lines else ""
    shown = list(map(str, lines[:most]))
    last = "more" if len(lines) > most else shown.pop()
    return f": lines {', '.join(shown)} and {last}"


def quote_value(value: object) -> str:
    """Return a value as messages quote it: its ``repr`` on one line, shortened to 80 characters.

    >>> quote_value("Geneva"), len(quote_value("Geneva" * 1000))
    ("'Geneva'", 80)
    """
    text = repr(value)
    return text if len(text) <= _MOST_QUOTED else f"{text[: _MOST_QUOTED - 3]}..."


def is_control(letter: str) -> bool:
    """Return whether a letter is a control character (C0 or C1).

    >>> is_control("\\n"), is_control("\\u200f")
    (True, False)
    """
    return ord(letter) < 32 or 127 <= ord(letter) < 160


def escape_controls(text: str) -> str:
    r"""Return a text that is safe to print: control characters other than newline and tab are escaped.

    >>> print(escape_controls("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    if text.isprintable():
        return text
    return "".join(f"\\x{ord(one):02x}" if is_control(one) and one not in "\n\t" else one for one in text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """One mistake in an input.

    ``place`` is the path of the value (``rotation.slots[1].zone``, ``members.csv row 7, column zone``). ``problem``
    says what was found there and what would be right. ``excerpt`` is the line with the value and a mark below it.

    >>> print(Mistake(place="schedule.count", problem="found 0; a series has 1 to 10000 rule dates"))
    schedule.count: found 0; a series has 1 to 10000 rule dates
    """

    place: str
    problem: str
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"

    @property
    def for_people(self) -> str:
        """The mistake with the number of each table from 1 on, as people count, before its place.

        >>> Mistake(place="rotation.slots[1].at", problem="missing").for_people
        'slot 2 (rotation.slots[1].at): missing'
        >>> Mistake(place="schedule.first", problem="missing").for_people
        'schedule.first: missing'
        """
        numbers = [
            f"{_COUNTED[found['name']]} {int(found['index']) + 1}"
            for found in _INDEXED.finditer(self.place)
            if found["name"] in _COUNTED
        ]
        return f"{', '.join(numbers)} ({self.place}): {self.problem}" if numbers else str(self)


_INDEXED = re.compile(r"(?P<name>[a-z-]+)\[(?P<index>[0-9]{1,9})\]")
_COUNTED = {
    "slots": "slot",
    "members": "member",
    "exceptions": "exception",
    "extras": "extra call",
    "phases": "phase",
    "sessions": "session",
    "segments": "segment",
    "people": "person",
    "stays": "stay",
}
"""What people call one of the tables that a place counts from 0."""


class InvalidHours(MagRotationError, ValueError):
    """A time window or a burden curve that cannot be used."""


class InvalidMember(MagRotationError, ValueError):
    """A member whose data contradict each other."""


class InvalidInstant(MagRotationError, ValueError):
    """A text that does not name one instant, or a ``datetime`` without a time zone.

    ``problem`` says what the text lacks and what would be right.
    """

    def __init__(self, found: str | datetime, problem: str | None = None) -> None:
        super().__init__(found, problem)
        self.found = found
        self.problem = problem or "is not an instant; write one such as 2020-09-15T20:00Z or '2020-09-15 20:00 UTC'"

    def __str__(self) -> str:
        if isinstance(self.found, str):
            return f"{self.found!r} {self.problem}"
        at = self.found
        fields = ", ".join(map(str, (at.year, at.month, at.day, at.hour, at.minute)))
        return f"datetime({fields}) has no time zone: use datetime({fields}, tzinfo=UTC)"


class InvalidStarts(MagRotationError, ValueError):
    """Starts and lengths of calls that cannot be processed together."""


class InvalidLedger(MagRotationError, ValueError):
    """A ledger that cannot be continued as requested."""


class InvalidValue(MagRotationError, ValueError):
    """A date, a length or a number that a plan does not accept."""


class InvalidZoneData(MagRotationError, ValueError):
    """Bytes or a footer that are not valid zone rules, or that this library does not support."""


class UnknownZone(MagRotationError, ValueError):
    """A zone name that is not accepted; ``owner`` names what uses it, such as a member, ``problem`` says why."""

    def __init__(
        self,
        found: str,
        suggestions: tuple[str, ...] = (),
        owner: str | None = None,
        problem: str = "is not the name of a time zone",
    ) -> None:
        super().__init__(found, suggestions, owner, problem)
        self.found, self.suggestions, self.owner, self.problem = found, suggestions, owner, problem

    def __str__(self) -> str:
        head = f"{self.owner}: " if self.owner else ""
        if not self.suggestions:
            return f"{head}{self.found!r} {self.problem}; write one such as Europe/Zurich or UTC"
        *others, last = self.suggestions
        names = f"{', '.join(others)} or {last}" if others else last
        return f"{head}{self.found!r} {self.problem}; did you mean {names}?"


class _Mistakes(MagRotationError, ValueError):
    """The base class of errors that report all mistakes at once."""

    _LEAD = ""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes)

    @property
    def count(self) -> str:
        """The number of mistakes in words: ``1 mistake``, ``3 mistakes``."""
        return f"{len(self.mistakes)} {'mistake' if len(self.mistakes) == 1 else 'mistakes'}"

    @property
    def lines(self) -> str:
        """The mistakes, one below the other, indented by two spaces; excerpts are indented by six."""
        return self._list(map(str, self.mistakes))

    @property
    def lines_for_people(self) -> str:
        """The same with the number of each table as people count."""
        return self._list(one.for_people for one in self.mistakes)

    def _list(self, texts: Iterable[str]) -> str:
        pairs = zip(texts, self.mistakes, strict=True)
        return "\n".join("\n      ".join([f"  {text}", *one.excerpt.splitlines()]) for text, one in pairs)

    def __str__(self) -> str:
        return f"{self._LEAD} with {self.count}:\n{self.lines}"


class InvalidSeries(_Mistakes):
    """Slots, dates and phases that do not fit together."""

    _LEAD = "a series"


class InvalidProgramme(_Mistakes):
    """Sessions that contradict themselves or each other."""

    _LEAD = "a programme"


class InvalidPlan(_Mistakes):
    """A plan file, or a file that it names, that cannot be used."""

    _LEAD = "a plan"


class Infeasible(MagRotationError, ValueError):
    """No rotation satisfies all constraints of a request.

    ``conflict`` is a smallest set of constraints that contradict each other, ``codes`` their names. Both are empty if
    the search ended before it proved that there is no rotation.
    """

    def __init__(self, conflict: tuple[Hashable, ...] = (), codes: tuple[str, ...] = ()) -> None:
        super().__init__(conflict, codes)
        self.conflict = conflict
        self.codes = codes

    def __str__(self) -> str:
        if not self.codes:
            return "no rotation was found within the budget; allow more time or loosen a constraint"
        return f"no rotation satisfies {', '.join(self.codes)} together; loosen one of them"


class InvalidEdit(MagRotationError, ValueError):
    """A change of a plan that cannot be made."""


class InvalidCalendar(_Mistakes):
    """A calendar of another program that cannot be read.

    ``notes`` are the facts that say how its events were read, if they were and none of them is a call.
    """

    _LEAD = "a calendar"

    def __init__(self, mistakes: Iterable[Mistake], notes: tuple[Hashable, ...] = ()) -> None:
        super().__init__(mistakes)
        self.notes = notes


class InvalidReplies(_Mistakes):
    """Replies or attendance records that do not fit the plan."""

    _LEAD = "replies"


class InvalidRoster(_Mistakes):
    """A spreadsheet or a list of members that no roster can be made from, with all of its mistakes."""

    _LEAD = "a roster"


class InvalidScheduleFile(_Mistakes):
    """A schedule.xml or schedule.json that cannot be read or written."""

    _LEAD = "a schedule file"


class InvalidMessages(_Mistakes):
    """Messages that cannot be sent."""

    _LEAD = "messages"


class InvalidRequest(_Mistakes):
    """A request for a rotation that contradicts itself or the plan."""

    _LEAD = "a request"


class InvalidProposal(_Mistakes):
    """A proposal file that has the wrong form and cannot be checked."""

    _LEAD = "a proposal"


class RefusedLayout(MagRotationError, ValueError):
    """A plan that recurring events cannot represent; ``reasons`` lists all causes."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return f"the layout series cannot say this plan: {'; '.join(self.reasons)}; the layout calls can"


class UnusableEdition(MagRotationError, ValueError):
    """A calendar file that cannot be continued by a new edition."""


class UnknownCall(MagRotationError, LookupError):
    """A number, label, rule date or UID that belongs to no call of the plan."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(found, known)
        self.found, self.known = found, known

    def __str__(self) -> str:
        return f"{self.found!r} names no call of this plan; {self.known}"


class AmbiguousCall(MagRotationError, LookupError):
    """A number, label or day that belongs to more than one call of the plan.

    ``uids`` are those calls. ``by_day`` are those of them that take place on that day but have another rule date.
    """

    def __init__(self, found: str, uids: tuple[str, ...], by_day: tuple[str, ...] = ()) -> None:
        super().__init__(found, uids, by_day)
        self.found, self.uids, self.by_day = found, uids, by_day

    def __str__(self) -> str:
        uids = (f"{uid} (held on that day)" if uid in self.by_day else uid for uid in self.uids)
        return f"{self.found!r} names {len(self.uids)} calls of this plan; give a UID: {', '.join(uids)}"


class UnknownMember(MagRotationError, LookupError):
    """A member id that is not in the roster."""

    def __init__(self, found: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(found, nearest)
        self.found, self.nearest = found, nearest

    def __str__(self) -> str:
        cure = f"did you mean {' or '.join(self.nearest)}?" if self.nearest else "see the ids in the roster"
        return f"{self.found!r} is not a member of this plan; {cure}"


class UnknownOption(MagRotationError, LookupError):
    """A rotation of a comparison by an id that none has."""

    def __init__(self, found: str, known: tuple[str, ...] = ()) -> None:
        super().__init__(found, known)
        self.found, self.known = found, known

    def __str__(self) -> str:
        return f"{self.found!r} is not an option of this comparison; the options are {', '.join(self.known)}"


class UnknownSession(MagRotationError, LookupError):
    """A session id that the programme of a plan does not have; ``known`` says which it has."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(found, known)
        self.found, self.known = found, known

    def __str__(self) -> str:
        return f"{self.found!r} is not a session of this plan; {self.known}"


class _FileTrouble(MagRotationError, OSError):
    """The base class of errors about one file."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.errno = None  # OSError takes the first of two arguments for the number of an error
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class UnreadableFile(_FileTrouble):
    """A file that does not exist, cannot be opened, or has the wrong content."""


class RefusedOutput(_FileTrouble):
    """A file that cannot be written, or would replace another one."""


class _ServerTrouble(MagRotationError, OSError):
    """The base class of errors about a server; ``server`` names it and never contains a password."""

    def __init__(self, server: str, reason: str) -> None:
        super().__init__(server, reason)
        self.errno = None  # as above
        self.server, self.reason = server, reason

    def __str__(self) -> str:
        return f"{self.server}: {self.reason}"


class UnreachableServer(_ServerTrouble):
    """A server that did not answer; it is unknown whether it carried out the request."""


class RefusedByServer(_ServerTrouble):
    """A server's answer that cannot be used; the request was not carried out."""


class MissingExtra(MagRotationError, ImportError):
    """A package that is not installed and that only some plans or commands need."""

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(extra, package)
        self.extra, self.package = extra, package

    def __str__(self) -> str:
        return (
            f"{self.extra} needs the package {self.package!r}, which is not installed; "
            f"run: pip install 'mag-rotation[{self.extra}]'"
        )
