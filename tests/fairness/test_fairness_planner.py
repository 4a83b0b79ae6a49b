"""The meeting planner: the starts of a day, with what ``check`` says of each.

Law: figures, verdict and nights of a start are those of ``check`` at that time; a member's hours are those of the twin
that asks minute by minute. Recommended is what blocks nobody and what no other start that blocks nobody beats.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiences import audience_of
from mag_rotation import load_plan
from mag_rotation.calls import find_call
from mag_rotation.errors import InvalidMember, InvalidValue, UnknownZone
from mag_rotation.fairness import TimeProposal, Verdict, check_time, plan_day, plan_starts
from mag_rotation.hours import Curve, Hours
from mag_rotation.roster import Member, Stay
from paths import EXAMPLES
from strategies import ODD_ZONES, at, meeting_of, seat
from twin_fairness import Season, rate_time, seasons
from twin_night import row_of

MAG = load_plan(EXAMPLES / "mag-2020" / "plan.toml")


@st.composite
def asked_days(draw: st.DrawFn) -> tuple[Season, date, str, int]:
    """A season, a day near one of its calls by an odd clock, and a length."""
    season = draw(seasons(most_calls=4, most_members=3))
    day = draw(st.sampled_from([call.date for call in season.calls] or [date(2020, 10, 25)]))
    day += timedelta(days=draw(st.integers(-1, 1)))
    zone = draw(st.sampled_from([name for name in ODD_ZONES if not (name.endswith("Apia") and day.year == 2011)]))
    return season, day, zone, draw(st.sampled_from((60, 120, 1)))


def proposal_of(season: Season, minutes: int) -> TimeProposal:
    return TimeProposal(
        start=datetime(2020, 1, 1, tzinfo=UTC),
        minutes=minutes,
        calls=season.calls,
        history=season.history,
        audience=audience_of(season.roster, season.meeting, hours=season.hours, days_off=season.days_off),
    )


@given(asked_days(), st.data())
def test_each_start_is_judged_as_check_judges_that_time(
    asked: tuple[Season, date, str, int], data: st.DataObject
) -> None:
    season, day, zone, minutes = asked
    found = plan_starts(proposal_of(season, minutes), day, zone=zone, step=120)

    for start in data.draw(st.lists(st.sampled_from(found.starts), min_size=1, max_size=3, unique_by=id)):
        checked = check_time(replace(proposal_of(season, minutes), start=start.start))
        assert (start.figures, start.verdict, start.night) == (checked.figures, checked.verdict, checked.night)
        rated = rate_time(season, start.start, minutes, before=start.start)
        assert (start.worst, start.in_night, start.total) == rated.figures
        assert sorted(start.blocked) == sorted(rated.blocked)


@given(asked_days())
def test_nothing_that_another_start_beats_is_recommended(asked: tuple[Season, date, str, int]) -> None:
    season, day, zone, minutes = asked
    found = plan_starts(proposal_of(season, minutes), day, zone=zone, step=120)
    rows = {start.id: rate_time(season, start.start, minutes, before=start.start) for start in found}
    free = [row for row in rows.values() if not row.blocked]

    for start in found:
        assert start.dominated == any(other.beats(rows[start.id]) for other in free)
    assert [start.id for start in found.recommended] == [
        name for name, row in rows.items() if not row.blocked and not any(other.beats(row) for other in free)
    ]
    assert bool(found.recommended) == bool(free)


@given(asked_days())
def test_the_hours_of_each_member_are_those_of_the_twin_minute_by_minute(
    asked: tuple[Season, date, str, int],
) -> None:
    season, day, zone, minutes = asked
    audience = audience_of(season.roster, meeting_of(), hours=season.hours)
    proposal = TimeProposal(start=datetime(2020, 1, 1, tzinfo=UTC), minutes=minutes, calls=(), audience=audience)

    for start in plan_starts(proposal, day, zone=zone, step=480):
        expected = [
            row
            for member in season.roster
            if (row := row_of(member, start=start.start, minutes=minutes, meeting=meeting_of(), hours=season.hours))
        ]
        rows = {row.id: row for row in start.night}
        assert rows.keys() == {row.id for row in expected}
        for row in expected:
            mine = rows[row.id]
            assert (mine.local_start.isoformat(), mine.day_shift, mine.band) == (
                row.local_start, row.day_shift, row.band,
            )  # fmt: skip
            assert (mine.in_night, mine.blocked, mine.burden) == (row.in_night, row.blocked, row.burden)
        assert start.worst == max((row.burden for row in expected), default=0)
        assert start.total == sum(row.burden for row in expected)


@pytest.mark.parametrize(
    ("zone", "day", "starts", "first", "last"),
    [
        ("UTC", "2026-11-03", 48, "2026-11-03T00:00Z", "2026-11-03T23:30Z"),
        ("Europe/Zurich", "2026-10-25", 50, "2026-10-24T22:00Z", "2026-10-25T22:30Z"),
        ("Europe/Zurich", "2026-03-29", 46, "2026-03-28T23:00Z", "2026-03-29T21:30Z"),
        ("Australia/Lord_Howe", "2026-04-05", 49, "2026-04-04T13:00Z", "2026-04-05T13:00Z"),
        ("Asia/Kathmandu", "2026-11-03", 48, "2026-11-02T18:15Z", "2026-11-03T17:45Z"),
        ("Pacific/Chatham", "2026-04-05", 50, "2026-04-04T10:15Z", "2026-04-05T10:45Z"),
        ("Pacific/Kiritimati", "2026-11-03", 48, "2026-11-02T10:00Z", "2026-11-03T09:30Z"),
        ("Etc/GMT+12", "2026-11-03", 48, "2026-11-03T12:00Z", "2026-11-04T11:30Z"),
        # midnight is skipped: the day begins at one
        ("America/Sao_Paulo", "2018-11-04", 46, "2018-11-04T03:00Z", "2018-11-05T01:30Z"),
    ],
)
def test_a_day_has_all_of_its_half_hours_and_no_other(zone: str, day: str, starts: int, first: str, last: str) -> None:
    found = plan_day(date.fromisoformat(day), members={"ann": "UTC"}, zone=zone)

    assert (len(found), found.starts[0].id, found.starts[-1].id) == (starts, first, last)
    assert {start.local_start.wall.date() for start in found} == {date.fromisoformat(day)}


@pytest.mark.parametrize(("step", "starts"), [(5, 288), (15, 96), (30, 48), (60, 24), (1440, 1)])
def test_starts_are_a_step_apart(step: int, starts: int) -> None:
    found = plan_day(date(2026, 11, 3), members={"ann": "UTC"}, step=step)

    assert len(found) == starts
    assert all(start.start.hour * 60 + start.start.minute == place * step for place, start in enumerate(found))


@pytest.mark.parametrize("step", [0, -30, 4, 7, 25, 2880])
def test_a_step_that_is_no_part_of_a_day_is_refused(step: int) -> None:
    with pytest.raises(InvalidValue, match=f"found a step of {step} minutes; give a part of a day"):
        plan_day(date(2026, 11, 3), members={"ann": "UTC"}, step=step)


def test_what_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidValue, match="found 2011-12-30, a day that Pacific/Apia does not have"):
        plan_day(date(2011, 12, 30), members={"ann": "UTC"}, zone="Pacific/Apia")
    with pytest.raises(UnknownZone, match="Europe/Zurich"):
        plan_day(date(2026, 11, 3), members={"ann": "Zurich"})
    with pytest.raises(UnknownZone):
        plan_day(date(2026, 11, 3), members={"ann": "UTC"}, zone="EST")
    with pytest.raises(InvalidMember):
        plan_day(date(2026, 11, 3), members=[seat(), seat()])


def test_clock_changes_of_members_and_of_the_day_are_named_once_for_all_zones_that_share_them() -> None:
    members = {"ann": "Europe/Zurich", "ben": "Europe/Paris", "cat": "Asia/Tokyo"}
    found = plan_day(date(2026, 10, 25), members=members)
    (change,) = found.clock_changes

    assert (change.instant, change.before, change.after) == (at("2026-10-25T01:00Z"), 7200, 3600)
    assert change.zones == ("Europe/Paris", "Europe/Zurich")
    assert plan_day(date(2026, 10, 24), members=members).clock_changes == ()
    # the last start of the day before runs into the change
    assert len(plan_day(date(2026, 10, 24), members=members, minutes=180).clock_changes) == 1
    assert [one.zones for one in plan_day(date(2026, 11, 1), members={}, zone="America/New_York").clock_changes] == [
        ("America/New_York",)
    ]


def test_without_members_every_start_is_as_good_as_any() -> None:
    found = plan_day(date(2026, 11, 3), members={})

    assert len(found.recommended) == 48
    assert {(start.worst, start.in_night, start.total) for start in found} == {(0, 0, 0)}


def test_a_start_that_blocks_somebody_is_not_recommended_and_spoils_no_other() -> None:
    # nights cost less than days here, and the nurse cannot come at night
    owl = Hours(curve="owl", curves={"owl": Curve([0] * 6 + [9] * 18)}, night=replace(Hours()).night)
    nurse = seat("UTC", name="nurse", never=("00:00-06:00",), night="12:00-12:01")
    found = plan_day(date(2026, 11, 3), members=[nurse], hours=owl)

    assert found.starts[0].blocked == ("nurse",)
    assert found.starts[0].total < min(start.total for start in found.recommended)
    assert all(not start.blocked for start in found.recommended)
    assert found.recommended
    never = seat("UTC", name="never", never=("00:00-00:00",))
    assert plan_day(date(2026, 11, 3), members=[never]).recommended == ()


def test_stays_joining_and_weights_count() -> None:
    day = date(2026, 11, 3)
    away = Member(
        id="ann", zone="Europe/Zurich", weight=3, stays=(Stay(first=day, last=day, zone="Asia/Tokyo"),), left=day
    )
    found = plan_day(day, members=[away])
    rows = {start.id: start for start in found}

    assert [row.zone for row in rows["2026-11-03T03:00Z"].night] == ["Asia/Tokyo"]
    assert rows["2026-11-03T20:00Z"].night.members[0].zone == "Europe/Zurich"  # it is the fourth in Tokyo
    assert rows["2026-11-03T23:30Z"].night.members == ()
    assert rows["2026-11-03T22:30Z"].in_night == 3


def test_a_day_is_a_value_that_iterates_finds_and_makes_records() -> None:
    found = plan_day(date(2026, 11, 3), members={"ann": "Europe/Zurich"})

    assert found == plan_day(date(2026, 11, 3), members={"ann": "Europe/Zurich"})
    assert hash(found) == hash(plan_day(date(2026, 11, 3), members={"ann": "Europe/Zurich"}))
    assert found["2026-11-03T20:00Z"].start == at("2026-11-03T20:00Z")
    assert found.to_records()[0]["total"] == 540
    assert "\n" not in repr(found)


@pytest.mark.parametrize("hour", [3, 19, 20, 21, 23])
@pytest.mark.parametrize("instead", [False, True])
def test_the_planner_of_a_plan_agrees_with_its_check(hour: int, *, instead: bool) -> None:
    replaced = find_call(MAG.calls, "XVII") if instead else None
    day = MAG.planner(date(2020, 9, 15), instead_of=replaced)
    start = day[f"2020-09-15T{hour:02}:00Z"]
    checked = MAG.check(start.start, instead_of=replaced)

    assert (start.figures, start.verdict) == (checked.figures, checked.verdict)
    assert [call.label for call in day.beside] == ([] if instead else ["XVII"])
    assert MAG.planner(date(2020, 9, 15), 30).minutes == 30
    assert start.verdict in set(Verdict)


def test_a_plan_has_the_days_off_of_the_day() -> None:
    assert MAG.planner(date(2031, 1, 1), zone="Asia/Tokyo", step=720).starts[0].id == "2030-12-31T15:00Z"
