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
from mag_rotation.report.language import ENGLISH, Language
from mag_rotation.report.sentences import sentence
from mag_rotation.report.words import write_count
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


def draft_head(name: str, count: int, language: Language = ENGLISH) -> tuple[str, ...]:
    """Return the sentences above the draft of a plan with ``count`` calls.

    >>> draft_head("old.ics", 0)
    ('A draft of a plan, made from old.ics. It gives the 0 calls of that calendar at their very instants.',)
    """
    return (
        language.phrase_count(
            "A draft of a plan, made from {file}. It gives the {count} call of that calendar at its very instant.",
            "A draft of a plan, made from {file}. It gives the {count} calls of that calendar at their very instants.",
            count,
            file=name,
        ),
    )


def draft_line(series: Series, calls: Sequence[Call], language: Language = ENGLISH, *, file: str, source: str) -> str:
    """Return what the draft in a file is made of, such as ``12 calls in 3 slots, 1 exception``, and from what."""
    counts = _count_parts(series, calls)
    nouns = {"exceptions": "exception", "extras": "extra call", "phases": "phase"}
    first = language.phrase(
        "{calls} in {slots}",
        calls=write_count(counts["calls"], "call", language),
        slots=write_count(counts["slots"], "slot", language),
    )
    more = (write_count(counts[key], noun, language) for key, noun in nouns.items() if counts[key])
    return language.phrase(
        "{file}: {parts}, at the instants of {source}",
        file=file,
        parts=language.write_list([first, *more]),
        source=source,
    )


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
    series: Series,
    calls: Sequence[Call],
    warnings: tuple[Fact, ...],
    language: Language = ENGLISH,
    *,
    file: str,
    source: str,
    lead: str,
) -> Report:
    """Describe the draft that was written to ``file``; ``lead`` says so, ``warnings`` what the draft leaves out."""
    facts: dict[str, object] = {"file": file, "source": source, **_count_parts(series, calls)}
    context = Context(meeting=series.meeting, warnings=warnings, language=language)
    return Report(
        title=series.meeting.name,
        sections=(Section(lead=(lead,), notes=context.notes()),),
        document=context.document(facts),
        records=Records(
            keys=(*facts, *context.versions),
            rows=((*facts.values(), *context.versions.values()),),
        ),
        language=language,
    )


def answers_line(answers: Sequence[Presence], language: Language = ENGLISH) -> str:
    """Return a count of replies, such as ``7 answers of 3 members to 4 calls: 5 yes, 2 no``."""
    yes = sum(answer.attended for answer in answers)
    members, calls = {answer.member for answer in answers}, {answer.date for answer in answers}
    return language.phrase(
        "{answers} of {members} to {calls}: {yes} yes, {no} no",
        answers=write_count(len(answers), "answer", language),
        members=write_count(len(members), "member", language),
        calls=write_count(len(calls), "call", language),
        yes=yes,
        no=len(answers) - yes,
    )


def passed_over_lines(language: Language = ENGLISH, *, taken: int, others: int, links: int) -> tuple[str, ...]:
    """Return what is not read beside ``taken`` replies: ``others`` that are no replies, ``links`` to directories.

    >>> passed_over_lines(taken=1, others=2, links=0), passed_over_lines(taken=0, others=1, links=0)
    (('2 files passed over that are neither .ics nor .eml',), ('holds no .ics and no .eml file',))
    """
    lines = []
    if not taken:
        lines.append(language.phrase("holds no .ics and no .eml file"))
    elif others:
        lines.append(
            language.phrase_count(
                "{count} file passed over that is neither .ics nor .eml",
                "{count} files passed over that are neither .ics nor .eml",
                others,
            )
        )
    if links:
        lines.append(
            language.phrase_count(
                "{count} link passed over that leads to a directory",
                "{count} links passed over that lead to directories",
                links,
            )
        )
    return tuple(lines)


def skipped_line(mistake: Mistake, language: Language = ENGLISH) -> str:
    """Return which file was refused and why."""
    return language.phrase("skipped: {mistake}", mistake=mistake)


def unread_line(sheet: str, language: Language = ENGLISH) -> str:
    """Return how a plan reads the attendance sheet that was written.

    >>> unread_line("attendance.csv")
    "the plan does not read it yet; add [history] with file = 'attendance.csv'"
    """
    return language.phrase("the plan does not read it yet; add [history] with file = {sheet!r}", sheet=sheet)


def unsaid_line(note: Fact, language: Language = ENGLISH) -> str:
    """Return what a draft does not say of its calendar."""
    return language.phrase("note: {note}", note=sentence(note, language=language))


def senders_line(files: Sequence[str], language: Language = ENGLISH) -> str:
    """Return which files hold replies from an address that no member has.

    >>> senders_line(["a.eml", "b.eml"])
    '2 files hold replies from an address that no member has: a.eml, b.eml'
    """
    return language.phrase_count(
        "{count} file holds a reply from an address that no member has: {files}",
        "{count} files hold replies from an address that no member has: {files}",
        len(files),
        files=language.list_first(files),
    )


def earlier_line(answers: Sequence[Presence], language: Language = ENGLISH) -> str:
    """Return which answers are to a call as it was before it changed.

    >>> from datetime import date
    >>> from mag_rotation.roster import MemberId
    >>> said = {"member": MemberId("ana"), "attended": False, "reply": "accepted before"}
    >>> earlier_line([Presence(date=date(2026, 9, 1), **said)])
    '1 answer is to a call that has changed since and counts as no; ask again: ana on 2026-09-01'
    """
    named = [language.phrase("{member} on {date}", member=answer.member, date=answer.date) for answer in answers]
    return language.phrase_count(
        "{count} answer is to a call that has changed since and counts as no; ask again: {members}",
        "{count} answers are to calls that have changed since and count as no; ask again: {members}",
        len(answers),
        members=language.list_first(named),
    )
