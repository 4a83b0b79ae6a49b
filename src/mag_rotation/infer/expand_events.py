"""The events of calendars that other programs wrote, expanded to dated calls.

The start of a series is its first call (RFC 5545, 3.8.5.3), even if its rule does not give that date. Of several
versions of an event, the highest SEQUENCE counts, then the latest DTSTAMP (RFC 5546, 2.1.5), in any order. Everything
that a plan cannot represent, or that is read in another way than it is written, is added to the notes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher
from enum import Enum
from itertools import chain
from typing import Self

from mag_rotation.errors import InvalidValue, quote_value
from mag_rotation.ics.reader import (
    Component,
    Duration,
    Notes,
    Period,
    Property,
    Time,
    all_of,
    duration_of,
    integer_of,
    one_of,
    rule_of,
    text_of,
    time_of,
    times_of,
)
from mag_rotation.ics.zone_mapping import Clocks, Moment, until_of
from mag_rotation.limits import find_nearest
from mag_rotation.places import ZoneName
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import YEARS, to_utc

__all__ = [
    "OFF_TITLE",
    "EventNote",
    "ExternalCall",
    "ExternalEvent",
    "expand_events",
    "find_latest_date",
    "has_end",
    "select_current",
    "select_newest_change",
]

_LONGEST = 7 * 24 * 60
"""The most minutes of a call in a plan."""

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class EventNote(FactCode):
    """How events were read that a plan cannot represent, or that programs read in different ways."""

    ALL_DAY = "all_day_events"
    NO_MINUTES = "events_without_whole_minutes"
    OUTSIDE_YEARS = "events_outside_years"
    THIS_AND_FUTURE = "range_this_and_future"
    OTHER_RANGE = "range_read_as_one_call"
    ORPHAN = "change_of_no_call"
    OFF_RULE = "start_off_its_rule"
    EXDATE_WITHOUT_ZONE = "exdate_without_zone"
    EXDATE_OF_DAY = "exdate_of_whole_day"
    RECURRENCE_ID_OF_DAY = "recurrence_id_of_whole_day"
    EXRULE = "exrule_read"
    UNTIL_DAY = "until_without_hour"
    BOTH_ENDS = "duration_beside_end"
    RULE_IN_CHANGE = "rule_inside_change"
    OLDER_VERSION = "older_versions"
    SHARED_UID = "events_share_uid"
    UNKNOWN_STATUS = "status_unknown"
    CANCELLED_IN_TITLE = "cancelled_in_title"
    MISSPELT_PROPERTY = "property_misspelt"
    NO_VALUE = "property_without_value"
    MISSPELT_STATUS = "status_misspelt"
    METHOD_CANCEL = "cancelled_by_method"
    CANCELLED_BY_TITLE = "cancelled_by_title"


_FUTURE = "THISANDFUTURE"
_STATUSES = {"TENTATIVE", "CONFIRMED", "CANCELLED", "NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "DRAFT", "FINAL"}
_ALMOST = 0.8
"""The similarity to CANCELLED that makes a STATUS a misspelling of it."""

OFF_TITLE = re.compile(
    r"(?:cancell?ed|abgesagt|annul\u00e9e?|cancelad[ao]|annullat[ao]|geannuleerd|odwo\u0142an[aey])\s*:", re.IGNORECASE
)
"""The words with which Exchange begins the title of a cancelled call, in several languages."""

_MAY_BE_OFF = re.compile(r"\bcancell?ed\b", re.IGNORECASE)

_MISSPELT = (
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "EXRULE",
    "RECURRENCE-ID",
    "STATUS",
    "SEQUENCE",
)
"""Properties that change dates and may be misspelt."""

_KNOWN = {
    *_MISSPELT, "ATTACH", "ATTENDEE", "CATEGORIES", "CLASS", "COLOR", "COMMENT", "COMPLETED", "CONFERENCE", "CONTACT",
    "CREATED", "DESCRIPTION", "DTSTAMP", "DUE", "GEO", "IMAGE", "LAST-MODIFIED", "LOCATION", "ORGANIZER",
    "PERCENT-COMPLETE", "PRIORITY", "RELATED-TO", "REQUEST-STATUS", "RESOURCES", "SUMMARY", "TRANSP", "UID", "URL",
}  # fmt: skip
"""Properties of events (RFC 5545, 3.8, and RFC 7986)."""


class _CancelReason(Enum):
    """Why an event is cancelled; the value is the code of the note, None if the event says so as in RFC 5545."""

    STATUS = None
    MISSPELT = EventNote.MISSPELT_STATUS
    METHOD = EventNote.METHOD_CANCEL
    TITLE = EventNote.CANCELLED_BY_TITLE


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalCall:
    """One dated call of a calendar that another program wrote.

    ``date`` is the civil date of the start or, if the file gives the date before a move (``pinned``), that date.
    ``extra`` says that the file marks it as outside the rule.
    """

    uid: str
    start: datetime
    minutes: int
    zone: ZoneName
    date: date
    pinned: bool = False
    extra: bool = False
    cancelled: bool = False
    summary: str = ""
    location: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalEvent:
    """A VEVENT; ``number`` counts those of the file.

    ``uid``, ``summary`` (on one line) and ``location`` are empty if missing. ``version`` is SEQUENCE, then DTSTAMP; the
    higher version counts. ``off`` says why it is cancelled, None if it is held.
    """

    component: Component
    number: int
    uid: str
    summary: str
    location: str
    version: tuple[int, datetime]
    off: _CancelReason | None

    @classmethod
    def read(cls, component: Component, *, number: int, method: str) -> Self:
        """Read a VEVENT; ``method`` is that of its calendar."""
        summary = " ".join(text_of(component, "SUMMARY").split())
        numbers = (integer_of(one) for one in all_of(component, "SEQUENCE"))
        stamps = map(_read_stamp, all_of(component, "DTSTAMP"))
        return cls(
            component=component,
            number=number,
            uid=text_of(component, "UID"),
            summary=summary,
            location=text_of(component, "LOCATION"),
            version=(max((n for n in numbers if n is not None), default=0), max(stamps, default=_LONG_AGO)),
            off=_explain_off(text_of(component, "STATUS").upper(), method, summary),
        )

    @property
    def is_change(self) -> bool:
        """Whether it changes one call of a series."""
        return bool(all_of(self.component, "RECURRENCE-ID"))

    @property
    def is_series(self) -> bool:
        """Whether it gives more than one date."""
        return self.has_dates and bool(all_of(self.component, "RRULE") or all_of(self.component, "RDATE"))

    @property
    def has_dates(self) -> bool:
        """Whether its rules and dates count: those of a series do, and those of a change of all later calls."""
        return all((one.param("RANGE") or "").upper() == _FUTURE for one in all_of(self.component, "RECURRENCE-ID"))

    @property
    def content(self) -> tuple[object, ...]:
        """The content in a canonical order, equal for equal events."""
        return tuple(sorted((one.name, one.params, one.value) for one in self.component.properties))


def _explain_off(status: str, method: str, summary: str) -> _CancelReason | None:
    if status == "CANCELLED":
        return _CancelReason.STATUS
    if status not in _STATUSES and SequenceMatcher(None, status, "CANCELLED", autojunk=False).ratio() >= _ALMOST:
        return _CancelReason.MISSPELT
    if method == "CANCEL":
        return _CancelReason.METHOD
    return _CancelReason.TITLE if OFF_TITLE.match(summary) else None


def _read_stamp(found: Property) -> datetime:
    try:
        read = time_of(found)
    except InvalidValue:
        return _LONG_AGO
    wall = read if isinstance(read, datetime) else datetime(read.year, read.month, read.day)  # noqa: DTZ001
    return wall.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Times:
    """The start of one occurrence and its length in minutes."""

    start: Moment
    minutes: int


# Versions.


def select_current(events: Iterable[ExternalEvent], notes: Notes) -> list[ExternalEvent]:
    """Return the events without their older versions, by number.

    All changes of one call of a series are kept, because it is not known yet which of them are about the same call.
    """
    by_key: dict[tuple[object, ...], list[ExternalEvent]] = {}
    for event in events:
        is_one_of_many = event.is_change or not event.uid
        by_key.setdefault((event.uid, event.number if is_one_of_many else None), []).append(event)
    found = [one for versions in by_key.values() for one in _select_newest(versions, notes)]
    return sorted(found, key=lambda event: event.number)


def _select_newest(versions: Sequence[ExternalEvent], notes: Notes) -> list[ExternalEvent]:
    """Return the current events of one UID: one, unless versions with different starts cannot be ranked."""
    highest = max(event.version for event in versions)
    best = [event for event in versions if event.version == highest]
    for event in versions:
        if event.version < highest:
            notes.add(Fact.of(EventNote.OLDER_VERSION), event.component.line)
    by_start: dict[tuple[str, ...], list[ExternalEvent]] = {}
    for event in best:
        key = tuple(f"{one.params} {one.value}" for one in all_of(event.component, "DTSTART"))
        by_start.setdefault(key, []).append(event)
    # of events that differ in nothing that counts the one that is off does, else any
    kept = [max(same, key=lambda event: (event.off is not None, event.content)) for same in by_start.values()]
    if len(kept) > 1:
        for event in kept:
            notes.add(Fact.of(EventNote.SHARED_UID), event.component.line)
        return kept
    return [_with_times(kept[0], versions)]


def _with_times(event: ExternalEvent, versions: Sequence[ExternalEvent]) -> ExternalEvent:
    """Return a cancelled event with the times of its newest version that is not cancelled, if it lacks them."""
    held = [one for one in versions if one.off is None]
    if event.off is None or not held:
        return event
    before = max(held, key=lambda one: (one.version, one.content))
    return replace(event, component=before.component, location=before.location)


def select_newest_change(versions: Sequence[ExternalEvent], notes: Notes) -> ExternalEvent:
    """Return the current version of a change of one call; of equal versions, the cancelled one."""
    newest = max(versions, key=lambda event: (event.version, event.off is not None, event.content))
    for event in versions:
        if event.version < newest.version:
            notes.add(Fact.of(EventNote.OLDER_VERSION), event.component.line)
    return newest


# Unrolling.


def expand_events(
    master: ExternalEvent, changes: Sequence[ExternalEvent], clocks: Clocks, *, last: date, minutes: int | None
) -> list[ExternalCall]:
    """Return the calls of a VEVENT and of the changes of its calls (RECURRENCE-ID), cancelled ones too.

    ``last`` ends a rule without an end; ``minutes`` is the length of an event without one. Raises :class:`InvalidValue`
    with what cannot be read.
    """
    component, notes = master.component, clocks.notes
    begins = one_of(component, "DTSTART")
    if not YEARS[0] <= time_of(begins).year <= YEARS[1]:
        notes.add(Fact.of(EventNote.OUTSIDE_YEARS), begins.line)
        return []
    start = clocks.moment(begins)
    if not isinstance(start, Moment):
        notes.add(Fact.of(EventNote.ALL_DAY), begins.line)
        return []
    length = _measure_minutes(component, start, clocks, minutes)
    if length is None:
        notes.add(Fact.of(EventNote.NO_MINUTES), component.line)
        return []
    _note_oddities(master, notes)
    if master.has_dates:
        times = _expand_series(component, _Times(start=start, minutes=length), clocks, last=last)
    else:
        times = {start.instant: _Times(start=start, minutes=length)}
        _note_rules(master, notes)
    changed, ranges = _read_changes(changes, start, clocks)
    for original in sorted(changed.keys() - times.keys()):
        notes.add(Fact.of(EventNote.ORPHAN), changed[original].component.line)
        times[original] = _Times(start=Moment.at(original, start.clock), minutes=length)
    calls = (
        _make_call(master, one, changed.get(original), _find_range(ranges, original), clocks)
        for original, one in sorted(times.items(), key=lambda item: item[0])
    )
    return [call for call in calls if call is not None]


def _make_call(
    master: ExternalEvent, one: _Times, change: ExternalEvent | None, general: _LaterChange | None, clocks: Clocks
) -> ExternalCall | None:
    """Return one call of a series, with its own change and with those of all calls from an earlier one on."""
    if general is not None and change is not None and general.event.version[0] > change.version[0]:
        change = None
    moved = one if general is None else general.shift(one)
    if change is not None:
        own = _read_changed_times(change, moved, clocks)
        if own is None:
            return None
        moved = own
    clocks.compare(moved.start)
    events = [master, *([general.event] if general is not None else []), *([change] if change is not None else [])]
    is_off = events[-1].off is not None or master.off is not None
    # where a VTIMEZONE counts, which is no zone, the day is that of UTC
    day, start = one.start.wall.date(), moved.start
    if one.start.clock.basis == "rules":
        day = one.start.instant.date()
    return ExternalCall(
        uid=master.uid,
        start=start.instant,
        minutes=moved.minutes,
        zone=start.clock.zone,
        date=day,
        pinned=len(events) > 1,
        cancelled=is_off,
        summary=next((event.summary for event in reversed(events) if event.summary), ""),
        location=next((event.location for event in reversed(events) if event.location), ""),
    )


def has_end(rule: Property) -> bool:
    """Return whether an RRULE ends: by COUNT, or by an UNTIL within the years of plans.

    >>> rule = Property(name="RRULE", params=(), value="FREQ=WEEKLY;UNTIL=99991231T000000Z", line=1)
    >>> has_end(rule), has_end(replace(rule, value="FREQ=WEEKLY;COUNT=8"))
    (False, True)
    """
    if not rule.value.strip():
        return True
    until = until_of(rule)
    return "COUNT" in rule_of(rule) or (until is not None and until.year <= YEARS[1])


def find_latest_date(events: Iterable[ExternalEvent]) -> date:
    """Return the latest day in any event within the years of plans; 1 January 1970 if there is none."""
    found = [date(1970, 1, 1)]
    for event in events:
        for one in event.component.properties:
            try:
                if one.name in {"DTSTART", "RECURRENCE-ID", "RDATE", "EXDATE"}:
                    found += map(_date_of, times_of(one))
                elif one.name == "RRULE":
                    found += [_date_of(until) for until in (until_of(one),) if until is not None]
            except InvalidValue:
                continue  # reported if it is needed
    return max(day for day in found if day.year < YEARS[1])


def _date_of(found: Time) -> date:
    start = found.start if isinstance(found, Period) else found
    return start.date() if isinstance(start, datetime) else start


def _is_within(found: Time) -> bool:
    return YEARS[0] <= _date_of(found).year <= YEARS[1]


# Lengths.


def _measure_minutes(component: Component, start: Moment, clocks: Clocks, given: int | None) -> int | None:
    """Return the minutes of an event; None if a call cannot last so long, or not start then."""
    ends, lengths = all_of(component, "DTEND"), all_of(component, "DURATION")
    if ends and lengths:
        clocks.notes.add(Fact.of(EventNote.BOTH_ENDS), lengths[0].line)
    if ends:
        end = clocks.moment(ends[0], start.clock)
        if not isinstance(end, Moment):
            raise InvalidValue(
                f"found DTSTART with an hour and DTEND without, in line {ends[0].line}; write both with one"
            )
        spent = end.instant - start.instant
    elif lengths:
        spent = _measure(duration_of(lengths[0]), start)
    elif given is not None:
        spent = timedelta(minutes=given)
    else:
        raise InvalidValue(
            f"found neither DTEND nor DURATION in the event of line {component.line}; "
            "say how long it lasts with --duration"
        )
    if spent < timedelta(0):
        begins = "".join(
            f", DTSTART {quote_value(one.value)} in line {one.line}" for one in all_of(component, "DTSTART")
        )
        end_line = (*ends, *lengths)[0]
        raise InvalidValue(
            f"found an event that ends before it starts: {end_line.name} {quote_value(end_line.value)} in line "
            f"{end_line.line}{begins}; correct one of them in the file"
        )
    minutes, rest = divmod(spent, timedelta(minutes=1))
    whole = not rest and not start.wall.second
    return minutes if whole and 1 <= minutes <= _LONGEST else None


def _measure(length: Duration, start: Moment) -> timedelta:
    """Return the elapsed time of a length; its days are calendar days."""
    rough = timedelta(days=length.days) + length.time
    if abs(rough) > timedelta(minutes=2 * _LONGEST):
        return rough  # not a call, whatever the clock changes
    return start.shift(timedelta(days=length.days)).instant + length.time - start.instant


# The dates of a series.


def _expand_series(component: Component, first: _Times, clocks: Clocks, *, last: date) -> dict[datetime, _Times]:
    """Return the times of the occurrences of a series by their original instants, without its changes."""
    times: dict[datetime, _Times] = {first.start.instant: first}
    for moment in _expand_rules(component, first.start, clocks, last=last):
        times.setdefault(moment.instant, replace(first, start=moment))
    for rdate in all_of(component, "RDATE"):
        for one in _read_list(rdate, clocks.notes):
            added = _read_added(one, rdate, first, clocks)
            times[added.start.instant] = added
    _take_out(times, component, first, clocks, last=last)
    return times


def _take_out(
    times: dict[datetime, _Times], component: Component, first: _Times, clocks: Clocks, *, last: date
) -> None:
    """Remove the occurrences that EXDATE and EXRULE exclude from ``times``."""
    on_clock: dict[date, list[datetime]] = {}
    for instant, taken in times.items():
        for wall in (taken.start.wall, taken.start.wall.date()):
            on_clock.setdefault(wall, []).append(instant)
    for exdate in all_of(component, "EXDATE"):
        for one in _read_list(exdate, clocks.notes):
            for instant in _find_excluded(one, exdate, clocks, on_clock):
                times.pop(instant, None)
    for rule in all_of(component, "EXRULE"):
        if _is_blank(rule, clocks.notes):
            continue
        clocks.notes.add(Fact.of(EventNote.EXRULE), rule.line)
        for moment in _expand_rule(rule, first.start, clocks, last=last):
            times.pop(moment.instant, None)


def _is_blank(found: Property, notes: Notes) -> bool:
    """Return whether a property has no value, and note it."""
    if found.value.strip():
        return False
    notes.add(Fact.of(EventNote.NO_VALUE, property=found.name), found.line)
    return True


def _read_list(found: Property, notes: Notes) -> list[Time]:
    """Return the times of a list within the years of plans."""
    times = () if _is_blank(found, notes) else times_of(found)
    for one in times:
        if not _is_within(one):
            notes.add(Fact.of(EventNote.OUTSIDE_YEARS), found.line)
    return [one for one in times if _is_within(one)]


def _expand_rules(component: Component, start: Moment, clocks: Clocks, *, last: date) -> list[Moment]:
    """Return the occurrences that the RRULEs of a series give; COUNT includes the start."""
    rules = [rule for rule in all_of(component, "RRULE") if not _is_blank(rule, clocks.notes)]
    ruled = [_expand_rule(rule, start, clocks, last=last) for rule in rules]
    if any(ruled) and all(moments[:1] != [start] for moments in ruled):
        clocks.notes.add(Fact.of(EventNote.OFF_RULE), rules[0].line)
        ruled = [
            moments[:-1] if "COUNT" in rule_of(rule) else moments for rule, moments in zip(rules, ruled, strict=True)
        ]
    return list(chain.from_iterable(ruled))


def _expand_rule(rule: Property, start: Moment, clocks: Clocks, *, last: date) -> list[Moment]:
    """Return the occurrences of one RRULE or EXRULE by start."""
    first = start.wall.date()
    if not has_end(rule) and last < first:
        raise InvalidValue(
            f"found a rule without an end whose first date is {first}, after {last}, its last day; "
            f"give --until {first} or a later day"
        )
    limit = _find_limit(rule, start, clocks.notes)
    if limit is not None and limit < start.instant:
        return []
    walls = clocks.effort.expand(rule, start.wall, last if limit is None else start.clock.wall(limit).date())
    moments = (Moment.of(wall, start.clock) for wall in walls)
    return [moment for moment in moments if limit is None or moment.instant <= limit]


def _find_limit(rule: Property, start: Moment, notes: Notes) -> datetime | None:
    """Return the last instant at which a rule may start a call; None if COUNT or nothing ends it."""
    until = until_of(rule)
    if until is None or until.year > YEARS[1]:
        return None
    if isinstance(until, datetime):
        return to_utc(until) if until.tzinfo is not None else start.clock.instant(until)
    notes.add(Fact.of(EventNote.UNTIL_DAY), rule.line)
    return start.clock.instant(datetime(until.year, until.month, until.day))  # noqa: DTZ001 - wall time


def _read_added(one: Time, found: Property, first: _Times, clocks: Clocks) -> _Times:
    """Return the occurrences of an RDATE: a time, a period, or the time of the series on another day."""
    if not isinstance(one, Period):
        start = clocks.at(one, found, first.start.clock) if isinstance(one, datetime) else first.start.on(one)
        return replace(first, start=start)
    start = clocks.at(one.start, found, first.start.clock)
    if isinstance(one.end, Duration):
        spent = _measure(one.end, start)
    else:
        spent = clocks.at(one.end, found, first.start.clock).instant - start.instant
    minutes, rest = divmod(spent, timedelta(minutes=1))
    if rest or not 1 <= minutes <= _LONGEST:
        raise InvalidValue(
            f"found an RDATE whose PERIOD is not of whole minutes, from 1 to a week, in line {found.line}"
        )
    return _Times(start=start, minutes=minutes)


def _find_excluded(
    one: Time, found: Property, clocks: Clocks, on_clock: Mapping[date, Sequence[datetime]]
) -> Sequence[datetime]:
    """Return the occurrences that an EXDATE excludes; one without a zone uses the clock of the series.

    ``on_clock`` gives the occurrences by wall time and by day.
    """
    if isinstance(one, datetime) and (one.tzinfo is not None or found.param("TZID") is not None):
        return [clocks.at(one, found).instant]
    if isinstance(one, datetime):
        clocks.notes.add(Fact.of(EventNote.EXDATE_WITHOUT_ZONE), found.line)
        return on_clock.get(one, ())
    clocks.notes.add(Fact.of(EventNote.EXDATE_OF_DAY), found.line)
    return on_clock.get(_date_of(one), ())


# Changes of single calls.


@dataclass(frozen=True, kw_only=True, slots=True)
class _LaterChange:
    """A change of a call and all later ones; ``original`` is the start of the first of them.

    ``start`` is the new start of the first one, None if the change has none; ``minutes`` is None if it has no length.
    """

    event: ExternalEvent
    original: datetime
    start: Moment | None
    minutes: int | None

    def shift(self, one: _Times) -> _Times:
        """Return the new time of a later occurrence, moved on the clock by as much as the first one."""
        start, minutes = one.start, self.minutes or one.minutes
        if self.start is not None:
            clock = self.start.clock
            start = Moment.at(one.start.instant, clock).shift(self.start.wall - clock.wall(self.original))
        return _Times(start=start, minutes=minutes)


def _find_range(ranges: Sequence[_LaterChange], original: datetime) -> _LaterChange | None:
    """Return the last of the changes, by first call, that apply to an occurrence."""
    begun = bisect_right(ranges, original, key=lambda one: one.original)
    return ranges[begun - 1] if begun else None


def _read_changes(
    changes: Sequence[ExternalEvent], start: Moment, clocks: Clocks
) -> tuple[dict[datetime, ExternalEvent], list[_LaterChange]]:
    """Return the current changes of a series: of one call by its original instant, and of all later calls."""
    versions: dict[tuple[datetime, bool], list[ExternalEvent]] = {}
    for change in changes:
        found = one_of(change.component, "RECURRENCE-ID")
        span = (found.param("RANGE") or "").upper()
        original = _find_original(found, start, clocks)
        if original is None:
            continue
        if span:
            note = EventNote.THIS_AND_FUTURE if span == _FUTURE else EventNote.OTHER_RANGE
            clocks.notes.add(Fact.of(note), found.line)
        versions.setdefault((original, span == _FUTURE), []).append(change)
    changed: dict[datetime, ExternalEvent] = {}
    ranges: list[_LaterChange] = []
    for (original, is_range), same in sorted(versions.items(), key=lambda item: item[0]):
        change = select_newest_change(same, clocks.notes)
        _note_oddities(change, clocks.notes)
        _note_rules(change, clocks.notes)
        if is_range:
            ranges.append(_read_range(change, original, clocks))
        else:
            changed[original] = change
    return changed, ranges


def _find_original(found: Property, start: Moment, clocks: Clocks) -> datetime | None:
    """Return the instant of a RECURRENCE-ID; None if it is outside the years of plans."""
    named = time_of(found)
    if not _is_within(named):
        clocks.notes.add(Fact.of(EventNote.OUTSIDE_YEARS), found.line)
        return None
    if isinstance(named, datetime):
        return clocks.at(named, found, start.clock).instant
    clocks.notes.add(Fact.of(EventNote.RECURRENCE_ID_OF_DAY), found.line)
    return start.on(named).instant


def _read_range(change: ExternalEvent, original: datetime, clocks: Clocks) -> _LaterChange:
    begins = all_of(change.component, "DTSTART")
    start = clocks.moment(begins[0]) if begins else None
    if start is not None and not isinstance(start, Moment):
        clocks.notes.add(Fact.of(EventNote.ALL_DAY), begins[0].line)
        start = None
    is_long = all_of(change.component, "DTEND") or all_of(change.component, "DURATION")
    minutes = _measure_minutes(change.component, start, clocks, None) if start is not None and is_long else None
    return _LaterChange(event=change, original=original, start=start, minutes=minutes)


def _read_changed_times(change: ExternalEvent, before: _Times, clocks: Clocks) -> _Times | None:
    """Return the times of a changed call by the change itself; None if a plan cannot have such a call."""
    begins = all_of(change.component, "DTSTART")
    if begins and not _is_within(time_of(begins[0])):
        clocks.notes.add(Fact.of(EventNote.OUTSIDE_YEARS), begins[0].line)
        return None
    start = clocks.moment(begins[0]) if begins else before.start
    if not isinstance(start, Moment):
        clocks.notes.add(Fact.of(EventNote.ALL_DAY), begins[0].line)
        return None
    minutes = _measure_minutes(change.component, start, clocks, before.minutes)
    if minutes is None:
        clocks.notes.add(Fact.of(EventNote.NO_MINUTES), change.component.line)
        return None
    return _Times(start=start, minutes=minutes)


def _note_rules(change: ExternalEvent, notes: Notes) -> None:
    for name in ("RRULE", "RDATE", "EXDATE", "EXRULE"):
        for found in all_of(change.component, name):
            notes.add(Fact.of(EventNote.RULE_IN_CHANGE), found.line)


# What is written otherwise than programs write it.


def _note_oddities(event: ExternalEvent, notes: Notes) -> None:
    """Note everything that determines the state or the time of an event and is not written as in RFC 5545."""
    status = text_of(event.component, "STATUS")
    if event.off is not None:
        if event.off.value is not None:
            notes.add(Fact.of(event.off.value), event.component.line)
    elif status and status.upper() not in _STATUSES:
        notes.add(Fact.of(EventNote.UNKNOWN_STATUS, status=status), event.component.line)
    elif _MAY_BE_OFF.search(event.summary):
        notes.add(Fact.of(EventNote.CANCELLED_IN_TITLE), event.component.line)
    for one in event.component.properties:
        if one.name not in _KNOWN and not one.name.startswith("X-"):
            intended = find_nearest(one.name, _MISSPELT, cutoff=_ALMOST)
            if intended:
                note = Fact.of(EventNote.MISSPELT_PROPERTY, property=one.name, intended=intended[0])
                notes.add(note, one.line)
