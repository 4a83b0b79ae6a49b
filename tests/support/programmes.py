"""Programmes for laws: a few sessions of three people on three days, one of which has a clock change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from hypothesis import strategies as st

from mag_rotation.hours import Window
from mag_rotation.programme import Duty, Programme, Segment, Session
from mag_rotation.series import Phase
from strategies import seat

DAY = date(2020, 10, 24)
"""The day before clocks change in Europe."""

PHASE = Phase(name="Phase II", first=DAY, last=date(2020, 10, 26))
MEMBERS = (
    seat("Europe/London", name="ann"),
    seat("Pacific/Chatham", name="bo", lead=15),
    replace(seat("America/Los_Angeles", name="cy"), left=date(2020, 10, 25)),
)


def session(name: str, at: str, minutes: int = 60, **changes: object) -> Session:
    """A session on 24 October 2020, or on another day of that month written before the hour: ``25 09:00``."""
    day, _, hour = at.rpartition(" ")
    values = {"date": DAY.replace(day=int(day or 24)), "at": time.fromisoformat(hour), "minutes": minutes} | changes
    return Session(id=name, title=name, **values)  # type: ignore[arg-type]


starts = st.tuples(st.integers(24, 26), st.integers(0, 95)).map(
    lambda pair: f"{pair[0]} {pair[1] // 4:02}:{pair[1] % 4 * 15:02}"
)


@st.composite
def random_sessions(draw: st.DrawFn) -> tuple[Session, ...]:
    count = draw(st.integers(1, 6))
    near = draw(st.lists(starts, min_size=1, max_size=3))
    return tuple(
        session(
            f"s{number}",
            draw(st.sampled_from(near) if draw(st.booleans()) else starts),
            draw(st.sampled_from((30, 60, 90, 240))),
            zone=draw(st.sampled_from((None, None, "Europe/London", "Asia/Kathmandu"))),
            room=draw(st.sampled_from(("", "a", "b"))),
            track=draw(st.sampled_from(("", "x", "y"))),
            groups=draw(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "language": st.sampled_from(("en", "fr")),
                        "region": st.sampled_from(("Africa", "Asia", "Europe")),
                    },
                )
            ),
            segments=tuple(
                Segment(title="part", minutes=minutes) for minutes in draw(st.lists(st.just(40), max_size=2))
            ),
            people=tuple(
                Duty(member=name, role=role, lead=draw(st.sampled_from((None, 0, 30, 90))))
                for name, role in draw(st.sets(st.tuples(st.sampled_from(("ann", "bo", "cy")), st.sampled_from("mr"))))
            ),
            phase=draw(st.sampled_from((None, None, "Phase II"))),
        )
        for number in range(count)
    )


@st.composite
def random_programmes(draw: st.DrawFn) -> tuple[Programme, tuple[Phase, ...]]:
    phases = draw(st.sampled_from(((), (PHASE,), (replace(PHASE, last=DAY),))))
    sessions = draw(random_sessions())
    north, south = draw(st.sampled_from((((), ()), (("Europe",), ("Africa",)), (("Europe", "Asia"), ()))))
    programme = Programme(
        sessions=sessions if phases else tuple(replace(one, phase=None) for one in sessions),
        zone=draw(st.sampled_from(("UTC", "Pacific/Chatham", "Europe/London"))),
        window=draw(
            st.sampled_from((None, Window(time(8), time(0)), Window(time(20), time(6)), Window(time(), time())))
        ),
        rest=draw(st.sampled_from((660, 0, 1800))),
        join_ahead={"m": 20},
        apart=("language",),
        north=north,
        south=south,
    )
    return programme, phases
