"""Calendar files of others as components: nothing stops an answer that does not need it, and what is left out is named.

Laws: folds and line ends never matter; a file that icalendar reads without an error has the same components and values
here; a file that is cut off anywhere is refused.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser import Contentline, Contentlines

from mag_rotation.errors import InvalidValue
from mag_rotation.ics import to_ics
from mag_rotation.ics.reader import (
    Component,
    Contents,
    Duration,
    Notes,
    OmittedPart,
    Period,
    Property,
    duration_of,
    integer_of,
    offset_of,
    read_lenient,
    rule_of,
    text_of,
    time_of,
    times_of,
)
from mag_rotation.planfile import load_plan
from mag_rotation.report import sentence
from mag_rotation.values import Fact
from paths import EXAMPLES

STAMP = datetime(2026, 1, 1, tzinfo=UTC)


def contents_of(*rows: str) -> Contents:
    """The calendar of these lines, the first of which is line 2."""
    return read_lenient("\r\n".join(["BEGIN:VCALENDAR", *rows, "END:VCALENDAR", ""]).encode())


def property_of(row: str) -> Property:
    (calendar,) = contents_of(row).calendars
    return calendar.properties[0]


def left_out_of(contents: Contents) -> list[tuple[int, str]]:
    return [(one.line, sentence(note_of(one))) for one in contents.left_out]


def note_of(part: OmittedPart) -> Fact:
    notes = Notes()
    notes.add(part.note, part.line)
    return notes.facts()[0]


LINES = [
    pytest.param("SUMMARY:Board: call; a, b", "SUMMARY", {}, "Board: call; a, b", id="colons in a value"),
    pytest.param("summary;language=en:Board", "SUMMARY", {"LANGUAGE": ("en",)}, "Board", id="small letters"),
    pytest.param("DTSTART ;TZID = Asia/Tokyo:20260901T090000", "DTSTART", {"TZID": (" Asia/Tokyo",)}, "20260901T090000",
                 id="blanks"),
    pytest.param('ATTENDEE;CN="Doe; Jo: a, b":mailto:jo@example.com', "ATTENDEE", {"CN": ("Doe; Jo: a, b",)},
                 "mailto:jo@example.com", id="quoted marks"),
    pytest.param("X-A;B=1,\"2,3\",4:v", "X-A", {"B": ("1", "2,3", "4")}, "v", id="several values"),
    pytest.param("X-A;B=^^n^'^n:v", "X-A", {"B": ("^n\"\n",)}, "v", id="RFC 6868"),
    pytest.param(
        'ATTENDEE;RSVP=TRUE;CN=Jo;SCHEDULE-STATUS="3.7;Invalid";INVALID USER":mailto:jo@example.com', "ATTENDEE",
        {"RSVP": ("TRUE",), "CN": ("Jo",)}, "mailto:jo@example.com", id="a quote too many",
    ),
    pytest.param('ATTENDEE;CN=Ana "the chair" A;PARTSTAT=ACCEPTED:mailto:ana@example.org', "ATTENDEE",
                 {"CN": ('Ana "the chair" A',), "PARTSTAT": ("ACCEPTED",)}, "mailto:ana@example.org",
                 id="quotes inside"),
    pytest.param('ATTENDEE;CN="Ana "Nina; Li" A";PARTSTAT=ACCEPTED:mailto:ana@example.org', "ATTENDEE",
                 {"PARTSTAT": ("ACCEPTED",)}, "mailto:ana@example.org", id="quotes in quotes"),
    pytest.param('ATTENDEE;CN="Ana;PARTSTAT=ACCEPTED:mailto:ana@example.org', "ATTENDEE", {"PARTSTAT": ("ACCEPTED",)},
                 "mailto:ana@example.org", id="never closed"),
    pytest.param("ATTENDEE;SENT-BY=mailto:pa@example.org;CN=A:b:MAILTO:ana@example.org", "ATTENDEE",
                 {"SENT-BY": ("mailto:pa@example.org",), "CN": ("A:b",)}, "MAILTO:ana@example.org",
                 id="colons in names"),
    pytest.param("ORGANIZER;CN=Sec:urn:uuid:7", "ORGANIZER", {"CN": ("Sec",)}, "urn:uuid:7", id="no address"),
    pytest.param("DTSTART;TZID=tzone://Microsoft/Utc:20240604T090000", "DTSTART", {"TZID": ("tzone://Microsoft/Utc",)},
                 "20240604T090000", id="a TZID with a colon"),
    pytest.param("EXDATE;TZID=(UTC+01:00) Amsterdam, Bern:20240604T090000,20240611T090000", "EXDATE",
                 {"TZID": ("(UTC+01:00) Amsterdam", " Bern")}, "20240604T090000,20240611T090000", id="and commas"),
    pytest.param("DTSTART;TZID=GMT -0500 (Standard);GMT -0400 (Daylight):20240604T090000", "DTSTART",
                 {"TZID": ("GMT -0500 (Standard);GMT -0400 (Daylight)",)}, "20240604T090000", id="and semicolons"),
    pytest.param("DTSTART;Europe/Berlin:20260901T140000", "DTSTART", {}, "20260901T140000",
                 id="a parameter without a name"),
    pytest.param("DTSTART:2026-09-01T14:00", "DTSTART", {}, "2026-09-01T14:00", id="a time of ISO 8601"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "name", "params", "value"), LINES)
def test_a_line_comes_apart_where_it_was_meant_to(
    row: str, name: str, params: dict[str, tuple[str, ...]], value: str
) -> None:
    found = property_of(row)

    assert (found.name, found.value, found.line) == (name, value, 2)
    assert {key: found.param_values(key) for key in params} == params
    assert found.param("X-NOT-THERE") is None


BROKEN = [
    pytest.param(["just text without a colon"], 2, "not a property", id="no colon"),
    pytest.param([":20260901"], 2, "not a property", id="no name"),
    pytest.param(["X-A;B=c"], 2, "not a property", id="parameters alone"),
    pytest.param(["X-A:b", "END:VEVENT"], 3, "END lines", id="an END too many"),
    pytest.param(["BEGIN:VEVENT", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VEVENT"], 3, "without an END", id="no END"),
    pytest.param(["BEGIN:VEVENT", "GEO:abc", "END:VEVENT"], 3, "GEO that cannot be read", id="GEO"),
    pytest.param(["BEGIN:VEVENT", "CREATED:00001231T000000Z", "END:VEVENT"], 3, "CREATED that", id="the year 0"),
    pytest.param(["BEGIN:VALARM", "TRIGGER:soon", "END:VALARM"], 3, "TRIGGER that cannot be read", id="TRIGGER"),
    pytest.param(["BEGIN:VEVENT", "SEQUENCE:one", "END:VEVENT"], 3, "SEQUENCE that cannot be read", id="SEQUENCE"),
    pytest.param(["BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETTO:+1000", "END:STANDARD"], 2,
                 "STANDARD without TZOFFSETFROM", id="half an observance"),
    pytest.param(["BEGIN:DAYLIGHT", "DTSTART:19700101T000000", "TZOFFSETFROM:+1000", "TZOFFSETTO:east", "END:DAYLIGHT"],
                 5, "TZOFFSETTO that cannot be read", id="no offset"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "line", "what"), BROKEN)
def test_what_no_program_can_read_is_left_out_and_named_with_its_line(rows: list[str], line: int, what: str) -> None:
    contents = contents_of(*rows)

    ((where, said),) = left_out_of(contents)
    assert (where, what in said) == (line, True), said


def test_what_stands_around_a_calendar_is_left_out() -> None:
    data = b"HTTP/1.1 200 OK\n\nBEGIN:VCALENDAR\nX-A:1\nEND:VCALENDAR\nEND:VCALENDAR\nBEGIN:VEVENT\nbye"

    contents = read_lenient(data)

    assert [(line, "outside" in what) for line, what in left_out_of(contents)] == [
        (1, True), (6, True), (7, True), (8, True),
    ]  # fmt: skip
    assert [one.name for one in contents.components] == ["VCALENDAR"]


def test_several_calendars_and_what_is_in_them_keep_their_order() -> None:
    inside = b"BEGIN:A\nBEGIN:B\nEND:B\nEND:A\nBEGIN:C\nEND:C\n"
    data = b"BEGIN:VCALENDAR\n" + inside + b"END:VCALENDAR\nbegin:vcalendar\nend:vcalendar"

    assert [(one.name, one.line) for one in read_lenient(data).components] == [
        ("VCALENDAR", 1), ("A", 2), ("B", 3), ("C", 6), ("VCALENDAR", 9),
    ]  # fmt: skip


def test_bytes_that_are_not_utf8_are_read_and_named() -> None:
    contents = read_lenient(b"\xef\xbb\xbfBEGIN:VCALENDAR\nNAME:R\xe9union\nX-A:R\xc3\xa9union\nEND:VCALENDAR")

    assert [text_of(contents.calendars[0], name) for name in ("NAME", "X-A")] == ["R\u00e9union", "R\u00e9union"]
    assert left_out_of(contents) == [(2, "lines that are not UTF-8 were read as Windows-1252 (found 1): line 2")]


REFUSED = [
    pytest.param(b"", "no line is BEGIN:VCALENDAR", id="nothing"),
    pytest.param(b"<html>", "no line is BEGIN:VCALENDAR", id="html"),
    pytest.param("BEGIN:VCALENDAR".encode("utf-16"), "in UTF-16; save it in UTF-8", id="UTF-16"),
    pytest.param(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1", "'VEVENT' that begins in line 2 has no END", id="cut off"),
    pytest.param(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCAL", "'VCALENDAR' that begins in line 1",
                 id="cut in its last line"),
    pytest.param(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR",
                 "VEVENT that begins in line 2 has no END before the END of 'VCALENDAR' in line 5", id="a lost END"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "said"), REFUSED)
def test_a_file_that_is_no_calendar_or_not_whole_is_refused_with_its_line(data: bytes, said: str) -> None:
    with pytest.raises(InvalidValue, match=re.escape(said)):
        read_lenient(data)


# Values.


def value(text: str, name: str = "DTSTART") -> Property:
    return Property(name=name, params=(), value=text, line=7)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("20260901", date(2026, 9, 1)),
        ("20260901T140000", datetime(2026, 9, 1, 14)),  # noqa: DTZ001 - wall time
        (" 20260901T140000z ", datetime(2026, 9, 1, 14, tzinfo=UTC)),
        ("20260901T1400", datetime(2026, 9, 1, 14)),  # noqa: DTZ001 - wall time
        ("20161231T235960Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("99991231", date(9999, 12, 31)),
    ],
)
def test_a_time_is_read_by_its_form(text: str, read: date) -> None:
    assert time_of(value(text)) == read


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-09-01", "20260230", "00001231T000000Z", "20260901T250000", "20260901T140061", "2026901"]
)
def test_what_is_no_time_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(InvalidValue, match=f"found DTSTART that cannot be read, '{text}' in line 7; write a time"):
        time_of(value(text))


def test_a_list_holds_days_times_and_periods() -> None:
    text = "20260901, 20260902T140000Z,20260903T140000/PT1H,20260904T140000Z/20260904T150000Z,"

    assert times_of(value(text, "RDATE")) == (
        date(2026, 9, 1),
        datetime(2026, 9, 2, 14, tzinfo=UTC),
        Period(start=datetime(2026, 9, 3, 14), end=Duration(days=0, time=timedelta(hours=1))),  # noqa: DTZ001
        Period(start=datetime(2026, 9, 4, 14, tzinfo=UTC), end=datetime(2026, 9, 4, 15, tzinfo=UTC)),
    )


@pytest.mark.parametrize(
    "text", ["", ",", "20260901,soon", "20260901/PT1H", "20260901T140000/x", "20260901T140000/20260902"]
)
def test_a_list_with_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"found RDATE that cannot be read, .* in line 7"):
        times_of(value(text, "RDATE"))


@pytest.mark.parametrize(
    ("text", "days", "seconds"),
    [
        ("PT2H", 0, 7200), ("P1DT1H", 1, 3600), ("PT25H", 0, 90000), ("P2W", 14, 0), ("-PT15M", 0, -900),
        ("+p1d", 1, 0), ("PT90S", 0, 90), ("P3000000D", 3_000_000, 0),
    ],
)  # fmt: skip
def test_days_of_a_length_stay_apart_from_its_hours(text: str, days: int, seconds: int) -> None:
    assert duration_of(value(text)) == Duration(days=days, time=timedelta(seconds=seconds))


@pytest.mark.parametrize("text", ["", "P", "PT", "2H", "P1H", "PT1D", "P999999999999D", "PT1H1H"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="write one such as PT2H"):
        duration_of(value(text, "DURATION"))


def test_a_rule_is_read_part_by_part() -> None:
    assert rule_of(value("freq=weekly;BYDAY=TU, TH;Interval=2;", "RRULE")) == {
        "FREQ": "WEEKLY", "BYDAY": "TU,TH", "INTERVAL": "2",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "WEEKLY", "FREQ=", "FREQ=WEEKLY;COUNT", "W1 TU #4", "COUNT=4"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"found RRULE that cannot be read, .* in line 7; write one such as"):
        rule_of(value(text, "RRULE"))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("+0100", 60),
        ("-0330", -210),
        ("0545", 345),
        ("+013000", 90),
        ("+1400", 840),
        ("", None),
        ("+1", None),
        ("UTC", None),
    ],
)
def test_an_offset_is_read(text: str, minutes: int | None) -> None:
    assert offset_of(value(text)) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(("text", "number"), [("0", 0), (" 12 ", 12), ("-1", -1), ("1.0", None), ("one", None)])
def test_a_whole_number_is_read(text: str, number: int | None) -> None:
    assert integer_of(value(text)) == number


def test_texts_are_unescaped_cleared_and_in_nfc() -> None:
    (calendar,) = contents_of("NAME:a\\nb\\, c\\; \\\\d \\x\x07", "X-B:Re\u0301union").calendars

    assert text_of(calendar, "NAME") == "a\nb, c; \\d \\x"
    assert text_of(calendar, "X-B") == "R\u00e9union"
    assert text_of(calendar, "X-C") == ""


# Laws.

PLANS = sorted(EXAMPLES.rglob("*.toml"))


Line = tuple[str, dict[str, tuple[str, ...]], str]


def lines_by_icalendar(data: bytes) -> list[Line]:
    """The slow twin: every line as icalendar takes it apart, but for those that begin and end components."""
    found: list[Line] = []
    for line in filter(None, Contentlines.from_ical(data)):  # type: ignore[no-untyped-call]
        name, params, value = line.raw_parts()
        values = {
            str(key).upper(): tuple(map(str, one)) if isinstance(one, list) else (str(one),)
            for key, one in params.items()
        }
        found.append((name.upper(), values, value))
    return [line for line in found if line[0] not in {"BEGIN", "END"}]


def lines_of(contents: Contents) -> list[Line]:
    lines = [(one.line, one) for component in contents.components for one in component.properties]
    return [(one.name, dict(one.params), one.value) for _, one in sorted(lines, key=lambda pair: pair[0])]


def calendar_of(component: Component) -> tuple[object, ...]:
    """A component without its lines."""
    inside = tuple(map(calendar_of, component.components))
    return component.name, tuple((one.name, one.params, one.value) for one in component.properties), inside


takes_lines_apart = pytest.mark.skipif(
    not hasattr(Contentline, "raw_parts"), reason="icalendar before 7.3 cannot take a line apart; run make test"
)


@takes_lines_apart
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_what_this_project_writes_is_read_as_icalendar_reads_it(path: Path) -> None:
    plan = load_plan(path)
    data = to_ics(plan.calls, plan.meeting, stamp=STAMP)

    contents = read_lenient(data)

    assert contents.left_out == ()
    assert lines_of(contents) == lines_by_icalendar(data)


words = st.text("abcXYZ -_/.", min_size=1, max_size=8).map(str.strip).filter(bool)
quoted_words = st.text("abc ;:,'()", max_size=8).map(lambda text: f'"{text}"')


@takes_lines_apart
@given(
    st.lists(st.tuples(st.sampled_from(("TZID", "CN", "X-P", "VALUE")), st.lists(words | quoted_words, min_size=1)),
             unique_by=lambda pair: pair[0]),
    st.text("abc;:,=\\\"/ 123", max_size=20),
)  # fmt: skip
def test_a_line_by_the_rules_is_taken_apart_as_icalendar_does(params: list[tuple[str, list[str]]], text: str) -> None:
    row = "".join(["SUMMARY", *(f";{name}={','.join(values)}" for name, values in params), f":{text}"])
    data = f"BEGIN:VCALENDAR\r\n{row}\r\nEND:VCALENDAR\r\n".encode()

    assert lines_of(read_lenient(data)) == lines_by_icalendar(data)


ROWS = (
    "BEGIN:VCALENDAR", "NAME:R\u00e9union \u4f1a\u8bae \U0001f600", "BEGIN:VEVENT", "UID:a@example.org",
    'ATTENDEE;CN="Doe; Jo: a, b";PARTSTAT=ACCEPTED:mailto:jo@example.com', "DTSTART;TZID=Asia/Tokyo:20260901T090000",
    "DESCRIPTION:" + "long and longer\\, " * 9, "END:VEVENT", "END:VCALENDAR",
)  # fmt: skip


@given(st.data(), st.sampled_from((b"\r\n", b"\n", b"\r\r\n")), st.sampled_from((b" ", b"\t")))
def test_folds_and_line_ends_never_matter(data: st.DataObject, end: bytes, blank: bytes) -> None:
    """A fold may fall anywhere, inside a letter too."""
    folded = []
    for row in (row.encode() for row in ROWS):
        cuts = sorted(data.draw(st.sets(st.integers(1, len(row) - 1), max_size=4)))
        parts = [row[begin:stop] for begin, stop in zip([0, *cuts], [*cuts, len(row)], strict=True)]
        folded.append((end + blank).join(parts))
    contents = read_lenient(end.join(folded) + data.draw(st.sampled_from((b"", end, end + end))))

    plain = read_lenient("\n".join(ROWS).encode())
    assert [calendar_of(one) for one in contents.calendars] == [calendar_of(one) for one in plain.calendars]
    assert contents.left_out == ()


def test_lines_may_end_with_cr_alone() -> None:
    plain, old = (read_lenient(end.join(ROWS).encode()) for end in ("\n", "\r"))

    assert plain == old


@given(st.integers(1, len("\n".join(ROWS).encode()) - 1))
def test_a_file_that_is_cut_off_anywhere_is_refused(length: int) -> None:
    with pytest.raises(InvalidValue, match="cannot be read whole"):
        read_lenient("\n".join(ROWS).encode()[:length])


@given(st.binary(max_size=200), st.lists(st.sampled_from([*ROWS, "BEGIN:VALARM", "END:VALARM", 'A;B="c:d', "\u00e9"])))
def test_whatever_comes_is_read_or_refused(junk: bytes, rows: list[str]) -> None:
    for data in (junk, "\n".join(rows).encode(), b"BEGIN:VCALENDAR\n" + junk + b"\nEND:VCALENDAR"):
        try:
            contents = read_lenient(data)
        except InvalidValue:
            continue
        assert contents.calendars
