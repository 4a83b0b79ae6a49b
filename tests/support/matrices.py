"""Burden matrices for tests, and the same minute by minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from audiences import audience_of, with_ids
from mag_rotation.burden import BurdenMatrix, make_burden_matrix
from mag_rotation.hours import Hours
from mag_rotation.roster import NO_DAYS_OFF, DaysOff, Member
from mag_rotation.series import Meeting
from strategies import (
    meeting_of,
)
from twin_night import row_of

Starts = tuple[tuple[datetime, int], ...]


def matrix_of(
    starts: Starts,
    roster: Sequence[Member],
    *,
    meeting: Meeting | None = None,
    hours: Hours | None = None,
    days_off: Mapping[str, DaysOff] = NO_DAYS_OFF,
) -> BurdenMatrix:
    return make_burden_matrix(
        [start for start, _ in starts],
        [minutes for _, minutes in starts],
        audience_of(with_ids(roster), meeting or meeting_of(), hours=hours or Hours(), days_off=days_off),
    )


Cell = tuple[int, int, bool, bool]


def cells(matrix: BurdenMatrix) -> list[list[Cell]]:
    """Of each member and start: burden, night minutes, blocked, present."""
    answers = [
        matrix.by_member(matrix.burdens()).tolist(),
        matrix.by_member(matrix.night_minutes()).tolist(),
        matrix.by_member(matrix.blocked()).tolist(),
        matrix.by_member(matrix.present()).tolist(),
    ]
    return [list(zip(*rows, strict=True)) for rows in zip(*answers, strict=True)]


def twin_cells(
    starts: Starts,
    roster: Sequence[Member],
    *,
    meeting: Meeting,
    hours: Hours,
    days_off: Mapping[str, DaysOff] = NO_DAYS_OFF,
) -> list[list[Cell]]:
    """The same, minute by minute."""
    rows = [
        [
            row_of(member, start=start, minutes=minutes, meeting=meeting, hours=hours, days_off=days_off)
            for start, minutes in starts
        ]
        for member in roster
    ]
    return [
        [(row.burden, row.night_minutes, row.blocked, True) if row else (0, 0, False, False) for row in line]
        for line in rows
    ]
