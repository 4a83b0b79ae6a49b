"""How the benchmarks time: medians of many runs, in one process and one go, each kind in turn."""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping


def medians(jobs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each job.

    The jobs take turns, so that a slow moment of the machine falls on all; each runs once more before it is timed, so
    that it finds its own data in the processor's caches. Garbage is collected before the runs and not in them.
    """
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            gc.collect()
            gc.disable()
            job()
            begin = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - begin)
            gc.enable()
    return {name: statistics.median(found) for name, found in times.items()}


def fresh(module: str, job: str, rounds: int) -> float:
    """The median seconds of a job named in a module, each time in a process of its own: nothing is in a cache."""
    code = f"import time, {module} as m; b = time.perf_counter(); m.{job}(); print(time.perf_counter() - b)"
    found = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=sys.path[0]).stdout)
        for _ in range(rounds)
    ]
    return statistics.median(found)


def process(*command: str, rounds: int) -> float:
    """The median seconds of a whole process, on a machine that keeps compiled modules."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return medians({"": lambda: subprocess.run(command, check=False, capture_output=True, env=env)}, rounds)[""]


def row(*cells: str) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
