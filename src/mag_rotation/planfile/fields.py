"""The kinds of values in a plan file: how each is read and written, its JSON Schema, and what to say when it is wrong.

Every kind is read by one function, from TOML, from a CSV cell and from the command line. A refusal says what was found
and what would be right; the caller adds the place.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from mag_rotation.calls import MOST_DATES, check_repeat
from mag_rotation.errors import UnknownZone, quote_value
from mag_rotation.hours import Window
from mag_rotation.limits import SUGGESTED, find_nearest
from mag_rotation.planfile.guesses import MONTHS, guess_clock, guess_dates, guess_length
from mag_rotation.programme import Level
from mag_rotation.programme import Repeat as RepeatWord
from mag_rotation.roster import LOCALE_PATTERN, LocalHours, ZoneName, check_email, check_locale, check_night
from mag_rotation.series import (
    COLOR_NAMES,
    ID_PATTERN,
    LONGEST_ID,
    REPEAT_WORDS,
    Advance,
    Counting,
    NumberStyle,
    Weekday,
    check_color,
    check_domain,
    check_meeting_id,
)
from mag_rotation.zones import YEARS, zone_name

MOST_MINUTES = 7 * 24 * 60
"""The longest call, lead or overrun: a week."""

_MOST_LISTED = 50
"""The most names that one message lists."""

MOST_SLOTS = MOST_DATES
"""The largest number by which a slot can be named: no cycle is longer than the series."""

_CLOCK_DURATION = re.compile(r"(?:(?P<h>\d{1,4})h)?(?:(?P<m>\d{1,5})min)?", re.ASCII)
_ISO_DURATION = re.compile(r"P(?:(?P<d>\d{1,3})D)?(?:T(?=\d)(?:(?P<h>\d{1,4})H)?(?:(?P<m>\d{1,5})M)?)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::00)?", re.ASCII)
_RANGE = re.compile(r"(\d\d:\d\d)\s*[-\u2013]\s*(\d\d:\d\d)", re.ASCII)

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True, kw_only=True, slots=True)
class Toml:
    """How TOML writes the values of a kind that it does not hold as they are."""

    write: Callable[..., object]


@dataclass(frozen=True, kw_only=True, slots=True)
class CellKind:
    """What TOML would hold for the text of a cell, where that is no text."""

    read: Callable[[str], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Always:
    """Marks a key that is written even where its value is the default."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NoField:
    """Marks a key that the value has no field for: it says where other data are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartOf:
    """Marks a key that is the field ``name`` of a value of its own, made by ``make``, in the field ``field``."""

    field: str
    name: str
    make: Callable[..., object]


def make_refusal(problem: str) -> PydanticCustomError:
    """Return an error with this text."""
    return PydanticCustomError("refused", "{problem}", {"problem": problem})


def refuse(found: object, right: str) -> PydanticCustomError:
    """Return the error for a value that is not right."""
    return make_refusal(f"found {show(found)}; {right}")


def show(value: object) -> str:
    """Return a value as a message quotes it: as one line, not too long, in the words of TOML."""
    match value:
        case bool():
            return str(value).lower()
        case date() | time():
            return value.isoformat()
        case dict():
            return "a table"
        case list():
            return "a list"
        case int() if abs(value) >= 10**18:
            return "a number of 19 digits or more"  # Python writes no number of more than 4,300 digits at all
        case _:
            return quote_value(value)


def suggest_nearest(found: object, known: Iterable[str]) -> str:
    """Return a question that names the nearest known word; empty if there is none."""
    close = find_nearest(str(found), known)
    return f"did you mean {close[0]!r}? " if close else ""


_LONGEST_GUESS = 40
"""A longer text is no mistyped value, and no guess is made of it."""


def suggest_value(found: object, guess: Callable[[str], Iterable[str]], read: Callable[[object], object]) -> str:
    """Return a question that names the right texts that a wrong one may mean; empty if there is none."""
    if not isinstance(found, str) or len(found) > _LONGEST_GUESS:
        return ""
    ways = " or ".join(way for way in guess(found) if way != found and _is_right(read, way))
    return f"did you mean {ways}? " if ways else ""


def _is_right(read: Callable[[object], object], text: str) -> bool:
    try:
        read(text)
    except PydanticCustomError:
        return False
    return True


def _guess_days(text: str) -> Iterable[str]:
    return map(str, guess_dates(text))


def _guess_clocks(text: str) -> Iterable[str]:
    at = guess_clock(text)
    return () if at is None else (write_clock(at),)


def _guess_lengths(text: str) -> Iterable[str]:
    length = guess_length(text)
    return () if length is None else (length,)


def list_names(names: Iterable[str]) -> str:
    """Return names as a message lists them; a long list is cut."""
    quoted_names = list(map(show, names))
    more = f" and {len(quoted_names) - _MOST_LISTED} more" if len(quoted_names) > _MOST_LISTED else ""
    return f"{', '.join(quoted_names[:_MOST_LISTED])}{more}"


_ENDS = re.compile(r"^[\s\ufeff]+|[\s\ufeff]+$")
"""What is at the ends of a text and shows nothing; byte order marks come with cells that were copied."""


def read_text(value: object) -> str:
    if isinstance(value, str) and (shown := _ENDS.sub("", value)):
        return shown
    raise refuse(value, "write a text that is not empty")


def make_number_reader(low: int, high: int) -> Callable[[object], int]:
    """Return a reader of whole numbers from ``low`` to ``high``."""

    def read(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise refuse(value, f"write a whole number from {low} to {high}")

    return read


def read_tally(value: object) -> int:
    """Return a count in a sheet."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        return int(value)
    raise refuse(value, "write a whole number of 0 or more, up to 15 digits")


def read_answer(value: object) -> bool:
    """Return an answer in a sheet, in any case."""
    if isinstance(value, str) and value.lower() in {"yes", "no"}:
        return value.lower() == "yes"
    raise refuse(value, "write yes or no")


def read_yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise refuse(value, "write true or false")


def make_length_reader(least: int) -> Callable[[object], int]:
    """Return a reader of lengths in minutes, ``least`` and a week included."""

    def read(value: object) -> int:
        right = f"write a length from {least}min to 7 days such as '2h', '90min', '1h30min' or 'PT2H'"
        match = isinstance(value, str) and (_CLOCK_DURATION.fullmatch(value) or _ISO_DURATION.fullmatch(value))
        if not match or not any(match.groups()):
            raise refuse(value, f"{suggest_value(value, _guess_lengths, read)}{right}")
        parts = {name: int(number) for name, number in match.groupdict().items() if number}
        minutes = timedelta(days=parts.get("d", 0), hours=parts.get("h", 0), minutes=parts.get("m", 0)) // timedelta(
            minutes=1
        )
        if not least <= minutes <= MOST_MINUTES:
            raise refuse(value, right)
        return minutes

    return read


def explain_no_day(text: str) -> str | None:
    """Return why a date such as 2027-06-31 is none; None for a text of another form.

    >>> explain_no_day("2027-06-31"), explain_no_day("2027-02-29"), explain_no_day("2027-13-01"), explain_no_day("x")
    ('June has 30 days', 'February 2027 has 28 days', 'a year has 12 months', None)
    """
    if not _DATE.fullmatch(text):
        return None
    year, month = map(int, text.split("-")[:2])
    if not 1 <= month <= len(MONTHS):
        return f"a year has {len(MONTHS)} months"
    if not year:
        return None
    of_year = f" {year}" if month == 2 else ""
    return f"{MONTHS[month - 1]}{of_year} has {monthrange(year, month)[1]} days"


def read_day(value: object) -> date:
    right = f"write a date such as 2020-09-08, from the year {YEARS[0]} to {YEARS[1]}"
    found = value
    if isinstance(value, str):
        try:
            found = date.fromisoformat(value) if _DATE.fullmatch(value) else value
        except ValueError:
            raise refuse(value, explain_no_day(value) or right) from None
    if isinstance(found, date) and not isinstance(found, datetime) and YEARS[0] <= found.year <= YEARS[1]:
        return found
    raise refuse(value, f"{suggest_value(value, _guess_days, read_day)}{right}")


def read_clock(value: object) -> time:
    if isinstance(value, time) and value.tzinfo is None and not value.second and not value.microsecond:
        return value
    match = isinstance(value, str) and _CLOCK.fullmatch(value)
    if not match:
        right = "write a time of day such as '14:00', in whole minutes from 00:00 to 23:59"
        raise refuse(value, f"{suggest_value(value, _guess_clocks, read_clock)}{right}")
    return time(int(match[1]), int(match[2]))


_CLOCK_AND_ZONE = re.compile(r"(?P<at>\d\d:\d\d)\s*[ @,]\s*(?P<zone>[A-Za-z][\w+/-]*)", re.ASCII)
_ZONE_AND_CLOCK = re.compile(r"(?P<zone>[A-Za-z][\w+/-]*)\s*[ @,]\s*(?P<at>\d\d:\d\d)", re.ASCII)


def refuse_start_with_zone(text: str) -> None:
    """Refuse a slot that is written as a time of day and a zone in one text, with the table that it should be."""
    found = _CLOCK_AND_ZONE.fullmatch(text.strip()) or _ZONE_AND_CLOCK.fullmatch(text.strip())
    if found:
        raise refuse(text, f'write {{ at = "{found["at"]}", zone = "{found["zone"]}" }}')


def read_range(value: object, *, right: str = "write a range such as '21:00-24:00'") -> LocalHours:
    """Return a stretch of the local day; 24:00 is the midnight at the end of the day."""
    match = isinstance(value, str) and _RANGE.fullmatch(value.strip())
    ends = [match[1], "00:00" if match[2] == "24:00" else match[2]] if match else []
    if not ends or not all(_CLOCK.fullmatch(end) for end in ends):
        raise refuse(value, right)
    start, end = (read_clock(end) for end in ends)
    if start == end and match and match[2] != "24:00":
        raise refuse(value, "the two times must differ; for the whole day write '00:00-24:00'")
    return start, end


def read_day_window(value: object) -> Window:
    return Window(*read_range(value, right="write hours of the day such as '06:00-22:00'"))


def read_night(value: object) -> LocalHours:
    hours = read_range(value, right="write local hours such as '22:00-06:00'")
    right = check_night(hours)
    if right:
        raise refuse(value, right)
    return hours


class Hints:
    """How many more zones may get suggestions, because suggestions take time."""

    def __init__(self, left: int = SUGGESTED) -> None:
        self.left = left


def read_zone(value: object, info: ValidationInfo) -> ZoneName:
    if not isinstance(value, str) or len(value) > 80:
        raise refuse(value, "write an IANA zone name such as 'Europe/Zurich'")
    hints = info.context if isinstance(info.context, Hints) else Hints()
    try:
        return zone_name(value.strip(), suggest=hints.left > 0)
    except UnknownZone as error:
        hints.left -= 1
        raise make_refusal(str(error)) from None


_REPEATS_MEANT = {
    # what people write, without blanks and hyphens -> the word for it
    **dict.fromkeys(("day", "everyday"), "daily"),
    **dict.fromkeys(("week", "everyweek", "onceaweek"), "weekly"),
    **dict.fromkeys(("biweekly", "everytwoweeks", "every2weeks", "everyotherweek", "everysecondweek"), "fortnightly"),
    **dict.fromkeys(("month", "everymonth", "onceamonth"), "monthly"),
}


def _guess_repeat(value: object) -> str:
    """Return a question that names the word for a rule; empty if there is none. ``every Tuesday`` is weekly."""
    text = re.sub(r"[\s_-]+", "", value.lower()) if isinstance(value, str) else ""
    if re.fullmatch(r"(?:every|on)?(?:mon|tues|wednes|thurs|fri|satur|sun)days?", text):
        return "did you mean 'weekly'? "
    return f"did you mean {_REPEATS_MEANT[text]!r}? " if text in _REPEATS_MEANT else suggest_nearest(text, REPEAT_WORDS)


def make_repeat_reader(*, of_phase: bool) -> Callable[[object], str]:
    """Return a reader of the rules of schedules, or of phases: words in small letters, rules in capitals."""

    def read(value: object) -> str:
        rule = value.strip().upper() if isinstance(value, str) else ""
        if rule.lower() in REPEAT_WORDS:
            return rule.lower()
        if rule.startswith("RRULE:"):
            raise refuse(value, "leave out 'RRULE:'")
        if "=" not in rule:
            words = ", ".join(REPEAT_WORDS)
            right = f"write one of {words}, or the body of an RFC 5545 rule such as 'FREQ=MONTHLY;BYDAY=2TU'"
            raise refuse(value, f"{_guess_repeat(value)}{right}")
        problem = check_repeat(rule, of_phase=of_phase)
        if problem:
            raise make_refusal(problem)
        return rule

    return read


def read_weekday(value: object) -> Weekday:
    if isinstance(value, str) and value in Weekday.__members__:
        return Weekday[value]
    guess = value[:2].upper() if isinstance(value, str) else ""
    hint = f"did you mean {guess!r}? " if guess in Weekday.__members__ else ""
    raise refuse(value, f"{hint}a weekday is one of {', '.join(Weekday.__members__)}")


def make_word_reader(kind: type[Kind]) -> Callable[[object], Kind]:
    """Return a reader of the words of an enumeration."""
    words = [item.value for item in kind]
    right = f"write {'one of ' if len(words) > 1 else ''}{', '.join(words)}"

    def read(value: object) -> Kind:
        if isinstance(value, str) and value in words:
            return kind(value)
        raise refuse(value, f"{suggest_nearest(value, words)}{right}")

    return read


def read_slot_reference(value: object) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST_SLOTS:
        return value
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise refuse(value, "write the label of a slot, or its number counted from 1")


def read_points(value: object) -> tuple[int, ...]:
    right = "a curve has 24 whole numbers of 0 to 1000000, points per hour for the local hours 0 to 23"
    if not isinstance(value, list | tuple):
        raise refuse(value, right)
    if len(value) != 24:
        raise make_refusal(f"found a list of {len(value)}; {right}")
    wrong = [
        show(item) for item in value if isinstance(item, bool) or not isinstance(item, int) or not 0 <= item <= 10**6
    ]
    if wrong:
        raise make_refusal(f"found {', '.join(wrong)}; {right}")
    return tuple(value)


def make_text_reader(rule: Callable[[str], str | None]) -> Callable[[object], str]:
    """Return a reader of texts by a rule that says what would be right instead; it takes no empty text."""

    def read(value: object) -> str:
        text = value if isinstance(value, str) else ""
        right = rule(text)
        if right:
            raise refuse(value, right)
        return text

    return read


def read_format(value: object) -> int:
    if value == 1 and type(value) is int:
        return value
    raise refuse(value, "this version of mag_rotation reads format = 1")


def read_email(value: object) -> str:
    shown = value.strip() if isinstance(value, str) else ""
    right = check_email(shown)
    if right:
        raise refuse(value, right)
    return shown


def read_locale(value: object) -> str:
    tag = value.strip().replace("_", "-") if isinstance(value, str) else ""
    right = check_locale(tag)
    if right:
        raise refuse(value, right)
    return tag


_NOT_IN_URLS = frozenset(' "<>\\^`{|}')
"""The ASCII signs that no URI holds as they are (RFC 3986, appendix A)."""


def read_url(value: object) -> str:
    right = "write an address such as 'https://meet.example.org/mag'"
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or set(value) & _NOT_IN_URLS:
        raise refuse(value, f"{right}, other letters percent-encoded")
    try:
        parts = urlsplit(value)
    except ValueError:
        raise refuse(value, right) from None
    if not parts.scheme or not (parts.netloc or parts.path):
        raise refuse(value, right)
    return value


def read_groups(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise refuse(value, "write a table of labels such as { region = 'WEOG', country = 'AU' }")
    return value


def read_leads(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise refuse(value, "write a table of lengths by role such as { speaker = '20min' }")
    return value


def make_list_reader(right: str) -> Callable[[object], tuple[object, ...]]:
    """Return a reader of lists; the items are read one by one after it, so that each mistake has a place of its own."""

    def read(value: object) -> tuple[object, ...]:
        if isinstance(value, list | tuple):
            return tuple(value)
        raise refuse(value, right)

    return read


def write_length(minutes: int) -> str:
    """Return a length as a plan writes it.

    >>> write_length(120), write_length(45), write_length(90), write_length(0)
    ('2h', '45min', '1h30min', '0min')
    """
    hours, rest = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{rest}min" if rest or not hours else "")


def write_clock(at: time) -> str:
    """Return a time of day as a plan writes it."""
    return at.isoformat("minutes")


def write_range(hours: LocalHours) -> str:
    """Return a stretch of the local day as a plan writes it.

    >>> write_range((time(22), time(0))), write_range((time(12), time(12)))
    ('22:00-24:00', '00:00-24:00')
    """
    start, end = hours
    return str(Window(start, end) if start != end else Window(time(0), time(0)))  # equal ends are the whole day


def _write_ranges(ranges: Iterable[LocalHours]) -> list[str]:
    return [write_range(hours) for hours in ranges]


def _write_leads(leads: Mapping[str, int]) -> dict[str, str]:
    return {role: write_length(minutes) for role, minutes in leads.items()}


def _write_name(value: Weekday) -> str:
    return value.name


def _write_word(value: StrEnum) -> str:
    return value.value


_BETWEEN_ITEMS = re.compile(r"[;,\n]")


def split_cell(cell: str) -> list[str]:
    """Return the texts of a cell that holds several of them, with ``;``, a comma or a new line between."""
    return [item.strip() for item in _BETWEEN_ITEMS.split(cell) if item.strip()]


def _read_number(cell: str) -> int | str:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else cell


def _schema(**schema: object) -> WithJsonSchema:
    return WithJsonSchema(dict(schema))


LENGTH_PATTERN = "^(?=.*\\d)(?!.*T$)(?:(\\d+h)?(\\d+min)?|P(\\d+D)?(T(\\d+H)?(\\d+M)?)?)$"
_HOURS = "^\\d\\d:\\d\\d\\s*[-\u2013]\\s*\\d\\d:\\d\\d$"

_LENGTH = Toml(write=write_length)
_WORD = Toml(write=_write_word)

Text = Annotated[str, BeforeValidator(read_text), _schema(type="string", minLength=1)]
Answer = Annotated[bool, BeforeValidator(read_answer)]
Tally = Annotated[int, BeforeValidator(read_tally)]
YesNo = Annotated[bool, BeforeValidator(read_yes_no), _schema(type="boolean")]
Length = Annotated[int, BeforeValidator(make_length_reader(1)), _schema(type="string", pattern=LENGTH_PATTERN), _LENGTH]
Margin = Annotated[int, BeforeValidator(make_length_reader(0)), _schema(type="string", pattern=LENGTH_PATTERN), _LENGTH]
Day = Annotated[date, BeforeValidator(read_day), _schema(type="string", format="date")]
CLOCK_SCHEMA: JsonSchemaValue = {"type": "string", "pattern": "^([01]\\d|2[0-3]):[0-5]\\d(:00)?$"}
Clock = Annotated[time, BeforeValidator(read_clock), WithJsonSchema(CLOCK_SCHEMA), Toml(write=write_clock)]
NightRange = Annotated[
    LocalHours, BeforeValidator(read_night), _schema(type="string", pattern=_HOURS), Toml(write=write_range)
]
Ranges = Annotated[
    tuple[Annotated[LocalHours, BeforeValidator(read_range)], ...],
    BeforeValidator(make_list_reader("write a list of local hours such as ['00:00-05:00']")),
    _schema(type="array", items={"type": "string", "pattern": _HOURS}),
    Toml(write=_write_ranges),
    CellKind(read=split_cell),
]
Zone = Annotated[ZoneName, BeforeValidator(read_zone), _schema(type="string", minLength=1)]
_RULE = _schema(type="string", pattern=f"^FREQ=|;FREQ=|^({'|'.join(REPEAT_WORDS)})$")
Repeat = Annotated[str, BeforeValidator(make_repeat_reader(of_phase=False)), _RULE]
PhaseRepeat = Annotated[str, BeforeValidator(make_repeat_reader(of_phase=True)), _RULE]
WeekdayCode = Annotated[
    Weekday, BeforeValidator(read_weekday), _schema(enum=list(Weekday.__members__)), Toml(write=_write_name)
]
AdvanceRule = Annotated[
    Advance, BeforeValidator(make_word_reader(Advance)), _schema(enum=[item.value for item in Advance]), _WORD
]
Style = Annotated[
    NumberStyle,
    BeforeValidator(make_word_reader(NumberStyle)),
    _schema(enum=[item.value for item in NumberStyle]),
    _WORD,
]
Count = Annotated[
    Counting, BeforeValidator(make_word_reader(Counting)), _schema(enum=[item.value for item in Counting]), _WORD
]
SlotReference = Annotated[str | int, BeforeValidator(read_slot_reference), _schema(type=["string", "integer"])]
Points = Annotated[
    tuple[int, ...],
    BeforeValidator(read_points),
    _schema(type="array", items={"type": "integer", "minimum": 0, "maximum": 10**6}, minItems=24, maxItems=24),
    Toml(write=list),
]
MeetingId = Annotated[
    str,
    BeforeValidator(make_text_reader(check_meeting_id)),
    _schema(type="string", pattern=f"^{ID_PATTERN.pattern}$", maxLength=LONGEST_ID),
]
Domain = Annotated[str, BeforeValidator(make_text_reader(check_domain)), _schema(type="string", format="hostname")]
Email = Annotated[str, BeforeValidator(read_email), _schema(type="string", format="email")]
Locale = Annotated[str, BeforeValidator(read_locale), _schema(type="string", pattern=f"^{LOCALE_PATTERN.pattern}$")]
Color = Annotated[str, BeforeValidator(make_text_reader(check_color)), _schema(enum=sorted(COLOR_NAMES))]
Url = Annotated[str, BeforeValidator(read_url), _schema(type="string", format="uri")]
Groups = Annotated[
    dict[str, Text],
    BeforeValidator(read_groups),
    _schema(type="object", additionalProperties={"type": "string", "minLength": 1}),
    Toml(write=dict),
]
DayWindow = Annotated[Window, BeforeValidator(read_day_window), _schema(type="string", pattern=_HOURS), Toml(write=str)]
Leads = Annotated[
    dict[Text, Margin],
    BeforeValidator(read_leads),
    _schema(type="object", additionalProperties={"type": "string", "pattern": LENGTH_PATTERN}),
    Toml(write=_write_leads),
]
RuleLevel = Annotated[
    Level, BeforeValidator(make_word_reader(Level)), _schema(enum=[item.value for item in Level]), _WORD
]
SessionRepeat = Annotated[
    RepeatWord, BeforeValidator(make_word_reader(RepeatWord)), _schema(enum=[item.value for item in RepeatWord]), _WORD
]
Texts = Annotated[
    tuple[Text, ...],
    BeforeValidator(make_list_reader("write a list of texts such as ['captioner']")),
    _schema(type="array", items={"type": "string", "minLength": 1}),
    Toml(write=list),
    CellKind(read=split_cell),
]
Turn = Annotated[
    int, BeforeValidator(make_number_reader(1, MOST_SLOTS)), _schema(type="integer", minimum=1, maximum=MOST_SLOTS)
]
TurnsTaken = Annotated[
    int,
    BeforeValidator(make_number_reader(0, MOST_SLOTS - 1)),
    _schema(type="integer", minimum=0, maximum=MOST_SLOTS - 1),
]
DayPoints = Annotated[
    int, BeforeValidator(make_number_reader(0, 10**6)), _schema(type="integer", minimum=0, maximum=10**6)
]
Percent = Annotated[int, BeforeValidator(make_number_reader(0, 100)), _schema(type="integer", minimum=0, maximum=100)]
DateCount = Annotated[
    int, BeforeValidator(make_number_reader(1, MOST_DATES)), _schema(type="integer", minimum=1, maximum=MOST_DATES)
]
FirstNumber = Annotated[
    int, BeforeValidator(make_number_reader(0, 10**6)), _schema(type="integer", minimum=0, maximum=10**6)
]
Weight = Annotated[
    int,
    BeforeValidator(make_number_reader(0, 10**6)),
    _schema(type="integer", minimum=0, maximum=10**6),
    CellKind(read=_read_number),
]
Format = Annotated[int, BeforeValidator(read_format), _schema(const=1)]
