"""Weekends and public holidays by country.

Rule 1: weekends are those of CLDR, as Babel has them, holidays those of the ``holidays`` package; whoever uses them is
told both versions.
Rule 2: a country is an ISO 3166 code of two letters; what is not known of it is said in a sentence and never guessed.
Rule 3: the language of names is always asked for: without one, both packages would ask the environment.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mag_rotation.errors import MissingExtra
from mag_rotation.roster import DaysOff

try:
    import holidays
    from babel import Locale, UnknownLocaleError
    from babel import __version__ as babel_version
    from holidays.version import __version__ as holidays_version
except ImportError as error:
    raise MissingExtra("days-off", error.name or "holidays") from None

__all__ = ["DAYS_OFF_SOURCES", "Almanac", "make_almanac"]

DAYS_OFF_SOURCES: Mapping[str, str] = {"babel": babel_version, "holidays": holidays_version}
"""The packages that days off come from, and their versions."""

_ENGLISH = "en_US"
_CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Almanac:
    """The days off of countries, by the codes that were asked for, and what is not known of them in sentences."""

    days_off: Mapping[str, DaysOff]
    warnings: tuple[str, ...]


def make_almanac(countries: Iterable[str], years: Collection[int]) -> Almanac:
    """The weekends of countries and their holidays in some years, regional and half holidays left out.

    Codes are read in any case. A country of which nothing is known has no days off.

    >>> found = make_almanac(["JP", "Atlantis"], [2026])
    >>> found.days_off["JP"].name_of(date(2026, 2, 11)), found.days_off["JP"].name_of(date(2026, 2, 14))
    ('Foundation Day', 'weekend')
    >>> found.warnings
    ("no day off is known of the country 'Atlantis'; countries are ISO 3166 codes of two letters, as CH",)
    """
    days_off, warnings = {}, []
    supported = set(holidays.list_supported_countries(include_aliases=False))
    for country in sorted(set(countries)):
        code = country.upper()
        weekend = _find_weekend(code)
        if weekend is None and code not in supported:
            warnings.append(
                f"no day off is known of the country {country!r}; countries are ISO 3166 codes of two letters, as CH"
            )
            continue
        if code not in supported:
            warnings.append(f"no public holiday is known of the country {country!r}; only its weekends are named")
        days_off[country] = DaysOff(
            weekend=_WORLD_WEEKEND if weekend is None else weekend,
            holidays=_list_holidays(code, years) if code in supported else {},
        )
    return Almanac(days_off=days_off, warnings=tuple(warnings))


def _weekend_of(locale: Locale) -> frozenset[int]:
    first, last = locale.weekend_start, locale.weekend_end
    return frozenset((first + day) % 7 for day in range((last - first) % 7 + 1))


_WORLD_WEEKEND = _weekend_of(Locale("en", "001"))
"""The weekend of countries that CLDR does not name."""


def _find_weekend(code: str) -> frozenset[int] | None:
    """The weekend of a country; None where CLDR has no locale of that very country."""
    if not _CODE.fullmatch(code):
        return None
    try:
        locale = Locale.parse(f"und_{code}")
    except UnknownLocaleError:
        return None
    # An old code is read as the country of today (UK as GB), which ISO 3166 does not do.
    return _weekend_of(locale) if locale.territory == code else None


def _list_holidays(code: str, years: Collection[int]) -> dict[date, str]:
    """The public holidays of a country, with English names where there are any."""
    known = holidays.country_holidays(code)
    languages = known.supported_languages
    language = _ENGLISH if not languages or _ENGLISH in languages else known.default_language
    return dict(holidays.country_holidays(code, years=sorted(years), expand=False, language=language))
