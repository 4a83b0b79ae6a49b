"""Plan files written after an edit, and the change shown.

Rule 1: a plan is written only after its edited text was read again and found right, whole or not at all.
Rule 2: a diff never gets into a document on stdout.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mag_rotation.cli.files import say, write_out, write_whole
from mag_rotation.report import Form

if TYPE_CHECKING:
    from mag_rotation.plan.edits import PlanEdit

__all__ = ["put_edit", "show_diff", "write_edit"]


def put_edit(path: Path, edited: PlanEdit) -> None:
    """Write an edited plan; one that is as it was is left alone."""
    if edited.after != edited.before:
        write_whole(path, edited.after.encode())


def write_edit(path: Path, edit: Callable[[str], str]) -> str:
    """Edit a plan file, whole or not at all; the change as ``diff -u`` shows it."""
    from mag_rotation.plan.edits import edited_plan, unified_diff  # noqa: PLC0415 - brings tomlkit

    edited = edited_plan(path, edit)
    put_edit(path, edited)
    return unified_diff(edited.before, edited.after, name=path.name)


def show_diff(diff: str, path: Path, form: Form) -> None:
    """Show what changed in a plan: below a table, or to stderr where stdout is for a document."""
    text = diff or f"{path} says so already\n"
    if form in {Form.TABLE, Form.MARKDOWN}:
        write_out(f"\n{text}" if form is Form.TABLE else f"\n```diff\n{text}```\n")
    else:
        say(text.rstrip("\n"))
