"""What is odd in a plan that is not wrong, in sentences.

Rule 1: a warning never stops anything; each is one sentence that says what to look at.
Rule 2: nothing here depends on today's date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mag_rotation.calls import Call
from mag_rotation.plan.sheets import suspicious_columns
from mag_rotation.roster import Attendance, Member
from mag_rotation.series import Advance, Override, Series
from mag_rotation.zones import TZDATA_VERSION, Adjusted

__all__ = ["call_oddities", "plan_oddities"]

_CLOCK_CHANGE = {
    Adjusted.GAP: "its wall time is skipped by a clock change in {zone} and was moved past the gap",
    Adjusted.FOLD: "its wall time happens twice in {zone}; the first was taken",
}


def _name(call: Call) -> str:
    return f"call {call.label} of {call.date}" if call.label else f"the call of {call.date}"


def call_oddities(calls: Sequence[Call]) -> tuple[str, ...]:
    """What is odd about the times of calls: clock changes, overlaps, zone rules older than the season."""
    held = [call for call in calls if call.is_held]
    found = [
        f"{_name(call)}: {_CLOCK_CHANGE[call.adjusted].format(zone=call.zone)}"
        for call in held
        if call.adjusted is not None
    ]
    found += [
        f"{_name(late)} starts at {late.start:%Y-%m-%d %H:%M}, before {_name(early)} ends at {early.end:%H:%M} UTC"
        for early, late in pairwise(held)
        if late.start < early.end
    ]
    if calls and calls[-1].start.year > int(TZDATA_VERSION[:4]):
        found.append(
            f"tzdata {TZDATA_VERSION} is older than the season, which ends in {calls[-1].start.year}: "
            "clock rules may change until then, so upgrade tzdata and run again before the season"
        )
    return tuple(found)


def plan_oddities(
    series: Series, calls: Sequence[Call], roster: Sequence[Member], history: Sequence[Attendance]
) -> tuple[str, ...]:
    """Everything that is odd about a plan, its calls included."""
    return (
        *call_oddities(calls),
        *_series_oddities(series),
        *_roster_oddities(roster),
        *_history_oddities(calls, history),
    )


def _series_oddities(series: Series) -> Iterator[str]:
    """Settings that have no effect."""
    rotation = series.rotation
    if rotation.advance is Advance.ISO_WEEK and rotation.start != 1:
        yield f"rotation.start is {rotation.start}, and advance = 'iso-week' ignores it: week 1 takes the first slot"
    for index, override in enumerate(series.overrides):
        if override == Override(date=override.date):
            yield f"exceptions[{index}] changes nothing about the call of {override.date}"
    for index, extra in enumerate(series.extras):
        if extra.takes_turn and rotation.advance in {Advance.WEEK, Advance.ISO_WEEK}:
            yield (
                f"extras[{index}].takes-turn has no effect: advance = '{rotation.advance}' gives turns by the calendar"
            )
    for index, phase in enumerate(series.phases):
        settings = {"duration": phase.minutes, "slots": phase.slots, "start": phase.start, "repeat": phase.repeat}
        idle = [] if phase.calls else [name for name, value in settings.items() if value is not None]
        if idle:
            yield f"phases[{index}] has {' and '.join(idle)} beside calls = false, which have no effect on rule dates"


def _roster_oddities(roster: Sequence[Member]) -> Iterator[str]:
    """An empty roster, missing addresses, columns that look mistyped."""
    if not roster:
        yield "the plan has no members, so nobody is in the night: name a [roster] file or write [[members]] tables"
    unreachable = sum(member.email is None for member in roster)
    if unreachable:
        yield f"{unreachable} of {len(roster)} members have no email address, so no invitation can reach them"
    for group, column in suspicious_columns({group for member in roster for group in member.groups}):
        yield f"the column {group!r} is read as a group of members; rename it if you meant {column!r}"


def _history_oddities(calls: Sequence[Call], history: Sequence[Attendance]) -> Iterator[str]:
    """Attendance of dates on which this plan has no call."""
    dates = {call.date for call in calls}
    strangers = sorted({line.date for line in history} - dates)
    if strangers:
        shown = ", ".join(map(str, strangers[:3])) + (f" and {len(strangers) - 3} more" if len(strangers) > 3 else "")
        yield f"dates in the attendance on which this plan has no call: {shown}"
