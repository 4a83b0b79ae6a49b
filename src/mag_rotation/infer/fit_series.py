"""The shortest plan for given calls: the rule, the slots, the turns, and exceptions for the rest.

The result gives exactly the held calls: it is expanded and compared before it is returned. A slot, turns in a row, an
exception, an extra call and a phase each have a price, and the lowest sum wins. Turns are counted by the calls room.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from mag_rotation.calls import RuleDate, apply_extra_places, monday_of, resolve_extra, resolve_slot, unroll
from mag_rotation.calls.turns import assign_turns
from mag_rotation.ics.recurrence import list_candidate_rules
from mag_rotation.ics.uids import parse_own_uid
from mag_rotation.infer.expand_events import ExternalCall
from mag_rotation.limits import FITTED_DATES
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import (
    Advance,
    Extra,
    Meeting,
    Override,
    Phase,
    Rotation,
    Schedule,
    Series,
    Slot,
    Weekday,
    find_phase,
    order_phases,
)
from mag_rotation.zones import to_local

__all__ = ["fit_series"]

_SLOT, _EXCEPTION, _EXTRA, _PHASE, _HOLD = 3, 4, 5, 6, 1
"""The prices of what a plan is made of."""

_MOST_SLOTS = 52
_MOST_HELD = 53
_MOST_PHASES = 12
_REFINED = 8
"""The number of best plans for which phases with their own slots are tried."""

_WEEKS = 54
"""More weeks than a year has."""

_PAUSE = 3
"""The fewest dates without a call that are a pause and not single cancelled calls."""

_NEAR = 4
"""Two calls in other slots belong to one phase if at most so many dates are between them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Placement:
    """Rule dates with their calls, and the calls without a rule date."""

    schedule: Schedule
    dates: tuple[date, ...]
    calls: Mapping[date, ExternalCall]
    rest: tuple[ExternalCall, ...]
    minutes: int
    votes: Mapping[date, Slot]

    def is_odd(self, day: date, slot: Slot) -> bool:
        """Return whether a held call is not at its slot's time, a clock change aside."""
        call = self.calls.get(day)
        if call is None or call.cancelled:
            return False
        return (resolve_slot(slot, day).instant, slot.minutes or self.minutes) != (call.start, call.minutes)

    @property
    def off(self) -> set[date]:
        """The rule dates without a held call."""
        return {day for day in self.dates if day not in self.calls or self.calls[day].cancelled}

    @property
    def least(self) -> int:
        """The price without slots."""
        return _EXTRA * len(self.rest) + _SLOT


@dataclass(frozen=True, kw_only=True, slots=True)
class _Cycle:
    """Slots in turn, with ``hold`` turns in a row each; ``taken`` of them are over at the first turn."""

    slots: tuple[Slot, ...]
    hold: int
    taken: int

    def slot_of(self, index: int) -> Slot:
        """Return the slot of a turn, counted from 0."""
        return self.slots[(index + self.taken) // self.hold % len(self.slots)]

    @property
    def cost(self) -> int:
        """The price of the cycle."""
        return _SLOT * len(self.slots) + (_HOLD if self.hold > 1 else 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Fit:
    """A cycle of slots for each count of turns (None is the rotation), and the price."""

    placed: _Placement
    advance: Advance
    phases: tuple[Phase, ...]
    cycles: Mapping[Phase | None, _Cycle]
    odd: tuple[int, ...]
    cost: int


def fit_series(calls: Sequence[ExternalCall], meeting: Meeting, zones: Sequence[ZoneName] = ()) -> Series:
    """Return the shortest series with exactly these calls, of which at least one is held.

    ``zones`` are the zones that starts in UTC may be meant in. Cancelled calls are kept if they fit.
    """
    fits: list[_Fit] = []
    for zone in (None, *zones):
        read = [_move_to_clock(call, zone) for call in calls]
        regular = [call for call in read if not call.extra]
        extra = tuple(call for call in read if call.extra)
        ways = [
            _place_calls(schedule, dates, regular, extra, meeting.minutes)
            for schedule, dates in list_candidate_rules(call.date for call in regular)
        ]
        for placed in sorted(ways, key=lambda way: way.least):
            least = min((fit.cost for fit in fits), default=None)
            if least is None or placed.least < least:
                fits += _find_fits(placed)
    held = sorted((call.start, call.minutes) for call in calls if not call.cancelled)
    fits.sort(key=lambda fit: fit.cost)
    refined = [_add_phases(fit) for fit in fits[:_REFINED]]
    for fit in sorted([*refined, *fits], key=lambda fit: fit.cost):
        series = _make_series(fit, meeting)
        if sorted((call.start, call.minutes) for call in unroll(series) if call.is_held) == held:
            return series
    return _list_one_by_one(calls, meeting)


def _move_to_clock(call: ExternalCall, zone: ZoneName | None) -> ExternalCall:
    """Return a call with a start in UTC as one on the clock of ``zone``."""
    if zone is None or call.zone != UTC_ZONE:
        return call
    return replace(call, zone=zone, date=call.date if call.pinned else to_local(call.start, zone).wall.date())


def _place_calls(
    schedule: Schedule,
    dates: tuple[date, ...],
    calls: Sequence[ExternalCall],
    extra: tuple[ExternalCall, ...],
    minutes: int,
) -> _Placement:
    """Return each call on its rule date, or on a nearby free one; held ones first."""
    gap = min((after - before for before, after in itertools.pairwise(dates)), default=timedelta(days=7))
    ruled, taken = set(dates), dict[date, ExternalCall]()
    waiting: list[ExternalCall] = []
    rest: list[ExternalCall] = []
    for call in sorted(calls, key=lambda call: (call.cancelled, not call.pinned, call.start)):
        if call.date in ruled and call.date not in taken:
            taken[call.date] = call
        else:
            waiting.append(call)
    free = [day for day in dates if day not in taken]
    for call in waiting:
        index = _find_nearest_day(free, call.date, reach=gap.days // 2)
        if index is not None:
            taken[free.pop(index)] = call
        elif not call.cancelled:
            rest.append(call)
    return _Placement(
        schedule=schedule,
        dates=dates,
        calls=taken,
        rest=(*rest, *extra),
        minutes=minutes,
        votes={day: slot for day, call in taken.items() if (slot := _find_slot(call, day, minutes)) is not None},
    )


def _find_nearest_day(days: Sequence[date], wanted: date, *, reach: int) -> int | None:
    """Return the index of the nearest day: in the same ISO week, else at most ``reach`` days away; the earlier of two.

    >>> days = [date(2026, 1, 4), date(2026, 1, 8), date(2026, 1, 20)]
    >>> [_find_nearest_day(days, date(2026, 1, day), reach=3) for day in (5, 6, 11, 15, 17)]
    [1, 1, 1, None, 2]
    """
    after = bisect_left(days, wanted)
    around = [index for index in (after - 1, after) if 0 <= index < len(days)]
    same_week = [index for index in around if monday_of(days[index]) == monday_of(wanted)]
    close = [index for index in around if abs(days[index] - wanted).days <= reach]
    return min(same_week or close, key=lambda index: (abs(days[index] - wanted), index), default=None)


def _find_fits(placed: _Placement) -> Iterator[_Fit]:
    """Yield the best cycles for each way in which turns advance and missing dates are represented."""
    seen: dict[object, None] = {}
    for phases in dict.fromkeys(((), _find_pauses(placed))):
        for advance in Advance:
            fit = _find_fit(placed, advance, phases)
            if fit is None or (key := (fit.cost, fit.phases, tuple(fit.cycles.items()), fit.odd)) in seen:
                continue
            seen[key] = None
            yield fit


def _find_slot(call: ExternalCall, day: date, usual: int) -> Slot | None:
    """Return the slot that puts a call of the rule date ``day`` at its time; None if there is none."""
    wall = to_local(call.start, call.zone).wall
    if monday_of(wall.date()) != monday_of(day) and wall.date() != day:
        return None
    weekday = None if wall.date() == day else Weekday(wall.weekday())
    minutes = None if call.minutes == usual else call.minutes
    return Slot(at=wall.time(), zone=call.zone, weekday=weekday, minutes=minutes)


def _find_pauses(placed: _Placement) -> tuple[Phase, ...]:
    """Return phases without calls for the longer gaps."""
    stretches = (
        [*same] for empty, same in itertools.groupby(placed.dates, lambda day: day not in placed.calls) if empty
    )
    long = [days for days in stretches if len(days) >= _PAUSE]
    return tuple(
        Phase(name=f"pause {number}", first=days[0], last=days[-1], calls=False)
        for number, days in enumerate(long, start=1)
    )


def _find_fit(placed: _Placement, advance: Advance, phases: tuple[Phase, ...]) -> _Fit | None:
    """Return the best cycles for given phases; None if a cycle has no calls."""
    off = placed.off
    places = _count_turns(placed.dates, advance, phases, off)
    if None not in places or any(one.slots and one not in places for one in phases):
        return None
    cycles: dict[Phase | None, _Cycle] = {}
    odd: list[date] = []
    for cycle, counted in places.items():
        best = _fit_cycle(counted, placed.votes, by_year=advance is Advance.ISO_WEEK)
        if best is None:
            return None
        cycles[cycle] = best
        odd += [day for index, day in counted if placed.is_odd(day, best.slot_of(index))]
    silent = order_phases(one for one in phases if not one.calls)
    called_off = sum(find_phase(silent, day) is None for day in off)
    cost = (
        sum(one.cost for one in cycles.values())
        + _EXCEPTION * (len(odd) + called_off)
        + _EXTRA * len(placed.rest)
        + _PHASE * len(phases)
    )
    where = {day: index for index, day in enumerate(placed.dates)}
    return _Fit(
        placed=placed,
        advance=advance,
        phases=phases,
        cycles=cycles,
        odd=tuple(sorted(where[day] for day in odd)),
        cost=cost,
    )


def _count_turns(
    dates: Sequence[date], advance: Advance, phases: Sequence[Phase], off: set[date]
) -> dict[Phase | None, list[tuple[int, date]]]:
    """Return, for each count of turns (None is the rotation), its dates, each with the number of turns before."""
    # In a cycle of more slots than there are dates the place is the count itself.
    cycle = Rotation(slots=(Slot(at=time()),) * (len(dates) + _WEEKS), advance=advance)
    own = {one: replace(one, slots=None, start=1) if one.slots else one for one in phases}
    asked = {counting: one for one, counting in own.items()}
    ordered = order_phases(own.values())
    days = [RuleDate(date=day, phase=find_phase(ordered, day)) for day in dates]
    counts: dict[Phase | None, list[tuple[int, date]]] = {}
    for turn in assign_turns(
        days, cycle, anchor=dates[0], cancelled=off, takers=(), precedes=lambda _extra, _turn: False
    ):
        counts.setdefault(asked[turn.cycle] if turn.cycle else None, []).append((turn.index, turn.date))
    return counts


def _fit_cycle(places: Sequence[tuple[int, date]], votes: Mapping[date, Slot], *, by_year: bool) -> _Cycle | None:
    """Return the cheapest cycle for turns; None if no call is in a slot.

    A place has the slot of most of its calls. ``by_year``: the turns are ISO weeks, which begin anew each year.
    """
    slots = list(dict.fromkeys(votes[day] for _, day in places if day in votes))
    number = {slot: index for index, slot in enumerate(slots)}  # a small number is quicker to count than a slot
    numbered = [(index, number[votes[day]]) for index, day in places if day in votes]
    best: tuple[int, _Cycle] | None = None
    for hold, taken in _find_holds(numbered, by_year=by_year):
        found = _fit_slots([((index + taken) // hold, slot) for index, slot in numbered])
        if found is None:
            continue
        odd, chosen = found
        cycle = _Cycle(slots=tuple(slots[slot] for slot in chosen), hold=hold, taken=taken)
        cost = cycle.cost + _EXCEPTION * odd
        if best is None or cost < best[0]:
            best = cost, cycle
    return None if best is None else best[1]


def _find_holds(numbered: Sequence[tuple[int, int]], *, by_year: bool) -> Iterator[tuple[int, int]]:
    """Yield how many turns in a row a slot may have, and how many of them may be over at the first turn.

    The number is the length of those runs in one slot that have the most turns together, and runs end at its multiples.

    >>> list(_find_holds(list(enumerate([0, 1, 1, 1, 0, 0, 0, 1])), by_year=False))
    [(1, 0), (3, 0), (3, 2)]
    """
    yield 1, 0
    ends = [index for (index, slot), (_, before) in zip(numbered[1:], numbered, strict=False) if slot != before]
    if not ends:
        return
    between = itertools.pairwise(ends if len(ends) > 1 else (0, *ends))  # the first run may be the rest of one
    runs = Counter(after - before for before, after in between)
    hold = max(runs, key=lambda length: (length * runs[length], length))
    if not 1 < hold <= _MOST_HELD:
        return
    yield hold, 0
    [(taken, _)] = Counter(-end % hold for end in ends).most_common(1)
    if taken and not by_year:
        yield hold, taken


def _fit_slots(numbered: Sequence[tuple[int, int]]) -> tuple[int, list[int]] | None:
    """Return the cheapest cycle of slots for places with the slots of their calls, and how many calls are in others."""
    best: tuple[int, list[int]] | None = None
    least = 0
    for length in range(1, min(_MOST_SLOTS, len(numbered)) + 1):
        if best is not None and _SLOT * length >= least:
            break
        counts = Counter((place % length, slot) for place, slot in numbered)
        winners: dict[int, tuple[int, int]] = {}
        for (place, slot), count in counts.items():
            if count > winners.get(place, (0, 0))[0]:
                winners[place] = count, slot
        if len(winners) < length:
            continue
        odd = len(numbered) - sum(count for count, _ in winners.values())
        if best is None or _SLOT * length + _EXCEPTION * odd < least:
            best = odd, [winners[place][1] for place in range(length)]
            least = _SLOT * length + _EXCEPTION * odd
    return best


def _add_phases(fit: _Fit) -> _Fit:
    """Return the fit with phases that have their own slots, if that is cheaper.

    Each attempt counts all turns again, so only the longest candidates are tried.
    """
    dates = fit.placed.dates
    left = FITTED_DATES // len(dates)
    any_slot = (next(iter(fit.placed.votes.values())),) if fit.placed.votes else ()
    for number in range(1, _MOST_PHASES + 1):
        found: list[_Fit] = []
        ordered = order_phases(fit.phases)
        stretches = sorted(_find_clusters(fit.odd), key=lambda ends: (ends[0] - ends[1], ends))[:left]
        left -= len(stretches)
        for first, last in sorted(stretches):
            phase = Phase(name=f"other slots {number}", first=dates[first], last=dates[last], slots=any_slot)
            begun = bisect_right(ordered, phase.last, key=lambda one: one.first)
            if begun and ordered[begun - 1].last >= phase.first:
                continue
            other = _find_fit(fit.placed, fit.advance, (*fit.phases, phase))
            found += [other] if other is not None and other.cost < fit.cost else []
        if not found:
            break
        fit = min(found, key=lambda one: one.cost)
    return fit


def _find_clusters(odd: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Return ranges of dates whose calls are mostly in other slots, from the first such date to the last."""
    group: list[int] = []
    for index in (*odd, None):
        if group and (index is None or index - group[-1] > _NEAR + 1):
            if len(group) >= _PAUSE:
                yield group[0], group[-1]
            group = []
        if index is not None:
            group.append(index)


# From a fit to a series.


def _with_cycle(phase: Phase, cycle: _Cycle, inherited: int) -> Phase:
    hold = None if cycle.hold == inherited else cycle.hold
    return replace(phase, slots=cycle.slots, hold=hold, taken=cycle.taken)


def _make_series(fit: _Fit, meeting: Meeting) -> Series:
    cycle = fit.cycles[None]
    rotation = Rotation(slots=cycle.slots, hold=cycle.hold, taken=cycle.taken, advance=fit.advance)
    phases = tuple(
        _with_cycle(one, fit.cycles[one], cycle.hold) if one.slots else one
        for one in sorted(fit.phases, key=lambda one: one.first)
    )
    silent = order_phases(one for one in phases if not one.calls)
    off = [Override(date=day, cancel=True) for day in sorted(fit.placed.off) if find_phase(silent, day) is None]
    bare = Series(
        meeting=meeting,
        schedule=fit.placed.schedule,
        rotation=rotation,
        overrides=tuple(off),
        extras=_make_extras(fit.placed.rest, meeting),
        phases=phases,
    )
    moved = []
    for call in unroll(bare):
        wanted = fit.placed.calls.get(call.date)
        if call.turn is None or wanted is None or wanted.cancelled:
            continue
        if (call.start, call.minutes) != (wanted.start, wanted.minutes):
            moved.append(_make_override(wanted, call.turn.slot, call.date, minutes=call.minutes))
    return replace(bare, overrides=tuple(sorted((*off, *moved), key=lambda one: one.date)))


def _make_override(call: ExternalCall, slot: Slot, day: date, *, minutes: int) -> Override:
    """Return the exception that puts a call at its time; in UTC if its own clock repeats that time."""
    length = None if call.minutes == minutes else call.minutes
    if resolve_slot(slot, day).instant == call.start:
        return Override(date=day, minutes=length)
    for zone in (call.zone, UTC_ZONE):
        wall = to_local(call.start, zone).wall
        usual = day if slot.weekday is None else monday_of(day) + timedelta(days=slot.weekday)
        held = Slot(at=wall.time(), zone=zone)
        if resolve_slot(held, wall.date()).instant == call.start:
            break
    return Override(
        date=day,
        minutes=length,
        at=None if wall.time() == slot.at and (zone != slot.zone or wall.date() != usual) else wall.time(),
        zone=None if zone == slot.zone else zone,
        to=None if wall.date() == usual else wall.date(),
    )


def _make_extras(calls: Sequence[ExternalCall], meeting: Meeting) -> tuple[Extra, ...]:
    """Return the extra calls; those whose UIDs have a number come first, so that they keep it."""
    numbered: dict[tuple[date, int], Extra] = {}
    others = []
    for call in calls:
        own = parse_own_uid(call.uid) if call.extra and call.pinned else None
        extra = _make_extra(call, meeting)
        if own is None or own.nth is None or numbered.setdefault((call.date, own.nth), extra) is not extra:
            others.append(extra)
    known = sorted(numbered)
    return (*apply_extra_places([numbered[key] for key in known], [place for _, place in known]), *others)


def _make_extra(call: ExternalCall, meeting: Meeting) -> Extra:
    """Return an extra call; in UTC if its own clock repeats that time."""
    length = None if call.minutes == meeting.minutes else call.minutes
    for zone in (call.zone, UTC_ZONE):
        wall = to_local(call.start, zone).wall
        day = call.date if call.pinned else wall.date()
        to = None if wall.date() == day else wall.date()
        extra = Extra(date=day, at=wall.time(), zone=zone, to=to, minutes=length, cancel=call.cancelled)
        if resolve_extra(extra, to).instant == call.start:
            break
    return extra


def _list_one_by_one(calls: Sequence[ExternalCall], meeting: Meeting) -> Series:
    """Return a series with the first call as a rule of one date, and all others as extra calls."""
    held = [replace(call, pinned=False) for call in calls if not call.cancelled]
    first = _make_extra(held[0], meeting)
    return Series(
        meeting=meeting,
        schedule=Schedule(first=first.date, repeat="FREQ=WEEKLY", count=1),
        rotation=Rotation(slots=(Slot(at=first.at, zone=first.zone, minutes=first.minutes),)),
        extras=tuple(_make_extra(call, meeting) for call in held[1:]),
    )
