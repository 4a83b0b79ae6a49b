"""A calendar that another program wrote: which of its events are the calls of one meeting, and what else it contains.

Every call has the instant that the calendar gives; otherwise its event is a mistake or a note. Names and addresses of
people are not passed on. Texts from the file are cleared of control characters, and quoted in sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from types import MappingProxyType

from mag_rotation.calls import MOST_DATES, Call
from mag_rotation.calls.numbers import parse_roman
from mag_rotation.errors import InvalidCalendar, InvalidValue, Mistake, quote_value
from mag_rotation.ics.event import CANCELLED
from mag_rotation.ics.reader import Component, Contents, Notes, all_of, read_lenient, text_of, time_of
from mag_rotation.ics.uids import parse_own_uid
from mag_rotation.ics.zone_mapping import Clocks
from mag_rotation.infer.expand_events import (
    OFF_TITLE,
    ExternalCall,
    ExternalEvent,
    expand_events,
    find_latest_date,
    has_end,
    select_current,
    select_newest_change,
)
from mag_rotation.limits import NAMED
from mag_rotation.places import UTC_ZONE, ZoneName, zone_name
from mag_rotation.values import Fact, FactCode

__all__ = ["CalendarNote", "ExternalCalendar", "ReadingOptions", "read_external"]

_A_YEAR = timedelta(days=365)
_NEVER = datetime(9999, 12, 31)  # noqa: DTZ001 - wall time
_NO_CALL = "found no call: no event that is held at an hour"

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_EDGES = " .,:;!?\"'\u2013\u2014-|/\u2022\u00b7*_"
"""Punctuation around a word; that in C++, C# and D&I belongs to the word."""

_NUMBER = re.compile(r"(?:#|no|n\u00b0|nr)?\.?([0-9]+)(?:st|nd|rd|th)?|([0-9]+(?:[-./:][0-9]+)+)")
_ROMAN = re.compile(r"[ivxlcdm]{1,12}")
_MOST_OF = 0.75
"""The share of a meeting's calls that must have their own numbers, each higher than the one before."""


class CalendarNote(FactCode):
    """What a calendar has that a plan does not adopt."""

    ATTENDEES = "attendees_left_out"
    ORGANIZERS = "organizers_left_out"
    ATTACHMENTS = "attachments_left_out"
    CONFERENCES = "conferences_left_out"
    ALARMS = "alarms_left_out"
    DESCRIPTIONS = "descriptions_left_out"
    TASKS = "tasks_left_out"
    JOURNALS = "journal_entries_left_out"
    BUSY_TIMES = "busy_times_left_out"
    REPEATED_CALLS = "repeated_calls"
    ENDED_RULES = "rules_ended"
    OTHER_MEETING = "other_meeting_left_out"


_PROPERTIES = {
    "ATTENDEE": CalendarNote.ATTENDEES,
    "ORGANIZER": CalendarNote.ORGANIZERS,
    "ATTACH": CalendarNote.ATTACHMENTS,
    "CONFERENCE": CalendarNote.CONFERENCES,
}
_COMPONENTS = {
    "VTODO": CalendarNote.TASKS,
    "VJOURNAL": CalendarNote.JOURNALS,
    "VFREEBUSY": CalendarNote.BUSY_TIMES,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingOptions:
    """How to read what a calendar does not say.

    ``zones`` are those of TZIDs, ``floating`` is that of times without one. ``only`` selects the events whose SUMMARY
    contains that text. ``until`` ends rules without an end; ``minutes`` is the length of events without one.
    """

    zones: Mapping[str, ZoneName] = field(default_factory=lambda: MappingProxyType({}))
    floating: ZoneName | None = None
    only: str | None = None
    until: date | None = None
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalCalendar:
    """The calls of one meeting by start, and what the calendar says about all of them.

    ``name`` is the calendar's own, empty if it has none. ``zones`` are the zones that times in UTC may be meant in.
    ``notes`` say what was read in another way than it is written, and what a plan does not adopt.
    """

    name: str
    calls: tuple[ExternalCall, ...]
    zones: tuple[ZoneName, ...]
    url: str
    description: str
    notes: tuple[Fact, ...]

    @property
    def held(self) -> tuple[ExternalCall, ...]:
        """The calls that are not cancelled."""
        return tuple(call for call in self.calls if not call.cancelled)

    def agrees_with(self, calls: Iterable[Call]) -> bool:
        """Return whether the held ones of ``calls`` start and end at the same instants as those of this calendar."""
        theirs = sorted((call.start, call.end) for call in calls if call.is_held)
        return theirs == sorted((call.start, call.start + timedelta(minutes=call.minutes)) for call in self.held)


def read_external(data: bytes, name: str, reading: ReadingOptions | None = None) -> ExternalCalendar:
    """Return one meeting of the calendar file ``name``: that asked for, else the one with the most calls.

    Raises :class:`InvalidCalendar` with everything that prevents its instants from being known.
    """
    how, notes = reading or ReadingOptions(), Notes()
    try:
        contents = read_lenient(data)
    except InvalidValue as error:
        raise InvalidCalendar([Mistake(place=name, problem=str(error))]) from None
    components = contents.components
    events = list(_read_events(contents))
    masters, others = _choose_meeting([master for master, _ in _group_families(events, Notes())], how.only, name)
    wanted, numbers = ({event.uid or event.number for event in masters}, {event.number for event in masters})
    families = _group_families([event for event in events if (event.uid or event.number) in wanted], notes)
    own = [(master, changes) for master, changes in families if master.number in numbers]
    last = how.until or find_latest_date(events) + _A_YEAR
    clocks = Clocks.of(components, given=how.zones, floating=how.floating or _find_own_zone(components))
    clocks = replace(clocks, span=_find_span(own, clocks, last=last), notes=notes)
    found, mistakes = _read_calls(own, how, clocks, last=last, name=name)
    if not mistakes and not any(not call.cancelled for call in found):
        why = f"found no call that is held: all {len(found)} are cancelled" if found else _NO_CALL
        raise InvalidCalendar([Mistake(place=name, problem=why)], notes.facts())
    if len(found) > MOST_DATES:
        mistakes.append(Mistake(place=name, problem=f"found {len(found)} calls; a plan has at most {MOST_DATES}"))
    if mistakes:
        raise InvalidCalendar(mistakes)
    taken = [event.component for master, changes in own for event in (master, *changes)]
    for left in contents.left_out:
        notes.add(left.note, left.line)
    calls = _order_calls(found, notes)
    _note_left_out(taken, components, notes)
    return ExternalCalendar(
        name=next((text for key in ("NAME", "X-WR-CALNAME") if (text := _read_calendar_text(components, key))), ""),
        calls=calls,
        zones=_find_zones(found, components, how.floating),
        url=_find_common(text_of(event, "URL") for event in taken),
        description=_find_common(_read_descriptions(taken)),
        notes=(*notes.facts(), *others),
    )


def _read_calls(
    own: Iterable[tuple[ExternalEvent, Sequence[ExternalEvent]]],
    how: ReadingOptions,
    clocks: Clocks,
    *,
    last: date,
    name: str,
) -> tuple[list[ExternalCall], list[Mistake]]:
    """Return the calls of events and their changes; adds what prevents others from being read."""
    found: list[ExternalCall] = []
    mistakes: list[Mistake] = []
    for master, changes in own:
        try:
            found += expand_events(master, changes, clocks, last=last, minutes=how.minutes)
            for rule in all_of(master.component, "RRULE"):
                if how.until is None and not has_end(rule):
                    clocks.notes.add(Fact.of(CalendarNote.ENDED_RULES, last=last), rule.line)
        except InvalidValue as error:
            mistakes.append(Mistake(place=f"{name} event {master.number}", problem=str(error)))
            if clocks.effort.is_spent:
                break  # the same applies to all later events
            if len(mistakes) == NAMED:
                problem = f"found {NAMED} events that cannot be read; those after event {master.number} were not tried"
                mistakes.append(Mistake(place=name, problem=problem))
                break
    return found, mistakes


def _read_events(contents: Contents) -> Iterator[ExternalEvent]:
    """Return the events of a file by number, and the METHODs of their calendars."""
    number = 0
    for calendar in contents.calendars:
        method = text_of(calendar, "METHOD").upper()
        for component in Contents(calendars=(calendar,), left_out=()).components:
            if component.name == "VEVENT":
                number += 1
                yield ExternalEvent.read(component, number=number, method=method)


def _group_families(
    events: Iterable[ExternalEvent], notes: Notes
) -> list[tuple[ExternalEvent, tuple[ExternalEvent, ...]]]:
    """Return the current events by number, each with the changes of its calls.

    A change of a call of a missing series is an event of its own. If several events share a UID, the changes belong to
    a series among them.
    """
    masters: dict[int, ExternalEvent] = {}
    named: dict[str, list[ExternalEvent]] = {}
    changes: dict[tuple[object, ...], list[ExternalEvent]] = {}
    for event in select_current(events, notes):
        if event.is_change:
            call = tuple((one.params, one.value) for one in all_of(event.component, "RECURRENCE-ID"))
            changes.setdefault((event.uid, call if event.uid else event.number), []).append(event)
            continue
        masters[event.number] = event
        if event.uid:
            named.setdefault(event.uid, []).append(event)
    owners = {uid: max(same, key=lambda one: (one.is_series, one.content)) for uid, same in named.items()}
    own: dict[int, list[ExternalEvent]] = {}
    for same in changes.values():
        owner = owners.get(same[0].uid)
        if owner is not None:
            own.setdefault(owner.number, []).extend(same)
        else:
            newest = select_newest_change(same, notes)
            masters[newest.number] = newest
    return [(masters[number], tuple(own.get(number, ()))) for number in sorted(masters)]


def _find_span(
    own: Iterable[tuple[ExternalEvent, Sequence[ExternalEvent]]], clocks: Clocks, *, last: date
) -> tuple[datetime, datetime] | None:
    """Return the first and the last time of all events, read as UTC; None if none can be read."""
    survey = replace(clocks, is_survey=True, notes=Notes())
    starts: list[datetime] = []
    for master, changes in own:
        try:
            starts += (call.start for call in expand_events(master, changes, survey, last=last, minutes=1))
        except InvalidValue:
            continue  # reported when the events are read
    return (min(starts), max(starts)) if starts else None


# Which events are one meeting.


@dataclass(frozen=True, kw_only=True, slots=True)
class _Title:
    """The words of a title, and the numbers among them: digits, and words that may be Roman numerals."""

    words: tuple[str, ...]
    digits: tuple[int, ...]
    romans: tuple[int, ...]

    def drop_numbers(self, *, romans: bool) -> tuple[str, ...]:
        """Return the words without numbers; Roman numerals count as words unless ``romans`` is set."""
        return tuple(word for word in self.words if not _NUMBER.fullmatch(word) and not (romans and _read_roman(word)))


def _choose_meeting(
    masters: Sequence[ExternalEvent], only: str | None, name: str
) -> tuple[list[ExternalEvent], list[Fact]]:
    """Return the events of the meeting, and sentences about the other events of the file."""
    if only is not None:
        text = unicodedata.normalize("NFC", only).casefold()
        wanted = [event for event in masters if text in text_of(event.component, "SUMMARY").casefold()]
        if not wanted:
            problem = f"found no event with {quote_value(only)} in its SUMMARY"
            raise InvalidCalendar([Mistake(place=name, problem=problem)])
        return wanted, []
    if not masters:
        raise InvalidCalendar([Mistake(place=name, problem="found no VEVENT; it holds no call")])
    # a series counts for more than the events beside it; of equals the one that begins first does
    meetings = sorted(
        _split_meetings(masters),
        key=lambda events: (
            -sum(_weigh(event) for event in events),
            min(map(_find_start, events)),
            min(event.summary for event in events),
        ),
    )
    others = [
        Fact.of(CalendarNote.OTHER_MEETING, title=text_of(events[0].component, "SUMMARY"), events=len(events))
        for events in meetings[1:]
    ]
    return sorted(meetings[0], key=lambda event: event.number), others


def _weigh(event: ExternalEvent) -> int:
    """Return how much an event counts for its meeting: nothing if its start cannot be read."""
    if _find_start(event) == _NEVER:
        return 0
    return 100 if event.is_series else 1


def _split_meetings(masters: Sequence[ExternalEvent]) -> Iterator[list[ExternalEvent]]:
    """Return the events by meeting: by UID if this project formed it, otherwise by the words of their titles.

    Events whose titles differ only in numbers are one meeting if the numbers count upwards. Two series with different
    numbers are two meetings.
    """
    own: dict[tuple[str, str], list[ExternalEvent]] = {}
    titled: list[ExternalEvent] = []
    for event in masters:
        known = parse_own_uid(event.uid)
        if known is None:
            titled.append(event)
        else:
            own.setdefault((known.meeting, known.domain), []).append(event)
    yield from own.values()
    titles = {event.number: _read_title(event) for event in titled}
    for whole in _group_by(titled, lambda event: titles[event.number].drop_numbers(romans=True)):
        if _is_counting_upwards(whole, titles, romans=True):
            yield whole
            continue
        for part in _group_by(whole, lambda event: titles[event.number].drop_numbers(romans=False)):
            if _is_counting_upwards(part, titles, romans=False):
                yield part
            else:
                yield from _group_by(part, lambda event: titles[event.number].words)


def _group_by(
    events: Iterable[ExternalEvent], key: Callable[[ExternalEvent], tuple[str, ...]]
) -> list[list[ExternalEvent]]:
    found: dict[tuple[str, ...], list[ExternalEvent]] = {}
    for event in events:
        found.setdefault(key(event), []).append(event)
    return list(found.values())


def _read_title(event: ExternalEvent) -> _Title:
    """Return the title of an event without brackets and without the word for a cancelled call."""
    whole = OFF_TITLE.sub("", unicodedata.normalize("NFKC", event.summary).casefold(), count=1)
    for text in (_BRACKETED.sub(" ", whole), re.sub(r"[()\[\]]", " ", whole)):
        words = tuple(word for word in (word.strip(_EDGES) for word in text.split()) if word)
        if words:
            break
    digits = tuple(int(n) for word in words if _NUMBER.fullmatch(word) for n in re.findall("[0-9]{1,9}", word))
    romans = tuple(number for word in words if (number := _read_roman(word)))
    return _Title(words=words, digits=digits, romans=romans)


def _read_roman(word: str) -> int:
    """Return the number of a word in Roman numerals, 0 if it is not one."""
    return parse_roman(word.upper()) or 0 if _ROMAN.fullmatch(word) else 0


def _is_counting_upwards(events: Sequence[ExternalEvent], titles: Mapping[int, _Title], *, romans: bool) -> bool:
    """Return whether titles are equal or differ only in numbers as the calls of one meeting do.

    Digits may be out of order in a few places, or be the date of the call. Roman numerals may be words as well, so all
    of them must rise, by two at most on average.
    """
    if len({titles[event.number].words for event in events}) == 1:
        return True
    ordered = sorted(events, key=_find_start)
    numbers = [(event, titles[event.number].romans if romans else titles[event.number].digits) for event in ordered]
    numbered = [(event, number) for event, number in numbers if number]
    if len(numbered) < max(2, _MOST_OF * len(events)) or any(event.is_series for event, _ in numbered):
        return False
    counted = [number for _, number in numbered]
    steps = len(counted) - 1
    if romans:
        return all(low < high for low, high in pairwise(counted)) and sum(counted[-1]) - sum(counted[0]) <= 2 * steps
    rising = max(
        sum(low < high for low, high in pairwise(counted)),
        sum(low[::-1] < high[::-1] for low, high in pairwise(counted)),
    )
    are_numbers = len(set(counted)) >= _MOST_OF * len(counted) and rising >= _MOST_OF * steps
    return are_numbers or all(_list_date_parts(_find_start(event)).issuperset(number) for event, number in numbered)


def _find_start(event: ExternalEvent) -> datetime:
    """Return the wall time at which an event starts; the latest possible one if it has none."""
    for found in all_of(event.component, "DTSTART"):
        try:
            read = time_of(found)
        except InvalidValue:
            continue  # reported when the event is read
        return read.replace(tzinfo=None) if isinstance(read, datetime) else datetime.combine(read, time())
    return _NEVER


def _list_date_parts(start: datetime) -> set[int]:
    """Return the numbers by which a title may give the time of a call."""
    return {
        start.year, start.year % 100, start.month, start.day, start.isocalendar().week, start.hour, start.minute,
    }  # fmt: skip


# What the calendar says as a whole.


def _find_own_zone(components: Iterable[Component]) -> ZoneName | None:
    """Return the zone of the calendar as a whole."""
    found = _read_calendar_text(components, "X-WR-TIMEZONE")
    try:
        return zone_name(found)
    except ValueError:
        return None


def _read_calendar_text(components: Iterable[Component], key: str) -> str:
    """Return the text of a property of the calendar itself."""
    found = (text_of(one, key) for one in components if one.name == "VCALENDAR")
    return next((" ".join(text.split()) for text in found if text), "")


def _order_calls(found: Sequence[ExternalCall], notes: Notes) -> tuple[ExternalCall, ...]:
    """Return the calls by start, each once; held ones before cancelled ones."""
    ordered = sorted(
        found,
        key=lambda call: (
            call.start, call.minutes, call.cancelled, not call.pinned, call.uid, call.zone, call.summary, call.location,
        ),
    )  # fmt: skip
    once = [next(same) for _, same in groupby(ordered, key=lambda call: (call.start, call.minutes, call.cancelled))]
    for _ in range(len(ordered) - len(once)):
        notes.add(Fact.of(CalendarNote.REPEATED_CALLS))
    return tuple(map(_with_own_date, once))


def _with_own_date(call: ExternalCall) -> ExternalCall:
    """Return a call with the date in its UID, if this project formed it."""
    own = parse_own_uid(call.uid)
    if own is None or own.date is None:
        return call
    try:
        day = date.fromisoformat(own.date)
    except ValueError:
        return call
    return replace(call, date=day, pinned=True, extra=own.is_extra)


def _find_zones(
    found: Iterable[ExternalCall], components: Iterable[Component], given: ZoneName | None
) -> tuple[ZoneName, ...]:
    """Return the zones that UTC times may be meant in: the given one, the most used ones, the calendar's own."""
    used = Counter(call.zone for call in found if call.zone != UTC_ZONE)
    most = sorted(used, key=lambda zone: (-used[zone], zone))[:3]
    named = [given, *most, _find_own_zone(components)]
    return tuple(dict.fromkeys(zone for zone in named if zone is not None))


def _find_common(texts: Iterable[str]) -> str:
    """Return the text that all events with one share; empty if they differ."""
    found = set(texts) - {""}
    return found.pop() if len(found) == 1 else ""


def _read_descriptions(events: Iterable[Component]) -> Iterator[str]:
    """Return the descriptions of events, without the word for a cancelled call in a calendar of this project."""
    for event in events:
        title, text = (text_of(event, key).removeprefix(CANCELLED) for key in ("SUMMARY", "DESCRIPTION"))
        yield "" if text == title else text


def _note_left_out(events: Sequence[Component], components: Iterable[Component], notes: Notes) -> None:
    """Note what the file has besides calls, and what calls have that a plan does not adopt."""
    for key, code in _PROPERTIES.items():
        for event in events:
            for found in all_of(event, key):
                notes.add(Fact.of(code), found.line)
    for event in events:
        for part in event.components:
            if part.name == "VALARM":
                notes.add(Fact.of(CalendarNote.ALARMS), part.line)
    texts = {*_read_descriptions(events)} - {""}
    for _ in range(len(texts) if len(texts) > 1 else 0):
        notes.add(Fact.of(CalendarNote.DESCRIPTIONS))
    for one in components:
        if one.name in _COMPONENTS:
            notes.add(Fact.of(_COMPONENTS[one.name]), one.line)
