"""Base classes of the project's values: hashable mappings, and reports with one row per member."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from html import escape
from typing import ClassVar, Generic, Protocol, TypeAlias, TypeVar, Union, cast

from mag_rotation.errors import UnknownMember
from mag_rotation.limits import find_nearest_ids

__all__ = [
    "Fact",
    "FactCode",
    "Figure",
    "FrozenDict",
    "Record",
    "Rows",
    "freeze",
    "make_records",
    "write_pairs",
    "write_table",
]

K = TypeVar("K")
V = TypeVar("V")

Record = dict[str, object]
"""A row as plain values by field name, as pandas and polars accept it."""


class FrozenDict(Mapping[K, V]):
    """An immutable mapping that can be hashed, pickled and copied.

    It equals every mapping with the same items, in any order.

    >>> one = FrozenDict({"region": "WEOG"})
    >>> one == {"region": "WEOG"}, hash(one) == hash(FrozenDict({"region": "WEOG"})), one
    (True, True, {'region': 'WEOG'})
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V] | None = None) -> None:
        self._items = dict(items or {})

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self) -> tuple[type[FrozenDict[K, V]], tuple[dict[K, V]]]:
        return FrozenDict, (self._items,)


def freeze(value: V) -> V:
    """Return a mapping and its nested mappings as :class:`FrozenDict`; other values are returned unchanged.

    >>> hash(freeze({"region": {"WEOG": 3}})) == hash(freeze({"region": {"WEOG": 3}}))
    True
    """
    if isinstance(value, Mapping) and not isinstance(value, FrozenDict):
        return cast("V", FrozenDict({key: freeze(inner) for key, inner in value.items()}))
    return value


class FactCode(StrEnum):
    """The base of all codes of facts; each room that states facts has its own, and no two have one value."""


Figure: TypeAlias = Union[
    bool, int, float, str, date, datetime, tuple[str | int, ...], tuple["Fact", ...], "Fact", None
]
"""A value in a fact: a figure, an id, a date, an instant, several of these, or another fact."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One reason, warning or note: what it says by a code, and of what by figures.

    :func:`mag_rotation.report.sentence` puts it into words.
    """

    code: FactCode
    figures: FrozenDict[str, Figure]

    @classmethod
    def of(cls, code: FactCode, /, **figures: Figure) -> Fact:
        """Create a fact from its code and its figures by name."""
        return cls(code=code, figures=FrozenDict(figures))


class _Row(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_Row)


class Rows(Generic[R]):
    """A report with rows: iterable, indexed by the id of a row, shown as a table in notebooks.

    A subclass keeps a row for each member in ``members``, or overrides ``rows``. ``_shown`` are the columns of the
    table in a notebook, all if it is empty, and ``_note`` is what stands below it.
    """

    __slots__ = ()

    _shown: ClassVar[tuple[str, ...]] = ()
    _note: ClassVar[str] = ""
    members: tuple[R, ...]

    @property
    def rows(self) -> tuple[R, ...]:
        """The rows."""
        return self.members

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, wanted: str) -> R:
        """Return the row of a member; raises :class:`UnknownMember` with the nearest ids if the report has none."""
        for row in self.rows:
            if row.id == wanted:
                return row
        raise UnknownMember(wanted, find_nearest_ids(wanted, (row.id for row in self.rows)))

    def to_records(self) -> list[Record]:
        """Return the rows as dictionaries of plain values, as :func:`make_records` makes them."""
        return make_records(self.rows)

    def _repr_html_(self) -> str:
        return write_table(_read_rows(self.rows, _to_shown), self._shown, note=self._note)


def make_records(rows: Iterable[object]) -> list[Record]:
    """Return values as dictionaries of their fields and public properties, as pandas and polars accept them.

    Local times are ISO 8601 texts, and several ids are one text with blanks between them. A value with fields of its
    own has no place in a cell, and is left out.
    """
    return _read_rows(rows, _to_plain)


def _read_rows(rows: Iterable[object], convert: Callable[[object], object]) -> list[Record]:
    return [_make_record(row, convert) for row in rows]


def _make_record(row: object, convert: Callable[[object], object]) -> Record:
    kind = type(row)
    declared = getattr(kind, "__dataclass_fields__", {})
    names = [name for name, one in declared.items() if one.repr and not name.startswith("_")]
    for part in reversed(kind.__mro__):
        names += [
            name for name, value in vars(part).items() if isinstance(value, property) and not name.startswith("_")
        ]
    if isinstance(row, Rows):  # a row that is a report itself has no place for its rows
        names = [name for name in names if name != "rows"]
    values = ((name, getattr(row, name)) for name in names)
    return {name: convert(value) for name, value in values if hasattr(value, "isoformat") or not is_dataclass(value)}


def _to_plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float | date | datetime):
        return value
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if callable(isoformat) else str(value)


def _to_shown(value: object) -> object:
    """Return what a notebook shows: a local time as people read it, and else what a record has."""
    is_local = hasattr(value, "isoformat") and not isinstance(value, date)
    return str(value) if is_local else _to_plain(value)


_BURDENS = frozenset({"burden", "attended_burden", "best_possible", "regret", "worst", "total"})
"""The columns whose numbers are point-minutes."""
_MOST_ROWS = 60
"""The most rows of a table in a notebook, as pandas shows them."""
_MOST_LETTERS = 30
"""The most letters of a cell that stand in one line."""
_TABLE = '<table style="border-collapse:collapse;color:inherit">'


def write_table(records: Sequence[Record], shown: Iterable[str] = (), *, note: str = "") -> str:
    """Return records as a table of HTML for a notebook, on its own paper and in its own ink, light or dark.

    ``shown`` are the columns, all of the first record if it is empty. A column without any value is left out, and what
    comes after 60 rows is counted. The ``note`` stands below the table.

    >>> write_table([{"id": "ann", "note": None}, {"id": "<bo>", "note": None}]).count("<th ")
    1
    """
    names = [*shown] or [*(records[0] if records else ())]
    names = [name for name in names if any(record[name] not in {None, ""} for record in records)]
    numbers = {name for name in names if all(record[name] is None or _is_number(record[name]) for record in records)}
    heads = (
        _write_cell("th", _write_head(name), of="col", side="end" if name in numbers else "start") for name in names
    )
    rows = [f"<tr>{''.join(_write_cell('td', record[name]) for name in names)}</tr>" for record in records[:_MOST_ROWS]]
    if more := len(records) - len(rows):
        rows.append(f'<tr><td colspan="{len(names)}" style="text-align:start">and {more:,} more rows</td></tr>')
    caption = f'<caption style="caption-side:bottom;text-align:start">{escape(note)}</caption>' if note else ""
    return f"{_TABLE}{caption}<thead><tr>{''.join(heads)}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _write_head(name: str) -> str:
    words = name.replace("_", " ")
    return f"{words} (point-minutes)" if name in _BURDENS else words


def write_pairs(pairs: Mapping[str, object]) -> str:
    """Return names and their values as a table of HTML for a notebook, a row each.

    >>> write_pairs({"name": "R & D"}).count("<td "), "R &amp; D" in write_pairs({"name": "R & D"})
    (1, True)
    """
    rows = (
        f"<tr>{_write_cell('th', name, of='row')}{_write_cell('td', value, side='start')}</tr>"
        for name, value in pairs.items()
    )
    return f"{_TABLE}<tbody>{''.join(rows)}</tbody></table>"


def _write_cell(tag: str, value: object, *, of: str = "", side: str = "") -> str:
    """Return a cell of a table, as the head ``of`` a column or a row if that is given.

    Numbers are set to the end, where their digits stand below each other, unless a ``side`` is given.
    """
    text = _format_cell(value)
    scope = f' scope="{of}"' if of else ""
    style = f"padding:.2em .6em;vertical-align:top;text-align:{side or ('end' if _is_number(value) else 'start')}"
    if len(text) <= _MOST_LETTERS:
        style += ";white-space:nowrap"
    return f'<{tag}{scope} style="{style}">{escape(text)}</{tag}>'


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _format_cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.2f}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case _:
            return str(value)
