"""VTIMEZONE components for any zone of the database and the span of a file.

An observance has an RRULE of FREQ, BYMONTH and BYDAY or none, and never an RDATE: ical.js reads only the first value of
a list and Outlook none. DTSTART of an observance is the wall time before the change and an instance of its RRULE; UNTIL
is in UTC. The first onset is before the span, and a zone without changes has one STANDARD. A wall time that clocks
repeat is not written with a TZID, because programs read it differently.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from mag_rotation.errors import InvalidValue
from mag_rotation.ics.observances import Observance, find_observances
from mag_rotation.roster import ZoneName
from mag_rotation.zones import Unique, load_zone_rules, map_wall, to_epoch_second, to_local

__all__ = ["can_write_local", "make_vtimezone"]

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UTC_RULE = "UTC0"


def make_vtimezone(zone: ZoneName, first: datetime, last: datetime) -> Timezone:
    """Return the VTIMEZONE of ``zone`` from ``first`` to ``last``, both included, with a day to spare on either side.

    Beyond the span it stays right as long as the zone keeps yearly rules of a supported form. A naive instant raises
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


def can_write_local(instant: datetime, zone: ZoneName) -> bool:
    """Return whether ``instant`` can be written as a wall time with the TZID ``zone``, or must be in UTC.

    It must be in UTC if clocks repeat that wall time, and for zones that are UTC under another name. A naive instant
    raises :class:`InvalidInstant`.

    >>> from datetime import UTC
    >>> can_write_local(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ZoneName("Europe/London"))
    False
    >>> can_write_local(datetime(2026, 10, 25, 2, tzinfo=UTC), ZoneName("Europe/London"))
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
        parts: dict[str, object] = {
            "FREQ": "YEARLY",
            "BYDAY": f"{rule.ordinal}{_WEEKDAYS[rule.weekday]}",
            "BYMONTH": rule.month,
        }
        part.add("rrule", parts if observance.until is None else parts | {"UNTIL": observance.until})
    part.add("tzname", observance.step.name)
    part.add("tzoffsetfrom", timedelta(seconds=observance.step.before))
    part.add("tzoffsetto", timedelta(seconds=observance.step.after))
    return part
