"""The facts of an announcement, against a slow twin that asks every member's clock."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from mag_rotation.calls import find_call
from mag_rotation.plan import Plan
from mag_rotation.plan.announcement import ShiftAhead
from mag_rotation.planfile import load_plan
from mag_rotation.roster import Member, Stay
from mag_rotation.series import Meeting, Override, Rotation, Schedule, Slot
from paths import EXAMPLES

PLANS = sorted(EXAMPLES.rglob("*.toml"))


def make_plan(*members: Member, first: date = date(2026, 10, 6), count: int = 6, zone: str = "UTC") -> Plan:
    return Plan(
        meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
        schedule=Schedule(first=first, repeat="weekly", count=count),
        rotation=Rotation(slots=(Slot(at=time(14), zone=zone), Slot(at=time(20), zone=zone))),
        members=members,
    )


@pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_local_starts_are_those_of_every_members_clock(path: object) -> None:
    plan = load_plan(str(path))
    for call in plan.calls[:12]:
        starts: dict[datetime, set[str]] = defaultdict(set)
        for row in plan.night(call):
            starts[call.start.astimezone(ZoneInfo(row.zone)).replace(tzinfo=None)].add(row.zone)
        found = plan.announce(call).local
        assert [start.wall for start in found] == sorted(starts)
        for start in found:
            assert set(start.zones) == starts[start.wall]
            assert start.day_shift == (start.wall.date() - call.start.date()).days
        assert sum(start.members for start in found) == plan.night(call).summary.members
        assert sum(start.in_night for start in found) == plan.announce(call).in_night


def test_zones_with_most_people_come_first_and_seats_count_by_weight() -> None:
    plan = make_plan(
        Member(id="a", zone="Europe/Rome"),
        Member(id="b", zone="Europe/Zurich", weight=3),
        Member(id="c", zone="Europe/Berlin"),
    )
    (start,) = plan.announce(plan.calls[0]).local

    assert start.zones == ("Europe/Zurich", "Europe/Berlin", "Europe/Rome")
    assert start.members == 5


def test_a_member_on_a_stay_is_read_where_they_are() -> None:
    stay = Stay(first=date(2026, 10, 5), last=date(2026, 10, 9), zone="Asia/Tokyo")
    plan = make_plan(Member(id="a", zone="Europe/Rome", stays=(stay,)))

    assert plan.announce(plan.calls[0]).local[0].zones == ("Asia/Tokyo",)
    assert plan.announce(plan.calls[1]).local[0].zones == ("Europe/Rome",)


def test_following_calls_are_held_and_cancelled_ones_between_are_named() -> None:
    plan = replace(
        make_plan(Member(id="a", zone="UTC")),
        overrides=(Override(date=date(2026, 10, 13), cancel=True), Override(date=date(2026, 11, 3), cancel=True)),
    )
    found = plan.announce(plan.calls[0])

    assert [call.date.day for call in found.following] == [20, 27]
    assert [call.date.day for call in found.cancelled] == [13]


def test_the_last_call_has_nothing_after_it() -> None:
    plan = make_plan(Member(id="a", zone="Europe/Rome"))
    found = plan.announce(plan.calls[-1])

    assert (found.following, found.cancelled, found.shifts) == ((), (), ())


def test_a_clock_change_is_told_before_the_call_that_it_moves_and_not_after() -> None:
    plan = make_plan(
        Member(id="a", zone="Europe/Rome"), Member(id="b", zone="Europe/Paris"), Member(id="c", zone="Asia/Tokyo")
    )
    change = ShiftAhead(date=date(2026, 10, 25), minutes=-60, zones=("Europe/Rome", "Europe/Paris"))

    told = {call.date.day: plan.announce(call).shifts for call in plan.calls if call.date.month == 10}
    assert told == {6: (), 13: (change,), 20: (change,), 27: ()}


def test_a_change_of_the_anchor_moves_those_whose_clocks_stay() -> None:
    plan = make_plan(
        Member(id="a", zone="America/Los_Angeles"), Member(id="b", zone="Asia/Tokyo"), zone="America/Los_Angeles"
    )
    told = {(call.date.month, call.date.day): plan.announce(call).shifts for call in plan.calls}

    assert told[10, 27] == (ShiftAhead(date=date(2026, 11, 1), minutes=60, zones=("Asia/Tokyo",)),)


def test_the_shift_is_what_the_clocks_say() -> None:
    """From the day of a shift on, the same hour of the anchor is that much later than a week before."""
    plan = load_plan(EXAMPLES / "mag-2020" / "plan.toml")
    seen = 0
    for call in plan.calls:
        for shift in plan.announce(call).shifts:
            for zone in shift.zones:
                anchor = datetime.combine(shift.date, time(23, 59), ZoneInfo("UTC"))
                after, before = (at.astimezone(ZoneInfo(zone)).utcoffset() for at in (anchor, anchor - timedelta(7)))
                assert after is not None
                assert before is not None
                assert after - before == timedelta(minutes=shift.minutes)
                seen += 1
    assert seen


def test_a_plan_without_members_has_no_local_starts() -> None:
    plan = make_plan()
    found = plan.announce(plan.calls[0])

    assert (found.local, found.in_night, found.night_zones) == ((), 0, ())


def test_a_cancelled_call_can_be_announced() -> None:
    plan = load_plan(EXAMPLES / "mag-2020" / "plan.toml")
    found = plan.announce(find_call(plan.calls, "2020-10-13"))

    assert not found.call.is_held
    assert [call.label for call in found.following] == ["XX", "XXI"]
