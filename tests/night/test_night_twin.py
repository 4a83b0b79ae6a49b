"""The night report is the one that counting minute by minute gives, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from audiences import audience_of
from mag_rotation.hours import Hours
from mag_rotation.night import Count, night_of, night_report
from mag_rotation.roster import Member, MemberId, Stay, ZoneName
from mag_rotation.series import Meeting
from strategies import hours_of_plans, instants_near, lengths, meetings, members_about, rosters_at, zones
from twin_night import row_of, rows_of, said, weights


def seat(zone: str, *stays: Stay) -> Member:
    return Member(id=MemberId("seat"), zone=ZoneName(zone), stays=stays)


def stay(first: str, last: str, zone: str) -> Stay:
    return Stay(first=date.fromisoformat(first), last=date.fromisoformat(last), zone=ZoneName(zone))


MEETING = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60, lead=15, overrun=20)
MONROVIA = datetime(1972, 1, 6, 23, 30, tzinfo=UTC), (seat("Africa/Monrovia"),)
MONROVIA_WITH_SECONDS = datetime(1972, 1, 7, 0, 40, 31, tzinfo=UTC), (seat("Africa/Monrovia"),)
APIA = datetime(2011, 12, 30, 9, 30, 29, tzinfo=UTC), (seat("Pacific/Apia"),)
FLIGHT_EAST = (
    datetime(2020, 10, 20, 16, tzinfo=UTC),
    (
        seat(
            "America/La_Paz",
            stay("2020-10-21", "2020-10-25", "Asia/Tokyo"),
            stay("2020-10-01", "2020-10-20", "Europe/Paris"),
        ),
    ),
)


@example(at=MONROVIA, minutes=120, meeting=MEETING, hours=Hours())
@example(at=MONROVIA_WITH_SECONDS, minutes=30, meeting=MEETING, hours=Hours())
@example(at=APIA, minutes=1500, meeting=MEETING, hours=Hours())
@example(at=FLIGHT_EAST, minutes=120, meeting=MEETING, hours=Hours())
@given(at=rosters_at(), minutes=lengths, meeting=meetings, hours=hours_of_plans)
def test_the_report_is_what_counting_minute_by_minute_gives(
    at: tuple[datetime, tuple[Member, ...]], minutes: int, meeting: Meeting, hours: Hours
) -> None:
    start, roster = at

    report = night_report(start=start, minutes=minutes, audience=audience_of(roster, meeting, hours=hours))

    rows = rows_of(roster, start=start, minutes=minutes, meeting=meeting, hours=hours)
    members, in_night, groups = weights(roster, rows)
    assert tuple(map(said, report.members)) == rows
    assert report.in_night == tuple(row.id for row in rows if row.in_night)
    assert report.blocked == tuple(row.id for row in rows if row.blocked)
    assert report.summary == Count(members=members, in_night=in_night)
    assert report.by_group == {
        name: {value: Count(members=people, in_night=awake) for value, (people, awake) in values.items()}
        for name, values in groups.items()
    }
    assert (report.start, report.end) == (start, start + timedelta(minutes=minutes))


@given(data=st.data(), zone=zones, minutes=lengths, meeting=meetings, hours=hours_of_plans)
def test_one_member_is_what_counting_minute_by_minute_gives(
    data: st.DataObject, zone: ZoneName, minutes: int, meeting: Meeting, hours: Hours
) -> None:
    start = data.draw(instants_near(zone))
    member = data.draw(members_about("seat", zone, start.date()))

    found = night_of(member, start=start, minutes=minutes, audience=audience_of([member], meeting, hours=hours))
    expected = row_of(member, start=start, minutes=minutes, meeting=meeting, hours=hours)

    assert (found and said(found)) == expected


@given(data=st.data(), zone=zones, minutes=lengths, cut=st.integers(1, 400), hours=hours_of_plans)
def test_two_calls_back_to_back_cost_what_one_call_costs(
    data: st.DataObject, zone: ZoneName, minutes: int, cut: int, hours: Hours
) -> None:
    plain = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60)
    start = data.draw(instants_near(zone))
    member = Member(id=MemberId("seat"), zone=zone)

    whole = night_of(member, start=start, minutes=minutes + cut, audience=audience_of([member], plain, hours=hours))
    first = night_of(member, start=start, minutes=cut, audience=audience_of([member], plain, hours=hours))
    rest = night_of(
        member,
        start=start + timedelta(minutes=cut),
        minutes=minutes,
        audience=audience_of([member], plain, hours=hours),
    )

    assert whole is not None
    assert first is not None
    assert rest is not None
    assert whole.burden == first.burden + rest.burden
    assert whole.night_minutes == first.night_minutes + rest.night_minutes
    assert whole.deep_night_minutes == first.deep_night_minutes + rest.deep_night_minutes


@given(data=st.data(), zone=zones, minutes=lengths, meeting=meetings, hours=hours_of_plans)
def test_a_lead_and_an_overrun_cost_what_a_longer_call_costs(
    data: st.DataObject, zone: ZoneName, minutes: int, meeting: Meeting, hours: Hours
) -> None:
    plain = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60)
    start = data.draw(instants_near(zone))
    member = Member(id=MemberId("seat"), zone=zone)

    spare = night_of(member, start=start, minutes=minutes, audience=audience_of([member], meeting, hours=hours))
    longer = night_of(
        member,
        start=start - timedelta(minutes=meeting.lead),
        minutes=meeting.lead + minutes + meeting.overrun,
        audience=audience_of([member], plain, hours=hours),
    )

    assert spare is not None
    assert longer is not None
    assert (spare.burden, spare.night_minutes) == (longer.burden, longer.night_minutes)
