"""The command ``programme``: the sessions of the event, who has to speak in the night, and what gets into the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from mag_rotation.cli.files import deliver, read_plan
from mag_rotation.cli.options import (
    DATE,
    LENGTH,
    TEXT,
    FormatOption,
    LocaleOption,
    OutOption,
    PlanPath,
    flag,
    option,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.cli.schedules import select_sessions
from mag_rotation.plan import Plan
from mag_rotation.programme import STEP, Level
from mag_rotation.report import ENGLISH, Form, Language, Report, context_of
from mag_rotation.roster import find_member


class Failing(StrEnum):
    """The level of a conflict from which on ``programme`` fails."""

    ERROR = "error"
    WARNING = "warning"


_FAILING: Mapping[Failing | None, frozenset[Level]] = {
    None: frozenset(),
    Failing.ERROR: frozenset({Level.ERROR}),
    Failing.WARNING: frozenset({Level.ERROR, Level.WARNING}),
}
"""The levels of conflicts with which the command fails."""

DayOption = Annotated[date | None, option("--date", DATE, "The sessions of this date alone.")]
PersonOption = Annotated[str | None, option("--member -m", "ID", "The sessions and all duties of this member alone.")]
TrackOption = Annotated[str | None, option("--track", TEXT, "The sessions of this track alone.")]
FailOnOption = Annotated[
    Failing | None, option("--fail-on", None, "Exit 1 when a conflict is this or worse, for scripts.")
]
ProposeOption = Annotated[
    str | None, option("--propose", "SESSION", "Rank the starts that this session could have without an error.")
]
GridOption = Annotated[int | None, option("--grid", LENGTH, "How far apart these starts are; 30min if not given.")]
SwapOption = Annotated[
    bool, flag("--swap", "Try exchanges of the starts of two sessions; with --propose, of this one and another.")
]
WithCallsOption = Annotated[bool, flag("--with-calls", "Count what the calls put on members too.")]


def run_programme(
    path: PlanPath,
    day: DayOption = None,
    member: PersonOption = None,
    track: TrackOption = None,
    fail_on: FailOnOption = None,
    wanted: ProposeOption = None,
    grid: GridOption = None,
    swap: SwapOption = False,
    with_calls: WithCallsOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Show the sessions of the event. It says who is in the night for which part of them, and which are in conflict."""
    from mag_rotation.report.programme import describe_programme  # noqa: PLC0415 - no other command needs it

    proposes = swap or wanted is not None
    if proposes and any(choice is not None for choice in (day, member, track, fail_on)):
        raise typer.BadParameter("--propose and --swap go without --date, --member, --track and --fail-on")
    if grid is not None and (swap or wanted is None):
        raise typer.BadParameter("--grid goes with --propose")
    if with_calls and not proposes:
        raise typer.BadParameter("--with-calls goes with --propose and --swap")
    plan = read_plan(path, out)
    sessions = select_sessions(plan, track)
    ids = {one.id for one in sessions if day in {None, one.session.date}}
    if not ids:
        days = ", ".join(map(str, sorted({one.session.date for one in sessions})))
        raise typer.BadParameter(f"found {day}, on which is no session; the days are {days}", param_hint="--date")
    if proposes:
        with show_progress("trying other times"):
            answer = _propose(plan, wanted, grid or STEP, locale or ENGLISH, swap=swap, with_calls=with_calls)
        deliver(answer, form, out)
        return
    seat = None if member is None else find_member(plan.members, member)
    with show_progress("looking at the clocks of all people"):
        report = plan.programme_report().select(ids, member=seat.id if seat else None)
    context = context_of(plan, (*report.warnings, *plan.roster_warnings), language=locale or ENGLISH)
    answer = describe_programme(context, report, with_all_duties=seat is not None)
    deliver(answer, form, out)
    if any(conflict.level in _FAILING[fail_on] for conflict in report.conflicts):
        raise typer.Exit(1)


def _propose(plan: Plan, wanted: str | None, grid: int, language: Language, *, swap: bool, with_calls: bool) -> Report:
    """Return other times for one session, or exchanges of two, of which ``wanted`` may be one."""
    from mag_rotation.report.programme import describe_starts, describe_swaps  # noqa: PLC0415 - no other command needs it

    context = context_of(plan, plan.roster_warnings, language=language)
    if swap or wanted is None:
        return describe_swaps(context, plan.propose_swaps(wanted, with_calls=with_calls))
    return describe_starts(context, plan.propose_starts(wanted, step=grid, with_calls=with_calls))
