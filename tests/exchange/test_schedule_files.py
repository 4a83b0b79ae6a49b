"""Sessions as schedule.xml and schedule.json, and back.

Law: every field of a session comes back from both formats, and what is not kept of another program's file is counted.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mag_rotation.errors import InvalidScheduleFile
from mag_rotation.exchange import (
    Conference,
    ReadSchedule,
    ScheduleNote,
    describe_file,
    list_event_tracks,
    make_conference,
    read_schedule,
    write_schedule_json,
    write_schedule_xml,
)
from mag_rotation.planfile import load_plan
from mag_rotation.programme import Duty, Programme, Repeat, Segment, Session, schedule_sessions
from mag_rotation.roster import Member, ZoneName
from mag_rotation.series import Meeting
from parts import require_file
from paths import DATA, EXAMPLES, ORACLES, ROOT
from schedule_rules import find_json_problems, find_xml_problems
from strategies import ODD_ZONES

MEETING = Meeting(id="mag2020", name="IGF 2020", uid_domain="example.org", minutes=60, url="https://example.org/igf")
ANN = Member(id="ann", name="Ann & Co. <ann>", zone=ZoneName("Europe/Zurich"))
BO = Member(id="bo", zone=ZoneName("Australia/Brisbane"))
MEMBERS = (ANN, BO)

FORMATS: dict[str, Callable[[Conference], bytes]] = {"xml": write_schedule_xml, "json": write_schedule_json}


@pytest.fixture(params=FORMATS, name="write")
def given_write(request: pytest.FixtureRequest) -> Callable[[Conference], bytes]:
    """Write in one of the two formats."""
    return FORMATS[str(request.param)]


def conference(*sessions: Session, zone: str = "UTC", with_people: bool = True) -> Conference:
    """The sessions of a programme as a conference."""
    programme = Programme(sessions=sessions, zone=ZoneName(zone))
    scheduled = schedule_sessions(programme)
    return make_conference(MEETING, programme, scheduled, members=MEMBERS, with_people=with_people)


INCLUSION = Session(
    id="inclusion",
    title="Main session: inclusion <& more>",
    date=date(2020, 11, 9),
    at=time(18, 30),
    minutes=90,
    zone=ZoneName("Africa/Nairobi"),
    track="inclusion",
    room='"main"',
    groups={"language": "en", "region": "WEOG", "type": "main session"},
    segments=(Segment(title="Setting the scene", minutes=10), Segment(title="Debate ?> end", minutes=80)),
    people=(Duty(member="ann", role="speaker", lead=90), Duty(member="bo", role="moderator")),
    phase="Phase II",
    note="A note\n\nin two paragraphs.",
    url="https://example.org/inclusion",
)

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
TEXTS = st.sampled_from(["", "a", " edge ", "]]>", "<b>&amp;", "?>", "\ttab\nline\n", "日本", "=1+1", "\U0001f30d"]) | (
    st.text(LETTERS, max_size=12)
)
WORDS = TEXTS.filter(bool)
ZONES = st.none() | st.sampled_from(ODD_ZONES).map(ZoneName)
IDS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,6}[A-Za-z0-9])?", fullmatch=True)
NEAR_CHANGES = st.sampled_from(
    [
        datetime(2021, 3, 28, 2, 30),  # noqa: DTZ001 - wall times, of which some zones skip or repeat one
        datetime(2021, 10, 31, 2, 30),  # noqa: DTZ001
        datetime(2020, 4, 5, 2, 45),  # noqa: DTZ001
        datetime(2011, 12, 30, 12),  # noqa: DTZ001
        datetime(2020, 11, 9, 23, 59),  # noqa: DTZ001
    ]
)
STARTS = NEAR_CHANGES | st.datetimes(datetime(1975, 1, 1), datetime(2036, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)
PEOPLE = st.lists(
    st.builds(
        Duty,
        member=st.sampled_from(["ann", "bo"]),
        role=st.sampled_from(["speaker", "moderator", "rapporteur"]),
        lead=st.none() | st.integers(0, 600),
    ),
    max_size=3,
    unique_by=lambda duty: (duty.member, duty.role),
).map(tuple)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """A session with any of its fields."""
    start = draw(STARTS)
    return Session(
        id=draw(IDS),
        title=draw(WORDS),
        date=start.date(),
        at=start.time(),
        minutes=draw(st.integers(1, 6000)),
        zone=draw(ZONES),
        track=draw(TEXTS),
        room=draw(TEXTS),
        groups=draw(st.dictionaries(st.sampled_from(["language", "type", "region", "x y"]), TEXTS, max_size=3)),
        segments=draw(st.lists(st.builds(Segment, title=TEXTS, minutes=st.integers(1, 200)), max_size=3).map(tuple)),
        people=draw(PEOPLE),
        phase=draw(st.none() | WORDS),
        note=draw(TEXTS),
        url=draw(st.sampled_from(["", "https://example.org/a?b=1&c=2", "tel:+41", "x y"])),
    )


def read_back(data: bytes, members: tuple[Member, ...] | None = MEMBERS) -> tuple[Session, ...]:
    """The sessions of a file by start and id."""
    read = read_schedule(data, members=members)
    assert read.left_out == {}
    assert read.notes == ()
    return tuple(one.session for one in schedule_sessions(Programme(sessions=read.sessions, zone=read.zone)))


@settings(max_examples=60, deadline=None)
@given(
    found=st.lists(sessions(), min_size=1, max_size=3, unique_by=lambda one: one.id), zone=st.sampled_from(ODD_ZONES)
)
@example(found=[INCLUSION], zone="UTC")
def test_law_both_formats_keep_every_field(found: list[Session], zone: str) -> None:
    programme = Programme(sessions=tuple(replace(one, phase=None) for one in found), zone=ZoneName(zone))
    scheduled = [
        replace(one, session=replace(one.session, phase=next(x.phase for x in found if x.id == one.id)))
        for one in schedule_sessions(programme)
    ]
    expected = tuple(one.session for one in scheduled)
    made = make_conference(MEETING, programme, scheduled, members=MEMBERS, with_people=True)

    for write in FORMATS.values():
        read = read_schedule(write(made), members=MEMBERS)
        assert read.zone == zone
        assert (read.left_out, read.notes, read.open_people) == ({}, (), ())
        assert {one.id: one for one in read.sessions} == {one.id: one for one in expected}
    assert find_xml_problems(write_schedule_xml(made)) == []
    assert find_json_problems(write_schedule_json(made)) == []


@pytest.mark.parametrize("with_people", [True, False])
def test_people_are_written_only_when_asked(write: Callable[[Conference], bytes], with_people: bool) -> None:
    data = write(conference(replace(INCLUSION, phase=None), with_people=with_people))
    read = read_schedule(data, members=MEMBERS)

    assert read.sessions[0].people == (INCLUSION.people if with_people else ())
    assert (b"Ann &amp; Co." in data or b"Ann & Co." in data) is with_people
    assert (b"rapporteur" in data or b"ann" in data) is with_people
    assert (b"moderator" in data) is with_people


def test_equal_sessions_give_equal_bytes_in_any_order(write: Callable[[Conference], bytes]) -> None:
    one, two = replace(INCLUSION, phase=None), replace(INCLUSION, id="data", phase=None)

    assert write(conference(one, two)) == write(conference(two, one))


def test_the_number_of_an_event_stays_when_others_come(write: Callable[[Conference], bytes]) -> None:
    one = replace(INCLUSION, phase=None)
    alone, beside = conference(one), conference(one, replace(one, id="earlier", at=time(8)))

    ids = [{event.slug: event.id for room in made.days[0].rooms.values() for event in room} for made in (alone, beside)]

    assert ids[0].items() <= ids[1].items()
    assert len(write(alone)) < len(write(beside))


def test_sessions_that_repeat_are_written_day_by_day(write: Callable[[Conference], bytes]) -> None:
    slot = Session(
        id="slot",
        title="Slot",
        date=date(2020, 11, 9),
        at=time(23, 30),
        minutes=60,
        repeat=Repeat.DAILY,
        until=date(2020, 11, 11),
    )

    assert [(one.id, one.date.day) for one in read_back(write(conference(slot)))] == [
        ("slot-1", 9),
        ("slot-2", 10),
        ("slot-3", 11),
    ]


def test_days_are_those_of_the_conference_and_begin_after_a_skipped_midnight() -> None:
    late = Session(id="late", title="Late", date=date(2021, 4, 30), at=time(22), minutes=60)
    made = conference(late, zone="Africa/Cairo")
    skipped = conference(replace(late, date=date(2023, 4, 28), at=time(9)), zone="Africa/Cairo")

    assert [day.date for day in made.days] == [date(2021, 4, 30)]
    assert skipped.days[0].start.isoformat() == "2023-04-28T01:00:00+03:00"
    assert skipped.days[0].end.isoformat() == "2023-04-29T00:00:00+03:00"


def test_ids_that_differ_in_capitals_have_slugs_of_their_own() -> None:
    ids = ("ab", "aB", "Ab", "ab-2")
    made = conference(*(replace(INCLUSION, id=one, phase=None) for one in ids))

    slugs = [event.slug for day in made.days for room in day.rooms.values() for event in room]

    assert len(set(slugs)) == len(ids)
    assert find_xml_problems(write_schedule_xml(made)) == []


def test_a_programme_without_sessions_cannot_be_written() -> None:
    with pytest.raises(InvalidScheduleFile, match="sessions: found none"):
        conference()


def test_characters_that_xml_does_not_have_are_named() -> None:
    with pytest.raises(InvalidScheduleFile) as caught:
        conference(
            replace(INCLUSION, title="a\x01", groups={"region": "\ufffe"}, phase=None),
            replace(INCLUSION, id="b", note="\x00", phase=None),
        )

    assert [one.place for one in caught.value.mistakes] == [
        "session b, note",
        "session inclusion, title",
        "session inclusion, group region",
    ]


@pytest.mark.parametrize(
    ("meeting", "member", "place"),
    [
        (replace(MEETING, name="a\ufffe"), ANN, "meeting.name"),
        (MEETING, replace(ANN, name="a\x01"), "member ann, name"),
    ],
)
def test_names_with_such_characters_are_named_too(meeting: Meeting, member: Member, place: str) -> None:
    sessions = schedule_sessions(Programme(sessions=(replace(INCLUSION, phase=None),)))

    with pytest.raises(InvalidScheduleFile, match=f"{place}: found the character"):
        make_conference(meeting, Programme(), sessions, members=[member], with_people=True)


# What other programs change.


def changed(write: Callable[[Conference], bytes], old: str, new: str) -> ReadSchedule:
    """A file of ours in which another program has changed something."""
    text = write(conference(replace(INCLUSION, zone=None, phase=None))).decode()
    assert old in text
    return read_schedule(text.replace(old, new).encode(), members=MEMBERS)


def test_a_time_that_another_program_moved_counts_before_our_own_part(write: Callable[[Conference], bytes]) -> None:
    session = changed(write, "2020-11-09T18:30:00+00:00", "2020-11-10T07:15:00+02:00").sessions[0]

    assert (session.date, session.at) == (date(2020, 11, 10), time(5, 15))
    assert session.segments == INCLUSION.segments


def test_a_text_that_another_program_changed_counts_before_our_own_part(write: Callable[[Conference], bytes]) -> None:
    assert changed(write, "Main session", "Late session").sessions[0].title == "Late session: inclusion <& more>"
    assert changed(write, "Setting the scene (10 min)", "Soup").sessions[0].note.startswith(INCLUSION.note + "\n\nSoup")


def test_a_person_whom_another_program_removed_has_no_duty(write: Callable[[Conference], bytes]) -> None:
    guid = re.findall(
        r'guid"?[=:] ?"([^"]*)"[^<]*?(?:>bo<|\n *"name": "bo")',
        write(conference(replace(INCLUSION, phase=None))).decode(),
    )[0]
    read = changed(write, guid, "00000000-0000-4000-8000-000000000000")

    assert read.sessions[0].people == (INCLUSION.people[0], Duty(member="bo", role="speaker"))


def test_a_start_that_the_date_contradicts_is_named(write: Callable[[Conference], bytes]) -> None:
    read = changed(write, "2020-11-09T18:30:00+00:00", "2020-11-09T19:30:00+00:00")

    assert [(note.code, note.figures["sessions"]) for note in read.notes] == [
        (ScheduleNote.OTHER_START, ("inclusion",))
    ]
    assert [note.figures["starts"] for note in read.notes] == [(f"{INCLUSION.title} (18:30 / 19:30)",)]


def test_a_copied_event_gets_an_id_of_its_own() -> None:
    text = write_schedule_xml(conference(replace(INCLUSION, phase=None))).decode()
    event = text[text.index("<event") : text.index("</event>") + len("</event>")]

    read = read_schedule(text.replace(event, event * 3).encode(), members=MEMBERS)

    assert [one.id for one in read.sessions] == ["inclusion", "inclusion-2", "inclusion-3"]


@pytest.mark.parametrize(
    "part",
    ["", "[]", "{", '{"id": 3}', '{"zone": "Geneva"}', '{"segments": [{"title": "x", "minutes": 0}]}', "[" * 100_000],
)
def test_a_part_of_ours_that_cannot_be_read_is_named(part: str) -> None:
    text = write_schedule_xml(conference(replace(INCLUSION, phase=None))).decode()
    found = re.sub(r"<\?mag-rotation .*?\?>", lambda _: f"<?mag-rotation {part}?>", text)

    with pytest.raises(InvalidScheduleFile, match="line 18: found a part of mag-rotation that cannot be read"):
        read_schedule(found.encode())


@pytest.mark.parametrize("part", ["{", "[" * 100_000])
def test_a_part_of_ours_in_json_that_cannot_be_read_is_named(part: str) -> None:
    document = json.loads(write_schedule_json(conference(replace(INCLUSION, phase=None))))
    document["schedule"]["conference"]["meta"]["mag_rotation"] = part

    with pytest.raises(InvalidScheduleFile, match=r"schedule\.conference\.meta: found a part of mag-rotation"):
        read_schedule(json.dumps(document).encode())


# People.

PEOPLE_FILE = """<schedule><conference><title>X</title><time_zone_name>UTC</time_zone_name></conference>
<day date="2020-11-09"><room name="A"><event id="7"><title>T</title><start>10:00</start><duration>0:30</duration>
<persons>{}</persons></event></room></day></schedule>"""


@pytest.mark.parametrize(
    ("person", "found"),
    [
        ("<person>Ann &amp; Co. &lt;ann&gt;</person>", "ann"),
        ("<person>ANN &amp;  CO. &lt;ann&gt;</person>", "ann"),
        ("<person id='bo'>Somebody</person>", "bo"),
        ("<person>bo</person>", "bo"),
        ("<person id='12'>Ann</person>", None),
        ("<person>Twin</person>", None),
    ],
)
def test_a_person_is_a_member_or_stays_open(person: str, found: str | None) -> None:
    twins = (Member(id="t1", zone=ZoneName("UTC"), name="Twin"), Member(id="t2", zone=ZoneName("UTC"), name="Twin"))
    read = read_schedule(PEOPLE_FILE.format(person).encode(), members=(*MEMBERS, *twins))

    assert read.sessions[0].people == (() if found is None else (Duty(member=found, role="speaker"),))
    assert [one.sessions for one in read.open_people] == ([] if found else [("7",)])


@pytest.mark.parametrize(
    ("written", "known", "found"),
    [
        ("joao silva", ["João Silva"], "m0"),
        ("JOAO  SILVA", ["João Silva"], "m0"),
        ("João Silva", ["Joao Silva"], "m0"),
        ("Lukasz Zolw", ["Łukasz Żółw"], "m0"),
        ("Francois Nunez", ["François Núñez"], "m0"),
        ("Jose", ["José", "Josè"], None),
        ("José", ["José", "Josè"], "m0"),
        ("Joao Silvo", ["João Silva"], None),
    ],
)
def test_a_name_is_compared_by_its_letters_where_one_member_has_them(
    written: str, known: list[str], found: str | None
) -> None:
    members = [Member(id=f"m{number}", zone=ZoneName("UTC"), name=name) for number, name in enumerate(known)]
    read = read_schedule(PEOPLE_FILE.format(f"<person>{written}</person>").encode(), members=members)

    assert [duty.member for duty in read.sessions[0].people] == ([] if found is None else [found])


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Joao Silvo", "Joao Silvo: João Silva (m0)"),
        ("Silva, João", "Silva, João: João Silva (m0)"),
        ("João da Silva", "João da Silva: João Silva (m0)"),
        ("J. Silva", "J. Silva: João Silva (m0)"),
        ("Maria Souza", None),
        ("Somebody Else", None),
        ("12", None),
    ],
)
def test_a_member_of_a_name_like_an_open_one_is_suggested_and_gets_no_duty(written: str, told: str | None) -> None:
    silva = Member(id="m0", zone=ZoneName("UTC"), name="João Silva")
    read = read_schedule(PEOPLE_FILE.format(f"<person>{written}</person>").encode(), members=[silva])

    assert read.sessions[0].people == ()
    notes = {note.code: note.figures["people"] for note in read.notes}
    assert notes[ScheduleNote.OPEN_PEOPLE] == (written,)
    assert notes.get(ScheduleNote.NEAR_PEOPLE) == (None if told is None else (told,))


def test_an_event_without_length_is_left_out_by_its_title() -> None:
    text = PEOPLE_FILE.format("")
    event = text[text.index("<event") : text.index("</event>") + len("</event>")]
    pause = event.replace('"7"', '"8"').replace(">T<", ">Pause<")
    for length in ("00:00", "0:00", "0:0", "00:00:00"):
        read = read_schedule(text.replace(event, pause.replace("0:30", length) + event).encode())

        assert [one.id for one in read.sessions] == ["7"]
        assert [(note.code, note.figures["events"]) for note in read.notes] == [(ScheduleNote.NO_LENGTH, ("Pause",))]
    untitled = pause.replace("0:30", "0:00").replace("Pause", "")
    assert read_schedule(text.replace(event, untitled + event).encode()).notes[0].figures["events"] == ("line 2",)
    with pytest.raises(InvalidScheduleFile, match="duration: found '-1:00'"):
        read_schedule(text.replace("0:30", "-1:00").encode())


def test_people_are_open_without_a_roster() -> None:
    people = "<person>Ann</person><person>Bo</person><person>Ann</person><person/>"
    read = read_schedule(PEOPLE_FILE.format(people).encode())

    assert read.sessions[0].people == ()
    assert [one.name for one in read.open_people] == ["Ann", "Bo"]
    assert read.notes[0].code is ScheduleNote.NO_ROSTER
    assert read.notes[0].figures == {"people": ("Ann", "Bo")}


def test_a_file_of_ours_is_believed_without_a_roster_and_checked_with_one(
    write: Callable[[Conference], bytes],
) -> None:
    data = write(conference(replace(INCLUSION, phase=None)))

    assert read_schedule(data).sessions[0].people == INCLUSION.people
    known = read_schedule(data, members=[BO])
    assert known.sessions[0].people == INCLUSION.people[1:]
    assert [one.name for one in known.open_people] == ["ann"]
    assert [note.code for note in known.notes] == [ScheduleNote.OPEN_PEOPLE]


# Files of other programs: what pretalx 2025.2.2 exports of the event that it makes to try it out, with other names.


def read_data(name: str, zone: str | None = None) -> ReadSchedule:
    return read_schedule((DATA / "schedules" / name).read_bytes(), zone=None if zone is None else ZoneName(zone))


def test_an_export_of_pretalx_reads_alike_in_both_formats() -> None:
    xml, json_ = read_data("pretalx.xml"), read_data("pretalx.json")

    assert xml.sessions == json_.sessions
    assert xml.open_people == json_.open_people
    assert (xml.title, xml.zone, len(xml.sessions), len(xml.open_people)) == ("DemoCon", "Europe/Berlin", 36, 29)


def test_every_event_of_an_export_is_there_at_its_instant() -> None:
    root = ET.parse(DATA / "schedules" / "pretalx.xml").getroot()  # noqa: S314 - a file of the tests
    expected = [
        (datetime.fromisoformat(one.findtext("date", "")), one.findtext("title"), one.findtext("room"))
        for one in root.iter("event")
    ]
    read = read_data("pretalx.xml")
    found = {one.id: one for one in schedule_sessions(Programme(sessions=read.sessions, zone=read.zone))}

    assert sorted((one.start, one.session.title, one.session.room) for one in found.values()) == sorted(
        (at.astimezone(UTC), " ".join((title or "").split()), room) for at, title, room in expected
    )
    assert all(one.end - one.start >= timedelta(minutes=1) for one in found.values())


def test_what_sessions_do_not_have_of_an_export_is_counted() -> None:
    assert read_data("pretalx.xml").left_out == {
        "conference.base_url": 1,
        "conference.track": 3,
        "event.feedback_url": 36,
        "event.guid": 36,
        "event.recording": 36,
        "event.slug": 36,
        "room.guid": 2,
    }
    assert read_data("pretalx.json").left_out == {
        "conference.colors": 1,
        "event.code": 36,
        "event.do_not_record": 4,
        "event.feedback_url": 36,
        "event.guid": 36,
        "event.origin_url": 36,
        "event.slug": 36,
        "person.biography": 39,
        "person.url": 39,
        "room.guid": 2,
        "room.slug": 2,
        "schedule.url": 1,
        "track.color": 3,
        "track.slug": 3,
    }


def test_a_file_of_pentabarf_has_its_times_from_the_days() -> None:
    read = read_data("pentabarf.xml", "Europe/Brussels")

    assert [(one.id, one.date, one.at, one.minutes) for one in read.sessions] == [
        ("101", date(2018, 2, 3), time(10), 50),
        ("102", date(2018, 2, 4), time(0, 30), 25),
        ("103", date(2018, 2, 4), time(9), 61),
    ]
    assert read.sessions[0].note == "In short.\n\nAt length."
    assert read.sessions[1].groups == {"type": "lightning talk"}
    assert read.left_out == {
        "conference.city": 1,
        "conference.subtitle": 1,
        "event.links": 2,
        "event.slug": 1,
        "event.subtitle": 1,
        "day.note": 1,
    }


def test_times_without_an_offset_need_a_zone() -> None:
    with pytest.raises(InvalidScheduleFile) as caught:
        read_data("pentabarf.xml")

    assert caught.value.lines == ("  time_zone_name: missing, and the times have no offset; say the zone with --zone")


def test_offsets_without_a_zone_are_read_in_utc_and_named() -> None:
    text = (DATA / "schedules" / "pretalx.xml").read_text("utf-8")
    read = read_schedule(text.replace("<time_zone_name>Europe/Berlin</time_zone_name>", "").encode())

    assert read.zone == "UTC"
    assert read.notes[0].code is ScheduleNote.NO_ZONE
    assert read.sessions[0].at == time(8)


def test_a_time_that_is_repeated_for_the_second_time_is_kept_in_utc() -> None:
    text = PEOPLE_FILE.format("").replace("UTC", "Europe/Berlin")
    second = text.replace("<start>10:00</start>", "<date>2020-10-25T02:30:00+01:00</date><start>02:30</start>")
    session = read_schedule(second.encode()).sessions[0]

    assert (session.zone, session.at) == ("UTC", time(1, 30))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<duration>0:30</duration>", "", "line 2, duration: missing; write hours and minutes such as 01:30"),
        ("0:30", "0:00", "events: found none with a length above 0; a session has one, such as 01:30"),
        ("0:30", "half an hour", "line 2, duration: found 'half an hour'; write hours"),
        ("10:00", "25:00", "line 2, start: found '25:00'; write a time of day such as 18:30"),
        ("2020-11-09", "2020-11-31", "line 2, date: found '2020-11-31'; write a date such as 2020-11-09"),
        ("2020-11-09", "0001-11-09", "line 2, date: found the year 1; write one from"),
        ("<start>", "<date>9/11/2020 10:00</date><start>", "line 2, date: found '9/11/2020 10:00'; write an instant"),
        ("<title>T</title>", "", "line 2, title: missing; write what the session is called"),
        (">UTC<", ">CET<", "time_zone_name: found 'CET'"),
        ("<schedule>", "<!DOCTYPE x [<!ENTITY a 'b'>]><schedule>", "line 1: found a document type; a schedule.xml"),
        ("<schedule>", "<html>", "line 3, column 43: found no XML that can be read (mismatched tag)"),
        ("</schedule>", "", "found no XML that can be read (no element found)"),
    ],
)
def test_a_wrong_file_is_met_with_where_what_and_what_is_right(old: str, new: str, said: str) -> None:
    text = PEOPLE_FILE.format("").replace(old, new)

    with pytest.raises(InvalidScheduleFile, match=re.escape(said)):
        read_schedule(text.encode())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "found no XML that can be read (no element found)"),
        ("<feed/>", "line 1: found <feed>; a schedule.xml begins with <schedule>"),
        ("<schedule/>", "events: found none; a schedule has its events in the rooms of its days"),
        ("{", "line 1, column 2: found no JSON that can be read"),
        ("[1]", "schedule: missing; a schedule.json is a table with the key schedule"),
        ('{"schedule": {}}', "schedule.conference.days: missing; a schedule.json has the list"),
        ('{"schedule": {"conference": {"days": []}}}', "events: found none"),
        (
            '{"schedule": {"conference": {"days": [{"date": "2020-11-09", "rooms": {"A": [{}]}}]}}}',
            "days[0].rooms.A[0]",
        ),
        ('{"a": ' + "[" * 99_999, "found too many lists and tables in each other"),
        ("[" + "1," * 400_001, "has more than 400,000 values"),
        ("<schedule>" + "<a>" * 30, "line 1: found more than 20 elements in each other"),
        ("<schedule " + " ".join(f'a{i}=""' for i in range(400_000)) + "/>", "found more than 400,000 elements"),
        ("<" * (16 * 1024 * 1024 + 1), "has more than 16 MiB, the most that is read of a schedule"),
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_schedule_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidScheduleFile, match=re.escape(said)):
        read_schedule(text.encode())


@pytest.mark.parametrize("encoding", ["UTF-99999999", "shift_jis", "hex", "utf-32", "punycode"])
def test_an_encoding_that_is_not_read_is_refused(encoding: str) -> None:
    with pytest.raises(InvalidScheduleFile):
        read_schedule(f'<?xml version="1.0" encoding="{encoding}"?><schedule/>'.encode())


def test_a_file_in_latin_1_is_read() -> None:
    text = PEOPLE_FILE.format("").replace("<title>T</title>", "<title>Über</title>")
    data = f'<?xml version="1.0" encoding="iso-8859-1"?>{text}'.encode("latin-1")

    assert read_schedule(data).sessions[0].title == "Über"


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    with pytest.raises(InvalidScheduleFile, match="file: found bytes that are not UTF-8"):
        read_schedule(b'{"a": "\xff"}')


def test_all_mistakes_are_said_at_once() -> None:
    text = PEOPLE_FILE.format("").replace("0:30", "x").replace("10:00", "y")

    with pytest.raises(InvalidScheduleFile) as caught:
        read_schedule(text.encode())

    assert len(caught.value.mistakes) == 2


@pytest.mark.parametrize(
    ("generator", "text", "minutes"),
    [("pretalx", "1:02:30", 1590), ("frab", "1:02:30", 63), ("frab", "01:02:00", 62), ("", "90:00", 5400)],
)
def test_three_numbers_of_a_length_are_read_as_their_program_writes_them(
    generator: str, text: str, minutes: int
) -> None:
    file = (
        PEOPLE_FILE.format("").replace("0:30", text).replace("<schedule>", f"<schedule><generator name='{generator}'/>")
    )

    assert read_schedule(file.encode()).sessions[0].minutes == minutes


def test_events_with_one_id_become_sessions_with_ids_of_their_own() -> None:
    text = PEOPLE_FILE.format("")
    event = text[text.index("<event") : text.index("</event>") + len("</event>")]
    others = event.replace("'7'", "").replace('id="7"', 'id="Å b/c"'), event.replace('id="7"', "")

    assert [one.id for one in read_schedule(text.replace(event, event * 2 + "".join(others)).encode()).sessions] == [
        "7",
        "7-2",
        "b-c",
        "session",
    ]


def test_control_characters_and_blanks_of_other_programs_are_cleared() -> None:
    file = {
        "schedule": {
            "conference": {
                "title": " X ",
                "time_zone_name": "UTC",
                "days": [
                    {
                        "date": "2020-11-09",
                        "rooms": {
                            "A": [
                                {
                                    "title": "a\x1b[2J\n b",
                                    "abstract": "x\r\ny\x07",
                                    "description": "x\r\ny\x07",
                                    "start": "10:00",
                                    "duration": "00:30",
                                    "persons": [3, {"full_name": "Zoe", "answers": [1]}],
                                    "links": "none",
                                }
                            ]
                        },
                    }
                ],
            }
        }
    }
    read = read_schedule(json.dumps(file).encode())

    assert (read.sessions[0].title, read.sessions[0].note, read.title) == ("a[2J b", "x\ny", "X")
    assert [one.name for one in read.open_people] == ["Zoe"]
    assert read.left_out == {"event.links": 1, "person.answers": 1}


def test_zones_that_the_schema_does_not_allow_are_in_our_own_part(write: Callable[[Conference], bytes]) -> None:
    made = conference(replace(INCLUSION, phase=None), zone="Etc/GMT+5")

    assert read_schedule(write(made)).zone == "Etc/GMT+5"
    assert find_json_problems(write_schedule_json(made)) == []


STRANGER = ROOT / ".venv-strangers" / "bin" / "python"


def test_another_program_reads_what_is_written(tmp_path: Path) -> None:
    packages = sorted((ROOT / ".venv-strangers").glob("lib/python*/site-packages"))
    require_file((packages or [ROOT / ".venv-strangers"])[0] / "schedule_convert", "run make strangers")
    plan = load_plan(EXAMPLES / "igf-2020" / "plan.toml")
    assert plan.programme is not None
    made = make_conference(plan.meeting, plan.programme, plan.sessions, members=plan.members, with_people=True)
    file = tmp_path / "schedule.xml"
    file.write_bytes(write_schedule_xml(made))
    done = subprocess.run(
        [STRANGER, ORACLES / "read_schedule.py", file], capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    read = json.loads(done.stdout)
    names = {member.id: member.display_name for member in plan.members}

    assert (read["title"], read["days"]) == ("IGF 2020", 7)
    assert sorted(
        (one["title"], one["room"], one["start"], one["minutes"], one["track"] or "", one["speakers"])
        for one in read["events"]
    ) == sorted(
        (
            one.session.title,
            one.session.room,
            f"{one.start:%Y-%m-%dT%H:%M:%S}",
            one.session.minutes,
            one.session.track,
            list(dict.fromkeys(names[duty.member] for duty in one.session.people)),
        )
        for one in plan.sessions
    )


def test_members_are_found_by_the_guid_that_was_written() -> None:
    text = write_schedule_xml(conference(replace(INCLUSION, phase=None))).decode()
    bare = re.sub(r"<\?mag-rotation .*?\?>", "<?other {}?>", text).replace(">bo<", ">Somebody<")

    assert read_schedule(bare.encode(), members=MEMBERS).sessions[0].people == (
        Duty(member="ann", role="speaker"),
        Duty(member="bo", role="speaker"),
    )


def test_a_wall_time_that_a_clock_change_skips_comes_back(write: Callable[[Conference], bytes]) -> None:
    skipped = Session(
        id="skipped",
        title="Skipped",
        date=date(2021, 3, 28),
        at=time(2, 30),
        minutes=60,
        zone=ZoneName("Europe/Berlin"),
    )
    data = write(conference(skipped))

    assert read_back(data) == (skipped,)
    assert b"2021-03-28T01:30:00+00:00" in data


def test_a_time_that_another_program_moved_out_of_a_gap_is_the_new_one(write: Callable[[Conference], bytes]) -> None:
    skipped = Session(id="skipped", title="Skipped", date=date(2021, 3, 28), at=time(2, 30), minutes=60)
    data = write(conference(skipped, zone="Europe/Berlin")).decode()
    moved = data.replace("2021-03-28T03:30:00+02:00", "2021-03-28T09:00:00+02:00").replace("03:30", "09:00")

    assert [(one.date.day, one.at) for one in read_schedule(moved.encode()).sessions] == [(28, time(9))]


def test_two_events_never_have_one_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mag_rotation.exchange.conference.make_guid", lambda *_: f"ffffffff-{'0' * 4}")
    made = conference(*(replace(INCLUSION, id=one, phase=None) for one in "abc"))

    assert sorted(event.id for event in made.events) == [2, 3, 4]


@pytest.mark.parametrize(
    ("data", "held"),
    [
        (b'<?xml version="1.0"?>\n<schedule></schedule>', "a schedule that another program wrote"),
        (b"\xef\xbb\xbf<!-- made by hand -->\n<schedule/>", "a schedule that another program wrote"),
        (b'{"schedule": {}}', "a schedule that another program wrote"),
        (b'{"tzdata": "2026a"}', "an answer of mag-rotation, which is no schedule"),
        (b'{"a": 1}', "something other than a schedule"),
        (b"[1]", "something other than a schedule"),
        (b"<html/>", "something other than a schedule"),
        (b"<schedules/>", "something other than a schedule"),
        (b"[" * 100_000, "something other than a schedule"),
        (b"", "something other than a schedule"),
    ],
)
def test_a_file_that_is_not_ours_is_named_as_what_it_holds(data: bytes, held: str) -> None:
    assert describe_file(data) == held
    assert list_event_tracks(data) == {}
