"""Languages: sentences from a catalogue, and dates, hours, lengths, numbers, lists and places as people write them.

English is the language of the templates in the code and needs no package. Other languages come from the catalogues in
``locale``, which are gettext files for translators, and from the CLDR data of Babel.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, reduce
from string import Formatter

from mag_rotation.errors import InvalidValue, MissingExtra
from mag_rotation.hours import Window
from mag_rotation.roster import ZoneName

__all__ = ["ENGLISH", "LANGUAGES", "Language", "find_language", "mark", "mark_count"]

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
"""The languages that have a catalogue, the language of the code first."""

_MOST_NAMED = 20


def mark(text: str, *, context: str = "") -> str:  # noqa: ARG001 - catalogues read it in the code
    """Return a text unchanged, and mark it as one that catalogues translate, where it is translated later.

    ``context`` is the one that it is translated with.
    """
    return text


def mark_count(one: str, many: str) -> tuple[str, str]:
    """Return the two forms of a text with a count, which the text has as ``{count}``, marked as :func:`mark` does."""
    return one, many


class Language(ABC):
    """How a report is put into words."""

    __slots__ = ()

    @property
    @abstractmethod
    def tag(self) -> str:
        """The language tag of BCP 47, as it was asked for."""

    @property
    def html_tag(self) -> str:
        """The tag as the texts are marked with: that of Chinese names the script, which chooses font and voice."""
        return "zh-Hans" if self.tag == "zh" else self.tag

    @property
    @abstractmethod
    def is_right_to_left(self) -> bool:
        """Whether lines run from right to left."""

    @abstractmethod
    def translate(self, text: str, *, context: str = "") -> str:
        """Return a text of the code in the language, its figures in braces as they are.

        ``context`` tells it from the same text with another meaning.
        """

    @abstractmethod
    def translate_count(self, one: str, many: str, count: int) -> str:
        """Return the form of a text for a count, its figures in braces as they are."""

    @abstractmethod
    def write_number(self, number: float, decimals: int = 0) -> str:
        """Return a number with its thousands apart."""

    @abstractmethod
    def write_count(self, count: int) -> str:
        """Return the number in a text with a count."""

    @abstractmethod
    def write_date(self, day: date) -> str:
        """Return a date with its weekday, day, month and year."""

    @abstractmethod
    def write_day(self, day: date) -> str:
        """Return a date without weekday and year."""

    @abstractmethod
    def say_date(self, day: date) -> str:
        """Return a date without its weekday as a sentence has it, in English as plan files do."""

    @abstractmethod
    def say_moment(self, at: datetime, *, has_weekday: bool = True) -> str:
        """Return a date and an hour on a clock of 24 hours as a sentence has them, in English as tables do."""

    @abstractmethod
    def write_short_day(self, day: date) -> str:
        """Return a date without weekday and year, as a narrow table has it."""

    @abstractmethod
    def write_short_date(self, day: date) -> str:
        """Return a date with its weekday, as a table has it."""

    @abstractmethod
    def write_weekday(self, day: date) -> str:
        """Return the short name of a weekday."""

    @abstractmethod
    def write_clock(self, at: time) -> str:
        """Return an hour of the day as an announcement has it, on a clock of 12 hours, or of 24 with two digits."""

    @abstractmethod
    def write_length(self, minutes: int) -> str:
        """Return a length of time."""

    @abstractmethod
    def write_short_length(self, minutes: int) -> str:
        """Return a length of time as a table has it."""

    @abstractmethod
    def join(self, names: Sequence[str]) -> str:
        """Return a list of names as a sentence has it."""

    @abstractmethod
    def join_or(self, names: Sequence[str]) -> str:
        """Return a list of which one is meant."""

    @abstractmethod
    def name_city(self, zone: ZoneName) -> str:
        """Return the city that a zone is named for."""

    def phrase(self, template: str, /, **figures: object) -> str:
        """Return the sentence of a template with its figures."""
        return self.fill(self.translate(template), figures)

    def phrase_count(self, one: str, many: str, count: int, /, **figures: object) -> str:
        """Return the sentence for a count, which the template has as ``{count}``."""
        return self.fill(self.translate_count(one, many, count), {"count": self.write_count(count), **figures})

    def fill(self, text: str, figures: Mapping[str, object]) -> str:
        """Return a text of the language with its figures, dates and windows among them as :meth:`say` has them."""
        return _Figures(self).vformat(text, (), figures)

    def say(self, figure: object) -> object:
        """Return a date or a window as a sentence has it, and any other figure as it is."""
        match figure:
            case Window():
                start, _, end = str(figure).partition("-")
                return self.write_range(start, end)
            case date() if not isinstance(figure, datetime):
                return self.say_date(figure)
            case _:
                return figure

    def write_range(self, first: str, last: str) -> str:
        """Return from which figure to which something goes, such as two hours of a day.

        >>> ENGLISH.write_range("23:00", "06:00")
        '23:00-06:00'
        """
        return self.keep_order(self.phrase("{first}-{last}", first=first, last=last))

    def write_hours(self, start: datetime, end: datetime) -> str:
        """Return from which hour to which something lasts, with the weekday of the end if that is another day.

        >>> ENGLISH.write_hours(datetime(2020, 9, 15, 23), datetime(2020, 9, 16, 1))
        '23:00-01:00 Wed'
        """
        first, last = f"{start:%H:%M}", f"{end:%H:%M}"
        if start.date() == end.date():
            return self.write_range(first, last)
        return self.phrase("{start}-{end} {weekday}", start=first, end=last, weekday=self.write_weekday(end))

    def write_span(self, start: datetime, end: datetime) -> str:
        """Return what :meth:`write_hours` does, behind the weekday of the start.

        >>> ENGLISH.write_span(datetime(2020, 9, 15, 23), datetime(2020, 9, 16, 1))
        'Tue 23:00-01:00 Wed'
        """
        figures = {"weekday": self.write_weekday(start), "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
        if start.date() == end.date():
            return self.phrase("{weekday} {start}-{end}", **figures)
        return self.phrase("{weekday} {start}-{end} {other}", other=self.write_weekday(end), **figures)

    def write_pair(self, name: str, value: str) -> str:
        """Return what is said of something behind its name.

        >>> ENGLISH.write_pair("region", "Africa")
        'region: Africa'
        """
        return self.phrase("{name}: {value}", name=name, value=value)

    def add_brackets(self, name: str, inside: object) -> str:
        """Return a name with a count or another thing in brackets behind it.

        >>> ENGLISH.add_brackets("New York", 5)
        'New York (5)'
        """
        return self.phrase("{name} ({inside})", name=name, inside=inside)

    def write_change(self, number: int) -> str:
        """Return a number with its sign, which stays before it in a line that runs from right to left.

        >>> ENGLISH.write_change(3), ENGLISH.write_change(-2)
        ('+3', '-2')
        """
        return self.sign(f"{number:+}")

    def sign(self, text: str) -> str:
        """Return a number that begins with its sign so that the sign stays there in a line from right to left."""
        return f"\u200e{text}" if self.is_right_to_left else text

    def keep_order(self, text: str) -> str:
        """Return a figure so that a date, a range or a sign in front of it stays as it is in a line from right to left.

        There the hyphens between numbers would turn 2020-09-15 into 15-09-2020.
        """
        return self.sign(text) if self.is_right_to_left and _TURNING.match(text) else text

    def write_iso_date(self, day: date) -> str:
        """Return a date as ISO 8601 writes it, behind its weekday.

        >>> ENGLISH.write_iso_date(date(2020, 9, 15))
        'Tue 2020-09-15'
        """
        return f"{self.write_weekday(day)} {self.sign(f'{day:%Y-%m-%d}')}"

    def write_hour(self, at: datetime) -> str:
        """Return an hour with its weekday, on a clock of 24 hours, as a table has it.

        >>> ENGLISH.write_hour(datetime(2020, 9, 15, 20))
        'Tue 20:00'
        """
        return f"{self.write_weekday(at)} {at:%H:%M}"

    def write_moment(self, at: datetime) -> str:
        """Return a date with its weekday, and an hour on a clock of 24 hours, as a table has it.

        >>> ENGLISH.write_moment(datetime(2020, 9, 15, 20))
        'Tue 2020-09-15 20:00'
        """
        return f"{self.write_iso_date(at)} {at:%H:%M}"

    def write_full_moment(self, at: datetime) -> str:
        """Return a date and an hour as a sentence has them.

        >>> ENGLISH.write_full_moment(datetime(2020, 11, 3, 20))
        'Tuesday 3 November 2020, 20:00'
        """
        return self.phrase("{date}, {time}", date=self.write_date(at), time=f"{at:%H:%M}")

    def write_difference(self, minutes: int) -> str:
        """Return how much later a start is than another.

        >>> ENGLISH.write_difference(60), ENGLISH.write_difference(-30), ENGLISH.write_difference(0)
        ('1 h later', '30 min earlier', 'at the same time')
        """
        if not minutes:
            return self.phrase("at the same time")
        length = self.write_short_length(abs(minutes))
        if minutes > 0:
            return self.phrase("{length} later", length=length)
        return self.phrase("{length} earlier", length=length)

    def write_list(self, names: Sequence[str]) -> str:
        """Return names one after the other, without a word before the last one.

        >>> ENGLISH.write_list(["a", "b", "c"])
        'a, b, c'
        """
        return reduce(lambda some, name: self.phrase("{names}, {name}", names=some, name=name), names) if names else ""

    def write_parts(self, parts: Sequence[str]) -> str:
        """Return parts of a sentence that may have commas of their own.

        >>> ENGLISH.write_parts(["a, b", "c"])
        'a, b; c'
        """
        return reduce(lambda some, part: self.phrase("{parts}; {part}", parts=some, part=part), parts) if parts else ""

    def list_first(self, names: Sequence[str], most: int = _MOST_NAMED) -> str:
        """Return the first names of a list, and how many more there are.

        >>> ENGLISH.list_first(["a", "b"]), ENGLISH.list_first(["a", "b", "c"], most=1)
        ('a, b', 'a and 2 more')
        """
        shown = self.write_list(names[:most])
        return shown if len(names) <= most else self._add_more(shown, len(names) - most)

    def join_first(self, names: Sequence[str], most: int = 5) -> str:
        """Return names as a sentence has them, a longer list cut.

        >>> ENGLISH.join_first(["a", "b"]), ENGLISH.join_first(["a", "b", "c", "d"], most=2)
        ('a and b', 'a, b and 2 more')
        """
        return self.join(names) if len(names) <= most else self.list_first(names, most)

    def _add_more(self, names: str, count: int) -> str:
        return self.phrase_count("{names} and {count} more", "{names} and {count} more", count, names=names)


_TURNING = re.compile(r"[+-]\d|\d[\d.,:]*[-+/\u2013]\d")
"""The figures of which a line from right to left would show the parts in another order."""


class _Figures(Formatter):
    """Fills the texts of a language other than English."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: object, format_spec: str) -> str:
        said = value if format_spec else self._language.say(value)
        return self._language.keep_order(format(said, format_spec))


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _English(Language):
    """The language of the templates, on a clock of 24 hours.

    >>> ENGLISH.write_date(date(2020, 9, 15)), ENGLISH.name_city(ZoneName("America/Argentina/Buenos_Aires"))
    ('Tuesday 15 September 2020', 'Buenos Aires')
    """

    tag: str = "en"
    is_right_to_left: bool = False

    def translate(self, text: str, *, context: str = "") -> str:  # noqa: ARG002 - the text is English already
        return text

    def translate_count(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many

    def fill(self, text: str, figures: Mapping[str, object]) -> str:
        return text.format(**figures)

    def write_number(self, number: float, decimals: int = 0) -> str:
        return f"{number:,.{decimals}f}"

    def write_count(self, count: int) -> str:
        return str(count)

    def write_date(self, day: date) -> str:
        return f"{_WEEKDAYS[day.weekday()]} {self.write_day(day)} {day.year}"

    def write_day(self, day: date) -> str:
        return f"{day.day} {_MONTHS[day.month - 1]}"

    def say_date(self, day: date) -> str:
        return f"{day:%Y-%m-%d}"

    def say_moment(self, at: datetime, *, has_weekday: bool = True) -> str:
        return self.write_moment(at) if has_weekday else f"{at:%Y-%m-%d %H:%M}"

    def write_short_day(self, day: date) -> str:
        return f"{day.day} {_MONTHS[day.month - 1][:3]}"

    def write_short_date(self, day: date) -> str:
        return f"{self.write_weekday(day)} {self.write_short_day(day)} {day.year}"

    def write_weekday(self, day: date) -> str:
        return _WEEKDAYS[day.weekday()][:3]

    def write_clock(self, at: time) -> str:
        return f"{at:%H:%M}"

    def write_length(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if not hours:
            return f"{rest} min"
        return f"{hours} h {rest:02}" if rest else f"{hours} h"

    def write_short_length(self, minutes: int) -> str:
        return self.write_length(minutes)

    def join(self, names: Sequence[str]) -> str:
        return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))

    def join_or(self, names: Sequence[str]) -> str:
        return " or ".join(names)

    def name_city(self, zone: ZoneName) -> str:
        return zone.rpartition("/")[2].replace("_", " ")


ENGLISH: Language = _English()


@cache
def find_language(tag: str) -> Language:
    """Return the language of a BCP 47 tag; a country, as in ``fr-CH``, decides how dates and hours are written.

    Raises :class:`InvalidValue` for a language that has no catalogue, and :class:`MissingExtra` without Babel.

    >>> find_language("fr-CH").write_date(date(2020, 9, 15))
    'mardi, 15 septembre 2020'
    """
    if tag.casefold() == ENGLISH.tag:
        return ENGLISH
    try:
        from mag_rotation.report.translation import read_language  # noqa: PLC0415 - brings Babel
    except ImportError as error:
        raise MissingExtra("report", error.name or "babel") from None
    found = read_language(tag, LANGUAGES)
    if found is None:
        names = ", ".join(LANGUAGES)
        raise InvalidValue(f"found {tag!r}; write one of {names}, or one with a country, such as fr-CH")
    return found
