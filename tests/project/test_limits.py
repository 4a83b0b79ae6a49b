"""What is too large to be parsed is refused before; twice the input takes about twice the steps, not four times."""

from __future__ import annotations

import json
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from unittest.mock import patch

import pytest

from mag_rotation.calls import make_call_finder, unroll
from mag_rotation.errors import (
    InvalidCalendar,
    InvalidPlan,
    InvalidProposal,
    InvalidScheduleFile,
    InvalidValue,
    Mistake,
    UnreadableFile,
    UnusableEdition,
)
from mag_rotation.exchange import read_schedule
from mag_rotation.ics import CalendarLayout, PriorCalendar, edit_calls, merge_calendars, read_prior
from mag_rotation.ics.reader import read_lenient
from mag_rotation.ics.uids import parse_own_uid
from mag_rotation.infer.external import read_external
from mag_rotation.infer.infer_plan import infer_plan
from mag_rotation.invite.invitations import make_invitations
from mag_rotation.invite.replies import match_replies, read_replies
from mag_rotation.limits import (
    CALENDAR_LINES,
    CHARSETS,
    INSIDE,
    LISTED_TIMES,
    PROPOSAL_VALUES,
    TIME_ZONES,
    WORK,
    find_calendar_problem,
    find_mail_problem,
    find_toml_problem,
)
from mag_rotation.planfile import plan_from
from mag_rotation.planfile.attendance import read_attendance, read_attendance_list
from mag_rotation.planfile.people import draft_roster, read_people
from mag_rotation.planfile.proposals import read_proposal
from mag_rotation.planfile.reader import parse_toml
from mag_rotation.planfile.sheets import read_sheet_rows
from mag_rotation.publish.http import read_challenges
from mag_rotation.publish.journal import read_journal
from mag_rotation.publish.multistatus import read_multistatus
from mag_rotation.roster import UTC_ZONE, Member, Stay, ZoneName
from mag_rotation.series import Extra, Meeting, Organizer, Rotation, Schedule, Series, Slot
from paths import DATA, ROOT

STAMP = datetime(2026, 1, 1, tzinfo=UTC)
REFERENCE = ROOT / "docs" / "reference" / "limits.md"


def test_the_reference_shows_what_is_looked_at_before_parsing() -> None:
    rows = [line for line in REFERENCE.read_text("utf-8").splitlines() if line.startswith("| inside ")]

    assert rows == [f"| inside {kind} | {most} |" for kind, most in INSIDE]
    rows = [line for line in REFERENCE.read_text("utf-8").splitlines() if line.startswith("| work on ")]
    assert rows == [f"| work on {kind} | {most} |" for kind, most in WORK]


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
    assert read_replies(data, "x.eml", mistakes) == ()
    assert said in mistakes[0].problem


@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "unicode_escape", "zip", "x" * 500, "utf-8\\x00"])
def test_a_charset_that_is_not_on_the_list_is_not_decoded(charset: str) -> None:
    mistakes: list[Mistake] = []
    read_replies(mail(f'Content-Type: text/calendar; charset="{charset}"', "a" * 350_000), "x.eml", mistakes)

    assert "holds a calendar part that" in mistakes[0].problem


def test_a_calendar_of_too_many_lines_is_refused_before_it_is_parsed() -> None:
    for end in (b"\n", b"\r"):
        data = b"BEGIN:VCALENDAR" + end * (CALENDAR_LINES + 1)
        assert "more than 500,000 lines" in (find_calendar_problem(data) or "")
        with pytest.raises(InvalidValue, match="more than 500,000 lines"):
            read_lenient(data)


@pytest.mark.parametrize("name", ["RDATE", "EXDATE", "RDATE;VALUE=DATE"])
@pytest.mark.parametrize("lists", [1, 50])
def test_a_calendar_of_too_many_listed_times_is_refused_before_they_are_read(name: str, lists: int) -> None:
    one = f"{name}:{','.join(['x'] * (LISTED_TIMES // lists))}"
    assert len(read_lenient(calendar(*[one] * lists)).calendars) == 1
    with pytest.raises(InvalidValue, match="more than 50,000 times in EXDATE and RDATE, the most that is read"):
        read_lenient(calendar(*[one] * lists, "RDATE:20260106T140000Z"))


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


def spreadsheet(head: str, rows: Iterable[str], *, again: bool = False) -> Callable[[], object]:
    """Reading a spreadsheet of people, and again with the roster that it gave; no city is known."""
    data = "\n".join((head, *rows)).encode()

    def work() -> object:
        with patch("mag_rotation.places.locate._load_cities", tuple):
            first = draft_roster(read_people(data, "people.csv"), today=date(2026, 11, 1))
            existing = first.text.encode() if again else None
            return draft_roster(read_people(data, "people.csv", existing=existing), today=date(2026, 11, 1))

    return work


GROWING: dict[str, Callable[[int], Callable[[], object]]] = {
    "lines": lambda n: lambda: read_lenient(calendar(*["X-A:1"] * n)),
    "folds": lambda n: lambda: read_lenient(calendar("X-A:1" + "\r\n a" * n)),
    "parameters": lambda n: lambda: read_lenient(calendar("X-A" + ";b=c" * (n // 4) + ":1")),
    "pieces": lambda n: lambda: read_lenient(calendar("X-A;b=c" + ";" * n + ":1")),
    "quotes": lambda n: lambda: read_lenient(calendar('ATTENDEE;CN="a' + '"' * n + ":mailto:a@example.org")),
    "components": lambda n: lambda: read_lenient(calendar(*["BEGIN:VALARM", "END:VALARM"] * n)),
    "ends": lambda n: lambda: read_lenient(calendar(*["END:VALARM"] * n)),
    "ends in components in each other": lambda n: (
        lambda: read_lenient(calendar(*["BEGIN:X"] * n, *["END:Y"] * n, *["END:X"] * n))
    ),
    "blanks of a uid": lambda n: lambda: parse_own_uid("a" + " " * n),
    "hyphens of a uid": lambda n: lambda: parse_own_uid("a-" * n),
    "digits of a uid": lambda n: lambda: parse_own_uid("1" * n + "-"),
    "rows": lambda n: lambda: read_sheet_rows(("id,zone\n" + "a,UTC\n" * n).encode(), "m.csv", ("id", "zone"), []),
    "people of one name": lambda n: spreadsheet("Name,E-mail", (f"Ana,a{number}@example.org" for number in range(n))),
    "people of one address": lambda n: spreadsheet("Name,E-mail,Region", (f"Ana,a@example.org,{k}" for k in range(n))),
    "people of one country": lambda n: spreadsheet("Name,City,Country", (f"P{k},City{k},Peru" for k in range(n))),
    "people in unknown places": lambda n: spreadsheet("Name,City", (f"P{k},Xyzzy{k}" for k in range(40 + n))),
    "people again": lambda n: spreadsheet("Name,E-mail", (f"P{k},a{k}@example.org" for k in range(n)), again=True),
    "columns of people": lambda n: spreadsheet(
        ",".join(["Name,Country", *map(str, range(n))]), ["Ana,Peru" + ",x" * n] * 3
    ),
    "pieces of a place": lambda n: spreadsheet("Name,City", [f"Ana,{'Rome/' * n}"]),
    "columns": lambda n: lambda: read_sheet_rows((",".join(["id", "zone"] * n) + "\n").encode(), "m.csv", ("id",), []),
}


HEAD = """format = 1
meeting = { id = "wg", name = "X", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2026-01-06, repeat = "FREQ=DAILY", count = 400 }
"""
NOON = 'rotation = { slots = [{ at = "14:00", label = "noon" }] }\n'


def plan(*tables: str, head: str = HEAD + NOON, files: Mapping[str, str] | None = None) -> Callable[[], object]:
    """Reading a plan of these tables, right or wrong."""
    sheets = {name: text.encode() for name, text in (files or {}).items()}

    def work() -> object:
        with suppress(InvalidPlan):
            plan_from(Path("plan.toml"), (head + "\n".join(tables)).encode(), sheets)
        return None

    return work


def foreign(*lines: str) -> Callable[[], object]:
    """Reading the calendar of a series with these lines."""
    return events(("UID:a", "SUMMARY:C", "DTSTART:20260106T140000Z", "DURATION:PT1H", *lines))


def events(*parts: Sequence[str], before: Sequence[str] = ()) -> Callable[[], object]:
    """Reading a calendar of events of these lines, and drawing up the plan of their calls."""
    ends = "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n"
    inner = ends.join("\r\n".join(lines) for lines in parts)
    head = "".join(f"{line}\r\n" for line in ("BEGIN:VCALENDAR", *before, "BEGIN:VEVENT"))
    data = f"{head}{inner}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()

    def work() -> object:
        with suppress(InvalidCalendar):
            return infer_plan(read_external(data, "x.ics"))
        return None

    return work


def fitting_little(work: Callable[[], object]) -> Callable[[], object]:
    """Work with a limit on turns that small inputs meet, too."""

    def bounded() -> object:
        with patch("mag_rotation.infer.fit_series.FITTED_DATES", 1000):
            return work()

    return bounded


def single(number: int, start: datetime, *lines: str, uid: str = "") -> tuple[str, ...]:
    """The lines of an event of an hour."""
    return (f"UID:{uid or number}", "SUMMARY:C", f"DTSTART:{start:%Y%m%dT%H%M}00Z", "DURATION:PT1H", *lines)


def shuffled(count: int) -> Iterator[datetime]:
    """Starts of which no rule makes much: other gaps, other hours."""
    day = datetime(2026, 1, 6)  # noqa: DTZ001 - written as UTC
    for number in range(count):
        day += timedelta(days=(1, 1, 5, 2, 3, 9, 1)[number * number % 7])
        yield day + timedelta(hours=number * 7 % 24, minutes=30 * (number * number % 2))


def blocks(count: int) -> Iterator[datetime]:
    """Starts of a daily series with many stretches at another hour."""
    for number, day in enumerate(days(count)):
        yield datetime.combine(day, time(8 + number // 20 % 10 if number % 20 < 7 else 20))


def days(count: int, first: date = date(2027, 6, 1)) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(count))


GROWING |= {
    "overlapping phases": lambda n: plan(
        *(f'[[phases]]\nname = "p{i}"\nfrom = 2026-01-01\nto = 2026-12-31' for i in range(n // 4))
    ),
    "phases side by side": lambda n: plan(
        *(f'[[phases]]\nname = "p{day}"\nfrom = {day}\nto = {day}' for day in days(n // 4, date(2026, 1, 6)))
    ),
    "phases whose rules give no date": lambda n: plan(
        *(
            f'[[phases]]\nname = "p"\nfrom = {day}\nto = {day}\nrepeat = "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"'
            for day in days(n // 50)
        )
    ),
    "exceptions on other dates": lambda n: plan(*(f"[[exceptions]]\ndate = {day}" for day in days(n // 4))),
    "exceptions in unknown slots": lambda n: plan(
        *(f'[[exceptions]]\ndate = {day}\nslot = "s{day}"' for day in days(n // 10, date(2026, 1, 6))),
        head=HEAD
        + "rotation = { slots = ["
        + ", ".join(f"{{at='14:00', label='x{i}'}}" for i in range(n // 10))
        + "] }\n",
    ),
    "unknown keys": lambda n: plan(
        *(f'[[members]]\nid = "m{i}"\nzone = "UTC"\nnmae{i:04} = "x"' for i in range(n // 4))
    ),
    "unknown curves": lambda n: plan(
        *(f'[[members]]\nid = "m{i}"\nzone = "UTC"\ncurve = "c{i}"' for i in range(n // 4))
    ),
    "members of one id": lambda n: plan(*('[[members]]\nid = "m"\nzone = "UTC"' for _ in range(n // 4))),
    "stays": lambda n: plan(
        '[[members]]\nid = "m"\nzone = "UTC"',
        *(f'[[members.stays]]\nfrom = {day}\nto = {day}\nzone = "Europe/Paris"' for day in days(n // 4)),
    ),
    "misspelt zones": lambda n: plan(
        '[roster]\nfile = "m.csv"',
        files={"m.csv": "id,zone\n" + "".join(f"m{i},Europe/Zurikh{i}\n" for i in range(n))},
    ),
    "unknown ids": lambda n: plan(
        '[roster]\nfile = "m.csv"\n[history]\nfile = "a.csv"',
        files={
            "m.csv": "id,zone\n" + "".join(f"member-{i},UTC\n" for i in range(n // 4)),
            "a.csv": "date,member,attended\n" + "".join(f"2026-01-06,membre-{i},yes\n" for i in range(n // 4)),
        },
    ),
    "groups": lambda n: plan(
        f'[roster]\nfile = "m.csv"\ngroups = [{", ".join(repr(f"h{i}") for i in range(n // 4))}]',
        files={"m.csv": f"id,zone,{','.join(f'g{i}' for i in range(n // 4))}\na,UTC\n"},
    ),
    "columns and rows": lambda n: plan(
        '[roster]\nfile = "m.csv"',
        files={"m.csv": f"id,zone,{','.join(f'g{i}' for i in range(n // 4))}\n" + "a,UTC\n" * (n // 4)},
    ),
    "RDATE": lambda n: foreign(*(f"RDATE:{day:%Y%m%d}T140000Z" for day in days(n // 4))),
    "EXDATE of days": lambda n: foreign(
        f"RRULE:FREQ=DAILY;COUNT={n}", *(f"EXDATE;VALUE=DATE:{day:%Y%m%d}" for day in days(n // 4))
    ),
    "EXDATE without a zone": lambda n: foreign(
        f"RRULE:FREQ=DAILY;COUNT={n}", *(f"EXDATE:{day:%Y%m%d}T140000" for day in days(n // 4))
    ),
    "single events": lambda n: events(*(single(i, at) for i, at in enumerate(shuffled(n // 2)))),
    "stretches in other slots": lambda n: fitting_little(
        events(*(single(i, at) for i, at in enumerate(blocks(n // 4))))
    ),
    "calls on two far days": lambda n: events(
        single(0, datetime(1900, 1, 1)),  # noqa: DTZ001 - written as UTC
        *(single(i, datetime(1950, 12, 1) + timedelta(minutes=i)) for i in range(1, n // 4)),  # noqa: DTZ001
    ),
    "events of one UID": lambda n: events(
        single(0, datetime(2026, 1, 6, 8), *("X-A:1",) * n, "RDATE:20260107T080000Z", uid="a"),  # noqa: DTZ001
        *(single(i, at, uid="a") for i, at in enumerate(shuffled(n // 2))),
    ),
    "changes of one call": lambda n: events(
        single(0, datetime(2026, 1, 6, 8), "RRULE:FREQ=DAILY;COUNT=9", uid="a"),  # noqa: DTZ001
        *(single(i, datetime(2026, 1, 7), "RECURRENCE-ID:20260107T080000Z", uid="a") for i in range(n // 4)),  # noqa: DTZ001
    ),
    "changes of all later calls": lambda n: events(
        single(0, datetime(2026, 1, 6, 8), f"RRULE:FREQ=DAILY;COUNT={n // 4}", uid="a"),  # noqa: DTZ001
        *(
            single(
                i,
                datetime.combine(day, time(i % 24)),
                f"RECURRENCE-ID;RANGE=THISANDFUTURE:{day:%Y%m%d}T080000Z",
                uid="a",
            )
            for i, day in enumerate(days(n // 4, date(2026, 1, 6)))
        ),
    ),
    "questions for calls": lambda n: (
        lambda: [
            find(str(day))
            for find in [make_call_finder(unroll(season(n // 4)))]
            for day in days(n // 4, date(2026, 1, 6))
        ]
    ),
}


def season(count: int) -> Series:
    return Series(
        meeting=Meeting(id="wg", name="X", uid_domain="example.org", minutes=60),
        schedule=Schedule(first=date(2026, 1, 6), repeat="FREQ=DAILY", count=count),
        rotation=Rotation(slots=(Slot(at=time(14)),)),
    )


def write_extras(extras: Iterable[Extra]) -> Series:
    return replace(season(1), extras=tuple(extras))


def people(count: int, *, same_address: bool = False) -> list[Member]:
    return [
        Member(id=f"m{i}", zone=UTC_ZONE, email=f"{'m' if same_address else f'm{i}'}@example.org") for i in range(count)
    ]


def replies(count: int, reply: str) -> Callable[[], object]:
    """Reading so many replies of as many members to as many calls; ``{i}`` in one stands for its number."""
    series, roster = season(count), people(count)
    calls = unroll(series)
    each = (
        reply.format(i=i, uid=call.uid, day=f"{call.date:%Y%m%d}", next=f"{call.date + timedelta(days=1):%Y%m%d}")
        for i, call in enumerate(calls)
    )
    inner = "".join(f"BEGIN:VEVENT\r\n{one}\r\nEND:VEVENT\r\n" for one in each)
    data = f"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n{inner}END:VCALENDAR\r\n".encode()

    def work() -> object:
        mistakes: list[Mistake] = []
        return match_replies(read_replies(data, "x.ics", mistakes), series, calls, roster, mistakes)

    return work


def editions_data(count: int, lines: str, uid: str = "wg-slot{i}@example.org") -> bytes:
    """A calendar that was announced, of so many events."""
    inner = "".join(
        f"BEGIN:VEVENT\r\nUID:{uid.format(i=i + 1)}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:X\r\n"
        f"DTSTART:20260106T140000Z\r\nDURATION:PT1H\r\n{lines}\r\nEND:VEVENT\r\n"
        for i in range(count)
    )
    return f"BEGIN:VCALENDAR\r\n{inner}END:VCALENDAR\r\n".encode()


def editions(count: int, lines: str, *, uid: str = "wg-slot{i}@example.org") -> Callable[[], object]:
    """Reading a calendar that was announced, and joining it with itself."""
    data, meeting = editions_data(count, lines, uid), season(1).meeting

    def work() -> object:
        with suppress(UnusableEdition):
            found = read_prior(data, meeting)
            return merge_calendars(found, found)
        return None

    return work


def moved_extras(count: int) -> Callable[[], object]:
    """The edition after all extra calls of one date have moved to one hour."""
    day = date(2026, 1, 6)
    then = write_extras(Extra(date=day, at=time(i // 60 % 24, i % 60)) for i in range(count))
    now = write_extras(Extra(date=day, at=time(9)) for _ in range(count))
    before = PriorCalendar(
        events=edit_calls(unroll(then), then.meeting, stamp=STAMP).events, layout=CalendarLayout.CALLS
    )
    calls = unroll(now)
    return lambda: edit_calls(calls, now.meeting, stamp=STAMP, previous=before)


def one_address(count: int) -> Callable[[], object]:
    """Inviting members who all have one address."""
    series = season(1)
    meeting = replace(series.meeting, organizer=Organizer(name="O", email="o@example.org"))
    calls, roster = unroll(series), people(count, same_address=True)

    def work() -> object:
        with suppress(InvalidPlan):
            return list(make_invitations(calls, meeting, roster, stamp=STAMP))
        return None

    return work


def journal(count: int, *outcomes: str) -> Callable[[], object]:
    """Reading a journal of so many messages."""
    lines = (
        f'{{"at": "2026-01-01T00:00:00Z", "message": "{i}@x", "outcome": "{outcome}", "file": "a", "answer": ""}}\n'
        for outcome in outcomes
        for i in range(count)
    )
    data = "".join(lines)

    def work() -> object:
        with NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(data)
            file.flush()
            return read_journal(Path(file.name))

    return work


def listed(count: int, response: str) -> Callable[[], object]:
    """Reading the list that a calendar server answers with."""
    inner = "".join(f"<response><href>/c/{i}.ics</href>{response}</response>" for i in range(count))
    return lambda: read_multistatus(f'<multistatus xmlns="DAV:">{inner}</multistatus>'.encode())


PROPOSAL = json.loads((DATA / "proposals" / "version-0.1.json").read_text("utf-8"))


def proposal(**more: object) -> Callable[[], object]:
    """Reading a proposal that has something else under some keys."""
    data = json.dumps(PROPOSAL | more).encode()

    def work() -> object:
        with suppress(InvalidProposal):
            return read_proposal(data, name="p.json")
        return None

    return work


def answers(count: int, rows: Callable[[int], str], header: str) -> Callable[[], object]:
    """Reading a list of who was there, and the sheet of all answers that were known."""
    calls, roster = unroll(season(count)), people(count)
    data = "\n".join((header, *map(rows, range(count)))).encode()

    def work() -> object:
        read_attendance_list(data, "l.csv", calls, roster, [])
        return read_attendance(data, "a.csv", roster, [])

    return work


def traveller(count: int) -> Callable[[], object]:
    """Asking for every call where a member is who travels each day."""
    stays = tuple(Stay(first=day, last=day, zone=UTC_ZONE) for day in days(count))
    member = Member(id="m", zone=UTC_ZONE, stays=stays)

    def on(day: date) -> Callable[[ZoneName], date]:
        return lambda _: day

    return lambda: [member.find_zone(on(day)) for day in days(count)]


def schedule(events: str, count: int) -> Callable[[], object]:
    """Reading a schedule.xml with some events, of which each has its number."""
    head = "<conference><time_zone_name>UTC</time_zone_name></conference><day date='2026-01-06'><room name='A'>"
    body = "".join(events.replace("{i}", str(i)) for i in range(count))
    data = f"<schedule>{head}{body}</room></day></schedule>".encode()

    def work() -> object:
        with suppress(InvalidScheduleFile):
            return read_schedule(data, members=[Member(id=f"m{i}", zone=UTC_ZONE) for i in range(count)])
        return None

    return work


EVENT = "<event id='{i}'><title>A</title><start>10:00</start><duration>1:00</duration>{people}</event>"

GROWING |= {
    "events of a schedule": lambda n: schedule(EVENT.replace("{people}", ""), n // 4),
    "events of one number": lambda n: schedule(EVENT.replace("{people}", "").replace("{i}", "7"), n // 4),
    "events that cannot be read": lambda n: schedule("<event id='{i}'/>", n),
    "people of many events": lambda n: schedule(
        EVENT.replace("{people}", "<persons><person>M{i}</person><person>x{i}</person></persons>"), n // 8
    ),
    "people of one event": lambda n: schedule(
        EVENT.replace(
            "{people}", f"<persons>{''.join(f'<person>m{i}</person><person>x{i}</person>' for i in range(n))}</persons>"
        ),
        1,
    ),
    "fields that are left out": lambda n: schedule(EVENT.replace("{people}", "<x y='z'><a>b</a></x>" * n), 1),
    "replies": lambda n: replies(
        n // 10, "UID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:M{i}@example.org"
    ),
    "replies to calls of a series": lambda n: replies(
        n // 10,
        "UID:wg-slot1@example.org\r\nRECURRENCE-ID:{day}T133000Z\r\nATTENDEE;PARTSTAT=DECLINED:mailto:m{i}@example.org",
    ),
    "replies of strangers": lambda n: replies(
        n // 10, 'UID:{uid}\r\nATTENDEE;PARTSTAT=DECLINED;SENT-BY="mailto:x{i}@example.org":mailto:n{i}@example.org'
    ),
    "replies on many clocks": lambda n: replies(
        1 + n // 20,
        "UID:{uid}\r\nDTSTART;TZID=Zurikh{i}:{day}T140000\r\nATTENDEE;PARTSTAT=DECLINED:mailto:m{i}@example.org",
    ),
    "attendees of a reply": lambda n: replies(
        1,
        "UID:{uid}\r\n"
        + "\r\n".join(
            f'ATTENDEE;PARTSTAT=ACCEPTED;SENT-BY="mailto:s{i}@example.org":mailto:m{i}@x.org' for i in range(n)
        ),
    ),
    "series that were announced": lambda n: editions(n // 10, "RRULE:FREQ=DAILY;COUNT=2"),
    "series of many dates": lambda n: editions(n // 100, "RRULE:FREQ=DAILY;COUNT=9000"),
    "series of seldom dates": lambda n: editions(n // 250, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;COUNT=9"),
    "versions of one event": lambda n: editions(n // 4, "", uid="wg-20260106@example.org"),
    "extra calls of one date": lambda n: moved_extras(n // 10),
    "members of one address": lambda n: one_address(n // 4),
    "stays of a member and calls": traveller,
    "lines of a journal": lambda n: journal(n, "sending", "deferred", "sending", "sent"),
    "objects on a server": lambda n: listed(
        n, '<propstat><prop><getetag>"1"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat>'
    ),
    "properties on a server": lambda n: listed(
        1, f"<propstat><prop>{'<getetag/>' * n}</prop><status>HTTP/1.1 200 OK</status></propstat>"
    ),
    "challenges": lambda n: lambda: read_challenges(", ".join(f'Basic realm="{i}"' for i in range(n))),
    "reasons of a proposal": lambda n: proposal(reasons=["because"] * n),
    "wrong reasons of a proposal": lambda n: proposal(reasons=[1] * n, frontier=[{}] * (n // 10)),
    "burdens of a proposal": lambda n: proposal(burdens={f"m{i}": i for i in range(n)}),
    "offers of a proposal": lambda n: proposal(frontier=PROPOSAL["frontier"] * (n // 20)),
    "deep tables of a proposal": lambda n: proposal(x=json.loads("[" * (n // 10) + "]" * (n // 10))),
    "calls by address": lambda n: answers(n // 4, lambda i: f"{i + 1},M{i}@example.org", "call,member"),
    "unknown addresses": lambda n: answers(n // 4, lambda i: f"{i + 1},n{i}@example.org", "call,member"),
    "answers": lambda n: answers(n // 4, lambda i: f"2026-01-06,m{i},yes", "date,member,attended"),
    "answers twice": lambda n: answers(n // 4, lambda i: f"2026-01-06,m{i % 9},yes", "date,member,attended"),
    "lines that are no TOML": lambda n: plan(*("this is no line" for _ in range(n))),
    "keys without quotes": lambda n: plan(
        *(f"[[members]]\nid = m{i}\nzone = UTC\nTime Zone = x" for i in range(n // 4))
    ),
    "tables that are there again": lambda n: plan(*("[meeting]\nid = 'wg'" for _ in range(n // 4))),
    "brackets of TOML": lambda n: plan("x = " + "[" * n),
    "quotes of TOML": lambda n: plan(*("a = 'b" for _ in range(n // 4))),
}


@pytest.mark.parametrize("name", GROWING)
def test_twice_the_input_takes_about_twice_the_steps(name: str) -> None:
    make = GROWING[name]
    make(10)()  # what is made once is made now

    once, twice = steps_of(make(500)), steps_of(make(1000))

    assert twice <= 2.3 * once + 200


LARGE = 1024 * 1024


@pytest.mark.parametrize("letter", [" ", "-", "1", "a", ".", "@"])
def test_a_text_of_megabytes_is_no_uid_and_is_found_out_at_once(letter: str) -> None:
    """A pattern that tries again from every letter would take days here."""
    assert parse_own_uid("a" + letter * LARGE + "\n") is None


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


NEVER = [
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;UNTIL=29981231",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
    "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=5;UNTIL=29981231",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;UNTIL=29981231",
]


@pytest.mark.parametrize("rule", NEVER)
def test_rules_that_seldom_or_never_give_a_date_are_followed_for_so_many_steps(rule: str) -> None:
    events = "".join(
        f"BEGIN:VEVENT\nUID:{day}\nSUMMARY:C\nDTSTART:{day:%Y%m%d}T140000Z\nDURATION:PT1H\nRRULE:{rule}\nEND:VEVENT\n"
        for day in days(40)
    )
    with pytest.raises(InvalidCalendar, match="more than 1,000,000 steps") as refused:
        read_external(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n".encode(), "x.ics")

    assert len(refused.value.mistakes) == 1


def test_of_many_overlapping_phases_the_first_are_named_and_the_others_counted() -> None:
    tables = "".join(f'[[phases]]\nname = "p{i}"\nfrom = 2026-01-01\nto = 2026-12-31\n' for i in range(20))
    with pytest.raises(InvalidPlan) as refused:
        plan_from(Path("plan.toml"), (HEAD + NOON + tables).encode())

    *named, rest = refused.value.mistakes
    assert (len(named), rest.place) == (100, "phases")
    assert rest.problem == "found 90 more overlaps; mend these first, since 100 are named at once"


def test_events_that_cannot_be_read_are_named_up_to_a_number() -> None:
    events = "".join(
        f"BEGIN:VEVENT\nUID:{i}\nSUMMARY:C\nDTSTART;TZID=Zurikh{i}:20260106T140000\nDURATION:PT1H\nEND:VEVENT\n"
        for i in range(120)
    )
    with pytest.raises(InvalidCalendar, match="those after event 100 were not tried") as refused:
        read_external(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n".encode(), "x.ics")

    assert len(refused.value.mistakes) == 101


@pytest.mark.parametrize("name", ["TOO{i}", "AB{i}", "Zurikh{i}", "W. Europe Standard Time {i}"])
def test_a_calendar_of_too_many_time_zones_is_refused(name: str) -> None:
    events = "".join(
        f"BEGIN:VTIMEZONE\nTZID:{tzid}\nX-LIC-LOCATION:Europe/Zurich\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        f"TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:{i}\nSUMMARY:C\n"
        f"DTSTART;TZID={tzid}:20260106T{i % 24:02}0000\nDURATION:PT1H\nEND:VEVENT\n"
        for i in range(TIME_ZONES + 1)
        for tzid in [name.format(i=i)]
    )
    with pytest.raises(InvalidCalendar, match="more than 200 TZIDs, up to that in line") as refused:
        read_external(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n".encode(), "x.ics")
    assert len(refused.value.mistakes) == 1


@pytest.mark.parametrize(("count", "dates"), [(3, 9000), (30, 700), (2001, 10)])
def test_a_calendar_of_too_many_announced_calls_is_refused_before_they_are_made(count: int, dates: int) -> None:
    with pytest.raises(UnusableEdition, match="it holds series with more than 20,000 calls in all"):
        read_prior(editions_data(count, f"RRULE:FREQ=DAILY;COUNT={dates}"), season(1).meeting)


@pytest.mark.parametrize(
    "rule",
    [*NEVER, "FREQ=MONTHLY;BYDAY=5MO;BYMONTH=2;COUNT=20", "FREQ=YEARLY;BYMONTHDAY=29;BYMONTH=2;BYDAY=MO;COUNT=20"],
)
def test_announced_rules_that_seldom_or_never_give_a_date_are_followed_for_so_many_steps(rule: str) -> None:
    with pytest.raises(UnusableEdition, match=r"more than 1,000,000 steps|more dates than a plan may have"):
        read_prior(editions_data(60, f"RRULE:{rule}".replace("1231", "1231T000000Z")), season(1).meeting)


@pytest.mark.parametrize("count", [51, 500])
def test_a_reply_of_too_many_addresses_is_refused(count: int) -> None:
    mistakes: list[Mistake] = []
    named = (f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-TO="mailto:a{i + 1}@x.org":mailto:a{i}@x.org' for i in range(count))
    text = "\n".join(
        ("BEGIN:VCALENDAR", "METHOD:REPLY", "BEGIN:VEVENT", "UID:a", *named, "END:VEVENT", "END:VCALENDAR")
    )
    read_replies(text.encode(), "x.ics", mistakes)

    assert [mistake.problem for mistake in mistakes] == [f"names {2 * count} addresses; a reply has at most 50"]


@pytest.mark.parametrize("piece", ["[],", "{},", '"",', "0,", "[0,0],"])
def test_a_proposal_of_too_many_values_is_refused_before_it_is_parsed(piece: str) -> None:
    data = f'{{"x": [{piece * PROPOSAL_VALUES}0]}}'.encode()
    tracemalloc.start()
    with pytest.raises(InvalidProposal, match="more than 2,000,000 values, the most that is read of a proposal"):
        read_proposal(data, name="p.json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1_000_000


@pytest.mark.parametrize(
    "text", ["[" * 2_000_000, "[" + "[]," * 600_000, "x" * 2_000_000, '{"message": "' + "y" * 2_000_000]
)
def test_a_line_of_a_journal_is_no_longer_than_any_that_was_written(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.journal"
    path.write_text(f"{text}\n", encoding="utf-8")
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="line 1 is not a line of a journal"):
        read_journal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 10 * len(text)
