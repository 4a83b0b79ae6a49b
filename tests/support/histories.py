"""Random histories of a plan: what a secretariat does to it, and the editions of its calendar that go out.

Law: every edit leaves a plan that holds; what a layout refuses does not go out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from calendars import MEETING, STAMP, after, series_of, slot
from mag_rotation.calls import unroll
from mag_rotation.errors import RefusedLayout
from mag_rotation.ics import CalendarLayout, Edition, PriorCalendar
from mag_rotation.series import Advance, Extra, Override, Rotation, Series, Slot

DAY = timedelta(days=1)
FIRST = date(2026, 3, 3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Edits:
    """A plan as a secretariat leaves it after some edits, each of which holds beside the others."""

    slots: tuple[Slot, ...] = (slot("14:00", label="midday"), slot("20:00", label="late"))
    count: int = 6
    advance: Advance = Advance.CALL
    overrides: tuple[Override, ...] = ()
    extras: tuple[Extra, ...] = ()
    place: str | None = None

    def series(self) -> Series:
        bare = series_of(count=self.count)
        dates = {call.date for call in unroll(bare)}
        return replace(
            bare,
            meeting=replace(MEETING, location=self.place),
            rotation=Rotation(slots=self.slots, advance=self.advance),
            overrides=tuple(one for one in self.overrides if one.date in dates),
            extras=self.extras,
        )


SLOTS = st.lists(
    st.sampled_from([
        slot("14:00", label="midday"), slot("20:00", label="late"), slot("16:00", "Europe/Berlin"),
        slot("02:30", "Europe/Berlin"), slot("08:00", "America/New_York"), slot("09:15", "Asia/Kathmandu"),
    ]),
    min_size=1, max_size=3,
).map(tuple)  # fmt: skip
WEEKS = st.integers(0, 7).map(lambda week: FIRST + 7 * week * DAY)


OVERRIDES = st.one_of(
    st.builds(Override, date=WEEKS, cancel=st.sampled_from([True]), note=st.sampled_from([None, "off"])),
    st.builds(Override, date=WEEKS, at=st.integers(0, 23).map(lambda hour: time(hour, 30))),
    st.builds(Override, date=WEEKS, at=st.just(time(13)), cancel=st.sampled_from([True]), cancel_note=st.just("off")),
    st.tuples(WEEKS, st.integers(-3, 3)).map(lambda drawn: Override(date=drawn[0], to=drawn[0] + drawn[1] * DAY)),
    st.builds(Override, date=WEEKS, minutes=st.sampled_from([30, 90, 120])),
    st.builds(Override, date=WEEKS, note=st.just("a, b; c")),
    st.builds(Override, date=WEEKS, slot=st.just(1)),
    st.builds(Override, date=WEEKS, location=st.just("Room 5")),
)
EXTRAS = st.builds(
    Extra,
    date=WEEKS.map(lambda day: day + DAY),
    at=st.integers(0, 23).map(time),
    cancel=st.booleans(),
    takes_turn=st.booleans(),
)


def edited(plan: Edits) -> st.SearchStrategy[Edits]:
    """The plan after one edit."""

    def with_override(new: Override) -> Edits:
        return replace(plan, overrides=(*(old for old in plan.overrides if old.date != new.date), new))

    def with_extra(new: Extra) -> Edits:
        return replace(plan, extras=(*(old for old in plan.extras if old.date != new.date), new))

    return st.one_of(
        OVERRIDES.map(with_override),
        st.just(replace(plan, overrides=plan.overrides[1:])),
        EXTRAS.map(with_extra),
        st.just(replace(plan, extras=plan.extras[1:])),
        SLOTS.map(lambda slots: replace(plan, slots=slots)),
        st.integers(1, 8).map(lambda count: replace(plan, count=count)),
        st.sampled_from(list(Advance)).map(lambda advance: replace(plan, advance=advance)),
        st.sampled_from([None, "Online", "Hall"]).map(lambda place: replace(plan, place=place)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """An edition that went out, and the plan that it is of."""

    series: Series
    edition: Edition
    stamp: datetime

    @property
    def data(self) -> bytes:
        return self.edition.data()


@st.composite
def histories(draw: st.DrawFn, layout: CalendarLayout, step: st.SearchStrategy[timedelta]) -> list[Published]:
    """Editions of a plan that is edited now and then; what the layout refuses does not go out.

    Each follows what the one before says, without the way through its bytes, which has a law of its own.
    """
    plan, stamp, out = Edits(slots=draw(SLOTS)), STAMP, list[Published]()
    for _ in range(draw(st.integers(2, 5))):
        series = plan.series()
        try:
            before = PriorCalendar(events=out[-1].edition.events, layout=layout) if out else None
            edition = after(series, before, layout=layout, stamp=stamp)
        except RefusedLayout:
            pass
        else:
            out.append(Published(series=series, edition=edition, stamp=stamp))
        for _ in range(draw(st.integers(1, 3))):
            plan = draw(edited(plan))
        stamp += draw(step)
    return out


SOON = st.sampled_from([timedelta(0), timedelta(seconds=1), DAY])
MONTHS = st.sampled_from([timedelta(0), DAY, 10 * DAY, 20 * DAY, 40 * DAY])
