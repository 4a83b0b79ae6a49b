"""Sentences about the invitations that were written and sent; they name members by their ids, never by an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from mag_rotation.calls import Call
from mag_rotation.report.words import list_first, plural
from mag_rotation.roster import Member

__all__ = [
    "NOT_TRIED",
    "TO_SEND",
    "outcome_word",
    "same_roster_line",
    "sent_line",
    "silence_line",
    "stopped_line",
    "trouble_line",
    "unreachable_line",
    "written_line",
]


def unreachable_line(members: Sequence[Member]) -> str:
    """Return which members get no invitation, because they have no address.

    >>> from mag_rotation.roster import MemberId, UTC_ZONE
    >>> unreachable_line([Member(id=MemberId("a"), zone=UTC_ZONE), Member(id=MemberId("b"), zone=UTC_ZONE)])
    '2 members have no email address and get no invitation: a, b'
    """
    verbs = "has no email address and gets" if len(members) == 1 else "have no email address and get"
    return f"{plural(len(members), 'member')} {verbs} no invitation: {list_first([one.id for one in members])}"


def written_line(requests: int, cancellations: int, members: int) -> str:
    """Return how many invitations and cancellations were written.

    >>> written_line(2, 1, 2)
    '2 invitations and 1 cancellation for 2 members written'
    """
    counts = [(requests, "invitation"), (cancellations, "cancellation")]
    parts = [plural(count, noun) for count, noun in counts if count]
    return f"{' and '.join(parts)} for {plural(members, 'member')} written"


def silence_line(
    members: Iterable[Member], calls: Iterable[Call], now: datetime, *, compared: bool, with_roster: bool = False
) -> str:
    """Return why nothing was written.

    ``compared`` says that only changes were to be announced, and ``with_roster`` that members were compared too.

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
    hint = "; --previous-plan tells who joined or left" if compared and not with_roster else ""
    return f"nothing to tell anybody: {why}{hint}"


def same_roster_line(plan_file: str, names: Sequence[str]) -> str:
    """Return that an earlier plan is read with the files of members that the plan has now.

    >>> same_roster_line("old.toml", ["members.csv"])
    'old.toml is read with the same members.csv as the plan now; keep a copy of the roster beside a plan'
    """
    shared = ", ".join(sorted(names))
    return f"{plan_file} is read with the same {shared} as the plan now; keep a copy of the roster beside a plan"


TO_SEND, NOT_TRIED = "to send", "not tried"

_OUTCOMES: Mapping[tuple[str, bool], str] = {
    ("sent", True): "sent",
    ("sent", False): "sent before",
    ("refused", True): "refused",
    ("refused", False): "refused before",
    ("deferred", True): "put off",
    ("sending", True): "unknown",
    ("sending", False): "unknown",
}
"""The word for the outcome of a message, by its name in the journal and whether it was tried in this run."""

_TROUBLE = {
    "refused": "refused",
    "deferred": "put off",
    "sending": "may have arrived or not; ask, or send it again with --retry-unknown",
}


def outcome_word(outcome: str, *, tried: bool) -> str:
    """Return the word for the outcome of a message, which may be that of an earlier run.

    >>> outcome_word("sent", tried=True), outcome_word("sent", tried=False)
    ('sent', 'sent before')
    """
    return _OUTCOMES[outcome, tried]


def trouble_line(name: str, outcome: str, answer: str) -> tuple[str, ...]:
    """Return the line about a message that was not sent, with the server's answer; empty if it was sent.

    >>> trouble_line("ana.eml", "refused", "550 no such user"), trouble_line("ana.eml", "sent", "")
    (('ana.eml: refused (550 no such user)',), ())
    """
    if outcome not in _TROUBLE:
        return ()
    return (f"{name}: {_TROUBLE[outcome]}" + (f" ({answer})" if answer else ""),)


def stopped_line(error: Exception) -> str:
    """Return why the rest was not tried."""
    return f"stopped: {error}"


def sent_line(counts: Mapping[str, int], journal: str | None = None) -> str:
    """Return how many messages have each outcome, and in which journal that is written.

    >>> sent_line({"refused": 1, "sent": 2}), sent_line({}, journal="sent.jsonl")
    ('2 sent, 1 refused', 'nothing sent; see sent.jsonl')
    """
    words = dict.fromkeys((TO_SEND, *_OUTCOMES.values(), NOT_TRIED))
    counted = ", ".join(f"{counts[word]} {word}" for word in words if counts.get(word)) or "nothing sent"
    return counted if journal is None else f"{counted}; see {journal}"
