"""Facts in tests: one warning that is at hand, and the sentences of several."""

from collections.abc import Iterable, Mapping

from mag_rotation.hours import Hours
from mag_rotation.plan.warnings import PlanWarning
from mag_rotation.report import Context, sentence
from mag_rotation.series import Meeting
from mag_rotation.values import Fact

__all__ = ["ODD", "ODD_TEXT", "context", "in_words"]

ODD = Fact.of(PlanWarning.NO_CALL)
ODD_TEXT = "the plan has no call: every rule date lies in a phase with calls = false, and there are no extras"


def in_words(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(map(sentence, facts))


def context(
    meeting: Meeting | None, *warnings: Fact, sources: Mapping[str, str] | None = None, hours: Hours | None = None
) -> Context:
    return Context(meeting=meeting, warnings=warnings, sources=sources or {}, hours=hours or Hours())
