"""The facts of a paper for a meeting: what is to be decided, what each option does to whom, and what is recommended.

A decision is about the time of one call, or about the rotation of all calls. Its figures are those of a check or of a
comparison of rotations, and nothing is weighed here again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from mag_rotation.calls import Call
from mag_rotation.choice import Comparison, Figures, Standing, compare_figures
from mag_rotation.errors import InvalidRequest, Mistake, UnknownOption
from mag_rotation.night import MemberNight, NightReport, night_report
from mag_rotation.roster import MemberId, ZoneName
from mag_rotation.series import Slot
from mag_rotation.values import Fact, freeze

if TYPE_CHECKING:
    from mag_rotation.fairness import Check, Verdict
    from mag_rotation.plan import Plan
    from mag_rotation.propose import GivenRotation, Option

__all__ = [
    "Advice",
    "ClockStart",
    "Decision",
    "DecisionOption",
    "GroupEffect",
    "MemberEffect",
    "RotationDecision",
    "RotationOption",
    "TimeDecision",
    "TimeOption",
    "decide_rotation",
    "decide_time",
]

_MOST_RIVALS = 3
"""The most times beside the planned and the proposed one: those of a check that come first."""


class Advice(StrEnum):
    """What is recommended."""

    CHANGE = "change"
    """An option that is better than the one in hand, and that no other option dominates."""
    KEEP = "keep"
    """The one in hand: no other option gains anything."""
    TRADE = "trade"
    """Nothing: other options gain something and pay for it, so that the meeting has to weigh them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberEffect:
    """What an option puts on a member: the burden in point-minutes, its change against the option in hand, and nights.

    For a time the burden is that of the ledger after it, and ``nights`` is 1 or 0.
    """

    id: MemberId
    name: str
    burden: int
    change: int
    nights: int


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupEffect:
    """What an option does to a group. ``nights`` counts people by weight, the others count members.

    ``better`` and ``worse`` are those whose burden is smaller or larger than under the option in hand.
    """

    size: int
    nights: int
    better: int
    worse: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionOption:
    """One of the options, and what it does to whom, beside the option in hand.

    ``comparison`` says where it gains and what it pays; who can attend only under one of the two counts like a figure.
    ``dominated`` says that another option of the paper dominates it. ``better``, ``worse`` and ``same`` count members
    by their burden. ``blocked`` are the members who cannot attend, ``freed`` and ``newly_blocked`` those who can attend
    only under this option, or only under the one in hand.
    """

    id: str
    also: tuple[str, ...] = ()
    figures: Figures
    comparison: Comparison
    dominated: bool
    better: int
    worse: int
    same: int
    blocked: tuple[MemberId, ...]
    freed: tuple[MemberId, ...]
    newly_blocked: tuple[MemberId, ...]
    members: tuple[MemberEffect, ...] = field(repr=False)
    by_group: Mapping[str, Mapping[str, GroupEffect]] = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_group", freeze(self.by_group))

    @property
    def hardest(self) -> tuple[MemberId, ...]:
        """The members who bear the most; empty if nobody bears anything."""
        worst = self.figures.worst
        return tuple(member.id for member in self.members if worst and member.burden == worst)

    @property
    def names(self) -> tuple[str, ...]:
        """The id, and those of equal options."""
        return self.id, *self.also


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeOption(DecisionOption):
    """A time for one call: ``planned``, ``proposed``, or one that a check has found near it.

    ``verdict`` is that of a check at this time.
    """

    start: datetime
    minutes: int
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class RotationOption(DecisionOption):
    """A rotation. ``moved`` counts the calls that start at another time than today, ``first_moved`` is the first."""

    slots: tuple[Slot, ...]
    most_nights: int
    moved: int
    first_moved: Call | None
    source: Option = field(repr=False)


_Weighed = TypeVar("_Weighed", bound=DecisionOption)
O_co = TypeVar("O_co", bound=DecisionOption, covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision(Generic[O_co]):
    """What a meeting is to decide. The first option is the one in hand, and the others are compared with it.

    ``chosen`` is the option that was decided on; None before the meeting.
    """

    options: tuple[O_co, ...]
    advice: Advice
    recommended: O_co | None
    chosen: O_co | None = None

    @property
    def current(self) -> O_co:
        """The option in hand."""
        return self.options[0]

    @property
    def noted(self) -> O_co | None:
        """The option that the minute records: the chosen one, else the recommended one."""
        return self.chosen or self.recommended

    def choose(self, wanted: str) -> Self:
        """Return the decision in which an option is chosen, by id; raises :class:`UnknownOption` if there is none."""
        return replace(self, chosen=_find_chosen(self.options, wanted))


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockStart:
    """The local starts of the options on one clock; ``zones`` are those of its members, with most people first.

    ``in_night`` says of each option whether it is in the night of more than half of the members.
    """

    zones: tuple[ZoneName, ...]
    members: int
    walls: tuple[datetime, ...]
    day_shifts: tuple[int, ...]
    in_night: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeDecision(Decision[TimeOption]):
    """The time of one call. In hand is the planned time, or the proposed one for a call that is new or cancelled.

    ``call`` is the call that would be replaced, ``why`` are the reasons of the verdict on the proposed time. ``clocks``
    has the members who take part under every option, from west to east.
    """

    call: Call | None
    why: tuple[Fact, ...]
    clocks: tuple[ClockStart, ...]

    @property
    def proposed(self) -> TimeOption:
        """The proposed time."""
        return next(option for option in self.options if option.id == "proposed")

    @property
    def is_move(self) -> bool:
        """Whether a call is planned for another time; else the call is new or cancelled."""
        return self.current is not self.proposed


@dataclass(frozen=True, kw_only=True, slots=True)
class RotationDecision(Decision[RotationOption]):
    """The rotation of ``calls`` held calls; those before ``first`` are history. In hand is today's rotation."""

    first: date | None
    calls: int


def decide_time(
    plan: Plan,
    start: datetime,
    minutes: int | None = None,
    *,
    instead_of: Call | None = None,
    chosen: str | None = None,
) -> TimeDecision:
    """Return the decision on a time, which :meth:`Plan.check` judges, beside the first of the times that it finds.

    Raises :class:`UnknownOption` if ``chosen`` is no option, :class:`InvalidRequest` if the call is planned for that
    time already, and what :meth:`Plan.check` raises.
    """
    check = plan.check(start, minutes, instead_of=instead_of)
    planned = check.planned
    if planned is not None and (planned.start, planned.night.end) == (check.night.start, check.night.end):
        problem = "found the time for which the call is planned already; propose another one"
        raise InvalidRequest([Mistake(place="at", problem=problem)])
    nights = list(_list_nights(plan, check))
    verdicts = {
        id_: check[id_].verdict
        or plan.verdicts(night.start, _count_minutes(night), instead_of=instead_of)[plan.hours.curve]
        for id_, night in nights
    }
    options = tuple(_weigh_times(check, nights, verdicts))
    advice, recommended = _advise_on_times(options)
    return TimeDecision(
        options=options,
        advice=advice,
        recommended=recommended,
        chosen=_find_chosen(options, None if chosen is None else chosen.replace(" ", "-")),  # people read "better 1"
        call=instead_of,
        why=check.why,
        clocks=_read_clocks([night for _, night in nights]),
    )


def _list_nights(plan: Plan, check: Check) -> Iterator[tuple[str, NightReport]]:
    """Yield the times of a check that are options, by id, each with who is in the night."""
    minutes = _count_minutes(check.night)
    audience = plan.audience_at(check.night.start)
    if check.planned is not None:
        yield "planned", check.planned.night
    yield "proposed", check.night
    rivals = (time for time in check if time.verdict is None and not _is_planned(time.start, minutes, check))
    for time in islice(rivals, _MOST_RIVALS):
        yield time.id, night_report(start=time.start, minutes=minutes, audience=audience)


def _is_planned(start: datetime, minutes: int, check: Check) -> bool:
    """Whether a start of so many minutes is the time as planned, which is an option already."""
    planned = check.planned
    return planned is not None and (planned.start, _count_minutes(planned.night)) == (start, minutes)


def _count_minutes(night: NightReport) -> int:
    return (night.end - night.start) // timedelta(minutes=1)


def _weigh_times(
    check: Check, nights: Sequence[tuple[str, NightReport]], verdicts: Mapping[str, Verdict]
) -> Iterator[TimeOption]:
    """Yield the options, each beside the first."""
    _, current = nights[0]
    before = {share.id: share.burden for share in check.before}
    now = {row.id: row.burden for row in current.members}
    first = check[nights[0][0]].figures
    free = [check[id_].figures for id_, night in nights if not _subtract(night.blocked, current.blocked)]
    for id_, night in nights:
        own = check[id_].figures
        rows = {row.id: row for row in night.members}
        changes = {one: (rows[one].burden if one in rows else 0) - now.get(one, 0) for one in rows.keys() | now.keys()}
        yield TimeOption(
            id=id_,
            figures=own,
            comparison=_compare(own, first, night.blocked, current.blocked),
            dominated=_is_dominated(own, free),
            better=sum(change < 0 for change in changes.values()),
            worse=sum(change > 0 for change in changes.values()),
            same=sum(change == 0 for change in changes.values()),
            blocked=night.blocked,
            freed=_subtract(current.blocked, night.blocked),
            newly_blocked=_subtract(night.blocked, current.blocked),
            members=_list_members(check, rows, before, changes),
            by_group=_group_times(night, changes),
            start=night.start,
            minutes=_count_minutes(night),
            verdict=verdicts[id_],
        )


def _list_members(
    check: Check, rows: Mapping[MemberId, MemberNight], before: Mapping[MemberId, int], changes: Mapping[MemberId, int]
) -> tuple[MemberEffect, ...]:
    """Return what a time puts on each member, with what the calls before it have, the most first."""
    names = {**{share.id: share.name for share in check.before}, **{row.id: row.name for row in rows.values()}}
    effects = [
        MemberEffect(
            id=id_,
            name=name,
            burden=before.get(id_, 0) + (rows[id_].burden if id_ in rows else 0),
            change=changes.get(id_, 0),
            nights=int(id_ in rows and rows[id_].in_night),
        )
        for id_, name in names.items()
    ]
    return tuple(sorted(effects, key=lambda member: (-member.burden, member.id)))


def _group_times(night: NightReport, changes: Mapping[MemberId, int]) -> dict[str, dict[str, GroupEffect]]:
    """Return what a time does to the groups of those who take part."""
    members: dict[tuple[str, str], list[MemberId]] = defaultdict(list)
    for row in night.members:
        for group in row.member.groups.items():
            members[group].append(row.id)
    return {
        name: {
            value: GroupEffect(
                size=len(members[name, value]),
                nights=count.in_night,
                better=sum(changes[id_] < 0 for id_ in members[name, value]),
                worse=sum(changes[id_] > 0 for id_ in members[name, value]),
            )
            for value, count in values.items()
        }
        for name, values in night.by_group.items()
    }


def _compare(
    figures: Figures, current: Figures, blocked: Sequence[MemberId], blocked_now: Sequence[MemberId]
) -> Comparison:
    """Compare an option with the one in hand; who can attend only under one of them counts like a figure."""
    found = compare_figures(figures, current)
    gains = bool(found.gains or _subtract(blocked_now, blocked))
    pays = bool(found.pays or _subtract(blocked, blocked_now))
    return Comparison(standing=Standing.of(gains=gains, pays=pays), gains=found.gains, pays=found.pays)


def _is_dominated(figures: Figures, free: Iterable[Figures]) -> bool:
    """Whether one of the options that shut nobody out dominates these figures; one that does is no choice."""
    return any(other.dominates(figures) for other in free)


def _subtract(members: Sequence[MemberId], others: Sequence[MemberId]) -> tuple[MemberId, ...]:
    return tuple(member for member in members if member not in others)


def _advise_on_times(options: Sequence[TimeOption]) -> tuple[Advice, TimeOption | None]:
    """Return the advice, and the best option: better than the one in hand, and not dominated.

    Of several it is the one with the best verdict, and of these the first: the proposed time, else the nearest to it.
    """
    from mag_rotation.fairness import Verdict  # noqa: PLC0415 - brings numpy

    return _advise(options, min(_list_better(options), key=lambda one: [*Verdict].index(one.verdict), default=None))


def _list_better(options: Iterable[_Weighed]) -> list[_Weighed]:
    """Return the options that are better than the one in hand and that nothing dominates."""
    return [one for one in options if one.comparison.standing is Standing.BETTER and not one.dominated]


def _advise(options: Sequence[_Weighed], better: _Weighed | None) -> tuple[Advice, _Weighed | None]:
    """Return the advice where ``better`` is the best of the options that are better than the one in hand."""
    if better is not None:
        return Advice.CHANGE, better
    if any(one.comparison.standing is Standing.TRADE for one in options):
        return Advice.TRADE, None
    return Advice.KEEP, options[0]


def _find_chosen(options: Sequence[_Weighed], chosen: str | None) -> _Weighed | None:
    """Return the option of an id; raises :class:`UnknownOption` if there is none."""
    if chosen is None:
        return None
    for option in options:
        if chosen in option.names:
            return option
    raise UnknownOption(chosen, tuple(name for option in options for name in option.names))


def _read_clocks(nights: Sequence[NightReport]) -> tuple[ClockStart, ...]:
    """Return the local starts of the members who take part under every option, by equal clock."""
    by_member = [{row.id: row for row in night.members} for night in nights]
    groups: dict[tuple[datetime, ...], list[tuple[MemberNight, ...]]] = defaultdict(list)
    for row in nights[0].members:
        if all(row.id in rows for rows in by_member):
            found = tuple(rows[row.id] for rows in by_member)
            groups[tuple(one.local_start.wall for one in found)].append(found)
    return tuple(_make_clock(walls, members) for walls, members in sorted(groups.items()))


def _make_clock(walls: tuple[datetime, ...], members: Sequence[tuple[MemberNight, ...]]) -> ClockStart:
    count = Counter(row.zone for rows in members for row in {row.zone: row for row in rows}.values())
    return ClockStart(
        zones=tuple(sorted(count, key=lambda zone: (-count[zone], zone))),
        members=len(members),
        walls=walls,
        day_shifts=tuple(row.day_shift for row in members[0]),
        in_night=tuple(2 * sum(row.in_night for row in rows) > len(rows) for rows in zip(*members, strict=True)),
    )


def decide_rotation(
    plan: Plan, given: Sequence[GivenRotation], *, first: date | None = None, chosen: str | None = None
) -> RotationDecision:
    """Return the decision on a rotation: today's beside those that are given, as :meth:`Plan.compare` weighs them.

    Calls before ``first`` are history. Raises :class:`UnknownOption` if ``chosen`` is no option, and what
    :func:`mag_rotation.propose.weigh_rotations` raises.
    """
    from mag_rotation.propose import Request, weigh_rotations  # noqa: PLC0415 - brings numpy

    table = weigh_rotations(plan.setting, Request(slots=None, zone=plan.rotation.zone, first=first), given)
    starts = {call.uid: call.start for call in plan.calls}
    today = table.current
    free = [option.figures for option in table if not _subtract(option.blocked, today.blocked)]
    options = tuple(_make_rotation(option, today, starts, free) for option in table)
    advice, recommended = _advise_on_rotations(options)
    return RotationDecision(
        options=options,
        advice=advice,
        recommended=recommended,
        chosen=_find_chosen(options, chosen),
        first=first,
        calls=table.calls,
    )


def _advise_on_rotations(options: Sequence[RotationOption]) -> tuple[Advice, RotationOption | None]:
    """Return the advice, and the fairest option that is better than the one in hand and not dominated."""
    return _advise(
        options, min(_list_better(options), key=lambda one: [row.burden for row in one.members], default=None)
    )


def _make_rotation(
    option: Option, today: Option, starts: Mapping[str, datetime], free: Sequence[Figures]
) -> RotationOption:
    moved = (call for call in option.calls if call.is_held and call.start != starts[call.uid])
    return RotationOption(
        id=option.id,
        also=option.also,
        figures=option.figures,
        comparison=_compare(option.figures, today.figures, option.blocked, today.blocked),
        dominated=_is_dominated(option.figures, free),
        better=option.better,
        worse=option.worse,
        same=option.same,
        blocked=option.blocked,
        freed=_subtract(today.blocked, option.blocked),
        newly_blocked=_subtract(option.blocked, today.blocked),
        members=tuple(
            MemberEffect(
                id=share.id,
                name=share.name,
                burden=share.burden,
                change=share.burden - share.burden_today,
                nights=share.night_calls,
            )
            for share in option.shares
        ),
        by_group={
            name: {
                value: GroupEffect(size=group.size, nights=group.nights, better=group.better, worse=group.worse)
                for value, group in values.items()
            }
            for name, values in option.by_group.items()
        },
        slots=option.slots,
        most_nights=option.most_nights,
        moved=option.moved,
        first_moved=min(moved, key=lambda call: call.start, default=None),
        source=option,
    )
