"""What a proposal recommends where another rotation of its frontier dominates it.

Law: ``recommended`` is none if and only if no row of the frontier dominates the answer. Else it dominates the answer,
no row of the document dominates it, and it is the fairest of those that do. The judge counts the same.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mag_rotation.choice import Figures
from mag_rotation.propose import Impossible, Objective, Proposed, Request, Setting, propose, verify_proposal
from mag_rotation.propose.judge import ProposalClaim
from mag_rotation.report import Context, Form, render
from mag_rotation.report.propose import describe_proposal
from mag_rotation.series import Rotation, Series, Slot
from strategies import seat
from twin_rotation import Twin, requests_of, setting_of, settings_of
from twin_turns import MEETING, slots, weekly

some = settings(max_examples=2 * settings().max_examples)


def figures_of(twin: Twin, rotation: tuple[Slot, ...]) -> Figures:
    """What a rotation comes to, weighed the slow way."""
    weighed = twin.weigh(rotation)
    nights = sum(member.weight * weighed.nights[member.id] for member in twin.members)
    return Figures(worst=weighed.worst, nights=nights, total=weighed.total)


def assert_recommends(setting: Setting, request: Request, found: Proposed) -> None:
    """The law of this module."""
    twin = Twin(setting, replace(request, first=found.request.first))
    own = figures_of(twin, found.slots)
    rows = [figures_of(twin, offer.slots) for offer in found.frontier]
    better = [row for row in rows if row.dominates(own)]

    assert found.figures == own
    if found.recommended is None:
        assert better == []
    else:
        chosen = found.recommended.figures
        assert found.recommended.offer in found.frontier
        assert chosen == figures_of(twin, found.recommended.offer.slots)
        assert chosen.dominates(own)
        assert not any(row.dominates(chosen) for row in (*rows, own))
        assert chosen.worst == min(row.worst for row in better)
    counted, wrong = verify_proposal(setting, found.request, ProposalClaim.of(found))
    assert (counted.recommended, counted.nights) == (found.recommended, found.nights)
    assert wrong == ()


@some
@given(st.data())
def test_what_is_recommended_is_what_weighing_every_row_gives(data: st.DataObject) -> None:
    setting = data.draw(settings_of())
    request = data.draw(requests_of(setting))
    if Twin(setting, request).is_refused:
        return
    found = propose(setting, request)
    if isinstance(found, Proposed):
        assert_recommends(setting, request, found)


SEATS = ("America/Los_Angeles", "Africa/Nairobi", "America/Sao_Paulo", "Pacific/Auckland")


def ask(zones: tuple[str, ...], objective: Objective = Objective.LEXIMIN) -> tuple[Setting, Request, Proposed]:
    """The proposal of two slots for two weeks and a seat in each zone."""
    series = Series(meeting=MEETING, schedule=weekly(2), rotation=Rotation(slots=slots(6, 14)))
    setting = setting_of(series, [seat(zone, name=zone.rpartition("/")[2]) for zone in zones])
    request = Request(slots=2, grid=60, objective=objective)
    found = propose(setting, request)
    assert not isinstance(found, Impossible)
    return setting, request, found


def test_the_fairest_rotation_may_be_dominated_and_then_the_other_is_recommended() -> None:
    setting, request, found = ask(SEATS)

    assert [slot.at.hour for slot in found.slots] == [18, 4]
    assert found.figures == Figures(worst=540, nights=1, total=1560)
    assert found.recommended is not None
    assert [slot.at.hour for slot in found.recommended.offer.slots] == [18, 19]
    assert found.recommended.figures == Figures(worst=540, nights=0, total=1080)
    assert_recommends(setting, request, found)


@pytest.mark.parametrize("zones", list(combinations((*SEATS, "Asia/Tokyo", "Europe/London"), 4)))
@pytest.mark.parametrize("objective", list(Objective))
def test_every_objective_recommends_what_its_frontier_has(zones: tuple[str, ...], objective: Objective) -> None:
    assert_recommends(*ask(zones, objective))


def test_people_and_programs_are_told_what_is_recommended_instead() -> None:
    _, _, found = ask(SEATS)
    answer = describe_proposal(Context(meeting=MEETING), found)
    document = json.loads(render(answer, Form.JSON))

    assert document["nights"] == 1
    assert document["recommended"] == {
        "worst": 540,
        "total": 1080,
        "slots": [{"at": "18:00", "zone": "UTC"}, {"at": "19:00", "zone": "UTC"}],
        "knee": document["frontier"][0]["knee"],
        "nights": 0,
    }
    facts = [fact for fact in document["reason_facts"] if fact["code"] == "recommended_instead"]
    assert [(fact["worst"], fact["nights"], fact["own_nights"], fact["own_total"]) for fact in facts] == [
        (540, 0, 1, 1560)
    ]
    said = (
        "Recommended is another rotation, 18:00 UTC and 19:00 UTC: 0 instead of 1 call in the night, in total 1.8 "
        "night-hours instead of 2.6 night-hours. What was asked for stays the best by its own order."
    )
    assert said in document["reasons"]
    assert said in " ".join(render(answer, Form.TABLE).split())


def test_an_answer_that_nothing_dominates_is_recommended_itself() -> None:
    _, _, found = ask(("Europe/London", "Asia/Tokyo"))
    document = json.loads(render(describe_proposal(Context(meeting=MEETING), found), Form.JSON))

    assert document["recommended"] is None
    assert "recommended_instead" not in [fact["code"] for fact in document["reason_facts"]]
