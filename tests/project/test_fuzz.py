"""A short and fixed part of what ``make fuzz`` does for ten minutes, and whether the fuzzer finds what is wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import fuzzing
from mag_rotation.errors import InvalidValue


@pytest.mark.parametrize("name", [reader.name for reader in fuzzing.make_readers()])
def test_a_mutated_input_gets_an_answer_or_an_error_of_ours(name: str, tmp_path: Path) -> None:
    tried, found = fuzzing.run(20261128, tmp_path, count=40, only=name)

    assert tried[name] == 40
    assert [(finding.data, finding.trouble) for finding in found] == []


def reader_of(read: object) -> fuzzing.Reader:
    assert callable(read)
    return fuzzing.Reader(name="own", read=read, seeds=(b"seed",), words=(b"word",))


def test_an_error_that_is_not_ours_is_found(tmp_path: Path) -> None:
    def fail(_data: bytes, _folder: Path) -> None:
        raise KeyError("lost")

    found = fuzzing.try_input(reader_of(fail), b"x", tmp_path)

    assert found is not None
    assert "KeyError: 'lost'" in found.trouble


def test_an_error_of_ours_is_an_answer(tmp_path: Path) -> None:
    def refuse(_data: bytes, _folder: Path) -> None:
        raise InvalidValue("no")

    assert fuzzing.try_input(reader_of(refuse), b"x", tmp_path) is None


def test_work_without_end_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "MOST_SECONDS", 0.05)

    def spin(_data: bytes, _folder: Path) -> None:
        while True:
            pass

    found = fuzzing.try_input(reader_of(spin), b"x", tmp_path)

    assert found is not None
    assert "took more than" in found.trouble


@pytest.mark.parametrize("damage", fuzzing.DAMAGES, ids=lambda damage: damage.__name__)
def test_every_kind_of_damage_does_some_and_the_same_each_time(damage: object) -> None:
    assert callable(damage)
    reader = fuzzing.Reader(name="own", read=lambda _d, _f: None, seeds=(b"x 12\r\ny\r\n",), words=(b"word",))
    before = b"BEGIN:A\r\nN:12\r\nEND:B\r\n"
    results = [
        [damage(before, 5, random.Random(seed), reader) for seed in range(30)]  # noqa: S311
        for _ in range(2)
    ]

    assert results[0] == results[1]
    assert set(results[0]) - {before}
