"""A calendar that others made: which of its events are the calls of one meeting, and what else it holds.

Rule 1: every call comes out at the instant that the calendar gives, or its event is a mistake, or it is named.
Rule 2: what people are in a calendar stays there; nobody's name or address comes out.
Rule 3: what is passed on as text was made by strangers: it is cleared of control characters, and quoted in sentences.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby
from types import MappingProxyType

from icalendar import Calendar, Component

from mag_rotation.calls import MOST_DATES, Call
from mag_rotation.errors import InvalidCalendar, InvalidValue, Mistake, quoted
from mag_rotation.ics.clocks import Clocks, all_of, located_zones, text_of
from mag_rotation.ics.uids import own_uid
from mag_rotation.ics.unrolled import ForeignCall, calls_of, has_end, latest_date
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.zones import zone_name

__all__ = ["ForeignCalendar", "Reading", "components_of", "read_foreign"]

_A_YEAR = timedelta(days=365)
_ODD_INPUT = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)
"""What the parser lets through on odd input."""

_TOKENS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|#?[0-9]+(?:st|nd|rd|th)?\b|\b[ivxlcdm]+\b|[^\w\s]")
"""What tells the calls of one meeting apart in their titles: numbers, what stands in brackets, marks."""

_LEFT_OUT = (
    ("ATTENDEE", "attendees were left out; who takes part is written in [[members]] tables or in a roster"),
    ("ORGANIZER", "organizers were left out; meeting.organizer names who invites"),
    ("ATTACH", "attachments were left out"),
    ("CONFERENCE", "CONFERENCE links were left out; meeting.url is the link of all calls"),
)
_OTHERS = {"VTODO": "tasks", "VJOURNAL": "journal entries", "VFREEBUSY": "busy times"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How to read a calendar where it does not say so itself.

    ``zones`` are those that TZIDs mean, ``floating`` is that of times without one. ``only`` takes the events whose
    SUMMARY holds that text. ``until`` ends rules without an end, ``minutes`` is the length of events that say none.
    """

    zones: Mapping[str, ZoneName] = field(default_factory=lambda: MappingProxyType({}))
    floating: ZoneName | None = None
    only: str | None = None
    until: date | None = None
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignCalendar:
    """The calls of one meeting, by start, with what the calendar says of all of them.

    ``name`` is the calendar's own, empty where it has none. ``zones`` are the clocks on which times in UTC may be
    meant. ``unsaid`` are sentences about what a plan does not take over.
    """

    name: str
    calls: tuple[ForeignCall, ...]
    zones: tuple[ZoneName, ...]
    url: str
    description: str
    unsaid: tuple[str, ...]

    @property
    def held(self) -> tuple[ForeignCall, ...]:
        """The calls that are not off."""
        return tuple(call for call in self.calls if not call.cancelled)

    def agrees_with(self, calls: Iterable[Call]) -> bool:
        """Whether the held ones of ``calls`` start and end at the very instants of this calendar's."""
        theirs = sorted((call.start, call.end) for call in calls if call.is_held)
        return theirs == sorted((call.start, call.start + timedelta(minutes=call.minutes)) for call in self.held)


def components_of(data: bytes) -> list[Component]:
    """Everything in the calendars of a file; raises :class:`InvalidValue` where it is none.

    >>> components_of(b"hello")
    Traceback (most recent call last):
    mag_rotation.errors.InvalidValue: cannot be read whole as iCalendar
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidValue(f"found a byte that is not UTF-8 in line {line}; iCalendar is written in UTF-8") from None
    text = text.strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what icalendar guesses of zones is not used
            calendars = Calendar.from_ical(text, multiple=True) if text else []
    except _ODD_INPUT:
        calendars = []
    # The parser takes any END for the one it waits for, such as one that is cut off.
    whole = text.upper().endswith("\nEND:VCALENDAR")
    if not calendars or not whole or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise InvalidValue("cannot be read whole as iCalendar")
    return [component for calendar in calendars for component in calendar.walk()]


def read_foreign(data: bytes, name: str, reading: Reading | None = None) -> ForeignCalendar:
    """The one meeting of a calendar file called ``name``: of several the one with the most calls, or that asked for.

    Raises :class:`InvalidCalendar` with everything that keeps its instants from being known.
    """
    how = reading or Reading()
    try:
        components = components_of(data)
    except InvalidValue as error:
        raise InvalidCalendar([Mistake(place=name, problem=str(error))]) from None
    events = [component for component in components if component.name == "VEVENT"]
    masters, changes = _families(events)
    masters, others = _chosen(masters, how.only, name)
    unsaid: Counter[str] = Counter()
    clocks = _clocks(components, how)
    last = how.until or latest_date(events) + _A_YEAR
    mistakes: list[Mistake] = []
    found: list[ForeignCall] = []
    for number, master in masters:
        own = changes.get(text_of(master, "UID"), [])
        place = f"{name} event {number}"
        if master.errors or any(change.errors for change in own):
            broken = ", ".join(sorted({part or "a line" for one in (master, *own) for part, _ in one.errors}))
            mistakes.append(Mistake(place=place, problem=f"found {broken} that cannot be read; mend the file"))
            continue
        try:
            found += calls_of(master, own, clocks, last=last, minutes=how.minutes, unsaid=unsaid)
        except InvalidValue as error:
            mistakes.append(Mistake(place=place, problem=str(error)))
        if how.until is None and not all(map(has_end, all_of(master, "RRULE"))):
            unsaid[f"rules without an end were ended on {last}; --until says another day"] += 1
    if not mistakes and not any(not call.cancelled for call in found):
        mistakes.append(Mistake(place=name, problem="found no call: no event that is held at an hour"))
    if len(found) > MOST_DATES:
        mistakes.append(Mistake(place=name, problem=f"found {len(found)} calls; a plan has at most {MOST_DATES}"))
    if mistakes:
        raise InvalidCalendar(mistakes)
    taken = [master for _, master in masters] + [one for own in changes.values() for one in own]
    return ForeignCalendar(
        name=next((text for key in ("NAME", "X-WR-CALNAME") if (text := _of_all(components, key))), ""),
        calls=_ordered(found, unsaid),
        zones=_meant(found, components, how.floating),
        url=_common(taken, "URL"),
        description=_common(taken, "DESCRIPTION"),
        unsaid=(*_counted(clocks.read), *_counted(unsaid), *_left_out(taken, components), *others),
    )


def _families(events: Sequence[Component]) -> tuple[list[tuple[int, Component]], dict[str, list[Component]]]:
    """The events with their numbers in the file, and by UID those that change one call of a series.

    What changes a call of a series that is not there is an event of its own.
    """
    series = {text_of(event, "UID") for event in events if "RECURRENCE-ID" not in event}
    masters: list[tuple[int, Component]] = []
    changes: dict[str, list[Component]] = {}
    for number, event in enumerate(events, start=1):
        uid = text_of(event, "UID")
        if "RECURRENCE-ID" in event and uid in series:
            changes.setdefault(uid, []).append(event)
        else:
            masters.append((number, event))
    return masters, changes


def _family(event: Component) -> str:
    """What the events of one meeting have in common: the id in UIDs of ours, or the words of their titles."""
    own = own_uid(text_of(event, "UID"))
    if own is not None:
        return f"{own.meeting}@{own.domain}"
    summary = text_of(event, "SUMMARY").casefold()
    return " ".join(_TOKENS.sub(" ", summary).split()) or " ".join(summary.split())


def _chosen(
    masters: Sequence[tuple[int, Component]], only: str | None, name: str
) -> tuple[list[tuple[int, Component]], list[str]]:
    """The events of the meeting, and sentences about the others in the file."""
    if only is not None:
        wanted = [
            (number, event) for number, event in masters if only.casefold() in text_of(event, "SUMMARY").casefold()
        ]
        if not wanted:
            problem = f"found no event with {quoted(only)} in its SUMMARY"
            raise InvalidCalendar([Mistake(place=name, problem=problem)])
        return wanted, []
    if not masters:
        raise InvalidCalendar([Mistake(place=name, problem="found no VEVENT; it holds no call")])
    families: dict[str, list[tuple[int, Component]]] = {}
    for number, event in masters:
        families.setdefault(_family(event), []).append((number, event))
    # a series counts for more than the events beside it
    largest = max(families, key=lambda key: sum(100 if "RRULE" in event else 1 for _, event in families[key]))
    others = [
        f"another meeting was left out: {quoted(text_of(events[0][1], 'SUMMARY'))} ({len(events)} "
        f"{'event' if len(events) == 1 else 'events'}); take it with --only"
        for key, events in families.items()
        if key != largest
    ]
    return families[largest], others


def _clocks(components: Sequence[Component], how: Reading) -> Clocks:
    """What the file and the reader know of zones."""
    return Clocks(given=how.zones, floating=how.floating or _own_zone(components), located=located_zones(components))


def _own_zone(components: Iterable[Component]) -> ZoneName | None:
    """The zone that the calendar as a whole is in."""
    found = _of_all(components, "X-WR-TIMEZONE")
    try:
        return zone_name(found)
    except ValueError:
        return None


def _of_all(components: Iterable[Component], key: str) -> str:
    """What the calendar itself says under a key."""
    found = (text_of(one, key) for one in components if one.name == "VCALENDAR" and key in one)
    return next((" ".join(text.split()) for text in found if text), "")


def _ordered(found: Sequence[ForeignCall], unsaid: Counter[str]) -> tuple[ForeignCall, ...]:
    """The calls by start, each once; held ones before those called off."""
    ordered = sorted(found, key=lambda call: (call.start, call.minutes, call.cancelled, not call.pinned, call.uid))
    once = [next(same) for _, same in groupby(ordered, key=lambda call: (call.start, call.minutes, call.cancelled))]
    doubled = len(ordered) - len(once)
    if doubled:
        unsaid["calls that stand in the file more than once were taken once"] += doubled
    return tuple(map(_dated, once))


def _dated(call: ForeignCall) -> ForeignCall:
    """A call with the date that a UID of ours says."""
    own = own_uid(call.uid)
    if own is None or own.date is None:
        return call
    try:
        day = date.fromisoformat(own.date)
    except ValueError:
        return call
    return replace(call, date=day, pinned=True, extra=own.is_extra)


def _meant(
    found: Iterable[ForeignCall], components: Iterable[Component], given: ZoneName | None
) -> tuple[ZoneName, ...]:
    """The zones that times in UTC may be meant in: the one given, the most used of the file, the calendar's own."""
    used = Counter(call.zone for call in found if call.zone != UTC_ZONE)
    named = [given, *(zone for zone, _ in used.most_common(3)), _own_zone(components)]
    return tuple(dict.fromkeys(zone for zone in named if zone is not None))


def _common(events: Sequence[Component], key: str) -> str:
    """The text that all events share; empty where they differ."""
    found = {text_of(event, key) for event in events if key in event}
    return found.pop() if len(found) == 1 else ""


def _counted(counter: Counter[str]) -> list[str]:
    return [f"{sentence} (found {count})" for sentence, count in counter.items() if count]


def _left_out(events: Sequence[Component], components: Iterable[Component]) -> list[str]:
    """What there is beside calls, and what calls have that a plan does not take over."""
    counts = Counter({words: sum(len(all_of(event, key)) for event in events) for key, words in _LEFT_OUT})
    alarms = sum(part.name == "VALARM" for event in events for part in event.subcomponents)
    counts["alarms were left out"] = alarms
    texts = {text_of(event, "DESCRIPTION") for event in events} - {""}
    counts["descriptions that differ from call to call were left out"] = len(texts) if len(texts) > 1 else 0
    for kind, words in _OTHERS.items():
        counts[f"{words} were left out"] = sum(one.name == kind for one in components)
    return _counted(counts)
