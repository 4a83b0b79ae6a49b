"""Tables of a plan changed key by key: those with headers of their own, and those in a list.

What tables say is compared, not how it is written: a key that says the same stays as it is written. Nothing is checked
here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

import tomlkit
from tomlkit.items import InlineTable, Item

from mag_rotation.planfile.tables import PlanTable, Values
from mag_rotation.planfile.toml_lines import Block, Entry, InlineList, Keys, Page, mask_dates, split_inline_pairs

__all__ = ["change_tables", "format_inline", "format_pairs", "put_list", "set_value"]


def format_pairs(values: Values) -> list[str]:
    """Return the keys that are to be written, each with its value."""
    written = {tomlkit.key(key).as_string(): _make_item(value) for key, value in values.items() if value is not None}
    return [f"{key} = {item.as_string()}" for key, item in written.items()]


def format_inline(values: Values) -> str:
    """Return an inline table."""
    return f"{{ {', '.join(format_pairs(values))} }}"


def put_list(table: Keys, key: str, entries: Callable[[InlineList], Sequence[Entry]], newline: str) -> None:
    """Change the list of inline tables or texts under ``key``.

    One that is written in one line stays so inside a table, and where it holds texts only.
    """
    raw = cast("Item", table[key]).as_string()
    before = InlineList.of(raw)
    after = replace(before, entries=tuple(entries(before)))
    if "\n" not in raw and (isinstance(table, InlineTable) or after.is_plain):
        text = f"[{', '.join(entry.text for entry in after.entries)}]"
    else:
        text = after.text(newline)
    table[key] = tomlkit.parse(mask_dates(f"x = {text}"))["x"]


def set_value(text: str, path: Sequence[str], value: object) -> str:
    """Return a plan with this value under the key at ``path``; None removes the key or the whole table.

    A table that is not there yet stands before those below it, else at the end of the plan.
    """
    page, table = Page.of(text), tuple(path[:-1])
    if value is None and (own := [block for block in page.blocks if path and block.path[: len(path)] == tuple(path)]):
        return page.replace_lines({page.find_lines(block): "" for block in own}).text
    block = _find_block(page, path) or (None if value is None else _find_block(page, table))
    if block is not None:
        return page.replace_lines(
            {(block.head, block.end): page.edit_table(block, _make_setter(path, value, page.newline))}
        ).text
    if value is None:
        return text
    header, lines = f"[{'.'.join(table)}]", [f"{path[-1]} = {_make_item(value).as_string()}"]
    below = next((block for block in page.blocks if table and block.path[: len(table)] == table), None)
    if below is not None:
        return page.replace_lines({(below.first, below.first): page.write_table(header, [*lines, ""])}).text
    end = page.blocks[-1].end
    return page.replace_lines({(end, end): page.newline + page.write_table(header, lines)}).text


def _find_block(page: Page, path: Sequence[str]) -> Block | None:
    """Return the innermost block that holds the table or key at a path; None if there is none."""
    for depth in range(len(path), -1, -1):
        for block in page.blocks:
            if block.path == tuple(path[:depth]) and _reaches(tomllib.loads(page.take(block)), path):
                return block
    return None


def _reaches(document: object, path: Sequence[str]) -> bool:
    """Return whether a document has something under that path."""
    for part in path:
        if not isinstance(document, dict) or part not in document:
            return False
        document = document[part]
    return True


def _make_setter(path: Sequence[str], value: object, newline: str) -> Callable[[Keys], None]:
    """Return the edit that sets one key, or takes it out."""

    def edit(document: Keys) -> None:
        table = document
        for part in path[:-1]:
            table = cast("Keys", table[part])
        if value is None:
            del table[path[-1]]
        else:
            _set_key(table, path[-1], value, newline)

    return edit


def change_tables(
    text: str, key: str, found: Sequence[Values], wanted: Sequence[Values | None], added: Sequence[Values] = ()
) -> str:
    """Return a plan with the ``wanted`` tables in the list ``key``, and ``added`` behind them; None removes one.

    ``found`` is what they say now. New ones go behind the last; what goes takes the comment right above it along.
    """
    if list(wanted) == list(found) and not added:
        return text
    page = Page.of(text)
    changes = _change_list if key in tomllib.loads(page.take(page.root)) else _change_header_tables
    return page.replace_lines(changes(page, key, found, wanted, added)).text


def _change_list(
    page: Page, key: str, found: Sequence[Values], wanted: Sequence[Values | None], added: Sequence[Values]
) -> dict[tuple[int, int], str]:
    """Return the changes of a list of inline tables."""

    def entries(before: InlineList) -> list[Entry]:
        rows = zip(before.entries, found, wanted, strict=True)
        stay = [
            entry if new == old else replace(entry, text=_change_inline(entry.text, old, new))
            for entry, old, new in rows
            if new is not None
        ]
        return [*stay, *(Entry(text=format_inline(values)) for values in added)]

    def edit(document: Keys) -> None:
        put_list(document, key, entries, page.newline)

    return {(page.root.head, page.root.end): page.edit_table(page.root, edit)}


def _change_inline(text: str, old: Values, new: Values) -> str:
    """Return an inline table after a change of its keys; the other keys keep their text."""
    kept = {next(iter(tomllib.loads(pair))): pair for pair in split_inline_pairs(text)}
    for key, value in new.items():
        if value != old[key] and value is None:
            del kept[key]
        elif value != old[key]:
            kept[key] = f"{key} = {_make_item(value).as_string()}"
    gap = " " if text[1:2].isspace() else ""
    return f"{{{gap}{', '.join(kept.values())}{gap}}}"


def _change_header_tables(
    page: Page, key: str, found: Sequence[Values], wanted: Sequence[Values | None], added: Sequence[Values]
) -> dict[tuple[int, int], str]:
    """Return the changes of tables with headers of their own."""
    changes: dict[tuple[int, int], str] = {}
    groups = list(_group_blocks(page, key))
    for blocks, old, new in zip(groups, found, wanted, strict=True):
        if new is None:
            changes |= {page.find_lines(block): "" for block in blocks}
        elif new != old:
            head = blocks[0]
            changes[head.head, head.end] = page.edit_table(head, _make_changer(key, old, new, page.newline))
    if added:
        names = [info.alias for info in PlanTable.model_fields.values()]
        behind = names[names.index(key) + 1 :]
        later = (number for number, block in enumerate(page.blocks) if block.path and block.path[0] in behind)
        last = groups[-1][-1] if groups else page.blocks[: next(later, None)][-1]
        texts = [page.write_table(f"[[{key}]]", format_pairs(values)) for values in added]
        changes[last.end, last.end] = "".join(f"{page.newline}{text}" for text in texts)
    return changes


def _group_blocks(page: Page, key: str) -> Iterator[list[Block]]:
    """Yield the tables of a list, each with the tables below it."""
    blocks: list[Block] = []
    for block in page.blocks:
        if block.path == (key,):
            if blocks:
                yield blocks
            blocks = [block]
        elif block.path[:1] == (key,):
            blocks.append(block)
    if blocks:
        yield blocks


def _make_changer(key: str, old: Values, new: Values, newline: str) -> Callable[[Keys], None]:
    """Return the edit that gives the only table of a list the values ``new``."""

    def edit(document: Keys) -> None:
        _change(cast("list[Keys]", document[key])[0], old, new, newline)

    return edit


def _change(table: Keys, old: Values, new: Values, newline: str) -> None:
    """Make a table that says ``old`` say ``new``."""
    for key, value in new.items():
        if value != old[key] and value is None:
            del table[key]
        elif value != old[key]:
            _set_key(table, key, value, newline)


def _set_key(table: Keys, key: str, value: object, newline: str) -> None:
    """Set a key. Its comment is kept; a new key goes below the others."""
    item = _make_item(value)
    if not isinstance(table, InlineTable):
        first = next(iter(table.values()), item)
        item.trivia.indent, item.trivia.trail = cast("Item", first).trivia.indent, newline
    table[key] = item


def _make_item(value: object) -> Item:
    """Return a value as TOML writes it; tables are written inline."""
    match value:
        case Mapping():
            text = format_inline(value)
        case [Mapping(), *_]:
            text = f"[{', '.join(_make_item(one).as_string() for one in value)}]"
        case _:
            return tomlkit.item(value)
    return cast("Item", tomlkit.parse(mask_dates(f"x = {text}"))["x"])
