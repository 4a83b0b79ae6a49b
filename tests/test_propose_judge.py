"""The judge, who counts again: right answers pass, and whatever is changed in one is found or counted as it is.

Law: what the judge gives of a rotation are the twin's numbers; it finds fault where the twin finds a constraint broken
or something that is said to be proven and is not so, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conftest import EXAMPLES
from mag_rotation.errors import InvalidRequest
from mag_rotation.hours import Window
from mag_rotation.plan import load_plan
from mag_rotation.propose import Claim, Impossible, Objective, PriceClaim, Proposed, Request, Setting, judged, propose
from mag_rotation.roster import MemberId, ZoneName
from mag_rotation.series import Rotation, Series, Slot
from strategies import seat
from twin_rotation import MOST_ROTATIONS, Twin, Weighed, requests_of, setting_of, settings_of
from twin_turns import MEETING, slots, weekly

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


ASKED = Request(slots=2, grid=60, left_out=("observer",))
FOUND = propose(plan(), ASKED)


def asked() -> tuple[Proposed, Claim]:
    """An answer to a plain request, and what it says of itself."""
    assert isinstance(FOUND, Proposed)
    return FOUND, Claim.of(FOUND)


def findings(request: Request, claim: Claim) -> tuple[str, ...]:
    """What the judge finds of a claim in the plain plan."""
    return judged(plan(), request, claim)[1]


def is_as_good(twin: Twin, mine: Weighed, best: Weighed) -> bool:
    """Whether a rotation is as good as the best in what comes first."""
    if twin.request.objective is Objective.LEXIMIN:
        return mine.worst == best.worst
    least = min(rotation.worst for rotation in twin.without([]))
    near = twin.request.objective is Objective.TOTAL or mine.worst * 100 <= least * (100 + twin.request.tolerance)
    return near and mine.total == best.total


def assert_counted(twin: Twin, claim: Claim, best: Weighed) -> None:
    """The judge counts what the twin counts, and finds fault where there is one."""
    mine = twin.weigh(claim.slots)
    found, broken = judged(twin.setting, twin.request, claim)
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
    claim = Claim.of(found)
    swapped = tuple(data.draw(st.permutations(found.slots)))
    changed = list(found.slots)
    changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.sampled_from(twin.candidates))
    for other in (swapped, tuple(changed)):
        assert_counted(twin, replace(claim, slots=other), best)


@pytest.mark.parametrize("name", ["mag-2020", "oci", "patcg"])
def test_answers_for_the_examples_hold(name: str) -> None:
    setting = load_plan(min((EXAMPLES / name).glob("*.toml"))).setting
    for objective in Objective:
        request = Request(slots=2, grid=120, objective=objective)
        found = propose(setting, request)
        assert isinstance(found, Proposed)
        assert judged(setting, request, Claim.of(found)) == (found, ())


def test_a_slot_off_the_grid_is_found() -> None:
    found, claim = asked()
    off = Slot(at=time(found.slots[0].at.hour, 15))
    assert f"slot 1, {off.at:%H:%M} UTC, is none of those that were asked for" in findings(
        ASKED, replace(claim, slots=(off, found.slots[1]))
    )
    elsewhere = replace(found.slots[1], zone=ZoneName("Asia/Tokyo"))
    assert any("Asia/Tokyo, is none" in text for text in findings(ASKED, replace(claim, slots=(off, elsewhere))))


def test_slots_or_weights_that_cannot_be_those_of_an_answer_are_refused_at_once() -> None:
    found, claim = asked()
    strange = {MemberId("nobody"): 1, MemberId("tokyo"): 1, MemberId("london"): -1, MemberId("sydney"): 0}
    with pytest.raises(InvalidRequest) as caught:
        judged(plan(), ASKED, replace(claim, slots=found.slots[:1], weights=strange))
    assert [mistake.place for mistake in caught.value.mistakes] == [
        "slots",
        "certificate.weights.nobody",
        "certificate.weights.tokyo",
        "certificate.weights.london",
    ]


def test_no_weights_prove_nothing_and_are_no_fault() -> None:
    found, claim = asked()
    counted, broken = judged(plan(), ASKED, replace(claim, weights={}))
    assert broken == ()
    assert (counted.certificate.value, counted.certificate.scale, counted.certificate.least) == (0, 0, 0)
    assert counted.shares == found.shares


def test_a_bound_above_the_worst_is_found() -> None:
    found, claim = asked()
    assert findings(ASKED, replace(claim, bound=found.worst + 1))
    assert findings(ASKED, replace(claim, bound=found.worst + 1, proven=False))


def test_a_bound_below_a_worst_that_is_said_to_be_the_least_is_found() -> None:
    found, claim = asked()
    (text,) = findings(ASKED, replace(claim, bound=found.worst - 1))
    assert text == f"the worst is said to be the least, but it is {found.worst} and the bound {found.worst - 1}"


def test_a_bound_below_what_the_weights_prove_is_found() -> None:
    found, claim = asked()
    low = found.certificate.least - 1
    (text,) = findings(ASKED, replace(claim, bound=low, proven=False))
    assert text == f"the bound is {low} and the certificate proves {found.certificate.least}"
    assert findings(ASKED, replace(claim, bound=found.certificate.least, proven=False)) == ()


def test_a_total_above_that_of_the_frontier_is_not_the_least() -> None:
    found, claim = asked()
    assert len(found.frontier) > 1
    cheapest = replace(ASKED, objective=Objective.TOTAL)
    assert any("the total is said to be the least" in text for text in findings(cheapest, claim))
    assert findings(cheapest, replace(claim, slots=found.frontier[-1].slots)) == ()
    near = replace(ASKED, objective=Objective.BALANCED, tolerance=0)
    assert findings(near, claim) == ()
    assert any(
        "more than 0 percent above" in text for text in findings(near, replace(claim, slots=found.frontier[-1].slots))
    )


def test_a_frontier_that_does_not_rise_is_found() -> None:
    found, claim = asked()
    assert len(found.frontier) > 1
    turned = tuple(reversed(claim.frontier))
    assert any(
        "rotation 2 of the frontier is no better" in text for text in findings(ASKED, replace(claim, frontier=turned))
    )
    twice = (claim.frontier[0], *claim.frontier)
    assert findings(ASKED, replace(claim, frontier=twice)) == (
        "rotation 2 of the frontier is no better in its total than the one before it",
    )


def test_a_rotation_that_was_not_allowed_is_on_no_frontier() -> None:
    found, claim = asked()
    off = (Slot(at=time(6, 15)), found.slots[1])
    blocked = (Slot(at=time(17)), found.slots[1])  # 3:00 in Sydney
    for wrong in (off, blocked, found.slots[:1]):
        text = "rotation 1 of the frontier is none of those that were allowed"
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
    price = PriceClaim(worst_without=0, worst_with=0, proven=False)
    claim = Claim(slots=taken, bound=0, proven=False, weights={}, frontier=(), swept=False, prices=(price,))
    assert findings(ASKED, claim) == ()
    assert any(text.startswith(words) for text in findings(put(ASKED), claim))


def test_a_claim_for_a_request_that_cannot_be_kept_is_counted_all_the_same() -> None:
    found, claim = asked()
    impossible = replace(ASKED, quorum=50)
    counted, broken = judged(plan(), impossible, claim)
    assert counted.shares == found.shares
    assert any("out of the night at the call" in text for text in broken)
    assert not any("certificate proves" in text for text in broken)
