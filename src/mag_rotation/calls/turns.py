"""Whose turn it is: which slot each rule date takes.

Rule 1: turns run along rule dates; the hour a call is moved to has no say.
Rule 2: a phase with slots or a start of its own counts for itself, and the outer count waits.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mag_rotation.calls.dates import RuleDate
from mag_rotation.series import Advance, Extra, Phase, Rotation, Slot

__all__ = ["Turn", "assign_turns", "monday_of", "slots_on"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """The slot of one planned call: the cycle in force, and the place in it counted from 0."""

    date: date
    phase: Phase | None
    slots: tuple[Slot, ...]
    index: int

    @property
    def slot(self) -> Slot:
        """The slot whose turn it is."""
        return self.slots[self.index]

    @property
    def cycle(self) -> Phase | None:
        """What counts the turn: the phase where it counts its own, None for the rotation."""
        return cycle_of(self.phase)


def cycle_of(phase: Phase | None) -> Phase | None:
    """What counts turns inside ``phase``: itself where it counts its own, else the rotation, which is None."""
    return phase if phase is not None and phase.has_own_turns else None


def slots_on(rotation: Rotation, phase: Phase | None) -> tuple[Slot, ...]:
    """The cycle in force inside ``phase``."""
    return rotation.slots if phase is None or phase.slots is None else phase.slots


def monday_of(day: date) -> date:
    """The first day of the ISO week of ``day``."""
    return day - timedelta(days=day.weekday())


def count_weeks(first: date, day: date) -> int:
    """How many ISO weeks after that of ``first`` the week of ``day`` is.

    >>> count_weeks(date(2020, 12, 31), date(2021, 1, 4))
    1
    """
    return (monday_of(day) - monday_of(first)).days // 7


def _make_turn(day: RuleDate, rotation: Rotation, *, taken: int, begun: date) -> Turn:
    """The turn of ``day`` when ``taken`` turns went before it in its count, which began on ``begun``."""
    slots = slots_on(rotation, day.phase)
    cycle = cycle_of(day.phase)
    start = (rotation.start if cycle is None else cycle.start or 1) - 1
    if rotation.advance is Advance.ISO_WEEK:
        index = day.date.isocalendar().week - 1
    else:
        index = start + (count_weeks(begun, day.date) if rotation.advance is Advance.WEEK else taken)
    return Turn(date=day.date, phase=day.phase, slots=slots, index=index % len(slots))


def assign_turns(
    dates: Sequence[RuleDate],
    rotation: Rotation,
    *,
    anchor: date,
    cancelled: Container[date],
    takers: Iterable[Extra],
    precedes: Callable[[Extra, Turn], bool],
) -> Iterator[Turn]:
    """The turn of each date that is not silent, in order.

    ``anchor`` is the first rule date, from whose week ``week`` counts. ``cancelled`` are the dates called off.
    ``takers``, in order of date and hour, are the extra calls that use up the turn of the next rule call; ``precedes``
    says whether one of them, on the very date of a turn, comes before it in time. Where the calendar gives the turns
    no extra can take one.
    """
    waiting = deque(takers)
    taken: Counter[date | None] = Counter()  # by the first days of phases: to hash all their slots takes time
    begun: dict[date | None, date] = {None: anchor}
    for day in dates:
        if day.silent:
            continue
        cycle = cycle_of(day.phase)
        count = None if cycle is None else cycle.first
        begun.setdefault(count, day.date)
        turn = _make_turn(day, rotation, taken=taken[count], begun=begun[count])
        while waiting and (waiting[0].date < day.date or (waiting[0].date == day.date and precedes(waiting[0], turn))):
            waiting.popleft()
            taken[count] += 1
            turn = _make_turn(day, rotation, taken=taken[count], begun=begun[count])
        yield turn
        if rotation.advance is not Advance.HELD or day.date not in cancelled:
            taken[count] += 1
