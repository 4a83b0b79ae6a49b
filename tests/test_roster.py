"""Who takes part: where a member is on a day, what a member cannot be, and how a member is found."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiences import audience_of
from mag_rotation.calls import unroll
from mag_rotation.drift import make_drift_report
from mag_rotation.errors import InvalidHours, InvalidMember, UnknownMember, UnknownZone
from mag_rotation.fairness import measure_fairness
from mag_rotation.hours import DEFAULT_CURVE, Hours
from mag_rotation.invite.invitations import make_invitations
from mag_rotation.night import night_report
from mag_rotation.planfile import load_plan, plan_template
from mag_rotation.propose import Request, Setting, propose
from mag_rotation.roster import (
    UTC_ZONE,
    Attendance,
    LocalHours,
    Member,
    MemberId,
    Stay,
    ZoneName,
    check_night,
    find_member,
)
from mag_rotation.series import Extra, Meeting, Organizer, Override, Rotation, Schedule, Series, Slot
from mag_rotation.zones import load_zone_rules
from strategies import seat, stays_about, zones

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

    assert member.find_zone(days(today).__getitem__) == zone


@given(stays=stays_about(date(2020, 10, 20)), data=st.data())
def test_the_order_of_stays_does_not_matter(stays: tuple[Stay, ...], data: st.DataObject) -> None:
    def today(_: ZoneName) -> date:
        return date(2020, 10, 20)

    mixed = tuple(data.draw(st.permutations(stays)))
    zones = [Member(id=MemberId("t"), zone=UTC_ZONE, stays=order).find_zone(today) for order in (stays, mixed)]

    assert zones[0] == zones[1]


def test_the_days_of_other_zones_are_not_asked_for() -> None:
    asked: list[ZoneName] = []

    def today(zone: ZoneName) -> date:
        asked.append(zone)
        return date(2020, 10, 20)

    seat("Asia/Tokyo").find_zone(today)

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
    assert [find_member(ROSTER, member.id) for member in ROSTER] == ROSTER
    assert find_member(iter(ROSTER), "tech-01") is ROSTER[2]


UNKNOWN = {
    "tech-1": "'tech-1' is not a member of this plan; did you mean tech-01?",
    "GOV-01": "'GOV-01' is not a member of this plan; did you mean gov-01 or gov-04 or gov-03?",
    "nobody": "'nobody' is not a member of this plan; see the ids in the roster",
    "": "'' is not a member of this plan; see the ids in the roster",
}


@pytest.mark.parametrize(("wanted", "problem"), UNKNOWN.items(), ids=map(repr, UNKNOWN))
def test_an_unknown_id_is_met_with_the_nearest(wanted: str, problem: str) -> None:
    with pytest.raises(UnknownMember) as caught:
        find_member(ROSTER, wanted)

    assert str(caught.value) == problem
    assert str(pickle.loads(pickle.dumps(caught.value))) == problem  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("omar", ("omar-al-sayed", "omar.ali")),
        ("Sayed", ("omar-al-sayed",)),
        ("al-sayed", ("omar-al-sayed",)),
        ("li", ("bo_li",)),
        ("seat-07", ("seat-7",)),
        ("ana", ("ana-silva", "anna")),
        ("oma", ("omar-al-sayed", "omar.ali")),
        ("o-sa", ("omar-al-sayed",)),
        ("-", ()),
        ("x", ()),
    ],
)
def test_a_part_of_an_id_is_met_with_the_ids_that_have_it(wanted: str, near: tuple[str, ...]) -> None:
    ids = ("omar-al-sayed", "omar.ali", "bo_li", "seat-7", "ana-silva", "anna")
    with pytest.raises(UnknownMember) as caught:
        find_member([Member(id=MemberId(id_), zone=UTC_ZONE) for id_ in ids], wanted)

    assert caught.value.nearest == near


def test_no_more_than_three_ids_are_offered() -> None:
    with pytest.raises(UnknownMember) as caught:
        find_member(ROSTER, "gov-0")

    assert len(caught.value.nearest) == 3
    assert set(caught.value.nearest) < {member.id for member in ROSTER}


# What is checked when a value is made.

WRONG_ZONES = {
    # what is written -> what is suggested for it
    "Zurich": "Europe/Zurich",
    "Geneva": "Europe/Zurich",
    "Switzerland": "Europe/Zurich",
    "europe/zurich": "Europe/Zurich",
    "EST": "America/New_York",
    "CET": "Europe/Paris",
    "UTC+5": "Asia/Karachi",
    "Pacific Standard Time": "America/Los_Angeles",
    "Mars/Base": None,
    "": None,
}
REFUSALS = {
    "EST": "is not accepted, because it has no summer time",
    "CET": "is not accepted, because it is an abbreviation and not a place",
}
MADE: Mapping[str, Callable[[str], object]] = {
    "member": lambda zone: Member(id="ann", zone=zone),
    "stay": lambda zone: Stay(first=date(2026, 1, 1), last=date(2026, 1, 2), zone=zone),
    "slot": lambda zone: Slot(at=time(14), zone=zone),
    "override": lambda zone: Override(date=date(2026, 1, 1), zone=zone),
    "extra": lambda zone: Extra(date=date(2026, 1, 1), at=time(14), zone=zone),
    "request": lambda zone: Request(slots=2, zone=zone),
    "rules": load_zone_rules,
}


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("zone", WRONG_ZONES)
def test_a_wrong_zone_fails_where_the_value_is_made_with_what_it_may_mean(made: str, zone: str) -> None:
    if made == "rules" and zone in {"EST", "CET"}:  # the database has rules for them, and nobody lives there
        return
    with pytest.raises(UnknownZone) as caught:
        MADE[made](zone)

    meant = WRONG_ZONES[zone]
    assert meant in caught.value.suggestions if meant else caught.value.suggestions == ()
    refusal = REFUSALS.get(zone, "is not the name of a time zone")
    assert f"{zone!r} {refusal}; " in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args  # noqa: S301


def test_a_wrong_zone_names_the_member() -> None:
    with pytest.raises(
        UnknownZone, match=r"^member 'ann': 'Zurich' is not the name of a time zone; did you mean Europe/Zurich"
    ):
        Member(id="ann", zone="Zurich")


@given(zone=zones)
def test_a_right_zone_is_kept_as_it_is_written(zone: str) -> None:
    assert Member(id="ann", zone=zone).zone == Slot(at=time(14), zone=zone).zone == zone


WRONG_MEMBERS: Mapping[str, tuple[Callable[[], Member], str]] = {
    "no id": (lambda: Member(id="", zone="UTC"), "member '' has no id; give each member an id of its own"),
    "an address that is none": (
        lambda: Member(id="a", zone="UTC", email="Seat 12"),
        "member 'a' has the address 'Seat 12'; write an address such as 'seat12@example.org'",
    ),
    "a night of the whole day": (
        lambda: Member(id="a", zone="UTC", night=(time(22), time(22))),
        "member 'a' has a night of the whole day; a night is shorter than a day; write local hours such as",
    ),
    "a night with seconds": (
        lambda: Member(id="a", zone="UTC", night=(time(22, 0, 1), time(6))),
        "member 'a' has the hours (datetime.time(22, 0, 1), datetime.time(6, 0)); write two times of day in whole",
    ),
    "hours with a zone": (
        lambda: Member(id="a", zone="UTC", never=((time(0), time(5)), (time(1, tzinfo=UTC), time(6)))),
        "member 'a' has the hours (datetime.time(1, 0, tzinfo=datetime.timezone.utc), datetime.time(6, 0)); write",
    ),
    "a text for a night": (
        lambda: Member(id="a", zone="UTC", night=cast("LocalHours", "22:00-06:00")),  # a script without types
        "member 'a' has the hours '22:00-06:00'; write two times of day in whole minutes, such as (time(22), time(6))",
    ),
    "a weight below 0": (lambda: Member(id="a", zone="UTC", weight=-1), "member 'a' has weight -1; a weight is 0 or"),
}


@pytest.mark.parametrize("case", WRONG_MEMBERS)
def test_a_member_that_cannot_be_is_refused_when_it_is_made(case: str) -> None:
    make, said = WRONG_MEMBERS[case]
    with pytest.raises(InvalidMember) as caught:
        make()

    assert str(caught.value).startswith(said)


def test_a_curve_that_a_plan_does_not_have_is_asked_back() -> None:
    hours = Hours(curves={"owl": DEFAULT_CURVE})

    with pytest.raises(
        InvalidHours, match=r"found 'owll'; did you mean 'owl'\? the curves of this plan are default, owl"
    ):
        hours.curve_of("owll")
    with pytest.raises(InvalidHours, match="found 'lark'; the curves of this plan are default, owl"):
        replace(hours, curve="lark")


# Members of one id.

MEETING = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60)
ORGANIZED = replace(MEETING, organizer=Organizer(name="Desk", email="desk@example.org"))
SERIES = Series(
    meeting=MEETING,
    schedule=Schedule(first=date(2026, 9, 1), repeat="FREQ=WEEKLY", count=2),
    rotation=Rotation(slots=(Slot(at=time(14)),)),
)
CALLS = unroll(SERIES)
ANN = Member(id=MemberId("ann"), zone=TOKYO, email="ann@example.org")
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
QUESTIONS: Mapping[str, Callable[[list[Member]], object]] = {
    "night": lambda roster: night_report(start=NOON, minutes=60, audience=audience_of(roster, MEETING, hours=Hours())),
    "fairness": lambda roster: measure_fairness(CALLS, audience_of(roster, MEETING, hours=Hours())),
    "drift": lambda roster: make_drift_report(
        series=SERIES, calls=CALLS, audience=audience_of(roster, SERIES.meeting, hours=Hours())
    ),
    "propose": lambda roster: propose(
        Setting(series=SERIES, calls=CALLS, audience=audience_of(roster, SERIES.meeting, hours=Hours())),
        Request(slots=1),
    ),
    "invitations": lambda roster: list(make_invitations(CALLS, ORGANIZED, roster, stamp=NOON)),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("other", [ANN, replace(ANN, zone=PARIS), replace(ANN, name="Ann", email="a@example.org")])
def test_two_members_of_one_id_are_an_error_wherever_a_list_is_taken(
    ask: Callable[[list[Member]], object], other: Member
) -> None:
    lists = [
        [ANN, other],
        [ANN, replace(ANN, id=MemberId("bo"), email="bo@example.org"), other],
        [replace(ANN, id=MemberId("bo"), email="bo@example.org"), ANN, other, other],
    ]
    for roster in lists:
        with pytest.raises(InvalidMember, match="found more than one member with the id 'ann'; give each an id of its"):
            ask(roster)
    ask([ANN, replace(other, id=MemberId("Ann"), email="bo@example.org")])


def test_a_plan_has_each_id_once(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(plan_template(), "utf-8")
    plan = load_plan(tmp_path / "plan.toml")

    with pytest.raises(
        InvalidMember, match=re.escape(f"the id {plan.members[0].id!r}, {plan.members[1].id!r}; give each")
    ):
        replace(plan, members=(*plan.members, *plan.members[:2]))
