"""``announce`` on the command line: six languages, every form, and what is refused."""

import json
import os
from pathlib import Path

import pytest

from invoke import invoke
from mag_rotation.report.language import LANGUAGES
from paths import DATA, EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
FEED = ("--calendar", "https://mag.example.org/calls.ics")
GOLDEN = DATA / "announcements"


@pytest.mark.parametrize("call", ["XVII", "XIX", "2020-10-13"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_announcement_reads_as_its_golden_file(language: str, call: str) -> None:
    done = invoke("announce", MAG, "--call", call, "--locale", language, *FEED)
    path = GOLDEN / f"{call}.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(done.out, "utf-8")

    assert (done.code, done.err) == (0, "")
    assert done.out == path.read_text("utf-8")


def test_the_next_call_is_announced_unless_another_is_named() -> None:
    named = invoke("announce", MAG, "--call", "XVII", "-f", "json").document

    assert invoke("announce", MAG, "--now", "2020-09-10T00:00Z", "-f", "json").document == named
    assert invoke("announce", MAG, "--next", "--now", "2020-09-10T00:00Z", "-f", "json").document == named


def test_after_the_last_call_there_is_none_to_announce() -> None:
    done = invoke("announce", MAG, "--now", "2021-01-01T00:00Z")

    assert (done.code, done.out) == (1, "")
    assert "has no call at or after" in done.err


def test_the_json_has_its_keys_and_the_figures_of_night() -> None:
    document = invoke("announce", MAG, "--call", "XVII", "--locale", "ar", "-f", "json").document
    night = invoke("night", MAG, "--call", "XVII", "-f", "json").document

    assert list(document) == [
        "meeting", "tzdata", "language", "call", "local", "in_night", "blocked", "following", "cancelled",
        "shifts", "sessions", "warnings", "warning_facts",
    ]  # fmt: skip
    assert document["language"] == "ar"
    assert document["in_night"] == night["summary"]["in_night"]  # type: ignore[index]
    assert json.dumps(document).isascii()


def test_a_page_says_its_language_and_direction() -> None:
    arabic = invoke("announce", MAG, "--call", "XVII", "--locale", "ar", "-f", "html").out
    french = invoke("announce", MAG, "--call", "XVII", "--locale", "fr-CH", "-f", "html").out

    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<html lang="fr-CH">' in french


def test_no_address_and_no_id_of_a_member_is_in_an_announcement() -> None:
    rows = [line.split(",") for line in (EXAMPLES / "mag-2020" / "members.csv").read_text("utf-8").splitlines()[1:]]
    for form in ("table", "markdown", "html", "csv", "json"):
        out = invoke("announce", MAG, "--call", "XVII", "-f", form).out
        assert not [row[0] for row in rows if row[0] in out]
        assert not [row[2] for row in rows if "@" in row[2] and row[2] in out]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--call", "XVII", "--next"), "give one of --call N and --next"),
        (("--call", "XVII", "--now", "2020-09-10T00:00Z"), "--now goes with --next"),
        (("--locale", "klingon"), "found 'klingon'; write one of en, fr, es, ru, zh, ar"),
        (("--call", "C"), "C"),
    ],
)
def test_a_wrong_question_is_refused(arguments: tuple[str, ...], said: str) -> None:
    done = invoke("announce", MAG, *arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_the_note_and_a_clock_that_skips_the_start_are_told(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        """format = 1
[meeting]
id = "odd"
name = "Odd"
uid-domain = "calls.example.org"
duration = "1h"
[schedule]
first = 2026-03-29
repeat = "weekly"
count = 1
[rotation]
slots = [{ at = "02:30", zone = "Europe/Zurich" }]
[[exceptions]]
date = 2026-03-29
note = "bring tea"
[[members]]
id = "a"
zone = "Europe/Zurich"
""",
        "utf-8",
    )
    done = invoke("announce", plan, "--call", "2026-03-29")

    assert "Note: bring tea" in done.out
    assert "warning: " in done.err


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("en", "in Honolulu, Los Angeles, Tijuana, Vancouver and elsewhere"),
        ("fr", "(notamment Honolulu, Los Angeles, Tijuana, Vancouver)"),
        ("zh", "（檀香山、洛杉矶、蒂华纳、温哥华等地）"),  # noqa: RUF001
        ("ar", "في هونولولو،\u200f لوس انجلوس،\u200f تيخوانا،\u200f فانكوفر وغيرها"),
    ],
)
def test_cities_of_a_night_on_both_sides_of_a_day_are_listed_as_the_language_does(
    tmp_path: Path, language: str, named: str
) -> None:
    plan = tmp_path / "plan.toml"
    zones = ("Pacific/Honolulu", "America/Los_Angeles", "America/Tijuana", "America/Vancouver", "Pacific/Auckland")
    plan.write_text(
        """format = 1
[meeting]
id = "far"
name = "Far"
uid-domain = "calls.example.org"
duration = "1h"
[schedule]
first = 2026-06-02
repeat = "weekly"
count = 1
[rotation]
slots = [{ at = "12:00", zone = "UTC" }]
"""
        + "".join(
            f'[[members]]\nid = "m{number}"\nzone = "{zone}"\n' for number, zone in enumerate((*zones, "Europe/Paris"))
        ),
        "utf-8",
    )

    assert named in invoke("announce", plan, "--call", "2026-06-02", "--locale", language).out


def test_a_clock_change_that_shows_on_two_dates_is_told_once() -> None:
    lines = invoke("announce", MAG, "--call", "XVIII").out.splitlines()

    assert [line for line in lines if "later on the clock" in line] == [
        "From 26 September calls are 1 h later on the clock in Auckland.",
        "From 3 October calls are 1 h later on the clock in Melbourne.",
    ]


ANCHORED = """format = 1
[meeting]
id = "board"
name = "Board"
uid-domain = "calls.example.org"
duration = "1h"
[schedule]
first = 2027-01-13
repeat = "weekly"
count = 3
[rotation]
slots = [{ at = "19:30", zone = "America/Toronto" }]
[[exceptions]]
date = 2027-01-20
at = "20:00"
[[exceptions]]
date = 2027-01-27
cancel = true
[[members]]
id = "a"
zone = "America/Toronto"
[[members]]
id = "b"
zone = "Europe/Zurich"
"""


@pytest.fixture
def anchored(tmp_path: Path) -> Path:
    path = tmp_path / "board.toml"
    path.write_text(ANCHORED, "utf-8")
    return path


def test_a_call_of_a_zone_is_announced_on_its_clock(anchored: Path) -> None:
    lines = invoke("announce", anchored, "--call", "2027-01-13").lines

    assert lines[0] == "Board: Wednesday 13 January 2027, 19:30 in Toronto (Thu 00:30 UTC)"
    assert lines[2] == "Board is on Wednesday 13 January 2027 at 19:30 in Toronto (Thu 00:30 UTC) and lasts 1 h."
    assert [line.split("  ")[0] for line in lines[5:7]] == ["19:30", "Thu 01:30 (+1)"]
    assert "Next: Wednesday 20 January 2027 at 20:00 in Toronto (Thu 01:00 UTC)." in lines


def test_a_moved_call_says_so_and_a_cancelled_one_too(anchored: Path) -> None:
    assert "This call has been moved." in invoke("announce", anchored, "--call", "2027-01-20").lines
    lines = invoke("announce", anchored, "--call", "2027-01-27").lines

    assert lines[0] == "Cancelled: Board, Wednesday 27 January 2027"
    assert lines[2] == "Board, planned for Wednesday 27 January 2027 at 19:30 in Toronto (Thu 00:30 UTC), is cancelled."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("numbering", ["", 'numbering = { first = 1, style = "arabic" }\n'])
def test_every_language_names_the_clock_of_the_zone(language: str, numbering: str, anchored: Path) -> None:
    text = anchored.read_text("utf-8").replace('duration = "1h"\n', f'duration = "1h"\n{numbering}')
    anchored.write_text(text, "utf-8")
    for call in ("2027-01-13", "2027-01-27"):
        done = invoke("announce", anchored, "--call", call, "--locale", language)
        assert done.code == 0
        assert done.out.count("UTC") == (3 if call == "2027-01-13" else 1)
        assert "{" not in done.out


NEVER = """format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2026-01-06, repeat = "weekly", count = 2 }
rotation = { slots = [{ at = "14:00" }, { at = "21:00" }] }
members = [
    { id = "ann", zone = "Asia/Tokyo" },
    { id = "bea", zone = "Europe/Zurich", never = ["21:00-24:00"], weight = WEIGHT },
]
"""
CANNOT = {
    ("en", 1): "1 member cannot attend at this hour.",
    ("en", 2): "2 members cannot attend at this hour.",
    ("fr", 1): "1 membre ne peut pas participer à cette heure.",
    ("es", 3): "3 miembros no pueden participar a esa hora.",
    ("ru", 1): "1 участник не может присутствовать в это время.",
    ("ru", 2): "2 участника не могут присутствовать в это время.",
    ("ru", 5): "5 участников не могут присутствовать в это время.",
    ("zh", 4): "4位成员无法在这个时间参加。",
    ("ar", 11): "يتعذر الحضور في هذا الوقت على 11 عضواً.",
}


@pytest.mark.parametrize(("language", "people"), CANNOT)
def test_who_cannot_attend_is_counted_and_not_named(language: str, people: int, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(NEVER.replace("WEIGHT", str(people)))
    said = [invoke("announce", plan, "--call", day, "--locale", language) for day in ("2026-01-06", "2026-01-13")]

    assert [CANNOT[language, people] in done.lines for done in said] == [False, True]
    assert "bea" not in said[1].out
    assert invoke("announce", plan, "--call", "2026-01-13", "-f", "json").document["blocked"] == people


def test_who_cannot_attend_is_named_in_every_report_of_the_secretariat(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(NEVER.replace("WEIGHT", "1"))
    sentence = "bea cannot attend 1 of 2 calls: 21:00-24:00 is ruled out"

    assert any(sentence in line for line in invoke("validate", plan).lines)
    fairness = invoke("fairness", plan)
    assert sentence in fairness.lines
    head = next(line for line in fairness.lines if line.startswith("member"))
    assert head.split("  ")[-1].strip() == "cannot attend"
    document = invoke("fairness", plan, "-f", "json").document
    assert {one["id"]: one["blocked_calls"] for one in document["members"]} == {"ann": 0, "bea": 1}  # type: ignore[attr-defined]
    assert "cannot attend" not in invoke("fairness", plan, "--to", "2026-01-06").out

    moved = ("next-slot", plan, "--now", "2026-01-10T00:00Z")
    done = invoke(*moved)
    assert "As planned bea cannot attend." in done.lines
    assert any(line.startswith("planned, blocks bea ") for line in done.lines)
    found = invoke(*moved, "-f", "json").document
    assert found["current"]["blocked"] == ["bea"]  # type: ignore[index]
    assert [choice["blocked"] for choice in found["choices"]] == [[]]  # type: ignore[attr-defined]
    assert "As planned bea cannot attend." in invoke(*moved, "--utc-window", "01:00-02:00").lines


def test_a_proposal_names_who_cannot_attend_a_call_that_stays(tmp_path: Path) -> None:
    plan, proposal = tmp_path / "plan.toml", tmp_path / "proposal.json"
    extra = '[[extras]]\ndate = 2026-01-08\nat = "21:30"\n'
    plan.write_text(NEVER.replace("WEIGHT", "1") + extra)
    sentence = "bea cannot attend 1 of 3 calls: 21:00-24:00 is ruled out"

    assert invoke("propose", plan, "--slots", "1", "-f", "json", "-o", proposal).code == 0
    assert sentence in json.loads(proposal.read_text())["warnings"]
    assert sentence in invoke("verify", plan, proposal).lines
