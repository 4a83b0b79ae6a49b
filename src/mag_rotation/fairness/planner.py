"""The meeting planner: every start of a day against every member, with the figures by which starts are compared.

With the calls of a plan, the ledger before each start counts, as in ``check``; without a plan each start counts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar

from mag_rotation.calls import Call
from mag_rotation.choice import CandidateTime, Figures
from mag_rotation.errors import InvalidValue
from mag_rotation.fairness.check import TimeProposal, judge_times
from mag_rotation.fairness.verdict import Verdict
from mag_rotation.hours import Hours
from mag_rotation.night import NightReport, make_audience
from mag_rotation.places import zone_name
from mag_rotation.roster import UTC_ZONE, Member, MemberId, ZoneName
from mag_rotation.values import Rows
from mag_rotation.zones import LocalTime, list_starts, make_offset_table, to_epoch_second, to_local

__all__ = ["STEP", "ClockChange", "PlannerDay", "PlannerStart", "plan_day", "plan_starts"]

STEP = 30
"""Minutes between two starts, if not given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannerStart(CandidateTime):
    """A start of a day.

    ``local_start`` is by the clock of the day. ``members`` are the ids of those who take part. ``dominated`` says that
    another start of the day, one that blocks nobody, is worse in no figure and better in one.
    """

    night: NightReport = field(repr=False)
    local_start: LocalTime
    figures: Figures = field(repr=False)
    verdict: Verdict
    dominated: bool

    @property
    def id(self) -> str:
        """The start in UTC, such as 2026-11-03T14:00Z."""
        return f"{self.start:%Y-%m-%dT%H:%MZ}"

    @property
    def start(self) -> datetime:
        """The start, in UTC."""
        return self.night.start

    @property
    def blocked(self) -> tuple[MemberId, ...]:
        """The members whose ``never`` hours it touches."""
        return self.night.blocked

    @property
    def is_recommended(self) -> bool:
        """Whether it blocks nobody and nothing dominates it."""
        return not self.dominated and not self.blocked


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockChange:
    """A clock change during the starts of a day: ``before`` and ``after`` are offsets from UTC in seconds."""

    instant: datetime
    before: int
    after: int
    zones: tuple[ZoneName, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannerDay(Rows[PlannerStart]):
    """The starts of a civil day of ``zone``, rising; ``minutes`` is how long the call would last.

    ``clock_changes`` are those of the zones of the members and of the day, from the first start to the end of the last.
    ``beside`` are the held calls of a plan from the first start on, before the last: the later starts count them.
    """

    date: date
    zone: ZoneName
    minutes: int
    starts: tuple[PlannerStart, ...]
    roster: tuple[Member, ...] = field(repr=False)
    clock_changes: tuple[ClockChange, ...] = ()
    beside: tuple[Call, ...] = ()
    _shown: ClassVar[tuple[str, ...]] = (
        "start", "local_start", "in_night", "worst", "total", "verdict", "blocked", "dominated",
    )  # fmt: skip

    @property
    def rows(self) -> tuple[PlannerStart, ...]:
        """The starts."""
        return self.starts

    @property
    def recommended(self) -> tuple[PlannerStart, ...]:
        """The starts that block nobody and that nothing dominates."""
        return tuple(start for start in self.starts if start.is_recommended)


def plan_starts(proposal: TimeProposal, day: date, *, zone: str = UTC_ZONE, step: int = STEP) -> PlannerDay:
    """Return every start of a day, ``step`` minutes apart, judged as the proposed time would be.

    The day is a civil day of ``zone``: with a clock change it has more starts or fewer. The start of ``proposal`` has
    no meaning. Raises :class:`InvalidValue` for a day that the zone does not have, and for a step that is no part of a
    day or shorter than 5 minutes.
    """
    place = zone_name(zone)
    starts = list_starts(day, zone=place, step=step)
    if not starts:
        raise InvalidValue(f"found {day}, a day that {zone} does not have; give another")
    judged = judge_times(proposal, [(start, proposal.minutes) for start in starts])
    free = [time.figures for time in judged if not time.night.blocked]
    return PlannerDay(
        date=day,
        zone=place,
        minutes=proposal.minutes,
        starts=tuple(
            PlannerStart(
                night=time.night,
                local_start=to_local(time.start, place),
                figures=time.figures,
                verdict=time.verdict,
                # a start that blocks somebody is no choice, so it dominates nothing
                dominated=any(other.dominates(time.figures) for other in free),
            )
            for time in judged
        ),
        roster=proposal.audience.members,
        clock_changes=_find_clock_changes(
            {place, *(zone for member in proposal.audience.members for zone in member.zones)},
            starts[0],
            starts[-1] + timedelta(minutes=proposal.minutes),
        ),
        beside=tuple(call for call in proposal.others if call.is_held and starts[0] <= call.start < starts[-1]),
    )


def _find_clock_changes(zones: Iterable[ZoneName], first: datetime, last: datetime) -> tuple[ClockChange, ...]:
    """Return the clock changes after an instant and before another, equal ones of several zones once."""
    found: dict[tuple[int, int, int], list[ZoneName]] = {}
    for zone in sorted(zones):
        table = make_offset_table(zone, to_epoch_second(first), to_epoch_second(last) - 1)
        for second, before, after in zip(table.instants[1:], table.offsets, table.offsets[1:], strict=False):
            found.setdefault((second, before, after), []).append(zone)
    return tuple(
        ClockChange(instant=datetime.fromtimestamp(second, tz=UTC), before=before, after=after, zones=tuple(places))
        for (second, before, after), places in sorted(found.items())
    )


def plan_day(
    day: date,
    *,
    members: Mapping[str, str] | Iterable[Member],
    minutes: int = 60,
    zone: str = UTC_ZONE,
    step: int = STEP,
    hours: Hours | None = None,
) -> PlannerDay:
    """Return every start of a day against every member, without a plan.

    ``members`` are values, or zone names by member id. Raises :class:`UnknownZone` for a wrong zone, and what
    :func:`plan_starts` raises.

    >>> found = plan_day(date(2026, 11, 3), members={"ann": "Europe/Zurich", "bo": "Asia/Tokyo"})
    >>> [f"{start.start:%H:%M}" for start in found.recommended]
    ['07:30']
    """
    audience = make_audience(members, hours=hours)
    start = datetime.combine(day, time(), tzinfo=UTC)
    return plan_starts(
        TimeProposal(start=start, minutes=minutes, calls=(), audience=audience), day, zone=zone, step=step
    )
