"""Proposed rotations as sheets for people: slots, members, frontier, prices, and the slots of a single call.

Rule 1: what a colour says stands beside it in words.
Rule 2: a long frontier is thinned and a long row of slots cut; documents have all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mag_rotation.calls import Call
from mag_rotation.propose import NextSlot, Offer, Proposed, Share
from mag_rotation.propose.reasons import places_of, proposal_reasons
from mag_rotation.report.description import Cell, Head, Section, Tone
from mag_rotation.report.reasons import constraint_text, reason_text, slot_text
from mag_rotation.report.words import join_names, utc_moment

__all__ = ["BURDENS_KEY", "choices_sheet", "frontier_sheet", "members_sheet", "prices_sheet", "slots_sheet"]

_ROWS = 12
"""The most rotations of a frontier, or slots of a call, in a table for people."""
_NAMED = 6
"""The most slots in a cell."""

BURDENS_KEY = (
    "Burdens are in point-minutes; change is against the plan as it stands; nights are calls in the night, a year is "
    "what they come to in a year of such calls."
)
"""What the heads of the tables mean."""


def slots_sheet(found: Proposed) -> Section:
    """The reasons, and one row a slot with the calls that take it."""
    places = places_of(found)
    rows = tuple(
        tuple(map(Cell, (str(number), slot_text(slot), *_calls_texts(places.get(number, [])))))
        for number, slot in enumerate(found.slots, start=1)
    )
    columns = (
        *(Head("slot", number=True), Head("start"), Head("calls", number=True)),
        *(Head("first call"), Head("last call")),
    )
    return Section(lead=tuple(map(reason_text, proposal_reasons(found))), heads=columns, rows=rows)


def _calls_texts(calls: Sequence[Call]) -> tuple[str, str, str]:
    """How many calls take a slot, and the dates of the first and the last."""
    dates = sorted(call.date.isoformat() for call in calls)
    return (str(len(dates)), dates[0], dates[-1]) if dates else ("0", "-", "-")


def members_sheet(
    shares: Sequence[Share], a_year: Sequence[float | None] = (), *, notes: tuple[str, ...] = ()
) -> Section:
    """One row a member, worst first; ``a_year`` has the calls in the night of a year, for each, where that is known."""
    named = any(share.name != share.id for share in shares)
    yearly = any(nights is not None for nights in a_year)
    rows = []
    for share, nights in zip(shares, a_year or [None] * len(shares), strict=True):
        rows.append(
            (
                Cell(share.id),
                *((Cell(share.name),) if named else ()),
                Cell(str(share.burden)),
                Cell(str(share.burden_today)),
                Cell(f"{share.burden - share.burden_today:+d}"),
                Cell(str(share.night_calls), Tone.NIGHT if share.night_calls else Tone.PLAIN),
                Cell(str(share.night_calls_today)),
                *((Cell("-" if nights is None else f"{nights:.1f}"),) if yearly else ()),
            )
        )
    heads = ("burden", "today", "change", "nights", "today", *(("a year",) if yearly else ()))
    columns = (
        *(Head(head) for head in ("member", *(("name",) if named else ()))),
        *(Head(head, number=True) for head in heads),
    )
    return Section(heads=columns, rows=tuple(rows), notes=notes)


def frontier_sheet(found: Proposed) -> Section:
    """One row a rotation, from the least worst to the least total, where there is more than one."""
    offers = found.frontier
    if len(offers) < 2:
        return Section()
    own = (found.worst, found.total)
    rows = tuple(
        (
            Cell(str(offers[place].worst)),
            Cell(str(offers[place].total)),
            Cell(str(found.total - offers[place].total)),
            Cell(", ".join(_marks(offers, place, own))),
            Cell(join_names([slot_text(slot) for slot in offers[place].slots], _NAMED)),
        )
        for place in _shown(offers, own)
    )
    columns = (
        *(Head(head, number=True) for head in ("worst", "total", "saves")),
        *(Head(head) for head in ("", "slots")),
    )
    return Section(lead=("Between sparing the worst-off and sparing all together:",), heads=columns, rows=rows)


def _marks(offers: Sequence[Offer], place: int, own: tuple[int, int]) -> Iterator[str]:
    """What there is to say of a rotation."""
    if (offers[place].worst, offers[place].total) == own:
        yield "this one"
    if place == 0:
        yield "least worst"
    if offers[place].knee:
        yield "knee"
    if place == len(offers) - 1:
        yield "least total"


def _shown(offers: Sequence[Offer], own: tuple[int, int]) -> list[int]:
    """The places of the rotations that a table has: those with a mark, and others evenly between."""
    kept = {place for place in range(len(offers)) if any(_marks(offers, place, own))}
    for step in range(1, _ROWS):
        if len(kept) < _ROWS:
            kept.add(step * (len(offers) - 1) // _ROWS)
    return sorted(kept)


def prices_sheet(found: Proposed, notes: tuple[str, ...]) -> Section:
    """One row a constraint."""
    rows = tuple(
        (
            Cell(constraint_text(price.constraint)),
            Cell(str(price.worst_without)),
            Cell(str(price.worst_with)),
            Cell(f"{price.worst_with - price.worst_without:+d}"),
            Cell("proven" if price.proven else "found"),
        )
        for price in found.prices
    )
    columns = (
        Head("constraint"),
        *(Head(head, number=True) for head in ("worst without", "worst with", "price")),
        Head(""),
    )
    return Section(heads=columns, rows=rows, notes=notes)


def choices_sheet(found: NextSlot, reasons: tuple[str, ...]) -> Section:
    """The reasons, and the fairest of the slots that the next call may take."""
    rows = tuple(
        (
            Cell(slot_text(choice.slot)),
            Cell(utc_moment(choice.start)),
            Cell(str(choice.in_night), Tone.NIGHT if choice.in_night else Tone.PLAIN),
            Cell(str(choice.worst)),
            Cell(str(choice.total)),
        )
        for choice in found.choices[:_ROWS]
    )
    columns = (
        *(Head(head) for head in ("slot", "start (UTC)")),
        *(Head(head, number=True) for head in ("in the night", "worst", "total")),
    )
    return Section(lead=reasons, heads=columns, rows=rows)
