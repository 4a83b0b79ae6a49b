"""The commands that show the calls of a plan: ``calls``, ``night`` and ``drift``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from mag_rotation.calls import Call, find_call, next_call
from mag_rotation.cli.files import USUAL_LENGTH, deliver, read_audience, read_plan, say
from mag_rotation.cli.options import (
    AllZonesOption,
    AtOption,
    CallOption,
    DurationOption,
    FormatOption,
    FromOption,
    GroupsOption,
    LocaleOption,
    MemberOption,
    NextOption,
    NowOption,
    OutOption,
    PlanPath,
    RosterOption,
    SeasonFromOption,
    SeasonToOption,
    SeatsOption,
    ToOption,
    ZonesOption,
    once,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.night import night_report
from mag_rotation.plan import Plan
from mag_rotation.plan.warnings import warn_of_empty_roster
from mag_rotation.report import (
    ENGLISH,
    Context,
    Form,
    Language,
    context_of,
    describe_calls,
    describe_member_calls,
    describe_night,
)
from mag_rotation.report.calls import no_call_line
from mag_rotation.roster import find_member


def run_calls(
    path: PlanPath,
    first: FromOption = None,
    last: ToOption = None,
    zones: ZonesOption = None,
    member: MemberOption = None,
    all_zones: AllZonesOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """List the calls. With --member, write the page of one member, in local time."""
    if all_zones and member is not None:
        raise typer.BadParameter("--all-zones and --member are two answers; give one of them")
    plan, language = read_plan(path, out), locale or ENGLISH
    chosen = plan.between(first, last)
    odd = plan.warnings_of(chosen)
    if member is None:
        context = Context(meeting=plan.meeting, warnings=odd, language=language)
        clocks = plan.clocks_of(chosen) if all_zones else None
        deliver(describe_calls(context, chosen, zones=once(zones), clocks=clocks), form, out, private=all_zones)
        return
    seat = find_member(plan.members, member)
    pairs = plan.nights_of(seat, chosen)
    changes = plan.clock_changes_of(seat, [call for call, _ in pairs])
    context = context_of(plan, odd, language=language)
    deliver(describe_member_calls(context, seat, pairs, zones=once(zones), changes=changes), form, out)


def run_night(
    path: PlanPath,
    wanted: CallOption = None,
    upcoming: NextOption = False,
    now: NowOption = None,
    at: AtOption = None,
    duration: DurationOption = None,
    roster: RosterOption = None,
    seats: SeatsOption = None,
    groups: GroupsOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Say who is in the night at a call. It may be the next call, or any time."""
    audience, language = read_audience(roster, seats, out), locale or ENGLISH
    if audience is not None:
        if at is None or wanted is not None or upcoming or now is not None:
            raise typer.BadParameter("give --at INSTANT; --call and --next need a plan")
        found = night_report(start=at, minutes=duration or USUAL_LENGTH, audience=audience)
        warnings = warn_of_empty_roster(audience.members)
        context = Context(meeting=None, warnings=warnings, all_groups=groups, language=language)
        deliver(describe_night(context, found), form, out)
        return
    if (wanted is not None) + upcoming + (at is not None) != 1:
        raise typer.BadParameter("give one of --call N, --next and --at INSTANT")
    if now is not None and not upcoming:
        raise typer.BadParameter("--now goes with --next")
    if duration is not None and at is None:
        raise typer.BadParameter("--duration goes with --at; a call of the plan has its own length")
    plan = read_plan(path, out)
    with show_progress("looking at the clocks of all members"):
        if at is not None:
            report = plan.night_at(at, duration)
        elif wanted is not None:
            report = plan.night(find_call(plan.calls, wanted))
        else:
            report = plan.night(find_upcoming(plan, path, now or datetime.now(UTC), language))
        warnings = (*plan.time_warnings, *plan.roster_warnings)
        answer = describe_night(context_of(plan, warnings, all_groups=groups, language=language), report)
    deliver(answer, form, out)


def find_upcoming(plan: Plan, path: Path, now: datetime, language: Language) -> Call:
    """Return the next call of a plan; exit with 1 if there is none."""
    call = next_call(plan.calls, now)
    if call is None:
        say(no_call_line(path.name, now, language))
        raise typer.Exit(1)
    return call


def run_drift(
    path: PlanPath,
    first: SeasonFromOption = None,
    last: SeasonToOption = None,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Say whose local hours a clock change moves. It also says who gets into the night or out of it."""
    from mag_rotation.report.drift import describe_drift  # noqa: PLC0415

    plan = read_plan(path, out)
    report = plan.drift(first, last)
    context = Context(meeting=plan.meeting, warnings=plan.time_warnings, hours=plan.hours, language=locale or ENGLISH)
    deliver(describe_drift(context, report), form, out)
