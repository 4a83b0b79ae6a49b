"""Does an answer survive another curve? The same question under each curve of a plan.

Rule 1: a curve is a policy; an answer that turns with it is told so.
Rule 2: members who have chosen a curve keep it; the others are read by the curve asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from mag_rotation.fairness.report import Fairness
from mag_rotation.hours import Hours
from mag_rotation.roster import MemberId

__all__ = ["Sensitivity", "compute_sensitivity"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sensitivity:
    """What is left of an answer under another curve.

    ``worst_off`` are those who bear the most under it. The ranking is the same when no two members are put in one order
    by one curve and in the other order by the other.
    """

    curve: str
    worst_off: tuple[MemberId, ...]
    same_worst_off: bool
    same_ranking: bool


def compute_sensitivity(answer: Fairness, under: Callable[[str], Fairness], hours: Hours) -> tuple[Sensitivity, ...]:
    """The answer compared with the same one under each other curve of the plan; ``under`` gives it."""
    first = _list_worst_off(answer)
    others = []
    for curve in hours.curves:
        if curve == answer.curve:
            continue
        other = under(curve)
        worst_off = _list_worst_off(other)
        others.append(
            Sensitivity(
                curve=curve,
                worst_off=worst_off,
                same_worst_off=set(worst_off) == set(first),
                same_ranking=_has_same_ranking(_burdens_by_member(answer), _burdens_by_member(other)),
            )
        )
    return tuple(others)


def _list_worst_off(answer: Fairness) -> tuple[MemberId, ...]:
    most = max(answer.burdens, default=0)
    return tuple(member.id for member in answer.members if member.burden == most)


def _burdens_by_member(answer: Fairness) -> dict[MemberId, int]:
    return {member.id: member.burden for member in answer.members}


def _has_same_ranking(one: Mapping[MemberId, int], other: Mapping[MemberId, int]) -> bool:
    """Whether no two members stand in opposite orders; in the order of both, neither may fall."""
    ranked = sorted((burden, other[member]) for member, burden in one.items())
    return all(before[1] <= after[1] for before, after in pairwise(ranked))
