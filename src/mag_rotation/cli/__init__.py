"""The command line: arguments, files, the clock and exit codes; no logic.

Rule 1: an error of the library becomes one message on stderr and exit code 2, never a traceback.
"""

from __future__ import annotations

import sys

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
from mag_rotation.cli.files import say
from mag_rotation.errors import InvalidPlan, MagRotationError

__all__ = ["app", "main"]


def main() -> None:
    """Run the command that ``sys.argv`` asks for and exit."""
    try:
        app(prog_name="mag-rotation")
    except InvalidPlan as error:
        say(f"mag-rotation: the plan has {error.count}; nothing was written\n{error.lines}")
        sys.exit(2)
    except MagRotationError as error:
        say(f"mag-rotation: {error}")
        sys.exit(2)
