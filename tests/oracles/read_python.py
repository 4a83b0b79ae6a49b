"""Reads .ics files with a Python package and prints the events of each as JSON: a list of lists.

Law: whatever the package makes of a file is what is printed. The packages are in an environment of their own
(requirements/strangers.txt), for they want other versions of what the project uses; this is run with its Python.
``icalevents`` expands series, ``ics`` and ``vobject`` give each event once.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol

Row = dict[str, str | list[str] | None]
TEXTS = ("summary", "description", "location", "status")
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class IcsEvent(Protocol):
    """An event of ics.py."""

    uid: str
    begin: "Arrow"
    end: "Arrow"
    name: str | None
    description: str | None
    location: str | None
    categories: set[str]
    status: str | None


class Arrow(Protocol):
    """A time of ics.py."""

    datetime: datetime


class IcalEvent(Protocol):
    """An occurrence of icalevents."""

    uid: str
    start: datetime
    end: datetime
    summary: str | None
    description: str | None
    location: str | None
    categories: list[str] | None
    status: str | None


class VobjectProperty(Protocol):
    """A property of vobject."""

    value: object


def read_ics(path: Path) -> Iterator[Row]:
    """The events as ics.py has them."""
    calendar = import_module("ics").Calendar
    events: Iterable[IcsEvent] = calendar(path.read_bytes().decode()).events
    for event in events:
        texts = (event.name, event.description, event.location, event.status)
        yield row(event.uid, event.begin.datetime, event.end.datetime, texts, event.categories)


def read_icalevents(path: Path) -> Iterator[Row]:
    """The occurrences as icalevents has them."""
    found: Iterable[IcalEvent] = import_module("icalevents.icalevents").events(file=str(path), start=FIRST, end=LAST)
    for event in found:
        texts = (event.summary, event.description, event.location, event.status)
        yield row(event.uid, event.start, event.end, texts, event.categories or [])


def read_vobject(path: Path) -> Iterator[Row]:
    """The events as vobject has them."""
    for calendar in import_module("vobject").readComponents(path.read_bytes().decode()):
        for event in calendar.vevent_list:
            said: dict[str, list[VobjectProperty]] = event.contents
            texts = tuple(said[name][0].value if name in said else None for name in TEXTS)
            names = [name for one in event.contents.get("categories", []) for name in one.value]
            yield row(event.uid.value, event.dtstart.value, event.dtend.value, texts, names)


def row(uid: str, start: datetime, end: datetime, texts: Iterable[object], categories: Iterable[str]) -> Row:
    """What is printed of an event; ``texts`` are in the order of ``TEXTS``."""
    said = dict(zip(TEXTS, texts, strict=True))
    return {
        "uid": str(uid),
        "start": start.astimezone(UTC).isoformat(),
        "end": end.astimezone(UTC).isoformat(),
        **{name: None if text is None else str(text) for name, text in said.items()},
        "categories": sorted(map(str, categories)),
    }


READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "ics": read_ics,
    "icalevents": read_icalevents,
    "vobject": read_vobject,
}


def main(name: str, *paths: str) -> int:
    """Print what the package of that name reads in each file; exit 1 with a sentence on stderr when it breaks."""
    try:
        sys.stdout.write(json.dumps([list(READERS[name](Path(path))) for path in paths]) + "\n")
    except Exception as error:  # whatever breaks is told
        sys.stderr.write(f"{name}: {type(error).__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
