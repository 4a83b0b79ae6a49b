"""CalDAV servers that tests start: Radicale, Xandikos and sabre/dav as processes, and one that stands in between.

Law: each server has a storage and a port of its own and is gone with its test; what a test knows of a server it knows
by its own requests, made with http.client, never through the library.
"""

from __future__ import annotations

import base64
import http.client
import os
import re
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from parts import require_file, require_module, require_program
from paths import ORACLES

USER, PASSWORD = "secretariat", "pass: wörd"
START_SECONDS = 20
HINT = "run pip install '.[test]'"
PHP_HINT = "apt-get install php-cli php-sabre-dav php-sqlite3"
SABRE = Path("/usr/share/php/Sabre/autoload.php")
SABRE_TABLES = {
    "principals": "id INTEGER PRIMARY KEY, uri, email, displayname, vcardurl",
    "groupmembers": "id INTEGER PRIMARY KEY, principal_id, member_id",
    "calendars": "id INTEGER PRIMARY KEY, principaluri, uri, displayname, description, components, transparent,"
    " timezone, calendarcolor, calendarorder, ctag",
    "calendarobjects": "id INTEGER PRIMARY KEY, calendarid, uri, calendardata, etag, size, lastmodified, componenttype,"
    " firstoccurence, lastoccurence",
    "users": "name, password",
}
"""The tables of sabre/dav's backends with the columns that it asks for, and one of ours for the login."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Status, headers and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A server that runs: ``url`` is a calendar of it that is empty at first."""

    url: str
    user: str | None = None
    password: str | None = None

    @property
    def login(self) -> dict[str, str]:
        """The variables of the environment that log in."""
        if self.user is None or self.password is None:
            return {}
        return {"MAG_ROTATION_CALDAV_USER": self.user, "MAG_ROTATION_CALDAV_PASSWORD": self.password}

    def ask(self, method: str, path: str = "", body: bytes = b"", **headers: str) -> Answer:
        """One request about the calendar, or about the object ``path`` in it; headers with ``_`` for ``-``."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.user is not None:
            sent["Authorization"] = "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        try:
            connection.request(method, path if path.startswith("/") else parts.path + path, body, sent)
            answer = connection.getresponse()
            return Answer(status=answer.status, headers=dict(answer.getheaders()), body=answer.read())
        finally:
            connection.close()

    def calendar(self, name: str) -> Server:
        """Another calendar of the same user, made as other programs make it."""
        parent = self.url.rstrip("/").rpartition("/")[0]
        made = replace(self, url=f"{parent}/{name}/")
        done = made.ask("MKCALENDAR")
        assert done.status == 201, done
        return made

    def objects(self) -> dict[str, bytes]:
        """Every object of the calendar by its path."""
        listed = self.ask("PROPFIND", Depth="1")
        assert listed.status == 207, listed
        hrefs = [one.text or "" for one in ET.fromstring(listed.body).iter("{DAV:}href")]  # noqa: S314 - our own server
        return {href: self.ask("GET", href).body for href in sorted(hrefs) if href.endswith(".ics")}

    def put(self, name: str, data: bytes, **headers: str) -> None:
        """Put an object there as another program does."""
        done = self.ask("PUT", name, data, Content_Type="text/calendar; charset=utf-8", **headers)
        assert done.status in {200, 201, 204}, done

    def text(self, name: str) -> str:
        """One object, its lines unfolded."""
        got = self.ask("GET", name)
        assert got.status == 200, got
        return re.sub(r"\r?\n[ \t]", "", got.body.decode()).replace("\r\n", "\n")


def make_certificate(folder: Path, *names: str) -> tuple[Path, Path]:
    """A certificate for names or addresses that signs itself, and its key."""
    own, key = folder / "own.pem", folder / "key.pem"
    kinds = ["IP" if name.replace(".", "").isdigit() else "DNS" for name in names]
    subjects = ",".join(f"{kind}:{name}" for kind, name in zip(kinds, names, strict=True))
    subprocess.run(
        [
            require_program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout", str(key), "-out", str(own), "-days", "2", "-subj", f"/CN={names[0]}",
            "-addext", f"subjectAltName={subjects}",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return own, key


def context_of(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """What a server with that certificate speaks TLS by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def free_port() -> int:
    """A port of this machine that nobody has at the moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int, log: Path) -> Iterator[None]:
    """A process that listens on a port, for as long as it is needed."""
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, env=os.environ) as process:
        try:
            end = time.monotonic() + START_SECONDS
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    assert process.poll() is None, log.read_text()
                    assert time.monotonic() < end, log.read_text()
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def radicale(folder: Path) -> Iterator[Server]:
    """A Radicale that asks for a password; the calendar is made as Radicale's own pages make it."""
    require_module("radicale", HINT)
    folder.mkdir(parents=True)
    port = free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder / 'users'}\nhtpasswd_encryption = plain\ndelay = 0\n"
        f"[storage]\nfilesystem_folder = {folder / 'data'}\n[logging]\nlevel = warning\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "radicale", "--config", str(folder / "config")]
    with _running(command, port, folder / "log"):
        server = Server(url=f"http://127.0.0.1:{port}/{USER}/council/", user=USER, password=PASSWORD)
        yield server.calendar("council")


@contextmanager
def xandikos(folder: Path) -> Iterator[Server]:
    """A Xandikos with the calendar that it makes for a new user."""
    require_module("xandikos", HINT)
    folder.mkdir(parents=True)
    port = free_port()
    command = [
        *(sys.executable, "-m", "xandikos", "serve", "--directory", str(folder / "data"), "--defaults"),
        *("--listen-address", "127.0.0.1", "--port", str(port), "--state-dir", str(folder / "state")),
        *("--no-detect-systemd",),
    ]
    with _running(command, port, folder / "log"):
        yield Server(url=f"http://127.0.0.1:{port}/user/calendars/calendar/")


@contextmanager
def sabre(folder: Path) -> Iterator[Server]:
    """The engine of Nextcloud, ownCloud and Baïkal, as Debian has it; it asks for a password."""
    php = require_program("php", PHP_HINT)
    require_file(SABRE, PHP_HINT)
    require_file(Path(php_extensions(php)) / "pdo_sqlite.so", PHP_HINT)
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "it.sqlite")) as database, database:
        for table, columns in SABRE_TABLES.items():
            database.execute(f"CREATE TABLE {table} ({columns})")
        database.execute("INSERT INTO users VALUES (?, ?)", (USER, PASSWORD))
        database.execute("INSERT INTO principals (uri) VALUES (?)", (f"principals/{USER}",))
    port = free_port()
    script = ORACLES / "sabre.php"
    with _running([php, "-S", f"127.0.0.1:{port}", "-t", str(folder), str(script)], port, folder / "log"):
        server = Server(url=f"http://127.0.0.1:{port}/calendars/{USER}/council/", user=USER, password=PASSWORD)
        yield server.calendar("council")


def php_extensions(php: str) -> str:
    """Where PHP has its extensions."""
    command = [php, "-r", "echo ini_get('extension_dir');"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


HEAD = '<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
OK = "<status>HTTP/1.1 200 OK</status>"


def listed(*responses: str) -> Answer:
    body = f"{HEAD}{''.join(f'<response>{one}</response>' for one in responses)}</multistatus>"
    return Answer(status=207, headers={"Content-Type": "application/xml"}, body=body.encode())


def kind(*types: str, takes: str = "") -> Answer:
    props = f"<resourcetype>{''.join(f'<{one}/>' for one in types)}</resourcetype>{takes}"
    return listed(f"<href>/cal/</href><propstat><prop>{props}</prop>{OK}</propstat>")


def an_object(text: str, *, href: str = "/cal/one.ics", etag: str | None = '"1"') -> str:
    version = "" if etag is None else f"<getetag>{etag}</getetag>"
    data = f"<C:calendar-data><![CDATA[{text}]]></C:calendar-data>"
    return f"<href>{href}</href><propstat><prop>{version}{data}</prop>{OK}</propstat>"


TWO_CALLS = """format = 1
[meeting]
id = "demo"
name = "Demo call"
uid-domain = "example.org"
duration = "1h"
[schedule]
first = 2026-03-03
repeat = "FREQ=WEEKLY"
count = 2
[rotation]
slots = [{ at = "14:00" }]
"""
"""A plan to publish."""

CALENDAR = kind("collection", "C:calendar")
"""The answer to a PROPFIND on a calendar."""


Hook = Callable[[str, str, bytes], Answer | None]
"""What happens to a request before it is passed on: an answer ends it there. Given are method, path and body."""


@dataclass(kw_only=True, slots=True)
class Between:
    """What stands in between has seen, and does: ``before`` is asked first, ``passed`` gives the body that is passed
    on, ``after`` may change what comes back, or break the connection off with None."""

    url: str
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    before: Hook | None = None
    passed: Callable[[str, str, bytes], bytes] | None = None
    after: Callable[[str, Answer], Answer | None] | None = None

    def methods(self) -> list[str]:
        return [method for method, _, _ in self.seen]

    def puts(self) -> list[str]:
        """The paths that were written to."""
        return [path for method, path, _ in self.seen if method == "PUT"]


@contextmanager
def between(url: str) -> Iterator[Between]:
    """A server that passes every request on to that of ``url``."""
    target = urlsplit(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            state.seen.append((self.command, self.path, dict(self.headers.items())))
            answer = None if state.before is None else state.before(self.command, self.path, body)
            if answer is None:
                answer = self._ask(body if state.passed is None else state.passed(self.command, self.path, body))
                changed = answer if state.after is None else state.after(self.command, answer)
                if changed is None:
                    self.close_connection = True
                    return
                answer = changed
            with suppress(ConnectionError):  # whoever asked did not wait
                self._say(answer)

        def _say(self, answer: Answer) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in {"connection", "content-length", "transfer-encoding", "date", "server"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def _ask(self, body: bytes) -> Answer:
            connection = http.client.HTTPConnection(str(target.hostname), target.port, timeout=20)
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in {"host", "connection", "accept-encoding", "content-length"}
            }
            try:
                connection.request(self.command, self.path, body, headers)
                got = connection.getresponse()
                return Answer(status=got.status, headers=dict(got.getheaders()), body=got.read())
            finally:
                connection.close()

        do_GET = do_PUT = do_PROPFIND = do_REPORT = do_DELETE = _pass_on  # noqa: N815 - the names are http.server's

        def log_message(self, *_: object) -> None:
            """Nothing: stderr is for tests that fail."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        state = Between(url=f"http://127.0.0.1:{server.server_port}{target.path}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
