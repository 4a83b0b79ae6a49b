"""Members who join, leave or change their address between two runs, and members with one address.

Law: whatever happens to the roster and the plan, each mailbox ends with exactly those calls to come in which somebody
at that address takes part.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from calendars import MEETING, STAMP, after, series_of, slot, values, version
from engines import instant
from linter import lint
from mag_rotation.calls import unroll
from mag_rotation.errors import InvalidPlan
from mag_rotation.ics import read_prior
from mag_rotation.invite.invitations import Invitation, News, make_invitations
from mag_rotation.roster import Member, MemberId, Stay, ZoneName
from mag_rotation.series import Extra, Organizer, Override, Series

MEET = replace(MEETING, numbering=None, organizer=Organizer(name="Office", email="office@example.org"))
LATER = STAMP + timedelta(days=1)


def member(seat: str, zone: str = "UTC", **more: object) -> Member:
    given: dict[str, object] = {"email": f"{seat}@example.org", **more}
    return replace(Member(id=MemberId(seat), zone=ZoneName(zone)), **given)  # type: ignore[arg-type]


def series(**more: object) -> Series:
    """Calls on 3, 10 and 17 March 2026 at 14:00, 20:00 and 14:00 UTC."""
    return series_of(**{"meeting": MEET, "count": 3, **more})  # type: ignore[arg-type]


ANA, BEA = member("ana", "Asia/Kathmandu"), member("bea", "America/Lima")
FEED = after(series()).data()


def sent(
    plan: Series,
    now: Sequence[Member],
    then: Sequence[Member] | None,
    *,
    feed: bytes = FEED,
    stamp: datetime = LATER,
    only: set[MemberId] | None = None,
) -> list[Invitation]:
    """The messages of a plan after a feed that was told to a roster."""
    before = read_prior(feed, plan.meeting)
    due = make_invitations(unroll(plan), plan.meeting, now, stamp=stamp, previous=before, roster_then=then, only=only)
    return list(due)


def told(messages: Sequence[Invitation]) -> list[tuple[str, str, str, int]]:
    """Which address is told what of which date, under which SEQUENCE."""
    assert [found for one in messages for found in lint(one.data, one.method)] == []
    return [
        (one.address.partition("@")[0], one.method.value, one.event.uid[5:13], one.event.sequence) for one in messages
    ]


# Who gets what.


def test_without_the_roster_of_then_only_calls_are_compared() -> None:
    assert sent(series(), [ANA, replace(BEA, left=date(2026, 3, 5))], None) == []
    assert sent(series(), [ANA, BEA], [ANA, BEA]) == []


def test_a_roster_of_then_that_is_that_of_now_changes_no_message() -> None:
    off = series(overrides=(Override(date=date(2026, 3, 10), cancel=True),))
    plans = [series(), off, series(count=5), series(extras=(Extra(date=date(2026, 3, 12), at=slot("09:00").at),))]
    for then in plans:
        feed = after(then).data()
        for now in plans:
            with_roster, without = (sent(now, [ANA, BEA], roster, feed=feed) for roster in ([ANA, BEA], None))

            assert [(one.id, one.news, one.data) for one in with_roster] == [
                (one.id, one.news, one.data) for one in without
            ]


def test_who_leaves_is_told_for_the_calls_after_and_who_stays_hears_nothing() -> None:
    messages = sent(series(), [ANA, replace(BEA, left=date(2026, 3, 10))], [ANA, BEA])

    assert told(messages) == [("bea", "CANCEL", "20260317", 0)]
    assert values(messages[0].data, "STATUS") == ["CANCELLED"]
    assert version_of(messages[0]) > (0, STAMP)


def test_who_is_taken_out_of_the_roster_is_told_by_the_record_of_then() -> None:
    messages = sent(series(), [ANA], [ANA, BEA])

    assert told(messages) == [("bea", "CANCEL", day, 0) for day in ("20260303", "20260310", "20260317")]
    assert "America/Lima" in messages[0].text


def test_who_joins_is_invited_to_the_calls_to_come_as_they_stand() -> None:
    moved = series(overrides=(Override(date=date(2026, 3, 10), at=slot("21:00").at),))
    feed = after(moved, FEED).data()
    messages = sent(moved, [ANA, replace(BEA, joined=date(2026, 3, 10))], [ANA], feed=feed)

    assert told(messages) == [("bea", "REQUEST", "20260310", 1), ("bea", "REQUEST", "20260317", 0)]
    assert {one.news for one in messages} == {News.INVITED}


def test_a_new_address_is_invited_and_the_old_one_told_off() -> None:
    messages = sent(series(count=1), [replace(ANA, email="new@example.org")], [ANA], feed=after(series(count=1)).data())

    assert told(messages) == [("ana", "CANCEL", "20260303", 0), ("new", "REQUEST", "20260303", 0)]
    assert [one.news for one in messages] == [News.WITHDRAWN, News.INVITED]
    assert {one.member.id for one in messages} == {"ana"}
    assert b"new@example.org" not in messages[0].data


def test_an_address_in_other_capitals_is_the_same_mailbox() -> None:
    assert sent(series(), [replace(ANA, email="Ana@EXAMPLE.org")], [ANA]) == []


def test_an_address_that_is_taken_out_or_comes_in_is_that_of_a_leaver_or_a_joiner() -> None:
    silent = replace(ANA, email=None)

    assert {method for _, method, _, _ in told(sent(series(), [silent], [ANA]))} == {"CANCEL"}
    assert {method for _, method, _, _ in told(sent(series(), [ANA], [silent]))} == {"REQUEST"}


def test_a_call_that_changes_when_a_member_leaves_is_one_message_to_each() -> None:
    moved = series(overrides=(Override(date=date(2026, 3, 10), to=date(2026, 3, 11)),))
    messages = sent(moved, [ANA, replace(BEA, left=date(2026, 3, 10)), member("cem")], [ANA, BEA])

    assert [one for one in told(messages) if one[2] == "20260310"] == [
        ("ana", "REQUEST", "20260310", 1),
        ("bea", "CANCEL", "20260310", 1),
        ("cem", "REQUEST", "20260310", 1),
    ]
    (cancelled,) = [one for one in messages if (one.address, one.event.sequence) == (BEA.email, 1)]
    assert values(cancelled.data, "DTSTART")[-1] == "20260310T200000Z"
    assert [one.news for one in messages if one.event.sequence == 1] == [News.CHANGED, News.WITHDRAWN, News.INVITED]


def test_a_call_that_is_off_is_cancelled_for_those_of_then_alone() -> None:
    off = series(overrides=(Override(date=date(2026, 3, 3), cancel=True),), count=1)
    messages = sent(off, [ANA, member("cem")], [ANA, BEA], feed=after(series(count=1)).data())

    assert told(messages) == [("ana", "CANCEL", "20260303", 1), ("bea", "CANCEL", "20260303", 1)]


def test_a_stay_may_end_or_begin_a_membership_by_the_date_where_the_member_is() -> None:
    leaver = member("ana", "America/Lima", left=date(2026, 3, 10))
    stay = Stay(first=date(2026, 3, 11), last=date(2026, 3, 12), zone=ZoneName("Asia/Tokyo"))
    away = replace(leaver, stays=(stay,))  # 20:00 UTC is 11 March in Tokyo

    assert told(sent(series(), [away], [leaver])) == [("ana", "CANCEL", "20260310", 0)]
    assert told(sent(series(), [leaver], [away])) == [("ana", "REQUEST", "20260310", 0)]
    assert sent(series(), [replace(ANA, stays=(stay,))], [ANA]) == []


def test_nobody_hears_of_a_past_call() -> None:
    now = datetime(2026, 3, 10, 21, tzinfo=UTC)  # the very end of the second call

    assert told(sent(series(), [BEA], [ANA], stamp=now)) == [
        ("bea", "REQUEST", "20260317", 0),
        ("ana", "CANCEL", "20260317", 0),
    ]


def test_who_follows_in_a_seat_at_its_address_is_invited_and_nobody_there_told_off() -> None:
    heir = member("heir", email=ANA.email)

    assert {(who, method) for who, method, _, _ in told(sent(series(), [heir], [ANA]))} == {("ana", "REQUEST")}
    assert sent(series(), [heir], [ANA], only={ANA.id}) == []


def test_a_mailbox_that_several_leave_is_told_off_once() -> None:
    assert told(
        sent(series(count=1), [], [ANA, replace(BEA, email="ANA@example.org")], feed=after(series(count=1)).data())
    ) == [("ana", "CANCEL", "20260303", 0)]


def test_only_those_asked_for_get_messages() -> None:
    messages = sent(series(), [member("cem"), member("dov")], [ANA, BEA], only={ANA.id, MemberId("dov")})

    assert {one.member.id for one in messages} == {"ana", "dov"}


def test_saying_the_same_again_is_the_same_message_and_leaving_again_is_another() -> None:
    def cancelled(left: date, stamp: datetime) -> str:
        return sent(series(), [replace(ANA, left=left)], [ANA], stamp=stamp)[-1].id

    assert cancelled(date(2026, 3, 3), LATER) == cancelled(date(2026, 3, 3), LATER + timedelta(days=1))
    assert cancelled(date(2026, 3, 3), LATER) != cancelled(date(2026, 3, 4), LATER)


# The law.

MAILBOXES = ("p", "q", "r", "s", "t")
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin")
days = st.dates(date(2026, 3, 1), date(2026, 3, 20))


@st.composite
def rosters(draw: st.DrawFn) -> list[Member]:
    """Up to four members, no two of whom have one mailbox."""
    ids = draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=4))
    mailboxes = draw(st.permutations(MAILBOXES))
    found = []
    for one, mailbox in zip(ids, mailboxes, strict=False):
        joined, left = draw(st.none() | days), draw(st.none() | days)
        if joined and left and left < joined:
            joined, left = left, joined
        first = draw(st.none() | days)
        stay = first and Stay(first=first, last=first + timedelta(days=8), zone=ZoneName(draw(st.sampled_from(ZONES))))
        spelt = draw(st.sampled_from([f"{mailbox}@example.org", f"{mailbox.upper()}@Example.ORG", None]))
        zone = draw(st.sampled_from(ZONES))
        found.append(member(one, zone, email=spelt, joined=joined, left=left, stays=(stay,) if stay else ()))
    return found


PLANS = (
    series(),
    series(overrides=(Override(date=date(2026, 3, 10), cancel=True),)),
    series(overrides=(Override(date=date(2026, 3, 10), to=date(2026, 3, 12)),)),
    series(overrides=(Override(date=date(2026, 3, 10), note="tea"),), count=2),
    series(extras=(Extra(date=date(2026, 3, 11), at=slot("23:30").at),)),
)
stamps = st.sampled_from([LATER, datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC)])


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailbox:
    """What a program keeps of each UID: the newest message."""

    newest: dict[str, bytes]

    def take(self, data: bytes) -> None:
        uid = values(data, "UID")[0]
        if uid not in self.newest or version_in(data) > version_in(self.newest[uid]):
            self.newest[uid] = data

    def held_after(self, now: datetime) -> set[tuple[str, datetime]]:
        """The calls to come that were not called off, and their starts."""
        events = [
            Calendar.from_ical(data).walk("VEVENT")[0]
            for data in self.newest.values()
            if values(data, "METHOD") == ["REQUEST"]
        ]
        return {(str(one["uid"]), instant(one, "dtstart")) for one in events if instant(one, "dtend") > now}


def version_in(data: bytes) -> tuple[int, datetime]:
    return version(Calendar.from_ical(data).walk("VEVENT")[0])


def version_of(one: Invitation) -> tuple[int, datetime]:
    return version_in(one.data)


def takes_part(one: Member, start: datetime) -> bool:
    """The stupid twin: the date on the clock of the stay that began last, or of home."""

    def day(zone: str) -> date:
        return start.astimezone(ZoneInfo(zone)).date()

    stays = sorted((stay for stay in one.stays if stay.first <= day(stay.zone) <= stay.last), key=lambda it: it.first)
    today = day(stays[-1].zone if stays else one.zone)
    return (one.joined or date.min) <= today <= (one.left or date.max)


@given(
    states=st.lists(st.tuples(rosters(), st.sampled_from(PLANS)), min_size=2, max_size=4),
    last=stamps,
    everything=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_each_mailbox_ends_with_the_calls_to_come_of_whoever_is_at_it(
    states: list[tuple[list[Member], Series]], last: datetime, everything: bool, seed: int
) -> None:
    messages: list[Invitation] = []
    feed: bytes | None = None
    then: list[Member] | None = None
    for number, (roster, plan) in enumerate(states):
        now = last - timedelta(hours=len(states) - 1 - number)
        before = read_prior(feed, plan.meeting) if feed is not None else None
        due = list(
            make_invitations(
                unroll(plan), MEET, roster, stamp=now, previous=before, roster_then=then, everything=everything
            )
        )
        heard = [(one.address.casefold(), one.event.uid) for one in due]
        assert len(set(heard)) == len(heard)
        messages += due
        feed, then = after(plan, feed, stamp=now).data(), roster
    mailboxes = {f"{name}@example.org": Mailbox(newest={}) for name in MAILBOXES}
    random.Random(seed).shuffle(messages)  # noqa: S311 - an order
    for one in (*messages, *messages[:2]):
        mailboxes[one.address.casefold()].take(one.data)

    roster, plan = states[-1]
    for address, mailbox in mailboxes.items():
        here = [one for one in roster if (one.email or "").casefold() == address]
        assert mailbox.held_after(last) == {
            (call.uid, call.start)
            for call in unroll(plan)
            if call.is_held and call.end > last and any(takes_part(one, call.start) for one in here)
        }


# One address of several members.


def test_members_of_a_call_with_one_address_are_refused_all_at_once() -> None:
    shared = [ANA, member("b", email="ANA@Example.org"), member("c"), member("d", email="c@example.ORG"), BEA]
    with pytest.raises(InvalidPlan) as caught:
        sent(series(), shared, None)

    assert [str(mistake) for mistake in caught.value.mistakes] == [
        f"member {one!r}, email: found the address of {other!r}; write an address of its own, or none"
        for one, other in (("ana", "b"), ("b", "ana"), ("c", "d"), ("d", "c"))
    ]
    assert "@" not in str(caught.value)


def test_a_shared_address_counts_only_for_those_asked_and_in_one_call_to_come() -> None:
    other = member("b", email=ANA.email)
    heir = replace(other, joined=date(2026, 3, 11))

    assert sent(series(), [ANA, other], None, only={ANA.id}) == []
    assert sent(series(), [replace(ANA, left=date(2026, 3, 10)), heir], None) == []
    assert sent(series(), [ANA, other], None, stamp=datetime(2026, 4, 1, tzinfo=UTC)) == []
    assert sent(series(), [replace(ANA, email=None), replace(other, email=None)], None) == []
