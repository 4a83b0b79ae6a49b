"""Extra calls that seem to have got the UID of another call, as happens when one is deleted from a plan by hand.

Rule 1: a plan says which extra call of its date each is, by order or by ``nth``; what was announced shows what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from mag_rotation.calls import Call
from mag_rotation.ics.event import Event, Key
from mag_rotation.ics.previous import date_of
from mag_rotation.ics.uids import parts_of
from mag_rotation.series import Meeting

__all__ = ["reused_uids"]


def reused_uids(before: Mapping[Key, Event], calls: Mapping[Key, Call], meeting: Meeting) -> Iterator[str]:
    """What is to be known of extra calls of a plan whose UIDs were announced for another hour.

    One that is held when another extra call of its date was announced is that one; one that comes back at another hour
    may be a new one.
    """
    places: dict[date, dict[Key, int]] = {}
    for key, event in before.items():
        if place := _place(event, meeting):
            places.setdefault(date_of(event, meeting), {})[key] = place
    for key, call in calls.items():
        on_date, known = places.get(call.date, {}), before.get(key)
        if key not in on_date or known is None or known.start == call.start:
            continue
        who = f"the extra call of {call.date} at {call.start:%H:%M} UTC"
        was = next(
            (other for other in on_date if other != key and _gave_up(before[other], call, calls.get(other))), None
        )
        if was is not None:
            cure = f"write nth = {on_date[was]} into its table in the plan"
            yield f"{who} was announced as {was[0]} and takes over {call.uid}, which was another call; {cure}"
        elif known.cancelled and call.is_held:
            cure = f"write nth = {max(on_date.values()) + 1} into its table in the plan if it is another call"
            yield f"{who} has the UID of one that was cancelled, {call.uid}; {cure}"


def _place(event: Event, meeting: Meeting) -> int:
    """Which extra call of its date an event is; 0 for what is no extra call."""
    found = parts_of(event.uid, meeting)
    return (found and found.nth) or 0


def _gave_up(event: Event, call: Call, now: Call | None) -> bool:
    """Whether an announced event was held when a call is now, and is not any more."""
    return event.start == call.start and not event.cancelled and (now is None or now.start != event.start)
