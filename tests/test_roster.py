"""Who takes part: where a member is on a day, what a member cannot be, and how a member is found."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.errors import InvalidMember, UnknownMember
from mag_rotation.roster import UTC_ZONE, Attendance, Member, MemberId, Stay, ZoneName, check_night, member_by_id
from strategies import seat, stays_about

TOKYO, PARIS, LIMA = (ZoneName(name) for name in ("Asia/Tokyo", "Europe/Paris", "America/Lima"))


def days(text: str) -> Mapping[ZoneName, date]:
    """The civil day of each zone from its day of October: ``20 19 19``."""
    return {zone: date(2020, 10, int(day)) for zone, day in zip((TOKYO, PARIS, LIMA), text.split(), strict=True)}


def october(first: int, last: int, zone: ZoneName) -> Stay:
    return Stay(first=date(2020, 10, first), last=date(2020, 10, last), zone=zone)


WHEREABOUTS = {
    # stays, joined and left in October, the civil days in Tokyo (home), Paris and Lima: the zone
    "at home": ((), None, None, "20 19 19", TOKYO),
    "the first day of a stay is that of its zone": ((october(20, 22, PARIS),), None, None, "20 19 19", TOKYO),
    "the first day of a stay": ((october(20, 22, PARIS),), None, None, "20 20 19", PARIS),
    "the last day of a stay": ((october(20, 22, PARIS),), None, None, "23 22 22", PARIS),
    "the day after a stay": ((october(20, 22, PARIS),), None, None, "23 23 22", TOKYO),
    "a stay of a day": ((october(20, 20, PARIS),), None, None, "21 20 20", PARIS),
    "a flight east": ((october(1, 19, LIMA), october(20, 30, PARIS)), None, None, "20 20 19", PARIS),
    "in whatever order": ((october(20, 30, PARIS), october(1, 19, LIMA)), None, None, "20 20 19", PARIS),
    "a flight west": ((october(1, 19, PARIS), october(20, 30, LIMA)), None, None, "20 20 19", TOKYO),
    "a stay within a stay": ((october(1, 30, LIMA), october(10, 20, PARIS)), None, None, "15 15 15", PARIS),
    "after the stay within a stay": ((october(1, 30, LIMA), october(10, 14, PARIS)), None, None, "15 15 15", LIMA),
    "the day of joining": ((), 20, None, "20 19 19", TOKYO),
    "the day before joining": ((), 21, None, "20 21 21", None),
    "the day of leaving": ((), None, 20, "20 21 21", TOKYO),
    "the day after leaving": ((), None, 20, "21 20 20", None),
    "one day only": ((), 20, 20, "20 20 20", TOKYO),
    "joining by the day of the stay": ((october(1, 30, LIMA),), 20, None, "20 20 19", None),
    "leaving by the day of the stay": ((october(1, 30, LIMA),), None, 19, "20 20 19", LIMA),
}  # fmt: skip


@pytest.mark.parametrize(("stays", "joined", "left", "today", "zone"), WHEREABOUTS.values(), ids=WHEREABOUTS)
def test_a_member_is_where_the_civil_day_says(
    stays: tuple[Stay, ...], joined: int | None, left: int | None, today: str, zone: ZoneName | None
) -> None:
    member = Member(
        id=MemberId("t"),
        zone=TOKYO,
        joined=None if joined is None else date(2020, 10, joined),
        left=None if left is None else date(2020, 10, left),
        stays=stays,
    )

    assert member.whereabouts(days(today).__getitem__) == zone


@given(stays=stays_about(date(2020, 10, 20)), data=st.data())
def test_the_order_of_stays_does_not_matter(stays: tuple[Stay, ...], data: st.DataObject) -> None:
    def today(_: ZoneName) -> date:
        return date(2020, 10, 20)

    mixed = tuple(data.draw(st.permutations(stays)))
    zones = [Member(id=MemberId("t"), zone=UTC_ZONE, stays=order).whereabouts(today) for order in (stays, mixed)]

    assert zones[0] == zones[1]


def test_the_days_of_other_zones_are_not_asked_for() -> None:
    asked: list[ZoneName] = []

    def today(zone: ZoneName) -> date:
        asked.append(zone)
        return date(2020, 10, 20)

    seat("Asia/Tokyo").whereabouts(today)

    assert set(asked) == {TOKYO}


SEAT = MemberId("t")
WRONG = {
    "left before joining": (
        lambda: Member(id=SEAT, zone=TOKYO, joined=date(2020, 2, 1), left=date(2020, 1, 31)),
        "member 't' left on 2020-01-31, before joining on 2020-02-01; write 2020-02-01 or a later day",
    ),
    "less than nobody": (
        lambda: Member(id=SEAT, zone=TOKYO, weight=-1),
        "member 't' has weight -1; a weight is 0 or more",
    ),
    "up after the start": (
        lambda: Member(id=SEAT, zone=TOKYO, lead=-5),
        "member 't' has a lead of -5 minutes; a lead is 0 or more",
    ),
    "two stays from one day": (
        lambda: Member(id=SEAT, zone=TOKYO, stays=(october(1, 2, PARIS), october(1, 9, LIMA))),
        "member 't' has two stays from the same day; give each stay a day of its own",
    ),
    "a stay that ends first": (
        lambda: october(2, 1, PARIS),
        "a stay from 2020-10-02 ends on 2020-10-01, before it begins; write 2020-10-02 or a later day",
    ),
    "a night that never ends": (
        lambda: Member(id=SEAT, zone=TOKYO, night=(time(22), time(22))),
        f"member 't' has a night of the whole day; {check_night((time(22), time(22)))}",
    ),
}


@pytest.mark.parametrize(("make", "problem"), WRONG.values(), ids=WRONG)
def test_data_that_contradict_themselves_are_refused(make: Callable[[], object], problem: str) -> None:
    with pytest.raises(InvalidMember) as caught:
        make()

    assert str(caught.value) == problem
    assert str(pickle.loads(pickle.dumps(caught.value))) == problem  # noqa: S301 - our own bytes


def test_the_least_that_a_member_may_be_is_allowed() -> None:
    day = date(2020, 1, 1)
    member = Member(id=MemberId("t"), zone=TOKYO, weight=0, lead=0, joined=day, left=day)

    assert (member.weight, member.lead, member.joined, member.left) == (0, 0, day, day)


@pytest.mark.parametrize(("name", "shown"), [(None, "t"), ("", "t"), ("Seat 12", "Seat 12")])
def test_a_member_without_a_name_is_shown_by_the_id(name: str | None, shown: str) -> None:
    assert Member(id=MemberId("t"), zone=TOKYO, name=name).display_name == shown


def test_members_and_attendance_are_values() -> None:
    lines = {Attendance(date=date(2020, 9, 8), member=MemberId("t"), attended=True) for _ in range(2)}

    assert len(lines) == 1
    assert seat("Asia/Tokyo", never=("22:00-06:00",)) == seat("Asia/Tokyo", never=("22:00-06:00",))


ROSTER = [seat(name=name) for name in ("gov-01", "gov-02", "tech-01", "gov-03", "gov-04")]


def test_a_member_is_found_by_id() -> None:
    assert [member_by_id(ROSTER, member.id) for member in ROSTER] == ROSTER
    assert member_by_id(iter(ROSTER), "tech-01") is ROSTER[2]


UNKNOWN = {
    "tech-1": "'tech-1' is no member of this plan; did you mean tech-01?",
    "GOV-01": "'GOV-01' is no member of this plan; did you mean gov-01 or gov-04 or gov-03?",
    "nobody": "'nobody' is no member of this plan; see the ids in the roster",
    "": "'' is no member of this plan; see the ids in the roster",
}


@pytest.mark.parametrize(("wanted", "problem"), UNKNOWN.items(), ids=map(repr, UNKNOWN))
def test_an_unknown_id_is_met_with_the_nearest(wanted: str, problem: str) -> None:
    with pytest.raises(UnknownMember) as caught:
        member_by_id(ROSTER, wanted)

    assert str(caught.value) == problem
    assert str(pickle.loads(pickle.dumps(caught.value))) == problem  # noqa: S301 - our own bytes


def test_no_more_than_three_ids_are_offered() -> None:
    with pytest.raises(UnknownMember) as caught:
        member_by_id(ROSTER, "gov-0")

    assert len(caught.value.nearest) == 3
    assert set(caught.value.nearest) < {member.id for member in ROSTER}
