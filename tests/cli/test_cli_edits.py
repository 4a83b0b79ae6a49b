"""Edits without an editor: ``cancel``, ``move``, ``extra`` and ``next-season``.

Laws: what is shown is what was written; after exit code 2, a dry run and an edit that says what is there already, every
file holds the bytes it held before; an edit and its undo leave no trace where nothing else was there; no line outside
the edited table changes; no call of the plan gets another UID.
"""

from __future__ import annotations

import difflib
import json
import re
import shutil
from datetime import date, time, timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoke import Outcome, invoke
from mag_rotation.calls import Call, ChangeKind, find_call_changes
from mag_rotation.errors import InvalidEdit
from mag_rotation.ics import read_prior
from mag_rotation.ics.event import expand_occurrences
from mag_rotation.plan import Plan
from mag_rotation.plan.edits import (
    CallEdit,
    CallMove,
    add_extra,
    cancel_call,
    move_call,
    remove_extra,
    reset_call,
    restore_call,
)
from mag_rotation.planfile import load_plan, plan_files, plan_from
from mag_rotation.planfile.writer import PlanEdit, edit_plan_file, write_changes
from mag_rotation.series import Extra, Override, Season
from paths import EXAMPLES

PLANS = sorted(EXAMPLES.rglob("*.toml"))
COUNCIL = """# The council.
format = 1

[meeting]
id = "council"
name = "Council call"
uid-domain = "council.example.org"
duration = "2h"
numbering = { first = 1 }

[schedule]
first = 2026-02-03
repeat = "FREQ=WEEKLY"
until = 2026-03-10

[rotation]
advance = "held"
slots = [{ at = "07:00", label = "early" }, { at = "14:00", label = "midday" }, { at = "20:00", label = "late" }]

[[exceptions]]
date = 2026-02-24
to = 2026-02-25     # Wednesday
note = "a holiday"

[[extras]]
date = 2026-03-03
at = "09:00"
note = "preparation"

[[members]]
id = "nairobi"
zone = "Africa/Nairobi"
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(COUNCIL, "utf-8")
    return path


def held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def written(path: Path, plan: Plan, edit: CallEdit) -> PlanEdit:
    """An edit as the plan file would have it, read again."""
    edited = edit_plan_file(path, lambda text: write_changes(text, plan.series, edit.plan.series))
    assert edited.plan == edit.plan
    return edited


def documented(outcome: Outcome) -> dict[str, object]:
    assert outcome.code == 0, outcome.err
    return outcome.document


def added_lines(path: Path, before: str = COUNCIL) -> list[str]:
    """The lines that are new, all others being there as they were."""
    lines = list(difflib.ndiff(before.splitlines(), path.read_text("utf-8").splitlines()))
    assert not [line for line in lines if line.startswith("- ")]
    return [line[2:] for line in lines if line.startswith("+ ") and line[2:]]


# Calling off.


def test_a_call_is_called_off_and_what_shifts_is_shown(plan: Path) -> None:
    done = invoke("cancel", plan, "2026-02-10", "--note", "no call")

    assert done.code == 0
    assert added_lines(plan) == ["[[exceptions]]", "date = 2026-02-10", "cancel = true", 'note = "no call"']
    for shown in (
        "cancelled  2 -> -  2026-02-10",
        "3 -> 2  2026-02-17  Tue 2026-02-17 20:00 -> Tue 2026-02-17 14:00",
        "late -> midday",
        "--- a/plan.toml\n+++ b/plan.toml\n@@",
        '+note = "no call"\n',
    ):
        assert shown in done.out
    assert [(call.number, call.slot) for call in load_plan(plan).calls if call.is_held][:3] == [
        (1, "early"),
        (2, "midday"),
        (3, "late"),
    ]


def test_the_document_has_the_diff_and_each_call_before_and_after(plan: Path) -> None:
    before = load_plan(plan).calls
    document = documented(invoke("cancel", plan, "1", "--format", "json"))
    after = load_plan(plan).calls

    assert set(document) == {"meeting", "tzdata", "diff", "changes", "warnings", "warning_facts"}
    assert document["meeting"] == "council"
    assert str(document["diff"]).startswith("--- a/plan.toml\n+++ b/plan.toml\n")
    changes = document["changes"]
    assert isinstance(changes, list)
    assert [(change["uid"], change["kind"]) for change in changes] == [
        (change.uid, change.kind.value) for change in find_call_changes(before, after)
    ]
    for change in changes:
        assert change["before"]["uid"] == change["after"]["uid"] == change["uid"]
        assert change["before"] != change["after"]
    assert documented(invoke("calls", plan, "--format", "json"))["calls"][0] == changes[0]["after"]  # type: ignore[index]


@pytest.mark.parametrize("name", ["2026-02-17", "3", "council-20260217@council.example.org"])
def test_a_call_has_several_names(plan: Path, name: str) -> None:
    assert invoke("cancel", plan, name).code == 0
    assert not next(call for call in load_plan(plan).calls if call.uid.startswith("council-20260217@")).is_held


def test_a_date_of_two_calls_is_not_guessed(plan: Path) -> None:
    for command in (["cancel"], ["cancel", "--undo"], ["move", "--at", "10:00"]):
        done = invoke(command[0], plan, "2026-03-03", *command[1:])

        assert done.code == 2
        assert "give a UID: council-20260303-extra@council.example.org" in done.err
    invoke("cancel", plan, "council-20260303@council.example.org")
    assert invoke("cancel", plan, "2026-03-03").code == 2
    assert sum(not call.is_held for call in load_plan(plan).calls) == 1


def test_an_extra_call_is_called_off_and_held_after_all(plan: Path) -> None:
    name = "council-20260303-extra@council.example.org"

    assert invoke("cancel", plan, name).code == 0
    assert added_lines(plan) == ["cancel = true"]
    assert invoke("cancel", plan, name, "--undo").code == 0
    assert plan.read_text("utf-8") == COUNCIL


@pytest.mark.parametrize(
    "again",
    [
        ("cancel", "2026-02-10"),
        ("cancel", "2026-02-17", "--undo"),
        ("move", "2026-02-24", "--to", "2026-02-25"),
        ("move", "2026-02-17", "--undo"),
    ],
)
def test_what_the_plan_says_already_is_not_written(plan: Path, again: tuple[str, ...]) -> None:
    invoke("cancel", plan, "2026-02-10")
    text, stat = plan.read_bytes(), plan.stat()
    done = invoke(again[0], plan, *again[1:])

    assert done.code == 0
    assert "All calls stay as they are." in done.out
    assert done.out.endswith(f"{plan} says so already\n")
    assert plan.read_bytes() == text
    assert plan.stat().st_ino == stat.st_ino


def test_a_note_of_a_cancelled_call_can_still_change(plan: Path) -> None:
    invoke("cancel", plan, "2026-02-10", "--note", "no call")
    document = documented(invoke("cancel", plan, "2026-02-10", "--note", "none at all", "--format", "json"))

    assert [change["kind"] for change in document["changes"]] == ["edited"]  # type: ignore[attr-defined]
    assert 'note = "none at all"' in plan.read_text("utf-8")


def test_a_cancelled_call_keeps_what_its_exception_says_and_its_own_note(plan: Path) -> None:
    done = invoke("cancel", plan, "2026-02-24", "--note", "no quorum", "--format", "json")
    call = next(call for call in load_plan(plan).calls if str(call.date) == "2026-02-24")

    assert documented(done)["warnings"] == []
    assert added_lines(plan) == ["cancel = true", 'cancel-note = "no quorum"']
    assert (f"{call.start:%d %H:%M}", call.is_held, call.note) == ("25 07:00", False, "no quorum")
    assert invoke("cancel", plan, "2026-02-24", "--undo").code == 0
    assert plan.read_text("utf-8") == COUNCIL


EXCEPTIONS = {
    "nothing": "",
    "a move": 'at = "17:00"\n',
    "a day": "to = 2026-02-18\n",
    "a move with a note": 'at = "17:00"\nnote = "later"\n',
    "a note": 'note = "short"\n',
    "a slot, a length and a place": 'slot = "early"\nduration = "30min"\nlocation = "Room 5"\nnote = "there"\n',
    "a zone": 'zone = "Asia/Tokyo"\n',
}


@pytest.mark.parametrize("says", EXCEPTIONS.values(), ids=EXCEPTIONS)
@pytest.mark.parametrize("notes", [(), ("ill",), ("", "ill"), ("ill", "gone"), ("",)])
@pytest.mark.parametrize("extra", [False, True])
def test_a_cancellation_and_its_undo_leave_no_trace(
    says: str, notes: tuple[str, ...], extra: bool, tmp_path: Path
) -> None:
    path, day = tmp_path / "plan.toml", "2026-02-17"
    table = f"\n[[exceptions]] # seen\ndate = {day} # a Tuesday\n{says}" if says else ""
    if extra:
        kept = "".join(line for line in says.splitlines(keepends=True) if not line.startswith(("slot", "at")))
        table = f'\n[[extras]]\ndate = {day}\nat = "11:00"\n{kept}'
    path.write_text(COUNCIL + table, "utf-8")
    uid = f"council-20260217{'-extra' if extra else ''}@council.example.org"
    before = path.read_text("utf-8")
    held_then = load_plan(path).calls

    for note in notes or ("",):
        assert invoke("cancel", path, uid, *(["--note", note] if note else [])).code == 0
    off = next(call for call in load_plan(path).calls if call.uid == uid)
    then = next(call for call in held_then if call.uid == uid)
    assert (off.is_held, off.start, off.note) == (False, then.start, [then.note, *filter(None, notes)][-1])
    assert invoke("cancel", path, uid, "--undo").code == 0
    assert path.read_text("utf-8") == before
    assert load_plan(path).calls == held_then


def test_the_note_of_a_cancellation_written_by_hand_goes_with_it(plan: Path) -> None:
    plan.write_text(f'{COUNCIL}\n[[exceptions]]\ndate = 2026-02-17\ncancel = true\nnote = "ill"\n', "utf-8")

    assert invoke("cancel", plan, "2026-02-17", "--undo").code == 0
    assert plan.read_text("utf-8") == COUNCIL


# Naming a call by its day.


def test_a_moved_call_is_found_by_the_day_on_which_it_is_held(plan: Path) -> None:
    for command in (
        ("move", "2026-02-25", "--at", "13:00"),
        ("move", "2026-02-25", "--to", "2026-02-26"),
        ("cancel", "2026-02-26"),
        ("cancel", "2026-02-26", "--undo"),
        ("move", "2026-02-26", "--to", "2026-02-25"),
    ):
        assert invoke(command[0], plan, *command[1:]).code == 0, command
    call = next(call for call in load_plan(plan).calls if str(call.date) == "2026-02-24")
    assert (str(call.day), f"{call.start:%H:%M}") == ("2026-02-25", "13:00")
    assert invoke("move", plan, "2026-02-25", "--undo").code == 0
    assert "to = 2026-02-25" not in plan.read_text("utf-8")


def test_a_day_of_one_call_that_is_the_rule_date_of_another_is_not_guessed(plan: Path) -> None:
    invoke("move", plan, "2026-02-17", "--to", "2026-02-24")
    uids = "council-20260224@council.example.org, council-20260217@council.example.org (held on that day)"

    for command in (
        ("move", "2026-02-24", "--at", "10:00"),
        ("cancel", "2026-02-24"),
        ("cancel", "2026-02-24", "--undo"),
    ):
        done = invoke(command[0], plan, *command[1:])
        assert (done.code, done.out) == (2, "")
        assert done.err == f"mag-rotation: '2026-02-24' names 2 calls of this plan; give a UID: {uids}\n"
    assert invoke("move", plan, "council-20260224@council.example.org", "--at", "10:00").code == 0


def test_a_day_is_that_of_the_anchor_zone(plan: Path) -> None:
    """At 23:00 in Honolulu it is the next day in UTC."""
    invoke("move", plan, "2026-02-17", "--at", "23:00", "--zone", "Pacific/Honolulu", "--to", "2026-02-19")

    assert invoke("cancel", plan, "2026-02-20").code == 2
    assert invoke("cancel", plan, "2026-02-19").code == 0


def test_an_extra_call_is_found_by_the_day_on_which_it_is_held(plan: Path) -> None:
    uid = "council-20260303-extra@council.example.org"
    invoke("move", plan, uid, "--to", "2026-03-10")

    assert "(held on that day)" in invoke("cancel", plan, "2026-03-10").err
    assert invoke("extra", plan, "2026-03-10", "--undo").code == 0
    assert "[[extras]]" not in plan.read_text("utf-8")


# Moving.


def test_a_call_is_moved_and_keeps_what_its_exception_says(plan: Path) -> None:
    done = invoke("move", plan, "2026-02-24", "--at", "13:00", "--zone", "Africa/Nairobi", "--duration", "90min")

    assert done.code == 0
    assert added_lines(plan) == ['at = "13:00"', 'zone = "Africa/Nairobi"', 'duration = "1h30min"']
    call = next(call for call in load_plan(plan).calls if call.number == 4)
    assert (f"{call.start:%d %H:%M}", call.minutes, call.note) == ("25 10:00", 90, "a holiday")


def test_a_call_takes_another_slot_by_label_or_number(plan: Path) -> None:
    assert invoke("move", plan, "2026-02-03", "--slot", "late").code == 0
    assert invoke("move", plan, "2026-02-10", "--slot", "1").code == 0
    assert [call.slot for call in load_plan(plan).calls][:2] == ["late", "early"]


def test_an_extra_call_is_moved_in_its_table(plan: Path) -> None:
    uid = "council-20260303-extra@council.example.org"

    assert invoke("move", plan, uid, "--to", "2026-03-04", "--duration", "1h").code == 0
    assert added_lines(plan) == ['duration = "1h"', "to = 2026-03-04"]
    assert next(call for call in load_plan(plan).calls if call.uid == uid).start.day == 4


REFUSED = {
    "nothing asked": (("move", "2026-02-17"), "give --undo alone, or one or more of"),
    "undo and a change": (("move", "2026-02-17", "--undo", "--at", "10:00"), "give --undo alone"),
    "no call": (("cancel", "2026-02-18"), "'2026-02-18' names no call of this plan"),
    "no date": (("extra", "8 March", "--at", "09:00"), "found '8 March'; write a date such as"),
    "no hour": (("extra", "2026-03-08"), "give --undo alone, or --at and"),
    "no hour but a length": (("extra", "2026-03-08", "--duration", "1h"), "give --undo alone, or --at and"),
    "an extra's undo and a change": (("extra", "2026-03-03", "--undo", "--at", "09:00"), "give --undo alone"),
    "an extra's undo and a number": (("extra", "2026-03-03", "--undo", "--not-numbered"), "give --undo alone"),
    "no extra": (("extra", "2026-03-08", "--undo"), "'2026-03-08' names no call of this plan"),
    "a rule call by date": (
        ("extra", "2026-02-10", "--undo"),
        "the call of 2026-02-10 is one of the rule, which stays in the plan; call it off with cancel",
    ),
    "a rule call by UID": (("extra", "council-20260303@council.example.org", "--undo"), "is one of the rule"),
    "no time of day": (("extra", "2026-03-08", "--at", "9 am"), "found '9 am'"),
    "no zone": (("move", "2026-02-17", "--zone", "Geneva"), "did you mean Europe/Zurich?"),
    "no slot": (("move", "2026-02-17", "--slot", "evening"), "(exceptions[1].slot): found 'evening'"),
    "no length": (("move", "2026-02-17", "--duration", "long"), "found 'long'"),
    "an empty note": (("cancel", "2026-02-17", "--note", " "), "write a text that is not empty"),
    "a control character": (("cancel", "2026-02-17", "--note", "a\x07b"), "control character U+0007"),
    "no such plan": (("cancel",), "Missing argument"),
    "an extra's slot": (
        ("move", "council-20260303-extra@council.example.org", "--slot", "1"),
        "is an extra one, which takes no slot",
    ),
    "an extra's rule": (
        ("move", "council-20260303-extra@council.example.org", "--undo"),
        "is an extra one, which no rule gives an hour",
    ),
    "calls to come": (("next-season", "--from", "2026-03-01"), "give --cut to end the plan there"),
    "two ends": (("next-season", "--from", "2026-09-01", "--count", "1", "--until", "2026-10-01"), "one of --until"),
    "no dates": (("next-season", "--from", "2026-09-01", "--count", "0"), "--count"),
    "an end before": (("next-season", "--from", "2026-09-01", "--until", "2026-08-01"), "found 2026-08-01"),
    "stdout": (("next-season", "--from", "2026-09-01", "-o", "-"), "name a file for the new plan"),
    "a directory": (("next-season", "--from", "2026-09-01", "-o", "."), "name a file for the new plan"),
    "no id": (("next-season", "--from", "2026-09-01", "--id", "a.b"), "found 'a.b'"),
}


@pytest.mark.parametrize(("arguments", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_wrong_input_is_refused_and_nothing_is_written(plan: Path, arguments: tuple[str, ...], said: str) -> None:
    before = held(plan.parent)
    done = invoke(arguments[0], plan, *arguments[1:])

    assert (done.code, done.out) == (2, "")
    assert said in re.sub(r"\s*│?\n│?\s*", " ", done.err)
    assert held(plan.parent) == before


def test_a_cancelled_call_is_not_moved(plan: Path) -> None:
    invoke("cancel", plan, "2026-02-10")
    for options in (("--at", "10:00"), ("--undo",)):
        done = invoke("move", plan, "2026-02-10", *options)

        assert done.code == 2
        assert done.err == (
            "mag-rotation: the call of 2026-02-10 is cancelled; take that back first, with cancel --undo\n"
        )


# Adding.


def test_an_extra_call_is_added_behind_the_others(plan: Path) -> None:
    done = invoke("extra", plan, "2026-03-03", "--at", "16:00", "--duration", "1h", "--not-numbered", "--note", "two")

    assert done.code == 0
    assert added_lines(plan) == [
        *("[[extras]]", "date = 2026-03-03", 'at = "16:00"', 'zone = "UTC"', 'duration = "1h"', 'note = "two"'),
        "numbered = false",
    ]
    assert "council-20260303-extra2@council.example.org" in done.out
    assert "-extra2" not in plan.read_text("utf-8")


def test_an_extra_call_that_takes_a_turn_shows_whose(plan: Path) -> None:
    document = documented(invoke("extra", plan, "2026-02-05", "--at", "09:00", "--takes-turn", "--format", "json"))
    changes = document["changes"]

    assert isinstance(changes, list)
    assert [change["kind"] for change in changes][:3] == ["added", "moved", "moved"]
    assert changes[0]["before"] is None
    assert [change["after"]["number"] for change in changes][:3] == [2, 3, 4]
    assert [change["after"]["slot"] for change in changes][:3] == [None, "late", "early"]


def test_what_is_odd_about_the_edited_plan_is_told(plan: Path) -> None:
    document = documented(
        invoke("extra", plan, "2026-04-05", "--at", "09:00", "--takes-turn", "--dry-run", "--format", "json")
    )

    assert document["warnings"] == [
        "extras[1].takes-turn has no effect: no rule call comes after 2026-04-05",
    ]


# Taking out.

FIRST, SECOND, THIRD = (f"council-20260308-extra{nth}@council.example.org" for nth in ("", "2", "3"))


@pytest.fixture
def three(plan: Path) -> Path:
    """The plan with three extra calls on one date."""
    for hour in (10, 12, 14):
        assert invoke("extra", plan, "2026-03-08", "--at", f"{hour}:00", "--duration", "1h").code == 0
    return plan


@pytest.mark.parametrize("name", ["2026-03-03", "5", "council-20260303-extra@council.example.org"])
def test_an_extra_call_is_taken_out_and_the_rule_call_of_its_date_stays(plan: Path, name: str) -> None:
    document = documented(invoke("extra", plan, name, "--undo", "--format", "json"))
    changes = document["changes"]

    assert isinstance(changes, list)
    assert (changes[0]["kind"], changes[0]["after"]) == ("dropped", None)
    assert load_plan(plan).series.extras == ()
    assert plan.read_text("utf-8") == COUNCIL.replace(
        '[[extras]]\ndate = 2026-03-03\nat = "09:00"\nnote = "preparation"\n\n', ""
    )
    [said] = cast("list[str]", document["warnings"])
    assert said.startswith("if the call of 2026-03-03 has been announced, cancel it instead")


def test_an_extra_call_added_and_taken_out_leaves_no_trace(plan: Path) -> None:
    invoke("extra", plan, "2026-03-03", "--at", "16:00")
    done = invoke("extra", plan, "council-20260303-extra2@council.example.org", "--undo")

    assert done.code == 0
    assert plan.read_text("utf-8") == COUNCIL


def test_a_date_of_several_extra_calls_is_not_guessed(three: Path) -> None:
    before = three.read_bytes()
    done = invoke("extra", three, "2026-03-08", "--undo")

    assert (done.code, three.read_bytes()) == (2, before)
    assert done.err == (
        f"mag-rotation: '2026-03-08' names 3 calls of this plan; give a UID: {FIRST}, {SECOND}, {THIRD}\n"
    )


def test_the_extra_calls_below_the_one_taken_out_keep_their_uids(three: Path) -> None:
    before = three.read_text("utf-8")
    done = invoke("extra", three, FIRST, "--undo")

    assert done.code == 0
    assert [(call.uid, call.start.hour) for call in load_plan(three).calls if call.date.day == 8] == [
        (SECOND, 12),
        (THIRD, 14),
    ]
    gone = '[[extras]]\ndate = 2026-03-08\nat = "10:00"\nzone = "UTC"\nduration = "1h"\n\n'
    assert added_lines(three, before.replace(gone, "")) == ["nth = 2"]


def test_a_gap_in_the_middle_is_kept_and_the_last_leaves_none(three: Path) -> None:
    invoke("extra", three, SECOND, "--undo")
    assert [extra.nth for extra in load_plan(three).series.extras] == [None, None, 3]
    invoke("extra", three, THIRD, "--undo")
    assert [extra.nth for extra in load_plan(three).series.extras] == [None, None]


STEPS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["2026-03-03", "2026-03-08"])), max_size=12)


@given(steps=STEPS)
def test_no_call_gets_the_uid_of_another_while_extra_calls_come_and_go(
    steps: list[tuple[int, str]],
) -> None:
    path, text = Path("plan.toml"), COUNCIL
    plan = plan_from(path, text.encode())
    for step, (choice, day) in enumerate(steps):
        of_date = [call for call in plan.calls if call.date.isoformat() == day and call.slot_number is None]
        if choice < len(of_date):
            gone = {of_date[choice].note}
            edit = remove_extra(plan, of_date[choice])
        else:
            gone = set()
            edit = add_extra(plan, Extra(date=date.fromisoformat(day), at=time(9), note=f"added in step {step}"))
        before = {call.note: call.uid for call in plan.calls if call.slot_number is None}
        text = write_changes(text, plan.series, edit.plan.series)
        plan = plan_from(path, text.encode())
        assert plan == edit.plan
        after = {call.note: call.uid for call in plan.calls if call.slot_number is None}

        assert {note: uid for note, uid in before.items() if note not in gone}.items() <= after.items()
        assert not gone & after.keys()
        assert len(set(after.values())) == len(after)


def test_a_rule_call_is_never_taken_out(plan: Path) -> None:
    there = load_plan(plan)
    with pytest.raises(InvalidEdit, match=r"is one of the rule, which stays in the plan"):
        remove_extra(there, there.calls[0])


# All of them.

ANY = {
    "cancel": ("cancel", "2026-02-10", "--note", "x"),
    "move": ("move", "2026-02-10", "--at", "10:00"),
    "extra": ("extra", "2026-02-12", "--at", "10:00"),
    "extra --undo": ("extra", "2026-03-03", "--undo"),
    "next-season": ("next-season", "--from", "2026-02-20", "--cut"),
}


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
@pytest.mark.parametrize("arguments", ANY.values(), ids=ANY.keys())
def test_a_dry_run_shows_the_same_and_writes_nothing(plan: Path, arguments: tuple[str, ...], form: str) -> None:
    before = held(plan.parent)
    dry = invoke(arguments[0], plan, *arguments[1:], "--dry-run", "--format", form)
    assert held(plan.parent) == before
    wet = invoke(arguments[0], plan, *arguments[1:], "--format", form)

    assert (dry.code, wet.code) == (0, 0)
    assert held(plan.parent) != before
    assert re.sub(r".*this is a dry run\.\**\n+", "", dry.out) == wet.out
    assert dry.err == wet.err
    assert ("@@" in wet.out) == (form != "csv")
    assert ("@@" in wet.err) == (form == "csv")


def test_a_plan_that_is_wrong_is_not_edited(plan: Path) -> None:
    plan.write_text(COUNCIL.replace('zone = "Africa/Nairobi"', 'zone = "Geneva"'), "utf-8")
    done = invoke("cancel", plan, "2026-02-10")

    assert done.code == 2
    assert "the plan has 1 mistake; nothing was written" in done.err


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_an_edit_and_its_undo_leave_no_trace_in_an_example(path: Path) -> None:
    plan = load_plan(path)
    taken = {change.date for change in plan.series.overrides}
    free = [call for call in plan.calls if call.slot_number is not None and call.date not in taken]
    for call in (free[0], free[-1]):
        for edit, undo in (
            (cancel_call(plan, call, note="no call"), restore_call),
            (move_call(plan, call, CallMove(to=call.date + timedelta(days=1), note="later", minutes=30)), reset_call),
        ):
            edited = written(path, plan, edit)
            then = next(other for other in edited.plan.calls if other.uid == call.uid)
            undone = undo(edited.plan, then).plan
            assert undone == plan
            assert write_changes(edited.after, edited.plan.series, undone.series) == edited.before


def other_lines(text: str) -> list[str]:
    """The lines of a plan that stand in no exception and no extra call, nor are comments between them."""
    tables = re.split(r"(?m)^(?=\[)", text)
    plain = [table for table in tables if not table.startswith(("[[exceptions", "[[extras"))]
    return [line for table in plain for line in table.splitlines() if line and not line.startswith("#")]


LINES = st.sampled_from(PLANS).flatmap(lambda path: st.tuples(st.just(path), st.integers(0, 50), st.booleans()))


@given(asked=LINES, note=st.none() | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_an_edit_changes_no_line_of_another_table(asked: tuple[Path, int, bool], note: str | None) -> None:
    path, number, off = asked
    plan = load_plan(path)
    call = plan.calls[number % len(plan.calls)]
    if not call.is_held:
        edit = restore_call(plan, call, note=note)
    elif off:
        edit = cancel_call(plan, call, note=note)
    else:
        edit = move_call(plan, call, CallMove(minutes=45, note=note))
    edited = written(path, plan, edit)

    rest = iter(edited.after.splitlines())
    assert all(line in rest for line in other_lines(edited.before))
    changes = find_call_changes(plan.calls, edited.plan.calls)
    assert call.uid in {change.uid for change in changes}
    assert plan_from(path, edited.after.encode()).series == edited.plan.series


def test_extras_may_be_edited_where_there_are_many(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(COUNCIL, "utf-8")
    for hour in (10, 11, 12):
        invoke("extra", path, "2026-03-08", "--at", f"{hour}:00")
    invoke("cancel", path, "council-20260308-extra2@council.example.org")
    plan = load_plan(path)

    assert [(extra.at.hour, extra.cancel) for extra in plan.series.extras] == [
        (9, False),
        (10, False),
        (11, True),
        (12, False),
    ]
    edit = add_extra(plan, Extra(date=plan.series.extras[0].date, at=plan.series.extras[0].at))
    assert written(path, plan, edit).plan.calls[-4:-2] != plan.calls[-4:-2]


# The changes themselves.


def test_every_kind_of_change_is_known(plan: Path) -> None:
    calls = load_plan(plan).calls
    first, second = calls[0], calls[1]

    def kinds(before: list[Call], after: list[Call]) -> list[ChangeKind]:
        return [change.kind for change in find_call_changes(before, after)]

    off = cancel_call(load_plan(plan), first).plan.calls
    cancelled = next(call for call in off if call.uid == first.uid)
    moved = next(call for call in off if call.uid == second.uid)
    assert kinds([first, second], [first, second]) == []
    assert kinds([first], [first, second]) == [ChangeKind.ADDED]
    assert kinds([first, second], [second]) == [ChangeKind.DROPPED]
    assert kinds([first], [cancelled]) == [ChangeKind.CANCELLED]
    assert kinds([cancelled], [first]) == [ChangeKind.REVIVED]
    assert kinds([second], [moved]) == [ChangeKind.MOVED]


# The next season.


def test_the_next_season_is_written_beside_the_last(plan: Path) -> None:
    done = invoke("next-season", plan, "--from", "2026-09-01", "--count", "3")

    assert done.code == 0, done.err
    assert sorted(held(plan.parent)) == ["plan-2026-09-01-carried.csv", "plan-2026-09-01.toml", "plan.toml"]
    assert load_plan(plan).series.meeting.season == Season(last=date(2026, 8, 31))
    assert added_lines(plan) == ["season-to = 2026-08-31"]
    new = load_plan(plan.with_name("plan-2026-09-01.toml"))
    assert new.series.meeting.season == Season(first=date(2026, 9, 1))
    assert [(call.number, call.slot, call.uid[:16]) for call in new.calls] == [
        (8, "early", "council-20260901"),
        (9, "midday", "council-20260908"),
        (10, "late", "council-20260915"),
    ]
    assert [line.calls for line in new.carried] == [7]
    assert plan_files(new) == (plan.with_name("plan-2026-09-01.toml"), plan.with_name("plan-2026-09-01-carried.csv"))
    assert "3 calls from 2026-09-01 to 2026-09-15, numbers from 8 on; the first turn is that of slot 1 (early)" in (
        done.out
    )
    assert "Both plans can write the same calendar" in done.out


@pytest.mark.parametrize("layout", ["calls", "series"])
def test_two_seasons_share_a_calendar_in_any_order(plan: Path, tmp_path: Path, layout: str) -> None:
    new, feed = plan.with_name("plan-2026-09-01.toml"), tmp_path / "feed.ics"
    held_by_both = {(call.start, call.end) for call in load_plan(plan).calls if call.is_held}
    assert invoke("next-season", plan, "--from", "2026-09-01", "--count", "3").code == 0
    held_by_both |= {(call.start, call.end) for call in load_plan(new).calls if call.is_held}

    for turn, name in enumerate((plan, new, plan, new, new, plan)):
        stamp = f"2026-02-0{turn + 1}T00:00:00Z"
        done = invoke("ics", name, "-o", feed, "--layout", layout, "--stamp", stamp)
        assert done.code == 0, done.err
        if turn > 1:
            assert "nothing has changed" in done.err
        found = expand_occurrences(read_prior(feed.read_bytes(), load_plan(new).series.meeting).events).values()
        assert not turn or {(one.start, one.end) for one in found if not one.cancelled} == held_by_both


def test_a_call_that_left_its_season_is_cancelled_and_that_of_the_other_is_not(plan: Path, tmp_path: Path) -> None:
    new, feed = plan.with_name("plan-2026-09-01.toml"), tmp_path / "feed.ics"
    invoke("next-season", plan, "--from", "2026-09-01", "--count", "3")
    for name in (plan, new):
        invoke("ics", name, "-o", feed, "--stamp", "2026-02-01T00:00:00Z")
    new.write_text(new.read_text("utf-8").replace("count = 3", "count = 2"), "utf-8")
    document = documented(
        invoke("changes", new, "--previous", feed, "--stamp", "2026-02-02T00:00:00Z", "--format", "json")
    )

    (change,) = json.loads(json.dumps(document["changes"]))
    assert (change["uid"][:16], change["kind"]) == ("council-20260915", "dropped")


def test_calls_outside_the_season_are_a_mistake(plan: Path) -> None:
    plan.write_text(COUNCIL.replace("\n[schedule]", "season-to = 2026-02-20\n\n[schedule]"), "utf-8")
    done = invoke("calls", plan)

    assert done.code == 2
    assert "meeting.season-to: found 2026-02-20, before the call of 2026-03-10; write 2026-03-10" in done.err


def test_a_plan_that_goes_on_is_ended_and_both_are_written(plan: Path) -> None:
    document = documented(
        invoke("next-season", plan, "--from", "2026-02-20", "--cut", "--until", "2026-03-10", "--format", "json")
    )
    old, new = load_plan(plan), load_plan(plan.with_name("plan-2026-02-20.toml"))

    assert [call.number for call in (*old.calls, *new.calls)] == [1, 2, 3, 4, 5, 6, 7]
    assert new.series.overrides == (Override(date=new.calls[0].date, to=new.calls[0].start.date(), note="a holiday"),)
    assert document["changes"] == []
    assert str(document["diff"]).count("+++ ") == 2


def test_the_roster_is_found_from_another_folder(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "mag-2020", tmp_path / "2020")
    (tmp_path / "2021").mkdir()
    out = tmp_path / "2021" / "plan.toml"
    done = invoke("next-season", tmp_path / "2020" / "plan.toml", "--from", "2021-06-29", "-o", out)

    assert done.code == 0, done.err
    assert len(load_plan(out).members) == 50
    assert 'file = "../2020/members.csv"                     # fifty synthetic seats' in out.read_text("utf-8")
    assert sorted(held(tmp_path / "2021")) == ["plan-carried.csv", "plan.toml"]


def test_no_file_is_replaced_unless_asked(plan: Path) -> None:
    asked = ("next-season", plan, "--from", "2026-09-01")
    invoke(*asked)
    before = held(plan.parent)
    again = invoke(*asked, "--count", "1")

    assert again.code == 2
    assert "is there already and was left as it was" in again.err
    assert held(plan.parent) == before
    assert invoke(*asked, "--count", "1", "--force").code == 0
    assert len(load_plan(plan.with_name("plan-2026-09-01.toml")).calls) == 1
    assert invoke(*asked, "--force", "-o", plan).code == 2


@pytest.mark.parametrize("there", [False, True], ids=["new files", "files replaced"])
@pytest.mark.parametrize("fails", [0, 1, 2])
def test_where_one_file_cannot_be_written_none_is(
    plan: Path, fails: int, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    asked = ("next-season", plan, "--from", "2026-02-20", "--cut", "--force")
    if there:
        for name in ("plan-2026-02-20.toml", "plan-2026-02-20-carried.csv"):
            (plan.parent / name).write_text(name, "utf-8")
    before = held(plan.parent)
    seen: list[str] = []
    replace = Path.replace

    def fail(self: Path, target: Path) -> Path:
        seen.append(target.name)
        if len(seen) == fails + 1:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    done = invoke(*asked)

    assert done.code == 2
    assert "no space left on device; nothing was changed" in done.err
    assert held(plan.parent) == before


def test_a_season_under_another_id_is_a_family_of_its_own(plan: Path) -> None:
    document = documented(
        invoke("next-season", plan, "--from", "2026-09-01", "--id", "council-2", "--format", "json", "--dry-run")
    )

    assert document["meeting"] == "council-2"
    assert all(change["uid"].startswith("council-2-") for change in json.loads(json.dumps(document["changes"])))
