"""Rotations of a plan weighed the slow way: each one is put into the plan, unrolled, and asked of every member.

Law: nothing is borrowed from the room under test but the values that go in; calls come from the call room, burdens and
nights from the night room, member by member. Also here: small plans and requests of every kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from itertools import combinations, pairwise, product

from hypothesis import strategies as st

from audiences import audience_of
from mag_rotation.calls import Call, expand_rule_dates, unroll
from mag_rotation.hours import Hours, Window
from mag_rotation.night import MemberNight, night_of
from mag_rotation.propose import ConstraintCode, Objective, Request, Setting
from mag_rotation.report.sentences import sentence
from mag_rotation.roster import Member, MemberId, ZoneName
from mag_rotation.series import (
    Advance,
    Extra,
    Meeting,
    Override,
    Phase,
    Rotation,
    Schedule,
    Series,
    Slot,
    Weekday,
    name_slot,
)
from mag_rotation.values import Fact
from mag_rotation.zones import to_local
from strategies import CURVE_NAMES, ODD_ZONES, hours_of_plans, stays_about

Key = tuple[str, str]
"""A constraint: its kind, and whom or what it is about."""

MOST_ROTATIONS = 220
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """A rotation: its held calls by date, what members bear, how many calls it moves and what it breaks."""

    slots: tuple[Slot, ...]
    calls: tuple[Call, ...]
    burdens: Mapping[MemberId, int]
    nights: Mapping[MemberId, int]
    moved: int
    broken: frozenset[Key]

    @property
    def vector(self) -> list[int]:
        """The burdens, worst first."""
        return sorted(self.burdens.values(), reverse=True)

    @property
    def worst(self) -> int:
        """The most that anybody bears."""
        return max(self.burdens.values(), default=0)

    @property
    def total(self) -> int:
        """What all bear together."""
        return sum(self.burdens.values())


def clock(slot: Slot) -> tuple[time, str, Weekday | None]:
    """Where a slot stands, whatever it is called and however long it lasts."""
    return slot.at, slot.zone, slot.weekday


def stay_key(slot: Slot) -> Key:
    """The constraint that a slot stays."""
    return "stay", str((*clock(slot), slot.minutes))


class Twin:
    """A request of a plan, every rotation of which can be looked at."""

    def __init__(self, setting: Setting, request: Request) -> None:
        self.setting = setting if request.curve is None else _under(setting, request.curve)
        self.request = request
        self.members = [member for member in setting.audience.members if not set(member.roles) & set(request.left_out)]
        self.before = {call.uid: call for call in setting.calls}
        self.announced = self._announced()
        self.night = cache(self._night)

    def _announced(self) -> set[str]:
        """The UIDs of what is history or was announced."""
        first = self.request.first or date.min
        held = sorted((call.date, call.start, call.uid) for call in self.setting.calls if call.is_held)
        past = [uid for day, _, uid in held if day < first]
        coming = [uid for day, _, uid in held if day >= first]
        return {*past, *coming[: self.request.keep]}

    def unrolled(self, slots: Sequence[Slot]) -> list[Call]:
        """All calls with these slots; what has no choice is as the plan has it."""
        series = self.setting.series
        start = series.rotation.start if series.rotation.start <= len(slots) else 1
        fixed = {change.date for change in series.overrides if change.at or change.zone or change.slot}
        # what an exception fixes goes back to the rotation, to take its turn; a cancelled call may take none
        bare = replace(
            series,
            rotation=replace(series.rotation, slots=tuple(slots), start=start),
            overrides=tuple(
                Override(date=change.date, cancel=change.cancel) if change.date in fixed else change
                for change in series.overrides
            ),
        )
        calls = []
        for call in unroll(bare):
            phase = series.phase_on(call.date)
            ruled = call.turn is not None and call.date not in fixed and not (phase and phase.slots)
            calls.append(call if ruled and call.uid not in self.announced else self.before[call.uid])
        return sorted(calls, key=lambda call: (call.date, call.uid))

    def places(self, length: int) -> dict[str, int]:
        """The place in a rotation of that length that each call with a choice takes its slot from, by UID."""
        return {
            call.uid: call.turn.index
            for call in self.unrolled([Slot(at=time(0, 1))] * length)
            if call.is_held and call.turn and call is not self.before[call.uid]
        }

    @cached_property
    def length(self) -> int:
        """How many slots the rotation has."""
        if self.request.slots is not None:
            return self.request.slots
        series = self.setting.series
        unstarted = replace(series, rotation=replace(series.rotation, start=1))
        alike = Twin(replace(self.setting, series=unstarted), replace(self.request, first=None, keep=0, curve=None))
        planned = (call for call in alike.unrolled([Slot(at=time(0, 1))] * 400) if call is not alike.before[call.uid])
        return 1 + max((call.turn.index for call in planned if call.turn), default=0)  # cancelled ones have a place too

    @cached_property
    def chosen(self) -> dict[str, int]:
        """The calls with a choice, by UID with their places."""
        return self.places(self.length)

    @cached_property
    def stays(self) -> list[Slot]:
        """The slots that have to stay, in the order in which they are named."""
        slots = self.setting.series.rotation.slots
        found = []
        for wanted in self.request.stay:
            by_number = isinstance(wanted, int)
            found.append(next(s for n, s in enumerate(slots, 1) if (n == wanted if by_number else s.label == wanted)))
        return list({(*clock(slot), slot.minutes): slot for slot in found}.values())

    @cached_property
    def candidates(self) -> list[Slot]:
        """Every slot that a place may have, under the first name that the plan has for it."""
        request = self.request
        known = self.setting.series.rotation.slots
        slots = [
            Slot(at=time(minute // 60, minute % 60), zone=request.zone, weekday=weekday)
            for weekday in request.weekdays or (None,)
            for minute in range(0, 1440, request.grid)
        ]
        named = [
            next((old for old in known if old.minutes is None and clock(old) == clock(slot)), slot) for slot in slots
        ]
        return named + [slot for slot in self.stays if slot not in named]

    @property
    def is_refused(self) -> bool:
        """Whether plan and request do not fit, of the ways in which plans made here do not."""
        series, request = self.setting.series, self.request
        days = [call.date for call in self.setting.calls if call.uid in self.chosen]
        weeks = [day.isocalendar()[:2] for day in days]
        advance = series.rotation.advance
        takers = [
            extra for extra in series.extras if extra.takes_turn and not (extra.cancel and advance is Advance.HELD)
        ]
        grouped = request.group is None or any(
            request.group in member.groups for member in self.setting.audience.members
        )
        known = {name for member in self.members for name in (member.id, *member.roles)}
        return (
            not days
            or not grouped
            or not known.issuperset(request.awake)
            or not self.setting.audience.members
            or (bool(request.weekdays) and len(set(weeks)) < len(weeks))
            or (advance in {Advance.CALL, Advance.HELD} and any(extra.date in days for extra in takers))
        )

    @property
    def many(self) -> int:
        """How many rotations there are."""
        rotations: int = len(self.candidates) ** len(set(self.chosen.values()))
        return rotations

    @cached_property
    def all(self) -> list[Weighed]:
        """Every rotation, broken constraints or not."""
        return [self.weigh(slots) for slots in self.every()]

    def every(self) -> Iterator[tuple[Slot, ...]]:
        """The slots of every rotation; a place without a call takes any."""
        places = sorted(set(self.chosen.values()))
        for picks in product(self.candidates, repeat=len(places)):
            slots = [self.candidates[0]] * self.length
            for place, pick in zip(places, picks, strict=True):
                slots[place] = pick
            yield tuple(slots)

    def _night(self, start: datetime, minutes: int) -> dict[MemberId, MemberNight]:
        """What a call does to each member who takes part in it."""
        setting, found = self.setting, {}
        for member in self.members:
            night = night_of(
                member,
                start=start,
                minutes=minutes,
                audience=setting.audience,
            )
            if night is not None:
                found[member.id] = night
        return found

    def weigh(self, slots: Sequence[Slot]) -> Weighed:
        """One rotation."""
        return self.weigh_calls(self.unrolled(slots), slots)

    def weigh_calls(self, calls: Sequence[Call], slots: Sequence[Slot] = ()) -> Weighed:
        """Calls by date, whatever slots they come from."""
        held = [call for call in calls if call.is_held]
        burdens, nights = ({member.id: 0 for member in self.members} for _ in range(2))
        for call in held:
            for member, night in self.night(call.start, call.minutes).items():
                burdens[member] += night.burden
                nights[member] += night.in_night
        chosen = [call for call in held if call.uid in self.chosen]
        return Weighed(
            slots=tuple(slots),
            calls=tuple(held),
            burdens=burdens,
            nights=nights,
            moved=sum(call.start != self.before[call.uid].start for call in chosen),
            broken=frozenset(self._broken(slots, held, chosen, burdens, nights)),
        )

    def _broken(
        self,
        slots: Sequence[Slot],
        held: Sequence[Call],
        chosen: Sequence[Call],
        burdens: Mapping[MemberId, int],
        nights: Mapping[MemberId, int],
    ) -> Iterator[Key]:
        request = self.request
        for call in chosen:
            yield from self._broken_by_one(call)
        if request.most_nights is not None and any(count > request.most_nights for count in nights.values()):
            yield "most-nights", ""
        if request.cap is not None and any(burden > request.cap for burden in burdens.values()):
            yield "cap", ""
        for one, other in pairwise(held) if request.no_night_twice else ():
            first, second = (self.night(call.start, call.minutes) for call in (one, other))
            twice = any(first[member].in_night and second[member].in_night for member in first if member in second)
            if twice and (one in chosen or other in chosen):
                yield "no-night-twice", ""
        for one, other in pairwise(chosen) if slots and request.gap else ():
            places = [self.chosen[call.uid] for call in (one, other)]
            before, after = (slots[place] for place in places)
            apart = (other.start - one.start) // MINUTE
            if before.zone == after.zone:
                apart = 60 * (after.at.hour - before.at.hour) + after.at.minute - before.at.minute
            if places[0] != places[1] and min(apart % 1440, -apart % 1440) < (request.gap or 0):
                yield "gap", ""
        if slots:
            yield from self._broken_by_slots([slots[place] for place in sorted(set(self.chosen.values()))])

    def _broken_by_slots(self, used: Sequence[Slot]) -> Iterator[Key]:
        """What slots break by themselves."""
        if self.request.distinct and any(clock(one) == clock(other) for one, other in combinations(used, 2)):
            yield "distinct", ""
        for slot in self.stays:
            if slot not in used:
                yield stay_key(slot)

    def _broken_by_one(self, call: Call) -> Iterator[Key]:
        """What a call breaks by itself."""
        request, found = self.request, self.night(call.start, call.minutes)
        awake = [member for member in self.members if member.id in found and not found[member.id].in_night]
        yield from (("never", member) for member, night in found.items() if night.blocked)
        if request.quorum is not None and sum(member.weight for member in awake) < request.quorum:
            yield "quorum", ""
        for name in request.awake:
            meant = [member for member in self.members if name == member.id or name in member.roles]
            if any(member.id in found and member not in awake for member in meant):
                yield "awake", name
        for kind, windows, zone in (
            ("windows", request.windows, request.zone),
            ("utc-windows", request.utc_windows, ZoneName("UTC")),
        ):
            if windows and not any(self._lies_in(window, call, zone) for window in windows):
                yield kind, ""

    def _lies_in(self, window: Window, call: Call, zone: ZoneName) -> bool:
        """Whether every minute of a call shows an hour of the window."""
        return all(to_local(call.start + minute * MINUTE, zone).wall.time() in window for minute in range(call.minutes))

    @cached_property
    def keys(self) -> list[Key]:
        """The constraints beside the members' own, in the order in which they are named."""
        request = self.request
        asked = (
            (bool(request.windows), ("windows", "")),
            (bool(request.utc_windows), ("utc-windows", "")),
            (request.quorum is not None, ("quorum", "")),
            *((True, ("awake", name)) for name in dict.fromkeys(request.awake)),
            (request.most_nights is not None, ("most-nights", "")),
            (request.no_night_twice, ("no-night-twice", "")),
            (request.gap is not None, ("gap", "")),
            (request.distinct, ("distinct", "")),
            (request.cap is not None, ("cap", "")),
            *((True, stay_key(slot)) for slot in self.stays),
        )
        return [key for wanted, key in asked if wanted]

    def meant(self, constraint: Fact) -> list[Key]:
        """The constraints that an answer names so."""
        figures = constraint.figures
        match constraint.code:
            case ConstraintCode.NEVER:
                members = figures["members"]
                assert isinstance(members, tuple)
                return [("never", str(member)) for member in members]
            case ConstraintCode.AWAKE:
                return [("awake", str(figures["awake"]))]
            case ConstraintCode.STAY:
                return [stay_key(slot) for slot in self.stays if name_slot(slot) == figures["stay"]]
            case code:
                return [(code.replace("_", "-"), "")]

    def without(self, keys: Sequence[Key]) -> list[Weighed]:
        """The rotations that break none but these constraints."""
        return [rotation for rotation in self.all if rotation.broken <= set(keys)]

    @cached_property
    def patterns(self) -> set[frozenset[Key]]:
        """What rotations break, each pattern once."""
        return {rotation.broken for rotation in self.all}

    def can_hold(self, keys: Sequence[Key]) -> bool:
        """Whether some rotation breaks none of these constraints, whatever else it breaks."""
        return any(broken.isdisjoint(keys) for broken in self.patterns)

    def merit(self, rotation: Weighed) -> tuple[int, list[int], list[int], int]:
        """What the order of the request compares; less is better."""
        name, worst_of = self.request.group, dict[str, int]()
        for member in self.members:
            if name is not None and name in member.groups:
                value = member.groups[name]
                worst_of[value] = max(worst_of.get(value, 0), rotation.burdens[member.id])
        by_total = self.request.objective is not Objective.LEXIMIN
        first = rotation.total if by_total else rotation.worst
        return first, sorted(worst_of.values(), reverse=True), rotation.vector, rotation.moved

    @property
    def best(self) -> Weighed | None:
        """The rotation that answers the request best; None where none keeps every constraint."""
        kept = self.without([])
        if not kept:
            return None
        least = min(rotation.worst for rotation in kept)
        if self.request.objective is Objective.BALANCED:
            kept = [rotation for rotation in kept if rotation.worst * 100 <= least * (100 + self.request.tolerance)]
        return min(kept, key=self.merit)

    @property
    def frontier(self) -> list[tuple[int, int]]:
        """Each worst with the least total that goes with it, by rising worst."""
        pairs = {(rotation.worst, rotation.total) for rotation in self.without([])}
        return sorted(
            (worst, total)
            for worst, total in pairs
            if not any(w <= worst and t <= total and (w, t) != (worst, total) for w, t in pairs)
        )


def _under(setting: Setting, curve: str) -> Setting:
    hours = setting.audience.hours
    other = Hours(night=hours.night, curve=curve, curves=hours.curves, weekend_points=hours.weekend_points)
    return replace(setting, audience=replace(setting.audience, hours=other))


def words(constraints: Sequence[Fact]) -> tuple[str, ...]:
    """Constraints as an answer names them."""
    return tuple(map(sentence, constraints))


def setting_of(series: Series, roster: Sequence[Member], hours: Hours | None = None) -> Setting:
    """A plan as the room is given it."""
    return Setting(
        series=series, calls=unroll(series), audience=audience_of(tuple(roster), series.meeting, hours=hours or Hours())
    )


FIRSTS = (
    date(2020, 10, 13),  # clocks change in London and New York
    date(2020, 12, 15),  # the 53 weeks of 2020
    date(2021, 3, 9),
    date(2011, 12, 20),  # Apia leaves out a day
    date(2026, 6, 2),
)
REPEATS = ("FREQ=WEEKLY", "FREQ=WEEKLY", "FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,TH")
PLACES = st.sampled_from(("UTC", "UTC", *ODD_ZONES)).map(ZoneName)
TIMES = st.tuples(st.integers(0, 23), st.sampled_from((0, 0, 30))).map(lambda at: time(*at))
SELDOM = st.sampled_from((False, False, False, False, False, True))


@st.composite
def slots_of(draw: st.DrawFn, names: str) -> Slot:
    """A slot with one of the labels, seldom on a weekday or of a length of its own."""
    return Slot(
        at=draw(TIMES),
        zone=draw(PLACES),
        label=draw(st.sampled_from(names)),
        weekday=draw(st.sampled_from(Weekday)) if draw(SELDOM) else None,
        minutes=draw(st.sampled_from((30, 150))) if draw(SELDOM) else None,
    )


@st.composite
def members_of(draw: st.DrawFn, name: str, day: date) -> Member:
    """A member; what is seldom in rosters is seldom here."""
    joined, left = (draw(st.integers(-9, 30)) if draw(SELDOM) else None for _ in range(2))
    if joined is not None and left is not None and left < joined:
        joined, left = left, joined
    begin = draw(st.integers(0, 23))
    return Member(
        id=MemberId(name),
        zone=draw(PLACES),
        groups={"region": draw(st.sampled_from("xyz"))} if draw(st.booleans()) else {},
        roles=tuple(draw(st.sets(st.sampled_from(("captioner", "observer")), max_size=1))),
        weight=draw(st.sampled_from((1, 1, 0, 2, 3))),
        curve=draw(st.sampled_from((None, None, *CURVE_NAMES))),
        lead=draw(st.sampled_from((None, None, None, 90))),
        night=(time(21), time(5, 30)) if draw(SELDOM) else None,
        never=((time(begin), time((begin + 3) % 24)),) if draw(SELDOM) else (),
        joined=None if joined is None else day + joined * DAY,
        left=None if left is None else day + left * DAY,
        stays=draw(stays_about(day + 14 * DAY)) if draw(SELDOM) else (),
    )


@st.composite
def phases_of(draw: st.DrawFn, first: date, size: int) -> tuple[Phase, ...]:
    """None, or one phase of any kind."""
    kind = draw(st.sampled_from(("", "", "", "silent", "slots", "start", "minutes", "repeat")))
    begin = first + draw(st.integers(0, 21)) * DAY
    phase = Phase(name="a phase", first=begin, last=begin + draw(st.integers(0, 14)) * DAY)
    match kind:
        case "silent":
            return (replace(phase, calls=False),)
        case "slots":
            return (replace(phase, slots=tuple(draw(st.lists(slots_of("PQ"), min_size=1, max_size=2)))),)
        case "start":
            return (replace(phase, start=draw(st.integers(1, size))),)
        case "minutes":
            return (replace(phase, minutes=75),)
        case "repeat":
            return (replace(phase, repeat="FREQ=DAILY;INTERVAL=5", start=draw(st.none() | st.just(1))),)
    return ()


CHANGES = st.sampled_from(
    (
        "duration",
        "cancel",
        "at",
        "zone",
        "to",
        "slot",
        "at and duration",
        "cancel at",
        "cancel duration",
        "cancel slot and duration",
        "zone and to and duration",
    )
)


@st.composite
def changes_of(draw: st.DrawFn, series: Series) -> tuple[Override, ...]:
    """Exceptions of every kind for a few of the dates."""
    labels = [slot.label for slot in series.rotation.slots]
    made = []
    for day in expand_rule_dates(series.schedule, series.phases):
        if day.silent or draw(st.integers(0, 1)):
            continue
        slots: tuple[str | int | None, ...] = (*range(1, len(labels) + 1), *labels)
        if day.phase is not None and day.phase.slots is not None:
            slots = (None,)
        change = draw(CHANGES)
        made.append(
            Override(
                date=day.date,
                cancel="cancel" in change,
                at=draw(TIMES) if "at" in change.split() else None,
                zone=draw(PLACES) if "zone" in change else None,
                to=day.date + draw(st.integers(-3, 3)) * DAY if "to" in change.split() else None,
                slot=draw(st.sampled_from(slots)) if "slot" in change else None,
                minutes=draw(st.sampled_from((45, 180))) if "duration" in change else None,
            )
        )
    return tuple(made)


@st.composite
def settings_of(draw: st.DrawFn, *, most_members: int = 5) -> Setting:
    """A small plan of any kind."""
    first = draw(st.sampled_from(FIRSTS))
    cycle = tuple(draw(slots_of(name)) for name in draw(st.sampled_from(("AB", "A", "ABC"))))
    repeat = draw(st.sampled_from(REPEATS))
    hold = draw(st.sampled_from((1, 1, 1, 2, 3)))
    series = Series(
        meeting=Meeting(
            id="demo",
            name="Demo",
            uid_domain="example.org",
            minutes=draw(st.sampled_from((60, 120, 90))),
            lead=draw(st.sampled_from((0, 0, 30))),
            overrun=draw(st.sampled_from((0, 0, 15))),
        ),
        schedule=Schedule(first=first, repeat=repeat, count=draw(st.integers(3, 7))),
        rotation=Rotation(
            slots=cycle,
            advance=draw(st.sampled_from(Advance)),
            start=draw(st.integers(1, len(cycle))),
            hold=hold,
            taken=draw(st.integers(0, hold - 1)),
        ),
        phases=draw(phases_of(first, len(cycle))),
    )
    extras = st.builds(
        Extra,
        date=st.integers(-2, 40).map(lambda days: first + days * DAY),
        at=TIMES,
        zone=PLACES,
        minutes=st.sampled_from((None, None, 45)),
        cancel=SELDOM,
        takes_turn=st.booleans(),
    )
    series = replace(
        series,
        overrides=draw(changes_of(series)),
        extras=tuple(draw(st.lists(extras, max_size=2))) if draw(st.booleans()) else (),
    )
    count = draw(st.sampled_from([number for number in (3, 2, 4, 1, 5, 6) if number <= most_members]))
    roster = [draw(members_of(f"m{number}", first)) for number in range(count)]
    return setting_of(series, roster, draw(hours_of_plans))


CONSTRAINTS = (
    "windows",
    "utc-windows",
    "quorum",
    "awake",
    "most-nights",
    "no-night-twice",
    "gap",
    "distinct",
    "cap",
    "stay",
)
WINDOWS = st.tuples(st.integers(0, 23), st.sampled_from((12, 16, 20, 24))).map(
    lambda ends: Window(time(ends[0]), time(sum(ends) % 24))
)


@st.composite
def requests_of(draw: st.DrawFn, setting: Setting, *, most: int = 3, least: int = 0) -> Request:
    """A request of that plan with some constraints, for which all rotations can be looked at."""
    series = setting.series
    wanted = draw(st.sets(st.sampled_from(CONSTRAINTS), min_size=least, max_size=most))
    slots, grid = draw(st.sampled_from(((2, 180), (1, 120), (2, 120), (3, 360), (2, 240), (3, 240), (None, 360))))
    phase_starts = [phase.start for phase in series.phases if phase.start is not None and phase.slots is None]
    if slots is not None and phase_starts:
        slots = max(slots, *phase_starts)
    names = sorted({name for member in setting.audience.members for name in (str(member.id), *member.roles)})
    roles = sorted({role for member in setting.audience.members for role in member.roles})
    numbers = st.integers(1, len(series.rotation.slots))
    labels = [slot.label for slot in series.rotation.slots if slot.label]
    return Request(
        slots=slots,
        grid=grid,
        zone=draw(PLACES),
        weekdays=(draw(st.sampled_from(Weekday)),) if draw(SELDOM) else (),
        first=series.schedule.first + draw(st.integers(0, 25)) * DAY if draw(SELDOM) else None,
        keep=draw(st.sampled_from((0, 0, 0, 1, 2))),
        objective=draw(st.sampled_from((Objective.LEXIMIN, *Objective))),
        tolerance=draw(st.sampled_from((10, 0, 50))),
        group="region" if draw(SELDOM) else None,
        left_out=(draw(st.sampled_from(roles)),) if draw(SELDOM) and roles else (),
        windows=tuple(draw(st.lists(WINDOWS, min_size=1, max_size=2))) if "windows" in wanted else (),
        utc_windows=(draw(WINDOWS),) if "utc-windows" in wanted else (),
        quorum=draw(st.integers(1, 4)) if "quorum" in wanted else None,
        awake=tuple(draw(st.lists(st.sampled_from(names), min_size=1, max_size=2))) if "awake" in wanted else (),
        most_nights=draw(st.integers(0, 4)) if "most-nights" in wanted else None,
        no_night_twice="no-night-twice" in wanted,
        gap=draw(st.sampled_from((180, 60, 360, 720))) if "gap" in wanted else None,
        distinct="distinct" in wanted,
        cap=draw(st.sampled_from((3000, 1500, 800, 5000, 0))) if "cap" in wanted else None,
        stay=(draw(st.one_of(numbers, st.sampled_from(labels))),) if "stay" in wanted else (),
        curve=draw(st.sampled_from(CURVE_NAMES)) if draw(SELDOM) else None,
    )
