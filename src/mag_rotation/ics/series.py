"""The calls of a plan as recurring events, one a slot, and events of their own for what differs from its slot.

Rule 1: a call is the occurrence of the slot whose turn it is, known by the slot's UID and by the start that rule and
rotation give; a move, another length, place or note, or a cancellation is an override of that occurrence. A call that
is moved onto a start of its slot which no call has is the occurrence of that start: nothing is moved onto an EXDATE.
Rule 2: what was once announced as an occurrence stays one: a date that left the plan is cancelled and never excluded.
Dates are excluded only where there is no call and was none. An override stays an override. An occurrence whose call
another occurrence tells of now is cancelled, past or not: a date has one call.
Rule 3: a slot keeps its number and its UID as long as it keeps its hour and its clock; another hour is another series.
Slots of phases are numbered on after those of the rotation.
Rule 4: what Exchange cannot hold is refused, all reasons at once: two occurrences of a series that begin on one day
or overlap, a held one that is not between its held neighbours; and so is what programs read each in their own way.
Rule 5: a series says nothing that differs from call to call: no number and no times in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from mag_rotation.calls import Call, monday_of
from mag_rotation.errors import RefusedLayout
from mag_rotation.ics.event import Event, Key, Rule, cancel_event, expand_occurrences
from mag_rotation.ics.layouts import NOTE, call_event, clock_of
from mag_rotation.ics.previous import date_of
from mag_rotation.ics.recurrence import CoveringRule, find_covering_rule
from mag_rotation.ics.slots import Group, Refusals, group_calls
from mag_rotation.ics.uids import make_slot_uid, parse_uid
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Meeting, Season, Series
from mag_rotation.zones import to_local

__all__ = ["EventSet", "draw_series"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EventSet:
    """Events before they have a SEQUENCE, and the calls of the plan by the key of their event or occurrence.

    ``replaced`` leads from an announced occurrence to the one that tells of its call now.
    """

    events: tuple[Event, ...]
    calls: Mapping[Key, Call]
    replaced: Mapping[Key, Key] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """The regular day of a call, its rule date, and whether its slot has a weekday of its own."""

    day: date
    date: date
    is_weekly: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _AnnouncedSeries:
    """A series that was announced."""

    number: int
    master: Event
    shown: Mapping[datetime, Event]
    overridden: frozenset[datetime]


def draw_series(
    series: Series, calls: Sequence[Call], announced: Sequence[Event], *, stamp: datetime, utc: bool = False
) -> EventSet:
    """The events of the layout ``series``: the calls of ``series`` and what is left of those ``announced``.

    What has ended by ``stamp`` is past. Raises :class:`RefusedLayout` with every reason why it cannot be said.
    """
    refusals = Refusals()
    groups = group_calls(series, calls, utc, refusals)
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
    told: dict[Key, Call] = {}
    places: dict[Key, _Place] = {}
    for group, number in zip(groups, numbers, strict=True):
        _check_season(group, season, refusals)
        for start, call in group.calls.items():
            key = make_slot_uid(number, series.meeting), start
            told[key] = call
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
    return EventSet(events=tuple(events), calls=told | {(call.uid, None): call for call in extras}, replaced=replaced)


def _read_announced(announced: Sequence[Event], meeting: Meeting) -> dict[int, _AnnouncedSeries]:
    """The series that were announced, by number."""
    shown = expand_occurrences(announced)
    found = {}
    for master in announced:
        own = parse_uid(master.uid, meeting)
        if own is None or not own.slot or master.original is not None:
            continue
        found[own.slot] = _AnnouncedSeries(
            number=own.slot,
            master=master.without_edition,
            shown={start: event for (uid, start), event in shown.items() if uid == master.uid and start is not None},
            overridden=frozenset(
                event.original for event in announced if event.uid == master.uid and event.original is not None
            ),
        )
    return dict(sorted(found.items()))


def _assign_numbers(
    groups: Sequence[Group], own: Mapping[int, _AnnouncedSeries], known: Mapping[int, _AnnouncedSeries]
) -> list[int]:
    """The number of each group: its own, unless what was announced under it is another clock's or another rule's.

    ``own`` are those of the announced ones that can be gone on with.
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


def _can_continue(group: Group, known: _AnnouncedSeries) -> bool:
    """Whether a slot can go on in a series that was announced."""
    return known.master.clock == group.clock and _find_rule(group, known) is not None


def _find_rule(group: Group, before: _AnnouncedSeries | None) -> CoveringRule | None:
    """The rule for the dates of a slot and those announced."""
    starts = {*group.calls, *(before.shown if before else ())}
    return find_covering_rule(sorted({group.day(start) for start in starts}))


def _adopt_free_starts(group: Group, before: _AnnouncedSeries | None, season: Season) -> Group:
    """Return the group with each call that is moved onto a free start of its slot as the call of that start.

    A start is free if the rule gives it, or an edition has announced it, and no call of the plan has it. The series
    would leave it out, and some programs lose a call that is moved onto an EXDATE of its series.
    """
    while True:
        found = _find_rule(group, before)
        spare = {one.instant for one in map(group.resolve, found.spare)} if found else set()
        free = {*spare, *(before.shown if before else ())} - {*group.calls, *_find_announced_clashes(before)}
        moves = (start for start, call in group.calls.items() if call.start in free and group.day(call.start) in season)
        moved = next(moves, None)
        if moved is None:
            return group
        calls = {call.start if start == moved else start: call for start, call in group.calls.items()}
        group = replace(group, calls=dict(sorted(calls.items())))


def _find_announced_clashes(before: _AnnouncedSeries | None) -> frozenset[datetime]:
    """The starts that an announced series leaves out although it has a call moved onto them.

    Earlier versions wrote such series. They stay as they are, because another rule would be another SEQUENCE.
    """
    if before is None or before.master.rule is None:
        return frozenset()
    return before.master.rule.excluded & {event.start for event in before.shown.values()}


def _exclude_no_taken_start(
    master: Event, wanted: dict[datetime, Event], before: _AnnouncedSeries | None
) -> tuple[Event, dict[datetime, Event]]:
    """Return a series and its occurrences; a start that one is moved onto is cancelled and not left out."""
    starts = {event.start for event in wanted.values()} - _find_announced_clashes(before)
    if master.rule is None or not (taken := master.rule.excluded & starts):
        return master, wanted
    master = replace(master, rule=replace(master.rule, excluded=master.rule.excluded - taken))
    return master, wanted | {event.start: cancel_event(event) for event in master.expand() if event.start in taken}


def _make_master(
    group: Group, uid: str, meeting: Meeting, before: _AnnouncedSeries | None, refusals: Refusals
) -> Event | None:
    """The recurring event of a slot; None, with the reason among the refusals, where there can be none."""
    found = _find_rule(group, before)
    if found is None:
        dates = ", ".join(str(group.day(start)) for start in sorted(group.calls)[:4])
        refusals.add(f"{group.name} has dates that no one rule gives: {dates} ...")
        return None
    start = min({*group.calls, *(before.shown if before else ())})
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
    """What is said of a series, or of one of its occurrences that has a note."""
    blocks = [f"{NOTE}{note}" if note else None, meeting.description, meeting.url]
    return "\n\n".join(block for block in blocks if block) or None


def _make_occurrence(call: Call, master: Event, start: datetime, meeting: Meeting) -> Event:
    """What a call is, as an occurrence of its slot's series."""
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
    """What becomes of announced occurrences where the plan has none, and which call of the plan is whose.

    One is cancelled, unless it is past or another plan's; one whose call is elsewhere now is cancelled in any case.
    """
    shown: dict[Key, Event] = {
        (one.master.uid, start): event for one in known.values() for start, event in one.shown.items()
    }
    ours = {key: day for key, event in shown.items() if (day := date_of(event, meeting)) in meeting.season}
    replaced = _match_replaced({key: day for key, day in ours.items() if key not in places}, places, shown)
    left = {
        key: cancel_event(event.without_edition)
        if key in replaced or (key in ours and (event.cancelled or event.end > stamp))
        else event.without_edition
        for key, event in shown.items()
    }
    return left, replaced


def _match_replaced(
    empty: Mapping[Key, date], places: Mapping[Key, _Place], shown: Mapping[Key, Event]
) -> dict[Key, Key]:
    """Which call of the plan is that of an announced occurrence whose place in its series the plan leaves empty.

    It is the call of that day or rule date. A slot with a weekday of its own may have had another: there it is the only
    new call of the same ISO week. ``empty`` are the days of those occurrences, ``places`` those of the plan's calls.
    """
    of_day = {place.date: key for key, place in places.items()} | {place.day: key for key, place in places.items()}
    found = {key: of_day[day] for key, day in empty.items() if day in of_day}
    taken = set(found.values())
    new: dict[date, list[Key]] = {}
    for key, place in places.items():
        if place.is_weekly and key not in taken and (key not in shown or shown[key].cancelled):
            new.setdefault(monday_of(place.day), []).append(key)
    for key, day in empty.items():
        if key not in found and len(in_week := new.get(monday_of(day), [])) == 1:
            found[key] = in_week[0]
    return found


def _select_series(left: Mapping[Key, Event], before: _AnnouncedSeries | None) -> dict[datetime, Event]:
    """Those of one series by their regular starts."""
    return {} if before is None else {start: left[before.master.uid, start] for start in before.shown}


def _make_overrides(master: Event, wanted: Mapping[datetime, Event], before: _AnnouncedSeries | None) -> list[Event]:
    """Events of their own for the occurrences of which the series does not say the truth, or did not once."""
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


def _check_season(group: Group, season: Season, refusals: Refusals) -> None:
    """Refuse calls that a weekday of their own, or the clock of UTC, takes out of the season.

    In a series they are known by the day of their regular start, in UTC with ``utc``.
    """
    outside = next((start for start in sorted(group.calls) if group.day(start) not in season), None)
    if outside is not None:
        named = group.calls[outside].date
        refusals.add(f"{group.name} has the call of {named} on {group.day(outside)}, when the season is another plan's")


def _check_neighbours(group: Group, wanted: Mapping[datetime, Event], refusals: Refusals) -> None:
    """Refuse what Exchange does: held occurrences out of order, on one day, or over each other."""
    held = [event for _, event in sorted(wanted.items()) if not event.cancelled]
    for before, after in pairwise(held):
        days = [group.day(event.start) for event in (before, after)]
        if days[0] >= days[1] or before.end > after.start:
            dates = " and ".join(str(_day_of(event, group.zone)) for event in (before, after))
            refusals.add(f"{group.name} has the calls of {dates} on one day, over each other or in another order")


def _day_of(event: Event, zone: ZoneName) -> date:
    return to_local(event.original or event.start, zone).wall.date()
