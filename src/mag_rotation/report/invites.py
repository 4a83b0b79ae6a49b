"""What was written for members, and what became of it, in sentences.

Rule 1: members are named by their ids; no address is repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from mag_rotation.calls import Call
from mag_rotation.report.words import list_first, plural
from mag_rotation.roster import Member

__all__ = ["sent_line", "silence_line", "unreachable_line", "written_line"]


def unreachable_line(members: Sequence[Member]) -> str:
    """Who gets no invitation for want of an address.

    >>> from mag_rotation.roster import MemberId, UTC_ZONE
    >>> unreachable_line([Member(id=MemberId("a"), zone=UTC_ZONE), Member(id=MemberId("b"), zone=UTC_ZONE)])
    '2 members have no email address and get no invitation: a, b'
    """
    verbs = "has no email address and gets" if len(members) == 1 else "have no email address and get"
    return f"{plural(len(members), 'member')} {verbs} no invitation: {list_first([one.id for one in members])}"


def written_line(requests: int, cancellations: int, members: int) -> str:
    """What was written.

    >>> written_line(2, 1, 2)
    '2 invitations and 1 cancellation for 2 members written'
    """
    counts = [(requests, "invitation"), (cancellations, "cancellation")]
    parts = [plural(count, noun) for count, noun in counts if count]
    return f"{' and '.join(parts)} for {plural(members, 'member')} written"


def silence_line(members: Iterable[Member], calls: Iterable[Call], now: datetime, *, compared: bool) -> str:
    """Why nothing was written; ``compared`` says that only what changes was to be told.

    >>> from datetime import UTC
    >>> silence_line([], [], datetime(2026, 1, 1, tzinfo=UTC), compared=False)
    'nothing to tell anybody: no member that was asked for has an email address'
    """
    to_come = [call for call in calls if call.end > now]
    if not any(member.email for member in members):
        why = "no member that was asked for has an email address"
    elif not to_come:
        why = "all calls are past"
    elif compared:
        why = "nothing has changed"
    elif not any(call.is_held for call in to_come):
        why = "all calls to come are off"
    else:
        why = "no member that was asked for takes part in a call to come"
    return f"nothing to tell anybody: {why}"


def sent_line(counts: Mapping[str, int]) -> str:
    """What became of messages: how many of each outcome there are.

    >>> sent_line({"sent": 2, "refused": 1}), sent_line({})
    ('2 sent, 1 refused', 'nothing sent')
    """
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing sent"
