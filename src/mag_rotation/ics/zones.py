"""VTIMEZONE of our own making, for any zone of the database and the time that a file spans.

Rule 1: an observance has an RRULE of FREQ, BYMONTH and BYDAY or none at all, and never an RDATE: ical.js reads the
first value of a list, Outlook none, and a DTSTART alone says as much to everyone.
Rule 2: DTSTART of an observance is the wall time before the change and an instance of its RRULE; UNTIL is in UTC.
Rule 3: the first onset lies before the span, and there is always one: a zone without changes has one STANDARD.
Rule 4: a wall time that clocks show twice is not for a TZID: engines read it each in their own way.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from mag_rotation.errors import InvalidValue
from mag_rotation.ics.observances import Observance, find_observances
from mag_rotation.roster import ZoneName
from mag_rotation.zones import Unique, load_zone_rules, map_wall, to_epoch_second, to_local

__all__ = ["can_say", "make_vtimezone"]

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UTC_RULE = "UTC0"


def make_vtimezone(zone: ZoneName, first: datetime, last: datetime) -> Timezone:
    """The clocks of ``zone`` from ``first`` to ``last``, both included, a day to spare on either side.

    Beyond the span they are right as long as the zone keeps yearly rules that can be said. A naive instant raises
    :class:`InvalidInstant`, a span that ends before it begins :class:`InvalidValue`.

    >>> from datetime import UTC
    >>> first, last = datetime(2026, 9, 1, 14, tzinfo=UTC), datetime(2026, 12, 15, 16, tzinfo=UTC)
    >>> zone = make_vtimezone(ZoneName("Europe/Berlin"), first, last)
    >>> print(zone.to_ical(sorted=False).decode().replace("\\r", "").strip())
    BEGIN:VTIMEZONE
    TZID:Europe/Berlin
    BEGIN:STANDARD
    DTSTART:20231029T030000
    RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
    TZNAME:CET
    TZOFFSETFROM:+0200
    TZOFFSETTO:+0100
    END:STANDARD
    BEGIN:DAYLIGHT
    DTSTART:20240331T020000
    RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
    TZNAME:CEST
    TZOFFSETFROM:+0100
    TZOFFSETTO:+0200
    END:DAYLIGHT
    END:VTIMEZONE
    """
    begin, end = to_epoch_second(first), to_epoch_second(last)
    if end < begin:
        raise InvalidValue(f"found a span from {first.isoformat()} to {last.isoformat()}; right would be the other way")
    component = Timezone()
    component.add("tzid", zone)
    for observance in find_observances(load_zone_rules(zone), begin, end):
        component.add_component(_make_observance(observance))
    return component


def can_say(instant: datetime, zone: ZoneName) -> bool:
    """Whether ``instant`` may be written as a wall time with the TZID ``zone``; else it is to be written in UTC.

    It may not where clocks show that wall time twice, nor in UTC under any name. A naive instant raises
    :class:`InvalidInstant`.

    >>> from datetime import UTC
    >>> can_say(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ZoneName("Europe/London"))
    False
    >>> can_say(datetime(2026, 10, 25, 2, tzinfo=UTC), ZoneName("Europe/London"))
    True
    """
    footer = load_zone_rules(zone).footer
    if footer is not None and footer.text == _UTC_RULE:
        return False
    return isinstance(map_wall(to_local(instant, zone).wall, zone), Unique)


def _make_observance(observance: Observance) -> TimezoneDaylight | TimezoneStandard:
    part = TimezoneDaylight() if observance.step.daylight else TimezoneStandard()
    part.add("dtstart", observance.onset)
    if observance.rule is not None:
        rule = observance.rule
        said: dict[str, object] = {
            "FREQ": "YEARLY",
            "BYDAY": f"{rule.ordinal}{_WEEKDAYS[rule.weekday]}",
            "BYMONTH": rule.month,
        }
        part.add("rrule", said if observance.until is None else said | {"UNTIL": observance.until})
    part.add("tzname", observance.step.name)
    part.add("tzoffsetfrom", timedelta(seconds=observance.step.before))
    part.add("tzoffsetto", timedelta(seconds=observance.step.after))
    return part
