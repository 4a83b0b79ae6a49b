"""A mutation fuzzer over everything that comes in: each reader gives an answer or an error of this library.

``make fuzz`` runs it for ten minutes from another seed each time; ``test_fuzz.py`` runs a short and fixed part. What is
found is printed with the bytes that found it, and so can be run again.

    python tests/support/fuzzing.py --seconds 600 --seed 7 [--reader NAME]
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

SUPPORT = Path(__file__).parent
sys.path.insert(0, str(SUPPORT))

from invoke import invoke  # noqa: E402 - found beside this file
from mag_rotation.errors import InvalidCalendar, MagRotationError, Mistake  # noqa: E402
from mag_rotation.exchange import (  # noqa: E402
    make_conference,
    read_schedule,
    write_schedule_json,
    write_schedule_xml,
)
from mag_rotation.ics import read_prior  # noqa: E402
from mag_rotation.infer.external import ReadingOptions, read_external  # noqa: E402
from mag_rotation.infer.infer_plan import infer_plan  # noqa: E402
from mag_rotation.invite.replies import match_replies, read_replies  # noqa: E402
from mag_rotation.plan import Plan  # noqa: E402
from mag_rotation.planfile import load_plan, plan_from, plan_template  # noqa: E402
from mag_rotation.planfile.attendance import read_attendance, read_attendance_list  # noqa: E402
from mag_rotation.planfile.people import draft_roster, read_people  # noqa: E402
from mag_rotation.planfile.proposals import read_proposal  # noqa: E402
from mag_rotation.planfile.writer import write_draft  # noqa: E402
from mag_rotation.programme import Programme, schedule_sessions  # noqa: E402
from mag_rotation.publish.journal import read_journal  # noqa: E402
from mag_rotation.publish.letters import read_letters  # noqa: E402
from mag_rotation.publish.multistatus import read_multistatus  # noqa: E402
from mag_rotation.report import context_of, sentence  # noqa: E402
from mag_rotation.report.programme import describe_programme  # noqa: E402
from mag_rotation.roster import ZoneName  # noqa: E402
from paths import DATA, EXAMPLES  # noqa: E402 - the same

MOST_SECONDS = 20
"""For one input: far above what the slowest takes, so that only work that explodes is found."""

MOST_BYTES = 3 * 1024**3
"""Of memory for all, the program itself included."""

LONGEST = 200_000
"""Bytes of a mutated input."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """One door for bytes: how it is asked, and what it is given to begin with."""

    name: str
    read: Callable[[bytes, Path], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """An input that was not answered as it should have been."""

    reader: str
    data: bytes
    trouble: str


# Readers.

PLAN_FOLDER = EXAMPLES
IGF = EXAMPLES / "igf-2020" / "plan.toml"
COUNCIL = DATA / "attack" / "council.toml"
SHEET_PLAN = plan_template() + '[roster]\nfile = "members.csv"\n[history]\nfile = "attendance.csv"\n'
SHEET = b"""id,zone,name,email,roles,weight,curve,lead,night,never,joined,left,stays,locale,region
a,Asia/Tokyo,"Seat, 1",a@example.org,chair;scribe,1,default,15min,22:00-06:00,00:00-05:00;12:00-13:00,,,,en,Asia
b,Europe/Paris,"Seat
2",b@example.org,,2,,,,,,,2027-02-01/2027-02-03 Asia/Tokyo,fr,Europe
"""
ATTENDANCE = b"date,member,attended\n2027-01-05,a,yes\n2027-01-05,b,no\n"


def in_mail(data: bytes) -> bytes:
    """A mail with a calendar in it, as programs answer."""
    return (
        b"From: ana@example.org\r\nTo: office@example.org\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nyes\r\n--b\r\n"
        b"Content-Type: text/calendar; charset=utf-8; method=REPLY\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + data
        + b"\r\n--b--\r\n"
    )


def read_plan_bytes(data: bytes, folder: Path) -> None:
    plan = plan_from(folder / "plan.toml", data, {"members.csv": SHEET, "attendance.csv": ATTENDANCE})
    if plan.calls:
        plan.night(plan.calls[0])


def read_roster_bytes(data: bytes, folder: Path) -> None:
    plan_from(folder / "plan.toml", SHEET_PLAN.encode(), {"members.csv": data, "attendance.csv": ATTENDANCE})


SESSIONS_PLAN = (
    SHEET_PLAN.partition("[history]")[0]
    + """
[programme]
file = "sessions.csv"
window = "06:00-22:00"
join-ahead = { speaker = "20min" }
apart = ["language"]
north = ["Europe"]
south = ["Asia"]
[[phases]]
name = "Event"
from = 2027-03-01
to = 2027-03-05
"""
)
SESSIONS = b"""id,title,date,at,zone,duration,track,room,group:language,segments,people,note,url,phase,repeat,until
opening,"Opening, main",2027-03-01,18:30,,90min,t,main,en,Welcome 10min; Talk 80min,a:speaker:90min; b:moderator,,,,,
lunch,Lunch,2027-03-01,12:00,Asia/Tokyo,1h,,hall,fr,,,x,https://example.org/,Event,daily,2027-03-03
"""


def read_sessions_bytes(data: bytes, folder: Path) -> None:
    plan = plan_from(folder / "plan.toml", SESSIONS_PLAN.encode(), {"members.csv": SHEET, "sessions.csv": data})
    report = plan.programme_report()
    describe_programme(context_of(plan, report.warnings), report)


PEOPLE = """sep=;
Members 2026;;;;
Nom;Courriel;Ville / City;Pays;Time zone;Joined
Ana;a@example.org;Geneva;Suisse;;31/12/2026
Bo;b@example.org;San José;;EST;1.2.2026
"Cy
Ng";;Springfield, IL;USA;(UTC-06:00) Central Time;
""".encode()


def read_people_bytes(data: bytes, _folder: Path) -> None:
    first = draft_roster(read_people(data, "people"), today=date(2026, 11, 1))
    again = draft_roster(read_people(data, "people", existing=first.text.encode()), today=date(2026, 11, 1))
    if again.text != first.text:
        raise AssertionError("a second run changes the roster")


def read_list_bytes(data: bytes, folder: Path) -> None:
    plan = plan_from(folder / "plan.toml", SHEET_PLAN.encode(), {"members.csv": SHEET, "attendance.csv": data})
    mistakes: list[Mistake] = []
    read_attendance(data, "attendance.csv", plan.members, mistakes)
    read_attendance_list(data, "list.csv", plan.calls, plan.members, mistakes)


def read_foreign_bytes(data: bytes, folder: Path) -> None:
    calendar = read_external(data, "theirs.ics", ReadingOptions(floating=ZoneName("Europe/Zurich")))
    draft = infer_plan(calendar)
    text = write_draft(draft.series, head=(), unsaid=tuple(map(sentence, draft.notes)))
    plan = plan_from(folder / "draft.toml", text.encode())
    if not calendar.agrees_with(plan.calls):
        raise AssertionError("a draft has other instants than its calendar")


def read_edition_bytes(data: bytes, folder: Path) -> None:
    read_prior(data, council().meeting)
    (folder / "known.ics").write_bytes(data)
    done = invoke("changes", COUNCIL, "--previous", folder / "known.ics", "--stamp", "2026-01-02T00:00Z")
    if done.code not in {0, 2}:
        raise AssertionError(f"changes exits with {done.code}: {done.err}")


def read_reply_bytes(data: bytes, _folder: Path) -> None:
    plan = council()
    mistakes: list[Mistake] = []
    for name in ("reply.ics", "reply.eml"):
        match_replies(read_replies(data, name, mistakes), plan.series, plan.calls, plan.members, mistakes)
    check_lines(mistakes)


def read_proposal_bytes(data: bytes, _folder: Path) -> None:
    read_proposal(data, name="p.json")


def read_schedule_bytes(data: bytes, _folder: Path) -> None:
    """What is read of a schedule comes back from both formats."""
    read = read_schedule(data, members=council().members)
    programme = Programme(sessions=read.sessions, zone=read.zone)
    made = make_conference(
        council().meeting, programme, schedule_sessions(programme), members=council().members, with_people=True
    )
    for write in (write_schedule_xml, write_schedule_json):
        again = read_schedule(write(made), members=council().members)
        if {one.id: one for one in again.sessions} != {one.id: one for one in read.sessions}:
            raise AssertionError(f"{write.__name__} loses something")


def read_journal_bytes(data: bytes, folder: Path) -> None:
    (folder / "x.journal").write_bytes(data)
    read_journal(folder / "x.journal")


def read_letter_bytes(data: bytes, folder: Path) -> None:
    (folder / "x.eml").write_bytes(data)
    read_letters(folder / "x.eml")


def read_answer_bytes(data: bytes, _folder: Path) -> None:
    read_multistatus(data)


def replace_bytes(data: bytes, folder: Path) -> None:
    """The commands that replace a file by one made from it: all or nothing, and no traceback."""
    out, draft = folder / "out.ics", folder / "draft.toml"
    out.write_bytes(data)
    draft.unlink(missing_ok=True)
    for command in (("ics", COUNCIL, "-o", out, "--stamp", "2026-01-02T00:00Z"), ("from-ics", out, "-o", draft)):
        before = sorted(folder.iterdir()), out.read_bytes()
        done = invoke(*command)
        if done.code not in {0, 2} or "Traceback" in done.err:
            raise AssertionError(f"{command[0]} exits with {done.code}: {done.err}")
        if done.code == 2 and (sorted(folder.iterdir()), out.read_bytes()) != before:
            raise AssertionError(f"{command[0]} has written something: {done.err}")


_COUNCIL: list[Plan] = []


def council() -> Plan:
    """The plan that calendars and replies are read for."""
    if not _COUNCIL:
        _COUNCIL.append(load_plan(COUNCIL))
    return _COUNCIL[0]


def check_lines(mistakes: Sequence[Mistake]) -> None:
    """Mistakes are for people to read: short, and on one line."""
    for mistake in mistakes:
        text = str(mistake)
        if len(text) > 2000 or "\n" in text:
            raise AssertionError(f"no line for people: {text[:200]!r}")


def seeds_of(*patterns: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for pattern in patterns for path in sorted(DATA.glob(pattern)))


def make_readers() -> tuple[Reader, ...]:
    """Every reader, with its seeds from the examples and the tests."""
    calendars = seeds_of("foreign/*.ics", "attack/*.ics", "upgrade/council*.ics", "../oracles/*.ics")
    own = invoke("ics", COUNCIL, "-o", "-", "--stamp", "2026-01-01T00:00Z").out.encode()
    series = invoke("ics", COUNCIL, "-o", "-", "--stamp", "2026-01-01T00:00Z", "--layout", "series").out.encode()
    own_schedule = invoke("to-schedule", IGF, "--with-people", "-o", "-").out.encode()
    uid = council().calls[0].uid.encode()
    reply = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:" + uid + b"\r\n"
        b"DTSTAMP:20260101T000000Z\r\nSEQUENCE:0\r\nORGANIZER:mailto:o@example.org\r\n"
        b'ATTENDEE;PARTSTAT=ACCEPTED;CN="A":mailto:ana@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    mails = (*seeds_of("attack/inbox/*.eml", "replies/*.eml", "replies/*.ics"), in_mail(reply))
    toml_words = tuple(b'[[members]] [x] = . , { } " \' """ # 1e999 nan 1979-05-27 FREQ=DAILY P9D true'.split())
    ics_words = tuple(
        b"BEGIN:VEVENT END:VEVENT BEGIN:VTIMEZONE RRULE:FREQ=DAILY EXRULE:FREQ=YEARLY "
        b"RDATE;VALUE=PERIOD:20260101T000000Z/P9D DTSTART;TZID=Europe/London:99991231T235959 DTSTART:00010101T000000Z "
        b"DURATION:P99999999D SEQUENCE:-1 RECURRENCE-ID: EXDATE: UNTIL=30000101 COUNT=999999999 INTERVAL=0 BYDAY=53MO "
        b"BYMONTHDAY=32 TZOFFSETFROM:+9999 TZID=/ TZID=../../x RANGE=THISANDFUTURE STATUS:CANCELLED METHOD:REPLY "
        b': ; = " , \n \\'.split()
    )
    mail_words = tuple(
        b"Content-Type: multipart/mixed; boundary= -- charset=punycode ( ) < > @ =?utf-8?q?=41?= base64".split()
    )
    json_words = tuple(b'{ } [ ] : , " null true -1 1e999 99999999999999999999 NaN \\u0000 \\ud800'.split())
    xml_words = tuple(b"<a> </a> <!DOCTYPE &x; <![CDATA[ ]]> <?x ?> <D:href> xmlns= &#0; &#x10FFFF;".split())
    journal = (
        b'{"at": "2026-01-01T00:00:00+00:00", "message": "1@x", "outcome": "sent", "file": "a.eml", "answer": ""}\n'
    )
    answer = (
        b'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:response>'
        b"<D:href>/cal/a.ics</D:href><D:propstat><D:prop><D:getetag>&quot;1&quot;</D:getetag><C:calendar-data>"
        + reply.replace(b"\r\n", b"\n")
        + b"</C:calendar-data></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>"
    )
    plans = (plan_template().encode(), SHEET_PLAN.encode(), *seeds_of("../../examples/*/*.toml", "broken/*.toml"))
    return (
        Reader(name="plan", read=read_plan_bytes, seeds=plans, words=toml_words),
        Reader(
            name="schedule.xml",
            read=read_schedule_bytes,
            seeds=(own_schedule, *seeds_of("schedules/*.xml")),
            words=xml_words,
        ),
        Reader(name="schedule.json", read=read_schedule_bytes, seeds=seeds_of("schedules/*.json"), words=json_words),
        Reader(name="roster", read=read_roster_bytes, seeds=(SHEET,), words=(b";", b",", b'"', b"sep=;", b"+41", b"@")),
        Reader(
            name="sessions",
            read=read_sessions_bytes,
            seeds=(SESSIONS,),
            words=(b";", b",", b":", b'"', b"sep=;", b"99999min", b"speaker", b"daily", b"9999-12-31", b"@"),
        ),
        Reader(
            name="list", read=read_list_bytes, seeds=(ATTENDANCE,), words=(b";", b",", b'"', b"sep=,", b"9999-12-31")
        ),
        Reader(
            name="people",
            read=read_people_bytes,
            seeds=(PEOPLE, *seeds_of("people/people.*")),
            words=(b";", b"\t", b'"', b"EST", b"UTC+1", b"Paris", b"Name", b"City", b"/", b"("),
        ),
        Reader(name="foreign", read=read_foreign_bytes, seeds=(*calendars, own, series), words=ics_words),
        Reader(name="edition", read=read_edition_bytes, seeds=(own, series), words=ics_words),
        Reader(name="reply", read=read_reply_bytes, seeds=(reply, *mails), words=(*ics_words, *mail_words)),
        Reader(name="proposal", read=read_proposal_bytes, seeds=seeds_of("proposals/*.json"), words=json_words),
        Reader(name="journal", read=read_journal_bytes, seeds=(journal * 3,), words=json_words),
        Reader(name="letter", read=read_letter_bytes, seeds=mails, words=mail_words),
        Reader(name="answer", read=read_answer_bytes, seeds=(answer,), words=xml_words),
        Reader(name="files", read=replace_bytes, seeds=(own, series, *calendars), words=ics_words),
    )


# Mutations.

NUMBERS = (b"0", b"-1", b"1", b"32", b"2147483648", b"99999999", b"9" * 30, b"1e9")
BYTES = (b"\0", b"\x1b", b"\x7f", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\r", b"\n", b"\t", b" ")


def damage_byte(data: bytes, where: int, rng: random.Random, _reader: Reader) -> bytes:
    return data[:where] + rng.choice(BYTES) + data[where + 1 :]


def leave_out(data: bytes, where: int, rng: random.Random, _reader: Reader) -> bytes:
    return data[:where] + data[where + rng.randrange(1, 40) :]


def insert_word(data: bytes, where: int, rng: random.Random, reader: Reader) -> bytes:
    return data[:where] + rng.choice(reader.words) + data[where:]


def change_number(data: bytes, _where: int, rng: random.Random, _reader: Reader) -> bytes:
    found = list(re.finditer(rb"[0-9]+", data))
    return replace_match(data, rng.choice(found), rng.choice(NUMBERS)) if found else data


def swap_word(data: bytes, _where: int, rng: random.Random, _reader: Reader) -> bytes:
    found = list(re.finditer(rb"[A-Za-z-]+", data))
    return replace_match(data, rng.choice(found), rng.choice(found)[0]) if found else data


def repeat_piece(data: bytes, where: int, rng: random.Random, _reader: Reader) -> bytes:
    piece = data[where : where + rng.randrange(1, 60)]
    return data[:where] + piece * rng.choice((2, 10, 300)) + data[where:]


def move_line(data: bytes, _where: int, rng: random.Random, _reader: Reader) -> bytes:
    """A line is moved, doubled or left out."""
    lines = data.splitlines(keepends=True) or [b""]
    line = lines.pop(rng.randrange(len(lines)))
    for _ in range(rng.randrange(3)):
        lines.insert(rng.randrange(len(lines) + 1), line)
    return b"".join(lines)


def replace_line(data: bytes, _where: int, rng: random.Random, reader: Reader) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    lines[rng.randrange(len(lines))] = rng.choice(reader.words) + b"\r\n"
    return b"".join(lines)


def join_two(data: bytes, where: int, rng: random.Random, reader: Reader) -> bytes:
    other = rng.choice(reader.seeds)
    return data[:where] + other[rng.randrange(len(other) + 1) :]


def replace_match(data: bytes, found: re.Match[bytes], by: bytes) -> bytes:
    return data[: found.start()] + by + data[found.end() :]


DAMAGES = (
    *(damage_byte, leave_out, insert_word, change_number, swap_word, repeat_piece, move_line, replace_line, join_two),
)


def mutate(data: bytes, rng: random.Random, reader: Reader) -> bytes:
    """A damaged copy: one step of damage or a few."""
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        data = rng.choice(DAMAGES)(data, rng.randrange(len(data) + 1), rng, reader)[:LONGEST]
    return data


# Runs.


class TookTooLong(BaseException):
    """An input that keeps a reader busy."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what takes longer than so many seconds."""

    def stop(*_: object) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def try_input(reader: Reader, data: bytes, folder: Path) -> Finding | None:
    """What is wrong with how a reader takes an input; None if nothing is."""
    try:
        with at_most(MOST_SECONDS):
            try:
                reader.read(data, folder)
            except InvalidCalendar as error:
                check_lines(error.mistakes)
    except MagRotationError:
        return None
    except TookTooLong:
        return Finding(reader=reader.name, data=data, trouble=f"took more than {MOST_SECONDS} seconds")
    except BaseException:
        return Finding(reader=reader.name, data=data, trouble=traceback.format_exc())
    return None


def run(
    seed: int, folder: Path, *, count: int | None = None, seconds: float | None = None, only: str | None = None
) -> tuple[Counter[str], list[Finding]]:
    """Try ``count`` inputs for each reader, or give each its share of ``seconds``; what was tried and found."""
    tried: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    found: list[Finding] = []
    readers = [reader for reader in make_readers() if only in {None, reader.name}]
    sources = {reader.name: random.Random(f"{seed} {reader.name}") for reader in readers}  # noqa: S311 - no secret
    while True:
        due = [reader for reader in readers if count is None or tried[reader.name] < count]
        if not due or (seconds is not None and spent.total() >= seconds * 1000):
            return tried, found
        reader = min(due, key=lambda one: spent[one.name])
        rng = sources[reader.name]
        begun = time.monotonic()
        finding = try_input(reader, mutate(rng.choice(reader.seeds), rng, reader), folder)
        spent[reader.name] += round((time.monotonic() - begun) * 1000) + 1
        tried[reader.name] += 1
        if finding is not None:
            found.append(finding)


def main() -> int:
    """Run from the command line; exit 1 where something was found."""
    parser = argparse.ArgumentParser(description="Mutate every kind of input and see that each is answered.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--reader")
    asked = parser.parse_args()
    seed = int(time.time()) if asked.seed is None else asked.seed
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    with TemporaryDirectory() as folder:
        tried, found = run(seed, Path(folder), seconds=asked.seconds, only=asked.reader)
    lines = [f"{finding.reader}: {finding.data[:3000]!r}\n{finding.trouble}" for finding in found[:50]]
    each = ", ".join(f"{name} {number}" for name, number in tried.items())
    sys.stdout.write("\n".join([*lines, f"seed {seed}: {tried.total()} inputs ({each}), {len(found)} found\n"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
