"""The next season of a plan, which goes on as if the plan had simply been made longer.

A call belongs to the season of its rule date, so no UID is in both plans. Both say where the seasons meet, so that
neither cancels calls of the other in a calendar that they share. Numbers and turns go on, and what the last season has
put on members is carried over, on top of what that season carried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mag_rotation.calls import (
    Call,
    RuleDate,
    Turn,
    count_weeks,
    expand_rule_dates,
    find_first_rule_date,
    find_next_rule_date,
    turns_of,
    unroll,
    unroll_regular,
)
from mag_rotation.errors import InvalidEdit
from mag_rotation.plan import Plan
from mag_rotation.roster import Carried
from mag_rotation.series import Advance, Meeting, Phase, Schedule, Season, Series
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import to_local

__all__ = ["NextSeason", "SeasonWarning", "next_season"]

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


class SeasonWarning(FactCode):
    """What may be odd where one season follows another."""

    LATE_CALL = "call_after_next_season_began"


@dataclass(frozen=True, kw_only=True, slots=True)
class NextSeason:
    """The plan of the next season, and the plan of the last one as it ends before it.

    ``last_call`` is the call of the last season that ends last. The next plan has no attendance. It carries a line for
    every member who took part in a call of the last season, or carried something into it, in the order of the roster.
    """

    plan: Plan
    ended: Plan
    last_call: Call
    warnings: tuple[Fact, ...]


def next_season(
    plan: Plan,
    first: date,
    *,
    until: date | None = None,
    count: int | None = None,
    meeting_id: str | None = None,
    cut: bool = False,
) -> NextSeason:
    """The season that begins with the first rule date on or after ``first``.

    It ends with ``until`` or after ``count`` rule dates; without both it is as long as the last one. ``meeting_id``
    gives the meeting, and so all UIDs, another id. ``cut`` ends a plan that has calls on or after ``first`` before it.
    The sessions of an event stay in the plan that prepared it; their rules go on. Raises :class:`InvalidEdit` where
    that date does not separate the seasons, and :class:`InvalidSeries` where the new one contradicts itself.
    """
    old = plan.series
    past = _find_past(plan, first, cut=cut)
    schedule = _schedule(old.schedule, first, until, count)
    series = replace(
        old,
        meeting=_meeting(old.meeting, past, meeting_id),
        schedule=schedule,
        overrides=tuple(override for override in old.overrides if override.date >= first),
        extras=tuple(extra for extra in old.extras if extra.date >= first),
        phases=tuple(phase for phase in old.phases if phase.last >= first),
    )
    dates = expand_rule_dates(schedule, series.phases)
    series = _with_turns(series, _next_turns(old, first, dates))
    begin = min((call.start for call in unroll(series) if call.number is not None), default=None)
    late = [call for call in past if call.number is not None and begin is not None and call.start >= begin]
    ended, series = _separate(_end_before(old, first) if cut else old, series, first)
    return NextSeason(
        plan=replace(_without_sessions(plan).with_series(series), carried=_carry_burdens(plan, past), history=()),
        ended=plan.with_series(ended),
        last_call=max(past, key=lambda call: (call.end, call.uid)),
        warnings=tuple(Fact.of(SeasonWarning.LATE_CALL, date=call.date) for call in late),
    )


def _without_sessions(plan: Plan) -> Plan:
    """The plan with the rules of its programme and no sessions."""
    return plan if plan.programme is None else replace(plan, programme=replace(plan.programme, sessions=()))


def _find_past(plan: Plan, first: date, *, cut: bool) -> tuple[Call, ...]:
    """The calls of the last season; raises :class:`InvalidEdit` for a day that does not separate the seasons."""
    past = tuple(call for call in plan.calls if call.date < first)
    rest = [call.date for call in plan.calls if call.date >= first]
    if not past:
        raise InvalidEdit(
            f"the plan has no call before {first}, so no season has gone before; change its dates instead"
        )
    if rest and not cut:
        raise InvalidEdit(
            f"the plan has calls on {first} and later, up to {max(rest)}, which both seasons would hold; "
            "begin later, or give --cut to end the plan there"
        )
    sessions = [session.session.date for session in plan.sessions if session.session.date >= first]
    if sessions and cut:
        raise InvalidEdit(
            f"the plan has sessions on {min(sessions)} and later, up to {max(sessions)}, which a plan that ends before "
            f"{first} cannot hold; begin the season after them, or take them out of the plan first"
        )
    for phase in plan.series.phases:
        if phase.repeat is not None and phase.calls and phase.first < first <= phase.last:
            raise InvalidEdit(
                f"the phase {phase.name!r}, {phase.first} to {phase.last}, has a rule of its own, which cannot be cut "
                f"on {first}; begin the season before it or after it"
            )
    return past


def _schedule(old: Schedule, first: date, until: date | None, count: int | None) -> Schedule:
    """The rule gone on with: from its first instance on or after ``first``, so that its rhythm stays."""
    begin = find_next_rule_date(old, first)
    if begin is None:
        raise InvalidEdit(f"the rule {old.repeat!r} gives no date on {first} or later")
    if until is None and count is None:
        count = old.count
        until = None if old.until is None else old.until + (begin - find_first_rule_date(old))
    schedule = Schedule(first=begin, repeat=old.repeat, until=until, count=count)
    dates = [day.date for day in expand_rule_dates(schedule)]
    longer = expand_rule_dates(replace(old, until=dates[-1], count=None))
    if [day.date for day in longer if day.date >= begin] != dates:
        raise InvalidEdit(
            f"the rule {old.repeat!r} gives other dates when it is counted from {begin} than from {old.first}; "
            "begin the season on another date"
        )
    return schedule


def _meeting(old: Meeting, past: Sequence[Call], meeting_id: str | None) -> Meeting:
    """What the calls share, with the next number."""
    numbering = old.numbering
    if numbering is not None:
        numbered = sum(call.number is not None for call in past)
        numbering = replace(numbering, first=numbering.first + numbered)
    return replace(old, id=meeting_id or old.id, numbering=numbering)


def _separate(ended: Series, new: Series, first: date) -> tuple[Series, Series]:
    """Both seasons with the days on which they end and begin; another meeting shares its calendar with no season."""
    whole = ended.meeting.season
    if new.meeting.id != ended.meeting.id:
        return ended, _with_season(new, Season())
    begin = _border(ended, new, first)
    later = whole.last if whole.last and whole.last >= begin else None  # another season follows already
    last_season = Season(first=whole.first, last=begin - _DAY)
    return _with_season(ended, last_season), _with_season(new, Season(first=begin, last=later))


def _with_season(series: Series, season: Season) -> Series:
    return replace(series, meeting=replace(series.meeting, season=season))


def _border(ended: Series, new: Series, first: date) -> date:
    """The day that parts the seasons, by rule dates and by the days that slots with a weekday of their own have.

    It is ``first`` where that does, else the nearest day. Where seasons overlap in a week no day does.
    """
    low = max((day for call in unroll_regular(ended) for day in _days(call)), default=first - _DAY) + _DAY
    high = min((day for call in unroll_regular(new) for day in _days(call)), default=max(first, low))
    return min(max(first, low), high) if low <= high else first


def _days(call: Call) -> tuple[date, ...]:
    """The days by which a call is known in calendars: its rule date, and its regular day where it has a slot."""
    return (call.date,) if call.slot_number is None else (call.date, to_local(call.start, call.zone).wall.date())


def _next_turns(old: Series, first: date, dates: Sequence[RuleDate]) -> dict[Phase | None, Turn]:
    """The first turn on or after ``first`` of everything that counts turns, as the longer plan would have it.

    Where every date lies in phases that count for themselves, the rotation's is that of a week after the last one.
    """
    before = [day for day in expand_rule_dates(old.schedule, old.phases) if day.date < first]
    after = RuleDate(date=dates[-1].date + _WEEK, phase=None)
    extras = tuple(extra for extra in old.extras if extra.date < first)
    found: dict[Phase | None, Turn] = {}
    for turn in turns_of(replace(old, extras=extras), [*before, *dates, after]):
        if turn.date >= first:
            found.setdefault(turn.cycle, turn)
    return found


def _with_turns(series: Series, found: dict[Phase | None, Turn]) -> Series:
    """The season with starts that give those turns; ISO weeks need none."""
    if series.rotation.advance is Advance.ISO_WEEK:
        return series
    rotation, turn = series.rotation, found[None]
    weeks = 0
    if rotation.advance is Advance.WEEK:
        weeks = count_weeks(find_first_rule_date(series.schedule), turn.date)
    past = rotation.hold * turn.index + turn.taken - weeks
    start = past // rotation.hold % len(turn.slots) + 1
    return replace(
        series,
        rotation=replace(rotation, start=start, taken=past % rotation.hold),
        phases=tuple(_with_start(phase, found.get(phase)) for phase in series.phases),
    )


def _with_start(phase: Phase, turn: Turn | None) -> Phase:
    """A phase whose first turn is the one given, where it counts its own."""
    if turn is None or (turn.index + 1, turn.taken) == (phase.start or 1, phase.taken):
        return phase
    return replace(phase, start=turn.index + 1, taken=turn.taken)


def _end_before(old: Series, first: date) -> Series:
    """The last season without what lies on ``first`` or later."""
    schedule = old.schedule
    if find_first_rule_date(schedule) >= first:
        raise InvalidEdit(
            f"the rule of the plan gives no date before {first}, so the plan cannot end there; begin later"
        )
    if any(day.date >= first for day in expand_rule_dates(schedule, old.phases)):
        schedule = replace(schedule, until=first - _DAY, count=None)
    return replace(
        old,
        schedule=schedule,
        overrides=tuple(override for override in old.overrides if override.date < first),
        extras=tuple(extra for extra in old.extras if extra.date < first),
        phases=tuple(phase for phase in old.phases if phase.first < first),
    )


def _carry_burdens(plan: Plan, past: Sequence[Call]) -> tuple[Carried, ...]:
    """What the last season and those before it have put on the members."""
    from mag_rotation.burden import make_ledger  # noqa: PLC0415 - brings numpy

    book = make_ledger(past, plan.audience)
    known = {line.member: line for line in plan.carried}
    lines = []
    for line in book.lines:
        before = known.get(line.member.id, Carried(member=line.member.id, burden=0, night_calls=0, calls=0))
        if line.calls or line.member.id in known:
            lines.append(
                Carried(
                    member=line.member.id,
                    burden=before.burden + line.burden,
                    night_calls=before.night_calls + line.night_calls,
                    calls=before.calls + line.calls,
                )
            )
    return tuple(lines)
