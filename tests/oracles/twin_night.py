"""The night report worked out the slow way: every minute of every member asked of the standard library by itself.

Law: nothing here shares code with the library's zones, hours or night; of the library it only reads the values that go
in. Zones are the standard library's, on the files of the tzdata package. It is slow and has no case but the minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from mag_rotation.hours import Hours
from mag_rotation.night import MemberNight
from mag_rotation.roster import NO_DAYS_OFF, DaysOff, LocalHours, Member
from mag_rotation.series import Meeting

MINUTE = timedelta(minutes=1)

BAND_OF_HOUR = ("night",) * 6 + ("early",) * 2 + ("day",) * 10 + ("evening",) * 5 + ("night",)
DEEP_HOURS = (2, 3, 4, 5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One member of NIGHT, in the words of the document."""

    id: str
    name: str
    zone: str
    local_start: str
    local_end: str
    day_shift: int
    band: str
    night_minutes: int
    deep_night_minutes: int
    in_night: bool
    blocked: bool
    burden: int
    day_off: str | None


@cache
def zone_names() -> tuple[str, ...]:
    """Every name that the tzdata package has."""
    return tuple((files("tzdata") / "zones").read_text("utf-8").split())


@cache
def zone_bytes(zone: str) -> bytes:
    """The file of a zone in the tzdata package."""
    return (files("tzdata") / "zoneinfo").joinpath(*zone.split("/")).read_bytes()


@cache
def clock(zone: str) -> ZoneInfo:
    """The standard library's zone on the bytes of the tzdata package."""
    return ZoneInfo.from_file(BytesIO(zone_bytes(zone)), key=zone)


def day_in(zone: str, instant: datetime) -> date:
    return instant.astimezone(clock(zone)).date()


def home_at(member: Member, instant: datetime) -> str | None:
    """Where the member lives at an instant; None before ``joined`` and after ``left``."""
    zone: str = member.zone
    latest = date.min
    for stay in member.stays:
        inside = stay.first <= day_in(stay.zone, instant) <= stay.last
        if inside and stay.first > latest:
            zone, latest = stay.zone, stay.first
    today = day_in(zone, instant)
    too_early = member.joined is not None and today < member.joined
    too_late = member.left is not None and today > member.left
    return None if too_early or too_late else zone


def holds(hours: LocalHours, minute: int) -> bool:
    """Whether a minute of the day lies in ``hours``, told by walking from the first minute to the end."""
    start, end = (at.hour * 60 + at.minute for at in hours)
    length = (end - start) % 1440
    return (minute - start) % 1440 < (length or 1440)


def rests(off: DaysOff | None, day: date) -> str | None:
    """Why a country rests on a day: a holiday comes before a weekend."""
    if off is None:
        return None
    return off.holidays.get(day, "weekend" if (day.toordinal() + 6) % 7 in off.weekend else None)


def surcharge(off: DaysOff | None, day: date, hours: Hours) -> int:
    """Points per hour that a day adds."""
    if rests(off, day) is None:
        return 0
    return hours.holiday_points if off is not None and day in off.holidays else hours.weekend_points


def row_of(
    member: Member,
    *,
    start: datetime,
    minutes: int,
    meeting: Meeting,
    hours: Hours,
    days_off: Mapping[str, DaysOff] = NO_DAYS_OFF,
) -> Row | None:
    """What :func:`mag_rotation.night.night_of` has to say; ``start`` is in UTC."""
    zone = home_at(member, start)
    if zone is None:
        return None
    there = clock(zone)
    night = member.night or (hours.night.start, hours.night.end)
    prices = hours.curves[member.curve or hours.curve].hours
    lead = meeting.lead if member.lead is None else member.lead
    off = days_off.get(member.groups.get("country", ""))
    last = start + minutes * MINUTE + meeting.overrun * MINUTE
    instant = start - lead * MINUTE
    in_night = deep = burden = barred = 0
    while instant < last:
        wall = instant.astimezone(there)
        minute = wall.hour * 60 + wall.minute
        in_night += holds(night, minute)
        deep += wall.hour in DEEP_HOURS
        burden += prices[wall.hour] + surcharge(off, wall.date(), hours)
        barred += any(holds(never, minute) for never in member.never)
        instant += MINUTE
    began, ended = start.astimezone(there), (start + minutes * MINUTE).astimezone(there)
    return Row(
        id=member.id,
        name=member.name or member.id,
        zone=zone,
        local_start=began.isoformat(timespec="seconds"),
        local_end=ended.isoformat(timespec="seconds"),
        day_shift=began.date().toordinal() - start.astimezone(UTC).date().toordinal(),
        band=BAND_OF_HOUR[began.hour],
        night_minutes=in_night,
        deep_night_minutes=deep,
        in_night=in_night > 0,
        blocked=barred > 0,
        burden=burden,
        day_off=rests(off, began.date()),
    )


def said(found: MemberNight) -> Row:
    """What the library says, in the same words."""
    return Row(
        id=found.id,
        name=found.name,
        zone=found.zone,
        local_start=found.local_start.isoformat(),
        local_end=found.local_end.isoformat(),
        day_shift=found.day_shift,
        band=found.band,
        night_minutes=found.night_minutes,
        deep_night_minutes=found.deep_night_minutes,
        in_night=found.in_night,
        blocked=found.blocked,
        burden=found.burden,
        day_off=found.day_off,
    )


def rows_of(
    roster: Iterable[Member], *, start: datetime, minutes: int, meeting: Meeting, hours: Hours
) -> tuple[Row, ...]:
    """All rows in the order of the report: heaviest first, then by id."""
    rows = (row_of(member, start=start, minutes=minutes, meeting=meeting, hours=hours) for member in roster)
    return tuple(sorted((row for row in rows if row is not None), key=lambda row: (-row.burden, row.id)))


def weights(roster: Iterable[Member], rows: Iterable[Row]) -> tuple[int, int, dict[str, dict[str, tuple[int, int]]]]:
    """People present, people in the night, and both by the name and the value of a group."""
    by_id = {row.id: row for row in rows}
    present = [(member, by_id[member.id]) for member in roster if member.id in by_id]

    def both(pairs: Iterable[tuple[Member, Row]]) -> tuple[int, int]:
        chosen = list(pairs)
        return (
            sum(member.weight for member, _ in chosen),
            sum(member.weight for member, row in chosen if row.in_night),
        )

    groups: dict[str, dict[str, tuple[int, int]]] = {}
    for name in {name for member, _ in present for name in member.groups}:
        values = {member.groups[name] for member, _ in present if name in member.groups}
        groups[name] = {value: both(pair for pair in present if pair[0].groups.get(name) == value) for value in values}
    return *both(present), groups
