"""A plan as a value: built in code as the samples show it, equal to the plan of a file, and a value in every sense."""

import copy
import pickle
import re
import runpy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from mag_rotation import (
    Advance,
    Attendance,
    Carried,
    Curve,
    Extra,
    Hours,
    Infeasible,
    Meeting,
    Member,
    Numbering,
    Organizer,
    Override,
    Phase,
    Plan,
    Request,
    Rotation,
    Schedule,
    Season,
    Slot,
    Stay,
    Thresholds,
    Window,
    find_call,
    load_plan,
    night_at,
)
from mag_rotation.calls import Call, Calls
from mag_rotation.errors import (
    InvalidHours,
    InvalidInstant,
    InvalidMember,
    InvalidSeries,
    UnknownCall,
    UnknownMember,
    UnknownOption,
    UnknownZone,
)
from mag_rotation.series import NumberStyle, Weekday
from mag_rotation.values import Record, write_table
from paths import DATA, EXAMPLES

SAMPLES = DATA / "samples"

PRINTED = {
    "one_instant": "['bo']\n",
    "plan_in_code": (
        "('bo',) 6120 poor\n"
        "(Slot(at=datetime.time(7, 0), zone='UTC', label=None, weekday=None, minutes=None), "
        "Slot(at=datetime.time(8, 0), zone='UTC', label=None, weekday=None, minutes=None)) Asia/Tokyo\n"
    ),
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_sample_runs_and_prints_what_it_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(SAMPLES / f"{name}.py"))

    assert capsys.readouterr().out == PRINTED[name]


FILE = """
format = 1
[meeting]
id = "wg"
name = "Working group"
uid-domain = "example.org"
duration = "1h"
lead = "10min"
overrun = "5min"
location = "Online"
url = "https://meet.example.org/wg"
description = "Weekly"
organizer = { name = "Office", email = "office@example.org" }
numbering = { first = 16, style = "roman", count = "held" }
season-from = 2026-10-01
season-to = 2026-12-31
alarm = "15min"
color = "navy"
[schedule]
first = 2026-10-06
repeat = "weekly"
count = 8
[rotation]
advance = "held"
start = 2
slots = ["14:00", { at = "20:00", zone = "Europe/Paris", label = "evening", weekday = "WE", duration = "90min" }]
[[exceptions]]
date = 2026-10-13
at = "15:00"
note = "later"
[[exceptions]]
date = 2026-10-20
cancel = true
[[extras]]
date = 2026-10-22
at = "09:00"
numbered = false
takes-turn = true
[[phases]]
name = "Event"
from = 2026-11-09
to = 2026-11-13
calls = false
[night]
from = "22:00"
to = "07:00"
[burden]
curve = "lark"
[curves.lark]
hours = [10, 10, 10, 10, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 8, 10, 10]
[verdict]
acceptable-share = 10
required-roles = ["chair"]
[days-off]
weekend-points = 2
[[members]]
id = "ann"
zone = "Europe/Zurich"
name = "Ann"
email = "ann@example.org"
groups = { country = "CH" }
roles = ["chair"]
weight = 2
curve = "default"
lead = "30min"
night = "21:00-05:00"
never = ["00:00-05:00"]
joined = 2026-01-01
left = 2026-12-31
stays = [{ from = 2026-11-01, to = 2026-11-20, zone = "Asia/Tokyo" }]
locale = "de"
[history]
file = "history.csv"
[carried]
file = "carried.csv"
"""

BUILT = Plan(
    meeting=Meeting(
        id="wg",
        name="Working group",
        uid_domain="example.org",
        minutes=60,
        lead=10,
        overrun=5,
        location="Online",
        url="https://meet.example.org/wg",
        description="Weekly",
        organizer=Organizer(name="Office", email="office@example.org"),
        numbering=Numbering(first=16, style=NumberStyle.ROMAN),
        season=Season(first=date(2026, 10, 1), last=date(2026, 12, 31)),
        alarm=15,
        color="navy",
    ),
    schedule=Schedule(first=date(2026, 10, 6), repeat="weekly", count=8),
    rotation=Rotation(
        slots=(
            Slot(at=time(14)),
            Slot(at=time(20), zone="Europe/Paris", label="evening", weekday=Weekday.WE, minutes=90),
        ),
        advance=Advance.HELD,
        start=2,
    ),
    overrides=(
        Override(date=date(2026, 10, 13), at=time(15), note="later"),
        Override(date=date(2026, 10, 20), cancel=True),
    ),
    extras=(Extra(date=date(2026, 10, 22), at=time(9), numbered=False, takes_turn=True),),
    phases=(Phase(name="Event", first=date(2026, 11, 9), last=date(2026, 11, 13), calls=False),),
    hours=Hours(
        night=Window(time(22), time(7)),
        curve="lark",
        curves={"lark": Curve((10, 10, 10, 10, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 8, 10, 10))},
        weekend_points=2,
    ),
    thresholds=Thresholds(acceptable_share=10, required_roles=("chair",)),
    members=(
        Member(
            id="ann",
            zone="Europe/Zurich",
            name="Ann",
            email="ann@example.org",
            groups={"country": "CH"},
            roles=("chair",),
            weight=2,
            curve="default",
            lead=30,
            night=(time(21), time(5)),
            never=((time(0), time(5)),),
            joined=date(2026, 1, 1),
            left=date(2026, 12, 31),
            stays=(Stay(first=date(2026, 11, 1), last=date(2026, 11, 20), zone="Asia/Tokyo"),),
            locale="de",
        ),
    ),
    history=(Attendance(date=date(2026, 10, 6), member="ann", attended=True),),
    carried=(Carried(member="ann", burden=600, night_calls=1, calls=3),),
)


@pytest.mark.usefixtures("days_off_packages")
def test_everything_that_a_file_says_can_be_said_in_code(tmp_path: Path) -> None:
    built = replace(BUILT, with_days_off=True)
    (tmp_path / "plan.toml").write_text(FILE, "utf-8")
    (tmp_path / "history.csv").write_text("date,member,attended\n2026-10-06,ann,yes\n", "utf-8")
    (tmp_path / "carried.csv").write_text("member,burden,night_calls,calls\nann,600,1,3\n", "utf-8")

    read = load_plan(tmp_path / "plan.toml")

    assert read == built
    assert (read.calls, read.audience, read.warnings) == (built.calls, built.audience, built.warnings)


MAG = load_plan(EXAMPLES / "mag-2020" / "plan.toml")
START = datetime(2020, 11, 3, 20, tzinfo=UTC)
VALUES = {
    "plan": BUILT,
    "plan of a file": MAG,
    "member": BUILT.members[0],
    "hours": BUILT.hours,
    "series": BUILT.series,
    "call": MAG.calls[0],
    "audience": MAG.audience,
    "night": MAG.night(MAG.calls[1]),
    "fairness": MAG.fairness(),
    "check": MAG.check(START),
    "proposal": MAG.propose(slots=1),
    "setting": MAG.setting,
    "drift": MAG.drift(),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_hashes_pickles_copies_and_prints_on_one_line(name: str) -> None:
    value = VALUES[name]

    assert hash(value) == hash(copy.deepcopy(value))
    assert value == pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes
    assert value == copy.copy(value) == copy.deepcopy(value)
    assert "\n" not in repr(value)


def test_a_plan_checks_what_its_parts_say_of_each_other() -> None:
    with pytest.raises(InvalidHours, match="found 'owl'"):
        replace(BUILT, members=(Member(id="bo", zone="UTC", curve="owl"),), history=(), carried=())
    with pytest.raises(InvalidMember, match="of 'ann'; write the id of a member"):
        replace(BUILT, members=(Member(id="bo", zone="UTC"),))
    with pytest.raises(InvalidMember, match="more than one member with the id 'bo'"):
        replace(BUILT, members=(Member(id="bo", zone="UTC"), Member(id="bo", zone="UTC")), history=(), carried=())
    with pytest.raises(InvalidSeries, match="before the call of"):
        replace(BUILT, meeting=replace(BUILT.meeting, season=Season(last=date(2026, 10, 31))))
    with pytest.raises(UnknownMember, match="did you mean ann"):
        BUILT.member("Ann")


def test_a_wrong_zone_fails_at_the_member_with_suggestions() -> None:
    with pytest.raises(
        UnknownZone, match="member 'bo': 'Geneva' is not the name of a time zone; did you mean Europe/Zurich"
    ):
        Member(id="bo", zone="Geneva")
    with pytest.raises(UnknownZone, match="member 'bo'"):
        night_at(START, minutes=60, members={"bo": "Geneva"})


def test_what_cannot_be_satisfied_is_raised_with_the_smallest_conflict() -> None:
    with pytest.raises(Infeasible, match="no rotation satisfies cap together") as caught:
        MAG.propose(Request(slots=2, cap=0))

    assert caught.value.codes == ("cap",)
    assert len(caught.value.conflict) == 1
    assert pickle.loads(pickle.dumps(caught.value)).codes == ("cap",)  # noqa: S301 - our own bytes


def test_rows_iterate_are_found_by_id_and_become_records() -> None:
    report = MAG.night(MAG.calls[1])
    records = report.to_records()

    assert [row.id for row in report] == [row.id for row in report.members] == [record["id"] for record in records]
    assert report[report.members[3].id] is report.members[3]
    assert len(report) == len(MAG.members)
    assert records[0]["in_night"] is report.members[0].in_night
    assert records[0]["local_start"] == report.members[0].local_start.isoformat()
    assert {type(value).__name__ for record in records for value in record.values()} <= {
        "str", "int", "bool", "NoneType",
    }  # fmt: skip
    assert report._repr_html_().count("<tr>") == len(MAG.members) + 1
    with pytest.raises(UnknownMember, match="nobody"):
        report["nobody"]


def test_the_night_at_one_instant_needs_no_plan() -> None:
    seats = (Member(id="ann", zone="Europe/Zurich"), Member(id="bo", zone="Asia/Tokyo", lead=90))

    by_name = night_at(START, minutes=120, members={"ann": "Europe/Zurich", "bo": "Asia/Tokyo"}, lead=90)
    by_value = night_at(START, minutes=120, members=seats, lead=90, overrun=0)

    assert by_name.in_night == by_value.in_night == ("bo",)
    assert by_name["bo"].burden == by_value["bo"].burden
    assert night_at(START, minutes=120, members={}).members == ()
    with pytest.raises(InvalidInstant):
        night_at(START.replace(tzinfo=None), minutes=120, members={})


NOTEBOOK: dict[str, Callable[[], object]] = {
    "plan": lambda: MAG,
    "calls": lambda: MAG.calls,
    "some calls": lambda: MAG.between(last=MAG.calls[2].date),
    "one call": lambda: MAG.calls[2:3],
    "no call": lambda: MAG.calls[:0],
    "night": lambda: MAG.night(MAG.calls[1]),
    "ledger": MAG.fairness,
    "check": lambda: MAG.check(START),
    "check of a call": lambda: MAG.check(START, instead_of=MAG.calls[-1]),
    "compare": lambda: MAG.compare(sizes=(1,)),
    "planner": lambda: MAG.planner(START.date()),
}


@pytest.mark.parametrize("name", NOTEBOOK)
def test_a_notebook_shows_a_table_that_is_whole_escaped_and_private(name: str) -> None:
    """It has no colour of its own, so that it is read on light and on dark paper, and it loads and runs nothing."""
    value = NOTEBOOK[name]()
    html = value._repr_html_()  # type: ignore[attr-defined]
    page = ET.fromstring(f"<div>{html}</div>")  # noqa: S314 - our own bytes

    assert {element.tag for element in page.iter()} <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert {element.attrib.get("scope") for element in page.iter("th")} <= {"row", "col"}
    assert not any(word in html for word in ("http", "<script", "rgb", "#", "background", "@", "None", "<enum"))
    assert not [member.email for member in MAG.members if member.email and member.email in html]
    for table in page.iter("table"):
        widths = {len(row) for row in table.iter("tr")}
        assert len(widths) <= 2


def test_the_tables_of_a_notebook_show_the_figures_of_the_values() -> None:
    night, ledger, check = MAG.night(MAG.calls[1]), MAG.fairness(), MAG.check(START, instead_of=MAG.calls[-1])

    assert read_table(night._repr_html_())[0][:2] == [night.members[0].id, night.members[0].name]
    assert [row[2] for row in read_table(ledger._repr_html_())] == [f"{share.burden:,}" for share in ledger]
    times = read_table(check._repr_html_())
    assert [row[:3] for row in times[:2]] == [
        ["planned", f"{MAG.calls[-1].start:%Y-%m-%d %H:%M} UTC", str(check["planned"].in_night)],
        ["proposed", f"{START:%Y-%m-%d %H:%M} UTC", str(check.night.summary.in_night)],
    ]
    assert len(times) == len(check) == len(check.better) + 2
    assert f"{MAG.calls[0].start:%Y-%m-%d %H:%M} UTC" in MAG._repr_html_()


def read_heads(html: str) -> list[str]:
    return [cell.text or "" for cell in ET.fromstring(html).iterfind("thead/tr/th")]  # noqa: S314 - our own bytes


def test_the_tables_of_a_notebook_name_the_unit_of_burdens() -> None:
    values = (MAG.fairness(), MAG.night(MAG.calls[1]), MAG.check(START), MAG.planner(START.date()))
    heads = [head for value in values for head in read_heads(value._repr_html_())]

    assert [head for head in heads if head.endswith(" (point-minutes)")] == [
        f"{name} (point-minutes)"
        for name in ("burden", "best possible", "regret", "burden", "worst", "total", "worst", "total")
    ]
    assert {"id", "calls", "night minutes", "in night", "start"} <= set(heads)


def test_a_notebook_writes_every_instant_in_one_way() -> None:
    night, day = MAG.night(MAG.calls[1]), MAG.planner(START.date(), zone="Asia/Kathmandu")
    html = f"{night._repr_html_()}{day._repr_html_()}"

    assert f"{night.members[0].local_start.wall:%Y-%m-%d %H:%M} UTC" in html
    assert " UTC+05:45" in html
    assert not re.search(r"\dT\d\d:", html)
    assert night.to_records()[0]["local_start"] == night.members[0].local_start.isoformat()


def test_a_notebook_says_which_times_of_a_check_have_a_verdict() -> None:
    assert "verdict: of the planned and the proposed time" in MAG.check(START)._repr_html_()
    assert "<caption" not in MAG.fairness()._repr_html_()


@pytest.mark.parametrize("wanted", ["XX", "20", 20, "2020-10-20"])
def test_a_call_is_named_instead_of_given(wanted: str | int) -> None:
    call = find_call(MAG.calls, "XX")

    assert MAG.night(wanted) == MAG.night(call)
    assert MAG.announce(wanted) == MAG.announce(call)
    assert MAG.check(START, instead_of=wanted) == MAG.check(START, instead_of=call)
    assert MAG.verdicts(START, instead_of=wanted) == MAG.verdicts(START, instead_of=call)
    assert MAG.planner(START.date(), instead_of=wanted) == MAG.planner(START.date(), instead_of=call)
    assert MAG.decide_time(START, instead_of=wanted) == MAG.decide_time(START, instead_of=call)


@pytest.mark.parametrize("wanted", ["3", 3, "", "XXX"])
def test_a_call_that_is_not_there_is_told_by_its_name(wanted: str | int) -> None:
    for ask in (MAG.night, MAG.announce, lambda name: MAG.check(START, instead_of=name)):
        with pytest.raises(UnknownCall, match=f"'{wanted}' names no call of this plan; its calls run from XI to XXI"):
            ask(wanted)


def test_a_row_of_a_member_who_is_not_there_is_met_with_the_nearest_id() -> None:
    for rows in (MAG.fairness(), MAG.night(MAG.calls[1])):
        with pytest.raises(UnknownMember, match="'tec-8' is not a member of this plan; did you mean tec-08"):
            rows["tec-8"]


def read_table(html: str) -> list[list[str]]:
    rows = ET.fromstring(html).iterfind("tbody/tr")  # noqa: S314 - our own bytes
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def test_the_times_of_a_check_have_ids_by_what_they_are() -> None:
    check = MAG.check(START, instead_of=MAG.calls[-1])
    planned, proposed, *others = check

    assert (planned.id, planned.verdict, planned.start) == (
        "planned",
        check.planned and check.planned.verdict,
        planned.start,
    )
    assert (proposed.id, proposed.verdict, proposed.figures) == ("proposed", check.verdict, check.figures)
    assert [time.start for time in others] == [time.start for time in check.better]
    assert len({time.id for time in check}) == len(check)
    assert all(time.id.startswith(("better-", "trade-")) for time in others)
    assert check[others[0].id] == others[0]
    assert not MAG.check(START).rows[0].gains
    with pytest.raises(
        UnknownOption, match=r"'noon' is not an option of this comparison; the options are planned, pro"
    ):
        check["noon"]


def test_a_table_of_a_notebook_ends_after_sixty_rows_and_says_how_many_more() -> None:
    records: list[Record] = [
        {"id": f"<{number}>", "empty": None, "is_it": number == 1, "share": 0.5} for number in range(2000)
    ]
    html = write_table(records)
    rows = read_table(html)

    assert rows[0] == ["<0>", "no", "0.50"]
    assert rows[1] == ["<1>", "yes", "0.50"]
    assert (len(rows), rows[-1]) == (61, ["and 1,940 more rows"])
    assert "empty" not in html
    assert read_table(write_table(records, ["id"]))[0] == ["<0>"]
    assert read_table(write_table([])) == []


def test_calls_are_a_tuple_that_stays_one() -> None:
    calls = MAG.calls

    assert calls == tuple(calls)
    assert hash(calls) == hash(tuple(calls))
    assert pickle.loads(pickle.dumps(calls)) == calls  # noqa: S301 - our own bytes
    assert [type(part) for part in (calls[:1], calls[0])] == [Calls, Call]
    assert [record["uid"] for record in calls.to_records()] == [call.uid for call in calls]
    assert "turn" not in calls.to_records()[0]
