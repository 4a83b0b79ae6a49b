"""The tables of proposed rotations: slots, the frontier, prices, and the slots that a single call may take.

A long frontier is thinned and a long row of slots cut; documents have all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from mag_rotation.propose import NextSlot, Offer, Price, Proposed, SlotChoice
from mag_rotation.propose.reasons import ReasonCode, places_of, proposal_reasons
from mag_rotation.report.description import Column, Section, Tone, ValueKind, make_section
from mag_rotation.report.language import Language, mark
from mag_rotation.report.sentences import sentence
from mag_rotation.report.words import BurdenChange, NightHour
from mag_rotation.series import Slot, name_slot

__all__ = ["CHANGE_KEY", "YEAR_KEY", "choices_sheet", "frontier_sheet", "prices_sheet", "slots_sheet"]

_ROWS = 12
"""The most rotations of a frontier, or slots of a call, in a table for people."""
_NAMED = 6
"""The most slots in a cell."""

CHANGE_KEY = mark("Today is the plan as it stands, and change is against it; nights are calls in the night.")
YEAR_KEY = mark("A year is what the nights come to in a year of such calls.")
"""What the heads of the tables mean."""


def _name(slot: Slot, language: Language) -> str:
    return sentence(name_slot(slot), language=language)


_SlotRow: TypeAlias = tuple[int, Slot, list[str]]
"""The number of a slot, the slot, and the dates of the calls that take it, rising."""

_SLOT_COLUMNS: tuple[Column[_SlotRow], ...] = (
    Column(head="slot", kind=ValueKind.NUMBER, read=lambda row: row[0]),
    Column(head="start", tell=lambda row, language: _name(row[1], language)),
    Column(head="calls", kind=ValueKind.NUMBER, read=lambda row: len(row[2])),
    Column(head="first call", read=lambda row: row[2][0] if row[2] else "-"),
    Column(head="last call", read=lambda row: row[2][-1] if row[2] else "-"),
)


_PROOF = {ReasonCode.CHOICE, ReasonCode.BOUND, ReasonCode.CERTIFICATE, ReasonCode.BEYOND_CERTIFICATE}
"""The reasons that prove what another one says."""


def slots_sheet(found: Proposed, unit: NightHour, *, shows_proof: bool) -> Section:
    """Return the reasons, and one row for each slot with the calls that take it."""
    places = places_of(found)
    rows = [
        (number, slot, sorted(call.date.isoformat() for call in places.get(number, [])))
        for number, slot in enumerate(found.slots, start=1)
    ]
    reasons = [reason for reason in proposal_reasons(found) if shows_proof or reason.code not in _PROOF]
    lead = unit.explain_in([sentence(reason, unit) for reason in reasons])
    return make_section(_SLOT_COLUMNS, rows, unit.language, lead=lead)


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
        Column(
            head="",
            tell=lambda place, language: language.write_list(
                [language.translate(text) for text in _list_marks(offers, place, own)]
            ),
        ),
        Column(
            head="slots",
            tell=lambda place, language: language.join_first(
                [_name(slot, language) for slot in offers[place].slots], _NAMED
            ),
        ),
    )
    rows = _choose_rows(offers, own)
    language = unit.language
    notes = (
        [
            language.phrase_count(
                "{shown} of {count} rotation are shown; JSON has all.",
                "{shown} of {count} rotations are shown; JSON has all.",
                len(offers),
                shown=len(rows),
            )
        ]
        if len(rows) < len(offers)
        else []
    )
    title = language.phrase("Between the least worst burden and the least total")
    return make_section(columns, rows, language, title=title, notes=notes, unit=unit)


def _list_marks(offers: Sequence[Offer], place: int, own: tuple[int, int]) -> Iterator[str]:
    """Return the remarks about a rotation."""
    if (offers[place].worst, offers[place].total) == own:
        yield mark("this one")
    if place == 0:
        yield mark("least worst")
    if offers[place].knee:
        yield mark("knee")
    if place == len(offers) - 1:
        yield mark("least total")


def _choose_rows(offers: Sequence[Offer], own: tuple[int, int]) -> list[int]:
    """Return the places of the rotations in the table: those with a remark, and others evenly between."""
    kept = {place for place in range(len(offers)) if any(_list_marks(offers, place, own))}
    for step in range(1, _ROWS):
        if len(kept) < _ROWS:
            kept.add(step * (len(offers) - 1) // _ROWS)
    return sorted(kept)


_PRICE_COLUMNS: tuple[Column[Price], ...] = (
    Column(head="worst without", kind=ValueKind.NIGHT_HOURS, read=lambda price: price.worst_without),
    Column(head="worst with", kind=ValueKind.NIGHT_HOURS, read=lambda price: price.worst_with),
    Column(
        head="price",
        kind=ValueKind.NIGHT_HOURS_CHANGE,
        read=lambda price: BurdenChange(burden=price.worst_with, before=price.worst_without),
    ),
    Column(
        head="",
        tell=lambda price, language: (
            language.phrase("proven")
            if price.proven
            else language.translate("found", context="by a search, and not proven")
        ),
    ),
)

_ChoiceRow: TypeAlias = tuple[SlotChoice, str]
"""A slot of a call, and its marks."""


def _tone_of_choice(row: _ChoiceRow) -> Tone:
    return Tone.FAINT if row[0].dominated else Tone.PLAIN


_CHOICE_COLUMNS: tuple[Column[_ChoiceRow], ...] = (
    Column(head="", read=lambda row: row[1], tone=lambda row: Tone.BLOCKED if row[0].blocked else _tone_of_choice(row)),
    Column(
        head="slot",
        tell=lambda row, language: row[0].slot.label or _name(row[0].slot, language),
        tone=_tone_of_choice,
    ),
    Column(
        head="UTC",
        kind=ValueKind.INSTANT,
        read=lambda row: row[0].start,
        tell=lambda row, language: language.write_hour(row[0].start),
        tone=_tone_of_choice,
    ),
    Column(
        head="in the night",
        kind=ValueKind.NUMBER,
        read=lambda row: row[0].in_night,
        tone=lambda row: Tone.NIGHT if row[0].in_night and not row[0].dominated else _tone_of_choice(row),
    ),
    Column(head="hardest hit", kind=ValueKind.NIGHT_HOURS, read=lambda row: row[0].worst, tone=_tone_of_choice),
    Column(head="in total", kind=ValueKind.NIGHT_HOURS, read=lambda row: row[0].total, tone=_tone_of_choice),
    Column(head="verdict", kind=ValueKind.WORD, read=lambda row: str(row[0].verdict), tone=_tone_of_choice),
)


def prices_sheet(found: Proposed, unit: NightHour) -> Section:
    """Return one row for each constraint."""
    constraint: Column[Price] = Column(head="constraint", read=lambda price: sentence(price.constraint, unit))
    return make_section((constraint, *_PRICE_COLUMNS), found.prices, unit.language, unit=unit)


def _tell_close_ones(best: SlotChoice, shown: Sequence[SlotChoice], unit: NightHour) -> Iterator[str]:
    """Yield by how little the recommended slot spares the hardest hit, where another shows the same figure."""
    for other in shown:
        if other.worst > best.worst and unit.show(other.worst) == unit.show(best.worst) and not other.dominated:
            least, more = unit.show_apart(best.worst, other.worst)
            yield unit.language.phrase(
                "{slot} is before {other}: its hardest hit bears {least} instead of {more}.",
                slot=_name(best.slot, unit.language),
                other=_name(other.slot, unit.language),
                least=least,
                more=more,
            )


def choices_sheet(found: NextSlot, reasons: tuple[str, ...], unit: NightHour) -> Section:
    """Return the reasons, the call as planned, and the other slots that it may take, the recommended one first.

    Hours of the grid that another slot dominates are left out.
    """
    language, planned = unit.language, (found.current.start, found.current.minutes)
    best = (found.call.start, found.choices[0].minutes) if found.choices else None

    def write_marks(choice: SlotChoice) -> str:
        time = choice.start, choice.minutes
        marks = {
            language.translate("planned", context="a time"): time == planned,
            language.phrase("recommended"): time == best,
            language.phrase("dominated"): choice.dominated,
            language.phrase("blocks {members}", members=language.join_first(choice.blocked, 2)): bool(choice.blocked),
        }
        return language.write_list([name for name, is_so in marks.items() if is_so])

    others = [choice for choice in found.choices if (choice.start, choice.minutes) != planned]
    shown = [choice for choice in others if choice.of_plan or not choice.dominated][:_ROWS]
    rows = [(choice, write_marks(choice)) for choice in (found.current, *shown)]
    notes = list(_tell_close_ones(found.choices[0], shown, unit)) if found.choices else []
    if any(choice.dominated for choice, _ in rows):
        notes.append(language.phrase("Dominated: another slot is worse in no figure and better in one."))
    if len(shown) < len(others):
        dominated = sum(choice.dominated and choice not in shown for choice in others)
        notes.append(
            language.phrase_count(
                "{count} more hour in JSON, {dominated} of them dominated.",
                "{count} more hours in JSON, {dominated} of them dominated.",
                len(others) - len(shown),
                dominated=dominated,
            )
        )
    return make_section(_CHOICE_COLUMNS, rows, language, lead=unit.explain_in(reasons), notes=notes, unit=unit)
