"""The sentence of every fact, in a catalogue by code.

A template names figures of its fact in braces. Lists of names become "a, b and c", instants their UTC date and hour,
and facts their own sentence; what is written behind a colon says how else a figure is written. The catalogues of other
languages translate the templates, and may write other words behind the colon. A function makes the sentence of a fact
whose figures have to be put together first. The figures of findings about a proposal file are those of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter
from typing import TypeAlias

from mag_rotation.errors import quote_value
from mag_rotation.report.language import ENGLISH, Language, mark
from mag_rotation.report.words import NightHour, name_option, write_count, write_points
from mag_rotation.series import Weekday
from mag_rotation.values import Fact, Figure

__all__ = [
    "SENTENCES",
    "Cases",
    "Plural",
    "Template",
    "Together",
    "fact_record",
    "figures_record",
    "sentence",
    "warning_line",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plural:
    """Two forms of a template, of which the number or the length of the figure ``by`` chooses one, and its language."""

    by: str
    one: str
    many: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Cases:
    """Templates by the value of the figure ``by``, which is None if there is none, and the one for all other values."""

    by: str
    when: Mapping[Figure, Template]
    otherwise: Template


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """Templates of sentences that follow each other; empty ones are left out."""

    parts: tuple[Template, ...]


class Words(Formatter):
    """Puts facts into sentences of a language, burdens in ``unit``; without a unit they are point-minutes."""

    def __init__(self, unit: NightHour | None, language: Language) -> None:
        self.unit = unit
        self.language = language

    def phrase(self, template: str, /, **figures: object) -> str:
        """Return the sentence of a template; figures are written as those of facts are."""
        return self.vformat(self.language.translate(template), (), figures)

    def phrase_count(self, one: str, many: str, count: int, /, **figures: object) -> str:
        """Return the sentence for a count, which the template has as ``{count}`` or not at all."""
        return self.vformat(self.language.translate_count(one, many, count), (), {"count": count, **figures})

    def fill(self, template: Template, fact: Fact) -> str:
        """Return the text of a template with the figures of a fact."""
        match template:
            case "":
                return ""
            case str():
                return self.phrase(template, **fact.figures)
            case Cases(by=by, when=when, otherwise=otherwise):
                return self.fill(when.get(fact.figures.get(by), otherwise), fact)
            case Plural(by=by, one=one, many=many):
                value = fact.figures[by]
                count = len(value) if isinstance(value, tuple) else value if isinstance(value, int) else 0
                return self.vformat(self.language.translate_count(one, many, count), (), fact.figures)
            case Together(parts=parts):
                return " ".join(filter(None, (self.fill(part, fact) for part in parts)))
            case _:
                return template(fact, self)

    def format_field(self, value: object, format_spec: str) -> str:
        return self.language.keep_order(self._write_figure(value, format_spec))

    def _write_figure(self, value: object, format_spec: str) -> str:
        match value:
            case Fact():
                return self.fill(SENTENCES[value.code], value)
            case tuple():
                return self._list_values(value, format_spec)
            case int() if format_spec:
                return self._show_number(value, format_spec)
            case str() if format_spec == "quoted":
                return quote_value(value)
            case datetime() if format_spec in {"", "%Y-%m-%d %H:%M"}:
                return self.language.say_moment(value, has_weekday=not format_spec)
            case _:
                return format(value if format_spec else self.language.say(value), format_spec)

    def _show_number(self, value: int, format_spec: str) -> str:
        way, _, noun = format_spec.partition(" ")
        if way == "count":
            return write_count(value, noun, self.language)
        if way == "burden":
            return write_points(value, self.language) if self.unit is None else self.unit.say(value)
        return _NUMBERS[way](value, self.language)

    def _list_values(self, values: tuple[int, ...] | tuple[str | Fact, ...], way: str) -> str:
        """Return several figures as a sentence has them."""
        names = [self.fill(SENTENCES[value.code], value) if isinstance(value, Fact) else str(value) for value in values]
        return _NAMES[way](names, self.language)


Template: TypeAlias = str | Plural | Cases | Together | Callable[[Fact, Words], str]


_CUTS: Mapping[str, str] = {
    "time": mark("The time limit ended the search before everything was looked at."),
    "interrupted": mark("The search was interrupted before everything was looked at."),
    "memory": mark("A search that leaves no rotation out did not fit into memory."),
}


def _list_lines(lines: Sequence[str], language: Language, most: int = 5) -> str:
    """Return the numbers of lines as they stand behind a sentence; empty if there are none."""
    if not lines:
        return ""
    shown = language.join(lines)
    if len(lines) > most:
        shown = language.phrase("{lines} and more", lines=language.write_list(lines[:most]))
    return language.phrase_count(": line {lines}", ": lines {lines}", len(lines), lines=shown)


def _say_dates(dates: Sequence[str], language: Language) -> list[str]:
    """Return dates, which a fact has as ISO 8601 writes them, as a sentence has them."""
    return [language.say_date(date.fromisoformat(day)) for day in dates]


_NAMES: Mapping[str, Callable[[Sequence[str], Language], str]] = {
    "": lambda names, language: language.join_first(names),
    "all": lambda names, language: language.join(names),
    "or": lambda names, language: language.join_or(names),
    "quoted": lambda names, language: language.list_first(list(map(repr, names)), 10),
    "constraints": lambda names, language: language.join([language.phrase("'{name}'", name=name) for name in names]),
    "three": lambda dates, language: language.list_first(_say_dates(dates, language), 3),
    "calls": lambda dates, language: language.phrase_count(
        "the call of {dates}", "the calls of {dates}", len(dates), dates=language.join(_say_dates(dates, language))
    ),
    "lines": _list_lines,
    "cuts": lambda cuts, language: " ".join(language.translate(_CUTS[cut]) for cut in cuts),
}
"""How a template lists names, by what it writes behind the colon."""


def _short_length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}min"
    return f"{hours}h{f'{rest}min' if rest else ''}"


def _write_times(count: int, language: Language) -> str:
    if count == 1:
        return language.phrase("once")
    if count == 2:
        return language.phrase("twice running")
    return language.phrase_count("{count} time running", "{count} times running", count)


def _write_offset(hours: int, language: Language) -> str:
    if hours > 0:
        return language.phrase_count("{count} hour ahead of UTC", "{count} hours ahead of UTC", hours)
    return language.phrase_count("{count} hour behind UTC", "{count} hours behind UTC", -hours)


_NUMBERS: Mapping[str, Callable[[int, Language], str]] = {
    ",": lambda number, language: language.write_number(number),
    "away": lambda minutes, language: language.write_difference(minutes),
    "length": lambda minutes, language: language.write_short_length(minutes),
    "short": lambda minutes, _: _short_length(minutes),
    "times": _write_times,
    "clock": _write_offset,
}
"""How a template writes a number, by what it writes behind the colon; ``count`` and a noun writes a number of these."""


def sentence(fact: Fact, unit: NightHour | None = None, *, language: Language | None = None) -> str:
    """Return a fact in words, burdens in ``unit``; without a unit they are point-minutes.

    The language is that of the unit if it is not given, and English without a unit.

    >>> from datetime import date
    >>> from mag_rotation.plan.season import SeasonWarning
    >>> sentence(Fact.of(SeasonWarning.LATE_CALL, date=date(2026, 9, 1)))[:39]
    'the call of 2026-09-01 is of the last s'
    """
    if language is None:
        language = ENGLISH if unit is None else unit.language
    return Words(unit, language).fill(SENTENCES[fact.code], fact)


def warning_line(fact: Fact, language: Language = ENGLISH) -> str:
    """Return the line about a warning, where no table shows it."""
    return language.phrase("warning: {sentence}", sentence=sentence(fact, language=language))


def fact_record(fact: Fact) -> dict[str, object]:
    """Return a fact as JSON has it: its code and its figures, instants in UTC."""
    return {"code": str(fact.code), **figures_record(fact.figures)}


def figures_record(figures: Mapping[str, Figure]) -> dict[str, object]:
    """Return figures as JSON has them; a fact among them is a table of its own figures."""
    return {name: _plain(value) for name, value in figures.items()}


def _plain(value: Figure) -> object:
    match value:
        case Fact():
            return figures_record(value.figures)
        case Weekday():
            return value.name
        case tuple():
            return [
                fact_record(one) if isinstance(one, Fact) else one if isinstance(one, int) else str(one)
                for one in value
            ]
        case datetime():
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        case None | bool() | int() | float():
            return value
        case _:
            return str(value)


def _tell_roles(fact: Fact, words: Words) -> str:
    pairs = zip(_names(fact, "members"), _names(fact, "roles"), strict=True)
    who = tuple(words.phrase("{member} ({role})", member=member, role=role) for member, role in pairs)
    return words.phrase("{members} must be awake and would be in the night", members=who)


def _names(fact: Fact, name: str) -> tuple[str, ...]:
    value = fact.figures[name]
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _number(fact: Fact, name: str) -> int:
    value = fact.figures[name]
    return value if isinstance(value, int) else 0


_ASKED: Mapping[str, str] = {
    "weekdays": mark("weekdays {value:or}"),
    "from": mark("from {value}"),
    "keep": mark("keep {value}"),
    "group": mark("group {value}"),
    "left_out": mark("left out {value:all}"),
    "windows": mark("windows {value:or}"),
    "utc_windows": mark("utc windows {value:or}"),
    "quorum": mark("quorum {value}"),
    "awake": mark("awake {value:all}"),
    "most_nights": mark("most nights {value}"),
    "no_night_twice": mark("no night twice"),
    "gap": mark("gap {value:length}"),
    "distinct": mark("distinct"),
    "cap": mark("cap {value:count point-minute}"),
    "stay": mark("stay {value:all}"),
    "curve": mark("curve {value}"),
}
"""Parts of a request in words; the others are in the sentence anyway, or have one of their own."""


def _tell_asked(fact: Fact, words: Words) -> str:
    """Return what was asked for, so that an answer can be read without its question."""
    figures = fact.figures
    texts = [
        words.phrase("a slot for each call")
        if figures["slots"] is None
        else words.phrase("{slots:count slot}", **figures),
        words.phrase("starting every {grid:length} in {zone}", **figures),
    ]
    for name, value in figures.items():
        is_usual = value in (None, ()) or value is False or (name, value) == ("keep", 0)
        if name in _ASKED and not is_usual:
            texts.append(words.phrase(_ASKED[name], value=value))
    return words.phrase("Asked for: {parts}.", parts=words.language.write_list(texts))


_EXACT = 10**12
"""Up to here a number of rotations is written out."""


def _tell_choice(fact: Fact, words: Words) -> str:
    slots, starts = _number(fact, "slots"), _number(fact, "starts")
    rotations = starts**slots
    if rotations > _EXACT:
        return words.phrase(
            "{slots:count slot} with {starts:count possible start} each make more than 10^{digits} rotations.",
            slots=slots,
            starts=starts,
            digits=len(str(rotations)) - 1,
        )
    return words.phrase(
        "{slots:count slot} with {starts:count possible start} each make {rotations:count rotation}.",
        slots=slots,
        starts=starts,
        rotations=rotations,
    )


def _tell_bound(fact: Fact, words: Words) -> str:
    """Return how far a rotation is from the least possible."""
    worst, bound = _number(fact, "worst"), _number(fact, "bound")
    if worst == bound:
        return words.phrase("No rotation that keeps what was asked has a worst below {bound:burden}.", bound=bound)
    if not bound:
        return words.phrase("How far that is from the least possible is not known: no bound above 0 was proven.")
    percent = words.language.write_number(100 * (worst - bound) / bound, 1)
    if fact.figures["reached"]:
        return words.phrase(
            "The least possible is {bound:burden}; this worst is {percent} % above that.", bound=bound, percent=percent
        )
    return words.phrase(
        "Less than {bound:burden} is proven impossible; this worst is {percent} % above that.",
        bound=bound,
        percent=percent,
    )


_WEIGHTS = 8
"""How many weights a sentence names; documents have them all."""


def _tell_weights(fact: Fact, words: Words) -> str:
    pairs = zip(_names(fact, "members"), _names(fact, "weights"), strict=True)
    weights = [f"{member} {weight}" for member, weight in pairs]
    return words.phrase_count(
        "Weigh this member so: {weights}.",
        "Weigh these {count} members so: {weights}.",
        len(weights),
        weights=words.language.join_first(weights, _WEIGHTS),
    )


def _change_of(fact: Fact, name: str, other: str) -> float | None:
    """Return how much more or less a figure is than another one, in percent; None if the other one is 0."""
    now, before = _number(fact, name), _number(fact, other)
    return 100 * (now - before) / before if before else None


def _tell_percent(percent: float, words: Words) -> str:
    number = words.language.write_number(abs(percent), 1)
    return words.language.sign(f"{'-' if f'{percent:+.1f}'[0] == '-' else '+'}{number}")


def _tell_change(fact: Fact, name: str, words: Words, template: str) -> str:
    """Return how much more or less a figure is than that of today or of the proposal, by a template for the percent."""
    other = f"{name}_today" if f"{name}_today" in fact.figures else f"own_{name}"
    percent = _change_of(fact, name, other)
    if percent is not None:
        return words.phrase(template, percent=_tell_percent(percent, words))
    return words.phrase("instead of nothing") if fact.figures[name] else words.phrase("as before")


_AGAINST_PLAN = mark("{percent} % against the plan")
_AGAINST_PROPOSAL = mark("{percent} % against the proposal")
_PERCENT = mark("{percent} %")


def _tell_today(fact: Fact, words: Words) -> str:
    """Return a rotation beside the plan's."""
    figures = fact.figures
    if all(figures[name] == figures[f"{name}_today"] for name in ("worst", "total")):
        return words.phrase(
            "The worst-off bears {worst:burden}, of {total:burden} in total, as the plan stands too.", **figures
        )
    return words.phrase(
        "As the plan stands the worst-off bears {worst_today:burden}, of {total_today:burden} in total; here it is "
        "{worst:burden} ({worst_change}), of {total:burden} ({total_change}).",
        **figures,
        worst_change=_tell_change(fact, "worst", words, _AGAINST_PLAN),
        total_change=_tell_change(fact, "total", words, _AGAINST_PLAN),
    )


def _tell_recommended(fact: Fact, words: Words) -> str:
    """Return a rotation that is recommended instead of the proposed one, with the figures that differ."""
    figures, language = fact.figures, words.language
    worst, own_worst, nights, own_nights, total, own_total = (
        _number(fact, name) for name in ("worst", "own_worst", "nights", "own_nights", "total", "own_total")
    )
    texts = []
    if worst != own_worst:
        now, before = _say_apart(worst, own_worst, words)
        texts.append(language.phrase("hardest hit {now} instead of {before}", now=now, before=before))
    if nights != own_nights:
        texts.append(
            language.phrase_count(
                "{now} instead of {before} call in the night",
                "{now} instead of {before} calls in the night",
                own_nights,
                now=language.write_number(nights),
                before=language.write_number(own_nights),
            )
        )
    if total != own_total:
        now, before = _say_apart(total, own_total, words)
        texts.append(language.phrase("in total {now} instead of {before}", now=now, before=before))
    return words.phrase(
        "Recommended is another rotation, {slots:all}: {differences}. What was asked for stays the best by its own "
        "order.",
        slots=figures["slots"],
        differences=language.write_list(texts),
    )


def _say_apart(burden: int, other: int, words: Words) -> tuple[str, str]:
    """Return two burdens as a sentence compares them."""
    if words.unit is None:
        return write_points(burden, words.language), write_points(other, words.language)
    return words.unit.say_apart(burden, other)


_FRONTIER = "In each of these, neither figure can be smaller without the other being larger."
"""What a frontier is."""


def _tell_row(fact: Fact, words: Words) -> str:
    """Return a rotation of the frontier beside the proposed one."""
    is_knee = fact.figures["row"] == "knee"
    worst, total = (
        _tell_change(fact, name, words, _PERCENT if is_knee and name == "worst" else _AGAINST_PROPOSAL)
        for name in ("worst", "total")
    )
    figures = {**fact.figures, "worst_change": worst, "total_change": total}
    if fact.figures["row"] == "cheapest" and fact.figures["complete"]:
        return words.phrase(
            "The cheapest rotation has a total of {total:burden} ({total_change}), the least possible, and a worst of "
            "{worst:burden} ({worst_change}).",
            **figures,
        )
    if fact.figures["row"] == "cheapest":
        return words.phrase(
            "The cheapest rotation has a total of {total:burden} ({total_change}), the least found, and a worst of "
            "{worst:burden} ({worst_change}).",
            **figures,
        )
    if fact.figures["row"] == "fairest":
        return words.phrase(
            "The rotation that spares the worst-off most has a worst of {worst:burden} ({worst_change}) and a total of "
            "{total:burden} ({total_change}).",
            **figures,
        )
    if all(fact.figures[name] == fact.figures[f"own_{name}"] for name in ("worst", "total")):
        return words.phrase(
            "The knee, the rotation from which on sparing the worst-off costs ever more in total, is at a worst of "
            "{worst:burden} and a total of {total:burden} (this rotation).",
            **figures,
        )
    return words.phrase(
        "The knee, the rotation from which on sparing the worst-off costs ever more in total, is at a worst of "
        "{worst:burden} and a total of {total:burden} ({worst_change} and {total_change}).",
        **figures,
    )


def _name_slot(fact: Fact, words: Words) -> str:
    """Return the start of a slot, with its weekday, label and length if it has them."""
    weekday, label, minutes = (fact.figures.get(name) for name in ("weekday", "label", "duration"))
    name = _name_start(fact)
    if weekday is not None:
        name = words.phrase("{start} on {weekday}", start=name, weekday=weekday)
    more = [str(label)] * (label is not None)
    more += [words.language.write_short_length(minutes)] if isinstance(minutes, int) else []
    return words.phrase("{slot} ({details})", slot=name, details=words.language.write_list(more)) if more else name


def _name_start(slot: Fact) -> str:
    return f"{slot.figures['at']} {slot.figures['zone']}"


def _tell_stay(fact: Fact, words: Words) -> str:
    slot = fact.figures["stay"]
    return words.phrase("the slot {slot} stays", slot=_name_start(slot) if isinstance(slot, Fact) else slot)


def _tell_fairest_slot(fact: Fact, words: Words) -> str:
    figures = fact.figures
    when = (
        words.phrase("as planned") if figures["start"] == figures["planned"] else words.phrase("{start} UTC", **figures)
    )
    verdict = words.language.translate(_VERDICTS[str(figures["verdict"])])
    if figures["choices"] == 1:
        return words.phrase(
            "The only slot for the call of {date}, planned for {planned} UTC, is {slot}: {when}, {verdict}.",
            **{**figures, "when": when, "verdict": verdict},
        )
    return words.phrase(
        "The fairest of {choices} slots for the call of {date}, planned for {planned} UTC, is {slot}: {when}, "
        "{verdict}.",
        **{**figures, "when": when, "verdict": verdict},
    )


_VERDICTS = {
    "good": mark("a good time"),
    "acceptable": mark("an acceptable time"),
    "poor": mark("but check calls it a poor time"),
}
"""What is said of a recommended slot, in the sentence that recommends it."""


_CLAIMS: Mapping[str, str] = {
    "bound": mark("no rotation has a worst below {bound:burden}"),
    "order": mark("no rotation is better by the order that was asked for"),
    "frontier": mark("the frontier is complete"),
    "price": mark("the prices of the constraints are right"),
}


def _tell_claims(fact: Fact, words: Words) -> str:
    claims = words.language.write_parts(
        [words.phrase(_CLAIMS[claim], **fact.figures) for claim in _names(fact, "claims")]
    )
    return words.phrase("Claimed beyond the certificate, for --search to prove again: {all_claims}.", all_claims=claims)


_LETTERS = 50
"""How many letters of a text are shown where it differs from another."""


def show_value(value: object, at: int = 0, language: Language = ENGLISH) -> str:
    """Return a value as JSON writes it, texts from a letter on."""
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case str():
            return quote_value(value[at : at + _LETTERS])
        case Mapping():
            return language.phrase("a table")
        case list():
            return language.phrase("a list of {length}", length=len(value))
        case _:
            return quote_value(value)


def _tell_difference(fact: Fact, words: Words) -> str:
    found, right = fact.figures["found"], fact.figures["right"]
    at = _find_first_difference(found, right)
    figures = {
        "place": fact.figures["place"],
        "found": show_value(found, at, words.language),
        "right": show_value(right, at, words.language),
    }
    if at:
        return words.phrase("{place}: found from letter {letter} on {found}, counted {right}", letter=at + 1, **figures)
    return words.phrase("{place}: found {found}, counted {right}", **figures)


def _find_first_difference(one: Figure, other: Figure) -> int:
    """Return where two long texts begin to differ; 0 for everything else."""
    if not isinstance(one, str) or not isinstance(other, str) or max(len(one), len(other)) <= _LETTERS:
        return 0
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _tell_wrong_name(fact: Fact, words: Words) -> str:
    return words.phrase(
        "{place}: found {found}; in the plan the name of this slot is {right}",
        place=fact.figures["place"],
        found=show_value(fact.figures["found"], language=words.language),
        right=show_value(fact.figures["right"], language=words.language),
    )


def _tell_unknown_member(fact: Fact, words: Words) -> str:
    return words.phrase(
        "{place}: found {found}, who does not count",
        place=fact.figures["place"],
        found=show_value(fact.figures["found"], language=words.language),
    )


def _tell_disproved(fact: Fact, words: Words) -> str:
    figures = {"place": fact.figures["place"], "found": show_value(fact.figures["found"], language=words.language)}
    if fact.figures["right"] is None:
        return words.phrase("{place}: found {found}, disproved by a search", **figures)
    return words.phrase(
        "{place}: found {found}, disproved by a search: a rotation has a worst of {right}",
        right=fact.figures["right"],
        **figures,
    )


_SHIFT = Plural(
    by="less",
    one="{less} member would bear less than now, {same} the same and {more} more.",
    many="{less} members would bear less than now, {same} the same and {more} more.",
)


def _explain_no_rotation(what: str) -> Template:
    """Return the template of why there is no rotation, or no free schedule."""
    return Cases(
        by="proven",
        when={False: f"No {what} was found in the time that there was; that there is none is not proven."},
        otherwise=Cases(
            by="conflict",
            when={(): f"The calls that stay as they are already break what was asked, whatever {what} is chosen."},
            otherwise=Together(
                parts=(
                    Plural(
                        by="conflict",
                        one=f"{{conflict:constraints}} cannot be kept by any {what}.",
                        many=f"These cannot be held together by any {what}: {{conflict:constraints}}.",
                    ),
                    _tell_smallest,
                )
            ),
        ),
    )


def _tell_smallest(fact: Fact, words: Words) -> str:
    """Return that a conflict of several constraints is a smallest one, if it is."""
    if not fact.figures["smallest"] or len(_names(fact, "conflict")) < 2:
        return ""
    return words.phrase("Without any one of them the others can be.")


_NOTES: Mapping[str, Template] = {
    # lines of a calendar file
    "line_without_property": "lines that are not a property (a name, a colon and a value) were left out",
    "line_outside_calendar": "lines outside BEGIN:VCALENDAR and END:VCALENDAR were left out",
    "event_outside_calendar": "events that stand in no calendar (BEGIN:VCALENDAR) were read as if they stood in one",
    "end_without_begin": "END lines that end nothing were left out",
    "component_without_end": "components without an END line were ended where the one around them ends",
    "line_not_utf8": "lines that are not UTF-8 were read as Windows-1252",
    "property_unreadable": "{property} that cannot be read was left out",
    "clock_rule_incomplete": "{component} without {property} stands in a VTIMEZONE",
    # times and zones
    "tzid_beside_utc": (
        "a TZID beside a time in UTC (Z) was not read: the Z counts, as RFC 5545 has it, though some programs object "
        "to it"
    ),
    "property_without_zone": "{property} without a zone was read in the zone of DTSTART",
    "times_without_zone": "times without a zone were read on the clock of {zone}",
    "tzid_and_vtimezone_disagree": (
        "the TZID {tzid:quoted} and its VTIMEZONE disagree, and the name was taken: {wall:%Y-%m-%d %H:%M} is "
        "{by_zone:%Y-%m-%dT%H:%MZ} by {zone} and {by_vtimezone:%Y-%m-%dT%H:%MZ} by the VTIMEZONE; --zone says otherwise"
    ),
    "tzid_read": Cases(
        by="basis",
        when={
            "rules": "the TZID {tzid:quoted} was read by its VTIMEZONE, which agrees with no zone of tzdata",
            "guess": "the TZID {tzid:quoted} was read by its VTIMEZONE, as {zone}",
        },
        otherwise="the TZID {tzid:quoted} was read as {zone}",
    ),
    # events
    "all_day_events": "all-day events were left out, since a call starts at an hour",
    "events_without_whole_minutes": (
        "events that do not start or end on a whole minute, or last none or more than a week, were left out"
    ),
    "events_outside_years": "events outside the years 1900 to 2999 were left out",
    "range_this_and_future": (
        "RANGE=THISANDFUTURE was read as a change of that call and all later ones, as RFC 5545 has it; not all "
        "programs do"
    ),
    "range_read_as_one_call": "a RANGE other than THISANDFUTURE was read as a change of that one call",
    "change_of_no_call": (
        "changes to a call that its series does not have (RECURRENCE-ID) were taken as calls, as some programs take "
        "them"
    ),
    "start_off_its_rule": (
        "series that start on a date their own rule does not give were taken to start there, as RFC 5545 has it"
    ),
    "exdate_without_zone": (
        "EXDATE without a zone (as in EXDATE;TZIP=) was read in the zone of DTSTART; strict programs show those calls"
    ),
    "exdate_of_whole_day": "EXDATE of a whole day was read as the call of that day; strict programs show it",
    "recurrence_id_of_whole_day": (
        "RECURRENCE-ID of a whole day was read as the call of that day; strict programs change none"
    ),
    "exrule_read": "EXRULE was read as RFC 2445 has it; most programs do not know it any more",
    "until_without_hour": (
        "UNTIL without an hour was read as the midnight that begins its day, as most programs read it: a call on that "
        "day is not there"
    ),
    "duration_beside_end": "DURATION beside DTEND was not read: DTEND counts",
    "rule_inside_change": "rules and dates inside the change of one call were not read",
    "older_versions": "older versions of an event (SEQUENCE, DTSTAMP) were left out",
    "events_share_uid": (
        "events with one UID and no SEQUENCE or DTSTAMP that says which of them counts were all taken"
    ),
    "status_unknown": "the STATUS {status:quoted} is none, and was not read",
    "cancelled_in_title": "events with 'cancelled' in their title were read as held",
    "property_misspelt": "{property} is not a property of iCalendar and was not read; {intended}, perhaps",
    "property_without_value": "{property} without a value was left out",
    "status_misspelt": "a misspelt STATUS was read as CANCELLED",
    "cancelled_by_method": "events of a calendar with METHOD:CANCEL were read as cancelled, without STATUS:CANCELLED",
    "cancelled_by_title": (
        "events whose title begins with 'Canceled:' were read as cancelled, whatever their STATUS is"
    ),
    # what a plan does not adopt
    "attendees_left_out": ("attendees were left out; who takes part is written in [[members]] tables or in a roster"),
    "organizers_left_out": "organizers were left out; meeting.organizer names who invites",
    "attachments_left_out": "attachments were left out",
    "conferences_left_out": "CONFERENCE links were left out; meeting.url is the link of all calls",
    "alarms_left_out": "alarms were left out",
    "descriptions_left_out": "descriptions that differ from call to call were left out",
    "tasks_left_out": "tasks were left out",
    "journal_entries_left_out": "journal entries were left out",
    "busy_times_left_out": "busy times were left out",
    "repeated_calls": "calls that stand in the file more than once were taken once",
    "rules_ended": "rules without an end were ended on {last}; --until says another day",
}
"""The templates of notes about a calendar file, which say how often each was found, and in which lines."""

_FOUND = " (found {count}){lines:lines}"
"""What stands behind each of the notes."""


def _append_count(template: Template) -> Template:
    """Return the template of a note with how often it was found."""
    if isinstance(template, Cases):
        when = {value: _append_count(one) for value, one in template.when.items()}
        return Cases(by=template.by, when=when, otherwise=_append_count(template.otherwise))
    return f"{template}{_FOUND}"


def _tell_no_option(fact: Fact, words: Words) -> str:
    """Return that there is no rotation of one kind or of several."""
    if _options(fact)[0].startswith("alternative"):
        return words.phrase(
            "There is no {option}: no other rotation is nearly as fair and differs in half its slots from all shown",
            option=_option(fact, words),
        )
    return words.phrase("Left out: {option}, because none keeps what was asked", option=_option(fact, words))


def _options(fact: Fact) -> tuple[str, ...]:
    return _names(fact, "option") or (str(fact.figures["option"]),)


def _option(fact: Fact, words: Words) -> str:
    return words.language.join([name_option(id_, words.language) for id_ in _options(fact)])


SENTENCES: Mapping[str, Template] = {
    "call": Cases(by="label", when={None: "the call of {date}"}, otherwise="call {label} of {date}"),
    # verdicts
    "hours_ruled_out": "{members} cannot attend: the time touches hours they have ruled out",
    "required_role_in_night": _tell_roles,
    "many_in_night": "{in_night} of {members} would be in the night, more than {percent} percent",
    "nights_running": Cases(
        by="in_all",
        when={None: "{members} would be in the night {calls:times}"},
        otherwise="{members} would be in the night {calls:times}; {in_all} in all at least twice running",
    ),
    "worst_off_again": Plural(
        by="members",
        one="{members} has borne the most so far and would be in the night",
        many="{members} have borne the most so far and would be in the night",
    ),
    "nothing_against": "{in_night} of {members} would be in the night, and no rule speaks against it",
    "no_rule_without_roster": "nobody is in the roster, so no rule can speak against it",
    "nobody_takes_part": "nobody of the roster takes part at that time, so no rule can speak against it",
    "call_beside": Cases(
        by="label",
        when={
            None: "the plan has a call on {start} UTC, {minutes:away}, which counts beside it; --instead-of "
            "{date:%Y-%m-%d} judges the time in its place"
        },
        otherwise="the plan has call {label} on {start} UTC, {minutes:away}, which counts beside it; --instead-of "
        "{label} judges the time in its place",
    ),
    # times of calls
    "hour_skipped": "{call}: its wall time is skipped by a clock change in {zone} and was moved past the gap",
    "hour_repeated": "{call}: its wall time happens twice in {zone}; the first was taken",
    "calls_overlap": "{call} starts at {start:%Y-%m-%d %H:%M}, before {other} ends at {end:%H:%M} UTC",
    "more_overlaps": "more than {named} overlaps of calls, the first of them above: look at their lengths",
    "tzdata_older_than_season": (
        "tzdata {tzdata} is older than the season, which ends in {year}: clock rules may change until then, so upgrade "
        "tzdata and run again before the season"
    ),
    # sessions
    "conflicts_of_sessions": Plural(
        by="conflicts",
        one="the sessions have {conflicts} conflict; 'mag-rotation programme' shows it",
        many="the sessions have {conflicts} conflicts; 'mag-rotation programme' shows them",
    ),
    "person-twice": Plural(
        by="members",
        one="{members} has a duty in {session} and in {other} at the same time, {start} UTC",
        many="{members:all} have a duty in {session} and in {other} at the same time, {start} UTC",
    ),
    "room-twice": "{session} and {other} are in the room {room} at the same time, {start} UTC",
    "track-twice": "{session} and {other} of the track {track} are at the same time, {start} UTC",
    "groups-apart": (
        "{session} and {other} are at the same time, {start} UTC, and both have the {group} {value}, kept apart"
    ),
    "north-south": (
        "{session} ({region}) and {other} ({other_region}) are at the same time, {start} UTC, and not one of the North "
        "and one of the South"
    ),
    "outside-phase": Cases(
        by="phase",
        when={None: "{session} is on {date}, which is in no phase"},
        otherwise="{session} is on {date}, which is not in its phase {phase}",
    ),
    "outside-window": "{session} is outside the hours {window} {zone} for {minutes:length}",
    "past-midnight": "{session} lasts past midnight in {zone}, until {until}",
    "segments-overrun": (
        "the segments of {session} take {segments:length}, {over:length} more than the session, which lasts "
        "{minutes:length}"
    ),
    "call-during-session": Plural(
        by="members",
        one="{call}, {start} UTC, is during {session}, in which {members} has a duty",
        many="{call}, {start} UTC, is during {session}, in which {members:all} have a duty",
    ),
    "short-rest": "{member} rests for {minutes:length} between {session} and {other}, less than {rest:length}",
    "rooms_alike": "the rooms {other:quoted} and {name:quoted} differ in capitals or blanks alone, and count as two",
    "tracks_alike": "the tracks {other:quoted} and {name:quoted} differ in capitals or blanks alone, and count as two",
    "group_of_no_session": "no session has the group {group:quoted}, which the rules of [programme] name",
    "duty_of_absent_member": Plural(
        by="members",
        one="{session}: {members} is named but takes no part in the plan on that date",
        many="{session}: {members:all} are named but take no part in the plan on that date",
    ),
    "session_hour_skipped": (
        "{session}: its wall time is skipped by a clock change in {zone} and was moved past the gap"
    ),
    "session_hour_repeated": "{session}: its wall time happens twice in {zone}; the first was taken",
    "more_conflicts": "{rule}: only the first {named:,} conflicts are listed; mend these first",
    # plans
    "empty_roster": (
        "nobody is in the roster, so nobody is in the night: name a [roster] file or write [[members]] tables"
    ),
    "members_cannot_attend": Plural(
        by="never",
        one="{members:all} cannot attend {blocked} of {calls:count call}: {never:all} is ruled out",
        many="{members:all} cannot attend {blocked} of {calls:count call}: {never:all} are ruled out",
    ),
    "members_beside_roster": Plural(
        by="members",
        one="{members} is in a [[members]] table of the plan and counts beside the {others} of its roster; delete the "
        "table if it is an example",
        many="{members} are in [[members]] tables of the plan and count beside the {others} of its roster; delete the "
        "tables if they are examples",
    ),
    "required_role_of_nobody": "verdict.required-roles names {role!r}, which no member has",
    "column_not_read": Cases(
        by="meant",
        when={"groups": "the column {column!r} is not read; each group has a column of its own"},
        otherwise="the column {column!r} is not read; rename it if you meant {meant!r}",
    ),
    "column_read_as_group": Cases(
        by="meant",
        when={"groups": "the column {column!r} is read as a group of members; each group has a column of its own"},
        otherwise="the column {column!r} is read as a group of members; rename it if you meant {meant!r}",
    ),
    "exception_without_effect": "exceptions[{index}] changes nothing about the call of {date}",
    "phase_settings_without_effect": (
        "phases[{index}] has {settings:all} beside calls = false, which have no effect on rule dates"
    ),
    "no_call": "the plan has no call: every rule date lies in a phase with calls = false, and there are no extras",
    "start_ignored": "{place} is {value}, and advance = 'iso-week' ignores it: week 1 takes the first slot",
    "takes_turn_by_calendar": (
        "extras[{index}].takes-turn has no effect: advance = '{advance}' gives turns by the calendar"
    ),
    "takes_turn_of_no_call": "extras[{index}].takes-turn has no effect: no rule call comes after {date}",
    "phase_without_effect": (
        "phases[{index}], {phase!r}, has no effect: neither a rule date nor an extra lies from {first} to {last}"
    ),
    "members_without_address": Plural(
        by="without",
        one="{without} of {members:count member} has no email address, so no invitation can reach them",
        many="{without} of {members:count member} have no email address, so no invitation can reach them",
    ),
    "group_holds_addresses": "the group {group!r} holds an address, and groups are printed; take it out of the groups",
    "group_holds_telephone_numbers": (
        "the group {group!r} holds a telephone number, and groups are printed; take it out of the groups"
    ),
    "zone_without_summer_time": Cases(
        by="hours",
        when={0: "the zone {zone} of {members:quoted} has no summer time: London is Europe/London"},
        otherwise="the zone {zone} of {members:quoted} has no summer time: {hours:clock} all year; name the place",
    ),
    "address_shared": "the members {members:quoted} have one email address, and invitations need one for each",
    "more_addresses_shared": Plural(
        by="addresses",
        one="{addresses} more email address belongs to several members",
        many="{addresses} more email addresses belong to several members",
    ),
    "attendance_of_no_call": "dates in the attendance on which this plan has no call: {dates:three}",
    # days off
    "country_unknown": (
        "no day off is known of the country {country!r}; countries are ISO 3166 codes of two letters, as CH"
    ),
    "country_without_holidays": "no public holiday is known of the country {country!r}; only its weekends are named",
    "members_without_country": Plural(
        by="without",
        one="{without} of {members:count member} has no group 'country', so no day off of theirs is known",
        many="{without} of {members:count member} have no group 'country', so no day off of theirs is known",
    ),
    # rosters made from spreadsheets
    "built_in_cities": (
        "cities are looked up in a short table; with the extra 'places' it has 34,000: "
        "pip install 'mag-rotation[places]'"
    ),
    "other_sheets": "the sheet {read:quoted} was read; --sheet takes another with headings: {others:quoted}",
    "rows_without_member": "a row without a name and an address was left out{rows:lines}",
    "rows_repeated": "a row that repeats an earlier one was left out{rows:lines}",
    "same_person_twice": "one name and one address are there twice; delete a row if it is one person{rows:lines}",
    "addresses_not_read": "an e-mail address was not understood and was left out{rows:lines}",
    "dates_not_read": "a date was not understood and was left out; write it as 2026-10-31{rows:lines}",
    "dates_ambiguous": (
        "a date was left out, because its day or its month may come first; write it as 2026-10-31{rows:lines}"
    ),
    "zone_contradicts_place": (
        "row {row}, {id}: {place} is in {zone}, but the zone is {written:quoted}, which was taken"
    ),
    "countries_not_known": Plural(
        by="countries",
        one="the country {countries:quoted} is not known; write its English name or its ISO code, as CH{rows:lines}",
        many=(
            "the countries {countries:quoted} are not known; write their English names or their ISO codes, as CH"
            "{rows:lines}"
        ),
    ),
    "cities_not_known": Plural(
        by="cities",
        one="the city {cities:quoted} is not known there, so the country decided{rows:lines}",
        many="the cities {cities:quoted} are not known there, so the country decided{rows:lines}",
    ),
    "country_ambiguous": "the country {country!r} may be {codes:or}; write the one that is meant{rows:lines}",
    # edits and seasons
    "uid_set_free": (
        "if the call of {date} has been announced, cancel it instead: then it has a note, and its UID can never be "
        "that of another call"
    ),
    "call_after_next_season_began": (
        "the call of {date} is of the last season and is held when the next one has begun, so the numbers do not "
        "follow the starts there"
    ),
    # editions of a calendar
    "uid_taken_over": (
        "the extra call of {date} at {start:%H:%M} UTC was announced as {announced} and takes over {uid}, which was "
        "another call; write nth = {nth} into its table in the plan"
    ),
    "uid_of_cancelled_call": (
        "the extra call of {date} at {start:%H:%M} UTC has the UID of one that was cancelled, {uid}; write nth = {nth} "
        "into its table in the plan if it is another call"
    ),
    # clock changes
    "stay_is_no_clock_change": (
        "{member} is in {zone} from {first} to {last}: a stay is not a clock change, so the hours of {member} are "
        "those of the clock of {home} throughout"
    ),
    # rotations beside each other
    "compare_no_rotation": _tell_no_option,
    "compare_not_found": lambda fact, words: words.phrase(
        "Left out: {option}, because none was found in time", option=_option(fact, words)
    ),
    "compare_too_short": lambda fact, words: words.phrase(
        "Left out: {option}, because a phase of the plan begins at a later slot", option=_option(fact, words)
    ),
    "compare_nothing_to_rotate": (
        "Nobody is in the night at the one slot of today's rotation, so there is nothing to rotate"
    ),
    "compare_no_knee": lambda fact, words: words.phrase(
        "Left out: {option}, because none stands out between the least worst and the least total",
        option=_option(fact, words),
    ),
    # constraints, and findings about them, which have a place
    "never": Cases(
        by="place",
        when={None: "the hours that {members:all} cannot attend"},
        otherwise="{member} cannot attend {dates:calls}",
    ),
    "windows": Cases(
        by="place",
        when={None: "calls within {windows:or} {zone}"},
        otherwise="{dates:calls} does not lie within {right}",
    ),
    "utc_windows": Cases(
        by="place",
        when={None: "calls within {utc_windows:or} {zone}"},
        otherwise="{dates:calls} does not lie within {right} UTC",
    ),
    "quorum": Cases(
        by="place",
        when={
            None: Plural(
                by="quorum",
                one="at least {quorum} member out of the night at every call",
                many="at least {quorum} members out of the night at every call",
            )
        },
        otherwise="only {found} are out of the night at {dates:calls}, at least {right} have to be",
    ),
    "awake": Cases(
        by="place",
        when={None: "{awake} out of the night at every call"},
        otherwise="{member} is in the night at {dates:calls}",
    ),
    "most_nights": Cases(
        by="place",
        when={
            None: Plural(
                by="most_nights",
                one="at most {most_nights} call in the night for anybody",
                many="at most {most_nights} calls in the night for anybody",
            )
        },
        otherwise="{member} has {found} calls in the night, more than {right}",
    ),
    "no_night_twice": Cases(
        by="place",
        when={None: "no night twice running for anybody"},
        otherwise="{member} is in the night at {dates:calls}",
    ),
    "gap": Cases(
        by="place",
        when={None: "{gap:short} or more between slots that follow each other"},
        otherwise="{dates:calls} are {found} minutes apart on the clock, less than {right}",
    ),
    "distinct": Cases(by="place", when={None: "no slot twice"}, otherwise="a slot is there twice"),
    "cap": Cases(
        by="place",
        when={None: "at most {cap:burden} for anybody"},
        otherwise="{member} bears {found:burden}, more than {right:burden}",
    ),
    "stay": Cases(by="place", when={None: _tell_stay}, otherwise="the slot {right} has not stayed"),
    "keep": Plural(by="keep", one="the first call stays", many="the first {keep} calls stay"),
    "slot": _name_slot,
    # rotations
    "asked": _tell_asked,
    "choice": _tell_choice,
    "best_of": Together(
        parts=(
            Cases(
                by="objective",
                when={
                    "balanced": "It has the least total of the rotations whose worst is at most {tolerance} % above "
                    "the least possible.",
                    "total": "It has the least total of all rotations; how evenly it falls on members comes second.",
                },
                otherwise=Cases(
                    by="group",
                    when={None: "It spares the worst-off most, then the next, and so on."},
                    otherwise="It spares the worst-off most, then the worst-off of each {group}, then the next, and so "
                    "on.",
                ),
            ),
            Cases(
                by="proven",
                when={True: "That no rotation is better is proven."},
                otherwise="It is the best found, not proven the best.",
            ),
        )
    ),
    "cut_short": Together(
        parts=(
            "{cuts:cuts}",
            Cases(
                by="wanted_grid",
                when={None: ""},
                otherwise="Starts every {wanted_grid:length} did not fit into memory: only those every {grid:length} "
                "were looked at.",
            ),
        )
    ),
    "worst_off": Cases(
        by="members",
        when={(): "Nobody bears anything."},
        otherwise=Plural(
            by="members",
            one="{members} carries the most: {burden:burden}.",
            many="{members} carry the most: {burden:burden} each.",
        ),
    ),
    "bound": _tell_bound,
    "certificate": Together(
        parts=(
            _tell_weights,
            (
                "Whatever slots are chosen, the weighted mean of what they bear is at least {value} / {scale} "
                "point-minutes."
            ),
            "So somebody bears {least:burden} or more.",
        )
    ),
    "beyond_certificate": Together(
        parts=(
            "The certificate proves {least:burden}; the rest, that no worst is below {bound:burden},",
            Cases(
                by="step",
                when={None: ""},
                otherwise="follows as burdens are multiples of {step}, or",
            ),
            Cases(
                by="reached",
                when={True: "was proven by a search that left no rotation out."},
                otherwise="was proven by a search as far as it went.",
            ),
        )
    ),
    "today": _tell_today,
    "shift": Cases(
        by="less",
        when={0: Cases(by="more", when={0: "Nobody would bear less or more than now."}, otherwise=_SHIFT)},
        otherwise=_SHIFT,
    ),
    "nights_of_worst": Cases(
        by="as_it_stands",
        when={
            True: Plural(
                by="night_calls",
                one="{member}, worst off as the plan stands, would have {night_calls} call in the night instead of "
                "{night_calls_today}.",
                many="{member}, worst off as the plan stands, would have {night_calls} calls in the night instead of "
                "{night_calls_today}.",
            )
        },
        otherwise=Plural(
            by="night_calls",
            one="{member}, worst off here, would have {night_calls} call in the night instead of {night_calls_today}.",
            many="{member}, worst off here, would have {night_calls} calls in the night instead of "
            "{night_calls_today}.",
        ),
    ),
    "frontier_row": _tell_row,
    "recommended_instead": _tell_recommended,
    "least_total": Cases(
        by="complete",
        when={True: "Its total, {total:burden}, is the least possible."},
        otherwise="Its total, {total:burden}, is the least found.",
    ),
    "frontier": Cases(
        by="complete",
        when={True: f"The frontier of worst against total has {{rotations:count rotation}}. {_FRONTIER}"},
        otherwise=f"The frontier of worst against total has {{rotations:count rotation}}, and may have more. "
        f"{_FRONTIER}",
    ),
    "price": Cases(
        by="proven",
        when={
            True: "Without {constraints:constraints} the least worst would be {worst_without:burden} instead of "
            "{worst_with:burden}."
        },
        otherwise="Without {constraints:constraints} the least worst would be {worst_without:burden} instead of "
        "{worst_with:burden}, "
        "as far as was found.",
    ),
    "free_of_cost": Cases(
        by="proven",
        when={
            True: Plural(
                by="constraints",
                one="{constraints:constraints} costs the worst-off nothing: without it the least worst is "
                "{worst:burden} too.",
                many="{constraints:constraints} cost the worst-off nothing: without any one of them the least worst is "
                "{worst:burden} too.",
            )
        },
        otherwise=Plural(
            by="constraints",
            one="{constraints:constraints} costs the worst-off nothing, as far as was found: without it the least "
            "worst is {worst:burden} too.",
            many="{constraints:constraints} cost the worst-off nothing, as far as was found: without any one of them "
            "the least worst is {worst:burden} too.",
        ),
    ),
    "no_rotation": Cases(
        by="slots",
        when={None: _explain_no_rotation("free schedule")},
        otherwise=_explain_no_rotation("rotation of {slots:count slot}"),
    ),
    "no_next_slot": Together(
        parts=(
            "There is no slot for the call of {date}, planned for {planned} UTC:",
            Cases(
                by="conflict",
                when={(): "every one of them is forbidden."},
                otherwise="these leave none: {conflict:constraints}.",
            ),
        )
    ),
    "fairest_slot": _tell_fairest_slot,
    "ledger_with_slot": Cases(
        by="worst_today",
        when={None: "With it the worst-off bears {worst:burden} by then, of {total:burden} in total."},
        otherwise="With it the worst-off bears {worst:burden} by then, of {total:burden} in total; as planned it would "
        "be {worst_today:burden}, of {total_today:burden}.",
    ),
    "in_night_at_slot": Cases(
        by="in_night",
        when={0: "In the night at that hour: nobody."},
        otherwise="In the night at that hour: {in_night}.",
    ),
    "blocked_as_planned": "As planned {members:all} cannot attend.",
    # proposals that are checked
    "counted_again": Cases(
        by="failed",
        when={
            0: "Everything that can be counted holds: slots, constraints, and the burdens of {members:count member} "
            "over {calls:count call}."
        },
        otherwise="{failed:count check} failed. The proposal was counted again over {calls:count call} and "
        "{members:count member}.",
    ),
    "claimed_beyond_certificate": _tell_claims,
    "differs": _tell_difference,
    "kind": "{place}: found {found}, counted {right}",
    "length": "{place}: found {found} of them, counted {right}",
    "missing": "{place}: missing, counted {right}",
    "unknown_member": _tell_unknown_member,
    "more": Plural(by="found", one="and {found} more difference", many="and {found} more differences"),
    "prices": "prices: found {found} of them; {right} constraints have one",
    "not_asked_for": "{place}: found {found}, which is none of the slots that were asked for",
    "not_its_name": _tell_wrong_name,
    "not_allowed": "{place}: this rotation is none of those that were allowed",
    "not_better": "{place}: this rotation is no better in its total than the one before it",
    "below_certificate": "bound: found {found}, but the certificate proves {right}",
    "above_worst": "bound: found {found}, but the worst is only {right}",
    "above_frontier": "bound: found {found}, but a rotation of the frontier has a worst of {right}",
    "not_least_worst": "proven: the worst is said to be the least, but it is {found} and the bound {right}",
    "above_tolerance": "proven: the worst is {found}, more than the tolerance above the bound, which is {right}",
    "not_least_total": "proven: the total is said to be the least, but it is {found} and one of the frontier {right}",
    "price_below_0": "{place}: found {found}, but with the constraint the worst is {right}",
    "price_not_there": "{place}: found {found}, but no rotation that is here has such a worst",
    "price_of_bound": "{place}: found {found}, but the bound is {right}",
    "disproved": _tell_disproved,
    # claims that are searched again, and what a search found
    "claim_of_bound": "no rotation has a worst below {claimed:burden}",
    "claim_of_order": "no rotation is better by the order that was asked for",
    "claim_of_frontier": Plural(
        by="claimed",
        one="the frontier is complete with {claimed} rotation",
        many="the frontier is complete with {claimed} rotations",
    ),
    "claim_of_price": "without '{constraint}' the worst is {claimed:burden}",
    "proven_again": "proven again",
    "not_finished": "not finished in time",
    "disproved_by_rotation": "disproved: {slots:all} has a worst of {worst:burden} and a total of {total:burden}",
    "disproved_by_none": "disproved: no rotation has it",
    "made_by_version_0_1": (
        "the proposal was made by version 0.1, which names constraints and reasons in sentences only: its prices are "
        "taken for those of the constraints in their order, and its sentences are not checked; propose again for one "
        "that can be checked whole"
    ),
    # calendars of other programs
    **{code: _append_count(template) for code, template in _NOTES.items()},
    "other_meeting_left_out": Plural(
        by="events",
        one="another meeting was left out: {title:quoted} ({events} event); take it with --only",
        many="another meeting was left out: {title:quoted} ({events} events); take it with --only",
    ),
    "titles_left_out": "titles that differ from call to call were left out: all calls have the name of the meeting",
    "places_left_out": "places that differ from call to call were left out (found {calls})",
    "clock_shift_likely": (
        "the hours follow a clock that changes, it seems; --zone ZONE says which, and makes this shorter"
    ),
    "url_left_out": "a URL was left out, since a plan does not take such an address",
    "calls_get_other_uids": Plural(
        by="uids",
        one="the calls get UIDs of their own: who has the old calendar sees each call twice until the old one is "
        "removed (found {uids} other UID)",
        many="the calls get UIDs of their own: who has the old calendar sees each call twice until the old one is "
        "removed (found {uids} other UIDs)",
    ),
    # schedules of other programs
    "schedule_people_open": Plural(
        by="people",
        one="{people} is not a member of the roster, and has no duty until the roster has such a member",
        many="{people} are not members of the roster, and have no duties until the roster has such members",
    ),
    "schedule_without_roster": Plural(
        by="people",
        one="{people} has no duty, because no roster was given; --roster names the one in which people are looked up",
        many="{people} have no duties, because no roster was given; --roster names the one in which people are looked "
        "up",
    ),
    "schedule_zone_missing": "the file names no zone, so that its times are written in UTC; --zone says the right one",
    "schedule_start_differs": Plural(
        by="sessions",
        one="the start that is printed is not that of its date, which was taken (printed / taken): {starts}",
        many="the starts that are printed are not those of their dates, which were taken (printed / taken): {starts}",
    ),
    "schedule_people_near": Plural(
        by="people",
        one="a name is like that of a member; if it is the same person, write both alike: {people}",
        many="some names are like those of members; if they are the same people, write both alike: {people}",
    ),
    "schedule_without_length": Plural(
        by="events",
        one="an event with the length 0 was left out: {events}",
        many="events with the length 0 were left out: {events}",
    ),
    "other_zone_rules": "the proposal was made with the zone rules {given}, and is counted with {tzdata}",
}
"""The template of every code."""
