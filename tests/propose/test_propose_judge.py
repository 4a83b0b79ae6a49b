"""The judge, who counts again and searches again: right answers pass, and whatever is changed in one is found.

Law: what the judge gives of a rotation are the twin's numbers; it finds fault where the twin finds a constraint broken
or something that is said to be proven and is not so, and nowhere else. Its search proves what is true of all rotations
that the twin has looked at, and disproves all else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mag_rotation.errors import InvalidRequest
from mag_rotation.hours import Window
from mag_rotation.planfile import load_plan
from mag_rotation.propose import (
    Budget,
    ConstraintCode,
    Impossible,
    Objective,
    Price,
    PriceClaim,
    Proof,
    ProofPart,
    ProofResult,
    ProposalClaim,
    Proposed,
    Request,
    Setting,
    propose,
    prove_again,
    verify_proposal,
)
from mag_rotation.report.sentences import sentence
from mag_rotation.roster import MemberId, ZoneName
from mag_rotation.series import Advance, Override, Rotation, Series, Slot
from paths import EXAMPLES
from strategies import seat
from twin_rotation import MOST_ROTATIONS, Twin, Weighed, requests_of, setting_of, settings_of
from twin_turns import MEETING, slots, week, weekly

some = settings(max_examples=2 * settings().max_examples)


def plan() -> Setting:
    """Four Tuesdays, and seats in three parts of the world, one of which cannot attend at times and one is optional."""
    series = Series(meeting=MEETING, schedule=weekly(4), rotation=Rotation(slots=slots(6, 14)))
    return setting_of(
        series,
        [
            replace(seat("Europe/London", name="london"), roles=("chair",)),
            seat("Australia/Sydney", name="sydney", never=("02:00-04:00",)),
            seat("America/Los_Angeles", name="angeles"),
            replace(seat("Asia/Tokyo", name="tokyo"), roles=("observer",)),
        ],
    )


ASKED_OF_ALL = Request(slots=2, grid=60)
ASKED = replace(ASKED_OF_ALL, left_out=("observer",))
FOUND = propose(plan(), ASKED)


def asked() -> tuple[Proposed, ProposalClaim]:
    """An answer to a plain request, and what it says of itself."""
    assert isinstance(FOUND, Proposed)
    return FOUND, ProposalClaim.of(FOUND)


def findings(request: Request, claim: ProposalClaim) -> tuple[str, ...]:
    """What the judge finds of a claim in the plain plan, in sentences."""
    return tuple(map(sentence, verify_proposal(plan(), request, claim)[1]))


def is_as_good(twin: Twin, mine: Weighed, best: Weighed) -> bool:
    """Whether a rotation is as good as the best in what comes first."""
    if twin.request.objective is Objective.LEXIMIN:
        return mine.worst == best.worst
    least = min(rotation.worst for rotation in twin.without([]))
    near = twin.request.objective is Objective.TOTAL or mine.worst * 100 <= least * (100 + twin.request.tolerance)
    return near and mine.total == best.total


def assert_counted(twin: Twin, claim: ProposalClaim, best: Weighed) -> None:
    """The judge counts what the twin counts, and finds fault where there is one."""
    mine = twin.weigh(claim.slots)
    found, broken = verify_proposal(twin.setting, twin.request, claim)
    assert {share.id: (share.burden, share.night_calls) for share in found.shares} == {
        member.id: (mine.burdens[member.id], mine.nights[member.id]) for member in twin.members
    }
    assert bool(broken) == (bool(mine.broken) or not is_as_good(twin, mine, best))


@some
@given(st.data())
def test_another_slot_or_another_order_is_counted_as_it_is(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = data.draw(requests_of(setting))
    twin = Twin(setting, request)
    assume(twin.many <= MOST_ROTATIONS)
    if twin.is_refused:
        return
    found = propose(setting, request)
    if isinstance(found, Impossible):
        return
    best = twin.weigh(found.slots)
    claim = ProposalClaim.of(found)
    swapped = tuple(data.draw(st.permutations(found.slots)))
    changed = list(found.slots)
    changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.sampled_from(twin.candidates))
    for other in (swapped, tuple(changed)):
        assert_counted(twin, replace(claim, slots=other), best)


def change(week_number: int, **more: object) -> Override:
    """An exception for the Tuesday so many weeks after the first one."""
    return replace(Override(date=week(week_number)), **more)  # type: ignore[arg-type]  # by name


BY_CALL, BY_HELD = (Advance.CALL, Advance.WEEK, Advance.ISO_WEEK), (Advance.HELD,)

CHANGED: dict[str, tuple[tuple[Override, ...], dict[tuple[Advance, ...], str]]] = {
    "shorter": ((change(1, minutes=45),), {(*BY_CALL, *BY_HELD): "3+60 9+45 3+60 9+60"}),
    "longer after a cancelled one": (
        (change(0, cancel=True, at=time(0)), change(1, minutes=180)),
        {BY_CALL: "9+180 3+60 9+60", BY_HELD: "3+180 9+60 3+60"},
    ),
    "shorter between one that is held and one that is not": (
        (change(0, zone=ZoneName("Asia/Tokyo")), change(1, minutes=45), change(2, cancel=True)),
        {BY_CALL: "21+60 9+45 9+60", BY_HELD: "21+60 9+45 3+60"},
    ),
    "shorter and cancelled": (
        (change(1, cancel=True, minutes=45), change(2, minutes=180)),
        {BY_CALL: "3+60 3+180 9+60", BY_HELD: "3+60 9+180 3+60"},
    ),
    "cancelled in another slot": (
        (change(1, cancel=True, slot=1, minutes=45), change(2, minutes=45)),
        {BY_CALL: "3+60 3+45 9+60", BY_HELD: "3+60 9+45 3+60"},
    ),
    "longer at an hour of its own": (
        (change(1, at=time(5), minutes=180), change(3, cancel=True, zone=ZoneName("Asia/Tokyo"))),
        {(*BY_CALL, *BY_HELD): "3+60 5+180 3+60"},
    ),
    "cancelled on another day": (
        (change(0, cancel=True, to=week(0)), change(1, cancel=True, minutes=45), change(2, minutes=45)),
        {BY_CALL: "3+45 9+60", BY_HELD: "3+45 9+60"},
    ),
}


@pytest.mark.parametrize(
    ("overrides", "advance", "right"),
    [
        pytest.param(overrides, advance, right, id=f"{name}-{advance}")
        for name, (overrides, by_rule) in CHANGED.items()
        for rules, right in by_rule.items()
        for advance in rules
    ],
)
def test_a_call_that_an_exception_makes_longer_or_shorter_is_counted_so(
    overrides: tuple[Override, ...], advance: Advance, right: str
) -> None:
    series = Series(
        meeting=MEETING,
        schedule=weekly(4),
        rotation=Rotation(slots=slots(6, 14), advance=advance),
        overrides=overrides,
    )
    setting = setting_of(series, [seat("Europe/London", name="london"), seat("Asia/Tokyo", name="tokyo")])
    taken = (Slot(at=time(3)), Slot(at=time(9)))
    claim = ProposalClaim(slots=taken, bound=0, proven=False, weights={}, frontier=(), swept=False, prices=())
    found, broken = verify_proposal(setting, ASKED_OF_ALL, claim)
    held = [call for call in found.calls if call.is_held]
    mine = Twin(setting, ASKED_OF_ALL).weigh(taken)

    assert broken == ()
    assert " ".join(f"{call.start.hour}+{call.minutes}" for call in held) == right
    assert [(call.start, call.end) for call in held] == [(call.start, call.end) for call in mine.calls]
    assert {share.id: (share.burden, share.night_calls) for share in found.shares} == {
        member: (burden, mine.nights[member]) for member, burden in mine.burdens.items()
    }


@pytest.mark.parametrize(
    ("label", "told"),
    [
        (None, "slots[0].label: found null; in the plan the name of this slot is 'A'"),
        ("B", "slots[0].label: found 'B'; in the plan the name of this slot is 'A'"),
        ("A", ""),
    ],
)
def test_a_slot_of_the_plan_keeps_its_name(label: str | None, told: str) -> None:
    taken = (Slot(at=time(6), label=label), Slot(at=time(9)))
    price = PriceClaim(worst_without=0, worst_with=Twin(plan(), ASKED).weigh(taken).worst, proven=False)
    claim = ProposalClaim(slots=taken, bound=0, proven=False, weights={}, frontier=(), swept=False, prices=(price,))
    assert findings(ASKED, claim) == ((told,) if told else ())
    assert ("name" in told) == (taken[0] not in Twin(plan(), ASKED).candidates)


@pytest.mark.parametrize("name", ["mag-2020", "oci", "patcg"])
def test_answers_for_the_examples_hold(name: str) -> None:
    setting = load_plan(min((EXAMPLES / name).glob("*.toml"))).setting
    for objective in Objective:
        request = Request(slots=2, grid=120, objective=objective)
        found = propose(setting, request)
        assert isinstance(found, Proposed)
        assert verify_proposal(setting, request, ProposalClaim.of(found)) == (found, ())


@pytest.mark.parametrize("advance", list(Advance))
def test_a_proposal_keeps_the_turns_in_a_row(advance: Advance) -> None:
    rotation = Rotation(slots=slots(6, 14), hold=3, taken=1, advance=advance)
    series = replace(plan().series, schedule=weekly(10), rotation=rotation)
    setting = setting_of(series, plan().audience.members)
    request = Request(slots=3, grid=120)
    found = propose(setting, request)

    assert isinstance(found, Proposed)
    assert (found.series.rotation.hold, found.series.rotation.taken) == (3, 1)
    assert verify_proposal(setting, request, ProposalClaim.of(found)) == (found, ())


def test_a_slot_off_the_grid_is_found() -> None:
    found, claim = asked()
    off = Slot(at=time(found.slots[0].at.hour, 15))
    assert f"slots[0]: found {off.at:%H:%M} UTC, which is none of the slots that were asked for" in findings(
        ASKED, replace(claim, slots=(off, found.slots[1]))
    )
    elsewhere = replace(found.slots[1], zone=ZoneName("Asia/Tokyo"))
    assert any("Asia/Tokyo, which is none" in text for text in findings(ASKED, replace(claim, slots=(off, elsewhere))))


def test_slots_or_weights_that_cannot_be_those_of_an_answer_are_refused_at_once() -> None:
    found, claim = asked()
    strange = {MemberId("nobody"): 1, MemberId("tokyo"): 1, MemberId("london"): -1, MemberId("sydney"): 0}
    with pytest.raises(InvalidRequest) as caught:
        verify_proposal(plan(), ASKED, replace(claim, slots=found.slots[:1], weights=strange))
    assert [mistake.place for mistake in caught.value.mistakes] == [
        "slots",
        "certificate.weights.nobody",
        "certificate.weights.tokyo",
        "certificate.weights.london",
    ]


def test_no_weights_prove_nothing_and_are_no_fault() -> None:
    found, claim = asked()
    counted, broken = verify_proposal(plan(), ASKED, replace(claim, weights={}))
    assert broken == ()
    assert (counted.certificate.value, counted.certificate.scale, counted.certificate.least) == (0, 0, 0)
    assert counted.shares == found.shares


def codes(request: Request, claim: ProposalClaim) -> dict[str, tuple[object, object]]:
    """What the judge finds of a claim in the plain plan: by code what the claim says and what is right."""
    broken = verify_proposal(plan(), request, claim)[1]
    return {finding.code: (finding.figures["found"], finding.figures["right"]) for finding in broken}


def unproven(claim: ProposalClaim) -> ProposalClaim:
    """A claim that nothing is proven but the bound."""
    prices = tuple(replace(price, proven=False) for price in claim.prices)
    return replace(claim, proven=False, prices=prices)


def test_a_bound_above_the_worst_is_found_and_above_the_frontier_too() -> None:
    found, claim = asked()
    worsts = [offer.worst for offer in found.frontier]
    high = found.worst + 1

    assert len(set(worsts)) > 2
    assert worsts[0] == found.worst < high < worsts[-1]
    contradicted = {"above_worst": (high, found.worst), "above_frontier": (high, worsts[0])}
    assert codes(ASKED, replace(unproven(claim), bound=high)).items() >= contradicted.items()
    between = replace(unproven(claim), bound=high, slots=found.frontier[-1].slots)
    assert codes(ASKED, between).items() >= {"above_frontier": (high, worsts[0])}.items()
    assert "above_worst" not in codes(ASKED, between)


def test_a_bound_below_a_worst_that_is_said_to_be_the_least_is_found() -> None:
    found, claim = asked()
    low = found.worst - 1

    assert codes(ASKED, replace(claim, bound=low)) == {
        "not_least_worst": (found.worst, low),
        "price_of_bound": (found.worst, low),
    }
    assert codes(ASKED, replace(unproven(claim), bound=low)) == {}


def test_a_bound_below_what_the_weights_prove_is_found() -> None:
    found, claim = asked()
    least = found.certificate.least

    assert codes(ASKED, replace(unproven(claim), bound=least - 1)) == {"below_certificate": (least - 1, least)}
    assert codes(ASKED, replace(unproven(claim), bound=least)) == {}


def test_the_tolerance_is_counted_from_the_bound_to_the_point_minute() -> None:
    found, claim = asked()
    near = replace(ASKED, objective=Objective.BALANCED, tolerance=0)
    one_percent = -(-found.worst * 100 // 101)  # a hundredth more of this bound is the worst or more

    assert "above_tolerance" not in codes(near, claim)
    assert codes(near, replace(claim, bound=one_percent))["above_tolerance"] == (found.worst, one_percent)
    assert "above_tolerance" in codes(near, replace(claim, bound=found.worst - 1))


def test_prices_agree_with_the_bound_and_with_each_other() -> None:
    found, claim = asked()
    (price,) = claim.prices

    def priced(**changes: int | bool) -> dict[str, tuple[object, object]]:
        return codes(ASKED, replace(claim, prices=(replace(price, **changes),)))  # type: ignore[arg-type]  # by name

    assert priced() == {}
    assert priced(worst_without=found.worst + 30) == {"price_below_0": (found.worst + 30, found.worst)}
    dearest, below = found.frontier[-1].worst, found.worst - 30
    assert priced(worst_with=dearest) == {"price_of_bound": (dearest, found.worst)}
    assert priced(worst_with=dearest, proven=False) == {}
    assert priced(worst_with=dearest + 1, proven=False) == {"price_not_there": (dearest + 1, None)}
    assert priced(worst_with=below, worst_without=0, proven=False) == {
        "price_not_there": (below, None),
        "price_of_bound": (below, found.worst),
    }
    assert codes(ASKED, replace(claim, prices=())) == {"prices": (0, 1)}
    assert codes(ASKED, replace(claim, prices=(price, price))) == {"prices": (2, 1)}


def test_a_quorum_that_is_just_met_is_met() -> None:
    found, claim = asked()
    counts = {
        count: codes(replace(ASKED, quorum=count), unproven(replace(claim, bound=0, frontier=(), prices=())))
        for count in (1, 2, 3)
    }
    fewest = min(3 - len(night) for night in asleep(found))

    assert 0 < fewest < 3
    assert {count for count, broken in counts.items() if "quorum" in broken} == set(range(fewest + 1, 4))


def asleep(found: Proposed) -> list[set[str]]:
    """Who of those who count is in the night at each call."""
    twin = Twin(plan(), ASKED)
    held = [call for call in found.calls if call.is_held]
    return [
        {member for member, night in twin.night(call.start, call.minutes).items() if night.in_night} for call in held
    ]


def test_a_total_above_that_of_the_frontier_is_not_the_least() -> None:
    found, claim = asked()
    assert len(found.frontier) > 1
    cheapest = replace(ASKED, objective=Objective.TOTAL)
    assert any("the total is said to be the least" in text for text in findings(cheapest, claim))
    assert findings(cheapest, replace(claim, slots=found.frontier[-1].slots)) == ()
    near = replace(ASKED, objective=Objective.BALANCED, tolerance=0)
    assert findings(near, claim) == ()
    assert any(
        "more than the tolerance" in text for text in findings(near, replace(claim, slots=found.frontier[-1].slots))
    )


def test_a_frontier_that_does_not_rise_is_found() -> None:
    found, claim = asked()
    assert len(found.frontier) > 1
    turned = tuple(reversed(claim.frontier))
    assert any(
        "frontier[1]: this rotation is no better" in text for text in findings(ASKED, replace(claim, frontier=turned))
    )
    twice = (claim.frontier[0], *claim.frontier)
    assert findings(ASKED, replace(claim, frontier=twice)) == (
        "frontier[1]: this rotation is no better in its total than the one before it",
    )


def test_a_rotation_that_was_not_allowed_is_on_no_frontier() -> None:
    found, claim = asked()
    off = (Slot(at=time(6, 15)), found.slots[1])
    blocked = (Slot(at=time(17)), found.slots[1])  # 3:00 in Sydney
    for wrong in (off, blocked, found.slots[:1]):
        text = "frontier[0].slots: this rotation is none of those that were allowed"
        assert text in findings(ASKED, replace(claim, frontier=(wrong, *claim.frontier)))


def test_a_member_who_cannot_attend_is_found() -> None:
    found, claim = asked()
    wrong = (Slot(at=time(17)), found.slots[1])
    assert "sydney cannot attend the call of 2020-09-08" in findings(ASKED, replace(claim, slots=wrong))


BROKEN: tuple[tuple[Callable[[Request], Request], tuple[int, int], str], ...] = (
    (lambda ask: replace(ask, windows=(Window(time(6), time(12)),)), (6, 12), "the call of 2020-09-15 does not lie"),
    (lambda ask: replace(ask, utc_windows=(Window(time(6), time(12)),)), (5, 6), "the call of 2020-09-08 does not lie"),
    (lambda ask: replace(ask, quorum=3), (6, 8), "only 2 are out of the night at the call of 2020-09-15"),
    (lambda ask: replace(ask, awake=("chair",)), (6, 23), "london is in the night at the call of 2020-09-15"),
    (lambda ask: replace(ask, most_nights=1), (8, 9), "angeles has 4 calls in the night"),
    (lambda ask: replace(ask, no_night_twice=True), (8, 9), "angeles is in the night at the calls of 2020-09-08 and"),
    (lambda ask: replace(ask, gap=240), (23, 2), "the calls of 2020-09-08 and 2020-09-15 are 180 minutes apart"),
    (lambda ask: replace(ask, distinct=True), (6, 6), "a slot is there twice"),
    (lambda ask: replace(ask, cap=100), (6, 8), "angeles bears "),
    (lambda ask: replace(ask, stay=("A", "B")), (6, 13), "the slot 14:00 UTC has not stayed"),
)


@pytest.mark.parametrize(("put", "hours", "words"), BROKEN, ids=[words for _, _, words in BROKEN])
def test_a_broken_constraint_is_found(put: Callable[[Request], Request], hours: tuple[int, int], words: str) -> None:
    labels = {6: "A", 14: "B"}
    taken = tuple(Slot(at=time(hour), label=labels.get(hour)) for hour in hours)
    worst = Twin(plan(), ASKED).weigh(taken).worst
    price = PriceClaim(worst_without=0, worst_with=worst, proven=False)
    claim = ProposalClaim(slots=taken, bound=0, proven=False, weights={}, frontier=(), swept=False, prices=(price,))
    assert findings(ASKED, claim) == ()
    assert any(text.startswith(words) for text in findings(put(ASKED), claim))


def test_a_claim_for_a_request_that_cannot_be_kept_is_counted_all_the_same() -> None:
    found, claim = asked()
    impossible = replace(ASKED, quorum=50)
    counted, broken = verify_proposal(plan(), impossible, claim)
    assert counted.shares == found.shares
    codes = {finding.code for finding in broken}
    assert "quorum" in codes
    assert "below_certificate" not in codes


def result_of(proofs: Sequence[Proof], part: ProofPart) -> ProofResult:
    """What became of a part of which there is one."""
    (proof,) = [proof for proof in proofs if proof.part is part]
    return proof.result


def proven_if(holds: bool) -> ProofResult:
    return ProofResult.PROVEN if holds else ProofResult.DISPROVED


def assert_searched(data: st.DataObject, twin: Twin, found: Proposed) -> None:
    """Each claim is proven again where the twin finds it true, and disproved with a true rotation where not."""
    kept = twin.without([])
    least = min(rotation.worst for rotation in kept)
    other = data.draw(st.sampled_from(kept))
    bound = data.draw(st.sampled_from((least + 1, least + 60, least, least - 1, max(0, least - 60))))
    frontier = tuple(offer for offer in found.frontier if data.draw(st.integers(0, 3)))
    counted = verify_proposal(twin.setting, twin.request, replace(ProposalClaim.of(found), slots=other.slots))[0]
    claimed = replace(counted, bound=bound, proven=True, frontier=frontier, prices=other_prices(data, found))

    proofs = prove_again(twin.setting, twin.request, claimed, Budget())

    assert [proof.part for proof in proofs[:3]] == [ProofPart.BOUND, ProofPart.ORDER, ProofPart.FRONTIER]
    certified = bound <= found.certificate.least
    assert result_of(proofs, ProofPart.BOUND) is proven_if(holds=certified or bound <= least)
    if twin.request.objective is not Objective.BALANCED:  # what is within the tolerance depends on the bound
        best = twin.best
        assert best is not None
        assert result_of(proofs, ProofPart.ORDER) is proven_if(holds=twin.merit(other) == twin.merit(best))
    assert result_of(proofs, ProofPart.FRONTIER) is proven_if(holds=len(frontier) == len(found.frontier))
    for proof in proofs[:3]:
        if proof.result is ProofResult.DISPROVED:
            assert proof.found is not None
            there = twin.weigh(proof.found.slots)
            assert not there.broken
            assert (proof.found.worst, proof.found.total) == (there.worst, there.total)
    assert_prices_searched(twin, claimed, proofs[3:])


def other_prices(data: st.DataObject, found: Proposed) -> tuple[Price, ...]:
    """The prices of an answer, some of them others and some of them not said to be proven."""
    return tuple(
        replace(
            price,
            worst_without=max(0, price.worst_without + data.draw(st.sampled_from((0, 0, 1, -1, 60, -60)))),
            proven=data.draw(st.booleans()),
        )
        for price in found.prices
    )


def assert_prices_searched(twin: Twin, claimed: Proposed, proofs: Sequence[Proof]) -> None:
    for price, proof in zip(claimed.prices, proofs, strict=True):
        assert (proof.part, proof.constraint, proof.claimed) == (ProofPart.PRICE, price.constraint, price.worst_without)
        if price.constraint.code is ConstraintCode.KEEP:
            rest = Twin(twin.setting, replace(twin.request, keep=0, curve=None))
            if rest.many > MOST_ROTATIONS:
                continue
            without = min(price.worst_with, *(rotation.worst for rotation in rest.without([])))
        else:
            without = min(rotation.worst for rotation in twin.without(twin.meant(price.constraint)))
        low = price.worst_without < without
        assert proof.result is proven_if(holds=not low and (not price.proven or price.worst_without == without))


@some
@given(st.data())
def test_a_search_proves_what_is_true_and_disproves_what_is_not(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = data.draw(requests_of(setting))
    twin = Twin(setting, request)
    assume(twin.many <= MOST_ROTATIONS)
    if twin.is_refused:
        return
    found = propose(setting, request)
    if isinstance(found, Impossible):
        return
    assert {proof.result for proof in prove_again(setting, request, found, Budget())} == {ProofResult.PROVEN}
    assert_searched(data, twin, found)


def test_a_search_without_time_finishes_nothing_but_what_the_certificate_proves() -> None:
    found, _ = asked()
    parts = prove_again(plan(), ASKED, found, Budget(left=lambda: 0.0))
    certified = prove_again(plan(), ASKED, replace(found, bound=found.certificate.least), Budget(left=lambda: 0.0))

    assert {proof.result for proof in parts} == {ProofResult.UNFINISHED}
    assert [proof.part for proof in parts] == [ProofPart.BOUND, ProofPart.ORDER, ProofPart.FRONTIER, ProofPart.PRICE]
    assert result_of(certified, ProofPart.BOUND) is ProofResult.PROVEN


def test_what_is_not_claimed_is_not_searched() -> None:
    found, _ = asked()
    weak = replace(found, proven=False, swept=False, prices=())

    assert [proof.part for proof in prove_again(plan(), ASKED, weak, Budget())] == [ProofPart.BOUND]


@pytest.mark.parametrize("name", ["mag-2020", "oci"])
@pytest.mark.parametrize("objective", Objective)
def test_the_examples_are_proven_again(name: str, objective: Objective) -> None:
    setting = load_plan(min((EXAMPLES / name).glob("*.toml"))).setting
    request = Request(slots=3, grid=60, objective=objective, quorum=1)
    found = propose(setting, request)
    assert isinstance(found, Proposed)

    assert {proof.result for proof in prove_again(setting, request, found, Budget())} == {ProofResult.PROVEN}
