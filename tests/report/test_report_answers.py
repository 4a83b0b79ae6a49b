"""Answers: the sentences and tables that people read, and that all forms of one answer tell the same.

Law: whatever would mislead a secretary is pinned here in words: cancelled calls, moved ones, members with a lead.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from audiences import audience_of
from facts import ODD, ODD_TEXT, context
from invoke import invoke
from mag_rotation.calls import Call, Status
from mag_rotation.errors import Mistake
from mag_rotation.hours import Hours
from mag_rotation.night import Count, MemberNight, night_of, night_report
from mag_rotation.plan.warnings import PlanWarning
from mag_rotation.report import (
    Context,
    Form,
    Report,
    describe_calls,
    describe_member_calls,
    describe_night,
    describe_validation,
    left_out,
    render,
)
from mag_rotation.report.calls import CALL_KEYS
from mag_rotation.report.description import LaterRows, utc_text
from mag_rotation.report.language import ENGLISH
from mag_rotation.report.night import MEMBER_KEYS
from mag_rotation.report.words import write_count
from mag_rotation.roster import UTC_ZONE, Member, MemberId, ZoneName
from mag_rotation.series import Meeting
from mag_rotation.values import Fact
from mag_rotation.zones import TZDATA_VERSION, Adjustment

MEETING = Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=120)
TUESDAY = datetime(2020, 9, 15, 20, tzinfo=UTC)
CALL = Call(
    uid="demo-20200915@example.org",
    date=date(2020, 9, 15),
    start=TUESDAY,
    end=TUESDAY + timedelta(hours=2),
    zone=UTC_ZONE,
    title="Demo XVII",
    status=Status.PLANNED,
    number=17,
    label="XVII",
)
CANCELLED = replace(
    CALL, uid="demo-20200922@example.org", status=Status.CANCELLED, number=None, label=None, title="Demo"
)
TECH = Member(
    id=MemberId("tech"),
    zone=ZoneName("Australia/Brisbane"),
    name="Seat 12",
    lead=90,
    groups={"region": "WEOG"},
)
NURSE = Member(
    id=MemberId("nurse"),
    zone=ZoneName("Europe/Paris"),
    weight=2,
    never=((time(22), time(23)),),
    groups={"region": "WEOG"},
)
LIMA = Member(id=MemberId("lima"), zone=ZoneName("America/Lima"), groups={"region": "GRULAC"})
NOBODY = Fact.of(PlanWarning.ROLE_OF_NOBODY, role="chair")
NOBODY_TEXT = "verdict.required-roles names 'chair', which no member has"
RULES = f"Zone rules: tzdata {TZDATA_VERSION}."


def lines(answer: Report) -> list[str]:
    return render(answer, Form.TABLE).splitlines()


def night(member: Member, call: Call = CALL) -> MemberNight:
    found = night_of(
        member, start=call.start, minutes=call.minutes, audience=audience_of([member], MEETING, hours=Hours())
    )
    assert found is not None
    return found


def night_at(call: Call | None, *roster: Member) -> Report:
    report = night_report(start=TUESDAY, minutes=120, call=call, audience=audience_of(roster, MEETING, hours=Hours()))
    return describe_night(context(MEETING), report)


def test_calls_show_only_the_columns_that_say_something() -> None:
    assert lines(describe_calls(context(MEETING), [CALL])) == [
        "Demo",
        "",
        "call  rule date   start (UTC)           length  status",
        "XVII  2020-09-15  Tue 2020-09-15 20:00     2 h  planned",
        "",
        RULES,
    ]
    assert lines(describe_calls(context(MEETING), [CANCELLED]))[2].startswith("rule date")


@pytest.mark.parametrize(
    ("call", "head", "text"),
    [
        (replace(CALL, slot="evening"), "slot", "evening"),
        (replace(CALL, phase="Phase I"), "phase", "Phase I"),
        (replace(CALL, note="short"), "note", "short"),
        (replace(CALL, location="Room 5"), "location", "Room 5"),
        (replace(CALL, zone=ZoneName("America/Los_Angeles")), "anchor time", "Tue 13:00 America/Los_Angeles"),
        (replace(CALL, adjusted=Adjustment.GAP), "status", "planned (skipped hour)"),
        (replace(CALL, status=Status.MOVED, adjusted=Adjustment.FOLD), "status", "moved (repeated hour)"),
    ],
)
def test_a_column_appears_with_the_first_call_that_needs_it(call: Call, head: str, text: str) -> None:
    shown = lines(describe_calls(context(MEETING), [CALL, call]))

    assert head in shown[2]
    assert shown[4][shown[2].index(head) :].startswith(text)


def test_one_place_for_all_calls_is_no_column() -> None:
    same = replace(CALL, location="Online")

    assert "location" not in lines(describe_calls(context(MEETING), [same, same]))[2]


def test_local_times_of_asked_zones_carry_their_own_weekday_and_date() -> None:
    answer = describe_calls(context(MEETING), [CALL], zones=[ZoneName("Asia/Tokyo"), ZoneName("America/Lima")])

    assert "Wed 2020-09-16 05:00" in lines(answer)[3]
    assert "Tue 2020-09-15 15:00" in lines(answer)[3]
    assert json.loads(render(answer, Form.JSON))["calls"][0]["local"] == {
        "Asia/Tokyo": "2020-09-16T05:00:00+09:00",
        "America/Lima": "2020-09-15T15:00:00-05:00",
    }


def test_no_calls_is_said_in_words_and_warnings_stand_below() -> None:
    answer = describe_calls(context(MEETING, ODD), [])

    assert lines(answer) == ["Demo", "No calls.", "", ODD_TEXT, RULES]
    assert render(answer, Form.CSV) == ",".join([*CALL_KEYS, "tzdata"]) + "\r\n"
    assert json.loads(render(answer, Form.JSON)) == {
        "meeting": "demo",
        "tzdata": TZDATA_VERSION,
        "calls": [],
        "warnings": [ODD_TEXT],
        "warning_facts": [{"code": "no_call"}],
    }


def test_a_night_is_told_in_words_worst_first() -> None:
    shown = lines(night_at(CALL, LIMA, NURSE, TECH))

    assert shown[:3] == [
        "Demo XVII: who is in the night",
        "Tue 2020-09-15 20:00 to 22:00 UTC.",
        "3 of 4 in the night (23:00-06:00 local time). 1 blocked: nurse.",
    ]
    assert [" ".join(line.split()) for line in shown[4:8]] == [
        "member name zone local time starts in lead night min deep night burden",
        "tech Seat 12 Australia/Brisbane Wed 06:00-08:00 (+1 day) early 1 h 30 90 90 2.4 h in the night",
        "nurse nurse Europe/Paris Tue 22:00-00:00 Wed evening 60 0 1.2 h blocked, in the night",
        "lima lima America/Lima Tue 15:00-17:00 day 0 0 0.0 h",
    ]
    assert shown[9] == "Not shown: region (2 groups for 4 members). --groups shows all."


ONE = Count(members=1, in_night=1)
CITIES = {"city": dict.fromkeys("abc", ONE)}
REGIONS = {"region": {"n": Count(members=6, in_night=2), "s": Count(members=3, in_night=0), "x": ONE}}


@pytest.mark.parametrize(
    ("by_group", "members", "shown", "told"),
    [
        ({}, 0, [], ()),
        (REGIONS, 10, ["n", "s"], ("Not shown: 1 group of one member. --groups shows all.",)),
        (REGIONS, 6, [], ("Not shown: region (3 groups for 6 members). --groups shows all.",)),
        (REGIONS, 7, ["n", "s"], ("Not shown: 1 group of one member. --groups shows all.",)),
        (CITIES, 7, [], ("Not shown: 3 groups of one member. --groups shows all.",)),
        (
            {**REGIONS, **CITIES, "all": {str(number): ONE for number in range(9)}},
            10,
            ["n", "s"],
            ("Not shown: all (9 groups for 10 members) and 4 groups of one member. --groups shows all.",),
        ),
        ({"region": {"only": ONE}}, 1, [], ("Not shown: region (1 group for 1 member). --groups shows all.",)),
    ],
)
def test_groups_that_compare_nobody_are_left_out_and_named_unless_asked_for(
    by_group: Mapping[str, Mapping[str, Count]], members: int, shown: list[str], told: tuple[str, ...]
) -> None:
    few, everything = Context(meeting=None), Context(meeting=None, all_groups=True)

    rows, notes = few.choose_groups(by_group, members, lambda count: count.members)
    assert ([value for _, value, _ in rows], notes) == (shown, told)
    rows, notes = everything.choose_groups(by_group, members, lambda count: count.members)
    assert ([value for _, value, _ in rows], notes) == ([value for values in by_group.values() for value in values], ())


def test_names_stand_in_a_night_only_where_one_is_not_the_id() -> None:
    assert "name" not in lines(night_at(CALL, LIMA, NURSE))[4]
    assert lines(night_at(CALL, LIMA, TECH))[4].split()[:3] == ["member", "name", "zone"]


def test_a_form_leaves_out_only_warnings_that_it_has_no_place_for() -> None:
    odd = describe_calls(context(MEETING, ODD), [CALL])
    told = describe_validation(context(MEETING, ODD), "plan.toml", ())

    without_place = {form for form in Form if form.writer.LEAVES_OUT_WARNINGS}
    assert Form.CSV in without_place
    assert not {Form.TABLE, Form.MARKDOWN, Form.JSON} & without_place
    assert {form for form in Form if left_out(odd, form) == (ODD_TEXT,)} == without_place
    assert {form for form in Form if left_out(odd, form) == ()} == set(Form) - without_place
    assert left_out(told, Form.CSV) == ()


def test_a_key_below_the_table_says_why_a_call_at_six_is_in_the_night() -> None:
    shown = lines(night_at(None, TECH))

    assert "cover the lead before the call" in shown[-2]
    assert shown[-1] == RULES


def test_a_cancelled_call_and_a_blocked_member_outside_the_night_are_said_in_words() -> None:
    early = replace(NURSE, zone=ZoneName("Europe/London"), never=((time(21), time(22)),))
    shown = lines(night_at(CANCELLED, early))

    assert shown[1] == "Tue 2020-09-15 20:00 to 22:00 UTC. This call is cancelled."
    assert shown[2] == "0 of 2 in the night (23:00-06:00 local time). 1 blocked: nurse."
    assert shown[5].endswith("  blocked")


def test_a_night_without_members_or_over_midnight_is_still_a_sentence() -> None:
    report = night_report(start=TUESDAY, minutes=300, audience=audience_of((), MEETING, hours=Hours()))
    shown = lines(describe_night(context(MEETING, ODD), report))

    assert shown[:3] == [
        "Demo: who is in the night",
        "Tue 2020-09-15 20:00 to 2020-09-16 01:00 UTC.",
        "0 of 0 in the night (23:00-06:00 local time).",
    ]
    assert shown[3:5] == ["", ODD_TEXT]


def test_one_members_view_counts_held_calls_only_and_a_cancelled_one_costs_nothing() -> None:
    answer = describe_member_calls(context(MEETING), TECH, [(CALL, night(TECH)), (CANCELLED, night(TECH))])
    shown = lines(answer)

    assert shown[:2] == ["Demo: Seat 12", "1 call, 1 of them in the night, 2.4 night-hours in all."]
    assert shown[2].startswith("A night-hour is as much as an hour of a call at the worst time of night")
    assert shown[3:6] == [
        "Local times are those of Australia/Brisbane.",
        "You have to be up 1 h 30 before a call.",
        "No clock change moves these calls.",
    ]
    assert [" ".join(line.split()) for line in shown[7:10]] == [
        "call day local time UTC status burden",
        "XVII Wed 2020-09-16 06:00-08:00 Tue 20:00 planned in the night 2.4 h",
        "- Wed 2020-09-16 06:00-08:00 Tue 20:00 cancelled",
    ]
    document = json.loads(render(answer, Form.JSON))
    assert document["calls"][1]["member"]["night_minutes"] == 90
    assert document["totals"] == {"calls": 1, "in_night": 1, "burden": 1440}


def test_one_members_view_of_a_series_without_numbers_has_no_column_of_dashes() -> None:
    assert lines(describe_member_calls(context(MEETING), TECH, [(CANCELLED, night(TECH))]))[7].startswith("day")


def test_one_members_view_shows_asked_zones_in_every_form() -> None:
    tokyo = ZoneName("Asia/Tokyo")
    answer = describe_member_calls(context(MEETING), TECH, [(CALL, night(TECH))], zones=[tokyo])
    record = next(csv.DictReader(io.StringIO(render(answer, Form.CSV), newline="")))

    assert "Wed 2020-09-16 05:00" in lines(answer)[8]
    assert record["Asia/Tokyo"] == "2020-09-16T05:00:00+09:00"
    assert json.loads(render(answer, Form.JSON))["calls"][0]["local"] == {"Asia/Tokyo": "2020-09-16T05:00:00+09:00"}


def test_a_validation_tells_mistakes_from_oddities() -> None:
    both = describe_validation(context(None, ODD, NOBODY), "plan.toml", (Mistake(place="a", problem="b"),))
    none = describe_validation(context(MEETING), "plan.toml", ())

    assert lines(both)[:2] == ["plan.toml", "1 mistake, 2 warnings."]
    assert lines(both)[3:] == ["       what", "wrong  a: b", f"odd    {ODD_TEXT}", f"odd    {NOBODY_TEXT}", "", RULES]
    assert lines(none) == ["plan.toml", "0 mistakes, 0 warnings.", "", RULES]
    assert render(both, Form.CSV).splitlines()[1:] == [
        f"error,a: b,{TZDATA_VERSION}",
        f'warning,"{ODD_TEXT}",{TZDATA_VERSION}',
        f'warning,"{NOBODY_TEXT}",{TZDATA_VERSION}',
    ]
    assert json.loads(render(none, Form.JSON))["meeting"] == "demo"


@pytest.mark.parametrize(
    "answer",
    [
        describe_calls(context(MEETING), [CALL]),
        night_at(CALL, TECH, NURSE),
        describe_member_calls(context(MEETING), TECH, [(CALL, night(TECH))]),
        describe_validation(context(MEETING), "plan.toml", (Mistake(place="a", problem="b"),)),
    ],
    ids=["calls", "night", "member", "validate"],
)
def test_every_form_of_every_answer_names_the_zone_rules(answer: Report) -> None:
    assert f"*{RULES}*" in render(answer, Form.MARKDOWN)
    assert lines(answer)[-1] == RULES
    assert json.loads(render(answer, Form.JSON))["tzdata"] == TZDATA_VERSION
    assert all(
        row["tzdata"] == TZDATA_VERSION for row in csv.DictReader(io.StringIO(render(answer, Form.CSV), newline=""))
    )


def test_csv_and_json_hold_the_same_values() -> None:
    answer = night_at(CALL, TECH, NURSE, LIMA)
    rows = list(csv.DictReader(io.StringIO(render(answer, Form.CSV), newline="")))
    members = json.loads(render(answer, Form.JSON))["members"]

    assert [{key: row[key] for key in MEMBER_KEYS} for row in rows] == [
        {key: "" if member[key] is None else str(member[key]) for key in MEMBER_KEYS} for member in members
    ]


def test_json_keeps_letters_as_they_are() -> None:
    answer = describe_calls(context(MEETING), [replace(CALL, note="réunion 日本 \u200f")])

    assert '"note": "réunion 日本 \u200f"' in render(answer, Form.JSON)


@pytest.mark.parametrize(
    ("minutes", "text"), [(1, "1 min"), (59, "59 min"), (60, "1 h"), (61, "1 h 01"), (1440, "24 h")]
)
def test_a_length_reads_as_people_say_it(minutes: int, text: str) -> None:
    assert ENGLISH.write_length(minutes) == text


def test_small_words() -> None:
    assert [write_count(count, "call", ENGLISH) for count in (0, 1, 2)] == ["0 calls", "1 call", "2 calls"]
    assert utc_text(TUESDAY) == "2020-09-15T20:00:00Z"


# The page of a member, and the clocks of all of them.

PLAN = """
format = 1
[meeting]
id = "wg"
name = "Working group"
uid-domain = "wg.example.org"
duration = "1h"
[schedule]
first = 2026-10-13
repeat = "weekly"
count = 4
[rotation]
slots = [{ at = "20:00", label = "evening" }, { at = "05:00" }]
"""


def plan_at(folder: Path, *rows: str) -> Path:
    """A plan with members, each as id, zone, joined and stays."""
    members = "\n".join(f"[[members]]\n{row}" for row in rows)
    path = folder / "plan.toml"
    path.write_text(PLAN + members)
    return path


def test_the_page_of_a_member_tells_the_clock_changes_ahead_once_a_date(tmp_path: Path) -> None:
    plan = plan_at(tmp_path, 'id = "ann"\nzone = "Europe/Zurich"')
    done = invoke("calls", plan, "--member", "ann")

    changed = "calls start 1 h earlier on the clock of Europe/Zurich: evening at 21:00 and 05:00 UTC at 06:00."
    assert f"From Sunday 25 October 2026 on, {changed}" in done.out
    assert [" ".join(line.split()) for line in done.lines[6:11]] == [
        "day local time UTC burden",
        "Tue 2026-10-13 22:00-23:00 Tue 20:00 0.5 h",
        "Tue 2026-10-20 07:00-08:00 Tue 05:00 0.3 h",
        "Tue 2026-10-27 21:00-22:00 Tue 20:00 0.4 h",
        "Tue 2026-11-03 06:00-07:00 Tue 05:00 0.6 h",
    ]
    document = json.loads(invoke("calls", plan, "--member", "ann", "-f", "json").out)
    assert [(one["date"], one["local_before"], one["local_after"]) for one in document["clock_changes"]] == [
        ("2026-10-25", "22:00", "21:00"),
        ("2026-10-25", "07:00", "06:00"),
    ]


def test_the_page_of_a_member_has_the_place_of_each_call_and_holds_over_the_date_line(tmp_path: Path) -> None:
    stay = 'stays = [{ from = 2026-10-20, to = 2026-10-21, zone = "Pacific/Kiritimati" }]'
    plan = plan_at(tmp_path, f'id = "kit"\nzone = "Asia/Kathmandu"\n{stay}')
    lines_of = [" ".join(line.split()) for line in invoke("calls", plan, "--member", "kit").lines]

    assert "Local times are those of Asia/Kathmandu and Pacific/Kiritimati." in lines_of
    assert "No clock change moves these calls." not in lines_of
    assert "Wed 2026-10-14 01:45-02:45 Asia/Kathmandu Tue 20:00 in the night 1.0 h" in lines_of
    assert "Tue 2026-10-20 19:00-20:00 Pacific/Kiritimati Tue 05:00 0.3 h" in lines_of


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_page_of_a_member_can_be_sent_in_every_form_for_people(form: str, tmp_path: Path) -> None:
    plan = plan_at(tmp_path, 'id = "ann"\nname = "Ann <b>"\nzone = "Europe/Zurich"')
    page = invoke("calls", plan, "--member", "ann", "-f", form).out

    assert "Tue 2026-10-13" in page
    assert "22:00-23:00" in page
    assert "<b>" not in page


def test_a_member_without_a_call_has_a_page_without_a_table(tmp_path: Path) -> None:
    plan = plan_at(tmp_path, 'id = "ann"\nzone = "Europe/Zurich"\nleft = 2026-01-01')
    done = invoke("calls", plan, "--member", "ann")

    assert done.lines[1] == "0 calls, 0 of them in the night, 0.0 night-hours in all."
    assert "local time" not in done.out
    assert done.code == 0


ZONES = ("Europe/Paris", "Europe/Zurich", "Europe/Zurich", "Africa/Lagos", "Asia/Kathmandu", "Pacific/Apia")


def test_all_zones_are_columns_by_equal_clock_with_day_marks(tmp_path: Path) -> None:
    plan = plan_at(tmp_path, *(f'id = "m{number}"\nzone = "{zone}"' for number, zone in enumerate(ZONES)))
    done = invoke("calls", plan, "--all-zones")
    rows = [" ".join(line.split()) for line in done.lines]

    assert rows[2] == ("rule date start (UTC) length Lagos (1) Zurich (3) Kathmandu (1) Apia (1) slot status")
    assert rows[3].endswith("20:00 1 h 21:00 22:00 01:45+1 09:00+1 evening planned")
    assert rows[5].endswith("20:00 1 h 21:00 21:00 01:45+1 09:00+1 evening planned")
    assert "Zurich (3): Europe/Zurich, Europe/Paris." in rows
    document = json.loads(invoke("calls", plan, "--all-zones", "-f", "json").out)
    assert document["clocks"][1] == {"zones": ["Europe/Zurich", "Europe/Paris"], "members": 3}
    assert document["calls"][0]["local"]["Europe/Paris"] == "2026-10-13T22:00:00+02:00"
    assert set(document["calls"][0]["local"]) == set(ZONES)
    sheet = next(csv.DictReader(io.StringIO(invoke("calls", plan, "--all-zones", "-f", "csv").out)))
    assert sheet["Pacific/Apia"] == "2026-10-14T09:00:00+13:00"


def test_all_zones_and_one_member_are_two_answers(tmp_path: Path) -> None:
    plan = plan_at(tmp_path, 'id = "ann"\nzone = "Europe/Zurich"')

    assert "--all-zones and --member are two answers" in invoke("calls", plan, "--all-zones", "--member", "ann").err
    assert json.loads(invoke("calls", plan, "--all-zones", "--from", "2030-01-01", "-f", "json").out)["clocks"] == []
    empty = plan_at(tmp_path)
    assert json.loads(invoke("calls", empty, "--all-zones", "-f", "json").out)["clocks"] == []
    assert "Local starts" not in invoke("calls", empty, "--all-zones").out


def test_who_has_left_is_on_no_clock(tmp_path: Path) -> None:
    plan = plan_at(
        tmp_path,
        'id = "a"\nzone = "Europe/Zurich"',
        'id = "b"\nzone = "Asia/Tokyo"\nleft = 2026-01-01',
        'id = "c"\nzone = "Asia/Tokyo"\njoined = 2027-01-01',
    )
    clocks = json.loads(invoke("calls", plan, "--all-zones", "-f", "json").out)["clocks"]

    assert clocks == [{"zones": ["Europe/Zurich"], "members": 1}]


def test_rows_are_made_once_and_only_when_they_are_read() -> None:
    made: list[str] = []

    def make() -> tuple[str, ...]:
        made.append("rows")
        return "20:00", "14:00"

    rows = LaterRows(make)
    assert made == []
    assert (len(rows), rows[-1], rows[1:], list(rows)) == (2, "14:00", ("14:00",), ["20:00", "14:00"])
    assert rows == ("20:00", "14:00") == rows
    assert rows != ("20:00",)
    assert rows != 20
    assert hash(rows) == hash(("20:00", "14:00"))
    assert made == ["rows"]
