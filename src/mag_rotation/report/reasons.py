"""The sentences of the reasons for a rotation, which separate what is proven from what was only found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from functools import singledispatch
from typing import assert_never

from mag_rotation.propose import Constraint, ConstraintCode, Cut, Objective, ProofPart
from mag_rotation.propose import reasons as why
from mag_rotation.report.words import join_names, length, plural, utc_moment
from mag_rotation.series import Slot, Weekday

__all__ = [
    "constraint_text",
    "reason_text",
    "slot_text",
]

_EXACT = 10**12
"""Up to here a number of rotations is written out."""
_NAMED = 8
"""How many weights a sentence names; documents have them all."""


@singledispatch
def reason_text(reason: why.Reason) -> str:
    """Return a reason as a sentence, or as two; raises :class:`TypeError` for what is no reason."""
    raise TypeError(f"{reason!r} is no reason")


def constraint_text(constraint: Constraint) -> str:
    """Return the name of a constraint for the middle of a sentence.

    >>> constraint_text(Constraint(code=ConstraintCode.GAP, amount=150))
    '2h30min or more between slots that follow each other'
    """
    return _CONSTRAINTS[constraint.code](constraint)


def _within(constraint: Constraint) -> str:
    return f"calls within {' or '.join(map(str, constraint.windows))} {constraint.zone}"


def _apart(constraint: Constraint) -> str:
    hours, minutes = divmod(constraint.amount or 0, 60)
    long = f"{hours}h{f'{minutes}min' if minutes else ''}" if hours else f"{minutes}min"
    return f"{long} or more between slots that follow each other"


def _staying(constraint: Constraint) -> str:
    return f"the slot {constraint.slot.at:%H:%M} {constraint.slot.zone} stays" if constraint.slot else "a slot stays"


def _kept(constraint: Constraint) -> str:
    return "the first call stays" if constraint.amount == 1 else f"the first {constraint.amount} calls stay"


_CONSTRAINTS: Mapping[ConstraintCode, Callable[[Constraint], str]] = {
    ConstraintCode.NEVER: lambda one: f"the hours that {join_names(one.members, len(one.members))} cannot attend",
    ConstraintCode.WINDOWS: _within,
    ConstraintCode.UTC_WINDOWS: _within,
    ConstraintCode.QUORUM: lambda one: f"at least {plural(one.amount or 0, 'member')} out of the night at every call",
    ConstraintCode.AWAKE: lambda one: f"{one.name} out of the night at every call",
    ConstraintCode.MOST_NIGHTS: lambda one: f"at most {plural(one.amount or 0, 'call')} in the night for anybody",
    ConstraintCode.NO_NIGHT_TWICE: lambda _: "no night twice running for anybody",
    ConstraintCode.GAP: _apart,
    ConstraintCode.DISTINCT: lambda _: "no slot twice",
    ConstraintCode.CAP: lambda one: f"at most {one.amount} point-minutes for anybody",
    ConstraintCode.STAY: _staying,
    ConstraintCode.KEEP: _kept,
}
"""How each constraint is named."""


def slot_text(slot: Slot) -> str:
    """Return the name of a slot for a sentence.

    >>> from datetime import time
    >>> slot_text(Slot(at=time(14))), slot_text(Slot(at=time(9), weekday=Weekday.TU, label="early", minutes=90))
    ('14:00 UTC', '09:00 UTC on TU (early, 1 h 30)')
    """
    day = "" if slot.weekday is None else f" on {slot.weekday.name}"
    more = ", ".join(filter(None, (slot.label, None if slot.minutes is None else length(slot.minutes))))
    return f"{slot.at:%H:%M} {slot.zone}{day}" + (f" ({more})" if more else "")


_ALL_HOLD = {"left_out", "awake", "stay"}
"""Parts of a request whose values count together; any one of the others' is enough."""
_LEADING = {"slots", "grid", "zone", "objective", "tolerance"}
"""Parts of a request that have words of their own, or a sentence."""


@reason_text.register
def _asked_text(reason: why.Asked) -> str:
    """Return what was asked for, so that an answer can be read without its question."""
    request = reason.request
    rotation = "a slot for each call" if request.slots is None else plural(request.slots, "slot")
    said = [rotation, f"starting every {length(request.grid)} in {request.zone}"]
    for part in fields(request):
        value, usual = getattr(request, part.name), None if part.default is MISSING else part.default
        if part.name not in _LEADING and value != usual:
            name = "from" if part.name == "first" else part.name.replace("_", " ")
            said.append(f"{name} {_value_text(part.name, value)}".rstrip())
    return f"Asked for: {', '.join(said)}."


def _value_text(name: str, value: object) -> str:
    match value:
        case bool():
            return ""
        case Weekday():
            return value.name
        case tuple():
            texts = [_value_text(name, item) for item in value]
            return join_names(texts, len(texts)) if name in _ALL_HOLD else " or ".join(texts)
        case int() if name == "gap":
            return length(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _many(rotations: int) -> str:
    """Return a number of rotations, large ones as a power of ten.

    >>> _many(110592), _many(48**52)
    ('110592 rotations', 'more than 10^87 rotations')
    """
    return plural(rotations, "rotation") if rotations <= _EXACT else f"more than 10^{len(str(rotations)) - 1} rotations"


@reason_text.register
def _choice(reason: why.ChoiceSize) -> str:
    each = plural(reason.starts, "possible start")
    return f"{plural(reason.slots, 'slot')} with {each} each make {_many(reason.starts**reason.slots)}."


@reason_text.register
def _best_of(reason: why.BestOf) -> str:
    """Return what the rotation is the best of, and whether that is proven."""
    match reason.objective:
        case Objective.LEXIMIN:
            groups = "" if reason.group is None else f" then the worst-off of each {reason.group},"
            best = f"It spares the worst-off most,{groups} then the next, and so on."
        case Objective.BALANCED:
            best = (
                f"It has the least total of the rotations whose worst is at most {reason.tolerance} % above the least "
                "possible."
            )
        case Objective.TOTAL:
            best = "It has the least total of all rotations; how evenly it falls on members comes second."
        case never:
            assert_never(never)
    proof = "That no rotation is better is proven." if reason.proven else "It is the best found, not proven the best."
    return f"{best} {proof}"


_CUTS: Mapping[Cut, str] = {
    Cut.TIME: "The time limit ended the search before everything was looked at.",
    Cut.INTERRUPTED: "The search was interrupted before everything was looked at.",
    Cut.MEMORY: "A search that leaves no rotation out did not fit into memory.",
}


@reason_text.register
def _cut_short(reason: why.CutShort) -> str:
    """Return what the search had no time or no room for."""
    texts = [_CUTS[cut] for cut in reason.cuts]
    if reason.wanted_grid is not None:
        wanted, looked_at = length(reason.wanted_grid), length(reason.grid)
        texts.append(f"Starts every {wanted} did not fit into memory: only those every {looked_at} were looked at.")
    return " ".join(texts)


@reason_text.register
def _worst_off(reason: why.WorstOff) -> str:
    if not reason.members:
        return "Nobody bears anything."
    if len(reason.members) == 1:
        return f"{reason.members[0]} carries the most: {reason.burden} point-minutes."
    return f"{join_names(reason.members)} carry the most: {reason.burden} point-minutes each."


@reason_text.register
def _bound(reason: why.Bound) -> str:
    worst, bound = reason.worst, reason.bound
    if worst == bound:
        return f"No rotation that keeps what was asked has a worst below {bound}."
    if not bound:
        return "How far that is from the least possible is not known: no bound above 0 was proven."
    least = f"The least possible is {bound}" if reason.reached else f"Less than {bound} is proven impossible"
    return f"{least}; this worst is {_percent(worst - bound, bound)} above that."


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def _change(new: int, old: int) -> str:
    """Return how much more or less it is, in percent if the old value is not 0.

    >>> _change(90, 100), _change(5, 0)
    ('-10.0 %', '+5')
    """
    return f"{100 * (new - old) / old:+.1f} %" if old else f"{new - old:+d}"


@reason_text.register
def _certificate_text(reason: why.Certified) -> str:
    """Return the certificate in words."""
    certificate = reason.certificate
    weights = [(member, weight) for member, weight in certificate.weights.items() if weight]
    weights.sort(key=lambda pair: (-pair[1], pair[0]))
    named = join_names([f"{member} {weight}" for member, weight in weights], _NAMED)
    who = "this member" if len(weights) == 1 else f"these {len(weights)} members"
    return (
        f"Weigh {who} so: {named}. Whatever slots are chosen, the weighted mean of what they bear is at least "
        f"{certificate.value} / {certificate.scale}, so somebody bears {certificate.least} point-minutes or more."
    )


@reason_text.register
def _beyond(reason: why.BeyondCertificate) -> str:
    how = "a search that left no rotation out" if reason.reached else "a search that was not finished"
    proven = f"was proven by {how}"
    if reason.step is not None:
        proven = f"follows as burdens come in steps of {reason.step}, or {proven}"
    return f"The certificate proves {reason.least}; the rest, that no worst is below {reason.bound}, {proven}."


@reason_text.register
def _today(reason: why.Today) -> str:
    if (reason.worst, reason.total) == (reason.worst_today, reason.total_today):
        return f"The worst-off bears {reason.worst:,}, of {reason.total:,} in total, as the plan stands too."
    return (
        f"As the plan stands the worst-off bears {reason.worst_today:,}, of {reason.total_today:,} in total; here it "
        f"is {reason.worst:,} ({_change(reason.worst, reason.worst_today)}), of {reason.total:,} "
        f"({_change(reason.total, reason.total_today)})."
    )


@reason_text.register
def _shift(reason: why.Shift) -> str:
    if not reason.less and not reason.more:
        return "Nobody would bear less or more than now."
    less = plural(reason.less, "member")
    return f"{less} would bear less than now, {reason.same} the same and {reason.more} more."


@reason_text.register
def _nights(reason: why.NightsOfWorst) -> str:
    where = "as the plan stands" if reason.as_it_stands else "here"
    return (
        f"{reason.member}, worst off {where}, would have {plural(reason.night_calls, 'call')} in the night instead of "
        f"{reason.night_calls_today}."
    )


@reason_text.register
def _least_total(reason: why.LeastTotal) -> str:
    return f"Its total, {reason.total}, is the least {_extent(complete=reason.complete)}."


@reason_text.register
def _size(reason: why.FrontierSize) -> str:
    more = "" if reason.complete else ", and may have more"
    return f"The frontier of worst against total has {reason.rotations} rotations{more}."


def _extent(*, complete: bool) -> str:
    return "possible" if complete else "found"


@reason_text.register
def _row(reason: why.FrontierRow) -> str:
    """Return a rotation of the frontier beside the proposed one."""
    worst, total = _change(reason.worst, reason.own_worst), _change(reason.total, reason.own_total)
    match reason.row:
        case why.RowKind.CHEAPEST:
            return (
                f"The cheapest rotation has a total of {reason.total} ({total}), the least "
                f"{_extent(complete=reason.complete)}, and a worst of {reason.worst} ({worst})."
            )
        case why.RowKind.FAIREST:
            return (
                f"The rotation that spares the worst-off most has a worst of {reason.worst} ({worst}) and a total of "
                f"{reason.total} ({total})."
            )
        case why.RowKind.KNEE:
            is_own = (reason.worst, reason.total) == (reason.own_worst, reason.own_total)
            return (
                f"The knee, from which on sparing the worst-off costs ever more, is at a worst of {reason.worst} and a "
                f"total of {reason.total} ({'this rotation' if is_own else f'{worst} and {total}'})."
            )
        case never:
            assert_never(never)


@reason_text.register
def _price(reason: why.Priced) -> str:
    price = reason.price
    return (
        f"Without '{constraint_text(price.constraint)}' the least worst would be {price.worst_without} instead of "
        f"{price.worst_with}{_hedge(proven=price.proven)}."
    )


@reason_text.register
def _free(reason: why.FreeOfCost) -> str:
    names = _quote_constraints(reason.constraints)
    cost, it = ("costs", "it") if len(names) == 1 else ("cost", "any one of them")
    return (
        f"{join_names(names, len(names))} {cost} the worst-off nothing{_hedge(proven=reason.proven)}: without {it} the "
        f"least worst is {reason.worst} too."
    )


@reason_text.register
def _none(reason: why.NoRotation) -> str:
    """Return why there is no rotation."""
    what = "free schedule" if reason.slots is None else f"rotation of {plural(reason.slots, 'slot')}"
    named = _quote_constraints(reason.conflict)
    if not reason.proven:
        return f"No {what} was found in the time that there was; that there is none is not proven."
    if not named:
        return f"The calls that stay as they are already break what was asked, whatever {what} is chosen."
    if len(named) == 1:
        return f"{named[0]} cannot be kept by any {what}."
    together = f"These cannot be held together by any {what}: {join_names(named, len(named))}."
    return f"{together} Without any one of them the others can be." if reason.smallest else together


def _quote_constraints(constraints: Sequence[Constraint]) -> list[str]:
    return [f"'{constraint_text(constraint)}'" for constraint in constraints]


def _hedge(*, proven: bool) -> str:
    return "" if proven else ", as far as was found"


def _planned_text(reason: why.NoNextSlot | why.FairestSlot) -> str:
    return f"the call of {reason.date}, planned for {utc_moment(reason.planned)} UTC"


@reason_text.register
def _no_next(reason: why.NoNextSlot) -> str:
    named = _quote_constraints(reason.conflict)
    none = f"these leave none: {join_names(named, len(named))}" if named else "every one of them is forbidden"
    return f"There is no slot for {_planned_text(reason)}: {none}."


@reason_text.register
def _fairest_slot(reason: why.FairestSlot) -> str:
    when = "as planned" if reason.start == reason.planned else f"{utc_moment(reason.start)} UTC"
    slots = plural(reason.choices, "slot")
    return f"The fairest of {slots} for {_planned_text(reason)}, is {slot_text(reason.slot)}: {when}."


@reason_text.register
def _ledger_with_slot(reason: why.LedgerWithSlot) -> str:
    instead = ""
    if reason.worst_today is not None and reason.total_today is not None:
        instead = f"; as planned it would be {reason.worst_today:,}, of {reason.total_today:,}"
    return f"With it the worst-off bears {reason.worst:,} point-minutes by then, of {reason.total:,} in total{instead}."


@reason_text.register
def _in_night_at_slot(reason: why.InNightAtSlot) -> str:
    return f"In the night at that hour: {reason.in_night or 'nobody'}."


@reason_text.register
def _counted_again(reason: why.CountedAgain) -> str:
    calls, members = plural(reason.calls, "call"), plural(reason.members, "member")
    if reason.failed:
        failed = plural(reason.failed, "check")
        return f"{failed} failed. The proposal was counted again over {calls} and {members}."
    return f"Everything that can be counted holds: slots, constraints, and the burdens of {members} over {calls}."


_CLAIMS: Mapping[ProofPart, Callable[[why.ClaimedBeyond], str]] = {
    ProofPart.BOUND: lambda reason: f"no rotation has a worst below {reason.bound}",
    ProofPart.ORDER: lambda _: "no rotation is better by the order that was asked for",
    ProofPart.FRONTIER: lambda _: "the frontier is complete",
    ProofPart.PRICE: lambda _: "the prices of the constraints are right",
}


@reason_text.register
def _claims_text(reason: why.ClaimedBeyond) -> str:
    claims = "; ".join(_CLAIMS[claim](reason) for claim in reason.claims)
    return f"Claimed beyond the certificate, for --search to prove again: {claims}."
