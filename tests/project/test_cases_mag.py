"""The calls of the MAG in 2020 come out of the example plan as the public record has them.

Law: what is compared is the JSON of the command line, from the plan as it is shipped.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TypedDict

import pytest

from conftest import Run
from paths import EXAMPLES

PLAN = EXAMPLES / "mag-2020" / "plan.toml"
KEYS = [
    "number", "label", "title", "uid", "date", "start", "end", "zone", "slot", "phase", "status", "adjusted", "note"
]  # fmt: skip

# number, the rule date, the start, minutes, status: the day of XIII is not that of its rule date
RECORD = [
    ("XI", "2020-06-30", "2020-06-30T20:00:00Z", 120, "planned"),
    ("XII", "2020-07-07", "2020-07-07T15:00:00Z", 120, "planned"),
    ("XIII", "2020-07-14", "2020-07-21T14:00:00Z", 120, "moved"),
    ("XIV", "2020-08-04", "2020-08-04T20:00:00Z", 120, "planned"),
    ("XV", "2020-08-18", "2020-08-18T15:00:00Z", 120, "planned"),
    ("XVI", "2020-09-08", "2020-09-08T14:00:00Z", 60, "planned"),
    ("XVII", "2020-09-15", "2020-09-15T20:00:00Z", 120, "planned"),
    ("XVIII", "2020-09-22", "2020-09-22T15:00:00Z", 120, "planned"),
    ("XIX", "2020-10-06", "2020-10-06T14:00:00Z", 120, "planned"),
    ("XX", "2020-10-20", "2020-10-20T20:00:00Z", 120, "planned"),
    ("XXI", "2020-10-27", "2020-10-27T12:00:00Z", 60, "extra"),
]

# the clocks of eight places at 20:00 UTC on Tuesday 15 September 2020, and the date there less that in UTC
PLACES = {
    "Europe/Zurich": ("2020-09-15T22:00:00+02:00", 0),
    "Africa/Johannesburg": ("2020-09-15T22:00:00+02:00", 0),
    "America/New_York": ("2020-09-15T16:00:00-04:00", 0),
    "America/La_Paz": ("2020-09-15T16:00:00-04:00", 0),
    "Asia/Dubai": ("2020-09-16T00:00:00+04:00", 1),
    "Asia/Kolkata": ("2020-09-16T01:30:00+05:30", 1),
    "Australia/Brisbane": ("2020-09-16T06:00:00+10:00", 1),
    "Pacific/Efate": ("2020-09-16T07:00:00+11:00", 1),
}


class CallRecord(TypedDict):
    """The keys of CALL that are read here."""

    number: int | None
    label: str | None
    title: str
    uid: str
    date: str
    start: str
    end: str
    status: str
    phase: str | None
    local: dict[str, str]


@pytest.fixture
def calls(run: Run) -> list[CallRecord]:
    """All calls of the plan, with their starts in the eight places."""
    zones = [word for place in PLACES for word in ("--zone", place)]
    done = run("calls", PLAN, "--format", "json", *zones)
    assert (done.returncode, done.stderr) == (0, "")
    listed: list[CallRecord] = json.loads(done.stdout)["calls"]
    return listed


def minutes(call: CallRecord) -> int:
    return (datetime.fromisoformat(call["end"]) - datetime.fromisoformat(call["start"])).seconds // 60


def hour(local: str) -> int:
    return datetime.fromisoformat(local).hour


def test_eleven_calls_are_held_at_the_recorded_times(calls: list[CallRecord]) -> None:
    held = [call for call in calls if call["status"] != "cancelled"]

    assert [(call["label"], call["date"], call["start"], minutes(call), call["status"]) for call in held] == RECORD
    assert [call["number"] for call in held] == list(range(11, 22))
    assert [call["title"] for call in held][6] == "IGF 2020 MAG Virtual Meeting XVII"


def test_the_weeks_without_a_call_are_listed_as_cancelled_and_have_no_number(calls: list[CallRecord]) -> None:
    off = [call for call in calls if call["status"] == "cancelled"]

    assert [call["date"][5:] for call in off] == ["07-21", "07-28", "08-11", "08-25", "09-01", "09-29", "10-13"]
    assert {(call["number"], call["label"], call["title"]) for call in off} == {
        (None, None, "IGF 2020 MAG Virtual Meeting")
    }


def test_the_moved_call_keeps_the_uid_of_its_rule_date_and_the_extra_has_one_of_its_own(
    calls: list[CallRecord],
) -> None:
    uids = {call["label"]: call["uid"] for call in calls}

    assert uids["XIII"] == "mag2020-20200714@mag.example.org"
    assert uids["XXI"] == "mag2020-20201027-extra@mag.example.org"


def test_number_seventeen_is_shown_by_the_clocks_of_eight_places(calls: list[CallRecord]) -> None:
    [seventeen] = [call for call in calls if call["label"] == "XVII"]

    assert seventeen["local"] == {place: local for place, (local, _) in PLACES.items()}


def test_zurich_and_new_york_are_five_hours_apart_between_their_clock_changes_and_six_before(
    calls: list[CallRecord],
) -> None:
    apart = {
        call["label"]: hour(call["local"]["Europe/Zurich"]) - hour(call["local"]["America/New_York"])
        for call in calls
        if call["label"]
    }

    assert apart.pop("XXI") == 5
    assert set(apart.values()) == {6}


def test_hours_said_in_the_calls_agree(calls: list[CallRecord]) -> None:
    zurich = {call["label"]: call["local"]["Europe/Zurich"] for call in calls}
    [sixteen] = [call for call in calls if call["label"] == "XVI"]

    # "it is 5:00" at the end of XVI, "5:00 p.m. scheduled time" for XVIII; the chair's "tonight" was XI
    assert (sixteen["end"], zurich["XVI"]) == ("2020-09-08T15:00:00Z", "2020-09-08T16:00:00+02:00")
    assert zurich["XVIII"] == "2020-09-22T17:00:00+02:00"
    assert hour(calls[0]["local"]["Africa/Johannesburg"]) == 22
    assert hour(calls[-1]["local"]["America/New_York"]) == 8


@pytest.mark.parametrize("wanted", ["XVII", "17", "2020-09-15", "mag2020-20200915@mag.example.org"])
def test_night_of_seventeen_shows_the_members_their_own_clock(run: Run, wanted: str) -> None:
    done = run("night", PLAN, "--call", wanted, "--format", "json")
    night = json.loads(done.stdout)
    shown = {member["zone"]: (member["local_start"], member["day_shift"]) for member in night["members"]}

    assert done.returncode == 0
    assert (night["call"]["label"], night["start"], night["end"]) == (
        "XVII",
        "2020-09-15T20:00:00Z",
        "2020-09-15T22:00:00Z",
    )
    # no seat lives in Geneva: the secretariat holds none
    assert "Europe/Zurich" not in shown
    assert {zone: shown[zone] for zone in PLACES if zone in shown} == {
        zone: clock for zone, clock in PLACES.items() if zone != "Europe/Zurich"
    }


def test_night_of_seventeen_names_who_is_in_it(run: Run) -> None:
    night = json.loads(run("night", PLAN, "--call", "XVII", "--format", "json").stdout)
    minutes_by_zone = {
        member["zone"]: member["night_minutes"] for member in night["members"] if member["id"] != "tec-08"
    }

    # 22:00 to 24:00 in Johannesburg has one hour after 23:00; 00:00 to 02:00 in Dubai and 01:30 to 03:30 in Kolkata two
    assert [minutes_by_zone[zone] for zone in ("Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata")] == [60, 120, 120]
    assert [minutes_by_zone[zone] for zone in ("America/La_Paz", "Pacific/Efate")] == [0, 0]
    # Brisbane's seat begins at 6:00 and is up 90 minutes earlier, in the night
    [brisbane] = [member for member in night["members"] if member["zone"] == "Australia/Brisbane"]
    assert (brisbane["band"], brisbane["night_minutes"], brisbane["in_night"]) == ("early", 90, True)


def test_brisbane_was_up_at_three_for_a_call_at_half_past_four(run: Run) -> None:
    night = json.loads(run("night", PLAN, "--at", "2020-09-15T18:30Z", "--duration", "1h", "--format", "json").stdout)
    [brisbane] = [member for member in night["members"] if member["zone"] == "Australia/Brisbane"]

    assert brisbane["local_start"] == "2020-09-16T04:30:00+10:00"
    # 3:00 to 5:30, all of it in the night and in the deep night
    assert (brisbane["night_minutes"], brisbane["deep_night_minutes"]) == (150, 150)


def test_a_call_has_the_keys_that_the_contract_names(run: Run) -> None:
    document = json.loads(run("calls", PLAN, "--format", "json").stdout)

    assert document["meeting"] == "mag2020"
    assert {"meeting", "tzdata", "warnings", "calls"} <= set(document)
    assert all(set(KEYS) <= set(call) for call in document["calls"])


def test_from_and_to_filter_by_rule_date_both_included(run: Run) -> None:
    done = run("calls", PLAN, "--from", "2020-07-14", "--to", "2020-08-04", "--format", "json")

    assert [call["date"][5:] for call in json.loads(done.stdout)["calls"]] == ["07-14", "07-21", "07-28", "08-04"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2020-09-15T20:00Z", "XVII"), ("2020-09-15T20:01Z", "XVIII"), ("2020-09-29T00:00Z", "XIX")],
)
def test_next_is_the_first_call_that_is_not_cancelled_at_or_after_now(run: Run, now: str, expected: str) -> None:
    done = run("night", PLAN, "--next", "--now", now, "--format", "json")

    assert json.loads(done.stdout)["call"]["label"] == expected


def test_next_after_the_last_call_exits_with_1(run: Run) -> None:
    done = run("night", PLAN, "--next", "--now", "2020-10-27T12:01Z", "--format", "json")

    assert (done.returncode, done.stdout) == (1, "")
