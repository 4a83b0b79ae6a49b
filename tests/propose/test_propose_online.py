"""The next call alone, against a twin that puts it into every slot.

Law: what is offered are the slots that keep every constraint. Recommended is the fairest, for the ledger with that
call, of those that no other dominates. Each has the figures and the verdict that ``check`` gives its time in the place
of the call. Put into the plan, the exception gives exactly that call and moves no other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiences import with_members
from mag_rotation.calls import Call, unroll
from mag_rotation.errors import InvalidInstant, InvalidRequest
from mag_rotation.fairness import Thresholds, TimeProposal, check_time, verdict_at
from mag_rotation.hours import Curve, Hours, Window
from mag_rotation.propose import NextSlot, Objective, Request, Setting, next_slot
from mag_rotation.series import Extra, Override, Phase, Rotation, Series, Slot, Weekday
from strategies import at, seat
from twin_rotation import Key, Twin, Weighed, requests_of, setting_of, settings_of, stay_key, words
from twin_turns import MEETING, slots, week, weekly

some = settings(max_examples=3 * settings().max_examples)
ANY = Request(slots=1, grid=60)


def plan(
    *,
    rotation: Rotation | None = None,
    overrides: tuple[Override, ...] = (),
    extras: tuple[Extra, ...] = (),
    phases: tuple[Phase, ...] = (),
) -> Setting:
    """Four Tuesdays in slots at 6:00 and 14:00 UTC, and seats in three parts of the world."""
    series = Series(
        meeting=MEETING,
        schedule=weekly(4),
        rotation=rotation or Rotation(slots=slots(6, 14)),
        overrides=overrides,
        extras=extras,
        phases=phases,
    )
    zones = {"london": "Europe/London", "sydney": "Australia/Sydney", "angeles": "America/Los_Angeles"}
    return setting_of(series, [seat(zone, name=name) for name, zone in zones.items()])


def found_in(setting: Setting, request: Request, now: datetime) -> NextSlot:
    """The next call, where there is one, in any hour of the grid."""
    found = next_slot(setting, request, now, with_grid=True)
    assert found is not None
    return found


def held_in(setting: Setting, change: Override, uid: str) -> Call:
    """The call of that UID once a change is in the plan; no other call starts or ends at another time."""
    known = [other for other in setting.series.overrides if other.date != change.date]
    calls = {call.uid: call for call in unroll(replace(setting.series, overrides=(*known, change)))}
    for call in setting.calls:
        if call.uid != uid:
            assert (calls[call.uid].start, calls[call.uid].end) == (call.start, call.end)
    return calls[uid]


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A slot that the call may take: the ledger with it, and what its time comes to in the place of the call."""

    of_plan: bool
    call: Call
    ledger: Weighed
    figures: tuple[int, int, int]

    def beats(self, other: Offer) -> bool:
        """Whether no figure is larger than that of the other, and not all are equal."""
        pairs = zip(self.figures, other.figures, strict=True)
        return self.figures != other.figures and all(mine <= theirs for mine, theirs in pairs)


def every_offer(setting: Setting, twin: Twin, planned: Call, before: list[Call], *, with_grid: bool) -> list[Offer]:
    """Each time that the call may take, in the plan's slots, in those that stay and in those of the grid."""
    twin.chosen = {planned.uid: 0}
    known = next((change for change in setting.series.overrides if change.date == planned.date), None)
    own = setting.series.rotation.slots
    found: dict[tuple[datetime, datetime], Offer] = {}
    for slot in (*own, *(twin.candidates if with_grid else twin.stays)):
        monday = planned.date - timedelta(days=planned.date.weekday())
        day = planned.date if slot.weekday is None else monday + timedelta(days=slot.weekday)
        change = known or Override(date=planned.date)
        change = replace(change, at=slot.at, zone=slot.zone, to=change.to or day)
        change = replace(change, minutes=change.minutes or slot.minutes)
        call = held_in(setting, change, planned.uid)
        ledger = twin.weigh_calls(sorted([*before, call], key=lambda call: (call.date, call.uid)), [slot])
        others = [one for one in twin.setting.calls if one.is_held and one.uid != call.uid and one.start < call.start]
        offer = Offer(of_plan=slot in own, call=call, ledger=ledger, figures=figures_of(twin, call, others))
        time = call.start, call.end
        if time not in found or stay_key(slot) in map(stay_key, twin.stays):
            found[time] = offer
    return list(found.values())


def figures_of(twin: Twin, call: Call, others: list[Call]) -> tuple[int, int, int]:
    """The worst, the people in the night and the total of a call after others."""
    ledger, night = twin.weigh_calls([*others, call]), twin.night(call.start, call.minutes)
    asleep = [member for member in twin.members if member.id in night and night[member.id].in_night]
    return ledger.worst, sum(member.weight for member in asleep), ledger.total


def assert_offers(setting: Setting, request: Request, now: datetime, *, with_grid: bool) -> None:
    """What is offered is what the twin would."""
    found = next_slot(setting, request, now, with_grid=with_grid)
    held = sorted((call for call in setting.calls if call.is_held), key=lambda call: (call.start, call.uid))
    of_phase = {call.uid for call in held if (phase := setting.series.phase_on(call.date)) and phase.slots}
    coming = [call for call in held if call.start >= now and call.turn is not None and call.uid not in of_phase]
    if not coming:
        assert found is None
        return
    assert found is not None
    assert found.planned == coming[0]
    before = [call for call in held if call.start < found.planned.start]
    twin = Twin(setting, request)
    made = every_offer(setting, twin, found.planned, before, with_grid=with_grid)
    kept = [offer for offer in made if not offer.ledger.broken]
    offers = {(offer.call.start, offer.call.minutes): offer for offer in kept}
    shown = [offers.pop((choice.start, choice.minutes)) for choice in found.choices]
    assert not offers
    for choice, offer in zip(found.choices, shown, strict=True):
        assert (choice.worst, choice.in_night, choice.total) == offer.figures
        assert (choice.of_plan, choice.dominated) == (offer.of_plan, any(other.beats(offer) for other in kept))
    assert_order(twin, shown)
    assert_agrees_with_check(twin, found)
    if kept:
        assert_exception(setting, found, shown[0].ledger)
    else:
        assert_conflict(twin, found, [offer.ledger for offer in made])


def assert_order(twin: Twin, shown: list[Offer]) -> None:
    """The recommended one, which nothing dominates, the plan's slots and the others, each the fairest first."""
    if not shown:
        return
    best, *others = shown
    free = [offer for offer in shown if not any(other.beats(offer) for other in shown)]
    assert best in free
    assert twin.merit(best.ledger) == min(twin.merit(offer.ledger) for offer in free)
    keys = [(not offer.of_plan, twin.merit(offer.ledger)) for offer in others]
    assert keys == sorted(keys)


def assert_agrees_with_check(twin: Twin, found: NextSlot) -> None:
    """Each choice, and the call as planned, has the verdict and the figures of its time in the place of the call."""
    for choice in (found.current, *found.choices):
        proposal = TimeProposal(
            start=choice.start,
            minutes=choice.minutes,
            calls=twin.setting.calls,
            audience=twin.setting.audience.with_members(twin.members),
            thresholds=twin.setting.thresholds,
            instead_of=found.planned,
        )
        assert choice.verdict == verdict_at(proposal)
        if choice in (found.current, *found.choices[:1]):
            assert choice.figures == check_time(proposal).figures
    assert (found.current.start, found.current.minutes) == (found.planned.start, found.planned.minutes)
    assert found.current.dominated == any(one.figures.dominates(found.current.figures) for one in found.choices)


def assert_exception(setting: Setting, found: NextSlot, best: Weighed) -> None:
    """The exception gives exactly the call, and the shares are those of the ledger with it."""
    call = held_in(setting, found.exception(setting.series.overrides), found.planned.uid)
    assert (call.start, call.end) == (found.call.start, found.call.end)
    assert (call.start, found.conflict) == (found.choices[0].start, ())
    assert [share.burden for share in found.shares] == best.vector


def assert_conflict(twin: Twin, found: NextSlot, made: list[Weighed]) -> None:
    """The constraints that are named leave nothing, and without any of them something is left."""
    named = [twin.meant(constraint) for constraint in found.conflict]
    assert named
    assert found.call == found.planned

    def leave(keys: list[list[Key]]) -> bool:
        return any(not ledger.broken & {key for some in keys for key in some} for ledger in made)

    assert not leave(named)
    assert all(leave([keys for keys in named if keys is not left]) for left in named)


@some
@given(st.data())
def test_what_is_offered_is_what_trying_every_slot_gives(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = data.draw(requests_of(setting))
    grouped = any(member.groups for member in setting.audience.members)
    request = replace(request, slots=1, first=None, keep=0, gap=None, distinct=False, stay=())
    request = replace(request, objective=Objective.LEXIMIN, group=request.group if grouped else None)
    now = data.draw(st.sampled_from(setting.calls)).start + timedelta(minutes=data.draw(st.sampled_from((0, -60, 1))))
    limits = data.draw(st.sampled_from(((20, 50), (0, 30), (60, 90))))
    setting = replace(setting, thresholds=Thresholds(acceptable_share=limits[0], poor_share=limits[1]))
    assert_offers(setting, request, now, with_grid=data.draw(st.booleans()))


def test_after_the_last_call_there_is_none() -> None:
    assert next_slot(plan(), ANY, at("2020-09-29T14:01Z")) is None
    assert found_in(plan(), ANY, at("2020-09-29T14:00Z")).planned.date == week(3)


def test_calls_that_take_no_hour_from_the_rotation_are_passed_over() -> None:
    fixed = (Override(date=week(0), at=time(9)), Override(date=week(1), cancel=True))
    setting = plan(overrides=fixed, extras=(Extra(date=week(0), at=time(20)),))
    assert found_in(setting, ANY, at("2020-09-01T00:00Z")).planned.date == week(2)


def test_who_bore_the_last_call_is_spared_at_the_next() -> None:
    setting = plan(rotation=Rotation(slots=slots(16)))
    found = found_in(setting, ANY, at("2020-09-15T00:00Z"))
    assert found.planned.date == week(1)
    twin = Twin(setting, ANY)
    tired = max(twin.weigh_calls(setting.calls[:1]).burdens.items(), key=lambda pair: pair[1])[0]
    assert tired == "sydney"
    assert twin.night(found.call.start, 60)[tired].burden == 0


def test_calls_after_it_have_no_say() -> None:
    later = plan(overrides=(Override(date=week(3), at=time(2)),))
    now = at("2020-09-08T00:00Z")
    assert found_in(later, ANY, now).choices == found_in(plan(), ANY, now).choices


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    tokyo = datetime.fromisoformat("2020-09-08T15:00:00+09:00")
    assert next_slot(plan(), ANY, tokyo) == next_slot(plan(), ANY, at("2020-09-08T06:00Z"))
    with pytest.raises(InvalidInstant):
        next_slot(plan(), ANY, datetime(2020, 9, 8))  # noqa: DTZ001 - that is what is refused


def test_a_constraint_that_leaves_nothing_is_named() -> None:
    found = found_in(plan(), replace(ANY, quorum=4), at("2020-09-01T00:00Z"))
    assert (found.choices, words(found.conflict)) == ((), ("at least 4 members out of the night at every call",))
    assert found.call == found.planned


def test_a_call_of_a_slot_with_a_weekday_moves_to_its_rule_date() -> None:
    thursday = Rotation(slots=(Slot(at=time(3), weekday=Weekday.TH),))
    setting = plan(rotation=thursday)
    found = found_in(setting, ANY, at("2020-09-01T00:00Z"))
    assert found.call.start.date() == week(0)
    assert held_in(setting, found.exception(()), found.planned.uid).start == found.call.start


def test_what_the_plan_says_of_the_date_already_is_kept() -> None:
    setting = plan(overrides=(Override(date=week(0), minutes=30, note="short"),))
    found = found_in(setting, replace(ANY, utc_windows=(Window(time(20), time(21)),)), at("2020-09-01T00:00Z"))
    change = found.exception(setting.series.overrides)
    assert (change.minutes, change.note, change.at) == (30, "short", found.choices[0].slot.at)
    assert found.call.minutes == 30


def test_a_call_in_a_phase_with_slots_of_its_own_keeps_its_hour_and_the_next_one_is_asked_about() -> None:
    phase = Phase(name="late", first=week(0), last=week(1), slots=slots(3, minutes=20))
    setting = plan(phases=(phase,))
    found = found_in(setting, ANY, at("2020-09-01T00:00Z"))
    assert found.planned.date == week(2)
    call = held_in(setting, found.exception(()), found.planned.uid)
    assert (call.start, call.end) == (found.call.start, found.call.end)


def test_all_that_the_plan_does_not_have_is_named_at_once() -> None:
    request = replace(ANY, group="region", left_out=("chair",), awake=("nobody",), stay=("noon",))
    with pytest.raises(InvalidRequest) as caught:
        next_slot(plan(), request, at("2020-09-01T00:00Z"))
    assert [mistake.place for mistake in caught.value.mistakes] == ["stay[0]", "awake", "leave-out", "group"]
    with pytest.raises(InvalidRequest, match="members: found none"):
        next_slot(with_members(plan(), ()), ANY, at("2020-09-01T00:00Z"))


def test_a_slot_that_stays_is_the_only_choice() -> None:
    found = found_in(plan(), replace(ANY, stay=("B",)), at("2020-09-01T00:00Z"))
    assert [stay_key(choice.slot) for choice in found.choices] == [stay_key(Slot(at=time(14)))]


def test_without_a_grid_only_the_slots_of_the_plan_are_offered() -> None:
    setting = plan(rotation=Rotation(slots=slots(6, 14, 6, 20)))
    found = next_slot(setting, ANY, at("2020-09-01T00:00Z"))
    assert found is not None
    assert sorted(choice.slot.at.hour for choice in found.choices) == [6, 14, 20]
    assert all(choice.of_plan for choice in found.choices)


def test_two_slots_that_are_one_time_are_offered_once_under_the_name_of_the_plan() -> None:
    zurich = Slot(at=time(16), zone="Europe/Zurich", label="Zurich")
    setting = plan(rotation=Rotation(slots=(zurich, Slot(at=time(14), label="noon"))))
    starts = [choice.start for choice in found_in(setting, ANY, at("2020-09-01T00:00Z")).choices]
    found = next_slot(setting, ANY, at("2020-09-01T00:00Z"))
    assert found is not None
    assert [choice.slot.label for choice in found.choices] == ["Zurich"]
    assert len(starts) == len(set(starts)) == 24


def test_a_slot_of_another_length_is_another_choice_of_that_length() -> None:
    setting = plan(rotation=Rotation(slots=(Slot(at=time(14)), Slot(at=time(14), minutes=30))))
    found = next_slot(setting, ANY, at("2020-09-01T00:00Z"))
    assert found is not None
    assert sorted(choice.minutes for choice in found.choices) == [30, 60]
    assert (found.call.end - found.call.start, found.choices[0].minutes) == (timedelta(minutes=30), 30)


def test_the_fairest_slot_is_not_recommended_where_another_dominates_it() -> None:
    # both slots put the same burden on the hardest hit and in all, and one puts somebody more into the night
    level = Hours(curve="x", curves={"x": Curve([5] * 24)})
    series = Series(meeting=MEETING, schedule=weekly(2), rotation=Rotation(slots=slots(2, 12)))
    setting = setting_of(series, [seat("UTC", name="a"), seat("UTC", name="b")], level)
    found = next_slot(setting, ANY, at("2020-09-01T00:00Z"))
    assert found is not None
    assert [(choice.slot.at.hour, choice.dominated, choice.in_night) for choice in found.choices] == [
        (12, False, 0),
        (2, True, 2),
    ]
    assert found.current == found.choices[1]
