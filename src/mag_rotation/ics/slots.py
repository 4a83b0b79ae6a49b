"""The calls of a plan by slot, as far as one hour of one clock can say each.

Rule 1: a slot's calls are known by the starts that rule and rotation give, whatever became of them.
Rule 2: what cannot be said is a refusal with its reason, and all come together.
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
    """What cannot be said, gathered."""

    reasons: list[str] = field(default_factory=list)

    def add(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """The calls of one slot: ``number`` is its place among all slots, ``calls`` are by their regular starts."""

    name: str
    number: int
    slot: Slot
    minutes: int
    zone: ZoneName
    calls: Mapping[datetime, Call]

    @property
    def clock(self) -> tuple[ZoneName, time]:
        """The hour that all regular starts have, and on which clock."""
        return self.zone, to_local(min(self.calls), self.zone).wall.time()

    def day(self, start: datetime) -> date:
        """The day of a start on the clock of the group."""
        return to_local(start, self.zone).wall.date()

    def resolve(self, day: date) -> Resolved:
        """The start on a day at the hour of the group."""
        zone, hour = self.clock
        return resolve(datetime.combine(day, hour), zone)


def group_calls(series: Series, calls: Sequence[Call], utc: bool, refusals: Refusals) -> list[Group]:
    """The calls by slot, in the order of the slots."""
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
    """Every cycle of slots, with the phase it belongs to and the length of its calls."""
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
    """One group, or none where its regular starts cannot be said by one hour of one clock."""
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
