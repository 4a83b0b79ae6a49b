"""Two calendar files of one meeting as one: what members may have seen of either.

Rule 1: of an event that is in both the later edition counts: that of the higher SEQUENCE, then of the later DTSTAMP.
Rule 2: where both say something else under one SEQUENCE, the next number is taken, so that neither is taken for the
other.
Rule 3: a series is followed in one line only: one of the files has to know all dates that the other has of it.
"""

from __future__ import annotations

from mag_rotation.errors import UnusableEdition
from mag_rotation.ics.event import Event, Key, occurrences
from mag_rotation.ics.previous import Announced, later_version

__all__ = ["merged"]


def merged(first: Announced, second: Announced) -> Announced:
    """What two files have announced together.

    Raises :class:`UnusableEdition`, with what is wrong with the second, where they have different layouts, or a series
    of which each has dates that the other has not.
    """
    if None not in {first.layout, second.layout} and first.layout is not second.layout:
        raise UnusableEdition(f"is in the layout {second.layout}, the other file in the layout {first.layout}")
    old, new = occurrences(first.events), occurrences(second.events)
    events = {event.key: event for event in first.events}
    for event in second.events:
        known = events.get(event.key)
        if known is not None and event.rule is not None:
            _check_line(known, event, old, new)
        events[event.key] = event if known is None else later_version(known, event)
    # A date of a series that the later edition of it does not give is kept as an occurrence of its own.
    shown = occurrences(events.values())
    events |= {key: event for key, event in (old | new).items() if key not in shown}
    return Announced(events=tuple(events.values()), layout=first.layout or second.layout)


def _check_line(first: Event, second: Event, old: dict[Key, Event], new: dict[Key, Event]) -> None:
    """Refuse two series under one UID that are no editions of one another."""
    if first.clock != second.clock:
        raise UnusableEdition(f"has {second.uid!r} on another clock than the other file, so these are two calendars")
    dates, others = ({key for key in one if key[0] == second.uid} for one in (old, new))
    if not (dates <= others or others <= dates):
        raise UnusableEdition(
            f"has dates of {second.uid!r} that the other file has not, as that has others, so these are two calendars"
        )
