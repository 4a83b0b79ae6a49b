"""Plans written as TOML: changes put into the text of a plan, which keeps its comments and bytes, and new plan files.

Text comes in and text goes out; nothing here writes a file. A table is cut out, edited by itself and put back, because
tomlkit moves tables that stand apart.
"""

from __future__ import annotations

import difflib
import re
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar, cast

from mag_rotation.calls import assign_extra_places
from mag_rotation.cells import write_csv
from mag_rotation.errors import InvalidPlan, InvalidProgramme, Mistake
from mag_rotation.files import read_file
from mag_rotation.limits import PLAN
from mag_rotation.places import UTC_ZONE
from mag_rotation.plan import Plan
from mag_rotation.planfile import plan_from, plan_template
from mag_rotation.planfile.fields import make_repeat_reader, show
from mag_rotation.planfile.reader import Place, parse_toml, read_table
from mag_rotation.planfile.sheets import SESSION_COLUMNS, read_sessions
from mag_rotation.planfile.tables import (
    ExceptionTable,
    ExtraTable,
    MeetingTable,
    PhaseTable,
    RotationTable,
    ScheduleTable,
    SessionTable,
    SlotTable,
    Table,
    Values,
    make_value,
    to_toml,
)
from mag_rotation.planfile.toml_lines import Block, Entry, InlineList, Keys, Page
from mag_rotation.planfile.toml_tables import change_tables, format_inline, format_pairs, put_list, set_value
from mag_rotation.programme import Session
from mag_rotation.roster import Carried
from mag_rotation.series import Extra, Meeting, Override, Phase, Rotation, Schedule, Series, Slot, expand_repeat

__all__ = [
    "PlanEdit",
    "edit_plan_file",
    "make_diff",
    "write_carried",
    "write_changes",
    "write_draft",
    "write_exceptions",
    "write_extras",
    "write_first_plan",
    "write_next_plan",
    "write_rotation",
    "write_session_sheet",
    "write_session_tables",
]

T = TypeVar("T", bound=Table)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanEdit:
    """A plan file before and after an edit, each as the whole text, and the plan that the edited one describes."""

    before: str
    after: str
    plan: Plan


def edit_plan_file(
    path: Path, edit: Callable[[str], str], *, at: Path | None = None, sheets: Mapping[str, bytes] | None = None
) -> PlanEdit:
    """Return a plan file after ``edit``, read as if it were at ``path`` or ``at``; nothing is written.

    A byte-order mark and the line ends are part of the text. ``sheets`` are the bytes of files that are not there yet,
    by the names that the edited plan gives them. Raises what :func:`load_plan` raises, of the edited plan.
    """
    data = read_file(path, PLAN)
    parsed = parse_toml(data, path.name)
    if parsed.mistakes:
        raise InvalidPlan(parsed.mistakes)
    before = data.decode("utf-8")
    after = edit(before)
    return PlanEdit(before=before, after=after, plan=plan_from(at or path, _encode(after), sheets))


def make_diff(before: str, after: str, *, name: str) -> str:
    r"""Return the change of a text as ``diff -u`` shows it; empty when there is none.

    >>> print(make_diff("a\nb\n", "a\nc\n", name="plan.toml"), end="")
    --- a/plan.toml
    +++ b/plan.toml
    @@ -1,2 +1,2 @@
     a
    -b
    +c
    """
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def write_changes(text: str, old: Series, new: Series) -> str:
    """Return the text of a plan after its series has changed from ``old`` to ``new``.

    Exceptions, extra calls and phases that ``new`` does not have are removed with the comments right above them. Raises
    :class:`InvalidPlan` as :func:`write_rotation` does.
    """
    done = {("schedule", "repeat"), ("rotation", "slots")}
    if new.rotation.slots != old.rotation.slots:
        text = write_rotation(text, new.rotation.slots, start=new.rotation.start)
        done.add(("rotation", "start"))
    for name, table, before, after in (
        ("meeting", MeetingTable, old.meeting, new.meeting),
        ("schedule", ScheduleTable, old.schedule, new.schedule),
        ("rotation", RotationTable, old.rotation, new.rotation),
    ):
        for path, value in _find_differences(to_toml(table, before), to_toml(table, after), name):
            if path not in done:
                text = set_value(text, path, value)
    written = make_repeat_reader(of_phase=False)(tomllib.loads(text.removeprefix("\ufeff"))["schedule"]["repeat"])
    if expand_repeat(written, new.schedule.first) != new.schedule.repeat:
        # a word may stay, unless it means another rule: the last Tuesday of a month may be its fourth
        text = set_value(text, ("schedule", "repeat"), new.schedule.repeat)
    known, kept = set(old.overrides), {override.date for override in new.overrides}
    changed = [override for override in new.overrides if override not in known]
    gone = [Override(date=override.date) for override in old.overrides if override.date not in kept]
    text = write_exceptions(text, [*changed, *gone])
    text = _write_changed_extras(text, old, new)
    return _write_changed_phases(text, old, new)


def write_first_plan(new: Callable[[Series], Series], *, sheet: str | None = None, repeat: str | None = None) -> str:
    """Return the template of a plan with another series, and with the members of a roster file if one is named.

    ``new`` makes the series from that of the template; ``repeat`` is how its rule is written, and is not checked.
    """
    text = plan_template()
    old = plan_from(Path("plan.toml"), _encode(text)).series
    if sheet is not None:
        head, _, _ = text.partition("# [roster]")
        text = f"{head}{_format_table('[roster]', {'file': sheet}, {})}"
    text = write_changes(text, old, new(old))
    return text if repeat is None else set_value(text, ("schedule", "repeat"), repeat)


def _find_differences(old: Values, new: Values, *path: str) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield the paths of the keys in which two tables at ``path`` differ, with their new values."""
    for key, value in new.items():
        before = old[key]
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            yield from _find_differences(before, value, *path, key)
        elif value != before:
            yield (*path, key), value


def _write_changed_extras(text: str, old: Series, new: Series) -> str:
    """Return a plan with the extra calls of ``new``; they are matched by date and place."""
    places = zip(new.extras, assign_extra_places(new.extras), strict=True)
    left = {(extra.date, place): extra for extra, place in places}
    kept = [
        left.pop((extra.date, place), None)
        for extra, place in zip(old.extras, assign_extra_places(old.extras), strict=True)
    ]
    return write_extras(text, kept, list(left.values()))


def _write_changed_phases(text: str, old: Series, new: Series) -> str:
    """Return a plan with the phases of ``new``; they are matched by their first days."""
    left = {phase.first: phase for phase in new.phases}
    found = [to_toml(PhaseTable, table) for table in read_tables(text, "phases", PhaseTable)]
    wanted: list[Values | None] = []
    for phase, written in zip(old.phases, found, strict=True):
        after = left.pop(phase.first, None)
        before = to_toml(PhaseTable, phase)
        changed = {} if after is None else to_toml(PhaseTable, after)
        wanted.append(
            None
            if after is None
            else {key: value if changed[key] == before[key] else changed[key] for key, value in written.items()}
        )
    return change_tables(text, "phases", found, wanted, [to_toml(PhaseTable, phase) for phase in left.values()])


def write_next_plan(text: str, old: Series, new: Series, *, sheet: str, folder: str = ".") -> str:
    """Return the text of a plan for its next season; ``sheet`` is the file of carried burdens.

    The attendance and the sessions of the last season are removed. ``folder`` leads from the new plan to the old one,
    because the members may be in a file beside that.
    """
    text = write_changes(text, old, new)
    for path in (("history",), ("sessions",), ("programme", "file")):
        text = set_value(text, path, None)
    roster = tomllib.loads(text.removeprefix("\ufeff")).get("roster")
    if roster and (there := (PurePosixPath(folder) / roster["file"]).as_posix()) != roster["file"]:
        text = set_value(text, ("roster", "file"), there)
    return set_value(text, ("carried", "file"), sheet)


def write_carried(carried: Sequence[Carried]) -> bytes:
    """Return the CSV file of carried burdens, with the byte-order mark by which Excel recognises UTF-8."""
    heads = ("member", "burden", "night_calls", "calls")
    rows = ((line.member, line.burden, line.night_calls, line.calls) for line in carried)
    return write_csv(heads, rows, line_end="\n").encode("utf-8-sig")


def write_session_tables(sessions: Iterable[Session]) -> str:
    """Return sessions as ``[[sessions]]`` tables of a plan."""
    return "\n".join(_format_value("[[sessions]]", SessionTable, session) for session in sessions)


def write_session_sheet(sessions: Sequence[Session]) -> str:
    """Return sessions as a CSV sheet, with the columns that they need.

    Raises :class:`InvalidProgramme` with every session that does not come back from the cells of a sheet.
    """
    rows = [{name: _write_cell(name, value) for name, value in to_toml(SessionTable, one).items()} for one in sessions]
    groups = sorted({name for one in sessions for name in one.groups})
    always = ("id", "title", "date", "at", "duration")
    columns = [name for name in SESSION_COLUMNS if name in always or any(row[name] for row in rows)]
    text = write_csv(
        (*columns, *(f"group:{name}" for name in groups)),
        (
            (*(row[name] for name in columns), *(one.groups.get(name, "") for name in groups))
            for one, row in zip(sessions, rows, strict=True)
        ),
    )
    tables = [table for _, table in read_sessions(text.encode(), "", []) if isinstance(table, SessionTable)]
    read = {table.id: make_value(Session, table, "", []) for table in tables}
    problem = "has a text that the cells of a sheet cannot hold; name a file that ends in .toml"
    mistakes = [Mistake(place=f"session {one.id}", problem=problem) for one in sessions if read.get(one.id) != one]
    if mistakes:
        raise InvalidProgramme(mistakes)
    return text


def _write_cell(name: str, value: object) -> str:
    """Return the value of a session's key as a cell has it."""
    match name, value:
        case _, None:
            return ""
        case "segments", list():
            return "; ".join(f"{part['title']} {part['duration']}" for part in value)
        case "people", list():
            parts = ([one["id"], one["role"], one["lead"]] for one in value)
            return "; ".join(":".join(filter(None, duty)) for duty in parts)
        case _:
            return str(value)


def write_rotation(text: str, slots: Sequence[Slot], *, start: int | None = None) -> str:
    """Return a plan with these slots in its rotation and that ``start``; None leaves the start as it is.

    A slot that stays keeps its line and its comments, wherever it moves. Raises :class:`InvalidPlan` where ``text``
    is no TOML or its rotation is wrong; whether the edited plan is right is for :func:`edit_plan_file` to find.
    """
    mistakes: list[Mistake] = []
    rotation = read_table(RotationTable, _parse(text).get("rotation", {}), Place(path="rotation"), mistakes)
    if rotation is None:
        raise InvalidPlan(mistakes)
    page = Page.of(text)
    found, wanted = (
        [to_toml(SlotTable, slot) for slot in rotation.slots],
        [to_toml(SlotTable, slot) for slot in slots],
    )
    if found != wanted:
        blocks = [block for block in page.blocks if block.path == ("rotation", "slots")]
        page = _change_slot_tables(page, blocks, found, wanted) if blocks else _change_slot_list(page, found, wanted)
    if start is not None and (start != rotation.start or start == 1):
        return set_value(page.text, ("rotation", "start"), None if start == 1 else start)
    return page.text


def write_exceptions(text: str, overrides: Sequence[Override]) -> str:
    """Return a plan with these overrides as its exceptions of their dates; the others are unchanged.

    A new one goes behind the last; one that changes nothing is removed, with the comment right above it. Raises
    :class:`InvalidPlan` where ``text`` is no TOML or an exception in it is wrong; whether the edited plan is right is
    for :func:`edit_plan_file` to find.
    """
    tables = read_tables(text, "exceptions", ExceptionTable)
    asked = {
        override.date: None if override == Override(date=override.date) else to_toml(ExceptionTable, override)
        for override in overrides
    }
    found = [to_toml(ExceptionTable, table) for table in tables]
    wanted = [asked.pop(table.date, before) for table, before in zip(tables, found, strict=True)]
    added = [values for _, values in sorted(asked.items()) if values is not None]
    return change_tables(text, "exceptions", found, wanted, added)


def write_extras(text: str, extras: Sequence[Extra | None], added: Sequence[Extra] = ()) -> str:
    """Return a plan with these extra calls, one for each that it has, and ``added`` behind the last; None removes one.

    An unchanged call keeps every byte. Raises :class:`InvalidPlan` where ``text`` is no TOML or an extra call in it is
    wrong; whether the edited plan is right is for :func:`edit_plan_file` to find.
    """
    found = [to_toml(ExtraTable, table) for table in read_tables(text, "extras", ExtraTable)]
    wanted = [None if extra is None else to_toml(ExtraTable, extra) for extra in extras]
    return change_tables(text, "extras", found, wanted, [to_toml(ExtraTable, extra) for extra in added])


# What a plan says, as keys and values.


def read_tables(text: str, key: str, model: type[T]) -> list[T]:
    """Return the tables of a list; raises :class:`InvalidPlan` if one is wrong."""
    data = _parse(text).get(key, [])
    if not isinstance(data, list):
        raise InvalidPlan([Mistake(place=key, problem=f"found {show(data)}; write a list of tables")])
    mistakes: list[Mistake] = []
    read = [read_table(model, table, Place(path=f"{key}[{index}]"), mistakes) for index, table in enumerate(data)]
    if mistakes:
        raise InvalidPlan(mistakes)
    return [table for table in read if table is not None]


def _parse(text: str) -> dict[str, object]:
    """Return the document; raises :class:`InvalidPlan` if the text is not TOML."""
    parsed = parse_toml(_encode(text), "plan")
    if parsed.mistakes:
        raise InvalidPlan(parsed.mistakes)
    return parsed.data


def _encode(text: str) -> bytes:
    """Return the bytes of a text; half a character becomes bytes that the reader of plans refuses."""
    return text.encode("utf-8", "surrogatepass")


def _match_entries(found: Sequence[Values], wanted: Sequence[Values]) -> list[int | None]:
    """Return for each wanted value the place of an equal one that was found, each used once; the same place first."""
    kept = [index if index < len(found) and found[index] == values else None for index, values in enumerate(wanted)]
    free = sorted(set(range(len(found))) - set(kept))
    for place, values in enumerate(wanted):
        moved = next((index for index in free if found[index] == values), None)
        if kept[place] is None and moved is not None:
            kept[place] = moved
            free.remove(moved)
    return kept


# The rotation.


def _format_slot(values: Values) -> str:
    """Return a slot as its start if it has nothing else, otherwise as an inline table."""
    others = {key: value for key, value in values.items() if key not in {"at", "zone"} and value is not None}
    return format_inline(values) if others or values["zone"] != UTC_ZONE else f'"{values["at"]}"'


def _change_slot_list(page: Page, found: Sequence[Values], wanted: Sequence[Values]) -> Page:
    """Return the slots as a list of inline tables."""

    def entries(before: InlineList) -> list[Entry]:
        kept = zip(_match_entries(found, wanted), wanted, strict=True)
        new_text = _format_slot if before.is_plain else format_inline
        return [Entry(text=new_text(new)) if old is None else before.entries[old] for old, new in kept]

    def edit(document: Keys) -> None:
        put_list(cast("Keys", document["rotation"]), "slots", entries, page.newline)

    block = next((block for block in page.blocks if block.path == ("rotation",)), page.root)
    return page.replace_lines({(block.head, block.end): page.edit_table(block, edit)})


def _change_slot_tables(page: Page, blocks: Sequence[Block], found: Sequence[Values], wanted: Sequence[Values]) -> Page:
    """Return the slots as tables with headers of their own."""
    texts = [
        page.write_table("[[rotation.slots]]", format_pairs(new))
        if old is None
        else page.take_with_comments(blocks[old])
        for old, new in zip(_match_entries(found, wanted), wanted, strict=True)
    ]
    changes = {(block.first, block.end): text for block, text in zip(blocks, texts, strict=False)}
    changes |= {page.find_lines(block): "" for block in blocks[len(texts) :]}
    if more := texts[len(blocks) :]:
        end = blocks[-1].end
        changes[end, end] = "".join(f"{page.newline}{text}" for text in more)
    return page.replace_lines(changes)


# A new plan file.

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


def write_draft(series: Series, *, head: Sequence[str] = (), unsaid: Sequence[str] = ()) -> str:
    """Return the TOML text of a plan. ``head`` are sentences above it, ``unsaid`` what it leaves out of its source."""
    lines = [line for sentence in head for line in _format_comment(sentence)]
    if unsaid:
        lines += [
            "#",
            "# What it does not say:",
            *(line for words in unsaid for line in _format_comment(words, item=True)),
        ]
    opening = "".join(f"{line}\n" for line in [*lines, *([""] if lines else []), "format = 1"])
    tables = [
        _format_value("[meeting]", MeetingTable, series.meeting),
        _format_value("[schedule]", ScheduleTable, series.schedule),
        _format_value("[rotation]", RotationTable, series.rotation),
        *(_format_value("[[phases]]", PhaseTable, phase) for phase in series.phases),
    ]
    text = write_extras(write_exceptions("\n".join([opening, *tables]), series.overrides), (), series.extras)
    return f"{text}\n{_MEMBERS}"


def _format_comment(sentence: str, *, item: bool = False) -> Iterator[str]:
    """Yield a sentence as comments, cut into lines."""
    plain = "".join(letter if letter.isprintable() else " " for letter in sentence)
    first, rest = ("#   - ", "#     ") if item else ("# ", "# ")
    yield from textwrap.wrap(plain, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def _format_value(header: str, table: type[Table], value: Meeting | Schedule | Rotation | Phase | Session) -> str:
    """Return the table of a value, its slots below the other keys, one a line."""
    values = dict(to_toml(table, value))
    slots = values.pop("slots", None)
    text = _format_table(header, values, _COMMENTS if isinstance(value, Meeting) else {})
    return text + _format_slots(slots) if isinstance(slots, list) else text


def _format_slots(slots: Iterable[Values]) -> str:
    rows = (format_inline({**slot, "zone": None if slot["zone"] == UTC_ZONE else slot["zone"]}) for slot in slots)
    return "\n".join(["slots = [", *(f"  {row}," for row in rows), "]\n"])


def _format_table(header: str, values: Values, comments: Mapping[str, str]) -> str:
    """Return a table below its header, with comments behind some of its keys."""
    lines = (
        f"{pair}  # {comments[key]}" if (key := pair.partition(" = ")[0]) in comments else pair
        for pair in format_pairs(values)
    )
    return "".join(f"{line}\n" for line in (header, *lines))
