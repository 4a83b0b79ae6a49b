"""What the door reads: instants as text and names of zones, from the files of the tzdata package and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.errors import InvalidInstant, InvalidValue, UnknownZone
from mag_rotation.places.suggest import Gazetteer, find_suggestions
from mag_rotation.report.language import ENGLISH
from mag_rotation.roster import ZoneName
from mag_rotation.zones import (
    TZDATA_VERSION,
    load_zone_rules,
    parse_instant,
    resolve,
    zone_name,
)
from twin_night import zone_bytes, zone_names

INSTANTS = {
    "2020-09-15T20:00Z": "2020-09-15T20:00:00+00:00",
    "2020-09-15T20:00:30Z": "2020-09-15T20:00:30+00:00",
    "2020-09-15 20:00Z": "2020-09-15T20:00:00+00:00",
    "2020-09-15t20:00z": "2020-09-15T20:00:00+00:00",
    "2020-09-16T06:00+10:00": "2020-09-15T20:00:00+00:00",
    "2020-09-15T16:30:00-03:30": "2020-09-15T20:00:00+00:00",
    "2020-09-15 16:30 \u221203:30": "2020-09-15T20:00:00+00:00",
    "20200915T200000Z": "2020-09-15T20:00:00+00:00",
    "20200915T2000-0330": "2020-09-15T23:30:00+00:00",
    "2020-09-15T20Z": "2020-09-15T20:00:00+00:00",
    "2020-W38-2T20:00Z": "2020-09-15T20:00:00+00:00",
    "1900-01-01T00:00Z": "1900-01-01T00:00:00+00:00",
    "2999-12-31T23:59Z": "2999-12-31T23:59:00+00:00",
    # as the product prints them, and as people write them
    "2026-11-03 20:00 UTC": "2026-11-03T20:00:00+00:00",
    "Tue 2026-11-03 20:00 UTC": "2026-11-03T20:00:00+00:00",
    "Tuesday, 2026-11-03  20:00 utc ": "2026-11-03T20:00:00+00:00",
    "2026-11-03T20:00 UTC": "2026-11-03T20:00:00+00:00",
    "2026-11-03 20:00UTC": "2026-11-03T20:00:00+00:00",
    "2026-11-03 9:00 GMT": "2026-11-03T09:00:00+00:00",
    "2026-11-03 20:00 Z": "2026-11-03T20:00:00+00:00",
    "2026-11-03 21:00 +01:00": "2026-11-03T20:00:00+00:00",
    "2026-11-03 21:00 Europe/Zurich": "2026-11-03T20:00:00+00:00",
    "2026-11-03T21:00:00 Europe/Zurich": "2026-11-03T20:00:00+00:00",
    "2026-11-04 01:45 Asia/Kathmandu": "2026-11-03T20:00:00+00:00",
    "2026-11-03 15:00 Etc/GMT+5": "2026-11-03T20:00:00+00:00",
    "2026-11-03 15:00 America/Argentina/Buenos_Aires": "2026-11-03T18:00:00+00:00",
    # a wall time that happens twice is the first of the two, one that is skipped moves past the gap
    "2026-10-25 02:30 Europe/Zurich": "2026-10-25T00:30:00+00:00",
    "2026-10-25 01:30 Europe/London": "2026-10-25T00:30:00+00:00",
    "2026-03-29 02:30 Europe/Zurich": "2026-03-29T01:30:00+00:00",
    "2026-03-08 02:30 America/New_York": "2026-03-08T07:30:00+00:00",
    "2026-10-04 02:15 Australia/Lord_Howe": "2026-10-03T15:45:00+00:00",
}


@pytest.mark.parametrize(("text", "instant"), INSTANTS.items(), ids=INSTANTS)
def test_an_instant_is_read_in_utc(text: str, instant: str) -> None:
    found = parse_instant(text)

    assert (found.isoformat(), found.tzinfo) == (instant, UTC)


@given(instant=st.datetimes(datetime(1901, 1, 1), datetime(2998, 1, 1)), offset=st.integers(-1439, 1439))  # noqa: DTZ001
def test_an_instant_is_read_back_from_whatever_offset_it_is_written_in(instant: datetime, offset: int) -> None:
    written = instant.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=offset))).isoformat()

    assert parse_instant(written) == instant.replace(tzinfo=UTC)


@given(
    wall=st.datetimes(datetime(1970, 1, 1), datetime(2037, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)),  # noqa: DTZ001
    zone=st.sampled_from(
        ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
    ),
)
def test_a_wall_time_with_a_zone_is_the_instant_that_calls_at_it_have(wall: datetime, zone: str) -> None:
    assert parse_instant(f"{wall:%Y-%m-%d %H:%M} {zone}") == resolve(wall, zone_name(zone)).instant


@given(instant=st.datetimes(datetime(1901, 1, 1), datetime(2998, 1, 1)))  # noqa: DTZ001
def test_an_instant_is_read_back_as_tables_print_it(instant: datetime) -> None:
    at = instant.replace(second=0, microsecond=0, tzinfo=UTC)

    assert parse_instant(f"{ENGLISH.write_moment(at)} UTC") == at


NO_INSTANTS = {
    "": "is not an instant; write one such as 2020-09-15T20:00Z or '2020-09-15 20:00 UTC'",
    "now": "is not an instant; write one such as",
    "Z": "is not an instant; write one such as",
    "20:00Z": "is not an instant; write one such as",
    "03.11.2026 20:00 UTC": "is not an instant; write one such as",
    "2026-11-3 20:00 UTC": "is not an instant; write one such as",
    "2026-11-03 20.00 UTC": "is not an instant; write one such as",
    "2020-09-15X20:00Z": "is not an instant; write one such as",
    "Tom 2026-11-03 20:00 UTC": "is not an instant; write one such as",
    "2026-11-03 20:00+99:00": "is not an instant; write one such as",
    "2020-09-15": "has no hour; write one, as in 2020-09-15T00:00Z",
    "2020-09-15 Europe/Zurich": "has no hour; write one, as in '2020-09-15 20:00 Europe/Zurich'",
    "2020-09-15T20:00": "has no time zone; add one, as in '2020-09-15 20:00 UTC'",
    "2020-09-15 9:05": "has no time zone; add one, as in '2020-09-15 09:05 UTC'",
    "2020-02-30T20:00Z": "names a day or an hour that does not exist",
    "2020-09-15T24:30Z": "names a day or an hour that does not exist",
    "2020-09-15T24:00Z": "names a day or an hour that does not exist",
    "2026-11-03 8pm UTC": "is not by the 24-hour clock; write 20:00 for 8pm",
    "2026-11-03 8:30 p.m. UTC": "is not by the 24-hour clock; write 20:30 for 8:30p.m.",
    "2026-11-03 12am UTC": "is not by the 24-hour clock; write 00:00 for 12am",
    "Mon 2026-11-03 20:00 UTC": "names the wrong weekday: 2026-11-03 is a Tuesday",
    "2026-11-03 20:00 UTC+2": "names an offset as a zone; write '2026-11-03 20:00+02:00'",
    "2026-11-03 20:00 gmt -5:30": "names an offset as a zone; write '2026-11-03 20:00-05:30'",
    "2026-11-03T21:00+01:00[Europe/Zurich]": "has an offset and more behind it; write either an offset or the name",
}


@pytest.mark.parametrize(("text", "problem"), NO_INSTANTS.items(), ids=NO_INSTANTS)
def test_a_text_that_names_no_instant_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InvalidInstant) as caught:
        parse_instant(text)

    assert str(caught.value).startswith(f"{text!r} {problem}")


STRANGE_ZONES = {
    "2026-11-03 20:00 zurich": "Europe/Zurich",
    "2026-11-03 20:00 CET": "Europe/Paris",
    "20260704T20 EST": "America/New_York",
}


@pytest.mark.parametrize(("text", "meant"), STRANGE_ZONES.items(), ids=STRANGE_ZONES)
def test_an_instant_in_a_zone_that_is_none_names_those_it_may_mean(text: str, meant: str) -> None:
    with pytest.raises(UnknownZone) as caught:
        parse_instant(text)

    assert meant in caught.value.suggestions


@pytest.mark.parametrize("text", ["0001-01-01T00:00Z", "1899-12-31T23:59Z", "3000-01-01T00:00Z", "9999-12-31T23:59Z"])
def test_an_instant_at_the_ends_of_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_instant(text)

    assert str(caught.value) == f"found {text!r}; write an instant from the year 1900 to 2999"


REFUSED = {
    "CET": "Europe/Paris", "CST6CDT": "America/Chicago", "EET": "Europe/Athens", "EST": "America/New_York",
    "EST5EDT": "America/New_York", "HST": "Pacific/Honolulu", "MET": "Europe/Paris", "MST": "America/Denver",
    "MST7MDT": "America/Denver", "PST8PDT": "America/Los_Angeles", "WET": "Europe/Lisbon",
}  # fmt: skip


@pytest.mark.parametrize(("name", "meant"), REFUSED.items(), ids=REFUSED)
def test_an_abbreviation_is_refused_and_places_are_suggested(name: str, meant: str) -> None:
    with pytest.raises(UnknownZone) as caught:
        zone_name(name)

    assert meant in caught.value.suggestions
    assert not set(caught.value.suggestions) & set(REFUSED)


def test_every_other_name_of_the_database_is_accepted_as_it_is_written() -> None:
    accepted = set(zone_names()) - set(REFUSED) - {"Factory"}

    assert {zone_name(name) for name in accepted} == accepted
    assert accepted > {"Asia/Calcutta", "US/Eastern", "UTC", "GMT", "Etc/GMT-5", "Asia/Kolkata", "Europe/Kiev"}
    with pytest.raises(UnknownZone):
        zone_name("Factory")


def test_a_misspelt_name_is_looked_up_once_however_often_it_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(text: str, gazetteer: Gazetteer) -> tuple[str, ...]:
        asked.append(text)
        return find_suggestions(text, gazetteer)

    monkeypatch.setattr("mag_rotation.places.suggest.find_suggestions", counted)
    for _ in range(2000):
        with pytest.raises(UnknownZone, match="did you mean Europe/Zurich"):
            zone_name("Europe/Zurihc")

    assert asked == ["Europe/Zurihc"]


def test_the_place_suggested_for_a_rule_has_kept_it_since_1970() -> None:
    rules = {name: place for name, place in REFUSED.items() if name.endswith("DT")}

    assert len(rules) == 4
    for name, place in rules.items():
        rule, kept = load_zone_rules(ZoneName(name)), load_zone_rules(ZoneName(place))

        assert rule.changes(0, 2**31) == kept.changes(0, 2**31)
        assert rule.footer == kept.footer


@pytest.mark.parametrize("name", ["europe/paris", "Europe/Paris ", "EUROPE/PARIS"])
def test_a_name_in_other_letters_is_refused_and_told_how_it_is_written(name: str) -> None:
    with pytest.raises(UnknownZone) as caught:
        zone_name(name)

    assert caught.value.suggestions[0] == "Europe/Paris"


def test_the_version_is_that_of_the_files() -> None:
    first = (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text("utf-8").splitlines()[0]

    assert first == f"# version {TZDATA_VERSION}"


ASK = """
import json
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError
from mag_rotation.errors import InvalidInstant
from mag_rotation.roster import ZoneName
from mag_rotation.zones import TZDATA_VERSION, parse_instant, resolve, split_stretches, to_local, zone_name

zone, start = zone_name("Europe/London"), parse_instant("2026-10-25T00:30Z")
try:
    system = datetime(2026, 10, 25, tzinfo=ZoneInfo("Europe/London")).isoformat()
except ZoneInfoNotFoundError:
    system = "none"
try:
    naive = to_local(datetime(2026, 10, 25), zone).isoformat()
except InvalidInstant:
    naive = "refused"
print(json.dumps({
    "here": datetime(2026, 7, 1).astimezone().strftime("%z"),
    "system": system,
    "ours": [
        TZDATA_VERSION,
        naive,
        to_local(start, zone).isoformat(),
        resolve(datetime(2026, 10, 25, 1, 30), zone).instant.isoformat(),
        [(piece.minute, piece.length) for piece in split_stretches(start, 60, zone)],
    ],
}))
"""


def test_neither_the_systems_zones_nor_its_own_zone_have_a_say(tmp_path: Path) -> None:
    doctored, empty = tmp_path / "doctored", tmp_path / "empty"
    (doctored / "Europe").mkdir(parents=True)
    empty.mkdir()
    (doctored / "Europe" / "London").write_bytes(zone_bytes("Asia/Tokyo"))

    def asked(**environment: str) -> dict[str, object]:
        command = [sys.executable, "-c", ASK]
        done = subprocess.run(
            command, env=os.environ | environment, capture_output=True, check=True, text=True, timeout=60
        )
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    misled = asked(PYTHONTZPATH=str(doctored), TZ="JST-9")
    alone = asked(PYTHONTZPATH=str(empty), TZ="EST5")

    assert str(misled["system"]).endswith("+09:00")  # else nothing was doctored
    assert (misled["here"], alone["here"]) == ("+0900", "-0500")
    assert misled["ours"] == alone["ours"] == [
        TZDATA_VERSION, "refused", "2026-10-25T01:30:00+01:00", "2026-10-25T00:30:00+00:00", [[90, 30], [60, 30]],
    ]  # fmt: skip
