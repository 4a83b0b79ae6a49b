"""Proposals that were checked: the differences between a document and what was counted, and the report about them.

Two documents are compared by their facts, in any order of keys; sentences are not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from mag_rotation.errors import quote_value
from mag_rotation.propose import ConstraintCode, Finding, Proof, ProofPart, ProofResult, Proposed
from mag_rotation.propose.reasons import verification_reasons
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Records, Report, make_section
from mag_rotation.report.propose import constraint_record, reason_record, slot_record
from mag_rotation.report.reasons import constraint_text, reason_text, slot_text
from mag_rotation.report.words import join_names, plural
from mag_rotation.values import Fact, FactCode
from mag_rotation.zones import TZDATA_VERSION

__all__ = ["ProposalWarning", "describe_verify", "differences", "finding_text", "warn_of_versions"]


class ProposalWarning(FactCode):
    """What may be odd about a proposal that is checked."""

    FIRST_VERSION = "made_by_version_0_1"
    OTHER_ZONE_RULES = "other_zone_rules"


_NO_FACTS = {"reasons", "constraint", "warnings", "warning_facts", "tzdata", "days_off", "format"}
"""Sentences, which may be in any words, and what depends on the versions that made a document."""
_BY_MEMBER = {"burdens", "certificate.weights"}
"""Tables whose keys are ids: one that is too much is as wrong as one that is missing."""
_LATER_KEYS = {"format", "reason_facts", "cut_by", "wanted_grid"}
"""The keys that version 0.1 did not have."""
_PRICE_KEYS = ("constraint", "worst_without", "worst_with", "proven")
"""The keys of a price in version 0.1."""
_MOST = 50
"""How many differences are listed one by one."""
_LETTERS = 50
"""How many letters of a text are shown."""


def warn_of_versions(given: Mapping[str, object]) -> Iterator[Fact]:
    """Warn of a proposal that version 0.1 made, or that was made with other zone rules."""
    if "format" not in given:
        yield Fact.of(ProposalWarning.FIRST_VERSION)
    if (version := given.get("tzdata")) != TZDATA_VERSION:
        yield Fact.of(ProposalWarning.OTHER_ZONE_RULES, given=str(version), tzdata=TZDATA_VERSION)


def differences(given: Mapping[str, object], counted: Mapping[str, object]) -> tuple[Finding, ...]:
    """Return where a document differs from what was counted.

    Keys that only the given one has say nothing; one without a format is compared with what version 0.1 had.

    >>> given = {"worst": 14821, "reasons": ["gut"]}
    >>> [finding_text(one) for one in differences(given, {"worst": 14820, "reasons": ["good"]})]
    ['worst: found 14821, counted 14820']
    """
    found = list(_differing("", given, counted if "format" in given else _without_codes(counted)))
    rest = len(found) - _MOST
    return (*found[:_MOST], *((Finding(code="more", place="", found=rest),) if rest > 0 else ()))


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


def _differing(place: str, given: object, counted: object) -> Iterator[Finding]:
    """Yield the differences of two values, and of everything in them."""
    match given, counted:
        case Mapping(), Mapping():
            yield from _differing_tables(place, given, counted)
        case list(), list():
            if len(given) != len(counted):
                yield Finding(code="length", place=place, found=len(given), right=len(counted))
            for index, (one, other) in enumerate(zip(given, counted, strict=False)):
                yield from _differing(f"{place}[{index}]", one, other)
        case (str() | int() | float() | None, str() | int() | float() | None):
            if isinstance(given, bool) is not isinstance(counted, bool) or given != counted:
                yield Finding(code="differs", place=place, found=given, right=counted)
        case _:
            yield Finding(code="kind", place=place, found=_value_text(given), right=_value_text(counted))


def _differing_tables(place: str, given: Mapping[str, object], counted: Mapping[str, object]) -> Iterator[Finding]:
    for key, value in counted.items():
        below = f"{place}.{key}" if place else key
        if key in _NO_FACTS:
            continue
        if key in given:
            yield from _differing(below, given[key], value)
        else:
            yield Finding(code="missing", place=below, right=_value_text(value))
    if place in _BY_MEMBER:
        yield from (Finding(code="unknown_member", place=place, found=key) for key in given if key not in counted)


def _first_difference(one: object, other: object) -> int:
    """Return where two long texts begin to differ; 0 for everything else."""
    if not isinstance(one, str) or not isinstance(other, str) or max(len(one), len(other)) <= _LETTERS:
        return 0
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _value_text(value: object, at: int = 0) -> str:
    """Return a value as JSON writes it, texts from a letter on."""
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case str():
            return quote_value(value[at : at + _LETTERS])
        case Mapping():
            return "a table"
        case list():
            return f"a list of {len(value)}"
        case _:
            return quote_value(value)


def _difference(one: Finding) -> str:
    at = _first_difference(one.found, one.right)
    where = f" from letter {at + 1} on" if at else ""
    return f"{one.place}: found{where} {_value_text(one.found, at)}, counted {_value_text(one.right, at)}"


def _dates(one: Finding) -> str:
    days = " and ".join(day.isoformat() for day in one.dates)
    return f"the {'calls' if len(one.dates) > 1 else 'call'} of {days}"


def finding_text(finding: Finding) -> str:
    """Return a finding as a sentence: its place, the value in the proposal and the right one."""
    return _FINDINGS[finding.code](finding)


_FINDINGS: Mapping[str, Callable[[Finding], str]] = {
    "differs": _difference,
    "kind": lambda one: f"{one.place}: found {one.found}, counted {one.right}",
    "length": lambda one: f"{one.place}: found {one.found} of them, counted {one.right}",
    "missing": lambda one: f"{one.place}: missing, counted {one.right}",
    "unknown_member": lambda one: f"{one.place}: found {_value_text(one.found)}, who does not count",
    "more": lambda one: f"and {one.found} more differences",
    "prices": lambda one: f"prices: found {one.found} of them; {one.right} constraints have one",
    "not_asked_for": lambda one: f"{one.place}: found {one.found}, which is none of the slots that were asked for",
    "not_its_name": lambda one: (
        f"{one.place}: found {_value_text(one.found)}; in the plan the name of this slot is {_value_text(one.right)}"
    ),
    "not_allowed": lambda one: f"{one.place}: this rotation is none of those that were allowed",
    "not_better": lambda one: f"{one.place}: this rotation is no better in its total than the one before it",
    "below_certificate": lambda one: f"bound: found {one.found}, but the certificate proves {one.right}",
    "above_worst": lambda one: f"bound: found {one.found}, but the worst is only {one.right}",
    "above_frontier": lambda one: (
        f"bound: found {one.found}, but a rotation of the frontier has a worst of {one.right}"
    ),
    "not_least_worst": lambda one: (
        f"proven: the worst is said to be the least, but it is {one.found} and the bound {one.right}"
    ),
    "above_tolerance": lambda one: (
        f"proven: the worst is {one.found}, more than the tolerance above the bound, which is {one.right}"
    ),
    "not_least_total": lambda one: (
        f"proven: the total is said to be the least, but it is {one.found} and one of the frontier {one.right}"
    ),
    "price_below_0": lambda one: f"{one.place}: found {one.found}, but with the constraint the worst is {one.right}",
    "price_not_there": lambda one: f"{one.place}: found {one.found}, but no rotation that is here has such a worst",
    "price_of_bound": lambda one: f"{one.place}: found {one.found}, but the bound is {one.right}",
    "disproved": lambda one: f"{one.place}: found {_value_text(one.found)}, disproved by a search{_by(one)}",
    ConstraintCode.NEVER: lambda one: f"{one.member} cannot attend {_dates(one)}",
    ConstraintCode.WINDOWS: lambda one: f"{_dates(one)} does not lie within {one.right}",
    ConstraintCode.UTC_WINDOWS: lambda one: f"{_dates(one)} does not lie within {one.right} UTC",
    ConstraintCode.QUORUM: lambda one: (
        f"only {one.found} are out of the night at {_dates(one)}, at least {one.right} have to be"
    ),
    ConstraintCode.AWAKE: lambda one: f"{one.member} is in the night at {_dates(one)}",
    ConstraintCode.MOST_NIGHTS: lambda one: f"{one.member} has {one.found} calls in the night, more than {one.right}",
    ConstraintCode.NO_NIGHT_TWICE: lambda one: f"{one.member} is in the night at {_dates(one)}",
    ConstraintCode.GAP: lambda one: f"{_dates(one)} are {one.found} minutes apart on the clock, less than {one.right}",
    ConstraintCode.DISTINCT: lambda _: "a slot is there twice",
    ConstraintCode.CAP: lambda one: f"{one.member} bears {one.found} point-minutes, more than {one.right}",
    ConstraintCode.STAY: lambda one: f"the slot {one.right} has not stayed",
}
"""The sentence of each finding."""


def _by(one: Finding) -> str:
    """Return the rotation that disproves a claim, for the end of a sentence."""
    return "" if one.right is None else f": a rotation has a worst of {one.right}"


def describe_verify(
    context: Context, found: Proposed, findings: Sequence[Finding], *, proofs: Sequence[Proof] | None = None
) -> Report:
    """Describe whether a proposal holds, which checks failed, and what a search says of the other claims.

    ``proofs`` is None where nothing was searched again; what they disprove is among the findings.
    """
    failed = (
        *findings,
        *(_finding_of_proof(proof, found) for proof in proofs or () if proof.result is ProofResult.DISPROVED),
    )
    sentences = tuple(map(finding_text, failed))
    reasons = verification_reasons(found, failed=len(failed), is_searched=proofs is not None)
    texts = tuple(map(reason_text, reasons))
    notes = context.notes()
    searched = make_section(_PROOF_COLUMNS, proofs or (), notes=notes)
    checked = make_section(_FINDING_COLUMNS, sentences, lead=texts, notes=() if searched.rows else notes)
    body = {
        "holds": not failed,
        "findings": list(sentences),
        "finding_facts": [_finding_record(finding) for finding in failed],
        "searched": None if proofs is None else [_proof_record(proof) for proof in proofs],
        "reasons": list(texts),
        "reason_facts": list(map(reason_record, reasons)),
    }
    return Report(
        title=f"{context.name}: a proposal counted again",
        sections=(checked, searched) if searched.rows else (checked,),
        document=context.document(body),
        records=Records.of(_FINDING_COLUMNS, sentences, context.versions),
    )


def _claim(proof: Proof) -> str:
    match proof.part, proof.constraint:
        case ProofPart.BOUND, _:
            return f"no rotation has a worst below {proof.claimed}"
        case ProofPart.ORDER, _:
            return "no rotation is better by the order that was asked for"
        case ProofPart.PRICE, constraint if constraint is not None:
            return f"without '{constraint_text(constraint)}' the worst is {proof.claimed}"
        case _:
            return f"the frontier is complete with {plural(proof.claimed or 0, 'rotation')}"


def _result(proof: Proof) -> str:
    match proof.result, proof.found:
        case ProofResult.PROVEN, _:
            return "proven again"
        case ProofResult.UNFINISHED, _:
            return "not finished in time"
        case _, None:
            return "disproved: no rotation has it"
        case _, other:
            slots = join_names([slot_text(slot) for slot in other.slots], len(other.slots))
            return f"disproved: {slots} has a worst of {other.worst} and a total of {other.total}"


_FINDING_COLUMNS: tuple[Column[str], ...] = (Column(key="finding", head="failed check", read=str),)
_PROOF_COLUMNS: tuple[Column[Proof], ...] = (
    Column(head="claimed", show=_claim),
    Column(head="searched again", show=_result),
)

_PLACES = {ProofPart.BOUND: "bound", ProofPart.ORDER: "proven", ProofPart.FRONTIER: "frontier_complete"}
"""The key of a proposal that holds a claim."""


def _finding_of_proof(proof: Proof, found: Proposed) -> Finding:
    """Return a claim that is disproved as a finding."""
    place = _PLACES.get(proof.part, "")
    if proof.constraint is not None:
        constraints = [price.constraint for price in found.prices]
        place = f"prices[{constraints.index(proof.constraint)}].worst_without"
    claimed = True if proof.part in {ProofPart.ORDER, ProofPart.FRONTIER} else proof.claimed
    return Finding(code="disproved", place=place, found=claimed, right=proof.found.worst if proof.found else None)


def _finding_record(finding: Finding) -> dict[str, object]:
    """Return a finding as facts; members and dates only if it has them."""
    return {
        "code": str(finding.code),
        "place": finding.place,
        "found": finding.found,
        "right": finding.right,
        **({} if finding.member is None else {"member": finding.member}),
        **({"dates": [day.isoformat() for day in finding.dates]} if finding.dates else {}),
    }


def _proof_record(proof: Proof) -> dict[str, object]:
    """Return the result of a search for a claim, as facts."""
    other = proof.found
    return {
        "part": str(proof.part),
        **({} if proof.constraint is None else constraint_record(proof.constraint)),
        "result": str(proof.result),
        "claimed": proof.claimed,
        "found": None
        if other is None
        else {"worst": other.worst, "total": other.total, "slots": [slot_record(slot) for slot in other.slots]},
    }
