"""The command that writes messages to members: ``invite``.

Each file is replaced whole, and other files of the directory are left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.files import read_plan, say
from mag_rotation.cli.ics import UtcOption, read_prior_file
from mag_rotation.cli.options import LENGTH, LocaleOption, PlanPath, StampOption, ZonesOption, flag, option
from mag_rotation.cli.progress import show_progress
from mag_rotation.errors import RefusedOutput, UnreadableFile
from mag_rotation.files import NewFile, TellMode, check_folder, make_folder, write_files
from mag_rotation.plan import Plan
from mag_rotation.planfile import plan_files
from mag_rotation.report import ENGLISH, Language, warning_line
from mag_rotation.roster import Member, MemberId, find_member

if TYPE_CHECKING:
    from mag_rotation.ics import PriorCalendar


def run_invite(
    path: PlanPath,
    out: Annotated[Path, option("--output -o", "DIR", "The directory to write to.")],
    previous: Annotated[
        Path | None, option("--previous", "FILE", "The calendar that was announced: only changes are sent.")
    ] = None,
    previous_plan: Annotated[
        Path | None,
        option(
            "--previous-plan",
            "PLAN",
            "With --previous: the plan of that time; members who joined, left or have a new address are told too.",
        ),
    ] = None,
    everything: Annotated[bool, flag("--all", "With --previous: also future calls that did not change.")] = False,
    members: Annotated[list[str] | None, option("--member -m", "ID", "Only this member; may be repeated.")] = None,
    alarm: Annotated[
        int | None, option("--alarm", LENGTH, "Remind members this long before a call, such as 15min.")
    ] = None,
    mail: Annotated[bool, flag("--eml", "Write messages to send instead of calendar files.")] = False,
    zones: ZonesOption = None,
    utc: UtcOption = False,
    stamp: StampOption = None,
    locale: LocaleOption = None,
) -> None:
    """Write an invitation for each member and future call. A cancelled call gets a cancellation."""
    from mag_rotation.invite.attendees import organizer_of  # noqa: PLC0415
    from mag_rotation.invite.imip import write_mail  # noqa: PLC0415 - brings icalendar
    from mag_rotation.invite.invitations import Method, make_invitations, name_file, name_folder  # noqa: PLC0415
    from mag_rotation.publish.journal import MARK  # noqa: PLC0415 - a room with a network, for mail only
    from mag_rotation.report.invites import (  # noqa: PLC0415
        silence_line,
        unreachable_line,
        written_line,
    )
    from mag_rotation.report.mails import choose_mail_languages, write_mail_text  # noqa: PLC0415 - icalendar too

    if previous_plan is not None and previous is None:
        raise typer.BadParameter("--previous-plan goes with --previous FILE, the calendar of that time")
    plan, language = read_plan(path), locale or ENGLISH
    check_folder(out)
    organizer = organizer_of(plan.meeting)
    then = None if previous_plan is None else _roster_then(previous_plan, plan, language)
    seats = {member.id: member for member in (*(then or ()), *plan.members)}
    only = frozenset(find_member(seats.values(), one).id for one in members) if members else None
    now = stamp or datetime.now(UTC)
    due = make_invitations(
        plan.calls,
        plan.meeting,
        plan.members,
        stamp=now,
        previous=None if previous is None else _read_announced(previous, plan),
        roster_then=then,
        only=only,
        everything=everything,
        alarm=alarm,
        zones=tuple(zones or ()),
        utc=utc,
    )
    folders = {member: name_folder(member) for member in (seats if only is None else only)}
    spoken = choose_mail_languages((member for member in seats.values() if member.id in folders), language)
    written: Counter[Method] = Counter()
    shown: list[Path] = []

    def note_shown(paths: Sequence[Path], _: int, /, *, private: bool) -> None:
        shown.extend(paths if private else ())

    reached: set[MemberId] = set()
    with show_progress("writing invitations"):
        if mail:
            _write_message(out, MARK, b"")
        for one in due:
            data = one.data
            if mail:
                data = write_mail(one, organizer, write_mail_text(one, spoken.by_member[one.member.id]), date=now)
            name = name_file(one, seats[one.member.id].email)
            _write_message(out / folders[one.member.id], f"{name}.{'eml' if mail else 'ics'}", data, tell=note_shown)
            written[one.method] += 1
            reached.add(one.member.id)
    for warning in plan.time_warnings:
        say(warning_line(warning, language))
    for text in spoken.warnings if mail else ():
        say(language.phrase("warning: {sentence}", sentence=text))
    asked = [member for member in plan.members if only is None or member.id in only]
    unreachable = [member for member in asked if not member.email]
    if unreachable:
        say(language.phrase("warning: {sentence}", sentence=unreachable_line(unreachable, language)))
    _say_shown(out, shown, language)
    if reached:
        say(f"{out}: {written_line(written[Method.REQUEST], written[Method.CANCEL], len(reached), language)}")
        return
    known = [member for member in seats.values() if only is None or member.id in only]
    why = silence_line(
        known, plan.calls, now, language, compared=previous is not None, with_roster=previous_plan is not None
    )
    say(f"{out}: {why}")


def _say_shown(folder: Path, shown: Sequence[Path], language: Language) -> None:
    """Say that others can read files of the folder that were there before, and kept their mode."""
    from mag_rotation.report.invites import shown_folder_line  # noqa: PLC0415

    if shown:
        say(shown_folder_line(str(folder), len(shown), language))


def _roster_then(path: Path, plan: Plan, language: Language) -> tuple[Member, ...]:
    """Read the roster of an earlier state of a plan."""
    from mag_rotation.report.invites import same_roster_line  # noqa: PLC0415

    earlier = read_plan(path)
    found, wanted = (f"{one.meeting.id!r} at {one.meeting.uid_domain}" for one in (earlier, plan))
    if found != wanted:
        raise UnreadableFile(str(path), f"is a plan of {found}; give that of {wanted}, as it was at --previous")
    shared = {file.resolve() for file in plan_files(earlier)} & {file.resolve() for file in plan_files(plan)}
    if shared and earlier.members == plan.members:
        names = [file.name for file in shared]
        say(language.phrase("warning: {sentence}", sentence=same_roster_line(str(path), names, language)))
    return earlier.members


def _read_announced(path: Path, plan: Plan) -> PriorCalendar:
    """Read what was announced, from a file with one event per call."""
    from mag_rotation.ics import CalendarLayout  # noqa: PLC0415

    found = read_prior_file(path, plan)
    if found.layout is CalendarLayout.SERIES:
        right = "keep a file in the layout calls beside it, and name that"
        raise UnreadableFile(str(path), f"has one event a slot, and invitations go out one a call; {right}")
    return found


def _write_message(folder: Path, name: str, data: bytes, *, tell: TellMode | None = None) -> None:
    """Write a file whole; a new one is for its owner alone, as it holds a name and an address.

    The file is not synced: that takes minutes, and the same command writes the same files again.
    """
    make_folder(folder)
    try:
        write_files(NewFile(path=folder / name, data=data, private=True, sync=False, cure="move it away"), tell=tell)
    except RefusedOutput as error:
        reason = error.reason.removesuffix("; nothing was changed")
        raise RefusedOutput(error.path, f"{reason}; write the rest by the same command") from None
