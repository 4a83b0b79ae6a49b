"""What one proposed time would do to members and to the ledger, and which times nearby are better or a trade.

Times are compared by the room ``choice``: after the ledger of the calls before them, by the largest burden, the people
in the night and the sum of all burdens.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import ClassVar

from mag_rotation.audience import Audience
from mag_rotation.burden import Ledger, make_burden_matrix, make_ledger
from mag_rotation.calls import Call, Status
from mag_rotation.choice import (
    CandidateTime,
    Comparison,
    Criterion,
    Figures,
    Standing,
    compare_figures,
    find_dominated,
)
from mag_rotation.errors import UnknownOption
from mag_rotation.fairness.best import compute_best_possible
from mag_rotation.fairness.shares import Fairness, measure_ledger
from mag_rotation.fairness.verdict import Thresholds, Verdict, VerdictCase, judge
from mag_rotation.night import NightReport, night_report
from mag_rotation.roster import UTC_ZONE, Attendance, MemberId
from mag_rotation.values import Fact, FactCode, Rows
from mag_rotation.zones import to_utc

__all__ = [
    "AlternativeTime",
    "Check",
    "CheckCode",
    "ComparedTime",
    "JudgedTime",
    "TimeProposal",
    "WeighedTime",
    "check_time",
    "judge_times",
    "verdict_at",
    "weigh_times",
]

_REACH = timedelta(hours=12)
_STEP = timedelta(minutes=30)
_DAY = timedelta(hours=24)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CheckCode(FactCode):
    """What a reader of a verdict has to know beside it."""

    CALL_BESIDE = "call_beside"


@dataclass(frozen=True, kw_only=True, slots=True)
class WeighedTime:
    """A start, what it would come to after a ledger, and the members whose ``never`` hours it touches."""

    start: datetime
    figures: Figures
    blocked: tuple[MemberId, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedTime:
    """A time with its figures and its verdict, as :func:`check_time` gives them; ``night`` says who is in the night."""

    night: NightReport
    figures: Figures
    verdict: Verdict

    @property
    def start(self) -> datetime:
        """The start, in UTC."""
        return self.night.start


@dataclass(frozen=True, kw_only=True, slots=True)
class AlternativeTime(CandidateTime):
    """A start near the proposed one that is better, or a trade, and how it compares with the proposed one."""

    start: datetime
    comparison: Comparison

    @property
    def kind(self) -> Standing:
        """``better`` if it dominates the proposed time, else ``trade``."""
        return self.comparison.standing


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedTime(CandidateTime):
    """One of the times that a check compares.

    ``id`` is ``planned`` for the call that would be replaced, ``proposed`` for the time that is judged, and
    ``better-1``, ``trade-1`` and so on for those near it. Only the first two have a ``verdict``. ``gains`` and ``pays``
    are against the proposed time.
    """

    id: str
    start: datetime
    verdict: Verdict | None = None
    gains: tuple[Criterion, ...] = ()
    pays: tuple[Criterion, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Check(Rows[ComparedTime]):
    """The judgement of one proposed time. It iterates over the times that it compares and finds them by id.

    ``why`` are the reasons of the verdict. ``better`` are the times nearby that dominate it, nearest first, and then
    those that are a trade; none of them is dominated. ``beside`` are the held calls of the plan that start less than 24
    hours from it, by start, which stay as they are; ``notes`` say so of each. ``instead_of`` is the call that it was
    judged as a replacement of, and ``planned`` that call at its own time after the same calls, with its own verdict;
    a cancelled call has none.
    """

    night: NightReport
    verdict: Verdict
    why: tuple[Fact, ...]
    before: Fairness
    after: Fairness
    better: tuple[AlternativeTime, ...]
    beside: tuple[Call, ...] = ()
    notes: tuple[Fact, ...] = ()
    instead_of: Call | None = None
    planned: JudgedTime | None = None
    _shown: ClassVar[tuple[str, ...]] = ("id", "start", "in_night", "worst", "total", "verdict", "gains", "pays")
    _note: ClassVar[str] = (
        "gains, pays: against the proposed time; verdict: of the planned and the proposed time, since each other time "
        "needs a check of its own"
    )

    @property
    def rows(self) -> tuple[ComparedTime, ...]:
        """The call that would be replaced, if any, the proposed time, and the times that are better or a trade."""
        return tuple(self._list_times())

    def __getitem__(self, wanted: str) -> ComparedTime:
        """Return the time of an id; raises :class:`UnknownOption` if there is none."""
        for time in self.rows:
            if time.id == wanted:
                return time
        raise UnknownOption(wanted, tuple(time.id for time in self.rows))

    def _list_times(self) -> Iterator[ComparedTime]:
        if self.planned is not None:
            planned, against = self.planned, compare_figures(self.planned.figures, self.figures)
            yield ComparedTime(
                id="planned",
                start=planned.start,
                figures=planned.figures,
                verdict=planned.verdict,
                gains=against.gains,
                pays=against.pays,
            )
        yield ComparedTime(id="proposed", start=self.night.start, figures=self.figures, verdict=self.verdict)
        count = Counter[Standing]()
        for time in self.better:
            count[time.kind] += 1
            yield ComparedTime(
                id=f"{time.kind}-{count[time.kind]}",
                start=time.start,
                figures=time.figures,
                gains=time.comparison.gains,
                pays=time.comparison.pays,
            )

    @property
    def comparison(self) -> Comparison | None:
        """How the proposed time compares with the call that it would replace; None if it replaces none.

        Who can attend only one of the two times counts like a figure.
        """
        if self.planned is None:
            return None
        found = compare_figures(self.figures, self.planned.figures)
        gains, pays = bool(found.gains or self.freed), bool(found.pays or self.newly_blocked)
        return replace(found, standing=Standing.of(gains=gains, pays=pays))

    @property
    def freed(self) -> tuple[MemberId, ...]:
        """The members who can attend the proposed time and cannot attend the call that it would replace."""
        old = () if self.planned is None else self.planned.night.blocked
        return tuple(id_ for id_ in old if id_ not in self.night.blocked)

    @property
    def newly_blocked(self) -> tuple[MemberId, ...]:
        """The members who cannot attend the proposed time and can attend the call that it would replace."""
        if self.planned is None:
            return ()
        return tuple(id_ for id_ in self.night.blocked if id_ not in self.planned.night.blocked)

    @property
    def figures(self) -> Figures:
        """What the proposed time comes to, by which it is compared with others."""
        return Figures(worst=self.after.worst, nights=self.night.summary.in_night, total=self.after.total)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeProposal:
    """A time to judge, and everything that it is judged by.

    ``start`` may be in any zone and is read in UTC; a naive one raises :class:`InvalidInstant`. ``minutes`` is how long
    the call is to last. ``calls`` are those of the plan, of which those that start earlier are in the ledger before;
    the call that it is judged ``instead_of`` is in no ledger.
    """

    start: datetime
    minutes: int
    calls: Sequence[Call]
    audience: Audience
    history: Sequence[Attendance] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    instead_of: Call | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", to_utc(self.start))

    @property
    def others(self) -> tuple[Call, ...]:
        """The calls of the plan that stay whatever becomes of the proposed time."""
        return tuple(call for call in self.calls if self.instead_of is None or call.uid != self.instead_of.uid)

    def as_call(self) -> Call:
        """The proposed time as a call whose start is fixed."""
        return Call(
            uid="proposed",
            date=self.start.date(),
            start=self.start,
            end=self.start + timedelta(minutes=self.minutes),
            zone=UTC_ZONE,
            title="",
            status=Status.EXTRA,
        )


def verdict_at(proposal: TimeProposal) -> Verdict:
    """The verdict of :func:`check_time` alone, which takes a part of the time."""
    return judge(_make_case(proposal, _make_ledger_before(proposal, proposal.start)))[0]


def judge_times(proposal: TimeProposal, times: Sequence[tuple[datetime, int]]) -> tuple[JudgedTime, ...]:
    """Judge many times, each a start in UTC and a length, as :func:`check_time` judges the proposed one.

    The ledger before is that of each time. The answer has the order of ``times``.
    """
    earlier = sorted(call.start for call in proposal.others if call.is_held)
    found: dict[tuple[datetime, int], JudgedTime] = {}
    rising = sorted(set(times))
    for _, group in groupby(rising, key=lambda time: bisect_left(earlier, time[0])):
        rows = list(group)
        ledger = _make_ledger_before(proposal, rows[0][0])
        weighed = weigh_times([start for start, _ in rows], [minutes for _, minutes in rows], proposal.audience, ledger)
        for (start, minutes), time in zip(rows, weighed, strict=True):
            case = _make_case(replace(proposal, start=start, minutes=minutes), ledger)
            found[start, minutes] = JudgedTime(night=case.night, figures=time.figures, verdict=judge(case)[0])
    return tuple(found[time] for time in times)


def _make_ledger_before(proposal: TimeProposal, start: datetime) -> Ledger:
    """Return the ledger of the calls that start before an instant."""
    calls = [call for call in proposal.others if call.start < start]
    return make_ledger(calls, proposal.audience, history=proposal.history)


def _make_case(proposal: TimeProposal, ledger: Ledger) -> VerdictCase:
    """Return what is judged: who is in the night at the proposed time, and the ledger before it."""
    return VerdictCase(
        night=night_report(start=proposal.start, minutes=proposal.minutes, audience=proposal.audience),
        ledger=ledger,
        thresholds=proposal.thresholds,
    )


def check_time(proposal: TimeProposal) -> Check:
    """Judge a proposed time.

    It is compared with the half hours of UTC from 12 hours before to 12 hours after it that block nobody.
    """
    audience = proposal.audience
    book = _make_ledger_before(proposal, proposal.start)
    case = _make_case(proposal, book)
    later = make_ledger([proposal.as_call()], audience, before=book)
    least = compute_best_possible(book, audience)
    # The proposed time is fixed as an extra's is: it counts in full in what the best rotation would put on a member.
    least_after = [best + (line.burdens[-1] or 0) for best, line in zip(least, later.lines, strict=True)]
    verdict, why = judge(case)
    replaced = proposal.instead_of
    beside = tuple(call for call in proposal.others if call.is_held and abs(call.start - proposal.start) < _DAY)
    found = Check(
        night=case.night,
        verdict=verdict,
        why=why,
        before=measure_ledger(book, least, curve=audience.hours.curve),
        after=measure_ledger(later, least_after, curve=audience.hours.curve),
        better=(),
        beside=beside,
        notes=tuple(_name_beside(call, proposal.start) for call in beside),
        instead_of=replaced,
        planned=_judge_planned(proposal, replaced, book) if replaced is not None and replaced.is_held else None,
    )
    return replace(found, better=_find_better(proposal, book, found.figures))


def _judge_planned(proposal: TimeProposal, call: Call, book: Ledger) -> JudgedTime:
    """Return the call that would be replaced at its own time: its verdict, and its figures after the calls of ``book``.

    The calls before the proposed time count for both, so that the figures differ by nothing but the two times.
    """
    own = replace(proposal, start=call.start, minutes=call.minutes)
    case = _make_case(own, _make_ledger_before(own, call.start))
    (time,) = weigh_times([call.start], [call.minutes], proposal.audience, book)
    return JudgedTime(night=case.night, figures=time.figures, verdict=judge(case)[0])


def _name_beside(call: Call, proposed: datetime) -> Fact:
    """A call that counts beside the proposed time; ``minutes`` is how much later it starts."""
    minutes = (call.start - proposed) // timedelta(minutes=1)
    return Fact.of(
        CheckCode.CALL_BESIDE, uid=call.uid, date=call.date, label=call.label, start=call.start, minutes=minutes
    )


def weigh_times(
    starts: Sequence[datetime], minutes: Sequence[int], audience: Audience, ledger: Ledger
) -> tuple[WeighedTime, ...]:
    """Return what a call at each of the ``starts`` would come to, alone after the calls of a ledger.

    ``starts`` rise, in UTC; ``minutes`` are the lengths at the same places. ``ledger`` has the members of ``audience``.
    """
    matrix = make_burden_matrix(starts, minutes, audience)
    burdens, nights, blocked = (
        rows.tolist() for rows in (matrix.burdens(), matrix.night_minutes() > 0, matrix.blocked())
    )
    kinds = matrix.class_of.tolist()
    most, count, weight = [0] * len(burdens), [0] * len(burdens), [0] * len(burdens)
    for line, kind in zip(ledger.lines, kinds, strict=True):
        most[kind] = max(most[kind], line.burden)
        count[kind] += 1
        weight[kind] += line.member.weight
    borne = sum(line.burden for line in ledger.lines)
    return tuple(
        WeighedTime(
            start=start,
            figures=Figures(
                worst=max((before + row[index] for before, row in zip(most, burdens, strict=True)), default=0),
                nights=sum(people for people, row in zip(weight, nights, strict=True) if row[index]),
                total=borne + sum(people * row[index] for people, row in zip(count, burdens, strict=True)),
            ),
            blocked=tuple(
                member.id for member, kind in zip(audience.members, kinds, strict=True) if blocked[kind][index]
            ),
        )
        for index, start in enumerate(starts)
    )


def _list_half_hours(start: datetime) -> list[datetime]:
    """Return the half hours of UTC from 12 hours before ``start`` to 12 hours after it, rising."""
    first = start - _REACH
    first += (_EPOCH - first) % _STEP
    return [first + _STEP * step for step in range((start + _REACH - first) // _STEP + 1)]


def _find_better(proposal: TimeProposal, book: Ledger, current: Figures) -> tuple[AlternativeTime, ...]:
    """Return the half hours that block nobody and that nothing dominates: the better ones, then trades."""
    starts = _list_half_hours(proposal.start)
    weighed = weigh_times(starts, [proposal.minutes] * len(starts), proposal.audience, book)
    rows = [time for time in weighed if not time.blocked and time.figures != current]
    # the proposed time comes last: it dominates others like any row, and is no row of the answer
    dominated = find_dominated([*(time.figures for time in rows), current])
    found = [
        AlternativeTime(start=time.start, figures=time.figures, comparison=compare_figures(time.figures, current))
        for time, is_dominated in zip(rows, dominated, strict=False)
        if not is_dominated
    ]
    return tuple(
        sorted(
            found,
            key=lambda time: (time.kind is not Standing.BETTER, abs(time.start - proposal.start), time.start),
        )
    )
