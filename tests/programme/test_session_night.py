"""Who is in the night at a session and for which segment, with their lead.

Law: a duty costs what a call of the same minutes costs whose lead is the duty's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mag_rotation.audience import Audience
from mag_rotation.hours import Hours
from mag_rotation.programme import (
    Duty,
    Programme,
    ProgrammeWarning,
    Segment,
    Session,
    SessionNight,
    compute_session_nights,
    list_main_duties,
    schedule_sessions,
    warn_of_sessions,
)
from mag_rotation.roster import DaysOff, Member, Stay
from strategies import at, hours_of_plans, lengths, meeting_of, rosters_at, seat, spares
from twin_night import row_of, said
from twin_programme import lead_of, segments_in_night

AGENDA = tuple(Segment(title=f"Part {n}", minutes=n) for n in (10, 15, 15, 15, 25, 10))
BRISBANE = seat("Australia/Brisbane", name="tec-08")


def find_night(session: Session, members: Sequence[Member], programme: Programme | None = None) -> SessionNight:
    """Who is in the night at the first session of a programme that has this one alone."""
    of_it = replace(programme or Programme(), sessions=(session,))
    return compute_session_nights(schedule_sessions(of_it), of_it, Audience(members=tuple(members)))[0]


def session_at(start: datetime, minutes: int, people: Sequence[Duty], segments: tuple[Segment, ...] = ()) -> Session:
    return Session(
        id="data",
        title="Data",
        date=start.date(),
        at=start.time(),
        minutes=minutes,
        segments=segments,
        people=tuple(people),
    )


@settings(max_examples=40, deadline=None)
@given(rosters_at(), lengths, hours_of_plans, st.lists(st.one_of(st.none(), spares), min_size=4, max_size=4), spares)
def test_a_duty_costs_what_a_call_of_the_same_minutes_costs_whose_lead_is_the_duty_s(
    roster: tuple[datetime, tuple[Member, ...]], minutes: int, hours: Hours, leads: list[int | None], overrun: int
) -> None:
    start, members = roster[0].replace(second=0), roster[1]
    duties = [Duty(member=one.id, role="speaker", lead=lead) for one, lead in zip(members, leads, strict=False)]
    agenda = tuple(Segment(title=str(n), minutes=1 + minutes // 3) for n in range(4))
    programme = Programme(sessions=(session_at(start, minutes, duties, agenda),), join_ahead={"speaker": 7})
    audience = Audience(members=members, hours=hours, overrun=overrun)

    session = schedule_sessions(programme)[0]
    found = compute_session_nights((session,), programme, audience)[0]

    wanted = []
    for member, duty in zip(members, duties, strict=False):
        ready = replace(member, lead=lead_of(duty, member, programme))
        row = row_of(ready, start=start, minutes=minutes, meeting=meeting_of(), hours=hours)
        if row is not None:
            early = start - timedelta(minutes=ready.lead or 0)
            wanted.append((row, early, segments_in_night(session, member, audience)))
    assert [(said(one.night), one.start, one.segments_in_night) for one in found] == wanted


def test_a_session_at_1830_utc_is_at_0430_in_brisbane_with_a_duty_from_0300() -> None:
    duty = Duty(member="tec-08", role="technical", lead=90)
    found = find_night(session_at(at("2020-11-11T18:30Z"), 90, [duty], AGENDA), [BRISBANE])["tec-08"]

    assert found.night.local_start.isoformat() == "2020-11-12T04:30:00+10:00"
    assert found.duty_start.isoformat() == "2020-11-12T03:00:00+10:00"
    assert (found.start, found.end) == (datetime(2020, 11, 11, 17, tzinfo=UTC), datetime(2020, 11, 11, 20, tzinfo=UTC))
    assert (found.night.day_shift, found.night.band, found.night.night_minutes) == (1, "night", 180)
    assert found.night.burden == 3 * 60 * 10
    assert found.in_night
    assert found.segments_in_night == tuple(part.title for part in AGENDA)


def test_a_session_whose_second_half_is_in_the_night_names_those_segments_alone() -> None:
    duty = Duty(member="ann", role="speaker")
    found = find_night(session_at(at("2020-11-09T22:20Z"), 90, [duty], AGENDA), [seat(name="ann")])["ann"]

    # 22:20 and 10 + 15 + 15 are 23:00: the first half is in the evening
    assert found.segments_in_night == ("Part 15", "Part 25", "Part 10")
    assert found.night.night_minutes == 50
    assert found.night.band == "evening"


def test_the_lead_is_in_the_night_and_no_segment_is() -> None:
    duty = Duty(member="ann", role="speaker", lead=30)
    found = find_night(session_at(at("2020-11-09T06:00Z"), 90, [duty], AGENDA), [seat(name="ann")])["ann"]

    assert (found.night.night_minutes, found.segments_in_night, found.in_night) == (30, (), True)


def test_a_segment_past_the_end_of_its_session_is_not_counted() -> None:
    agenda = (*(Segment(title=title, minutes=60) for title in ("first", "second", "third")),)
    duty = Duty(member="ann", role="speaker")
    found = find_night(session_at(at("2020-11-09T22:30Z"), 60, [duty], agenda), [seat(name="ann")])["ann"]

    assert found.segments_in_night == ("first",)


def test_people_come_in_the_order_of_the_roster_and_one_of_two_roles_is_the_main_one() -> None:
    members = [seat(name="bo"), seat(name="ann"), seat(name="cy")]
    duties = [
        Duty(member="ann", role="rapporteur"),
        Duty(member="ann", role="moderator", lead=30),
        Duty(member="stranger", role="speaker"),
        Duty(member="bo", role="speaker", lead=5),
    ]
    found = find_night(session_at(at("2020-11-09T23:00Z"), 60, duties), members)

    assert [(row.id, row.role) for row in found] == [("bo", "speaker"), ("ann", "rapporteur"), ("ann", "moderator")]
    assert found.in_night == ("bo", "ann")
    assert found.id == "data"
    assert [(row.session.id, row.role) for row in list_main_duties([found])] == [
        ("data", "speaker"),
        ("data", "moderator"),
    ]


def test_a_stay_decides_the_zone_and_an_absent_member_is_named() -> None:
    stay = Stay(first=date(2020, 11, 10), last=date(2020, 11, 12), zone="Australia/Brisbane")
    away = replace(seat("Europe/Zurich", name="ann"), stays=(stay,))
    gone = replace(seat(name="bo"), left=date(2020, 11, 1))
    duties = [Duty(member=name, role="speaker") for name in ("ann", "bo")]
    session = session_at(at("2020-11-11T18:30Z"), 60, duties)
    programme = Programme(sessions=(session,))

    found = find_night(session, [away, gone])
    warnings = warn_of_sessions(schedule_sessions(programme), [away, gone])

    assert [(row.id, row.night.zone) for row in found] == [("ann", "Australia/Brisbane")]
    assert [(one.code, dict(one.figures)) for one in warnings] == [
        (ProgrammeWarning.ABSENT_MEMBER, {"session": "data", "members": ("bo",)})
    ]
    assert warn_of_sessions(schedule_sessions(programme), [away]) == ()


def test_days_off_are_charged_as_for_calls() -> None:
    member = seat(name="ann", groups={"country": "CH"})
    off = {"CH": DaysOff(weekend=frozenset({5, 6}))}
    duty = Duty(member="ann", role="speaker", lead=60)
    programme = Programme(sessions=(session_at(at("2020-11-14T09:30Z"), 60, [duty]),))
    audience = Audience(members=(member,), hours=Hours(weekend_points=2), days_off=off, overrun=30)

    found = compute_session_nights(schedule_sessions(programme), programme, audience)[0]["ann"]

    assert found.night.burden == 120 * 2 + 30 * 1  # from 08:30 to 09:00 the curve has a point an hour
    assert found.night.member == member
    assert time(9, 30) == found.night.local_start.wall.time()
