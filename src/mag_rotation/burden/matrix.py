"""The burden matrix: many starts for many members, exact integers, one gather for each kind of member.

Rule 1: every cell equals what :mod:`mag_rotation.night` says of that member and that start.
Rule 2: members whom no start can tell apart are one class; work goes by classes, answers by members.
Rule 3: a start inside whose minutes a clock changes is worked out piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mag_rotation.burden.clocks import Ints, Span, day_number
from mag_rotation.hours import DAY, Curve, Hours, Window
from mag_rotation.roster import Member, MemberId
from mag_rotation.series import Meeting
from mag_rotation.zones import OffsetTable

__all__ = ["BurdenMatrix", "burden_matrix"]

Bools = NDArray[np.bool_]

Measure = Curve | Window
"""What minutes are counted by: both say what the minutes of a day come to until each of them."""

_NEVER, _EVER = -(10**9), 10**9
"""Days before and after all others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """All that a start can see of a member.

    ``stays`` are first day, last day and clock, the latest stay first; ``joined`` and ``left`` are days. All days are
    counted from 1970-01-01 and both ends are included.
    """

    home: OffsetTable
    stays: tuple[tuple[int, int, OffsetTable], ...]
    joined: int
    left: int
    curve: Curve
    night: Window
    never: tuple[Window, ...]
    lead: int

    @property
    def stays_home(self) -> bool:
        """Whether the member takes part in every call, by one clock."""
        return not self.stays and self.joined == _NEVER and self.left == _EVER


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BurdenMatrix:
    """What many starts put on many members.

    ``members`` are in the order of the roster and ``class_of`` gives the class of each. The methods answer with one
    row a class and one column a start; ``by_member`` spreads such an answer over the members. Where a member takes
    no part there are zeros.
    """

    members: tuple[MemberId, ...]
    class_of: Ints
    _span: Span
    _kinds: tuple[_Kind, ...]

    def burdens(self) -> Ints:
        """Point-minutes."""
        return self._integrals(lambda kind: (kind.curve,))

    def night_minutes(self) -> Ints:
        """Minutes in the members' night."""
        return self._integrals(lambda kind: (kind.night,))

    def blocked(self) -> Bools:
        """Whether the members' ``never`` hours are touched."""
        return self._integrals(lambda kind: kind.never) > 0

    def present(self) -> Bools:
        """Whether the members take part."""
        here = np.zeros((len(self._kinds), len(self._span.seconds)), dtype=np.bool_)
        for index, kind in enumerate(self._kinds):
            for _, where in _placements(kind, self._span):
                here[index] |= where
        return here

    def by_member(self, rows: Ints) -> Ints:
        """Rows of classes as rows of members."""
        return rows.take(self.class_of, axis=0)

    def _integrals(self, measures_of: Callable[[_Kind], Sequence[Measure]]) -> Ints:
        """For each class and start, what its measures come to over the minutes of the start."""
        measures = [measures_of(kind) for kind in self._kinds]
        a_day = max((sum(measure.until[DAY] for measure in each) for each in measures), default=0)
        tables = _Tables(self._span, most=a_day * self._span.days)
        rows = np.zeros((len(self._kinds), len(self._span.seconds)), dtype=tables.dtype)
        for index, kind in enumerate(self._kinds):
            for measure in measures[index]:
                if kind.stays_home:
                    rows[index] += tables.integral(kind.home, measure, kind.lead)
                    continue
                for clock, where in _placements(kind, self._span):
                    rows[index] += tables.integral(clock, measure, kind.lead) * where
        return rows


class _Tables:
    """Integrals by start; each table is made once, and so is each clock's reading of the starts.

    ``dtype`` is the narrowest signed integer that holds ``most``: what is written counts more than what is computed.
    """

    def __init__(self, span: Span, *, most: int) -> None:
        self.dtype = np.min_scalar_type(-1 - most)
        self._span = span
        self._lengths, length_of = np.unique(span.minutes, return_inverse=True)
        self._row_of = length_of.reshape(-1) * (3 * DAY)
        self._readings: dict[OffsetTable, Ints] = {}
        self._tables: dict[tuple[Measure, int], Ints] = {}
        self._changes: dict[tuple[OffsetTable, int], list[int]] = {}

    def integral(self, clock: OffsetTable, measure: Measure, lead: int) -> Ints:
        """What ``measure`` comes to over the minutes of each start, read on one clock."""
        reading = self._readings.get(clock)
        if reading is None:
            reading = self._readings[clock] = self._row_of + self._span.readings(clock)
        table = self._tables.get((measure, lead))
        if table is None:
            table = self._tables[measure, lead] = self._table(measure, lead)
        changes = self._changes.get((clock, lead))
        if changes is None:
            changes = self._changes[clock, lead] = self._span.changes_inside(clock, lead)
        row = table.take(reading)
        for index in changes:
            row[index] = self._piece_by_piece(index, clock, measure, lead)
        return row

    def _table(self, measure: Measure, lead: int) -> Ints:
        """For each length and each reading of a start, the integral from ``lead`` before it to the end."""
        until = np.array(measure.until, dtype=np.int64)
        begin = (np.arange(DAY) - lead) % DAY
        days, rest = np.divmod(begin + lead + self._lengths[:, None] + self._span.after, DAY)
        day = days * until[DAY] + until[rest] - until[begin]
        return np.tile(day, 3).astype(self.dtype).reshape(-1)

    def _piece_by_piece(self, index: int, clock: OffsetTable, measure: Measure, lead: int) -> int:
        """The integral of one start inside whose minutes the clock changes."""
        until = measure.until
        total = lead + int(self._span.minutes[index]) + self._span.after
        found = 0
        for minute, length in clock.pieces(int(self._span.seconds[index]) - lead * 60, total):
            days, rest = divmod(minute % DAY + length, DAY)
            found += days * until[DAY] + until[rest] - until[minute % DAY]
        return found


def _placements(kind: _Kind, span: Span) -> Iterator[tuple[OffsetTable, Bools]]:
    """The clocks a member lives by, each with the starts at which the member takes part by that clock."""
    elsewhere = np.zeros(len(span.seconds), dtype=np.bool_)
    for first, last, clock in (*kind.stays, (_NEVER, _EVER, kind.home)):
        day = span.local_days(clock)
        here = (first <= day) & (day <= last) & ~elsewhere
        elsewhere |= here
        yield clock, here & (kind.joined <= day) & (day <= kind.left)


def burden_matrix(
    starts: Sequence[datetime], minutes: Sequence[int], *, roster: Sequence[Member], meeting: Meeting, hours: Hours
) -> BurdenMatrix:
    """What calls at ``starts``, each as many ``minutes`` long as its place says, would put on each member.

    The starts are UTC instants in rising order. Work begins when the matrix is asked.

    >>> from datetime import UTC
    >>> from mag_rotation.roster import ZoneName
    >>> meeting = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
    >>> seat = Member(id=MemberId("ae-1"), zone=ZoneName("Asia/Dubai"))
    >>> starts = [datetime(2020, 9, 15, hour, tzinfo=UTC) for hour in (8, 20)]
    >>> matrix = burden_matrix(starts, [120, 120], roster=[seat], meeting=meeting, hours=Hours())
    >>> matrix.burdens().tolist(), matrix.night_minutes().tolist()
    ([[0, 1020]], [[0, 120]])
    """
    leads = [meeting.lead, *(member.lead for member in roster if member.lead is not None)]
    span = Span.of(starts, minutes, before=max(leads), after=meeting.overrun)
    clocks = {zone: span.clock(zone) for zone in {zone for member in roster for zone in member.zones}}
    index: dict[_Kind, int] = {}
    class_of = [
        index.setdefault(
            _Kind(
                home=clocks[member.zone],
                stays=tuple(
                    (day_number(stay.first), day_number(stay.last), clocks[stay.zone])
                    for stay in sorted(member.stays, key=lambda stay: stay.first, reverse=True)
                ),
                joined=_NEVER if member.joined is None else day_number(member.joined),
                left=_EVER if member.left is None else day_number(member.left),
                curve=hours.curve_of(member.curve),
                night=Window(*member.night) if member.night else hours.night,
                never=tuple(Window(*never) for never in member.never),
                lead=meeting.lead if member.lead is None else member.lead,
            ),
            len(index),
        )
        for member in roster
    ]
    return BurdenMatrix(
        members=tuple(member.id for member in roster),
        class_of=np.array(class_of, dtype=np.int64),
        _span=span,
        _kinds=tuple(index),
    )
