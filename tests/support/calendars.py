"""Calendar files made from plans for tests, and the members' programs that take them in.

Law: a program here knows nothing of the library: it keeps each event by UID and RECURRENCE-ID, takes a newer one by
SEQUENCE and then DTSTAMP, and never forgets one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Component

from engines import Occurrence, expanded, instant
from mag_rotation.calls import unroll
from mag_rotation.ics import CalendarLayout, Edition, PriorCalendar, make_edition, read_prior
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Extra, Meeting, Numbering, Override, Phase, Rotation, Schedule, Series, Slot

Known = tuple[str, datetime | None]
STAMP = datetime(2026, 1, 1, tzinfo=UTC)
MEETING = Meeting(id="demo", name="Demo call", uid_domain="example.org", minutes=60, numbering=Numbering())

INVITING = """
format = 1
[meeting]
id = "demo"
name = "Demo call"
uid-domain = "example.org"
duration = "1h"
organizer = { name = "Office", email = "office@example.org" }
[schedule]
first = 2026-03-03
repeat = "FREQ=WEEKLY"
count = 2
[rotation]
slots = [{ at = "14:00" }]
"""
"""A plan with an organizer, whose members are for the tests to add."""


def slot(at: str, zone: str = "UTC", label: str | None = None) -> Slot:
    return Slot(at=time.fromisoformat(at), zone=ZoneName(zone) if zone != "UTC" else UTC_ZONE, label=label)


def series_of(
    *slots: Slot,
    first: date = date(2026, 3, 3),
    repeat: str = "FREQ=WEEKLY",
    count: int = 6,
    overrides: tuple[Override, ...] = (),
    extras: tuple[Extra, ...] = (),
    phases: tuple[Phase, ...] = (),
    meeting: Meeting = MEETING,
) -> Series:
    """A series of which only what a test is about is said."""
    return Series(
        meeting=meeting,
        schedule=Schedule(first=first, repeat=repeat, count=count),
        rotation=Rotation(slots=slots or (slot("14:00", label="midday"), slot("20:00", label="late"))),
        overrides=overrides,
        extras=extras,
        phases=phases,
    )


def after(
    series: Series,
    previous: bytes | PriorCalendar | None = None,
    *,
    stamp: datetime = STAMP,
    layout: CalendarLayout = CalendarLayout.CALLS,
    utc: bool = False,
) -> Edition:
    """The edition of a series that follows a file, or what it says."""
    before = read_prior(previous, series.meeting) if isinstance(previous, bytes) else previous
    return make_edition(series, unroll(series), stamp=stamp, previous=before, layout=layout, utc=utc)


def logical(data: bytes) -> list[str]:
    """The content lines of a file, unfolded."""
    return data.decode().replace("\r\n ", "").split("\r\n")


def values(data: bytes, name: str) -> list[str]:
    """The values of a property, wherever it stands."""
    return [line.partition(":")[2] for line in logical(data) if re.match(rf"{name}[:;]", line)]


def events_of(data: bytes) -> dict[Known, Component]:
    """The VEVENTs of a file by what programs know them by."""
    found = Calendar.from_ical(data).walk("VEVENT")
    return {known(event): event for event in found}


def known(event: Component) -> Known:
    return str(event["uid"]), instant(event, "recurrence-id") if "recurrence-id" in event else None


def version(event: Component) -> tuple[int, datetime]:
    """SEQUENCE and DTSTAMP, by which programs tell the newer of two."""
    return int(str(event["sequence"])), instant(event, "dtstamp")


@dataclass(kw_only=True, slots=True, frozen=True)
class Client:
    """A member's calendar program."""

    events: dict[Known, Component] = field(default_factory=dict)

    def take(self, data: bytes) -> None:
        """Take a file in, whenever it arrives and however often."""
        for key, event in events_of(data).items():
            if key not in self.events or version(event) > version(self.events[key]):
                self.events[key] = event

    def held(self) -> list[Occurrence]:
        """What the member sees that is not struck through."""
        return [one for one in expanded(self.events.values()) if one.status != "CANCELLED"]
