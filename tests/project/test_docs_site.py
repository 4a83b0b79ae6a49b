"""The documentation site in a browser, as `make docs` has built it: whole, accessible, and with a search that finds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from browser import DESKTOP, PHONE, Browser, check_accessibility, check_screen, open_browser
from parts import require_file
from paths import ROOT

PAGES = ("index", "guide/publish-site", "reference/commands", "reference/python/plan", "search")


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that keeps no log."""

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the name of the standard library
        pass


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; the address has no slash at its end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    built = require_file(ROOT / "build" / "site" / "index.html", "run make docs")
    with serve(built.parent) as address:
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with open_browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "dark")], ids=["phone", "desktop"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_site_is_whole_and_accessible(
    page: str, size: tuple[int, int], scheme: str, browser: Browser, site: str
) -> None:
    browser.show(f"{site}/{page}.html", size=size, scheme=scheme)
    check_screen(browser)
    check_accessibility(browser)
    paper = browser.run("return getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"])
def test_the_other_colours_are_accessible_too(size: tuple[int, int], scheme: str, browser: Browser, site: str) -> None:
    browser.show(f"{site}/index.html", size=size, scheme=scheme)
    check_screen(browser)
    check_accessibility(browser)


@pytest.mark.parametrize("page", ["index", "guide/publish-site", "reference/python/plan"])
def test_a_page_of_the_site_is_printed_light_and_without_its_menus(page: str, browser: Browser, site: str) -> None:
    browser.show(f"{site}/{page}.html", size=(718, 1000), scheme="dark", media="print")
    check_screen(browser)

    assert browser.run("return getComputedStyle(document.body).backgroundColor") in {
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    }
    shown = "return Array.from(document.querySelectorAll('aside')).filter(one => one.offsetParent).length"
    assert browser.run(shown) == 0, "a menu is printed"


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("gitlab", "guide/publish-site.html"),
        ("night-hour", "guide/page.html"),
        ("leximin", "fundamentals/propose.html"),
    ],
)
def test_the_search_finds_the_page(words: str, page: str, browser: Browser, site: str) -> None:
    browser.show(f"{site}/search.html?q={words}")
    found = browser.run_async(
        "const done = arguments[0]; (function look() {"
        "const links = Array.from(document.querySelectorAll('#search-results li a'));"
        "const over = document.querySelector('#search-results .search-summary');"
        "if (over && /found/i.test(over.textContent)) done(links.map(one => one.pathname));"
        "else setTimeout(look, 50)})()"
    )
    assert isinstance(found, list)
    assert f"/{page}" in found
    check_screen(browser)
    check_accessibility(browser)
