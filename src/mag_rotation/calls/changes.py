"""The changes of a plan's calls between two versions; calls are matched by UID."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from mag_rotation.calls.call import Call

__all__ = ["CallChange", "ChangeKind", "find_call_changes"]


class ChangeKind(StrEnum):
    """The kind of a change of a call."""

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
    """A call before and after an edit; None if the plan did not have it or no longer has it."""

    uid: str
    kind: ChangeKind
    before: Call | None
    after: Call | None


def find_call_changes(before: Iterable[Call], after: Iterable[Call]) -> tuple[CallChange, ...]:
    """Return every call that changed, by start (the later one if there are two) and then UID.

    A different turn with the same slot is not a change.
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
    """Return the kind of a change."""
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
    """Return the start of the changed call in seconds since 1970."""
    call = change.after or change.before
    return 0.0 if call is None else call.start.timestamp()
