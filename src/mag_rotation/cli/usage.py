"""The commands, and how each reads its command line beyond what typer does.

A command is imported when it is asked for. PLAN may be left out. A long option with one dash is refused with the right
spelling. The format of an answer follows the name of its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from mag_rotation.cli.files import STDOUT, form_of, say_trouble
from mag_rotation.cli.progress import show_progress
from mag_rotation.errors import InvalidPlan, InvalidValue, MagRotationError
from mag_rotation.report import Form

if TYPE_CHECKING:
    from typer._click.core import Command as ClickCommand
    from typer._click.core import Context, Parameter

__all__ = ["COMMANDS", "DEFAULT_PLAN", "Command", "Program"]

COMMANDS = {
    "calls": "calls",
    "night": "calls",
    "validate": "plans",
    "init": "plans",
    "roster": "roster",
    "schema": "plans",
    "drift": "calls",
    "announce": "announce",
    "plot": "plot",
    "cancel": "edits",
    "move": "edits",
    "extra": "edits",
    "next-season": "edits",
    "fairness": "fairness",
    "check": "fairness",
    "planner": "fairness",
    "ics": "ics",
    "changes": "ics",
    "invite": "invite",
    "report": "page",
    "programme": "programme",
    "propose": "propose",
    "compare": "propose",
    "decide": "decide",
    "verify": "propose",
    "next-slot": "propose",
    "publish": "publish",
    "replies": "reading",
    "from-ics": "reading",
    "from-schedule": "schedules",
    "to-schedule": "schedules",
    "send": "send",
}
"""The module of each command, in the order of the help; the function for ``next-slot`` is ``run_next_slot``."""

DEFAULT_PLAN = Path("plan.toml")
"""The plan of the current folder, which is meant where none is named."""

_PLAN = "PLAN"
_OTHER_SUFFIXES = frozenset({".csv", ".eml", ".ics", ".json", ".xml"})
"""How files end that stand beside a plan in an argument of their own, and never are one."""

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
"""What stands for one or two hyphens where a word processor has changed them."""


_PLAINER = {"Input should be a valid integer, unable to parse string as an integer": "write a whole number"}
"""What typer says of a value, in plainer words."""


class Command(TyperCommand):
    """A command of the program.

    A parameter ``form`` is the format of the answer, and ``out`` the file that the answer goes to where there is a
    ``form``: a command whose file is another product has another name for one of them, such as ``report``.
    """

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the arguments, PLAN and the format of the answer filled in."""
        if ctx.resilient_parsing:  # the shell asks for completions
            return super().parse_args(ctx, args)
        _refuse_single_dashes(ctx, self.get_params(ctx), args)
        try:
            rest = super().parse_args(ctx, self._with_plan(ctx, args))
        except typer.BadParameter as error:
            error.message = _PLAINER.get(error.message, error.message).removeprefix("Value error, ")
            raise
        if {"form", "out"} <= ctx.params.keys() and not _is_same(ctx.params["out"], ctx.params.get("path")):
            source = ctx.get_parameter_source("form")
            given = Form(ctx.params["form"]) if source is not None and source.name == "COMMANDLINE" else None
            try:
                ctx.params["form"] = form_of(given, ctx.params["out"])
            except InvalidValue as error:
                ctx.fail(str(error))
        _refuse_bytes(ctx)
        return rest

    def _with_plan(self, ctx: Context, args: list[str]) -> list[str]:
        """The arguments with PLAN before the others where it was left out; refuses where there is no such file."""
        arguments = [one for one in self.params if isinstance(one, TyperArgument)]
        takes_plan = bool(arguments) and arguments[0].metavar == _PLAN
        typed, words = _split(self.get_params(ctx), args)
        if takes_plan and any({part.partition("=")[0], part[:2]} & self._member_options for part in typed):
            if words:
                ctx.fail(f"give a plan, or members by --roster and --member; found {words[0]!r} beside them")
            return args
        if not takes_plan or {"-h", "--help"} & set(args):
            return args
        if words and _is_plan(words, arguments[1:]):
            self._refuse_date(ctx, words[0])
            return args
        if not DEFAULT_PLAN.exists():
            members = ", or give members by --roster and --member" if self._member_options else ""
            missing = f"there is no {DEFAULT_PLAN} in this folder; 'mag-rotation init' writes one{members}"
            ctx.fail(f"name the plan: {missing}")
        return [str(DEFAULT_PLAN), *args]

    def _refuse_date(self, ctx: Context, word: str) -> None:
        """Refuse a date in the place of PLAN, where no file has that name and an option of the command takes one."""
        options = [one.opts[0] for one in self.params if one.metavar in _DATES]
        if options and _DATE.match(word) and not _is_file(Path(word)):
            ctx.fail(f"found {word!r} in the place of the plan; a date goes with {' or '.join(options)}")

    @property
    def _member_options(self) -> frozenset[str]:
        """The options that give members in the place of a plan; empty for a command that needs a plan."""
        return frozenset(name for one in self.params if one.name in {"roster", "seats"} for name in one.opts)

    def invoke(self, ctx: Context) -> object:
        """Run the command; an error of the library is one message on stderr and exit code 2.

        An interrupt is one line and exit code 130.
        """
        try:
            with show_progress("working"):
                return super().invoke(ctx)
        except InvalidPlan as error:
            unwritten = "; nothing was written" if _writes(ctx.params) else ""
            say_trouble(f"mag-rotation: the plan has {error.count}{unwritten}\n{error.lines_for_people}")
        except MagRotationError as error:
            say_trouble(f"mag-rotation: {error}")
        except KeyboardInterrupt:
            say_trouble("mag-rotation: interrupted")
            raise typer.Exit(130) from None
        raise typer.Exit(2)


class Program(TyperGroup):
    """The program itself: it imports the command that is asked for, and its own options are read as a command's are."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - typer calls it
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> ClickCommand | None:  # noqa: ARG002 - typer calls it
        """Import a command; None for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"mag_rotation.cli.{COMMANDS[cmd_name]}")
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        alone.command(cmd_name, cls=Command)(getattr(module, f"run_{cmd_name.replace('-', '_')}"))
        return get_command(alone)

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read what stands before the command."""
        if not ctx.resilient_parsing:
            _refuse_single_dashes(ctx, self.get_params(ctx), args[:1])
            if args and args[0].lower().endswith(".toml"):
                ctx.fail(f"the command comes before the plan, as in: mag-rotation calls {args[0]}")
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, ClickCommand | None, list[str]]:
        """Find the command; an unknown name is refused with those that it may mean."""
        near = [] if ctx.resilient_parsing or args[0] in COMMANDS else get_close_matches(args[0], COMMANDS)
        if near:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {', '.join(map(repr, near))}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Context) -> object:
        """Run a command; an interrupt before it has begun is one line and exit code 130."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say_trouble("mag-rotation: interrupted; nothing was changed")
            raise typer.Exit(130) from None


def _refuse_bytes(ctx: Context) -> None:
    """Refuse a format that is no text where the answer goes to stdout."""
    has_file = {"form", "out"} <= ctx.params.keys()
    if has_file and ctx.params["out"] not in {None, STDOUT}:
        return
    for name in ("form", "report"):
        form = ctx.params.get(name)
        if isinstance(form, Form) and not form.is_text:
            cure = (
                f"give --output FILE{form.suffix}" if has_file else "this command writes to stdout; take another format"
            )
            ctx.fail(f"--format {form} is not a text for a terminal: {cure}")


def _split(params: Iterable[Parameter], args: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the parts before ``--`` without the values of options, and the arguments of the line."""
    takes_value = {
        name: not option.is_flag
        for option in params
        if isinstance(option, TyperOption)
        for name in (*option.opts, *option.secondary_opts)
    }
    typed: list[str] = []
    words: list[str] = []
    rest = iter(args)
    for part in rest:
        if part == "--":
            words += rest
            break
        typed.append(part)
        if len(part) < 2 or part[0] != "-":
            words.append(part)
        elif takes_value.get(part, False):
            next(rest, None)
    return typed, words


def _refuse_single_dashes(ctx: Context, params: Sequence[Parameter], args: Sequence[str]) -> None:
    """Refuse a long option behind one dash, or behind dashes of a word processor: the name would be read as a value."""
    known = {name for param in params for name in (*param.opts, *param.secondary_opts) if name.startswith("--")}
    typed, _ = _split(params, args)
    for part in typed:
        found = part.partition("=")[0]
        name = f"--{found.lstrip(_DASHES)}"
        if name in known and found.startswith(tuple(_DASHES)) and found != name:
            ctx.fail(f"no such option {found}; did you mean {name}?")


def _is_plan(words: Sequence[str], others: Sequence[TyperArgument]) -> bool:
    """Whether the first of the words is PLAN, and not the one of the ``others`` that comes after it."""
    first = Path(words[0])
    if first.suffix.lower() == ".toml" or len(words) > len(others):
        return True
    needed = sum(one.required for one in others)
    return len(words) > needed and first.suffix.lower() not in _OTHER_SUFFIXES and _is_file(first)


_DATE = re.compile(r"\d{4}-(?:\d{2}-\d{2}|W\d{2})")
_DATES = {"DATE", "INSTANT"}
"""The kinds of options that take a date."""


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _is_same(out: Path | None, plan: Path | None) -> bool:
    """Whether an answer would replace the plan itself, which is refused in words of its own."""
    try:
        return out is not None and plan is not None and out.samefile(plan)
    except (OSError, ValueError):
        return False


def _writes(params: Mapping[str, object]) -> bool:
    """Whether a command was going to write: a file, the plan or something else that can be tried without writing."""
    return params.get("out") is not None or bool(params.get("write")) or params.get("dry_run") is False
