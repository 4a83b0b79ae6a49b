"""The tables of proposed rotations: slots, the frontier, prices, and the slots that a single call may take.

A long frontier is thinned and a long row of slots cut; documents have all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from mag_rotation.propose import NextSlot, Offer, Price, Proposed, SlotChoice
from mag_rotation.propose.reasons import places_of, proposal_reasons
from mag_rotation.report.description import Column, Section, Tone, ValueKind, make_section
from mag_rotation.report.sentences import sentence
from mag_rotation.report.words import NightHour, join_names
from mag_rotation.series import Slot, name_slot

__all__ = ["BURDENS_KEY", "choices_sheet", "frontier_sheet", "prices_sheet", "slots_sheet"]

_ROWS = 12
"""The most rotations of a frontier, or slots of a call, in a table for people."""
_NAMED = 6
"""The most slots in a cell."""

BURDENS_KEY = (
    "Change is against the plan as it stands; nights are calls in the night, a year is what they come to in a year of "
    "such calls."
)
"""What the heads of the tables mean."""


def _name(slot: Slot) -> str:
    return sentence(name_slot(slot))


_SlotRow: TypeAlias = tuple[int, Slot, list[str]]
"""The number of a slot, the slot, and the dates of the calls that take it, rising."""

_SLOT_COLUMNS: tuple[Column[_SlotRow], ...] = (
    Column(head="slot", kind=ValueKind.NUMBER, read=lambda row: row[0]),
    Column(head="start", read=lambda row: _name(row[1])),
    Column(head="calls", kind=ValueKind.NUMBER, read=lambda row: len(row[2])),
    Column(head="first call", read=lambda row: row[2][0] if row[2] else "-"),
    Column(head="last call", read=lambda row: row[2][-1] if row[2] else "-"),
)


def slots_sheet(found: Proposed, unit: NightHour) -> Section:
    """Return the reasons, and one row for each slot with the calls that take it."""
    places = places_of(found)
    rows = [
        (number, slot, sorted(call.date.isoformat() for call in places.get(number, [])))
        for number, slot in enumerate(found.slots, start=1)
    ]
    lead = unit.explain_in([sentence(reason, unit) for reason in proposal_reasons(found)])
    return make_section(_SLOT_COLUMNS, rows, lead=lead)


def frontier_sheet(found: Proposed, unit: NightHour) -> Section:
    """Return one row for each rotation, from the least worst to the least total, if there is more than one."""
    offers = found.frontier
    if len(offers) < 2:
        return Section()
    own = (found.worst, found.total)
    columns: tuple[Column[int], ...] = (
        Column(head="worst", kind=ValueKind.NIGHT_HOURS, read=lambda place: offers[place].worst),
        Column(head="total", kind=ValueKind.NIGHT_HOURS, read=lambda place: offers[place].total),
        Column(head="saves", kind=ValueKind.NIGHT_HOURS, read=lambda place: found.total - offers[place].total),
        Column(head="", read=lambda place: ", ".join(_marks(offers, place, own))),
        Column(
            head="slots",
            read=lambda place: join_names([sentence(name_slot(slot)) for slot in offers[place].slots], _NAMED),
        ),
    )
    lead = ["Between the least worst burden and the least total:"]
    return make_section(columns, _choose_rows(offers, own), lead=lead, unit=unit)


def _marks(offers: Sequence[Offer], place: int, own: tuple[int, int]) -> Iterator[str]:
    """Return the remarks about a rotation."""
    if (offers[place].worst, offers[place].total) == own:
        yield "this one"
    if place == 0:
        yield "least worst"
    if offers[place].knee:
        yield "knee"
    if place == len(offers) - 1:
        yield "least total"


def _choose_rows(offers: Sequence[Offer], own: tuple[int, int]) -> list[int]:
    """Return the places of the rotations in the table: those with a remark, and others evenly between."""
    kept = {place for place in range(len(offers)) if any(_marks(offers, place, own))}
    for step in range(1, _ROWS):
        if len(kept) < _ROWS:
            kept.add(step * (len(offers) - 1) // _ROWS)
    return sorted(kept)


_PRICE_COLUMNS: tuple[Column[Price], ...] = (
    Column(head="worst without", kind=ValueKind.NIGHT_HOURS, read=lambda price: price.worst_without),
    Column(head="worst with", kind=ValueKind.NIGHT_HOURS, read=lambda price: price.worst_with),
    Column(head="price", kind=ValueKind.NIGHT_HOURS_CHANGE, read=lambda price: price.worst_with - price.worst_without),
    Column(head="", read=lambda price: "proven" if price.proven else "found"),
)

_CHOICE_COLUMNS: tuple[Column[SlotChoice], ...] = (
    Column(head="slot", read=lambda choice: _name(choice.slot)),
    Column(head="start (UTC)", kind=ValueKind.INSTANT, read=lambda choice: choice.start),
    Column(
        head="in the night",
        kind=ValueKind.NUMBER,
        read=lambda choice: choice.in_night,
        tone=lambda choice: Tone.NIGHT if choice.in_night else Tone.PLAIN,
    ),
    Column(head="worst", kind=ValueKind.NIGHT_HOURS, read=lambda choice: choice.worst),
    Column(head="total", kind=ValueKind.NIGHT_HOURS, read=lambda choice: choice.total),
)


def prices_sheet(found: Proposed, unit: NightHour, notes: tuple[str, ...]) -> Section:
    """Return one row for each constraint."""
    constraint: Column[Price] = Column(head="constraint", read=lambda price: sentence(price.constraint, unit))
    return make_section((constraint, *_PRICE_COLUMNS), found.prices, notes=notes, unit=unit)


def choices_sheet(found: NextSlot, reasons: tuple[str, ...], unit: NightHour) -> Section:
    """Return the reasons, and the fairest of the slots that the next call may take."""
    return make_section(_CHOICE_COLUMNS, found.choices[:_ROWS], lead=unit.explain_in(reasons), unit=unit)
