"""Checks of the values of a series, reported together.

A check is a tuple: whether it holds, the key it is about, and the problem if it does not hold.
"""

from __future__ import annotations

import datetime as dt

from mag_rotation.errors import InvalidSeries, Mistake

__all__ = ["check_cancel_note", "check_minutes", "check_wall_time", "list_broken", "require"]


def require(*rules: tuple[bool, str, str]) -> None:
    """Raise one :class:`InvalidSeries` with every check ``(holds, place, problem)`` that does not hold."""
    if broken := list_broken(*rules):
        raise InvalidSeries(broken)


def list_broken(*rules: tuple[bool, str, str]) -> list[Mistake]:
    """Return the mistake of every check ``(holds, place, problem)`` that does not hold."""
    return [Mistake(place=place, problem=problem) for holds, place, problem in rules if not holds]


def check_minutes(minutes: int | None) -> tuple[bool, str, str]:
    """Check that a length, if given, is one minute or more."""
    return minutes is None or minutes > 0, "duration", f"found {minutes} minutes; a call lasts 1 minute or more"


def check_wall_time(at: dt.time | None) -> tuple[bool, str, str]:
    """Check that a start, if given, is a whole minute of a wall clock."""
    plain = at is None or (at.tzinfo is None and not at.second and not at.microsecond)
    return plain, "at", f"found {at}; a start is wall-clock time in its zone, in whole minutes and without an offset"


def check_hold(hold: int | None) -> tuple[bool, str, str]:
    """Check that a slot has at least one turn in a row."""
    return hold is None or hold >= 1, "hold", f"found {hold}; a slot has 1 turn in a row or more"


def check_taken(taken: int, hold: int | None) -> tuple[bool, str, str]:
    """Check that a slot has turns left; None for a ``hold`` that is inherited is not checked."""
    most = None if hold is None else max(hold, 1) - 1
    fits = taken >= 0 and (most is None or taken <= most)
    return fits, "taken", f"found {taken}; write 0 to {'less than hold' if most is None else most}"


def check_cancel_note(note: str | None, *, cancel: bool) -> tuple[bool, str, str]:
    """Check that a note on a cancellation is given for a cancelled call only."""
    return note is None or cancel, "cancel-note", "found without cancel = true; call the call off, or write it in note"
