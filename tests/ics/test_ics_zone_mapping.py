"""The clocks of calendars that others made: what a VTIMEZONE says, and which zone a TZID means.

Laws: the VTIMEZONE of any zone is read as zoneinfo has that zone, at every instant and for every wall time of its span;
a zone is guessed only where the VTIMEZONE agrees with it over the whole span of the events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts import in_words
from mag_rotation.errors import InvalidValue
from mag_rotation.ics.reader import Component, Property, read_lenient
from mag_rotation.ics.vtimezone import make_vtimezone
from mag_rotation.ics.zone_mapping import Clocks, Moment, Timezone, read_timezone
from mag_rotation.roster import ZoneName
from mag_rotation.zones import YEARS, resolve, to_epoch_second

ZONE_NAMES = (files("tzdata") / "zones").read_text("utf-8").split()


def component_of(*rows: str, name: str = "VTIMEZONE") -> Component:
    rows = ("BEGIN:VCALENDAR", f"BEGIN:{name}", *rows, f"END:{name}", "END:VCALENDAR")
    return read_lenient("\n".join(rows).encode()).components[1]


def observance(kind: str, start: str, before: str, after: str, *more: str) -> tuple[str, ...]:
    offsets = [f"{name}:{text}" for name, text in (("TZOFFSETFROM", before), ("TZOFFSETTO", after)) if text]
    return f"BEGIN:{kind}", f"DTSTART:{start}", *offsets, *more, f"END:{kind}"


BERLIN = (
    *observance("DAYLIGHT", "19700329T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
    *observance("STANDARD", "19701025T030000", "+0200", "+0100", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
)
"""Clocks of central Europe."""

DENVER = (
    *observance("DAYLIGHT", "20070311T020000", "-0700", "-0600", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
    *observance("STANDARD", "20071104T020000", "-0600", "-0700", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
)
"""Clocks of the Rocky Mountains."""


# What a VTIMEZONE says.


@cache
def clock(zone: str) -> ZoneInfo:
    with (files("tzdata") / "zoneinfo").joinpath(*zone.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=zone)


@given(
    st.sampled_from(ZONE_NAMES),
    st.integers(1975, 2060),
    st.integers(0, 4),
    st.lists(st.integers(0, 5 * 365 * 24 * 60), min_size=1, max_size=20),
)
def test_the_vtimezone_of_a_zone_is_read_as_zoneinfo_has_it(
    zone: str, year: int, more: int, minutes: list[int]
) -> None:
    """The slow twin: zoneinfo with tzdata's own file, asked for each instant and for each wall time."""
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + more, 12, 31, tzinfo=UTC)
    rows = make_vtimezone(ZoneName(zone), first, last).to_ical().decode().split("\r\n")[1:-2]

    read = read_timezone(component_of(*rows), first.date(), last.date())

    assert read is not None
    for instant in (first + timedelta(minutes=count) for count in minutes):
        if instant > last:
            continue
        there = instant.astimezone(clock(zone))
        offset = there.utcoffset()
        assert offset is not None
        assert timedelta(seconds=read.offset_at(to_epoch_second(instant))) == offset
        wall = instant.replace(tzinfo=None)
        assert read.instant(wall) == wall.replace(tzinfo=clock(zone)).astimezone(UTC)
    assert read.agrees(ZoneName(zone), to_epoch_second(first), to_epoch_second(last))


def walls_and_instants(read: Timezone, *walls: datetime) -> list[str]:
    return [f"{read.instant(wall):%m-%d %H:%M}" for wall in walls]


def test_a_skipped_wall_time_lies_past_the_gap_and_a_repeated_one_is_the_first() -> None:
    read = read_timezone(component_of(*BERLIN), date(2026, 1, 1), date(2026, 12, 31))

    assert read is not None
    nights = datetime(2026, 3, 29), datetime(2026, 10, 25)  # noqa: DTZ001 - wall times
    walls = [night + timedelta(hours=hour, minutes=30) for night in nights for hour in (1, 2, 3)]
    assert walls_and_instants(read, *walls) == [
        "03-29 00:30", "03-29 01:30", "03-29 01:30", "10-24 23:30", "10-25 00:30", "10-25 02:30",
    ]  # fmt: skip


def test_before_its_first_change_a_vtimezone_has_the_offset_that_it_changes_from() -> None:
    rows = observance("DAYLIGHT", "20260329T020000", "+0100", "+0200")

    read = read_timezone(component_of(*rows), date(2025, 1, 1), date(2026, 12, 31))

    assert read is not None
    assert [read.offset_at(to_epoch_second(datetime(2026, month, 1, tzinfo=UTC))) for month in (1, 6)] == [3600, 7200]


ODD_ZONES = [
    pytest.param(observance("STANDARD", "16010101T000000", "", "+1000"), [600, 600], id="no TZOFFSETFROM"),
    pytest.param(
        [*observance("DAYLIGHT", "19700329T020000", "", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
         *observance("STANDARD", "19701025T030000", "", "+0100", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")],
        [60, 120], id="no TZOFFSETFROM in either",
    ),
    pytest.param(observance("STANDARD", "18930401T000000", "+5328", "+0100"), [60, 60], id="minutes and seconds"),
    pytest.param(observance("STANDARD", "19700101", "+0100", "+0100"), [60, 60], id="a day as the onset"),
    pytest.param(
        observance("STANDARD", "19700101T000000", "+0100", "+0100", "RDATE:20260301T000000,20260501T000000"),
        [60, 60], id="RDATE",
    ),
    pytest.param(
        [*observance("STANDARD", "19700101T000000", "+0100", "+0100"),
         *observance("DAYLIGHT", "20260501T000000", "+0100", "+0200")], [60, 120], id="no rule",
    ),
    *(
        pytest.param(
            [*observance("DAYLIGHT", "19700401T020000", "+0100", "+0200", f"RRULE:FREQ=YEARLY;UNTIL={until}"),
             *observance("STANDARD", "19701001T030000", "+0200", "+0100", "RRULE:FREQ=YEARLY")],
            [60, offset], id=f"until {until}",
        )
        for until, offset in (
            ("20260401T010000Z", 120), ("20260401T005959Z", 60), ("20260401", 120), ("20260331", 60),
            ("20260401T020000", 120), ("20260401T015959", 60), ("99991231T000000Z", 120),
        )
    ),
    pytest.param(
        [*observance("DAYLIGHT", "20240401T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;COUNT=2"),
         *observance("STANDARD", "19701001T030000", "+0200", "+0100", "RRULE:FREQ=YEARLY")], [60, 60], id="COUNT",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "minutes"), ODD_ZONES)
def test_what_other_programs_write_into_a_vtimezone_is_read(rows: Sequence[str], minutes: list[int]) -> None:
    read = read_timezone(component_of(*rows), date(2026, 1, 1), date(2026, 12, 31))

    assert read is not None
    months = (2, 7)
    assert [read.offset_at(to_epoch_second(datetime(2026, month, 1, tzinfo=UTC))) // 60 for month in months] == minutes


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ("BEGIN:STANDARD", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "END:STANDARD"),
        observance("STANDARD", "soon", "+0100", "+0100"),
        observance("STANDARD", "19700101T000000", "+0100", ""),
        observance("STANDARD", "19700101T000000", "+0100", "east"),
        observance("STANDARD", "19700101T000000", "+0100", "+0100", "RRULE:FREQ=SECONDLY"),
        observance("STANDARD", "19700101T000000", "+0100", "+0100", "RRULE:FREQ=YEARLY;UNTIL=soon"),
        observance("STANDARD", "19700101T000000", "+0100", "+0100", "RRULE:FREQ=YEARLY;COUNT=many"),
        observance("STANDARD", "19700101T000000", "+0100", "+0100", "RRULE:FREQ=DAILY"),
        observance("STANDARD", "19700101T000000", "+0100", "+0100", "RDATE:never"),
    ],
)
def test_a_vtimezone_that_cannot_be_read_says_nothing(rows: Sequence[str]) -> None:
    assert read_timezone(component_of(*rows), date(2026, 1, 1), date(2026, 12, 31)) is None


@pytest.mark.parametrize(
    ("zone", "first", "last", "agrees"),
    [
        ("America/Denver", date(2026, 1, 1), date(2026, 12, 31), True),
        ("America/Phoenix", date(2026, 1, 1), date(2026, 2, 1), True),
        ("America/Phoenix", date(2026, 1, 1), date(2026, 3, 10), False),
        ("America/Phoenix", date(2026, 11, 10), date(2027, 2, 1), True),
        ("America/Chicago", date(2026, 1, 1), date(2026, 1, 2), False),
        ("America/Denver", date(2000, 1, 1), date(2000, 12, 31), False),  # the rules began in 2007
    ],
)
def test_a_zone_agrees_over_the_whole_span_or_not_at_all(zone: str, first: date, last: date, agrees: bool) -> None:
    read = read_timezone(component_of(*DENVER), first, last)

    assert read is not None
    seconds = [to_epoch_second(datetime.combine(day, time(), tzinfo=UTC)) for day in (first, last)]
    assert read.agrees(ZoneName(zone), *seconds) == agrees


def test_clocks_that_change_in_the_same_night_at_another_hour_agree() -> None:
    rows = [row.replace("T020000", "T040000").replace("T030000", "T050000") for row in BERLIN]
    read = read_timezone(component_of(*rows), date(2026, 1, 1), date(2026, 12, 31))

    assert read is not None
    assert read.agrees(ZoneName("Europe/Berlin"), 1_767_225_600, 1_798_761_600)


# Which zone a TZID means.


def clocks_of(tzid: str, *rows: str, location: str | None = None, **more: object) -> Clocks:
    """The clocks of a file with one VTIMEZONE, or none without rows."""
    located = [] if location is None else [f"X-LIC-LOCATION:{location}"]
    components = [component_of(f"TZID:{tzid}", *located, *rows)] if rows else []
    span = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
    return replace(Clocks.of(components), span=span, **more)  # type: ignore[arg-type]


def start(tzid: str | None, value: str = "20260706T090000") -> Property:
    return Property(name="DTSTART", params=() if tzid is None else (("TZID", (tzid,)),), value=value, line=9)


LONDON = tuple(row.replace("+0200", "@").replace("+0100", "+0000").replace("@", "+0100") for row in BERLIN)
EASTERN = tuple(row.replace("-0600", "-0400").replace("-0700", "-0500") for row in DENVER)
PACIFIC = tuple(
    row.replace("-0600", "-0800").replace("-0700", "@").replace("-0800", "-0700").replace("@", "-0800")
    for row in DENVER
)


def steady(offset: str) -> tuple[str, ...]:
    return observance("STANDARD", "16010101T000000", offset, offset)


READ = [
    ("Europe/Berlin", BERLIN, "Europe/Berlin", ""),
    ("Europe/Berlin", (), "Europe/Berlin", ""),
    ("Europe/Berlin", DENVER, "Europe/Berlin", ""),
    ("/citadel.org/20210210_1/Europe/Berlin", BERLIN, "Europe/Berlin", "as Europe/Berlin"),
    ("/x.example.org/America/Argentina/Ushuaia", (), "America/Argentina/Ushuaia", "as America/Argentina/Ushuaia"),
    ("US/Mountain", DENVER, "US/Mountain", ""),
    ("UTC", (), "UTC", ""),
    ("GMT", (), "UTC", ""),
    ("Etc/UTC", steady("+0000"), "UTC", ""),
    ("tzone://Microsoft/Utc", steady("+0000"), "UTC", "by its VTIMEZONE, as UTC"),
    ("GMT", LONDON, "Europe/London", "by its VTIMEZONE, as Europe/London"),
    ("UTC", LONDON, "Europe/London", "by its VTIMEZONE, as Europe/London"),
    ("GMT", steady("+0100"), "Etc/GMT-1", "by its VTIMEZONE, as Etc/GMT-1"),
    ("EST", EASTERN, "America/New_York", "by its VTIMEZONE, as America/New_York"),
    ("EST", steady("-0500"), "Etc/GMT+5", "by its VTIMEZONE, as Etc/GMT+5"),
    ("EST5EDT", EASTERN, "America/New_York", "by its VTIMEZONE, as America/New_York"),
    ("Etc/GMT+5", EASTERN, "America/New_York", "by its VTIMEZONE, as America/New_York"),
    ("Etc/GMT+5", steady("-0500"), "Etc/GMT+5", ""),
    ("Etc/GMT+5", (), "Etc/GMT+5", ""),
    ("UTC-05:00", EASTERN, "America/New_York", "by its VTIMEZONE, as America/New_York"),
    ("CET", observance("STANDARD", "18930401T000000", "+5328", "+0100"), "Etc/GMT-1", "by its VTIMEZONE, as Etc/GMT-1"),
    ("CET", BERLIN, "Europe/Berlin", "by its VTIMEZONE, as Europe/Berlin"),
    ("IST", steady("+0530"), "Asia/Kolkata", "by its VTIMEZONE, as Asia/Kolkata"),
    ("us-mountain", DENVER, "America/Denver", "by its VTIMEZONE, as America/Denver"),
    ("US-Eastern", EASTERN, "America/New_York", "by its VTIMEZONE, as America/New_York"),
    ("Zurich", BERLIN, "Europe/Zurich", "by its VTIMEZONE, as Europe/Zurich"),
    ("Pacific Standard Time", PACIFIC, "America/Los_Angeles", "by its VTIMEZONE, as America/Los_Angeles"),
    ("Pacific Standard Time", (), "America/Los_Angeles", "as America/Los_Angeles"),
    ("US Mountain Standard Time", steady("-0700"), "America/Phoenix", "by its VTIMEZONE, as America/Phoenix"),
    ("(UTC-07:00) Mountain Time (US & Canada)", DENVER, "America/Denver", "by its VTIMEZONE, as America/Denver"),
]


@pytest.mark.parametrize(("tzid", "rows", "zone", "how"), READ)
def test_a_tzid_is_read_by_the_place_that_it_names_or_by_its_vtimezone(
    tzid: str, rows: Sequence[str], zone: str, how: str
) -> None:
    clocks = clocks_of(tzid, *rows)

    found = clocks.moment(start(f'"{tzid}"'))

    assert isinstance(found, Moment)
    assert (found.clock.zone, found.instant) == (zone, resolve(found.wall, ZoneName(zone)).instant)
    assert in_words(clocks.notes.facts()) == ((f"the TZID {tzid!r} was read {how} (found 1): line 9",) if how else ())


ASKED = [
    ("Pacific Standard Time", DENVER, r"its VTIMEZONE in line 2 keeps the time of America/Denver"),
    ("us-mountain", steady("-0700"), r"its VTIMEZONE in line 2 keeps the time of America/Phoenix"),
    ("Zurich", DENVER, r"its VTIMEZONE in line 2 keeps the time of America/Denver"),
    ("Somewhere", BERLIN, r"its VTIMEZONE in line 2 keeps the time of Europe/Berlin"),
    ("Somewhere", steady("+0017"), r"its VTIMEZONE in line 2 agrees with no zone"),
    ("Zurich", (), r"Europe/Zurich, perhaps"),
    ("EST", (), r"America/New_York or .*, perhaps"),
    ("Somewhere", ("BEGIN:STANDARD", "END:STANDARD"), ""),
    ("Europe", (), ""),
    ("../../etc/passwd", (), ""),
    ("x" * 300, (), ""),
    ("", (), ""),
]


@pytest.mark.parametrize(("tzid", "rows", "hint"), ASKED)
def test_a_name_that_its_vtimezone_does_not_confirm_is_asked_for(tzid: str, rows: Sequence[str], hint: str) -> None:
    with pytest.raises(
        InvalidValue, match=rf"found the TZID .*, in line 9, which is not a zone of tzdata.*{hint}.*--zone"
    ) as asked:
        clocks_of(tzid, *rows).moment(start(tzid))

    assert ("perhaps" in str(asked.value)) == ("perhaps" in hint)


@pytest.mark.parametrize(("location", "rows"), [("America/Los_Angeles", PACIFIC), ("America/Denver", DENVER)])
def test_x_lic_location_counts_where_the_rules_agree(location: str, rows: Sequence[str]) -> None:
    right = clocks_of("Custom", *rows, location=location).moment(start("Custom"))

    assert isinstance(right, Moment)
    assert right.clock.zone == location
    with pytest.raises(InvalidValue, match="found the TZID 'Custom'"):
        clocks_of("Custom", *rows, location="America/Chicago").moment(start("Custom"))


def test_letters_whose_vtimezone_is_no_zone_are_read_by_it() -> None:
    rows = [row.replace("-1SU", "2WE") for row in BERLIN]
    clocks = clocks_of("CET", *rows)

    summer, winter = (clocks.moment(start("CET", value)) for value in ("20260706T090000", "20261206T090000"))

    assert isinstance(summer, Moment)
    assert isinstance(winter, Moment)
    assert [moment.instant.hour for moment in (summer, winter)] == [7, 8]
    assert summer.clock.zone == "UTC"
    assert Moment.at(summer.instant, summer.clock).wall == summer.wall
    assert in_words(clocks.notes.facts()) == (
        "the TZID 'CET' was read by its VTIMEZONE, which agrees with no zone of tzdata (found 2): line 9",
    )
    clocks.compare(summer)
    assert len(in_words(clocks.notes.facts())) == 1


def test_a_name_and_a_vtimezone_that_disagree_are_both_named() -> None:
    clocks = clocks_of("Europe/Berlin", *DENVER)
    moment = clocks.moment(start("Europe/Berlin"))
    assert isinstance(moment, Moment)

    clocks.compare(moment)
    clocks.compare(moment.on(date(2026, 7, 13)))

    (said,) = in_words(clocks.notes.facts())
    assert said == (
        "the TZID 'Europe/Berlin' and its VTIMEZONE disagree, and the name was taken: 2026-07-06 09:00 is "
        "2026-07-06T07:00Z by Europe/Berlin and 2026-07-06T15:00Z by the VTIMEZONE; --zone says otherwise "
        "(found 2): line 2"
    )


def test_a_time_in_the_night_of_another_change_takes_a_guess_back() -> None:
    rows = [row.replace("T020000", "T040000").replace("T030000", "T050000") for row in BERLIN]
    clocks = clocks_of("Berlin", *rows)
    guessed = clocks.moment(start("Berlin", "20260329T033000"))
    assert isinstance(guessed, Moment)

    with pytest.raises(InvalidValue, match=r"found the TZID 'Berlin', but 2026-03-29 03:30 is .*--zone 'Berlin'=ZONE"):
        clocks.compare(guessed)


def test_what_the_user_says_counts_more_than_anything_else() -> None:
    clocks = clocks_of("Europe/Berlin", *BERLIN, given={"Europe/Berlin": ZoneName("Asia/Tokyo")})

    moment = clocks.moment(start('"Europe/Berlin"'))

    assert isinstance(moment, Moment)
    assert moment.clock.zone == "Asia/Tokyo"
    clocks.compare(moment)
    assert in_words(clocks.notes.facts()) == ()


@pytest.mark.parametrize("tzid", ["Europe/Berlin", "UTC", "Nowhere"])
def test_a_time_in_utc_is_in_utc_whatever_its_tzid_is_and_it_is_named(tzid: str) -> None:
    clocks = clocks_of(tzid)

    moment = clocks.moment(start(tzid, "20260706T090000Z"))

    assert isinstance(moment, Moment)
    assert moment.instant == datetime(2026, 7, 6, 9, tzinfo=UTC)
    assert [sentence.endswith("(found 1): line 9") for sentence in in_words(clocks.notes.facts())] == [True]


def test_without_a_span_a_guess_is_good_for_its_day() -> None:
    clocks = Clocks.of([component_of("TZID:us-mountain", *DENVER)])

    moment = clocks.moment(start("us-mountain"))

    assert isinstance(moment, Moment)
    assert moment.clock.zone == "America/Denver"


def test_times_without_a_zone_are_on_a_clock_that_the_user_names() -> None:
    with pytest.raises(InvalidValue, match=r"on no clock; say which zone it is with --zone ZONE .*DTSTART in line 9"):
        clocks_of("").moment(start(None))

    clocks = clocks_of("", floating=ZoneName("Asia/Tokyo"))
    moment = clocks.moment(start(None))

    assert isinstance(moment, Moment)
    assert moment.instant.hour == 0
    assert clocks.moment(start(None, "20260706")) == date(2026, 7, 6)


@pytest.mark.parametrize("year", ["0001", "1899", "3000", "9999"])
def test_a_time_out_of_all_reason_is_refused_with_its_line(year: str) -> None:
    with pytest.raises(InvalidValue, match=rf"found DTSTART in the year {int(year)}, in line 9; a call lies in"):
        clocks_of("GMT+1").moment(start("GMT+1", f"{year}0101T000000"))


def test_moments_stay_within_the_years_of_plans() -> None:
    clocks = clocks_of("")
    last = clocks.moment(start(None, f"{YEARS[1]}1231T090000Z"))
    assert isinstance(last, Moment)

    for days in (1, 3_000_000, 900_000_000):
        with pytest.raises(InvalidValue, match=r"found the year 3000|beyond the year 2999"):
            last.shift(timedelta(days=days))
