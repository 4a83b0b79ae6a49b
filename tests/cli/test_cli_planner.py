"""``planner``, and ``night`` and ``check`` without a plan: members from a roster sheet or from the command line.

Law: without a plan nothing is invented: the answer is that of the library for the same members, its meeting is null,
and what needs a plan is refused. Lines fit into 80 columns.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from invoke import invoke
from mag_rotation import load_plan, night_at, plan_day
from mag_rotation.cli import files
from mag_rotation.report import Context, Form, render
from mag_rotation.report.planner import describe_planner
from mag_rotation.roster import Member
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
SHEET = EXAMPLES / "mag-2020" / "members.csv"
FIVE = {
    "ann": "Europe/Zurich",
    "bo": "Asia/Tokyo",
    "cy": "America/New_York",
    "dee": "Asia/Kathmandu",
    "eve": "Australia/Sydney",
}
MEMBERS = tuple(part for name, zone in FIVE.items() for part in ("--member", f"{name}={zone}"))
AT = ("--at", "2026-11-03T20:00Z")
DAY = ("--date", "2026-11-03")


def drawn(members: dict[str, str] | tuple[Member, ...], day: str = "2026-11-03", *, zone: str = "UTC") -> list[str]:
    """What people see of a day on a terminal of 80 columns."""
    found = plan_day(date.fromisoformat(day), members=members, zone=zone)
    return render(describe_planner(Context(meeting=None), [found]), Form.TABLE, width=80).splitlines()


def test_night_and_check_without_a_plan_answer_for_the_members_that_are_given() -> None:
    night = invoke("night", *MEMBERS, *AT, "-f", "json").document
    check = invoke("check", *MEMBERS, *AT, "-f", "json").document
    report = night_at(datetime(2026, 11, 3, 20, tzinfo=UTC), minutes=60, members=FIVE)

    assert (night["meeting"], night["call"], night["end"]) == (None, None, "2026-11-03T21:00:00Z")
    assert night["in_night"] == list(report.in_night) == ["bo", "dee"]
    assert check["night"] == night
    assert (check["meeting"], check["verdict"], check["beside"]) == (None, "acceptable", [])
    assert check["fairness"]["before"]["calls"] == 0  # type: ignore[index]
    assert check["fairness"]["after"]["worst"] == max(row.burden for row in report)  # type: ignore[index]


def test_reports_without_a_plan_have_a_title_of_their_own() -> None:
    heads = [invoke(command, *MEMBERS, *AT).lines[0] for command in ("night", "check")]
    assert [*heads, invoke("planner", *MEMBERS, *DAY).lines[0]] == [
        "Who is in the night",
        "Is this time fair?",
        "When to meet",
    ]


def test_a_roster_sheet_may_stand_for_a_plan_and_have_more_members_beside_it() -> None:
    document = invoke("night", "--roster", SHEET, "-m", "guest=Asia/Tokyo", *AT, "-f", "json").document
    ids = [row["id"] for row in document["members"]]  # type: ignore[attr-defined]

    assert len(ids) == 51
    assert {"tec-08", "guest"} <= set(ids)


@pytest.mark.parametrize(
    "written", [("-mann=UTC",), ("-m", "ann=UTC"), ("--member=ann=UTC",), ("--member", "ann = UTC")]
)
def test_a_member_may_be_written_in_every_way_of_an_option(
    written: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    document = invoke("night", *written, *AT, "-f", "json").document

    assert [row["zone"] for row in document["members"]] == ["UTC"]  # type: ignore[attr-defined]


def test_all_mistakes_of_members_are_named_at_once(tmp_path: Path) -> None:
    sheet = tmp_path / "some.csv"
    sheet.write_text("id,zone\nann,Zurich\n", "utf-8")
    wrong = ("-m", "bo=EST", "-m", "cy", "-m", "=UTC", "-m", "dee=UTC", "-m", "dee=UTC", "-m", "ed=")
    done = invoke("check", "--roster", sheet, *wrong, *AT)

    assert (done.code, done.out) == (2, "")
    assert "a roster with 6 mistakes:" in done.err
    for said in (
        "some.csv row 2, column zone: ",
        "Europe/Zurich",
        "--member bo=EST: 'EST' is not accepted, because it has no summer time",
        "--member cy: found 'cy'; write an id and a zone, such as ann=Europe/Zurich",
        "--member =UTC: found '=UTC'; write an id and a zone",
        "--member dee=UTC: found 'dee' again; give each member an id of its own",
        "--member ed=: found 'ed='; write an id and a zone",
    ):
        assert said in done.err, done.err


def test_a_spreadsheet_that_is_no_roster_is_met_with_the_command_that_makes_one(tmp_path: Path) -> None:
    sheet = tmp_path / "people.csv"
    sheet.write_text("Name,City\nAnn,Zurich\n", "utf-8")

    assert "mag-rotation roster people.csv -o members.csv" in invoke("planner", "--roster", sheet).err
    assert invoke("planner", "--roster", tmp_path / "none.csv").code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("night", *MEMBERS, "--next"), "--call and --next need a plan"),
        (("night", *MEMBERS, "--call", "3"), "--call and --next need a plan"),
        (("night", *MEMBERS), "--call and --next need a plan"),
        (("night", *MEMBERS, *AT, "--now", "2026-11-03T20:00Z"), "--call and --next need a plan"),
        (("night", MAG, *MEMBERS, *AT), "give a plan, or members by --roster and --member; found"),
        (("check", "plan.toml", "--roster", SHEET, *AT), "give a plan, or members by --roster and --member; found"),
        (("check", *MEMBERS, *AT, "--instead-of", "3"), "--instead-of needs a plan"),
        (("planner", *MEMBERS, *DAY, "--instead-of", "3"), "--instead-of needs a plan"),
        (("planner", *MEMBERS, *DAY, "--step", "7min"), "found a step of 7 minutes; give a part of a day"),
        (("planner", *MEMBERS, *DAY, "--zone", "Zurich"), "Europe/Zurich"),
        (("planner", *MEMBERS, "--date", "tomorrow"), "found 'tomorrow'"),
        (("check", MAG, *AT, "--instead-of", "none"), "'none'"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: tuple[object, ...], said: str) -> None:
    done = invoke(*arguments)

    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.split())


def test_without_a_plan_and_without_members_both_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert "or give members by --roster and --member" in " ".join(invoke("planner").err.split())
    assert "--roster" not in invoke("fairness").err


def test_an_answer_never_replaces_the_roster_that_it_was_made_from(tmp_path: Path) -> None:
    sheet = tmp_path / "some.csv"
    sheet.write_text("id,zone\nann,Europe/Zurich\n", "utf-8")

    assert "is a file that the roster is read from" in invoke("planner", "--roster", sheet, *DAY, "-o", sheet).err
    assert sheet.read_text("utf-8").startswith("id,zone")


def test_the_json_of_the_planner_has_the_keys_of_the_contract() -> None:
    document = invoke(
        "planner", *MEMBERS, *DAY, "--zone", "Asia/Kathmandu", "--duration", "90min", "-f", "json"
    ).document
    found = plan_day(date(2026, 11, 3), members=FIVE, zone="Asia/Kathmandu", minutes=90)
    starts = document["starts"]
    assert isinstance(starts, list)

    assert list(document) == [
        "meeting", "tzdata", "date", "zone", "minutes", "starts", "recommended", "beside", "clock_changes", "warnings",
        "warning_facts",
    ]  # fmt: skip
    assert (document["meeting"], document["date"], document["zone"], document["minutes"]) == (
        None, "2026-11-03", "Asia/Kathmandu", 90,
    )  # fmt: skip
    assert [list(start) for start in starts] == [
        ["start", "in_night", "blocked", "worst", "total", "verdict", "dominated", "members"]
    ] * 48
    assert starts[0]["start"] == "2026-11-02T18:15:00Z"
    assert [list(member) for member in starts[0]["members"]] == [
        ["id", "local_start", "day_shift", "band", "in_night", "burden"]
    ] * 5
    assert [member["id"] for member in starts[9]["members"]] == list(FIVE)
    assert starts[0]["members"][3]["local_start"] == "2026-11-03T00:00:00+05:45"
    assert [(start["worst"], start["in_night"], start["total"], start["dominated"]) for start in starts] == [
        (start.worst, start.in_night, start.total, start.dominated) for start in found
    ]
    assert document["recommended"] == [f"{start.start:%Y-%m-%dT%H:%M:00Z}" for start in found.recommended]


def test_a_week_is_seven_days_of_the_planner() -> None:
    document = invoke("planner", *MEMBERS, *DAY, "--week", "-f", "json").document
    alone = invoke("planner", *MEMBERS, "--date", "2026-11-09", "-f", "json").document
    rows = list(csv.DictReader(io.StringIO(invoke("planner", *MEMBERS, *DAY, "--week", "-f", "csv").out)))
    days = document["days"]
    assert isinstance(days, list)

    assert [day["date"] for day in days] == [f"2026-11-{number:02}" for number in range(3, 10)]
    assert days[-1] == alone
    assert len(rows) == 7 * 48
    assert list(rows[0])[:8] == ["date", "start", "in_night", "blocked", "worst", "total", "verdict", "dominated"]


def test_a_week_for_people_shows_what_is_recommended_each_day() -> None:
    lines = invoke("planner", *MEMBERS, *DAY, "--week").lines

    assert sum(line.endswith("starts are recommended.") or " is recommended: " in line for line in lines) == 7
    assert not any(line.rstrip().endswith("dominated") for line in lines)
    assert any(line.startswith("Dominated starts are in JSON and CSV") for line in lines)


def test_today_is_the_day_if_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Clock:  # noqa: ARG003 - the signature of datetime.now
            return cls(2026, 11, 3, 23, 30, tzinfo=UTC)

    monkeypatch.setattr("mag_rotation.cli.fairness.datetime", Clock)

    assert invoke("planner", *MEMBERS, "-f", "json").document["date"] == "2026-11-03"
    assert invoke("planner", *MEMBERS, "--zone", "Asia/Tokyo", "-f", "json").document["date"] == "2026-11-04"


def test_the_planner_of_a_plan_has_the_figures_of_its_check() -> None:
    document = invoke("planner", MAG, "--date", "2020-09-15", "-f", "json").document
    rows = {start["start"]: start for start in document["starts"]}  # type: ignore[attr-defined]

    assert document["meeting"] == "mag2020"
    assert [call["label"] for call in document["beside"]] == ["XVII"]  # type: ignore[attr-defined]
    for hour in ("03", "20", "22"):
        start = f"2020-09-15T{hour}:00:00Z"
        check = invoke("check", MAG, "--at", start, "-f", "json").document
        after = check["fairness"]["after"]  # type: ignore[index]
        assert (rows[start]["worst"], rows[start]["total"]) == (after["worst"], after["total"])
        assert rows[start]["verdict"] == check["verdict"]
    said = " ".join(invoke("planner", MAG, "--date", "2020-09-15").lines[:8])
    assert "Call XVII of the plan at 20:00 UTC counts before the starts after it; --instead-of XVII leaves it" in said
    without = invoke("planner", MAG, "--date", "2020-09-15", "--instead-of", "XVII", "-f", "json").document
    assert without["beside"] == []


def test_a_poor_start_is_not_recommended_without_saying_so() -> None:
    found = load_plan(MAG).planner(date(2020, 9, 15))
    poor = [start for start in found.recommended if start.verdict == "poor"]
    lines = invoke("planner", MAG, "--date", "2020-09-15").lines

    assert poor
    assert any(line.startswith("Least in total: 12:00 UTC") and line.endswith("a poor time.") for line in lines)


def test_five_members_are_a_row_of_letters_each() -> None:
    lines = drawn(FIVE)

    assert max(map(len, lines)) <= 80
    at = next(place for place, line in enumerate(lines) if line.startswith("hour in UTC"))
    assert lines[at : at + 7] == [
        "hour in UTC       00  02  04  06  08  10  12  14  16  18  20  22",
        "cy in New York    vvvvvvvNNNNNNNNNNNNNNNeeee....................vv",
        "ann in Zurich     NNNNNNNNNNeeee....................vvvvvvvvvNNNNN",
        "dee in Kathmandu  Neeee....................vvvvvvvvNNNNNNNNNNNNNNN",
        "bo in Tokyo       ..................vvvvvvvvvNNNNNNNNNNNNNNNeeee..",
        "eve in Sydney     ..............vvvvvvvvvNNNNNNNNNNNNNNNeeee......",
        "recommended                 ^^^         ^",
    ]


def test_fifty_members_are_a_row_for_each_clock() -> None:
    lines = drawn(load_plan(MAG).members, "2020-11-01")

    assert max(map(len, lines)) <= 80
    assert 50 > sum("NNN" in line for line in lines) > 10
    assert any(line.startswith("2 in Kolkata ") for line in lines)
    assert any(line.startswith("pri-08 in Los Angeles *") for line in lines)
    assert all(len(line.partition("  ")[0]) <= 26 for line in lines if "NNNNNNNN" in line)
    assert any(line.startswith("6 in Warsaw, Rome, Be... *") for line in drawn(load_plan(MAG).members, "2020-10-25"))
    assert any(line.startswith("* Clocks go back at Sun 06:00 UTC, from UTC-4 to UTC-5") for line in lines)


def test_letters_tell_who_cannot_attend_who_takes_no_part_and_a_night_of_ones_own() -> None:
    members = (
        Member(id="nurse", zone="UTC", never=((datetime(2000, 1, 1, 8).time(), datetime(2000, 1, 1, 10).time()),)),  # noqa: DTZ001
        Member(id="gone", zone="UTC", left=date(2026, 11, 2)),
        Member(id="lark", zone="UTC", night=(datetime(2000, 1, 1, 20).time(), datetime(2000, 1, 1, 3).time())),  # noqa: DTZ001
    )
    letters = {line.split()[0]: line.split()[-1] for line in drawn(members) if " in UTC " in line}

    assert letters["nurse"] == "N" * 12 + "eee" + "X" * 5 + "." * 16 + "v" * 9 + "NNN"
    assert letters["gone"] == "-" * 48
    assert letters["lark"] == "N" * 6 + "n" * 6 + "eeee" + "." * 20 + "vvv" + "N" * 9


def test_the_hours_above_the_letters_stand_above_their_starts_when_clocks_change() -> None:
    lines = drawn({"ann": "Europe/Zurich"}, "2026-10-25", zone="Europe/Zurich")
    head = next(line for line in lines if line.startswith("hour in Zurich"))
    row = next(line for line in lines if line.startswith("ann in Zurich *"))

    assert len(row) - row.index("NNN") == 50
    assert row[head.index("06")] == "e"
    assert row[head.index("08")] == "."


def test_a_fine_grid_is_drawn_at_the_half_hours() -> None:
    lines = invoke("planner", *MEMBERS, *DAY, "--step", "15min").lines

    assert "Drawn: the starts on the half hour, 48 of 96." in lines
    assert any(line.startswith("Tue 00:15 ") for line in lines)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ((), "Tuesday 3 November 2026: nobody takes part, so any start will do."),
        (
            (Member(id="no", zone="UTC", never=((datetime(2000, 1, 1).time(), datetime(2000, 1, 1).time()),)),),  # noqa: DTZ001
            "Tuesday 3 November 2026: every start touches hours that somebody cannot attend",
        ),
    ],
)
def test_where_nothing_can_be_recommended_the_first_sentence_says_why(members: tuple[Member, ...], said: str) -> None:
    assert drawn(members)[1] == said


def test_a_terminal_has_the_letters_in_colour() -> None:
    found = plan_day(date(2026, 11, 3), members={"ann": "Europe/Zurich"})
    text = render(describe_planner(Context(meeting=None), [found]), Form.TABLE, width=80, colour=True)

    assert "\x1b[1;35mN\x1b[0m" in text or "\x1b[1;35mNNNN" in text
    assert found.minutes == files.USUAL_LENGTH


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_every_format_has_the_letters(form: str) -> None:
    done = invoke("planner", *MEMBERS, *DAY, "-f", form)

    assert done.code == 0
    assert "NNNNNNNNNN" in done.out
    assert json.dumps(done.out)
