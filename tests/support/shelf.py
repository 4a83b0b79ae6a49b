"""A calendar collection in memory, as a server keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from icalendar import Component

from calendars import events_of, version
from mag_rotation.calls import unroll
from mag_rotation.errors import RefusedByServer, UnreachableServer
from mag_rotation.ics import Edition, PriorCalendar, make_edition
from mag_rotation.publish.caldav import PublishResult, publish_calls
from mag_rotation.publish.dav import Collection, Resource
from mag_rotation.series import Series

FOREIGN = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:theirs\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


class Shelf(Collection):
    """A calendar in memory that drops some properties; ``faults`` say at each PUT what goes wrong.

    With ``splits`` it takes an escaped comma in CATEGORIES for one between two values, and sorts the values.
    """

    def __init__(self, drops: Iterable[str] = (), *, splits: bool = False) -> None:
        super().__init__("http://localhost/")
        self.splits = splits
        self.drops = re.compile(rf"^({'|'.join(drops) or '(?!)'})[:;].*\r\n(?: .*\r\n)*", re.MULTILINE)
        self.shelf: dict[str, tuple[int, str]] = {"/theirs.ics": (0, FOREIGN)}
        self.faults: Iterator[str] = iter(())
        self.puts = 0
        self.meddled = 0

    def check(self) -> None:
        """It is one."""

    def objects(self) -> tuple[Resource, ...]:
        return tuple(Resource(path=path, etag=f'"{tag}"', text=text) for path, (tag, text) in self.shelf.items())

    def put(self, path: str, data: bytes, *, etag: str | None) -> bool:
        fault = next(self.faults, "none")
        if fault == "meddled":
            self._meddle(path)
        if fault == "refused":
            raise RefusedByServer(self.url, "has no room left")
        if fault == "cut before":
            raise UnreachableServer(self.url, "cannot be reached")
        there = self.shelf.get(path)
        if (None if there is None else f'"{there[0]}"') != etag:
            return False
        text = self.drops.sub("", data.decode())
        self._store(path, re.sub("^CATEGORIES:(.*)", _split, text, flags=re.MULTILINE) if self.splits else text)
        if fault == "cut after":
            raise UnreachableServer(self.url, "cannot be reached")
        return True

    def _meddle(self, path: str) -> None:
        """Somebody renames the call in between; one that is not there yet they cannot."""
        self.meddled += 1
        if path in self.shelf:
            self._store(path, self.shelf[path][1].replace("SUMMARY:", f"SUMMARY:{self.meddled} "))

    def _store(self, path: str, text: str) -> None:
        """Put a version in the place of one that is not newer."""
        if path in self.shelf:
            (new,), (old,) = events_in(text), events_in(self.shelf[path][1])
            assert version(new) >= version(old)
            assert new["uid"] == old["uid"]
        self.puts += 1
        self.shelf[path] = (self.puts, text)


def _split(found: re.Match[str]) -> str:
    values = found[1].rstrip("\r").replace("\\,", ",").split(",")
    return "".join(f"CATEGORIES:{value.strip()}\r\n" for value in sorted(values)).rstrip("\n")


def run(shelf: Shelf, series: Series, stamp: datetime) -> PublishResult | None:
    """One run; None where nothing could be written."""

    def edit(found: PriorCalendar) -> Edition:
        return make_edition(series, unroll(series), stamp=stamp, previous=found)

    try:
        return publish_calls(shelf, series.meeting, edit)
    except RefusedByServer:
        return None


def events_in(text: str) -> list[Component]:
    return list(events_of(text.encode()).values())
