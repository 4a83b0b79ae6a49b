"""The engines are judged against each other, on calendars whose instants were worked out by hand.

Law: both engines give exactly what stands here, so no occurrence is lost, doubled or moved by the readers themselves.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import parts
from engines import EngineRefused, Occurrence, read_stupidly, read_with_icaljs, read_with_libical, read_with_other
from paths import DATA, ORACLES

Reader = Callable[[Path], list[Occurrence]]
READERS = [pytest.param(read_with_icaljs, id="ical.js"), pytest.param(read_with_libical, id="libical")]


SINGLE, SERIES, TEXT = (
    (ORACLES / f"{name}.ics").read_bytes().decode().replace("\r\n", "\n") for name in ("single", "series", "text")
)

UID_LINE = "UID:board-20260901@board.example.org\n"
EVENT = SINGLE[SINGLE.index("BEGIN:VEVENT") : SINGLE.index("END:VCALENDAR")]
ZONE = SERIES[SERIES.index("BEGIN:VTIMEZONE") : SERIES.index("BEGIN:VEVENT")]
MASTER = SERIES[SERIES.index("BEGIN:VEVENT") : SERIES.rindex("BEGIN:VEVENT")]
RULE = "FREQ=WEEKLY;UNTIL=20261110T150000Z"
START = "DTSTART:20260901T140000Z"

REFUSED = [
    pytest.param(SINGLE.replace(START, START.rstrip("Z")), "floating: no Z and no known TZID", id="floating"),
    pytest.param(SERIES.replace(ZONE, ""), "no known TZID", id="zone missing"),
    pytest.param(SINGLE.replace(START, "DTSTART;VALUE=DATE:20260901"), "is a whole day", id="whole day"),
    pytest.param(SERIES.replace(RULE, "FREQ=WEEKLY"), "RRULE has neither COUNT nor UNTIL", id="endless"),
    pytest.param(SERIES.replace(RULE, "FREQ=DAILY;COUNT=13000"), "more than 12000", id="too many"),
    pytest.param(SINGLE.replace("SEQUENCE", "RDATE:20260908T140000Z\nSEQUENCE"), "RDATE is read diff", id="RDATE"),
    pytest.param(SINGLE.replace(UID_LINE, ""), "VEVENT without UID", id="no UID"),
    pytest.param(SINGLE.replace(f"{START}\n", ""), "DTSTART", id="no start"),
    pytest.param(SINGLE.replace(START, "DTSTART:soon"), "soon|DTSTART", id="no time"),
    pytest.param("NAME:no calendar\n", "ical", id="no calendar"),
    pytest.param("", "ical", id="empty"),
]


def utc(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def calendar(folder: Path, text: str) -> Path:
    path = folder / "calendar.ics"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return path


BOARD_CALL = Occurrence(
    uid="board-slot1@board.example.org",
    recurrence_id=utc(10, 13, 14),
    start=utc(10, 13, 14),
    end=utc(10, 13, 16),
    summary="Board call",
    description=None,
    location=None,
    url=None,
    categories=(),
    status=None,
    sequence=0,
)


def weekly(month: int, day: int, hour: int) -> Occurrence:
    start = utc(month, day, hour)
    return replace(BOARD_CALL, recurrence_id=start, start=start, end=utc(month, day, hour + 2))


MOVED = replace(
    BOARD_CALL,
    recurrence_id=utc(10, 20, 14),
    start=utc(10, 21, 7),
    end=utc(10, 21, 8),
    summary="Board call, moved",
    sequence=1,
)


@pytest.mark.parametrize("read", READERS)
class TestEngine:
    """Each engine gives what was worked out by hand; hence both agree."""

    def test_single_events_come_sorted_and_complete(self, read: Reader, tmp_path: Path) -> None:
        earlier = EVENT.replace("20260901", "20260825").replace("CONFIRMED", "CANCELLED")
        first = Occurrence(
            uid="board-20260825@board.example.org",
            recurrence_id=None,
            start=utc(8, 25, 14),
            end=utc(8, 25, 16),
            summary="Board call 1",
            description=None,
            location=None,
            url=None,
            categories=("call", "evening"),
            status="CANCELLED",
            sequence=0,
        )
        second = replace(
            first,
            uid="board-20260901@board.example.org",
            start=utc(9, 1, 14),
            end=utc(9, 1, 16),
            status="CONFIRMED",
        )

        assert read(calendar(tmp_path, SINGLE.replace(EVENT, EVENT + earlier))) == [first, second]

    def test_a_series_keeps_its_wall_time_over_a_clock_change(self, read: Reader, tmp_path: Path) -> None:
        # Berlin leaves summer time on 25 October 2026: 16:00 there is 14:00 UTC before and 15:00 after.
        assert read(calendar(tmp_path, SERIES)) == [weekly(10, 13, 14), MOVED, weekly(10, 27, 15), weekly(11, 10, 15)]

    def test_an_override_touches_only_the_series_of_its_uid(self, read: Reader, tmp_path: Path) -> None:
        other = MASTER.replace("EXDATE", "X-EXDATE").replace("slot1", "slot2").replace("SEQUENCE:0", "SEQUENCE:7")
        both = SERIES.replace("END:VCALENDAR", f"{other}END:VCALENDAR")
        weeks = [(10, 13, 14), (10, 20, 14), (10, 27, 15), (11, 3, 15), (11, 10, 15)]

        read_back = [one for one in read(calendar(tmp_path, both)) if one.uid.startswith("board-slot2")]

        assert read_back == [replace(weekly(*week), uid="board-slot2@board.example.org", sequence=7) for week in weeks]

    def test_an_override_without_its_series_stands_for_itself(self, read: Reader, tmp_path: Path) -> None:
        assert read(calendar(tmp_path, SERIES.replace(MASTER, ""))) == [MOVED]

    def test_folded_and_escaped_text_is_read_back_exactly(self, read: Reader, tmp_path: Path) -> None:
        [occurrence] = read(calendar(tmp_path, TEXT))

        assert occurrence.summary == "Große Runde, außer den Nacht\u00adstunden: 夜の会議; 🌍🌙 und so fort"
        assert occurrence.description == "one\ntwo\\three, four; five \\n not a break"
        assert occurrence.location == "Online"
        assert occurrence.url == "https://meet.example.org/board?room=1;2,3"
        assert occurrence.categories == ("call", "a,b")
        assert (occurrence.status, occurrence.sequence) == ("TENTATIVE", 3)

    def test_two_calendars_in_one_file_are_both_read(self, read: Reader, tmp_path: Path) -> None:
        both = read(calendar(tmp_path, SINGLE + SERIES))

        assert [one.start for one in both] == [utc(9, 1, 14), *(one.start for one in read(calendar(tmp_path, SERIES)))]

    @pytest.mark.parametrize(("text", "reason"), REFUSED)
    def test_what_has_no_instant_or_no_end_is_refused(
        self, read: Reader, tmp_path: Path, text: str, reason: str
    ) -> None:
        with pytest.raises(EngineRefused, match=reason):
            read(calendar(tmp_path, text))


def test_what_the_parser_of_libical_complains_of_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineRefused, match="DTEND"):
        read_with_libical(calendar(tmp_path, SINGLE.replace("DTEND:20260901T160000Z", "DTEND:soon")))


# What more programs find.

UPGRADE = DATA / "upgrade"
BERLIN = b"""BEGIN:VCALENDAR
PRODID:-//example//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:20251026T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20250330T020000
RRULE:FREQ=YEARLY;UNTIL=20260329T010000Z;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:one@example.org
DTSTAMP:20250101T000000Z
SEQUENCE:0
DTSTART;TZID=Europe/Berlin:20260113T160000
DTEND;TZID=Europe/Berlin:20260113T170000
SUMMARY:Call
CATEGORIES:late
CATEGORIES:Phase I
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")
"""A call in January, in a file that the engines above read as it is meant, and others do not."""

JULY = BERLIN.replace(b":20260113", b":20260720")
ONE_LINE = BERLIN.replace(b"late\r\nCATEGORIES:", b"late,")
SUMMIT = UPGRADE / "summit-series.ics"
FOUND = [
    pytest.param("ics", BERLIN, ONE_LINE, id="ics.py: two lines of CATEGORIES"),
    pytest.param("icalevents", BERLIN, ONE_LINE, id="icalevents: two lines of CATEGORIES"),
    pytest.param("vobject", JULY, JULY.replace(b"L=20260329", b"L=20260330"), id="vobject: UNTIL to the second"),
    pytest.param("ts-ics", BERLIN, BERLIN.replace(b"T:20251026", b"T:20231029"), id="ts-ics: the first of a rule"),
    pytest.param(
        "ical-expander",
        SUMMIT.read_bytes(),
        SUMMIT.read_bytes().replace(b"EXDATE:20260317", b"EXDATE:20260310").replace(b"-ID:20260310", b"-ID:20260317"),
        id="ical-expander: a call moved onto an EXDATE",
    ),
]
"""What one of the other programs does not read as the engines above do, and what it reads."""


@pytest.mark.parametrize(("name", "broken", "mended"), FOUND)
def test_each_of_the_other_programs_finds_what_the_engines_do_not(
    name: str, broken: bytes, mended: bytes, tmp_path: Path
) -> None:
    paths = [tmp_path / "broken.ics", tmp_path / "mended.ics"]
    for path, data in zip(paths, (broken, mended), strict=True):
        path.write_bytes(data)
    (meant,) = {tuple(times(read(paths[0]))) for read in (read_with_icaljs, read_with_libical, read_stupidly)}
    try:
        (found,) = read_with_other(name, paths[0])
    except EngineRefused:
        found = []

    assert tuple(times(found)) != meant
    assert tuple(times(read_with_other(name, paths[1])[0])) == meant


def times(found: list[Occurrence]) -> list[tuple[datetime, datetime]]:
    return sorted((one.start, one.end) for one in found)


class TestParts:
    """A missing part is told with its cure, and fails where parts are required."""

    def test_what_is_there_is_given_back(self, tmp_path: Path) -> None:
        assert Path(parts.require_program("sh")).name == "sh"
        assert parts.require_file(tmp_path, "make it") == tmp_path

    @pytest.mark.parametrize(
        ("ask", "reason"),
        [
            (lambda: parts.require_program("no-such-program", "make one"), "'no-such-program' .*: make one"),
            (lambda: parts.require_program("no-such-program"), "install no-such-program"),
            (lambda: parts.require_file(Path("no-such-file"), "fetch it"), "'no-such-file' is not there: fetch it"),
            (lambda: parts.require_library("libno-such.so.9", "build it"), "'libno-such.so.9' .*: build it"),
        ],
    )
    def test_what_is_missing_skips_unless_parts_are_required(
        self, ask: Callable[[], object], reason: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(parts.REQUIRE_PARTS, raising=False)
        with pytest.raises(pytest.skip.Exception, match=reason):
            ask()
        monkeypatch.setenv(parts.REQUIRE_PARTS, "1")
        with pytest.raises(pytest.fail.Exception, match=reason):
            ask()
