"""The least possible burden of each member alone, with which regret is computed.

It allows any rotation of the same length on the same dates in which each turn may start at any half hour of its anchor
zone. Extra calls, calls whose hour an exception fixes, and duties in sessions count unchanged. Each turn is optimised
alone, because its burden does not depend on the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time

from mag_rotation.audience import Audience
from mag_rotation.burden import Ledger, compute_least_totals, make_burden_matrix
from mag_rotation.calls import Turn, resolve_turn
from mag_rotation.series import Phase

__all__ = ["compute_best_possible"]

GRID = tuple(time(hour, minute) for hour in range(24) for minute in (0, 30))
"""The half hours of a day."""


def compute_best_possible(ledger: Ledger, audience: Audience) -> tuple[int, ...]:
    """Return, for each member of the ledger, the least burden that any rotation of that length could give them.

    Point-minutes, in the order of the roster. It never exceeds the member's burden in a rotation whose slots start on
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
        alone + sum(line.burdens[index] or 0 for index in fixed) + line.duty_burden
        for alone, line in zip(least, ledger.lines, strict=True)
    )


def _list_starts(turn: Turn) -> Iterator[datetime]:
    """Yield the instants of all half hours on the day of a turn's call, by its slot's zone."""
    for at in GRID:
        yield resolve_turn(turn, replace(turn.slot, at=at)).instant
