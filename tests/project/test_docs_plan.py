"""The reference of the plan file names every key, as the tables that read plans do.

Before each table of keys stands a comment ``<!-- keys: CLASS -->``, before that of the columns of a roster sheet
``<!-- columns of the roster -->``; with ``UPDATE_DOCS=1`` the tables are rewritten.
"""

from __future__ import annotations

import os
import re

from mag_rotation.plan.groups import NO_COLUMNS
from mag_rotation.planfile import tables
from paths import ROOT

REFERENCE = ROOT / "docs" / "reference" / "plan.md"
_MARKED = re.compile(r"(?P<comment><!-- (?:keys: (?P<name>\w+)|columns of the roster) -->)\n(?:\|.*\n)*")


def shown_default(default: object) -> str:
    """A default as TOML writes it; nothing for what a reader would not write down."""
    if default is None or default in ({}, [], ()) or isinstance(default, tables.Table):
        return ""
    return {True: "`true`", False: "`false`"}[default] if isinstance(default, bool) else f"`{default}`"


def keys_table(model: type[tables.Table]) -> str:
    rows = []
    for info in model.model_fields.values():
        shown = "" if info.is_required() else shown_default(info.get_default())
        rows.append(f"| `{info.alias}` | {'yes' if info.is_required() else ''} | {shown} | {info.description} |")
    return "\n".join(["| key | needed | default | what it says |", "| --- | --- | --- | --- |", *rows, ""])


def columns_table() -> str:
    keys = {key.name: key for key in tables.list_keys(tables.MemberTable) if key.name not in NO_COLUMNS}
    required = [name for name in keys if tables.MemberTable.model_fields[keys[name].field].is_required()]
    several = [name for name, key in keys.items() if key.read_cell and key.default == ()]
    plain = [name for name, key in keys.items() if name not in {*required, *several} and not key.inner]
    rows = {
        shown(required): "needed in every row",
        shown(plain): "as above",
        shown(several): "as above, with `;` or a comma between several: `chair; captioner`",
        shown([name for name, key in keys.items() if key.inner]): "days and a zone, with `;` between several: "
        "`2026-10-01/2026-10-20 Europe/Paris`",
        "any other": "a group, unless `groups` in `[roster]` names the columns that are groups: then the others are "
        "not read",
    }
    lines = (f"| {columns} | {says} |" for columns, says in rows.items())
    return "\n".join(["| column | what it says |", "| --- | --- |", *lines, ""])


def shown(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def test_the_reference_has_every_key_of_every_table() -> None:
    text = REFERENCE.read_text("utf-8")

    def fill(match: re.Match[str]) -> str:
        name = match["name"]
        table = keys_table(getattr(tables, name)) if name else columns_table()
        return f"{match['comment']}\n{table}"

    expected = _MARKED.sub(fill, text)
    assert len(_MARKED.findall(text)) > 20
    if os.environ.get("UPDATE_DOCS"):
        REFERENCE.write_text(expected, encoding="utf-8")
    else:
        assert expected == text


def test_no_word_of_the_machinery_stands_in_the_reference() -> None:
    assert "Pydantic" not in REFERENCE.read_text("utf-8")


def test_the_reference_leaves_no_table_out() -> None:
    named = {match["name"] for match in _MARKED.finditer(REFERENCE.read_text("utf-8")) if match["name"]}
    known = {model.__name__ for model in tables.Table.__subclasses__() if model.__module__ == tables.__name__}
    known = {name for name in known if name.endswith("Table")}  # a sketch is what is left of a table with mistakes

    assert named == known
