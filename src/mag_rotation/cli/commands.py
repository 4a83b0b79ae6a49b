"""The commands: each reads its arguments, asks the library and hands the answer on.

Rule 1: a command reads its arguments and hands on an answer; which calls, whose night and what is odd, a plan knows.
Rule 2: the clock is read here and nowhere else, and only when no instant was given.
Rule 3: exit 0: done; 1: done, and what was asked to hold does not; 2: bad input or usage, nothing written.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mag_rotation.calls import Call, find_call, next_call
from mag_rotation.cli.files import OR_STDOUT, STDOUT, file_bytes, refuse_sources, say, terminal_width, write_out
from mag_rotation.cli.options import (
    AtOption,
    CallOption,
    DurationOption,
    FailOnWarningsOption,
    ForceOption,
    FormatOption,
    FromOption,
    MemberOption,
    NextOption,
    NowOption,
    OutOption,
    PlanPath,
    ToOption,
    ZonesOption,
    once,
)
from mag_rotation.cli.patience import patience
from mag_rotation.cli.usage import Program
from mag_rotation.errors import InvalidPlan, Mistake
from mag_rotation.files import NewFile, StagedFiles, stage_files
from mag_rotation.places import TZDATA_VERSION
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan, plan_files, plan_schema, plan_template
from mag_rotation.report import (
    Answer,
    Form,
    calls_answer,
    left_out,
    member_calls_answer,
    night_answer,
    render,
    validation_answer,
)
from mag_rotation.roster import member_by_id

app = typer.Typer(
    name="mag-rotation",
    cls=Program,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit 0: done. 1: done, and what was asked to hold does not. 2: bad input or usage, nothing written.",
)


def _say_version(asked: bool) -> None:
    """Print the version of the program and of the zone rules, and exit."""
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - for this option alone

        write_out(f"mag-rotation {version('mag-rotation')} (tzdata {TZDATA_VERSION})\n")
        raise typer.Exit


@app.callback()
def program(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_say_version,
            is_eager=True,
            help="Print the version, and that of the zone rules beside it.",
        ),
    ] = False,
) -> None:
    """Rotating calls of a group spread over the globe: who is in the night, what is fair, invitations."""


def read_plan(path: Path, out: Path | None = None) -> Plan:
    """Read a plan for an answer that goes to ``out``, which must be none of the files that the plan is made from."""
    with patience(f"reading {path.name}"):
        plan = load_plan(path)
    if out is not None and out != STDOUT:
        refuse_sources(out, plan_files(plan))
    return plan


def deliver(answer: Answer, form: Form, out: Path | None, *, private: bool = True) -> None:
    """Write an answer to a file or to stdout; a new file with an answer about members is for its owner alone."""
    with stage_files() as staged:
        show_answer(answer, form, out, staged, private=private)
        staged.commit()


def show_answer(answer: Answer, form: Form, out: Path | None, staged: StagedFiles, *, private: bool = True) -> None:
    """Write an answer to stdout, in colour and to its width where that is a terminal, or stage it as a file.

    The warnings that the form has no place for go to stderr.
    """
    for warning in left_out(answer, form):
        say(f"warning: {warning}")
    if out is not None and out != STDOUT:
        with patience("writing"):
            staged.add(NewFile(path=out, data=file_bytes(out, render(answer, form)), private=private, cure=OR_STDOUT))
        return
    width = terminal_width()
    with patience("writing"):
        text = render(answer, form, width=width, colour=width is not None and not os.environ.get("NO_COLOR"))
    write_out(text)


@app.command("calls")
def calls_command(
    path: PlanPath,
    first: FromOption = None,
    last: ToOption = None,
    zones: ZonesOption = None,
    member: MemberOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """List the calls. With --member, say what each of them means for that member."""
    plan = read_plan(path, out)
    chosen = plan.between(first, last)
    odd = plan.warnings_of(chosen)
    if member is None:
        deliver(calls_answer(plan.meeting, chosen, odd, zones=once(zones)), form, out, private=False)
        return
    seat = member_by_id(plan.members, member)
    pairs = plan.nights_of(seat, chosen)
    deliver(member_calls_answer(plan.meeting, seat, pairs, odd, zones=once(zones), sources=plan.sources), form, out)


@app.command("night")
def night_command(
    path: PlanPath,
    wanted: CallOption = None,
    upcoming: NextOption = False,
    now: NowOption = None,
    at: AtOption = None,
    duration: DurationOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Say who is in the night at a call. It may be the next call, or any time."""
    if (wanted is not None) + upcoming + (at is not None) != 1:
        raise typer.BadParameter("give one of --call N, --next and --at INSTANT")
    if now is not None and not upcoming:
        raise typer.BadParameter("--now goes with --next")
    if duration is not None and at is None:
        raise typer.BadParameter("--duration goes with --at; a call of the plan has its own length")
    plan = read_plan(path, out)
    with patience("looking at the clocks of all members"):
        if at is not None:
            report = plan.night_at(at, duration)
        elif wanted is not None:
            report = plan.night(find_call(plan.calls, wanted))
        else:
            report = plan.night(_upcoming(plan, path, now or datetime.now(UTC)))
        warnings = (*plan.time_warnings, *plan.roster_warnings)
        answer = night_answer(plan.meeting, report, warnings, sources=plan.sources)
    deliver(answer, form, out)


def _upcoming(plan: Plan, path: Path, now: datetime) -> Call:
    """The next call of a plan; exits with 1 when there is none."""
    call = next_call(plan.calls, now)
    if call is None:
        say(f"{path.name} has no call at or after {now:%Y-%m-%dT%H:%MZ} that is not cancelled")
        raise typer.Exit(1)
    return call


@app.command("validate")
def validate_command(
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
    answer = validation_answer(
        path.name,
        plan.meeting if plan else None,
        tuple(map(str, errors)),
        warnings,
        excerpts=[one.excerpt for one in errors],
    )
    deliver(answer, form, None)
    if errors:
        raise typer.Exit(2)
    if warnings and fail_on_warnings:
        raise typer.Exit(1)


@app.command("init")
def init_command(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the plan.")] = Path("plan.toml"),
    force: ForceOption = False,
) -> None:
    """Write a commented plan that runs at once."""
    with stage_files(NewFile(path=path, data=plan_template().encode(), replace=force)) as staged:
        say(f"{path} written; try: mag-rotation calls {path}")
        staged.commit()


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of plan files, for editors."""
    write_out(plan_schema())
