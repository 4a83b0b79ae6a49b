"""Words of several reports: burdens in night-hours, the names of rotations, and the words that codes stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from mag_rotation.errors import UnknownOption
from mag_rotation.report.language import ENGLISH, Language, mark, mark_count

__all__ = [
    "WORDS",
    "BurdenChange",
    "NightHour",
    "find_by_name",
    "name_option",
    "show_offsets",
    "write_count",
    "write_points",
]

WORDS = frozenset(
    {
        # roles in sessions
        mark("speaker"),
        mark("moderator"),
        mark("online moderator"),
        mark("rapporteur"),
        mark("organiser"),
        # statuses of calls, and what has become of them
        mark("planned"),
        mark("moved"),
        mark("extra"),
        mark("cancelled"),
        mark("added"),
        mark("revived"),
        mark("dropped"),
        mark("edited"),
        # bands of the day
        mark("night"),
        mark("early"),
        mark("day"),
        mark("evening"),
        # verdicts
        mark("good"),
        mark("acceptable"),
        mark("poor"),
        # times beside a proposed one
        mark("better"),
        mark("trade"),
    }
)
"""The words of codes that tables show, in columns of :attr:`ValueKind.WORD`."""

_COUNTS: Mapping[str, tuple[str, str]] = {
    "call": mark_count("{count} call", "{count} calls"),
    "answer": mark_count("{count} answer", "{count} answers"),
    "cancellation": mark_count("{count} cancellation", "{count} cancellations"),
    "check": mark_count("{count} check", "{count} checks"),
    "day": mark_count("{count} day", "{count} days"),
    "exception": mark_count("{count} exception", "{count} exceptions"),
    "extra call": mark_count("{count} extra call", "{count} extra calls"),
    "group": mark_count("{count} group", "{count} groups"),
    "invitation": mark_count("{count} invitation", "{count} invitations"),
    "member": mark_count("{count} member", "{count} members"),
    "mistake": mark_count("{count} mistake", "{count} mistakes"),
    "phase": mark_count("{count} phase", "{count} phases"),
    "point-minute": mark_count("{count} point-minute", "{count} point-minutes"),
    "possible start": mark_count("{count} possible start", "{count} possible starts"),
    "rotation": mark_count("{count} rotation", "{count} rotations"),
    "room": mark_count("{count} room", "{count} rooms"),
    "session": mark_count("{count} session", "{count} sessions"),
    "slot": mark_count("{count} slot", "{count} slots"),
    "warning": mark_count("{count} warning", "{count} warnings"),
}


def write_count(count: int, noun: str, language: Language) -> str:
    """Return a count with its noun, as one figure of a sentence that has other counts too.

    >>> write_count(1, "call", ENGLISH), write_count(0, "call", ENGLISH)
    ('1 call', '0 calls')
    """
    return language.phrase_count(*_COUNTS[noun], count)


_OPTIONS = {
    "reordered": mark("best order"),
    "one-moved": mark("one moved"),
    "knee": mark("the knee"),
    "least-total": mark("least total"),
    "today": mark("today"),
    "this one": mark("this one"),
}
"""How people read the ids of rotations in a comparison."""

_NUMBERED_OPTIONS = {
    "slots": mark_count("fairest of {count}", "fairest of {count}"),
    "alternative": mark_count("alternative {count}", "alternative {count}"),
}
"""The same, where a number follows: how many slots there are, and which alternative it is."""


def name_option(id_: str, language: Language = ENGLISH) -> str:
    """Return the name of a rotation in a comparison.

    >>> name_option("slots-3"), name_option("knee"), name_option("Anna's")
    ('fairest of 3', 'the knee', "Anna's")
    """
    word, _, number = id_.rpartition("-")
    if number.isdigit() and word in _NUMBERED_OPTIONS:
        return language.phrase_count(*_NUMBERED_OPTIONS[word], int(number))
    return language.translate(_OPTIONS[id_]) if id_ in _OPTIONS else id_


def find_by_name(wanted: str, names: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """Return the id of an option by that or by one of its names, first the one that tables show; case does not matter.

    Raises :class:`UnknownOption` with all of them if there is none.

    >>> find_by_name("Best  order", [("today", ("today",)), ("reordered", ("best order",))])
    'reordered'
    """
    for fold in (str, _fold_name):
        for id_, others in names:
            if fold(wanted) in map(fold, (id_, *others)):
                return id_
    known = (name if name == id_ else f"{name} ({id_})" for id_, (name, *_) in names)
    raise UnknownOption(wanted, tuple(known))


def _fold_name(name: str) -> str:
    return " ".join(name.replace("-", " ").split()).casefold()


@dataclass(frozen=True, kw_only=True, slots=True)
class BurdenChange:
    """A burden beside the one that it is compared with, both in point-minutes."""

    burden: float
    before: float


@dataclass(frozen=True, kw_only=True, slots=True)
class NightHour:
    """The unit in which people read burdens: an hour of a call at the dearest hour of a curve.

    ``points`` are those of that hour, ``curve`` is the name of the curve, and ``language`` the one of the reader. A
    curve of zeros counts as one of 1 point an hour: members with curves of their own may still have burdens.

    >>> unit = NightHour(points=10, curve="default")
    >>> unit.show(16_110), unit.show(20), unit.say(16_110)
    ('26.9 h', '<0.1 h', '26.9 night-hours')
    """

    points: int
    curve: str
    language: Language = ENGLISH

    @property
    def in_english(self) -> NightHour:
        """The unit as JSON has it."""
        return replace(self, language=ENGLISH)

    @property
    def minutes(self) -> int:
        """The point-minutes of a night-hour."""
        return 60 * max(self.points, 1)

    def convert(self, burden: float) -> float:
        """Return point-minutes as night-hours."""
        return burden / self.minutes

    def say(self, burden: float) -> str:
        """Return a burden as a sentence has it."""
        return self._say_hours(self.figure(burden))

    def _say_hours(self, hours: str) -> str:
        return self.language.phrase("{hours} night-hours", hours=hours)

    def show(self, burden: float) -> str:
        """Return a burden as a table has it."""
        return self._show_hours(self.figure(burden))

    def _show_hours(self, hours: str) -> str:
        return self.language.phrase("{hours} h", hours=hours)

    def show_change(self, change: BurdenChange) -> str:
        """Return a difference of burdens as a table has it, with its sign.

        >>> unit = NightHour(points=10, curve="default")
        >>> pairs = [(750, 720), (700, 740), (600, 630), (600, 601), (600, 600)]
        >>> [unit.show_change(BurdenChange(burden=new, before=old)) for new, old in pairs]
        ['+0.1 h', '-0.07 h', '-0.1 h', '-<0.01 h', '0.0 h']
        """
        return self._show_hours(self.change_figure(change))

    def change_figure(self, change: BurdenChange) -> str:
        """Return a difference of burdens as a number with its sign.

        It is the difference of the burdens as they are shown, with two decimals where these are equal.
        """
        tenths = self._tenths(change.burden) - self._tenths(change.before)
        if not tenths and change.burden == change.before:
            return self.language.write_number(0, 1)
        hundredths = floor(100 * self.convert(abs(change.burden - change.before)) + 0.5)
        size = (
            self.language.write_number(abs(tenths) / 10, 1)
            if tenths
            else self.language.write_number(hundredths / 100, 2)
            if hundredths
            else f"<{self.language.write_number(0.01, 2)}"
        )
        return self.language.sign(f"{'-' if change.burden < change.before else '+'}{size}")

    def show_apart(self, burden: float, other: float) -> tuple[str, str]:
        """Return two burdens as a sentence compares them: with as many decimals as tell them apart.

        >>> unit = NightHour(points=10, curve="default")
        >>> unit.show_apart(600, 700), unit.show_apart(600, 612), unit.show_apart(600, 601)
        (('1.0 h', '1.2 h'), ('1.00 h', '1.02 h'), ('600 point-minutes', '601 point-minutes'))
        """
        return self._write_apart(burden, other, self._show_hours)

    def say_apart(self, burden: float, other: float) -> tuple[str, str]:
        """Return what :meth:`show_apart` does, in night-hours as a sentence has them.

        >>> NightHour(points=10, curve="default").say_apart(600, 700)
        ('1.0 night-hours', '1.2 night-hours')
        """
        return self._write_apart(burden, other, self._say_hours)

    def _write_apart(self, burden: float, other: float, write_hours: Callable[[str], str]) -> tuple[str, str]:
        if burden == other or self._tenths(burden) != self._tenths(other):
            return write_hours(self.figure(burden)), write_hours(self.figure(other))
        fine, fine_other = (self.language.write_number(self.convert(one), 2) for one in (burden, other))
        if fine != fine_other:
            return write_hours(fine), write_hours(fine_other)
        return write_points(burden, self.language), write_points(other, self.language)

    def explain_in(self, sentences: Sequence[str]) -> tuple[str, ...]:
        """Return sentences with what a night-hour is behind the first one that has some, else at the end.

        >>> unit = NightHour(points=10, curve="default")
        >>> [text[:14] for text in unit.explain_in(["Two calls.", f"Ann bears {unit.say(600)}.", "Bo none."])]
        ['Two calls.', 'Ann bears 1.0 ', 'A night-hour i', 'Bo none.']
        """
        first = next((place for place, text in enumerate(sentences) if self.is_in(text)), len(sentences) - 1)
        return (*sentences[: first + 1], self.explain(), *sentences[first + 1 :])

    def is_in(self, sentence: str) -> bool:
        """Return whether a sentence has a burden in night-hours."""
        before, _, after = self.language.translate("{hours} night-hours").partition("{hours}")
        return before in sentence and after in sentence

    def explain(self) -> str:
        """Return what a night-hour is, in a sentence."""
        figures = {"curve": self.curve, "minutes": self.language.write_number(self.minutes)}
        if not self.points:
            return self.language.phrase(
                "The curve '{curve}' has no points, so a night-hour is an hour of 1 point, {minutes} point-minutes in "
                "JSON and CSV.",
                **figures,
            )
        return self.language.phrase_count(
            "A night-hour is as much as an hour of a call at the worst time of night: {count} point by the curve "
            "'{curve}', {minutes} point-minutes in JSON and CSV.",
            "A night-hour is as much as an hour of a call at the worst time of night: {count} points by the curve "
            "'{curve}', {minutes} point-minutes in JSON and CSV.",
            self.points,
            **figures,
        )

    def figure(self, burden: float) -> str:
        """Return a burden of 0 or more as a number with one decimal, halves rounded up as people do."""
        tenths = self._tenths(burden)
        if burden and not tenths:
            return f"<{self.language.write_number(0.1, 1)}"
        return self.language.write_number(tenths / 10, 1)

    def _tenths(self, burden: float) -> int:
        return floor(10 * self.convert(burden) + 0.5)


def write_points(burden: float, language: Language) -> str:
    """Return point-minutes as a sentence has them."""
    return language.phrase_count(
        "{points} point-minute", "{points} point-minutes", ceil(burden), points=language.write_number(burden)
    )


def show_offsets(offsets: Iterable[int], language: Language) -> str:
    """Return how far a clock is ahead of UTC, given in minutes: one text for all that it has in turn.

    >>> show_offsets([60, 120], ENGLISH)
    'UTC+1 / UTC+2'
    """
    return language.sign(" / ".join(map(_show_offset, offsets)))


def _show_offset(minutes: int) -> str:
    """Return an offset from UTC.

    >>> _show_offset(345), _show_offset(-240), _show_offset(0)
    ('UTC+5:45', 'UTC-4', 'UTC')
    """
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"
