"""Values for laws: zones, instants near their clock changes, hours, members, meetings.

Law: whatever comes out is valid for the library; corner values stand in pools beside the random ones, simplest first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType

from hypothesis import strategies as st

from mag_rotation.hours import Curve, Hours, Window
from mag_rotation.roster import LocalHours, Member, MemberId, Stay, ZoneName
from mag_rotation.series import Meeting
from mag_rotation.zones import load_zone_rules
from twin_night import zone_names

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = datetime(1972, 1, 1, tzinfo=UTC)
LAST = datetime(2037, 12, 31, tzinfo=UTC)

ODD_ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Chatham",  # three quarters of an hour
    "Asia/Kathmandu",  # quarters, and a change by a quarter in 1986
    "Africa/Casablanca",  # four changes in some years
    "Pacific/Apia",  # a day left out
    "America/St_Johns",  # changes at one minute past midnight
    "Antarctica/Troll",  # two hours of summer time
    "Africa/Monrovia",  # seconds in the offset until January 1972
    "Pacific/Kiritimati",
    "Etc/GMT+12",
)

RAMADAN_2022 = datetime(2022, 3, 27, 2, tzinfo=UTC), datetime(2022, 5, 8, 2, tzinfo=UTC)
ODD_MOMENTS = {
    "Africa/Casablanca": RAMADAN_2022,
    "Pacific/Apia": (datetime(2011, 12, 30, 10, tzinfo=UTC),),
    "Africa/Monrovia": (datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC),),
    "Asia/Kathmandu": (datetime(1985, 12, 31, 18, 30, tzinfo=UTC),),
}


@cache
def changes_of(zone: str) -> tuple[datetime, ...]:
    """Every instant of 1972 to 2037 at which clocks of ``zone`` change."""
    first, last = ((day - EPOCH) // timedelta(seconds=1) for day in (FIRST, LAST))
    return tuple(
        EPOCH + timedelta(seconds=change.at) for change in load_zone_rules(ZoneName(zone)).changes(first, last)
    )


def at(text: str) -> datetime:
    """The UTC instant of ``2020-09-15T20:00Z``."""
    return datetime.fromisoformat(text).astimezone(UTC)


def span(text: str) -> LocalHours:
    """``22:00-06:00`` as two times."""
    start, _, end = text.partition("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def meeting_of(*, lead: int = 0, overrun: int = 0) -> Meeting:
    """A meeting of which only what lies around the call matters."""
    return Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60, lead=lead, overrun=overrun)


def seat(
    zone: str = "UTC",
    *,
    name: str = "seat",
    lead: int | None = None,
    night: str | None = None,
    never: tuple[str, ...] = (),
    curve: str | None = None,
    weight: int = 1,
    groups: Mapping[str, str] = MappingProxyType({}),
) -> Member:
    """A member of whom only what a test is about is said; ranges are written ``22:00-06:00``."""
    return Member(
        id=MemberId(name),
        zone=ZoneName(zone),
        lead=lead,
        night=None if night is None else span(night),
        never=tuple(map(span, never)),
        curve=curve,
        weight=weight,
        groups=groups,
    )


OF_OLD_SYSTEMS = (
    "CET",
    "CST6CDT",
    "EET",
    "EST",
    "EST5EDT",
    "Factory",
    "HST",
    "MET",
    "MST",
    "MST7MDT",
    "PST8PDT",
    "WET",
)
"""Names of the database that are no place's, and that no member and no slot can have."""

zones = st.one_of(
    st.sampled_from(ODD_ZONES), st.sampled_from([name for name in zone_names() if name not in OF_OLD_SYSTEMS])
).map(ZoneName)

any_instants = st.integers(0, (LAST - FIRST) // timedelta(minutes=1)).map(lambda gone: FIRST + timedelta(minutes=gone))


@st.composite
def instants_near(draw: st.DrawFn, zone: str) -> datetime:
    """Mostly within some hours of a clock change of ``zone``, now and then anywhere; seldom with seconds."""
    changes = ODD_MOMENTS.get(zone, ()) * 8 + changes_of(zone)
    if not changes or draw(st.integers(0, 7)) == 7:
        return draw(any_instants)
    seconds = draw(st.sampled_from((0, 0, 0, 0, 1, 29, 30, 59)))
    return draw(st.sampled_from(changes)) + timedelta(minutes=draw(st.integers(-300, 300)), seconds=seconds)


lengths = st.one_of(
    st.sampled_from((60, 120, 90, 1, 30, 61)), st.integers(1, 400), st.integers(1, 400), st.integers(1, 2 * 1440)
)
"""Minutes that a call can last, two days at most."""

spares = st.one_of(st.sampled_from((0, 0, 90, 1, 15)), st.integers(0, 300))
"""Minutes of lead or overrun."""

clock_times = st.one_of(st.sampled_from((0, 2 * 60, 6 * 60, 23 * 60, 18 * 60, 8 * 60, 1439)), st.integers(0, 1439)).map(
    lambda minute: time(*divmod(minute, 60))
)

local_hours: st.SearchStrategy[LocalHours] = st.tuples(clock_times, clock_times)
"""Two ends of a stretch of the day: some pass midnight, some are the whole day."""

windows = local_hours.map(lambda ends: Window(*ends))

curves = st.lists(st.integers(0, 12), min_size=24, max_size=24).map(Curve)

CURVE_NAMES = ("lark", "owl")

hours_of_plans = st.builds(
    Hours,
    night=st.one_of(st.just(Hours().night), windows),
    curve=st.sampled_from(("default", *CURVE_NAMES)),
    curves=st.fixed_dictionaries(dict.fromkeys(CURVE_NAMES, curves)),
)

meetings = st.builds(
    Meeting,
    id=st.just("demo"),
    name=st.just("Demo"),
    uid_domain=st.just("example.org"),
    minutes=st.just(60),
    lead=spares,
    overrun=spares,
)


@st.composite
def stays_about(draw: st.DrawFn, day: date) -> tuple[Stay, ...]:
    """None to three stays, each from a day of its own, that begin and end close to ``day``."""
    firsts = draw(st.lists(st.integers(-3, 2), max_size=3, unique=True))
    return tuple(
        Stay(
            first=day + timedelta(days=first),
            last=day + timedelta(days=first + draw(st.integers(0, 4))),
            zone=draw(zones),
        )
        for first in firsts
    )


@st.composite
def members_about(draw: st.DrawFn, name: str, zone: ZoneName, day: date) -> Member:
    """A member whose stays, joining and leaving lie close to ``day``."""
    near = st.one_of(st.none(), st.none(), st.integers(-2, 2).map(lambda days: day + timedelta(days=days)))
    joined, left = draw(near), draw(near)
    if joined and left and left < joined:
        joined, left = left, joined
    return Member(
        id=MemberId(name),
        zone=zone,
        name=draw(st.sampled_from((None, "A seat"))),
        groups=draw(st.dictionaries(st.sampled_from(("region", "role")), st.sampled_from("xy"), max_size=2)),
        weight=draw(st.integers(0, 3)),
        curve=draw(st.sampled_from((None, "default", *CURVE_NAMES))),
        lead=draw(st.one_of(st.none(), spares)),
        night=draw(st.one_of(st.none(), local_hours.filter(lambda ends: ends[0] != ends[1]))),
        never=tuple(draw(st.lists(local_hours, max_size=2))),
        joined=joined,
        left=left,
        stays=draw(stays_about(day)),
    )


@st.composite
def rosters_at(draw: st.DrawFn) -> tuple[datetime, tuple[Member, ...]]:
    """An instant near a clock change of the first member's zone, and one to four members."""
    zone = draw(zones)
    start = draw(instants_near(zone))
    others = draw(st.lists(zones, max_size=3))
    names = draw(st.permutations(range(len(others) + 1)))
    return start, tuple(
        draw(members_about(f"m{name}", place, start.date())) for name, place in zip(names, (zone, *others), strict=True)
    )
