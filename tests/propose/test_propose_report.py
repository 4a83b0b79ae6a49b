"""Proposed rotations as documents, tables, records and sentences.

Law: the keys of the JSON are pinned with a value of each; one may be added here, none may go. Sentences are made from
the answer alone, so that an answer which was counted again has the same ones.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from facts import ODD, ODD_TEXT, context
from mag_rotation.fairness import Verdict
from mag_rotation.propose import (
    Certificate,
    ConstraintCode,
    Impossible,
    NextSlot,
    Objective,
    Price,
    Proof,
    ProofPart,
    ProofResult,
    ProposalClaim,
    Proposed,
    Request,
    next_slot,
    propose,
    verify_proposal,
    weigh_proposal,
)
from mag_rotation.propose.judge import make_finding
from mag_rotation.report import Form, Report, render
from mag_rotation.report.calls import CALL_KEYS
from mag_rotation.report.propose import (
    describe_impossible,
    describe_next,
    describe_proposal,
    proposal_document,
)
from mag_rotation.report.sentences import sentence
from mag_rotation.report.verify import DifferenceCode, describe_verify, differences
from mag_rotation.report.words import NightHour
from mag_rotation.roster import MemberId
from mag_rotation.values import Fact
from mag_rotation.zones import TZDATA_VERSION
from proposed import REQUESTS, SETTING, proposed

MEETING, HOURS = SETTING.meeting, SETTING.audience.hours
UNIT = NightHour(points=10, curve="default")

PROPOSAL_KEYS = [
    "meeting", "tzdata", "format", "request", "slots", "calls", "worst", "total", "burdens", "bound", "proven", "gap",
    "certificate", "frontier", "frontier_complete", "nights", "recommended", "cut_by", "wanted_grid", "prices",
    "members", "today", "reasons", "reason_facts", "warnings", "warning_facts",
]  # fmt: skip

SHARE_KEYS = ["id", "name", "burden", "night_calls", "burden_today", "night_calls_today"]


def said(found: Proposed) -> str:
    """All reasons as one text."""
    reasons = proposal_document(context(MEETING, hours=HOURS), found)["reasons"]
    assert isinstance(reasons, list)
    return "\n".join(reasons)


def awake(name: str) -> Fact:
    """That somebody is out of the night."""
    return Fact.of(ConstraintCode.AWAKE, awake=name)


def refused(*conflict: str, slots: int | None = 4, proven: bool = True, smallest: bool = True) -> str:
    """What is said of a request that has no rotation."""
    found = Impossible(
        request=Request(slots=slots), conflict=tuple(map(awake, conflict)), smallest=smallest, proven=proven
    )
    reasons = describe_impossible(context(MEETING, hours=HOURS), found).document["reasons"]
    assert isinstance(reasons, list)
    return str(reasons[-1])


def next_one(request: Request, now: datetime = datetime(2020, 2, 10, tzinfo=UTC)) -> NextSlot:
    found = next_slot(SETTING, request, now, with_grid=True)
    assert found is not None
    return found


def test_the_json_of_a_proposal_has_the_keys_of_the_contract() -> None:
    found = proposed("history")
    document = json.loads(render(describe_proposal(context(MEETING, ODD, hours=HOURS), found), Form.JSON))

    assert list(document) == PROPOSAL_KEYS
    assert (document["meeting"], document["tzdata"], document["warnings"]) == ("demo", TZDATA_VERSION, [ODD_TEXT])
    assert document["request"] == {
        "slots": 3, "grid": 60, "zone": "UTC", "weekdays": [], "from": "2020-01-14", "keep": 2, "objective": "leximin",
        "tolerance": 10, "group": None, "left_out": [], "windows": [], "utc_windows": [], "quorum": None, "awake": [],
        "most_nights": None, "no_night_twice": False, "gap": None, "distinct": False, "cap": None, "stay": [],
        "curve": None,
    }  # fmt: skip
    assert [list(call) for call in document["calls"]] == [list(CALL_KEYS)] * 9
    assert document["burdens"] == {share.id: share.burden for share in found.shares}
    assert (document["worst"], document["total"]) == (max(document["burdens"].values()), found.total)
    assert (document["bound"], document["proven"], document["gap"]) == (found.worst, True, 0.0)
    assert document["certificate"] == {
        "weights": dict(found.certificate.weights),
        "value": found.certificate.value,
        "scale": sum(found.certificate.weights.values()),
    }
    assert [list(offer) for offer in document["frontier"]] == [["worst", "total", "slots", "knee"]] * 6
    assert sum(offer["knee"] for offer in document["frontier"]) == 1
    assert document["frontier_complete"] is True
    assert [list(price) for price in document["prices"]] == [
        ["constraint", "code", "keep", "worst_without", "worst_with", "proven"]
    ]
    assert [list(share) for share in document["members"]] == [
        [*SHARE_KEYS[:4], "night_calls_a_year", *SHARE_KEYS[4:], "night_calls_a_year_today"]
    ] * 6
    assert [share["burden"] for share in document["members"]] == sorted(document["burdens"].values(), reverse=True)
    assert document["today"] == {"worst": found.worst_today, "total": found.total_today}


def test_what_was_asked_is_in_the_json_in_the_words_of_the_plan() -> None:
    def asked(name: str) -> dict[str, object]:
        request = proposal_document(context(MEETING, hours=HOURS), proposed(name))["request"]
        assert isinstance(request, dict)
        return request

    constraints = {
        "windows": ["00:00-22:00", "06:00-06:00"], "utc_windows": ["18:00-12:00"], "quorum": 2,
        "awake": ["captioner", "br-01"], "most_nights": 6, "gap": 45, "distinct": True, "cap": 3600,
    }  # fmt: skip

    assert constraints.items() <= asked("constraints").items()
    assert {"slots": None, "grid": 240}.items() <= asked("free").items()
    assert {"zone": "Europe/Zurich", "weekdays": ["TU", "TH"]}.items() <= asked("weekdays").items()
    assert {"objective": "balanced", "tolerance": 25}.items() <= asked("balanced").items()
    assert {"group": "region", "left_out": ["captioner"], "curve": "lark"}.items() <= asked("group").items()
    assert (asked("stay")["stay"], asked("running")["no_night_twice"]) == (["evening", 3, 1], True)


def test_a_slot_has_weekday_label_and_duration_only_where_it_has_them() -> None:
    slots = proposal_document(context(MEETING, hours=HOURS), proposed("stay"))["slots"]

    assert isinstance(slots, list)
    assert {"at": "20:00", "zone": "Europe/Zurich", "label": "evening", "duration": 90} in slots
    assert {"at": "09:10", "zone": "UTC", "weekday": "WE"} in slots
    assert {"at": "14:00", "zone": "UTC", "label": "midday"} in slots


def test_sources_of_days_off_stand_in_the_head_and_in_every_record() -> None:
    answer = describe_proposal(context(MEETING, sources={"holidays": "1.0"}, hours=HOURS), proposed("plain"))

    assert answer.document["days_off"] == {"holidays": "1.0"}
    assert answer.records.keys[-1] == "holidays"
    assert {record[-1] for record in answer.records.rows} == {"1.0"}


@pytest.mark.parametrize(
    ("worst", "bound", "gap"), [(0, 0, 0.0), (5, 0, None), (15, 10, 0.5), (10, 10, 0.0), (10, 3, 7 / 3)]
)
def test_the_gap_is_a_part_of_the_bound(worst: int, bound: int, gap: float | None) -> None:
    share = replace(proposed("plain").shares[0], burden=worst)
    found = replace(proposed("plain"), shares=(share,), bound=bound)

    assert proposal_document(context(MEETING, hours=HOURS), found)["gap"] == gap


def test_nights_a_year_come_from_the_days_between_held_calls() -> None:
    found = proposed("plain")
    held = sorted(call.date for call in found.calls if call.is_held)
    days = (held[-1] - held[0]).days * len(held) / (len(held) - 1)
    share = found.shares[0]
    members = proposal_document(context(MEETING, hours=HOURS), found)["members"]
    assert isinstance(members, list)

    assert members[0]["night_calls_a_year"] == share.night_calls * 365.2425 / days
    assert members[0]["night_calls_a_year_today"] == share.night_calls_today * 365.2425 / days


@pytest.mark.parametrize("calls", [0, 1])
def test_one_call_tells_nothing_of_a_year(calls: int) -> None:
    found = replace(proposed("plain"), calls=proposed("plain").calls[:calls])
    answer = describe_proposal(context(MEETING, hours=HOURS), found)
    members = answer.document["members"]
    assert isinstance(members, list)

    assert members[0]["night_calls_a_year"] is None
    assert "a year" not in [column.head for column in answer.sections[1].heads]


@pytest.mark.parametrize("name", REQUESTS)
def test_an_answer_that_is_counted_again_says_the_same(name: str) -> None:
    found = proposed(name)
    again, broken = verify_proposal(SETTING, found.request, ProposalClaim.of(found))

    assert broken == ()
    assert proposal_document(context(MEETING, hours=HOURS), again) == proposal_document(
        context(MEETING, hours=HOURS), found
    )


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("form", [form for form in Form if form.is_text])
def test_every_answer_is_written_in_every_form(name: str, form: Form) -> None:
    text = render(describe_proposal(context(MEETING, ODD, hours=HOURS), proposed(name)), form)

    assert ("the plan has no call" in text) is (form is not Form.CSV)
    assert "None" not in text


def test_the_reasons_begin_with_what_was_asked() -> None:
    assert said(proposed("constraints")).startswith(
        "Asked for: 2 slots, starting every 1 h in UTC, windows 00:00-22:00 or 06:00-06:00, utc windows 18:00-12:00, "
        "quorum 2, awake captioner and br-01, most nights 6, gap 45 min, distinct, cap 3600 point-minutes."
    )
    assert said(proposed("history")).startswith(
        "Asked for: 3 slots, starting every 1 h in UTC, from 2020-01-14, keep 2."
    )
    assert said(proposed("weekdays")).startswith(
        "Asked for: 2 slots, starting every 2 h in Europe/Zurich, weekdays TU or TH."
    )
    assert said(proposed("free")).startswith("Asked for: a slot for each call, starting every 4 h in UTC.")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("plain", "2 slots with 48 possible starts each make 2304 rotations."),
        ("one slot", "1 slot with 96 possible starts each make 96 rotations."),
        ("free", "6 slots with 6 possible starts each make 46656 rotations."),
        ("weekdays", "2 slots with 24 possible starts each make 576 rotations."),
        ("stay", "3 slots with 26 possible starts each make 17576 rotations."),
    ],
)
def test_the_reasons_say_how_many_rotations_there_were(name: str, sentence: str) -> None:
    assert sentence in said(proposed(name))


def test_a_number_of_rotations_that_nobody_can_grasp_is_a_power_of_ten() -> None:
    assert "6 slots with 288 possible starts each make more than 10^14 rotations." in said(
        replace(proposed("free"), request=Request(slots=None, grid=5))
    )


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request(slots=2), "It spares the worst-off most, then the next, and so on."),
        (Request(slots=2, group="region"), "most, then the worst-off of each region, then the next, and so on."),
        (Request(slots=2, objective=Objective.BALANCED, tolerance=25), "whose worst is at most 25 % above the least"),
        (Request(slots=2, objective=Objective.TOTAL), "It has the least total of all rotations;"),
    ],
)
@pytest.mark.parametrize(("proven", "proof"), [(True, "is proven."), (False, "not proven the best.")])
def test_the_reasons_say_what_it_is_the_best_of_and_whether_that_is_proven(
    request_: Request, words: str, *, proven: bool, proof: str
) -> None:
    found = replace(proposed("plain"), request=request_, proven=proven)
    line = next(line for line in said(found).splitlines() if words in line)

    assert line.endswith(proof)


def test_the_reasons_name_who_carries_the_most_and_the_distance_to_the_bound() -> None:
    found = proposed("plain")
    alike = replace(found, shares=tuple(replace(share, burden=2310) for share in found.shares))

    assert "au-01 carries the most: 3.9 night-hours." in said(found)
    assert "No rotation that keeps what was asked has a worst below 3.9 night-hours." in said(found)
    assert " and 1 more carry the most: 3.9 night-hours each." in said(alike)
    assert "Less than 3.5 night-hours is proven impossible; this worst is 10.0 % above that." in said(
        replace(found, bound=2100)
    )
    assert "no bound above 0 was proven" in said(replace(found, bound=0))
    assert f"The least possible is {UNIT.say(proposed('total').bound)}; this worst is 83.6 % above that." in said(
        proposed("total")
    )
    assert "Nobody bears anything." in said(replace(found, shares=()))


def test_the_reasons_put_the_certificate_into_words() -> None:
    found = proposed("plain")
    weights = {MemberId(f"m-{number:02}"): number for number in range(12)}
    many = replace(found, certificate=Certificate(weights=weights, value=660, scale=66))
    one = replace(found, certificate=Certificate(weights={MemberId("m-01"): 3}, value=31, scale=3))
    none = replace(found, certificate=Certificate(weights={}, value=0, scale=0))

    assert (
        "Weigh these 11 members so: m-11 11, m-10 10, m-09 9, m-08 8, m-07 7, m-06 6, m-05 5, m-04 4 and 3 more. "
        "Whatever slots are chosen, the weighted mean of what they bear is at least 660 / 66 point-minutes. So "
        "somebody bears <0.1 night-hours or more."
    ) in said(many)
    assert "Weigh this member so: m-01 3." in said(one)
    assert "somebody bears <0.1 night-hours or more." in said(one)
    assert "Weigh" not in said(none)


def test_the_reasons_say_where_the_rest_of_the_bound_comes_from() -> None:
    found = proposed("plain")
    line = "The certificate proves 3.1 night-hours; the rest, that no worst is below {} night-hours, {}."
    steps = "follows as burdens are multiples of 30, or was proven by a search as far as it went"

    assert line.format(3.9, "was proven by a search that left no rotation out") in said(found)
    assert line.format(3.3, "was proven by a search as far as it went") in said(replace(found, bound=2000))
    assert line.format(3.2, steps) in said(replace(found, bound=1890))
    assert "the rest" not in said(replace(found, bound=1877))


def test_the_reasons_set_it_against_the_plan_as_it_stands() -> None:
    text = said(proposed("plain"))

    assert (
        "the worst-off bears 6.0 night-hours, of 22.7 night-hours in total; here it is 3.9 "
        "night-hours (-35.3 % against the plan), of 18.6 night-hours (-18.1 % against the plan)." in text
    )
    assert "3 members would bear less than now, 0 the same and 3 more." in text
    assert "au-01, worst off as the plan stands, would have 4 calls in the night instead of 5." in text
    assert "in-01, worst off here, would have 6 calls in the night instead of 2." in said(proposed("one slot"))


def test_the_reasons_say_nothing_of_what_does_not_change() -> None:
    found = proposed("plain")
    shares = [replace(share, night_calls=share.night_calls_today) for share in found.shares]
    nights = said(replace(found, shares=tuple(shares)))
    same = [replace(share, burden=share.burden_today) for share in shares]
    all_same = said(replace(found, shares=tuple(same)))
    other = [replace(share, burden=share.burden_today) for share in found.shares]

    assert "in the night" not in nights
    assert "in the night instead of" in said(replace(found, shares=tuple(other)))
    assert "The worst-off bears 6.0 night-hours, of 22.7 night-hours in total, as the plan stands too." in all_same
    assert "Nobody would bear less or more than now." in all_same
    assert "+0.0 %) and 13590" not in all_same


def test_a_plan_that_costs_nothing_today_is_no_base_for_a_percentage() -> None:
    found = proposed("plain")
    share = replace(found.shares[0], burden=60, burden_today=0)

    assert "here it is 0.1 night-hours (instead of nothing), of 0.1 night-hours (instead of nothing)." in said(
        replace(found, shares=(share,))
    )


def test_the_reasons_say_what_it_costs() -> None:
    text = said(proposed("plain"))

    assert (
        "has a total of 17.8 night-hours (-4.3 % against the proposal), the least possible, and a worst of 6.2 "
        "night-hours (+59.7 % against the proposal)." in text
    )
    assert (
        "is at a worst of 4.2 night-hours and a total of 18.0 night-hours (+7.8 % and -3.2 % against the proposal)."
        in text
    )
    assert "The frontier of worst against total has 5 rotations." in text
    assert "is at a worst of 4.2 night-hours and a total of 18.0 night-hours (this rotation)." in said(
        proposed("balanced")
    )
    assert "Its total, 17.8 night-hours, is the least possible." in said(proposed("total"))
    assert (
        "spares the worst-off most has a worst of 3.4 night-hours (-45.5 % against the proposal) and a total of "
        "18.7 night-hours" in said(proposed("total"))
    )
    searched = said(replace(proposed("plain"), swept=False))
    assert "the least found" in searched
    assert "has 5 rotations, and may have more." in searched
    assert "least possible" not in said(replace(proposed("plain"), frontier=()))


def test_the_reasons_give_the_price_of_each_constraint() -> None:
    def price(name: str, without: int, *, proven: bool = True) -> Price:
        return Price(constraint=awake(name), worst_without=without, worst_with=20580, proven=proven)

    found = replace(
        proposed("plain"),
        prices=(price("a", 14850), price("b", 20580), price("c", 20580), price("d", 20570, proven=False)),
    )
    text = said(found)

    assert (
        "Without 'a out of the night at every call' the least worst would be 24.8 night-hours instead "
        "of 34.3 night-hours." in text
    )
    assert (
        "'b out of the night at every call' and 'c out of the night at every call' cost the worst-off nothing: without "
        "any one of them the least worst is 34.3 night-hours too."
    ) in text
    assert (
        "every call' the least worst would be 34.3 night-hours instead of 34.3 night-hours, as far as was found."
        in text
    )
    alone = said(replace(found, prices=(price("e", 20580, proven=False),)))
    assert (
        "'e out of the night at every call' costs the worst-off nothing, as far as was found: without it the least "
        "worst is 34.3 night-hours too."
    ) in alone


def test_what_cannot_be_held_is_named_in_words() -> None:
    x, y = "'x out of the night at every call'", "'y out of the night at every call'"
    assert refused("x") == f"{x} cannot be kept by any rotation of 4 slots."
    assert refused("x", slots=None) == f"{x} cannot be kept by any free schedule."
    assert refused("x", "y") == (
        f"These cannot be held together by any rotation of 4 slots: {x} and {y}. Without any one of them the others "
        "can be."
    )
    assert "7" not in refused(*"abcdefg")
    assert "Without any one" not in refused("x", "y", smallest=False)
    assert refused().startswith("The calls that stay as they are already break what was asked")
    assert refused(proven=False) == (
        "No rotation of 4 slots was found in the time that there was; that there is none is not proven."
    )


def test_an_impossible_request_has_a_document_of_its_own() -> None:
    found = propose(SETTING, Request(slots=2, cap=0, distinct=True))
    assert isinstance(found, Impossible)
    answer = describe_impossible(context(MEETING, ODD, hours=HOURS), found)

    assert list(answer.document) == [
        "meeting", "tzdata", "format", "request", "slots", "calls", "conflict", "conflict_facts", "smallest", "proven",
        "reasons", "reason_facts", "warnings", "warning_facts",
    ]  # fmt: skip
    assert (answer.document["slots"], answer.document["calls"], answer.document["proven"]) == ([], [], True)
    assert answer.document["conflict"] == ["at most 0.0 night-hours for anybody"]
    assert "'at most 0.0 night-hours for anybody' cannot be kept by any" in render(answer, Form.TABLE)
    assert render(answer, Form.CSV).splitlines()[1].startswith("at most 0.0 night-hours for anybody,")


def test_the_next_call_has_its_choices_and_the_recommended_one_first() -> None:
    request = Request(slots=None, grid=60)
    found = next_one(request)
    answer = describe_next(context(MEETING, ODD, hours=HOURS), found, request=request)
    document = json.loads(render(answer, Form.JSON))

    assert list(document) == [
        "meeting", "tzdata", "request", "call", "planned", "slot", "choices", "current", "members", "conflict",
        "conflict_facts", "reason", "reasons", "reason_facts", "warnings", "warning_facts",
    ]  # fmt: skip
    assert document["planned"]["date"] == document["call"]["date"] == "2020-02-11"
    keys = ["slot", "start", "minutes", "worst", "total", "in_night", "verdict", "dominated", "blocked"]
    assert [list(choice) for choice in document["choices"]] == [keys] * 26
    assert document["current"] in document["choices"]
    assert document["slot"] == document["choices"][0]["slot"]
    assert document["call"]["start"] == document["choices"][0]["start"]
    assert [list(share) for share in document["members"]] == [SHARE_KEYS] * 6
    rows, choices = answer.sections[0].rows, found.choices
    assert [row[0].text for row in rows[:2]] == ["planned, dominated", "recommended"]
    assert len(rows) == 1 + sum(one.of_plan or not one.dominated for one in choices if one != found.current)
    assert " of them dominated." in answer.sections[0].notes[-1]
    assert document["reason"] == document["reasons"][0]
    assert document["reasons"][0].startswith("The fairest of 26 slots for the call of 2020-02-11, planned for ")
    assert f"the worst-off bears {UNIT.say(document['choices'][0]['worst'])}" in document["reasons"][1]
    best = document["choices"][0]
    assert document["reason_facts"] == [
        {
            "code": "fairest_slot",
            "choices": 26,
            "date": "2020-02-11",
            "planned": document["planned"]["start"],
            "slot": document["slot"],
            "start": best["start"],
            "verdict": best["verdict"],
        },
        {
            "code": "ledger_with_slot",
            "worst": best["worst"],
            "total": best["total"],
            "worst_today": document["current"]["worst"],
            "total_today": document["current"]["total"],
        },
        {"code": "in_night_at_slot", "in_night": best["in_night"]},
    ]


@pytest.mark.parametrize(
    ("verdict", "said"), [("good", "a good time"), ("acceptable", "an acceptable time"), ("poor", "a poor time")]
)
def test_a_next_call_that_is_fairest_as_planned_is_said_to_be_with_its_verdict(verdict: str, said: str) -> None:
    found = next_one(Request(slots=None))
    best = replace(
        found.choices[0],
        start=found.planned.start,
        figures=replace(found.choices[0].figures, nights=0),
        verdict=Verdict(verdict),
    )
    planned = replace(found, choices=(best,), current=best, call=found.planned)
    answer = describe_next(context(MEETING), planned, request=Request(slots=None))
    reasons = answer.document["reasons"]

    assert isinstance(reasons, list)
    assert reasons[0].startswith("The only slot for the call of ")
    assert reasons[0].endswith(f"{said}.")
    assert ": as planned, " in reasons[0]
    assert "as planned it would be" not in reasons[1]
    assert reasons[2] == "In the night at that hour: nobody."
    assert [row[0].text for row in answer.sections[0].rows] == ["planned, recommended"]


def test_a_next_call_without_a_slot_names_the_conflict() -> None:
    request = Request(slots=None, grid=60, cap=0)
    answer = describe_next(context(MEETING, hours=HOURS), next_one(request), request=request)

    assert (answer.document["slot"], answer.document["choices"]) == (None, [])
    assert answer.document["conflict"] == ["at most 0.0 night-hours for anybody"]
    assert answer.document["reason_facts"] == [
        {
            "code": "no_next_slot",
            "date": "2020-02-11",
            "planned": json.loads(render(answer, Form.JSON))["planned"]["start"],
            "conflict": [{"code": "cap", "cap": 0}],
        }
    ]
    assert "these leave none: 'at most 0.0 night-hours for anybody'." in render(answer, Form.TABLE)


def test_a_check_says_what_holds_and_what_only_a_search_could_prove() -> None:
    found, one = proposed("plain"), make_finding(DifferenceCode.DIFFERS, "a", found=1, right=2)
    good, bad = (describe_verify(context(MEETING, ODD, hours=HOURS), found, findings) for findings in ((), (one,)))

    assert list(good.document) == [
        "meeting",
        "tzdata",
        "holds",
        "findings",
        "finding_facts",
        "searched",
        "reasons",
        "reason_facts",
        "warnings",
        "warning_facts",
    ]
    value, scale = found.certificate.value, found.certificate.scale
    assert bad.document["reason_facts"] == [
        {"code": "counted_again", "failed": 1, "calls": 8, "members": 6},
        {"code": "certificate", "value": value, "scale": scale, "least": 1877},
        {"code": "claimed_beyond_certificate", "claims": ["bound", "order", "frontier"], "bound": 2310},
    ]
    assert (good.document["holds"], good.document["findings"]) == (True, [])
    assert (bad.document["holds"], bad.document["findings"]) == (False, ["a: found 1, counted 2"])
    assert (good.document["searched"], good.document["finding_facts"]) == (None, [])
    assert bad.document["finding_facts"] == [{"code": "differs", "place": "a", "found": 1, "right": 2}]
    text = render(good, Form.TABLE)
    assert (
        "Everything that can be counted holds: slots, constraints, and the burdens of 6 members over 8 calls." in text
    )
    assert "So somebody bears 3.1 night-hours or more." in text
    assert (
        "Claimed beyond the certificate, for --search to prove again: no rotation has a worst below 3.9 night-hours; "
        "no rotation is better by the order that was asked for; the frontier is complete."
    ) in text
    assert "a: found 1, counted 2" in render(bad, Form.TABLE)
    assert "1 check failed. The proposal was counted again over 8 calls and 6 members." in render(bad, Form.TABLE)
    assert render(bad, Form.CSV).splitlines()[1].startswith('"a: found 1, counted 2",')


def checked(*proofs: Proof) -> Report:
    """The answer for a proposal that was searched again with these results."""
    return describe_verify(context(MEETING, ODD, hours=HOURS), proposed("constraints"), (), proofs=proofs)


def test_a_search_says_of_each_claim_what_became_of_it() -> None:
    found, price = proposed("constraints"), proposed("constraints").prices[2]
    bound = Proof(part=ProofPart.BOUND, result=ProofResult.PROVEN, claimed=2400)
    order = Proof(part=ProofPart.ORDER, result=ProofResult.UNFINISHED)
    better = replace(found.frontier[0], worst=2370, total=11000)
    frontier = Proof(part=ProofPart.FRONTIER, result=ProofResult.DISPROVED, claimed=4, found=better)
    without = Proof(
        part=ProofPart.PRICE, result=ProofResult.DISPROVED, claimed=2100, constraint=price.constraint, found=None
    )
    good, bad = checked(bound, order), checked(bound, order, frontier, without)
    rows = [[cell.text for cell in row] for row in bad.sections[1].rows]

    assert good.document["holds"] is True
    assert rows[:2] == [
        ["no rotation has a worst below 4.0 night-hours", "proven again"],
        ["no rotation is better by the order that was asked for", "not finished in time"],
    ]
    assert rows[2][0] == "the frontier is complete with 4 rotations"
    assert rows[2][1].startswith("disproved: ")
    assert rows[2][1].endswith(" has a worst of 4.0 night-hours and a total of 18.3 night-hours")
    assert rows[3] == [
        "without 'at least 2 members out of the night at every call' the worst is 3.5 night-hours",
        "disproved: no rotation has it",
    ]
    assert bad.document["findings"] == [
        "frontier_complete: found true, disproved by a search: a rotation has a worst of 2370",
        "prices[2].worst_without: found 2100, disproved by a search",
    ]
    assert bad.document["finding_facts"] == [
        {"code": "disproved", "place": "frontier_complete", "found": True, "right": 2370},
        {"code": "disproved", "place": "prices[2].worst_without", "found": 2100, "right": None},
    ]
    searched = bad.document["searched"]
    assert isinstance(searched, list)
    assert searched[0] == {"part": "bound", "result": "proven", "claimed": 2400, "found": None}
    assert searched[2]["found"]["worst"] == 2370
    assert searched[3] == {
        "part": "price", "code": "quorum", "quorum": 2, "result": "disproved", "claimed": 2100, "found": None,
    }  # fmt: skip
    text = render(bad, Form.TABLE)
    assert "2 checks failed." in text
    assert text.count(ODD_TEXT) == 1
    assert "--search" not in text


def test_a_broken_constraint_has_member_and_dates_among_its_facts() -> None:
    one = make_finding(ConstraintCode.NEVER, "calls[0]", member="au-01", dates=("2020-01-07",))
    answer = describe_verify(context(MEETING, hours=HOURS), proposed("plain"), (one,))

    assert answer.document["findings"] == ["au-01 cannot attend the call of 2020-01-07"]
    assert answer.document["finding_facts"] == [
        {
            "code": "never", "place": "calls[0]", "found": None, "right": None, "member": "au-01",
            "dates": ["2020-01-07"],
        }
    ]  # fmt: skip


def test_what_is_not_claimed_is_not_told_to_be() -> None:
    found = replace(proposed("plain"), bound=1877, proven=False, swept=False)

    assert "Claimed" not in render(describe_verify(context(MEETING, hours=HOURS), found, ()), Form.TABLE)


def test_the_records_are_one_a_member_worst_first() -> None:
    found = proposed("plain")
    rows = list(csv.DictReader(io.StringIO(render(describe_proposal(context(MEETING, hours=HOURS), found), Form.CSV))))

    assert [row["id"] for row in rows] == [share.id for share in found.shares]
    assert rows[0]["night_calls_today"] == str(found.shares[0].night_calls_today)
    assert rows[0]["tzdata"] == TZDATA_VERSION


def heads(answer: Report, sheet: int) -> list[str]:
    return [column.head for column in answer.sections[sheet].heads]


def test_the_tables_show_slots_members_frontier_and_prices() -> None:
    answer = describe_proposal(context(MEETING, hours=HOURS), proposed("constraints"))
    slots, members, frontier, prices, _, notes = answer.sections

    assert heads(answer, 0) == ["slot", "start", "calls", "first call", "last call"]
    assert [row[0].text for row in slots.rows] == ["1", "2"]
    assert sum(int(row[2].text) for row in slots.rows) == 6
    assert heads(answer, 1) == ["member", "burden", "today", "change", "nights", "nights today", "a year"]
    assert len(members.rows) == 6
    assert heads(answer, 2) == ["worst", "total", "saves", "", "slots"]
    assert [row[3].text for row in frontier.rows] == ["this one, least worst", "knee", "", "least total"]
    assert heads(answer, 3) == ["constraint", "worst without", "worst with", "price", ""]
    assert not frontier.notes
    assert len(prices.rows) == 9
    assert notes.notes[-1] == f"Zone rules: tzdata {TZDATA_VERSION}."


def test_a_proposal_ends_with_todays_rotation_itself_and_the_knee() -> None:
    found = proposed("constraints")
    beside = weigh_proposal(SETTING, found)
    _, local, *_, section, _ = describe_proposal(context(MEETING, hours=HOURS), found, beside=beside).sections
    today, own, bend = beside

    assert [head.head for head in local.heads] == ["local start", "this one"]
    assert len(local.rows) > len({line.zones for line in own.local})  # the slots themselves stand above the clocks

    assert [row[0].text.strip("+- ") for row in section.rows] == ["today", "this one", "the knee"]
    assert (own.worst, own.total, own.slots) == (found.worst, found.total, found.slots)
    assert (today.worst, today.total) == (found.worst_today, found.total_today)
    assert (bend.worst, bend.total) == next((offer.worst, offer.total) for offer in found.frontier if offer.knee)
    better = sum(share.burden < share.burden_today for share in found.shares)
    worse = sum(share.burden > share.burden_today for share in found.shares)
    said = f"Beside today: {better} members would be better off and {worse} worse off; mag-rotation compare has more "
    assert section.lead == (f"{said}rotations.",)


@pytest.mark.parametrize("name", REQUESTS)
def test_every_proposal_stands_beside_today(name: str) -> None:
    found = proposed(name)
    beside = weigh_proposal(SETTING, found)
    own = next(option for option in beside if "this one" in (option.id, *option.also))

    assert beside[0].id == "today"
    assert own.shares == found.shares
    assert own.calls == found.calls


def test_people_see_the_certificate_on_request_and_programs_always() -> None:
    few, every = (
        describe_proposal(context(MEETING, hours=HOURS), proposed("plain"), shows_proof=proof)
        for proof in (False, True)
    )

    assert few.document == every.document
    assert not any("Whatever slots are chosen" in text for text in few.sections[0].lead)
    assert any("Whatever slots are chosen" in text for text in every.sections[0].lead)
    assert set(few.sections[0].lead) < set(every.sections[0].lead)


def test_names_have_a_column_where_they_are_not_the_ids() -> None:
    found = proposed("plain")
    named = replace(found, shares=(replace(found.shares[0], name="Seat 1"), *found.shares[1:]))

    assert heads(describe_proposal(context(MEETING, hours=HOURS), named), 1)[:2] == ["member", "name"]


def test_a_long_frontier_is_thinned_to_twelve_rows_with_ends_knee_and_own_point() -> None:
    found = proposed("plain")
    first = found.frontier[0]
    offers = tuple(replace(first, worst=2000 + number, total=9000 - number, knee=number == 91) for number in range(100))
    own = replace(found, frontier=(*offers[:50], replace(first, knee=False), *offers[50:]))
    answer = describe_proposal(context(MEETING, hours=HOURS), own)
    rows = [[cell.text for cell in row] for row in answer.sections[2].rows]

    assert len(rows) == 12
    assert [row[3] for row in rows if row[3]] == ["least worst", "this one", "knee", "least total"]
    shown = answer.document["frontier"]
    assert isinstance(shown, list)
    assert len(shown) == 101


def test_one_rotation_is_no_frontier_to_show() -> None:
    found = replace(proposed("plain"), frontier=proposed("plain").frontier[:1])

    assert describe_proposal(context(MEETING, hours=HOURS), found).sections[2].rows == ()


def test_a_row_of_many_slots_is_cut() -> None:
    found = proposed("free")
    long = replace(found, frontier=tuple(replace(offer, slots=offer.slots * 10) for offer in found.frontier))
    row = describe_proposal(context(MEETING, hours=HOURS), long).sections[2].rows[0]

    assert row[4].text.endswith(f"and {10 * len(found.slots) - 6} more")


@pytest.mark.parametrize(
    ("given", "counted", "told"),
    [
        ({"worst": 1}, {"worst": 1}, []),
        ({"worst": 1.0}, {"worst": 1}, []),
        ({"worst": 1}, {"worst": 2}, ["worst: found 1, counted 2"]),
        ({"gap": 0.1}, {"gap": 0.1 + 2**-56}, ["gap: found 0.1, counted 0.10000000000000002"]),
        ({"gap": None}, {"gap": 0.0}, ["gap: found null, counted 0.0"]),
        ({"proven": 1}, {"proven": True}, ["proven: found 1, counted true"]),
        ({"proven": True}, {"proven": False}, ["proven: found true, counted false"]),
        ({}, {"worst": 2, "today": []}, ["worst: missing, counted 2", "today: missing, counted a list of 0"]),
        ({"more": 1}, {}, []),
        ({"members": [{}]}, {"members": [{"burden": 1}]}, ["members[0].burden: missing, counted 1"]),
        ({"members": [{"burden": 3}]}, {"members": [{"burden": 1}]}, ["members[0].burden: found 3, counted 1"]),
        ({"calls": [{}]}, {"calls": [{"uid": "a"}]}, ["calls[0].uid: missing, counted 'a'"]),
        ({"calls": []}, {"calls": [{"uid": "a"}]}, ["calls: found 0 of them, counted 1"]),
        ({"calls": {}}, {"calls": []}, ["calls: found a table, counted a list of 0"]),
        ({"stay": ["a"]}, {"stay": ["b"]}, ["stay[0]: found 'a', counted 'b'"]),
        ({"slots": [1]}, {"slots": [{}]}, ["slots[0]: found 1, counted a table"]),
        ({"burdens": {"b": 1}}, {"burdens": {}}, ["burdens: found 'b', who does not count"]),
        ({"burdens": {}}, {"burdens": {"b": 1}}, ["burdens.b: missing, counted 1"]),
        ({"warnings": [1], "tzdata": "x", "days_off": {}}, {"warnings": [], "tzdata": "y", "days_off": 1}, []),
        ({"reasons": ["a"], "prices": [{"constraint": "a"}]}, {"reasons": [], "prices": [{"constraint": "b"}]}, []),
        ({"meeting": "a"}, {"meeting": "b"}, ["meeting: found 'a', counted 'b'"]),
        (
            {"stay": ["x" * 60 + "a" * 90]},
            {"stay": ["x" * 60 + "b"]},
            [f"stay[0]: found from letter 61 on '{'a' * 50}', counted 'b'"],
        ),
    ],
)
def test_differences_say_where_and_what(given: dict[str, object], counted: dict[str, object], told: list[str]) -> None:
    found = differences({"format": 2} | given, {"format": 2} | counted)
    assert list(map(sentence, found)) == told


def test_many_differences_are_cut_and_counted() -> None:
    found = differences({"calls": list(range(80))}, {"calls": list(range(1, 81))})

    assert len(found) == 51
    assert sentence(found[-1]) == "and 30 more differences"


def test_a_proposal_does_not_differ_from_itself() -> None:
    document = proposal_document(context(MEETING, hours=HOURS), proposed("constraints"))

    assert differences(json.loads(json.dumps(document)), document) == ()
