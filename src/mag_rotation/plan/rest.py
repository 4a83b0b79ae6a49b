"""The days off of a plan's members, where the plan asks for them.

Rule 1: a plan without a ``[days-off]`` table knows of no day off, whatever is installed; one with it needs the extra.
Rule 2: the years looked at are those of the plan's calls and the years beside them, and those that are asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mag_rotation.roster import DaysOff, Member

__all__ = ["Rest", "rest_oddities", "rest_of", "years_about"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rest:
    """The days off of the members' countries in some years, the versions of their sources, and what is not known."""

    years: frozenset[int]
    days_off: Mapping[str, DaysOff]
    sources: Mapping[str, str]
    warnings: tuple[str, ...]


def years_about(years: Iterable[int]) -> frozenset[int]:
    """The years and those beside them: on New Year's Eve a local date may lie in the next."""
    return frozenset(beside for year in years for beside in (year - 1, year, year + 1))


def rest_of(roster: Iterable[Member], years: Collection[int]) -> Rest:
    """The days off of the countries of a roster; raises :class:`MissingExtra` where their packages are missing."""
    from mag_rotation.daysoff import DAYS_OFF_SOURCES, almanac  # noqa: PLC0415 - needs an extra

    countries = {member.groups["country"] for member in roster if "country" in member.groups}
    found = almanac(countries, years)
    return Rest(years=frozenset(years), days_off=found.days_off, sources=DAYS_OFF_SOURCES, warnings=found.warnings)


def rest_oddities(roster: Sequence[Member], rest: Rest | None) -> tuple[str, ...]:
    """Members of whom no day off can be known, where a plan asks for days off."""
    homeless = sum("country" not in member.groups for member in roster)
    if rest is None or not homeless:
        return ()
    return (f"{homeless} of {len(roster)} members have no group 'country', so no day off of theirs is known",)
