"""A small plan with something of everything, and rotations that were proposed for it.

Law: the plan is small enough to be solved and judged in a moment; proposals are made once and shared.
"""

from __future__ import annotations

from datetime import date, time
from functools import cache

from audiences import audience_of
from mag_rotation.calls import unroll
from mag_rotation.hours import Curve, Hours, Window
from mag_rotation.propose import Objective, Proposed, Request, Setting, propose
from mag_rotation.roster import Member, MemberId, ZoneName
from mag_rotation.series import Extra, Meeting, Override, Rotation, Schedule, Series, Slot, Weekday

ZURICH = ZoneName("Europe/Zurich")


def member(name: str, zone: str, *roles: str, region: str) -> Member:
    return Member(id=MemberId(name), zone=ZoneName(zone), roles=roles, groups={"region": region})


ROSTER = (
    member("au-01", "Australia/Brisbane", "chair", region="Asia-Pacific"),
    member("nz-01", "Pacific/Auckland", region="Asia-Pacific"),
    member("in-01", "Asia/Kolkata", region="Asia-Pacific"),
    member("us-01", "America/Los_Angeles", region="Americas"),
    member("br-01", "America/Sao_Paulo", region="Americas"),
    member("ch-01", "Europe/Zurich", "captioner", region="Europe"),
)

SERIES = Series(
    meeting=Meeting(id="demo", name="Demo", uid_domain="example.org", minutes=60),
    schedule=Schedule(first=date(2020, 1, 7), repeat="FREQ=WEEKLY", count=8),
    rotation=Rotation(
        slots=(
            Slot(at=time(14), label="midday"),
            Slot(at=time(20), zone=ZURICH, label="evening", minutes=90),
            Slot(at=time(9, 10), weekday=Weekday.WE),
        )
    ),
    overrides=(Override(date=date(2020, 1, 21), cancel=True), Override(date=date(2020, 2, 4), at=time(12))),
    extras=(Extra(date=date(2020, 2, 27), at=time(3)),),
)

SETTING = Setting(
    series=SERIES,
    calls=unroll(SERIES),
    audience=audience_of(ROSTER, SERIES.meeting, hours=Hours(curves={"lark": Curve((9,) * 6 + (0,) * 12 + (9,) * 6)})),
)

REQUESTS = {
    "plain": Request(slots=2),
    "free": Request(slots=None, grid=240),
    "one slot": Request(slots=1, grid=15),
    "history": Request(slots=3, grid=60, first=date(2020, 1, 14), keep=2),
    "stay": Request(slots=3, grid=60, stay=("evening", 3, 1)),
    "weekdays": Request(slots=2, grid=120, zone=ZURICH, weekdays=(Weekday.TU, Weekday.TH)),
    "group": Request(slots=2, grid=60, group="region", left_out=("captioner",), curve="lark"),
    "balanced": Request(slots=3, grid=60, objective=Objective.BALANCED, tolerance=25),
    "total": Request(slots=3, grid=60, objective=Objective.TOTAL),
    "constraints": Request(
        slots=2,
        grid=60,
        windows=(Window(time(0), time(22)), Window(time(6), time(6))),
        utc_windows=(Window(time(18), time(12)),),
        quorum=2,
        awake=("captioner", "br-01"),
        most_nights=6,
        gap=45,
        distinct=True,
        cap=3600,
    ),
    "running": Request(slots=3, grid=120, zone=ZURICH, no_night_twice=True),
}
"""One request for each thing that can be asked, by the name of it."""


@cache
def proposed(name: str) -> Proposed:
    """The answer to one of the requests."""
    found = propose(SETTING, REQUESTS[name])
    assert isinstance(found, Proposed), found
    return found
