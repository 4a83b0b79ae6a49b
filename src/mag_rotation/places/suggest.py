"""Suggestions of zone names for a text that is not one.

The functions compare the text with a :class:`Gazetteer` and with the tables in ``tables.toml``; they read no tzdata
file and no clock. There are at most six suggestions, all of them names in the gazetteer.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import chain
from types import MappingProxyType
from typing import Self

from mag_rotation.places.tables import (
    ABBREVIATIONS,
    CITIES,
    COUNTRY_ALIASES,
    HOMONYMS,
    WINDOWS_ZONES,
    ZONES_BY_PEOPLE,
)

__all__ = [
    "LIMIT",
    "Gazetteer",
    "find_suggestions",
    "normalize_name",
    "parse_offset",
    "remove_accents",
    "sort_by_people",
    "strip_clock_words",
]

LIMIT = 6
"""The most names that are suggested."""

_LONGEST = 120  # characters; what is longer is no name, and comparing it would cost time
_RANK = {zone: rank for rank, zone in enumerate(ZONES_BY_PEOPLE)}

# Letters that Unicode does not decompose into a plain one and an accent, and dashes used as a minus.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i", "±": "+", "\u2044": "/"}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
)
_SAME_WORDS = ((re.compile(r"&"), " and "), (re.compile(r"\bsaint\b"), "st"), (re.compile(r"^\s*the\b"), ""))
_SEPARATORS = re.compile(r"[^\w+]|_")  # the plus stays: it tells Etc/GMT+5 from Etc/GMT-5
_OF_TIME = re.compile(r"\b(?:(?:(?P<official>standard|daylight)|summer|winter|local)\s+)?time\b")
_PIECES = re.compile(r"[,;|()\[\]\n]+| - ")
_WORDS = re.compile(r"[^\W_]{3,}")
_SLASH = re.compile(r"[/\\]")
_SHOWN = re.compile(r"\((?:utc|gmt)[^()]*\)\s*(?P<name>.+?)(?:\s+-\s+old)?")
"""The form in which Windows displays a zone: (UTC-03:00) Greenland. The offset is that of standard time."""

_AREA = re.compile("africa|america|antarctica|arctic|asia|atlantic|etc|europe|indian|pacific")

_OFFSET = re.compile(
    r"""(?: (?P<inverted>etc/gmt) | (?P<clock>utc|gmt) )? \s*
    (?P<sign>[+-])? \s* (?P<hours>[0-9]{1,2}) (?: [.,](?P<part>0|00|5|50|25|75) | :?(?P<minutes>[0-5][0-9]) )?
    \s* (?:h|hrs?|hours?)?""",
    re.VERBOSE,
)
_PARTS = {"0": 0, "00": 0, "25": 15, "5": 30, "50": 30, "75": 45}  # of an hour: its minutes
_STEADY, _PLACES_ON_OFFSET = 4, 5

# How like another word a misspelt one is: a short one may lack one letter or have one too many, a longer one may also
# have a wrong one; letters that only changed places are forgiven more.
_SHORT, _CUTOFF_SHORT, _CUTOFF, _CUTOFF_SWAPPED = 6, 0.9, 0.84, 0.8
_SHORTEST = 4  # below that every word is near another
_LONGEST_SHORT_WORD = 3
_AS_NEAR = 0.05  # a worse likeness than the best less this is no rival


@dataclass(frozen=True, kw_only=True, slots=True)
class Gazetteer:
    """The zones, places and offsets of the tz database, combined with the tables of this package.

    ``countries`` gives names by ISO 3166 code. ``zones_of_country`` gives zones by the same code; only these are
    suggested for a place or an offset. ``offsets`` gives the seconds east of UTC that each zone uses in the course of a
    year. Names in the tables that are not in ``names`` are ignored.
    """

    names: frozenset[str]
    countries: Mapping[str, str]
    zones_of_country: Mapping[str, tuple[str, ...]]
    offsets: Mapping[str, frozenset[int]]
    _cased: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _other: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _places: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _codes: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _clocks: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _short_words: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    _spelt: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        abbreviations = _select_known(self, _list_abbreviations())
        named = _select_known(self, chain(_list_cities(), self._last_parts(), self._countries()))
        clocks = _select_known(self, ((strip_clock_words(name), (zone,)) for name, zone in WINDOWS_ZONES.items()))
        of_places = set(chain.from_iterable(self.zones_of_country.values()))
        full = _select_known(self, ((normalize_name(zone), (zone,)) for zone in sorted(of_places)))
        # A name such as EST or CET is kept by the database for old systems; the places it may mean are the answer.
        letters = {name for name in self.names if name.isupper() and normalize_name(name) in abbreviations}
        cased = {name.casefold(): name for name in sorted(self.names - letters)}
        other = _select_known(
            self, ((normalize_name(name), (name,)) for name in cased.values() if name not in of_places)
        )
        codes = _select_known(self, ((code.casefold(), self._zones(code)) for code in self.zones_of_country))
        object.__setattr__(self, "_cased", MappingProxyType(cased))
        object.__setattr__(self, "_other", MappingProxyType(other))
        object.__setattr__(self, "_places", MappingProxyType(_merge_tables(abbreviations, full, named)))
        object.__setattr__(self, "_codes", MappingProxyType(codes))
        object.__setattr__(self, "_clocks", MappingProxyType(clocks))
        object.__setattr__(self, "_spelt", MappingProxyType(named))
        short_words = {strip_clock_words(name): _find_short_words(remove_accents(name)) for name in WINDOWS_ZONES}
        object.__setattr__(self, "_short_words", MappingProxyType(short_words))

    @classmethod
    def read(
        cls, names_text: str, iso3166_text: str, zone_tab_text: str, offsets: Mapping[str, frozenset[int]]
    ) -> Self:
        """Create a gazetteer from files of the tz database: a list of names, ``iso3166.tab`` and ``zone.tab``.

        ``zone1970.tab`` has the same form but assigns some zones to another country.

        >>> read = Gazetteer.read("Asia/Tokyo", "JP\\tJapan", "JP\\t+3539+13944\\tAsia/Tokyo", {})
        >>> find_suggestions("Nippon", read)
        ('Asia/Tokyo',)
        """
        zones: dict[str, list[str]] = {}
        for codes, _, zone, *_ in _split_rows(zone_tab_text):
            for code in codes.split(","):
                zones.setdefault(code, []).append(zone)
        return cls(
            names=frozenset(names_text.split()),
            countries=MappingProxyType({code: name for code, name, *_ in _split_rows(iso3166_text)}),
            zones_of_country=MappingProxyType({code: tuple(of_country) for code, of_country in zones.items()}),
            offsets=MappingProxyType(dict(offsets)),
        )

    def find_name(self, text: str) -> str | None:
        """Return the zone name that equals ``text`` but for case, or None."""
        return self._cased.get(text.casefold())

    def find_alias(self, text: str) -> tuple[str, ...]:
        """Return the legacy or generic zone name that equals ``text`` but for separators, or None."""
        return self._other.get(normalize_name(text), ())

    def find_mentioned(self, text: str) -> tuple[str, ...]:
        """Return the zones of cities and countries that are single words of ``text``, of three letters or more."""
        words = [self._spelt.get(normalize_name(word), ()) for word in _WORDS.findall(text)]
        return _find_agreed(words) or _list_unique(chain.from_iterable(words))

    def find_by_offset(self, seconds: int) -> tuple[str, ...]:
        """Return the zones on an offset: all year or in standard time first, then in summer time only."""
        of_places = set(chain.from_iterable(self.zones_of_country.values())) & self.names
        on_it = sort_by_people(sorted(z for z in of_places if seconds in self.offsets.get(z, ())))
        return tuple(sorted(on_it, key=lambda zone: min(self.offsets[zone]) != seconds))

    def find_by_meaning(self, text: str, *, alone: bool) -> tuple[str, ...]:
        """Return the zones that a name stands for; with ``alone``, also names of clocks without the word "time"."""
        has_time_word, stem = _OF_TIME.search(text), strip_clock_words(text)
        code = self._codes.get(text.strip(), ())
        places = self._places.get(normalize_name(text), ()) or (self._places.get(stem, ()) if has_time_word else ())
        clocks = self._clocks.get(stem, ()) if alone or has_time_word else ()
        if has_time_word and has_time_word["official"]:
            return _list_unique(clocks + places)
        return _list_unique(places + code + (() if stem in self._places else clocks))

    def find_windows_zone(self, text: str) -> tuple[str, ...]:
        """Return the zone that Windows displays as ``text``, if that names a clock and not a list of cities."""
        found = _SHOWN.fullmatch(text)
        return self._clocks.get(strip_clock_words(found["name"]), ()) if found else ()

    def find_similar(self, text: str) -> tuple[str, ...]:
        """Return the zones whose names are spelt almost like ``text``, the nearest first."""
        key, has_time_word, short_words = strip_clock_words(text), _OF_TIME.search(text), _find_short_words(text)
        if _AREA.fullmatch(key):
            return ()
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(key)
        near: list[tuple[float, str, tuple[str, ...]]] = []
        for table in (self._spelt, self._clocks):
            for spelling, zones in table.items():
                # A short word is right or another one: US Central is not misspelt for AUS Central.
                if table is self._clocks and self._short_words[spelling] != short_words:
                    continue
                short = min(len(key), len(spelling))
                # A clock's name without the word "time" is hardly a name: Atlantis is not where Atlantic time is.
                cutoff = _CUTOFF_SHORT if short < _SHORT or (table is self._clocks and not has_time_word) else _CUTOFF
                if sorted(key) == sorted(spelling):
                    cutoff = _CUTOFF_SWAPPED
                matcher.set_seq1(spelling)
                if short < _SHORTEST or matcher.real_quick_ratio() < cutoff or matcher.quick_ratio() < cutoff:
                    continue
                if (likeness := matcher.ratio()) >= cutoff:
                    near.append((-likeness, spelling, zones))
        near.sort()
        return _list_unique(chain.from_iterable(zones for worse, _, zones in near if worse <= near[0][0] + _AS_NEAR))

    def _zones(self, code: str) -> tuple[str, ...]:
        return sort_by_people(self.zones_of_country.get(code, ()))

    def _last_parts(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for zones in self.zones_of_country.values():
            for zone in zones:
                yield normalize_name(zone.rpartition("/")[2]), (zone,)

    def _countries(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for code, aliases in COUNTRY_ALIASES.items():
            for alias in aliases:
                yield normalize_name(alias), self._zones(code)
        for code, name in self.countries.items():
            yield normalize_name(name), self._zones(code)
            yield normalize_name(name.partition("(")[0]), self._zones(code)  # Britain (UK), Korea (South)


def find_suggestions(text: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return up to six zones that ``text`` may mean, the likeliest first; empty if nothing fits.

    The text may be a name with other case or separators, an offset, an abbreviation, a city, a country or its code, a
    Windows zone, a combination of these ("Geneva, Switzerland"), or a misspelling.

    >>> tab = "CH\\t+4723+00832\\tEurope/Zurich\\nNP\\t+2743+08519\\tAsia/Kathmandu"
    >>> names = "Europe/Zurich Asia/Kathmandu Etc/GMT-1"
    >>> offsets = {"Europe/Zurich": frozenset({3600, 7200}), "Asia/Kathmandu": frozenset({20700})}
    >>> known = Gazetteer.read(names, "CH\\tSwitzerland\\nNP\\tNepal", tab, offsets)
    >>> find_suggestions("Geneva", known), find_suggestions("UTC+1", known), find_suggestions("Europe/Zurch", known)
    (('Europe/Zurich',), ('Europe/Zurich', 'Etc/GMT-1'), ('Europe/Zurich',))
    >>> find_suggestions("+05:45", known), find_suggestions("Atlantis", known)
    (('Asia/Kathmandu',), ())
    """
    plain = remove_accents(text[: _LONGEST + 1]).strip()
    if not plain or max(len(text), len(plain)) > _LONGEST:  # a ligature may come apart into many letters
        return ()
    exact = gazetteer.find_name(text.strip())
    offset = parse_offset(plain)
    found = [exact] if exact else []
    if offset is not None:
        found += _suggest_at_offset(offset, gazetteer)
    else:
        found += gazetteer.find_by_meaning(plain, alone=True) or gazetteer.find_windows_zone(plain)
    if not found:
        found += (
            _suggest_from_pieces(plain, gazetteer) or gazetteer.find_alias(plain) or gazetteer.find_mentioned(plain)
        )
    return _list_unique(found)[:LIMIT]


def normalize_name(text: str) -> str:
    """Return a name without case, accents and separators, for comparison.

    >>> [normalize_name(name) for name in ("Côte d'Ivoire", "america/NEW york", "Saint John's", "Łódź")]
    ['cotedivoire', 'americanewyork', 'stjohns', 'lodz']
    """
    text = remove_accents(text)
    for word, same in _SAME_WORDS:
        text = word.sub(same, text)
    return _SEPARATORS.sub("", text)


def remove_accents(text: str) -> str:
    """Return a text in lower case and without accents.

    >>> remove_accents("Łódź"), remove_accents("SÃO Paulo")
    ('lodz', 'sao paulo')
    """
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold().translate(_LETTERS)


def strip_clock_words(text: str) -> str:
    """Return the name of a clock without words such as "standard" and "time"."""
    return normalize_name(_OF_TIME.sub(" ", remove_accents(text)))


def _find_short_words(plain: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[^\W_]+", plain) if len(word) <= _LONGEST_SHORT_WORD)


def parse_offset(plain: str) -> int | None:
    """Return the seconds east of UTC of a text such as ``utc+5:30``; None if it is not an offset."""
    read = _OFFSET.fullmatch(plain.strip())
    if read is None or not (read["sign"] or read["clock"] or read["inverted"]):
        return None
    minutes = int(read["hours"]) * 60 + int(read["minutes"] or 0) + _PARTS.get(read["part"] or "", 0)
    west = (read["sign"] or "+").startswith("-") is not bool(read["inverted"])
    return -60 * minutes if west else 60 * minutes


def _suggest_at_offset(seconds: int, gazetteer: Gazetteer) -> list[str]:
    """Return a few places on an offset, some of them in summer time only, and the fixed-offset zone."""
    zones = gazetteer.find_by_offset(seconds)
    summer = [zone for zone in zones if min(gazetteer.offsets[zone]) != seconds]
    steady = [zone for zone in zones if zone not in summer]
    places = (steady[: max(_STEADY, _PLACES_ON_OFFSET - len(summer))] + summer)[:_PLACES_ON_OFFSET]
    # The sign of these names is that of POSIX, hours west: Etc/GMT-5 is five hours east.
    fixed = "UTC" if seconds == 0 else f"Etc/GMT{-seconds // 3600:+d}"
    if seconds % 3600 or fixed not in gazetteer.names:
        return places
    return [fixed, *places] if seconds == 0 else [*places, fixed]


def _suggest_from_pieces(plain: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return the zones on which the parts of a text agree, else those of any part.

    "IST (UTC+1)" is Dublin; "San José, Costa Rica" is not in California; "Los Angeles, CA" does not mean Canada.
    """
    pieces = list(_split_pieces(plain))
    places = [piece for piece in pieces if parse_offset(piece) is None]
    readings = [
        (gazetteer.find_by_meaning(p, alone=len(pieces) == 1) or gazetteer.find_similar(p), len(p)) for p in places
    ]
    readings += [(gazetteer.find_by_offset(o), len(p)) for p in pieces if (o := parse_offset(p)) is not None]
    zones = [of_piece for of_piece, _ in readings]
    spelt_out = [of_piece for of_piece, length in readings if length > 2 and of_piece]
    return _find_agreed(zones) or _list_unique(chain.from_iterable(spelt_out or zones))


def _find_agreed(readings: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the zones that more than one reading gives, the most frequent first."""
    votes = Counter(chain.from_iterable(readings))
    return tuple(sorted((zone for zone, count in votes.items() if count > 1), key=lambda zone: -votes[zone]))


def _split_pieces(plain: str) -> Iterator[str]:
    """Return the parts of a text without the area before a slash: Europe/Geneva becomes Geneva."""
    for part in _PIECES.split(plain):
        *before, last = _SLASH.split(part)
        yield from (
            piece.strip() for piece in before if normalize_name(piece) and not _AREA.fullmatch(normalize_name(piece))
        )
        if normalize_name(last):
            yield last.strip()


def _list_abbreviations() -> Iterator[tuple[str, tuple[str, ...]]]:
    for letters, zones in ABBREVIATIONS.items():
        for abbreviation in letters.split(","):
            yield normalize_name(abbreviation), zones


def _list_cities() -> Iterator[tuple[str, tuple[str, ...]]]:
    for city, zones in HOMONYMS.items():
        yield normalize_name(city), zones
    for zone, cities in CITIES.items():
        for city in cities:
            yield normalize_name(city), (zone,)


def _select_known(gazetteer: Gazetteer, rows: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Return the rows by key, with the zones that the gazetteer has; zones of earlier rows come first."""
    table: dict[str, dict[str, None]] = {}
    for key, zones in rows:
        known = dict.fromkeys(zone for zone in zones if zone in gazetteer.names)
        if key and known:
            table.setdefault(key, {}).update(known)
    return {key: tuple(zones) for key, zones in table.items()}


def _merge_tables(*tables: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    keys = _list_unique(chain.from_iterable(tables))
    return {key: _list_unique(chain.from_iterable(table.get(key, ()) for table in tables)) for key in keys}


def sort_by_people(zones: Iterable[str]) -> tuple[str, ...]:
    """Return zones with those of most people first; the others keep their order behind them."""
    return tuple(sorted(zones, key=lambda zone: _RANK.get(zone, len(_RANK))))


def _list_unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _split_rows(text: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
