"""Which calendar files are of a meeting.

Law: whatever this library writes for a meeting is that meeting's and no other's, and no cut of it is anybody's.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mag_rotation.calls import Call, Status
from mag_rotation.errors import UnusableEdition
from mag_rotation.ics import announced, edit_calls, to_ics
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
    """Why a file is no calendar of the meeting; None when it is one."""
    try:
        announced(data, meeting)
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
    assert {why_not_ours(data[:cut], MEETING) for cut in range(whole)} == {"cannot be read whole as one iCalendar file"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\n",
        calendar() + calendar(),
        calendar("mag-20260106@mag.example.org", more="DTSTART:yesterday\r\n"),
        calendar("mag-20260106@mag.example.org", more="no content line\r\n"),
        calendar("mag-20260106@mag.example.org").replace(b"x\r\n", b"\xe9\r\n"),
    ],
    ids=["empty", "no text", "no calendar", "two calendars", "a wrong value", "a wrong line", "latin-1"],
)
def test_what_cannot_be_read_whole_is_nobodys(data: bytes) -> None:
    assert why_not_ours(data, MEETING) == "cannot be read whole as one iCalendar file"


@pytest.mark.parametrize(
    "data",
    [
        calendar("mag-20269908@mag.example.org"),
        calendar("mag-20260931@mag.example.org"),
        calendar("mag-20260106@mag.example.org").replace(
            b"DTSTART:20260106T120000Z\r\nDTEND:20260106T130000Z", b"DTSTART:99991231T230000Z\r\nDURATION:P5D"
        ),
        calendar("mag-20260106@mag.example.org").replace(
            b"DTSTART:20260106T120000Z", b"DTSTART;TZID=Asia/Tokyo:00010101T000000"
        ),
        calendar("mag-20260106@mag.example.org").replace(b"DTEND:20260106T130000Z", b"DURATION:-PT5H"),
        calendar("mag-slot1@mag.example.org", more="RRULE:FREQ=WEEKLY;COUNT=3\r\nRDATE:20260108T120000Z\r\n"),
    ],
    ids=["month 99", "31 September", "after the last year", "before the first", "backwards", "dates beside the rule"],
)
def test_what_no_plan_says_is_refused(data: bytes) -> None:
    found = why_not_ours(data, MEETING)

    assert found is not None
    assert found.endswith("with times or a rule that cannot be read")


@pytest.mark.parametrize("uid", [f"mag-slot{'9' * 5000}", f"mag-20260106-extra{'9' * 5000}"])
def test_a_number_of_thousands_of_digits_is_no_uid_of_ours(uid: str) -> None:
    found = why_not_ours(calendar(f"{uid}@mag.example.org"), MEETING)

    assert found is not None
    assert "which is no call of 'mag'" in found
    assert len(found) < 200


def test_an_event_whose_begin_is_damaged_is_not_passed_over() -> None:
    data = to_ics([CALL, replace(CALL, uid="mag-20260106-extra@mag.example.org")], MEETING, stamp=START)
    found = why_not_ours(data.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENX", 1), MEETING)

    assert found == "holds 'mag-20260106-extra@mag.example.org' as a VEVENX, which is no event"


def test_one_stranger_among_ours_is_enough() -> None:
    found = why_not_ours(calendar("mag-20260106@mag.example.org", "birthday"), MEETING)

    assert found == "holds 'birthday', which is no call of 'mag' at mag.example.org"


def test_a_task_of_ours_is_no_call_and_neither_is_an_event_without_a_uid() -> None:
    nameless = calendar("x").replace(b"UID:x\r\n", b"")

    assert why_not_ours(calendar("mag-20260106@mag.example.org", kind="VTODO"), MEETING) is not None
    assert why_not_ours(nameless, MEETING) == "holds a VEVENT without a UID, and every call of 'mag' has one"


@pytest.mark.parametrize("sequence", ["-1", "2147483648", "99999999999999999999"])
def test_a_sequence_that_cannot_have_been_written_is_refused(sequence: str) -> None:
    found = why_not_ours(calendar("mag-20260106@mag.example.org", more=f"SEQUENCE:{sequence}\r\n"), MEETING)

    assert found is not None
    assert f"with the SEQUENCE {sequence}" in found or "cannot be read" in found


def test_the_last_sequence_is_kept_and_does_not_rise() -> None:
    data = calendar("mag-20260106@mag.example.org", more="SEQUENCE:2147483646\r\n")
    moved = replace(CALL, location="Room 5")
    last = edit_calls([moved], MEETING, stamp=START, previous=announced(data, MEETING)).data()
    again = edit_calls([moved], MEETING, stamp=START, previous=announced(last, MEETING)).data()

    assert b"SEQUENCE:2147483647" in last
    assert again == last
    with pytest.raises(UnusableEdition, match="with the SEQUENCE 2147483647, after which there is none"):
        edit_calls([replace(CALL, location="Hall")], MEETING, stamp=START, previous=announced(last, MEETING))
