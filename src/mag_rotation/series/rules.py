"""What values of a series have to hold, told all together.

Rule 1: a rule is whether it holds, the key it speaks of, and what to say where it does not.
"""

from __future__ import annotations

import datetime as dt

from mag_rotation.errors import InvalidSeries, Mistake

__all__ = ["check_cancel_note", "check_minutes", "check_wall_time", "require"]


def require(*rules: tuple[bool, str, str]) -> None:
    """Raise one error with every rule ``(holds, place, problem)`` that does not hold."""
    broken = [Mistake(place=place, problem=problem) for holds, place, problem in rules if not holds]
    if broken:
        raise InvalidSeries(broken)


def check_minutes(minutes: int | None) -> tuple[bool, str, str]:
    """The rule that a length, where one is given, is a minute or more."""
    return minutes is None or minutes > 0, "duration", f"found {minutes} minutes; a call lasts 1 minute or more"


def check_wall_time(at: dt.time | None) -> tuple[bool, str, str]:
    """The rule that a start, where one is given, is a whole minute of a wall clock."""
    plain = at is None or (at.tzinfo is None and not at.second and not at.microsecond)
    return plain, "at", f"found {at}; a start is wall-clock time in its zone, in whole minutes and without an offset"


def check_cancel_note(note: str | None, *, cancel: bool) -> tuple[bool, str, str]:
    """The rule that a word about a cancellation stands beside one."""
    return note is None or cancel, "cancel-note", "found without cancel = true; call the call off, or write it in note"
