"""The commands that look for a fair time: ``propose``, ``verify`` and ``next-slot``.

The clock is read only for the time that is left. A plan is written only after its edited text was read and found valid.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

import typer

from mag_rotation.cli.files import STDOUT, deliver, deliver_with_edit, read_plan, refuse_sources, say
from mag_rotation.cli.options import FormatOption, OutOption, PlanPath, once
from mag_rotation.cli.progress import Interrupt, SearchProgress, show_progress
from mag_rotation.cli.propose_options import (
    AwakeOption,
    CapOption,
    DistinctOption,
    FreeOption,
    GapOption,
    GridOption,
    GroupOption,
    HistoryOption,
    KeepOption,
    LeaveOutOption,
    MostNightsOption,
    NextFromOption,
    NoNightTwiceOption,
    ObjectiveOption,
    OneCurveOption,
    ProposalPath,
    QuorumOption,
    SearchOption,
    SearchTimeOption,
    SeedOption,
    SlotsOption,
    SlotZoneOption,
    StayOption,
    TimeLimitOption,
    ToleranceOption,
    UtcWindowsOption,
    WeekdaysOption,
    WindowsOption,
    WriteOption,
    slot_names,
)
from mag_rotation.files import read_file
from mag_rotation.limits import PLAN, PROPOSAL
from mag_rotation.plan import Plan
from mag_rotation.report import Form, context_of
from mag_rotation.roster import UTC_ZONE, ZoneName

if TYPE_CHECKING:
    from mag_rotation.propose import NextSlot, Proposed

_GRID = 30
"""Minutes between two candidate starts."""
_SECONDS, _SECONDS_AGAIN = 12, 60
"""How long to search for a proposal, and for the proof of one."""
_INTERRUPTED = 130
"""The exit code of what Ctrl-C ended, as shells have it."""


def run_propose(
    path: PlanPath,
    slots: SlotsOption = None,
    free: FreeOption = False,
    grid: GridOption = None,
    zone: SlotZoneOption = None,
    weekdays: WeekdaysOption = None,
    first: HistoryOption = None,
    keep: KeepOption = 0,
    objective: ObjectiveOption = "leximin",
    tolerance: ToleranceOption = 10,
    group: GroupOption = None,
    leave_out: LeaveOutOption = None,
    windows: WindowsOption = None,
    utc_windows: UtcWindowsOption = None,
    quorum: QuorumOption = None,
    awake: AwakeOption = None,
    most_nights: MostNightsOption = None,
    no_night_twice: NoNightTwiceOption = False,
    gap: GapOption = None,
    distinct: DistinctOption = False,
    cap: CapOption = None,
    stay: StayOption = None,
    curve: OneCurveOption = None,
    time_limit: TimeLimitOption = None,
    seed: SeedOption = 0,
    write: WriteOption = False,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Find the fairest rotation, with a proof. Exit 1 when the constraints leave none."""
    if (slots is None) != free:
        raise typer.BadParameter("give one of --slots L and --free")
    end = monotonic() + (_SECONDS if time_limit is None else time_limit)
    progress = SearchProgress(left=lambda: end - monotonic())
    with Interrupt() as interrupt:
        from mag_rotation.propose import Budget, Impossible, Objective, Request  # noqa: PLC0415 - brings numpy
        from mag_rotation.propose import propose as find_rotation  # noqa: PLC0415 - the same
        from mag_rotation.report.propose import describe_impossible, describe_proposal  # noqa: PLC0415 - the same

        source = read_file(path, PLAN)
        plan = read_plan(path, out)
        request = Request(
            slots=slots,
            grid=grid or _GRID,
            zone=zone or _anchor(plan),
            weekdays=once(weekdays),
            first=first,
            keep=keep,
            objective=Objective(objective),
            tolerance=tolerance,
            group=group,
            left_out=once(leave_out),
            windows=once(windows),
            utc_windows=once(utc_windows),
            quorum=quorum,
            awake=once(awake),
            most_nights=most_nights,
            no_night_twice=no_night_twice,
            gap=gap,
            distinct=distinct,
            cap=cap,
            stay=once(slot_names(stay)),
            curve=curve,
        )
        budget = Budget(left=progress.left, seed=seed, interrupted=lambda: interrupt.pressed, tell=progress.note)
        with show_progress(lambda: str(progress)):
            found = find_rotation(plan.setting, request, budget)
    if isinstance(found, Impossible):
        if interrupt.pressed and not found.proven:
            say("interrupted before a first rotation was found; nothing was written")
            raise typer.Exit(_INTERRUPTED)
        deliver(describe_impossible(context_of(plan, plan.time_warnings), found), form, out)
        raise typer.Exit(_INTERRUPTED if interrupt.pressed else 1)
    answer = describe_proposal(context_of(plan, plan.time_warnings), found)
    if interrupt.pressed:
        proven = "" if found.proven else ", which is not proven"
        say(f"interrupted: this is the best rotation so far{proven}{f'; {path.name} was not changed' if write else ''}")
        deliver(answer, form, out)
        raise typer.Exit(_INTERRUPTED)
    if write:
        deliver_with_edit(answer, form, out, path=path, source=source, edit=_edit_for_rotation(plan, found))
    else:
        deliver(answer, form, out)


def _anchor(plan: Plan) -> ZoneName:
    """Return the zone of the plan's slots if all have the same, else UTC."""
    zones = {slot.zone for slot in plan.series.rotation.slots}
    return zones.pop() if len(zones) == 1 else UTC_ZONE


def _edit_for_rotation(plan: Plan, found: Proposed) -> Callable[[str], str]:
    """Return the edit that puts a rotation into the plan file."""
    from mag_rotation.planfile.writer import write_changes  # noqa: PLC0415 - brings tomlkit

    return lambda text: write_changes(text, plan.series, found.series)


def run_verify(
    path: PlanPath,
    proposal: ProposalPath,
    search: SearchOption = False,
    time_limit: SearchTimeOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Check a proposal by counting again. With --search, prove again what it claims. Exit 1 when a check fails."""
    from mag_rotation.planfile.proposals import read_proposal  # noqa: PLC0415 - brings numpy
    from mag_rotation.propose import Budget, ProofResult, prove_again, verify_proposal  # noqa: PLC0415 - the same
    from mag_rotation.report.propose import proposal_document  # noqa: PLC0415 - the same
    from mag_rotation.report.verify import describe_verify, differences, warn_of_versions  # noqa: PLC0415 - the same

    if time_limit is not None and not search:
        raise typer.BadParameter("--time-limit goes with --search")
    plan = read_plan(path, out)
    if out is not None and out != STDOUT:
        refuse_sources(out, [proposal], of="the proposal")
    request, claim, given = read_proposal(read_file(proposal, PROPOSAL), name=proposal.name)
    with show_progress("counting again"):
        found, broken = verify_proposal(plan.setting, request, claim)
        counted = proposal_document(context_of(plan, plan.time_warnings), found)
        findings = (*broken, *differences(given, counted))
    proofs = None
    if search:
        end = monotonic() + (_SECONDS_AGAIN if time_limit is None else time_limit)
        with show_progress("searching again"):
            proofs = prove_again(plan.setting, request, found, Budget(left=lambda: end - monotonic()))
    context = context_of(plan, (*plan.time_warnings, *warn_of_versions(given)))
    deliver(describe_verify(context, found, findings, proofs=proofs), form, out)
    if findings or any(proof.result is ProofResult.DISPROVED for proof in proofs or ()):
        raise typer.Exit(1)


def run_next_slot(
    path: PlanPath,
    now: NextFromOption = None,
    grid: GridOption = None,
    zone: SlotZoneOption = None,
    weekdays: WeekdaysOption = None,
    group: GroupOption = None,
    leave_out: LeaveOutOption = None,
    windows: WindowsOption = None,
    utc_windows: UtcWindowsOption = None,
    quorum: QuorumOption = None,
    awake: AwakeOption = None,
    most_nights: MostNightsOption = None,
    no_night_twice: NoNightTwiceOption = False,
    curve: OneCurveOption = None,
    write: WriteOption = False,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Pick the fairest slot for the next call. What everybody has borne before it decides."""
    from mag_rotation.propose import Request, next_slot  # noqa: PLC0415 - brings numpy
    from mag_rotation.report.propose import describe_next  # noqa: PLC0415 - the same

    source = read_file(path, PLAN)
    plan = read_plan(path, out)
    moment = now or datetime.now(UTC)
    request = Request(
        slots=1,
        grid=grid or _GRID,
        zone=zone or _anchor(plan),
        weekdays=once(weekdays),
        group=group,
        left_out=once(leave_out),
        windows=once(windows),
        utc_windows=once(utc_windows),
        quorum=quorum,
        awake=once(awake),
        most_nights=most_nights,
        no_night_twice=no_night_twice,
        curve=curve,
    )
    found = next_slot(plan.setting, request, moment)
    if found is None:
        say(f"{path.name} has no call at or after {moment:%Y-%m-%dT%H:%MZ} that takes its hour from the rotation")
        raise typer.Exit(1)
    answer = describe_next(context_of(plan, plan.time_warnings), found, request=request)
    if write and found.choices:
        deliver_with_edit(answer, form, out, path=path, source=source, edit=_edit_for_call(plan, found))
    else:
        deliver(answer, form, out)
    if not found.choices:
        raise typer.Exit(1)


def _edit_for_call(plan: Plan, found: NextSlot) -> Callable[[str], str]:
    """Return the edit that puts the next call into the plan file as an exception."""
    from mag_rotation.planfile.writer import write_exceptions  # noqa: PLC0415 - brings tomlkit

    if (found.call.start, found.call.end) == (found.planned.start, found.planned.end):
        return lambda text: text
    return lambda text: write_exceptions(text, [found.exception(plan.series.overrides)])
