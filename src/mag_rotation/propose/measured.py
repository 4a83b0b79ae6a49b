"""What every candidate would do at every call, worked out once from the members' clocks.

Rule 1: all numbers come from the burden matrix; nothing is asked of it twice.
Rule 2: members with a role that is left out count nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np

from mag_rotation.burden import Bools, Ints, make_burden_matrix
from mag_rotation.calls import Call
from mag_rotation.propose.problem import Problem, collapsed
from mag_rotation.propose.request import Request, Setting
from mag_rotation.propose.turns import Layout
from mag_rotation.roster import Member
from mag_rotation.zones import to_epoch_second

__all__ = ["Measured", "measured", "unlimited"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Measured:
    """What the calls of a layout would do to kinds of members.

    ``calls`` are the calls that have a choice, by date, each with the number of its turn among the layout's.
    ``burdens``, ``nights``, ``blocked`` and ``present`` are (kinds, calls, candidates). ``starts`` (UTC seconds),
    ``minutes`` (lengths) and ``changes`` (whether a start is another than the plan's) are (calls, candidates). The
    fixed calls stand by date in ``fixed_nights`` (kinds, calls) and all together in ``fixed_burdens`` (kinds).
    ``members`` are those who count, ``kind_of`` the kind of each, ``carried`` what each has borne in earlier seasons,
    ``weight`` how many people a kind stands for.
    """

    calls: tuple[tuple[int, Call], ...]
    fixed: tuple[Call, ...]
    burdens: Ints
    nights: Bools
    blocked: Bools
    present: Bools
    starts: Ints
    minutes: Ints
    changes: Bools
    fixed_burdens: Ints
    fixed_nights: Bools
    members: tuple[Member, ...]
    kind_of: Ints
    carried: Ints
    weight: Ints

    def by_turn(self, cells: Ints, turns: int) -> Ints:
        """Sums over the calls of each turn of cells that are (kinds, calls, candidates): (kinds, turns, candidates)."""
        sums = np.zeros((len(cells), turns, cells.shape[2]), dtype=np.int64)
        for index, (turn, _) in enumerate(self.calls):
            sums[:, turn] += cells[:, index]
        return sums

    def nowhere(self, bad: Bools, turns: int) -> Bools:
        """The candidates that no call of a turn finds bad, (turns, candidates), from cells (calls, candidates)."""
        good = np.ones((turns, bad.shape[1]), dtype=np.bool_)
        for index, (turn, _) in enumerate(self.calls):
            good[turn] &= ~bad[index]
        return good


def measured(setting: Setting, request: Request, plan: Layout) -> Measured:
    """What every candidate of a layout would do at every call of it."""
    calls = sorted(
        ((turn, call) for turn, (_, members) in enumerate(plan.turns) for call in members),
        key=lambda pair: pair[1].date,
    )
    many = len(plan.candidates)
    starts = [
        (plan.start(call, candidate), minutes)
        for _, call in calls
        for candidate, minutes in enumerate(plan.lengths(call))
    ]
    starts += [(call.start, call.minutes) for call in plan.fixed]
    rising = sorted(range(len(starts)), key=starts.__getitem__)
    members = request.counted(setting.audience.members)
    matrix = make_burden_matrix(
        [starts[index][0] for index in rising],
        [starts[index][1] for index in rising],
        setting.audience.with_members(members),
    )
    back = np.empty(len(rising), dtype=np.int64)
    back[rising] = np.arange(len(rising))
    cells = slice(0, len(calls) * many)
    burdens, nights = matrix.burdens()[:, back], matrix.night_minutes()[:, back] > 0
    shape = len(burdens), len(calls), many
    seconds = np.array([to_epoch_second(start) for start, _ in starts[cells]], dtype=np.int64).reshape(len(calls), many)
    present = {call.uid: to_epoch_second(call.start) for call in setting.calls}
    kind_of = matrix.class_of
    return Measured(
        calls=tuple(calls),
        fixed=plan.fixed,
        burdens=burdens[:, cells].reshape(shape),
        nights=nights[:, cells].reshape(shape),
        blocked=matrix.blocked()[:, back[cells]].reshape(shape),
        present=matrix.present()[:, back[cells]].reshape(shape),
        starts=seconds,
        minutes=np.array([minutes for _, minutes in starts[cells]], dtype=np.int64).reshape(len(calls), many),
        changes=seconds != np.array([present[call.uid] for _, call in calls], dtype=np.int64).reshape(-1, 1),
        fixed_burdens=burdens[:, cells.stop :].sum(axis=1, dtype=np.int64),
        fixed_nights=nights[:, cells.stop :],
        members=members,
        kind_of=kind_of,
        carried=np.array([setting.carried.get(member.id, 0) for member in members], dtype=np.int64),
        weight=np.bincount(kind_of, [member.weight for member in members], len(burdens)).astype(np.int64),
    )


def unlimited(found: Measured, request: Request, turns: int) -> tuple[Problem, Ints]:
    """The problem without any constraint, and the class of each member who counts."""
    # members of one kind who carry different burdens are kinds of their own
    (kinds, carried), mine, sizes = _distinct(np.stack([found.kind_of, found.carried], axis=1))
    costs, base = found.by_turn(found.burdens, turns)[kinds], found.fixed_burdens[kinds] + carried
    unit = gcd(int(np.gcd.reduce(costs, axis=None)), int(np.gcd.reduce(base, axis=None, initial=0))) or 1
    by_turn, class_base, sizes, class_of_pair = collapsed(costs // unit, base // unit, sizes)
    class_of: Ints = class_of_pair[mine]
    candidates = costs.shape[2]
    changes = found.by_turn(found.changes[None].astype(np.int64), turns)[0]
    return Problem(
        costs=by_turn,
        base=class_base,
        sizes=sizes,
        allowed=np.ones((turns, candidates), dtype=np.bool_),
        changes=changes,
        rows=np.zeros((turns, 0, candidates), dtype=np.int64),
        row_base=np.zeros(0, dtype=np.int64),
        row_limits=np.zeros(0, dtype=np.int64),
        groups=_groups(found.members, class_of, len(sizes), request.group),
        unit=unit,
    ), class_of


def _distinct(pairs: Ints) -> tuple[Ints, Ints, Ints]:
    """The different rows as columns, by their first place, the number of each row among them, and how often each is."""
    _, firsts, inverse, sizes = np.unique(pairs, axis=0, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(firsts)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return pairs[firsts[order]].T, place[inverse.reshape(-1)], sizes[order]


def _groups(members: Sequence[Member], class_of: Ints, classes: int, name: str | None) -> Bools:
    """Which classes have a member in each value of a group, (values, classes)."""
    values = sorted({member.groups[name] for member in members if name in member.groups}) if name is not None else []
    found = np.zeros((len(values), classes), dtype=np.bool_)
    for member, mine in zip(members, class_of.tolist(), strict=True):
        if name is not None and name in member.groups:
            found[values.index(member.groups[name]), mine] = True
    return found
