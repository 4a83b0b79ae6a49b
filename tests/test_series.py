"""What the values of a series refuse when they are built, and what they take.

Law: a value that contradicts itself cannot be built; the error names every place and what would be right.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, time, timedelta

import pytest

from mag_rotation.errors import InvalidSeries
from mag_rotation.series import (
    Advance,
    Counting,
    Extra,
    Meeting,
    Numbering,
    NumberStyle,
    Override,
    Phase,
    Rotation,
    Schedule,
    Season,
    Series,
    Slot,
    Weekday,
    check_domain,
    check_meeting_id,
)
from twin_turns import ABC, MEETING, slots, weekly

DAY, NOON = date(2020, 9, 8), time(12)
ID = "write up to 64 letters and digits, with hyphens only between them, such as 'mag2020'"
NO_MINUTES = "duration: found 0 minutes; a call lasts 1 minute or more"
CLOCK = "; a start is wall-clock time in its zone, in whole minutes and without an offset"
OVERLAP = "2020-09-17 to 2020-09-20 overlaps phase 'a', 2020-09-08 to 2020-09-17; phases may not overlap"
NO_TURNS = "the phase counts no turns of its own; give it slots or a start"
HELD = "cancel-note: found without cancel = true; call the call off, or write it in note"


def phase(name: str, first: int, last: int, *, start: int | None = None, own: tuple[Slot, ...] | None = None) -> Phase:
    """A phase between two days counted from 8 September 2020."""
    return Phase(name=name, first=DAY + timedelta(days=first), last=DAY + timedelta(days=last), start=start, slots=own)


def series(*phases: Phase) -> Series:
    return Series(meeting=MEETING, schedule=weekly(3), rotation=ABC, phases=phases)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Slot(at=NOON, minutes=0), [NO_MINUTES]),
        (lambda: Slot(at=time(12, tzinfo=UTC)), [f"at: found 12:00:00+00:00{CLOCK}"]),
        (lambda: Slot(at=time(12, 0, 1)), [f"at: found 12:00:01{CLOCK}"]),
        (lambda: Slot(at=time(12, 0, 0, 1), minutes=0), [f"at: found 12:00:00.000001{CLOCK}", NO_MINUTES]),
        (lambda: Rotation(slots=()), ["slots: found none; a rotation has at least one slot"]),
        (lambda: Rotation(slots=slots(1, 2), start=3), ["start: found 3; the slots are numbered 1 to 2"]),
        (lambda: Rotation(slots=slots(1, 2), start=0), ["start: found 0; the slots are numbered 1 to 2"]),
        (lambda: Rotation(slots=slots(1), hold=0), ["hold: found 0; a slot has 1 turn in a row or more"]),
        (lambda: Rotation(slots=slots(1, 2), hold=4, taken=4), ["taken: found 4; write 0 to 3"]),
        (lambda: Rotation(slots=slots(1, 2), taken=1), ["taken: found 1; write 0 to 0"]),
        (
            lambda: Rotation(slots=slots(1, 2), hold=-1, taken=-1),
            ["hold: found -1; a slot has 1 turn in a row or more", "taken: found -1; write 0 to 0"],
        ),
        (
            lambda: Phase(name="a", first=DAY, last=DAY, hold=2, taken=1),
            [f"hold: found 2; {NO_TURNS}", f"taken: found 1; {NO_TURNS}"],
        ),
        (lambda: Phase(name="a", first=DAY, last=DAY, start=1, hold=2, taken=2), ["taken: found 2; write 0 to 1"]),
        (
            lambda: Phase(name="a", first=DAY, last=DAY, start=1, taken=-1),
            ["taken: found -1; write 0 to less than hold"],
        ),
        (
            lambda: series(Phase(name="a", first=DAY, last=DAY, start=1, taken=1)),
            ["phases[0].taken: found 1; write 0 to 0"],
        ),
        (lambda: Schedule(first=DAY, repeat="FREQ=DAILY"), ["until: missing, as is count; give one of the two"]),
        (
            lambda: Schedule(first=DAY, repeat="FREQ=DAILY", count=1, until=DAY),
            ["until: found beside count; give one of the two"],
        ),
        (
            lambda: Schedule(first=DAY, repeat="FREQ=DAILY", until=date(2020, 9, 7)),
            ["until: found 2020-09-07, before first; write 2020-09-08 or a later day"],
        ),
        (
            lambda: Schedule(first=DAY, repeat="FREQ=DAILY", count=0),
            ["count: found 0; a series has 1 rule date or more"],
        ),
        (lambda: Override(date=DAY, minutes=0), [NO_MINUTES]),
        (lambda: Override(date=DAY, at=time(12, tzinfo=UTC)), [f"at: found 12:00:00+00:00{CLOCK}"]),
        (lambda: Override(date=DAY, cancel_note="ill"), [HELD]),
        (lambda: Override(date=DAY, cancel_note="ill", minutes=0, note="later"), [NO_MINUTES, HELD]),
        (lambda: Extra(date=DAY, at=NOON, cancel_note="ill"), [HELD]),
        (lambda: Extra(date=DAY, at=NOON, minutes=-5), ["duration: found -5 minutes; a call lasts 1 minute or more"]),
        (lambda: Extra(date=DAY, at=time(12, 0, 30)), [f"at: found 12:00:30{CLOCK}"]),
        (lambda: Extra(date=DAY, at=NOON, nth=0), ["nth: found 0; write 1 or more"]),
        (lambda: phase("a", 1, 0), ["to: found 2020-09-08, before from; write 2020-09-09 or a later day"]),
        (lambda: phase("a", 0, 1, own=()), ["slots: found none; leave slots out to inherit the rotation's"]),
        (lambda: phase("a", 0, 1, own=slots(1), start=2), ["start: found 2; the slots are numbered 1 to 1"]),
        (lambda: phase("a", 0, 1, start=0), ["start: found 0; the slots are numbered 1 to the last"]),
        (lambda: Phase(name="a", first=DAY, last=DAY, minutes=0), [NO_MINUTES]),
        (lambda: Numbering(first=-1), ["first: found -1; arabic numbers begin at 0 or later"]),
        (
            lambda: Numbering(first=0, style=NumberStyle.ROMAN),
            ["first: found 0; roman numbers begin at 1 or later"],
        ),
        (
            lambda: Meeting(id="m", name="M", uid_domain="m.example.org", minutes=0, lead=-1, overrun=-2),
            [
                NO_MINUTES,
                "lead: found -1; a lead is 0 minutes or more",
                "overrun: found -2; an overrun is 0 minutes or more",
            ],
        ),
        (
            lambda: Meeting(id="m", name="M", uid_domain="m.example.org", minutes=60, alarm=0, color="Stealblue"),
            [
                "alarm: found 0; an alarm is a minute or more before",
                "color: found 'Stealblue'; write a color name of CSS3 such as 'steelblue'",
            ],
        ),
        (
            lambda: Meeting(id="m", name="M", uid_domain="m.example.org", minutes=60, color="#4682b4"),
            ["color: found '#4682b4'; write a color name of CSS3 such as 'teal'"],
        ),
        (
            lambda: Meeting(id="a b@c", name="M", uid_domain="not a domain", minutes=60),
            [
                f"id: found 'a b@c'; {ID}",
                "uid-domain: found 'not a domain'; write a DNS name such as 'mag.example.org'",
            ],
        ),
        (
            lambda: series(phase("a", 0, 9), phase("b", 9, 12)),
            [f"phases[1].from: {OVERLAP}"],
        ),
        (lambda: series(phase("a", 0, 9, start=4)), ["phases[0].start: found 4; the slots are numbered 1 to 3"]),
    ],
)
def test_a_value_that_contradicts_itself_cannot_be_built(build: Callable[[], object], said: list[str]) -> None:
    with pytest.raises(InvalidSeries) as raised:
        build()

    assert [str(mistake) for mistake in raised.value.mistakes] == said


@pytest.mark.parametrize(
    "build",
    [
        lambda: Slot(at=NOON, minutes=1),
        lambda: Rotation(slots=slots(1, 2), start=1),
        lambda: Rotation(slots=slots(1, 2), start=2),
        lambda: Schedule(first=DAY, repeat="FREQ=DAILY", count=1),
        lambda: Schedule(first=DAY, repeat="FREQ=DAILY", until=DAY),
        lambda: Override(date=DAY, minutes=1),
        lambda: Extra(date=DAY, at=NOON, nth=1, minutes=1),
        lambda: phase("a", 0, 0, own=slots(1), start=1),
        lambda: phase("a", 0, 0, start=1),
        lambda: Phase(name="a", first=DAY, last=DAY, minutes=1),
        lambda: Numbering(first=0),
        lambda: Numbering(first=1, style=NumberStyle.ROMAN),
        lambda: Meeting(id="m", name="M", uid_domain="m.example.org", minutes=1, lead=0, overrun=0, alarm=1),
        lambda: series(phase("a", 0, 9, start=3)),
        lambda: series(phase("a", 0, 9), phase("b", 10, 12)),
        lambda: Season(first=DAY, last=DAY),
    ],
)
def test_a_value_may_be_the_smallest_or_the_greatest_that_is_allowed(build: Callable[[], object]) -> None:
    assert build()


@pytest.mark.parametrize(
    ("meeting_id", "right"),
    [("a", True), ("a-b", True), ("x" * 64, True), ("x" * 65, False), ("", False), ("a-", False), ("\u0661", False)],
)
def test_the_id_of_a_meeting_is_letters_digits_and_hyphens_between_them(meeting_id: str, right: bool) -> None:
    assert (check_meeting_id(meeting_id) is None) is right


@pytest.mark.parametrize(
    ("domain", "right"),
    [
        ("a.b", True),
        (".".join(["x" * 63] * 3 + ["x" * 61]), True),
        (".".join(["x" * 63] * 3 + ["x" * 62]), False),
        ("x" * 64 + ".org", False),
        ("localhost", False),
        ("10.0.0.1", False),
        ("a..b", False),
        ("", False),
    ],
)
def test_the_domain_of_uids_is_a_dns_name(domain: str, right: bool) -> None:
    assert (check_domain(domain) is None) is right


def test_every_overlap_is_told() -> None:
    with pytest.raises(InvalidSeries) as raised:
        series(phase("a", 0, 9), phase("b", -9, 30), phase("c", 2, 3))

    assert [mistake.place for mistake in raised.value.mistakes] == [
        "phases[1].from",
        "phases[2].from",
        "phases[2].from",
    ]


def test_overlaps_beyond_the_first_hundred_are_counted() -> None:
    with pytest.raises(InvalidSeries) as raised:
        series(*(phase(f"phase {number}", 0, 9) for number in range(16)))

    *named, more = raised.value.mistakes
    assert len(named) == 100
    assert more.problem == "found 20 more overlaps; mend these first, since 100 are named at once"


def test_phases_may_touch_lie_in_any_order_and_begin_at_any_inherited_slot() -> None:
    phases = (phase("b", 10, 12, start=3), phase("a", 0, 9), phase("one day", 13, 13, own=slots(1), start=1))

    assert series(*phases).phases == phases


def test_a_cancelled_call_may_bear_notes_and_whatever_it_had() -> None:
    change = Override(date=DAY, at=NOON, minutes=30, location="L", note="later")

    assert Override(date=DAY, cancel=True, note="a holiday").note == "a holiday"
    assert replace(replace(change, cancel=True, cancel_note="ill"), cancel=False, cancel_note=None) == change


def test_the_least_values_are_taken() -> None:
    assert Slot(at=time(23, 59), minutes=1).minutes == 1
    assert Schedule(first=DAY, repeat="FREQ=DAILY", until=DAY).until == DAY
    assert Numbering(first=0).first == 0
    assert Numbering(first=1, style=NumberStyle.ROMAN).first == 1


def test_the_defaults_are_those_of_the_plan_format() -> None:
    slot, rotation, numbering = Slot(at=NOON), Rotation(slots=slots(1)), Numbering()
    extra = Extra(date=DAY, at=NOON)

    assert (slot.zone, slot.weekday, slot.label) == ("UTC", None, None)
    assert (rotation.advance, rotation.start) == (Advance.CALL, 1)
    assert (numbering.first, numbering.style, numbering.count) == (1, NumberStyle.ARABIC, Counting.HELD)
    assert (extra.zone, extra.numbered, extra.takes_turn, extra.cancel) == ("UTC", True, False, False)
    assert extra.nth is None


def test_the_phase_of_a_day_is_the_one_that_holds_it_ends_included() -> None:
    both = series(phase("a", 0, 1), phase("b", 3, 3))
    names = [both.phase_on(DAY + timedelta(days=number)) for number in range(-1, 5)]

    assert [found and found.name for found in names] == [None, "a", "a", None, "b", None]


def test_weekdays_are_numbered_as_dates_number_them() -> None:
    assert [Weekday(DAY.weekday()).name, Weekday.MO.value, Weekday.SU.value] == ["TU", 0, 6]


def test_an_invalid_series_pickles_and_tells_all_its_mistakes() -> None:
    with pytest.raises(InvalidSeries) as raised:
        Slot(at=time(12, tzinfo=UTC), minutes=0)

    copy = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - our own bytes

    assert copy.mistakes == raised.value.mistakes
    assert str(copy).splitlines() == [
        "a series with 2 mistakes:",
        f"  at: found 12:00:00+00:00{CLOCK}",
        f"  {NO_MINUTES}",
    ]
    assert isinstance(copy, ValueError)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [(None, None, "-2 -1 0 1 2"), (0, None, "0 1 2"), (None, 0, "-2 -1 0"), (-1, 1, "-1 0 1"), (0, 0, "0")],
)
def test_a_season_has_its_first_and_its_last_day(first: int | None, last: int | None, days: str) -> None:
    season = Season(
        first=None if first is None else DAY + timedelta(days=first),
        last=None if last is None else DAY + timedelta(days=last),
    )

    assert " ".join(str(away) for away in range(-2, 3) if DAY + timedelta(days=away) in season) == days
