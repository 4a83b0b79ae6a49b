"""Ledgers, best rotations and better times worked out the slow way: member by member, half hour by half hour.

Law: what one call puts on one member is asked of the night room, which has a twin of its own; all adding up, all turns
and all half hours are counted here with plain loops. Also here: seasons of every kind, a few calls long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from audiences import audience_of
from mag_rotation.calls import Call, unroll
from mag_rotation.hours import Hours
from mag_rotation.night import MemberNight, night_of
from mag_rotation.roster import Attendance, DaysOff, Member, MemberId, ZoneName
from mag_rotation.series import Meeting, Override, Series, Slot
from strategies import hours_of_plans, members_about, spares, zones
from twin_night import clock
from twin_turns import count_of, place_of, planned_days, serieses

HALF_HOUR = timedelta(minutes=30)

DAYS_OFF = {
    "AE": DaysOff(weekend=frozenset({5, 6}), holidays={date(2020, 10, 29): "a holiday", date(2020, 12, 2): "another"}),
    "NP": DaysOff(weekend=frozenset({5}), holidays={date(2020, 9, 19): "a holiday"}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Season:
    """Some calls of a series, and everything that says what they put on whom."""

    series: Series
    calls: tuple[Call, ...]
    roster: tuple[Member, ...]
    meeting: Meeting
    hours: Hours
    history: tuple[Attendance, ...]
    days_off: Mapping[str, DaysOff]

    def night(self, member: Member, start: datetime, minutes: int) -> MemberNight | None:
        """What one call does to one member."""
        return night_of(
            member,
            start=start,
            minutes=minutes,
            audience=audience_of([member], self.meeting, hours=self.hours, days_off=self.days_off),
        )

    def burden(self, member: Member, start: datetime, minutes: int) -> int:
        """What one call puts on one member, 0 where they take no part."""
        found = self.night(member, start, minutes)
        return found.burden if found else 0

    @property
    def held(self) -> list[Call]:
        """The calls that take place, by start."""
        return sorted((call for call in self.calls if call.is_held), key=lambda call: (call.start, call.uid))


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What the twin says of one member."""

    burdens: tuple[int | None, ...]
    night_calls: int
    streak: int
    longest_streak: int
    attended_burden: int | None
    blocked_calls: int


def account(season: Season, member: Member) -> Account:
    """The ledger's line of one member, by looking at one call after the other."""
    burdens: list[int | None] = []
    nights: list[bool] = []
    known: list[int] = []
    blocked = 0
    for call in season.held:
        found = season.night(member, call.start, call.minutes)
        burdens.append(found.burden if found else None)
        if found is None:
            continue
        nights.append(found.in_night)
        blocked += found.blocked
        known += [
            found.burden if line.attended else 0
            for line in season.history
            if (line.date, line.member) == (call.date, member.id)
        ]
    runs = "".join("x" if night else " " for night in nights)
    return Account(
        burdens=tuple(burdens),
        night_calls=runs.count("x"),
        streak=len(runs) - len(runs.rstrip("x")),
        longest_streak=max(map(len, runs.split(" "))),
        attended_burden=sum(known) if known else None,
        blocked_calls=blocked,
    )


def day_of(slot: Slot, day: date) -> date:
    """The civil date on which a slot is held for a rule date."""
    if slot.weekday is None:
        return day
    return next(other for other in week_of(day) if other.weekday() == slot.weekday)


def week_of(day: date) -> Iterator[date]:
    """The seven days of the ISO week of ``day``."""
    for step in range(-6, 7):
        other = day + timedelta(days=step)
        if other.isocalendar()[:2] == day.isocalendar()[:2]:
            yield other


def half_hours(zone: ZoneName, day: date) -> Iterator[datetime]:
    """The instants of all half hours of a day by the clock of a zone; a skipped one moves past the gap."""
    for minute in range(0, 1440, 30):
        wall = datetime.combine(day, time(*divmod(minute, 60)), tzinfo=clock(zone))
        yield wall.astimezone(UTC)


def is_fixed(series: Series, call: Call) -> bool:
    """Whether the hour of a call is given by an exception, or it is an extra."""
    if "-extra" in call.uid:
        return True
    said = [change for change in series.overrides if change.date == call.date]
    return any(value is not None for change in said for value in (change.at, change.zone, change.slot))


def least(season: Season, member: Member) -> int:
    """The least that a rotation as long could put on one member, by trying every half hour for every turn."""
    series, planned = season.series, planned_days(season.series)
    fixed, turns = 0, dict[tuple[str, int], list[tuple[Slot, Call]]]()
    for call in season.held:
        if is_fixed(series, call):
            fixed += season.burden(member, call.start, call.minutes)
            continue
        own = count_of(series, call.date)
        cycle = own.slots if own is not None and own.slots is not None else series.rotation.slots
        place = place_of(series, call.date, planned)
        turns.setdefault((own.name if own else "", place), []).append((cycle[place], call))
    best = 0
    for calls in turns.values():
        sums = [0] * 48
        for slot, call in calls:
            moved = [change.to for change in series.overrides if change.date == call.date and change.to]
            for index, start in enumerate(half_hours(slot.zone, moved[0] if moved else day_of(slot, call.date))):
                sums[index] += season.burden(member, start, call.minutes)
        best += min(sums)
    return fixed + best


@dataclass(frozen=True, kw_only=True, slots=True)
class Rated:
    """A start near a proposed one: what it comes to, and how it compares with the proposed one."""

    start: datetime
    worst: int
    nights: int
    total: int
    blocked: tuple[str, ...] = ()
    kind: str = ""
    gains: str = ""
    pays: str = ""

    @property
    def figures(self) -> tuple[int, int, int]:
        return self.worst, self.nights, self.total

    def beats(self, other: Rated) -> bool:
        """Whether no figure is larger than that of the other, and not all are equal."""
        return self.figures != other.figures and not any(
            mine > theirs for mine, theirs in zip(self.figures, other.figures, strict=True)
        )


def rate_time(season: Season, start: datetime, minutes: int, *, before: datetime) -> Rated:
    """What a call at ``start`` comes to, alone after the held calls that start ``before``."""
    after = [
        sum(season.burden(member, call.start, call.minutes) for call in season.held if call.start < before)
        + season.burden(member, start, minutes)
        for member in season.roster
    ]
    nights = [(member, season.night(member, start, minutes)) for member in season.roster]
    return Rated(
        start=start,
        worst=max(after, default=0),
        nights=sum(member.weight for member, night in nights if night and night.in_night),
        total=sum(after),
        blocked=tuple(member.id for member, night in nights if night and night.blocked),
    )


def better_times(season: Season, start: datetime, minutes: int) -> tuple[Rated, list[Rated]]:
    """The proposed time, and the half hours within 12 hours that block nobody and that nothing beats.

    Those that beat the proposed time come first, then the trades; each the nearest first, and of two the earlier.
    """
    mine = rate_time(season, start, minutes, before=start)
    grid = [(start - timedelta(hours=13)).replace(minute=0, second=0, microsecond=0)]
    while grid[-1] <= start + timedelta(hours=13):
        grid.append(grid[-1] + HALF_HOUR)
    rows = [rate_time(season, at, minutes, before=start) for at in grid if abs(at - start) <= timedelta(hours=12)]
    free = [row for row in rows if not row.blocked and row.figures != mine.figures]
    kept = [row for row in free if not any(other.beats(row) for other in (*free, mine))]
    names = ("worst", "nights", "total")
    rated = []
    for row in kept:
        pairs = list(zip(names, row.figures, mine.figures, strict=True))
        gains, pays = (" ".join(name for name, new, old in pairs if sign * (new - old) > 0) for sign in (-1, 1))
        rated.append(replace(row, kind="trade" if pays else "better", gains=gains, pays=pays))
    return mine, sorted(rated, key=lambda row: (row.kind, abs(row.start - start), row.start))


def _zoned(slots: Sequence[Slot], places: Sequence[ZoneName], minutes: Sequence[int]) -> tuple[Slot, ...]:
    """Slots moved to other zones and to minutes past the hour, in turn."""
    return tuple(
        replace(
            slot,
            zone=places[index % len(places)],
            at=slot.at.replace(minute=minutes[index % len(minutes)]),
        )
        for index, slot in enumerate(slots)
    )


@st.composite
def seasons(draw: st.DrawFn, *, most_calls: int = 6, most_members: int = 3, half_hours_only: bool = False) -> Season:
    """A few calls of a series of every kind, with the members, the prices and the attendance."""
    plain = draw(serieses())
    places = draw(st.lists(st.one_of(st.just(ZoneName("UTC")), zones), min_size=1, max_size=3))
    past = draw(st.lists(st.sampled_from((0, 30) if half_hours_only else (0, 30, 15, 7)), min_size=1, max_size=3))
    taken = {change.date for change in plain.overrides}
    lengths = draw(
        st.lists(st.sampled_from(planned_days(plain)), unique=True, max_size=3) if planned_days(plain) else st.just([])
    )
    series = replace(
        plain,
        meeting=replace(plain.meeting, lead=draw(spares), overrun=draw(spares)),
        rotation=replace(plain.rotation, slots=_zoned(plain.rotation.slots, places, past)),
        phases=tuple(
            replace(phase, slots=_zoned(phase.slots, places[::-1], past) if phase.slots else None)
            for phase in plain.phases
        ),
        overrides=plain.overrides
        + tuple(Override(date=day, minutes=draw(st.integers(1, 200))) for day in lengths if day not in taken),
    )
    calls = unroll(series)
    first = draw(st.integers(0, max(0, len(calls) - most_calls)))
    chosen = calls[first : first + most_calls]
    middle = chosen[len(chosen) // 2].date if chosen else series.schedule.first
    homes = draw(st.lists(zones, max_size=most_members))
    roster = tuple(
        _with_country(draw(members_about(f"m{index}", zone, middle)), draw(st.sampled_from(("", "AE", "NP", "XX"))))
        for index, zone in enumerate(homes)
    )
    lines = st.builds(
        Attendance,
        date=st.sampled_from([call.date for call in chosen] or [middle]),
        member=st.sampled_from([member.id for member in roster] or [MemberId("nobody")]),
        attended=st.booleans(),
    )
    history = draw(st.lists(lines, max_size=8, unique_by=lambda line: (line.date, line.member))) if roster else []
    hours = replace(
        draw(hours_of_plans), weekend_points=draw(st.integers(0, 3)), holiday_points=draw(st.integers(0, 3))
    )
    return Season(
        series=series,
        calls=chosen,
        roster=roster,
        meeting=series.meeting,
        hours=hours,
        history=tuple(history),
        days_off=draw(st.sampled_from(({}, DAYS_OFF))),
    )


def _with_country(member: Member, country: str) -> Member:
    """The member with a group ``country``, where one is given."""
    return replace(member, groups={**member.groups, "country": country}) if country else member
