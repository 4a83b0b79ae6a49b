"""A report as one HTML page: readable without scripts, in light and dark, on a phone and in print.

The page loads nothing. What a colour says, the text of the cell says as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from mag_rotation.errors import escape_controls
from mag_rotation.report.description import Cell, Head, ListItem, Report, Screen, Section, Tone, utc_text
from mag_rotation.report.language import ENGLISH, Language

__all__ = ["LEAVES_OUT_WARNINGS", "escape", "write", "write_colours", "write_page", "write_section", "write_table"]

LEAVES_OUT_WARNINGS: bool = False

_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})

_CLASS = {Tone.NIGHT: "night", Tone.BLOCKED: "blocked", Tone.CHANGED: "changed", Tone.FAINT: "faint"}

LIGHT = {
    "paper": "#ffffff",
    "card": "#f6f7fb",
    "ink": "#1b1f2a",
    "faint": "#565d6d",
    "line": "#7b8294",
    "night": "#5b2a86",
    "blocked": "#a11212",
    "changed": "#7a4a00",
    "link": "#1d4fa8",
}
DARK = {
    "paper": "#12151c",
    "card": "#1b202b",
    "ink": "#e9ebf2",
    "faint": "#a9b0c0",
    "line": "#7d869a",
    "night": "#d3b1f5",
    "blocked": "#ff9d94",
    "changed": "#f0c070",
    "link": "#9cc2ff",
}
"""The colours of a page by name; each text is at least 4.5 times as bright or dark as paper and card (WCAG 2.2 AA)."""


def write_colours(colours: dict[str, str]) -> str:
    """Return colours as CSS properties.

    >>> write_colours({"ink": "#000000"})
    '--ink:#000000;'
    """
    return "".join(f"--{name}:{value};" for name, value in colours.items())


STYLE = """
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,"Segoe UI","Noto Sans",sans-serif}
main{max-width:72rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 1rem;overflow-wrap:anywhere}
p,li{margin:.5rem 0;max-width:70ch;overflow-wrap:anywhere}
ul{margin:.5rem 0;padding-inline-start:1.25rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.scroll{overflow-x:auto;max-width:100%;margin:1rem 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:start;padding:.25rem 0;font-weight:600}
.caption{display:inline-block;position:sticky;inset-inline-start:0;max-width:min(70ch,calc(100vw - 3rem))}
th,td{padding:.25rem .6rem;text-align:start;vertical-align:top;border-bottom:1px solid var(--line);white-space:pre-line}
thead th{border-bottom-width:2px;vertical-align:bottom}
th.number,td.number{text-align:end}
td.number,bdi{white-space:pre}
tbody th{font-weight:600}
.night{color:var(--night);font-weight:700}
.blocked{color:var(--blocked);font-weight:700;text-decoration:underline}
.changed{color:var(--changed)}
.faint,.note{color:var(--faint)}
.note{font-size:.9rem}
.unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:40rem){th,td{padding:.2rem .4rem}}
@media screen and (min-width:40.01rem){td.hours,.id{white-space:pre}}
@media print{.scroll{overflow:visible}main{max-width:none;padding:0}}
@media print{thead{display:table-header-group}tr{break-inside:avoid}}
"""


_WHOLE = 16
"""The most letters of a head of several words that stands in one line."""

_CUT = """
main>.scroll{background:linear-gradient(to right,var(--paper) 40%,transparent) 0 0,
linear-gradient(to left,var(--paper) 40%,transparent) 100% 0,
linear-gradient(to right,var(--line),transparent) 0 0,linear-gradient(to left,var(--line),transparent) 100% 0;
background-repeat:no-repeat;background-size:2.5rem 100%,2.5rem 100%,.75rem 100%,.75rem 100%;
background-attachment:local,local,scroll,scroll}
@media screen{.whole{white-space:nowrap}}
@media print{main>.scroll{background:none}}
"""
"""The style of tables that may be wider than the screen: a shade at the side where more is, and heads in one line."""
_HEADING = "h2{font-size:1.25rem;line-height:1.3;margin:1.25rem 0 .25rem}\n"
"""The style of a heading, on pages that have some."""


def escape(text: str) -> str:
    r"""Return text that shows as it is in an element or in a quoted attribute.

    >>> escape("<b> & 'c'\x1b")
    '&lt;b&gt; &amp; &#39;c&#39;\\x1b'
    """
    return escape_controls(text).translate(_MARKUP)


def write_page(
    title: str,
    body: Iterable[str],
    *,
    style: str = "",
    light: str = "",
    dark: str = "",
    script: str = "",
    head: Iterable[str] = (),
    language: Language = ENGLISH,
) -> str:
    """Return a whole page; ``body`` is markup, ``style``, ``light`` and ``dark`` are added to the CSS of all pages.

    A ``script`` is the only one that a browser runs. ``head`` is markup for the head of the page.
    """
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; {_allow_script(script) if script else ''}img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    colours = (
        f":root{{{write_colours(LIGHT)}{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{write_colours(DARK)}{dark}}}}}"
    )
    direction = ' dir="rtl"' if language.is_right_to_left else ""
    shown = map(_isolate_figures, body) if language.is_right_to_left else body
    first = (
        f'<!DOCTYPE html>\n<html lang="{escape(language.html_tag)}"{direction}>',
        '<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<link rel="icon" href="data:,">',
        *head,
        f"<title>{escape(title)}</title>\n<style>{colours}{STYLE}{style}</style>\n</head>",
    )
    last = (f"<script>{script}</script>",) if script else ()
    whole = (*first, "<body>", "<main>", f"<h1>{escape(title)}</h1>", *shown, "</main>", *last, "</body>\n</html>\n")
    return "\n".join(whole)


_TURNING = re.compile(
    r"(?<![A-Za-z0-9#&])(?:[+-]?{n}(?:[-+/\u2013]{n})+[*!]*|[+-]{n}[*!]*|{n}[*!]+)(?!\w)".replace(
        "{n}", r"\d(?:[\d.,:]*\d)?"
    )
)
"""The figures that are read from left to right: dates and ranges with hyphens, signs, and marks behind a figure."""

_TAG = re.compile("(<[^>]*>)")


def _isolate_figures(markup: str) -> str:
    """Return markup for a page from right to left in which figures keep the order of their parts.

    >>> _isolate_figures('<p title="23:00-06:00">23:00-06:00, 2, 1:00+1*</p>')
    '<p title="23:00-06:00"><bdi dir="ltr">23:00-06:00</bdi>, 2, <bdi dir="ltr">1:00+1*</bdi></p>'
    """
    texts = _TAG.split(markup)
    texts[::2] = [_TURNING.sub(r'<bdi dir="ltr">\g<0></bdi>', text) for text in texts[::2]]
    return "".join(texts)


def _allow_script(script: str) -> str:
    """Return the part of a content security policy that allows this script and no other."""
    from base64 import b64encode  # noqa: PLC0415 - few pages have a script
    from hashlib import sha256  # noqa: PLC0415 - the same

    return f"script-src 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'; "


def write_section(section: Section, *, name: str, mark: str) -> list[str]:
    """Return the sentences and the table of a section; ``name`` is its caption if no sentence stands above it.

    ``mark`` is an id in the page that no other section has.
    """
    if not section.rows:
        heading = [f"<h2>{escape(section.heading)}</h2>"] if section.heading else []
        return [*heading, *_write_lead(section.lead), *_write_notes(section)]
    above = section.lead if section.title else section.lead[:-1]
    return [
        *_write_lead(above),
        *write_table(
            escape(section.title or (section.lead[-1] if section.lead else name)),
            "".join(map(_write_head, section.heads)),
            (_write_row(section.heads, row) for row in section.rows),
            mark=mark,
            is_caption_seen=bool(section.title or section.lead),
        ),
        *_write_notes(section),
    ]


def _write_lead(lead: Iterable[str]) -> Iterator[str]:
    """Return sentences as paragraphs, and items that follow each other as a list."""
    for is_list, texts in groupby(lead, key=lambda text: isinstance(text, ListItem)):
        if is_list:
            items = (text.sentence for text in texts if isinstance(text, ListItem))
            yield f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
        else:
            yield from (f"<p>{escape(text)}</p>" for text in texts)


def write_table(
    caption: str, heads: str, rows: Iterable[str], *, mark: str, classes: str = "", is_caption_seen: bool = True
) -> list[str]:
    """Return a table in a box that scrolls by itself, also by the keyboard; all but ``mark``, its id, is markup."""
    kind = f' class="{classes}"' if classes else ""
    seen = "" if is_caption_seen else ' class="unseen"'
    return [
        f'<div class="scroll" role="group" tabindex="0" aria-labelledby="{mark}">',
        f'<table{kind}>\n<caption id="{mark}"{seen}><span class="caption">{caption}</span></caption>',
        f"<thead><tr>{heads}</tr></thead>\n<tbody>",
        *(f"<tr>{row}</tr>" for row in rows),
        "</tbody>\n</table>\n</div>",
    ]


def _write_notes(section: Section) -> list[str]:
    return [f'<p class="note">{escape(text)}</p>' for text in section.notes]


def _write_head(head: Head) -> str:
    """Return the head of a column; one without words is no header, so that no empty one is read out."""
    if not head.head:
        return "<td></td>"
    is_whole = " " in head.head and len(head.head) <= _WHOLE
    classes = " ".join(filter(None, ("number" if head.number else "", "whole" if is_whole else "")))
    kind = f' class="{classes}"' if classes else ""
    return f'<th scope="col"{kind}>{escape(head.head)}</th>'


def _write_row(heads: Iterable[Head], row: Iterable[Cell]) -> str:
    """Return the cells of a row; its first cell says what the row is about."""
    cells = []
    for place, (head, cell) in enumerate(zip(heads, row, strict=True)):
        is_id = _is_id(cell)
        kinds = (
            "number" if head.number else "",
            "hours" if _has_hours(cell) else "",
            "id" if is_id else "",
            _CLASS.get(cell.tone, ""),
        )
        classes = " ".join(filter(None, kinds))
        opened = f' class="{classes}"' if classes else ""
        kind = f'th scope="row"{opened}' if place == 0 and cell.text else f"td{opened}"
        text = escape(cell.text) if is_id else _NUMBERED.sub(r'<span class="id">\g<0></span>', escape(cell.text))
        at = cell.value
        shown = f'<time datetime="{utc_text(at)}">{text}</time>' if isinstance(at, datetime) else text
        cells.append(f"<{kind}>{shown}</{kind[:2]}>")
    return "".join(cells)


_HOUR = re.compile(r"\d:\d\d")
_MOST_TOGETHER = 32
"""How many letters a line with hours may have to stay one line."""


def _has_hours(cell: Cell) -> bool:
    """Return whether a cell says hours of the day, and little else, so that its lines should not break."""
    is_typed = cell.value is not None  # instants stand in a table's widest column, which a phone may break
    lines = cell.text.splitlines()
    return not is_typed and any(map(_HOUR.search, lines)) and all(len(line) <= _MOST_TOGETHER for line in lines)


_ID = re.compile(r"(?=.*[^\W\d])\w[\w.]*(?:-[\w.]+)+")
_NUMBERED = re.compile(r"(?<![\w.&#-])[A-Za-z]\w{0,15}(?:-\w{1,15}){0,2}-\d{1,8}(?![\w-])")
"""An id such as ``session-data`` or ``gov-08``, which is not broken at its hyphen; in a list only with a number."""


def _is_id(cell: Cell) -> bool:
    """Return whether a cell is one id, and short enough to stand in one line."""
    return len(cell.text) <= _MOST_TOGETHER and _ID.fullmatch(cell.text) is not None


def write(report: Report, _screen: Screen) -> str:
    """Return the sections below a heading, as one page."""
    body = [
        line
        for place, section in enumerate(report.sections, start=1)
        for line in write_section(section, name=report.title, mark=f"table-{place}")
    ]
    has_headings = any(section.heading for section in report.sections)
    return write_page(report.title, body, style=_CUT + (_HEADING if has_headings else ""), language=report.language)
