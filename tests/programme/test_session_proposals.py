"""Other times for sessions: every start of one, and exchanges of two.

Law: what is proposed, and its figures, are those of a search that works the whole programme out again each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings

from mag_rotation.audience import Audience
from mag_rotation.calls import Call
from mag_rotation.choice import Standing
from mag_rotation.errors import InvalidValue, UnknownSession
from mag_rotation.hours import Hours, Window
from mag_rotation.limits import EXCHANGED_SESSIONS
from mag_rotation.programme import (
    Duty,
    Level,
    Programme,
    ProgrammeSetting,
    Repeat,
    Rule,
    ScheduledSession,
    Segment,
    StartProposals,
    SwapProposals,
    propose_starts,
    propose_swaps,
    schedule_sessions,
)
from mag_rotation.roster import Member
from mag_rotation.series import Phase
from programmes import DAY, MEMBERS, PHASE, random_programmes, session
from strategies import seat, span
from twin_night import clock
from twin_programme import Times, conflicts_of, is_dominated, may_take_place, minutes_from, replaced, times_of

ROSTER = (replace(MEMBERS[0], never=(span("02:00-04:30"),)), replace(MEMBERS[1], weight=2), MEMBERS[2])
BEFORE = {"cy": 500, "bo": 90}
HOURS = Hours()


def setting_of(
    programme: Programme, phases: Sequence[Phase] = (), calls: Sequence[Call] = (), members: Sequence[Member] = ROSTER
) -> ProgrammeSetting:
    return ProgrammeSetting(
        programme=programme, phases=tuple(phases), calls=tuple(calls), audience=Audience(members=tuple(members))
    )


def starts_of(programme: Programme, wanted: str, *, phases: Sequence[Phase] = (), step: int = 60) -> StartProposals:
    return propose_starts(
        wanted, schedule_sessions(programme, phases), setting_of(programme, phases), step=step, before=BEFORE
    )


def swaps_of(programme: Programme, *, phases: Sequence[Phase] = (), only: str | None = None) -> SwapProposals:
    return propose_swaps(schedule_sessions(programme, phases), setting_of(programme, phases), only=only, before=BEFORE)


def moved_to(one: ScheduledSession, start: datetime, *, day: date, at: time, zone: str | None) -> ScheduledSession:
    changed = replace(one.session, date=day, at=at, zone=zone)
    return replace(one, session=changed, start=start, end=start + timedelta(minutes=one.session.minutes))


def errors_of(
    sessions: Sequence[ScheduledSession], programme: Programme, phases: Sequence[Phase], about: Sequence[str]
) -> set[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    found = conflicts_of(sessions, programme, members=ROSTER, phases=phases, calls=())
    return {
        one
        for one in found
        if programme.level_of(Rule(one[0])) is Level.ERROR and set(one[1]) & set(about) and one[0] != "segments-overrun"
    }


def list_hours(now: ScheduledSession, days: Sequence[date], programme: Programme) -> Iterator[ScheduledSession]:
    """The session at every full hour of its zone on some days, told apart from hours that clocks skip."""
    there = clock(now.zone)
    for day in days:
        for hour in range(24):
            wall = datetime.combine(day, time(hour), tzinfo=there)
            start = wall.astimezone(UTC)
            exists = start.astimezone(there).replace(tzinfo=None) == wall.replace(tzinfo=None)
            moved = moved_to(now, start, day=day, at=time(hour), zone=now.session.zone)
            if exists and start != now.start and is_in_window(moved, programme):
                yield moved


def is_in_window(one: ScheduledSession, programme: Programme) -> bool:
    walls = (minute.astimezone(clock(programme.zone)) for minute in minutes_from(one.start, one.end))
    return programme.window is None or all(wall.time().replace(second=0) in programme.window for wall in walls)


@settings(max_examples=25, deadline=None)
@given(random_programmes())
def test_the_starts_of_a_session_are_those_that_a_search_of_every_hour_finds(
    case: tuple[Programme, tuple[Phase, ...]],
) -> None:
    programme, phases = case
    sessions = schedule_sessions(programme, phases)
    now = sessions[0]
    phase = next((one for one in phases if one.name == now.phase), None)
    ends = (phase.first, phase.last) if phase else tuple(f(one.session.date for one in sessions) for f in (min, max))
    days = [ends[0] + timedelta(days=number) for number in range((ends[1] - ends[0]).days + 1)]

    wanted: dict[datetime, Times] = {}
    for one in (now, *list_hours(now, days, programme)):
        around = replaced(sessions, one)
        is_possible = may_take_place(one, now, programme, ROSTER, HOURS)
        if one is now or (is_possible and not errors_of(around, programme, phases, [now.id])):
            wanted[one.start] = times_of(around, programme, ROSTER, HOURS, before=BEFORE, nights_of=[now.id])
    is_right = not errors_of(sessions, programme, phases, [now.id])
    free = [times for start, times in wanted.items() if start != now.start or is_right]

    found = starts_of(programme, now.id, phases=phases)

    assert {one.session.start: Times(worst=one.worst, nights=one.in_night, total=one.total) for one in found} == wanted
    assert len(found) == len(wanted)
    assert found.present.session == now
    rest = found.starts if is_right else found.starts[1:]
    assert [one.dominated for one in rest] == [is_dominated(wanted[one.session.start], free) for one in rest]


@settings(max_examples=20, deadline=None)
@given(random_programmes())
def test_the_exchanges_are_those_that_a_search_of_every_pair_finds(case: tuple[Programme, tuple[Phase, ...]]) -> None:
    programme, phases = case
    sessions = schedule_sessions(programme, phases)
    ids = [one.id for one in sessions]
    now = times_of(sessions, programme, ROSTER, HOURS, before=BEFORE, nights_of=ids)
    known = errors_of(sessions, programme, phases, ids)

    wanted: dict[tuple[str, str], Times] = {}
    for one, other in combinations(sessions, 2):
        pair = [
            moved_to(each, to.start, day=to.session.date, at=to.session.at, zone=to.session.zone)
            for each, to in ((one, other), (other, one))
        ]
        around = replaced(sessions, *pair)
        times = times_of(around, programme, ROSTER, HOURS, before=BEFORE, nights_of=ids)
        gains = times.worst < now.worst or times.nights < now.nights or times.total < now.total
        possible = all(
            may_take_place(each, old, programme, ROSTER, HOURS) for each, old in zip(pair, (one, other), strict=True)
        )
        if gains and possible and one.start != other.start and errors_of(around, programme, phases, ids) <= known:
            wanted[one.id, other.id] = times

    found = swaps_of(programme, phases=phases)

    assert {
        (one.first.id, one.second.id): Times(worst=one.worst, nights=one.in_night, total=one.total) for one in found
    } == wanted
    assert [one.dominated for one in found] == [
        is_dominated(wanted[one.first.id, one.second.id], wanted.values()) for one in found
    ]
    assert Times(worst=found.present.worst, nights=found.present.nights, total=found.present.total) == now


SPEAKER = (Duty(member="bo", role="speaker"),)
"""In the Chathams, where 09:00 UTC is 22:45."""


def test_a_time_that_dominates_the_present_one_is_recommended_and_the_present_one_stands_first() -> None:
    programme = Programme(sessions=(session("data", "12:00", people=SPEAKER),), window=Window(time(9), time(20)))

    found = starts_of(programme, "data", phases=(replace(PHASE, last=DAY),), step=30)

    assert found.present.id == "2020-10-24T12:00Z"
    assert found.present.comparison is None
    assert found.present.standing is Standing.SAME
    best = found.recommended
    assert best is not None
    # 19:00 UTC is 08:45 in the Chathams, and no later start ends by 20:00
    assert (best.id, best.in_night, best.standing) == ("2020-10-24T19:00Z", 0, Standing.BETTER)
    assert found["2020-10-24T19:00Z"] is best
    assert len(found) == 21


def test_where_the_present_time_breaks_a_rule_the_fairest_of_the_others_is_recommended() -> None:
    fine = session("data", "20:00", room="main", people=SPEAKER)  # 09:45 in the Chathams
    beside = session("beside", "19:00", 120, room="main")
    programme = Programme(sessions=(fine, beside), window=Window(time(8), time(22)))

    found = starts_of(programme, "data", phases=(replace(PHASE, last=DAY),))

    assert [str(one.rule) for one in found.present.conflicts] == ["room-twice"]
    assert not found.present.dominated
    assert found.recommended is found.starts[1]
    hours = [one.session.start.hour for one in found.starts[1:]]
    assert sorted(hours) == [*range(8, 19), 21]


def test_nothing_is_recommended_where_nothing_is_better() -> None:
    programme = Programme(sessions=(session("data", "20:00"),))

    found = starts_of(programme, "data", phases=(PHASE,))

    assert found.recommended is None
    assert len(found) == 72
    assert {one.standing for one in found} == {Standing.SAME}


def test_a_day_that_the_zone_does_not_have_and_the_second_of_two_hours_are_no_starts() -> None:
    phase = Phase(name="Phase", first=date(2011, 12, 29), last=date(2011, 12, 31))
    sunday = replace(PHASE, first=date(2020, 10, 25), last=date(2020, 10, 25))
    apia = session("apia", "09:00", date=date(2011, 12, 29), zone="Pacific/Apia")
    london = session("london", "25 09:00", zone="Europe/London")

    in_apia = starts_of(Programme(sessions=(apia,)), "apia", phases=(phase,))
    in_london = starts_of(Programme(sessions=(london,)), "london", phases=(sunday,))

    assert sorted({one.session.session.date.day for one in in_apia}) == [29, 31]
    assert len(in_apia) == 48
    assert len(in_london) == 24


def test_a_present_time_off_the_grid_is_kept() -> None:
    found = starts_of(Programme(sessions=(session("data", "12:07"),)), "data")

    assert len(found) == 25
    assert found.present.session.session.at == time(12, 7)


def test_sessions_of_unequal_length_are_exchanged_where_it_helps() -> None:
    late = session("late", "12:00", people=SPEAKER)
    early = session("early", "20:00", 90, people=(Duty(member="ann", role="speaker"),))
    programme = Programme(sessions=(late, early))

    (found,) = swaps_of(programme)

    assert found.id == "late early"
    assert (found.first.start.hour, found.second.start.hour) == (20, 12)
    assert found.comparison.standing is Standing.BETTER
    assert swaps_of(programme, only="early")["early late"].figures == found.figures
    # the longer of the two would end after the window does
    longer = replace(programme, sessions=(replace(late, minutes=120), replace(early, minutes=60)))
    assert len(swaps_of(longer)) == 1
    assert len(swaps_of(replace(longer, window=Window(time(12), time(21))))) == 0


def test_an_exchange_may_bring_a_new_warning_and_says_so() -> None:
    late = session("late", "12:00", 5 * 60 + 30, people=SPEAKER)

    (found,) = swaps_of(Programme(sessions=(late, session("early", "19:00", 30))))

    assert [str(one.rule) for one in found.conflicts] == ["past-midnight"]


@pytest.mark.parametrize("step", [0, 4, 7, 1441])
def test_a_step_is_a_part_of_a_day(step: int) -> None:
    with pytest.raises(InvalidValue, match=f"found a step of {step} minutes"):
        starts_of(Programme(sessions=(session("data", "12:00"),)), "data", step=step)


def test_a_session_that_there_is_not_is_refused() -> None:
    programme = Programme(sessions=(session("data", "12:00"),))

    with pytest.raises(UnknownSession):
        starts_of(programme, "dato")
    with pytest.raises(UnknownSession):
        swaps_of(programme, only="dato")


def test_all_pairs_of_a_large_programme_are_refused_and_one_session_is_tried_with_the_others() -> None:
    crowd = tuple(session(f"s{number}", "12:00") for number in range(EXCHANGED_SESSIONS))
    programme = Programme(sessions=(*crowd, session("last", "20:00", people=SPEAKER)))

    with pytest.raises(InvalidValue, match="found 201 sessions; all pairs are tried of 200 at most"):
        swaps_of(programme)
    assert swaps_of(programme, only="last").swaps == ()
    assert swaps_of(Programme(sessions=crowd)).swaps == ()


def test_one_session_and_none_have_no_exchange() -> None:
    assert len(swaps_of(Programme(sessions=(session("data", "12:00"),)))) == 0
    assert len(swaps_of(Programme())) == 0


def test_a_day_and_a_person_of_its_own_zone_with_three_quarters_of_an_hour() -> None:
    programme = Programme(sessions=(session("data", "09:45", zone="Pacific/Chatham", people=SPEAKER),))
    member = seat("Pacific/Chatham", name="bo")

    found = propose_starts("data", schedule_sessions(programme), setting_of(programme, members=[member]))

    assert len(found) == 49
    assert {one.session.session.at.minute for one in found.starts[1:]} == {0, 30}
    assert found.present.total == 0


def test_the_days_of_a_session_that_repeats_keep_their_hour() -> None:
    daily = replace(session("lunch", "20:00"), repeat=Repeat.DAILY, until=date(2020, 10, 26))
    programme = Programme(sessions=(session("data", "12:00", people=SPEAKER), daily))

    assert len(swaps_of(programme)) == 0
    for wanted in ("lunch", "lunch-2"):
        said = f"found '{wanted}', a session that repeats or one of its days"
        with pytest.raises(InvalidValue, match=said):
            starts_of(programme, wanted)
        with pytest.raises(InvalidValue, match=said):
            swaps_of(programme, only=wanted)
    assert len(starts_of(programme, "data")) > 1


def test_segments_that_overrun_leave_the_times_of_their_session_open() -> None:
    long = session("data", "12:00", people=SPEAKER, segments=(Segment(title="Talks", minutes=90),))

    found = starts_of(Programme(sessions=(long,), window=Window(time(9), time(20))), "data")

    assert [str(one.rule) for one in found.present.conflicts] == ["segments-overrun"]
    assert found.recommended is not None
    assert found.recommended.standing is Standing.BETTER


def test_an_exchange_takes_the_date_of_the_other_in_its_zone() -> None:
    # both are at 20:00 UTC on the 24th, which is the 25th in the Chathams: a day that is in no phase here
    there = session("there", "25 09:45", zone="Pacific/Chatham")
    here = session("here", "24 20:00")
    late = session("late", "24 12:00", people=SPEAKER)
    phase = replace(PHASE, last=DAY)
    off = {Rule.OUTSIDE_PHASE: Level.OFF}

    assert [one.id for one in swaps_of(Programme(sessions=(there, here, late)), phases=(phase,))] == ["late here"]
    assert {one.id for one in swaps_of(Programme(sessions=(there, here, late), rules=off), phases=(phase,))} == {
        "late here",
        "late there",
    }


def test_of_times_with_equal_figures_the_nearest_day_and_hour_come_first() -> None:
    programme = Programme(sessions=(session("data", "25 20:00"),), window=Window(time(19), time(23)))

    found = starts_of(programme, "data", phases=(PHASE,))

    assert len({one.figures for one in found}) == 1
    assert [one.id[8:] for one in found.starts[1:7]] == [
        *("25T19:00Z", "25T21:00Z", "25T22:00Z"),
        *("24T22:00Z", "24T21:00Z", "26T19:00Z"),
    ]
