"""Replies and lists read into an attendance sheet.

Law: a sheet holds the latest answer of each member to each call and nothing that fits no call or no member; what is
refused is refused all at once, by the names of files, without an address, and with nothing written.
"""

from __future__ import annotations

import base64
import os
import quopri
from collections.abc import Callable, Iterator
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoke import Outcome, invoke
from mag_rotation.errors import Mistake
from mag_rotation.invite.replies import Presence, read_replies
from mag_rotation.planfile import load_plan
from mag_rotation.planfile.attendance import merge_attendance, write_answers
from mag_rotation.report.reading import senders_line
from mag_rotation.roster import Member, MemberId, ZoneName
from paths import DATA

PLAN = """\
format = 1

[meeting]
id = "board"
name = "Board"
uid-domain = "board.example.org"
duration = "1h"
numbering = { first = 1 }

[schedule]
first = 2026-03-03
repeat = "FREQ=WEEKLY"
count = 5

[rotation]
slots = [{ at = "09:00", zone = "America/New_York" }, { at = "20:00" }]

[[exceptions]]
date = 2026-03-17
at = "12:00"

[[exceptions]]
date = 2026-03-31
cancel = true

[[extras]]
date = 2026-03-12
at = "10:00"

[[members]]
id = "ana"
zone = "Europe/Lisbon"
name = "Seat of Ana"
email = "Ana.Example@Example.org"

[[members]]
id = "bo"
zone = "Asia/Tokyo"
email = "bo@example.org"

[[members]]
id = "twin-1"
zone = "UTC"
name = "seat of two"
email = "desk@example.org"

[[members]]
id = "twin-2"
zone = "UTC"
name = "Seat of two"
email = "desk@example.org"
"""
FIRST = "board-20260303@board.example.org"


def reply(
    uid: str = FIRST,
    who: str = ":mailto:ana.example@example.org",
    answer: str | None = "ACCEPTED",
    *more: str,
    sequence: int = 0,
    stamp: str = "20260301T120000Z",
    method: str | None = "REPLY",
) -> str:
    """A reply as calendar programs write it."""
    said = f";PARTSTAT={answer}" if answer else ""
    parts = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Example//Calendar//EN",
        "VERSION:2.0",
        *([f"METHOD:{method}"] if method else []),
        "BEGIN:VEVENT",
        f"ATTENDEE{said}{who}",
        f"UID:{uid}",
        f"DTSTAMP:{stamp}",
        f"SEQUENCE:{sequence}",
        "SUMMARY:Accepted: Board 1",
        *more,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for part in parts)


def outlook(text: str) -> bytes:
    """As Exchange sends it: multipart/alternative, the calendar last, in base64."""
    body = base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
    return (
        "From: Ana Example <ana.example@example.org>\r\nTo: secretariat@example.org\r\nSubject: Accepted: Board 1\r\n"
        'Content-Type: multipart/alternative;\r\n\tboundary="_000_AB12_"\r\nMIME-Version: 1.0\r\n\r\n'
        '--_000_AB12_\r\nContent-Type: text/plain; charset="iso-8859-1"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\nbis n=E4chste Woche\r\n"
        '--_000_AB12_\r\nContent-Type: text/calendar; charset="utf-8"; method=REPLY\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n--_000_AB12_--\r\n"
    ).encode()


def gmail(text: str) -> bytes:
    """As Gmail sends it: mixed round alternative, and the same file attached once more as application/ics."""
    attached = base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
    return (
        "MIME-Version: 1.0\r\nSender: Google Calendar <calendar-notification@google.com>\r\n"
        'Content-Type: multipart/mixed; boundary="00000000000068f1"\r\n\r\n'
        '--00000000000068f1\r\nContent-Type: multipart/alternative; boundary="00000000000068ef"\r\n\r\n'
        '--00000000000068ef\r\nContent-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\r\n\r\n'
        "Ana has accepted this invitation.\r\n"
        '--00000000000068ef\r\nContent-Type: text/html; charset="UTF-8"\r\n\r\n<p>Ana has accepted.</p>\r\n'
        '--00000000000068ef\r\nContent-Type: text/calendar; charset="UTF-8"; method=REPLY\r\n'
        f"Content-Transfer-Encoding: 7bit\r\n\r\n{text}\r\n--00000000000068ef--\r\n"
        '--00000000000068f1\r\nContent-Type: application/ics; name="invite.ics"\r\n'
        'Content-Disposition: attachment; filename="invite.ics"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{attached}\r\n--00000000000068f1--\r\n"
    ).encode()


def apple(text: str) -> bytes:
    """As Apple's Calendar sends it: mixed, quoted-printable, the method in capitals."""
    body = quopri.encodestring(text.encode()).decode()
    return (
        "Mime-Version: 1.0\nContent-Type: multipart/mixed; boundary=Apple-Mail-1\n\n"
        "--Apple-Mail-1\nContent-Type: text/plain; charset=us-ascii\n\nAna accepted\n"
        "--Apple-Mail-1\nContent-Type: TEXT/CALENDAR; method=REPLY; charset=UTF-8; name=iCal-1.ics\n"
        f"Content-Disposition: attachment; filename=iCal-1.ics\nContent-Transfer-Encoding: quoted-printable\n\n{body}\n"
        "--Apple-Mail-1--\n"
    ).encode()


def plain(text: str) -> bytes:
    return text.encode()


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    (tmp_path / "inbox").mkdir()
    return path


def put(plan: Path, **files: str | bytes) -> Path:
    """The inbox with these files; a suffix is written after an underscore."""
    inbox = plan.parent / "inbox"
    for name, data in files.items():
        stem, _, suffix = name.rpartition("_")
        (inbox / f"{stem}.{suffix}").write_bytes(data.encode() if isinstance(data, str) else data)
    return inbox


def ask(plan: Path, *more: object, **files: str | bytes) -> Outcome:
    return invoke("replies", plan, put(plan, **files), *more)


def rows(done: Outcome) -> list[str]:
    assert done.code == 0, done.err
    assert done.lines[0] == "date,member,attended,reply"
    return done.lines[1:]


# What mail programs send.


@pytest.mark.parametrize("shape", [outlook, gmail, apple])
@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ("ACCEPTED", "2026-03-03,ana,yes,accepted"),
        ("DECLINED", "2026-03-03,ana,no,declined"),
        ("TENTATIVE", "2026-03-03,ana,no,tentative"),
        ("delegated", "2026-03-03,ana,no,delegated"),
    ],
)
def test_a_reply_of_any_make_is_read(shape: Callable[[str], bytes], answer: str, row: str, plan: Path) -> None:
    assert rows(ask(plan, a_eml=shape(reply(answer=answer)))) == [row]


def test_a_calendar_file_is_read_as_it_is_alone_or_in_a_directory(plan: Path) -> None:
    inbox = put(plan, a_ics=reply(), notes_txt="no reply", b_ICS=reply(who=":MAILTO:BO@EXAMPLE.ORG"))

    many, one = invoke("replies", plan, inbox), invoke("replies", plan, inbox / "a.ics")

    assert rows(many) == ["2026-03-03,ana,yes,accepted", "2026-03-03,bo,yes,accepted"]
    assert many.err == f"{inbox}: 1 file passed over that is neither .ics nor .eml\n"
    assert rows(one) == ["2026-03-03,ana,yes,accepted"]


def test_replies_below_a_directory_are_read_and_named_from_there(plan: Path) -> None:
    inbox = put(plan, z_ics=reply(answer="DECLINED"))
    deep = inbox / "2026" / "march.ics"
    hidden, other = inbox / ".Trash" / "2026", plan.parent / "other"
    for directory in (deep, hidden, other):
        directory.mkdir(parents=True)
        (directory / "lost.ics").write_text("no calendar")
        (directory / "note.txt").write_text("no reply")
    (deep / ".draft.eml").write_text("no mail")
    (inbox / "link").symlink_to(other, target_is_directory=True)
    (inbox / "again").symlink_to(inbox, target_is_directory=True)
    (inbox / "bo.eml").symlink_to(other / "bo.eml")
    (other / "bo.eml").write_bytes(outlook(reply(who=":mailto:bo@example.org")).replace(b"From: Ana", b"X: Ana"))
    with (deep / "huge.EML").open("wb") as handle:
        handle.truncate(17 * 1024 * 1024)

    done, skipped = invoke("replies", plan, inbox), invoke("replies", plan, inbox, "--skip")

    assert done.code == 2
    assert "with 2 mistakes" in done.err
    assert "\n  2026/march.ics/huge.EML: has more than 16 MiB, the most that is read of a mail" in done.err
    assert "\n  2026/march.ics/lost.ics: cannot be read whole" in done.err
    assert rows(skipped) == ["2026-03-03,ana,no,declined", "2026-03-03,bo,yes,accepted"]
    assert f"{inbox}: 1 file passed over that is neither .ics nor .eml\n" in skipped.err
    assert f"{inbox}: 2 links passed over that lead to directories\n" in skipped.err


def test_a_directory_without_replies_is_said_to_have_none(plan: Path) -> None:
    inbox = plan.parent / "inbox"
    (inbox / "2026").mkdir()
    (inbox / ".a.ics").write_text(reply())

    empty = invoke("replies", plan, inbox)
    other = ask(plan, notes_txt="no reply")

    for done in (empty, other):
        assert rows(done) == []
        assert done.err == f"{inbox}: holds no .ics and no .eml file\n"


def test_a_directory_below_that_cannot_be_looked_into_is_a_mistake(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(place: str | Path) -> Iterator[os.DirEntry[str]]:
        if str(place).endswith("march"):
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    scan = os.scandir
    inbox = put(plan, a_ics=reply())
    (inbox / "2026" / "march").mkdir(parents=True)
    with monkeypatch.context() as patched:
        patched.setattr("os.scandir", closed)
        done, skipped = invoke("replies", plan, inbox), invoke("replies", plan, inbox, "--skip")

    assert done.code == 2
    assert "\n  2026/march: cannot be looked into: permission denied" in done.err
    assert rows(skipped) == ["2026-03-03,ana,yes,accepted"]


def test_files_of_a_directory_that_cannot_be_read_are_mistakes_that_may_be_skipped(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def guarded(path: Path, *flags: int) -> int:
        if Path(path).name == "closed.ics":
            raise PermissionError(13, "Permission denied", str(path))
        return open_descriptor(path, *flags)

    open_descriptor = os.open
    inbox = put(plan, a_ics=reply(), closed_ics=reply(who=BO))
    (inbox / "2026").mkdir()
    (inbox / "2026" / "gone.eml").symlink_to("nowhere.eml")
    (inbox / "round.ics").symlink_to("round.ics")
    monkeypatch.setattr("mag_rotation.files.os.open", guarded)
    done, skipped = invoke("replies", plan, inbox), invoke("replies", plan, inbox, "--skip")
    alone = invoke("replies", plan, inbox / "closed.ics", "--skip")

    assert done.code == 2
    assert "with 3 mistakes" in done.err
    assert "\n  2026/gone.eml: no such file; check the path" in done.err
    assert "\n  closed.ics: may not be read; check its permissions" in done.err
    assert "\n  round.ics: cannot be read: too many levels of symbolic links" in done.err
    assert rows(skipped) == ["2026-03-03,ana,yes,accepted"]
    assert "skipped: closed.ics: may not be read; check its permissions\n" in skipped.err
    assert (alone.code, alone.err) == (
        2,
        f"mag-rotation: {inbox / 'closed.ics'}: may not be read; check its permissions\n",
    )


def attached_again(text: str, attached: str, method: str = "; method=REPLY") -> bytes:
    """A mail with a calendar part, and a calendar that is attached."""
    return (
        'From: ana.example@example.org\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: application/ics; name=invite.ics\r\n\r\n{attached}\r\n"
        f"--b\r\nContent-Type: text/calendar{method}\r\n\r\n{text}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("text", "attached"),
    [
        (reply(), reply()),
        (reply(), reply().replace("\r\n", "\n")),
        (reply(), reply().replace("SUMMARY:Acc", "SUMMARY:A\r\n cc")),
        (reply(method=None), reply(method=None)),
    ],
    ids=["the same", "other line ends", "folded", "the method in the part alone"],
)
def test_equal_parts_of_one_mail_are_one_reply(text: str, attached: str) -> None:
    mistakes: list[Mistake] = []

    found = read_replies(attached_again(text, attached), "a.eml", mistakes)

    assert (len(found), mistakes) == (1, [])


def test_different_parts_of_one_mail_are_replies_of_their_own() -> None:
    other = reply("board-20260310@board.example.org")

    assert len(read_replies(attached_again(reply(), other), "a.eml", [])) == 2


def test_equal_parts_of_one_mail_are_refused_once(plan: Path) -> None:
    done = ask(plan, a_eml=gmail(reply("lunch@example.org")))
    skipped = invoke("replies", plan, plan.parent / "inbox", "--skip")

    assert "with 1 mistake:" in done.err
    assert done.err.count("a.eml: ") == skipped.err.count("skipped: a.eml: ") == 1


def test_a_part_in_another_charset_is_read(plan: Path) -> None:
    text = reply(who=';CN="Zoë":mailto:ana.example@example.org').encode("utf-16")
    mail = b"Content-Type: text/calendar; method=REPLY; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n"

    assert rows(ask(plan, a_eml=mail + base64.encodebytes(text))) == ["2026-03-03,ana,yes,accepted"]


def test_a_reply_in_a_forwarded_mail_is_found(plan: Path) -> None:
    mail = b"Content-Type: message/rfc822\r\n\r\n" + outlook(reply())

    assert rows(ask(plan, a_eml=mail)) == ["2026-03-03,ana,yes,accepted"]


# Whose, and to what.


@pytest.mark.parametrize(
    "who",
    [
        ":mailto:ANA.EXAMPLE@EXAMPLE.ORG",
        ":MAILTO:ana.example@Example.Org",
        ';CN="A; B":mailto:ana%2Eexample@example.org',
        ';SENT-BY="mailto:ana.example@example.org":mailto:shared@stranger.example.net',
        ';SENT-BY="mailto:assistant@stranger.example.net":mailto:ana.example@example.org',
        ";EMAIL=ana.example@example.org:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ],
)
def test_a_member_is_known_by_address_in_any_case_or_by_who_sent_it(who: str, plan: Path) -> None:
    assert rows(ask(plan, a_ics=reply(who=who))) == ["2026-03-03,ana,yes,accepted"]


@pytest.mark.parametrize(
    ("uid", "original", "day"),
    [
        ("board-20260310@board.example.org", None, "2026-03-10"),
        ("board-20260312-extra@board.example.org", None, "2026-03-12"),
        ("board-slot1@board.example.org", ";TZID=America/New_York:20260303T090000", "2026-03-03"),
        ("board-slot1@board.example.org", ";TZID=Eastern Standard Time:20260317T090000", "2026-03-17"),
        ("board-slot1@board.example.org", ":20260317T130000Z", "2026-03-17"),
        ("board-slot2@board.example.org", ";VALUE=DATE:20260324", "2026-03-24"),
    ],
)
def test_a_call_is_known_by_its_uid_or_by_its_slot_and_the_start_of_the_rule(
    uid: str, original: str | None, day: str, plan: Path
) -> None:
    more = [f"RECURRENCE-ID{original}"] if original else []

    assert rows(ask(plan, a_ics=reply(uid, ":mailto:bo@example.org", "DECLINED", *more))) == [f"{day},bo,no,declined"]


def test_the_latest_reply_counts_in_whatever_order_they_are_read(plan: Path) -> None:
    texts = [
        reply(answer="ACCEPTED", sequence=0, stamp="20260301T120000Z"),
        reply(answer="TENTATIVE", sequence=1, stamp="20260227T120000Z"),
        reply(answer="DECLINED", sequence=1, stamp="20260228T120000Z"),
    ]
    found = set()
    for order in permutations(texts):
        found.add(tuple(rows(ask(plan, a_ics=order[0], b_ics=order[1], c_ics=order[2]))))

    assert found == {("2026-03-03,ana,no,declined",)}


def test_a_reply_to_a_call_that_is_off_says_nothing(plan: Path) -> None:
    assert rows(ask(plan, a_ics=reply("board-20260331@board.example.org"))) == []


# Who takes part.

SEATS = PLAN.replace('email = "bo@example.org"', 'email = "bo@example.org"\njoined = 2026-03-11\nleft = 2026-03-24')


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("20260303", "'bo' on 2026-03-03, who joined on 2026-03-11 and takes no part before; correct joined"),
        ("20260310", None),
        ("20260317", None),
        ("20260324", "'bo' on 2026-03-24 (2026-03-25 on their clock), who left on 2026-03-24 and takes no part after"),
    ],
)
def test_an_answer_for_a_call_that_a_member_takes_no_part_in_is_refused(day: str, said: str | None, plan: Path) -> None:
    """Days count on the member's own clock: 20:00 in UTC is the next day in Tokyo."""
    plan.write_text(SEATS)
    iso = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    sheet = plan.parent / "who.csv"
    sheet.write_text(f"call,member\n{iso},bo\n")
    replied = ask(plan, a_ics=reply(f"board-{day}@board.example.org", ":mailto:bo@example.org"), b_ics=reply())
    listed = invoke("replies", plan, "--list", sheet)

    if said is None:
        assert rows(replied) == ["2026-03-03,ana,yes,accepted", f"{iso},bo,yes,accepted"]
        assert rows(listed) == [f"{iso},bo,yes,"]
        return
    assert (replied.code, listed.code) == (2, 2)
    assert f"\n  a.ics: found {said}" in replied.err
    assert f"\n  who.csv row 2: found {said}" in listed.err
    skipped = invoke("replies", plan, plan.parent / "inbox", "--skip")
    assert rows(skipped) == ["2026-03-03,ana,yes,accepted"]
    assert "skipped: a.ics: found 'bo'" in skipped.err


def test_a_reply_to_a_call_that_is_off_says_nothing_of_who_has_left_either(plan: Path) -> None:
    plan.write_text(SEATS)

    assert rows(ask(plan, a_ics=reply("board-20260331@board.example.org", ":mailto:bo@example.org"))) == []


def test_an_address_that_a_seat_has_from_the_one_before_is_of_who_takes_part(plan: Path) -> None:
    after = '\n[[members]]\nid = "bo-2"\nzone = "Asia/Tokyo"\nemail = "bo@example.org"\njoined = 2026-03-25\n'
    plan.write_text(SEATS + after)
    sheet = plan.parent / "who.csv"
    sheet.write_text("call,member\n2026-03-17,bo@example.org\n2026-03-24,bo@example.org\n")
    days = {
        f"{day}_eml": mail("bo@example.org", reply(f"board-{day}@board.example.org", BO))
        for day in (20260317, 20260324)
    }
    expected = ["2026-03-17,bo,yes", "2026-03-24,bo-2,yes"]

    assert rows(ask(plan, **days)) == [f"{row},accepted" for row in expected]
    assert rows(invoke("replies", plan, "--list", sheet)) == [f"{row}," for row in expected]


# Delegates.


def delegation(*attendees: str, uid: str = FIRST) -> str:
    """A reply with these attendees."""
    return reply(uid).replace("ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana.example@example.org", "\r\n".join(attendees))


ANA_SENDS = 'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{to}":mailto:ana.example@example.org'
SENT_BY_ANA = 'ATTENDEE;PARTSTAT={answer};DELEGATED-FROM="mailto:ANA.Example@example.org":mailto:{who}'
OTHER, DELEGATED = "zed@elsewhere.example.net", "2026-03-03,ana,no,delegated"
ANA_SENDS_BO_WHO_SENDS = (
    'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-FROM="mailto:ana.example@example.org"'
    f';DELEGATED-TO="mailto:{OTHER}":mailto:bo@example.org'
)
DELEGATIONS = {
    "the delegate's reply": ([SENT_BY_ANA.format(answer="ACCEPTED", who=OTHER), ANA_SENDS.format(to=OTHER)], []),
    "in the other order": ([ANA_SENDS.format(to=OTHER), SENT_BY_ANA.format(answer="ACCEPTED", who=OTHER)], []),
    "the delegate alone": ([SENT_BY_ANA.format(answer="ACCEPTED", who=OTHER)], []),
    "the delegator alone": ([ANA_SENDS.format(to=OTHER)], []),
    "without PARTSTAT": ([f'ATTENDEE;DELEGATED-TO="mailto:{OTHER}":mailto:ana.example@example.org'], []),
    "with another PARTSTAT": (
        [f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-TO="mailto:{OTHER}":mailto:ana.example@example.org'],
        [],
    ),
    "the delegator, who names the delegate": (
        [ANA_SENDS.format(to=OTHER), f'ATTENDEE;DELEGATED-FROM="mailto:ana.example@example.org":mailto:{OTHER}'],
        [],
    ),
    "only the delegator is linked": (
        [ANA_SENDS.format(to=OTHER), f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{OTHER}"],
        [],
    ),
    "only the delegate is linked": (
        [
            SENT_BY_ANA.format(answer="ACCEPTED", who=OTHER),
            "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ana.example@example.org",
        ],
        [],
    ),
    "the delegate declines": ([SENT_BY_ANA.format(answer="DECLINED", who=OTHER), ANA_SENDS.format(to=OTHER)], []),
    "another member accepts": (
        [SENT_BY_ANA.format(answer="ACCEPTED", who="bo@example.org"), ANA_SENDS.format(to="bo@example.org")],
        ["2026-03-03,bo,yes,accepted"],
    ),
    "another member declines": (
        [SENT_BY_ANA.format(answer="DECLINED", who="Bo@Example.org")],
        ["2026-03-03,bo,no,declined"],
    ),
    "a delegate of the delegate": (
        [
            ANA_SENDS.format(to="bo@example.org"),
            ANA_SENDS_BO_WHO_SENDS,
            f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:bo@example.org":mailto:{OTHER}',
        ],
        ["2026-03-03,bo,no,delegated"],
    ),
    "two delegates": (
        [
            f'ATTENDEE;DELEGATED-TO="mailto:{OTHER}","mailto:bo@example.org":mailto:ana.example@example.org',
            SENT_BY_ANA.format(answer="ACCEPTED", who="bo@example.org"),
        ],
        ["2026-03-03,bo,yes,accepted"],
    ),
}


@pytest.mark.parametrize(("attendees", "more"), DELEGATIONS.values(), ids=DELEGATIONS)
@pytest.mark.parametrize("sender", [None, OTHER, "ana.example@example.org", "bo@example.org"])
def test_who_sends_somebody_else_has_not_said_yes(
    attendees: list[str], more: list[str], sender: str | None, plan: Path
) -> None:
    data = delegation(*attendees)
    if sender is None:
        done = ask(plan, a_ics=data)
    elif sender == "bo@example.org" and sender not in data.lower():
        return
    else:
        done = ask(plan, a_eml=mail(sender, data))

    assert rows(done) == [DELEGATED, *more]
    assert done.err == ("1 file holds a reply from an address that no member has: a.eml\n" if sender == OTHER else "")


def test_who_delegates_and_comes_after_all_has_said_yes(plan: Path) -> None:
    delegated = delegation(*DELEGATIONS["the delegate's reply"][0])

    assert rows(ask(plan, a_ics=reply(stamp="20260301T130000Z"), b_ics=delegated)) == ["2026-03-03,ana,yes,accepted"]


@pytest.mark.parametrize(
    "attendees",
    [
        [
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bo@example.org",
            "ATTENDEE;PARTSTAT=DECLINED:mailto:ana.example@example.org",
        ],
        [*DELEGATIONS["the delegate's reply"][0], "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bo@example.org"],
        [SENT_BY_ANA.format(answer="ACCEPTED", who=OTHER), f"ATTENDEE:mailto:{OTHER}", "ATTENDEE:mailto:x@example.org"],
    ],
)
def test_attendees_that_no_delegation_links_are_refused(attendees: list[str], plan: Path) -> None:
    done = ask(plan, a_ics=delegation(*attendees))

    assert (done.code, done.out) == (2, "")
    assert f"a.ics: names {len(attendees)} attendees; a reply is of one" in done.err


def test_a_delegate_of_nobody_whom_the_plan_knows_is_refused(plan: Path) -> None:
    line = f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:x@elsewhere.example.net":mailto:{OTHER}'

    assert "a.ics: names an address that no member has" in ask(plan, a_ics=delegation(line)).err


# What an answer does not need.


GIVEN = DATA / "replies"


@pytest.mark.parametrize(
    ("arguments", "row"),
    [
        (("plan.toml", "delegate-accepts.ics"), "2026-09-01,ana,no,delegated"),
        (("plan.toml", "quotes-in-name.ics"), "2026-09-01,ana,yes,accepted"),
        (("plan.toml", "vtimezone-without-offset.ics"), "2026-09-01,ana,yes,accepted"),
        (("id-is-a-name.toml", "--list", "id-is-a-name.csv"), "2026-09-01,ana,yes,"),
    ],
)
def test_replies_that_were_refused_before_are_read(
    arguments: tuple[str, ...], row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(GIVEN)

    assert rows(invoke("replies", *arguments)) == [row]


NAMES = [
    ';CN=Ana "the chair" A',
    ';CN="Ana "the chair" A"',
    ";CN=Ana, Dr.; chair",
    ';CN="Ana',
    ";CN=Ana: the chair;X-NUM-GUESTS=0",
    ';CN=Ana "x:y" <ana>',
    ";CN=^'Ana^'",
    ";CN=",
    ";CN",
    ';CN="";RSVP=TRUE',
    ";CN=An\tä",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_name_does_not_hide_an_attendee(name: str, plan: Path) -> None:
    assert rows(ask(plan, a_ics=reply(who=f"{name}:mailto:ana.example@example.org"))) == ["2026-03-03,ana,yes,accepted"]


ZONE = "BEGIN:VTIMEZONE\r\nTZID:X\r\n{}END:VTIMEZONE\r\n"
NEEDLESS = {
    "a zone without an offset": ZONE.format("BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nEND:STANDARD\r\n"),
    "a zone without anything": ZONE.format(""),
    "a zone with a rule that is none": ZONE.format(
        "BEGIN:DAYLIGHT\r\nDTSTART:x\r\nRRULE:x\r\nTZOFFSETTO:x\r\nEND:DAYLIGHT\r\n"
    ),
    "a directory of zones": ZONE.format("").replace("TZID:X", "TZID:Europe"),
    "busy times": "BEGIN:VFREEBUSY\r\nFREEBUSY:x\r\nEND:VFREEBUSY\r\n",
    "a line without a colon": "hello\r\n",
    "what another program wrote": 'X-A;B="c:D\r\n',
}
NEEDLESS_IN_EVENTS = [
    "CREATED:00001231T000000Z",
    "GEO:abc",
    "DTSTAMP:yesterday",
    "DTSTART:yesterday",
    "DTSTART;TZID=Europe:20260303T090000",
    f"DTSTART;TZID={'x' * 300}:20260303T090000",
    "DTSTART;TZID=Eastern Time (or so):20260303T090000",
    "DTSTART:00010101T000000Z",
    "DTSTART;TZID=Asia/Tokyo:99991231T235959",
    "DTSTART;VALUE=DATE:20260303",
    "DTSTART:20260303T090000",
    "RECURRENCE-ID;TZID=Europe:20260303T090000",
    "RECURRENCE-ID:x",
    "REQUEST-STATUS:x",
    "DURATION:P3000000D",
    "RRULE:FREQ=NEVER",
    'ORGANIZER;CN="x:mailto:y',
    "BEGIN:VALARM\r\nTRIGGER:x\r\nEND:VALARM",
    "a line without a colon",
]


@pytest.mark.parametrize("text", NEEDLESS.values(), ids=NEEDLESS)
def test_what_stands_beside_an_answer_does_not_stop_it(text: str, plan: Path) -> None:
    data = reply().replace("BEGIN:VEVENT", f"{text}BEGIN:VEVENT")

    assert rows(ask(plan, a_ics=data)) == ["2026-03-03,ana,yes,accepted"]
    assert rows(ask(plan, a_ics=f"{reply()}{text}")) == ["2026-03-03,ana,yes,accepted"]


@pytest.mark.parametrize("line", NEEDLESS_IN_EVENTS)
def test_what_an_answer_does_not_need_does_not_stop_it(line: str, plan: Path) -> None:
    assert rows(ask(plan, a_ics=reply(FIRST, ANA, "ACCEPTED", line))) == ["2026-03-03,ana,yes,accepted"]


def test_the_mail_of_one_stranger_stops_nobody(tmp_path: Path) -> None:
    attack = DATA / "attack"
    done = invoke("replies", attack / "council.toml", attack / "inbox", "--skip")
    for name, old in (("x" * 300, "TZID=Europe"), ("America/Indiana", "TZID=Europe"), ("../../../etc", "TZID=Europe")):
        text = (attack / "inbox" / "2.eml").read_text("utf-8").replace(old, f"TZID={name}")
        (tmp_path / "2.eml").write_text(text, "utf-8")
        assert rows(invoke("replies", attack / "council.toml", tmp_path)) == ["2026-09-01,a,yes,accepted"]

    assert rows(done) == ["2026-09-01,a,yes,accepted"]


# A call that has moved since.

MOVED = "board-20260317@board.example.org"
"""A call at 12:00 in New York, 16:00 in UTC; the rule gives 09:00, 13:00 in UTC."""
EARLIER = "2026-03-17,ana,no,accepted before a change"
PRESENT = "2026-03-17,ana,yes,accepted"
ASK_AGAIN = "1 answer is to a call that has changed since and counts as no; ask again: ana on 2026-03-17\n"


@pytest.mark.parametrize(
    ("uid", "lines", "row"),
    [
        (MOVED, ["DTSTART:20260317T130000Z"], EARLIER),
        (MOVED, ["DTSTART:20260317T160000Z"], PRESENT),
        (MOVED, ["DTSTART;TZID=America/New_York:20260317T090000"], EARLIER),
        (MOVED, ["DTSTART;TZID=America/New_York:20260317T120000"], PRESENT),
        (MOVED, ["DTSTART;TZID=Eastern Standard Time:20260317T090000"], EARLIER),
        (MOVED, ["RECURRENCE-ID:20260317T130000Z"], EARLIER),
        (MOVED, ["RECURRENCE-ID:20260317T160000Z"], PRESENT),
        (MOVED, ["RECURRENCE-ID:20260317T130000Z", "DTSTART:20260317T160000Z"], PRESENT),
        (MOVED, ["DTSTART:20260316T160000Z"], EARLIER),
        (MOVED, ["DTSTART:20260317T090000"], PRESENT),
        (MOVED, [], PRESENT),
        ("board-slot1@board.example.org", ["RECURRENCE-ID:20260317T130000Z"], PRESENT),
        ("board-slot1@board.example.org", ["RECURRENCE-ID:20260317T130000Z", "DTSTART:20260317T130000Z"], EARLIER),
        ("board-slot1@board.example.org", ["RECURRENCE-ID:20260317T130000Z", "DTSTART:20260317T160000Z"], PRESENT),
        ("board-slot1@board.example.org", ["RECURRENCE-ID:20260317T120000Z"], EARLIER),
        ("board-slot2@board.example.org", ["RECURRENCE-ID:20260317T230000Z", "DTSTART:20260317T160000Z"], PRESENT),
        # the start of the whole series
        ("board-slot1@board.example.org", ["RECURRENCE-ID:20260317T130000Z", "DTSTART:20260303T140000Z"], PRESENT),
        ("board-slot1@board.example.org", ["RECURRENCE-ID;VALUE=DATE:20260317", "DTSTART:20260317T130000Z"], EARLIER),
    ],
)
def test_a_reply_to_a_call_that_has_moved_since_is_told_apart(uid: str, lines: list[str], row: str, plan: Path) -> None:
    done = ask(plan, a_ics=reply(uid, ANA, "ACCEPTED", *lines))

    assert rows(done) == [row]
    assert done.err == (ASK_AGAIN if row == EARLIER else "")


def test_an_answer_to_the_present_hour_counts_before_one_to_another(plan: Path) -> None:
    earlier = reply(MOVED, ANA, "ACCEPTED", "DTSTART:20260317T130000Z", stamp="20260316T120000Z", sequence=3)
    present = reply(MOVED, ANA, "DECLINED", "DTSTART:20260317T160000Z", stamp="20260301T120000Z")
    for files in ({"a_ics": earlier, "b_ics": present}, {"a_ics": present, "b_ics": earlier}):
        done = ask(plan, **files)

        assert (rows(done), done.err) == (["2026-03-17,ana,no,declined"], "")


@pytest.mark.parametrize("word", ["ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"])
def test_an_answer_to_another_hour_keeps_its_word_and_is_no_yes(word: str, plan: Path) -> None:
    done = ask(plan, a_ics=reply(MOVED, ANA, word, "DTSTART:20260317T130000Z"))

    assert rows(done) == [f"2026-03-17,ana,no,{word.lower()} before a change"]


@pytest.mark.parametrize("layout", ["calls", "series"])
def test_the_sequence_of_the_announced_calendar_tells_replies_to_an_earlier_edition(layout: str, plan: Path) -> None:
    known, uid = plan.parent / "board.ics", MOVED if layout == "calls" else "board-slot1@board.example.org"
    lines = [] if layout == "calls" else ["RECURRENCE-ID;TZID=America/New_York:20260317T090000"]
    before = PLAN.replace('[[exceptions]]\ndate = 2026-03-17\nat = "12:00"\n\n', "")
    assert before != PLAN
    for text, stamp in ((before, "2026-02-01T00:00Z"), (PLAN, "2026-02-02T00:00Z")):
        plan.write_text(text)
        assert invoke("ics", plan, "-o", known, "--layout", layout, "--stamp", stamp).code == 0
    seen = [
        rows(ask(plan, "--previous", known, a_ics=reply(uid, ANA, "ACCEPTED", *lines, *more, sequence=sequence)))
        for sequence, more in ((0, []), (1, []), (2, []), (0, ["DTSTART:20260317T160000Z"]))
    ]

    assert seen == [[EARLIER], [PRESENT], [PRESENT], [PRESENT]]
    assert rows(ask(plan, a_ics=reply(uid, ANA, "ACCEPTED", *lines))) == [PRESENT]


def test_a_calendar_of_another_meeting_is_refused_before_replies_are_read(plan: Path) -> None:
    other = plan.parent / "other.ics"
    other.write_text(reply(method=None))
    done = ask(plan, "--previous", other, "--skip", a_ics=reply())

    assert (done.code, done.out) == (2, "")
    assert "is not a calendar of 'board' that mag-rotation wrote" in done.err


def test_the_sheet_with_such_an_answer_is_read_back_and_gone_on_with(plan: Path) -> None:
    out = plan.parent / "attendance.csv"
    out.write_text("date,member,attended\n")
    plan.write_text(PLAN + '\n[history]\nfile = "attendance.csv"\n')
    first = ask(plan, "-o", out, a_ics=reply(MOVED, ANA, "ACCEPTED", "DTSTART:20260317T130000Z"))
    then = written(out)
    again = ask(plan, "-o", out, a_ics=reply(MOVED, ANA, "ACCEPTED", "DTSTART:20260317T160000Z"))

    assert (first.code, again.code) == (0, 0)
    assert then.splitlines()[1:] == [EARLIER]
    assert written(out).splitlines()[1:] == [PRESENT]
    assert [(line.member, line.attended) for line in load_plan(plan).history] == [("ana", True)]


# Whose mail it is.

ANA, BO = ":mailto:ana.example@example.org", ":mailto:bo@example.org"
SENT_BY_BO = f';SENT-BY="{BO[1:]}"'


def mail(sender: str | None, text: str) -> bytes:
    head = "" if sender is None else f"From: {sender}\r\n"
    return f"{head}Content-Type: text/calendar; method=REPLY\r\n\r\n{text}".encode()


def forwarded(sender: str, inner: bytes) -> bytes:
    return f"From: {sender}\r\nContent-Type: message/rfc822\r\n\r\n".encode() + inner


@pytest.mark.parametrize(
    "data",
    [
        mail("Bo <bo@example.org>", reply(who=ANA)),
        mail('"ana.example@example.org" <BO@Example.org>', reply(who=ANA)),
        mail("bo@example.org", reply(who=f';SENT-BY="mailto:pa@elsewhere.example.net"{ANA}')),
        mail("stranger@private.example.net, bo@example.org", reply(who=ANA)),
        forwarded("ana.example@example.org", mail("bo@example.org", reply(who=ANA))),
    ],
)
def test_a_reply_from_the_address_of_another_member_is_refused(data: bytes, plan: Path) -> None:
    done = ask(plan, a_eml=data, b_ics=reply(who=BO))
    skipped = invoke("replies", plan, plan.parent / "inbox", "--skip")

    assert done.code == 2
    assert "a.eml: comes from the address of member 'bo' and answers for member 'ana', with no SENT-BY" in done.err
    assert "@" not in done.err
    assert rows(skipped) == ["2026-03-03,bo,yes,accepted"]
    assert "no member has" not in skipped.err


def test_a_reply_from_an_address_that_others_share_is_refused_too(plan: Path) -> None:
    done = ask(plan, a_eml=mail("desk@example.org", reply(who=ANA)))

    assert "from the address of member 'twin-1' or 'twin-2' and answers for member 'ana'" in done.err


@pytest.mark.parametrize(
    "data",
    [
        mail(None, reply()),
        mail("", reply()),
        mail("undisclosed recipients:;", reply()),
        mail("=?utf-8?q?Ana_=C3=89?= <ANA.Example@example.ORG>", reply()),
        mail("ana.example@example.org, bo@example.org", reply()),
        mail("Bo <BO@example.org>", reply(who=SENT_BY_BO + ANA)),
        mail("ana.example@example.org", reply(who=SENT_BY_BO + ANA)),
        mail("ana.example@example.org", reply(who=f';SENT-BY="{ANA[1:]}":mailto:shared@elsewhere.example.net')),
        forwarded("bo@example.org", mail("ana.example@example.org", reply())),
        forwarded("bo@example.org", mail(None, reply())),
    ],
)
def test_a_reply_from_the_members_own_address_or_sent_by_whom_it_names_counts_for_the_attendee(
    data: bytes, plan: Path
) -> None:
    done = ask(plan, a_eml=data)

    assert rows(done) == ["2026-03-03,ana,yes,accepted"]
    assert done.err == ""


def test_replies_from_addresses_that_no_member_has_count_and_are_named_once(plan: Path) -> None:
    done = ask(
        plan,
        a_eml=mail(STRANGER, reply()),
        b_eml=gmail(reply()).replace(b"Sender: Google", f"From: Alias <{STRANGER}>\r\nSender: Google".encode()),
        c_eml=mail("bo@example.org", reply(who=BO)),
        d_ics=reply(),
    )

    assert rows(done) == ["2026-03-03,ana,yes,accepted", "2026-03-03,bo,yes,accepted"]
    assert done.err == "2 files hold replies from an address that no member has: a.eml, b.eml\n"


def test_of_many_files_with_replies_from_strangers_the_first_20_are_named() -> None:
    names = [f"{number:02}.eml" for number in range(22)]

    assert senders_line(names[:1]) == "1 file holds a reply from an address that no member has: 00.eml"
    assert senders_line(names[:20]).endswith(": " + ", ".join(names[:20]))
    assert senders_line(names).startswith("22 files hold replies from an address that no member has: 00.eml, 01.eml, ")
    assert senders_line(names).endswith(", 18.eml, 19.eml and 2 more")


# Refusals.

STRANGER = "stranger@private.example.net"
REFUSED = [
    pytest.param("a.ics", reply(method=None), "has no METHOD", id="no method"),
    pytest.param(
        "a.ics", "".join(f"{row}\r\n" for row in reply().splitlines()[4:-1]), "has no METHOD", id="no calendar"
    ),
    pytest.param("a.ics", reply(method="REQUEST"), "is an invitation", id="request"),
    pytest.param("a.ics", reply(method="COUNTER"), "proposes another time", id="counter"),
    pytest.param("a.ics", reply(method="X-FOO"), "has the METHOD 'X-FOO'", id="odd method"),
    pytest.param("a.ics", reply(uid=f"x-{STRANGER}"), "reply to another event", id="other event"),
    pytest.param("a.ics", reply(uid=""), "has no UID, so it does not say which call", id="empty UID"),
    pytest.param("a.ics", reply().replace(f"UID:{FIRST}\r\n", ""), "has no UID", id="no UID"),
    pytest.param("a.ics", reply(uid="board-slot1@board.example.org"), "answers a whole series", id="whole series"),
    pytest.param(
        "a.ics",
        reply("board-slot1@board.example.org", ":mailto:bo@example.org", "ACCEPTED", "RECURRENCE-ID:20260304T090000Z"),
        "when this plan has no call",
        id="no such call",
    ),
    pytest.param(
        "a.ics",
        reply(
            "board-slot1@board.example.org",
            ":mailto:bo@example.org",
            "ACCEPTED",
            "RECURRENCE-ID;TZID=Q:20260303T090000",
        ),
        "on a clock that is not known",
        id="no such clock",
    ),
    pytest.param("a.ics", reply(who=f":mailto:{STRANGER}"), "an address that no member has", id="stranger"),
    pytest.param("a.ics", reply(who=":mailto:desk@example.org"), "2 members (twin-1, twin-2)", id="two members"),
    pytest.param("a.ics", reply(answer=None), "has the answer 'NEEDS-ACTION'", id="no answer"),
    pytest.param("a.ics", reply(answer="MAYBE\x07"), "", id="odd answer"),
    pytest.param(
        "a.ics", reply(FIRST, ":mailto:bo@example.org", "ACCEPTED", f"ATTENDEE:mailto:{STRANGER}"), "names 2", id="two"
    ),
    pytest.param(
        "a.ics", reply().replace("SEQUENCE:0", "SEQUENCE:many"), "SEQUENCE that cannot be read", id="sequence"
    ),
    pytest.param("a.ics", reply()[:-30], "cannot be read whole", id="cut off"),
    pytest.param("a.ics", reply().replace("VEVENT", "VTODO"), "is a reply to no event (VEVENT)", id="no event"),
    pytest.param("a.ics", "", "cannot be read whole", id="empty"),
    pytest.param("a.eml", "Subject: yes\r\n\r\nI shall come\r\n", "holds no calendar part", id="words only"),
    pytest.param("a.eml", "", "holds no calendar part", id="empty mail"),
    pytest.param(
        "a.eml", "Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx", "holds winmail.dat", id="winmail"
    ),
    pytest.param(
        "a.eml",
        "Content-Type: text/calendar; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64=a\r\n",
        "",
        id="broken base64",
    ),
    pytest.param(
        "a.eml",
        f"Content-Type: text/calendar; charset=klingon\r\n\r\n{reply()}",
        "is in 'klingon', which is not read",
        id="charset",
    ),
    pytest.param(
        "a.eml", 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/cal', "", id="cut mail"
    ),
]


@pytest.mark.parametrize(("name", "data", "said"), REFUSED)
def test_what_is_no_reply_of_a_member_to_a_call_is_refused_by_the_name_of_its_file(
    name: str, data: str, said: str, plan: Path
) -> None:
    inbox = put(plan, **{name.replace(".", "_"): data}, z_ics=reply())
    out = plan.parent / "attendance.csv"

    done, skipped = invoke("replies", plan, inbox, "-o", out), invoke("replies", plan, inbox, "--skip")

    assert done.code == 2
    assert not out.exists()
    assert f"\n  {name}: " in done.err
    assert said in done.err
    assert "Traceback" not in done.err
    assert STRANGER not in done.err
    assert rows(skipped) == ["2026-03-03,ana,yes,accepted"]
    assert f"skipped: {name}: " in skipped.err


def test_all_that_is_wrong_comes_at_once(plan: Path) -> None:
    done = ask(plan, a_ics="", b_eml="x", c_ics=reply(method=None), d_ics=reply())

    assert done.code == 2
    assert "3 mistakes" in done.err
    assert [name in done.err for name in ("a.ics", "b.eml", "c.ics", "d.ics")] == [True, True, True, False]


def test_a_huge_file_is_refused_before_it_is_read(plan: Path) -> None:
    inbox = put(plan, a_ics=reply())
    with (inbox / "huge.eml").open("wb") as handle:
        handle.truncate(17 * 1024 * 1024)

    done = invoke("replies", plan, inbox)

    assert done.code == 2
    assert "huge.eml: has more than 16 MiB" in done.err


def test_a_mail_nested_beyond_reason_is_refused(plan: Path) -> None:
    text = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(3000))

    assert ask(plan, a_eml=text).code == 2


def test_nothing_to_read_is_a_mistake_of_usage(plan: Path) -> None:
    done = invoke("replies", plan)

    assert done.code == 2
    assert "--list" in done.err


@given(st.data())
def test_a_mail_damaged_anywhere_is_read_or_refused_and_never_breaks(data: st.DataObject) -> None:
    mail = bytearray(data.draw(st.sampled_from((outlook, gmail, apple)))(reply()))
    for _ in range(data.draw(st.integers(1, 8))):
        mail[data.draw(st.integers(0, len(mail) - 1))] = data.draw(st.integers(0, 255))
    mistakes: list[Mistake] = []

    found = read_replies(bytes(mail), "a.eml", mistakes)

    assert bool(found) != bool(mistakes)


# Lists, and sheets that are there.


def test_a_list_says_who_was_there_by_any_name_of_call_and_member(plan: Path) -> None:
    sheet = plan.parent / "who.csv"
    sheet.write_text(
        "call;member;attended\n1;ana;\n2026-03-10;BO@Example.org;no\n"
        "board-20260312-extra@board.example.org;seat of ana;yes\n"
    )

    done = invoke("replies", plan, "--list", sheet)

    assert rows(done) == ["2026-03-03,ana,yes,", "2026-03-10,bo,no,", "2026-03-12,ana,yes,"]


def test_an_id_beats_an_address_and_an_address_a_name(plan: Path) -> None:
    more = (
        '\n[[members]]\nid = "BO"\nzone = "UTC"\nname = "ana"\n'
        '\n[[members]]\nid = "bo@example.org"\nzone = "UTC"\nname = "Bo"\n'
    )
    plan.write_text(PLAN + more)
    sheet = plan.parent / "who.csv"
    sheet.write_text("call,member\n1,ana\n2,BO\n2026-03-17,bo\n2026-03-12,bo@example.org\n5,BO@example.org\n")

    assert rows(invoke("replies", plan, "--list", sheet)) == [
        "2026-03-03,ana,yes,",
        "2026-03-10,BO,yes,",
        "2026-03-12,bo@example.org,yes,",
        "2026-03-17,bo,yes,",
        "2026-03-24,bo,yes,",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("call,member\n99,ana\n", "row 2: '99' names no call"),
        ("call,member\n1,nobody\n", "'nobody' is not a member"),
        ("Call;MEMBER\n1;Seat of Two\n", "row 2: found 'Seat of Two', the name of 2 members; write the id"),
        ("call,member\n1,desk@example.org\n", "2 members"),
        ("call,member\n2026-03-31,ana\n", "a call that is off"),
        ("call,member,attended\n1,ana,yes\n1,ana,no\n", "row 3: found 'ana' on 2026-03-03 with another answer"),
        ("call,member,attended\n1,ana,perhaps\n", "write yes or no"),
        ("who\nana\n", "found no column 'call'"),
    ],
)
def test_a_list_that_does_not_fit_is_refused_even_where_replies_are_skipped(text: str, said: str, plan: Path) -> None:
    sheet = plan.parent / "who.csv"
    sheet.write_text(text)

    done = invoke("replies", plan, "--list", sheet, "--skip")

    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_presence_stands_against_promises_and_a_new_list_against_an_old_one(plan: Path) -> None:
    out, sheet = plan.parent / "attendance.csv", plan.parent / "who.csv"
    inbox = put(plan, a_ics=reply(answer="ACCEPTED"), b_ics=reply(who=":mailto:bo@example.org", answer="TENTATIVE"))
    sheet.write_text("call,member,attended\n1,ana,no\n")

    first = invoke("replies", plan, inbox, "-o", out)
    promised = written(out)
    invoke("replies", plan, "--list", sheet, "-o", out)
    present = written(out)
    again = invoke("replies", plan, inbox, "-o", out)

    assert first.code == again.code == 0
    assert promised == "date,member,attended,reply\n2026-03-03,ana,yes,accepted\n2026-03-03,bo,no,tentative\n"
    assert present == "date,member,attended,reply\n2026-03-03,ana,no,\n2026-03-03,bo,no,tentative\n"
    assert written(out) == present
    assert "add [history]" in first.err


def test_a_sheet_is_gone_on_with_by_date_and_then_by_roster_and_a_plan_reads_it(plan: Path) -> None:
    out = plan.parent / "attendance.csv"
    out.write_text("date;member;attended\n2026-03-10;bo;yes\n2026-02-03;twin-1;no\n")
    plan.write_text(PLAN + '\n[history]\nfile = "attendance.csv"\n')

    done = ask(plan, "-o", out, a_ics=reply("board-20260310@board.example.org"))

    assert done.code == 0, done.err
    assert "add [history]" not in done.err
    assert written(out).splitlines()[1:] == [
        "2026-02-03,twin-1,no,",
        "2026-03-10,ana,yes,accepted",
        "2026-03-10,bo,yes,",
    ]
    assert [(line.member, line.attended) for line in load_plan(plan).history][1] == ("ana", True)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("date,member,attended,remark\n2026-03-03,ana,yes,late\n", "'remark', a column that would be lost"),
        ("date,member,attended\n2026-03-03,nobody,yes\n", "'nobody'"),
        ("date,member,attended\n2026-03-03,ana,yes\n2026-03-03,ana,no\n", "again"),
        ("id,zone\nana,UTC\n", "found no column 'date'"),
    ],
)
def test_a_sheet_that_would_lose_something_is_left_as_it_was(before: str, said: str, plan: Path) -> None:
    out = plan.parent / "attendance.csv"
    out.write_text(before)

    done = ask(plan, "-o", out, "--skip", a_ics=reply())

    assert done.code == 2
    assert said in done.err
    assert out.read_text() == before


def test_the_plan_itself_is_never_replaced(plan: Path) -> None:
    done = ask(plan, "-o", plan, a_ics=reply())

    assert done.code == 2
    assert plan.read_text() == PLAN


def written(sheet: Path) -> str:
    """The text of a sheet, which begins with a byte-order mark, so that Excel shows its accents."""
    data = sheet.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return data.decode("utf-8-sig")


ROSTER = [Member(id=MemberId(name), zone=ZoneName("UTC")) for name in ("bo", "ana")]

answers = st.builds(
    Presence,
    date=st.sampled_from([date(2026, 3, day) for day in (3, 10)]),
    member=st.sampled_from(["ana", "bo"]).map(MemberId),
    attended=st.booleans(),
    reply=st.sampled_from(["accepted", "declined"]),
)


@given(st.lists(answers, max_size=6), st.lists(answers, max_size=6))
def test_merging_again_changes_nothing(replied: list[Presence], listed: list[Presence]) -> None:
    facts = [Presence(date=one.date, member=one.member, attended=one.attended) for one in listed]

    once = merge_attendance((), replied, facts, ROSTER)

    assert merge_attendance(once, replied, facts, ROSTER) == once
    assert len({(one.date, one.member) for one in once}) == len(once)
    assert write_answers(once).count("\n") == len(once) + 1
