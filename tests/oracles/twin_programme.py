"""The programme worked out the slow way: every minute of every duty, and every pair of sessions, looked at by itself.

Law: nothing here shares code with the library's night of sessions, its conflicts or its proposals; of the library it
reads the values that go in, and zones are those of :mod:`twin_night`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from typing import TypeAlias

from mag_rotation.audience import Audience
from mag_rotation.calls import Call, Status
from mag_rotation.hours import Hours
from mag_rotation.programme import Duty, Programme, ScheduledSession
from mag_rotation.roster import Member
from mag_rotation.series import Meeting, Phase
from twin_night import MINUTE, Row, clock, holds, home_at, row_of


def lead_of(duty: Duty, member: Member, programme: Programme) -> int:
    """The lead of the duty, of the role or of the member, whichever is said first."""
    said = [lead for lead in (duty.lead, programme.join_ahead.get(duty.role), member.lead) if lead is not None]
    return said[0] if said else 0


def minutes_from(start: datetime, end: datetime) -> Iterator[datetime]:
    """Every minute from ``start`` to ``end``, which is left out."""
    while start < end:
        yield start
        start += MINUTE


def segments_in_night(session: ScheduledSession, member: Member, audience: Audience) -> tuple[str, ...]:
    """The titles of the segments that have a minute in the member's night and in the session."""
    zone = home_at(member, session.start)
    assert zone is not None
    night = member.night or (audience.hours.night.start, audience.hours.night.end)
    begin, found = session.start, []
    for segment in session.session.segments:
        end = begin + timedelta(minutes=segment.minutes)
        walls = [minute.astimezone(clock(zone)) for minute in minutes_from(begin, min(end, session.end))]
        if any(holds(night, wall.hour * 60 + wall.minute) for wall in walls):
            found.append(segment.title)
        begin = end
    return tuple(found)


Breach: TypeAlias = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A rule that is broken, the sessions in alphabetical order, and the people in the order of the roster."""


def main_duties(session: ScheduledSession, members: Sequence[Member], programme: Programme) -> dict[str, int]:
    """The longest lead of each member who has a duty in a session and takes part in the plan at that time."""
    leads: dict[str, int] = {}
    for member in members:
        if home_at(member, session.start) is not None:
            own = [lead_of(duty, member, programme) for duty in session.session.people if duty.member == member.id]
            leads |= {member.id: max(own)} if own else {}
    return leads


def occupied(start: datetime, minutes: int, lead: int = 0) -> set[datetime]:
    """The minutes of a session, or of a duty in it."""
    return set(minutes_from(start - timedelta(minutes=lead), start + timedelta(minutes=minutes)))


def conflicts_of(
    sessions: Sequence[ScheduledSession],
    programme: Programme,
    *,
    members: Sequence[Member],
    phases: Sequence[Phase],
    calls: Sequence[Call],
) -> list[Breach]:
    """Every rule that is broken, whatever its level."""
    leads = {one.id: main_duties(one, members, programme) for one in sessions}
    found = [breach for one in sessions for breach in _broken_alone(one, programme, phases)]
    for one, other in combinations(sessions, 2):
        found += _broken_by_pair(one, other, leads, programme)
    for one in sessions:
        for call in calls:
            found += _broken_by_call(one, call, leads[one.id], members)
    for member in members:
        own = [one for one in sessions if member.id in leads[one.id]]
        found += _short_rests(member, [(one, leads[one.id][member.id]) for one in own], programme)
    return sorted(found)


def _broken_alone(one: ScheduledSession, programme: Programme, phases: Sequence[Phase]) -> Iterator[Breach]:
    session, there = one.session, clock(programme.zone)
    walls = [minute.astimezone(there) for minute in minutes_from(one.start, one.end)]
    if phases:
        holding = [phase.name for phase in phases if phase.first <= session.date <= phase.last]
        if not holding or session.phase not in (None, *holding):
            yield "outside-phase", (one.id,), ()
    if programme.window is not None:
        window = programme.window.start, programme.window.end
        if not all(holds(window, wall.hour * 60 + wall.minute) for wall in walls):
            yield "outside-window", (one.id,), ()
    if len({wall.date() for wall in walls}) > 1:
        yield "past-midnight", (one.id,), ()
    if sum(segment.minutes for segment in session.segments) > session.minutes:
        yield "segments-overrun", (one.id,), ()


def _broken_by_pair(
    one: ScheduledSession, other: ScheduledSession, leads: Mapping[str, Mapping[str, int]], programme: Programme
) -> Iterator[Breach]:
    a, b, pair = one.session, other.session, tuple(sorted((one.id, other.id)))
    busy = [
        person
        for person in leads[one.id]
        if person in leads[other.id]
        and occupied(one.start, a.minutes, leads[one.id][person])
        & occupied(other.start, b.minutes, leads[other.id][person])
    ]
    if busy:
        yield "person-twice", pair, tuple(busy)
    if not occupied(one.start, a.minutes) & occupied(other.start, b.minutes):
        return
    if a.room and a.room == b.room:
        yield "room-twice", pair, ()
    if a.track and a.track == b.track:
        yield "track-twice", pair, ()
    for group in programme.apart:
        if a.groups.get(group) and a.groups.get(group) == b.groups.get(group):
            yield "groups-apart", pair, ()
    regions = [each.groups[programme.by] for each in (a, b) if programme.by in each.groups]
    if (programme.north or programme.south) and len(regions) == 2:
        crossed = any(
            north in programme.north and south in programme.south for north, south in (regions, regions[::-1])
        )
        if not crossed:
            yield "north-south", pair, ()


def _broken_by_call(
    one: ScheduledSession, call: Call, leads: Mapping[str, int], members: Sequence[Member]
) -> Iterator[Breach]:
    if call.status is Status.CANCELLED:
        return
    there = [member.id for member in members if member.id in leads and home_at(member, call.start) is not None]
    length = (call.end - call.start) // MINUTE
    busy = [
        person
        for person in there
        if occupied(call.start, length) & occupied(one.start, one.session.minutes, leads[person])
    ]
    if busy:
        yield "call-during-session", (one.id,), tuple(busy)


def _short_rests(
    member: Member, duties: Sequence[tuple[ScheduledSession, int]], programme: Programme
) -> Iterator[Breach]:
    by_day: dict[date, list[tuple[datetime, datetime, str]]] = {}
    for one, lead in duties:
        zone, start = home_at(member, one.start), one.start - timedelta(minutes=lead)
        assert zone is not None
        by_day.setdefault(start.astimezone(clock(zone)).date(), []).append((start, one.end, one.id))
    days = sorted(by_day)
    for day, next_day in pairwise(days):
        end, last = max((end, name) for _, end, name in by_day[day])
        start, first = min((start, name) for start, _, name in by_day[next_day])
        if start - end < timedelta(minutes=programme.rest):
            yield "short-rest", tuple(sorted((last, first))), (member.id,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """What a programme comes to: the largest ledger, the duties in the night by weight, and all ledgers together."""

    worst: int
    nights: int
    total: int


def night_rows(
    session: ScheduledSession, programme: Programme, members: Sequence[Member], hours: Hours
) -> dict[str, tuple[Member, Row]]:
    """What the main duty of each member in a session costs."""
    found = {}
    leads = main_duties(session, members, programme)
    for member in members:
        if member.id in leads:
            ready = replace(member, lead=leads[member.id])
            plain = Meeting(id="m", name="M", uid_domain="example.org", minutes=60)
            row = row_of(ready, start=session.start, minutes=session.session.minutes, meeting=plain, hours=hours)
            assert row is not None
            found[member.id] = member, row
    return found


def times_of(
    sessions: Sequence[ScheduledSession],
    programme: Programme,
    members: Sequence[Member],
    hours: Hours,
    *,
    before: Mapping[str, int],
    nights_of: Collection[str],
) -> Times:
    """The figures of a programme; the people in the night are counted at the sessions ``nights_of``."""
    ledger = {member.id: before.get(member.id, 0) for member in members}
    nights = 0
    for one in sessions:
        for name, (member, row) in night_rows(one, programme, members, hours).items():
            ledger[name] += row.burden
            nights += member.weight * (row.in_night and one.id in nights_of)
    return Times(worst=max(ledger.values(), default=0), nights=nights, total=sum(ledger.values()))


def may_take_place(
    moved: ScheduledSession, now: ScheduledSession, programme: Programme, members: Sequence[Member], hours: Hours
) -> bool:
    """Whether nobody is blocked at the new time, and nobody who takes part at the present one is away."""
    then = night_rows(moved, programme, members, hours)
    return not any(row.blocked for _, row in then.values()) and set(main_duties(now, members, programme)) <= set(then)


def replaced(sessions: Sequence[ScheduledSession], *moved: ScheduledSession) -> list[ScheduledSession]:
    """The sessions with some of them at other times."""
    by_id = {one.id: one for one in moved}
    return [by_id.get(one.id, one) for one in sessions]


def is_dominated(one: Times, others: Iterable[Times]) -> bool:
    """Whether another one is nowhere worse and somewhere better."""
    mine = one.worst, one.nights, one.total
    return any(
        all(theirs <= own for theirs, own in zip((other.worst, other.nights, other.total), mine, strict=True))
        and other != one
        for other in others
    )
