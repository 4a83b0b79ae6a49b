"""Clock changes against a twin that asks the standard library of every day.

Law: date, hours and whose clock moved are those of the twin for any slot, anchor and zone; a gap's difference holds at
its ends and the differences around it hold beside them.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

import twin_drift
from audiences import audience_of
from mag_rotation.calls import Call, unroll
from mag_rotation.drift import LONGEST_GAP, DriftChange, DriftReport, LocalHour, make_drift_report
from mag_rotation.hours import Hours
from mag_rotation.night import night_of
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Meeting, Rotation, Schedule, Series, Slot
from strategies import changes_of, hours_of_plans, meeting_of, meetings, seat, zones

MINUTE = timedelta(minutes=1)

wall_times = st.one_of(
    st.sampled_from((time(2, 30), time(0, 30), time(1), time(23, 30), time(10))),
    st.integers(0, 1439).map(lambda minute: time(*divmod(minute, 60))),
)


@st.composite
def days_near(draw: st.DrawFn, *places: str) -> date:
    """Mostly close to a change of one of the zones."""
    changes = [at for place in places for at in changes_of(place)]
    far = st.dates(date(1973, 1, 1), date(2036, 1, 1))
    near = st.sampled_from(changes).map(lambda at: at.date()) if changes else far
    return draw(st.one_of(near, near, near, far)) + timedelta(days=draw(st.integers(-30, 3)))


def series_of(slot: Slot, first: date, repeat: str) -> Series:
    return Series(
        meeting=meeting_of(),
        schedule=Schedule(first=first, repeat=repeat, count=5),
        rotation=Rotation(slots=(slot,)),
    )


def held_on(call: Call, slot: Slot) -> date:
    """The date of a call in its anchor zone; a date that clocks leave out, as Apia's did, is the one after it."""
    near = (call.date + twin_drift.DAY, call.date)
    return next(day for day in near if twin_drift.start_of(day, slot.at, slot.zone) == call.start)


def minutes_of(hour: LocalHour) -> int:
    return hour.day_shift * 1440 + hour.at.hour * 60 + hour.at.minute


def as_row(change: DriftChange) -> twin_drift.Row:
    return twin_drift.Row(
        day=change.date,
        before=minutes_of(change.before),
        after=minutes_of(change.after),
        whose=str(change.whose),
    )


@given(st.data(), zones, zones, wall_times, st.sampled_from(("FREQ=WEEKLY", "FREQ=DAILY")))
def test_changes_are_those_of_every_single_day(
    data: st.DataObject, anchor: ZoneName, zone: ZoneName, at: time, repeat: str
) -> None:
    first = data.draw(days_near(anchor, zone))
    last = first + timedelta(days=data.draw(st.integers(0, 120)))
    slot = Slot(at=at, zone=anchor)
    series = series_of(slot, first, repeat)
    calls = unroll(series)

    report = make_drift_report(
        series=series,
        calls=calls,
        first=first,
        last=last,
        audience=audience_of((seat(zone),), series.meeting, hours=Hours()),
    )
    days = [held_on(call, slot) for call in calls]
    called = {day for day in days if day <= last}
    wanted = twin_drift.rows(at, anchor, zone, first=first, last=last, called=called)

    assert [as_row(change) for change in report.changes] == list(wanted)
    ends = [*[row.day for row in wanted][1:], date.max]
    for change, until in zip(report.changes, ends, strict=False):
        after = [call.uid for call, day in zip(calls, days, strict=True) if change.date <= day < until and day <= last]
        assert (change.first_call.uid if change.first_call else None) == next(iter(after), None)
        assert change.minutes == minutes_of(change.after) - minutes_of(change.before) != 0


def test_a_year_of_a_zone_with_ramadan_is_that_of_every_single_day() -> None:
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    for anchor in ("Europe/London", "America/New_York", "UTC", "Australia/Lord_Howe"):
        for at in (time(0, 30), time(2, 30), time(14)):
            series = series_of(Slot(at=at, zone=ZoneName(anchor)), first, "FREQ=WEEKLY")
            for zone in ("Africa/Casablanca", "Pacific/Chatham", "Africa/Lagos", "Europe/Zurich"):
                report = make_drift_report(
                    series=series,
                    calls=(),
                    first=first,
                    last=last,
                    audience=audience_of((seat(zone),), series.meeting, hours=Hours()),
                )
                wanted = twin_drift.rows(at, anchor, zone, first=first, last=last)

                assert [as_row(change) for change in report.changes] == list(wanted), (anchor, at, zone)


@given(zones, hours_of_plans, meetings, wall_times, st.integers(1, 180))
def test_nights_and_burdens_are_those_of_a_day_without_a_change(
    zone: ZoneName, hours: Hours, meeting: Meeting, at: time, lead: int
) -> None:
    first, last = date(2024, 1, 1), date(2024, 12, 31)
    series = replace(series_of(Slot(at=at), first, "FREQ=WEEKLY"), meeting=meeting)
    member = seat(zone, lead=lead, curve="owl", never=("01:00-02:00",))
    still = replace(member, zone=UTC_ZONE)

    report = make_drift_report(
        series=series, calls=(), first=first, last=last, audience=audience_of((member,), series.meeting, hours=hours)
    )

    for change in report.changes:
        (effect,) = change.effects
        for index, hour in enumerate((change.before, change.after)):
            start = twin_drift.start_of(date(2024, 2, 1), hour.at, "UTC")
            night = night_of(
                still, start=start, minutes=meeting.minutes, audience=audience_of([still], meeting, hours=hours)
            )
            assert night is not None
            assert (effect.night_minutes[index], effect.burden[index], effect.blocked[index]) == (
                night.night_minutes,
                night.burden,
                night.blocked,
            )


def gaps_of(first: date, last: date, *places: ZoneName) -> DriftReport:
    series = series_of(Slot(at=time(12), zone=UTC_ZONE), first, "FREQ=WEEKLY")
    roster = [seat(place, name=f"m{index}") for index, place in enumerate(places)]
    return make_drift_report(
        series=series,
        calls=unroll(series),
        first=first,
        last=last,
        audience=audience_of(roster, series.meeting, hours=Hours()),
    )


@given(zones, zones, st.dates(date(1975, 1, 1), date(2035, 1, 1)))
def test_a_gap_holds_from_end_to_end_and_not_beside_it(one: ZoneName, other: ZoneName, first: date) -> None:
    report = gaps_of(first, first + timedelta(days=200), one, other)
    night = timedelta(days=1, minutes=1)

    for gap in report.gaps:
        inside = gap.end - gap.start
        samples = {gap.start, gap.end - MINUTE, gap.start + inside / 2}
        assert {twin_drift.apart(*gap.zones, at) // MINUTE for at in samples} == {gap.minutes}
        assert twin_drift.apart(*gap.zones, gap.start - night) // MINUTE in {gap.minutes_before, gap.minutes}
        assert timedelta(days=1) <= inside <= timedelta(days=LONGEST_GAP)
        assert gap.minutes_before != gap.minutes != gap.minutes_after
        assert gap.first <= gap.last
        assert [call for call in gap.calls if not gap.start <= call.start < gap.end] == []


@given(zones, zones, st.dates(date(1975, 1, 1), date(2035, 1, 1)))
def test_no_short_difference_is_missed(one: ZoneName, other: ZoneName, first: date) -> None:
    last = first + timedelta(days=200)
    report = gaps_of(first, last, one, other)
    days = [twin_drift.start_of(first + timedelta(days=index), time(12), "UTC") for index in range(-70, 270)]
    differences = [twin_drift.apart(one, other, at) for at in days]
    edges = [index for index in range(1, len(days)) if differences[index] != differences[index - 1]]
    spans: list[tuple[datetime, datetime]] = [(gap.start, gap.end) for gap in report.gaps]

    for begin, end in pairwise(edges):
        at = days[begin]
        if 2 <= end - begin <= LONGEST_GAP - 1 and first < at.date() < last:
            assert any(start <= at < stop for start, stop in spans), at
