"""One call of a series.

Start and end are UTC instants, and ``zone`` is the anchor zone of the wall time. The UID comes from the rule date and
never from the start, so that it stays the same when the call is moved.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from mag_rotation.calls.turns import Turn
from mag_rotation.roster import ZoneName
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import Adjusted, civil_date

__all__ = ["Call", "CallCode", "Status", "name_call"]


class Status(StrEnum):
    """The state of a call compared with the rotation."""

    PLANNED = "planned"
    """Held as rule and rotation give it."""
    MOVED = "moved"
    """It starts at another instant than rule and rotation give."""
    EXTRA = "extra"
    """Held outside the rule."""
    CANCELLED = "cancelled"
    """Called off; it is listed with the start it would have had."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call of a series.

    ``date`` is the rule date, a civil date in the zone of the slot whose turn it is; an extra call has a date of its
    own. ``start`` (included) and ``end`` (not) are in UTC. ``zone`` is the zone of the start's wall time: that of the
    slot, of the exception if it gives one, or of the extra call. ``slot`` is the label of the slot and ``slot_number``
    its place in the cycle from 1; an extra call has neither. ``adjusted`` says that a clock change skips or repeats the
    wall time. ``turn`` is the place in the rotation; None for an extra call and if an exception fixes the start.
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
    adjusted: Adjusted | None = None
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


class CallCode(FactCode):
    """How a fact names a call."""

    CALL = "call"


def name_call(call: Call) -> Fact:
    """Return what other facts hold of a call that they are about."""
    return Fact.of(CallCode.CALL, uid=call.uid, date=call.date, label=call.label)
