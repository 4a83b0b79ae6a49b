"""The command that puts the calls on a calendar server: ``publish``.

It exits with 1 if only a part of what was due is written; the next run continues from there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.edits import DryRunOption
from mag_rotation.cli.files import deliver, read_plan, say
from mag_rotation.cli.ics import UtcOption
from mag_rotation.cli.options import FormatOption, PlanPath, StampOption, ZonesOption, flag, option, user_option
from mag_rotation.cli.progress import show_progress
from mag_rotation.errors import InvalidValue
from mag_rotation.plan import Plan
from mag_rotation.report import Context, Form
from mag_rotation.roster import ZoneName

if TYPE_CHECKING:
    from mag_rotation.ics import Edition, PriorCalendar

_VARIABLES = "MAG_ROTATION_CALDAV"


def run_publish(
    path: PlanPath,
    url: Annotated[str, option("--caldav", "URL", "The calendar on a CalDAV server.")],
    user: Annotated[str | None, user_option(_VARIABLES)] = None,
    zones: ZonesOption = None,
    utc: UtcOption = False,
    stamp: StampOption = None,
    dry_run: DryRunOption = False,
    insecure_http: Annotated[
        bool, flag("--insecure-http", "Allow a URL without https, and the password in the clear.")
    ] = False,
    form: FormatOption = Form.TABLE,
) -> None:
    """Put the calls into a calendar on a CalDAV server. Only what changed is written, nothing deleted."""
    from mag_rotation.publish.caldav import publish_calls  # noqa: PLC0415 - brings icalendar
    from mag_rotation.publish.dav import Collection, parse_calendar_url, server_of  # noqa: PLC0415
    from mag_rotation.publish.login import find_login  # noqa: PLC0415
    from mag_rotation.report.changes import (  # noqa: PLC0415 - brings icalendar
        contested_line,
        describe_changes,
        publish_line,
        unfinished_line,
    )

    try:
        place = parse_calendar_url(url, insecure_http=insecure_http)
    except InvalidValue as error:
        raise typer.BadParameter(str(error), param_hint="--caldav") from None
    plan = read_plan(path)
    now = stamp or datetime.now(UTC)
    login = find_login(server_of(place), variables=_VARIABLES, user=user)
    with show_progress("talking to the server"), Collection(place, login=login) as calendar:
        done = publish_calls(
            calendar, plan.meeting, lambda found: _edition(plan, found, now, zones or (), utc=utc), dry_run=dry_run
        )
    context = Context(meeting=plan.meeting, warnings=(*plan.time_warnings, *done.edition.warnings))
    deliver(describe_changes(context, done.edition.changes), form, None)
    line = publish_line(calls=len(done.edition.events), due=len(done.due), written=len(done.written), dry_run=dry_run)
    say(f"{place}: {line}")
    for uid in done.contested:
        say(contested_line(uid))
    if done.stopped is not None:
        say(unfinished_line(done.stopped))
    if done.stopped is not None or done.contested:
        raise typer.Exit(1)


def _edition(
    plan: Plan, found: PriorCalendar, now: datetime, zones: list[ZoneName] | tuple[()], *, utc: bool
) -> Edition:
    """Make the edition that follows what is on the server."""
    from mag_rotation.ics import make_edition  # noqa: PLC0415

    return make_edition(plan.series, plan.calls, stamp=now, previous=found, zones=tuple(zones), utc=utc)
