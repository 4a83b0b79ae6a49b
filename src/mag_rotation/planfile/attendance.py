"""Attendance sheets: a list of who was there read, answers put into a sheet, the sheet written.

A row of a sheet without a ``reply`` is a fact, which a reply does not change. A list of who was there is a fact too,
and replaces any earlier answer. Bytes come in and text goes out; nothing is opened here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import Field

from mag_rotation.calls import Call, make_call_finder
from mag_rotation.cells import write_csv
from mag_rotation.errors import InvalidValue, MagRotationError, Mistake, UnknownMember
from mag_rotation.invite.replies import AddressBook, Presence, check_presence
from mag_rotation.limits import SUGGESTED
from mag_rotation.planfile import fields as f
from mag_rotation.planfile.reader import build_attendance, read_table
from mag_rotation.planfile.sheets import read_history, read_sheet_rows
from mag_rotation.planfile.tables import Table
from mag_rotation.roster import Member, MemberId, find_member

__all__ = ["COLUMNS", "merge_attendance", "read_attendance", "read_attendance_list", "write_answers"]

COLUMNS = ("date", "member", "attended", "reply")
"""The columns of a sheet that this project writes."""


class ListTable(Table):
    """One line of a list of who was there."""

    call: f.Text = Field(description="the call by number, label, rule date or UID")
    member: f.Text = Field(description="the member by id, address or name")
    attended: f.Answer = Field(default=True, description="yes or no; yes where nothing is said")


def read_attendance_list(
    data: bytes, name: str, calls: Sequence[Call], roster: Sequence[Member], mistakes: list[Mistake]
) -> tuple[Presence, ...]:
    """Read a list with the columns ``call``, ``member`` and perhaps ``attended``; mistakes are added."""
    found: dict[tuple[date, MemberId], Presence] = {}
    find_call, members = make_call_finder(calls), _MemberFinder(roster)
    for row in read_sheet_rows(data, name, ("call", "member"), mistakes, known=tuple(ListTable.model_fields)):
        known = {column: cell for column, cell in (row.cells or {}).items() if column in ListTable.model_fields}
        line = read_table(ListTable, known, row.place, mistakes) if row.cells is not None else None
        if line is None:
            continue
        try:
            call = find_call(line.call)
            member = members.find(line.member, call, suggest=len(mistakes) < SUGGESTED)
            if call.is_held:
                check_presence(member, call)
        except MagRotationError as error:
            mistakes.append(Mistake(place=str(row.place), problem=str(error)))
            continue
        if not call.is_held:
            mistakes.append(Mistake(place=row.place.of("call"), problem=f"found {line.call!r}, a call that is off"))
        answer = Presence(date=call.date, member=member.id, attended=line.attended)
        before = found.setdefault((call.date, member.id), answer)
        if before != answer:
            problem = f"found {line.member!r} on {call.date} with another answer above; write each answer once"
            mistakes.append(Mistake(place=str(row.place), problem=problem))
    return tuple(found.values())


class _MemberFinder:
    """Finds the member of an id, else of an address, else of a name that no other has."""

    def __init__(self, roster: Sequence[Member]) -> None:
        self._roster, self._book = roster, AddressBook.of(roster)
        self._by_id = {one.id: one for one in reversed(roster)}
        self._named: dict[str, list[Member]] = {}
        for one in roster:
            self._named.setdefault((one.name or "").casefold(), []).append(one)

    def find(self, wanted: str, call: Call, *, suggest: bool) -> Member:
        """Return the member. Suggestions for an unknown id take time."""
        by_id = self._by_id.get(MemberId(wanted))
        if by_id is not None:
            return by_id
        if "@" in wanted:
            return self._book.find([wanted], call)
        named = self._named.get(wanted.casefold(), [])
        if len(named) > 1:
            raise InvalidValue(f"found {wanted!r}, the name of {len(named)} members; write the id")
        if not named and not suggest:
            raise UnknownMember(wanted)
        return named[0] if named else find_member(self._roster, wanted)


def read_attendance(data: bytes, name: str, roster: Sequence[Member], mistakes: list[Mistake]) -> tuple[Presence, ...]:
    """Read an attendance sheet that is to be continued; a column that would be lost is a mistake."""
    lines = list(read_history(data, name, mistakes))
    build_attendance(lines, [one.id for one in roster], mistakes)
    for row in read_sheet_rows(data, name, (), [], known=COLUMNS):
        lost = [column for column in row.cells or {} if column not in COLUMNS]
        if lost:
            problem = f"found {lost[0]!r}, a column that would be lost; the columns are {', '.join(COLUMNS)}"
            mistakes.append(Mistake(place=str(row.place), problem=problem))
            break
    return tuple(
        Presence(date=line.date, member=MemberId(line.member), attended=line.attended, reply=line.reply)
        for _, line in lines
    )


def merge_attendance(
    before: Iterable[Presence],
    replies: Iterable[Presence],
    listed: Iterable[Presence],
    roster: Sequence[Member],
) -> tuple[Presence, ...]:
    """Return all answers, each member and date once, by date and then in the order of the roster."""
    rows = {(answer.date, answer.member): answer for answer in before}
    for answer in replies:
        known = rows.get((answer.date, answer.member))
        if known is None or known.reply is not None:
            rows[answer.date, answer.member] = answer
    rows |= {(answer.date, answer.member): answer for answer in listed}
    place = {member.id: index for index, member in enumerate(roster)}
    return tuple(sorted(rows.values(), key=lambda answer: (answer.date, place[answer.member])))


def write_answers(answers: Iterable[Presence]) -> str:
    """Return answers as CSV with a header.

    >>> print(write_answers([Presence(date=date(2026, 9, 1), member=MemberId("a"), attended=True)]), end="")
    date,member,attended,reply
    2026-09-01,a,yes,
    """
    rows = (
        (answer.date.isoformat(), answer.member, "yes" if answer.attended else "no", answer.reply) for answer in answers
    )
    return write_csv(COLUMNS, rows, line_end="\n")
