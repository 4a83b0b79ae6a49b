"""Any history of plans, faults and meddling on a calendar server ends with exactly the plan's calls.

Law: whatever was cut off and whoever wrote in between, the next undisturbed run brings the calendar to the plan, the
one after it writes nothing, SEQUENCE never falls, and what others put there is as they left it. So it is where the
server drops properties, and what it does not drop is as the plan has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calendars import MEETING, STAMP, series_of, slot, version
from engines import expanded, pieces
from mag_rotation.calls import unroll
from mag_rotation.planfile import load_plan
from mag_rotation.series import Extra, Override, Series
from paths import DATA
from shelf import FOREIGN, Shelf, events_in, run

FIRST = date(2026, 3, 3)
DAY = timedelta(days=1)


def held(shelf: Shelf) -> set[tuple[object, ...]]:
    """Our calls there that are not struck through, as a program that is not ours reads them."""
    ours = [event for path, (_, text) in shelf.shelf.items() if path != "/theirs.ics" for event in events_in(text)]
    return {
        (one.uid, one.start, one.end, one.summary, pieces(one.categories))
        for one in expanded(ours)
        if one.status != "CANCELLED"
    }


def planned(series: Series) -> set[tuple[object, ...]]:
    return {
        (call.uid, call.start, call.end, call.title, pieces(name for name in (call.slot, call.phase) if name))
        for call in unroll(series)
        if call.is_held
    }


def changed(index: int) -> st.SearchStrategy[Override | None]:
    day = FIRST + index * 7 * DAY
    return st.sampled_from(
        [
            None,
            Override(date=day, cancel=True),
            Override(date=day, to=day + DAY),
            Override(date=day, at=time(9)),
            Override(date=day, minutes=90),
            Override(date=day, note="bring the minutes"),
        ]
    )


@st.composite
def plans(draw: st.DrawFn) -> Series:
    count = draw(st.integers(1, 4))
    overrides = [draw(changed(index)) for index in range(count)]
    extras = draw(st.sampled_from([(), (Extra(date=FIRST + DAY, at=time(12)),)]))
    meeting = replace(MEETING, url=draw(st.sampled_from([None, "https://a.example.org/x", "https://b.example.org/x"])))
    kept = tuple(one for one in overrides if one is not None)
    label = draw(st.sampled_from(["midday", "noon, late", "b,a"]))
    slots = (slot("14:00", label=label), slot("20:00", label="late"))
    return series_of(*slots, count=count, overrides=kept, extras=extras, meeting=meeting)


FAULTS = st.lists(st.sampled_from(["none", "none", "meddled", "refused", "cut before", "cut after"]), max_size=6)


def links(shelf: Shelf, series: Series) -> set[tuple[str, object, object]]:
    """URL and CONFERENCE of the calls of a plan, None for what the server drops."""
    uids = {call.uid for call in unroll(series)}
    ours = [event for path, (_, text) in shelf.shelf.items() if path != "/theirs.ics" for event in events_in(text)]
    return {(str(one["uid"]), one.get("url"), one.get("conference")) for one in ours if str(one["uid"]) in uids}


@given(
    st.lists(st.tuples(plans(), FAULTS), min_size=1, max_size=5),
    st.sets(st.sampled_from(["URL", "CONFERENCE", "CREATED", "TRANSP"])),
    st.booleans(),
)
def test_any_history_ends_with_the_calls_of_the_plan(
    history: Sequence[tuple[Series, Sequence[str]]], drops: set[str], splits: bool
) -> None:
    shelf = Shelf(sorted(drops), splits=splits)
    for day, (series, faults) in enumerate(history):
        shelf.faults = iter(faults)
        done = run(shelf, series, STAMP + day * DAY)
        if done is not None and done.stopped is None and not done.contested:
            assert held(shelf) == planned(series)
    shelf.faults = iter(())
    last = history[-1][0]
    run(shelf, last, STAMP + 10 * DAY)
    before = dict(shelf.shelf)

    url, conference = (None if name in drops else last.meeting.url for name in ("URL", "CONFERENCE"))
    assert held(shelf) == planned(last)
    assert links(shelf, last) == {(call.uid, url, conference) for call in unroll(last)}
    assert shelf.shelf["/theirs.ics"] == (0, FOREIGN)
    again = run(shelf, last, STAMP + 11 * DAY)
    assert again is not None
    assert (again.due, shelf.shelf) == ((), before)


def test_objects_of_an_earlier_version_are_renewed_once_where_their_texts_change_and_keep_their_sequence() -> None:
    folder = DATA / "upgrade"
    plan = load_plan(folder / "board.toml")
    head, *events = (folder / "board-calls.ics").read_bytes().decode().split("BEGIN:VEVENT")
    shelf = Shelf()
    for number, text in enumerate(events):
        whole = f"{head}BEGIN:VEVENT{text.partition('END:VCALENDAR')[0]}END:VCALENDAR\r\n"
        shelf.shelf[f"/{number}.ics"] = (number + 100, whole)
    del shelf.shelf["/theirs.ics"]
    before = {str(event["uid"]): version(event) for _, text in shelf.shelf.values() for event in events_in(text)}
    done = run(shelf, plan.series, STAMP + 90 * DAY)
    after = {str(event["uid"]): event for _, text in shelf.shelf.values() for event in events_in(text)}

    assert done is not None
    assert done.edition.changes == ()
    assert set(done.written) == {uid for uid, event in after.items() if event.get("status") == "CANCELLED"}
    assert len(done.written) == 3
    for uid in done.written:
        assert version(after[uid])[0] == before[uid][0]
        assert version(after[uid]) > before[uid]
        assert str(after[uid]["summary"]).startswith("Cancelled: ")
    again = run(shelf, plan.series, STAMP + 91 * DAY)
    assert again is not None
    assert again.due == ()
