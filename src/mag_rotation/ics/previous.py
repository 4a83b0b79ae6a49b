"""The calendar file that was announced: whether it is this meeting's, and what it says.

Rule 1: bytes come in and values go out; nothing is opened here.
Rule 2: what cannot be read whole is nobody's to replace, and neither is what holds anything but this meeting's calls.
Rule 3: other programs may have written it again: lines folded anew or ended by LF alone, their own properties and
alarms, DURATION for DTEND, UNTIL for COUNT. What is not said in an :class:`Event` is passed over.
Rule 4: a time with a TZID is the wall time that was announced, read by the zone rules in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from icalendar import Calendar, Component, vCategory, vDDDLists, vDDDTypes, vRecur

from mag_rotation.calls import check_repeat, rule_dates
from mag_rotation.errors import InvalidValue, MagRotationError, UnknownZone, UnusableEdition, quoted
from mag_rotation.ics.event import LAST_SEQUENCE, Event, Rule, occurrences
from mag_rotation.ics.layouts import clock_of
from mag_rotation.ics.uids import parts_of
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Meeting, Schedule
from mag_rotation.zones import in_utc, local, resolve, zone_rules

__all__ = ["Announced", "Layout", "announced", "date_of"]

V = TypeVar("V")

_UNREAD = "cannot be read whole as one iCalendar file"
_ODD_INPUT = (ArithmeticError, ValueError, KeyError, IndexError, TypeError, AttributeError)
"""What the parser lets through on odd input."""


_IDLE = {("INTERVAL", "1"), ("WKST", "MO")}
"""Parts of a rule that say what is so without them."""


_OF_NOBODY = {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM", "VLOCATION", "VRESOURCE", "PARTICIPANT"}
"""Components that are no event, nor anybody's."""


class Layout(StrEnum):
    """How calls stand in a calendar file."""

    CALLS = "calls"
    """One event a call."""
    SERIES = "series"
    """One recurring event a slot; an event of its own only for what differs, and for extra calls."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """What a calendar file says. ``layout`` is None where it has no call but extra ones, or none at all."""

    events: tuple[Event, ...]
    layout: Layout | None


def announced(data: bytes, meeting: Meeting) -> Announced:
    r"""What the bytes of a calendar file of ``meeting`` say; anything else raises :class:`UnusableEdition`.

    >>> meeting = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
    >>> announced(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", meeting)
    Announced(events=(), layout=None)
    >>> announced(b"BEGIN:VCALENDAR\r\n", meeting)
    Traceback (most recent call last):
    mag_rotation.errors.UnusableEdition: cannot be read whole as one iCalendar file
    """
    components = _components(data)
    stranger = next((reason for component in components if (reason := _stranger(component, meeting))), None)
    if stranger is not None:
        raise UnusableEdition(stranger)
    events = tuple(_event(component, meeting) for component in components if component.name == "VEVENT")
    _check(events)
    for event in events:
        if event.original is None and (event.rule is None) == (_kind(event.uid, meeting) is Layout.SERIES):
            raise UnusableEdition(f"holds {event.uid!r} {'without' if event.rule is None else 'with'} a rule")
    kinds = {_kind(event.uid, meeting) for event in events} - {None}
    if len(kinds) > 1:
        raise UnusableEdition("holds calls by date and calls by slot, and a calendar has one of the two")
    return Announced(events=events, layout=next(iter(kinds), None))


def date_of(event: Event, meeting: Meeting) -> date:
    """The date by which a call is known: that in its UID, or the day of the regular start in a series."""
    found = parts_of(event.uid, meeting)
    if found and found.date:
        return date.fromisoformat(found.date)
    if event.original is not None:
        return local(event.original, event.original_zone).wall.date()
    return local(event.start, event.zone).wall.date()


def _components(data: bytes) -> Sequence[Component]:
    """Everything in the one calendar of a file."""
    try:
        data.decode("utf-8")
        calendars = Calendar.from_ical(data, multiple=True)
    except _ODD_INPUT:
        raise UnusableEdition(_UNREAD) from None
    # The parser takes any END for the one it waits for, such as one that is cut off.
    whole = data.rstrip().upper().endswith(b"\nEND:VCALENDAR")
    if len(calendars) != 1 or calendars[0].name != "VCALENDAR" or not whole:
        raise UnusableEdition(_UNREAD)
    components: list[Component] = calendars[0].walk()
    if any(component.errors for component in components):
        raise UnusableEdition(_UNREAD)
    return components


def _stranger(component: Component, meeting: Meeting) -> str | None:
    """Why a component belongs to another calendar; None for this meeting's calls, and for zones, which are nobody's."""
    if component.name in _OF_NOBODY or str(component.name).startswith("X-"):
        return None
    uid = component.get("uid")
    if uid is None:
        return f"holds a {component.name} without a UID, and every call of {meeting.id!r} has one"
    if parts_of(str(uid), meeting) and component.name == "VEVENT":
        return None
    if parts_of(str(uid), meeting):
        return f"holds {quoted(str(uid))} as a {component.name}, which is no event"
    return f"holds {quoted(str(uid))}, which is no call of {meeting.id!r} at {meeting.uid_domain}"


def _kind(uid: str, meeting: Meeting) -> Layout | None:
    """The layout that a UID belongs to; None for an extra call, which looks the same in both."""
    found = parts_of(uid, meeting)
    if found is None or found.is_extra:
        return None
    return Layout.CALLS if found.slot is None else Layout.SERIES


def _check(events: Iterable[Event]) -> None:
    """Refuse what no client could tell apart, and occurrences of a series that is not there."""
    seen = set()
    for event in events:
        if event.key in seen:
            raise UnusableEdition(f"holds {event.uid!r} twice")
        seen.add(event.key)
    for uid, original in seen:
        if original is not None and (uid, None) not in seen:
            raise UnusableEdition(f"holds an occurrence of {uid!r} and not the series itself")
    try:
        occurrences(events)
    except MagRotationError:
        raise UnusableEdition("holds a series with more dates than a plan may have") from None


def _event(component: Component, meeting: Meeting) -> Event:
    """What a VEVENT says."""
    uid = str(component["uid"])
    try:
        event = _read(component, uid)
        date_of(event, meeting)  # eight digits need not be a date
    except UnknownZone as error:
        raise UnusableEdition(f"holds {uid!r} in the zone {quoted(error.found)}, which is no IANA zone name") from None
    except UnusableEdition:
        raise
    except (*_ODD_INPUT, MagRotationError):
        raise UnusableEdition(f"holds {uid!r} with times or a rule that cannot be read") from None
    return event


def _read(component: Component, uid: str) -> Event:
    start, zone = _time(component, "dtstart")
    end = _time(component, "dtend")[0] if "dtend" in component else start + _length(component)
    original, original_zone = _time(component, "recurrence-id") if "recurrence-id" in component else (None, UTC_ZONE)
    rule = _rule(component, start, zone) if "rrule" in component else None
    if end <= start or "rdate" in component or "exrule" in component:
        raise InvalidValue("found an end before the start, or dates beside the rule")
    return Event(
        uid=uid,
        start=start,
        end=end,
        zone=zone if rule is not None else clock_of(zone, start, end),
        summary=_text(component, "summary") or "",
        cancelled=(_text(component, "status") or "").upper() == "CANCELLED",
        description=_text(component, "description"),
        location=_text(component, "location"),
        url=_text(component, "url"),
        conference=_text(component, "conference"),
        categories=tuple(str(name) for one in _values(component, "categories", vCategory) for name in one.cats),
        original=original,
        original_zone=original_zone,
        rule=rule,
        sequence=_sequence(component),
        stamp=_time(component, "dtstamp")[0],
    )


def _sequence(component: Component) -> int:
    """The SEQUENCE, 0 where there is none."""
    found = max(_values(component, "sequence", int), default=0)
    if not 0 <= found <= LAST_SEQUENCE:
        raise UnusableEdition(f"holds {str(component['uid'])!r} with the SEQUENCE {found}; the last is {LAST_SEQUENCE}")
    return found


def _values(component: Component, name: str, kind: type[V]) -> list[V]:
    """Every value of a property; one that is of no such kind raises :class:`InvalidValue`."""
    found = component.get(name, [])
    values = found if isinstance(found, list) else [found]
    if not all(isinstance(value, kind) for value in values):
        raise InvalidValue(f"found another kind of {name}")
    return values


def _text(component: Component, name: str) -> str | None:
    """The first value of a property as text; None where there is none, or an empty one."""
    return next((str(value) for value in _values(component, name, str)), None) or None


def _length(component: Component) -> timedelta:
    """The value of DURATION, which has to be there."""
    (value,) = _values(component, "duration", vDDDTypes)
    if not isinstance(value.dt, timedelta):
        raise InvalidValue("found no length")
    return value.dt


def _time(component: Component, name: str) -> tuple[datetime, ZoneName]:
    """The instant of a property, which has to be there, and the zone it is written in."""
    (value,) = _values(component, name, vDDDTypes)
    return _instant(value.dt, value.params.get("TZID"))


def _instant(read: object, tzid: str | None) -> tuple[datetime, ZoneName]:
    if not isinstance(read, datetime):
        raise InvalidValue("found a whole day")
    if tzid is None:
        return in_utc(read), UTC_ZONE
    zone = _zone(tzid)
    return resolve(read.replace(tzinfo=None), zone).instant, zone


def _zone(tzid: str) -> ZoneName:
    """The zone that a TZID names; some programs write a path of their own before it."""
    parts = tzid.strip("/").split("/")
    for begin in range(len(parts)):
        name = ZoneName("/".join(parts[begin:]))
        try:
            zone_rules(name)
        except UnknownZone:
            continue
        return name
    raise UnknownZone(tzid)


def _rule(component: Component, start: datetime, zone: ZoneName) -> Rule:
    """The rule of a series, however it is bounded."""
    (recur,) = _values(component, "rrule", vRecur)
    text: bytes = recur.to_ical()  # type: ignore[no-untyped-call]
    parts = {name: value for name, _, value in (part.partition("=") for part in text.decode().split(";"))}
    count = parts.pop("COUNT", None)
    parts.pop("UNTIL", None)
    body = ";".join(f"{name}={value}" for name, value in parts.items() if (name, value) not in _IDLE)
    if check_repeat(body) is not None:
        raise InvalidValue(f"found the rule {quoted(body)}")
    excluded = frozenset(
        _instant(one.dt, dates.params.get("TZID"))[0]
        for dates in _values(component, "exdate", vDDDLists)
        for one in dates.dts
    )
    number = int(count) if count else _count_until(body, recur["UNTIL"][0], start, zone)
    return Rule(body=body, count=number, excluded=excluded)


def _count_until(body: str, until: object, start: datetime, zone: ZoneName) -> int:
    """How many dates a rule gives up to an instant."""
    last, _ = _instant(until, None)
    first = local(start, zone).wall
    days = rule_dates(Schedule(first=first.date(), repeat=body, until=local(last, zone).wall.date()))
    return sum(resolve(datetime.combine(day.date, first.time()), zone).instant <= last for day in days)
