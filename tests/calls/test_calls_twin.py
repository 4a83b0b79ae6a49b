"""The laws of unrolling, over series of every kind, and its agreement with the twin that counts day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from itertools import cycle, islice

from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.calls import Call, Status, unroll
from mag_rotation.series import Advance, Counting, Extra, Numbering, Override, Rotation, Schedule, Series
from twin_turns import MEETING, Told, planned_days, serieses, slots, tell


def as_told(call: Call) -> Told:
    return Told(
        date=call.date,
        start=call.start,
        slot_number=call.slot_number,
        number=call.number,
        status=str(call.status),
    )


@given(serieses())
def test_every_call_is_as_the_stupid_twin_counts_it(series: Series) -> None:
    assert {call.uid: as_told(call) for call in unroll(series)} == tell(series)


def test_the_twin_itself_says_what_a_hand_counts() -> None:
    # 2020 has 53 weeks: the last week of the year and the first of the next both take the first of two slots
    series = Series(
        meeting=MEETING,
        schedule=Schedule(first=date(2020, 12, 22), repeat="FREQ=WEEKLY", count=4),
        rotation=Rotation(slots=slots(8, 17), advance=Advance.ISO_WEEK),
        overrides=(Override(date=date(2020, 12, 29), cancel=True),),
        extras=(Extra(date=date(2020, 12, 23), at=time(12)),),
    )

    assert [(told.slot_number, told.number, told.status) for told in tell(series).values()] == [
        (2, 1, "planned"),
        (None, 2, "extra"),
        (1, None, "cancelled"),
        (1, 3, "planned"),
        (2, 4, "planned"),
    ]


@given(serieses())
def test_the_order_of_exceptions_and_phases_in_the_plan_has_no_say(series: Series) -> None:
    shuffled = replace(series, overrides=series.overrides[::-1], phases=series.phases[::-1])

    assert unroll(shuffled) == unroll(series) == unroll(series)


@given(serieses())
def test_no_uid_serves_two_calls(series: Series) -> None:
    uids = [call.uid for call in unroll(series)]

    assert len(set(uids)) == len(uids)


@given(serieses())
def test_a_call_keeps_its_uid_whatever_the_exceptions_and_turns_say(series: Series) -> None:
    plain = replace(
        series,
        overrides=(),
        extras=tuple(replace(extra, at=time(3), to=None, cancel=False) for extra in series.extras),
        rotation=Rotation(slots=slots(9)),
        phases=tuple(replace(phase, slots=None, start=None, hold=None, taken=0) for phase in series.phases),
    )

    assert {call.uid for call in unroll(plain)} == {call.uid for call in unroll(series)}


@given(serieses())
def test_calls_are_sorted_by_start_and_then_uid(series: Series) -> None:
    calls = unroll(series)

    assert list(calls) == sorted(calls, key=lambda call: (call.start, call.uid))


@given(serieses())
def test_numbers_are_consecutive_and_held_calls_only_take_them_where_held_counts(series: Series) -> None:
    numbering = series.meeting.numbering or Numbering()
    calls = unroll(series)
    numbers = [call.number for call in calls if call.number is not None]

    assert numbers == list(range(numbering.first, numbering.first + len(numbers)))
    if numbering.count is Counting.HELD:
        assert all(call.number is None for call in calls if call.status is Status.CANCELLED)


@given(serieses())
def test_a_note_changes_nothing_but_the_note(series: Series) -> None:
    noted = replace(series, overrides=tuple(replace(override, note="a word") for override in series.overrides))
    changed = {override.date for override in series.overrides}

    calls = unroll(noted)

    assert [replace(call, note=None) for call in calls] == list(unroll(series))
    assert {call.date for call in calls if call.note} == changed


@given(serieses(), st.data())
def test_cancelling_a_call_moves_no_other_call_but_under_held(series: Series, data: st.DataObject) -> None:
    advance = data.draw(st.sampled_from([advance for advance in Advance if advance is not Advance.HELD]))
    before = replace(series, rotation=replace(series.rotation, advance=advance))
    planned = planned_days(series)
    chosen = data.draw(st.sampled_from(planned)) if planned else None
    others = tuple(override for override in series.overrides if override.date != chosen)
    before = replace(before, overrides=others)
    after = replace(before, overrides=(*others, Override(date=chosen, cancel=True))) if chosen else before

    def rest(calls: tuple[Call, ...]) -> list[tuple[object, ...]]:
        return [
            (call.uid, call.start, call.end, call.slot_number, call.status) for call in calls if call.date != chosen
        ]

    assert rest(unroll(after)) == rest(unroll(before))


@given(serieses())
def test_under_held_the_held_calls_go_through_the_plain_cycle(series: Series) -> None:
    plain = replace(
        series,
        rotation=replace(series.rotation, advance=Advance.HELD),
        phases=tuple(replace(phase, slots=None, start=None, hold=None, taken=0) for phase in series.phases),
        overrides=tuple(replace(override, slot=None) for override in series.overrides),
        extras=(),
    )
    size, start, hold = len(plain.rotation.slots), plain.rotation.start, plain.rotation.hold

    held = sorted((call for call in unroll(plain) if call.is_held), key=lambda call: call.date)

    begin = hold * (start - 1) + plain.rotation.taken
    turns = islice(cycle(number for number in range(1, size + 1) for _ in range(hold)), begin, begin + len(held))
    assert [call.slot_number for call in held] == list(turns)


@given(serieses(), st.sampled_from(Advance))
def test_a_cancelled_call_is_listed_with_the_start_it_would_have_had(series: Series, advance: Advance) -> None:
    """The start of each cancelled call alone, revived, is the one that it was listed with."""
    series = replace(series, rotation=replace(series.rotation, advance=advance))
    for override in [override for override in series.overrides if override.cancel]:
        held = replace(override, cancel=False)
        others = tuple(held if other is override else other for other in series.overrides)
        revived = replace(series, overrides=others)
        [before] = [call for call in unroll(series) if call.date == override.date and call.slot_number]
        [after] = [call for call in unroll(revived) if call.uid == before.uid]

        assert (after.start, after.end, after.slot_number) == (before.start, before.end, before.slot_number)
