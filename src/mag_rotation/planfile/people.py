"""A group's own spreadsheet to a roster sheet: which column is what, who is in which row, and where they live.

Columns are recognised by their headings (``headings.toml``). A private column is left out, whatever is in it, and a
column of other labels becomes a group. Ids are made from names and do not depend on the order of rows. If a roster
sheet exists, its ids, its order, its zones and the columns that were added to it by hand stay.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from hashlib import blake2s
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

from mag_rotation.cells import write_csv
from mag_rotation.errors import InvalidRoster, Mistake, UnreadableFile, is_control
from mag_rotation.limits import find_nearest
from mag_rotation.places import UTC_ZONE
from mag_rotation.places.locate import (
    Location,
    Whereabouts,
    ZoneSource,
    country_code,
    find_countries,
    has_city_package,
    keeps_same_clock,
    locate,
)
from mag_rotation.plan.groups import MEMBER_COLUMNS, Private, column_key, private_kind
from mag_rotation.plan.people import (
    CellChange,
    CellToWrite,
    ColumnReading,
    ColumnUse,
    LeftOut,
    Move,
    People,
    Person,
    RosterDraft,
    RosterNote,
)
from mag_rotation.planfile.reader import Place, build_members
from mag_rotation.planfile.sheets import (
    RawRow,
    RawSheet,
    find_separator,
    read_member_cells,
    read_raw_sheets,
    read_sheet,
    split_stays,
)
from mag_rotation.roster import ZoneName, check_email, mailbox_of
from mag_rotation.series import ID_PATTERN, LONGEST_ID
from mag_rotation.values import Fact, FrozenDict

__all__ = ["draft_roster", "find_meaning", "make_id", "read_people"]

Key = TypeVar("Key")

_FIRST_ROWS = 30
"""How far down the headings are looked for."""

_LEAST_AT_HOME = 2
"""Fewer members in one country say nothing about where the others are."""

_LEAST_HEADINGS = 2
"""A row with fewer known headings is a row of data, or a title."""

_LONGEST_LABEL = 40
_LONGEST_ID = 40
_LEAST_HASH = 4
"""The digits that tell members of one name apart where nothing readable does."""

_WORDS = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_HEAD_PARTS = re.compile(r"[/|\n,;:]+| - | \u2013 ")
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\]+")
_HOURS = re.compile(
    r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2} ?(?:[ap]\.?m\b|h\b|uhr\b|o'clock)"
    r"|\b(?:after|before|until|till|from|between|avant|apr[eè]s|antes|despu[eé]s)\b.*\d"
    r"|\b(?:mornings?|afternoons?|evenings?|nights?|weekends?|matins?|soirs?|mañanas?|tardes?|noches?)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b",
    re.IGNORECASE,
)
"""What says when somebody can or cannot attend."""

_BETWEEN_ROLES = re.compile(r"\s*[;,/\n]\s*")
_WRITTEN_TOGETHER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Kana, Han and Hangul, in which the family name comes first and no blank is between the two."""

_TOGETHER = "name-or-given-name"
_FAMILY, _GIVEN, _CITY, _STATE, _COUNTRY = "family-name", "given-name", "city", "state", "country"
_HANDLE = "handle"
_WHO = frozenset({"id", "name", "email", _HANDLE, _FAMILY, _GIVEN, _TOGETHER})
_PLACES = frozenset({"zone", _CITY, _STATE})
"""What a column can be read as and be a group besides; the country is one anyway."""

_UPDATED = frozenset({"name", "email", "roles", "joined", "left"})
"""The member columns that follow the spreadsheet; the others are filled only where they are empty."""

_MEMBER_KEYS = frozenset(map(column_key, MEMBER_COLUMNS))
_REQUIRED = ("id", "zone")
_BEFORE_ALL_CALLS = date(2000, 1, 1)
"""From when somebody who moved for good has lived in the former zone, if the roster does not say when they joined."""

_FIRST_COLUMNS = ("id", "name", "zone", "email", "roles")


def read_people(
    data: bytes,
    name: str,
    *,
    sheet: str | None = None,
    groups: Sequence[str] = (),
    existing: bytes | None = None,
    existing_name: str = "members.csv",
) -> People:
    """Return the members of a spreadsheet with the zones that can be found.

    ``sheet`` names the sheet of a workbook, ``groups`` columns that become groups although they look like nothing that
    should be printed. ``existing`` is the roster sheet that is brought up to date. Raises :class:`UnreadableFile` if no
    headings are found or nobody stands below them, and :class:`InvalidRoster` with all mistakes in cells.
    """
    mistakes: list[Mistake] = []
    sheets = read_raw_sheets(data, name, mistakes, _count_headings)
    header, rows = _read_existing(existing, existing_name, mistakes)
    _raise_if(mistakes)
    found, heads, others = _find_table(sheets, name, sheet)
    below = tuple(row for row in found.rows if row.line > heads.line)
    columns = _read_columns(heads.cells, below, name, groups, {row["id"] for row in rows if "id" in row})
    notes: list[Fact] = [Fact.of(RosterNote.OTHER_SHEETS, read=found.title, others=others)] if others else []
    rough = _read_rows(columns, below, notes)
    if not rough:
        raise UnreadableFile(
            name, f"has headings in row {heads.line} and nobody below them; write a row for each member"
        )
    persons = _give_ids(rough, {row["id"]: row for row in rows if "id" in row})
    located = locate(person.where for person in persons)
    persons = _put_home_first([replace(person, location=located[person.where]) for person in persons])
    _check_cells(persons, name, mistakes)
    _raise_if(mistakes)
    notes += _find_notes(persons)
    return People(
        file=name,
        columns=columns,
        persons=tuple(persons),
        notes=tuple(notes),
        header=header,
        rows=rows,
        separator="," if existing is None else find_separator(existing, _REQUIRED),
    )


def _put_home_first(persons: Sequence[Person]) -> list[Person]:
    """Return the members, the candidates of open cities in the country of all others first; none if one is written."""
    found = [person.location for person in persons if person.location.zone]
    homes = {location.country for location in found}
    is_written = any(person.where.country or person.where.state for person in persons)
    if is_written or len(found) < _LEAST_AT_HOME or len(homes) > 1 or homes == {""}:
        return list(persons)

    def sort(location: Location) -> Location:
        ordered = sorted(location.candidates, key=lambda one: one.country not in homes)
        return replace(location, candidates=tuple(ordered))

    return [replace(person, location=sort(person.location)) for person in persons]


def _raise_if(mistakes: Sequence[Mistake]) -> None:
    if mistakes:
        raise InvalidRoster(mistakes)


# Headings.


def _fold(text: str) -> str:
    """Return a heading as the table of headings has it: words in lower case, without accents.

    >>> _fold("Prénom(s)"), _fold("E-Mail:"), _fold("N°")
    ('prenom s', 'e mail', 'n')
    """
    apart = unicodedata.normalize("NFKD", text.replace("\u00b0", "").replace("\u00ba", "")).casefold()
    return " ".join(_WORDS.findall("".join(letter for letter in apart if not unicodedata.combining(letter))))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Headings:
    """The table of headings: meanings by heading, and phrases by which a longer heading is recognised."""

    meanings: Mapping[str, str]
    phrases: tuple[tuple[str, str], ...]
    groups: frozenset[str]
    reasons: frozenset[str]


@cache
def _load_headings() -> _Headings:
    tables = tomllib.loads((files("mag_rotation.planfile") / "headings.toml").read_text("utf-8"))
    reasons = {**tables["private"], **tables["numbers"], **tables["hours"]}
    known = {
        head: meaning
        for table in (reasons, tables["groups"], tables["read"])
        for meaning in table
        for head in table[meaning]
    }
    phrases = tuple((f" {phrase} ", meaning) for meaning, listed in tables["words"].items() for phrase in listed)
    return _Headings(
        meanings=MappingProxyType(known),
        phrases=phrases,
        groups=frozenset(tables["groups"]),
        reasons=frozenset(reasons),
    )


@cache
def find_meaning(head: str) -> str | None:
    """Return what a heading means, as the table of headings names it; None if it is not known."""
    table = _load_headings()
    parts = (head, _BRACKETED.sub(" ", head), *_HEAD_PARTS.split(_BRACKETED.sub(" ", head)))
    for part in parts:
        meaning = table.meanings.get(_fold(part))
        if meaning:
            return meaning
    padded = f" {_fold(head)} "
    return next((meaning for phrase, meaning in table.phrases if phrase in padded), None)


def _count_headings(cells: Sequence[str]) -> int:
    """Return how many different columns the cells of a row name."""
    return len({meaning for cell in cells if len(cell) <= 120 and (meaning := find_meaning(cell))})


def _find_table(sheets: Sequence[RawSheet], name: str, wanted: str | None) -> tuple[RawSheet, RawRow, tuple[str, ...]]:
    """Return the sheet with the members, its row of headings, and the names of other sheets that have headings."""
    if wanted is not None:
        titles = [sheet.title for sheet in sheets]
        sheets = [sheet for sheet in sheets if sheet.title == wanted]
        if not sheets:
            known = ", ".join(map(repr, filter(None, titles))) or "none, because it is no workbook"
            near = find_nearest(wanted, titles)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise UnreadableFile(name, f"has no visible sheet {wanted!r}; {hint}its sheets are {known}")
    tables = [(sheet, heads) for sheet in sheets if (heads := _find_heads(sheet))]
    if not any(cell for sheet in sheets for row in sheet.rows for cell in row.cells):
        raise UnreadableFile(
            name, "is empty; write a row of headings such as Name, E-mail, City, Country or Time zone, and the members"
        )
    if not tables:
        raise UnreadableFile(
            name,
            f"has no row of headings in its first {_FIRST_ROWS} rows; the columns need headings such as Name, E-mail, "
            "City, Country or Time zone",
        )
    (sheet, heads), *others = tables
    return sheet, heads, tuple(other.title for other, _ in others)


def _find_heads(sheet: RawSheet) -> RawRow | None:
    """Return the row of headings: the first with most headings, if these say who somebody is."""
    rows = sheet.rows[:_FIRST_ROWS]
    counts = [_count_headings(row.cells) for row in rows]
    best = max(counts, default=0)
    if best < _LEAST_HEADINGS:
        return None
    heads = rows[counts.index(best)]
    return None if _WHO.isdisjoint(map(find_meaning, heads.cells)) else heads


# Columns.


def _read_columns(
    heads: Sequence[str], rows: Sequence[RawRow], name: str, groups: Sequence[str], known_ids: Collection[str]
) -> tuple[ColumnReading, ...]:
    """Return what each column is read as; a heading that occurs twice gets a number.

    ``known_ids`` are those of the roster sheet that exists.
    """
    width = max([len(heads), *(len(row.cells) for row in rows)])
    seen: Counter[str] = Counter()
    read: list[ColumnReading] = []
    taken: set[str] = set()
    wanted = {column_key(group): group for group in groups}
    found_groups: set[str] = set()
    meanings = {find_meaning(head) for head in heads}
    for index in range(width):
        head = " ".join((heads[index] if index < len(heads) else "").split())
        cells = [row.cells[index] for row in rows if index < len(row.cells) and row.cells[index]]
        if not head and not cells:
            continue
        label = head or f"column {index + 1}"
        seen[label] += 1
        label = label if seen[label] == 1 else f"{label} ({seen[label]})"
        is_wanted = column_key(head) in wanted and column_key(head) not in _MEMBER_KEYS
        found_groups.add(column_key(head))
        meaning = find_meaning(head) if head else None
        if meaning == _TOGETHER:
            meaning = _GIVEN if _FAMILY in meanings else "name"
        if meaning == _HANDLE:
            is_id = "id" not in meanings | taken and len(cells) == len(rows) and _are_ids(cells, known_ids)
            meaning = "id" if is_id and not is_wanted else None
        column = _read_column(label, index, head, cells, meaning=meaning, is_wanted=is_wanted)
        column = replace(column, is_chosen=meaning == "id" and find_meaning(head) == _HANDLE)
        slots = set(map(column_key, _list_slots(column)))
        if column.meaning != ColumnUse.LEFT_OUT and slots & taken:
            column = replace(column, meaning=ColumnUse.LEFT_OUT, group=None, reason=LeftOut.AGAIN)
        elif column.meaning != ColumnUse.LEFT_OUT:
            taken |= slots
        read.append(column)
    unknown = [wanted[key] for key in wanted if key not in found_groups]
    if unknown:
        listed = ", ".join(repr(column.found) for column in read)
        problem = f"found no column {', '.join(map(repr, unknown))} for --group; the columns are {listed}"
        raise UnreadableFile(name, problem)
    return tuple(_name_lone_family(read))


def _list_slots(column: ColumnReading) -> tuple[str, ...]:
    """Return under which names the cells of a column are kept: what it is read as, and the group."""
    group = (column.group,) if column.group else ()
    return (column.meaning, *group) if column.meaning in _PLACES else group or (column.meaning,)


def _are_ids(cells: Sequence[str], known: Collection[str]) -> bool:
    """Return whether the cells of a column can be ids: all different, of the form of an id, no others than before."""
    fit = all(len(cell) <= LONGEST_ID and ID_PATTERN.fullmatch(cell) for cell in cells)
    return fit and len(set(cells)) == len(cells) and (not known or any(cell in known for cell in cells))


def _name_lone_family(columns: Sequence[ColumnReading]) -> Iterator[ColumnReading]:
    """Yield the columns, a family name as the whole name if nothing else is a name: a lone ``Nom`` is that."""
    meanings = {column.meaning for column in columns}
    for column in columns:
        is_lone = column.meaning == _FAMILY and not meanings & {"name", _GIVEN}
        yield replace(column, meaning="name") if is_lone else column


def _read_column(
    label: str, index: int, head: str, cells: Sequence[str], *, meaning: str | None, is_wanted: bool
) -> ColumnReading:
    """Return what a column is read as, by the meaning of its heading, or by its cells if nobody knows the heading."""
    table = _load_headings()
    left_out = ColumnReading(found=label, index=index, meaning=ColumnUse.LEFT_OUT)
    if is_wanted and meaning != _COUNTRY:
        reason = _find_private(cells)
        group = meaning if meaning in table.groups else head
        use = meaning if meaning in _PLACES else ColumnUse.GROUP
        return replace(left_out, reason=reason) if reason else replace(left_out, meaning=use or "", group=group)
    if meaning in table.reasons:
        return replace(left_out, reason=LeftOut(meaning or ""))
    if meaning in table.groups or meaning is None:
        reason = _find_reason(head, cells, is_known=meaning is not None)
        if reason is None:
            return ColumnReading(found=label, index=index, meaning=meaning or ColumnUse.GROUP, group=meaning or head)
        return replace(left_out, reason=reason)
    return ColumnReading(found=label, index=index, meaning=meaning)


def _find_private(cells: Iterable[str]) -> LeftOut | None:
    """Return whether cells hold addresses or telephone numbers, which are never printed."""
    kinds = {Private.ADDRESS: LeftOut.HOLDS_ADDRESS, Private.TELEPHONE: LeftOut.HOLDS_TELEPHONE}
    return next((kinds[kind] for cell in cells if (kind := private_kind(cell))), None)


def _find_reason(head: str, cells: Sequence[str], *, is_known: bool) -> LeftOut | None:
    """Return why a column is no group; None if it is one: labels that several rows have in common."""
    if not head:
        return LeftOut.NO_HEADING
    if not cells:
        return LeftOut.EMPTY
    if private := _find_private(cells):
        return private
    if is_known:
        return None
    if 2 * sum(bool(_HOURS.search(cell)) for cell in cells) >= len(cells):
        return LeftOut.HOURS
    are_shared = len(set(cells)) * 2 <= len(cells) + 1
    return None if are_shared and max(map(len, cells)) <= _LONGEST_LABEL else LeftOut.NOT_LABELS


# Rows.


def _clean(cell: str) -> str:
    """Return a cell on one line, without control characters."""
    return " ".join("".join(" " if is_control(letter) else letter for letter in cell).split())


def _read_rows(columns: Sequence[ColumnReading], rows: Sequence[RawRow], notes: list[Fact]) -> list[Person]:
    """Return the members of the rows without ids; what is odd about rows is added to ``notes``."""
    read = [column for column in columns if column.meaning != ColumnUse.LEFT_OUT]
    dates = {
        column.index: _read_dates([row.cells[column.index] if column.index < len(row.cells) else "" for row in rows])
        for column in read
        if column.meaning in {"joined", "left"}
    }
    persons: list[Person] = []
    nobody: list[int] = []
    repeated: list[int] = []
    unread: dict[RosterNote, list[int]] = {}
    seen: set[Person] = set()
    for number, row in enumerate(rows):
        cells = {column: _clean(row.cells[column.index]) for column in read if column.index < len(row.cells)}
        cells = {column: cell for column, cell in cells.items() if cell}
        if not any(column.meaning in _WHO for column in cells):
            nobody.append(row.line)
            continue
        for column, days in ((one, dates[one.index]) for one in list(cells) if one.index in dates):
            day, note = days[number]
            cells[column] = day
            if note:
                unread.setdefault(note, []).append(row.line)
        written = {slot: cell for column, cell in cells.items() if cell for slot in _list_slots(column)}
        address = written.get("email")
        if address and check_email(address):
            found = _ADDRESS.search(address.removeprefix("mailto:"))
            written["email"] = found[0] if found else ""
            if not found:
                unread.setdefault(RosterNote.ADDRESSES_NOT_READ, []).append(row.line)
        person = _read_person(row.line, written)
        if replace(person, row=0) in seen:
            repeated.append(row.line)
            continue
        seen.add(replace(person, row=0))
        persons.append(person)
    for code, lines in (
        (RosterNote.ROWS_WITHOUT_MEMBER, nobody),
        (RosterNote.ROWS_REPEATED, repeated),
        *unread.items(),
    ):
        if lines:
            notes.append(Fact.of(code, rows=tuple(lines)))
    return persons


def _read_person(line: int, written: Mapping[str, str]) -> Person:
    """Return the member of a row, with the explicit id or none yet."""
    given, family = written.get(_GIVEN, ""), written.get(_FAMILY, "")
    name = written.get("name") or (
        f"{family}{given}" if _WRITTEN_TOGETHER.search(family) else f"{given} {family}".strip()
    )
    where = Whereabouts(
        zone=written.get("zone", ""),
        city=written.get(_CITY, ""),
        state=written.get(_STATE, ""),
        country=written.get(_COUNTRY, ""),
    )
    roles = ";".join(filter(None, _BETWEEN_ROLES.split(written.get("roles", ""))))
    country = country_code(where.country) or where.country
    kept = {key: cell for key, cell in written.items() if key not in {_GIVEN, _FAMILY, _CITY, _STATE, "zone", "id"}}
    kept |= {"name": name, "roles": roles, "country": country}
    return Person(
        row=line,
        id=written.get("id", ""),
        cells=FrozenDict({key: cell for key, cell in kept.items() if cell}),
        where=where,
    )


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_THREE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|\u00ba|\.)? (?:de )?([^\W\d_]+)|([^\W\d_]+) (\d{1,2})(?:st|nd|rd|th)?)"
    r",? (?:de )?(\d{4})"
)
_MONTH_NAMES = (
    "jan janv ene",
    "feb fev",
    "mar",
    "apr avr abr",
    "may mai",
    "jun juin",
    "jul juil",
    "aug aou ago",
    "sep set",
    "oct okt out",
    "nov",
    "dec dez dic",
)


def _read_dates(cells: Sequence[str]) -> list[tuple[str, RosterNote | None]]:
    """Return the cells of a column as ISO dates; empty, with a note, where a date is not clear.

    Whether the day or the month comes first is decided by the cells of the whole column.

    >>> _read_dates(["1/2/2026", "31/1/2026"]), _read_dates(["1/2/2026"])
    ([('2026-02-01', None), ('2026-01-31', None)], [('', <RosterNote.DATES_AMBIGUOUS: 'dates_ambiguous'>)])
    """
    found = [_THREE.fullmatch(cell) for cell in cells]
    firsts = {int(one[1]) > 12 for one in found if one}
    seconds = {int(one[2]) > 12 for one in found if one}
    day_first = (
        True if True in firsts and True not in seconds else False if True in seconds and True not in firsts else None
    )
    if any("." in one[0] for one in found if one):
        day_first = True  # with dots nobody writes the month first
    return [_read_date(cell, day_first=day_first) for cell in cells]


def _read_date(cell: str, *, day_first: bool | None) -> tuple[str, RosterNote | None]:
    """Return a date in ISO form, or nothing and why."""
    if not cell:
        return "", None
    if iso := _ISO.fullmatch(cell):
        numbers = (iso[1], iso[2], iso[3])
    elif three := _THREE.fullmatch(cell):
        if day_first is None and three[1] != three[2]:
            return "", RosterNote.DATES_AMBIGUOUS
        numbers = (three[3], three[2], three[1]) if day_first in {True, None} else (three[3], three[1], three[2])
    elif named := _NAMED.fullmatch(" ".join(cell.split())):
        numbers = (named[5], str(_read_month(named[2] or named[3])), named[1] or named[4])
    else:
        return "", RosterNote.DATES_NOT_READ
    try:
        return date(*map(int, numbers)).isoformat(), None
    except ValueError:
        return "", RosterNote.DATES_NOT_READ


def _read_month(name: str) -> int:
    """Return the number of a month by its name; 0 if it is none."""
    folded = _fold(name)
    fitting = (
        number
        for number, stems in enumerate(_MONTH_NAMES, start=1)
        if any(folded.startswith(stem) for stem in stems.split())
    )
    return next(fitting, 0)


def _check_cells(persons: Iterable[Person], name: str, mistakes: list[Mistake]) -> None:
    """Add what a plan would refuse of the members to ``mistakes``, in the rows of the spreadsheet."""
    tables = []
    for person in persons:
        place = Place(path=f"{name} row {person.row}", row=True)
        groups = {key for key in person.cells if key not in MEMBER_COLUMNS}
        cells = {**person.cells, "id": person.id, "zone": person.zone or "UTC"}
        tables.append((place, read_member_cells(cells, place, groups, mistakes)))
    build_members(tables, None, mistakes)  # curves are named in a plan, which is not there yet


def _find_notes(persons: Sequence[Person]) -> Iterator[Fact]:
    """Yield what is odd about the places of members."""
    if not has_city_package() and any(person.where.city for person in persons):
        yield Fact.of(RosterNote.BUILT_IN_CITIES)
    for person in persons:
        if person.location.other:
            yield Fact.of(
                RosterNote.ZONE_CONTRADICTS,
                row=person.row,
                id=person.id,
                written=person.where.zone,
                place=", ".join(filter(None, (person.where.city, person.where.country))),
                zone=person.location.other,
            )
    yield from _find_country_notes(persons)
    same: dict[tuple[str | None, str], list[int]] = {}
    for person in persons:
        if "email" in person.cells:
            same.setdefault((person.name, mailbox_of(person.cells["email"])), []).append(person.row)
    for rows in same.values():
        if len(rows) > 1:
            yield Fact.of(RosterNote.SAME_PERSON, rows=tuple(rows))


def _find_country_notes(persons: Sequence[Person]) -> Iterator[Fact]:
    """Yield the cities that are not known in a country with one clock, and the countries that are not known, with rows.

    A country that may be several is told by itself.
    """
    decided = [one for one in persons if one.where.city and one.location.source is ZoneSource.COUNTRY]
    if decided and has_city_package():
        cities = tuple(dict.fromkeys(one.where.city for one in decided))
        yield Fact.of(RosterNote.CITY_UNKNOWN, cities=cities, rows=tuple(one.row for one in decided))
    unread: dict[str, list[int]] = {}
    for person in persons:
        if person.where.country and not country_code(person.where.country):
            unread.setdefault(person.where.country, []).append(person.row)
    unknown = sorted(country for country in unread if not find_countries(country))
    if unknown:
        lines = sorted(row for country in unknown for row in unread[country])
        yield Fact.of(RosterNote.COUNTRY_UNKNOWN, countries=tuple(unknown), rows=tuple(lines))
    for country in sorted(unread.keys() - set(unknown)):
        codes = find_countries(country)
        yield Fact.of(RosterNote.COUNTRY_AMBIGUOUS, country=country, codes=codes, rows=tuple(unread[country]))


# Ids.


def make_id(name: str) -> str:
    """Return the id of a name: its letters in ASCII, with hyphens between words; empty if it has none.

    >>> make_id("Łukasz Żółć"), make_id("Siân O'Brien"), make_id("王芳")
    ('lukasz-zolc', 'sian-obrien', 'wangfang')
    """
    from anyascii import anyascii  # noqa: PLC0415 - tables of all scripts, for this command only

    plain = anyascii(unicodedata.normalize("NFC", name)).lower().replace("'", "").replace("\u2019", "")
    return _NOT_IN_IDS.sub("-", plain).strip("-")[:_LONGEST_ID].rstrip("-")


def _give_ids(persons: Sequence[Person], existing: Mapping[str, Mapping[str, str]]) -> list[Person]:
    """Return the members with their ids: those of the roster sheet, then new ones that depend on no order of rows."""
    known = _match(persons, existing)
    explicit = {person.id for person in persons if person.id}
    fresh = [person for person in persons if not person.id and person.row not in known]
    ids = dict(_make_ids(fresh, taken={*existing, *explicit})) | known
    given: list[Person] = []
    for person in persons:
        own = ids.get(person.row) or person.id
        zone = existing.get(own, {}).get("zone")
        given.append(replace(person, id=own, known=ZoneName(zone) if zone else None))
    return given


def _match(persons: Sequence[Person], existing: Mapping[str, Mapping[str, str]]) -> dict[int, str]:
    """Return the ids of members who are in the roster sheet, by row.

    They are recognised by their id, their mailbox, their name, or the id that they would get in a new roster.
    """
    if not existing:
        return {}
    found: dict[int, str] = {person.row: person.id for person in persons if person.id in existing}
    nameless = [person for person in persons if not person.id]
    fresh = dict(_make_ids(nameless, taken={person.id for person in persons}))
    ways: tuple[tuple[Callable[[Person], str], Callable[[str, Mapping[str, str]], str]], ...] = (
        (lambda one: mailbox_of(one.cells.get("email", "")), lambda _, row: mailbox_of(row.get("email", ""))),
        (lambda one: _name_key(one.name or ""), lambda _, row: _name_key(row.get("name", ""))),
        (lambda one: fresh[one.row], lambda own, _: own),
    )
    for of_person, of_row in ways:
        taken = set(found.values())
        rows = _unique((of_row(own, row), own) for own, row in existing.items() if own not in taken)
        people = _unique((of_person(one), one.row) for one in nameless if one.row not in found)
        found |= {people[key]: rows[key] for key in people.keys() & rows.keys()}
    return found


def _name_key(name: str) -> str:
    """Return what the spellings of one name have in common."""
    return make_id(name) or name.casefold()


def _unique(pairs: Iterable[tuple[str, Key]]) -> dict[str, Key]:
    """Return the pairs whose key is not empty and occurs once."""
    listed = [(key, value) for key, value in pairs if key.strip("@")]
    counts = Counter(key for key, _ in listed)
    return {key: value for key, value in listed if counts[key] == 1}


def _make_ids(persons: Sequence[Person], *, taken: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield rows with their new ids. Members of one name are told apart by what differs between them.

    That is their country or their city, else digits of their address or of their whole row, so that another order of
    rows gives the same ids.
    """
    groups: dict[str, list[Person]] = {}
    for person in persons:
        groups.setdefault(make_id(person.name or "") or "member", []).append(person)
    used = set(taken)
    for base, group in sorted(groups.items()):
        if len(group) == 1 and base not in used and base != "member":
            used.add(base)
            yield group[0].row, base
            continue
        texts = next(texts for texts in _tell_apart(group) if not used & {f"{base}-{text}" for text in texts})
        for person, text in zip(group, texts, strict=True):
            used.add(f"{base}-{text}")
            yield person.row, f"{base}-{text}"


def _tell_apart(group: Sequence[Person]) -> Iterator[list[str]]:
    """Yield texts that differ for all members of a group, the readable ones first."""
    addresses = [mailbox_of(person.cells.get("email", "")) for person in group]
    wholes = ["\t".join(sorted(f"{key}={cell}" for key, cell in person.cells.items())) for person in group]
    wholes = [f"{whole}\t{person.where}" for whole, person in zip(wholes, group, strict=True)]
    readable = (
        [make_id(country_code(person.where.country) or person.where.country) for person in group],
        [make_id(person.where.city) for person in group],
    )
    for texts in readable:
        if all(texts) and len(set(texts)) == len(group):
            yield texts
    for source in (addresses, wholes):
        if all(source) and len(set(source)) == len(group):
            digests = [blake2s(text.encode()).hexdigest() for text in source]
            for length in range(_LEAST_HASH, len(digests[0]) + 1):
                texts = [digest[:length] for digest in digests]
                if len(set(texts)) == len(group):
                    yield texts


# The roster sheet.


def _read_existing(
    data: bytes | None, name: str, mistakes: list[Mistake]
) -> tuple[tuple[str, ...], tuple[Mapping[str, str], ...]]:
    """Return the columns and rows of the roster sheet that is brought up to date; empty if there is none."""
    if data is None:
        return (), ()
    header, rows = read_sheet(data, name, _REQUIRED, mistakes, MEMBER_COLUMNS)
    tables = [
        (row.place, read_member_cells({"zone": UTC_ZONE, **row.cells}, row.place, (), mistakes))  # it may be open
        for row in rows
        if row.cells is not None
    ]
    build_members(tables, None, mistakes)
    return tuple(header), tuple(row.cells or {} for row in rows)


def draft_roster(people: People, *, today: date) -> RosterDraft:
    """Return the roster sheet: the rows that exist in their order and with their columns, then the new members.

    Who is gone or moved is that from ``today`` on; the columns in which that is written are there, if only empty.
    """
    names = {column_key(column): column for column in people.header}  # Region stays Region
    people = replace(
        people,
        persons=tuple(
            replace(one, cells=FrozenDict({names.get(column_key(key), key): cell for key, cell in one.cells.items()}))
            for one in people.persons
        ),
        columns=tuple(
            replace(one, group=names.get(column_key(one.group), one.group)) if one.group else one
            for one in people.columns
        ),
    )
    persons = {person.id: person for person in people.persons}
    used = {key for person in people.persons for key in person.cells}
    columns = [column for column in _FIRST_COLUMNS if column in {"id", "zone"} | used]
    columns += [column for column in MEMBER_COLUMNS if column in used and column not in columns]
    columns += [key for key in _list_groups(people.columns) if key in used and key not in columns]
    former_rows = {row.get("id", ""): row for row in people.rows}
    moved = tuple(
        Move(id=one.id, before=one.known, after=one.location.zone)
        for one in people.persons
        if one.known
        and one.location.zone
        and not keeps_same_clock(one.known, one.location.zone)
        and not _is_told_of(former_rows[one.id].get("stays", ""), one.location.zone, today)
    )
    movers = {move.id: move for move in moved}
    rows: list[dict[str, str]] = []
    gone: list[str] = []
    cells: list[CellToWrite] = []
    changed: dict[str, tuple[CellChange, ...]] = {}
    last_day = today - timedelta(days=1)
    for line, former in enumerate(people.rows, start=2):
        own = former.get("id", "")
        person = persons.get(own)
        row = dict(former)
        if person is None and not _is_before(former.get("left", ""), today):
            gone.append(own)
            cells.append(CellToWrite(row=line, id=own, column="left", cell=last_day.isoformat()))
        elif person is not None:
            changed[own] = _update(row, person, people.columns, is_moved=own in movers)
            cells += _write_move(line, row, movers[own], last_day) if own in movers else ()
        rows.append(row)
    new = [person for person in people.persons if person.id not in former_rows]
    rows += [{**person.cells, "id": person.id, "zone": person.zone or ""} for person in new]
    needed = [*(("stays",) if moved else ()), *(cell.column for cell in cells)]
    header = list(dict.fromkeys((*people.header, *columns, *needed)))
    return RosterDraft(
        text=write_csv(
            header, ([row.get(column, "") for column in header] for row in rows), separator=people.separator
        ),
        persons=people.persons,
        columns=people.columns,
        notes=people.notes,
        is_update=bool(people.rows),
        is_changed=(tuple(header), tuple(rows)) != (people.header, people.rows),
        new=tuple(person.id for person in new),
        gone=tuple(gone),
        moved=moved,
        changed=FrozenDict({own: of_row for own, of_row in changed.items() if of_row}),
        cells=tuple(cells),
    )


def _is_before(day: str, today: date) -> bool:
    """Return whether a cell holds a day before ``today``; the cells of the roster sheet have been checked."""
    read, _ = _read_date(day, day_first=None)
    return bool(read) and date.fromisoformat(read) < today


def _is_told_of(cell: str, zone: ZoneName, today: date) -> bool:
    """Return whether the stays of a cell say already that somebody is in a zone, today or later."""
    stays = split_stays(cell, Place(path=""), []) if cell else ()
    return any(not _is_before(stay["to"], today) and keeps_same_clock(ZoneName(stay["zone"]), zone) for stay in stays)


def _write_move(line: int, row: Mapping[str, str], move: Move, last_day: date) -> Iterator[CellToWrite]:
    """Yield the cells for a move for good: the new zone, and the former one as a stay until the day before.

    So the calls of the past keep their hours, and nobody has to say for how long.
    """
    yield CellToWrite(row=line, id=move.id, column="zone", cell=move.after)
    stays = row.get("stays", "")
    begun = {stay["from"] for stay in split_stays(stays, Place(path=""), [])} if stays else set()
    joined, _ = _read_date(row.get("joined", ""), day_first=None)
    first = date.fromisoformat(joined) if joined else _BEFORE_ALL_CALLS
    while first.isoformat() in begun:
        first -= timedelta(days=1)
    if first <= last_day:
        stay = f"{first}/{last_day} {move.before}"
        yield CellToWrite(row=line, id=move.id, column="stays", cell="; ".join(filter(None, (stay, stays))))


def _list_groups(columns: Iterable[ColumnReading]) -> list[str]:
    """Return the names of the groups, with the country, which is one too."""
    return [column.group or column.meaning for column in columns if column.group or column.meaning == _COUNTRY]


def _update(
    row: dict[str, str], person: Person, columns: Sequence[ColumnReading], *, is_moved: bool
) -> tuple[CellChange, ...]:
    """Bring a row of the roster sheet up to date, and return its cells that got another text.

    The country of a member who moved stays with the zone, since a move is only offered.
    """
    changed: list[CellChange] = []
    follows = {*_UPDATED, *map(column_key, _list_groups(columns))} - ({_COUNTRY} if is_moved else set())
    for key, cell in {**person.cells, "zone": person.zone or ""}.items():
        before = row.get(key, "")
        if cell and cell != before and (column_key(key) in follows or not before):
            row[key] = cell
            changed.append(CellChange(column=key, before=before, after=cell))
    return tuple(changed)
