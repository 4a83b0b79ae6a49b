"""The fairness of a ledger: shares, regret against the best that a rotation could give one member alone, groups.

Law: what is best possible equals that of the twin, which tries every half hour for every turn of one member.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from hypothesis import given, settings

from audiences import audience_of
from mag_rotation.burden import make_ledger
from mag_rotation.calls import unroll
from mag_rotation.fairness import (
    Fairness,
    GroupShare,
    Sensitivity,
    compute_best_possible,
    compute_sensitivity,
    measure_fairness,
)
from mag_rotation.hours import Curve, Hours
from mag_rotation.night import night_of
from mag_rotation.planfile import load_plan
from mag_rotation.roster import DaysOff, Member, MemberId, ZoneName
from mag_rotation.series import Extra, Override, Phase, Rotation, Schedule, Series, Slot, Weekday
from paths import EXAMPLES
from strategies import seat
from twin_fairness import Season, least, seasons
from twin_turns import MEETING, TUESDAY, week, weekly

MAG = EXAMPLES / "mag-2020" / "plan.toml"

OWL = Curve((0,) * 4 + (10,) * 8 + (0,) * 12)


def series(*slots: Slot, count: int = 4, overrides: Sequence[Override] = (), extras: Sequence[Extra] = ()) -> Series:
    return Series(
        meeting=MEETING,
        schedule=weekly(count),
        rotation=Rotation(slots=slots),
        overrides=tuple(overrides),
        extras=tuple(extras),
    )


def best(plan: Series, *roster: Member, hours: Hours | None = None) -> tuple[int, ...]:
    prices = hours or Hours()
    book = make_ledger(unroll(plan), audience_of(roster, plan.meeting, hours=prices))
    return compute_best_possible(book, audience_of(roster, plan.meeting, hours=prices))


def measured(plan: Series, *roster: Member, hours: Hours | None = None) -> Fairness:
    return measure_fairness(unroll(plan), audience_of(roster, plan.meeting, hours=hours or Hours()))


def of_season(season: Season) -> Fairness:
    return measure_fairness(
        season.calls,
        audience_of(season.roster, season.meeting, hours=season.hours, days_off=season.days_off),
        history=season.history,
    )


@settings(max_examples=60)
@given(seasons(most_calls=5, most_members=2))
def test_best_possible_is_what_trying_every_half_hour_for_every_turn_finds(season: Season) -> None:
    expected = {member.id: least(season, member) for member in season.roster}

    assert {share.id: share.best_possible for share in of_season(season).members}.items() <= expected.items()


@given(seasons(half_hours_only=True))
def test_regret_is_never_negative_where_slots_lie_on_half_hours(season: Season) -> None:
    found = of_season(season)

    assert [share.id for share in found.members if share.regret < 0] == []
    assert [share.regret for share in found.members] == [share.burden - share.best_possible for share in found.members]


@given(seasons())
def test_shares_come_worst_first_and_then_by_id_and_only_of_those_who_took_part(season: Season) -> None:
    found = of_season(season)
    took_part = {
        member.id
        for member in season.roster
        if any(season.night(member, call.start, call.minutes) for call in season.held)
    }

    assert [(share.burden, share.id) for share in found.members] == sorted(
        ((share.burden, share.id) for share in found.members), key=lambda pair: (-pair[0], pair[1])
    )
    assert {share.id for share in found.members} == took_part
    assert found.burdens == tuple(share.burden for share in found.members)
    assert found.calls == len(season.held)


def test_a_single_slot_can_be_moved_to_where_it_costs_nothing() -> None:
    # Lima at 06:00 UTC is 01:00 at night: 9 points an hour for four weeks
    share = measured(series(Slot(at=time(6))), seat("America/Lima")).members[0]

    assert (share.burden, share.best_possible, share.regret) == (4 * 540, 0, 4 * 540)
    assert (share.calls, share.burden_per_call, share.night_calls, share.longest_night_streak) == (4, 540.0, 4, 4)


def test_a_turn_has_one_hour_for_all_its_calls_though_the_members_clock_changes() -> None:
    # a curve that spares one hour of the day only, and a change of the clock between the two calls
    picky = Curve((10,) * 12 + (0,) + (10,) * 11)
    one = Series(
        meeting=MEETING,
        schedule=Schedule(first=date(2020, 10, 20), repeat="FREQ=WEEKLY", count=2),
        rotation=Rotation(slots=(Slot(at=time(6)),)),
    )
    two = replace(one, rotation=Rotation(slots=(Slot(at=time(6)), Slot(at=time(7)))))
    member, hours = seat("Europe/Paris"), Hours(curve="picky", curves={"picky": picky})

    assert best(one, member, hours=hours) == (600,)
    assert best(two, member, hours=hours) == (0,)


def test_the_half_hours_are_those_of_the_slots_own_zone() -> None:
    # Kathmandu's clock is a quarter of an hour off: half hours there never start on a half hour of UTC
    picky = Curve((10,) * 12 + (0,) + (10,) * 11)
    hours = Hours(curve="picky", curves={"picky": picky})
    member = seat("UTC")

    assert best(series(Slot(at=time(6))), member, hours=hours) == (0,)
    assert best(series(Slot(at=time(6), zone=ZoneName("Asia/Kathmandu"))), member, hours=hours) == (4 * 150,)


def test_a_slot_keeps_its_own_weekday() -> None:
    # the member is there on Thursdays only: Tuesday's slot spares them whatever its hour
    thursday = TUESDAY.replace(day=10)
    member = replace(seat("UTC"), joined=thursday, left=thursday)
    plain, moved = Slot(at=time(3)), Slot(at=time(3), weekday=Weekday.TH)

    assert measured(series(plain), member).members == ()
    share = measured(series(moved), member).members[0]
    assert (share.calls, share.burden, share.best_possible) == (1, 600, 0)


def test_what_an_exception_or_an_extra_fixes_counts_as_it_is() -> None:
    night, extra = time(3), Extra(date=TUESDAY.replace(day=9), at=time(4))
    member = seat("UTC")
    fixed = [
        Override(date=TUESDAY, at=night),
        Override(date=week(1), slot=1),
        Override(date=week(2), zone=ZoneName("Etc/GMT+1")),
        Override(date=week(3), to=TUESDAY.replace(day=30), at=night),
    ]

    assert best(series(Slot(at=night), extras=[extra]), member) == (600,)
    for index, override in enumerate(fixed):
        assert best(series(Slot(at=night), overrides=[override]), member) == (600,), index
    assert best(series(Slot(at=night), overrides=fixed), member) == (2400,)


def test_another_day_alone_leaves_the_hour_free_on_that_day() -> None:
    # the member is there on the day that the call is moved to and on no other, whatever the weekday of the slot
    moved = TUESDAY.replace(day=10)
    member = replace(seat("UTC"), joined=moved, left=moved)
    for slot in (Slot(at=time(3)), Slot(at=time(3), weekday=Weekday.FR)):
        share = measured(series(slot, overrides=[Override(date=TUESDAY, to=moved)]), member).members[0]
        assert (share.calls, share.burden, share.best_possible) == (1, 600, 0)


def test_a_new_length_or_a_note_leaves_the_hour_free() -> None:
    changes = [Override(date=TUESDAY, minutes=180), Override(date=week(1), note="short")]

    assert best(series(Slot(at=time(3)), overrides=changes), seat("UTC")) == (0,)


def test_a_phase_with_slots_of_its_own_has_turns_of_its_own() -> None:
    plain = series(Slot(at=time(3)))
    own = Phase(name="summer", first=week(2), last=week(3), slots=(Slot(at=time(3)),))
    clock = Schedule(first=date(2020, 10, 20), repeat="FREQ=WEEKLY", count=4)
    picky = Hours(curve="picky", curves={"picky": Curve((10,) * 12 + (0,) + (10,) * 11)})
    one = replace(plain, schedule=clock)
    split = replace(one, phases=(replace(own, first=date(2020, 10, 26), last=date(2020, 11, 20)),))

    # in Paris one hour cannot be noon before and after 25 October, two can
    assert best(one, seat("Europe/Paris"), hours=picky) == (600,)
    assert best(split, seat("Europe/Paris"), hours=picky) == (0,)


def test_days_off_are_charged_in_what_is_best_possible_too() -> None:
    tuesdays = {"XX": DaysOff(weekend=frozenset({1}))}
    plan, member = series(Slot(at=time(3))), replace(seat("UTC"), groups={"country": "XX"})
    hours = Hours(weekend_points=4)
    found = measure_fairness(unroll(plan), audience_of([member], plan.meeting, hours=hours, days_off=tuesdays)).members[
        0
    ]

    assert (found.burden, found.best_possible) == (4 * 60 * 14, 4 * 60 * 4)


def test_groups_have_weights_in_their_members_and_nowhere_else() -> None:
    night = series(Slot(at=time(3)), count=1)
    roster = [
        seat("UTC", name="a", weight=3, groups={"region": "Africa", "role": "chair"}),
        seat("America/Lima", name="b", groups={"region": "Americas"}),
        seat("Africa/Lagos", name="c", groups={"region": "Africa"}),
        replace(seat("Africa/Lagos", name="d", groups={"region": "Africa"}), left=date(2019, 1, 1)),
        seat("Asia/Tokyo", name="e"),
    ]
    found = measured(night, *roster)

    # 03:00 in London, 04:00 in Lagos, 22:00 in Lima
    assert {name: dict(values) for name, values in found.by_group.items()} == {
        "region": {
            "Africa": GroupShare(members=4, worst=600, mean=600.0, total=1200),
            "Americas": GroupShare(members=1, worst=300, mean=300.0, total=300),
        },
        "role": {"chair": GroupShare(members=3, worst=600, mean=600.0, total=600)},
    }
    assert list(found.by_group) == ["region", "role"]


def test_nobody_and_no_call_have_measures_too() -> None:
    assert measured(series(Slot(at=time(3)))).members == ()
    empty = measure_fairness([], audience_of([seat()], MEETING, hours=Hours()))
    assert (empty.calls, empty.members, empty.burdens, empty.by_group) == (0, (), (), {})


def test_a_ranking_survives_a_curve_that_turns_nobody_round_and_not_one_that_does() -> None:
    plan = series(Slot(at=time(3)), count=1)
    hours = Hours(curves={"owl": OWL, "double": Curve(tuple(2 * points for points in Hours().curve_of(None).hours))})
    roster = [seat("UTC", name="a"), seat("Asia/Tokyo", name="b"), seat("Europe/Paris", name="c", curve="default")]

    def under(curve: str) -> Fairness:
        return measured(plan, *roster, hours=replace(hours, curve=curve))

    # at 03:00 UTC a bears 600, b (noon) nothing, c (05:00, a curve of their own) 600; an owl bears nothing at 3 or noon
    assert compute_sensitivity(under("default"), under, hours) == (
        Sensitivity(curve="owl", worst_off=(MemberId("c"),), same_worst_off=False, same_ranking=True),
        Sensitivity(curve="double", worst_off=(MemberId("a"),), same_worst_off=False, same_ranking=True),
    )
    late = series(Slot(at=time(1)), count=1)
    roster = [seat("UTC", name="a"), seat("Africa/Nairobi", name="b")]
    assert compute_sensitivity(
        measured(late, *roster, hours=hours),
        lambda curve: measured(late, *roster, hours=replace(hours, curve=curve)),
        replace(hours, curves={"owl": OWL}),
    ) == (Sensitivity(curve="owl", worst_off=(MemberId("b"),), same_worst_off=True, same_ranking=True),)
    lark = Curve((10, 10, 10, 10, 1) + (0,) * 19)
    turned = compute_sensitivity(
        measured(late, *roster, hours=hours),
        lambda curve: measured(late, *roster, hours=Hours(curve=curve, curves={"lark": lark})),
        Hours(curves={"lark": lark}),
    )
    assert turned == (Sensitivity(curve="lark", worst_off=(MemberId("a"),), same_worst_off=False, same_ranking=False),)


def test_the_mag_example_adds_up_to_its_night_reports() -> None:
    found = load_plan(MAG)
    report = found.fairness()
    sums = dict.fromkeys((member.id for member in found.audience.members), 0)
    for member in found.audience.members:
        for call in found.calls:
            if call.is_held:
                night = night_of(
                    member,
                    start=call.start,
                    minutes=call.minutes,
                    audience=audience_of([member], found.meeting, hours=found.hours),
                )
                sums[member.id] += night.burden if night else 0

    assert {share.id: share.burden for share in report.members} == sums
    assert (report.calls, len(report.members), report.members[0].id) == (11, 50, "tec-08")
