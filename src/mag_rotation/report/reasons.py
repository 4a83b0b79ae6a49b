"""Why a rotation is the one that was proposed, in sentences for whoever has to defend it.

Rule 1: sentences are made from the answer alone, so that whoever counts it again comes to the same ones.
Rule 2: what is proven and what was only found are told apart in every sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields
from datetime import date
from math import gcd
from typing import assert_never

from mag_rotation.calls import Call
from mag_rotation.fairness.verdict import listed
from mag_rotation.hours import DAY
from mag_rotation.propose import Certificate, Impossible, NextSlot, Objective, Price, Proposed, Request, Share
from mag_rotation.report.tables import length, plural, utc_moment
from mag_rotation.series import Slot, Weekday

__all__ = [
    "next_reasons",
    "places_of",
    "proposal_reasons",
    "refusal_reasons",
    "slot_text",
    "verify_reasons",
]

_EXACT = 10**12
"""Up to here a number of rotations is written out."""
_NAMED = 8
"""How many weights a sentence names; documents have them all."""


def proposal_reasons(found: Proposed) -> tuple[str, ...]:
    """Why these slots, who carries the most and why nobody can carry less, today's plan, and what it costs."""
    return (
        _asked(found.request),
        *_best_of(found),
        *_worst(found),
        *_weighed(found.certificate),
        *_searched(found),
        *_today(found),
        *_cost(found),
        *_prices(found.prices),
    )


def refusal_reasons(found: Impossible) -> tuple[str, ...]:
    """Why there is no rotation."""
    slots = found.request.slots
    what = "free schedule" if slots is None else f"rotation of {plural(slots, 'slot')}"
    named = [f"'{words}'" for words in found.conflict]
    if not found.proven:
        why = f"No {what} was found in the time that there was; that there is none is not proven."
    elif not named:
        why = f"The calls that stay as they are already break what was asked, whatever {what} is chosen."
    elif len(named) == 1:
        why = f"{named[0]} cannot be kept by any {what}."
    else:
        why = f"These cannot be held together by any {what}: {listed(named, len(named))}."
        if found.smallest:
            why = f"{why} Without any one of them the others can be."
    return _asked(found.request), why


def next_reasons(found: NextSlot) -> tuple[str, ...]:
    """Why the next call should be in that slot, beside what the plan has."""
    planned = f"the call of {found.planned.date}, planned for {utc_moment(found.planned.start)} UTC"
    if not found.choices:
        named = [f"'{words}'" for words in found.conflict]
        why = f"these leave none: {listed(named, len(named))}" if named else "every one of them is forbidden"
        return (f"There is no slot for {planned}: {why}.",)
    best = found.choices[0]
    is_planned = best.start == found.planned.start
    when = "as planned" if is_planned else f"{utc_moment(best.start)} UTC"
    today = [share.burden_today for share in found.shares]
    instead = "" if is_planned else f"; as planned it would be {max(today, default=0)} and {sum(today)}"
    return (
        f"The fairest of {plural(len(found.choices), 'slot')} for {planned}, is {slot_text(best.slot)}: {when}.",
        f"With it the worst-off bears {best.worst} point-minutes by then and all together {best.total}{instead}.",
        f"In the night at that hour: {best.in_night or 'nobody'}.",
    )


def verify_reasons(found: Proposed, findings: Sequence[str]) -> tuple[str, ...]:
    """What was counted again, what the certificate proves, and what only a search could prove."""
    certificate, members = found.certificate, plural(len(found.shares), "member")
    calls = plural(sum(call.is_held for call in found.calls), "call")
    do = "does" if len(findings) == 1 else "do"
    counted = (
        f"Counted again over {calls} and {members}, {plural(len(findings), 'thing')} of it {do} not hold."
        if findings
        else f"Everything that can be counted holds: slots, constraints, and the burdens of {members} over {calls}."
    )
    claims = [
        (found.bound > certificate.least, f"no rotation has a worst below {found.bound}"),
        (found.proven, "no rotation is better by the order that was asked for"),
        (found.swept, "the frontier is whole"),
        (bool(found.prices), "the prices of the constraints are right"),
    ]
    claimed = [words for is_claimed, words in claims if is_claimed]
    return (
        counted,
        *_weighed(certificate),
        *((f"Claimed beyond the certificate, for a search to prove: {'; '.join(claimed)}.",) if claimed else ()),
    )


def slot_text(slot: Slot) -> str:
    """A slot as a sentence names it.

    >>> from datetime import time
    >>> slot_text(Slot(at=time(14))), slot_text(Slot(at=time(9), weekday=Weekday.TU, label="early", minutes=90))
    ('14:00 UTC', '09:00 UTC on TU (early, 1 h 30)')
    """
    day = "" if slot.weekday is None else f" on {slot.weekday.name}"
    more = ", ".join(filter(None, (slot.label, None if slot.minutes is None else length(slot.minutes))))
    return f"{slot.at:%H:%M} {slot.zone}{day}" + (f" ({more})" if more else "")


_ALL_HOLD = {"left_out", "awake", "stay"}
"""Parts of a request whose values count all together; any one of the others' is enough."""
_LEADING = {"slots", "grid", "zone", "objective", "tolerance"}
"""Parts of a request that have words of their own, or a sentence."""


def _asked(request: Request) -> str:
    """What was asked for, so that an answer can be read without its question."""
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
            return listed(texts, len(texts)) if name in _ALL_HOLD else " or ".join(texts)
        case int() if name == "gap":
            return length(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def places_of(found: Proposed) -> dict[int, list[Call]]:
    """The held calls that took their slot from the rotation, by its number counted from 1."""
    slots = found.series.rotation.slots
    places: dict[int, list[Call]] = {}
    for call in found.calls:
        if call.is_held and call.turn is not None and call.turn.slots is slots:
            places.setdefault(call.turn.index + 1, []).append(call)
    return places


def _rotations(found: Proposed) -> tuple[int, int, int]:
    """How many starts each slot had to choose from, how many slots had a choice, and how many rotations that makes."""
    request = found.request
    coming = [call for call in found.calls if call.is_held and (request.first is None or call.date >= request.first)]
    coming.sort(key=lambda call: (call.date, call.start))
    staying = {call.uid for call in coming[: request.keep]}
    open_uids = {call.uid for call in coming} - staying
    chosen = sum(any(call.uid in open_uids for call in calls) for calls in places_of(found).values())
    days = request.weekdays or (None,)
    beside = {slot for slot in found.slots if not _on_grid(slot, request, days)}
    starts = len(set(days)) * (DAY // request.grid) + len(beside)
    return starts, chosen, starts**chosen


def _on_grid(slot: Slot, request: Request, days: Sequence[Weekday | None]) -> bool:
    minute = slot.at.hour * 60 + slot.at.minute
    return slot.minutes is None and slot.zone == request.zone and slot.weekday in days and minute % request.grid == 0


def _many(rotations: int) -> str:
    """A number of rotations as people can grasp it.

    >>> _many(110592), _many(48**52)
    ('110592 rotations', 'more than 10^87 rotations')
    """
    return plural(rotations, "rotation") if rotations <= _EXACT else f"more than 10^{len(str(rotations)) - 1} rotations"


def _best_of(found: Proposed) -> Iterator[str]:
    """How many rotations there were and what this one is the best of."""
    starts, places, rotations = _rotations(found)
    yield f"{plural(places, 'slot')} with {plural(starts, 'possible start')} each make {_many(rotations)}."
    group = found.request.group
    match found.request.objective:
        case Objective.LEXIMIN:
            groups = "" if group is None else f" then the worst-off of each {group},"
            best = f"It spares the worst-off most,{groups} then the next, and so on."
        case Objective.BALANCED:
            best = (
                f"It has the least total of the rotations whose worst is at most {found.request.tolerance} % above the "
                "least possible."
            )
        case Objective.TOTAL:
            best = "It has the least total of all rotations; how evenly it falls on members comes second."
        case never:
            assert_never(never)
    proof = "That no rotation is better is proven." if found.proven else "It is the best found, not proven the best."
    yield f"{best} {proof}"


def _worst(found: Proposed) -> Iterator[str]:
    """Who carries the most, and how that stands to the least possible."""
    worst, bound = found.worst, found.bound
    if not worst:
        yield "Nobody bears anything."
        return
    most = [share.id for share in found.shares if share.burden == worst]
    if len(most) == 1:
        yield f"{most[0]} carries the most: {worst} point-minutes."
    else:
        yield f"{listed(most)} carry the most: {worst} point-minutes each."
    least = f"The least possible is {bound}" if _is_reached(found) else f"Less than {bound} is proven impossible"
    if worst == bound:
        yield f"No rotation that keeps what was asked has a worst below {bound}."
    elif not bound:
        yield "How far that is from the least possible is not known: no bound above 0 was proven."
    else:
        yield f"{least}; this worst is {_percent(worst - bound, bound)} above that."


def _is_reached(found: Proposed) -> bool:
    """Whether some rotation that was found has a worst as low as the bound."""
    return found.bound in {found.worst, *(offer.worst for offer in found.frontier)}


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def _change(new: int, old: int) -> str:
    """How much more or less it is, in percent where there is something to compare with.

    >>> _change(90, 100), _change(5, 0)
    ('-10.0 %', '+5')
    """
    return f"{100 * (new - old) / old:+.1f} %" if old else f"{new - old:+d}"


def _weighed(certificate: Certificate) -> Iterator[str]:
    """The certificate in words."""
    if not certificate.least:
        return
    weights = [(member, weight) for member, weight in certificate.weights.items() if weight]
    weights.sort(key=lambda pair: (-pair[1], pair[0]))
    named = listed([f"{member} {weight}" for member, weight in weights], _NAMED)
    who = "this member" if len(weights) == 1 else f"these {len(weights)} members"
    yield (
        f"Weigh {who} so: {named}. Whatever slots are chosen, the weighted mean of what they bear is at least "
        f"{certificate.value} / {certificate.scale}, so somebody bears {certificate.least} point-minutes or more."
    )


def _searched(found: Proposed) -> Iterator[str]:
    """What of the bound the certificate leaves to a search, or to the steps in which burdens come."""
    least, bound = found.certificate.least, found.bound
    step = gcd(*(share.burden for share in found.shares)) or 1
    if bound <= least:
        return
    how = "a search that left no rotation out" if _is_reached(found) else "a search that was not finished"
    proven = f"was proven by {how}"
    if -(-least // step) * step >= bound:  # the steps may be finer than they look here: then it was the search
        proven = f"follows as burdens come in steps of {step}, or {proven}"
    yield f"The certificate proves {least}; the rest, that no worst is below {bound}, {proven}."


def _today(found: Proposed) -> Iterator[str]:
    """What it changes against the plan as it stands."""
    shares = found.shares
    if not shares:
        return
    if (found.worst, found.total) == (found.worst_today, found.total_today):
        yield f"The worst-off bears {found.worst} and all together {found.total}, as the plan stands too."
    else:
        yield (
            f"As the plan stands the worst-off bears {found.worst_today} and all together {found.total_today}; here it "
            f"is {found.worst} ({_change(found.worst, found.worst_today)}) and {found.total} "
            f"({_change(found.total, found.total_today)})."
        )
    less, more = (sum(sign * (share.burden - share.burden_today) > 0 for share in shares) for sign in (-1, 1))
    if less or more:
        same = len(shares) - less - more
        yield f"{plural(less, 'member')} would bear less than now, {same} the same and {more} more."
    else:
        yield "Nobody would bear less or more than now."
    old, new = min(shares, key=lambda share: (-share.burden_today, share.id)), shares[0]
    if old.burden_today:
        yield from _nights(old, "worst off as the plan stands")
    if new.burden and new.id != old.id:
        yield from _nights(new, "worst off here")


def _nights(share: Share, who: str) -> Iterator[str]:
    """How many calls in the night a member would have, where that is another number than now."""
    if share.night_calls != share.night_calls_today:
        yield (
            f"{share.id}, {who}, would have {plural(share.night_calls, 'call')} in the night instead of "
            f"{share.night_calls_today}."
        )


def _cost(found: Proposed) -> Iterator[str]:
    """What sparing the worst-off costs all the others: the ends of the frontier and its knee."""
    if not found.frontier:
        return
    fairest, cheapest = found.frontier[0], found.frontier[-1]
    best = next((offer for offer in found.frontier if offer.knee), None)
    extent = "possible" if found.swept else "found"
    if cheapest.total < found.total:
        yield (
            f"The cheapest rotation has a total of {cheapest.total} ({_change(cheapest.total, found.total)}), the "
            f"least {extent}, and a worst of {cheapest.worst} ({_change(cheapest.worst, found.worst)})."
        )
    else:
        yield f"Its total, {found.total}, is the least {extent}."
    if fairest.worst < found.worst:
        yield (
            f"The rotation that spares the worst-off most has a worst of {fairest.worst} "
            f"({_change(fairest.worst, found.worst)}) and a total of {fairest.total} "
            f"({_change(fairest.total, found.total)})."
        )
    if best is not None:
        is_own = (best.worst, best.total) == (found.worst, found.total)
        change = f"{_change(best.worst, found.worst)} and {_change(best.total, found.total)}"
        yield (
            f"The knee, from which on sparing the worst-off costs ever more, is at a worst of {best.worst} and a total "
            f"of {best.total} ({'this rotation' if is_own else change})."
        )
    if len(found.frontier) > 1:
        more = "" if found.swept else ", and may have more"
        yield f"The frontier of worst against total has {len(found.frontier)} rotations{more}."


def _prices(prices: Sequence[Price]) -> Iterator[str]:
    """What each constraint costs whoever is worst off; those that cost nothing share a sentence."""
    free: dict[tuple[bool, int], list[str]] = {}
    for price in prices:
        name = f"'{price.constraint}'"
        if price.worst_without == price.worst_with:
            free.setdefault((price.proven, price.worst_with), []).append(name)
        else:
            yield (
                f"Without {name} the least worst would be {price.worst_without} instead of {price.worst_with}"
                f"{_hedge(proven=price.proven)}."
            )
    for (proven, worst), names in free.items():
        cost, it = ("costs", "it") if len(names) == 1 else ("cost", "any one of them")
        yield (
            f"{listed(names, len(names))} {cost} the worst-off nothing{_hedge(proven=proven)}: without {it} the least "
            f"worst is {worst} too."
        )


def _hedge(*, proven: bool) -> str:
    return "" if proven else ", as far as was found"
