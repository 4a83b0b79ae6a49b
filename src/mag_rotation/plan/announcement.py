"""The facts of an announcement: a call, its local starts, who is in the night, and what comes next.

Members are read where they are at the start of the call, stays included. Clock changes are those of their home zones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from mag_rotation.calls import Call
from mag_rotation.night import MemberNight, NightReport
from mag_rotation.roster import ZoneName
from mag_rotation.series import order_phases

if TYPE_CHECKING:
    from mag_rotation.drift import DriftChange
    from mag_rotation.plan import Plan
    from mag_rotation.programme import ScheduledSession

__all__ = ["Announcement", "LocalStart", "ShiftAhead", "announce_call"]

_AHEAD = 2
"""How many calls after the announced one are named."""

_SESSIONS_AHEAD = 3
"""How many sessions of the event are named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalStart:
    """One local start of a call, with the zones whose clocks show it, those with most people first.

    ``members`` and ``in_night`` count people by weight. ``day_shift`` is the local date less the UTC date.
    """

    wall: datetime
    day_shift: int
    zones: tuple[ZoneName, ...]
    members: int
    in_night: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftAhead:
    """From ``date`` the same slot is ``minutes`` later on the clocks of ``zones``; earlier if that is negative."""

    date: date
    minutes: int
    zones: tuple[ZoneName, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """What members have to know of one call.

    ``local`` rises by local start. ``night_zones`` are those of the people in the night, in the same order.
    ``following`` are the next held calls, at most two, and ``cancelled`` the calls until the last of them that are not
    held. ``shifts`` are the clock changes until then. ``in_night`` and ``blocked``, those who cannot attend, count by
    weight. ``sessions`` are the next ones of the event, at most three, of the phase of the call or the one after it.
    """

    call: Call
    local: tuple[LocalStart, ...]
    in_night: int
    night_zones: tuple[ZoneName, ...]
    following: tuple[Call, ...]
    cancelled: tuple[Call, ...]
    shifts: tuple[ShiftAhead, ...]
    blocked: int = 0
    sessions: tuple[ScheduledSession, ...] = ()


def announce_call(plan: Plan, call: Call) -> Announcement:
    """Return the announcement of a call of the plan, which may be a cancelled one."""
    night = plan.night(call)
    later = [other for other in plan.calls if other.start > call.start]
    following = tuple(other for other in later if other.is_held)[:_AHEAD]
    last = following[-1].start if following else call.start
    local = _group_by_start(night)
    asleep = {row.zone for row in night.members if row.in_night}
    return Announcement(
        call=call,
        local=local,
        in_night=night.summary.in_night,
        night_zones=tuple(zone for start in local for zone in start.zones if zone in asleep),
        following=following,
        cancelled=tuple(other for other in later if not other.is_held and other.start < last),
        shifts=_find_shifts(plan, call, following),
        blocked=sum(row.member.weight for row in night.members if row.blocked),
        sessions=_find_sessions(plan, call)[:_SESSIONS_AHEAD],
    )


def _find_sessions(plan: Plan, call: Call) -> tuple[ScheduledSession, ...]:
    """Return the sessions after a call in its phase, else in the phase after it; all of them in a plan without phases.

    A call outside the phases is followed by the next of them.
    """
    later = tuple(session for session in plan.sessions if session.start >= call.end)
    if not plan.phases:
        return later
    ahead = [phase for phase in order_phases(plan.phases) if phase.last >= call.day]
    near = ahead[:2] if ahead and call.day in ahead[0] else ahead[:1]
    found = (tuple(session for session in later if session.phase == phase.name) for phase in near)
    return next(filter(None, found), ())


def _group_by_start(night: NightReport) -> tuple[LocalStart, ...]:
    """Return the local starts of the members who take part."""
    rows: dict[datetime, list[MemberNight]] = defaultdict(list)
    for row in night.members:
        rows[row.local_start.wall].append(row)
    return tuple(
        LocalStart(
            wall=wall,
            day_shift=found[0].day_shift,
            zones=_order_zones(found),
            members=sum(row.member.weight for row in found),
            in_night=sum(row.member.weight for row in found if row.in_night),
        )
        for wall, found in sorted(rows.items())
    )


def _order_zones(rows: Iterable[MemberNight]) -> tuple[ZoneName, ...]:
    """Return the zones of some members, those with most people first, then by name."""
    people: dict[ZoneName, int] = defaultdict(int)
    for row in rows:
        people[row.zone] += row.member.weight
    return tuple(sorted(people, key=lambda zone: (-people[zone], zone)))


def _find_shifts(plan: Plan, call: Call, following: Sequence[Call]) -> tuple[ShiftAhead, ...]:
    """Return the clock changes after a call that show at one of the calls that follow."""
    if not following:
        return ()
    found: dict[tuple[date, int], dict[ZoneName, None]] = defaultdict(dict)
    for change in plan.drift(call.day, max(other.day for other in following)).changes:
        if change.date > call.day and _shows_at(change, following):
            found[change.date, change.minutes].update(dict.fromkeys(change.zones))
    return tuple(
        ShiftAhead(date=day, minutes=minutes, zones=tuple(zones)) for (day, minutes), zones in sorted(found.items())
    )


def _shows_at(change: DriftChange, following: Iterable[Call]) -> bool:
    """Whether the call at which a change is first seen is one of those that follow."""
    return change.first_call is not None and change.first_call.uid in {other.uid for other in following}
