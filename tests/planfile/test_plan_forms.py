"""The forms in which values and sheets may be written: all are read alike, and what is no such form is refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Literal

import pytest

from mag_rotation.errors import InvalidPlan, InvalidValue
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan, parse_clock, parse_day, parse_minutes, plan_template
from mag_rotation.roster import Member, MemberId, Stay
from mag_rotation.zones import zone_name
from paths import EXAMPLES

SMALL = """format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2027-01-05, repeat = "FREQ=WEEKLY", count = 4 }
rotation = { slots = [{ at = "14:00" }] }
"""
SHEET = '[roster]\nfile = "members.csv"\n'


def loaded(plan: str, folder: Path, **sheets: str | bytes) -> Plan:
    """The plan of that text with its sheets beside it."""
    for name, content in {"plan.toml": plan, **{f"{sheet}.csv": text for sheet, text in sheets.items()}}.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return load_plan(folder / "plan.toml")


def roster_of(sheet: str | bytes, folder: Path) -> tuple[Member, ...]:
    return loaded(SMALL + SHEET, folder, members=sheet).members


def seat(name: str, zone: str, *, weight: int = 1, **groups: str) -> Member:
    return Member(id=MemberId(name), zone=zone_name(zone), weight=weight, groups=groups)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2h", 120),
        ("90min", 90),
        ("1h30min", 90),
        ("0h45min", 45),
        ("168h", 10080),
        ("PT2H", 120),
        ("PT90M", 90),
        ("PT1H30M", 90),
        ("P1D", 1440),
        ("P1DT1H1M", 1501),
        ("P7D", 10080),
    ],
)
def test_lengths_are_read_in_every_form(text: str, minutes: int, tmp_path: Path) -> None:
    assert parse_minutes(text) == minutes
    assert loaded(SMALL.replace('"1h"', f'"{text}"'), tmp_path).meeting.minutes == minutes


@pytest.mark.parametrize(
    "text", ["", "h", "2", "2h ", "1.5h", "2H", "PT", "P1DT", "P1W", "PT1S", "-1h", "30min1h", "10081min", "٢h"]
)
def test_other_lengths_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="write a length from 1min to 7 days"):
        parse_minutes(text)


@pytest.mark.parametrize("text", ["20200908", "2020-9-8", "2020-W37-2", "2020-252", " 2020-09-08", "٢٠٢٠-٠٩-٠٨"])
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="write a date such as 2020-09-08"):
        parse_day(text)


@pytest.mark.parametrize(
    ("written", "at"), [('"07:05"', time(7, 5)), ('"07:05:00"', time(7, 5)), ("07:05:00", time(7, 5))]
)
def test_times_are_toml_times_or_texts(written: str, at: time, tmp_path: Path) -> None:
    assert loaded(SMALL.replace('"14:00"', written), tmp_path).series.rotation.slots[0].at == at


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(mark: str, end: str, tmp_path: Path) -> None:
    sheet = mark + "id,zone,region\na,Asia/Tokyo,Asia\n".replace("\n", end)
    plan = loaded(mark + (SMALL + SHEET).replace("\n", end), tmp_path, members=sheet)

    assert plan.members == (seat("a", "Asia/Tokyo", region="Asia"),)


CELLS = {
    "id": "b",
    "zone": "Asia/Dubai",
    "name": 'Seat, "B"; new',
    "email": "b@example.org",
    "roles": "chair; scribe",
    "weight": "2",
    "curve": "default",
    "lead": "PT5M",
    "night": "22:00-05:00",
    "never": "00:00-05:00;12:00-13:00",
    "joined": "2027-01-01",
    "left": "2027-12-31",
    "stays": "2027-03-01/2027-03-14 Europe/Paris; 2027-05-01 / 2027-05-02  America/Lima",
    "locale": "pt_BR",
    "region": "Asia; West",
    "language": "Arabic",
}


def capitals(column: str) -> str:
    return column.upper()


def with_blanks(column: str) -> str:
    return f" {column[:1].upper()}{column[1:]}".replace("email", "e mail").replace("Email", "E mail")


def with_hyphens(column: str) -> str:
    return column.replace("email", "E-Mail").replace("id", "I-D").replace("zone", "Zone_")


def test_heads_are_read_without_regard_to_case_blanks_and_hyphens(tmp_path: Path) -> None:
    cells = {name: cell for name, cell in CELLS.items() if name not in {"region", "language"}}
    plain, *others = (
        roster_of(";".join(map(write, cells)) + "\n" + ";".join(f'"{cell}"' for cell in _quoted(cells)), tmp_path)
        for write in (str, capitals, with_blanks, with_hyphens)
    )

    assert others == [plain] * 3
    assert plain[0].groups == {}


def _quoted(cells: dict[str, str]) -> list[str]:
    return [cell.replace('"', '""') for cell in cells.values()]


@pytest.mark.parametrize("column", ["country", "Country", "COUNTRY", " Coun-try"])
@pytest.mark.parametrize("named", ["", 'groups = ["Country"]\n'])
def test_the_group_that_says_whose_holidays_count_is_known_in_any_case(column: str, named: str, tmp_path: Path) -> None:
    plan = loaded(SMALL + SHEET + named, tmp_path, members=f"id,zone,{column}\na,UTC,AU\n")

    assert plan.members[0].groups == {"country": "AU"}


@pytest.mark.parametrize(
    "line", ["sep=;\n", "sep=;\r\n", "SEP=;\r\n", '"sep=;"\n', "sep=;;;\n", "\ufeffsep=;\n", "sep=|\n", "sep=\t\n"]
)
def test_the_line_that_says_what_separates_cells_is_no_row(line: str, tmp_path: Path) -> None:
    mark = line.partition("=")[2][0]
    rows = f"ID;Zone;Region, old\na;UTC;Asia, West\nb;UTC;{';'}\n".replace(";", mark)
    roster = roster_of(line + rows.removesuffix(f"{mark}\n") + "\n", tmp_path)

    assert roster == (
        Member(id=MemberId("a"), zone=zone_name("UTC"), groups={"Region, old": "Asia, West"}),
        seat("b", "UTC"),
    )
    with pytest.raises(InvalidPlan, match=r"members\.csv row 2, column zone"):
        roster_of(line + rows.replace("UTC", "Utopia"), tmp_path)


@pytest.mark.parametrize(
    ("cell", "roles"),
    [
        ("chair, captioner", ("chair", "captioner")),
        ("chair; captioner", ("chair", "captioner")),
        ("chair\ncaptioner", ("chair", "captioner")),
        ("chair,;captioner,", ("chair", "captioner")),
        ("note taker", ("note taker",)),
    ],
)
def test_several_roles_stand_in_one_cell(cell: str, roles: tuple[str, ...], tmp_path: Path) -> None:
    assert roster_of(f'id,zone,roles\na,UTC,"{cell}"\n', tmp_path)[0].roles == roles


def test_roster_groups_names_the_columns_that_are_groups(tmp_path: Path) -> None:
    sheet = "id,zone,Region,Phone,Notes,e-mail address\na,UTC,Asia,+41 22 917,,a@example.org\n"
    plan = loaded(SMALL + SHEET + 'groups = ["region", "notes"]\n', tmp_path, members=sheet)
    none = loaded(SMALL + SHEET + "groups = []\n", tmp_path, members=sheet)

    assert plan.members == (seat("a", "UTC", region="Asia"),)
    assert none.members == (seat("a", "UTC"),)


@pytest.mark.parametrize(
    ("cell", "is_private"),
    [
        ("ana@example.org", True),
        ("see ana (at) example", False),
        ("@ana", True),
        ("+1", True),
        ("(+41) 22 917 12 34", True),
        ("0041 22 917", True),
        ("00 41", True),
        ("022 917 12", False),
        ("022 917 12 34", True),
        ("12-345-678", False),
        ("12-345-6789", True),
        ("+", False),
        ("+ observers", False),
        ("00:00-06:00", False),
        ("2026-2027", False),
        ("Asia + Pacific", False),
    ],
)
def test_what_is_never_printed_as_a_group(cell: str, is_private: bool, tmp_path: Path) -> None:
    sheet = f'id,zone,label\na,UTC,Asia\nb,UTC,"{cell}"\n'

    if is_private:
        with pytest.raises(
            InvalidPlan, match=r"members.csv row 3, column label: found an? .* which are printed"
        ) as caught:
            roster_of(sheet, tmp_path)
        assert cell not in str(caught.value)
    else:
        assert roster_of(sheet, tmp_path)[1].groups == {"label": cell}


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_every_column_of_a_sheet_is_read_and_others_are_groups(
    delimiter: str, quoting: Literal[0, 1], tmp_path: Path
) -> None:
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=delimiter, quoting=quoting).writerows([CELLS.keys(), CELLS.values()])
    (member,) = roster_of(sheet.getvalue(), tmp_path)

    assert member == Member(
        id=MemberId("b"),
        zone=zone_name("Asia/Dubai"),
        name='Seat, "B"; new',
        email="b@example.org",
        roles=("chair", "scribe"),
        weight=2,
        curve="default",
        lead=5,
        night=(time(22), time(5)),
        never=((time(0), time(5)), (time(12), time(13))),
        joined=date(2027, 1, 1),
        left=date(2027, 12, 31),
        groups={"region": "Asia; West", "language": "Arabic"},
        stays=(
            Stay(first=date(2027, 3, 1), last=date(2027, 3, 14), zone=zone_name("Europe/Paris")),
            Stay(first=date(2027, 5, 1), last=date(2027, 5, 2), zone=zone_name("America/Lima")),
        ),
        locale="pt-BR",
    )


def test_empty_cells_blank_lines_and_empty_columns_at_the_end_are_nothing(tmp_path: Path) -> None:
    sheet = "id , zone,weight,region,,\n\n a ,  UTC ,,,,\n,,,,,\n   \nb,UTC\nc,UTC,2,Asia\n\n"

    assert roster_of(sheet, tmp_path) == (
        seat("a", "UTC"),
        seat("b", "UTC"),
        seat("c", "UTC", weight=2, region="Asia"),
    )


def test_a_quoted_cell_may_hold_lines_and_rows_are_still_counted_as_in_a_spreadsheet(tmp_path: Path) -> None:
    sheet = 'id,zone,"na\nme"\na,UTC,"first\nsecond"\n'

    assert roster_of(sheet, tmp_path)[0].groups == {"na\nme": "first\nsecond"}


def test_members_of_the_sheet_come_before_those_of_the_plan(tmp_path: Path) -> None:
    plan = SMALL + SHEET + '[[members]]\nid = "a"\nzone = "UTC"\n[[members]]\nid = "c"\nzone = "UTC"\n'

    assert [member.id for member in loaded(plan, tmp_path, members="zone,id\nUTC,d\nUTC,b\n").members] == list("dbac")


def test_a_sheet_may_lie_in_another_folder(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "seats 2027.csv").write_text("id,zone\na,UTC\n")

    plan = loaded(SMALL + '[roster]\nfile = "lists/seats 2027.csv"\n', tmp_path)
    assert [member.id for member in plan.members] == ["a"]


def test_a_sheet_with_a_header_only_is_an_empty_roster(tmp_path: Path) -> None:
    assert roster_of("id,zone\n", tmp_path) == ()


def test_a_plan_may_have_10000_rule_dates(tmp_path: Path) -> None:
    plan = loaded(SMALL.replace("WEEKLY", "DAILY").replace("count = 4", "count = 10000"), tmp_path)

    assert (len(plan.calls), str(plan.calls[-1].date)) == (10_000, "2054-05-22")


def test_a_plan_of_1000_members_is_read(tmp_path: Path) -> None:
    zones = ["Asia/Tokyo", "Europe/Paris", "America/Lima", "Pacific/Auckland"]
    sheet = "id,zone\n" + "".join(f"seat-{number},{zones[number % 4]}\n" for number in range(1000))
    roster = roster_of(sheet, tmp_path)

    assert (len(roster), roster[999]) == (1000, seat("seat-999", "Pacific/Auckland"))


def test_the_template_is_a_plan_whose_calls_come_out(tmp_path: Path) -> None:
    plan = loaded(plan_template(), tmp_path)

    assert len(plan.calls) == 26
    assert [f"{call.start:%m-%d %H:%M} {call.slot} {call.label}" for call in plan.calls[:4]] == [
        "01-05 06:00 early 1",
        "01-12 14:00 noon 2",
        "01-19 22:00 late 3",
        "01-26 06:00 early 4",
    ]
    assert len(plan.members) == 5


def test_what_the_template_has_in_comments_is_right_too(tmp_path: Path) -> None:
    """A secretary takes the hash away and goes on."""
    lines = plan_template().splitlines()[2:]
    text = "\n".join(line.removeprefix("# ") for line in lines)
    sessions = "id,title,date,at,duration\ntrust,Trust,2027-05-04,13:00,90min\n"
    (tmp_path / "sessions.csv").write_text(sessions, "utf-8")
    plan = loaded(text, tmp_path, members="id,zone\nseat-9,Asia/Dubai\n")

    assert (plan.meeting.lead, plan.meeting.overrun) == (15, 10)
    assert [len(part) for part in (plan.series.overrides, plan.series.extras, plan.series.phases)] == [1, 1, 1]
    assert len(plan.members) == 6
    assert [session.id for session in plan.sessions] == ["trust"]


EXAMPLE_PLANS = sorted(EXAMPLES.glob("*/*.toml"))


@pytest.mark.parametrize("path", EXAMPLE_PLANS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_example_plan_loads(path: Path) -> None:
    plan = load_plan(str(path))

    assert plan.calls
    assert plan.members


# Short forms mean what the long ones say.

SHORT_SLOTS = {
    '["14:00", "20:00"]': '[{ at = "14:00" }, { at = "20:00" }]',
    "['09:30']": '[{ at = "09:30", zone = "UTC" }]',
    "[14:00:00, 20:00:00,]": '[{ at = "14:00" }, { at = "20:00" }]',
    '["14:00", { at = "20:00", label = "late" }]': '[{ at = "14:00" }, { at = "20:00", label = "late" }]',
    '[\n  "14:00",   # noon\n  "20:00",\n]': '[{ at = "14:00" }, { at = "20:00" }]',
}
SHORT_RULES = {
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "Weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY;BYDAY=1TU",
    " MONTHLY ": "FREQ=MONTHLY;BYDAY=1TU",
}


@pytest.mark.parametrize("short", SHORT_SLOTS)
def test_slots_of_starts_alone_are_slots(short: str, tmp_path: Path) -> None:
    long = SMALL.replace('{ slots = [{ at = "14:00" }] }', f"{{ slots = {SHORT_SLOTS[short]} }}")
    plan = loaded(SMALL.replace('{ slots = [{ at = "14:00" }] }', f"{{ slots = {short} }}"), tmp_path)

    assert plan.series == loaded(long, tmp_path).series


@pytest.mark.parametrize("word", SHORT_RULES)
def test_a_rule_may_be_a_word(word: str, tmp_path: Path) -> None:
    plan = loaded(SMALL.replace('"FREQ=WEEKLY"', f'"{word}"'), tmp_path)

    assert plan.series == loaded(SMALL.replace("FREQ=WEEKLY", SHORT_RULES[word]), tmp_path).series


def test_a_phase_takes_short_forms_too(tmp_path: Path) -> None:
    phase = '[[phases]]\nname = "P"\nfrom = 2027-01-12\nto = 2027-02-28\nrepeat = {}\nslots = {}\n'
    short = loaded(SMALL + phase.format('"monthly"', '["06:00", "22:00"]'), tmp_path).series
    long = phase.format('"FREQ=MONTHLY;BYDAY=2TU"', '[{ at = "06:00" }, { at = "22:00" }]')

    assert short == loaded(SMALL + long, tmp_path).series


WRONG_SHORT = {
    ('[{ at = "14:00" }]', '["2pm"]'): "rotation.slots[0].at: found '2pm'; ",
    ('[{ at = "14:00" }]', '["14:00", "24:00"]'): "rotation.slots[1].at: found '24:00'; ",
    ('[{ at = "14:00" }]', "[14]"): "rotation.slots[0]: found 14; write a table with the keys at, zone, label, weekday",
    ('[{ at = "14:00" }]', "[]"): "rotation.slots: found an empty list; write the cycle of slots, such as",
    ('"FREQ=WEEKLY"', '"weekley"'): "schedule.repeat: found 'weekley'; did you mean 'weekly'? write one of daily,",
    ('"FREQ=WEEKLY"', '"biweekly"'): "schedule.repeat: found 'biweekly'; did you mean 'fortnightly'? ",
    ('"FREQ=WEEKLY"', '"every two weeks"'): "schedule.repeat: found 'every two weeks'; did you mean 'fortnightly'? ",
    ('"FREQ=WEEKLY"', '"every Tuesday"'): "schedule.repeat: found 'every Tuesday'; did you mean 'weekly'? ",
    ('"FREQ=WEEKLY"', '"once a month"'): "schedule.repeat: found 'once a month'; did you mean 'monthly'? ",
    ('"FREQ=WEEKLY"', '"now and then"'): "schedule.repeat: found 'now and then'; write one of daily, weekly,",
    ('"FREQ=WEEKLY"', "7"): "schedule.repeat: found 7; write one of daily, weekly, fortnightly, monthly, or",
}  # fmt: skip


@pytest.mark.parametrize("change", WRONG_SHORT, ids=" for ".join)
def test_a_short_form_that_is_none_is_asked_back(change: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(InvalidPlan) as caught:
        loaded(SMALL.replace(*change), tmp_path)

    (mistake,) = caught.value.mistakes
    assert str(mistake).startswith(WRONG_SHORT[change])


ASKED_BACK: Mapping[tuple[Callable[[str], object], str], str] = {
    # what is typed for a date, a clock or a length -> what is asked
    (parse_day, "06/10/2026"): "found '06/10/2026'; did you mean 2026-10-06 or 2026-06-10? write a date such as",
    (parse_day, "2027-1-5"): "found '2027-1-5'; did you mean 2027-01-05? write a date such as 2020-09-08",
    (parse_day, "5 January 2027"): "found '5 January 2027'; did you mean 2027-01-05? write a date such as",
    (parse_day, "20270105"): "found '20270105'; did you mean 2027-01-05? write a date such as",
    (parse_day, "05/01/1800"): "found '05/01/1800'; write a date such as 2020-09-08, from the year 1900 to 2999",
    (parse_day, "next; week"): "found 'next; week'; write a date such as 2020-09-08",
    (parse_clock, "8:30"): "found '8:30'; did you mean 08:30? write a time of day such as '14:00'",
    (parse_clock, "8pm"): "found '8pm'; did you mean 20:00? write a time of day such as '14:00'",
    (parse_clock, "24:00"): "found '24:00'; write a time of day such as '14:00'",
    (parse_minutes, "90"): "found '90'; did you mean 90min? write a length from 1min to 7 days",
    (parse_minutes, "1.5 hours"): "found '1.5 hours'; did you mean 1h30min? write a length from 1min to 7 days",
    (parse_minutes, "0"): "found '0'; write a length from 1min to 7 days",
    (parse_minutes, "200 hours"): "found '200 hours'; write a length from 1min to 7 days",
}


@pytest.mark.parametrize(("read", "text"), ASKED_BACK, ids=lambda one: one if isinstance(one, str) else one.__name__)
def test_what_is_typed_in_another_form_is_asked_back(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read(text)

    assert str(caught.value).startswith(ASKED_BACK[read, text])
