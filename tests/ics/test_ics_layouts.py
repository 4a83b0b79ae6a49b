"""Every example in every layout, on every clock: three engines read the calls of the plan and nothing else.

Law: what is expected comes from the calls alone; what a layout cannot say is refused with the reasons that stand here.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from calendars import STAMP, after, events_of, known, logical, series_of, slot, values
from engines import (
    EXPANDS,
    OTHERS,
    Occurrence,
    pieces,
    read_stupidly,
    read_with_icaljs,
    read_with_libical,
    read_with_other,
)
from linter import lint
from mag_rotation.calls import Call, unroll
from mag_rotation.errors import RefusedLayout
from mag_rotation.ics import CalendarLayout, make_edition, to_ics
from mag_rotation.ics.recurrence import find_covering_rule
from mag_rotation.ics.vtimezone import can_write_local
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan
from mag_rotation.series import Extra, Override, Phase, Series, Slot, Weekday
from paths import DATA, EXAMPLES

PLANS = sorted(EXAMPLES.rglob("*.toml"))
CHANGING = "its hour in UTC changes in the season"
REFUSED = {
    ("kubernetes/contributor-experience", True): CHANGING,
    ("oci/plan", True): CHANGING,
}
"""What the layout series cannot say, by plan and whether UTC is forced: a slot on a clock that changes."""

Reader = Callable[[Path], list[Occurrence]]
READERS = [
    pytest.param(read_with_icaljs, id="ical.js"),
    pytest.param(read_with_libical, id="libical"),
    pytest.param(read_stupidly, id="stupid"),
]


def plan_id(path: Path) -> str:
    return str(path.relative_to(EXAMPLES).with_suffix(""))


def file_of(plan: Plan, layout: CalendarLayout, *, utc: bool) -> bytes:
    return make_edition(plan.series, plan.calls, stamp=STAMP, layout=layout, utc=utc).data()


def seen(found: Occurrence) -> tuple[object, ...]:
    return found.start, found.end, found.status, found.location


def meant(call: Call) -> tuple[object, ...]:
    return call.start, call.end, "CONFIRMED" if call.is_held else "CANCELLED", call.location


CASES = [
    pytest.param(path, layout, utc, id=f"{plan_id(path)} {layout}{' in UTC' if utc else ''}")
    for path in PLANS
    for layout in CalendarLayout
    for utc in (False, True)
    if not (layout is CalendarLayout.SERIES and (plan_id(path), utc) in REFUSED)
]


@pytest.mark.parametrize(("path", "layout", "utc"), CASES)
def test_every_engine_reads_the_calls_of_every_example(
    path: Path, layout: CalendarLayout, utc: bool, tmp_path: Path
) -> None:
    plan = load_plan(path)
    data = file_of(plan, layout, utc=utc)
    if utc and data == file_of(plan, layout, utc=False):
        return  # read already
    out = tmp_path / "feed.ics"
    out.write_bytes(data)
    found = read_stupidly(out)

    assert lint(data) == []
    assert sorted(map(seen, found), key=str) == sorted(map(meant, plan.calls), key=str)
    assert read_with_icaljs(out) == found
    assert read_with_libical(out) == found


UPGRADE = DATA / "upgrade"
ALL_PLANS = [*PLANS, *sorted(UPGRADE.glob("*.toml"))]


def told(call: Call) -> tuple[object, ...]:
    """What every program shows of a call: many never read STATUS."""
    word = "" if call.is_held else "Cancelled: "
    return call.uid, call.start, call.end, word + call.title, pieces(name for name in (call.slot, call.phase) if name)


@pytest.mark.parametrize("name", OTHERS)
def test_more_programs_read_the_calls_of_every_plan(name: str, tmp_path: Path) -> None:
    plans = [load_plan(path) for path in ALL_PLANS]
    paths = [tmp_path / f"{number}.ics" for number in range(len(plans))]
    for plan, path in zip(plans, paths, strict=True):
        path.write_bytes(file_of(plan, CalendarLayout.CALLS, utc=False))
    found = read_with_other(name, *paths)

    assert len(found) == len(plans) >= 11
    for plan, events in zip(plans, found, strict=True):
        shown = {(one.uid, one.start, one.end, str(one.summary), pieces(one.categories)) for one in events}
        assert shown == {told(call) for call in plan.calls}
        assert len(events) == len(plan.calls)
        assert all((one.status == "CANCELLED") == str(one.summary).startswith("Cancelled: ") for one in events)
        assert all(str(one.description).startswith("Cancelled: ") == (one.status == "CANCELLED") for one in events)


@pytest.mark.parametrize("name", EXPANDS)
def test_more_programs_read_the_calls_of_every_series(name: str, tmp_path: Path) -> None:
    pause = Phase(name="Pause", first=date(2026, 3, 16), last=date(2026, 3, 29), calls=False)
    into_pause = Override(date=date(2026, 3, 10), to=date(2026, 3, 17))
    planned = [
        CHANGED,
        series_of(slot("07:00"), count=9, phases=(pause,), overrides=(into_pause,)),
        series_of(slot("16:00", "Europe/Berlin"), count=9, phases=(pause,), overrides=(into_pause,)),
        *(load_plan(path).series for path in ALL_PLANS),
        *(case[1] for case in SAID),
    ]
    paths = [tmp_path / f"{number}.ics" for number in range(len(planned))]
    for series, path in zip(planned, paths, strict=True):
        path.write_bytes(after(series, layout=CalendarLayout.SERIES).data())

    for series, events in zip(planned, read_with_other(name, *paths), strict=True):
        assert sorted(map(seen, events), key=str) == sorted(map(meant, unroll(series)), key=str)


@pytest.mark.parametrize(("name", "utc"), REFUSED)
def test_what_a_series_cannot_say_is_refused_with_the_reason(name: str, utc: bool) -> None:
    with pytest.raises(RefusedLayout, match=REFUSED[name, utc]) as refused:
        file_of(load_plan(EXAMPLES / f"{name}.toml"), CalendarLayout.SERIES, utc=utc)

    assert str(refused.value).startswith("the layout series cannot say this plan: slot 1 (")


def test_a_call_is_written_on_the_clock_of_its_anchor_and_its_zone_comes_first() -> None:
    data = after(series_of(slot("16:00", "Europe/Berlin"), slot("14:00"), count=2)).data()

    assert [line for line in logical(data) if line.startswith(("DTSTART", "DTEND"))][-4:] == [
        "DTSTART;TZID=Europe/Berlin:20260303T160000",
        "DTEND;TZID=Europe/Berlin:20260303T170000",
        "DTSTART:20260310T140000Z",
        "DTEND:20260310T150000Z",
    ]
    assert data.index(b"BEGIN:VTIMEZONE") < data.index(b"BEGIN:VEVENT")
    assert values(data, "TZID") == ["Europe/Berlin"]


@pytest.mark.parametrize(
    ("at", "minutes"),
    [("02:30", 60), ("01:30", 60), ("00:45", 150)],
    ids=["starts in a gap or a fold", "ends in one", "ends beyond one"],
)
@pytest.mark.parametrize("first", [date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
@pytest.mark.parametrize("reader", READERS)
def test_a_time_that_clocks_show_twice_or_never_is_written_in_utc(
    at: str, minutes: int, first: date, reader: Reader, tmp_path: Path
) -> None:
    odd = Slot(at=time.fromisoformat(at), zone=slot("00:00", "Europe/Berlin").zone, minutes=minutes)
    series = series_of(odd, first=first, count=1)
    (call,) = unroll(series)
    data = after(series).data()
    (tmp_path / "feed.ics").write_bytes(data)
    sayable = can_write_local(call.start, odd.zone) and can_write_local(call.end, odd.zone)

    assert lint(data) == []
    assert (b"TZID" in data) == sayable
    assert [(one.start, one.end) for one in reader(tmp_path / "feed.ics")] == [(call.start, call.end)]


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Zulu"])
def test_utc_by_any_name_is_a_z(zone: str) -> None:
    data = after(series_of(slot("14:00", zone)), layout=CalendarLayout.SERIES).data()

    assert b"TZID" not in data
    assert values(data, "DTSTART") == ["20260303T140000Z"]


def test_utc_for_all_leaves_no_zone() -> None:
    series = series_of(slot("16:00", "Europe/Berlin"))
    data = after(series, utc=True).data()

    assert b"TZID" not in data
    assert data == to_ics(unroll(series), series.meeting, stamp=STAMP, utc=True)


def rules(data: bytes) -> list[str]:
    return values(data, "RRULE")


SAID = [
    ("every third week", series_of(slot("07:00"), slot("14:00"), slot("20:00"), count=7),
     ["FREQ=WEEKLY;COUNT=3;INTERVAL=3", "FREQ=WEEKLY;COUNT=2;INTERVAL=3", "FREQ=WEEKLY;COUNT=2;INTERVAL=3"], 0),
    ("turns in a row", replace(held := series_of(slot("07:00"), slot("14:00"), count=8),
                               rotation=replace(held.rotation, hold=2)), ["FREQ=WEEKLY;COUNT=6"] * 2, 4),
    ("one call", series_of(slot("07:00"), count=1), ["FREQ=WEEKLY;COUNT=1"], 0),
    ("every second Tuesday of the month", series_of(slot("07:00"), repeat="FREQ=MONTHLY;BYDAY=2TU", count=5),
     ["FREQ=MONTHLY;COUNT=5;BYDAY=2TU"], 0),
    ("the last Friday, by turns", series_of(slot("07:00"), slot("09:00"), repeat="FREQ=MONTHLY;BYDAY=-1FR",
                                           count=12),
     ["FREQ=MONTHLY;COUNT=6;INTERVAL=2;BYDAY=-1FR"] * 2, 0),
    ("a day of the month", series_of(slot("07:00"), repeat="FREQ=MONTHLY;BYMONTHDAY=13", count=9),
     ["FREQ=MONTHLY;COUNT=9;BYMONTHDAY=13"], 0),
    ("the Wednesday after the fourth Tuesday", series_of(
        slot("07:00"), repeat="FREQ=MONTHLY;BYDAY=WE;BYMONTHDAY=23,24,25,26,27,28,29", count=7),
     ["FREQ=WEEKLY;COUNT=27"], 20),
    ("the last day of long months", series_of(slot("07:00"), repeat="FREQ=MONTHLY;BYMONTHDAY=31", count=3),
     ["FREQ=DAILY;COUNT=3;INTERVAL=61"], 0),
    ("every year", series_of(slot("07:00"), repeat="FREQ=YEARLY;BYMONTH=3;BYDAY=1TU", count=3),
     ["FREQ=MONTHLY;COUNT=3;INTERVAL=12;BYDAY=1TU"], 0),
    ("working days", series_of(slot("07:00"), repeat="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", count=12),
     ["FREQ=WEEKLY;COUNT=12;BYDAY=MO,TU,WE,TH,FR"], 0),
    ("twice a week", series_of(slot("07:00"), repeat="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", count=9),
     ["FREQ=WEEKLY;COUNT=9;INTERVAL=2;BYDAY=TU,TH"], 0),
    ("a silent phase", series_of(slot("07:00"), count=9, phases=(
        Phase(name="Pause", first=date(2026, 3, 16), last=date(2026, 3, 29), calls=False),)),
     ["FREQ=WEEKLY;COUNT=9"], 2),
    ("slots of a phase", series_of(slot("07:00"), count=6, phases=(
        Phase(name="Summer", first=date(2026, 3, 16), last=date(2026, 3, 29), slots=(slot("08:00"),)),)),
     ["FREQ=WEEKLY;COUNT=6", "FREQ=WEEKLY;COUNT=2"], 2),
    ("two phases of one name", series_of(slot("07:00"), count=6, phases=tuple(
        Phase(name="Summit", first=day, last=day + timedelta(days=8), slots=(slot("08:00"),))
        for day in (date(2026, 3, 9), date(2026, 3, 23)))),
     ["FREQ=WEEKLY;COUNT=2;INTERVAL=5", "FREQ=WEEKLY;COUNT=2", "FREQ=WEEKLY;COUNT=2"], 0),
]  # fmt: skip


@pytest.mark.parametrize(("series", "said", "excluded"), [case[1:] for case in SAID], ids=[case[0] for case in SAID])
def test_a_slot_is_one_bounded_rule(series: Series, said: list[str], excluded: int, tmp_path: Path) -> None:
    data = after(series, layout=CalendarLayout.SERIES).data()
    (tmp_path / "feed.ics").write_bytes(data)

    assert lint(data) == []
    assert rules(data) == said
    assert len(values(data, "EXDATE")) == excluded
    assert [one.start for one in read_with_icaljs(tmp_path / "feed.ics")] == [call.start for call in unroll(series)]
    assert read_with_libical(tmp_path / "feed.ics") == read_stupidly(tmp_path / "feed.ics")


CHANGED = series_of(
    slot("16:00", "Europe/Berlin", "Berlin"),
    slot("14:00", label="UTC"),
    count=8,
    overrides=(
        Override(date=date(2026, 3, 3), minutes=90),
        Override(date=date(2026, 3, 10), cancel=True, note="nobody can"),
        Override(date=date(2026, 3, 17), to=date(2026, 3, 18), at=time(9)),
        Override(date=date(2026, 3, 31), location="Room 5"),
        Override(date=date(2026, 4, 7), slot="Berlin"),
    ),
    extras=(Extra(date=date(2026, 3, 12), at=time(8)), Extra(date=date(2026, 3, 13), at=time(8), cancel=True)),
)


def test_a_changed_call_is_an_override_of_its_slot_in_the_form_of_the_slot(tmp_path: Path) -> None:
    data = after(CHANGED, layout=CalendarLayout.SERIES).data()
    (tmp_path / "feed.ics").write_bytes(data)

    assert lint(data) == []
    assert {line for line in logical(data) if line.startswith("RECURRENCE-ID")} == {
        "RECURRENCE-ID;TZID=Europe/Berlin:20260303T160000",
        "RECURRENCE-ID:20260310T140000Z",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260317T160000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260331T160000",
        "RECURRENCE-ID:20260407T140000Z",
    }
    assert set(values(data, "UID")) == {
        "demo-slot1@example.org",
        "demo-slot2@example.org",
        "demo-20260312-extra@example.org",
        "demo-20260313-extra@example.org",
    }
    assert values(data, "EXDATE") == []
    assert values(data, "STATUS").count("CANCELLED") == 2
    for read in (read_stupidly, read_with_icaljs, read_with_libical):
        assert sorted(map(seen, read(tmp_path / "feed.ics")), key=str) == sorted(map(meant, unroll(CHANGED)), key=str)


def test_a_call_over_a_clock_change_has_an_event_of_its_own(tmp_path: Path) -> None:
    """Some engines add a length to wall times and others to instants."""
    series = series_of(slot("23:30", "Europe/Berlin"), first=date(2026, 10, 17), repeat="FREQ=WEEKLY", count=3)
    long = series_of(
        Slot(at=time(23, 30), zone=slot("00:00", "Europe/Berlin").zone, minutes=300),
        first=date(2026, 10, 17),
        count=3,
    )
    for one, own in ((series, 0), (long, 1)):
        data = after(one, layout=CalendarLayout.SERIES).data()
        (tmp_path / "feed.ics").write_bytes(data)

        assert data.count(b"RECURRENCE-ID") == own
        for read in (read_stupidly, read_with_icaljs, read_with_libical):
            assert sorted(map(seen, read(tmp_path / "feed.ics")), key=str) == sorted(map(meant, unroll(one)), key=str)


CANNOT = [
    ("an hour that clocks skip", series_of(slot("02:30", "Europe/Berlin"), first=date(2026, 3, 22)),
     "slot 1 starts on 2026-03-29 at an hour that clocks of Europe/Berlin skip or repeat"),
    ("an hour that clocks repeat", series_of(slot("02:30", "Europe/Berlin"), first=date(2026, 10, 18)),
     "slot 1 starts on 2026-10-25 at an hour that clocks of Europe/Berlin skip or repeat"),
    ("a skipped hour that is left out",
     series_of(slot("02:30", "Europe/Berlin"), first=date(2026, 3, 15), phases=(
         Phase(name="Pause", first=date(2026, 3, 29), last=date(2026, 3, 29), calls=False),)),
     "slot 1 would leave out 2026-03-29, when clocks of Europe/Berlin skip or repeat its hour"),
    ("two calls on one day", series_of(Slot(at=time(8), weekday=Weekday.FR), repeat="FREQ=DAILY"),
     "slot 1 has two calls on one day"),
    ("beyond the next", series_of(slot("08:00"), overrides=(Override(date=date(2026, 3, 3), to=date(2026, 3, 11)),)),
     "slot 1 has the calls of 2026-03-03 and 2026-03-10 on one day, over each other or in another order"),
    ("on the day of the next", series_of(slot("08:00"), overrides=(
        Override(date=date(2026, 3, 3), to=date(2026, 3, 10), at=time(20)),)),
     "slot 1 has the calls of 2026-03-03 and 2026-03-10 on one day, over each other or in another order"),
    ("longer than a day", series_of(Slot(at=time(8), minutes=1500), repeat="FREQ=DAILY"),
     "slot 1 has the calls of 2026-03-03 and 2026-03-04 on one day, over each other or in another order"),
    ("dates of no rule", series_of(slot("08:00"), repeat="FREQ=YEARLY;BYYEARDAY=60,100,241", count=6),
     "slot 1 has dates that no one rule gives: 2026-04-10, 2026-08-29, 2027-03-01, 2027-04-10 ..."),
    ("first call over a clock change", series_of(Slot(at=time(23), zone=slot("00:00", "Europe/Berlin").zone,
                                                     minutes=300), first=date(2026, 3, 28)),
     "slot 1 has its first call across a clock change of Europe/Berlin"),
]  # fmt: skip


@pytest.mark.parametrize(("series", "reason"), [case[1:] for case in CANNOT], ids=[case[0] for case in CANNOT])
def test_what_programs_read_differently_or_exchange_cannot_hold_is_refused(series: Series, reason: str) -> None:
    with pytest.raises(RefusedLayout) as refused:
        after(series, layout=CalendarLayout.SERIES)

    assert refused.value.reasons[0] == reason
    assert lint(after(series).data()) == []


def test_all_reasons_are_given_at_once() -> None:
    both = series_of(Slot(at=time(8), weekday=Weekday.FR), Slot(at=time(9), weekday=Weekday.FR), repeat="FREQ=DAILY")
    with pytest.raises(RefusedLayout) as refused:
        after(both, layout=CalendarLayout.SERIES)

    assert refused.value.reasons == ("slot 1 has two calls on one day", "slot 2 has two calls on one day")


@given(st.sets(st.dates(date(2026, 1, 1), date(2027, 6, 30)), min_size=1, max_size=12))
def test_a_rule_gives_every_date_from_the_first_to_the_last_and_says_which_it_adds(days: set[date]) -> None:
    found = find_covering_rule(sorted(days))
    assume(found is not None)
    assert found is not None
    series = series_of(slot("08:00"), first=min(days), repeat=found.body, count=found.count)
    given_ = [call.date for call in unroll(series)]

    assert given_[0] == min(days)
    assert given_[-1] == max(days)
    assert set(given_) == days | set(found.spare)
    assert not days & set(found.spare)


@given(st.integers(1, 12), st.integers(1, 40), st.dates(date(2026, 1, 1), date(2027, 6, 30)))
def test_weeks_apart_are_an_interval(weeks: int, count: int, first: date) -> None:
    found = find_covering_rule([first + timedelta(weeks=weeks * turn) for turn in range(count)])

    assert found is not None
    assert found.spare == ()
    assert re.fullmatch(r"FREQ=(WEEKLY|MONTHLY)(;INTERVAL=[0-9]+)?(;BYDAY=.*|;BYMONTHDAY=.*)?", found.body)


def test_links_and_places_stand_where_each_program_looks() -> None:
    plan = load_plan(EXAMPLES / "mag-2020" / "plan.toml")
    meeting = replace(plan.meeting, url="https://meet.example.org/a;b", location=None)
    series = replace(plan.series, meeting=meeting)
    for layout in CalendarLayout:
        data = make_edition(series, unroll(series), stamp=STAMP, layout=layout).data()
        events = events_of(data)

        assert lint(data) == []
        assert {str(event["conference"]) for event in events.values()} == {meeting.url}
        assert {str(event["url"]) for event in events.values()} == {meeting.url}
        assert {str(event["location"]) for event in events.values()} == {meeting.url}
        assert all(str(event["description"]).endswith(str(meeting.url)) for event in events.values())
        assert len(events) == len({known(event) for event in events.values()})
