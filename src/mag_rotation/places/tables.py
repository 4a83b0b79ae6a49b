"""Cities, abbreviations, countries and Windows zones, read from ``tables.toml`` beside this module.

Zones are named as in ``zone.tab``. The file explains its keys and values.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

__all__ = [
    "ABBREVIATIONS",
    "CITIES",
    "COUNTRY_ALIASES",
    "HOMONYMS",
    "STATES",
    "TERRITORIES",
    "WINDOWS_ZONES",
    "ZONES_BY_PEOPLE",
]

Lists = Mapping[str, tuple[str, ...]]

_TABLES = tomllib.loads((files("mag_rotation.places") / "tables.toml").read_text("utf-8"))


def _lists(name: str) -> Lists:
    return MappingProxyType({key: tuple(values) for key, values in _TABLES[name].items()})


ABBREVIATIONS: Lists = _lists("abbreviations")
CITIES: Lists = _lists("cities")
HOMONYMS: Lists = _lists("homonyms")
COUNTRY_ALIASES: Lists = _lists("countries")
TERRITORIES: Lists = _lists("territories")
STATES: Mapping[str, Lists] = MappingProxyType(
    {
        country: MappingProxyType({code: tuple(names) for code, names in states.items()})
        for country, states in _TABLES["states"].items()
    }
)
WINDOWS_ZONES: Mapping[str, str] = MappingProxyType(_TABLES["windows"])
ZONES_BY_PEOPLE: tuple[str, ...] = tuple(_TABLES["people"])
