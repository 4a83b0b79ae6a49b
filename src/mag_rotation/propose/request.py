"""The request for a rotation, and the part of a plan that it depends on.

A request holds everything that an answer depends on except the plan, and nothing about how it is found. A request
that contradicts itself is refused here, with all its mistakes; the search reports constraints that clash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from mag_rotation.audience import Audience
from mag_rotation.calls import Call
from mag_rotation.errors import InvalidRequest, Mistake
from mag_rotation.fairness import Thresholds
from mag_rotation.hours import DAY, Window
from mag_rotation.places import zone_name
from mag_rotation.roster import UTC_ZONE, Member, MemberId, ZoneName
from mag_rotation.series import Meeting, Series, Weekday
from mag_rotation.values import FactCode, Figure, FrozenDict, freeze

__all__ = ["MOST_FREE", "ConstraintCode", "Objective", "Request", "Setting"]

MOST_FREE = 400
"""The most calls that a free schedule is worked out for."""

_MOST = 10**15
"""The largest number that a constraint may have: far above every burden, and well within 64 bits."""


class Objective(StrEnum):
    """What the answer is the best of."""

    LEXIMIN = "leximin"
    """The worst-off are spared first, then the next, and so on."""
    BALANCED = "balanced"
    """The least total among those whose worst is near the least possible."""
    TOTAL = "total"
    """The least total."""


class ConstraintCode(FactCode):
    """The kind of a constraint: the name of its field in a request, or the members' own hours.

    A fact with such a code is a constraint. Its figure has the name of the code, and ``windows`` and ``utc_windows``
    have the ``zone`` beside it; ``never`` has the ``members`` who cannot attend.
    """

    NEVER = "never"
    WINDOWS = "windows"
    UTC_WINDOWS = "utc_windows"
    QUORUM = "quorum"
    AWAKE = "awake"
    MOST_NIGHTS = "most_nights"
    NO_NIGHT_TWICE = "no_night_twice"
    GAP = "gap"
    DISTINCT = "distinct"
    CAP = "cap"
    STAY = "stay"
    KEEP = "keep"


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """Everything of a plan that a rotation depends on; ``calls`` are those of the current series.

    ``carried`` is what earlier seasons have put on members, in point-minutes; it counts in every burden of a rotation.
    ``thresholds`` decide the verdict on a time.
    """

    series: Series
    calls: Sequence[Call]
    audience: Audience
    carried: Mapping[MemberId, int] = field(default_factory=FrozenDict)
    thresholds: Thresholds = field(default_factory=Thresholds)

    def __post_init__(self) -> None:
        object.__setattr__(self, "carried", freeze(self.carried))

    @property
    def meeting(self) -> Meeting:
        """What all calls share."""
        return self.series.meeting

    def under(self, curve: str | None) -> Setting:
        """Return this with another curve for members who have none; raises :class:`InvalidHours` if it is unknown."""
        return self if curve is None else replace(self, audience=self.audience.with_curve(curve))


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What is asked of a rotation.

    ``slots`` is how many it has; None asks for a free schedule, a slot for each call. ``grid`` (minutes) and ``zone``
    say where slots may start, ``weekdays`` on which days of the rule date's ISO week; none is the rule date itself.
    Calls before ``first`` are history and count as they were; the first ``keep`` held calls from there on stay.
    ``curve`` is read instead of the plan's for members who have none of their own.
    ``tolerance``, in percent, goes with :attr:`Objective.BALANCED`. ``group`` is the second criterion; members with a
    role of ``left_out`` do not count at all.

    The rest are constraints. A call has to lie within one of the ``windows`` (local hours of ``zone``) and within one
    of the ``utc_windows``, where there are any. ``quorum`` members, seats by weight, have to be out of the night at
    every call, and so has everybody whose id or role is in ``awake``. ``most_nights`` is the most calls in the night
    for anybody over all calls, ``no_night_twice`` forbids two running, in the order of their dates. Slots that follow
    each other differ by ``gap`` minutes on the clock or more; with ``distinct`` no two are the same. ``cap`` is the
    most point-minutes for anybody. ``stay`` names slots of the present rotation, by label or number, that have to be in
    it.
    """

    slots: int | None
    grid: int = 30
    zone: ZoneName = UTC_ZONE
    weekdays: tuple[Weekday, ...] = ()
    first: date | None = None
    keep: int = 0
    objective: Objective = Objective.LEXIMIN
    tolerance: int = 10
    group: str | None = None
    left_out: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    utc_windows: tuple[Window, ...] = ()
    quorum: int | None = None
    awake: tuple[str, ...] = ()
    most_nights: int | None = None
    no_night_twice: bool = False
    gap: int | None = None
    distinct: bool = False
    cap: int | None = None
    stay: tuple[str | int, ...] = ()
    curve: str | None = None

    def __post_init__(self) -> None:
        zone_name(self.zone)
        rules = (
            (
                self.slots is None or 1 <= self.slots <= MOST_FREE,
                "slots",
                f"{self.slots}; a rotation has 1 to {MOST_FREE}",
            ),
            (
                self.grid > 0 and DAY % self.grid == 0,
                "grid",
                f"{self.grid} minutes; give a part of a day, such as 30min",
            ),
            (0 <= self.keep <= _MOST, "keep", f"{self.keep}; give 0 calls or more"),
            (0 <= self.tolerance <= 1000, "tolerance", f"{self.tolerance}; give 0 to 1000 percent"),
            (self.quorum is None or 0 < self.quorum <= _MOST, "quorum", f"{self.quorum}; give 1 member or more"),
            (
                self.most_nights is None or 0 <= self.most_nights <= _MOST,
                "most-nights",
                f"{self.most_nights}; give 0 or more",
            ),
            (self.gap is None or 0 < self.gap <= DAY // 2, "gap", f"{self.gap} minutes; give more than 0, up to 12h"),
            (self.cap is None or 0 <= self.cap <= _MOST, "cap", f"{self.cap}; give 0 to {_MOST} point-minutes"),
        )
        broken = [Mistake(place=place, problem=f"found {problem}") for holds, place, problem in rules if not holds]
        if broken:
            raise InvalidRequest(broken)

    @property
    def figures(self) -> dict[str, Figure]:
        """Everything that is asked, by the keys of the command line; windows and weekdays as texts."""
        return {
            "slots": self.slots,
            "grid": self.grid,
            "zone": self.zone,
            "weekdays": tuple(day.name for day in self.weekdays),
            "from": self.first,
            "keep": self.keep,
            "objective": self.objective,
            "tolerance": self.tolerance,
            "group": self.group,
            "left_out": self.left_out,
            "windows": tuple(map(str, self.windows)),
            "utc_windows": tuple(map(str, self.utc_windows)),
            "quorum": self.quorum,
            "awake": self.awake,
            "most_nights": self.most_nights,
            "no_night_twice": self.no_night_twice,
            "gap": self.gap,
            "distinct": self.distinct,
            "cap": self.cap,
            "stay": self.stay,
            "curve": self.curve,
        }

    def members_counted(self, roster: Iterable[Member]) -> tuple[Member, ...]:
        """Return the members who count: those without a role that is left out."""
        return tuple(member for member in roster if not set(member.roles) & set(self.left_out))
