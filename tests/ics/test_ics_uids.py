"""UIDs: what calls and slots are given is read back, whoever reads it; what no plan gives is told from it.

Law: a UID of one meeting is never one of another.
"""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.calls import make_extra_uids, unroll
from mag_rotation.ics.uids import OwnUid, make_slot_uid, parse_own_uid, parse_uid
from mag_rotation.series import Extra, Meeting, Rotation, Schedule, Series, Slot

MEETING = Meeting(id="mag", name="MAG", uid_domain="example.org", minutes=60)
LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)
MEETINGS = st.builds(
    Meeting,
    id=LABELS | st.sampled_from(["mag-slot1", "mag-20260106", "mag-20260106-extra", "mag-20260106-extra2"]),
    name=st.just("Call"),
    uid_domain=st.lists(LABELS, min_size=1, max_size=2).map(lambda labels: ".".join([*labels, "org"])),
    minutes=st.just(60),
)


@given(MEETINGS, MEETINGS, st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 9999), st.integers(1, 999_999))
def test_uids_are_read_back_by_their_own_meeting_and_by_no_other(
    meeting: Meeting, other: Meeting, day: date, nth: int, slot: int
) -> None:
    series = Series(
        meeting=meeting,
        schedule=Schedule(first=day, repeat="FREQ=WEEKLY", count=1),
        rotation=Rotation(slots=(Slot(at=time(12)),)),
        extras=(Extra(date=day + timedelta(days=1), at=time(12), nth=nth),),
    )
    (extra,) = make_extra_uids(series)
    (regular,) = {call.uid for call in unroll(series)} - {extra}
    forms = {
        regular: (f"{day:%Y%m%d}", False, None, None),
        extra: (f"{day + timedelta(days=1):%Y%m%d}", True, nth, None),
        make_slot_uid(slot, meeting): (None, False, None, slot),
    }
    for uid, (said, is_extra, place, number) in forms.items():
        found = OwnUid(
            meeting=meeting.id, domain=meeting.uid_domain, date=said, is_extra=is_extra, nth=place, slot=number
        )
        assert parse_uid(uid, meeting) == parse_own_uid(uid) == found
        assert parse_uid(uid, other) is None or (other.id, other.uid_domain) == (meeting.id, meeting.uid_domain)


@pytest.mark.parametrize("end", ["0", "1", "01", "10000", "999999"])
def test_an_extra_call_that_no_plan_numbers_so_is_still_an_extra_call(end: str) -> None:
    found = parse_uid(f"mag-20260106-extra{end}@example.org", MEETING)

    assert found is not None
    assert (found.date, found.is_extra, found.nth) == ("20260106", True, None)


@pytest.mark.parametrize(
    "left",
    [
        *("mag", "mag-", "mag-2026016", "mag-202601061", "mag-20260106-", "mag-20260106-extra1234567"),
        *(
            "mag-20260106-Extra",
            "mag-slot",
            "mag-slot1234567",
            "mag-slot1-extra",
            "mag-slot\u0661",
            "mag-2026010\u0666",
        ),
        *(" mag-slot1", "MAG-slot1", "mag-slot1\n"),
    ],
)
def test_what_is_written_otherwise_is_not_of_the_meeting(left: str) -> None:
    assert parse_uid(f"{left}@example.org", MEETING) is None
    assert parse_uid(f"{left}@example.org\n", MEETING) is None
    if not left.startswith("MAG"):
        assert parse_own_uid(f"{left}@example.org") is None


def test_a_domain_is_taken_letter_by_letter() -> None:
    assert parse_uid("mag-slot1@example.org", MEETING) is not None
    assert parse_uid("mag-slot1@exampleXorg", MEETING) is None
