"""Weekends and public holidays by country.

Weekends come from CLDR (through Babel), holidays from the ``holidays`` package. A country is an ISO 3166 code of two
letters; nothing is guessed for unknown ones. The language of names is always passed explicitly, because both packages
would otherwise read the environment.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mag_rotation.errors import MissingExtra
from mag_rotation.roster import DaysOff
from mag_rotation.values import Fact, FactCode

try:
    import holidays
    from babel import Locale, UnknownLocaleError
    from babel import __version__ as babel_version
    from holidays.version import __version__ as holidays_version
except ImportError as error:
    raise MissingExtra("days-off", error.name or "holidays") from None

__all__ = ["DAYS_OFF_SOURCES", "Almanac", "DaysOffWarning", "make_almanac"]

DAYS_OFF_SOURCES: Mapping[str, str] = {"babel": babel_version, "holidays": holidays_version}
"""The packages that provide days off, and their versions."""

_ENGLISH = "en_US"
_CODE = re.compile(r"[A-Z]{2}")


class DaysOffWarning(FactCode):
    """What is not known of a country."""

    NO_DAY_OFF = "country_unknown"
    NO_HOLIDAY = "country_without_holidays"


@dataclass(frozen=True, kw_only=True, slots=True)
class Almanac:
    """The days off of countries by code, and warnings about what is unknown."""

    days_off: Mapping[str, DaysOff]
    warnings: tuple[Fact, ...]


def make_almanac(countries: Iterable[str], years: Collection[int]) -> Almanac:
    """Return the weekends and holidays of countries in some years, without regional and half holidays.

    The case of codes is ignored. An unknown country has no days off.

    >>> found = make_almanac(["JP", "Atlantis"], [2026])
    >>> found.days_off["JP"].name_of(date(2026, 2, 11)), found.days_off["JP"].name_of(date(2026, 2, 14))
    ('Foundation Day', 'weekend')
    >>> [(warning.code.value, dict(warning.figures)) for warning in found.warnings]
    [('country_unknown', {'country': 'Atlantis'})]
    """
    days_off, warnings = {}, []
    supported = set(holidays.list_supported_countries(include_aliases=False))
    for country in sorted(set(countries)):
        code = country.upper()
        weekend = _find_weekend(code)
        if weekend is None and code not in supported:
            warnings.append(Fact.of(DaysOffWarning.NO_DAY_OFF, country=country))
            continue
        if code not in supported:
            warnings.append(Fact.of(DaysOffWarning.NO_HOLIDAY, country=country))
        days_off[country] = DaysOff(
            weekend=_WORLD_WEEKEND if weekend is None else weekend,
            holidays=_list_holidays(code, years) if code in supported else {},
        )
    return Almanac(days_off=days_off, warnings=tuple(warnings))


def _weekend_of(locale: Locale) -> frozenset[int]:
    first, last = locale.weekend_start, locale.weekend_end
    return frozenset((first + day) % 7 for day in range((last - first) % 7 + 1))


_WORLD_WEEKEND = _weekend_of(Locale("en", "001"))
"""The weekend of countries that CLDR does not have."""


def _find_weekend(code: str) -> frozenset[int] | None:
    """Return the weekend of a country; None if CLDR has no locale for that country."""
    if not _CODE.fullmatch(code):
        return None
    try:
        locale = Locale.parse(f"und_{code}")
    except UnknownLocaleError:
        return None
    # An old code is read as the country of today (UK as GB), which ISO 3166 does not do.
    return _weekend_of(locale) if locale.territory == code else None


def _list_holidays(code: str, years: Collection[int]) -> dict[date, str]:
    """Return the public holidays of a country, with English names if there are any."""
    known = holidays.country_holidays(code)
    languages = known.supported_languages
    language = _ENGLISH if not languages or _ENGLISH in languages else known.default_language
    return dict(holidays.country_holidays(code, years=sorted(years), expand=False, language=language))
