"""The days off of a plan's members, by country, in the years of its calls and those beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mag_rotation.roster import DaysOff, Member
from mag_rotation.values import Fact, FactCode

__all__ = ["CountryWarning", "DaysOffData", "load_days_off", "warn_of_countries", "years_around"]


class CountryWarning(FactCode):
    """What may be odd about the countries of members."""

    NO_COUNTRY = "members_without_country"


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysOffData:
    """The days off of countries in some years, the versions of the packages they come from, and what is not known."""

    years: frozenset[int]
    days_off: Mapping[str, DaysOff]
    sources: Mapping[str, str]
    warnings: tuple[Fact, ...]


def years_around(years: Iterable[int]) -> frozenset[int]:
    """The years and those beside them: on New Year's Eve a local date may lie in the next."""
    return frozenset(beside for year in years for beside in (year - 1, year, year + 1))


def load_days_off(members: Iterable[Member], years: Collection[int]) -> DaysOffData:
    """The days off of the members' countries; raises :class:`MissingExtra` where their packages are missing."""
    from mag_rotation.daysoff import DAYS_OFF_SOURCES, make_almanac  # noqa: PLC0415 - needs an extra

    countries = {member.groups["country"] for member in members if "country" in member.groups}
    found = make_almanac(countries, years)
    return DaysOffData(
        years=frozenset(years), days_off=found.days_off, sources=DAYS_OFF_SOURCES, warnings=found.warnings
    )


def warn_of_countries(members: Sequence[Member]) -> tuple[Fact, ...]:
    """That no day off can be known of some members, because they have no country."""
    homeless = sum("country" not in member.groups for member in members)
    if not homeless:
        return ()
    return (Fact.of(CountryWarning.NO_COUNTRY, without=homeless, members=len(members)),)
