"""What a report is, before anyone knows how it will be written: sentences and tables, a document, and records.

A column says once what it reads from a row, its key in JSON and CSV, and its head in tables for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar, overload

from mag_rotation.report.language import ENGLISH, Language
from mag_rotation.report.words import BurdenChange, NightHour

__all__ = [
    "Cell",
    "Column",
    "Head",
    "Records",
    "Report",
    "Screen",
    "Section",
    "Tone",
    "ValueKind",
    "make_record",
    "make_section",
    "utc_text",
]

R = TypeVar("R")
S = TypeVar("S")


class Tone(StrEnum):
    """How a cell stands out, in the colours that rich knows by name."""

    PLAIN = ""
    NIGHT = "bold magenta"
    BLOCKED = "bold red"
    CHANGED = "yellow"
    FAINT = "dim"


class ValueKind(StrEnum):
    """What the values of a column are.

    ``WORD`` is a word of :data:`mag_rotation.report.words.WORDS`. ``LENGTH`` is minutes. ``CHANGE`` is shown with its
    sign. ``NIGHT_HOURS`` and ``NIGHT_HOURS_CHANGE`` are burdens in point-minutes, which people read in night-hours.
    """

    TEXT = "text"
    WORD = "word"
    NUMBER = "number"
    MEAN = "mean"
    CHANGE = "change"
    NIGHT_HOURS = "night-hours"
    NIGHT_HOURS_CHANGE = "night-hours change"
    LENGTH = "length"
    INSTANT = "instant"
    DATE = "date"


_TEXTS = {ValueKind.TEXT, ValueKind.WORD}
_NUMBERS = set(ValueKind) - _TEXTS - {ValueKind.INSTANT, ValueKind.DATE}


@dataclass(frozen=True, slots=True)
class Cell:
    """One text and its tone, which says nothing that the text does not say.

    ``value`` is the number, date or instant that the text shows: burdens in night-hours, lengths in minutes. ``tones``
    are those of the single letters, where these differ.
    """

    text: str
    tone: Tone = Tone.PLAIN
    value: float | date | None = None
    tones: tuple[Tone, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above a column, and what its values are.

    Where there is no room for all columns, those of the largest ``rank`` are left out first, and those of rank 0 never.
    """

    head: str
    kind: ValueKind = ValueKind.TEXT
    rank: int = 0

    @property
    def number(self) -> bool:
        """Whether the values are numbers, which are set to the right."""
        return self.kind in _NUMBERS


class LaterRows(Sequence[R]):
    """The rows of a table, made when they are first read: a report has more of them than any format writes.

    >>> rows = LaterRows(lambda: ("20:00", "14:00"))
    >>> len(rows), rows[0], rows == ("20:00", "14:00")
    (2, '20:00', True)
    """

    __slots__ = ("_make", "_rows")

    def __init__(self, make: Callable[[], tuple[R, ...]]) -> None:
        self._make = make
        self._rows: tuple[R, ...] | None = None

    def _read(self) -> tuple[R, ...]:
        if self._rows is None:
            self._rows = self._make()
        return self._rows

    @overload
    def __getitem__(self, index: int) -> R: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[R, ...]: ...

    def __getitem__(self, index: int | slice) -> R | tuple[R, ...]:
        return self._read()[index]

    def __len__(self) -> int:
        return len(self._read())

    def __iter__(self) -> Iterator[R]:
        return iter(self._read())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._read() == tuple(other)

    def __hash__(self) -> int:
        return hash(self._read())


class ListItem(str):
    """A sentence above a table that is an item of a list; formats of plain text show the dash that it begins with."""

    __slots__ = ()

    @classmethod
    def of(cls, sentence: str) -> ListItem:
        """Create the item of a sentence.

        >>> ListItem.of("Two calls."), ListItem.of("Two calls.").sentence
        ('- Two calls.', 'Two calls.')
        """
        return cls(f"- {sentence}")

    @property
    def sentence(self) -> str:
        """The sentence without the dash."""
        return self.removeprefix("- ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Sentences above, a table, sentences below; any of them may be empty. ``title`` says what the table shows."""

    title: str = ""
    lead: tuple[str, ...] = ()
    heads: tuple[Head, ...] = ()
    rows: Sequence[tuple[Cell, ...]] = ()
    notes: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The title if there is no table: it stands above the sentences then."""
        return "" if self.rows or not self.lead else self.title


def utc_text(instant: datetime) -> str:
    """Return a UTC instant as JSON and CSV show it.

    >>> from datetime import UTC
    >>> utc_text(datetime(2020, 9, 15, 20, tzinfo=UTC))
    '2020-09-15T20:00:00Z'
    """
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Column(Generic[R]):
    """One column of a table whose rows are of one type.

    ``read`` is its value in a row, else the attribute of the name ``key``. It is written to JSON and CSV where it has a
    ``key``, and shown to people where it has a ``head`` and ``is_shown`` says so of all rows. ``show`` is its text for
    people, ``tell`` its text in a language, else it is that of its kind; a value that is not there is shown as
    ``missing``. ``rank`` is that of its head. Heads and ``missing`` are translated, unless ``has_own_head`` says that
    the head is a name of the user's, or is translated already; ``context`` tells a head from the same word elsewhere.
    """

    key: str = ""
    head: str | None = None
    kind: ValueKind = ValueKind.TEXT
    read: Callable[[R], object] | None = None
    show: Callable[[R], str] | None = None
    tell: Callable[[R, Language], str] | None = None
    tone: Callable[[R], Tone] | None = None
    is_shown: Callable[[Sequence[R]], bool] | None = None
    missing: str = ""
    rank: int = 0
    has_own_head: bool = False
    context: str = ""

    def value(self, row: R) -> object:
        """Return the value of a row."""
        return getattr(row, self.key) if self.read is None else self.read(row)

    def plain(self, row: R) -> object:
        """Return the value of a row as JSON and CSV have it."""
        value = self.value(row)
        if isinstance(value, datetime):
            return utc_text(value)
        if isinstance(value, date):
            return value.isoformat()
        return str(value) if isinstance(value, str) else value

    def cell(self, row: R, language: Language, unit: NightHour | None = None) -> Cell:
        """Return what people see in a row; ``unit`` is that of burdens."""
        has_text = self.show is not None or self.tell is not None
        is_typed = self.kind not in _TEXTS and (self.key or self.read)
        value = self.value(row) if is_typed or not has_text else None
        if self.tell is not None:
            text = self.tell(row, language)
        elif self.show is not None:
            text = self.show(row)
        else:
            text = self._text(value, language, unit)
        tone = Tone.PLAIN if self.tone is None else self.tone(row)
        return Cell(text, tone, self._type_value(value, unit) if text else None)

    def through(self, pick: Callable[[S], R], *, prefix: str = "") -> Column[S]:
        """Return this column for rows that hold one of its own; ``prefix`` goes before its key."""
        show, tell, tone, is_shown = self.show, self.tell, self.tone, self.is_shown
        return Column(
            key=f"{prefix}{self.key}" if self.key else "",
            head=self.head,
            kind=self.kind,
            read=lambda row: self.value(pick(row)),
            show=None if show is None else lambda row: show(pick(row)),
            tell=None if tell is None else lambda row, language: tell(pick(row), language),
            tone=None if tone is None else lambda row: tone(pick(row)),
            is_shown=None if is_shown is None else lambda rows: is_shown([pick(row) for row in rows]),
            missing=self.missing,
            rank=self.rank,
            has_own_head=self.has_own_head,
            context=self.context,
        )

    def _text(self, value: object, language: Language, unit: NightHour | None) -> str:
        match self.kind, value:
            case _, None:
                text = language.translate(self.missing)
            case ValueKind.WORD, str():
                text = language.translate(str(value))
            case ValueKind.MEAN, float() | int():
                text = f"{value:.0f}"
            case ValueKind.CHANGE, int():
                text = language.write_change(value)
            case ValueKind.NIGHT_HOURS, float() | int():
                text = self._unit(unit).show(value)
            case ValueKind.NIGHT_HOURS_CHANGE, BurdenChange():
                text = self._unit(unit).show_change(value)
            case ValueKind.LENGTH, int():
                text = language.write_short_length(value)
            case ValueKind.INSTANT, datetime():
                text = language.write_moment(value)
            case _:
                text = str(value) or language.translate(self.missing)
        return text

    def _unit(self, unit: NightHour | None) -> NightHour:
        if unit is None:
            raise TypeError(f"the column {self.head!r} has burdens; give the unit of the report")
        return unit

    def _type_value(self, value: object, unit: NightHour | None) -> float | date | None:
        """Return what a cell holds: None for a text."""
        match self.kind, value:
            case (ValueKind.TEXT | ValueKind.WORD, _) | (_, bool()):
                return None
            case ValueKind.NIGHT_HOURS, float() | int():
                return value if unit is None else unit.convert(value)
            case ValueKind.NIGHT_HOURS_CHANGE, BurdenChange():
                change = value.burden - value.before
                return change if unit is None else unit.convert(change)
            case _, float() | int() | date():
                return value
            case _:
                return None


def make_section(
    columns: Sequence[Column[R]],
    rows: Sequence[R],
    language: Language,
    *,
    title: str = "",
    lead: Sequence[str] = (),
    notes: Sequence[str] = (),
    unit: NightHour | None = None,
) -> Section:
    """Return the table that people see of some rows, with the sentences above and below it.

    Its heads and words are translated; title and sentences are in the language already. ``unit`` is that of burdens,
    for columns that have them.
    """
    shown = [
        column for column in columns if column.head is not None and (column.is_shown is None or column.is_shown(rows))
    ]
    return Section(
        title=title,
        lead=tuple(lead),
        heads=tuple(_make_head(column, language) for column in shown),
        rows=LaterRows(lambda: tuple(tuple(column.cell(row, language, unit) for column in shown) for row in rows)),
        notes=tuple(notes),
    )


def _make_head(column: Column[R], language: Language) -> Head:
    head = column.head or ""
    shown = head if column.has_own_head else language.translate(head, context=column.context)
    return Head(shown, kind=column.kind, rank=column.rank)


@dataclass(frozen=True, kw_only=True, slots=True)
class Records:
    """Rows of plain values by the keys of their columns, for a spreadsheet."""

    keys: tuple[str, ...] = ()
    rows: Sequence[tuple[object, ...]] = ()

    @classmethod
    def of(cls, columns: Sequence[Column[R]], rows: Iterable[R], beside: Mapping[str, object]) -> Records:
        """Return the records of some rows, each with the values ``beside`` them, which are alike in all."""
        keyed, kept = [column for column in columns if column.key], tuple(rows)
        return cls(
            keys=(*(column.key for column in keyed), *beside),
            rows=LaterRows(
                lambda: tuple((*(_join_list(column.plain(row)) for column in keyed), *beside.values()) for row in kept)
            ),
        )


def _join_list(value: object) -> object:
    """Return a list as the text of one cell, as roster sheets write lists; other values are returned unchanged."""
    return ";".join(map(str, value)) if isinstance(value, list) else value


def make_record(columns: Sequence[Column[R]], row: R) -> dict[str, object]:
    """Return a row by the keys of its columns, as JSON has it."""
    return {column.key: column.plain(row) for column in columns if column.key}


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """An answer of the command line: sections for people, a document for JSON, and records for CSV.

    ``language`` is that of the words for people; documents and records are the same in every language.
    """

    title: str
    sections: tuple[Section, ...]
    document: Mapping[str, object]
    records: Records = field(default_factory=Records)
    language: Language = ENGLISH


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """The terminal that a report is shown on; ``width`` is None for a file or a pipe."""

    width: int | None = None
    colour: bool = False
