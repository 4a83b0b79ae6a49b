"""The commands about the calendar file: ``ics`` and ``changes``.

The calls that were announced are read from the file that is about to be replaced, and from another file if one is
named. A file of another meeting, or one that cannot be fully parsed, is never replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.files import (
    STDOUT,
    deliver,
    read_plan,
    refuse_sources,
    say,
    show_answer,
    stage_answers,
    write_out,
)
from mag_rotation.cli.options import (
    TEXT,
    FormatOption,
    LocaleOption,
    OutOption,
    PlanPath,
    ReportOption,
    StampOption,
    ZonesOption,
    flag,
    option,
    spread_options,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.cli.schedules import select_sessions
from mag_rotation.errors import InvalidPlan, RefusedOutput, UnreadableFile, UnusableEdition
from mag_rotation.files import NewFile, lock_folders, read_file, read_file_if_there
from mag_rotation.limits import CALENDAR
from mag_rotation.plan import Plan
from mag_rotation.report import ENGLISH, Context, Form, warning_line
from mag_rotation.roster import ZoneName, find_member
from mag_rotation.series import Meeting

if TYPE_CHECKING:
    from mag_rotation.ics import Edition, PriorCalendar
    from mag_rotation.programme import ScheduledSession


class LayoutName(StrEnum):
    """How calls stand in the file, by the names of the library's layouts."""

    CALLS = "calls"
    SERIES = "series"


UtcOption = Annotated[
    bool, flag("--utc", "Write calls in UTC and not in local time; what was announced in a series stays.")
]


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionOptions:
    """Whether the calendar has the sessions of the event, which of them, and whether people are named."""

    sessions: Annotated[
        bool, flag("--sessions", "The sessions of the event, one event each, in place of the calls.")
    ] = False
    track: Annotated[str | None, option("--track", TEXT, "The sessions of this track alone.")] = None
    member: Annotated[
        str | None, option("--member -m", "ID", "The sessions of this member alone, with what they do and a reminder.")
    ] = None
    with_people: Annotated[bool, flag("--with-people", "List the people of each session with their roles.")] = False

    @property
    def names_people(self) -> bool:
        """Whether the calendar says something of people."""
        return self.with_people or self.member is not None

    def __post_init__(self) -> None:
        given = {"--track": self.track, "--member": self.member, "--with-people": self.with_people}
        named = next((name for name, value in given.items() if value), None)
        if named and not self.sessions:
            raise typer.BadParameter(f"{named} is about sessions; add --sessions", param_hint=named)


NO_SESSIONS = SessionOptions()


@spread_options
def run_ics(
    path: PlanPath,
    out: Annotated[Path, option("--output -o", "FILE", "The calendar file to write; - is stdout.")],
    layout: Annotated[
        LayoutName, option("--layout", None, "One event a call, or one recurring event a slot.")
    ] = LayoutName.CALLS,
    previous: Annotated[
        Path | None, option("--previous", "FILE", "The calendar that was announced, beside the file that is replaced.")
    ] = None,
    zones: ZonesOption = None,
    utc: UtcOption = False,
    chosen: SessionOptions = NO_SESSIONS,
    stamp: StampOption = None,
    locale: LocaleOption = None,
    report: ReportOption = None,
) -> None:
    """Write the calls or sessions as a calendar file. It names people only with --member or --with-people."""
    from mag_rotation.report.changes import describe_edition, edition_line  # noqa: PLC0415 - brings icalendar

    if report is not None and out == STDOUT:
        raise typer.BadParameter("--format is that of a report on stdout, and the calendar goes there; name a file")
    _check_request(out, layout, chosen)
    plan = read_plan(path, out)
    language = locale or ENGLISH
    sessions = _choose_sessions(plan, chosen, (out, previous)) if chosen.sessions else None
    with lock_folders([] if out == STDOUT else [out]):
        replaced = None if out == STDOUT else read_file_if_there(out, CALENDAR)
        own = None
        if replaced is not None and sessions is not None:
            own = _read_replaced_sessions(replaced, out, plan, chosen, sessions)
        elif replaced is not None:
            own = read_replaced(replaced, out, plan.meeting, layout)
        found = own if previous is None else _with_given(own, previous, plan, layout, of_sessions=sessions is not None)
        with show_progress("writing the calendar"):
            try:
                edition = (
                    _edition(plan, found, layout=layout, zones=zones, utc=utc, stamp=stamp)
                    if sessions is None
                    else _session_edition(plan, sessions, chosen, found, zones=zones, utc=utc, stamp=stamp)
                )
            except UnusableEdition as error:  # a SEQUENCE that cannot rise
                known = [str(one) for one, there in ((previous, previous), (out, own)) if there is not None]
                raise RefusedOutput(" or ".join(known), f"{error}; nothing was written") from None
            data = edition.data()
        warnings = (*plan.time_warnings, *edition.warnings) if sessions is None else edition.warnings
        if report is None:
            for warning in warnings:
                say(warning_line(warning, language))
        if out == STDOUT:
            write_out(data.decode())
            return
        is_new = data != replaced
        line = edition_line(edition, found, language, is_new=is_new, of_sessions=sessions is not None)
        file = NewFile(
            path=out, data=data, before=replaced, private=chosen.names_people, public=not chosen.names_people
        )
        with stage_answers(*([file] if is_new else []), language=language) as staged:
            if report is None:
                say(f"{out}: {line}")
            else:
                context = Context(meeting=plan.meeting, warnings=warnings, language=language)
                answer = describe_edition(
                    context,
                    edition,
                    file=str(out),
                    layout=layout if sessions is None else "sessions",
                    is_new=is_new,
                    lead=language.phrase("{file}: {done}.", file=out, done=line),
                    of_sessions=sessions is not None,
                )
                show_answer(answer, report, None, staged)
            staged.commit()


def _check_request(out: Path, layout: LayoutName, chosen: SessionOptions) -> None:
    """Refuse a file whose suffix has a slip of the finger, and a layout that sessions do not have."""
    if out.suffix.lower() != ".ics" and set(out.suffix.lower()) == set(".ics"):
        raise typer.BadParameter(f"{out} ends in {out.suffix}; name a file that ends in .ics")
    if chosen.sessions and layout is not LayoutName.CALLS:
        raise typer.BadParameter("sessions have one event each; leave --layout out", param_hint="--layout")


@spread_options
def run_changes(
    path: PlanPath,
    previous: Annotated[Path, option("--previous", "FILE", "The calendar that was announced.")],
    zones: ZonesOption = None,
    utc: UtcOption = False,
    chosen: SessionOptions = NO_SESSIONS,
    stamp: StampOption = None,
    locale: LocaleOption = None,
    form: FormatOption = Form.TABLE,
    out: OutOption = None,
) -> None:
    """Say what a new calendar file would change. Calls are compared with those of the file before."""
    from mag_rotation.report.changes import describe_changes  # noqa: PLC0415 - brings icalendar

    plan = read_plan(path, out)
    if out is not None and out != STDOUT:
        refuse_sources(out, [previous])
    sessions = _choose_sessions(plan, chosen, (previous,)) if chosen.sessions else None
    found = read_prior_file(previous, plan, of_sessions=chosen.sessions)
    if sessions is None:
        layout = LayoutName(found.layout or LayoutName.CALLS)
        edition = _edition(plan, found, layout=layout, zones=zones, utc=utc, stamp=stamp)
        warnings = (*plan.time_warnings, *edition.warnings)
    else:
        edition = _session_edition(plan, sessions, chosen, found, zones=zones, utc=utc, stamp=stamp)
        warnings = edition.warnings
    context = Context(meeting=plan.meeting, warnings=warnings, language=locale or ENGLISH)
    answer = describe_changes(context, edition.changes, of_sessions=chosen.sessions)
    deliver(answer, form, out, private=False)


def read_replaced(data: bytes, out: Path, meeting: Meeting, layout: LayoutName) -> PriorCalendar:
    """Read the file that is about to be replaced; one of another meeting or in another layout is refused."""
    from mag_rotation.ics import CalendarLayout, check_layout, read_prior  # noqa: PLC0415 - icalendar is needed here alone

    try:
        found = read_prior(data, meeting)
    except UnusableEdition as error:
        raise RefusedOutput(str(out), f"{error}; it was left as it was, so give another name") from None
    try:
        check_layout(found, CalendarLayout(layout))
    except UnusableEdition as error:
        raise RefusedOutput(str(out), f"{error}; nothing was written") from None
    return found


def read_prior_file(path: Path, plan: Plan, *, of_sessions: bool = False) -> PriorCalendar:
    """Read a calendar file that was named; one of another meeting raises :class:`UnreadableFile`."""
    from mag_rotation.ics import read_prior, read_prior_sessions  # noqa: PLC0415

    data = read_file(path, CALENDAR)
    try:
        return read_prior_sessions(data, plan.meeting) if of_sessions else read_prior(data, plan.meeting)
    except UnusableEdition as error:
        right = "--previous takes the calendar that mag-rotation ics wrote last"
        raise UnreadableFile(str(path), f"{error}; {right}") from None


def _with_given(
    replaced: PriorCalendar | None, previous: Path, plan: Plan, layout: LayoutName, *, of_sessions: bool
) -> PriorCalendar:
    """Read a file that was named, and merge it with the file that is about to be replaced."""
    from mag_rotation.ics import CalendarLayout, check_layout, merge_calendars  # noqa: PLC0415

    found = read_prior_file(previous, plan, of_sessions=of_sessions)
    try:
        both = found if replaced is None else merge_calendars(replaced, found)
        check_layout(both, CalendarLayout(layout))
    except UnusableEdition as error:
        raise RefusedOutput(str(previous), f"{error}; nothing was written") from None
    return both


def _edition(
    plan: Plan,
    found: PriorCalendar | None,
    *,
    layout: LayoutName,
    zones: list[ZoneName] | None,
    utc: bool,
    stamp: datetime | None,
) -> Edition:
    """Make the edition that follows what was announced."""
    from mag_rotation.ics import CalendarLayout, make_edition  # noqa: PLC0415

    return make_edition(
        plan.series,
        plan.calls,
        stamp=stamp or datetime.now(UTC),
        previous=found,
        layout=CalendarLayout(layout),
        zones=tuple(zones or ()),
        utc=utc,
    )


# Sessions.


def _choose_sessions(
    plan: Plan, chosen: SessionOptions, announced: Sequence[Path | None]
) -> tuple[ScheduledSession, ...]:
    """Return the sessions that were asked for; raises an error if there are none.

    None is right where one of the files is this very calendar: what it has announced is cancelled.
    """
    try:
        return _find_sessions(plan, chosen)
    except (InvalidPlan, typer.BadParameter):
        if any(_is_edition_of(path, plan, chosen) for path in announced if path not in {None, STDOUT}):
            return ()
        raise


def _find_sessions(plan: Plan, chosen: SessionOptions) -> tuple[ScheduledSession, ...]:
    """Return the sessions of a track or a member; raises an error if there are none."""
    sessions = select_sessions(plan, chosen.track)
    if chosen.member is None:
        return sessions
    seat = find_member(plan.members, chosen.member)
    own = tuple(one for one in sessions if any(duty.member == seat.id for duty in one.session.people))
    if not own:
        where = "" if chosen.track is None else f" of the track {chosen.track!r}"
        raise typer.BadParameter(f"{seat.id!r} has no duty in a session{where}", param_hint="--member")
    return own


def _is_edition_of(path: Path | None, plan: Plan, chosen: SessionOptions) -> bool:
    """Return whether a file holds an edition of the calendar that was asked for, by its name and its events."""
    from mag_rotation.ics import read_prior_sessions  # noqa: PLC0415 - brings icalendar

    data = None if path is None else read_file_if_there(path, CALENDAR)
    try:
        found = None if data is None else read_prior_sessions(data, plan.meeting)
    except UnusableEdition:
        return False
    return found is not None and bool(found.events) and found.name == _name_calendar(plan, chosen)


def _name_calendar(plan: Plan, chosen: SessionOptions) -> str:
    """Return the name of a calendar of sessions, which tells it from those of other tracks and members."""
    seat = None if chosen.member is None else find_member(plan.members, chosen.member)
    part = ", ".join(filter(None, (chosen.track, seat.display_name if seat else None)))
    return f"{plan.meeting.name}: {part or 'sessions'}"


def _read_replaced_sessions(
    data: bytes, out: Path, plan: Plan, chosen: SessionOptions, sessions: Sequence[ScheduledSession]
) -> PriorCalendar:
    """Read the file of sessions that is about to be replaced; one with other sessions of this plan is refused.

    The sessions of another track would be cancelled for those who have that calendar.
    """
    from mag_rotation.ics import is_of_member, make_session_uid, read_prior_sessions  # noqa: PLC0415

    try:
        found = read_prior_sessions(data, plan.meeting)
    except UnusableEdition as error:
        raise RefusedOutput(str(out), f"{error}; it was left as it was, so give another name") from None
    ours = {make_session_uid(one.id, plan.meeting) for one in sessions}
    others = {make_session_uid(one.id, plan.meeting) for one in plan.sessions} - ours
    lost = [event for event in found.events if event.uid in others and not event.cancelled]
    if not lost or found.name == _name_calendar(plan, chosen):
        return found
    is_other = (
        not any(event.uid in ours and not event.cancelled for event in found.events)
        or (chosen.track is not None and any(chosen.track not in event.categories for event in lost))
        or (chosen.member is not None and not all(is_of_member(event) for event in lost))
    )
    if is_other:
        raise RefusedOutput(str(out), "holds sessions of another track or member; give another name")
    return found


def _session_edition(
    plan: Plan,
    sessions: Sequence[ScheduledSession],
    chosen: SessionOptions,
    found: PriorCalendar | None,
    *,
    zones: list[ZoneName] | None,
    utc: bool,
    stamp: datetime | None,
) -> Edition:
    """Make the edition of a calendar of sessions that follows what was announced."""
    from mag_rotation.ics import edit_sessions, note_own_duties, note_people  # noqa: PLC0415

    seat = None if chosen.member is None else find_member(plan.members, chosen.member)
    notes = note_people(sessions, plan.members) if chosen.with_people else {}
    if seat is not None and plan.programme is not None:
        own = note_own_duties(sessions, plan.programme, seat)
        notes = {
            key: replace(one, text="\n\n".join(filter(None, (one.text, notes[key].text if key in notes else ""))))
            for key, one in own.items()
        }
    written = {one.id for one in sessions}
    return edit_sessions(
        sessions,
        replace(plan.meeting, name=_name_calendar(plan, chosen)),
        stamp=stamp or datetime.now(UTC),
        previous=found,
        zones=tuple(zones or ()),
        utc=utc,
        notes=notes if chosen.names_people else None,
        elsewhere=[one for one in plan.sessions if one.id not in written],
    )
