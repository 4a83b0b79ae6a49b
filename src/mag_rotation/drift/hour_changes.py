"""Changes of the members' local time of a slot.

A local time is compared with that of the day before, on civil dates of the slot's anchor zone. Nights and burdens
before and after are those of a call of the same length without any other clock change, so that they differ by this
change alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from mag_rotation.audience import Audience
from mag_rotation.calls import Call
from mag_rotation.drift.drift_report import DriftChange, Effect, LocalHour, Whose
from mag_rotation.drift.zone_groups import ONE_DAY, clock_of, group_by_clock, takes_part, to_instant, to_second
from mag_rotation.hours import DAY
from mag_rotation.night import MemberNight, night_report
from mag_rotation.roster import NO_DAYS_OFF, UTC_ZONE, Member, ZoneName
from mag_rotation.series import Phase, Series, Slot
from mag_rotation.zones import civil_date, load_zone_rules, resolve, to_epoch_second

__all__ = ["FollowedSlot", "changes_of", "follow_slots"]

_MARGIN = 4
"""Days around the period for which clocks are computed, for the local times of the days before and after."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowedSlot:
    """A slot, the days on which it is followed, and its held calls at the slot's own time, by day."""

    slot: Slot
    number: int
    phase: Phase | None
    first: date
    last: date
    calls: dict[date, Call]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """A slot on one day: the offsets of its anchor zone and of a member's clock, in seconds."""

    slot: Slot
    anchor: int
    member: int

    @property
    def minute(self) -> int:
        """The member's local time, in minutes from 00:00 of the slot's date."""
        return (self.slot.at.hour * 3600 + self.slot.at.minute * 60 + self.member - self.anchor) // 60

    @property
    def hour(self) -> LocalHour:
        days, minute = divmod(self.minute, DAY)
        return LocalHour(at=time(*divmod(minute, 60)), day_shift=days)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Move:
    """A date, its reading, and the reading of the day before (or the last one that counts)."""

    day: date
    before: _Reading
    after: _Reading

    @property
    def whose(self) -> Whose:
        if self.before.anchor == self.after.anchor:
            return Whose.MEMBER
        return Whose.ANCHOR if self.before.member == self.after.member else Whose.BOTH


def follow_slots(series: Series, calls: Sequence[Call], first: date, last: date) -> Iterator[FollowedSlot]:
    """Return the slots of the rotation and of phases with their own slots; repeated slots of a cycle appear once.

    The rotation's slots are followed from the first to the last day outside phases with their own slots.
    """
    own = [phase for phase in series.phases if phase.slots is not None and phase.calls]
    begin, end = first, last
    while (begun := next((phase for phase in own if begin in phase), None)) is not None:
        begin = begun.last + ONE_DAY
    while (ended := next((phase for phase in own if end in phase), None)) is not None:
        end = ended.first - ONE_DAY
    cycles: list[tuple[Phase | None, tuple[Slot, ...], date, date]] = [(None, series.rotation.slots, begin, end)]
    cycles += [(phase, phase.slots or (), max(first, phase.first), min(last, phase.last)) for phase in own]
    for cycle, slots, begin, end in cycles:
        held: dict[Slot, dict[date, Call]] = {slot: {} for slot in slots}
        for call in calls:
            phase = series.phase_on(call.date)
            if call.is_held and call.slot_number and (phase if phase in own else None) == cycle:
                slot = slots[call.slot_number - 1]
                day = _day_of(slot, call)
                if day is not None and first <= day <= last:
                    held[slot].setdefault(day, call)
        for slot, days in held.items() if begin <= end else ():
            yield FollowedSlot(
                slot=slot,
                number=slots.index(slot) + 1,
                phase=cycle,
                first=min([begin, *days]),  # a weekday of its own may take a call out of the phase of its rule date
                last=max([end, *days]),
                calls=days,
            )


def _day_of(slot: Slot, call: Call) -> date | None:
    """Return the day on which the slot starts together with the call; None if an exception gave the call another time.

    A skipped wall time may move past midnight, so the day before is tried too.
    """
    day = civil_date(call.start, slot.zone)
    near = (day, day - ONE_DAY)
    return next((at for at in near if resolve(datetime.combine(at, slot.at), slot.zone).instant == call.start), None)


def _read(slot: Slot, day: date, zone: ZoneName) -> _Reading:
    start = to_epoch_second(resolve(datetime.combine(day, slot.at), slot.zone).instant)
    # A skipped time is read by the offset before the change, and that is the offset which the difference gives.
    return _Reading(slot=slot, anchor=to_second(day, slot.at) - start, member=load_zone_rules(zone).offset_at(start))


def _find_moves(item: FollowedSlot, zone: ZoneName) -> list[_Move]:
    """Return the moves of a slot's local time in ``zone``, from the day before it is followed to the day after.

    Only days around a change of either clock can differ from the day before. A local time that lasts for one day
    without a call in the slot is ignored: it is between two changes in the small hours, or a skipped time.
    """
    near = {
        civil_date(to_instant(at), item.slot.zone) + timedelta(days=days)
        for clock in (item.slot.zone, zone)
        for at in clock_of(clock, item.first, item.last, margin=_MARGIN).instants[1:]
        for days in range(-2, 4)
    }
    moves: list[_Move] = []
    for day in sorted(day for day in near if item.first - ONE_DAY <= day <= item.last + ONE_DAY):
        move = _Move(day=day, before=_read(item.slot, day - ONE_DAY, zone), after=_read(item.slot, day, zone))
        if move.before.minute == move.after.minute:
            continue
        if moves and moves[-1].day == day - ONE_DAY and moves[-1].day not in item.calls:
            move = replace(move, before=moves.pop().before)
        if move.before.minute != move.after.minute:
            moves.append(move)
    return moves


def changes_of(item: FollowedSlot, series: Series, audience: Audience) -> Iterator[DriftChange]:
    """Return the changes of one slot for each clock of the members, in the order of the roster."""
    for zones in group_by_clock(
        (member.zone for member in audience.members), item.first, item.last, margin=_MARGIN
    ).values():
        moves = _find_moves(item, zones[0])
        ends = [*(move.day for move in moves[1:]), item.last + ONE_DAY]
        for move, end in zip(moves, ends, strict=False):
            day = move.day + timedelta(days=move.after.hour.day_shift)
            here = [member for member in audience.members if member.zone in zones and takes_part(member, day, day)]
            if not here or not item.first <= move.day <= item.last:
                continue
            days = [held for held in item.calls if move.day <= held < end]
            yield DriftChange(
                slot=item.slot,
                slot_number=item.number,
                phase=item.phase.name if item.phase else None,
                date=move.day,
                first_call=item.calls[min(days)] if days else None,
                whose=move.whose,
                homes={member.id: member.zone for member in here},
                before=move.before.hour,
                after=move.after.hour,
                minutes=move.after.minute - move.before.minute,
                effects=tuple(_compute_effects(audience.with_members(here), move, _length_of(series, item, move.day))),
            )


def _length_of(series: Series, item: FollowedSlot, day: date) -> int:
    """Return the length of a call in the slot on a day: that of the slot, else the phase, else the meeting."""
    phase = item.phase or series.phase_on(day)
    in_force = phase is not None and (phase is item.phase or phase.slots is None)
    return item.slot.minutes or (phase.minutes if phase and in_force else None) or series.meeting.minutes


def _compute_effects(here: Audience, move: _Move, minutes: int) -> Iterator[Effect]:
    """Return the effect of a move on each kind of member, in the order of the roster."""
    kinds: dict[object, list[Member]] = {}
    for member in here.members:
        kinds.setdefault((member.lead, member.night, member.never, member.curve), []).append(member)
    for kind in kinds.values():
        before, after = (
            _compute_night(kind[0], to_second(move.day, hour.at), minutes, here)
            for hour in (move.before.hour, move.after.hour)
        )
        yield Effect(
            members=tuple(member.id for member in kind),
            night_minutes=(before.night_minutes, after.night_minutes),
            burden=(before.burden, after.burden),
            blocked=(before.blocked, after.blocked),
        )


def _compute_night(member: Member, local_start: int, minutes: int, audience: Audience) -> MemberNight:
    """Return the effect of a call on a member whose clock shows ``shown`` at its start and has no change."""
    still = replace(member, zone=UTC_ZONE, stays=(), joined=None, left=None)
    steady = replace(audience, members=(still,), days_off=NO_DAYS_OFF)
    (night,) = night_report(start=to_instant(local_start), minutes=minutes, audience=steady).members
    return night
