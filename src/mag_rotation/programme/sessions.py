"""The sessions of an event: their times, agendas and people, and the rules that they are held against.

A session is civil time in its zone; :func:`schedule_sessions` computes the instants. A duty is what a member does in a
session: it lasts from the start less the lead to the end. Lengths and leads are whole minutes, dates are civil dates in
the zone of the session.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mag_rotation.errors import InvalidProgramme, Mistake, UnknownMember, UnknownSession, UnknownZone, quote_value
from mag_rotation.hours import Window
from mag_rotation.limits import NAMED, SESSIONS, find_nearest
from mag_rotation.places import UTC_ZONE, ZoneName, zone_name
from mag_rotation.roster import Member, MemberId, find_member
from mag_rotation.series import Phase, check_meeting_id, find_phase, order_phases
from mag_rotation.series.checks import check_wall_time, list_broken
from mag_rotation.values import FactCode, FrozenDict, freeze
from mag_rotation.zones import Adjustment, resolve

__all__ = [
    "DEFAULT_LEVELS",
    "DEFAULT_REST",
    "Duty",
    "Level",
    "Programme",
    "Repeat",
    "Rule",
    "ScheduledSegment",
    "ScheduledSession",
    "Segment",
    "Session",
    "find_session",
    "find_unknown_people",
    "schedule_session",
    "schedule_sessions",
]

DEFAULT_REST = 11 * 60
"""The minutes of rest between the duties of two days (EU 2003/88/EC, article 3)."""


class Rule(FactCode):
    """A rule that sessions are held against, and the code of the facts that say how they break it."""

    PERSON_TWICE = "person-twice"
    """A member has duties in two sessions at the same time, the leads included."""
    ROOM_TWICE = "room-twice"
    """Two sessions are in one room at the same time."""
    TRACK_TWICE = "track-twice"
    """Two sessions of one track are at the same time."""
    GROUPS_APART = "groups-apart"
    """Two sessions are at the same time and have the same value of a group that the programme keeps apart."""
    NORTH_SOUTH = "north-south"
    """Two regional sessions are at the same time, and not one of them of the North and the other of the South."""
    OUTSIDE_PHASE = "outside-phase"
    """A session is on a date of no phase, or of another phase than its own."""
    OUTSIDE_WINDOW = "outside-window"
    """A session has minutes outside the hours of the day that the programme has."""
    PAST_MIDNIGHT = "past-midnight"
    """A session lasts past midnight in the zone of the programme."""
    SEGMENTS_OVERRUN = "segments-overrun"
    """The segments of a session are longer than the session."""
    CALL_DURING_SESSION = "call-during-session"
    """A call of the plan is held during duties of members who take part in it."""
    SHORT_REST = "short-rest"
    """A member has too little rest between the duties of two days."""


class Level(StrEnum):
    """How bad it is to break a rule."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"
    """The rule is not held against the sessions."""


DEFAULT_LEVELS: Mapping[Rule, Level] = FrozenDict(
    dict.fromkeys(Rule, Level.ERROR)
    | dict.fromkeys((Rule.TRACK_TWICE, Rule.PAST_MIDNIGHT, Rule.CALL_DURING_SESSION), Level.WARNING)
)
"""The level of each rule. Warnings are what an event may want: a track in two rooms, a late session, and a call without
a few of its members."""


class Repeat(StrEnum):
    """How a session repeats."""

    DAILY = "daily"


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A part of a session's agenda; the segments follow each other from the session's start."""

    title: str
    minutes: int

    def __post_init__(self) -> None:
        _require(_check_length(self.minutes, "segment"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """A member's part in a session: ``role`` is any word, such as speaker, moderator or rapporteur.

    ``lead`` is how many minutes before the start the member joins; None for that of the role, else the member's.
    """

    member: MemberId
    role: str
    lead: int | None = None

    def __post_init__(self) -> None:
        _require(
            (bool(self.member), "id", "missing; write the id of a member"),
            (bool(self.role), "role", "missing; write one such as speaker or moderator"),
            _check_lead("lead", self.lead),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session of the event, or several that repeat daily.

    ``date`` and ``at`` are the start in ``zone``; None for the zone of the programme. ``phase`` is None for the one
    that contains the date. With ``repeat`` there is one session a day, to ``until`` (included) or else to the end of
    the phase; their ids are that of the session with 1, 2 and so on behind it.

    Raises :class:`InvalidProgramme` with everything that contradicts itself.

    >>> day = dt.date(2020, 11, 10)
    >>> Session(id="data", title="Data", date=day, at=dt.time(9), minutes=0, until=day)
    Traceback (most recent call last):
    mag_rotation.errors.InvalidProgramme: a programme with 2 mistakes:
      duration: found 0 minutes; a session lasts 1 minute or more
      until: found 2020-11-10 without repeat; write repeat = "daily", or leave it out
    """

    id: str
    title: str
    date: dt.date
    at: dt.time
    minutes: int
    zone: ZoneName | None = None
    track: str = ""
    room: str = ""
    groups: Mapping[str, str] = field(default_factory=FrozenDict)
    segments: tuple[Segment, ...] = ()
    people: tuple[Duty, ...] = ()
    phase: str | None = None
    note: str = ""
    url: str = ""
    repeat: Repeat | None = None
    until: dt.date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", freeze(self.groups))
        longest_id = self.id if self.repeat is None else f"{self.id}-{SESSIONS}"
        right_id = check_meeting_id(longest_id)
        counted = "" if self.repeat is None else ", counted with the number of the day behind it"
        twice = [pair for pair, count in Counter((duty.member, duty.role) for duty in self.people).items() if count > 1]
        first = self.until is None or self.until >= self.date
        _require(
            (right_id is None, "id", f"found {quote_value(self.id)}; {right_id}{counted}"),
            (bool(self.title), "title", "missing; write what the session is called"),
            check_wall_time(self.at),
            _check_length(self.minutes, "session"),
            _check_zone(self.zone),
            (not twice, "people", f"found {_list_pairs(twice)} more than once; name each member once for each role"),
            (
                self.until is None or self.repeat is not None,
                "until",
                f'found {self.until} without repeat; write repeat = "daily", or leave it out',
            ),
            (first, "until", f"found {self.until}, before date; write {self.date} or a later day"),
        )

    @property
    def segment_minutes(self) -> int:
        """The length of all segments."""
        return sum(segment.minutes for segment in self.segments)


@dataclass(frozen=True, kw_only=True, slots=True)
class Programme:
    """The sessions of an event and what they are held against.

    ``zone`` is that of sessions without one, of the ``window`` and of midnight. ``window`` are the hours of the day in
    which sessions may be; an end at 00:00 is the end of the day. ``rest`` is in minutes. ``join_ahead`` has the leads
    of roles, ``rules`` the levels that differ from ``DEFAULT_LEVELS``. Sessions with the same value of a group in
    ``apart`` may not be at the same time. ``north`` and ``south`` are values of the group ``by``: sessions with that
    group may be at the same time only if one is of the North and the other of the South.

    Raises :class:`InvalidProgramme` with everything that contradicts itself.
    """

    sessions: tuple[Session, ...] = ()
    zone: ZoneName = UTC_ZONE
    window: Window | None = None
    rest: int = DEFAULT_REST
    join_ahead: Mapping[str, int] = field(default_factory=FrozenDict)
    rules: Mapping[Rule, Level] = field(default_factory=FrozenDict)
    apart: tuple[str, ...] = ()
    north: tuple[str, ...] = ()
    south: tuple[str, ...] = ()
    by: str = "region"

    def __post_init__(self) -> None:
        object.__setattr__(self, "join_ahead", freeze(self.join_ahead))
        object.__setattr__(self, "rules", freeze(self.rules))
        both = sorted(set(self.north) & set(self.south))
        _require(
            _check_zone(self.zone),
            (self.rest >= 0, "rest", f"found {self.rest} minutes; a rest is 0 minutes or more"),
            *(_check_lead(f"join-ahead.{role}", lead) for role, lead in self.join_ahead.items()),
            (not both, "south", f"found {', '.join(both)}, which is in north too; name each in one of the two"),
            *_check_ids([session.id for session in self.sessions]),
        )

    def level_of(self, rule: Rule) -> Level:
        """Return the level of a rule: the programme's, else the default."""
        return self.rules.get(rule, DEFAULT_LEVELS[rule])

    def lead_of(self, duty: Duty, member: Member) -> int:
        """Return the lead of a duty in minutes: its own, else that of the role, else the member's, else 0.

        >>> ann = Member(id="ann", zone="Europe/Zurich", lead=10)
        >>> programme = Programme(join_ahead={"speaker": 20})
        >>> [programme.lead_of(Duty(member="ann", role=role), ann) for role in ("speaker", "organiser")]
        [20, 10]
        """
        if duty.lead is not None:
            return duty.lead
        return self.join_ahead.get(duty.role, member.lead or 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledSegment:
    """A segment with its UTC instants."""

    title: str
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduledSession:
    """A session of one date with its UTC instants.

    ``session`` has the id after repeated sessions were counted. ``zone`` is that of the wall time, ``phase`` the name
    of its phase. ``adjusted`` says that a clock change skips or repeats the wall time. ``is_repeated`` says that it is
    one day of a session that repeats, which has one hour for all its days.
    """

    session: Session
    start: dt.datetime
    end: dt.datetime
    zone: ZoneName
    phase: str | None = None
    segments: tuple[ScheduledSegment, ...] = ()
    adjusted: Adjustment | None = None
    is_repeated: bool = False

    @property
    def id(self) -> str:
        """The id of the session."""
        return self.session.id


def schedule_sessions(programme: Programme, phases: Sequence[Phase] = ()) -> tuple[ScheduledSession, ...]:
    """Return every session with its instants, each day of those that repeat, by start and then id.

    A repeated wall time is the first of the two, a skipped one is moved past the gap. Raises :class:`InvalidProgramme`
    with every session whose phase is unknown or whose repetition has no end, and with ids that are then not unique.

    >>> lunch = Session(id="lunch", title="Lunch", date=dt.date(2020, 11, 9), at=dt.time(12), minutes=60,
    ...     repeat=Repeat.DAILY, until=dt.date(2020, 11, 10))
    >>> [(one.id, f"{one.start:%d %H:%M}") for one in schedule_sessions(Programme(sessions=(lunch,)))]
    [('lunch-1', '09 12:00'), ('lunch-2', '10 12:00')]
    """
    ordered = order_phases(phases)
    by_name = {phase.name: phase for phase in ordered}
    mistakes: list[Mistake] = []
    count = 0
    expanded: list[tuple[int, Session]] = []
    for index, session in enumerate(programme.sessions):
        phase = find_phase(ordered, session.date) if session.phase is None else by_name.get(session.phase)
        last = session.until or (phase.last if phase else None)
        if problem := _find_problem(session, phase, last, by_name):
            mistakes.append(Mistake(place=f"sessions[{index}].{problem[0]}", problem=problem[1]))
            continue
        days = 1 if session.repeat is None or last is None else (last - session.date).days + 1
        count += days
        if count <= SESSIONS:
            expanded += ((index, one) for one in _repeat_session(session, days))
    if count > SESSIONS:
        problem_text = f"found {count:,}, day by day; a programme has {SESSIONS:,} at most"
        mistakes.append(Mistake(place="sessions", problem=problem_text))
    else:
        mistakes += _find_equal_ids(expanded)
    if mistakes:
        raise InvalidProgramme(mistakes)
    scheduled = (
        replace(schedule_session(session, programme, ordered), is_repeated=programme.sessions[index].repeat is not None)
        for index, session in expanded
    )
    return tuple(sorted(scheduled, key=lambda one: (one.start, one.id)))


def find_session(sessions: Sequence[ScheduledSession], wanted: str) -> ScheduledSession:
    """Return the session with that id; raises :class:`UnknownSession` with the nearest ids if there is none.

    >>> find_session((), "inclusion")
    Traceback (most recent call last):
    mag_rotation.errors.UnknownSession: 'inclusion' is not a session of this plan; it has none
    """
    found = next((session for session in sessions if session.id == wanted), None)
    if found is not None:
        return found
    ids = [session.id for session in sessions]
    days = [one for one in ids if one.startswith(f"{wanted}-") and one.removeprefix(f"{wanted}-").isdigit()]
    near = days[:3] or find_nearest(wanted, ids, most=3)
    known = f"did you mean {' or '.join(near)}?" if near else "see the ids in its programme"
    raise UnknownSession(wanted, known if ids else "it has none")


def find_unknown_people(programme: Programme, members: Sequence[Member]) -> tuple[Mistake, ...]:
    """Return a mistake for each duty of somebody who is not a member, with the nearest ids."""
    known = {member.id for member in members}
    places = [
        (f"sessions[{index}].people[{number}].id", duty.member)
        for index, session in enumerate(programme.sessions)
        for number, duty in enumerate(session.people)
        if duty.member not in known
    ]
    mistakes = []
    for place, wanted in places[:NAMED]:
        try:
            find_member(members, wanted)
        except UnknownMember as error:
            mistakes.append(Mistake(place=place, problem=str(error)))
    if len(places) > NAMED:
        problem = f"found {len(places) - NAMED} more people who are not members; mend these first"
        mistakes.append(Mistake(place="sessions", problem=problem))
    return tuple(mistakes)


def _find_problem(
    session: Session, phase: Phase | None, last: dt.date | None, by_name: Mapping[str, Phase]
) -> tuple[str, str] | None:
    """Return what is wrong with the phase or the repetition of a session, with its key; None if nothing is."""
    if session.phase is not None and phase is None:
        near = find_nearest(session.phase, by_name)
        known = f"the phases are {', '.join(by_name)}" if by_name else "the plan has no phases"
        cure = f"did you mean {near[0]!r}?" if near else known
        return "phase", f"found {quote_value(session.phase)}, which is not a phase; {cure}"
    if session.repeat is None:
        return None
    if last is None:
        return "until", f"missing, and {session.date} is in no phase; write the last day of the session"
    if last < session.date:
        return "date", f"found {session.date}, after the end of its phase on {last}; write an earlier day, or until"
    return None


def _repeat_session(session: Session, days: int) -> Iterator[Session]:
    """Yield the session of each day."""
    if session.repeat is None:
        yield session
        return
    for day in range(days):
        at = session.date + dt.timedelta(days=day)
        yield replace(session, id=f"{session.id}-{day + 1}", date=at, repeat=None, until=None)


def _find_equal_ids(expanded: Sequence[tuple[int, Session]]) -> Iterator[Mistake]:
    """Yield the ids that a repeated session takes from another one."""
    owners: dict[str, int] = {}
    for index, session in expanded:
        owner = owners.setdefault(session.id, index)
        if owner != index:
            problem = f"found {session.id!r}, the id of a day of sessions[{owner}] or of this one; write another"
            yield Mistake(place=f"sessions[{index}].id", problem=problem)


def schedule_session(session: Session, programme: Programme, ordered: Sequence[Phase]) -> ScheduledSession:
    """Return a session that does not repeat with its instants; the phases are given by their first days."""
    own = session.zone or programme.zone
    found = resolve(dt.datetime.combine(session.date, session.at), own)
    phase = find_phase(ordered, session.date)
    segments: list[ScheduledSegment] = []
    at = found.instant
    for segment in session.segments:
        end = at + dt.timedelta(minutes=segment.minutes)
        segments.append(ScheduledSegment(title=segment.title, start=at, end=end))
        at = end
    return ScheduledSession(
        session=session,
        start=found.instant,
        end=found.instant + dt.timedelta(minutes=session.minutes),
        zone=own,
        phase=session.phase or (phase.name if phase else None),
        segments=tuple(segments),
        adjusted=found.adjusted,
    )


def _require(*rules: tuple[bool, str, str]) -> None:
    """Raise one :class:`InvalidProgramme` with every check ``(holds, place, problem)`` that does not hold."""
    if broken := list_broken(*rules):
        raise InvalidProgramme(broken)


def _check_length(minutes: int, what: str) -> tuple[bool, str, str]:
    """Check that a length is one minute or more."""
    return minutes > 0, "duration", f"found {minutes} minutes; a {what} lasts 1 minute or more"


def _check_lead(place: str, lead: int | None) -> tuple[bool, str, str]:
    """Check that a lead, if given, is 0 or more."""
    return lead is None or lead >= 0, place, f"found {lead} minutes; a lead is 0 minutes or more"


def _check_zone(zone: ZoneName | None) -> tuple[bool, str, str]:
    """Check that a zone, if given, is one."""
    try:
        if zone is not None:
            zone_name(zone)
    except UnknownZone as error:
        return False, "zone", str(error)
    return True, "zone", ""


def _check_ids(ids: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    """Check that each id is that of one session."""
    first: dict[str, int] = {}
    for index, one in enumerate(ids):
        earlier = first.setdefault(one, index)
        problem = f"found {one!r}, the id of sessions[{earlier}] too; give each session an id of its own"
        yield earlier == index, f"sessions[{index}].id", problem


def _list_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{member!r} as {role}" for member, role in pairs)
