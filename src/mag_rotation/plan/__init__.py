"""A plan: a meeting series, its members and its policies as one value, which answers every question about them.

A plan is built in code, or read from a file by :func:`mag_rotation.load_plan`; both give the same value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, overload

from mag_rotation.audience import Audience
from mag_rotation.calls import Call, Calls, find_call, unroll
from mag_rotation.errors import Infeasible, InvalidMember, InvalidProgramme, InvalidSeries, Mistake
from mag_rotation.hours import Hours
from mag_rotation.night import MemberNight, NightReport, night_of, night_report
from mag_rotation.plan.announcement import Announcement, announce_call
from mag_rotation.plan.days_off_data import DaysOffData, load_days_off, warn_of_countries, years_around
from mag_rotation.plan.warnings import (
    warn_of_blocked,
    warn_of_calls,
    warn_of_columns,
    warn_of_empty_roster,
    warn_of_plan,
    warn_of_programme,
    warn_of_thresholds,
    warn_of_two_rosters,
)
from mag_rotation.roster import NO_DAYS_OFF, UTC_ZONE, Attendance, Carried, Member, MemberId, find_member
from mag_rotation.series import Extra, Meeting, Override, Phase, Rotation, Schedule, Series
from mag_rotation.values import Fact, FrozenDict, write_pairs
from mag_rotation.zones import civil_date

__all__ = ["Plan", "PlanSource", "calls_of", "find_season_mistakes"]

if TYPE_CHECKING:
    from mag_rotation.burden import Charge
    from mag_rotation.drift import DriftChange, DriftReport
    from mag_rotation.drift.zone_groups import ClockGroup
    from mag_rotation.fairness import Check, Fairness, PlannerDay, Sensitivity, Thresholds, TimeProposal, Verdict
    from mag_rotation.plan.decision import RotationDecision, TimeDecision
    from mag_rotation.programme import (
        Programme,
        ProgrammeReport,
        ProgrammeSetting,
        ScheduledSession,
        StartProposals,
        SwapProposals,
    )
    from mag_rotation.propose import Budget, GivenRotation, NextSlot, Proposed, Request, RotationTable, Setting


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanSource:
    """The files that a plan was read from, the plan file first, and the columns of its roster that were not read.

    ``beside_roster`` are the members of the plan file itself where it names a roster too.
    """

    files: tuple[str, ...]
    unread_columns: tuple[str, ...] = ()
    beside_roster: tuple[MemberId, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """One meeting series with its members and policies.

    ``overrides`` change the calls of single rule dates (the exceptions of a plan file). ``with_days_off`` names
    weekends and holidays of the members' countries, and charges the points that ``hours`` has for them; it needs the
    extra ``days-off``. ``history`` says who attended past calls, ``carried`` what earlier seasons have put on members.
    ``thresholds`` decide when a proposed time is good, acceptable or poor. ``programme`` has the sessions of the event
    that the calls prepare; its people are members. ``source`` is no part of the value.

    Raises :class:`InvalidSeries`, :class:`InvalidMember` and :class:`InvalidProgramme` where the parts contradict each
    other, :class:`InvalidHours` where a member has an unknown curve, and :class:`MissingExtra` where days off are asked
    for without the packages that know them.

    >>> from datetime import time
    >>> from mag_rotation.series import Slot
    >>> plan = Plan(
    ...     meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
    ...     schedule=Schedule(first=date(2026, 10, 6), repeat="weekly", count=2),
    ...     rotation=Rotation(slots=(Slot(at=time(14)), Slot(at=time(20)))),
    ...     members=(Member(id="bo", zone="Asia/Tokyo"),),
    ... )
    >>> [row.burden for call in plan.calls for row in plan.night(call)]
    [420, 600]
    """

    meeting: Meeting
    schedule: Schedule
    rotation: Rotation
    overrides: tuple[Override, ...] = ()
    extras: tuple[Extra, ...] = ()
    phases: tuple[Phase, ...] = ()
    members: tuple[Member, ...] = ()
    hours: Hours = field(default_factory=Hours)
    with_days_off: bool = False
    history: tuple[Attendance, ...] = ()
    carried: tuple[Carried, ...] = ()
    thresholds: Thresholds | None = None
    programme: Programme | None = None
    source: PlanSource | None = field(default=None, repr=False, compare=False)
    series: Series = field(init=False, repr=False, compare=False)
    calls: Calls = field(init=False, repr=False, compare=False)
    """All calls of the series by start, cancelled ones too."""
    sessions: tuple[ScheduledSession, ...] = field(init=False, repr=False, compare=False)
    """All sessions of the programme by start; empty without one."""
    audience: Audience = field(init=False, repr=False, compare=False)
    _days_off: DaysOffData | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        series = Series(
            meeting=self.meeting,
            schedule=self.schedule,
            rotation=self.rotation,
            overrides=self.overrides,
            extras=self.extras,
            phases=self.phases,
        )
        calls = Calls(calls_of(series))
        if mistakes := list(find_season_mistakes(series, calls)):
            raise InvalidSeries(mistakes)
        for member in self.members:
            self.hours.curve_of(member.curve)
        self._check_ids()
        sessions = self._schedule_sessions()
        starts = [*(call.start for call in calls), *(session.start for session in sessions)]
        years = years_around(start.year for start in starts)
        days_off = load_days_off(self.members, years) if self.with_days_off else None
        audience = Audience(
            members=self.members,
            hours=self.hours,
            lead=self.meeting.lead,
            overrun=self.meeting.overrun,
            days_off=days_off.days_off if days_off else NO_DAYS_OFF,
        )
        for name, value in (
            ("series", series),
            ("calls", calls),
            ("sessions", sessions),
            ("audience", audience),
            ("_days_off", days_off),
        ):
            object.__setattr__(self, name, value)

    def _schedule_sessions(self) -> tuple[ScheduledSession, ...]:
        """The sessions of the programme; raises :class:`InvalidProgramme` for those that do not fit the plan."""
        if self.programme is None:
            return ()
        from mag_rotation.programme import find_unknown_people, schedule_sessions  # noqa: PLC0415 - few plans have one

        unknown = find_unknown_people(self.programme, self.members)
        try:
            sessions = schedule_sessions(self.programme, self.phases)
        except InvalidProgramme as error:
            raise InvalidProgramme((*error.mistakes, *unknown)) from None
        if unknown:
            raise InvalidProgramme(unknown)
        return sessions

    def _check_ids(self) -> None:
        """Refuse attendance and carried burdens of members that the plan does not have."""
        known = {member.id for member in self.members}
        lines: tuple[Attendance | Carried, ...] = (*self.history, *self.carried)
        unknown = sorted({line.member for line in lines} - known)
        if unknown:
            ids = ", ".join(map(repr, unknown))
            raise InvalidMember(f"found attendance or carried burdens of {ids}; write the id of a member of the plan")

    def _repr_html_(self) -> str:
        """This plan in a notebook: the meeting, the members by count, and the calls."""
        held = [call for call in self.calls if call.is_held]
        about = {
            "meeting": self.meeting.name,
            "minutes": self.meeting.minutes,
            "slots": ", ".join(f"{slot.at:%H:%M} {slot.zone}" for slot in self.rotation.slots),
            "members": len(self.members),
            "calls": len(held),
            "cancelled": len(self.calls) - len(held),
        }
        return f"{write_pairs(about)}{self.calls._repr_html_()}"

    def with_series(self, series: Series) -> Plan:
        """This plan with another series for its members and policies."""
        return replace(
            self,
            meeting=series.meeting,
            schedule=series.schedule,
            rotation=series.rotation,
            overrides=series.overrides,
            extras=series.extras,
            phases=series.phases,
        )

    @property
    def sources(self) -> Mapping[str, str]:
        """The packages, tzdata apart, on whose data the answers rest, and their versions."""
        return self._days_off.sources if self._days_off else FrozenDict()

    @property
    def time_warnings(self) -> tuple[Fact, ...]:
        """What is odd about the times of calls and the days off of members."""
        return self.warnings_of(self.calls)

    def warnings_of(self, calls: Sequence[Call]) -> tuple[Fact, ...]:
        """The part of ``time_warnings`` that concerns some calls of this plan, given by start."""
        return (*warn_of_calls(calls), *self._days_off_warnings)

    def blocked_warnings_of(self, calls: Sequence[Call]) -> tuple[Fact, ...]:
        """The members who cannot attend some of these calls, which are given by start; part of ``warnings``."""
        return warn_of_blocked(calls, self.audience)

    @property
    def _days_off_warnings(self) -> tuple[Fact, ...]:
        return self._days_off.warnings if self._days_off else ()

    @property
    def roster_warnings(self) -> tuple[Fact, ...]:
        """That the plan has no members; empty where it has some."""
        return warn_of_empty_roster(self.members)

    @property
    def warnings(self) -> tuple[Fact, ...]:
        """Everything that is odd about the plan without being wrong."""
        return (
            *warn_of_plan(self.series, self.calls, self.members, self.history),
            *self.blocked_warnings_of(self.calls),
            *warn_of_columns(self.source.unread_columns if self.source else ()),
            *warn_of_two_rosters(self.source.beside_roster if self.source else (), self.members),
            *warn_of_thresholds(self.thresholds, self.members),
            *self._days_off_warnings,
            *(warn_of_countries(self.members) if self.with_days_off else ()),
            *(warn_of_programme(self.programme_report()) if self.sessions else ()),
        )

    def member(self, wanted: str) -> Member:
        """The member of an id; raises :class:`UnknownMember` with the nearest ids where there is none."""
        return find_member(self.members, wanted)

    def session(self, wanted: str) -> ScheduledSession:
        """The session of an id; raises :class:`UnknownSession` with the nearest ids where there is none."""
        from mag_rotation.programme import find_session  # noqa: PLC0415 - few plans have a programme

        return find_session(self.sessions, wanted)

    def programme_report(self) -> ProgrammeReport:
        """Who is in the night at which part of each session, and the conflicts of the programme.

        It is empty for a plan without a programme.
        """
        from mag_rotation.programme import make_programme_report  # noqa: PLC0415 - few plans have a programme

        return make_programme_report(self.sessions, self.programme_setting)

    def propose_starts(self, session: str, *, step: int = 30, with_calls: bool = False) -> StartProposals:
        """The times that a session may have without a conflict that is an error, compared with the present one.

        They are ``step`` minutes apart. ``with_calls`` adds the burdens of the plan's calls, and what is carried, to
        those of the duties. Raises what :func:`mag_rotation.programme.propose_starts` raises.
        """
        from mag_rotation.programme import propose_starts  # noqa: PLC0415 - few plans have a programme

        before = self._burdens_of_calls() if with_calls else {}
        return propose_starts(session, self.sessions, self.programme_setting, step=step, before=before)

    def propose_swaps(self, session: str | None = None, *, with_calls: bool = False) -> SwapProposals:
        """The exchanges of the starts of two sessions that are better than the programme or a trade.

        With ``session`` that one is exchanged with each other one. ``with_calls`` is as in :meth:`propose_starts`.
        Raises what :func:`mag_rotation.programme.propose_swaps` raises.
        """
        from mag_rotation.programme import propose_swaps  # noqa: PLC0415 - few plans have a programme

        before = self._burdens_of_calls() if with_calls else {}
        return propose_swaps(self.sessions, self.programme_setting, only=session, before=before)

    def _burdens_of_calls(self) -> Mapping[MemberId, int]:
        """What the calls of the plan have put on each member, with what earlier seasons have."""
        found = Counter({line.member: line.burden for line in self.carried})
        found.update({share.id: share.burden for share in self.fairness()})
        return found

    @property
    def programme_setting(self) -> ProgrammeSetting:
        """What the sessions are held against, as the room of programmes takes it."""
        from mag_rotation.programme import Programme, ProgrammeSetting  # noqa: PLC0415 - few plans have a programme

        programme = self.programme or Programme()
        return ProgrammeSetting(
            programme=programme, phases=self.phases, calls=tuple(self.calls), audience=self.audience
        )

    def between(self, first: date | None = None, last: date | None = None) -> Calls:
        """The calls whose rule date is from ``first`` to ``last``, both included; None is no limit."""
        return Calls(
            call for call in self.calls if (first is None or call.date >= first) and (last is None or call.date <= last)
        )

    def audience_at(self, instant: datetime) -> Audience:
        """The audience with the days off of the years around an instant, which may lie outside the season."""
        data = self._days_off
        if data is None or (years := years_around([instant.year])) <= data.years:
            return self.audience
        return replace(self.audience, days_off=load_days_off(self.members, data.years | years).days_off)

    def nights_of(self, member: Member, calls: Iterable[Call]) -> tuple[tuple[Call, MemberNight], ...]:
        """The calls that a member takes part in, cancelled or not, each with what it does to them."""
        nights = (
            (call, night_of(member, start=call.start, minutes=call.minutes, audience=self.audience)) for call in calls
        )
        return tuple((call, night) for call, night in nights if night is not None)

    def night_at(self, start: datetime, minutes: int | None = None) -> NightReport:
        """Who is in the night at any instant, for as long as the meeting's calls or ``minutes``.

        A naive ``start`` raises :class:`InvalidInstant`.
        """
        length = self.meeting.minutes if minutes is None else minutes
        return night_report(start=start, minutes=length, audience=self.audience_at(start))

    def night(self, call: Call | str | int) -> NightReport:
        """Who is in the night at a call of this plan, which may be named as for :func:`find_call`, too."""
        call = self._find_call(call)
        return night_report(start=call.start, minutes=call.minutes, audience=self.audience, call=call)

    def announce(self, call: Call | str | int) -> Announcement:
        """What members have to know of a call of this plan."""
        return announce_call(self, self._find_call(call))

    def _find_call(self, wanted: Call | str | int) -> Call:
        """The call itself, or the one with this number, label, rule date or UID."""
        return wanted if isinstance(wanted, Call) else find_call(self.calls, str(wanted))

    def fairness(
        self,
        calls: Sequence[Call] | None = None,
        *,
        curve: str | None = None,
        sessions: Sequence[ScheduledSession] = (),
    ) -> Fairness:
        """What calls have put on the members: all calls of this plan, or those given.

        The duties in ``sessions`` count beside them, such as those of ``plan.sessions``. ``curve`` is read instead of
        the plan's for members who have none of their own; raises :class:`InvalidHours` when the plan has none of that
        name.
        """
        from mag_rotation.fairness import measure_fairness  # noqa: PLC0415 - brings numpy

        held = self.calls if calls is None else calls
        audience = self.audience.with_curve(curve)
        return measure_fairness(
            held, audience, history=self.history, charges=charge_duties(sessions, self.programme, audience)
        )

    def sensitivity(
        self,
        answer: Fairness,
        calls: Sequence[Call] | None = None,
        *,
        sessions: Sequence[ScheduledSession] = (),
    ) -> tuple[Sensitivity, ...]:
        """Whether an answer of :meth:`fairness`, of the same calls and sessions, holds under each other curve."""
        from mag_rotation.fairness import compute_sensitivity  # noqa: PLC0415 - brings numpy

        return compute_sensitivity(
            answer, lambda other: self.fairness(calls, curve=other, sessions=sessions), self.hours
        )

    def check(
        self,
        start: datetime,
        minutes: int | None = None,
        *,
        curve: str | None = None,
        instead_of: Call | str | int | None = None,
    ) -> Check:
        """The judgement of a call at the instant ``start``, as long as the meeting's calls or ``minutes``.

        With ``instead_of`` it is judged as the replacement of that call of the plan, as long as that, which is then in
        no ledger. A naive ``start`` raises :class:`InvalidInstant`; ``curve`` is read as by :meth:`fairness`.
        """
        from mag_rotation.fairness import check_time  # noqa: PLC0415 - brings numpy

        return check_time(self._time_proposal(start, minutes, curve, instead_of))

    def verdicts(
        self, start: datetime, minutes: int | None = None, *, instead_of: Call | str | int | None = None
    ) -> dict[str, Verdict]:
        """The verdict of :meth:`check` under each curve of this plan."""
        from mag_rotation.fairness import verdict_at  # noqa: PLC0415 - brings numpy

        return {
            curve: verdict_at(self._time_proposal(start, minutes, curve, instead_of)) for curve in self.hours.curves
        }

    def planner(
        self,
        day: date,
        minutes: int | None = None,
        *,
        zone: str = UTC_ZONE,
        step: int = 30,
        curve: str | None = None,
        instead_of: Call | str | int | None = None,
    ) -> PlannerDay:
        """Every start of a civil day of ``zone``, ``step`` minutes apart, with the figures of :meth:`check`.

        ``minutes``, ``curve`` and ``instead_of`` are read as by :meth:`check`. Raises :class:`InvalidValue` for a day
        that the zone does not have, and for a step that is no part of a day or shorter than 5 minutes.
        """
        from mag_rotation.fairness import plan_starts  # noqa: PLC0415 - brings numpy

        noon = datetime.combine(day, time(12), tzinfo=UTC)
        return plan_starts(self._time_proposal(noon, minutes, curve, instead_of), day, zone=zone, step=step)

    def _time_proposal(
        self, start: datetime, minutes: int | None, curve: str | None, instead_of: Call | str | int | None
    ) -> TimeProposal:
        """A time with everything in this plan that it is judged by."""
        from mag_rotation.fairness import Thresholds, TimeProposal  # noqa: PLC0415 - brings numpy

        replaced = None if instead_of is None else self._find_call(instead_of)
        usual = self.meeting.minutes if replaced is None else replaced.minutes
        return TimeProposal(
            start=start,
            minutes=usual if minutes is None else minutes,
            instead_of=replaced,
            calls=self.calls,
            audience=self.audience_at(start).with_curve(curve),
            history=self.history,
            thresholds=self.thresholds or Thresholds(),
        )

    def drift(self, first: date | None = None, last: date | None = None) -> DriftReport:
        """Whose local hours a clock change moves, from ``first`` to ``last``; the season where these are None."""
        from mag_rotation.drift import make_drift_report  # noqa: PLC0415 - no other question needs the room

        return make_drift_report(series=self.series, calls=self.calls, audience=self.audience, first=first, last=last)

    def clock_changes_of(self, member: Member, calls: Sequence[Call]) -> tuple[DriftChange, ...]:
        """The changes of a member's local hours of slots, from the first of these calls to the last held one."""
        from mag_rotation.drift import make_drift_report  # noqa: PLC0415 - few questions need the room

        days = [call.date for call in calls if call.is_held]
        if not days:
            return ()
        audience = self.audience.with_members((member,))
        report = make_drift_report(
            series=self.series, calls=self.calls, audience=audience, first=min(days), last=max(days)
        )
        return report.changes

    def clocks_of(self, calls: Sequence[Call]) -> tuple[ClockGroup, ...]:
        """The members by the clocks of their home zones over these calls, from west to east; stays are ignored."""
        from mag_rotation.drift.zone_groups import group_members  # noqa: PLC0415 - few questions need the room

        days = [civil_date(call.start, UTC_ZONE) for call in calls]
        return group_members(self.members, min(days), max(days)) if days else ()

    @property
    def setting(self) -> Setting:
        """Everything that a rotation for this plan depends on."""
        from mag_rotation.fairness import Thresholds  # noqa: PLC0415 - brings numpy
        from mag_rotation.propose import Setting  # noqa: PLC0415 - the same

        return Setting(
            series=self.series,
            calls=self.calls,
            audience=self.audience,
            carried={line.member: line.burden for line in self.carried},
            thresholds=self.thresholds or Thresholds(),
        )

    @overload
    def propose(self, request: Request, *, budget: Budget | None = None) -> Proposed: ...
    @overload
    def propose(self, *, slots: int | None, budget: Budget | None = None) -> Proposed: ...
    def propose(
        self, request: Request | None = None, *, slots: int | None = None, budget: Budget | None = None
    ) -> Proposed:
        """The rotation that answers a request best; ``slots`` alone asks for the fairest of so many slots.

        Raises :class:`Infeasible`, which holds the smallest set of constraints that clash, and what
        :func:`mag_rotation.propose.propose` raises.
        """
        from mag_rotation.propose import Impossible, Request, propose  # noqa: PLC0415 - brings numpy

        found = propose(self.setting, request or Request(slots=slots), budget)
        if isinstance(found, Impossible):
            raise Infeasible(found.conflict, tuple(str(one.code) for one in found.conflict))
        return found

    def compare(
        self,
        request: Request | None = None,
        *,
        sizes: Iterable[int] | None = None,
        given: Sequence[GivenRotation] = (),
        alternatives: int = 0,
        budget: Budget | None = None,
    ) -> RotationTable:
        """This plan's rotation beside others: its slots in another order, one of them moved, and the fairest ones.

        The others keep the constraints of ``request``. ``sizes`` are the numbers of slots of the fairest rotations, 1
        to 6 if not given. Raises what :func:`mag_rotation.propose.compare_rotations` raises.
        """
        from mag_rotation.propose import Request, compare_rotations  # noqa: PLC0415 - brings numpy

        return compare_rotations(
            self.setting,
            request or Request(slots=None, zone=self.rotation.zone),
            budget,
            sizes=sizes,
            given=given,
            alternatives=alternatives,
        )

    def decide_time(
        self,
        start: datetime,
        minutes: int | None = None,
        *,
        instead_of: Call | str | int | None = None,
        chosen: str | None = None,
    ) -> TimeDecision:
        """What a meeting has to know to decide on a time for one call, beside those that :meth:`check` finds near it.

        ``chosen`` is the id of the option that was decided on. Raises what
        :func:`mag_rotation.plan.decision.decide_time` raises.
        """
        from mag_rotation.plan.decision import decide_time  # noqa: PLC0415 - few questions need it

        replaced = None if instead_of is None else self._find_call(instead_of)
        return decide_time(self, start, minutes, instead_of=replaced, chosen=chosen)

    def decide_rotation(
        self, given: Sequence[GivenRotation], *, first: date | None = None, chosen: str | None = None
    ) -> RotationDecision:
        """What a meeting has to know to decide on a rotation: this plan's beside those that are given.

        Calls before ``first`` are history, and ``chosen`` is the id of the option that was decided on. Raises what
        :func:`mag_rotation.plan.decision.decide_rotation` raises.
        """
        from mag_rotation.plan.decision import decide_rotation  # noqa: PLC0415 - few questions need it

        return decide_rotation(self, given, first=first, chosen=chosen)

    def next_slot(self, now: datetime, request: Request | None = None, *, with_grid: bool = False) -> NextSlot | None:
        """The slots of the plan for the first call at or after ``now``, the recommended one first; None without a call.

        With ``with_grid`` the hours of the request's grid are compared too. Raises what
        :func:`mag_rotation.propose.next_slot` raises.
        """
        from mag_rotation.propose import Request, next_slot  # noqa: PLC0415 - brings numpy

        return next_slot(self.setting, request or Request(slots=1), now, with_grid=with_grid)

    def to_ics(self, *, stamp: datetime, zones: Sequence[str] = (), utc: bool = False) -> bytes:
        """The calls as the first edition of a calendar file, as :func:`mag_rotation.ics.to_ics` writes it."""
        from mag_rotation.ics import to_ics  # noqa: PLC0415 - brings icalendar

        return to_ics(self.calls, self.meeting, stamp=stamp, zones=zones, utc=utc)


def charge_duties(
    sessions: Sequence[ScheduledSession], programme: Programme | None, audience: Audience
) -> tuple[Charge, ...]:
    """The duties in sessions as a ledger counts them beside calls, one for each session and member."""
    if programme is None or not sessions:
        return ()
    from mag_rotation.burden import Charge  # noqa: PLC0415 - brings numpy
    from mag_rotation.programme import compute_session_nights, list_main_duties  # noqa: PLC0415 - few plans have one

    duties = list_main_duties(compute_session_nights(sessions, programme, audience))
    return tuple(
        Charge(
            member=duty.id,
            start=duty.session.start,
            burden=duty.night.burden,
            in_night=duty.in_night,
            blocked=duty.night.blocked,
        )
        for duty in duties
    )


@lru_cache(maxsize=4)
def calls_of(series: Series) -> tuple[Call, ...]:
    """The calls of a series, kept for the next to ask: the reader of a plan file has to unroll it before the plan does.

    Raises what :func:`unroll` raises.
    """
    return unroll(series)


def find_season_mistakes(series: Series, calls: Sequence[Call]) -> Iterator[Mistake]:
    """The mistakes of a series whose season leaves out some of its calls."""
    season, dates = series.meeting.season, sorted(call.date for call in calls)
    if dates and season.first and dates[0] < season.first:
        problem = f"found {season.first}, after the call of {dates[0]}; write {dates[0]}, or begin the calls later"
        yield Mistake(place="meeting.season-from", problem=problem)
    if dates and season.last and dates[-1] > season.last:
        problem = f"found {season.last}, before the call of {dates[-1]}; write {dates[-1]}, or end the calls earlier"
        yield Mistake(place="meeting.season-to", problem=problem)
