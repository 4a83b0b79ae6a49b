"""The limits on each kind of input, in one table.

Files, mails and answers of servers come from others. Each has a limit on its size before it is read, and limits on its
contents before it is parsed, because parsers take time and memory that grow faster than the input. The numbers are far
above the needs of a group of people and low enough for a small machine. ``docs/reference/limits.md`` shows the same
tables; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

__all__ = [
    "ANNOUNCED_CALLS",
    "CALENDAR",
    "CHARSETS",
    "COMPARED_NAMES",
    "COMPARED_WORD",
    "CONFLICTS",
    "EXCHANGED_SESSIONS",
    "FITTED_DATES",
    "INPUTS",
    "INSIDE",
    "JOURNAL",
    "JOURNAL_LINE_KIB",
    "LISTED_TIMES",
    "MAIL",
    "NAMED",
    "NAMED_RULES",
    "PARAMETER_BYTES",
    "PLAN",
    "PROPOSAL",
    "REPLY_ADDRESSES",
    "RULE_STEPS",
    "SCHEDULE",
    "SCHEDULE_LEVELS",
    "SCHEDULE_VALUES",
    "SERVER_ANSWER",
    "SESSIONS",
    "SHEET",
    "SUGGESTED",
    "TIME_ZONES",
    "WORK",
    "WORKBOOK_CELLS",
    "WORKBOOK_MIB",
    "InputLimit",
    "find_calendar_problem",
    "find_mail_problem",
    "find_nearest",
    "find_nearest_ids",
    "find_proposal_problem",
    "find_toml_problem",
]

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class InputLimit:
    """The limit on the size of one kind of input.

    ``most_bytes`` is the size of a file on the disk, or of an answer after it is decompressed. ``cure`` says what to do
    with a larger input.
    """

    kind: str
    most_bytes: int
    cure: str

    def find_problem(self, size: int) -> str | None:
        """Say what is wrong with an input of ``size`` bytes; None if it may be read.

        >>> PLAN.find_problem(10)
        >>> PLAN.find_problem(2 * 1024 * 1024)
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
SCHEDULE = InputLimit(
    kind="a schedule", most_bytes=16 * _MIB, cure="export the schedule of one conference, without attachments"
)
JOURNAL = InputLimit(kind="a journal", most_bytes=64 * _MIB, cure="begin a new journal for the next season's messages")
SITE_FILE = InputLimit(kind="a file of a site", most_bytes=16 * _MIB, cure="name another folder for the site")
SERVER_ANSWER = InputLimit(kind="an answer of a server", most_bytes=64 * _MIB, cure="name a calendar that holds less")

INPUTS: Final = (PLAN, SHEET, CALENDAR, MAIL, PROPOSAL, SCHEDULE, JOURNAL, SITE_FILE, SERVER_ANSWER)
"""All kinds of inputs."""

KEY_PARTS: Final = 16
WORKBOOK_MIB: Final = 256
WORKBOOK_CELLS: Final = 4_000_000
CALENDAR_LINES: Final = 500_000
LISTED_TIMES: Final = 50_000
ANNOUNCED_CALLS: Final = 20_000
TIME_ZONES: Final = 200
PARAMETER_BYTES: Final = 64 * 1024
MAIL_HEAD_KIB: Final = 256
MAIL_HEADER_BYTES: Final = 16 * 1024
MAIL_PARTS: Final = 1000
MAIL_LEVELS: Final = 20
COMMENTS: Final = 50
REPLY_ADDRESSES: Final = 50
PROPOSAL_VALUES: Final = 2_000_000
SCHEDULE_VALUES: Final = 400_000
SCHEDULE_LEVELS: Final = 20
JOURNAL_LINE_KIB: Final = 1024

INSIDE: Final = (
    ("a plan", f"{KEY_PARTS} parts in a dotted key"),
    ("a workbook", f"{WORKBOOK_MIB} MiB once it is unpacked"),
    ("a workbook", f"{WORKBOOK_CELLS:,} cells in a sheet, from its first cell to its last"),
    ("a calendar", f"{CALENDAR_LINES:,} lines"),
    ("a calendar", f"{LISTED_TIMES:,} times in lists (RDATE, EXDATE)"),
    ("a calendar", f"{TIME_ZONES} TZIDs that its events use"),
    ("a calendar", f"{ANNOUNCED_CALLS:,} calls in its series, where it was announced before"),
    ("a calendar", f"{PARAMETER_BYTES // 1024} KiB of parameters before the value of a line"),
    ("a mail", f"{MAIL_HEAD_KIB} KiB of headers"),
    ("a mail", f"{MAIL_HEADER_BYTES // 1024} KiB in a header that names addresses or a kind of content"),
    ("a mail", f"{COMMENTS} opening brackets in such a header"),
    ("a mail", f"{MAIL_PARTS:,} parts, {MAIL_LEVELS} of them in each other"),
    ("a proposal", f"{PROPOSAL_VALUES:,} values, lists and tables"),
    ("a schedule", f"{SCHEDULE_VALUES:,} elements and attributes in XML, or values in JSON"),
    ("a schedule", f"{SCHEDULE_LEVELS} elements of XML in each other"),
    ("a journal", f"{JOURNAL_LINE_KIB:,} KiB in a line"),
    ("a reply", f"{REPLY_ADDRESSES} addresses of attendees and those who answer for them"),
)
"""The limits that are checked before an input is parsed, by kind of input."""

RULE_STEPS: Final = 1_000_000
SUGGESTED: Final = 50
COMPARED_NAMES: Final = 1_000
COMPARED_WORD: Final = 120
FITTED_DATES: Final = 50_000
NAMED: Final = 100
NAMED_RULES: Final = 10
SESSIONS: Final = 10_000
CONFLICTS: Final = 10_000
EXCHANGED_SESSIONS: Final = 200

WORK: Final = (
    ("the rules of a calendar", f"{RULE_STEPS:,} steps, of a day or a little more each, in all"),
    (
        "slots of a stretch of dates",
        f"looked for in the longest, until turns of {FITTED_DATES:,} dates were counted",
    ),
    ("a name that was meant", f"suggested {SUGGESTED} times, out of {COMPARED_NAMES:,} names"),
    ("a name that was meant", f"suggested for a text of {COMPARED_WORD} characters"),
    ("phases that overlap", f"{NAMED} named, the others counted"),
    ("events of a calendar that cannot be read", f"{NAMED} named, the later ones not looked at"),
    ("rules of phases that are wrong", f"{NAMED_RULES} named, the later ones not looked at"),
    ("sessions of a programme", f"{SESSIONS:,}, each day of those that repeat"),
    ("conflicts of sessions", f"{CONFLICTS:,} listed of each rule"),
    ("exchanges of sessions", f"all pairs of {EXCHANGED_SESSIONS}; of more, one session with each other one"),
)
"""The limits on work whose time grows with the square of an input or faster."""

CHARSETS: Final = frozenset(
    {
        *("ascii", "us-ascii", "utf-8", "utf8", "utf-16", "utf-16be", "utf-16le"),
        *(f"iso-8859-{number}" for number in (*range(1, 12), *range(13, 17))),
        *(f"windows-125{number}" for number in range(9)),
        *(f"cp125{number}" for number in range(9)),
        *("koi8-r", "koi8-u", "gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr"),
    }
)
"""The accepted encodings of mails; some others in Python take time that grows with the square."""

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
# a part is looked for at its beginning only: from each of its letters again would be work that grows with the square
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{KEY_PARTS}}}")

_STRUCTURED = re.compile(
    rb"^(?:content-(?:type|disposition|transfer-encoding)|from|to|cc|bcc|sender|reply-to|message-id)[ \t]*:"
    rb"[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_CONTENT_TYPE = re.compile(rb"^content-type[ \t]*:[ \t]*(multipart|message)?", re.IGNORECASE | re.MULTILINE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def find_nearest(wanted: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> list[str]:
    """Return the known words that are most like ``wanted``, the nearest first.

    The result is empty if there are too many or too long words, because the time to compare two words grows with the
    square of their lengths.

    >>> find_nearest("membre", ["member", "date"]), find_nearest("a" * 1000, ["a" * 999])
    (['member'], [])
    """
    words = [word for word in known if len(word) <= COMPARED_WORD]
    if len(wanted) > COMPARED_WORD or len(words) > COMPARED_NAMES:
        return []
    return get_close_matches(wanted, words, n=most, cutoff=cutoff)


_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_ID_PARTS = re.compile(r"[^\w]+|_+")
_MOST_NEAR = 3


def find_nearest_ids(wanted: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Return up to three ids that may be meant: those with parts that begin so, then those most like it.

    Leading zeros and case are not what tells ids apart: gov-1 and GOV-01 mean one seat.

    >>> find_nearest_ids("omar", ["ann", "omar-al-sayed"]), find_nearest_ids("GOV-1", ["gov-01", "tec-12"])
    (('omar-al-sayed',), ('gov-01',))
    """
    folded = {_LEADING_ZEROS.sub("", id_.casefold()): id_ for id_ in ids}
    word = _LEADING_ZEROS.sub("", wanted.casefold())
    near = find_nearest(word, folded, most=_MOST_NEAR)
    holding = (one for one in folded if word not in folded and _has_parts(one, word))
    return tuple(folded[one] for one in dict.fromkeys((*holding, *near)))[:_MOST_NEAR]


def _has_parts(id_: str, wanted: str) -> bool:
    """Whether every part of ``wanted``, if it has two letters or more, is the beginning of a part of an id."""
    parts = _ID_PARTS.split(id_)
    sought = [part for part in _ID_PARTS.split(wanted) if part]
    return len("".join(sought)) > 1 and all(any(part.startswith(one) for part in parts) for one in sought)


def find_toml_problem(text: str) -> str | None:
    """Say where a TOML text has a key of more parts than any plan; None if it has none.

    >>> find_toml_problem("format = 1")
    >>> find_toml_problem(".".join("a" * 40) + " = 1")
    'line 1: found a dotted key of more than 16 parts; a plan has three at most'
    """
    found = _LONG_KEY.search(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start()) + 1
    return f"line {line}: found a dotted key of more than {KEY_PARTS} parts; a plan has three at most"


def find_proposal_problem(data: bytes) -> str | None:
    """Say what makes a proposal too large to be parsed; None if it may be.

    An empty list takes three bytes of a file and twenty times as many of memory.
    """
    if sum(map(data.count, (b",", b"[", b"{"))) > PROPOSAL_VALUES:
        return f"has more than {PROPOSAL_VALUES:,} values, the most that is read of a proposal; {PROPOSAL.cure}"
    return None


def find_calendar_problem(data: bytes) -> str | None:
    """Say what makes a calendar too large to be parsed; None if it may be."""
    if data.count(b"\n") > CALENDAR_LINES or data.count(b"\r") > CALENDAR_LINES:
        return f"has more than {CALENDAR_LINES:,} lines, the most that is read of a calendar; {CALENDAR.cure}"
    return None


def find_mail_problem(
    data: bytes, *, cure: str = "save it again as it came, or put the answer into a list"
) -> str | None:
    """Say what makes a mail too costly to be parsed, and what to do; None if it may be.

    >>> find_mail_problem(b"Subject: hello\\n\\ntext")
    >>> find_mail_problem(b"To: " + b"(" * 60 + b"\\n\\ntext")
    'has more than 50 opening brackets in a header; save it again as it came, or put the answer into a list'
    """
    end = _END_OF_HEAD.search(data, 0, MAIL_HEAD_KIB * 1024 + 4)
    if end is None and len(data) > MAIL_HEAD_KIB * 1024:
        return f"has more than {MAIL_HEAD_KIB} KiB of headers; {cure}"
    kinds = _CONTENT_TYPE.findall(data)
    if len(kinds) > MAIL_PARTS:
        return f"has more than {MAIL_PARTS:,} parts; {cure}"
    if sum(map(bool, kinds)) > MAIL_LEVELS:
        return f"has more than {MAIL_LEVELS} parts that hold others; {cure}"
    for header in _STRUCTURED.finditer(data):
        if header.end() - header.start() > MAIL_HEADER_BYTES:
            return f"has more than {MAIL_HEADER_BYTES // 1024} KiB in a header; {cure}"
        if header[0].count(b"(") > COMMENTS:
            return f"has more than {COMMENTS} opening brackets in a header; {cure}"
    return None
