"""Everything that can go wrong on purpose, named for the event in the world.

Rule 1: every error that the library raises is a leaf of :class:`MagRotationError` and also a builtin kind.
Rule 2: an error keeps its facts in ``args``, so that it pickles, and words them in ``__str__``.
Rule 3: the message says where, what was found, and what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "InvalidHours",
    "InvalidInstant",
    "InvalidMember",
    "InvalidPlan",
    "InvalidSeries",
    "InvalidValue",
    "MagRotationError",
    "Mistake",
    "RefusedOutput",
    "UnknownCall",
    "UnknownMember",
    "UnknownZone",
    "UnreadableFile",
]


class MagRotationError(Exception):
    """Root of every error that this library raises on purpose."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """One thing that is wrong in what was read.

    ``place`` is the path of the value (``rotation.slots[1].zone``, ``members.csv row 7, column zone``); ``problem``
    says what was found there and what would be right.

    >>> print(Mistake(place="schedule.count", problem="found 0; a series has 1 to 10000 rule dates"))
    schedule.count: found 0; a series has 1 to 10000 rule dates
    """

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


class InvalidHours(MagRotationError, ValueError):
    """A window of the day or a curve that cannot be used."""


class InvalidMember(MagRotationError, ValueError):
    """A member whose data contradict themselves."""


class InvalidInstant(MagRotationError, ValueError):
    """A text or value that names no single instant."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found

    def __str__(self) -> str:
        return f"{self.found!r} is no instant; write ISO 8601 with Z or an offset, as in 2020-09-15T20:00Z"


class InvalidValue(MagRotationError, ValueError):
    """A date or a length that is not written as in a plan."""


class UnknownZone(MagRotationError, ValueError):
    """A zone name that the tz database does not have."""

    def __init__(self, found: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(found, suggestions)
        self.found, self.suggestions = found, suggestions

    def __str__(self) -> str:
        if not self.suggestions:
            return f"{self.found!r} is no IANA zone name; write one such as Europe/Zurich or UTC"
        *others, last = self.suggestions
        names = f"{', '.join(others)} or {last}" if others else last
        return f"{self.found!r} is no IANA zone name; did you mean {names}?"


class _Mistakes(MagRotationError, ValueError):
    """Shared body of the errors that report all mistakes at once."""

    _LEAD = ""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        noun = "mistake" if len(self.mistakes) == 1 else "mistakes"
        return "\n".join([f"{self._LEAD} with {len(self.mistakes)} {noun}:", *(f"  {m}" for m in self.mistakes)])


class InvalidSeries(_Mistakes):
    """Slots, dates and phases that cannot be held together as they are written."""

    _LEAD = "a series"


class InvalidPlan(_Mistakes):
    """A plan file, or a file that it names, that cannot be used as it is."""

    _LEAD = "a plan"


class UnknownCall(MagRotationError, LookupError):
    """A number, label, rule date or UID that names no call of the plan, or more than one."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(found, known)
        self.found, self.known = found, known

    def __str__(self) -> str:
        return f"{self.found!r} names no call of this plan; {self.known}"


class UnknownMember(MagRotationError, LookupError):
    """A member id that the roster does not have."""

    def __init__(self, found: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(found, nearest)
        self.found, self.nearest = found, nearest

    def __str__(self) -> str:
        cure = f"did you mean {' or '.join(self.nearest)}?" if self.nearest else "see the ids in the roster"
        return f"{self.found!r} is no member of this plan; {cure}"


class UnreadableFile(MagRotationError, OSError):
    """A file that is not there, may not be read, or is not text of the right kind."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.errno = None  # OSError takes the first of two arguments for the number of an error
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class RefusedOutput(MagRotationError, OSError):
    """A file that could not be written, or would have replaced another."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.errno = None  # OSError takes the first of two arguments for the number of an error
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"
