"""The commands that change a plan: ``cancel``, ``move``, ``extra`` and ``next-season``.

Everything is checked before the first byte is written, and if one file cannot be written, the others are restored.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.calls import CallChange, find_call_changes
from mag_rotation.cli.files import STDOUT, deliver, edited_files, read_plan, refuse_sources, show_diff, stage_answers
from mag_rotation.cli.options import (
    CLOCK,
    DATE,
    LENGTH,
    TEXT,
    ZONE,
    ForceOption,
    FormatOption,
    Kind,
    LocaleOption,
    PlanPath,
    argument,
    as_option,
    flag,
    option,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.cli.propose_options import slot_names
from mag_rotation.errors import InvalidPlan, InvalidSeries
from mag_rotation.files import NewFile, is_folder, lock_folders
from mag_rotation.plan import Plan
from mag_rotation.plan.edits import (
    CallEdit,
    CallMove,
    add_extra,
    cancel_call,
    find_call_to_edit,
    find_extra_to_edit,
    move_call,
    remove_extra,
    reset_call,
    restore_call,
)
from mag_rotation.plan.season import next_season
from mag_rotation.planfile import parse_day, parse_meeting_id, plan_files
from mag_rotation.report import ENGLISH, Context, Form, Language
from mag_rotation.report.edits import describe_edit, season_lines
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.values import Fact

if TYPE_CHECKING:
    from mag_rotation.planfile.writer import PlanEdit

CallArgument = Annotated[str, argument("DATE", "The call, by rule date, number, label or UID.")]
ExtraArgument = Annotated[str, argument("DATE", "The date of the call, with --undo also its UID.")]
NoteOption = Annotated[str | None, option("--note", TEXT, "A note for the members.")]
UndoOption = Annotated[bool, flag("--undo", "Take it back.")]
DryRunOption = Annotated[bool, flag("--dry-run", "Show what would change, and write nothing.")]
HourOption = Annotated[time | None, option("--at", CLOCK, "Another wall-clock start.")]
AnchorOption = Annotated[ZoneName | None, option("--zone -z", ZONE, "The zone of the wall-clock start.")]
LengthOption = Annotated[int | None, option("--duration", LENGTH, "How long it lasts.")]


def run_cancel(
    path: PlanPath,
    wanted: CallArgument,
    note: NoteOption = None,
    undo: UndoOption = False,
    dry_run: DryRunOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
) -> None:
    """Cancel a call in the plan. With --undo, hold it again."""
    with lock_folders([path]):
        plan = read_plan(path)
        call = find_call_to_edit(plan.calls, wanted)
        with _refuse_contradictions():
            edit = (restore_call if undo else cancel_call)(plan, call, note=note)
        _write_edit(path, plan, edit, dry_run=dry_run, form=form, language=locale or ENGLISH)


def run_move(
    path: PlanPath,
    wanted: CallArgument,
    to: Annotated[date | None, option("--to", DATE, "The date on which it is held.")] = None,
    at: HourOption = None,
    zone: AnchorOption = None,
    slot: Annotated[str | None, option("--slot", "LABEL|N", "The slot to take, by label or number.")] = None,
    duration: LengthOption = None,
    note: NoteOption = None,
    undo: UndoOption = False,
    dry_run: DryRunOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
) -> None:
    """Move or lengthen a call in the plan. With --undo, hold it as the rule says."""
    named = slot_names(None if slot is None else [slot])
    change = CallMove(to=to, at=at, zone=zone, slot=named[0] if named else None, minutes=duration, note=note)
    if (change == CallMove()) != undo:
        raise typer.BadParameter(
            "give --undo alone, or one or more of --to, --at, --zone, --slot, --duration and --note"
        )
    with lock_folders([path]):
        plan = read_plan(path)
        call = find_call_to_edit(plan.calls, wanted)
        with _refuse_contradictions():
            edit = reset_call(plan, call) if undo else move_call(plan, call, change)
        _write_edit(path, plan, edit, dry_run=dry_run, form=form, language=locale or ENGLISH)


def run_extra(
    path: PlanPath,
    wanted: ExtraArgument,
    at: Annotated[time | None, option("--at", CLOCK, "The wall-clock start.")] = None,
    zone: AnchorOption = None,
    duration: LengthOption = None,
    note: NoteOption = None,
    takes_turn: Annotated[bool, flag("--takes-turn", "It uses up the turn of the next rule call.")] = False,
    unnumbered: Annotated[bool, flag("--not-numbered", "It takes no number.")] = False,
    undo: Annotated[bool, flag("--undo", "Take it out of the plan.")] = False,
    dry_run: DryRunOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
) -> None:
    """Add a call outside the rule to the plan. With --undo, take one out that is not announced yet."""
    from mag_rotation.series import Extra  # noqa: PLC0415 - for this command alone

    more = zone or duration or note or takes_turn or unnumbered
    if (at is not None or bool(more)) == undo or (at is None and not undo):
        raise typer.BadParameter("give --undo alone, or --at and what else there is to say of the call")
    extra = None
    if at is not None:
        extra = Extra(
            date=as_option(parse_day)(wanted),
            at=at,
            zone=zone or UTC_ZONE,
            minutes=duration,
            note=note,
            numbered=not unnumbered,
            takes_turn=takes_turn,
        )
    with lock_folders([path]):
        plan = read_plan(path)
        with _refuse_contradictions():
            edit = add_extra(plan, extra) if extra else remove_extra(plan, find_extra_to_edit(plan, wanted))
        _write_edit(path, plan, edit, dry_run=dry_run, form=form, language=locale or ENGLISH)


@contextmanager
def _refuse_contradictions() -> Iterator[None]:
    """Report an edit that makes a plan contradict itself as the mistakes of that plan."""
    try:
        yield
    except InvalidSeries as error:
        raise InvalidPlan(error.mistakes) from None


def _write_edit(path: Path, plan: Plan, edit: CallEdit, *, dry_run: bool, form: Form, language: Language) -> None:
    """Write an edit into the plan file and show what changes."""
    from mag_rotation.planfile.writer import edit_plan_file, write_changes  # noqa: PLC0415 - brings tomlkit

    edited = edit_plan_file(path, lambda text: write_changes(text, plan.series, edit.plan.series))
    changes = find_call_changes(plan.calls, edited.plan.calls)
    warnings = edit.warnings if edited.after != edited.before else ()
    with stage_answers(*(() if dry_run else edited_files(path, edited)), language=language) as staged:
        odd = (*warnings, *_new_warnings(plan, edited.plan))
        _show(path, edited, changes, odd, dry_run=dry_run, form=form, language=language)
        staged.commit()


def _new_warnings(before: Plan, after: Plan) -> tuple[Fact, ...]:
    """Return the warnings about times, and other warnings that the plan did not have before."""
    about_times = after.time_warnings
    known = {*before.warnings, *about_times}
    return (*about_times, *(fact for fact in after.warnings if fact not in known))


def _show(
    path: Path,
    edited: PlanEdit,
    changes: Sequence[CallChange],
    warnings: tuple[Fact, ...],
    *,
    dry_run: bool,
    form: Form,
    language: Language,
    lead: Sequence[str] = (),
    before: str = "",
) -> None:
    """Show what an edit changes, and the diff below; ``before`` is the diff of another file."""
    from mag_rotation.planfile.writer import make_diff  # noqa: PLC0415 - brings tomlkit

    diff = before + make_diff(edited.before, edited.after, name=path.name)
    context = Context(meeting=edited.plan.meeting, warnings=warnings, language=language)
    deliver(describe_edit(context, changes, diff=diff, lead=lead, dry_run=dry_run), form, None)
    if form is not Form.JSON:
        show_diff(diff, path, form)


def run_next_season(
    path: PlanPath,
    first: Annotated[date, option("--from", DATE, "The season begins with the first rule date on or after this day.")],
    until: Annotated[
        date | None,
        option(
            "--until",
            DATE,
            "The last day, included; the length of the last season if neither this nor --count is given.",
        ),
    ] = None,
    count: Annotated[int | None, option("--count", "N", "How many rule dates it has.", low=1)] = None,
    new_plan: Annotated[
        Path | None,
        option("--output -o", "FILE", "The new plan; beside the old one, with the day in its name, if not given."),
    ] = None,
    meeting_id: Annotated[
        str | None, option("--id", Kind("ID", parse_meeting_id), "Another id for the meeting, and so for all UIDs.")
    ] = None,
    cut: Annotated[bool, flag("--cut", "End the old plan on the day before, if it goes on.")] = False,
    force: ForceOption = False,
    dry_run: DryRunOption = False,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
) -> None:
    """Write the plan of the next season. Numbers, turns, UIDs and burdens continue."""
    from mag_rotation.planfile.writer import (  # noqa: PLC0415 - brings tomlkit
        edit_plan_file,
        make_diff,
        write_carried,
        write_changes,
        write_next_plan,
    )

    if until is not None and count is not None:
        raise typer.BadParameter("give one of --until and --count")
    target = path.with_name(f"{path.stem}-{first}.toml") if new_plan is None else new_plan
    if target == STDOUT or is_folder(target):
        raise typer.BadParameter("name a file for the new plan: another one is written beside it")
    language = locale or ENGLISH
    sheet = target.with_name(f"{target.stem}-carried.csv")
    with lock_folders([path, target]):
        plan = read_plan(path, target)
        refuse_sources(sheet, plan_files(plan))
        with show_progress("adding up what everybody has borne"), _refuse_contradictions():
            season = next_season(plan, first, until=until, count=count, meeting_id=meeting_id, cut=cut)
        carried = write_carried(season.plan.carried)
        folder = Path(os.path.relpath(path.parent.resolve(), target.parent.resolve())).as_posix()
        new = edit_plan_file(
            path,
            lambda text: write_next_plan(text, plan.series, season.plan.series, sheet=sheet.name, folder=folder),
            at=target,
            sheets={sheet.name: carried},
        )
        old = edit_plan_file(path, lambda text: write_changes(text, plan.series, season.ended.series))
        changes = find_call_changes((call for call in plan.calls if call.date >= first), new.plan.calls)
        files = (
            NewFile(path=sheet, data=carried, replace=force, private=True),
            NewFile(path=target, data=new.after.encode(), replace=force, private=True),
            *edited_files(path, old),
        )
        with stage_answers(*(() if dry_run else files), language=language) as staged:
            _show(
                target,
                new,
                changes,
                (*season.warnings, *_new_warnings(plan, new.plan)),
                dry_run=dry_run,
                form=form,
                language=language,
                lead=season_lines(
                    season,
                    new.plan,
                    language,
                    plan_file=str(target),
                    sheet=str(sheet),
                    ended=str(path) if cut else None,
                ),
                before=make_diff(old.before, old.after, name=path.name),
            )
            staged.commit()
