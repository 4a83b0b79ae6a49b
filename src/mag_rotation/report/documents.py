"""The JSON of the command line: a contract, one document a command.

Rule 1: keys may be added, never lost or renamed.
Rule 2: nothing here depends on the clock; equal values give equal bytes.
Rule 3: every document names the meeting, the tzdata version and what is odd.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from mag_rotation.calls import Call, ChangeKind
from mag_rotation.night import Count, MemberNight, NightReport, total_of
from mag_rotation.report.context import Context
from mag_rotation.roster import ZoneName
from mag_rotation.zones import LocalTime, to_local

__all__ = [
    "CALL_KEYS",
    "MEMBER_KEYS",
    "call_record",
    "calls_document",
    "dump",
    "local_starts",
    "member_calls_document",
    "member_record",
    "night_document",
    "utc_text",
]

Json = Mapping[str, object]

CALL_KEYS = (
    "number",
    "label",
    "title",
    "uid",
    "date",
    "start",
    "end",
    "zone",
    "slot",
    "slot_number",
    "phase",
    "status",
    "adjusted",
    "location",
    "note",
)
"""The keys of CALL, in the order of JSON and CSV."""

MEMBER_KEYS = (
    "id",
    "name",
    "zone",
    "local_start",
    "local_end",
    "day_shift",
    "band",
    "night_minutes",
    "deep_night_minutes",
    "in_night",
    "blocked",
    "burden",
    "day_off",
)
"""The keys of a member of NIGHT, in the order of JSON and CSV."""


def utc_text(instant: datetime) -> str:
    """A UTC instant as JSON and CSV show it.

    >>> from datetime import UTC
    >>> utc_text(datetime(2020, 9, 15, 20, tzinfo=UTC))
    '2020-09-15T20:00:00Z'
    """
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


_CONTROLS = re.compile("[\x7f-\x9f]")
"""Control characters that JSON lets stand."""


def dump(document: Json) -> str:
    """The text of a document, one key a line, without a letter that a terminal would act on."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def call_record(call: Call) -> dict[str, object]:
    """CALL: one call, its start and end in UTC."""
    values = {key: getattr(call, key) for key in CALL_KEYS}
    return values | {
        "date": call.date.isoformat(),
        "start": utc_text(call.start),
        "end": utc_text(call.end),
        "status": str(call.status),
        "adjusted": None if call.adjusted is None else str(call.adjusted),
    }


_iso = lru_cache(maxsize=4_096)(LocalTime.isoformat)
"""The text of a local time, made once for all who share a clock."""


class ChangedCall(Protocol):
    """A call before and after, None where it is not there, as an edit of a plan or an edition of a calendar has it."""

    @property
    def uid(self) -> str: ...
    @property
    def kind(self) -> ChangeKind: ...
    @property
    def before(self) -> Call | None: ...
    @property
    def after(self) -> Call | None: ...


CHANGE_KEYS = ("uid", "kind", *(f"{when}_{key}" for when in ("before", "after") for key in CALL_KEYS))
"""The keys of a changed call in CSV."""


def change_document(change: ChangedCall) -> dict[str, object]:
    """A changed call as its document has it."""
    before, after = (None if call is None else call_record(call) for call in (change.before, change.after))
    return {"uid": change.uid, "kind": str(change.kind), "before": before, "after": after}


def change_record(change: ChangedCall) -> tuple[object, ...]:
    """A changed call as the cells of :data:`CHANGE_KEYS`; empty ones where there is no call."""
    sides = [
        (None,) * len(CALL_KEYS) if call is None else tuple(call_record(call).values())
        for call in (change.before, change.after)
    ]
    return change.uid, str(change.kind), *sides[0], *sides[1]


def member_record(member: MemberNight) -> dict[str, object]:
    """One member of NIGHT, local times with their offsets."""
    values = {key: getattr(member, key) for key in MEMBER_KEYS}
    return values | {"local_start": _iso(member.local_start), "local_end": _iso(member.local_end)}


def local_starts(call: Call, zones: Sequence[ZoneName]) -> dict[str, object]:
    """The start of a call by the clocks of ``zones``."""
    return {zone: to_local(call.start, zone).isoformat() for zone in zones}


def _local(call: Call, zones: Sequence[ZoneName]) -> dict[str, object]:
    """The key ``local``, which is there only when zones were asked for."""
    return {"local": local_starts(call, zones)} if zones else {}


def calls_document(context: Context, calls: Sequence[Call], *, zones: Sequence[ZoneName] = ()) -> Json:
    """The document of ``calls``; with ``zones`` each call has its local starts under ``local``."""
    records = [{**call_record(call), **_local(call, zones)} for call in calls]
    return context.document({"calls": records})


def member_calls_document(
    context: Context, member: str, pairs: Sequence[tuple[Call, MemberNight]], *, zones: Sequence[ZoneName] = ()
) -> Json:
    """The document of ``calls --member``: the calls one member takes part in, and what each does to them.

    A cancelled call has the record of what it would have been; ``totals`` are of the held ones.
    """
    total = total_of(pairs)
    records = [{**call_record(call), **_local(call, zones), "member": member_record(night)} for call, night in pairs]
    totals = {"calls": total.calls, "in_night": total.in_night, "burden": total.burden}
    return context.document({"member": member, "calls": records, "totals": totals})


def _count(count: Count) -> dict[str, object]:
    return {"members": count.members, "in_night": count.in_night}


def night_document(context: Context, report: NightReport) -> Json:
    """NIGHT: who is in the night at one time."""
    groups = {
        name: {value: _count(count) for value, count in counts.items()} for name, counts in report.by_group.items()
    }
    body = {
        "call": None if report.call is None else call_record(report.call),
        "start": utc_text(report.start),
        "end": utc_text(report.end),
        "night": {"from": f"{report.night.start:%H:%M}", "to": f"{report.night.end:%H:%M}"},
        "members": [member_record(member) for member in report.members],
        "in_night": list(report.in_night),
        "blocked": list(report.blocked),
        "summary": {**_count(report.summary), "by_group": groups},
    }
    return context.document(body)
