"""Edited plan files: what was asked for is there, and everything else is as it was, to the byte.

Laws: an edit says what it was given and nothing else; doing it again changes nothing; taking a new exception out again
gives the file back. Layouts that tomlkit by itself sets in another order stand beside the common ones.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mag_rotation.calls import assign_extra_places
from mag_rotation.errors import InvalidPlan, InvalidSeries, UnreadableFile
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan, plan_files, plan_from, plan_template
from mag_rotation.planfile.toml_tables import set_value
from mag_rotation.planfile.writer import edit_plan_file, make_diff, write_exceptions, write_extras, write_rotation
from mag_rotation.roster import ZoneName
from mag_rotation.series import Extra, Override, Slot, Weekday
from paths import EXAMPLES
from plan_layouts import EARLY, HEAD, LAYOUTS, LINE, LIST, MEETING, NOON, REST, SHORT_LISTS, SHORT_TEXTS
from strategies import ODD_ZONES

SLOTS = tuple(Slot(at=time(hour), label=label) for hour, label in ((6, "early"), (14, "noon"), (22, "late")))

Form = Callable[[str], str]
FORMS: dict[str, Form] = {
    "as it is": lambda text: text,
    "windows": lambda text: text.replace("\n", "\r\n"),
    "marked": lambda text: f"\ufeff{text}\n",
}

layouts = st.sampled_from(list(LAYOUTS.values()))
forms = st.sampled_from(list(FORMS.values()))
words = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).map(str.strip).filter(bool)
lengths = st.one_of(st.none(), st.sampled_from((60, 90, 45, 120)), st.integers(1, 7 * 24 * 60))
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
odd_zones = st.sampled_from(ODD_ZONES).map(ZoneName)
new_slots = st.builds(
    Slot,
    at=clocks,
    zone=odd_zones,
    label=st.none() | words,
    weekday=st.none() | st.sampled_from(Weekday),
    minutes=lengths,
)
rotations = st.lists(st.one_of(st.sampled_from(SLOTS), new_slots), min_size=1, max_size=5)

RULE_DATES = [date(2027, 1, 5) + timedelta(weeks=week) for week in range(8)]


@st.composite
def overrides_on(draw: st.DrawFn, day: date) -> Override:
    note = draw(st.none() | words | st.sampled_from(("two\nlines\tand a tab", 'a "quote" \\ # ]')))
    if draw(st.booleans()):
        return Override(date=day, cancel=True, note=note)
    return Override(
        date=day,
        note=note,
        minutes=draw(lengths),
        at=draw(st.none() | clocks),
        zone=draw(st.none() | odd_zones),
        to=draw(st.none() | st.just(day + timedelta(days=1))),
        slot=draw(st.sampled_from((None, None, 1, "noon"))),
        location=draw(st.none() | words),
    )


changes = st.lists(st.sampled_from(RULE_DATES), max_size=4, unique=True).flatmap(
    lambda days: st.tuples(*map(overrides_on, days))
)


def loaded(text: str) -> Plan:
    return plan_from(Path("plan.toml"), text.encode("utf-8"))


def parts(plan: Plan) -> tuple[object, ...]:
    """Everything that an edit of slots and exceptions leaves alone."""
    series = plan.series
    kept = (series.meeting, series.schedule, series.extras, series.phases, series.rotation.advance)
    return (
        *kept,
        plan.members,
        plan.hours,
        plan.history,
        plan.carried,
        plan.thresholds,
        plan.with_days_off,
        plan_files(plan),
    )


def in_order(lines: list[str], text: str) -> bool:
    """Whether these lines stand in a text one after the other, whatever stands between them."""
    rest = iter(text.splitlines(keepends=True))
    return all(line in rest for line in lines)


def stays(piece: str, form: Form, text: str) -> bool:
    """Whether each line of a piece is in a text as ``form`` writes it; the last may stand alone or before others."""
    lines = form(piece).removeprefix("\ufeff").splitlines(keepends=True)
    return in_order(lines[:-1], text.removeprefix("\ufeff"))


def ends(text: str) -> set[str]:
    return set(re.findall(r"\r?\n", text))


def by_example(path: Path) -> str:
    return path.relative_to(EXAMPLES).as_posix()


example_plans = pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.toml")), ids=by_example)
every_layout = pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS.keys())
every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())


@every_layout
def test_the_layouts_are_right_plans_of_the_same_slots(text: str) -> None:
    assert loaded(text).series.rotation.slots == SLOTS


# The rotation.


@given(text=layouts, form=forms, slots=rotations, start=st.none() | st.integers(1, 5))
def test_the_plan_has_exactly_these_slots_and_all_else_as_before(
    text: str, form: Form, slots: list[Slot], start: int | None
) -> None:
    before = loaded(form(text))
    assume((start or before.series.rotation.start) <= len(slots))

    edited = write_rotation(form(text), slots, start=start)
    after = loaded(edited)

    assert after.series.rotation.slots == tuple(slots)
    assert after.series.rotation.start == (start or before.series.rotation.start)
    assert parts(after) == parts(before)
    assert after.series.overrides == before.series.overrides
    assert ends(edited) == ends(form(text))
    assert edited.count("\ufeff") == form(text).count("\ufeff")
    assert edited.endswith("\n") == form(text).endswith("\n")
    assert write_rotation(edited, slots, start=start) == edited


@given(text=layouts, form=forms, slots=rotations)
def test_lines_of_other_tables_stay_byte_for_byte(text: str, form: Form, slots: list[Slot]) -> None:
    assume(loaded(text).series.rotation.start <= len(slots))
    edited = write_rotation(form(text), slots)

    for piece in (HEAD, MEETING, REST):
        assert stays(piece, form, edited)


@every_form
@every_layout
def test_the_slots_that_are_there_change_no_byte(text: str, form: Form) -> None:
    assert write_rotation(form(text), SLOTS) == form(text)


@every_layout
def test_a_start_of_one_is_no_key(text: str) -> None:
    edited = write_rotation(write_rotation(text, SLOTS, start=2), SLOTS, start=1)

    assert "start" in text or write_rotation(text, SLOTS, start=1) == text
    assert loaded(edited).series.rotation.start == 1
    assert not re.search(r"\bstart\b", edited)


@every_layout
def test_a_slot_that_moves_takes_its_comments_along(text: str) -> None:
    early, noon, late = SLOTS
    edited = write_rotation(text, (late, noon, Slot(at=time(9)), early))

    assert sorted(re.findall(r"#[^\n]*", edited)) == sorted(re.findall(r"#[^\n]*", text))


def test_a_new_rotation_is_written_one_slot_a_line() -> None:
    slots = (
        SLOTS[2],
        Slot(at=time(9, 5), zone=ZoneName("Asia/Tokyo"), label='Ost "1"', weekday=Weekday.TU, minutes=90),
        SLOTS[0],
    )

    assert write_rotation(LAYOUTS["a list in a table"], slots, start=3) == LAYOUTS["a list in a table"].replace(
        f"{LIST} # done\n",
        """[                # the [slots]
  { label = "late", at = "22:00" }, # 22 UTC
  { at = "09:05", zone = "Asia/Tokyo", label = "Ost \\"1\\"", weekday = "TU", duration = "1h30min" },
  # the first
  { at = "06:00", label = "early" },   # 06 "UTC"

  # the last
] # done
start = 3
""",
    )


PLAIN_SLOTS = tuple(replace(slot, label=None) for slot in SLOTS)


@given(
    text=st.sampled_from(SHORT_TEXTS), form=forms, slots=st.lists(st.sampled_from(PLAIN_SLOTS) | new_slots, min_size=1)
)
def test_slots_in_short_form_are_changed_as_others_are(text: str, form: Form, slots: list[Slot]) -> None:
    before = loaded(form(text))
    assert before.series.rotation.slots == PLAIN_SLOTS
    assert write_rotation(form(text), PLAIN_SLOTS) == form(text)

    edited = write_rotation(form(text), slots)
    after = loaded(edited)

    assert after.series.rotation.slots == tuple(slots)
    assert parts(after) == parts(before)
    assert ends(edited) == ends(form(text))
    assert write_rotation(edited, slots) == edited
    for piece in (HEAD, MEETING, REST):
        assert stays(piece, form, edited)


def test_a_short_form_stays_short_where_it_can() -> None:
    text = SHORT_TEXTS[0]
    nine, tokyo = Slot(at=time(9)), Slot(at=time(9), zone=ZoneName("Asia/Tokyo"))

    assert write_rotation(text, (PLAIN_SLOTS[2], nine)) == text.replace(SHORT_LISTS[0], '["22:00", "09:00"]')
    assert write_rotation(text, (PLAIN_SLOTS[2], tokyo)) == text.replace(
        SHORT_LISTS[0], '[\n  "22:00",\n  { at = "09:00", zone = "Asia/Tokyo" },\n]'
    )
    commented = SHORT_TEXTS[2]
    assert write_rotation(commented, (nine, *PLAIN_SLOTS)) == commented.replace(
        SHORT_LISTS[2],
        '[\n    "09:00",\n    "06:00",   # the first\n    # the second\n    "14:00",\n    "22:00",\n]',
    )


def test_tables_of_slots_are_changed_in_their_places() -> None:
    name = "tables that stand apart"
    early, noon, _ = SLOTS

    assert write_rotation(LAYOUTS[name], (noon, early)) == (
        f'{HEAD}\n[rotation]\nadvance = "held"\n# x\n{NOON}{MEETING}{EARLY}{REST}\n'
    )


@example_plans
def test_an_example_changes_in_its_slots_only(path: Path) -> None:
    text = path.read_text("utf-8")
    before, slots, behind = re.split(r"(?ms)(^slots = \[.*?\])(?=\n| +# A: one slot)", text, maxsplit=1)
    opening = slots.splitlines()[0] if "\n" in slots else "slots = ["
    new = (Slot(at=time(3)), Slot(at=time(11), zone=ZoneName("Asia/Tokyo"), minutes=60))

    edit = edit_plan_file(path, lambda text: write_rotation(text, new))
    plan = load_plan(path)

    assert edit.before == text
    assert edit.plan.series.rotation.slots == new
    assert edit.plan.series == replace(plan.series, rotation=replace(plan.series.rotation, slots=new))
    assert parts(edit.plan) == parts(plan)
    assert edit.after == (
        f"{before}{opening}\n"
        '  { at = "03:00", zone = "UTC" },\n'
        '  { at = "11:00", zone = "Asia/Tokyo", duration = "1h" },\n'
        f"]{behind}"
    )


# The exceptions.

EXCEPTIONS = """
# The first.
[[exceptions]]     # head
  date = "2027-01-12"   # its date
  # its length
  "duration" = "PT1H"   # short
  # its end
"""
SECOND = """
[[exceptions]]
date = 2027-02-02
cancel = true
note = "[[exceptions]]"
"""
LISTED = """exceptions = [ # all
  { date = "2027-01-12", duration = "PT1H" }, # short

  # the second
  { date=2027-02-02, cancel=true, note = "[[exceptions]]" } # off
]
"""
TABLE = LAYOUTS["a list in a table"]
WITH_EXCEPTIONS = {
    "none": TABLE,
    "none, dotted": LAYOUTS["dotted keys"],
    "none, extras first": f"{HEAD}night.to = '05:00'\n{REST}\n{MEETING}[rotation]\nslots = {LINE}",
    "none, nothing later": f"{HEAD}{MEETING}[rotation]\nslots = {LINE}\n"
    "[schedule]\nfirst = 2027-01-05\nrepeat = 'FREQ=WEEKLY'\ncount = 8 # all\n# tail\n\n# the end",
    "tables": TABLE.replace("\n# About the schedule", f"{EXCEPTIONS}{SECOND}\n# About the schedule"),
    "tables apart": TABLE.replace(MEETING, f"{EXCEPTIONS}{MEETING}") + f"\n{SECOND}",
    "a list": TABLE.replace(HEAD, f"{HEAD}{LISTED}"),
    "a list in a line": TABLE.replace(HEAD, f"{HEAD}exceptions = [{{ date = 2027-01-12, cancel = true }}]\n"),
    "an empty list": TABLE.replace(HEAD, f"{HEAD}exceptions = []\n"),
}
every_text = pytest.mark.parametrize("text", WITH_EXCEPTIONS.values(), ids=WITH_EXCEPTIONS.keys())


@given(text=st.sampled_from(list(WITH_EXCEPTIONS.values())), form=forms, asked=changes)
def test_the_plan_has_exactly_these_exceptions_and_all_else_as_before(
    text: str, form: Form, asked: tuple[Override, ...]
) -> None:
    before = loaded(form(text))
    edited = write_exceptions(form(text), asked)
    after = loaded(edited)

    wanted = {override.date: override for override in (*before.series.overrides, *asked)}
    assert {override.date: override for override in after.series.overrides} == {
        day: override for day, override in wanted.items() if override != Override(date=day)
    }
    assert len(after.series.overrides) == len({override.date for override in after.series.overrides})
    assert parts(after) == parts(before)
    assert after.series.rotation == before.series.rotation
    assert ends(edited) == ends(form(text))
    assert edited.endswith("\n") == form(text).endswith("\n")
    assert write_exceptions(edited, asked) == edited
    for piece in (HEAD, REST, MEETING):
        if piece in text:
            assert stays(piece, form, edited)


@given(
    text=st.sampled_from([text for name, text in WITH_EXCEPTIONS.items() if "list" not in name]),
    form=forms,
    asked=changes,
)
def test_new_exceptions_taken_out_again_leave_no_trace(text: str, form: Form, asked: tuple[Override, ...]) -> None:
    there = {override.date for override in loaded(text).series.overrides}
    new = [override for override in asked if override.date not in there]

    edited = write_exceptions(form(text), new)

    assert write_exceptions(edited, [Override(date=override.date) for override in new]) == form(text)


@every_form
@every_text
def test_the_exceptions_that_are_there_change_no_byte(text: str, form: Form) -> None:
    assert write_exceptions(form(text), loaded(text).series.overrides) == form(text)


@example_plans
def test_an_example_keeps_its_bytes_under_its_own_slots_and_exceptions(path: Path) -> None:
    series = load_plan(path).series
    edit = edit_plan_file(
        path, lambda text: write_exceptions(write_rotation(text, series.rotation.slots), series.overrides)
    )

    assert edit.after == edit.before == path.read_bytes().decode("utf-8")
    assert edit.plan == load_plan(path)


def test_an_exception_that_changes_keeps_its_place_and_its_comments() -> None:
    text = WITH_EXCEPTIONS["tables apart"]
    moved = Override(date=date(2027, 1, 12), at=time(9, 30), to=date(2027, 1, 13), minutes=45, slot=2)

    assert write_exceptions(text, [moved]) == text.replace(
        EXCEPTIONS,
        """
# The first.
[[exceptions]]     # head
  date = "2027-01-12"   # its date
  # its length
  "duration" = "45min"   # short
  # its end
  at = "09:30"
  to = 2027-01-13
  slot = 2
""",
    )


def test_an_exception_that_becomes_a_cancellation_says_nothing_else() -> None:
    text = WITH_EXCEPTIONS["tables"]

    assert write_exceptions(text, [Override(date=date(2027, 1, 12), cancel=True)]) == text.replace(
        '  "duration" = "PT1H"   # short\n  # its end\n', "  # its end\n  cancel = true\n"
    )


def test_a_list_of_exceptions_keeps_the_lines_that_do_not_change() -> None:
    new = (
        Override(date=date(2027, 1, 12), note="short", minutes=60),
        Override(date=date(2027, 2, 9), cancel=True),
        Override(date=date(2027, 1, 19), slot="noon"),
    )

    assert write_exceptions(WITH_EXCEPTIONS["a list"], new) == WITH_EXCEPTIONS["a list"].replace(
        LISTED,
        """exceptions = [ # all
  { date = "2027-01-12", duration = "PT1H", note = "short" }, # short

  # the second
  { date=2027-02-02, cancel=true, note = "[[exceptions]]" }, # off
  { date = 2027-01-19, slot = "noon" },
  { date = 2027-02-09, cancel = true },
]
""",
    )


def test_a_new_exception_goes_behind_the_last_or_before_the_extras() -> None:
    new = [Override(date=date(2027, 2, 23), cancel=True, note="no call"), Override(date=date(2027, 2, 16), slot=1)]
    written = """
[[exceptions]]
date = 2027-02-16
slot = 1

[[exceptions]]
date = 2027-02-23
cancel = true
note = "no call"
"""
    text, none = WITH_EXCEPTIONS["tables"], WITH_EXCEPTIONS["none"]

    assert write_exceptions(text, new) == text.replace(SECOND, f"{SECOND}{written}")
    assert write_exceptions(none, new) == none.replace("count = 8\n", f"count = 8\n{written}")


def test_an_exception_that_changes_nothing_any_more_is_taken_out() -> None:
    text = WITH_EXCEPTIONS["tables"]

    assert write_exceptions(text, [Override(date=date(2027, 1, 12))]) == text.replace(EXCEPTIONS, "")
    assert write_exceptions(TABLE, [Override(date=date(2027, 1, 12))]) == TABLE
    assert (
        write_exceptions(WITH_EXCEPTIONS["a list in a line"], [Override(date=date(2027, 1, 12))])
        == (WITH_EXCEPTIONS["an empty list"])
    )


# The extra calls.

EXTRA = '\n[[extras]]        # the first\ndate = 2027-03-09\nat = "13:00"\n'
NO_EXTRAS = re.sub(r"(?s)# About the extras.*?(?=\n\[\[phases)", "", TABLE).replace(
    '[[extras]]\ndate = 2027-03-10\nat = "13:00"      # "quoted" ] }\n\n', ""
)
LISTED_EXTRAS = """extras = [
  { date = "2027-03-09", at = "13:00", numbered = false }, # one
  # the second
  { at="14:00", date = 2027-03-09, takes-turn=true } # two
]
"""
WITH_EXTRAS = {
    "none": NO_EXTRAS,
    "tables apart": TABLE,
    "a list": NO_EXTRAS.replace(HEAD, f"{HEAD}{LISTED_EXTRAS}"),
    "an empty list": NO_EXTRAS.replace(HEAD, f"{HEAD}extras = []\n"),
}
every_way = pytest.mark.parametrize("text", WITH_EXTRAS.values(), ids=WITH_EXTRAS.keys())
extra_calls = st.builds(
    Extra,
    date=st.sampled_from(RULE_DATES),
    at=clocks,
    zone=odd_zones,
    minutes=lengths,
    to=st.none() | st.sampled_from(RULE_DATES),
    cancel=st.booleans(),
    note=st.none() | words,
    location=st.none() | words,
    numbered=st.booleans(),
    takes_turn=st.booleans(),
    nth=st.none() | st.integers(1, 10_000),
)


def are_apart(extras: Sequence[Extra]) -> bool:
    """Whether no two of them say that they are the same one of their date."""
    try:
        return len(assign_extra_places(extras)) == len(extras)
    except InvalidSeries:
        return False


def but_extras(plan: Plan) -> tuple[object, ...]:
    """Everything that an edit of the extra calls leaves alone."""
    return *parts(replace(plan, extras=())), plan.series.rotation, plan.series.overrides


@given(
    text=st.sampled_from(list(WITH_EXTRAS.values())),
    form=forms,
    data=st.data(),
    added=st.lists(extra_calls, max_size=3),
)
def test_the_plan_has_exactly_these_extras_and_all_else_as_before(
    text: str, form: Form, data: st.DataObject, added: list[Extra]
) -> None:
    before = loaded(form(text))
    choices = (st.none() | st.just(extra) | extra_calls for extra in before.series.extras)
    asked = [data.draw(choice) for choice in choices]
    wanted = (*(extra for extra in asked if extra is not None), *added)
    assume(are_apart(wanted))
    edited = write_extras(form(text), asked, added)
    after = loaded(edited)

    assert after.series.extras == wanted
    assert but_extras(after) == but_extras(before)
    assert ends(edited) == ends(form(text))
    assert edited.endswith("\n") == form(text).endswith("\n")
    assert write_extras(edited, wanted) == edited
    assert stays(HEAD, form, edited)
    assert stays(MEETING, form, edited)


@given(text=st.sampled_from([NO_EXTRAS, TABLE]), form=forms, added=st.lists(extra_calls, min_size=1, max_size=3))
def test_new_extras_taken_out_again_leave_no_trace(text: str, form: Form, added: list[Extra]) -> None:
    there = loaded(text).series.extras

    assert write_extras(write_extras(form(text), there, added), [*there, *[None] * len(added)]) == form(text)


@every_form
@every_way
def test_the_extras_that_are_there_change_no_byte(text: str, form: Form) -> None:
    assert write_extras(form(text), loaded(text).series.extras) == form(text)


def test_an_extra_that_changes_keeps_its_place_and_its_comments() -> None:
    first, second = loaded(TABLE).series.extras
    edited = write_extras(TABLE, [replace(first, cancel=True, numbered=False), second])

    assert edited == TABLE.replace(EXTRA, f"{EXTRA}cancel = true\nnumbered = false\n")
    assert write_extras(edited, [first, second]) == TABLE


def test_a_list_of_extras_keeps_what_is_not_changed() -> None:
    text = WITH_EXTRAS["a list"]
    first, second = loaded(text).series.extras
    new = [replace(first, numbered=True), replace(second, takes_turn=False, to=date(2027, 3, 10))]

    assert write_extras(text, new) == text.replace(
        LISTED_EXTRAS,
        """extras = [
  { date = "2027-03-09", at = "13:00" }, # one
  # the second
  { at="14:00", date = 2027-03-09, to = 2027-03-10 }, # two
]
""",
    )


def test_blanks_behind_a_date_stay_where_the_whole_file_is_one_table() -> None:
    listed = "exceptions = [{ date = 2027-01-12 , cancel = true, note = 'from 2027-01-12 ] on' }, # 2027-01-12 ,\n]\n"
    text = TABLE.replace(HEAD, f"{HEAD}{listed}extras=[{{ at = '09:00', date=2027-03-09 }}]\n").partition("[meeting]")[
        0
    ]
    old = [Extra(date=date(2027, 3, 9), at=time(9))]
    new = Extra(date=date(2027, 3, 9), at=time(10), to=date(2027, 3, 10))

    assert write_extras(text, [new]) == text.replace(
        "[{ at = '09:00', date=2027-03-09 }]",
        '[\n  { at = "10:00", date=2027-03-09, to = 2027-03-10 },\n]',
    )
    assert write_extras(text, old) == text


# Single keys.

VALUED = {
    "a table": ("a = 1\n[schedule]\ncount = 8 # all\n[night]\n", "a = 1\n[schedule]\ncount = 9 # all\n[night]\n"),
    "a dotted key": ("schedule.first = 1\nschedule.count = 8\n", "schedule.first = 1\nschedule.count = 9\n"),
    "a line": ("schedule = { count = 8 } # x\n", "schedule = { count = 9 } # x\n"),
    "a new key": (
        "[schedule]\n  first = 1 # x\n# y\n\n[z]\n",
        "[schedule]\n  first = 1 # x\n# y\n  count = 9\n\n[z]\n",
    ),
    "a table below": ("a = 1\n[[schedule.x]]\nb = 1\n", "a = 1\n[schedule]\ncount = 9\n\n[[schedule.x]]\nb = 1\n"),
    "nothing": ("a = 1\r\n# end", "a = 1\r\n# end\r\n\r\n[schedule]\r\ncount = 9"),
}


@pytest.mark.parametrize(("text", "after"), VALUED.values(), ids=VALUED.keys())
def test_a_key_is_set_where_its_table_is_written(text: str, after: str) -> None:
    assert set_value(text, ("schedule", "count"), 9) == after
    assert set_value(after, ("schedule", "count"), 9) == after


GONE = {
    "a table": ("a = 1\n\n# the attendance\n[history]\nfile = 'x'\n\n[z]\n", "a = 1\n\n[z]\n"),
    "a dotted key": ("history.file = 'x'\na = 1\n", "a = 1\n"),
    "a line": ("a = 1\nhistory = { file = 'x' }\nb = 1\n", "a = 1\nb = 1\n"),
    "nothing": ("a = 1\n[z]\nhistory = 1\n", "a = 1\n[z]\nhistory = 1\n"),
}


@pytest.mark.parametrize(("text", "after"), GONE.values(), ids=GONE.keys())
def test_a_table_is_taken_out_however_it_is_written(text: str, after: str) -> None:
    assert set_value(text, ("history",), None) == after


def test_a_key_is_taken_out_with_the_comment_behind_it() -> None:
    assert set_value("[s]\na = 1 # a\nb = 2 # b\n", ("s", "a"), None) == "[s]\nb = 2 # b\n"
    assert set_value("[s]\na = 1\n", ("s", "c"), None) == "[s]\na = 1\n"
    assert tomllib.loads(set_value("s = { a = 1, b = 2 }\n", ("s", "b"), None)) == {"s": {"a": 1}}


# Plans that are wrong, before or after.

WRONG: dict[str, tuple[Callable[[str], str], str]] = {
    "no slot": (lambda text: write_rotation(text, ()), "rotation.slots"),
    "no such start": (lambda text: write_rotation(text, SLOTS, start=4), "rotation.start"),
    "an empty label": (lambda text: write_rotation(text, [Slot(at=time(1), label=" ")]), "rotation.slots[0].label"),
    "no rule date": (
        lambda text: write_exceptions(text, [Override(date=date(2027, 1, 6), cancel=True)]),
        "exceptions[0].date",
    ),
    "no such slot": (
        lambda text: write_exceptions(text, [Override(date=date(2027, 1, 5), slot="evening")]),
        "exceptions[0].slot",
    ),
    "a broken letter": (lambda text: write_rotation(text, [Slot(at=time(1), label="\udc80")]), "plan.toml"),
    "no TOML": (lambda text: f"{text}\n[", "plan.toml"),
}


@pytest.mark.parametrize(("edit", "place"), WRONG.values(), ids=WRONG.keys())
def test_an_edit_that_makes_a_wrong_plan_raises_and_leaves_the_file(
    edit: Callable[[str], str], place: str, tmp_path: Path
) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(TABLE.encode("utf-8"))

    with pytest.raises(InvalidPlan) as caught:
        edit_plan_file(path, edit)

    assert [mistake.place for mistake in caught.value.mistakes] == [place]
    assert path.read_bytes() == TABLE.encode("utf-8")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("format = ", "plan"),
        ("format = 1", "rotation.slots"),
        ("rotation = 1", "rotation"),
        ("[rotation]\nslots = [1]", "rotation.slots[0]"),
    ],
)
def test_a_rotation_that_is_wrong_is_not_edited(text: str, place: str) -> None:
    with pytest.raises(InvalidPlan) as caught:
        write_rotation(text, SLOTS)

    assert [mistake.place for mistake in caught.value.mistakes] == [place]


@pytest.mark.parametrize(
    ("text", "place"),
    [("[exceptions]", "exceptions"), ("exceptions = [{ date = 1 }]", "exceptions[0].date"), ("x", "plan")],
)
def test_exceptions_that_are_wrong_are_not_edited(text: str, place: str) -> None:
    with pytest.raises(InvalidPlan) as caught:
        write_exceptions(text, [Override(date=date(2027, 1, 5), cancel=True)])

    assert [mistake.place for mistake in caught.value.mistakes] == [place]


def test_a_plan_that_cannot_be_read_is_not_edited(tmp_path: Path) -> None:
    broken = tmp_path / "plan.toml"
    broken.write_bytes(b"format = \xff")

    with pytest.raises(InvalidPlan, match="not UTF-8 in line 1"):
        edit_plan_file(broken, str)
    with pytest.raises(UnreadableFile, match="no such file"):
        edit_plan_file(tmp_path / "other.toml", str)


def test_the_sheets_of_an_edited_plan_are_read_where_they_stand(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "mag-2020", tmp_path / "mag")
    path = tmp_path / "mag" / "plan.toml"

    edit = edit_plan_file(path, lambda text: write_rotation(text, SLOTS))

    assert len(edit.plan.members) == 50
    assert plan_files(edit.plan) == (path, tmp_path / "mag" / "members.csv")


def test_the_template_takes_edits() -> None:
    text = write_rotation(plan_template(), (SLOTS[1], SLOTS[0]), start=2)
    edited = write_exceptions(text, [Override(date=date(2027, 2, 9), cancel=True)])

    assert loaded(edited).series.rotation.start == 2
    assert in_order([line for line in plan_template().splitlines(keepends=True) if line.startswith("#")], edited)


TEXTS = [
    '"""\n[rotation]\n\\""" [ { # \n"""',
    '""""quoted""""" # ]',
    "'''\n[[exceptions]]\n\\'''",
    "''''quoted'''''",
    '"\\" [ # \\\\"',
    "'\\'",
    '"""a\\\n  [x]"""',
]


@pytest.mark.parametrize("written", TEXTS)
def test_what_looks_like_a_table_inside_a_text_is_none(written: str) -> None:
    text = re.sub(r"(?s)'''.*?'''", lambda _: written, LAYOUTS["tables"], count=1)
    new = (SLOTS[0], Slot(at=time(9)), SLOTS[2], SLOTS[1])

    edited = write_exceptions(write_rotation(text, new), [Override(date=date(2027, 1, 5), cancel=True)])

    assert loaded(edited).meeting == loaded(text).meeting
    assert loaded(edited).series.rotation.slots == new
    assert in_order(text.splitlines(keepends=True)[:12], edited)


def test_plans_are_read_without_what_only_edits_need() -> None:
    path = str(EXAMPLES / "oci" / "plan.toml")
    code = f"import mag_rotation.planfile as p, sys\np.load_plan({path!r})\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert "mag_rotation.planfile" in done.stdout.split()
    assert "tomlkit" not in done.stdout.split()


# The diff.

texts = st.lists(st.sampled_from(("a", "b", "\r", "\u2028", "-- x", "")), max_size=12).map("\n".join)


def patched(text: str, diff: str) -> str:
    """A text after a diff, by a reader that knows no more than the format."""
    old, rest = re.findall(r"[^\n]*\n|[^\n]+", text), re.findall(r"[^\n]*\n", diff)[2:]
    new: list[str] = []
    for number, line in enumerate(rest):
        bare = number + 1 < len(rest) and rest[number + 1].startswith("\\")
        said = line[1:].removesuffix("\n") if bare else line[1:]
        if line.startswith("@@"):
            start, count = re.match(r"@@ -(\d+)(?:,(\d+))?", line).groups("1")  # type: ignore[union-attr]
            done = len(re.findall(r"[^\n]*\n|[^\n]+", text)) - len(old)
            skip = int(start) - (count != "0") - done
            new, old = new + old[:skip], old[skip:]
        elif line[0] in " -":
            assert old.pop(0) == said
        if line[0] in " +":
            new.append(said)
    return "".join(new + old)


@given(before=texts, after=texts)
def test_a_diff_makes_one_text_of_the_other(before: str, after: str) -> None:
    diff = make_diff(before, after, name="plan.toml")

    assert (diff == "") == (before == after)
    assert diff == "" or diff.startswith("--- a/plan.toml\n+++ b/plan.toml\n@@ -")
    assert patched(before, diff) == after


@pytest.mark.skipif(shutil.which("diff") is None, reason="no diff here")
@pytest.mark.parametrize(
    ("before", "after"), [("a\nb", "a\nc"), ("a\n", "a"), ("a", "a"), ("", "a\n"), ("a\r\n", "a\n"), ("a", "")]
)
def test_a_diff_is_that_of_the_program(before: str, after: str, tmp_path: Path) -> None:
    names = tmp_path / "before", tmp_path / "after"
    for name, text in zip(names, (before, after), strict=True):
        name.write_bytes(text.encode("utf-8"))
    labels = ("--label", "a/plan.toml", "--label", "b/plan.toml")
    theirs = subprocess.run(["diff", "-u", *labels, *names], capture_output=True, timeout=60, check=False)

    assert make_diff(before, after, name="plan.toml").encode("utf-8") == theirs.stdout
