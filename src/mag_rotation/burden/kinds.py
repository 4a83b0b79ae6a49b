"""Kinds of members: members with the same clock, night, curve and stays share one computation.

Clocks and measures are numbered, equal ones with the same number, so that a kind is a small tuple that is cheap to
compare.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from mag_rotation.audience import Audience
from mag_rotation.burden.days import DayPrices
from mag_rotation.burden.starts import Bools, Span, to_epoch_day
from mag_rotation.hours import Curve, Window
from mag_rotation.roster import Member, ZoneName
from mag_rotation.zones import OffsetTable

__all__ = ["Measure", "MemberKind", "MemberKinds"]

Measure = Curve | Window | DayPrices
"""A measure that is summed over minutes: a curve, a window, or the prices of days off."""

_NEVER, _EVER = -(10**9), 10**9
"""Days before and after all others."""

V = TypeVar("V", bound=Hashable)


class _NumberedValues(Generic[V]):
    """Values numbered from 0; equal values have the same number."""

    def __init__(self) -> None:
        self.values: list[V] = []
        self._known: dict[V, int] = {}

    def number(self, value: V) -> int:
        found = self._known.setdefault(value, len(self.values))
        if found == len(self.values):
            self.values.append(value)
        return found


class MemberKind(NamedTuple):
    """What distinguishes members: ``home`` is a clock, ``curve`` and the next three fields are measures, by number.

    ``stays`` are first day, last day and clock, the latest stay first. ``joined`` and ``left`` are days. All days count
    from 1970-01-01, with both ends included; days outside the starts are left out. ``prices`` are those of the days off
    of the member's country, none or one.
    """

    home: int
    curve: int
    night: int
    never: tuple[int, ...]
    prices: tuple[int, ...]
    lead: int
    stays: tuple[tuple[int, int, int], ...] = ()
    joined: int = _NEVER
    left: int = _EVER

    @property
    def stays_home(self) -> bool:
        """Whether the member takes part in every call, with one clock."""
        return not self.stays and self.joined == _NEVER and self.left == _EVER


class MemberKinds:
    """The kinds of a roster for the starts of a span; ``clocks`` and ``measures`` are the numbered values."""

    def __init__(
        self,
        audience: Audience,
        span: Span,
        *,
        clocks: Mapping[ZoneName, OffsetTable],
        prices: Mapping[str, DayPrices],
    ) -> None:
        hours = audience.hours
        self._span, self._hours = span, hours
        clock_numbers, measure_numbers = _NumberedValues[OffsetTable](), _NumberedValues[Measure]()
        self._clock = {zone: clock_numbers.number(clock) for zone, clock in clocks.items()}
        self.clocks: Sequence[OffsetTable] = clock_numbers.values
        self._measure = measure_numbers.number
        self.measures: Sequence[Measure] = measure_numbers.values
        self._curves = {name: self._measure(curve) for name, curve in hours.curves.items()}
        self._night = self._measure(hours.night)
        self._prices = {country: (self._measure(price),) for country, price in prices.items()}
        self._lead_of = audience.lead_of
        self._ends: dict[int, tuple[int, int]] = {}
        known = _NumberedValues[MemberKind]()
        self.of_members = [known.number(self._make_kind(member)) for member in audience.members]
        self.kinds: Sequence[MemberKind] = known.values

    def _make_kind(self, member: Member) -> MemberKind:
        """Return the kind of a member."""
        home = self._clock[member.zone]
        curve = member.curve or self._hours.curve
        kind = MemberKind(
            home,
            self._curves[curve] if curve in self._curves else self._measure(self._hours.curve_of(curve)),
            self._measure(Window(*member.night)) if member.night else self._night,
            tuple(self._measure(Window(*never)) for never in sorted(set(member.never))) if member.never else (),
            self._prices.get(member.groups.get("country", ""), ()) if self._prices else (),
            self._lead_of(member),
        )
        return self._add_moves(kind, member) if member.stays or member.joined or member.left else kind

    def _add_moves(self, kind: MemberKind, member: Member) -> MemberKind:
        """Return a kind with the member's stays and dates of joining and leaving, as far as they concern any start."""
        stays = self._list_stays(member, kind.home)
        ends = [self._find_days(clock) for clock in (kind.home, *(clock for _, _, clock in stays))]
        joined = to_epoch_day(member.joined) if member.joined else _NEVER
        left = to_epoch_day(member.left) if member.left else _EVER
        return kind._replace(
            stays=stays,
            joined=joined if joined > min(first for first, _ in ends) else _NEVER,
            left=left if left < max(last for _, last in ends) else _EVER,
        )

    def _list_stays(self, member: Member, home: int) -> tuple[tuple[int, int, int], ...]:
        """Return the stays that may include a start, the latest first; empty if none changes the offset."""
        found = []
        for stay in sorted(member.stays, key=lambda stay: stay.first, reverse=True):
            clock, first, last = self._clock[stay.zone], to_epoch_day(stay.first), to_epoch_day(stay.last)
            earliest, latest = self._find_days(clock)
            if first <= latest and last >= earliest:
                found.append((first, last, clock))
        return tuple(found) if any(clock != home for _, _, clock in found) else ()

    def _find_days(self, clock: int) -> tuple[int, int]:
        """Return the first and the last local day of any start; without starts, days that nothing touches."""
        ends = self._ends.get(clock)
        if ends is None:
            days = self._span.local_days(self.clocks[clock])
            ends = self._ends[clock] = int(days.min(initial=_EVER)), int(days.max(initial=_NEVER))
        return ends

    def list_placements(self, kind: MemberKind) -> Iterator[tuple[int, Bools]]:
        """Return the clocks of a kind, each with the starts at which the member takes part by that clock."""
        elsewhere = np.zeros(len(self._span.seconds), dtype=np.bool_)
        for first, last, clock in (*kind.stays, (_NEVER, _EVER, kind.home)):
            day = self._span.local_days(self.clocks[clock])
            here = (first <= day) & (day <= last) & ~elsewhere
            elsewhere |= here
            yield clock, here & (kind.joined <= day) & (day <= kind.left)
