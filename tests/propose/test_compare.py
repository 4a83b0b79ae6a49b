"""Rotations beside each other, against a twin that looks at every rotation and against the ledger of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from itertools import permutations
from math import lcm

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from mag_rotation.burden import make_ledger
from mag_rotation.calls import unroll
from mag_rotation.choice import Figures
from mag_rotation.drift.zone_groups import takes_part
from mag_rotation.errors import InvalidRequest, InvalidSeries, UnknownOption
from mag_rotation.hours import Window
from mag_rotation.night import night_report
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan
from mag_rotation.propose import (
    Budget,
    ClockReading,
    CompareNote,
    GivenRotation,
    LocalHours,
    Objective,
    Option,
    OptionKind,
    Request,
    RotationTable,
    Setting,
    compare_rotations,
    weigh_rotations,
)
from mag_rotation.propose.frontier import Point, knee
from mag_rotation.roster import Carried, Member, ZoneName
from mag_rotation.series import Extra, Meeting, Override, Phase, Rotation, Schedule, Series, Slot, Weekday
from mag_rotation.zones import to_local
from paths import EXAMPLES
from strategies import seat
from twin_rotation import MOST_ROTATIONS, Twin, Weighed, clock, requests_of, setting_of, settings_of
from twin_turns import MEETING, slots, week, weekly

MAG = load_plan(EXAMPLES / "mag-2020" / "plan.toml")
ALL_DAY = (Slot(at=time(5)), Slot(at=time(13), zone=ZoneName("Europe/Zurich")))


def plan(
    *,
    rotation: Rotation | None = None,
    overrides: tuple[Override, ...] = (),
    extras: tuple[Extra, ...] = (),
    phases: tuple[Phase, ...] = (),
    count: int = 6,
    members: Sequence[Member] = (),
) -> Setting:
    """Some Tuesdays in slots at 6:00 and 14:00 UTC, and seats in three parts of the world."""
    series = Series(
        meeting=MEETING,
        schedule=weekly(count),
        rotation=rotation or Rotation(slots=slots(6, 14)),
        overrides=overrides,
        extras=extras,
        phases=phases,
    )
    zones = {"london": "Europe/London", "sydney": "Australia/Sydney", "angeles": "America/Los_Angeles"}
    return setting_of(series, members or [seat(zone, name=name) for name, zone in zones.items()])


def asked(data: st.DataObject, setting: Setting) -> Request:
    """A request with as many slots as the plan has, such that all rotations can be looked at."""
    request = data.draw(requests_of(setting, most=2))
    length = len(setting.series.rotation.slots)
    grid = {1: 120, 2: 180, 3: 360}[length]
    return replace(request, slots=length, grid=max(grid, request.grid), objective=Objective.LEXIMIN)


def compared(setting: Setting, request: Request, **more: object) -> RotationTable:
    """The comparison; what cannot be asked of the plan is no case."""
    try:
        return compare_rotations(setting, request, **more)  # type: ignore[arg-type]
    except (InvalidRequest, InvalidSeries):
        assert Twin(setting, request).is_refused
        reject()


def best_of(twin: Twin, rotations: Iterable[Sequence[Slot]]) -> Weighed | None:
    """The fairest of some rotations that break nothing."""
    weighed = [twin.weigh(one) for one in rotations]
    return min((one for one in weighed if not one.broken), key=twin.merit, default=None)


def find(table: RotationTable, wanted: str) -> Option | None:
    """The option of an id, under which one it stands."""
    return next((one for one in table if wanted in (one.id, *one.also)), None)


def weigh(twin: Twin, slots: Sequence[Slot]) -> Weighed:
    """A rotation, which under the first id of equal ones may have another number of slots."""
    return Twin(twin.setting, replace(twin.request, slots=len(slots))).weigh(slots)


def assert_is(table: RotationTable, id_: str, twin: Twin, best: Weighed | None) -> None:
    """The option is as good as the best that the twin knows; where there is none, a note says so."""
    option = find(table, id_)
    missing = [note.code for note in table.notes if note.figures["option"] == id_]
    if best is None:
        assert (option, missing) == (None, [CompareNote.NO_ROTATION])
        return
    assert (option is not None, missing) == (True, [])
    assert option is not None
    mine = weigh(twin, option.slots)
    assert not mine.broken
    assert twin.merit(mine) == twin.merit(best)
    assert option.proven or option.id != id_


some = settings(max_examples=2 * settings().max_examples)


@some
@given(st.data())
def test_every_figure_is_that_of_the_plan_with_those_slots_in_its_rotation(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = asked(data, setting)
    ids = [member.id for member in setting.audience.members]
    carried = {id_: data.draw(st.sampled_from((0, 0, 600, 5000))) for id_ in ids}
    setting = replace(setting, carried=carried)
    table = compared(setting, request, sizes=(1, 2), given=[GivenRotation(name="mine", slots=ALL_DAY)])
    held = {call.uid: call.start for call in setting.calls if call.is_held}
    assert table.calls == len(held)
    today = table.current
    for option in table:
        assert option.calls == unroll(option.series)
        assert option.series.rotation.slots == option.slots
        assert_counted(setting, request, option, today)
        twin = Twin(setting, replace(request, slots=len(option.slots)))
        if option.kind is not OptionKind.TODAY:
            assert {call.uid: (call.start, call.end) for call in option.calls if call.is_held} == {
                call.uid: (call.start, call.end) for call in twin.weigh(option.slots).calls
            }


def assert_counted(setting: Setting, request: Request, option: Option, today: Option) -> None:
    """The figures are those of the ledger of the option's calls."""
    curve = setting.under(request.curve)
    members = request.members_counted(setting.audience.members)
    audience = curve.audience.with_members(members)
    mine, before = (make_ledger(one.calls, audience).lines for one in (option, today))
    carried = [setting.carried[line.member.id] for line in mine]
    burdens = [line.burden + more for line, more in zip(mine, carried, strict=True)]
    changes = [line.burden - old.burden for line, old in zip(mine, before, strict=True)]
    starts = {call.uid: call.start for call in today.calls if call.is_held}
    assert option.worst == max(burdens, default=0)
    assert option.total == sum(burdens)
    assert option.nights == sum(line.night_calls * line.member.weight for line in mine)
    assert option.most_nights == max((line.night_calls for line in mine), default=0)
    assert option.better == sum(change < 0 for change in changes)
    assert option.worse == sum(change > 0 for change in changes)
    assert option.same == sum(change == 0 for change in changes)
    assert option.moved == sum(call.start != starts[call.uid] for call in option.calls if call.is_held)
    assert [share.burden for share in option.shares] == sorted(burdens, reverse=True)
    held = [call for call in option.calls if call.is_held]
    reports = [night_report(start=call.start, minutes=call.minutes, audience=audience) for call in held]
    assert {*option.blocked} == {id_ for report in reports for id_ in report.blocked}
    by_value: dict[tuple[str, str], list[int]] = {}
    for place, line in enumerate(mine):
        for name, value in line.member.groups.items() if line.calls else ():
            by_value.setdefault((name, value), []).append(place)
    assert by_value.keys() == {(name, value) for name, values in option.by_group.items() for value in values}
    for (name, value), places in by_value.items():
        group = option.by_group[name][value]
        assert group.members == sum(mine[place].member.weight for place in places)
        assert group.worst == max(burdens[place] for place in places)
        assert group.total == sum(burdens[place] for place in places)
        assert group.mean == group.total / len(places)
        assert group.nights == sum(mine[place].night_calls * mine[place].member.weight for place in places)
        assert (group.better, group.worse) == (
            sum(changes[place] < 0 for place in places),
            sum(changes[place] > 0 for place in places),
        )


@some
@given(st.data())
def test_each_option_is_the_best_of_its_kind(data: st.DataObject) -> None:
    setting = data.draw(settings_of(most_members=4))
    request = asked(data, setting)
    twin = Twin(setting, request)
    assume(twin.is_refused or twin.many <= MOST_ROTATIONS)
    table = compared(setting, request, sizes=(1, 2))
    own = setting.series.rotation.slots
    assert_is(table, "reordered", twin, best_of(twin, permutations(own)))
    moved = [
        (*own[:place], replace(slot, at=at, label=None), *own[place + 1 :])
        for place, slot in enumerate(own)
        if place in twin.chosen.values()
        for at in (time(*divmod(minute, 60)) for minute in range(0, 1440, request.grid))
    ]
    assert_is(table, "one-moved", twin, best_of(twin, moved))
    for size in (1, 2):
        other = Twin(setting, replace(request, slots=size))
        starts = [phase.start for phase in setting.series.phases if phase.slots is None and phase.start]
        if any(start > size for start in starts):
            assert CompareNote.TOO_SHORT in [note.code for note in table.notes]
        elif other.many <= MOST_ROTATIONS:
            assert_is(table, f"slots-{size}", other, other.best)
    assert_ends(table, twin)


def assert_ends(table: RotationTable, twin: Twin) -> None:
    """The knee and the least total are those of the twin's frontier."""
    points = [Point(worst=worst, total=total, picks=()) for worst, total in twin.frontier]
    bend = knee(points, whole=True)
    option = find(table, "knee")
    carried = sum(twin.setting.carried.values())
    assert (option is None) == (bend is None)
    if bend is not None and option is not None:
        assert (option.worst, option.total) == (bend.worst, bend.total + carried)
        assert option.proven or option.id != "knee"
    least = find(table, "least-total")
    assert (least is None) == (not points)
    if least is not None:
        assert least.total == points[-1].total + carried
        assert least.worst == points[-1].worst


@cache
def starts_in(twin: Twin, slot: Slot) -> list[datetime]:
    """When the calls that have a choice would start if all were in one slot."""
    return [call.start for call in twin.unrolled([slot] * twin.length) if call.uid in twin.chosen]


def differs(twin: Twin, one: Sequence[Slot], other: Sequence[Slot]) -> bool:
    """Whether two rotations differ in half their places or more as their turns go on, wherever the other begins."""
    both = lcm(len(one), len(other))
    return all(
        2
        * sum(
            starts_in(twin, one[place % len(one)]) == starts_in(twin, other[(place + shift) % len(other)])
            for place in range(both)
        )
        <= both
        for shift in range(len(other))
    )


@some
@given(st.data())
def test_an_alternative_is_the_fairest_that_is_near_the_best_and_unlike_all_that_are_shown(
    data: st.DataObject,
) -> None:
    setting = data.draw(settings_of(most_members=4))
    request = asked(data, setting)
    twin = Twin(setting, request)
    assume(twin.is_refused or twin.many <= MOST_ROTATIONS)
    places = set(twin.chosen.values())
    assume(twin.is_refused or len(places) == twin.length)  # a place without a call takes the slot before it
    before = compared(setting, request, sizes=(1, 2))
    table = compare_rotations(setting, request, sizes=(1, 2), alternatives=2)
    assert [option.id for option in before] == [one.id for one in table if one.kind is not OptionKind.ALTERNATIVE]
    shown = [option.slots for option in before.shown]
    kept = twin.without([])
    least = min((one.worst for one in kept), default=0)
    near = [
        one
        for one in kept
        if one.worst * 100 <= least * 110 and all(differs(twin, one.slots, other) for other in shown)
    ]
    option = find(table, "alternative-1")
    assert (option is None) == (not near)
    if option is None:
        assert CompareNote.NO_ROTATION in {note.code for note in table.notes}
        return
    assert option.proven or option.id != "alternative-1"
    assert all(differs(twin, option.slots, other) for other in shown)
    best = min(near, key=twin.merit)
    assert twin.merit(weigh(twin, option.slots)) == twin.merit(best)


@given(st.data())
def test_nothing_that_is_dominated_is_shown_or_recommended(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    table = compared(setting, asked(data, setting), sizes=(1, 2), alternatives=1)

    def figures(option: Option) -> tuple[int, int, int]:
        return option.worst, option.nights, option.total

    def beats(one: Option, other: Option) -> bool:
        pairs = list(zip(figures(one), figures(other), strict=True))
        return all(mine <= theirs for mine, theirs in pairs) and figures(one) != figures(other)

    for option in table:
        assert option.dominated == any(beats(other, option) for other in table)
        assert option.dominates_today == beats(option, table.current)
        assert option.figures == Figures(worst=option.worst, nights=option.nights, total=option.total)
    assert all(option.kind is OptionKind.TODAY or not option.dominated for option in table.shown)
    recommended = table.recommended
    better = [option for option in table if option.dominates_today]
    assert (recommended is None) == (not better)
    if recommended is not None:
        assert recommended in better
        assert not recommended.dominated
        assert all(recommended.worst <= option.worst for option in better if not option.dominated)


@given(st.data())
def test_equal_rotations_stand_once(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    table = compared(setting, asked(data, setting), sizes=(1, 2))
    keys = [[(call.uid, call.start, call.end) for call in option.calls if call.is_held] for option in table]
    assert all(keys.count(key) == 1 for key in keys)
    ids = [id_ for option in table for id_ in (option.id, *option.also)]
    assert len(set(ids)) == len(ids)


def is_mostly_night(setting: Setting, request: Request, line: LocalHours, at: time, slot: Slot) -> bool:
    """Whether more than half of those who live by a clock have a minute of a call in their night, minute by minute."""
    dates = [call.date for call in setting.calls if call.turn and not call.turn.to]
    begin = at.hour * 60 + at.minute
    end = begin + (slot.minutes or setting.meeting.minutes) + setting.audience.overrun
    found = []
    for member in request.members_counted(setting.audience.members):
        if member.zone in line.zones and takes_part(member, min(dates), max(dates)):
            night = Window(*member.night) if member.night else setting.audience.hours.night
            minutes = range(begin - setting.audience.lead_of(member), end)
            found.append(any(time(*divmod(minute % 1440, 60)) in night for minute in minutes))
    return 2 * sum(found) > len(found)


@given(st.data())
def test_the_local_hours_are_what_the_clocks_show_at_every_call(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = asked(data, setting)
    table = compared(setting, request, sizes=(1,), given=[GivenRotation(name="mine", slots=ALL_DAY)])
    for option in table:
        chosen = set(Twin(setting, request).chosen)
        for call in option.calls:
            if call.uid not in chosen or call.turn is None or call.turn.to or not call.is_held:
                continue
            place = call.turn.index
            for member in request.members_counted(setting.audience.members):
                lines = [line for line in option.local if member.zone in line.zones]
                if not lines:  # not there this season
                    continue
                (line,) = [line for line in lines if line.first <= call.date <= line.last]
                there = to_local(call.start, member.zone).wall
                shift = (there.date() - call.start.date()).days
                found = line.starts[place]
                assert found.in_night == is_mostly_night(setting, request, line, found.at, option.slots[place])
                assert replace(found, in_night=False) == ClockReading(at=there.time(), day_shift=shift)


def ids(table: RotationTable) -> list[str]:
    return [option.id for option in table]


def test_the_mag_has_rotations_that_are_better_in_everything() -> None:
    table = MAG.compare(sizes=range(1, 5))
    today = table.current
    fairness = MAG.fairness()
    assert (today.worst, today.total, today.most_nights) == (fairness.worst, fairness.total, 10)
    assert today.nights == sum(share.night_calls for share in fairness.members)
    assert table.calls == fairness.calls == 11
    for option in table:
        there = MAG.with_series(option.series).fairness()
        assert (option.worst, option.total) == (there.worst, there.total)
    bend = table["knee"]
    assert bend.dominates_today
    assert (bend.worst, bend.better, bend.worse, bend.same) == (6630, 35, 15, 0)
    assert table.recommended == bend
    assert ids(table)[:3] == ["today", "reordered", "one-moved"]
    assert table["least-total"] is table["slots-1"]


def test_the_slots_put_into_the_plan_by_hand_give_the_figures() -> None:
    for option in MAG.compare(sizes=(2, 3), alternatives=1):
        by_hand = replace(MAG, rotation=replace(MAG.rotation, slots=option.slots))
        assert by_hand.fairness().burdens == tuple(share.burden for share in option.shares)
        assert by_hand.calls == option.calls


def test_a_slot_that_has_several_turns_in_a_row_keeps_them() -> None:
    setting = plan(rotation=Rotation(slots=slots(6, 14), hold=2))
    table = compare_rotations(setting, Request(slots=2, grid=120), sizes=(2,))
    for option in table:
        hours = [f"{call.start:%H:%M}" for call in option.calls]
        assert hours[0] == hours[1]
        assert option.series.rotation.hold == 2
    assert table["slots-2"].worst == min(
        max(share.burden for share in option.shares) for option in table if len(option.slots) == 2
    )


def test_calls_before_a_date_are_history() -> None:
    setting = plan()
    table = compare_rotations(setting, Request(slots=2, grid=60, first=week(2)), sizes=(1, 2))
    for option in table:
        assert [call.start for call in option.calls[:2]] == [call.start for call in setting.calls[:2]]
        assert option.moved <= 4


def test_a_rotation_that_equals_todays_claims_nothing() -> None:
    best = MAG.compare(sizes=(3,))["slots-3"]
    table = MAG.with_series(best.series).compare(sizes=(3,), given=[GivenRotation(name="mine", slots=ALL_DAY)])
    assert "slots-3" in table.current.also
    assert not table.current.proven
    assert not table["mine"].proven


def test_without_any_rotation_every_kind_is_missing() -> None:
    table = compare_rotations(plan(), Request(slots=2, quorum=4), sizes=(1, 2), alternatives=1)
    assert ids(table) == ["today"]
    assert {(note.code, note.figures["option"]) for note in table.notes} == {
        (CompareNote.NO_ROTATION, id_)
        for id_ in ("reordered", "one-moved", "slots-1", "slots-2", "knee", "least-total", "alternative-1")
    }


def test_what_earlier_seasons_put_on_members_counts() -> None:
    heavy = replace(plan(), carried={"london": 50_000})
    table = compare_rotations(heavy, Request(slots=2), sizes=(1,))
    assert all(option.worst >= 50_000 for option in table)


def test_a_place_without_a_call_keeps_its_slot() -> None:
    setting = plan(rotation=Rotation(slots=slots(6, 14, 22)), count=2)
    table = compare_rotations(setting, Request(slots=3, grid=120), sizes=())
    reordered = find(table, "reordered")
    moved = find(table, "one-moved")
    assert reordered is not None
    assert sorted(clock(slot) for slot in reordered.slots) == sorted(clock(slot) for slot in slots(6, 14, 22))
    assert moved is not None
    assert sum(clock(one) != clock(two) for one, two in zip(moved.slots, slots(6, 14, 22), strict=True)) <= 1


def test_a_moved_slot_keeps_its_zone_weekday_and_length() -> None:
    kept = Slot(at=time(3), zone=ZoneName("Asia/Kathmandu"), weekday=Weekday.TH, minutes=45, label="short")
    table = compare_rotations(plan(rotation=Rotation(slots=(kept,))), Request(slots=1), sizes=())
    (slot,) = table["one-moved"].slots
    assert (slot.zone, slot.weekday, slot.minutes) == (kept.zone, kept.weekday, 45)
    assert slot.at != kept.at


def test_constraints_hold_in_every_option_but_those_that_are_as_they_are() -> None:
    request = Request(slots=2, grid=60, utc_windows=(Window(time(16), time(23)),))
    table = compare_rotations(plan(), request, sizes=(1, 2, 3), given=[GivenRotation(name="night", slots=slots(2, 3))])
    for option in table:
        inside = all(16 <= call.start.hour < 23 for call in option.calls)
        assert inside == (option.kind not in {OptionKind.TODAY, OptionKind.GIVEN})
    missing = {note.figures["option"] for note in table.notes if note.code is CompareNote.NO_ROTATION}
    assert {"reordered", "one-moved"} <= missing


def test_a_phase_that_starts_at_a_later_slot_needs_as_many_slots() -> None:
    phase = Phase(name="second half", first=week(3), last=week(5), start=2)
    table = compare_rotations(plan(phases=(phase,)), Request(slots=2, grid=120), sizes=(1, 2))
    assert [(note.code, note.figures["option"]) for note in table.notes if note.code is CompareNote.TOO_SHORT] == [
        (CompareNote.TOO_SHORT, "slots-1")
    ]
    assert find(table, "slots-2") is not None


def test_a_given_rotation_has_the_names_of_the_plans_slots() -> None:
    table = compare_rotations(plan(), Request(slots=2), sizes=(), given=[GivenRotation(name="x", slots=slots(14, 9))])
    bare = replace(slots(14)[0], label=None)
    again = compare_rotations(plan(), Request(slots=2), sizes=(), given=[GivenRotation(name="x", slots=(bare,))])
    assert table["x"].slots[0].label is not None
    assert again["x"].slots[0].label == "B"


def test_given_rotations_are_weighed_without_a_search_as_beside_others() -> None:
    given = [GivenRotation(name="mine", slots=ALL_DAY), GivenRotation(name="late", slots=slots(23))]
    searched = compare_rotations(plan(), Request(slots=2), sizes=(1,), given=given)
    weighed = weigh_rotations(plan(), Request(slots=None), given)

    assert ids(weighed) == ["today", "mine", "late"]
    assert weighed.calls == searched.calls
    for name in ids(weighed):
        one, other = (replace(table[name], dominated=False, proven=False, also=()) for table in (weighed, searched))
        assert one == other
    with pytest.raises(InvalidRequest, match="twice"):
        weigh_rotations(plan(), Request(slots=None), [given[0], given[0]])


def test_an_equal_rotation_is_found_under_its_own_name_too() -> None:
    same = GivenRotation(name="the old one", slots=slots(6, 14))
    table = compare_rotations(plan(), Request(slots=2), sizes=(), given=[same])
    assert table["the old one"] is table.current
    assert "the old one" in table.current.also
    with pytest.raises(UnknownOption, match=r"'nobody' is not an option of this comparison; the options are today"):
        table["nobody"]


@pytest.mark.parametrize("names", [("today",), ("slots-3",), ("knee",), ("a", "a"), (" ",), ("alternative-1",)])
def test_names_that_tell_nothing_apart_are_refused(names: tuple[str, ...]) -> None:
    rotations = [GivenRotation(name=name, slots=slots(6)) for name in names]
    if names == ("alternative-1",):
        rotations = [GivenRotation(name="alternative", slots=slots(6))]
    with pytest.raises(InvalidRequest, match="option: found the name"):
        compare_rotations(plan(), Request(slots=2), given=rotations)


def test_a_plan_of_one_member_has_nobody_worse_off_in_its_fairest_rotation() -> None:
    table = compare_rotations(plan(members=[seat("UTC")]), Request(slots=2), sizes=(1, 2))
    assert (table["slots-1"].worst, table["slots-1"].nights) == (0, 0)
    assert all(option.better + option.worse + option.same == 1 for option in table)


def test_a_plan_without_members_is_refused() -> None:
    bare = setting_of(plan().series, [])
    with pytest.raises(InvalidRequest, match="a rotation is fair to members"):
        compare_rotations(bare, Request(slots=2))


def test_many_members_are_no_harder_than_their_clocks() -> None:
    zones = ("Europe/London", "Australia/Sydney", "America/Los_Angeles", "Asia/Kathmandu")
    members = [seat(zones[number % 4], name=f"m{number}") for number in range(2000)]
    table = compare_rotations(plan(members=members), Request(slots=2), sizes=(1, 2))
    assert table.current.better + table.current.worse + table.current.same == 2000
    assert {line.zones: line.members for line in table.current.local} == {(zone,): 500 for zone in zones}


def test_local_hours_follow_the_clock_changes_of_both_zones() -> None:
    series = Series(
        meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
        schedule=Schedule(first=date(2026, 10, 6), repeat="weekly", count=8),
        rotation=Rotation(slots=(Slot(at=time(9), zone=ZoneName("Europe/London")), Slot(at=time(22)))),
    )
    members = [seat("America/New_York", name="ny"), seat("Asia/Kathmandu", name="np"), seat("Pacific/Auckland")]
    table = compare_rotations(setting_of(series, members), Request(slots=2), sizes=())
    lines: dict[str, list[str]] = {line.zones[0]: [] for line in table.current.local}
    for line in table.current.local:
        starts = " ".join(f"{start.at:%H:%M}{start.day_shift:+d}" for start in line.starts)
        lines[line.zones[0]].append(f"{line.first:%m-%d} {line.last:%m-%d} {starts}")
    assert lines[ZoneName("America/New_York")] == [
        "10-06 10-20 04:00+0 18:00+0",
        "10-27 10-27 05:00+0 18:00+0",
        "11-03 11-24 04:00+0 17:00+0",
    ]
    assert lines[ZoneName("Asia/Kathmandu")] == ["10-06 10-20 13:45+0 03:45+1", "10-27 11-24 14:45+0 03:45+1"]
    assert lines[ZoneName("Pacific/Auckland")] == ["10-06 10-20 21:00+0 11:00+1", "10-27 11-24 22:00+0 11:00+1"]


def test_a_clock_beyond_the_date_line_is_a_day_ahead_or_behind() -> None:
    members = [seat("Pacific/Kiritimati", name="k"), seat("Pacific/Niue", name="n")]
    table = compare_rotations(plan(members=members), Request(slots=2), sizes=())
    starts = {line.zones[0]: line.starts[0] for line in table.current.local}
    assert starts[ZoneName("Pacific/Kiritimati")] == ClockReading(at=time(20), day_shift=0)
    assert starts[ZoneName("Pacific/Niue")] == ClockReading(at=time(19), day_shift=-1)


def test_the_same_question_has_the_same_answer() -> None:
    assert MAG.compare(sizes=(1, 2), alternatives=1) == MAG.compare(sizes=(1, 2), alternatives=1)


def test_without_time_there_is_an_answer_that_says_what_is_not_proven() -> None:
    table = MAG.compare(sizes=(3, 6), budget=Budget(left=lambda: 0.0))
    assert ids(table)[0] == "today"
    assert not all(option.proven for option in table)


def test_options_are_rows_of_plain_values() -> None:
    plain = Plan(
        meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
        schedule=Schedule(first=date(2026, 10, 6), repeat="weekly", count=4),
        rotation=Rotation(slots=(Slot(at=time(14)), Slot(at=time(20, 30), zone=ZoneName("Europe/Zurich")))),
        members=(Member(id="ann", zone="Europe/Zurich"), Member(id="bo", zone="Asia/Tokyo")),
        carried=(Carried(member="bo", burden=60, night_calls=1, calls=2),),
    )
    table = plain.compare(sizes=(1,))
    record = table.to_records()[0]
    assert record["id"] == "today"
    assert record["starts"] == "14:00,20:30@Europe/Zurich"
    assert record["worst"] == table.current.worst == plain.fairness().worst + 60
    assert len(table) == len(table.to_records())
    assert "<table" in table._repr_html_()


def test_members_whose_hours_a_call_touches_are_blocked_under_every_rotation_that_has_such_a_call() -> None:
    free = "13:30-14:30"
    members = [seat("UTC", name="ann", never=(free,)), seat("UTC", name="bo"), seat("UTC", name="cy", never=(free,))]
    given = [GivenRotation(name="early", slots=slots(6)), GivenRotation(name="late", slots=slots(22, 14))]
    table = compare_rotations(plan(members=members), Request(slots=2), sizes=(2,), given=given)

    assert table.current.blocked == ("ann", "cy")
    assert table["late"].blocked == ("ann", "cy")
    assert all(not option.blocked for option in table if option.id not in {"today", "late"})


def test_one_slot_that_nobody_has_in_the_night_is_not_looked_into_unless_asked() -> None:
    calm = plan(rotation=Rotation(slots=slots(12)), members=[seat("UTC")])
    night = plan(rotation=Rotation(slots=slots(2)), members=[seat("UTC")])

    assert ids(compare_rotations(calm, Request(slots=1))) == ["today"]
    assert [note.code for note in compare_rotations(calm, Request(slots=1)).notes] == [CompareNote.NOTHING_TO_ROTATE]
    for setting, sizes, alternatives in ((calm, (1,), 0), (calm, (), 0), (calm, None, 1), (night, (1,), 0)):
        table = compare_rotations(setting, Request(slots=1), sizes=sizes, alternatives=alternatives)
        assert CompareNote.NOTHING_TO_ROTATE not in [note.code for note in table.notes]


def test_alternatives_are_no_rotation_of_the_table_that_begins_at_another_slot() -> None:
    table = MAG.compare(sizes=(3,), alternatives=2)
    rows = [option.slots for option in table.shown]
    for place, one in enumerate(rows):
        if len(one) == 3 and table.shown[place].kind is OptionKind.ALTERNATIVE:
            for other in (rows[at] for at in range(len(rows)) if at != place and len(rows[at]) == 3):
                shifts = [(*other[shift:], *other[:shift]) for shift in range(3)]
                assert all(sum(clock(a) == clock(b) for a, b in zip(one, turn, strict=True)) <= 1 for turn in shifts)
