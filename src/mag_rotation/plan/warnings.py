"""What is odd in a plan that is not wrong: facts that say what to look at, and stop nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING

from mag_rotation.audience import Audience
from mag_rotation.calls import Call, expand_rule_dates, find_overlaps, name_call, resolve_extra, resolve_slot
from mag_rotation.hours import Window
from mag_rotation.plan.groups import Private, private_kind, suspicious_columns
from mag_rotation.roster import Attendance, Member, MemberId, find_shared_mailboxes
from mag_rotation.series import Advance, Extra, Override, Phase, Rotation, Series
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import TZDATA_VERSION, Adjustment, civil_date

if TYPE_CHECKING:
    from mag_rotation.fairness import Thresholds
    from mag_rotation.programme import ProgrammeReport

__all__ = [
    "MOST_OVERLAPS",
    "PlanWarning",
    "warn_of_blocked",
    "warn_of_calls",
    "warn_of_columns",
    "warn_of_empty_roster",
    "warn_of_plan",
    "warn_of_programme",
    "warn_of_thresholds",
    "warn_of_two_rosters",
]

MOST_OVERLAPS = 100
"""The most overlaps that are listed; a plan with more has one cause for all."""

_REACH = 1
"""How many years after their own the zone rules serve: a season of next year cannot have newer ones yet."""

_MOST_SHARED = 10
"""The most shared addresses that are listed."""


class PlanWarning(FactCode):
    """What may be odd about a plan."""

    HOUR_SKIPPED = "hour_skipped"
    HOUR_REPEATED = "hour_repeated"
    CALLS_OVERLAP = "calls_overlap"
    MORE_OVERLAPS = "more_overlaps"
    TZDATA_OLDER = "tzdata_older_than_season"
    EMPTY_ROSTER = "empty_roster"
    ROLE_OF_NOBODY = "required_role_of_nobody"
    COLUMN_NOT_READ = "column_not_read"
    COLUMN_AS_GROUP = "column_read_as_group"
    EXCEPTION_IDLE = "exception_without_effect"
    SETTINGS_IDLE = "phase_settings_without_effect"
    NO_CALL = "no_call"
    START_IGNORED = "start_ignored"
    TURN_BY_CALENDAR = "takes_turn_by_calendar"
    TURN_OF_NO_CALL = "takes_turn_of_no_call"
    PHASE_IDLE = "phase_without_effect"
    NO_ADDRESS = "members_without_address"
    GROUP_OF_ADDRESSES = "group_holds_addresses"
    GROUP_OF_TELEPHONES = "group_holds_telephone_numbers"
    FIXED_CLOCK = "zone_without_summer_time"
    ADDRESS_SHARED = "address_shared"
    MORE_SHARED = "more_addresses_shared"
    ATTENDANCE_OF_NO_CALL = "attendance_of_no_call"
    BLOCKED = "members_cannot_attend"
    TWO_ROSTERS = "members_beside_roster"
    CONFLICTS = "conflicts_of_sessions"


_CLOCK_CHANGE = {Adjustment.GAP: PlanWarning.HOUR_SKIPPED, Adjustment.FOLD: PlanWarning.HOUR_REPEATED}
_PRIVATE = {Private.ADDRESS: PlanWarning.GROUP_OF_ADDRESSES, Private.TELEPHONE: PlanWarning.GROUP_OF_TELEPHONES}


def warn_of_programme(report: ProgrammeReport) -> tuple[Fact, ...]:
    """What is odd about the sessions of the event, and how many conflicts they have."""
    count = len(report.conflicts)
    return (*report.warnings, *([Fact.of(PlanWarning.CONFLICTS, conflicts=count)] if count else []))


def warn_of_calls(calls: Sequence[Call]) -> tuple[Fact, ...]:
    """What is odd about the times of calls: clock changes, overlaps, zone rules older than the season."""
    held = [call for call in calls if call.is_held]
    found = [
        Fact.of(_CLOCK_CHANGE[call.adjusted], call=name_call(call), zone=call.zone)
        for call in held
        if call.adjusted is not None
    ]
    pairs = list(islice(find_overlaps(held), MOST_OVERLAPS + 1))
    found += [
        Fact.of(
            PlanWarning.CALLS_OVERLAP, call=name_call(late), start=late.start, other=name_call(early), end=early.end
        )
        for early, late in pairs[:MOST_OVERLAPS]
    ]
    if len(pairs) > MOST_OVERLAPS:
        found.append(Fact.of(PlanWarning.MORE_OVERLAPS, named=MOST_OVERLAPS))
    if calls and calls[-1].start.year > int(TZDATA_VERSION[:4]) + _REACH:
        found.append(Fact.of(PlanWarning.TZDATA_OLDER, tzdata=TZDATA_VERSION, year=calls[-1].start.year))
    return tuple(found)


def warn_of_plan(
    series: Series, calls: Sequence[Call], roster: Sequence[Member], history: Sequence[Attendance]
) -> tuple[Fact, ...]:
    """Everything that is odd about a plan, its calls included."""
    return (
        *warn_of_calls(calls),
        *_warn_of_settings(series),
        *_warn_of_turns(series, calls),
        *_warn_of_phases(series),
        *_warn_of_members(calls, roster),
        *_warn_of_history(calls, history),
    )


def warn_of_blocked(calls: Sequence[Call], audience: Audience) -> tuple[Fact, ...]:
    """Members whose ``never`` hours are touched by held calls, by how many of those in which they take part.

    The calls are given by start. Members of equal hours and counts are named together.
    """
    held = [call for call in calls if call.is_held]
    restricted = [member for member in audience.members if member.never]
    if not held or not restricted:
        return ()
    from mag_rotation.burden import make_burden_matrix  # noqa: PLC0415 - brings numpy

    matrix = make_burden_matrix(
        [call.start for call in held], [call.minutes for call in held], audience.with_members(restricted)
    )
    counts = list(zip(matrix.blocked().sum(axis=1).tolist(), matrix.present().sum(axis=1).tolist(), strict=True))
    together: dict[tuple[tuple[str, ...], int, int], list[MemberId]] = {}
    for member, kind in zip(restricted, matrix.class_of.tolist(), strict=True):
        if counts[kind][0]:
            never = tuple(str(Window(*hours)) for hours in member.never)
            together.setdefault((never, *counts[kind]), []).append(member.id)
    return tuple(
        Fact.of(PlanWarning.BLOCKED, members=tuple(ids), blocked=blocked, calls=count, never=never)
        for (never, blocked, count), ids in together.items()
    )


def warn_of_empty_roster(roster: Sequence[Member]) -> tuple[Fact, ...]:
    """That nobody is in the roster, where it is so."""
    if roster:
        return ()
    return (Fact.of(PlanWarning.EMPTY_ROSTER),)


def warn_of_two_rosters(beside: Sequence[MemberId], roster: Sequence[Member]) -> tuple[Fact, ...]:
    """That the plan has members of its own ``beside`` those of the roster that it names."""
    if not beside:
        return ()
    return (Fact.of(PlanWarning.TWO_ROSTERS, members=tuple(beside), others=len(roster) - len(beside)),)


def warn_of_thresholds(thresholds: Thresholds | None, roster: Sequence[Member]) -> tuple[Fact, ...]:
    """Roles that are required and that no member has."""
    known = {role for member in roster for role in member.roles}
    required = thresholds.required_roles if thresholds else ()
    return tuple(Fact.of(PlanWarning.ROLE_OF_NOBODY, role=role) for role in required if role not in known)


def warn_of_columns(unread: Sequence[str]) -> tuple[Fact, ...]:
    """Columns of a roster that are no groups and not read, and whose names look mistyped."""
    return tuple(
        Fact.of(PlanWarning.COLUMN_NOT_READ, column=column, meant=meant) for column, meant in suspicious_columns(unread)
    )


def _warn_of_settings(series: Series) -> Iterator[Fact]:
    """Settings that have no effect."""
    for index, override in enumerate(series.overrides):
        if override == Override(date=override.date):
            yield Fact.of(PlanWarning.EXCEPTION_IDLE, index=index, date=override.date)
    for index, phase in enumerate(series.phases):
        settings = {
            "duration": phase.minutes,
            "slots": phase.slots,
            "start": phase.start,
            "hold": phase.hold,
            "taken": phase.taken or None,
            "repeat": phase.repeat,
        }
        idle = () if phase.calls else tuple(name for name, value in settings.items() if value is not None)
        if idle:
            yield Fact.of(PlanWarning.SETTINGS_IDLE, index=index, settings=idle)


def _warn_of_turns(series: Series, calls: Sequence[Call]) -> Iterator[Fact]:
    """A plan without calls, starts of the count that are ignored, and turns that are taken from nobody."""
    advance = series.rotation.advance
    if not calls:
        yield Fact.of(PlanWarning.NO_CALL)
    if advance is Advance.ISO_WEEK:
        counts: dict[str, Rotation | Phase] = {"rotation": series.rotation}
        counts |= {f"phases[{index}]": phase for index, phase in enumerate(series.phases) if phase.calls}
        for place, one in counts.items():
            if one.start not in {None, 1}:
                yield Fact.of(PlanWarning.START_IGNORED, place=f"{place}.start", value=one.start)
            if one.taken:
                yield Fact.of(PlanWarning.START_IGNORED, place=f"{place}.taken", value=one.taken)
    last = max((call for call in calls if call.slot_number is not None), key=lambda call: call.date, default=None)
    for index, extra in enumerate(series.extras):
        if not extra.takes_turn:
            continue
        if advance in {Advance.WEEK, Advance.ISO_WEEK}:
            yield Fact.of(PlanWarning.TURN_BY_CALENDAR, index=index, advance=advance)
        elif last is None or _is_after(extra, last):
            yield Fact.of(PlanWarning.TURN_OF_NO_CALL, index=index, date=extra.date)


def _is_after(extra: Extra, call: Call) -> bool:
    """Whether an extra call comes after a rule call, on one date by the hour of the turn where the call kept it."""
    if extra.date != call.date:
        return extra.date > call.date
    start = resolve_slot(call.turn.slot, call.date).instant if call.turn else call.start
    return resolve_extra(extra).instant > start


def _warn_of_phases(series: Series) -> Iterator[Fact]:
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
            yield Fact.of(PlanWarning.PHASE_IDLE, index=index, phase=phase.name, first=phase.first, last=phase.last)


def _warn_of_members(calls: Sequence[Call], roster: Sequence[Member]) -> Iterator[Fact]:
    """An empty roster, addresses that are missing or shared, columns that look mistyped."""
    yield from warn_of_empty_roster(roster)
    yield from _warn_of_shared_addresses(calls, roster)
    unreachable = sum(member.email is None for member in roster)
    if unreachable:
        yield Fact.of(PlanWarning.NO_ADDRESS, without=unreachable, members=len(roster))
    for group, meant in suspicious_columns({group for member in roster for group in member.groups}):
        yield Fact.of(PlanWarning.COLUMN_AS_GROUP, column=group, meant=meant)
    labels = dict.fromkeys(pair for member in roster for pair in member.groups.items())
    private = {group: kind for group, label in labels if (kind := private_kind(label))}
    for group, kind in private.items():
        yield Fact.of(_PRIVATE[kind], group=group)
    yield from _warn_of_clocks(roster)


_FIXED_CLOCK = re.compile(r"(?:Etc/)?(?:GMT(?P<hours>[+-]?[0-9]+)?|Greenwich)")


def _warn_of_clocks(roster: Sequence[Member]) -> Iterator[Fact]:
    """Members on a clock that has no summer time and that no place is named for: GMT and its fixed offsets."""
    by_zone: dict[str, list[str]] = {}
    for member in roster:
        for zone in sorted(member.zones):
            by_zone.setdefault(zone, []).append(member.id)
    for name, ids in by_zone.items():
        found = _FIXED_CLOCK.fullmatch(name)
        if found is None:
            continue
        behind = int(found["hours"] or 0)  # POSIX counts west of Greenwich
        yield Fact.of(PlanWarning.FIXED_CLOCK, zone=name, members=tuple(ids), hours=-behind)


def _warn_of_shared_addresses(calls: Sequence[Call], roster: Sequence[Member]) -> Iterator[Fact]:
    """Members of one call with one address."""
    moments = (cache(partial(civil_date, call.start)) for call in calls if call.is_held)
    shared = find_shared_mailboxes(roster, moments)
    for group in shared[:_MOST_SHARED]:
        yield Fact.of(PlanWarning.ADDRESS_SHARED, members=tuple(member.id for member in group))
    if len(shared) > _MOST_SHARED:
        yield Fact.of(PlanWarning.MORE_SHARED, addresses=len(shared) - _MOST_SHARED)


def _warn_of_history(calls: Sequence[Call], history: Sequence[Attendance]) -> Iterator[Fact]:
    """Attendance of dates on which this plan has no call."""
    dates = {call.date for call in calls}
    strangers = sorted({line.date for line in history} - dates)
    if strangers:
        yield Fact.of(PlanWarning.ATTENDANCE_OF_NO_CALL, dates=tuple(map(str, strangers)))
