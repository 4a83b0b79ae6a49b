"""The commands that look for a fair time: ``propose``, ``verify`` and ``next-slot``.

The clock is read only for the time that is left. A plan is written only after its edited text was read and found valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import typer

from mag_rotation.cli.files import STDOUT, deliver, deliver_with_edit, read_plan, refuse_sources, say
from mag_rotation.cli.options import FormatOption, GroupsOption, LocaleOption, OutOption, PlanPath, spread_options
from mag_rotation.cli.progress import CompareProgress, Interrupt, SearchProgress, show_progress
from mag_rotation.cli.propose_options import (
    AdoptOption,
    AllOption,
    AlternativesOption,
    CompareTimeOption,
    FreeOption,
    GivenFileOption,
    GivenOption,
    HourOptions,
    MembersOption,
    NamedSlots,
    NextFromOption,
    ObjectiveOption,
    ProofOption,
    ProposalPath,
    RotationOptions,
    SearchOption,
    SearchTimeOption,
    SeedOption,
    SizesOption,
    SlotsOption,
    TimeLimitOption,
    ToleranceOption,
    WriteOption,
    make_request,
)
from mag_rotation.files import read_file
from mag_rotation.limits import PLAN, PROPOSAL
from mag_rotation.plan import Plan
from mag_rotation.plan.edits import hold_next_call
from mag_rotation.report import ENGLISH, Form, Language, context_of
from mag_rotation.report.calls import no_call_line
from mag_rotation.report.description import Section

if TYPE_CHECKING:
    from mag_rotation.propose import GivenRotation

_SECONDS, _SECONDS_AGAIN, _SECONDS_BESIDE = 12, 60, 8
"""How long to search for a proposal, for the proof of one, and for rotations beside each other."""
_INTERRUPTED = 130
"""The exit code of what Ctrl-C ended, as shells have it."""


@spread_options
def run_propose(
    path: PlanPath,
    *,
    slots: SlotsOption = None,
    free: FreeOption = False,
    objective: ObjectiveOption = "leximin",
    tolerance: ToleranceOption = 10,
    hours: HourOptions,
    rotation: RotationOptions,
    time_limit: TimeLimitOption = None,
    seed: SeedOption = 0,
    proof: ProofOption = False,
    write: WriteOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Find the fairest rotation, with a proof. Exit 1 when the constraints leave none."""
    if (slots is None) != free:
        raise typer.BadParameter("give one of --slots L and --free")
    language = locale or ENGLISH
    end = monotonic() + (_SECONDS if time_limit is None else time_limit)
    progress = SearchProgress(left=lambda: end - monotonic())
    with Interrupt() as interrupt:
        from mag_rotation.propose import Budget, Impossible, weigh_proposal  # noqa: PLC0415 - brings numpy
        from mag_rotation.propose import propose as find_rotation  # noqa: PLC0415 - the same
        from mag_rotation.report.propose import (  # noqa: PLC0415 - the same
            describe_impossible,
            describe_proposal,
            interruption_line,
            search_line,
        )

        source = read_file(path, PLAN)
        plan = read_plan(path, out)
        request = make_request(plan, hours, rotation, slots=slots, objective=objective, tolerance=tolerance)
        budget = Budget(left=progress.left, seed=seed, interrupted=lambda: interrupt.pressed, tell=progress.note)
        with show_progress(lambda: search_line(progress.best, progress.bound, progress.left())):
            found = find_rotation(plan.setting, request, budget)
    if isinstance(found, Impossible):
        if interrupt.pressed and not found.proven:
            say(interruption_line(None, language))
            raise typer.Exit(_INTERRUPTED)
        deliver(describe_impossible(context_of(plan, plan.time_warnings, language=language), found), form, out)
        raise typer.Exit(_INTERRUPTED if interrupt.pressed else 1)
    beside = weigh_proposal(plan.setting, found)
    warnings = (*plan.time_warnings, *plan.blocked_warnings_of(found.calls))
    context = context_of(plan, warnings, language=language)
    answer = describe_proposal(context, found, beside=beside, shows_proof=proof)
    if interrupt.pressed:
        say(interruption_line(found, language, unwritten=path.name if write else None))
        deliver(answer, form, out)
        raise typer.Exit(_INTERRUPTED)
    if write:
        edited = plan.with_series(found.series)
        deliver_with_edit(answer, form, out, path=path, source=source, plan=plan, edited=edited)
    else:
        deliver(answer, form, out)


@spread_options
def run_compare(
    path: PlanPath,
    *,
    slots: SizesOption = None,
    given: GivenOption = None,
    proposals: GivenFileOption = None,
    options: AlternativesOption = 0,
    every: AllOption = False,
    groups: GroupsOption = False,
    members: MembersOption = False,
    hours: HourOptions,
    rotation: RotationOptions,
    time_limit: CompareTimeOption = None,
    seed: SeedOption = 0,
    write: AdoptOption = None,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Show today's rotation beside others, with the cost of each. Exit 1 when the constraints leave none."""
    language = locale or ENGLISH
    end = monotonic() + (_SECONDS_BESIDE if time_limit is None else time_limit)
    progress = CompareProgress(left=lambda: end - monotonic())
    with Interrupt() as interrupt:
        from mag_rotation.propose import Budget, Impossible, compare_rotations  # noqa: PLC0415 - brings numpy
        from mag_rotation.propose import propose as find_rotation  # noqa: PLC0415 - the same
        from mag_rotation.report.compare import (  # noqa: PLC0415 - the same
            Adopted,
            comparison_line,
            cut_line,
            describe_comparison,
            find_option,
        )
        from mag_rotation.report.propose import describe_impossible  # noqa: PLC0415 - the same

        source = read_file(path, PLAN)
        plan = read_plan(path, out)
        if out is not None and out != STDOUT:
            refuse_sources(out, proposals or [], of="the proposal")
        request = make_request(plan, hours, rotation, slots=len(plan.rotation.slots))
        budget = Budget(left=progress.left, seed=seed, interrupted=lambda: interrupt.pressed)
        with show_progress(lambda: comparison_line(progress.sought, progress.left())):
            found = compare_rotations(
                plan.setting,
                request,
                budget,
                sizes=slots,
                given=list(read_given(given or [], proposals or [])),
                alternatives=options,
                tell=progress.note,
            )
    if found.is_refused:
        refusal = find_rotation(plan.setting, request, budget)
        if isinstance(refusal, Impossible):
            deliver(describe_impossible(context_of(plan, plan.time_warnings, language=language), refusal), form, out)
            raise typer.Exit(1)
    chosen = None if write is None else find_option(found, write, language)
    edited = None if chosen is None else plan.with_series(chosen.series)
    adopted = None
    if chosen is not None and edited is not None and not interrupt.pressed:
        is_new = edited.series != plan.series
        adopted = Adopted(option=chosen, plan=path.name, is_new=is_new, announced=_announce(plan, edited, language))
    answer = describe_comparison(
        context_of(plan, plan.time_warnings, all_groups=groups, language=language),
        found,
        shows_all=every,
        is_wide=form is not Form.TABLE,
        shows_members=members,
        adopted=adopted,
    )
    if interrupt.pressed:
        say(cut_line(language, unwritten=None if write is None else path.name))
        deliver(answer, form, out)
        raise typer.Exit(_INTERRUPTED)
    if edited is None:
        deliver(answer, form, out)
    else:
        deliver_with_edit(answer, form, out, path=path, source=source, plan=plan, edited=edited)


def read_given(given: Sequence[NamedSlots], proposals: Sequence[Path]) -> Iterator[GivenRotation]:
    """Return the rotations that were given by hand, then those of proposals."""
    from mag_rotation.planfile.proposals import read_proposal  # noqa: PLC0415 - brings numpy
    from mag_rotation.propose import GivenRotation  # noqa: PLC0415 - the same

    for number, one in enumerate(given, start=1):
        yield GivenRotation(name=one.name or f"option-{number}", slots=one.slots)
    for file in proposals:
        _, claim, _ = read_proposal(read_file(file, PROPOSAL), name=file.name)
        yield GivenRotation(name=file.stem, slots=claim.slots)


def _announce(plan: Plan, edited: Plan, language: Language) -> Sequence[Section]:
    """Return what members are told of the first call that starts at another time than before; empty if none does."""
    from mag_rotation.plan.announcement import announce_call  # noqa: PLC0415 - few commands need it
    from mag_rotation.report.announce import describe_announcement  # noqa: PLC0415 - the same

    before = {call.uid: call.start for call in plan.calls}
    moved = next((call for call in edited.calls if call.is_held and call.start != before[call.uid]), None)
    if moved is None:
        return ()
    answer = describe_announcement(context_of(edited, (), language=language), announce_call(edited, moved))
    return (Section(lead=(answer.title,)), *answer.sections)


def run_verify(
    path: PlanPath,
    proposal: ProposalPath,
    search: SearchOption = False,
    time_limit: SearchTimeOption = None,
    locale: LocaleOption = None,
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
    warnings = (*plan.time_warnings, *plan.blocked_warnings_of(found.calls), *warn_of_versions(given))
    context = context_of(plan, warnings, language=locale or ENGLISH)
    deliver(describe_verify(context, found, findings, proofs=proofs), form, out)
    if findings or any(proof.result is ProofResult.DISPROVED for proof in proofs or ()):
        raise typer.Exit(1)


@spread_options
def run_next_slot(
    path: PlanPath,
    *,
    now: NextFromOption = None,
    hours: HourOptions,
    write: WriteOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Rank the slots of the plan for the next call. With --grid it looks at other hours too."""
    from mag_rotation.propose import next_slot  # noqa: PLC0415 - brings numpy
    from mag_rotation.report.propose import describe_next  # noqa: PLC0415 - the same

    if hours.weekdays and hours.grid is None:
        raise typer.BadParameter("--weekday goes with --grid, which adds other hours to the slots of the plan")
    source = read_file(path, PLAN)
    plan = read_plan(path, out)
    moment = now or datetime.now(UTC)
    request = make_request(plan, hours, slots=1)
    found = next_slot(plan.setting, request, moment, with_grid=hours.grid is not None)
    if found is None:
        say(no_call_line(path.name, moment, locale or ENGLISH, of_rotation=True))
        raise typer.Exit(1)
    context = context_of(plan, plan.time_warnings, language=locale or ENGLISH)
    answer = describe_next(context, found, request=request)
    if write and found.choices:
        edited = hold_next_call(plan, found).plan
        deliver_with_edit(answer, form, out, path=path, source=source, plan=plan, edited=edited)
    else:
        deliver(answer, form, out)
    if not found.choices:
        raise typer.Exit(1)
