"""A series written out as a plan, with comments for whoever goes on from there.

Rule 1: the text reads back as that very series.
Rule 2: nothing that was read elsewhere gets into a comment but on one line and without control characters.
Rule 3: no member is invented.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mag_rotation.planfile.toml_tables import Values, inline, pairs
from mag_rotation.planfile.writer import with_exceptions, with_extras
from mag_rotation.roster import UTC_ZONE
from mag_rotation.series import Advance, Phase, Series, Slot

__all__ = ["draft_text"]

_WIDTH = 118

_ID = "the left part of every UID: never change it once calls are announced"
_DOMAIN = "the right part of every UID: a DNS name of yours"

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
    tables = [_meeting(series), _schedule(series), _rotation(series), *map(_phase, series.phases)]
    text = with_extras(with_exceptions("\n".join([opening, *tables]), series.overrides), (), series.extras)
    return f"{text}\n{_MEMBERS}"


def _comment(sentence: str, *, item: bool = False) -> Iterator[str]:
    """A sentence as comments, cut into lines."""
    plain = "".join(letter if letter.isprintable() else " " for letter in sentence)
    first, rest = ("#   - ", "#     ") if item else ("# ", "# ")
    yield from textwrap.wrap(plain, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _meeting(series: Series) -> str:
    meeting, numbering = series.meeting, series.meeting.numbering
    values = {
        "id": meeting.id,
        "name": meeting.name,
        "uid-domain": meeting.uid_domain,
        "duration": meeting.minutes,
        "location": meeting.location,
        "url": meeting.url,
        "description": meeting.description,
    }
    comments = {"id": _ID, "uid-domain": _DOMAIN}
    text = _table("[meeting]", values, comments)
    if numbering is None:
        return text
    inner = {"first": numbering.first, "style": numbering.style.value, "count": numbering.count.value}
    return f"{text}numbering = {inline(inner)}\n"


def _schedule(series: Series) -> str:
    schedule = series.schedule
    values = {"first": schedule.first, "repeat": schedule.repeat, "until": schedule.until, "count": schedule.count}
    return _table("[schedule]", values)


def _rotation(series: Series) -> str:
    rotation = series.rotation
    start = None if rotation.start == 1 else rotation.start
    advance = None if rotation.advance is Advance.CALL else rotation.advance.value
    return _table("[rotation]", {"advance": advance, "start": start}) + _slots(rotation.slots)


def _phase(phase: Phase) -> str:
    values = {
        "name": phase.name,
        "from": phase.first,
        "to": phase.last,
        "duration": phase.minutes,
        "start": phase.start,
        "repeat": phase.repeat,
    }
    silent = "" if phase.calls else "calls = false\n"
    return _table("[[phases]]", values) + silent + (_slots(phase.slots) if phase.slots else "")


def _slots(slots: Iterable[Slot]) -> str:
    rows = "".join(f"  {inline(_of_slot(slot))},\n" for slot in slots)
    return f"slots = [\n{rows}]\n"


def _of_slot(slot: Slot) -> Values:
    return {
        "at": slot.at,
        "zone": None if slot.zone == UTC_ZONE else slot.zone,
        "weekday": slot.weekday,
        "label": slot.label,
        "duration": slot.minutes,
    }


def _table(header: str, values: Values, comments: Mapping[str, str] | None = None) -> str:
    """A table below its header; what is said of a key stands behind it."""
    said = comments or {}
    lines = (f"{pair}  # {said[key]}" if (key := pair.partition(" = ")[0]) in said else pair for pair in pairs(values))
    return "".join(f"{line}\n" for line in (header, *lines))
