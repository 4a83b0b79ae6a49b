"""The calls of a plan grouped by slot, for one recurring event each.

The calls of a slot are identified by the starts that rule and rotation give. All reasons why a slot cannot be one
recurring event are collected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from mag_rotation.calls import Call, unroll_regular
from mag_rotation.ics.zones import can_say
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Phase, Series, Slot
from mag_rotation.zones import Resolved, resolve, to_local

__all__ = ["Group", "Refusals", "group_calls"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusals:
    """The reasons why a plan cannot be represented."""

    reasons: list[str] = field(default_factory=list)

    def add(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The calls of one slot: ``number`` is its place among all slots, ``calls`` are by regular start."""

    name: str
    number: int
    slot: Slot
    minutes: int
    zone: ZoneName
    calls: Mapping[datetime, Call]

    @property
    def clock(self) -> tuple[ZoneName, time]:
        """The local time and the zone of all regular starts."""
        return self.zone, to_local(min(self.calls), self.zone).wall.time()

    def day(self, start: datetime) -> date:
        """Return the day of a start in the zone of the group."""
        return to_local(start, self.zone).wall.date()

    def resolve(self, day: date) -> Resolved:
        """Return the start on a day at the local time of the group."""
        zone, hour = self.clock
        return resolve(datetime.combine(day, hour), zone)


def group_calls(series: Series, calls: Sequence[Call], utc: bool, refusals: Refusals) -> list[Group]:
    """Return the calls by slot, in the order of the slots."""
    regular = {call.uid: call for call in unroll_regular(series)}
    members: dict[tuple[Phase | None, int], list[tuple[Call, Call]]] = {}
    for call in calls:
        rule = regular[call.uid]
        if rule.turn is not None:
            phase = rule.turn.phase
            own = phase if phase is not None and phase.slots is not None else None
            members.setdefault((own, rule.turn.index), []).append((rule, call))
    groups = []
    number = 0
    for phase, slots, minutes in _list_cycles(series):
        for index, slot in enumerate(slots):
            number += 1
            pairs = members.get((phase, index))
            if pairs:
                groups += _make_group(
                    pairs,
                    refusals,
                    name=f"slot {number}" + (f" ({slot.label})" if slot.label else ""),
                    number=number,
                    slot=slot,
                    minutes=slot.minutes or minutes,
                    utc=utc,
                )
    return groups


def _list_cycles(series: Series) -> Iterable[tuple[Phase | None, tuple[Slot, ...], int]]:
    """Yield every cycle of slots, with its phase and the length of its calls."""
    yield None, series.rotation.slots, series.meeting.minutes
    for phase in series.phases:
        if phase.slots is not None:
            yield phase, phase.slots, phase.minutes or series.meeting.minutes


def _make_group(
    pairs: Sequence[tuple[Call, Call]],
    refusals: Refusals,
    *,
    name: str,
    number: int,
    slot: Slot,
    minutes: int,
    utc: bool,
) -> list[Group]:
    """Return one group; None if its regular starts do not share one local time."""
    sayable = [can_say(rule.start, slot.zone) and rule.adjusted is None for rule, _ in pairs]
    zone = slot.zone if any(sayable) and not utc else UTC_ZONE
    if zone != UTC_ZONE and not all(sayable):
        odd = next(rule for (rule, _), fine in zip(pairs, sayable, strict=True) if not fine)
        refusals.add(f"{name} starts on {odd.date} at an hour that clocks of {slot.zone} skip or repeat")
        return []
    hours = sorted({to_local(rule.start, zone).wall.time() for rule, _ in pairs})
    if len(hours) > 1:
        shown = ", ".join(f"{hour:%H:%M}" for hour in hours)
        refusals.add(f"{name} keeps the clock of {slot.zone}, and its hour in UTC changes in the season: {shown}")
        return []
    calls = {rule.start: call for rule, call in pairs}
    if len(calls) < len(pairs):
        refusals.add(f"{name} has two calls on one day")
        return []
    return [Group(name=name, number=number, slot=slot, minutes=minutes, zone=zone, calls=calls)]
