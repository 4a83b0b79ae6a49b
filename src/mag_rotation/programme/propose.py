"""Other times for the sessions of a programme: every start that one session may have, and exchanges of two sessions.

Times are compared by the figures of :mod:`mag_rotation.choice`: the largest burden of a member over all duties, the
people in the night, and the burdens in total; each duty counts once for a session and member. A time that blocks one of
the session's people, or at which one of them takes no part, is no candidate; nor is one with a conflict that is an
error. A present time with errors dominates nothing. Segments that overrun their session do so at any time, and decide
nothing here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations

from mag_rotation.audience import Audience
from mag_rotation.choice import CandidateTime, Comparison, Figures, Standing, compare_figures, find_dominated
from mag_rotation.errors import InvalidValue
from mag_rotation.limits import EXCHANGED_SESSIONS
from mag_rotation.programme.conflicts import (
    Conflict,
    ProgrammeSetting,
    count_minutes_outside,
    find_conflicts,
    find_simultaneous,
)
from mag_rotation.programme.night import SessionNight, compute_session_nights, list_main_duties
from mag_rotation.programme.sessions import (
    Level,
    Programme,
    Rule,
    ScheduledSession,
    Session,
    find_session,
    schedule_session,
)
from mag_rotation.roster import MemberId, ZoneName
from mag_rotation.series import order_phases
from mag_rotation.values import FrozenDict, Rows
from mag_rotation.zones import check_step, list_starts, resolve, to_local

__all__ = [
    "STEP",
    "ProposedStart",
    "ProposedSwap",
    "StartProposals",
    "SwapProposals",
    "propose_starts",
    "propose_swaps",
]

STEP = 30
"""Minutes between two starts, if not given."""

_NO_BURDENS: Mapping[MemberId, int] = FrozenDict()


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedStart(CandidateTime):
    """A time that a session may have.

    ``session`` is the session at that time and ``night`` who is then in the night. ``figures`` count the people in the
    night at this session, and ``hardest`` is the member with the largest burden, None if nobody bears any.
    ``comparison`` is with the present time, None for that itself. ``dominated`` says that
    another of the times is worse in no figure and better in one. ``conflicts`` are those that name the session.
    """

    session: ScheduledSession
    figures: Figures = field(repr=False)
    comparison: Comparison | None
    dominated: bool
    conflicts: tuple[Conflict, ...] = field(repr=False)
    night: SessionNight = field(repr=False)
    hardest: MemberId | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """The start in UTC, such as 2020-11-11T18:30Z."""
        return f"{self.session.start:%Y-%m-%dT%H:%MZ}"

    @property
    def standing(self) -> Standing:
        """How the time compares with the present one."""
        return self.comparison.standing if self.comparison else Standing.SAME


@dataclass(frozen=True, kw_only=True, slots=True)
class StartProposals(Rows[ProposedStart]):
    """The times that a session may have: the present one, then those that no other dominates, the fairest first.

    Of times with equal figures, the nearest to the present one comes first.
    """

    starts: tuple[ProposedStart, ...]

    @property
    def rows(self) -> tuple[ProposedStart, ...]:
        """The times."""
        return self.starts

    @property
    def present(self) -> ProposedStart:
        """The time that the session has."""
        return self.starts[0]

    @property
    def recommended(self) -> ProposedStart | None:
        """The fairest time that dominates the present one, or of all times if that breaks a rule; None without one."""
        has_errors = _has_errors(self.present.conflicts)
        candidates = (one for one in self.starts[1:] if not one.dominated)
        return next((one for one in candidates if has_errors or one.standing is Standing.BETTER), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedSwap(CandidateTime):
    """Two sessions that exchange their starts.

    ``first`` and ``second`` are the sessions at the times that they would have. ``figures`` count the people in the
    night at all sessions, ``hardest`` is as in :class:`ProposedStart`, and ``people_in_night`` are the people in the
    night at these two. ``comparison`` is with the present programme: better or a trade. ``dominated`` is as in
    :class:`ProposedStart`. ``conflicts`` are those that would be new, none of them an error.
    """

    first: ScheduledSession
    second: ScheduledSession
    figures: Figures = field(repr=False)
    comparison: Comparison
    dominated: bool
    conflicts: tuple[Conflict, ...] = field(repr=False)
    hardest: MemberId | None = field(default=None, repr=False)
    people_in_night: tuple[MemberId, ...] = field(default=(), repr=False)

    @property
    def id(self) -> str:
        """The ids of the two sessions."""
        return f"{self.first.id} {self.second.id}"

    @property
    def standing(self) -> Standing:
        """How the programme would compare with the present one."""
        return self.comparison.standing

    @property
    def first_start(self) -> datetime:
        """The start that the first session would have, in UTC."""
        return self.first.start

    @property
    def second_start(self) -> datetime:
        """The start that the second session would have, in UTC."""
        return self.second.start


@dataclass(frozen=True, kw_only=True, slots=True)
class SwapProposals(Rows[ProposedSwap]):
    """The exchanges that make a programme better or are a trade; those that no other dominates first, then by figures.

    ``present`` are the figures of the programme as it is, and ``hardest`` is the member with the largest burden in it.
    """

    present: Figures
    hardest: MemberId | None = None
    swaps: tuple[ProposedSwap, ...]

    @property
    def rows(self) -> tuple[ProposedSwap, ...]:
        """The exchanges."""
        return self.swaps


def propose_starts(
    wanted: str,
    sessions: Sequence[ScheduledSession],
    setting: ProgrammeSetting,
    *,
    step: int = STEP,
    before: Mapping[MemberId, int] = _NO_BURDENS,
) -> StartProposals:
    """Return every time that a session may have, ``step`` minutes apart by the clock of its zone.

    The days are those of its phase, or from the first to the last day of the programme if it is in none; the hours are
    those of the programme's window. ``before`` are burdens that the members have already, such as those of the calls.
    Raises :class:`UnknownSession` for an id that no session has, and :class:`InvalidValue` for one day of a session
    that repeats and for a step that is no part of a day or shorter than 5 minutes.
    """
    present = _find_movable(sessions, wanted)
    check_step(step)
    ledger = _Ledger(sessions, setting, before)
    now = ledger.present[present.id]
    rows = [_propose_start(ledger, now, None)]
    for start in _list_starts(present, sessions, setting, step):
        moved = ledger.move(present, start)
        session = moved.night.session
        is_possible = session.start != present.start and ledger.may_move(moved)
        if is_possible and not count_minutes_outside(session, setting.programme):
            row = _propose_start(ledger, moved, rows[0].figures)
            if not _has_errors(row.conflicts):
                rows.append(row)
    return StartProposals(starts=_rank_starts(rows))


def _find_movable(sessions: Sequence[ScheduledSession], wanted: str) -> ScheduledSession:
    """Return the session of an id if it may move; raises as :func:`propose_starts` does."""
    days = [one.id for one in sessions if one.is_repeated]
    if wanted in {*days, *(day.rpartition("-")[0] for day in days)}:
        problem = "a session that repeats or one of its days, which have one hour for all"
        raise InvalidValue(f"found {wanted!r}, {problem}; name a session that does not repeat")
    return find_session(sessions, wanted)


def _propose_start(ledger: _Ledger, bill: _Bill, present: Figures | None) -> ProposedStart:
    """Return a time with its figures, compared with the present ones; None if these are the present ones."""
    found, hardest = ledger.weigh(bill)
    figures = replace(found, nights=bill.nights)
    return ProposedStart(
        session=bill.night.session,
        figures=figures,
        comparison=None if present is None else compare_figures(figures, present),
        dominated=False,
        conflicts=ledger.find_conflicts(bill),
        night=bill.night,
        hardest=hardest,
    )


def _rank_starts(rows: Sequence[ProposedStart]) -> tuple[ProposedStart, ...]:
    """Return the present time, then the others: those that are not dominated first, then by figures.

    Of equal ones the nearest day comes first, and of that the nearest hour.
    """
    present, *others = rows
    if _has_errors(present.conflicts):
        dominated = False, *find_dominated([row.figures for row in others])
    else:
        dominated = find_dominated([row.figures for row in rows])
    marked = [replace(row, dominated=flag) for row, flag in zip(rows, dominated, strict=True)]
    now = present.session

    def rank(row: ProposedStart) -> tuple[bool, int, int, int, timedelta, timedelta, datetime]:
        days, away = abs(row.session.session.date - now.session.date), abs(row.session.start - now.start)
        return row.dominated, row.worst, row.in_night, row.total, days, away, row.session.start

    return marked[0], *sorted(marked[1:], key=rank)


def _has_errors(conflicts: Iterable[Conflict]) -> bool:
    """Return whether a time breaks a rule of level error."""
    return any(one.level is Level.ERROR and one.rule is not Rule.SEGMENTS_OVERRUN for one in conflicts)


def _list_starts(
    present: ScheduledSession, sessions: Sequence[ScheduledSession], setting: ProgrammeSetting, step: int
) -> Iterator[Session]:
    """Yield the session at every start of the days that it may be on."""
    phase = next((phase for phase in setting.phases if phase.name == present.phase), None)
    days = [one.session.date for one in sessions]
    day, last = (phase.first, phase.last) if phase else (min(days), max(days))
    while day <= last:
        for start in list_starts(day, zone=present.zone, step=step):
            local = to_local(start, present.zone).wall
            if resolve(local, present.zone).instant == start:  # a plan cannot say the second of two equal wall times
                yield replace(present.session, date=local.date(), at=local.time())
        day += timedelta(days=1)


def _name_shared(session: Session, programme: Programme) -> Iterator[tuple[str, str]]:
    """Yield what a session takes that another one may take too: people, its room, its track and its groups."""
    yield from (("person", duty.member) for duty in session.people)
    yield from ((kind, name) for kind, name in (("room", session.room), ("track", session.track)) if name)
    yield from (("group", f"{group} {session.groups[group]}") for group in programme.apart if group in session.groups)
    if programme.by in session.groups:
        yield "region", ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Bill:
    """A session at some time: who is in the night, the burden of each member, and the people in the night by weight."""

    night: SessionNight
    burdens: Mapping[MemberId, int]
    nights: int

    @classmethod
    def of(cls, night: SessionNight) -> _Bill:
        duties = list_main_duties([night])
        return cls(
            night=night,
            burdens={duty.id: duty.night.burden for duty in duties},
            nights=sum(duty.night.member.weight for duty in duties if duty.in_night),
        )


_NOBODY = (0, MemberId(""))


class _Ledger:
    """The burdens of all duties of a programme on each member, and what they become when sessions move."""

    __slots__ = (
        "_burdens",
        "_moved",
        "_nights",
        "_order",
        "_phases",
        "_places",
        "_setting",
        "_takers",
        "_total",
        "present",
    )

    def __init__(
        self, sessions: Sequence[ScheduledSession], setting: ProgrammeSetting, before: Mapping[MemberId, int]
    ) -> None:
        self._setting = setting
        self._phases = order_phases(setting.phases)
        self._places = {member.id: place for place, member in enumerate(setting.audience.members)}
        nights = compute_session_nights(sessions, setting.programme, setting.audience)
        self.present = {night.id: _Bill.of(night) for night in nights}
        self._burdens = Counter({member.id: before.get(member.id, 0) for member in setting.audience.members})
        for bill in self.present.values():
            self._burdens.update(bill.burdens)
        self._order = [member for member, _ in self._burdens.most_common()]
        self._total = self._burdens.total()
        self._nights = sum(bill.nights for bill in self.present.values())
        self._moved: dict[tuple[str, date, time, ZoneName | None], _Bill] = {}
        self._takers = defaultdict[tuple[str, str], list[str]](list)
        for session in sessions:
            for name in _name_shared(session.session, setting.programme):
                self._takers[name].append(session.id)

    def move(self, present: ScheduledSession, like: Session) -> _Bill:
        """Return a session at the date and hour of another one, in its zone; equal cases are computed once."""
        key = present.id, like.date, like.at, like.zone
        found = self._moved.get(key)
        if found is None:
            session = replace(present.session, date=like.date, at=like.at, zone=like.zone)
            moved = schedule_session(session, self._setting.programme, self._phases)
            night = compute_session_nights((moved,), self._setting.programme, self._choose_members((moved,)))[0]
            found = self._moved[key] = _Bill.of(night)
        return found

    def _choose_members(self, sessions: Iterable[ScheduledSession]) -> Audience:
        """Return the audience with those members alone who have a duty in some sessions."""
        people = {duty.member for session in sessions for duty in session.session.people}
        places = sorted(self._places[member] for member in people & self._places.keys())
        return self._setting.audience.with_members(self._setting.audience.members[place] for place in places)

    def weigh(self, *moved: _Bill) -> tuple[Figures, MemberId | None]:
        """Return the figures of the programme with sessions at other times, and the member with the largest burden."""
        change: dict[MemberId, int] = defaultdict(int)
        nights = self._nights
        for bill in moved:
            old = self.present[bill.night.id]
            nights += bill.nights - old.nights
            for member, burden in bill.burdens.items():
                change[member] += burden
            for member, burden in old.burdens.items():
                change[member] -= burden
        untouched = next(((self._burdens[member], member) for member in self._order if member not in change), _NOBODY)
        touched = max(((self._burdens[member] + more, member) for member, more in change.items()), default=_NOBODY)
        worst, hardest = max(untouched, touched)
        figures = Figures(worst=worst, nights=nights, total=self._total + sum(change.values()))
        return figures, hardest if worst else None

    def find_conflicts(self, *moved: _Bill) -> tuple[Conflict, ...]:
        """Return the conflicts that sessions have at other times: those that name one of them.

        Duties of one person are in conflict on other days too; what else two sessions share, only at the same time.
        """
        ids = {bill.night.id for bill in moved}
        sessions = [bill.night.session for bill in moved]
        names = {name for one in sessions for name in _name_shared(one.session, self._setting.programme)}
        takers = {one for kind, name in names if kind == "person" for one in self._takers[kind, name]}
        others = {one for kind, name in names if kind != "person" for one in self._takers[kind, name]}
        near = find_simultaneous([self.present[one].night.session for one in others], sessions)
        related = takers.union(one.id for one in near) - ids
        nights = [*(bill.night for bill in moved), *(self.present[one].night for one in sorted(related))]
        few = replace(self._setting, audience=self._choose_members(night.session for night in nights))
        return find_conflicts(nights, few, about=ids)

    def may_move(self, moved: _Bill) -> bool:
        """Return whether a time blocks nobody, and all who take part at the present one take part then too."""
        is_blocked = any(row.night.blocked for row in moved.night.people)
        return not is_blocked and self.present[moved.night.id].burdens.keys() <= moved.burdens.keys()


def propose_swaps(
    sessions: Sequence[ScheduledSession],
    setting: ProgrammeSetting,
    *,
    only: str | None = None,
    before: Mapping[MemberId, int] = _NO_BURDENS,
) -> SwapProposals:
    """Return the exchanges of the starts of two sessions that make the programme better or are a trade.

    Each of the two keeps its length, room and people; days of a session that repeats stay. With ``only`` that session
    is exchanged with each other one. ``before`` is as in :func:`propose_starts`. Raises :class:`UnknownSession` for an
    id that no session has, and :class:`InvalidValue` for one day of a session that repeats, and for all pairs of more
    than 200 sessions.
    """
    chosen = None if only is None else _find_movable(sessions, only)
    movable = [session for session in sessions if not session.is_repeated]
    if chosen is None and len(movable) > EXCHANGED_SESSIONS:
        problem = f"found {len(movable):,} sessions; all pairs are tried of {EXCHANGED_SESSIONS} at most"
        raise InvalidValue(f"{problem}, so name the session to exchange")
    ledger = _Ledger(sessions, setting, before)
    present, hardest = ledger.weigh()
    known = {one.key for one in find_conflicts([bill.night for bill in ledger.present.values()], setting)}
    rows = []
    pairs = combinations(movable, 2) if chosen is None else ((chosen, one) for one in movable if one is not chosen)
    for one, other in pairs:
        if one.start == other.start:
            continue
        moved = ledger.move(one, other.session), ledger.move(other, one.session)
        figures, hardest_then = ledger.weigh(*moved)
        comparison = compare_figures(figures, present)
        if comparison.standing not in {Standing.BETTER, Standing.TRADE} or not all(map(ledger.may_move, moved)):
            continue
        conflicts = tuple(found for found in ledger.find_conflicts(*moved) if found.key not in known)
        if not _has_errors(conflicts):
            rows.append(
                ProposedSwap(
                    first=moved[0].night.session,
                    second=moved[1].night.session,
                    figures=figures,
                    comparison=comparison,
                    dominated=False,
                    conflicts=conflicts,
                    hardest=hardest_then,
                    people_in_night=tuple(dict.fromkeys(one for bill in moved for one in bill.night.in_night)),
                )
            )
    dominated = find_dominated([row.figures for row in rows])
    marked = [replace(row, dominated=flag) for row, flag in zip(rows, dominated, strict=True)]
    marked.sort(
        key=lambda row: (
            row.dominated,
            row.comparison.standing is not Standing.BETTER,
            row.worst,
            row.in_night,
            row.total,
            row.first.start,
            row.id,
        )
    )
    return SwapProposals(present=present, hardest=hardest, swaps=tuple(marked))
