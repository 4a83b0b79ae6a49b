"""A request of a plan as a case: the layout of the plan, its costs, and the problem with its constraints.

A case knows no algorithm; all algorithms, and the judge, start from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mag_rotation.burden import Bools, Ints
from mag_rotation.hours import DAY, minute_of_day
from mag_rotation.propose.constraints import ConstraintArrays, make_constraints, with_constraints
from mag_rotation.propose.cost_tensor import CostTensor, measure, unconstrained_problem
from mag_rotation.propose.problem import Problem
from mag_rotation.propose.request import Request, Setting
from mag_rotation.propose.turns import Layout, layout, multiples
from mag_rotation.roster import MemberId
from mag_rotation.series import Slot
from mag_rotation.values import freeze

__all__ = ["Case", "Certificate"]

_MOST_CELLS = 48_000_000
"""How many costs a problem may hold: 100 to 200 MB of them, depending on how large they are."""


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
        """The lower bound on the worst burden, in point-minutes."""
        return -(-self.value // self.scale) if self.scale else 0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Case:
    """``bare`` is the problem without constraints, ``problem`` with all of them; ``class_of`` is by member.

    ``grid`` is how many minutes the starts are apart: those of the request, or more where the costs of so many starts
    would not fit into memory.
    """

    layout: Layout
    found: CostTensor
    bare: Problem
    limits: tuple[ConstraintArrays, ...]
    problem: Problem
    class_of: Ints
    grid: int

    @classmethod
    def of(cls, setting: Setting, request: Request, list_slots: Callable[[int], Sequence[Slot]] | None = None) -> Case:
        """Return the case of a request; raises :class:`InvalidRequest` if plan and request do not fit.

        ``list_slots`` gives other candidates than those of the grid, for a grid in minutes.
        """
        for grid in multiples(request.grid):
            slots = None if list_slots is None else list_slots(grid)
            plan = layout(setting, replace(request, grid=grid), slots)
            found = measure(setting, request, plan)
            if found.kinds * len(plan.turns) * len(plan.candidates) <= _MOST_CELLS:
                break
        return cls._make_case(setting, request, plan, found, grid)

    @classmethod
    def of_layout(cls, setting: Setting, request: Request, plan: Layout) -> Case:
        """Return the case of a plan that is already taken apart."""
        return cls._make_case(setting, request, plan, measure(setting, request, plan), request.grid)

    @classmethod
    def _make_case(cls, setting: Setting, request: Request, plan: Layout, found: CostTensor, grid: int) -> Case:
        bare, class_of = unconstrained_problem(found, request, len(plan.turns))
        constraints = make_constraints(setting, request, plan, found)
        return cls(
            layout=plan,
            found=found,
            bare=bare,
            limits=constraints,
            problem=with_constraints(bare, constraints),
            class_of=class_of,
            grid=grid,
        )

    @property
    def grids(self) -> tuple[tuple[int, ...], ...]:
        """The candidates of every coarser grid that is part of this one, and all candidates last.

        They come in the order in which they are searched: first those of the grid with half as many starts in its
        order, so that its search is the beginning of this one. Slots that have to stay are in all of them.
        """
        slots, places = self.layout.candidates, range(len(self.layout.candidates))
        of_plan = {place for place in places if place >= self.layout.on_grid}

        def is_on(place: int, grid: int) -> bool:
            return minute_of_day(slots[place].at) % grid == 0 or place in of_plan or place in self.layout.stays

        return tuple(tuple(place for place in places if is_on(place, grid)) for grid in _order_grids(self.grid))

    def certificate(self, weights: Mapping[MemberId, int]) -> Certificate:
        """Return the certificate of weights by member; weights of members who do not count are ignored."""
        problem = self.problem
        by_class: dict[int, int] = {}
        for member, mine in zip(self.found.members, self.class_of.tolist(), strict=True):
            by_class[mine] = by_class.get(mine, 0) + weights.get(member.id, 0)
        costs = np.zeros(problem.allowed.shape, dtype=np.object_)  # whole numbers of any length: weights may be large
        value = 0
        for mine, weight in by_class.items():
            if weight:
                costs += weight * problem.costs[:, mine].astype(np.object_)
                value += weight * int(problem.base[mine])
        for choices, allowed in zip(costs, self.allowed, strict=True):
            value += min(choices[allowed].tolist(), default=0)
        return Certificate(weights=dict(weights), value=value * problem.unit, scale=sum(weights.values()))

    @property
    def allowed(self) -> Bools:
        """The candidates that each turn may take by itself, (turns, candidates)."""
        return self.problem.allowed


def _order_grids(grid: int) -> list[int]:
    """Return the coarser grids of a grid, in minutes, in the order of the search, and the grid itself last.

    >>> _order_grids(180)
    [1440, 720, 360, 180]
    """
    before = _order_grids(2 * grid) if DAY % (2 * grid) == 0 else []
    return [*before, *(other for other in reversed(multiples(grid)) if other not in {*before, grid}), grid]
