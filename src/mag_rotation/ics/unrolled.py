"""The events of a calendar that others made, unrolled into dated calls.

Rule 1: the start of a series counts as its first call (RFC 5545, 3.8.5.3), whether its rule gives that date or not.
Rule 2: rules are of dates; the rooms below unroll them, and the hour is that of the series' start.
Rule 3: nothing is dropped without a word: what a plan cannot hold is counted in ``unsaid``.
Rule 4: a last day that is given ends a rule that has no end, and no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from icalendar import Component

from mag_rotation.calls import check_repeat, rule_dates
from mag_rotation.errors import InvalidSeries, InvalidValue, quoted
from mag_rotation.ics.clocks import Clocks, Moment, all_of, text_of, value_of
from mag_rotation.roster import ZoneName
from mag_rotation.series import Schedule
from mag_rotation.zones import YEARS, local

__all__ = ["ForeignCall", "calls_of", "has_end", "latest_date"]

_LONGEST = 7 * 24 * 60
"""The most minutes of a call in a plan."""

ALL_DAY = "all-day events were left out, since a call starts at an hour"
NO_MINUTES = "events that do not start or end on a whole minute, or last none or more than a week, were left out"
OUTSIDE = "events outside the years 1900 to 2999 were left out"
RANGE = "RANGE=THISANDFUTURE was read as a change of that one call, as most programs read it"
ORPHAN = (
    "changes to a call that its series does not have (RECURRENCE-ID) were taken as calls, as some programs take them"
)
OFF_RULE = "series that start on a date their own rule does not give were taken to start there, as RFC 5545 has it"
MARKED = "EXDATE without a zone (as in EXDATE;TZIP=) was read in the zone of DTSTART; strict programs show those calls"
DAY_OUT = "EXDATE of a whole day was read as the call of that day; strict programs show it"


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignCall:
    """One dated call of a calendar that others made.

    ``date`` is the civil date it belongs to: that of its start or, where the file says where it stood before
    (``pinned``), of that. ``extra`` is set where the file says that it is outside the rule.
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
class _Times:
    """When one occurrence starts and how many minutes it lasts."""

    start: Moment
    minutes: int


def calls_of(
    master: Component,
    changes: Sequence[Component],
    clocks: Clocks,
    *,
    last: date,
    minutes: int | None,
    unsaid: Counter[str],
) -> Iterator[ForeignCall]:
    """The calls of a VEVENT and of its RECURRENCE-IDs, cancelled ones too.

    ``last`` ends a rule that has no end, ``minutes`` is the length of an event that says none. Raises
    :class:`InvalidValue` with what cannot be read.
    """
    begins = _one(master, "DTSTART")
    day = _day(value_of(begins, "dt"))
    if day is not None and not YEARS[0] <= day.year <= YEARS[1]:
        unsaid[OUTSIDE] += 1
        return
    start = clocks.moment(begins)
    if not isinstance(start, Moment):
        unsaid[ALL_DAY] += 1
        return
    length = _length(master, start, clocks, minutes)
    if length is None:
        unsaid[NO_MINUTES] += 1
        return
    times = _times(master, _Times(start=start, minutes=length), clocks, last=last, unsaid=unsaid)
    changed = dict(_changed(changes, start, clocks, unsaid))
    orphans = sorted(changed.keys() - times.keys())
    unsaid[ORPHAN] += len(orphans)
    times |= {original: _Times(start=_shown(original, start.zone), minutes=length) for original in orphans}
    whole = _call(master, _Times(start=start, minutes=length))
    for original, one in sorted(times.items(), key=lambda item: item[0]):
        day = one.start.wall.date()
        call = replace(whole, start=one.start.instant, minutes=one.minutes, zone=one.start.zone, date=day)
        if original in changed:
            told = _override(changed[original], one, clocks, unsaid)
            if told is None:
                continue
            call = replace(told, date=day, pinned=True, uid=call.uid, summary=told.summary or call.summary)
            call = replace(call, location=call.location or whole.location, cancelled=told.cancelled or whole.cancelled)
        yield call


def has_end(rule: object) -> bool:
    """Whether an RRULE ends by itself: by COUNT, or by an UNTIL within the years of plans.

    >>> has_end({"FREQ": ["WEEKLY"], "COUNT": [8]}), has_end({"UNTIL": [date(9999, 12, 31)]})
    (True, False)
    """
    return bool(_part(rule, "COUNT")) or any(map(_is_end, _part(rule, "UNTIL")))


def latest_date(events: Sequence[Component]) -> date:
    """The latest day that any event writes within the years of plans; 1 January 1970 where none does."""
    found = [date(1970, 1, 1)]
    for event in events:
        for name in ("DTSTART", "RECURRENCE-ID", "RDATE", "EXDATE"):
            for value in all_of(event, name):
                listed = [value_of(one, "dt") for one in _dts(value)] or [value_of(value, "dt")]
                found += [day for day in map(_day, listed) if day is not None]
        for rule in all_of(event, "RRULE"):
            found += [day for day in map(_day, _part(rule, "UNTIL")) if day is not None]
    return max(day for day in found if day.year < YEARS[1])


def _day(value: object) -> date | None:
    match value:
        case datetime():
            return value.date()
        case date():
            return value
        case (datetime() as start, _):
            return start.date()
        case _:
            return None


def _one(component: Component, name: str) -> object:
    """The value of a property that must be there once."""
    found = all_of(component, name)
    if len(found) != 1:
        raise InvalidValue(f"found {len(found)} {name}; an event has one")
    return found[0]


def _shown(instant: datetime, zone: ZoneName) -> Moment:
    return Moment(wall=local(instant, zone).wall, zone=zone, instant=instant)


def _length(component: Component, start: Moment, clocks: Clocks, given: int | None) -> int | None:
    """The minutes of an event; None where a call cannot last so long, or not start then."""
    ends, lengths = all_of(component, "DTEND"), all_of(component, "DURATION")
    if ends:
        end = clocks.moment(ends[0])
        if not isinstance(end, Moment):
            raise InvalidValue("found DTSTART with an hour and DTEND without; write both with one")
        spent = end.instant - start.instant
    elif lengths:
        found = value_of(lengths[0], "dt")
        if not isinstance(found, timedelta):
            raise InvalidValue(f"found DURATION {quoted(str(lengths[0]))}; write one such as PT2H")
        # Days of a DURATION are days of the calendar, hours are elapsed time.
        days, hours = timedelta(days=found.days), timedelta(seconds=found.seconds)
        spent = Moment.of(start.wall + days, start.zone).instant + hours - start.instant
    elif given is not None:
        spent = timedelta(minutes=given)
    else:
        raise InvalidValue("found neither DTEND nor DURATION; say how long it lasts with --duration")
    minutes, rest = divmod(spent, timedelta(minutes=1))
    whole = not rest and not start.wall.second and not start.wall.microsecond
    return minutes if whole and 1 <= minutes <= _LONGEST else None


def _times(
    master: Component, first: _Times, clocks: Clocks, *, last: date, unsaid: Counter[str]
) -> dict[datetime, _Times]:
    """When the occurrences of a series are, by the instants that name them, without its overrides."""
    times: dict[datetime, _Times] = {first.start.instant: first}
    for rule in all_of(master, "RRULE"):
        for moment in _ruled(rule, first.start, clocks, last=last, unsaid=unsaid):
            times.setdefault(moment.instant, replace(first, start=moment))
    for value in all_of(master, "RDATE"):
        for one in _listed(value, "RDATE"):
            times.update(_added(one, value, first, clocks))
    for value in all_of(master, "EXDATE"):
        for one in _listed(value, "EXDATE"):
            for instant in _taken_out(one, value, clocks, times, unsaid):
                times.pop(instant, None)
    return times


def _listed(value: object, name: str) -> list[object]:
    times = _dts(value)
    if not times:
        raise InvalidValue(f"found {name} {quoted(str(value))}; write times such as 20260901T140000Z")
    return [value_of(one, "dt") for one in times]


def _dts(value: object) -> list[object]:
    """The times of an RDATE or EXDATE; none of a property that is no list of times."""
    found = value_of(value, "dts")
    return list(found) if isinstance(found, list | tuple) else []


def _part(rule: object, name: str) -> list[object]:
    found = rule.get(name, []) if isinstance(rule, Mapping) else []
    return list(found) if isinstance(found, list) else [found]


def _ruled(rule: object, start: Moment, clocks: Clocks, *, last: date, unsaid: Counter[str]) -> Iterator[Moment]:
    """The occurrences that one RRULE gives; its COUNT counts the start, whether or not the rule gives it."""
    if not isinstance(rule, Mapping) or not hasattr(rule, "to_ical"):
        raise InvalidValue(f"found RRULE {quoted(str(rule))}; write one such as FREQ=WEEKLY;INTERVAL=2")
    wall, first = start.wall, start.wall.date()
    idle = {f"BYHOUR={wall.hour}", f"BYMINUTE={wall.minute}", f"BYSECOND={wall.second}"}
    parts = [part for part in rule.to_ical().decode().split(";") if part not in idle]
    body = ";".join(part for part in parts if not part.startswith(("COUNT=", "UNTIL=")))
    problem = check_repeat(body)
    if problem:
        raise InvalidValue(f"RRULE: {problem}")
    counts, untils = _part(rule, "COUNT"), _part(rule, "UNTIL")
    limit = _limit(untils[0], start, clocks) if untils and _is_end(untils[0]) else None
    if not has_end(rule) and last < first:
        cure = f"give --until {first} or a later day"
        raise InvalidValue(
            f"found a rule without an end whose first date is {first}, after {last}, its last day; {cure}"
        )
    until = last if limit is None else limit.wall.date()
    count = int(str(counts[0])) if counts and limit is None else None
    if count is None and until < first:
        return
    schedule = Schedule(first=first, repeat=body, count=count, until=None if count else until)
    try:
        dates = [day.date for day in rule_dates(schedule)]
    except InvalidSeries as error:
        if "gives no date" not in str(error):
            raise InvalidValue(f"RRULE: {error.mistakes[0].problem}") from None
        dates = []
    if first not in dates:
        unsaid[OFF_RULE] += 1
        dates = dates[: count - 1] if count else dates
    for day in dates:
        moment = start.on(day)
        if limit is None or moment.instant <= limit.instant:
            yield moment


def _is_end(until: object) -> bool:
    """Whether an UNTIL lies within the years of plans; one in the year 9999 means no end."""
    day = _day(until)
    return day is None or day.year <= YEARS[1]


def _limit(until: object, start: Moment, clocks: Clocks) -> Moment:
    """The last moment at which a rule may start a call."""
    if isinstance(until, datetime):
        if until.tzinfo is None:
            return Moment.of(until, start.zone)
        return _shown(clocks.at(until, None).instant, start.zone)
    if isinstance(until, date):
        return start.on(until)
    raise InvalidValue(f"found UNTIL {quoted(str(until))}; write a date or a time in UTC")


def _added(one: object, value: object, first: _Times, clocks: Clocks) -> dict[datetime, _Times]:
    """What an RDATE adds: a time, a time with a length of its own, or the hour of the series on another day."""
    if isinstance(one, tuple):
        begin, rest = one
        start = _at(begin, value, first.start, clocks)
        end = start.instant + rest if isinstance(rest, timedelta) else _at(rest, value, first.start, clocks).instant
        minutes, odd = divmod(end - start.instant, timedelta(minutes=1))
        if odd or not 1 <= minutes <= _LONGEST:
            raise InvalidValue("found an RDATE whose PERIOD is not of whole minutes, from 1 to a week")
        return {start.instant: _Times(start=start, minutes=minutes)}
    start = _at(one, value, first.start, clocks)
    return {start.instant: replace(first, start=start)}


def _at(one: object, value: object, first: Moment, clocks: Clocks) -> Moment:
    if isinstance(one, datetime):
        return clocks.at(one, value)
    if isinstance(one, date):
        return first.on(one)
    raise InvalidValue(f"found {quoted(str(one))}; write a time such as 20260901T140000Z")


def _taken_out(
    one: object, value: object, clocks: Clocks, times: Mapping[datetime, _Times], unsaid: Counter[str]
) -> list[datetime]:
    """The occurrences that an EXDATE takes out; one without a zone stands on the clock of the series."""
    if isinstance(one, datetime):
        if one.tzinfo is not None or "TZID" in getattr(value, "params", {}):
            return [clocks.at(one, value).instant]
        marked = [instant for instant, found in times.items() if found.start.wall == one]
        unsaid[MARKED] += len(marked)
        return marked
    if isinstance(one, date):
        unsaid[DAY_OUT] += 1
        return [instant for instant, found in times.items() if found.start.wall.date() == one]
    raise InvalidValue(f"found EXDATE {quoted(str(one))}; write a time such as 20260901T140000Z")


def _changed(
    changes: Sequence[Component], start: Moment, clocks: Clocks, unsaid: Counter[str]
) -> Iterator[tuple[datetime, Component]]:
    """The overrides of a series by the instants that they name."""
    for change in changes:
        value = _one(change, "RECURRENCE-ID")
        if "RANGE" in getattr(value, "params", {}):
            unsaid[RANGE] += 1
        found = value_of(value, "dt")
        if isinstance(found, datetime) and found.tzinfo is None and "TZID" not in getattr(value, "params", {}):
            yield Moment.of(found, start.zone).instant, change
            continue
        named = clocks.moment(value)
        yield (named if isinstance(named, Moment) else start.on(named)).instant, change


def _override(change: Component, before: _Times, clocks: Clocks, unsaid: Counter[str]) -> ForeignCall | None:
    """The call of an override, with what it says itself; None where it is no call of a plan."""
    start = clocks.moment(_one(change, "DTSTART")) if all_of(change, "DTSTART") else before.start
    if not isinstance(start, Moment):
        unsaid[ALL_DAY] += 1
        return None
    minutes = _length(change, start, clocks, before.minutes)
    if minutes is None:
        unsaid[NO_MINUTES] += 1
        return None
    return _call(change, _Times(start=start, minutes=minutes))


def _call(event: Component, times: _Times) -> ForeignCall:
    return ForeignCall(
        uid=text_of(event, "UID"),
        start=times.start.instant,
        minutes=times.minutes,
        zone=times.start.zone,
        date=times.start.wall.date(),
        cancelled=text_of(event, "STATUS").upper() == "CANCELLED",
        summary=" ".join(text_of(event, "SUMMARY").split()),
        location=text_of(event, "LOCATION"),
    )
