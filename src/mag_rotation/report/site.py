"""The pages of a site: the season with links to subscribe, and a page that always shows the next call.

Every page can be read without scripts. Without one, the next call is that of the time of writing; with one, that of the
reader's clock. A call is the next one until it has ended, so that a reader who is late still finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from urllib.parse import quote

from mag_rotation.calls import Call
from mag_rotation.report.context import Context
from mag_rotation.report.description import make_record, utc_text
from mag_rotation.report.formats.html import escape, write_page
from mag_rotation.report.language import Language
from mag_rotation.report.page import (
    PAGE_STYLE,
    write_call_moment,
    write_earlier_start,
    write_own_time_script,
    write_season_page,
)
from mag_rotation.report.programme import SESSION_COLUMNS
from mag_rotation.report.season import Season

__all__ = ["FEED", "RECORDS", "SITE_MARK", "Site", "name_event_file", "write_moved_page"]

FEED, RECORDS = "calls.ics", "calls.json"
"""The files of a site that hold the calls for programs."""

SITE_MARK = '<meta name="generator" content="mag-rotation publish --site">'
"""What tells the pages of a site from those of other programs."""

_MOST_AHEAD = 200
"""How many calls to come the page of the next call lists, each with a file: four years of weekly ones."""

_SHOWN_TEXTS = frozenset({"title", "phase", "track", "room"})
"""The texts of a session that may name a member."""

_OWN_NAMES = {"en": "English", "fr": "français", "es": "español", "ru": "русский", "zh": "中文", "ar": "العربية"}
"""The languages as their own speakers write them."""


def name_event_file(uid: str) -> str:
    """Return the file of one call, below the folder of the site.

    >>> name_event_file("mag2020-20200915@mag.example.org")
    'calls/mag2020-20200915.ics'
    """
    return f"calls/{uid.partition('@')[0]}.ics"


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A season as a site for everybody.

    ``seasons`` are the same one in each language, each without what the others may not show. The first has the pages
    ``index.html`` and ``next.html``. ``base`` is the address of the folder on the web, with a slash at its end, and
    ``feed`` that of the calendar; without them all links are relative. ``stamp`` is the time of writing.
    """

    seasons: tuple[Season, ...]
    context: Context
    stamp: datetime
    base: str = ""
    feed: str | None = None

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages of the pages."""
        return tuple(season.language for season in self.seasons)

    def publish_calls(self) -> tuple[Call, ...]:
        """Return all calls, without what no page may show."""
        return tuple(map(self.seasons[0].publish_call, self.seasons[0].plan.calls))

    def publish_sessions(self) -> list[dict[str, object]]:
        """Return the sessions of the event as JSON has them, without people and what no page may show."""
        season = self.seasons[0]
        records = [make_record(SESSION_COLUMNS, session) for session in season.plan.sessions]
        return [
            {
                key: season.show(str(value)) or None if key in _SHOWN_TEXTS and value else value
                for key, value in one.items()
            }
            for one in records
        ]

    def list_ahead(self) -> tuple[Call, ...]:
        """Return the calls that are not over, cancelled ones too, of many the first, as :meth:`publish_calls` does."""
        ahead = (call for call in self.seasons[0].plan.calls if call.end > self.stamp)
        return tuple(map(self.seasons[0].publish_call, islice(ahead, _MOST_AHEAD)))

    def write_pages(self) -> dict[str, str]:
        """Return the pages by the names of their files."""
        pages, ahead = {}, self.list_ahead()
        for season in self.seasons:
            pages[self._name("index", season.language)] = self._write_index(season)
            pages[self._name("next", season.language)] = self._write_next(ahead, season)
        return pages

    def _name(self, page: str, language: Language) -> str:
        return f"{page}.html" if language == self.languages[0] else f"{page}.{language.tag}.html"

    def _write_index(self, season: Season) -> str:
        """Return the season's page with links to subscribe, and to the next call once the one it shows is over."""
        language = season.language
        above = [*self._link_languages("index", language)]
        if season.upcoming is not None:
            link = f'<a href="{self._name("next", language)}">{escape(language.phrase("See the next call"))}</a>'
            end = utc_text(season.upcoming.end)
            over = escape(language.phrase("The call below is over."))
            above.append(f'<p id="over" data-end="{end}" hidden>{over} {link}</p>')
        head = self._write_head("index", language)
        context, below = replace(self.context, language=language), self._link_calls(language)
        return write_season_page(season, context, head=head, above=above, below_next=below, script=_OVER_SCRIPT)

    def _write_next(self, ahead: Sequence[Call], season: Season) -> str:
        """Return the page of the next call, which has those after it as well.

        Cancelled calls before the next one stand above it, so that nobody waits for them.
        """
        language = season.language
        place = next((place for place, call in enumerate(ahead) if call.is_held), None)
        first, rest = (ahead, ()) if place is None else (ahead[: place + 1], ahead[place + 1 :])
        none = escape(language.phrase("No call of this season is to come."))
        body = [*self._link_languages("next", language)]
        body += ['<section class="card" aria-labelledby="next">']
        body += [f'<h2 id="next">{escape(language.phrase("Next call"))}</h2>']
        if first:
            body += ['<ol class="ahead" id="call">', *(self._write_call(call, season) for call in first), "</ol>"]
        body += [f'<p id="none"{"" if place is None else " hidden"}>{none}</p>', "</section>"]
        body += self._link_calls(language, has_index=True)
        if rest:
            body += ['<section class="card" id="later" aria-labelledby="after">']
            body += [f'<h2 id="after">{escape(language.phrase("The calls after it"))}</h2>']
            body += ['<ol class="ahead" id="rest">', *(self._write_call(call, season) for call in rest), "</ol>"]
            body += ["</section>"]
        return write_page(
            self.context.name,
            body,
            style=PAGE_STYLE + _STYLE,
            script=_NEXT_SCRIPT + write_own_time_script(language),
            head=self._write_head("next", language),
            language=language,
        )

    def _write_call(self, call: Call, season: Season) -> str:
        """Return a call as an item of a list: its time and the one before, its length, its note, and its file."""
        language = season.language
        when = write_call_moment(call, language)
        opened = f'data-start="{utc_text(call.start)}" data-end="{utc_text(call.end)}"'
        if not call.is_held:
            said = " · ".join(filter(None, (language.phrase("cancelled"), call.note)))
            return f'<li class="cancelled" {opened}><p class="when">{when}</p><p><b>{escape(said)}</b></p></li>'
        link = (
            language.phrase("Add call {label} to your calendar", label=call.label)
            if call.label
            else language.phrase("Add {call} to your calendar", call=language.write_day(call.start.date()))
        )
        said = " · ".join(filter(None, (language.write_length(call.minutes), call.location, call.note)))
        return (
            f'<li {opened}><p class="when">{when}</p>{"".join(write_earlier_start(call, season))}'
            f'<p class="begun" hidden>{escape(language.phrase("It has begun."))}</p><p>{escape(said)}</p>'
            f'<p><a href="{escape(name_event_file(call.uid))}">{escape(link)}</a></p></li>'
        )

    def _write_head(self, page: str, language: Language) -> Iterator[str]:
        """Return what programs read: who wrote the page, the same in other languages, and the calendar."""
        yield SITE_MARK
        if len(self.languages) > 1:
            names = {one.html_tag: self._name(page, one) for one in self.languages}
            for tag, name in {**names, "x-default": self._name(page, self.languages[0])}.items():
                yield f'<link rel="alternate" hreflang="{tag}" href="{escape(self.base + name)}">'
        feed = escape(self.feed or FEED)
        title = escape(language.phrase("Calendar"))
        yield f'<link rel="alternate" type="text/calendar" title="{title}" href="{feed}">'

    def _link_languages(self, page: str, language: Language) -> Iterator[str]:
        """Return links to the same page in the other languages."""
        others = [one for one in self.languages if one != language]
        if not others:
            return
        base_tags = [one.tag.partition("-")[0] for one in self.languages]
        links = []
        for one in others:
            own = _OWN_NAMES[one.tag.partition("-")[0]]
            text = own if base_tags.count(one.tag.partition("-")[0]) == 1 else f"{own} ({one.tag})"
            direction = "rtl" if one.is_right_to_left else "ltr"
            tag = one.html_tag
            attributes = f'href="{self._name(page, one)}" lang="{tag}" hreflang="{tag}" dir="{direction}"'
            links.append(f"<li><a {attributes}>{escape(text)}</a></li>")
        yield f'<nav aria-label="{escape(language.phrase("Languages"))}"><ul>{"".join(links)}</ul></nav>'

    def _link_calls(self, language: Language, *, has_index: bool = False) -> Iterator[str]:
        """Return links to the other page and to the calendar."""
        other = (
            ("index", language.phrase("The season"))
            if has_index
            else ("next", language.phrase("The next call and those after it"))
        )
        links = [(self._name(other[0], language), other[1])]
        if self.feed is not None:
            subscribed = f"webcal://{self.feed.partition('://')[2]}"
            google = f"https://calendar.google.com/calendar/render?cid={quote(subscribed, safe='')}"
            links.append((subscribed, language.phrase("Subscribe in a calendar program")))
            links.append((google, language.phrase("Subscribe in Google Calendar")))
        links.append((self.feed or FEED, language.phrase("Address of the calendar")))
        items = "".join(f'<li><a href="{escape(href)}">{escape(text)}</a></li>' for href, text in links)
        yield f'<nav aria-label="{escape(language.phrase("Calendar"))}"><ul>{items}</ul></nav>'


def write_moved_page(name: str, context: Context) -> str:
    """Return the page in the place of one in a language that the site no longer has; it leads to the page ``name``."""
    head = (SITE_MARK, f'<meta http-equiv="refresh" content="0; url={name}">', f'<link rel="canonical" href="{name}">')
    return write_page(context.name, [f'<p><a href="{name}">{name}</a></p>'], head=head)


_STYLE = """
.ahead{list-style:none;padding:0;margin:0}
.ahead li{border-top:1px solid var(--line);padding:.25rem 0}
.ahead li:first-child{border-top:0}
.ahead a{display:inline-block;padding:.25rem 0}
#call li:not(.cancelled) .when{font-size:1.25rem}
.cancelled .when{color:var(--faint);text-decoration:line-through}
.begun{font-weight:700}
"""

_OVER_SCRIPT = """
document.querySelectorAll("#over").forEach(function (over) {
  over.hidden = Date.parse(over.dataset.end) > Date.now();
});
"""

_NEXT_SCRIPT = """
document.querySelectorAll("#call").forEach(function (first) {
  var rest = document.getElementById("rest"), later = document.getElementById("later");
  function show() {
    var now = Date.now();
    document.querySelectorAll("[data-end]").forEach(function (call) {
      if (Date.parse(call.dataset.end) <= now) call.remove();
    });
    while (rest && rest.children.length && !first.querySelector("li:not(.cancelled)"))
      first.append(rest.firstElementChild);
    if (later) later.hidden = !rest.children.length;
    document.getElementById("none").hidden = Boolean(first.querySelector("li:not(.cancelled)"));
    document.querySelectorAll(".begun").forEach(function (begun) {
      begun.hidden = Date.parse(begun.closest("li").dataset.start) > now;
    });
  }
  show();
  document.addEventListener("visibilitychange", show);
});
"""
