"""Who is in the night at a call.

Rule 1: all counting is of the interval from ``start - lead`` to ``end + overrun``, minute by elapsed minute.
Rule 2: a member's zone is decided once, at the start, and serves for all those minutes.
Rule 3: counts use weights; minutes and burdens never do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from mag_rotation.calls import Call
from mag_rotation.hours import DEEP_NIGHT, Hours, Window, band_at
from mag_rotation.roster import LocalHours, Member, MemberId, ZoneName
from mag_rotation.series import Meeting
from mag_rotation.zones import LocalTime, Stretch, civil_date, in_utc, local, stretches

__all__ = ["Count", "MemberNight", "NightReport", "night_of", "night_report"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberNight:
    """What one call does to one member.

    ``local_start`` and ``local_end`` are those of the call itself; the minutes and the burden (in point-minutes) cover
    lead and overrun too. ``day_shift`` is the local date of the start less its UTC date: -1, 0 or 1.
    """

    id: MemberId
    name: str
    zone: ZoneName
    local_start: LocalTime
    local_end: LocalTime
    day_shift: int
    band: str
    night_minutes: int
    deep_night_minutes: int
    blocked: bool
    burden: int

    @property
    def in_night(self) -> bool:
        """Whether at least one minute lies in the member's night."""
        return self.night_minutes > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many people there are, and how many of them are in the night; seats count by weight."""

    members: int
    in_night: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NightReport:
    """Who is in the night at one time, worst first: by burden, then by id.

    ``by_group`` counts by the name of a group and then by its value; members without that group are in none.
    """

    call: Call | None
    start: datetime
    end: datetime
    night: Window
    members: tuple[MemberNight, ...]
    summary: Count
    by_group: Mapping[str, Mapping[str, Count]]

    @property
    def in_night(self) -> tuple[MemberId, ...]:
        """The ids of those in the night, worst first."""
        return tuple(member.id for member in self.members if member.in_night)

    @property
    def blocked(self) -> tuple[MemberId, ...]:
        """The ids of those whose ``never`` hours are touched, worst first."""
        return tuple(member.id for member in self.members if member.blocked)


class _Tally:
    """Weights added up while the members pass by."""

    __slots__ = ("_in_night", "_members")

    def __init__(self) -> None:
        self._members = self._in_night = 0

    def add(self, weight: int, *, in_night: bool) -> None:
        self._members += weight
        self._in_night += weight * in_night

    def count(self) -> Count:
        return Count(members=self._members, in_night=self._in_night)


def _touches(hours: LocalHours, pieces: Iterable[Stretch]) -> int:
    window = Window(*hours)
    return sum(window.overlap(piece.minute, piece.length) for piece in pieces)


def night_of(member: Member, *, start: datetime, minutes: int, meeting: Meeting, hours: Hours) -> MemberNight | None:
    """What a call of ``minutes`` from ``start`` does to ``member``; None when the member takes no part in it.

    ``start`` may be in any zone and is read in UTC; a naive one raises :class:`InvalidInstant`.

    >>> from datetime import UTC
    >>> from mag_rotation.roster import MemberId, ZoneName
    >>> meeting = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
    >>> seat = Member(id=MemberId("ae-1"), zone=ZoneName("Asia/Dubai"))
    >>> found = night_of(seat, start=datetime(2020, 9, 15, 20, tzinfo=UTC), minutes=120, meeting=meeting, hours=Hours())
    >>> found.local_start.isoformat(), found.day_shift, found.night_minutes, found.burden
    ('2020-09-16T00:00:00+04:00', 1, 120, 1020)
    """
    start = in_utc(start)
    zone = member.whereabouts(partial(civil_date, start))
    if zone is None:
        return None
    lead = meeting.lead if member.lead is None else member.lead
    pieces = stretches(start - timedelta(minutes=lead), lead + minutes + meeting.overrun, zone)
    began = local(start, zone)
    night = Window(*member.night) if member.night else hours.night
    curve = hours.curve_of(member.curve)
    return MemberNight(
        id=member.id,
        name=member.display_name,
        zone=zone,
        local_start=began,
        local_end=local(start + timedelta(minutes=minutes), zone),
        day_shift=(began.wall.date() - start.date()).days,
        band=band_at(began.wall.time()).name,
        night_minutes=sum(night.overlap(piece.minute, piece.length) for piece in pieces),
        deep_night_minutes=sum(DEEP_NIGHT.overlap(piece.minute, piece.length) for piece in pieces),
        blocked=any(_touches(never, pieces) for never in member.never),
        burden=sum(curve.cost(piece.minute, piece.length) for piece in pieces),
    )


def night_report(
    *, start: datetime, minutes: int, meeting: Meeting, roster: Iterable[Member], hours: Hours, call: Call | None = None
) -> NightReport:
    """Who is in the night at a call of ``minutes`` from ``start``.

    ``start`` may be in any zone and is read in UTC; a naive one raises :class:`InvalidInstant`.
    ``call`` is passed on where the time is that of a call of the plan. Members who take no part at that time are
    left out of everything.
    """
    start = in_utc(start)
    present: list[tuple[Member, MemberNight]] = []
    for member in roster:
        found = night_of(member, start=start, minutes=minutes, meeting=meeting, hours=hours)
        if found is not None:
            present.append((member, found))
    present.sort(key=lambda pair: (-pair[1].burden, pair[1].id))
    everyone, by_group = _Tally(), defaultdict[str, defaultdict[str, _Tally]](lambda: defaultdict(_Tally))
    for member, found in present:
        for tally in (everyone, *(by_group[name][value] for name, value in member.groups.items())):
            tally.add(member.weight, in_night=found.in_night)
    return NightReport(
        call=call,
        start=start,
        end=start + timedelta(minutes=minutes),
        night=hours.night,
        members=tuple(found for _, found in present),
        summary=everyone.count(),
        by_group={
            name: {value: tally.count() for value, tally in sorted(tallies.items())}
            for name, tallies in sorted(by_group.items())
        },
    )
