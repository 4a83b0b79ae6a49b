"""The command ``mag-rotation``, also as ``python -m mag_rotation``.

Rule 1: nothing is imported before the process is set up.
"""

import os


def main() -> None:
    """Set up the process and run the command line."""
    # pydantic asks every package that is installed whether it has a plugin for it, which can take longer than a command
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    from mag_rotation.cli import main as run  # noqa: PLC0415 - after the line above

    run()


if __name__ == "__main__":
    main()
