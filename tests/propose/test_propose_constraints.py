"""What constraints mean, what they cost, and which of them are named where they cannot be held together.

Law: a conflict is the smallest that there is: without any one of it the rest can be held, and no fewer conflict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mag_rotation.errors import InvalidRequest
from mag_rotation.hours import Window
from mag_rotation.propose import (
    Budget,
    Impossible,
    Objective,
    ProposalClaim,
    Proposed,
    Request,
    Setting,
    propose,
    verify_proposal,
)
from mag_rotation.roster import Member, ZoneName
from mag_rotation.series import Extra, Override, Rotation, Series, Slot
from strategies import seat
from twin_rotation import MOST_ROTATIONS, Key, Twin, requests_of, setting_of, settings_of, words
from twin_turns import MEETING, TUESDAY, slots, week, weekly

LONDON, SYDNEY = ZoneName("Europe/London"), ZoneName("Australia/Sydney")
UTC_SEAT = seat("UTC", name="utc")
some = settings(max_examples=2 * settings().max_examples)


def plan(
    *roster: Member,
    count: int = 4,
    rotation: Rotation | None = None,
    overrides: tuple[Override, ...] = (),
    extras: tuple[Extra, ...] = (),
    first: date = TUESDAY,
    minutes: int = 60,
) -> Setting:
    """Tuesdays in slots at 6:00 and 14:00 UTC, with a seat in UTC unless others are given."""
    series = Series(
        meeting=replace(MEETING, minutes=minutes),
        schedule=replace(weekly(count), first=first),
        rotation=rotation or Rotation(slots=slots(6, 14)),
        overrides=overrides,
        extras=extras,
    )
    return setting_of(series, roster or (UTC_SEAT,))


def hours(found: Proposed | Impossible) -> list[int]:
    """The hours at which an answer's slots start."""
    assert isinstance(found, Proposed), found
    return [slot.at.hour for slot in found.slots]


def never(*windows: str) -> Member:
    """A seat in UTC that can only attend outside these hours."""
    return seat("UTC", name="busy", never=windows)


@some
@given(st.data())
def test_a_conflict_is_the_smallest_that_there_is(data: st.DataObject) -> None:
    setting = data.draw(settings_of(most_members=4))
    request = replace(data.draw(requests_of(setting, least=2, most=6)), objective=Objective.LEXIMIN)
    twin = Twin(setting, request)
    if twin.many > MOST_ROTATIONS or twin.is_refused:
        return
    found = propose(setting, request)
    if isinstance(found, Proposed):
        assert twin.best is not None
        return
    assert found.proven
    named = [twin.meant(constraint) for constraint in found.conflict]
    assert named
    assert not twin.can_hold([key for keys in named for key in keys])
    for left in named:
        assert twin.can_hold([key for keys in named if keys is not left for key in keys])
    everything: list[Key] = [*twin.keys, *(("never", member.id) for member in twin.members)]
    for size in range(len(named)):
        assert all(twin.can_hold(few) for few in combinations(everything, size))


@given(st.data())
def test_one_constraint_more_never_improves_the_answer(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = replace(data.draw(requests_of(setting, most=2)), objective=Objective.LEXIMIN, group=None)
    more = data.draw(
        st.sampled_from(
            [
                replace(request, quorum=(request.quorum or 0) + 1),
                replace(request, awake=(*request.awake, setting.audience.members[0].id)),
                replace(request, most_nights=min(2, request.most_nights or 2)),
                replace(request, no_night_twice=True),
                replace(request, gap=max(request.gap or 0, 240)),
                replace(request, distinct=True),
                replace(request, cap=min(request.cap or 2000, 2000)),
                replace(request, windows=request.windows or (Window(time(6), time(22)),)),
                replace(request, utc_windows=request.utc_windows or (Window(time(6), time(22)),)),
            ]
        )
    )
    try:
        found, limited = propose(setting, request), propose(setting, more)
    except InvalidRequest:
        return
    if isinstance(limited, Proposed):
        assert isinstance(found, Proposed)
        assert [share.burden for share in found.shares] <= [share.burden for share in limited.shares]


ONE = Request(slots=1, grid=60)

FOUR = (
    seat("Europe/Berlin", name="berlin"),
    seat("Australia/Sydney", name="sydney"),
    seat("America/Los_Angeles", name="angeles"),
    seat("America/New_York", name="york"),
)
EARLY = (Window(time(1), time(3)),)

AT_ODDS: tuple[tuple[str, Request, tuple[str, ...]], ...] = (
    ("a cap", Request(slots=3, grid=30, cap=0, distinct=True, gap=60), ("at most 0 point-minutes for anybody",)),
    (
        "nights",
        Request(slots=3, grid=30, most_nights=0, distinct=True),
        ("at most 0 calls in the night for anybody", "no slot twice"),
    ),
    (
        "a quorum",
        Request(slots=3, grid=30, quorum=5, distinct=True, cap=9000),
        ("at least 5 members out of the night at every call",),
    ),
    (
        "a window and a member",
        Request(slots=2, grid=30, utc_windows=EARLY, awake=("berlin",), distinct=True),
        ("calls within 01:00-03:00 UTC", "berlin out of the night at every call"),
    ),
    (
        "too few hours",
        Request(slots=3, grid=60, utc_windows=EARLY, distinct=True, cap=9000),
        ("calls within 01:00-03:00 UTC", "no slot twice"),
    ),
    (
        "slots too far apart",
        Request(slots=2, grid=30, utc_windows=EARLY, gap=180, quorum=1),
        ("calls within 01:00-03:00 UTC", "3h or more between slots that follow each other"),
    ),
)


@pytest.mark.parametrize("left", [0.0, -1000.0, 1e-9, 12.0], ids=str)
@pytest.mark.parametrize(("request_", "conflict"), [case[1:] for case in AT_ODDS], ids=[case[0] for case in AT_ODDS])
def test_a_conflict_is_named_whatever_the_clock_says(request_: Request, conflict: tuple[str, ...], left: float) -> None:
    setting = plan(*FOUR, count=6)
    found = propose(setting, request_, Budget(left=lambda: left))
    assert isinstance(found, Impossible)
    assert (words(found.conflict), found.smallest, found.proven) == (conflict, True, True)


def test_a_smaller_conflict_than_the_last_one_is_found() -> None:
    """Left out one by one, the constraints end in the three slots that stay in two places; two others clash, too."""
    three = Rotation(slots=slots(6, 14, 22))
    setting = plan(*FOUR, count=6, rotation=three)
    request = Request(slots=2, grid=30, utc_windows=EARLY, awake=("berlin",), stay=(1, 2, 3))
    found = propose(setting, request)
    assert isinstance(found, Impossible)
    names = ("calls within 01:00-03:00 UTC", "berlin out of the night at every call")
    assert (words(found.conflict), found.smallest) == (names, True)


def test_where_there_are_too_many_sets_to_try_the_conflict_is_not_said_to_be_the_smallest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mag_rotation.propose.prices._MOST_TRIED", 0)
    found = propose(plan(*FOUR, count=6), Request(slots=3, grid=60, utc_windows=EARLY, distinct=True, cap=9000))
    assert isinstance(found, Impossible)
    assert words(found.conflict) == ("calls within 01:00-03:00 UTC", "no slot twice")
    assert not found.smallest


@pytest.mark.parametrize(("request_", "conflict"), [case[1:] for case in AT_ODDS], ids=[case[0] for case in AT_ODDS])
def test_the_solver_finds_the_conflict_where_the_steps_are_not_enough(
    request_: Request, conflict: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mag_rotation.propose.prices._STEPS", 0)
    found = propose(plan(*FOUR, count=6), request_)
    assert isinstance(found, Impossible)
    assert (words(found.conflict), found.smallest, found.proven) == (conflict, True, True)


@pytest.mark.parametrize("cap", [0, 1199, 1200, 9000])
def test_the_solver_finds_out_what_the_first_look_does_not_show(cap: int, monkeypatch: pytest.MonkeyPatch) -> None:
    request = Request(slots=3, grid=60, cap=cap, distinct=True, gap=60)
    usual = propose(plan(*FOUR, count=6), request)
    monkeypatch.setattr("mag_rotation.propose.solve._TRIES", 0)
    monkeypatch.setattr("mag_rotation.propose.solve._FEW_JOINS", 0)
    found = propose(plan(*FOUR, count=6), request)
    assert isinstance(found, Proposed) is isinstance(usual, Proposed)
    if isinstance(found, Proposed) and isinstance(usual, Proposed):
        assert (found.slots, found.bound, found.proven) == (usual.slots, usual.bound, usual.proven)
    else:
        assert found == usual


def test_a_conflict_that_took_all_the_steps_is_not_said_to_be_the_smallest(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = plan(*FOUR, count=6)
    request = Request(slots=3, grid=30, most_nights=0, distinct=True)
    monkeypatch.setattr("mag_rotation.propose.prices._STEPS", 0)
    monkeypatch.setattr("mag_rotation.propose.solve._by_solver", lambda *_others: None)
    found = propose(setting, request)
    assert isinstance(found, Impossible)
    assert (len(found.conflict), found.smallest, found.proven) == (2, False, True)


def test_a_call_lies_wholly_within_a_window() -> None:
    busy = never("06:00-19:00", "21:00-04:00")
    assert hours(propose(plan(busy), replace(ONE, windows=(Window(time(18), time(21)),)))) == [19]
    assert hours(propose(plan(busy), replace(ONE, utc_windows=(Window(time(20), time(21)),)))) == [20]
    found = propose(plan(busy), replace(ONE, windows=(Window(time(20, 30), time(5, 30)),), utc_windows=()))
    assert hours(found) == [4]


def test_a_call_may_not_begin_in_one_window_and_end_in_another() -> None:
    found = propose(plan(minutes=120), replace(ONE, windows=(Window(time(9), time(10)), Window(time(10), time(11)))))
    assert isinstance(found, Impossible)
    assert words(found.conflict) == ("calls within 09:00-10:00 or 10:00-11:00 UTC",)


def test_a_window_of_the_whole_day_holds_every_call() -> None:
    busy = never("01:00-23:30")
    assert hours(propose(plan(busy), replace(ONE, grid=30, windows=(Window(time(9), time(9)),)))) == [23]


def test_a_window_is_read_by_the_clock_that_is_shown_where_clocks_skip_an_hour() -> None:
    # 29 March 2026: 01:30 in London is 02:30 by the clock
    busy = never("02:00-00:30", "00:30-01:30")
    request = Request(slots=1, grid=30, zone=LONDON)
    setting = plan(busy, count=1, first=date(2026, 3, 29), minutes=30)
    shown = propose(setting, replace(request, windows=(Window(time(2), time(3)),)))
    assert isinstance(shown, Proposed)
    assert [f"{call.start:%H:%M}" for call in shown.calls] == ["01:30"]
    assert verify_proposal(setting, shown.request, ProposalClaim.of(shown)) == (shown, ())
    assert isinstance(propose(setting, replace(request, windows=(Window(time(1), time(2)),))), Impossible)


def test_a_window_goes_by_the_clock_of_the_request_for_a_slot_of_another_zone_too() -> None:
    sydney = Rotation(slots=(Slot(at=time(9), zone=SYDNEY, label="morning"),))  # 23:00 UTC
    setting = plan(rotation=sydney, count=2)
    request = replace(ONE, stay=("morning",), windows=(Window(time(8), time(18)),))
    found = propose(setting, request)
    assert isinstance(found, Impossible)
    assert words(found.conflict) == ("calls within 08:00-18:00 UTC", "the slot 09:00 Australia/Sydney stays")
    local = replace(request, zone=SYDNEY)
    held = propose(setting, local)
    assert isinstance(held, Proposed)
    assert verify_proposal(setting, local, ProposalClaim.of(held)) == (held, ())


def test_a_quorum_counts_seats_by_weight() -> None:
    two, one = replace(seat("UTC", name="two"), weight=2), seat(SYDNEY, name="one")
    assert hours(propose(plan(two, one), replace(ONE, quorum=3)))[0] in range(6, 13)
    assert isinstance(propose(plan(two, one), replace(ONE, quorum=4)), Impossible)


def test_members_who_take_no_part_fill_no_quorum() -> None:
    gone = replace(seat("UTC", name="gone"), left=week(2))
    found = propose(plan(UTC_SEAT, gone), replace(ONE, quorum=2))
    assert isinstance(found, Impossible)
    assert words(found.conflict) == ("at least 2 members out of the night at every call",)


@pytest.mark.parametrize("name", ["far", "chair"])
def test_whoever_is_named_or_has_the_role_is_out_of_the_night(name: str) -> None:
    far = replace(seat("Pacific/Auckland", name="far"), roles=("chair",))
    crowd = [seat("Europe/Lisbon", name=f"m{number}") for number in range(3)]
    found = propose(plan(far, *crowd), replace(ONE, awake=(name,), objective=Objective.TOTAL))
    assert isinstance(found, Proposed)
    assert [share.night_calls for share in found.shares if share.id == "far"] == [0]


def test_the_most_nights_are_those_of_all_calls_history_included() -> None:
    at_night = (Override(date=week(0), at=time(2)), Override(date=week(1), at=time(2)))
    setting = plan(overrides=at_night)
    assert isinstance(propose(setting, replace(ONE, most_nights=2)), Proposed)
    found = propose(setting, replace(ONE, most_nights=1))
    assert isinstance(found, Impossible)
    assert words(found.conflict) == ("at most 1 call in the night for anybody",)


def test_a_call_without_a_choice_breaks_no_constraint_of_single_calls() -> None:
    fixed = (Override(date=week(1), at=time(2)),)
    request = replace(ONE, awake=("utc",), quorum=1, windows=(Window(time(8), time(18)),))
    assert isinstance(propose(plan(overrides=fixed), request), Proposed)


def test_nobody_is_in_the_night_beside_a_fixed_call_in_the_night() -> None:
    fixed = (Override(date=week(1), at=time(2)),)
    busy = never("06:00-23:00")
    found = propose(plan(busy, overrides=fixed), replace(ONE, no_night_twice=True))
    assert isinstance(found, Impossible)
    assert words(found.conflict) == ("the hours that busy cannot attend", "no night twice running for anybody")
    between = (Extra(date=week(0).replace(day=10), at=time(12)), Extra(date=week(1).replace(day=18), at=time(12)))
    calm = plan(busy, count=3, overrides=fixed, extras=between)
    assert isinstance(propose(calm, replace(ONE, no_night_twice=True)), Proposed)


def test_two_fixed_calls_in_the_night_are_no_ground_to_refuse() -> None:
    fixed = (Override(date=week(0), at=time(2)), Override(date=week(1), at=time(2)))
    assert isinstance(propose(plan(overrides=fixed), replace(ONE, no_night_twice=True)), Proposed)


def test_slots_that_follow_each_other_are_apart_round_the_clock() -> None:
    found = propose(plan(never("06:00-21:00")), Request(slots=2, grid=60, gap=480))
    assert isinstance(found, Proposed)
    apart = abs(found.slots[0].at.hour - found.slots[1].at.hour)
    assert apart == 8 or 24 - apart == 8
    assert isinstance(propose(plan(never("06:00-21:00")), Request(slots=2, grid=60, gap=540)), Impossible)


GAPS: tuple[tuple[str, tuple[str, ...], int, int | None], ...] = (
    ("Europe/Zurich", ("06:00", "14:00", "22:00"), 480, None),
    ("America/New_York", ("00:30", "12:30"), 720, None),
    ("Australia/Lord_Howe", ("09:00", "17:15", "01:00"), 465, 466),  # its clock changes by half an hour
    ("Europe/London", ("01:30", "09:30"), 480, 481),  # 01:30 is skipped on a day of March
    ("Asia/Kolkata", ("23:00", "01:00"), 120, 121),
    ("UTC", ("00:00", "08:00", "16:00"), 480, None),
)


@pytest.mark.parametrize(("zone", "starts", "gap", "too_much"), GAPS, ids=[zone for zone, *_ in GAPS])
def test_slots_of_one_zone_are_apart_on_its_clock_all_year(
    zone: str, starts: tuple[str, ...], gap: int, too_much: int | None
) -> None:
    clock = tuple(Slot(at=time.fromisoformat(at), zone=ZoneName(zone)) for at in starts)
    setting = plan(rotation=Rotation(slots=clock), count=52, first=date(2025, 3, 4))
    every = tuple(range(1, len(clock) + 1))
    request = Request(slots=len(clock), grid=60, zone=ZoneName(zone), stay=every, gap=gap)
    found = propose(setting, request)
    assert isinstance(found, Proposed)
    assert verify_proposal(setting, request, ProposalClaim.of(found)) == (found, ())
    if too_much is not None:
        none = propose(setting, replace(request, gap=too_much))
        assert isinstance(none, Impossible)
        assert "between slots that follow each other" in " ".join(words(none.conflict))
        claim = replace(ProposalClaim.of(found), frontier=(), bound=0, proven=False)
        assert any(
            finding.code == "gap" for finding in verify_proposal(setting, replace(request, gap=too_much), claim)[1]
        )


def test_slots_of_different_zones_are_apart_on_the_clock_of_utc() -> None:
    # 20:00 in Zurich is 19:00 UTC in winter and 18:00 in summer
    mixed = Rotation(slots=(Slot(at=time(11)), Slot(at=time(20), zone=ZoneName("Europe/Zurich"))))
    winter, spring = (plan(rotation=mixed, count=6, first=first) for first in (date(2026, 1, 6), date(2026, 3, 10)))
    request = Request(slots=2, grid=60, stay=(1, 2), gap=480)
    assert isinstance(propose(winter, request), Proposed)
    assert isinstance(propose(spring, request), Impossible)
    assert isinstance(propose(spring, replace(request, gap=420)), Proposed)


def test_no_slot_comes_twice_where_it_may_not() -> None:
    assert len(set(hours(propose(plan(never("10:00-07:00")), Request(slots=2, grid=60, distinct=True))))) == 2
    found = propose(plan(never("09:00-07:00")), Request(slots=3, grid=60, distinct=True))
    assert isinstance(found, Impossible)
    assert words(found.conflict) == ("the hours that busy cannot attend", "no slot twice")


def test_a_cap_of_the_least_worst_is_kept_and_one_point_less_is_not() -> None:
    setting = plan(UTC_SEAT, seat(SYDNEY, name="sydney"), seat("America/Los_Angeles", name="angeles"))
    least = propose(setting, Request(slots=2, grid=60))
    assert isinstance(least, Proposed)
    capped = propose(setting, Request(slots=2, grid=60, cap=least.worst))
    assert isinstance(capped, Proposed)
    assert capped.worst == least.worst
    below = propose(setting, Request(slots=2, grid=60, cap=least.worst - 1))
    assert isinstance(below, Impossible)
    assert words(below.conflict) == (f"at most {least.worst - 1} point-minutes for anybody",)


def test_members_who_cannot_attend_at_the_same_hours_are_named_together() -> None:
    one, other = (seat("UTC", name=name, never=("00:00-00:00",)) for name in ("one", "other"))
    found = propose(plan(one, other, UTC_SEAT), ONE)
    assert isinstance(found, Impossible)
    assert words(found.conflict) == ("the hours that one and other cannot attend",)


CLASHES: tuple[tuple[Callable[[Request], Request], str], ...] = (
    (lambda ask: replace(ask, windows=(Window(time(9), time(10)),)), "calls within 09:00-10:00 UTC"),
    (lambda ask: replace(ask, quorum=1), "at least 1 member out of the night at every call"),
    (lambda ask: replace(ask, awake=("busy",)), "busy out of the night at every call"),
    (lambda ask: replace(ask, most_nights=0), "at most 0 calls in the night for anybody"),
    (lambda ask: replace(ask, no_night_twice=True), "no night twice running for anybody"),
    (lambda ask: replace(ask, cap=10), "at most 10 point-minutes for anybody"),
    (lambda ask: replace(ask, stay=("B",)), "the slot 14:00 UTC stays"),
)


@pytest.mark.parametrize(("put", "name"), CLASHES, ids=[name for _, name in CLASHES])
def test_a_constraint_that_clashes_with_a_member_is_named(put: Callable[[Request], Request], name: str) -> None:
    found = propose(plan(never("04:00-00:00")), put(ONE))
    assert isinstance(found, Impossible)
    assert words(found.conflict) == ("the hours that busy cannot attend", name)
