"""Events as the bytes of a calendar file.

Equal events give equal bytes. A calendar to subscribe to has no METHOD and no data about members; a message has one
METHOD and one event; an object on a calendar server has one event, no METHOD and no properties of the calendar. Each
zone in use has one VTIMEZONE before the events that covers all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Parameters, vDuration, vRecur, vText
from icalendar import Event as Component

from mag_rotation.ics.content_lines import encode_lines
from mag_rotation.ics.event import Event, find_latest_end
from mag_rotation.ics.vtimezone import make_vtimezone
from mag_rotation.places import ZoneName, find_common_zone
from mag_rotation.roster import UTC_ZONE
from mag_rotation.series import Meeting
from mag_rotation.zones import TZDATA_VERSION, to_local

__all__ = ["write_alarm", "write_calendar", "write_message", "write_object"]

_PRODID = "-//mag_rotation//mag_rotation//EN"
_REFRESH = timedelta(hours=6)

_FEATURES = {"tel": ["PHONE"], "sip": ["AUDIO"], "sips": ["AUDIO"]}
"""The features of a conference by the scheme of its link (RFC 7986, 6.3)."""


def write_calendar(events: Sequence[Event], meeting: Meeting) -> bytes:
    """Return the calendar file of a meeting; every event must have a stamp."""
    calendar = _make_calendar()
    calendar.add("name", vText(meeting.name))
    calendar.add("x-wr-calname", vText(meeting.name))
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    # some programs expand a series in UTC with this zone, and would move events of another one at its clock changes
    calendar.add("x-wr-timezone", vText(find_common_zone(event.zone for event in events)))
    if meeting.description:
        calendar.add("x-wr-caldesc", vText(meeting.description))
    if meeting.color:
        calendar.add("color", vText(meeting.color))
    if meeting.feed_url:
        calendar.add("source", meeting.feed_url, parameters={"VALUE": "URI"})
    return encode_lines(_write_lines(calendar, events))


def write_object(event: Event) -> bytes:
    """Return one event, which must have a stamp, as an object of a calendar server."""
    return encode_lines(_write_lines(_make_calendar(), [event]))


def write_message(event: Event, method: str) -> tuple[str, ...]:
    """Return the content lines of a ``method`` message with one event, which must have a stamp.

    It forbids counterproposals. The last two lines end the event and the calendar.
    """
    calendar = _make_calendar()
    calendar.add("method", vText(method))
    *lines, end_event, end_calendar = _write_lines(calendar, [event])
    return *lines, "X-MICROSOFT-DISALLOW-COUNTER:TRUE", end_event, end_calendar


def _make_calendar() -> Calendar:
    """Return a calendar with the properties that all calendars have."""
    calendar = Calendar()
    calendar.add("prodid", vText(_PRODID))
    calendar.add("version", vText("2.0"))
    calendar.add("calscale", vText("GREGORIAN"))
    return calendar


def _write_lines(calendar: Calendar, events: Sequence[Event]) -> Iterator[str]:
    """Return the content lines of a calendar with these events and their zones."""
    calendar.add("x-mag-rotation-tzdata", vText(TZDATA_VERSION))
    zones = {event.zone for event in events} | {event.original_zone for event in events if event.original}
    if zones - {UTC_ZONE}:
        first = min(min(event.start, event.original or event.start) for event in events)
        last = max(max(find_latest_end(event), event.original or event.end) for event in events)
        for zone in sorted(zones - {UTC_ZONE}):
            calendar.add_component(make_vtimezone(zone, first, last))
    for event in events:
        calendar.add_component(_make_component(event))
    return (str(line) for line in calendar.content_lines(sorted=False) if line)


def _make_component(event: Event) -> Component:
    component = Component()
    component.add("uid", vText(event.uid))
    component.add("dtstamp", event.stamp)
    component.add("created", event.created or event.stamp)
    component.add("last-modified", event.stamp)
    component.add("sequence", event.sequence)
    if event.original is not None:
        _add_time(component, "recurrence-id", event.original, event.original_zone)
    _add_time(component, "dtstart", event.start, event.zone)
    _add_time(component, "dtend", event.end, event.zone)
    if event.rule is not None:
        component.add("rrule", vRecur.from_ical(f"{event.rule.body};COUNT={event.rule.count}"))
        for start in sorted(event.rule.excluded):
            _add_time(component, "exdate", start, event.zone)
    _add_texts(component, event)
    if event.alarm is not None:
        component.add_component(_make_alarm(event.summary, event.alarm))
    return component


def write_alarm(summary: str, minutes: int) -> tuple[str, ...]:
    """Return the content lines of a reminder that shows a title some minutes before the start."""
    return tuple(str(line) for line in _make_alarm(summary, minutes).content_lines(sorted=False) if line)


def _make_alarm(summary: str, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", vText("DISPLAY"))
    alarm.add("description", vText(summary))
    alarm.add("trigger", vText(f"-PT{minutes}M"))
    return alarm


def _add_texts(component: Component, event: Event) -> None:
    """Add the texts of an event, and whether it is busy time."""
    component.add("summary", vText(event.summary))
    component.add("status", vText("CANCELLED" if event.cancelled else "CONFIRMED"))
    if event.cancelled:  # many programs never read STATUS, and would show the time as busy
        component.add("transp", vText("TRANSPARENT"))
        component.add("x-microsoft-cdo-busystatus", vText("FREE"))
    if event.description:
        component.add("description", vText(event.description))
    if event.location:
        component.add("location", vText(event.location))
    if event.url:
        component.add("url", event.url)
    if event.conference:
        component.add("conference", event.conference, parameters=_make_conference_parameters(event.conference))
    if event.categories:  # one line: some programs refuse a second one
        component.add("categories", [_shield_backslash(name) for name in event.categories])


def _make_conference_parameters(link: str) -> Parameters:
    """Return the parameters of the link to a call: its features, and a label."""
    features = _FEATURES.get(link.partition(":")[0].lower(), ["AUDIO", "VIDEO"])
    return Parameters({"VALUE": "URI", "FEATURE": features, "LABEL": "Join the call"})


def _shield_backslash(name: str) -> str:
    """Return a category with a blank after a final backslash, which programs take for the escape of the next comma."""
    return f"{name} " if name.endswith("\\") else name


def _add_time(component: Component, name: str, instant: datetime, zone: ZoneName) -> None:
    """Add an instant as a local time of a zone, or in UTC."""
    if zone == UTC_ZONE:
        component.add(name, instant)
    else:
        component.add(name, to_local(instant, zone).wall, parameters={"TZID": zone})
