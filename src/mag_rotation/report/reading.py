"""Reports and sentences about what was read from mail and from calendars of other programs.

A sentence names files, calls and members of the plan, and never the address of a stranger.
"""

from __future__ import annotations

from collections.abc import Sequence

from mag_rotation.calls import Call
from mag_rotation.errors import Mistake
from mag_rotation.invite.replies import Presence
from mag_rotation.report.context import Context
from mag_rotation.report.description import Records, Report, Section
from mag_rotation.report.sentences import sentence
from mag_rotation.report.words import list_first, plural
from mag_rotation.series import Series
from mag_rotation.values import Fact

__all__ = [
    "answers_line",
    "describe_draft",
    "draft_head",
    "draft_line",
    "earlier_line",
    "passed_over_lines",
    "senders_line",
    "skipped_line",
    "unread_line",
    "unsaid_line",
]


def draft_head(name: str, count: int) -> tuple[str, ...]:
    """Return the sentences above the draft of a plan with ``count`` calls.

    >>> draft_head("old.ics", 0)
    ('A draft of a plan, made from old.ics. It gives the 0 calls of that calendar at their very instants.',)
    """
    at = "its very instant" if count == 1 else "their very instants"
    return (f"A draft of a plan, made from {name}. It gives the {plural(count, 'call')} of that calendar at {at}.",)


def draft_line(series: Series, calls: Sequence[Call], *, file: str, source: str) -> str:
    """Return what the draft in a file is made of, such as ``12 calls in 3 slots, 1 exception``, and from what."""
    counts = _count_parts(series, calls)
    nouns = {"exceptions": "exception", "extras": "extra call", "phases": "phase"}
    more = (plural(counts[key], noun) for key, noun in nouns.items() if counts[key])
    parts = ", ".join([f"{plural(counts['calls'], 'call')} in {plural(counts['slots'], 'slot')}", *more])
    return f"{file}: {parts}, at the instants of {source}"


def _count_parts(series: Series, calls: Sequence[Call]) -> dict[str, int]:
    """Return how many held calls, slots, exceptions, extra calls and phases a plan has."""
    return {
        "calls": sum(call.is_held for call in calls),
        "slots": len(series.rotation.slots) + sum(len(phase.slots or ()) for phase in series.phases),
        "exceptions": len(series.overrides),
        "extras": len(series.extras),
        "phases": len(series.phases),
    }


def describe_draft(
    series: Series, calls: Sequence[Call], warnings: tuple[Fact, ...], *, file: str, source: str, lead: str
) -> Report:
    """Describe the draft that was written to ``file``; ``lead`` says so, ``warnings`` what the draft leaves out."""
    facts: dict[str, object] = {"file": file, "source": source, **_count_parts(series, calls)}
    context = Context(meeting=series.meeting, warnings=warnings)
    return Report(
        title=series.meeting.name,
        sections=(Section(lead=(lead,), notes=context.notes()),),
        document=context.document(facts),
        records=Records(
            keys=(*facts, *context.versions),
            rows=((*facts.values(), *context.versions.values()),),
        ),
    )


def answers_line(answers: Sequence[Presence]) -> str:
    """Return a count of replies, such as ``7 answers of 3 members to 4 calls: 5 yes, 2 no``."""
    yes = sum(answer.attended for answer in answers)
    members, calls = {answer.member for answer in answers}, {answer.date for answer in answers}
    counts = f"{plural(len(members), 'member')} to {plural(len(calls), 'call')}"
    return f"{plural(len(answers), 'answer')} of {counts}: {yes} yes, {len(answers) - yes} no"


def passed_over_lines(*, taken: int, others: int, links: int) -> tuple[str, ...]:
    """Return what is not read beside ``taken`` replies: ``others`` that are no replies, ``links`` to directories.

    >>> passed_over_lines(taken=1, others=2, links=0), passed_over_lines(taken=0, others=1, links=0)
    (('2 files passed over that are neither .ics nor .eml',), ('holds no .ics and no .eml file',))
    """
    lines = []
    if not taken:
        lines.append("holds no .ics and no .eml file")
    elif others:
        be = "is" if others == 1 else "are"
        lines.append(f"{plural(others, 'file')} passed over that {be} neither .ics nor .eml")
    if links:
        where = "leads to a directory" if links == 1 else "lead to directories"
        lines.append(f"{plural(links, 'link')} passed over that {where}")
    return tuple(lines)


def skipped_line(mistake: Mistake) -> str:
    """Return which file was refused and why."""
    return f"skipped: {mistake}"


def unread_line(sheet: str) -> str:
    """Return how a plan reads the attendance sheet that was written.

    >>> unread_line("attendance.csv")
    "the plan does not read it yet; add [history] with file = 'attendance.csv'"
    """
    return f"the plan does not read it yet; add [history] with file = {sheet!r}"


def unsaid_line(note: Fact) -> str:
    """Return what a draft does not say of its calendar."""
    return f"not said: {sentence(note)}"


def senders_line(files: Sequence[str]) -> str:
    """Return which files hold replies from an address that no member has.

    >>> senders_line(["a.eml", "b.eml"])
    '2 files hold replies from an address that no member has: a.eml, b.eml'
    """
    hold = "holds a reply" if len(files) == 1 else "hold replies"
    return f"{plural(len(files), 'file')} {hold} from an address that no member has: {list_first(files)}"


def earlier_line(answers: Sequence[Presence]) -> str:
    """Return which answers are to a call as it was before it changed.

    >>> from datetime import date
    >>> from mag_rotation.roster import MemberId
    >>> said = {"member": MemberId("ana"), "attended": False, "reply": "accepted before"}
    >>> earlier_line([Presence(date=date(2026, 9, 1), **said)])
    '1 answer is to a call that has changed since and counts as no; ask again: ana on 2026-09-01'
    """
    are = (
        "is to a call that has changed since and counts"
        if len(answers) == 1
        else "are to calls that have changed since and count"
    )
    named = list_first([f"{answer.member} on {answer.date}" for answer in answers])
    return f"{plural(len(answers), 'answer')} {are} as no; ask again: {named}"
