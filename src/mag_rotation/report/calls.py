"""Calls, and calls that change, as columns, documents and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from mag_rotation.calls import Call, ChangeKind, Status
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Records, Report, Tone, ValueKind, make_record, make_section
from mag_rotation.report.language import Language, mark, mark_count
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.zones import Adjustment, to_local

if TYPE_CHECKING:
    from mag_rotation.drift.zone_groups import ClockGroup

__all__ = [
    "CALL_COLUMNS",
    "CALL_KEYS",
    "CHANGE_KEYS",
    "call_record",
    "change_document",
    "change_records",
    "count_kinds",
    "describe_calls",
    "local_starts",
    "no_call_line",
    "tell_status",
    "zone_columns",
]

_STATUS_TONE = {
    Status.PLANNED: Tone.PLAIN,
    Status.MOVED: Tone.CHANGED,
    Status.EXTRA: Tone.CHANGED,
    Status.CANCELLED: Tone.FAINT,
}

_ADJUSTED = {Adjustment.GAP: mark("skipped hour"), Adjustment.FOLD: mark("repeated hour")}


def tell_status(call: Call, language: Language) -> str:
    """Return the status of a call, and how a clock change moved it."""
    status = language.translate(str(call.status))
    if not call.adjusted:
        return status
    return language.phrase("{status} ({why})", status=status, why=language.translate(_ADJUSTED[call.adjusted]))


def no_call_line(plan_file: str, moment: datetime, language: Language, *, of_rotation: bool = False) -> str:
    """Return that a plan has no call to come; ``of_rotation`` leaves out the calls with an hour of their own.

    >>> from datetime import UTC
    >>> from mag_rotation.report.language import ENGLISH
    >>> no_call_line("plan.toml", datetime(2026, 1, 1, tzinfo=UTC), ENGLISH)
    'plan.toml has no call at or after 2026-01-01T00:00Z that is not cancelled'
    """
    figures = {"plan": plan_file, "moment": f"{moment:%Y-%m-%dT%H:%MZ}"}
    if of_rotation:
        return language.phrase(
            "{plan} has no call at or after {moment} that takes its hour from the rotation", **figures
        )
    return language.phrase("{plan} has no call at or after {moment} that is not cancelled", **figures)


def _tell_anchor(call: Call, language: Language) -> str:
    """Return the start on the clock of the anchor zone, which is what the slot's name promises."""
    return f"{language.write_hour(to_local(call.start, call.zone).wall)} {call.zone}"


def _tone(call: Call) -> Tone:
    return _STATUS_TONE[call.status]


def _has(name: str, calls: Sequence[Call]) -> bool:
    return any(getattr(call, name) for call in calls)


CALL_COLUMNS: tuple[Column[Call], ...] = (
    Column(key="number"),
    Column(key="label", head="call", tone=_tone, missing="-", is_shown=lambda calls: _has("label", calls)),
    Column(key="title"),
    Column(key="uid"),
    Column(key="date", head="rule date", kind=ValueKind.DATE, tone=_tone, rank=3),
    Column(key="start", head="start (UTC)", kind=ValueKind.INSTANT, tone=_tone),
    Column(key="end"),
    Column(head="length", kind=ValueKind.LENGTH, read=lambda call: call.minutes, tone=_tone, rank=4),
    Column(
        key="zone",
        head="anchor time",
        tell=_tell_anchor,
        tone=_tone,
        is_shown=lambda calls: any(call.zone != UTC_ZONE for call in calls),
        rank=1,
    ),
    Column(key="slot", head="slot", tone=_tone, is_shown=lambda calls: _has("slot", calls), rank=2),
    Column(key="slot_number"),
    Column(key="phase", head="phase", tone=_tone, is_shown=lambda calls: _has("phase", calls), rank=2),
    Column(key="status", head="status", tell=tell_status, tone=_tone),
    Column(key="adjusted"),
    Column(
        key="location",
        head="location",
        tone=_tone,
        is_shown=lambda calls: len({call.location or "" for call in calls}) > 1,
    ),
    Column(key="note", head="note", tone=_tone, is_shown=lambda calls: _has("note", calls)),
)
"""CALL: one call, in the order of JSON and CSV; columns that would say nothing are not shown to people."""

CALL_KEYS = tuple(column.key for column in CALL_COLUMNS if column.key)


def call_record(call: Call) -> dict[str, object]:
    """Return CALL: one call, its start and end in UTC."""
    return make_record(CALL_COLUMNS, call)


def zone_columns(zones: Sequence[ZoneName]) -> list[Column[Call]]:
    """Return a column for the local start of calls in each zone."""
    return [
        Column(
            key=zone,
            head=zone,
            read=lambda call, zone=zone: to_local(call.start, zone).isoformat(),  # type: ignore[misc]  # a default
            tell=lambda call, language, zone=zone: language.write_moment(  # type: ignore[misc]  # the same
                to_local(call.start, zone).wall
            ),
            has_own_head=True,
            tone=_tone,
        )
        for zone in zones
    ]


def local_starts(call: Call, zones: Sequence[ZoneName]) -> dict[str, object]:
    """Return the key ``local``, with the start of a call by the clocks of zones, where some were asked for."""
    return {"local": make_record(zone_columns(zones), call)} if zones else {}


def describe_calls(
    context: Context,
    calls: Sequence[Call],
    *,
    zones: Sequence[ZoneName] = (),
    clocks: Sequence[ClockGroup] | None = None,
) -> Report:
    """Describe the calls of a series, with their local starts in ``zones``.

    ``clocks`` adds those of all members: for people one column for each clock, for programs each zone.
    """
    asked = zone_columns(zones)
    language = context.language
    for_people, notes = _clock_columns(clocks or (), language)
    before = [column.head for column in CALL_COLUMNS].index("slot")
    shown = (*CALL_COLUMNS[:before], *asked, *for_people, *CALL_COLUMNS[before:])
    if for_people:  # the clocks are what is asked for, so what is no clock is shown where there is room
        last = len(for_people) + 1
        shown = tuple(replace(column, rank=last) if column.head in _BESIDE_CLOCKS else column for column in shown)
    every = tuple(dict.fromkeys((*zones, *(zone for clock in clocks or () for zone in clock.zones))))
    body: dict[str, object] = {"calls": [{**call_record(call), **local_starts(call, every)} for call in calls]}
    if clocks is not None:
        body["clocks"] = [{"zones": list(clock.zones), "members": clock.members} for clock in clocks]
    return Report(
        title=context.name,
        sections=(
            make_section(
                shown,
                calls,
                language,
                lead=() if calls else (language.phrase("No calls."),),
                notes=(*notes, *context.notes()),
            ),
        ),
        document=context.document(body),
        records=Records.of((*CALL_COLUMNS, *zone_columns(every)), calls, context.versions),
        language=language,
    )


_BESIDE_CLOCKS = {"rule date", "length", "anchor time", "slot", "phase", "location", "note"}


def _clock_columns(clocks: Sequence[ClockGroup], language: Language) -> tuple[list[Column[Call]], tuple[str, ...]]:
    """Return a column for each clock, named by its largest zone, and what the heads mean.

    A clock of more members has a smaller rank.
    """
    ranks = {clock: rank for rank, clock in enumerate(sorted(clocks, key=lambda clock: -clock.members), start=1)}
    columns: list[Column[Call]] = [
        Column(
            head=_name_clock(clock, language),
            show=lambda call, zone=clock.zones[0]: _show_clock(call, zone),  # type: ignore[misc]  # a default
            tone=_tone,
            rank=ranks[clock],
            has_own_head=True,
        )
        for clock in clocks
    ]
    shared = [clock for clock in clocks if len(clock.zones) > 1]
    key = language.phrase(
        "Local starts by the clocks of the members, how many in brackets; +1 is the day after that in UTC, -1 before."
    )
    also = (
        language.phrase("{name}: {value}.", name=_name_clock(clock, language), value=language.write_list(clock.zones))
        for clock in shared
    )
    return columns, (key, *also) if clocks else ()


def _name_clock(clock: ClockGroup, language: Language) -> str:
    return language.add_brackets(language.name_city(clock.zones[0]), clock.members)


def _show_clock(call: Call, zone: ZoneName) -> str:
    """Return the local start of a call, marked where its date is not that in UTC."""
    wall = to_local(call.start, zone).wall
    shift = (wall.date() - call.start.date()).days
    return f"{wall:%H:%M}{f'{shift:+d}' if shift else ''}"


_KINDS = {
    ChangeKind.ADDED: mark_count("{count} added", "{count} added"),
    ChangeKind.MOVED: mark_count("{count} moved", "{count} moved"),
    ChangeKind.CANCELLED: mark_count("{count} cancelled", "{count} cancelled"),
    ChangeKind.REVIVED: mark_count("{count} revived", "{count} revived"),
    ChangeKind.DROPPED: mark_count("{count} dropped", "{count} dropped"),
    ChangeKind.EDITED: mark_count("{count} edited", "{count} edited"),
}


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


def count_kinds(changes: Iterable[ChangedCall], language: Language) -> str:
    """Return how many calls change in each way."""
    counts = Counter(change.kind for change in changes)
    return language.write_list(
        [language.phrase_count(*_KINDS[kind], counts[kind]) for kind in ChangeKind if counts[kind]]
    )


CHANGE_KEYS = ("uid", "kind", *(f"{when}_{key}" for when in ("before", "after") for key in CALL_KEYS))
"""The keys of a changed call in CSV."""


def change_document(change: ChangedCall) -> dict[str, object]:
    """Return a changed call as its document has it."""
    before, after = (None if call is None else call_record(call) for call in (change.before, change.after))
    return {"uid": change.uid, "kind": str(change.kind), "before": before, "after": after}


def change_records(changes: Sequence[ChangedCall], context: Context) -> Records:
    """Return one record for each changed call, with empty values where there is no call."""
    rows = []
    for change in changes:
        sides = [
            (None,) * len(CALL_KEYS) if call is None else tuple(call_record(call).values())
            for call in (change.before, change.after)
        ]
        rows.append((change.uid, str(change.kind), *sides[0], *sides[1], *context.versions.values()))
    return Records(keys=(*CHANGE_KEYS, *context.versions), rows=tuple(rows))
