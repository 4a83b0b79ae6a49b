"""Laws of the TZif reader: what RFC 9636 says of a file and its footer, and that the standard library reads the same.

The reader's stupid twin is ``zoneinfo`` on the very same bytes of the tzdata package, asked instant by instant.
"""

import random
import struct
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from mag_rotation.errors import InvalidZoneData
from mag_rotation.places.tzif import LocalType, MonthDay, OffsetChange, YearDay, ZoneRules, read_footer, read_tzif

HOUR = 3600
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

UTC_ONLY = ((0, 0, "UTC"),)
LONDON_LIKE = ((0, 0, "GMT"), (HOUR, 1, "BST"))


def utc(text: str) -> int:
    """Epoch seconds of ``2026-03-29 01:00``, read as UTC."""
    return (datetime.fromisoformat(text).replace(tzinfo=UTC) - EPOCH) // timedelta(seconds=1)


def tzif(
    *,
    types: Sequence[tuple[int, int, str]] = UTC_ONLY,
    transitions: Sequence[tuple[int, int]] = (),
    footer: bytes = b"\n\n",
    leaps: int = 0,
) -> bytes:
    """A version 2 file with an empty first block."""
    names = b"".join(name.encode() + b"\0" for _, _, name in types)
    starts = [names.index(name.encode() + b"\0") for _, _, name in types]
    records = (struct.pack(">lBB", offset, dst, at) for (offset, dst, _), at in zip(types, starts, strict=True))
    return b"".join(
        (
            struct.pack(">4sc15x6L", b"TZif", b"2", 0, 0, 0, 0, 0, 0),
            struct.pack(">4sc15x6L", b"TZif", b"2", 0, 0, leaps, len(transitions), len(types), len(names)),
            *(struct.pack(">q", at) for at, _ in transitions),
            bytes(index for _, index in transitions),
            *records,
            names,
            bytes(12 * leaps),
            footer,
        )
    )


def ruled_by(footer: str) -> ZoneRules:
    """A zone that has a footer and nothing else."""
    return read_tzif(tzif(footer=b"\n" + footer.encode() + b"\n"))


@cache
def zone_data() -> dict[str, bytes]:
    """The bytes of every zone of the tzdata package by name."""
    root = files("tzdata")
    names = root.joinpath("zones").read_text("utf-8").split()
    return {name: root.joinpath("zoneinfo", *name.split("/")).read_bytes() for name in names}


def distinct() -> dict[bytes, str]:
    """Each different file with one name of it: links share their bytes."""
    return {data: name for name, data in zone_data().items()}


def rules_of(name: str) -> ZoneRules:
    return read_tzif(zone_data()[name])


FOOTERS_BY_HAND = {
    # footer: the two changes as UTC instants and the offset after each, in hours
    "second and first Sunday": ("EST5EDT,M3.2.0,M11.1.0", ("2026-03-08 07:00", -4), ("2026-11-01 06:00", -5)),
    "last Sunday": ("CET-1CEST,M3.5.0,M10.5.0/3", ("2026-03-29 01:00", 2), ("2026-10-25 01:00", 1)),
    "last Sunday is the fourth": ("CET-1CEST,M2.5.0,M10.5.0/3", ("2026-02-22 01:00", 2), ("2026-10-25 01:00", 1)),
    "last day of a leap February": ("AAA0BBB,M2.5.4/0,M10.5.0", ("2024-02-29 00:00", 1), ("2024-10-27 01:00", 0)),
    "southern": ("NZST-12NZDT,M9.5.0,M4.1.0/3", ("2026-04-04 14:00", 12), ("2026-09-26 14:00", 13)),
    "half hour": ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", ("2026-04-04 15:00", 10.5), ("2026-10-03 15:30", 11)),
    "quarters": (
        "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
        ("2026-04-04 14:00", 12.75),
        ("2026-09-26 14:00", 13.75),
    ),
    "two hours": ("<+00>0<+02>-2,M3.5.0/1,M10.5.0/3", ("2026-03-29 01:00", 2), ("2026-10-25 01:00", 0)),
    "winter is the exception": ("IST-1GMT0,M10.5.0,M3.5.0/1", ("2026-03-29 01:00", 1), ("2026-10-25 01:00", 0)),
    "the day before": ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", ("2026-03-29 01:00", -1), ("2026-10-25 01:00", -2)),
    "two days after": ("EET-2EEST,M3.4.4/50,M10.4.4/50", ("2026-03-28 00:00", 3), ("2026-10-23 23:00", 2)),
    "the next midnight": ("<-04>4<-03>,M9.1.6/24,M4.1.6/24", ("2026-04-05 03:00", -4), ("2026-09-06 04:00", -3)),
    "a week before": ("AAA0BBB,M3.1.1/-167,M10.1.1/167", ("2026-02-23 01:00", 1), ("2026-10-11 22:00", 0)),
    "J60 is 1 March": ("AAA0BBB,J60/0,J300/0", ("2023-03-01 00:00", 1), ("2023-10-26 23:00", 0)),
    "J60 is 1 March in a leap year": ("AAA0BBB,J60/0,J300/0", ("2024-03-01 00:00", 1), ("2024-10-26 23:00", 0)),
    "J59 is 28 February": ("AAA0BBB,J59/0,J365/0", ("2024-02-28 00:00", 1), ("2024-12-30 23:00", 0)),
    "59 is 1 March": ("AAA0BBB,59/0,299/0", ("2023-03-01 00:00", 1), ("2023-10-26 23:00", 0)),
    "59 is 29 February in a leap year": ("AAA0BBB,59/0,299/0", ("2024-02-29 00:00", 1), ("2024-10-25 23:00", 0)),
    "seconds everywhere": (
        "AAA-1:00:30BBB-2:00:30,J1/0:00:30,J32/+2:00:30",
        ("2025-12-31 23:00", 2 + 30 / HOUR),
        ("2026-02-01 00:00", 1 + 30 / HOUR),
    ),
    "in the last year there is": ("EST5EDT,M3.2.0,M11.1.0", ("9999-03-14 07:00", -4), ("9999-11-07 06:00", -5)),
}


@pytest.mark.parametrize(("footer", "first", "second"), FOOTERS_BY_HAND.values(), ids=FOOTERS_BY_HAND)
def test_a_footer_turns_when_its_rule_says(footer: str, first: tuple[str, float], second: tuple[str, float]) -> None:
    rules = ruled_by(footer)
    turns = [(utc(at), round(hours * HOUR)) for at, hours in (first, second)]
    winter, summer = turns[1][1], turns[0][1]

    changes = rules.changes(turns[0][0] - 20 * DAY, turns[1][0] + 20 * DAY)

    assert changes == (
        OffsetChange(at=turns[0][0], before=winter, after=summer),
        OffsetChange(at=turns[1][0], before=summer, after=winter),
    )
    for at, after in turns:
        assert rules.offset_at(at) == after
        assert rules.offset_at(at - 1) == winter + summer - after


@pytest.mark.parametrize(
    ("footer", "hours", "name"),
    [
        ("EST5", -5, "EST"),
        ("<-0330>3:30", -3.5, "-0330"),
        ("<+14>-14", 14, "+14"),
        ("EST5EDT,0/0,J365/25", -4, "EDT"),  # the way of RFC 9636 to say summer time for ever
        ("XXX3EDT4,0/0,J365/23", -4, "EDT"),
        ("EST5EDT,0/0,J365/167", -4, "EDT"),
        ("EST5EDT,J100/2,J100/3", -4, "EDT"),  # begins and ends at once: the C library reads it the same way
    ],
)
def test_a_footer_that_never_turns_has_one_offset_for_ever(footer: str, hours: float, name: str) -> None:
    rules = ruled_by(footer)

    assert rules.changes(utc("1900-01-01"), utc("2100-01-01")) == ()
    assert {rules.offset_at(at) for at in range(utc("2023-12-20"), utc("2026-01-10"), HOUR)} == {hours * HOUR}
    assert {rules.type_at(utc(f"{year}-01-01")).abbreviation for year in (1970, 2000, 2026, 9999)} == {name}


def test_a_footer_can_be_taken_apart() -> None:
    footer = read_footer("<-02>2<-01>,M3.5.0/-1,J300")

    assert footer.standard == LocalType(offset=-2 * HOUR, dst=False, abbreviation="-02")
    assert footer.saving is not None
    assert footer.saving.local == LocalType(offset=-HOUR, dst=True, abbreviation="-01")
    assert footer.saving.starts == MonthDay(month=3, week=5, weekday=0, at=-HOUR)
    assert footer.saving.ends == YearDay(day=299, leap=False, at=2 * HOUR)


def test_rules_up_to_a_week_outside_their_year_turn_as_a_calendar_says() -> None:
    rng = random.Random(20261231)  # noqa: S311 - a seed, no secret
    for _ in range(200):
        hours, fixed = rng.choice((-167, -1, 0, 24, 167)), rng.choice(((1, 7), (7, 1), (12, 6), (6, 12)))
        footer, turns = "AAA0BBB", []
        for month, offset, summer in zip(fixed, (0, HOUR), (True, False), strict=True):
            week, weekday = rng.randint(1, 5), rng.randint(0, 6)
            footer += f",M{month}.{week}.{weekday}/{hours}"
            for year in range(1995, 2030):
                days = [date(year, month, 1) + timedelta(days=n) for n in range(monthrange(year, month)[1])]
                day = [day for day in days if day.isoweekday() % 7 == weekday][:week][-1]
                turns.append((utc(day.isoformat()) + hours * HOUR - offset, summer))
        rules = ruled_by(footer)
        turns = [turn for turn in sorted(turns) if utc("1998-01-01") < turn[0] < utc("2027-01-01")]

        for at, summer in turns:
            assert (rules.type_at(at).dst, rules.type_at(at - 1).dst) == (summer, not summer), (footer, at)
        assert [change.at for change in rules.changes(turns[0][0], turns[-1][0] + 1)] == [at for at, _ in turns], footer


def test_a_range_of_changes_includes_its_start_and_not_its_end() -> None:
    rules, turn = ruled_by("CET-1CEST,M3.5.0,M10.5.0/3"), utc("2026-03-29 01:00")

    assert [change.at for change in rules.changes(turn, turn + 1)] == [turn]
    assert rules.changes(turn - HOUR, turn) == ()
    assert rules.changes(turn + 1, turn + HOUR) == ()
    assert rules.changes(turn, turn) == ()
    assert rules.changes(turn + 1, turn - 1) == ()


def test_a_new_name_or_flag_with_the_same_offset_is_no_change() -> None:
    types = ((HOUR, 0, "CET"), (HOUR, 1, "WEST"), (0, 0, "WET"))
    rules = read_tzif(tzif(types=types, transitions=((100, 1), (200, 0), (300, 1), (400, 2), (500, 1))))

    assert rules.changes(0, 1000) == (
        OffsetChange(at=400, before=HOUR, after=0),
        OffsetChange(at=500, before=0, after=HOUR),
    )
    assert [rules.type_at(at).abbreviation for at in (99, 100, 200, 499, 500)] == ["CET", "WEST", "CET", "WET", "WEST"]
    assert rules.type_at(100).dst
    assert not rules.type_at(99).dst


def test_type_zero_rules_before_the_first_transition_whatever_its_flag() -> None:
    rules = read_tzif(tzif(types=((HOUR, 1, "BST"), (0, 0, "GMT")), transitions=((100, 1),)))

    assert (rules.offset_at(99), rules.offset_at(100)) == (HOUR, 0)


def test_without_a_footer_the_last_type_stays() -> None:
    rules = read_tzif(tzif(types=LONDON_LIKE, transitions=((100, 1),)))

    assert rules.footer is None
    assert rules.offset_at(utc("2100-01-01")) == HOUR
    assert read_tzif(tzif()).offset_at(0) == 0


def test_the_footer_rules_from_the_last_transition_on() -> None:
    last, footer = utc("2026-03-29 01:00"), b"\nGMT0BST,M3.5.0/1,M10.5.0\n"
    # the last transition says winter, and is not believed
    rules = read_tzif(tzif(types=LONDON_LIKE, transitions=((100, 0), (last, 0)), footer=footer))

    assert [rules.offset_at(at) for at in (last - 1, last)] == [0, HOUR]
    assert rules.changes(0, utc("2027-01-01")) == (
        OffsetChange(at=last, before=0, after=HOUR),
        OffsetChange(at=utc("2026-10-25 01:00"), before=HOUR, after=0),
    )


@pytest.mark.parametrize(
    ("zone", "start", "end", "expected"),
    [
        # Ramadan: standard time is an hour more than in the fast
        (
            "Africa/Casablanca",
            "2025-01-01",
            "2026-06-01",
            [
                ("2025-02-23 02:00", 1, 0), ("2025-04-06 02:00", 0, 1),
                ("2026-02-15 02:00", 1, 0), ("2026-03-22 02:00", 0, 1),
            ],
        ),
        ("Europe/Dublin", "2026-01-01", "2027-01-01", [("2026-03-29 01:00", 0, 1), ("2026-10-25 01:00", 1, 0)]),
        (
            "Australia/Lord_Howe",
            "2026-01-01",
            "2027-01-01",
            [("2026-04-04 15:00", 11, 10.5), ("2026-10-03 15:30", 10.5, 11)],
        ),
        # the year in which the clocks did not go back
        (
            "America/Nuuk",
            "2023-01-01",
            "2024-12-31",
            [("2023-03-26 01:00", -3, -2), ("2024-03-31 01:00", -2, -1), ("2024-10-27 01:00", -1, -2)],
        ),
        ("Asia/Gaza", "2090-01-01", "2091-01-01", [("2090-03-25 00:00", 2, 3), ("2090-10-27 23:00", 3, 2)]),
        ("Pacific/Apia", "2011-12-01", "2012-01-31", [("2011-12-30 10:00", -10, 14)]),
        ("America/Panama", "1980-01-01", "2100-01-01", []),
    ],
    ids=lambda value: value if isinstance(value, str) and "/" in value else "",
)  # fmt: skip
def test_real_zones_change_when_the_tz_database_says(
    zone: str, start: str, end: str, expected: list[tuple[str, float, float]]
) -> None:
    changes = rules_of(zone).changes(utc(start), utc(end))

    assert changes == tuple(
        OffsetChange(at=utc(at), before=round(before * HOUR), after=round(after * HOUR))
        for at, before, after in expected
    )


def test_negative_summer_time_carries_its_flag_in_winter() -> None:
    winter, summer = utc("2026-03-01"), utc("2026-07-01")

    assert rules_of("Africa/Casablanca").type_at(winter) == LocalType(offset=0, dst=True, abbreviation="+00")
    for at in (winter, winter + 20 * 365 * DAY):
        assert rules_of("Europe/Dublin").type_at(at) == LocalType(offset=0, dst=True, abbreviation="GMT")
    assert rules_of("Europe/Dublin").type_at(summer) == LocalType(offset=HOUR, dst=False, abbreviation="IST")


def test_morocco_ends_its_changes_in_september_2026() -> None:
    if tuple(map(int, version("tzdata").split(".")[:2])) < (2026, 6):
        pytest.skip("Morocco's return to UTC came with tzdata 2026f: install tzdata 2026.6 or later")

    changes = rules_of("Africa/Casablanca").changes(utc("2026-04-01"), utc("2100-01-01"))

    assert changes == (OffsetChange(at=utc("2026-09-20 01:00"), before=HOUR, after=0),)


MALFORMED = {
    "no bytes at all": (b"", "ends at byte 0, inside a header"),
    "no zone": (b"BEGIN:VCALENDAR" * 20, "has b'BEGI' at byte 0; right would be b'TZif'"),
    "32 bits only": (tzif().replace(b"TZif2", b"TZif\0", 1), "version b'\\x00', with 32-bit times only"),
    "no second header": (tzif()[:44] + bytes(80), "at byte 44; right would be b'TZif'"),
    "leap seconds": (tzif(leaps=2), "counts 2 leap seconds"),
    "no types": (tzif(types=()), "has no local time type"),
    "an unknown type": (tzif(transitions=((0, 1),)), "names type 1; right would be less than 1"),
    "times that stand still": (tzif(transitions=((7, 0), (7, 0))), "transition 7 stands after 7"),
    "times that fall": (tzif(transitions=((7, 0), (-7, 0))), "transition -7 stands after 7"),
    "a third flag": (tzif(types=((0, 2, "UTC"),)), "summer flag 2; right would be 0 or 1"),
    "more than a day": (tzif(types=((26 * HOUR, 0, "UTC"),)), "93600 seconds off"),
    "less than a day": (tzif(types=((-(2**31), 0, "UTC"),)), "-2147483648 seconds off"),
    "a name without end": (tzif().replace(b"UTC\0", b"UTCx"), "an abbreviation at 0 has no end"),
    "a name that is no ASCII": (tzif().replace(b"UTC\0", b"UT\xc7\0"), "abbreviation b'UT\\xc7' is not ASCII"),
    "no footer": (tzif(footer=b""), "has no footer at byte"),
    "half a footer": (tzif(footer=b"\nUTC0"), "has no footer at byte"),
    "no newline": (tzif(footer=b"UTC0\n"), "has no footer at byte"),
    "a footer that is no ASCII": (tzif(footer=b"\nUTC\xb10\n"), "footer b'UTC\\xb10' is not ASCII"),
}


@pytest.mark.parametrize(("data", "words"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_bytes_are_refused_with_what_is_wrong(data: bytes, words: str) -> None:
    with pytest.raises(InvalidZoneData, match="; ") as caught:
        read_tzif(data)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    "footer",
    [
        "UTC", "U0", "UTC25", "UTC0:60", "<UT>0", "<UTC0", "UTC 0", "UTC٣", "UTC0\n",
        "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M3.2.0,M11.1.0,", "EST5EDT4:5,M3.2.0,M11.1.0",
        "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M0.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.0.0,M11.1.0",
        "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J60", "EST5EDT,J366,J60", "EST5EDT,366,60", "EST5EDT,60/168,90",
        "EST5EDT,60/,90", "EST5EDT,60,x",
    ],
)  # fmt: skip
def test_a_footer_outside_the_grammar_is_refused(footer: str) -> None:
    with pytest.raises(InvalidZoneData, match="right would be") as caught:
        read_footer(footer)

    assert repr(footer) in str(caught.value)


def test_every_beginning_of_a_file_is_refused() -> None:
    data = zone_data()["Asia/Gaza"]

    for length in range(len(data)):
        with pytest.raises(InvalidZoneData, match=r"right would be|its header promises"):
            read_tzif(data[:length])


def test_damaged_bytes_are_read_or_refused_and_nothing_else() -> None:
    rng = random.Random(20260920)  # noqa: S311 - a seed, no secret
    data = zone_data()["America/Nuuk"]
    refused = 0
    for _ in range(3000):
        damaged = bytearray(data)
        damaged[rng.randrange(len(data))] = rng.randrange(256)
        try:
            read_tzif(bytes(damaged)).changes(0, utc("2100-01-01"))
        except InvalidZoneData:
            refused += 1

    assert 0 < refused < 3000


def test_offsets_and_names_are_those_of_zoneinfo_in_every_zone() -> None:
    rng = random.Random(19750101)  # noqa: S311 - a seed, no secret
    instants = [rng.randrange(utc("1975-01-01"), utc("2101-01-01")) for _ in range(3000)]
    aware = [EPOCH + timedelta(seconds=at) for at in instants]
    for data, name in distinct().items():
        rules, twin = read_tzif(data), ZoneInfo.from_file(BytesIO(data))
        there = [at.astimezone(twin) for at in aware]

        assert list(map(rules.offset_at, instants)) == [whole(at.utcoffset()) for at in there], name
        assert [rules.type_at(at).abbreviation for at in instants[:500]] == [at.tzname() for at in there[:500]], name


def whole(offset: timedelta | None) -> int:
    """An offset in seconds."""
    assert offset is not None
    return offset.days * DAY + offset.seconds


def test_changes_are_those_found_by_asking_zoneinfo_day_by_day() -> None:
    days = range(utc("2000-01-01"), utc("2061-01-01"), DAY)
    aware = [EPOCH + timedelta(seconds=at) for at in days]
    for data, name in distinct().items():
        twin = ZoneInfo.from_file(BytesIO(data))
        offsets = [at.astimezone(twin).utcoffset() for at in aware]
        found = [
            narrowed(twin, days[index], before, after)
            for index, (before, after) in enumerate(pairwise(offsets))
            if before != after
        ]

        assert read_tzif(data).changes(days[0], days[-1] + 1) == tuple(found), name


def narrowed(twin: ZoneInfo, day: int, before: timedelta | None, after: timedelta | None) -> OffsetChange:
    """The one change within 24 hours of ``day``, by bisection."""

    def passed(second: int) -> int:
        return (EPOCH + timedelta(seconds=second)).astimezone(twin).utcoffset() != before

    return OffsetChange(
        at=day + bisect_left(range(day, day + DAY), 1, key=passed), before=whole(before), after=whole(after)
    )
