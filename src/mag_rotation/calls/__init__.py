"""The calls of a series.

The calls are computed from rule dates, then turns, then starts, then numbers; wall times become instants last. An
exception takes precedence over the slot, the slot over the phase, the phase over the meeting. A date in a silent phase
has no call; a cancelled call is still a call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from mag_rotation.calls.call import (
    Call,
    CallChange,
    CallCode,
    Calls,
    ChangeKind,
    Status,
    find_call_changes,
    name_call,
)
from mag_rotation.calls.dates import (
    MOST_DATES,
    RuleDate,
    check_repeat,
    expand_rule_dates,
    find_exception_mistakes,
    find_first_rule_date,
    find_next_rule_date,
)
from mag_rotation.calls.numbers import label_of
from mag_rotation.calls.turns import Turn, assign_turns, count_weeks, monday_of, slots_on
from mag_rotation.errors import AmbiguousCall, InvalidSeries, InvalidValue, Mistake, UnknownCall
from mag_rotation.limits import NAMED
from mag_rotation.series import Advance, Counting, Extra, Override, Phase, Rotation, Schedule, Series, Slot
from mag_rotation.zones import ResolvedTime, resolve, to_utc

__all__ = [
    "MOST_DATES",
    "Call",
    "CallChange",
    "CallCode",
    "Calls",
    "ChangeKind",
    "Period",
    "RuleDate",
    "Status",
    "Turn",
    "apply_extra_places",
    "assign_extra_places",
    "check_repeat",
    "check_series",
    "count_weeks",
    "expand_rule_dates",
    "find_call",
    "find_call_changes",
    "find_first_rule_date",
    "find_next_rule_date",
    "find_overlapping",
    "find_overlaps",
    "label_of",
    "monday_of",
    "name_call",
    "next_call",
    "resolve_extra",
    "resolve_slot",
    "resolve_turn",
    "turns_of",
    "unroll",
    "unroll_regular",
]


class Period(Protocol):
    """What has a start, which is included, and an end, which is not: a call, a session or a duty."""

    @property
    def start(self) -> datetime: ...

    @property
    def end(self) -> datetime: ...


P = TypeVar("P", bound=Period)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Draft:
    """A call without a number, and whether it takes one."""

    call: Call
    numbered: bool


def unroll(series: Series) -> tuple[Call, ...]:
    """Return every call of the series, cancelled ones too, by start and then UID.

    Raises :class:`InvalidSeries` with every rule, date and slot that does not fit, or else every wrong ``nth``.

    >>> from datetime import time
    >>> from mag_rotation.series import Meeting, Schedule
    >>> series = Series(
    ...     meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
    ...     schedule=Schedule(first=date(2020, 9, 8), repeat="FREQ=WEEKLY", count=2),
    ...     rotation=Rotation(slots=(Slot(at=time(14)), Slot(at=time(20)))),
    ... )
    >>> [(call.uid, f"{call.start:%H:%M}") for call in unroll(series)]
    [('demo-20200908@example.org', '14:00'), ('demo-20200915@example.org', '20:00')]
    """
    placed = [(f"exceptions[{index}]", override) for index, override in enumerate(series.overrides)]
    dates, chosen = check_series(series.schedule, series.rotation, series.phases, placed)
    overrides = {override.date: override for override in series.overrides}
    drafts = [
        _make_rule_call(series, turn, overrides.get(turn.date), index=chosen.get(turn.date, turn.index))
        for turn in turns_of(series, dates)
    ]
    return _number_calls(series, drafts + _make_extra_calls(series))


def unroll_regular(series: Series) -> tuple[Call, ...]:
    """Return the calls by rule and rotation alone: like :func:`unroll`, but only cancellations of the exceptions apply.

    >>> from datetime import time
    >>> from mag_rotation.series import Meeting, Schedule
    >>> series = Series(
    ...     meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
    ...     schedule=Schedule(first=date(2020, 9, 8), repeat="FREQ=WEEKLY", count=2),
    ...     rotation=Rotation(slots=(Slot(at=time(14)),)),
    ...     overrides=(Override(date=date(2020, 9, 8), at=time(9)), Override(date=date(2020, 9, 15), cancel=True)),
    ... )
    >>> [(f"{call.start:%d %H:%M}", str(call.status)) for call in unroll_regular(series)]
    [('08 14:00', 'planned'), ('15 14:00', 'cancelled')]
    """
    cancelled = tuple(Override(date=one.date, cancel=True) for one in series.overrides if one.cancel)
    return unroll(replace(series, overrides=cancelled))


def turns_of(series: Series, dates: Sequence[RuleDate]) -> Iterator[Turn]:
    """Return the turn of each date that is not in a silent phase, counted from the first date of the series."""
    held_only = series.rotation.advance is Advance.HELD
    return assign_turns(
        dates,
        series.rotation,
        anchor=find_first_rule_date(series.schedule),
        cancelled={override.date for override in series.overrides if override.cancel},
        takers=sorted(
            (extra for extra in series.extras if extra.takes_turn and not (extra.cancel and held_only)),
            key=lambda extra: (extra.date, resolve_extra(extra).instant),
        ),
        precedes=lambda extra, turn: resolve_extra(extra).instant <= resolve_slot(turn.slot, turn.date).instant,
    )


def check_series(
    schedule: Schedule, rotation: Rotation | None, phases: Sequence[Phase], overrides: Iterable[tuple[str, Override]]
) -> tuple[tuple[RuleDate, ...], dict[date, int]]:
    """Return the rule dates, and by date the index from 0 of the slot that an exception asks for.

    ``overrides`` are exceptions with their places. Raises :class:`InvalidSeries` with everything that does not fit.
    Without a rotation, slots are not checked.
    """
    dates = expand_rule_dates(schedule, phases)
    placed = list(overrides)
    mistakes = find_exception_mistakes(dates, placed)
    phase_of = {day.date: day.phase for day in dates}
    chosen: dict[date, int] = {}
    labelled: dict[date | None, dict[str | None, list[int]]] = {}
    for place, override in placed:
        if rotation is None or override.slot is None or override.date not in phase_of:
            continue
        phase = phase_of[override.date]
        slots = slots_on(rotation, phase)
        own = None if phase is None or phase.slots is None else phase.first
        if own not in labelled:
            labelled[own] = _index_by_label(slots)
        try:
            chosen[override.date] = _find_slot_index(slots, labelled[own], override.slot)
        except InvalidValue as error:
            mistakes.append(Mistake(place=f"{place}.slot", problem=str(error)))
    if mistakes:
        raise InvalidSeries(mistakes)
    return dates, chosen


def _index_by_label(slots: Sequence[Slot]) -> dict[str | None, list[int]]:
    """Return the indices of slots by label; of equal slots with one label only the first."""
    found: dict[str | None, dict[Slot, int]] = {}
    for index, slot in enumerate(slots):
        found.setdefault(slot.label, {}).setdefault(slot, index)
    return {label: list(alike.values()) for label, alike in found.items()}


def _find_slot_index(slots: Sequence[Slot], labelled: Mapping[str | None, Sequence[int]], wanted: str | int) -> int:
    """Return the index of the slot with that label or number; raises :class:`InvalidValue` if there is none."""
    if isinstance(wanted, int):
        if 1 <= wanted <= len(slots):
            return wanted - 1
        raise InvalidValue(f"found {wanted}; the slots are numbered 1 to {len(slots)}")
    found = labelled.get(wanted, ())
    if not found:
        named = [label for label in labelled if label]
        more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
        labels = ", ".join(map(repr, named[:NAMED])) + more
        known = f"the labels are {labels}" if labels else "no slot has a label, give its number"
        raise InvalidValue(f"found {wanted!r}; {known}")
    if len(found) > 1:
        raise InvalidValue(f"found {wanted!r}, the label of different slots; give the slot's number")
    return found[0]


def resolve_slot(slot: Slot, day: date) -> ResolvedTime:
    """Return the start of ``slot`` for the rule date ``day``: that day, or the slot's weekday of the ISO week.

    >>> from datetime import time
    >>> resolve_slot(Slot(at=time(20)), date(2020, 9, 15)).instant.isoformat()
    '2020-09-15T20:00:00+00:00'
    """
    held = day if slot.weekday is None else monday_of(day) + timedelta(days=slot.weekday)
    return resolve(datetime.combine(held, slot.at), slot.zone)


def resolve_turn(turn: Turn, slot: Slot) -> ResolvedTime:
    """Return the start of the call of a turn in ``slot``, which may be another than its own.

    An exception that moves only the day of the call overrules the weekday of the slot.
    """
    return resolve_slot(replace(slot, weekday=None) if turn.to else slot, turn.to or turn.date)


def resolve_extra(extra: Extra, day: date | None = None) -> ResolvedTime:
    """Return the start of an extra call on its own date, or on another ``day``."""
    return resolve(datetime.combine(day or extra.date, extra.at), extra.zone)


def _make_rule_call(series: Series, turn: Turn, override: Override | None, *, index: int) -> _Draft:
    """Return the call of one turn in the slot with that index, changed by its exception."""
    planned = resolve_slot(turn.slot, turn.date)
    change = override or Override(date=turn.date)
    slot = turn.slots[index]
    moved_slot = replace(slot, at=change.at or slot.at, zone=change.zone or slot.zone)
    turn = replace(turn, to=change.to)
    actual = resolve_turn(turn, moved_slot)
    length = change.minutes or slot.minutes or _phase_minutes(turn.phase) or series.meeting.minutes
    status = Status.PLANNED if actual.instant == planned.instant else Status.MOVED
    meeting = series.meeting
    call = Call(
        uid=f"{meeting.id}-{turn.date:%Y%m%d}@{meeting.uid_domain}",
        date=turn.date,
        start=actual.instant,
        end=actual.instant + timedelta(minutes=length),
        zone=moved_slot.zone,
        title=meeting.name,
        status=Status.CANCELLED if change.cancel else status,
        slot=slot.label,
        slot_number=index + 1,
        phase=turn.phase.name if turn.phase else None,
        adjusted=actual.adjusted,
        location=change.location or meeting.location,
        note=change.cancel_note or change.note,
        turn=None if change.fixes_start else turn,
    )
    return _Draft(call=call, numbered=True)


def _phase_minutes(phase: Phase | None) -> int | None:
    """Return the length that a phase gives its calls; None if it gives none."""
    return None if phase is None else phase.minutes


def assign_extra_places(extras: Iterable[Extra]) -> tuple[int, ...]:
    """Return the number of each extra call among those of its date: its ``nth``, or one more than those above it.

    It is one more than the greatest number so far, so that only an explicit ``nth`` can be wrong. Raises
    :class:`InvalidSeries` with every ``nth`` that an earlier extra call of the same date already has.

    >>> from datetime import time
    >>> later = Extra(date=date(2020, 10, 27), at=time(13), nth=3)
    >>> assign_extra_places([later, replace(later, nth=None), replace(later, nth=1)])
    (3, 4, 1)
    """
    greatest: Counter[date] = Counter()
    taken: dict[tuple[date, int], int] = {}
    clashes: list[tuple[int, int]] = []
    extras = tuple(extras)
    places = []
    for index, extra in enumerate(extras):
        place = extra.nth or greatest[extra.date] + 1
        earlier = taken.setdefault((extra.date, place), index)
        greatest[extra.date] = max(greatest[extra.date], place)
        if earlier != index:
            clashes.append((index, earlier))
        places.append(place)
    if clashes:
        raise InvalidSeries(
            [
                Mistake(
                    place=f"extras[{index}].nth",
                    problem=f"found {places[index]}, as is extras[{earlier}]; write a number that no extra call of "
                    f"{extras[index].date} has had, such as {greatest[extras[index].date] + 1}",
                )
                for index, earlier in clashes
            ]
        )
    return tuple(places)


def apply_extra_places(extras: Iterable[Extra], places: Iterable[int]) -> tuple[Extra, ...]:
    """Return the extra calls with the numbers ``places``; ``nth`` is only set if it is needed.

    >>> from datetime import time
    >>> two = [Extra(date=date(2020, 10, 27), at=time(hour)) for hour in (13, 15)]
    >>> [extra.nth for extra in apply_extra_places(two, assign_extra_places(two))]
    [None, None]
    >>> apply_extra_places(two[1:], [2])[0].nth
    2
    """
    greatest: Counter[date] = Counter()
    placed = []
    for extra, place in zip(extras, places, strict=True):
        is_it = place == (extra.nth or greatest[extra.date] + 1)
        placed.append(extra if is_it else replace(extra, nth=place))
        greatest[extra.date] = max(greatest[extra.date], place)
    return tuple(placed)


def make_extra_uids(series: Series) -> tuple[str, ...]:
    """Return the UIDs of the extra calls: ``-extra`` for the first of a date, ``-extra2`` for the second.

    Raises :class:`InvalidSeries` like :func:`assign_extra_places`.
    """
    meeting = series.meeting
    return tuple(
        f"{meeting.id}-{extra.date:%Y%m%d}-extra{'' if place == 1 else place}@{meeting.uid_domain}"
        for extra, place in zip(series.extras, assign_extra_places(series.extras), strict=True)
    )


def _make_extra_calls(series: Series) -> list[_Draft]:
    """Return the calls outside the rule."""
    meeting = series.meeting
    drafts = []
    for extra, uid in zip(series.extras, make_extra_uids(series), strict=True):
        actual = resolve_extra(extra, extra.to)
        phase = series.phase_on(extra.date)
        length = extra.minutes or _phase_minutes(phase) or meeting.minutes
        call = Call(
            uid=uid,
            date=extra.date,
            start=actual.instant,
            end=actual.instant + timedelta(minutes=length),
            zone=extra.zone,
            title=meeting.name,
            status=Status.CANCELLED if extra.cancel else Status.EXTRA,
            phase=phase.name if phase else None,
            adjusted=actual.adjusted,
            location=extra.location or meeting.location,
            note=extra.cancel_note or extra.note,
        )
        drafts.append(_Draft(call=call, numbered=extra.numbered))
    return drafts


def _number_calls(series: Series, drafts: Sequence[_Draft]) -> tuple[Call, ...]:
    """Return the calls in order, with number, label and title by the plan's numbering."""
    ordered = sorted(drafts, key=lambda draft: (draft.call.start, draft.call.uid))
    numbering = series.meeting.numbering
    if numbering is None or label_of(1, numbering.style) is None:
        return tuple(draft.call for draft in ordered)
    number = numbering.first
    calls = []
    for draft in ordered:
        call = draft.call
        if draft.numbered and (call.is_held or numbering.count is Counting.PLANNED):
            label = label_of(number, numbering.style)
            call = replace(call, number=number, label=label, title=f"{call.title} {label}")
            number += 1
        calls.append(call)
    return tuple(calls)


def find_call(calls: Sequence[Call], wanted: str) -> Call:
    """Return the call with a number, label, rule date or UID; if several fit, the only held one.

    Raises :class:`UnknownCall` if none fits and :class:`AmbiguousCall` if several do.
    """
    return make_call_finder(calls)(wanted)


def make_call_finder(calls: Sequence[Call]) -> Callable[[str], Call]:
    """Return a function that does the same as :func:`find_call`, for many questions about the same calls."""
    named: dict[str, list[Call]] = {}
    for call in calls:
        for name in _list_names(call):
            named.setdefault(name, []).append(call)
    has_numbers = any(call.number is not None for call in calls)

    def find(wanted: str) -> Call:
        fits = named.get(wanted, [])
        best = [call for call in fits if call.is_held] or fits
        if len(best) == 1:
            return best[0]
        if best:
            raise AmbiguousCall(wanted, tuple(call.uid for call in best))
        if not calls:
            raise UnknownCall(wanted, "it has none")
        first, last = calls[0], calls[-1]
        if wanted.isdigit() and not has_numbers:
            known = f"its calls have no numbers; name one by its rule date, from {first.date} to {last.date}"
            raise UnknownCall(wanted, known)
        ends = f"{first.label or first.date} to {last.label or last.date}"
        raise UnknownCall(wanted, f"its calls run from {ends}; give a number, a label, a rule date or a UID")

    return find


def _list_names(call: Call) -> set[str]:
    """Return all names by which a call can be found."""
    number = set() if call.number is None else {str(call.number)}
    return number | {call.label or call.uid, call.date.isoformat(), call.uid}


def next_call(calls: Sequence[Call], now: datetime) -> Call | None:
    """Return the first call that is not cancelled and starts at or after ``now``; None if there is none.

    Raises :class:`InvalidInstant` if ``now`` is naive.
    """
    moment = to_utc(now)
    return next((call for call in calls if call.is_held and call.start >= moment), None)


def find_overlaps(calls: Iterable[Call]) -> Iterator[tuple[Call, Call]]:
    """Return all pairs of held calls of which the second starts before the first ends, by the second's start.

    A call that starts when another ends does not overlap it. If two start at once, the one with the smaller UID is the
    first.
    """
    held = sorted((call for call in calls if call.is_held), key=lambda call: (call.start, call.uid))
    return find_overlapping(held)


def find_overlapping(periods: Iterable[P]) -> Iterator[tuple[P, P]]:
    """Yield all pairs of periods of which the second starts before the first ends; they are given by their starts.

    The work grows with the number of pairs and of periods, and not with the square of their number.
    """
    running: list[P] = []
    for period in periods:
        running = [earlier for earlier in running if earlier.end > period.start]
        yield from ((earlier, period) for earlier in running)
        running.append(period)
