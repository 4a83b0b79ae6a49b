"""The calls of a plan in a calendar on a CalDAV server, one object per call.

The server's objects with UIDs of this meeting are what was announced. Nothing else is stored, so that the next run
completes an interrupted one. Objects are compared by content, because servers rewrite them. The link of the meeting is
not compared in a property that no object on the server has; it is compared in DESCRIPTION.

Everything is prepared before the first request that writes. Only objects of this meeting are written, each on the
condition that it has not changed in between. If it has, everything is read again and tried once more. Nothing is
deleted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NoReturn

from mag_rotation.errors import RefusedByServer, UnreachableServer, UnusableEdition
from mag_rotation.ics import CalendarLayout, Edition, Event, PriorCalendar, read_prior
from mag_rotation.ics.uids import parse_uid
from mag_rotation.ics.write import write_object
from mag_rotation.publish import server_limits
from mag_rotation.publish.dav import Collection, Resource
from mag_rotation.series import Meeting

__all__ = ["PublishResult", "make_object_name", "publish_calls"]

_TRIES = 2
_LONGEST = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishResult:
    """The result of a run.

    ``edition`` is the desired state and its changes. ``due`` are the UIDs that the server did not have in this state,
    ``written`` those that it has now, ``contested`` those that other programs changed at each attempt. ``stopped`` is
    why the run ended before all were tried.
    """

    edition: Edition
    due: tuple[str, ...]
    written: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()
    stopped: RefusedByServer | UnreachableServer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _ServerObject:
    """An object of this meeting on the server."""

    resource: Resource
    event: Event


@dataclass(frozen=True, kw_only=True, slots=True)
class _DueObject:
    """An object to write: its path, the version that it replaces (None for none), and its bytes."""

    uid: str
    path: str
    etag: str | None
    data: bytes


def publish_calls(
    calendar: Collection, meeting: Meeting, edit: Callable[[PriorCalendar], Edition], *, dry_run: bool = False
) -> PublishResult:
    """Write the next edition of a meeting's calls to a calendar; ``edit`` makes it from what was announced.

    The edition must have one event per call. Raises :class:`UnreachableServer` or :class:`RefusedByServer` if nothing
    was written. ``dry_run`` writes nothing and only determines what is due.
    """
    calendar.check()
    edition, due = _make_next(calendar, meeting, edit)
    result = PublishResult(edition=edition, due=tuple(one.uid for one in due))
    for _ in range(0 if dry_run else _TRIES):
        try:
            if result.contested:
                _, due = _make_next(calendar, meeting, edit)
                result = replace(result, contested=())
            for one in due:
                result = _add_attempt(result, one.uid, done=calendar.put(one.path, one.data, etag=one.etag))
        except (RefusedByServer, UnreachableServer) as error:
            if not result.written and isinstance(error, RefusedByServer):
                raise
            return replace(result, stopped=error)
        if not result.contested:
            break
    return result


def _add_attempt(result: PublishResult, uid: str, *, done: bool) -> PublishResult:
    """Return a result with one more object that was written or contested."""
    if done:
        return replace(result, written=(*result.written, uid))
    return replace(result, contested=(*result.contested, uid))


def make_object_name(uid: str) -> str:
    """Return the file name of a call's object: its UID in characters that every file system and URL allows.

    >>> make_object_name("council-20260901-extra@council.example.org")
    'council-20260901-extra_council.example.org.ics'
    """
    name = re.sub(r"[^A-Za-z0-9.-]", "_", uid)
    if len(name) > _LONGEST:
        name = f"{name[:_LONGEST]}_{sha256(uid.encode()).hexdigest()[:32]}"
    return f"{name}.ics"


def _make_next(
    calendar: Collection, meeting: Meeting, edit: Callable[[PriorCalendar], Edition]
) -> tuple[Edition, list[_DueObject]]:
    """Return the edition that follows the state of the server, and its events that the server lacks."""
    held = _find_ours(calendar, meeting)
    layout = CalendarLayout.CALLS if held else None
    edition = edit(PriorCalendar(events=tuple(one.event for one in held.values()), layout=layout))
    dropped = _find_dropped(held, edition)
    if dropped:
        planned = {event.uid: event for event in edition.events}
        held = {uid: replace(one, event=_restore_link(one.event, planned[uid], dropped)) for uid, one in held.items()}
        edition = edit(PriorCalendar(events=tuple(one.event for one in held.values()), layout=layout))
    changed = [event for event in edition.events if event.uid not in held or held[event.uid].event != event]
    return edition, [_make_due(calendar, event, held.get(event.uid)) for event in changed]


def _make_due(calendar: Collection, event: Event, held: _ServerObject | None) -> _DueObject:
    """Return an event as an object to write."""
    return _DueObject(
        uid=event.uid,
        path=held.resource.path if held else calendar.place(make_object_name(event.uid)),
        etag=held.resource.etag if held else None,
        data=write_object(event),
    )


def _find_dropped(held: Mapping[str, _ServerObject], edition: Edition) -> frozenset[str]:
    """Return the properties with the meeting's link that none of the objects on the server has."""
    return frozenset(
        name
        for name in ("url", "conference")
        if held
        and not any(getattr(one.event, name) for one in held.values())
        and any(getattr(event, name) for event in edition.events)
    )


def _restore_link(event: Event, planned: Event, dropped: frozenset[str]) -> Event:
    """Return an event with the properties that the server drops; another link still shows in its DESCRIPTION."""
    url = planned.url if "url" in dropped else event.url
    return replace(event, url=url, conference=planned.conference if "conference" in dropped else event.conference)


def _find_ours(calendar: Collection, meeting: Meeting) -> dict[str, _ServerObject]:
    """Return the objects of a meeting by UID; raises an error for one that cannot be fully parsed."""
    found: dict[str, _ServerObject] = {}
    for resource in calendar.objects():
        if not _is_ours(resource.text, meeting):
            continue
        event = _read_event(resource, calendar, meeting)
        if event.uid in found:
            both = f"{found[event.uid].resource.path} and {resource.path}"
            raise RefusedByServer(calendar.url, f"holds {event.uid!r} twice, at {both}; delete one of them")
        calendar.check_version(resource)
        found[event.uid] = _ServerObject(resource=resource, event=event)
    return found


def _read_event(resource: Resource, calendar: Collection, meeting: Meeting) -> Event:
    """Return the event of an object with a UID of the meeting; raises :class:`RefusedByServer`."""

    def refuse(reason: str) -> NoReturn:
        raise RefusedByServer(calendar.url, f"{resource.path} {reason}")

    if len(resource.text) > server_limits.OBJECT_LETTERS:
        refuse(f"is an object of more than {server_limits.OBJECT_LETTERS >> 20} MiB with a UID of this meeting")
    try:
        prior = read_prior(resource.text.encode(), meeting)
    except UnusableEdition as error:
        refuse(f"{error}; nothing was written")
    if not prior.events:
        refuse("has a UID of this meeting and no event; delete it, or give another calendar")
    if len(prior.events) > 1 or prior.layout is CalendarLayout.SERIES:
        refuse("is an object of the layout series, whose events no calls can replace; give another calendar")
    return prior.events[0]


def _is_ours(text: str, meeting: Meeting) -> bool:
    """Return whether an object has a UID of the meeting, however it is folded."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    properties = (line.partition(":") for line in unfolded.split("\n") if line[:3].upper() == "UID")
    return any(
        parse_uid(value.strip(), meeting) for name, _, value in properties if name.partition(";")[0].upper() == "UID"
    )
