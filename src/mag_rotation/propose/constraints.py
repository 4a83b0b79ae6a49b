"""Constraints in numbers: each one can be put in, left out, priced and named.

A constraint knows only itself; a problem with any set of them is the problem with each of them put in. Nights and hours
are those of all members who count; a call that touches ``never`` hours is forbidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from types import MappingProxyType

import numpy as np

from mag_rotation.burden import Bools, Ints
from mag_rotation.hours import DAY, Window, minute_of_day
from mag_rotation.propose.cost_tensor import CostTensor
from mag_rotation.propose.problem import Problem, load_type
from mag_rotation.propose.request import ConstraintCode, Request, Setting
from mag_rotation.propose.turns import Layout
from mag_rotation.roster import UTC_ZONE, MemberId, ZoneName
from mag_rotation.series import name_slot
from mag_rotation.values import Fact
from mag_rotation.zones import make_offset_table

__all__ = ["ConstraintArrays", "make_constraints", "with_constraints"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ConstraintArrays:
    """One constraint and what it means for the candidates of turns.

    ``allowed`` are candidates by turn, (turns, candidates); ``clashes`` as in a problem; ``rows`` with base and limits
    are sums with a limit; ``cap`` is in point-minutes; ``must`` is a candidate.
    """

    constraint: Fact
    allowed: Bools | None = None
    clashes: Mapping[tuple[int, int], Bools] = field(default_factory=lambda: MappingProxyType({}))
    rows: tuple[Ints, Ints, Ints] | None = None
    cap: int | None = None
    must: int | None = None


def with_constraints(problem: Problem, chosen: Iterable[ConstraintArrays]) -> Problem:
    """Return a problem with some constraints put in."""
    allowed, cap, musts = problem.allowed, problem.cap, list(problem.musts)
    clashes = dict(problem.clashes)
    rows = [(problem.rows, problem.row_base, problem.row_limits)] if len(problem.row_base) else []
    for limit in chosen:
        allowed = allowed if limit.allowed is None else allowed & limit.allowed
        for pair, clash in limit.clashes.items():
            clashes[pair] = clash | clashes[pair] if pair in clashes else clash
        if limit.cap is not None:
            cap = limit.cap // problem.unit if cap is None else min(cap, limit.cap // problem.unit)
        musts += [] if limit.must is None else [limit.must]
        rows += [] if limit.rows is None else [limit.rows]
    if rows:
        sums, bases, most = zip(*rows, strict=True)
        problem = replace(
            problem,
            rows=sums[0] if len(rows) == 1 else np.concatenate(sums, axis=1),
            row_base=np.concatenate(bases),
            row_limits=np.concatenate(most),
        )
    return replace(problem, allowed=allowed, clashes=clashes, cap=cap, musts=tuple(musts))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Case:
    """The input from which constraints are made."""

    setting: Setting
    request: Request
    layout: Layout
    found: CostTensor

    @property
    def turns(self) -> int:
        return len(self.layout.turns)

    def following(self) -> Iterator[tuple[int, int]]:
        """Yield the places of each two consecutive calls; a fixed call has a negative place."""
        order = sorted(
            [(call.date, call.uid, place) for place, (_, call) in enumerate(self.found.calls)]
            + [(call.date, call.uid, -1 - place) for place, call in enumerate(self.found.fixed)]
        )
        yield from ((one, other) for (_, _, one), (_, _, other) in pairwise(order))


def make_constraints(
    setting: Setting, request: Request, layout: Layout, found: CostTensor
) -> tuple[ConstraintArrays, ...]:
    """Return the constraints of a request, those of the members first."""
    case = _Case(setting=setting, request=request, layout=layout, found=found)
    return tuple(limit for rule in _RULES for limit in rule(case))


def _make_never(case: _Case) -> Iterator[ConstraintArrays]:
    found = case.found
    ruled_out = {kind for member, kind in zip(found.members, found.kind_of.tolist(), strict=True) if member.never}
    by_kind: dict[int, bytes] = {}
    masks: dict[bytes, Bools] = {}
    for part in found.parts():
        kinds = [kind for kind in part if kind in ruled_out]
        for kind, blocked in zip(kinds, found.blocked(kinds), strict=True):
            if blocked.any():
                allowed = found.nowhere(blocked, case.turns)
                by_kind[kind] = allowed.tobytes()
                masks.setdefault(by_kind[kind], allowed)
    who: dict[bytes, list[MemberId]] = {mask: [] for mask in masks}
    for member, kind in zip(found.members, found.kind_of.tolist(), strict=True):
        if kind in by_kind:
            who[by_kind[kind]].append(member.id)
    for mask, names in who.items():
        yield ConstraintArrays(constraint=Fact.of(ConstraintCode.NEVER, members=tuple(names)), allowed=masks[mask])


def _make_windows(case: _Case) -> Iterator[ConstraintArrays]:
    request = case.request
    for code, windows, zone in (
        (ConstraintCode.WINDOWS, request.windows, request.zone),
        (ConstraintCode.UTC_WINDOWS, request.utc_windows, UTC_ZONE),
    ):
        if windows:
            outside = _find_outside(case.found, windows, zone)
            yield ConstraintArrays(
                constraint=Fact.of(code, **{str(code): tuple(map(str, windows))}, zone=zone),
                allowed=case.found.nowhere(outside, case.turns),
            )


def _find_outside(found: CostTensor, windows: Sequence[Window], zone: ZoneName) -> Bools:
    """Return which candidates do not lie within any of the windows by the clock of a zone, (calls, candidates)."""
    starts, ends = found.starts, found.starts + 60 * found.minutes
    table = make_offset_table(zone, int(starts.min()), int(ends.max()))
    before, after = (np.searchsorted(table.instants, at, side="right") - 1 for at in (starts, ends))
    at = (starts + np.array(table.offsets)[before]) // 60
    outside = np.ones(starts.shape, dtype=np.bool_)
    for window in windows:
        begin = (at - minute_of_day(window.start)) % DAY
        outside &= (begin + found.minutes > window.minutes) & (window.minutes < DAY)
    for cell in map(tuple, np.argwhere(before != after).tolist()):
        minutes = int(found.minutes[cell])
        pieces = list(table.split(int(starts[cell]), minutes))
        inside = (sum(window.overlap(minute % DAY, length) for minute, length in pieces) for window in windows)
        outside[cell] = minutes not in inside
    return outside


def _make_quorum(case: _Case) -> Iterator[ConstraintArrays]:
    found, wanted = case.found, case.request.quorum
    if wanted is not None:
        out_of_it = np.zeros(found.starts.shape, dtype=np.int64)
        for kinds in found.parts():
            out_of_it += np.tensordot(found.weight[kinds], found.present(kinds) & ~found.nights(kinds)[0], axes=1)
        yield ConstraintArrays(
            constraint=Fact.of(ConstraintCode.QUORUM, quorum=wanted),
            allowed=found.nowhere(out_of_it < wanted, case.turns),
        )


def _make_awake(case: _Case) -> Iterator[ConstraintArrays]:
    found = case.found
    for name in dict.fromkeys(case.request.awake):
        wanted = {
            kind
            for member, kind in zip(found.members, found.kind_of.tolist(), strict=True)
            if name in (member.id, *member.roles)
        }
        asleep = np.zeros(found.starts.shape, dtype=np.bool_)
        for part in found.parts():
            asleep |= found.nights([kind for kind in part if kind in wanted])[0].any(axis=0)
        yield ConstraintArrays(
            constraint=Fact.of(ConstraintCode.AWAKE, awake=name), allowed=found.nowhere(asleep, case.turns)
        )


def _make_most_nights(case: _Case) -> Iterator[ConstraintArrays]:
    found, most = case.found, case.request.most_nights
    if most is not None:
        rows: dict[bytes, tuple[Ints, int]] = {}
        for kinds in found.parts():
            chosen, fixed = found.nights(kinds)
            sums = found.by_turn(chosen, case.turns).astype(load_type(len(found.calls)))
            for row, base in zip(sums, fixed.sum(axis=1).tolist(), strict=True):
                if base + int(row.max(axis=1).sum()) > most:  # the others keep to it wherever the slots are
                    rows.setdefault(row.tobytes() + str(base).encode(), (row, base))
        shape = (0, case.turns, found.starts.shape[1])
        sums = np.stack([row for row, _ in rows.values()]) if rows else np.zeros(shape, dtype=np.int64)
        base = np.array([base for _, base in rows.values()], dtype=np.int64)
        yield ConstraintArrays(
            constraint=Fact.of(ConstraintCode.MOST_NIGHTS, most_nights=most),
            rows=(np.ascontiguousarray(sums.transpose(1, 0, 2)), base, np.full(len(rows), most, dtype=np.int64)),
        )


def _make_no_night_twice(case: _Case) -> Iterator[ConstraintArrays]:
    if not case.request.no_night_twice:
        return
    found, candidates = case.found, len(case.layout.candidates)
    allowed = np.ones((case.turns, candidates), dtype=np.bool_)
    pairs = [(one, other) for one, other in case.following() if one >= 0 or other >= 0]
    twice = [np.zeros((candidates, candidates), dtype=np.bool_) for one, other in pairs if min(one, other) >= 0]
    for kinds in found.parts():
        nights, fixed_nights = found.nights(kinds)
        counts = nights.astype(np.float32)  # products of these are fast, and whole up to 2**24
        both = iter(twice)
        for one, other in pairs:
            if one < 0 or other < 0:
                free, fixed = max(one, other), -1 - min(one, other)
                allowed[found.calls[free][0]] &= ~(nights[:, free] & fixed_nights[:, fixed, None]).any(axis=0)
            else:
                mine = next(both)
                mine |= counts[:, one].T @ counts[:, other] > 0
    clashes: dict[tuple[int, int], Bools] = {}
    for (one, other), clash in zip((pair for pair in pairs if min(pair) >= 0), twice, strict=True):
        before, after = found.calls[one][0], found.calls[other][0]
        if before == after:
            allowed[before] &= ~np.diagonal(clash)
        else:
            _add_clash(clashes, before, after, clash)
    yield ConstraintArrays(constraint=Fact.of(ConstraintCode.NO_NIGHT_TWICE), allowed=allowed, clashes=clashes)


def _make_gap(case: _Case) -> Iterator[ConstraintArrays]:
    gap = case.request.gap
    if gap is None:
        return
    found, slots = case.found, case.layout.candidates
    dial = np.array([minute_of_day(slot.at) for slot in slots], dtype=np.int64)
    one_clock = np.array([[one.zone == other.zone for other in slots] for one in slots], dtype=np.bool_)
    clashes: dict[tuple[int, int], Bools] = {}
    for one, other in pairwise(range(len(found.calls))):
        before, after = found.calls[one][0], found.calls[other][0]
        if before != after:
            # slots of one zone are compared on its clock, whatever the season; others have only UTC in common
            by_utc = (found.starts[one][:, None] - found.starts[other][None, :]) // 60
            away = np.where(one_clock, dial[:, None] - dial[None, :], by_utc) % DAY
            _add_clash(clashes, before, after, np.minimum(away, DAY - away) < gap)
    yield ConstraintArrays(constraint=Fact.of(ConstraintCode.GAP, gap=gap), clashes=clashes)


def _make_distinct(case: _Case) -> Iterator[ConstraintArrays]:
    if case.request.distinct:
        keys = [(slot.at, slot.zone, slot.weekday) for slot in case.layout.candidates]
        same = np.array([[one == other for other in keys] for one in keys])
        pairs = combinations(range(case.turns), 2)
        yield ConstraintArrays(constraint=Fact.of(ConstraintCode.DISTINCT), clashes=dict.fromkeys(pairs, same))


def _make_cap(case: _Case) -> Iterator[ConstraintArrays]:
    cap = case.request.cap
    if cap is not None:
        yield ConstraintArrays(constraint=Fact.of(ConstraintCode.CAP, cap=cap), cap=cap)


def _make_stay(case: _Case) -> Iterator[ConstraintArrays]:
    for place in case.layout.stays:
        yield ConstraintArrays(
            constraint=Fact.of(ConstraintCode.STAY, stay=name_slot(case.layout.candidates[place])), must=place
        )


def _add_clash(clashes: dict[tuple[int, int], Bools], before: int, after: int, clash: Bools) -> None:
    """Add a clash of two turns, given with the candidates of ``before`` first."""
    pair, turned = (before, after) if before < after else (after, before), clash if before < after else clash.T
    clashes[pair] = clashes[pair] | turned if pair in clashes else turned


_RULES: tuple[Callable[[_Case], Iterator[ConstraintArrays]], ...] = (
    _make_never,
    _make_windows,
    _make_quorum,
    _make_awake,
    _make_most_nights,
    _make_no_night_twice,
    _make_gap,
    _make_distinct,
    _make_cap,
    _make_stay,
)
"""Every constraint that there is, in the order in which they are named."""
