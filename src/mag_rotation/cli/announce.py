"""The command ``announce``: what members are told of a call."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from mag_rotation.calls import find_call
from mag_rotation.cli.calls import find_upcoming
from mag_rotation.cli.files import deliver, read_plan, say
from mag_rotation.cli.options import (
    CallOption,
    FormatOption,
    LocaleOption,
    NextOption,
    NowOption,
    OutOption,
    PlanPath,
    SubscribeOption,
)
from mag_rotation.report import ENGLISH, Form, context_of, warning_line
from mag_rotation.report.announce import describe_announcement


def run_announce(
    path: PlanPath,
    wanted: CallOption = None,
    upcoming: NextOption = False,
    now: NowOption = None,
    locale: LocaleOption = None,
    calendar: SubscribeOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Write the announcement of a call for its members. It is the next call if none is named."""
    if wanted is not None and upcoming:
        raise typer.BadParameter("give one of --call N and --next")
    if now is not None and wanted is not None:
        raise typer.BadParameter("--now goes with --next")
    plan = read_plan(path, out)
    language = locale or ENGLISH
    call = (
        find_upcoming(plan, path, now or datetime.now(UTC), language)
        if wanted is None
        else find_call(plan.calls, wanted)
    )
    context = context_of(plan, plan.warnings_of([call]), language=language)
    for warning in context.warnings:
        say(warning_line(warning, language))
    deliver(describe_announcement(context, plan.announce(call), calendar=calendar), form, out)
