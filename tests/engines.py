"""Calendar files as two engines that are not ours read them.

Law: a reader runs in a process of its own, gives every occurrence as UTC instants sorted by start and uid, and either
reads the whole file or raises; no occurrence is dropped here, none is repaired. The engines are ical.js (the calendars
of Mozilla and Nextcloud) and libical (those of GNOME and KDE).
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from parts import require_file, require_library, require_program

STRANGERS = Path(__file__).parent / "strangers"
NPM_HINT = "run npm install --prefix tests/strangers"
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


def _run(command: Sequence[str]) -> list[Occurrence]:
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=TIME_LIMIT_SECONDS)
    if done.returncode != 0:
        raise EngineRefused(done.stderr.strip() or f"{command[0]} ended with {done.returncode}")
    return [
        Occurrence(
            uid=row["uid"],
            recurrence_id=None if row["recurrence_id"] is None else datetime.fromisoformat(row["recurrence_id"]),
            start=datetime.fromisoformat(row["start"]),
            end=datetime.fromisoformat(row["end"]),
            summary=row["summary"],
            description=row["description"],
            location=row["location"],
            url=row["url"],
            categories=tuple(row["categories"]),
            status=row["status"],
            sequence=row["sequence"],
        )
        for row in json.loads(done.stdout)
    ]
