"""Weekends and holidays by country: what two packages know, in plain values and in English, whatever the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from importlib.resources import files

import pytest

from facts import in_words
from mag_rotation.daysoff import DAYS_OFF_SOURCES, make_almanac
from mag_rotation.values import FrozenDict

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


@pytest.mark.parametrize(
    ("country", "weekend"),
    [
        ("US", {SAT, SUN}),
        ("AE", {SAT, SUN}),
        ("SA", {FRI, SAT}),
        ("IR", {FRI}),
        ("AF", {THU, FRI}),
        ("IN", {SUN}),
        ("AQ", {SAT, SUN}),  # no country of CLDR: the weekend of the world
    ],
)
def test_weekends_are_those_of_the_country(country: str, weekend: set[int]) -> None:
    assert make_almanac([country], [2026]).days_off[country].weekend == weekend


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("US", date(2026, 11, 26), "Thanksgiving Day"),
        ("US", date(2021, 12, 31), "New Year's Day (observed)"),
        ("CH", date(2026, 8, 1), "National Day"),
        ("JP", date(2026, 2, 11), "Foundation Day"),
        ("BR", date(2026, 9, 7), "Independence Day"),
        ("ZA", date(2026, 4, 27), "Freedom Day"),
    ],
)
def test_holidays_have_their_english_names(country: str, day: date, name: str) -> None:
    assert make_almanac([country], [day.year]).days_off[country].name_of(day) == name


def test_a_day_that_is_both_is_named_for_the_holiday() -> None:
    days_off = make_almanac(["US"], [2026]).days_off["US"]

    assert date(2026, 7, 4).weekday() == SAT
    assert days_off.name_of(date(2026, 7, 4)) == "Independence Day"
    assert days_off.name_of(date(2026, 7, 11)) == "weekend"
    assert days_off.name_of(date(2026, 7, 8)) is None


def test_only_the_years_asked_for_are_there_and_asking_does_not_add_any() -> None:
    days_off = make_almanac(["FR"], [2026, 2028]).days_off["FR"]

    assert {day.year for day in days_off.holidays} == {2026, 2028}
    assert days_off.name_of(date(2027, 7, 14)) is None
    assert {day.year for day in days_off.holidays} == {2026, 2028}


def test_what_comes_out_are_plain_values() -> None:
    holidays = make_almanac(["JP"], [2026]).days_off["JP"].holidays

    assert type(holidays) is FrozenDict
    assert holidays == dict(holidays)
    assert {(type(day), type(name)) for day, name in holidays.items()} == {(date, str)}


def test_codes_are_read_in_any_case_and_kept_as_they_were_asked_for() -> None:
    found = make_almanac(["jp", "JP", "jp"], [2026])

    assert list(found.days_off) == ["JP", "jp"]
    assert found.days_off["jp"] == found.days_off["JP"]
    assert in_words(found.warnings) == ()


@pytest.mark.parametrize("country", ["Atlantis", "UK", "EU", "XX", "CHE", "001", "de_CH", "", "\u00c4\u00d6"])
def test_of_what_is_no_country_nothing_is_known_and_a_sentence_says_so(country: str) -> None:
    found = make_almanac([country, "CH", country], [2026])

    assert list(found.days_off) == ["CH"]
    assert in_words(found.warnings) == (
        f"no day off is known of the country {country!r}; countries are ISO 3166 codes of two letters, as CH",
    )


def test_a_place_without_holidays_has_weekends_only_and_a_sentence_says_so() -> None:
    # The Canary Islands have a reserved code, which CLDR knows and the holidays package does not.
    found = make_almanac(["IC"], [2026])

    assert found.days_off["IC"].weekend == {SAT, SUN}
    assert found.days_off["IC"].holidays == {}
    assert in_words(found.warnings) == ("no public holiday is known of the country 'IC'; only its weekends are named",)


def test_every_country_of_iso_3166_is_known() -> None:
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    codes = [line.split("\t")[0] for line in table.splitlines() if not line.startswith("#")]

    found = make_almanac(codes, [2026])

    assert in_words(found.warnings) == ()
    assert set(found.days_off) == set(codes)
    assert all(days_off.weekend for days_off in found.days_off.values())


@pytest.mark.parametrize("language", ["de", "fr_CH.UTF-8", "C"])
def test_names_do_not_depend_on_the_language_of_the_machine(language: str) -> None:
    code = (
        "from mag_rotation.daysoff import make_almanac; "
        "print(sorted((c, str(d), n) for c, o in make_almanac(['CH', 'DE', 'NZ', 'UA'], [2026]).days_off.items() "
        "for d, n in o.holidays.items()))"
    )
    environment = os.environ | dict.fromkeys(("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"), language)
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", timeout=60, check=True
    ).stdout

    days_off = make_almanac(["CH", "DE", "NZ", "UA"], [2026]).days_off
    here = sorted((code, str(day), name) for code, off in days_off.items() for day, name in off.holidays.items())
    assert said.strip() == str(here)
    assert "Neujahr" not in said


def test_the_versions_of_both_packages_are_told() -> None:
    assert list(DAYS_OFF_SOURCES) == ["babel", "holidays"]
    assert all(version[0].isdigit() for version in DAYS_OFF_SOURCES.values())
