"""The burden matrix: many starts for many members, exact integers, one gather for each kind of member.

Rule 1: every cell equals what :mod:`mag_rotation.night` says of that member and that start.
Rule 2: work goes by kinds of members, answers by members.
Rule 3: a start inside whose minutes a clock changes is worked out piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, assert_never

import numpy as np

from mag_rotation.audience import Audience
from mag_rotation.burden.clocks import Bools, Ints, Span, Starts
from mag_rotation.burden.days import DayPrices, make_day_prices
from mag_rotation.burden.kinds import Measure, MemberKind, MemberKinds
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
    """What many starts put on many members.

    ``members`` are in the order of the roster and ``class_of`` gives the class of each. The methods answer with one
    row a class and one column a start; ``by_member`` spreads such an answer over the members. Where a member takes
    no part there are zeros. ``classes`` asks for some of the rows only, so that not all of them need to be in memory at
    once; rows of one question have one type, however they are asked for.
    """

    members: tuple[MemberId, ...]
    class_of: Ints
    _span: Span
    _kinds: MemberKinds

    def burdens(self, classes: Sequence[int] | None = None) -> Ints:
        """Point-minutes; raises :class:`InvalidHours` where a curve is so dear that a cell could pass 2**63."""
        return self._compute_integrals(lambda kind: (kind.curve, *kind.prices), classes)

    def night_minutes(self, classes: Sequence[int] | None = None) -> Ints:
        """Minutes in the members' night."""
        return self._compute_integrals(lambda kind: (kind.night,), classes)

    def blocked(self, classes: Sequence[int] | None = None) -> Bools:
        """Whether the members' ``never`` hours are touched."""
        return self._compute_integrals(lambda kind: kind.never, classes) > 0

    def present(self, classes: Sequence[int] | None = None) -> Bools:
        """Whether the members take part."""
        kinds = self._choose(classes)
        here = np.ones((len(kinds), len(self._span.seconds)), dtype=np.bool_)
        for index, kind in enumerate(kinds):
            if not kind.stays_home:
                here[index] = np.logical_or.reduce([where for _, where in self._kinds.list_placements(kind)])
        return here

    def by_member(self, rows: Cells) -> Cells:
        """Rows of classes as rows of members."""
        return rows.take(self.class_of, axis=0)

    def _choose(self, classes: Sequence[int] | None) -> Sequence[MemberKind]:
        kinds = self._kinds.kinds
        return kinds if classes is None else [kinds[number] for number in classes]

    def _compute_integrals(
        self, measures_of: Callable[[MemberKind], tuple[int, ...]], classes: Sequence[int] | None
    ) -> Ints:
        """For some classes and each start, what their measures come to over the minutes of the start."""
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
    """The most that one minute can come to."""
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
    """Integrals by start; each table is made once, and so is each clock's reading of the starts.

    Clocks and measures go by their numbers. ``dtype`` is the narrowest signed integer that holds ``most``: what is
    written counts more than what is computed.
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
        """What a measure comes to over the minutes of each start, read on one clock."""
        row = np.empty(len(self._span.seconds), dtype=self.dtype)
        self.write(clock, measure, lead, row)
        return row

    def write(self, clock: int, measure: int, lead: int, row: Ints) -> None:
        """Put the integral into ``row``."""
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
        """For each length and each reading of a start, the integral from ``lead`` before it to the end."""
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
        """The integral of one start inside whose minutes the clock changes."""
        total = lead + int(self._span.minutes[index]) + self._span.after
        return sum(
            _integrate_between(measure, minute, length)
            for minute, length in clock.split(int(self._span.seconds[index]) - lead * 60, total)
        )


def _sum_up(measure: Curve | Window) -> Ints:
    """What a measure comes to from 00:00 to each minute of the day, 1,441 values."""
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
    """The integral over ``length`` minutes from a local minute counted from 1970-01-01 00:00."""
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
    """What calls at ``starts``, each as many ``minutes`` long as its place says, would put on each member.

    The starts are UTC instants in rising order; others raise :class:`InvalidStarts`, naive ones
    :class:`InvalidInstant`. Whoever asks of the same starts again makes :class:`Starts` of them once and calls
    :func:`matrix_of`.

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
    """What calls at ``starts`` would put on each member; work begins when the matrix is asked."""
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
    """For each member, the sum over turns of the least that one choice puts on them over all calls of the turn.

    ``turns`` and ``choices`` say of each start of the matrix which turn it belongs to and which choice it is; both
    are counted from 0, and every call of a turn has a start for every choice. Point-minutes.
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
