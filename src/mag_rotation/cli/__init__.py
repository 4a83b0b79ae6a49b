"""The command line: arguments, files, the clock and exit codes; no logic.

Rule 1: an error of the library becomes one message on stderr and exit code 2, never a traceback.
"""

from __future__ import annotations

import sys

from mag_rotation.cli.commands import app
from mag_rotation.cli.files import say
from mag_rotation.errors import InvalidPlan, MagRotationError

__all__ = ["app", "main"]


def main() -> None:
    """Run the command that ``sys.argv`` asks for and exit."""
    try:
        app(prog_name="mag-rotation")
    except InvalidPlan as error:
        noun = "mistake" if len(error.mistakes) == 1 else "mistakes"
        lines = "\n".join(f"  {mistake}" for mistake in error.mistakes)
        say(f"mag-rotation: the plan has {len(error.mistakes)} {noun}; nothing was written\n{lines}")
        sys.exit(2)
    except MagRotationError as error:
        say(f"mag-rotation: {error}")
        sys.exit(2)
