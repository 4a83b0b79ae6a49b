"""The verdict: each rule by itself, the thresholds of a plan, and what is wrong with them.

Law: every rule speaks in one sentence, the gravest first, and a verdict is never without a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from audiences import audience_of
from facts import in_words
from invoke import invoke
from mag_rotation.errors import InvalidPlan, InvalidValue
from mag_rotation.fairness import RULES, Check, Thresholds, TimeProposal, Verdict, check_time, verdict_at
from mag_rotation.hours import Hours
from mag_rotation.planfile import load_plan
from mag_rotation.roster import Member
from proposed_times import call
from strategies import at, meeting_of, seat

AT = "2020-01-29T02:00Z"
"""Night in London, 11 in the morning in Tokyo."""

EVENING = "2020-01-28T22:00Z"
"""Not yet night in London, 5 points an hour; 7 in the morning in Tokyo, 3 points."""


def night(week: int) -> str:
    """A night in London so many weeks before."""
    return (at(AT) - timedelta(weeks=week)).isoformat()


def london(name: str, *, weight: int = 1, never: tuple[str, ...] = (), roles: tuple[str, ...] = ()) -> Member:
    return replace(seat("Europe/London", name=name, weight=weight, never=never), roles=roles)


def tokyo(count: int, *, roles: tuple[str, ...] = ()) -> list[Member]:
    return [replace(seat("Asia/Tokyo", name=f"t{index}"), roles=roles) for index in range(count)]


def judged(roster: Sequence[Member], earlier: Sequence[str] = (), thresholds: Thresholds | None = None) -> Check:
    proposal = TimeProposal(
        start=at(AT),
        minutes=60,
        calls=[call(start) for start in earlier],
        thresholds=thresholds or Thresholds(),
        audience=audience_of(roster, meeting_of(), hours=Hours()),
    )
    found = check_time(proposal)
    assert verdict_at(proposal) is found.verdict
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """Who is judged after which calls, and what is said of it."""

    roster: Sequence[Member]
    earlier: Sequence[str] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    verdict: str
    why: Sequence[str]


NEVER = ("01:00-03:00",)
CHAIR = Thresholds(required_roles=("chair",))

SITUATIONS = {
    "nobody is in the night": Situation(
        roster=tokyo(1),
        verdict="good",
        why=["0 of 1 would be in the night, and no rule speaks against it"],
    ),
    "there is nobody": Situation(
        roster=[],
        verdict="good",
        why=["nobody is in the roster, so no rule can speak against it"],
    ),
    "a fifth is not more than 20 percent": Situation(
        roster=[london("a"), *tokyo(4)],
        verdict="good",
        why=["1 of 5 would be in the night, and no rule speaks against it"],
    ),
    "a quarter is": Situation(
        roster=[london("a"), *tokyo(3)],
        verdict="acceptable",
        why=["1 of 4 would be in the night, more than 20 percent"],
    ),
    "a half is not more than 50 percent": Situation(
        roster=[london("a"), *tokyo(1)],
        verdict="acceptable",
        why=["1 of 2 would be in the night, more than 20 percent"],
    ),
    "two thirds are": Situation(
        roster=[london("a"), london("b"), *tokyo(1)],
        verdict="poor",
        why=["2 of 3 would be in the night, more than 50 percent"],
    ),
    "a seat counts for as many as it stands for": Situation(
        roster=[london("a", weight=6), *tokyo(4)],
        verdict="poor",
        why=["6 of 10 would be in the night, more than 50 percent"],
    ),
    "a seat that stands for nobody is in no share": Situation(
        roster=[london("a", weight=0), *tokyo(1)],
        verdict="good",
        why=["0 of 1 would be in the night, and no rule speaks against it"],
    ),
    "twice running, and so they have borne the most": Situation(
        roster=[london("a"), *tokyo(4)],
        earlier=[night(1)],
        verdict="acceptable",
        why=[
            "a would be in the night twice running",
            "a has borne the most so far and would be in the night",
        ],
    ),
    "three times running": Situation(
        roster=[london("a"), *tokyo(4)],
        earlier=[night(2), night(1)],
        verdict="acceptable",
        why=[
            "a would be in the night 3 times running",
            "a has borne the most so far and would be in the night",
        ],
    ),
    "four times running": Situation(
        roster=[london("a"), *tokyo(4)],
        earlier=[night(3), night(2), night(1)],
        verdict="poor",
        why=[
            "a would be in the night 4 times running",
            "a has borne the most so far and would be in the night",
        ],
    ),
    "a call by day in between ends the row": Situation(
        roster=[london("a"), *tokyo(4)],
        earlier=[night(2), "2020-01-22T12:00Z"],
        thresholds=Thresholds(acceptable_streak=2),
        verdict="acceptable",
        why=["a has borne the most so far and would be in the night"],
    ),
    "some longer than others": Situation(
        roster=[london("a"), replace(london("b"), joined=at(night(1)).date()), *tokyo(8)],
        earlier=[night(2), night(1)],
        verdict="acceptable",
        why=[
            "a would be in the night 3 times running; 2 in all at least twice running",
            "a has borne the most so far and would be in the night",
        ],
    ),
    "who has borne the most, though never in the night": Situation(
        roster=[london("a"), *tokyo(4)],
        earlier=[EVENING],
        verdict="acceptable",
        why=["a has borne the most so far and would be in the night"],
    ),
    "several have borne the most": Situation(
        roster=[london("a"), london("b"), *tokyo(8)],
        earlier=[EVENING],
        verdict="acceptable",
        why=["a and b have borne the most so far and would be in the night"],
    ),
    "where nobody has borne anything nobody is worst off": Situation(
        roster=[london("a"), *(seat("Africa/Lagos", name=name, night="05:00-06:00") for name in "bcde")],
        earlier=["2020-01-22T12:00Z"],
        verdict="good",
        why=["1 of 5 would be in the night, and no rule speaks against it"],
    ),
    "somebody cannot attend": Situation(
        roster=[london("a", never=NEVER), *tokyo(4)],
        verdict="poor",
        why=["a cannot attend: the time touches hours they have ruled out"],
    ),
    "many cannot attend, and some are counted": Situation(
        roster=[london(name, never=NEVER) for name in "gfedcba"] + tokyo(35),
        verdict="poor",
        why=["a, b, c, d, e and 2 more cannot attend: the time touches hours they have ruled out"],
    ),
    "a role that is required is asleep": Situation(
        roster=[london("a", roles=("scribe", "chair")), *tokyo(4)],
        thresholds=CHAIR,
        verdict="poor",
        why=["a (chair) must be awake and would be in the night"],
    ),
    "a role that is required is awake": Situation(
        roster=[london("a", roles=("scribe",)), *tokyo(4, roles=("chair",))],
        thresholds=CHAIR,
        verdict="good",
        why=["1 of 5 would be in the night, and no rule speaks against it"],
    ),
    "everything at once, the gravest first": Situation(
        roster=[london("a", never=NEVER, roles=("chair",)), london("b")],
        earlier=[night(1)],
        thresholds=CHAIR,
        verdict="poor",
        why=[
            "a cannot attend: the time touches hours they have ruled out",
            "a (chair) must be awake and would be in the night",
            "2 of 2 would be in the night, more than 50 percent",
            "a and b would be in the night twice running",
            "a and b have borne the most so far and would be in the night",
        ],
    ),
    "a stricter share": Situation(
        roster=[london("a"), *tokyo(9)],
        thresholds=Thresholds(acceptable_share=0, poor_share=5),
        verdict="poor",
        why=["1 of 10 would be in the night, more than 5 percent"],
    ),
    "a laxer share": Situation(
        roster=[london("a")],
        thresholds=Thresholds(acceptable_share=100, poor_share=100),
        verdict="good",
        why=["1 of 1 would be in the night, and no rule speaks against it"],
    ),
    "a stricter row": Situation(
        roster=[london("a"), *tokyo(4)],
        thresholds=Thresholds(acceptable_streak=1, poor_streak=1),
        verdict="poor",
        why=["a would be in the night once"],
    ),
    "a laxer row": Situation(
        roster=[london("a"), *tokyo(4)],
        earlier=[night(3), night(2), night(1)],
        thresholds=Thresholds(acceptable_streak=9, poor_streak=9),
        verdict="acceptable",
        why=["a has borne the most so far and would be in the night"],
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_verdict_and_its_sentences(name: str) -> None:
    situation = SITUATIONS[name]
    found = judged(situation.roster, situation.earlier, situation.thresholds)

    assert (str(found.verdict), list(in_words(found.why))) == (situation.verdict, situation.why)


def test_every_rule_has_a_situation_in_which_it_speaks_alone_or_first() -> None:
    firsts = {situation.why[0].removeprefix("a ")[:6] for situation in SITUATIONS.values()}

    assert len(RULES) == 5
    assert {"cannot", "(chair", "2 of 3", "would ", "has bo"} <= firsts


def test_verdicts_run_from_good_to_poor() -> None:
    order = [Verdict.GOOD, Verdict.ACCEPTABLE, Verdict.POOR]

    assert [[one.is_at_least(other) for other in order] for one in order] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


@pytest.mark.parametrize(
    ("thresholds", "said"),
    [
        ({"acceptable_share": 60}, "found shares of 60 and 50 percent; they rise from 0 to 100"),
        ({"poor_share": 101}, "found shares of 20 and 101 percent; they rise from 0 to 100"),
        ({"acceptable_share": -1}, "found shares of -1 and 50 percent; they rise from 0 to 100"),
        ({"acceptable_streak": 5}, "found streaks of 5 and 4 calls; they rise from 1"),
        ({"acceptable_streak": 0}, "found streaks of 0 and 4 calls; they rise from 1"),
    ],
)
def test_thresholds_that_fall_are_refused(thresholds: dict[str, int], said: str) -> None:
    with pytest.raises(InvalidValue) as error:
        replace(Thresholds(), **thresholds)  # type: ignore[arg-type]
    assert str(error.value) == said


PLAN = """
format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2020-01-06, repeat = "FREQ=WEEKLY", count = 4 }
rotation = { slots = [{ at = "12:00" }] }
members = [{ id = "a", zone = "UTC", roles = ["chair"] }, { id = "b", zone = "Asia/Tokyo" }]
"""


def plan_with(folder: Path, verdict: str) -> Path:
    path = folder / "plan.toml"
    path.write_text(f"{PLAN}\n[verdict]\n{verdict}\n", "utf-8")
    return path


def test_a_plan_gives_the_thresholds(tmp_path: Path) -> None:
    lax = plan_with(tmp_path, "acceptable-share = 50\npoor-share = 90\nacceptable-streak = 3\npoor-streak = 8")
    assert load_plan(lax).thresholds == Thresholds(
        acceptable_share=50, poor_share=90, acceptable_streak=3, poor_streak=8
    )
    assert load_plan(lax).check(at(AT)).verdict is Verdict.GOOD
    strict = plan_with(tmp_path, "required-roles = ['chair']")
    assert in_words(load_plan(strict).check(at(AT)).why)[0] == "a (chair) must be awake and would be in the night"


def test_a_plan_that_says_nothing_has_the_published_thresholds(tmp_path: Path) -> None:
    assert load_plan(plan_with(tmp_path, "")).thresholds == Thresholds()
    (tmp_path / "bare.toml").write_text(PLAN, "utf-8")
    bare = load_plan(tmp_path / "bare.toml")
    assert bare.thresholds is None
    assert bare.check(at(AT)).verdict is Verdict.ACCEPTABLE


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("acceptable-share = 60", ["verdict.poor-share: found 50, less than 60; write 60 or more"]),
        (
            "acceptable-share = 60\npoor-share = 10\nacceptable-streak = 9",
            [
                "verdict.poor-share: found 10, less than 60; write 60 or more",
                "verdict.poor-streak: found 4, less than 9; write 9 or more",
            ],
        ),
        ("poor-share = 101", ["verdict.poor-share: found 101; write a whole number from 0 to 100"]),
        ("poor-streak = 0", ["verdict.poor-streak: found 0; write a whole number from 1 to"]),
        ("required-roles = 'chair'", ["verdict.required-roles: found 'chair'; "]),
        ("poor-shares = 40", ["verdict.poor-shares: unknown key; did you mean 'poor-share'?"]),
    ],
)
def test_mistakes_in_the_thresholds_are_told_with_their_places(tmp_path: Path, verdict: str, said: list[str]) -> None:
    with pytest.raises(InvalidPlan) as error:
        load_plan(plan_with(tmp_path, verdict))
    found = [str(mistake) for mistake in error.value.mistakes]

    assert len(found) == len(said)
    assert all(text.startswith(words) for text, words in zip(found, said, strict=True)), found


def test_a_required_role_that_nobody_has_is_odd(tmp_path: Path) -> None:
    warning = "verdict.required-roles names 'chiar', which no member has"
    path = plan_with(tmp_path, "required-roles = ['chair', 'chiar']")

    assert [text for text in in_words(load_plan(path).warnings) if "roles" in text] == [warning]
    assert warning in invoke("validate", path).out
