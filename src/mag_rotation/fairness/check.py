"""What one proposed time would do: to whom, to the ledger, and which times nearby would do better.

Rule 1: the ledger before holds the plan's calls that start before the proposed instant.
Rule 2: a better time is one that leaves the worst-off with less; nothing else makes it better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mag_rotation.burden import Ledger, burden_matrix, ledger
from mag_rotation.calls import Call, Status
from mag_rotation.fairness.best import best_possible
from mag_rotation.fairness.measures import total, worst
from mag_rotation.fairness.report import Fairness, measured
from mag_rotation.fairness.verdict import Case, Thresholds, Verdict, judge
from mag_rotation.hours import Hours
from mag_rotation.night import NightReport, night_report
from mag_rotation.roster import UTC_ZONE, Attendance, Member
from mag_rotation.series import Meeting

__all__ = ["BetterTime", "Check", "check_time"]

_REACH = timedelta(hours=12)
_STEP = timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class BetterTime:
    """A start that would leave the worst-off with less; ``in_night`` counts by weight, the others are of the ledger after."""

    start: datetime
    in_night: int
    worst: int
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """The judgement of one proposed time."""

    night: NightReport
    verdict: Verdict
    why: tuple[str, ...]
    before: Fairness
    after: Fairness
    better: tuple[BetterTime, ...]


def check_time(
    start: datetime,
    minutes: int,
    *,
    calls: Sequence[Call],
    roster: Sequence[Member],
    meeting: Meeting,
    hours: Hours,
    history: Sequence[Attendance] = (),
    thresholds: Thresholds = Thresholds(),
) -> Check:
    """Judge a call of ``minutes`` at the UTC instant ``start`` against the plan's calls before it.

    ``better`` are the half hours within 12 hours, nearest first and the earlier of two first, that block nobody and
    leave the worst-off of the ledger with less than the proposed time does.
    """
    report = night_report(start=start, minutes=minutes, meeting=meeting, roster=roster, hours=hours)
    earlier = [call for call in calls if call.start < start]
    book = ledger(earlier, roster=roster, meeting=meeting, hours=hours, history=history)
    least = best_possible(book, roster=roster, meeting=meeting, hours=hours)
    proposed = Call(
        uid=f"{meeting.id}-proposed@{meeting.uid_domain}",
        date=start.date(),
        start=start,
        end=start + timedelta(minutes=minutes),
        zone=UTC_ZONE,
        title=meeting.name,
        status=Status.EXTRA,
    )
    later = ledger([proposed], roster=roster, meeting=meeting, hours=hours, before=book)
    # The proposed time is fixed as an extra's is: it counts in full in what the best rotation would put on a member.
    least_after = [best + (line.burdens[-1] or 0) for best, line in zip(least, later.lines, strict=True)]
    case = Case(
        night=report,
        before={line.member.id: line for line in book.lines},
        members={member.id: member for member in roster},
        thresholds=thresholds,
    )
    verdict, why = judge(case)
    after = measured(later, least_after, curve=hours.curve)
    return Check(
        night=report,
        verdict=verdict,
        why=why,
        before=measured(book, least, curve=hours.curve),
        after=after,
        better=tuple(_better(start, minutes, book, worst(after.burdens), roster, meeting, hours)),
    )


def _grid(start: datetime) -> list[datetime]:
    """The half hours of UTC within 12 hours of ``start``, itself left out, rising."""
    first = start - _REACH
    first += (datetime.min.replace(tzinfo=UTC) - first) % _STEP
    count = (start + _REACH - first) // _STEP + 1
    return [at for at in (first + _STEP * step for step in range(count)) if at != start]


def _better(
    start: datetime,
    minutes: int,
    book: Ledger,
    limit: int,
    roster: Sequence[Member],
    meeting: Meeting,
    hours: Hours,
) -> list[BetterTime]:
    """The times of the grid after which nobody has borne as much as ``limit``, nearest first."""
    starts = _grid(start)
    matrix = burden_matrix(starts, [minutes] * len(starts), roster=roster, meeting=meeting, hours=hours)
    burdens = matrix.by_member(matrix.burdens()).T.tolist()
    nights = matrix.by_member(matrix.night_minutes()).T.tolist()
    blocked = matrix.blocked().any(axis=0).tolist()
    borne = [line.burden for line in book.lines]
    found = []
    for at, costs, night, hit in zip(starts, burdens, nights, blocked, strict=True):
        after = [old + new for old, new in zip(borne, costs, strict=True)]
        if worst(after) < limit and not hit:
            asleep = sum(member.weight for member, count in zip(roster, night, strict=True) if count)
            found.append(BetterTime(start=at, in_night=asleep, worst=worst(after), total=total(after)))
    return sorted(found, key=lambda time: (abs(time.start - start), time.start))
