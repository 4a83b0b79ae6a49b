"""The next edition of a calendar file, given what was announced before.

An unchanged plan gives the previous edition, whatever the stamp. SEQUENCE rises by one if start, end, status, place or
recurrence change. Any change renews DTSTAMP, which is the stamp, or one second after the previous one if the stamp is
not later. A call that left the plan is cancelled, unless it is past, and stays in the file, so that its UID and
SEQUENCE are known if it comes back. A call outside the plan's season belongs to another plan and stays unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from mag_rotation.calls import Call, ChangeKind, Status
from mag_rotation.errors import UnusableEdition
from mag_rotation.ics.event import Event, Key, cancel_event, expand_occurrences, increment_sequence
from mag_rotation.ics.previous import CalendarLayout, PriorCalendar, date_of
from mag_rotation.ics.recurring_events import EventSet, draw_series
from mag_rotation.ics.session_events import NO_NOTE, SessionNote, note_elsewhere, remove_people, session_event
from mag_rotation.ics.single_events import NOTE, call_event
from mag_rotation.ics.uids import make_session_uid, parse_uid
from mag_rotation.ics.write import write_calendar
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Meeting, Season, Series
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import to_utc

if TYPE_CHECKING:
    from mag_rotation.programme import ScheduledSession

__all__ = [
    "Edition",
    "EditionWarning",
    "EventChange",
    "advance_stamp",
    "check_layout",
    "edit_calls",
    "edit_sessions",
    "make_edition",
]

_SECOND = timedelta(seconds=1)


class EditionWarning(FactCode):
    """A possible problem with the UIDs of an edition."""

    UID_TAKEN_OVER = "uid_taken_over"
    UID_OF_CANCELLED = "uid_of_cancelled_call"


@dataclass(frozen=True, kw_only=True, slots=True)
class EventChange:
    """A change of one call for people who have the previous edition.

    ``before`` is what the file says, None for an added call. ``after`` is the call of the plan, None for a call that
    left it. ``key`` is the UID in the file and, in a series, the original start.
    """

    key: Key
    kind: ChangeKind
    before: Call | None
    after: Call | None

    @property
    def uid(self) -> str:
        """The UID of the event in the file; in a series, that of the slot."""
        return self.key[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """The events of a calendar file by start and UID, and the changes since the previous edition."""

    meeting: Meeting
    events: tuple[Event, ...]
    changes: tuple[EventChange, ...]
    warnings: tuple[Fact, ...] = ()

    def data(self) -> bytes:
        """Return the calendar file."""
        return write_calendar(self.events, self.meeting)

    def list_shown(self) -> dict[Key, Event]:
        """Return the event of every call as clients show it, with those of a series one by one."""
        return expand_occurrences(self.events)


def make_edition(
    series: Series,
    calls: Sequence[Call],
    *,
    stamp: datetime,
    previous: PriorCalendar | None = None,
    layout: CalendarLayout = CalendarLayout.CALLS,
    zones: Sequence[ZoneName] = (),
    utc: bool = False,
) -> Edition:
    """Return the next edition of a plan's calendar; ``calls`` are those of ``series``.

    ``stamp`` is now, in any zone; fractions of a second are dropped, and a naive one raises :class:`InvalidInstant`.
    ``utc`` writes all times in UTC. Raises :class:`UnusableEdition` if ``previous`` has the other layout and
    :class:`RefusedLayout` if the layout cannot represent the plan.
    """
    if layout is CalendarLayout.CALLS:
        return edit_calls(calls, series.meeting, stamp=stamp, previous=previous, zones=zones, utc=utc)
    now = _truncate_to_second(stamp)
    before = _events_of(previous, layout)
    drawn = draw_series(series, calls, before, stamp=now, utc=utc)
    return _number_events(drawn, series.meeting, before, now, utc=utc)


def edit_calls(
    calls: Sequence[Call],
    meeting: Meeting,
    *,
    stamp: datetime,
    previous: PriorCalendar | None = None,
    zones: Sequence[ZoneName] = (),
    utc: bool = False,
) -> Edition:
    """Return the next edition with one event per call, which needs no series; otherwise like :func:`make_edition`."""
    events = tuple(call_event(call, meeting, zones=zones, utc=utc) for call in calls)
    drawn = EventSet(events=events, calls={(call.uid, None): call for call in calls})
    return _number_events(
        drawn, meeting, _events_of(previous, CalendarLayout.CALLS), _truncate_to_second(stamp), utc=utc
    )


def edit_sessions(
    sessions: Sequence[ScheduledSession],
    meeting: Meeting,
    *,
    stamp: datetime,
    previous: PriorCalendar | None = None,
    zones: Sequence[ZoneName] = (),
    utc: bool = False,
    notes: Mapping[str, SessionNote] | None = None,
    elsewhere: Sequence[ScheduledSession] = (),
) -> Edition:
    """Return the next edition of a calendar of sessions, one event each; otherwise like :func:`make_edition`.

    ``meeting`` gives the UIDs, and its name is that of the calendar. Nobody is named but in ``notes``, which are texts
    and reminders by the ids of sessions. ``elsewhere`` are other sessions of the programme: one that this calendar had
    is cancelled in it, and its description says that the session is held.
    """
    known = notes or {}
    whole = replace(meeting, season=Season(), feed_url=None)
    events = tuple(session_event(one, whole, zones=zones, utc=utc, note=known.get(one.id, NO_NOTE)) for one in sessions)
    calls = {event.key: _call_of_session(one, event) for one, event in zip(sessions, events, strict=True)}
    before = () if previous is None else previous.events
    if notes is None:  # those of a session that left the plan would stay
        before = tuple(event if event.key in calls else remove_people(event) for event in before)
    return _number_events(
        EventSet(events=events, calls=calls),
        whole,
        before,
        _truncate_to_second(stamp),
        utc=utc,
        elsewhere={make_session_uid(one.id, meeting): one.session.track for one in elsewhere},
    )


def _call_of_session(one: ScheduledSession, event: Event) -> Call:
    """Return a session as changes show it."""
    return Call(
        uid=event.uid,
        date=one.session.date,
        start=event.start,
        end=event.end,
        zone=event.zone,
        title=event.title,
        status=Status.PLANNED,
        slot=one.session.track or None,
        location=event.location,
        note=one.session.note or None,
    )


def _truncate_to_second(stamp: datetime) -> datetime:
    return to_utc(stamp).replace(microsecond=0)


def _events_of(previous: PriorCalendar | None, layout: CalendarLayout) -> tuple[Event, ...]:
    """Return the announced events; the layout must be the requested one."""
    if previous is None:
        return ()
    check_layout(previous, layout)
    return previous.events


def check_layout(found: PriorCalendar, layout: CalendarLayout) -> None:
    """Raise :class:`UnusableEdition` if the announced calendar has another layout than the requested one."""
    if found.layout not in {None, layout}:
        raise UnusableEdition(
            f"was written in the layout {found.layout}, whose events no {layout} can replace; ask for that layout"
        )


def _number_events(
    drawn: EventSet,
    meeting: Meeting,
    before: Sequence[Event],
    stamp: datetime,
    *,
    utc: bool,
    elsewhere: Mapping[str, str] | None = None,
) -> Edition:
    """Return the new events and the remaining announced ones, with SEQUENCE and DTSTAMP.

    ``elsewhere`` are the tracks of the sessions in other calendars, by UID.
    """
    known = {event.key: event for event in before}
    drawn_keys = {event.key for event in drawn.events}
    left = [_cancel_absent(event, meeting, stamp, utc=utc) for event in before if event.key not in drawn_keys]
    if elsewhere is not None:
        left = [note_elsewhere(event, elsewhere.get(event.uid)) for event in left]
    occurrences = expand_occurrences(before)
    events: dict[Key, Event] = {}
    # Series come before their occurrences, for a new occurrence starts from the SEQUENCE of its series.
    for event in sorted([*drawn.events, *left], key=lambda event: event.original is not None):
        earlier = known.get(event.key) or occurrences.get(event.key)
        if earlier is None and event.original is not None:
            events[event.key] = replace(event, sequence=events[event.uid, None].sequence, stamp=stamp, created=stamp)
        else:
            events[event.key] = _number_event(event, earlier, stamp)
    _renew_series(events, known, stamp)
    begins = {event.uid: event.start for event in events.values() if event.rule is not None}
    ordered = tuple(sorted(events.values(), key=lambda event: _order(event, begins.get(event.uid))))
    return Edition(
        meeting=meeting,
        events=ordered,
        changes=tuple(_find_changes(occurrences, ordered, drawn, meeting)),
        warnings=tuple(_find_reused_uids(known, drawn.calls, meeting)),
    )


def _order(event: Event, begin: datetime | None = None) -> tuple[datetime, str, datetime]:
    """Return the sort key of an event: start and UID; a series, which begins at ``begin``, before its occurrences."""
    start = event.start if begin is None else max(event.start, begin)
    return start, event.uid, event.original or datetime.min.replace(tzinfo=event.start.tzinfo)


def _cancel_absent(event: Event, meeting: Meeting, stamp: datetime, *, utc: bool) -> Event:
    """Return what becomes of an event that the plan no longer has."""
    if date_of(event, meeting) not in meeting.season:
        return event
    is_past = event.end <= stamp
    left = replace(event, zone=UTC_ZONE if utc else event.zone)
    return cancel_event(left) if event.cancelled or not is_past else left


def _number_event(event: Event, earlier: Event | None, stamp: datetime) -> Event:
    """Return an event with the SEQUENCE and the DTSTAMP that follow those of an earlier one."""
    if earlier is None:
        return replace(event, sequence=0, stamp=stamp, created=stamp)
    if event.is_same_content(earlier):
        return replace(earlier, alarm=event.alarm)
    sequence = earlier.sequence if event.schedule_key == earlier.schedule_key else increment_sequence(earlier)
    return replace(event, sequence=sequence, stamp=advance_stamp(earlier, stamp), created=earlier.created)


def _renew_series(events: dict[Key, Event], known: Mapping[Key, Event], stamp: datetime) -> None:
    """Renew the stamp of each series with a new or changed override.

    Some programs take the revision of a UID from the series and ignore the rest if they know it.
    """
    touched = {event.uid for key, event in events.items() if event.original is not None and event != known.get(key)}
    for key, series in events.items():
        if series.rule is not None and series.uid in touched and series == known.get(key):
            events[key] = replace(series, stamp=advance_stamp(series, stamp))


def advance_stamp(earlier: Event, stamp: datetime) -> datetime:
    """Return the stamp, or one second after the earlier event's stamp if that is not before it."""
    return stamp if earlier.stamp is None else max(stamp, earlier.stamp + _SECOND)


def _find_changes(
    before: Mapping[Key, Event], events: Sequence[Event], drawn: EventSet, meeting: Meeting
) -> Iterator[EventChange]:
    """Return the changes call by call, by start; a call that moved to another series appears once."""
    after = expand_occurrences(events)
    gone = {old for old in drawn.replaced if not before[old].cancelled}
    was = {drawn.replaced[old]: before[old] for old in gone}
    for key, event in sorted(after.items(), key=lambda item: _order(item[1])):
        if key in gone:
            continue
        earlier, call = before.get(key), drawn.calls.get(key)
        if earlier is None or earlier.cancelled:
            earlier = was.get(key, earlier)
        kind = _classify_change(earlier, event, call)
        if kind is None:
            continue
        if earlier is not None and earlier.category_pieces == event.category_pieces:
            earlier = replace(earlier, categories=event.categories)  # a server may have split them at their commas
        before_call = None if earlier is None else _call_from_event(earlier, meeting)
        yield EventChange(key=key, kind=kind, before=before_call, after=call)


def _classify_change(before: Event | None, after: Event, call: Call | None) -> ChangeKind | None:
    """Return classify a change; None if unchanged."""
    if before is None:
        return None if call is None else ChangeKind.ADDED
    if before.cancelled != after.cancelled:
        if after.cancelled:
            return ChangeKind.DROPPED if call is None else ChangeKind.CANCELLED
        return ChangeKind.REVIVED
    if call is None or after.is_same_content(cancel_event(before) if before.cancelled else before):
        return None
    return ChangeKind.EDITED if before.start == after.start else ChangeKind.MOVED


def _call_from_event(event: Event, meeting: Meeting) -> Call:
    """Return the call that an announced event describes, as far as it does."""
    found = parse_uid(event.uid, meeting)
    extra = bool(found and found.is_extra)
    begun = event.original or event.start
    label = event.title.removeprefix(meeting.name).strip() if event.title.startswith(meeting.name) else ""
    slot, phase = _split_categories(event.categories, extra=extra)
    status = Status.EXTRA if extra else Status.PLANNED if begun == event.start else Status.MOVED
    return Call(
        uid=event.uid,
        date=date_of(event, meeting),
        start=event.start,
        end=event.end,
        zone=event.zone,
        title=event.title,
        status=Status.CANCELLED if event.cancelled else status,
        number=int(label) if label.isascii() and label.isdigit() else None,
        label=label or None,
        slot=slot,
        phase=phase,
        location=None if event.location == event.url else event.location,
        note=_note(event.text),
    )


def _split_categories(names: Sequence[str], *, extra: bool) -> tuple[str | None, str | None]:
    """Return slot and phase from the categories of an event; a single one is the slot, for an extra call the phase."""
    if extra or not names:
        return None, names[0] if names else None
    return names[0], names[1] if len(names) > 1 else None


def _note(description: str | None) -> str | None:
    """Return the note in a description: a separate block before the text that all calls share."""
    blocks = (description or "").split("\n\n")[:2]
    return next((block.removeprefix(NOTE) for block in blocks if block.startswith(NOTE)), None)


def _find_reused_uids(before: Mapping[Key, Event], calls: Mapping[Key, Call], meeting: Meeting) -> Iterator[Fact]:
    """Return warnings about extra calls whose UIDs were announced for another start.

    This happens if an extra call is deleted from a plan by hand. A call at the start of another announced extra call of
    its date is probably that one; a cancelled one that comes back at another start may be a new call.
    """
    places: dict[date, dict[Key, int]] = {}
    for key, event in before.items():
        if place := _find_extra_place(event, meeting):
            places.setdefault(date_of(event, meeting), {})[key] = place
    given_up: dict[tuple[date, datetime], list[Key]] = {}
    for day, on_date in places.items():
        for key in on_date:
            if _is_given_up(before[key], calls.get(key)):
                given_up.setdefault((day, before[key].start), []).append(key)
    for key, call in calls.items():
        on_date, known = places.get(call.date, {}), before.get(key)
        if key not in on_date or known is None or known.start == call.start:
            continue
        was = next((other for other in given_up.get((call.date, call.start), ()) if other != key), None)
        if was is not None:
            yield Fact.of(
                EditionWarning.UID_TAKEN_OVER,
                date=call.date,
                start=call.start,
                announced=was[0],
                uid=call.uid,
                nth=on_date[was],
            )
        elif known.cancelled and call.is_held:
            nth = max(on_date.values()) + 1
            yield Fact.of(EditionWarning.UID_OF_CANCELLED, date=call.date, start=call.start, uid=call.uid, nth=nth)


def _find_extra_place(event: Event, meeting: Meeting) -> int:
    """Return which extra call of its date an event is; 0 if it is not an extra call."""
    found = parse_uid(event.uid, meeting)
    return (found and found.nth) or 0


def _is_given_up(event: Event, now: Call | None) -> bool:
    """Return whether an announced event had a start that its call no longer has."""
    return not event.cancelled and (now is None or now.start != event.start)
