"""What all calls of a series have in common: the meeting's name, id, numbering, season and organizer."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from mag_rotation.errors import quote_value
from mag_rotation.limits import find_nearest
from mag_rotation.series.checks import check_minutes, require

__all__ = [
    "COLOR_NAMES",
    "ID_PATTERN",
    "LONGEST_ID",
    "Counting",
    "Meeting",
    "NumberStyle",
    "Numbering",
    "Organizer",
    "Season",
    "check_color",
    "check_domain",
    "check_meeting_id",
]

LONGEST_ID = 64
"""The most letters of a meeting's id."""

ID_PATTERN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", re.ASCII)
"""The form of a meeting's id."""

COLOR_NAMES = frozenset({
    "aliceblue", "antiquewhite", "aqua", "aquamarine", "azure", "beige", "bisque", "black", "blanchedalmond", "blue",
    "blueviolet", "brown", "burlywood", "cadetblue", "chartreuse", "chocolate", "coral", "cornflowerblue", "cornsilk",
    "crimson", "cyan", "darkblue", "darkcyan", "darkgoldenrod", "darkgray", "darkgreen", "darkgrey", "darkkhaki",
    "darkmagenta", "darkolivegreen", "darkorange", "darkorchid", "darkred", "darksalmon", "darkseagreen",
    "darkslateblue", "darkslategray", "darkslategrey", "darkturquoise", "darkviolet", "deeppink", "deepskyblue",
    "dimgray", "dimgrey", "dodgerblue", "firebrick", "floralwhite", "forestgreen", "fuchsia", "gainsboro",
    "ghostwhite", "gold", "goldenrod", "gray", "green", "greenyellow", "grey", "honeydew", "hotpink", "indianred",
    "indigo", "ivory", "khaki", "lavender", "lavenderblush", "lawngreen", "lemonchiffon", "lightblue", "lightcoral",
    "lightcyan", "lightgoldenrodyellow", "lightgray", "lightgreen", "lightgrey", "lightpink", "lightsalmon",
    "lightseagreen", "lightskyblue", "lightslategray", "lightslategrey", "lightsteelblue", "lightyellow", "lime",
    "limegreen", "linen", "magenta", "maroon", "mediumaquamarine", "mediumblue", "mediumorchid", "mediumpurple",
    "mediumseagreen", "mediumslateblue", "mediumspringgreen", "mediumturquoise", "mediumvioletred", "midnightblue",
    "mintcream", "mistyrose", "moccasin", "navajowhite", "navy", "oldlace", "olive", "olivedrab", "orange",
    "orangered", "orchid", "palegoldenrod", "palegreen", "paleturquoise", "palevioletred", "papayawhip", "peachpuff",
    "peru", "pink", "plum", "powderblue", "purple", "red", "rosybrown", "royalblue", "saddlebrown", "salmon",
    "sandybrown", "seagreen", "seashell", "sienna", "silver", "skyblue", "slateblue", "slategray", "slategrey",
    "snow", "springgreen", "steelblue", "tan", "teal", "thistle", "tomato", "turquoise", "violet", "wheat", "white",
    "whitesmoke", "yellow", "yellowgreen",
})  # fmt: skip
"""The CSS3 color names, which RFC 7986 allows as the color of a calendar."""

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)


class NumberStyle(StrEnum):
    """How a call's number is written."""

    ROMAN = "roman"
    ARABIC = "arabic"
    NONE = "none"


class Counting(StrEnum):
    """Which calls have a number."""

    HELD = "held"
    PLANNED = "planned"


def check_meeting_id(text: str) -> str | None:
    """Say what would be right instead of the meeting id ``text``; None if it is right.

    >>> check_meeting_id("mag2020")
    """
    good = len(text) <= LONGEST_ID and ID_PATTERN.fullmatch(text)
    return (
        None
        if good
        else f"write up to {LONGEST_ID} letters and digits, with hyphens only between them, such as 'mag2020'"
    )


def check_domain(text: str) -> str | None:
    """Say what would be right instead of the UID domain ``text``; None if it is right.

    >>> check_domain("not a domain")
    "write a DNS name such as 'mag.example.org'"
    """
    labels = text.split(".")
    named = len(labels) > 1 and not labels[-1].isdigit()  # a last label of digits is that of an IP address
    good = named and len(text) <= 253 and all(map(_LABEL.fullmatch, labels))
    return None if good else "write a DNS name such as 'mag.example.org'"


def check_color(text: str) -> str | None:
    """Say what would be right instead of the calendar color ``text``; None if it is right.

    >>> check_color("steelblu")
    "write a color name of CSS3 such as 'steelblue'"
    """
    close = find_nearest(text.casefold(), sorted(COLOR_NAMES)) or ["teal"]
    return None if text in COLOR_NAMES else f"write a color name of CSS3 such as {close[0]!r}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbering:
    """How calls are numbered in the order of their starts."""

    first: int = 1
    style: NumberStyle = NumberStyle.ARABIC
    count: Counting = Counting.HELD

    def __post_init__(self) -> None:
        least = 1 if self.style is NumberStyle.ROMAN else 0
        require((self.first >= least, "first", f"found {self.first}; {self.style} numbers begin at {least} or later"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Organizer:
    """The sender of the invitations."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Season:
    """The first and last dates of the calls in a plan, both included; None means no limit.

    >>> dt.date(2026, 12, 29) in Season(first=dt.date(2027, 1, 5))
    False
    """

    first: dt.date | None = None
    last: dt.date | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None:
            problem = f"found {self.last}, before the first day {self.first}"
            require((self.first <= self.last, "season-to", problem))

    def __contains__(self, day: dt.date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """What all calls of a series have in common; ``minutes``, ``lead`` and ``overrun`` are in minutes.

    ``lead`` is how long before the start members must be up, ``overrun`` the time to allow after the end. ``id`` and
    ``uid_domain`` are the two parts of every UID: letters, digits and hyphens, and a DNS name. Calls outside ``season``
    belong to another plan of the same meeting. ``alarm`` is how many minutes before a call invitations remind of it.
    ``color`` is a CSS3 color name. ``feed_url`` is where the calendar file can be subscribed to.
    """

    id: str
    name: str
    uid_domain: str
    minutes: int
    lead: int = 0
    overrun: int = 0
    location: str | None = None
    url: str | None = None
    description: str | None = None
    organizer: Organizer | None = None
    numbering: Numbering | None = None
    season: Season = Season()
    alarm: int | None = None
    color: str | None = None
    feed_url: str | None = None

    def __post_init__(self) -> None:
        right_id, right_domain = check_meeting_id(self.id), check_domain(self.uid_domain)
        right_color = None if self.color is None else check_color(self.color)
        require(
            (right_id is None, "id", f"found {quote_value(self.id)}; {right_id}"),
            (right_domain is None, "uid-domain", f"found {quote_value(self.uid_domain)}; {right_domain}"),
            check_minutes(self.minutes),
            (self.lead >= 0, "lead", f"found {self.lead}; a lead is 0 minutes or more"),
            (self.overrun >= 0, "overrun", f"found {self.overrun}; an overrun is 0 minutes or more"),
            (
                self.alarm is None or self.alarm >= 1,
                "alarm",
                f"found {self.alarm}; an alarm is a minute or more before",
            ),
            (right_color is None, "color", f"found {quote_value(self.color)}; {right_color}"),
        )
