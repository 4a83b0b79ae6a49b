"""Sentences about the invitations that were written and sent; they name members by their ids, never by an address."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from mag_rotation.calls import Call
from mag_rotation.report.language import ENGLISH, Language, mark, mark_count
from mag_rotation.report.words import write_count
from mag_rotation.roster import Member

__all__ = [
    "NOT_TRIED",
    "TO_SEND",
    "outcome_word",
    "same_roster_line",
    "sent_line",
    "shown_folder_line",
    "silence_line",
    "stopped_line",
    "trouble_line",
    "unreachable_line",
    "written_line",
]


def unreachable_line(members: Sequence[Member], language: Language = ENGLISH) -> str:
    """Return which members get no invitation, because they have no address.

    >>> from mag_rotation.roster import MemberId, UTC_ZONE
    >>> unreachable_line([Member(id=MemberId("a"), zone=UTC_ZONE), Member(id=MemberId("b"), zone=UTC_ZONE)])
    '2 members have no email address and get no invitation: a, b'
    """
    return language.phrase_count(
        "{count} member has no email address and gets no invitation: {members}",
        "{count} members have no email address and get no invitation: {members}",
        len(members),
        members=language.list_first([one.id for one in members]),
    )


def written_line(requests: int, cancellations: int, members: int, language: Language = ENGLISH) -> str:
    """Return how many invitations and cancellations were written.

    >>> written_line(2, 1, 2)
    '2 invitations and 1 cancellation for 2 members written'
    """
    counts = [(requests, "invitation"), (cancellations, "cancellation")]
    return language.phrase(
        "{messages} for {members} written",
        messages=language.join([write_count(count, noun, language) for count, noun in counts if count]),
        members=write_count(members, "member", language),
    )


def shown_folder_line(folder: str, files: int, language: Language = ENGLISH) -> str:
    """Return that others can read files of a folder with invitations, with the cure.

    >>> shown_folder_line("post", 2)
    'post has 2 files with personal data that others can read: chmod -R go-rwx post'
    """
    return language.phrase_count(
        "{folder} has {count} file with personal data that others can read: chmod -R go-rwx {arguments}",
        "{folder} has {count} files with personal data that others can read: chmod -R go-rwx {arguments}",
        files,
        folder=folder,
        arguments=shlex.quote(folder),
    )


def silence_line(
    members: Iterable[Member],
    calls: Iterable[Call],
    now: datetime,
    language: Language = ENGLISH,
    *,
    compared: bool,
    with_roster: bool = False,
) -> str:
    """Return why nothing was written.

    ``compared`` says that only changes were to be announced, and ``with_roster`` that members were compared too.

    >>> from datetime import UTC
    >>> silence_line([], [], datetime(2026, 1, 1, tzinfo=UTC), compared=False)
    'nothing to tell anybody: no member that was asked for has an email address'
    """
    to_come = [call for call in calls if call.end > now]
    if not any(member.email for member in members):
        why = language.phrase("no member that was asked for has an email address")
    elif not to_come:
        why = language.phrase("all calls are past")
    elif compared:
        why = language.phrase("nothing has changed")
    elif not any(call.is_held for call in to_come):
        why = language.phrase("all calls to come are off")
    else:
        why = language.phrase("no member that was asked for takes part in a call to come")
    if compared and not with_roster:
        return language.phrase("nothing to tell anybody: {why}; --previous-plan tells who joined or left", why=why)
    return language.phrase("nothing to tell anybody: {why}", why=why)


def same_roster_line(plan_file: str, names: Sequence[str], language: Language = ENGLISH) -> str:
    """Return that an earlier plan is read with the files of members that the plan has now.

    >>> same_roster_line("old.toml", ["members.csv"])
    'old.toml is read with the same members.csv as the plan now; keep a copy of the roster beside a plan'
    """
    return language.phrase(
        "{plan} is read with the same {files} as the plan now; keep a copy of the roster beside a plan",
        plan=plan_file,
        files=language.write_list(sorted(names)),
    )


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

_COUNTS: Mapping[str, tuple[str, str]] = {
    TO_SEND: mark_count("{count} to send", "{count} to send"),
    "sent": mark_count("{count} sent", "{count} sent"),
    "sent before": mark_count("{count} sent before", "{count} sent before"),
    "refused": mark_count("{count} refused", "{count} refused"),
    "refused before": mark_count("{count} refused before", "{count} refused before"),
    "put off": mark_count("{count} put off", "{count} put off"),
    "unknown": mark_count("{count} unknown", "{count} unknown"),
    NOT_TRIED: mark_count("{count} not tried", "{count} not tried"),
}
"""How many messages have each outcome, in the order of the sentence."""

_TROUBLE = {
    "refused": mark("{name}: refused"),
    "deferred": mark("{name}: put off"),
    "sending": mark("{name}: may have arrived or not; ask, or send it again with --retry-unknown"),
}


def outcome_word(outcome: str, *, tried: bool) -> str:
    """Return the word for the outcome of a message, which may be that of an earlier run.

    >>> outcome_word("sent", tried=True), outcome_word("sent", tried=False)
    ('sent', 'sent before')
    """
    return _OUTCOMES[outcome, tried]


def trouble_line(name: str, outcome: str, answer: str, language: Language = ENGLISH) -> tuple[str, ...]:
    """Return the line about a message that was not sent, with the server's answer; empty if it was sent.

    >>> trouble_line("ana.eml", "refused", "550 no such user"), trouble_line("ana.eml", "sent", "")
    (('ana.eml: refused (550 no such user)',), ())
    """
    if outcome not in _TROUBLE:
        return ()
    text = language.phrase(_TROUBLE[outcome], name=name)
    return (language.phrase("{text} ({answer})", text=text, answer=answer) if answer else text,)


def stopped_line(error: Exception, language: Language = ENGLISH) -> str:
    """Return why the rest was not tried."""
    return language.phrase("stopped: {why}", why=error)


def sent_line(counts: Mapping[str, int], journal: str | None = None, language: Language = ENGLISH) -> str:
    """Return how many messages have each outcome, and in which journal that is written.

    >>> sent_line({"refused": 1, "sent": 2}), sent_line({}, journal="sent.jsonl")
    ('2 sent, 1 refused', 'nothing sent; see sent.jsonl')
    """
    parts = [language.phrase_count(*_COUNTS[word], counts[word]) for word in _COUNTS if counts.get(word)]
    counted = language.write_list(parts) if parts else language.phrase("nothing sent")
    if journal is None:
        return counted
    return language.phrase("{counted}; see {journal}", counted=counted, journal=journal)
