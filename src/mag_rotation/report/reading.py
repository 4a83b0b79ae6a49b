"""What was read from mail and from calendars of others, in sentences.

Rule 1: a sentence names files, calls and members of the plan; no address of a stranger is repeated.
"""

from __future__ import annotations

from collections.abc import Sequence

from mag_rotation.calls import Call
from mag_rotation.ics.foreign import ForeignCalendar
from mag_rotation.ics.replies import Answer
from mag_rotation.report.tables import plural
from mag_rotation.series import Series

__all__ = ["answers_line", "draft_head", "draft_line", "senders_line"]


def draft_head(name: str, calendar: ForeignCalendar) -> tuple[str, ...]:
    """What stands above the draft of a plan.

    >>> draft_head("old.ics", ForeignCalendar(name="", calls=(), zones=(), url="", description="", unsaid=()))
    ('A draft of a plan, made from old.ics. It gives the 0 calls of that calendar at their very instants.',)
    """
    count = plural(len(calendar.held), "call")
    return (f"A draft of a plan, made from {name}. It gives the {count} of that calendar at their very instants.",)


def draft_line(series: Series, calls: Sequence[Call]) -> str:
    """What a draft is made of: ``12 calls in 3 slots, 1 exception, 2 extra calls``."""
    held = sum(call.is_held for call in calls)
    slots = len(series.rotation.slots) + sum(len(phase.slots or ()) for phase in series.phases)
    parts = [
        f"{plural(held, 'call')} in {plural(slots, 'slot')}",
        *(
            plural(count, noun)
            for count, noun in (
                (len(series.overrides), "exception"),
                (len(series.extras), "extra call"),
                (len(series.phases), "phase"),
            )
            if count
        ),
    ]
    return ", ".join(parts)


def answers_line(answers: Sequence[Answer]) -> str:
    """What replies came to: ``7 answers of 3 members to 4 calls: 5 yes, 2 no``."""
    yes = sum(answer.attended for answer in answers)
    members, calls = {answer.member for answer in answers}, {answer.date for answer in answers}
    counts = f"{plural(len(members), 'member')} to {plural(len(calls), 'call')}"
    return f"{plural(len(answers), 'answer')} of {counts}: {yes} yes, {len(answers) - yes} no"


def senders_line(files: Sequence[str]) -> str:
    """Which replies came from an address that no member has.

    >>> senders_line(["a.eml", "b.eml"])
    '2 replies came from an address that no member has: a.eml, b.eml'
    """
    count = "1 reply" if len(files) == 1 else f"{len(files)} replies"
    return f"{count} came from an address that no member has: {', '.join(files)}"
