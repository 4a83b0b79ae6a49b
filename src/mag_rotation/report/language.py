"""Languages: sentences from a catalogue, and dates, hours, lengths, lists and places as people write them.

English is the language of the templates in the code and needs no package. Other languages come from the catalogues in
``locale``, which are gettext files for translators, and from the CLDR data of Babel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Protocol

from mag_rotation.errors import InvalidValue, MissingExtra
from mag_rotation.report.words import MONTHS, WEEKDAYS, full_date, join_names, length, name_city
from mag_rotation.roster import ZoneName

__all__ = ["ENGLISH", "LANGUAGES", "Language", "find_language"]

LANGUAGES = ("en", "fr", "es", "ru", "zh", "ar")
"""The languages that have a catalogue, the language of the code first."""


class Language(Protocol):
    """How a report is put into words."""

    @property
    def tag(self) -> str:
        """The language tag of BCP 47, as HTML has it."""

    @property
    def is_right_to_left(self) -> bool:
        """Whether lines run from right to left."""

    def phrase(self, template: str, /, **figures: str | int) -> str:
        """Return the sentence of a template with its figures."""

    def phrase_count(self, one: str, many: str, count: int, /, **figures: str | int) -> str:
        """Return the sentence for a count, which the template has as ``{count}``."""

    def write_date(self, day: date) -> str:
        """Return a date with its weekday, day, month and year."""

    def write_day(self, day: date) -> str:
        """Return a date without weekday and year."""

    def write_weekday(self, day: date) -> str:
        """Return the short name of a weekday."""

    def write_clock(self, at: time) -> str:
        """Return an hour of the day, on a clock of 12 or 24 hours."""

    def write_length(self, minutes: int) -> str:
        """Return a length of time."""

    def join(self, names: Sequence[str]) -> str:
        """Return a list of names as a sentence has it."""

    def name_city(self, zone: ZoneName) -> str:
        """Return the city that a zone is named for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _English:
    """The language of the templates, on a clock of 24 hours.

    >>> ENGLISH.write_date(date(2020, 9, 15)), ENGLISH.name_city(ZoneName("America/Argentina/Buenos_Aires"))
    ('Tuesday 15 September 2020', 'Buenos Aires')
    """

    tag: str = "en"
    is_right_to_left: bool = False

    def phrase(self, template: str, /, **figures: str | int) -> str:
        return template.format(**figures)

    def phrase_count(self, one: str, many: str, count: int, /, **figures: str | int) -> str:
        return (one if count == 1 else many).format(count=count, **figures)

    def write_date(self, day: date) -> str:
        return full_date(day)

    def write_day(self, day: date) -> str:
        return f"{day.day} {MONTHS[day.month - 1]}"

    def write_weekday(self, day: date) -> str:
        return WEEKDAYS[day.weekday()][:3]

    def write_clock(self, at: time) -> str:
        return f"{at:%H:%M}"

    def write_length(self, minutes: int) -> str:
        return length(minutes)

    def join(self, names: Sequence[str]) -> str:
        return join_names(names, None)

    def name_city(self, zone: ZoneName) -> str:
        return name_city(zone)


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
