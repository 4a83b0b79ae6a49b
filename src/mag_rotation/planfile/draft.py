"""A series written as a new plan file, with comments for the person who completes it.

The text reads back as the same series. What was read elsewhere gets into a comment on one line and without control
characters. No member is invented.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mag_rotation.planfile.tables import (
    MeetingTable,
    PhaseTable,
    RotationTable,
    ScheduleTable,
    Table,
    Values,
    toml_values,
)
from mag_rotation.planfile.toml_tables import inline, pairs
from mag_rotation.planfile.writer import with_exceptions, with_extras
from mag_rotation.roster import UTC_ZONE
from mag_rotation.series import Meeting, Phase, Rotation, Schedule, Series

__all__ = ["draft_text"]

_WIDTH = 118

_COMMENTS = {
    "id": "the left part of every UID: never change it once calls are announced",
    "uid-domain": "the right part of every UID: a DNS name of yours",
}

_MEMBERS = """\
# Who takes part is for you to say: one [[members]] table a member, or a spreadsheet beside this file.
#
# [[members]]
# id = "seat-1"
# zone = "Africa/Nairobi"
#
# [roster]
# file = "members.csv"
"""


def draft_text(series: Series, *, head: Sequence[str] = (), unsaid: Sequence[str] = ()) -> str:
    """The TOML text of a plan. ``head`` are sentences above it, ``unsaid`` what it does not say of its source."""
    lines = [line for sentence in head for line in _comment(sentence)]
    if unsaid:
        lines += ["#", "# What it does not say:", *(line for words in unsaid for line in _comment(words, item=True))]
    opening = "".join(f"{line}\n" for line in [*lines, *([""] if lines else []), "format = 1"])
    tables = [
        _table_of("[meeting]", MeetingTable, series.meeting),
        _table_of("[schedule]", ScheduleTable, series.schedule),
        _table_of("[rotation]", RotationTable, series.rotation),
        *(_table_of("[[phases]]", PhaseTable, phase) for phase in series.phases),
    ]
    text = with_extras(with_exceptions("\n".join([opening, *tables]), series.overrides), (), series.extras)
    return f"{text}\n{_MEMBERS}"


def _comment(sentence: str, *, item: bool = False) -> Iterator[str]:
    """A sentence as comments, cut into lines."""
    plain = "".join(letter if letter.isprintable() else " " for letter in sentence)
    first, rest = ("#   - ", "#     ") if item else ("# ", "# ")
    yield from textwrap.wrap(plain, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _table_of(header: str, table: type[Table], value: Meeting | Schedule | Rotation | Phase) -> str:
    """A table that says a value, its slots below the other keys, one a line."""
    values = dict(toml_values(table, value))
    slots = values.pop("slots", None)
    text = _table(header, values, _COMMENTS if isinstance(value, Meeting) else {})
    return text + _slots(slots) if isinstance(slots, list) else text


def _slots(slots: Iterable[Values]) -> str:
    rows = (inline({**slot, "zone": None if slot["zone"] == UTC_ZONE else slot["zone"]}) for slot in slots)
    return "\n".join(["slots = [", *(f"  {row}," for row in rows), "]\n"])


def _table(header: str, values: Values, comments: Mapping[str, str]) -> str:
    """A table below its header, with comments behind some of its keys."""
    lines = (
        f"{pair}  # {comments[key]}" if (key := pair.partition(" = ")[0]) in comments else pair
        for pair in pairs(values)
    )
    return "".join(f"{line}\n" for line in (header, *lines))
