"""Calls on CalDAV servers: what is there after each run, whoever else writes there and wherever a run ends.

Law: after a run that ends with 0 the calendar has exactly the plan's calls beside what others put there; a run with
nothing to change writes nothing; nothing that others wrote changes.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engines import Occurrence, read_stupidly, read_with_icaljs, read_with_libical
from invoke import Outcome, invoke
from mag_rotation.planfile import load_plan
from mag_rotation.publish.caldav import make_object_name
from paths import ROOT
from servers import Answer, Between, Server, between, radicale, sabre, xandikos

PLAN = """format = 1
[meeting]
id = "council"
name = "Council call"
uid-domain = "council.example.org"
duration = "1h"
url = "https://meet.example.org/council"
[schedule]
first = 2026-09-01
repeat = "FREQ=WEEKLY"
count = 6
[rotation]
slots = [{ at = "16:00", zone = "Europe/Berlin", label = "afternoon" }, { at = "06:00", label = "morning" }]
[[members]]
id = "rome"
zone = "Europe/Rome"
name = "Seat in Rome"
email = "rome@example.org"
"""
STAMP, LATER = "2026-08-01T09:00Z", "2026-08-20T09:00Z"
UID = "council-{}@council.example.org"
NUMBERS = count(1)


def uids() -> st.SearchStrategy[str]:
    """UIDs of calls of any meeting."""
    identity = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?", fullmatch=True)
    label = st.from_regex(r"[a-z0-9]{1,60}(-[a-z0-9]{1,2})?", fullmatch=True)
    domain = st.lists(label, min_size=1, max_size=4).map(".".join)
    return st.builds("{}-20260901{}@{}".format, identity, st.sampled_from(["", "-extra", "-extra2"]), domain)


def exception(day: str, *lines: str) -> str:
    return "\n".join(["[[exceptions]]", f"date = 2026-{day}", *lines, ""])


@pytest.fixture(scope="module", params=[radicale, xandikos, sabre], ids=["Radicale", "Xandikos", "sabre"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with request.param(tmp_path_factory.mktemp("server") / "it") as server:
        yield server


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """An empty calendar, and the variables of the environment that log in."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name, value in running.login.items():
        monkeypatch.setenv(name, value)
    return running.calendar(f"calendar-{next(NUMBERS)}")


@pytest.fixture
def watched(server: Server) -> Iterator[Between]:
    """What stands between the library and the server."""
    with between(server.url) as state:
        yield state


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def publish(plan: Path, at: Between | Server, *more: object, stamp: str = STAMP) -> Outcome:
    return invoke("publish", plan, "--caldav", at.url, "--stamp", stamp, *more)


def edit(plan: Path, *tables: str, base: str = PLAN) -> None:
    plan.write_text("\n".join([base, *tables]), encoding="utf-8")


def name(day: str) -> str:
    return make_object_name(UID.format(day))


def merged(server: Server, folder: Path) -> Path:
    """Everything in the calendar as one file, each zone once."""
    parts: dict[str, None] = {}
    for data in server.objects().values():
        found = re.findall(r"^BEGIN:(VTIMEZONE|VEVENT)\r?\n(.*?)^END:\1\r?\n", data.decode(), re.DOTALL | re.MULTILINE)
        parts |= {f"BEGIN:{kind}\n{body}END:{kind}\n": None for kind, body in found}
    text = "".join(
        ["BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n", *sorted(parts, reverse=True), "END:VCALENDAR\n"]
    )
    path = folder / "merged.ics"
    path.write_bytes(re.sub("\r?\n", "\r\n", text).encode())
    return path


def said(rows: list[Occurrence]) -> list[tuple[object, ...]]:
    return [(row.uid, row.start, row.end, row.summary, row.status == "CANCELLED") for row in rows]


def planned(plan: Path) -> list[tuple[object, ...]]:
    """What is said of each call; the title of one that is off says so."""
    words = {True: "", False: "Cancelled: "}
    return [
        (call.uid, call.start, call.end, words[call.is_held] + call.title, not call.is_held)
        for call in load_plan(plan).calls
    ]


def state(server: Server) -> dict[str, tuple[str, str, str]]:
    """SEQUENCE, STATUS and DTSTAMP of each of our events by the part of the UID that tells them apart."""
    found = {}
    for href in server.objects():
        text = server.text(href)
        values = [re.findall(rf"^{prop}:(.*)$", text, re.MULTILINE)[-1] for prop in ("SEQUENCE", "STATUS", "DTSTAMP")]
        uid = re.findall(r"^UID:council-(.*)@", text, re.MULTILINE)
        if uid:
            found[uid[0]] = (values[0], values[1], values[2])
    return found


def test_each_call_is_an_object_that_engines_read_as_the_plan_has_it(
    server: Server, plan: Path, tmp_path: Path
) -> None:
    done = publish(plan, server)
    path = merged(server, tmp_path)

    assert (done.code, done.err) == (0, f"{server.url}: 6 calls, 6 of 6 written, 0 left as they were\n")
    assert {href.rpartition("/")[2] for href in server.objects()} == {
        make_object_name(call.uid) for call in load_plan(plan).calls
    }
    for read in (read_stupidly, read_with_icaljs, read_with_libical):
        assert said(read(path)) == planned(plan)


def test_an_object_is_one_event_with_its_zone_and_nothing_of_a_feed_or_of_members(
    watched: Between, server: Server, plan: Path
) -> None:
    sent: list[bytes] = []

    def before(method: str, _path: str, body: bytes) -> None:
        sent.extend([body] if method == "PUT" else [])

    watched.before = before
    publish(plan, watched)

    assert len(sent) == 6
    for body in sent:
        head = re.sub(r"BEGIN:(VTIMEZONE|VEVENT)\r\n.*END:\1\r\n", "", body.decode(), flags=re.DOTALL)
        names = [line.partition(":")[0] for line in head.splitlines()]
        assert names == ["BEGIN", "PRODID", "VERSION", "CALSCALE", "X-MAG-ROTATION-TZDATA", "END"]
    for data in server.objects().values():
        assert data.count(b"BEGIN:VEVENT") == 1
        assert data.count(b"BEGIN:VTIMEZONE") == (b"TZID=Europe/Berlin" in data)
        for never in (b"METHOD", b"ATTENDEE", b"ORGANIZER", b"Rome", b"rome"):
            assert never not in data


@pytest.mark.parametrize("stamp", [STAMP, "2027-08-01T09:00Z"])
def test_a_second_run_writes_nothing(watched: Between, plan: Path, stamp: str) -> None:
    publish(plan, watched)
    written = len(watched.puts())
    again = publish(plan, watched, stamp=stamp)

    assert (again.code, again.err) == (0, f"{watched.url}: 6 calls, nothing has changed\n")
    assert "Nothing changes." in again.out
    assert len(watched.puts()) == written == 6


def test_only_what_changed_is_written_through_a_year_of_changes(
    watched: Between, server: Server, plan: Path, tmp_path: Path
) -> None:
    off = exception("09-08", "cancel = true")
    moved = exception("09-15", "to = 2026-09-16")
    noted = exception("09-22", 'note = "bring the minutes"')
    extra = '[[extras]]\ndate = 2026-09-10\nat = "12:00"\n'
    short = PLAN.replace("count = 6", "count = 5")
    editions = [
        ([], PLAN, {f"2026{day}" for day in ("0901", "0908", "0915", "0922", "0929", "1006")}),
        ([off, moved], PLAN, {"20260908", "20260915"}),
        ([off, moved, noted, extra], PLAN, {"20260922", "20260910-extra"}),
        ([off, moved, noted, extra], short, {"20261006"}),
        ([moved, noted, extra], short, {"20260908"}),
        ([moved, noted, extra], PLAN, {"20261006"}),
    ]
    for day, (tables, base, due) in enumerate(editions, start=1):
        edit(plan, *tables, base=base)
        watched.seen.clear()
        done = publish(plan, watched, stamp=f"2026-08-{day:02}T09:00Z")

        assert done.code == 0, done.err
        assert {path.rpartition("/")[2] for path in watched.puts()} == {name(one) for one in due}
        if base is PLAN:
            assert said(read_stupidly(merged(server, tmp_path))) == planned(plan)
    found = state(server)

    assert found["20260901"] == ("0", "CONFIRMED", "20260801T090000Z")
    assert found["20260908"] == ("2", "CONFIRMED", "20260805T090000Z")
    assert found["20260915"] == ("1", "CONFIRMED", "20260802T090000Z")
    assert found["20260922"] == ("0", "CONFIRMED", "20260803T090000Z")
    assert found["20261006"] == ("2", "CONFIRMED", "20260806T090000Z")
    assert found["20260910-extra"] == ("0", "CONFIRMED", "20260803T090000Z")


def test_a_call_that_left_the_plan_is_cancelled_and_a_past_one_left_as_it_was(server: Server, plan: Path) -> None:
    publish(plan, server)
    edit(plan, base=PLAN.replace("first = 2026-09-01", "first = 2026-12-01"))
    done = publish(plan, server, stamp="2026-09-20T00:00Z")
    found = state(server)

    assert "9 of 9 written, 3 left as they were" in done.err
    assert {found[day] for day in ("20260901", "20260908", "20260915")} == {("0", "CONFIRMED", "20260801T090000Z")}
    assert {found[day] for day in ("20260922", "20260929", "20261006")} == {("1", "CANCELLED", "20260920T000000Z")}


EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//other//EN
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260101T000000Z
DTSTART:20260901T100000Z
SUMMARY:Somebody else's
END:VEVENT
END:VCALENDAR
"""
OTHERS = {
    "own.ics": EVENT.format(uid="somebody@example.org"),
    "whole-day.ics": EVENT.format(uid="holiday").replace("DTSTART:20260901T100000Z", "DTSTART;VALUE=DATE:20260901"),
    "neighbour.ics": EVENT.format(uid="councils-20260901@council.example.org"),
    "domain.ics": EVENT.format(uid="council-20260901@example.org"),
    "alike.ics": EVENT.format(uid="council-2026@council.example.org"),
    "speaks-of-ours.ics": EVENT.format(uid="minutes").replace(
        "END:VEVENT",
        f"DESCRIPTION:UID:x\\nUID:{UID.format('20260901')}\nRELATED-TO:{UID.format('20260901')}\nEND:VEVENT",
    ),
}


def test_what_others_wrote_is_not_touched(watched: Between, server: Server, plan: Path) -> None:
    for file, text in OTHERS.items():
        server.put(file, text.replace("\n", "\r\n").encode())
    before = server.objects()
    publish(plan, watched)
    edit(plan, exception("09-08", "cancel = true"), base=PLAN.replace("count = 6", "count = 5"))
    done = publish(plan, watched, stamp=LATER)
    after = server.objects()

    assert done.code == 0
    assert before.items() <= after.items()
    assert len(after) == len(before) + 6
    assert not {path.rpartition("/")[2] for path in watched.puts()} & OTHERS.keys()
    assert set(watched.methods()) == {"PROPFIND", "REPORT", "PUT"}


def test_an_object_under_another_name_is_found_by_its_uid(watched: Between, server: Server, plan: Path) -> None:
    publish(plan, server)
    data = server.ask("GET", name("20260908")).body
    assert server.ask("DELETE", name("20260908")).status in {200, 204}
    server.put("renamed by the server.ics".replace(" ", "%20"), data)
    edit(plan, exception("09-08", "cancel = true"))
    done = publish(plan, watched, stamp=LATER)

    assert done.code == 0
    assert [path.rpartition("/")[2] for path in watched.puts()] == ["renamed%20by%20the%20server.ics"]
    assert len(server.objects()) == 6
    assert state(server)["20260908"][:2] == ("1", "CANCELLED")


def rewritten(data: bytes) -> bytes:
    """An event as another program writes it: other order, another length of it, its own properties, an alarm."""
    text = re.sub(r"\r?\n[ \t]", "", data.decode()).replace("\r\n", "\n")
    head, body, tail = re.split(r"(?<=BEGIN:VEVENT\n)|(?=END:VEVENT)", text)
    lines = [line for line in body.splitlines() if not line.startswith(("DTEND", "LAST-MODIFIED"))]
    alarm = ["BEGIN:VALARM", "UID:alarm", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT15M", "END:VALARM"]
    new = [*reversed(lines), "DURATION:PT1H", "X-MOZ-GENERATION:3", "TRANSP:OPAQUE", "CLASS:PUBLIC", *alarm]
    return (head + "\n".join(new) + "\n" + tail).replace("\n", "\r\n").encode()


def test_an_object_that_was_written_anew_is_no_change(watched: Between, server: Server, plan: Path) -> None:
    publish(plan, server)
    for href, data in server.objects().items():
        server.put(href, rewritten(data))
    done = publish(plan, watched, stamp=LATER)

    assert (done.code, watched.puts()) == (0, [])


def dropping(*names: str) -> Callable[[str, str, bytes], bytes]:
    """What a server does that does not know some properties: it drops them from what is put."""
    line = re.compile(rf"^({'|'.join(names)})[:;].*\r\n(?:[ \t].*\r\n)*", re.MULTILINE)
    return lambda method, _path, body: line.sub("", body.decode()).encode() if method == "PUT" else body


@pytest.mark.parametrize("names", [("CONFERENCE",), ("URL", "CONFERENCE"), ("X-MAG-ROTATION-TZDATA", "CONFERENCE")])
def test_on_a_server_that_drops_properties_a_second_run_writes_nothing_and_a_change_is_written(
    watched: Between, server: Server, plan: Path, names: tuple[str, ...]
) -> None:
    watched.passed = dropping(*names)
    publish(plan, watched)
    first = server.objects()
    watched.seen.clear()
    again = publish(plan, watched, stamp=LATER)

    assert not any(f"\n{one}".encode() in data for one in names for data in first.values())
    assert (again.code, again.err) == (0, f"{watched.url}: 6 calls, nothing has changed\n")
    assert "Nothing changes." in again.out
    assert (watched.puts(), server.objects()) == ([], first)

    edit(plan, exception("09-15", "to = 2026-09-16"))
    moved = publish(plan, watched, "--format", "json", stamp=LATER)
    changes = moved.document["changes"]
    assert isinstance(changes, list)
    assert [(one["uid"], one["kind"]) for one in changes] == [(UID.format("20260915"), "moved")]
    assert [path.rpartition("/")[2] for path in watched.puts()] == [name("20260915")]
    assert state(server)["20260915"] == ("1", "CONFIRMED", "20260820T090000Z")
    assert publish(plan, watched).err.endswith("nothing has changed\n")


SPLIT: dict[str, Callable[[str], list[str]]] = {
    "into values": lambda said: [said.replace("\\,", ",")],
    "into lines": lambda said: said.replace("\\,", ",").split(","),
    "at the backslash": lambda said: [said.replace("\\,", "\\\\,")],
    "and sorted": lambda said: [",".join(sorted(said.replace("\\,", ",").split(",")))],
}
"""How a server that does not know of escaped commas may write categories again."""


@pytest.mark.parametrize("split", SPLIT.values(), ids=SPLIT)
def test_on_a_server_that_splits_labels_at_their_commas_an_unchanged_plan_changes_nothing(
    watched: Between, server: Server, plan: Path, split: Callable[[str], list[str]]
) -> None:
    line = re.compile(r"^CATEGORIES:(.*(?:\r\n[ \t].*)*)\r\n", re.MULTILINE)

    def rewrite(found: re.Match[str]) -> str:
        return "".join(f"CATEGORIES:{one}\r\n" for one in split(re.sub(r"\r\n[ \t]", "", found[1])))

    watched.passed = lambda method, _path, body: line.sub(rewrite, body.decode()).encode() if method == "PUT" else body
    labels = PLAN.replace('"afternoon"', '"après-midi, tard"').replace('"morning"', '"a, b,c"')
    phase = '[[phases]]\nname = "Phase I, the first"\nfrom = 2026-09-08\nto = 2026-09-22\n'
    edit(plan, phase, base=labels)
    publish(plan, watched)
    first = server.objects()
    watched.seen.clear()
    again = publish(plan, watched, stamp=LATER)

    assert len(first) == 6
    assert (again.code, again.err) == (0, f"{watched.url}: 6 calls, nothing has changed\n")
    assert (watched.puts(), server.objects()) == ([], first)

    edit(plan, phase, exception("09-15", "to = 2026-09-16"), base=labels)
    moved = publish(plan, watched, "--format", "json", stamp=LATER)
    changes = moved.document["changes"]
    assert isinstance(changes, list)
    assert [(one["kind"], one["before"]["slot"], one["before"]["phase"]) for one in changes] == [
        ("moved", "après-midi, tard", "Phase I, the first")
    ]
    assert [path.rpartition("/")[2] for path in watched.puts()] == [name("20260915")]

    edit(plan, phase, exception("09-15", "to = 2026-09-16"), base=labels.replace("a, b,c", "a, b,d"))
    publish(plan, watched, stamp=LATER)
    assert {path.rpartition("/")[2] for path in watched.puts()} == {
        name(day) for day in ("20260908", "20260915", "20260922", "20261006")
    }


def test_a_link_that_is_new_in_the_plan_is_written_though_no_object_has_one(
    watched: Between, server: Server, plan: Path
) -> None:
    link = 'url = "https://meet.example.org/council"\n'
    edit(plan, base=PLAN.replace(link, ""))
    publish(plan, server)
    edit(plan)
    done = publish(plan, watched, stamp=LATER)

    assert (done.code, len(watched.puts())) == (0, 6)
    for href in server.objects():
        assert re.search(r"^CONFERENCE;.*:https://meet[.]example[.]org/council$", server.text(href), re.MULTILINE)


def test_a_link_that_somebody_took_out_of_one_object_is_put_back(watched: Between, server: Server, plan: Path) -> None:
    publish(plan, server)
    data = server.ask("GET", name("20260908")).body
    server.put(name("20260908"), dropping("CONFERENCE", "URL")("PUT", "", data))
    publish(plan, watched, stamp=LATER)

    assert [path.rpartition("/")[2] for path in watched.puts()] == [name("20260908")]
    assert "\nCONFERENCE;" in server.text(name("20260908"))


def test_what_a_person_changed_is_put_right(server: Server, plan: Path, tmp_path: Path) -> None:
    publish(plan, server)
    data = server.ask("GET", name("20260908")).body
    server.put(name("20260908"), data.replace(b"T060000Z", b"T063000Z"))
    done = publish(plan, server, stamp=LATER)

    assert "moved" in done.out
    assert said(read_stupidly(merged(server, tmp_path))) == planned(plan)
    assert state(server)["20260908"] == ("1", "CONFIRMED", "20260820T090000Z")


def test_a_change_between_reading_and_writing_is_not_lost(watched: Between, server: Server, plan: Path) -> None:
    """Somebody moves a call on the server and raises its SEQUENCE while the run writes."""
    publish(plan, server)
    theirs = server.ask("GET", name("20260908")).body
    theirs = theirs.replace(b"SEQUENCE:0", b"SEQUENCE:5").replace(b"T060000Z", b"T063000Z")
    edits = iter([theirs])

    def before(method: str, path: str, _: bytes) -> None:
        if method == "PUT" and path.endswith(name("20260908")) and (data := next(edits, None)):
            server.put(path, data)

    watched.before = before
    edit(plan, exception("09-08", "cancel = true"), exception("09-15", "cancel = true"))
    done = publish(plan, watched, stamp=LATER)

    assert (done.code, "2 of 2 written" in done.err) == (0, True)
    assert len(watched.puts()) == 3
    assert state(server)["20260908"] == ("6", "CANCELLED", "20260820T090000Z")
    assert publish(plan, server).err.endswith("nothing has changed\n")


def test_a_call_that_somebody_changes_each_time_is_told_and_the_others_are_written(
    watched: Between, server: Server, plan: Path
) -> None:
    publish(plan, server)
    theirs = server.ask("GET", name("20260908")).body
    place = iter(range(10))

    def before(method: str, path: str, _: bytes) -> None:
        if method == "PUT" and path.endswith(name("20260908")):
            server.put(path, theirs.replace(b"SUMMARY:Council call", b"SUMMARY:Theirs %d" % next(place)))

    watched.before = before
    edit(plan, exception("09-08", "cancel = true"), exception("09-15", "cancel = true"))
    done = publish(plan, watched, stamp=LATER)

    assert done.code == 1
    assert "1 of 2 written" in done.err
    assert f"{UID.format('20260908')}: was changed by others" in done.err
    assert "SUMMARY:Theirs 1" in server.text(name("20260908"))
    assert state(server)["20260915"][:2] == ("1", "CANCELLED")


def test_a_call_that_somebody_else_published_in_between_is_written_once(
    watched: Between, server: Server, plan: Path
) -> None:
    """Two secretaries run the command at the same time."""
    started = iter([True])

    def before(method: str, _path: str, _body: bytes) -> None:
        if method == "PUT" and next(started, False):
            assert publish(plan, server).code == 0

    watched.before = before
    done = publish(plan, watched, stamp=LATER)

    assert done.code == 0
    assert len(server.objects()) == 6
    assert {one[:2] for one in state(server).values()} == {("0", "CONFIRMED")}
    assert {one[2] for one in state(server).values()} == {"20260801T090000Z"}


def test_a_foreign_object_under_our_name_is_left_there(server: Server, plan: Path) -> None:
    server.put(name("20260908"), EVENT.format(uid="theirs").replace("\n", "\r\n").encode())
    done = publish(plan, server)

    assert done.code == 1
    assert "5 of 6 written" in done.err
    assert "UID:theirs" in server.text(name("20260908"))


@pytest.mark.parametrize("last", [1, 4])
def test_a_run_that_is_killed_is_finished_by_the_next(watched: Between, server: Server, plan: Path, last: int) -> None:
    command = [sys.executable, "-m", "mag_rotation", "publish", str(plan), "--caldav", watched.url, "--stamp", STAMP]
    with subprocess.Popen(command, env=os.environ, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:

        def before(method: str, _path: str, _body: bytes) -> Answer | None:
            if method == "PUT" and len(watched.puts()) == last:
                process.kill()
                process.wait(10)
                return Answer(status=503, headers={}, body=b"")
            return None

        watched.before = before
        process.communicate(timeout=60)
    there = set(server.objects())
    watched.before = None
    watched.seen.clear()
    done = publish(plan, watched, stamp=LATER)

    assert process.returncode < 0
    assert len(there) == last - 1
    assert (done.code, len(watched.puts())) == (0, 7 - last)
    assert not there & set(watched.puts())
    assert {one[:2] for one in state(server).values()} == {("0", "CONFIRMED")}


def test_an_answer_that_is_lost_does_no_harm(watched: Between, server: Server, plan: Path) -> None:
    """The server writes the third object and the line is cut: nobody can know, and the next run finds it."""
    watched.after = lambda _, answer: None if len(watched.puts()) == 3 else answer
    lost = publish(plan, watched)
    there = len(server.objects())
    watched.after = None
    watched.seen.clear()
    done = publish(plan, watched, stamp=LATER)

    assert lost.code == 1
    assert "2 of 6 written" in lost.err
    assert "connection was cut; run again to go on" in lost.err
    assert (there, done.code, len(watched.puts())) == (3, 0, 3)


def test_a_dry_run_writes_nothing(watched: Between, server: Server, plan: Path) -> None:
    first = publish(plan, watched, "--dry-run")
    publish(plan, server)
    before = server.objects()
    edit(plan, exception("09-08", "cancel = true"))
    second = publish(plan, watched, "--dry-run", "--format", "json", stamp=LATER)
    changes = second.document["changes"]

    assert (first.code, second.code) == (0, 0)
    assert "6 to be written; nothing was written" in first.err
    assert isinstance(changes, list)
    assert [(one["uid"], one["kind"]) for one in changes] == [(UID.format("20260908"), "cancelled")]
    assert server.objects() == before
    assert set(watched.methods()) == {"PROPFIND", "REPORT"}


RULE = "DTEND:20260901T110000Z\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT"
FIRST = UID.format("20260901")
ODD = {
    "a call without an end": (EVENT.format(uid=FIRST), "found the event in line 4 without DTEND"),
    "a call with a rule": (EVENT.format(uid=FIRST).replace("END:VEVENT", RULE), "with a rule"),
    "a slot": (EVENT.format(uid=UID.format("slot1")).replace("END:VEVENT", RULE), "layout series"),
}


@pytest.mark.parametrize(("data", "said"), ODD.values(), ids=ODD)
def test_an_object_of_ours_that_cannot_be_followed_stops_the_run(
    watched: Between, server: Server, plan: Path, data: str, said: str
) -> None:
    server.put("odd.ics", data.replace("\n", "\r\n").encode())
    done = publish(plan, watched)

    assert (done.code, done.out, watched.puts()) == (2, "", [])
    assert said in done.err
    assert "odd.ics" in done.err


@example([f"council-20260901{extra}@{'.'.join(['x' * 60] * 4)}" for extra in ("", "-extra")])
@given(st.lists(uids(), min_size=2, max_size=2, unique=True))
def test_no_two_calls_have_one_name_and_every_file_system_takes_it(two: list[str]) -> None:
    one, other = map(make_object_name, two)

    assert one != other
    assert re.fullmatch(r"[A-Za-z0-9._-]{5,200}", one)


def test_utc_writes_no_zone(server: Server, plan: Path) -> None:
    assert publish(plan, server, "--utc").code == 0
    assert not any(b"TZID" in data for data in server.objects().values())


GUIDE = ROOT / "docs" / "guide" / "publish.md"
SHOWN = re.compile(r"^    \$ mag-rotation (?P<command>.*)\n(?P<lines>(?:    (?!\$).*\n|\n(?=    ))*)", re.MULTILINE)


def test_the_guide_shows_what_happens(
    server: Server, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = GUIDE.read_text("utf-8")
    plan.write_text(guide.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MAG_ROTATION_CALDAV_PASSWORD", server.password or "none is asked for")
    steps = list(SHOWN.finditer(guide))

    assert [step["command"].split()[0] for step in steps] == ["publish", "publish", "cancel", "publish"]
    for step in steps:
        url = re.search(r"--caldav (\S+)", step["command"])
        arguments = shlex.split(step["command"] if url is None else step["command"].replace(url[1], server.url))
        done = invoke(*arguments)
        found = "".join(f"{line.rstrip()}\n" for line in (done.out + done.err).splitlines())
        shown = [line[4:] for line in step["lines"].replace(url[1] if url else "\0", server.url).splitlines()]
        pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(f"{line}\n") for line in shown)

        assert re.fullmatch(pattern, found), found
