"""The layout of a plan for a search: turns, candidate slots, and calls that stay.

Turns are those that the plan's own rule gives to a rotation of that length. Extras, calls whose hour an exception
fixes, calls in phases with slots of their own and history stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from mag_rotation.calls import MOST_DATES, Call, monday_of, resolve_slot, resolve_turn, unroll
from mag_rotation.errors import InvalidRequest, Mistake
from mag_rotation.hours import DAY
from mag_rotation.propose.request import MOST_FREE, Request, Setting
from mag_rotation.series import Advance, Override, Series, Slot

__all__ = [
    "Layout",
    "candidates_of",
    "hours_of_day",
    "layout",
    "multiples",
    "name_slots",
    "pin_call",
    "put_slots",
    "start_in",
    "starts_of",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """The turns, candidates and fixed calls of a plan.

    ``length`` is how many slots the rotation has. ``turns`` are the places in it that have a call to give, counted from
    0, each with its calls by date; of these only date and length are meant. ``fixed`` are the held calls that stay.
    ``candidates`` are the slots that a turn may take: ``on_grid`` slots of the grid, and then others that have to be
    taken. ``stays`` are the places of all that have to be taken.
    """

    series: Series
    length: int
    turns: tuple[tuple[int, tuple[Call, ...]], ...]
    fixed: tuple[Call, ...]
    candidates: tuple[Slot, ...]
    on_grid: int
    stays: tuple[int, ...]

    def start(self, call: Call, candidate: int) -> datetime:
        """Return the start of a call in a candidate."""
        return start_in(call, self.candidates[candidate])

    def lengths(self, call: Call) -> list[int]:
        """Return the length of a call in each candidate; an exception overrules the slot."""
        own = any(change.minutes for change in self.series.overrides if change.date == call.date)
        return [call.minutes if own else slot.minutes or call.minutes for slot in self.candidates]

    def slots(self, picks: Sequence[int]) -> tuple[Slot, ...]:
        """Return the rotation of some picks; a place without a call gets the slot before it, or the first."""
        taken = {place: self.candidates[pick] for (place, _), pick in zip(self.turns, picks, strict=True)}
        slots: list[Slot] = []
        for place in range(self.length):
            before = slots[-1] if slots else taken[min(taken)]
            slots.append(taken.get(place, before))
        return tuple(slots)

    def with_slots(self, slots: Sequence[Slot]) -> Series:
        """Return the plan's series with this rotation; exceptions fix the calls that stay and would move."""
        rotation = replace(self.series.rotation, slots=tuple(slots), start=_start_of(self.series, len(slots)))
        series = replace(self.series, rotation=rotation)
        wanted = {call.uid: call for call in self.fixed}
        overrides = {override.date: override for override in series.overrides}
        for call in unroll(series):
            kept = wanted.get(call.uid)
            if kept and kept.turn and call.turn and (call.start, call.end) != (kept.start, kept.end):
                change = overrides.get(call.date) or Override(date=call.date)
                overrides[call.date] = pin_call(kept.turn.slot, change, instead=call.turn.slot, minutes=kept.minutes)
        return replace(series, overrides=tuple(overrides[day] for day in sorted(overrides)))


def start_in(call: Call, slot: Slot) -> datetime:
    """Return the start of a call in a slot."""
    return (resolve_turn(call.turn, slot) if call.turn else resolve_slot(slot, call.date)).instant


def _start_of(series: Series, length: int) -> int:
    """Return the slot of the first call: the plan's if the rotation is long enough, else 1."""
    start = series.rotation.start
    return start if start <= length else 1


def pin_call(slot: Slot, change: Override, *, instead: Slot, minutes: int) -> Override:
    """Return an exception that also holds its call in a slot ``instead`` of another, with this length."""
    plain = slot.weekday is None and instead.weekday is None
    return replace(
        change,
        at=slot.at,
        zone=slot.zone,
        to=change.to or (None if plain else _day_of(slot, change.date)),
        minutes=change.minutes or slot.minutes or (minutes if instead.minutes else None),
    )


def _day_of(slot: Slot, day: date) -> date:
    """Return the civil date on which a slot is held for a rule date."""
    return day if slot.weekday is None else monday_of(day) + timedelta(days=slot.weekday)


def layout(setting: Setting, request: Request, slots: Sequence[Slot] | None = None) -> Layout:
    """Return the layout of a plan for a request; raises :class:`InvalidRequest` if the two do not fit.

    The candidates are ``slots``, or without them those of the grid.
    """
    candidates, stays, mistakes = candidates_of(setting, request, slots)
    base = replace(setting.series, overrides=tuple(_spell_out(setting, candidates)))
    length = request.slots or _calls_in_turn(base, request)
    blank = Slot(at=time(), zone=request.zone)
    rotation = replace(base.rotation, slots=(blank,) * length, start=_start_of(base, length))
    stay = _find_staying(setting.calls, request)
    turns: dict[int, list[Call]] = {}
    fixed = {call.uid: call for call in setting.calls if call.is_held}
    for call in unroll(replace(base, rotation=rotation)):
        turn = call.turn
        if call.is_held and turn is not None and turn.slots is rotation.slots and call.uid not in stay:
            turns.setdefault(turn.index, []).append(call)
            del fixed[call.uid]
    mistakes += _find_mistakes(setting, request, [call for calls in turns.values() for call in calls])
    if mistakes:
        raise InvalidRequest(mistakes)
    return Layout(
        series=base,
        length=length,
        turns=tuple((place, tuple(sorted(turns[place], key=lambda call: call.date))) for place in sorted(turns)),
        fixed=tuple(fixed.values()),
        candidates=candidates,
        on_grid=starts_of(request) if slots is None else 0,
        stays=stays,
    )


def put_slots(setting: Setting, request: Request, slots: Sequence[Slot]) -> Series:
    """Return the plan's series with these slots in its rotation; calls with hours of their own keep them.

    Raises what :func:`layout` raises, and :class:`InvalidSeries` where a phase starts at a slot that is not there.
    """
    return layout(setting, replace(request, slots=len(slots)), slots).with_slots(slots)


def name_slots(setting: Setting, slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Return the slots; one that the plan has at the same hour keeps its name.

    One of a length of its own is another slot.
    """
    known = {
        (slot.at, slot.zone, slot.weekday): slot
        for slot in reversed(setting.series.rotation.slots)
        if slot.minutes is None
    }
    return tuple(
        known.get((slot.at, slot.zone, slot.weekday), slot) if slot.minutes is None else slot for slot in slots
    )


def hours_of_day(grid: int) -> tuple[time, ...]:
    """Return the starts of a day at a distance in minutes.

    >>> [at.hour for at in hours_of_day(480)]
    [0, 8, 16]
    """
    return tuple(time(*divmod(minute, 60)) for minute in range(0, DAY, grid))


def _spell_out(setting: Setting, candidates: Sequence[Slot]) -> Iterable[Override]:
    """Yield the exceptions; one that fixes an hour also gets the zone, day and length of its slot."""
    on_weekdays = any(slot.weekday is not None for slot in candidates)
    of_lengths = any(slot.minutes for slot in candidates)
    calls = {call.date: call for call in setting.calls if call.slot_number is not None}
    for change in setting.series.overrides:
        call, phase = calls.get(change.date), setting.series.phase_on(change.date)
        if not change.fixes_start or call is None or call.slot_number is None or (phase and phase.slots):
            yield change
            continue
        slot = setting.series.rotation.slots[call.slot_number - 1]
        on = _day_of(slot, change.date) if on_weekdays or slot.weekday is not None else None
        yield replace(
            change,
            at=change.at or slot.at,
            zone=change.zone or slot.zone,
            to=change.to or on,
            minutes=change.minutes or slot.minutes or (call.minutes if of_lengths else None),
            slot=None,
        )


def _calls_in_turn(series: Series, request: Request) -> int:
    """Return the number of slots with which each call has a slot of its own."""
    many = replace(series.rotation, slots=(Slot(at=time(), zone=request.zone),) * MOST_DATES, start=1)
    places = [
        call.turn.index
        for call in unroll(replace(series, rotation=many))
        if call.turn and call.turn.slots is many.slots
    ]
    length = max(places, default=0) + 1
    if length > MOST_FREE:
        problem = f"found {length} calls; a free schedule has at most {MOST_FREE}, ask for a rotation with slots"
        raise InvalidRequest([Mistake(place="free", problem=problem)])
    return length


def _find_staying(calls: Sequence[Call], request: Request) -> frozenset[str]:
    """Return the UIDs of the calls that are history or announced."""
    held = [call for call in calls if call.is_held]
    first = request.first or date.min
    before = [call for call in held if call.date < first]
    coming = sorted((call for call in held if call.date >= first), key=lambda call: (call.date, call.start))
    return frozenset(call.uid for call in (*before, *coming[: request.keep]))


def multiples(grid: int) -> tuple[int, ...]:
    """Return the grids that are part of a grid, in minutes, the grid itself first.

    >>> multiples(240)
    (240, 480, 720, 1440)
    """
    return tuple(minutes for minutes in range(grid, DAY + 1, grid) if DAY % minutes == 0)


def starts_of(request: Request) -> int:
    """Return the number of starts in the grid of a request."""
    return len(request.weekdays or (None,)) * (DAY // request.grid)


def candidates_of(
    setting: Setting, request: Request, given: Sequence[Slot] | None = None
) -> tuple[tuple[Slot, ...], tuple[int, ...], list[Mistake]]:
    """Return the slots of the grid and those that must stay, the places of the latter, and mistakes in their names.

    Slots that are ``given`` replace those of the grid.
    """
    slots = setting.series.rotation.slots
    on_grid = (
        Slot(at=at, zone=request.zone, weekday=weekday)
        for weekday in request.weekdays or (None,)
        for at in hours_of_day(request.grid)
    )
    grid = list(name_slots(setting, on_grid) if given is None else given)
    stays: list[int] = []
    mistakes: list[Mistake] = []
    for index, wanted in enumerate(request.stay):
        found = [slot for number, slot in enumerate(slots, start=1) if wanted in (number, slot.label)]
        if not found:
            labels = ", ".join(repr(slot.label) for slot in slots if slot.label)
            cure = f"give a number from 1 to {len(slots)}{f' or a label: {labels}' if labels else ''}"
            mistakes.append(Mistake(place=f"stay[{index}]", problem=f"found {wanted!r}; {cure}"))
            continue
        if found[0] not in grid:
            grid.append(found[0])
        stays.append(grid.index(found[0]))
    return tuple(grid), tuple(dict.fromkeys(stays)), [*mistakes, *_find_member_mistakes(setting, request)]


def _find_member_mistakes(setting: Setting, request: Request) -> Iterable[Mistake]:
    """Yield the mistakes of members, roles and groups that the plan does not have."""
    if not setting.audience.members:
        yield Mistake(place="members", problem="found none; a rotation is fair to members, so add some to the plan")
    known = {
        name for member in request.members_counted(setting.audience.members) for name in (member.id, *member.roles)
    }
    roles = {role for member in setting.audience.members for role in member.roles}
    for place, names, wanted, what in (
        ("awake", request.awake, known, "the id or role of a member who counts"),
        ("leave-out", request.left_out, roles, "the role of a member"),
    ):
        there = ", ".join(sorted(roles & wanted))
        cure = f"the roles are {there}" if there else "no member has a role"
        wrong = (name for name in names if name not in wanted)
        yield from (Mistake(place=place, problem=f"found {name!r}, which is not {what}; {cure}") for name in wrong)
    if request.group is not None and not any(request.group in member.groups for member in setting.audience.members):
        groups = sorted({name for member in setting.audience.members for name in member.groups})
        cure = f"the groups are {', '.join(groups)}" if groups else "no member has a group"
        yield Mistake(place="group", problem=f"found {request.group!r}; {cure}")


def _find_mistakes(setting: Setting, request: Request, calls: Sequence[Call]) -> Iterable[Mistake]:
    """Yield the mistakes of a request that does not fit the plan's calls."""
    if not calls:
        yield Mistake(
            place="calls", problem="found none that takes its hour from the rotation; there is nothing to choose"
        )
    weeks = [monday_of(call.date) for call in calls]
    if request.weekdays and len(set(weeks)) < len(weeks):
        yield Mistake(place="weekday", problem="found two calls in one ISO week; weekdays are for one call a week")
    days: Mapping[date, Call] = {call.date: call for call in calls}
    advance = setting.series.rotation.advance
    by_calls = advance in {Advance.CALL, Advance.HELD}
    for index, extra in enumerate(setting.series.extras):
        takes = extra.takes_turn and not (extra.cancel and advance is Advance.HELD)
        if takes and by_calls and extra.date in days:
            problem = (
                f"found a turn taken on {extra.date}, the date of a call: whose turn it is would depend on the hours"
            )
            yield Mistake(place=f"extras[{index}].takes-turn", problem=f"{problem}; give the extra call another date")
