"""``compare`` as a committee types it: every rotation is shown with what it costs, and one may be adopted."""

from __future__ import annotations

import json
import re
import shutil
import signal
from pathlib import Path

import pytest

from invoke import invoke
from mag_rotation.cli.progress import CompareProgress
from mag_rotation.planfile import load_plan
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
KEYS = [
    *("id", "also", "worst", "total", "nights", "most_nights", "better", "worse", "same", "moved", "blocked"),
    *("proven", "dominates_today", "dominated", "slots", "by_group", "local", "members"),
]


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """A copy of the MAG plan that may be written."""
    shutil.copytree(MAG.parent, tmp_path / "season")
    return tmp_path / "season" / "plan.toml"


def options(*words: str | Path) -> dict[str, dict[str, object]]:
    """The options of a comparison by id."""
    document = invoke("compare", *words, "-f", "json").document
    return {option["id"]: option for option in document["options"]}  # type: ignore[attr-defined]


def test_the_document_has_every_key() -> None:
    document = invoke("compare", MAG, "--slots", "2", "-f", "json").document
    found = document["options"]

    assert [*document] == [
        *("meeting", "tzdata", "request", "calls", "options", "recommended", "notes", "note_facts", "warnings"),
        "warning_facts",
    ]
    assert document["calls"] == 11
    assert all([*option] == KEYS for option in found)  # type: ignore[attr-defined]
    today = found[0]  # type: ignore[index]
    assert today["slots"][0] == {
        "at": "20:00",
        "zone": "UTC",
        "label": "evening",
        "weekday": None,
        "duration": None,
    }
    assert today["local"][0]["starts"][0] == {"at": "22:00", "day_shift": 0, "in_night": True}
    assert today["by_group"]["region"]["WEOG"]["members"] == 14
    assert json.loads(json.dumps(found)) == found


def test_every_option_is_that_of_fairness_for_the_plan_with_its_slots(season: Path) -> None:
    for id_, option in options(MAG, "--slots", "2-3", "--options", "1").items():
        shutil.copy(MAG, season)
        if id_ != "today":
            assert invoke("compare", season, "--slots", "2-3", "--options", "1", "--write", id_).code == 0
        found = invoke("fairness", season, "-f", "json").document
        assert (found["worst"], found["total"]) == (option["worst"], option["total"])
        members = found["members"]
        assert sum(member["night_calls"] for member in members) == option["nights"]  # type: ignore[attr-defined]
        assert max(member["night_calls"] for member in members) == option["most_nights"]  # type: ignore[attr-defined]


def test_people_read_the_answer_first_and_every_table_fits_into_80_columns() -> None:
    done = invoke(
        "compare", MAG, "--slots", "1-4", "--options", "2", "--option", "ours=05:00,13:00@Europe/Zurich,22:00"
    )
    lines = done.out.splitlines()
    tables = [line for line in lines if "  " in line.strip()]

    assert (done.code, done.err) == (0, "")
    assert lines[1].startswith("Better than today for the hardest hit")
    assert max(map(len, tables)) <= 80
    assert "+ the knee" in done.out
    assert "- ours" in done.out
    assert "Melbourne (1) to 22 Sep" in done.out
    assert lines[-1].startswith("Zone rules")


def test_dominated_rotations_are_named_and_shown_on_request() -> None:
    few, every = (invoke("compare", MAG, "--slots", "2", *more).out for more in ((), ("--all",)))

    assert "best order  " not in few
    assert (
        "Not shown, because another rotation dominates it, so is worse in none of these and better in one: best order"
        in few
    )
    assert "- best order" in every
    assert "Not shown, because" not in every


@pytest.mark.parametrize("form", ["table", "markdown", "html", "csv", "json"])
def test_a_comparison_comes_in_every_form(form: str) -> None:
    done = invoke("compare", MAG, "--slots", "2", "--format", form)

    assert (done.code, done.err) == (0, "")
    assert "knee" in done.out


def test_markdown_has_the_local_hours_of_every_rotation_that_is_shown() -> None:
    text = invoke("compare", MAG, "--slots", "2-4", "-f", "markdown").out
    heads = next(line for line in text.splitlines() if line.startswith("| local start"))

    assert heads == "| local start | today | the knee | least total | fairest of 4 | fairest of 3 | fairest of 2 |"
    assert "| Kathmandu (1) | 01:45+1\\* 20:45 19:45 |" in text
    assert "<br>23" not in text


def test_a_rotation_is_adopted_and_announced(season: Path) -> None:
    done = invoke("compare", season, "--slots", "2", "--write", "knee")
    slots = load_plan(season).rotation.slots

    assert done.code == 0
    assert [f"{slot.at:%H:%M}" for slot in slots] == ["13:30", "05:00", "06:00"]
    assert "+++ b/plan.toml" in done.out
    assert "IGF 2020 MAG Virtual Meeting XI: Tuesday" in done.out
    assert "Dear members," in done.out


def test_an_adopted_proposal_is_the_same_as_propose_writes(season: Path, tmp_path: Path) -> None:
    assert invoke("propose", MAG, "--slots", "3", "-f", "json", "-o", tmp_path / "ours.json").code == 0
    found = invoke("compare", season, "--slots", "2", "--proposal", tmp_path / "ours.json", "--write", "ours")
    assert found.code == 0
    other = season.with_name("other.toml")
    shutil.copy(MAG, other)
    invoke("propose", other, "--slots", "3", "--write")
    assert season.read_text("utf-8") == other.read_text("utf-8")


def test_today_adopted_changes_nothing(season: Path) -> None:
    before = season.read_text("utf-8")
    done = invoke("compare", season, "--slots", "2", "--write", "today")

    assert (done.code, season.read_text("utf-8")) == (0, before)
    assert "says so already" in done.out


def test_a_rotation_that_is_not_there_is_no_option(season: Path) -> None:
    done = invoke("compare", season, "--slots", "2", "--write", "slots-9")

    assert done.code == 2
    assert "'slots-9' is not an option of this comparison; the options are today, best order (reordered)" in done.err
    assert season.read_text("utf-8") == MAG.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--option", "ours="], "write the starts of its slots, such as 05:00,13:00@Europe/Zurich"),
        (["--option", "=05:00"], "write a name before the ="),
        (["--option", "25:00"], "found '25:00'"),
        (["--option", "05:00@Geneva"], "Europe/Zurich"),
        (["--option", "05:00,,13:00"], "found ''"),
        (["--option", "today=05:00"], "which an option of every comparison has; give it another name"),
        (["--slots", "0"], "write a number of slots from 1 to 24, or a range such as 1-6"),
        (["--slots", "4-2"], "write a number of slots from 1 to 24, or a range such as 1-6"),
        (["--slots", "many"], "write a number of slots from 1 to 24, or a range such as 1-6"),
        (["--options", "21"], "Input should be less than or equal to 20"),
        (["--proposal", "nothing.json"], "nothing.json"),
        (["--group", "colour"], "the groups are"),
    ],
)
def test_what_cannot_be_compared_is_refused(words: list[str], said: str) -> None:
    done = invoke("compare", MAG, *words)

    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_rotations_without_a_name_are_numbered() -> None:
    found = options(MAG, "--slots", "2", "--option", "05:00", "--option", "ours=06:00", "--option", "07:00")
    assert [*found][-3:] == ["option-1", "ours", "option-3"]


@pytest.mark.parametrize(
    "words", [["--quorum", "51"], ["--cap", "0"], ["--most-nights", "0"], ["--utc-window", "02:00-03:00"]]
)
def test_a_constraint_that_no_rotation_keeps_is_refused_as_propose_refuses_it(words: list[str]) -> None:
    done = invoke("compare", MAG, "--slots", "2", *words)
    proposed = invoke("propose", MAG, "--slots", "3", *words)

    assert done.code == proposed.code == 1
    assert done.out == proposed.out
    assert "cannot be kept by any rotation of 3 slots." in done.out


def test_rotations_that_no_constraint_leaves_are_left_out_in_one_sentence() -> None:
    done = invoke("compare", MAG, "--slots", "2", "--quorum", "51", "--option", "05:00")

    assert done.code == 0
    left = [line for line in done.out.splitlines() if line.startswith("Left out")]
    assert left == [
        "Left out: best order, one moved, the knee, least total and fairest of 2, because none keeps what was asked."
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--awake", "chairman"],
            "found 'chairman', which is not the id or role of a member who counts; the roles are ",
        ),
        (["--leave-out", "chairman"], "found 'chairman', which is not the role of a member; the roles are "),
    ],
)
def test_an_unknown_role_is_answered_with_the_roles_there_are(tmp_path: Path, words: list[str], said: str) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(f'{SMALL}roles = ["chair", "speaker"]\n')
    done = invoke("compare", plan, *words)
    assert done.code == 2
    assert f"{said}chair, speaker" in done.err
    plan.write_text(SMALL)
    assert "no member has a role" in invoke("compare", plan, *words).err


@pytest.mark.parametrize("form", ["markdown", "csv"])
def test_what_goes_into_a_file_is_said(tmp_path: Path, form: str) -> None:
    out = tmp_path / "options"
    done = invoke("compare", MAG, "--slots", "2", "-f", form, "-o", out)

    assert (done.code, done.out) == (0, "")
    assert done.err == f"{out}: IGF 2020 MAG Virtual Meeting: rotations compared ({form})\n"


def test_where_nothing_is_better_the_answer_is_a_trade_with_its_price(season: Path) -> None:
    invoke("compare", season, "--slots", "1", "--write", "least-total")
    done = invoke("compare", season, "--slots", "2")
    lines = done.out.splitlines()

    assert lines[1].startswith(
        "Nothing is better than today's rotation for the hardest hit, in calls in the night and in"
    )
    assert lines[2].startswith("The one that spares the hardest hit most is fairest of 2")
    assert lines[3].startswith("The hardest hit bears 10.2 instead of 17.9 night-hours; but members are in the night")
    assert "+ better than today" not in done.out


def test_a_rotation_with_todays_figures_is_no_trade(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    flat = f'[curves.flat]\nhours = {[1] * 24}\n[[members]]\ncurve = "flat"'
    text = SMALL.replace('"14:00", "20:00"', '"02:00"').replace("Asia/Tokyo", "UTC").replace("[[members]]", flat)
    plan.write_text(text.replace("[[members]]", '[night]\nfrom = "00:00"\nto = "23:59"\n[[members]]'))
    done = invoke("compare", plan, "--slots", "1", "--option", "ours=03:00", "--grid", "12h")

    assert done.out.splitlines()[1].startswith("Nothing is better than today's rotation: no other one here")
    assert "ours" in done.out


def test_hours_that_come_back_stand_in_one_row(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    year = SMALL.replace("Asia/Tokyo", "Europe/Zurich").replace("count = 4", "count = 52")
    plan.write_text(year)
    once = invoke("compare", plan, "--slots", "1").out
    plan.write_text(year.replace("count = 52", "count = 200"))
    often = invoke("compare", plan, "--slots", "1").out
    abroad = SMALL.replace('"14:00", "20:00"', '{ at = "14:00", zone = "Europe/Zurich" }')
    plan.write_text(abroad.replace("Asia/Tokyo", "America/New_York").replace("count = 4", "count = 8"))
    between = invoke("compare", plan, "--slots", "1").out

    assert "Zurich (1) to 20 Oct     16:00 22:00" in once
    assert "and from 30 Mar" in once
    assert "Zurich 27 Oct to 23 Mar  15:00 21:00" in once
    assert "and 3 more times" in often
    assert "New York (1) to 20 Oct  08:00" in between
    assert "and from 3 Nov" in between
    assert "New York on 27 Oct      09:00" in between


def test_an_interrupt_gives_what_was_found_and_writes_nothing(season: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = CompareProgress.note

    def pressing(progress: CompareProgress, sought: str) -> None:
        if sought == "slots-6":
            signal.raise_signal(signal.SIGINT)
        note(progress, sought)

    monkeypatch.setattr(CompareProgress, "note", pressing)
    before = season.read_bytes()
    done = invoke("compare", season, "--time-limit", "60min", "--write", "knee")

    assert done.code == 130
    assert season.read_bytes() == before
    assert done.err == "interrupted: the rotations are the best so far, not all proven; plan.toml was not changed\n"
    assert "+ the knee" in done.out
    assert "+++ b/plan.toml" not in done.out


def test_a_comparison_does_not_replace_the_proposal_that_it_reads(tmp_path: Path) -> None:
    proposal = tmp_path / "ours.json"
    assert invoke("propose", MAG, "--slots", "2", "-f", "json", "-o", proposal).code == 0
    done = invoke("compare", MAG, "--slots", "2", "--proposal", proposal, "-o", proposal)

    assert done.code == 2
    assert "ours.json" in done.err


def test_groups_that_tell_nothing_are_left_out_by_name_and_shown_on_request() -> None:
    few, every = (invoke("compare", MAG, "--slots", "2", *more).out for more in ((), ("--groups",)))

    assert "The hardest hit by region:" in few
    assert "The hardest hit by country:" not in few
    assert "Not shown: country" in few
    assert "The hardest hit by country:" in every
    assert "Not shown: country" not in every


def test_a_group_of_many_values_is_named_and_turned_on_request(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    teams = (
        f'[[members]]\nid = "m{number}"\nzone = "UTC"\ngroups = {{ team = "t{number % 9}" }}' for number in range(27)
    )
    plan.write_text(SMALL + "\n".join(teams))
    few, every = (invoke("compare", plan, "--slots", "1", *more).out for more in ((), ("--groups",)))

    assert "Too wide for a table of rotations: team (9 groups). --groups shows all." in few
    assert "The hardest hit by team:" in every
    assert "t8    " in every


def test_members_who_cannot_attend_are_named(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(f'{SMALL}never = ["04:00-06:00"]\n')
    done = invoke("compare", plan, "--slots", "1", "--option", "ours=19:30")

    assert "Today has calls at hours that bo cannot attend." in done.out
    assert "Ours has calls at hours that bo cannot attend." in done.out
    assert [option["blocked"] for option in options(plan, "--slots", "1").values()][:2] == [["bo"], []]


def test_one_member_sees_one_clock(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(SMALL)
    done = invoke("compare", plan, "--slots", "1-2")

    assert done.code == 0
    assert "Tokyo (1)" in done.out
    assert "The hardest hit by" not in done.out


SMALL = """format = 1
[meeting]
id = "small"
name = "Small"
uid-domain = "example.org"
duration = "1h"
[schedule]
first = 2026-10-06
repeat = "weekly"
count = 4
[rotation]
slots = ["14:00", "20:00"]
[[members]]
id = "bo"
zone = "Asia/Tokyo"
"""


def test_a_rotation_of_many_slots_is_cut_in_its_cell(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    slots = ", ".join(f'"{hour:02}:00"' for hour in range(14))
    plan.write_text(SMALL.replace('"14:00", "20:00"', slots).replace("count = 4", "count = 14"))
    done = invoke("compare", plan, "--slots", "1", "--time-limit", "1s")

    assert done.code == 0
    assert "and 2 more" in done.out


def test_an_unfinished_search_says_what_is_not_proven() -> None:
    done = invoke("compare", MAG, "--slots", "6", "--time-limit", "0s")

    assert done.code == 0
    assert "Not proven to be the best of its kind:" in done.out


def test_who_is_better_and_worse_off_is_shown_by_group_and_by_member() -> None:
    done = invoke("compare", MAG, "--slots", "2", "--members")
    only = invoke("compare", MAG, "--slots", "2", "--group", "region").out
    found = options(MAG, "--slots", "2")
    knee, regions = found["knee"], found["knee"]["by_group"]["region"]  # type: ignore[index]

    assert (done.code, done.err) == (0, "")
    table = done.out.split("Better / worse off than today by region, in members:")[1].split("\n\n")[1].splitlines()
    assert table[1].split() == ["members", "10", "10", "8", "8", "14"]
    row = next(line for line in table if line.startswith("+ the knee"))
    for group in regions.values():
        assert f" {group['better']} / {group['worse']}" in row
    assert "by stakeholder" in done.out
    assert "by stakeholder" not in only
    assert "tec-08  26.9, 10  11.1 -15.8, 4" in done.out
    assert "By member" not in only
    members = {member["id"]: member for member in knee["members"]}  # type: ignore[attr-defined]
    assert members["tec-08"] == {
        "id": "tec-08",
        "name": "Synthetic seat 48 (technical)",
        "burden": knee["worst"],
        "change": members["tec-08"]["burden"] - found["today"]["worst"],
        "night_calls": 4,
    }
    assert sum(member["change"] < 0 for member in members.values()) == knee["better"]


def test_a_group_of_many_values_has_who_is_better_off_in_rows_too(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    teams = (
        f'[[members]]\nid = "m{number}"\nzone = "UTC"\ngroups = {{ team = "t{number % 9}" }}' for number in range(27)
    )
    plan.write_text(SMALL + "\n".join(teams))
    done = invoke("compare", plan, "--slots", "1", "--groups")

    assert "Better / worse off than today by team, in members:" in done.out
    assert "t8          3" in done.out


def test_local_hours_in_the_night_are_marked_as_members_have_it(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(SMALL)
    assert "05:00+1*" in invoke("compare", plan, "--slots", "1").out
    plan.write_text(f'{SMALL}night = "12:00-20:00"\n')
    late = invoke("compare", plan, "--slots", "1").out
    assert "05:00+1 " in late
    plan.write_text(SMALL.replace('"14:00", "20:00"', '"21:00"') + 'lead = "1min"\n')
    early = invoke("compare", plan, "--slots", "1", "-f", "json").document
    assert early["options"][0]["local"][0]["starts"] == [  # type: ignore[index]
        {"at": "06:00", "day_shift": 1, "in_night": True}
    ]


def test_cities_that_are_left_out_are_counted_in_words() -> None:
    out = invoke("compare", MAG, "--slots", "2").out

    assert "Lagos and 2 more (5)" in out
    assert " +1 (" not in out


def test_the_best_rotation_adopted_is_said_to_be_the_best(season: Path) -> None:
    assert invoke("compare", season, "--slots", "3", "--write", "fairest of 3").code == 0
    lines = invoke("compare", season, "--slots", "3").out.splitlines()

    assert lines[1].startswith("Nothing is better than today's rotation")
    assert lines[2].startswith("Today's spares the hardest hit most; of the others it is ")


def test_the_name_in_the_table_adopts_as_the_id_does(season: Path) -> None:
    other = season.with_name("other.toml")
    shutil.copy(MAG, other)
    named = invoke("compare", season, "--slots", "3", "--write", "fairest of 3")
    assert invoke("compare", other, "--slots", "3", "--write", "slots-3").code == 0

    assert named.code == 0
    assert season.read_text("utf-8") == other.read_text("utf-8")
    assert named.out.splitlines()[1] == "plan.toml now has the rotation fairest of 3 (23:00, 06:00, 13:00 UTC)."
    assert "The hardest hit" not in named.out


def test_one_slot_without_a_night_has_nothing_to_rotate(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(SMALL.replace('"14:00", "20:00"', '"05:00"'))
    none, own, asked = (invoke("compare", plan, *more) for more in ((), ("--option", "ours=15:00"), ("--slots", "1")))

    said = "Today's rotation has one slot, and nobody is in the night at it: there is nothing to rotate."
    assert none.out.splitlines()[1] == said
    assert "the knee" not in none.out
    assert "- ours" in own.out
    assert said not in asked.out


@pytest.mark.parametrize(("never", "blocked"), [("22:30-23:00", True), ("20:00-20:30", False)])
def test_members_who_can_never_attend_are_named(tmp_path: Path, never: str, *, blocked: bool) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(f'{SMALL}never = ["{never}"]\n')
    done = invoke("compare", plan, "--slots", "1", "--option", "ours=13:00")
    found = options(plan, "--slots", "1", "--option", "ours=13:00")

    said = "Ours has calls at hours that bo cannot attend."
    assert (said in done.out) == blocked
    assert found["ours"]["blocked"] == (["bo"] if blocked else [])
    assert found["today"]["blocked"] == []


def test_fewer_alternatives_than_asked_for_are_said(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(SMALL)
    done = invoke("compare", plan, "--slots", "1", "--options", "20", "--grid", "12h")

    assert done.code == 0
    assert re.search(r"^There is no alternative \d+: no other rotation is nearly as fair", done.out, re.MULTILINE)


@pytest.mark.parametrize(
    ("language", "name", "id_"),
    [
        ("fr", "plus équitable à 2", "slots-2"),
        ("fr", "Plus équitable à  2", "slots-2"),
        ("fr", "fairest of 2", "slots-2"),
        ("fr", "le coude", "knee"),
        ("en", "The knee", "knee"),
        ("en", "one moved", "one-moved"),
    ],
)
def test_the_name_that_the_table_shows_does_in_its_language(language: str, name: str, id_: str, season: Path) -> None:
    expected = invoke("compare", season, "--slots", "2", "-f", "json").document
    options = expected["options"]
    assert isinstance(options, list)
    wanted = next(option for option in options if id_ in (option["id"], *option["also"]))
    done = invoke("compare", season, "--slots", "2", "--locale", language, "--write", name)

    assert done.code == 0
    assert [f"{slot.at:%H:%M}" for slot in load_plan(season).rotation.slots] == [one["at"] for one in wanted["slots"]]


def test_an_unknown_name_is_answered_with_every_name_there_is(season: Path) -> None:
    found = invoke("compare", season, "--slots", "2", "-f", "json").document["options"]
    assert isinstance(found, list)
    two = next(option for option in found if "slots-2" in (option["id"], *option["also"]))
    same = "same=" + ",".join(one["at"] for one in two["slots"])
    done = invoke(
        "compare", season, "--slots", "2", "--option", same, "--locale", "fr", "--write", "plus équitable à 9"
    )

    assert done.code == 2
    for name in ("le coude (knee)", "plus équitable à 2 (slots-2)", "same"):
        assert name in done.err
    assert "slots-3" not in done.err
