"""How long the whole command takes on a plan with 1,000 members, against the interpreter's own start.

Prints medians of whole processes and their ratio; nothing here is asserted.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from mag_rotation.planfile import load_plan, plan_template
from timing import medians, process

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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        plan = _write_plan(Path(folder))
        command = (sys.executable, "-m", "mag_rotation")
        bare = process(sys.executable, "-c", "pass", rounds=_ROUNDS)
        rows = {
            "python -c pass": bare,
            "load_plan, warm": medians({"": lambda: load_plan(plan)}, _ROUNDS)[""],
            "mag-rotation validate": process(*command, "validate", str(plan), rounds=_ROUNDS),
            "mag-rotation night --format json": process(
                *command, "night", str(plan), "--call", "1", "--format", "json", rounds=_ROUNDS
            ),
        }
        print(f"{_MEMBERS} members, medians of {_ROUNDS} runs")
        for name, seconds in rows.items():
            print(f"{name:<34}{seconds * 1000:>7.0f} ms{seconds / bare:>8.1f} x python -c pass")


if __name__ == "__main__":
    main()
