"""The calendar file: clean bytes, and two engines that are not ours read in it exactly the calls of the plan.

Law: no occurrence is lost, doubled or moved, no text is changed by a letter, and nothing of a member is in the bytes.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from engines import Occurrence, pieces, read_with_icaljs, read_with_libical
from linter import lint
from mag_rotation.errors import InvalidInstant
from mag_rotation.ics import to_ics
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.zones import TZDATA_VERSION
from paths import EXAMPLES

STAMP = datetime(2020, 6, 1, tzinfo=UTC)
READERS = [pytest.param(read_with_icaljs, id="ical.js"), pytest.param(read_with_libical, id="libical")]
PLANS = sorted(EXAMPLES.rglob("*.toml"))
Reader = Callable[[Path], list[Occurrence]]


def plan_id(path: Path) -> str:
    return str(path.relative_to(EXAMPLES).with_suffix(""))


def described(plan: Plan) -> Iterator[tuple[str, tuple[object, ...]]]:
    """What an engine must show of each call, worked out from the call alone, by UID."""
    meeting = plan.meeting
    for call in plan.calls:
        note = f"Note: {call.note}" if call.note else None
        blocks = [f"{call.start:%A %Y-%m-%d %H:%M} UTC", note, meeting.description, meeting.url]
        text = "\n\n".join(block for block in blocks if block)
        status, word = ("CONFIRMED", "") if call.is_held else ("CANCELLED", "Cancelled: ")
        labels = pieces(name for name in (call.slot, call.phase) if name)
        told = (call.start, call.end, word + call.title, word + text, call.location, meeting.url, labels)
        yield call.uid, (*told, status, 0, None)


def shown(found: Occurrence) -> tuple[object, ...]:
    return (
        found.start, found.end, found.summary, found.description, found.location, found.url, pieces(found.categories),
        found.status, found.sequence, found.recurrence_id,
    )  # fmt: skip


def assert_read_back(plan: Plan, data: bytes, reader: Reader, path: Path) -> None:
    path.write_bytes(data)
    found = reader(path)

    assert len(found) == len(plan.calls)
    assert {occurrence.uid: shown(occurrence) for occurrence in found} == dict(described(plan))


@pytest.mark.parametrize("path", PLANS, ids=plan_id)
def test_the_bytes_of_every_example_are_clean(path: Path) -> None:
    plan = load_plan(path)

    assert lint(to_ics(plan.calls, plan.meeting, stamp=STAMP)) == []
    assert lint(to_ics(plan.calls, plan.meeting, stamp=STAMP, zones=[ZoneName("Asia/Tokyo")])) == []


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("path", PLANS, ids=plan_id)
def test_other_engines_read_every_call_of_every_example(path: Path, reader: Reader, tmp_path: Path) -> None:
    plan = load_plan(path)

    assert_read_back(plan, to_ics(plan.calls, plan.meeting, stamp=STAMP), reader, tmp_path / "feed.ics")


HOSTILE = {
    "marks": "a;b,c:d\"e'f\\g\\nh\\\\i^j^n&<k>",
    "lines": "one\ntwo\n\n\tthree\tfour",
    "scripts": "\u202b\u05e9\u05dc\u05d5\u05dd\u202c \u200f\u0639\u0631\u0628\u064a\u200e 日本語 한국어 Ελλ",
    "four bytes": "\U0001f469\u200d\U0001f4bb\U0001f3f3\ufe0f\u200d\U0001f308\U0001d518\U0002000b" * 20,
    "long word": "x" * 300,
    "long escapes": ",;\\" * 100,
    "long two bytes": "é" * 300,
    "injection": "END:VEVENT\nBEGIN:VEVENT\nUID:evil@example.org",
    "separators": "a\u2028b\u2029c\u00a0d\ufeffe",
    "format": "%s {0} ${x} [b]",
    "colons": "DTSTART:20200101T000000Z",
}

PLAN = """
format = 1
[meeting]
id = "hostile"
name = {text}
uid-domain = "calls.example.org"
duration = "90min"
location = {text}
url = "https://meet.example.org/a;b,c?d=%22e%22&f=g#h"
description = {text}
numbering = {{ style = "roman" }}
[schedule]
first = 2020-09-08
repeat = "FREQ=WEEKLY"
count = 3
[rotation]
slots = [{{ at = "20:00", label = {text} }}]
[[exceptions]]
date = 2020-09-15
cancel = true
note = {text}
[[extras]]
date = 2020-09-17
at = "09:00"
zone = "Asia/Kathmandu"
location = {text}
note = {text}
[[phases]]
name = {phase}
from = 2020-09-16
to = 2020-09-30
"""


def plan_with(text: str, folder: Path) -> Plan:
    """A plan that holds ``text`` wherever a plan holds text; JSON's strings are TOML's."""
    path = folder / "plan.toml"
    words = {name: json.dumps(value, ensure_ascii=False) for name, value in [("text", text), ("phase", f"in {text}")]}
    path.write_text(PLAN.format(**words), "utf-8")
    return load_plan(path)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_bytes_of_hostile_text_are_clean(text: str, tmp_path: Path) -> None:
    plan = plan_with(text, tmp_path)
    data = to_ics(plan.calls, plan.meeting, stamp=STAMP)

    assert lint(data) == []
    assert data.count(b"\r\nBEGIN:VEVENT\r\n") == len(plan.calls) == 4


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_other_engines_read_hostile_text_letter_by_letter(text: str, reader: Reader, tmp_path: Path) -> None:
    plan = plan_with(text, tmp_path)

    assert_read_back(plan, to_ics(plan.calls, plan.meeting, stamp=STAMP), reader, tmp_path / "feed.ics")


def logical(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def values(data: bytes, name: str) -> list[str]:
    return [line.partition(":")[2] for line in logical(data) if re.match(rf"{name}[:;]", line)]


@pytest.fixture(scope="module")
def mag() -> Plan:
    return load_plan(EXAMPLES / "mag-2020" / "plan.toml")


@pytest.fixture(scope="module")
def feed(mag: Plan) -> bytes:
    return to_ics(mag.calls, mag.meeting, stamp=STAMP)


def test_a_feed_names_itself_how_often_to_ask_and_its_zone_rules(feed: bytes) -> None:
    head = logical(feed)[: logical(feed).index("BEGIN:VEVENT")]

    assert head == [
        "BEGIN:VCALENDAR",
        "PRODID:-//mag_rotation//mag_rotation//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "NAME:IGF 2020 MAG Virtual Meeting",
        "X-WR-CALNAME:IGF 2020 MAG Virtual Meeting",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "X-WR-TIMEZONE:UTC",
        f"X-MAG-ROTATION-TZDATA:{TZDATA_VERSION}",
    ]


def test_a_plan_may_say_what_its_calendar_is_about_its_color_and_where_it_is_published(mag: Plan) -> None:
    about = "Calls; of the group,\nonce a week"
    link = "https://example.org/a,b;c/mag.ics?x=%22"
    meeting = replace(mag.meeting, description=about, color="steelblue", feed_url=link)
    data = to_ics(mag.calls, meeting, stamp=STAMP)

    assert lint(data) == []
    assert {line for line in logical(data) if line.startswith(("X-WR-CALDESC", "COLOR", "SOURCE"))} == {
        r"X-WR-CALDESC:Calls\; of the group\,\nonce a week",
        "COLOR:steelblue",
        f"SOURCE;VALUE=URI:{link}",
    }
    for text in ("X-WR-CALDESC", "COLOR", "SOURCE"):
        assert values(to_ics(mag.calls, mag.meeting, stamp=STAMP), text) == []


CLOCKS = [
    ("one zone", ["Europe/Berlin", "Europe/Berlin"], "Europe/Berlin"),
    ("two zones", ["Europe/Berlin", "Asia/Tokyo"], "UTC"),
    ("a zone and UTC", ["Europe/Berlin", "UTC"], "UTC"),
    ("UTC", ["UTC"], "UTC"),
    ("UTC by another name", ["Etc/UTC"], "UTC"),
    ("no call", [], "UTC"),
]


@pytest.mark.parametrize(("zones", "expected"), [case[1:] for case in CLOCKS], ids=[case[0] for case in CLOCKS])
def test_the_zone_of_a_calendar_is_that_of_all_its_calls(mag: Plan, zones: list[str], expected: str) -> None:
    calls = [replace(call, zone=ZoneName(zone)) for call, zone in zip(mag.calls, zones, strict=False)]

    assert values(to_ics(calls, mag.meeting, stamp=STAMP), "X-WR-TIMEZONE") == [expected]
    assert values(to_ics(calls, mag.meeting, stamp=STAMP, utc=True), "X-WR-TIMEZONE") == ["UTC"]


LINKS = [
    ("https://meet.example.org/a;b,c", "AUDIO,VIDEO"),
    ("HTTP://meet.example.org", "AUDIO,VIDEO"),
    ("tel:+41-22-555-0100,,,17", "PHONE"),
    ("TEL:+41", "PHONE"),
    ("sip:room@example.org", "AUDIO"),
    ("sips:room@example.org", "AUDIO"),
]


@pytest.mark.parametrize(("link", "feature"), LINKS)
@pytest.mark.parametrize("reader", READERS)
def test_the_link_to_a_call_says_what_it_is_good_for(
    mag: Plan, link: str, feature: str, reader: Reader, tmp_path: Path
) -> None:
    data = to_ics(mag.calls[:1], replace(mag.meeting, url=link), stamp=STAMP)
    (tmp_path / "feed.ics").write_bytes(data)
    (line,) = [line for line in logical(data) if line.startswith("CONFERENCE")]

    assert line == f"CONFERENCE;VALUE=URI;FEATURE={feature};LABEL=Join the call:{link}"
    assert lint(data) == []
    assert reader(tmp_path / "feed.ics")[0].url == link


LABELS = [
    ("two", "late", "Phase I", "late,Phase I"),
    ("one", "late", None, "late"),
    ("the phase alone", None, "Phase I", "Phase I"),
    ("the same", "late", "late", "late"),
    ("commas", "noon, late", "I, the first", r"noon\, late,I\, the first"),
    ("a backslash at the end", "late\\", "I\\", "late\\\\ ,I\\\\ "),
]


@pytest.mark.parametrize(("slot", "phase", "line"), [case[1:] for case in LABELS], ids=[case[0] for case in LABELS])
def test_the_labels_of_a_call_are_one_line(mag: Plan, slot: str | None, phase: str | None, line: str) -> None:
    call = replace(mag.calls[0], slot=slot, phase=phase)

    assert values(to_ics([call], mag.meeting, stamp=STAMP), "CATEGORIES") == [line]


def test_a_feed_has_no_method_no_zone_table_no_series_and_no_people(feed: bytes) -> None:
    names = {re.split("[:;]", line)[0] for line in logical(feed)}

    assert names.isdisjoint({"METHOD", "ORGANIZER", "ATTENDEE", "TZID", "RRULE", "RDATE", "RECURRENCE-ID", "VALARM"})
    assert b"VTIMEZONE" not in feed


def test_every_call_has_the_uid_of_its_rule_date_once(feed: bytes, mag: Plan) -> None:
    assert values(feed, "UID") == [call.uid for call in mag.calls]
    assert len(set(values(feed, "UID"))) == len(mag.calls)
    assert "mag2020-20200714@mag.example.org" in values(feed, "UID")
    assert "mag2020-20201027-extra@mag.example.org" in values(feed, "UID")


def test_sequence_is_always_written_and_cancelled_calls_are_kept(feed: bytes, mag: Plan) -> None:
    assert values(feed, "SEQUENCE") == ["0"] * len(mag.calls)
    assert values(feed, "STATUS").count("CANCELLED") == 7
    assert values(feed, "STATUS") == ["CONFIRMED" if call.is_held else "CANCELLED" for call in mag.calls]


@pytest.mark.parametrize("stamp", [STAMP, STAMP + timedelta(microseconds=999_999)])
def test_the_stamp_is_that_of_every_call_without_fractions(mag: Plan, stamp: datetime) -> None:
    data = to_ics(mag.calls, mag.meeting, stamp=stamp)

    assert set(values(data, "DTSTAMP")) == set(values(data, "LAST-MODIFIED")) == {"20200601T000000Z"}


def test_a_stamp_may_have_any_offset_and_a_naive_one_is_refused(mag: Plan) -> None:
    there = STAMP.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert to_ics(mag.calls, mag.meeting, stamp=there) == to_ics(mag.calls, mag.meeting, stamp=STAMP)
    with pytest.raises(InvalidInstant):
        to_ics(mag.calls, mag.meeting, stamp=STAMP.replace(tzinfo=None))


def test_equal_plan_and_stamp_give_equal_bytes_and_another_stamp_changes_the_stamps_only(
    mag: Plan, feed: bytes
) -> None:
    again = load_plan(EXAMPLES / "mag-2020" / "plan.toml")
    later = to_ics(mag.calls, mag.meeting, stamp=STAMP + timedelta(days=1))

    assert to_ics(again.calls, again.meeting, stamp=STAMP) == feed
    assert later.replace(b"20200602T000000Z", b"20200601T000000Z") == feed


def test_asked_zones_stand_below_the_utc_start_each_once(mag: Plan) -> None:
    zones = [ZoneName("Asia/Tokyo"), UTC_ZONE, ZoneName("America/Lima"), ZoneName("Asia/Tokyo")]
    data = to_ics(mag.calls, mag.meeting, stamp=STAMP, zones=zones)
    seventeen = values(data, "SUMMARY").index("IGF 2020 MAG Virtual Meeting XVII")

    assert values(data, "DESCRIPTION")[seventeen] == (
        r"Tuesday 2020-09-15 20:00 UTC\nWednesday 2020-09-16 05:00 Asia/Tokyo\nTuesday 2020-09-15 15:00 America/Lima"
    )


ROSTER = """
[[members]]
id = "zz-secret-id"
name = "Zz Secret Name"
zone = "Pacific/Chatham"
email = "zz.secret@private.example.net"
groups = { region = "ZzSecretRegion" }
roles = ["zz-secret-role"]
never = ["03:33-04:44"]
stays = [{ from = 2020-09-08, to = 2020-09-09, zone = "Antarctica/Troll" }]
"""


def test_nothing_of_a_member_is_in_a_feed(tmp_path: Path) -> None:
    plan_with("plain", tmp_path)
    path = tmp_path / "plan.toml"
    before = load_plan(path)
    path.write_text(path.read_text("utf-8") + ROSTER, "utf-8")
    after = load_plan(path)
    data = to_ics(after.calls, after.meeting, stamp=STAMP)

    assert len(after.members) == 1
    assert data == to_ics(before.calls, before.meeting, stamp=STAMP)
    assert not re.search("secret|chatham|troll|03:33", data.decode(), re.IGNORECASE)


def test_the_example_with_fifty_seats_names_none_of_them(mag: Plan, feed: bytes) -> None:
    text = feed.decode()

    assert len(mag.members) == 50
    assert not [member.id for member in mag.members if member.id in text or member.display_name in text]
    assert not [member.id for member in mag.members if member.zone in text]


def test_a_call_without_slot_phase_or_place_leaves_those_lines_out(tmp_path: Path) -> None:
    text = re.sub(r"^(location|url|description|note|label) = .*\n", "", PLAN, flags=re.MULTILINE)
    text = text.replace(", label = {text}", "").partition("[[phases]]")[0]
    (tmp_path / "plan.toml").write_text(text.format(text='"x"'), "utf-8")
    plan = load_plan(tmp_path / "plan.toml")
    data = to_ics(plan.calls, plan.meeting, stamp=STAMP)

    assert [values(data, name) for name in ("LOCATION", "URL", "CATEGORIES")] == [[], [], []]
    assert lint(data) == []


def test_a_season_without_calls_is_still_a_calendar(mag: Plan) -> None:
    data = to_ics([], mag.meeting, stamp=STAMP)

    assert lint(data) == []
    assert b"VEVENT" not in data
