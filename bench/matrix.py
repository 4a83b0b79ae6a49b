"""The burden matrix against loops: plain zoneinfo, plain pendulum, and the peer fair-meeting-planner.

The job is the same for all: what each of 48 starts on 52 Tuesdays costs each of the 50 seats of the MAG example. The
starts are made ready for each before the clock runs: datetimes, pendulum's or pandas' own, or our ``Starts``. A loop
is one ``astimezone`` or ``in_timezone`` and one look-up a cell. Cold is the first run of a new process, imports apart.
Then 10,000 members of distinct kinds, against a bare numpy gather of the same size. Nothing is asserted.
"""

from __future__ import annotations

import itertools
import platform
import sys
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pendulum

from audiences import audience_of
from mag_rotation.burden import BurdenMatrix, Starts, matrix_of
from mag_rotation.hours import DEFAULT_CURVE, Curve, Hours
from mag_rotation.planfile import load_plan
from mag_rotation.roster import Member, MemberId, ZoneName
from mag_rotation.zones import make_offset_table
from timing import fresh, medians, process, row

_PLAN = Path(__file__).parent.parent / "examples" / "mag-2020" / "plan.toml"
_MINUTES = 60
_FIRST = datetime(2020, 1, 7, tzinfo=UTC)

plan = load_plan(_PLAN)
starts = [_FIRST + timedelta(weeks=week, minutes=30 * slot) for week in range(52) for slot in range(48)]
_ready = Starts.of(starts, [_MINUTES] * len(starts))
table = [DEFAULT_CURVE.cost(minute, _MINUTES) for minute in range(1440)]


def ours() -> object:
    matrix = _matrix(plan.members, plan.hours)
    return matrix.by_member(matrix.burdens())


def _matrix(roster: tuple[Member, ...], hours: Hours) -> BurdenMatrix:
    return matrix_of(_ready, audience_of(roster, plan.meeting, hours=hours))


def zoneinfo_loop() -> object:
    rows = []
    for member in plan.members:
        zone = ZoneInfo(member.zone)
        local = (start.astimezone(zone) for start in starts)
        rows.append([table[at.hour * 60 + at.minute] for at in local])
    return rows


_pendulum_starts = [pendulum.instance(start) for start in starts]


def pendulum_loop() -> object:
    rows = []
    for member in plan.members:
        zone = pendulum.timezone(member.zone)
        local = (start.in_timezone(zone) for start in _pendulum_starts)
        rows.append([table[at.hour * 60 + at.minute] for at in local])
    return rows


def peer() -> object:
    """Its cost is another one (hours outside 09-17), its job the same: a matrix of members and starts."""
    import pandas as pd  # type: ignore[import-untyped,unused-ignore]
    from fairmeeting.cost import calculate_cost_matrix  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from fairmeeting.schemas import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
        Participant,
    )

    people = [
        Participant(name=member.id, tz=member.zone, work_start="09:00", work_end="17:00") for member in plan.members
    ]
    return calculate_cost_matrix(people, pd.DatetimeIndex(starts))


def crowd(count: int = 10_000) -> tuple[tuple[Member, ...], Hours]:
    """Members of whom no two are alike: as many curves as it takes on all clocks that differ in that year."""
    names = (files("tzdata") / "zones").read_text("utf-8").split()
    first, last = int(starts[0].timestamp()), int(starts[-1].timestamp())
    clocks = {make_offset_table(ZoneName(name), first, last): ZoneName(name) for name in sorted(names)}
    zones = list(clocks.values())
    curves = {
        f"c{number}": Curve([*((hour * 7 + number) % 11 for hour in range(23)), number])
        for number in range(-(-count // len(zones)))
    }
    pairs = itertools.islice(itertools.product(curves, zones), count)
    members = tuple(Member(id=MemberId(f"{curve}-{zone}"), zone=zone, curve=curve) for curve, zone in pairs)
    return members, Hours(curves=curves)


def ours_crowd() -> object:
    return _matrix(*_crowd).burdens()


def bare_gather() -> object:
    """Nothing but the gather: the same number of cells of the same width from one table."""
    cells = np.zeros((10_000, len(starts)), dtype=np.int16)
    short, index = np.arange(1440, dtype=np.int16), np.arange(len(starts)) % 1440
    for number in range(len(cells)):
        cells[number] += short.take(index)
    return cells


_crowd = crowd()


def main() -> None:
    loops = {"zoneinfo loop": zoneinfo_loop, "pendulum loop": pendulum_loop}
    warm = medians({"mag_rotation": ours, **loops}, 15) | medians({"fair-meeting-planner": peer}, 3)
    names = {"mag_rotation": "ours", "zoneinfo loop": "zoneinfo_loop", "pendulum loop": "pendulum_loop"}
    cold = {name: fresh("matrix", job, 5) for name, job in names.items()} | {
        "fair-meeting-planner": fresh("matrix", "peer", 3)
    }
    print(f"Python {platform.python_version()}, numpy {np.__version__}; medians")
    print(f"{len(plan.members)} members, {len(starts)} starts")
    print(row("job", "cold", "ratio", "warm", "ratio"))
    print(row("---", "---:", "---:", "---:", "---:"))
    for name, seconds in warm.items():
        ratios = cold[name] / cold["mag_rotation"], seconds / warm["mag_rotation"]
        print(
            row(name, f"{cold[name] * 1e3:.1f} ms", f"{ratios[0]:.1f}", f"{seconds * 1e3:.1f} ms", f"{ratios[1]:.1f}")
        )
    print()
    many = medians({"mag_rotation": ours_crowd, "bare numpy gather": bare_gather}, 5)
    first = {"mag_rotation": fresh("matrix", "ours_crowd", 3), "bare numpy gather": fresh("matrix", "bare_gather", 3)}
    print(f"{len(_crowd[0])} members of distinct kinds, {len(starts)} starts")
    print(row("job", "cold", "warm"))
    print(row("---", "---:", "---:"))
    for name, seconds in many.items():
        print(row(name, f"{first[name] * 1e3:.0f} ms", f"{seconds * 1e3:.0f} ms"))
    print()
    command = (
        sys.executable,
        "-m",
        "mag_rotation",
        "check",
        str(_PLAN),
        "--at",
        "2020-11-03T20:00Z",
        "--format",
        "json",
    )
    print(f"mag-rotation check on the MAG plan, whole process: {process(*command, rounds=11) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
