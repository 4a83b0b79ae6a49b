"""The fairness of a ledger: its measures, and each member's share and regret.

All members count alike in measures; weights only affect counts. Members without a call or a duty are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from mag_rotation.audience import Audience
from mag_rotation.burden import Charge, Ledger, LedgerLine, make_ledger
from mag_rotation.calls import Call
from mag_rotation.fairness.best import compute_best_possible
from mag_rotation.fairness.measures import gini, jain, mean, spread, total, worst
from mag_rotation.roster import Attendance, MemberId
from mag_rotation.values import Rows, freeze

__all__ = ["Fairness", "GroupShare", "MemberShare", "measure_fairness"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberShare:
    """The burden of one member in point-minutes, and the least that any rotation could have given them.

    ``blocked_calls`` is the number of calls that touch hours which the member cannot attend. ``duties`` is the number
    of duties in sessions that count beside the calls, 0 where they were not asked for.
    """

    id: MemberId
    name: str
    burden: int
    attended_burden: int | None
    calls: int
    night_calls: int
    longest_night_streak: int
    best_possible: int
    blocked_calls: int = 0
    duties: int = field(default=0, repr=False)

    @property
    def regret(self) -> int:
        """The burden above the least that a rotation of the same length could have given the member."""
        return self.burden - self.best_possible

    @property
    def burden_per_call(self) -> float:
        """The burden divided by the number of the member's calls and duties, which is at least one."""
        return self.burden / (self.calls + self.duties)


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupShare:
    """The burdens of the members of one group; ``members`` counts by weight, the rest treats all alike."""

    members: int
    worst: int
    mean: float
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fairness(Rows[MemberShare]):
    """The measures of a ledger under one curve; ``members`` are sorted by burden, highest first, then by id."""

    calls: int
    curve: str
    members: tuple[MemberShare, ...]
    by_group: Mapping[str, Mapping[str, GroupShare]]
    _shown: ClassVar[tuple[str, ...]] = (
        "id", "name", "burden", "attended_burden", "calls", "night_calls", "longest_night_streak", "best_possible",
        "regret", "blocked_calls",
    )  # fmt: skip

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_group", freeze(self.by_group))

    @property
    def burdens(self) -> tuple[int, ...]:
        """The burdens from the highest down."""
        return tuple(member.burden for member in self.members)

    @property
    def worst(self) -> int:
        """The highest burden, in point-minutes."""
        return worst(self.burdens)

    @property
    def total(self) -> int:
        """The sum of all burdens, in point-minutes."""
        return total(self.burdens)

    @property
    def mean(self) -> float:
        """The mean burden, in point-minutes."""
        return mean(self.burdens)

    @property
    def spread(self) -> int:
        """The highest burden less the lowest."""
        return spread(self.burdens)

    @property
    def gini(self) -> float:
        """The Gini coefficient of the burdens, 0 if all are equal."""
        return gini(self.burdens)

    @property
    def jain(self) -> float:
        """Jain's index of the burdens, 1 if all are equal."""
        return jain(self.burdens)


def measure_fairness(
    calls: Iterable[Call],
    audience: Audience,
    *,
    history: Iterable[Attendance] = (),
    charges: Iterable[Charge] = (),
) -> Fairness:
    """Return the fairness of the held calls, and of duties in sessions as the ``charges`` beside them."""
    book = make_ledger(calls, audience, history=history, charges=charges)
    return measure_ledger(book, compute_best_possible(book, audience), curve=audience.hours.curve)


def measure_ledger(book: Ledger, least: Sequence[int], *, curve: str) -> Fairness:
    """Return the fairness of a ledger; ``least`` has the best possible burden of each of its lines."""
    pairs = [(line, best) for line, best in zip(book.lines, least, strict=True) if line.calls or line.duties]
    pairs.sort(key=lambda pair: (-pair[0].burden, pair[0].member.id))
    by_group: dict[str, dict[str, list[LedgerLine]]] = defaultdict(lambda: defaultdict(list))
    for line, _ in pairs:
        for name, value in line.member.groups.items():
            by_group[name][value].append(line)
    return Fairness(
        calls=len(book.calls),
        curve=curve,
        members=tuple(_make_share(line, best) for line, best in pairs),
        by_group={
            name: {value: _make_group_share(lines) for value, lines in sorted(values.items())}
            for name, values in sorted(by_group.items())
        },
    )


def _make_share(line: LedgerLine, best: int) -> MemberShare:
    return MemberShare(
        id=line.member.id,
        name=line.member.display_name,
        burden=line.burden,
        attended_burden=line.attended_burden,
        calls=line.calls,
        night_calls=line.night_calls,
        longest_night_streak=line.longest_streak,
        best_possible=best,
        blocked_calls=line.blocked_calls,
        duties=line.duties,
    )


def _make_group_share(lines: Sequence[LedgerLine]) -> GroupShare:
    burdens = [line.burden for line in lines]
    return GroupShare(
        members=sum(line.member.weight for line in lines),
        worst=worst(burdens),
        mean=mean(burdens),
        total=total(burdens),
    )
