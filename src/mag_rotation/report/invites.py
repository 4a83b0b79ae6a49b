"""What was written for members, and what became of it, in sentences.

Rule 1: members are named by their ids; no address is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mag_rotation.report.tables import plural
from mag_rotation.roster import Member

__all__ = ["sent_line", "unreachable_line", "written_line"]

_MOST_NAMED = 20


def unreachable_line(members: Sequence[Member]) -> str:
    """Who gets no invitation for want of an address.

    >>> from mag_rotation.roster import MemberId, UTC_ZONE
    >>> unreachable_line([Member(id=MemberId("a"), zone=UTC_ZONE), Member(id=MemberId("b"), zone=UTC_ZONE)])
    '2 members have no email address and get no invitation: a, b'
    """
    named = ", ".join(member.id for member in members[:_MOST_NAMED])
    more = len(members) - _MOST_NAMED
    verbs = "has no email address and gets" if len(members) == 1 else "have no email address and get"
    return f"{plural(len(members), 'member')} {verbs} no invitation: {named}" + (
        f" and {more} more" if more > 0 else ""
    )


def written_line(requests: int, cancellations: int, members: int) -> str:
    """What was written.

    >>> written_line(2, 1, 2), written_line(0, 0, 0)
    ('2 invitations and 1 cancellation for 2 members written', 'nothing to tell anybody')
    """
    counts = [(requests, "invitation"), (cancellations, "cancellation")]
    parts = [plural(count, noun) for count, noun in counts if count]
    return f"{' and '.join(parts)} for {plural(members, 'member')} written" if parts else "nothing to tell anybody"


def sent_line(counts: Mapping[str, int]) -> str:
    """What became of messages: how many of each outcome there are.

    >>> sent_line({"sent": 2, "refused": 1}), sent_line({})
    ('2 sent, 1 refused', 'nothing sent')
    """
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing sent"
