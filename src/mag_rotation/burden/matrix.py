"""The burden matrix: the burdens of many starts on many members as exact integers.

Every cell equals what :mod:`mag_rotation.night` computes for that member and that start. Rows are computed once for
each kind of member; a start with a clock change inside its minutes is computed in pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, assert_never

import numpy as np

from mag_rotation.audience import Audience
from mag_rotation.burden.days import DayPrices, make_day_prices
from mag_rotation.burden.kinds import Measure, MemberKind, MemberKinds
from mag_rotation.burden.starts import Bools, Ints, Span, Starts
from mag_rotation.errors import InvalidHours
from mag_rotation.hours import DAY, Curve, Window, minute_of_day
from mag_rotation.roster import MemberId
from mag_rotation.zones import OffsetTable

__all__ = ["BurdenMatrix", "compute_least_totals", "make_burden_matrix", "matrix_of"]

Cells = TypeVar("Cells", Ints, Bools)

_MOST = 2**63 - 1
"""The most that one cell can hold."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BurdenMatrix:
    """The effects of many starts on many members.

    ``members`` are in the order of the roster; ``class_of`` gives the class of each. The methods return one row per
    class and one column per start; ``by_member`` expands them to members. A member who takes no part has zeros.
    """

    members: tuple[MemberId, ...]
    class_of: Ints
    _span: Span
    _kinds: MemberKinds

    def burdens(self, classes: Sequence[int] | None = None) -> Ints:
        """Return point-minutes; raises :class:`InvalidHours` if the prices are so high that a cell could pass 2**63."""
        return self._compute_integrals(lambda kind: (kind.curve, *kind.prices), classes)

    def night_minutes(self, classes: Sequence[int] | None = None) -> Ints:
        """Return the minutes in the members' night."""
        return self._compute_integrals(lambda kind: (kind.night,), classes)

    def blocked(self, classes: Sequence[int] | None = None) -> Bools:
        """Return whether the members' ``never`` hours are touched."""
        return self._compute_integrals(lambda kind: kind.never, classes) > 0

    def present(self, classes: Sequence[int] | None = None) -> Bools:
        """Return whether the members take part."""
        kinds = self._choose(classes)
        here = np.ones((len(kinds), len(self._span.seconds)), dtype=np.bool_)
        for index, kind in enumerate(kinds):
            if not kind.stays_home:
                here[index] = np.logical_or.reduce([where for _, where in self._kinds.list_placements(kind)])
        return here

    def by_member(self, rows: Cells) -> Cells:
        """Return rows of classes as rows of members."""
        return rows.take(self.class_of, axis=0)

    def _choose(self, classes: Sequence[int] | None) -> Sequence[MemberKind]:
        kinds = self._kinds.kinds
        return kinds if classes is None else [kinds[number] for number in classes]

    def _compute_integrals(
        self, measures_of: Callable[[MemberKind], tuple[int, ...]], classes: Sequence[int] | None
    ) -> Ints:
        """Return, for each class and start, the sum of its measures over the minutes of the start."""
        wanted = {measures_of(kind) for kind in self._kinds.kinds}
        peaks = [_find_peak(measure) for measure in self._kinds.measures]
        dearest = max((sum(peaks[measure] for measure in each) for each in wanted), default=0)
        tables = _Tables(self._span, self._kinds, most=dearest * self._span.longest)
        kinds = self._choose(classes)
        rows = np.zeros((len(kinds), len(self._span.seconds)), dtype=tables.dtype)
        for row, kind in zip(rows, kinds, strict=True):
            measures = measures_of(kind)
            if kind.stays_home and len(measures) == 1:
                tables.write(kind.home, measures[0], kind.lead, row)
                continue
            for measure in measures:
                for clock, where in self._kinds.list_placements(kind):
                    np.add(row, tables.compute_integral(clock, measure, kind.lead) * where, out=row)
        return rows


def _find_peak(measure: Measure) -> int:
    """Return the most that one minute can cost."""
    match measure:
        case Curve():
            return max(measure.hours)
        case Window():
            return 1
        case DayPrices():
            return measure.peak
        case never:
            assert_never(never)


class _Tables:
    """Sums over the minutes of starts; each table, and each clock's local times, is computed once.

    Clocks and measures are given by number. ``dtype`` is the narrowest signed integer that holds ``most``, because
    writing memory takes longer than computing.
    """

    def __init__(self, span: Span, kinds: MemberKinds, *, most: int) -> None:
        if most > _MOST:
            raise InvalidHours(
                f"found a call that may come to {most} point-minutes; a curve has points of 0 to 1000000"
            )
        self.dtype = np.min_scalar_type(-1 - most)
        self._span, self._clocks, self._measures = span, kinds.clocks, kinds.measures
        self._lengths, length_of = np.unique(span.minutes, return_inverse=True)
        self._row_of = length_of.reshape(-1) * (3 * DAY)
        self._windows: dict[int, tuple[Ints, Ints, Ints]] = {}
        self._readings: dict[int, Ints] = {}
        self._tables: dict[tuple[int, int], Ints] = {}
        self._changes: dict[tuple[int, int], list[int]] = {}

    def compute_integral(self, clock: int, measure: int, lead: int) -> Ints:
        """Return the sum of a measure over the minutes of each start on one clock."""
        row = np.empty(len(self._span.seconds), dtype=self.dtype)
        self.write(clock, measure, lead, row)
        return row

    def write(self, clock: int, measure: int, lead: int, row: Ints) -> None:
        """Write the sums into ``row``."""
        counted = self._measures[measure]
        if isinstance(counted, DayPrices):
            at = self._span.local_minutes(self._clocks[clock])
            row[:] = counted.cost(at - lead, at + self._span.minutes + self._span.after)
        else:
            table = self._tables.get((measure, lead))
            if table is None:
                table = self._tables[measure, lead] = self._make_table(counted, lead)
            reading = self._readings.get(clock)
            if reading is None:
                reading = self._readings[clock] = self._row_of + self._span.read_minutes(self._clocks[clock])
            table.take(reading, out=row, mode="clip")  # readings are in range; to raise costs a second buffer
        changes = self._changes.get((clock, lead))
        if changes is None:
            changes = self._changes[clock, lead] = self._span.find_changes_inside(self._clocks[clock], lead)
        for index in changes:
            row[index] = self._integrate_pieces(index, self._clocks[clock], counted, lead)

    def _make_table(self, measure: Curve | Window, lead: int) -> Ints:
        """Return, for each length and each local minute of a start, the sum from ``lead`` before it to the end."""
        until = _sum_up(measure)
        window = self._windows.get(lead)
        if window is None:
            begin = (np.arange(DAY) - lead) % DAY
            ends = np.divmod(begin + lead + self._lengths[:, None] + self._span.after, DAY)
            window = self._windows[lead] = begin, *ends
        begin, days, rest = window
        day = days * until[DAY] + until.take(rest) - until.take(begin)
        return np.tile(day.astype(self.dtype), 3).reshape(-1)

    def _integrate_pieces(self, index: int, clock: OffsetTable, measure: Measure, lead: int) -> int:
        """Return the sum for one start with a clock change inside its minutes."""
        total = lead + int(self._span.minutes[index]) + self._span.after
        return sum(
            _integrate_between(measure, minute, length)
            for minute, length in clock.split(int(self._span.seconds[index]) - lead * 60, total)
        )


def _sum_up(measure: Curve | Window) -> Ints:
    """Return the sums of a measure from 00:00 to each minute of the day, 1,441 values."""
    match measure:
        case Curve():
            return np.array(measure.until, dtype=np.int64)
        case Window():
            minutes = np.arange(DAY + 1)
            begin, end = minute_of_day(measure.start), minute_of_day(measure.end)
            after_begin, before_end = np.maximum(minutes - begin, 0), np.minimum(minutes, end)
            return before_end - np.minimum(minutes, begin) if begin < end else before_end + after_begin
        case never:
            assert_never(never)


def _integrate_between(measure: Measure, minute: int, length: int) -> int:
    """Return the sum over ``length`` minutes from a local minute counted from 1970-01-01 00:00."""
    match measure:
        case Curve():
            return measure.cost(minute % DAY, length)
        case Window():
            return measure.overlap(minute % DAY, length)
        case DayPrices():
            return int(measure.cost(np.array(minute), np.array(minute + length)))
        case never:
            assert_never(never)


def make_burden_matrix(
    starts: Sequence[datetime],
    minutes: Sequence[int],
    audience: Audience,
) -> BurdenMatrix:
    """Return the burdens of calls at ``starts``, whose lengths are the ``minutes`` at the same places.

    The starts are UTC instants in rising order; otherwise raises :class:`InvalidStarts`, and :class:`InvalidInstant`
    for naive ones. To ask again about the same starts, create :class:`Starts` once and call :func:`matrix_of`.

    >>> from datetime import UTC
    >>> from mag_rotation.roster import Member
    >>> seat = Member(id="ae-1", zone="Asia/Dubai")
    >>> starts = [datetime(2020, 9, 15, hour, tzinfo=UTC) for hour in (8, 20)]
    >>> matrix = make_burden_matrix(starts, [120, 120], Audience(members=(seat,)))
    >>> matrix.burdens().tolist(), matrix.night_minutes().tolist()
    ([[0, 1020]], [[0, 120]])
    """
    return matrix_of(Starts.of(starts, minutes), audience)


def matrix_of(starts: Starts, audience: Audience) -> BurdenMatrix:
    """Return the burdens of calls at ``starts``; they are computed when a method of the matrix is called."""
    roster, days_off = audience.members, audience.days_off
    leads = [audience.lead, *(member.lead for member in roster if member.lead is not None)]
    span = Span(starts=starts, before=max(leads), after=audience.overrun)
    clocks = {zone: span.clock(zone) for zone in {zone for member in roster for zone in member.zones}}
    countries = {member.groups.get("country", "") for member in roster} & days_off.keys() if days_off else set()
    prices = make_day_prices(
        {country: days_off[country] for country in sorted(countries)},
        span=span,
        clocks=clocks.values(),
        hours=audience.hours,
    )
    kinds = MemberKinds(audience, span, clocks=clocks, prices=prices)
    return BurdenMatrix(
        members=tuple(member.id for member in roster),
        class_of=np.array(kinds.of_members, dtype=np.int64),
        _span=span,
        _kinds=kinds,
    )


def compute_least_totals(matrix: BurdenMatrix, turns: Sequence[int], choices: Sequence[int]) -> tuple[int, ...]:
    """Return, for each member, the sum over turns of the least burden that one choice of the turn gives them.

    ``turns`` and ``choices`` give the turn and the choice of each start in the matrix, counted from 0; every call of a
    turn has a start for every choice. All calls of a turn take the same choice. Point-minutes.
    """
    if not len(turns):
        return (0,) * len(matrix.members)
    count = max(choices) + 1
    place = np.array(turns, dtype=np.int64) * count + np.array(choices, dtype=np.int64)
    order = place.argsort(kind="stable")
    firsts = np.flatnonzero(np.diff(place[order], prepend=-1))
    sums = np.add.reduceat(matrix.burdens()[:, order], firsts, axis=1, dtype=np.int64)
    least = sums.reshape(len(sums), max(turns) + 1, count).min(axis=2).sum(axis=1)
    return tuple(least[matrix.class_of].tolist())
