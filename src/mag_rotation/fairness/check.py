"""What one proposed time would do to members and to the ledger, and which times nearby would do better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mag_rotation.audience import Audience
from mag_rotation.burden import Ledger, make_burden_matrix, make_ledger
from mag_rotation.calls import Call, Status
from mag_rotation.fairness.best import compute_best_possible
from mag_rotation.fairness.measures import total, worst
from mag_rotation.fairness.shares import Fairness, measure_ledger
from mag_rotation.fairness.verdict import Thresholds, Verdict, VerdictCase, judge
from mag_rotation.night import NightReport, night_report
from mag_rotation.roster import UTC_ZONE, Attendance
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import to_utc

__all__ = ["BetterTime", "Check", "CheckCode", "TimeProposal", "check_time", "verdict_at"]

_REACH = timedelta(hours=12)
_STEP = timedelta(minutes=30)
_DAY = timedelta(hours=24)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CheckCode(FactCode):
    """What a reader of a verdict has to know beside it."""

    CALL_BESIDE = "call_beside"


@dataclass(frozen=True, kw_only=True, slots=True)
class BetterTime:
    """A start that would leave the worst-off with less.

    ``in_night`` counts by weight; ``worst`` and ``total`` are of the ledger after it.
    """

    start: datetime
    in_night: int
    worst: int
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """The judgement of one proposed time.

    ``why`` are the reasons of the verdict. ``beside`` are the held calls of the plan that start less than 24 hours from
    it, by start, which stay as they are; ``notes`` say so of each. ``instead_of`` is the call that it was judged as a
    replacement of.
    """

    night: NightReport
    verdict: Verdict
    why: tuple[Fact, ...]
    before: Fairness
    after: Fairness
    better: tuple[BetterTime, ...]
    beside: tuple[Call, ...] = ()
    notes: tuple[Fact, ...] = ()
    instead_of: Call | None = None


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
    return judge(_case(proposal))[0]


def _case(proposal: TimeProposal) -> VerdictCase:
    """Who is in the night at the proposed time, and the ledger before it."""
    return VerdictCase(
        night=night_report(start=proposal.start, minutes=proposal.minutes, audience=proposal.audience),
        ledger=make_ledger(
            [call for call in proposal.others if call.start < proposal.start],
            proposal.audience,
            history=proposal.history,
        ),
        thresholds=proposal.thresholds,
    )


def check_time(proposal: TimeProposal) -> Check:
    """Judge a proposed time.

    ``better`` are the half hours within 12 hours, nearest first and the earlier of two first, that block nobody and
    leave the worst-off of the ledger with less than the proposed time does.
    """
    case, audience = _case(proposal), proposal.audience
    book = case.ledger
    later = make_ledger([proposal.as_call()], audience, before=book)
    least = compute_best_possible(book, audience)
    # The proposed time is fixed as an extra's is: it counts in full in what the best rotation would put on a member.
    least_after = [best + (line.burdens[-1] or 0) for best, line in zip(least, later.lines, strict=True)]
    after = measure_ledger(later, least_after, curve=audience.hours.curve)
    verdict, why = judge(case)
    beside = tuple(call for call in proposal.others if call.is_held and abs(call.start - proposal.start) < _DAY)
    return Check(
        night=case.night,
        verdict=verdict,
        why=why,
        before=measure_ledger(book, least, curve=audience.hours.curve),
        after=after,
        better=_better(proposal, book, after.worst),
        beside=beside,
        notes=tuple(_name_beside(call, proposal.start) for call in beside),
        instead_of=proposal.instead_of,
    )


def _name_beside(call: Call, proposed: datetime) -> Fact:
    """A call that counts beside the proposed time; ``minutes`` is how much later it starts."""
    minutes = (call.start - proposed) // timedelta(minutes=1)
    return Fact.of(
        CheckCode.CALL_BESIDE, uid=call.uid, date=call.date, label=call.label, start=call.start, minutes=minutes
    )


def _grid(start: datetime) -> list[datetime]:
    """The half hours of UTC within 12 hours of ``start``, itself left out, rising."""
    first = start - _REACH
    first += (_EPOCH - first) % _STEP
    count = (start + _REACH - first) // _STEP + 1
    return [at for at in (first + _STEP * step for step in range(count)) if at != start]


def _better(proposal: TimeProposal, book: Ledger, limit: int) -> tuple[BetterTime, ...]:
    """The times of the grid after which nobody has borne as much as ``limit``, nearest first."""
    starts, members = _grid(proposal.start), proposal.audience.members
    matrix = make_burden_matrix(
        starts,
        [proposal.minutes] * len(starts),
        proposal.audience,
    )
    burdens, nights = matrix.burdens().tolist(), matrix.night_minutes().tolist()
    blocked = [any(hits) for hits in zip(*matrix.blocked().tolist(), strict=True)] or [False] * len(starts)
    kinds = matrix.class_of.tolist()
    borne = [line.burden for line in book.lines]
    found = []
    for index, at in enumerate(starts):
        after = [before + burdens[kind][index] for before, kind in zip(borne, kinds, strict=True)]
        if worst(after) < limit and not blocked[index]:
            asleep = sum(member.weight for member, kind in zip(members, kinds, strict=True) if nights[kind][index])
            found.append(BetterTime(start=at, in_night=asleep, worst=worst(after), total=total(after)))
    return tuple(sorted(found, key=lambda time: (abs(time.start - proposal.start), time.start)))
