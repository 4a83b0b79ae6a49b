"""The conflicts of a programme: which rules its sessions break, and between whom.

Sessions and duties are half-open: one may begin when another ends, and a session may end at midnight and at the end of
the window. A duty lasts from the start of its session less the lead to the end; who has two roles in a session has one
duty in it, that of the longer lead. Only ``person-twice``, ``call-during-session`` and ``short-rest`` look at duties,
the other rules at the sessions themselves. Duties of members who take no part at that time break no rule.

A rule is looked at for each room, track, group and person by itself, in the order of the starts, so that the work grows
with the sessions and with the conflicts that are found, and not with all pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, partial
from itertools import groupby, islice, pairwise
from typing import TypeAlias

from mag_rotation.audience import Audience
from mag_rotation.calls import Call, find_overlapping, name_call
from mag_rotation.limits import CONFLICTS
from mag_rotation.programme.night import (
    DutyNight,
    ProgrammeWarning,
    SessionNight,
    compute_session_nights,
    list_main_duties,
    warn_of_sessions,
)
from mag_rotation.programme.sessions import Level, Programme, Rule, ScheduledSession, Session, find_session
from mag_rotation.roster import MemberId
from mag_rotation.series import Phase
from mag_rotation.values import Fact, Figure, Rows
from mag_rotation.zones import civil_date, split_stretches, to_local

__all__ = [
    "Conflict",
    "ProgrammeReport",
    "ProgrammeSetting",
    "count_minutes_outside",
    "find_conflicts",
    "find_simultaneous",
    "make_programme_report",
]

_MINUTE = timedelta(minutes=1)
_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A rule that sessions break.

    ``sessions`` are the ids of the one or two sessions, the earlier first, and ``people`` those of the members
    concerned, in the order of the roster. ``fact`` has the rule as its code and the figures of the conflict; its
    instants are in UTC.
    """

    rule: Rule
    level: Level
    sessions: tuple[str, ...]
    people: tuple[MemberId, ...]
    fact: Fact

    @property
    def key(self) -> tuple[Rule, frozenset[str], tuple[MemberId, ...]]:
        """What the conflict is about, whenever the sessions are."""
        return self.rule, frozenset(self.sessions), self.people


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeSetting:
    """What sessions are held against: the rules of a programme, and the phases, calls and audience of its plan."""

    programme: Programme
    phases: tuple[Phase, ...] = ()
    calls: tuple[Call, ...] = ()
    audience: Audience = field(default_factory=lambda: Audience(members=()))


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeReport(Rows[SessionNight]):
    """The sessions of a programme by start, each with who is in the night, and the conflicts between them."""

    sessions: tuple[SessionNight, ...]
    conflicts: tuple[Conflict, ...]
    warnings: tuple[Fact, ...]

    @property
    def rows(self) -> tuple[SessionNight, ...]:
        """The sessions."""
        return self.sessions

    def __getitem__(self, wanted: str) -> SessionNight:
        """Return the row of a session; raises :class:`UnknownSession` if there is none."""
        session = find_session([row.session for row in self.sessions], wanted)
        return next(row for row in self.sessions if row.session is session)

    def select(self, sessions: Collection[str], *, member: MemberId | None = None) -> ProgrammeReport:
        """Return the report of the sessions with these ids, and of the conflicts that name one of them.

        With ``member`` only the sessions in which the member has a duty are left, no other duties, and of the conflicts
        those that name the member or nobody.
        """
        rows = tuple(row for row in self.sessions if row.id in sessions)
        if member is not None:
            rows = tuple(
                replace(row, people=tuple(duty for duty in row.people if duty.id == member))
                for row in rows
                if member in {duty.member for duty in row.session.session.people}
            )
        ids = {row.id for row in rows}
        found = tuple(
            conflict
            for conflict in self.conflicts
            if not ids.isdisjoint(conflict.sessions)
            and (member is None or not conflict.people or member in conflict.people)
        )
        return replace(self, sessions=rows, conflicts=found)


def make_programme_report(sessions: Sequence[ScheduledSession], setting: ProgrammeSetting) -> ProgrammeReport:
    """Report who is in the night at sessions, and which rules they break."""
    nights = compute_session_nights(sessions, setting.programme, setting.audience)
    conflicts = find_conflicts(nights, setting)
    return ProgrammeReport(
        sessions=nights,
        conflicts=conflicts,
        warnings=(
            *warn_of_sessions(sessions, setting.audience.members),
            *_warn_of_groups(sessions, setting.programme),
            *_warn_of_names(sessions),
            *_warn_of_more(conflicts),
        ),
    )


def find_conflicts(
    nights: Sequence[SessionNight], setting: ProgrammeSetting, *, about: Collection[str] | None = None
) -> tuple[Conflict, ...]:
    """Return the conflicts of sessions, errors first, then by start; rules that are off are left out.

    With ``about``, only those that name one of these sessions. At most 10,000 are listed of each rule.

    >>> import datetime as dt
    >>> from mag_rotation.programme.sessions import Session, schedule_sessions
    >>> at = {"title": "A session", "date": dt.date(2020, 11, 9), "minutes": 90, "room": "main"}
    >>> programme = Programme(sessions=tuple(Session(id=f"s{hour}", at=dt.time(hour), **at) for hour in (9, 10, 12)))
    >>> nights = [SessionNight(session=one, people=()) for one in schedule_sessions(programme)]
    >>> [(str(one.rule), one.sessions) for one in find_conflicts(nights, ProgrammeSetting(programme=programme))]
    [('room-twice', ('s9', 's10'))]
    """
    view = _View(sorted(nights, key=lambda night: (night.session.start, night.id)), setting, about)
    found = [
        Conflict(rule=rule, level=level, sessions=tuple(one.id for one in sessions), people=people, fact=fact)
        for rule, find in _FINDERS.items()
        if (level := setting.programme.level_of(rule)) is not Level.OFF
        for sessions, people, fact in islice(view.choose(find(view)), CONFLICTS)
    ]
    ranks, rules = list(Level), list(Rule)
    found.sort(
        key=lambda one: (
            ranks.index(one.level),
            view.sessions[view.places[one.sessions[0]]].start,
            rules.index(one.rule),
            tuple(map(view.places.__getitem__, one.sessions)),
            tuple(map(view.order.__getitem__, one.people)),
        )
    )
    return tuple(found)


def _warn_of_groups(sessions: Iterable[ScheduledSession], programme: Programme) -> tuple[Fact, ...]:
    """Return a warning for each group that a rule looks at and no session has: its name may be misspelt."""
    known = {group for session in sessions for group in session.session.groups}
    regional = (programme.by,) if programme.north or programme.south else ()
    asked = dict.fromkeys((*programme.apart, *regional))
    return tuple(Fact.of(ProgrammeWarning.GROUP_OF_NO_SESSION, group=group) for group in asked if group not in known)


_NAMED_ALIKE: Mapping[ProgrammeWarning, Callable[[Session], str]] = {
    ProgrammeWarning.ROOMS_ALIKE: lambda session: session.room,
    ProgrammeWarning.TRACKS_ALIKE: lambda session: session.track,
}


def _warn_of_names(sessions: Iterable[ScheduledSession]) -> Iterator[Fact]:
    """Yield a warning for each two rooms or tracks whose names differ in capitals or blanks alone."""
    for code, read in _NAMED_ALIKE.items():
        first: dict[str, str] = {}
        for name in dict.fromkeys(read(one.session) for one in sessions):
            other = first.setdefault("".join(name.casefold().split()), name)
            if other != name:
                yield Fact.of(code, name=name, other=other)


def _warn_of_more(conflicts: Iterable[Conflict]) -> tuple[Fact, ...]:
    """Return a warning for each rule of which only the first conflicts are listed."""
    counts = Counter(conflict.rule for conflict in conflicts)
    return tuple(
        Fact.of(ProgrammeWarning.MORE_CONFLICTS, rule=rule, named=count)
        for rule, count in counts.items()
        if count >= CONFLICTS
    )


_Found: TypeAlias = tuple[tuple[ScheduledSession, ...], tuple[MemberId, ...], Fact]
"""The sessions by start, the people in the order of the roster, and the fact of a conflict."""

_Pair: TypeAlias = tuple[ScheduledSession, ScheduledSession]


class _View:
    """The sessions by start, their main duties, and the places of members in the roster.

    With ``about``, ``alone`` are these sessions, ``near`` those at the same time as one of them, and the duties are
    those of their people.
    """

    __slots__ = ("about", "alone", "duties", "near", "order", "places", "programme", "sessions", "setting")

    def __init__(
        self, nights: Sequence[SessionNight], setting: ProgrammeSetting, about: Collection[str] | None
    ) -> None:
        self.setting, self.programme, self.about = setting, setting.programme, about
        self.sessions = [night.session for night in nights]
        self.alone = [session for session in self.sessions if about is None or session.id in about]
        self.near = self.sessions if about is None else find_simultaneous(self.sessions, self.alone)
        self.places = {session.id: place for place, session in enumerate(self.sessions)}
        duties = list_main_duties(nights)
        if about is not None:
            people = {duty.id for duty in duties if duty.session.id in about}
            duties = tuple(duty for duty in duties if duty.id in people)
        self.duties = sorted(duties, key=lambda duty: (duty.start, duty.session.id))
        self.order = {member.id: place for place, member in enumerate(setting.audience.members)}

    def choose(self, found: Iterable[_Found]) -> Iterator[_Found]:
        """Yield the conflicts that are asked about."""
        about = self.about
        return (one for one in found if about is None or any(session.id in about for session in one[0]))

    def sort_people(self, people: Iterable[MemberId]) -> tuple[MemberId, ...]:
        """Return people in the order of the roster."""
        return tuple(sorted(people, key=self.order.__getitem__))

    def group_duties(self) -> Iterable[list[DutyNight]]:
        """Return the duties of each member by start."""
        found = defaultdict[MemberId, list[DutyNight]](list)
        for duty in self.duties:
            found[duty.id].append(duty)
        return found.values()

    def pair_by(self, name_of: Callable[[ScheduledSession], str | None]) -> Iterator[_Pair]:
        """Yield the pairs of sessions at the same time with an equal name; those without a name have no pair."""
        named = defaultdict[str, list[ScheduledSession]](list)
        for session in self.near:
            if name := name_of(session):
                named[name].append(session)
        for sessions in named.values():
            yield from find_overlapping(sessions)


def find_simultaneous(
    sessions: Iterable[ScheduledSession], others: Sequence[ScheduledSession]
) -> list[ScheduledSession]:
    """Return the sessions that are at the same time as one of ``others``, in their order."""
    return [one for one in sessions if any(one.start < other.end and other.start < one.end for other in others)]


def _state_pair(rule: Rule, pair: _Pair, **figures: Figure) -> _Found:
    """Return the conflict of two sessions at the same time; ``start`` is that of the later one."""
    first, second = pair
    return pair, (), Fact.of(rule, session=first.id, other=second.id, start=second.start, **figures)


def _find_person_twice(view: _View) -> Iterator[_Found]:
    pairs = defaultdict[tuple[str, str], list[DutyNight]](list)
    for duties in view.group_duties():
        for pair in find_overlapping(duties):
            first, second = sorted(pair, key=lambda duty: view.places[duty.session.id])
            pairs[first.session.id, second.session.id].append(pair[1])
    for ids, found in pairs.items():
        people = view.sort_people(duty.id for duty in found)
        start = min(duty.start for duty in found)
        fact = Fact.of(Rule.PERSON_TWICE, session=ids[0], other=ids[1], start=start, members=people)
        yield tuple(view.sessions[view.places[one]] for one in ids), people, fact


def _find_room_twice(view: _View) -> Iterator[_Found]:
    for pair in view.pair_by(lambda one: one.session.room):
        yield _state_pair(Rule.ROOM_TWICE, pair, room=pair[0].session.room)


def _find_track_twice(view: _View) -> Iterator[_Found]:
    for pair in view.pair_by(lambda one: one.session.track):
        yield _state_pair(Rule.TRACK_TWICE, pair, track=pair[0].session.track)


def _find_groups_apart(view: _View) -> Iterator[_Found]:
    for group in dict.fromkeys(view.programme.apart):
        for pair in view.pair_by(lambda one, group=group: one.session.groups.get(group)):  # type: ignore[misc]
            yield _state_pair(Rule.GROUPS_APART, pair, group=group, value=pair[0].session.groups[group])


def _find_north_south(view: _View) -> Iterator[_Found]:
    programme = view.programme
    if not (programme.north or programme.south):
        return
    north, south = set(programme.north), set(programme.south)
    regional = [session for session in view.near if programme.by in session.session.groups]
    region_of = {session.id: session.session.groups[programme.by] for session in regional}
    # Sessions of the North may not be beside each other, nor beside those of neither side; then the same of the South.
    for other_side in (south, north):
        for pair in find_overlapping(one for one in regional if region_of[one.id] not in other_side):
            regions = [region_of[one.id] for one in pair]
            if other_side is south or not south.isdisjoint(regions):  # two of neither side were found before
                yield _state_pair(Rule.NORTH_SOUTH, pair, region=regions[0], other_region=regions[1])


def _find_outside_phase(view: _View) -> Iterator[_Found]:
    phases = {phase.name: phase for phase in view.setting.phases}
    for session in view.alone if phases else ():
        day = session.session.date
        if session.phase is None or day not in phases[session.phase]:
            yield (session,), (), Fact.of(Rule.OUTSIDE_PHASE, session=session.id, date=day, phase=session.phase)


def _find_outside_window(view: _View) -> Iterator[_Found]:
    window, zone = view.programme.window, view.programme.zone
    for session in view.alone if window else ():
        minutes = count_minutes_outside(session, view.programme)
        if minutes:
            figures: dict[str, Figure] = {"window": str(window), "zone": zone, "minutes": minutes}
            yield (session,), (), Fact.of(Rule.OUTSIDE_WINDOW, session=session.id, **figures)


def count_minutes_outside(session: ScheduledSession, programme: Programme) -> int:
    """Return how many minutes of a session are outside the window of the programme; 0 if it has none."""
    if programme.window is None:
        return 0
    pieces = split_stretches(session.start, session.session.minutes, programme.zone)
    return session.session.minutes - sum(programme.window.overlap(piece.minute, piece.length) for piece in pieces)


def _find_past_midnight(view: _View) -> Iterator[_Found]:
    zone = view.programme.zone
    for session in view.alone:
        if civil_date(session.end - _INSTANT, zone) != civil_date(session.start, zone):
            until = f"{to_local(session.end, zone).wall:%Y-%m-%d %H:%M}"
            yield (session,), (), Fact.of(Rule.PAST_MIDNIGHT, session=session.id, zone=zone, until=until)


def _find_segments_overrun(view: _View) -> Iterator[_Found]:
    for session in view.alone:
        minutes, segments = session.session.minutes, session.session.segment_minutes
        if segments > minutes:
            figures = {"segments": segments, "minutes": minutes, "over": segments - minutes}
            yield (session,), (), Fact.of(Rule.SEGMENTS_OVERRUN, session=session.id, **figures)


def _find_calls_during(view: _View) -> Iterator[_Found]:
    if not view.duties:
        return
    members = {member.id: member for member in view.setting.audience.members}
    starts = [duty.start for duty in view.duties]
    longest = max(duty.end - duty.start for duty in view.duties)
    for call in view.setting.calls:
        first, last = bisect_left(starts, call.start - longest), bisect_left(starts, call.end)
        near = [duty for duty in view.duties[first:last] if duty.end > call.start] if call.is_held else ()
        found = defaultdict[str, list[MemberId]](list)
        today = cache(partial(civil_date, call.start))
        for duty in near:
            if members[duty.id].find_zone(today) is not None:
                found[duty.session.id].append(duty.id)
        for session, people in found.items():
            who = view.sort_people(people)
            figures: dict[str, Figure] = {"call": name_call(call), "start": call.start, "members": who}
            fact = Fact.of(Rule.CALL_DURING_SESSION, session=session, **figures)
            yield (view.sessions[view.places[session]],), who, fact


def _find_short_rest(view: _View) -> Iterator[_Found]:
    rest = view.programme.rest
    for duties in view.group_duties():
        by_day = [(day, list(those)) for day, those in groupby(duties, key=lambda duty: duty.duty_start.wall.date())]
        for (_, before), (_, after) in pairwise(by_day):
            last, first = max(before, key=lambda duty: (duty.end, duty.session.id)), after[0]
            minutes = max(0, (first.start - last.end) // _MINUTE)
            if minutes < rest:
                names = {"session": last.session.id, "other": first.session.id, "member": first.id}
                fact = Fact.of(Rule.SHORT_REST, **names, minutes=minutes, rest=rest)
                yield (last.session, first.session), (first.id,), fact


_FINDERS: Mapping[Rule, Callable[[_View], Iterator[_Found]]] = {
    Rule.PERSON_TWICE: _find_person_twice,
    Rule.ROOM_TWICE: _find_room_twice,
    Rule.TRACK_TWICE: _find_track_twice,
    Rule.GROUPS_APART: _find_groups_apart,
    Rule.NORTH_SOUTH: _find_north_south,
    Rule.OUTSIDE_PHASE: _find_outside_phase,
    Rule.OUTSIDE_WINDOW: _find_outside_window,
    Rule.PAST_MIDNIGHT: _find_past_midnight,
    Rule.SEGMENTS_OVERRUN: _find_segments_overrun,
    Rule.CALL_DURING_SESSION: _find_calls_during,
    Rule.SHORT_REST: _find_short_rest,
}
"""The search of each rule."""
