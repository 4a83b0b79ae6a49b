"""What a command answers, in every form it can be asked for.

Rule 1: the four forms of an answer come from the same values.
Rule 2: nothing is rendered before the form is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from mag_rotation.calls import Call
from mag_rotation.night import MemberNight, NightReport
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
    validation_document,
)
from mag_rotation.report.sheet import Sheet, to_csv, to_markdown, to_terminal
from mag_rotation.report.tables import calls_sheet, member_calls_sheet, night_sheets, validation_sheet
from mag_rotation.roster import Member, ZoneName
from mag_rotation.series import Meeting
from mag_rotation.zones import TZDATA_VERSION

__all__ = ["Answer", "Form", "calls_answer", "member_calls_answer", "night_answer", "render", "validation_answer"]

Form = Literal["table", "markdown", "csv", "json"]


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
        case "table":
            return to_terminal(answer.sheets, title=answer.title, width=width, colour=colour)
        case "markdown":
            return to_markdown(answer.sheets, title=answer.title)
        case "csv":
            return to_csv(answer.heads, answer.records)
        case "json":
            return dump(answer.document)
        case never:
            assert_never(never)


def calls_answer(
    meeting: Meeting, calls: Sequence[Call], warnings: Sequence[str], *, zones: Sequence[ZoneName] = ()
) -> Answer:
    """The calls of a series, with their local starts in ``zones``."""
    return _answer(
        title=meeting.name,
        sheets=(calls_sheet(calls, warnings, zones=zones),),
        document=calls_document(meeting.id, calls, warnings, zones=zones),
        heads=(*CALL_KEYS, *zones),
        records=[call_record(call) | local_starts(call, zones) for call in calls],
    )


def member_calls_answer(
    meeting: Meeting,
    member: Member,
    pairs: Sequence[tuple[Call, MemberNight]],
    warnings: Sequence[str],
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
        title=f"{meeting.name}: {member.display_name}",
        sheets=(member_calls_sheet(pairs, warnings, zones=zones),),
        document=member_calls_document(meeting.id, member.id, pairs, warnings, zones=zones),
        heads=(*CALL_KEYS, *zones, *(f"member_{key}" for key in MEMBER_KEYS)),
        records=records,
    )


def night_answer(meeting: Meeting, report: NightReport, warnings: Sequence[str]) -> Answer:
    """Who is in the night at one time."""
    return _answer(
        title=f"{report.call.title if report.call else meeting.name}: who is in the night",
        sheets=night_sheets(report, warnings),
        document=night_document(meeting.id, report, warnings),
        heads=MEMBER_KEYS,
        records=[member_record(member) for member in report.members],
    )


def validation_answer(plan: str, meeting: Meeting | None, errors: Sequence[str], warnings: Sequence[str]) -> Answer:
    """What is wrong with a plan file and what is odd about it."""
    found = [("error", text) for text in errors] + [("warning", text) for text in warnings]
    return _answer(
        title=plan,
        sheets=(validation_sheet(errors, warnings),),
        document=validation_document(meeting.id if meeting else None, errors, warnings),
        heads=("kind", "text"),
        records=[{"kind": kind, "text": text} for kind, text in found],
    )


def _answer(
    *,
    title: str,
    sheets: tuple[Sheet, ...],
    document: Mapping[str, object],
    heads: Sequence[str],
    records: Sequence[Mapping[str, object]],
) -> Answer:
    """An answer whose every record names the zone rules too, for a sheet has no other place for them."""
    return Answer(
        title=title,
        sheets=sheets,
        document=document,
        heads=(*heads, "tzdata"),
        records=tuple((*(record[head] for head in heads), TZDATA_VERSION) for record in records),
    )
