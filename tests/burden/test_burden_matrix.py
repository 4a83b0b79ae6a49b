"""The burden matrix: every cell is what counting minute by minute gives, whatever the clocks and the members do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiences import audience_of
from mag_rotation.burden import make_burden_matrix
from mag_rotation.errors import InvalidHours, InvalidInstant, InvalidStarts, MagRotationError
from mag_rotation.hours import Curve, Hours
from mag_rotation.roster import DaysOff, Member, MemberId, Stay, ZoneName
from mag_rotation.series import Meeting
from matrices import Starts, cells, matrix_of, twin_cells
from strategies import (
    OF_OLD_SYSTEMS,
    at,
    hours_of_plans,
    instants_near,
    lengths,
    meeting_of,
    meetings,
    members_about,
    seat,
    zones,
)


@st.composite
def starts_and_rosters(draw: st.DrawFn) -> tuple[Starts, tuple[Member, ...]]:
    """Rising starts with their lengths, most near clock changes of the members' zones, and up to four members."""
    places = draw(st.lists(zones, max_size=4))
    anchor = draw(instants_near(places[0] if places else "UTC"))
    near = st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(
        lambda gone: anchor + timedelta(seconds=gone // timedelta(seconds=1))
    )
    on_the_minute = st.integers(-3000, 3000).map(lambda gone: anchor + timedelta(minutes=gone))
    elsewhere = instants_near(draw(st.sampled_from(places)) if places else "UTC")
    found = draw(st.lists(st.one_of(st.just(anchor), on_the_minute, near, elsewhere), max_size=5))
    found += draw(st.lists(st.sampled_from(found), max_size=1)) if found else []
    starts = tuple((start, draw(lengths)) for start in sorted(found))
    roster = tuple(draw(members_about(f"m{index}", zone, anchor.date())) for index, zone in enumerate(places))
    return starts, roster


def stay(first: str, last: str, zone: str) -> Stay:
    return Stay(first=date.fromisoformat(first), last=date.fromisoformat(last), zone=ZoneName(zone))


PLAIN = meeting_of(lead=15, overrun=20)
HOURLY = tuple((at("2026-03-27T00:00Z") + timedelta(hours=hour), 90) for hour in range(72))
LORD_HOWE = (
    tuple((at("2026-04-04T13:00Z") + timedelta(minutes=17 * step), 61) for step in range(20)),
    (
        seat("Australia/Lord_Howe", name="a", lead=90),
        seat("Pacific/Chatham", name="b", night="22:00-06:00", never=("01:00-02:30", "02:15-03:00")),
    ),
)
MONROVIA = (
    tuple((datetime(1972, 1, 6, 23, 44, second, tzinfo=UTC), 90) for second in (0, 29, 30, 31)),
    (seat("Africa/Monrovia", never=("00:00-00:30",)),),
)
APIA = tuple((at("2011-12-29T09:30Z") + timedelta(hours=hour), 1500) for hour in range(26)), (seat("Pacific/Apia"),)
KATHMANDU = (
    tuple((at("1985-12-31T17:00Z") + timedelta(minutes=15 * step), 120) for step in range(9)),
    (seat("Asia/Kathmandu"),),
)
RAMADAN = (
    tuple((at("2022-03-26T22:00Z") + timedelta(hours=hour), 120) for hour in range(8)),
    (seat("Africa/Casablanca", lead=200),),
)
AWAY = (
    HOURLY,
    (
        Member(
            id=MemberId("traveller"),
            zone=ZoneName("America/La_Paz"),
            stays=(stay("2026-03-27", "2026-03-28", "Asia/Tokyo"), stay("2026-03-28", "2026-03-29", "Europe/Paris")),
            joined=date(2026, 3, 27),
            left=date(2026, 3, 29),
        ),
    ),
)


@example(at=LORD_HOWE, meeting=PLAIN, hours=Hours())
@example(at=MONROVIA, meeting=PLAIN, hours=Hours())
@example(at=APIA, meeting=PLAIN, hours=Hours())
@example(at=KATHMANDU, meeting=PLAIN, hours=Hours())
@example(at=RAMADAN, meeting=PLAIN, hours=Hours())
@example(at=AWAY, meeting=PLAIN, hours=Hours())
@given(at=starts_and_rosters(), meeting=meetings, hours=hours_of_plans)
def test_every_cell_is_what_counting_minute_by_minute_gives(
    at: tuple[Starts, tuple[Member, ...]], meeting: Meeting, hours: Hours
) -> None:
    starts, roster = at

    matrix = matrix_of(starts, roster, meeting=meeting, hours=hours)

    assert cells(matrix) == twin_cells(starts, roster, meeting=meeting, hours=hours)
    assert matrix.members == tuple(member.id for member in roster)


@pytest.mark.parametrize("ahead", [-106, -105, -104, -61, -60, -59, -1, 0, 1, 19, 20, 21, 89, 90, 91])
def test_a_clock_change_in_the_first_or_the_last_minute_of_a_call_counts(ahead: int) -> None:
    """Each call is alone, so that no longer one widens the search for changes."""
    starts = ((at("2026-03-29T01:00Z") + timedelta(minutes=ahead), 60),)
    roster = (seat("Europe/Zurich", name="a"), seat("Europe/London", name="b", lead=90), seat("UTC", name="c"))

    assert cells(matrix_of(starts, roster, meeting=meeting_of(lead=20, overrun=45))) == twin_cells(
        starts, roster, meeting=meeting_of(lead=20, overrun=45), hours=Hours()
    )


def test_a_roster_of_hundred_zones_over_a_week_with_clock_changes_is_counted_right() -> None:
    from twin_night import zone_names  # noqa: PLC0415 - read once, here

    roster = [seat(zone, name=zone) for zone in zone_names()[::6] if zone not in OF_OLD_SYSTEMS]

    matrix = matrix_of(HOURLY[::9], roster, meeting=PLAIN)

    assert cells(matrix) == twin_cells(HOURLY[::9], roster, meeting=PLAIN, hours=Hours())


def test_a_repeated_hour_may_cost_more_than_any_day_of_24_hours() -> None:
    # One dear hour comes twice on the night of the change, in a call of a day: numbers must be wide enough for it.
    dear = Hours(curve="dear", curves={"dear": Curve([0, 2, *[0] * 22])})
    starts = ((at("2026-10-24T22:00Z"), 1440),)

    matrix = matrix_of(starts, [seat("Europe/London")], hours=dear)

    assert matrix.burdens().tolist() == [[240]]


@pytest.mark.parametrize("points", [10**6, 10**9])
def test_dear_curves_and_long_calls_do_not_overflow(points: int) -> None:
    week = 7 * 1440
    hours = Hours(curve="dear", curves={"dear": Curve([points] * 24)})

    matrix = matrix_of(((at("2026-03-27T00:00Z"), week),), [seat("Europe/London", lead=week)], hours=hours)

    assert matrix.burdens().tolist() == [[points * 2 * week]]


def test_a_curve_that_no_cell_can_hold_is_refused_and_not_cut_off() -> None:
    hours = Hours(curve="dear", curves={"dear": Curve([10**18] * 24)})

    with pytest.raises(InvalidHours, match=r"may come to 60{19} point-minutes"):
        matrix_of(((at("2026-03-27T00:00Z"), 60),), [seat()], hours=hours).burdens()


@pytest.mark.parametrize(
    ("points", "minutes", "kind"),
    [
        (1, 65, np.int8),
        (1, 127, np.int8),
        (1, 128, np.int16),
        (2, 65, np.int16),
        (500, 65, np.int16),
        (1, 2**15 - 1, np.int16),
        (1, 2**15, np.int32),
        (10**4, 65, np.int32),
        (2**16, 2**15, np.int64),
        (10**8, 65, np.int64),
    ],
)
def test_numbers_are_as_wide_as_they_have_to_be_and_signed(points: int, minutes: int, kind: type) -> None:
    hours = Hours(curve="flat", curves={"flat": Curve([points] * 24)})

    burdens = matrix_of(((at("2026-03-27T00:00Z"), minutes),), [seat()], hours=hours).burdens()

    assert burdens.dtype == kind
    assert burdens.tolist() == [[points * minutes]]


@pytest.mark.parametrize(
    ("start", "minutes", "lead", "counted"),
    [
        ("2026-03-27T11:00Z", 60, 0, 0),
        ("2026-03-27T11:00Z", 61, 0, 1),
        ("2026-03-27T12:29Z", 60, 0, 1),
        ("2026-03-27T12:30Z", 60, 0, 0),
        ("2026-03-27T12:30Z", 60, 1, 1),
        ("2026-03-27T12:00Z", 30, 0, 30),
    ],
)
def test_one_minute_in_the_night_or_in_hours_never_counts(start: str, minutes: int, lead: int, counted: int) -> None:
    member = seat(lead=lead, night="12:00-12:30", never=("12:00-12:30",))

    matrix = matrix_of(((at(start), minutes),), [member])

    assert matrix.night_minutes().tolist() == [[counted]]
    assert matrix.blocked().tolist() == [[counted > 0]]


def test_members_that_no_start_can_tell_apart_share_a_class() -> None:
    starts = tuple((at("2020-01-07T12:00Z") + timedelta(weeks=week), 60) for week in range(52))
    away = stay("2021-02-01", "2021-03-01", "Asia/Tokyo")
    roster = [
        seat("Europe/Paris", name="a"),
        seat("Europe/Berlin", name="b", weight=3, groups={"region": "WEOG", "country": "DE"}),
        seat("Europe/Paris", name="c", lead=0, night="23:00-06:00", curve="default"),
        Member(id=MemberId("d"), zone=ZoneName("Europe/Rome"), joined=date(2019, 5, 1), left=date(2021, 1, 1)),
        Member(id=MemberId("e"), zone=ZoneName("Europe/Paris"), stays=(away,)),
        Member(
            id=MemberId("f"), zone=ZoneName("Europe/Paris"), stays=(stay("2020-02-01", "2020-03-01", "Europe/Madrid"),)
        ),
        Member(id=MemberId("g"), zone=ZoneName("Europe/Paris"), joined=date(2020, 1, 7), left=date(2020, 12, 29)),
    ]

    assert matrix_of(starts, roster).class_of.tolist() == [0] * len(roster)


def test_members_that_differ_in_what_a_start_sees_are_in_classes_of_their_own() -> None:
    starts = tuple((at("2020-01-07T12:00Z") + timedelta(weeks=week), 60) for week in range(52))
    zone = ZoneName("Europe/Paris")
    roster = [
        seat("Europe/Paris"),
        seat("Europe/London"),
        seat("Africa/Tunis"),  # Paris in winter only
        seat("Europe/Paris", lead=15),
        seat("Europe/Paris", night="22:00-06:00"),
        seat("Europe/Paris", never=("00:00-05:00",)),
        seat("Europe/Paris", curve="lark"),
        Member(id=MemberId("joined"), zone=zone, joined=date(2020, 1, 8)),
        Member(id=MemberId("left"), zone=zone, left=date(2020, 12, 28)),
        Member(id=MemberId("away"), zone=zone, stays=(stay("2020-02-01", "2020-03-01", "Asia/Tokyo"),)),
    ]
    lark = Hours(curves={"lark": Curve([10] * 24)})

    assert matrix_of(starts, roster, hours=lark).class_of.tolist() == list(range(len(roster)))


def test_hours_never_are_told_apart_by_what_they_are_and_not_by_their_order() -> None:
    roster = [
        seat(never=("00:00-05:00", "12:00-13:00")),
        seat(never=("12:00-13:00", "00:00-05:00", "12:00-13:00")),
        seat(never=("12:00-13:00",)),
    ]

    assert matrix_of(HOURLY, roster).class_of.tolist() == [0, 0, 1]


def test_without_starts_there_are_no_columns_and_without_members_no_rows() -> None:
    joined = Member(
        id=MemberId("a"),
        zone=ZoneName("UTC"),
        joined=date(2020, 1, 1),
        stays=(stay("2020-02-01", "2020-03-01", "Asia/Tokyo"),),
    )
    off = {"FR": DaysOff(weekend=frozenset({5}))}
    charged = Hours(weekend_points=3)
    guest = seat("Europe/Paris", groups={"country": "FR"})

    for matrix, shape in (
        (matrix_of((), [joined, guest], hours=charged, days_off=off), (2, 0)),
        (matrix_of(HOURLY, [], hours=charged, days_off=off), (0, len(HOURLY))),
        (matrix_of((), []), (0, 0)),
    ):
        for counts in (matrix.burdens(), matrix.night_minutes()):
            assert matrix.by_member(counts).shape == shape
        for answers in (matrix.blocked(), matrix.present()):
            assert matrix.by_member(answers).shape == shape


def test_a_call_without_length_costs_what_comes_before_it() -> None:
    start = HOURLY[3][0]

    alone = matrix_of(((start, 0),), [seat()]).burdens().tolist()
    with_lead = matrix_of(((start, 0),), [seat(lead=60)]).burdens().tolist()
    before = matrix_of(((start - timedelta(minutes=60), 60),), [seat()]).burdens().tolist()
    assert (alone, with_lead) == ([[0]], before)


def test_starts_that_come_twice_get_the_same_column() -> None:
    starts = ((HOURLY[3][0], 60), (HOURLY[3][0], 60), (HOURLY[3][0], 120))

    first, again, longer = matrix_of(starts, [seat()]).burdens()[0]

    assert first == again < longer


def test_starts_in_another_zone_are_read_in_utc() -> None:
    elsewhere = timezone(timedelta(hours=5, minutes=30))
    starts = tuple((start.astimezone(elsewhere), minutes) for start, minutes in HOURLY)

    assert cells(matrix_of(starts, [seat("Asia/Tokyo")])) == cells(matrix_of(HOURLY, [seat("Asia/Tokyo")]))


NOON = at("2026-03-27T12:00Z")


@pytest.mark.parametrize(
    ("starts", "minutes", "kind", "said"),
    [
        ([NOON, NOON - timedelta(seconds=1)], [60, 60], InvalidStarts, "found 2026-03-27T11:59:59+00:00 after 2026-03"),
        ([NOON.replace(tzinfo=None)], [60], InvalidInstant, "has no time zone"),
        ([NOON], [60, 60], InvalidStarts, "found 1 starts and 2 lengths"),
        ([NOON], [-1], InvalidStarts, "found a length of -1 minutes"),
    ],
)
def test_starts_that_cannot_be_worked_on_are_refused_in_words(
    starts: list[datetime], minutes: list[int], kind: type[MagRotationError], said: str
) -> None:
    with pytest.raises(kind, match=said.replace("+", r"\+")):
        make_burden_matrix(starts, minutes, audience_of([seat()], meeting_of(), hours=Hours()))


def test_a_curve_that_the_plan_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidHours, match="'owl'"):
        matrix_of(HOURLY, [seat(curve="owl")])
