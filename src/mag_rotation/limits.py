"""The most that is read of each kind of input, in one table.

Files, mails and answers of servers are made by others. Each has a limit on its size before it is read, and limits on
what is in it before it is parsed. The numbers stand far above what a group of people needs and low enough for a small
machine. ``docs/reference/limits.md`` shows the same table; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["CALENDAR", "INPUTS", "JOURNAL", "MAIL", "PLAN", "PROPOSAL", "SERVER_ANSWER", "SHEET", "InputLimit"]

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class InputLimit:
    """The most that is read of one kind of input.

    ``most_bytes`` is the size of a file as it lies on the disk, or of an answer once it is unpacked. ``cure`` says what
    to do with an input that is larger.
    """

    kind: str
    most_bytes: int
    cure: str

    def problem_with(self, size: int) -> str | None:
        """Say what is wrong with an input of ``size`` bytes; None if it may be read.

        >>> PLAN.problem_with(10)
        >>> PLAN.problem_with(2 * 1024 * 1024)
        'has more than 1 MiB, the most that is read of a plan; put the roster into a CSV file'
        """
        if size <= self.most_bytes:
            return None
        return f"has more than {self.most_bytes // _MIB} MiB, the most that is read of {self.kind}; {self.cure}"


PLAN = InputLimit(kind="a plan", most_bytes=_MIB, cure="put the roster into a CSV file")
SHEET = InputLimit(kind="a sheet", most_bytes=32 * _MIB, cure="keep one row a member or a call, and no other data")
CALENDAR = InputLimit(
    kind="a calendar", most_bytes=16 * _MIB, cure="export the one calendar that is needed, or fewer years"
)
MAIL = InputLimit(kind="a mail", most_bytes=16 * _MIB, cure="save it without its other attachments")
PROPOSAL = InputLimit(kind="a proposal", most_bytes=64 * _MIB, cure="give what propose wrote with --format json")
JOURNAL = InputLimit(kind="a journal", most_bytes=64 * _MIB, cure="begin a new journal for the next season's messages")
SERVER_ANSWER = InputLimit(kind="an answer of a server", most_bytes=64 * _MIB, cure="name a calendar that holds less")

INPUTS: Final = (PLAN, SHEET, CALENDAR, MAIL, PROPOSAL, JOURNAL, SERVER_ANSWER)
"""Every kind of input that there is."""
