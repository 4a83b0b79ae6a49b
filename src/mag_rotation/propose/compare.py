"""Rotations beside each other: today's, today's with less changed and with more, and those that somebody gives.

Every figure of an option is that of the ledger of the plan with those slots in its rotation; calls that do not take
their hour from the rotation count as they are. Equal rotations stand once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import combinations
from math import gcd, lcm
from typing import ClassVar

import numpy as np

from mag_rotation.calls import Call, resolve_slot, unroll
from mag_rotation.choice import Figures, find_dominated
from mag_rotation.drift.zone_groups import group_by_clock, takes_part
from mag_rotation.errors import InvalidRequest, InvalidSeries, Mistake, UnknownOption
from mag_rotation.hours import DAY, Window, minute_of_day
from mag_rotation.propose.answer import Proposed, Share, Tally, make_shares, tally_calls, weigh_counts
from mag_rotation.propose.case import Case
from mag_rotation.propose.frontier import knee
from mag_rotation.propose.meet_in_the_middle import ExactSearch
from mag_rotation.propose.order import Aim, merit
from mag_rotation.propose.problem import Picks, Problem, Steps, run
from mag_rotation.propose.request import Objective, Request, Setting
from mag_rotation.propose.search import part_of
from mag_rotation.propose.solve import Budget, Climb, Least, solve
from mag_rotation.propose.turns import Layout, hours_of_day, layout, name_slots, put_slots, start_in
from mag_rotation.roster import Member, MemberId, ZoneName
from mag_rotation.series import Series, Slot
from mag_rotation.values import Fact, FactCode, Rows, freeze
from mag_rotation.zones import OffsetTable, to_epoch_second

__all__ = [
    "SIZES",
    "ClockReading",
    "CompareNote",
    "GivenRotation",
    "LocalHours",
    "Option",
    "OptionGroup",
    "OptionKind",
    "RotationTable",
    "compare_rotations",
    "weigh_proposal",
    "weigh_rotations",
]

SIZES = range(1, 7)
"""Of how many slots the fairest rotations are looked for if nothing else is asked."""
_NEAR = 10
"""How many percent above the least possible the worst of an alternative may be."""
_ROUNDS = 3
"""How many rounds a search has where nothing limits its time."""
_AROUND, _AROUND_WEEK = 2, 8
"""So many days from its date a call may start, without and with slots on weekdays of their own."""


class OptionKind(StrEnum):
    """Where a rotation comes from."""

    TODAY = "today"
    """The plan as it stands."""
    REORDERED = "reordered"
    """Today's own slots in their best order."""
    ONE_MOVED = "one-moved"
    """Today's slots, one of them at its best hour."""
    FAIREST = "slots"
    """The fairest rotation of so many slots."""
    KNEE = "knee"
    """Of as many slots as today's: where sparing the worst-off begins to cost more."""
    LEAST_TOTAL = "least-total"
    """Of as many slots as today's: the least total."""
    GIVEN = "given"
    """Given by name."""
    ALTERNATIVE = "alternative"
    """Nearly the fairest of as many slots as today's, and unlike the others."""


class CompareNote(FactCode):
    """What a comparison does not have, and why."""

    NO_ROTATION = "compare_no_rotation"
    """No rotation of that kind keeps the constraints."""
    NOT_FOUND = "compare_not_found"
    """No rotation of that kind was found in the time there was."""
    TOO_SHORT = "compare_too_short"
    """A phase of the plan starts at a slot that so few slots do not have."""
    NOTHING_TO_ROTATE = "compare_nothing_to_rotate"
    """Today's rotation has one slot, and nobody is in the night at it: nothing was looked for."""
    NO_KNEE = "compare_no_knee"
    """The rotations between the least worst and the least total show no knee."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenRotation:
    """A rotation that somebody wants to see beside the others."""

    name: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockReading:
    """What a clock shows at the start of a call, and the date there less that in UTC.

    ``in_night`` says that the call is in the night of more than half of those who live by the clock.
    """

    at: time
    day_shift: int
    in_night: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalHours:
    """The local starts of all slots on one clock, for the calls from ``first`` to ``last``, both rule dates.

    ``zones`` have that clock all season; ``members`` of them live there.
    """

    zones: tuple[ZoneName, ...]
    members: int
    first: date
    last: date
    starts: tuple[ClockReading, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionGroup:
    """What a rotation puts on the members of a group who take part.

    ``members`` and ``nights`` count by weight, ``size`` counts each member once.
    """

    size: int
    members: int
    worst: int
    mean: float
    total: int
    nights: int
    better: int
    worse: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A rotation and what it comes to, burdens in point-minutes with those that are carried over.

    ``also`` are the ids of equal rotations that stand under this one. ``nights`` counts the calls in the night of all
    members by weight, ``most_nights`` those of one member. ``better``, ``worse`` and ``same`` count members whose
    burden is smaller than today, larger or equal; ``moved`` counts the calls that start at another time. ``blocked``
    are the members who cannot attend one of the calls, in the order of the roster. ``proven`` says that no rotation of
    the kind of ``id`` is better; of today's and given ones nothing is claimed.
    """

    id: str
    kind: OptionKind
    also: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = field(repr=False)
    series: Series = field(repr=False)
    calls: tuple[Call, ...] = field(repr=False)
    shares: tuple[Share, ...] = field(repr=False)
    worst: int
    total: int
    nights: int
    most_nights: int
    better: int
    worse: int
    same: int
    moved: int
    blocked: tuple[MemberId, ...]
    proven: bool
    dominates_today: bool = False
    dominated: bool = False
    by_group: Mapping[str, Mapping[str, OptionGroup]] = field(repr=False)
    local: tuple[LocalHours, ...] = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_group", freeze(self.by_group))

    @property
    def starts(self) -> str:
        """The slots in one line, in UTC where no zone is written.

        It may be given back as a rotation unless a slot has a weekday or a length of its own.
        """
        return ",".join(f"{slot.at:%H:%M}" + ("" if slot.zone == "UTC" else f"@{slot.zone}") for slot in self.slots)

    @property
    def figures(self) -> Figures:
        """The figures by which rotations are compared."""
        return Figures(worst=self.worst, nights=self.nights, total=self.total)

    @property
    def is_asked_for(self) -> bool:
        """Whether the rotation is shown even if another one dominates it: today's, and those given by name."""
        return self.kind in {OptionKind.TODAY, OptionKind.GIVEN}


@dataclass(frozen=True, kw_only=True, slots=True)
class RotationTable(Rows[Option]):
    """Rotations for one plan, today's first; ``calls`` are the held calls and ``notes`` say what is not there, and why.

    It iterates over its options and finds them by id.
    """

    request: Request
    calls: int
    options: tuple[Option, ...]
    notes: tuple[Fact, ...] = ()
    _shown: ClassVar[tuple[str, ...]] = (
        "id", "starts", "worst", "total", "nights", "most_nights", "better", "worse", "same", "moved", "blocked",
        "dominates_today", "dominated",
    )  # fmt: skip

    @property
    def rows(self) -> tuple[Option, ...]:
        """The options."""
        return self.options

    def __getitem__(self, wanted: str) -> Option:
        """Return the option of an id; raises :class:`UnknownOption` where there is none."""
        for option in self.options:
            if wanted in (option.id, *option.also):
                return option
        raise UnknownOption(wanted, tuple(id_ for option in self.options for id_ in (option.id, *option.also)))

    @property
    def current(self) -> Option:
        """The plan as it stands."""
        return self.options[0]

    @property
    def is_refused(self) -> bool:
        """Whether no rotation of any kind keeps the constraints, and none is given."""
        codes = {note.code for note in self.notes}
        is_alone = len(self.options) == 1 and not self.current.also
        return is_alone and CompareNote.NO_ROTATION in codes and CompareNote.NOT_FOUND not in codes

    @property
    def shown(self) -> tuple[Option, ...]:
        """The options that no other one dominates, and those that were asked for."""
        return tuple(option for option in self.options if option.is_asked_for or not option.dominated)

    @property
    def recommended(self) -> Option | None:
        """The fairest of the options that are better than today and dominated by none; None where there is none."""
        better = [option for option in self.options if option.dominates_today and not option.dominated]
        return min(better, key=lambda one: [share.burden for share in one.shares], default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A rotation that was found, before it is counted."""

    id: str
    kind: OptionKind
    slots: tuple[Slot, ...]
    proven: bool = False


def compare_rotations(
    setting: Setting,
    request: Request,
    budget: Budget | None = None,
    *,
    sizes: Iterable[int] | None = None,
    given: Sequence[GivenRotation] = (),
    alternatives: int = 0,
    tell: Callable[[str], None] = lambda _id: None,
) -> RotationTable:
    """The plan's rotation beside others that keep the constraints of a request, and beside those that are given.

    ``sizes`` are the numbers of slots for which the fairest rotation is sought, ``SIZES`` if not given;
    ``alternatives`` how many more are sought that are nearly as fair as the fairest and unlike all that are shown.
    Nothing is sought where neither is given, the plan has one slot, and nobody is in the night at any call. The numbers
    of slots and the objective of the request have no meaning here. ``tell`` gets the id of what is sought next.

    Raises :class:`InvalidRequest` where plan and request do not fit, or given rotations have one name.
    """
    setting = setting.under(request.curve)
    length = len(setting.series.rotation.slots)
    request = replace(request, slots=length, objective=Objective.LEXIMIN)
    _check_names(given)
    finder = _Finder(setting, request, budget or Budget(), tell)
    drafts = [Draft(id="today", kind=OptionKind.TODAY, slots=setting.series.rotation.slots)]
    if sizes is None and not alternatives and length == 1 and _is_out_of_night(setting, request):
        finder.notes.append(Fact.of(CompareNote.NOTHING_TO_ROTATE))
    else:
        wanted = SIZES if sizes is None else sizes
        drafts += finder.find_all(sorted({*wanted}), reserved=1 if alternatives else 0)
    drafts += [Draft(id=one.name, kind=OptionKind.GIVEN, slots=name_slots(setting, one.slots)) for one in given]
    weigh = Weighing(setting, request, [slot for draft in drafts for slot in draft.slots])
    options = weigh.list_options(drafts)
    for number in range(1, alternatives + 1):
        shown = [option.slots for option in options if option.is_asked_for or not option.dominated]
        found = finder.find_alternative(number, shown, parts=alternatives + 1 - number)
        if found is None:
            break
        drafts.append(found)
        options = weigh.list_options(drafts)
    held = sum(call.is_held for call in setting.calls)
    return RotationTable(request=request, calls=held, options=options, notes=tuple(finder.notes))


def _is_out_of_night(setting: Setting, request: Request) -> bool:
    """Whether nobody who counts is in the night at a call of the plan."""
    return not any(tally_calls(setting, request.members_counted(setting.audience.members), setting.calls).nights)


def weigh_proposal(setting: Setting, found: Proposed) -> tuple[Option, ...]:
    """Return today's rotation, the proposed one, the recommended one and the knee of its frontier; equal ones once."""
    setting, request = setting.under(found.request.curve), found.request
    request = replace(request, slots=len(setting.series.rotation.slots))
    drafts = [
        Draft(id="today", kind=OptionKind.TODAY, slots=setting.series.rotation.slots),
        Draft(id="this one", kind=OptionKind.GIVEN, slots=found.slots),
        *(
            [Draft(id="recommended", kind=OptionKind.GIVEN, slots=found.recommended.offer.slots)]
            if found.recommended
            else []
        ),
        *(Draft(id="knee", kind=OptionKind.KNEE, slots=offer.slots) for offer in found.frontier if offer.knee),
    ]
    return _weigh_drafts(setting, request, drafts)


def _check_names(given: Sequence[GivenRotation]) -> None:
    """Refuse names of rotations that say nothing, or would not tell them apart."""
    own = {str(kind) for kind in OptionKind if kind not in {OptionKind.GIVEN, OptionKind.FAIREST}}
    count = Counter(one.name for one in given)
    mistakes = [
        Mistake(place="option", problem=f"found the name {name!r} {problem}; give it another name")
        for name in count
        for problem in (
            *(["twice"] if count[name] > 1 else []),
            *([", which an option of every comparison has"] if name in own or name.startswith("slots-") else []),
            *([""] if not name.strip() else []),
        )
    ]
    if mistakes:
        raise InvalidRequest(mistakes)


def weigh_rotations(setting: Setting, request: Request, given: Sequence[GivenRotation]) -> RotationTable:
    """Today's rotation beside those that are given, without a search for others.

    Raises :class:`InvalidRequest` where plan and request do not fit, or given rotations have one name.
    """
    setting = setting.under(request.curve)
    request = replace(request, slots=len(setting.series.rotation.slots))
    _check_names(given)
    drafts = [
        Draft(id="today", kind=OptionKind.TODAY, slots=setting.series.rotation.slots),
        *(Draft(id=one.name, kind=OptionKind.GIVEN, slots=name_slots(setting, one.slots)) for one in given),
    ]
    held = sum(call.is_held for call in setting.calls)
    return RotationTable(request=request, calls=held, options=_weigh_drafts(setting, request, drafts))


def _weigh_drafts(setting: Setting, request: Request, drafts: Sequence[Draft]) -> tuple[Option, ...]:
    """Weigh rotations beside the first, which is today's."""
    return Weighing(setting, request, [slot for draft in drafts for slot in draft.slots]).list_options(drafts)


class Weighing:
    """Counts what rotations put on the members who count, each beside today.

    The rotations have ``slots``, or others of the request's grid.
    """

    def __init__(self, setting: Setting, request: Request, slots: Iterable[Slot]) -> None:
        self._setting, self._request = setting, request
        self._members = request.members_counted(setting.audience.members)
        self._today = tally_calls(setting, self._members, setting.calls)
        self._starts = {call.uid: call.start for call in setting.calls}
        self._known: dict[Draft, Option] = {}
        is_near = not request.weekdays and all(slot.weekday is None for slot in slots)
        self._clocks = _Clocks(setting, request, self._members, around=_AROUND if is_near else _AROUND_WEEK)

    def list_options(self, drafts: Iterable[Draft]) -> tuple[Option, ...]:
        """The options, equal ones once under the first id, each with whether another one dominates it."""
        folded: dict[tuple[tuple[str, datetime, datetime], ...], Option] = {}
        for draft in drafts:
            option = self._known.get(draft) or self._weigh(draft)
            self._known[draft] = option
            key = tuple((call.uid, call.start, call.end) for call in option.calls if call.is_held)
            if key in folded:
                folded[key] = replace(folded[key], also=(*folded[key].also, option.id))
            else:
                folded[key] = option
        options = list(folded.values())
        dominated = find_dominated([option.figures for option in options])
        today = options[0].figures
        return tuple(
            replace(option, dominates_today=option.figures.dominates(today), dominated=is_dominated)
            for option, is_dominated in zip(options, dominated, strict=True)
        )

    def _weigh(self, draft: Draft) -> Option:
        setting, members = self._setting, self._members
        series, calls, tally = setting.series, tuple(setting.calls), self._today
        if draft.kind is not OptionKind.TODAY:
            series = put_slots(setting, self._request, draft.slots)
            calls = unroll(series)
            tally = tally_calls(setting, members, calls)
        shares = make_shares(setting, members, tally, self._today)
        changes = [share.burden - share.burden_today for share in shares]
        return Option(
            id=draft.id,
            kind=draft.kind,
            slots=draft.slots,
            series=series,
            calls=calls,
            shares=shares,
            worst=max((share.burden for share in shares), default=0),
            total=sum(share.burden for share in shares),
            nights=weigh_counts(members, tally.nights),
            most_nights=max(tally.nights, default=0),
            better=sum(change < 0 for change in changes),
            worse=sum(change > 0 for change in changes),
            same=sum(change == 0 for change in changes),
            moved=sum(call.start != self._starts[call.uid] for call in calls if call.is_held),
            blocked=tuple(member.id for member, count in zip(members, tally.blocked, strict=True) if count),
            proven=draft.proven,
            by_group=self._group(tally),
            local=self._clocks.read(draft.slots),
        )

    def _group(self, tally: Tally) -> dict[str, dict[str, OptionGroup]]:
        """The members who take part in a call, by the values of each group."""
        places: dict[str, dict[str, list[int]]] = {}
        for place, member in enumerate(self._members):
            for name, value in member.groups.items() if tally.calls[place] else ():
                places.setdefault(name, {}).setdefault(value, []).append(place)
        return {
            name: {value: self._count_group(tally, values[value]) for value in sorted(values)}
            for name, values in sorted(places.items())
        }

    def _count_group(self, tally: Tally, places: Sequence[int]) -> OptionGroup:
        members = [self._members[place] for place in places]
        carried = [self._setting.carried.get(member.id, 0) for member in members]
        burdens = [tally.burdens[place] + more for place, more in zip(places, carried, strict=True)]
        changes = [tally.burdens[place] - self._today.burdens[place] for place in places]
        return OptionGroup(
            size=len(members),
            members=sum(member.weight for member in members),
            worst=max(burdens),
            mean=sum(burdens) / len(burdens),
            total=sum(burdens),
            nights=weigh_counts(members, [tally.nights[place] for place in places]),
            better=sum(change < 0 for change in changes),
            worse=sum(change > 0 for change in changes),
        )


class _Clocks:
    """Reads the local hours of slots on every clock that members live by, over the calls that take a slot.

    A call starts within ``around`` days of its date.
    """

    def __init__(self, setting: Setting, request: Request, members: Sequence[Member], *, around: int) -> None:
        self._around = around
        turns = layout(setting, request, setting.series.rotation.slots).turns
        self._dates = sorted({call.date for _, calls in turns for call in calls})
        first, last = self._dates[0], self._dates[-1]
        present = [member for member in members if takes_part(member, first, last)]
        homes = Counter(member.zone for member in present)
        groups = group_by_clock(homes, first, last, margin=around)
        count = {clock: sum(homes[zone] for zone in zones) for clock, zones in groups.items()}
        # most members first, and of as many the ones farther west
        self._clocks = sorted(
            ((clock, zones, count[clock]) for clock, zones in groups.items()),
            key=lambda row: (-row[2], row[0].offsets[0], row[1]),
        )
        hours = setting.audience.hours
        kinds = {
            zone: Counter(
                (Window(*member.night) if member.night else hours.night, setting.audience.lead_of(member))
                for member in present
                if member.zone == zone
            )
            for zone in homes
        }
        self._nights = {zones: sum((kinds[zone] for zone in zones), Counter()) for zones in groups.values()}
        self._meeting_minutes, self._overrun = setting.meeting.minutes, setting.audience.overrun
        self._changes = {change for clock in groups for change in clock.instants[1:]}
        self._instants: dict[tuple[Slot, date], int] = {}

    def read(self, slots: Sequence[Slot]) -> tuple[LocalHours, ...]:
        """The local starts of slots, by clock and by stretch between two changes of them."""
        anchors = group_by_clock((slot.zone for slot in slots), self._dates[0], self._dates[-1], margin=self._around)
        days = self._sample({*self._changes, *(change for clock in anchors for change in clock.instants[1:])})
        return tuple(
            LocalHours(zones=zones, members=members, first=first, last=last, starts=starts)
            for clock, zones, members in self._clocks
            for first, last, starts in self._find_stretches(clock, zones, slots, days)
        )

    def _sample(self, changes: Iterable[int]) -> list[date]:
        """The dates of calls between which no local hour changes: the ends, and those around each change of a clock."""
        places = {0, len(self._dates) - 1}
        for change in changes:
            day = datetime.fromtimestamp(change, UTC).date()
            low = bisect_left(self._dates, day - timedelta(days=self._around)) - 1
            high = bisect_right(self._dates, day + timedelta(days=self._around)) + 1
            places.update(range(max(0, low), min(high, len(self._dates))))
        return [self._dates[place] for place in sorted(places)]

    def _find_stretches(
        self, clock: OffsetTable, zones: tuple[ZoneName, ...], slots: Sequence[Slot], days: Sequence[date]
    ) -> list[tuple[date, date, tuple[ClockReading, ...]]]:
        stretches: list[tuple[date, date, tuple[ClockReading, ...]]] = []
        for day in days:
            starts = tuple(self._mark(_read_clock(clock, self._find_instant(slot, day)), slot, zones) for slot in slots)
            if stretches and stretches[-1][2] == starts:
                stretches[-1] = (stretches[-1][0], day, starts)
            else:
                stretches.append((day, day, starts))
        return stretches

    def _mark(self, reading: ClockReading, slot: Slot, zones: tuple[ZoneName, ...]) -> ClockReading:
        """Say of a start whether most of those who live by a clock are in the night at the call, with lead and overrun.

        A clock that changes during the call is read as it is at the start.
        """
        minute, minutes = minute_of_day(reading.at), (slot.minutes or self._meeting_minutes) + self._overrun
        nights = self._nights[zones]
        touched = sum(
            count for (night, lead), count in nights.items() if night.overlap((minute - lead) % DAY, minutes + lead)
        )
        return replace(reading, in_night=2 * touched > nights.total())

    def _find_instant(self, slot: Slot, day: date) -> int:
        """When a slot starts on a date, in UTC seconds."""
        plain = replace(slot, label=None, minutes=None)
        if (plain, day) not in self._instants:
            self._instants[plain, day] = to_epoch_second(resolve_slot(slot, day).instant)
        return self._instants[plain, day]


def _read_clock(clock: OffsetTable, second: int) -> ClockReading:
    """What a clock shows at a UTC second."""
    offset = clock.offsets[max(bisect_right(clock.instants, second) - 1, 0)]
    day, minute = divmod((second + offset) // 60, DAY)
    return ClockReading(at=time(*divmod(minute, 60)), day_shift=day - second // 60 // DAY)


class _Finder:
    """Finds rotations, each within its share of the time that is left; ``notes`` say what was not found."""

    def __init__(self, setting: Setting, request: Request, budget: Budget, tell: Callable[[str], None]) -> None:
        self._setting, self._request, self._budget, self._tell = setting, request, budget, tell
        self._slots = setting.series.rotation.slots
        self._case = Case.of(setting, request)
        self._least = Least(picks=None, closed=False, bound=0)
        self.notes: list[Fact] = []

    def find_all(self, sizes: Sequence[int], *, reserved: int) -> list[Draft]:
        """The rotations in their order; of the time a share each is kept for so many more searches."""
        own = len(self._slots)
        left = len(sizes) + 3 + reserved

        def share() -> Budget:
            nonlocal left
            left -= 1
            return self._budget.part(1 / (left + 1))

        reordered = self._find_order(share())
        moved = self._find_one_moved(share())
        ends = self._find_ends(share())
        fairest = [self._find_fairest(size, share()) for size in sizes if size != own]
        if own in sizes:
            fairest.append(self._take_fairest(own))
        fairest.sort(key=lambda draft: 0 if draft is None else len(draft.slots))
        return [draft for draft in (reordered, moved, *fairest, *ends) if draft is not None]

    def _note_missing(self, id_: str, *, closed: bool) -> None:
        code = CompareNote.NO_ROTATION if closed else CompareNote.NOT_FOUND
        self.notes.append(Fact.of(code, option=id_))

    def _find_order(self, budget: Budget) -> Draft | None:
        """The best order of today's slots."""
        self._tell("reordered")
        case = Case.of(self._setting, self._request, lambda _grid: self._slots)
        problem = case.problem
        each_once = np.eye(len(self._slots), dtype=np.bool_)
        clashes = {
            pair: each_once | problem.clashes[pair] if pair in problem.clashes else each_once
            for pair in combinations(range(problem.turns), 2)
        }
        climb = _climb(replace(problem, clashes=clashes), (), budget)
        if climb.picks is None:
            self._note_missing("reordered", closed=climb.closed)
            return None
        picked = dict(zip(_places(case.layout), climb.picks, strict=True))
        rest = iter(sorted({*range(len(self._slots))} - {*climb.picks}))
        order = [picked[place] if place in picked else next(rest) for place in range(len(self._slots))]
        return Draft(
            id="reordered",
            kind=OptionKind.REORDERED,
            slots=tuple(self._slots[pick] for pick in order),
            proven=climb.closed,
        )

    def _find_one_moved(self, budget: Budget) -> Draft | None:
        """The best rotation in which one slot of today's is at an hour of the grid in its own zone."""
        self._tell("one-moved")
        kinds = list(dict.fromkeys(replace(slot, at=time(), label=None) for slot in self._slots))

        def list_slots(grid: int) -> tuple[Slot, ...]:
            hours = (replace(kind, at=at) for kind in kinds for at in hours_of_day(grid))
            return (*self._slots, *name_slots(self._setting, hours))

        case = Case.of(self._setting, self._request, list_slots)
        problem, places = case.problem, _places(case.layout)
        per_kind = len(hours_of_day(case.grid))
        best: Picks | None = None
        closed = case.grid == self._request.grid
        for turn, place in enumerate(places):
            first = len(self._slots) + per_kind * kinds.index(replace(self._slots[place], at=time(), label=None))
            picks = _find_best_move(problem, places, turn, range(first, first + per_kind), budget)
            closed = closed and not budget.over()
            if picks is not None and (best is None or _is_better(problem, picks, best)):
                best = picks
        if best is None:
            self._note_missing("one-moved", closed=closed)
            return None
        slots = list(self._slots)
        for place, pick in zip(places, best, strict=True):
            slots[place] = case.layout.candidates[pick]
        return Draft(id="one-moved", kind=OptionKind.ONE_MOVED, slots=tuple(slots), proven=closed)

    def _find_fairest(self, size: int, budget: Budget) -> Draft | None:
        """The fairest rotation of so many slots."""
        id_ = f"slots-{size}"
        self._tell(id_)
        try:
            case = Case.of(self._setting, replace(self._request, slots=size))
        except InvalidSeries:
            self.notes.append(Fact.of(CompareNote.TOO_SHORT, option=id_))
            return None
        climb = _climb(case.problem, case.grids, budget)
        if climb.picks is None:
            self._note_missing(id_, closed=climb.closed)
            return None
        return Draft(
            id=id_,
            kind=OptionKind.FAIREST,
            slots=case.layout.slots(climb.picks),
            proven=climb.closed and case.grid == self._request.grid,
        )

    def _find_ends(self, budget: Budget) -> list[Draft]:
        """Of as many slots as today's: the knee of the frontier, and the least total."""
        self._tell("knee")
        case = self._case
        solved = solve(case.problem, budget, objective=Objective.TOTAL, grids=case.grids)
        self._least = solved if isinstance(solved, Least) else solved.least
        if isinstance(solved, Least):
            for id_ in ("knee", "least-total"):
                self._note_missing(id_, closed=solved.closed)
            return []
        is_whole = case.grid == self._request.grid
        found = []
        bend = knee(solved.points, whole=solved.swept)
        if bend is None:
            self.notes.append(Fact.of(CompareNote.NO_KNEE, option="knee"))
        else:
            slots = case.layout.slots(bend.picks)
            found.append(Draft(id="knee", kind=OptionKind.KNEE, slots=slots, proven=solved.swept and is_whole))
        slots = case.layout.slots(solved.picks)
        found.append(
            Draft(id="least-total", kind=OptionKind.LEAST_TOTAL, slots=slots, proven=solved.closed and is_whole)
        )
        return found

    def _take_fairest(self, size: int) -> Draft | None:
        """The fairest rotation of as many slots as today's, which the search for the ends has found."""
        case, least = self._case, self._least
        if least.picks is None:
            self._note_missing(f"slots-{size}", closed=least.closed)
            return None
        return Draft(
            id=f"slots-{size}",
            kind=OptionKind.FAIREST,
            slots=case.layout.slots(least.picks),
            proven=least.closed and case.grid == self._request.grid,
        )

    def find_alternative(self, number: int, shown: Iterable[Sequence[Slot]], *, parts: int) -> Draft | None:
        """The fairest rotation near the best that is unlike every one that is shown."""
        id_ = f"alternative-{number}"
        self._tell(id_)
        case, least = self._case, self._least
        if least.picks is None:
            self._note_missing(id_, closed=least.closed)
            return None
        problem = _keep_apart(case, shown, case.problem.worst(least.picks) * (100 + _NEAR) // 100)
        climb = _climb(problem, case.grids, self._budget.part(1 / parts))
        if climb.picks is None:
            self._note_missing(id_, closed=climb.closed)
            return None
        return Draft(
            id=id_,
            kind=OptionKind.ALTERNATIVE,
            slots=case.layout.slots(climb.picks),
            proven=climb.closed and least.closed and case.grid == self._request.grid,
        )


def _places(plan: Layout) -> list[int]:
    """The places of the rotation that have a call to give, in the order of the turns."""
    return [place for place, _ in plan.turns]


def _climb(problem: Problem, grids: Sequence[Sequence[int]], budget: Budget) -> Climb:
    """Search for the fairest picks until they are proven or the time is up; the first look takes what it takes."""
    climb = Climb(problem, Aim(), grids, seed=budget.seed)
    run(climb.start(), budget.interrupted)
    run(_go_on(climb, is_endless=budget.is_endless), budget.over)
    return climb


def _go_on(climb: Climb, *, is_endless: bool) -> Steps[None]:
    number = 0
    while not climb.closed and (number < _ROUNDS or not is_endless):
        yield
        yield from climb.round(number) if climb.picks is not None else climb.start_again(number)
        number += 1


def _is_better(problem: Problem, picks: Picks, other: Picks) -> bool:
    return merit(problem, Aim(), picks) < merit(problem, Aim(), other)


def _find_best_move(problem: Problem, stay: Sequence[int], turn: int, hours: range, budget: Budget) -> Picks | None:
    """The best picks in which one turn takes one of some candidates and the others those of ``stay``."""
    part = part_of(problem, [turn], stay)
    allowed = np.zeros_like(part.allowed)
    allowed[:, hours] = part.allowed[:, hours]
    search = ExactSearch(replace(part, allowed=allowed), Aim())
    run(search.steps(), budget.over)
    if search.picks is None:
        return None
    picks = (*stay[:turn], search.picks[0], *stay[turn + 1 :])
    return picks if problem.keeps(picks) else None


def _keep_apart(case: Case, shown: Iterable[Sequence[Slot]], limit: int) -> Problem:
    """The problem with the worst limited, in units, and picks that differ from each rotation in half the places.

    Rotations of two lengths are compared place by place as their turns go on, until both are at their beginning again,
    and that for every place at which the other one may begin.
    Two slots are the same where every call would start at the same time in them.
    """
    problem, plan = case.problem, case.layout
    calls = [call for _, call in case.found.calls]
    starts = [column.tobytes() for column in np.ascontiguousarray(case.found.starts.T)]
    turn_of = dict(zip(_places(plan), range(problem.turns), strict=True))
    owners: list[int] = []
    for place in range(plan.length):  # a place without a call takes the slot of the place before it
        owners.append(turn_of.get(place, owners[-1] if owners else 0))
    rows, limits = [problem.rows], [problem.row_limits]
    for slots in shown:
        others = [np.array([to_epoch_second(start_in(call, slot)) for call in calls]).tobytes() for slot in slots]
        both = lcm(plan.length, len(slots))
        for shift in range(gcd(plan.length, len(slots))):  # larger shifts give the same pairs again
            row = np.zeros((problem.turns, 1, len(starts)), dtype=np.int64)
            for place in range(both):
                equal = [start == others[(place + shift) % len(slots)] for start in starts]
                row[owners[place % plan.length], 0, equal] += 1
            rows.append(row)
            limits.append(np.array([both // 2], dtype=np.int64))
    added = len(rows) - 1
    return replace(
        problem,
        rows=np.concatenate(rows, axis=1),
        row_base=np.concatenate([problem.row_base, np.zeros(added, dtype=np.int64)]),
        row_limits=np.concatenate(limits),
        cap=limit if problem.cap is None else min(problem.cap, limit),
    )
