"""Languages other than plain English: catalogues of gettext, and dates, hours, units and places from the CLDR."""

from __future__ import annotations

import io
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, time
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Translated:
    """A language with the sentences of a catalogue, and with what Babel knows of its locale."""

    locale: Locale
    messages: NullTranslations

    @property
    def tag(self) -> str:
        return str(self.locale).replace("_", "-")

    @property
    def is_right_to_left(self) -> bool:
        return self.locale.text_direction == "rtl"

    def phrase(self, template: str, /, **figures: str | int) -> str:
        return self.messages.gettext(template).format(**figures)

    def phrase_count(self, one: str, many: str, count: int, /, **figures: str | int) -> str:
        template = self.messages.ngettext(one, many, count)
        return template.format(count=format_decimal(count, locale=self.locale), **figures)

    def write_date(self, day: date) -> str:
        return format_date(day, "full", locale=self.locale)

    def write_day(self, day: date) -> str:
        return format_skeleton("MMMMd", day, locale=self.locale)

    def write_weekday(self, day: date) -> str:
        return format_date(day, "EEE", locale=self.locale)

    def write_clock(self, at: time) -> str:
        return format_time(at, "short", locale=self.locale)

    def write_length(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        parts = [(hours, "duration-hour"), (rest, "duration-minute")]
        return " ".join(format_unit(count, unit, length="long", locale=self.locale) for count, unit in parts if count)

    def join(self, names: Sequence[str]) -> str:
        return format_list(names, locale=self.locale)

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
