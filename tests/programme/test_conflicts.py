"""The conflicts of a programme: every rule at its edges, and all of them against every minute of every pair.

Law: the rules that are broken, by which sessions and people, are those that a search of every minute finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mag_rotation.audience import Audience
from mag_rotation.calls import Call, Status, unroll
from mag_rotation.hours import Window
from mag_rotation.limits import CONFLICTS
from mag_rotation.programme import (
    Conflict,
    Duty,
    Level,
    Programme,
    ProgrammeReport,
    ProgrammeSetting,
    Rule,
    Segment,
    Session,
    compute_session_nights,
    find_conflicts,
    make_programme_report,
    schedule_sessions,
)
from mag_rotation.report import sentence
from mag_rotation.roster import Member, Stay
from mag_rotation.series import Meeting, Phase, Rotation, Schedule, Series, Slot
from programmes import DAY, MEMBERS, PHASE, random_programmes, session
from strategies import seat
from twin_programme import conflicts_of

WHEN = "Sat 2020-10-24 09:00 UTC"
CROSSED = "one of the North and one of the South"


def calls_at(hour: int, *, cancelled: bool = False) -> tuple[Call, ...]:
    """A call of an hour on each of the three days."""
    calls = unroll(
        Series(
            meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
            schedule=Schedule(first=DAY, repeat="daily", count=3),
            rotation=Rotation(slots=(Slot(at=time(hour)),)),
        )
    )
    return tuple(replace(call, status=Status.CANCELLED) for call in calls) if cancelled else tuple(calls)


def report_of(
    programme: Programme,
    *sessions: Session,
    phases: Sequence[Phase] = (),
    calls: Sequence[Call] = (),
    members: Sequence[Member] = MEMBERS,
) -> ProgrammeReport:
    whole = replace(programme, sessions=sessions)
    setting = ProgrammeSetting(
        programme=whole, phases=tuple(phases), calls=tuple(calls), audience=Audience(members=tuple(members))
    )
    return make_programme_report(schedule_sessions(whole, phases), setting)


def find(
    programme: Programme,
    *sessions: Session,
    phases: Sequence[Phase] = (),
    calls: Sequence[Call] = (),
    members: Sequence[Member] = MEMBERS,
) -> tuple[Conflict, ...]:
    return report_of(programme, *sessions, phases=phases, calls=calls, members=members).conflicts


def said(*found: Conflict) -> list[str]:
    return [f"{one.level}: {sentence(one.fact)}" for one in found]


def people(*names: str, lead: int | None = 0) -> tuple[Duty, ...]:
    return tuple(Duty(member=name, role="speaker", lead=lead) for name in names)


@settings(max_examples=60, deadline=None)
@given(random_programmes(), st.sampled_from((calls_at(9), calls_at(12, cancelled=True))))
def test_the_rules_that_are_broken_are_those_that_a_search_of_every_minute_finds(
    case: tuple[Programme, tuple[Phase, ...]], calls: tuple[Call, ...]
) -> None:
    programme, phases = case

    found = find(programme, *programme.sessions, phases=phases, calls=calls)

    wanted = conflicts_of(schedule_sessions(programme, phases), programme, members=MEMBERS, phases=phases, calls=calls)
    assert sorted((str(one.rule), tuple(sorted(one.sessions)), one.people) for one in found) == wanted
    assert all(one.level is programme.level_of(one.rule) for one in found)
    assert [one.level for one in found] == sorted((one.level for one in found), key=list(Level).index)


@settings(max_examples=30, deadline=None)
@given(random_programmes(), st.integers(1, 2))
def test_the_conflicts_of_some_sessions_are_those_of_all_sessions_that_name_one_of_them(
    case: tuple[Programme, tuple[Phase, ...]], count: int
) -> None:
    programme, phases = case
    audience = Audience(members=MEMBERS)
    setting = ProgrammeSetting(programme=programme, phases=phases, calls=calls_at(9), audience=audience)
    nights = compute_session_nights(schedule_sessions(programme, phases), programme, audience)

    every = find_conflicts(nights, setting)

    for some in combinations([night.id for night in nights], count):
        wanted = tuple(one for one in every if not set(one.sessions).isdisjoint(some))
        assert find_conflicts(nights, setting, about=some) == wanted


def test_a_duty_may_begin_when_another_ends_and_a_lead_is_part_of_it() -> None:
    first = session("first", "09:00", people=people("ann"))

    assert find(Programme(), first, session("next", "10:00", people=people("ann"))) == ()
    assert said(*find(Programme(), first, session("next", "10:00", people=people("ann", "bo", lead=1)))) == [
        "error: ann has a duty in first and in next at the same time, Sat 2020-10-24 09:59 UTC"
    ]
    both = (session(name, "09:00", people=people("bo", "ann")) for name in ("b", "a"))
    assert said(*find(Programme(), *both)) == [
        "error: ann and bo have a duty in a and in b at the same time, Sat 2020-10-24 09:00 UTC"
    ]


def test_a_room_a_track_and_a_group_are_there_once_at_a_time() -> None:
    one = session("one", "09:00", room="main", track="data", groups={"language": "en"})
    other = replace(one, id="other", at=time(9, 59))

    assert said(*find(Programme(apart=("language", "seat")), one, other)) == [
        "error: one and other are in the room main at the same time, Sat 2020-10-24 09:59 UTC",
        (
            "error: one and other are at the same time, Sat 2020-10-24 09:59 UTC, and both have the language en, "
            "kept apart"
        ),
        "warning: one and other of the track data are at the same time, Sat 2020-10-24 09:59 UTC",
    ]
    assert find(Programme(apart=("language",)), one, replace(other, at=time(10))) == ()
    assert find(Programme(), replace(one, room="", track=""), replace(other, room="", track="")) == ()


@pytest.mark.parametrize(
    ("regions", "broken"),
    [(pair, pair not in {("N", "S"), ("S", "N")}) for pair in product(("N", "S", "-"), repeat=2)],
)
def test_two_regional_sessions_are_at_one_time_only_if_one_is_of_the_north_and_one_of_the_south(
    regions: tuple[str, str], *, broken: bool
) -> None:
    one, other = (session(name, "09:00", groups={"area": region}) for name, region in zip("ab", regions, strict=True))
    found = find(Programme(north=("N",), south=("S",), by="area"), one, other)

    assert said(*found) == (
        [f"error: a ({regions[0]}) and b ({regions[1]}) are at the same time, {WHEN}, and not {CROSSED}"]
        if broken
        else []
    )
    assert find(Programme(by="area"), one, other) == ()


def test_a_session_is_in_its_phase() -> None:
    sessions = (session("in", "09:00"), session("out", "27 09:00"), session("late", "28 09:00", phase="Phase II"))

    assert said(*find(Programme(), *sessions, phases=(PHASE,))) == [
        "error: out is on 2020-10-27, which is in no phase",
        "error: late is on 2020-10-28, which is not in its phase Phase II",
    ]
    assert find(Programme(), *sessions[:2]) == ()


def test_a_session_may_end_with_the_window_and_at_midnight() -> None:
    programme = Programme(window=Window(time(9), time(0)), zone="Europe/London")  # an hour ahead of UTC on that day

    assert find(programme, session("first", "08:00", zone="UTC"), session("last", "22:00", zone="UTC")) == ()
    assert said(*find(programme, session("early", "07:30", zone="UTC"), session("late", "22:15", zone="UTC"))) == [
        "error: early is outside the hours 09:00-24:00 Europe/London for 30 min",
        "error: late is outside the hours 09:00-24:00 Europe/London for 15 min",
        "warning: late lasts past midnight in Europe/London, until 2020-10-25 00:15",
    ]
    assert said(*find(Programme(), session("days", "23:00", 25 * 60))) == [
        "warning: days lasts past midnight in UTC, until 2020-10-26 00:00"
    ]


def test_segments_may_fill_a_session_and_not_overrun_it() -> None:
    agenda = tuple(Segment(title=f"Part {n}", minutes=n) for n in (10, 15, 15, 15, 25, 10))

    assert find(Programme(), session("data", "09:00", 90, segments=agenda)) == ()
    assert said(*find(Programme(), session("data", "09:00", 60, segments=agenda))) == [
        "error: the segments of data take 1 h 30, 30 min more than the session, which lasts 1 h"
    ]


def test_a_call_during_a_session_names_those_who_take_part_in_both() -> None:
    gone = replace(MEMBERS[0], id="dee", left=date(2020, 10, 1))
    one = session("data", "10:00", people=people("ann", "bo", "dee", lead=0))

    assert find(Programme(), one, calls=calls_at(9), members=(*MEMBERS, gone)) == ()
    assert said(*find(Programme(), one, calls=calls_at(10), members=(*MEMBERS, gone))) == [
        ("warning: the call of 2020-10-24, Sat 2020-10-24 10:00 UTC, is during data, in which ann and bo have a duty")
    ]
    early = replace(one, people=people("ann", lead=30))
    assert said(*find(Programme(), early, calls=calls_at(9))) == [
        "warning: the call of 2020-10-24, Sat 2020-10-24 09:00 UTC, is during data, in which ann has a duty"
    ]
    assert find(Programme(), early, calls=calls_at(9, cancelled=True)) == ()


def test_eleven_hours_of_rest_lie_between_the_duties_of_two_of_a_person_s_own_days() -> None:
    evening, morning = session("evening", "20:00", people=people("ann")), session("morning", "25 08:00")
    rested = replace(morning, people=people("ann"))
    tired = replace(morning, people=people("ann", lead=1))

    assert find(Programme(), evening, rested) == ()
    assert said(*find(Programme(), evening, tired)) == [
        "error: ann rests for 10 h 59 between evening and morning, less than 11 h"
    ]
    assert find(Programme(rules={Rule.SHORT_REST: Level.OFF}), evening, tired) == ()
    assert said(*find(Programme(rules={Rule.SHORT_REST: Level.WARNING}, rest=720), evening, rested)) == [
        "warning: ann rests for 11 h between evening and morning, less than 12 h"
    ]
    # 20:00 and 08:00 UTC are 13:00 and 01:00 in Los Angeles: two days; 09:00 and 18:00 UTC are one there
    by_cy = [session("a", "09:00", people=people("cy")), session("b", "18:00", people=people("cy"))]
    by_bo = [replace(one, people=people("bo")) for one in by_cy]
    assert find(Programme(), *by_cy) == ()
    assert [one.people for one in find(Programme(), *by_bo)] == [("bo",)]


def test_duties_that_overlap_leave_no_rest() -> None:
    long = session("long", "22:00", 4 * 60, people=people("ann"))
    found = find(Programme(rules={Rule.PAST_MIDNIGHT: Level.OFF}), long, session("b", "25 01:00", people=people("ann")))

    assert said(*found) == [
        "error: ann has a duty in long and in b at the same time, Sun 2020-10-25 01:00 UTC",
        "error: ann rests for 0 min between long and b, less than 11 h",
    ]


def test_a_traveller_s_days_are_those_of_the_place() -> None:
    stay = Stay(first=DAY, last=DAY, zone="Asia/Tokyo")
    away = replace(seat("America/Los_Angeles", name="ann"), stays=(stay,))
    # 09:00 on the 24th in Tokyo, and 19:00 on the 24th in Los Angeles
    one = session("one", "00:00", people=people("ann"))
    other = session("other", "25 02:00", people=people("ann"))

    programme = Programme(rest=48 * 60)
    assert find(programme, one, other, members=(away,)) == ()
    assert [str(found.rule) for found in find(programme, one, other, members=(replace(away, stays=()),))] == [
        "short-rest"
    ]


def test_nobody_and_nothing_break_no_rule() -> None:
    assert find(Programme()) == ()
    assert find(Programme(), session("alone", "09:00"), members=()) == ()
    assert find(Programme(), session("alone", "09:00", people=people("zoe")), calls=calls_at(9), members=()) == ()


def test_only_the_first_conflicts_of_a_rule_are_listed() -> None:
    crowd = [session(f"s{number}", "09:00", room="main") for number in range(150)]
    found = report_of(Programme(), *crowd)

    assert len(found.conflicts) == CONFLICTS < 150 * 149 // 2
    assert list(map(sentence, found.warnings)) == [
        "room-twice: only the first 10,000 conflicts are listed; mend these first"
    ]


def test_a_report_has_sessions_by_start_and_what_is_odd_about_them() -> None:
    gone = replace(MEMBERS[0], id="dee", left=date(2020, 10, 1))
    spring = session("spring", "01:30", date=date(2020, 3, 29), zone="Europe/London")
    autumn = session("autumn", "25 01:30", zone="Europe/London", people=people("dee", "ann"))

    found = report_of(Programme(), autumn, spring, members=(*MEMBERS, gone))

    assert [row.id for row in found] == ["spring", "autumn"]
    assert [row.id for row in found["autumn"]] == ["ann"]
    assert list(map(sentence, found.warnings)) == [
        "spring: its wall time is skipped by a clock change in Europe/London and was moved past the gap",
        "autumn: its wall time happens twice in Europe/London; the first was taken",
        "autumn: dee is named but takes no part in the plan on that date",
    ]
    assert report_of(Programme()).warnings == ()


def test_the_key_of_a_conflict_stays_when_sessions_change_places() -> None:
    pair = session("a", "09:00", room="main"), session("b", "09:15", room="main")
    swapped = replace(pair[0], at=time(9, 30)), pair[1]

    (before,), (after,) = find(Programme(), *pair), find(Programme(), *swapped)

    assert before.key == after.key
    assert before.sessions == ("a", "b")
    assert after.sessions == ("b", "a")
    assert after.fact.figures["start"] == datetime(2020, 10, 24, 9, 30, tzinfo=UTC)
    assert after.fact.figures["start"] == before.fact.figures["start"] + timedelta(minutes=15)  # type: ignore[operator]
