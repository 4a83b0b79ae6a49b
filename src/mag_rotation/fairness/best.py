"""The least a rotation could have put on each member alone: what regret is measured against.

Rule 1: a rotation of the same length on the same dates, each turn free to take any half hour of its anchor zone.
Rule 2: what is fixed by an extra or an exception counts as it is.
Rule 3: the turns of one member are chosen one by one: a turn's burden does not depend on the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time

from mag_rotation.audience import Audience
from mag_rotation.burden import Ledger, compute_least_totals, make_burden_matrix
from mag_rotation.calls import Turn, resolve_slot
from mag_rotation.series import Phase

__all__ = ["compute_best_possible"]

GRID = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
"""The half hours of a day."""


def compute_best_possible(ledger: Ledger, audience: Audience) -> tuple[int, ...]:
    """For each member of the ledger, the least burden that any rotation of that length could give them alone.

    Point-minutes, in the order of the roster; never more than the member's burden in a rotation whose slots start on
    half hours.
    """
    free = [(call, call.turn) for call in ledger.calls if call.turn is not None]
    turns: dict[tuple[Phase | None, int], int] = {}
    for _, turn in free:
        turns.setdefault((turn.cycle, turn.index), len(turns))
    candidates = sorted(
        (start, turns[turn.cycle, turn.index], choice, call.minutes)
        for call, turn in free
        for choice, start in enumerate(_list_starts(turn))
    )
    matrix = make_burden_matrix(
        [start for start, *_ in candidates],
        [minutes for *_, minutes in candidates],
        audience,
    )
    least = compute_least_totals(
        matrix, [turn for _, turn, *_ in candidates], [choice for _, _, choice, _ in candidates]
    )
    fixed = [index for index, call in enumerate(ledger.calls) if call.turn is None]
    return tuple(
        alone + sum(line.burdens[index] or 0 for index in fixed)
        for alone, line in zip(least, ledger.lines, strict=True)
    )


def _list_starts(turn: Turn) -> Iterator[datetime]:
    """The instants of all half hours on the date of a turn, by its slot's own zone and weekday."""
    for at in GRID:
        yield resolve_slot(replace(turn.slot, at=at), turn.date).instant
