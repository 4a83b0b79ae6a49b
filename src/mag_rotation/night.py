"""Who is in the night at a call.

Every minute from ``start - lead`` to ``end + overrun`` counts, by elapsed time. A member's zone is determined once, at
the start. A minute is on a day off or not by its local date. Counts of people use weights; minutes and burdens never
do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import ClassVar

from mag_rotation.audience import Audience
from mag_rotation.calls import Call
from mag_rotation.hours import DAY, DEEP_NIGHT, Hours, Window, band_at
from mag_rotation.roster import DaysOff, LocalHours, Member, MemberId, ZoneName, days_off_of
from mag_rotation.values import Rows, freeze
from mag_rotation.zones import (
    LocalTime,
    Stretch,
    civil_date,
    make_offset_table,
    split_stretches,
    to_epoch_second,
    to_local,
    to_utc,
)

__all__ = [
    "Count",
    "MemberNight",
    "NightReport",
    "SharedNights",
    "Total",
    "make_audience",
    "night_at",
    "night_of",
    "night_report",
    "total_of",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberNight:
    """The effect of one call on one member.

    ``local_start`` and ``local_end`` are those of the call itself; the minutes and the burden (in point-minutes)
    include lead and overrun. ``day_shift`` is the local date of the start less its UTC date: -1, 0 or 1. ``day_off``
    names the day off on which the call starts for the member, None if it is a working day or the country is unknown.
    ``lead`` is how many minutes before the start the member must be up. ``member`` is the member of the roster, for
    other fields that a report shows.
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
    member: Member = field(repr=False)
    day_off: str | None = None
    lead: int = 0

    @property
    def in_night(self) -> bool:
        """Whether at least one minute is in the member's night."""
        return self.night_minutes > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """The number of people, and how many of them are in the night; seats count by weight."""

    members: int
    in_night: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NightReport(Rows[MemberNight]):
    """Who is in the night at one time: a row per member, highest burden first, then by id.

    ``by_group`` counts by group name and then by value; members without that group are left out.
    """

    call: Call | None
    start: datetime
    end: datetime
    night: Window
    members: tuple[MemberNight, ...]
    summary: Count
    by_group: Mapping[str, Mapping[str, Count]]
    _shown: ClassVar[tuple[str, ...]] = (
        "id", "name", "zone", "local_start", "day_shift", "band", "night_minutes", "in_night", "blocked", "burden",
    )  # fmt: skip

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_group", freeze(self.by_group))

    @property
    def in_night(self) -> tuple[MemberId, ...]:
        """The ids of the members in the night, highest burden first."""
        return tuple(member.id for member in self.members if member.in_night)

    @property
    def blocked(self) -> tuple[MemberId, ...]:
        """The ids of the members whose ``never`` hours are touched, highest burden first."""
        return tuple(member.id for member in self.members if member.blocked)


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """The sums over a member's held calls: calls, calls in the night, and point-minutes."""

    calls: int
    in_night: int
    burden: int


def total_of(pairs: Iterable[tuple[Call, MemberNight]]) -> Total:
    """Return the sums for one member; cancelled calls do not count."""
    held = [night for call, night in pairs if call.is_held]
    return Total(
        calls=len(held), in_night=sum(night.in_night for night in held), burden=sum(night.burden for night in held)
    )


class _Tally:
    """Counts by weight, added up member by member."""

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


_EPOCH_DAY = date(1970, 1, 1).toordinal()


def _compute_days_off_cost(start: datetime, minutes: int, zone: ZoneName, off: DaysOff, hours: Hours) -> int:
    """Return the additional point-minutes of the ``minutes`` from ``start`` for their local dates."""
    first = to_epoch_second(start)
    cost = 0
    for begin, length in make_offset_table(zone, first, first + minutes * 60).split(first, minutes):
        minute, end = begin, begin + length
        while minute < end:
            days, at = divmod(minute, DAY)
            run = min(end - minute, DAY - at)
            day = date.fromordinal(_EPOCH_DAY + days)
            cost += run * hours.day_off_points(weekend=off.is_weekend(day), holiday=day in off.holidays)
            minute += run
    return cost


def night_of(
    member: Member,
    *,
    start: datetime,
    minutes: int,
    audience: Audience,
    lead: int | None = None,
) -> MemberNight | None:
    """Return the effect of a call of ``minutes`` from ``start`` on ``member``; None if the member takes no part.

    ``start`` may be in any zone; a naive one raises :class:`InvalidInstant`. ``member`` need not be one of the
    ``audience``, which says how hours are counted. ``lead`` counts instead of the member's and the audience's.

    >>> from datetime import UTC
    >>> seat = Member(id="ae-1", zone="Asia/Dubai")
    >>> start = datetime(2020, 9, 15, 20, tzinfo=UTC)
    >>> found = night_of(seat, start=start, minutes=120, audience=Audience(members=(seat,)))
    >>> found.local_start.isoformat(), found.day_shift, found.night_minutes, found.burden
    ('2020-09-16T00:00:00+04:00', 1, 120, 1020)
    """
    start = to_utc(start)
    zone = member.find_zone(partial(civil_date, start))
    if zone is None:
        return None
    return _compute_night(zone, member, start=start, minutes=minutes, audience=audience, lead=lead)


def _compute_night(
    zone: ZoneName,
    member: Member,
    *,
    start: datetime,
    minutes: int,
    audience: Audience,
    lead: int | None = None,
) -> MemberNight:
    """Return the effect of a call from the UTC instant ``start`` on a member who lives in ``zone`` at that time."""
    hours, lead = audience.hours, audience.lead_of(member) if lead is None else lead
    up, total = start - timedelta(minutes=lead), lead + minutes + audience.overrun
    pieces = split_stretches(up, total, zone)
    began = to_local(start, zone)
    night = Window(*member.night) if member.night else hours.night
    curve = hours.curve_of(member.curve)
    off = days_off_of(member, audience.days_off)
    burden = sum(curve.cost(piece.minute, piece.length) for piece in pieces)
    if off and hours.charges_days_off:
        burden += _compute_days_off_cost(up, total, zone, off, hours)
    return MemberNight(
        id=member.id,
        name=member.display_name,
        zone=zone,
        local_start=began,
        local_end=to_local(start + timedelta(minutes=minutes), zone),
        day_shift=(began.wall.date() - start.date()).days,
        band=band_at(began.wall.time()).name,
        night_minutes=sum(night.overlap(piece.minute, piece.length) for piece in pieces),
        deep_night_minutes=sum(DEEP_NIGHT.overlap(piece.minute, piece.length) for piece in pieces),
        blocked=any(_touches(never, pieces) for never in member.never),
        burden=burden,
        member=member,
        day_off=off.name_of(began.wall.date()) if off else None,
        lead=lead,
    )


class SharedNights:
    """The effects of many calls on many members of an audience; equal cases are computed once."""

    __slots__ = ("_audience", "_like")

    def __init__(self, audience: Audience) -> None:
        self._audience = audience
        self._like: dict[tuple[object, ...], MemberNight] = {}

    def night_of(
        self,
        member: Member,
        *,
        start: datetime,
        minutes: int,
        today: Callable[[ZoneName], date],
        lead: int | None = None,
    ) -> MemberNight | None:
        """Return what :func:`night_of` returns for a UTC instant; ``today`` gives the civil date in a zone then."""
        zone = member.find_zone(today)
        if zone is None:
            return None
        audience = self._audience
        lead = audience.lead_of(member) if lead is None else lead
        country = member.groups.get("country") if audience.days_off else None
        key = (start, minutes, zone, lead, member.night, member.curve, member.never, country)
        found = self._like.get(key)
        if found is None:
            found = _compute_night(zone, member, start=start, minutes=minutes, audience=audience, lead=lead)
            self._like[key] = found
        return replace(found, id=member.id, name=member.display_name, member=member)


def _compute_nights(audience: Audience, *, start: datetime, minutes: int) -> Iterator[tuple[Member, MemberNight]]:
    """Return the members who take part, each with the effect on them."""
    nights, today = SharedNights(audience), cache(partial(civil_date, start))
    for member in audience.members:
        found = nights.night_of(member, start=start, minutes=minutes, today=today)
        if found is not None:
            yield member, found


def night_report(
    *,
    start: datetime,
    minutes: int,
    audience: Audience,
    call: Call | None = None,
) -> NightReport:
    """Report who is in the night at a call of ``minutes`` from ``start``.

    ``start`` may be in any zone; a naive one raises :class:`InvalidInstant`. ``call`` is passed on if the time is that
    of a call of the plan. Members who take no part at that time are left out.
    """
    start = to_utc(start)
    present = list(_compute_nights(audience, start=start, minutes=minutes))
    present.sort(key=lambda pair: (-pair[1].burden, pair[1].id))
    everyone, by_group = _Tally(), defaultdict[str, defaultdict[str, _Tally]](lambda: defaultdict(_Tally))
    for member, found in present:
        for tally in (everyone, *(by_group[name][value] for name, value in member.groups.items())):
            tally.add(member.weight, in_night=found.in_night)
    return NightReport(
        call=call,
        start=start,
        end=start + timedelta(minutes=minutes),
        night=audience.hours.night,
        members=tuple(found for _, found in present),
        summary=everyone.count(),
        by_group={
            name: {value: tally.count() for value, tally in sorted(tallies.items())}
            for name, tallies in sorted(by_group.items())
        },
    )


def night_at(
    start: datetime,
    *,
    minutes: int,
    members: Mapping[str, str] | Iterable[Member],
    hours: Hours | None = None,
    lead: int = 0,
    overrun: int = 0,
) -> NightReport:
    """Report who is in the night at one instant, without a plan.

    ``members`` are values, or zone names by member id. ``lead`` and ``overrun`` are the minutes before and after the
    call that count too. A naive ``start`` raises :class:`InvalidInstant`, a wrong zone :class:`UnknownZone`.

    >>> from datetime import UTC
    >>> start = datetime(2026, 12, 1, 20, tzinfo=UTC)
    >>> report = night_at(start, minutes=120, members={"ann": "Europe/Zurich", "bo": "Asia/Tokyo"})
    >>> [row.id for row in report if row.in_night]
    ['bo']
    """
    audience = make_audience(members, hours=hours, lead=lead, overrun=overrun)
    return night_report(start=start, minutes=minutes, audience=audience)


def make_audience(
    members: Mapping[str, str] | Iterable[Member], *, hours: Hours | None = None, lead: int = 0, overrun: int = 0
) -> Audience:
    """Return the audience of members, which are values or zone names by member id; raises as :func:`night_at` does."""
    if isinstance(members, Mapping):
        members = [Member(id=member, zone=zone) for member, zone in members.items()]
    return Audience(members=tuple(members), hours=hours or Hours(), lead=lead, overrun=overrun)
