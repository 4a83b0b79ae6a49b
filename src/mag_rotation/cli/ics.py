"""The commands about the calendar file: ``ics`` and ``changes``.

The calls that were announced are read from the file that is about to be replaced, and from another file if one is
named. A file of another meeting, or one that cannot be fully parsed, is never replaced.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.files import STDOUT, deliver, read_plan, refuse_sources, say, show_answer, write_out
from mag_rotation.cli.options import (
    FormatOption,
    LocaleOption,
    OutOption,
    PlanPath,
    ReportOption,
    StampOption,
    ZonesOption,
    flag,
    option,
)
from mag_rotation.cli.progress import show_progress
from mag_rotation.errors import RefusedOutput, UnreadableFile, UnusableEdition
from mag_rotation.files import NewFile, lock_folders, read_file, read_file_if_there, stage_files
from mag_rotation.limits import CALENDAR
from mag_rotation.plan import Plan
from mag_rotation.report import ENGLISH, Context, Form, warning_line
from mag_rotation.roster import ZoneName
from mag_rotation.series import Meeting

if TYPE_CHECKING:
    from mag_rotation.ics import Edition, PriorCalendar


class LayoutName(StrEnum):
    """How calls stand in the file, by the names of the library's layouts."""

    CALLS = "calls"
    SERIES = "series"


UtcOption = Annotated[
    bool, flag("--utc", "Write calls in UTC and not in local time; what was announced in a series stays.")
]


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
    stamp: StampOption = None,
    locale: LocaleOption = None,
    report: ReportOption = None,
) -> None:
    """Write the calls as a calendar file. Members can subscribe to it; it names none of them."""
    from mag_rotation.report.changes import describe_edition, edition_line  # noqa: PLC0415 - brings icalendar

    if report is not None and out == STDOUT:
        raise typer.BadParameter("--format is that of a report on stdout, and the calendar goes there; name a file")
    if out.suffix.lower() != ".ics" and set(out.suffix.lower()) == set(".ics"):  # a slip of the finger
        raise typer.BadParameter(f"{out} ends in {out.suffix}; name a file that ends in .ics")
    plan = read_plan(path, out)
    language = locale or ENGLISH
    with lock_folders([] if out == STDOUT else [out]):
        replaced = None if out == STDOUT else read_file_if_there(out, CALENDAR)
        own = None if replaced is None else read_replaced(replaced, out, plan.meeting, layout)
        found = own if previous is None else _with_given(own, previous, plan, layout)
        with show_progress("writing the calendar"):
            try:
                edition = _edition(plan, found, layout=layout, zones=zones, utc=utc, stamp=stamp)
            except UnusableEdition as error:  # a SEQUENCE that cannot rise
                known = [str(one) for one, there in ((previous, previous), (out, own)) if there is not None]
                raise RefusedOutput(" or ".join(known), f"{error}; nothing was written") from None
            data = edition.data()
        warnings = (*plan.time_warnings, *edition.warnings)
        if report is None:
            for warning in warnings:
                say(warning_line(warning, language))
        if out == STDOUT:
            write_out(data.decode())
            return
        is_new = data != replaced
        line = edition_line(edition, found, language, is_new=is_new)
        with stage_files(*([NewFile(path=out, data=data, before=replaced)] if is_new else [])) as staged:
            if report is None:
                say(f"{out}: {line}")
            else:
                context = Context(meeting=plan.meeting, warnings=warnings, language=language)
                answer = describe_edition(
                    context,
                    edition,
                    file=str(out),
                    layout=layout,
                    is_new=is_new,
                    lead=language.phrase("{file}: {done}.", file=out, done=line),
                )
                show_answer(answer, report, None, staged)
            staged.commit()


def run_changes(
    path: PlanPath,
    previous: Annotated[Path, option("--previous", "FILE", "The calendar that was announced.")],
    zones: ZonesOption = None,
    utc: UtcOption = False,
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
    found = read_prior_file(previous, plan)
    layout = LayoutName(found.layout or LayoutName.CALLS)
    edition = _edition(plan, found, layout=layout, zones=zones, utc=utc, stamp=stamp)
    warnings = (*plan.time_warnings, *edition.warnings)
    context = Context(meeting=plan.meeting, warnings=warnings, language=locale or ENGLISH)
    deliver(describe_changes(context, edition.changes), form, out, private=False)


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


def read_prior_file(path: Path, plan: Plan) -> PriorCalendar:
    """Read a calendar file that was named; one of another meeting raises :class:`UnreadableFile`."""
    from mag_rotation.ics import read_prior  # noqa: PLC0415

    data = read_file(path, CALENDAR)
    try:
        return read_prior(data, plan.meeting)
    except UnusableEdition as error:
        right = "--previous takes the calendar that mag-rotation ics wrote last"
        raise UnreadableFile(str(path), f"{error}; {right}") from None


def _with_given(replaced: PriorCalendar | None, previous: Path, plan: Plan, layout: LayoutName) -> PriorCalendar:
    """Read a file that was named, and merge it with the file that is about to be replaced."""
    from mag_rotation.ics import CalendarLayout, check_layout, merge_calendars  # noqa: PLC0415

    found = read_prior_file(previous, plan)
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
