"""What is odd in a plan that is not wrong, in sentences.

Rule 1: a warning never stops anything; each is one sentence that says what to look at.
Rule 2: nothing here depends on today's date.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING

from mag_rotation.calls import Call, expand_rule_dates, find_overlaps, resolve_extra, resolve_slot
from mag_rotation.plan.groups import private_kind, suspicious_columns
from mag_rotation.roster import Attendance, Member, find_shared_mailboxes
from mag_rotation.series import Advance, Extra, Override, Phase, Series
from mag_rotation.zones import TZDATA_VERSION, Adjusted, civil_date

if TYPE_CHECKING:
    from mag_rotation.fairness import Thresholds

__all__ = [
    "MOST_OVERLAPS",
    "warn_of_calls",
    "warn_of_columns",
    "warn_of_empty_roster",
    "warn_of_plan",
    "warn_of_thresholds",
]

MOST_OVERLAPS = 100
"""The most overlaps that are told one by one; a plan with more has one cause for all."""

_REACH = 1
"""How many years after their own the zone rules serve: a season of next year cannot have newer ones yet."""

_MOST_SHARED = 10
"""The most shared addresses that are told one by one, and the most members of one that are named."""

_CLOCK_CHANGE = {
    Adjusted.GAP: "its wall time is skipped by a clock change in {zone} and was moved past the gap",
    Adjusted.FOLD: "its wall time happens twice in {zone}; the first was taken",
}


def _name(call: Call) -> str:
    return f"call {call.label} of {call.date}" if call.label else f"the call of {call.date}"


def warn_of_calls(calls: Sequence[Call]) -> tuple[str, ...]:
    """What is odd about the times of calls: clock changes, overlaps, zone rules older than the season."""
    held = [call for call in calls if call.is_held]
    found = [
        f"{_name(call)}: {_CLOCK_CHANGE[call.adjusted].format(zone=call.zone)}"
        for call in held
        if call.adjusted is not None
    ]
    pairs = list(islice(find_overlaps(held), MOST_OVERLAPS + 1))
    found += [
        f"{_name(late)} starts at {late.start:%Y-%m-%d %H:%M}, before {_name(early)} ends at {early.end:%H:%M} UTC"
        for early, late in pairs[:MOST_OVERLAPS]
    ]
    if len(pairs) > MOST_OVERLAPS:
        found.append(f"more than {MOST_OVERLAPS} overlaps of calls, the first of them above: look at their lengths")
    if calls and calls[-1].start.year > int(TZDATA_VERSION[:4]) + _REACH:
        found.append(
            f"tzdata {TZDATA_VERSION} is older than the season, which ends in {calls[-1].start.year}: "
            "clock rules may change until then, so upgrade tzdata and run again before the season"
        )
    return tuple(found)


def warn_of_plan(
    series: Series, calls: Sequence[Call], roster: Sequence[Member], history: Sequence[Attendance]
) -> tuple[str, ...]:
    """Everything that is odd about a plan, its calls included."""
    return (
        *warn_of_calls(calls),
        *_warn_of_settings(series),
        *_warn_of_turns(series, calls),
        *_warn_of_phases(series),
        *_warn_of_members(calls, roster),
        *_warn_of_history(calls, history),
    )


def warn_of_empty_roster(roster: Sequence[Member]) -> tuple[str, ...]:
    """That nobody is in the roster, where it is so."""
    if roster:
        return ()
    return ("nobody is in the roster, so nobody is in the night: name a [roster] file or write [[members]] tables",)


def warn_of_thresholds(thresholds: Thresholds | None, roster: Sequence[Member]) -> tuple[str, ...]:
    """Roles that are required and that no member has."""
    known = {role for member in roster for role in member.roles}
    required = thresholds.required_roles if thresholds else ()
    return tuple(
        f"verdict.required-roles names {role!r}, which no member has" for role in required if role not in known
    )


def warn_of_columns(unread: Sequence[str]) -> tuple[str, ...]:
    """Columns of a roster that are no groups and not read, and whose names look mistyped."""
    return tuple(f"the column {column!r} is not read; {cure}" for column, cure in suspicious_columns(unread))


def _warn_of_settings(series: Series) -> Iterator[str]:
    """Settings that have no effect."""
    for index, override in enumerate(series.overrides):
        if override == Override(date=override.date):
            yield f"exceptions[{index}] changes nothing about the call of {override.date}"
    for index, phase in enumerate(series.phases):
        settings = {"duration": phase.minutes, "slots": phase.slots, "start": phase.start, "repeat": phase.repeat}
        idle = [] if phase.calls else [name for name, value in settings.items() if value is not None]
        if idle:
            yield f"phases[{index}] has {' and '.join(idle)} beside calls = false, which have no effect on rule dates"


def _warn_of_turns(series: Series, calls: Sequence[Call]) -> Iterator[str]:
    """A plan without calls, starts of the count that are ignored, and turns that are taken from nobody."""
    advance = series.rotation.advance
    if not calls:
        yield "the plan has no call: every rule date lies in a phase with calls = false, and there are no extras"
    if advance is Advance.ISO_WEEK:
        starts = {"rotation": series.rotation.start} | {
            f"phases[{index}]": phase.start or 1 for index, phase in enumerate(series.phases) if phase.calls
        }
        for place, start in starts.items():
            if start != 1:
                yield f"{place}.start is {start}, and advance = 'iso-week' ignores it: week 1 takes the first slot"
    last = max((call for call in calls if call.slot_number is not None), key=lambda call: call.date, default=None)
    for index, extra in enumerate(series.extras):
        if not extra.takes_turn:
            continue
        if advance in {Advance.WEEK, Advance.ISO_WEEK}:
            yield f"extras[{index}].takes-turn has no effect: advance = '{advance}' gives turns by the calendar"
        elif last is None or _is_after(extra, last):
            yield f"extras[{index}].takes-turn has no effect: no rule call comes after {extra.date}"


def _is_after(extra: Extra, call: Call) -> bool:
    """Whether an extra call comes after a rule call, on one date by the hour of the turn where the call kept it."""
    if extra.date != call.date:
        return extra.date > call.date
    start = resolve_slot(call.turn.slot, call.date).instant if call.turn else call.start
    return resolve_extra(extra).instant > start


def _warn_of_phases(series: Series) -> Iterator[str]:
    """Phases amid the season on whose days nothing falls."""
    dates = [day.date for day in expand_rule_dates(series.schedule, series.phases)]
    held = sorted((*dates, *(extra.date for extra in series.extras)))

    def is_empty(phase: Phase) -> bool:
        after = bisect_left(held, phase.first)
        return after == len(held) or held[after] > phase.last

    def lies_amid(phase: Phase) -> bool:
        return dates[0] < phase.first and phase.last < dates[-1]

    for index, phase in enumerate(series.phases):
        if lies_amid(phase) and is_empty(phase):
            yield (
                f"phases[{index}], {phase.name!r}, has no effect: neither a rule date nor an extra lies from "
                f"{phase.first} to {phase.last}"
            )


def _warn_of_members(calls: Sequence[Call], roster: Sequence[Member]) -> Iterator[str]:
    """An empty roster, addresses that are missing or shared, columns that look mistyped."""
    yield from warn_of_empty_roster(roster)
    yield from _warn_of_shared_addresses(calls, roster)
    unreachable = sum(member.email is None for member in roster)
    if unreachable:
        yield f"{unreachable} of {len(roster)} members have no email address, so no invitation can reach them"
    for group, cure in suspicious_columns({group for member in roster for group in member.groups}):
        yield f"the column {group!r} is read as a group of members; {cure}"
    labels = dict.fromkeys(pair for member in roster for pair in member.groups.items())
    private = {group: kind for group, label in labels if (kind := private_kind(label))}
    for group, kind in private.items():
        yield f"the group {group!r} holds {kind}, and groups are printed; take it out of the groups"
    yield from _warn_of_clocks(roster)


_FIXED_CLOCK = re.compile(r"(?:Etc/)?(?:GMT(?P<hours>[+-]?[0-9]+)?|Greenwich)")


def _warn_of_clocks(roster: Sequence[Member]) -> Iterator[str]:
    """Members on a clock that has no summer time and that no place is named for: GMT and its fixed offsets."""
    by_zone: dict[str, list[str]] = {}
    for member in roster:
        for zone in sorted(member.zones):
            by_zone.setdefault(zone, []).append(member.id)
    for name, ids in by_zone.items():
        found = _FIXED_CLOCK.fullmatch(name)
        if found is None:
            continue
        hours = int(found["hours"] or 0)  # POSIX counts west of Greenwich
        way = "behind" if hours > 0 else "ahead of"
        what = f"{abs(hours)} hours {way} UTC all year; name the place" if hours else "London is Europe/London"
        yield f"the zone {name} of {_some(ids)} has no summer time: {what}"


def _some(ids: Iterable[str]) -> str:
    """Members by their ids, the first ten of them."""
    named = list(map(repr, ids))
    more = f" and {len(named) - _MOST_SHARED} more" if len(named) > _MOST_SHARED else ""
    return f"{', '.join(named[:_MOST_SHARED])}{more}"


def _warn_of_shared_addresses(calls: Sequence[Call], roster: Sequence[Member]) -> Iterator[str]:
    """Members of one call with one address."""
    moments = (cache(partial(civil_date, call.start)) for call in calls if call.is_held)
    shared = find_shared_mailboxes(roster, moments)
    for group in shared[:_MOST_SHARED]:
        ids = _some(member.id for member in group)
        yield f"the members {ids} have one email address, and invitations need one for each"
    if len(shared) > _MOST_SHARED:
        yield f"{len(shared) - _MOST_SHARED} more email addresses belong to several members"


def _warn_of_history(calls: Sequence[Call], history: Sequence[Attendance]) -> Iterator[str]:
    """Attendance of dates on which this plan has no call."""
    dates = {call.date for call in calls}
    strangers = sorted({line.date for line in history} - dates)
    if strangers:
        shown = ", ".join(map(str, strangers[:3])) + (f" and {len(strangers) - 3} more" if len(strangers) > 3 else "")
        yield f"dates in the attendance on which this plan has no call: {shown}"
