"""How long the whole command takes on a plan with 1,000 members, against the interpreter's own start.

Prints medians of whole processes and their ratio; nothing here is asserted.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mag_rotation.plan import load_plan, plan_template

_MEMBERS = 1_000
_ROUNDS = 11
_ZONES = ("Africa/Nairobi", "America/Lima", "Asia/Kathmandu", "Europe/Paris", "Pacific/Chatham")


def _write_plan(folder: Path) -> Path:
    """A year of weekly calls with 1,000 members in a CSV beside it."""
    head, _, _ = plan_template().partition("[[members]]")
    plan = folder / "plan.toml"
    plan.write_text(head + '[roster]\nfile = "members.csv"\n', encoding="utf-8")
    rows = [
        f"seat-{number},{_ZONES[number % len(_ZONES)]},seat{number}@example.org,{number % 5}"
        for number in range(_MEMBERS)
    ]
    (folder / "members.csv").write_text("\n".join(["id,zone,email,region", *rows, ""]), encoding="utf-8")
    return plan


def _median(command: list[str]) -> float:
    times = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _median_load(plan: Path) -> float:
    times = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        load_plan(plan)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        plan = _write_plan(Path(folder))
        bare = _median([sys.executable, "-c", "pass"])
        rows = (
            ("python -c pass", bare),
            ("load_plan, warm", _median_load(plan)),
            ("mag-rotation validate", _median([sys.executable, "-m", "mag_rotation", "validate", str(plan)])),
            (
                "mag-rotation night --next",
                _median(
                    [sys.executable, "-m", "mag_rotation", "night", str(plan), "--next", "--now", "2027-01-01T00:00Z"]
                ),
            ),
        )
        print(f"{_MEMBERS} members, medians of {_ROUNDS} runs")
        for name, seconds in rows:
            print(f"{name:<28}{seconds * 1000:>9.0f} ms{seconds / bare:>8.1f} x python -c pass")


if __name__ == "__main__":
    main()
