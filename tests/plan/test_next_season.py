"""The next season: two seasons are as one long plan, and what was borne in the first is carried into the second.

Laws: each call of the long plan is in exactly one of the seasons, with its UID, start, slot and, where no call of the
first season is held in the second, its number; a gap between seasons is a silent phase; the calendar of the new season
changes no event of the past; what is carried is the ledger of the first season on top of what that one carried.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from facts import in_words
from mag_rotation.calls import Call, unroll
from mag_rotation.errors import InvalidEdit, RefusedLayout
from mag_rotation.ics import CalendarLayout, Edition, PriorCalendar, edit_calls, make_edition, read_prior
from mag_rotation.plan import Plan
from mag_rotation.plan.season import NextSeason, next_season
from mag_rotation.planfile import load_plan, plan_from
from mag_rotation.planfile.writer import write_carried, write_changes, write_next_plan
from mag_rotation.roster import Carried, MemberId
from mag_rotation.series import Advance, Extra, Override, Phase, Rotation, Schedule, Season, Series, Slot, Weekday
from paths import EXAMPLES
from twin_turns import ABC, DAY, MEETING, TUESDAY, letters, outer_days, serieses, week, weekly

LATER = datetime(2100, 1, 1, tzinfo=UTC)
SHEET = "carried.csv"
MEMBERS = """
[[members]]
id = "nairobi"
zone = "Africa/Nairobi"
[[members]]
id = "apia"
zone = "Pacific/Apia"
joined = 2020-11-01
[[members]]
id = "lima; the second"
zone = "America/Lima"
left = 2020-10-15
[[members]]
id = "never"
zone = "America/Lima"
left = 1999-12-31
"""


def toml(value: object) -> str:
    """A value as TOML."""
    match value:
        case bool():
            return str(value).lower()
        case Weekday():
            return f'"{value.name}"'
        case time():
            return f'"{value:%H:%M}"'
        case str():
            return f'"{value}"'
        case tuple():
            return "[" + ", ".join("{ " + ", ".join(of_slot(slot)) + " }" for slot in value) + "]"
        case _:
            return str(value)


def keys(values: Mapping[str, object]) -> list[str]:
    return [f"{key} = {toml(value)}" for key, value in values.items() if value is not None]


def of_slot(slot: Slot) -> list[str]:
    return keys({"at": slot.at, "zone": slot.zone, "label": slot.label, "weekday": slot.weekday})


def of_extra(extra: Extra) -> list[str]:
    values = {name: getattr(extra, name) for name in ("date", "at", "to", "cancel", "numbered")}
    return keys({**values, "takes-turn": extra.takes_turn})


def of_override(change: Override) -> list[str]:
    return keys({name: getattr(change, name) for name in ("date", "cancel", "at", "to", "slot")})


def of_phase(phase: Phase) -> list[str]:
    values = {name: getattr(phase, name) for name in ("name", "calls", "start", "hold", "taken", "repeat", "slots")}
    return keys({**values, "from": phase.first, "to": phase.last})


def text_of(series: Series, members: str = MEMBERS) -> str:
    """A plan of a series, with a comment above every table."""
    meeting, schedule, rotation = series.meeting, series.schedule, series.rotation
    assert meeting.numbering is not None
    numbering = meeting.numbering
    tables = [
        (
            "[meeting]",
            [
                *keys({"id": meeting.id, "name": meeting.name, "uid-domain": meeting.uid_domain, "duration": "1h"}),
                f'numbering = {{ first = {numbering.first}, count = "{numbering.count}" }}',
                *keys({"season-from": meeting.season.first, "season-to": meeting.season.last}),
            ],
        ),
        (
            "[schedule]",
            keys(
                {
                    "first": schedule.first,
                    "repeat": schedule.repeat,
                    "until": schedule.until,
                    "count": schedule.count,
                }
            ),
        ),
        (
            "[rotation]",
            keys({name: getattr(rotation, name) for name in ("advance", "start", "hold", "taken", "slots")}),
        ),
        *(("[[exceptions]]", of_override(change)) for change in series.overrides),
        *(("[[extras]]", of_extra(extra)) for extra in series.extras),
        *(("[[phases]]", of_phase(phase)) for phase in series.phases),
    ]
    blocks = ["\n".join((f"# {head}", head, *lines, "")) for head, lines in tables]
    return "\n".join(["format = 1\n", *blocks, members])


def plan_of(series: Series, members: str = MEMBERS) -> Plan:
    return loaded(text_of(series, members))


def loaded(text: str, sheets: Mapping[str, bytes] | None = None) -> Plan:
    return plan_from(Path("plan.toml"), text.encode("utf-8"), sheets)


def split(text: str, season: NextSeason, old: Plan) -> tuple[Plan, Plan]:
    """The plans of both seasons, as their files say them."""
    ended = loaded(write_changes(text, old.series, season.ended.series))
    new = loaded(
        write_next_plan(text, old.series, season.plan.series, sheet=SHEET), {SHEET: write_carried(season.plan.carried)}
    )
    assert ended.series == season.ended.series
    assert new.series == season.plan.series
    assert new.carried == season.plan.carried
    return ended, new


def seen(calls: Sequence[Call], *, numbers: bool) -> list[Call]:
    """What calls are to members, with or without their numbers."""
    plain = [replace(call, turn=None) for call in calls]
    return plain if numbers else [replace(call, number=None, label=None, title="") for call in plain]


def sharing(series: Series, first: date) -> Series:
    """The series as that of a season that ends before ``first``."""
    return replace(series, meeting=replace(series.meeting, season=Season(last=first - DAY)))


def in_order(calls: Sequence[Call]) -> list[Call]:
    return sorted(calls, key=lambda call: (call.start, call.uid))


def cut_at(plan: Plan, first: date, until: date | None = None) -> NextSeason:
    """The plan cut in two, where that can be done: not before its first call, nor within a rule of a phase."""
    try:
        return next_season(plan, first, until=until, cut=True)
    except InvalidEdit as error:
        if not re.search("has no call before|has a rule of its own|cannot end there", str(error)):
            raise
        reject()


@given(series=serieses(), data=st.data())
def test_two_seasons_are_the_one_long_plan_cut_in_two(series: Series, data: st.DataObject) -> None:
    text = text_of(series)
    long = loaded(text)
    assert long.series == series
    last = outer_days(series.schedule)[-1]
    days = sorted({call.date + step * DAY for call in long.calls for step in (0, 1)})
    first = data.draw(st.sampled_from([day for day in days if series.schedule.first < day <= last] or [last]))
    season = cut_at(long, first, until=last)
    ended, new = split(text, season, long)

    numbers = not season.warnings
    assert seen(in_order([*ended.calls, *new.calls]), numbers=numbers) == seen(long.calls, numbers=numbers)
    assert {call.uid for call in ended.calls}.isdisjoint(call.uid for call in new.calls)
    assert all(call.date < first for call in ended.calls)
    assert all(call.date >= first for call in new.calls)
    assert [call.number for call in new.calls if call.number] == sorted(
        {call.number for call in new.calls if call.number}
    )
    assert new.members == long.members


@given(series=serieses(), gap=st.integers(0, 30), length=st.integers(1, 60))
def test_a_gap_between_seasons_is_a_silent_phase(series: Series, gap: int, length: int) -> None:
    days = outer_days(series.schedule)
    off = tuple(change for change in series.overrides if change.cancel and change.date in days)
    series = replace(series, phases=(), overrides=off)
    end = days[-1]
    first = end + (gap + 1) * DAY
    until = first + length * DAY
    extras = tuple(replace(extra, to=None) for extra in series.extras if extra.date < first)
    series = replace(series, schedule=replace(series.schedule, until=end, count=None), extras=extras)
    silence = Phase(name="gap", first=end + DAY, last=first - DAY, calls=False) if gap else None
    longer = replace(
        series, schedule=replace(series.schedule, until=until), phases=() if silence is None else (silence,)
    )
    assume(any(day >= first for day in outer_days(longer.schedule)))
    text = text_of(series)
    old = loaded(text)
    season = next_season(old, first, until=until)
    ended, new = split(text, season, old)

    numbers = not season.warnings  # a slot's weekday may lie in the week before, and so in the last season
    border = new.series.meeting.season.first
    assert border is not None
    assert ended.series == sharing(old.series, border)
    later = [call for call in unroll(longer) if call.date >= first]
    assert seen(new.calls, numbers=numbers) == seen(later, numbers=numbers)


@given(series=serieses(), data=st.data())
def test_the_new_calendar_changes_no_event_of_the_past(series: Series, data: st.DataObject) -> None:
    text = text_of(series)
    long = loaded(text)
    last = outer_days(series.schedule)[-1]
    first = data.draw(
        st.integers(1, max(1, (last - series.schedule.first).days)).map(lambda days: series.schedule.first + days * DAY)
    )
    season = cut_at(long, first, until=max(last, first + 60 * DAY))
    ended, new = split(text, season, long)
    meeting = long.meeting
    stamp = datetime(2020, 1, 1, tzinfo=UTC)
    before = edit_calls(ended.calls, meeting, stamp=stamp)
    now = season.last_call.end + timedelta(days=30)
    after = edit_calls(new.calls, new.meeting, stamp=now, previous=read_prior(before.data(), meeting))

    kept = {event.key: event for event in after.events}
    assert all(kept[event.key] == event for event in before.events)
    assert len(after.events) == len(before.events) + len(new.calls)
    assert {change.kind for change in after.changes} <= {"added"}


def test_a_season_between_two_others_has_both_ends() -> None:
    plain = Series(meeting=MEETING, schedule=weekly(9), rotation=ABC)
    whole = plan_of(plain)
    last = next_season(whole, week(7), cut=True)
    middle = next_season(last.ended, week(4), count=3, cut=True)

    assert last.plan.meeting.season == Season(first=week(7))
    assert middle.plan.meeting.season == Season(first=week(4), last=week(7) - DAY)
    assert middle.ended.meeting.season == Season(last=week(4) - DAY)


def _edition_of(plan: Plan, layout: CalendarLayout, stamp: datetime) -> Edition:
    """The calendar of a plan, before it was cut in two."""
    try:
        return make_edition(plan.series, plan.calls, stamp=stamp - DAY, layout=layout)
    except RefusedLayout:
        reject()


@pytest.mark.parametrize("layout", list(CalendarLayout))
@given(series=serieses(), data=st.data())
def test_neither_season_cancels_or_doubles_a_call_of_the_other(
    layout: CalendarLayout, series: Series, data: st.DataObject
) -> None:
    text = text_of(series)
    long = loaded(text)
    last = outer_days(series.schedule)[-1]
    days = (last - series.schedule.first).days
    first = series.schedule.first + data.draw(st.integers(1, max(1, days))) * DAY
    season = cut_at(long, first, until=max(last, first + 60 * DAY))
    plans = split(text, season, long)
    stamp = datetime(2020, 1, 1, tzinfo=UTC)  # all calls are to come
    edition = _edition_of(long, layout, stamp) if data.draw(st.booleans()) else None
    began = edition is not None
    order = data.draw(st.permutations((0, 1)))
    for written, turn in enumerate((*order, *order, 0, 1, 0)):
        series = replace(plans[turn].series, meeting=replace(plans[turn].meeting, location=f"Hall {turn}"))
        before = PriorCalendar(events=edition.events, layout=layout) if edition else None
        try:
            edition = make_edition(series, unroll(series), stamp=stamp, previous=before, layout=layout)
        except RefusedLayout:
            reject()
        stamp += DAY
        assert written < 2 + began or (before is not None and edition.events == before.events)

    assert edition is not None
    held = [event for event in edition.list_shown().values() if not event.cancelled]
    calls = [call for plan in plans for call in plan.calls if call.is_held]
    assert sorted((one.start, one.end) for one in held) == sorted((one.start, one.end) for one in calls)


@given(series=serieses(), data=st.data())
def test_what_is_carried_is_the_ledger_of_the_first_season(series: Series, data: st.DataObject) -> None:
    long = plan_of(series)
    first = data.draw(st.sampled_from(sorted({call.date for call in long.calls} or {TUESDAY})))
    earlier = (Carried(member=MemberId("apia"), burden=7, night_calls=1, calls=2),)
    carrying = replace(long, carried=data.draw(st.sampled_from([(), earlier])))
    season = cut_at(carrying, first)

    found = long.fairness(long.between(None, first - DAY))
    extra = {line.member: line for line in carrying.carried}
    expected = {share.id: (share.burden, share.night_calls, share.calls) for share in found.members}
    for member, line in extra.items():
        burden, nights, calls = expected.get(member, (0, 0, 0))
        expected[member] = (burden + line.burden, nights + line.night_calls, calls + line.calls)
    assert {line.member: (line.burden, line.night_calls, line.calls) for line in season.plan.carried} == expected
    order = [member.id for member in long.members]
    assert [line.member for line in season.plan.carried] == sorted(expected, key=order.index)


# What is refused, and what is decided.


def season_of(first: date, *, series: Series | None = None, **asked: object) -> NextSeason:
    plain = Series(meeting=MEETING, schedule=weekly(6), rotation=ABC) if series is None else series
    return next_season(plan_of(plain), first, **asked)  # type: ignore[arg-type]


def test_turns_and_numbers_go_on_where_the_last_season_stopped() -> None:
    off = (Override(date=week(1), cancel=True),)
    held = Series(
        meeting=MEETING,
        schedule=weekly(5),
        rotation=replace(ABC, advance=Advance.HELD),
        overrides=off,
    )
    season = season_of(week(9), series=held)

    assert season.plan.series.schedule == Schedule(first=week(9), repeat="FREQ=WEEKLY", count=5)
    assert season.plan.series.rotation.start == 2
    assert season.plan.series.meeting.numbering == replace(MEETING.numbering, first=5)  # type: ignore[type-var]
    assert letters(unroll(season.plan.series)) == "BCABC"
    assert season.ended.series == sharing(held, week(9))


def test_weeks_without_a_call_take_turns_where_the_calendar_gives_them() -> None:
    series = Series(meeting=MEETING, schedule=weekly(5), rotation=replace(ABC, advance=Advance.WEEK))

    assert letters(unroll(season_of(week(9), series=series).plan.series)) == "ABCAB"
    assert letters(unroll(season_of(week(10), series=series).plan.series)) == "BCABC"
    assert letters(unroll(season_of(week(53), series=series, count=2).plan.series)) == "CA"


@pytest.mark.parametrize(
    ("advance", "first", "start", "taken", "expected"),
    [
        (Advance.CALL, 9, 2, 2, "BBCCCC"),
        (Advance.HELD, 9, 2, 1, "BBBCCC"),
        (Advance.WEEK, 9, 3, 1, "CCCAAA"),
        (Advance.WEEK, 16, 2, 0, "BBBBCC"),
        (Advance.ISO_WEEK, 9, 1, 0, "CCCAAA"),
    ],
)
def test_a_slot_goes_on_with_the_turns_it_has_left(
    advance: Advance, first: int, start: int, taken: int, expected: str
) -> None:
    off = (Override(date=week(1), cancel=True),)
    rotation = replace(ABC, advance=advance, hold=4)
    season = season_of(
        week(first), series=Series(meeting=MEETING, schedule=weekly(6), rotation=rotation, overrides=off)
    )

    assert season.plan.series.rotation == replace(rotation, start=start, taken=taken)
    assert letters(unroll(season.plan.series)) == expected


def test_a_phase_goes_on_with_the_turns_its_slot_has_left() -> None:
    phase = Phase(name="inner", first=week(2), last=week(7), slots=ABC.slots[:2], hold=2)
    series = Series(meeting=MEETING, schedule=weekly(10), rotation=ABC, phases=(phase,))
    season = season_of(week(5), series=series, until=week(9), cut=True)

    assert letters(unroll(series)) == "ABAABBAACA"
    assert season.plan.series.phases == (replace(phase, start=2, taken=1),)
    assert letters(unroll(season.plan.series)) == "BAACA"


def test_iso_weeks_need_no_start() -> None:
    series = Series(meeting=MEETING, schedule=weekly(5), rotation=replace(ABC, advance=Advance.ISO_WEEK, start=2))

    assert season_of(week(9), series=series).plan.series.rotation == series.rotation


def test_an_extra_call_at_the_end_takes_the_first_turn_of_the_next_season() -> None:
    taker = Extra(date=week(6), at=time(9), takes_turn=True)
    series = Series(meeting=MEETING, schedule=weekly(6), rotation=ABC, extras=(taker,))

    assert letters(unroll(season_of(week(9), series=series).plan.series)) == "BCABCA"


def test_a_season_is_as_long_as_the_last_one_if_nothing_is_said() -> None:
    ending = Series(meeting=MEETING, schedule=replace(weekly(1), until=week(5) + DAY, count=None), rotation=ABC)

    assert season_of(week(9)).plan.series.schedule.count == 6
    assert season_of(week(9), series=ending).plan.series.schedule.until == week(14) + DAY
    assert season_of(week(9), until=week(10)).plan.series.schedule.until == week(10)
    assert season_of(week(9), series=ending, count=2).plan.series.schedule == Schedule(
        first=week(9), repeat="FREQ=WEEKLY", count=2
    )


def test_a_rhythm_of_two_weeks_goes_on() -> None:
    series = Series(
        meeting=MEETING, schedule=Schedule(first=TUESDAY, repeat="FREQ=WEEKLY;INTERVAL=2", count=3), rotation=ABC
    )

    assert season_of(week(7), series=series).plan.series.schedule.first == week(8)
    assert season_of(week(8), series=series).plan.series.schedule.first == week(8)


def test_a_phase_that_holds_the_day_goes_on_with_its_own_turns() -> None:
    phase = Phase(name="inner", first=week(2), last=week(7), slots=ABC.slots[:2])
    series = Series(meeting=MEETING, schedule=weekly(10), rotation=ABC, phases=(phase,))
    season = season_of(week(5), series=series, until=week(9), cut=True)

    assert letters(unroll(series)) == "ABABABABCA"
    assert season.plan.series.phases == (replace(phase, start=2),)
    assert letters(unroll(season.plan.series)) == "BABCA"
    assert season.ended.phases == (phase,)


def test_a_call_that_is_held_in_the_next_season_is_told() -> None:
    late = Override(date=week(5), to=week(10))
    series = Series(meeting=MEETING, schedule=weekly(6), rotation=ABC, overrides=(late,))

    told = (
        "the call of 2020-10-13 is of the last season and is held when the next one has begun, so the numbers do not "
        "follow the starts there"
    )
    assert in_words(season_of(week(9), series=series).warnings) == (told,)
    assert season_of(week(11), series=series).warnings == ()


RULES = {
    "calls to come": (week(3), {}, weekly(6), "both seasons would hold; begin later, or give --cut"),
    "no call before": (TUESDAY, {"cut": True}, weekly(6), "the plan has no call before 2020-09-08"),
    "another count of places": (
        date(2020, 10, 21),
        {},
        Schedule(first=date(2020, 9, 7), repeat="FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1", count=3),
        None,
    ),
    "places in a week": (
        date(2020, 10, 21),
        {},
        Schedule(first=date(2020, 9, 7), repeat="FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2,3", count=3),
        "gives other dates when it is counted from 2020-10-21",
    ),
    "a rule that ends": (
        date(2990, 1, 1),
        {},
        Schedule(first=date(2020, 9, 8), repeat="FREQ=YEARLY;INTERVAL=400", count=2),
        "gives no date on 2990-01-01 or later",
    ),
}


@pytest.mark.parametrize(("first", "asked", "schedule", "said"), RULES.values(), ids=RULES.keys())
def test_what_cannot_be_a_next_season_is_refused(
    first: date, asked: dict[str, object], schedule: Schedule, said: str | None
) -> None:
    series = Series(meeting=MEETING, schedule=schedule, rotation=Rotation(slots=ABC.slots))
    if said is None:
        assert season_of(first, series=series, **asked).plan.series.schedule.first == date(2020, 10, 26)
        return
    with pytest.raises(InvalidEdit, match=said):
        season_of(first, series=series, **asked)


def test_a_phase_with_a_rule_of_its_own_is_not_cut() -> None:
    phase = Phase(name="daily", first=week(2), last=week(4), repeat="FREQ=DAILY")
    series = Series(meeting=MEETING, schedule=weekly(10), rotation=ABC, phases=(phase,))

    with pytest.raises(InvalidEdit, match="'daily', 2020-09-22 to 2020-10-06, has a rule of its own"):
        season_of(week(3), series=series, cut=True)
    assert season_of(week(2), series=series, cut=True).plan.series.phases == (phase,)


# Every way of writing a plan.

WRITTEN = {
    "tables": (
        '[meeting]\nid = "demo"\nname = "Demo"\nuid-domain = "example.org"\nduration = "1h"\n[meeting.numbering]\n'
        'style = "roman" # the old way\n# dates\n[schedule]\nfirst = 2020-09-08 # a Tuesday\nrepeat = "FREQ=WEEKLY"\n'
        'count = 6 # weeks\n[rotation]\nslots = [{ at = "06:00" }, { at = "14:00" }, '
        '{ at = "22:00" }, { at = "01:00" }]\n'
        '[history]\nfile = "seen.csv"\n# phases\n[[phases]]\nname = "x"\nfrom = 2020-01-01\nto = 2020-01-02\n'
        '[[phases.slots]]\nat = "10:00"\n[[phases]]\nname = "y"\nfrom = 2020-12-01\nto = 2020-12-20\n'
        '[[phases.slots]]\nat = "11:00"\n'
    ),
    "dotted": (
        'meeting.id = "demo"\nmeeting.name = "Demo"\nmeeting.uid-domain = "example.org"\nmeeting.duration = "1h"\n'
        'meeting.numbering.style = "roman"\nschedule.first = 2020-09-08\nschedule.repeat = "FREQ=WEEKLY"\n'
        'schedule.count = 6\nrotation.slots = [{ at = "06:00" }, { at = "14:00" }, '
        '{ at = "22:00" }, { at = "01:00" }]\n'
        'history.file = "seen.csv"\nphases = [\n  { name = "x", from = 2020-01-01, to = 2020-01-02 }, # past\n'
        '  { name = "y", from = 2020-12-01, to = 2020-12-20, slots = [{ at = "11:00" }] }, # kept\n]\n'
    ),
    "lines": (
        'meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h", numbering = { style = '
        '"roman" } }\nschedule = { first = 2020-09-08, repeat = "FREQ=WEEKLY", count = 6 }\nrotation = { slots = ['
        '{ at = "06:00" }, { at = "14:00" }, { at = "22:00" }, { at = "01:00" }] }\nhistory = { file = "seen.csv" }\n'
        'phases = [{ name = "x", from = 2020-01-01, to = 2020-01-02 }, { name = "y", from = 2020-12-01, '
        'to = 2020-12-20, slots = [{ at = "11:00" }] }]\n'
    ),
}


@pytest.mark.parametrize("form", ["", "\r"], ids=["unix", "windows"])
@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_plan_may_be_written_in_any_way(written: str, form: str) -> None:
    text = f"format = 1\n{written}".replace("\n", f"{form}\n")
    seen_sheet = {"seen.csv": b"date,member,attended\n"}
    old = loaded(text, seen_sheet)
    season = next_season(old, date(2020, 11, 2), until=date(2021, 1, 31), meeting_id="demo-2")
    edited = write_next_plan(text, old.series, season.plan.series, sheet="c.csv", folder="..")
    new = loaded(edited, {"c.csv": write_carried(season.plan.carried)})

    assert new.series == season.plan.series
    assert new.history == ()
    assert (new.meeting.id, new.series.rotation.start) == ("demo-2", 3)
    assert new.meeting.numbering is not None
    assert new.meeting.numbering.first == 7
    assert new.series.schedule == Schedule(
        first=date(2020, 11, 3), repeat="FREQ=WEEKLY", until=date(2021, 1, 31), count=None
    )
    assert [phase.name for phase in new.series.phases] == ["y"]
    assert edited.count(f"{form}\n") == edited.count("\n")
    for comment in ("# the old way", "# a Tuesday", "# kept"):
        assert (comment in edited) == (comment in text)


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.rglob("*.toml")), ids=lambda path: path.relative_to(EXAMPLES).as_posix()
)
def test_an_example_is_gone_on_with(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    old = load_plan(path)
    silent = (phase.last for phase in old.phases if not phase.calls)
    first = max(*(call.date for call in old.calls), *silent) + DAY
    season = next_season(old, first)
    edited = write_next_plan(text, old.series, season.plan.series, sheet="c.csv")
    new = plan_from(path, edited.encode(), {"c.csv": write_carried(season.plan.carried)})

    assert new.series == season.plan.series
    ended = write_changes(text, old.series, season.ended.series).splitlines(keepends=True)
    assert "".join(line for line in ended if line != f"season-to = {season.ended.meeting.season.last}\n") == text
    assert {call.uid for call in old.calls}.isdisjoint(call.uid for call in new.calls)
    assert new.members == old.members
    assert new.programme == season.plan.programme
    shares = {share.id: (share.burden, share.night_calls, share.calls) for share in old.fairness().members}
    assert {line.member: (line.burden, line.night_calls, line.calls) for line in new.carried} == shares
    again = next_season(new, max(call.date for call in new.calls) + DAY)
    assert sum(line.calls for line in again.plan.carried) == sum(line.calls for line in new.carried) + sum(
        share.calls for share in new.fairness().members
    )


# A plan whose rule is a word.

WORDS = {
    # the word and its first day, the first day of the season: what the new plan says
    "a week goes on": ("weekly", TUESDAY, week(9), "weekly"),
    "every two weeks go on in their rhythm": ("fortnightly", TUESDAY, week(9), "fortnightly"),
    "the second Tuesday": ("monthly", date(2020, 9, 8), date(2021, 6, 1), "monthly"),
    "the last Tuesday, from one that is the fifth": ("monthly", date(2020, 9, 29), date(2021, 3, 1), "monthly"),
    "the last Tuesday, from one that is the fourth": (
        "monthly",
        date(2020, 9, 29),
        date(2021, 2, 1),
        "FREQ=MONTHLY;BYDAY=-1TU",
    ),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_rule_in_a_word_goes_on_as_it_was(case: str) -> None:
    word, begin, first, said = WORDS[case]
    series = Series(meeting=MEETING, rotation=ABC, schedule=Schedule(first=begin, repeat=word, count=40))
    text = (
        text_of(series)
        .replace(f'"{series.schedule.repeat}"', f'"{word}"')
        .replace("slots = [", "slots = [ # the cycle\n")
    )
    long = loaded(text)
    assert long.series == series

    end = max(call.date for call in long.calls)
    season = next_season(long, first, until=end, cut=True)
    _, new = split(text, season, long)

    assert f'repeat = "{said}"\n' in write_next_plan(text, long.series, season.plan.series, sheet=SHEET)
    assert [call.date for call in new.calls] == [call.date for call in long.calls if first <= call.date]


# Any change of a series.


def as_sets(series: Series) -> tuple[object, ...]:
    """A series without the order in which its exceptions, extra calls and phases stand."""
    lists: list[Sequence[Hashable]] = [series.overrides, series.extras, series.phases]
    return (series.meeting, series.schedule, series.rotation, *map(frozenset, lists))


@given(old=serieses(), new=serieses())
@settings(max_examples=30)
def test_the_changes_between_any_two_series_can_be_written(old: Series, new: Series) -> None:
    text = text_of(old)
    edited = write_changes(text, old, new)
    read = loaded(edited).series

    assert as_sets(read) == as_sets(new)
    assert unroll(read) == unroll(new)
    assert write_changes(edited, read, read) == edited
    assert as_sets(loaded(write_changes(edited, read, old)).series) == as_sets(old)
