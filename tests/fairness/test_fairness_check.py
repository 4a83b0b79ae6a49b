"""``check``: the ledger before and after a proposed time, the better times near it, the JSON and the exit codes.

Law: the better times and the trades equal those of the twin, which asks every half hour of the 24 around what it would
put on whom, and compares every two of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiences import audience_of
from conftest import Run
from facts import in_words
from invoke import invoke
from mag_rotation.calls import Status
from mag_rotation.choice import find_dominated
from mag_rotation.errors import InvalidInstant
from mag_rotation.fairness import Check, Fairness, TimeProposal, Verdict, check_time, measure_fairness, worst
from mag_rotation.hours import Curve, Hours
from mag_rotation.night import night_report
from mag_rotation.planfile import load_plan
from mag_rotation.roster import DaysOff, Member
from mag_rotation.zones import TZDATA_VERSION
from proposed_times import call
from strategies import at, meeting_of, seat
from twin_fairness import Rated, Season, better_times, seasons

MINUTE = timedelta(minutes=1)


@st.composite
def proposals(draw: st.DrawFn) -> tuple[Season, datetime, int]:
    """A season, and a time within a day of one of its calls, before it or after."""
    season = draw(seasons(most_calls=4, most_members=3))
    anchor = draw(st.sampled_from([one.start for one in season.calls] or [at("2020-10-20T12:00Z")]))
    start = anchor + draw(st.sampled_from((0, 30, -30, 60, 7)) | st.integers(-1440, 1440)) * MINUTE
    return season, start, draw(st.sampled_from((60, 120, 90, 1)))


def proposal_of(season: Season, start: datetime, minutes: int) -> TimeProposal:
    return TimeProposal(
        start=start,
        minutes=minutes,
        calls=season.calls,
        history=season.history,
        audience=audience_of(season.roster, season.meeting, hours=season.hours, days_off=season.days_off),
    )


@given(proposals())
def test_the_ledgers_are_those_of_the_calls_before_without_and_with_the_proposed_one(
    proposed: tuple[Season, datetime, int],
) -> None:
    season, start, minutes = proposed
    proposal = proposal_of(season, start, minutes)
    found = check_time(proposal)
    earlier = [one for one in season.calls if one.start < start]

    def measured(*more: object) -> Fairness:
        return measure_fairness(
            [*earlier, *([proposal.as_call()] if more else [])],
            audience_of(season.roster, season.meeting, hours=season.hours, days_off=season.days_off),
            history=season.history,
        )

    assert found.before == measured()
    assert with_history_of(found.before, found.after) == with_history_of(found.before, measured("with"))


def with_history_of(before: Fairness, after: Fairness) -> Fairness:
    """The ledger after with what is known of attendance before: nobody has attended what is only proposed."""
    known = {share.id: share.attended_burden for share in before.members}
    return replace(after, members=tuple(replace(share, attended_burden=known.get(share.id)) for share in after.members))


@given(proposals())
def test_the_night_is_that_of_the_night_report(proposed: tuple[Season, datetime, int]) -> None:
    season, start, minutes = proposed

    assert check_time(proposal_of(season, start, minutes)).night == night_report(
        start=start,
        minutes=minutes,
        audience=audience_of(season.roster, season.meeting, hours=season.hours, days_off=season.days_off),
    )


@given(proposals())
def test_the_better_times_are_those_that_trying_every_half_hour_finds(
    proposed: tuple[Season, datetime, int],
) -> None:
    season, start, minutes = proposed
    found = check_time(proposal_of(season, start, minutes))
    mine, expected = better_times(season, start, minutes)

    assert (found.figures.worst, found.figures.nights, found.figures.total) == mine.figures
    assert [
        Rated(
            start=time.start,
            worst=time.worst,
            nights=time.in_night,
            total=time.total,
            kind=str(time.kind),
            gains=" ".join(time.comparison.gains),
            pays=" ".join(time.comparison.pays),
        )
        for time in found.better
    ] == expected
    assert all(time.figures.dominates(found.figures) == (time.kind == "better") for time in found.better)
    assert not any(find_dominated([found.figures, *(time.figures for time in found.better)])[1:])


def check(roster: Sequence[Member], start: str, *earlier: str, hours: Hours | None = None) -> Check:
    return check_time(
        TimeProposal(
            start=at(start),
            minutes=60,
            calls=[call(one) for one in earlier],
            audience=audience_of(roster, meeting_of(), hours=hours or Hours()),
        )
    )


def test_before_the_first_call_the_ledger_is_empty() -> None:
    found = check([seat("Europe/London")], "2020-01-08T02:00Z", "2020-01-15T02:00Z")

    assert (found.before.calls, found.before.members, found.before.by_group) == (0, (), {})
    assert (found.after.calls, found.after.burdens) == (1, (600,))
    share = found.after.members[0]
    # the proposed time is fixed, as an extra's is: no rotation could have spared it
    assert (share.best_possible, share.regret, share.night_calls, share.longest_night_streak) == (600, 0, 1, 1)


def test_without_members_there_is_nobody_to_spare() -> None:
    found = check([], "2020-01-08T02:00Z")

    assert (found.verdict, found.better, found.after.members) == (Verdict.GOOD, (), ())
    assert in_words(found.why) == ("nobody is in the roster, so no rule can speak against it",)


def test_where_nobody_takes_part_that_is_the_reason() -> None:
    gone = replace(seat(), left=date(2019, 12, 31))

    assert in_words(check([gone], "2020-01-08T02:00Z").why) == (
        "nobody of the roster takes part at that time, so no rule can speak against it",
    )
    assert in_words(check([gone, seat(name="b")], "2020-01-08T12:00Z").why) == (
        "0 of 1 would be in the night, and no rule speaks against it",
    )


def test_a_call_at_the_very_instant_or_later_is_not_in_the_ledger_before() -> None:
    found = check([seat()], "2020-01-08T02:00Z", "2020-01-08T02:00Z", "2020-01-08T01:59Z", "2020-01-09T02:00Z")

    assert found.before.calls == 1


def test_a_time_at_which_nobody_bears_anything_cannot_be_bettered() -> None:
    assert check([seat("UTC"), seat("Africa/Lagos", name="b")], "2020-01-08T12:00Z").better == ()


def test_a_time_is_better_that_puts_fewer_in_the_night_and_costs_nobody_more() -> None:
    # b has borne four nights and stays the hardest hit; the proposed time is by day for b and in the night for a
    burdened = ["2020-01-01T17:00Z", "2020-01-02T17:00Z", "2020-01-03T17:00Z", "2020-01-04T17:00Z"]
    found = check([seat("UTC", name="a"), seat("Asia/Tokyo", name="b")], "2020-01-08T02:00Z", *burdened)

    assert worst(found.after.burdens) == worst(found.before.burdens) > 0
    first, *others = found.better
    assert (first.start.hour, str(first.kind), first.comparison.gains) == (7, "better", ("nights", "total"))
    assert [(time.start.hour, str(time.kind), time.comparison.pays) for time in others] == [
        (7, "trade", ("worst",)),
        (8, "trade", ("worst",)),
    ]


def test_better_times_come_before_trades_and_the_nearest_first_in_each() -> None:
    # a has borne more than b, so that sparing a costs b, and both cannot be awake everywhere
    roster = [seat("UTC", name="a"), seat("Pacific/Auckland", name="b"), seat("America/Denver", name="c")]
    found = check(roster, "2020-01-08T00:00Z", "2020-01-01T03:00Z")
    rows = [(str(time.kind), abs(time.start - at("2020-01-08T00:00Z")), time.start) for time in found.better]

    assert rows == sorted(rows)
    assert {kind for kind, _, _ in rows} == {"better", "trade"}


def test_of_two_as_near_the_earlier_comes_first_and_the_ends_of_the_12_hours_count() -> None:
    # the curve is free at 15:00 of both days and nowhere else
    free = Hours(curve="x", curves={"x": Curve([0 if hour == 15 else 5 for hour in range(24)])})
    found = check([seat("UTC", night="00:00-00:01")], "2020-01-08T03:00Z", hours=free)

    assert [f"{time.start:%d %H:%M}" for time in found.better] == ["07 15:00", "08 15:00"]


def test_the_grid_is_that_of_the_half_hours_though_the_proposed_time_is_not_on_it() -> None:
    found = check([seat("UTC")], "2020-01-08T03:10Z")

    assert {time.start.minute for time in found.better} == {0, 30}
    assert all(abs(time.start - at("2020-01-08T03:10Z")) <= timedelta(hours=12) for time in found.better)


def test_a_time_that_blocks_somebody_is_never_better() -> None:
    free, nurse = seat("UTC"), seat("UTC", never=("08:00-20:00",))
    found, barred = (check([member], "2020-01-08T03:00Z").better for member in (free, nurse))

    def on_the_hours_of_day(times: Sequence[object]) -> bool:
        return at("2020-01-08T12:00Z") in times

    assert on_the_hours_of_day([time.start for time in found])
    assert not on_the_hours_of_day([time.start for time in barred])
    assert barred != ()


def test_seats_count_by_weight_in_the_night_of_a_better_time() -> None:
    # whatever is by day in London is in the night in Auckland
    roster = [seat("Europe/London", name="a", weight=2), seat("Pacific/Auckland", name="b", weight=5)]
    found = check(roster, "2020-01-08T02:30Z")

    assert found.figures.nights == 2
    assert {time.in_night for time in found.better} == {0}
    assert check(roster[1:], "2020-01-08T12:00Z").figures.nights == 5


def test_a_time_with_the_figures_of_the_proposed_one_is_left_out() -> None:
    # every hour of the night costs the same, so that within it no start differs from another
    level = Hours(curve="x", curves={"x": Curve([6] * 24)})
    found = check([seat("UTC", night="00:00-23:59")], "2020-01-08T12:00Z", hours=level)

    assert found.better == ()


def test_days_off_count_in_the_night_the_ledger_and_the_better_times_alike() -> None:
    # 8 January 2020 is a Wednesday, and here a day off at 20 points an hour
    member = replace(seat("UTC"), groups={"country": "XX"})
    proposal = TimeProposal(
        start=at("2020-01-08T12:00Z"),
        minutes=60,
        calls=[call("2020-01-01T12:00Z")],
        audience=audience_of(
            [member], meeting_of(), hours=Hours(weekend_points=20), days_off={"XX": DaysOff(weekend=frozenset({2}))}
        ),
    )
    found = check_time(proposal)

    assert (found.night.members[0].burden, found.night.members[0].day_off) == (1200, "weekend")
    assert (found.before.burdens, found.after.burdens) == ((1200,), (2400,))
    # until midnight none is better than at noon; in the night of the day after it is 480 against 1200
    assert (found.better[0].start, found.better[0].worst) == (at("2020-01-09T00:00Z"), 1200 + 60 * 8)
    assert found.better[0].comparison.pays == ("nights",)
    assert check_time(replace(proposal, audience=replace(proposal.audience, days_off={}))).after.burdens == (0,)


def test_an_instant_may_be_in_any_zone_and_must_be_one() -> None:
    there = timezone(timedelta(hours=9))
    found = TimeProposal(
        start=datetime(2020, 1, 9, 1, tzinfo=there),
        minutes=60,
        calls=(),
        audience=audience_of((), meeting_of(), hours=Hours()),
    )
    assert (found.start, found.start.tzinfo) == (at("2020-01-08T16:00Z"), UTC)
    assert found.as_call().date == date(2020, 1, 8)
    with pytest.raises(InvalidInstant):
        replace(found, start=found.start.replace(tzinfo=None))


PLAN = """
format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2020-01-06, repeat = "FREQ=WEEKLY", count = 4 }
rotation = { slots = [{ at = "02:00" }] }

[curves.owl]
hours = [0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

[[members]]
id = "a"
zone = "Europe/London"
groups = { region = "WEOG" }

[[members]]
id = "b"
zone = "Asia/Tokyo"
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, "utf-8")
    return path


GOOD, ACCEPTABLE, POOR = "2020-01-21T12:00Z", "2020-01-28T23:00Z", "2020-01-28T02:00Z"


@pytest.mark.parametrize(
    ("instant", "verdict", "poor", "acceptable"),
    [(GOOD, "good", 0, 0), ("2020-01-14T02:00Z", "acceptable", 0, 1), (POOR, "poor", 1, 1)],
)
def test_the_exit_code_says_whether_the_verdict_is_as_bad(
    plan: Path, instant: str, verdict: str, poor: int, acceptable: int
) -> None:
    plain = invoke("check", plan, "--at", instant, "-f", "json")
    failing = [invoke("check", plan, "--at", instant, "--fail-on", level) for level in ("poor", "acceptable")]

    assert (plain.code, plain.document["verdict"]) == (0, verdict)
    assert [done.code for done in failing] == [poor, acceptable]
    assert all(done.out and not done.err for done in failing)


def test_a_script_sees_the_exit_code_of_the_process(plan: Path, run: Run) -> None:
    done = run("check", plan, "--at", POOR, "--fail-on", "poor")

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[1].startswith("Tuesday 28 January 2020, 02:00 UTC: poor")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no time"),
        pytest.param(["--at", "2020-01-28T02:00"], id="no offset"),
        pytest.param(["--at", POOR, "--fail-on", "good"], id="good is nothing to fail on"),
        pytest.param(["--at", POOR, "--duration", "0min"], id="no length"),
    ],
)
def test_what_cannot_be_judged_is_refused(plan: Path, arguments: list[str]) -> None:
    done = invoke("check", plan, *arguments)

    assert (done.code, done.out) == (2, "")


def test_the_json_has_the_keys_of_the_contract(plan: Path) -> None:
    document = invoke("check", plan, "--at", "2020-01-14T02:00Z", "-f", "json").document
    night, ledgers = document["night"], document["fairness"]

    assert isinstance(night, dict)
    assert isinstance(ledgers, dict)
    assert list(document) == [
        "meeting", "tzdata", "night", "verdict", "why", "why_facts", "fairness", "better", "beside", "instead_of",
        "planned", "sensitivity", "warnings", "warning_facts",
    ]  # fmt: skip
    assert (document["meeting"], document["tzdata"], document["warnings"]) == ("demo", TZDATA_VERSION, [])
    assert night == invoke("night", plan, "--at", "2020-01-14T02:00Z", "-f", "json").document
    assert document["verdict"] == "acceptable"
    assert document["why"] == [
        "1 of 2 would be in the night, more than 20 percent",
        "a would be in the night 3 times running",
        "a has borne the most so far and would be in the night",
    ]
    assert document["why_facts"] == [
        {"code": "many_in_night", "in_night": 1, "members": 2, "percent": 20},
        {"code": "nights_running", "members": ["a"], "calls": 3, "in_all": None},
        {"code": "worst_off_again", "members": ["a"]},
    ]
    assert document["sensitivity"] == {"default": "acceptable", "owl": "acceptable"}
    before = invoke("fairness", plan, "--to", "2020-01-13", "-f", "json").document
    del before["sensitivity"], before["meeting"], before["tzdata"], before["warnings"], before["warning_facts"]
    assert ledgers["before"] == before
    assert list(ledgers) == ["before", "after"]
    assert (ledgers["after"]["calls"], ledgers["after"]["worst"], list(ledgers["after"])) == (3, 1800, list(before))
    better = document["better"]
    assert isinstance(better, list)
    assert better == [
        {
            "start": "2020-01-14T09:00:00Z",
            "in_night": 0,
            "worst": 1200,
            "total": 1320,
            "kind": "better",
            "gains": ["worst", "nights", "total"],
            "pays": [],
        },
    ]


def test_the_verdict_under_each_curve_of_the_plan_is_said(plan: Path) -> None:
    # an owl's own hours: London bears nothing at two in the night, Tokyo does at eleven in the morning
    plan.write_text(PLAN.replace('at = "02:00"', 'at = "22:00"') + "\n[verdict]\nacceptable-share = 50\n")
    document = invoke("check", plan, "--at", POOR, "-f", "json").document
    lines = invoke("check", plan, "--at", POOR).lines

    assert document["sensitivity"] == {"default": "acceptable", "owl": "good"}
    assert lines[1] == "Tuesday 28 January 2020, 02:00 UTC: acceptable, but good under the curve 'owl'."


def test_the_table_gives_the_reasons_the_ledger_and_the_better_times(plan: Path) -> None:
    lines = invoke("check", plan, "--at", "2020-01-14T02:00Z").lines

    assert lines[:5] == [
        "Demo: is this time fair?",
        "Tuesday 14 January 2020, 02:00 UTC: acceptable, under each of the 2 curves.",
        "- 1 of 2 would be in the night, more than 20 percent.",
        "- a would be in the night 3 times running.",
        "- a has borne the most so far and would be in the night.",
    ]
    assert lines[6].startswith("A night-hour is as much as an hour of a call at the worst time of night: 10 points")
    assert lines[7] == f"{WITHIN}1 is better (less in a figure and more in none) and none is a trade."
    assert lines[8:10] == ["Tue 2020-01-14 02:00 to 03:00 UTC.", "1 of 2 in the night (23:00-06:00 local time)."]
    assert [line.split() for line in lines[11:15]] == [
        ["start", "(UTC)", "away", "in", "the", "night", "hardest", "hit", "change", "in", "total", "change"],
        ["this", "time", "Tue", "02:00", "1", "3.0", "h", "0.0", "h", "3.0", "h", "0.0", "h"],
        ["better", "Tue", "09:00", "+7", "h", "0", "(-1)", "2.0", "h", "-1.0", "h", "2.2", "h", "-0.8", "h"],
        [],
    ]
    assert lines[15].startswith("member")


WITHIN = "Of the start times within 12 hours that everybody can attend, "
SEATS_APART = """
[[members]]
id = "c"
zone = "America/Denver"
"""


@pytest.mark.parametrize(
    ("members", "instant", "said"),
    [
        ("", "2020-01-21T09:00Z", "none is better and none is a trade."),
        ("", "2020-01-08T03:00Z", "1 is better (less in a figure and more in none) and none is a trade."),
        ('never = ["00:00-24:00"]\n', POOR, "none is better and none is a trade."),
        (SEATS_APART, "2020-01-08T03:00Z", "8 are better (less in a figure and more in none) and "),
        (SEATS_APART, "2020-01-08T15:00Z", "none is better and "),
    ],
)
def test_the_table_says_how_many_times_are_better_or_a_trade(plan: Path, members: str, instant: str, said: str) -> None:
    plan.write_text(PLAN + members)
    lines = invoke("check", plan, "--at", instant).lines
    assert any(line.startswith(f"{WITHIN}{said}") for line in lines), lines[:14]


def test_a_table_shows_five_times_of_each_kind_and_says_how_many_more_there_are(plan: Path) -> None:
    plan.write_text(PLAN + SEATS_APART)
    lines = invoke("check", plan, "--at", "2020-01-08T03:00Z").lines
    rows = list(csv.DictReader(io.StringIO(invoke("check", plan, "--at", "2020-01-08T03:00Z", "-f", "csv").out)))
    shown = [sum(line.startswith(kind) for line in lines) for kind in ("better", "trade")]

    assert max(shown) == 5
    assert f"{len(rows) - 1 - sum(shown)} more start time" in " ".join(lines)


def test_the_sheet_for_spreadsheets_has_the_proposed_time_and_then_the_others(plan: Path) -> None:
    done = invoke("check", plan, "--at", "2020-01-14T02:00Z", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))

    assert list(rows[0]) == ["start", "in_night", "worst", "total", "kind", "gains", "pays", "tzdata"]
    assert [(row["start"], row["kind"], row["gains"], row["pays"]) for row in rows] == [
        ("2020-01-14T02:00:00Z", "same", "", ""),
        ("2020-01-14T09:00:00Z", "better", "worst;nights;total", ""),
    ]


def test_a_proposed_time_has_a_length_of_its_own(plan: Path) -> None:
    document = invoke("check", plan, "--at", POOR, "--duration", "2h", "-f", "json").document
    night = document["night"]

    assert isinstance(night, dict)
    assert night["end"] == "2020-01-28T04:00:00Z"
    assert load_plan(plan).check(at(POOR)).night.end == at("2020-01-28T03:00Z")


# The calls of the plan beside a proposed time, and a time in the place of a call.


def starts_beside(start: str, *calls: str, **changes: Status) -> list[str]:
    found = check_time(
        TimeProposal(
            start=at(start),
            minutes=60,
            calls=[replace(call(one), status=changes.get(f"on_{one[8:10]}", Status.PLANNED)) for one in calls],
            audience=audience_of([seat()], meeting_of(), hours=Hours()),
        )
    )
    return [f"{one.start:%d %H:%M}" for one in found.beside]


def test_the_calls_beside_a_time_are_the_held_ones_less_than_a_day_away() -> None:
    calls = ("2020-01-07T12:00Z", "2020-01-07T12:01Z", "2020-01-08T12:00Z", "2020-01-09T11:59Z", "2020-01-09T12:00Z")

    assert starts_beside("2020-01-08T12:00Z", *calls) == ["07 12:01", "08 12:00", "09 11:59"]
    assert starts_beside("2020-01-08T12:00Z", *calls, on_07=Status.CANCELLED, on_08=Status.EXTRA) == [
        "08 12:00", "09 11:59",
    ]  # fmt: skip
    assert starts_beside("2020-03-01T12:00Z", *calls) == []


@given(proposals(), st.randoms(use_true_random=False))
def test_a_time_instead_of_a_call_is_judged_as_if_the_plan_had_never_had_the_call(
    proposed: tuple[Season, datetime, int], chance: Random
) -> None:
    season, start, minutes = proposed
    if not season.calls:
        return
    gone = chance.choice(list(season.calls))
    found = check_time(replace(proposal_of(season, start, minutes), instead_of=gone))
    without = replace(proposal_of(season, start, minutes), calls=[one for one in season.calls if one != gone])

    assert found.instead_of == gone
    assert replace(found, instead_of=None, planned=None) == check_time(without)


@given(proposals(), st.randoms(use_true_random=False))
def test_the_call_that_is_replaced_stands_beside_the_time_after_the_same_calls(
    proposed: tuple[Season, datetime, int], chance: Random
) -> None:
    season, start, minutes = proposed
    if not season.calls:
        return
    gone = chance.choice(list(season.calls))
    proposal = replace(proposal_of(season, start, minutes), instead_of=gone)
    found, own = check_time(proposal), check_time(replace(proposal, start=gone.start, minutes=gone.minutes))

    if not gone.is_held:
        assert (found.planned, found.comparison) == (None, None)
        return
    planned, comparison = found.planned, found.comparison
    assert planned is not None
    assert comparison is not None
    assert (planned.night.members, planned.verdict) == (own.night.members, own.verdict)
    between = sorted((start, gone.start))
    if not any(between[0] <= one.start < between[1] for one in season.held if one != gone):
        assert planned.figures == own.figures
    assert planned.figures.nights == own.figures.nights
    assert planned.figures.total - found.before.total == sum(row.burden for row in own.night.members)
    blocked, before = set(found.night.blocked), set(planned.night.blocked)
    pairs = [(getattr(found.figures, name), getattr(planned.figures, name)) for name in ("worst", "nights", "total")]
    gains = any(new < old for new, old in pairs) or bool(before - blocked)
    pays = any(new > old for new, old in pairs) or bool(blocked - before)
    kinds = {(True, True): "trade", (True, False): "better", (False, True): "worse", (False, False): "same"}
    assert comparison.standing == kinds[gains, pays]


WEEK = """
format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h", numbering = { first = 1 } }
schedule = { first = 2020-01-06, repeat = "FREQ=WEEKLY", count = 4 }
rotation = { slots = [{ at = "02:00" }] }
exceptions = [
  { date = 2020-01-13, duration = "2h" },
  { date = 2020-01-20, cancel = true },
]
extras = [{ date = 2020-01-14, at = "01:30", numbered = false }]
"""
SEATS = '\n[[members]]\nid = "a"\nzone = "Europe/London"\n'


def reasons(folder: Path, *arguments: str, members: str = SEATS) -> dict[str, object]:
    path = folder / "week.toml"
    path.write_text(WEEK + members, "utf-8")
    done = invoke("check", path, *arguments, "-f", "json")
    assert done.code == 0, done.err
    return done.document


def listed(document: dict[str, object], key: str) -> list[object]:
    found = document[key]
    assert isinstance(found, list)
    return found


def dates_beside(document: dict[str, object]) -> list[object]:
    return [one["date"] for one in listed(document, "beside") if isinstance(one, dict)]


def test_a_call_of_that_day_is_named_with_the_way_to_judge_the_time_in_its_place(tmp_path: Path) -> None:
    document = reasons(tmp_path, "--at", "2020-01-13 12:00 UTC")
    first, second = (one for one in listed(document, "why") if "plan has" in str(one))

    assert first == (
        "the plan has call 2 on Mon 2020-01-13 02:00 UTC, 10 h earlier, which counts beside it; "
        "--instead-of 2 judges the time in its place"
    )
    assert second == (
        "the plan has a call on Tue 2020-01-14 01:30 UTC, 13 h 30 later, which counts beside it; "
        "--instead-of 2020-01-14 judges the time in its place"
    )
    assert dates_beside(document) == ["2020-01-13", "2020-01-14"]
    assert document["instead_of"] is None


@pytest.mark.parametrize("at_instant", ["2020-01-20 12:00 UTC", "2020-01-10T12:00Z", "2021-01-01T00:00Z"])
def test_no_call_is_named_where_none_is_held_near(at_instant: str, tmp_path: Path) -> None:
    document = reasons(tmp_path, "--at", at_instant)

    assert document["beside"] == [reason for reason in listed(document, "why") if "plan has" in str(reason)] == []


@pytest.mark.parametrize("named", ["2", "2020-01-13", "demo-20200113@example.org"])
def test_a_call_that_is_replaced_leaves_both_ledgers_and_gives_its_length(named: str, tmp_path: Path) -> None:
    beside = reasons(tmp_path, "--at", "2020-01-13 22:00 UTC")
    instead = reasons(tmp_path, "--at", "2020-01-13 22:00 UTC", "--instead-of", named)
    shorter = reasons(tmp_path, "--at", "2020-01-13 22:00 UTC", "--instead-of", named, "--duration", "1h")

    def of(document: dict[str, object]) -> tuple[object, ...]:
        ledgers, night = document["fairness"], document["night"]
        assert isinstance(ledgers, dict)
        assert isinstance(night, dict)
        return ledgers["before"]["worst"], ledgers["after"]["worst"], ledgers["after"]["calls"], night["end"]

    assert of(beside) == (1800, 2100, 3, "2020-01-13T23:00:00Z")
    assert of(instead) == (600, 600 + 300 + 420, 2, "2020-01-14T00:00:00Z")
    assert of(shorter) == (600, 900, 2, "2020-01-13T23:00:00Z")
    replaced = instead["instead_of"]
    assert isinstance(replaced, dict)
    assert replaced["uid"] == "demo-20200113@example.org"
    assert dates_beside(instead) == ["2020-01-14"]


def test_the_table_says_which_call_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "week.toml").write_text(WEEK + SEATS, "utf-8")
    done = invoke("check", tmp_path / "week.toml", "--at", "2020-01-13 22:00 UTC", "--instead-of", "2")

    first = (
        "Monday 13 January 2020, 22:00 UTC instead of 02:00: poor; better than planned: the hardest hit 2.2 h "
        "instead of 3.0 h, 2.2 h instead of 3.0 h in total."
    )
    assert done.lines[1:3] == [first, "Judged in the place of call 2 on Mon 2020-01-13 02:00 UTC."]
    unknown = invoke("check", tmp_path / "week.toml", "--at", "2020-01-13 22:00 UTC", "--instead-of", "9")
    assert (unknown.code, unknown.out) == (2, "")
    assert "'9' names no call of this plan; its calls run from 1 to 3" in unknown.err


CHANGED = """
[[members]]
id = "b"
zone = "Asia/Tokyo"
never = ["11:00-13:00"]
"""
COMPARED: list[tuple[str, str, str, str]] = [
    ("2", "2020-01-13 02:00 UTC", "instead of 02:00: poor; every figure is as planned.", "same"),
    ("2020-01-14", "2020-01-14 21:00 UTC", "; a trade. Gained: 0 instead of 1 in the night; the hardest hit ", "trade"),
    ("2020-01-14", "2020-01-14 21:00 UTC", "; b can attend. Paid: ", "trade"),
    ("2020-01-14", "2020-01-14 02:30 UTC", "instead of 01:30: poor; worse than planned: the hardest hit ", "worse"),
    (
        "3",
        "2020-01-28 02:00 UTC",
        "instead of Monday 27 January 2020, 02:00: poor; every figure is as planned.",
        "same",
    ),
    (
        "3",
        "2020-01-27 09:30 UTC",
        "instead of 02:00: good; better than planned: 0 instead of 1 in the night; ",
        "better",
    ),
]


@pytest.mark.parametrize(("call", "instant", "said", "kind"), COMPARED)
def test_a_time_is_compared_with_the_call_as_planned(
    call: str, instant: str, said: str, kind: str, tmp_path: Path
) -> None:
    (tmp_path / "week.toml").write_text(WEEK + SEATS + CHANGED, "utf-8")
    asked = ("check", tmp_path / "week.toml", "--at", instant, "--instead-of", call)
    lines, planned = invoke(*asked).lines, invoke(*asked, "-f", "json").document["planned"]

    assert isinstance(planned, dict)
    assert list(planned) == [
        "start", "in_night", "worst", "total", "verdict", "blocked", "kind", "gains", "pays",
    ]  # fmt: skip
    assert said in lines[1]
    assert (planned["kind"], planned["verdict"], planned["blocked"]) == (kind, "poor", ["b"])
    first, second = (next(line for line in lines if line.startswith(name)) for name in ("as planned", "this time"))
    assert first.startswith("as planned, blocks b ")
    assert first.endswith("  poor")
    assert lines.index(second) == lines.index(first) + 1


def test_without_a_call_to_replace_there_is_nothing_planned(tmp_path: Path) -> None:
    assert reasons(tmp_path, "--at", "2020-01-10T02:00Z")["planned"] is None
    cancelled = reasons(tmp_path, "--at", "2020-01-20T12:00Z", "--instead-of", "2020-01-20")
    assert (cancelled["planned"], cancelled["instead_of"] is None) == (None, False)


NOBODY = "nobody is in the roster, so nobody is in the night: name a [roster] file or write [[members]] tables"


def test_without_members_the_reason_and_a_warning_say_so(tmp_path: Path) -> None:
    document = reasons(tmp_path, "--at", "2020-01-10T02:00Z", members="")

    assert (document["verdict"], document["warnings"]) == ("good", [NOBODY])
    assert document["why"] == ["nobody is in the roster, so no rule can speak against it"]


@pytest.mark.parametrize("command", [("night", "--call", "1"), ("fairness",), ("check", "--at", "2020-01-10T02:00Z")])
def test_without_members_every_answer_about_nights_warns(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "week.toml").write_text(WEEK, "utf-8")
    name, *rest = command

    assert invoke(name, tmp_path / "week.toml", *rest, "-f", "json").document["warnings"] == [NOBODY]
