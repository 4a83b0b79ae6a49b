"""What is too large to be parsed is refused before; twice the input takes about twice the steps, not four times."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from mag_rotation.errors import InvalidValue, Mistake
from mag_rotation.ics.lenient import read_lenient
from mag_rotation.ics.replies import replies_in
from mag_rotation.ics.uids import own_uid
from mag_rotation.limits import (
    CALENDAR_LINES,
    CHARSETS,
    INSIDE,
    find_calendar_problem,
    find_mail_problem,
    find_toml_problem,
)
from mag_rotation.plan.reader import parse_toml
from mag_rotation.plan.sheets import sheet_rows

REFERENCE = Path(__file__).parent.parent / "docs" / "reference" / "limits.md"


def test_the_reference_shows_what_is_looked_at_before_parsing() -> None:
    rows = [line for line in REFERENCE.read_text("utf-8").splitlines() if line.startswith("| inside ")]

    assert rows == [f"| inside {kind} | {most} |" for kind, most in INSIDE]


def test_every_charset_is_one_that_python_knows() -> None:
    for name in CHARSETS:
        assert isinstance("a".encode(name), bytes)
    assert not {"punycode", "idna", "utf-7", "unicode_escape", "uu", "zip", "rot13"} & CHARSETS


LONG_KEYS = [
    ".".join("a" * 17) + " = 1",
    "ok = 1\n[" + " . ".join("a" * 17) + "]",
    "x = { " + '."b"' * 0 + ".".join(['"a"'] * 20) + " = 1 }",
    "[[" + ".".join(["'a'"] * 20000) + "]]",
    ".".join(["a"] * 20000) + "=1",
]


@pytest.mark.parametrize("text", LONG_KEYS, ids=range(len(LONG_KEYS)))
def test_a_dotted_key_of_many_parts_is_refused_before_it_is_parsed(text: str) -> None:
    tracemalloc.start()
    parsed = parse_toml(text.encode(), "plan.toml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert parsed.data == {}
    assert [mistake.problem.partition(": ")[2] for mistake in parsed.mistakes] == [
        "found a dotted key of more than 16 parts; a plan has three at most"
    ]
    assert peak < 20 * len(text) + 200_000


@pytest.mark.parametrize(
    "text", [".".join("a" * 16) + " = 1", 'a = "..................."', 'a = "1.2.3.4 and 5.6.7.8"']
)
def test_a_key_of_few_parts_and_dots_in_a_text_are_let_pass(text: str) -> None:
    assert find_toml_problem(text) is None


def mail(head: str = "", body: str = "text") -> bytes:
    return f"From: a@example.org\r\n{head}\r\n\r\n{body}".encode()


COSTLY = [
    (mail(f"To: {'(' * 5000}"), "more than 50 opening brackets"),
    (mail(f"Cc: {'(' * 51}"), "more than 50 opening brackets"),
    (mail('Content-Type: text/calendar; x="' + ";" * 100_000), "more than 16 KiB in a header"),
    (mail("Content-Type: text/calendar" + ";\r\n x=1" * 4000), "more than 16 KiB in a header"),
    (mail("Content-Type: multipart/mixed; boundary=a", "--a\r\nContent-Type: text/plain" + "; x=1" * 9000), "16 KiB"),
    (mail("X: " + "y" * 300_000), "more than 256 KiB of headers"),
    (b"a" * 300_000, "more than 256 KiB of headers"),
    (mail(body="Content-Type: text/plain\r\n" * 1001), "more than 1,000 parts"),
    (mail(body="Content-Type: multipart/mixed\r\n" * 21), "more than 20 parts that hold others"),
    (mail(body="content-type : message/rfc822\r\n" * 21), "more than 20 parts that hold others"),
]


@pytest.mark.parametrize(("data", "said"), COSTLY, ids=range(len(COSTLY)))
def test_a_mail_that_is_costly_to_parse_is_refused_before_it_is(data: bytes, said: str) -> None:
    mistakes: list[Mistake] = []

    assert said in (find_mail_problem(data) or "")
    assert replies_in(data, "x.eml", mistakes) == ()
    assert said in mistakes[0].problem


@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "unicode_escape", "zip", "x" * 500, "utf-8\\x00"])
def test_a_charset_that_is_not_on_the_list_is_not_decoded(charset: str) -> None:
    mistakes: list[Mistake] = []
    replies_in(mail(f'Content-Type: text/calendar; charset="{charset}"', "a" * 350_000), "x.eml", mistakes)

    assert "holds a calendar part that" in mistakes[0].problem


def test_a_calendar_of_too_many_lines_is_refused_before_it_is_parsed() -> None:
    for end in (b"\n", b"\r"):
        data = b"BEGIN:VCALENDAR" + end * (CALENDAR_LINES + 1)
        assert "more than 500,000 lines" in (find_calendar_problem(data) or "")
        with pytest.raises(InvalidValue, match="more than 500,000 lines"):
            read_lenient(data)


# Work that grows with the input, and not with its square.


def steps_of(work: Callable[[], object]) -> int:
    """How many functions are called and left: what a clock would measure, without the noise of one."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def calendar(*lines: str) -> bytes:
    inner = "\r\n".join(lines)
    text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{inner}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    return text.encode()


GROWING: dict[str, Callable[[int], Callable[[], object]]] = {
    "lines": lambda n: lambda: read_lenient(calendar(*["X-A:1"] * n)),
    "folds": lambda n: lambda: read_lenient(calendar("X-A:1" + "\r\n a" * n)),
    "parameters": lambda n: lambda: read_lenient(calendar("X-A" + ";b=c" * (n // 4) + ":1")),
    "pieces": lambda n: lambda: read_lenient(calendar("X-A;b=c" + ";" * n + ":1")),
    "quotes": lambda n: lambda: read_lenient(calendar('ATTENDEE;CN="a' + '"' * n + ":mailto:a@example.org")),
    "components": lambda n: lambda: read_lenient(calendar(*["BEGIN:VALARM", "END:VALARM"] * n)),
    "ends": lambda n: lambda: read_lenient(calendar(*["END:VALARM"] * n)),
    "blanks of a uid": lambda n: lambda: own_uid("a" + " " * n),
    "hyphens of a uid": lambda n: lambda: own_uid("a-" * n),
    "digits of a uid": lambda n: lambda: own_uid("1" * n + "-"),
    "rows": lambda n: lambda: sheet_rows(("id,zone\n" + "a,UTC\n" * n).encode(), "m.csv", ("id", "zone"), []),
    "columns": lambda n: lambda: sheet_rows((",".join(["id", "zone"] * n) + "\n").encode(), "m.csv", ("id",), []),
}


@pytest.mark.parametrize("name", GROWING)
def test_twice_the_input_takes_about_twice_the_steps(name: str) -> None:
    make = GROWING[name]
    make(10)()  # what is made once is made now

    once, twice = steps_of(make(1000)), steps_of(make(2000))

    assert twice <= 2.2 * once + 200


LARGE = 1024 * 1024


@pytest.mark.parametrize("letter", [" ", "-", "1", "a", ".", "@"])
def test_a_text_of_megabytes_is_no_uid_and_is_found_out_at_once(letter: str) -> None:
    """A pattern that tries again from every letter would take days here."""
    assert own_uid("a" + letter * LARGE + "\n") is None


@pytest.mark.parametrize("piece", ["0", "a", "-", ".", " .", '"', "'", '"a".', "a.b ", "[", "\n", " "])
def test_a_plan_of_a_mebibyte_of_anything_is_looked_at_at_once(piece: str) -> None:
    found = find_toml_problem(piece * (LARGE // len(piece)))

    assert (found is None) == (piece != '"a".')


@pytest.mark.parametrize("piece", ["a", " ", "\r\n ", "\r\n", "to:", "To: ", "content-type:", "(", "To: \r\n\t"])
def test_a_mail_of_a_mebibyte_of_anything_is_looked_at_at_once(piece: str) -> None:
    data = b"From: a@example.org\r\n\r\n" + piece.encode() * (LARGE // len(piece))

    assert (find_mail_problem(data) is None) == (not piece.strip("(\r\n a"))


@pytest.mark.parametrize("piece", [";", '"', ";a=", ';a="', ",", "^", ":", "\\"])
def test_a_line_of_megabytes_is_read_at_once(piece: str) -> None:
    data = calendar("ATTENDEE" + piece * (LARGE // len(piece)), "DTSTART;TZID=" + piece * (LARGE // len(piece)))

    assert read_lenient(data).calendars[0].components[0].name == "VEVENT"
