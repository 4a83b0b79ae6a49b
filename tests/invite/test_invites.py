"""Invitations: one member, one call, one message, and nothing of anybody else in it.

Law: what a member's program has after all messages are in, in whatever order and however often, is what the plan says
of that member.
"""

import email
import email.policy
import os
import random
import re
import tracemalloc
from base64 import b64decode
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from calendars import INVITING, MEETING, STAMP, Client, after, known, logical, series_of, slot, values
from engines import Occurrence, instant, read_stupidly, read_with_icaljs, read_with_libical
from invoke import invoke
from linter import lint
from mag_rotation.calls import unroll
from mag_rotation.errors import InvalidPlan, MissingExtra, Mistake, UnusableEdition
from mag_rotation.ics import CalendarLayout, read_prior
from mag_rotation.invite.imip import encode_address, write_mail
from mag_rotation.invite.invitations import Invitation, Method, make_invitations
from mag_rotation.invite.replies import match_replies, read_replies
from mag_rotation.planfile import load_plan
from mag_rotation.report import ENGLISH
from mag_rotation.report.language import find_language
from mag_rotation.report.mails import choose_mail_languages, write_mail_text
from mag_rotation.roster import UTC_ZONE, Member, MemberId, Stay, ZoneName
from mag_rotation.series import Extra, Organizer, Override, Series
from paths import EXAMPLES

OFFICE = Organizer(name='The "Office", Geneva', email="office@example.org")
MEET = replace(
    MEETING, numbering=None, organizer=OFFICE, url="https://meet.example.org/c", description="Bring tea; or, coffee."
)
LATER = STAMP + timedelta(days=1)
READERS = [
    pytest.param(read_stupidly, id="icalendar"),
    pytest.param(read_with_icaljs, id="ical.js"),
    pytest.param(read_with_libical, id="libical"),
]
SLOTS = (slot("14:00", "Europe/Berlin", "midday"), slot("20:00", label="late"))


def member(seat: str, zone: str = "UTC", **more: object) -> Member:
    given: dict[str, object] = {"email": f"{seat}@example.org", **more}
    return replace(Member(id=MemberId(seat), zone=ZoneName(zone)), **given)  # type: ignore[arg-type]


PAIR = (member("kathmandu", "Asia/Kathmandu", roles=("chair",)), member("lima", "America/Lima"))


def series(**more: object) -> Series:
    return series_of(*SLOTS, **{"meeting": MEET, "count": 4, **more})  # type: ignore[arg-type]


def sent(
    plan: Series,
    roster: Sequence[Member] = PAIR,
    *,
    previous: Series | bytes | None = None,
    stamp: datetime = STAMP,
    everything: bool = False,
    alarm: int | None = None,
) -> list[Invitation]:
    """The messages of a plan, after the feed of another where one is given."""
    before = after(previous).data() if isinstance(previous, Series) else previous
    known = read_prior(before, plan.meeting) if before is not None else None
    due = make_invitations(
        unroll(plan), plan.meeting, roster, stamp=stamp, previous=known, everything=everything, alarm=alarm
    )
    return list(due)


def told(messages: Sequence[Invitation]) -> list[tuple[str, str, str, int]]:
    """Who is told what of which date, under which SEQUENCE."""
    return [
        (one.member.id, one.method.value, one.event.uid.partition("@")[0].removeprefix("demo-"), one.event.sequence)
        for one in messages
    ]


def mail_of(one: Invitation, office: Organizer = OFFICE) -> bytes:
    return write_mail(one, office, write_mail_text(one, ENGLISH), date=STAMP)


def parsed(one: Invitation) -> EmailMessage:
    message = email.message_from_bytes(mail_of(one), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def walked(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def calendar_part(message: EmailMessage) -> bytes:
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


# The file.


@pytest.mark.parametrize("reader", READERS)
def test_every_engine_reads_in_a_message_the_call_of_the_plan(
    reader: Callable[[Path], list[Occurrence]], tmp_path: Path
) -> None:
    plan = series(overrides=(Override(date=date(2026, 3, 10), note="no; slides,\nplease \\o/"),))
    path = tmp_path / "invite.ics"
    for call, one in zip(unroll(plan)[:2], sent(plan, PAIR[:1]), strict=False):
        path.write_bytes(one.data)
        (found,) = reader(path)

        assert (found.uid, found.start, found.end, found.summary) == (call.uid, call.start, call.end, call.title)
        assert (found.status, found.sequence, found.description) == ("CONFIRMED", 0, one.text)


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.toml")), ids=lambda path: path.parent.name)
def test_the_messages_of_every_example_are_clean_and_at_the_instants_of_its_calls(path: Path) -> None:
    plan = load_plan(path)
    meeting = replace(plan.meeting, organizer=OFFICE)
    stamp = plan.calls[0].start - timedelta(days=1)
    seat = member("a", "Pacific/Chatham")
    messages = list(make_invitations(plan.calls, meeting, [seat], stamp=stamp, alarm=15))

    assert [found for one in messages for found in lint(one.data, "REQUEST")] == []
    assert [
        (known(event), instant(event, "dtstart"), instant(event, "dtend"))
        for one in messages
        for event in Calendar.from_ical(one.data).walk("VEVENT")
    ] == [((call.uid, None), call.start, call.end) for call in plan.calls if call.is_held]


def test_a_request_asks_one_member_and_names_the_organizer() -> None:
    one = sent(series(), PAIR)[0]

    assert lint(one.data, "REQUEST") == []
    assert values(one.data, "ORGANIZER") == ["mailto:office@example.org"]
    assert [line for line in logical(one.data) if line.startswith("ATTENDEE")] == [
        'ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;ROLE=CHAIR;CN="kathmandu":mailto:kathmandu@example.org'
    ]
    assert "ORGANIZER;CN=\"The ^'Office^', Geneva\":mailto:office@example.org" in logical(one.data)
    assert b"BEGIN:VALARM" not in one.data


def test_a_member_is_told_the_hour_where_they_are_at_that_time() -> None:
    away = Stay(first=date(2026, 3, 8), last=date(2026, 3, 12), zone=ZoneName("Australia/Lord_Howe"))
    texts = [one.text.split("\n\n")[0] for one in sent(series(), [replace(PAIR[0], stays=(away,))])]

    assert texts[0] == "Tuesday 2026-03-03 13:00 UTC\nTuesday 2026-03-03 18:45 Asia/Kathmandu"
    assert texts[1] == "Tuesday 2026-03-10 20:00 UTC\nWednesday 2026-03-11 07:00 Australia/Lord_Howe"


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ((), "REQ-PARTICIPANT"),
        (("captioner",), "REQ-PARTICIPANT"),
        (("observer",), "OPT-PARTICIPANT"),
        (("Optional",), "OPT-PARTICIPANT"),
        (("observer", "Chair"), "CHAIR"),
        (("co-chair",), "CHAIR"),
    ],
)
def test_roles_are_those_that_calendars_know(roles: tuple[str, ...], role: str) -> None:
    (line,) = [line for line in logical(sent(series(), [member("a", roles=roles)])[0].data) if "ATTENDEE" in line]

    assert f";ROLE={role};" in line


def test_a_reminder_is_there_where_it_is_asked_for_and_in_no_cancellation() -> None:
    off = series(overrides=(Override(date=date(2026, 3, 3), cancel=True),))
    request = sent(series(), PAIR[:1], alarm=90)[0]
    cancellation = sent(off, PAIR[:1], previous=series(), alarm=90)[0]

    assert lint(request.data, "REQUEST") == []
    assert values(request.data, "TRIGGER") == ["-PT90M"]
    assert values(cancellation.data, "TRIGGER") == []


REMINDED = replace(MEET, alarm=15)
UPDATES = [
    ("moved", Override(date=date(2026, 3, 3), at=slot("15:00").at)),
    ("on another day", Override(date=date(2026, 3, 3), to=date(2026, 3, 4))),
    ("longer", Override(date=date(2026, 3, 3), minutes=90)),
    ("elsewhere", Override(date=date(2026, 3, 3), location="Room 5")),
    ("with a note", Override(date=date(2026, 3, 3), note="bring tea")),
]


@pytest.mark.parametrize("override", [case[1] for case in UPDATES], ids=[case[0] for case in UPDATES])
def test_an_update_keeps_the_reminder_that_the_plan_asks_for(override: Override) -> None:
    before, now = series(meeting=REMINDED), series(meeting=REMINDED, overrides=(override,))
    (update,) = sent(now, PAIR[:1], previous=before)
    (overruled,) = sent(now, PAIR[:1], previous=before, alarm=90)

    assert {tuple(values(one.data, "TRIGGER")) for one in sent(before)} == {("-PT15M",)}
    assert values(update.data, "TRIGGER") == ["-PT15M"]
    assert values(overruled.data, "TRIGGER") == ["-PT90M"]
    assert lint(update.data, "REQUEST") == []


def test_a_call_that_is_held_again_and_a_member_who_joins_get_the_reminder_too() -> None:
    off = series(meeting=REMINDED, overrides=(Override(date=date(2026, 3, 3), cancel=True),))
    feed = after(off, after(series(meeting=REMINDED)).data()).data()
    (revived,) = sent(series(meeting=REMINDED), PAIR[:1], previous=feed, stamp=LATER)
    joined = sent(series(meeting=REMINDED), [member("new")], previous=series(meeting=REMINDED), everything=True)

    assert {tuple(values(one.data, "TRIGGER")) for one in (revived, *joined)} == {("-PT15M",)}
    assert len(joined) == 4


def test_a_cancellation_says_so_in_its_texts_and_frees_the_hour() -> None:
    now = series(overrides=(Override(date=date(2026, 3, 3), cancel=True, note="recess"),), count=3)
    leaver = member("leaver", left=date(2026, 3, 10))
    moved = series(overrides=(Override(date=date(2026, 3, 10), to=date(2026, 3, 11)),))
    messages = [*sent(now, PAIR[:1], previous=series()), *sent(moved, [leaver], previous=series())]

    assert [one.method for one in messages] == [Method.CANCEL] * 3
    for one in messages:
        assert values(one.data, "SUMMARY") == ["Cancelled: Demo call"]
        assert values(one.data, "DESCRIPTION")[0].startswith("Cancelled: Tuesday 2026-03-")
        assert values(one.data, "TRANSP") == ["TRANSPARENT"]
        assert values(one.data, "X-MICROSOFT-CDO-BUSYSTATUS") == ["FREE"]
        assert one.text.startswith("Tuesday 2026-03-")
        assert "Cancelled: " not in str(parsed(one).get_body(("plain",)))
        assert lint(one.data, "CANCEL") == []
    for one in sent(now, PAIR[:1]):
        assert "Cancelled" not in one.data.decode()
        assert not {"TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"} & {line.partition(":")[0] for line in logical(one.data)}


def test_nobody_is_asked_to_propose_another_time() -> None:
    off = series(overrides=(Override(date=date(2026, 3, 3), cancel=True),))
    messages = [*sent(series()), *sent(off, previous=series())]

    assert {one.method for one in messages} == {Method.REQUEST, Method.CANCEL}
    assert {tuple(values(one.data, "X-MICROSOFT-DISALLOW-COUNTER")) for one in messages} == {("TRUE",)}


def test_a_message_and_the_feed_say_when_the_call_was_announced_first() -> None:
    moved = series(overrides=(Override(date=date(2026, 3, 3), at=slot("15:00").at),))
    (update,) = sent(moved, PAIR[:1], previous=series(), stamp=LATER)

    assert values(update.data, "CREATED") == [f"{STAMP:%Y%m%dT%H%M%SZ}"]
    assert values(update.data, "DTSTAMP") == [f"{LATER:%Y%m%dT%H%M%SZ}"]


# Letters in the headers of mail.

WORD = re.compile(r"=\?utf-8\?b\?([A-Za-z0-9+/]+=*)\?=")
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200),
    st.text("é日🌍 a'=?_", max_size=200),
    st.sampled_from(
        ["Séance du conseil d'administration de la fédération européenne des régions", "x" * 61, "🌍" * 90]
    ),
).filter(lambda text: bool(text.strip()))


@given(TEXTS, TEXTS, TEXTS)
def test_encoded_words_are_as_long_as_rfc_2047_lets_them_be_and_cut_no_letter(
    title: str, office: str, seat: str
) -> None:
    one = sent(series(meeting=replace(MEET, name=title), count=1), [member("a", name=seat)])[0]
    mail = mail_of(one, replace(OFFICE, name=office))
    head = mail.partition(b"\r\n\r\n")[0].decode("ascii")
    said = dict(zip(("From", "To", "Subject"), (office, seat, f"Invitation: {title}"), strict=True))

    for line in head.split("\r\n"):
        words = WORD.findall(line)
        assert all(len(f"=?utf-8?b?{word}?=") <= 75 and b64decode(word).decode("utf-8") for word in words)
        assert not words or len(line) <= 76
        assert line.count("=?utf-8?") == len(words)
    message = email.message_from_bytes(mail)
    for name, text in said.items():
        shown = " ".join(text.split())
        phrase = str(message[name]).rpartition("<")[0].strip() if name != "Subject" else str(message[name])
        if WORD.search(phrase):
            read = re.sub("[\u2068\u2069]", "", str(make_header(decode_header(phrase))))
            assert read.startswith(re.sub("[\u2068\u2069]", "", shown)[:150].rstrip())


NAMES = [
    "Zoë, Seat 12; x:y",
    'a "quoted" ^ name',
    "line\r\nATTENDEE:mailto:other@example.org\nBcc: other@example.org",
    "\u202eright to left \u05d0\u05d1",
    "\U0001f9d1\u200d\U0001f680 " * 12,
    "=?utf-8?b?b3RoZXI=?=",
    "tab\tand bell\x07",
    "x" * 300,
    "\u4e2d\u6587" * 70,
    "",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_gets_out_of_its_place(name: str) -> None:
    one = sent(series(), [member("a", name=name)])[0]
    shown = " ".join((name or "a").replace("\x07", " ").split())
    (event,) = Calendar.from_ical(one.data).walk("VEVENT")
    mail = mail_of(one)
    phrase, _, address = str(email.message_from_bytes(mail)["To"]).rpartition("<")
    words = str(make_header(decode_header(phrase.strip())))  # policy.default puts blanks between encoded words

    assert lint(one.data, "REQUEST") == []
    assert str(event["attendee"]) == "mailto:a@example.org"
    assert event["attendee"].params["CN"] == shown
    assert (re.sub(r'^"|"$|\\(?=.)', "", words), address) == (shown, "a@example.org>")
    assert [to.addr_spec for to in parsed(one)["To"].addresses] == ["a@example.org"]
    assert not {"Bcc", "Cc"} & set(parsed(one).keys())
    assert mail.isascii()
    assert max(map(len, mail.split(b"\r\n"))) <= 78 + 2
    assert b"\n" not in mail.replace(b"\r\n", b"")


def test_an_address_with_odd_letters_is_the_same_in_calendar_and_mail() -> None:
    one = sent(series(), [member("a", email="o'neil+100%?&x@b\u00fccher.example")])[0]

    assert values(one.data, "ATTENDEE")[0].partition("mailto:")[2] == "o'neil+100%25%3F%26x@b%C3%BCcher.example"
    assert parsed(one)["To"].addresses[0].addr_spec == "o'neil+100%?&x@xn--bcher-kva.example"
    assert encode_address(f"a@{'x' * 70}.example") == f"a@{'x' * 70}.example"


# Who gets what.


def test_without_a_previous_edition_every_held_call_to_come_is_told() -> None:
    plan = series(overrides=(Override(date=date(2026, 3, 10), cancel=True),))
    now = datetime(2026, 3, 3, 14, tzinfo=UTC)  # the very end of the first call

    assert told(sent(plan, PAIR, stamp=now)) == [
        ("kathmandu", "REQUEST", "20260317", 0),
        ("lima", "REQUEST", "20260317", 0),
        ("kathmandu", "REQUEST", "20260324", 0),
        ("lima", "REQUEST", "20260324", 0),
    ]
    assert told(sent(plan, PAIR[:1], stamp=now - timedelta(seconds=1)))[0] == ("kathmandu", "REQUEST", "20260303", 0)


def test_after_an_edition_only_what_changed_is_told() -> None:
    changed = series(
        overrides=(
            Override(date=date(2026, 3, 10), cancel=True, note="recess"),
            Override(date=date(2026, 3, 17), at=slot("15:00").at),
        ),
        extras=(Extra(date=date(2026, 3, 12), at=slot("09:00").at),),
        count=3,
    )
    messages = sent(changed, PAIR[:1], previous=series())

    assert told(messages) == [
        ("kathmandu", "CANCEL", "20260310", 1),
        ("kathmandu", "REQUEST", "20260312-extra", 0),
        ("kathmandu", "REQUEST", "20260317", 1),
        ("kathmandu", "CANCEL", "20260324", 1),
    ]
    assert [lint(one.data, one.method) for one in messages] == [[]] * 4
    assert values(messages[0].data, "STATUS") == ["CANCELLED"]
    assert "Note: recess" in messages[0].text
    assert "RSVP" not in messages[0].data.decode()
    assert sent(series(), previous=series()) == []


def test_calls_that_were_never_announced_or_are_past_are_cancelled_for_nobody() -> None:
    off = Override(date=date(2026, 3, 3), cancel=True)
    plan = series(overrides=(off,))

    assert "20260303" not in {date for _, _, date, _ in told(sent(plan))}
    assert sent(series(overrides=(off,)), previous=plan) == []
    assert sent(plan, previous=series(), stamp=datetime(2026, 3, 4, tzinfo=UTC)) == []
    assert sent(series(count=3), previous=series(), stamp=datetime(2026, 4, 1, tzinfo=UTC), everything=True) == []


def test_a_call_that_is_held_again_is_a_request_under_a_higher_sequence() -> None:
    off = after(series(overrides=(Override(date=date(2026, 3, 3), cancel=True),)), after(series()).data())

    assert told(sent(series(), PAIR[:1], previous=off.data(), stamp=LATER)) == [("kathmandu", "REQUEST", "20260303", 2)]


def test_with_all_those_who_joined_late_get_what_did_not_change_as_it_stands() -> None:
    moved = series(overrides=(Override(date=date(2026, 3, 10), at=slot("21:00").at),))
    feed = after(moved, after(series()).data()).data()

    assert told(sent(moved, [member("new")], previous=feed, everything=True, stamp=LATER)) == [
        ("new", "REQUEST", "20260303", 0),
        ("new", "REQUEST", "20260310", 1),
        ("new", "REQUEST", "20260317", 0),
        ("new", "REQUEST", "20260324", 0),
    ]


def test_who_takes_no_part_gets_nothing_and_who_did_before_a_move_a_cancellation() -> None:
    leaver = member("leaver", left=date(2026, 3, 10))
    moved = series(overrides=(Override(date=date(2026, 3, 10), to=date(2026, 3, 11)),))
    (cancellation,) = sent(moved, [leaver], previous=series())

    assert [date for _, _, date, _ in told(sent(series(), [leaver]))] == ["20260303", "20260310"]
    assert told([cancellation]) == [("leaver", "CANCEL", "20260310", 1)]
    assert values(cancellation.data, "DTSTART")[-1] == "20260310T200000Z"
    assert sent(series(), [replace(leaver, joined=date(2026, 3, 9))])[0].event.uid.startswith("demo-20260310")


def test_a_plan_without_an_organizer_is_told_what_it_lacks() -> None:
    with pytest.raises(InvalidPlan, match=r"meeting\.organizer: .*write organizer = "):
        sent(series(meeting=replace(MEET, organizer=None)))


def test_a_calendar_with_an_event_a_slot_is_nothing_to_follow() -> None:
    feed = after(series(count=6), layout=CalendarLayout.SERIES).data()

    with pytest.raises(UnusableEdition, match="layout series"):
        sent(series(count=6), previous=feed)


# Identity.


def test_saying_the_same_again_is_the_same_message_whenever_it_is_said() -> None:
    ids = [one.id for one in sent(series())]

    assert [one.id for one in sent(series(), stamp=LATER)] == ids
    assert len(set(ids)) == len(ids)
    assert [one.data for one in sent(series())] == [one.data for one in sent(series())]


def test_a_text_that_changes_and_changes_back_is_three_messages_under_one_sequence() -> None:
    plain, noted = series(), series(overrides=(Override(date=date(2026, 3, 3), note="bring tea"),))
    first = sent(plain, PAIR[:1])[0]
    second = sent(noted, PAIR[:1], previous=plain, stamp=LATER)[0]
    third = sent(plain, PAIR[:1], previous=after(noted, after(plain).data(), stamp=LATER).data(), stamp=LATER)[0]

    assert {first.event.sequence, second.event.sequence, third.event.sequence} == {0}
    assert len({first.id, second.id, third.id}) == 3


emails = st.from_regex(r"[a-z]{6,12}@[a-z]{6,12}\.example", fullmatch=True)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=8, max_size=20)


@given(
    seats=st.lists(
        st.tuples(st.from_regex(r"[a-z]{9,12}", fullmatch=True), emails, texts), min_size=2, max_size=4,
        unique_by=(lambda seat: seat[0], lambda seat: seat[1], lambda seat: seat[2]),
    )
)  # fmt: skip
def test_no_message_holds_the_id_name_or_address_of_another_member(seats: list[tuple[str, str, str]]) -> None:
    roster = [Member(id=MemberId(one), zone=UTC_ZONE, email=address, name=name) for one, address, name in seats]
    bare = {one.id: sent(series(count=1), [one])[0] for one in roster}
    for one in sent(series(count=1), roster):
        assert one == bare[one.member.id]  # what a member gets does not depend on who else is there
        others = [other for other in roster if other is not one.member]
        whole = mail_of(one) + one.data + calendar_part(parsed(one))
        for other in others:
            assert other.email is not None
            assert other.email.encode() not in whole
            assert str(other.id).encode() not in whole.replace(str(one.address).encode(), b"")


@given(seed=st.integers(0, 2**32), edits=st.lists(st.sampled_from("abcd"), max_size=4))
def test_whatever_the_order_of_messages_a_member_ends_with_the_calls_of_the_plan(seed: int, edits: list[str]) -> None:
    plans = {
        "a": series(),
        "b": series(overrides=(Override(date=date(2026, 3, 10), cancel=True),)),
        "c": series(overrides=(Override(date=date(2026, 3, 10), at=slot("22:00").at),), count=3),
        "d": series(extras=(Extra(date=date(2026, 3, 10), at=slot("22:00").at),)),
    }
    plan, feed, stamp = plans["a"], after(plans["a"]).data(), STAMP
    messages = sent(plan, PAIR[:1])
    for edit in edits:
        plan, stamp = plans[edit], stamp + timedelta(hours=1)
        messages += sent(plan, PAIR[:1], previous=feed, stamp=stamp)
        feed = after(plan, feed, stamp=stamp).data()
    client = Client()
    random.Random(seed).shuffle(messages)  # noqa: S311 - an order
    for one in (*messages, *messages[:2]):
        client.take(one.data)

    assert [(one.uid, one.start) for one in client.held()] == [
        (call.uid, call.start) for call in unroll(plan) if call.is_held
    ]


def test_memory_does_not_grow_with_the_number_of_messages() -> None:
    plan = series(count=40)
    calls, roster = unroll(plan), [member(f"m{index}") for index in range(40)]
    due = make_invitations(calls, plan.meeting, roster, stamp=STAMP)
    list(islice(due, 100))
    tracemalloc.start()
    try:
        count = sum(1 for _ in due)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 1500
    assert peak < 200_000  # the files of these messages are 1.7 million bytes


# The mail.


def test_a_mail_has_the_parts_that_programs_look_for_in_their_order() -> None:
    one = sent(series())[0]
    message = parsed(one)
    attachment = next(message.iter_attachments())

    assert walked(message) == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    assert [part.defects for part in message.walk()] == [[]] * 6
    (calendar,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert dict(calendar["Content-Type"].params) == {"charset": "utf-8", "method": "REQUEST"}
    assert calendar.get_content_disposition() is None
    assert calendar_part(message) == one.data == attachment.get_content()
    assert (attachment.get_content_disposition(), attachment.get_filename()) == ("attachment", "invite.ics")


def test_the_headers_say_who_what_and_when() -> None:
    one = sent(series())[0]
    message = parsed(one)

    assert message["From"].addresses[0].display_name == OFFICE.name
    assert [address.addr_spec for address in message["To"].addresses] == ["kathmandu@example.org"]
    assert message["Subject"] == "Invitation: Demo call, 2026-03-03 13:00 UTC"
    assert message["Date"].datetime == STAMP
    assert message["Message-ID"] == f"<{one.id}>"
    assert one.id.startswith("demo-20260303.0.")
    assert one.id.endswith("@example.org")
    assert message["Auto-Submitted"] == "auto-generated"
    assert mail_of(one) == mail_of(one)


def test_the_method_of_the_part_is_that_of_the_calendar_and_the_subject_says_it() -> None:
    changed = series(
        overrides=(Override(date=date(2026, 3, 3), cancel=True), Override(date=date(2026, 3, 10), at=slot("21:00").at))
    )
    off, moved = map(parsed, sent(changed, PAIR[:1], previous=series()))

    for message, method in ((off, Method.CANCEL), (moved, Method.REQUEST)):
        (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        assert part["Content-Type"].params["method"] == method
        assert values(calendar_part(message), "METHOD") == [method]
    assert off["Subject"].startswith("Cancelled: Demo call")
    assert moved["Subject"].startswith("Changed: Demo call")


def test_the_bodies_say_the_text_escaped_and_fetch_nothing() -> None:
    meeting = replace(MEET, name="<b>Tea & \u05ea\u05d4</b>", description="<img src=//evil.example/x>\n.\nFrom here")
    one = sent(series(meeting=meeting))[0]
    plain = parsed(one).get_body(("plain",))
    html = parsed(one).get_body(("html",))
    assert plain is not None
    assert html is not None

    times, *rest = one.text.split("\n\n")
    assert plain.get_content().splitlines()[2:] == "\n\n".join([f"{times}\n60 minutes", *rest]).splitlines()
    assert "&lt;b&gt;Tea &amp; \u05ea\u05d4&lt;/b&gt;" in html.get_content()
    assert "&lt;img src=//evil.example/x&gt;<br>" in html.get_content()
    assert '<a href="https://meet.example.org/c">' in html.get_content()
    assert "src=" not in html.get_content().replace("&lt;img src=", "")


def test_who_reads_the_text_alone_knows_what_a_call_is_and_what_it_was() -> None:
    longer = Override(date=date(2026, 3, 3), minutes=90, location="Room 5", at=slot("20:30").at, note="bring ideas")
    message, _ = map(parsed, sent(series(overrides=(longer,)), PAIR[:2], previous=series()))

    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        text = re.sub("<[^>]*>|\r", "", body.get_content())
        assert re.search(
            r"2026-03-03 19:30 UTC\n.*Asia/Kathmandu\n90 minutes\nRoom 5\s+"
            r"It was:\nTuesday 2026-03-03 13:00 UTC\n.*Asia/Kathmandu\n60 minutes\s+Note: bring ideas",
            text,
        )


@pytest.mark.parametrize("note", ["a", None])
def test_a_call_that_stays_when_and_where_it_was_is_not_told_twice(note: str | None) -> None:
    noted = Override(date=date(2026, 3, 3), note=note) if note else Override(date=date(2026, 3, 3), cancel=True)
    for then, now in ((series(), series(overrides=(noted,))), (series(overrides=(noted,)), series())):
        for one in sent(now, PAIR[:1], previous=then):
            body = parsed(one).get_body(("plain",))
            assert body is not None
            assert "It was" not in body.get_content()


@pytest.mark.parametrize("name", ["\u05ea\u05d4 call", "Evil \u202e call", "plain"])
def test_the_date_in_a_subject_is_read_from_the_left_whatever_the_title(name: str) -> None:
    subject = str(parsed(sent(series(meeting=replace(MEET, name=name)))[0])["Subject"])
    shown = name if name == "plain" else f"\u2068{name}\u2069"

    assert subject.startswith(f"Invitation: {shown}, 2026-03-03 13:00 UTC")


def test_a_link_that_is_no_web_address_is_text() -> None:
    html = parsed(sent(series(meeting=replace(MEET, url="javascript:alert(1)")))[0]).get_body(("html",))

    assert html is not None
    assert "href" not in html.get_content()


def test_an_answer_to_an_invitation_is_known_as_that_of_its_member() -> None:
    plan = series()
    roster = [member("a", email="o'neil+100%@b\u00fccher.example"), member("b")]
    one = sent(plan, roster)[0]
    lines = [line.replace("REQUEST", "REPLY").replace("NEEDS-ACTION", "ACCEPTED") for line in logical(one.data)]
    mistakes: list[Mistake] = []
    replies = read_replies("\r\n".join(lines).encode(), "reply.ics", mistakes)
    answers = match_replies(replies, plan, unroll(plan), roster, mistakes)

    assert mistakes == []
    assert [(one.member, one.date, one.attended) for one in answers] == [("a", date(2026, 3, 3), True)]


# The command.

PLAN = (
    INVITING
    + """
[[members]]
id = "AU/../x"
zone = "Australia/Brisbane"
email = "au@example.org"
[[members]]
id = "lima"
zone = "America/Lima"
email = "lima@example.org"
[[members]]
id = "silent"
zone = "UTC"
"""
)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_invite_writes_a_file_a_member_and_call_below_names_that_every_system_has(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    done = invoke("invite", plan, "-o", out, "--stamp", "2026-01-01T00:00Z")
    folder, *_ = [one.name for one in out.iterdir() if one.name.startswith("au-x-")]

    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == [
        "warning: 1 member has no email address and gets no invitation: silent",
        f"{out}: 4 invitations for 2 members written",
    ]
    assert files(out) == sorted(
        ["mine.txt", *(f"{who}/demo-202603{day}.ics" for who in (folder, "lima") for day in ("03", "10"))]
    )
    assert (out / "mine.txt").read_text() == "mine"


def test_the_reminder_of_the_plan_is_in_invitations_and_updates_unless_another_is_asked_for(
    plan: Path, tmp_path: Path
) -> None:
    plan.write_text(PLAN.replace('duration = "1h"', 'duration = "1h"\nalarm = "1h30min"'))
    feed, stamp = tmp_path / "feed.ics", ("--stamp", "2026-01-01T00:00Z")
    assert invoke("ics", plan, "-o", feed, *stamp).code == 0
    assert invoke("invite", plan, "-o", tmp_path / "first", *stamp).code == 0
    plan.write_text(f"{plan.read_text()}[[exceptions]]\ndate = 2026-03-10\nat = 15:00:00\n")
    later = ("--previous", feed, "--stamp", "2026-01-02T00:00Z")
    assert invoke("invite", plan, "-o", tmp_path / "update", *later).code == 0
    assert invoke("invite", plan, "-o", tmp_path / "other", *later, "--alarm", "5min").code == 0
    found = {
        name: {tuple(values(path.read_bytes(), "TRIGGER")) for path in (tmp_path / name).rglob("*.ics")}
        for name in ("first", "update", "other")
    }

    assert found == {"first": {("-PT90M",)}, "update": {("-PT90M",)}, "other": {("-PT5M",)}}
    assert b"VALARM" not in feed.read_bytes()


def test_invite_for_one_member_after_an_edition_writes_what_changed(plan: Path, tmp_path: Path) -> None:
    feed, out = tmp_path / "feed.ics", tmp_path / "out"
    invoke("ics", plan, "-o", feed, "--stamp", "2026-01-01T00:00Z")
    plan.write_text(f"{PLAN}[[exceptions]]\ndate = 2026-03-10\ncancel = true\n")
    changed = ("--previous", feed, "--stamp", "2026-01-02T00:00Z", "--eml", "-m", "lima", "-m", "lima")
    done = invoke("invite", plan, "-o", out, *changed)

    assert done.err == f"{out}: 1 cancellation for 1 member written\n"
    assert files(out) == [".invitations", "lima/demo-20260310.eml"]
    assert invoke("invite", plan, "-o", out, *changed, "--all").err.endswith(
        "1 invitation and 1 cancellation for 1 member written\n"
    )
    plan.write_text(PLAN.replace("2026-03-03", "2036-03-04"))
    assert invoke("invite", plan, "-o", out).err.startswith("warning: tzdata ")
    assert invoke("invite", plan, "-o", tmp_path / "no", "-m", "lyma").code == 2
    assert not (tmp_path / "no").exists()


def test_invite_says_what_it_cannot_follow_and_what_it_lacks(plan: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.ics"
    invoke("ics", plan, "-o", feed, "--layout", "series", "--stamp", "2026-01-01T00:00Z")
    followed = invoke("invite", plan, "-o", tmp_path / "out", "--previous", feed)
    feed.write_text("BEGIN:VCALENDAR\n")
    broken = invoke("invite", plan, "-o", tmp_path / "out", "--previous", feed)
    plan.write_text(PLAN.replace("organizer =", "# organizer ="))
    lacking = invoke("invite", plan, "-o", tmp_path / "out")

    assert "has one event a slot, and invitations go out one a call" in followed.err
    assert "cannot be read whole" in broken.err
    assert "meeting.organizer: invitations come from somebody" in lacking.err
    assert {followed.code, broken.code, lacking.code} == {2}
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_put_in_its_place_leaves_the_one_before(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    invoke("invite", plan, "-o", out, "--stamp", "2026-01-01T00:00Z")
    before = {name: (out / name).read_bytes() for name in files(out)}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    done = invoke("invite", plan, "-o", out, "--stamp", "2026-01-02T00:00Z")

    assert done.code == 2
    assert "no space left on device" in done.err
    assert {name: (out / name).read_bytes() for name in files(out)} == before


@pytest.mark.parametrize("mail", [[], ["--eml"]], ids=["calendars", "mail"])
def test_new_files_are_for_their_owner_and_old_ones_keep_their_mode(
    plan: Path, tmp_path: Path, mail: list[str]
) -> None:
    out = tmp_path / "out"
    mask = os.umask(0o022)
    try:
        invoke("invite", plan, "-o", out, "--stamp", "2026-01-01T00:00Z", *mail)
        new = {(out / name).stat().st_mode & 0o777 for name in files(out)}
        for mode in (0o644, 0o640, 0o600, 0o666):
            for name in files(out):
                (out / name).chmod(mode)
            invoke("invite", plan, "-o", out, "--stamp", "2026-01-02T00:00Z", *mail)
            assert {(out / name).stat().st_mode & 0o777 for name in files(out)} == {mode}
    finally:
        os.umask(mask)

    assert new == {0o600}


@pytest.mark.parametrize("name", [".{}.part", ".{}.ics.part"])
def test_a_link_that_somebody_put_in_the_way_leads_nowhere(plan: Path, tmp_path: Path, name: str) -> None:
    out, target = tmp_path / "out", tmp_path / "target"
    target.write_text("precious")
    invoke("invite", plan, "-o", out, "--stamp", "2026-01-01T00:00Z")
    for path in sorted(out.rglob("*.ics")):
        (path.parent / name.format(path.stem)).symlink_to(target)
    assert invoke("invite", plan, "-o", out, "--stamp", "2026-01-02T00:00Z").code == 0

    assert target.read_text() == "precious"


def test_a_place_that_is_taken_is_told_about(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    invoke("invite", plan, "-o", out, "--stamp", "2026-01-01T00:00Z")
    (first, *_) = sorted(out.rglob("*.ics"))
    first.unlink()
    first.mkdir()
    done = invoke("invite", plan, "-o", out, "--stamp", "2026-01-02T00:00Z")

    assert done.code == 2
    assert f"{first}: is a directory; move it away; write the rest by the same command" in done.err
    assert not list(out.rglob("*.part"))


# The language of mails.

SPEAKERS = (
    member("arabic", "Africa/Cairo", locale="ar"),
    member("chinese", "Asia/Shanghai", locale="zh"),
    member("english", "Europe/London", locale="en"),
    member("french", "America/Toronto", locale="fr-CA"),
    member("none", "Asia/Tokyo"),
)


def read_mails(messages: Sequence[Invitation], members: Sequence[Member] = SPEAKERS) -> dict[str, EmailMessage]:
    """Return the mails about one call by member, each in the language of its member."""
    languages = choose_mail_languages(members, ENGLISH).by_member
    mails = {}
    for one in messages:
        data = write_mail(one, OFFICE, write_mail_text(one, languages[one.member.id]), date=STAMP)
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        mails[one.member.id] = message
    return mails


def read_text(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text


def test_a_mail_is_in_the_language_of_its_member() -> None:
    plan = series(overrides=(Override(date=date(2026, 3, 3), note="Two\n\nlines"),), count=1)
    mails = read_mails(sent(plan, SPEAKERS))
    subjects = {one: str(mail["Subject"]).replace("\u2068", "").replace("\u2069", "") for one, mail in mails.items()}
    texts = {one: read_text(mail) for one, mail in mails.items()}

    for name, tag, letters in (
        ("arabic", "ar", "[\u0620-\u064a]"),
        ("chinese", "zh", "[\u4e00-\u9fff]"),
        ("french", "fr", "é"),
    ):
        language = find_language(tag)
        figures = {"title": MEET.name, "start": "2026-03-03 13:00"}
        assert subjects[name] == language.phrase("Invitation: {title}, {start} UTC", **figures)
        lines = texts[name].splitlines()
        assert lines[0] == language.phrase("You are invited to {title}", title=MEET.name)
        assert language.write_full_moment(datetime(2026, 3, 3, 13)) in lines[2]  # noqa: DTZ001 - on a wall
        assert language.phrase_count("{count} minute", "{count} minutes", 60) == lines[4]
        assert lines[6] == language.phrase("Note: {note}", note="Two")
        assert lines[7:] == ["", "lines", "", "Bring tea; or, coffee.", "", "https://meet.example.org/c"]
        assert re.search(letters, texts[name])
    assert re.search("[\u0620-\u064a]", subjects["arabic"])
    assert re.search("[\u4e00-\u9fff]", subjects["chinese"])
    assert subjects["english"] == subjects["none"] == f"Invitation: {MEET.name}, 2026-03-03 13:00 UTC"
    assert "上海" in texts["chinese"]
    assert "القاهرة" in texts["arabic"]
    assert "08:00 (Toronto)" in texts["french"]
    assert texts["english"].splitlines()[:3] == [f"You are invited to {MEET.name}", "", "Tuesday 2026-03-03 13:00 UTC"]
    assert '<html lang="ar" dir="rtl">' in read_text(mails["arabic"], "html")
    assert '<html lang="fr-CA">' in read_text(mails["french"], "html")


@pytest.mark.parametrize("note", [None, "", "a", "a\n\n\n\nb", "Note: x", "{title}"])
def test_a_mail_has_the_note_once_and_all_of_the_description(note: str | None) -> None:
    plan = series(
        meeting=replace(MEET, name="Call {0}"), overrides=(Override(date=date(2026, 3, 3), note=note),), count=1
    )
    text = read_text(read_mails(sent(plan, SPEAKERS))["chinese"]).replace("\r\n", "\n")

    assert text.partition("\n")[0].endswith("Call {0}")
    noted = "\n\n" + find_language("zh").phrase("Note: {note}", note=note) if note else ""
    assert text.endswith(f"60分钟{noted}\n\nBring tea; or, coffee.\n\nhttps://meet.example.org/c")


def test_the_calendar_in_a_mail_is_the_same_in_every_language() -> None:
    plain = [replace(one, locale=None) for one in SPEAKERS]
    here, there = sent(series(), SPEAKERS), sent(series(), plain)

    assert [(one.data, one.id) for one in here] == [(one.data, one.id) for one in there]
    assert all("SUMMARY:Demo" in line for line in logical(here[0].data) if line.startswith("SUMMARY"))


@pytest.mark.parametrize("tag", ["fr", "es", "ru", "zh", "ar"])
def test_what_a_call_was_and_that_it_is_off_is_said_in_the_language(tag: str) -> None:
    language = find_language(tag)
    speaker = [member("a", "Asia/Kathmandu", locale=tag)]
    moved = (Override(date=date(2026, 3, 10), at=slot("15:45").at, location="Room 4"),)
    off = (Override(date=date(2026, 3, 10), cancel=True, note="holiday"),)
    plan = series(overrides=moved)
    changed = read_mails(sent(plan, speaker, previous=series(), stamp=LATER), speaker)["a"]
    cancelled = read_mails(sent(series(overrides=off), speaker, previous=series(), stamp=LATER), speaker)["a"]

    assert language.phrase("It was:") in read_text(changed)
    assert language.phrase("A call has changed: {title}", title=MEET.name) in read_text(changed)
    assert "Room 4" in read_text(changed)
    assert language.phrase("Note: {note}", note="holiday") in read_text(cancelled)
    assert language.translate("Cancelled: {title}, {start} UTC").partition("{")[0].strip() in str(cancelled["Subject"])
    assert not re.search(r"\b(was|has|Note|Cancelled)\b", read_text(changed) + read_text(cancelled))


def test_members_whose_language_is_not_there_are_named() -> None:
    chosen = choose_mail_languages(
        [member("a", locale="pt-BR"), member("b", locale="pt-BR"), member("c", locale="de"), member("d", locale="es")],
        ENGLISH,
    )

    assert chosen.warnings == (
        "there are no texts in pt-BR, so these members get mails in en: a, b",
        "there are no texts in de, so these members get mails in en: c",
    )
    assert {one: language.tag for one, language in chosen.by_member.items()} == {
        "a": "en",
        "b": "en",
        "c": "en",
        "d": "es",
    }


def test_without_the_package_for_languages_mails_are_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(tag: str) -> None:
        raise MissingExtra("report", f"babel for {tag}")

    monkeypatch.setattr("mag_rotation.report.mails.find_language", refuse)
    chosen = choose_mail_languages(SPEAKERS, ENGLISH)

    assert set(chosen.by_member.values()) == {ENGLISH}
    (warning,) = chosen.warnings
    assert warning.startswith("these members get mails in en: arabic, chinese, english, french; report needs")


def test_mails_are_written_in_the_language_of_the_roster(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(
        INVITING
        + "".join(
            f'''
[[members]]
id = "{name}"
zone = "UTC"
email = "{name}@example.org"
locale = "{tag}"
'''
            for name, tag in (("bea", "fr"), ("cem", "tr"))
        ),
        "utf-8",
    )
    arguments = ("invite", plan, "-o", tmp_path / "out", "--eml", "--stamp", "2026-01-01T00:00Z", "--locale", "es")
    done = invoke(*arguments)
    read = {
        name: email.message_from_bytes(
            next((tmp_path / "out" / name).iterdir()).read_bytes(), policy=email.policy.default
        )
        for name in ("bea", "cem")
    }

    assert done.code == 0
    assert re.search("advertencia: .*tr.*cem", done.err)
    for name, tag in (("bea", "fr"), ("cem", "es")):
        opening = find_language(tag).phrase("You are invited to {title}", title="Demo call")
        assert read_text(read[name]).startswith(opening)
