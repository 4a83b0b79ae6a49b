"""The calendar that was announced, after other programs have had it in their hands.

Law: however a file was written again, an unchanged plan gives from it the bytes that were announced; what cannot be
followed is refused with the reason.
"""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import permutations

import pytest
from icalendar import Calendar

from calendars import MEETING, STAMP, after, series_of, slot
from engines import NPM_HINT, STRANGERS
from mag_rotation.calls import unroll
from mag_rotation.errors import UnusableEdition
from mag_rotation.ics import CalendarLayout, read_prior, to_ics
from mag_rotation.ics.event import Event, cancel_event
from mag_rotation.series import Extra, Override, Series
from parts import require_file, require_program

HOSTILE = "a;b,c:d\"e'f\\g\\nh\\\\i^j^n&\u202b\u05e9\u200f \U0001f469\u200d\U0001f4bb " + "x" * 200 + ",;\\" * 50
SERIES = series_of(
    slot("16:00", "Europe/Berlin", "Berlin; \\the, first\\"),
    slot("20:00", label="late"),
    count=9,
    overrides=(
        Override(date=date(2026, 3, 3), cancel=True, note=HOSTILE),
        Override(date=date(2026, 3, 17), to=date(2026, 3, 18), at=time(9)),
        Override(date=date(2026, 3, 24), location=HOSTILE),
    ),
    extras=(Extra(date=date(2026, 3, 12), at=time(8), zone=slot("08:00", "Asia/Kathmandu").zone),),
    meeting=replace(
        MEETING, description=f"{HOSTILE}\n\nEND:VEVENT\nUID:evil", url="https://meet.example.org/a;b,c?d=e"
    ),
)
BOTH = pytest.mark.parametrize("layout", list(CalendarLayout))
Rewrite = Callable[[bytes], bytes]


def by_lf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def refolded(data: bytes) -> bytes:
    """Folded anew at 40 characters, by a tab, in the middle of escapes."""
    lines = data.decode().replace("\r\n ", "").split("\r\n")
    parts = ([line[at : at + 40] for at in range(0, len(line), 40)] or [""] for line in lines)
    return "\r\n".join("\r\n\t".join(one) for one in parts).encode()


def by_icalendar(data: bytes) -> bytes:
    """In its own order."""
    written = Calendar.from_ical(data).to_ical()
    assert isinstance(written, bytes)
    return written


def by_hand(data: bytes) -> bytes:
    """With what people and programs add."""
    more = (
        b"X-MOZ-GENERATION:4\r\nCREATED:20260101T000000Z\r\nTRANSP:OPAQUE\r\nCOLOR:red\r\n"
        b'ATTENDEE;CN="a, b":mailto:seat@example.org\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\n'
        b"DESCRIPTION:Alarm\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    )
    return data.replace(b"END:VEVENT\r\n", more).replace(b"VERSION:2.0", b"VERSION:2.0\r\nX-WR-TIMEZONE:Europe/Paris")


def by_length(data: bytes) -> bytes:
    """DURATION in the place of DTEND, for the calls of an hour."""
    return re.sub(rb"(DTSTART.*T)(\d\d)(\d{4}Z?)\r\nDTEND.*\r\n", rb"\1\2\3\r\nDURATION:PT1H\r\n", data)


def by_another_path(data: bytes) -> bytes:
    """As Mozilla and libical have named zones."""
    return data.replace(b"TZID=Europe", b"TZID=/mozilla.org/20260101_1/Europe").replace(
        b"TZID:Europe", b"TZID:/mozilla.org/20260101_1/Europe"
    )


def by_until(data: bytes) -> bytes:
    """UNTIL in the place of COUNT, an INTERVAL of 1 and a WKST, for the two slots of the series."""
    data = data.replace(b"COUNT=5;INTERVAL=2", b"UNTIL=20260428T140000Z;INTERVAL=2;WKST=MO")
    return data.replace(b"COUNT=4;INTERVAL=2", b"UNTIL=20260421T200000Z;INTERVAL=2")


def by_icaljs(data: bytes) -> bytes:
    require_file(STRANGERS / "node_modules" / "ical.js", NPM_HINT)
    code = (
        "import('ical.js').then(({default: I}) => { const t = require('fs').readFileSync(0, 'utf8');"
        "process.stdout.write(new I.Component(I.parse(t)).toString() + '\\r\\n'); });"
    )
    node = require_program("node", "install nodejs")
    done = subprocess.run([node, "-e", code], input=data, capture_output=True, cwd=STRANGERS, check=True, timeout=60)
    return done.stdout


REWRITES = [by_lf, refolded, by_icalendar, by_hand, by_length, by_another_path, by_until, by_icaljs]


@BOTH
@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_an_unchanged_plan_gives_the_announced_bytes_again(rewrite: Rewrite, layout: CalendarLayout) -> None:
    series = SERIES
    if rewrite is by_length:
        series = replace(SERIES, overrides=SERIES.overrides[1:])
    data = after(series, layout=layout).data()
    edition = after(series, rewrite(data), layout=layout, stamp=STAMP + timedelta(days=90))

    assert edition.changes == ()
    assert edition.data() == data


@BOTH
def test_the_rewrites_are_not_idle(layout: CalendarLayout) -> None:
    data = after(SERIES, layout=layout).data()
    idle = {rewrite.__name__ for rewrite in REWRITES if rewrite(data) == data}

    assert idle == ({"by_until"} if layout is CalendarLayout.CALLS else set())


@BOTH
@pytest.mark.parametrize("cut", [0, 1, 100, 1000, 2500, -1, -2, -3, -20])
def test_a_file_that_was_cut_off_is_refused(cut: int, layout: CalendarLayout) -> None:
    data = after(SERIES, layout=layout).data().rstrip()

    with pytest.raises(UnusableEdition, match="cannot be read whole as one iCalendar file"):
        read_prior(data[:cut], SERIES.meeting)


UID = "demo-20260303@example.org"
SLOT = "demo-slot1@example.org"
WROTE = "is not a calendar of 'demo' that mag-rotation wrote: "
NO_ZONE = "which is not the name of a time zone"
WINDOWS = "found the TZID 'W. Europe Standard Time'"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=5"
START = "DTSTART;TZID=Europe/Berlin:20260303T160000"
FAULTS = [
    ("no stamp", CalendarLayout.CALLS, "DTSTAMP:", "X-OLD:", "found the event in line {BEGIN:VEVENT} without DTSTAMP"),
    ("two stamps", CalendarLayout.CALLS, "DTSTAMP:", "DTSTAMP:20260101T000000Z\r\nDTSTAMP:",
     "found a second DTSTAMP of one event, in line {DTSTAMP+1}"),
    ("a whole day", CalendarLayout.CALLS, START, "DTSTART;VALUE=DATE:20260303",
     "found a whole day or a period as DTSTART in line {DTSTART}; a call has an hour"),
    ("no zone", CalendarLayout.CALLS, START, "DTSTART:20260303T160000",
     "found a time without a zone as DTSTART in line {DTSTART}"),
    ("a zone of Windows", CalendarLayout.CALLS, START, "DTSTART;TZID=W. Europe Standard Time:20260303T160000",
     f"{WINDOWS} as DTSTART in line {{DTSTART}}, {NO_ZONE} (Windows calls Europe/Berlin so)"),
    ("a directory of zones", CalendarLayout.CALLS, START, "DTSTART;TZID=Europe:20260303T160000",
     "found the TZID 'Europe' as DTSTART in line {DTSTART}, which is not the name of a time zone"),
    ("a path out of the zones", CalendarLayout.CALLS, START, "DTSTART;TZID=../../etc/passwd:20260303T160000",
     "found the TZID '../../etc/passwd' as DTSTART in line {DTSTART}, which is not the name of a time zone"),
    ("a zone of many letters", CalendarLayout.CALLS, START, f"DTSTART;TZID={'x' * 70}:20260303T160000",
     f"found the TZID '{'x' * 70}' as DTSTART in line {{DTSTART}}, which is not the name of a time zone"),
    ("a zone of many parts", CalendarLayout.CALLS, START, f"DTSTART;TZID={'a/' * 30}:20260303T160000",
     f"found the TZID '{'a/' * 30}' as DTSTART in line {{DTSTART}}, which is not the name of a time zone"),
    ("a zone beside a Z", CalendarLayout.CALLS, START, f"{START}Z",
     "found a time in UTC (Z) with the TZID 'Europe/Berlin' as DTSTART in line {DTSTART}"),
    ("the last year", CalendarLayout.CALLS, START, "DTSTART;TZID=Europe/Berlin:99991230T160000",
     "found the year 9999 as DTSTART in line {DTSTART}; a call lies in the years 1900 to 2999"),
    ("the first year", CalendarLayout.CALLS, START, "DTSTART;TZID=Europe/Berlin:00010101T160000",
     "found the year 1 as DTSTART in line {DTSTART}; a call lies in the years 1900 to 2999"),
    ("a stamp of the last year", CalendarLayout.CALLS, "DTSTAMP:2026", "DTSTAMP:9999",
     "found the year 9999 as DTSTAMP in line {DTSTAMP}; a call lies in the years 1900 to 2999"),
    ("a length beyond the years", CalendarLayout.CALLS,
     "DTEND;TZID=Europe/Berlin:20260303T170000", "DURATION:P3000000D",
     "found DURATION in line {DURATION}, beyond the year 2999"),
    ("a length of many years", CalendarLayout.CALLS, "DTEND;TZID=Europe/Berlin:20260303T170000", "DURATION:P400000D",
     "found DURATION in line {DURATION}, beyond the year 2999"),
    ("no end", CalendarLayout.CALLS, "DTEND;TZID=Europe/Berlin:20260303T170000", "X-END:20260303T170000",
     "found the event in line {BEGIN:VEVENT} without DTEND"),
    ("an end before the start", CalendarLayout.CALLS, "DTEND;TZID=Europe/Berlin:20260303T170000",
     "DTEND;TZID=Europe/Berlin:20260303T160000", "found DTEND in line {DTEND}, which ends the event before it begins"),
    ("no time", CalendarLayout.CALLS, START, "DTSTART:yesterday",
     "found DTSTART that cannot be read, 'yesterday' in line {DTSTART}; write a time such as 20260901T140000Z"),
    ("a line that is none", CalendarLayout.CALLS, START, f"{START}\r\nno content line",
     "it holds 'no content line', which cannot be read as a property, in line {DTSTART+1}"),
    ("an alarm without an end", CalendarLayout.CALLS, START, f"BEGIN:VALARM\r\n{START}",
     "it holds 'BEGIN:VALARM', which has no END, in line {DTSTART-1}"),
    ("an end of nothing", CalendarLayout.CALLS, START, f"{START}\r\nEND:VALARM",
     "it holds 'END:VALARM', which ends nothing, in line {DTSTART+1}"),
    ("a line before", CalendarLayout.CALLS, "BEGIN:VCALENDAR", "X\r\nBEGIN:VCALENDAR",
     "it holds 'X', which stands outside the calendar, in line 1"),
    ("both layouts", CalendarLayout.CALLS,
     "demo-20260310@example.org", "demo-slot7@example.org\r\nRRULE:FREQ=DAILY;COUNT=2",
     "it holds calls by date and calls by slot, and a calendar has one of the two"),
    ("a call with a rule", CalendarLayout.CALLS, f"UID:{UID}", f"UID:{UID}\r\nRRULE:FREQ=DAILY;COUNT=2",
     f"it holds '{UID}' with a rule (RRULE), in line {{UID}}"),
    ("a slot without a rule", CalendarLayout.SERIES, "RRULE:FREQ=WEEKLY;COUNT=5;INTERVAL=2", "X-A:b",
     f"it holds '{SLOT}' without a rule (RRULE), in line {{UID}}"),
    ("a rule without an end", CalendarLayout.SERIES, "COUNT=5;", "",
     "found RRULE in line {RRULE:FREQ=WEEKLY} without a COUNT or an UNTIL that can be read"),
    ("a rule of hours", CalendarLayout.SERIES, "COUNT=5;", "COUNT=5;BYHOUR=1;",
     "found RRULE in line {RRULE:F}: found BYHOUR in 'FREQ=WEEKLY;INTERVAL=2;BYHOUR=1'; the hour is the slot's"),
    ("a rule for ever", CalendarLayout.SERIES, "COUNT=5;", "COUNT=50000;",
     "it holds a series with more dates than a plan may have"),
    ("a rule to the end of time", CalendarLayout.SERIES, "COUNT=5;", "UNTIL=99991231T000000Z;",
     "found the year 9999 as UNTIL of RRULE in line {RRULE:FREQ=WEEKLY}; a call lies in the years 1900 to 2999"),
    ("a rule to the last year", CalendarLayout.SERIES, "COUNT=5;INTERVAL=2", "UNTIL=29991231T000000Z",
     "found RRULE in line {RRULE:FREQ=WEEKLY} with more dates than a plan may have, or none"),
    ("dates beside the rule", CalendarLayout.SERIES, WEEKLY, f"RDATE:20260308T120000Z\r\n{WEEKLY}",
     "found RDATE in line {RDATE}; a series of ours has its rule and EXDATE"),
    ("a rule of exceptions", CalendarLayout.SERIES, WEEKLY, f"EXRULE:FREQ=DAILY\r\n{WEEKLY}",
     "found EXRULE in line {EXRULE}; a series of ours has its rule and EXDATE"),
    ("left out periods", CalendarLayout.SERIES, WEEKLY,
     f"EXDATE;VALUE=PERIOD:20260303T120000Z/PT1H\r\n{WEEKLY}",
     "found a whole day or a period as EXDATE in line {EXDATE}; a call has an hour"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "old", "new", "said"), [case[1:] for case in FAULTS], ids=[one[0] for one in FAULTS]
)
def test_what_cannot_be_followed_is_refused_with_the_reason(
    layout: CalendarLayout, old: str, new: str, said: str
) -> None:
    series = replace(SERIES, overrides=())
    data = after(series, layout=layout).data().decode()
    assert old in data

    broken = data.replace(old, new, 1)
    with pytest.raises(UnusableEdition) as refused:
        read_prior(broken.encode(), SERIES.meeting)
    assert str(refused.value) == WROTE + with_lines(said, broken)


def with_lines(said: str, text: str) -> str:
    """A message with the numbers of the lines that begin so: ``{DTSTART+1}`` is the one after the first DTSTART."""
    rows = text.split("\r\n")
    begin = next((at for at, row in enumerate(rows) if row == "BEGIN:VEVENT"), 0)

    def number(found: re.Match[str]) -> str:
        place = next(at for at, row in enumerate(rows) if at >= begin and row.startswith(found[1]))
        return str(place + 1 + int(found[2] or 0))

    return re.sub(r"\{([^}+-]+)([+-]1)?\}", number, said)


@pytest.mark.parametrize("maker", ["-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", "Zimbra-Calendar-Provider"])
def test_another_program_that_wrote_the_file_is_named(maker: str) -> None:
    data = after(SERIES).data().replace(b"-//mag_rotation//mag_rotation//EN", maker.encode())
    windows = data.replace(b"DTSTART;TZID=Europe/Berlin", b"DTSTART;TZID=W. Europe Standard Time", 1)

    assert read_prior(data, SERIES.meeting) == read_prior(after(SERIES).data(), SERIES.meeting)
    with pytest.raises(UnusableEdition) as refused:
        read_prior(windows, SERIES.meeting)
    assert str(refused.value).endswith(f"(Windows calls Europe/Berlin so) (by line 2, {maker!r} wrote the file)")


# Versions of one event.


def version(sequence: int, stamp: str, hour: int, original: str = "") -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:{UID}\r\n{original}DTSTAMP:202602{stamp}T000000Z\r\nSEQUENCE:{sequence}\r\n"
        f"DTSTART:20260303T{hour:02}0000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
    )


def read_versions(*versions: str) -> tuple[Event, ...]:
    text = "".join(("BEGIN:VCALENDAR\r\n", *versions, "END:VCALENDAR\r\n"))
    return read_prior(text.encode(), SERIES.meeting).events


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize(
    ("versions", "hour", "sequence"),
    [
        ([(0, "01", 9), (2, "02", 10), (1, "03", 11)], 10, 2),
        ([(3, "01", 9), (3, "02", 9), (1, "03", 11)], 9, 3),
        ([(2, "09", 9), (10, "01", 10), (9, "02", 11)], 10, 10),
        ([(1, "02", 9), (1, "03", 10), (0, "04", 11)], 10, 2),
        ([(1, "02", 9), (1, "02", 9), (1, "02", 9)], 9, 1),
    ],
)
def test_the_highest_sequence_counts_in_any_order(
    versions: list[tuple[int, str, int]], hour: int, sequence: int, order: tuple[int, ...]
) -> None:
    (event,) = read_versions(*(version(*versions[place]) for place in order))

    assert (event.start.hour, event.sequence) == (hour, sequence)


def test_versions_of_a_series_and_of_its_occurrences_are_told_apart() -> None:
    data = after(SERIES, layout=CalendarLayout.SERIES).data().decode()
    events = re.findall(r"BEGIN:VEVENT.*?END:VEVENT\r\n", data, re.DOTALL)
    older = [re.sub("DTSTAMP:....", "DTSTAMP:2001", one.replace("SUMMARY:", "SUMMARY:Old ")) for one in events]
    newest = [one.replace("SEQUENCE:0", "SEQUENCE:1") for one in events]
    head, tail = data.split("BEGIN:VEVENT")[0], "END:VCALENDAR\r\n"

    found = read_prior("".join((head, *newest, *older, *events, tail)).encode(), SERIES.meeting)
    assert found == read_prior("".join((head, *newest, tail)).encode(), SERIES.meeting)


def test_an_occurrence_without_its_series_is_refused() -> None:
    data = after(SERIES, layout=CalendarLayout.SERIES).data()
    masters = re.findall(rb"BEGIN:VEVENT\r\n(?:(?!END:VEVENT)[^\r]*\r\n)*?RRULE(?:[^\r]*\r\n)*?END:VEVENT\r\n", data)

    with pytest.raises(UnusableEdition) as refused:
        read_prior(data.replace(masters[0], b""), SERIES.meeting)
    assert str(refused.value) == f"{WROTE}it holds an occurrence of 'demo-slot1@example.org' and not the series itself"


def test_what_was_written_by_hand_into_an_event_is_not_carried_on() -> None:
    """A public file holds no address, whoever put it in."""
    data = by_hand(after(SERIES).data())
    short = replace(SERIES, overrides=(), schedule=replace(SERIES.schedule, count=5))
    edition = after(short, data, stamp=STAMP + timedelta(days=1))

    assert len(edition.events) == 10
    assert b"ATTENDEE" not in edition.data()
    assert b"seat@example.org" not in edition.data()


def test_an_event_that_is_left_says_what_it_said() -> None:
    data = after(SERIES).data()
    short: Series = replace(SERIES, overrides=SERIES.overrides[:1], schedule=replace(SERIES.schedule, count=2))
    before = {event.uid: event for event in read_prior(data, SERIES.meeting).events}
    for event in after(short, data, stamp=STAMP + timedelta(days=1)).events:
        assert isinstance(event, Event)
        old = before[event.uid]
        if event.start.date() > date(2026, 3, 20):
            assert event == replace(cancel_event(old), sequence=1, stamp=STAMP + timedelta(days=1))


def test_the_first_edition_is_what_to_ics_gives() -> None:
    assert after(SERIES).data() == to_ics(unroll(SERIES), SERIES.meeting, stamp=STAMP)
