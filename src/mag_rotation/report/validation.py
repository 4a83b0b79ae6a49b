"""What is wrong with a plan file, and what is odd about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mag_rotation.errors import Mistake
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Records, Report, Tone, ValueKind, make_section
from mag_rotation.report.language import Language, mark
from mag_rotation.report.sentences import sentence
from mag_rotation.report.words import write_count

__all__ = ["describe_validation", "template_line"]

_COLUMNS: tuple[Column[tuple[str, str]], ...] = (
    Column(key="kind", read=lambda found: found[0]),
    Column(key="text", read=lambda found: found[1]),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """A line of the table: a mistake, a line of its excerpt, or a warning."""

    kind: str
    text: str
    tone: Tone = Tone.PLAIN


_LINES: tuple[Column[_Line], ...] = (
    Column(head="", kind=ValueKind.WORD, read=lambda line: line.kind, tone=lambda line: line.tone),
    Column(head="what", read=lambda line: line.text),
)


def template_line(plan_file: str, language: Language) -> str:
    """Return that the template of a plan was written, and what to do with it."""
    return language.phrase("{plan} written; try: mag-rotation calls {plan}", plan=plan_file)


def describe_validation(context: Context, plan: str, mistakes: Sequence[Mistake]) -> Report:
    """Describe what was found in the file ``plan``."""
    errors = list(map(str, mistakes))
    warnings = context.sentences()
    lines: list[_Line] = []
    for mistake in mistakes:
        lines.append(_Line(kind=mark("wrong"), text=mistake.for_people, tone=Tone.BLOCKED))
        lines += [_Line(kind="", text=f"    {line}") for line in mistake.excerpt.splitlines()]
    lines += [_Line(kind=mark("odd"), text=text, tone=Tone.CHANGED) for text in warnings]
    language = context.language
    counts = language.phrase(
        "{mistakes}, {warnings}.",
        mistakes=write_count(len(errors), "mistake", language),
        warnings=write_count(len(warnings), "warning", language),
    )
    section = make_section(_LINES, lines, language, lead=(counts,), notes=replace(context, warnings=()).notes())
    found = [("error", text) for text in errors] + [("warning", text) for text in map(sentence, context.warnings)]
    return Report(
        title=plan,
        sections=(section,),
        document=context.document({"errors": errors}),
        records=Records.of(_COLUMNS, found, context.versions),
        language=language,
    )
