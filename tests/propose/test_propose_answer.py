"""The room from plan to answer: what it proposes against a twin that puts every rotation into the plan.

Law: the burdens, the frontier, the prices and what is refused are those of the twin; what has no choice stays as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from time import monotonic

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from audiences import with_members
from mag_rotation.calls import unroll
from mag_rotation.errors import InvalidHours, InvalidRequest, InvalidSeries
from mag_rotation.hours import Window
from mag_rotation.planfile import load_plan
from mag_rotation.propose import (
    Budget,
    ConstraintCode,
    Impossible,
    Objective,
    ProposalClaim,
    Proposed,
    Request,
    Setting,
    propose,
    verify_proposal,
)
from mag_rotation.roster import ZoneName
from mag_rotation.series import Advance, Extra, Override, Phase, Rotation, Schedule, Series, Slot, Weekday
from mag_rotation.values import Fact
from mag_rotation.zones import to_local
from paths import EXAMPLES
from strategies import seat
from twin_rotation import MOST_ROTATIONS, Twin, requests_of, setting_of, settings_of
from twin_turns import MEETING, slots, week, weekly

many = settings(max_examples=4 * settings().max_examples)


def assert_stays(twin: Twin, found: Proposed) -> None:
    """What has no choice is as it was, and the rest where the slots say."""
    assert found.calls == unroll(found.series)
    assert found.series.rotation.slots == found.slots
    wanted = {call.uid: call for call in twin.weigh(found.slots).calls}
    held = {call.uid: call for call in found.calls if call.is_held}
    assert {uid: (call.start, call.end) for uid, call in held.items()} == {
        uid: (call.start, call.end) for uid, call in wanted.items()
    }


def assert_prices(twin: Twin, found: Proposed) -> None:
    """Each constraint costs what the twin finds without it."""
    least = min(rotation.worst for rotation in twin.without([]))
    assert all((price.worst_with, price.proven) == (least, True) for price in found.prices)
    prices = [price for price in found.prices if price.constraint.code is not ConstraintCode.KEEP]
    keys = [twin.meant(price.constraint) for price in prices]
    assert [price.worst_without for price in prices] == [
        min(rotation.worst for rotation in twin.without(some)) for some in keys
    ]
    assert len([some for some in keys if some[0][0] != "never"]) == len(twin.keys)


def assert_answers(twin: Twin, found: Proposed) -> None:
    """The answer is the twin's best by the whole order."""
    best = twin.best
    assert best is not None
    mine = twin.weigh(found.slots)
    assert not mine.broken
    assert twin.merit(mine) == twin.merit(best)
    assert {share.id: (share.burden, share.night_calls) for share in found.shares} == {
        member.id: (mine.burdens[member.id], mine.nights[member.id]) for member in twin.members
    }
    least = min(rotation.worst for rotation in twin.without([]))
    assert found.proven
    assert found.bound == least
    assert found.certificate.least <= least
    assert [(offer.worst, offer.total) for offer in found.frontier] == twin.frontier
    assert found.swept
    for offer in found.frontier:
        there = twin.weigh(offer.slots)
        assert (there.worst, there.total, there.broken) == (offer.worst, offer.total, frozenset())


@many
@given(st.data())
def test_an_answer_is_the_best_of_all_rotations(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = data.draw(requests_of(setting))
    twin = Twin(setting, request)
    assume(twin.many <= MOST_ROTATIONS)
    try:
        found = propose(setting, request)
    except InvalidRequest:
        assert twin.is_refused
        return
    assert not twin.is_refused
    if isinstance(found, Impossible):
        assert twin.best is None
        assert found.proven
        assert found.conflict
        return
    assert_stays(twin, found)
    assert_answers(twin, found)
    assert_prices(twin, found)
    assert verify_proposal(setting, request, ProposalClaim.of(found)) == (found, ())


LONDON, SYDNEY, KATHMANDU = ZoneName("Europe/London"), ZoneName("Australia/Sydney"), ZoneName("Asia/Kathmandu")


def plan(
    count: int = 4,
    *hours: int,
    schedule: Schedule | None = None,
    rotation: Rotation | None = None,
    overrides: tuple[Override, ...] = (),
    extras: tuple[Extra, ...] = (),
    phases: tuple[Phase, ...] = (),
) -> Setting:
    """Tuesdays from 8 September 2020 in slots A, B and so on, with seats in three parts of the world."""
    series = Series(
        meeting=MEETING,
        schedule=schedule or weekly(count),
        rotation=rotation or Rotation(slots=slots(*hours or (6, 14))),
        overrides=overrides,
        extras=extras,
        phases=phases,
    )
    roster = (seat(LONDON, name="london"), seat(SYDNEY, name="sydney"), seat("America/Los_Angeles", name="angeles"))
    return setting_of(series, roster)


def answer(setting: Setting, request: Request) -> Proposed:
    """The answer, where there is one."""
    found = propose(setting, request)
    assert isinstance(found, Proposed)
    return found


def burdens(found: Proposed) -> dict[str, int]:
    """Who bears what."""
    return {share.id: share.burden for share in found.shares}


def vector(found: Proposed) -> list[int]:
    """The burdens, worst first."""
    return [share.burden for share in found.shares]


@given(st.data())
def test_the_order_of_the_roster_has_no_say(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = data.draw(requests_of(setting))
    shuffled = with_members(setting, data.draw(st.permutations(setting.audience.members)))
    try:
        found, again = propose(setting, request), propose(shuffled, request)
    except InvalidRequest:
        return
    if isinstance(found, Impossible) or isinstance(again, Impossible):
        assert isinstance(found, Impossible)
        assert isinstance(again, Impossible)
        return
    assert (found.slots, found.shares, found.bound) == (again.slots, again.shares, again.bound)
    assert found.frontier == again.frontier


@given(st.data())
def test_a_request_that_is_asked_again_is_answered_alike(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = data.draw(requests_of(setting))
    try:
        found = propose(setting, request)
    except InvalidRequest:
        return
    assert propose(setting, request) == found


@given(st.data())
def test_a_finer_grid_never_worsens_the_worst(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = replace(data.draw(requests_of(setting)), objective=Objective.LEXIMIN, grid=360)
    try:
        found, finer = propose(setting, request), propose(setting, replace(request, grid=120))
    except InvalidRequest:
        return
    if isinstance(found, Proposed):
        assert isinstance(finer, Proposed)
        assert finer.worst <= found.worst


@given(st.data())
def test_the_answer_put_into_the_plan_is_the_plan_that_needs_no_other(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = replace(data.draw(requests_of(setting)), objective=Objective.LEXIMIN, stay=())
    try:
        found = propose(setting, request)
    except InvalidRequest:
        return
    if isinstance(found, Proposed):
        again = answer(replace(setting, series=found.series, calls=found.calls), request)
        assert again.shares == tuple(
            replace(share, burden_today=share.burden, night_calls_today=share.night_calls) for share in found.shares
        )


def test_who_bore_much_before_is_spared_after() -> None:
    nights = plan(6, 14)
    before = answer(nights, Request(slots=1, grid=60))
    after = answer(nights, Request(slots=1, grid=60, first=week(4)))
    by_member = {
        share.id: sum(Twin(nights, Request(slots=1)).weigh_calls(nights.calls[:4]).burdens[share.id] for _ in "1")
        for share in before.shares
    }
    most = max(by_member, key=by_member.__getitem__)
    assert most == "sydney"
    assert burdens(after)[most] == by_member[most]
    assert [call.start for call in after.calls[:4]] == [call.start for call in nights.calls[:4]]


def test_announced_calls_start_when_they_did() -> None:
    setting = plan(6, 14, 20)
    found = answer(setting, Request(slots=2, grid=60, keep=3))
    assert [(call.start, call.end) for call in found.calls[:3]] == [
        (call.start, call.end) for call in setting.calls[:3]
    ]
    assert found.prices[-1].constraint == Fact.of(ConstraintCode.KEEP, keep=3)
    assert found.prices[-1].worst_without == answer(setting, Request(slots=2, grid=60)).worst


def test_announced_calls_stay_on_their_day_where_slots_get_weekdays() -> None:
    setting = plan(4, 14)
    found = answer(setting, Request(slots=1, keep=1, weekdays=(Weekday.TH,)))
    assert found.calls[0].start == setting.calls[0].start
    assert [call.start.weekday() for call in found.calls] == [1, 3, 3, 3]


def test_a_call_with_an_hour_of_its_own_stays_on_its_day_where_slots_get_weekdays() -> None:
    setting = plan(4, 14, overrides=(Override(date=week(1), at=time(9)),))
    found = answer(setting, Request(slots=1, weekdays=(Weekday.TH,)))
    assert found.calls[1].start == setting.calls[1].start
    assert [call.start.weekday() for call in found.calls] == [3, 1, 3, 3]


def test_a_call_on_another_day_takes_the_hour_that_is_chosen() -> None:
    moved = Override(date=week(1), to=week(1).replace(day=18))
    setting = plan(4, 14, overrides=(moved,))
    found = answer(setting, Request(slots=1, grid=60))
    assert [f"{call.start:%a %H:%M}" for call in found.calls] == [
        f"{day} {found.slots[0].at:%H:%M}" for day in ("Tue", "Fri", "Tue", "Tue")
    ]
    assert found.series.overrides == (moved,)


def test_a_call_on_another_day_stays_there_where_slots_get_weekdays() -> None:
    moved = Override(date=week(1), to=week(1).replace(day=19))
    found = answer(plan(4, 14, overrides=(moved,)), Request(slots=1, weekdays=(Weekday.TH,)))
    assert [call.start.weekday() for call in found.calls] == [3, 5, 3, 3]


def test_an_announced_call_on_another_day_starts_when_it_did() -> None:
    setting = plan(4, 14, overrides=(Override(date=week(0), to=week(0).replace(day=10)),))
    for request in (Request(slots=1, keep=1), Request(slots=1, keep=1, weekdays=(Weekday.FR,))):
        found = answer(setting, request)
        assert found.calls[0].start == setting.calls[0].start
        assert found.series.overrides[0].to == week(0).replace(day=10)


def test_a_call_on_another_day_and_another_hour_stays_as_it_is() -> None:
    for change in (
        Override(date=week(1), to=week(1).replace(day=18), at=time(3)),
        Override(date=week(1), to=week(1).replace(day=18), slot=1),
        Override(date=week(1), to=week(1).replace(day=18), zone=ZoneName("Asia/Tokyo")),
    ):
        setting = plan(4, 14, overrides=(change,))
        found = answer(setting, Request(slots=1, grid=60))
        assert found.calls[1].start == setting.calls[1].start


def test_the_day_of_a_call_that_moved_over_the_date_line_is_that_of_its_zone() -> None:
    apia = ZoneName("Pacific/Apia")
    setting = plan(4, 14, overrides=(Override(date=week(1), to=week(1).replace(day=18)),))
    found = answer(setting, Request(slots=1, grid=60, zone=apia, windows=(Window(time(6), time(22)),)))
    local = to_local(found.calls[1].start, apia).wall
    assert (local.date(), local.time()) == (week(1).replace(day=18), found.slots[0].at)


def test_a_slot_that_stays_lasts_as_long_as_it_says() -> None:
    short = Rotation(slots=(Slot(at=time(14), label="long"), Slot(at=time(3), label="short", minutes=15)))
    setting = plan(4, rotation=short, overrides=(Override(date=week(2), minutes=90),))
    found = answer(setting, Request(slots=1, stay=("short",), first=week(1)))
    assert [call.minutes for call in found.calls] == [60, 15, 90, 15]
    assert found.bound == found.worst


def test_the_price_of_keeping_is_left_out_where_nothing_could_be_compared() -> None:
    turn = Extra(date=week(0), at=time(10), takes_turn=True)
    setting = plan(4, extras=(turn,))
    with pytest.raises(InvalidRequest, match=r"extras\[0\].takes-turn"):
        propose(setting, Request(slots=2))
    found = answer(setting, Request(slots=2, keep=2))
    assert found.prices == ()


def test_a_slot_that_stays_is_in_the_rotation() -> None:
    found = answer(plan(4, 3, 14), Request(slots=2, grid=60, stay=("A",)))
    assert Slot(at=time(3), label="A") in found.slots
    assert found.prices[0].worst_without < found.worst


def test_members_who_are_left_out_count_nowhere() -> None:
    setting = plan()
    optional = replace(seat("Pacific/Auckland", name="optional", never=("00:00-00:00",)), roles=("observer",))
    more = with_members(setting, (*setting.audience.members, optional))
    found = answer(more, Request(slots=2, left_out=("observer",), quorum=2, most_nights=3))
    assert replace(found, request=Request(slots=2, quorum=2, most_nights=3)) == answer(
        setting, Request(slots=2, quorum=2, most_nights=3)
    )
    nobody = Request(slots=2, left_out=("observer",), most_nights=1, no_night_twice=True, cap=0)
    alone = answer(with_members(setting, (optional,)), nobody)
    assert (alone.shares, alone.worst, alone.total, alone.proven) == ((), 0, 0, True)
    with pytest.raises(InvalidRequest, match="awake: found 'observer', which is not the id or role of a member who"):
        propose(more, Request(slots=2, left_out=("observer",), awake=("observer",)))


def ending_in(seconds: float) -> Budget:
    """A budget by the clock."""
    end = monotonic() + seconds
    return Budget(left=lambda: end - monotonic())


def test_what_is_not_proven_in_time_is_an_answer_with_a_bound_and_part_of_the_frontier() -> None:
    setting = load_plan(EXAMPLES / "mag-2020" / "plan.toml").setting
    found = propose(setting, Request(slots=None, objective=Objective.BALANCED, quorum=20), ending_in(4))
    assert isinstance(found, Proposed)
    assert not found.proven
    assert not found.swept
    assert found.certificate.least <= found.bound <= found.worst
    assert [offer.worst for offer in found.frontier] == sorted({offer.worst for offer in found.frontier})
    assert verify_proposal(setting, found.request, ProposalClaim.of(found)) == (found, ())


def test_without_the_solver_an_open_answer_is_as_good_and_proves_less(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = load_plan(EXAMPLES / "mag-2020" / "plan.toml").setting
    monkeypatch.setitem(sys.modules, "highspy", None)
    found = propose(setting, Request(slots=None), ending_in(3))
    assert isinstance(found, Proposed)
    assert found.certificate.least <= found.bound <= found.worst


def test_cancelled_calls_cost_nothing() -> None:
    off = plan(4, overrides=(Override(date=week(1), cancel=True), Override(date=week(3), cancel=True)))
    found = answer(off, Request(slots=1, grid=60))
    twice = answer(plan(4, schedule=replace(weekly(2), repeat="FREQ=WEEKLY;INTERVAL=2")), Request(slots=1, grid=60))
    assert burdens(found) == burdens(twice)


def test_groups_are_compared_by_their_worst_once_the_worst_is_equal() -> None:
    setting = plan()
    regions = ("far", "near", "near")
    roster = [
        replace(member, groups={"region": region})
        for member, region in zip(setting.audience.members, regions, strict=True)
    ]
    request = Request(slots=2, grid=180, group="region")
    twin = Twin(with_members(setting, roster), request)
    found = answer(twin.setting, request)
    assert twin.best is not None
    assert twin.merit(twin.weigh(found.slots)) == twin.merit(twin.best)


def test_a_free_schedule_has_a_slot_for_each_call() -> None:
    setting = plan(3)
    found = answer(setting, Request(slots=None, grid=240))
    assert len(found.slots) == 3
    assert found.worst <= answer(setting, Request(slots=2, grid=240)).worst


def test_a_plan_of_one_call_and_one_member_has_nobody_in_the_night() -> None:
    one = plan(1)
    found = answer(with_members(one, one.audience.members[1:2]), Request(slots=2))
    assert (found.worst, found.proven, len(found.slots)) == (0, True, 2)
    assert found.slots[0] == found.slots[1]


def test_two_thousand_members_are_no_harder_than_their_clocks() -> None:
    setting = plan(8)
    zones = (LONDON, SYDNEY, KATHMANDU, ZoneName("America/Bogota"))
    crowd = [seat(zones[number % 4], name=f"m{number:04}") for number in range(2000)]
    found = answer(with_members(setting, crowd), Request(slots=3, quorum=900))
    few = answer(with_members(setting, crowd[:4]), Request(slots=3, quorum=2))
    assert (found.worst, found.slots, found.proven) == (few.worst, few.slots, True)
    assert len(found.shares) == 2000
    assert found.total == 500 * few.total


def test_week_53_takes_a_turn_of_its_own() -> None:
    year = replace(weekly(1), first=date(2020, 12, 22), count=4)
    setting = plan(4, schedule=year, rotation=Rotation(slots=slots(6, 14), advance=Advance.ISO_WEEK))
    found = answer(setting, Request(slots=2, grid=60))
    first, second = (slot.at.hour for slot in found.slots)
    assert [call.start.hour for call in found.calls] == [second, first, first, second]  # weeks 52, 53, 1, 2


@pytest.mark.parametrize(
    ("day", "never", "adjusted"),
    [(date(2026, 3, 29), "01:30-01:00", "gap"), (date(2026, 10, 25), "01:00-00:30", "fold")],
    ids=["gap", "fold"],
)
def test_a_candidate_that_clocks_skip_or_repeat_starts_when_it_is_said_to(day: date, never: str, adjusted: str) -> None:
    setting = plan(1, schedule=replace(weekly(1), first=day))
    series = replace(setting.series, meeting=replace(MEETING, minutes=30))
    utc = setting_of(series, [seat("UTC", name="utc", never=(never,))])  # but for half an hour
    found = answer(utc, Request(slots=1, zone=LONDON))
    assert [call.adjusted for call in found.calls] == [adjusted]
    assert found.calls[0].start.time() == time.fromisoformat(never[-5:])
    assert verify_proposal(utc, found.request, ProposalClaim.of(found)) == (found, ())


def test_a_season_over_the_date_line_counts_the_days_of_its_zone() -> None:
    apia = ZoneName("Pacific/Apia")
    setting = plan(
        schedule=Schedule(first=date(2011, 12, 29), repeat="FREQ=DAILY", count=4),
        rotation=Rotation(slots=(Slot(at=time(10), zone=apia),)),
    )
    request = Request(slots=1, grid=240, zone=apia)
    twin = Twin(setting, request)
    found = answer(setting, request)
    assert_stays(twin, found)
    assert_answers(twin, found)


def test_a_plan_without_members_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="members: found none"):
        propose(with_members(plan(), ()), Request(slots=2))


def test_a_free_schedule_of_too_many_calls_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="found 401 calls; a free schedule has at most 400"):
        propose(plan(401), Request(slots=None))
    assert answer(plan(400), Request(slots=None, grid=720, first=week(398))).proven


def test_weekdays_are_refused_where_a_week_has_two_calls() -> None:
    twice = plan(4, schedule=replace(weekly(4), repeat="FREQ=WEEKLY;BYDAY=TU,TH"))
    with pytest.raises(InvalidRequest, match="weekday: found two calls in one ISO week"):
        propose(twice, Request(slots=2, weekdays=(Weekday.MO,)))
    assert answer(twice, Request(slots=2, grid=360, weekdays=(Weekday.MO,), keep=3)).proven


def test_all_that_the_plan_does_not_have_is_named_at_once() -> None:
    request = Request(slots=2, group="region", left_out=("chair",), awake=("nobody", "london"), stay=("noon", 2, 3))
    with pytest.raises(InvalidRequest) as caught:
        propose(plan(), request)
    assert [mistake.place for mistake in caught.value.mistakes] == ["stay[0]", "stay[2]", "awake", "leave-out", "group"]
    with pytest.raises(InvalidHours, match="found 'owl'"):
        propose(plan(), Request(slots=2, curve="owl"))


def test_a_rotation_too_short_for_a_phase_is_refused() -> None:
    phase = Phase(name="late", first=week(2), last=week(3), start=2)
    with pytest.raises(InvalidSeries, match=r"phases\[0\].start"):
        propose(plan(4, phases=(phase,)), Request(slots=1))


def test_a_plan_in_which_nothing_can_be_chosen_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="there is nothing to choose"):
        propose(plan(2), Request(slots=2, keep=2))


@pytest.mark.parametrize(
    ("ask", "place"),
    [
        (lambda: Request(slots=0), "slots"),
        (lambda: Request(slots=401), "slots"),
        (lambda: Request(slots=1, grid=7), "grid"),
        (lambda: Request(slots=1, grid=0), "grid"),
        (lambda: Request(slots=1, keep=-1), "keep"),
        (lambda: Request(slots=1, tolerance=-1), "tolerance"),
        (lambda: Request(slots=1, quorum=0), "quorum"),
        (lambda: Request(slots=1, most_nights=-1), "most-nights"),
        (lambda: Request(slots=1, gap=721), "gap"),
        (lambda: Request(slots=1, cap=-1), "cap"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(ask: Callable[[], Request], place: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        ask()
    assert [mistake.place for mistake in caught.value.mistakes] == [place]


def test_all_that_makes_no_sense_in_a_request_is_named_at_once() -> None:
    with pytest.raises(InvalidRequest) as caught:
        Request(slots=0, grid=-5, gap=0, cap=-1)
    assert [mistake.place for mistake in caught.value.mistakes] == ["slots", "grid", "gap", "cap"]


def test_what_is_carried_over_from_last_season_spares_who_has_borne_it() -> None:
    fresh = load_plan(EXAMPLES / "mag-2020" / "plan.toml").setting
    heavy = fresh.audience.members[0].id
    carrying = replace(fresh, carried={heavy: 10**6})
    before, after = (propose(setting, Request(slots=2)) for setting in (fresh, carrying))
    assert isinstance(before, Proposed)
    assert isinstance(after, Proposed)
    burdens = {share.id: share for share in after.shares}

    assert after.worst == burdens[heavy].burden >= 10**6
    assert burdens[heavy].burden_today >= 10**6
    assert burdens[heavy].burden - 10**6 <= {share.id: share.burden for share in before.shares}[heavy]
    assert verify_proposal(carrying, Request(slots=2), ProposalClaim.of(after)) == (after, ())
