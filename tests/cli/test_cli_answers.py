"""``calls`` and ``night``: every option, every form, and the JSON that scripts rely on.

Law: the keys of the JSON are pinned with their types; one may be added here, none may go.
"""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from invoke import invoke
from mag_rotation.report import Form
from mag_rotation.zones import TZDATA_VERSION
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
FORMS = ["table", "markdown", "html", "csv", "json"]

Shape = Mapping[str, tuple[type, ...]]

TEXT: tuple[type, ...] = (str,)
MAYBE_TEXT: tuple[type, ...] = (str, type(None))
MAYBE_INT: tuple[type, ...] = (int, type(None))
CALL: Shape = {
    "number": MAYBE_INT, "label": MAYBE_TEXT, "title": TEXT, "uid": TEXT, "date": TEXT, "start": TEXT, "end": TEXT,
    "zone": TEXT, "slot": MAYBE_TEXT, "slot_number": MAYBE_INT, "phase": MAYBE_TEXT, "status": TEXT,
    "adjusted": MAYBE_TEXT, "location": MAYBE_TEXT, "note": MAYBE_TEXT,
}  # fmt: skip
MEMBER: Shape = {
    "id": TEXT, "name": TEXT, "zone": TEXT, "local_start": TEXT, "local_end": TEXT, "day_shift": (int,), "band": TEXT,
    "night_minutes": (int,), "deep_night_minutes": (int,), "in_night": (bool,), "blocked": (bool,), "burden": (int,),
    "day_off": MAYBE_TEXT,
}  # fmt: skip
NIGHT: Shape = {
    "meeting": TEXT, "tzdata": TEXT, "call": (dict, type(None)), "start": TEXT, "end": TEXT, "night": (dict,),
    "members": (list,), "in_night": (list,), "blocked": (list,), "summary": (dict,), "warnings": (list,),
    "warning_facts": (list,),
}  # fmt: skip
COUNTS: Shape = {"members": (int,), "in_night": (int,)}
WITHOUT_NUMBERS = """
format = 1
[meeting]
id = "plain"
name = "Plain"
uid-domain = "calls.example.org"
duration = "45min"
[schedule]
first = 2020-10-24
repeat = "FREQ=DAILY"
count = 3
[rotation]
slots = [{ at = "02:30", zone = "Europe/Berlin" }]
[[extras]]
date = 2020-10-25
at = "01:50"
zone = "UTC"
"""


def assert_shape(value: object, shape: Shape) -> None:
    """Exactly these keys in this order, each of one of its types (a bool is no int here)."""
    assert isinstance(value, dict)
    assert list(value) == list(shape)
    assert not [key for key in shape if type(value[key]) not in shape[key]]


def listed(*arguments: object) -> list[dict[str, object]]:
    """The calls that ``calls`` lists as JSON."""
    done = invoke("calls", *arguments, "-f", "json")
    calls = done.document["calls"]
    assert done.code == 0
    assert isinstance(calls, list)
    return calls


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(WITHOUT_NUMBERS, "utf-8")
    return path


def test_the_json_of_calls_has_its_keys_and_types(plain: Path) -> None:
    document = invoke("calls", MAG, "--format", "json").document

    assert_shape(
        document, {"meeting": TEXT, "tzdata": TEXT, "calls": (list,), "warnings": (list,), "warning_facts": (list,)}
    )
    assert (document["meeting"], document["tzdata"], document["warnings"]) == ("mag2020", TZDATA_VERSION, [])
    for call in [*listed(MAG), *listed(plain)]:
        assert_shape(call, CALL)


def test_a_call_in_json_is_the_one_of_the_record() -> None:
    (call,) = listed(MAG, "--from", "2020-09-15", "--to", "2020-09-15")

    assert call == {
        "number": 17, "label": "XVII", "title": "IGF 2020 MAG Virtual Meeting XVII",
        "uid": "mag2020-20200915@mag.example.org", "date": "2020-09-15", "start": "2020-09-15T20:00:00Z",
        "end": "2020-09-15T22:00:00Z", "zone": "UTC", "slot": "evening", "slot_number": 1, "phase": "Preparatory phase",
        "status": "planned", "adjusted": None, "location": "Online", "note": None,
    }  # fmt: skip


def test_a_series_without_numbers_has_nulls_and_its_oddities_are_told(plain: Path) -> None:
    document = invoke("calls", plain, "-f", "json").document
    first, second, extra, _ = listed(plain)
    warnings = document["warnings"]

    assert [first[key] for key in ("number", "label", "title", "slot", "slot_number")] == [None, None, "Plain", None, 1]
    assert (second["adjusted"], second["start"]) == ("fold", "2020-10-25T00:30:00Z")
    assert [extra[key] for key in ("uid", "status", "slot_number")] == [
        "plain-20201025-extra@calls.example.org", "extra", None,
    ]  # fmt: skip
    assert isinstance(warnings, list)
    assert any("happens twice in Europe/Berlin" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("options", "first", "last", "count"),
    [
        ([], "2020-06-30", "2020-10-27", 18),
        (["--from", "2020-07-14"], "2020-07-14", "2020-10-27", 16),
        (["--from", "2020-07-15"], "2020-07-21", "2020-10-27", 15),
        (["--to", "2020-07-14"], "2020-06-30", "2020-07-14", 3),
        (["--from", "2020-07-14", "--to", "2020-07-14"], "2020-07-14", "2020-07-14", 1),
        (["--to", "2020-10-27"], "2020-06-30", "2020-10-27", 18),
    ],
)
def test_from_and_to_filter_by_the_rule_date_and_hold_both_ends(
    options: list[str], first: str, last: str, count: int
) -> None:
    """XIII, of 14 July by the rule, is held on the 21st: the rule date counts."""
    dates = sorted(str(call["date"]) for call in listed(MAG, *options))

    assert (dates[0], dates[-1], len(dates)) == (first, last, count)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_stretch_is_no_error(form: str) -> None:
    done = invoke("calls", MAG, "--from", "2021-01-01", "--format", form)

    assert (done.code, done.err) == (0, "")
    assert "XVII" not in done.out
    assert form != "table" or "No calls." in done.lines


@pytest.mark.parametrize("option", ["--format", "-f"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_calls_shows_the_same_calls(form: str, option: str) -> None:
    done = invoke("calls", MAG, option, form)

    assert (done.code, done.err) == (0, "")
    assert all(re.search(rf"\b{label}\b", done.out) for label in ("XVII", "XXI"))
    assert TZDATA_VERSION in done.out


def test_zones_are_shown_in_the_order_asked_and_once() -> None:
    done = invoke("calls", MAG, "--zone", "Asia/Tokyo", "-z", "America/New_York", "-z", "Asia/Tokyo", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out, newline="")))

    assert list(rows[0])[-3:] == ["Asia/Tokyo", "America/New_York", "tzdata"]
    assert rows[0]["America/New_York"] == "2020-06-30T16:00:00-04:00"
    assert listed(MAG, "-z", "Asia/Tokyo")[0]["local"] == {"Asia/Tokyo": "2020-07-01T05:00:00+09:00"}


def test_a_members_view_has_the_calls_with_their_own_times() -> None:
    document = invoke("calls", MAG, "--member", "tec-08", "--zone", "UTC", "-f", "json").document
    calls = document["calls"]
    assert isinstance(calls, list)

    assert_shape(
        document,
        {
            "meeting": TEXT,
            "tzdata": TEXT,
            "member": TEXT,
            "calls": (list,),
            "totals": (dict,),
            "clock_changes": (list,),
            "warnings": (list,),
            "warning_facts": (list,),
        },
    )
    held = [call["member"] for call in calls if call["status"] != "cancelled"]
    assert document["totals"] == {
        "calls": len(held),
        "in_night": sum(member["in_night"] for member in held),
        "burden": sum(member["burden"] for member in held),
    }
    assert document["member"] == "tec-08"
    for call in calls:
        assert_shape(call, {**CALL, "local": (dict,), "member": (dict,)})
        assert_shape(call["member"], MEMBER)
        assert call["member"]["id"] == "tec-08"


@pytest.mark.parametrize("form", FORMS)
def test_a_members_view_in_every_form(form: str) -> None:
    done = invoke("calls", MAG, "-m", "tec-08", "--from", "2020-09-15", "--to", "2020-09-22", "-f", form)

    assert (done.code, done.err) == (0, "")
    assert ("1440" if form in {"csv", "json"} else "2.4 h") in done.out
    assert "XIX" not in done.out


def test_the_json_of_night_has_its_keys_and_types() -> None:
    document = invoke("night", MAG, "--call", "XVII", "--format", "json").document
    members, summary = document["members"], document["summary"]
    assert isinstance(members, list)
    assert isinstance(summary, dict)

    assert_shape(document, NIGHT)
    assert_shape(document["call"], CALL)
    assert_shape(document["night"], {"from": TEXT, "to": TEXT})
    assert_shape(summary, {**COUNTS, "by_group": (dict,)})
    assert list(summary["by_group"]) == ["country", "region", "stakeholder"]
    for counts in summary["by_group"].values():
        for count in counts.values():
            assert_shape(count, COUNTS)
    for member in members:
        assert_shape(member, MEMBER)
    assert document["night"] == {"from": "23:00", "to": "06:00"}
    assert (summary["members"], summary["in_night"], len(members)) == (50, 27, 50)
    assert document["in_night"] == [member["id"] for member in members if member["in_night"]]
    assert members == sorted(members, key=lambda member: (-member["burden"], member["id"]))


@pytest.mark.parametrize("name", ["17", "XVII", "2020-09-15", "mag2020-20200915@mag.example.org"])
def test_a_call_is_found_by_number_label_rule_date_and_uid(name: str) -> None:
    done = invoke("night", MAG, "--call", name, "-f", "json")

    assert done.document == invoke("night", MAG, "--call", "XVII", "-f", "json").document
    assert done.document["start"] == "2020-09-15T20:00:00Z"


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2020-09-15T20:00:00Z", "2020-09-15"),
        ("2020-09-15T20:00:01Z", "2020-09-22"),
        ("2020-09-15T22:00:00+02:00", "2020-09-15"),
        ("2020-09-22T15:01Z", "2020-10-06"),
        ("2020-07-08T00:00Z", "2020-07-14"),
    ],
)
def test_next_is_the_first_call_from_now_that_is_not_cancelled(now: str, found: str) -> None:
    """The call of 29 September is cancelled; that of 14 July is held on the 21st."""
    call = invoke("night", MAG, "--next", "--now", now, "-f", "json").document["call"]

    assert isinstance(call, dict)
    assert call["date"] == found


def test_when_no_call_is_left_next_says_so_and_exits_with_1() -> None:
    done = invoke("night", MAG, "--next", "--now", "2020-10-27T12:01Z", "-f", "json")

    assert (done.code, done.out) == (1, "")
    assert done.err == "plan.toml has no call at or after 2020-10-27T12:01Z that is not cancelled\n"


def test_next_without_now_asks_the_clock() -> None:
    assert invoke("night", MAG, "--next").code == 1


@pytest.mark.parametrize("at", ["2020-09-15T20:00Z", "2020-09-15T22:00+02:00", "2020-09-16T01:30:00+05:30"])
def test_at_takes_any_offset_and_the_meetings_length(at: str) -> None:
    document = invoke("night", MAG, "--at", at, "-f", "json").document

    assert_shape(document, NIGHT)
    assert document["call"] is None
    assert (document["start"], document["end"]) == ("2020-09-15T20:00:00Z", "2020-09-15T22:00:00Z")


@pytest.mark.parametrize(
    ("length", "end"), [("1h", "21:00"), ("90min", "21:30"), ("PT2H", "22:00"), ("1h30min", "21:30")]
)
def test_duration_is_how_long_the_time_asked_about_lasts(length: str, end: str) -> None:
    document = invoke("night", MAG, "--at", "2020-09-15T20:00Z", "--duration", length, "-f", "json").document

    assert document["end"] == f"2020-09-15T{end}:00Z"


@pytest.mark.parametrize("form", FORMS)
def test_a_night_in_every_form_names_the_worst_off_first(form: str) -> None:
    done = invoke("night", MAG, "--call", "17", "-f", form)

    assert (done.code, done.err) == (0, "")
    assert 0 < done.out.index("tec-08") < done.out.index("civ-03") < done.out.index("gov-14")
    assert TZDATA_VERSION in done.out


def test_the_night_of_a_cancelled_call_can_be_asked_for() -> None:
    done = invoke("night", MAG, "--call", "2020-09-29")

    assert done.code == 0
    assert done.lines[1].endswith("This call is cancelled.")


USAGE = [
    (["night", MAG], "give one of --call N, --next and --at INSTANT"),
    (["night", MAG, "--next", "--call", "17"], "give one of --call N, --next and --at INSTANT"),
    (["night", MAG, "--call", "17", "--now", "2020-01-01T00:00Z"], "--now goes with --next"),
    (["night", MAG, "--call", "17", "--duration", "1h"], "--duration goes with --at"),
    (
        ["night", MAG, "--at", "2020-09-15T20:00"],
        "'2020-09-15T20:00' has no time zone; add one, as in '2020-09-15 20:00 UTC'",
    ),
    (["night", MAG, "--at", "tomorrow"], "'tomorrow' is not an instant"),
    (["night", MAG, "--at", "9999-12-31T23:59Z"], "write an instant from the year 1900 to 2999"),
    (["night", MAG, "--at", "0001-01-01T00:00Z"], "write an instant from the year 1900 to 2999"),
    (["night", MAG, "--at", "2020-09-15T20:00Z", "--duration", "0min"], "found '0min'; write a length from 1min"),
    (["night", MAG, "--next", "--now", "now"], "'now' is not an instant"),
    (["night", MAG, "--call", "99"], "'99' names no call of this plan; its calls run from XI to XXI"),
    (["calls", MAG, "--member", "gov-001"], "'gov-001' is not a member of this plan; did you mean gov-01"),
    (["calls", MAG, "--zone", "Geneva"], "'Geneva' is not the name of a time zone; did you mean Europe/Zurich?"),
    (["calls", MAG, "--from", "2020-02-30"], "found '2020-02-30'; February 2020 has 29 days"),
    (["calls", MAG, "--to", "next week"], "found 'next week'; write a date such as 2020-09-08"),
    (["calls", MAG, "--format", "xml"], f"found 'xml'; write one of {', '.join(Form)}"),
    (["calls"], "name the plan: there is no plan.toml in this folder; 'mag-rotation init' writes one"),
    (["ics", MAG], "Missing option '--output'"),
    (["timetable"], "No such command 'timetable'"),
    (["calls", MAG, "--until", "2020-10-01"], "No such option: --until"),
    (["calls", EXAMPLES], "is a directory; name the"),
    (["calls", EXAMPLES / "none.toml"], "none.toml: no such file; check the path"),
]


@pytest.mark.parametrize(("arguments", "said"), USAGE, ids=[said[:40] for _, said in USAGE])
def test_what_cannot_be_done_is_said_on_stderr_with_exit_code_2(arguments: list[object], said: str) -> None:
    done = invoke(*arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_broken_plan_is_told_whole_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text('format = 1\n[meeting]\nid = "a b"\n', "utf-8")
    done = invoke("calls", tmp_path / "plan.toml", "-o", tmp_path / "out.txt")
    head, *mistakes = done.err.splitlines()

    assert done.code == 2
    assert head == f"mag-rotation: the plan has {len(mistakes)} mistakes; nothing was written"
    assert any(line.startswith("  meeting.id: found 'a b'; ") for line in mistakes)
    assert not (tmp_path / "out.txt").exists()


def test_one_mistake_is_one_mistake(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(WITHOUT_NUMBERS.replace('"45min"', '"45"'), "utf-8")

    assert invoke("calls", tmp_path / "plan.toml").err.startswith("mag-rotation: the plan has 1 mistake\n")
