"""The facts of a season's page: the calls, who is in the night at each, and what of it the public may see.

The committee sees every member. The public sees groups of three members or more: members by their clocks, with the
zones that three of them share. Smaller groups are counted together, and what would still show fewer than three members
is left out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from mag_rotation.calls import Call, next_call
from mag_rotation.night import MemberNight, NightReport, Total, total_of
from mag_rotation.plan import Plan
from mag_rotation.report.context import Context
from mag_rotation.report.description import Section
from mag_rotation.report.language import ENGLISH, Language
from mag_rotation.report.words import NightHour
from mag_rotation.roster import UTC_ZONE, Member, MemberId, ZoneName
from mag_rotation.values import FrozenDict
from mag_rotation.zones import make_offset_table, to_epoch_second, to_local

__all__ = [
    "LEAST_PUBLIC",
    "CallShare",
    "Clock",
    "DayView",
    "Row",
    "Season",
    "SlotTime",
    "find_private_words",
    "find_rare_zones",
    "make_season",
    "publish_call",
    "split_small",
    "title_season",
]

G = TypeVar("G")

LEAST_PUBLIC = 3
"""The fewest members of whom the public page says something."""

_MOST_CELLS = 50_000
"""The most cells of members by calls; a larger roster is shown by clocks to the committee, too."""

_MOST_SLOTS = 12
"""The most times of day that one picture of the day shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Members whose clocks agree over the season.

    ``zones`` are those that may be named, ``zone`` is one with this clock, for reading it. ``is_pool`` is true of
    members with different clocks who are too few to be shown by clock.
    """

    zone: ZoneName
    zones: tuple[ZoneName, ...]
    members: tuple[Member, ...]
    has_others: bool = False
    is_pool: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CallShare:
    """What a call does to the members of a row: how many take part, are in the night or blocked, and their burdens."""

    present: int
    in_night: int
    blocked: int
    burden: int

    @property
    def is_mostly_in_night(self) -> bool:
        """Whether more than half of those who take part are in the night."""
        return self.in_night * 2 > self.present


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A member, or members who share a clock, over the season.

    ``member`` is None for a clock. ``shares`` has the held calls in which enough of the row take part to be shown, by
    UID. ``total`` adds up all members of the row.
    """

    member: Member | None
    clock: Clock
    shares: Mapping[str, CallShare]
    total: Total

    @property
    def size(self) -> int:
        """The number of members."""
        return 1 if self.member else len(self.clock.members)


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotTime:
    """A time of day at which calls start in UTC: minutes from 00:00, the longest call, and the name of the slot."""

    minute: int
    minutes: int
    name: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DayView:
    """The day while no clock changes: the calls of that time, their starts, and the offset of each clock in minutes.

    ``spans`` are the days of the first and the last call of each stretch of the season with these offsets.
    """

    calls: tuple[Call, ...]
    spans: tuple[tuple[date, date], ...]
    slots: tuple[SlotTime, ...]
    left_out: int
    offsets: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Season:
    """Everything that the page shows. ``clocks`` are from west to east; ``rows`` have the highest burden first.

    ``upcoming`` is the next call, ``days`` are the one or two states of all clocks that most calls have. ``sheet`` has
    tables that compare this rotation with others, if some are proposed.
    ``earlier`` are the starts of calls that were announced for another time before, by UID.
    ``totals`` are those of the members who take part in a held call. ``unnamed`` are zones that the public page does
    not name, and ``private_words`` finds what it does not show.
    """

    plan: Plan
    is_public: bool
    upcoming: Call | None
    held: tuple[Call, ...]
    nights: Mapping[str, NightReport]
    clocks: tuple[Clock, ...]
    rows: tuple[Row, ...]
    days: tuple[DayView, ...]
    totals: Mapping[MemberId, Total]
    language: Language = ENGLISH
    sheet: tuple[Section, ...] = ()
    earlier: Mapping[str, datetime] = field(default_factory=FrozenDict[str, datetime])
    unnamed: frozenset[ZoneName] = frozenset()
    private_words: re.Pattern[str] = field(default=re.compile(r"(?!)"), repr=False)

    @property
    def least(self) -> int:
        """The fewest members of whom something is shown."""
        return LEAST_PUBLIC if self.is_public else 1

    @property
    def unit(self) -> NightHour:
        """The unit of burdens: an hour at the dearest hour of the plan's curve."""
        hours = self.plan.hours
        return NightHour(points=hours.curve_of(None).dearest, curve=hours.curve, language=self.language)

    @property
    def hidden(self) -> int:
        """The number of members whose clocks are not shown, because too few have them."""
        return len(self.totals) - sum(len(clock.members) for clock in self.clocks)

    def show(self, text: str | None) -> str:
        """Return a text of the plan; empty if it names a member, an address or a zone that the page does not name."""
        return _hide_text(text, self.private_words) or ""

    def translate(self, language: Language, *, beside: Sequence[Language] = ()) -> Season:
        """Return the season in another language.

        What it does not name, it does not show by its name in the languages ``beside`` this one either.
        """
        members = self.plan.members if self.is_public else ()
        private_words = find_private_words(members, self.unnamed, (language, *beside))
        return replace(self, language=language, private_words=private_words)

    def publish_call(self, call: Call) -> Call:
        """Return a call without the texts that the page does not show, and in UTC if its zone is not named."""
        return publish_call(call, self.private_words, self.unnamed)


def publish_call(call: Call, private_words: re.Pattern[str], unnamed: frozenset[ZoneName]) -> Call:
    """Return a call without the texts that have private words, and in UTC if its zone is one of the ``unnamed``."""
    return replace(
        call,
        slot=_hide_text(call.slot, private_words),
        phase=_hide_text(call.phase, private_words),
        location=_hide_text(call.location, private_words),
        note=_hide_text(call.note, private_words),
        zone=UTC_ZONE if call.zone in unnamed else call.zone,
    )


def _hide_text(text: str | None, private_words: re.Pattern[str]) -> str | None:
    return None if not text or private_words.search(text) else text


def title_season(context: Context) -> str:
    """Return the title of a season: the name of the meeting and that it is its season."""
    return context.name_with(context.language.phrase("the season"))


def make_season(
    plan: Plan, *, now: datetime, is_public: bool, sheet: Sequence[Section] = (), language: Language = ENGLISH
) -> Season:
    """Return the facts of a season's page; ``now`` is what the next call counts from.

    ``sheet`` are the sections of a comparison of rotations. The public sees the first and the last of them: what comes
    of each rotation, and what that means, but no clock of few members.
    """
    held = tuple(call for call in plan.calls if call.is_held)
    nights = {call.uid: plan.night(call) for call in held}
    present = {row.id for report in nights.values() for row in report.members}
    members = [member for member in plan.members if member.id in present]
    least = LEAST_PUBLIC if is_public else 1
    unnamed = find_rare_zones(plan.members, members) if is_public else frozenset[ZoneName]()
    clocks = _pool_clocks(list(_list_clocks(members, held, unnamed)), least) if held else ()
    by_clock = is_public or len(members) * len(held) > _MOST_CELLS
    by_member = _group_by_member(held, nights)
    rows = [
        _make_row(clock, member, by_member, least)
        for clock in clocks
        for member in ((None,) if by_clock else clock.members)
    ]
    rows.sort(key=lambda row: (-row.total.burden / row.size, row.member.id if row.member else ""))
    shown = tuple(clock for clock in clocks if not clock.is_pool)
    return Season(
        plan=plan,
        is_public=is_public,
        upcoming=next_call(plan.calls, now),
        held=held,
        nights=FrozenDict(nights),
        clocks=shown,
        rows=tuple(rows),
        days=tuple(_list_days(held, shown)) if shown else (),
        totals=FrozenDict({id_: total_of(pairs) for id_, pairs in by_member.items()}),
        sheet=tuple(sheet) if not is_public else (sheet[0], sheet[-1]) if sheet and rows else (),
        unnamed=unnamed,
        private_words=find_private_words(plan.members if is_public else (), unnamed, (language,)),
        language=language,
    )


def find_rare_zones(roster: Sequence[Member], members: Sequence[Member]) -> frozenset[ZoneName]:
    """Return the zones of a roster, stays included, that are home to fewer than three of the members."""
    homes = Counter(member.zone for member in members)
    zones = {zone for member in roster for zone in (member.zone, *(stay.zone for stay in member.stays))}
    return frozenset(zone for zone in zones if homes[zone] < LEAST_PUBLIC)


def find_private_words(
    members: Sequence[Member], zones: Iterable[ZoneName], languages: Iterable[Language]
) -> re.Pattern[str]:
    """Return what finds names, ids, addresses, and zones and their places, as whole words."""
    words = {text for member in members for text in (member.id, member.name, member.email) if text}
    words |= {word for zone in zones for word in (zone, *(one.name_city(zone) for one in (ENGLISH, *languages)))}
    found = "|".join(map(_find_word, sorted(words, key=lambda word: (-len(word), word))))
    return re.compile(found or r"(?!)", re.IGNORECASE)


def _find_word(word: str) -> str:
    """Return what finds a word: a whole one, but in scripts that join words, such as Arabic and Chinese, anywhere."""
    before = r"(?<!\w)" if word[0] < _FIRST_JOINED else ""
    after = r"(?!\w)" if word[-1] < _FIRST_JOINED else ""
    return f"{before}{re.escape(word)}{after}"


_FIRST_JOINED = "\u0590"
"""The first letter after those of Latin, Greek, Cyrillic and Armenian."""


def _list_clocks(members: Sequence[Member], held: Sequence[Call], unnamed: frozenset[ZoneName]) -> Iterator[Clock]:
    """Return the members by the clocks of their home zones, from west to east."""
    first, last = to_epoch_second(held[0].start), to_epoch_second(max(call.end for call in held))
    groups: dict[tuple[tuple[int, ...], tuple[int, ...]], list[Member]] = defaultdict(list)
    for member in members:
        table = make_offset_table(member.zone, first, last)
        groups[table.offsets, table.instants].append(member)
    for _, found in sorted(groups.items()):
        zones = Counter(member.zone for member in found)
        named = [zone for zone, _ in sorted(zones.items(), key=lambda item: (-item[1], item[0])) if zone not in unnamed]
        yield Clock(
            zone=found[0].zone, zones=tuple(named), members=tuple(found), has_others=0 < len(named) < len(zones)
        )


def _pool_clocks(clocks: Sequence[Clock], least: int) -> tuple[Clock, ...]:
    """Return the clocks of ``least`` members or more, and one for all others; empty if there are too few members."""
    shown, others = split_small([(len(clock.members), clock) for clock in clocks], least)
    members = tuple(member for clock in others for member in clock.members)
    if not members:
        return tuple(shown)
    if len(members) < least:
        return ()
    return (*shown, Clock(zone=others[0].zone, zones=(), members=members, is_pool=True))


def split_small(groups: Sequence[tuple[int, G]], least: int, *, apart: int = 0) -> tuple[list[G], list[G]]:
    """Return the groups of ``least`` members or more, and the others; each group is given with its size.

    The smallest of the former join the others until these are ``least`` members as well, or nobody: otherwise what is
    not shown could be found by subtraction. ``apart`` are members of no group, who are not shown either.

    >>> split_small([(5, "a"), (4, "b"), (1, "c")], 3)
    (['a'], ['c', 'b'])
    """
    others = [group for group in groups if group[0] < least]
    shown = [group for group in groups if group[0] >= least]
    while shown and 0 < sum(size for size, _ in others) + apart < least:
        smallest = min(shown, key=lambda group: group[0])
        shown.remove(smallest)
        others.append(smallest)
    return [group for _, group in shown], [group for _, group in others]


def _group_by_member(
    held: Sequence[Call], nights: Mapping[str, NightReport]
) -> dict[MemberId, list[tuple[Call, MemberNight]]]:
    """Return the held calls of each member who takes part, each with what it does to them."""
    found: dict[MemberId, list[tuple[Call, MemberNight]]] = defaultdict(list)
    for call in held:
        for row in nights[call.uid].members:
            found[row.id].append((call, row))
    return found


def _make_row(
    clock: Clock,
    member: Member | None,
    by_member: Mapping[MemberId, Sequence[tuple[Call, MemberNight]]],
    least: int,
) -> Row:
    """Return the row of a member, or of all members of a clock."""
    pairs = [pair for one in ((member,) if member else clock.members) for pair in by_member[one.id]]
    by_call: dict[str, list[MemberNight]] = defaultdict(list)
    for call, night in pairs:
        by_call[call.uid].append(night)
    shares = {uid: _make_share(found) for uid, found in by_call.items() if len(found) >= least}
    return Row(member=member, clock=clock, shares=FrozenDict(shares), total=total_of(pairs))


def _make_share(found: Sequence[MemberNight]) -> CallShare:
    return CallShare(
        present=len(found),
        in_night=sum(night.in_night for night in found),
        blocked=sum(night.blocked for night in found),
        burden=sum(night.burden for night in found),
    )


def _list_days(held: Sequence[Call], clocks: Sequence[Clock]) -> Iterator[DayView]:
    """Return the states of all clocks that most calls have, at most two, by their first calls."""
    groups: dict[tuple[int, ...], list[Call]] = defaultdict(list)
    spans: dict[tuple[int, ...], list[tuple[date, date]]] = defaultdict(list)
    offsets_at = {call.uid: tuple(to_local(call.start, clock.zone).offset // 60 for clock in clocks) for call in held}
    for offsets, run in groupby(held, key=lambda call: offsets_at[call.uid]):
        calls = list(run)
        groups[offsets] += calls
        spans[offsets].append((calls[0].start.date(), calls[-1].start.date()))
    chosen = sorted(groups.items(), key=lambda item: -len(item[1]))[:2]
    for offsets, calls in sorted(chosen, key=lambda item: item[1][0].start):
        lengths: dict[tuple[int, str | None], list[int]] = defaultdict(list)
        for call in calls:
            lengths[call.start.hour * 60 + call.start.minute, call.slot].append(call.minutes)
        times = sorted(lengths.items(), key=lambda item: -len(item[1]))
        most = [SlotTime(minute=at, minutes=max(found), name=name) for (at, name), found in times[:_MOST_SLOTS]]
        yield DayView(
            calls=tuple(calls),
            spans=tuple(spans[offsets]),
            slots=tuple(sorted(most, key=lambda time: (time.minute, time.name or ""))),
            left_out=len(times) - len(most),
            offsets=offsets,
        )
