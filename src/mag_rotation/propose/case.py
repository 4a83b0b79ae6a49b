"""A request of a plan as a case: the plan taken apart, measured, and put as a problem with its constraints.

Rule 1: a case knows no algorithm; it is what all of them, and whoever checks them, start from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mag_rotation.burden import Bools, Ints
from mag_rotation.propose.limits import Limit, limited, limits
from mag_rotation.propose.measured import Measured, measured, unlimited
from mag_rotation.propose.problem import Problem
from mag_rotation.propose.request import Request, Setting
from mag_rotation.propose.turns import Layout, layout
from mag_rotation.roster import MemberId
from mag_rotation.values import freeze

__all__ = ["Case", "Certificate"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """Integer weights of members, and the sum over turns of the least weighted cost of any allowed slot.

    The worst of any rotation is at least its weighted mean burden, and so at least ``value / scale``; ``scale`` is the
    sum of the weights. ``value`` holds what history and calls that stay put on those members.
    """

    weights: Mapping[MemberId, int]
    value: int
    scale: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", freeze(self.weights))

    @property
    def least(self) -> int:
        """The point-minutes below which no worst burden can be."""
        return -(-self.value // self.scale) if self.scale else 0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Case:
    """``bare`` is the problem without constraints, ``problem`` with all of them; ``class_of`` is by member."""

    layout: Layout
    found: Measured
    bare: Problem
    limits: tuple[Limit, ...]
    problem: Problem
    class_of: Ints

    @classmethod
    def of(cls, setting: Setting, request: Request) -> Case:
        """The case of a request; raises :class:`InvalidRequest` where plan and request do not fit."""
        return cls.of_layout(setting, request, layout(setting, request))

    @classmethod
    def of_layout(cls, setting: Setting, request: Request, plan: Layout) -> Case:
        """The case of a plan that is already taken apart."""
        found = measured(setting, request, plan)
        bare, class_of = unlimited(found, request, len(plan.turns))
        constraints = limits(setting, request, plan, found)
        return cls(
            layout=plan,
            found=found,
            bare=bare,
            limits=constraints,
            problem=limited(bare, constraints),
            class_of=class_of,
        )

    def certificate(self, weights: Mapping[MemberId, int]) -> Certificate:
        """What weights of members prove; members who do not count prove nothing."""
        found = self.found
        cells = found.by_turn(found.burdens, len(self.layout.turns))
        costs = np.zeros(cells.shape[1:], dtype=np.object_)  # whole numbers of any length: weights may be large
        value = 0
        for member, kind, carried in zip(found.members, found.kind_of.tolist(), found.carried.tolist(), strict=True):
            weight = weights.get(member.id, 0)
            if weight:
                costs += weight * cells[kind].astype(np.object_)
                value += weight * (int(found.fixed_burdens[kind]) + carried)
        for choices, allowed in zip(costs, self.allowed, strict=True):
            value += min(choices[allowed].tolist(), default=0)
        return Certificate(weights=dict(weights), value=value, scale=sum(weights.values()))

    @property
    def allowed(self) -> Bools:
        """The candidates that each turn may take by itself, (turns, candidates)."""
        return self.problem.allowed
