"""Laws of the door between wall time and instants, over every zone at its clock changes of 2015 to 2037.

The stupid twin is the standard library on the files of the tzdata package, asked instant by instant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.errors import InvalidInstant, InvalidValue, UnknownZone
from mag_rotation.roster import ZoneName
from mag_rotation.zones import (
    Adjustment,
    Fold,
    Gap,
    LocalTime,
    Unique,
    civil_date,
    load_zone_rules,
    make_offset_table,
    map_wall,
    resolve,
    split_stretches,
    to_local,
    to_utc,
    zone_name,
)
from strategies import ODD_MOMENTS, at, changes_of, instants_near, lengths, zones
from twin_night import clock, zone_bytes, zone_names

MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)
QUARTER = 15 * MINUTE
LONDON = ZoneName("Europe/London")
SPRING, AUTUMN = datetime(2026, 3, 29, 1, 30), datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 - wall times


@cache
def distinct_zones() -> tuple[ZoneName, ...]:
    """One name of each different file: links share their bytes."""
    return tuple({zone_bytes(name): ZoneName(name) for name in sorted(zone_names())}.values())


@cache
def moments() -> tuple[tuple[ZoneName, datetime], ...]:
    """Every zone at its changes of 2015 to 2037, of those that change twice a year every third, and the odd ones."""
    found = [(ZoneName(zone), moment) for zone, odd in ODD_MOMENTS.items() for moment in odd]
    for index, zone in enumerate(distinct_zones()):
        changes = [change for change in changes_of(zone) if 2015 <= change.year <= 2037]
        found += ((zone, change) for change in changes[index % 3 :: 3])
    return tuple(found)


def shown(instant: datetime, zone: str) -> datetime:
    """The wall time that the standard library shows."""
    return instant.astimezone(clock(zone)).replace(tzinfo=None, fold=0)


def around(moment: datetime) -> Iterator[datetime]:
    for away in (timedelta(0), SECOND, QUARTER, 30 * MINUTE, HOUR, 2 * HOUR, timedelta(days=1)):
        yield moment - away
        yield moment + away


def test_there_are_moments_enough_to_ask_about() -> None:
    assert len({zone for zone, _ in moments()}) > 120
    assert len(moments()) > 1_500


def test_a_wall_time_that_a_clock_showed_gives_its_instant_or_the_first_of_two() -> None:
    for zone, moment in moments():
        for instant in around(moment):
            wall = to_local(instant, zone).wall
            found = resolve(wall, zone)

            assert found.adjusted is not Adjustment.GAP, (zone, instant)
            assert found.instant == instant or (found.adjusted is Adjustment.FOLD and found.instant < instant), (
                zone,
                instant,
            )
            assert to_local(found.instant, zone).wall == wall, (zone, instant)


def test_walls_are_skipped_shown_once_or_repeated_as_a_scan_of_instants_says() -> None:
    kinds: dict[type, int] = defaultdict(int)
    for zone, moment in moments():
        before, after = shown(moment - SECOND, zone) + SECOND, shown(moment, zone)
        step = QUARTER if (after - before) % QUARTER == timedelta(0) and not before.second else 30 * SECOND
        reach = abs(after - before) + HOUR
        scan = defaultdict(list)
        for index in range(-(reach // step), reach // step + 1):
            scan[shown(moment + index * step, zone)].append(moment + index * step)
        wall, last = min(before, after) - HOUR + step, max(before, after) + HOUR - step
        while wall <= last:
            found, instants = map_wall(wall, zone), scan.get(wall, [])
            kinds[type(found)] += 1
            match found:
                case Unique(instant=instant):
                    assert instants == [instant], (zone, wall)
                case Fold(earlier=earlier, later=later):
                    assert instants == [earlier, later], (zone, wall)
                case Gap(earlier=earlier, later=later):
                    assert instants == [], (zone, wall)
                    assert later - earlier == after - before, (zone, wall)
                    assert shown(later, zone) == wall + (after - before), (zone, wall)
                    assert shown(earlier, zone) == wall - (after - before), (zone, wall)
            wall += step
    assert min(kinds[kind] for kind in (Unique, Fold, Gap)) > 2_000


def test_a_skipped_wall_moves_past_the_gap_and_a_repeated_one_is_the_first() -> None:
    for zone, moment in moments():
        before, after = shown(moment - SECOND, zone) + SECOND, shown(moment, zone)
        middle = before + (after - before) / 2
        found = resolve(middle, zone)

        assert found.adjusted is (Adjustment.GAP if after > before else Adjustment.FOLD), (zone, moment)
        assert found.instant == moment + (middle - before), (zone, moment)
        assert (found.instant >= moment) is (after > before), (zone, moment)


@given(data=st.data(), zone=zones)
def test_a_clock_shows_what_the_standard_library_shows(data: st.DataObject, zone: ZoneName) -> None:
    instant = data.draw(instants_near(zone))
    twin = instant.astimezone(clock(zone))

    assert to_local(instant, zone).isoformat() == twin.isoformat()
    assert to_local(instant, zone).offset == load_zone_rules(zone).offset_at(int(instant.timestamp()))
    assert civil_date(instant, zone) == twin.date()


def read_off(start: datetime, minutes: int, zone: str) -> list[int]:
    """The minute of the day at each minute of elapsed time."""
    walls = (shown(start + gone * MINUTE, zone) for gone in range(minutes))
    return [wall.hour * 60 + wall.minute for wall in walls]


def laid_out(start: datetime, minutes: int, zone: ZoneName) -> list[int]:
    """The same from the stretches."""
    pieces = split_stretches(start, minutes, zone)
    assert sum(piece.length for piece in pieces) == minutes
    assert all(piece.length > 0 and 0 <= piece.minute < 1440 for piece in pieces)
    return [(piece.minute + gone) % 1440 for piece in pieces for gone in range(piece.length)]


def test_stretches_are_what_reading_every_minute_gives_at_every_change() -> None:
    for index, (zone, moment) in enumerate(moments()):
        start = moment - (index % 40) * MINUTE - (index % 7) * 9 * SECOND

        assert laid_out(start, 40, zone) == read_off(start, 40, zone), (zone, start)


@given(data=st.data(), zone=zones, minutes=lengths)
def test_stretches_are_what_reading_every_minute_gives(data: st.DataObject, zone: ZoneName, minutes: int) -> None:
    start = data.draw(instants_near(zone))

    assert laid_out(start, minutes, zone) == read_off(start, minutes, zone)


def test_a_table_has_the_change_of_its_last_second_and_not_that_of_its_first() -> None:
    change, day = 1_774_746_000, 86_400  # 2026-03-29T01:00Z
    spans = {
        (change - day, change - 1): ((change - day,), (0,)),
        (change - day, change): ((change - day, change), (0, 3600)),
        (change - day, change + 1): ((change - day, change), (0, 3600)),
        (change - 1, change): ((change - 1, change), (0, 3600)),
        (change, change + day): ((change,), (3600,)),
        (change, change): ((change,), (3600,)),
        (change + 1, change + day): ((change + 1,), (3600,)),
    }
    tables = {span: make_offset_table(LONDON, *span) for span in spans}

    assert {span: (table.instants, table.offsets) for span, table in tables.items()} == spans


def test_no_minutes_have_no_stretches_and_no_change_makes_one_stretch() -> None:
    start = datetime(2026, 3, 29, tzinfo=UTC)

    assert split_stretches(start, 0, LONDON) == ()
    assert [len(split_stretches(start, minutes, LONDON)) for minutes in (59, 60, 61)] == [1, 1, 2]
    assert [len(split_stretches(start, 365 * 1440, ZoneName(zone))) for zone in ("Europe/London", "Asia/Tokyo")] == [
        4,
        1,
    ]


def test_a_repeated_hour_is_the_first_here_and_the_second_by_pendulums_own_default() -> None:
    theirs = pendulum.datetime(2026, 10, 25, 1, 30, tz="Europe/London")

    assert datetime.fromisoformat(theirs.isoformat()).astimezone(UTC) == at("2026-10-25T01:30Z")
    assert resolve(AUTUMN, LONDON).instant == at("2026-10-25T00:30Z")
    assert resolve(AUTUMN.replace(fold=1), LONDON) == resolve(AUTUMN, LONDON)  # a wall time has no fold here


def test_a_day_that_was_left_out_is_a_gap_as_long_as_itself() -> None:
    found = map_wall(datetime(2011, 12, 30, 12), ZoneName("Pacific/Apia"))  # noqa: DTZ001 - a wall time

    assert found == Gap(earlier=at("2011-12-29T22:00Z"), later=at("2011-12-30T22:00Z"))


def test_no_object_of_another_library_comes_out() -> None:
    theirs = pendulum.datetime(2020, 9, 15, 22, tz="Europe/Zurich")

    assert (
        type(to_utc(theirs)) is type(to_local(theirs, LONDON).wall) is type(resolve(AUTUMN, LONDON).instant) is datetime
    )
    assert to_utc(theirs).tzinfo is resolve(AUTUMN, LONDON).instant.tzinfo is UTC
    assert to_utc(theirs) == at("2020-09-15T20:00Z")
    assert type(civil_date(theirs, LONDON)) is date


@pytest.mark.parametrize("fold", [0, 1])
def test_an_instant_in_a_repeated_hour_keeps_its_side(fold: int) -> None:
    theirs = AUTUMN.replace(tzinfo=clock("Europe/London"), fold=fold)

    assert to_utc(theirs) == at(f"2026-10-25T0{fold}:30Z")
    assert to_local(theirs, LONDON) == LocalTime(wall=AUTUMN, offset=3600 * (1 - fold))
    assert split_stretches(theirs, 1, LONDON)[0].minute == 90


def test_two_instants_that_python_calls_equal_have_each_their_own_local_time() -> None:
    first, second = (AUTUMN.replace(tzinfo=clock("Europe/London"), fold=fold) for fold in (0, 1))

    assert first == second  # both are of one zone, so only their wall times are compared
    assert [to_local(one, LONDON).offset for one in (first, second)] == [3600, 0]


NAIVE: Mapping[str, Callable[[], object]] = {
    "to_utc": lambda: to_utc(SPRING),
    "to_local": lambda: to_local(SPRING, LONDON),
    "civil_date": lambda: civil_date(SPRING, LONDON),
    "split_stretches": lambda: split_stretches(SPRING, 60, LONDON),
}


@pytest.mark.parametrize("ask", NAIVE.values(), ids=NAIVE)
def test_a_datetime_without_a_zone_is_no_instant(ask: Callable[[], object]) -> None:
    with pytest.raises(InvalidInstant) as caught:
        ask()

    naive = "datetime(2026, 3, 29, 1, 30)"
    assert str(caught.value) == f"{naive} has no time zone: use {naive[:-1]}, tzinfo=UTC)"


@pytest.mark.parametrize("ask", [map_wall, resolve])
def test_a_time_with_an_offset_is_no_wall_time(ask: Callable[[datetime, ZoneName], object]) -> None:
    with pytest.raises(InvalidValue) as caught:
        ask(SPRING.replace(tzinfo=UTC), LONDON)

    assert str(caught.value) == "found 2026-03-29T01:30:00+00:00; a wall time has neither zone nor offset"


UNKNOWN: Mapping[str, Callable[[ZoneName], object]] = {
    "to_local": lambda zone: to_local(SPRING.replace(tzinfo=UTC), zone),
    "map_wall": lambda zone: map_wall(SPRING, zone),
    "split_stretches": lambda zone: split_stretches(SPRING.replace(tzinfo=UTC), 60, zone),
    "load_zone_rules": load_zone_rules,
    "zone_name": zone_name,
}


@pytest.mark.parametrize("ask", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.parametrize("name", ["Atlantis/Lost", "../zones", "/etc/localtime", "Europe", ""])
def test_a_name_that_the_database_does_not_have_is_refused(ask: Callable[[ZoneName], object], name: str) -> None:
    with pytest.raises(UnknownZone, match="is not the name of a time zone"):
        ask(ZoneName(name))


def test_local_times_are_written_without_fractions() -> None:
    instant = at("2020-09-15T20:00:30Z") + timedelta(microseconds=500_000)

    assert to_local(instant, LONDON).isoformat() == "2020-09-15T21:00:30+01:00"
