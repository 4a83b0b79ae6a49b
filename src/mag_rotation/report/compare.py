"""Rotations beside each other: the answer in a sentence, the table that shows it, and the local hours to choose by."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from mag_rotation.choice import Criterion, Standing, compare_figures
from mag_rotation.propose import ClockReading, LocalHours, Option, OptionGroup, OptionKind, RotationTable
from mag_rotation.report.context import Context
from mag_rotation.report.description import (
    Cell,
    Column,
    Head,
    Records,
    Report,
    Section,
    ValueKind,
    make_record,
    make_section,
)
from mag_rotation.report.language import ENGLISH
from mag_rotation.report.sentences import fact_record, figures_record, sentence
from mag_rotation.report.words import NightHour, join_names, name_option, plural, short_day
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Slot

__all__ = ["OPTION_COLUMNS", "comparison_line", "cut_line", "describe_comparison", "explain_options", "options_section"]

_MOST_SLOTS = 12
"""How many slots of a long rotation are named."""
_SLOTS_WIDE, _HOURS_WIDE, _CLOCK_WIDE = 17, 23, 25
"""How many letters a line of slots, of local hours and of cities has, so that tables fit into 80 columns."""
_MOST_CITIES = 6
"""The most cities that name a clock where a table may be wider."""
_MOST_VALUES, _VALUES_WIDE = 8, 63
"""The most values of a group that are columns of a table, and how many letters they may have together."""
_BESIDE = 2
"""How many rotations stand beside each other in a table of local hours that fits into 80 columns."""

OPTION_COLUMNS: tuple[Column[Option], ...] = (
    Column(key="id"),
    Column(key="also", read=lambda option: " ".join(option.also)),
    Column(key="starts"),
    Column(key="worst"),
    Column(key="total"),
    Column(key="nights"),
    Column(key="most_nights"),
    Column(key="better"),
    Column(key="worse"),
    Column(key="same"),
    Column(key="moved"),
    Column(key="blocked", read=lambda option: " ".join(option.blocked)),
    Column(key="proven"),
    Column(key="dominates_today"),
    Column(key="dominated"),
)
"""An option of COMPARISON as CSV has it; JSON has its slots, groups and local hours as tables of their own."""


def describe_comparison(
    context: Context,
    found: RotationTable,
    *,
    shows_all: bool = False,
    is_wide: bool = False,
    announced: Sequence[Section] = (),
) -> Report:
    """Describe rotations beside each other.

    Tables leave out what another rotation dominates unless ``shows_all``. ``is_wide`` says that they have room for the
    local hours under every rotation. ``announced`` is what members are told of the one that is adopted.
    """
    unit = context.night_hour(found.request.curve)
    shown = _order(found.options if shows_all else found.shown)
    groups, left_out = _group_sections(context, shown, unit)
    body = {
        "request": figures_record(found.request.figures),
        "calls": found.calls,
        "options": [_option_record(option) for option in found],
        "recommended": None if found.recommended is None else found.recommended.id,
        "notes": list(map(sentence, found.notes)),
        "note_facts": list(map(fact_record, found.notes)),
    }
    return Report(
        title=f"{context.name}: rotations compared",
        sections=(
            options_section(shown, unit, lead=unit.explain_in(list(_answer(found, unit)))),
            *groups,
            *_local_sections(found, shown, is_wide=is_wide),
            Section(notes=(*_footnotes(found, shown), *left_out, *context.notes())),
            *announced,
        ),
        document=context.document(body),
        records=Records.of(OPTION_COLUMNS, found.options, context.versions),
    )


def comparison_line(sought: str, left: float) -> str:
    """Return the state of a comparison: the rotation that is sought, and the seconds left.

    >>> comparison_line("slots-3", 7.4)
    'comparing: looking for the fairest of 3, 7 s left'
    """
    name = name_option(sought)
    return f"comparing: looking for {name if name.startswith('the ') else f'the {name}'}, {max(0, round(left))} s left"


def cut_line(*, unwritten: str | None) -> str:
    """Return what an interrupted comparison gives; ``unwritten`` is the plan file that was to take a rotation."""
    unchanged = "" if unwritten is None else f"; {unwritten} was not changed"
    return f"interrupted: the rotations are the best so far, not all proven{unchanged}"


def _option_record(option: Option) -> dict[str, object]:
    """Return an option as JSON has it."""
    record = make_record(OPTION_COLUMNS, option)
    del record["starts"]
    return {
        **record,
        "also": list(option.also),
        "blocked": list(option.blocked),
        "slots": [_slot_record(slot) for slot in option.slots],
        "by_group": {
            name: {value: _group_record(group) for value, group in values.items()}
            for name, values in option.by_group.items()
        },
        "local": [_local_record(line) for line in option.local],
    }


def _slot_record(slot: Slot) -> dict[str, object]:
    return {
        "at": f"{slot.at:%H:%M}",
        "zone": slot.zone,
        "label": slot.label,
        "weekday": None if slot.weekday is None else slot.weekday.name,
        "duration": slot.minutes,
    }


def _group_record(group: OptionGroup) -> dict[str, object]:
    return {
        "members": group.members,
        "worst": group.worst,
        "mean": group.mean,
        "total": group.total,
        "nights": group.nights,
        "better": group.better,
        "worse": group.worse,
    }


def _local_record(line: LocalHours) -> dict[str, object]:
    return {
        "zones": list(line.zones),
        "members": line.members,
        "from": line.first.isoformat(),
        "to": line.last.isoformat(),
        "starts": [{"at": f"{start.at:%H:%M}", "day_shift": start.day_shift} for start in line.starts],
    }


def _order(options: Sequence[Option]) -> list[Option]:
    """Return today first, then what is better than today, then the rest, each group by the hardest hit."""

    def place(option: Option) -> tuple[bool, bool, int]:
        return option.kind is not OptionKind.TODAY, not option.dominates_today, option.worst

    return sorted(options, key=place)


def _answer(found: RotationTable, unit: NightHour) -> Iterator[str]:
    """Return what the comparison comes to, in a few sentences."""
    today, best = found.current, found.recommended
    if best is not None:
        better = join_names([_IN_WORDS[one] for one in compare_figures(best.figures, today.figures).gains])
        yield f"Better than today {better}, and worse in nothing that is compared: {_describe(best)}."
    else:
        trades = [option for option in found if not option.dominated and _is_trade(option, today)]
        best = min(trades, key=lambda option: [share.burden for share in option.shares], default=None)
        if best is None:
            yield "No rotation here is better than today's, and none is a trade."
            return
        yield f"Each of these rotations is a trade. The one that spares the hardest hit most is {_describe(best)}."
    judged = compare_figures(best.figures, today.figures)
    pairs = {
        Criterion.WORST: f"the hardest hit bears {_say(unit, best.worst)} instead of {unit.say(today.worst)}",
        Criterion.NIGHTS: f"members are in the night {best.nights:,} instead of {today.nights:,} times",
        Criterion.TOTAL: f"all together bear {_say(unit, best.total)} instead of {unit.say(today.total)}",
    }
    gains, pays = ([pairs[one] for one in some] for some in (judged.gains, judged.pays))
    yield _capital(join_names(gains)) + (f"; but {join_names(pays)}." if pays else ".")
    yield (
        f"{plural(best.better, 'member')} would bear less than today, {best.worse} more; "
        f"{best.moved} of {plural(found.calls, 'call')} would move."
    )


_IN_WORDS = {
    Criterion.WORST: "for the hardest hit",
    Criterion.NIGHTS: "in calls in the night",
    Criterion.TOTAL: "in total",
}
"""What is compared, in the middle of a sentence."""


def _is_trade(option: Option, today: Option) -> bool:
    return compare_figures(option.figures, today.figures).standing is Standing.TRADE


def _say(unit: NightHour, burden: int) -> str:
    return unit.say(burden).removesuffix(" night-hours")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _describe(option: Option) -> str:
    zone = _common_zone([option])
    few = [_slot_text(slot, zone) for slot in option.slots[:_MOST_SLOTS]]
    more = len(option.slots) - len(few)
    return f"{_name(option)} ({', '.join(few)}{f' and {more} more' if more else ''} {_zone_text(zone)})"


def _name(option: Option) -> str:
    return " = ".join(map(name_option, (option.id, *option.also)))


def _common_zone(options: Sequence[Option]) -> ZoneName:
    """Return the zone in which most slots are."""
    count = Counter(slot.zone for option in options for slot in option.slots)
    return max(count, key=lambda zone: (count[zone], zone == UTC_ZONE))


def _zone_text(zone: ZoneName) -> str:
    return "UTC" if zone == UTC_ZONE else ENGLISH.name_city(zone)


def _slot_text(slot: Slot, zone: ZoneName) -> str:
    """Return when a slot is, with its zone if that is not the one of most slots."""
    day = "" if slot.weekday is None else f"{slot.weekday.name} "
    return f"{day}{slot.at:%H:%M}" + ("" if slot.zone == zone else f" {_zone_text(slot.zone)}")


def _in_lines(texts: Sequence[str], width: int) -> str:
    """Return texts in lines of about so many letters, a long list cut.

    >>> _in_lines(["05:00", "13:00", "22:00", "06:00"], 17)
    '05:00 13:00 22:00\\n06:00'
    """
    lines: list[str] = []
    more = [f"and {len(texts) - _MOST_SLOTS} more"] if len(texts) > _MOST_SLOTS else []
    for text in (*texts[:_MOST_SLOTS], *more):
        if lines and len(lines[-1]) + 1 + len(text) <= width:
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    return "\n".join(lines)


def options_section(shown: Sequence[Option], unit: NightHour, *, lead: tuple[str, ...] = ()) -> Section:
    """Return one row for each rotation, today's first and what is better with its mark."""
    zone = _common_zone(shown)
    today = shown[0]

    def change(value: int, option: Option) -> str:
        return "-" if option is today else str(value)

    columns: tuple[Column[Option], ...] = (
        _NAME_COLUMN,
        Column(
            head=f"slots ({_zone_text(zone)})",
            read=lambda option: _in_lines([_slot_text(slot, zone) for slot in option.slots], _SLOTS_WIDE),
        ),
        Column(head="hardest", kind=ValueKind.NIGHT_HOURS, read=lambda option: option.worst),
        Column(head="nights", kind=ValueKind.NUMBER, read=lambda option: option.nights),
        Column(head="most", kind=ValueKind.NUMBER, read=lambda option: option.most_nights),
        Column(head="better", kind=ValueKind.NUMBER, show=lambda option: change(option.better, option)),
        Column(head="worse", kind=ValueKind.NUMBER, show=lambda option: change(option.worse, option)),
        Column(head="moved", kind=ValueKind.NUMBER, show=lambda option: change(option.moved, option)),
    )
    return make_section(columns, shown, lead=lead, unit=unit)


def _mark(option: Option) -> str:
    """Return what stands before the name: + for what dominates today, - for what another rotation dominates."""
    if option.dominates_today:
        return "+ "
    return "- " if option.dominated and option.kind is not OptionKind.TODAY else "  "


def _marked_name(option: Option) -> str:
    """Return the mark and the name, each name of equal rotations in a line of its own."""
    first, *others = map(name_option, (option.id, *option.also))
    return "\n".join((f"{_mark(option)}{first}", *(f"  = {other}" for other in others)))


_NAME_COLUMN: Column[Option] = Column(head="rotation", read=_marked_name)


def _group_sections(
    context: Context, shown: Sequence[Option], unit: NightHour
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Return the hardest hit of each value of a group under every rotation, and what is left out.

    A group of many values has a row for each, and only on request.
    """
    today = shown[0]
    chosen, left_out = context.choose_groups(today.by_group, len(today.shares), lambda group: group.size)
    by_name: dict[str, list[str]] = {}
    for name, value, _ in chosen:
        by_name.setdefault(name, []).append(value)
    sections, wide = [], []
    for name, values in by_name.items():
        lead = (f"The hardest hit by {name}:",)
        if len(values) <= _MOST_VALUES and sum(max(len(value), 6) + 2 for value in values) <= _VALUES_WIDE:
            by_value = [_NAME_COLUMN, *(_value_column(name, value) for value in values)]
            sections.append(make_section(by_value, shown, lead=lead, unit=unit))
        elif context.all_groups:
            by_option = [_value_name(name), *(_option_column(name, option) for option in shown)]
            sections.append(make_section(by_option, values, lead=lead, unit=unit))
        else:
            wide.append(f"{name} ({plural(len(values), 'group')})")
    told = (f"Too wide for a table of rotations: {join_names(wide, None)}. --groups shows all.",) if wide else ()
    return tuple(sections), (*left_out, *told)


def _value_name(name: str) -> Column[str]:
    return Column(head=name, read=lambda value: value)


def _option_column(name: str, option: Option) -> Column[str]:
    def read(value: str) -> int | None:
        group = option.by_group.get(name, {}).get(value)
        return None if group is None else group.worst

    return Column(head=_name(option), kind=ValueKind.NIGHT_HOURS, read=read, missing="-")


def _value_column(name: str, value: str) -> Column[Option]:
    def read(option: Option) -> int | None:
        group = option.by_group.get(name, {}).get(value)
        return None if group is None else group.worst

    return Column(head=value, kind=ValueKind.NIGHT_HOURS, read=read, missing="-")


def _local_sections(found: RotationTable, shown: Sequence[Option], *, is_wide: bool) -> Iterator[Section]:
    """Return the local hours on each clock under the rotations, or under as many as fit a terminal."""
    best = found.recommended or (shown[1] if len(shown) > 1 else None)
    beside = list(shown) if is_wide else [option for option in shown if option in (found.current, best)][:_BESIDE]
    left = len(shown) - len(beside)
    lead = ["Local starts by clock; +1 is a day after the date in UTC, -1 a day before."]
    if left:
        lead = [f"{lead[0]} Markdown and HTML have those of {plural(left, 'more rotation')}."]
    yield Section(
        lead=tuple(lead),
        heads=(Head("local start"), *(Head(_name(option)) for option in beside)),
        rows=(
            _slots_row(beside),
            *(
                (
                    Cell(_clock_text(row, is_wide=is_wide)),
                    *(Cell(_in_lines([_start_text(start) for start in starts], _HOURS_WIDE)) for starts in row.starts),
                )
                for row in _list_rows(beside)
            ),
        ),
    )


def _slots_row(options: Sequence[Option]) -> tuple[Cell, ...]:
    """Return the slots themselves, in the zone of most of them."""
    zone = _common_zone(options)
    slots = ([_slot_text(slot, zone) for slot in option.slots] for option in options)
    return (Cell(f"slots ({_zone_text(zone)})"), *(Cell(_in_lines(texts, _HOURS_WIDE)) for texts in slots))


_Period: TypeAlias = tuple[date | None, date | None]
"""The rule dates of the first call and the last one; None at the ends of the season."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _ClockRow:
    """The local starts of members on one clock under some rotations, for the calls in some periods.

    ``is_first`` says that no row of the same clock stands above it.
    """

    zones: tuple[ZoneName, ...]
    members: int
    is_first: bool
    periods: tuple[_Period, ...]
    starts: tuple[tuple[ClockReading, ...], ...]


def _list_rows(options: Sequence[Option]) -> Iterator[_ClockRow]:
    """Return the local hours by clock; hours that come back after a clock change stand in one row."""
    lines = [_by_zones(option) for option in options]
    for zones, own in lines[0].items():
        firsts = sorted({line.first for by_zones in lines for line in by_zones[zones]})
        periods: dict[tuple[tuple[ClockReading, ...], ...], list[_Period]] = {}
        for place, first in enumerate(firsts):
            parts = [
                by_zones[zones][bisect_right([line.first for line in by_zones[zones]], first) - 1] for by_zones in lines
            ]
            last = min(part.last for part in parts) if place < len(firsts) - 1 else None
            periods.setdefault(tuple(part.starts for part in parts), []).append((first if place else None, last))
        for place, (starts, found) in enumerate(periods.items()):
            yield _ClockRow(
                zones=zones, members=own[0].members, is_first=not place, periods=tuple(found), starts=starts
            )


def _by_zones(option: Option) -> dict[tuple[ZoneName, ...], list[LocalHours]]:
    found: dict[tuple[ZoneName, ...], list[LocalHours]] = {}
    for line in option.local:
        found.setdefault(line.zones, []).append(line)
    return found


def _clock_text(row: _ClockRow, *, is_wide: bool) -> str:
    """Return how many members live by a clock, its cities, and for which calls if it changes."""
    cities = list(dict.fromkeys(map(ENGLISH.name_city, row.zones)))
    count = f"{row.members} " if row.is_first else ""
    first, *others = map(_period_text, row.periods)
    shown = min(len(cities), _MOST_CITIES)
    while shown > 1 and not is_wide and len(f"{count}{_few(cities, shown)} {first}") > _CLOCK_WIDE:
        shown -= 1
    more = others if len(others) < 2 else [f"{len(others)} more times"]
    return "\n".join((f"{count}{_few(cities, shown)} {first}".rstrip(), *(f"and {text}" for text in more)))


def _few(cities: Sequence[str], shown: int) -> str:
    more = f" +{len(cities) - shown}" if len(cities) > shown else ""
    return f"{', '.join(cities[:shown])}{more}"


def _period_text(period: _Period) -> str:
    """Return for which calls hours are meant; empty for all of them."""
    first, last = period
    if first and last:
        return f"on {short_day(first)}" if first == last else f"{short_day(first)} to {short_day(last)}"
    return f"from {short_day(first)}" if first else f"to {short_day(last)}" if last else ""


def _start_text(start: ClockReading) -> str:
    return f"{start.at:%H:%M}" + (f"{start.day_shift:+d}" if start.day_shift else "")


def explain_options(shown: Sequence[Option]) -> Iterator[str]:
    """Return what the marks and heads of :func:`options_section` mean."""
    if any(option.dominates_today for option in shown):
        yield "+ better than today for the hardest hit, in calls in the night or in total, and worse in none of these."
    if any(option.dominated and option.kind is not OptionKind.TODAY for option in shown):
        yield "- another rotation is no worse in any of these, and better in one."
    yield (
        "hardest: what the member bears who bears most; nights: the calls in the night of all members, most: of one; "
        "better, worse: members who bear less than today, and more; moved: calls that start at another time."
    )


def _footnotes(found: RotationTable, shown: Sequence[Option]) -> Iterator[str]:
    """Return what the marks and heads mean, what is not proven, and which rotations are left out."""
    yield from explain_options(shown)
    for option in shown:
        if option.blocked:
            yield f"{_capital(_name(option))} has calls at hours that {join_names(option.blocked)} cannot attend."
    unproven = [_name(option) for option in shown if not option.proven and not option.is_asked_for]
    if unproven:
        yield f"Not proven to be the best of its kind: {join_names(unproven, None)}; more time may find a better one."
    left = [_name(option) for option in found if option not in shown]
    if left:
        yield f"Not shown, because another rotation dominates it: {join_names(left, None)}; --all shows all."
    yield from (f"{sentence(note)}." for note in found.notes)
