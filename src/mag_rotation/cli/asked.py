"""The options that ask for a rotation.

Rule 1: an option is read into a value of the library here; what goes together is for the library to say.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from mag_rotation.cli.options import as_option
from mag_rotation.errors import InvalidValue
from mag_rotation.hours import Window
from mag_rotation.planfile import parse_day, parse_minutes, parse_weekday, parse_window
from mag_rotation.roster import ZoneName
from mag_rotation.series import Weekday
from mag_rotation.zones import parse_instant, zone_name

__all__ = [
    "AwakeOption",
    "CapOption",
    "DistinctOption",
    "FreeOption",
    "GapOption",
    "GridOption",
    "GroupOption",
    "HistoryOption",
    "KeepOption",
    "LeaveOutOption",
    "MostNightsOption",
    "NextFromOption",
    "NoNightTwiceOption",
    "ObjectiveOption",
    "OneCurveOption",
    "ProposalPath",
    "QuorumOption",
    "SearchOption",
    "SearchTimeOption",
    "SeedOption",
    "SlotZoneOption",
    "SlotsOption",
    "StayOption",
    "TimeLimitOption",
    "ToleranceOption",
    "UtcWindowsOption",
    "WeekdaysOption",
    "WindowsOption",
    "WriteOption",
    "slot_names",
]

_UNITS = {"s": 1, "min": 60, "h": 3600}


def _seconds(text: str) -> int:
    """Seconds of a text such as 30s, 2min or 1h."""
    found = re.fullmatch(r"([0-9]{1,6})(s|min|h)", text)
    if found is None:
        raise InvalidValue(f"found {text!r}; write a length such as 30s or 2min")
    return int(found[1]) * _UNITS[found[2]]


def slot_names(names: list[str] | None) -> tuple[str | int, ...]:
    """Slots by label, or by number where a name is nothing but digits."""
    return tuple(int(name) if name.isascii() and name.isdigit() and len(name) < 6 else name for name in names or ())


SlotsOption = Annotated[
    int | None,
    typer.Option("--slots", "-s", metavar="L", help="How many slots the rotation has.", show_default=False),
]
FreeOption = Annotated[bool, typer.Option("--free", help="A slot for each call, instead of a rotation.")]
GridOption = Annotated[
    int | None,
    typer.Option(
        "--grid",
        metavar="LENGTH",
        parser=as_option(parse_minutes),
        help="How far apart the starts are that are looked at; 30min if not given.",
        show_default=False,
    ),
]
SlotZoneOption = Annotated[
    ZoneName | None,
    typer.Option(
        "--zone",
        "-z",
        metavar="ZONE",
        parser=as_option(zone_name),
        help="The anchor zone of the slots; that of the plan's slots where all have the same, else UTC.",
        show_default=False,
    ),
]
WeekdaysOption = Annotated[
    list[Weekday] | None,
    typer.Option(
        "--weekday",
        metavar="DAY",
        parser=as_option(parse_weekday),
        help="Let slots be on this day of the week (MO to SU); may be repeated. The rule date if not given.",
        show_default=False,
    ),
]
HistoryOption = Annotated[
    date | None,
    typer.Option(
        "--from",
        metavar="DATE",
        parser=as_option(parse_day),
        help="The first date to choose for; calls before it are history and count as they were.",
        show_default=False,
    ),
]
KeepOption = Annotated[int, typer.Option("--keep", metavar="N", help="So many calls, the next ones, stay.")]
ObjectiveOption = Annotated[
    Literal["leximin", "balanced", "total"], typer.Option("--objective", help="What the rotation is the best of.")
]
ToleranceOption = Annotated[
    int,
    typer.Option(
        "--tolerance", metavar="PERCENT", help="With balanced: how far the worst may be above the least possible."
    ),
]
GroupOption = Annotated[
    str | None,
    typer.Option(
        "--group",
        metavar="NAME",
        help="A second criterion: the worst members of these groups, such as region.",
        show_default=False,
    ),
]
LeaveOutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--leave-out",
        metavar="ROLE",
        help="Members with this role do not count; may be repeated.",
        show_default=False,
    ),
]
WindowsOption = Annotated[
    list[Window] | None,
    typer.Option(
        "--window",
        metavar="HOURS",
        parser=as_option(parse_window),
        help="Calls lie within these hours of the anchor zone, such as 06:00-22:00; may be repeated.",
        show_default=False,
    ),
]
UtcWindowsOption = Annotated[
    list[Window] | None,
    typer.Option(
        "--utc-window",
        metavar="HOURS",
        parser=as_option(parse_window),
        help="Calls lie within these hours of UTC; may be repeated.",
        show_default=False,
    ),
]
QuorumOption = Annotated[
    int | None,
    typer.Option("--quorum", metavar="N", help="At every call so many are out of the night.", show_default=False),
]
AwakeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--awake",
        metavar="ID|ROLE",
        help="This member, or all with this role, are out of the night at every call; may be repeated.",
        show_default=False,
    ),
]
MostNightsOption = Annotated[
    int | None,
    typer.Option("--most-nights", metavar="N", help="Nobody has more calls in the night.", show_default=False),
]
NoNightTwiceOption = Annotated[bool, typer.Option("--no-night-twice", help="Nobody is in the night twice running.")]
GapOption = Annotated[
    int | None,
    typer.Option(
        "--gap",
        metavar="LENGTH",
        parser=as_option(parse_minutes),
        help="Slots that follow each other are so far apart on the clock, such as 8h.",
        show_default=False,
    ),
]
DistinctOption = Annotated[bool, typer.Option("--distinct", help="No slot twice.")]
CapOption = Annotated[
    int | None,
    typer.Option("--cap", metavar="BURDEN", help="Nobody bears more point-minutes.", show_default=False),
]
StayOption = Annotated[
    list[str] | None,
    typer.Option(
        "--stay",
        metavar="SLOT",
        help="This slot of the plan, by label or number, is in the rotation; may be repeated.",
        show_default=False,
    ),
]
OneCurveOption = Annotated[
    str | None,
    typer.Option(
        "--curve",
        metavar="CURVE",
        help="The curve for members who have none of their own; the plan's if not given.",
        show_default=False,
    ),
]
TimeLimitOption = Annotated[
    int | None,
    typer.Option(
        "--time-limit",
        metavar="LENGTH",
        parser=as_option(_seconds),
        help="How long to search, 12s if not given; what is not proven by then is said to be not proven.",
        show_default=False,
    ),
]
SearchOption = Annotated[
    bool, typer.Option("--search", help="Prove again what only a search can prove: bound, order, frontier and prices.")
]
SearchTimeOption = Annotated[
    int | None,
    typer.Option(
        "--time-limit",
        metavar="LENGTH",
        parser=as_option(_seconds),
        help="How long to search, 60s if not given; what is not proven by then is said to be not finished.",
        show_default=False,
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Where local search begins.")]
NextFromOption = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        metavar="INSTANT",
        parser=as_option(parse_instant),
        help="The next call is the first that starts at this instant or later; the clock if not given.",
        show_default=False,
    ),
]
WriteOption = Annotated[
    bool, typer.Option("--write", help="Put the answer into the plan file and show what changed in it.")
]
ProposalPath = Annotated[
    Path, typer.Argument(metavar="PROPOSAL", help="A proposal: the JSON of propose.", show_default=False)
]
