"""The commands that judge a plan or a time: ``fairness``, ``check`` and ``planner``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.audience import Audience
from mag_rotation.calls import find_call
from mag_rotation.cli.files import USUAL_LENGTH, deliver, read_audience, read_plan
from mag_rotation.cli.options import (
    DATE,
    LENGTH,
    ZONE,
    FormatOption,
    FromOption,
    GroupsOption,
    LocaleOption,
    OutOption,
    PlanPath,
    ProposedLengthOption,
    ProposedOption,
    RosterOption,
    SeatsOption,
    ToOption,
    flag,
    option,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.plan import Plan
from mag_rotation.plan.warnings import warn_of_empty_roster
from mag_rotation.report import ENGLISH, Context, Form, context_of
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.zones import to_local

if TYPE_CHECKING:
    from mag_rotation.fairness import TimeProposal
    from mag_rotation.programme import ScheduledSession


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

SessionsOption = Annotated[
    bool, flag("--with-sessions", "Count the duties in sessions of the event too, of the same dates.")
]

DayOption = Annotated[date | None, option("--date", DATE, "The day, or the first of a week; today if not given.")]
DayZoneOption = Annotated[ZoneName | None, option("--zone -z", ZONE, "Whose day it is; UTC if not given.")]
StepOption = Annotated[int | None, option("--step", LENGTH, "How far apart the starts are; 30min if not given.")]
WeekOption = Annotated[bool, flag("--week", "Seven days, each with its recommended starts.")]


def run_fairness(
    path: PlanPath,
    first: FromOption = None,
    last: ToOption = None,
    curves: CurvesOption = None,
    with_sessions: SessionsOption = False,
    groups: GroupsOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Show each member's burden, and how evenly it is shared."""
    from mag_rotation.report.fairness import describe_fairness  # noqa: PLC0415 - brings numpy, which few commands need

    plan = read_plan(path, out)
    calls = plan.between(first, last)
    sessions = _choose_sessions(plan, first, last) if with_sessions else ()
    asked = tuple(dict.fromkeys(curves or (plan.hours.curve,)))
    with show_progress("working out burdens"):
        found = [plan.fairness(calls, curve=curve, sessions=sessions) for curve in asked]
        answers = [(answer, plan.sensitivity(answer, calls, sessions=sessions)) for answer in found]
        warnings = (*plan.warnings_of(calls), *plan.blocked_warnings_of(calls), *plan.roster_warnings)
        answer = describe_fairness(
            context_of(plan, warnings, all_groups=groups, language=locale or ENGLISH), answers, sessions=len(sessions)
        )
    deliver(answer, form, out)


def _choose_sessions(plan: Plan, first: date | None, last: date | None) -> tuple[ScheduledSession, ...]:
    """Return the sessions from one date to another; refuses a plan that has none at all."""
    if not plan.sessions:
        raise typer.BadParameter(
            "the plan has no sessions; write them under [[sessions]]", param_hint="--with-sessions"
        )
    return tuple(
        session
        for session in plan.sessions
        if (first is None or session.session.date >= first) and (last is None or session.session.date <= last)
    )


def run_check(
    path: PlanPath,
    at: ProposedOption,
    duration: ProposedLengthOption = None,
    replaced: InsteadOfOption = None,
    roster: RosterOption = None,
    seats: SeatsOption = None,
    fail_on: FailOnOption = None,
    groups: GroupsOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Judge a proposed time. It says who is in the night, what the ledger would be and which times are better."""
    from mag_rotation.fairness import check_time  # noqa: PLC0415 - brings numpy, which few commands need
    from mag_rotation.report.fairness import describe_check  # noqa: PLC0415 - the same

    audience, language = read_audience(roster, seats, out), locale or ENGLISH
    if audience is None:
        plan = read_plan(path, out)
        call = None if replaced is None else find_call(plan.calls, replaced)
        with show_progress("working out burdens"):
            found = plan.check(at, duration, instead_of=call)
            verdicts = plan.verdicts(at, duration, instead_of=call)
        context = context_of(plan, (*plan.time_warnings, *plan.roster_warnings), all_groups=groups, language=language)
    else:
        proposal = _propose_without_plan(audience, at, duration, replaced)
        with show_progress("working out burdens"):
            found = check_time(proposal)
        verdicts = {found.after.curve: found.verdict}
        warnings = warn_of_empty_roster(audience.members)
        context = Context(meeting=None, warnings=warnings, all_groups=groups, language=language)
    answer = describe_check(context, found, verdicts)
    deliver(answer, form, out)
    if fail_on is not None and found.verdict.is_at_least(fail_on.value):
        raise typer.Exit(1)


def _propose_without_plan(
    audience: Audience, at: datetime, duration: int | None, replaced: str | None = None
) -> TimeProposal:
    """Return a time of which nothing but the members is known; refuses a call to replace, which is one of a plan."""
    from mag_rotation.fairness import TimeProposal  # noqa: PLC0415 - brings numpy

    if replaced is not None:
        raise typer.BadParameter("--instead-of needs a plan")
    return TimeProposal(start=at, minutes=duration or USUAL_LENGTH, calls=(), audience=audience)


def run_planner(
    path: PlanPath,
    day: DayOption = None,
    zone: DayZoneOption = None,
    step: StepOption = None,
    week: WeekOption = False,
    duration: ProposedLengthOption = None,
    replaced: InsteadOfOption = None,
    roster: RosterOption = None,
    seats: SeatsOption = None,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Show every start of a day against every member. It says which starts are recommended."""
    from mag_rotation.fairness import STEP, plan_starts  # noqa: PLC0415 - brings numpy, which few commands need
    from mag_rotation.report.planner import describe_planner  # noqa: PLC0415 - the same

    place, pace = zone or UTC_ZONE, step or STEP
    first = day or to_local(datetime.now(UTC), place).wall.date()
    days = [first + timedelta(days=number) for number in range(7 if week else 1)]
    audience, language = read_audience(roster, seats, out), locale or ENGLISH
    if audience is None:
        plan = read_plan(path, out)
        call = None if replaced is None else find_call(plan.calls, replaced)
        with show_progress("looking at the clocks of all members"):
            found = [plan.planner(each, duration, zone=place, step=pace, instead_of=call) for each in days]
        context = context_of(plan, (*plan.time_warnings, *plan.roster_warnings), language=language)
    else:
        proposal = _propose_without_plan(audience, datetime.now(UTC), duration, replaced)
        with show_progress("looking at the clocks of all members"):
            found = [plan_starts(proposal, each, zone=place, step=pace) for each in days]
        context = Context(meeting=None, warnings=warn_of_empty_roster(audience.members), language=language)
    answer = describe_planner(context, found)
    deliver(answer, form, out)
