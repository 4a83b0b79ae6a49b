"""Which calendar files are of a meeting.

Law: whatever this library writes for a meeting is that meeting's and no other's, and no cut of it is anybody's.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mag_rotation.calls import Call, Status
from mag_rotation.errors import UnusableEdition
from mag_rotation.ics import edit_calls, read_prior, to_ics
from mag_rotation.roster import UTC_ZONE
from mag_rotation.series import Meeting

MEETING = Meeting(id="mag", name="MAG", uid_domain="mag.example.org", minutes=60)
START = datetime(2026, 1, 6, 12, tzinfo=UTC)
CALL = Call(
    uid="mag-20260106@mag.example.org",
    date=date(2026, 1, 6),
    start=START,
    end=START + timedelta(hours=1),
    zone=UTC_ZONE,
    title="MAG 1",
    status=Status.PLANNED,
    note='a "quoted"; note, with\nlines',
)


def calendar(*uids: str, kind: str = "VEVENT", more: str = "") -> bytes:
    times = "DTSTAMP:20260101T000000Z\r\nDTSTART:20260106T120000Z\r\nDTEND:20260106T130000Z\r\n"
    events = "".join(f"BEGIN:{kind}\r\nUID:{uid}\r\n{times}{more}END:{kind}\r\n" for uid in uids)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n".encode()


def why_not_ours(data: bytes, meeting: Meeting) -> str | None:
    """Why a file is not a calendar of the meeting; None when it is one."""
    try:
        read_prior(data, meeting)
    except UnusableEdition as error:
        return str(error)
    return None


def test_what_is_written_for_a_meeting_is_that_meetings() -> None:
    extra = replace(CALL, uid="mag-20260106-extra2@mag.example.org")

    assert why_not_ours(to_ics([CALL, extra], MEETING, stamp=START), MEETING) is None
    assert why_not_ours(to_ics([], MEETING, stamp=START), MEETING) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(MEETING, id="mag-2"),
        replace(MEETING, id="ma"),
        replace(MEETING, uid_domain="example.org"),
        replace(MEETING, uid_domain="magxexample.org"),
    ],
)
def test_it_is_no_other_meetings(other: Meeting) -> None:
    found = why_not_ours(to_ics([CALL], MEETING, stamp=START), other)

    assert found is not None
    assert "'mag-20260106@mag.example.org'" in found


def test_a_meeting_whose_id_begins_with_ours_is_another() -> None:
    assert why_not_ours(calendar("mag-2-20260106@mag.example.org"), MEETING) is not None
    assert why_not_ours(calendar("mag-20260106@mag.example.org"), MEETING) is None


def test_events_by_slot_are_ours_and_zones_are_nobodys() -> None:
    zone = (
        b"BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\n"
        b"TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
    )
    events = calendar("mag-slot1@mag.example.org", more="RRULE:FREQ=WEEKLY;COUNT=3\r\n")

    assert why_not_ours(events, MEETING) is None
    assert why_not_ours(events.replace(b"BEGIN:VEVENT\r\n", zone), MEETING) is None


def test_no_cut_of_a_calendar_is_anybodys() -> None:
    data = to_ics([CALL], MEETING, stamp=START)
    whole = len(data.rstrip())

    assert why_not_ours(data[:whole], MEETING) is None
    for cut in range(whole):
        assert str(why_not_ours(data[:cut], MEETING)).startswith("cannot be read whole as one iCalendar file: ")


CUT = "cannot be read whole as one iCalendar file: "
WROTE = "is not a calendar of 'mag' that mag-rotation wrote: "


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", f"{CUT}no line is BEGIN:VCALENDAR"),
        (b"\xff\xfe", f"{CUT}it is in UTF-16; save it in UTF-8"),
        (b"BEGIN:VTODO\r\nUID:x\r\nEND:VTODO\r\n", f"{CUT}no line is BEGIN:VCALENDAR"),
        (
            b"BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\n",
            f"{WROTE}it holds 'BEGIN:VEVENT', which stands in no calendar, in line 1",
        ),
        (calendar() + calendar(), f"{WROTE}it holds a second calendar, in line 5"),
        (
            calendar("mag-20260106@mag.example.org").replace(b"PRODID:x\r\n", b"PRODID:\xe9//mag_rotation//\r\n"),
            f"{WROTE}it holds 'PRODID:\N{REPLACEMENT CHARACTER}//mag_rotation//', which is not UTF-8, in line 3",
        ),
    ],
    ids=["empty", "no text", "no calendar", "an event alone", "two calendars", "latin-1"],
)
def test_what_cannot_be_read_whole_is_nobodys(data: bytes, said: str) -> None:
    assert why_not_ours(data, MEETING) in {said, f"{said} (by line 3, 'x' wrote the file)"}


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_a_lost_line_is_shown_however_lines_end(end: bytes) -> None:
    data = calendar("mag-20260106@mag.example.org", more="lost\r\n").replace(b"\r\n", end)

    assert str(why_not_ours(data, MEETING)).startswith(
        f"{WROTE}it holds 'lost', which cannot be read as a property, in line 9"
    )


@pytest.mark.parametrize("digits", ["20269908", "20260931", "00000101"])
def test_eight_digits_that_are_no_date_are_refused(digits: str) -> None:
    found = why_not_ours(calendar(f"mag-{digits}@mag.example.org"), MEETING)

    assert found is not None
    assert found.startswith(f"{WROTE}it holds 'mag-{digits}@mag.example.org', which names no date, in line 5")


@pytest.mark.parametrize("uid", [f"mag-slot{'9' * 5000}", f"mag-20260106-extra{'9' * 5000}"])
def test_a_number_of_thousands_of_digits_is_no_uid_of_ours(uid: str) -> None:
    found = why_not_ours(calendar(f"{uid}@mag.example.org"), MEETING)

    assert found is not None
    assert "which is not a call of 'mag'" in found
    assert len(found) < 300


def test_an_event_whose_begin_or_end_is_damaged_is_not_passed_over() -> None:
    extra = replace(CALL, uid="mag-20260106-extra@mag.example.org")
    data = to_ics([CALL, extra], MEETING, stamp=START)
    begin = data.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENX", 1)

    assert why_not_ours(begin, MEETING) == f"{WROTE}it holds 'BEGIN:VEVENX', which has no END, in line 11"
    reason = "it holds 'mag-20260106-extra@mag.example.org' as a 'VEVENX', which is not an event, in line 12"
    assert why_not_ours(begin.replace(b"END:VEVENT", b"END:VEVENX", 1), MEETING) == WROTE + reason


def test_one_stranger_among_ours_is_enough() -> None:
    found = why_not_ours(calendar("mag-20260106@mag.example.org", "birthday"), MEETING)

    reason = "it holds 'birthday', which is not a call of 'mag' at mag.example.org, in line 11"
    assert found == f"{WROTE}{reason} (by line 3, 'x' wrote the file)"


def test_a_task_of_ours_is_no_call_and_neither_is_an_event_without_a_uid() -> None:
    nameless = calendar("x").replace(b"UID:x\r\n", b"")

    assert why_not_ours(calendar("mag-20260106@mag.example.org", kind="VTODO"), MEETING) is not None
    assert str(why_not_ours(nameless, MEETING)).startswith(f"{WROTE}it holds a 'VEVENT' without a UID, in line 4 (")


@pytest.mark.parametrize("sequence", ["-1", "2147483648", "99999999999999999999"])
def test_a_sequence_that_cannot_have_been_written_is_refused(sequence: str) -> None:
    found = why_not_ours(calendar("mag-20260106@mag.example.org", more=f"SEQUENCE:{sequence}\r\n"), MEETING)

    assert found is not None
    assert found.startswith(f"{WROTE}found the SEQUENCE '{sequence}' in line 9; the last is 2147483647")


def test_the_last_sequence_is_kept_and_does_not_rise() -> None:
    data = calendar("mag-20260106@mag.example.org", more="SEQUENCE:2147483646\r\n")
    moved = replace(CALL, location="Room 5")
    last = edit_calls([moved], MEETING, stamp=START, previous=read_prior(data, MEETING)).data()
    again = edit_calls([moved], MEETING, stamp=START, previous=read_prior(last, MEETING)).data()

    assert b"SEQUENCE:2147483647" in last
    assert again == last
    with pytest.raises(UnusableEdition, match="with the SEQUENCE 2147483647, after which there is none"):
        edit_calls([replace(CALL, location="Hall")], MEETING, stamp=START, previous=read_prior(last, MEETING))
