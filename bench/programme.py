"""How long a large programme takes: 2,000 sessions with the duties of 5,000 people, their nights and their conflicts.

Ten days of 200 sessions each, in 40 rooms, with five people a session, in order. A room is left free between two
sessions, and every person has two duties on different days, so that what is measured is the search and not the list of
conflicts; then the same with every session moved by a quarter of an hour into the next. Last, the commands as whole
processes, on a plan with two sheets beside it. Nothing is asserted.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Iterable
from datetime import date, time, timedelta
from pathlib import Path

from mag_rotation.audience import Audience
from mag_rotation.hours import Window
from mag_rotation.programme import (
    Duty,
    Programme,
    ProgrammeSetting,
    Segment,
    Session,
    make_programme_report,
    schedule_sessions,
)
from mag_rotation.roster import Member
from mag_rotation.series import Phase
from start import measure_processes
from timing import medians

_SESSIONS, _PEOPLE, _DAYS, _ROOMS = 2_000, 5_000, 10, 40
_ZONES = ("Africa/Nairobi", "America/Lima", "Asia/Kathmandu", "Europe/Paris", "Pacific/Chatham", "Australia/Brisbane")
_FIRST = date(2020, 11, 2)
_PHASES = (Phase(name="Phase I", first=_FIRST, last=_FIRST + timedelta(days=_DAYS - 1)),)

members = tuple(
    Member(id=f"seat-{number}", zone=_ZONES[number % len(_ZONES)], lead=number % 4 * 10) for number in range(_PEOPLE)
)


def _make_session(number: int, minutes: int) -> Session:
    day, place = divmod(number, _SESSIONS // _DAYS)
    turn, room = divmod(place, _ROOMS)
    people = [f"seat-{(number * 5 + each) % _PEOPLE}" for each in range(5)]
    return Session(
        id=f"session-{number}",
        title=f"Session {number}",
        date=_FIRST + timedelta(days=day),
        at=time(8 + 2 * turn),
        minutes=minutes,
        room=f"room {room}",
        track=f"track {room}",
        groups={"language": ("en", "fr", "es")[number % 3]} if number % 50 == 0 else {},
        segments=(Segment(title="Opening", minutes=15), Segment(title="Talks", minutes=60)),
        people=tuple(Duty(member=member, role="speaker") for member in people),
    )


def make_programme(minutes: int) -> Programme:
    """Sessions of ``minutes``, one every two hours in each room."""
    return Programme(
        sessions=tuple(_make_session(number, minutes) for number in range(_SESSIONS)),
        window=Window(time(8), time(20)),
        apart=("language",),
    )


def answer(programme: Programme) -> int:
    """The number of conflicts, once the sessions are scheduled and their nights computed."""
    setting = ProgrammeSetting(programme=programme, phases=_PHASES, audience=Audience(members=members))
    return len(make_programme_report(schedule_sessions(programme, _PHASES), setting).conflicts)


_PLAN = """format = 1
meeting = { id = "large", name = "Large", uid-domain = "example.org", duration = "2h" }
schedule = { first = 2020-10-06, repeat = "weekly", count = 2 }
rotation = { slots = [{ at = "14:00" }] }
roster = { file = "members.csv" }
phases = [{ name = "Phase I", from = 2020-11-02, to = 2020-11-11 }]

[programme]
file = "sessions.csv"
window = "08:00-20:00"
apart = ["language"]
by = "region"
north = ["WEOG"]
south = ["African"]
rules = { groups-apart = "warning", north-south = "warning" }
"""
_REGIONS = ("African", "WEOG")
_HEADS = ("id", "title", "date", "at", "duration", "room", "track", "language", "segments", "people")
_COMMANDS = {
    "programme": ("plan.toml",),
    "programme, JSON": ("plan.toml", "-f", "json"),
    "programme, CSV": ("plan.toml", "-f", "csv"),
    "--propose": ("plan.toml", "--propose", "session-50"),
    "--propose, all of two regions": ("regions.toml", "--propose", "session-50"),
    "--swap, all of two regions": ("regions.toml", "--swap", "--propose", "session-50"),
}


def _write_sheet(path: Path, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((heads, *rows))


def write_plans(folder: Path) -> None:
    """Write the programme of 90 minutes as ``plan.toml``; ``regions.toml`` has each session in one of two regions."""
    _write_sheet(
        folder / "members.csv", ("id", "zone", "lead"), ((one.id, one.zone, f"{one.lead}min") for one in members)
    )
    rows = [
        (
            one.id, one.title, one.date, f"{one.at:%H:%M}", f"{one.minutes}min", one.room, one.track,
            one.groups.get("language", ""), "; ".join(f"{part.title} {part.minutes}min" for part in one.segments),
            "; ".join(f"{duty.member}:{duty.role}" for duty in one.people),
        )
        for one in make_programme(90).sessions
    ]  # fmt: skip
    _write_sheet(folder / "sessions.csv", _HEADS, rows)
    (folder / "plan.toml").write_text(_PLAN, encoding="utf-8")
    by_region = ((*row, _REGIONS[number % 2]) for number, row in enumerate(rows))
    _write_sheet(folder / "regions.csv", (*_HEADS, "region"), by_region)
    (folder / "regions.toml").write_text(_PLAN.replace("sessions.csv", "regions.csv"), encoding="utf-8")


def main() -> None:
    print(f"{_SESSIONS} sessions, {_PEOPLE} people, medians of 5 runs")
    for name, programme in (
        ("no room twice", make_programme(90)),
        ("every room twice", make_programme(135)),
    ):
        seconds = medians({"": lambda one=programme: answer(one)}, 5)[""]  # type: ignore[misc]
        print(f"{name:<26}{answer(programme):>8} conflicts{seconds:>8.2f} s")
    print("whole processes, medians of 3 runs")
    with tempfile.TemporaryDirectory() as folder:
        write_plans(Path(folder))
        jobs = {
            name: (sys.executable, "-m", "mag_rotation", "programme", f"{folder}/{plan}", *words)
            for name, (plan, *words) in _COMMANDS.items()
        }
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        for name, (wall, processor) in measure_processes(jobs, 3, kept | {"PYTHONPYCACHEPREFIX": folder}).items():
            print(f"{name:<44}{wall:>8.2f} s, {processor:>6.2f} s on the processor")


if __name__ == "__main__":
    main()
