"""The clock changes of a zone as iCalendar observances: yearly rules if possible, single changes otherwise.

Each instance of a rule is a change in the zone data. A rule is the n-th (1 to 4) or the last weekday of a month,
because Exchange reads nothing else in a time zone (MS-OXCICAL 2.1.3.1.1.19.2.2: BYDAY or BYMONTHDAY and not both, with
one value). A zone with another rule, such as the Friday before the last Sunday, gets several rules of this form. As few
observances as possible are written, because Exchange reads one of a kind and drops the others; only a rule without an
end may begin after the span. A rule begins two years before the span, because some programs lose its first instance.
UNTIL is a day after the last instance, because some programs compare it with a wall time.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mag_rotation.places.tzif import DAY, LocalType, ZoneRules

__all__ = ["MonthWeekday", "Observance", "Step", "find_observances"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WALL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time
_LAST = -1
_ORDINALS = (_LAST, 1, 2, 3, 4)
"""In order of preference: if a few years cannot distinguish the last weekday from the fourth, it is the last."""

_ENDLESS = 28
"""Years after which weekdays and dates have met in every way, so that a rule that fits all of them is certain."""

_HORIZON = 40
"""Years after the span to examine: enough for an endless rule that begins a few years from now."""

_SAFE_YEAR = 1970
"""The onset of zones without recent changes, because some clients cannot compute earlier years."""

_EARLIER = 2 * 366 * DAY
"""Seconds before the span at which a rule begins, if it applied then."""

_LOOKED_BACK = 3
"""Years before the one before the span to search for earlier instances of its rules."""

_MARGIN = DAY
"""Seconds around the span in which the offsets are right too, because clients use whole local days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthWeekday:
    """The n-th weekday (0 is Monday) of a month in every year; ``ordinal`` is 1 to 4, or -1 for the last."""

    month: int
    weekday: int
    ordinal: int

    def day(self, year: int) -> date:
        """Return the date in ``year``.

        >>> MonthWeekday(month=10, weekday=6, ordinal=-1).day(2026).isoformat()
        '2026-10-25'
        """
        if self.ordinal == _LAST:
            last = date(year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        first = date(year, self.month, 1)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.ordinal - 1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A change of the offset, in seconds east of UTC, and the name of the new local time."""

    daylight: bool
    before: int
    after: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Observance:
    """A step that happens once, or every year by ``rule``.

    ``onset`` is the first time, as a wall time with the offset before it. ``until`` is a day after the last change of a
    rule, in UTC; None if the rule has no known end.
    """

    step: Step
    onset: datetime
    rule: MonthWeekday | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Turn:
    """A step at a UTC second, and the wall time before it."""

    at: int
    wall: datetime
    step: Step


@dataclass(frozen=True, kw_only=True, slots=True)
class _Run:
    """One step in consecutive years, by one rule unless there is a single year."""

    turns: tuple[_Turn, ...]
    rule: MonthWeekday | None
    endless: bool

    def observance(self, early: int) -> Observance:
        """Return the observance from the last change by the UTC second ``early`` on, or from the first one after it."""
        first, last = next((turn for turn in reversed(self.turns) if turn.at <= early), self.turns[0]), self.turns[-1]
        if self.rule is None or first is last:
            return Observance(step=first.step, onset=first.wall)
        until = None if self.endless else _EPOCH + timedelta(seconds=last.at, days=1)
        return Observance(step=first.step, onset=first.wall, rule=self.rule, until=until)


def find_observances(rules: ZoneRules, first: int, last: int) -> tuple[Observance, ...]:
    """Return the observances of a zone from the UTC second ``first`` to ``last``, both included, by onset.

    They include a standard time that begins a day or more before ``first``.

    >>> from mag_rotation.places.tzif import read_footer
    >>> footer = read_footer("IST-5:30")
    >>> kolkata = ZoneRules(first=footer.standard, instants=(), types=(), footer=footer)
    >>> [(one.onset.isoformat(), one.step.name) for one in find_observances(kolkata, 1_600_000_000, 1_600_000_000)]
    [('1970-01-01T00:00:00', 'IST')]
    """
    early, late = _year_of(first) - 1, _year_of(last) + _HORIZON
    start = _to_second(early)
    turns = tuple(_find_turns(rules, start, _to_second(late + 1)))
    earlier = tuple(_find_turns(rules, _to_second(early - _LOOKED_BACK), start))
    standard = [turn.at for turn in turns if turn.at <= first - _MARGIN and not turn.step.daylight]
    begin, end = max(standard, default=start), last + _MARGIN
    runs = [*_split_runs(turns, earlier, end, late)]
    asked = [any(begin <= turn.at <= end for turn in run.turns) for run in runs]
    with_the_rest = any(run.endless for run in itertools.compress(runs, asked))
    found = [
        run.observance(first - _EARLIER)
        for run, is_asked in zip(runs, asked, strict=True)
        if is_asked or (with_the_rest and run.endless)
    ]
    if not standard:
        found.append(_make_steady(rules.type_at(start - 1), early))
    return tuple(sorted(found, key=lambda one: one.onset))


def _make_steady(local: LocalType, early: int) -> Observance:
    """Return the observance of the local time before the first change, or of a zone without changes."""
    step = Step(daylight=False, before=local.offset, after=local.offset, name=local.abbreviation)
    return Observance(step=step, onset=datetime(min(early - 1, _SAFE_YEAR), 1, 1))  # noqa: DTZ001 - wall time


def _find_turns(rules: ZoneRules, start: int, end: int) -> Iterator[_Turn]:
    begins = [(start, rules.type_at(start - 1)), *rules.turns(start, end)]
    for (_, before), (at, after) in itertools.pairwise(begins):
        if before != after:
            daylight = _is_daylight(before, after)
            step = Step(daylight=daylight, before=before.offset, after=after.offset, name=after.abbreviation)
            yield _Turn(at=at, wall=_WALL_EPOCH + timedelta(seconds=at + before.offset), step=step)


def _is_daylight(before: LocalType, after: LocalType) -> bool:
    """Return whether a change begins summer time in the sense of calendars: clocks are ahead of standard time.

    In Dublin the law and the zone data see it the other way round, with winter as the exception.
    """
    if before.dst != after.dst and before.offset != after.offset:
        return after.offset > before.offset
    return after.dst


def _split_runs(turns: Iterable[_Turn], earlier: Iterable[_Turn], end: int, late: int) -> Iterator[_Run]:
    """Split ``turns`` into as few runs as possible up to ``end``; runs may extend back into ``earlier`` ones."""
    earlier_runs = _group_by_step(earlier)
    for step, free in _group_by_step(turns).items():
        yield from _split_step_runs(free, earlier_runs.get(step, {}), end, late)


def _group_by_step(turns: Iterable[_Turn]) -> dict[Step, dict[datetime, _Turn]]:
    """Return turns by their step and then by the wall time before it."""
    found: dict[Step, dict[datetime, _Turn]] = {}
    for turn in turns:
        found.setdefault(turn.step, {})[turn.wall] = turn
    return found


def _split_step_runs(
    free: dict[datetime, _Turn], earlier: Mapping[datetime, _Turn], end: int, late: int
) -> Iterator[_Run]:
    while free:
        wall = next(iter(free))
        rules = (MonthWeekday(month=wall.month, weekday=wall.weekday(), ordinal=ordinal) for ordinal in _ORDINALS)
        found = []
        for rule in rules:
            if rule.day(wall.year) == wall.date():
                chain = _follow_rule(wall, rule, free)
                past = _follow_rule(_move_to_year(wall, rule, wall.year - 1), rule, earlier, years=-1)
                is_endless = len(chain) >= _ENDLESS and chain[-1].wall.year == late
                asked = sum(turn.at <= end for turn in chain)
                found.append(((asked, is_endless, len(past), len(chain)), rule, chain, past))
        (asked, is_endless, _, _), rule, chain, past = max(found, key=lambda one: one[0])
        for one in chain:
            del free[one.wall]
        turns = (*reversed(past), *chain)
        if not past and asked == 1 and not is_endless:
            turns = chain[:1]  # the span has no more of a rule that did not hold before
        yield _Run(turns=turns, rule=rule if len(turns) > 1 else None, endless=is_endless)


def _follow_rule(
    wall: datetime, rule: MonthWeekday, free: Mapping[datetime, _Turn], years: int = 1
) -> tuple[_Turn, ...]:
    """Return the changes from ``wall`` on that ``rule`` gives in consecutive years, forwards or backwards."""
    chain: list[_Turn] = []
    while wall in free:
        chain.append(free[wall])
        wall = _move_to_year(wall, rule, wall.year + years)
    return tuple(chain)


def _move_to_year(wall: datetime, rule: MonthWeekday, year: int) -> datetime:
    """Return the wall time of that rule in another year."""
    return datetime.combine(rule.day(year), wall.time())


def _year_of(second: int) -> int:
    return (_EPOCH + timedelta(seconds=second)).year


def _to_second(year: int) -> int:
    return (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)
