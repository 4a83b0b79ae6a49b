"""The command line: arguments, files, the clock and exit codes; no logic.

A module holds the commands of one subject, and ``usage`` lists which module holds which. Exit 0: done. 1: done, but a
check you asked for failed. 2: bad input or usage, and nothing is written.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from typing import Annotated

import typer

from mag_rotation.cli.files import keep_stdout_for_answers, write_out
from mag_rotation.cli.usage import Program
from mag_rotation.places import TZDATA_VERSION

__all__ = ["app", "main"]

app = typer.Typer(
    name="mag-rotation",
    cls=Program,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit 0: done. 1: done, but a check you asked for failed. 2: bad input or usage, nothing written.",
)

_TYPER_ANSWERS = {"-h", "--help", "--install-completion", "--show-completion"}
"""What typer answers by itself, by printing to stdout; it does the same for completions of a shell."""


def main() -> None:
    """Run the command that ``sys.argv`` asks for and exit."""
    typer_answers = "_MAG_ROTATION_COMPLETE" in os.environ or not _TYPER_ANSWERS.isdisjoint(sys.argv)
    with nullcontext() if typer_answers else keep_stdout_for_answers():
        app(prog_name="mag-rotation")


def _say_version(asked: bool) -> None:
    """Print the version of the program and of the zone rules, and exit."""
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - for this option alone

        write_out(f"mag-rotation {version('mag-rotation')} (tzdata {TZDATA_VERSION})\n")
        raise typer.Exit


@app.callback()
def program(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_say_version,
            is_eager=True,
            help="Print the version, and that of the zone rules beside it.",
        ),
    ] = False,
) -> None:
    """Rotating calls of a group spread over the globe: who is in the night, what is fair, invitations."""
