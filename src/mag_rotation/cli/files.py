"""What commands read and write: plans, answers in a file or on stdout, plans after an edit, and lines on stderr.

Text is written as UTF-8 whatever the locale is. No answer replaces a file that it was made from. A stream that is
closed or full is an error, so that a command can stop before it changes anything.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stdout, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from mag_rotation.audience import Audience
from mag_rotation.cli.progress import show_progress, wipe_progress
from mag_rotation.errors import InvalidValue, RefusedOutput, escape_controls
from mag_rotation.files import NewFile, StagedFiles, describe_trouble, lock_folders, stage_files
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan, plan_files, read_members
from mag_rotation.report import ENGLISH, Form, Language, Report, left_out, mode_line, render, render_file, saved_line

if TYPE_CHECKING:
    from mag_rotation.planfile.writer import PlanEdit

__all__ = [
    "OR_STDOUT",
    "STDOUT",
    "USUAL_LENGTH",
    "deliver",
    "deliver_with_edit",
    "edited_files",
    "file_bytes",
    "form_of",
    "keep_stdout_for_answers",
    "read_audience",
    "read_plan",
    "refuse_sources",
    "say",
    "say_trouble",
    "show_answer",
    "show_diff",
    "stage_answers",
    "terminal_width",
    "write_out",
]

STDOUT = Path("-")
"""The value of ``--output`` that means stdout."""

USUAL_LENGTH = 60
"""How many minutes a call lasts, if neither a plan nor an option says it."""

OR_STDOUT = f"name a file, or write {STDOUT} for stdout"
"""What an error advises for a target that is no file, where stdout would do as well."""

_SUFFIXES = {form.suffix: form for form in sorted(Form, key=lambda form: form.suffix)}
"""The format of an answer by the suffix of its file."""

_OTHER_FORMATS = frozenset({".htm", ".ics", ".ods", ".pdf", ".docx", ".toml", ".xls", ".xml"})
"""Suffixes of formats in which no answer is written."""


def form_of(asked: Form | None, path: Path | None) -> Form:
    """Return the format of an answer: the one asked for, else that of the file's suffix, else a table.

    Raises :class:`InvalidValue` where the file is named for another format than the one asked for, or where none is
    asked for and no answer is written in that of the file.

    >>> form_of(None, Path("calls.csv")), form_of(Form.JSON, Path("calls")), form_of(None, STDOUT)
    (<Form.CSV: 'csv'>, <Form.JSON: 'json'>, <Form.TABLE: 'table'>)
    """
    suffix = "" if path is None else path.suffix.lower()
    named = _SUFFIXES.get(suffix)
    if asked is None and (named or not suffix):
        return named or Form.TABLE
    if asked is None:
        *others, last = _SUFFIXES
        problem = f"{suffix} is not a format of an answer"
        raise InvalidValue(f"--output {path}: {problem}; name a file that ends in {', '.join(others)} or {last}")
    if named not in {None, asked} or suffix in _OTHER_FORMATS:
        raise InvalidValue(
            f"--format {asked} and --output {path} are two formats; leave --format out, or name a file that ends in "
            f"{asked.suffix}"
        )
    return asked


def file_bytes(path: Path, text: str) -> bytes:
    """Encode a text for a file: UTF-8, in a CSV file with the byte-order mark by which Excel recognises it.

    >>> file_bytes(Path("a.CSV"), "é"), file_bytes(Path("a.txt"), "é")
    (b'\\xef\\xbb\\xbf\\xc3\\xa9', b'\\xc3\\xa9')
    """
    return text.encode("utf-8-sig" if path.suffix.lower() == ".csv" else "utf-8")


def refuse_sources(path: Path, sources: Iterable[Path], *, of: str = "this plan") -> None:
    """Raise :class:`RefusedOutput` if ``path`` is one of the files that something is read from, under any name."""
    for source in sources:
        try:
            same = path.samefile(source)
        except (OSError, RuntimeError, ValueError):  # what is not there, or cannot be, is said by who writes it
            continue
        if same:
            raise RefusedOutput(str(path), f"is a file that {of} is read from; name another for the answer")


_ANSWERS: ContextVar[TextIO | None] = ContextVar("_ANSWERS")
"""The stream of answers while ``sys.stdout`` is redirected; None if stdout is closed."""


@contextmanager
def keep_stdout_for_answers() -> Iterator[None]:
    """Leave stdout to :func:`write_out`; what anything else prints to ``sys.stdout`` meanwhile goes to stderr."""
    token = _ANSWERS.set(_answers())
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _ANSWERS.reset(token)


def _answers() -> TextIO | None:
    """Return the stream of answers; None if it is closed."""
    return _ANSWERS.get(sys.stdout)


def terminal_width() -> int | None:
    """Return the width of the terminal that shows the answer; None if there is no terminal."""
    stream = _answers()
    return shutil.get_terminal_size().columns if stream is not None and stream.isatty() else None


def write_out(text: str) -> None:
    """Write text to stdout as UTF-8 bytes, line ends as they are; raises :class:`RefusedOutput`."""
    stream = _answers()
    if stream is None:
        raise RefusedOutput("<stdout>", "cannot be written: it is closed; nothing was changed")
    _send(stream, text, name="<stdout>")


def say(text: str) -> None:
    """Write a line to stderr, for people; raises :class:`RefusedOutput`."""
    if sys.stderr is None:
        raise RefusedOutput("<stderr>", "cannot be written: it is closed; nothing was changed")
    _send(sys.stderr, f"{escape_controls(text)}\n", name="<stderr>")


def say_trouble(text: str) -> None:
    """Write the message of an error to stderr, if that can be written; the exit code tells of it anyway."""
    with suppress(RefusedOutput):
        say(text)


def _send(stream: TextIO, text: str, *, name: str) -> None:
    """Write UTF-8 to a stream; the text is dropped if its reader has gone, as in ``| head``."""
    wipe_progress()
    try:
        stream.flush()
        stream.buffer.write(text.encode("utf-8", "replace"))
        stream.buffer.flush()
    except OSError as error:
        # What is still buffered would be tried again at the end of the process and fail there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise RefusedOutput(name, f"cannot be written: {describe_trouble(error)}; nothing was changed") from None


def read_plan(path: Path, out: Path | None = None) -> Plan:
    """Read a plan for an answer that goes to ``out``, which must be none of the plan's own files."""
    with show_progress(f"reading {path.name}"):
        plan = load_plan(path)
    if out is not None and out != STDOUT:
        refuse_sources(out, plan_files(plan))
    return plan


def read_audience(roster: Path | None, seats: Iterable[str] | None, out: Path | None = None) -> Audience | None:
    """Return the members that are given without a plan, None if none are, for an answer that goes to ``out``."""
    if roster is None and not seats:
        return None
    if roster is not None and out is not None and out != STDOUT:
        refuse_sources(out, [roster], of="the roster")
    return Audience(members=read_members(roster, seats or ()))


def stage_answers(*files: NewFile, language: Language = ENGLISH) -> AbstractContextManager[StagedFiles]:
    """Stage files, and say of those that replace others whose mode does not go with what they hold now."""

    def tell(paths: Sequence[Path], mode: int, /, *, private: bool) -> None:
        say(mode_line([str(path) for path in paths], mode, language, private=private))

    return stage_files(*files, tell=tell)


def deliver(report: Report, form: Form, out: Path | None, *, private: bool = True) -> None:
    """Write an answer to a file or to stdout; a new file with an answer about members is for its owner alone."""
    with stage_answers(language=report.language) as staged:
        show_answer(report, form, out, staged, private=private)
        staged.commit()


def show_answer(report: Report, form: Form, out: Path | None, staged: StagedFiles, *, private: bool = True) -> None:
    """Write an answer to stdout, in colour and to its width where that is a terminal, or stage it as a file.

    The warnings that the form has no place for go to stderr, and what a file has.
    """
    for warning in left_out(report, form):
        say(f"warning: {warning}")
    if out is not None and out != STDOUT:
        with show_progress("writing"):
            data = file_bytes(out, render(report, form)) if form.is_text else render_file(report, form)
            staged.add(NewFile(path=out, data=data, private=private, public=not private, cure=OR_STDOUT))
        say(f"{out}: {saved_line(report.title, form, report.language)}")
        return
    width = terminal_width()
    with show_progress("writing"):
        text = render(report, form, width=width, colour=width is not None and not os.environ.get("NO_COLOR"))
    write_out(text)


def edited_files(path: Path, edited: PlanEdit) -> tuple[NewFile, ...]:
    """Return the plan file after an edit, to be replaced last; empty if the plan did not change."""
    if edited.after == edited.before:
        return ()
    return (NewFile(path=path, data=edited.after.encode(), before=edited.before.encode(), last=True),)


def deliver_with_edit(
    report: Report, form: Form, out: Path | None, *, path: Path, source: bytes, plan: Plan, edited: Plan
) -> None:
    """Write an answer, and the plan that it was made from as ``edited`` has it; both or neither.

    ``source`` is the content of the plan file before the answer was computed, which may have taken long. Raises
    :class:`RefusedOutput` if the file has changed since.
    """
    from mag_rotation.planfile.writer import edit_plan_file, make_diff, write_changes  # noqa: PLC0415 - brings tomlkit

    with lock_folders([path] if out is None or out == STDOUT else [path, out]):
        file = edit_plan_file(path, lambda text: write_changes(text, plan.series, edited.series))
        if file.before.encode() != source:
            raise RefusedOutput(str(path), "was changed in the meantime; nothing was written, run this again")
        with stage_answers(*edited_files(path, file), language=report.language) as staged:
            show_answer(report, form, out, staged)
            show_diff(make_diff(file.before, file.after, name=path.name), path, form)
            staged.commit()


def show_diff(diff: str, path: Path, form: Form) -> None:
    """Show what changed in a plan: below a table, or to stderr where stdout is for a document."""
    text = escape_controls(diff or f"{path} says so already\n")
    if form in {Form.TABLE, Form.MARKDOWN}:
        write_out(f"\n{text}" if form is Form.TABLE else f"\n```diff\n{text}```\n")
    else:
        say(text.rstrip("\n"))
