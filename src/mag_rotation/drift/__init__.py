"""Clock changes: whose local time of a slot moves when, and when two zones are out of step.

Members are read by the clock of their home zone, because a stay is a move and not a clock change. Every day of the
period is examined, with or without a call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from mag_rotation.audience import Audience
from mag_rotation.calls import Call
from mag_rotation.drift.drift_report import DriftChange, DriftGap, DriftReport, Effect, LocalHour, Whose
from mag_rotation.drift.gaps import LONGEST_GAP, find_gaps
from mag_rotation.drift.hour_changes import changes_of, follow_slots
from mag_rotation.drift.zone_groups import list_unique, takes_part
from mag_rotation.errors import InvalidValue
from mag_rotation.roster import Member
from mag_rotation.series import Series
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import civil_date

__all__ = [
    "LONGEST_GAP",
    "DriftChange",
    "DriftGap",
    "DriftNote",
    "DriftReport",
    "Effect",
    "LocalHour",
    "Whose",
    "make_drift_report",
]


class DriftNote(FactCode):
    """A note that readers of a drift report need."""

    STAY = "stay_is_no_clock_change"


def make_drift_report(
    *,
    series: Series,
    calls: Sequence[Call],
    audience: Audience,
    first: date | None = None,
    last: date | None = None,
) -> DriftReport:
    """Report every change of a member's local time of a slot, and every period in which two zones are out of step.

    ``first`` and ``last``, both included, default to the days of the first and the last call. Raises
    :class:`InvalidValue` if that leaves no period.

    >>> from datetime import time
    >>> from mag_rotation.roster import Member
    >>> from mag_rotation.series import Meeting, Rotation, Schedule, Slot
    >>> series = Series(
    ...     meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
    ...     schedule=Schedule(first=date(2020, 10, 6), repeat="FREQ=WEEKLY", count=8),
    ...     rotation=Rotation(slots=(Slot(at=time(20)),)),
    ... )
    >>> seat = Member(id="it-1", zone="Europe/Rome")
    >>> season = {"first": date(2020, 10, 6), "last": date(2020, 11, 24)}
    >>> (change,) = make_drift_report(series=series, calls=(), audience=Audience(members=(seat,)), **season).changes
    >>> change.date.isoformat(), f"{change.before.at:%H:%M}", f"{change.after.at:%H:%M}", change.whose.value
    ('2020-10-25', '22:00', '21:00', 'member')
    """
    roster = audience.members
    days = [day for call in calls for day in (call.date, civil_date(call.start, call.zone))]
    if not days and (first is None or last is None):
        raise InvalidValue("found no call, so there is no season; give the first and the last date")
    first, last = first or min(days), last or max(days)
    if last < first:
        raise InvalidValue(f"found {first} to {last}, which ends before it begins; give an earlier first date")
    followed = list(follow_slots(series, calls, first, last))
    members = [member.zone for member in roster if takes_part(member, first, last)]
    changes = [change for item in followed for change in changes_of(item, series, audience)]
    return DriftReport(
        first=first,
        last=last,
        changes=tuple(sorted(changes, key=lambda change: change.date)),
        gaps=find_gaps(list_unique([*(item.slot.zone for item in followed), *members]), calls, first, last),
        notes=tuple(_note_stays(roster, first, last)),
    )


def _note_stays(roster: Sequence[Member], first: date, last: date) -> Iterator[Fact]:
    """Note the members who are away from home, because the clock of the home zone counts here."""
    for member in roster:
        for stay in member.stays:
            if stay.first <= last and stay.last >= first:
                yield Fact.of(
                    DriftNote.STAY,
                    member=member.id,
                    zone=stay.zone,
                    first=stay.first,
                    last=stay.last,
                    home=member.zone,
                )
