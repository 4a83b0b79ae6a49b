"""Proposals that were checked: the differences between a document and what was counted, and the report about them.

Two documents are compared by their facts, in any order of keys; sentences are not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mag_rotation.propose import Proof, ProofPart, ProofResult, Proposed
from mag_rotation.propose.judge import make_finding
from mag_rotation.propose.reasons import verification_reasons
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Records, Report, make_section
from mag_rotation.report.language import mark
from mag_rotation.report.propose import reason_record, slot_record
from mag_rotation.report.sentences import fact_record, sentence, show_value
from mag_rotation.report.words import NightHour
from mag_rotation.series import name_slot
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import TZDATA_VERSION

__all__ = ["ProposalWarning", "describe_verify", "differences", "warn_of_versions"]


class DifferenceCode(FactCode):
    """How a document differs from what was counted; facts with such a code are findings."""

    DIFFERS = "differs"
    KIND = "kind"
    LENGTH = "length"
    MISSING = "missing"
    UNKNOWN_MEMBER = "unknown_member"
    MORE = "more"
    DISPROVED = "disproved"


class SearchCode(FactCode):
    """What is claimed of a proposal, and what a search found of it."""

    BOUND = "claim_of_bound"
    ORDER = "claim_of_order"
    FRONTIER = "claim_of_frontier"
    PRICE = "claim_of_price"
    PROVEN = "proven_again"
    UNFINISHED = "not_finished"
    DISPROVED = "disproved_by_rotation"
    NOT_THERE = "disproved_by_none"


_CLAIMS = {
    ProofPart.BOUND: SearchCode.BOUND,
    ProofPart.ORDER: SearchCode.ORDER,
    ProofPart.FRONTIER: SearchCode.FRONTIER,
    ProofPart.PRICE: SearchCode.PRICE,
}
_RESULTS = {ProofResult.PROVEN: SearchCode.PROVEN, ProofResult.UNFINISHED: SearchCode.UNFINISHED}


class ProposalWarning(FactCode):
    """What may be odd about a proposal that is checked."""

    FIRST_VERSION = "made_by_version_0_1"
    OTHER_ZONE_RULES = "other_zone_rules"


_NO_FACTS = {"reasons", "constraint", "warnings", "warning_facts", "tzdata", "days_off", "format"}
"""Sentences, which may be in any words, and what depends on the versions that made a document."""
_BY_MEMBER = {"burdens", "certificate.weights"}
"""Tables whose keys are ids: one that is too much is as wrong as one that is missing."""
_LATER_KEYS = {"format", "reason_facts", "cut_by", "wanted_grid", "nights", "recommended"}
"""The keys that version 0.1 did not have."""
_PRICE_KEYS = ("constraint", "worst_without", "worst_with", "proven")
"""The keys of a price in version 0.1."""
_MOST_LISTED = 50
"""How many differences are listed one by one."""


def warn_of_versions(given: Mapping[str, object]) -> Iterator[Fact]:
    """Warn of a proposal that version 0.1 made, or that was made with other zone rules."""
    if "format" not in given:
        yield Fact.of(ProposalWarning.FIRST_VERSION)
    if (version := given.get("tzdata")) != TZDATA_VERSION:
        yield Fact.of(ProposalWarning.OTHER_ZONE_RULES, given=str(version), tzdata=TZDATA_VERSION)


def differences(given: Mapping[str, object], counted: Mapping[str, object]) -> tuple[Fact, ...]:
    """Return where a document differs from what was counted.

    Keys that only the given one has say nothing; one without a format is compared with what version 0.1 had.

    >>> given = {"worst": 14821, "reasons": ["gut"]}
    >>> [sentence(one) for one in differences(given, {"worst": 14820, "reasons": ["good"]})]
    ['worst: found 14821, counted 14820']
    """
    found = list(_differing("", given, counted if "format" in given else _without_codes(counted)))
    rest = len(found) - _MOST_LISTED
    return (*found[:_MOST_LISTED], *((make_finding(DifferenceCode.MORE, "", found=rest),) if rest > 0 else ()))


def _without_codes(counted: Mapping[str, object]) -> dict[str, object]:
    """Return a document as version 0.1 wrote it."""
    plain = {key: value for key, value in counted.items() if key not in _LATER_KEYS}
    frontier = counted.get("frontier")
    if isinstance(frontier, list) and not counted.get("frontier_complete"):  # where a knee may be named has changed
        plain["frontier"] = [{key: value for key, value in offer.items() if key != "knee"} for offer in frontier]
    prices = counted.get("prices")
    if isinstance(prices, list):
        plain["prices"] = [{key: price[key] for key in _PRICE_KEYS} for price in prices]
    return plain


def _differing(place: str, given: object, counted: object) -> Iterator[Fact]:
    """Yield the differences of two values, and of everything in them."""
    match given, counted:
        case Mapping(), Mapping():
            yield from _differing_tables(place, given, counted)
        case list(), list():
            if len(given) != len(counted):
                yield make_finding(DifferenceCode.LENGTH, place, found=len(given), right=len(counted))
            for index, (one, other) in enumerate(zip(given, counted, strict=False)):
                yield from _differing(f"{place}[{index}]", one, other)
        case (str() | int() | float() | None, str() | int() | float() | None):
            if isinstance(given, bool) is not isinstance(counted, bool) or given != counted:
                yield make_finding(DifferenceCode.DIFFERS, place, found=given, right=counted)
        case _:
            yield make_finding(DifferenceCode.KIND, place, found=show_value(given), right=show_value(counted))


def _differing_tables(place: str, given: Mapping[str, object], counted: Mapping[str, object]) -> Iterator[Fact]:
    for key, value in counted.items():
        below = f"{place}.{key}" if place else key
        if key in _NO_FACTS:
            continue
        if key in given:
            yield from _differing(below, given[key], value)
        else:
            yield make_finding(DifferenceCode.MISSING, below, right=show_value(value))
    if place in _BY_MEMBER:
        yield from (
            make_finding(DifferenceCode.UNKNOWN_MEMBER, place, found=key) for key in given if key not in counted
        )


def describe_verify(
    context: Context, found: Proposed, findings: Sequence[Fact], *, proofs: Sequence[Proof] | None = None
) -> Report:
    """Describe whether a proposal holds, which checks failed, and what a search says of the other claims.

    ``proofs`` is None where nothing was searched again; what they disprove is among the findings.
    """
    failed = (
        *findings,
        *(_finding_of_proof(proof, found) for proof in proofs or () if proof.result is ProofResult.DISPROVED),
    )
    unit = context.night_hour(found.request.curve)
    language = context.language
    sentences = tuple(sentence(one, unit.in_english) for one in failed)
    reasons = verification_reasons(found, failed=len(failed), is_searched=proofs is not None)
    texts = tuple(sentence(reason, unit) for reason in reasons)
    notes = context.notes(unit.explain(), *([language.translate(_EXACT)] if failed else []))
    columns: tuple[Column[Proof], ...] = (
        Column(head="claimed", show=lambda proof: _tell_claim(proof, unit)),
        Column(head="searched again", show=lambda proof: _tell_result(proof, unit)),
    )
    searched = make_section(columns, proofs or (), language, notes=notes)
    checked = make_section(
        _FINDING_COLUMNS,
        [sentence(one, unit) for one in failed],
        language,
        lead=texts,
        notes=() if searched.rows else notes,
    )
    body = {
        "holds": not failed,
        "findings": list(sentences),
        "finding_facts": [fact_record(finding) for finding in failed],
        "searched": None if proofs is None else [_proof_record(proof) for proof in proofs],
        "reasons": [sentence(reason, unit.in_english) for reason in reasons],
        "reason_facts": list(map(reason_record, reasons)),
    }
    return Report(
        title=context.title("a proposal counted again"),
        sections=(checked, searched) if searched.rows else (checked,),
        document=context.document(body),
        records=Records.of(_FINDING_COLUMNS, sentences, context.versions),
        language=language,
    )


_EXACT = mark("Figures of the file, found and counted, are in point-minutes.")


def _tell_claim(proof: Proof, unit: NightHour) -> str:
    return sentence(Fact.of(_CLAIMS[proof.part], claimed=proof.claimed, constraint=proof.constraint), unit)


def _tell_result(proof: Proof, unit: NightHour) -> str:
    if proof.result is not ProofResult.DISPROVED:
        return sentence(Fact.of(_RESULTS[proof.result]), unit)
    if proof.found is None:
        return sentence(Fact.of(SearchCode.NOT_THERE), unit)
    slots = tuple(map(name_slot, proof.found.slots))
    fact = Fact.of(SearchCode.DISPROVED, slots=slots, worst=proof.found.worst, total=proof.found.total)
    return sentence(fact, unit)


_FINDING_COLUMNS: tuple[Column[str], ...] = (Column(key="finding", head="failed check", read=str),)

_PLACES = {ProofPart.BOUND: "bound", ProofPart.ORDER: "proven", ProofPart.FRONTIER: "frontier_complete"}
"""The key of a proposal that holds a claim."""


def _finding_of_proof(proof: Proof, found: Proposed) -> Fact:
    """Return a claim that is disproved as a finding."""
    place = _PLACES.get(proof.part, "")
    if proof.constraint is not None:
        constraints = [price.constraint for price in found.prices]
        place = f"prices[{constraints.index(proof.constraint)}].worst_without"
    claimed = True if proof.part in {ProofPart.ORDER, ProofPart.FRONTIER} else proof.claimed
    return make_finding(
        DifferenceCode.DISPROVED, place, found=claimed, right=proof.found.worst if proof.found else None
    )


def _proof_record(proof: Proof) -> dict[str, object]:
    """Return the result of a search for a claim, as facts."""
    other = proof.found
    return {
        "part": str(proof.part),
        **({} if proof.constraint is None else fact_record(proof.constraint)),
        "result": str(proof.result),
        "claimed": proof.claimed,
        "found": None
        if other is None
        else {
            "worst": other.worst,
            "total": other.total,
            "slots": [slot_record(slot) for slot in other.slots],
        },
    }
