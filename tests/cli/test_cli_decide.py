"""``decide`` on the command line: the figures of check and compare, six languages, and what is left out in public."""

import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from invoke import invoke
from mag_rotation import load_plan
from mag_rotation.report.language import LANGUAGES, find_language
from mag_rotation.zones import TZDATA_VERSION
from paths import DATA, EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
GOLDEN = DATA / "decisions"
MOVE = ("--at", "2020-10-20 13:00 UTC", "--instead-of", "XX")
ROTATIONS = ("--option", "ours=05:00,13:00", "--option", "noon=12:00")
PAPERS: dict[str, tuple[str, ...]] = {
    "move": MOVE,
    "kept": (*MOVE, "--decided", "planned"),
    "new": ("--at", "2020-11-24 02:00 UTC"),
    "rotations": (*ROTATIONS, "--decided", "noon"),
    "rotation": ("--option", "ours=05:00,22:00@Europe/Zurich", "--from", "2020-09-01"),
}


def options_of(document: Mapping[str, object]) -> list[dict[str, object]]:
    found = document["options"]
    assert isinstance(found, list)
    return found


def pick(record: object, *keys: str) -> dict[str, object]:
    assert isinstance(record, dict)
    return {key: record[key] for key in keys}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_reads_as_its_golden_file(language: str, paper: str) -> None:
    done = invoke("decide", MAG, *PAPERS[paper], "--locale", language)
    path, text = GOLDEN / f"{paper}.{language}.txt", done.out.replace(TZDATA_VERSION, "TZDATA")
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")

    assert (done.code, done.err) == (0, "")
    assert text == path.read_text("utf-8")
    assert "{" not in done.out


def test_the_figures_of_a_time_are_those_of_check() -> None:
    paper = invoke("decide", MAG, *MOVE, "-f", "json").document
    check = invoke("check", MAG, *MOVE, "-f", "json").document
    planned, proposed, *rivals = options_of(paper)
    better, night, ledgers = check["better"], check["night"], check["fairness"]
    assert isinstance(better, list)
    assert isinstance(night, dict)
    assert isinstance(ledgers, dict)

    for option, time in ((planned, check["planned"]), *zip(rivals, better, strict=False)):
        assert pick(option, "start", "worst", "total") == pick(time, "start", "worst", "total")
        assert option["nights"] == pick(time, "in_night")["in_night"]
    assert len(rivals) == 3
    assert planned["verdict"] == pick(check["planned"], "verdict")["verdict"]
    assert proposed["verdict"] == check["verdict"]
    assert pick(proposed, "worst", "total") == pick(ledgers["after"], "worst", "total")
    assert proposed["nights"] == night["summary"]["in_night"]
    groups = pick(proposed["by_group"], "region", "stakeholder")
    assert {name: {value: one["nights"] for value, one in values.items()} for name, values in groups.items()} == {  # type: ignore[attr-defined]
        name: {value: night["summary"]["by_group"][name][value]["in_night"] for value in values}  # type: ignore[attr-defined]
        for name, values in groups.items()
    }


def test_the_figures_of_rotations_are_those_of_compare() -> None:
    keys = ("worst", "total", "nights", "most_nights", "better", "worse", "same", "moved", "slots")
    paper = invoke("decide", MAG, *ROTATIONS, "-f", "json").document
    table = invoke("compare", MAG, *ROTATIONS, "--slots", "2", "-f", "json").document
    compared = {str(name): option for option in options_of(table) for name in (option["id"], *option["also"])}  # type: ignore[misc]

    for option in options_of(paper):
        other = compared[str(option["id"])]
        assert pick(option, *keys[:-1]) == pick(other, *keys[:-1])
        groups, others = option["by_group"], other["by_group"]
        assert isinstance(groups, dict)
        assert isinstance(others, dict)
        for name, values in groups.items():
            for value, effect in values.items():
                assert pick(effect, "nights", "better", "worse") == pick(
                    others[name][value], "nights", "better", "worse"
                )


def test_the_recommendation_is_that_of_compare(tmp_path: Path) -> None:
    proposal = tmp_path / "three.json"
    assert invoke("propose", MAG, "--slots", "2", "-f", "json", "-o", proposal).code == 0
    given = (*ROTATIONS, "--proposal", proposal)
    paper = invoke("decide", MAG, *given, "-f", "json").document

    assert [option["id"] for option in options_of(paper)] == ["today", "ours", "noon", "three"]
    assert paper["recommended"] == "ours"
    assert paper["advice"] == "change"


def test_the_document_has_its_keys_and_english_sentences_in_every_language() -> None:
    document = invoke("decide", MAG, *MOVE, "-f", "json").document

    assert list(document) == [
        "meeting", "tzdata", "kind", "call", "public", "question", "current", "options", "local", "advice",
        "recommended", "why_facts", "reasons", "decided", "minute", "note", "warnings", "warning_facts",
    ]  # fmt: skip
    assert str(document["minute"]).startswith(
        "On ……… the group decided that IGF 2020 MAG Virtual Meeting XX moves from"
    )
    assert document == invoke("decide", MAG, *MOVE, "-f", "json", "--locale", "ar").document
    assert list(options_of(document)[0]) == [
        "id", "also", "worst", "total", "nights", "better", "worse", "same", "kind", "gains", "pays", "dominated",
        "hardest", "blocked", "freed", "newly_blocked", "start", "minutes", "verdict", "by_group",
    ]  # fmt: skip
    rotations = invoke("decide", MAG, *ROTATIONS, "-f", "json", "--committee").document
    assert list(rotations)[2:6] == ["kind", "from", "calls", "public"]
    assert list(options_of(rotations)[0])[16:] == [
        "slots",
        "most_nights",
        "moved",
        "first_moved",
        "by_group",
        "members",
    ]


def test_a_page_says_its_language_and_direction() -> None:
    assert '<html lang="ar" dir="rtl">' in invoke("decide", MAG, *MOVE, "--locale", "ar", "-f", "html").out
    page = invoke("decide", MAG, *MOVE, "--locale", "fr-CH", "-f", "html").out
    assert '<html lang="fr-CH">' in page
    assert page.count("<h2>") == 4


@pytest.mark.parametrize("paper", ["move", "rotations", "new"])
@pytest.mark.parametrize("form", ["table", "markdown", "html", "csv", "json"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_public_paper_shows_no_member_and_no_rare_zone(language: str, form: str, paper: str) -> None:
    plan = load_plan(MAG)
    out = invoke("decide", MAG, *PAPERS[paper], "--locale", language, "-f", form).out
    homes = [member.zone for member in plan.members]
    private = {text for member in plan.members for text in (member.id, member.name, member.email) if text}
    rare = {zone for zone in homes if homes.count(zone) < 3}
    private |= {name for zone in rare for name in (zone, find_language(language).name_city(zone))}

    assert not [text for text in private if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", out)]


def test_the_committee_sees_every_member_in_a_file_of_its_own(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    done = invoke("decide", MAG, *MOVE, "--committee", "-o", paper)

    assert done.code == 0
    text = paper.read_text("utf-8")
    assert all(member.id in text for member in load_plan(MAG).members)
    assert "Hit hardest: tec-08 (" in text
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600
    assert invoke("decide", MAG, *MOVE, "-o", tmp_path / "public.md").code == 0
    assert stat.S_IMODE((tmp_path / "public.md").stat().st_mode) & 0o044


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give either --at, for the time of one call, or --option and --proposal, for a rotation"),
        ((*MOVE, *ROTATIONS), "give either --at"),
        (("--option", "05:00", "--instead-of", "XX"), "--instead-of and --duration go with --at"),
        (("--option", "05:00", "--duration", "1h"), "--instead-of and --duration go with --at"),
        ((*MOVE, "--from", "2020-09-01"), "--from goes with --option and --proposal"),
        (
            (*MOVE, "--decided", "noon"),
            "'noon' is not an option of this comparison; the options are planned time (planned)",
        ),
        (("--at", "2020-10-20 20:00 UTC", "--instead-of", "XX"), "planned already; propose another one"),
        (("--at", "2020-10-20 20:00 UTC", "--instead-of", "C"), "C"),
        (("--at", "soon"), "soon"),
        (("--option", "a=05:00", "--option", "a=06:00"), "found the name 'a' twice"),
        (("--proposal", "nowhere.json"), "nowhere.json"),
    ],
)
def test_a_wrong_question_is_refused(arguments: tuple[str, ...], said: str) -> None:
    done = invoke("decide", MAG, *arguments)

    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.split())


SMALL = """format = 1
meeting = { id = "board", name = "Board", uid-domain = "calls.example.org", duration = "1h" }
schedule = { first = 2027-01-13, repeat = "weekly", count = 3 }
rotation = { slots = [{ at = "19:30", zone = "America/Toronto" }] }
members = [
    MEMBERS
]
"""
MEMBERS = (
    '{ id = "ann", zone = "America/Toronto", groups = { region = "North" } }',
    '{ id = "bea", zone = "Asia/Kathmandu", groups = { region = "South" }, never = ["20:00-21:00"] }',
    '{ id = "cy", zone = "Pacific/Kiritimati", groups = { region = "South" } }',
)


@pytest.fixture
def board(tmp_path: Path) -> Path:
    path = tmp_path / "board.toml"
    path.write_text(SMALL.replace("MEMBERS", ",\n    ".join(MEMBERS)), "utf-8")
    return path


AFTERNOON = ("--at", "2027-01-21 14:45 UTC", "--instead-of", "2027-01-20")


def test_the_committee_reads_the_clock_of_the_call(board: Path) -> None:
    lines = invoke("decide", board, *AFTERNOON, "--committee").lines

    assert (
        "Shall Board move from Wednesday 20 January 2027, 19:30 in Toronto (Thu 00:30 UTC) to Thursday 21 January "
        "2027, 09:45 in Toronto (14:45 UTC)?"
    ) in lines
    assert "Cannot attend: bea (proposed time)." in lines
    assert any(line.startswith("Kathmandu (1)") and "20:30" in line for line in lines)
    assert any(line.startswith("South") for line in lines)


def test_a_public_paper_shows_no_group_and_no_zone_of_two(board: Path) -> None:
    with board.open("a", encoding="utf-8") as plan:
        plan.write('[[exceptions]]\ndate = 2027-01-20\nnote = "for bea"\n')
    done = invoke("decide", board, *AFTERNOON)
    document = invoke("decide", board, *AFTERNOON, "-f", "json")

    assert (
        "Shall Board move from Thursday 21 January 2027, 00:30 UTC to Thursday 21 January 2027, 14:45 UTC?"
    ) in done.lines
    assert "Cannot attend: 1 member (proposed time)." in done.lines
    for text in (done.out, document.out):
        assert not re.search(r"North|South|Kathmandu|Toronto|Kiritimati|\b(bea|ann|cy)\b", text)
    assert "for bea" in invoke("decide", board, *AFTERNOON, "-f", "json", "--committee").out


def test_a_member_who_is_not_there_at_one_of_the_times_has_no_burden_then(board: Path) -> None:
    text = board.read_text("utf-8").replace('{ id = "cy",', '{ id = "cy", joined = 2027-01-22,')
    board.write_text(text, "utf-8")
    done = invoke("decide", board, "--at", "2027-01-22 14:45 UTC", "--instead-of", "2027-01-20", "--committee")

    assert re.match(r"cy +- +[01]\.\d", next(line for line in done.lines if line.startswith("cy ")))


def test_a_time_that_frees_somebody_says_so(board: Path) -> None:
    board.write_text(board.read_text("utf-8").replace("20:00-21:00", "06:00-07:00"), "utf-8")
    done = invoke("decide", board, "--at", "2027-01-20 13:00 UTC", "--instead-of", "2027-01-20")

    assert "1 more member can attend" in done.out


def test_the_first_date_of_several_rotations_is_in_the_question() -> None:
    done = invoke("decide", MAG, *ROTATIONS, "--from", "2020-09-01")

    assert (
        "Which rotation shall the calls have from Tuesday 1 September 2020 on? The options: today, ours, noon."
    ) in done.lines


def test_a_poor_time_is_not_recommended_without_saying_so(board: Path) -> None:
    """Four members for whom it is always night find every time poor, and noon the cheapest."""
    members = ", ".join(f'{{ id = "m{number}", zone = "UTC", night = "00:00-23:59" }}' for number in range(4))
    board.write_text(SMALL.replace("MEMBERS", members), "utf-8")
    noon = invoke("decide", board, "--at", "2027-02-17 12:00 UTC")
    moved = invoke("decide", board, "--at", "2027-01-21 12:00 UTC", "--instead-of", "2027-01-20")

    assert "Recommended: the proposed time (Wed 12:00 UTC), though the thresholds of the plan call it poor." in noon.out
    assert "though the thresholds of the plan call it poor. Against the planned time (Thu 00:30 UTC)" in moved.out


@pytest.mark.parametrize("people", [0, 1])
def test_a_paper_of_one_member_or_none_is_whole(people: int, board: Path) -> None:
    board.write_text(SMALL.replace("MEMBERS", "".join(MEMBERS[:people])), "utf-8")
    done = invoke("decide", board, "--at", "2027-01-21 14:45 UTC", "--instead-of", "2027-01-20")

    assert done.code == 0
    assert "The question" in done.lines
    assert not any(line.startswith("local start") for line in done.lines)
    if people:
        assert "For the minutes" in invoke("decide", board, "--option", "05:00").lines


@pytest.mark.parametrize("form", ["table", "json", "csv", "html"])
def test_a_rotation_named_for_a_member_is_not_named_in_public(form: str, board: Path) -> None:
    given = ("--option", "bea=05:00", "--option", "ours=06:00", "--option", "07:00", "--decided", "bea")
    done = invoke("decide", board, *given, "-f", form)

    assert not re.search(r"\bbea\b", done.out)
    assert "option-1" in done.out
    assert "option-3" in done.out
    assert re.search(r"\bbea\b", invoke("decide", board, *given, "-f", form, "--committee").out)


def test_a_cancelled_call_may_be_held_after_all() -> None:
    done = invoke("decide", MAG, "--at", "2020-10-13 13:00 UTC", "--instead-of", "2020-10-13")

    assert "Shall IGF 2020 MAG Virtual Meeting be held on Tuesday 13 October 2020, 13:00 UTC?" in done.lines


def test_the_same_rotation_stands_beside_todays() -> None:
    done = invoke("decide", MAG, "--option", "same=20:00,15:00,14:00")

    assert any(line.startswith("today = same") for line in done.lines)
    assert done.code == 0


@pytest.mark.parametrize("chosen", [(), ("--decided", "midi"), ("--decided", "today"), ("--decided", "today = midi")])
def test_a_rotation_that_the_plan_has_already_is_said_to_be_so(chosen: tuple[str, ...]) -> None:
    done = invoke("decide", MAG, "--option", "midi=20:00,15:00,14:00", *chosen)

    assert (
        "Shall the calls stay at 20:00, 15:00, 14:00 UTC? The option midi is the rotation that the plan has already."
    ) in done.lines
    assert (
        "On ……… the group decided on 20:00, 15:00, 14:00 UTC (midi), the rotation that the plan has already."
    ) in done.lines
    assert "The calls are at 20:00, 15:00, 14:00 UTC, by a decision of ………." in done.lines
    assert done.err.startswith("warning: the option midi is the rotation that the plan has already; write the paper")


def test_minutes_after_the_adoption_do_not_say_that_the_hours_are_kept(board: Path) -> None:
    given = ("--option", "midi=10:30,20:00")
    assert invoke("compare", board, *given, "--slots", "2", "--write", "midi").code == 0
    done = invoke("decide", board, *given, "--option", "noon=12:00", "--decided", "midi")
    other = invoke("decide", board, *given, "--option", "noon=12:00", "--decided", "noon")

    assert "decided on 10:30, 20:00 UTC (midi), the rotation that the plan has already." in done.out
    assert not re.search("stay", done.out)
    assert "The option midi is the rotation that the plan has already." in other.out
    assert "decided that the calls move from 10:30, 20:00 UTC to 12:00 UTC." in other.out
    assert done.err.count("warning: the option midi") == other.err.count("warning: the option midi") == 1
    assert not invoke("decide", board, "--option", "noon=12:00").err


def test_the_warning_has_the_language_of_the_paper() -> None:
    done = invoke("decide", MAG, "--option", "midi=20:00,15:00,14:00", "--locale", "fr")

    assert "option «\xa0midi\xa0» est la rotation que le plan a déjà" in done.err


@pytest.mark.parametrize(
    ("language", "name", "id_"),
    [
        ("en", "other time 1", "better-1"),
        ("en", "better-1", "better-1"),
        ("en", "Other  time 3", "better-3"),
        ("en", "planned time", "planned"),
        ("fr", "autre horaire 2", "better-2"),
        ("fr", "horaire proposé", "proposed"),
        ("ar", "الموعد المقرر", "planned"),
        ("zh", "其他时间1", "better-1"),
    ],
)
def test_an_option_is_chosen_by_the_name_that_the_table_shows(language: str, name: str, id_: str) -> None:
    done = invoke("decide", MAG, *MOVE, "--locale", language, "--decided", name, "-f", "json")

    assert done.document["decided"] == id_


def test_a_hidden_name_is_chosen_by_the_one_that_is_shown(board: Path) -> None:
    given = ("--option", "bea=05:00", "--option", "ours=06:00")
    done = invoke("decide", board, *given, "--decided", "option-1", "-f", "json")

    assert done.document["decided"] == "option-1"
    assert invoke("decide", board, *given, "--decided", "option-1", "--committee").code == 2


def test_the_planned_time_is_no_other_time() -> None:
    """Seen from a time a little later, the planned one is among the better ones."""
    for hour in ("19:30", "20:30", "21:00", "22:00", "23:30"):
        document = invoke("decide", MAG, "--at", f"2020-10-20 {hour} UTC", "--instead-of", "XX", "-f", "json").document
        starts = [option["start"] for option in options_of(document)]
        assert starts[0] == "2020-10-20T20:00:00Z"
        assert len(starts) == len(set(starts)) == 5


def test_a_longer_call_at_the_planned_start_is_another_option() -> None:
    at = ("--at", "2020-10-20 20:30 UTC", "--instead-of", "XX", "--duration", "30min")
    options = options_of(invoke("decide", MAG, *at, "-f", "json").document)

    assert len({(option["start"], option["minutes"]) for option in options}) == len(options)


def test_clocks_that_may_not_be_named_have_their_offset_for_a_name() -> None:
    for given in (MOVE, ROTATIONS, ("--option", "ours=05:00,22:00@Europe/Zurich", "--from", "2020-09-01")):
        done = invoke("decide", MAG, *given, "-f", "markdown")
        names = re.findall(r"^\| (UTC[^|(]+) \(\d+\)", done.out, re.MULTILINE)
        assert len(names) == len(set(names)) >= 6
        assert re.search(r"\b1[23] members are on clocks that are not shown\.", done.out)


def test_the_members_on_all_clocks_are_those_who_take_part() -> None:
    document = invoke("decide", MAG, *MOVE, "-f", "json").document
    done = invoke("decide", MAG, *MOVE)
    shown = document["local"]
    assert isinstance(shown, list)
    left = re.search(r"(\d+) members are on clocks that are not shown", done.out)

    assert left is not None
    assert sum(row["members"] for row in shown) + int(left[1]) == len(load_plan(MAG).members)
    assert "not shown" not in "\n".join(
        line for line in invoke("decide", MAG, *MOVE, "--committee").lines if "clocks" in line
    )


def test_json_is_ascii_and_csv_has_a_row_for_each_option() -> None:
    assert json.dumps(invoke("decide", MAG, *MOVE, "-f", "json").document).isascii()
    assert len(invoke("decide", MAG, *ROTATIONS, "-f", "csv").lines) == 4
    assert len(invoke("decide", MAG, *MOVE, "-f", "csv").lines) == 6
