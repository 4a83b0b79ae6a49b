"""VTIMEZONE as engines read it: for every zone of the database, at every change, the offset that zoneinfo gives.

Law: what is right comes from zoneinfo over the files of ``tzdata``, its changes found by looking at every week; nothing
that is expected here is asked of the library. Zones whose VTIMEZONE is the same but for the name share one in the
files that engines read, and each brings its own points.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from io import StringIO
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st

from engines import Occurrence, read_with_icaljs, read_with_libical
from linter import lint
from mag_rotation.errors import InvalidInstant, InvalidValue, UnknownZone
from mag_rotation.ics.content_lines import encode_lines
from mag_rotation.ics.observances import MonthWeekday
from mag_rotation.ics.vtimezone import can_write_local, make_vtimezone
from mag_rotation.roster import ZoneName

ZONES = [ZoneName(name) for name in (files("tzdata") / "zones").read_text("utf-8").split()]
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
AROUND = (-HOUR - SECOND, -SECOND, timedelta(0), HOUR)
"""Where to look about a change, where it repeats an hour and where it does not."""

RULE = re.compile(r"RRULE:FREQ=YEARLY;(?:UNTIL=[0-9]{8}T[0-9]{6}Z;)?BYDAY=(?:-1|[1-4])(?:SU|FR|SA|TH);BYMONTH=1?[0-9]")


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


SPANS = [
    pytest.param(utc(2020, 1, 1), utc(2037, 12, 31, 23), id="2020 to 2037"),
    pytest.param(utc(2026, 9, 1), utc(2026, 12, 15), id="autumn of 2026"),
    pytest.param(utc(2026, 1, 5), utc(2026, 4, 30), id="spring of 2026"),
    pytest.param(utc(2027, 1, 5), utc(2028, 6, 30), id="2027 and a half"),
    pytest.param(utc(2026, 7, 1, 14), utc(2026, 7, 1, 15), id="one hour"),
]
Reader = Callable[[Path], list[Occurrence]]
READERS = [pytest.param(read_with_icaljs, id="ical.js"), pytest.param(read_with_libical, id="libical")]


@cache
def zone_bytes(zone: ZoneName) -> bytes:
    return (files("tzdata") / "zoneinfo").joinpath(*zone.split("/")).read_bytes()


@cache
def clock(zone: ZoneName) -> ZoneInfo:
    with (files("tzdata") / "zoneinfo").joinpath(*zone.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=zone)


def offset(at: datetime, zone: ZoneName) -> timedelta:
    there = at.astimezone(clock(zone)).utcoffset()
    assert there is not None
    return there


_CHANGES: dict[tuple[bytes, datetime, datetime], list[datetime]] = {}


def changes(zone: ZoneName, first: datetime, last: datetime) -> list[datetime]:
    """Every instant after ``first`` and up to ``last`` from which another offset holds, by looking every week."""
    key = zone_bytes(zone), first, last
    if key not in _CHANGES:
        days = [*(first + week * 7 * DAY for week in range((last - first) // (7 * DAY) + 1)), last]
        offsets = [offset(day, zone) for day in days]
        steps = zip(pairwise(days), pairwise(offsets), strict=True)
        _CHANGES[key] = [turn(zone, early, late) for (early, late), (before, after) in steps if before != after]
    return _CHANGES[key]


def turn(zone: ZoneName, early: datetime, late: datetime) -> datetime:
    """The one change between two instants, found by halving."""
    before = offset(early, zone)
    while late - early > SECOND:
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        early, late = (middle, late) if offset(middle, zone) == before else (early, middle)
    return late


def instants(zone: ZoneName, first: datetime, last: datetime) -> list[datetime]:
    """The ends of the span, all about the changes in it, and the middles between them."""
    found = changes(zone, first, last)
    middles = (early + (late - early) // 2 for early, late in pairwise([first, *found, last]))
    near = (change + step for change in found for step in AROUND)
    return sorted({at.replace(microsecond=0) for at in (first, last, *middles, *near) if first <= at <= last})


def is_clear(at: datetime, zone: ZoneName) -> bool:
    """Whether clocks show that wall time once."""
    wall = at.astimezone(clock(zone))
    return wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset()


@cache
def written(zone: ZoneName, first: datetime, last: datetime) -> tuple[str, ...]:
    """The content lines of a VTIMEZONE."""
    return tuple(str(line) for line in make_vtimezone(zone, first, last).content_lines(sorted=False) if line)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One file for all zones: its content lines, and the instant that each event in it means, by UID."""

    content: tuple[str, ...]
    meant: dict[str, datetime]


@cache
def sheet(first: datetime, last: datetime) -> Sheet:
    """Every distinct VTIMEZONE with an event for each point of each zone that it stands for."""
    names: dict[tuple[str, ...], ZoneName] = {}
    points: dict[tuple[ZoneName, datetime, datetime], str] = {}
    for zone in ZONES:
        begin, tzid, *rest = written(zone, first, last)
        assert (begin, tzid) == ("BEGIN:VTIMEZONE", f"TZID:{zone}")
        name = names.setdefault(tuple(rest), zone)
        for at in instants(zone, first, last):
            if is_clear(at, zone):
                wall = at.astimezone(clock(zone)).replace(tzinfo=None)
                points.setdefault((name, wall, at), f"{len(points)}.{zone}@example.org")
    zones = (line for body, name in names.items() for line in ("BEGIN:VTIMEZONE", f"TZID:{name}", *body))
    events = (line for (name, wall, _), uid in points.items() for line in event(uid, name, wall))
    head = ("BEGIN:VCALENDAR", "PRODID:-//example//zones//EN", "VERSION:2.0")
    return Sheet(
        content=(*head, *zones, *events, "END:VCALENDAR"), meant={uid: at for (_, _, at), uid in points.items()}
    )


def event(uid: str, zone: ZoneName, wall: datetime) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20200101T000000Z", "SEQUENCE:0")
    yield from (f"DTSTART;TZID={zone}:{wall:%Y%m%dT%H%M%S}", "DURATION:PT1H", "END:VEVENT")


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("first", "last"), SPANS)
def test_an_engine_reads_the_offset_that_every_zone_has_at_every_change(
    read: Reader, first: datetime, last: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "zones.ics"
    path.write_bytes(encode_lines(sheet(first, last).content))

    found = {occurrence.uid: occurrence.start for occurrence in read(path)}

    meant = sheet(first, last).meant
    assert {uid: (found.get(uid), at) for uid, at in meant.items() if found.get(uid) != at} == {}
    assert found.keys() == meant.keys()


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_the_file_of_all_zones_is_clean(first: datetime, last: datetime) -> None:
    """Among its rules: VTIMEZONE before VEVENT and never empty, DTSTART an instance of its RRULE, UNTIL in UTC."""
    assert lint(encode_lines(sheet(first, last).content)) == []


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_a_rule_is_a_counted_weekday_of_a_month_and_there_is_no_rdate(first: datetime, last: datetime) -> None:
    content = sheet(first, last).content

    assert [line for line in content if line.startswith("RDATE")] == []
    assert [line for line in content if line.startswith("RRULE") and not RULE.fullmatch(line)] == []


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_what_may_be_said_with_a_tzid_is_what_clocks_show_once(first: datetime, last: datetime) -> None:
    in_utc = {zone for zone in ZONES if zone_bytes(zone) == zone_bytes(ZoneName("Etc/UTC"))}
    asked = [(at, zone) for zone in ZONES for at in instants(zone, first, last)]

    assert [one for one in asked if can_write_local(*one) != (is_clear(*one) and one[1] not in in_utc)] == []


@dataclass(frozen=True, kw_only=True, slots=True)
class Twin:
    """A VTIMEZONE read stupidly: every onset of every observance, in order, and what clocks show from there."""

    onsets: list[datetime]
    shown: list[tuple[timedelta, str]]

    def at(self, instant: datetime) -> tuple[timedelta, str]:
        index = bisect_right(self.onsets, instant) - 1
        assert index >= 0, "an instant before all onsets"
        return self.shown[index]


def twin(content: tuple[str, ...], last: datetime) -> Twin:
    """What the content lines of a VTIMEZONE say up to ``last``."""
    onsets: list[tuple[datetime, timedelta, str]] = []
    for part in "\n".join(content).split("BEGIN:")[2:]:
        said = dict(line.split(":", 1) for line in part.splitlines()[1:] if ":" in line)
        before, after = read_offset(said["TZOFFSETFROM"]), read_offset(said["TZOFFSETTO"])
        walls = [datetime.strptime(said["DTSTART"], "%Y%m%dT%H%M%S")]  # noqa: DTZ007 - wall time
        if "RRULE" in said:
            rule, _, until = said["RRULE"].partition(";UNTIL=")
            digits, _, rest = until.partition(";")
            end = datetime.strptime(f"{digits}+0000", "%Y%m%dT%H%M%SZ%z") if digits else last + DAY
            # dateutil wants an UNTIL without a zone where DTSTART has none
            walls = rrulestr(f"{rule};{rest}" if rest else rule, dtstart=walls[0]).between(
                walls[0], end.replace(tzinfo=None) + before, inc=True
            )
        onsets += [((wall - before).replace(tzinfo=UTC), after, said["TZNAME"]) for wall in walls]
    onsets.sort()
    return Twin(onsets=[onset for onset, _, _ in onsets], shown=[(after, name) for _, after, name in onsets])


def read_offset(text: str) -> timedelta:
    sign, digits = text[0], text[1:].ljust(6, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:]))
    return -size if sign == "-" else size


def shown(instant: datetime, zone: ZoneName) -> tuple[timedelta, str | None]:
    """What zoneinfo shows."""
    return offset(instant, zone), instant.astimezone(clock(zone)).tzname()


@pytest.mark.parametrize(("first", "last"), SPANS[:2])
def test_the_twin_reads_the_offset_and_the_abbreviation_that_zoneinfo_gives(first: datetime, last: datetime) -> None:
    wrong: list[tuple[ZoneName, datetime]] = []
    for zone in ZONES:
        read = twin(written(zone, first, last), last)
        wrong += [(zone, at) for at in instants(zone, first, last) if read.at(at) != shown(at, zone)]

    assert wrong == []


FIRSTS = st.datetimes(
    min_value=datetime(1900, 1, 2),  # noqa: DTZ001 - the zone is added
    max_value=datetime(2990, 1, 1),  # noqa: DTZ001 - the zone is added
    timezones=st.just(UTC),
).map(lambda at: at.replace(microsecond=0))


@given(st.sampled_from(ZONES), FIRSTS, st.integers(0, 260_000_000), st.floats(min_value=0, max_value=1))
def test_any_span_of_any_zone_is_right_from_a_day_before_to_a_day_after(
    zone: ZoneName, first: datetime, seconds: int, part: float
) -> None:
    last = first + seconds * SECOND
    asked = {first - DAY, first, first + int(seconds * part) * SECOND, last, last + DAY}

    read = twin(written(zone, first, last), last + DAY)

    assert {at: read.at(at) for at in asked} == {at: shown(at, zone) for at in asked}


def test_what_changes_within_a_day_of_the_span_is_said_too() -> None:
    wrong: list[tuple[ZoneName, datetime]] = []
    for zone in {zone_bytes(zone): zone for zone in ZONES}.values():
        for change in changes(zone, utc(2026, 1, 1), utc(2028, 1, 1)):
            for at in (change - DAY, change + DAY - SECOND):
                read = twin(written(zone, at, at), at + DAY)
                wrong += [(zone, one) for one in (at - DAY, at, at + DAY) if read.at(one) != shown(one, zone)]

    assert wrong == []


@pytest.mark.parametrize("zone", ["Africa/Cairo", "America/Nuuk", "America/Santiago", "Asia/Gaza", "Asia/Jerusalem"])
def test_a_rule_without_an_end_is_right_for_all_years_to_come(zone: ZoneName) -> None:
    """Whatever year the span is in: no era of a stranger rule may pass for one."""
    for year in range(2020, 2062, 3):
        for part in "\n".join(written(zone, utc(year, 7, 1), utc(year, 7, 2))).split("BEGIN:")[2:]:
            if "RRULE" in part and "UNTIL" not in part:
                read = twin(("", "BEGIN:VTIMEZONE", f"BEGIN:{part}"), utc(2150, 1, 1))

                assert len(read.onsets) > 80
                assert [at for at in read.onsets if read.at(at) != shown(at, zone)] == []


@given(st.sampled_from(ZONES), st.integers(1900, 2990), st.integers(0, 40))
def test_every_change_in_a_span_of_whole_years_is_said(zone: ZoneName, year: int, years: int) -> None:
    first, last = utc(year, 1, 2), utc(year + years, 12, 30)

    read = twin(written(zone, first, last), last)

    assert [at for at in instants(zone, first, last) if read.at(at)[0] != offset(at, zone)] == []


@given(st.sampled_from(ZONES), FIRSTS)
def test_a_standard_time_begins_a_day_or_more_before_the_span(zone: ZoneName, first: datetime) -> None:
    content = "\n".join(written(zone, first, first))
    standard = re.findall(r"BEGIN:STANDARD\nDTSTART:(.*)\n(?:RRULE.*\n)?TZNAME:.*\nTZOFFSETFROM:(.*)", content)
    onsets = [datetime.fromisoformat(f"{wall}+0000") - read_offset(before) for wall, before in standard]

    assert min(onsets) <= first - DAY


@given(st.sampled_from(ZONES), FIRSTS, st.integers(0, 3_000))
def test_onsets_are_in_order(zone: ZoneName, first: datetime, days: int) -> None:
    onsets = [line for line in written(zone, first, first + days * DAY) if line.startswith("DTSTART:")]

    assert onsets == sorted(onsets)


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_dateutil_reads_every_zone_as_zoneinfo_does(first: datetime, last: datetime) -> None:
    """It compares UNTIL with a wall time, and loses the last time of a rule east of UTC if that is all UNTIL allows."""
    wrong: dict[ZoneName, list[datetime]] = {}
    for zone in {written(zone, first, last)[2:]: zone for zone in ZONES}.values():
        text = "\n".join(["BEGIN:VCALENDAR", *written(zone, first, last), "END:VCALENDAR", ""])
        read = tzical(StringIO(text)).get()
        clear = [at for at in instants(zone, first, last) if is_clear(at, zone)]
        walls = [at.astimezone(clock(zone)).replace(tzinfo=None) for at in clear]
        wrong[zone] = [
            at for at, wall in zip(clear, walls, strict=True) if wall.replace(tzinfo=read).astimezone(UTC) != at
        ]

    assert {zone: found for zone, found in wrong.items() if found} == {}
    assert len(wrong) > 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """An observance as it is written, ``until`` as the wall shows it by the offset before."""

    onset: datetime
    rule: str
    until: datetime | None
    before: timedelta
    after: tuple[timedelta, str]

    def times(self, last: datetime) -> list[datetime]:
        """Every wall time of its rule up to ``last``."""
        return rrulestr(self.rule, dtstart=self.onset).between(self.onset, last, inc=True)


def rules_of(zone: ZoneName, first: datetime, last: datetime) -> Iterator[Part]:
    """The observances with a rule."""
    for part in "\n".join(written(zone, first, last)).split("BEGIN:")[2:]:
        found = dict(line.split(":", 1) for line in part.splitlines()[1:] if ":" in line)
        if "RRULE" in found:
            parts = dict(one.split("=") for one in found["RRULE"].split(";"))
            until, before = parts.pop("UNTIL", None), read_offset(found["TZOFFSETFROM"])
            yield Part(
                onset=datetime.strptime(found["DTSTART"], "%Y%m%dT%H%M%S"),  # noqa: DTZ007 - wall time
                rule=";".join(f"{name}={value}" for name, value in parts.items()),
                until=datetime.strptime(until, "%Y%m%dT%H%M%SZ") + before if until else None,  # noqa: DTZ007
                before=before,
                after=(read_offset(found["TZOFFSETTO"]), found["TZNAME"]),
            )


@given(st.sampled_from(ZONES), FIRSTS, st.integers(0, 3_000))
def test_a_rule_begins_two_years_before_the_span_unless_it_did_not_hold_yet(
    zone: ZoneName, first: datetime, days: int
) -> None:
    for part in rules_of(zone, first, first + days * DAY):
        by_then = (part.onset - part.before).replace(tzinfo=UTC) <= first - 730 * DAY
        year = part.onset.year - 1
        earlier = rrulestr(part.rule, dtstart=part.onset.replace(year=year, day=1)).between(
            part.onset.replace(year=year, day=1), part.onset - DAY, inc=True
        )
        onsets = [(wall - part.before).replace(tzinfo=UTC) for wall in earlier]
        held = [at for at in onsets if (offset(at - SECOND, zone), shown(at, zone)) == (part.before, part.after)]

        assert by_then or not held or part.before == part.after[0]


@given(st.sampled_from(ZONES), FIRSTS, st.integers(0, 3_000))
def test_an_until_is_a_day_after_the_last_time_of_its_rule(zone: ZoneName, first: datetime, days: int) -> None:
    for part in rules_of(zone, first, first + days * DAY):
        if part.until is not None:
            assert part.until - part.times(part.until)[-1] == DAY


def said(zone: str, first: datetime, last: datetime) -> list[str]:
    """A VTIMEZONE in short: its observances with onset, rule and offset."""
    parts = "\n".join(written(ZoneName(zone), first, last)).split("BEGIN:")[2:]
    rows = [
        [part.split("\n")[0], *re.findall(r"(?:DTSTART:|RRULE:FREQ=YEARLY;|TZOFFSETTO:|TZNAME:)(.*)", part)]
        for part in parts
    ]
    return [" ".join(row) for row in rows]


SEASON, YEARS = (utc(2026, 9, 1), utc(2026, 12, 15)), (utc(2026, 2, 1), utc(2030, 6, 30))
SAID = [
    ("no change", "Asia/Kolkata", SEASON, ["STANDARD 19700101T000000 IST +0530"]),
    ("rules without end", "Europe/London", YEARS, [
        "DAYLIGHT 20230326T010000 BYDAY=-1SU;BYMONTH=3 BST +0100",
        "STANDARD 20231029T020000 BYDAY=-1SU;BYMONTH=10 GMT +0000",
    ]),
    ("winter is the exception by law", "Europe/Dublin", SEASON, [
        "STANDARD 20231029T020000 BYDAY=-1SU;BYMONTH=10 GMT +0000",
        "DAYLIGHT 20240331T010000 BYDAY=-1SU;BYMONTH=3 IST +0100",
    ]),
    ("the year that the rule ends", "America/Vancouver", YEARS, [
        "DAYLIGHT 20230312T020000 UNTIL=20260309T100000Z;BYDAY=2SU;BYMONTH=3 PDT -0700",
        "STANDARD 20231105T020000 UNTIL=20251103T090000Z;BYDAY=1SU;BYMONTH=11 PST -0800",
        "STANDARD 20261101T020000 MST -0700",
    ]),
    ("the year after", "America/Vancouver", (utc(2027, 9, 1), utc(2027, 12, 15)), [
        "STANDARD 20261101T020000 MST -0700",
    ]),
    ("a winter left out", "America/Havana", YEARS, [
        "DAYLIGHT 20230312T000000 UNTIL=20260309T050000Z;BYDAY=2SU;BYMONTH=3 CDT -0400",
        "STANDARD 20231105T010000 UNTIL=20251103T050000Z;BYDAY=1SU;BYMONTH=11 CST -0500",
        "STANDARD 20271107T010000 BYDAY=1SU;BYMONTH=11 CST -0500",
        "DAYLIGHT 20280312T000000 BYDAY=2SU;BYMONTH=3 CDT -0400",
    ]),
    ("before the winter left out", "America/Havana", SEASON, [
        "STANDARD 20231105T010000 UNTIL=20251103T050000Z;BYDAY=1SU;BYMONTH=11 CST -0500",
        "DAYLIGHT 20240310T000000 UNTIL=20260309T050000Z;BYDAY=2SU;BYMONTH=3 CDT -0400",
    ]),
    ("no half of a rule without end", "America/Havana", (utc(2027, 9, 1), utc(2027, 12, 15)), [
        "STANDARD 19700101T000000 CST -0500",
        "DAYLIGHT 20250309T000000 UNTIL=20260309T050000Z;BYDAY=2SU;BYMONTH=3 CDT -0400",
        "STANDARD 20271107T010000 BYDAY=1SU;BYMONTH=11 CST -0500",
        "DAYLIGHT 20280312T000000 BYDAY=2SU;BYMONTH=3 CDT -0400",
    ]),
    ("no standard time for years", "Africa/Cairo", (utc(2023, 7, 1), utc(2023, 9, 1)), [
        "STANDARD 19700101T000000 EET +0200",
        "DAYLIGHT 20230428T000000 BYDAY=-1FR;BYMONTH=4 EEST +0300",
    ]),
    ("forty years and no more", "America/New_York", (utc(1970, 2, 1), utc(1970, 3, 1)), [
        "STANDARD 19671029T020000 UNTIL=20061030T060000Z;BYDAY=-1SU;BYMONTH=10 EST -0500",
    ]),
    ("the last rather than the fourth", "Africa/Tunis", (utc(2008, 2, 1), utc(2008, 12, 1)), [
        "DAYLIGHT 20060326T020000 UNTIL=20080331T010000Z;BYDAY=-1SU;BYMONTH=3 CEST +0200",
        "STANDARD 20061029T030000 UNTIL=20081027T010000Z;BYDAY=-1SU;BYMONTH=10 CET +0100",
    ]),
    ("by the moon, and ended", "Africa/Casablanca", (utc(2026, 1, 5), utc(2026, 12, 15)), [
        "STANDARD 20250223T030000 +00 +0000",
        "DAYLIGHT 20250406T020000 +01 +0100",
        "STANDARD 20260215T030000 +00 +0000",
        "DAYLIGHT 20260322T020000 +01 +0100",
        "STANDARD 20260920T020000 +00 +0000",
    ]),
    ("Friday before the last Sunday", "Asia/Jerusalem", YEARS, [
        "STANDARD 20231029T020000 BYDAY=-1SU;BYMONTH=10 IST +0200",
        "DAYLIGHT 20250328T020000 UNTIL=20290324T000000Z;BYDAY=4FR;BYMONTH=3 IDT +0300",
        "DAYLIGHT 20300329T020000 IDT +0300",
    ]),
    ("a winter alone", "Asia/Jerusalem", (utc(2026, 12, 15), utc(2027, 3, 15)), [
        "STANDARD 20241027T020000 BYDAY=-1SU;BYMONTH=10 IST +0200",
    ]),
    ("24:00 on the last Thursday", "Africa/Cairo", YEARS, [
        "DAYLIGHT 20230428T000000 BYDAY=-1FR;BYMONTH=4 EEST +0300",
        "STANDARD 20251031T000000 UNTIL=20291026T210000Z;BYDAY=-1FR;BYMONTH=10 EET +0200",
    ]),
    ("at the first second of a year", "Antarctica/Casey", (utc(1970, 2, 1), utc(1970, 3, 1)), [
        "STANDARD 19690101T000000 +08 +0800",
    ]),
    ("seconds", "Africa/Monrovia", (utc(1971, 9, 1), utc(1972, 6, 30)), [
        "STANDARD 19690101T000000 MMT -004430",
        "STANDARD 19720107T000000 GMT +0000",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "span", "expected"), [case[1:] for case in SAID], ids=[f"{case[1]}: {case[0]}" for case in SAID]
)
def test_a_zone_is_said_in_as_many_eras_as_the_span_needs(
    zone: str, span: tuple[datetime, datetime], expected: list[str]
) -> None:
    assert said(zone, *span) == expected


def test_the_last_weekday_is_the_last_in_every_month_and_year() -> None:
    for year in (1999, 2000, 2023, 2024, 2100):
        for month in range(1, 13):
            day = MonthWeekday(month=month, weekday=0, ordinal=-1).day(year)

            assert (day.month, day.weekday(), (day + 7 * DAY).month != month) == (month, 0, True)


def test_icalendar_reads_its_own_offsets() -> None:
    first, last = utc(2026, 1, 5), utc(2028, 6, 30)
    for zone in ("Europe/Dublin", "Africa/Casablanca", "Asia/Jerusalem", "America/Havana", "Australia/Lord_Howe"):
        read = make_vtimezone(ZoneName(zone), first, last).to_tz(lookup_tzid=False)
        clear = [at for at in instants(ZoneName(zone), first, last) if is_clear(at, ZoneName(zone))]
        walls = [at.astimezone(clock(ZoneName(zone))).replace(tzinfo=None) for at in clear]

        assert [wall.replace(tzinfo=read).astimezone(UTC) for wall in walls] == clear


def test_what_is_no_span_and_no_zone_is_refused() -> None:
    london, first = ZoneName("Europe/London"), utc(2026, 9, 1)
    with pytest.raises(InvalidValue, match="right would be the other way"):
        make_vtimezone(london, first, first - SECOND)
    with pytest.raises(InvalidInstant):
        make_vtimezone(london, first.replace(tzinfo=None), first)
    with pytest.raises(InvalidInstant):
        can_write_local(first.replace(tzinfo=None), london)
    for ask in (make_vtimezone, can_write_local):
        with pytest.raises(UnknownZone):
            ask(*((ZoneName("Europe/Atlantis"), first, first) if ask is make_vtimezone else (first, ZoneName("x"))))


def test_the_instant_may_come_in_any_zone() -> None:
    london, summer = ZoneName("Europe/London"), timezone(HOUR)
    first, last = utc(2026, 9, 1), utc(2026, 12, 15)

    assert make_vtimezone(london, first.astimezone(summer), last.astimezone(summer)) == make_vtimezone(
        london, first, last
    )
    assert can_write_local(first.astimezone(summer), london)


@pytest.mark.parametrize(
    ("year", "onset"), [(2026, "19700101T000000"), (1971, "19690101T000000"), (1930, "19280101T000000")]
)
def test_a_zone_without_changes_begins_long_before_the_first_event(year: int, onset: str) -> None:
    text = make_vtimezone(ZoneName("Etc/GMT-5"), utc(year, 6, 1), utc(year, 7, 1)).to_ical().decode()

    assert f"DTSTART:{onset}\r\n" in text
