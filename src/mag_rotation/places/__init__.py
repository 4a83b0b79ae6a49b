"""Zone names and zone rules, and suggestions for texts that are not zone names.

All data come from the ``tzdata`` package, never from the operating system.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

import tzdata

from mag_rotation.errors import UnknownZone
from mag_rotation.places.tzif import ZoneRules, read_tzif

if TYPE_CHECKING:
    from mag_rotation.places.suggest import Gazetteer

__all__ = [
    "RULES_AS_NAMES",
    "TZDATA_VERSION",
    "UTC_ZONE",
    "ZoneName",
    "find_common_zone",
    "load_gazetteer",
    "load_zone_data",
    "load_zone_rules",
    "suggest_zones",
    "zone_name",
]

ZoneName = str
"""An IANA zone name that :func:`zone_name` accepts; values check it when they are created."""

UTC_ZONE = ZoneName("UTC")

TZDATA_VERSION: str = tzdata.IANA_VERSION
"""The version of the tz database in use, such as ``2026f``."""

RULES_AS_NAMES = {
    "CST6CDT": "America/Chicago",
    "EST5EDT": "America/New_York",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
}
"""Names that spell out a clock rule, and the largest place with these clocks since 1970."""

_NOT_A_PLACE = {
    **dict.fromkeys(("EST", "HST", "MST"), "it has no summer time"),
    **dict.fromkeys(("CET", "EET", "MET", "WET"), "it is an abbreviation and not a place"),
    **dict.fromkeys(RULES_AS_NAMES, "it is a clock rule and not a place"),
    "Factory": "it is not a place",
}
"""Names that the database keeps for legacy systems only, and why they are not accepted. EST has been Panama's clock
since 2024, without summer time, but people who write EST in July mean New York."""


def _find_zoneinfo() -> Traversable:
    return files("tzdata") / "zoneinfo"


@cache
def _load_names() -> frozenset[str]:
    """Return all names in the tz database, links and legacy names included."""
    return frozenset((files("tzdata") / "zones").read_text("utf-8").split())


@cache
def load_zone_data(zone: ZoneName) -> bytes:
    """Return the TZif file of a zone; raises :class:`UnknownZone` if the database has no such name."""
    if zone not in _load_names():
        raise UnknownZone(zone, suggest_zones(zone))
    return _find_zoneinfo().joinpath(*zone.split("/")).read_bytes()


@cache
def load_zone_rules(zone: ZoneName) -> ZoneRules:
    """Return the offsets of a zone for all years.

    >>> load_zone_rules(ZoneName("Asia/Kathmandu")).offset_at(0)
    19800
    """
    return read_tzif(load_zone_data(zone))


@cache
def load_gazetteer() -> Gazetteer:
    """Return the zones, places and offsets of the tz database, combined with the tables of this package."""
    from mag_rotation.places.suggest import Gazetteer  # noqa: PLC0415 - long tables, for wrong names only

    root, names = _find_zoneinfo(), _load_names()
    year = int(TZDATA_VERSION[:4])
    moments = [int(datetime(year, month, 15, tzinfo=UTC).timestamp()) for month in (1, 7)]
    return Gazetteer.read(
        names_text="\n".join(sorted(names - _NOT_A_PLACE.keys())),
        iso3166_text=(root / "iso3166.tab").read_text("utf-8"),
        zone_tab_text=(root / "zone.tab").read_text("utf-8"),
        offsets={
            name: frozenset(load_zone_rules(ZoneName(name)).offset_at(moment) for moment in moments)
            for name in names - _NOT_A_PLACE.keys()
        },
    )


@lru_cache(maxsize=4_096)
def suggest_zones(text: str) -> tuple[str, ...]:
    """Return the zones that ``text`` may mean, the likeliest first.

    The answers are cached, because a misspelt name may be repeated in every row of a roster.

    >>> suggest_zones("Nippon")
    ('Asia/Tokyo',)
    """
    from mag_rotation.places.suggest import find_suggestions  # noqa: PLC0415 - long tables, for wrong names only

    return find_suggestions(text, load_gazetteer())


def zone_name(text: str, *, suggest: bool = True) -> ZoneName:
    """Return ``text`` as a zone name, or raise :class:`UnknownZone`, with suggestions if wanted.

    Abbreviations such as ``EST`` are refused, although the database keeps some of them for legacy systems.

    >>> zone_name("Pacific/Chatham")
    'Pacific/Chatham'
    >>> zone_name("Geneva")
    Traceback (most recent call last):
    mag_rotation.errors.UnknownZone: 'Geneva' is not the name of a time zone; did you mean Europe/Zurich?
    """
    if text in _load_names() and text not in _NOT_A_PLACE:
        return ZoneName(text)
    place = RULES_AS_NAMES.get(text)
    suggestions = (place,) if place else suggest_zones(text) if suggest else ()
    if text in _NOT_A_PLACE:
        raise UnknownZone(text, suggestions, problem=f"is not accepted, because {_NOT_A_PLACE[text]}")
    raise UnknownZone(text, suggestions)


def find_common_zone(zones: Iterable[ZoneName]) -> ZoneName:
    """Return the zone that all of ``zones`` are; UTC if they differ or there are none.

    >>> find_common_zone(["Europe/Zurich", "Europe/Zurich"]), find_common_zone(["Europe/Zurich", "Asia/Tokyo"])
    ('Europe/Zurich', 'UTC')
    """
    different = set(zones)
    return different.pop() if len(different) == 1 else UTC_ZONE
