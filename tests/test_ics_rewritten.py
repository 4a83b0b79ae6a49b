"""The calendar that was announced, after other programs have had it in their hands.

Law: however a file was written again, an unchanged plan gives from it the bytes that were announced; what cannot be
followed is refused with the reason.
"""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from icalendar import Calendar

from calendars import MEETING, STAMP, after, series_of, slot
from engines import NPM_HINT, STRANGERS
from mag_rotation.calls import unroll
from mag_rotation.errors import UnusableEdition
from mag_rotation.ics import Layout, announced, to_ics
from mag_rotation.ics.event import Event
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
BOTH = pytest.mark.parametrize("layout", list(Layout))
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
def test_an_unchanged_plan_gives_the_announced_bytes_again(rewrite: Rewrite, layout: Layout) -> None:
    series = SERIES
    if rewrite is by_length:
        series = replace(SERIES, overrides=SERIES.overrides[1:])
    data = after(series, layout=layout).data()
    edition = after(series, rewrite(data), layout=layout, stamp=STAMP + timedelta(days=90))

    assert edition.changes == ()
    assert edition.data() == data


@BOTH
def test_the_rewrites_are_not_idle(layout: Layout) -> None:
    data = after(SERIES, layout=layout).data()
    idle = {rewrite.__name__ for rewrite in REWRITES if rewrite(data) == data}

    assert idle == ({"by_until"} if layout is Layout.CALLS else set())


@BOTH
@pytest.mark.parametrize("cut", [0, 1, 100, 1000, 2500, -1, -2, -3, -20])
def test_a_file_that_was_cut_off_is_refused(cut: int, layout: Layout) -> None:
    data = after(SERIES, layout=layout).data().rstrip()

    with pytest.raises(UnusableEdition, match="cannot be read whole as one iCalendar file"):
        announced(data[:cut], SERIES.meeting)


UID = "demo-20260303@example.org"
SLOT = "demo-slot1@example.org"
FAULTS = [
    ("no stamp", Layout.CALLS, "DTSTAMP:", "X-OLD:", f"holds '{UID}' with times or a rule that cannot be read"),
    ("a whole day", Layout.CALLS, "DTSTART;TZID=Europe/Berlin:20260303T160000", "DTSTART;VALUE=DATE:20260303",
     f"holds '{UID}' with times or a rule that cannot be read"),
    ("no zone", Layout.CALLS, "DTSTART;TZID=Europe/Berlin:20260303T160000", "DTSTART:20260303T160000",
     f"holds '{UID}' with times or a rule that cannot be read"),
    ("a zone of another kind", Layout.CALLS, "DTSTART;TZID=Europe/Berlin:20260303T160000",
     "DTSTART;TZID=W. Europe Standard Time:20260303T160000",
     f"holds '{UID}' in the zone 'W. Europe Standard Time', which is no IANA zone name"),
    ("twice", Layout.CALLS, "demo-20260310@", "demo-20260303@", f"holds '{UID}' twice"),
    ("both layouts", Layout.CALLS, "demo-20260310@example.org", "demo-slot7@example.org\r\nRRULE:FREQ=DAILY;COUNT=2",
     "holds calls by date and calls by slot, and a calendar has one of the two"),
    ("a call with a rule", Layout.CALLS, f"UID:{UID}", f"UID:{UID}\r\nRRULE:FREQ=DAILY;COUNT=2",
     f"holds '{UID}' with a rule"),
    ("a slot without a rule", Layout.SERIES, "RRULE:FREQ=WEEKLY;COUNT=5;INTERVAL=2", "X-A:b",
     f"holds '{SLOT}' without a rule"),
    ("a rule without an end", Layout.SERIES, "COUNT=5;", "",
     f"holds '{SLOT}' with times or a rule that cannot be read"),
    ("a rule of hours", Layout.SERIES, "COUNT=5;", "COUNT=5;BYHOUR=1;",
     f"holds '{SLOT}' with times or a rule that cannot be read"),
    ("a rule for ever", Layout.SERIES, "COUNT=5;", "COUNT=50000;",
     "holds a series with more dates than a plan may have"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "old", "new", "said"), [case[1:] for case in FAULTS], ids=[one[0] for one in FAULTS]
)
def test_what_cannot_be_followed_is_refused_with_the_reason(layout: Layout, old: str, new: str, said: str) -> None:
    series = replace(SERIES, overrides=())
    data = after(series, layout=layout).data().decode()
    assert old in data

    with pytest.raises(UnusableEdition) as refused:
        announced(data.replace(old, new, 1).encode(), SERIES.meeting)
    assert str(refused.value) == said


def test_an_occurrence_without_its_series_is_refused() -> None:
    data = after(SERIES, layout=Layout.SERIES).data()
    masters = re.findall(rb"BEGIN:VEVENT\r\n(?:(?!END:VEVENT)[^\r]*\r\n)*?RRULE(?:[^\r]*\r\n)*?END:VEVENT\r\n", data)

    with pytest.raises(UnusableEdition) as refused:
        announced(data.replace(masters[0], b""), SERIES.meeting)
    assert str(refused.value) == "holds an occurrence of 'demo-slot1@example.org' and not the series itself"


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
    before = {event.uid: event for event in announced(data, SERIES.meeting).events}
    for event in after(short, data, stamp=STAMP + timedelta(days=1)).events:
        assert isinstance(event, Event)
        old = before[event.uid]
        if event.start.date() > date(2026, 3, 20):
            assert event == replace(old, cancelled=True, sequence=1, stamp=STAMP + timedelta(days=1))


def test_the_first_edition_is_what_to_ics_gives() -> None:
    assert after(SERIES).data() == to_ics(unroll(SERIES), SERIES.meeting, stamp=STAMP)
