"""The commands that judge a plan or a time: ``fairness`` and ``check``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from mag_rotation.calls import find_call
from mag_rotation.cli.files import deliver, read_plan
from mag_rotation.cli.options import (
    FormatOption,
    FromOption,
    OutOption,
    PlanPath,
    ProposedLengthOption,
    ProposedOption,
    ToOption,
    option,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.report import Form, context_of


class Failing(StrEnum):
    """The verdict from which on ``check`` fails."""

    ACCEPTABLE = "acceptable"
    POOR = "poor"


CurvesOption = Annotated[
    list[str] | None,
    option(
        "--curve",
        "CURVE",
        "The curve for members who have none of their own; may be repeated. The plan's if not given.",
    ),
]
FailOnOption = Annotated[
    Failing | None, option("--fail-on", None, "Exit 1 when the verdict is this or worse, for scripts.")
]
InsteadOfOption = Annotated[
    str | None,
    option(
        "--instead-of", "CALL", "Judge the time as the replacement of this call, by number, label, rule date or UID."
    ),
]


def run_fairness(
    path: PlanPath,
    first: FromOption = None,
    last: ToOption = None,
    curves: CurvesOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Say who has borne what, and how evenly."""
    from mag_rotation.report.fairness import describe_fairness  # noqa: PLC0415 - brings numpy, which few commands need

    plan = read_plan(path, out)
    calls = plan.between(first, last)
    asked = tuple(dict.fromkeys(curves or (plan.hours.curve,)))
    with show_progress("working out burdens"):
        found = [plan.fairness(calls, curve=curve) for curve in asked]
        answers = [(answer, plan.sensitivity(answer, calls)) for answer in found]
        warnings = (*plan.warnings_of(calls), *plan.roster_warnings)
        answer = describe_fairness(context_of(plan, warnings), answers)
    deliver(answer, form, out)


def run_check(
    path: PlanPath,
    at: ProposedOption,
    duration: ProposedLengthOption = None,
    replaced: InsteadOfOption = None,
    fail_on: FailOnOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Judge a proposed time. It says who is in the night, what the ledger would be and which times are better."""
    from mag_rotation.report.fairness import describe_check  # noqa: PLC0415 - brings numpy, which few commands need

    plan = read_plan(path, out)
    call = None if replaced is None else find_call(plan.calls, replaced)
    with show_progress("working out burdens"):
        found = plan.check(at, duration, instead_of=call)
        verdicts = plan.verdicts(at, duration, instead_of=call)
        answer = describe_check(context_of(plan, (*plan.time_warnings, *plan.roster_warnings)), found, verdicts)
    deliver(answer, form, out)
    if fail_on is not None and found.verdict.is_at_least(fail_on.value):
        raise typer.Exit(1)
