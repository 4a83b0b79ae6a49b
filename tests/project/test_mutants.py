"""Whether `make mutants` makes the changes that it should, and knows what the tests noticed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import mutants

CODE = b"""def is_near(low: int | None, far: int) -> bool:
    return low is not None and far - low <= 3
"""
ALMOST = """from mag_rotation.calls import is_near

def test_near():
    assert is_near(1, 3)
"""


@pytest.mark.parametrize(
    ("code", "others"),
    [
        ("low < high", ["low <= high"]),
        ("low <= at < high", ["low < at < high", "low <= at <= high"]),
        ("one == two", ["one != two"]),
        ("one is not two", ["one is two"]),
        ("one in many", ["one not in many"]),
        ("one + two", ["one - two"]),
        ("one * two // three", ["one * two * three", "one // two"]),
        ("one % two", ["one // two"]),
        ("one and two and three", ["one or two or three"]),
        ("one or (two and three)", ["one and (two and three)", "two or three"]),
        ("not one", ["one"]),
        ("-one", ["one"]),
        ("min(one, two)", ["max(one, two)"]),
        ("many.max(axis=one)", ["many.min(axis=one)"]),
        ("any(many)", ["all(many)"]),
        ("many[0]", ["1", "-1"]),
        ("many[one:]", []),
        ("True", []),
        ("f'{one + 1}'", []),
        ("'x' 'y'", []),
    ],
)
def test_each_operator_constant_and_end_has_its_changes(code: str, others: list[str]) -> None:
    assert [mutant.after for mutant in mutants.find_mutants(code.encode(), "x.py")] == others


def test_annotations_and_decorators_are_left() -> None:
    source = b"@cache(size=3)\ndef f(a: int | None = None) -> int | str:\n    b: dict[int, 3] = {}\n"

    assert list(mutants.find_mutants(source, "x.py")) == []


def test_a_change_is_made_in_its_place_and_keeps_what_is_around_it() -> None:
    source = "\u00e4 = '\u00fc' if low < 1 else not (a or b)  # \u00f6\n".encode()

    assert [mutant.change(source).decode() for mutant in mutants.find_mutants(source, "x.py")] == [
        "\u00e4 = '\u00fc' if (low <= 1) else not (a or b)  # \u00f6\n",
        "\u00e4 = '\u00fc' if low < (2) else not (a or b)  # \u00f6\n",
        "\u00e4 = '\u00fc' if low < (0) else not (a or b)  # \u00f6\n",
        "\u00e4 = '\u00fc' if low < 1 else (a or b)  # \u00f6\n",
        "\u00e4 = '\u00fc' if low < 1 else not ((a and b))  # \u00f6\n",
    ]


@pytest.mark.parametrize("part", mutants.ROOMS)
def test_a_changed_file_of_a_room_can_be_read(part: str) -> None:
    found = mutants.find_visible_mutants([part])

    assert len(found) > 30
    for mutant in found[::20]:
        ast.parse(mutant.change((mutants.ROOT / mutants.PACKAGE / mutant.file).read_bytes()))


def test_every_change_that_cannot_be_seen_is_one_that_can_be_made() -> None:
    made = {mutant.key for mutant in mutants.find_mutants_of(mutants.ROOMS)}

    assert [key for key in mutants.read_unseen() if key not in made] == []


def test_a_room_is_asked_before_those_above_it() -> None:
    assert mutants.order_rooms("zones/__init__.py")[:2] == ["zones", "calls"]
    assert mutants.order_rooms("propose/judge")[0] == "propose"
    assert not set(mutants.order_rooms("series")) & mutants.TOO_SLOW


def test_what_the_tests_notice_is_told_from_what_they_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    for path, text in {
        "src/mag_rotation/__init__.py": "",
        "src/mag_rotation/calls/__init__.py": CODE.decode(),
        "tests/calls/test_near.py": ALMOST,
        "tests/calls/test_wrong.py": "def test_wrong():\n    assert False\n",
    }.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, "utf-8")
    monkeypatch.setattr(mutants, "ROOT", project)
    copy = mutants.Copy(tmp_path / "copy")
    failing = mutants.find_failing(copy, ["calls"], 1)
    copy.leave_out(failing)
    changes = [
        mutant
        for mutant in mutants.find_mutants(CODE, "calls/__init__.py")
        if mutant.after in {"low is None", "far - low < 3"}
    ]

    outcomes = {mutant.after: outcome.value for mutant, outcome in mutants.try_mutants(changes, [copy])}

    assert failing == ["tests/calls/test_wrong.py::test_wrong"]
    assert outcomes == {"low is None": "noticed", "far - low < 3": "survived"}
    assert (copy.root / "src/mag_rotation/calls/__init__.py").read_bytes() == CODE
