"""The command ``decide``: the paper for a meeting that decides on the time of a call, or on a rotation."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.calls import find_call
from mag_rotation.cli.fairness import InsteadOfOption
from mag_rotation.cli.files import STDOUT, deliver, read_plan, refuse_sources, say
from mag_rotation.cli.options import (
    DATE,
    INSTANT,
    FormatOption,
    LocaleOption,
    OutOption,
    PlanPath,
    ProposedLengthOption,
    option,
)
from mag_rotation.cli.page import CommitteeOption
from mag_rotation.cli.progress import show_progress
from mag_rotation.cli.propose_options import GivenFileOption, GivenOption
from mag_rotation.report import ENGLISH, Form, context_of

if TYPE_CHECKING:
    from mag_rotation.plan.decision import RotationDecision, TimeDecision

DecideAtOption = Annotated[
    datetime | None, option("--at", INSTANT, "A proposed time for one call, such as '2026-11-03 20:00 UTC'.")
]
DecideFromOption = Annotated[
    date | None,
    option("--from", DATE, "The first date that a rotation is for; earlier calls stay and count as they were."),
]
DecidedOption = Annotated[
    str | None,
    option(
        "--decided",
        "NAME",
        "The option that the meeting has chosen, by its name in the table or its id; the minute records it.",
    ),
]


def run_decide(
    path: PlanPath,
    at: DecideAtOption = None,
    duration: ProposedLengthOption = None,
    replaced: InsteadOfOption = None,
    given: GivenOption = None,
    proposals: GivenFileOption = None,
    first: DecideFromOption = None,
    decided: DecidedOption = None,
    committee: CommitteeOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Write the paper for a meeting that decides on a time. It has the question, the options, advice and a minute."""
    from mag_rotation.cli.propose import read_given  # noqa: PLC0415 - brings numpy
    from mag_rotation.report.decide import (  # noqa: PLC0415 - the same
        describe_decision,
        find_decided,
        tell_equal_options,
    )

    if (at is None) == (not given and not proposals):
        raise typer.BadParameter(
            "give either --at, for the time of one call, or --option and --proposal, for a rotation"
        )
    if at is None and (replaced is not None or duration is not None):
        raise typer.BadParameter("--instead-of and --duration go with --at")
    if at is not None and first is not None:
        raise typer.BadParameter("--from goes with --option and --proposal")
    plan = read_plan(path, out)
    if out is not None and out != STDOUT:
        refuse_sources(out, proposals or [], of="the proposal")
    found: RotationDecision | TimeDecision
    with show_progress("working out burdens"):
        if at is None:
            found = plan.decide_rotation(list(read_given(given or [], proposals or [])), first=first)
        else:
            call = None if replaced is None else find_call(plan.calls, replaced)
            found = plan.decide_time(at, duration, instead_of=call)
    context = context_of(plan, (*plan.time_warnings, *plan.roster_warnings), language=locale or ENGLISH)
    if decided is not None:
        found = found.choose(find_decided(context, found, plan, decided, is_public=not committee))
    for warning in tell_equal_options(context, found):
        say(f"warning: {warning}")
    answer = describe_decision(context, found, plan, is_public=not committee, is_wide=form is not Form.TABLE)
    deliver(answer, form, out, private=committee)
