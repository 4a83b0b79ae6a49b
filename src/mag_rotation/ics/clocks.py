"""The clocks of a calendar that others made: which zone a TZID means, and which instant a written time.

Rule 1: a time is a wall time in a zone of tzdata. What a VTIMEZONE says of offsets confirms a guess and rules nothing.
Rule 2: a TZID that is no zone's name is read by what the file, Windows or the user says it is, and never silently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from icalendar import Component, vBroken

from mag_rotation.errors import InvalidValue, UnknownZone, is_control, quoted
from mag_rotation.places.windows import WINDOWS_ZONES
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.zones import YEARS, local, resolve, zone_name

__all__ = ["Clocks", "Moment", "all_of", "located_zones", "text_of", "value_of"]

_UTC = {"UTC", "Etc/UTC", "GMT", "Etc/GMT", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu", "Universal", "Z"}
_CURE = "say which zone it is with --zone"


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A wall time in a zone, and the instant that it names; from the year 1900 to 2999."""

    wall: datetime
    zone: ZoneName
    instant: datetime

    @classmethod
    def of(cls, wall: datetime, zone: ZoneName) -> Moment:
        """What ``wall`` means in ``zone``; raises :class:`InvalidValue` where its year is out of all reason."""
        if not YEARS[0] <= wall.year <= YEARS[1]:
            raise InvalidValue(f"found the year {wall.year}; a call lies in the years {YEARS[0]} to {YEARS[1]}")
        return cls(wall=wall, zone=zone, instant=resolve(wall, zone).instant)

    def on(self, day: date) -> Moment:
        """The same hour of another day."""
        return Moment.of(datetime.combine(day, self.wall.time()), self.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clocks:
    """What is known of the zones of a file.

    ``given`` are the zones that the user names by TZID, ``floating`` is that of times without any. ``located`` are the
    names that the file's own VTIMEZONEs give beside their TZIDs. ``read`` counts the guesses that were made.
    """

    given: Mapping[str, ZoneName]
    floating: ZoneName | None
    located: Mapping[str, str]
    read: Counter[str] = field(default_factory=Counter)

    def moment(self, value: object) -> Moment | date:
        """What a property with a time says: an instant, or a whole day.

        Raises :class:`InvalidValue` where it says neither or stands on a clock that is not known.
        """
        found = value_of(value, "dt")
        if not isinstance(found, datetime):
            if isinstance(found, date):
                return found
            raise InvalidValue(f"found {quoted(str(value))}; write a time such as 20260901T140000Z")
        return self.at(found, value)

    def at(self, found: datetime, value: object) -> Moment:
        """The same of a time that was read out of ``value``, a list of times perhaps."""
        tzid = getattr(value, "params", {}).get("TZID")
        wall = found.replace(tzinfo=None, fold=0)
        if tzid is not None:
            return Moment.of(wall, self._zone(str(tzid), found))
        if found.tzinfo is not None:
            return Moment.of(wall, UTC_ZONE)
        if self.floating is None:
            raise InvalidValue(f"found {wall.isoformat()}, which is on no clock; {_CURE} ZONE")
        self.read[f"times without a zone were read on the clock of {self.floating}"] += 1
        return Moment.of(wall, self.floating)

    def _zone(self, tzid: str, found: datetime) -> ZoneName:
        """The zone that a TZID means."""
        if tzid in self.given:
            return self.given[tzid]
        name = tzid.strip().strip('"')
        if name in _UTC:
            return UTC_ZONE
        zone = self._named(name)
        if zone is None:
            zone = self._guessed(name, found)
        if zone != name:
            self.read[f"the TZID {quoted(tzid)} was read as {zone}"] += 1
        return zone

    def _named(self, name: str) -> ZoneName | None:
        """The zone of a name, of the path that a program wrote before it, of its VTIMEZONE, or of Windows."""
        parts = name.strip("/").split("/")
        names = [name, *("/".join(parts[-count:]) for count in (3, 2)), self.located.get(name, "")]
        for one in (*names, WINDOWS_ZONES.get(name, "")):
            try:
                return zone_name(one)
            except UnknownZone:
                continue
        return None

    def _guessed(self, name: str, found: datetime) -> ZoneName:
        """The one zone that a text may mean, where its VTIMEZONE agrees at that time."""
        try:
            zone_name(name)
        except UnknownZone as error:
            known = error.suggestions
        right = [
            ZoneName(zone)
            for zone in known
            if found.utcoffset()
            == timedelta(
                seconds=local(resolve(found.replace(tzinfo=None), ZoneName(zone)).instant, ZoneName(zone)).offset
            )
        ]
        if len(known) == 1 and right:
            return right[0]
        meant = f" ({' or '.join(known)}, perhaps)" if known else ""
        raise InvalidValue(f"found the TZID {quoted(name)}, which is no zone of tzdata{meant}; {_CURE} {name!r}=ZONE")


def located_zones(components: Iterable[Component]) -> dict[str, str]:
    """Where the VTIMEZONEs of a file say that they lie (X-LIC-LOCATION), by TZID."""
    zones = (one for one in components if one.name == "VTIMEZONE" and "X-LIC-LOCATION" in one)
    return {text_of(zone, "TZID"): text_of(zone, "X-LIC-LOCATION") for zone in zones}


def value_of(found: object, name: str) -> object:
    """What icalendar read a property as, such as its ``dt``; None where it could not be read."""
    return None if isinstance(found, vBroken) else getattr(found, name, None)


def all_of(component: Component, name: str) -> list[object]:
    """Every value of a property, which may be there once, more often or not at all."""
    found = component.get(name)
    if found is None:
        return []
    return list(found) if isinstance(found, list) else [found]


def text_of(component: Component, name: str) -> str:
    """A text without what a plan refuses, control characters, on one line or several; empty where there is none."""
    found = next(iter(all_of(component, name)), "")
    whole = str(found).encode("utf-8", "ignore").decode()  # without halves of letters
    kept = "".join(letter for letter in whole if letter in "\n\t" or not is_control(letter))
    return kept.strip()
