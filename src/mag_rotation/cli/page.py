"""The command that writes the page of a season: ``report``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mag_rotation.cli.files import (
    OR_STDOUT,
    STDOUT,
    file_bytes,
    read_plan,
    refuse_sources,
    say,
    stage_answers,
    write_out,
)
from mag_rotation.cli.options import INSTANT, LocaleOption, OutOption, PlanPath, SubscribeOption, flag, option
from mag_rotation.cli.progress import show_progress
from mag_rotation.cli.propose_options import GivenFileOption
from mag_rotation.files import NewFile
from mag_rotation.plan import Plan
from mag_rotation.report import ENGLISH, Context, Form, context_of, saved_line
from mag_rotation.report.description import Section

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
    proposals: GivenFileOption = None,
    calendar: SubscribeOption = None,
    locale: LocaleOption = None,
    out: OutOption = None,
) -> None:
    """Write the season as one HTML page. It needs no network, and is public unless --committee is given."""
    from mag_rotation.report.page import write_season_page  # noqa: PLC0415 - no other command needs it
    from mag_rotation.report.season import make_season, title_season  # noqa: PLC0415 - the same

    if out is not None and out != STDOUT and out.suffix.lower() not in {"", *_SUFFIXES}:
        raise typer.BadParameter(
            f"{out} is no HTML file; name a file that ends in {_SUFFIXES[0]}", param_hint="--output"
        )
    plan = read_plan(path, out)
    if out is not None and out != STDOUT:
        refuse_sources(out, proposals or [], of="the proposal")
    language = locale or ENGLISH
    context = context_of(plan, plan.time_warnings, language=language)
    with show_progress("looking at the clocks of all members"):
        sheet = _make_sheet(plan, context, proposals) if proposals else ()
        season = make_season(
            plan, now=now or datetime.now(UTC), is_public=not committee, sheet=sheet, language=language
        )
        text = write_season_page(season, context, calendar=calendar)
    if out is None or out == STDOUT:
        write_out(text)
        return
    with stage_answers(
        NewFile(path=out, data=file_bytes(out, text), private=committee, public=not committee, cure=OR_STDOUT),
        language=language,
    ) as staged:
        say(f"{out}: {saved_line(title_season(context), Form.HTML, language)}")
        staged.commit()


def _make_sheet(plan: Plan, context: Context, proposals: Sequence[Path]) -> tuple[Section, ...]:
    """Return the tables of the plan's rotation beside those of proposals."""
    from mag_rotation.cli.propose import read_given  # noqa: PLC0415 - few pages compare rotations
    from mag_rotation.propose import Request, weigh_rotations  # noqa: PLC0415 - brings numpy
    from mag_rotation.report.compare import describe_comparison  # noqa: PLC0415 - the same

    request = Request(slots=None, zone=plan.rotation.zone)
    found = weigh_rotations(plan.setting, request, list(read_given([], proposals)))
    return describe_comparison(context, found, is_wide=True).sections


_SUFFIXES = (Form.HTML.suffix, ".htm")
