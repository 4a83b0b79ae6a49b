"""The announced calendar file: whether it belongs to this meeting, and what it says.

The file is read strictly: a file that cannot be fully parsed, or that contains anything but the calls of this meeting,
is never replaced. An error says what was found and in which line. Other programs may have rewritten the file: refolded
lines, LF line ends, their own properties and alarms, DURATION for DTEND, UNTIL for COUNT. Properties that an
:class:`Event` does not have are ignored. A time with a TZID is the announced wall time, read by the current zone rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from mag_rotation.calls import MOST_DATES, check_repeat
from mag_rotation.errors import InvalidValue, MagRotationError, UnknownZone, UnusableEdition, quote_value
from mag_rotation.ics.event import LAST_SEQUENCE, Event, Key, Rule, expand_occurrences, increment_sequence
from mag_rotation.ics.reader import (
    DAMAGE,
    Component,
    Contents,
    Property,
    Time,
    all_of,
    duration_of,
    integer_of,
    read_lenient,
    rule_of,
    split_physical_lines,
    time_of,
    times_of,
    unescape,
)
from mag_rotation.ics.single_events import clock_of
from mag_rotation.ics.uids import is_session_uid, parse_uid
from mag_rotation.ics.zone_mapping import RuleEffort
from mag_rotation.limits import ANNOUNCED_CALLS
from mag_rotation.places.tables import WINDOWS_ZONES
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Meeting
from mag_rotation.zones import YEARS, load_zone_rules, resolve, to_local, to_utc

__all__ = [
    "CalendarLayout",
    "PriorCalendar",
    "choose_later_version",
    "date_of",
    "merge_calendars",
    "read_prior",
    "read_prior_sessions",
]

_UNREAD = "cannot be read whole as one iCalendar file"
_OUR_PRODID = "//mag_rotation//"

_RULE_ORDER = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST")
"""The order of the parts of a rule; other programs may use another."""

_IDLE = {("INTERVAL", "1"), ("WKST", "MO")}
"""Parts of a rule that have no effect."""

_COUNT = re.compile("[0-9]{1,9}")
_CATEGORY = re.compile(r"(?:[^\\,]|\\.)+", re.DOTALL)
"""One of several texts separated by commas."""

_MOST_PARTS = 3
"""The most parts of a zone name, separated by slashes."""

_OF_NOBODY = {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM", "VLOCATION", "VRESOURCE", "PARTICIPANT"}
"""Components other than events that need not belong to the meeting."""

_NO_DATES = ("RDATE", "EXRULE")
"""Properties with dates beside the rule, which the project's own series never have."""


class CalendarLayout(StrEnum):
    """How the calls are represented in a calendar file."""

    CALLS = "calls"
    """One event per call."""
    SERIES = "series"
    """One recurring event per slot, with separate events for changed occurrences and extra calls."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PriorCalendar:
    """The content of a calendar file; ``layout`` is None if it has no calls other than extra ones.

    ``name`` is that of the calendar, None if the file has none.
    """

    events: tuple[Event, ...]
    layout: CalendarLayout | None
    name: str | None = None


def read_prior(data: bytes, meeting: Meeting) -> PriorCalendar:
    r"""Read the calendar file of ``meeting``; raises :class:`UnusableEdition` for anything else.

    Of several versions of an event, the one with the highest SEQUENCE counts, then the one with the latest DTSTAMP.

    >>> meeting = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
    >>> read_prior(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", meeting)
    PriorCalendar(events=(), layout=None, name=None)
    >>> read_prior(b"BEGIN:VTODO\r\n", meeting)
    Traceback (most recent call last):
    mag_rotation.errors.UnusableEdition: cannot be read whole as one iCalendar file: no line is BEGIN:VCALENDAR
    """
    return _read_prior(data, meeting, sessions=False)


def read_prior_sessions(data: bytes, meeting: Meeting) -> PriorCalendar:
    """Read the file of the sessions of ``meeting`` like :func:`read_prior`; one of its calls is refused."""
    return _read_prior(data, meeting, sessions=True)


def _read_prior(data: bytes, meeting: Meeting, *, sessions: bool) -> PriorCalendar:
    """Read a file in which every UID is that of a call of the meeting, or of one of its ``sessions``."""
    is_call = _Kind(noun="call", is_own=lambda uid: parse_uid(uid, meeting) is not None)
    is_session = _Kind(noun="session", is_own=lambda uid: is_session_uid(uid, meeting))
    kind, other = (is_session, is_call) if sessions else (is_call, is_session)
    try:
        contents = read_lenient(data)
    except InvalidValue as error:
        raise UnusableEdition(f"{_UNREAD}: {str(error).partition(': ')[2]}") from None
    try:
        _check_whole(data, contents)
        if other.is_all_of(contents.components):
            way = "without" if sessions else "with"
            raise UnusableEdition(f"holds the {other.noun}s of {meeting.id!r}, which are written {way} --sessions")
        for component in contents.components:
            _check_own(component, meeting, kind)
        effort = RuleEffort()
        events = _select_latest(
            _read_event(one, meeting, effort) for one in contents.components if one.name == "VEVENT"
        )
        _check_series(events)
        return PriorCalendar(events=events, layout=_find_layout(events, meeting), name=_read_name(contents))
    except InvalidValue as error:
        why = f"is not a calendar of {meeting.id!r} that mag-rotation wrote: {error}"
        raise UnusableEdition(f"{why}{_describe_maker(contents)}") from None


def date_of(event: Event, meeting: Meeting) -> date:
    """Return the date of a call: that in its UID, or in a series the day of the regular start."""
    found = parse_uid(event.uid, meeting)
    if found and found.date:
        return date.fromisoformat(found.date)
    if event.original is not None:
        return to_local(event.original, event.original_zone).wall.date()
    return to_local(event.start, event.zone).wall.date()


def choose_later_version(first: Event, second: Event) -> Event:
    """Return the later of two versions of an event: the higher SEQUENCE, then the later DTSTAMP.

    If both differ under one SEQUENCE, the result has the next number, so that it replaces either. CREATED is the
    earlier of the two.
    """
    later = max(first, second, key=lambda event: (event.sequence, _stamp_of(event)))
    later = replace(later, created=min(filter(None, (first.created, second.created)), default=None))
    is_told = first.sequence != second.sequence or first.schedule_key == second.schedule_key
    return later if is_told else replace(later, sequence=increment_sequence(later))


def _stamp_of(event: Event) -> float:
    return 0.0 if event.stamp is None else event.stamp.timestamp()


# The file.


def _check_whole(data: bytes, contents: Contents) -> None:
    """Raise :class:`InvalidValue` for several calendars, and for a line that is lost or not as it was written."""
    if len(contents.calendars) > 1:
        raise InvalidValue(f"it holds a second calendar, in line {contents.calendars[1].line}")
    lost = next((one for one in contents.left_out if one.note.code in DAMAGE), None)
    if lost is not None:
        row = split_physical_lines(data)[lost.line - 1].decode("utf-8", "replace").strip("\ufeff\r")
        raise InvalidValue(f"it holds {quote_value(row)}, which {DAMAGE[lost.note.code]}, in line {lost.line}")


def _describe_maker(contents: Contents) -> str:
    """Return a note on the program that wrote the file, if it is another one."""
    for calendar in contents.calendars:
        for one in all_of(calendar, "PRODID"):
            if _OUR_PRODID not in one.value:
                return f" (by line {one.line}, {quote_value(one.value)} wrote the file)"
    return ""


def _read_name(contents: Contents) -> str | None:
    """Return the name of the calendar; None if it has none."""
    names = (
        one for calendar in contents.calendars for key in ("NAME", "X-WR-CALNAME") for one in all_of(calendar, key)
    )
    return next((unescape(one.value) for one in names), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """What a calendar holds, and whether a UID of the meeting is that of such an event."""

    noun: str
    is_own: Callable[[str], bool]

    def is_all_of(self, components: Iterable[Component]) -> bool:
        """Return whether all events are of this kind, and there is one."""
        uids = [all_of(one, "UID") for one in components if one.name == "VEVENT"]
        return bool(uids) and all(found and self.is_own(unescape(found[0].value)) for found in uids)


def _check_own(component: Component, meeting: Meeting, kind: _Kind) -> None:
    """Raise :class:`InvalidValue` if a component is neither an event of the ``kind`` nor a zone."""
    if component.name in _OF_NOBODY or component.name.startswith("X-"):
        return
    uids = all_of(component, "UID")
    named = quote_value(component.name)
    if not uids:
        raise InvalidValue(f"it holds a {named} without a UID, in line {component.line}")
    uid, where = unescape(uids[0].value), f"in line {uids[0].line}"
    if not kind.is_own(uid):
        no_call = f"which is not a {kind.noun} of {meeting.id!r} at {meeting.uid_domain}"
        raise InvalidValue(f"it holds {quote_value(uid)}, {no_call}, {where}")
    if component.name != "VEVENT":
        raise InvalidValue(f"it holds {quote_value(uid)} as a {named}, which is not an event, {where}")


def _select_latest(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the latest version of each event."""
    found: dict[Key, Event] = {}
    for event in events:
        known = found.get(event.key)
        found[event.key] = event if known is None else choose_later_version(known, event)
    return tuple(found.values())


def _check_series(events: Sequence[Event]) -> None:
    """Raise :class:`InvalidValue` for occurrences of a missing series, and for a series that is too long."""
    there = {event.uid for event in events if event.original is None}
    for event in events:
        if event.uid not in there:
            raise InvalidValue(f"it holds an occurrence of {quote_value(event.uid)} and not the series itself")
    if sum(min(event.rule.count, MOST_DATES) for event in events if event.rule is not None) > ANNOUNCED_CALLS:
        raise InvalidValue(f"it holds series with more than {ANNOUNCED_CALLS:,} calls in all")
    try:
        expand_occurrences(events)
    except MagRotationError:
        raise InvalidValue("it holds a series with more dates than a plan may have") from None


def _find_layout(events: Iterable[Event], meeting: Meeting) -> CalendarLayout | None:
    """Return the layout of a file; raises :class:`InvalidValue` if it has calls in both."""
    kinds = {_layout_of(event.uid, meeting) for event in events} - {None}
    if len(kinds) > 1:
        raise InvalidValue("it holds calls by date and calls by slot, and a calendar has one of the two")
    return next(iter(kinds), None)


def _layout_of(uid: str, meeting: Meeting) -> CalendarLayout | None:
    """Return the layout of a UID; None for an extra call, which is equal in both."""
    found = parse_uid(uid, meeting)
    if found is None or found.is_extra:
        return None
    return CalendarLayout.CALLS if found.slot is None else CalendarLayout.SERIES


# Events.


def _read_event(component: Component, meeting: Meeting, effort: RuleEffort) -> Event:
    """Return the event of a VEVENT; raises :class:`InvalidValue`."""
    uid = _require_one(component, "UID")
    start, zone = _read_time(_require_one(component, "DTSTART"))
    original = _find_one(component, "RECURRENCE-ID")
    original_start, original_zone = (None, UTC_ZONE) if original is None else _read_time(original)
    rule = _find_one(component, "RRULE")
    for name in _NO_DATES:
        for found in all_of(component, name):
            raise InvalidValue(f"found {name} in line {found.line}; a series of ours has its rule and EXDATE")
    end = _read_end(component, start)
    stamp = _read_time(_require_one(component, "DTSTAMP"))[0]
    event = Event(
        uid=unescape(uid.value),
        start=start,
        end=end,
        zone=zone if rule is not None else clock_of(zone, start, end),
        summary=_read_text(component, "SUMMARY") or "",
        cancelled=(_read_text(component, "STATUS") or "").upper() == "CANCELLED",
        description=_read_text(component, "DESCRIPTION"),
        location=_read_text(component, "LOCATION"),
        url=_read_uri(component, "URL"),
        conference=_read_uri(component, "CONFERENCE"),
        categories=tuple(
            unescape(name) for found in all_of(component, "CATEGORIES") for name in _CATEGORY.findall(found.value)
        ),
        original=original_start,
        original_zone=original_zone,
        rule=None if rule is None else _read_rule(component, rule, to_local(start, zone).wall, zone, effort),
        sequence=_read_sequence(component),
        stamp=stamp,
        created=_read_created(component) or stamp,
    )
    _check_event(event, uid, meeting)
    return event


def _check_event(event: Event, uid: Property, meeting: Meeting) -> None:
    """Raise :class:`InvalidValue` if an event contradicts its UID."""
    try:
        date_of(event, meeting)
    except ValueError:  # eight digits need not be a date
        raise InvalidValue(f"it holds {quote_value(event.uid)}, which names no date, in line {uid.line}") from None
    if event.original is None and (event.rule is None) == (_layout_of(event.uid, meeting) is CalendarLayout.SERIES):
        way = "without" if event.rule is None else "with"
        raise InvalidValue(f"it holds {quote_value(event.uid)} {way} a rule (RRULE), in line {uid.line}")


def _require_one(component: Component, name: str) -> Property:
    found = _find_one(component, name)
    if found is None:
        raise InvalidValue(f"found the event in line {component.line} without {name}")
    return found


def _find_one(component: Component, name: str) -> Property | None:
    """Return the only property with a name; None if there is none."""
    found = all_of(component, name)
    if len(found) > 1:
        raise InvalidValue(f"found a second {name} of one event, in line {found[1].line}")
    return found[0] if found else None


def _read_text(component: Component, name: str) -> str | None:
    """Return the first text with a name; None if there is none, or if it is empty."""
    return next((unescape(one.value) for one in all_of(component, name)), None) or None


def _read_uri(component: Component, name: str) -> str | None:
    """Return the first URI with a name, unchanged; None if there is none."""
    return next((one.value for one in all_of(component, name)), None) or None


def _read_created(component: Component) -> datetime | None:
    """Return the instant of CREATED; None if it is missing or unreadable, because nothing depends on it."""
    try:
        return next((_read_time(one)[0] for one in all_of(component, "CREATED")), None)
    except InvalidValue:
        return None


def _read_sequence(component: Component) -> int:
    """Return the SEQUENCE, 0 if there is none."""
    found = _find_one(component, "SEQUENCE")
    number = 0 if found is None else integer_of(found)
    if found is not None and (number is None or not 0 <= number <= LAST_SEQUENCE):
        raise InvalidValue(
            f"found the SEQUENCE {quote_value(found.value)} in line {found.line}; the last is {LAST_SEQUENCE}"
        )
    return number or 0


# Times.


def _read_time(found: Property) -> tuple[datetime, ZoneName]:
    """Return the instant of a property, and the zone in which it is written."""
    return _resolve_time(time_of(found), found)


def _resolve_time(read: Time, of: Property) -> tuple[datetime, ZoneName]:
    """Return the instant and the zone of a time that was read from a property."""
    where, tzid = f"{of.name} in line {of.line}", of.param("TZID")
    if not isinstance(read, datetime):
        raise InvalidValue(f"found a whole day or a period as {where}; a call has an hour")
    if not YEARS[0] <= read.year <= YEARS[1]:
        raise InvalidValue(f"found the year {read.year} as {where}; a call lies in the years {YEARS[0]} to {YEARS[1]}")
    if read.tzinfo is not None:
        if tzid is not None:
            raise InvalidValue(f"found a time in UTC (Z) with the TZID {quote_value(tzid)} as {where}")
        return to_utc(read), UTC_ZONE
    if tzid is None:
        raise InvalidValue(f"found a time without a zone as {where}")
    zone = _find_zone(tzid)
    if zone is None:
        windows = WINDOWS_ZONES.get(tzid)
        called = f" (Windows calls {windows} so)" if windows else ""
        raise InvalidValue(
            f"found the TZID {quote_value(tzid)} as {where}, which is not the name of a time zone{called}"
        )
    return resolve(read, zone).instant, zone


def _find_zone(tzid: str) -> ZoneName | None:
    """Return the zone of a TZID; some programs put a path before it."""
    parts = tzid.strip("/").split("/")
    for count in range(min(len(parts), _MOST_PARTS), 0, -1):
        name = ZoneName("/".join(parts[-count:]))
        try:
            load_zone_rules(name)
        except UnknownZone:
            continue
        return name
    return None


def _read_end(component: Component, start: datetime) -> datetime:
    """Return the end of an event: DTEND, or DURATION after its start."""
    found = _find_one(component, "DTEND") or _find_one(component, "DURATION")
    if found is None:
        raise InvalidValue(f"found the event in line {component.line} without DTEND")
    if found.name == "DTEND":
        end = _read_time(found)[0]
    else:
        length = duration_of(found)
        try:
            end = start + timedelta(days=length.days) + length.time
        except OverflowError:
            end = datetime.max.replace(tzinfo=start.tzinfo)
    if end <= start:
        raise InvalidValue(f"found {found.name} in line {found.line}, which ends the event before it begins")
    if end.year > YEARS[1]:
        raise InvalidValue(f"found {found.name} in line {found.line}, beyond the year {YEARS[1]}")
    return end


# Rules.


def _read_rule(component: Component, found: Property, first: datetime, zone: ZoneName, effort: RuleEffort) -> Rule:
    """Return the rule of a series that begins at a wall time, with COUNT or UNTIL."""
    parts, where = dict(rule_of(found)), f"RRULE in line {found.line}"
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    known = {name: place for place, name in enumerate(_RULE_ORDER)}
    ordered = sorted(parts.items(), key=lambda part: known.get(part[0], len(known)))
    body = ";".join(f"{name}={value}" for name, value in ordered if (name, value) not in _IDLE)
    problem = check_repeat(body)
    if problem is not None:
        raise InvalidValue(f"found {where}: {problem}")
    excluded = frozenset(
        _resolve_time(one, exdate)[0] for exdate in all_of(component, "EXDATE") for one in times_of(exdate)
    )
    if count is not None and _COUNT.fullmatch(count):
        _expand(found, first, date(YEARS[1], 12, 31), effort)  # too few dates are reported with all series
        return Rule(body=body, count=int(count), excluded=excluded)
    if count is not None or until is None:
        raise InvalidValue(f"found {where} without a COUNT or an UNTIL that can be read")
    last, _ = _resolve_time(time_of(replace(found, value=until)), replace(found, name="UNTIL of RRULE", params=()))
    walls = _expand(found, first, to_local(last, zone).wall.date(), effort)
    if not walls:
        raise InvalidValue(f"found {where} with more dates than a plan may have, or none")
    return Rule(body=body, count=sum(resolve(wall, zone).instant <= last for wall in walls), excluded=excluded)


def _expand(found: Property, first: datetime, last: date, effort: RuleEffort) -> Sequence[datetime]:
    """Return the starts that a rule gives up to a day; empty if there are more than a plan may have.

    Raises :class:`InvalidValue` if the rules of the file take too long to expand.
    """
    was_spent = effort.is_spent
    try:
        return effort.expand(found, first, last)
    except InvalidValue as error:
        if was_spent:
            raise InvalidValue(str(error).partition(";")[0]) from None
        return ()


def merge_calendars(first: PriorCalendar, second: PriorCalendar) -> PriorCalendar:
    """Return what two files have announced together.

    Of an event in both files, the one with the higher SEQUENCE counts, then the one with the later DTSTAMP. If both
    differ under one SEQUENCE, the result has the next number, so that clients accept it after either.

    Raises :class:`UnusableEdition`, with what is wrong with the second file, if the layouts differ, or if each file has
    dates of a series that the other does not have.
    """
    if None not in {first.layout, second.layout} and first.layout is not second.layout:
        raise UnusableEdition(f"is in the layout {second.layout}, the other file in the layout {first.layout}")
    old, new = expand_occurrences(first.events), expand_occurrences(second.events)
    dates, others = _list_starts_by_uid(old), _list_starts_by_uid(new)
    events = {event.key: event for event in first.events}
    for event in second.events:
        known = events.get(event.key)
        if known is not None and event.rule is not None:
            _check_same_line(known, event, dates[known.uid], others[event.uid])
        events[event.key] = event if known is None else choose_later_version(known, event)
    # A date of a series that the later edition of it does not give is kept as an occurrence of its own.
    occurrences = expand_occurrences(events.values())
    events |= {key: event for key, event in (old | new).items() if key not in occurrences}
    name = first.name or second.name
    return PriorCalendar(events=tuple(events.values()), layout=first.layout or second.layout, name=name)


def _list_starts_by_uid(occurrences: Iterable[Key]) -> Mapping[str, set[datetime | None]]:
    """Return the original starts of occurrences by UID."""
    found: defaultdict[str, set[datetime | None]] = defaultdict(set)
    for uid, original in occurrences:
        found[uid].add(original)
    return found


def _check_same_line(first: Event, second: Event, dates: set[datetime | None], others: set[datetime | None]) -> None:
    """Raise an error for two series with one UID and these dates that are not editions of each other."""
    if first.clock != second.clock:
        raise UnusableEdition(f"has {second.uid!r} on another clock than the other file, so these are two calendars")
    if not (dates <= others or others <= dates):
        raise UnusableEdition(
            f"has dates of {second.uid!r} that the other file has not, as that has others, so these are two calendars"
        )
