"""The command that writes the page of a season: ``report``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from mag_rotation.cli.files import OR_STDOUT, STDOUT, file_bytes, read_plan, write_out
from mag_rotation.cli.options import INSTANT, OutOption, PlanPath, SubscribeOption, flag, option
from mag_rotation.cli.progress import show_progress
from mag_rotation.files import NewFile, stage_files
from mag_rotation.report import Form, context_of

PageNowOption = Annotated[
    datetime | None, option("--now", INSTANT, "What the next call counts from; the clock if not given.")
]
CommitteeOption = Annotated[
    bool,
    flag(
        "--committee/--public",
        "Show every member, or groups of three members or more and no name or address; public if not given.",
    ),
]


def run_report(
    path: PlanPath,
    committee: CommitteeOption = False,
    now: PageNowOption = None,
    calendar: SubscribeOption = None,
    out: OutOption = None,
) -> None:
    """Write the season as one HTML page. It needs no network, and is public unless --committee is given."""
    from mag_rotation.report.page import write_season_page  # noqa: PLC0415 - no other command needs it
    from mag_rotation.report.season import make_season  # noqa: PLC0415 - the same

    if out is not None and out != STDOUT and out.suffix.lower() not in {"", *_SUFFIXES}:
        raise typer.BadParameter(
            f"{out} is no HTML file; name a file that ends in {_SUFFIXES[0]}", param_hint="--output"
        )
    plan = read_plan(path, out)
    with show_progress("looking at the clocks of all members"):
        season = make_season(plan, now=now or datetime.now(UTC), is_public=not committee)
        context = context_of(plan, plan.time_warnings)
        text = write_season_page(season, context, calendar=calendar)
    if out is None or out == STDOUT:
        write_out(text)
        return
    with stage_files(NewFile(path=out, data=file_bytes(out, text), private=committee, cure=OR_STDOUT)) as staged:
        staged.commit()


_SUFFIXES = (Form.HTML.suffix, ".htm")
