"""What is wrong with a plan file, and what is odd about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from mag_rotation.report.context import Context
from mag_rotation.report.description import Cell, Column, Head, Records, Report, Section, Tone
from mag_rotation.report.words import plural

__all__ = ["describe_validation"]

_COLUMNS: tuple[Column[tuple[str, str]], ...] = (
    Column(key="kind", read=lambda found: found[0]),
    Column(key="text", read=lambda found: found[1]),
)


def describe_validation(context: Context, plan: str, errors: Sequence[str], *, excerpts: Sequence[str] = ()) -> Report:
    """Describe what was found in the file ``plan``; ``excerpts`` show where the errors stand, one by one."""
    warnings = context.sentences()
    rows: list[tuple[Cell, Cell]] = []
    for text, excerpt in zip_longest(errors, excerpts, fillvalue=""):
        rows += [(Cell("wrong", Tone.BLOCKED), Cell(text))]
        rows += [(Cell(""), Cell(f"    {line}")) for line in excerpt.splitlines()]
    rows += [(Cell("odd", Tone.CHANGED), Cell(text)) for text in warnings]
    section = Section(
        lead=(f"{plural(len(errors), 'mistake')}, {plural(len(warnings), 'warning')}.",),
        heads=(Head(""), Head("what")),
        rows=tuple(rows),
        notes=replace(context, warnings=()).notes(),
    )
    found = [("error", text) for text in errors] + [("warning", text) for text in warnings]
    return Report(
        title=plan,
        sections=(section,),
        document=context.document({"errors": list(errors)}),
        records=Records.of(_COLUMNS, found, context.versions),
    )
