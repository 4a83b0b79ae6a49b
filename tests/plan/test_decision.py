"""What a meeting decides on: every figure is that of a check or a comparison, and nothing is recommended lightly."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mag_rotation import GivenRotation, Meeting, Member, Plan, Rotation, Schedule, Slot, find_call, load_plan
from mag_rotation.choice import Criterion, Standing
from mag_rotation.errors import InvalidInstant, InvalidRequest, UnknownOption
from mag_rotation.fairness import Verdict
from mag_rotation.plan.decision import Advice, decide_rotation, decide_time
from mag_rotation.propose import Request
from mag_rotation.roster import ZoneName
from paths import EXAMPLES

MAG = load_plan(EXAMPLES / "mag-2020" / "plan.toml")
XX = find_call(MAG.calls, "XX")
NOON = datetime(2020, 10, 20, 13, tzinfo=UTC)
OURS = GivenRotation(name="ours", slots=(Slot(at=time(5)), Slot(at=time(13))))
CITIES = ("Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Zurich", "America/New_York", "Pacific/Pago_Pago")
DAILY = GivenRotation(name="noon", slots=(Slot(at=time(12)),))


def make_plan(
    *members: Member, slots: tuple[Slot, ...] = (Slot(at=time(14)), Slot(at=time(20))), count: int = 4
) -> Plan:
    return Plan(
        meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
        schedule=Schedule(first=date(2026, 10, 6), repeat="weekly", count=count),
        rotation=Rotation(slots=slots),
        members=members,
    )


def seat(id_: str, zone: str, *, never: tuple[str, ...] = (), **groups: str) -> Member:
    hours = tuple((time.fromisoformat(one[:5]), time.fromisoformat(one[6:])) for one in never)
    return Member(id=id_, zone=ZoneName(zone), groups=groups, never=hours)


def test_the_options_of_a_time_have_the_figures_of_the_check() -> None:
    found, check = decide_time(MAG, NOON, instead_of=XX), MAG.check(NOON, instead_of=XX)

    assert [option.id for option in found.options] == [time.id for time in check][: len(found.options)]
    for option in found.options:
        assert (option.figures, option.start) == (check[option.id].figures, check[option.id].start)
        assert option.better + option.worse + option.same == len(MAG.members)
        assert sum(member.nights for member in option.members) == option.figures.nights
        assert max(member.burden for member in option.members) == option.figures.worst
        assert sum(member.burden for member in option.members) == option.figures.total
        assert option.verdict == MAG.check(option.start, instead_of=XX).verdict
        for name, values in option.by_group.items():
            night = MAG.night_at(option.start, option.minutes)
            assert {value: effect.nights for value, effect in values.items()} == {
                value: count.in_night for value, count in night.by_group[name].items()
            }
    assert found.why == check.why
    assert found.is_move
    assert (found.current.id, found.proposed.id) == ("planned", "proposed")


def test_members_are_better_off_where_the_call_costs_them_less() -> None:
    found = decide_time(MAG, NOON, instead_of=XX)
    before = {row.id: row.burden for row in MAG.night(XX)}
    after = {row.id: row.burden for row in MAG.night_at(NOON)}

    assert found.proposed.better == sum(after[id_] < before[id_] for id_ in before)
    assert found.proposed.worse == sum(after[id_] > before[id_] for id_ in before)
    for value, effect in found.proposed.by_group["region"].items():
        ids = [member.id for member in MAG.members if member.groups["region"] == value]
        assert effect.size == len(ids)
        assert effect.better == sum(after[id_] < before[id_] for id_ in ids)
        assert effect.worse == sum(after[id_] > before[id_] for id_ in ids)


def test_a_time_that_nothing_dominates_and_no_other_has_a_better_verdict_is_recommended() -> None:
    found = decide_time(MAG, NOON, instead_of=XX)
    best = found.options[4]

    assert found.proposed.dominated
    assert [option.verdict for option in found.options] == [*[Verdict.POOR] * 4, Verdict.ACCEPTABLE]
    assert (found.advice, found.recommended) == (Advice.CHANGE, best)
    assert best.comparison.gains == tuple(Criterion)
    assert found.noted is best
    # of equal verdicts it is the nearest to the proposed time
    near = decide_time(MAG, datetime(2020, 10, 20, 11, tzinfo=UTC), instead_of=XX)
    assert near.recommended is near.proposed


def test_a_new_call_is_compared_with_the_proposed_time_itself() -> None:
    found = decide_time(MAG, NOON)

    assert not found.is_move
    assert found.current is found.proposed
    assert found.current.comparison.standing is Standing.SAME


def test_a_cancelled_call_is_as_a_new_one() -> None:
    cancelled = find_call(MAG.calls, "2020-10-13")
    found = decide_time(MAG, datetime(2020, 10, 13, 13, tzinfo=UTC), instead_of=cancelled)

    assert not found.is_move
    assert found.call == cancelled


def test_clocks_are_those_of_every_member_on_both_sides_of_the_date_line() -> None:
    plan = make_plan(
        seat("kir", "Pacific/Kiritimati"),
        seat("pago", "Pacific/Pago_Pago"),
        seat("kat", "Asia/Kathmandu"),
        seat("chat", "Pacific/Chatham"),
        seat("zur", "Europe/Zurich"),
        seat("ber", "Europe/Berlin"),
    )
    # clocks go back in Zurich on 25 October, between the planned call and its new time
    call = plan.calls[2]
    found = decide_time(plan, datetime(2026, 10, 25, 2, tzinfo=UTC), instead_of=call)

    assert sum(clock.members for clock in found.clocks) == len(plan.members)
    assert [clock.zones for clock in found.clocks if clock.members == 2] == [("Europe/Berlin", "Europe/Zurich")]
    for clock in found.clocks:
        for zone in clock.zones:
            for option, wall, shift in zip(found.options, clock.walls, clock.day_shifts, strict=True):
                (row,) = [row for row in plan.night_at(option.start, option.minutes) if row.zone == zone]
                assert (row.local_start.wall, row.day_shift) == (wall, shift)


@pytest.mark.parametrize("count", [0, 1])
def test_there_may_be_one_member_or_none(count: int) -> None:
    plan = make_plan(*[seat("ann", "Europe/Zurich")][:count])
    start = plan.calls[1].start.replace(hour=9)
    for found in (decide_time(plan, start, instead_of=plan.calls[1]), decide_time(plan, start)):
        assert all(len(option.members) == count for option in found.options)
        assert found.advice in Advice
    if count:
        assert len(decide_rotation(plan, [OURS]).current.members) == count
    else:
        with pytest.raises(InvalidRequest, match="a rotation is fair to members, so add some"):
            decide_rotation(plan, [OURS])


def test_a_time_that_shuts_somebody_out_is_a_trade_and_dominates_nothing() -> None:
    plan = make_plan(seat("ann", "Asia/Tokyo"), seat("bea", "UTC", never=("08:00-09:00",)))
    found = decide_time(plan, plan.calls[1].start.replace(hour=8), instead_of=plan.calls[1])

    assert found.proposed.newly_blocked == ("bea",)
    assert found.proposed.comparison.standing is Standing.TRADE
    assert found.recommended is not found.proposed


def test_a_time_at_which_somebody_else_can_attend_gains_that() -> None:
    plan = make_plan(seat("ann", "UTC"), seat("bea", "UTC", never=("20:00-21:00",)))
    found = decide_time(plan, plan.calls[1].start.replace(hour=10), instead_of=plan.calls[1])

    assert found.current.blocked == ("bea",)
    assert (found.proposed.freed, found.proposed.comparison.standing) == (("bea",), Standing.BETTER)


def test_the_time_for_which_a_call_is_planned_is_no_proposal() -> None:
    with pytest.raises(InvalidRequest, match="planned already"):
        decide_time(MAG, XX.start, instead_of=XX)
    assert decide_time(MAG, XX.start, 60, instead_of=XX).proposed.minutes == 60
    with pytest.raises(InvalidInstant):
        decide_time(MAG, datetime(2020, 10, 20, 13), instead_of=XX)  # noqa: DTZ001 - naive is what is refused


def test_a_call_may_be_as_long_as_a_day() -> None:
    found = decide_time(MAG, NOON, 25 * 60, instead_of=XX)

    assert {option.minutes for option in found.options[1:]} == {25 * 60}


def test_the_rotations_are_those_of_the_comparison() -> None:
    found = decide_rotation(MAG, [OURS, DAILY])
    table = MAG.compare(sizes=(), given=(OURS, DAILY))

    assert [option.id for option in found.options] == ["today", "ours", "noon"]
    for option in found.options:
        other = table[option.id]
        assert option.figures == other.figures
        assert (option.better, option.worse, option.same, option.moved) == (
            other.better, other.worse, other.same, other.moved,
        )  # fmt: skip
        assert option.hardest == tuple(share.id for share in other.shares if share.burden == other.worst)
    assert found.calls == table.calls
    assert (found.advice, found.recommended) == (Advice.CHANGE, found.options[1])
    first = found.options[1].first_moved
    assert first is not None
    assert first.start == datetime(2020, 6, 30, 5, tzinfo=UTC)


def test_calls_before_a_date_are_history() -> None:
    found = decide_rotation(MAG, [DAILY], first=date(2020, 10, 1))
    moved = found.options[1].first_moved

    assert found.first == date(2020, 10, 1)
    assert moved is not None
    assert moved.date == date(2020, 10, 6)


def test_a_rotation_that_shuts_somebody_out_is_not_recommended() -> None:
    plan = make_plan(
        seat("ann", "Asia/Tokyo"), seat("bea", "UTC", never=("08:00-09:00",)), slots=(Slot(at=time(20)),), count=2
    )
    early, earlier = (GivenRotation(name=name, slots=(Slot(at=time(hour)),)) for name, hour in (("a", 8), ("b", 7)))

    assert plan.compare(Request(slots=1), sizes=(), given=(early,))["a"].dominates_today
    assert decide_rotation(plan, [early]).advice is Advice.TRADE
    assert decide_rotation(plan, [early]).recommended is None
    assert decide_rotation(plan, [earlier]).advice is Advice.CHANGE


def test_today_is_kept_where_nothing_else_gains() -> None:
    plan = make_plan(seat("ann", "UTC"), slots=(Slot(at=time(12)),))
    found = decide_rotation(plan, [GivenRotation(name="night", slots=(Slot(at=time(2)),))])

    assert (found.advice, found.recommended) == (Advice.KEEP, found.current)


def test_an_equal_rotation_stands_beside_todays_name() -> None:
    found = decide_rotation(MAG, [GivenRotation(name="same", slots=MAG.rotation.slots), OURS])

    assert found.current.names == ("today", "same")
    assert len(found.options) == 2


@pytest.mark.parametrize("chosen", ["planned", "proposed", "better-1", "better 1"])
def test_the_chosen_time_is_noted(chosen: str) -> None:
    found = MAG.decide_time(NOON, instead_of=XX, chosen=chosen)

    assert found.chosen is not None
    assert found.chosen.id == chosen.replace(" ", "-")
    assert found.noted is found.chosen


def test_an_unknown_choice_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownOption, match="the options are planned, proposed, better-1"):
        decide_time(MAG, NOON, instead_of=XX, chosen="never")
    with pytest.raises(UnknownOption, match="the options are today, ours"):
        decide_rotation(MAG, [OURS], chosen="theirs")
    assert MAG.decide_rotation([OURS], chosen="ours").noted == decide_rotation(MAG, [OURS]).options[1]


def test_a_rotation_that_only_lasts_longer_moves_no_call() -> None:
    longer = tuple(replace(slot, minutes=150) for slot in MAG.rotation.slots)
    found = decide_rotation(MAG, [GivenRotation(name="longer", slots=longer)])

    assert (found.options[1].moved, found.options[1].first_moved) == (0, None)
    assert found.advice is Advice.KEEP


@given(
    hours=st.lists(st.integers(0, 47), min_size=1, max_size=3, unique=True),
    zones=st.lists(st.sampled_from(CITIES), min_size=1, max_size=4),
    never=st.integers(0, 22),
)
@settings(max_examples=25, deadline=None)
def test_what_is_recommended_is_dominated_by_no_option_and_shuts_nobody_out(
    hours: list[int], zones: list[str], never: int
) -> None:
    members = [seat(f"m{place}", zone) for place, zone in enumerate(zones)]
    window = (f"{never:02}:00-{never + 1:02}:00",)
    plan = make_plan(*members, seat("busy", "Asia/Kathmandu", never=window), count=3)
    slots = [Slot(at=time(*divmod(hour * 30, 60))) for hour in hours]
    rotations = decide_rotation(plan, [GivenRotation(name=f"r{n}", slots=(slot,)) for n, slot in enumerate(slots)])
    start = plan.calls[1].start.replace(hour=hours[0] // 2, minute=30 * (hours[0] % 2))
    if start == plan.calls[1].start:
        start += timedelta(minutes=15)

    for found in (rotations, decide_time(plan, start, instead_of=plan.calls[1])):
        best = found.recommended
        others = [one for one in found.options if one.comparison.standing in {Standing.BETTER, Standing.TRADE}]
        if best is None:
            assert found.advice is Advice.TRADE
            assert others
        elif best is found.current:
            assert found.advice is Advice.KEEP
            assert not others
        else:
            assert found.advice is Advice.CHANGE
            assert not best.newly_blocked
            assert best.comparison.standing is Standing.BETTER
            assert not any(one.figures.dominates(best.figures) for one in others if not one.newly_blocked)
