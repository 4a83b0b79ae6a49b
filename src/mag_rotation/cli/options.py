"""Arguments and options that several commands share.

Rule 1: an option that names a value of the library is read into that value here, so that commands get values.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from mag_rotation.errors import MagRotationError, UnknownZone
from mag_rotation.plan import parse_day, parse_minutes
from mag_rotation.report import Form
from mag_rotation.roster import ZoneName
from mag_rotation.zones import parse_instant, zone_name


def _zone(text: str) -> ZoneName:
    try:
        return zone_name(text)
    except UnknownZone as error:
        raise typer.BadParameter(str(error)) from None


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except MagRotationError as error:
        raise typer.BadParameter(str(error)) from None


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except MagRotationError as error:
        raise typer.BadParameter(str(error)) from None


def _minutes(text: str) -> int:
    try:
        return parse_minutes(text)
    except MagRotationError as error:
        raise typer.BadParameter(str(error)) from None


PlanPath = Annotated[Path, typer.Argument(metavar="PLAN", help="The plan file.", show_default=False)]
FormatOption = Annotated[Form, typer.Option("--format", "-f", help="How the answer is written.")]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to this file, whole or not at all; - is stdout.",
        show_default=False,
    ),
]
ZonesOption = Annotated[
    list[ZoneName] | None,
    typer.Option(
        "--zone",
        "-z",
        metavar="ZONE",
        parser=_zone,
        help="Show local times of this zone too; may be repeated.",
        show_default=False,
    ),
]
FromOption = Annotated[
    date | None,
    typer.Option("--from", metavar="DATE", parser=_day, help="The first rule date to list.", show_default=False),
]
ToOption = Annotated[
    date | None,
    typer.Option("--to", metavar="DATE", parser=_day, help="The last rule date to list.", show_default=False),
]
SeasonFromOption = Annotated[
    date | None,
    typer.Option(
        "--from",
        metavar="DATE",
        parser=_day,
        help="The first date to look at; that of the first call if not given.",
        show_default=False,
    ),
]
SeasonToOption = Annotated[
    date | None,
    typer.Option(
        "--to",
        metavar="DATE",
        parser=_day,
        help="The last date to look at; that of the last call if not given.",
        show_default=False,
    ),
]
MemberOption = Annotated[
    str | None,
    typer.Option("--member", "-m", metavar="ID", help="One member's view: local times, nights.", show_default=False),
]
CallOption = Annotated[
    str | None,
    typer.Option("--call", metavar="N", help="A call by number, label, rule date or UID.", show_default=False),
]
NextOption = Annotated[bool, typer.Option("--next", help="The next call that is not cancelled.")]
NowOption = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        metavar="INSTANT",
        parser=_instant,
        help="What --next counts from; the clock if not given.",
        show_default=False,
    ),
]
AtOption = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        metavar="INSTANT",
        parser=_instant,
        help="A time that is no call, such as 2020-09-15T20:00Z.",
        show_default=False,
    ),
]
InstantArgument = Annotated[
    datetime,
    typer.Option(
        "--at",
        metavar="INSTANT",
        parser=_instant,
        help="The proposed start, such as 2020-09-15T20:00Z.",
        show_default=False,
    ),
]
DurationOption = Annotated[
    int | None,
    typer.Option(
        "--duration",
        metavar="LENGTH",
        parser=_minutes,
        help="How long, with --at; the meeting's if not given.",
        show_default=False,
    ),
]
StampOption = Annotated[
    datetime | None,
    typer.Option(
        "--stamp",
        metavar="INSTANT",
        parser=_instant,
        help="The DTSTAMP of the calls; the clock if not given.",
        show_default=False,
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")]
FailOnWarningsOption = Annotated[
    bool, typer.Option("--fail-on-warnings", help="Exit 1 when something is odd, for scripts.")
]
