"""What a command answers, in every form it can be asked for.

Rule 1: the four forms of an answer come from the same values.
Rule 2: an answer is text and plain values, whole before the form is known; a form chooses among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from mag_rotation.calls import Call
from mag_rotation.cells import write_csv
from mag_rotation.night import MemberNight, NightReport
from mag_rotation.report.context import Context
from mag_rotation.report.documents import (
    CALL_KEYS,
    MEMBER_KEYS,
    call_record,
    calls_document,
    dump,
    local_starts,
    member_calls_document,
    member_record,
    night_document,
)
from mag_rotation.report.sheet import Sheet, to_markdown
from mag_rotation.report.tables import calls_sheet, member_calls_sheet, night_sheets, validation_sheet
from mag_rotation.roster import Member, ZoneName

__all__ = [
    "Answer",
    "Form",
    "calls_answer",
    "left_out",
    "member_calls_answer",
    "night_answer",
    "render",
    "validation_answer",
]


class Form(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer as tables for people, as a document and as records of one kind for a spreadsheet."""

    title: str
    sheets: tuple[Sheet, ...]
    document: Mapping[str, object]
    heads: tuple[str, ...]
    records: tuple[tuple[object, ...], ...]


def render(answer: Answer, form: Form, *, width: int | None = None, colour: bool = False) -> str:
    """The text of an answer; ``width`` and ``colour`` are those of the terminal and count for tables only."""
    match form:
        case Form.TABLE:
            if width is None and not colour:
                from mag_rotation.report.plain import to_plain  # noqa: PLC0415 - only tables need rich

                if (plain := to_plain(answer.sheets, title=answer.title)) is not None:
                    return plain
            from mag_rotation.report.terminal import to_terminal  # noqa: PLC0415 - the heavy part of it

            return to_terminal(answer.sheets, title=answer.title, width=width, colour=colour)
        case Form.MARKDOWN:
            return to_markdown(answer.sheets, title=answer.title)
        case Form.CSV:
            return write_csv(answer.heads, answer.records)
        case Form.JSON:
            return dump(answer.document)
        case never:
            assert_never(never)


def left_out(answer: Answer, form: Form) -> tuple[str, ...]:
    """The warnings of an answer that a form has no place for: a sheet of records holds nothing but records."""
    warnings = answer.document.get("warnings")
    if form is not Form.CSV or not isinstance(warnings, list):
        return ()
    told = {value for record in answer.records for value in record if isinstance(value, str)} if warnings else set()
    return tuple(text for text in map(str, warnings) if text not in told)


def calls_answer(context: Context, calls: Sequence[Call], *, zones: Sequence[ZoneName] = ()) -> Answer:
    """The calls of a series, with their local starts in ``zones``."""
    return _answer(
        context,
        title=context.name,
        sheets=(calls_sheet(context, calls, zones=zones),),
        document=calls_document(context, calls, zones=zones),
        heads=(*CALL_KEYS, *zones),
        records=[call_record(call) | local_starts(call, zones) for call in calls],
    )


def member_calls_answer(
    context: Context,
    member: Member,
    pairs: Sequence[tuple[Call, MemberNight]],
    *,
    zones: Sequence[ZoneName] = (),
) -> Answer:
    """The calls that one member takes part in, and what each does to them."""
    records = [
        call_record(call)
        | local_starts(call, zones)
        | {f"member_{key}": value for key, value in member_record(night).items()}
        for call, night in pairs
    ]
    return _answer(
        context,
        title=f"{context.name}: {member.display_name}",
        sheets=(member_calls_sheet(context, pairs, zones=zones),),
        document=member_calls_document(context, member.id, pairs, zones=zones),
        heads=(*CALL_KEYS, *zones, *(f"member_{key}" for key in MEMBER_KEYS)),
        records=records,
    )


def night_answer(context: Context, report: NightReport) -> Answer:
    """Who is in the night at one time."""
    return _answer(
        context,
        title=f"{report.call.title if report.call else context.name}: who is in the night",
        sheets=night_sheets(context, report),
        document=night_document(context, report),
        heads=MEMBER_KEYS,
        records=[member_record(member) for member in report.members],
    )


def validation_answer(context: Context, plan: str, errors: Sequence[str], *, excerpts: Sequence[str] = ()) -> Answer:
    """What is wrong with a plan file and what is odd about it; ``excerpts`` show where the errors stand, one by one."""
    found = [("error", text) for text in errors] + [("warning", text) for text in context.sentences()]
    return _answer(
        context,
        title=plan,
        sheets=(validation_sheet(context, errors, excerpts=excerpts),),
        document=context.document({"errors": list(errors)}),
        heads=("kind", "text"),
        records=[{"kind": kind, "text": text} for kind, text in found],
    )


def _answer(
    context: Context,
    *,
    title: str,
    sheets: tuple[Sheet, ...],
    document: Mapping[str, object],
    heads: Sequence[str],
    records: Sequence[Mapping[str, object]],
) -> Answer:
    """An answer whose every record names the data it rests on too, for a sheet has no other place for them."""
    return Answer(
        title=title,
        sheets=sheets,
        document=document,
        heads=(*heads, *context.versions),
        records=tuple((*(record[head] for head in heads), *context.versions.values()) for record in records),
    )
