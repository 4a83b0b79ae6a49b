"""How long a short command takes from start to end, against importing the packages that it cannot do without.

Prints medians of whole processes that take turns, and their ratios; nothing here is asserted. Compiled modules are kept
in a folder of the measurement's own, so that every run but the first finds them.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

_ROUNDS = 15
_PLAN = str(Path(__file__).parent.parent / "examples" / "mag-2020" / "plan.toml")
_PACKAGES = """
import pendulum
import typer
from pydantic import BaseModel

class Model(BaseModel):
    name: str
    count: int = 1

Model(name="one")
"""
_COMMAND = (sys.executable, "-m", "mag_rotation")
_JOBS = {
    "pendulum, typer, one pydantic model": (sys.executable, "-c", _PACKAGES),
    "the same and numpy": (sys.executable, "-c", f"{_PACKAGES}import numpy"),
    "mag-rotation calls": (*_COMMAND, "calls", _PLAN),
    "mag-rotation check": (*_COMMAND, "check", _PLAN, "--at", "2020-11-03T20:00Z"),
}
_RATIOS = {  # a command, what it is compared to, and the ratio that it should keep below
    "mag-rotation calls": ("pendulum, typer, one pydantic model", 1.6),
    "mag-rotation check": ("the same and numpy", 1.7),
}


def measure_processes(
    jobs: Mapping[str, tuple[str, ...]], rounds: int, env: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    """Return the median seconds of each command, by the clock and on the processor; the first round is not counted."""
    wall: dict[str, list[float]] = {name: [] for name in jobs}
    processor: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds + 1):
        for name, command in jobs.items():
            before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=env)
            wall[name].append(time.perf_counter() - begin)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            processor[name].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {name: (statistics.median(wall[name][1:]), statistics.median(processor[name][1:])) for name in jobs}


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        # pydantic asks every package that is installed for plugins; the command does not let it, so that it is fair
        # to let neither do so
        env = kept | {"PYTHONPYCACHEPREFIX": cache, "PYDANTIC_DISABLE_PLUGINS": "1"}
        found = measure_processes(_JOBS, _ROUNDS, env)
    print(f"medians of {_ROUNDS} processes of each, which take turns")
    for name, (wall, processor) in found.items():
        print(f"{name:<38}{wall * 1000:>6.0f} ms, {processor * 1000:>6.0f} ms on the processor")
    for name, (other, most) in _RATIOS.items():
        wall, processor = (mine / theirs for mine, theirs in zip(found[name], found[other], strict=True))
        print(f"{name}: {wall:.2f} x {other}, {processor:.2f} x on the processor; at most {most} is the aim")


if __name__ == "__main__":
    main()
