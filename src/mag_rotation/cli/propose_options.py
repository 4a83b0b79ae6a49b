"""The options that ask for a rotation or a slot; the library checks which of them go together.

Options that several commands share are the fields of a class, which :func:`spread_options` makes options of a command.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from mag_rotation.cli.options import (
    DATE,
    HOURS,
    INSTANT,
    LENGTH,
    WEEKDAY,
    ZONE,
    Kind,
    argument,
    flag,
    once,
    option,
)
from mag_rotation.errors import InvalidValue
from mag_rotation.hours import Window
from mag_rotation.plan import Plan
from mag_rotation.planfile import parse_clock
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Slot, Weekday
from mag_rotation.zones import zone_name

if TYPE_CHECKING:
    from mag_rotation.propose import Request

_GRID = 30
"""Minutes between two candidate starts."""

_MOST_SIZE = 24
"""The most slots of a rotation that is looked for beside others."""

_UNITS = {"s": 1, "min": 60, "h": 3600}


def _seconds(text: str) -> int:
    """Read the seconds of a text such as 30s, 2min or 1h."""
    found = re.fullmatch(r"([0-9]{1,6})(s|min|h)", text)
    if found is None:
        raise InvalidValue(f"found {text!r}; write a length such as 30s or 2min")
    return int(found[1]) * _UNITS[found[2]]


def slot_names(names: list[str] | None) -> tuple[str | int, ...]:
    """Return slots by label, or by number if a name has only digits."""
    return tuple(int(name) if name.isascii() and name.isdigit() and len(name) < 6 else name for name in names or ())


def _read_sizes(text: str) -> range:
    """Read numbers of slots such as 3 or 1-6."""
    found = re.fullmatch(r"([0-9]{1,2})(?:-([0-9]{1,2}))?", text)
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= low <= high <= _MOST_SIZE:
        raise InvalidValue(f"found {text!r}; write a number of slots from 1 to {_MOST_SIZE}, or a range such as 1-6")
    return range(low, high + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedSlots:
    """The slots of a rotation, and its name, which is empty if it has none."""

    name: str
    slots: tuple[Slot, ...]


def _read_rotation(text: str) -> NamedSlots:
    """Read the slots of a rotation and its name."""
    name, equals, slots = text.rpartition("=")
    if equals and not name.strip():
        raise InvalidValue(f"found {text!r}; write a name before the =, such as 'ours=05:00,13:00'")
    if not slots.strip():
        raise InvalidValue(f"found {text!r}; write the starts of its slots, such as 05:00,13:00@Europe/Zurich")
    return NamedSlots(name=name.strip(), slots=_read_slots(slots))


def _read_slots(text: str) -> tuple[Slot, ...]:
    """Read the starts of slots with commas between them, each with its zone if that is not UTC."""
    return tuple(map(_read_slot, text.split(",")))


def _read_slot(text: str) -> Slot:
    at, _, zone = text.strip().partition("@")
    return Slot(at=parse_clock(at.strip()), zone=zone_name(zone.strip()) if zone else UTC_ZONE)


SECONDS = Kind("LENGTH", _seconds)
SIZES = Kind("L-M", _read_sizes)
ROTATION = Kind("[NAME=]SLOTS", _read_rotation)
SLOTS = Kind("SLOTS", lambda text: NamedSlots(name="", slots=_read_slots(text)))

SlotsOption = Annotated[int | None, option("--slots -s", "L", "How many slots the rotation has.")]
FreeOption = Annotated[bool, flag("--free", "A slot for each call, instead of a rotation.")]
ObjectiveOption = Annotated[
    Literal["leximin", "balanced", "total"],
    option("--objective", None, "The aim: leximin spares the worst-off, balanced and total keep the total low."),
]
ToleranceOption = Annotated[
    int, option("--tolerance", "PERCENT", "With balanced: by how much the worst may exceed the least possible.")
]
TimeLimitOption = Annotated[
    int | None,
    option(
        "--time-limit",
        SECONDS,
        "How long to search, 12s if not given; the answer says what is not proven by then.",
    ),
]
SearchOption = Annotated[
    bool, flag("--search", "Prove again what only a search can prove: bound, order, frontier and prices.")
]
SearchTimeOption = Annotated[
    int | None,
    option(
        "--time-limit",
        SECONDS,
        "How long to search, 60s if not given; the answer says what is not finished by then.",
    ),
]
ProofOption = Annotated[bool, flag("--proof", "Show the certificate too, and what it proves; JSON always has it.")]
SeedOption = Annotated[int, option("--seed", "N", "The seed of the local search.")]
NextFromOption = Annotated[
    datetime | None,
    option(
        "--now", INSTANT, "The next call is the first that starts at this instant or later; the clock if not given."
    ),
]
WriteOption = Annotated[bool, flag("--write", "Put the answer into the plan file and show what changed in it.")]
SizesOption = Annotated[
    range | None, option("--slots -s", SIZES, "How many slots the fairest rotations have: a number or a range; 1-6.")
]
GivenOption = Annotated[
    list[NamedSlots] | None,
    option(
        "--option",
        ROTATION,
        "A rotation of your own, such as 'ours=05:00,13:00@Europe/Zurich'; UTC without a zone; may be repeated.",
    ),
]
GivenFileOption = Annotated[
    list[Path] | None,
    option("--proposal", "FILE", "The rotation of a proposal, named as its file; may be repeated."),
]
AlternativesOption = Annotated[
    int,
    option("--options", "N", "The number of further rotations, nearly as fair and unlike the others.", low=0, high=20),
]
AllOption = Annotated[bool, flag("--all", "Show dominated rotations too.")]
MembersOption = Annotated[
    bool, flag("--members", "Show what each member bears under each rotation; JSON has it anyway.")
]
AdoptOption = Annotated[
    str | None,
    option(
        "--write",
        "OPTION",
        "Put this rotation, by its name in the table, into the plan file; show what changed in it and what to tell.",
    ),
]
CompareTimeOption = Annotated[
    int | None,
    option(
        "--time-limit",
        SECONDS,
        "How long to search, 8s if not given; the answer says what is not proven by then.",
    ),
]
ProposalPath = Annotated[Path, argument("PROPOSAL", "A proposal: the JSON of propose.")]


@dataclass(frozen=True, kw_only=True, slots=True)
class HourOptions:
    """At which hours calls may be, and for whom: what is asked of one slot as well as of a rotation."""

    grid: Annotated[
        int | None,
        option(
            "--grid",
            LENGTH,
            "The distance of the starts to try; 30min if not given, for next-slot none but the plan's slots.",
        ),
    ] = None
    zone: Annotated[
        ZoneName | None,
        option(
            "--zone -z",
            ZONE,
            "The anchor zone of the slots; if not given, that of all slots of the plan, else UTC.",
        ),
    ] = None
    weekdays: Annotated[
        list[Weekday] | None,
        option(
            "--weekday",
            WEEKDAY,
            "Allow slots on this day of the week (MO to SU); may be repeated. The rule date if not given.",
        ),
    ] = None
    group: Annotated[
        str | None, option("--group", "NAME", "A second criterion: the worst members of these groups, such as region.")
    ] = None
    leave_out: Annotated[
        list[str] | None, option("--leave-out", "ROLE", "Members with this role do not count; may be repeated.")
    ] = None
    windows: Annotated[
        list[Window] | None,
        option(
            "--window", HOURS, "Calls are within these hours of the anchor zone, such as 06:00-22:00; may be repeated."
        ),
    ] = None
    utc_windows: Annotated[
        list[Window] | None, option("--utc-window", HOURS, "Calls are within these hours of UTC; may be repeated.")
    ] = None
    quorum: Annotated[int | None, option("--quorum", "N", "At least N members are out of the night at every call.")] = (
        None
    )
    awake: Annotated[
        list[str] | None,
        option(
            "--awake",
            "ID|ROLE",
            "This member, or all with this role, are out of the night at every call; may be repeated.",
        ),
    ] = None
    most_nights: Annotated[int | None, option("--most-nights", "N", "Nobody has more than N calls in the night.")] = (
        None
    )
    no_night_twice: Annotated[bool, flag("--no-night-twice", "Nobody is in the night at two calls in a row.")] = False
    curve: Annotated[
        str | None,
        option("--curve", "CURVE", "The curve for members who have none of their own; the plan's if not given."),
    ] = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RotationOptions:
    """What is asked of the slots of a rotation together, and which calls stay."""

    first: Annotated[
        date | None,
        option("--from", DATE, "The first date to plan; earlier calls stay and count as they were."),
    ] = None
    keep: Annotated[int, option("--keep", "N", "The next N calls stay as they are.")] = 0
    gap: Annotated[
        int | None, option("--gap", LENGTH, "The least distance of consecutive slots on the clock, such as 8h.")
    ] = None
    distinct: Annotated[bool, flag("--distinct", "No slot occurs twice.")] = False
    cap: Annotated[int | None, option("--cap", "BURDEN", "Nobody bears more than this burden, in point-minutes.")] = (
        None
    )
    stay: Annotated[
        list[str] | None,
        option("--stay", "SLOT", "Keep this slot of the plan, by label or number, in the rotation; may be repeated."),
    ] = None


def make_request(
    plan: Plan,
    hours: HourOptions,
    rotation: RotationOptions = RotationOptions(),
    *,
    slots: int | None,
    objective: str = "leximin",
    tolerance: int = 10,
) -> Request:
    """Return the request that options make; without a zone, that of the plan's slots."""
    from mag_rotation.propose import Objective, Request  # noqa: PLC0415 - brings numpy

    return Request(
        slots=slots,
        grid=hours.grid or _GRID,
        zone=hours.zone or plan.rotation.zone,
        weekdays=once(hours.weekdays),
        first=rotation.first,
        keep=rotation.keep,
        objective=Objective(objective),
        tolerance=tolerance,
        group=hours.group,
        left_out=once(hours.leave_out),
        windows=once(hours.windows),
        utc_windows=once(hours.utc_windows),
        quorum=hours.quorum,
        awake=once(hours.awake),
        most_nights=hours.most_nights,
        no_night_twice=hours.no_night_twice,
        gap=rotation.gap,
        distinct=rotation.distinct,
        cap=rotation.cap,
        stay=once(slot_names(rotation.stay)),
        curve=hours.curve,
    )
