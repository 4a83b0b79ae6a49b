"""Warnings: what is odd in a plan that is not wrong, each in one sentence that says where to look."""

from __future__ import annotations

from pathlib import Path

import pytest

from facts import in_words
from mag_rotation.plan import Plan, warnings
from mag_rotation.plan.warnings import MOST_OVERLAPS
from mag_rotation.planfile import load_plan, plan_template
from mag_rotation.zones import TZDATA_VERSION

FIRST = "first = 2026-01-06"
PLAN = """format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2026-01-06, repeat = "FREQ=WEEKLY", count = 4 }
rotation = { slots = [{ at = "14:00" }] }
"""
MEMBER = '\n[[members]]\nid = "a"\nzone = "Asia/Tokyo"\nemail = "a@example.org"\n'
NUMBERED = ('"1h" }', '"1h", numbering = { first = 7 } }')


def loaded(folder: Path, more: str = "", *changes: tuple[str, str], member: str = MEMBER) -> Plan:
    text = PLAN + more + member
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "plan.toml").write_text(text)
    return load_plan(folder / "plan.toml")


def test_a_plan_with_nothing_odd_has_no_warning(tmp_path: Path) -> None:
    plan = loaded(tmp_path)

    assert plan.warnings == plan.time_warnings == ()


CLOCKS = [
    (
        "2026-03-29",
        '"02:30", zone = "Europe/Paris"',
        "its wall time is skipped by a clock change in Europe/Paris and was moved past the gap",
    ),
    (
        "2026-10-25",
        '"02:30", zone = "Europe/Paris"',
        "its wall time happens twice in Europe/Paris; the first was taken",
    ),
]


@pytest.mark.parametrize(("first", "at", "sentence"), CLOCKS)
def test_a_call_in_a_gap_or_fold_is_told(first: str, at: str, sentence: str, tmp_path: Path) -> None:
    changes = (FIRST, f"first = {first}"), ('"14:00"', at)

    assert in_words(loaded(tmp_path, "", *changes).time_warnings) == (f"the call of {first}: {sentence}",)
    assert in_words(loaded(tmp_path, "", *changes, NUMBERED).time_warnings) == (f"call 7 of {first}: {sentence}",)


def test_a_cancelled_call_in_a_gap_is_not_told(tmp_path: Path) -> None:
    cancelled = "[[exceptions]]\ndate = 2026-03-29\ncancel = true\n"
    changes = (FIRST, "first = 2026-03-29"), ('"14:00"', '"02:30", zone = "Europe/Paris"')

    assert loaded(tmp_path, cancelled, *changes).warnings == ()


def test_a_call_that_starts_before_another_ends_is_told(tmp_path: Path) -> None:
    extra = '[[extras]]\ndate = 2026-01-13\nat = "14:59"\n'

    sentence = "the call of 2026-01-13 starts at 2026-01-13 14:59, before the call of 2026-01-13 ends at 15:00 UTC"
    assert in_words(loaded(tmp_path, extra).warnings) == (sentence,)
    assert loaded(tmp_path, extra.replace("14:59", "15:00")).warnings == ()


def test_a_long_call_is_told_of_every_call_that_starts_before_it_ends(tmp_path: Path) -> None:
    extras = "".join(f'[[extras]]\ndate = 2026-01-13\nat = "{at}"\n' for at in ("07:00", "09:00"))
    long = ('"14:00"', '"06:00", duration = "10h"')

    assert in_words(loaded(tmp_path, extras, long).warnings) == tuple(
        f"the call of 2026-01-13 starts at 2026-01-13 {at}, before the call of 2026-01-13 ends at 16:00 UTC"
        for at in ("07:00", "09:00")
    )


def test_overlaps_without_end_are_told_in_part(tmp_path: Path) -> None:
    changes = ('"1h" }', '"168h" }'), ("count = 4", "count = 30"), ("WEEKLY", "DAILY")
    warnings = in_words(loaded(tmp_path, "", *changes).time_warnings)

    assert len(warnings) == MOST_OVERLAPS + 1
    assert warnings[-1] == "more than 100 overlaps of calls, the first of them above: look at their lengths"
    assert len(set(warnings)) == len(warnings)


def test_a_season_that_newer_zone_rules_can_serve_is_told(tmp_path: Path) -> None:
    year = int(TZDATA_VERSION[:4]) + 2
    (sentence,) = in_words(loaded(tmp_path, "", (FIRST, f"first = {year}-02-01")).time_warnings)

    assert sentence.startswith(f"tzdata {TZDATA_VERSION} is older than the season, which ends in {year}: ")


@pytest.mark.parametrize("later", [0, 1])
def test_a_season_that_the_newest_zone_rules_reach_is_not_told(later: int, tmp_path: Path) -> None:
    assert loaded(tmp_path, "", (FIRST, f"first = {int(TZDATA_VERSION[:4]) + later}-11-01")).warnings == ()


def test_zone_rules_of_years_before_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warnings, "TZDATA_VERSION", "2024b")

    assert loaded(tmp_path, "", (FIRST, "first = 2025-02-04")).warnings == ()
    (sentence,) = in_words(loaded(tmp_path, "", (FIRST, "first = 2026-02-03")).time_warnings)
    assert sentence.startswith("tzdata 2024b is older than the season, which ends in 2026: clock rules may change")


def test_the_plan_to_start_from_has_no_warning_that_nobody_can_mend(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(plan_template(), "utf-8")

    assert load_plan(tmp_path / "plan.toml").time_warnings == ()


BY_WEEK = ('"14:00" }]', '"14:00" }, { at = "20:00" }], advance = "iso-week"')
TAKER = '[[extras]]\ndate = {day}\nat = "{at}"\ntakes-turn = true\n'
NO_TURN = "extras[0].takes-turn has no effect: no rule call comes after {day}"
AMID = '[[phases]]\nname = "Amid"\nfrom = 2026-01-14\nto = {last}\n'
PHASE = '[[phases]]\nname = "Summit"\nfrom = 2026-02-01\nto = 2026-02-03\n'
IDLE = [
    (
        "",
        ('"14:00" }]', '"14:00" }, { at = "20:00" }], advance = "iso-week", start = 2'),
        ["rotation.start is 2, and advance = 'iso-week' ignores it: week 1 takes the first slot"],
    ),
    (
        "[[exceptions]]\ndate = 2026-01-13\n",
        NUMBERED,
        ["exceptions[0] changes nothing about the call of 2026-01-13"],
    ),
    (
        '[[extras]]\ndate = 2026-01-08\nat = "14:00"\ntakes-turn = true\n',
        ('"14:00" }]', '"14:00" }], advance = "week"'),
        ["extras[0].takes-turn has no effect: advance = 'week' gives turns by the calendar"],
    ),
    (
        PHASE + 'calls = false\nduration = "2h"\nstart = 1\n',
        NUMBERED,
        ["phases[0] has duration and start beside calls = false, which have no effect on rule dates"],
    ),
    (PHASE + 'calls = true\nduration = "2h"\nstart = 1\n', NUMBERED, []),
    (
        PHASE + "start = 2\n",
        BY_WEEK,
        ["phases[0].start is 2, and advance = 'iso-week' ignores it: week 1 takes the first slot"],
    ),
    (PHASE + "start = 1\n", BY_WEEK, []),
    (
        PHASE + "start = 1\nhold = 3\ntaken = 2\n",
        (BY_WEEK[0], f"{BY_WEEK[1]}, hold = 4, taken = 1"),
        [
            "rotation.taken is 1, and advance = 'iso-week' ignores it: week 1 takes the first slot",
            "phases[0].taken is 2, and advance = 'iso-week' ignores it: week 1 takes the first slot",
        ],
    ),
    (
        PHASE + "calls = false\nstart = 1\nhold = 3\ntaken = 2\n",
        NUMBERED,
        ["phases[0] has start, hold and taken beside calls = false, which have no effect on rule dates"],
    ),
    (TAKER.format(day="2026-01-27", at="13:00"), NUMBERED, []),
    (TAKER.format(day="2026-01-27", at="15:00"), NUMBERED, [NO_TURN.format(day="2026-01-27")]),
    (TAKER.format(day="2026-01-28", at="09:00"), NUMBERED, [NO_TURN.format(day="2026-01-28")]),
    (
        TAKER.format(day="2026-01-27", at="13:00") + '[[exceptions]]\ndate = 2026-01-27\nat = "12:00"\n',
        NUMBERED,
        [NO_TURN.format(day="2026-01-27")],
    ),
    (TAKER.format(day="2026-01-27", at="11:00"), NUMBERED, []),
    (
        AMID.format(last="2026-01-19"),
        NUMBERED,
        ["phases[0], 'Amid', has no effect: neither a rule date nor an extra lies from 2026-01-14 to 2026-01-19"],
    ),
    (AMID.format(last="2026-01-20"), NUMBERED, []),
    (AMID.format(last="2026-01-20") + "calls = false\n", NUMBERED, []),
    (AMID.format(last="2026-01-19") + '[[extras]]\ndate = 2026-01-15\nat = "09:00"\n', NUMBERED, []),
]


@pytest.mark.parametrize(("more", "change", "sentences"), IDLE)
def test_a_setting_without_effect_is_told(
    more: str, change: tuple[str, str], sentences: list[str], tmp_path: Path
) -> None:
    plan = loaded(tmp_path, more, change)

    assert (in_words(plan.warnings), plan.time_warnings) == (tuple(sentences), ())


def test_a_plan_without_a_call_is_told(tmp_path: Path) -> None:
    silent = '[[phases]]\nname = "Pause"\nfrom = 2026-01-01\nto = 2026-12-31\ncalls = false\n'
    sentence = "the plan has no call: every rule date lies in a phase with calls = false, and there are no extras"

    assert in_words(loaded(tmp_path, silent).warnings) == (sentence,)
    (late,) = in_words(loaded(tmp_path, silent + TAKER.format(day="2026-01-06", at="09:00")).warnings)
    assert late == NO_TURN.format(day="2026-01-06")


@pytest.mark.parametrize(
    ("column", "cure"),
    [
        ("Groups", "each group has a column of its own"),
        ("groups", "each group has a column of its own"),
    ],
)
def test_a_column_that_no_sheet_has_is_told(column: str, cure: str, tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text(f"id,zone,email,{column}\na,UTC,a@example.org,x\n")
    plan = loaded(tmp_path, '[roster]\nfile = "members.csv"\n', member="")

    assert in_words(plan.warnings) == (f"the column {column!r} is read as a group of members; {cure}",)


def test_a_plan_without_members_is_told(tmp_path: Path) -> None:
    sentence = "nobody is in the roster, so nobody is in the night: name a [roster] file or write [[members]] tables"

    assert in_words(loaded(tmp_path, member="").warnings) == (sentence,)


def test_members_without_an_address_are_counted(tmp_path: Path) -> None:
    plan = loaded(tmp_path, MEMBER.replace('"a"', '"b"').replace('email = "a@example.org"\n', ""))

    assert in_words(plan.warnings) == ("1 of 2 members has no email address, so no invitation can reach them",)


def test_a_column_that_looks_misspelt_is_told(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text("id,zone,email,Leads,region\na,UTC,a@example.org,15min,WEOG\n")
    plan = loaded(tmp_path, '[roster]\nfile = "members.csv"\n', member="")

    assert in_words(plan.warnings) == (
        "the column 'Leads' is read as a group of members; rename it if you meant 'lead'",
    )
    assert plan.members[0].lead is None


def test_a_column_that_is_not_read_and_looks_misspelt_is_told(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text("id,zone,Email,Leads,region,phone\na,UTC,a@example.org,15min,WEOG,+41 22\n")
    plan = loaded(tmp_path, '[roster]\nfile = "members.csv"\ngroups = ["Region"]\n', member="")

    assert in_words(plan.warnings) == ("the column 'Leads' is not read; rename it if you meant 'lead'",)
    assert plan.members[0].groups == {"Region": "WEOG"}


@pytest.mark.parametrize(
    ("label", "kind"), [("x@example.org", "an address"), ("+41 22 000", "a telephone number"), ("seat 12", None)]
)
def test_a_group_of_the_plan_that_holds_an_address_is_told(label: str, kind: str | None, tmp_path: Path) -> None:
    plan = loaded(tmp_path, member=MEMBER + f'groups = {{ contact = "{label}" }}\n')

    told = [f"the group 'contact' holds {kind}, and groups are printed; take it out of the groups"] if kind else []
    assert in_words(plan.warnings) == tuple(told)


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("GMT", "London is Europe/London"),
        ("Etc/GMT", "London is Europe/London"),
        ("Greenwich", "London is Europe/London"),
        ("GMT0", "London is Europe/London"),
        ("GMT-0", "London is Europe/London"),
        ("Etc/GMT+5", "5 hours behind UTC all year; name the place"),
        ("Etc/GMT-14", "14 hours ahead of UTC all year; name the place"),
        ("Europe/London", None),
        ("Africa/Abidjan", None),
        ("UTC", None),
    ],
)
@pytest.mark.parametrize("stay", [False, True])
def test_a_member_on_a_fixed_clock_is_told(zone: str, told: str | None, stay: bool, tmp_path: Path) -> None:
    stays = f'stays = [{{ from = 2026-01-05, to = 2026-01-07, zone = "{zone}" }}]\n'
    where = MEMBER + stays if stay else MEMBER.replace("Asia/Tokyo", zone)
    plan = loaded(tmp_path, member=where)

    assert in_words(plan.warnings) == ((f"the zone {zone} of 'a' has no summer time: {told}",) if told else ())


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        ([6, 13], None),
        ([6, 7], "2026-01-07"),
        ([10, 9, 8, 7, 6], "2026-01-07, 2026-01-08, 2026-01-09 and 1 more"),
    ],
)
def test_attendance_of_dates_without_a_call_is_told(days: list[int], shown: str | None, tmp_path: Path) -> None:
    rows = "".join(f"2026-01-{day:02},a,yes\n" for day in days)
    (tmp_path / "attendance.csv").write_text("date,member,attended\n" + rows)
    plan = loaded(tmp_path, '[history]\nfile = "attendance.csv"\n')

    sentences = [f"dates in the attendance on which this plan has no call: {shown}"] if shown else []
    assert in_words(plan.warnings) == tuple(sentences)


BLOCKED: list[tuple[str, str, str]] = [
    ("Asia/Tokyo", '["21:00-24:00"]', "a cannot attend 4 of 4 calls: 21:00-24:00 is ruled out"),
    ("Europe/Zurich", '["15:59-16:30"]', "a cannot attend 4 of 4 calls: 15:59-16:30 is ruled out"),
    (
        "UTC",
        '["22:00-06:00", "14:59-15:00"]',
        "a cannot attend 4 of 4 calls: 22:00-06:00 and 14:59-15:00 are ruled out",
    ),
    ("UTC", '["00:00-24:00"]', "a cannot attend 4 of 4 calls: 00:00-24:00 is ruled out"),
    ("America/New_York", '["13:00-14:00"]', ""),
    ("UTC", '["15:00-14:00"]', ""),
]


@pytest.mark.parametrize(("zone", "never", "sentence"), BLOCKED)
def test_members_whose_hours_a_call_touches_are_named(zone: str, never: str, sentence: str, tmp_path: Path) -> None:
    change = ('"Asia/Tokyo"', f'"{zone}"\nnever = {never}')
    if zone == "Europe/Zurich":  # the call ends as the hours begin, unless it runs over
        assert loaded(tmp_path, "", ('"Asia/Tokyo"', f'"{zone}"\nnever = ["16:00-16:30"]')).warnings == ()

    plan = loaded(tmp_path, "", change)
    assert in_words(plan.warnings) == ((sentence,) if sentence else ())
    assert plan.time_warnings == ()


def test_only_held_calls_that_a_member_takes_part_in_are_counted(tmp_path: Path) -> None:
    cancelled = "[[exceptions]]\ndate = 2026-01-13\ncancel = true\n"
    change = ('"Asia/Tokyo"', '"Asia/Tokyo"\nnever = ["22:00-23:30"]\njoined = 2026-01-20')

    assert in_words(loaded(tmp_path, cancelled, change).warnings) == (
        "a cannot attend 2 of 2 calls: 22:00-23:30 is ruled out",
    )


def test_members_of_equal_hours_and_counts_are_named_together(tmp_path: Path) -> None:
    never = 'never = ["22:00-23:30"]\n'
    both = (
        f"{MEMBER}{never}{MEMBER.replace('a@', 'b@').replace(chr(34) + 'a' + chr(34), chr(34) + 'b' + chr(34))}{never}"
    )
    plan = loaded(tmp_path, "", ('{ at = "14:00" }', '{ at = "14:00" }, { at = "06:00" }'), member=both)

    assert in_words(plan.warnings) == ("a and b cannot attend 2 of 4 calls: 22:00-23:30 is ruled out",)
    assert in_words(plan.blocked_warnings_of(plan.calls[:1])) == (
        "a and b cannot attend 1 of 1 call: 22:00-23:30 is ruled out",
    )
    assert [share.blocked_calls for share in plan.fairness()] == [2, 2]


def test_members_of_a_plan_beside_a_roster_are_named(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text("id,zone,email\nann,UTC,ann@example.org\nbo,UTC,bo@example.org\n")
    roster = '[roster]\nfile = "members.csv"\n'

    one = (
        "a is in a [[members]] table of the plan and counts beside the 2 of its roster; delete the table if it is "
        "an example"
    )
    assert in_words(loaded(tmp_path, roster).warnings) == (one,)
    more = MEMBER.replace("a@", "c@").replace('"a"', '"c"')
    sentence = (
        "a and c are in [[members]] tables of the plan and count beside the 2 of its roster; delete the tables if "
        "they are examples"
    )
    assert in_words(loaded(tmp_path, roster, member=f"{MEMBER}{more}").warnings) == (sentence,)
    assert loaded(tmp_path, roster, member="").warnings == ()
