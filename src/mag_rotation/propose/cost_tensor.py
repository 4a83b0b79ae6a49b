"""The burden and nights of every candidate at every call, computed from the members' clocks.

All numbers come from the burden matrix. They are computed for some kinds of members at a time, and only those that an
algorithm needs are kept, so that thousands of members fit into memory. Members with a role that is left out
count nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from mag_rotation.burden import Bools, BurdenMatrix, Ints, make_burden_matrix
from mag_rotation.calls import Call
from mag_rotation.propose.problem import Problem, collapse
from mag_rotation.propose.request import Request, Setting
from mag_rotation.propose.turns import Layout
from mag_rotation.roster import Member
from mag_rotation.zones import to_epoch_second

__all__ = ["CostTensor", "measure", "unconstrained_problem"]

Cells = TypeVar("Cells", Ints, Bools)

_MOST_CELLS = 2_000_000
"""How many numbers are worked out at a time."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CostTensor:
    """The costs of the calls of a layout for kinds of members.

    ``calls`` are the calls that have a choice, by date, each with the number of its turn among the layout's; ``fixed``
    are the calls that stay. ``starts`` (UTC seconds), ``minutes`` (lengths) and ``changes`` (whether a start is another
    than the plan's) are (calls, candidates). ``members`` are those who count, ``kind_of`` the kind of each, ``carried``
    what each has borne in earlier seasons, ``weight`` how many people a kind stands for.
    """

    calls: tuple[tuple[int, Call], ...]
    fixed: tuple[Call, ...]
    starts: Ints
    minutes: Ints
    changes: Bools
    members: tuple[Member, ...]
    kind_of: Ints
    carried: Ints
    weight: Ints
    _matrix: BurdenMatrix
    _places: Ints
    """The column of the matrix for every cell of (calls, candidates), and then for every fixed call."""

    @property
    def kinds(self) -> int:
        """How many kinds of members there are."""
        return len(self.weight)

    def parts(self) -> Iterator[list[int]]:
        """Yield all kinds, as many at a time as should be worked out together."""
        step = max(1, _MOST_CELLS // max(1, len(self._places)))
        for low in range(0, self.kinds, step):
            yield list(range(low, min(low + step, self.kinds)))

    def burdens(self, kinds: Sequence[int]) -> tuple[Ints, Ints]:
        """Return point-minutes of some kinds at calls with a choice, (kinds, calls, candidates), and fixed ones."""
        return self._split(self._matrix.burdens(kinds))

    def nights(self, kinds: Sequence[int]) -> tuple[Bools, Bools]:
        """Return whether some kinds are in the night at the calls with a choice, and at the fixed ones."""
        chosen, fixed = self._split(self._matrix.night_minutes(kinds))
        return chosen > 0, fixed > 0

    def blocked(self, kinds: Sequence[int]) -> Bools:
        """Return whether the calls with a choice touch the hours that some kinds have ruled out."""
        return self._split(self._matrix.blocked(kinds))[0]

    def present(self, kinds: Sequence[int]) -> Bools:
        """Return whether some kinds take part in the calls with a choice."""
        return self._split(self._matrix.present(kinds))[0]

    def _split(self, rows: Cells) -> tuple[Cells, Cells]:
        cells = self.starts.size
        rows = rows[:, self._places]
        return rows[:, :cells].reshape(len(rows), *self.starts.shape), rows[:, cells:]

    def by_turn(self, cells: Ints | Bools, turns: int) -> Ints:
        """Return sums over the calls of each turn, (kinds, turns, candidates), of cells (kinds, calls, candidates)."""
        sums = np.zeros((len(cells), turns, cells.shape[2]), dtype=np.int64)
        for index, (turn, _) in enumerate(self.calls):
            sums[:, turn] += cells[:, index]
        return sums

    def nowhere(self, bad: Bools, turns: int) -> Bools:
        """Return the candidates that are bad for no call of a turn, (turns, candidates), from calls."""
        good = np.ones((turns, bad.shape[1]), dtype=np.bool_)
        for index, (turn, _) in enumerate(self.calls):
            good[turn] &= ~bad[index]
        return good


def measure(setting: Setting, request: Request, plan: Layout) -> CostTensor:
    """Return the costs of every candidate of a layout at every call."""
    calls = sorted(
        ((turn, call) for turn, (_, members) in enumerate(plan.turns) for call in members),
        key=lambda pair: pair[1].date,
    )
    starts = [
        (plan.start(call, candidate), minutes)
        for _, call in calls
        for candidate, minutes in enumerate(plan.lengths(call))
    ]
    cells, shape = len(starts), (len(calls), len(plan.candidates))
    starts += [(call.start, call.minutes) for call in plan.fixed]
    rising = sorted(range(len(starts)), key=starts.__getitem__)
    members = request.members_counted(setting.audience.members)
    matrix = make_burden_matrix(
        [starts[index][0] for index in rising],
        [starts[index][1] for index in rising],
        setting.audience.with_members(members),
    )
    places = np.empty(len(rising), dtype=np.int64)
    places[rising] = np.arange(len(rising))
    seconds = np.array([to_epoch_second(start) for start, _ in starts[:cells]], dtype=np.int64).reshape(shape)
    present = {call.uid: to_epoch_second(call.start) for call in setting.calls}
    kind_of = matrix.class_of
    return CostTensor(
        calls=tuple(calls),
        fixed=plan.fixed,
        starts=seconds,
        minutes=np.array([minutes for _, minutes in starts[:cells]], dtype=np.int64).reshape(shape),
        changes=seconds != np.array([present[call.uid] for _, call in calls], dtype=np.int64).reshape(-1, 1),
        members=members,
        kind_of=kind_of,
        carried=np.array([setting.carried.get(member.id, 0) for member in members], dtype=np.int64),
        weight=np.bincount(kind_of, [member.weight for member in members]).astype(np.int64),
        _matrix=matrix,
        _places=places,
    )


def unconstrained_problem(found: CostTensor, request: Request, turns: int) -> tuple[Problem, Ints]:
    """Return the problem without any constraint, and the class of each member who counts."""
    # members of one kind who carry different burdens are kinds of their own
    (kinds, carried), mine, sizes = _distinct(np.stack([found.kind_of, found.carried], axis=1))
    candidates = found.starts.shape[1]

    def parts() -> Iterator[tuple[Ints, Ints]]:
        step = max(1, _MOST_CELLS // max(1, found.starts.size))
        for low in range(0, len(kinds), step):
            part = slice(low, low + step)
            chosen, fixed = found.burdens(kinds[part].tolist())
            yield found.by_turn(chosen, turns), fixed.sum(axis=1, dtype=np.int64) + carried[part]

    classes = collapse(parts(), sizes, turns=turns, candidates=candidates)
    class_of: Ints = classes.class_of[mine]
    return Problem(
        costs=classes.costs,
        base=classes.base,
        sizes=classes.sizes,
        allowed=np.ones((turns, candidates), dtype=np.bool_),
        changes=found.by_turn(found.changes[None], turns)[0],
        rows=np.zeros((turns, 0, candidates), dtype=np.int64),
        row_base=np.zeros(0, dtype=np.int64),
        row_limits=np.zeros(0, dtype=np.int64),
        groups=_groups(found.members, class_of, len(classes.sizes), request.group),
        unit=classes.unit,
    ), class_of


def _distinct(pairs: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the distinct rows as columns in order of appearance, the index of each row, and their counts."""
    _, firsts, inverse, sizes = np.unique(pairs, axis=0, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(firsts)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return pairs[firsts[order]].T, place[inverse.reshape(-1)], sizes[order]


def _groups(members: Sequence[Member], class_of: Ints, classes: int, name: str | None) -> Bools:
    """Return which classes have a member in each value of a group, (values, classes)."""
    values = sorted({member.groups[name] for member in members if name in member.groups}) if name is not None else []
    found = np.zeros((len(values), classes), dtype=np.bool_)
    for member, mine in zip(members, class_of.tolist(), strict=True):
        if name is not None and name in member.groups:
            found[values.index(member.groups[name]), mine] = True
    return found
