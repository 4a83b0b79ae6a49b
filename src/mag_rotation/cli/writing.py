"""Plan files written after an edit, and the change shown.

A plan is written only after its edited text was read again and found right. A diff never gets into a document on
stdout.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mag_rotation.cli.commands import show_answer
from mag_rotation.cli.files import STDOUT, say, write_out
from mag_rotation.errors import RefusedOutput, escape_controls
from mag_rotation.files import NewFile, lock_folders, stage_files
from mag_rotation.report import Answer, Form

if TYPE_CHECKING:
    from mag_rotation.planfile.writer import PlanEdit

__all__ = ["deliver_with_edit", "edited_files", "show_diff"]


def edited_files(path: Path, edited: PlanEdit) -> tuple[NewFile, ...]:
    """The plan file after an edit, to be put in its place last; nothing for a plan that is as it was."""
    if edited.after == edited.before:
        return ()
    return (NewFile(path=path, data=edited.after.encode(), before=edited.before.encode(), last=True),)


def deliver_with_edit(
    answer: Answer, form: Form, out: Path | None, *, path: Path, source: bytes, edit: Callable[[str], str]
) -> None:
    """Write an answer, and what it says into the plan that it was made from; both or none.

    ``source`` is what the plan file held before the answer was worked out, which may have taken long. Raises
    :class:`RefusedOutput` where the file has changed since.
    """
    from mag_rotation.planfile.writer import edited_plan, unified_diff  # noqa: PLC0415 - brings tomlkit

    with lock_folders([path] if out is None or out == STDOUT else [path, out]):
        edited = edited_plan(path, edit)
        if edited.before.encode() != source:
            raise RefusedOutput(str(path), "was changed in the meantime; nothing was written, run this again")
        with stage_files(*edited_files(path, edited)) as staged:
            show_answer(answer, form, out, staged)
            show_diff(unified_diff(edited.before, edited.after, name=path.name), path, form)
            staged.commit()


def show_diff(diff: str, path: Path, form: Form) -> None:
    """Show what changed in a plan: below a table, or to stderr where stdout is for a document."""
    text = escape_controls(diff or f"{path} says so already\n")
    if form in {Form.TABLE, Form.MARKDOWN}:
        write_out(f"\n{text}" if form is Form.TABLE else f"\n```diff\n{text}```\n")
    else:
        say(text.rstrip("\n"))
