"""The linter is judged first, against files with one fault each.

Law: every rule has a file that breaks it and nothing else, made from a good one by one replacement.
"""

import pytest

from linter import lint
from paths import ORACLES

SINGLE, SERIES, TEXT = (
    (ORACLES / f"{name}.ics").read_bytes().decode().replace("\r\n", "\n") for name in ("single", "series", "text")
)

UID_LINE = "UID:board-20260901@board.example.org\n"
EVENT = SINGLE[SINGLE.index("BEGIN:VEVENT") : SINGLE.index("END:VCALENDAR")]
ZONE = SERIES[SERIES.index("BEGIN:VTIMEZONE") : SERIES.index("BEGIN:VEVENT")]
ALARM = "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:Call\nTRIGGER:-PT15M\nEND:VALARM\n"


def crlf(text: str) -> bytes:
    """The bytes of a calendar that is written with plain newlines in this file."""
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("good", [SINGLE, SERIES, TEXT], ids=["single", "series", "text"])
def test_a_good_file_is_clean(good: str) -> None:
    assert lint(crlf(good)) == []


def test_an_alarm_a_link_and_a_whole_day_are_clean() -> None:
    rich = SINGLE.replace("END:VEVENT\n", f"CONFERENCE;VALUE=URI:https://meet.example.org/board\n{ALARM}END:VEVENT\n")
    rich = rich.replace("DTSTART:20260901T140000Z\nDTEND:20260901T160000Z", "DTSTART;VALUE=DATE:20260901")

    assert lint(crlf(rich)) == []


def test_the_method_that_is_told_is_the_one_that_must_be_there() -> None:
    request = SINGLE.replace("NAME:", "METHOD:REQUEST\nNAME:")

    assert lint(crlf(request), method="REQUEST") == []
    assert lint(crlf(request)) == ["line 4: METHOD is 'REQUEST', want none"]
    assert lint(crlf(request), method="CANCEL") == ["line 4: METHOD is 'REQUEST', want CANCEL"]
    assert lint(crlf(SINGLE), method="REQUEST") == ["line 1: no METHOD, want REQUEST"]


# What is replaced in the good bytes, by what, and the one finding that must come of it.
BYTES = [
    ("bare LF", b"2.0\r\n", b"2.0\n", "line 2: bare LF"),
    ("bare CR", b"2.0\r\n", b"2.0\r", "line 2: bare CR"),
    ("no last line end", b"END:VCALENDAR\r\n", b"END:VCALENDAR", "line 17: the file does not end with CRLF"),
    ("empty line", b"2.0\r\n", b"2.0\r\n\r\n", "line 3: empty line"),
    ("fold of nothing", b"2.0\r\n", b"2.0\r\n \r\n", "line 3: empty line"),
    ("76 octets", b"Board call 1", b"x" * 68, "line 12: 76 octets, want at most 75"),
    ("76 octets, 47 characters", b"Board call 1", "éé".encode() * 17, "line 12: 76 octets, want at most 75"),
    ("Latin-1", b"Board call 1", "Büro".encode("latin-1"), "line 12: not UTF-8"),
    ("a surrogate", b"Board call 1", b"\xed\xa0\x80", "line 12: not UTF-8"),
    ("fold in a character", b"Board call 1", b"B\xc3\r\n \xbcro", "line 13: fold inside a UTF-8 character"),
    ("fold in an escape", b"call 1", b"a\\\r\n ,b", "line 13: fold between a backslash and its letter"),
    ("fold in a folded escape", b"call 1", b"\\\\\\\r\n nb", "line 13: fold between a backslash and its letter"),
    ("bell", b"call 1", b"call\x07", "line 12: control character 0x07"),
    ("delete", b"call 1", b"call\x7f", "line 12: control character 0x7F"),
]


@pytest.mark.parametrize(("old", "new", "finding"), [case[1:] for case in BYTES], ids=[case[0] for case in BYTES])
def test_a_fault_in_the_bytes_is_found_alone(old: bytes, new: bytes, finding: str) -> None:
    good = crlf(SINGLE)
    assert good.count(old) == 1

    # 68 and 34 letters make the summary's line one octet too long.
    assert lint(good.replace(old, new)) == [finding]


SINGLE_FAULTS = [
    ("two calendars", "END:VCALENDAR\n", f"END:VCALENDAR\n{SINGLE}", "line 1: want exactly one VCALENDAR in the file"),
    ("no END", "END:VCALENDAR\n", "", "line 1: VCALENDAR is never ended"),
    ("END too many", "END:VCALENDAR\n", "END:VCALENDAR\nEND:VEVENT\n", "line 18: END:VEVENT where nothing is open"),
    ("event in an event", "END:VEVENT\n", f"{EVENT.replace('-2026', '-x-2026')}END:VEVENT\n",
     "line 16: VEVENT may not stand in VEVENT"),
    ("component unknown", "BEGIN:VEVENT\n", "BEGIN:VNEWS\nEND:VNEWS\nBEGIN:VEVENT\n",
     "line 6: VNEWS may not stand in VCALENDAR"),
    ("after the end", "END:VCALENDAR\n", "END:VCALENDAR\nNAME:x\n", "line 18: NAME outside of a component"),
    ("late property", "END:VCALENDAR\n", "COLOR:red\nEND:VCALENDAR\n",
     "line 17: COLOR after a component, want it before"),
    ("no version", "VERSION:2.0\n", "", "line 1: VCALENDAR without VERSION"),
    ("version 1.0", "VERSION:2.0\n", "VERSION:1.0\n", "line 2: VERSION is '1.0', want 2.0"),
    ("two versions", "NAME:", "VERSION:2.0\nNAME:", "line 4: VERSION twice in VCALENDAR"),
    ("no product", "PRODID:-//example//rotation//EN\n", "", "line 1: VCALENDAR without PRODID"),
    ("product late", "PRODID:-//example//rotation//EN\nNAME:Board calls\n",
     "NAME:Board calls\nPRODID:-//example//rotation//EN\n",
     "line 1: PRODID and VERSION are not the first properties of VCALENDAR"),
    ("refresh without VALUE", ";VALUE=DURATION", "", "line 5: REFRESH-INTERVAL without VALUE=DURATION"),
    ("refresh is no duration", ":PT6H", ":6H", "line 5: REFRESH-INTERVAL is '6H', want a duration such as PT2H"),
    ("a duration of nothing", ":PT6H", ":PT", "line 5: REFRESH-INTERVAL is 'PT', want a duration such as PT2H"),
    ("link without VALUE", "STATUS:", "CONFERENCE:https://x.example\nSTATUS:", "line 13: CONFERENCE without VALUE=URI"),
    ("bad name", "SUMMARY:", "$SUMMARY:", "line 12: no property name in '$SUMMARY:Board call '"),
    ("no colon", "SUMMARY:Board call 1", "SUMMARY", "line 12: bad parameters of SUMMARY at ''"),
    ("underscore in a name", "SUMMARY:", "SUM_MARY:", "line 12: bad parameters of SUM at '_MARY:Board call 1'"),
    ("text after a quoted parameter", '"Office, the"', '"Office"x',
     "line 15: bad parameters of ORGANIZER at 'x:mailto:office@exam'"),
    ("quote in a parameter", '"Office, the"', 'Of"fice',
     "line 15: bad parameters of ORGANIZER at '\"fice:mailto:office@'"),
    ("parameter twice", ';CN="Office, the"', ";CN=a;CN=b", "line 15: parameter CN twice"),
    ("no UID", UID_LINE, "", "line 6: VEVENT without UID"),
    ("empty UID", UID_LINE, "UID:\n", "line 7: UID is '', want one word"),
    ("two UIDs", UID_LINE, f"{UID_LINE}UID:other@example.org\n", "line 8: UID twice in VEVENT"),
    ("one UID, two events", EVENT, EVENT + EVENT, "line 18: UID 'board-20260901@board.example.org' twice"),
    ("no stamp", "DTSTAMP:20260801T120000Z\n", "", "line 6: VEVENT without DTSTAMP"),
    ("local stamp", "DTSTAMP:20260801T120000Z", "DTSTAMP:20260801T120000",
     "line 8: DTSTAMP is '20260801T120000', want it in UTC with a Z"),
    ("no such day", "DTSTAMP:20260801", "DTSTAMP:20260832",
     "line 8: DTSTAMP is '20260832T120000Z', want a date-time such as 20260901T140000Z"),
    ("no start", "DTSTART:20260901T140000Z\n", "", "line 6: VEVENT without DTSTART"),
    ("floating start", "DTSTART:20260901T140000Z\nDTEND:20260901T160000Z\n", "DTSTART:20260901T140000\n",
     "line 9: DTSTART is floating, want a Z or a TZID"),
    ("two starts", "DTSTART:20260901T140000Z\n", "DTSTART:20260901T140000Z\n" * 2, "line 10: DTSTART twice in VEVENT"),
    ("two starts in one", "DTSTART:20260901T140000Z", "DTSTART:20260901T140000Z,20260902T140000Z",
     "line 9: DTSTART is '20260901T140000Z,20260902T140000Z', want a date-time such as 20260901T140000Z"),
    ("ends as it starts", "DTEND:20260901T160000Z", "DTEND:20260901T140000Z", "line 10: DTEND is not after DTSTART"),
    ("ends a date", "DTEND:20260901T160000Z", "DTEND;VALUE=DATE:20260902", "line 10: DTEND is DATE, DTSTART is Z"),
    ("end and duration", "SEQUENCE:0\n", "SEQUENCE:0\nDURATION:PT2H\n", "line 10: DTEND and DURATION in one VEVENT"),
    ("no sequence", "SEQUENCE:0\n", "", "line 6: VEVENT without SEQUENCE"),
    ("negative sequence", "SEQUENCE:0", "SEQUENCE:-1", "line 11: SEQUENCE is '-1', want an integer of 0 or more"),
    ("unknown status", "CONFIRMED", "MAYBE", "line 13: STATUS is 'MAYBE', want TENTATIVE, CONFIRMED or CANCELLED"),
    ("taken for nothing", "STATUS:", "TRANSP:BUSY\nSTATUS:", "line 13: TRANSP is 'BUSY', want OPAQUE or TRANSPARENT"),
    ("off in STATUS alone", "Board call 1\nSTATUS:CONFIRMED",
     "Cancelled: 1\nTRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\nSTATUS:CANCELLED",
     "line 14: X-MICROSOFT-CDO-BUSYSTATUS of a cancelled VEVENT does not begin with 'FREE'"),
    ("off, and its hour is taken", "Board call 1\nSTATUS:CONFIRMED",
     "Cancelled: 1\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\nSTATUS:CANCELLED",
     "line 14: TRANSP of a cancelled VEVENT does not begin with 'TRANSPARENT'"),
    ("off, and its title is not", "STATUS:CONFIRMED",
     "TRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\nSTATUS:CANCELLED",
     "line 12: SUMMARY of a cancelled VEVENT does not begin with 'Cancelled: '"),
    ("no color name", "NAME:", "COLOR:#4682b4\nNAME:",
     "line 4: COLOR is '#4682b4', want a color name such as steelblue"),
    ("two lines of categories", "STATUS:", "CATEGORIES:late\nSTATUS:", "line 15: CATEGORIES twice in VEVENT"),
    ("two summaries", "STATUS:", "SUMMARY:x\nSTATUS:", "line 13: SUMMARY twice in VEVENT"),
    ("two descriptions", "STATUS:", "DESCRIPTION:x\nDESCRIPTION:y\nSTATUS:", "line 14: DESCRIPTION twice in VEVENT"),
    ("bad escape", "call 1", "\\t call", "line 12: bad escape '\\\\t' in SUMMARY"),
    ("escape of nothing", "call 1", "call\\", "line 12: bad escape '\\\\' in SUMMARY"),
    ("bare comma", "call 1", "call, 1", "line 12: bare ',' in SUMMARY"),
    ("bare comma after a backslash", "call 1", "call\\\\, 1", "line 12: bare ',' in SUMMARY"),
    ("bare semicolon", "Board calls", "Board; calls", "line 4: bare ';' in NAME"),
    ("bare semicolon in a list", "call,evening", "call;evening", "line 14: bare ';' in CATEGORIES"),
    ("alarm without trigger", "END:VEVENT\n", f"{ALARM.replace('TRIGGER:-PT15M', 'X-A:b')}END:VEVENT\n",
     "line 16: VALARM without TRIGGER"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "finding"), [case[1:] for case in SINGLE_FAULTS], ids=[case[0] for case in SINGLE_FAULTS]
)
def test_a_fault_in_a_single_event_is_found_alone(old: str, new: str, finding: str) -> None:
    assert SINGLE.count(old) == 1

    assert lint(crlf(SINGLE.replace(old, new))) == [finding]


SERIES_FAULTS = [
    ("a week of the year", "FREQ=WEEKLY;UNTIL", "FREQ=YEARLY;BYWEEKNO=42;BYDAY=TU;UNTIL",
     ["line 24: BYWEEKNO, which engines read differently",
      "line 25: EXDATE 20261103T160000 is no instance of the RRULE"]),
    ("a weekday twice", "FREQ=WEEKLY;UNTIL", "FREQ=WEEKLY;BYDAY=TU,TU;UNTIL",
     ["line 24: a weekday twice in BYDAY, which engines read differently"]),
    ("a position in the week", "FREQ=WEEKLY;UNTIL", "FREQ=WEEKLY;BYDAY=TU;BYSETPOS=1;UNTIL",
     ["line 24: BYSETPOS under WEEKLY, which engines read differently"]),
    ("no end", "FREQ=WEEKLY;UNTIL=20261110T150000Z", "FREQ=WEEKLY",
     ["line 24: RRULE of a series has neither COUNT nor UNTIL"]),
    ("excluded for nothing", "EXDATE;TZID=Europe/Berlin:20261103", "EXDATE;TZID=Europe/Berlin:20261104",
     ["line 25: EXDATE 20261104T160000 is no instance of the RRULE"]),
    ("dates in a list", "SEQUENCE:1\n", "SEQUENCE:1\nRDATE;TZID=Europe/Berlin:20261105T160000\n",
     ["line 36: RDATE in a VEVENT, which every engine reads in its own way", "line 36: RDATE in an override"]),
    ("a guest", "SEQUENCE:1\n", "SEQUENCE:1\nATTENDEE:mailto:seat@example.org\n", ["line 36: ATTENDEE in a feed"]),
    ("zone unknown", "DTEND;TZID=Europe/Berlin:20261021T100000", "DTEND;TZID=Europe/Paris:20261021T100000",
     ["line 34: DTEND is TZID=Europe/Paris, DTSTART is TZID=Europe/Berlin",
      "line 34: TZID Europe/Paris has no VTIMEZONE"]),
    ("zone with a Z", "DTEND;TZID=Europe/Berlin:20261021T100000", "DTEND;TZID=Europe/Berlin:20261021T100000Z",
     ["line 34: DTEND is '20261021T100000Z', want a date-time such as 20260901T140000Z"]),
    ("zone twice", ZONE, ZONE + ZONE, ["line 20: VTIMEZONE Europe/Berlin twice"]),
    ("zone without a name", "TZID:Europe/Berlin\n", "TZNAME:x\n",
     ["line 4: VTIMEZONE without TZID"]
     + [f"line {line}: TZID Europe/Berlin has no VTIMEZONE" for line in (22, 23, 25, 31, 33, 34)]),
    ("no onset", "DTSTART:20201025T030000\n", "", ["line 12: STANDARD without DTSTART"]),
    ("onset in UTC", "DTSTART:20201025T030000", "DTSTART:20201025T030000Z",
     ["line 13: DTSTART of an observance is '20201025T030000Z', want bare local time"]),
    ("onset on the wrong day", "DTSTART:20201025T030000", "DTSTART:20201024T030000",
     ["line 16: DTSTART is not the first instance of its RRULE"]),
    ("onsets in a list", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "RDATE:20211031T030000,20221030T030000",
     ["line 16: several RDATE values on one line of an observance, want one a line"]),
    ("offset without a sign", "TZOFFSETTO:+0100", "TZOFFSETTO:0100",
     ["line 15: TZOFFSETTO is '0100', want an offset such as +0100"]),
    ("UNTIL in local time", "UNTIL=20261110T150000Z", "UNTIL=20261110T160000",
     ["line 24: UNTIL is '20261110T160000', want UTC with a Z"]),
    ("COUNT and UNTIL", "FREQ=WEEKLY;UNTIL", "FREQ=WEEKLY;COUNT=5;UNTIL", ["line 24: COUNT and UNTIL in one RRULE"]),
    ("exclusion in UTC", "EXDATE;TZID=Europe/Berlin:20261103T160000", "EXDATE:20261103T150000Z",
     ["line 25: EXDATE is Z, DTSTART is TZID=Europe/Berlin"]),
    ("override in UTC", "RECURRENCE-ID;TZID=Europe/Berlin:20261020T160000", "RECURRENCE-ID:20261020T140000Z",
     ["line 31: RECURRENCE-ID is Z, the series' DTSTART is TZID=Europe/Berlin"]),
    ("override that recurs", "SEQUENCE:1\n", "SEQUENCE:1\nRRULE:FREQ=WEEKLY;COUNT=2\n",
     ["line 36: RRULE in an override"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "findings"), [case[1:] for case in SERIES_FAULTS], ids=[case[0] for case in SERIES_FAULTS]
)
def test_a_fault_in_a_series_is_found_alone(old: str, new: str, findings: list[str]) -> None:
    assert SERIES.count(old) == 1

    assert lint(crlf(SERIES.replace(old, new))) == findings


def test_a_zone_below_the_events_is_found() -> None:
    late = SERIES.replace(ZONE, "").replace("END:VCALENDAR\n", f"{ZONE}END:VCALENDAR\n")

    assert lint(crlf(late)) == ["line 23: VTIMEZONE after a VEVENT"]


def test_a_zone_that_begins_after_the_events_is_found() -> None:
    young = SERIES.replace("20200329", "20270328").replace("20201025", "20271031")
    used = {22: "DTSTART", 23: "DTEND", 25: "EXDATE", 31: "RECURRENCE-ID", 33: "DTSTART", 34: "DTEND"}

    assert lint(crlf(young)) == [
        f"line {line}: {name} lies before the first onset of VTIMEZONE Europe/Berlin" for line, name in used.items()
    ]


def test_two_overrides_of_one_week_are_found() -> None:
    override = SERIES[SERIES.rindex("BEGIN:VEVENT") : SERIES.index("END:VCALENDAR")]

    assert lint(crlf(SERIES.replace(override, override * 2))) == [
        "line 39: UID 'board-slot1@board.example.org' twice with one RECURRENCE-ID"
    ]


def test_a_rule_that_nobody_can_read_is_found() -> None:
    findings = lint(crlf(SERIES.replace("FREQ=WEEKLY", "FREQ=SOMETIMES")))

    assert len(findings) == 1
    assert findings[0].startswith("line 24: RRULE cannot be read: ")


def test_an_empty_file_is_no_calendar() -> None:
    assert lint(b"") == [
        "line 1: the file does not end with CRLF",
        "line 1: want exactly one VCALENDAR in the file",
    ]
