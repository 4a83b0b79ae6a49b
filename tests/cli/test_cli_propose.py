"""``propose``, ``verify`` and ``next-slot`` as a secretariat types them.

Law: exit 0 is an answer, 1 an answer that says no, 2 bad input; a plan is written whole, when asked, or not at all.
"""

import json
import re
import shutil
import signal
from pathlib import Path
from typing import get_args

import pytest

from invoke import invoke
from mag_rotation.cli.progress import SearchProgress
from mag_rotation.cli.propose_options import ObjectiveOption
from mag_rotation.planfile import load_plan
from mag_rotation.propose import Objective
from paths import DATA, EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
ROTATIONS = DATA / "rotations"


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """A copy of the MAG plan that may be written."""
    shutil.copytree(MAG.parent, tmp_path / "season")
    return tmp_path / "season" / "plan.toml"


def starts(path: Path) -> list[str]:
    return [f"{call.date} {call.start:%H:%M}" for call in load_plan(path).calls if call.is_held]


def test_the_objectives_of_the_command_are_those_of_the_library() -> None:
    assert list(get_args(get_args(ObjectiveOption)[0])) == [str(objective) for objective in Objective]


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json"])
def test_a_proposal_comes_in_every_form(form: str) -> None:
    done = invoke("propose", MAG, "--slots", "2", "--format", form)

    assert (done.code, done.err) == (0, "")
    assert "tec-08" in done.out


def test_a_written_rotation_is_the_one_that_was_proposed(season: Path) -> None:
    done = invoke("propose", season, "--slots", "3", "--from", "2020-09-01", "--keep", "1", "--write", "-f", "json")
    proposed = {(call["uid"], call["start"], call["end"]) for call in done.document["calls"]}  # type: ignore[attr-defined]
    written = {(call.uid, f"{call.start:%FT%TZ}", f"{call.end:%FT%TZ}") for call in load_plan(season).calls}

    assert written == proposed
    assert "+++ b/plan.toml" in done.err  # stdout is one document


def test_history_and_announced_calls_keep_their_hours_when_a_rotation_is_written(season: Path) -> None:
    before = starts(season)
    invoke("propose", season, "--slots", "3", "--from", "2020-09-01", "--keep", "2", "--write")
    after = starts(season)

    assert [line for line in after if line < "2020-09-16"] == [line for line in before if line < "2020-09-16"]
    assert after != before


def test_a_written_plan_keeps_its_comments(season: Path) -> None:
    comments = {line for line in season.read_text("utf-8").splitlines() if line.startswith("#")}
    done = invoke("propose", season, "--slots", "3", "--write")

    assert comments <= set(season.read_text("utf-8").splitlines())
    assert "--- a/plan.toml" in done.out


def test_writing_the_same_rotation_again_changes_no_byte(season: Path) -> None:
    invoke("propose", season, "--slots", "3", "--write")
    before = season.read_bytes()
    done = invoke("propose", season, "--slots", "3", "--write")

    assert season.read_bytes() == before
    assert "says so already" in done.out


@pytest.mark.parametrize("form", ["table", "json"])
def test_where_there_is_no_rotation_the_conflict_is_named_and_nothing_written(season: Path, form: str) -> None:
    before = season.read_bytes()
    done = invoke("propose", season, "--slots", "3", "--most-nights", "1", "--distinct", "--write", "-f", form)

    assert done.code == 1
    assert "at most 1 call in the night for anybody" in done.out
    assert "no slot twice" not in done.out
    assert season.read_bytes() == before


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody presses Ctrl-C as soon as there is a first rotation."""
    note = SearchProgress.note

    def pressing(progress: SearchProgress, best: int | None, bound: int) -> None:
        if best is not None and progress.best is None:
            signal.raise_signal(signal.SIGINT)
        note(progress, best, bound)

    monkeypatch.setattr(SearchProgress, "note", pressing)


@pytest.mark.usefixtures("interrupted")
@pytest.mark.parametrize(
    "asked", [["--slots", "6"], ["--free"], ["--slots", "4", "--objective", "total"]], ids=" ".join
)
def test_an_interrupt_writes_the_best_so_far_to_the_file_and_says_that_it_is_not_proven(
    season: Path, tmp_path: Path, asked: list[str]
) -> None:
    out = tmp_path / "proposal.json"
    done = invoke("propose", season, *asked, "--time-limit", "60min", "-f", "json", "-o", out)
    proposal = json.loads(out.read_text("utf-8"))

    assert (done.code, done.out) == (130, "")
    assert "interrupted: this is the best rotation so far, which is not proven" in done.err
    assert (proposal["proven"], proposal["cut_by"]) == (False, ["interrupted"])
    assert proposal["bound"] <= proposal["worst"]
    assert any("interrupted" in reason for reason in proposal["reasons"])
    assert invoke("verify", season, out).code == 0


@pytest.mark.usefixtures("interrupted")
@pytest.mark.parametrize("form", ["table", "json"])
def test_an_interrupt_writes_nothing_into_the_plan(season: Path, form: str) -> None:
    before = season.read_bytes()
    done = invoke("propose", season, "--slots", "6", "--time-limit", "60min", "--write", "-f", form)

    assert done.code == 130
    assert season.read_bytes() == before
    assert "which is not proven; plan.toml was not changed" in done.err
    assert "interrupted" in done.out
    assert "+++ b/plan.toml" not in done.out + done.err


def test_an_interrupt_before_there_is_a_rotation_is_an_answer_of_its_own(
    season: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = SearchProgress.note

    def pressing(progress: SearchProgress, best: int | None, bound: int) -> None:
        if not (best or bound or progress.bound):
            signal.raise_signal(signal.SIGINT)
        note(progress, best, bound)

    monkeypatch.setattr(SearchProgress, "note", pressing)
    out = tmp_path / "proposal.json"
    done = invoke("propose", season, "--slots", "6", "--cap", "9000", "-f", "json", "-o", out)

    assert (done.code, done.out, out.exists()) == (130, "", False)
    assert "interrupted before a first rotation was found; nothing was written" in done.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "give one of --slots L and --free"),
        (["--slots", "3", "--free"], "give one of --slots L and --free"),
        (["--slots", "0", "--grid", "7min"], "grid: found 7 minutes"),
        (["--slots", "3", "--grid", "soon"], "Invalid value for '--grid'"),
        (["--slots", "3", "--awake", "nobody", "--stay", "9"], "awake: found 'nobody'"),
        (["--slots", "3", "--awake", "nobody", "--stay", "9"], "stay[0]: found 9"),
        (["--slots", "3", "--group", "planet"], "the groups are"),
        (["--slots", "3", "--curve", "owl"], "the curves of this plan are default"),
        (["--slots", "3", "--zone", "Mars"], "Invalid value for '--zone'"),
        (["--slots", "3", "--weekday", "XX"], "Invalid value for '--weekday'"),
        (["--slots", "3", "--window", "6-20"], "Invalid value for '--window'"),
        (["--slots", "3", "--time-limit", "long"], "Invalid value for '--time-limit'"),
        (["--slots", "3", "--from", "2021-01-01"], "calls: found none that takes its hour from the rotation"),
        (["--slots", "3", "-o", str(MAG)], "is a file that this plan is read from"),
    ],
)
def test_bad_questions_are_refused_with_what_would_be_right(options: list[str], said: str) -> None:
    done = invoke("propose", MAG, *options)

    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_search_without_time_says_what_it_knows_and_no_more() -> None:
    document = invoke("propose", MAG, "--free", "--time-limit", "0s", "-f", "json").document

    assert document["proven"] is False
    assert isinstance(document["bound"], int)
    assert isinstance(document["worst"], int)
    assert 0 < document["bound"] <= document["worst"]


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    """A proposal for the MAG plan."""
    path = tmp_path / "proposal.json"
    assert invoke("propose", MAG, "--slots", "3", "--quorum", "30", "-f", "json", "-o", path).code == 0
    return path


def test_a_proposal_is_verified(proposal: Path) -> None:
    done = invoke("verify", MAG, proposal, "-f", "json")

    assert (done.code, done.document["holds"], done.document["findings"]) == (0, True, [])


@pytest.mark.parametrize("key", ["worst", "total", "bound"])
def test_a_proposal_with_one_digit_off_does_not_verify(proposal: Path, key: str) -> None:
    document = json.loads(proposal.read_text("utf-8"))
    document[key] += 1
    proposal.write_text(json.dumps(document), "utf-8")
    done = invoke("verify", MAG, proposal)

    assert done.code == 1
    assert str(document[key]) in done.out


def test_a_proposal_for_another_plan_does_not_verify(proposal: Path, season: Path) -> None:
    text = season.read_text("utf-8")
    season.write_text(text.replace('duration = "2h"', 'duration = "90min"'), "utf-8")

    assert invoke("verify", season, proposal).code == 1


@pytest.mark.parametrize("name", ["proposal.json", "./proposal.json", "other/../proposal.json", "link.json"])
def test_an_answer_never_replaces_the_proposal(proposal: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "link.json").symlink_to(proposal)
    before = proposal.read_bytes()
    done = invoke("verify", MAG, proposal, "--output", tmp_path / name)

    assert (done.code, done.out) == (2, "")
    assert "is a file that the proposal is read from; name another for the answer" in done.err
    assert proposal.read_bytes() == before
    assert invoke("verify", MAG, proposal, "--output", tmp_path / "answer.json").code == 0


def test_a_search_proves_a_proposal_again(proposal: Path) -> None:
    done = invoke("verify", MAG, proposal, "--search", "-f", "json")

    assert (done.code, done.err, done.document["holds"]) == (0, "", True)
    searched = done.document["searched"]
    assert isinstance(searched, list)
    assert [(record["part"], record["result"], record["found"]) for record in searched] == [
        (part, "proven", None) for part in ("bound", "order", "frontier", "price")
    ]
    assert (searched[3]["code"], searched[3]["quorum"]) == ("quorum", 30)
    assert "proven again" in invoke("verify", MAG, proposal, "--search").out


def test_a_search_disproves_a_price_that_no_rotation_has(proposal: Path) -> None:
    document = json.loads(proposal.read_text("utf-8"))
    document["prices"][0]["worst_without"] -= 30
    proposal.write_text(json.dumps(document), "utf-8")
    document = invoke("verify", MAG, proposal, "--search", "-f", "json").document
    done = invoke("verify", MAG, proposal, "--search")

    assert done.code == 1
    assert "prices[0].worst_without: found 5250, disproved by a search" in done.out
    assert "disproved: no rotation has it" in done.out
    assert {"code": "disproved", "place": "prices[0].worst_without", "found": 5250, "right": None} in document[
        "finding_facts"
    ]  # type: ignore[operator]


def test_a_search_without_time_is_no_finding(proposal: Path) -> None:
    done = invoke("verify", MAG, proposal, "--search", "--time-limit", "0s")

    assert done.code == 0
    assert done.out.count("not finished in time") == 4


def test_time_for_a_search_needs_a_search(proposal: Path) -> None:
    done = invoke("verify", MAG, proposal, "--time-limit", "5s")

    assert (done.code, done.out) == (2, "")
    assert "--time-limit goes with --search" in done.err


OLD = DATA / "proposals"


def test_a_proposal_of_version_0_1_is_checked_with_a_warning() -> None:
    done = invoke("verify", OLD / "plan.toml", OLD / "version-0.1.json", "--search", "-f", "json")
    warnings = done.document["warnings"]
    assert isinstance(warnings, list)

    assert (done.code, done.document["findings"]) == (0, [])
    assert "made by version 0.1" in warnings[0]
    assert "propose again" in warnings[0]
    assert {record["result"] for record in done.document["searched"]} == {"proven"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", ["reasons", "burdens", "certificate", "frontier", "prices", "calls", "members"])
def test_a_proposal_of_version_0_1_needs_all_its_parts(tmp_path: Path, key: str) -> None:
    document = json.loads((OLD / "version-0.1.json").read_text("utf-8"))
    del document[key]
    (tmp_path / "p.json").write_text(json.dumps(document), "utf-8")
    done = invoke("verify", OLD / "plan.toml", tmp_path / "p.json")

    assert (done.code, done.out) == (2, "")
    assert f"  {key}: missing; write " in done.err


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (("worst",), "worst: found 2161, counted 2160"),
        (("prices", 3, "worst_with"), "prices[3].worst_with: found 2161, but "),
        (("members", 0, "night_calls"), "members[0].night_calls: found 5, counted 4"),
    ],
)
def test_a_fact_of_a_proposal_of_version_0_1_is_checked(tmp_path: Path, path: tuple[str | int, ...], told: str) -> None:
    document = json.loads((OLD / "version-0.1.json").read_text("utf-8"))
    inside = document
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] += 1
    (tmp_path / "p.json").write_text(json.dumps(document), "utf-8")
    done = invoke("verify", OLD / "plan.toml", tmp_path / "p.json")

    assert done.code == 1
    assert told in done.out


def test_sentences_of_a_proposal_may_be_translated(proposal: Path) -> None:
    document = json.loads(proposal.read_text("utf-8"))
    document["reasons"] = [f"Satz {number}" for number, _ in enumerate(document["reasons"])][:-1]
    document["prices"][0]["constraint"] = "mindestens 30 Mitglieder sind wach"
    proposal.write_text(json.dumps(document), "utf-8")

    assert invoke("verify", MAG, proposal).code == 0


def test_what_is_no_proposal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.json").write_text("[]", "utf-8")

    assert invoke("verify", MAG, tmp_path / "no.json").code == 2
    assert "no such file" in invoke("verify", MAG, tmp_path / "none.json").err


NEXT = ("--now", "2020-09-09T00:00Z")


def choices_of(*options: str) -> list[dict[str, object]]:
    """The slots for the next call of the MAG."""
    document = invoke("next-slot", MAG, *NEXT, *options, "-f", "json").document
    assert document["planned"]["uid"] == "mag2020-20200915@mag.example.org"  # type: ignore[index]
    choices = document["choices"]
    assert isinstance(choices, list)
    assert document["slot"] == choices[0]["slot"]
    return choices


def test_the_next_slot_is_one_of_the_plan_unless_other_hours_are_asked_for() -> None:
    own, grid = choices_of(), choices_of("--grid", "1h")

    assert [choice["slot"]["label"] for choice in own] == ["evening", "midday", "afternoon"]  # type: ignore[index]
    assert (len(grid), grid[0]["slot"]) == (24, {"at": "05:00", "zone": "UTC"})
    assert [choice["slot"] for choice in grid[1:4]] == [choice["slot"] for choice in own]
    assert all(choice["dominated"] for choice in grid[1:4])


def test_next_slot_and_check_agree_on_every_choice() -> None:
    for choice in choices_of("--grid", "2h"):
        at = choice["start"]
        found = invoke("check", MAG, "--at", at, "--instead-of", "2020-09-15", "-f", "json").document
        after = found["fairness"]["after"]  # type: ignore[index]
        night = found["night"]["summary"]  # type: ignore[index]
        assert found["verdict"] == choice["verdict"]
        assert (after["worst"], after["total"], night["in_night"]) == (
            choice["worst"],
            choice["total"],
            choice["in_night"],
        )


def test_a_poor_slot_is_not_recommended_without_saying_so_in_the_same_sentence() -> None:
    lines = invoke("next-slot", MAG, *NEXT).lines

    assert lines[1].startswith("The fairest of 3 slots for the call of 2020-09-15")
    assert lines[1].endswith(": as planned, but check calls it a poor time.")


def test_weekdays_for_the_next_slot_go_with_a_grid() -> None:
    done = invoke("next-slot", MAG, *NEXT, "--weekday", "TU")

    assert (done.code, done.out) == (2, "")
    assert "--weekday goes with --grid" in " ".join(done.err.split())
    assert choices_of("--weekday", "WE", "--grid", "6h")[-1]["slot"]["weekday"] == "WE"  # type: ignore[index]


def test_the_next_slot_is_written_as_an_exception_of_its_date(season: Path) -> None:
    before = starts(season)
    done = invoke("next-slot", season, "--now", "2020-09-09T00:00Z", "--grid", "1h", "--write")
    changed = set(starts(season)) ^ set(before)

    assert (done.code, changed) == (0, {"2020-09-15 20:00", "2020-09-15 05:00"})


def test_after_the_last_call_there_is_no_next_slot() -> None:
    done = invoke("next-slot", MAG, "--now", "2021-01-01T00:00Z")

    assert (done.code, done.out) == (1, "")
    assert "has no call at or after" in done.err


def test_constraints_that_leave_no_slot_are_named(season: Path) -> None:
    before = season.read_bytes()
    done = invoke("next-slot", season, "--now", "2020-09-09T00:00Z", "--quorum", "51", "--write")

    assert done.code == 1
    assert "at least 51 members out of the night at every call" in done.out
    assert season.read_bytes() == before


def test_slots_eight_hours_apart_on_their_own_clock_are_allowed_all_year() -> None:
    every = ("--stay", "1", "--stay", "2", "--stay", "3")
    done = invoke("propose", ROTATIONS / "gap-zone.toml", "--slots", "3", *every, "--gap", "8h", "-f", "json")

    assert done.code == 0
    assert sorted(slot["at"] for slot in done.document["slots"]) == ["06:00", "14:00", "22:00"]  # type: ignore[attr-defined]
    assert "gap 8 h, stay 1, 2 and 3." in done.document["reasons"][0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--stay", "1", "--stay", "evening"], "stay 1 and evening."),
        (["--stay", "2", "--stay", "2"], "stay 2."),
        (["--awake", "chair", "--awake", "gov-19", "--awake", "chair"], "awake chair and gov-19."),
        (["--leave-out", "captioner", "--leave-out", "chair"], "left out captioner and chair."),
        (["--weekday", "TU", "--weekday", "WE", "--weekday", "TU"], "weekdays TU or WE."),
        (["--window", "06:00-12:00", "--window", "13:00-24:00"], "windows 06:00-12:00 or 13:00-24:00."),
        (["--utc-window", "00:00-24:00"], "utc windows 00:00-24:00."),
    ],
)
def test_values_that_all_count_are_joined_by_and_and_alternatives_by_or(options: list[str], said: str) -> None:
    document = invoke("propose", MAG, "--slots", "2", "--grid", "2h", *options, "-f", "json").document

    assert document["reasons"][0].endswith(said)  # type: ignore[index]


@pytest.mark.parametrize("hours", ["00:00-24:00", "18:00-24:00", "12:00-11:59", "23:59-24:00", "00:00-00:01"])
def test_a_window_comes_back_as_it_was_written(hours: str, tmp_path: Path) -> None:
    options = ("--slots", "1", "--utc-window", hours, "--utc-window", "06:00-10:00")
    document = invoke("propose", MAG, *options, "-f", "json", "-o", tmp_path / "proposal.json").code
    written = json.loads((tmp_path / "proposal.json").read_text("utf-8"))

    assert document == 0
    assert written["request"]["utc_windows"] == [hours, "06:00-10:00"]
    assert written["prices"][0]["constraint"] == f"calls within {hours} or 06:00-10:00 UTC"
    assert invoke("verify", MAG, tmp_path / "proposal.json").code == 0


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--gap", "12h"], 0),
        (["--gap", "721min"], 2),
        (["--gap", "0min"], 2),
        (["--grid", "24h"], 0),
        (["--grid", "1min", "--time-limit", "0s"], 0),
        (["--tolerance", "0", "--objective", "balanced"], 0),
        (["--tolerance", "1001", "--objective", "balanced"], 2),
        (["--quorum", "50"], 1),
        (["--quorum", "0"], 2),
        (["--most-nights", "0"], 1),
        (["--cap", "0"], 1),
        (["--keep", "9999"], 2),
        (["--seed", "-1"], 0),
    ],
)
def test_an_option_at_the_end_of_its_range_is_taken_and_beyond_it_refused(options: list[str], code: int) -> None:
    assert invoke("propose", MAG, "--slots", "2", *options).code == code


def test_the_help_of_next_slot_speaks_of_its_own_options() -> None:
    text = " ".join(invoke("next-slot", "--help").out.split())

    assert "--next " not in text
    assert "The next call is the first" in text


CLOSE = """format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2026-01-06, repeat = "weekly", count = 2 }
rotation = { slots = [{ at = "20:00" }, { at = "14:02" }, { at = "14:00" }] }
members = [{ id = "a", zone = "Asia/Tokyo" }, { id = "b", zone = "America/Denver" }]
"""


def test_next_slot_says_by_how_little_a_slot_is_before_another_that_looks_alike(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(CLOSE)
    lines = invoke("next-slot", tmp_path / "plan.toml", "--now", "2026-01-01T00:00Z").lines

    # 420 and 422 point-minutes for Tokyo, of 600 and 598 in total
    assert (
        "14:00 UTC is before 14:02 UTC: its hardest hit bears 420 point-minutes instead of 422 point-minutes." in lines
    )
    (tmp_path / "plan.toml").write_text(CLOSE.replace("14:02", "14:20"))
    lines = invoke("next-slot", tmp_path / "plan.toml", "--now", "2026-01-01T00:00Z").lines
    assert "14:00 UTC is before 14:20 UTC: its hardest hit bears 0.70 h instead of 0.73 h." in lines
    (tmp_path / "plan.toml").write_text(CLOSE.replace("14:02", "14:50"))
    lines = invoke("next-slot", tmp_path / "plan.toml", "--now", "2026-01-01T00:00Z").lines
    assert not any(" is before " in line for line in lines)


def test_the_heads_of_next_slot_are_different_and_its_note_explains_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(CLOSE)
    lines = invoke("next-slot", tmp_path / "plan.toml", "--now", "2026-01-01T00:00Z").lines

    heads = next(line for line in lines if line.startswith("member")).split("  ")
    assert [head.strip() for head in heads if head.strip()] == [
        "member", "burden", "today", "change", "nights", "nights today",
    ]  # fmt: skip
    assert "Today is the plan as it stands, and change is against it; nights are calls in the night." in lines
    assert not any("a year" in line for line in lines)


def test_people_read_the_local_hours_and_how_much_of_the_frontier_is_shown() -> None:
    out = invoke("propose", MAG, "--slots", "2").out

    assert "Kathmandu (1)" in out
    assert re.search(r"^12 of \d+ rotations are shown; JSON has all\.$", out, re.MULTILINE)
    assert "neither figure can be smaller without the other being larger" in out
    assert "certificate" not in out
