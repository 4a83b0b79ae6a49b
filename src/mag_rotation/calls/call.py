"""A call, and the changes of calls between two versions of a plan.

Start and end are UTC instants, and ``zone`` is the anchor zone of the wall time. The UID comes from the rule date and
never from the start, so that it stays the same when the call is moved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import SupportsIndex, overload

from mag_rotation.calls.turns import Turn
from mag_rotation.roster import ZoneName
from mag_rotation.values import Fact, FactCode, Record, make_records, write_table
from mag_rotation.zones import Adjustment, civil_date

__all__ = ["Call", "CallChange", "CallCode", "Calls", "ChangeKind", "Status", "find_call_changes", "name_call"]


class Status(StrEnum):
    """The state of a call compared with the rotation."""

    PLANNED = "planned"
    """At the start by rule and rotation."""
    MOVED = "moved"
    """At another start than by rule and rotation."""
    EXTRA = "extra"
    """Outside the rule."""
    CANCELLED = "cancelled"
    """Cancelled; it keeps the start that it would have had."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of a series.

    ``date`` is the rule date, a civil date in the zone of the slot whose turn it is; an extra call has a date of its
    own. ``start`` (included) and ``end`` (not) are in UTC. ``zone`` is the zone of the start's wall time: that of the
    slot, of the exception if it gives one, or of the extra call. ``slot`` is the label of the slot and ``slot_number``
    its place in the cycle from 1; an extra call has neither. ``adjusted`` says that a clock change skips or repeats the
    wall time. ``turn`` is the place in the rotation; None for an extra call and if an exception fixes the hour.
    """

    uid: str
    date: dt.date
    start: dt.datetime
    end: dt.datetime
    zone: ZoneName
    title: str
    status: Status
    number: int | None = None
    label: str | None = None
    slot: str | None = None
    slot_number: int | None = None
    phase: str | None = None
    adjusted: Adjustment | None = None
    location: str | None = None
    note: str | None = None
    turn: Turn | None = None

    @property
    def day(self) -> dt.date:
        """The civil date of the start in the anchor zone; differs from ``date`` if the call or its slot is moved."""
        return civil_date(self.start, self.zone)

    @property
    def minutes(self) -> int:
        """The length of the call."""
        return int((self.end - self.start).total_seconds()) // 60

    @property
    def is_held(self) -> bool:
        """Whether the call takes place."""
        return self.status is not Status.CANCELLED


class Calls(tuple[Call, ...]):
    """Calls in a row, like any tuple, which become records and are shown as a table in notebooks."""

    __slots__ = ()

    @overload
    def __getitem__(self, key: SupportsIndex, /) -> Call: ...
    @overload
    def __getitem__(self, key: slice, /) -> Calls: ...
    def __getitem__(self, key: SupportsIndex | slice, /) -> Call | Calls:
        return Calls(super().__getitem__(key)) if isinstance(key, slice) else super().__getitem__(key)

    def to_records(self) -> list[Record]:
        """Return the calls as dictionaries of plain values."""
        return make_records(self)

    def _repr_html_(self) -> str:
        return write_table(self.to_records(), _SHOWN)


_SHOWN = ("label", "number", "date", "start", "end", "zone", "slot", "phase", "status", "adjusted", "note")
"""The columns of calls in a notebook."""


class CallCode(FactCode):
    """How a fact names a call."""

    CALL = "call"


def name_call(call: Call) -> Fact:
    """Return what other facts hold of a call that they are about."""
    return Fact.of(CallCode.CALL, uid=call.uid, date=call.date, label=call.label)


class ChangeKind(StrEnum):
    """The kind of a change of a call."""

    ADDED = "added"
    """The call is new."""
    MOVED = "moved"
    """The start changed."""
    CANCELLED = "cancelled"
    """The call was cancelled."""
    REVIVED = "revived"
    """The call was cancelled and is held again."""
    DROPPED = "dropped"
    """The plan no longer has the call."""
    EDITED = "edited"
    """The number, length, slot, place, note or another field changed."""


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
