"""Languages other than plain English: catalogues of gettext, and dates, hours, units and places from the CLDR."""

from __future__ import annotations

import io
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from typing import Literal

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from mag_rotation.report.language import ENGLISH, Language
from mag_rotation.roster import ZoneName

__all__ = ["read_language"]

_DATES = {"ar": "EEEE d MMMM y", "es": "EEEE d 'de' MMMM 'de' y", "ru": "d MMMM y\u202f'г.' (EEEE)"}  # noqa: RUF001
"""Dates as a sentence has them, in the languages where the CLDR's full date stands outside of one.

In Arabic and Spanish there is no comma after the weekday, and in Russian a weekday in front would have to be declined.
"""


_SHORT_DATES = {"ar": "EEEE d MMM y", "es": "EEE d MMM y", "ru": "EEE d MMM y\u202f'г.'"}  # noqa: RUF001
"""Short dates, in the languages where the CLDR's has a comma, which would part it inside of a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Translated(Language):
    """A language with the sentences of a catalogue, and with what Babel knows of its locale."""

    locale: Locale
    messages: NullTranslations

    @property
    def tag(self) -> str:
        return str(self.locale).replace("_", "-")

    @property
    def is_right_to_left(self) -> bool:
        return self.locale.text_direction == "rtl"

    def translate(self, text: str, *, context: str = "") -> str:
        if context:
            return self.messages.pgettext(context, text)
        return self.messages.gettext(text) if text else ""

    def translate_count(self, one: str, many: str, count: int) -> str:
        return self.messages.ngettext(one, many, count)

    def write_number(self, number: float, decimals: int = 0) -> str:
        fraction = f".{'0' * decimals}" if decimals else ""
        return format_decimal(number, f"#,##0{fraction}", locale=self.locale)

    def write_count(self, count: int) -> str:
        return format_decimal(count, locale=self.locale)

    def write_date(self, day: date) -> str:
        return self._spell_first(day, format_date(day, _DATES.get(self.locale.language, "full"), locale=self.locale))

    def write_day(self, day: date) -> str:
        return self._spell_first(day, format_skeleton("MMMMd", day, locale=self.locale))

    def say_date(self, day: date) -> str:
        return self._spell_first(day, format_skeleton("yMMMMd", day, locale=self.locale))

    def say_moment(self, at: datetime, *, has_weekday: bool = True) -> str:
        day = self.write_short_date(at) if has_weekday else self.say_date(at)
        return self.phrase("{date}, {time}", date=day, time=f"{at:%H:%M}")

    def _spell_first(self, day: date, text: str) -> str:
        """Return a date with the first of the month as an ordinal in French, which the CLDR does not write."""
        if self.locale.language == "fr" and day.day == 1:
            return re.sub(r"\b1\b", "1er", text, count=1)
        return text

    def write_short_day(self, day: date) -> str:
        return self._spell_first(day, format_skeleton("MMMd", day, locale=self.locale))

    def write_short_date(self, day: date) -> str:
        pattern = _SHORT_DATES.get(self.locale.language)
        if pattern is None:
            return self._spell_first(day, format_skeleton("yMMMEd", day, locale=self.locale))
        return format_date(day, pattern, locale=self.locale)

    def write_weekday(self, day: date) -> str:
        return str(self.locale.days["format"]["abbreviated"][day.weekday()])

    def write_clock(self, at: time) -> str:
        pattern = str(self.locale.time_formats["short"])
        return format_time(at, re.sub(r"\bH\b", "HH", pattern), locale=self.locale)

    def write_length(self, minutes: int) -> str:
        return self._write_length(minutes, "long")

    def write_short_length(self, minutes: int) -> str:
        return self._write_length(minutes, "short")

    def _write_length(self, minutes: int, width: Literal["long", "short"]) -> str:
        hours, rest = divmod(minutes, 60)
        figures = {
            "hours": format_unit(hours, "duration-hour", length=width, locale=self.locale),
            "minutes": format_unit(rest, "duration-minute", length=width, locale=self.locale),
        }
        if hours and rest:
            if width == "short":
                return self.fill(self.translate("{hours} {minutes}", context="a table"), figures)
            return self.phrase("{hours} {minutes}", **figures)
        return figures["hours" if hours else "minutes"]

    def join(self, names: Sequence[str]) -> str:
        return format_list([*map(self.keep_order, names)], locale=self.locale)

    def join_or(self, names: Sequence[str]) -> str:
        return format_list([*map(self.keep_order, names)], style="or", locale=self.locale)

    def name_city(self, zone: ZoneName) -> str:
        return get_timezone_location(zone, locale=self.locale, return_city=True)


def read_language(tag: str, languages: Container[str]) -> Language | None:
    """Return the language of a tag; None where it is no tag, or of none of the ``languages``."""
    try:
        locale = Locale.parse(tag.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return None
    if locale.language not in languages or locale.script not in {None, "Hans"}:
        return None
    return _Translated(locale=locale, messages=_read_messages(locale.language))


def _read_messages(language: str) -> NullTranslations:
    """Return the sentences of a language."""
    if language == ENGLISH.tag:
        return NullTranslations()
    catalogue = files("mag_rotation.report").joinpath(f"locale/{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(catalogue), abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
