"""The ledger: what calls have put on each member, however they come in, present or not.

Law: a ledger equals that of the twin, which looks at one member and one call after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiences import audience_of
from mag_rotation.burden import Ledger, LedgerEntry, LedgerLine, make_ledger
from mag_rotation.calls import Call, Status
from mag_rotation.errors import InvalidInstant, InvalidLedger
from mag_rotation.hours import Hours
from mag_rotation.planfile import load_plan
from mag_rotation.roster import UTC_ZONE, Attendance, DaysOff, Member, MemberId, Stay, ZoneName
from strategies import at, meeting_of, seat
from twin_fairness import Account, Season, account, seasons


def call(start: str, *, minutes: int = 60, status: Status = Status.PLANNED) -> Call:
    """A call of which only the time matters."""
    begin = at(start)
    return Call(
        uid=f"{start}@example.org",
        date=begin.date(),
        start=begin,
        end=begin + timedelta(minutes=minutes),
        zone=UTC_ZONE,
        title="Demo",
        status=status,
    )


def book_of(calls: Iterable[Call], *roster: Member, history: Sequence[Attendance] = ()) -> Ledger:
    return make_ledger(calls, audience_of(roster, meeting_of(), hours=Hours()), history=history)


def whole(season: Season, calls: Iterable[Call] | None = None, before: Ledger | None = None) -> Ledger:
    """The ledger of a season, or of some of its calls on top of ``before``."""
    return make_ledger(
        season.calls if calls is None else calls,
        audience_of(season.roster, season.meeting, hours=season.hours, days_off=season.days_off),
        history=season.history,
        before=before,
    )


def said(line: LedgerLine) -> Account:
    return Account(
        burdens=line.burdens,
        night_calls=line.night_calls,
        streak=line.streak,
        longest_streak=line.longest_streak,
        attended_burden=line.attended_burden,
        blocked_calls=line.blocked_calls,
    )


@given(seasons())
def test_every_line_is_as_the_twin_counts_it_call_by_call(season: Season) -> None:
    book = whole(season)

    assert list(book.calls) == season.held
    assert [line.member for line in book.lines] == list(season.roster)
    assert [said(line) for line in book.lines] == [account(season, member) for member in season.roster]


@given(seasons(), st.data())
def test_a_ledger_is_the_same_at_once_and_in_any_parts(season: Season, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(season.held)), max_size=3)))
    book: Ledger | None = None
    for begin, end in zip([0, *cuts], [*cuts, len(season.held)], strict=True):
        book = whole(season, season.held[begin:end], before=book)

    assert book == whole(season)


@given(seasons())
def test_a_ledger_is_the_same_at_once_and_call_by_call(season: Season) -> None:
    book = whole(season, [])
    for each in season.calls:
        book = whole(season, [each], before=book)

    assert book == whole(season)


@given(seasons())
def test_the_order_in_which_calls_are_given_does_not_matter(season: Season) -> None:
    assert whole(season, season.calls[::-1]) == whole(season)


@given(seasons())
def test_the_burden_is_the_sum_of_the_burdens_and_calls_are_those_with_a_burden(season: Season) -> None:
    for line in whole(season).lines:
        assert line.burden == sum(value or 0 for value in line.burdens)
        assert line.calls == len([value for value in line.burdens if value is not None])
        assert line.streak <= line.longest_streak <= line.night_calls <= line.calls


@given(seasons())
def test_nobody_attends_more_than_is_put_on_them(season: Season) -> None:
    assert all((line.attended_burden or 0) <= line.burden for line in whole(season).lines)


def test_night_calls_and_streaks_are_those_a_hand_counts() -> None:
    # Paris in winter: 22:00 UTC is 23:00 there and in the night, 12:00 UTC is not
    hours_of_calls = [22, 22, 12, 22, 22, 22, 12, 22]
    calls = [call(f"2020-01-{day:02}T{hour}:00Z") for day, hour in enumerate(hours_of_calls, start=1)]
    line = book_of(calls, seat("Europe/Paris")).lines[0]

    assert (line.calls, line.night_calls, line.streak, line.longest_streak) == (8, 6, 1, 3)
    assert line.burdens == (420, 420, 0, 420, 420, 420, 0, 420)


def test_a_call_without_the_member_neither_breaks_a_streak_nor_adds_to_it() -> None:
    line = LedgerLine(member=seat()).extend(
        [LedgerEntry(burden=1, in_night=True, attended=None), None, LedgerEntry(burden=2, in_night=True, attended=None)]
    )

    assert (line.burdens, line.streak, line.longest_streak, line.calls) == ((1, None, 2), 2, 2, 2)


def test_who_joined_late_or_left_early_counts_for_their_own_time() -> None:
    member = replace(seat("Asia/Tokyo"), joined=date(2020, 1, 2), left=date(2020, 1, 3))
    # the third call is on 3 January in UTC and on the 4th in Tokyo
    calls = [call("2020-01-01T12:00Z"), call("2020-01-02T12:00Z"), call("2020-01-03T16:00Z")]
    line = book_of(calls, member).lines[0]

    assert line.burdens == (None, 240, None)
    assert (line.calls, line.burden) == (1, 240)


def test_who_is_away_is_charged_by_the_clock_of_the_stay() -> None:
    away = Stay(first=date(2020, 1, 8), last=date(2020, 1, 8), zone=ZoneName("Asia/Tokyo"))
    calls = [call("2020-01-01T15:00Z"), call("2020-01-08T15:00Z"), call("2020-01-15T15:00Z")]
    home, there = book_of(calls, seat("UTC"), replace(seat("UTC", name="away"), stays=(away,))).lines

    assert home.burdens == (0, 0, 0)
    assert there.burdens == (0, 0, 0)
    # by UTC it is the 8th, in Tokyo already the 9th: the stay is over
    later = replace(away, last=date(2020, 1, 9))
    assert book_of(calls, replace(seat("UTC"), stays=(later,))).lines[0].burdens == (0, 480, 0)


def test_nobody_knows_what_was_borne_where_no_attendance_is_kept() -> None:
    assert book_of([call("2020-01-01T22:00Z")], seat("UTC")).lines[0].attended_burden is None


def test_who_was_away_is_charged_all_the_same_and_what_was_borne_stands_beside_it() -> None:
    calls = [call("2020-01-01T22:00Z"), call("2020-01-02T23:00Z"), call("2020-01-03T21:00Z")]
    history = [
        Attendance(date=date(2020, 1, 1), member=MemberId("seat"), attended=False),
        Attendance(date=date(2020, 1, 2), member=MemberId("seat"), attended=True),
        Attendance(date=date(2020, 1, 2), member=MemberId("other"), attended=False),
        Attendance(date=date(2019, 1, 1), member=MemberId("unheard"), attended=True),
    ]
    present, away, unknown = book_of(
        calls, seat("UTC"), seat("UTC", name="other"), seat("UTC", name="third"), history=history
    ).lines

    assert [line.burden for line in (present, away, unknown)] == [960, 960, 960]
    assert [line.attended_burden for line in (present, away, unknown)] == [420, 0, None]


def test_attendance_is_read_from_the_sheet_of_a_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    (tmp_path / "seen.csv").write_text("date,member,attended\n2020-01-06,a,no\n2020-01-13,a,yes\n", "utf-8")
    shares = load_plan(tmp_path / "plan.toml").fairness().members

    assert [(share.id, share.burden, share.attended_burden) for share in shares] == [("a", 840, 420), ("b", 840, None)]


PLAN = """
format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2020-01-06, repeat = "FREQ=WEEKLY", count = 2 }
rotation = { slots = [{ at = "23:00" }] }
members = [{ id = "b", zone = "UTC" }, { id = "a", zone = "UTC" }]
history = { file = "seen.csv" }
"""


def test_cancelled_calls_are_in_no_ledger() -> None:
    calls = [call("2020-01-01T02:00Z", status=Status.CANCELLED), call("2020-01-02T02:00Z", status=Status.MOVED)]
    book = book_of(calls, seat())

    assert book.calls == (calls[1],)
    assert book.lines[0].burdens == (600,)


def test_days_off_are_charged_as_the_night_report_charges_them() -> None:
    off = {"AE": DaysOff(weekend=frozenset({5, 6}), holidays={date(2020, 1, 1): "New Year"})}
    member = replace(seat("Asia/Dubai"), groups={"country": "AE"})
    calls = [call("2020-01-01T08:00Z"), call("2020-01-02T08:00Z"), call("2020-01-04T19:30Z")]
    book = make_ledger(
        calls, audience_of([member], meeting_of(), hours=Hours(weekend_points=2, holiday_points=5), days_off=off)
    )

    # the last call lies half on a Saturday and half on a Sunday, from 23:30 on
    assert book.lines[0].burdens == (300, 0, 30 * 7 + 30 * 8 + 60 * 2)
    assert [line.burdens for line in book_of(calls, member).lines] == [(0, 0, 450)]


def test_a_line_is_found_by_its_member_and_those_who_took_part_are_told_apart() -> None:
    gone = replace(seat(name="gone"), left=date(2019, 1, 1))
    book = book_of([call("2020-01-01T12:00Z")], gone, seat())

    assert book.line(MemberId("seat")).member.id == "seat"
    assert [line.member.id for line in book.lines if line.calls] == ["seat"]


def test_nobody_and_no_call_are_a_ledger_too() -> None:
    assert book_of([call("2020-01-01T12:00Z")]).lines == ()
    assert book_of([], seat()).lines == (LedgerLine(member=seat()),)
    assert LedgerLine(member=seat()).burden == 0


def test_a_ledger_of_another_roster_is_refused() -> None:
    one, two = seat(name="one"), seat(name="two")
    before = book_of([], one, two)
    words = "found a ledger of another roster; carry over one of the same members in the same order"
    for roster in ([two, one], [one], [one, replace(two, weight=2)]):
        with pytest.raises(InvalidLedger) as error:
            make_ledger([], audience_of(roster, meeting_of(), hours=Hours()), before=before)
        assert str(error.value) == words


def test_a_call_before_the_end_of_the_ledger_is_refused() -> None:
    before = book_of([call("2020-01-08T12:00Z")], seat())
    with pytest.raises(InvalidLedger) as error:
        make_ledger([call("2020-01-01T12:00Z")], audience_of([seat()], meeting_of(), hours=Hours()), before=before)

    assert str(error.value) == (
        "found a call at 2020-01-01T12:00:00+00:00 after one at 2020-01-08T12:00:00+00:00; "
        "add calls in the order of their starts"
    )


def test_a_second_call_at_the_same_instant_may_follow() -> None:
    first = call("2020-01-08T12:00Z")
    book = make_ledger(
        [replace(first, uid="other@example.org")],
        audience_of([seat()], meeting_of(), hours=Hours()),
        before=book_of([first], seat()),
    )

    assert len(book.calls) == 2


def test_a_naive_start_is_refused() -> None:
    there = call("2020-01-01T12:00Z")
    naive = replace(there, start=there.start.replace(tzinfo=None), end=there.end.replace(tzinfo=None))
    with pytest.raises(InvalidInstant):
        book_of([naive], seat())
