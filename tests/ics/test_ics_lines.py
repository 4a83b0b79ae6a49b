"""Content lines: 75 octets, CR LF, and a line that unfolding gives back whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mag_rotation.ics.content_lines import encode_lines, fold

LETTERS = st.sampled_from(["a", "é", "日", "👩", "\u200f", "\\n", "\\,", "\\;", "\\\\", " ", "\t"])
LINES = st.lists(LETTERS, max_size=200).map("".join)


def physical(line: str) -> list[bytes]:
    return fold(line).encode().split(b"\r\n")


@given(LINES)
def test_unfolding_gives_the_line_back(line: str) -> None:
    """Whether a reader unfolds octets or text, and whether it takes out the blank or the whole break."""
    assert fold(line).replace("\r\n ", "") == line
    assert fold(line).encode().replace(b"\r\n ", b"") == line.encode()


@given(LINES)
def test_no_line_is_longer_than_75_octets_and_none_is_empty(line: str) -> None:
    parts = physical(line)

    assert all(len(part) <= 75 for part in parts)
    assert all(part.startswith(b" ") and len(part) > 1 for part in parts[1:])


@given(LINES)
def test_no_fold_falls_inside_a_character(line: str) -> None:
    assert (
        "".join(part.decode("utf-8").removeprefix(" " if index else "") for index, part in enumerate(physical(line)))[
            : len(line)
        ]
        == line
    )


@given(LINES)
def test_no_fold_falls_inside_an_escape(line: str) -> None:
    for part in physical(line)[:-1]:
        backslashes = len(part) - len(part.rstrip(b"\\"))
        assert backslashes % 2 == 0


@given(LINES)
def test_lines_are_filled_so_that_files_stay_short(line: str) -> None:
    """A fold comes only where the next character or escape, six octets at most, would not have fitted."""
    assert all(len(part) > 75 - 6 for part in physical(line)[:-1])


@pytest.mark.parametrize("size", [0, 1, 74, 75, 76, 149, 150])
def test_a_line_is_folded_only_when_it_has_to_be(size: int) -> None:
    assert len(physical("x" * size)) == 1 + max(0, -(-(size - 75) // 74))


@pytest.mark.parametrize(
    ("line", "folded"),
    [
        ("x" * 74 + "\\,y", "x" * 74 + "\r\n \\,y"),
        ("x" * 74 + "é", "x" * 74 + "\r\n é"),
        ("x" * 72 + "👩", "x" * 72 + "\r\n 👩"),
        ("x" * 73 + "\\\\\\n", "x" * 73 + "\\\\\r\n \\n"),
        ("x" * 75 + "\\", "x" * 75 + "\r\n \\"),
        ("x" * 75 + " y", "x" * 75 + "\r\n  y"),
    ],
)
def test_the_fold_stands_before_what_does_not_fit(line: str, folded: str) -> None:
    assert fold(line) == folded


def test_a_file_ends_every_line_with_cr_lf() -> None:
    assert encode_lines(["A:1", "B:" + "é" * 60]) == b"A:1\r\n" + fold("B:" + "é" * 60).encode() + b"\r\n"
    assert encode_lines([]) == b""
