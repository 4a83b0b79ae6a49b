"""Who is in the night: the calls on record, the edges of the night, and what weights and groups count."""

from __future__ import annotations

from datetime import date, time
from functools import partial

import pytest

from audiences import audience_of
from mag_rotation.calls import Call, Status
from mag_rotation.errors import InvalidHours
from mag_rotation.hours import DEFAULT_CURVE, Curve, Hours, Window
from mag_rotation.night import Count, MemberNight, NightReport, night_at, night_of, night_report
from mag_rotation.roster import UTC_ZONE, DaysOff, Member
from strategies import at, meeting_of, seat

PLAN = Hours()


def told(
    member: Member, start: str, minutes: int = 60, *, lead: int = 0, overrun: int = 0, hours: Hours = PLAN
) -> MemberNight:
    """What a call does to a member who is known to take part."""
    found = night_of(
        member,
        start=at(start),
        minutes=minutes,
        audience=audience_of([member], meeting_of(lead=lead, overrun=overrun), hours=hours),
    )
    assert found is not None
    return found


def report(*roster: Member, start: str = "2020-09-15T20:00Z", minutes: int = 120) -> NightReport:
    return night_report(start=at(start), minutes=minutes, audience=audience_of(roster, meeting_of(), hours=PLAN))


MAG_XVII = {
    # id: zone, local start, day shift, band, night minutes, deep night minutes, burden
    "in": ("Asia/Kolkata", "2020-09-16T01:30:00+05:30", 1, "night", 120, 90, 1170),
    "ae": ("Asia/Dubai", "2020-09-16T00:00:00+04:00", 1, "night", 120, 0, 1020),
    "ch": ("Europe/Zurich", "2020-09-15T22:00:00+02:00", 0, "evening", 60, 0, 720),
    "za": ("Africa/Johannesburg", "2020-09-15T22:00:00+02:00", 0, "evening", 60, 0, 720),
    "au": ("Australia/Brisbane", "2020-09-16T06:00:00+10:00", 1, "early", 0, 0, 540),
    "vu": ("Pacific/Efate", "2020-09-16T07:00:00+11:00", 1, "early", 0, 0, 240),
    "bo": ("America/La_Paz", "2020-09-15T16:00:00-04:00", 0, "day", 0, 0, 60),
    "us": ("America/New_York", "2020-09-15T16:00:00-04:00", 0, "day", 0, 0, 60),
}


def test_the_call_of_15_september_2020_is_reported_worst_first_then_by_id() -> None:
    found = report(*(seat(row[0], name=name) for name, row in sorted(MAG_XVII.items(), reverse=True)))

    assert [member.id for member in found.members] == list(MAG_XVII)
    assert found.in_night == ("in", "ae", "ch", "za")
    assert {
        member.id: (
            member.zone,
            member.local_start.isoformat(),
            member.day_shift,
            member.band,
            member.night_minutes,
            member.deep_night_minutes,
            member.burden,
        )
        for member in found.members
    } == MAG_XVII


def test_half_past_four_in_brisbane_with_a_lead_is_in_the_night_from_three() -> None:
    found = told(seat("Australia/Brisbane", lead=90), "2020-09-15T18:30Z", 120)

    assert found.local_start.isoformat() == "2020-09-16T04:30:00+10:00"
    assert (found.night_minutes, found.deep_night_minutes, found.burden) == (180, 180, 180 * 10 + 30 * 6)


EDGES = {
    # start in UTC: minutes, night minutes, band
    "22:30": (60, 30, "evening"),
    "22:00": (60, 0, "evening"),
    "22:00 and a minute": (61, 1, "evening"),
    "05:59": (60, 1, "night"),
    "06:00": (60, 0, "early"),
    "23:00": (1, 1, "night"),
    "12:00 for a day": (1440, 420, "day"),
}


@pytest.mark.parametrize(("start", "minutes", "night", "band"), [(k[:5], *row) for k, row in EDGES.items()], ids=EDGES)
def test_one_minute_is_enough_and_an_edge_is_not(start: str, minutes: int, night: int, band: str) -> None:
    found = told(seat(), f"2026-01-15T{start}Z", minutes)

    assert (found.night_minutes, found.in_night, found.band) == (night, night > 0, band)


SPARES = {
    # lead and overrun of the meeting, lead of the member: night minutes of a call from 06:30 to 07:30
    "nothing": (0, 0, None, 0),
    "the meeting's": (90, 0, None, 60),
    "the member's instead of the meeting's": (90, 0, 45, 15),
    "none of the member's instead of the meeting's": (90, 0, 0, 0),
    "the member's alone": (0, 0, 90, 60),
    "an overrun into the next night": (0, 15 * 60 + 31, None, 1),
    "an overrun up to the next night": (0, 15 * 60 + 30, None, 0),
}


@pytest.mark.parametrize(("lead", "overrun", "own", "night"), SPARES.values(), ids=SPARES)
def test_lead_and_overrun_count_and_the_members_lead_replaces_the_meetings(
    lead: int, overrun: int, own: int | None, night: int
) -> None:
    found = told(seat(lead=own), "2026-01-15T06:30Z", lead=lead, overrun=overrun)

    assert found.night_minutes == night
    assert (found.local_start.isoformat(), found.band) == ("2026-01-15T06:30:00+00:00", "early")


NEVER = {
    # start, lead, overrun: never, whether a call of an hour is blocked
    "ends as it begins": ("19:00", 0, 0, "20:00-21:00", False),
    "runs over into it": ("19:00", 0, 1, "20:00-21:00", True),
    "begins as it ends": ("21:00", 0, 0, "20:00-21:00", False),
    "has to be up in it": ("21:00", 1, 0, "20:00-21:00", True),
    "lies around it": ("20:00", 0, 0, "20:30-20:31", True),
    "lies in it": ("12:00", 0, 0, "06:00-18:00", True),
    "touches it past midnight": ("00:59", 0, 0, "22:00-01:00", True),
    "ends it past midnight": ("01:00", 0, 0, "22:00-01:00", False),
    "whole day": ("12:00", 0, 0, "00:00-00:00", True),
}


@pytest.mark.parametrize(("start", "lead", "overrun", "never", "blocked"), NEVER.values(), ids=NEVER)
def test_a_call_is_blocked_by_a_minute_and_not_by_an_edge(
    start: str, lead: int, overrun: int, never: str, blocked: bool
) -> None:
    found = told(seat(never=("03:00-03:01", never)), f"2026-01-15T{start}Z", lead=lead, overrun=overrun)

    assert found.blocked is blocked


def test_the_blocked_are_named_worst_first() -> None:
    found = report(
        seat("Asia/Dubai", name="late", never=("00:00-05:00",)),
        seat("Asia/Kolkata", name="later", never=("03:00-04:00", "12:00-13:00")),
        seat("America/La_Paz", name="free", never=("00:00-05:00",)),
    )

    assert found.blocked == ("later", "late")


def test_a_personal_night_moves_neither_deep_night_nor_bands() -> None:
    found = told(seat(night="20:00-22:00"), "2026-01-15T05:00Z")

    assert (found.night_minutes, found.deep_night_minutes, found.band, found.burden) == (0, 60, "night", 600)
    assert told(seat(night="08:00-12:00"), "2026-01-15T09:00Z").night_minutes == 60


def test_the_plans_night_counts_for_all_but_those_with_their_own() -> None:
    plan = Hours(night=Window(time(20), time(22)))

    shared, own = told(seat(), "2026-01-15T21:30Z", hours=plan), told(seat(night="22:00-06:00"), "2026-01-15T21:30Z")

    assert (shared.night_minutes, shared.band, own.night_minutes) == (30, "evening", 30)
    assert told(seat(), "2026-01-15T02:00Z", hours=plan).night_minutes == 0


def test_each_member_is_priced_by_their_own_curve() -> None:
    plan = Hours(curve="lark", curves={"lark": Curve((1,) * 24), "owl": Curve((0,) * 12 + (5,) * 12)})

    burdens = [told(seat(curve=name), "2026-01-15T11:30Z", hours=plan).burden for name in (None, "owl", "default")]

    assert burdens == [60, 150, 0]


def test_a_curve_that_the_plan_does_not_have_is_named() -> None:
    with pytest.raises(InvalidHours, match=r"^found 'owl'; the curves of this plan are default, lark$"):
        told(seat(curve="owl"), "2026-01-15T11:30Z", hours=Hours(curves={"lark": DEFAULT_CURVE}))


def test_counts_use_weights_and_leave_members_without_a_group_out_of_it() -> None:
    found = report(
        seat("Asia/Dubai", name="a", weight=3, groups={"region": "East", "role": "chair"}),
        seat("America/La_Paz", name="b", weight=2, groups={"region": "East"}),
        seat("Asia/Kolkata", name="c", weight=0, groups={"region": "West"}),
        seat("Europe/Zurich", name="d", weight=5),
    )

    assert found.summary == Count(members=10, in_night=8)
    assert found.by_group == {
        "region": {"East": Count(members=5, in_night=3), "West": Count(members=0, in_night=0)},
        "role": {"chair": Count(members=3, in_night=3)},
    }
    assert found.in_night == ("c", "a", "d")  # a weight of 0 is no reason not to be named
    assert [list(values) for values in found.by_group.values()] == [["East", "West"], ["chair"]]


def test_a_roster_of_none_and_a_roster_of_one_are_reported() -> None:
    none, one = report(), report(seat("Asia/Dubai"))

    assert (none.members, none.in_night, none.blocked, none.by_group) == ((), (), (), {})
    assert none.summary == Count(members=0, in_night=0)
    assert (one.in_night, one.summary) == (("seat",), Count(members=1, in_night=1))


def test_two_thousand_members_are_all_counted_and_sorted() -> None:
    zones = [row[0] for row in MAG_XVII.values()]
    roster = [seat(zones[number % 8], name=f"m{number:04}") for number in range(2000)]

    found = report(*reversed(roster))

    assert found.summary == Count(members=2000, in_night=1000)
    assert [m.id for m in found.members[:250]] == [member.id for member in roster[::8]]
    assert [m.burden for m in found.members] == sorted((m.burden for m in found.members), reverse=True)


def test_the_report_keeps_what_it_was_asked_about() -> None:
    start, end = at("2020-09-15T20:00Z"), at("2020-09-15T22:00Z")
    call = Call(uid="1", date=date(2020, 9, 15), start=start, end=end, zone=UTC_ZONE, title="X", status=Status.PLANNED)

    found = night_report(start=start, minutes=120, call=call, audience=audience_of([], meeting_of(), hours=PLAN))

    assert (found.call, found.start, found.end, found.night) == (call, start, end, Window(time(23), time(6)))
    assert report().call is None


FRANCE = {"FR": DaysOff(weekend=frozenset({5, 6}), holidays={date(2026, 7, 14): "Fête nationale"})}


@pytest.mark.parametrize(
    ("start", "points"),
    [
        ("2026-07-10T10:00Z", 0),  # a Friday
        ("2026-07-11T10:00Z", 2 * 60),
        ("2026-07-12T10:00Z", 2 * 60),
        ("2026-07-13T10:00Z", 0),
        ("2026-07-14T10:00Z", 5 * 60),
        ("2026-07-15T10:00Z", 0),
        ("2026-07-10T21:30Z", 2 * 30),  # from Friday 23:30 in Paris to Saturday 0:30
        ("2026-07-12T21:45Z", 2 * 15),
        ("2026-07-13T21:59Z", 5 * 59),
    ],
)
def test_each_minute_of_a_day_off_has_its_points(start: str, points: int) -> None:
    free = Hours(curve="free", curves={"free": Curve([0] * 24)})
    charged = Hours(curve="free", curves=free.curves, weekend_points=2, holiday_points=5)
    roster = [
        seat("Europe/Paris", name="fr", groups={"country": "FR"}),
        seat("Europe/Paris", name="xx", groups={"country": "XX"}),
        seat("Europe/Paris", name="no"),
    ]

    def burdens(hours: Hours) -> dict[str, int]:
        audience = audience_of(roster, meeting_of(), hours=hours, days_off=FRANCE)
        return {row.id: row.burden for row in night_report(start=at(start), minutes=60, audience=audience).members}

    assert burdens(charged) == {"fr": points, "xx": 0, "no": 0}
    assert burdens(free) == {"fr": 0, "xx": 0, "no": 0}


def test_minutes_around_a_call_count_at_one_instant_only_where_they_are_given() -> None:
    ask = partial(night_at, at("2026-07-10T05:00Z"), minutes=30, members={"x": "UTC"})
    reports = [ask(), ask(lead=10), ask(overrun=10), ask(lead=5, overrun=60)]

    assert [row.night_minutes for report in reports for row in report.members] == [30, 40, 40, 65]


@pytest.mark.parametrize(("start", "minutes"), [("2026-10-25T00:30Z", 90), ("2026-10-25T01:00Z", 120)])
def test_a_day_off_begins_by_the_clock_as_it_is_after_a_change(start: str, minutes: int) -> None:
    # summer time ends at 1:00 UTC, so Monday begins at 23:00 UTC in Paris
    free = Hours(curve="free", curves={"free": Curve([0] * 24)}, holiday_points=3)
    monday = {"FR": DaysOff(weekend=frozenset(), holidays={date(2026, 10, 26): "Feast"})}
    audience = audience_of([seat("Europe/Paris", groups={"country": "FR"})], meeting_of(), hours=free, days_off=monday)

    (row,) = night_report(start=at(start), minutes=1440, audience=audience).members

    assert row.burden == 3 * minutes
