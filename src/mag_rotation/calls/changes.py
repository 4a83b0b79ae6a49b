"""What became of the calls of a plan when it was edited.

Rule 1: a call is known by its UID; everything else about it may change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from mag_rotation.calls.call import Call

__all__ = ["CallChange", "ChangeKind", "find_call_changes"]


class ChangeKind(StrEnum):
    """What became of a call."""

    ADDED = "added"
    """It is new."""
    MOVED = "moved"
    """It starts at another instant."""
    CANCELLED = "cancelled"
    """It is called off."""
    REVIVED = "revived"
    """It was called off and is held after all."""
    DROPPED = "dropped"
    """It is no call of the plan any more."""
    EDITED = "edited"
    """Its number, length, slot, place, note or another thing is new."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CallChange:
    """A call before and after an edit, None where the plan did not or does not have it."""

    uid: str
    kind: ChangeKind
    before: Call | None
    after: Call | None


def find_call_changes(before: Iterable[Call], after: Iterable[Call]) -> tuple[CallChange, ...]:
    """Every call that is not what it was, by start, the later one where there are two, and then UID.

    That another turn would have had the same slot is no change that anybody sees.
    """
    old, new = ({call.uid: replace(call, turn=None) for call in calls} for calls in (before, after))
    pairs = [(uid, old.get(uid), new.get(uid)) for uid in old | new]
    found = [
        CallChange(uid=uid, kind=_classify_change(was, now), before=was, after=now)
        for uid, was, now in pairs
        if was != now
    ]
    return tuple(sorted(found, key=lambda change: (_to_second(change), change.uid)))


def _classify_change(was: Call | None, now: Call | None) -> ChangeKind:
    """What became of a call that is not what it was."""
    match was, now:
        case None, _:
            return ChangeKind.ADDED
        case Call(), None:
            return ChangeKind.DROPPED
        case Call(is_held=True), Call(is_held=False):
            return ChangeKind.CANCELLED
        case Call(is_held=False), Call(is_held=True):
            return ChangeKind.REVIVED
        case Call(start=first), Call(start=second, is_held=True) if first != second:
            return ChangeKind.MOVED
        case _:
            return ChangeKind.EDITED


def _to_second(change: CallChange) -> float:
    """When the call starts, as seconds."""
    call = change.after or change.before
    return 0.0 if call is None else call.start.timestamp()
