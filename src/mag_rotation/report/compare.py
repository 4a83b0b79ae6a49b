"""Rotations beside each other: the answer in a sentence, the table that shows it, and the local hours to choose by."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from mag_rotation.choice import Criterion, Standing, compare_figures
from mag_rotation.propose import (
    ClockReading,
    CompareNote,
    LocalHours,
    Option,
    OptionGroup,
    OptionKind,
    RotationTable,
    Share,
)
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
from mag_rotation.report.language import ENGLISH, Language, mark
from mag_rotation.report.sentences import fact_record, figures_record, sentence
from mag_rotation.report.words import BurdenChange, NightHour, find_by_name, name_option, show_offsets, write_count
from mag_rotation.roster import UTC_ZONE, ZoneName
from mag_rotation.series import Slot
from mag_rotation.values import Fact, FactCode

__all__ = [
    "OPTION_COLUMNS",
    "Adopted",
    "ClockRow",
    "comparison_line",
    "cut_line",
    "describe_comparison",
    "describe_slots",
    "explain_options",
    "find_option",
    "in_lines",
    "list_clock_rows",
    "local_section",
    "make_slots_column",
    "options_section",
    "show_clock",
    "show_start",
    "slot_record",
]

_MOST_SLOTS = 12
"""How many slots of a long rotation are named."""
_SLOTS_WIDE, _HOURS_WIDE, _CLOCK_WIDE = 17, 26, 24
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
"""An option of COMPARISON as CSV has it; JSON has its slots, groups, members and local hours as tables of their own."""

_MEMBER_COLUMNS: tuple[Column[Share], ...] = (
    Column(key="id"),
    Column(key="name"),
    Column(key="burden"),
    Column(key="change", read=lambda share: share.burden - share.burden_today),
    Column(key="night_calls"),
)
"""A member of an option, in JSON."""


def describe_comparison(
    context: Context,
    found: RotationTable,
    *,
    shows_all: bool = False,
    is_wide: bool = False,
    shows_members: bool = False,
    adopted: Adopted | None = None,
) -> Report:
    """Describe rotations beside each other, or for people the one that is ``adopted``, if any.

    Tables leave out what another rotation dominates unless ``shows_all``. ``is_wide`` says that they have room for the
    local hours under every rotation. ``shows_members`` adds a row for each member.
    """
    unit, language = context.night_hour(found.request.curve), context.language
    shown = _order(found.options if shows_all else found.shown)
    groups, left_out = _group_sections(context, shown, unit, wanted=found.request.group)
    body = {
        "request": figures_record(found.request.figures),
        "calls": found.calls,
        "options": [_option_record(option) for option in found],
        "recommended": None if found.recommended is None else found.recommended.id,
        "notes": list(map(sentence, found.notes)),
        "note_facts": list(map(fact_record, found.notes)),
    }
    blocked = tuple(_say_blocked(shown, language))
    compared = (
        options_section(shown, unit, lead=unit.explain_in(list(_answer(found, unit))), is_wide=is_wide),
        *([Section(lead=blocked)] if blocked else []),
        *groups,
        *([_members_section(shown, unit)] if shows_members else []),
        _local_section(found, shown, language, is_wide=is_wide),
        Section(notes=(*_footnotes(found, shown, language), *left_out, *context.notes())),
    )
    return Report(
        title=context.title("rotations compared") if adopted is None else context.title("a rotation adopted"),
        sections=compared
        if adopted is None
        else (Section(lead=(_say_adopted(adopted, language),)), *adopted.announced),
        document=context.document(body),
        records=Records.of(OPTION_COLUMNS, found.options, context.versions),
        language=language,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Adopted:
    """A rotation that was put into the plan file ``plan``, and what members are told of it.

    ``is_new`` says that the file had another one before.
    """

    option: Option
    plan: str
    is_new: bool
    announced: Sequence[Section] = ()


def _say_adopted(adopted: Adopted, language: Language) -> str:
    figures = {"plan": adopted.plan, "rotation": _describe(adopted.option, language)}
    if adopted.is_new:
        return language.phrase("{plan} now has the rotation {rotation}.", **figures)
    return language.phrase("{plan} was not changed; it has the rotation {rotation}.", **figures)


def find_option(found: RotationTable, wanted: str, language: Language = ENGLISH) -> Option:
    """Return the option of an id, or of the name that tables show in a language, or in English.

    Raises :class:`UnknownOption` if there is none.
    """
    names = [
        (id_, (name_option(id_, language), name_option(id_), _name(option, language)))
        for option in found
        for id_ in (option.id, *option.also)
    ]
    return found[find_by_name(wanted, names)]


def comparison_line(sought: str, left: float) -> str:
    """Return the state of a comparison: the rotation that is sought, and the seconds left.

    >>> comparison_line("slots-3", 7.4)
    'comparing: looking for the fairest of 3, 7 s left'
    """
    name = name_option(sought)
    return f"comparing: looking for {name if name.startswith('the ') else f'the {name}'}, {max(0, round(left))} s left"


def cut_line(language: Language = ENGLISH, *, unwritten: str | None) -> str:
    """Return what an interrupted comparison gives; ``unwritten`` is the plan file that was to take a rotation."""
    if unwritten is None:
        return language.phrase("interrupted: the rotations are the best so far, not all proven")
    return language.phrase(
        "interrupted: the rotations are the best so far, not all proven; {plan} was not changed", plan=unwritten
    )


def _option_record(option: Option) -> dict[str, object]:
    """Return an option as JSON has it."""
    record = make_record(OPTION_COLUMNS, option)
    del record["starts"]
    return {
        **record,
        "also": list(option.also),
        "blocked": list(option.blocked),
        "slots": [slot_record(slot) for slot in option.slots],
        "by_group": {
            name: {value: _group_record(group) for value, group in values.items()}
            for name, values in option.by_group.items()
        },
        "local": [_local_record(line) for line in option.local],
        "members": [make_record(_MEMBER_COLUMNS, share) for share in option.shares],
    }


def slot_record(slot: Slot) -> dict[str, object]:
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
        "starts": [
            {"at": f"{start.at:%H:%M}", "day_shift": start.day_shift, "in_night": start.in_night}
            for start in line.starts
        ],
    }


def _order(options: Sequence[Option]) -> list[Option]:
    """Return today first, then what is better than today, then the rest, each group by the hardest hit."""

    def place(option: Option) -> tuple[bool, bool, int]:
        return option.kind is not OptionKind.TODAY, not option.dominates_today, option.worst

    return sorted(options, key=place)


def _say_blocked(shown: Sequence[Option], language: Language) -> Iterator[str]:
    """Return who cannot attend a call, for each rotation."""
    for option in shown:
        if option.blocked:
            yield _capital(
                language.phrase(
                    "{rotation} has calls at hours that {members} cannot attend.",
                    rotation=_name(option, language),
                    members=language.join(option.blocked),
                )
            )


def _answer(found: RotationTable, unit: NightHour) -> Iterator[str]:
    """Return what the comparison comes to, in a few sentences."""
    today, best, language = found.current, found.recommended, unit.language
    if best is not None:
        gains = [
            language.translate(_IN_WORDS[one], context="in a sentence")
            for one in compare_figures(best.figures, today.figures).gains
        ]
        yield language.phrase(
            "Better than today {gains}, and worse in nothing that is compared: {rotation}.",
            gains=language.join(gains),
            rotation=_describe(best, language),
        )
    else:
        trades = [option for option in found if not option.dominated and _is_trade(option, today)]
        best = min(trades, key=lambda option: [share.burden for share in option.shares], default=None)
        if any(note.code is CompareNote.NOTHING_TO_ROTATE for note in found.notes):
            yield language.phrase(
                "Today's rotation has one slot, and nobody is in the night at it: there is nothing to rotate."
            )
            if best is None:
                return
        if best is None:
            yield language.phrase(
                "Nothing is better than today's rotation: no other one here spares the hardest hit "
                "more, has fewer calls in the night, or has a smaller total."
            )
            return
        yield language.phrase(
            "Nothing is better than today's rotation for the hardest hit, in calls in the night and in total at once: "
            "each of the others is a trade, which gains in one of these and loses in another."
        )
        rotation = _describe(best, language)
        if best.worst < today.worst:
            yield language.phrase("The one that spares the hardest hit most is {rotation}.", rotation=rotation)
        else:
            yield language.phrase(
                "Today's spares the hardest hit most; of the others it is {rotation}.", rotation=rotation
            )
    yield _compare_figures(best, today, unit)
    yield language.phrase(
        "{members} would bear less than today, {worse} more; {moved} of {calls} would move.",
        members=write_count(best.better, "member", language),
        worse=best.worse,
        moved=best.moved,
        calls=write_count(found.calls, "call", language),
    )


def _compare_figures(best: Option, today: Option, unit: NightHour) -> str:
    """Return in what a rotation gains against today's, and in what it loses."""
    language, judged = unit.language, compare_figures(best.figures, today.figures)
    pairs = {
        Criterion.WORST: language.phrase(
            "the hardest hit bears {now} instead of {before}", now=unit.figure(best.worst), before=unit.say(today.worst)
        ),
        Criterion.NIGHTS: language.phrase(
            "members are in the night {now} instead of {before} times",
            now=language.write_number(best.nights),
            before=language.write_number(today.nights),
        ),
        Criterion.TOTAL: language.phrase(
            "all together bear {now} instead of {before}", now=unit.figure(best.total), before=unit.say(today.total)
        ),
    }
    gains, pays = (language.join([pairs[one] for one in some]) for some in (judged.gains, judged.pays))
    if pays:
        return _capital(language.phrase("{gains}; but {pays}.", gains=gains, pays=pays))
    return _capital(language.phrase("{gains}.", gains=gains))


_IN_WORDS = {
    Criterion.WORST: mark("for the hardest hit", context="in a sentence"),
    Criterion.NIGHTS: mark("in calls in the night", context="in a sentence"),
    Criterion.TOTAL: mark("in total", context="in a sentence"),
}
"""What is compared, in the middle of a sentence."""


def _is_trade(option: Option, today: Option) -> bool:
    return compare_figures(option.figures, today.figures).standing is Standing.TRADE


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _describe(option: Option, language: Language) -> str:
    return language.phrase(
        "{rotation} ({slots})", rotation=_name(option, language), slots=describe_slots(option.slots, language)
    )


def describe_slots(slots: Sequence[Slot], language: Language) -> str:
    """Return slots as a sentence has them, the zone once if all have the same; a long list is cut.

    >>> from dataclasses import replace
    >>> from datetime import time
    >>> five, one = Slot(at=time(5)), Slot(at=time(13))
    >>> describe_slots((five, one), ENGLISH), describe_slots((five, replace(one, zone="Asia/Tokyo")), ENGLISH)
    ('05:00, 13:00 UTC', '05:00 UTC, 13:00 Tokyo')
    """
    zone = slots[0].zone if len({slot.zone for slot in slots}) == 1 else None
    times = language.list_first([_slot_text(slot, zone, language) for slot in slots], _MOST_SLOTS)
    if zone is None:
        return times
    return language.phrase("{slots} {zone}", slots=times, zone=_zone_text(zone, language))


def _name(option: Option, language: Language) -> str:
    return " = ".join(name_option(id_, language) for id_ in (option.id, *option.also))


def _find_common_zone(slots: Iterable[Slot]) -> ZoneName:
    """Return the zone in which most slots are."""
    count = Counter(slot.zone for slot in slots)
    return max(count, key=lambda zone: (count[zone], zone == UTC_ZONE))


def _list_slots(options: Iterable[Option]) -> list[Slot]:
    return [slot for option in options for slot in option.slots]


def _zone_text(zone: ZoneName, language: Language) -> str:
    return "UTC" if zone == UTC_ZONE else language.name_city(zone)


_MONDAY = date(2024, 1, 1)
"""A day from which weekdays are counted."""


def _slot_text(slot: Slot, zone: ZoneName | None, language: Language) -> str:
    """Return when a slot is, with its zone if that is not the one of most slots."""
    day = "" if slot.weekday is None else f"{language.write_weekday(_MONDAY + timedelta(slot.weekday))} "
    return f"{day}{slot.at:%H:%M}" + ("" if slot.zone == zone else f" {_zone_text(slot.zone, language)}")


def in_lines(texts: Sequence[str], width: int | None, language: Language) -> str:
    """Return texts in lines of about so many letters, in one if that is None; a long list is cut.

    >>> in_lines(["05:00", "13:00", "22:00", "06:00"], 17, ENGLISH)
    '05:00 13:00 22:00\\n06:00'
    """
    lines: list[str] = []
    left = len(texts) - _MOST_SLOTS
    more = [language.phrase_count("and {count} more", "and {count} more", left)] if left > 0 else []
    for text in (*texts[:_MOST_SLOTS], *more):
        if lines and (width is None or len(lines[-1]) + 1 + len(text) <= width):
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    return "\n".join(lines)


def options_section(
    shown: Sequence[Option], unit: NightHour, *, lead: tuple[str, ...] = (), is_wide: bool = False
) -> Section:
    """Return one row for each rotation, today's first and what is better with its mark.

    The slots of a rotation stand in one line if ``is_wide``.
    """
    today, language = shown[0], unit.language

    def change(value: int, option: Option) -> str:
        return "-" if option is today else str(value)

    columns: tuple[Column[Option], ...] = (
        _NAME_COLUMN,
        make_slots_column(shown, language, is_wide=is_wide),
        Column(head="hardest", kind=ValueKind.NIGHT_HOURS, read=lambda option: option.worst),
        Column(head="nights", kind=ValueKind.NUMBER, read=lambda option: option.nights),
        Column(head="most", kind=ValueKind.NUMBER, read=lambda option: option.most_nights),
        Column(
            head="better", context="a count", kind=ValueKind.NUMBER, show=lambda option: change(option.better, option)
        ),
        Column(
            head="worse", context="a count", kind=ValueKind.NUMBER, show=lambda option: change(option.worse, option)
        ),
        Column(
            head="moved", context="a count", kind=ValueKind.NUMBER, show=lambda option: change(option.moved, option)
        ),
    )
    return make_section(columns, shown, language, lead=lead, unit=unit)


def make_slots_column(options: Sequence[Option], language: Language, *, is_wide: bool) -> Column[Option]:
    """Return the column of the slots, in the zone of most of them, in lines of few letters unless ``is_wide``."""
    zone, width = _find_common_zone(_list_slots(options)), None if is_wide else _SLOTS_WIDE
    return Column(
        head=_head_slots(zone, language),
        has_own_head=True,
        read=lambda option: in_lines([_slot_text(slot, zone, language) for slot in option.slots], width, language),
    )


def _head_slots(zone: ZoneName, language: Language) -> str:
    return language.phrase("slots ({zone})", zone=_zone_text(zone, language))


def _mark(option: Option) -> str:
    """Return what stands before the name: + for what dominates today, - for what another rotation dominates."""
    if option.dominates_today:
        return "+ "
    return "- " if option.dominated and option.kind is not OptionKind.TODAY else "  "


def _marked_name(option: Option, language: Language) -> str:
    """Return the mark and the name, each name of equal rotations in a line of its own."""
    first, *others = (name_option(id_, language) for id_ in (option.id, *option.also))
    return "\n".join((f"{_mark(option)}{first}", *(f"  = {other}" for other in others)))


_NAME_COLUMN: Column[Option] = Column(head="rotation", tell=_marked_name)


def _group_sections(
    context: Context, shown: Sequence[Option], unit: NightHour, *, wanted: str | None
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Return for each value of a group the hardest hit and who is better and worse off, and what is left out.

    Only the group ``wanted`` is shown, if it is not None. One of many values has a row for each, and only on request.
    """
    today, language = shown[0], context.language
    by_group = {name: values for name, values in today.by_group.items() if wanted is None or name == wanted}
    chosen, left_out = context.choose_groups(by_group, len(today.shares), lambda group: group.size)
    by_name: dict[str, list[str]] = {}
    for name, value, _ in chosen:
        by_name.setdefault(name, []).append(value)
    sections: list[Section] = []
    wide: list[str] = []
    for name, values in by_name.items():
        lead = (language.phrase("The hardest hit by {group}:", group=name),)
        moved = (language.phrase("Better / worse off than today by {group}, in members:", group=name),)
        members = language.phrase("members")
        if len(values) <= _MOST_VALUES and sum(max(len(value), 6) + 2 for value in values) <= _VALUES_WIDE:
            by_value = [_NAME_COLUMN, *(_value_column(name, value) for value in values)]
            sections.append(make_section(by_value, shown, language, lead=lead, unit=unit))
            sizes = [_size_text(today, name, value) for value in values]
            rows = [
                (f"  {members}", *sizes),
                *((_marked_name(one, language), *_changes(one, name, values)) for one in shown[1:]),
            ]
            sections.append(_text_section([language.phrase("rotation"), *values], rows, lead=moved))
        elif context.all_groups:
            by_option = [_value_name(name), *(_option_column(name, option, language) for option in shown)]
            sections.append(make_section(by_option, values, language, lead=lead, unit=unit))
            columns = [_changes(option, name, values) for option in shown[1:]]
            rows = [
                (value, _size_text(today, name, value), *cells) for value, *cells in zip(values, *columns, strict=True)
            ]
            heads = [name, members, *(_name(option, language) for option in shown[1:])]
            sections.append(_text_section(heads, rows, lead=moved))
        else:
            groups = write_count(len(values), "group", language)
            wide.append(language.phrase("{name} ({groups})", name=name, groups=groups))
    if wide:
        told = language.phrase(
            "Too wide for a table of rotations: {groups}. --groups shows all.", groups=language.join(wide)
        )
        left_out = (*left_out, told)
    return tuple(sections), left_out


def _size_text(option: Option, name: str, value: str) -> str:
    return str(option.by_group[name][value].size)


def _changes(option: Option, name: str, values: Sequence[str]) -> tuple[str, ...]:
    """Return how many members of each value bear less than today, and how many more."""
    groups = option.by_group.get(name, {})
    return tuple(f"{groups[value].better} / {groups[value].worse}" if value in groups else "-" for value in values)


def _text_section(heads: Sequence[str], rows: Iterable[Sequence[str]], *, lead: tuple[str, ...]) -> Section:
    """Return a table of texts, all but the first column to the right."""
    first, *others = heads
    return Section(
        lead=lead,
        heads=(Head(first), *(Head(head, kind=ValueKind.NUMBER) for head in others)),
        rows=tuple(tuple(map(Cell, row)) for row in rows),
    )


def _members_section(shown: Sequence[Option], unit: NightHour) -> Section:
    """Return a row for each member, worst today first: burden, change against today and nights under each rotation."""
    by_id = [{share.id: share for share in option.shares} for option in shown]
    language = unit.language

    def read(share: Share, *, is_today: bool) -> str:
        change = unit.change_figure(BurdenChange(burden=share.burden, before=share.burden_today))
        return f"{unit.figure(share.burden)}{'' if is_today else f' {change}'}, {share.night_calls}"

    rows = [
        (share.id, *(read(shares[share.id], is_today=not place) for place, shares in enumerate(by_id)))
        for share in shown[0].shares
    ]
    lead = (language.phrase("By member: night-hours, the change against today, and calls in the night:"),)
    heads = [language.phrase("member"), *(_name(option, language) for option in shown)]
    return _text_section(heads, rows, lead=lead)


def _value_name(name: str) -> Column[str]:
    return Column(head=name, read=lambda value: value, has_own_head=True)


def _option_column(name: str, option: Option, language: Language) -> Column[str]:
    def read(value: str) -> int | None:
        group = option.by_group.get(name, {}).get(value)
        return None if group is None else group.worst

    return Column(head=_name(option, language), kind=ValueKind.NIGHT_HOURS, read=read, missing="-", has_own_head=True)


def _value_column(name: str, value: str) -> Column[Option]:
    def read(option: Option) -> int | None:
        group = option.by_group.get(name, {}).get(value)
        return None if group is None else group.worst

    return Column(head=value, kind=ValueKind.NIGHT_HOURS, read=read, missing="-", has_own_head=True)


def _local_section(found: RotationTable, shown: Sequence[Option], language: Language, *, is_wide: bool) -> Section:
    """Return the local hours on each clock under the rotations, or under as many as fit a terminal."""
    best = found.recommended or (shown[1] if len(shown) > 1 else None)
    beside = list(shown) if is_wide else [option for option in shown if option in (found.current, best)][:_BESIDE]
    left = len(shown) - len(beside)
    more = (
        language.phrase_count(
            "Markdown and HTML have those of {count} more rotation.",
            "Markdown and HTML have those of {count} more rotations.",
            left,
        )
        if left
        else ""
    )
    return local_section(beside, language, is_wide=is_wide, more=more)


def local_section(options: Sequence[Option], language: Language, *, is_wide: bool = False, more: str = "") -> Section:
    """Return the local starts of slots on each clock, beside each other; ``more`` says where others are."""
    width = None if is_wide else _HOURS_WIDE
    sentences = [
        language.phrase(
            "Local starts by clock, with the number of members; +1 is a day after the date in UTC, -1 a day before."
        ),
        *([language.phrase("* is in the night of more than half of them.")] if _has_nights(options) else []),
        *([more] if more else []),
    ]
    return Section(
        lead=(" ".join(sentences),) if is_wide else tuple(sentences),
        heads=(Head(language.phrase("local start")), *(Head(_name(option, language)) for option in options)),
        rows=(
            _slots_row(options, width, language),
            *(
                (
                    Cell(show_clock(row, language, is_wide=is_wide)),
                    *(
                        Cell(in_lines([show_start(start) for start in starts], width, language))
                        for starts in row.starts
                    ),
                )
                for row in list_clock_rows(options)
            ),
        ),
    )


def _has_nights(options: Sequence[Option]) -> bool:
    return any(start.in_night for option in options for line in option.local for start in line.starts)


def _slots_row(options: Sequence[Option], width: int | None, language: Language) -> tuple[Cell, ...]:
    """Return the slots themselves, in the zone of most of them."""
    zone = _find_common_zone(_list_slots(options))
    slots = ([_slot_text(slot, zone, language) for slot in option.slots] for option in options)
    return (Cell(_head_slots(zone, language)), *(Cell(in_lines(texts, width, language)) for texts in slots))


_Period: TypeAlias = tuple[date | None, date | None]
"""The rule dates of the first call and the last one; None at the ends of the season."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockRow:
    """The local starts of members on one clock under some rotations, for the calls in some periods.

    ``is_first`` says that no row of the same clock stands above it. ``offsets`` are the minutes that the clock is ahead
    of UTC, for one whose zones are not named.
    """

    zones: tuple[ZoneName, ...]
    members: int
    is_first: bool
    periods: tuple[_Period, ...]
    starts: tuple[tuple[ClockReading, ...], ...]
    offsets: tuple[int, ...] = ()


def list_clock_rows(options: Sequence[Option]) -> Iterator[ClockRow]:
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
            yield ClockRow(zones=zones, members=own[0].members, is_first=not place, periods=tuple(found), starts=starts)


def _by_zones(option: Option) -> dict[tuple[ZoneName, ...], list[LocalHours]]:
    found: dict[tuple[ZoneName, ...], list[LocalHours]] = {}
    for line in option.local:
        found.setdefault(line.zones, []).append(line)
    return found


def show_clock(row: ClockRow, language: Language, *, is_wide: bool) -> str:
    """Return the cities of a clock, for which calls if it changes, and how many members live by it."""
    cities = list(dict.fromkeys(map(language.name_city, row.zones))) or [show_offsets(row.offsets, language)]

    def show_place(shown: int) -> str:
        names = language.join_first(cities, shown)
        return language.add_brackets(names, row.members) if row.is_first else names

    first, *others = (_period_text(period, language) for period in row.periods)
    shown = min(len(cities), _MOST_CITIES)
    while shown > 1 and not is_wide and len(show_place(shown)) > _CLOCK_WIDE:
        shown -= 1
    place = show_place(shown)
    is_long = not is_wide and len(f"{place} {first}".rstrip()) > _CLOCK_WIDE
    heads = (place, first) if is_long and first else (f"{place} {first}".rstrip(),)
    more = [language.phrase("and {period}", period=text) for text in others]
    if len(more) > 1:
        more = [language.phrase_count("and {count} more time", "and {count} more times", len(others))]
    return "\n".join((*heads, *more))


def _period_text(period: _Period, language: Language) -> str:
    """Return for which calls hours are meant; empty for all of them."""
    first, last = (None if day is None else language.write_short_day(day) for day in period)
    if first and last:
        if first == last:
            return language.phrase("on {date}", date=first)
        return language.phrase("{first} to {last}", first=first, last=last)
    if first:
        return language.phrase("from {date}", date=first)
    return language.phrase("to {date}", date=last) if last else ""


def show_start(start: ClockReading) -> str:
    return f"{start.at:%H:%M}{f'{start.day_shift:+d}' if start.day_shift else ''}{'*' if start.in_night else ''}"


def explain_options(shown: Sequence[Option], language: Language) -> Iterator[str]:
    """Return what the marks and heads of :func:`options_section` mean."""
    if any(option.dominates_today for option in shown):
        yield language.phrase(
            "+ better than today for the hardest hit, in calls in the night or in total, and worse in none of these."
        )
    if any(option.dominated and option.kind is not OptionKind.TODAY for option in shown):
        yield language.phrase("- another rotation is no worse in any of these, and better in one.")
    if any(option.kind is OptionKind.KNEE or "knee" in option.also for option in shown):
        yield language.phrase("the knee: from there on, sparing the hardest hit costs ever more in total.")
    yield language.phrase(
        "hardest: what the member bears who bears most; nights: the calls in the night of all members, most: of one; "
        "better, worse: members who bear less than today, and more; moved: calls that start at another time."
    )


def _footnotes(found: RotationTable, shown: Sequence[Option], language: Language) -> Iterator[str]:
    """Return what the marks and heads mean, what is not proven, and which rotations are left out."""
    yield from explain_options(shown, language)
    unproven = [_name(option, language) for option in shown if not option.proven and not option.is_asked_for]
    if unproven:
        yield language.phrase(
            "Not proven to be the best of its kind: {rotations}; more time may find a better one.",
            rotations=language.join(unproven),
        )
    left = [_name(option, language) for option in found if option not in shown]
    if left:
        yield language.phrase(
            "Not shown, because another rotation dominates it, so is worse in none of these and better in one: "
            "{rotations}; --all shows all.",
            rotations=language.join(left),
        )
    by_code: dict[tuple[FactCode, bool], list[str]] = {}
    for note in found.notes:
        if "option" in note.figures:
            id_ = str(note.figures["option"])
            by_code.setdefault((note.code, id_.startswith("alternative-")), []).append(id_)
    for (code, _), ids in by_code.items():
        text = sentence(Fact.of(code, option=tuple(ids)), language=language)
        yield language.phrase("{sentence}.", sentence=text)
