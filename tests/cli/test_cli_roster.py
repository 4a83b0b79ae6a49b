"""The command ``roster``: a group's own spreadsheet to a roster sheet that a plan reads.

Laws: ids depend on no order of rows; what is ambiguous stays open, with exit code 1; what a person has put into the
roster sheet stays; no private column is written anywhere.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from cities import few_cities
from invoke import Outcome, invoke
from mag_rotation import load_plan

PEOPLE = """sep=;
Advisory group 2026;;;;;;;
;;;;;;;
Nom;Prénom;Correo electrónico;Ville;Pays;Téléphone;Groupe régional;Fonction
Silva;Ana;ana@example.org;Genève;Suisse;+41 79 000 00 00;WEOG;Chair, Editor
Kim;Min;min@example.org;Seoul;Corée du Sud;;APG;
Smith;Bo;bo@example.org;Springfield;USA;;WEOG;
Doe;Jo;jo@example.org;London;;;WEOG;
"""

PLAN = """format = 1
[meeting]
id = "board"
name = "Board"
uid-domain = "example.org"
duration = "1h"
[schedule]
first = 2026-10-06
repeat = "weekly"
count = 2
[rotation]
slots = ["14:00"]
[roster]
file = "members.csv"
"""

NOW = ("--now", "2026-11-01T00:00Z")


@pytest.fixture(autouse=True, scope="module")
def _cities() -> Iterator[None]:
    with few_cities():
        yield


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text(PEOPLE, "utf-8")
    Path("plan.toml").write_text(PLAN, "utf-8")
    return tmp_path


def read_rows(path: str = "members.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8-sig"), newline="")))


def by_id(done: Outcome) -> dict[str, dict[str, object]]:
    members = cast("list[dict[str, object]]", done.document["members"])
    return {str(member["id"]): member for member in members}


def test_a_spreadsheet_becomes_a_roster_and_what_is_ambiguous_stays_open() -> None:
    done = invoke("roster", "people.csv", "-o", "members.csv", "-f", "json")

    assert done.code == 1
    assert [(row["id"], row["name"], row["zone"]) for row in read_rows()] == [
        ("ana-silva", "Ana Silva", "Europe/Zurich"),
        ("min-kim", "Min Kim", "Asia/Seoul"),
        ("bo-smith", "Bo Smith", ""),
        ("jo-doe", "Jo Doe", "Europe/London"),
    ]
    assert read_rows()[0] == {
        "id": "ana-silva",
        "name": "Ana Silva",
        "zone": "Europe/Zurich",
        "email": "ana@example.org",
        "roles": "Chair;Editor",
        "country": "CH",
        "region": "WEOG",
    }
    members = by_id(done)
    assert members["bo-smith"]["zone"] is None
    assert members["bo-smith"]["from"] is None
    assert members["bo-smith"]["candidates"] == ["America/Chicago", "America/New_York", "America/Los_Angeles"]
    assert members["ana-silva"]["candidates"] == []
    assert (members["ana-silva"]["from"], members["ana-silva"]["assumed"]) == ("city", False)
    assert (members["jo-doe"]["from"], members["jo-doe"]["assumed"]) == ("city", True)
    assert members["ana-silva"]["row"] == 5, "the line of the file"
    assert done.document["columns"] == {
        "Nom": "family-name",
        "Prénom": "given-name",
        "Correo electrónico": "email",
        "Ville": "city",
        "Pays": "country",
        "Téléphone": "left-out",
        "Groupe régional": "region",
        "Fonction": "roles",
    }
    assert done.document["left_out"] == {"Téléphone": "telephone"}


def test_the_report_for_people_names_what_is_open_assumed_and_left_out() -> None:
    done = invoke("roster", "people.csv", "-o", "members.csv")

    lines = done.out.splitlines()
    assert lines[1:3] == [
        "people.csv: 4 members, 3 zones found, 1 of them assumed, 1 open.",
        "Written to members.csv.",
    ]
    assert all(len(line) <= 80 for line in lines)
    assert "Téléphone           left out: a telephone number" in done.out
    assert "+41 79" not in done.out + Path("members.csv").read_text("utf-8")
    assert "London, GB" in done.out
    first = next(number for number, line in enumerate(lines) if "may be" in line)
    assert [line.split() for line in lines[first + 1 : first + 4]] == [
        ["7", "bo-smith", "Springfield,", "USA", "America/Chicago"],
        ["America/New_York"],
        ["America/Los_Angeles"],
    ]


def test_a_roster_that_is_whole_loads_as_that_of_a_plan_at_once() -> None:
    text = PEOPLE.replace("Springfield;USA", "Boston;USA")
    Path("people.csv").write_text(text, "utf-8")
    assert invoke("roster", "people.csv", "-o", "members.csv").code == 0

    plan = load_plan("plan.toml")
    assert [member.id for member in plan.members] == ["ana-silva", "min-kim", "bo-smith", "jo-doe"]
    assert plan.member("ana-silva").roles == ("Chair", "Editor")
    assert plan.member("ana-silva").groups == {"country": "CH", "region": "WEOG"}


def test_without_output_nothing_is_written_and_the_report_says_how() -> None:
    done = invoke("roster", "people.csv")

    assert done.code == 1
    assert "Nothing is written; -o members.csv writes the roster." in done.out
    assert not Path("members.csv").exists()


def test_the_roster_itself_goes_to_stdout_when_it_is_asked_for() -> None:
    Path("people.csv").write_text(f"{PEOPLE};;;;Peru;;;\n", "utf-8")
    done = invoke("roster", "people.csv", "-o", "-")

    assert done.code == 1
    assert "warning: a row without a name and an address was left out: line 9" in done.err
    assert done.out.startswith("id,name,zone,email,roles,country,region\r\nana-silva,")
    assert "4 members" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("people.csv", "-o", "-", "-f", "json"), "name a file"),
        (("people.csv", "-o", "members.xlsx"), "is no CSV file"),
        (("people.csv", "-o", "people.csv"), "is a file that this roster is read from"),
        (("nobody.csv", "-o", "members.csv"), "no such file"),
        (("people.csv", "--sheet", "Members"), "has no visible sheet 'Members'"),
        (("people.csv", "--group", "Team"), "found no column 'Team' for --group"),
        (("plan.toml",), "has no row of headings in its first 30 rows"),
    ],
)
def test_a_wrong_command_line_says_what_would_be_right(arguments: tuple[str, ...], words: str) -> None:
    done = invoke("roster", *arguments)

    assert done.code == 2
    assert words in done.err
    assert done.out == ""
    assert not Path("members.csv").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "people.csv: is empty; write a row of headings"),
        ("\n\n", "is empty"),
        (" , ,\n,,\n", "is empty"),
        ("Name,City,E-mail\n", "people.csv: has headings in row 1 and nobody below them; write a row for each member"),
        ("Members\n\nName,City\n,\n  ,\n", "has headings in row 3 and nobody below them"),
        ("Name;City\n;;\n", "nobody below them"),
    ],
)
def test_a_table_of_nobody_is_refused(text: str, words: str) -> None:
    Path("people.csv").write_text(text, "utf-8")
    done = invoke("roster", "people.csv", "-o", "members.csv")

    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert not Path("members.csv").exists()


# Again, with a changed spreadsheet.


def test_a_second_run_keeps_ids_columns_zones_and_order_and_tells_what_changed() -> None:
    Path("people.csv").write_text(PEOPLE.replace("Springfield;USA", "Boston;USA"), "utf-8")
    assert invoke("roster", "people.csv", "-o", "members.csv").code == 0
    rows = read_rows()
    kept = [rows[2], rows[0], rows[1], rows[3]]
    lines = ["id,name,zone,email,roles,country,region,seat"]
    lines += [
        ",".join([*(row[key] for key in lines[0].split(",")[:-1]), f"s{number}"]) for number, row in enumerate(kept)
    ]
    Path("members.csv").write_text("\n".join(lines) + "\n", "utf-8")
    text = PEOPLE.replace("Springfield;USA", "Boston;USA").replace("Genève;Suisse", "Lima;Pérou")
    text = text.replace("jo@example.org", "jo.doe@example.org") + "Ito;Aya;aya@example.org;Osaka;Japon;;APG;\n"
    Path("people.csv").write_text("\n".join(line for line in text.splitlines() if not line.startswith("Kim")), "utf-8")

    done = invoke("roster", "people.csv", "-o", "members.csv", *NOW)

    assert done.code == 0
    after = read_rows()
    assert [row["id"] for row in after] == ["bo-smith", "ana-silva", "min-kim", "jo-doe", "aya-ito"]
    assert [row["seat"] for row in after] == ["s0", "s1", "s2", "s3", ""]
    assert (after[1]["zone"], after[1]["country"]) == ("Europe/Zurich", "CH"), "a move is offered, not made"
    assert after[3]["email"] == "jo.doe@example.org"
    assert after[4]["zone"] == "Asia/Tokyo"
    assert "New: aya-ito. A column joined can say from when." in done.out
    assert "Gone: min-kim is in no row of the spreadsheet." in done.out
    assert "Moved: ana-silva is in America/Lima, not in Europe/Zurich." in done.out
    assert "Please write into members.csv, if this is so from 2026-11-01 on and for good:" in done.out
    assert {"left", "stays"} <= after[0].keys(), "the columns are there, if only empty"
    assert "If ana-silva is away for a time, write only stays: 2026-11-01/LAST-DAY America/Lima" in done.out
    assert "Next:" not in done.out
    assert "Changed: email of jo-doe." in done.out

    document = invoke("roster", "people.csv", "-o", "members.csv", "-f", "json", *NOW).document
    assert document["new"] == []
    assert document["gone"] == ["min-kim"]
    assert document["moved"] == [{"id": "ana-silva", "before": "Europe/Zurich", "after": "America/Lima"}]
    assert document["cells"] == [
        {"row": 3, "id": "ana-silva", "column": "zone", "cell": "America/Lima"},
        {"row": 3, "id": "ana-silva", "column": "stays", "cell": "2000-01-01/2026-10-31 Europe/Zurich"},
        {"row": 4, "id": "min-kim", "column": "left", "cell": "2026-10-31"},
    ]


def test_what_is_offered_can_be_pasted_as_it_stands() -> None:
    Path("people.csv").write_text("Name,City,Country\nAna Silva,Geneva,Switzerland\nBo Li,Lima,Peru\n", "utf-8")
    invoke("roster", "people.csv", "-o", "members.csv")
    Path("people.csv").write_text("Name,City,Country\nAna Silva,Lima,Peru\n", "utf-8")
    told = invoke("roster", "people.csv", "-o", "members.csv", "-f", "json", *NOW).document
    rows = read_rows()
    for one in cast("list[dict[str, object]]", told["cells"]):
        rows[int(str(one["row"])) - 2][str(one["column"])] = str(one["cell"])
    with Path("members.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, rows[0])
        sheet.writeheader()
        sheet.writerows(rows)

    ana = load_plan("plan.toml").member("ana-silva")
    assert ana.find_zone(lambda _: date(2026, 10, 31)) == "Europe/Zurich"
    assert ana.find_zone(lambda _: date(2026, 11, 1)) == "America/Lima"
    assert str(load_plan("plan.toml").member("bo-li").left) == "2026-10-31"
    again = invoke("roster", "people.csv", "-o", "members.csv", *NOW).out
    assert not {"Gone", "Moved"} & set(again.split()), "it is done already"


def test_now_may_be_a_date() -> None:
    Path("people.csv").write_text("Name,Country,Term ends\nAna,Kenya,2027-12-31\nBo,Peru,2026-12-31\n", "utf-8")
    invoke("roster", "people.csv", "-o", "members.csv")
    Path("people.csv").write_text("Name,Country,Term ends\nBo,Peru,2026-11-30\n", "utf-8")
    done = invoke("roster", "people.csv", "-o", "members.csv", "--now", "2026-11-01")

    assert "Gone: ana is in no row of the spreadsheet." in done.out
    assert "  2  ana  left    2026-10-31" in done.out
    assert "Changed: left of bo: 2026-11-30, it was 2026-12-31." in done.out
    assert invoke("roster", "people.csv", "--now", "2026-02-30").code == 2


def test_a_roster_that_is_whole_says_what_comes_next() -> None:
    Path("people.csv").write_text("Name,Country\nAna,Kenya\n", "utf-8")

    assert "Next:" not in invoke("roster", "people.csv").out
    done = invoke("roster", "people.csv", "-o", "members.csv")
    assert done.out.splitlines()[-1] == "Next: mag-rotation init plan.toml --roster members.csv"


def test_the_next_step_comes_back_once_no_zone_is_open_and_stays_away_from_who_has_a_plan() -> None:
    Path("people.csv").write_text("Name,Country\nAna,Kenya\nBo,Brazil\n", "utf-8")
    Path("plan.toml").unlink()
    step = "Next: mag-rotation init plan.toml --roster members.csv"

    assert step not in invoke("roster", "people.csv", "-o", "members.csv").out
    text = Path("members.csv").read_text("utf-8-sig")
    assert "bo,Bo,," in text
    Path("members.csv").write_text(text.replace("bo,Bo,,", "bo,Bo,America/Sao_Paulo,"), "utf-8")
    assert invoke("roster", "people.csv", "-o", "members.csv").out.splitlines()[-1] == step
    Path("plan.toml").write_text("", "utf-8")
    assert "Next:" not in invoke("roster", "people.csv", "-o", "members.csv").out


def test_an_open_zone_is_filled_in_by_hand_and_stays() -> None:
    invoke("roster", "people.csv", "-o", "members.csv")
    text = Path("members.csv").read_text("utf-8-sig")
    Path("members.csv").write_text(text.replace("bo-smith,Bo Smith,,", "bo-smith,Bo Smith,America/Chicago,"), "utf-8")
    done = invoke("roster", "people.csv", "-o", "members.csv", "-f", "json")

    assert done.code == 0
    assert (by_id(done)["bo-smith"]["zone"], by_id(done)["bo-smith"]["from"]) == ("America/Chicago", "roster")
    assert "America/Chicago  members.csv" in invoke("roster", "people.csv", "-o", "members.csv").out


def test_the_same_run_twice_changes_no_byte() -> None:
    invoke("roster", "people.csv", "-o", "members.csv")
    before = Path("members.csv").read_bytes()
    done = invoke("roster", "people.csv", "-o", "members.csv")

    assert "Nobody is new, gone or moved." in done.out
    assert "members.csv says so already." in done.out
    assert Path("members.csv").read_bytes() == before


def test_a_roster_that_was_made_by_hand_keeps_its_form() -> None:
    invoke("roster", "people.csv", "-o", "members.csv")
    rows = [list(row.values()) for row in read_rows()]
    text = "\n".join(";".join(f'"{cell}"' if ";" in cell else cell for cell in row) for row in rows)
    by_hand = f"id;name;zone;email;roles;country;region\n{text}\n".encode()
    Path("members.csv").write_bytes(by_hand)

    invoke("roster", "people.csv", "-o", "members.csv")
    assert Path("members.csv").read_bytes() == by_hand, "nothing is new"
    Path("people.csv").write_text(f"{PEOPLE}Ito;Aya;aya@example.org;Osaka;Japon;;APG;\n", "utf-8")
    invoke("roster", "people.csv", "-o", "members.csv")
    lines = Path("members.csv").read_text("utf-8-sig").splitlines()
    assert lines[:-1] == by_hand.decode().splitlines()
    assert lines[-1] == "aya-ito;Aya Ito;Asia/Tokyo;aya@example.org;;JP;APG"


def test_a_roster_sheet_with_mistakes_is_not_touched() -> None:
    Path("members.csv").write_text("name,city\nAna,Lima\n", "utf-8")
    done = invoke("roster", "people.csv", "-o", "members.csv")

    assert done.code == 2
    assert "members.csv row 1" in done.err
    assert Path("members.csv").read_text("utf-8") == "name,city\nAna,Lima\n"


# Questions.


class Typed(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


class Shown(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def ask(monkeypatch: pytest.MonkeyPatch, typed: str, *arguments: str) -> tuple[int, str]:
    """Run the command with answers that are typed, and return its exit code and what was asked."""
    from mag_rotation.cli import main  # noqa: PLC0415 - with other streams than invoke has

    raw, out = io.BytesIO(), io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    monkeypatch.setattr(sys, "stdin", Typed(typed))
    monkeypatch.setattr(sys, "stderr", Shown(raw, encoding="utf-8", write_through=True))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["mag-rotation", "roster", "people.csv", "-o", "members.csv", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    return int(end.value.code or 0), raw.getvalue().decode("utf-8")


@pytest.mark.parametrize(
    ("typed", "zone", "code"),
    [
        ("1\n", "America/Chicago", 0),
        ("3\n", "America/Los_Angeles", 0),
        ("america/denver\n", "America/Denver", 0),
        ("Boston, MA\n", "America/New_York", 0),
        ("9\nEST\n2\n", "America/New_York", 0),
        ("\n", "", 1),
        ("", "", 1),
    ],
)
def test_what_is_open_is_asked_on_a_terminal(monkeypatch: pytest.MonkeyPatch, typed: str, zone: str, code: int) -> None:
    assert ask(monkeypatch, typed, *NOW)[0] == code
    assert read_rows()[2]["zone"] == zone


def test_a_question_shows_the_candidates_and_their_hour_now(monkeypatch: pytest.MonkeyPatch) -> None:
    _, asked = ask(monkeypatch, "1\n", *NOW)

    assert "people.csv row 7, Bo Smith: Springfield, USA" in asked
    assert "   1  America/Chicago (Springfield, MO, US)      Sat 19:00 now" in asked
    assert "   2  America/New_York (Springfield, MA, US)     Sat 20:00 now" in asked


def test_an_answer_that_is_not_clear_is_met_with_what_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    _, asked = ask(monkeypatch, "EST\nxyzzy\n1\n", *NOW)

    assert "'EST' is not clear: it may be America/New_York" in asked
    assert "'xyzzy' is not clear: write a zone such as Europe/Zurich" in asked


@pytest.mark.parametrize(
    ("row", "typed", "told", "taken"),
    [
        ("CET,", "Tokyo\nTokyo\n", "'Tokyo' is Asia/Tokyo (Tokyo, JP), but 'CET' is written", "Asia/Tokyo"),
        ("CET,", "Tokyo\nEurope/Rome\n", "the same again takes it", "Europe/Rome"),
        ("CET,", "Kolkatta\nEurope/Rome\n", "'Kolkatta' is not clear: did you mean Asia/Kolkata?", "Europe/Rome"),
        (",USA", "Tokyo\n2\n", "'Tokyo' is Asia/Tokyo (Tokyo, JP), but 'USA' is written", "America/Chicago"),
        (",USA", "Auckalnd\n1\n", "'Auckalnd' is not clear: did you mean Pacific/Auckland?", "America/New_York"),
        ("EST,", "Torontoo\nToronto\n", "did you mean America/Toronto?", "America/Toronto"),
        (",Congo", "Kinshasa\n", "taken: Africa/Kinshasa (Kinshasa, CD)", "Africa/Kinshasa"),
        (",USA", "Puerto Rico\n", "taken: America/Puerto_Rico", "America/Puerto_Rico"),
    ],
)
def test_an_answer_that_contradicts_the_sheet_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, row: str, typed: str, told: str, taken: str
) -> None:
    Path("people.csv").write_text(f"Name,Time zone,Country\nAna,{row}\n", "utf-8")
    code, asked = ask(monkeypatch, typed, *NOW)

    assert told in asked
    assert (code, read_rows()[0]["zone"]) == (0, taken)


def test_one_place_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = PEOPLE + "Roe;Al;al@example.org;Springfield;USA;;WEOG;\n"
    Path("people.csv").write_text(text, "utf-8")
    code, asked = ask(monkeypatch, "2\n", *NOW)

    assert code == 0
    assert "Bo Smith and 1 more" in asked
    assert [row["zone"] for row in read_rows() if row["country"] == "US"] == ["America/New_York"] * 2


def test_the_clock_is_read_where_no_time_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    before = datetime.now(UTC).date()
    Path("people.csv").write_text("Name,City,Country\nAna Silva,Geneva,Switzerland\n", "utf-8")
    invoke("roster", "people.csv", "-o", "members.csv")
    Path("people.csv").write_text("Name,City,Country\nBo Li,Lima,Peru\n", "utf-8")
    monkeypatch.setattr(sys, "stdin", None)
    told = invoke("roster", "people.csv", "-o", "members.csv").out

    days = {before - timedelta(days=1), datetime.now(UTC).date() - timedelta(days=1)}
    assert any(f"left    {day}" in told for day in days)
