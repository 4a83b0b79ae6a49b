"""The page of a season: one HTML document that can be read without scripts, on a phone, in print and by ear.

Each part is a card, in the order of ``_CARDS``. What a picture shows is also in a table or in words. The script adds
the reader's own time, and sorting.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise

from mag_rotation.calls import Call, Status
from mag_rotation.drift import DriftChange
from mag_rotation.hours import BANDS, DAY, minute_of_day
from mag_rotation.programme import DutyNight, ScheduledSegment, ScheduledSession, list_main_duties
from mag_rotation.report.calls import CALL_COLUMNS, tell_status
from mag_rotation.report.context import Context
from mag_rotation.report.description import Column, Tone, make_section, utc_text
from mag_rotation.report.formats.html import escape, write_colours, write_page, write_section, write_table
from mag_rotation.report.language import Language, mark
from mag_rotation.report.programme import CONFLICT_COLUMNS
from mag_rotation.report.season import (
    LEAST_PUBLIC,
    Clock,
    DayView,
    Row,
    Season,
    SlotTime,
    split_small,
)
from mag_rotation.report.words import show_offsets, write_count
from mag_rotation.roster import UTC_ZONE, Member, ZoneName
from mag_rotation.series import Phase
from mag_rotation.zones import to_local

__all__ = [
    "LIGHT_DAY",
    "LIGHT_SCALE",
    "PAGE_STYLE",
    "find_step",
    "name_clock_members",
    "show_clock_time",
    "write_call_moment",
    "write_earlier_start",
    "write_own_time_script",
    "write_season_page",
]

_CALLS_ACROSS = 26
"""How many calls one table of members by calls has, so that it fits a printed page: half a year of weekly calls."""

LIGHT_SCALE = ("#f2f0f7", "#dadaeb", "#bcbddc", "#9e9ac8", "#756bb1", "#54278f")
LIGHT_TEXTS = ("#1b1f2a", "#1b1f2a", "#1b1f2a", "#14161d", "#ffffff", "#ffffff")
DARK_SCALE = ("#1f1c2b", "#37305a", "#544a86", "#8177b6", "#b0a8dc", "#e3def6")
DARK_TEXTS = ("#e9ebf2", "#e9ebf2", "#ffffff", "#0b0d12", "#12151c", "#12151c")
"""The six steps of a share from 0 to 100 percent, and the colour of texts on them.

The light steps are those of ColorBrewer's Purples, which differ in brightness and not in hue alone, so that people who
see few colours tell them apart; the dark ones are as far apart.
"""

LIGHT_DAY = {"day": "#f7f5fb", "edge": "#bcbddc", "dark": "#54278f", "mark": "#e88a00", "frame": "#0b0d12"}
DARK_DAY = {"day": "#b0a8dc", "edge": "#544a86", "dark": "#100d1a", "mark": "#ffb454", "frame": "#0b0d12"}
"""The colours of the day on a clock: night is dark in both, and a call has a dark frame."""


def write_season_page(
    season: Season,
    context: Context,
    *,
    calendar: str | None = None,
    head: Iterable[str] = (),
    above: Iterable[str] = (),
    below_next: Iterable[str] = (),
    script: str = "",
) -> str:
    """Return the page; ``calendar`` is the address that members subscribe to.

    ``head``, ``above`` and ``below_next`` are markup for the head of the page, its top, and what follows the next call,
    where the links to the other parts stand as well. ``script`` runs before its own.
    """
    language = context.language
    cards = [(name, language.translate(heading), list(write(season))) for name, heading, write in _CARDS]
    cards.append(("about", language.phrase("How to read this page"), list(_write_small_print(season, context))))
    shown = [card for card in cards if card[2]]
    links = "".join(f'<li><a href="#{name}">{escape(heading)}</a></li>' for name, heading, _ in shown[1:])
    first, *rest = (_write_card(*card) for card in shown)
    body = [*above, *first, *below_next]
    if calendar:
        subscribe = language.phrase("Subscribe to the calendar")
        body.append(f'<p><a href="{escape(calendar)}">{escape(subscribe)}</a></p>')
    body.append(f'<nav aria-label="{escape(language.phrase("On this page"))}"><ul>{links}</ul></nav>')
    body += (line for card in rest for line in card)
    return write_page(
        context.name,
        body,
        style=PAGE_STYLE,
        light=_write_scale(LIGHT_SCALE, LIGHT_TEXTS) + write_colours(LIGHT_DAY),
        dark=_write_scale(DARK_SCALE, DARK_TEXTS) + write_colours(DARK_DAY),
        script=f"{script}{write_own_time_script(language)}{_write_sort_script(language)}",
        head=head,
        language=language,
    )


def _write_card(name: str, heading: str, lines: Iterable[str]) -> list[str]:
    """Return a part of the page below its heading; ``name`` is the id of the heading."""
    opened = f'<section class="card" aria-labelledby="{name}">'
    return [opened, f'<h2 id="{name}">{escape(heading)}</h2>', *lines, "</section>"]


def write_own_time_script(language: Language) -> str:
    """Return the script that adds the reader's own time to every time of a page.

    In sentences it has the clock of the language, as the times there, and in tables one of 24 hours. In a part of the
    page that is about a day it has no date if that is the reader's as well.
    """
    texts = {
        "LOCALE": _browser_tag(language),
        "OWN": language.translate("{time} your time"),
        "HOUR": "2-digit" if "06" in language.write_clock(time(6)) else "numeric",
        "CYCLE": "h23" if "18" in language.write_clock(time(18)) else "h12",
    }
    return _fill_script(_OWN_TIME_SCRIPT, texts)


def _write_sort_script(language: Language) -> str:
    """Return the script that sorts tables, and reads numbers as the language writes them."""
    group, point = language.write_number(11_111)[2:-3], language.write_number(1.5, 1)[1:-1]
    return _fill_script(_SORT_SCRIPT, {"LOCALE": _browser_tag(language), "GROUP": group, "POINT": point})


def _browser_tag(language: Language) -> str:
    """Return the tag by which a browser writes dates with the day first, on a clock of 24 hours."""
    return "en-GB" if language.tag == "en" else language.tag


def _fill_script(script: str, texts: Mapping[str, str]) -> str:
    """Return a script with texts in the place of their names."""
    for name, text in texts.items():
        script = script.replace(name, json.dumps(text))
    return script


def _write_scale(grounds: Iterable[str], texts: Iterable[str]) -> str:
    names = [(f"s{step}", f"t{step}") for step in range(len(LIGHT_SCALE))]
    pairs = zip(names, grounds, texts, strict=True)
    return write_colours({name: colour for both, *found in pairs for name, colour in zip(both, found, strict=True)})


# ----------------------------------------------------------------------------------------------- words and figures


def show_clock_time(minute: int) -> str:
    """Return a minute of the local day, counted from 00:00 of the UTC date, with the shift of the date.

    >>> show_clock_time(1800), show_clock_time(-30), show_clock_time(840)
    ('06:00+1', '23:30-1', '14:00')
    """
    days, rest = divmod(minute, DAY)
    return f"{rest // 60:02}:{rest % 60:02}{f'{days:+d}' if days else ''}"


def _tell_zones(zones: Sequence[ZoneName], language: Language, *, has_others: bool = False) -> str:
    """Return the places of zones, of many the first three."""
    cities = list(map(language.name_city, zones))
    if len(cities) <= 3 and has_others:
        return language.phrase("{cities} and others", cities=language.write_list(cities))
    return language.list_first(cities, 3)


def _show_clock(clock: Clock, season: Season) -> str:
    """Return the name of a clock: its places, else its offsets over the season."""
    language = season.language
    if clock.is_pool:
        return language.phrase("other clocks") if season.clocks else language.phrase("all members")
    if clock.zones:
        return _tell_zones(clock.zones, language, has_others=clock.has_others)
    offsets = dict.fromkeys(to_local(call.start, clock.zone).offset // 60 for call in season.held)
    return show_offsets(offsets, language)


def name_clock_members(clock: Clock, season: Season) -> str:
    return season.language.add_brackets(_show_clock(clock, season), len(clock.members))


def _name_call(call: Call, language: Language) -> str:
    if call.label:
        return call.label
    return language.phrase("{day} {year}", day=language.write_short_day(call.date), year=call.date.year)


def find_step(share: float) -> int:
    """Return the step of the scale for a share of 0 to 1.

    >>> [find_step(share) for share in (0, 0.01, 0.2, 0.21, 1, 3)]
    [0, 1, 1, 2, 5, 5]
    """
    return min(-(-round(share * 1000) // 200), 5)


def _write_time(instant: datetime, text: str) -> str:
    return f'<time datetime="{utc_text(instant)}">{escape(text)}</time>'


# ------------------------------------------------------------------------------------------------------- the cards


def _write_next(season: Season) -> Iterator[str]:
    """The next call, by the clock of UTC and of everybody."""
    call, language = season.upcoming, season.language
    if call is None:
        text = language.phrase("No call of this season is to come.")
        yield f"<p>{escape(text if season.plan.calls else language.phrase('There are no calls.'))}</p>"
        return
    yield f'<p class="next">{write_call_moment(call, language)}</p>'
    yield from write_earlier_start(call, season)
    length, night = language.write_short_length(call.minutes), _show_in_night(season, call)
    told = (
        language.phrase("{length}; {count} in the night.", length=length, count=night)
        if night
        else language.phrase("{length}.", length=length)
    )
    yield f"<p>{escape(told)}</p>"
    times: dict[tuple[int, str], list[str]] = defaultdict(list)
    for clock in season.clocks:
        at, name = to_local(call.start, clock.zone), _show_clock(clock, season)
        if name not in {UTC_ZONE, language.name_city(UTC_ZONE)}:  # its hour stands above already
            hour = f"{language.write_weekday(at.wall)} {language.write_clock(at.wall.time())}"
            times[at.offset, hour].append(name)
    items = "".join(
        f"<li><b>{escape(text)}</b> {escape(language.write_list(names))}</li>"
        for (_, text), names in sorted(times.items())
    )
    if items:
        yield f'<ul class="local">{items}</ul>'


def write_call_moment(call: Call, language: Language) -> str:
    """Return the name of a call, if it has a number, and its start, as markup of a sentence."""
    figures = {"date": language.write_date(call.start.date()), "time": language.write_clock(call.start.time())}
    moment = _write_time(call.start, language.phrase("{date}, {time} UTC", **figures))
    if not call.label:
        return moment
    label = language.phrase("Call {label}", label=call.label)
    return language.write_pair(f"<strong>{escape(label)}</strong>", moment)


def write_earlier_start(call: Call, season: Season) -> Iterator[str]:
    """Return the time for which a call was announced before, as markup, if it has moved since."""
    before, language = season.earlier.get(call.uid), season.language
    if before is not None:
        text = _tell_earlier_start(before, call, language, language.write_clock(before.time()))
        yield f'<p class="changed"><b>{escape(text)}</b></p>'


def _tell_earlier_start(before: datetime, call: Call, language: Language, hour: str) -> str:
    """Return the time for which a call was announced before, with its date where that is another one."""
    if before.date() == call.start.date():
        return language.phrase("before: {time} UTC", time=hour)
    moment = language.phrase("{date}, {time}", date=language.write_short_date(before.date()), time=hour)
    return language.phrase("before: {time} UTC", time=moment)


def _show_in_night(season: Season, call: Call) -> str:
    """Return how many are in the night at a held call; empty if too few take part for the page to say so."""
    report = season.nights.get(call.uid)
    if report is None or not season.rows or len(report.members) < season.least:
        return ""
    return season.language.phrase("{some} of {all}", some=report.summary.in_night, all=report.summary.members)


def _write_strip(season: Season) -> Iterator[str]:
    """The season as boxes of calls in their order; a band above them names the phase."""
    language = season.language
    silent = [phase for phase in season.plan.phases if not phase.calls]
    if not season.plan.calls:
        return
    events: list[tuple[date, Call | Phase]] = [(call.day, call) for call in season.plan.calls]
    events += [(phase.first, phase) for phase in silent]
    events.sort(key=lambda event: event[0])
    if season.rows:
        steps = [
            language.phrase("{percent} %", percent=0),
            *(language.phrase("to {percent} %", percent=20 * step) for step in range(1, 6)),
        ]
        boxes = "".join(f'<span class="s{step}">{text}</span>' for step, text in enumerate(steps))
        legend = escape(language.phrase("Share of members in the night:"))
        yield f'<p class="legend">{legend} {boxes}</p>'
    yield '<div class="strip">'
    usual = _find_usual_weeks(season.plan.calls)
    for (name, is_silent), run in groupby(events, key=lambda event: _phase_of(event[1])):
        found = [event for _, event in run]
        shown = season.show(name)
        yield f'<div class="run{" phase" if name else ""}">' + (f"<h3>{escape(shown)}</h3>" if shown else "")
        if is_silent:
            spans = language.write_parts(
                [_tell_days(one.first, one.last, language) for one in found if isinstance(one, Phase)]
            )
            yield f'<p class="off">{escape(language.phrase("{days}: no calls", days=spans))}</p></div>'
            continue
        yield "<ol>"
        calls = [one for one in found if isinstance(one, Call)]
        for before, call in zip([None, *calls], calls, strict=False):
            weeks = 0 if before is None else _count_weeks(before, call)
            if weeks >= 2 * usual > 0:
                gap = language.phrase_count("{count} week without a call", "{count} weeks without a call", weeks - 1)
                yield f'<li class="gap">{escape(gap)}</li>'
            yield _write_box(season, call)
        yield "</ol></div>"
    yield "</div>"


def _tell_days(first: date, last: date, language: Language) -> str:
    """Return the days from one to another."""
    if first == last:
        return language.write_short_date(first)
    return language.phrase(
        "{first} to {last}", first=language.write_short_date(first), last=language.write_short_date(last)
    )


def _phase_of(event: Call | Phase) -> tuple[str | None, bool]:
    """Return the name of the phase of an event, and whether the phase has no calls."""
    return (event.phase, False) if isinstance(event, Call) else (event.name, True)


def _count_weeks(one: Call, other: Call) -> int:
    """Return how many ISO weeks after ``one`` the ``other`` is."""
    monday, later = (call.day - timedelta(days=call.day.weekday()) for call in (one, other))
    return (later - monday).days // 7


def _find_usual_weeks(calls: Sequence[Call]) -> int:
    """Return the most usual number of weeks from one call to the next, at least 1; 0 if there is one call."""
    counts = Counter(max(1, _count_weeks(one, other)) for one, other in pairwise(calls))
    return max(sorted(counts), key=counts.__getitem__, default=0)


def _write_box(season: Season, call: Call) -> str:
    language = season.language
    years = {season.plan.calls[0].day.year, season.plan.calls[-1].day.year}
    name = language.write_short_day(call.day)
    if len(years) > 1:
        name = language.phrase("{day} {year}", day=name, year=call.day.year)
    day = f"<span>{escape(name)}</span>"
    label = f"<b>{escape(call.label)}</b>" if call.label else ""
    if not call.is_held:
        return f'<li class="off">{label}{day}<span>{escape(language.phrase("cancelled"))}</span></li>'
    upcoming = " upcoming" if call == season.upcoming else ""
    text = _show_in_night(season, call)
    count = season.nights[call.uid].summary
    shade = f"s{find_step(count.in_night / count.members)}" if text and count.members else "s0"
    unseen = f'<span class="unseen"> {escape(language.phrase("in the night"))}</span>'
    shown = f"<span>{escape(text)}{unseen}</span>" if text else ""
    tag = f"<i>{escape(language.phrase('next'))}</i>" if upcoming else ""
    return f'<li class="{shade}{upcoming}">{label}{day}{shown}{tag}</li>'


def _write_calls(season: Season) -> Iterator[str]:
    """All calls as a table, with what has changed about them."""
    of_calls = {column.head: column for column in CALL_COLUMNS if column.head}
    has_lengths = len({call.minutes for call in season.plan.calls}) > 1

    def show_slot(call: Call) -> str:
        return _show_slot(call, season)

    def show_length(call: Call) -> str:
        return season.language.write_short_length(call.minutes) if has_lengths else ""

    columns: tuple[Column[Call], ...] = (
        of_calls["call"],
        of_calls["start (UTC)"],
        *(() if season.unnamed & {call.zone for call in season.plan.calls} else (of_calls["anchor time"],)),
        Column(
            head="slot",
            tell=lambda call, language: language.write_list(list(filter(None, (show_slot(call), show_length(call))))),
            is_shown=lambda calls: any(show_slot(call) or show_length(call) for call in calls),
        ),
        Column(
            head="in the night", read=lambda call: _show_in_night(season, call), is_shown=lambda _: bool(season.rows)
        ),
        replace(
            _STATUS,
            tell=lambda call, _: _show_status(call, season),
            is_shown=lambda calls: any(_show_status(call, season) for call in calls),
        ),
    )
    if season.plan.calls:
        table = make_section(columns, season.plan.calls, season.language)
        yield from write_section(table, name=season.language.phrase("All calls"), mark="calls-table")


def _show_slot(call: Call, season: Season) -> str:
    """Return the name of a call's slot, or its place and its hour; empty if the call is of no slot."""
    language, named = season.language, season.show(call.slot)
    if named or call.slot_number is None:
        return named
    own = next((phase.slots for phase in season.plan.phases if phase.name == call.phase), None)
    slot = (own or season.plan.rotation.slots)[call.slot_number - 1]
    number = language.phrase("slot {number}", number=call.slot_number)
    if slot.zone in season.unnamed - {UTC_ZONE}:
        return number
    return language.phrase("{slot} ({start})", slot=number, start=f"{slot.at:%H:%M} {slot.zone}")


def _show_status(call: Call, season: Season) -> str:
    """Return when a call was to be before, its status if not as planned, its place if calls have several, its note."""
    status = tell_status(call, season.language)
    places = {other.location for other in season.plan.calls}
    place = season.show(call.location) if len(places) > 1 else ""
    said = season.language.write_parts([text for text in (place, season.show(call.note)) if text])
    is_usual = call.status is Status.PLANNED and not call.adjusted
    told = said if is_usual else season.language.write_pair(status, said) if said else status
    before = season.earlier.get(call.uid)
    earlier = "" if before is None else _tell_earlier_start(before, call, season.language, f"{before:%H:%M}")
    return "\n".join(filter(None, (earlier, told)))


_STATUS = next(column for column in CALL_COLUMNS if column.head == "status")


def _write_day(season: Season) -> Iterator[str]:
    """The day of each clock with its night, and the starts of calls across it; twice if most clocks change."""
    for place, view in enumerate(season.days, start=1):
        if len(season.days) > 1:
            heading = season.language.phrase(
                "{calls}, {days}",
                calls=write_count(len(view.calls), "call", season.language),
                days=season.language.write_parts(
                    [_tell_days(first, last, season.language) for first, last in view.spans]
                ),
            )
            yield f"<h3>{escape(heading)}</h3>"
        numbers = {slot: number for number, slot in enumerate(view.slots, start=1)}
        yield '<div class="day" aria-hidden="true">'
        yield f'<div class="axis"><span></span><div>{_write_axis(numbers)}</div></div>'
        for clock, offset in zip(season.clocks, view.offsets, strict=True):
            label = escape(name_clock_members(clock, season))
            yield f'<div class="clock"><span>{label}</span>{_draw_day(season, view, offset)}</div>'
        yield "</div>"
        yield from _write_local_starts(season, view, numbers, mark=f"day-{place}")
    if season.days and (others := len(season.held) - sum(len(view.calls) for view in season.days)):
        note = season.language.phrase_count(
            "{count} other call in weeks between clock changes.",
            "{count} other calls in weeks between clock changes.",
            others,
        )
        yield f'<p class="note">{escape(note)}</p>'


def _write_axis(numbers: dict[SlotTime, int]) -> str:
    """Return the hours of UTC, and the number of each start above its place."""
    hours = "".join(f'<i style="left:{hour / 24:.4%}">{hour}</i>' for hour in range(0, 25, 6))
    marks = "".join(
        f'<b class="{"high" if number % 2 else "low"}" style="left:{slot.minute / DAY:.4%}">{number}</b>'
        for slot, number in numbers.items()
    )
    return f"{hours}{marks}"


def _draw_day(season: Season, view: DayView, offset: int) -> str:
    """Return the 24 hours of UTC with the night of a clock and the calls."""
    windows = [("edge", band.window) for band in BANDS if band.name in {"early", "evening"}]
    windows.append(("dark", season.plan.hours.night))
    shapes = [_draw_stretch(kind, minute_of_day(window.start) - offset, window.minutes) for kind, window in windows]
    shapes += [_draw_stretch("call", slot.minute, slot.minutes) for slot in view.slots]
    return f'<svg viewBox="0 0 {DAY} 10" preserveAspectRatio="none">{"".join(shapes)}</svg>'


def _draw_stretch(kind: str, start: int, minutes: int) -> str:
    """Return a stretch of the day; what passes midnight goes on at the left."""
    at, width = start % DAY, min(minutes, DAY)
    pieces = [(at, min(width, DAY - at)), (0, at + width - DAY)]
    return "".join(f'<rect class="{kind}" x="{left}" width="{wide}" height="10"/>' for left, wide in pieces if wide > 0)


def _write_local_starts(season: Season, view: DayView, numbers: dict[SlotTime, int], *, mark: str) -> list[str]:
    """Return the local start of each slot by each clock as a table."""
    meeting, night, language = season.plan.meeting, season.plan.hours.night, season.language
    heads = [f"{number}\n{show_clock_time(slot.minute)} UTC" for slot, number in numbers.items()]
    shown = ((f"{number}", season.show(slot.name)) for slot, number in numbers.items())
    names = [language.write_pair(number, name) for number, name in shown if name]
    rows = []
    for clock, offset in zip(season.clocks, view.offsets, strict=True):
        cells = [f'<th scope="row">{escape(name_clock_members(clock, season))}</th>']
        for slot in numbers:
            local, up = slot.minute + offset, slot.minute + offset - meeting.lead
            is_night = night.overlap(up % DAY, meeting.lead + slot.minutes + meeting.overrun) > 0
            text = show_clock_time(local)
            kind = ' class="night"' if is_night else ""
            written = "<wbr>".join([text[:5], text[5:] + ("*" if is_night else "")])
            if language.is_right_to_left:
                written = f'<bdi dir="ltr">{written}</bdi>'
            cells.append(f"<td{kind}>{written}</td>")
        rows.append("".join(cells))
    across = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    lines = [f"<p>{escape(language.phrase('{names}.', names=language.write_list(names)))}</p>"] if names else []
    lines += write_table(
        escape(language.phrase("Local time of each start (* touches the night, +1 is the day after that of UTC)")),
        f'<th scope="col">{escape(language.phrase("clock"))}</th>{across}',
        rows,
        mark=mark,
        classes="times",
    )
    notes = []
    if season.hidden:
        notes.append(
            language.phrase_count("{count} member on other clocks.", "{count} members on other clocks.", season.hidden)
        )
    if view.left_out:
        notes.append(
            language.phrase_count("{count} other start not shown.", "{count} other starts not shown.", view.left_out)
        )
    lines += [f'<p class="note">{escape(note)}</p>' for note in notes]
    return lines


def _write_heat(season: Season) -> Iterator[str]:
    """What each call puts on each member, or on the members of each clock on average, in night-hours."""
    if not season.rows:
        return
    language = season.language
    told = (
        language.phrase(
            "Night-hours of each call on average of those on a clock; * more than half of them are in the night."
        )
        if season.is_public
        else language.phrase("Night-hours of each call; * in the night, ! hours at which the member cannot attend.")
    )
    yield f"<p>{escape(told)}</p>"
    boxes = "".join(
        f'<span class="s{step}">{escape(language.phrase("{percent} %", percent=20 * step))}</span>' for step in range(6)
    )
    yield f'<p class="legend">{escape(language.phrase("Of the worst time of night, up to:"))} {boxes}</p>'
    yield '<div class="sortable">'
    for begin in range(0, len(season.held), _CALLS_ACROSS):
        calls = season.held[begin : begin + _CALLS_ACROSS]
        heads = "".join(f'<th scope="col" class="number">{_write_call_head(call, language)}</th>' for call in calls)
        span, last = (_name_call(call, language) for call in (calls[0], calls[-1]))
        if len(calls) > 1:
            span = language.phrase("{first} to {last}", first=span, last=last)
        rows = (
            _write_row_head(row, season) + "".join(_write_heat_cell(row, call, season) for call in calls)
            for row in season.rows
        )
        yield from write_table(
            escape(language.phrase("Night-hours, {calls}", calls=span)),
            f'<th scope="col">{escape(_name_rows(season))}</th>{heads}',
            rows,
            mark=f"heat-{begin // _CALLS_ACROSS + 1}",
            classes="heat",
        )
    yield "</div>"


def _name_rows(season: Season) -> str:
    """Return the head of the rows: clocks or members."""
    if season.rows[0].member is None:
        return season.language.phrase("clock")
    return season.language.phrase("member")


def _write_call_head(call: Call, language: Language) -> str:
    day = language.write_short_day(call.day)
    if call.label:
        return f"{escape(call.label)} <span>{escape(day)}</span>"
    first, _, rest = day.partition(" ")
    return f"{escape(first)} <span>{escape(rest)}</span>" if rest else escape(first)


def _write_row_head(row: Row, season: Season, *, name: str | None = None) -> str:
    text = row.member.id if row.member else name_clock_members(row.clock, season)
    more = f' <span class="name">{escape(name)}</span>' if name else ""
    return f'<th scope="row">{escape(text)}{more}</th>'


def _write_heat_cell(row: Row, call: Call, season: Season) -> str:
    share = row.shares.get(call.uid)
    if share is None:
        return "<td></td>"
    burden = share.burden / share.present
    text = season.unit.figure(burden)
    marks = ("*" if share.is_mostly_in_night else "") + ("!" if share.blocked and not season.is_public else "")
    step = find_step(season.unit.convert(burden) * 60 / call.minutes)
    return f'<td class="s{step}">{text}{marks}</td>'


def _write_ledger(season: Season) -> Iterator[str]:
    """What the calls have put on everybody, as bars."""
    if not season.rows:
        return
    yield f"<p>{escape(_tell_most(season))}</p>"
    burdens = [total.burden for total in season.totals.values()]
    most = max(row.total.burden / row.size for row in season.rows) or 1
    by_clock = season.rows[0].member is None
    is_varied = len({total.calls for total in season.totals.values()}) > 1
    rows = []
    for row in season.rows:
        mean = row.total.burden / row.size
        counts = [row.total.in_night, *([row.total.calls] if is_varied else [])]
        rows.append(
            _write_row_head(row, season, name=row.member.name if row.member else None)
            + f'<td class="number">{season.unit.figure(mean)}</td><td class="bar">{_draw_bar(mean / most)}</td>'
            + "".join(
                f'<td class="number">{season.language.write_number(count / row.size, 1) if by_clock else count}</td>'
                for count in counts
            )
        )
    language = season.language
    texts = (
        (language.phrase("night-hours each"), language.phrase("nights each"), language.phrase("calls each"))
        if by_clock
        else (language.phrase("night-hours"), language.phrase("nights"), language.phrase("calls"))
    )
    hours, nights, calls = (f'<th scope="col" class="number">{escape(text)}</th>' for text in texts)
    heads = (
        f'<th scope="col">{escape(_name_rows(season))}</th>',
        hours,
        "<td></td>",
        nights,
        calls if is_varied else "",
    )
    yield '<div class="sortable">'
    yield from write_table(
        escape(language.phrase("The ledger, highest burden first")),
        "".join(heads),
        rows,
        mark="ledger-table",
        classes="ledger",
    )
    yield from _write_groups(season)
    yield "</div>"
    average = season.unit.say(sum(burdens) / len(burdens))
    note = language.phrase("Mean of all members: {burden}.", burden=average)
    yield f'<p class="note">{escape(note)}</p>'


def _draw_bar(share: float) -> str:
    shape = f'<rect width="{100 * share:.1f}" height="10"/>'
    return f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{shape}</svg>'


def _tell_most(season: Season) -> str:
    """Return who bears the most, in a sentence; the public page names nobody."""
    most = max(total.burden for total in season.totals.values())
    language, burden = season.language, season.unit.say(most)
    if not most:
        return language.phrase("Nobody bears anything.")
    if season.is_public:
        return language.phrase("The hardest hit member bears {burden}.", burden=burden)
    first, *others = sorted(id_ for id_, total in season.totals.items() if total.burden == most)
    if others:
        return language.phrase(
            "{members} bear the most, {burden} each.", members=language.join_first([first, *others]), burden=burden
        )
    total = season.totals[first]
    return language.phrase_count(
        "{member} bears the most: {burden} in {count} call, {in_night} of them in the night.",
        "{member} bears the most: {burden} in {count} calls, {in_night} of them in the night.",
        total.calls,
        member=first,
        burden=burden,
        in_night=total.in_night,
    )


def _write_groups(season: Season) -> list[str]:
    """Return the ledger by groups; those of few members are left out."""
    members = [member for member in season.plan.members if member.id in season.totals]
    by_group: dict[str, dict[str, list[Member]]] = defaultdict(lambda: defaultdict(list))
    for member in members:
        for name, value in sorted(member.groups.items()):
            by_group[name][value].append(member)
    chosen, _ = Context(meeting=season.plan.meeting).choose_groups(by_group, len(members), len)
    rows = []
    for name, run in groupby(sorted(chosen, key=lambda group: group[:2]), key=lambda group: group[0]):
        groups = [(len(found), (value, found)) for _, value, found in run]
        apart = len(members) - sum(size for size, _ in groups)
        shown, _ = split_small(groups, season.least, apart=apart)
        rows += [
            _write_group(season, season.language.write_pair(name, value), found)
            for value, found in shown
            if season.show(value)
        ]
    language = season.language
    texts = (language.phrase("members"), language.phrase("night-hours each"), language.phrase("nights each"))
    heads = f'<th scope="col">{escape(language.phrase("group"))}</th>' + "".join(
        f'<th scope="col" class="number">{escape(text)}</th>' for text in texts
    )
    return (
        write_table(escape(language.phrase("The ledger by groups")), heads, rows, mark="groups-table") if rows else []
    )


def _write_group(season: Season, name: str, members: Sequence[Member]) -> str:
    """Return the row of a group: its size, and the means of its members."""
    totals = [season.totals[member.id] for member in members]
    burden = sum(total.burden for total in totals) / len(members)
    nights = sum(total.in_night for total in totals) / len(members)
    return (
        f'<th scope="row">{escape(name)}</th><td class="number">{len(members)}</td>'
        f'<td class="number">{season.unit.figure(burden)}</td>'
        f'<td class="number">{season.language.write_number(nights, 1)}</td>'
    )


def _write_sheet(season: Season) -> Iterator[str]:
    """The rotations that are proposed, beside today's."""
    for place, section in enumerate(season.sheet, start=1):
        shown = replace(
            section,
            lead=tuple(filter(None, map(season.show, section.lead))),
            rows=tuple(tuple(replace(cell, text=season.show(cell.text)) for cell in row) for row in section.rows),
            notes=tuple(filter(None, map(season.show, section.notes))),
        )
        yield from write_section(shown, name=season.language.phrase("Rotations compared"), mark=f"sheet-{place}")


def _write_changes(season: Season) -> Iterator[str]:
    """Whose local hour of a slot changes when."""
    if not season.rows:
        return
    report = season.plan.drift()
    clocks = {member.id: clock for clock in season.clocks for member in clock.members}
    shown = [change for change in report.changes if change.members[0] in clocks]
    rows = [
        list(run)
        for _, run in groupby(
            sorted(shown, key=lambda change: (change.date, change.members)),
            key=lambda change: (change.date, change.members, change.minutes),
        )
    ]
    language = season.language
    columns: tuple[Column[list[DriftChange]], ...] = (
        Column(head="from", tell=lambda row, language: language.write_short_date(row[0].date)),
        Column(
            head="clock",
            tell=lambda row, language: language.add_brackets(
                _show_clock(clocks[row[0].members[0]], season), len(row[0].members)
            ),
        ),
        Column(head="by", tell=lambda row, language: language.write_difference(row[0].minutes)),
        Column(head="local start", show=lambda row: "\n".join(_show_new_hour(change, season) for change in row)),
        Column(
            head="night",
            show=lambda row: _show_night_changes(row, season),
            tone=_tone_of_row,
            is_shown=lambda rows: any(_show_night_changes(row, season) for row in rows),
        ),
    )
    if not report.changes:
        yield f"<p>{escape(language.phrase('No clock change moves the local hour of a slot.'))}</p>"
    if rows:
        table = make_section(columns, rows, language)
        yield from write_section(table, name=language.phrase("Clock changes"), mark="changes-table")
    if rows and len(shown) < len(report.changes):
        yield f'<p class="note">{escape(language.phrase("Those of other clocks are not shown."))}</p>'


def _show_slot_name(change: DriftChange, season: Season) -> str:
    return season.show(change.slot.label) or season.language.phrase("slot {number}", number=change.slot_number)


def _show_new_hour(change: DriftChange, season: Season) -> str:
    before, after = (
        show_clock_time(hour.day_shift * DAY + minute_of_day(hour.at)) for hour in (change.before, change.after)
    )
    return season.language.phrase(
        "{slot}: {before} to {after}", slot=_show_slot_name(change, season), before=before, after=after
    )


def _show_night_changes(row: Sequence[DriftChange], season: Season) -> str:
    return "\n".join(filter(None, (_show_night_change(change, season) for change in row)))


def _show_night_change(change: DriftChange, season: Season) -> str:
    """Return how many come into the night and out of it in a slot, for the public only whether most do."""
    language, enters, leaves = season.language, len(change.enters_night), len(change.leaves_night)
    said = []
    if season.is_public:
        said += [language.phrase("into the night")] if enters * 2 > len(change.members) else []
        said += [language.phrase("out of the night")] if leaves * 2 > len(change.members) else []
    else:
        if enters:
            said.append(language.phrase_count("{count} into the night", "{count} into the night", enters))
        if leaves:
            said.append(language.phrase_count("{count} out of the night", "{count} out of the night", leaves))
    if not said:
        return ""
    return language.phrase("{slot}: {changes}", slot=_show_slot_name(change, season), changes=language.write_list(said))


def _tone_of_row(row: Sequence[DriftChange]) -> Tone:
    return Tone.NIGHT if any(change.enters_night for change in row) else Tone.PLAIN


def _write_small_print(season: Season, context: Context) -> Iterator[str]:
    """The policy behind the figures, and the data that they rest on."""
    hours, meeting, language = season.plan.hours, season.plan.meeting, season.language
    curve = hours.curve_of(None).hours
    evening, noon = (season.unit.figure(60 * curve[hour]) for hour in (21, 12))
    lines = [
        season.unit.explain(),
        language.phrase(
            "An hour of a call from 21:00 local time counts {evening}, one from 12:00 {noon}.",
            evening=evening,
            noon=noon,
        ),
        language.phrase("Points an hour from 0:00 to 23:00 local time: {points}.", points=" ".join(map(str, curve))),
        language.phrase("The night is {night} local time.", night=hours.night),
    ]
    if meeting.lead or meeting.overrun:
        lines.append(
            language.phrase(
                "Counted from {lead} min before a call to {overrun} min after it.",
                lead=meeting.lead,
                overrun=meeting.overrun,
            )
        )
    if season.is_public:
        lines.append(
            language.phrase(
                "This page names no member. It shows groups of {least} members or more, and zones in which as many "
                "live.",
                least=LEAST_PUBLIC,
            )
            if season.rows
            else language.phrase(
                "This page shows nothing about members, because there are fewer than {least}.", least=LEAST_PUBLIC
            )
        )
    return (
        f'<p class="note">{escape(text)}</p>' for text in (*lines, *filter(None, map(season.show, context.notes())))
    )


def _write_programme(season: Season) -> Iterator[str]:
    """The sessions of the event, those of a day in boxes side by side, under the name of their phase.

    The committee also sees who is in the night, and the conflicts.
    """
    programme, sessions = season.plan.programme, season.plan.sessions
    if programme is None or not sessions:
        return
    language = season.language
    zone = programme.zone if season.show(language.name_city(programme.zone)) else UTC_ZONE
    yield f"<p>{escape(language.phrase('The times are those of {city}.', city=language.name_city(zone)))}</p>"
    report = None if season.is_public else season.plan.programme_report()
    in_night: dict[str, list[DutyNight]] = defaultdict(list)
    for duty in list_main_duties(report or ()):
        if duty.in_night:
            in_night[duty.session.id].append(duty)
    for phase, those in groupby(sessions, key=lambda session: session.phase):
        name = season.show(phase)
        if name:
            yield f"<h3>{escape(name)}</h3>"
        head = "h4" if name else "h3"
        yield '<div class="strip sessions">'
        for day, found in groupby(those, key=lambda session: to_local(session.start, zone).wall.date()):
            boxes = "".join(_write_session(season, one, zone, in_night[one.id]) for one in found)
            heading = f"<{head}>{escape(language.write_short_date(day))}</{head}>"
            yield f'<div class="run" data-day="{day}">{heading}<ol>{boxes}</ol></div>'
        yield "</div>"
    if report and report.conflicts:
        title = language.phrase("Conflicts")
        table = make_section(CONFLICT_COLUMNS, report.conflicts, language, title=title)
        yield from write_section(table, name=title, mark="conflicts-table")


def _write_session(season: Season, session: ScheduledSession, zone: ZoneName, in_night: Iterable[DutyNight]) -> str:
    """Return the box of a session: what it is, its agenda, and who is in the night for which part of it."""
    language, about = season.language, session.session
    start, end = to_local(session.start, zone).wall, to_local(session.end, zone).wall
    title, link = escape(season.show(about.title) or language.phrase("session")), season.show(about.url)
    if link.lower().startswith(("https://", "http://")):
        title = f'<a href="{escape(link)}">{title}</a>'
    hours = language.write_range(f"{start:%H:%M}", f"{end:%H:%M}")
    lines = [f"<b>{title}</b>", f"<span>{_write_time(session.start, hours)}</span>"]
    spoken = season.show(about.groups.get("language"))
    facts = (
        season.show(about.room),
        season.show(about.track),
        language.phrase("Language: {language}", language=spoken) if spoken else "",
    )
    lines += [f"<span>{escape(text)}</span>" for text in facts if text]
    lines += [_write_segment(season, segment, zone) for segment in session.segments]
    if note := season.show(about.note):
        lines.append(f'<span class="note">{escape(note)}</span>')
    lines += [f"<span>{escape(_tell_duty(duty, language))}</span>" for duty in in_night]
    return f"<li>{''.join(lines)}</li>"


def _write_segment(season: Season, segment: ScheduledSegment, zone: ZoneName) -> str:
    """Return a part of a session with its start, in UTC as well if the page has another clock, and its length."""
    language, title = season.language, season.show(segment.title)
    length = language.write_short_length((segment.end - segment.start) // timedelta(minutes=1))
    hour = f"{to_local(segment.start, zone).wall:%H:%M}"
    if zone != UTC_ZONE:
        hour = language.add_brackets(hour, language.phrase("{time} UTC", time=f"{segment.start:%H:%M}"))
    told = language.add_brackets(title, length) if title else length
    return f'<span class="part">{_write_time(segment.start, hour)} <span>{escape(told)}</span></span>'


def _tell_duty(duty: DutyNight, language: Language) -> str:
    """Return that a member is in the night, from which hour, and for which segments if the session has some."""
    hours = {"duty": language.write_hour(duty.duty_start.wall), "start": language.write_hour(duty.local_start.wall)}
    if not duty.segments_in_night:
        return language.phrase(
            "In the night: {member}, on duty from {duty}, local start {start}.", member=duty.id, **hours
        )
    return language.phrase(
        "In the night: {member}, on duty from {duty}, local start {start}, for {segments}.",
        member=duty.id,
        segments=language.write_parts(duty.segments_in_night),
        **hours,
    )


_CARDS: tuple[tuple[str, str, Callable[[Season], Iterable[str]]], ...] = (
    ("next", mark("Next call"), _write_next),
    ("season", mark("The season"), _write_strip),
    ("day", mark("The day on every clock"), _write_day),
    ("members", mark("Call by call"), _write_heat),
    ("ledger", mark("Who bears how much"), _write_ledger),
    ("sheet", mark("The decision"), _write_sheet),
    ("changes", mark("Clock changes"), _write_changes),
    ("calls", mark("All calls"), _write_calls),
    ("programme", mark("The programme"), _write_programme),
)
"""The cards of a page: id, heading, and what writes the lines; a card without lines is left out."""

PAGE_STYLE = """
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.5rem 1rem 1rem;margin:1rem 0}
h2{font-size:1.25rem;margin:.5rem 0}
h3{font-size:1rem;margin:.75rem 0 .25rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:0}
nav a{display:inline-block;padding:.25rem 0}
.next{font-size:1.25rem}
.own{display:block;color:var(--link);font-weight:600}
.local{list-style:none;padding:0;columns:16rem;margin:.5rem 0}
.legend{display:flex;flex-wrap:wrap;gap:.25rem;align-items:center;font-size:.85rem;max-width:none}
.legend span{padding:.1rem .4rem;border:1px solid var(--line)}
.s0{background:var(--s0);color:var(--t0)}
.s1{background:var(--s1);color:var(--t1)}
.s2{background:var(--s2);color:var(--t2)}
.s3{background:var(--s3);color:var(--t3)}
.s4{background:var(--s4);color:var(--t4)}
.s5{background:var(--s5);color:var(--t5)}
.strip{display:flex;flex-wrap:wrap;gap:.5rem}
.run{padding-top:.25rem}
.phase{border-top:4px solid var(--link)}
.strip h3{margin:0;color:var(--link)}
.strip ol{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem;margin:.25rem 0;padding:0}
.strip li{width:6.2rem;padding:.3rem .4rem;border:1px solid var(--line);border-radius:.3rem;line-height:1.3}
.strip li{overflow-wrap:anywhere}
.strip li span,.strip li b,.strip li i{display:block}
.strip h4{margin:0;font-size:.95rem}
.strip.sessions li{width:11rem;overflow-wrap:anywhere}
.sessions .note{white-space:pre-line}
.strip .part{display:flex;flex-wrap:wrap;column-gap:.3rem}
.part span{flex:1 1 4rem;min-width:0}
.part .own{order:1;flex:0 0 100%;font-weight:400;font-size:.85rem}
.strip.sessions li:has(.part){width:22.25rem;max-width:100%}
.strip .upcoming{outline:3px solid var(--link)}
.off{background:repeating-linear-gradient(135deg,var(--card) 0 9px,var(--s1) 9px 11px);color:var(--ink)}
p.off{padding:.5rem}
.strip .gap{border-style:dashed;color:var(--faint);font-size:.85rem;hyphens:auto;overflow-wrap:anywhere}
.axis,.clock{display:grid;grid-template-columns:16.5rem 1fr;gap:.5rem;align-items:center}
.axis div{position:relative;height:3.4rem}
.axis i,.axis b{position:absolute;transform:translateX(-50%);line-height:1;font-style:normal}
.axis i{bottom:0;font-size:.8rem}
.axis i:last-of-type{transform:translateX(-100%)}
.axis i:first-of-type{transform:none}
.axis .high{top:0}
.axis .low{top:1.1rem}
.clock{min-height:1.6rem}
.clock span{font-size:.9rem;line-height:1.2}
.day svg{width:100%;height:1.6rem;display:block;background:var(--day);border:1px solid var(--line)}
.dark{fill:var(--dark)}
.edge{fill:var(--edge)}
.call{fill:var(--mark);fill-opacity:.85;stroke:var(--frame);stroke-width:1;vector-effect:non-scaling-stroke}
.heat th,.heat td{padding:.15rem .3rem;font-size:.85rem;white-space:nowrap}
.heat td{text-align:end;border:1px solid var(--paper)}
.scroll:has(>.heat){display:flex}
.heat{flex:none}
.scroll:has(>.heat)::after{content:"";flex:0 0 1.5rem;position:sticky;inset-inline-end:0;pointer-events:none;
background:linear-gradient(to right,transparent,var(--card))}
[dir=rtl] .scroll:has(>.heat)::after{background:linear-gradient(to left,transparent,var(--card))}
.heat thead span{display:block;font-weight:400}
.heat th[scope=row],.ledger th[scope=row]{position:sticky;inset-inline-start:0;background:var(--card)}
.name{display:block;font-weight:400}
.ledger td,.ledger tbody th{vertical-align:middle}
.bar{min-width:6rem;width:40%}
.bar svg{width:100%;height:1rem;display:block}
.bar rect{fill:var(--s4)}
[dir=rtl] .bar svg{transform:scaleX(-1)}
th button{font:inherit;color:inherit;background:none;border:0;padding:.15rem 0;
min-height:24px;min-width:24px;text-align:inherit;cursor:pointer;
text-decoration:underline dotted}
th[aria-sort=ascending] button::after{content:" \\2191"}
th[aria-sort=descending] button::after{content:" \\2193"}
@media (max-width:40rem){
main{padding:.5rem}
.card{padding:.25rem .6rem .75rem}
.axis,.clock{grid-template-columns:1fr;gap:0}
.axis span{display:none}
.clock{margin-bottom:.4rem}
.strip li{width:calc((100vw - 3.3rem) / 3);font-size:.9rem}
.strip.sessions li{width:calc((100vw - 3.3rem) / 2)}
.strip.sessions li:has(.part){width:100%}
th,td{font-size:.8rem;padding:.2rem}
td{overflow-wrap:break-word}
td time{display:inline-block;min-width:4.8rem}
.bar{min-width:3.5rem}
}
@media print{
.scroll:has(>.heat)::after{content:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
nav,.own{display:none}
.card{border:0;padding:0;background:none}
h2,h3,.legend{break-after:avoid}
.strip li,.clock{break-inside:avoid}
body{font-size:10pt}
.heat th,.heat td{font-size:6.5pt;padding:1px 2px}
@page{size:A4 landscape;margin:12mm}
}
"""

_OWN_TIME_SCRIPT = """
"use strict";
document.querySelectorAll("time").forEach(function (time) {
  var at = new Date(time.dateTime), own = document.createElement("span"), isSentence = Boolean(time.closest("p"));
  var shown = time.closest("[data-day]");
  var day = new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  var parts = {minute: "2-digit", hour: isSentence ? HOUR : "2-digit", hourCycle: isSentence ? CYCLE : "h23"};
  if (!shown || shown.dataset.day !== day)
    Object.assign(parts, {weekday: "short", day: "numeric", month: "short", year: "numeric"});
  own.className = "own";
  own.textContent = OWN.replace("{time}", at.toLocaleString(LOCALE, parts));
  time.after(own);
});
"""

_SORT_SCRIPT = """\
document.querySelectorAll(".sortable table").forEach(function (table) {
  var heads = Array.from(table.tHead.rows[0].cells), body = table.tBodies[0];
  heads.forEach(function (head, place) {
    if (head.tagName !== "TH") return;
    var button = document.createElement("button"), isNumber = head.className === "number";
    button.type = "button";
    button.append.apply(button, Array.from(head.childNodes));
    head.append(button);
    button.addEventListener("click", function () {
      var now = head.getAttribute("aria-sort"), first = isNumber ? "descending" : "ascending";
      var next = now === first ? (isNumber ? "ascending" : "descending") : first;
      heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", next);
      var sign = next === "ascending" ? 1 : -1;
      var value = function (row) {
        var text = row.cells[place].textContent;
        var number = parseFloat(text.split(GROUP).join("").replace(POINT, "."));
        return isNumber ? (number || (text ? 0 : -1)) : text;
      };
      Array.from(body.rows).sort(function (one, other) {
        var a = value(one), b = value(other);
        return sign * (isNumber ? a - b : a.localeCompare(b, LOCALE, {numeric: true}));
      }).forEach(function (row) { body.append(row); });
    });
  });
});
"""
