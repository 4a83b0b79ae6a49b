"""Periods in which two zones are out of step, because one has changed its clocks and the other has not yet.

A gap lasts from instant to instant, and dates only name the changes. A difference that stays is not a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise

from mag_rotation.calls import Call
from mag_rotation.drift.drift_report import DriftGap
from mag_rotation.drift.zone_groups import group_by_clock, to_instant
from mag_rotation.roster import ZoneName
from mag_rotation.zones import load_zone_rules

__all__ = ["LONGEST_GAP", "find_gaps"]

LONGEST_GAP = 60
"""The longest gap between two changes, in days. Chile and the United States change 56 days apart in autumn, and a
Ramadan in Morocco has 42 days; a summer time is longer."""

_ONE_NIGHT = 24 * 3600
"""Changes less than so many seconds apart count as one: New York and Chicago change an hour apart."""

Names = tuple[ZoneName, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """The clock changes of one night that alter the difference of two zones, with their first and last seconds.

    ``before`` and ``after`` are how many seconds the first zone is ahead of the second.
    """

    first: int
    last: int
    before: int
    after: int


def find_gaps(zones: Sequence[ZoneName], calls: Sequence[Call], first: date, last: date) -> tuple[DriftGap, ...]:
    """Return every gap between two of the zones that touches the days from ``first`` to ``last``, by start and end."""
    clocks = group_by_clock(zones, first, last, margin=LONGEST_GAP + 3)
    found = [
        gap
        for (one, names), (other, others) in combinations(clocks.items(), 2)
        for begin, end in pairwise(_find_steps(names[0], others[0], {*one.instants[1:], *other.instants[1:]}))
        if end.first - begin.last <= LONGEST_GAP * 24 * 3600
        and (gap := _make_gap(names, others, begin, end, calls)).first <= last
        and gap.last >= first
    ]
    return tuple(sorted(found, key=lambda gap: (gap.start, gap.end)))


def _find_steps(one: ZoneName, other: ZoneName, changes: Iterable[int]) -> list[_Step]:
    """Return the nights after which the difference of two zones is another, given the seconds of their changes."""
    rules, others = load_zone_rules(one), load_zone_rules(other)
    nights: list[_Step] = []
    for at in sorted(changes):
        before, after = (rules.offset_at(second) - others.offset_at(second) for second in (at - 1, at))
        if nights and at - nights[-1].last < _ONE_NIGHT:
            nights[-1] = replace(nights[-1], last=at, after=after)
        else:
            nights.append(_Step(first=at, last=at, before=before, after=after))
    return [night for night in nights if night.before != night.after]


def _make_gap(names: Names, others: Names, begin: _Step, end: _Step, calls: Sequence[Call]) -> DriftGap:
    """Return the gap between two steps, with the zone that is ahead first."""
    apart = [begin.after, begin.before, end.after]
    sign = 1
    if next(seconds for seconds in apart if seconds) < 0:
        names, others, sign = others, names, -1
    pair = (names[0], others[0])
    now, earlier, later = (sign * seconds // 60 for seconds in apart)
    begun, ended = ([zone for zone in pair if _has_changed(zone, step)] for step in (begin, end))
    start, stop = to_instant(begin.last), to_instant(end.first)
    return DriftGap(
        zones=pair,
        same_clock=(names, others),
        start=start,
        end=stop,
        first=_date_of(begun[0], begin),
        last=_date_of(ended[0], end),
        minutes=now,
        minutes_before=earlier,
        minutes_after=later,
        begun_by=tuple(begun),
        ended_by=tuple(ended),
        calls=tuple(call for call in calls if call.is_held and start <= call.start < stop),
    )


def _has_changed(zone: ZoneName, step: _Step) -> bool:
    rules = load_zone_rules(zone)
    return rules.offset_at(step.first - 1) != rules.offset_at(step.last)


def _date_of(zone: ZoneName, step: _Step) -> date:
    """Return the local date of a zone's clock change; the later one if clocks go back over midnight."""
    change = load_zone_rules(zone).changes(step.first, step.last + 1)[0]
    return to_instant(change.at + max(change.before, change.after)).date()
