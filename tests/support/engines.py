"""Calendar files as engines that are not ours read them.

Law: a reader gives every occurrence as UTC instants sorted by start and uid, and either reads the whole file or raises;
no occurrence is dropped here, none is repaired. The engines are ical.js (the calendars of Mozilla and Nextcloud) and
libical (those of GNOME and KDE), each in a process of its own, and a stupid one: the properties as icalendar parses
them, the rules as dateutil expands them in wall time, and the clocks as zoneinfo has them, whatever the VTIMEZONE says.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NotRequired, TypedDict
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Component, vDDDTypes, vRecur

from parts import require_file, require_library, require_program
from paths import ORACLES, ROOT

STRANGERS = ORACLES
STRANGERS_PYTHON = ROOT / ".venv-strangers" / "bin" / "python"
NPM_HINT = "run npm ci --prefix tests/strangers"
STRANGERS_HINT = "run make strangers"
LIBICAL_HINT = "run apt-get install libical3"

# A season is read in well under a second; the limit is there for an engine that never comes back.
TIME_LIMIT_SECONDS = 120


class EngineRefused(Exception):
    """An engine that would not read the file, with its own words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """One dated meeting as an engine shows it: UTC instants, unescaped text, ``None`` for what the file leaves out.

    ``recurrence_id`` is the start that the series' rule gives, ``None`` for an event that does not recur.
    """

    uid: str
    recurrence_id: datetime | None
    start: datetime
    end: datetime
    summary: str | None
    description: str | None
    location: str | None
    url: str | None
    categories: tuple[str, ...]
    status: str | None
    sequence: int | None


def read_with_icaljs(path: Path) -> list[Occurrence]:
    """Every occurrence of the file at ``path`` as ical.js reads it; raises :class:`EngineRefused`."""
    node = require_program("node", "install nodejs")
    require_file(STRANGERS / "node_modules" / "ical.js", NPM_HINT)
    return _run([node, str(STRANGERS / "read_icaljs.mjs"), str(path)])


def read_with_libical(path: Path) -> list[Occurrence]:
    """Every occurrence of the file at ``path`` as libical reads it; raises :class:`EngineRefused`."""
    require_library("libical.so.3", LIBICAL_HINT)
    return _run([sys.executable, str(STRANGERS / "read_libical.py"), str(path)])


OTHERS = ("ics", "icalevents", "vobject", "ical-expander", "ts-ics")
"""More programs that read calendars. Each finds something that the engines above do not: see ``test_strangers.py``."""

EXPANDS = ("icalevents", "ical-expander")
"""Those of them that expand a series."""


def read_with_other(name: str, *paths: Path) -> list[list[Occurrence]]:
    """What one of the other programs reads in each file, by start and uid; raises :class:`EngineRefused`.

    They tell nothing of RECURRENCE-ID, URL and SEQUENCE. Those of series that do not expand them give the first one.
    """
    if name in {"ical-expander", "ts-ics"}:
        node = require_program("node", "install nodejs")
        require_file(STRANGERS / "node_modules" / name, NPM_HINT)
        script = {"ical-expander": "read_expander.mjs", "ts-ics": "read_tsics.mjs"}[name]
        command = [node, str(STRANGERS / script)]
    else:
        require_file(STRANGERS_PYTHON, STRANGERS_HINT)
        command = [str(STRANGERS_PYTHON), str(STRANGERS / "read_python.py"), name]
    files_read: list[list[_Row]] = json.loads(_asked([*command, *map(str, paths)], TZ="UTC"))
    return [sorted(_occurrences(rows), key=lambda one: (one.start, one.uid)) for rows in files_read]


def _run(command: Sequence[str]) -> list[Occurrence]:
    rows: list[_Row] = json.loads(_asked(command))
    return _occurrences(rows)


def _asked(command: Sequence[str], **variables: str) -> str:
    """What a program prints; raises :class:`EngineRefused` where it ends with an error."""
    environment = {**os.environ, **variables}
    done = subprocess.run(
        command, capture_output=True, check=False, encoding="utf-8", timeout=TIME_LIMIT_SECONDS, env=environment
    )
    if done.returncode != 0:
        raise EngineRefused(done.stderr.strip() or f"{command[0]} ended with {done.returncode}")
    return done.stdout


class _Row(TypedDict):
    """What a program prints of an occurrence."""

    uid: str
    recurrence_id: NotRequired[str | None]
    start: str
    end: str
    summary: str | None
    description: str | None
    location: str | None
    url: NotRequired[str | None]
    categories: list[str]
    status: str | None
    sequence: NotRequired[int | None]


def _occurrences(rows: Iterable[_Row]) -> list[Occurrence]:
    return [
        Occurrence(
            uid=row["uid"],
            recurrence_id=None if (original := row.get("recurrence_id")) is None else datetime.fromisoformat(original),
            start=datetime.fromisoformat(row["start"]),
            end=datetime.fromisoformat(row["end"]),
            summary=row["summary"],
            description=row["description"],
            location=row["location"],
            url=row.get("url"),
            categories=tuple(row["categories"]),
            status=row["status"],
            sequence=row.get("sequence"),
        )
        for row in rows
    ]


def read_stupidly(path: Path) -> list[Occurrence]:
    """Every occurrence of the file at ``path`` as icalendar, dateutil and zoneinfo have it."""
    return expanded(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def expanded(events: Iterable[Component]) -> list[Occurrence]:
    """Every occurrence of events that hold together: those of single occurrences replace what their series gives."""
    given = list(events)
    single = {
        (str(event["uid"]), instant(event, "recurrence-id")): event for event in given if "recurrence-id" in event
    }
    found: list[tuple[Component, datetime | None]] = [(event, start) for (_, start), event in single.items()]
    for event in given:
        if "rrule" in event:
            found += [(event, start) for start in _starts(event) if (str(event["uid"]), start) not in single]
        elif "recurrence-id" not in event:
            found.append((event, None))
    return sorted((_occurrence(*one) for one in found), key=lambda row: (row.start, row.uid))


def _starts(event: Component) -> list[datetime]:
    """What the rule of a series gives, counted on the wall."""
    begins, rule = event["dtstart"], event["rrule"]
    assert isinstance(begins, vDDDTypes)
    assert isinstance(begins.dt, datetime)
    assert isinstance(rule, vRecur)
    values = event.get("exdate", [])
    lists = values if isinstance(values, list) else [values]
    excluded = {one.dt.replace(tzinfo=None) for dates in lists for one in dates.dts}
    wall = begins.dt.replace(tzinfo=None)
    body = ";".join(f"{name}={','.join(map(str, value))}" for name, value in rule.items())
    given = rrulestr(body, dtstart=wall)
    return [on_clock(start, begins.params.get("TZID")) for start in given if start not in excluded]


def _occurrence(event: Component, start: datetime | None) -> Occurrence:
    began, ended = instant(event, "dtstart"), instant(event, "dtend")
    own = began if start is None or "recurrence-id" in event else start
    labels = event.get("categories", [])
    names = [str(one) for line in (labels if isinstance(labels, list) else [labels]) for one in line.cats]
    summary, description, location, url, status = (
        str(event[name]) if name in event else None for name in ("summary", "description", "location", "url", "status")
    )
    return Occurrence(
        uid=str(event["uid"]),
        recurrence_id=start,
        start=own,
        end=own + (ended - began),
        summary=summary,
        description=description,
        location=location,
        url=url,
        categories=tuple(names),
        status=status,
        sequence=int(str(event["sequence"])) if "sequence" in event else None,
    )


def pieces(categories: Iterable[str]) -> frozenset[str]:
    r"""What categories say to programs that split one at its comma, or at the backslash before it.

    >>> sorted(pieces(["noon, late", "Phase I"])) == sorted(pieces(["noon\\", " late", "Phase I"]))
    True
    """
    parts = (part.strip(" \\") for name in categories for part in name.split(","))
    return frozenset(part for part in parts if part)


def instant(event: Component, name: str) -> datetime:
    """The UTC instant of a property that is a time."""
    value = event[name]
    assert isinstance(value, vDDDTypes)
    assert isinstance(value.dt, datetime)
    zone = value.params.get("TZID")
    return on_clock(value.dt.replace(tzinfo=None), zone) if zone else value.dt.astimezone(UTC)


def on_clock(wall: datetime, zone: str | None) -> datetime:
    """The UTC instant of a wall time, of UTC where there is no zone."""
    return wall.replace(tzinfo=UTC if zone is None else _clock(zone)).astimezone(UTC)


@cache
def _clock(zone: str) -> ZoneInfo:
    with (files("tzdata") / "zoneinfo").joinpath(*zone.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=zone)
