"""The commands about the plan file itself: ``validate``, ``init`` and ``schema``."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from mag_rotation.cli.files import deliver, say, write_out
from mag_rotation.cli.options import (
    DATE,
    LENGTH,
    TEXT,
    FailOnWarningsOption,
    ForceOption,
    FormatOption,
    LocaleOption,
    PlanPath,
    argument,
    option,
)
from mag_rotation.cli.propose_options import SLOTS, NamedSlots
from mag_rotation.errors import InvalidPlan, Mistake
from mag_rotation.files import NewFile, stage_files
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan, plan_from, plan_schema
from mag_rotation.report import ENGLISH, Context, Form, describe_validation
from mag_rotation.report.validation import template_line
from mag_rotation.series import Series


def run_validate(
    path: PlanPath,
    fail_on_warnings: FailOnWarningsOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
) -> None:
    """Check a plan and its sheets for mistakes and warnings. Exit 2 if there is a mistake."""
    plan: Plan | None = None
    errors: tuple[Mistake, ...] = ()
    try:
        plan = load_plan(path)
    except InvalidPlan as error:
        errors = error.mistakes
    warnings = plan.warnings if plan else ()
    answer = describe_validation(
        Context(meeting=plan.meeting if plan else None, warnings=warnings, language=locale or ENGLISH),
        path.name,
        errors,
    )
    deliver(answer, form, None)
    if errors:
        raise typer.Exit(2)
    if warnings and fail_on_warnings:
        raise typer.Exit(1)


def run_init(
    path: Annotated[Path, argument("FILE", "Where to write the plan.")] = Path("plan.toml"),
    roster: Annotated[
        Path | None, option("--roster", "FILE", "The members: a roster sheet, instead of five invented ones.")
    ] = None,
    name: Annotated[str | None, option("--name", TEXT, "The name of the meeting.")] = None,
    first: Annotated[date | None, option("--first", DATE, "The date of the first call.")] = None,
    until: Annotated[date | None, option("--until", DATE, "The last date on which there may be a call.")] = None,
    repeat: Annotated[
        str | None,
        option("--repeat", "RULE", "How often: weekly, daily, fortnightly, monthly, or the body of an RRULE."),
    ] = None,
    duration: Annotated[int | None, option("--duration", LENGTH, "How long a call lasts.")] = None,
    slots: Annotated[
        NamedSlots | None,
        option("--slots", SLOTS, "The slots in their order, such as 13:00,21:00@Europe/Zurich; UTC without a zone."),
    ] = None,
    force: ForceOption = False,
    locale: LocaleOption = None,
) -> None:
    """Write a commented plan that runs at once."""
    from mag_rotation.planfile.people import make_id  # noqa: PLC0415 - brings the letters of all scripts
    from mag_rotation.planfile.writer import write_first_plan  # noqa: PLC0415 - brings tomlkit

    def fill(series: Series) -> Series:
        schedule, meeting, rotation = series.schedule, series.meeting, series.rotation
        begins = first or schedule.first
        length = (schedule.until or begins) - schedule.first
        schedule = replace(schedule, first=begins, until=until or begins + length)
        if name is not None:
            meeting = replace(meeting, name=name, id=make_id(name) or meeting.id)
        if duration is not None:
            meeting = replace(meeting, minutes=duration)
        if slots is not None:
            rotation = replace(rotation, slots=slots.slots)
        return replace(series, schedule=schedule, meeting=meeting, rotation=rotation)

    sheet = None if roster is None else Path(os.path.relpath(roster, path.parent)).as_posix()
    text = write_first_plan(fill, sheet=sheet, repeat=repeat)
    plan_from(path, text.encode())  # refuses a roster with mistakes, and dates that give no call
    with stage_files(NewFile(path=path, data=text.encode(), replace=force)) as staged:
        say(template_line(str(path), locale or ENGLISH))
        staged.commit()


def run_schema() -> None:
    """Print the JSON Schema of plan files, for editors."""
    write_out(plan_schema())
