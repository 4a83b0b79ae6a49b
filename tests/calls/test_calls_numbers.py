"""Numbers, labels and titles, and the finding of calls by them.

Law: numbers run along the actual starts of the calls that take one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from mag_rotation.calls import Call, find_call, next_call, unroll
from mag_rotation.calls.numbers import label_of, to_roman
from mag_rotation.errors import AmbiguousCall, InvalidInstant, InvalidValue, UnknownCall
from mag_rotation.series import Counting, Extra, Numbering, NumberStyle, Override, Series
from twin_turns import ABC, MEETING, week, weekly

HELD = Numbering(first=16, style=NumberStyle.ROMAN)
PLANNED = replace(HELD, count=Counting.PLANNED)
OFF = Override(date=week(1), cancel=True)
EXTRA = Extra(date=date(2020, 9, 17), at=time(9))


def numbered(numbering: Numbering | None, *overrides: Override, extras: tuple[Extra, ...] = ()) -> tuple[Call, ...]:
    """Four Tuesdays from 8 September 2020, numbered."""
    return unroll(
        Series(
            meeting=replace(MEETING, numbering=numbering),
            schedule=weekly(4),
            rotation=ABC,
            overrides=overrides,
            extras=extras,
        )
    )


def labels(calls: tuple[Call, ...]) -> list[str | None]:
    return [call.label for call in calls]


def test_a_cancelled_call_has_no_number_where_held_counts_and_the_next_one_takes_it() -> None:
    assert labels(numbered(HELD, OFF)) == ["XVI", None, "XVII", "XVIII"]


def test_a_cancelled_call_keeps_its_number_where_planned_counts() -> None:
    assert labels(numbered(PLANNED, OFF)) == ["XVI", "XVII", "XVIII", "XIX"]


def test_an_extra_call_takes_a_number_in_the_order_of_starts_unless_it_says_no() -> None:
    assert labels(numbered(HELD, extras=(EXTRA,))) == ["XVI", "XVII", "XVIII", "XIX", "XX"]
    unnumbered = replace(EXTRA, numbered=False)
    assert labels(numbered(HELD, extras=(unnumbered,))) == ["XVI", "XVII", None, "XVIII", "XIX"]


@pytest.mark.parametrize(
    ("numbering", "expected"),
    [(HELD, ["XVI", "XVII", None, "XVIII", "XIX"]), (PLANNED, ["XVI", "XVII", "XVIII", "XIX", "XX"])],
)
def test_a_cancelled_extra_is_numbered_like_any_cancelled_call(
    numbering: Numbering, expected: list[str | None]
) -> None:
    assert labels(numbered(numbering, extras=(replace(EXTRA, cancel=True),))) == expected


def test_a_call_moved_past_another_is_numbered_by_its_new_start_and_keeps_its_turn() -> None:
    calls = numbered(HELD, Override(date=week(0), to=week(1) + timedelta(days=1)))

    assert [(call.date, call.label, call.slot) for call in calls] == [
        (week(1), "XVI", "B"),
        (week(0), "XVII", "A"),
        (week(2), "XVIII", "C"),
        (week(3), "XIX", "A"),
    ]


def test_calls_of_one_start_are_numbered_by_uid() -> None:
    together = Override(date=week(2), to=week(1), at=time(14))

    assert [(call.date, call.number) for call in numbered(HELD, together)][1:3] == [(week(1), 17), (week(2), 18)]


@pytest.mark.parametrize("numbering", [None, Numbering(first=3, style=NumberStyle.NONE)])
def test_without_numbers_the_title_is_the_name(numbering: Numbering | None) -> None:
    assert {(call.number, call.label, call.title) for call in numbered(numbering)} == {(None, None, "Demo")}


def test_the_title_is_the_name_and_the_label() -> None:
    assert [call.title for call in numbered(HELD, OFF)] == ["Demo XVI", "Demo", "Demo XVII", "Demo XVIII"]
    assert [call.title for call in numbered(Numbering(first=9))][:2] == ["Demo 9", "Demo 10"]


@pytest.mark.parametrize(
    ("number", "letters"),
    [
        (1, "I"),
        (4, "IV"),
        (9, "IX"),
        (14, "XIV"),
        (40, "XL"),
        (90, "XC"),
        (400, "CD"),
        (1999, "MCMXCIX"),
        (4000, "MMMM"),
    ],
)
def test_roman_numerals(number: int, letters: str) -> None:
    assert to_roman(number) == letters


def test_roman_numerals_are_read_back_by_adding_and_subtracting_their_letters() -> None:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    for number in range(1, 4000):
        letters = [values[letter] for letter in to_roman(number)]
        signed = [-one if one < after else one for one, after in zip(letters, [*letters[1:], 0], strict=True)]
        assert sum(signed) == number


def test_roman_numerals_begin_at_1() -> None:
    with pytest.raises(InvalidValue, match="found 0; Roman numerals begin at 1"):
        to_roman(0)


@pytest.mark.parametrize(
    ("style", "label"), [(NumberStyle.ROMAN, "XVII"), (NumberStyle.ARABIC, "17"), (NumberStyle.NONE, None)]
)
def test_each_style_writes_its_own_label(style: NumberStyle, label: str | None) -> None:
    assert label_of(17, style) == label


class TestFindCall:
    CALLS = numbered(HELD, OFF, extras=(EXTRA, Extra(date=week(1), at=time(9)), Extra(date=week(3), at=time(9))))

    @pytest.mark.parametrize("wanted", ["16", "XVI", "2020-09-08", "demo-20200908@demo.example.org"])
    def test_takes_a_number_a_label_a_rule_date_or_a_uid(self, wanted: str) -> None:
        assert find_call(self.CALLS, wanted) is self.CALLS[0]

    def test_takes_a_cancelled_call_by_its_uid(self) -> None:
        assert not find_call(self.CALLS, "demo-20200915@demo.example.org").is_held

    def test_takes_a_cancelled_call_by_its_date_where_no_other_is_meant(self) -> None:
        assert find_call(numbered(HELD, OFF), "2020-09-15").date == week(1)

    def test_prefers_the_held_call_of_a_date(self) -> None:
        assert find_call(self.CALLS, "2020-09-15").uid == "demo-20200915-extra@demo.example.org"

    def test_finds_a_moved_call_by_its_rule_date_and_not_by_the_day_it_is_held_on(self) -> None:
        calls = numbered(HELD, Override(date=week(0), to=date(2020, 9, 10)))

        assert find_call(calls, "2020-09-08").start.day == 10
        with pytest.raises(UnknownCall):
            find_call(calls, "2020-09-10")

    def test_two_held_calls_of_one_date_are_asked_for_by_uid(self) -> None:
        with pytest.raises(AmbiguousCall) as raised:
            find_call(self.CALLS, "2020-09-29")

        assert str(raised.value) == (
            "'2020-09-29' names 2 calls of this plan; give a UID: "
            "demo-20200929@demo.example.org, demo-20200929-extra@demo.example.org"
        )

    @pytest.mark.parametrize(
        ("numbering", "wanted", "known"),
        [
            (HELD, "99", "its calls run from XVI to XIX; give a number, a label, a rule date or a UID"),
            (None, "X", "its calls run from 2020-09-08 to 2020-09-29; give a number, a label, a rule date or a UID"),
            (None, "99", "its calls have no numbers; name one by its rule date, from 2020-09-08 to 2020-09-29"),
        ],
    )
    def test_unknown_says_from_where_to_where_the_calls_run(
        self, numbering: Numbering | None, wanted: str, known: str
    ) -> None:
        with pytest.raises(UnknownCall) as raised:
            find_call(numbered(numbering), wanted)

        assert raised.value.known == known

    def test_in_a_plan_without_calls_says_so(self) -> None:
        with pytest.raises(UnknownCall, match="'1' names no call of this plan; it has none"):
            find_call((), "1")

    def test_an_unnumbered_call_is_not_found_by_none(self) -> None:
        with pytest.raises(UnknownCall):
            find_call(numbered(None), "None")


class TestNextCall:
    # held: 8 September 06:00, 22 September 22:00, 29 September 06:00
    CALLS = numbered(HELD, OFF)

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            (datetime(2020, 1, 1, tzinfo=UTC), week(0)),
            (datetime(2020, 9, 8, 6, tzinfo=UTC), week(0)),
            (datetime(2020, 9, 8, 6, 1, tzinfo=UTC), week(2)),
            (datetime(2020, 9, 22, 22, 0, 1, tzinfo=UTC), week(3)),
        ],
    )
    def test_is_the_first_that_is_not_cancelled_and_starts_at_or_after_now(self, now: datetime, expected: date) -> None:
        found = next_call(self.CALLS, now)

        assert found is not None
        assert found.date == expected

    def test_by_a_clock_that_says_no_zone_is_refused(self) -> None:
        with pytest.raises(InvalidInstant, match="has no time zone: use datetime"):
            next_call(self.CALLS, datetime(2020, 9, 8, 6))  # noqa: DTZ001 - naive on purpose

    def test_is_none_after_the_last(self) -> None:
        assert next_call(self.CALLS, datetime(2020, 9, 29, 6, 1, tzinfo=UTC)) is None
