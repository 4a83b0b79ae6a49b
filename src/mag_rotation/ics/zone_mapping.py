"""The zones of calendars that other programs wrote: which zone a TZID means, and which instant a time means.

The name of a place counts more than the file's VTIMEZONE; abbreviations and offsets (`GMT`, `EST`, `Etc/GMT+5`) count
less. Any other name is accepted only if the VTIMEZONE agrees with it over the whole span of the events. Everything that
is not read exactly as written is added to the notes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Self

from mag_rotation.calls import check_repeat, expand_rule_dates
from mag_rotation.errors import InvalidSeries, InvalidValue, UnknownZone, quote_value
from mag_rotation.ics.reader import (
    Component,
    Notes,
    Property,
    all_of,
    offset_of,
    one_of,
    rule_of,
    text_of,
    time_of,
    times_of,
)
from mag_rotation.limits import CALENDAR, RULE_STEPS, TIME_ZONES
from mag_rotation.places import UTC_ZONE, ZoneName, suggest_zones, zone_name
from mag_rotation.places.tables import WINDOWS_ZONES, ZONES_BY_PEOPLE
from mag_rotation.series import Schedule
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import YEARS, make_offset_table, resolve, to_epoch_second, to_local

__all__ = ["Clock", "Clocks", "Moment", "RuleEffort", "Timezone", "expand_rule", "read_timezone"]

_CURE = "say which zone it is with --zone"

_UTC = {"UTC", "ETC/UTC", "GMT", "ETC/GMT", "UCT", "ETC/UCT", "ZULU", "ETC/ZULU", "UNIVERSAL", "ETC/UNIVERSAL", "Z"}
"""Names of UTC, in capitals."""

_FIXED = re.compile(r"Etc/.*|GMT[+-]?0|Greenwich", re.IGNORECASE)
"""Names in tzdata for an offset and not a place, other than those of UTC."""

_LETTERS = re.compile(r"[A-Z]{1,5}|[A-Z]{3}[0-9][A-Z]{3}|(?i:UTC|GMT)? ?[+-][0-9]{1,2}(?:[:.]?[0-9]{2})?")
"""Abbreviations and offsets that tzdata does not have as names, or not as places."""

_DAY = 86_400
_LONGEST_ARGUMENT = 200
_HINTED = 3
"""The most zones to suggest for a VTIMEZONE whose name is unknown."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WALL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time


class ClockNote(FactCode):
    """How times and TZIDs were read that do not say their zone, or say two."""

    WITH_Z = "tzid_beside_utc"
    BESIDE_START = "property_without_zone"
    FLOATING = "times_without_zone"
    DISAGREEMENT = "tzid_and_vtimezone_disagree"
    TZID_READ = "tzid_read"


# VTIMEZONE.


@dataclass(frozen=True, kw_only=True, slots=True)
class Timezone:
    """The offsets of a VTIMEZONE over some years.

    ``offsets[i + 1]``, in seconds east of UTC, begins at the UTC second ``begins[i]``; ``offsets[0]`` applies before.
    ``line`` is that of its BEGIN.
    """

    line: int
    begins: tuple[int, ...]
    offsets: tuple[int, ...]
    _ends: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # until a change is over, walls are read by the offset before it
        changes = zip(self.begins, self.offsets, self.offsets[1:], strict=False)
        object.__setattr__(self, "_ends", tuple(at + max(before, after) for at, before, after in changes))

    @property
    def is_steady(self) -> bool:
        """Whether the offset never changes."""
        return len(set(self.offsets)) == 1

    def offset_at(self, second: int) -> int:
        """Return the offset in force at a UTC second."""
        return self.offsets[bisect_right(self.begins, second)]

    def instant(self, wall: datetime) -> datetime:
        """Return the instant of a wall time: the first if it is repeated, one after the gap if it is skipped."""
        wall_second = (wall - _WALL_EPOCH) // timedelta(seconds=1)
        return _EPOCH + timedelta(seconds=wall_second - self.offsets[bisect_right(self._ends, wall_second)])

    def agrees(self, zone: ZoneName, first: int, last: int) -> bool:
        """Return whether a zone has the same offsets from a UTC second to another.

        Changes in the same night at another hour are tolerated; times between them are examined one by one.
        """
        table = make_offset_table(zone, first, last)
        edges = sorted({first, *(at for at in (*self.begins, *table.instants) if first < at <= last)})
        began: int | None = None
        for at in (*edges, last + 1):
            differs = at <= last and self.offset_at(at) != table.offsets[bisect_right(table.instants, at) - 1]
            if differs and began is None:
                began = at
            elif not differs and began is not None:
                if at - began >= _DAY:
                    return False
                began = None
        return True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Onset:
    """An onset of a VTIMEZONE: the wall time by the offset before it, and both offsets."""

    wall: datetime
    before: timedelta
    after: timedelta

    @property
    def second(self) -> int:
        # in this order, since a wall time of the first day that there is has no earlier one
        return (self.wall - _WALL_EPOCH - self.before) // timedelta(seconds=1)


def read_timezone(component: Component, first: date, last: date, effort: RuleEffort | None = None) -> Timezone | None:
    """Return the offsets of a VTIMEZONE from a year before ``first`` to a year after ``last``; None if unreadable.

    An observance without TZOFFSETFROM, as Outlook for Mac writes them, takes the offset of another one.
    """
    parts = [one for one in component.components if one.name in {"STANDARD", "DAYLIGHT"}]
    after = [next((offset_of(one) for one in all_of(part, "TZOFFSETTO")), None) for part in parts]
    onsets: list[_Onset] = []
    for index, part in enumerate(parts):
        own = after[index]
        others = (offset for other, offset in enumerate(after) if other != index and offset is not None)
        before = next((offset_of(one) for one in all_of(part, "TZOFFSETFROM")), next(others, own))
        if own is None or before is None:
            return None
        try:
            walls = set(_list_onsets(part, before, first, last, effort or RuleEffort()))
        except (InvalidValue, InvalidSeries, OverflowError):
            return None
        onsets += [_Onset(wall=wall, before=before, after=own) for wall in walls]
    if not onsets:
        return None
    by_second = {onset.second: onset for onset in sorted(onsets, key=lambda one: (one.second, one.after))}
    seconds = sorted(by_second)
    # what was long before says nothing of whether clocks change
    old = bisect_right(seconds, to_epoch_second(datetime(first.year - 1, 1, 1, tzinfo=UTC)))
    start = by_second[seconds[old - 1]].after if old else by_second[seconds[0]].before
    offsets = (start, *(by_second[second].after for second in seconds[old:]))
    return Timezone(
        line=component.line,
        begins=tuple(seconds[old:]),
        offsets=tuple(offset // timedelta(seconds=1) for offset in offsets),
    )


def _list_onsets(part: Component, before: timedelta, first: date, last: date, effort: RuleEffort) -> Iterator[datetime]:
    """Return the wall times at which an observance begins, up to the year after ``last``."""
    start = _wall_of(time_of(one_of(part, "DTSTART")))
    yield start
    for rdate in all_of(part, "RDATE"):
        yield from (_wall_of(one) for one in times_of(rdate) if isinstance(one, date))
    for found in all_of(part, "RRULE"):
        rule, begin, end = rule_of(found), start, last + timedelta(days=366)
        if rule["FREQ"] == "YEARLY" and not rule.keys() & {"COUNT", "INTERVAL"} and start.year < first.year - 2:
            # the years before say nothing that is asked, and Outlook begins in 1601
            begin = start.replace(year=first.year - 2, day=min(start.day, 28))
        until = until_of(found)
        if until is not None and until.year <= YEARS[1]:
            end = min(end, (_wall_of(until) + timedelta(days=2)).date())
        for wall in effort.expand(found, begin, end):
            if until is None or not _is_over(wall, before, until):
                yield wall


def _is_over(wall: datetime, before: timedelta, until: date | datetime) -> bool:
    """Return whether a rule has ended; UNTIL is an instant or, in some files, a wall time or a day."""
    if isinstance(until, datetime) and until.tzinfo is not None:
        return wall - _wall_of(until) > before
    return wall > (_wall_of(until) if isinstance(until, datetime) else datetime.combine(until, time.max))


def _wall_of(found: date) -> datetime:
    return found.replace(tzinfo=None) if isinstance(found, datetime) else datetime.combine(found, time())


# Rules.


def until_of(rule: Property) -> date | datetime | None:
    """Return the UNTIL of a recurrence rule; raises :class:`InvalidValue` if it cannot be read."""
    text = rule_of(rule).get("UNTIL")
    return None if text is None else time_of(replace(rule, name="UNTIL", value=text))


def expand_rule(found: Property, start: datetime, last: date) -> tuple[datetime, ...]:
    """Return the time of ``start`` on every date of a recurrence rule up to ``last``; UNTIL is ignored.

    Raises :class:`InvalidValue` with what is wrong with the rule.
    """
    rule, place = dict(rule_of(found)), f"{found.name} in line {found.line}"
    count = rule.pop("COUNT", None)
    rule.pop("UNTIL", None)
    idle = {
        "BYHOUR": start.hour,
        "BYMINUTE": start.minute,
        "BYSECOND": start.second,
        "RSCALE": "GREGORIAN",
        "SKIP": "OMIT",
    }
    rule = {name: value for name, value in rule.items() if name not in idle or value != str(idle[name])}
    body = ";".join(f"{name}={value}" for name, value in rule.items())
    problem = check_repeat(body)
    if count is not None and not re.fullmatch("0*[1-9][0-9]{0,8}", count):
        problem = f"found COUNT {quote_value(count)}; write a number from 1"
    if problem is not None:
        raise InvalidValue(f"{place}: {problem}")
    if count is None and last < start.date():
        return ()
    number = None if count is None else int(count)
    schedule = Schedule(first=start.date(), repeat=body, count=number, until=None if number else last)
    try:
        dates = [day.date for day in expand_rule_dates(schedule)]
    except InvalidSeries as error:
        if "gives no date" in str(error):
            return ()
        raise InvalidValue(f"{place}: {error.mistakes[0].problem}") from None
    return tuple(datetime.combine(day, start.time()) for day in dates)


# Times.


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The clock of a written time: that of ``zone`` or, if there is none, of a VTIMEZONE.

    ``tzid`` is the name in the calendar, None for UTC and for times without a zone. ``timezone`` is the VTIMEZONE with
    that name. ``basis`` says how it was determined: by the name, by a guess with which the VTIMEZONE agrees, or by the
    VTIMEZONE itself, which agrees with no zone; ``zone`` is then UTC.
    """

    zone: ZoneName
    tzid: str | None = None
    timezone: Timezone | None = None
    basis: Literal["name", "guess", "rules"] = "name"

    def instant(self, wall: datetime) -> datetime:
        """Return the instant of a wall time."""
        if self.basis == "rules" and self.timezone is not None:
            return self.timezone.instant(wall)
        return resolve(wall, self.zone).instant

    def wall(self, instant: datetime) -> datetime:
        """Return the wall time at an instant."""
        if self.basis == "rules" and self.timezone is not None:
            return _WALL_EPOCH + timedelta(
                seconds=(second := to_epoch_second(instant)) + self.timezone.offset_at(second)
            )
        return to_local(instant, self.zone).wall


UTC_CLOCK = Clock(zone=UTC_ZONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A wall time on a clock and its instant, in the years 1900 to 2999."""

    wall: datetime
    clock: Clock
    instant: datetime

    @classmethod
    def of(cls, wall: datetime, clock: Clock) -> Moment:
        """Create the moment of ``wall`` on ``clock``; raises :class:`InvalidValue` if its year is out of range."""
        if not YEARS[0] <= wall.year <= YEARS[1]:
            raise InvalidValue(f"found the year {wall.year}; a call lies in the years {YEARS[0]} to {YEARS[1]}")
        return cls(wall=wall, clock=clock, instant=clock.instant(wall))

    @classmethod
    def at(cls, instant: datetime, clock: Clock) -> Moment:
        """Create the moment of an instant on ``clock``."""
        return cls(wall=clock.wall(instant), clock=clock, instant=instant)

    def on(self, day: date) -> Moment:
        """Return the same local time on another day."""
        return Moment.of(datetime.combine(day, self.wall.time()), self.clock)

    def shift(self, by: timedelta) -> Moment:
        """Return the moment so much later on the wall; raises :class:`InvalidValue` if its year is out of range."""
        try:
            return Moment.of(self.wall + by, self.clock)
        except OverflowError:
            raise InvalidValue(
                f"found a time {by.days} days after {self.wall.date()}, beyond the year {YEARS[1]}"
            ) from None


class RuleEffort:
    """The steps spent on expanding the rules of one file, with an upper limit.

    A rule that seldom or never gives a date is followed for thousands of years.
    """

    def __init__(self) -> None:
        self._left = RULE_STEPS
        self._known: dict[tuple[str, str, datetime, date], tuple[datetime, ...]] = {}

    @property
    def is_spent(self) -> bool:
        """Whether no more rules are expanded."""
        return self._left <= 0

    def expand(self, found: Property, start: datetime, last: date) -> tuple[datetime, ...]:
        """Expand a rule like :func:`expand_rule`; raises :class:`InvalidValue` also if all steps are spent."""
        key = (found.name, found.value, start, last)
        if key in self._known:
            return self._known[key]
        if self.is_spent:
            raise InvalidValue(
                f"found rules that take more than {RULE_STEPS:,} steps to follow, up to that in line {found.line}; "
                "take out the events whose rules give no date, or give an earlier --until"
            )
        rule = rule_of(found)
        walls: tuple[datetime, ...] = ()
        try:
            walls = expand_rule(found, start, last)
        finally:
            self._left -= _count_steps(rule, start.date(), last, walls)
        if len(walls) <= 1:  # what costs most takes least room to keep
            self._known[key] = walls
        return walls


_DAYS_OF_STEP = {"DAILY": 1, "WEEKLY": 4, "MONTHLY": 4, "YEARLY": 6}
"""How many days of a rule of each FREQ take as long as one day of a daily rule."""


def _count_steps(rule: Mapping[str, str], first: date, last: date, walls: Sequence[datetime]) -> int:
    """Return about how many days were examined until a rule had given its dates.

    A rule that ran dry was followed to its last year, and perhaps for 400 years more.
    """
    if "COUNT" in rule and walls:
        last = walls[-1].date()
    days = (last - first).days + (0 if walls else 400 * 365 * (6 if "COUNT" in rule else 1))
    interval = rule.get("INTERVAL", "1")
    every = max(1, int(interval)) if interval.isascii() and interval.isdigit() and len(interval) < 9 else 1
    return 100 + max(0, days) // (every * _DAYS_OF_STEP.get(rule.get("FREQ", ""), 1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Clocks:
    """The clocks of a file.

    ``given`` are the zones that the user assigns to TZIDs, ``floating`` is that of times without a zone. ``timezones``
    are the VTIMEZONEs by TZID. ``span`` are the first and the last instant of the events, within which a VTIMEZONE must
    agree with a guess; without it, only the time in question counts. A survey reads every time as UTC, to determine the
    span. ``effort`` is the effort for all rules of the file, surveys included.
    """

    given: Mapping[str, ZoneName] = field(default_factory=dict)
    floating: ZoneName | None = None
    timezones: Mapping[str, Component] = field(default_factory=dict)
    span: tuple[datetime, datetime] | None = None
    is_survey: bool = False
    notes: Notes = field(default_factory=Notes)
    effort: RuleEffort = field(default_factory=RuleEffort)
    _known: dict[str, Clock] = field(default_factory=dict)
    _tried: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        components: Iterable[Component],
        *,
        given: Mapping[str, ZoneName] | None = None,
        floating: ZoneName | None = None,
        effort: RuleEffort | None = None,
    ) -> Self:
        """Create the clocks of a file's components, with the zones that the user gives and the effort so far."""
        timezones = {
            _strip_quotes(text_of(one, "TZID")): one for one in reversed(list(components)) if one.name == "VTIMEZONE"
        }
        named = {_strip_quotes(tzid): zone for tzid, zone in (given or {}).items()}
        return cls(timezones=timezones, given=named, floating=floating, effort=effort or RuleEffort())

    def moment(self, found: Property, beside: Clock | None = None) -> Moment | date:
        """Return the instant or the whole day of a property with a time.

        A time without a zone uses the clock of ``beside``, a related property. Raises :class:`InvalidValue` if there is
        no time or its clock is unknown.
        """
        read = time_of(found)
        return self.at(read, found, beside) if isinstance(read, datetime) else read

    def at(self, found: datetime, of: Property, beside: Clock | None = None) -> Moment:
        """Return the instant or the whole day of a time that was read from ``of``, such as a list of times."""
        tzid = of.param("TZID")
        wall = found.replace(tzinfo=None)
        if not YEARS[0] <= wall.year <= YEARS[1]:
            where = f"{of.name} in the year {wall.year}, in line {of.line}"
            raise InvalidValue(f"found {where}; a call lies in the years {YEARS[0]} to {YEARS[1]}")
        if self.is_survey:
            return Moment.of(wall, UTC_CLOCK)
        if found.tzinfo is not None:
            if tzid is not None:
                self.notes.add(Fact.of(ClockNote.WITH_Z), of.line)
            return Moment.of(wall, UTC_CLOCK)
        if tzid is not None:
            return Moment.of(wall, self._choose_clock(_strip_quotes(tzid), wall, of.line))
        if beside is not None and (beside.tzid is not None or self.floating is None):
            self.notes.add(Fact.of(ClockNote.BESIDE_START, property=of.name), of.line)
            return Moment.of(wall, beside)
        if self.floating is None:
            raise InvalidValue(
                f"found {wall.isoformat()}, which is on no clock; {_CURE} ZONE (it is the {of.name} in line {of.line})"
            )
        self.notes.add(Fact.of(ClockNote.FLOATING, zone=self.floating), of.line)
        return Moment.of(wall, Clock(zone=self.floating))

    def compare(self, moment: Moment) -> None:
        """Note a time for which the VTIMEZONE gives another instant than the zone that is used.

        Raises :class:`InvalidValue` if that zone was only a guess.
        """
        clock, timezone = moment.clock, moment.clock.timezone
        if timezone is None or clock.basis == "rules" or timezone.instant(moment.wall) == moment.instant:
            return
        tzid, theirs = str(clock.tzid), timezone.instant(moment.wall)
        if clock.basis == "guess":
            raise InvalidValue(
                f"found the TZID {quote_value(tzid)}, but {moment.wall:%Y-%m-%d %H:%M} is "
                f"{moment.instant:%Y-%m-%dT%H:%MZ} by {clock.zone} and {theirs:%Y-%m-%dT%H:%MZ} by the VTIMEZONE in "
                f"line {timezone.line}; {_CURE} {_quote_argument(tzid)}=ZONE"
            )
        disagreement = Fact.of(
            ClockNote.DISAGREEMENT,
            tzid=tzid,
            zone=clock.zone,
            wall=moment.wall,
            by_zone=moment.instant,
            by_vtimezone=theirs,
        )
        self.notes.add(disagreement, timezone.line, key=tzid)

    def _choose_clock(self, tzid: str, wall: datetime, line: int) -> Clock:
        """Return the clock of a TZID."""
        known = self._known.get(tzid)
        if known is None:
            self._tried.add(tzid)
            if len(self._tried) > TIME_ZONES:
                raise InvalidValue(
                    f"found more than {TIME_ZONES} TZIDs, up to that in line {line}, the most that is read of a "
                    f"calendar; {CALENDAR.cure}"
                )
            known = self._find_clock(tzid, wall, line)
            if self.span is not None:
                self._known[tzid] = known
        if known.tzid is not None and known.zone != tzid and tzid not in self.given:
            zone = None if known.basis == "rules" else known.zone
            self.notes.add(Fact.of(ClockNote.TZID_READ, tzid=tzid, zone=zone, basis=known.basis), line)
        return known

    def _find_clock(self, tzid: str, wall: datetime, line: int) -> Clock:
        if tzid in self.given:
            return Clock(zone=self.given[tzid], tzid=tzid)
        first, last = self.span or (Clock(zone=UTC_ZONE).instant(wall),) * 2
        seconds = to_epoch_second(first) - _DAY, to_epoch_second(last) + _DAY
        component = self.timezones.get(tzid)
        timezone = None if component is None else read_timezone(component, first.date(), last.date(), self.effort)
        place = _place_of(tzid)
        if place is not None:
            return Clock(zone=place, tzid=tzid, timezone=timezone)
        if _is_letters(tzid):
            candidates = _list_zones_of_letters(tzid, timezone)
        else:
            location = () if component is None else (text_of(component, "X-LIC-LOCATION"),)
            candidates = (*location, WINDOWS_ZONES.get(tzid, ""), *suggest_zones(tzid))
        zones = [zone for one in dict.fromkeys(candidates) if (zone := _find_zone(one)) is not None]
        if timezone is None:
            sure = _find_sure_zone(tzid)
            if sure is not None:
                return sure
            raise _make_unknown_zone_error(tzid, line, f" ({' or '.join(zones)}, perhaps)" if zones else "")
        right = next((zone for zone in zones if timezone.agrees(zone, *seconds)), None)
        if right is not None:
            is_silent = right == UTC_ZONE and tzid.upper() in _UTC
            return Clock(zone=right, tzid=None if is_silent else tzid, timezone=timezone, basis="guess")
        if _is_letters(tzid):
            return Clock(zone=UTC_ZONE, tzid=tzid, timezone=timezone, basis="rules")
        same = [zone for zone in _list_people_zones() if timezone.agrees(zone, *seconds)][:_HINTED]
        kept = f" keeps the time of {' and '.join(same)}" if same else " agrees with no zone"
        raise _make_unknown_zone_error(tzid, line, f" (its VTIMEZONE in line {timezone.line}{kept})")


def _make_unknown_zone_error(tzid: str, line: int, hint: str) -> InvalidValue:
    what = f"found the TZID {quote_value(tzid)}, in line {line}, which is not a zone of tzdata{hint}"
    return InvalidValue(f"{what}; {_CURE} {_quote_argument(tzid)}=ZONE")


def _quote_argument(tzid: str) -> str:
    """Return a TZID as it can be typed; a placeholder if it is too long."""
    return repr(tzid) if len(tzid) <= _LONGEST_ARGUMENT else "TZID"


def _strip_quotes(tzid: str) -> str:
    return tzid.strip().strip('"').strip()


def _place_of(tzid: str) -> ZoneName | None:
    """Return the place that a TZID names, by itself or after a path that a program put before it."""
    parts = tzid.strip("/").split("/")
    for name in (tzid, *("/".join(parts[-count:]) for count in (3, 2) if len(parts) >= count)):
        zone = _find_zone(name)
        if zone is not None and not _is_letters(name):
            return zone
    return None


def _find_zone(name: str) -> ZoneName | None:
    try:
        return zone_name(name)
    except UnknownZone:
        return None


def _is_utc(tzid: str) -> bool:
    """Return whether a TZID is a name of UTC, possibly after a path."""
    return tzid.upper() in _UTC or tzid.rpartition("/")[2].upper() in _UTC


def _is_letters(tzid: str) -> bool:
    """Return whether a TZID is an abbreviation or an offset, and so does not name a place.

    >>> [_is_letters(text) for text in ("GMT", "EST5EDT", "Etc/GMT+5", "UTC+01:00", "GB", "Japan")]
    [True, True, True, True, False, False]
    """
    if _is_utc(tzid) or _FIXED.fullmatch(tzid):
        return True
    return _LETTERS.fullmatch(tzid) is not None and _find_zone(tzid) is None


def _list_zones_of_letters(tzid: str, timezone: Timezone | None) -> tuple[str, ...]:
    """Return the zones that an abbreviation or offset may mean; steady ones only if the VTIMEZONE is steady."""
    places = (zone for zone in suggest_zones(tzid) if not _is_letters(zone))
    if timezone is None:
        return tuple(places)
    if not timezone.is_steady:
        return *places, *_list_people_zones()
    hours, rest = divmod(timezone.offsets[0], 3600)
    # the sign of these names is that of POSIX, hours west
    fixed = () if rest else (UTC_ZONE,) if not hours else (f"Etc/GMT{-hours:+d}",)
    return *fixed, *places, *_list_people_zones()


def _list_people_zones() -> tuple[ZoneName, ...]:
    return ZONES_BY_PEOPLE


def _find_sure_zone(tzid: str) -> Clock | None:
    """Return the clock of a TZID without a VTIMEZONE if its name is enough: UTC, a fixed offset, a Windows name."""
    if _is_utc(tzid):
        return UTC_CLOCK
    zone = _find_zone(WINDOWS_ZONES.get(tzid, tzid))
    return None if zone is None else Clock(zone=zone, tzid=tzid)
