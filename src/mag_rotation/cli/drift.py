"""The command that follows clocks: ``drift``.

Rule 1: a command reads its arguments and hands on an answer; a plan knows the rest.
"""

from __future__ import annotations

from mag_rotation.cli.commands import app, deliver, read_plan
from mag_rotation.cli.options import FormatOption, OutOption, PlanPath, SeasonFromOption, SeasonToOption
from mag_rotation.report import Form


@app.command("drift")
def drift_command(
    path: PlanPath,
    first: SeasonFromOption = None,
    last: SeasonToOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Say whose local hours a clock change moves. It also says who thereby comes into the night or out of it."""
    from mag_rotation.report.drift import drift_answer  # noqa: PLC0415

    plan = read_plan(path, out)
    report = plan.drift(first, last)
    deliver(drift_answer(plan.meeting, report, plan.time_warnings), form, out)
