"""Laws of the local day: bands partition it, windows count minutes, curves add up points."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.errors import InvalidHours
from mag_rotation.hours import BANDS, DAY, DEEP_NIGHT, DEFAULT_CURVE, DEFAULT_NIGHT, Curve, Hours, Window, band_at
from strategies import curves, windows

MINUTES = [time(*divmod(minute, 60)) for minute in range(DAY)]

starts = st.integers(0, DAY - 1)
stretch_lengths = st.one_of(st.sampled_from((0, 1, DAY - 1, DAY, DAY + 1)), st.integers(0, 3 * DAY))


def test_bands_partition_the_day() -> None:
    holders = [[band.name for band in BANDS if at in band.window] for at in MINUTES]

    assert all(len(names) == 1 for names in holders)
    assert [names[0] for names in holders] == [band_at(at).name for at in MINUTES]
    assert sum(band.window.minutes for band in BANDS) == DAY


def test_bands_begin_where_they_are_documented_to() -> None:
    names = [band_at(at).name for at in MINUTES]
    begins = {names[0]: time(0)} | {
        late: at for (early, late), at in zip(pairwise(names), MINUTES[1:], strict=True) if late != early
    }

    assert begins == {"early": time(6), "day": time(8), "evening": time(18), "night": time(23)}


def test_the_documented_nights_are_these() -> None:
    assert str(DEFAULT_NIGHT) == "23:00-06:00"
    assert str(DEEP_NIGHT) == "02:00-06:00"
    assert (DEFAULT_NIGHT.minutes, DEEP_NIGHT.minutes) == (420, 240)
    assert Hours().night == DEFAULT_NIGHT


def test_the_default_curve_is_the_documented_one() -> None:
    documented = "8 9 10 10 10 10 6 3 1 0 0 0 0 0 0 0 0 1 2 3 3 4 5 7"

    assert " ".join(map(str, DEFAULT_CURVE.hours)) == documented
    assert Hours().curve_of(None) is Hours().curve_of("default") is DEFAULT_CURVE


@given(window=windows)
def test_a_window_is_as_long_as_the_minutes_it_holds(window: Window) -> None:
    assert window.minutes == sum(at in window for at in MINUTES)


@given(window=windows)
def test_a_window_holds_its_start_and_its_end_only_as_a_whole_day(window: Window) -> None:
    assert window.start in window
    assert (window.end in window) is (window.minutes == DAY)


@given(window=windows, minute=starts, length=stretch_lengths)
def test_overlap_is_what_counting_gives(window: Window, minute: int, length: int) -> None:
    counted = sum(MINUTES[(minute + gone) % DAY] in window for gone in range(length))

    assert window.overlap(minute, length) == counted


@given(window=windows, minute=starts, first=stretch_lengths, second=stretch_lengths)
def test_overlap_adds_up_along_the_clock(window: Window, minute: int, first: int, second: int) -> None:
    parts = window.overlap(minute, first) + window.overlap((minute + first) % DAY, second)

    assert window.overlap(minute, first + second) == parts


@given(window=windows.filter(lambda window: window.minutes < DAY), minute=starts, length=stretch_lengths)
def test_a_window_and_its_complement_share_out_every_stretch(window: Window, minute: int, length: int) -> None:
    complement = Window(window.end, window.start)

    assert window.overlap(minute, length) + complement.overlap(minute, length) == length


@given(minute=starts, length=stretch_lengths)
def test_bands_share_out_every_stretch(minute: int, length: int) -> None:
    assert sum(band.window.overlap(minute, length) for band in BANDS) == length


@given(curve=curves, minute=starts, length=stretch_lengths)
def test_a_cost_is_what_counting_gives(curve: Curve, minute: int, length: int) -> None:
    counted = sum(curve.hours[MINUTES[(minute + gone) % DAY].hour] for gone in range(length))

    assert curve.cost(minute, length) == counted


@given(curve=curves, minute=starts, first=stretch_lengths, second=stretch_lengths)
def test_costs_add_up_along_the_clock(curve: Curve, minute: int, first: int, second: int) -> None:
    assert curve.cost(minute, first + second) == curve.cost(minute, first) + curve.cost((minute + first) % DAY, second)


@given(curve=curves, factor=st.integers(0, 9), minute=starts, length=stretch_lengths)
def test_a_curve_times_a_factor_costs_that_factor(curve: Curve, factor: int, minute: int, length: int) -> None:
    dearer = Curve([points * factor for points in curve.hours])

    assert dearer.cost(minute, length) == factor * curve.cost(minute, length)


def test_an_hour_at_ten_points_is_six_hundred_point_minutes() -> None:
    assert Curve((10,) * 24).cost(0, 60) == 600


def test_curves_of_equal_hours_are_equal_whatever_they_were_made_of() -> None:
    of_list, of_tuple = Curve([1] * 24), Curve((1,) * 24)

    assert of_list == of_tuple
    assert len({of_list, of_tuple}) == 1
    assert of_list != Curve((1,) * 23 + (2,))


def test_a_curve_does_not_change_with_the_list_it_was_made_of() -> None:
    hours = [1] * 24
    curve = Curve(hours)
    hours[0] = 9

    assert (curve.hours[0], curve.cost(0, 60)) == (1, 60)


WRONG_CURVES = {
    "23 hours": ((1,) * 23, "found 23 values; a curve has one for each of the 24 local hours"),
    "25 hours": ((1,) * 25, "found 25 values; a curve has one for each of the 24 local hours"),
    "none": ((), "found 0 values; a curve has one for each of the 24 local hours"),
    "less than nothing": ((1,) * 22 + (-1, -2), "found -1, -2; points per hour are integers of 0 or more"),
    "halves": ((1,) * 23 + (1.5,), "found 1.5; points per hour are integers of 0 or more"),
    "truth": ((1,) * 23 + (True,), "found True; points per hour are integers of 0 or more"),
    "text": ((1,) * 23 + ("1",), "found 1; points per hour are integers of 0 or more"),
}


@pytest.mark.parametrize(("hours", "problem"), WRONG_CURVES.values(), ids=WRONG_CURVES)
def test_a_curve_that_is_none_is_refused(hours: tuple[int, ...], problem: str) -> None:
    with pytest.raises(InvalidHours) as caught:
        Curve(hours)

    assert str(caught.value) == problem


WRONG_WINDOWS = {
    "seconds": (time(22, 0, 30), time(6), "found 22:00:30; a window is cut at whole minutes, without a zone"),
    "fractions": (
        time(22),
        time(6, 0, 0, 1),
        "found 06:00:00.000001; a window is cut at whole minutes, without a zone",
    ),
    "a zone": (
        time(22, tzinfo=UTC),
        time(6, tzinfo=UTC),
        "found 22:00:00+00:00, 06:00:00+00:00; a window is cut at whole minutes, without a zone",
    ),
}


@pytest.mark.parametrize(("start", "end", "problem"), WRONG_WINDOWS.values(), ids=WRONG_WINDOWS)
def test_a_window_that_minutes_cannot_count_is_refused(start: time, end: time, problem: str) -> None:
    with pytest.raises(InvalidHours) as caught:
        Window(start, end)

    assert str(caught.value) == problem


def test_a_plan_chooses_among_its_curves_and_the_default() -> None:
    flat = Curve((1,) * 24)
    hours = Hours(curve="flat", curves={"flat": flat})

    assert hours.curve_of(None) is hours.curve_of("flat") is flat
    assert hours.curve_of("default") is DEFAULT_CURVE
    assert replace(hours, curve="default").curve_of(None) is DEFAULT_CURVE


def test_hours_do_not_change_with_the_mapping_they_were_made_of() -> None:
    given_curves = {"flat": Curve((1,) * 24)}
    hours = Hours(curves=given_curves)
    given_curves.clear()

    assert sorted(hours.curves) == ["default", "flat"]


@pytest.mark.parametrize("unknown", ["owl", ""])
def test_an_unknown_curve_is_met_with_those_there_are(unknown: str) -> None:
    hours = Hours(curves={"lark": DEFAULT_CURVE})
    for ask in (lambda: hours.curve_of(unknown), lambda: replace(hours, curve=unknown)):
        with pytest.raises(InvalidHours) as caught:
            ask()

        assert str(caught.value) == f"found {unknown!r}; the curves of this plan are default, lark"


def test_the_name_of_the_published_curve_is_reserved() -> None:
    with pytest.raises(
        InvalidHours, match=r"^found a curve named 'default'; the name is reserved, give yours another$"
    ):
        Hours(curves={"default": Curve((1,) * 24)})
