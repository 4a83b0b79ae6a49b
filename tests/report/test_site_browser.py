"""The pages of a site in a real browser: the next call by the reader's clock, in any zone, with and without scripts."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from browser import DESKTOP, PHONE, Browser, check_accessibility, check_page, open_browser
from invoke import invoke
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
WRITTEN = "2020-09-10T00:00Z"
PAGES = ("index.html", "next.html", "index.ar.html", "next.ar.html")
XVII = datetime(2020, 9, 15, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("web") / "site"
    languages = ("--locale", "en", "--locale", "ar")
    address = ("--base-url", "https://mag.example.org/")
    done = invoke("publish", MAG, "--site", place, *address, *languages, "--stamp", WRITTEN)
    assert done.code == 0, done.err
    return place


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with open_browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_accessible(
    name: str, size: tuple[int, int], scheme: str, browser: Browser, site: Path
) -> None:
    with browser.at_time(XVII):
        browser.show(site / name, size=size, scheme=scheme)
        check_page(browser)
        check_accessibility(browser)
    direction = browser.run("return getComputedStyle(document.body).direction")
    assert direction == ("rtl" if ".ar." in name else "ltr")


def read_next(browser: Browser) -> list[str]:
    """The instants of the calls as the page lists them, the next one first."""
    found = browser.run(
        "return Array.from(document.querySelectorAll('#call > li, #rest > li')).filter(one => !one.className)"
        ".map(one => one.dataset.start)"
    )
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("clock", "first", "begun"),
    [
        ("2020-09-01T00:00Z", "2020-09-15T20:00:00Z", False),
        ("2020-09-15T19:59Z", "2020-09-15T20:00:00Z", False),
        ("2020-09-15T20:00Z", "2020-09-15T20:00:00Z", True),
        ("2020-09-15T21:59Z", "2020-09-15T20:00:00Z", True),
        ("2020-09-15T22:00Z", "2020-09-22T15:00:00Z", False),
        ("2020-10-26T00:00Z", "2020-10-27T12:00:00Z", False),
    ],
)
def test_the_next_call_is_that_of_the_readers_clock(
    clock: str, first: str, begun: bool, browser: Browser, site: Path
) -> None:
    with browser.at_time(datetime.fromisoformat(clock)):
        browser.show(site / "next.html")

    assert read_next(browser)[0] == first
    assert browser.run("return document.querySelectorAll('#call > li:not(.cancelled)').length") == 1
    assert browser.run("return !!document.querySelector('.begun').offsetParent") == begun
    shown = "return Array.from(document.querySelectorAll('#none, #later')).map(one => !!one.offsetParent)"
    assert browser.run(shown) == [False, first != "2020-10-27T12:00:00Z"]


def test_a_cancelled_call_stands_above_the_next_one_until_its_hour_is_over(browser: Browser, site: Path) -> None:
    for clock, cancelled in (("2020-09-23T00:00Z", 1), ("2020-09-29T15:59Z", 1), ("2020-09-29T16:00Z", 0)):
        with browser.at_time(datetime.fromisoformat(clock)):
            browser.show(site / "next.html")

        assert browser.run("return document.querySelectorAll('#call > li.cancelled').length") == cancelled
        assert read_next(browser)[0] == "2020-10-06T14:00:00Z"


def test_after_the_last_call_the_page_says_so(browser: Browser, site: Path) -> None:
    with browser.at_time(datetime(2020, 10, 27, 13, tzinfo=UTC)):
        browser.show(site / "next.html")

    assert read_next(browser) == []
    assert browser.run("return document.querySelector('#none').innerText") == "No call of this season is to come."
    assert browser.run("return !document.querySelector('#later').offsetParent")


def test_a_page_that_stays_open_moves_on_when_it_is_looked_at_again(browser: Browser, site: Path) -> None:
    with browser.at_time(XVII):
        browser.show(site / "next.html")
    browser.run(
        "Date.now = () => Date.parse('2020-09-23T00:00Z'); document.dispatchEvent(new Event('visibilitychange'))"
    )

    assert read_next(browser)[0] == "2020-10-06T14:00:00Z"


def test_the_page_of_the_season_says_when_the_call_it_shows_is_over(browser: Browser, site: Path) -> None:
    for clock, is_over in (("2020-09-15T21:59Z", False), ("2020-09-15T22:00Z", True)):
        with browser.at_time(datetime.fromisoformat(clock)):
            browser.show(site / "index.html")

        assert browser.run("return !!document.querySelector('#over').offsetParent") == is_over


def test_without_scripts_the_next_call_is_that_of_the_time_of_writing(browser: Browser, site: Path) -> None:
    browser.emulate("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.show(site / "next.html")
        assert read_next(browser)[0] == "2020-09-15T20:00:00Z"
        assert browser.run("return document.querySelectorAll('.own').length") == 0
        assert browser.run("return document.querySelector('#call .when').innerText") == (
            "Call XVII: Tuesday 15 September 2020, 20:00 UTC"
        )
    finally:
        browser.emulate("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/New_York", "Europe/Zurich"])
@pytest.mark.parametrize("name", PAGES[:2])
def test_the_readers_own_time_is_right(name: str, zone: str, browser: Browser, site: Path) -> None:
    with browser.at_time(XVII):
        browser.show(site / name, zone=zone)
    found = browser.run(
        "return Array.from(document.querySelectorAll('time'))"
        ".map(time => [time.dateTime, time.nextElementSibling.textContent])"
    )
    assert isinstance(found, list)
    assert len(found) >= 5
    for instant, shown in found:
        local = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
        assert f"{local:%a}, {local.day} " in shown
        assert f"{local:%H:%M} your time" in shown


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/New_York", "Europe/Zurich"])
def test_the_readers_own_time_is_right_in_arabic_too(zone: str, browser: Browser, site: Path) -> None:
    with browser.at_time(XVII):
        browser.show(site / "next.ar.html", zone=zone)
    found = browser.run(
        "return Array.from(document.querySelectorAll('time'))"
        ".map(time => [time.dateTime, time.nextElementSibling.textContent])"
    )
    assert isinstance(found, list)
    assert len(found) == 7
    for instant, shown in found:
        local = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
        hour = f"{local.hour % 12 or 12}:{local:%M}"
        assert {str(local.day), str(local.year), hour} <= set(re.findall(r"[\d:]+", shown)), instant
        assert ("ص" if local.hour < 12 else "م") in shown, "the clock of the sentence above"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_printed_light_and_whole(name: str, browser: Browser, site: Path) -> None:
    with browser.at_time(XVII):
        browser.show(site / name, size=(1031, 700), scheme="dark", media="print")
    check_page(browser)

    assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_page_leads_to_a_file_of_the_site_or_to_the_web(
    name: str, browser: Browser, site: Path
) -> None:
    with browser.at_time(XVII):
        browser.show(site / name)
    links = browser.run("return Array.from(document.querySelectorAll('a')).map(one => one.getAttribute('href'))")
    assert isinstance(links, list)
    relative = [link for link in links if "://" not in link and not link.startswith("#")]

    assert len(relative) >= 1
    assert all((site / link).is_file() for link in relative)
    assert {link.partition("://")[0] for link in links if "://" in link} == {"https", "webcal"}
