"""The commands about schedules of conference programs: ``from-schedule`` and ``to-schedule``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.files import (
    OR_STDOUT,
    STDOUT,
    file_bytes,
    read_plan,
    refuse_sources,
    say,
    show_answer,
    stage_answers,
    write_out,
)
from mag_rotation.cli.options import (
    TEXT,
    ZONE,
    ForceOption,
    LocaleOption,
    OutOption,
    PlanPath,
    ReportOption,
    argument,
    flag,
    option,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.errors import InvalidPlan, InvalidScheduleFile, Mistake, RefusedOutput
from mag_rotation.files import NewFile, lock_folders, read_file, read_file_if_there
from mag_rotation.limits import SCHEDULE, find_nearest
from mag_rotation.plan import Plan
from mag_rotation.planfile import read_members
from mag_rotation.report import ENGLISH, Context, warning_line
from mag_rotation.roster import ZoneName

if TYPE_CHECKING:
    from mag_rotation.programme import ScheduledSession

SchedulePath = Annotated[Path, argument("FILE", "The schedule: schedule.xml (frab) or schedule.json (pretalx).")]
PeopleOption = Annotated[
    Path | None,
    option("--roster", "FILE", "The roster sheet in which people are looked up; without one nobody gets a duty."),
]
ConferenceZoneOption = Annotated[
    ZoneName | None, option("--zone", ZONE, "The zone of the sessions; that of the schedule if not given.")
]
WithPeopleOption = Annotated[bool, flag("--with-people", "Write who has a duty in which session, with names.")]
TrackOption = Annotated[str | None, option("--track", TEXT, "The sessions of this track alone.")]


def run_from_schedule(
    path: SchedulePath,
    roster: PeopleOption = None,
    zone: ConferenceZoneOption = None,
    out: OutOption = None,
    force: ForceOption = False,
    locale: LocaleOption = None,
    report: ReportOption = None,
) -> None:
    """Make sessions of a schedule.xml or schedule.json. They go into a sheet (.csv) or tables of a plan (.toml)."""
    from dataclasses import replace  # noqa: PLC0415 - with what follows, only this command needs it

    from mag_rotation.exchange import read_schedule  # noqa: PLC0415
    from mag_rotation.planfile.writer import write_session_sheet, write_session_tables  # noqa: PLC0415
    from mag_rotation.report.schedules import (  # noqa: PLC0415
        describe_schedule,
        left_out_line,
        schedule_line,
        sheet_line,
        tables_line,
    )

    target, language = None if out == STDOUT else out, locale or ENGLISH
    if report is not None and target is None:
        raise typer.BadParameter("--format is that of a report on stdout, and the sessions go there; name a file")
    suffix = ".csv" if target is None else target.suffix.lower()
    if suffix not in {".csv", ".toml"}:
        raise typer.BadParameter(f"{target} ends in {suffix or 'nothing'}; name a file that ends in .csv or .toml")
    members = None if roster is None else read_members(roster, ())
    with show_progress(f"reading {path.name}"):
        try:
            read = read_schedule(read_file(path, SCHEDULE), members=members, zone=zone)
        except InvalidScheduleFile as error:
            mistakes = [replace(one, place=f"{path.name}, {one.place}") for one in error.mistakes]
            raise InvalidScheduleFile(mistakes) from None
        dated = sorted(read.sessions, key=lambda one: (one.date, one.at))
        sessions = [replace(one, zone=one.zone or read.zone) for one in dated]
        text = write_session_sheet(sessions) if suffix == ".csv" else write_session_tables(sessions)
    if report is None:
        for note in read.notes:
            say(warning_line(note, language))
        if read.left_out:
            say(left_out_line(read.left_out, language))
    if target is None:
        write_out(text)
        return
    refuse_sources(target, [path, *([] if roster is None else [roster])], of="this schedule")
    is_private = any(one.people for one in sessions)
    file = NewFile(path=target, data=file_bytes(target, text), replace=force, private=is_private, cure=OR_STDOUT)
    with stage_answers(file, language=language) as staged:
        line = schedule_line(read, language, file=str(target), source=path.name)
        if report is None:
            say(line)
            say(sheet_line(target.name, language) if suffix == ".csv" else tables_line(language))
        else:
            context = Context(meeting=None, warnings=read.notes, language=language)
            lead = language.phrase("{sentence}.", sentence=line)
            answer = describe_schedule(context, read, file=str(target), source=path.name, lead=lead)
            show_answer(answer, report, None, staged)
        staged.commit()


def run_to_schedule(
    path: PlanPath,
    out: Annotated[
        Path, option("--output -o", "FILE", "The file to write: .xml (frab) or .json (pretalx); - is XML on stdout.")
    ],
    with_people: WithPeopleOption = False,
    track: TrackOption = None,
    force: ForceOption = False,
    locale: LocaleOption = None,
    report: ReportOption = None,
) -> None:
    """Write the sessions for conference programs. The schedule names nobody unless it is asked to."""
    from mag_rotation.exchange import (  # noqa: PLC0415 - no other command needs it
        make_conference,
        write_schedule_json,
        write_schedule_xml,
    )
    from mag_rotation.programme import Programme  # noqa: PLC0415
    from mag_rotation.report.schedules import conference_line, describe_conference  # noqa: PLC0415

    if report is not None and out == STDOUT:
        raise typer.BadParameter("--format is that of a report on stdout, and the schedule goes there; name a file")
    language = locale or ENGLISH
    suffix = ".xml" if out == STDOUT else out.suffix.lower()
    if suffix not in {".xml", ".json"}:
        raise typer.BadParameter(f"{out} ends in {suffix or 'nothing'}; name a file that ends in .xml or .json")
    plan = read_plan(path, out)
    conference = make_conference(
        plan.meeting,
        plan.programme or Programme(),
        select_sessions(plan, track),
        members=plan.members,
        with_people=with_people,
    )
    data = write_schedule_xml(conference) if suffix == ".xml" else write_schedule_json(conference)
    if out == STDOUT:
        write_out(data.decode())
        return
    with lock_folders([out]):
        before = read_file_if_there(out, SCHEDULE)
        if before is not None and not force:
            _refuse_other_schedule(before, out, plan, track)
        with stage_answers(
            NewFile(path=out, data=data, before=before, private=with_people, public=not with_people), language=language
        ) as staged:
            line = conference_line(conference, language, file=str(out), with_people=with_people)
            if report is None:
                say(line)
            else:
                context = Context(meeting=plan.meeting, language=language)
                lead = language.phrase("{sentence}.", sentence=line)
                answer = describe_conference(context, conference, file=str(out), lead=lead)
                show_answer(answer, report, None, staged)
            staged.commit()


def _refuse_other_schedule(data: bytes, out: Path, plan: Plan, track: str | None) -> None:
    """Refuse to replace a file that is no schedule of ours, or one with sessions that would be missing.

    A session that has another track now is one of its old track in the file, and is no reason.
    """
    from mag_rotation.exchange import (  # noqa: PLC0415 - no other command needs it
        describe_file,
        is_own_schedule,
        list_event_tracks,
        make_session_guid,
    )

    cure = "give another name, or replace it with --force"
    if not is_own_schedule(data):
        raise RefusedOutput(str(out), f"holds {describe_file(data)}; {cure}")
    if track is None:
        return
    held = list_event_tracks(data)
    missing = [
        held[guid]
        for one in plan.sessions
        if one.session.track != track and held.get(guid := make_session_guid(one.id, plan.meeting), track) != track
    ]
    if missing:
        names = ", ".join(sorted({repr(name) if name else "none" for name in missing}))
        raise RefusedOutput(str(out), f"holds sessions of other tracks ({names}); {cure}")


def select_sessions(plan: Plan, track: str | None) -> tuple[ScheduledSession, ...]:
    """Return the sessions of a plan, those of one track if it is given; raises an error if there are none."""
    if not plan.sessions:
        problem = "found none; write each one as a table under [[sessions]], or name their sheet in [programme] file"
        raise InvalidPlan([Mistake(place="sessions", problem=problem)])
    if track is None:
        return plan.sessions
    chosen = tuple(one for one in plan.sessions if one.session.track == track)
    if not chosen:
        known = list(dict.fromkeys(one.session.track for one in plan.sessions if one.session.track))
        near = find_nearest(track, known)
        listed = f"the tracks are {', '.join(known)}" if known else "no session has one"
        cure = f"did you mean {near[0]!r}?" if near else listed
        raise typer.BadParameter(f"found {track!r}, which is no track; {cure}", param_hint="--track")
    return chosen
