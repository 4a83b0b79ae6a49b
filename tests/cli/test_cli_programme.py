"""The command ``programme``: sessions, duties in the night and conflicts, as people and programs read them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from invoke import invoke
from mag_rotation.planfile import load_plan
from mag_rotation.planfile.reader import ROLES
from mag_rotation.report.language import LANGUAGES
from mag_rotation.report.words import WORDS
from paths import EXAMPLES

IGF = EXAMPLES / "igf-2020" / "plan.toml"
MAG = EXAMPLES / "mag-2020" / "plan.toml"

BUSY = """format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2027-03-02, repeat = "FREQ=WEEKLY", count = 1 }
rotation = { slots = [{ at = "14:00" }] }
members = [
  { id = "zoe", zone = "Asia/Kathmandu" },
  { id = "ann", zone = "Australia/Brisbane", name = "Ann Other" },
]
phases = [{ name = "Phase I", from = 2027-03-01, to = 2027-03-05, calls = false }]
[programme]
window = "06:00-22:00"
join-ahead = { speaker = "20min" }
rules = { track-twice = "off" }
[[sessions]]
id = "late"
title = "Late session"
date = 2027-03-01
at = "21:30"
duration = "1h"
track = "data"
room = "main"
segments = [{ title = "Talk", duration = "70min" }]
people = [{ id = "ann", role = "speaker" }, { id = "zoe", role = "moderator" }]
[[sessions]]
id = "later"
title = "Later session"
date = 2027-03-02
at = "03:15"
zone = "Asia/Kathmandu"
duration = "30min"
track = "data"
room = "main"
people = [{ id = "ann", role = "moderator" }]
"""


def ask(*arguments: object) -> dict[str, Any]:
    """Return the document of the command."""
    return invoke("programme", *arguments, "-f", "json").document


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(BUSY)
    return path


def test_a_document_has_the_keys_of_the_contract(busy: Path) -> None:
    document = ask(busy)
    session, other = document["sessions"]

    assert list(document) == ["meeting", "tzdata", "sessions", "conflicts", "warnings", "warning_facts"]
    assert {key: value for key, value in session.items() if key != "people"} == {
        "id": "late",
        "title": "Late session",
        "phase": "Phase I",
        "track": "data",
        "room": "main",
        "start": "2027-03-01T21:30:00Z",
        "end": "2027-03-01T22:30:00Z",
        "segments": [{"title": "Talk", "start": "2027-03-01T21:30:00Z", "end": "2027-03-01T22:40:00Z"}],
    }
    assert session["people"][0] == {
        "id": "zoe",
        "role": "moderator",
        "local_start": "2027-03-02T03:15:00+05:45",
        "day_shift": 1,
        "duty_start": "2027-03-02T03:15:00+05:45",
        "band": "night",
        "night_minutes": 60,
        "in_night": True,
        "burden": 600,
        "segments_in_night": ["Talk"],
    }
    assert [person["id"] for person in session["people"]] == ["zoe", "ann"]
    assert (other["start"], other["track"], other["segments"]) == ("2027-03-01T21:30:00Z", "data", [])
    assert [list(conflict) for conflict in document["conflicts"]] == [
        ["rule", "level", "sessions", "people", "facts", "text"]
    ] * len(document["conflicts"])
    assert [(one["rule"], one["level"], one["sessions"], one["people"]) for one in document["conflicts"]] == [
        ("person-twice", "error", ["late", "later"], ["ann"]),
        ("room-twice", "error", ["late", "later"], []),
        ("outside-window", "error", ["late"], []),
        ("segments-overrun", "error", ["late"], []),
    ]
    assert all(one["text"] and one["facts"] for one in document["conflicts"])


def test_people_read_the_answer_first_and_names_nobody_hides(busy: Path) -> None:
    lines = invoke("programme", busy).out.splitlines()

    assert lines[:5] == [
        "Demo: the programme",
        "2 sessions.",
        "1 person has a duty in the night.",
        "The hardest one is that of zoe in late, from Tue 03:15 on their clock.",
        "4 conflicts are errors.",
    ]
    assert [line.split()[0] for line in lines if line.startswith(("late", "later", "error", "zoe", "ann"))] == [
        *("late", "later", "error", "error", "error", "error", "zoe")
    ]
    assert any("Tue 2027-03-02 03:15 Kathmandu" in line for line in lines)


def test_a_table_shows_what_the_document_has() -> None:
    document = ask(IGF)
    table = invoke("programme", IGF).out

    for session in document["sessions"]:
        row = next(line for line in table.splitlines() if line.startswith(f"{session['id']} "))
        assert session["title"] in row
        for person in session["people"]:
            assert (person["id"] in row) == person["in_night"]
    in_night = [person for session in document["sessions"] for person in session["people"] if person["in_night"]]
    assert f"{len({person['id'] for person in in_night})} people have duties in the night." in table


def test_a_speaker_in_brisbane_is_up_at_three_for_a_session_at_half_past_four() -> None:
    session = next(one for one in ask(IGF)["sessions"] if one["id"] == "inclusion")
    person = next(one for one in session["people"] if one["id"] == "tec-08")

    assert session["start"] == "2020-11-11T18:30:00Z"
    assert person["local_start"] == "2020-11-12T04:30:00+10:00"
    assert person["duty_start"] == "2020-11-12T03:00:00+10:00"


def test_a_session_is_in_the_night_by_its_parts() -> None:
    sessions = {one["id"]: one for one in ask(IGF)["sessions"]}
    parts = {person["id"]: person["segments_in_night"] for person in sessions["data"]["people"]}

    assert parts["pri-08"] == ["Setting the scene", "Data and development", "Data and privacy"]
    assert parts["gov-08"] == ["Data and privacy", "Data and security", "Discussion", "Conclusions"]
    assert parts["gov-16"] == []


def test_csv_has_a_row_for_each_duty_and_one_for_a_session_without_people(busy: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(invoke("programme", busy, "-f", "csv").out)))
    empty = list(csv.DictReader(io.StringIO(invoke("programme", IGF, "-f", "csv", "--date", "2020-11-10").out)))

    assert [(row["id"], row["person_id"], row["person_night_minutes"]) for row in rows] == [
        ("late", "zoe", "60"),
        ("late", "ann", "0"),
        ("later", "ann", "0"),
    ]
    assert [(row["id"], row["person_id"]) for row in empty][-1] == ("networking-2", "")


@pytest.mark.parametrize(
    ("asked", "sessions"),
    [
        (("--date", "2020-11-11"), ["dynamic-coalitions", "networking-3", "inclusion"]),
        (("--track", "data"), ["data"]),
        (("--member", "tec-08"), ["inclusion", "closing"]),
        (("-m", "tec-08", "--date", "2020-11-17"), ["closing"]),
        (("--member", "gov-01"), []),
    ],
)
def test_sessions_are_chosen_by_date_track_and_member(asked: tuple[str, ...], sessions: list[str]) -> None:
    assert [one["id"] for one in ask(IGF, *asked)["sessions"]] == sessions
    assert invoke("programme", IGF, *asked).out.splitlines()[1].startswith(f"{len(sessions)} session")


def test_the_view_of_a_member_has_all_duties_and_nobody_else() -> None:
    document = ask(IGF, "-m", "civ-01")
    table = invoke("programme", IGF, "-m", "civ-01").out

    assert {person["id"] for session in document["sessions"] for person in session["people"]} == {"civ-01"}
    assert "Nobody has a duty in the night." in table
    assert sum(line.startswith("civ-01 ") for line in table.splitlines()) == 3


def test_conflicts_of_other_sessions_are_left_out(busy: Path) -> None:
    document = ask(busy, "--date", "2027-03-02")

    assert [(one["rule"], one["sessions"]) for one in document["conflicts"]] == [
        ("person-twice", ["late", "later"]),
        ("room-twice", ["late", "later"]),
    ]


@pytest.mark.parametrize(
    ("levels", "fail_on", "code"),
    [
        ("", (), 0),
        ("", ("--fail-on", "error"), 1),
        ("", ("--fail-on", "warning"), 1),
        ("warning", ("--fail-on", "error"), 0),
        ("warning", ("--fail-on", "warning"), 1),
        ("off", ("--fail-on", "warning"), 0),
    ],
)
def test_a_script_can_fail_on_conflicts(levels: str, fail_on: tuple[str, ...], code: int, busy: Path) -> None:
    rules = ("person-twice", "room-twice", "outside-window", "segments-overrun", "track-twice")
    if levels:
        written = ", ".join(f'{rule} = "{levels}"' for rule in rules)
        busy.write_text(BUSY.replace('track-twice = "off"', written))
    found = invoke("programme", busy, *fail_on)

    assert found.code == code
    assert "2 sessions." in found.out


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_sentences_are_those_of_the_language(tag: str, busy: Path) -> None:
    found = invoke("programme", busy, "--locale", tag)
    english = invoke("programme", busy).out

    assert found.code == 0
    assert (found.out.splitlines()[1] == english.splitlines()[1]) == (tag == "en")
    assert invoke("programme", busy, "--locale", tag, "-f", "csv").out == invoke("programme", busy, "-f", "csv").out


def test_the_five_roles_of_every_plan_are_translated_and_others_are_not(busy: Path) -> None:
    busy.write_text(
        BUSY.replace('speaker = "20min"', 'speaker = "20min", chair = "5min"').replace("moderator", "chair")
    )
    lines = invoke("programme", busy, "--locale", "es", "-m", "ann").lines

    assert sum(" ponente " in line for line in lines) == sum(" chair " in line for line in lines) == 1
    assert set(ROLES) <= WORDS


@pytest.mark.parametrize(
    ("plan", "asked", "said"),
    [
        (MAG, (), "sessions: found none; write each one as a table under [[sessions]], or name their sheet"),
        (IGF, ("--member", "tec-8"), "tec-08"),
        (IGF, ("--track", "inklusion"), "did you mean 'inclusion'?"),
        (IGF, ("--track", "x"), "the tracks are environment, trust, inclusion, data"),
        (IGF, ("--date", "11 Nov"), "write a date such as 2020-09-08"),
        (IGF, ("--fail-on", "off"), "'off' is not one of 'error', 'warning'"),
        (IGF, ("--locale", "de"), "write one of en, fr, es, ru, zh, ar"),
        (IGF, ("-o", "programme.ics"), "not a format of an answer"),
    ],
)
def test_wrong_input_is_answered_with_what_is_right(plan: Path, asked: tuple[str, ...], said: str) -> None:
    found = invoke("programme", plan, *asked)

    assert (found.code, found.out) == (2, "")
    assert said in " ".join(found.err.replace("│", " ").split())


def test_a_track_is_refused_where_no_session_has_one(busy: Path) -> None:
    busy.write_text(BUSY.replace('track = "data"\n', ""))

    assert "no session has one" in " ".join(invoke("programme", busy, "--track", "data").err.split())


def test_the_announcement_of_a_call_names_the_next_sessions() -> None:
    document: dict[str, Any] = invoke("announce", IGF, "--call", "XXI", "-f", "json").document
    text = invoke("announce", IGF, "--call", "XXI").out

    assert [one["id"] for one in document["sessions"]] == ["regional-african", "regional-eastern-european"]
    assert "Next sessions: Regional networking: African on Thursday 5 November 2020 at 16:00 UTC and" in text
    assert invoke("announce", MAG, "--call", "XVII", "-f", "json").document["sessions"] == []
    assert "Next sessions" not in invoke("announce", MAG, "--call", "XVII").out


def test_duties_join_the_ledger_only_where_they_are_asked_for() -> None:
    plain: dict[str, Any] = invoke("fairness", IGF, "-f", "json").document
    found: dict[str, Any] = invoke("fairness", IGF, "--with-sessions", "-f", "json").document
    duties = [person for session in ask(IGF)["sessions"] for person in session["people"]]
    before = {member["id"]: member for member in plain["members"]}

    assert (found["sessions"], found["calls"]) == (15, plain["calls"])
    assert "sessions" not in plain
    assert {key for member in found["members"] for key in member} - {
        key for one in plain["members"] for key in one
    } == {"duties"}
    for member in found["members"]:
        own = [duty for duty in duties if duty["id"] == member["id"]]
        assert member["duties"] == len(own)
        assert member["burden"] == before[member["id"]]["burden"] + sum(duty["burden"] for duty in own)
        assert member["night_calls"] == before[member["id"]]["night_calls"] + sum(duty["in_night"] for duty in own)


def test_the_ledger_says_that_it_counts_sessions() -> None:
    lines = invoke("fairness", IGF, "--with-sessions").lines

    assert "in calls and sessions, 4 of them in the night" in lines[1]
    assert "The duties in 15 sessions count beside the calls." in lines


def test_duties_of_the_ledger_are_those_of_its_dates() -> None:
    asked = ("fairness", IGF, "--with-sessions", "-f", "json")
    closing: dict[str, Any] = invoke(*asked, "--from", "2020-11-17").document
    october: dict[str, Any] = invoke(*asked, "--to", "2020-10-31").document

    assert (closing["calls"], closing["sessions"]) == (0, 1)
    assert next((member["id"], member["duties"]) for member in closing["members"]) == ("tec-08", 1)
    assert october == invoke("fairness", IGF, "-f", "json").document


def test_sessions_that_are_not_there_cannot_count() -> None:
    found = invoke("fairness", MAG, "--with-sessions")

    assert (found.code, found.out) == (2, "")
    assert "the plan has no sessions; write them under [[sessions]]" in " ".join(found.err.split())


def test_other_times_for_a_session_are_those_of_the_library() -> None:
    document = ask(IGF, "--propose", "inclusion")
    found = load_plan(IGF).propose_starts("inclusion")
    starts = document["starts"]

    assert list(document) == [
        *("meeting", "tzdata", "session", "recommended", "starts", "warnings", "warning_facts"),
    ]
    assert [(one["start"], one["worst"], one["in_night"], one["total"], one["dominated"]) for one in starts] == [
        (f"{row.session.start:%Y-%m-%dT%H:%M:%SZ}", row.worst, row.in_night, row.total, row.dominated) for row in found
    ]
    assert starts[0]["kind"] == "present"
    assert starts[0]["people_in_night"] == ["tec-08"]
    assert list(starts[1]) == [
        *(
            "kind",
            "start",
            "end",
            "worst",
            "hardest",
            "in_night",
            "total",
            "gains",
            "pays",
            "dominated",
            "people_in_night",
        ),
        "conflicts",
    ]
    assert {one["kind"] for one in starts[1:] if one["gains"] and one["pays"]} <= {"trade"}


def test_the_recommended_time_is_the_nearest_of_the_best_ones() -> None:
    document = ask(IGF, "--propose", "inclusion")
    starts = {one["start"]: one for one in document["starts"]}
    best = starts[document["recommended"]]
    figures = [(one["worst"], one["in_night"], one["total"]) for one in document["starts"][1:]]
    lines = invoke("programme", IGF, "--propose", "inclusion").lines

    assert document["recommended"] == "2020-11-11T06:00:00Z"
    assert (best["worst"], best["in_night"], best["total"]) == min(figures)
    assert lines[1].startswith("Recommended for inclusion: Wed 2020-11-11 ")
    assert lines[1].endswith(" UTC instead of Wed 2020-11-11 18:30 UTC.")
    assert lines[2] == "People in the night at this session: 1 instead of 1."
    assert lines[3].startswith("Most on one member, of all duties: 2.4 h (tec-08) instead of 5.3 h (tec-08); ")


def test_people_see_each_hour_once_and_how_many_days_it_has() -> None:
    document = ask(IGF, "--propose", "inclusion", "--grid", "1h")
    lines = invoke("programme", IGF, "--propose", "inclusion", "--grid", "1h").lines
    rows = [line for line in lines if line.startswith("better ")]
    kept = [one for one in document["starts"][1:] if not one["dominated"]]

    assert sum(int(row.split()[-1]) for row in rows) == len(kept)
    assert len({row[25:30] for row in rows}) == len(rows) < len(kept)
    others = sum(one["dominated"] for one in document["starts"][1:])
    assert (
        f"{others} others are not shown, because one that is shown is better than each; JSON and CSV have them."
        in lines
    )


def test_a_session_with_a_conflict_gets_a_time_without_one(busy: Path) -> None:
    lines = invoke("programme", busy, "--propose", "later").lines
    document = ask(busy, "--propose", "later")

    assert lines[1] == "later at Mon 2027-03-01 21:30 UTC is in a conflict that is an error."
    assert lines[2].startswith("Recommended for later: ")
    assert "Kathmandu" in lines[7]
    assert document["recommended"] is not None
    assert [one["rule"] for one in document["starts"][0]["conflicts"]] == ["person-twice", "room-twice"]
    assert all(one["conflicts"] == [] for one in document["starts"][1:])


def test_a_session_that_can_be_at_one_time_only_keeps_its_conflicts(busy: Path) -> None:
    day, hours = "to = 2027-03-05", "06:00-22:00"
    busy.write_text(BUSY.replace(day, "to = 2027-03-01").replace(hours, "21:30-22:30"))
    lines = invoke("programme", busy, "--propose", "late").lines

    assert lines[1] == "late at Mon 2027-03-01 21:30 UTC is in a conflict that is an error."
    assert lines[2] == "No other start of late is free of such conflicts."


def test_a_time_that_cannot_be_better_is_kept() -> None:
    lines = invoke("programme", IGF, "--propose", "trust").lines

    assert lines[1] == "No start is better for trust than the present one, Tue 2020-11-10 13:30 UTC."


def test_exchanges_are_those_of_the_library() -> None:
    document = ask(IGF, "--swap")
    found = load_plan(IGF).propose_swaps()
    lines = invoke("programme", IGF, "--swap").lines

    assert document["present"] == {"worst": found.present.worst, "in_night": found.present.nights} | {
        "total": found.present.total
    }
    assert [(one["first"], one["second"], one["worst"], one["kind"]) for one in document["swaps"]] == [
        (row.first.id, row.second.id, row.worst, str(row.comparison.standing)) for row in found
    ]
    assert document["recommended"] == [document["swaps"][0]["first"], document["swaps"][0]["second"]]
    assert lines[1] == "Recommended: inclusion and data exchange their starts."


def test_one_session_is_exchanged_with_the_others() -> None:
    document = ask(IGF, "--swap", "--propose", "closing", "--with-calls")

    assert {one["first"] for one in document["swaps"]} <= {"closing"}
    assert document["present"]["worst"] > ask(IGF, "--swap")["present"]["worst"]


def test_a_programme_that_no_exchange_makes_better_is_kept(busy: Path) -> None:
    busy.write_text(BUSY.partition('[[sessions]]\nid = "later"')[0])
    lines = invoke("programme", busy, "--swap").lines

    assert lines[1] == "No exchange of two sessions is better than the programme as it is."
    assert ask(busy, "--swap")["recommended"] is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--propose", "inklusion"), "is not a session of this plan; did you mean inclusion?"),
        (("--propose", "networking"), "a session that repeats or one of its days, which have one hour for all"),
        (("--propose", "data", "--grid", "7min"), "7"),
        (("--swap", "--grid", "1h"), "--grid goes with --propose"),
        (("--grid", "1h"), "--grid goes with --propose"),
        (("--with-calls",), "--with-calls goes with --propose and --swap"),
        (("--propose", "data", "--date", "2020-11-09"), "--propose and --swap go without --date"),
        (("--swap", "--fail-on", "error"), "--propose and --swap go without --date"),
    ],
)
def test_wrong_questions_about_other_times_are_answered(asked: tuple[str, ...], said: str) -> None:
    found = invoke("programme", IGF, *asked)

    assert (found.code, found.out) == (2, "")
    assert said in " ".join(found.err.split())


@pytest.mark.parametrize("asked", [("--propose", "data", "--grid", "6h"), ("--swap",)])
def test_other_times_are_told_in_every_language(asked: tuple[str, ...]) -> None:
    tables = {tag: invoke("programme", IGF, *asked, "--locale", tag) for tag in LANGUAGES}
    sheets = {invoke("programme", IGF, *asked, "--locale", tag, "-f", "csv").out for tag in ("en", "ar")}

    assert {found.code for found in tables.values()} == {0}
    assert len({found.lines[1] for found in tables.values()}) == len(LANGUAGES)
    assert len(sheets) == 1


def test_validate_counts_conflicts_and_names_what_is_odd_about_sessions(busy: Path) -> None:
    odd = "zoe is named but takes no part in the plan on that date"
    busy.write_text(BUSY.replace('id = "zoe", zone', 'id = "zoe", left = 2027-01-01, zone'))
    warnings: dict[str, Any] = invoke("validate", busy, "-f", "json").document

    assert "the sessions have 4 conflicts; 'mag-rotation programme' shows them" in warnings["warnings"]
    assert any(odd in text for text in warnings["warnings"])
    assert "conflict" not in invoke("validate", IGF).out


def test_a_group_that_no_session_has_is_named_because_its_rule_finds_nothing(busy: Path) -> None:
    busy.write_text(BUSY.replace("[[sessions]]", 'apart = ["langauge", "language"]\nnorth = ["WEOG"]\n[[sessions]]', 1))
    busy.write_text(busy.read_text().replace('track = "data"', 'groups = { language = "en" }', 1))

    assert ask(busy)["warnings"] == [
        "no session has the group 'langauge', which the rules of [programme] name",
        "no session has the group 'region', which the rules of [programme] name",
    ]
    assert ask(IGF)["warnings"] == []


TWO = BUSY.replace('id = "ann", role = "moderator"', 'id = "zoe", role = "moderator"')
"""As before, with the conflict of the other member."""


@pytest.mark.parametrize(("text", "member", "named"), [(BUSY, "zoe", False), (BUSY, "ann", True), (TWO, "zoe", True)])
def test_the_conflicts_of_a_member_name_them_or_nobody(busy: Path, text: str, member: str, *, named: bool) -> None:
    busy.write_text(text)
    conflicts = ask(busy, "--member", member)["conflicts"]

    assert {"room-twice", "outside-window"} <= {one["rule"] for one in conflicts}
    assert ("person-twice" in {one["rule"] for one in conflicts}) is named
    assert all(set(one["people"]) <= {member} for one in conflicts)


def test_a_date_of_no_session_is_told_with_the_days_there_are(busy: Path) -> None:
    done = invoke("programme", busy, "--date", "2027-03-04")

    assert (done.code, done.out) == (2, "")
    assert "found 2027-03-04, on which is no session; the days are 2027-03-01, 2027-03-02" in " ".join(done.err.split())


@pytest.mark.parametrize(
    ("key", "names", "count"),
    [
        ("room", ("Room A", "room A"), 1),
        ("room", ("RoomA", "Room  A"), 1),
        ("room", ("Room A", "Room B"), 0),
        ("room", ("Room A", "Room A"), 0),
        ("track", ("Data", "Data "), 0),  # the blank at the end is not read
        ("track", ("Data", "DATA"), 1),
        ("track", ("Straße", "STRASSE"), 1),
    ],
)
def test_names_that_differ_in_capitals_or_blanks_are_told(
    busy: Path, key: str, names: tuple[str, str], count: int
) -> None:
    old = {"room": "main", "track": "data"}[key]
    first, _, second = BUSY.rpartition(f'{key} = "{old}"')
    head, _, tail = first.partition(f'{key} = "{old}"')
    busy.write_text(f'{head}{key} = "{names[0]}"{tail}{key} = "{names[1]}"{second}'.replace('"off"', '"warning"'))
    warnings = [one for one in ask(busy)["warnings"] if "differ in capitals" in one]

    assert len(warnings) == count
    assert all(f"{name!r}" in warning for warning in warnings for name in names)


def test_the_first_row_is_the_hardest_duty_and_rows_have_the_sum_of_the_member() -> None:
    lines = invoke("programme", IGF).lines
    table = lines[lines.index("Duties in the night") + 1 :]

    assert "The hardest one is that of tec-08 in inclusion, from Thu 03:00 on their clock." in lines
    assert table[0].split()[-2:] == ["in", "total"]
    assert [row.split()[:2] + row.split()[-2:] for row in table[1:3]] == [
        ["tec-08", "inclusion", "5.3", "h"],
        ["tec-08", "closing", "5.3", "h"],
    ]
    burdens = [float(row.split()[-4]) for row in table[1:8]]
    assert burdens == sorted(burdens, reverse=True)


def test_exchanges_say_who_is_in_the_night_at_them() -> None:
    swaps = ask(IGF, "--swap")["swaps"]
    found = load_plan(IGF).propose_swaps()
    lines = invoke("programme", IGF, "--swap").lines

    assert swaps[0]["people_in_night"] == ["tec-08", "gov-08"]
    assert [one["hardest"] for one in swaps] == [row.hardest for row in found]
    assert lines[2] == "People in the night, counted at each session: 6 instead of 7."


def test_starts_that_come_to_the_same_keep_the_present_one(busy: Path) -> None:
    plain = BUSY.replace('people = [{ id = "ann", role = "speaker" }, { id = "zoe", role = "moderator" }]', "")
    plain = plain.replace('people = [{ id = "ann", role = "moderator" }]', "").replace('"03:15"', '"12:15"')
    busy.write_text(plain.replace('window = "06:00-22:00"', 'window = "06:00-23:00"').replace("70min", "60min"))
    lines = invoke("programme", busy, "--propose", "late").lines

    assert lines[1] == "All starts of late come to the same; keep Mon 2027-03-01 21:30 UTC."
