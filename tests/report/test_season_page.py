"""The page of a season: its tables are the JSON of the commands, and its public form names nobody.

Law: whatever the roster, the public page has no name, id, address or zone of fewer than three members, and each group
of members that it shows has three members or more.
"""

import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoke import invoke
from mag_rotation import Meeting, Member, Plan, Rotation, Schedule, Slot, load_plan
from mag_rotation.hours import Curve, Hours
from mag_rotation.programme import Duty, Programme, Segment, Session
from mag_rotation.report import Context, find_language
from mag_rotation.report.formats.html import DARK, LIGHT
from mag_rotation.report.page import (
    DARK_DAY,
    DARK_SCALE,
    DARK_TEXTS,
    LIGHT_DAY,
    LIGHT_SCALE,
    LIGHT_TEXTS,
    write_season_page,
)
from mag_rotation.report.season import LEAST_PUBLIC, Season, make_season
from mag_rotation.report.sentences import sentence
from mag_rotation.roster import Stay, ZoneName
from mag_rotation.series import Extra, Override, Phase
from markup import Element, contrast, parse_html, table_texts
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
NOW = datetime(2020, 9, 10, tzinfo=UTC)
ZONES = [
    "Europe/Zurich",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "America/New_York",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
]


def person(number: int, zone: str) -> Member:
    """A member whose id, name and address are words that stand nowhere else."""
    name, email = f"Quibble Number{number}", f"post{number}@private.example"
    return Member(id=f"zq{number}x", zone=ZoneName(zone), name=name, email=email)


def plan_of(*members: Member, calls: int = 6) -> Plan:
    return Plan(
        meeting=Meeting(id="board", name="Board call", uid_domain="example.org", minutes=60),
        schedule=Schedule(first=date(2026, 10, 6), repeat="weekly", count=calls),
        rotation=Rotation(slots=(Slot(at=time(14)), Slot(at=time(20), label="evening"))),
        members=members,
    )


def season_of(plan: Plan, *, is_public: bool = True, now: datetime = NOW) -> Season:
    return make_season(plan, now=now, is_public=is_public)


def page_of(plan: Plan, *, is_public: bool = True, now: datetime = NOW) -> str:
    context = Context(meeting=plan.meeting, warnings=plan.time_warnings)
    return write_season_page(season_of(plan, is_public=is_public, now=now), context)


def page_in(plan: Plan, tag: str) -> str:
    """The public page in a language."""
    language = find_language(tag)
    season = make_season(plan, now=NOW, is_public=True, language=language)
    return write_season_page(season, Context(meeting=plan.meeting, language=language))


def table(page: Element, mark: str) -> list[list[str]]:
    """The texts of the table whose caption has this id."""
    (found,) = (one for one in page.find("table") if one.find("caption")[0].attributes["id"] == mark)
    return table_texts(found)


def marks(page: Element) -> list[str]:
    return [one.attributes["id"] for one in page.find("caption")]


def document(*arguments: object) -> dict[str, object]:
    done = invoke(*arguments, "-f", "json")
    assert done.code == 0, done.err
    return done.document


def rows_of(found: object) -> list[dict[str, object]]:
    assert isinstance(found, list)
    return found


def night_hours(found: object) -> str:
    """Point-minutes in hours at 10 points, with one decimal."""
    hours = number(found) / 600
    return "<0.1" if 0 < hours < 0.05 else f"{int(hours * 10 + 0.5) / 10:.1f}"


def number(found: object) -> float:
    assert isinstance(found, int | float)
    return found


@pytest.fixture(scope="module")
def committee() -> Element:
    done = invoke("report", MAG, "--committee", "--now", "2020-09-10T00:00Z")
    assert done.code == 0, done.err
    return parse_html(done.out)


@pytest.fixture(scope="module")
def public() -> Element:
    return parse_html(invoke("report", MAG, "--public", "--now", "2020-09-10T00:00Z").out)


class TestTablesAreTheJsonOfTheCommands:
    def test_members_by_calls(self, committee: Element) -> None:
        heads, *rows = table(committee, "heat-1")
        calls = [call for call in rows_of(document("calls", MAG)["calls"]) if call["status"] != "cancelled"]
        shown = {row[0]: row[1:] for row in rows}

        days = [datetime.fromisoformat(str(call["start"])) for call in calls]
        assert heads[1:] == [f"{call['label']} {day.day} {day:%b}" for call, day in zip(calls, days, strict=True)]
        for place, call in enumerate(calls):
            for member in rows_of(document("night", MAG, "--call", call["uid"])["members"]):
                mark = "*" if member["in_night"] else ""
                assert shown[str(member["id"])][place] == night_hours(member["burden"]) + mark

    def test_the_ledger(self, committee: Element) -> None:
        heads, *rows = table(committee, "ledger-table")
        told = rows_of(document("fairness", MAG)["members"])

        assert heads == ["member", "night-hours", "", "nights"]
        assert rows == [
            [f"{one['id']} {one['name']}", night_hours(one["burden"]), "", str(one["night_calls"])] for one in told
        ]

    def test_the_ledger_by_groups(self, committee: Element) -> None:
        _, *rows = table(committee, "groups-table")
        groups = document("fairness", MAG)["by_group"]
        assert isinstance(groups, dict)

        told = [
            [f"{name}: {value}", str(share["members"]), night_hours(share["mean"])]
            for name in ("region", "stakeholder")
            for value, share in groups[name].items()
        ]
        assert [row[:3] for row in rows] == told
        assert "country" in groups, "a column with a value for nearly each member is left out"

    @pytest.mark.parametrize("kind", ["committee", "public"])
    def test_the_calls(self, kind: str, request: pytest.FixtureRequest) -> None:
        page: Element = request.getfixturevalue(kind)
        (found,) = (one for one in page.find("table") if one.find("caption")[0].attributes["id"] == "calls-table")
        told = rows_of(document("calls", MAG)["calls"])

        assert [one.attributes["datetime"] for one in found.find("time")] == [call["start"] for call in told]
        _, *rows = table_texts(found)
        for row, call in zip(rows, told, strict=True):
            assert row[0] == (call["label"] or "-")
            assert str(call["note"] or "") in row[-1]
            if call["status"] == "cancelled":
                assert row[-2] == ""
                continue
            summary = document("night", MAG, "--call", call["uid"])["summary"]
            assert isinstance(summary, dict)
            assert row[-2] == f"{summary['in_night']} of {summary['members']}"

    def test_the_clock_changes(self, committee: Element) -> None:
        _, *rows = table(committee, "changes-table")
        told = rows_of(document("drift", MAG)["changes"])
        found = sum(row[3].count(" to ") for row in rows)

        assert found == len(told)
        for change in told:
            before, after = (
                f"{change[f'local_{when}']}" + (f"{shift:+d}" if (shift := change[f"day_shift_{when}"]) else "")
                for when in ("before", "after")
            )
            assert any(f"{change['slot']}: {before} to {after}" in row[3].splitlines() for row in rows), change

    def test_local_starts(self, committee: Element) -> None:
        plan = load_plan(MAG)
        season = season_of(plan, is_public=False)

        for place, view in enumerate(season.days, start=1):
            _, *rows = table(committee, f"day-{place}")
            for call in view.calls:
                column = next(at for at, slot in enumerate(view.slots, start=1) if slot.name == call.slot)
                nights = plan.night(call)
                for clock, row in zip(season.clocks, rows, strict=True):
                    local = nights[clock.members[0].id]
                    shift = f"{local.day_shift:+d}" if local.day_shift else ""
                    assert row[column].rstrip("*") == f"{local.local_start.wall:%H:%M}{shift}"
                    if call.minutes == view.slots[column - 1].minutes and not local.member.lead:
                        assert row[column].endswith("*") == local.in_night

    def test_means_of_clocks(self, public: Element) -> None:
        season = season_of(load_plan(MAG))
        heat, ledger = ({row[0]: row[1:] for row in table(public, mark)} for mark in ("heat-1", "ledger-table"))
        told = {one["id"]: one for one in rows_of(document("fairness", MAG)["members"])}
        nights = [
            {str(one["id"]): one for one in rows_of(document("night", MAG, "--call", call.uid)["members"])}
            for call in season.held
        ]
        assert [len(row.clock.members) for row in season.rows] == [
            int(head.split("(")[1][:-1]) for head in list(heat)[1:]
        ]
        for row, head in zip(season.rows, list(heat)[1:], strict=True):
            ids = [member.id for member in row.clock.members]
            for place, found in enumerate(nights):
                mean = sum(number(found[id_]["burden"]) for id_ in ids) / len(ids)
                mark = "*" if sum(found[id_]["in_night"] is True for id_ in ids) * 2 > len(ids) else ""
                assert heat[head][place] == night_hours(mean) + mark
            burden, count = (sum(number(told[id_][key]) for id_ in ids) / len(ids) for key in ("burden", "night_calls"))
            assert ledger[head] == [night_hours(burden), "", f"{count:.1f}"]

    def test_the_boxes_of_the_season(self, committee: Element) -> None:
        boxes = [one.text for one in committee.find("li") if "class" in one.attributes]
        told = rows_of(document("calls", MAG)["calls"])

        assert sum("cancelled" in text for text in boxes) == sum(call["status"] == "cancelled" for call in told)
        assert [text for text in boxes if "next" in text] == ["XVII15 Sep27 of 50 in the nightnext"]
        assert [one.text for one in committee.find("h3")][:3] == ["Preparatory phase", "Phase I", "Phase II"]


def private_words(plan: Plan) -> set[str]:
    homes = [member.zone for member in plan.members]
    zones = {zone for member in plan.members for zone in (member.zone, *(stay.zone for stay in member.stays))}
    rare = {zone for zone in zones if homes.count(zone) < LEAST_PUBLIC}
    words = {word for member in plan.members for word in (member.id, member.name, member.email) if word}
    return words | rare | {zone.rpartition("/")[2].replace("_", " ") for zone in rare}


def check_nobody_is_named(plan: Plan) -> None:
    text = page_of(plan)
    shown = parse_html(text).text

    for word in private_words(plan):
        assert word.lower() not in text.lower(), word
        assert word.lower() not in shown.lower(), word


class TestThePublicPage:
    def test_it_names_nobody_of_the_example(self) -> None:
        plan = load_plan(MAG)
        seats = [replace(member, email=f"{member.id}@mag.example") for member in plan.members]

        check_nobody_is_named(replace(plan, members=tuple(seats)))

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.sampled_from(ZONES), max_size=14), st.integers(0, 3))
    def test_it_names_nobody_whatever_the_roster(self, zones: list[str], away: int) -> None:
        stay = Stay(first=date(2026, 10, 10), last=date(2026, 10, 30), zone=ZoneName("Africa/Nairobi"))
        members = [
            replace(person(at, zone), stays=(stay,) if at < away else (), groups={"region": zone[:4]})
            for at, zone in enumerate(zones)
        ]

        check_nobody_is_named(plan_of(*members))

    def test_a_note_or_a_place_that_names_a_member_is_left_out(self) -> None:
        members = [person(at, "Asia/Tokyo") for at in range(4)]
        first, second, third = (date(2026, 10, day) for day in (6, 13, 20))
        plan = replace(
            plan_of(*members),
            overrides=(
                Override(date=first, note="chaired by QUIBBLE number2"),
                Override(date=second, location="at post1@private.example", note="in two weeks"),
                Override(date=third, cancel=True, note="a holiday"),
            ),
        )
        check_nobody_is_named(plan)

        shown = parse_html(page_of(plan)).text
        assert "in two weeks" in shown
        assert "a holiday" in shown
        assert "chaired by QUIBBLE number2" in parse_html(page_of(plan, is_public=False)).text

    def test_labels_of_slots_and_phases_that_name_somebody_are_left_out(self) -> None:
        members = [replace(person(at, "Asia/Tokyo"), groups={"desk": "Quibble Number1"}) for at in range(7)]
        plan = replace(
            plan_of(*members, person(9, "Europe/Zurich")),
            rotation=Rotation(
                slots=(Slot(at=time(14), label="Quibble Number1's"), Slot(at=time(5), label="Zurich morning"))
            ),
            phases=(Phase(name="For zq2x", first=date(2026, 10, 6), last=date(2026, 10, 7)),),
        )
        check_nobody_is_named(plan)

        assert "Zurich morning" in page_of(plan, is_public=False)

    def test_small_groups_cannot_be_found_by_subtraction(self) -> None:
        regions = ["north"] * 5 + ["south"] * 4 + ["west"] * 2
        members = [
            replace(person(at, "Asia/Tokyo"), groups={"region": region} if region else {})
            for at, region in enumerate(regions)
        ]
        shown = [row[0] for row in table(parse_html(page_of(plan_of(*members))), "groups-table")[1:]]
        enough = [row[0] for row in table(parse_html(page_of(plan_of(*members, person(11, ZONES[0])))), "groups-table")]

        assert shown == ["region: north"], "south joins west"
        assert enough == ["group", "region: north", "region: south"], "west and the one without a region are three"
        everybody = table(parse_html(page_of(plan_of(*members), is_public=False)), "groups-table")
        assert [row[0] for row in everybody[1:]] == ["region: north", "region: south", "region: west"]

    def test_a_clock_change_is_told_of_most_of_a_clock_and_not_of_a_few(self) -> None:
        night = (time(18), time(2))
        members = [replace(person(at, "Europe/Zurich"), night=night if at < 2 else None) for at in range(5)]
        few = replace(plan_of(*members), rotation=Rotation(slots=(Slot(at=time(16)),)))
        most = replace(few, rotation=Rotation(slots=(Slot(at=time(20, 30)),)))

        for plan, public, committee in (
            (few, "", "2 out of the night"),
            (most, "out of the night", "3 out of the night"),
        ):
            tables = [table(parse_html(page_of(plan, is_public=kind)), "changes-table") for kind in (True, False)]
            shown = [dict(zip(heads, row, strict=True)).get("night", "") for heads, row, *_ in tables]
            assert [text.removeprefix("slot 1: ") for text in shown] == [public, committee]
            assert ["night" in heads for heads, *_ in tables] == [bool(public), bool(committee)], "no empty column"

    def test_an_anchor_zone_in_which_few_live_is_not_named(self) -> None:
        members = [person(at, "Asia/Tokyo") for at in range(3)]
        rotation = Rotation(slots=(Slot(at=time(9), zone=ZoneName("Asia/Kathmandu")),))
        lonely = replace(plan_of(*members, person(9, "Asia/Kathmandu")), rotation=rotation)
        check_nobody_is_named(lonely)

        assert "Asia/Kathmandu" in page_of(replace(plan_of(*members), rotation=rotation)), "nobody lives there"
        assert "Asia/Kathmandu" in page_of(lonely, is_public=False)

    def test_a_zone_of_members_who_come_later_or_for_a_stay_is_not_named(self) -> None:
        stay = Stay(first=date(2026, 10, 10), last=date(2026, 10, 30), zone=ZoneName("Africa/Nairobi"))
        members = [replace(person(at, "Asia/Tokyo"), stays=(stay,)) for at in range(4)]
        late = replace(person(9, "Asia/Kathmandu"), joined=date(2027, 5, 1))
        for zone in ("Africa/Nairobi", "Asia/Kathmandu"):
            rotation = Rotation(slots=(Slot(at=time(9), zone=ZoneName(zone)),))
            check_nobody_is_named(replace(plan_of(*members, late), rotation=rotation))

    def test_the_changes_of_a_clock_that_hides_another_are_not_shown(self) -> None:
        zurich, tokyo = ([person(10 * place + at, ZONES[place]) for at in range(4)] for place in range(2))
        alone = person(30, "Asia/Kathmandu")
        told = [parse_html(page_of(plan_of(*zurich, *tokyo, *more))) for more in ((), (alone,))]

        assert table(told[0], "changes-table")[1][1] == "Zurich (4)"
        assert "changes-table" not in marks(told[1]), "Zurich joins the one that is alone"
        assert [row[0] for row in table(told[1], "heat-1")[1:]] == ["Tokyo (4)", "other clocks (5)"]

    def test_it_has_no_hours_at_which_somebody_cannot_attend(self) -> None:
        members = [replace(person(at, "Asia/Tokyo"), never=((time(0), time(6)),)) for at in range(3)]

        heats = [table(parse_html(page_of(plan_of(*members), is_public=public)), "heat-1") for public in (True, False)]

        assert "!" not in "".join(cell for row in heats[0] for cell in row)
        assert heats[1][1][2].endswith("*!")

    @given(st.lists(st.sampled_from(ZONES), max_size=16))
    @settings(max_examples=60, deadline=None)
    def test_each_group_that_it_shows_has_three_members_or_more(self, zones: list[str]) -> None:
        season = season_of(plan_of(*(person(at, zone) for at, zone in enumerate(zones)), calls=2))

        assert all(row.size >= LEAST_PUBLIC for row in season.rows)
        assert sum(row.size for row in season.rows) == (len(zones) if len(zones) >= LEAST_PUBLIC else 0)
        assert len([row for row in season.rows if row.clock.is_pool]) <= 1
        for clock in season.clocks:
            assert all(zones.count(zone) >= LEAST_PUBLIC for zone in clock.zones)

    @pytest.mark.parametrize(
        ("zones", "shown"),
        [
            ((3, 0, 0), {(3,): False}),
            ((3, 1, 0), {(4,): True}),
            ((5, 2, 0), {(7,): True}),
            ((5, 4, 1), {(5,): False, (5, "pool"): True}),
            ((4, 2, 2), {(4,): False, (4, "pool"): True}),
            ((1, 1, 1), {(3,): True}),
            ((1, 1, 0), {}),
        ],
    )
    def test_clocks_of_few_members_are_counted_together(
        self, zones: tuple[int, ...], shown: dict[tuple[object, ...], bool]
    ) -> None:
        members = [
            person(10 * place + at, zone)
            for place, (zone, count) in enumerate(zip(ZONES, zones, strict=False))
            for at in range(count)
        ]
        found = sorted((row.size, row.clock.is_pool) for row in season_of(plan_of(*members)).rows)

        assert found == sorted((int(str(size)), is_pool) for (size, *_), is_pool in shown.items())

    def test_a_call_in_which_few_of_a_clock_take_part_has_no_figure(self) -> None:
        leaves = date(2026, 10, 14)
        members = [replace(person(at, "Asia/Tokyo"), left=leaves if at else None) for at in range(3)]
        _, *rows = table(parse_html(page_of(plan_of(*members))), "heat-1")

        assert [[bool(cell) for cell in row[1:]] for row in rows] == [[True, True, False, False, False, False]]
        boxes = [one.text for one in parse_html(page_of(plan_of(*members))).find("li") if "class" in one.attributes]
        assert ["in the night" in text for text in boxes] == [True, True, False, False, False, False]


class TestAnySeason:
    @pytest.mark.parametrize("is_public", [True, False])
    @pytest.mark.parametrize("count", [0, 1, 2, 3])
    def test_few_members(self, count: int, is_public: bool) -> None:
        page = parse_html(page_of(plan_of(*(person(at, "Asia/Tokyo") for at in range(count))), is_public=is_public))
        shows = count >= (LEAST_PUBLIC if is_public else 1)

        assert ("heat-1" in marks(page)) == ("ledger-table" in marks(page)) == shows
        assert "calls-table" in marks(page)
        assert ("nothing about members" in page.text) == (is_public and not shows)

    def test_all_calls_are_cancelled(self) -> None:
        plan = replace(
            plan_of(person(1, "Asia/Tokyo"), calls=1), overrides=(Override(date=date(2026, 10, 6), cancel=True),)
        )
        page = parse_html(page_of(plan, is_public=False))

        assert "No call of this season is to come." in page.text
        assert marks(page) == ["calls-table"]

    def test_no_calls(self) -> None:
        silent = Phase(name="Quiet", first=date(2026, 1, 1), last=date(2027, 1, 1), calls=False)
        page = parse_html(page_of(replace(plan_of(person(1, "Asia/Tokyo")), phases=(silent,)), is_public=False))

        assert "There are no calls." in page.text
        assert marks(page) == []

    def test_a_large_roster_is_shown_by_clocks_to_the_committee_too(self) -> None:
        members = [person(at, ZONES[at % 6]) for at in range(2_000)]
        text = page_of(plan_of(*members, calls=52), is_public=False)
        page = parse_html(text)

        assert len(table(page, "heat-1")) == 1 + 6
        assert len(text) < 1_000_000
        assert "Kiritimati" in text

    def test_fifty_members_and_a_year_are_less_than_a_megabyte(self) -> None:
        mag = load_plan(MAG)
        year = replace(mag, schedule=replace(mag.schedule, until=None, count=52), overrides=(), extras=(), phases=())
        text = page_of(year, is_public=False)

        assert len(text.encode()) < 1_000_000
        assert [mark for mark in marks(parse_html(text)) if mark.startswith("heat")] == ["heat-1", "heat-2"]

    def test_the_next_call_is_the_only_thing_that_the_clock_changes(self) -> None:
        plan = load_plan(MAG)
        start = next(call.start for call in plan.calls if call.label == "XVII")
        texts = [page_of(plan, now=start + timedelta(minutes=late)) for late in (-1, 0, 1)]
        heads = [parse_html(text).find("p")[0].text for text in texts]

        assert [" ".join(head.split()[:2]) for head in heads] == ["Call XVII:", "Call XVII:", "Call XVIII:"]
        assert texts[0] == texts[1]
        late = page_of(plan, now=datetime(2030, 1, 1, tzinfo=UTC))
        assert "No call of this season is to come." in late
        assert not [one for one in parse_html(late).find("li") if "upcoming" in one.attributes.get("class", "")]

    def test_a_clock_change_inside_a_call_and_a_lead_count(self) -> None:
        zurich = [replace(person(at, "Europe/Zurich"), lead=60) for at in range(3)]
        plan = replace(
            plan_of(*zurich),
            schedule=Schedule(first=date(2026, 10, 25), repeat="daily", count=1),
            rotation=Rotation(slots=(Slot(at=time(0, 30)),)),
        )
        night = plan.night(plan.calls[0]).members[0]

        assert table(parse_html(page_of(plan, is_public=False)), "heat-1")[1][1] == night_hours(night.burden) + "*"

    def test_a_zone_of_three_quarters_and_the_date_line(self) -> None:
        members = [person(1, "Asia/Kathmandu"), person(2, "Pacific/Kiritimati"), person(3, "Pacific/Pago_Pago")]
        _, *rows = table(parse_html(page_of(plan_of(*members), is_public=False)), "day-1")

        assert rows == [
            ["Pago Pago (1)", "03:00*", "09:00"],
            ["Kathmandu (1)", "19:45", "01:45+1*"],
            ["Kiritimati (1)", "04:00+1*", "10:00+1"],
        ]

    def test_a_curve_that_costs_nothing_gives_no_hours(self) -> None:
        hours = Hours(curve="free", curves={"free": Curve((0,) * 24)})
        page = parse_html(page_of(replace(plan_of(person(1, "Asia/Tokyo")), hours=hours), is_public=False))

        assert "Nobody bears anything." in page.text
        assert {cell.rstrip("*") for cell in table(page, "heat-1")[1][1:]} == {"0.0"}

    def test_two_who_bear_most_are_both_named_to_the_committee(self) -> None:
        members = [person(at, "Asia/Tokyo") for at in range(2)]

        assert "zq0x and zq1x bear the most" in page_of(plan_of(*members), is_public=False)

    def test_weeks_without_a_call_are_boxes_where_calls_are_weekly(self) -> None:
        quiet = Phase(name="Quiet", first=date(2026, 10, 12), last=date(2026, 10, 18), calls=False)
        plan = replace(plan_of(), extras=(Extra(date=date(2026, 12, 1), at=time(9)),), phases=(quiet,))
        page = parse_html(page_of(plan, now=datetime(2030, 1, 1, tzinfo=UTC)))
        texts = [one.text for one in page.find("li") if "class" in one.attributes]

        assert texts == [
            "6 Oct", "20 Oct", "27 Oct", "3 Nov", "10 Nov", "2 weeks without a call", "1 Dec"
        ]  # fmt: skip
        assert "Mon 12 Oct 2026 to Sun 18 Oct 2026: no calls" in page.text

    def test_more_starts_than_letters_are_counted(self) -> None:
        extras = tuple(Extra(date=date(2026, 10, 7), at=time(hour, 30)) for hour in range(1, 15))
        page = parse_html(page_of(replace(plan_of(person(1, "Asia/Tokyo")), extras=extras), is_public=False))

        assert "4 other starts not shown." in page.text

    def test_lead_and_overrun_are_told(self) -> None:
        plan = plan_of(person(1, "Asia/Tokyo"))
        longer = replace(plan, meeting=replace(plan.meeting, lead=30, overrun=10))

        assert "Counted from 30 min before a call to 10 min after it." in page_of(longer)
        assert "Counted from" not in page_of(plan)

    def test_a_skipped_hour_is_told(self) -> None:
        plan = replace(
            plan_of(),
            schedule=Schedule(first=date(2026, 3, 29), repeat="weekly", count=1),
            rotation=Rotation(slots=(Slot(at=time(2, 30), zone=ZoneName("Europe/Zurich")),)),
        )

        assert table(parse_html(page_of(plan)), "calls-table")[1][-1] == "planned (skipped hour)"

    def test_calls_once_a_month_have_no_boxes_for_the_weeks_between(self) -> None:
        plan = replace(plan_of(), schedule=Schedule(first=date(2026, 10, 6), repeat="monthly", count=8))
        both = replace(plan, extras=(Extra(date=date(2026, 10, 7), at=time(9)),))

        assert "without a call" not in page_of(plan) + page_of(both)

    def test_a_public_page_of_lonely_clocks_shows_all_members_together(self) -> None:
        page = parse_html(page_of(plan_of(*(person(at, zone) for at, zone in enumerate(ZONES)), calls=30)))

        assert [row[0] for row in table(page, "ledger-table")] == ["clock", "all members (6)"]
        assert not {"day", "changes"} & {one.attributes.get("id") for one in page.find("h2")}

    def test_the_status_is_shown_where_there_is_something_to_tell(self) -> None:
        plan = plan_of()
        told = replace(plan, overrides=(Override(date=date(2026, 10, 13), note="short"),))

        assert "status" not in table(parse_html(page_of(plan)), "calls-table")[0]
        assert [row[-1] for row in table(parse_html(page_of(told)), "calls-table")][:3] == ["status", "", "short"]

    def test_the_day_says_when_its_clocks_are_in_force(self) -> None:
        plan = plan_of(person(1, "Europe/Zurich"), person(2, "Asia/Tokyo"), calls=30)
        heads = [one.text for one in parse_html(page_of(plan, is_public=False)).find("h3")]
        year = plan_of(person(1, "Europe/Zurich"), person(2, "Asia/Tokyo"), calls=60)

        assert heads == [
            "8 calls, Tue 6 Oct 2026 to Tue 20 Oct 2026; Tue 30 Mar 2027 to Tue 27 Apr 2027",
            "22 calls, Tue 27 Oct 2026 to Tue 23 Mar 2027",
        ]
        assert [one.text.count(";") for one in parse_html(page_of(year, is_public=False)).find("h3")] == [1, 1]

    @pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b", "\"quoted\" 'text'", "مقعد", "{{x}}"])
    def test_texts_of_the_plan_are_shown_and_are_no_markup(self, text: str) -> None:
        plan = replace(
            plan_of(replace(person(1, "Asia/Tokyo"), name=text)),
            meeting=Meeting(id="b", name=text, uid_domain="example.org", minutes=60),
            rotation=Rotation(slots=(Slot(at=time(14), label=text),)),
            overrides=(Override(date=date(2026, 10, 6), note=text),),
            phases=(Phase(name=text, first=date(2026, 10, 6), last=date(2026, 10, 7)),),
        )
        page = parse_html(page_of(plan, is_public=False))

        assert len(page.find("script")) == 1
        assert [one.text for one in page.find("h1", "h3")][:2] == [text, text]
        assert table(page, "ledger-table")[1][0] == f"zq1x {text}"
        assert table(page, "calls-table")[1][-1] == text


def to_lab_brightness(colour: str, weights: tuple[float, float, float]) -> float:
    """The brightness L* of a colour, from 0 to 100, to eyes that weigh red, green and blue like this."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    seen = sum(weight * part for weight, part in zip(weights, linear, strict=True))
    return 116 * seen ** (1 / 3) - 16 if seen > 0.008856 else 903.3 * seen


EYES = {
    "usual": (0.2126, 0.7152, 0.0722),
    "without red cones": (0.0, 0.92, 0.08),
    "without green cones": (0.55, 0.38, 0.07),
    "without blue cones": (0.2126, 0.7874, 0.0),
    "grey print": (0.299, 0.587, 0.114),
}
"""How much each colour adds to what eyes of a kind see as bright."""


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("scale", [LIGHT_SCALE, DARK_SCALE], ids=["light", "dark"])
def test_the_steps_of_the_scale_differ_in_brightness_for_all_eyes(scale: tuple[str, ...], eyes: str) -> None:
    brightness = [to_lab_brightness(colour, EYES[eyes]) for colour in scale]
    steps = [abs(one - other) for one, other in pairwise(brightness)]

    assert brightness in (sorted(brightness), sorted(brightness, reverse=True))
    assert min(steps) >= 7, steps


@pytest.mark.parametrize(
    ("scale", "texts", "page", "day"),
    [(LIGHT_SCALE, LIGHT_TEXTS, LIGHT, LIGHT_DAY), (DARK_SCALE, DARK_TEXTS, DARK, DARK_DAY)],
    ids=["light", "dark"],
)
def test_texts_on_colours_and_shapes_beside_each_other_have_enough_contrast(
    scale: tuple[str, ...], texts: tuple[str, ...], page: dict[str, str], day: dict[str, str]
) -> None:
    assert all(contrast(ground, text) >= 4.5 for ground, text in zip(scale, texts, strict=True))
    assert contrast(scale[4], page["card"]) >= 3, "the bars of the ledger"
    assert contrast(day["dark"], day["day"]) >= 3, "night and day"
    for part in ("day", "edge", "dark"):
        assert max(contrast(day["mark"], day[part]), contrast(day["frame"], day[part])) >= 3, "a call on any hour"


def test_the_page_allows_its_own_script_and_no_other() -> None:
    text = page_of(load_plan(MAG))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)

    assert re.search(r"script-src 'sha256-[\w+/]{43}='; ", policy)
    assert "unsafe-inline" not in policy.partition("script-src")[2]
    assert not re.search(r"https?:|url\(|@import|<link rel=.stylesheet", text)


def test_the_page_is_small_for_the_public(tmp_path: Path) -> None:
    out = tmp_path / "season.html"
    assert invoke("report", MAG, "-o", out, "--now", "2020-09-10T00:00Z").code == 0

    assert out.stat().st_size < 100_000


IN_NIGHT = ["tec-04", "tec-08", "gov-08", "pri-08", "gov-05", "civ-03", "tec-08"]


def test_the_sessions_of_the_event_are_a_card_without_people_for_the_public() -> None:
    igf = EXAMPLES / "igf-2020" / "plan.toml"
    for mode in ("--public", "--committee"):
        page = invoke("report", igf, mode, "--now", "2020-10-10T00:00Z").out
        card = page[page.index('<h2 id="programme">') :].partition("</section>")[0]
        box = r'<li><b>([^<]*)</b><span><time datetime="([^"]*)">([^<]*)</time></span>(?:<span.*?</span>)*</li>'
        boxes = re.findall(box, card)

        assert re.findall(r"<h3>([^<]*)</h3>", card) == ["Phase I", "Phase II"]
        assert len(re.findall(r"<h4>([^<]*)</h4>", card)) == 7
        assert len(boxes) == len(load_plan(igf).sessions)
        assert ("Main session: inclusion", "2020-11-11T18:30:00Z", "18:30-20:00") in boxes
        assert "The times are those of UTC." in card
        assert re.findall(r"In the night: ([^<,]*), on duty", card) == ([] if mode == "--public" else IN_NIGHT)
        assert (re.search(r"\b(?:gov|civ|pri|tec)-\d\d\b", card) is None) == (mode == "--public")
    assert 'id="programme"' not in invoke("report", MAG, "--committee", "--now", "2020-09-10T00:00Z").out


def test_a_title_that_names_a_member_is_hidden_from_the_public(tmp_path: Path) -> None:
    text = (EXAMPLES / "igf-2020" / "plan.toml").read_text("utf-8").replace("../mag-2020/", "")
    text = text.replace("Main session: trust", "Farewell to tec-08").replace(
        'zone = "UTC"', 'zone = "Australia/Brisbane"'
    )
    (tmp_path / "plan.toml").write_text(text, "utf-8")
    shutil.copy(EXAMPLES / "mag-2020" / "members.csv", tmp_path)
    public, committee = (
        invoke("report", tmp_path / "plan.toml", mode, "--now", "2020-10-10T00:00Z").out
        for mode in ("--public", "--committee")
    )

    assert "Farewell to tec-08" in committee
    assert "The times are those of Brisbane." in committee
    assert '<b>session</b><span><time datetime="2020-11-10T03:30:00Z">03:30-05:00</time></span>' in public
    assert "The times are those of UTC." in public


def event_plan(*sessions: Session, zone: str = "UTC") -> Plan:
    """A plan of an event for three members in Zurich, whose ids are ``ann-0`` to ``ann-2``."""
    members = (Member(id=f"ann-{at}", zone=ZoneName("Europe/Zurich"), name=f"Ann Quibble{at}") for at in range(3))
    return replace(plan_of(*members), programme=Programme(sessions=sessions, zone=ZoneName(zone)))


def box_of(plan: Plan, *, is_public: bool, tag: str = "en") -> Element:
    """The one box of a programme."""
    language = find_language(tag)
    season = make_season(plan, now=NOW, is_public=is_public, language=language)
    page = parse_html(write_season_page(season, Context(meeting=plan.meeting, language=language)))
    days = [one for one in page.find("div") if one.attributes.get("data-day")]
    (box,) = (box for day in days for box in day.find("li"))
    return box


OPENING = Session(
    id="opening",
    title="Opening",
    date=date(2026, 11, 10),
    at=time(23),
    minutes=120,
    room="main",
    groups={"language": "French", "sponsor": "Secret Ltd"},
    segments=(Segment(title="Welcome", minutes=30), Segment(title="Speeches", minutes=90)),
    people=(Duty(member="ann-1", role="speaker", lead=45), Duty(member="ann-1", role="rapporteur")),
    note="Bring a < b.",
    url="https://meet.example.org/opening?a=1&b=2",
)


class TestTheBoxOfASession:
    @pytest.mark.parametrize("is_public", [True, False])
    def test_it_has_the_agenda_the_language_the_note_and_the_link(self, is_public: bool) -> None:
        box = box_of(event_plan(OPENING), is_public=is_public)
        (link,) = box.find("a")
        parts = [one.text for one in box.find("span") if one.attributes.get("class") == "part"]

        assert (link.text, link.attributes["href"]) == ("Opening", OPENING.url)
        assert parts == ["23:00 Welcome (30 min)", "23:30 Speeches (1 h 30)"]
        starts = [one.attributes["datetime"] for one in box.find("time")]
        assert starts == ["2026-11-10T23:00:00Z", "2026-11-10T23:00:00Z", "2026-11-10T23:30:00Z"]
        assert "Language: French" in box.text
        assert "Bring a < b." in box.text
        assert "Secret" not in box.text, "a column of the roster or of the sheet may be anything"

    def test_the_committee_sees_for_which_part_somebody_is_in_the_night(self) -> None:
        first = replace(OPENING, at=time(21), segments=OPENING.segments[::-1])
        told = "In the night: ann-1, on duty from Tue 21:15, local start Tue 22:00, for Speeches; Welcome."
        assert told in box_of(event_plan(first), is_public=False).text
        assert "In the night" not in box_of(event_plan(first), is_public=True).text
        ahead = replace(OPENING, date=date(2026, 11, 11), at=time(5), minutes=60, segments=())
        told = "In the night: ann-1, on duty from Wed 05:15, local start Wed 06:00."
        assert told in box_of(event_plan(ahead), is_public=False).text, "only the time before it is in the night"
        day = replace(OPENING, at=time(10))
        assert "In the night" not in box_of(event_plan(day), is_public=False).text

    def test_in_another_zone_a_segment_has_the_hour_of_utc_as_well(self) -> None:
        box = box_of(event_plan(replace(OPENING, at=time(13)), zone="Europe/Zurich"), is_public=True)
        parts = [one.text for one in box.find("span") if one.attributes.get("class") == "part"]
        assert parts == ["13:00 (12:00 UTC) Welcome (30 min)", "13:30 (12:30 UTC) Speeches (1 h 30)"]
        hidden = box_of(event_plan(replace(OPENING, at=time(13)), zone="Australia/Brisbane"), is_public=True)
        assert "13:00 (03:00 UTC) Welcome (30 min)" in hidden.text

    @pytest.mark.parametrize("name", ["ann-2", "Ann Quibble0", "ANN QUIBBLE1"])
    def test_the_public_sees_no_text_that_names_a_member(self, name: str) -> None:
        told = replace(
            OPENING,
            title=f"{name} speaks",
            note=f"Ask {name}.",
            room=f"room of {name}",
            groups={"language": f"that of {name}"},
            segments=(Segment(title=f"Words of {name}", minutes=30),),
            url=f"https://meet.example.org/{name.replace(' ', '-')}/{name}",
            people=(),
        )
        public = box_of(event_plan(told), is_public=True)
        assert public.text == "session23:00-01:0023:00 30 min"
        assert not public.find("a")
        committee = box_of(event_plan(told), is_public=False)
        assert committee.text.count(name) == 5
        assert len(committee.find("a")) == 1

    @pytest.mark.parametrize(
        "url", ["", "javascript:alert(1)", "data:text/html,x", "mailto:a@example.org", "//example.org"]
    )
    def test_only_addresses_of_the_web_are_links(self, url: str) -> None:
        assert not box_of(event_plan(replace(OPENING, url=url)), is_public=False).find("a")
        (link,) = box_of(event_plan(replace(OPENING, url="HTTP://example.org/a")), is_public=False).find("a")
        assert link.attributes["href"] == "HTTP://example.org/a"

    @pytest.mark.parametrize("tag", ["fr", "es", "ru", "zh", "ar"])
    def test_it_speaks_the_language_of_the_page(self, tag: str) -> None:
        text = box_of(event_plan(OPENING), is_public=False, tag=tag).text
        assert "French" in text
        assert "ann-1" in text
        assert not re.search(r"Language|In the night|local start", text)


def test_the_committee_sees_the_conflicts_of_the_programme_as_the_command_says_them() -> None:
    twice = replace(OPENING, id="other", title="Other", people=OPENING.people[:1])
    plan = event_plan(OPENING, twice)
    said = [sentence(conflict.fact) for conflict in plan.programme_report().conflicts]
    assert len(said) >= 2
    texts = {is_public: page_of(plan, is_public=is_public) for is_public in (True, False)}
    (table,) = (one for one in parse_html(texts[False]).find("table") if "Conflicts" in one.find("caption")[0].text)
    assert [row.find("td")[-1].text for row in table.find("tbody")[0].find("tr")] == said
    assert "conflicts-table" not in texts[True]
    calm = event_plan(replace(OPENING, at=time(10)))
    assert "conflicts-table" not in page_of(calm, is_public=False)


class TestTheNextCall:
    def test_it_stands_above_the_links_to_the_other_parts(self) -> None:
        for is_public in (True, False):
            text = page_of(plan_of(*(person(at, "Europe/Zurich") for at in range(3))), is_public=is_public)
            links = [one.attributes["href"] for one in parse_html(text).find("nav")[0].find("a")]

            assert text.index('id="next"') < text.index("<nav") < text.index('id="season"')
            assert "#next" not in links
            assert {"#season", "#calls", "#about"} <= set(links)

    def test_the_hour_of_utc_is_not_repeated_among_the_clocks(self) -> None:
        zones = ["UTC", "UTC", "UTC", "Europe/London", "Europe/London", "Europe/London", *["Asia/Tokyo"] * 3]
        plan = plan_of(*(person(at, zone) for at, zone in enumerate(zones)))
        for tag in ("en", "fr", "ar"):
            (local,) = (
                one for one in parse_html(page_in(plan, tag)).find("ul") if one.attributes.get("class") == "local"
            )
            shown = [one.text for one in local.find("li")]
            assert len(shown) == 2, shown
            assert not [text for text in shown if "UTC" in text]

    @pytest.mark.parametrize(
        ("tag", "at", "shown"),
        [
            ("en", time(6), "06:00 UTC"),
            ("fr", time(6), "06:00 UTC"),
            ("es", time(6), "06:00 UTC"),
            ("en-US", time(18), "6:00\u202fPM UTC"),
            ("ar", time(6), "6:00 ص"),
            ("ar", time(18), "6:00 م"),
            ("zh", time(18), "18:00"),
        ],
    )
    def test_its_hour_is_that_of_the_languages_clock_and_so_is_the_readers_own(
        self, tag: str, at: time, shown: str
    ) -> None:
        plan = replace(plan_of(person(0, "UTC")), rotation=Rotation(slots=(Slot(at=at),)))
        text = page_in(plan, tag)
        has_halves = not shown.startswith(("06", "18"))

        assert shown.replace("\u202f", " ") in parse_html(text).find("p")[0].text.replace("\u202f", " ")
        assert f'hourCycle: isSentence ? "{"h12" if has_halves else "h23"}" : "h23"' in text
        assert f'hour: isSentence ? "{"2-digit" if tag in {"en", "es", "fr", "zh"} else "numeric"}"' in text


class TestTheSlotOfACall:
    @pytest.mark.parametrize(
        ("slots", "shown"),
        [
            ((Slot(at=time(6)), Slot(at=time(14))), ["slot 1 (06:00 UTC)", "slot 2 (14:00 UTC)"]),
            ((Slot(at=time(6), label="early"), Slot(at=time(14))), ["early", "slot 2 (14:00 UTC)"]),
            ((Slot(at=time(9), zone=ZoneName("Asia/Tokyo")),), ["slot 1 (09:00 Asia/Tokyo)"] * 2),
            ((Slot(at=time(9), zone=ZoneName("Asia/Kathmandu")),), ["slot 1"] * 2),
            ((Slot(at=time(9), zone=ZoneName("Asia/Kathmandu"), label="Kathmandu"),), ["slot 1"] * 2),
        ],
        ids=["two", "one with a label", "zone of three", "zone of one", "label with a rare zone"],
    )
    def test_it_has_the_name_that_other_tables_give_it(self, slots: tuple[Slot, ...], shown: list[str]) -> None:
        members = [person(at, "Asia/Tokyo") for at in range(3)] + [person(at, "Asia/Kathmandu") for at in range(3, 4)]
        plan = replace(plan_of(*members), rotation=Rotation(slots=slots))
        heads, *rows = table(parse_html(page_of(plan)), "calls-table")

        assert [row[heads.index("slot")] for row in rows][:2] == shown

    def test_a_phase_has_slots_of_its_own_and_an_extra_call_none_and_lengths_are_told_where_they_differ(self) -> None:
        first = plan_of(person(0, "UTC")).calls[0].date
        phase = Phase(
            name="sprint", first=first, last=first, slots=(Slot(at=time(5)),), minutes=90
        )  # the other calls have the slots of the rotation
        plan = replace(
            plan_of(person(0, "UTC")),
            phases=(phase,),
            extras=(Extra(date=first + timedelta(days=1), at=time(3), zone=ZoneName("UTC")),),
            rotation=Rotation(slots=(Slot(at=time(14)),)),
        )
        heads, *rows = table(parse_html(page_of(plan)), "calls-table")

        assert [row[heads.index("slot")] for row in rows][:3] == [
            "slot 1 (05:00 UTC), 1 h 30",
            "1 h",
            "slot 1 (14:00 UTC), 1 h",
        ]
