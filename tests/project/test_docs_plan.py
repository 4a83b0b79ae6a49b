"""The reference of the plan file names every key, as the tables that read plans do.

A comment ``<!-- keys: CLASS -->`` stands before each table of keys; with ``UPDATE_DOCS=1`` the tables are rewritten.
"""

from __future__ import annotations

import os
import re

from mag_rotation.planfile import tables
from paths import ROOT

REFERENCE = ROOT / "docs" / "reference" / "plan.md"
_MARKED = re.compile(r"<!-- keys: (?P<name>\w+) -->\n(?:\|.*\n)*")


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


def test_the_reference_has_every_key_of_every_table() -> None:
    text = REFERENCE.read_text("utf-8")

    def fill(match: re.Match[str]) -> str:
        return f"<!-- keys: {match['name']} -->\n{keys_table(getattr(tables, match['name']))}"

    expected = _MARKED.sub(fill, text)
    if os.environ.get("UPDATE_DOCS"):
        REFERENCE.write_text(expected, encoding="utf-8")
    else:
        assert expected == text


def test_no_word_of_the_machinery_stands_in_the_reference() -> None:
    assert "Pydantic" not in REFERENCE.read_text("utf-8")


def test_the_reference_leaves_no_table_out() -> None:
    named = {match["name"] for match in _MARKED.finditer(REFERENCE.read_text("utf-8"))}
    known = {model.__name__ for model in tables.Table.__subclasses__() if model.__module__ == tables.__name__}
    known = {name for name in known if name.endswith("Table")}  # a sketch is what is left of a table with mistakes

    assert named == known
