"""The site of a season: its pages show every call to come, lead to each other, and name nobody.

Law: whatever the roster, no file of a site has a name, an id, an address or a zone of fewer than three members.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoke import invoke
from mag_rotation import Meeting, Member, Numbering, Plan, Rotation, Schedule, Slot
from mag_rotation.report import Context, find_language
from mag_rotation.report.season import make_season
from mag_rotation.report.site import Site, name_event_file
from mag_rotation.series import NumberStyle, Override
from markup import Element, parse_html

NOW = datetime(2026, 10, 14, tzinfo=UTC)


def plan_of(*, calls: int = 6) -> Plan:
    return Plan(
        meeting=Meeting(id="board", name="Board call", uid_domain="example.org", minutes=60),
        schedule=Schedule(first=date(2026, 10, 6), repeat="weekly", count=calls),
        rotation=Rotation(slots=(Slot(at=time(14)),)),
        members=(),
    )


def site_of(plan: Plan, now: datetime = NOW, *more: str, base: str = "", feed: str | None = None) -> Site:
    """The site in English and in more languages."""
    languages = [find_language(tag) for tag in ("en", *more)]
    season = make_season(plan, now=now, is_public=True)
    seasons = tuple(season.translate(language, beside=languages) for language in languages)
    return Site(seasons=seasons, context=Context(meeting=plan.meeting), stamp=now, base=base, feed=feed)


def items(page: Element) -> list[str]:
    """The instants of the calls that a page of the next call lists, the next one first."""
    return [one.attributes["data-start"] for one in page.find("li") if "data-start" in one.attributes]


def links(page: Element) -> dict[str, str]:
    return {one.text: one.attributes["href"] for one in page.find("a")}


def test_the_page_of_the_next_call_has_all_calls_to_come_each_with_its_file() -> None:
    page = parse_html(site_of(plan_of()).write_pages()["next.html"])

    assert items(page) == [f"2026-{day}T14:00:00Z" for day in ("10-20", "10-27", "11-03", "11-10")]
    assert links(page)["Add 20 October to your calendar"] == "calls/board-20261020.ics"
    assert "Tuesday 20 October 2026, 14:00 UTC" in page.text


def test_a_call_with_a_number_is_named_in_words_and_the_next_one_stands_first() -> None:
    plan = replace(
        plan_of(), meeting=replace(plan_of().meeting, numbering=Numbering(first=16, style=NumberStyle.ROMAN))
    )
    named = {
        "en": ("Call XVIII", "Add call XVIII to your calendar"),
        "fr": ("Réunion XVIII", "Ajouter à votre calendrier la réunion XVIII"),
        "ar": ("الاجتماع XVIII", "إضافة الاجتماع XVIII إلى التقويم"),
    }
    pages = site_of(plan, NOW, "fr", "ar").write_pages()
    for tag, (name, link) in named.items():
        index, following = (
            pages[f"{kind}.html" if tag == "en" else f"{kind}.{tag}.html"] for kind in ("index", "next")
        )
        assert [one.text for page in (index, following) for one in parse_html(page).find("strong")][:2] == [name, name]
        assert links(parse_html(following))[link] == "calls/board-20261020.ics"
        assert "subscribe" not in index[: index.index('id="next"')]
        assert [page.index("<section") < page.rindex("<nav") for page in (index, following)] == [True, True]


@pytest.mark.parametrize(
    ("minutes", "first"),
    [(-1, "10-20"), (0, "10-20"), (59, "10-20"), (60, "10-27"), (61, "10-27")],
    ids=["before", "begins", "goes on", "ends", "after"],
)
def test_a_call_is_the_next_one_until_it_has_ended(minutes: int, first: str) -> None:
    now = datetime(2026, 10, 20, 14, tzinfo=UTC) + timedelta(minutes=minutes)
    page = parse_html(site_of(plan_of(), now).write_pages()["next.html"])

    assert items(page)[0] == f"2026-{first}T14:00:00Z"


def test_cancelled_calls_before_the_next_one_stand_above_it_and_are_not_taken_for_it() -> None:
    cancelled = tuple(Override(date=date(2026, 10, day), cancel=True, note="recess") for day in (20, 27))
    page = parse_html(site_of(replace(plan_of(), overrides=cancelled)).write_pages()["next.html"])
    first, rest = (part.find("li") for part in page.find("ol"))

    assert [one.attributes.get("class") for one in first] == ["cancelled", "cancelled", None]
    assert [one.attributes["data-start"] for one in first][-1] == "2026-11-03T14:00:00Z"
    assert "cancelled · recess" in first[0].text
    assert [one.attributes["data-start"] for one in rest] == ["2026-11-10T14:00:00Z"]
    assert "Add 20 October to your calendar" not in links(page)


def test_if_all_calls_to_come_are_cancelled_there_is_none() -> None:
    plan = replace(plan_of(calls=1), overrides=(Override(date=date(2026, 10, 6), cancel=True),))
    page = parse_html(site_of(plan, datetime(2026, 10, 1, tzinfo=UTC)).write_pages()["next.html"])
    (none,) = (one for one in page.find("p") if one.attributes.get("id") == "none")

    assert [one.attributes["class"] for one in page.find("li") if "data-start" in one.attributes] == ["cancelled"]
    assert "hidden" not in none.attributes


@pytest.mark.parametrize("calls", [1, 6], ids=["one call", "a season"])
def test_after_the_season_the_page_says_so(calls: int) -> None:
    pages = site_of(plan_of(calls=calls), datetime(2027, 6, 1, tzinfo=UTC)).write_pages()
    page = parse_html(pages["next.html"])
    (none,) = (one for one in page.find("p") if one.attributes.get("id") == "none")

    assert items(page) == []
    assert (none.text, "hidden" in none.attributes) == ("No call of this season is to come.", False)
    assert "The call below is over." not in pages["index.html"]


def test_the_last_call_has_no_list_after_it() -> None:
    page = parse_html(site_of(plan_of(calls=1), datetime(2026, 10, 1, tzinfo=UTC)).write_pages()["next.html"])

    assert items(page) == ["2026-10-06T14:00:00Z"]
    assert "The calls after it" not in page.text


def test_of_many_calls_the_first_200_are_listed() -> None:
    page = parse_html(site_of(plan_of(calls=260), datetime(2026, 1, 1, tzinfo=UTC)).write_pages()["next.html"])

    assert len(items(page)) == 200
    assert items(page)[0] == "2026-10-06T14:00:00Z"


def test_the_pages_lead_to_each_other_and_to_the_calendar() -> None:
    for base, feed in (("", None), ("https://example.org/a/", "https://example.org/a/calls.ics")):
        pages = site_of(plan_of(), base=base, feed=feed).write_pages()
        index, following = (links(parse_html(pages[name])) for name in ("index.html", "next.html"))

        assert index["The next call and those after it"] == "next.html"
        assert following["The season"] == "index.html"
        assert index["Address of the calendar"] == feed or feed is None
        if feed is None:
            assert index["Address of the calendar"] == "calls.ics"
            assert "webcal" not in pages["index.html"]
        else:
            assert index["Subscribe in a calendar program"] == "webcal://example.org/a/calls.ics"
            assert index["Subscribe in Google Calendar"] == (
                "https://calendar.google.com/calendar/render?cid=webcal%3A%2F%2Fexample.org%2Fa%2Fcalls.ics"
            )


def test_a_page_in_each_language_leads_to_the_same_page_in_the_others() -> None:
    pages = {
        name: parse_html(text) for name, text in site_of(plan_of(), NOW, "ar", "fr", "fr-CA").write_pages().items()
    }
    names = {"index.html": "en", "index.ar.html": "ar", "index.fr.html": "fr", "index.fr-CA.html": "fr-CA"}

    assert set(pages) == {*names, *(name.replace("index", "next") for name in names)}
    for name, page in pages.items():
        kind = name.partition(".")[0]
        same = {one.replace("index", kind): tag for one, tag in names.items()}
        (html,) = page.find("html")
        assert (html.attributes["lang"], html.attributes.get("dir")) == (same[name], "rtl" if ".ar." in name else None)
        alternates = {
            one.attributes["href"]: one.attributes["hreflang"]
            for one in page.find("link")
            if one.attributes.get("hreflang", "x-default") != "x-default"
        }
        assert alternates == same
        shown = {one.attributes["href"]: one.text for one in page.find("a") if "hreflang" in one.attributes}
        words = {"en": "English", "ar": "العربية", "fr": "français (fr)", "fr-CA": "français (fr-CA)"}
        assert shown == {one: words[tag] for one, tag in same.items() if one != name}


def test_alternates_are_absolute_where_the_address_is_known() -> None:
    page = parse_html(site_of(plan_of(), NOW, "fr", base="https://example.org/a/").write_pages()["next.fr.html"])
    found = {
        one.attributes["hreflang"]: one.attributes["href"] for one in page.find("link") if "hreflang" in one.attributes
    }

    assert found == {
        "en": "https://example.org/a/next.html",
        "fr": "https://example.org/a/next.fr.html",
        "x-default": "https://example.org/a/next.html",
    }


def test_a_note_that_names_a_rare_zone_in_one_language_is_in_no_file() -> None:
    members = (*(Member(id=f"m{number}", zone="UTC") for number in range(4)), Member(id="x", zone="Africa/Cairo"))
    notes = {"Le Caire": "fr", "القاهرة": "ar", "Cairo": "en", "Lima": ""}
    for text, tag in notes.items():
        overrides = (Override(date=date(2026, 10, 20), note=f"with {text}"),)
        plan = replace(plan_of(), members=members, overrides=overrides)
        for more in (("ar", "fr"), ("fr", "ar")):
            site = site_of(plan, NOW, *more)
            noted = [call.note for call in site.publish_calls() if call.date == date(2026, 10, 20)]
            assert noted == ([None] if tag else [f"with {text}"])
            assert {f"with {text}" in page for page in site.write_pages().values()} == {not tag}


@pytest.mark.parametrize(
    ("uid", "name"),
    [
        ("board-20261020@example.org", "calls/board-20261020.ics"),
        ("board-20261020-extra2@a.example.org", "calls/board-20261020-extra2.ics"),
    ],
)
def test_the_file_of_a_call_is_named_for_its_uid(uid: str, name: str) -> None:
    assert name_event_file(uid) == name


ZONES = ["Europe/Zurich", "Asia/Tokyo", "Asia/Kathmandu", "America/New_York", "Pacific/Kiritimati", "Australia/Eucla"]


@settings(max_examples=8, deadline=None)
@given(homes=st.lists(st.sampled_from(ZONES), max_size=12), anchor=st.sampled_from(ZONES), note=st.integers(0, 13))
def test_no_file_of_a_site_names_a_member_or_a_rare_zone(
    homes: list[str], anchor: str, note: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("plan")
    rows = [
        f"zq{number}x,{zone},Quibble Number{number},post{number}@private.example" for number, zone in enumerate(homes)
    ]
    (place / "members.csv").write_text("\n".join(["id,zone,name,email", *rows, ""]), "utf-8")
    who = f"Quibble Number{note}" if note < len(homes) else anchor
    (place / "plan.toml").write_text(
        'format = 1\n[meeting]\nid = "board"\nname = "Board call"\nuid-domain = "example.org"\nduration = "1h"\n'
        f'description = "Ask {who}"\n[schedule]\nfirst = 2026-10-06\nrepeat = "weekly"\ncount = 4\n'
        f'[rotation]\nslots = [{{ at = "14:00", zone = "{anchor}", label = "for {who}" }}]\n'
        f'[[exceptions]]\ndate = 2026-10-20\nat = "16:00"\nnote = "for {who}"\nlocation = "with {who}"\n'
        '[roster]\nfile = "members.csv"\n',
        "utf-8",
    )
    done = invoke("publish", place / "plan.toml", "--site", place / "site", "--stamp", "2026-10-01T00:00Z")
    assert done.code == 0, done.err

    rare = {zone for zone in homes if homes.count(zone) < 3}
    private = {f"zq{number}x" for number in range(len(homes))} | ({"Quibble", "private.example"} if homes else set())
    private |= rare | {zone.rpartition("/")[2].replace("_", " ") for zone in rare}
    for file in files_of(place / "site"):
        text = file.read_text("utf-8").replace("\r\n ", "").replace("\n ", "")
        assert [word for word in private if word in text] == [], file.name


def files_of(folder: Path) -> list[Path]:
    found = sorted(one for one in folder.rglob("*") if one.is_file())
    assert {one.name for one in found} > {"index.html", "next.html", "calls.ics", "calls.json"}
    return found
