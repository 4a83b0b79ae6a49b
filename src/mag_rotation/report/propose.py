"""Proposed rotations, refusals and the slot of a next call: documents, records of members and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from mag_rotation.propose import Impossible, NextSlot, Offer, Option, Price, Proposed, Request, Share, SlotChoice
from mag_rotation.propose.reasons import ReasonCode, next_reasons, proposal_reasons, refusal_reasons
from mag_rotation.report.calls import call_record
from mag_rotation.report.compare import explain_options, local_section, options_section
from mag_rotation.report.context import Context
from mag_rotation.report.description import (
    Column,
    Records,
    Report,
    Section,
    Tone,
    ValueKind,
    make_record,
    make_section,
    utc_text,
)
from mag_rotation.report.language import ENGLISH, Language
from mag_rotation.report.rotations import (
    CHANGE_KEY,
    YEAR_KEY,
    choices_sheet,
    frontier_sheet,
    prices_sheet,
    slots_sheet,
)
from mag_rotation.report.sentences import fact_record, figures_record, sentence
from mag_rotation.report.words import BurdenChange, NightHour
from mag_rotation.series import Slot, name_slot
from mag_rotation.values import Fact

__all__ = [
    "describe_impossible",
    "describe_next",
    "describe_proposal",
    "interruption_line",
    "proposal_document",
    "reason_record",
    "search_line",
    "slot_record",
]

PROPOSAL_FORMAT = 2
"""How proposals are written: with a code beside every sentence. Those of version 0.1 had no number and no codes."""

_IN_CERTIFICATE = {(ReasonCode.CERTIFICATE, "members"), (ReasonCode.CERTIFICATE, "weights")}
"""Figures of reasons that are in the table ``certificate.weights``."""

_YEAR = 365.2425
"""Days of a year of the Gregorian calendar, in the mean."""

_NAMES: tuple[Column[Share], ...] = (
    Column(key="id", head="member"),
    Column(key="name", head="name", is_shown=lambda shares: any(share.name != share.id for share in shares), rank=2),
)
_SHOWN: tuple[Column[Share], ...] = (
    Column(head="burden", kind=ValueKind.NIGHT_HOURS, read=lambda share: share.burden),
    Column(head="today", context="a burden", kind=ValueKind.NIGHT_HOURS, read=lambda share: share.burden_today),
    Column(
        head="change",
        context="a difference",
        kind=ValueKind.NIGHT_HOURS_CHANGE,
        read=lambda share: BurdenChange(burden=share.burden, before=share.burden_today),
    ),
    Column(
        head="nights",
        kind=ValueKind.NUMBER,
        read=lambda share: share.night_calls,
        tone=lambda share: Tone.NIGHT if share.night_calls else Tone.PLAIN,
    ),
    Column(head="nights today", kind=ValueKind.NUMBER, read=lambda share: share.night_calls_today),
)
"""What people see of a member: burden and nights, each beside those of the plan as it stands."""

_BURDEN: Column[Share] = Column(key="burden")
_NIGHTS: Column[Share] = Column(key="night_calls")
_BURDEN_TODAY: Column[Share] = Column(key="burden_today")
_NIGHTS_TODAY: Column[Share] = Column(key="night_calls_today")

SHARE_COLUMNS = (*_NAMES, _BURDEN, _NIGHTS, _BURDEN_TODAY, _NIGHTS_TODAY, *_SHOWN)
"""A member of NEXT, in the order of JSON and CSV."""

YearOfShare: TypeAlias = tuple[Share, float | None]
"""A member, and the days that the calls stand for."""


def _share_of(row: YearOfShare) -> Share:
    return row[0]


def _a_year(row: YearOfShare) -> float | None:
    """Return the calls in the night in a year; None if the days are unknown."""
    return None if row[1] is None else row[0].night_calls * _YEAR / row[1]


def _a_year_today(row: YearOfShare) -> float | None:
    return None if row[1] is None else row[0].night_calls_today * _YEAR / row[1]


def _tell_a_year(row: YearOfShare, language: Language) -> str:
    nights = _a_year(row)
    return "-" if nights is None else language.write_number(nights, 1)


PROPOSAL_COLUMNS: tuple[Column[YearOfShare], ...] = (
    *(column.through(_share_of) for column in (*_NAMES, _BURDEN, _NIGHTS)),
    Column(key="night_calls_a_year", read=_a_year),
    *(column.through(_share_of) for column in (_BURDEN_TODAY, _NIGHTS_TODAY)),
    Column(key="night_calls_a_year_today", read=_a_year_today),
    *(column.through(_share_of) for column in _SHOWN),
    Column(
        head="a year",
        kind=ValueKind.MEAN,
        read=_a_year,
        tell=_tell_a_year,
        is_shown=lambda rows: any(days is not None for _, days in rows),
        rank=3,
    ),
)
"""A member of PROPOSAL, in the order of JSON and CSV."""


def proposal_document(context: Context, found: Proposed) -> dict[str, object]:
    """Return PROPOSAL: a rotation with everything that is needed to check it."""
    certificate, reasons = found.certificate, proposal_reasons(found)
    unit = context.night_hour(found.request.curve).in_english
    body = {
        "format": PROPOSAL_FORMAT,
        "request": figures_record(found.request.figures),
        "slots": [slot_record(slot) for slot in found.slots],
        "calls": [call_record(call) for call in found.calls],
        "worst": found.worst,
        "total": found.total,
        "burdens": {share.id: share.burden for share in found.shares},
        "bound": found.bound,
        "proven": found.proven,
        "gap": _gap(found.worst, found.bound),
        "certificate": {
            "weights": dict(certificate.weights),
            "value": certificate.value,
            "scale": certificate.scale,
        },
        "frontier": [_offer_record(offer) for offer in found.frontier],
        "frontier_complete": found.swept,
        "nights": found.nights,
        "recommended": found.recommended
        and {**_offer_record(found.recommended.offer), "nights": found.recommended.nights},
        "cut_by": list(map(str, found.cuts)),
        "wanted_grid": found.wanted_grid,
        "prices": [{"constraint": sentence(price.constraint, unit), **_price_record(price)} for price in found.prices],
        "members": [make_record(PROPOSAL_COLUMNS, row) for row in _rows(found)],
        "today": {"worst": found.worst_today, "total": found.total_today},
        "reasons": [sentence(reason, unit) for reason in reasons],
        "reason_facts": list(map(reason_record, reasons)),
    }
    return context.document(body)


def slot_record(slot: Slot) -> dict[str, object]:
    """Return a slot; weekday, label and duration (minutes) only if it has them."""
    return figures_record(name_slot(slot).figures)


def _price_record(price: Price) -> dict[str, object]:
    return {
        **fact_record(price.constraint),
        "worst_without": price.worst_without,
        "worst_with": price.worst_with,
        "proven": price.proven,
    }


def reason_record(reason: Fact) -> dict[str, object]:
    """Return the code of a reason and its figures, without the weights that the document has as a table."""
    return {key: value for key, value in fact_record(reason).items() if (reason.code, key) not in _IN_CERTIFICATE}


def _offer_record(offer: Offer) -> dict[str, object]:
    slots = [slot_record(slot) for slot in offer.slots]
    return {"worst": offer.worst, "total": offer.total, "slots": slots, "knee": offer.knee}


def _days(found: Proposed) -> float | None:
    """Return the days that the held calls stand for, each for as many as lie between two; None for a single day."""
    dates = sorted(call.date for call in found.calls if call.is_held)
    span = (dates[-1] - dates[0]).days if dates else 0
    return span * len(dates) / (len(dates) - 1) if span else None


def _rows(found: Proposed) -> list[YearOfShare]:
    """Return the members, worst first, each with the days that the calls stand for."""
    days = _days(found)
    return [(share, days) for share in found.shares]


def _gap(worst: int, bound: int) -> float | None:
    """Return how far the worst is above the bound, as a part of the bound; None if only the bound is 0."""
    if bound:
        return (worst - bound) / bound
    return None if worst else 0.0


def describe_proposal(
    context: Context, found: Proposed, *, beside: Sequence[Option] = (), shows_proof: bool = False
) -> Report:
    """Describe a rotation with its reasons, its members, the frontier and the prices.

    ``beside`` are today's rotation, this one and others, as :func:`weigh_proposal` gives them. People see the
    certificate and what it proves only if ``shows_proof``.
    """
    unit, language = context.night_hour(found.request.curve), context.language
    keys = map(language.translate, (CHANGE_KEY, YEAR_KEY))
    return Report(
        title=context.title("a rotation proposed"),
        sections=(
            slots_sheet(found, unit, shows_proof=shows_proof),
            *([local_section([_find_own(beside)], language)] if beside else []),
            make_section(PROPOSAL_COLUMNS, _rows(found), language, unit=unit),
            frontier_sheet(found, unit),
            prices_sheet(found, unit),
            _beside_section(beside, unit),
            Section(notes=(*_notes_of(beside, language), *context.notes(*keys))),
        ),
        document=proposal_document(context, found),
        records=Records.of(PROPOSAL_COLUMNS, _rows(found), context.versions),
        language=language,
    )


def _beside_section(beside: Sequence[Option], unit: NightHour) -> Section:
    """Return today's rotation, the proposed one and others in a row each."""
    if not beside:
        return Section()
    own = _find_own(beside)
    lead = unit.language.phrase_count(
        "Beside today: {count} member would be better off and {worse} worse off; mag-rotation compare has more "
        "rotations.",
        "Beside today: {count} members would be better off and {worse} worse off; mag-rotation compare has more "
        "rotations.",
        own.better,
        worse=own.worse,
    )
    return options_section(beside, unit, lead=(lead,))


def _find_own(beside: Sequence[Option]) -> Option:
    """Return the proposed rotation."""
    return next(option for option in beside if "this one" in (option.id, *option.also))


def _notes_of(beside: Sequence[Option], language: Language) -> tuple[str, ...]:
    return tuple(explain_options(beside, language)) if beside else ()


def search_line(best: int | None, bound: int, left: float) -> str:
    """Return the state of a search: the worst of the best rotation, the proven lower bound, and the seconds left.

    >>> search_line(14520, 13755, 7.4)
    'searching: the best worst is 14520, none is below 13755, 7 s left'
    """
    worst = "no rotation yet" if best is None else f"the best worst is {best}"
    proven = ", which is the least" if best == bound else f", none is below {bound}"
    return f"searching: {worst}{proven if bound else ''}, {max(0, round(left))} s left"


def interruption_line(found: Proposed | None, language: Language = ENGLISH, *, unwritten: str | None = None) -> str:
    """Return what an interrupted search gives; ``unwritten`` is the plan file that was to take the rotation."""
    if found is None:
        return language.phrase("interrupted before a first rotation was found; nothing was written")
    best = (
        language.phrase("interrupted: this is the best rotation so far")
        if found.proven
        else language.phrase("interrupted: this is the best rotation so far, which is not proven")
    )
    if unwritten is None:
        return best
    return language.phrase("{sentence}; {plan} was not changed", sentence=best, plan=unwritten)


def describe_impossible(context: Context, found: Impossible) -> Report:
    """Describe that there is no rotation, and which constraints contradict each other."""
    reasons = refusal_reasons(found)
    unit = context.night_hour(found.request.curve)
    sentences = [sentence(reason, unit) for reason in reasons]
    lead = unit.explain_in(sentences) if any(map(unit.is_in, sentences)) else tuple(sentences)
    conflict = [sentence(constraint, unit.in_english) for constraint in found.conflict]
    body = {
        "format": PROPOSAL_FORMAT,
        "request": figures_record(found.request.figures),
        "slots": [],
        "calls": [],
        "conflict": conflict,
        "conflict_facts": list(map(fact_record, found.conflict)),
        "smallest": found.smallest,
        "proven": found.proven,
        "reasons": [sentence(reason, unit.in_english) for reason in reasons],
        "reason_facts": list(map(reason_record, reasons)),
    }
    return Report(
        title=context.title("no rotation"),
        sections=(Section(lead=lead, notes=context.notes()),),
        document=context.document(body),
        records=Records.of([Column(key="conflict", read=str)], conflict, context.versions),
        language=context.language,
    )


def describe_next(context: Context, found: NextSlot, *, request: Request) -> Report:
    """Describe the recommended slot for the next call beside the planned one, and the others that it may take."""
    reasons = next_reasons(found)
    unit, language = context.night_hour(request.curve), context.language
    sentences = [sentence(reason, unit.in_english) for reason in reasons]
    body = {
        "request": figures_record(request.figures),
        "call": call_record(found.call),
        "planned": call_record(found.planned),
        "slot": slot_record(found.choices[0].slot) if found.choices else None,
        "choices": [_choice_record(choice) for choice in found.choices],
        "current": _choice_record(found.current),
        "members": [make_record(SHARE_COLUMNS, share) for share in found.shares],
        "conflict": [sentence(constraint, unit.in_english) for constraint in found.conflict],
        "conflict_facts": list(map(fact_record, found.conflict)),
        "reason": sentences[0],
        "reasons": sentences,
        "reason_facts": list(map(reason_record, reasons)),
    }
    lead = tuple(sentence(reason, unit) for reason in reasons)
    notes = context.notes(language.translate(CHANGE_KEY))
    members = make_section(SHARE_COLUMNS, found.shares, language, notes=notes, unit=unit)
    return Report(
        title=context.title("the fairest slot for the next call"),
        sections=(choices_sheet(found, lead, unit), members),
        document=context.document(body),
        records=Records.of(SHARE_COLUMNS, found.shares, context.versions),
        language=language,
    )


def _choice_record(choice: SlotChoice) -> dict[str, object]:
    return {
        "slot": slot_record(choice.slot),
        "start": utc_text(choice.start),
        "minutes": choice.minutes,
        "worst": choice.worst,
        "total": choice.total,
        "in_night": choice.in_night,
        "verdict": str(choice.verdict),
        "dominated": choice.dominated,
        "blocked": list(choice.blocked),
    }
