"""Whether a result depends on the burden curve: the same question under each curve of a plan.

Members with a curve of their own keep it; the others use the curve in question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from mag_rotation.fairness.shares import Fairness
from mag_rotation.hours import Hours
from mag_rotation.roster import MemberId

__all__ = ["Sensitivity", "compute_sensitivity"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sensitivity:
    """A result under another curve, compared with the first.

    ``worst_off`` are the members with the highest burden. The ranking is the same if no two members have one order
    under one curve and the opposite order under the other.
    """

    curve: str
    worst_off: tuple[MemberId, ...]
    same_worst_off: bool
    same_ranking: bool


def compute_sensitivity(answer: Fairness, under: Callable[[str], Fairness], hours: Hours) -> tuple[Sensitivity, ...]:
    """Compare a result with those under the other curves of the plan; ``under`` computes them."""
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
    """Return whether no two members are in opposite orders: sorted by both, neither burden may fall."""
    ranked = sorted((burden, other[member]) for member, burden in one.items())
    return all(before[1] <= after[1] for before, after in pairwise(ranked))
