"""Events: the content of a VEVENT, before it is written and after it was read.

Instants are in UTC, and ``zone`` only says in which zone they are written. A series is an event with a rule; a changed
occurrence is an event with the original start. SEQUENCE rises if :attr:`Event.schedule_key` changes; other changes only
renew DTSTAMP. A cancelled event also says so in its texts, because many programs ignore STATUS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from mag_rotation.calls import RuleDate, expand_rule_dates
from mag_rotation.errors import UnusableEdition
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Schedule
from mag_rotation.zones import resolve, to_local

__all__ = [
    "CANCELLED",
    "LAST_SEQUENCE",
    "Event",
    "Key",
    "Rule",
    "cancel_event",
    "expand_occurrences",
    "find_latest_end",
    "increment_sequence",
]

CANCELLED = "Cancelled: "
"""The start of SUMMARY and DESCRIPTION of a cancelled event."""

LAST_SEQUENCE = 2**31 - 1
"""The largest INTEGER of RFC 5545 (3.3.8)."""

Key = tuple[str, datetime | None]
"""The identity of an event for clients: its UID, and the original start of an occurrence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """The rule of a series: the date parts of an RRULE, the number of its dates, and the excluded ones.

    ``excluded`` are instants in UTC.
    """

    body: str
    count: int
    excluded: frozenset[datetime] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A VEVENT without properties of other programs.

    ``alarm`` is how many minutes before the start it reminds; it is written and not read, and no change of an event.
    ``stamp`` is DTSTAMP, ``created`` is CREATED. ``original`` is the RECURRENCE-ID, written in ``original_zone``.
    """

    uid: str
    start: datetime
    end: datetime
    zone: ZoneName
    summary: str
    cancelled: bool = False
    description: str | None = None
    location: str | None = None
    url: str | None = None
    conference: str | None = None
    categories: tuple[str, ...] = ()
    alarm: int | None = None
    original: datetime | None = None
    original_zone: ZoneName = UTC_ZONE
    rule: Rule | None = None
    sequence: int = 0
    stamp: datetime | None = None
    created: datetime | None = None

    @property
    def key(self) -> Key:
        """The UID and the original start, by which clients identify it."""
        return self.uid, self.original

    @property
    def schedule_key(self) -> tuple[object, ...]:
        """Start, end, status, place and recurrence: a change of these must be announced."""
        clock = self.zone if self.rule is not None else None
        return self.start, self.end, self.cancelled, self.location, self.rule, clock

    @property
    def without_edition(self) -> Event:
        """The event without SEQUENCE, stamps and alarm, for comparison."""
        return replace(self, sequence=0, stamp=None, created=None, alarm=None)

    @property
    def category_pieces(self) -> frozenset[str]:
        """The categories split at commas, because some servers do that.

        >>> start = datetime(2026, 9, 1)
        >>> split = Event(uid="x", start=start, end=start, zone=UTC_ZONE, summary="X", categories=("late", "noon"))
        >>> split.category_pieces == replace(split, categories=("noon, late",)).category_pieces
        True
        """
        pieces = (piece.strip(" \\") for name in self.categories for piece in name.split(","))
        return frozenset(piece for piece in pieces if piece)

    def is_same_content(self, other: Event) -> bool:
        """Return whether it equals another edition of the event, apart from SEQUENCE and stamps."""
        return self.category_pieces == other.category_pieces and self.without_edition == replace(
            other.without_edition, categories=self.categories
        )

    @property
    def title(self) -> str:
        """The SUMMARY without the word for a cancelled event."""
        return self.summary.removeprefix(CANCELLED) if self.cancelled else self.summary

    @property
    def text(self) -> str | None:
        """The DESCRIPTION without the word for a cancelled event."""
        return self.description.removeprefix(CANCELLED) if self.cancelled and self.description else self.description

    @property
    def clock(self) -> tuple[ZoneName, time]:
        """The zone in which it is written, and its local start time."""
        return self.zone, to_local(self.start, self.zone).wall.time()

    def list_starts(self) -> tuple[datetime, ...]:
        """Return the starts that its rule gives, excluded ones too; without a rule, its own start."""
        if self.rule is None:
            return (self.start,)
        wall = to_local(self.start, self.zone).wall
        return tuple(expand_starts(self.rule.body, self.rule.count, wall.date(), wall.time(), self.zone))

    def expand(self) -> Iterator[Event]:
        """Return its occurrences as events without a rule."""
        if self.rule is None:
            yield self
            return
        length = self.end - self.start
        for start in self.list_starts():
            if start not in self.rule.excluded:
                yield replace(self, start=start, end=start + length, rule=None, original=start, original_zone=self.zone)


def cancel_event(event: Event) -> Event:
    """Return an event as a cancelled one, whose texts say so.

    >>> start = datetime(2026, 9, 1)
    >>> off = cancel_event(Event(uid="x", start=start, end=start, zone=UTC_ZONE, summary="Call"))
    >>> off.summary, off.description, off.title, cancel_event(off) == off
    ('Cancelled: Call', 'Cancelled: Call', 'Call', True)
    """
    return replace(
        event,
        cancelled=True,
        summary=f"{CANCELLED}{event.title}",
        description=f"{CANCELLED}{event.text or event.title}",
    )


def increment_sequence(event: Event) -> int:
    """Return the next SEQUENCE of an event; raises :class:`UnusableEdition` if the number is exhausted."""
    if event.sequence >= LAST_SEQUENCE:
        raise UnusableEdition(f"holds {event.uid!r} with the SEQUENCE {event.sequence}, after which there is none")
    return event.sequence + 1


def expand_starts(body: str, count: int, first: date, at: time, zone: ZoneName) -> Iterator[datetime]:
    """Return the starts of a rule anchored at a wall time."""
    days: Iterable[RuleDate] = expand_rule_dates(Schedule(first=first, repeat=body, count=count))
    return (resolve(datetime.combine(day.date, at), zone).instant for day in days)


def expand_occurrences(events: Iterable[Event]) -> dict[Key, Event]:
    """Return every occurrence of the events; changed occurrences replace those of their series."""
    given = list(events)
    regular = {one.key: one for event in given if event.original is None for one in event.expand()}
    return regular | {event.key: event for event in given if event.original is not None}


def find_latest_end(event: Event) -> datetime:
    """Return the end of the last occurrence of an event.

    >>> from datetime import UTC, timedelta
    >>> start = datetime(2026, 9, 1, 14, tzinfo=UTC)
    >>> weekly = Event(uid="x", start=start, end=start + timedelta(hours=1), zone=UTC_ZONE, summary="X",
    ...                rule=Rule(body="FREQ=WEEKLY", count=3))
    >>> find_latest_end(weekly).isoformat()
    '2026-09-15T15:00:00+00:00'
    """
    return max(event.list_starts()) + (event.end - event.start)
