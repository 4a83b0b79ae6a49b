"""Base classes of the project's values: hashable mappings, and reports with one row per member."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from html import escape
from typing import Generic, Protocol, TypeAlias, TypeVar, Union, cast

from mag_rotation.errors import UnknownMember

__all__ = ["Fact", "FactCode", "Figure", "FrozenDict", "Record", "Rows", "freeze"]

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

    A subclass keeps a row for each member in ``members``, or overrides ``rows``.
    """

    __slots__ = ()

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
        """Return the row of a member; raises :class:`UnknownMember` if the report has none."""
        for row in self.rows:
            if row.id == wanted:
                return row
        raise UnknownMember(wanted)

    def to_records(self) -> list[Record]:
        """Return the rows as dictionaries of plain values; local times are ISO 8601 texts."""
        return [_record(row) for row in self.rows]

    def _repr_html_(self) -> str:
        records = self.to_records()
        heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in (records[0] if records else ()))
        lines = (
            "<tr>" + "".join(f"<td>{escape(_format_cell(value))}</td>" for value in record.values()) + "</tr>"
            for record in records
        )
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _record(row: object) -> Record:
    """Return the fields and the public properties of a row."""
    kind = type(row)
    declared = getattr(kind, "__dataclass_fields__", {})
    names = [name for name, one in declared.items() if one.repr and not name.startswith("_")]
    for part in reversed(kind.__mro__):
        names += [
            name for name, value in vars(part).items() if isinstance(value, property) and not name.startswith("_")
        ]
    return {name: _to_plain(getattr(row, name)) for name in names}


def _to_plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float | date | datetime):
        return value
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if callable(isoformat) else str(value)


def _format_cell(value: object) -> str:
    return "" if value is None else str(value)
