"""Who is in the night while clocks change and members travel, and which instants can be asked about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest

from audiences import audience_of
from mag_rotation.errors import InvalidInstant
from mag_rotation.hours import DEFAULT_CURVE, Hours
from mag_rotation.night import MemberNight, NightReport, night_of, night_report
from mag_rotation.roster import Member, MemberId, Stay, ZoneName
from strategies import at, meeting_of, seat
from twin_night import clock

PLAN = Hours()


def told(member: Member, start: str, minutes: int) -> MemberNight:
    """What a call does to a member who is known to take part."""
    found = night_of(member, start=at(start), minutes=minutes, audience=audience_of([member], meeting_of(), hours=PLAN))
    assert found is not None
    return found


def report(*roster: Member, start: str) -> NightReport:
    return night_report(start=at(start), minutes=120, audience=audience_of(roster, meeting_of(), hours=PLAN))


class ClockChange(NamedTuple):
    """A call around a clock change; ``skipped`` are hours that the local clock does not show during it."""

    zone: str
    start: str
    minutes: int
    began: str
    ended: str
    night: int
    deep: int
    burden: int
    skipped: str


CLOCK_CHANGES = {
    "Lord Howe goes back by half an hour": ClockChange(
        "Australia/Lord_Howe", "2026-04-04T14:30Z", 60,
        "2026-04-05T01:30:00+11:00", "2026-04-05T02:00:00+10:30", 60, 0, 60 * 9, "02:00-05:00",
    ),
    "Lord Howe goes forward by half an hour": ClockChange(
        "Australia/Lord_Howe", "2026-10-03T15:00Z", 60,
        "2026-10-04T01:30:00+10:30", "2026-10-04T03:00:00+11:00", 60, 30, 30 * 9 + 30 * 10, "02:00-02:30",
    ),
    "Casablanca goes back for Ramadan": ClockChange(
        "Africa/Casablanca", "2022-03-27T01:30Z", 120,
        "2022-03-27T02:30:00+01:00", "2022-03-27T03:30:00+00:00", 120, 120, 120 * 10, "03:30-04:30",
    ),
    "Casablanca comes back from Ramadan": ClockChange(
        "Africa/Casablanca", "2022-05-08T01:30Z", 120,
        "2022-05-08T01:30:00+00:00", "2022-05-08T04:30:00+01:00", 120, 90, 30 * 9 + 90 * 10, "02:00-03:00",
    ),
    "Apia leaves out a day": ClockChange(
        "Pacific/Apia", "2011-12-30T09:00Z", 120,
        "2011-12-29T23:00:00-10:00", "2011-12-31T01:00:00+14:00", 120, 0, 60 * 7 + 60 * 8, "01:00-23:00",
    ),
    "Europe in spring": ClockChange(
        "Europe/London", "2026-03-29T00:30Z", 60,
        "2026-03-29T00:30:00+00:00", "2026-03-29T02:30:00+01:00", 60, 30, 30 * 8 + 30 * 10, "01:00-02:00",
    ),
    "Europe in autumn": ClockChange(
        "Europe/London", "2026-10-25T00:30Z", 60,
        "2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00", 60, 0, 60 * 9, "02:00-05:00",
    ),
    "America in spring": ClockChange(
        "America/New_York", "2026-03-08T06:30Z", 60,
        "2026-03-08T01:30:00-05:00", "2026-03-08T03:30:00-04:00", 60, 30, 30 * 9 + 30 * 10, "02:00-03:00",
    ),
    "America in autumn": ClockChange(
        "America/New_York", "2026-11-01T05:30Z", 60,
        "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", 60, 0, 60 * 9, "02:00-05:00",
    ),
    "Newfoundland at one minute past midnight": ClockChange(
        "America/St_Johns", "2010-03-14T03:30Z", 60,
        "2010-03-14T00:00:00-03:30", "2010-03-14T02:00:00-02:30", 60, 0, 8 + 59 * 9, "00:01-01:01",
    ),
    "Liberia drops its seconds": ClockChange(
        "Africa/Monrovia", "1972-01-07T00:43Z", 3,
        "1972-01-06T23:58:30-00:44:30", "1972-01-07T00:46:00+00:00", 3, 0, 2 * 7 + 8, "00:00-00:45",
    ),
    "Troll goes forward by two hours": ClockChange(
        "Antarctica/Troll", "2026-03-29T00:30Z", 60,
        "2026-03-29T00:30:00+00:00", "2026-03-29T03:30:00+02:00", 60, 30, 30 * 8 + 30 * 10, "01:00-03:00",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "case",
    CLOCK_CHANGES.values(),
    ids=CLOCK_CHANGES,
)
def test_a_clock_change_inside_the_call_is_honoured(case: ClockChange) -> None:
    found = told(seat(case.zone, never=(case.skipped,)), case.start, case.minutes)

    assert (found.local_start.isoformat(), found.local_end.isoformat()) == (case.began, case.ended)
    assert (found.night_minutes, found.deep_night_minutes, found.burden) == (case.night, case.deep, case.burden)
    assert not found.blocked  # hours that the clock left out cannot be touched


def test_a_call_of_a_week_counts_seven_nights() -> None:
    found = told(seat("Asia/Kathmandu"), "2026-06-01T12:00Z", 7 * 1440)

    assert (found.night_minutes, found.deep_night_minutes) == (7 * 420, 7 * 240)
    assert found.burden == 7 * 60 * sum(DEFAULT_CURVE.hours)


def test_a_call_of_a_week_counts_the_repeated_hour_again_and_ends_an_hour_short() -> None:
    found = told(seat("Europe/London"), "2026-10-22T00:00Z", 7 * 1440)  # 01:00 on the 22nd to 00:00 on the 29th

    assert found.local_end.isoformat() == "2026-10-29T00:00:00+00:00"
    assert found.burden == 60 * (7 * sum(DEFAULT_CURVE.hours) - DEFAULT_CURVE.hours[0] + DEFAULT_CURVE.hours[1])


TRAVELS = {
    # start: the zone that counts, None for a member who is left out; home is Tokyo, joined 2020-09-16, left 2020-10-31
    "the day before joining": ("2020-09-15T14:59Z", None),
    "the first minute": ("2020-09-15T15:00Z", "Asia/Tokyo"),
    "the last minute": ("2020-10-31T14:59Z", "Asia/Tokyo"),
    "the day after leaving": ("2020-10-31T15:00Z", None),
    "before the stay": ("2020-09-30T21:59Z", "Asia/Tokyo"),
    "the first minute of the stay": ("2020-09-30T22:00Z", "Europe/Paris"),
    "the last minute of the stay": ("2020-10-20T21:59Z", "Europe/Paris"),
    "after the stay": ("2020-10-20T22:00Z", "Asia/Tokyo"),
}


@pytest.mark.parametrize(("start", "zone"), TRAVELS.values(), ids=TRAVELS)
def test_a_member_is_where_the_civil_day_at_the_start_puts_them(start: str, zone: str | None) -> None:
    member = Member(
        id=MemberId("t"),
        zone=ZoneName("Asia/Tokyo"),
        joined=date(2020, 9, 16),
        left=date(2020, 10, 31),
        stays=(Stay(first=date(2020, 10, 1), last=date(2020, 10, 20), zone=ZoneName("Europe/Paris")),),
    )

    found = night_of(
        member, start=at(start), minutes=180, audience=audience_of([member], meeting_of(lead=120), hours=PLAN)
    )

    # Neither a lead that reaches back over the border of a stay nor minutes past its end change the zone.
    assert (found and found.zone) == zone
    assert [m.id for m in report(member, start=start).members] == (["t"] if zone else [])


def test_a_day_that_apia_never_had_can_be_joined_and_left_on() -> None:
    missing, apia = date(2011, 12, 30), ZoneName("Pacific/Apia")
    joiner, leaver = (
        Member(id=MemberId("j"), zone=apia, joined=missing),
        Member(id=MemberId("l"), zone=apia, left=missing),
    )

    before, after = (report(joiner, leaver, start=f"2011-12-30T{start}Z") for start in ("09:59", "10:00"))

    assert [[(m.id, m.day_shift) for m in found.members] for found in (before, after)] == [[("l", -1)], [("j", 1)]]


def test_a_start_in_another_zone_is_the_instant_it_names() -> None:
    london = clock("Europe/London")
    wall = datetime(2026, 10, 25, 0, 30, tzinfo=london)  # 23:30 UTC on the day before; the clock goes back meanwhile
    roster = [seat("Asia/Tokyo", name="a"), seat("Europe/London", name="b")]

    found = night_report(start=wall, minutes=180, audience=audience_of(roster, meeting_of(lead=60), hours=PLAN))

    assert found == night_report(
        start=at("2026-10-24T23:30Z"), minutes=180, audience=audience_of(roster, meeting_of(lead=60), hours=PLAN)
    )
    assert (found.start.tzinfo, found.end, found.end - found.start) == (
        UTC,
        at("2026-10-25T02:30Z"),
        timedelta(hours=3),
    )
    assert [member.day_shift for member in found.members] == [1, 1]
    assert (
        night_of(roster[0], start=wall, minutes=180, audience=audience_of([roster[0]], meeting_of(lead=60), hours=PLAN))
        in found.members
    )


def test_a_start_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 10, 25, 0, 30)  # noqa: DTZ001 - the mistake that is meant

    for roster in ([], [seat()]):
        with pytest.raises(InvalidInstant, match="has no time zone: use datetime"):
            night_report(start=naive, minutes=60, audience=audience_of(roster, meeting_of(), hours=PLAN))
    with pytest.raises(InvalidInstant):
        night_of(seat(), start=naive, minutes=60, audience=audience_of([seat()], meeting_of(), hours=PLAN))
