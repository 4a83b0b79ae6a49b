"""The command that draws pictures of a plan: ``plot``."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.files import read_plan, say, stage_answers
from mag_rotation.cli.options import ZONE, LocaleOption, PlanPath, option
from mag_rotation.cli.page import CommitteeOption
from mag_rotation.cli.progress import show_progress
from mag_rotation.files import NewFile
from mag_rotation.plan import Plan
from mag_rotation.report import ENGLISH, Language, context_of, saved_line
from mag_rotation.roster import ZoneName

if TYPE_CHECKING:
    from mag_rotation.report.pictures import Figure


class Subject(StrEnum):
    """What a picture shows."""

    DAY = "day"
    YEAR = "year"
    LEDGER = "ledger"
    FRONTIER = "frontier"
    COMPARE = "compare"
    PROGRAMME = "programme"


NightZoneOption = Annotated[
    ZoneName | None, option("--zone -z", ZONE, "The zone whose night a programme shows, with its local starts.")
]

_SEASON = datetime(1970, 1, 1, tzinfo=UTC)
"""No picture shows which call is the next, so that none depends on the clock."""


def run_plot(
    path: PlanPath,
    subject: Annotated[Subject, option("--what", None, "What the picture shows.")],
    out: Annotated[Path, option("--output -o", "FILE", "The picture to write; it ends in .svg, .png or .pdf.")],
    slots: Annotated[
        int | None,
        option(
            "--slots", "N", "How many slots the rotations of a frontier have; as many as today if not given.", low=1
        ),
    ] = None,
    zone: NightZoneOption = None,
    committee: CommitteeOption = False,
    locale: LocaleOption = None,
) -> None:
    """Draw the season, the day, rotations or the programme. It needs the extra report."""
    from mag_rotation.report.pictures import ImageForm, render_picture, title_picture  # noqa: PLC0415 - brings matplotlib

    suffix = out.suffix.lower().removeprefix(".")
    if suffix not in set(ImageForm):
        raise typer.BadParameter(
            f"{out} is no picture; name a file that ends in .svg, .png or .pdf", param_hint="--output"
        )
    if slots is not None and subject is not Subject.FRONTIER:
        raise typer.BadParameter("--slots goes with --what frontier")
    if zone is not None and subject is not Subject.PROGRAMME:
        raise typer.BadParameter("--zone goes with --what programme")
    if committee and subject is Subject.PROGRAMME:
        raise typer.BadParameter("--committee does not go with --what programme, a picture that names nobody anyway")
    plan, language = read_plan(path, out), locale or ENGLISH
    with show_progress("drawing"):
        figure = _draw(plan, subject, slots, zone, language, committee=committee)
        title = title_picture(plan.meeting.name, subject, language)
        data = render_picture(figure, ImageForm(suffix), title=title)
    with stage_answers(
        NewFile(path=out, data=data, private=committee, public=not committee), language=language
    ) as staged:
        say(f"{out}: {saved_line(title, suffix, language)}")
        staged.commit()


def _draw(
    plan: Plan, subject: Subject, slots: int | None, zone: ZoneName | None, language: Language, *, committee: bool
) -> Figure:
    from mag_rotation.report.pictures import (  # noqa: PLC0415 - brings matplotlib
        draw_compare,
        draw_day,
        draw_frontier,
        draw_ledger,
        draw_programme,
        draw_year,
    )
    from mag_rotation.report.season import make_season  # noqa: PLC0415 - few commands need it

    unit = context_of(plan, (), language=language).night_hour()
    match subject:
        case Subject.FRONTIER:
            return draw_frontier(plan.propose(slots=slots or len(plan.rotation.slots)), unit)
        case Subject.COMPARE:
            return draw_compare(plan.compare(), unit)
        case Subject.PROGRAMME:
            return draw_programme(plan, language, zone)
    season = make_season(plan, now=_SEASON, is_public=not committee, language=language)
    match subject:
        case Subject.DAY:
            return draw_day(season)
        case Subject.YEAR:
            return draw_year(season)
        case Subject.LEDGER:
            return draw_ledger(season, unit)
