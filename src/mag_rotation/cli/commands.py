"""The commands: each reads its arguments, asks the library and hands the answer on.

Rule 1: no logic; what a command knows, a room below has worked out.
Rule 2: the clock is read here and nowhere else, and only when no instant was given.
Rule 3: exit 0: done; 1: done, and what was asked to hold does not; 2: bad input or usage, nothing written.
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mag_rotation.calls import Call, find_call, next_call
from mag_rotation.cli.files import say, write_out, write_whole
from mag_rotation.cli.options import (
    AtOption,
    CallOption,
    DurationOption,
    FailOnWarningsOption,
    ForceOption,
    Format,
    FormatOption,
    FromOption,
    MemberOption,
    NextOption,
    NowOption,
    OutOption,
    PlanPath,
    StampOption,
    ToOption,
    ZonesOption,
)
from mag_rotation.errors import InvalidPlan
from mag_rotation.night import night_of, night_report
from mag_rotation.plan import Plan, load_plan, plan_schema, plan_template
from mag_rotation.report import (
    Answer,
    calls_answer,
    member_calls_answer,
    night_answer,
    plural,
    render,
    validation_answer,
)
from mag_rotation.roster import ZoneName, member_by_id

app = typer.Typer(
    name="mag-rotation",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Rotating calls of a group spread over the globe: when they are, who is in the night, and a calendar.",
    epilog="Exit 0: done. 1: done, and what was asked to hold does not. 2: bad input or usage, nothing written.",
)


STDOUT = Path("-")
"""What ``--output`` is given to mean stdout."""


def deliver(answer: Answer, form: Format, out: Path | None) -> None:
    """Write an answer to a file, whole, or to stdout, in colour and to its width where that is a terminal."""
    if out is not None and out != STDOUT:
        write_whole(out, render(answer, form.value).encode())
        return
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    write_out(render(answer, form.value, width=width, colour=terminal and not os.environ.get("NO_COLOR")))


def _once(zones: list[ZoneName] | None) -> tuple[ZoneName, ...]:
    """The zones asked for, each once and in the order given."""
    return tuple(dict.fromkeys(zones or ()))


@app.command("calls")
def calls_command(
    path: PlanPath,
    first: FromOption = None,
    last: ToOption = None,
    zones: ZonesOption = None,
    member: MemberOption = None,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """List the calls. With --member, say what each of them means for that member."""
    plan = load_plan(path)
    chosen = [
        call for call in plan.calls if (first is None or call.date >= first) and (last is None or call.date <= last)
    ]
    if member is None:
        deliver(calls_answer(plan.meeting, chosen, plan.time_warnings, zones=_once(zones)), form, out)
        return
    seat = member_by_id(plan.roster, member)
    nights = (
        (call, night_of(seat, start=call.start, minutes=call.minutes, meeting=plan.meeting, hours=plan.hours))
        for call in chosen
    )
    pairs = [(call, night) for call, night in nights if night is not None]
    deliver(member_calls_answer(plan.meeting, seat, pairs, plan.time_warnings, zones=_once(zones)), form, out)


@app.command("night")
def night_command(
    path: PlanPath,
    wanted: CallOption = None,
    upcoming: NextOption = False,
    now: NowOption = None,
    at: AtOption = None,
    duration: DurationOption = None,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> None:
    """Say who is in the night at a call. It may be the next call, or any time."""
    if (wanted is not None) + upcoming + (at is not None) != 1:
        raise typer.BadParameter("give one of --call N, --next and --at INSTANT")
    if now is not None and not upcoming:
        raise typer.BadParameter("--now goes with --next")
    if duration is not None and at is None:
        raise typer.BadParameter("--duration goes with --at; a call of the plan has its own length")
    plan = load_plan(path)
    call: Call | None = None
    if at is not None:
        start, minutes = at, duration or plan.meeting.minutes
    else:
        call = find_call(plan.calls, wanted) if wanted is not None else _upcoming(plan, path, now or datetime.now(UTC))
        start, minutes = call.start, call.minutes
    report = night_report(
        start=start, minutes=minutes, meeting=plan.meeting, roster=plan.roster, hours=plan.hours, call=call
    )
    deliver(night_answer(plan.meeting, report, plan.time_warnings), form, out)


def _upcoming(plan: Plan, path: Path, now: datetime) -> Call:
    """The next call of a plan; exits with 1 when there is none."""
    call = next_call(plan.calls, now)
    if call is None:
        say(f"{path.name} has no call at or after {now:%Y-%m-%dT%H:%MZ} that is not cancelled")
        raise typer.Exit(1)
    return call


@app.command("ics")
def ics_command(
    path: PlanPath,
    out: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The calendar file to write; - is stdout.")
    ],
    zones: ZonesOption = None,
    stamp: StampOption = None,
) -> None:
    """Write the calls as a calendar file. Members can subscribe to it; it names none of them."""
    from mag_rotation.ics import to_ics  # noqa: PLC0415 - icalendar is needed by this command alone

    plan = load_plan(path)
    data = to_ics(plan.calls, plan.meeting, stamp=stamp or datetime.now(UTC), zones=_once(zones))
    for warning in plan.time_warnings:
        say(f"warning: {warning}")
    if out == STDOUT:
        write_out(data.decode())
        return
    write_whole(out, data)
    cancelled = sum(not call.is_held for call in plan.calls)
    say(f"{out}: {plural(len(plan.calls), 'call')} written" + (f", {cancelled} of them cancelled" if cancelled else ""))


@app.command("validate")
def validate_command(
    path: PlanPath,
    fail_on_warnings: FailOnWarningsOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Read everything; say what is wrong and what is odd. Exit 2 when something is wrong."""
    plan: Plan | None = None
    errors: tuple[str, ...] = ()
    try:
        plan = load_plan(path)
    except InvalidPlan as error:
        errors = tuple(map(str, error.mistakes))
    warnings = plan.warnings if plan else ()
    deliver(validation_answer(path.name, plan.meeting if plan else None, errors, warnings), form, None)
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
    write_whole(path, plan_template().encode(), replace=force)
    say(f"{path} written; try: mag-rotation calls {path}")


@app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of plan files, for editors."""
    write_out(plan_schema())
