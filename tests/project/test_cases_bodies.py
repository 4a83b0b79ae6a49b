"""The rotations of real bodies, each as its record has it, through the JSON of the command line.

Law: what an example plan in `examples` can show is read from there; the shorter cases are plans written here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypedDict

import pytest

from conftest import Run
from paths import EXAMPLES


class CallRecord(TypedDict):
    """The keys of CALL that are read here."""

    date: str
    start: str
    end: str
    slot: str | None
    phase: str | None
    status: str
    uid: str
    local: dict[str, str]


Listed = Callable[..., list[CallRecord]]


@pytest.fixture
def calls(run: Run) -> Listed:
    """The calls of a plan, given as a path."""

    def read(path: Path, *words: str) -> list[CallRecord]:
        done = run("calls", path, "--format", "json", *words)
        assert (done.returncode, done.stderr) == (0, "")
        listed: list[CallRecord] = json.loads(done.stdout)["calls"]
        return listed

    return read


@pytest.fixture
def planned(calls: Listed, tmp_path: Path) -> Listed:
    """The calls of a small plan: its schedule, its rotation, and whatever follows them."""

    def read(schedule: str, rotation: str, *words: str, more: str = "") -> list[CallRecord]:
        path = tmp_path / "plan.toml"
        path.write_text(
            "format = 1\n"
            '[meeting]\nid = "body"\nname = "Body"\nuid-domain = "body.example.org"\nduration = "1h"\n'
            f"[schedule]\n{schedule}\n[rotation]\n{rotation}\n{more}\n"
            '[[members]]\nid = "seat"\nzone = "Europe/Zurich"\n',
            encoding="utf-8",
        )
        return calls(path, *words)

    return read


def days(listed: Iterable[CallRecord]) -> list[str]:
    return [call["start"][:10] for call in listed]


def hours(listed: Iterable[CallRecord]) -> list[str]:
    return [call["start"][11:16] for call in listed]


class TestPatcg:
    """W3C PATCG: three slots, monthly, and a month in person that takes no turn."""

    def test_2025_went_round_and_the_month_in_person_gave_its_turn_on(self, calls: Listed) -> None:
        listed = calls(EXAMPLES / "patcg" / "plan.toml")

        held = "".join("-" if call["status"] == "cancelled" else call["slot"] or "?" for call in listed)
        assert held == "ABCABCAB-CAB"
        assert listed[8]["date"] == "2025-09-09"
        assert {call["slot"]: call["start"][11:] for call in listed} == {
            "A": "06:00:00Z",
            "B": "22:00:00Z",
            "C": "13:00:00Z",
        }


class TestOci:
    """OCI: 08:00 in Los Angeles in odd ISO weeks and 17:00 in even ones, which plain fortnights say wrong."""

    PLAN = EXAMPLES / "oci" / "plan.toml"
    FORTNIGHT = 'repeat = "FREQ=WEEKLY;INTERVAL=2"\nuntil = 2021-02-24'

    def test_the_hour_follows_the_parity_of_the_iso_week_on_every_wednesday(self, calls: Listed) -> None:
        listed = calls(self.PLAN, "--zone", "America/Los_Angeles")

        assert [call["date"] for call in listed] == [
            str(date(2017, 3, 29) + timedelta(weeks=number)) for number in range(len(listed))
        ]
        for call in listed:
            odd = date.fromisoformat(call["date"]).isocalendar().week % 2
            assert call["local"]["America/Los_Angeles"][:16] == f"{call['date']}T{'08:00' if odd else '17:00'}"

    def test_two_fortnightly_series_differ_first_on_6_january_2021_and_from_then_on(
        self, calls: Listed, planned: Listed
    ) -> None:
        by_week = {call["date"]: call["start"] for call in calls(self.PLAN)}
        by_fortnight = {
            call["date"]: call["start"]
            for first, at in (("2017-03-29", "08:00"), ("2017-04-05", "17:00"))
            for call in planned(
                f"first = {first}\n{self.FORTNIGHT}", f'slots = [{{ at = "{at}", zone = "America/Los_Angeles" }}]'
            )
        }

        differ = [day for day in sorted(by_week) if by_week[day] != by_fortnight[day]]
        assert by_week.keys() == by_fortnight.keys()
        assert differ == [day for day in sorted(by_week) if day >= "2021-01-06"]

    def test_the_long_week_53_and_week_1_are_two_mornings(self, calls: Listed) -> None:
        around = calls(self.PLAN, "--from", "2020-12-23", "--to", "2021-01-13")

        assert [call["slot"] for call in around] == ["even week", "odd week", "odd week", "even week"]


class TestNodejs:
    """Node.js TSC: three hours chosen anew after each clock change; for a time four slots on two weekdays."""

    def test_spring_2023_begins_with_the_first_of_its_own_hours(self, calls: Listed) -> None:
        listed = calls(EXAMPLES / "nodejs-tsc" / "plan.toml")
        winter = [call for call in listed if call["phase"] is None]
        summer = [call for call in listed if call["phase"]]

        assert hours(winter) == (["09:00", "16:00", "21:00"] * 9)[: len(winter)]
        assert hours(summer) == (["13:00", "15:00", "19:00"] * 9)[: len(summer)]
        assert (winter[-1]["date"], summer[0]["date"]) == ("2023-04-05", "2023-04-12")

    def test_four_slots_on_two_weekdays_keep_the_wednesday_as_rule_date(self, calls: Listed) -> None:
        listed = calls(EXAMPLES / "nodejs-tsc" / "four-slots.toml")

        shown = [f"{datetime.fromisoformat(call['start']):%a %H}" for call in listed]
        assert shown == ["Wed 12", "Wed 21", "Thu 14", "Thu 17"] * 3
        assert {date.fromisoformat(call["date"]).strftime("%a") for call in listed} == {"Wed"}
        assert {call["status"] for call in listed} == {"planned"}

    def test_a_slot_may_stand_twice_in_a_cycle(self, planned: Listed) -> None:
        listed = planned(
            'first = 2025-05-07\nrepeat = "FREQ=WEEKLY"\ncount = 6',
            'slots = [{ at = "15:00" }, { at = "10:00" }, { at = "15:00" }]',
        )

        assert hours(listed) == ["15:00", "10:00", "15:00", "15:00", "10:00", "15:00"]


class TestKubernetes:
    """Kubernetes: one slot on the clock of Los Angeles, one in UTC; and a rule that is not the fourth Wednesday."""

    def test_mixed_anchors_move_one_slot_at_the_clock_change_and_leave_the_other(self, calls: Listed) -> None:
        listed = calls(EXAMPLES / "kubernetes" / "contributor-experience.toml", "--zone", "America/Los_Angeles")
        there = [call["local"]["America/Los_Angeles"][5:16] for call in listed]

        # clocks in Los Angeles go forward on 8 March 2020
        march = [call for call in listed if "2020-02-26" <= call["date"] <= "2020-03-18"]
        assert [call["start"][5:16] for call in march] == ["02-26T07:30", "03-04T18:00", "03-11T07:30", "03-18T17:00"]
        assert {text[6:] for text in there[::2]} == {"10:00"}
        assert {text[6:] for text in there[1::2]} == {"23:30", "00:30"}
        assert there[1] == "01-14T23:30"

    def test_the_wednesday_after_the_fourth_tuesday_is_not_the_fourth_wednesday(
        self, calls: Listed, planned: Listed
    ) -> None:
        after_tuesday = days(calls(EXAMPLES / "kubernetes" / "sig-docs-apac.toml"))
        fourth = days(
            planned(
                'first = 2020-01-01\nrepeat = "FREQ=MONTHLY;BYDAY=4WE"\nuntil = 2020-12-31',
                'slots = [{ at = "10:00" }]',
            )
        )

        assert (after_tuesday[0], fourth[0]) == ("2020-01-29", "2020-01-22")
        assert len(after_tuesday) == len(fourth) == 12
        assert [a[5:7] for a, b in zip(after_tuesday, fourth, strict=True) if a != b] == ["01", "04", "07"]


class TestShorterCases:
    def test_a_fixed_hour_became_two_alternating_ones(self, planned: Listed) -> None:
        """The Rust community team, 2016: 16:00 UTC on Wednesdays became 02:00 and 16:00 in turn."""
        listed = planned(
            'first = 2016-06-01\nrepeat = "FREQ=WEEKLY"\nuntil = 2016-07-27',
            'slots = [{ at = "16:00" }]',
            more='[[phases]]\nname = "alternating"\nfrom = 2016-06-15\nto = 2016-12-31\n'
            'slots = [{ at = "02:00" }, { at = "16:00" }]',
        )

        assert hours(listed) == ["16:00", "16:00", "02:00", "16:00", "02:00", "16:00", "02:00", "16:00", "02:00"]

    def test_a_monthly_call_goes_round_two_hours(self, planned: Listed) -> None:
        """JupyterHub: monthly, in the evening and in the morning of Europe."""
        listed = planned(
            'first = 2020-01-01\nrepeat = "FREQ=MONTHLY;BYDAY=3TH"\ncount = 4',
            'slots = [{ at = "17:00" }, { at = "08:00" }]',
        )

        assert [call["start"][5:16] for call in listed] == ["01-16T17:00", "02-20T08:00", "03-19T17:00", "04-16T08:00"]

    def test_a_fifth_wednesday_has_no_session(self, planned: Listed) -> None:
        """OASIS OpenC2: 11:00 and 21:00 in New York on the first four Wednesdays of a month."""
        rule = 'first = 2020-07-01\nrepeat = "FREQ=MONTHLY;BYDAY=1WE,2WE,3WE,4WE"\nuntil = 2020-08-31'
        sessions = [
            planned(rule, f'slots = [{{ at = "{at}", zone = "America/New_York" }}]') for at in ("11:00", "21:00")
        ]
        wednesdays = ["07-01", "07-08", "07-15", "07-22", "08-05", "08-12", "08-19", "08-26"]

        assert [[call["date"][5:] for call in listed] for listed in sessions] == [wednesdays, wednesdays]
        # 29 July is the fifth; 21:00 in New York is the day after in UTC, and the date stays New York's
        assert sessions[1][0]["start"] == "2020-07-02T01:00:00Z"

    def test_three_slots_share_the_pain(self, planned: Listed) -> None:
        """ICANN's ICG, 2014: each member has one early call, one by day and one late at night in each turn."""
        listed = planned(
            'first = 2014-09-03\nrepeat = "FREQ=WEEKLY"\ncount = 3',
            'slots = [{ at = "04:00" }, { at = "12:00" }, { at = "20:00" }]',
            *("--zone", "Asia/Tokyo", "--zone", "America/Sao_Paulo", "--zone", "Europe/Zurich"),
        )

        for zone in ("Asia/Tokyo", "America/Sao_Paulo", "Europe/Zurich"):
            local = sorted(int(call["local"][zone][11:13]) for call in listed)
            assert [number - local[0] for number in local] == [0, 8, 16]

    def test_even_weeks_are_not_every_second_week_after_a_year_of_53(self, planned: Listed) -> None:
        """OpenStack: what met in odd weeks by an interval of two meets in even ones from 2027 on."""
        listed = planned(
            'first = 2026-12-03\nrepeat = "FREQ=WEEKLY;INTERVAL=2"\ncount = 5',
            'advance = "iso-week"\nslots = [{ at = "09:00", label = "odd" }, { at = "09:00", label = "even" }]',
        )

        assert [call["slot"] for call in listed] == ["odd", "odd", "odd", "even", "even"]
        assert [call["date"] for call in listed][2:4] == ["2026-12-31", "2027-01-14"]

    def test_five_in_the_afternoon_utc_was_four_after_the_pacific_clock_change(self, planned: Listed) -> None:
        """WebAssembly CG: an agenda said "5pm UTC (9am PDT)" for 17 March 2020."""
        listed = planned(
            'first = 2020-03-03\nrepeat = "FREQ=WEEKLY;INTERVAL=2"\ncount = 2',
            'slots = [{ at = "09:00", zone = "America/Los_Angeles" }]',
        )

        assert [call["start"] for call in listed] == ["2020-03-03T17:00:00Z", "2020-03-17T16:00:00Z"]

    def test_six_utc_is_the_evening_before_in_the_pacific(self, planned: Listed) -> None:
        """WebAssembly CG: an agenda said "March 20, 6:00 UTC (March 20, 11PM PT)"."""
        [in_utc] = planned(
            'first = 2020-03-20\nrepeat = "FREQ=WEEKLY"\ncount = 1',
            'slots = [{ at = "06:00" }]',
            *("--zone", "America/Los_Angeles"),
        )
        [in_pacific] = planned(
            'first = 2020-03-19\nrepeat = "FREQ=WEEKLY"\ncount = 1',
            'slots = [{ at = "23:00", zone = "America/Los_Angeles" }]',
        )

        assert in_utc["local"]["America/Los_Angeles"] == "2020-03-19T23:00:00-07:00"
        assert (in_pacific["date"], in_pacific["start"]) == ("2020-03-19", in_utc["start"])
