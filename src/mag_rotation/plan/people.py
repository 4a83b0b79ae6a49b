"""A roster made from a group's own spreadsheet: what its columns were read as, who is in it, and what has changed.

``planfile`` makes these values from files, and ``report`` describes them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mag_rotation.places.locate import Location, Whereabouts, ZoneSource
from mag_rotation.roster import ZoneName
from mag_rotation.values import Fact, FactCode, FrozenDict

__all__ = [
    "CellChange",
    "CellToWrite",
    "ColumnReading",
    "ColumnUse",
    "LeftOut",
    "Move",
    "People",
    "Person",
    "RosterDraft",
    "RosterNote",
]


class ColumnUse(StrEnum):
    """What became of a column that is neither a column of the roster nor a group."""

    LEFT_OUT = "left-out"
    GROUP = "group"


class LeftOut(StrEnum):
    """Why a column was left out."""

    TELEPHONE = "telephone"
    BIRTH = "birth"
    DOCUMENT = "document"
    ADDRESS = "address"
    PERSONAL = "personal"
    ADDRESS_FORM = "address-form"
    NUMBER = "number"
    TIMESTAMP = "timestamp"
    HOLDS_TELEPHONE = "holds-telephone"
    HOLDS_ADDRESS = "holds-address"
    NO_HEADING = "no-heading"
    EMPTY = "empty"
    AGAIN = "again"
    HOURS = "hours"
    NOT_LABELS = "not-labels"
    ON_REQUEST = "on-request"


class RosterNote(FactCode):
    """What should be known about a roster that was made from a spreadsheet."""

    BUILT_IN_CITIES = "built_in_cities"
    OTHER_SHEETS = "other_sheets"
    ROWS_WITHOUT_MEMBER = "rows_without_member"
    ROWS_REPEATED = "rows_repeated"
    SAME_PERSON = "same_person_twice"
    ADDRESSES_NOT_READ = "addresses_not_read"
    DATES_NOT_READ = "dates_not_read"
    DATES_AMBIGUOUS = "dates_ambiguous"
    ZONE_CONTRADICTS = "zone_contradicts_place"
    CITY_UNKNOWN = "cities_not_known"
    COUNTRY_UNKNOWN = "countries_not_known"
    COUNTRY_AMBIGUOUS = "country_ambiguous"


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnReading:
    """A column as it was found and what it was read as: a column of the roster, ``group`` or ``left-out``.

    ``group`` is the name of the group, also if the column is read as something else besides; ``reason`` is why it was
    left out. ``is_chosen`` marks ids that are no ids by their heading, but could be.
    """

    found: str
    index: int
    meaning: str
    group: str | None = None
    reason: LeftOut | None = None
    is_chosen: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """The member of a row: what is written, and where that is.

    ``known`` is the zone in the roster sheet that exists; it stays.
    """

    row: int
    id: str
    cells: Mapping[str, str]
    where: Whereabouts
    location: Location = field(default_factory=Location)
    known: ZoneName | None = None

    @property
    def name(self) -> str | None:
        """The name as it is written; None if there is none."""
        return self.cells.get("name")

    @property
    def zone(self) -> ZoneName | None:
        """The zone that the roster sheet has; None if it is open."""
        return self.known or self.location.zone

    @property
    def source(self) -> ZoneSource | None:
        """What the zone was found from; the roster sheet if only that has it."""
        if self.known and self.location.zone != self.known:
            return ZoneSource.ROSTER
        return self.location.source

    @property
    def is_assumed(self) -> bool:
        """Whether the zone is a choice among several."""
        return self.location.is_assumed and self.zone == self.location.zone


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A member who lives elsewhere by the spreadsheet than by the roster sheet."""

    id: str
    before: ZoneName
    after: ZoneName


@dataclass(frozen=True, kw_only=True, slots=True)
class CellChange:
    """A cell of the roster sheet that follows the spreadsheet: its column, its text and the one before."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CellToWrite:
    """A cell of the roster sheet as it should read from now on, which a person has to write."""

    row: int
    id: str
    column: str
    cell: str


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """The members of a spreadsheet, and the roster sheet that is brought up to date.

    ``header``, ``rows`` and ``separator`` are those of the roster sheet.
    """

    file: str
    columns: tuple[ColumnReading, ...]
    persons: tuple[Person, ...]
    notes: tuple[Fact, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    separator: str = ","

    @property
    def open_questions(self) -> tuple[tuple[Person, ...], ...]:
        """The members without a zone, those of one place together."""
        asked: dict[object, list[Person]] = {}
        for person in self.persons:
            if person.zone is None:
                asked.setdefault(person.id if person.where == Whereabouts() else person.where, []).append(person)
        return tuple(map(tuple, asked.values()))

    def answer(self, persons: Collection[Person], zone: ZoneName) -> People:
        """Return the same people, some of them with the zone that was answered."""
        ids = {person.id for person in persons}
        location = Location(zone=zone, source=ZoneSource.ANSWER)
        answered = (replace(one, location=location) if one.id in ids else one for one in self.persons)
        return replace(self, persons=tuple(answered))


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterDraft:
    """A roster sheet made from a spreadsheet, and what is different from the one before.

    ``text`` is the sheet in CSV, ``is_changed`` whether it says something else than the one before. ``changed`` are the
    cells of former members that got another text, by id. ``cells`` are those that are offered for members who are
    gone or moved for good.
    """

    text: str
    persons: tuple[Person, ...]
    columns: tuple[ColumnReading, ...]
    notes: tuple[Fact, ...] = ()
    is_update: bool = False
    is_changed: bool = True
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    moved: tuple[Move, ...] = ()
    changed: Mapping[str, tuple[CellChange, ...]] = field(default_factory=FrozenDict)
    cells: tuple[CellToWrite, ...] = ()

    @property
    def open(self) -> tuple[Person, ...]:
        """The members whose zone is not found."""
        return tuple(person for person in self.persons if person.zone is None)
