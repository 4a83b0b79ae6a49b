"""A real browser: Chromium, driven by chromedriver over the requests of W3C WebDriver.

A page is loaded from a file. Sizes, colour schemes, media and time zones are emulated by the browser itself.
"""

from __future__ import annotations

import base64
import json
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.error import HTTPError

from parts import require_file, require_program
from paths import ORACLES

AXE = ORACLES / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
PHONE, DESKTOP = (360, 740), (1280, 900)

_ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--hide-scrollbars", "--force-color-profile=srgb",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """One window of a browser, by the address of its session."""

    address: str

    def _ask(self, path: str, body: Mapping[str, object] | None = None, method: str = "POST") -> object:
        data = None if method in {"GET", "DELETE"} else json.dumps(body or {}).encode()
        request = urllib.request.Request(  # noqa: S310 - a driver on this machine
            f"{self.address}{path}", data=data, method=method, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - the same
                found: dict[str, object] = json.load(answer)
        except HTTPError as error:
            raise AssertionError(error.read().decode()) from None
        return found["value"]

    def emulate(self, command: str, **parameters: object) -> object:
        """Return what a command of the DevTools protocol answers."""
        return self._ask("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def show(
        self,
        page: Path | str,
        *,
        size: tuple[int, int] = DESKTOP,
        scheme: str = "light",
        media: str = "",
        zone: str = "UTC",
    ) -> None:
        """Load a file or an address on a screen of this size; ``media`` is ``print`` for the page as it is printed."""
        width, height = size
        self.emulate(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=size == PHONE,
        )  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.emulate("Emulation.setEmulatedMedia", media=media, features=features)
        self.emulate("Emulation.setTimezoneOverride", timezoneId=zone)
        self._ask("/url", {"url": page if isinstance(page, str) else page.resolve().as_uri()})

    @contextmanager
    def at_time(self, clock: datetime) -> Iterator[None]:
        """Let the clock of pages that are loaded in this block stand still at an instant."""
        source = f"Date.now = () => {clock.timestamp() * 1000:.0f}"
        found = self.emulate("Page.addScriptToEvaluateOnNewDocument", source=source)
        assert isinstance(found, dict)
        try:
            yield
        finally:
            self.emulate("Page.removeScriptToEvaluateOnNewDocument", identifier=found["identifier"])

    def run(self, script: str, *arguments: object) -> object:
        """Return what a script returns in the page."""
        return self._ask("/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script: str, *arguments: object) -> object:
        """Return what a script hands to its last argument, a function."""
        return self._ask("/execute/async", {"script": script, "args": list(arguments)})

    def read_console(self) -> list[str]:
        """Return the messages of the console since the last time."""
        found = self._ask("/se/log", {"type": "browser"})
        assert isinstance(found, list)
        return [str(entry["message"]) for entry in found]

    def take_picture(self, target: Path) -> None:
        """Save the whole page as PNG."""
        found = self.emulate("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        assert isinstance(found, dict)
        target.write_bytes(base64.b64decode(found["data"]))

    def print_pdf(self) -> bytes:
        """Return the page as PDF."""
        found = self.emulate("Page.printToPDF", preferCSSPageSize=True)
        assert isinstance(found, dict)
        return base64.b64decode(found["data"])


def check_page(browser: Browser) -> None:
    """Check what holds of every page that we write: it loads nothing, and fits the screen."""
    assert browser.run("return performance.getEntriesByType('resource').map(one => one.name)") == []
    check_screen(browser)


def check_screen(browser: Browser) -> None:
    """Check that the page says nothing on the console and does not scroll sideways."""
    said = browser.read_console()
    assert said == [], said
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def check_accessibility(browser: Browser) -> None:
    """Check that axe-core finds nothing that WCAG 2.2 AA or good practice forbids."""
    browser.run(require_file(AXE, "run npm ci in tests/oracles").read_text("utf-8"))
    found = browser.run_async(
        "const done = arguments[1]; axe.run(document, {runOnly: arguments[0]}).then(found => done("
        "[found.passes.length, found.violations.map(one => [one.id, one.nodes.slice(0, 3).map(node => node.html)])]))",
        list(RULES),
    )
    assert isinstance(found, list)
    assert found[1] == [], found[1]
    assert found[0] > 20, "axe-core looked at few rules"


@contextmanager
def open_browser(folder: Path) -> Iterator[Browser]:
    """Start a browser whose profile is in ``folder``; it ends with the block."""
    chromium = require_program("chromium", "install Debian's chromium")
    driver = require_program("chromedriver", "install Debian's chromium-driver")
    command = [driver, "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            line = next(line for line in process.stdout if "successfully on port" in line)
            port = int(line.rpartition("on port")[2].strip(" .\n"))
            server = Browser(address=f"http://127.0.0.1:{port}")
            options = {"binary": chromium, "args": [*_ARGUMENTS, f"--user-data-dir={folder}"]}
            asked = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            session = server._ask("/session", {"capabilities": {"alwaysMatch": asked}})
            assert isinstance(session, dict)
            browser = Browser(address=f"{server.address}/session/{session['sessionId']}")
            try:
                yield browser
            finally:
                with suppress(AssertionError, OSError):
                    browser._ask("", method="DELETE")
        finally:
            process.terminate()
