"""Who is in the night at a session, and for which part of it.

A duty is counted as :mod:`mag_rotation.night` counts a call: from the start less the lead to the end, in the zone in
which the member lives at the start, with the member's own night, curve and days off. The lead belongs to the duty and
to no segment: who gets up in the night for a session in the morning has minutes in the night, and no segment of it. A
segment is in the night if a minute of it is; what it overruns the session's end by does not count. An overrun of calls
is not allowed for, because a session has an agenda. Duties of members who take no part at that time are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial

from mag_rotation.audience import Audience
from mag_rotation.hours import Window
from mag_rotation.night import MemberNight, SharedNights
from mag_rotation.programme.sessions import Duty, Programme, ScheduledSession
from mag_rotation.roster import Member, MemberId
from mag_rotation.values import Fact, FactCode, Rows
from mag_rotation.zones import Adjustment, LocalTime, civil_date, split_stretches, to_local

__all__ = [
    "DutyNight",
    "ProgrammeWarning",
    "SessionNight",
    "compute_session_nights",
    "list_main_duties",
    "warn_of_sessions",
]


class ProgrammeWarning(FactCode):
    """What may be odd about a programme."""

    ABSENT_MEMBER = "duty_of_absent_member"
    HOUR_SKIPPED = "session_hour_skipped"
    HOUR_REPEATED = "session_hour_repeated"
    MORE_CONFLICTS = "more_conflicts"
    GROUP_OF_NO_SESSION = "group_of_no_session"
    ROOMS_ALIKE = "rooms_alike"
    TRACKS_ALIKE = "tracks_alike"


_CLOCK_CHANGE = {
    Adjustment.GAP: ProgrammeWarning.HOUR_SKIPPED,
    Adjustment.FOLD: ProgrammeWarning.HOUR_REPEATED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyNight:
    """The effect of one duty on its member.

    ``night`` has the local times of the session; its minutes and its burden are those of the duty. ``start`` and
    ``end`` are those of the duty in UTC. ``segments_in_night`` are the titles of the segments with a minute in the
    member's night.
    """

    session: ScheduledSession = field(repr=False)
    duty: Duty
    night: MemberNight
    start: datetime
    end: datetime
    segments_in_night: tuple[str, ...] = ()

    @property
    def id(self) -> MemberId:
        """The id of the member."""
        return self.duty.member

    @property
    def role(self) -> str:
        """The role of the duty."""
        return self.duty.role

    @property
    def in_night(self) -> bool:
        """Whether at least one minute is in the member's night."""
        return self.night.in_night

    @property
    def local_start(self) -> LocalTime:
        """The local time at which the session starts."""
        return self.night.local_start

    @property
    def day_shift(self) -> int:
        """The local date of the session's start less its UTC date."""
        return self.night.day_shift

    @property
    def band(self) -> str:
        """The part of the local day in which the session starts."""
        return self.night.band

    @property
    def night_minutes(self) -> int:
        """The minutes of the duty in the member's night."""
        return self.night.night_minutes

    @property
    def burden(self) -> int:
        """The point-minutes of the duty."""
        return self.night.burden

    @property
    def duty_start(self) -> LocalTime:
        """The local time at which the duty starts."""
        return to_local(self.start, self.night.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionNight(Rows[DutyNight]):
    """Who is in the night at one session: a row for each duty, in the order of the roster."""

    session: ScheduledSession
    people: tuple[DutyNight, ...] = field(repr=False)

    @property
    def rows(self) -> tuple[DutyNight, ...]:
        """The duties."""
        return self.people

    @property
    def id(self) -> str:
        """The id of the session."""
        return self.session.id

    @property
    def title(self) -> str:
        """The title of the session."""
        return self.session.session.title

    @property
    def start(self) -> datetime:
        """The start of the session in UTC."""
        return self.session.start

    @property
    def end(self) -> datetime:
        """The end of the session in UTC."""
        return self.session.end

    @property
    def in_night(self) -> tuple[MemberId, ...]:
        """The ids of the members in the night, in the order of the roster."""
        return tuple(dict.fromkeys(row.id for row in self.people if row.in_night))


def compute_session_nights(
    sessions: Iterable[ScheduledSession], programme: Programme, audience: Audience
) -> tuple[SessionNight, ...]:
    """Return who is in the night at each session; duties of people who are not in the audience are left out.

    >>> import datetime as dt
    >>> from mag_rotation.programme.sessions import Segment, Session, schedule_sessions
    >>> tech = Member(id="au-tech-1", zone="Australia/Brisbane")
    >>> programme = Programme(sessions=(Session(
    ...     id="inclusion", title="Inclusion", date=dt.date(2020, 11, 11), at=dt.time(18, 30), minutes=90,
    ...     segments=(Segment(title="Opening", minutes=30), Segment(title="Questions", minutes=60)),
    ...     people=(Duty(member="au-tech-1", role="technical", lead=90),)),))
    >>> sessions = schedule_sessions(programme)
    >>> row = compute_session_nights(sessions, programme, Audience(members=(tech,)))[0]["au-tech-1"]
    >>> row.duty_start.isoformat(), row.night.local_start.isoformat(), row.night.night_minutes
    ('2020-11-12T03:00:00+10:00', '2020-11-12T04:30:00+10:00', 180)
    """
    place = {member.id: (index, member) for index, member in enumerate(audience.members)}
    plain = replace(audience, overrun=0)
    nights = SharedNights(plain)
    return tuple(
        SessionNight(session=session, people=tuple(_list_duties(session, programme, nights, plain.hours.night, place)))
        for session in sessions
    )


def _list_duties(
    session: ScheduledSession,
    programme: Programme,
    nights: SharedNights,
    hours: Window,
    place: Mapping[MemberId, tuple[int, Member]],
) -> Iterator[DutyNight]:
    """Yield the duties of a session in the order of the roster; ``hours`` is the night of members without their own."""
    start, minutes, today = session.start, session.session.minutes, cache(partial(civil_date, session.start))
    known = [(*place[duty.member], duty) for duty in session.session.people if duty.member in place]
    for _, member, duty in sorted(known, key=lambda one: one[0]):
        lead = programme.lead_of(duty, member)
        night = nights.night_of(member, start=start, minutes=minutes, today=today, lead=lead)
        if night is not None:
            yield DutyNight(
                session=session,
                duty=duty,
                night=night,
                start=start - timedelta(minutes=lead),
                end=session.end,
                segments_in_night=_find_segments_in_night(session, night, hours) if night.in_night else (),
            )


def _find_segments_in_night(session: ScheduledSession, night: MemberNight, hours: Window) -> tuple[str, ...]:
    """Return the titles of the segments with a minute in a member's night."""
    own = night.member.night
    window = Window(*own) if own else hours
    found = []
    for segment in session.segments:
        minutes = max(0, (min(segment.end, session.end) - segment.start) // timedelta(minutes=1))
        pieces = split_stretches(segment.start, minutes, night.zone)
        if any(window.overlap(piece.minute, piece.length) for piece in pieces):
            found.append(segment.title)
    return tuple(found)


def list_main_duties(nights: Iterable[SessionNight]) -> tuple[DutyNight, ...]:
    """Return one duty for each session and member: with several roles, that of the longest lead.

    A member who moderates a session and reports on it gets up once.
    """
    found: dict[tuple[str, MemberId], DutyNight] = {}
    for night in nights:
        for row in night.people:
            earlier = found.get((night.id, row.id))
            if earlier is None or row.start < earlier.start:
                found[night.id, row.id] = row
    return tuple(found.values())


def warn_of_sessions(sessions: Iterable[ScheduledSession], members: Iterable[Member]) -> tuple[Fact, ...]:
    """Return what is odd about sessions: hours that a clock change skips or repeats, people who take no part then."""
    by_id = {member.id: member for member in members}
    warnings = []
    for session in sessions:
        if session.adjusted is not None:
            warnings.append(Fact.of(_CLOCK_CHANGE[session.adjusted], session=session.id, zone=session.zone))
        today = cache(partial(civil_date, session.start))
        ids = dict.fromkeys(duty.member for duty in session.session.people)
        absent = tuple(one for one in ids if one in by_id and by_id[one].find_zone(today) is None)
        if absent:
            warnings.append(Fact.of(ProgrammeWarning.ABSENT_MEMBER, session=session.id, members=absent))
    return tuple(warnings)
