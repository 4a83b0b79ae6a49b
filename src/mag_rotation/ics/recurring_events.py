"""The calls of a plan as recurring events: one series per slot, and overrides for calls that differ from it.

A call is the occurrence of the slot whose turn it is, identified by the slot's UID and the start by rule and rotation.
A move, another length, place or note, and a cancellation are overrides. A call that moves to a free start of its slot
becomes the occurrence of that start, so that nothing moves to an EXDATE.

Announced occurrences are kept: a date that left the plan is cancelled and never excluded, an override stays one, and an
occurrence whose call moved to another occurrence is cancelled. A slot keeps its number and its UID as long as it keeps
its local time and its zone. Slots of phases are numbered after those of the rotation.

Plans that Exchange cannot represent are refused with all reasons: two occurrences of a series on one day or
overlapping, or out of order. A series has no text that differs between calls: no number and no local times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from mag_rotation.calls import Call, monday_of, unroll_regular
from mag_rotation.errors import RefusedLayout
from mag_rotation.ics.event import Event, Key, Rule, cancel_event, expand_occurrences
from mag_rotation.ics.previous import date_of
from mag_rotation.ics.recurrence import CoveringRule, find_covering_rule
from mag_rotation.ics.single_events import NOTE, call_event, clock_of
from mag_rotation.ics.uids import make_slot_uid, parse_uid
from mag_rotation.ics.vtimezone import can_write_local
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Meeting, Phase, Season, Series, Slot
from mag_rotation.zones import ResolvedTime, resolve, to_local

__all__ = ["EventSet", "draw_series"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EventSet:
    """Events without a SEQUENCE, and the calls of the plan by the key of their event or occurrence.

    ``replaced`` maps an announced occurrence to the one that represents its call now.
    """

    events: tuple[Event, ...]
    calls: Mapping[Key, Call]
    replaced: Mapping[Key, Key] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """The regular day of a call, its rule date, and whether its slot has its own weekday."""

    day: date
    date: date
    is_weekly: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _AnnouncedSeries:
    """A series that was announced, with its occurrences."""

    number: int
    master: Event
    occurrences: Mapping[datetime, Event]
    overridden: frozenset[datetime]


def draw_series(
    series: Series, calls: Sequence[Call], announced: Sequence[Event], *, stamp: datetime, utc: bool = False
) -> EventSet:
    """Return the events of the series layout: the calls of ``series`` and the rest of the ``announced`` events.

    Events that ended by ``stamp`` are past. Raises :class:`RefusedLayout` with every reason why the plan cannot be
    represented.
    """
    refusals = _Refusals()
    groups = _group_calls(series, calls, utc, refusals)
    known = _read_announced(announced, series.meeting)
    if refusals.reasons:
        raise RefusedLayout(tuple(refusals.reasons))
    season = series.meeting.season
    # A series belongs to the plan whose season it begins in: two plans would both want to say what its calls share.
    own = {number: one for number, one in known.items() if date_of(one.master, series.meeting) in season}
    numbers = _assign_numbers(groups, own, known)
    groups = [
        _adopt_free_starts(group, known.get(number), season) for group, number in zip(groups, numbers, strict=True)
    ]
    call_by_key: dict[Key, Call] = {}
    places: dict[Key, _Place] = {}
    for group, number in zip(groups, numbers, strict=True):
        _check_season(group, season, refusals)
        for start, call in group.calls.items():
            key = make_slot_uid(number, series.meeting), start
            call_by_key[key] = call
            places[key] = _Place(day=group.day(start), date=call.date, is_weekly=group.slot.weekday is not None)
    left, replaced = _keep_announced(known, places, series.meeting, stamp)
    events: list[Event] = []
    for group, number in zip(groups, numbers, strict=True):
        uid = make_slot_uid(number, series.meeting)
        before = known.get(number)
        master = _make_master(group, uid, series.meeting, before, refusals)
        if master is None:
            continue
        wanted = _select_series(left, before) | {
            start: _make_occurrence(call, master, start, series.meeting) for start, call in group.calls.items()
        }
        _check_neighbours(group, wanted, refusals)
        master, wanted = _exclude_no_taken_start(master, wanted, before)
        events += [master, *_make_overrides(master, wanted, before)]
    for number, before in known.items():
        if number not in numbers:
            events += [before.master, *_make_overrides(before.master, _select_series(left, before), before)]
    if refusals.reasons:
        raise RefusedLayout(tuple(refusals.reasons))
    extras = [call for call in calls if call.slot_number is None]
    events += [call_event(call, series.meeting, utc=utc) for call in extras]
    return EventSet(
        events=tuple(events), calls=call_by_key | {(call.uid, None): call for call in extras}, replaced=replaced
    )


def _read_announced(announced: Sequence[Event], meeting: Meeting) -> dict[int, _AnnouncedSeries]:
    """Return the announced series by number."""
    occurrences = expand_occurrences(announced)
    found = {}
    for master in announced:
        own = parse_uid(master.uid, meeting)
        if own is None or not own.slot or master.original is not None:
            continue
        found[own.slot] = _AnnouncedSeries(
            number=own.slot,
            master=master.without_edition,
            occurrences={
                start: event for (uid, start), event in occurrences.items() if uid == master.uid and start is not None
            },
            overridden=frozenset(
                event.original for event in announced if event.uid == master.uid and event.original is not None
            ),
        )
    return dict(sorted(found.items()))


def _assign_numbers(
    groups: Sequence[_Group], own: Mapping[int, _AnnouncedSeries], known: Mapping[int, _AnnouncedSeries]
) -> list[int]:
    """Return the number of each group: its own, unless that was announced with another time, zone or rule.

    ``own`` are the announced series that can be continued.
    """
    chosen: dict[int, int] = {}
    free = dict(own)
    for same in (True, False):
        for index, group in enumerate(groups):
            fits = (
                number for number, one in free.items() if (number == group.number) == same and _can_continue(group, one)
            )
            number = None if index in chosen else next(fits, None)
            if number is not None:
                chosen[index] = number
                del free[number]
    taken = {*known, *chosen.values()}
    for index, group in enumerate(groups):
        if index not in chosen:
            number = group.number if group.number not in taken else max(taken | {one.number for one in groups}) + 1
            chosen[index] = number
            taken.add(number)
    return [chosen[index] for index in range(len(groups))]


def _can_continue(group: _Group, known: _AnnouncedSeries) -> bool:
    """Return whether a slot can continue an announced series."""
    return known.master.clock == group.clock and _find_rule(group, known) is not None


def _find_rule(group: _Group, before: _AnnouncedSeries | None) -> CoveringRule | None:
    """Return the rule for the dates of a slot and the announced ones."""
    starts = {*group.calls, *(before.occurrences if before else ())}
    return find_covering_rule(sorted({group.day(start) for start in starts}))


def _adopt_free_starts(group: _Group, before: _AnnouncedSeries | None, season: Season) -> _Group:
    """Return the group with each call that moved to a free start of its slot as the call of that start.

    A start is free if the rule gives it or an edition announced it, and no call of the plan has it. Otherwise the
    series would exclude it, and some programs lose a call that is moved to an EXDATE of its series.
    """
    while True:
        found = _find_rule(group, before)
        spare = {one.instant for one in map(group.resolve, found.spare)} if found else set()
        free = {*spare, *(before.occurrences if before else ())} - {*group.calls, *_find_announced_clashes(before)}
        moves = (start for start, call in group.calls.items() if call.start in free and group.day(call.start) in season)
        moved = next(moves, None)
        if moved is None:
            return group
        calls = {call.start if start == moved else start: call for start, call in group.calls.items()}
        group = replace(group, calls=dict(sorted(calls.items())))


def _find_announced_clashes(before: _AnnouncedSeries | None) -> frozenset[datetime]:
    """Return the starts that an announced series excludes although one of its calls was moved there.

    Earlier versions wrote such series. They stay unchanged, because another rule would need another SEQUENCE.
    """
    if before is None or before.master.rule is None:
        return frozenset()
    return before.master.rule.excluded & {event.start for event in before.occurrences.values()}


def _exclude_no_taken_start(
    master: Event, wanted: dict[datetime, Event], before: _AnnouncedSeries | None
) -> tuple[Event, dict[datetime, Event]]:
    """Return a series and its occurrences, with a start to which a call moved cancelled instead of excluded."""
    starts = {event.start for event in wanted.values()} - _find_announced_clashes(before)
    if master.rule is None or not (taken := master.rule.excluded & starts):
        return master, wanted
    master = replace(master, rule=replace(master.rule, excluded=master.rule.excluded - taken))
    return master, wanted | {event.start: cancel_event(event) for event in master.expand() if event.start in taken}


def _make_master(
    group: _Group, uid: str, meeting: Meeting, before: _AnnouncedSeries | None, refusals: _Refusals
) -> Event | None:
    """Return the recurring event of a slot; None, with the reason added to the refusals, if there is none."""
    found = _find_rule(group, before)
    if found is None:
        dates = ", ".join(str(group.day(start)) for start in sorted(group.calls)[:4])
        refusals.add(f"{group.name} has dates that no one rule gives: {dates} ...")
        return None
    start = min({*group.calls, *(before.occurrences if before else ())})
    spare = [group.resolve(day) for day in found.spare]
    if any(one.adjusted for one in spare):
        odd = next(day for day, one in zip(found.spare, spare, strict=True) if one.adjusted)
        refusals.add(f"{group.name} would leave out {odd}, when clocks of {group.zone} skip or repeat its hour")
        return None
    end = start + timedelta(minutes=group.minutes)
    if _has_change_within(start, end, group.zone):
        refusals.add(f"{group.name} has its first call across a clock change of {group.zone}")
        return None
    return Event(
        uid=uid,
        start=start,
        end=end,
        zone=group.zone,
        summary=meeting.name,
        description=_describe_series(meeting, None),
        location=meeting.location or meeting.url,
        url=meeting.url,
        conference=meeting.url,
        categories=(group.slot.label,) if group.slot.label else (),
        rule=Rule(body=found.body, count=found.count, excluded=frozenset(one.instant for one in spare)),
    )


def _describe_series(meeting: Meeting, note: str | None) -> str | None:
    """Return the description of a series, or of an occurrence with a note."""
    blocks = [f"{NOTE}{note}" if note else None, meeting.description, meeting.url]
    return "\n\n".join(block for block in blocks if block) or None


def _make_occurrence(call: Call, master: Event, start: datetime, meeting: Meeting) -> Event:
    """Return a call as an occurrence of its slot's series."""
    event = replace(
        master,
        start=call.start,
        end=call.end,
        zone=UTC_ZONE if master.zone == UTC_ZONE else clock_of(master.zone, call.start, call.end),
        description=_describe_series(meeting, call.note),
        location=call.location or meeting.url,
        categories=(call.slot,) if call.slot else (),
        original=start,
        original_zone=master.zone,
        rule=None,
    )
    return event if call.is_held else cancel_event(event)


def _keep_announced(
    known: Mapping[int, _AnnouncedSeries], places: Mapping[Key, _Place], meeting: Meeting, stamp: datetime
) -> tuple[dict[Key, Event], dict[Key, Key]]:
    """Return the announced occurrences that the plan no longer has, and which calls replace them.

    They are cancelled, unless they are past or belong to another plan. Those whose call is elsewhere now are cancelled
    in any case.
    """
    occurrences: dict[Key, Event] = {
        (one.master.uid, start): event for one in known.values() for start, event in one.occurrences.items()
    }
    ours = {key: day for key, event in occurrences.items() if (day := date_of(event, meeting)) in meeting.season}
    replaced = _match_replaced({key: day for key, day in ours.items() if key not in places}, places, occurrences)
    left = {
        key: cancel_event(event.without_edition)
        if key in replaced or (key in ours and (event.cancelled or event.end > stamp))
        else event.without_edition
        for key, event in occurrences.items()
    }
    return left, replaced


def _match_replaced(
    empty: Mapping[Key, date], places: Mapping[Key, _Place], occurrences: Mapping[Key, Event]
) -> dict[Key, Key]:
    """Return which call of the plan replaces an announced occurrence that the plan no longer has.

    It is the call of the same day or rule date. For a slot with its own weekday it may also be the only new call of the
    same ISO week. ``empty`` are the days of those occurrences, ``places`` those of the plan's calls.
    """
    of_day = {place.date: key for key, place in places.items()} | {place.day: key for key, place in places.items()}
    found = {key: of_day[day] for key, day in empty.items() if day in of_day}
    taken = set(found.values())
    new: dict[date, list[Key]] = {}
    for key, place in places.items():
        if place.is_weekly and key not in taken and (key not in occurrences or occurrences[key].cancelled):
            new.setdefault(monday_of(place.day), []).append(key)
    for key, day in empty.items():
        if key not in found and len(in_week := new.get(monday_of(day), [])) == 1:
            found[key] = in_week[0]
    return found


def _select_series(left: Mapping[Key, Event], before: _AnnouncedSeries | None) -> dict[datetime, Event]:
    """Return the events of one series by their regular starts."""
    return {} if before is None else {start: left[before.master.uid, start] for start in before.occurrences}


def _make_overrides(master: Event, wanted: Mapping[datetime, Event], before: _AnnouncedSeries | None) -> list[Event]:
    """Return the events of occurrences that differ from the series, now or in an earlier edition."""
    given = {event.original: event for event in master.expand()}
    stays = before.overridden if before else frozenset()
    return [
        event
        for start, event in sorted(wanted.items())
        if start in stays
        or event != given.get(start)
        or _has_change_within(
            event.start, event.end, master.zone
        )  # engines add the length to wall times, or to instants
    ]


def _has_change_within(start: datetime, end: datetime, zone: ZoneName) -> bool:
    return to_local(start, zone).offset != to_local(end, zone).offset


def _check_season(group: _Group, season: Season, refusals: _Refusals) -> None:
    """Refuse calls that leave the season because of their own weekday or because days are in UTC.

    In a series they are identified by the day of their regular start, in UTC with ``utc``.
    """
    outside = next((start for start in sorted(group.calls) if group.day(start) not in season), None)
    if outside is not None:
        named = group.calls[outside].date
        refusals.add(f"{group.name} has the call of {named} on {group.day(outside)}, when the season is another plan's")


def _check_neighbours(group: _Group, wanted: Mapping[datetime, Event], refusals: _Refusals) -> None:
    """Refuse what Exchange refuses: held occurrences out of order, on one day, or overlapping."""
    held = [event for _, event in sorted(wanted.items()) if not event.cancelled]
    for before, after in pairwise(held):
        days = [group.day(event.start) for event in (before, after)]
        if days[0] >= days[1] or before.end > after.start:
            dates = " and ".join(str(_day_of(event, group.zone)) for event in (before, after))
            refusals.add(f"{group.name} has the calls of {dates} on one day, over each other or in another order")


def _day_of(event: Event, zone: ZoneName) -> date:
    return to_local(event.original or event.start, zone).wall.date()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Refusals:
    """The reasons why a plan cannot be represented."""

    reasons: list[str] = field(default_factory=list)

    def add(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group:
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

    def resolve(self, day: date) -> ResolvedTime:
        """Return the start on a day at the local time of the group."""
        zone, hour = self.clock
        return resolve(datetime.combine(day, hour), zone)


def _group_calls(series: Series, calls: Sequence[Call], utc: bool, refusals: _Refusals) -> list[_Group]:
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
    refusals: _Refusals,
    *,
    name: str,
    number: int,
    slot: Slot,
    minutes: int,
    utc: bool,
) -> list[_Group]:
    """Return one group; None if its regular starts do not share one local time."""
    sayable = [can_write_local(rule.start, slot.zone) and rule.adjusted is None for rule, _ in pairs]
    zone = slot.zone if any(sayable) and not utc else UTC_ZONE
    if zone != UTC_ZONE and not all(sayable):
        odd = next(rule for (rule, _), fine in zip(pairs, sayable, strict=True) if not fine)
        refusals.add(f"{name} starts on {odd.date} at an hour that clocks of {slot.zone} skip or repeat")
        return []
    hours = sorted({to_local(rule.start, zone).wall.time() for rule, _ in pairs})
    if len(hours) > 1:
        times = ", ".join(f"{hour:%H:%M}" for hour in hours)
        refusals.add(f"{name} keeps the clock of {slot.zone}, and its hour in UTC changes in the season: {times}")
        return []
    calls = {rule.start: call for rule, call in pairs}
    if len(calls) < len(pairs):
        refusals.add(f"{name} has two calls on one day")
        return []
    return [_Group(name=name, number=number, slot=slot, minutes=minutes, zone=zone, calls=calls)]
