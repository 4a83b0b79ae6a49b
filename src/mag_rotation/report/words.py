"""Small words of sentences: counts with their nouns, lists of names, lengths, burdens and instants, as people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import floor

from mag_rotation.roster import ZoneName

__all__ = [
    "DAYS",
    "MONTHS",
    "WEEKDAYS",
    "BurdenChange",
    "NightHour",
    "difference",
    "full_date",
    "full_moment",
    "join_names",
    "length",
    "list_first",
    "name_city",
    "name_option",
    "plural",
    "short_date",
    "short_day",
    "utc_moment",
]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_MOST_NAMED = 20


def plural(count: int, noun: str) -> str:
    """Return a count with its noun.

    >>> plural(1, "call"), plural(0, "call")
    ('1 call', '0 calls')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def join_names(names: Sequence[str], most: int | None = 5) -> str:
    """Return names as a sentence has them, a list of more than ``most`` cut; None names all.

    >>> join_names(["a"]), join_names(["a", "b"]), join_names(["a", "b", "c", "d"], most=2)
    ('a', 'a and b', 'a, b and 2 more')
    """
    if most is not None and len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def list_first(names: Sequence[str]) -> str:
    """Return the first 20 names, and how many more there are.

    >>> list_first(["a", "b"]), list_first(["a"] * 22)[-15:]
    ('a, b', 'a, a and 2 more')
    """
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


_OPTIONS = {
    "reordered": "best order",
    "one-moved": "one moved",
    "slots-": "fairest of ",
    "knee": "the knee",
    "least-total": "least total",
    "alternative-": "alternative ",
}
"""How people read the ids of rotations in a comparison; where a number follows, it stays."""


def name_option(id_: str) -> str:
    """Return the name of a rotation in a comparison.

    >>> name_option("slots-3"), name_option("knee"), name_option("Anna's")
    ('fairest of 3', 'the knee', "Anna's")
    """
    word, dash, number = id_.rpartition("-")
    if number.isdigit() and f"{word}{dash}" in _OPTIONS:
        return f"{_OPTIONS[word + dash]}{number}"
    return _OPTIONS.get(id_, id_)


def length(minutes: int) -> str:
    """Return a length as people say it.

    >>> length(120), length(90), length(45)
    ('2 h', '1 h 30', '45 min')
    """
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


@dataclass(frozen=True, kw_only=True, slots=True)
class BurdenChange:
    """A burden beside the one that it is compared with, both in point-minutes."""

    burden: float
    before: float


@dataclass(frozen=True, kw_only=True, slots=True)
class NightHour:
    """The unit in which people read burdens: an hour of a call at the dearest hour of a curve.

    ``points`` are those of that hour, and ``curve`` is the name of the curve. A curve of zeros counts as one of 1 point
    an hour: members with curves of their own may still have burdens.

    >>> unit = NightHour(points=10, curve="default")
    >>> unit.show(16_110), unit.show(20), unit.say(16_110)
    ('26.9 h', '<0.1 h', '26.9 night-hours')
    """

    points: int
    curve: str

    @property
    def minutes(self) -> int:
        """The point-minutes of a night-hour."""
        return 60 * max(self.points, 1)

    def convert(self, burden: float) -> float:
        """Return point-minutes as night-hours."""
        return burden / self.minutes

    def say(self, burden: float) -> str:
        """Return a burden as a sentence has it."""
        return f"{self.figure(burden)} night-hours"

    def show(self, burden: float) -> str:
        """Return a burden as a table has it."""
        return f"{self.figure(burden)} h"

    def show_change(self, change: BurdenChange) -> str:
        """Return a difference of burdens as a table has it, with its sign.

        It is the difference of the burdens as they are shown, with two decimals where these are equal.

        >>> unit = NightHour(points=10, curve="default")
        >>> pairs = [(750, 720), (700, 740), (600, 630), (600, 601), (600, 600)]
        >>> [unit.show_change(BurdenChange(burden=new, before=old)) for new, old in pairs]
        ['+0.1 h', '-0.07 h', '-0.1 h', '-<0.01 h', '0.0 h']
        """
        tenths = self._tenths(change.burden) - self._tenths(change.before)
        if tenths or change.burden == change.before:
            return f"{'+' if tenths > 0 else '-' if tenths else ''}{abs(tenths) / 10:,.1f} h"
        less = change.burden < change.before
        hundredths = floor(100 * self.convert(abs(change.burden - change.before)) + 0.5)
        return f"{'-' if less else '+'}{f'{hundredths / 100:.2f}' if hundredths else '<0.01'} h"

    def show_apart(self, burden: float, other: float) -> tuple[str, str]:
        """Return two burdens as a sentence compares them: with as many decimals as tell them apart.

        >>> unit = NightHour(points=10, curve="default")
        >>> unit.show_apart(600, 700), unit.show_apart(600, 612), unit.show_apart(600, 601)
        (('1.0 h', '1.2 h'), ('1.00 h', '1.02 h'), ('600 point-minutes', '601 point-minutes'))
        """
        if burden == other or self._tenths(burden) != self._tenths(other):
            return self.show(burden), self.show(other)
        fine, fine_other = (f"{self.convert(one):,.2f} h" for one in (burden, other))
        if fine != fine_other:
            return fine, fine_other
        return f"{burden:,} point-minutes", f"{other:,} point-minutes"

    def explain_in(self, sentences: Sequence[str]) -> tuple[str, ...]:
        """Return sentences with what a night-hour is behind the first one that has some, else at the end.

        >>> unit = NightHour(points=10, curve="default")
        >>> [text[:14] for text in unit.explain_in(["Two calls.", f"Ann bears {unit.say(600)}.", "Bo none."])]
        ['Two calls.', 'Ann bears 1.0 ', 'A night-hour i', 'Bo none.']
        """
        first = next((place for place, text in enumerate(sentences) if "night-hours" in text), len(sentences) - 1)
        return (*sentences[: first + 1], self.explain(), *sentences[first + 1 :])

    def explain(self) -> str:
        """Return what a night-hour is, in a sentence."""
        if not self.points:
            return (
                f"The curve {self.curve!r} has no points, so a night-hour is an hour of 1 point, {self.minutes} "
                "point-minutes in JSON and CSV."
            )
        return (
            f"A night-hour is as much as an hour of a call at the worst time of night: {plural(self.points, 'point')} "
            f"by the curve {self.curve!r}, {self.minutes:,} point-minutes in JSON and CSV."
        )

    def figure(self, burden: float) -> str:
        """Return a burden of 0 or more as a number with one decimal, halves rounded up as people do."""
        tenths = self._tenths(burden)
        return "<0.1" if burden and not tenths else f"{tenths / 10:,.1f}"

    def _tenths(self, burden: float) -> int:
        return floor(10 * self.convert(burden) + 0.5)


def utc_moment(instant: datetime) -> str:
    """Return a UTC instant as people read it.

    >>> from datetime import UTC
    >>> utc_moment(datetime(2020, 9, 15, 20, tzinfo=UTC))
    'Tue 2020-09-15 20:00'
    """
    return f"{DAYS[instant.weekday()]} {instant:%Y-%m-%d %H:%M}"


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def full_moment(instant: datetime) -> str:
    """Return the date and the hour of an instant as a sentence has them.

    >>> from datetime import UTC
    >>> full_moment(datetime(2020, 11, 3, 20, tzinfo=UTC))
    'Tuesday 3 November 2020, 20:00'
    """
    return f"{full_date(instant)}, {instant:%H:%M}"


def full_date(day: date) -> str:
    """Return a date as a sentence has it.

    >>> full_date(date(2020, 11, 3))
    'Tuesday 3 November 2020'
    """
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """Return a date without its year, as a narrow table has it.

    >>> short_day(date(2020, 9, 15))
    '15 Sep'
    """
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def short_date(day: date) -> str:
    """Return a date with its weekday, as a table has it.

    >>> short_date(date(2020, 9, 15))
    'Tue 15 Sep 2020'
    """
    return f"{DAYS[day.weekday()]} {short_day(day)} {day.year}"


def difference(minutes: int) -> str:
    """Return how much later a start is than another, in words.

    >>> difference(60), difference(-30), difference(0)
    ('1 h later', '30 min earlier', 'at the same time')
    """
    if not minutes:
        return "at the same time"
    return f"{length(abs(minutes))} {'later' if minutes > 0 else 'earlier'}"


def name_city(zone: ZoneName) -> str:
    """Return the city by which a zone is named.

    >>> name_city("America/Argentina/Buenos_Aires")
    'Buenos Aires'
    """
    return zone.rpartition("/")[2].replace("_", " ")
