"""What goes over the line to a calendar server, what is refused there, and where a password never goes.

Law: a password reaches the server that asked for it and nobody else, and stands in no message; an answer that is not
what was asked for ends the run before anything is written.
"""

from __future__ import annotations

import base64
import re
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from keyring.errors import NoKeyringError

from calendars import after, series_of
from invoke import Outcome, invoke
from mag_rotation.errors import InvalidValue, MissingExtra, RefusedByServer
from mag_rotation.publish import server_limits
from mag_rotation.publish.caldav import make_object_name
from mag_rotation.publish.dav import parse_calendar_url, server_of
from mag_rotation.publish.login import Login, find_login
from mag_rotation.publish.multistatus import FoundResource, read_multistatus
from paths import ROOT
from servers import (
    CALENDAR,
    HEAD,
    TWO_CALLS,
    Answer,
    Between,
    an_object,
    between,
    context_of,
    free_port,
    kind,
    listed,
    make_certificate,
)

PASSWORD = "open sesame"  # noqa: S105 - of nobody


def status(code: int, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=code, headers=sent, body=b"<html>open sesame</html>")


class Played:
    """A server that answers by method, and the last answer again and again."""

    def __init__(self, state: Between) -> None:
        self.between = state
        self.answers: dict[str, list[Answer]] = {"PROPFIND": [CALENDAR], "REPORT": [listed()], "PUT": [status(201)]}
        state.before = self._answer

    def _answer(self, method: str, _path: str, _body: bytes) -> Answer:
        left = self.answers[method]
        return left[0] if len(left) == 1 else left.pop(0)

    def logins(self) -> list[str | None]:
        return [headers.get("Authorization") for _, _, headers in self.between.seen]


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is logged in and nothing stands in between, whatever the machine's environment says."""
    for name in ("MAG_ROTATION_CALDAV_USER", "MAG_ROTATION_CALDAV_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def played() -> Iterator[Played]:
    with between("http://127.0.0.1:1/cal/") as state:
        yield Played(state)


LOGGED_IN = pytest.mark.usefixtures("login")


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAG_ROTATION_CALDAV_USER", "secretariat")
    monkeypatch.setenv("MAG_ROTATION_CALDAV_PASSWORD", PASSWORD)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(TWO_CALLS, encoding="utf-8")
    return path


def publish(plan: Path, url: str, *more: object) -> Outcome:
    done = invoke("publish", plan, "--caldav", url, "--stamp", "2026-01-01T00:00Z", *more)
    assert PASSWORD not in done.out + done.err
    return done


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@LOGGED_IN
def test_a_password_goes_out_once_it_is_asked_for(played: Played, plan: Path) -> None:
    played.answers["PROPFIND"] = [status(401, WWW_Authenticate='Basic realm="x"'), CALENDAR]
    done = publish(plan, played.between.url)

    assert done.code == 0
    assert played.logins() == [None, *[basic("secretariat", PASSWORD)] * 4]


@LOGGED_IN
def test_no_password_goes_out_that_was_not_asked_for(played: Played, plan: Path) -> None:
    assert publish(plan, played.between.url).code == 0
    assert set(played.logins()) == {None}


@LOGGED_IN
def test_a_digest_is_used_where_the_server_offers_it(played: Played, plan: Path) -> None:
    asked = status(401, WWW_Authenticate='Digest realm="x", nonce="abc", qop="auth", algorithm=SHA-256')
    played.answers["PROPFIND"] = [asked, CALENDAR]

    assert publish(plan, played.between.url).code == 0
    assert [str(one).partition(" ")[0] for one in played.logins()] == ["None", *["Digest"] * 4]


def test_the_netrc_of_the_user_is_not_used(
    played: Played, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1\nlogin other\npassword other\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    assert publish(plan, played.between.url).code == 0
    assert set(played.logins()) == {None}


@LOGGED_IN
def test_a_redirection_to_another_server_is_not_followed(played: Played, plan: Path) -> None:
    with between("http://127.0.0.1:1/cal/") as other:
        asked = status(401, WWW_Authenticate='Basic realm="x"')
        played.answers["PROPFIND"] = [asked, status(302, Location=f"{other.url}?token=secret")]
        done = publish(plan, played.between.url)

        assert (done.code, other.seen) == (2, [])
        assert f"redirects to another server, {server_of(other.url)}" in done.err
        assert "secret" not in done.err.replace("secretariat", "")


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirection_on_the_same_server_is_followed(played: Played, plan: Path, code: int) -> None:
    moved = kind("collection", "C:calendar")
    played.answers["PROPFIND"] = [status(code, Location="/new%20home/cal"), moved]
    done = publish(plan, played.between.url)

    assert done.code == 0
    assert [(method, path) for method, path, _ in played.between.seen] == [
        ("PROPFIND", "/cal/"),
        ("PROPFIND", "/new%20home/cal"),
        ("REPORT", "/new%20home/cal/"),
        *[
            ("PUT", f"/new%20home/cal/{make_object_name(f'demo-{day}@example.org')}")
            for day in ("20260303", "20260310")
        ],
    ]


NOWHERE = {
    "/cal/": "redirects without an end",
    "": "redirects without an end",
    "http://[::1": "leads to what is no URL",
    "http://127.0.0.1:port/": "leads to what is no URL",
    "//other.example.org": "to another server, http://other.example.org",
    "https://127.0.0.1/cal/": "to another server, https://127.0.0.1",
    "javascript:alert(1)": "to another server",
}


@pytest.mark.parametrize(("place", "said"), NOWHERE.items())
def test_a_redirection_that_leads_nowhere_is_refused(played: Played, plan: Path, place: str, said: str) -> None:
    played.answers["PROPFIND"] = [status(302, Location=place)]
    done = publish(plan, played.between.url)

    assert done.code == 2
    assert said in done.err


URLS = {
    "http://cal.example.org/council/": "without https",
    "https://secretariat:open%20sesame@cal.example.org/council/": "with a user or a password",
    "https://open sesame@cal.example.org/": "with a user or a password",
    "https://cal.example.org/council/?x=1": "no ? and no #",
    "https://cal.example.org/council/#x": "no ? and no #",
    "https://cal.example.org:port/": "no URL",
    "https://[::1/": "no URL",
    "ftp://cal.example.org/": "no URL of a web server",
    "cal.example.org/council": "no URL of a web server",
    "": "no URL of a web server",
}


@pytest.mark.parametrize(("url", "said"), URLS.items())
def test_a_url_that_no_calendar_may_have_is_refused_and_not_repeated(url: str, said: str, plan: Path) -> None:
    done = publish(plan, url)

    assert done.code == 2
    assert said in done.err
    assert "sesame" not in done.err


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("https://Cal.Example.org:443/a/b", "https://cal.example.org/a/b/"),
        ("https://cal.example.org:8443/a%20b/ä/", "https://cal.example.org:8443/a%20b/%C3%A4/"),
        ("http://localhost:5232", "http://localhost:5232/"),
        ("http://[::1]:5232/x", "http://[::1]:5232/x/"),
        ("http://127.0.0.9/x/", "http://127.0.0.9/x/"),
    ],
)
def test_a_url_is_written_in_one_way(given: str, made: str) -> None:
    assert parse_calendar_url(given) == made == parse_calendar_url(made)


def test_http_is_allowed_to_those_who_ask_for_it() -> None:
    with pytest.raises(InvalidValue):
        parse_calendar_url("http://cal.example.org/")
    assert parse_calendar_url("http://cal.example.org/", insecure_http=True) == "http://cal.example.org/"


REFUSALS = {
    400: "trash bin",
    401: "does not know this user and password",
    403: "does not allow",
    404: "nothing at this address",
    405: "URL of a calendar",
    409: "trash bin",
    413: "too large",
    415: "takes events",
    423: "locked",
    429: "later",
    500: "status 500",
    503: "later",
    507: "no room",
}


@LOGGED_IN
@pytest.mark.parametrize(("code", "said"), REFUSALS.items())
@pytest.mark.parametrize("method", ["PROPFIND", "PUT"])
def test_a_server_that_refuses_is_told_about_and_nothing_was_written(
    played: Played, plan: Path, method: str, code: int, said: str
) -> None:
    played.answers[method] = [status(code, WWW_Authenticate='Basic realm="x"')]
    done = publish(plan, played.between.url)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert played.between.url in done.err
    assert played.between.methods().count("PUT") == (2 if method == "PUT" and code == 401 else method == "PUT")


def test_what_was_written_before_a_refusal_is_told(played: Played, plan: Path) -> None:
    played.answers["PUT"] = [status(201), status(507)]
    done = publish(plan, played.between.url)

    assert done.code == 1
    assert "1 of 2 written" in done.err
    assert "has no room left (507); run again to go on" in done.err


NO_CALENDARS = {
    "a folder": (kind("collection"), "is not a calendar"),
    "an address book": (kind("collection", "addressbook"), "is not a calendar"),
    "a list of tasks": (
        kind(
            "collection",
            "C:calendar",
            takes='<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>',
        ),
        "takes no events",
    ),
    "a web page": (status(200), "does not speak CalDAV"),
    "another XML": (Answer(status=207, headers={}, body=b"<html/>"), "without a list of resources"),
    "no XML": (Answer(status=207, headers={}, body=b"<a>"), "XML that cannot be read"),
    "entities": (
        Answer(
            status=207,
            headers={},
            body=f'<!DOCTYPE x [<!ENTITY a "b">]>{HEAD[21:]}<response>&a;</response></multistatus>'.encode(),
        ),
        "XML that cannot be read",
    ),
}


@pytest.mark.parametrize(("answer", "said"), NO_CALENDARS.values(), ids=NO_CALENDARS)
def test_what_is_no_calendar_for_events_is_refused(played: Played, plan: Path, answer: Answer, said: str) -> None:
    played.answers["PROPFIND"] = [answer]
    done = publish(plan, played.between.url)

    assert (done.code, played.between.methods()) == (2, ["PROPFIND"])
    assert said in done.err


TEXT = after(series_of(count=1)).data().decode()
LISTS = {
    "cut short": (
        listed(an_object(TEXT), "<href>/cal/</href><status>HTTP/1.1 507 Insufficient Storage</status>"),
        "leaves a part of the calendar out",
    ),
    "twice": (listed(an_object(TEXT), an_object(TEXT, href="/cal/two.ics")), "twice, at /cal/one.ics and /cal/two.ics"),
    "no version": (listed(an_object(TEXT, etag=None)), "no version (ETag)"),
    "a weak version": (listed(an_object(TEXT, etag='W/"1"')), "weak ETags"),
    "elsewhere": (listed(an_object(TEXT, href="/other/one.ics")), "not in the calendar"),
    "no place": (listed(an_object(TEXT, href="")), "without its place"),
    "cut off": (listed(an_object(TEXT[:300])), "cannot be read whole"),
    "a directory of zones": (
        listed(an_object(re.sub("DTSTART:(.*)Z", r"DTSTART;TZID=Europe:\1", TEXT))),
        "found the TZID 'Europe' as DTSTART in line",
    ),
    "a year that no vtimezone has": (
        listed(an_object(TEXT.replace("DTSTART:2026", "DTSTART:9999"))),
        "found the year 9999 as DTSTART in line",
    ),
}


@pytest.mark.parametrize(("answer", "said"), LISTS.values(), ids=LISTS)
def test_a_list_that_cannot_be_worked_with_is_refused(played: Played, plan: Path, answer: Answer, said: str) -> None:
    played.answers["REPORT"] = [answer]
    done = publish(plan, played.between.url)

    assert done.code == 2
    assert said in done.err
    assert "PUT" not in played.between.methods()


def test_an_object_that_went_away_while_the_list_was_made_is_none() -> None:
    body = listed("<href>/cal/one.ics</href><status>HTTP/1.1 404 Not Found</status>").body

    assert read_multistatus(body) == ()


def test_a_property_that_the_server_does_not_have_is_not_there() -> None:
    none = "<propstat><prop><getetag/><C:calendar-data/></prop><status>HTTP/1.1 404 Not Found</status></propstat>"

    assert read_multistatus(listed(f"<href>/cal/x</href>{none}").body) == (FoundResource(href="/cal/x"),)


def test_a_list_that_names_another_server_is_read_by_its_paths(played: Played, plan: Path) -> None:
    """A proxy that hides the real server leaves its name in lists; nothing is sent there."""
    played.answers["REPORT"] = [listed(an_object(TEXT, href="http://inner.example.org/cal/one.ics"))]

    assert publish(plan, played.between.url).code == 0
    assert [path for path in played.between.puts() if "one.ics" in path] == ["/cal/one.ics"]


def test_conditions_go_out_with_every_object(played: Played, plan: Path) -> None:
    played.answers["REPORT"] = [listed(an_object(TEXT, etag='"7&amp;8"'))]
    publish(plan, played.between.url)
    sent = {
        path: (headers.get("If-Match"), headers.get("If-None-Match"), headers["Content-Type"])
        for method, path, headers in played.between.seen
        if method == "PUT"
    }

    calendar = "text/calendar; charset=utf-8"
    assert sent == {
        "/cal/one.ics": ('"7&8"', None, calendar),
        f"/cal/{make_object_name('demo-20260310@example.org')}": (None, "*", calendar),
    }


def test_a_server_that_is_not_there_is_told_about(plan: Path) -> None:
    done = publish(plan, f"http://127.0.0.1:{free_port()}/cal/")

    assert (done.code, done.out) == (2, "")
    assert "cannot be reached" in done.err


@LOGGED_IN
def test_a_server_without_tls_is_told_about(played: Played, plan: Path) -> None:
    done = publish(plan, played.between.url.replace("http:", "https:"))

    assert (done.code, played.between.seen) == (2, [])
    assert "has no safe connection: it does not speak TLS" in done.err


@LOGGED_IN
def test_a_certificate_that_nobody_vouches_for_is_refused(plan: Path, tmp_path: Path) -> None:
    context = context_of(make_certificate(tmp_path, "localhost"))
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        done = publish(plan, f"https://localhost:{server.server_port}/cal/")
        thread.join()

    assert done.code == 2
    assert "its certificate is not to be trusted (self" in done.err


@LOGGED_IN
def test_a_login_is_found_in_the_environment_and_does_not_show() -> None:
    found = find_login("https://cal.example.org", variables="MAG_ROTATION_CALDAV")
    other = find_login("https://cal.example.org", variables="MAG_ROTATION_CALDAV", user="chair")

    assert found == Login(user="secretariat", password=PASSWORD)
    assert other == Login(user="chair", password=PASSWORD)
    assert PASSWORD not in repr(found)


def test_a_login_is_found_in_the_keyring_under_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("https://cal.example.org", "chair"): PASSWORD}
    monkeypatch.setattr("keyring.get_password", lambda *asked: kept.get(asked))

    assert find_login("https://cal.example.org", variables="X", user="chair") == Login(user="chair", password=PASSWORD)
    with pytest.raises(RefusedByServer, match="no password of 'chair' is known; set X_PASSWORD or run: keyring set"):
        find_login("https://evil.example.org", variables="X", user="chair")


@pytest.mark.parametrize(
    ("user", "password"),
    [("chair\n", "x"), ("chair", f"{PASSWORD}\n"), ("c\0hair", "x"), ("chair", "\x85"), ("a\r\nb", "")],
)
def test_a_login_that_no_server_could_be_told_is_refused_and_not_shown(
    user: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.get_password", lambda *_: password)
    with pytest.raises(InvalidValue, match="holds a control character, such as a line end") as error:
        find_login("https://cal.example.org", variables="X", user=user)
    assert PASSWORD not in str(error.value)


def test_a_machine_without_a_keyring_has_no_password_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_server: str, _user: str) -> str:
        raise NoKeyringError

    monkeypatch.setattr("keyring.get_password", fail)
    with pytest.raises(RefusedByServer, match="no password of 'a' is known"):
        find_login("https://cal.example.org", variables="X", user="a")


NEEDS: dict[str, Callable[[], object]] = {
    "keyring": lambda: find_login("https://cal.example.org", variables="X", user="a"),
    "defusedxml": lambda: read_multistatus(b""),
}


@pytest.mark.parametrize(("package", "needs"), NEEDS.items(), ids=NEEDS)
def test_a_missing_package_is_named(package: str, needs: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=f"publish needs the package '{package}'"):
        needs()


def test_the_guide_lists_the_limits() -> None:
    guide = (ROOT / "docs" / "guide" / "publish.md").read_text("utf-8")
    table = guide.partition("### How long a server may take")[2].partition("## ")[0]
    numbers = {
        *(f"{int(value)} seconds" for name, value in vars(server_limits).items() if name.endswith("_SECONDS")),
        *(
            f"{value >> 10} KiB"
            for name, value in vars(server_limits).items()
            if name.endswith("_BYTES") and value < 1 << 20
        ),
        *(
            f"{value >> 20} MiB"
            for name, value in vars(server_limits).items()
            if name.endswith("_BYTES") and value >= 1 << 20
        ),
    }
    missing = {number for number in numbers if number not in table}

    assert missing <= {f"{int(server_limits.GOODBYE_SECONDS)} seconds"}
