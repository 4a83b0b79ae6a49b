"""The page in a real browser: on a phone and a desktop, in light, dark and print, in any zone, by the keyboard.

Law: nothing is loaded, nothing is said on the console, nothing scrolls sideways but a wide table in its own box, and
axe-core finds nothing that WCAG 2.2 AA or good practice forbids.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from browser import DESKTOP, PHONE, Browser, check_accessibility, check_page, open_browser
from invoke import invoke
from mag_rotation import load_plan
from mag_rotation.programme import Segment
from mag_rotation.report import Context
from mag_rotation.report.page import write_season_page
from mag_rotation.report.season import make_season
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
NOW = ("--now", "2020-09-10T00:00Z")

PAGES = {
    "committee": ("report", MAG, *NOW, "--committee"),
    "public": ("report", MAG, *NOW, "--calendar", "https://mag.example.org/calls.ics"),
    "zones": ("report", EXAMPLES / "nodejs-tsc" / "four-slots.toml", *NOW, "--committee"),
    "years": ("report", EXAMPLES / "oci" / "plan.toml", *NOW, "--committee"),
    "programme": ("report", EXAMPLES / "igf-2020" / "plan.toml", *NOW),
    "arabic": ("report", MAG, *NOW, "--committee", "--locale", "ar"),
    "night": ("night", MAG, "--call", "XVII", "-f", "html"),
    "drift": ("drift", MAG, "-f", "html"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all pages."""
    place = tmp_path_factory.mktemp("pages")
    proposal = place / "one.json"
    assert invoke("propose", MAG, "--slots", "1", "--grid", "4h", "-o", proposal).code == 0
    decision = {"decision": (*PAGES["committee"], "--proposal", proposal)}
    paper = {
        "paper": ("decide", MAG, "--option", "05:00,13:00", "--proposal", proposal, "--locale", "ar", "-f", "html")
    }
    for name, arguments in (PAGES | decision | paper).items():
        done = invoke(*arguments)
        assert done.code == 0, done.err
        (place / f"{name}.html").write_text(done.out, "utf-8")
    igf = load_plan(EXAMPLES / "igf-2020" / "plan.toml")
    assert igf.programme is not None
    long = replace(
        igf.programme.sessions[-1],
        id="long",
        segments=tuple(Segment(title=f"An item with a rather long name {at}", minutes=10) for at in range(3)),
        groups={"language": "French"},
        note="Interpretation into six languages.\nPapers are on the page of the session.",
        url="https://meet.example.org/long",
    )
    event = replace(igf, programme=replace(igf.programme, sessions=(*igf.programme.sessions, long)))
    assert event.programme_report().conflicts
    opened = make_season(event, now=datetime(2020, 10, 10, tzinfo=UTC), is_public=False)
    (place / "event.html").write_text(write_season_page(opened, Context(meeting=event.meeting)), "utf-8")
    mag = load_plan(MAG)
    year = replace(mag, schedule=replace(mag.schedule, until=None, count=52), overrides=(), extras=(), phases=())
    season = make_season(year, now=datetime(2020, 9, 10, tzinfo=UTC), is_public=False)
    (place / "year.html").write_text(write_season_page(season, Context(meeting=year.meeting)), "utf-8")
    return place


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with open_browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", [*PAGES, "decision", "paper", "year", "event"])
def test_a_page_is_whole_and_accessible(
    name: str, size: tuple[int, int], scheme: str, browser: Browser, folder: Path
) -> None:
    browser.show(folder / f"{name}.html", size=size, scheme=scheme)
    check_page(browser)
    check_accessibility(browser)


@pytest.mark.parametrize("name", ["committee", "arabic", "public", "zones", "year", "event"])
def test_on_a_phone_only_members_by_calls_are_wider_than_their_box(name: str, browser: Browser, folder: Path) -> None:
    browser.show(folder / f"{name}.html", size=PHONE)
    wide = browser.run(
        "return Array.from(document.querySelectorAll('.scroll')).filter(box => box.scrollWidth > box.clientWidth)"
        ".map(box => box.querySelector('table').className)"
    )

    assert isinstance(wide, list)
    assert set(wide) <= {"heat"}


@pytest.mark.parametrize("name", ["committee", "arabic", "public", "decision", "year", "years", "night"])
def test_a_page_is_printed_whole_and_light(name: str, browser: Browser, folder: Path) -> None:
    """A sheet of A4 across is 1031 pixels wide between its margins."""
    browser.show(folder / f"{name}.html", size=(1031, 700), scheme="dark", media="print")
    check_page(browser)

    assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.run(
        "return Array.from(document.querySelectorAll('table')).every(table => table.offsetWidth <= 1031)"
    ), "a table is cut off"
    shown = "return Array.from(document.querySelectorAll('.own, nav')).every(one => !one.offsetParent)"
    assert browser.run(shown), "the reader's own time is printed"
    assert browser.print_pdf().startswith(b"%PDF")


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/New_York", "Europe/Zurich", "Pacific/Auckland"])
@pytest.mark.parametrize("name", ["committee", "year"])
def test_the_readers_own_time_is_right_also_between_two_clock_changes(
    name: str, zone: str, browser: Browser, folder: Path
) -> None:
    browser.show(folder / f"{name}.html", zone=zone)
    found = browser.run(
        "return Array.from(document.querySelectorAll('time'))"
        ".map(time => [time.dateTime, time.nextElementSibling.textContent])"
    )
    assert isinstance(found, list)
    changing = range(25, 32) if name == "committee" else range(8, 32)
    days = set()
    for instant, shown in found:
        at = datetime.fromisoformat(instant)
        local = at.astimezone(ZoneInfo(zone))
        months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")
        day = f"{local:%a}, {local.day} {months[local.month - 1]} {local.year}"
        assert shown == f"{day}, {local:%H:%M} your time", instant
        days.add((at.month, at.day))
    assert any((month, day) in days for month in (3, 10) for day in changing), "no call between two clock changes"


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Pacific/Auckland"])
def test_the_readers_own_time_of_a_session_has_a_date_only_where_it_is_another_one(
    zone: str, browser: Browser, folder: Path
) -> None:
    browser.show(folder / "event.html", zone=zone)
    found = browser.run(
        "return Array.from(document.querySelectorAll('[data-day] time')).map(time => [time.dateTime,"
        "time.closest('[data-day]').dataset.day, time.parentNode.querySelector('.own').textContent])"
    )
    assert isinstance(found, list)
    same = set()
    for instant, day, shown in found:
        local = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
        is_same = f"{local:%Y-%m-%d}" == day
        same.add(is_same)
        assert (shown == f"{local:%H:%M} your time") is is_same, (instant, shown)
        assert shown.endswith(f"{local:%H:%M} your time")
        assert is_same or f"{local.day} Nov 2020" in shown
    assert len(found) > 20
    assert same == ({True, False} if zone == "Asia/Kathmandu" else {False})


def press(browser: Browser, key: str, code: str) -> None:
    for kind in ("keyDown", "keyUp"):
        browser.emulate("Input.dispatchKeyEvent", type=kind, key=key, code=code, text="\r" if key == "Enter" else "")


def test_tables_are_sorted_by_the_keyboard(browser: Browser, folder: Path) -> None:
    browser.show(folder / "committee.html")
    ledger = "document.querySelector('#ledger-table').closest('table')"
    column = f"return Array.from({ledger}.tBodies[0].rows).map(row => row.cells[arguments[0]].textContent)"
    state = f"return Array.from({ledger}.tHead.rows[0].cells).map(cell => cell.getAttribute('aria-sort'))"

    browser.run(f"{ledger}.querySelectorAll('th button')[1].focus()")
    for way, is_reversed in (("descending", True), ("ascending", False), ("descending", True)):
        press(browser, "Enter", "Enter")
        values = browser.run(column, 1)
        assert isinstance(values, list)
        assert values == sorted(values, key=float, reverse=is_reversed)
        assert browser.run(state) == [None, way, None, None]

    browser.run(f"{ledger}.querySelectorAll('th button')[0].click()")
    names = browser.run(column, 0)
    assert isinstance(names, list)
    assert names == sorted(names)
    assert browser.run(state) == ["ascending", None, None, None]
    check_page(browser)


def test_members_by_calls_are_sorted_by_a_call(browser: Browser, folder: Path) -> None:
    browser.show(folder / "committee.html")
    heat = "document.querySelector('#heat-1').closest('table')"
    browser.run(f"{heat}.querySelectorAll('th button')[1].click()")
    values = browser.run(f"return Array.from({heat}.tBodies[0].rows).map(row => row.cells[1].textContent)")

    assert isinstance(values, list)
    assert len(values) == 50
    figures = [float(value.strip("<*!")) for value in values]
    assert figures == sorted(figures, reverse=True)
