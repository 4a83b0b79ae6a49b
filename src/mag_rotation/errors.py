"""Everything that can go wrong on purpose, named for the event in the world.

Rule 1: every error that the library raises is a leaf of :class:`MagRotationError` and also a builtin kind.
Rule 2: an error keeps its facts in ``args``, so that it pickles, and words them in ``__str__``.
Rule 3: the message says where, what was found, and what would be right.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
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
    "InvalidProposal",
    "InvalidReplies",
    "InvalidRequest",
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
    "UnknownZone",
    "UnreachableServer",
    "UnreadableFile",
    "UnusableEdition",
    "escape_controls",
    "is_control",
    "quote_value",
]

_MOST_QUOTED = 80


class MagRotationError(Exception):
    """Root of every error that this library raises on purpose."""


def quote_value(value: object) -> str:
    """A value as a message quotes it: its Python form on one line, cut where it is long.

    >>> quote_value("Geneva"), len(quote_value("Geneva" * 1000))
    ("'Geneva'", 80)
    """
    text = repr(value)
    return text if len(text) <= _MOST_QUOTED else f"{text[: _MOST_QUOTED - 3]}..."


def is_control(letter: str) -> bool:
    """Whether a letter is a control character (C0 or C1).

    >>> is_control("\\n"), is_control("\\u200f")
    (True, False)
    """
    return ord(letter) < 32 or 127 <= ord(letter) < 160


def escape_controls(text: str) -> str:
    r"""A text that does nothing to a terminal: control characters but newline and tab are written out.

    >>> print(escape_controls("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    if text.isprintable():
        return text
    return "".join(f"\\x{ord(one):02x}" if is_control(one) and one not in "\n\t" else one for one in text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """One thing that is wrong in what was read.

    ``place`` is the path of the value (``rotation.slots[1].zone``, ``members.csv row 7, column zone``); ``problem``
    says what was found there and what would be right. ``excerpt`` is the line where it stands, with a mark below it.

    >>> print(Mistake(place="schedule.count", problem="found 0; a series has 1 to 10000 rule dates"))
    schedule.count: found 0; a series has 1 to 10000 rule dates
    """

    place: str
    problem: str
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


class InvalidHours(MagRotationError, ValueError):
    """A window of the day or a curve that cannot be used."""


class InvalidMember(MagRotationError, ValueError):
    """A member whose data contradict themselves."""


class InvalidInstant(MagRotationError, ValueError):
    """A text that names no single instant, or a ``datetime`` without a zone, which may be any of a day's.

    ``problem`` says what a text lacks and what would be right.
    """

    def __init__(self, found: str | datetime, problem: str | None = None) -> None:
        super().__init__(found, problem)
        self.found = found
        self.problem = problem or "is no instant; write one such as 2020-09-15T20:00Z or '2020-09-15 20:00 UTC'"

    def __str__(self) -> str:
        if isinstance(self.found, str):
            return f"{self.found!r} {self.problem}"
        at = self.found
        fields = ", ".join(map(str, (at.year, at.month, at.day, at.hour, at.minute)))
        return f"datetime({fields}) has no time zone: use datetime({fields}, tzinfo=UTC)"


class InvalidStarts(MagRotationError, ValueError):
    """Starts and lengths of calls that cannot be worked on together."""


class InvalidLedger(MagRotationError, ValueError):
    """A ledger that cannot go on as asked."""


class InvalidValue(MagRotationError, ValueError):
    """A date, a length or a number that is not as a plan has it."""


class InvalidZoneData(MagRotationError, ValueError):
    """Bytes or a footer that are no zone rules, or rules that this library does not read."""


class UnknownZone(MagRotationError, ValueError):
    """A zone name that the tz database does not have; ``owner`` is whose zone it was to be, such as a member."""

    def __init__(self, found: str, suggestions: tuple[str, ...] = (), owner: str | None = None) -> None:
        super().__init__(found, suggestions, owner)
        self.found, self.suggestions, self.owner = found, suggestions, owner

    def __str__(self) -> str:
        head = f"{self.owner}: " if self.owner else ""
        if not self.suggestions:
            return f"{head}{self.found!r} is no IANA zone name; write one such as Europe/Zurich or UTC"
        *others, last = self.suggestions
        names = f"{', '.join(others)} or {last}" if others else last
        return f"{head}{self.found!r} is no IANA zone name; did you mean {names}?"


class _Mistakes(MagRotationError, ValueError):
    """Shared body of the errors that report all mistakes at once."""

    _LEAD = ""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes)

    @property
    def count(self) -> str:
        """How many there are, in words: ``1 mistake``, ``3 mistakes``."""
        return f"{len(self.mistakes)} {'mistake' if len(self.mistakes) == 1 else 'mistakes'}"

    @property
    def lines(self) -> str:
        """The mistakes below each other, each indented by two spaces and its excerpt by six."""
        shown = (f"  {one}" + "".join(f"\n      {line}" for line in one.excerpt.splitlines()) for one in self.mistakes)
        return "\n".join(shown)

    def __str__(self) -> str:
        return f"{self._LEAD} with {self.count}:\n{self.lines}"


class InvalidSeries(_Mistakes):
    """Slots, dates and phases that cannot be held together as they are written."""

    _LEAD = "a series"


class InvalidPlan(_Mistakes):
    """A plan file, or a file that it names, that cannot be used as it is."""

    _LEAD = "a plan"


class Infeasible(MagRotationError, ValueError):
    """No rotation satisfies all constraints of a request.

    ``conflict`` has the constraints of the smallest set that clash, ``codes`` their names. Both are empty where the
    search ended before it was proven that there is no rotation.
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
    """A change of a plan that cannot be made as it is asked for."""


class InvalidCalendar(_Mistakes):
    """A calendar that others made and that cannot be read as it is."""

    _LEAD = "a calendar"


class InvalidReplies(_Mistakes):
    """Replies to calls, or a list of who attended, that do not fit the plan."""

    _LEAD = "replies"


class InvalidMessages(_Mistakes):
    """Messages that cannot be sent as they are."""

    _LEAD = "messages"


class InvalidRequest(_Mistakes):
    """Something asked of a rotation that contradicts itself or the plan."""

    _LEAD = "a request"


class InvalidProposal(_Mistakes):
    """A proposal file that cannot be checked because it is not written as one."""

    _LEAD = "a proposal"


class RefusedLayout(MagRotationError, ValueError):
    """A plan that recurring events cannot say; ``reasons`` are all of them."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(reasons)
        self.reasons = reasons

    def __str__(self) -> str:
        return f"the layout series cannot say this plan: {'; '.join(self.reasons)}; the layout calls can"


class UnusableEdition(MagRotationError, ValueError):
    """A calendar file that the next edition cannot follow."""


class UnknownCall(MagRotationError, LookupError):
    """A number, label, rule date or UID that names no call of the plan."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(found, known)
        self.found, self.known = found, known

    def __str__(self) -> str:
        return f"{self.found!r} names no call of this plan; {self.known}"


class AmbiguousCall(MagRotationError, LookupError):
    """A number, label or day that names more than one call of the plan.

    ``uids`` tell them apart; ``by_day`` are those of them that have another rule date and are held on that day.
    """

    def __init__(self, found: str, uids: tuple[str, ...], by_day: tuple[str, ...] = ()) -> None:
        super().__init__(found, uids, by_day)
        self.found, self.uids, self.by_day = found, uids, by_day

    def __str__(self) -> str:
        uids = (f"{uid} (held on that day)" if uid in self.by_day else uid for uid in self.uids)
        return f"{self.found!r} names {len(self.uids)} calls of this plan; give a UID: {', '.join(uids)}"


class UnknownMember(MagRotationError, LookupError):
    """A member id that the roster does not have."""

    def __init__(self, found: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(found, nearest)
        self.found, self.nearest = found, nearest

    def __str__(self) -> str:
        cure = f"did you mean {' or '.join(self.nearest)}?" if self.nearest else "see the ids in the roster"
        return f"{self.found!r} is no member of this plan; {cure}"


class _FileTrouble(MagRotationError, OSError):
    """Shared body of the errors about one file."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.errno = None  # OSError takes the first of two arguments for the number of an error
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class UnreadableFile(_FileTrouble):
    """A file that is not there, may not be read, or is not text of the right kind."""


class RefusedOutput(_FileTrouble):
    """A file that could not be written, or would have replaced another."""


class _ServerTrouble(MagRotationError, OSError):
    """Shared body of the errors about a server; ``server`` names it and never holds a password."""

    def __init__(self, server: str, reason: str) -> None:
        super().__init__(server, reason)
        self.errno = None  # as above
        self.server, self.reason = server, reason

    def __str__(self) -> str:
        return f"{self.server}: {self.reason}"


class UnreachableServer(_ServerTrouble):
    """A server that gave no answer: whether it did what was asked is not known."""


class RefusedByServer(_ServerTrouble):
    """An answer of a server that cannot be worked with: what was asked for was not done."""


class MissingExtra(MagRotationError, ImportError):
    """A package that only some plans or answers need and that is not installed."""

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(extra, package)
        self.extra, self.package = extra, package

    def __str__(self) -> str:
        return (
            f"{self.extra} needs the package {self.package!r}, which is not installed; "
            f"run: pip install 'mag-rotation[{self.extra}]'"
        )
