"""``drift`` on the command line: every form, the JSON that scripts rely on, and tables that a secretary can read.

Law: the keys of the JSON are pinned; one may be added here, none may go.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from conftest import Run
from invoke import invoke
from mag_rotation.zones import TZDATA_VERSION
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
PLANS = sorted(path for path in EXAMPLES.rglob("*.toml"))

CHANGE = [
    "slot", "slot_number", "phase", "at", "zone", "date", "first_call", "whose", "local_before", "local_after",
    "day_shift_before", "day_shift_after", "minutes", "members", "member_zone", "member_zones", "enters_night",
    "leaves_night", "effects",
]  # fmt: skip
EFFECT = [
    "members", "night_minutes_before", "night_minutes_after", "burden_before", "burden_after", "blocked_before",
    "blocked_after",
]  # fmt: skip
GAP = [
    "zones", "same_clock", "from", "to", "start", "end", "usual_minutes", "minutes", "minutes_before", "minutes_after",
    "begun_by", "ended_by", "calls",
]  # fmt: skip

PLAN = """
format = 1
[meeting]
id = "odd"
name = "Odd"
uid-domain = "calls.example.org"
duration = "1h"
[schedule]
first = 2025-01-07
repeat = "FREQ=WEEKLY"
count = 26
[rotation]
slots = [{ at = "20:30" }, { at = "09:00", label = "early" }]
[[members]]
id = "ma"
zone = "Africa/Casablanca"
[[members]]
id = "ch"
zone = "Europe/Zurich"
[[members]]
id = "de"
zone = "Europe/Berlin"
night = "22:00-06:00"
[[members]]
id = "at"
zone = "Europe/Vienna"
lead = "1h"
never = ["22:45-23:45"]
[[members]]
id = "gb"
zone = "Europe/London"
stays = [{ from = 2025-03-01, to = 2025-04-30, zone = "Asia/Tokyo" }]
"""


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, "utf-8")
    return path


def records(document: Mapping[str, object], key: str) -> Sequence[dict[str, object]]:
    found = document[key]
    assert isinstance(found, list)
    return found


def test_the_json_of_drift_has_its_keys() -> None:
    document = invoke("drift", MAG, "--format", "json").document

    assert list(document) == ["meeting", "tzdata", "from", "to", "changes", "gaps", "warnings", "warning_facts"]
    assert (document["meeting"], document["tzdata"], document["warnings"]) == ("mag2020", TZDATA_VERSION, [])
    assert (document["from"], document["to"]) == ("2020-06-30", "2020-10-27")
    assert {tuple(change) for change in records(document, "changes")} == {tuple(CHANGE)}
    assert {tuple(gap) for gap in records(document, "gaps")} == {tuple(GAP)}
    assert {tuple(effect) for change in records(document, "changes") for effect in records(change, "effects")} == {
        tuple(EFFECT)
    }


def test_a_change_and_a_gap_in_json_say_all_that_is_known_of_them() -> None:
    document = invoke("drift", MAG, "-f", "json").document
    change = records(document, "changes")[0]
    (gap,) = (gap for gap in records(document, "gaps") if gap["zones"] == ["Europe/Warsaw", "America/New_York"])

    assert change == {
        "slot": "evening", "slot_number": 1, "phase": None, "at": "20:00", "zone": "UTC", "date": "2020-09-06",
        "first_call": "mag2020-20200915@mag.example.org", "whose": "member", "local_before": "16:00",
        "local_after": "17:00", "day_shift_before": 0, "day_shift_after": 0, "minutes": 60, "members": ["pri-07"],
        "member_zone": "America/Santiago", "member_zones": ["America/Santiago"], "enters_night": [],
        "leaves_night": [], "effects": [{
            "members": ["pri-07"], "night_minutes_before": 0, "night_minutes_after": 0, "burden_before": 60,
            "burden_after": 180, "blocked_before": False, "blocked_after": False,
        }],
    }  # fmt: skip
    assert gap == {
        "zones": ["Europe/Warsaw", "America/New_York"],
        "same_clock": [
            ["Europe/Warsaw", "Europe/Rome", "Europe/Berlin", "Europe/Paris", "Europe/Prague"],
            ["America/New_York", "America/Toronto"],
        ],
        "from": "2020-10-25", "to": "2020-11-01", "start": "2020-10-25T01:00:00Z", "end": "2020-11-01T06:00:00Z",
        "usual_minutes": 360, "minutes": 300, "minutes_before": 360, "minutes_after": 360,
        "begun_by": ["Europe/Warsaw"], "ended_by": ["America/New_York"],
        "calls": ["mag2020-20201027-extra@mag.example.org"],
    }  # fmt: skip


def test_a_gap_without_one_usual_difference_has_null_for_it() -> None:
    gaps = records(invoke("drift", MAG, "-f", "json").document, "gaps")
    sydney = [gap for gap in gaps if gap["zones"] == ["Australia/Melbourne", "Europe/London"]]

    assert [(gap["usual_minutes"], gap["minutes_before"], gap["minutes"], gap["minutes_after"]) for gap in sydney] == [
        (None, 540, 600, 660)
    ]


def test_a_sheet_has_one_row_for_each_change_and_member() -> None:
    document = invoke("drift", MAG, "-f", "json").document
    rows = list(csv.DictReader(io.StringIO(invoke("drift", MAG, "-f", "csv").out)))

    assert len(rows) == sum(len(records(change, "members")) for change in records(document, "changes"))
    assert {row["tzdata"] for row in rows} == {TZDATA_VERSION}
    (rome,) = (row for row in rows if row["member"] == "gov-16" and row["slot"] == "evening")
    assert [rome[key] for key in ("member_zone", "date", "local_before", "local_after", "minutes")] == [
        "Europe/Rome", "2020-10-25", "22:00", "21:00", "-60",
    ]  # fmt: skip
    assert [rome[key] for key in ("night_minutes_before", "night_minutes_after", "burden_after")] == ["60", "0", "540"]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_the_table_of_fifty_seats_is_read_line_by_line() -> None:
    lines = invoke("drift", MAG).lines

    assert lines[1] == "From 2020-06-30 to 2020-10-27 the local hour of a slot changes for 14 members, on 5 dates."
    europe = [cells(line) for line in lines if line.startswith("Sun 2020-10-25") and "gov-10" in line]
    assert europe[0] == [
        "Sun 2020-10-25", "none", "evening (20:00 UTC)", "gov-10, gov-16, gov-17, gov-18 and 2 more",
        "Europe/Warsaw, Europe/Rome, Europe/Berlin, Europe/Paris and 1 more", "22:00 to 21:00", "1 h earlier",
        "the member's", "out of the night", "1.2 h to 0.9 h",
    ]  # fmt: skip
    (gap,) = (cells(line) for line in lines if line.startswith("2020-10-25"))
    assert gap == [
        "2020-10-25", "2020-11-01", "Europe/Warsaw, Europe/Rome, Europe/Berlin, Europe/Paris and 5 more",
        "America/New_York, America/Toronto, America/Los_Angeles", "Europe/Warsaw - America/New_York: 5 h, not 6 h",
        "XXI",
    ]  # fmt: skip
    assert len([line for line in lines if line[:4].isdigit()]) == 10


def test_members_of_one_clock_who_do_not_fare_alike_are_told_apart(odd: Path) -> None:
    done = invoke("drift", odd)
    late, early = (cells(line) for line in done.lines if line.startswith("Sun 2025-03-30") and "ch, de, at" in line)

    assert (done.code, done.err) == (0, "")
    assert late == [
        "Sun 2025-03-30", "2025-04-01", "slot 1 (20:30 UTC)", "ch, de, at",
        "Europe/Zurich, Europe/Berlin, Europe/Vienna", "21:30 to 22:30", "1 h later", "the member's",
        "ch, at: into the night; at: blocked", "ch, de: 0.5 h to 0.6 h; at: 0.8 h to 1.1 h",
    ]  # fmt: skip
    assert early[2:] == [
        "early (09:00 UTC)", "ch, de, at", "Europe/Zurich, Europe/Berlin, Europe/Vienna", "10:00 to 11:00",
        "1 h later", "the member's", "0.0 h",
    ]  # fmt: skip


def test_a_stay_is_told_beside_the_warnings(odd: Path) -> None:
    document = invoke("drift", odd, "-f", "json").document

    warnings = document["warnings"]

    assert isinstance(warnings, list)
    assert len(warnings) == 1
    assert warnings[0] == (
        "gb is in Asia/Tokyo from 2025-03-01 to 2025-04-30: a stay is not a clock change, so the hours of gb are those "
        "of the clock of Europe/London throughout"
    )
    assert any("gb is in Asia/Tokyo" in line for line in invoke("drift", odd).lines)


def test_two_steps_of_one_spring_are_two_rows(odd: Path) -> None:
    apart = [cells(line)[4:] for line in invoke("drift", odd).lines if line.startswith("2025-")]

    assert [row[0] for row in apart] == [
        "Europe/Zurich - Africa/Casablanca: 1 h, 0 h before, 2 h after",
        "Africa/Casablanca - UTC: 0 h, not 1 h",
        "Europe/Zurich - Africa/Casablanca: 2 h, not 1 h",
    ]
    assert apart[0][1] == "2025-02-25, 2025-03-04, 2025-03-11, 2025-03-18 and 1 more"


def test_a_phase_a_shift_of_a_day_and_a_block_that_ends_are_in_words(odd: Path) -> None:
    odd.write_text(
        PLAN.replace("22:45-23:45", "21:45-22:15")
        + """
[[phases]]
name = "Spring"
from = 2025-03-20
to = 2025-04-10
slots = [{ at = "21:30", zone = "UTC" }, { at = "23:00", zone = "America/New_York" }]
""",
        "utf-8",
    )
    rows = [cells(line) for line in invoke("drift", odd, "--from", "2025-03-25", "--to", "2025-04-05").lines]
    vienna = {row[2]: row for row in rows if len(row) > 4 and row[3] == "ch, de, at"}

    assert vienna["slot 1 of Spring (21:30 UTC)"][5] == "22:30 to 23:30"
    assert vienna["slot 1 of Spring (21:30 UTC)"][8] == "at: blocked no longer"
    assert vienna["slot 2 of Spring (23:00 America/New_York)"][5] == "04:00 (+1 day) to 05:00 (+1 day)"
    assert {row[2] for row in vienna.values()} == vienna.keys()


def test_both_sides_of_a_gap_may_have_changed_in_one_night(odd: Path) -> None:
    odd.write_text(PLAN.replace("2025-01-07", "2022-01-04"), "utf-8")
    gaps = records(invoke("drift", odd, "-f", "json").document, "gaps")
    (both,) = (gap for gap in gaps if len(records(gap, "begun_by")) == 2 and gap["minutes_after"] == 60)
    (row,) = (cells(line) for line in invoke("drift", odd).lines if "(changed, too)" in line and "Zurich" in line)

    assert (both["from"], both["to"], both["minutes_before"], both["minutes"]) == ("2022-03-27", "2022-05-08", 0, 120)
    assert row[3] == "Africa/Casablanca (changed, too)"


def test_a_season_without_a_change_says_so(odd: Path) -> None:
    quiet = invoke("drift", odd, "--from", "2025-05-01", "--to", "2025-05-31")
    document = invoke("drift", odd, "--from", "2025-05-01", "--to", "2025-05-31", "-f", "json").document

    assert quiet.lines == [
        "Odd: clock changes",
        "From 2025-05-01 to 2025-05-31 no member's local hour of a slot changes.",
        "",
        f"Zone rules: tzdata {TZDATA_VERSION}.",
    ]
    assert (document["changes"], document["gaps"]) == ([], [])
    assert (document["from"], document["to"]) == ("2025-05-01", "2025-05-31")


def test_a_season_that_ends_before_it_begins_is_refused(odd: Path) -> None:
    done = invoke("drift", odd, "--from", "2025-05-02", "--to", "2025-05-01")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "mag-rotation: found 2025-05-02 to 2025-05-01, which ends before it begins; give an earlier first date\n"
    )


def test_an_answer_goes_to_a_file_whole(odd: Path, tmp_path: Path) -> None:
    out = tmp_path / "drift.md"
    done = invoke("drift", odd, "-f", "markdown", "-o", out)

    assert (done.code, done.out) == (0, "")
    text = out.read_text("utf-8")
    assert text.startswith("# Odd: clock changes\n\nFrom 2025-01-07 to 2025-07-01 ")
    assert "\n| date | first call | slot | members |" in text
    assert "\n## Weeks in which some have changed their clocks and others have not, or not yet\n" in text


@pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_example_is_answered_in_every_form(path: Path) -> None:
    for form in ("table", "markdown", "csv", "json"):
        done = invoke("drift", path, "-f", form)
        assert (done.code, done.err) == (0, "")
        assert TZDATA_VERSION in done.out or form == "csv"


def test_the_command_runs_as_a_process_wherever_the_machine_thinks_it_is(run: Run) -> None:
    first = run("drift", MAG, "-f", "json", TZ="Pacific/Apia", LC_ALL="C")

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == run("drift", MAG, "-f", "json", TZ="America/New_York").stdout
