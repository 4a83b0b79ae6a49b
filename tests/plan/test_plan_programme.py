"""A plan with a programme: its sessions, its people, and what does not fit.

Law: the people of sessions are members, and the phases of sessions are phases of the plan.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from mag_rotation.errors import InvalidEdit, InvalidProgramme, UnknownSession
from mag_rotation.plan import Plan
from mag_rotation.plan.season import next_season
from mag_rotation.programme import Duty, Level, Programme, Repeat, Rule, Session
from mag_rotation.roster import Member
from mag_rotation.series import Meeting, Phase, Rotation, Schedule, Slot

EVENT = date(2020, 11, 9)
DATA = Session(
    id="data", title="Data", date=EVENT, at=time(18, 30), minutes=90, people=(Duty(member="ann", role="speaker"),)
)
LUNCH = Session(id="lunch", title="Lunch", date=EVENT, at=time(12), minutes=60, repeat=Repeat.DAILY)
PLAN = Plan(
    meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
    schedule=Schedule(first=date(2020, 10, 6), repeat="weekly", count=8),
    rotation=Rotation(slots=(Slot(at=time(14)), Slot(at=time(20)))),
    phases=(Phase(name="Phase II", first=EVENT, last=date(2020, 11, 17), calls=False),),
    members=(Member(id="ann", zone="Europe/Zurich"), Member(id="bo", zone="Asia/Tokyo")),
    programme=Programme(sessions=(DATA, LUNCH)),
)


def test_a_plan_has_the_sessions_of_its_programme_by_start_and_finds_them_by_id() -> None:
    assert [session.id for session in PLAN.sessions][:3] == ["lunch-1", "data", "lunch-2"]
    assert PLAN.session("data").phase == "Phase II"
    assert replace(PLAN, programme=None).sessions == ()
    assert replace(PLAN, programme=None) != PLAN


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("lunch", "'lunch' is not a session of this plan; did you mean lunch-1 or lunch-2 or lunch-3?"),
        ("datum", "'datum' is not a session of this plan; did you mean data?"),
        ("opening", "'opening' is not a session of this plan; see the ids in its programme"),
    ],
)
def test_a_session_that_there_is_not_is_named_with_the_nearest(wanted: str, said: str) -> None:
    with pytest.raises(UnknownSession) as refused:
        PLAN.session(wanted)

    assert str(refused.value) == said


def test_a_plan_without_sessions_has_none_to_find() -> None:
    with pytest.raises(UnknownSession, match="'data' is not a session of this plan; it has none"):
        replace(PLAN, programme=None).session("data")


def test_people_and_phases_that_the_plan_does_not_have_are_all_named() -> None:
    strangers = tuple(Duty(member=name, role="speaker") for name in ("anne", "zoe"))
    sessions = (replace(DATA, people=strangers), replace(LUNCH, phase="Phase 2"))

    with pytest.raises(InvalidProgramme) as refused:
        replace(PLAN, programme=Programme(sessions=sessions))

    assert list(map(str, refused.value.mistakes)) == [
        "sessions[1].phase: found 'Phase 2', which is not a phase; did you mean 'Phase II'?",
        "sessions[0].people[0].id: 'anne' is not a member of this plan; did you mean ann?",
        "sessions[0].people[1].id: 'zoe' is not a member of this plan; see the ids in the roster",
    ]


def test_many_people_who_are_not_members_are_named_in_part() -> None:
    strangers = tuple(Duty(member=f"x{number}", role="speaker") for number in range(140))

    with pytest.raises(InvalidProgramme) as refused:
        replace(PLAN, programme=Programme(sessions=(replace(DATA, people=strangers),)))

    assert len(refused.value.mistakes) == 101
    assert str(refused.value.mistakes[-1]) == "sessions: found 40 more people who are not members; mend these first"


def test_the_sessions_stay_in_the_plan_that_prepared_them() -> None:
    rules = {Rule.SHORT_REST: Level.OFF}
    after = next_season(replace(PLAN, programme=Programme(sessions=(DATA, LUNCH), rules=rules)), date(2020, 12, 1))

    assert after.plan.programme == Programme(rules=rules)
    assert after.ended.sessions == PLAN.sessions
    assert next_season(replace(PLAN, programme=None), date(2020, 12, 1)).plan.programme is None


def test_a_plan_reports_nights_and_conflicts_of_its_sessions() -> None:
    beside = replace(DATA, id="inclusion", people=(Duty(member="bo", role="moderator", lead=30),), room="main")
    plan = replace(PLAN, programme=Programme(sessions=(replace(DATA, room="main"), beside)))

    found = plan.programme_report()

    assert [(row.id, row.in_night) for row in found] == [("data", ()), ("inclusion", ("bo",))]
    assert [(str(one.rule), one.sessions) for one in found.conflicts] == [("room-twice", ("data", "inclusion"))]
    assert len(replace(PLAN, programme=None).programme_report()) == 0


def test_a_call_of_the_plan_is_held_against_the_duties_of_its_members() -> None:
    beside = replace(DATA, date=date(2020, 10, 6), at=time(14, 30))
    plan = replace(PLAN, programme=Programme(sessions=(beside,)))

    assert [str(one.rule) for one in plan.programme_report().conflicts] == ["outside-phase", "call-during-session"]


def test_duties_join_the_ledger_only_when_they_are_asked_for() -> None:
    late = replace(
        DATA,
        at=time(23),
        minutes=60,
        people=(Duty(member="ann", role="moderator"), Duty(member="ann", role="speaker", lead=60)),
    )
    plan = replace(PLAN, programme=Programme(sessions=(late,)))
    without, found = plan.fairness(), plan.fairness(sessions=plan.sessions)

    # from 23:00 to 01:00 in Zurich, once: 7 + 8 points an hour
    assert found["ann"].burden == without["ann"].burden + 60 * (7 + 8)
    assert found["ann"].night_calls == without["ann"].night_calls + 1
    assert found["ann"].regret == without["ann"].regret
    assert (found["ann"].duties, found["ann"].calls, without["ann"].duties) == (1, without["ann"].calls, 0)
    assert found["bo"] == without["bo"]
    assert replace(plan, programme=None).fairness(sessions=plan.sessions) == without


def test_a_member_with_duties_alone_has_a_share_and_a_streak_in_the_order_of_the_starts() -> None:
    sessions = tuple(
        replace(DATA, id=f"s{hour}", at=time(hour), minutes=30, date=date(2020, 11, 10)) for hour in (23, 3, 12)
    )
    plan = replace(PLAN, programme=Programme(sessions=sessions))

    share = plan.fairness((), sessions=plan.sessions)["ann"]

    assert (share.calls, share.duties, share.night_calls, share.longest_night_streak) == (0, 3, 2, 1)
    assert share.burden_per_call == share.burden / 3
    assert share.best_possible == share.burden
    assert plan.sensitivity(plan.fairness((), sessions=plan.sessions), (), sessions=plan.sessions) == ()


def test_a_plan_proposes_other_times_for_its_sessions_with_or_without_its_calls() -> None:
    late = replace(DATA, at=time(23), minutes=60)
    early = replace(LUNCH, repeat=None)
    plan = replace(PLAN, programme=Programme(sessions=(late, early)))
    calls = plan.fairness()

    starts, with_calls = plan.propose_starts("data"), plan.propose_starts("data", with_calls=True)

    assert len(starts) == len(with_calls) == 9 * 48
    assert starts.present.worst == plan.programme_report()["data"]["ann"].night.burden
    assert with_calls.present.total == starts.present.total + calls.total
    assert [swap.id for swap in plan.propose_swaps()] == ["lunch data"]
    assert (
        plan.propose_swaps("data").present.total
        == plan.propose_swaps("data", with_calls=True).present.total - calls.total
    )


def test_reports_of_sessions_are_tables_with_the_names_of_the_documents() -> None:
    plan = replace(PLAN, programme=Programme(sessions=(DATA, replace(LUNCH, repeat=None))))
    report = plan.programme_report()

    duty, start = report["data"].to_records()[0], plan.propose_starts("data").to_records()[0]
    assert set(report.to_records()[0]) == {"id", "title", "start", "end", "in_night"}
    names = "id role local_start day_shift duty_start band night_minutes in_night burden segments_in_night"
    assert set(names.split()) < set(duty)
    assert {"id", "standing", "dominated", "worst", "in_night", "total"} < set(start)
    assert "Lunch" in report._repr_html_()
    with pytest.raises(UnknownSession, match="did you mean data"):
        report["dato"]


def test_a_plan_is_not_cut_before_its_sessions() -> None:
    with pytest.raises(InvalidEdit, match="the plan has sessions on 2020-11-09 and later, up to 2020-11-17"):
        next_season(PLAN, date(2020, 10, 20), cut=True)

    assert next_season(replace(PLAN, programme=None), date(2020, 10, 20), cut=True).ended.programme is None
    assert next_season(PLAN, date(2020, 11, 18), cut=True).ended.sessions == PLAN.sessions
