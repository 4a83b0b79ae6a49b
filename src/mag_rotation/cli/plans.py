"""The commands about the plan file itself: ``validate``, ``init`` and ``schema``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mag_rotation.cli.files import deliver, say, write_out
from mag_rotation.cli.options import FailOnWarningsOption, ForceOption, FormatOption, PlanPath, argument
from mag_rotation.errors import InvalidPlan, Mistake
from mag_rotation.files import NewFile, stage_files
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan, plan_schema, plan_template
from mag_rotation.report import Context, Form, describe_validation
from mag_rotation.report.validation import template_line


def run_validate(
    path: PlanPath,
    fail_on_warnings: FailOnWarningsOption = False,
    form: FormatOption = Form.TABLE,
) -> None:
    """Read everything; say what is wrong and what is odd. Exit 2 when something is wrong."""
    plan: Plan | None = None
    errors: tuple[Mistake, ...] = ()
    try:
        plan = load_plan(path)
    except InvalidPlan as error:
        errors = error.mistakes
    warnings = plan.warnings if plan else ()
    answer = describe_validation(
        Context(meeting=plan.meeting if plan else None, warnings=warnings),
        path.name,
        tuple(map(str, errors)),
        excerpts=[one.excerpt for one in errors],
    )
    deliver(answer, form, None)
    if errors:
        raise typer.Exit(2)
    if warnings and fail_on_warnings:
        raise typer.Exit(1)


def run_init(
    path: Annotated[Path, argument("FILE", "Where to write the plan.")] = Path("plan.toml"),
    force: ForceOption = False,
) -> None:
    """Write a commented plan that runs at once."""
    with stage_files(NewFile(path=path, data=plan_template().encode(), replace=force)) as staged:
        say(template_line(str(path)))
        staged.commit()


def run_schema() -> None:
    """Print the JSON Schema of plan files, for editors."""
    write_out(plan_schema())
