"""The C library's ``zdump`` as the second engine for zone rules, on the very files of the tzdata package.

Law: at every transition of every zone from 2015 to 2037, an hour and a second before it, at it and an hour after it, we
show the time that ``zdump`` shows. It prints two lines for a transition, its last second before and its first after;
where it prints none, its own offset for that stretch is added to the instant. No code of ours takes part in that.
"""

import re
import subprocess
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise

from mag_rotation.places.tzif import OffsetChange, read_tzif
from mag_rotation.roster import ZoneName
from mag_rotation.zones import to_local
from parts import require_program

HINT = "run apt-get install libc-bin"
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - UTC without its name: zdump's lines are compared as they stand
FIRST_YEAR, END_YEAR = 2015, 2038
STAMP = "%b %d %H:%M:%S %Y"
# /where/Europe/Paris  Sun Mar 29 00:59:59 2026 UT = Sun Mar 29 01:59:59 2026 CET isdst=0 gmtoff=3600
LINE = re.compile(
    r"(?P<file>.+?) +\w{3} (?P<ut>.{20}) UT = \w{3} (?P<local>.{20}) \S+ isdst=[01] gmtoff=(?P<offset>-?\d+)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One line of ``zdump``: the instant in UTC, the local time, and the offset in seconds."""

    ut: datetime
    local: datetime
    offset: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A zone, an instant in UTC, and the local time that ``zdump`` gives for it."""

    zone: str
    ut: datetime
    local: datetime


@cache
def zone_names() -> tuple[str, ...]:
    return tuple((files("tzdata") / "zones").read_text("utf-8").split())


@cache
def dumped() -> dict[str, list[Shown]]:
    """What ``zdump`` prints between the years, by zone and in order of time."""
    program = require_program("zdump", HINT)
    shown: dict[str, list[Shown]] = {name: [] for name in zone_names()}
    with as_file(files("tzdata") / "zoneinfo") as folder:
        paths = {str(folder.resolve().joinpath(name)): name for name in zone_names()}
        command = [program, "-v", "-c", f"{FIRST_YEAR},{END_YEAR}", *paths]
        run = subprocess.run(command, capture_output=True, check=True, text=True, timeout=120, env={"LC_ALL": "C"})
        for line in run.stdout.splitlines():
            found = LINE.fullmatch(line)
            if found is None:
                continue  # the ends of the C library's time, which have no local time or one far from our years
            ut, local = (datetime.strptime(found[key], STAMP) for key in ("ut", "local"))  # noqa: DTZ007 - as above
            shown[paths[found["file"]]].append(Shown(ut=ut, local=local, offset=int(found["offset"])))
    return shown


def transitions(lines: list[Shown]) -> Iterator[tuple[Shown, Shown]]:
    """The last second of a stretch and the first of the next, for each transition between the years."""
    for last, first in pairwise(lines):
        if first.ut - last.ut == SECOND and FIRST_YEAR <= first.ut.year < END_YEAR:
            yield last, first


@cache
def points() -> tuple[Point, ...]:
    """Every zone at every transition, with the instants around it."""
    found: list[Point] = []
    for zone, lines in dumped().items():
        pairs = list(transitions(lines))
        begins = [first.ut for _, first in pairs]
        offsets = [pairs[0][0].offset, *(first.offset for _, first in pairs)] if pairs else []
        for last, first in pairs:
            found += (Point(zone=zone, ut=line.ut, local=line.local) for line in (last, first))
            for ut in (first.ut - HOUR, first.ut + HOUR):
                offset = timedelta(seconds=offsets[bisect_right(begins, ut)])
                found.append(Point(zone=zone, ut=ut, local=ut + offset))
    return tuple(found)


def seconds(ut: datetime) -> int:
    return (ut - EPOCH) // SECOND


def test_zdump_was_asked_about_every_zone_and_year() -> None:
    years = {zone: {first.ut.year for _, first in transitions(lines)} for zone, lines in dumped().items()}

    assert len(years) == len(zone_names()) > 590
    assert years["Europe/Paris"] == years["America/New_York"] == set(range(FIRST_YEAR, END_YEAR))
    assert years["Asia/Tokyo"] == years["Etc/UTC"] == set()
    assert len(points()) > 30_000


def test_changes_are_those_that_zdump_prints_for_every_zone() -> None:
    start, end = (seconds(datetime(year, 1, 1)) for year in (FIRST_YEAR, END_YEAR))  # noqa: DTZ001 - as above
    root = files("tzdata") / "zoneinfo"
    for zone, lines in dumped().items():
        expected = tuple(
            OffsetChange(at=seconds(first.ut), before=last.offset, after=first.offset)
            for last, first in transitions(lines)
            if last.offset != first.offset
        )

        assert read_tzif(root.joinpath(*zone.split("/")).read_bytes()).changes(start, end) == expected, zone


def test_rules_show_the_time_that_zdump_shows_around_every_transition() -> None:
    root = files("tzdata") / "zoneinfo"
    rules = {zone: read_tzif(root.joinpath(*zone.split("/")).read_bytes()) for zone in zone_names()}

    wrong = [at for at in points() if at.ut + timedelta(seconds=rules[at.zone].offset_at(seconds(at.ut))) != at.local]

    assert wrong == []


def test_the_door_shows_the_time_that_zdump_shows_around_every_transition() -> None:
    wrong = [at for at in points() if to_local(at.ut.replace(tzinfo=UTC), ZoneName(at.zone)).wall != at.local]

    assert wrong == []
