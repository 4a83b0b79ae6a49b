"""The command line: arguments, files, the clock and exit codes; no logic.

An error of the library becomes one message on stderr and exit code 2, never a traceback.
"""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

from mag_rotation.cli import drift as _drift  # noqa: F401 - registers its command
from mag_rotation.cli import edits as _edits  # noqa: F401 - registers its commands
from mag_rotation.cli import fairness as _fairness  # noqa: F401 - registers its commands
from mag_rotation.cli import ics as _ics  # noqa: F401 - registers its commands
from mag_rotation.cli import invite as _invite  # noqa: F401 - registers its command
from mag_rotation.cli import propose as _propose  # noqa: F401 - registers its commands
from mag_rotation.cli import publish as _publish  # noqa: F401 - registers its command
from mag_rotation.cli import reading as _reading  # noqa: F401 - registers its commands
from mag_rotation.cli import send as _send  # noqa: F401 - registers its command
from mag_rotation.cli.commands import app
from mag_rotation.cli.files import keep_stdout_for_answers
from mag_rotation.cli.usage import Command

__all__ = ["app", "main"]

for _command in app.registered_commands:
    _command.cls = Command

_TYPER_ANSWERS = {"-h", "--help", "--install-completion", "--show-completion"}
"""What typer answers by itself, with a print to stdout. For a shell that completes it does so too."""


def main() -> None:
    """Run the command that ``sys.argv`` asks for and exit."""
    typer_answers = "_MAG_ROTATION_COMPLETE" in os.environ or not _TYPER_ANSWERS.isdisjoint(sys.argv)
    with nullcontext() if typer_answers else keep_stdout_for_answers():
        app(prog_name="mag-rotation")
