"""Days off in the burden: each minute pays for its own local date, in the report and in the matrix alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiences import audience_of
from mag_rotation.burden import make_burden_matrix
from mag_rotation.errors import InvalidHours
from mag_rotation.hours import Curve, Hours
from mag_rotation.night import night_of, night_report
from mag_rotation.roster import DaysOff, Member, Stay, ZoneName, days_off_of
from mag_rotation.series import Meeting
from matrices import Starts, cells, matrix_of, twin_cells
from strategies import at, hours_of_plans, instants_near, lengths, meeting_of, meetings, members_about, seat, zones
from twin_night import row_of, said

COUNTRIES = ("AA", "BB")
CHARGED = Hours(weekend_points=2, holiday_points=5)
HOME = {"country": "AA"}


@st.composite
def days_off_about(draw: st.DrawFn, day: date) -> Mapping[str, DaysOff]:
    """Weekends of any days and holidays close to ``day``, of no country, one or two."""
    near = st.integers(-6, 6).map(lambda gone: day + timedelta(days=gone))
    return draw(
        st.dictionaries(
            st.sampled_from(COUNTRIES),
            st.builds(
                DaysOff,
                weekend=st.frozensets(st.integers(0, 6), max_size=3),
                holidays=st.dictionaries(near, st.sampled_from(("Day of Rest", "Feast")), max_size=6),
            ),
        )
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Starts, tuple[Member, ...], Mapping[str, DaysOff]]:
    """Rising starts near clock changes, members of some countries and of none, and their days off."""
    places = draw(st.lists(zones, min_size=1, max_size=3))
    anchor = draw(instants_near(places[0]))
    gone = draw(st.lists(st.integers(-4 * 1440, 4 * 1440), max_size=3))
    starts = tuple((anchor + timedelta(minutes=minutes), draw(lengths)) for minutes in sorted([0, *gone]))
    roster = tuple(
        replace(
            draw(members_about(f"m{index}", zone, anchor.date())),
            groups=draw(st.sampled_from(({}, {"country": "AA"}, {"country": "BB"}, {"country": "CC"}))),
        )
        for index, zone in enumerate(places)
    )
    return starts, roster, draw(days_off_about(anchor.date()))


def charged(hours: Hours, weekend: int, holiday: int) -> Hours:
    return replace(
        hours,
        curves={name: curve for name, curve in hours.curves.items() if name != "default"},
        weekend_points=weekend,
        holiday_points=holiday,
    )


prices = st.one_of(st.just(0), st.integers(0, 12), st.just(10**6))

APIA = (
    tuple((at("2011-12-29T06:00Z") + timedelta(hours=3 * step), 1500) for step in range(16)),
    (seat("Pacific/Apia", groups=HOME),),
    {"AA": DaysOff(weekend=frozenset({5, 6}), holidays={date(2011, 12, 30): "Never", date(2012, 1, 2): "Day of Rest"})},
)
LONDON = (
    tuple((at("2026-03-28T20:00Z") + timedelta(minutes=20 * step), 400) for step in range(16)),
    (seat("Europe/London", groups=HOME, lead=90), seat("America/New_York", name="b", groups=HOME)),
    {"AA": DaysOff(weekend=frozenset({5}), holidays={date(2026, 3, 30): "Day of Rest"})},
)


@example(world=APIA, meeting=meeting_of(lead=30), hours=Hours(), weekend=2, holiday=5)
@example(world=LONDON, meeting=meeting_of(lead=30), hours=Hours(), weekend=2, holiday=5)
@given(world=worlds(), meeting=meetings, hours=hours_of_plans, weekend=prices, holiday=prices)
def test_the_matrix_charges_days_off_as_counting_minute_by_minute_does(
    world: tuple[Starts, tuple[Member, ...], Mapping[str, DaysOff]],
    meeting: Meeting,
    hours: Hours,
    weekend: int,
    holiday: int,
) -> None:
    starts, roster, days_off = world
    priced = charged(hours, weekend, holiday)

    matrix = matrix_of(starts, roster, meeting=meeting, hours=priced, days_off=days_off)

    assert cells(matrix) == twin_cells(starts, roster, meeting=meeting, hours=priced, days_off=days_off)


@example(world=APIA, meeting=meeting_of(lead=30), weekend=2, holiday=5)
@example(world=LONDON, meeting=meeting_of(lead=30), weekend=2, holiday=5)
@given(world=worlds(), meeting=meetings, weekend=prices, holiday=prices)
def test_a_report_names_and_charges_days_off_as_counting_minute_by_minute_does(
    world: tuple[Starts, tuple[Member, ...], Mapping[str, DaysOff]], meeting: Meeting, weekend: int, holiday: int
) -> None:
    starts, roster, days_off = world
    hours = charged(
        Hours(curves={"lark": Hours().curves["default"], "owl": Hours().curves["default"]}), weekend, holiday
    )

    for member in roster:
        start, minutes = starts[0]
        found = night_of(
            member,
            start=start,
            minutes=minutes,
            audience=audience_of([member], meeting, hours=hours, days_off=days_off),
        )
        expected = row_of(member, start=start, minutes=minutes, meeting=meeting, hours=hours, days_off=days_off)
        assert (found and said(found)) == expected


GULF = DaysOff(weekend=frozenset({4, 5}), holidays={date(2026, 3, 20): "Feast"})


@pytest.mark.parametrize(
    ("start", "minutes", "day_off", "points"),
    [
        pytest.param("2026-03-19T08:00Z", 60, None, 0, id="a working day"),
        pytest.param("2026-03-27T08:00Z", 60, "weekend", 60 * 2, id="a Friday"),
        pytest.param("2026-03-20T08:00Z", 60, "Feast", 60 * 5, id="a holiday on a weekend costs what a holiday does"),
        pytest.param("2026-03-19T20:30Z", 60, None, 30 * 5, id="named by its start, charged by the minute"),
        pytest.param("2026-03-20T20:30Z", 60, "Feast", 30 * 5 + 30 * 2, id="out of a holiday into a weekend"),
        pytest.param("2026-03-28T20:30Z", 60, "weekend", 30 * 2, id="out of a weekend"),
    ],
)
def test_each_minute_pays_for_its_local_date(start: str, minutes: int, day_off: str | None, points: int) -> None:
    hours = replace(CHARGED, curve="free", curves={"free": Curve([0] * 24)})
    member = seat("Asia/Riyadh", groups=HOME)

    found = night_of(
        member,
        start=at(start),
        minutes=minutes,
        audience=audience_of([member], meeting_of(), hours=hours, days_off={"AA": GULF}),
    )

    assert found is not None
    assert (found.day_off, found.burden) == (day_off, points)


def test_lead_and_overrun_pay_for_their_dates_too() -> None:
    hours = Hours(curve="free", curves={"free": Curve([0] * 24)}, weekend_points=1)
    member = seat("UTC", groups=HOME, lead=90)
    weekend = DaysOff(weekend=frozenset({5}))

    early, late = (
        night_of(
            member,
            start=at(start),
            minutes=60,
            audience=audience_of([member], meeting_of(overrun=45), hours=hours, days_off={"AA": weekend}),
        )
        for start in ("2026-03-27T22:30Z", "2026-03-29T01:00Z")
    )

    assert early is not None
    assert late is not None
    assert (early.day_off, early.burden) == (None, 15)
    assert (late.day_off, late.burden) == (None, 30)


def test_days_off_without_a_price_are_named_and_cost_nothing() -> None:
    member = seat("UTC", groups=HOME)

    report = night_report(
        start=at("2026-03-28T12:00Z"),
        minutes=60,
        audience=audience_of(
            [member, seat("UTC", name="z")],
            meeting_of(),
            hours=Hours(),
            days_off={"AA": DaysOff(weekend=frozenset({5}))},
        ),
    )

    assert [(found.id, found.day_off, found.burden) for found in report.members] == [
        ("seat", "weekend", 0),
        ("z", None, 0),
    ]


def test_the_country_of_a_member_stays_while_the_member_is_away() -> None:
    traveller = Member(
        id=seat().id,
        zone=ZoneName("Asia/Riyadh"),
        groups=HOME,
        stays=(Stay(first=date(2026, 3, 1), last=date(2026, 3, 31), zone=ZoneName("America/Los_Angeles")),),
    )

    # Friday in Riyadh, Thursday evening where the member is: dates are those of the clock, the country is home.
    found = night_of(
        traveller,
        start=at("2026-03-27T03:00Z"),
        minutes=60,
        audience=audience_of([traveller], meeting_of(), hours=CHARGED, days_off={"AA": GULF}),
    )

    assert found is not None
    assert (found.local_start.wall.date(), found.day_off) == (date(2026, 3, 26), None)


TUESDAYS = tuple((at("2026-01-06T12:00Z") + timedelta(weeks=week), 60) for week in range(52))


def countries(hours: Hours, days_off: Mapping[str, DaysOff], starts: Starts = TUESDAYS) -> list[int]:
    """The classes of a member of each country."""
    roster = [seat("Europe/Paris", name=f"seat-{country}", groups={"country": country}) for country in days_off]
    return [int(kind) for kind in matrix_of(starts, roster, hours=hours, days_off=days_off).class_of]


def test_countries_that_no_start_can_tell_apart_share_a_class() -> None:
    days_off = {
        "": DaysOff(weekend=frozenset()),
        "AA": DaysOff(weekend=frozenset({5, 6})),
        "BB": DaysOff(
            weekend=frozenset({4}), holidays={date(2026, 1, 7): "a Wednesday", date(2025, 1, 7): "last year"}
        ),
    }

    assert countries(CHARGED, days_off) == [0, 0, 0]
    assert countries(Hours(), {"AA": days_off["AA"], "BB": DaysOff(weekend=frozenset({1}))}) == [0, 0]


def test_countries_that_differ_on_a_day_of_a_call_are_in_classes_of_their_own() -> None:
    days_off = {
        "AA": DaysOff(weekend=frozenset({5, 6})),
        "BB": DaysOff(weekend=frozenset({1})),
        "CC": DaysOff(weekend=frozenset({5, 6}), holidays={date(2026, 1, 13): "Feast"}),
        "DD": DaysOff(weekend=frozenset({6}), holidays={date(2026, 1, 13): "Day of Rest"}),
    }

    assert countries(CHARGED, days_off) == [0, 1, 2, 2]
    assert countries(replace(CHARGED, holiday_points=0), days_off) == [0, 1, 0, 0]


def test_members_of_one_country_with_curves_of_their_own_pay_the_same_for_its_days_off() -> None:
    hours = replace(CHARGED, curves={"flat": Curve([3] * 24)})
    off = {"AA": DaysOff(weekend=frozenset({1}))}
    roster = [seat("Europe/Paris", groups=HOME), seat("Europe/Paris", name="b", groups=HOME, curve="flat")]

    matrix = matrix_of(TUESDAYS, roster, hours=hours, days_off=off)
    plain = matrix_of(TUESDAYS, roster, hours=hours)

    assert matrix.class_of.tolist() == [0, 1]
    assert (matrix.burdens() - plain.burdens()).tolist() == [[60 * 2] * 52] * 2


def test_countries_without_days_off_cost_nothing_more() -> None:
    stranger, homeless = seat(groups={"country": "ZZ"}), seat()

    for member in (stranger, homeless):
        assert days_off_of(member, {"AA": GULF}) is None
        burdens = matrix_of(TUESDAYS, [member], hours=CHARGED, days_off={"AA": GULF}).burdens()
        assert burdens.tolist() == matrix_of(TUESDAYS, [member]).burdens().tolist()


@pytest.mark.parametrize("points", [-1, True, 1.5])
def test_points_of_days_off_are_integers_of_0_or_more(points: int) -> None:
    with pytest.raises(InvalidHours, match=f"found {points}; points per hour of a day off are integers"):
        Hours(weekend_points=points)
    with pytest.raises(InvalidHours, match=f"found {points}; points per hour of a day off are integers"):
        Hours(holiday_points=points)


def test_what_a_day_off_holds_cannot_be_changed_from_outside() -> None:
    given_days = {date(2026, 1, 13): "Feast"}
    off = DaysOff(weekend=frozenset({5}), holidays=given_days)

    given_days.clear()

    assert off.name_of(date(2026, 1, 13)) == "Feast"
    assert off == DaysOff(weekend=frozenset({5}), holidays={date(2026, 1, 13): "Feast"})


def test_dear_days_off_do_not_overflow_what_short_nights_would_need() -> None:
    start = datetime.fromisoformat("2026-01-13T12:00+00:00")
    hours = Hours(curve="free", curves={"free": Curve([0] * 24)}, holiday_points=10**6)

    matrix = make_burden_matrix(
        [start],
        [7 * 1440],
        audience_of(
            [seat(groups=HOME)],
            meeting_of(),
            hours=hours,
            days_off={"AA": DaysOff(weekend=frozenset(), holidays={date(2026, 1, day): "x" for day in range(1, 32)})},
        ),
    )

    assert matrix.burdens().tolist() == [[10**6 * 7 * 1440]]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Lima"])
@pytest.mark.parametrize(
    ("hour", "minutes", "lead", "overrun", "charged_minutes"),
    [
        ("2026-07-10T23:00", 60, 0, 0, 0),  # to the end of Friday
        ("2026-07-10T23:00", 61, 0, 0, 1),
        ("2026-07-10T22:59", 1, 0, 60, 0),
        ("2026-07-10T22:59", 1, 0, 61, 1),
        ("2026-07-13T00:59", 1, 59, 0, 0),  # from the beginning of Monday
        ("2026-07-13T00:59", 1, 60, 0, 1),
        ("2026-07-11T00:00", 1, 0, 0, 1),
        ("2026-07-12T23:59", 1, 0, 0, 1),
    ],
)
def test_one_minute_of_a_day_off_is_charged(
    zone: str, hour: str, *, minutes: int, lead: int, overrun: int, charged_minutes: int
) -> None:
    shift = {"UTC": "+00:00", "Asia/Tokyo": "+09:00", "America/Lima": "-05:00"}[zone]
    free = Hours(curve="free", curves={"free": Curve([0] * 24)}, weekend_points=7)
    weekend = {"AA": DaysOff(weekend=frozenset({5, 6}))}
    meeting = meeting_of(lead=lead, overrun=overrun)
    start = at(hour + shift)

    matrix = make_burden_matrix(
        [start], [minutes], audience_of([seat(zone, groups=HOME)], meeting, hours=free, days_off=weekend)
    )

    assert matrix.burdens().tolist() == [[7 * charged_minutes]]
