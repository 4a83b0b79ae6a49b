"""Pictures of a season and of rotations, for papers and slides: SVG, PNG and PDF.

The colours are those of the season's page. An SVG file depends on the plan alone: it keeps its words as text, measured
with the font that comes with matplotlib. In PNG and PDF files letters of other scripts need a font of this machine, and
those that are written from right to left a matplotlib that joins them.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import combinations, groupby
from typing import TYPE_CHECKING
from unicodedata import bidirectional, east_asian_width

from mag_rotation.calls import Status
from mag_rotation.errors import InvalidValue, MissingExtra
from mag_rotation.hours import BANDS, DAY, Window, minute_of_day
from mag_rotation.plan import Plan
from mag_rotation.programme import Level, Rule, ScheduledSession
from mag_rotation.report.formats.html import LIGHT
from mag_rotation.report.language import Language, mark
from mag_rotation.report.page import (
    LIGHT_DAY,
    LIGHT_SCALE,
    find_step,
    name_clock_members,
    show_clock_time,
)
from mag_rotation.report.season import DayView, Row, Season, SlotTime
from mag_rotation.report.words import NightHour, name_option, write_count
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.zones import resolve, split_stretches, to_local

try:
    import matplotlib as mpl
    from matplotlib import font_manager, rc_context, rcParamsDefault
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch, Rectangle
    from matplotlib.text import Text
except ImportError as error:
    raise MissingExtra("report", error.name or "matplotlib") from None

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from mag_rotation.propose import Option, Proposed, RotationTable

__all__ = [
    "Figure",
    "ImageForm",
    "draw_compare",
    "draw_day",
    "draw_frontier",
    "draw_ledger",
    "draw_programme",
    "draw_year",
    "render_picture",
    "title_picture",
]

_WIDTH = 7.6
"""The width of a picture in inches: that of the text of a page with narrow margins."""

_ROW = 0.27
"""The height of a row of a picture in inches."""

_MOST_ROWS = 60
"""The most rows of a picture; the members with the highest burdens are shown."""

_LANE = 0.36
"""The height of a row of a programme in inches: three lines of small text."""

_LETTERS = 23
"""The letters of small text that fit an inch."""

_LABEL = 2
"""The letters of small text beside a label, for each of its letters."""

_LEAST_LETTERS = 6
"""A title is left out where there is room for fewer letters."""

_TRACK_COLOURS = ("#56b4e9", "#f0e442", "#2fae86", "#d58fb6", "#bdbdbd")
"""The colours of tracks, beside that of sessions without one: those of Okabe and Ito that dark text is read on."""

_CLASH = "#a8003b"
"""The frame of a session whose room is taken twice."""

_MOST_LETTERS = 40
"""The longest name of a row in letters."""

_TEXT_MINUTES = 90
"""The minutes of the day that an hour in words covers."""

_MOST_DATES = 26
"""The most dates that are written below a picture."""

INK, FAINT = LIGHT["ink"], LIGHT["faint"]
_STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "mag_rotation",
    "figure.constrained_layout.use": True,
    "figure.dpi": 150,
    "savefig.dpi": 150,
}
_OTHER_FONTS = ("Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans Arabic", "Noto Sans Devanagari")
"""Fonts that PNG and PDF files take letters from that the first font does not have, where they are installed."""

_JOINS_LETTERS = mpl.__version_info__[:2] >= (3, 11)
"""Whether matplotlib joins Arabic letters and sets lines from right to left."""

_SVG_STYLE = b"*{stroke-linejoin: round; stroke-linecap: butt}"
_SVG_FROM_RIGHT = b"text{unicode-bidi: plaintext}"
"""Lets a viewer set each text in the direction of its own letters; without it all lines begin at the left."""


class ImageForm(StrEnum):
    """The forms of a picture, by the ending of its file."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


_NO_DATES: Mapping[ImageForm, dict[str, None]] = {
    ImageForm.SVG: {"Date": None, "Creator": None},
    ImageForm.PNG: {"Software": None},
    ImageForm.PDF: {"CreationDate": None, "Creator": None, "Producer": None},
}
"""What is left out of a file because it changes from day to day, or with the version of a package."""


def _use_style() -> AbstractContextManager[None]:
    """Use the fonts and colours of all pictures, whatever the settings of this machine are."""
    return rc_context({**rcParamsDefault, **_STYLE})  # type: ignore[dict-item]


_SUBJECTS = {
    "day": mark("day", context="a picture"),
    "year": mark("year", context="a picture"),
    "ledger": mark("ledger", context="a picture"),
    "frontier": mark("frontier", context="a picture"),
    "compare": mark("compare", context="a picture"),
    "programme": mark("programme", context="a picture"),
}
"""What pictures show, by the words of the command."""


def title_picture(name: str, subject: str, language: Language) -> str:
    """Return the title of a picture: the name of the meeting and what it shows."""
    return language.phrase(
        "{title}: {subject}", title=name, subject=language.translate(_SUBJECTS[subject], context="a picture")
    )


def render_picture(figure: Figure, form: ImageForm, *, title: str) -> bytes:
    """Return the file of a picture; it has no date in it.

    Raises :class:`InvalidValue` if a PNG or PDF file would have to show letters that no font of this machine has, or
    that have to be joined where matplotlib does not do that.
    """
    file = io.BytesIO()
    texts = figure.findobj(Text)
    is_from_right = any(bidirectional(letter) in {"R", "AL"} for text in texts for letter in text.get_text())
    if form is not ImageForm.SVG:
        if is_from_right and not _JOINS_LETTERS:
            raise InvalidValue(
                f"found letters that are written from right to left, which matplotlib {mpl.__version__} does "
                "not join; install matplotlib 3.11 or later, or write an SVG file"
            )
        fonts = _list_fonts()
        for text in texts:
            text.set_fontfamily(fonts)
    with _use_style(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure.savefig(file, format=form.value, metadata={**_NO_DATES[form], "Title": title})
    missing = [str(one.message) for one in caught if "missing from font" in str(one.message)]
    if missing and form is not ImageForm.SVG:
        raise InvalidValue(
            f"no font of this machine has all letters of the picture ({missing[0]}); install a font for them, such as "
            "Noto, or write an SVG file"
        )
    data = file.getvalue()
    if form is ImageForm.SVG and is_from_right:
        return data.replace(_SVG_STYLE, _SVG_STYLE + _SVG_FROM_RIGHT, 1)
    return data


def _make_figure(height: float) -> Figure:
    return Figure(figsize=(_WIDTH, height))


def _list_fonts() -> list[str]:
    installed = set(font_manager.get_font_names())
    return ["DejaVu Sans", *(name for name in _OTHER_FONTS if name in installed)]


def draw_day(season: Season) -> Figure:
    """Draw the day on every clock with its night, and the calls across it; twice if most clocks change.

    Raises :class:`InvalidValue` if there is no call, or no clock that may be shown.
    """
    views, clocks = season.days, season.clocks
    if not views:
        raise InvalidValue("found no call with members whose clocks may be shown; there is no day to draw")
    with _use_style():
        lanes = [_place_slots(view.slots)[0][1] for view in views]
        hidden = _tell_hidden(season)
        figure = _make_figure((0.7 if hidden else 0.5) + sum(0.95 + 0.17 * one + _ROW * len(clocks) for one in lanes))
        every = figure.subplots(len(views), squeeze=False)[:, 0]
        for axes, view in zip(every, views, strict=True):
            _draw_view(axes, view, season)
        if hidden:
            every[-1].set_xlabel(f"UTC\n{hidden}")
        figure.legend(handles=_day_legend(season), loc="outside lower center", ncols=4, frameon=False)
    return figure


def _tell_hidden(season: Season) -> str:
    """Return how many members have clocks that are not shown; empty if there are none."""
    if not season.hidden:
        return ""
    return season.language.phrase_count(
        "Not shown: {count} member on other clocks", "Not shown: {count} members on other clocks", season.hidden
    )


def _day_legend(season: Season) -> list[Patch]:
    night, language = season.plan.hours.night, season.language
    texts = {
        "dark": language.phrase("night ({night})", night=night),
        "edge": language.phrase("early (06:00-08:00) and evening (18:00-23:00)"),
        "day": language.phrase("day"),
        "mark": language.phrase("call, with its local start"),
    }
    return [
        Patch(facecolor=LIGHT_DAY[kind], edgecolor=INK if kind == "mark" else FAINT, label=text)
        for kind, text in texts.items()
    ]


def _draw_view(axes: Axes, view: DayView, season: Season) -> None:
    """Draw the day while no clock changes."""
    windows = [("edge", band.window) for band in BANDS if band.name in {"early", "evening"}]
    windows.append(("dark", season.plan.hours.night))
    places = _place_slots(view.slots)
    for row, offset in enumerate(view.offsets):
        axes.add_patch(Rectangle((0, row + 0.08), DAY, 0.84, facecolor=LIGHT_DAY["day"], edgecolor=FAINT, lw=0.4))
        for kind, window in windows:
            for left, width in _wrap(minute_of_day(window.start) - offset, window.minutes):
                axes.add_patch(Rectangle((left, row + 0.08), width, 0.84, facecolor=LIGHT_DAY[kind], lw=0))
        for slot, (lane, lanes) in zip(view.slots, places, strict=True):
            top, height = row + 0.08 + 0.84 * lane / lanes, 0.84 / lanes
            for left, width in _wrap(slot.minute, slot.minutes):
                call = Rectangle((left, top), width, height, facecolor=LIGHT_DAY["mark"], edgecolor=INK, lw=0.5)
                axes.add_patch(call)
            local = show_clock_time(slot.minute + offset)
            axes.text(
                slot.minute + 4,
                top + height / 2,
                local,
                va="center_baseline",
                size=6.5 if lanes == 1 and slot.minutes >= _TEXT_MINUTES else 5.5,
            )
    for slot, (lane, _) in zip(view.slots, places, strict=True):
        name = f"{show_clock_time(slot.minute)} {slot.name or ''}".strip()
        above = (0, 3 + 11 * lane)
        axes.annotate(name, (slot.minute, 0), xytext=above, textcoords="offset points", size=7, weight="bold")
    first, last = view.calls[0].start.date(), view.calls[-1].start.date()
    title = season.language.phrase(
        "{calls}, {first} to {last}",
        calls=write_count(len(view.calls), "call", season.language),
        first=first,
        last=last,
    )
    axes.set_title(title, pad=6 + 12 * places[0][1])
    axes.set_xlim(0, DAY)
    axes.set_ylim(len(view.offsets), 0)
    axes.set_xticks(range(0, DAY + 1, 180), [f"{hour:02}:00" for hour in range(0, 25, 3)])
    axes.set_xlabel("UTC")
    axes.set_yticks(
        [row + 0.5 for row in range(len(view.offsets))], [name_clock_members(clock, season) for clock in season.clocks]
    )
    axes.tick_params(length=0, axis="y")
    for side in axes.spines.values():
        side.set_visible(False)


def _place_slots(slots: Sequence[SlotTime]) -> list[tuple[int, int]]:
    """Return for each slot the lane in which it is drawn and the number of lanes, so that no two cover each other.

    The slots rise. Two share a lane if there is room for the first one's hour between them.
    """
    lanes: list[int] = []
    ends: list[int] = []
    for slot in slots:
        lane = next((place for place, end in enumerate(ends) if end <= slot.minute), len(ends))
        ends[lane : lane + 1] = [slot.minute + max(slot.minutes, _TEXT_MINUTES)]
        lanes.append(lane)
    return [(lane, len(ends)) for lane in lanes]


def _wrap(start: int, minutes: int) -> list[tuple[int, int]]:
    """Return a stretch of the day as pieces within it: what passes midnight goes on at the left.

    >>> _wrap(1380, 420)
    [(1380, 60), (0, 360)]
    """
    at, width = start % DAY, min(minutes, DAY)
    pieces = [(at, min(width, DAY - at)), (0, at + width - DAY)]
    return [(left, wide) for left, wide in pieces if wide > 0]


def draw_year(season: Season) -> Figure:
    """Draw what each call of the season puts on each row of it, with cancelled calls and phases.

    Raises :class:`InvalidValue` if there is no held call with a row.
    """
    rows, calls, language = season.rows[:_MOST_ROWS], season.plan.calls, season.language
    if not rows or not season.held:
        raise InvalidValue("found no held call with members who may be shown; there is no season to draw")
    with _use_style():
        figure = _make_figure(1.9 + _ROW * len(rows))
        axes = figure.subplots()
        most = max(season.plan.hours.curve_of(None).dearest, 1)
        for column, call in enumerate(calls):
            if not call.is_held:
                axes.add_patch(
                    Rectangle((column, 0), 1, len(rows), facecolor="none", edgecolor=FAINT, hatch="////", lw=0)
                )
                continue
            for place, row in enumerate(rows):
                share = row.shares.get(call.uid)
                if share is not None:
                    step = find_step(share.burden / share.present / (call.minutes * most))
                    axes.add_patch(
                        Rectangle((column, place), 1, 1, facecolor=LIGHT_SCALE[step], edgecolor="white", lw=0.5)
                    )
        _draw_phases(axes, season)
        title = language.phrase("{meeting}: what each call puts on members", meeting=season.plan.meeting.name)
        axes.set_title(title, pad=20)
        axes.set_xlim(0, len(calls))
        axes.set_ylim(len(rows), 0)
        every = -(-len(calls) // _MOST_DATES)
        axes.set_xticks(
            [column + 0.5 for column in range(0, len(calls), every)],
            [call.start.date().isoformat() for call in calls[::every]],
            rotation=90,
        )
        axes.set_yticks([place + 0.5 for place in range(len(rows))], [_name_row(row, season) for row in rows])
        axes.tick_params(length=0)
        for side in axes.spines.values():
            side.set_visible(False)
        texts = (
            language.phrase("nothing"),
            *(language.phrase("up to {percent} %", percent=20 * step) for step in range(1, len(LIGHT_SCALE))),
        )
        handles = [Patch(facecolor=LIGHT_SCALE[step], edgecolor=FAINT, label=text) for step, text in enumerate(texts)]
        if any(call.status is Status.CANCELLED for call in calls):
            handles.append(Patch(facecolor="none", edgecolor=FAINT, hatch="////", label=language.phrase("cancelled")))
        figure.legend(
            handles=handles,
            title=language.phrase("burden of a call, of what it would be at the worst time of night"),
            loc="outside lower center",
            ncols=len(handles),
            frameon=False,
            columnspacing=1.0,
            handlelength=1.2,
        )
    return figure


def _draw_phases(axes: Axes, season: Season) -> None:
    """Draw a line and a name above the calls of each phase."""
    calls = season.plan.calls
    for phase in season.plan.phases:
        columns = [column for column, call in enumerate(calls) if call.phase == phase.name]
        if columns:
            first, last = columns[0], columns[-1] + 1
            axes.plot([first + 0.05, last - 0.05], [-0.25, -0.25], color=INK, lw=2, clip_on=False)
            axes.text((first + last) / 2, -0.45, phase.name, ha="center", va="bottom", size=7)


def _name_row(row: Row, season: Season) -> str:
    """Return the name of a row."""
    return _cut_name(row.member.display_name if row.member else name_clock_members(row.clock, season))


def _cut_name(name: str) -> str:
    """Return a name, a long one cut so that the picture keeps its room."""
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1].rstrip()}…"


def draw_ledger(season: Season, unit: NightHour) -> Figure:
    """Draw the burden of each row of the season as a bar, a mean for rows of several members."""
    rows, language = [row for row in season.rows if row.total.calls][:_MOST_ROWS], unit.language
    if not rows:
        raise InvalidValue("found no held call with members who may be shown; there is no ledger to draw")
    with _use_style():
        figure = _make_figure(1.1 + _ROW * len(rows))
        axes = figure.subplots()
        hours = [unit.convert(row.total.burden / row.size) for row in rows]
        axes.barh(range(len(rows)), hours, height=0.7, color=LIGHT_SCALE[4])
        for place, (row, length) in enumerate(zip(rows, hours, strict=True)):
            nights = (
                language.write_number(row.total.in_night / row.size, 1) if row.size > 1 else str(row.total.in_night)
            )
            text = language.phrase(
                "{hours} h, {nights} in the night", hours=language.write_number(length, 1), nights=nights
            )
            axes.text(length, place, f"  {text}", va="center", size=7)
        axes.set_title(language.phrase("{meeting}: who bears how much", meeting=season.plan.meeting.name))
        axes.set_xlim(0, max(hours) * 1.3 or 1)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), [_name_row(row, season) for row in rows])
        axes.set_xlabel(language.phrase("night-hours: hours of calls as hard as those at the worst time of night"))
        axes.tick_params(length=0, axis="y")
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
    return figure


def draw_frontier(found: Proposed, unit: NightHour) -> Figure:
    """Draw the rotations between the least worst and the least total, with the plan as it stands.

    ``unit`` is that of burdens.
    """
    language = unit.language
    marks = [
        (language.phrase("the plan as it stands"), "s", (found.worst_today, found.total_today)),
        (language.phrase("the proposal"), "*", (found.worst, found.total)),
        *((language.phrase("the knee"), "D", (offer.worst, offer.total)) for offer in found.frontier if offer.knee),
        *((language.phrase("the least total"), "^", (offer.worst, offer.total)) for offer in found.frontier[-1:]),
    ]
    with _use_style():
        figure = _make_figure(4.2)
        axes = figure.subplots()
        line = [(unit.convert(offer.total), unit.convert(offer.worst)) for offer in found.frontier]
        if line:
            axes.plot(
                *zip(*line, strict=True),
                color=LIGHT_SCALE[3],
                marker="o",
                ms=3,
                lw=1,
                zorder=1,
                label=language.phrase("other choices"),
            )
        for place, (name, marker, (worst, total)) in enumerate(marks):
            most, everybody = unit.convert(worst), unit.convert(total)
            label = language.phrase(
                "{rotation}: {worst} h for the hardest hit, {total} h in total",
                rotation=name,
                worst=language.write_number(most, 1),
                total=f"{everybody:.0f}",
            )
            colour = LIGHT_DAY["mark"] if not place else LIGHT_SCALE[5]
            axes.scatter(
                [everybody],
                [most],
                marker=marker,
                s=70,
                c=colour,
                ec=INK,
                zorder=3,
                label=label,
            )
        meeting = found.series.meeting.name
        axes.set_title(language.phrase("{meeting}: the hardest hit against all members", meeting=meeting))
        axes.set_xlabel(language.phrase("night-hours of all members in total"))
        axes.set_ylabel(language.phrase("night-hours of the hardest hit"))
        axes.margins(0.08)
        axes.grid(color=LIGHT_SCALE[1], lw=0.5)
        figure.legend(loc="outside lower center", ncols=1, frameon=False)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    return figure


def draw_compare(table: RotationTable, unit: NightHour) -> Figure:
    """Draw the rotations of a comparison beside each other, without those that another one dominates.

    ``unit`` is that of burdens.
    """
    options = [option for option in table if option.is_asked_for or not option.dominated]
    places, language = range(len(options)), unit.language
    with _use_style():
        figure = _make_figure(1.3 + 0.42 * len(options))
        hardest, nights, members = figure.subplots(1, 3, sharey=True)
        colours = [LIGHT_DAY["mark"] if option.id == "today" else LIGHT_SCALE[4] for option in options]
        _draw_bars(hardest, [unit.convert(option.worst) for option in options], "{:.1f}", colours)
        hardest.set_title(language.phrase("hardest hit\n(night-hours)"))
        _draw_bars(nights, [option.nights for option in options], "{:.0f}", colours)
        nights.set_title(language.phrase("in the night\n(calls of all)"))
        members.barh(places, [option.better for option in options], color=LIGHT_SCALE[5], height=0.6)
        members.barh(places, [-option.worse for option in options], color=LIGHT_SCALE[2], height=0.6)
        for place, option in enumerate(options):
            members.text(option.better, place, f" {option.better}", va="center", size=7)
            members.text(-option.worse, place, f"{option.worse} ", va="center", ha="right", size=7)
        most = max((max(option.better, option.worse) for option in options), default=0) or 1
        members.set_xlim(-1.25 * most, 1.25 * most)
        members.axvline(0, color=INK, lw=0.6)
        members.set_title(language.phrase("members worse\nand better off"), loc="center")
        hardest.set_yticks(places, [_name_row_of_table(option, language) for option in options])
        hardest.set_ylim(len(options) - 0.5, -0.5)
        for axes in (hardest, nights, members):
            axes.tick_params(length=0, axis="y")
            axes.set_xticks([])
            for side in axes.spines.values():
                side.set_visible(False)
    return figure


@dataclass(frozen=True, kw_only=True, slots=True)
class _Lane:
    """The sessions of one day in one room, none of which is at the same time as another.

    ``place`` is the room, or the track where no session has a room. ``twice`` are the ids of the sessions whose room
    has another session at the same time.
    """

    day: date
    place: str
    sessions: tuple[ScheduledSession, ...]
    twice: frozenset[str] = frozenset()

    def is_taken_twice(self, session: ScheduledSession) -> bool:
        """Return whether another session is in the room at the same time."""
        return session.id in self.twice


def draw_programme(plan: Plan, language: Language, zone: ZoneName | None = None) -> Figure:
    """Draw the sessions of each phase, a row for each day and room, with the night of ``zone`` and its local starts.

    Rows are tracks if no session has a room. Raises :class:`InvalidValue` if the plan has no sessions.
    """
    programme, sessions = plan.programme, plan.sessions
    if programme is None or not sessions:
        raise InvalidValue("found no sessions; write them under [[sessions]], there is no programme to draw")
    marks_rooms = programme.level_of(Rule.ROOM_TWICE) is not Level.OFF
    phases = [
        (name, _list_lanes(list(those), programme.zone, marks_rooms=marks_rooms))
        for name, those in groupby(sessions, key=_name_phase)
    ]
    cut = _cut_lanes(phases)
    spans = [
        _find_span(session, lane.day, programme.zone) for _, lanes in cut for lane in lanes for session in lane.sessions
    ]
    first, last = min(start for start, _ in spans) // 60 * 60, -(-max(end for _, end in spans) // 60) * 60
    is_twice = any(lane.twice for _, lanes in cut for lane in lanes)
    with _use_style():
        rows = sum(len(lanes) for _, lanes in cut)
        figure = _make_figure(1.0 + 0.45 * len(cut) + _LANE * rows)
        ratios = [len(lanes) for _, lanes in cut]
        every = figure.subplots(len(cut), squeeze=False, sharex=True, gridspec_kw={"height_ratios": ratios})[:, 0]
        for axes, (name, lanes) in zip(every, cut, strict=True):
            _draw_lanes(axes, lanes, plan, language=language, limits=(first, last), zone=zone)
            subject = name or language.phrase("the programme")
            axes.set_title(language.phrase("{title}: {subject}", title=plan.meeting.name, subject=subject))
        hidden = sum(len(lanes) for _, lanes in phases) - rows
        every[-1].set_xlabel(_tell_clock(language.name_city(programme.zone), hidden, language))
        handles = _programme_legend(plan, language, zone, is_twice=is_twice)
        figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    return figure


def _tell_clock(city: str, hidden: int, language: Language) -> str:
    """Return whose clock the hours are, and how many rows there was no room for."""
    if not hidden:
        return city
    return language.phrase_count(
        "{city}; {count} more row is not shown", "{city}; {count} more rows are not shown", hidden, city=city
    )


def _name_phase(session: ScheduledSession) -> str:
    return session.phase or ""


def _list_lanes(sessions: Sequence[ScheduledSession], zone: ZoneName, *, marks_rooms: bool) -> list[_Lane]:
    """Return the rows of a phase by day and room; sessions of a room at the same time are in rows of their own.

    ``marks_rooms`` says that such sessions are marked.
    """
    with_rooms = any(session.session.room for session in sessions)
    found: dict[tuple[date, str], list[list[ScheduledSession]]] = {}
    for session in sessions:
        place = session.session.room if with_rooms else session.session.track
        lanes = found.setdefault((to_local(session.start, zone).wall.date(), place), [])
        free = next((lane for lane in lanes if lane[-1].end <= session.start), None)
        if free is None:
            lanes.append([session])
        else:
            free.append(session)
    return [
        _Lane(
            day=day,
            place=place,
            sessions=tuple(lane),
            twice=_find_twice(lanes) if marks_rooms and with_rooms and place else frozenset(),
        )
        for (day, place), lanes in sorted(found.items())
        for lane in lanes
    ]


def _find_twice(lanes: Sequence[Sequence[ScheduledSession]]) -> frozenset[str]:
    """Return the ids of sessions in one room with another one at the same time."""
    sessions = [session for lane in lanes for session in lane]
    return frozenset(
        id_
        for one, other in combinations(sessions, 2)
        if one.start < other.end and other.start < one.end
        for id_ in (one.id, other.id)
    )


def _colour_tracks(plan: Plan) -> dict[str, str]:
    """Return a colour for each of the first tracks by name; the others have that of sessions without a track."""
    tracks = sorted({session.session.track for session in plan.sessions} - {""})
    return dict(zip(tracks, _TRACK_COLOURS, strict=False))


def _cut_lanes(phases: Sequence[tuple[str, list[_Lane]]]) -> list[tuple[str, list[_Lane]]]:
    """Return the first rows of all phases, as many as a picture has."""
    left, kept = _MOST_ROWS, []
    for name, lanes in phases:
        if left > 0:
            kept.append((name, lanes[:left]))
        left -= len(lanes)
    return kept


def _find_span(session: ScheduledSession, day: date, zone: ZoneName) -> tuple[int, int]:
    """Return the minutes of a session on the clock of ``zone``, counted from 00:00 of ``day``."""
    wall = to_local(session.start, zone).wall
    start = (wall.date() - day).days * DAY + wall.hour * 60 + wall.minute
    return start, start + session.session.minutes


def _draw_lanes(
    axes: Axes,
    lanes: Sequence[_Lane],
    plan: Plan,
    *,
    language: Language,
    limits: tuple[int, int],
    zone: ZoneName | None,
) -> None:
    """Draw the rows of a phase between two minutes of the day."""
    home = plan.programme.zone if plan.programme else UTC_ZONE
    first, last = limits
    colours = _colour_tracks(plan)
    names = [
        _cut_name(f"{language.write_weekday(lane.day)} {language.write_short_day(lane.day)} {lane.place}".rstrip())
        for lane in lanes
    ]
    letters = (_WIDTH * _LETTERS - _LABEL * max(map(len, names))) / (last - first)
    for row, lane in enumerate(lanes):
        axes.add_patch(Rectangle((first, row + 0.06), last - first, 0.88, facecolor=LIGHT_DAY["day"], lw=0))
        if zone is not None:
            for left, width in _find_nights(lane.day, limits, home, zone, plan.hours.night):
                axes.add_patch(Rectangle((left, row + 0.06), width, 0.88, facecolor=LIGHT_DAY["dark"], lw=0))
        for session in lane.sessions:
            start, end = _find_span(session, lane.day, home)
            edge, line = (_CLASH, 2.0) if lane.is_taken_twice(session) else (INK, 0.5)
            colour = colours.get(session.session.track, LIGHT_DAY["mark"])
            box = Rectangle((start, row + 0.06), end - start, 0.88, facecolor=colour, edgecolor=edge, lw=line)
            axes.add_patch(box)
            box.set_clip_on(False)
            here = show_clock_time(start)
            hours = [here] if zone is None else [f"{here} / {_show_local(session, zone)}", here]
            lines = _fit_text(session.session.title, hours, (end - start) * letters - 1)
            axes.text(start + 2, row + 0.5, "\n".join(lines), va="center", size=5, linespacing=1.05, clip_on=True)
        if row and lane.day != lanes[row - 1].day:
            axes.axhline(row, color=INK, lw=0.8)
    axes.set_xlim(first, last)
    axes.set_ylim(len(lanes), 0)
    hours_apart = 60 if last - first <= DAY // 2 else 180
    ticks = range(-(-first // hours_apart) * hours_apart, last + 1, hours_apart)
    axes.set_xticks(ticks, [show_clock_time(minute) for minute in ticks])
    axes.set_yticks([row + 0.5 for row in range(len(lanes))], names)
    axes.tick_params(length=0, axis="y")
    for side in axes.spines.values():
        side.set_visible(False)


def _show_local(session: ScheduledSession, zone: ZoneName) -> str:
    """Return the start of a session on the clock of a zone, with the shift of the date."""
    local = to_local(session.start, zone).wall
    return show_clock_time(local.hour * 60 + local.minute + (local.date() - session.start.date()).days * DAY)


def _fit_text(title: str, hours: Sequence[str], letters: float) -> list[str]:
    """Return the lines of a box of so many letters: a title of up to three lines, and the first hours with room.

    Lines end between words; what has no room is an ellipsis. With room for few letters, the hours stand alone.

    >>> _fit_text("Main session: digital cooperation", ["13:30"], 20), _fit_text("Opening", ["13:30"], 5.5)
    (['Main session: digital', 'cooperation', '13:30'], ['13:30'])
    >>> _fit_text("Internationalisation", ["13:30 / 23:30", "13:30"], 9), _fit_text("Opening", ["13:30"], 3)
    (['Internat…', '13:30'], [])
    """
    shown = next(([one] for one in hours if _measure_letters(one) <= letters), [])
    return [*(_wrap_title(title, letters) if letters >= _LEAST_LETTERS else []), *shown]


def _wrap_title(title: str, letters: float) -> list[str]:
    lines: list[str] = []
    words = title.split()
    for place, word in enumerate(words):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _measure_letters(longer) <= letters:
            lines[-1] = longer
        elif len(lines) < _TITLE_LINES and _measure_letters(word) <= letters:
            lines.append(word)
        else:
            rest = " ".join([*([lines.pop()] if len(lines) == _TITLE_LINES else []), *words[place:]])
            return [*lines, _cut_letters(rest, letters)]
    return lines


def _cut_letters(text: str, letters: float) -> str:
    """Return the letters of a text for which there is room, with an ellipsis."""
    while text and _measure_letters(f"{text}…") > letters:
        text = text[:-1].rstrip()
    return f"{text}…"


def _measure_letters(text: str) -> float:
    """Return how wide a text is in letters of the usual width, from above."""
    return sum(
        1.65
        if east_asian_width(one) in "WF" or one in _BROAD
        else 0.66
        if one in _NARROW
        else 1.2
        if one.isupper()
        else 1.02
        for one in text
    )


_TITLE_LINES = 3
"""The most lines of a title in a box."""

_BROAD = frozenset("mwMW%@\u2014\u2026")
"""Letters that are half as wide again as others."""

_NARROW = frozenset("fijlrt.,:;'!/()[]| ")
"""Letters that are much narrower than others."""


def _find_nights(
    day: date, limits: tuple[int, int], home: ZoneName, zone: ZoneName, night: Window
) -> list[tuple[int, int]]:
    """Return the stretches of a row that are in the night of a zone: minutes on the clock of ``home``, and lengths."""
    first, last = limits
    begin = resolve(datetime.combine(day, time()) + timedelta(minutes=first), home).instant
    stretches = []
    at = first
    for piece in split_stretches(begin, last - first, zone):
        for midnight in range(-DAY, piece.minute + piece.length + DAY, DAY):
            left = max(midnight + minute_of_day(night.start), piece.minute)
            right = min(midnight + minute_of_day(night.start) + night.minutes, piece.minute + piece.length)
            if left < right:
                stretches.append((at + left - piece.minute, right - left))
        at += piece.length
    return stretches


def _programme_legend(plan: Plan, language: Language, zone: ZoneName | None, *, is_twice: bool) -> list[Patch]:
    here = language.name_city(plan.programme.zone if plan.programme else UTC_ZONE)
    tracks = [Patch(facecolor=colour, edgecolor=INK, label=track) for track, colour in _colour_tracks(plan).items()]
    if is_twice:
        label = language.phrase("two sessions in one room at the same time")
        tracks.append(Patch(facecolor="none", edgecolor=_CLASH, lw=2, label=label))
    mark = LIGHT_DAY["mark"]
    if zone is None:
        label = language.phrase("session, with its start in {city}", city=here)
        return [Patch(facecolor=mark, edgecolor=INK, label=label), *tracks]
    there = language.name_city(zone)
    night = language.phrase("night ({night}) in {city}", night=plan.hours.night, city=there)
    label = language.phrase("session, with its start in {city} and in {other}", city=here, other=there)
    return [Patch(facecolor=LIGHT_DAY["dark"], label=night), Patch(facecolor=mark, edgecolor=INK, label=label), *tracks]


def _draw_bars(axes: Axes, lengths: Sequence[float], form: str, colours: Sequence[str]) -> None:
    """Draw a bar for each length with its number."""
    axes.barh(range(len(lengths)), lengths, color=colours, height=0.6)
    for place, length in enumerate(lengths):
        axes.text(length, place, f" {form.format(length)}", va="center", size=7)
    axes.set_xlim(0, max(lengths, default=0) * 1.25 or 1)


def _name_row_of_table(option: Option, language: Language) -> str:
    """Return the name of a rotation above its slots."""
    return f"{name_option(option.id, language)}\n{option.starts.replace(',', ' ')}"
