"""Which slot each rule date takes.

Turns follow the rule dates; a moved call keeps its turn. A phase with its own slots or start counts its own turns while
the rotation's count waits.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mag_rotation.calls.dates import RuleDate
from mag_rotation.series import Advance, Extra, Phase, Rotation, Slot

__all__ = ["Turn", "assign_turns", "count_weeks", "monday_of", "slots_on"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """The slot of a planned call: the current cycle, and the place in it counted from 0.

    ``to`` is the civil date on which an exception holds the call instead of ``date``.
    """

    to: date | None = None
    date: date
    phase: Phase | None
    slots: tuple[Slot, ...]
    index: int
    taken: int = 0
    """How many of the slot's turns in a row came before this one: 0, or less than ``hold``."""

    @property
    def slot(self) -> Slot:
        """The slot of this turn."""
        return self.slots[self.index]

    @property
    def cycle(self) -> Phase | None:
        """The phase that counts this turn, or None for the rotation."""
        return cycle_of(self.phase)


def cycle_of(phase: Phase | None) -> Phase | None:
    """Return ``phase`` if it counts its own turns, else None, which stands for the rotation."""
    return phase if phase is not None and phase.has_own_turns else None


def slots_on(rotation: Rotation, phase: Phase | None) -> tuple[Slot, ...]:
    """Return the slots of the cycle that applies in ``phase``."""
    return rotation.slots if phase is None or phase.slots is None else phase.slots


def monday_of(day: date) -> date:
    """Return the Monday of the ISO week of ``day``."""
    return day - timedelta(days=day.weekday())


def count_weeks(first: date, day: date) -> int:
    """Return how many ISO weeks the week of ``day`` is after that of ``first``.

    >>> count_weeks(date(2020, 12, 31), date(2021, 1, 4))
    1
    """
    return (monday_of(day) - monday_of(first)).days // 7


def _make_turn(day: RuleDate, rotation: Rotation, *, turns: int, begun: date) -> Turn:
    """Return the turn of ``day`` after ``turns`` turns in its count, which began on ``begun``."""
    slots = slots_on(rotation, day.phase)
    cycle = cycle_of(day.phase)
    hold = rotation.hold if cycle is None else cycle.hold or rotation.hold
    if rotation.advance is Advance.ISO_WEEK:
        past = day.date.isocalendar().week - 1
    else:
        start, taken = (rotation.start, rotation.taken) if cycle is None else (cycle.start or 1, cycle.taken)
        weeks = rotation.advance is Advance.WEEK
        past = hold * (start - 1) + taken + (count_weeks(begun, day.date) if weeks else turns)
    return Turn(date=day.date, phase=day.phase, slots=slots, index=past // hold % len(slots), taken=past % hold)


def assign_turns(
    dates: Sequence[RuleDate],
    rotation: Rotation,
    *,
    anchor: date,
    cancelled: Container[date],
    takers: Iterable[Extra],
    precedes: Callable[[Extra, Turn], bool],
) -> Iterator[Turn]:
    """Return the turn of each date that is not silent, in order.

    ``anchor`` is the first rule date, from whose week ``Advance.WEEK`` counts. ``cancelled`` are the dates of cancelled
    calls. ``takers``, by date and start, are the extra calls that use the turn of the next rule call; ``precedes`` says
    whether one on the same date as a turn comes before it. If the calendar determines the turns, an extra call cannot
    take one.
    """
    waiting = deque(takers)
    turns: Counter[date | None] = Counter()  # by the first days of phases: to hash all their slots takes time
    begun: dict[date | None, date] = {None: anchor}
    for day in dates:
        if day.silent:
            continue
        cycle = cycle_of(day.phase)
        count = None if cycle is None else cycle.first
        begun.setdefault(count, day.date)
        turn = _make_turn(day, rotation, turns=turns[count], begun=begun[count])
        while waiting and (waiting[0].date < day.date or (waiting[0].date == day.date and precedes(waiting[0], turn))):
            waiting.popleft()
            turns[count] += 1
            turn = _make_turn(day, rotation, turns=turns[count], begun=begun[count])
        yield turn
        if rotation.advance is not Advance.HELD or day.date not in cancelled:
            turns[count] += 1
