"""The stupid twin of the call room: whose turn it is, counted anew for each call with plain loops over days.

Law: nothing is borrowed from the rooms under test but the values that go in; all slots are in UTC, so that a start is
a date and a time. Rules are pairs of a weekday set (none: every day) and an interval. Also here: the plain series
that the tests change in one place at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from mag_rotation.calls import Call
from mag_rotation.series import (
    Advance,
    Counting,
    Extra,
    Meeting,
    Numbering,
    Override,
    Phase,
    Rotation,
    Schedule,
    Series,
    Slot,
    Weekday,
)

DAY = timedelta(days=1)
MEETING = Meeting(id="demo", name="Demo", uid_domain="demo.example.org", minutes=60, numbering=Numbering())
TUESDAY = date(2020, 9, 8)


def slots(*hours: int, **more: int) -> tuple[Slot, ...]:
    """Slots at full hours UTC, labelled A, B, C and so on; ``minutes`` gives them a length of their own."""
    return tuple(
        Slot(at=time(hour), label=chr(ord("A") + index), minutes=more.get("minutes"))
        for index, hour in enumerate(hours)
    )


ABC = Rotation(slots=slots(6, 14, 22))


def week(number: int) -> date:
    """The Tuesday ``number`` weeks after the first rule date of the plain series."""
    return TUESDAY + timedelta(weeks=number)


def weekly(count: int) -> Schedule:
    """``count`` Tuesdays from 8 September 2020 on."""
    return Schedule(first=TUESDAY, repeat="FREQ=WEEKLY", count=count)


def letters(calls: tuple[Call, ...]) -> str:
    """The slots of the calls in the order of their rule dates; ``-`` where a call has none, small where cancelled."""
    shown = ((call.slot or "-", call.is_held) for call in sorted(calls, key=lambda call: (call.date, call.start)))
    return "".join(slot if held else slot.lower() for slot, held in shown)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the twin says of one call."""

    date: date
    start: datetime
    slot_number: int | None
    number: int | None
    status: str


def days_of(repeat: str, first: date, last: date) -> Iterator[date]:
    """The days of a DAILY or WEEKLY rule with INTERVAL and BYDAY, looked at one after the other."""
    parts = dict(part.split("=") for part in repeat.split(";"))
    interval = int(parts.get("INTERVAL", "1"))
    weekdays = parts["BYDAY"].split(",") if "BYDAY" in parts else [Weekday(first.weekday()).name]
    day, passed_days, passed_weeks = first, 0, 0
    while day <= last:
        if parts["FREQ"] == "DAILY":
            hit = passed_days % interval == 0
        else:
            hit = passed_weeks % interval == 0 and Weekday(day.weekday()).name in weekdays
        if hit:
            yield day
        day += DAY
        passed_days += 1
        passed_weeks += day.weekday() == 0


def outer_days(schedule: Schedule) -> list[date]:
    """The rule dates of the schedule alone."""
    if schedule.until is not None:
        return list(days_of(schedule.repeat, schedule.first, schedule.until))
    found: list[date] = []
    for day in days_of(schedule.repeat, schedule.first, schedule.first + 5000 * DAY):
        if len(found) == schedule.count:
            break
        found.append(day)
    return found


def phase_of(series: Series, day: date) -> Phase | None:
    """The phase that holds ``day``."""
    for phase in series.phases:
        if phase.first <= day <= phase.last:
            return phase
    return None


def planned_days(series: Series) -> list[date]:
    """The rule dates that have a call: not silenced, those of a phase with a rule of its own put in."""
    days = []
    for day in outer_days(series.schedule):
        phase = phase_of(series, day)
        if phase is None or (phase.calls and phase.repeat is None):
            days.append(day)
    for phase in series.phases:
        if phase.calls and phase.repeat is not None:
            days.extend(days_of(phase.repeat, phase.first, phase.last))
    return sorted(days)


def count_of(series: Series, day: date) -> Phase | None:
    """Which count of turns ``day`` belongs to: that of its phase, where it has one, or the outer one."""
    phase = phase_of(series, day)
    return phase if phase is not None and (phase.slots is not None or phase.start is not None) else None


def place_of(series: Series, day: date, planned: list[date]) -> int:
    """The place in the cycle, from 0, of the planned call of ``day``."""
    own = count_of(series, day)
    cycle = own.slots if own is not None and own.slots is not None else series.rotation.slots
    start = (own.start or 1) if own is not None else series.rotation.start
    hold = own.hold if own is not None and own.hold is not None else series.rotation.hold
    taken = own.taken if own is not None else series.rotation.taken
    places = [place for place in range(len(cycle)) for _ in range(hold)]  # each place as often as it has the turn
    begin = hold * (start - 1) + taken
    mine = [other for other in planned if count_of(series, other) == own]
    advance = series.rotation.advance
    if advance is Advance.ISO_WEEK:
        return places[(day.isocalendar().week - 1) % len(places)]
    gone = 0
    if advance is Advance.WEEK:
        walk = mine[0] if own is not None else outer_days(series.schedule)[0]
        while walk < day:
            walk += DAY
            gone += walk.weekday() == 0
        while walk > day:
            gone -= walk.weekday() == 0
            walk -= DAY
        return places[(begin + gone) % len(places)]
    called_off = {override.date for override in series.overrides if override.cancel}
    for other in mine:
        if other < day and not (advance is Advance.HELD and other in called_off):
            gone += 1
    for extra in series.extras:
        following = [other for other in planned if other > extra.date]
        takes = extra.takes_turn and not (advance is Advance.HELD and extra.cancel)
        if takes and following and following[0] <= day and following[0] in mine:
            gone += 1
    return places[(begin + gone) % len(places)]


def start_of(slot: Slot, day: date) -> datetime:
    """When a slot in UTC starts for a rule date."""
    if slot.weekday is not None:
        while day.weekday() > slot.weekday:
            day -= DAY
        while day.weekday() < slot.weekday:
            day += DAY
    return datetime.combine(day, slot.at, tzinfo=UTC)


def tell(series: Series) -> dict[str, Told]:
    """Every call by its UID."""
    planned = planned_days(series)
    rows: list[tuple[datetime, str, date, int | None, str, bool]] = []
    for day in planned:
        own = count_of(series, day)
        cycle = own.slots if own is not None and own.slots is not None else series.rotation.slots
        place = place_of(series, day, planned)
        start, status = start_of(cycle[place], day), "planned"
        for change in series.overrides:
            if change.date != day:
                continue
            if isinstance(change.slot, int):
                place = change.slot - 1
            actual = start_of(cycle[place], day)
            if change.to is not None:
                actual = datetime.combine(change.to, cycle[place].at, tzinfo=UTC)
            if change.at is not None:
                actual = datetime.combine(actual.date(), change.at, tzinfo=UTC)
            status = "cancelled" if change.cancel else "planned" if actual == start else "moved"
            start = actual
        rows.append((start, f"demo-{day:%Y%m%d}@demo.example.org", day, place + 1, status, True))
    seen: list[date] = []
    for extra in series.extras:
        seen.append(extra.date)
        times = seen.count(extra.date)
        uid = f"demo-{extra.date:%Y%m%d}-extra{times if times > 1 else ''}@demo.example.org"
        start = datetime.combine(extra.to or extra.date, extra.at, tzinfo=UTC)
        rows.append((start, uid, extra.date, None, "cancelled" if extra.cancel else "extra", extra.numbered))
    numbering = series.meeting.numbering or Numbering()
    told, number = {}, numbering.first
    for start, uid, day, slot_number, status, numbered in sorted(rows):
        takes = numbered and (status != "cancelled" or numbering.count is Counting.PLANNED)
        told[uid] = Told(
            date=day, start=start, slot_number=slot_number, number=number if takes else None, status=status
        )
        number += takes
    return told


HOURS = st.integers(0, 23).map(time)
SLOTS = st.lists(st.builds(Slot, at=HOURS, weekday=st.none() | st.sampled_from(Weekday)), min_size=1, max_size=5).map(
    tuple
)
RULES = ("FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,TH")
# the first days lie so that seasons run over the 53 weeks of 2020
FIRSTS = st.integers(0, 120).map(lambda days: date(2020, 9, 1) + days * DAY)


MOST_HELD = 3


@st.composite
def phase_lists(draw: st.DrawFn, first: date, size: int, outer_hold: int) -> tuple[Phase, ...]:
    """Up to three phases that do not overlap, of every kind, for ``size`` slots of ``outer_hold`` turns in a row."""
    phases: list[Phase] = []
    begin = first
    for index in range(draw(st.integers(0, 3))):
        begin += draw(st.integers(0, 20)) * DAY
        end = begin + draw(st.integers(0, 30)) * DAY
        cycle = draw(st.none() | SLOTS)
        start = draw(st.none() | st.integers(1, len(cycle) if cycle else size))
        hold = draw(st.none() | st.integers(1, MOST_HELD)) if cycle or start else None
        phases.append(
            Phase(
                name=f"phase {index}",
                first=begin,
                last=end,
                calls=draw(st.integers(0, 3)) > 0,
                slots=cycle,
                start=start,
                hold=hold,
                taken=draw(st.integers(0, (hold or outer_hold) - 1)) if cycle or start else 0,
                repeat=draw(st.none() | st.sampled_from(["FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY"])),
            )
        )
        begin = end + DAY
    return tuple(phases)


@st.composite
def changes(draw: st.DrawFn, series: Series) -> tuple[Override, ...]:
    """Exceptions for some of the planned calls: called off, to another day, another hour, another slot."""
    made = []
    for day in planned_days(series):
        own = count_of(series, day)
        cycle = own.slots if own is not None and own.slots is not None else series.rotation.slots
        match draw(st.integers(0, 12)):
            case 0 | 1:
                made.append(Override(date=day, cancel=True))
            case 2:
                made.append(Override(date=day, to=day + draw(st.integers(-9, 9)) * DAY))
            case 3:
                made.append(Override(date=day, at=draw(HOURS), slot=draw(st.integers(1, len(cycle)))))
            case 4:
                to = day + draw(st.integers(-3, 3)) * DAY
                made.append(Override(date=day, cancel=True, at=draw(HOURS), to=to))
    return tuple(made)


@st.composite
def serieses(draw: st.DrawFn) -> Series:
    """Series of every kind that the twin understands; no extra falls on a rule date."""
    first = draw(FIRSTS)
    hold = draw(st.integers(1, MOST_HELD))
    cycle = draw(SLOTS)
    numbering = Numbering(first=draw(st.integers(0, 20)), count=draw(st.sampled_from(Counting)))
    plain = Series(
        meeting=Meeting(id="demo", name="Demo", uid_domain="demo.example.org", minutes=60, numbering=numbering),
        schedule=Schedule(first=first, repeat=draw(st.sampled_from(RULES)), count=draw(st.integers(1, 20))),
        rotation=Rotation(
            slots=cycle,
            advance=draw(st.sampled_from(Advance)),
            start=draw(st.integers(1, len(cycle))),
            hold=hold,
            taken=draw(st.integers(0, hold - 1)),
        ),
        phases=draw(phase_lists(first - 10 * DAY, len(cycle), hold)),
    )
    planned = set(planned_days(plain))
    free = [day for day in (first + number * DAY for number in range(-5, 90)) if day not in planned]
    extra = st.builds(
        Extra,
        date=st.sampled_from(free),
        at=HOURS,
        to=st.none() | st.sampled_from(free),
        cancel=st.booleans(),
        numbered=st.booleans(),
        takes_turn=st.booleans(),
    )
    return Series(
        meeting=plain.meeting,
        schedule=plain.schedule,
        rotation=plain.rotation,
        phases=plain.phases,
        overrides=draw(changes(plain)),
        extras=tuple(draw(st.lists(extra, max_size=4))) if free else (),
    )
