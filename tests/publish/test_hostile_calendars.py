"""Calendar servers that break the rules: what a run says, how much it reads, and that nothing was written.

Law: whatever a server answers and however slowly, the run ends with an error of ours before the first object is
written, having read no more than it may; a password goes to nobody who did not ask for it, and to no proxy
in the clear.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import after, series_of
from hostile import (
    LONGEST_SECONDS,
    Connection,
    Cut,
    Drip,
    Flood,
    Hang,
    Record,
    Script,
    Step,
    answer,
    listening,
    web_server,
)
from invoke import Outcome, invoke
from mag_rotation.errors import InvalidValue, UnusableEdition
from mag_rotation.ics import Event
from mag_rotation.limits import SERVER_ANSWER
from mag_rotation.publish import server_limits
from mag_rotation.publish.dav import parse_calendar_url
from mag_rotation.publish.http import Challenge, Digest, UnusableAnswer, find_proxy, read_challenges
from mag_rotation.publish.login import Login
from mag_rotation.publish.multistatus import read_multistatus
from servers import CALENDAR, HEAD, OK, TWO_CALLS, Answer, an_object, context_of, listed, make_certificate

USER = "secretariat"
PASSWORD = "open sesame"  # noqa: S105 - of nobody
MOST = 200_000
"""Bytes that an answer may have in these tests."""
SOME = 3 * 1024 * 1024
"""What goes out at most before a server sees that nobody listens: what two sockets hold."""


@pytest.fixture(autouse=True)
def bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are small here, and neither a login nor a proxy is in the environment."""
    monkeypatch.setattr("mag_rotation.publish.http.SERVER_ANSWER", replace(SERVER_ANSWER, most_bytes=MOST))
    monkeypatch.setattr(server_limits, "HEAD_BYTES", MOST)
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    for name in (*names, "MAG_ROTATION_CALDAV_USER", "MAG_ROTATION_CALDAV_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


LOGGED_IN = pytest.mark.usefixtures("login")


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAG_ROTATION_CALDAV_USER", USER)
    monkeypatch.setenv("MAG_ROTATION_CALDAV_PASSWORD", PASSWORD)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(TWO_CALLS, encoding="utf-8")
    return path


def publish(plan: Path, url: str, *more: object) -> Outcome:
    done = invoke("publish", plan, "--caldav", url, "--stamp", "2026-01-01T00:00Z", *more)
    assert "Traceback" not in done.err
    for secret in (PASSWORD, base64.b64encode(PASSWORD.encode()).decode()):
        assert secret not in done.out + done.err
    return done


def lists(body: bytes, **headers: str) -> bytes:
    return answer(207, body, **headers)


FOUND = lists(CALENDAR.body)
EMPTY = lists(listed().body)
USUAL: Script = {"PROPFIND": [[FOUND]], "REPORT": [[EMPTY]], "PUT": [[answer(201)]]}


def script(**answers: Step | tuple[Step, ...]) -> Script:
    """A server that keeps to the rules but for some methods."""
    odd = {verb: [list(steps) if isinstance(steps, tuple) else [steps]] for verb, steps in answers.items()}
    return {**USUAL, **odd}


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


BOMB = packed(HEAD.encode() + b"<a/>" * 2_000_000)
TOO_LARGE = "gives an answer that has more than 0 MiB, the most that is read of an answer of a server"
CHUNKED = {"Transfer_Encoding": "chunked"}
NO_ANSWERS: dict[str, tuple[tuple[Step, ...], str]] = {
    "silent": ((Hang(),), "gave no answer in time"),
    "cut": ((Cut(),), "cannot be reached, or the connection was cut"),
    "a byte at a time": ((Drip(data=b"HTTP/1.1 207 " + b"x" * 999),), "gave no answer in time"),
    "a header at a time": ((b"HTTP/1.1 207 X\r\n", Drip(data=b"X: y\r\n" * 99)), "gave no answer in time"),
    "a body at a time": ((answer(207, Content_Length="9999"), Drip(data=b" " * 999)), "gave no answer in time"),
    "a chunk at a time": ((answer(207, **CHUNKED), Drip(data=b"1\r\nx\r\n" * 99)), "gave no answer in time"),
    "interim answers at a time": ((Drip(data=b"HTTP/1.1 100 C\r\n\r\n" * 99),), "gave no answer in time"),
    "interim answers": ((Flood(data=b"HTTP/1.1 100 Continue\r\n\r\n" * 99),), "answers with headers of more than"),
    "a status line": ((b"HTTP/1.1 207 ", Flood(data=b"x" * 4096)), "does not answer in HTTP"),
    "a header": ((b"HTTP/1.1 207 X\r\nX: ", Flood(data=b"x" * 4096)), "does not answer in HTTP"),
    "headers": ((b"HTTP/1.1 207 X\r\n", Flood(data=b"X: y\r\n" * 99)), "does not answer in HTTP"),
    "long headers": ((b"HTTP/1.1 207 X\r\n", Flood(data=b"X: " + b"y" * 60_000 + b"\r\n")), "headers of more than"),
    "a body": ((answer(207, Content_Length=str(10**12)), Flood(data=b" " * 4096)), TOO_LARGE),
    "a body without a length": ((b"HTTP/1.1 207 X\r\n\r\n", Flood(data=b" " * 4096)), TOO_LARGE),
    "chunks": ((answer(207, **CHUNKED), Flood(data=b"1000\r\n" + b" " * 4096 + b"\r\n")), TOO_LARGE),
    "one chunk": ((answer(207, **CHUNKED), b"FFFFFFFFFFFF\r\n", Flood(data=b" " * 4096)), TOO_LARGE),
    "trailers": ((answer(207, **CHUNKED), b"0\r\n", Flood(data=b"X: y\r\n" * 99)), TOO_LARGE),
    "a bomb": ((lists(BOMB, Content_Encoding="gzip"),), TOO_LARGE),
    "a bomb in chunks": (
        (answer(207, Content_Encoding="gzip", **CHUNKED), b"%x\r\n" % len(BOMB), BOMB, b"\r\n0\r\n\r\n"),
        TOO_LARGE,
    ),
    "more than is packed": (
        (lists(packed(b"<a/>") + b"x" * 99, Content_Encoding="gzip"),),
        "sends more than the packed answer",
    ),
    "packed and cut": ((lists(packed(CALENDAR.body)[:-9], Content_Encoding="gzip"),), "broke off its answer"),
    "no gzip": ((lists(b"<a/>", Content_Encoding="gzip"),), "does not answer in HTTP"),
    "packed by another program": ((lists(b"<a/>", Content_Encoding="br"),), "in a way that was not asked for"),
    "packed twice": ((lists(packed(packed(b"x")), Content_Encoding="gzip, gzip"),), "that was not asked for"),
    "cut in its body": ((answer(207, Content_Length="99", Connection="close"), b"<"), "broke off its answer"),
    "cut in a chunk": ((answer(207, **CHUNKED), b"9\r\n<", Cut()), "broke off its answer"),
    "a negative chunk": ((answer(207, **CHUNKED), b"-5\r\nabc", Cut()), "does not answer in HTTP"),
    "a chunk of no size": ((answer(207, **CHUNKED), b"x\r\n"), "broke off its answer"),
    "no HTTP": ((b"220 smtp.example.org ESMTP\r\n", Cut()), "does not answer in HTTP"),
    "HTTP of another age": ((b"HTTP/9.9 207 X\r\n\r\n", Cut()), "does not answer in HTTP"),
    "a status of many digits": ((answer("2" * 5000), Cut()), "does not answer in HTTP"),
    "a status of letters": ((answer("OK"), Cut()), "does not answer in HTTP"),
    "a negative status": ((answer("-207"), Cut()), "does not answer in HTTP"),
    "no status": ((b"HTTP/1.1\r\n\r\n", Cut()), "does not answer in HTTP"),
    "a status of nobody": ((answer(299), Cut()), "does not speak CalDAV here (status 299"),
    "hints": ((answer(103), Cut()), "does not speak CalDAV here (status 103"),
}


@pytest.mark.parametrize("verb", ["PROPFIND", "REPORT"])
@pytest.mark.parametrize(("steps", "said"), NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_an_answer_that_is_none_ends_the_run(
    plan: Path, steps: tuple[Step, ...], said: str, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if any(isinstance(step, Hang | Drip) for step in steps):
        monkeypatch.setattr(server_limits, "QUESTION_SECONDS", 0.5)
    with web_server(script(**{verb: steps})) as server:
        done = publish(plan, server.url)

    assert (done.code, done.out, said in done.err) == (2, "", True), done.err
    assert "PUT" not in server.verbs()
    assert server.said < SOME


MORE = f"<response>{an_object('x' * 900)}</response>" * 100


@pytest.mark.parametrize("headers", [{}, {"Content_Encoding": "gzip"}, {"Content_Encoding": "X-GZIP"}, CHUNKED])
def test_an_answer_that_is_packed_or_in_chunks_is_read(plan: Path, headers: dict[str, str]) -> None:
    body = (HEAD + MORE.replace("/cal/one", "/cal/theirs") + "</multistatus>").encode()
    data = packed(body) if "Content_Encoding" in headers else body
    chunks = [data[at : at + 1000] for at in range(0, len(data), 1000)]
    data = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in (*chunks, b"")) if headers is CHUNKED else data
    with web_server(script(REPORT=answer(207, data, **headers))) as server:
        done = publish(plan, server.url)

    assert (done.code, server.verbs().count("PUT")) == (0, 2), done.err
    assert server.connections == 1
    assert {one["accept-encoding"] for one in server.headers} == {"gzip"}


def test_a_connection_that_has_ended_is_opened_again(plan: Path) -> None:
    with web_server(script(PUT=answer(201, Connection="close"))) as server:
        done = publish(plan, server.url)

    assert (done.code, server.verbs().count("PUT"), server.connections) == (0, 2, 2)


def test_what_comes_after_an_answer_is_no_answer_to_the_next_question(plan: Path) -> None:
    refusal = answer(507)
    with web_server(script(REPORT=EMPTY + refusal * 2000)) as server:
        done = publish(plan, server.url)

    assert (done.code, server.verbs().count("PUT")) == (0, 2), done.err


# What nobody needs is not read.


@LOGGED_IN
@pytest.mark.parametrize("verb", ["PROPFIND", "REPORT", "PUT"])
@pytest.mark.parametrize("packing", ["", "gzip"])
@pytest.mark.parametrize(
    ("status", "header"),
    [
        (301, {"Location": "/cal/"}),
        (307, {"Location": "/cal/x"}),
        (401, {"WWW_Authenticate": 'Digest realm="x", nonce="y", qop="auth"'}),
        (401, {"WWW_Authenticate": 'Basic realm="x"'}),
        (500, {}),
        (412, {}),
    ],
)
def test_a_body_that_is_not_needed_is_not_read(
    plan: Path, verb: str, status: int, header: dict[str, str], packing: str
) -> None:
    more = {"Content_Encoding": packing} if packing else {}
    steps = (answer(status, Content_Length=str(2 * 10**9), **header, **more), Flood(data=b"x" * 65536))
    with web_server(script(**{verb: steps})) as server:
        done = publish(plan, server.url)

    assert done.code in {1, 2}
    assert server.said < SOME * (server.connections + 1)
    assert server.connections <= 2 * (server_limits.MOST_STEPS + 1)


# Challenges.

CHALLENGES: dict[str, tuple[str, list[tuple[str, dict[str, str]]]]] = {
    "": ("", []),
    "one": ('Basic realm="x"', [("basic", {"realm": "x"})]),
    "a word in a realm": ('Basic realm="Weekly Digest"', [("basic", {"realm": "Weekly Digest"})]),
    "a scheme in a realm": ('Basic realm="a, Digest realm=b"', [("basic", {"realm": "a, Digest realm=b"})]),
    "two": ('Negotiate, Basic realm="x"', [("negotiate", {}), ("basic", {"realm": "x"})]),
    "two with parameters": (
        'Digest realm="x", nonce="y" , Basic realm=z',
        [("digest", {"realm": "x", "nonce": "y"}), ("basic", {"realm": "z"})],
    ),
    "a token": ("NTLM TlRMTVNTUAAC==, Basic", [("ntlm", {}), ("basic", {})]),
    "a quote in a quote": (r'Basic realm="a\"b\\c"', [("basic", {"realm": 'a"b\\c'})]),
    "commas": (", ,Basic  realm = x,, ,", [("basic", {"realm": "x"})]),
    "capitals": ('BASIC Realm="X"', [("basic", {"realm": "X"})]),
    "twice": ('Basic realm="a", realm="b"', [("basic", {"realm": "a"})]),
    "cut off": ('Digest nonce="y", realm="x', [("digest", {"nonce": "y"})]),
    "a line end": ('Digest nonce="y", realm="x\r\ny", qop=auth', [("digest", {"nonce": "y"})]),
    "no scheme": ('realm="x"', []),
    "an equals sign": ("=", []),
    "a semicolon": ('Basic; realm="x"', []),
    "letters beyond": ("Bäsic realm=x", []),
    "after what is broken": ('Basic realm="x" y, Digest nonce=z', [("basic", {})]),
}


@pytest.mark.parametrize(("text", "found"), CHALLENGES.values(), ids=CHALLENGES)
def test_challenges_are_read_by_their_grammar(text: str, found: list[tuple[str, dict[str, str]]]) -> None:
    assert [(one.scheme, dict(one.parameters)) for one in read_challenges(text)] == found


TOKENS = st.text("abcXYZ019-_.~", min_size=1, max_size=8)
VALUES = st.text('ab ,="\\;Digest', max_size=12)


@given(st.lists(st.tuples(TOKENS, st.dictionaries(TOKENS.map(str.lower), VALUES, max_size=3)), max_size=4))
def test_challenges_that_were_written_are_read_back(offered: list[tuple[str, dict[str, str]]]) -> None:
    def quoted(value: str) -> str:
        return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'

    text = ", ".join(
        f"{scheme} {', '.join(f'{name}={quoted(value)}' for name, value in parameters.items())}".strip()
        for scheme, parameters in offered
    )
    assert read_challenges(text) == tuple(
        Challenge(scheme=scheme.lower(), parameters=parameters) for scheme, parameters in offered
    )


@given(st.text('Basic Digest ,="\\\n\x00é/+', max_size=60))
def test_anything_is_read_as_challenges_without_an_error(text: str) -> None:
    for one in read_challenges(text):
        assert one.scheme.isascii()


@pytest.mark.parametrize("size", [5_000, 10_000])
def test_a_challenge_of_any_length_is_read_in_one_go(size: int) -> None:
    """Work that grew faster than the text would take minutes here."""
    for part in ('a="', "a,", "a=b,", 'a="\\', " ", "a ", "=", '"'):
        assert len(read_challenges("Basic " + part * (size * 10))) <= size * 10 + 1


LOGINS: dict[str, tuple[str, str]] = {
    "Basic": ('Basic realm="x"', "Basic"),
    "the word Digest": ('Basic realm="Weekly Digest"', "Basic"),
    "Digest and Basic": ('Basic realm="x", Digest realm="x", nonce="y", qop="auth-int, auth"', "Digest"),
    "a Digest of old": ('Digest realm="x", nonce="y"', "Digest"),
    "an unknown Digest and Basic": ('Digest realm="x", nonce="y", algorithm=SHA-512, Basic realm="x"', "Basic"),
    "a Digest without a nonce and Basic": ('Digest realm="x", Basic realm="x"', "Basic"),
    "Negotiate and Basic": ("Negotiate, Basic", "Basic"),
    "nothing": ("", ""),
    "Bearer": ('Bearer realm="x", error="Digest"', ""),
    "Negotiate": ("Negotiate", ""),
    "a session without qop": ('Digest realm="x", nonce="y", algorithm=MD5-sess', ""),
    "Digest alone": ("Digest", ""),
    "Digest by halves": ('Digest realm="x", nonce="y', ""),
    "Digest with another qop": ('Digest realm="x", nonce="y", qop="auth-int"', ""),
    "basically": ('Basically realm="x"', ""),
    "control characters": ("Digest\x01", ""),
}


@LOGGED_IN
@pytest.mark.parametrize(("text", "scheme"), LOGINS.values(), ids=LOGINS)
def test_a_password_goes_out_only_in_a_way_that_was_asked_for(plan: Path, text: str, scheme: str) -> None:
    asked = answer(401, **({"WWW_Authenticate": text} if text else {}))
    with web_server({**USUAL, "PROPFIND": [[asked], [FOUND]]}) as server:
        done = publish(plan, server.url)
    known = [headers.get("authorization", "").partition(" ")[0] for headers in server.headers]

    assert known == (["", *[scheme] * 4] if scheme else [""])
    assert (done.code, "that is neither Basic nor Digest" in done.err) == (
        2 * (not scheme),
        not scheme,
    )


@LOGGED_IN
def test_several_headers_are_one_list_of_challenges(plan: Path) -> None:
    asked = (
        b"HTTP/1.1 401 X\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
    )
    with web_server({**USUAL, "PROPFIND": [[asked], [FOUND]]}) as server:
        assert publish(plan, server.url).code == 0
    assert server.headers[1]["authorization"].startswith("Basic ")


@LOGGED_IN
@pytest.mark.parametrize("text", ['Basic realm="x"', 'Digest realm="x", nonce="y", stale=true'])
@pytest.mark.parametrize("verb", ["PROPFIND", "REPORT", "PUT"])
def test_a_server_that_asks_for_a_password_for_ever_gets_it_once_a_question(plan: Path, text: str, verb: str) -> None:
    with web_server(script(**{verb: answer(401, WWW_Authenticate=text)})) as server:
        done = publish(plan, server.url)

    assert done.code == 2
    assert "does not know this user and password (401)" in done.err
    assert server.verbs().count(verb) == 2


@LOGGED_IN
def test_a_password_that_is_refused_later_is_not_sent_again(plan: Path) -> None:
    asked = answer(401, WWW_Authenticate="Basic realm=x")
    with web_server({**USUAL, "PROPFIND": [[asked], [FOUND]], "REPORT": [[asked]]}) as server:
        done = publish(plan, server.url)

    assert "does not know this user and password (401)" in done.err
    assert server.verbs() == ["PROPFIND", "PROPFIND", "REPORT"]


@LOGGED_IN
@pytest.mark.parametrize(
    ("algorithm", "qop"),
    [
        *[(algorithm, "auth") for algorithm in ("MD5", "SHA-256", "md5-sess", "SHA-256-sess", "")],
        *[(algorithm, "") for algorithm in ("MD5", "SHA-256", "")],
    ],
)
def test_a_digest_proves_the_password_by_rfc_7616(plan: Path, algorithm: str, qop: str) -> None:
    """The proof is checked by the formulas of the RFC, each request with the nonce that was given last."""
    extra = (f", algorithm={algorithm}" if algorithm else "") + (f', qop="{qop}"' if qop else "")
    asked = [
        answer(401, WWW_Authenticate=f'Digest realm="Rät \\"x\\"", nonce="n{n}", opaque="o"{extra}') for n in (1, 2)
    ]
    with web_server({**USUAL, "PROPFIND": [[asked[0]], [FOUND]], "REPORT": [[asked[1]], [EMPTY]]}) as server:
        assert publish(plan, server.url).code == 0

    def digest(*parts: str) -> str:
        function = hashlib.sha256 if "SHA" in algorithm else hashlib.md5
        return function(":".join(parts).encode()).hexdigest()

    assert "authorization" not in server.headers[0]
    nonces = ["n1", "n1", "n2", "n2", "n2"]
    for line, headers, nonce in zip(server.asked[1:], server.headers[1:], nonces, strict=True):
        (one,) = read_challenges(headers["authorization"].encode("latin-1").decode())
        said = one.parameters
        method, path, _ = line.split(" ")
        secret = digest(USER, 'Rät "x"', PASSWORD)
        if algorithm.endswith("-sess"):
            secret = digest(secret, nonce, said["cnonce"])
        middle = [said["nc"], said["cnonce"], "auth"] if qop else []
        assert (said["username"], said["realm"], said["nonce"], said["opaque"]) == (USER, 'Rät "x"', nonce, "o")
        assert said["uri"] == path
        assert said["response"] == digest(secret, nonce, *middle, digest(method, path))


def test_a_user_cannot_write_headers() -> None:
    header = Digest(Login(user='a", realm="b\\', password=PASSWORD), {"realm": "r", "nonce": "n"}).header("GET", "/")

    ((_, said),) = [(one.scheme, one.parameters) for one in read_challenges(header.decode())]
    assert (said["username"], said["realm"]) == ('a", realm="b\\', "r")


# Lists.

TEXT = after(series_of(count=1)).data().decode()
TODO = TEXT.replace("VEVENT", "VTODO")
AT = "/cal/one.ics"


def of_ours(**more: str | None) -> Answer:
    return listed(an_object(TEXT, **more))  # type: ignore[arg-type]  # href is never None


ADDRESS = "lists an object at an invalid address"
OUTSIDE = "lists objects that are not in the calendar"
HREFS = {
    "http://[": ADDRESS,
    "http://[::1/cal/one.ics": ADDRESS,
    "http://127.0.0.1:port/cal/one.ics": ADDRESS,
    "http://user:pass@127.0.0.1/cal/one.ics": ADDRESS,
    "//user@127.0.0.1/cal/one.ics": ADDRESS,
    "http://a b/cal/one.ics": ADDRESS,
    "http://a..b/cal/one.ics": ADDRESS,
    "ftp://127.0.0.1/cal/one.ics": ADDRESS,
    "file:///cal/one.ics": ADDRESS,
    "javascript:alert(1)": ADDRESS,
    "/cal/one.ics?x=1": ADDRESS,
    "/cal/one.ics#x": ADDRESS,
    "/cal/a\nb.ics": ADDRESS,
    "/cal/a\tb.ics": ADDRESS,
    "/cal/a%0Db.ics": ADDRESS,
    "/cal/a%00b.ics": ADDRESS,
    "/cal/a%250Ab.ics": ADDRESS,
    "/cal/\u0085.ics": ADDRESS,
    "/cal/../b/x.ics": OUTSIDE,
    "../b/x.ics": OUTSIDE,
    "/cal/%2e%2e/b/x.ics": ADDRESS,
    "/cal/%2E./b/x.ics": ADDRESS,
    "/cal/.%2e/b/x.ics": ADDRESS,
    "/cal/%252e%252e/b/x.ics": ADDRESS,
    "/cal/..%2fb%2fx.ics": ADDRESS,
    "/cal/..%5cb%5cx.ics": ADDRESS,
    "/cal/%2e/one.ics": ADDRESS,
    "/cal\\one.ics": ADDRESS,
    "\\\\127.0.0.1\\cal\\one.ics": ADDRESS,
    "/cal/" + "x" * 2000: ADDRESS,
    "/calendar/one.ics": OUTSIDE,
    "/other/cal/one.ics": OUTSIDE,
    "/cal": OUTSIDE,
    "/cal/": OUTSIDE,
    "/%63al": OUTSIDE,
    "/": OUTSIDE,
    "http://127.0.0.1": OUTSIDE,
    "//cal/one.ics": OUTSIDE,
}


@pytest.mark.parametrize(("href", "said"), HREFS.items())
def test_a_place_that_no_object_has_is_refused(plan: Path, href: str, said: str) -> None:
    with web_server(script(REPORT=lists(of_ours(href=href.replace("&", "&amp;")).body))) as server:
        done = publish(plan, server.url)

    assert (done.code, said in done.err) == (2, True), done.err
    assert "PUT" not in server.verbs()


@pytest.mark.parametrize(
    ("href", "path"),
    [
        (AT, AT),
        ("one.ics", AT),
        ("/cal/./one.ics", AT),
        ("//inner.example.org/cal/one.ics", AT),
        ("https://inner.example.org:8443/cal/one.ics", AT),
        ("/%63al/one.ics", "/%63al/one.ics"),
        ("/cal/a b.ics", "/cal/a%20b.ics"),
        ("/cal/ä.ics", "/cal/%C3%A4.ics"),
        ("/cal/a%5Cb...ics", "/cal/a%5Cb...ics"),
        ("/cal/100%25.ics", "/cal/100%25.ics"),
        ("/cal/..one.ics", "/cal/..one.ics"),
    ],
)
def test_a_place_in_the_calendar_is_written_to_as_the_server_writes_it(plan: Path, href: str, path: str) -> None:
    with web_server(script(REPORT=lists(of_ours(href=href).body))) as server:
        assert publish(plan, server.url).code == 0

    assert next(line.split(" ")[1] for line in server.asked if line.startswith("PUT")) == path


VERSION = "a version (ETag) that HTTP does not allow"
ETAGS = {
    None: "no version (ETag) that others could change",
    "": "no version (ETag) that others could change",
    "1": VERSION,
    '"1': VERSION,
    '1"': VERSION,
    '"': VERSION,
    '"a"b"': VERSION,
    '"a\nb"': VERSION,
    '"a\r\nX: y"': VERSION,
    '"a b"': VERSION,
    '"é"': VERSION,
    "'1'": VERSION,
    'w/"1"': VERSION,
    '"1", "2"': VERSION,
    "*": VERSION,
    '"' + "x" * 1000 + '"': VERSION,
    'W/"1"': "weak ETags",
}


@pytest.mark.parametrize(("etag", "said"), ETAGS.items())
def test_a_version_that_is_none_is_refused_before_anything_is_written(plan: Path, etag: str | None, said: str) -> None:
    with web_server(script(REPORT=lists(of_ours(etag=etag).body))) as server:
        done = publish(plan, server.url)

    assert (done.code, said in done.err) == (2, True), done.err
    assert "PUT" not in server.verbs()


def status(text: str) -> Answer:
    return listed(f"<href>{AT}</href><status>{text}</status>")


def far(year: str, zone: str) -> Answer:
    """An object of ours in a year that only the calendar of mathematics has."""
    start = f"DTSTART{zone}:{year}1230T160000{'' if zone else 'Z'}"
    return listed(
        an_object(
            re.sub(
                r"DTSTART.*\r\n(?=DTEND)",
                f"{start}\r\n",
                re.sub(r"DTEND.*\r\n", f"{start.replace('START', 'END')}\r\n", TEXT),
            )
        )
    )


LISTS = {
    "a status of many digits": (status("HTTP/1.1 " + "4" * 5000), "leaves a part of the calendar out (status unknown)"),
    "a status of letters": (status("HTTP/1.1 OK"), "leaves a part of the calendar out (status unknown)"),
    "a status of wide digits": (
        status("HTTP/1.1 \uff14\uff10\uff14 x"),
        "leaves a part of the calendar out (status unknown)",
    ),
    "an empty status": (status(""), "leaves a part of the calendar out (status unknown)"),
    "a status without a version": (status("404"), "leaves a part of the calendar out (status unknown)"),
    "cut short": (status("HTTP/1.1 507 Insufficient Storage"), "leaves a part of the calendar out (status 507)"),
    "no place": (listed("<status>HTTP/1.1 200 OK</status>"), "lists a resource without its place"),
    "our UID in a task": (listed(an_object(TODO)), "which is not an event"),
    "our UID in an alarm": (
        listed(an_object("BEGIN:VCALENDAR\nBEGIN:VALARM\nUID:demo-20260303@example.org\nEND:VALARM\nEND:VCALENDAR\n")),
        "has a UID of this meeting and no event",
    ),
    "our UID in a zone": (
        listed(
            an_object("BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nUID:demo-slot1@example.org\nEND:VTIMEZONE\nEND:VCALENDAR\n")
        ),
        "/cal/one.ics ",
    ),
    "our UID and nothing": (listed(an_object("UID:demo-20260303@example.org")), "/cal/one.ics "),
    "our UID in the calendar itself": (
        listed(an_object("BEGIN:VCALENDAR\nUID:demo-20260303@example.org\nEND:VCALENDAR\n")),
        "/cal/one.ics ",
    ),
    "a huge object of ours": (listed(an_object(TEXT + " " * 5000)), "is an object of more than 0 MiB with a UID of"),
    "the last year": (far("9999", ";TZID=Europe/Berlin"), "/cal/one.ics "),
    "the last year in UTC": (far("9999", ""), "/cal/one.ics "),
    "the first year": (far("0001", ";TZID=Asia/Tokyo"), "/cal/one.ics "),
    "the year 3000": (far("3000", ";TZID=America/New_York"), "/cal/one.ics "),
    "deep": (listed("<a>" * 40 + "</a>" * 40), "more than 32 elements deep"),
    "many elements": (listed("<a/>" * 3000), "XML of more than 2000 elements"),
    "many objects": (listed(*[f"<href>/cal/{n}</href>" for n in range(1500)]), "XML of more than 2000 elements"),
    "a long tag": (listed("<a " + "x='' " * 4000 + "/>"), "XML that cannot be read"),
    "no end": (Answer(status=207, headers={}, body=HEAD.encode()), "XML that cannot be read"),
    "an unknown encoding": (
        Answer(status=207, headers={}, body=b'<?xml version="1.0" encoding="x-none"?><a/>'),
        "XML that cannot be read",
    ),
    "an encoding of many bytes": (
        Answer(status=207, headers={}, body=b'<?xml version="1.0" encoding="shift_jis"?><a/>'),
        "XML that cannot be read",
    ),
    "control characters": (listed(an_object("\x01")), "XML that cannot be read"),
    "entities in entities": (
        Answer(
            status=207,
            headers={},
            body=b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><multistatus xmlns="DAV:">&c;</multistatus>',
        ),
        "XML that cannot be read",
    ),
    "an entity from elsewhere": (
        Answer(
            status=207,
            headers={},
            body=b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><multistatus xmlns="DAV:">&b;</multistatus>',
        ),
        "XML that cannot be read",
    ),
}


@pytest.mark.parametrize(("found", "said"), LISTS.values(), ids=LISTS)
def test_a_list_that_cannot_be_worked_with_is_refused_before_anything_is_written(
    plan: Path, found: Answer, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_limits, "XML_ELEMENTS", 2000)
    monkeypatch.setattr(server_limits, "OBJECT_LETTERS", 5000)
    with web_server(script(REPORT=lists(found.body))) as server:
        done = publish(plan, server.url)

    assert (done.code, done.out, said in done.err) == (2, "", True), done.err
    assert "PUT" not in server.verbs()


@pytest.mark.parametrize("part", ["<{}/>", "<a {}=''/>", "<!--{}-->", "<?{}?>", "<a x='{}'/>"])
def test_a_tag_without_an_end_is_not_read_to_it(part: str) -> None:
    long = f"{HEAD}{part.format('x' * 1_000_000)}</multistatus>"
    with pytest.raises(InvalidValue, match="a tag of more than 256 KiB"):
        read_multistatus(long.encode())


@pytest.mark.parametrize("text", ["x" * 1_000_000, "<![CDATA[" + "<" * 1_000_000 + "]]>", "&lt;" * 300_000])
def test_a_text_of_any_length_is_no_tag(text: str) -> None:
    found = read_multistatus(
        listed(f"<href>/x</href><propstat><prop><C:calendar-data>{text}</C:calendar-data></prop>{OK}</propstat>").body
    )

    assert len(found[0].text or "") in {1_000_000, 300_000}


def test_a_uid_line_of_blanks_is_read_in_one_go(plan: Path) -> None:
    """Work that grew faster than the line would take minutes here."""
    text = "BEGIN:VCALENDAR\r\nUID:" + " " * 150_000 + "x\r\nEND:VCALENDAR\r\n"
    with web_server(script(REPORT=lists(listed(an_object(text, href="/cal/theirs.ics")).body))) as server:
        assert publish(plan, server.url).code == 0


def test_all_objects_are_made_before_the_first_is_written(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def make(event: Event) -> bytes:
        made.append(event.uid)
        if len(made) == 2:
            raise UnusableEdition("cannot be written")
        return b""

    monkeypatch.setattr("mag_rotation.publish.caldav.write_object", make)
    with web_server(USUAL) as server:
        done = publish(plan, server.url)

    assert (done.code, len(made), "PUT" in server.verbs()) == (2, 2, False)


# Redirections.

REDIRECTIONS: dict[str, tuple[str, str]] = {
    "nowhere": ("", "redirects without an end"),
    "round": ("/cal/", "redirects without an end"),
    "no URL": ("http://[", "leads to what is no URL"),
    "no port": ("http://127.0.0.1:99999/", "leads to what is no URL"),
    "a user": ("http://user:pass@127.0.0.1/cal/", "to another server, http://127.0.0.1;"),
    "a query": ("/login?next=/cal/", "redirects to an address with a query or a user"),
    "up": ("/cal/%2e%2e/", "leads to what is no URL"),
    "a backslash": ("\\\\other.example.org\\", "leads to what is no URL"),
    "a control character": ("/cal/%0d%0aX:y", "leads to what is no URL"),
    "too long": ("/" + "x" * 2000, "leads to what is no URL"),
    "another host": ("http://other.example.org/cal/", "to another server, http://other.example.org;"),
    "another port": ("http://127.0.0.1:1/cal/", "to another server, http://127.0.0.1:1;"),
    "another scheme": ("https://127.0.0.1/cal/", "to another server, https://127.0.0.1;"),
    "another name of it": ("http://localhost/cal/", "to another server, http://localhost;"),
}


@LOGGED_IN
@pytest.mark.parametrize(("place", "said"), REDIRECTIONS.values(), ids=REDIRECTIONS)
def test_a_redirection_stays_on_the_server(plan: Path, place: str, said: str) -> None:
    with web_server(script(PROPFIND=answer(302, Location=place))) as server:
        done = publish(plan, server.url)

    assert (done.code, said in done.err) == (2, True), done.err
    assert len(server.asked) <= server_limits.MOST_STEPS
    assert "pass" not in done.err


def test_a_redirection_with_a_user_is_not_followed(plan: Path) -> None:
    answers = dict(USUAL)
    with web_server(answers) as server:
        answers["PROPFIND"] = [[answer(302, Location=server.url.replace("//", "//user:pass@"))]]
        done = publish(plan, server.url)

    assert (done.code, len(server.asked)) == (2, 1)
    assert "redirects to an address with a query or a user" in done.err
    assert "pass" not in done.err


@pytest.mark.parametrize("place", ["/other/x.ics", "/cal", "/", "/cal/"])
def test_an_object_is_not_redirected_out_of_the_calendar(plan: Path, place: str) -> None:
    with web_server(script(PUT=answer(307, Location=place))) as server:
        done = publish(plan, server.url)

    assert (done.code, server.verbs().count("PUT")) == (2, 1)
    assert "redirects an object to a place that is not in the calendar" in done.err


# Addresses.

WRONG_URLS = [
    "https://cal.example.org/a/../b/",
    "https://cal.example.org/a/%2e%2e/b/",
    "https://cal.example.org/./",
    "https://cal.example.org\\@evil.example.org/",
    "https://cal.example.org/a\nb/",
    "https://cal.example.org/a\tb/",
    "https://cal.example.org/%0a/",
    "https://cal example.org/",
    "https://a..b/",
    "https://cal.example.org/" + "x" * 2000,
    "https://:443/",
    "https://user@cal.example.org/",
    "https://user:@cal.example.org/",
    "https://@cal.example.org/",
    "http://127.0.0.1.example.org/",
    "http://localhost.example.org/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://10.0.0.1/",
]


@pytest.mark.parametrize("url", WRONG_URLS)
def test_an_address_that_is_none_or_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue):
        parse_calendar_url(url)


# Proxies, and what else is in the environment.


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Record]:
    """A proxy that the environment names for everything."""
    with web_server({}) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{server.host}:{server.port}")
        yield server


@LOGGED_IN
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "LOCALHOST"])
def test_no_proxy_sees_what_goes_to_this_machine(plan: Path, proxy: Record, host: str) -> None:
    asked = answer(401, WWW_Authenticate="Basic realm=x")
    with web_server({**USUAL, "PROPFIND": [[asked], [FOUND]]}) as server:
        done = publish(plan, server.url.replace("127.0.0.1", host))

    assert (done.code, proxy.connections) == (0, 0)


@LOGGED_IN
@pytest.mark.usefixtures("proxy")
def test_no_proxy_sees_what_goes_out_in_the_clear(plan: Path, proxy: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has a name of another machine here, and is on this one."""
    lookup = socket.getaddrinfo
    monkeypatch.setattr("socket.getaddrinfo", lambda _host, port, **more: lookup("127.0.0.1", port, **more))
    asked = answer(401, WWW_Authenticate="Basic realm=x")
    with web_server({**USUAL, "PROPFIND": [[asked], [FOUND]]}) as server:
        done = publish(plan, server.url.replace("127.0.0.1", "cal.example.org"), "--insecure-http")

    assert (done.code, proxy.connections) == (0, 0), done.err
    assert server.headers[0]["host"] == f"cal.example.org:{server.port}"


PROXIES: dict[str, tuple[dict[str, str], str, tuple[str, int] | None]] = {
    "for https": ({"HTTPS_PROXY": "http://p:3128"}, "cal.example.org", ("p", 3128)),
    "without a scheme": ({"https_proxy": "p:3128"}, "cal.example.org", ("p", 3128)),
    "without a port": ({"HTTPS_PROXY": "http://p"}, "cal.example.org", ("p", 80)),
    "for all": ({"ALL_PROXY": "http://p:3128"}, "cal.example.org", ("p", 3128)),
    "https before all": ({"ALL_PROXY": "http://q:1", "HTTPS_PROXY": "http://p:2"}, "cal.example.org", ("p", 2)),
    "for http alone": ({"HTTP_PROXY": "http://p:3128"}, "cal.example.org", None),
    "none": ({}, "cal.example.org", None),
    "empty": ({"HTTPS_PROXY": ""}, "cal.example.org", None),
    "this machine": ({"HTTPS_PROXY": "http://p:1"}, "localhost", None),
    "this machine by number": ({"HTTPS_PROXY": "http://p:1"}, "127.8.8.8", None),
    "this machine in IPv6": ({"HTTPS_PROXY": "http://p:1"}, "::1", None),
    "this machine mapped": ({"HTTPS_PROXY": "http://p:1"}, "::ffff:127.0.0.1", None),
    "but not all": ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "cal.example.org", None),
    "but not one": ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.org, cal.example.org"}, "cal.example.org", None),
    "but not a domain": ({"HTTPS_PROXY": "http://p:1", "no_proxy": ".example.org"}, "cal.example.org", None),
    "but not a port": ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "cal.example.org:443"}, "cal.example.org", None),
    "but not another port": (
        {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "cal.example.org:8443"},
        "cal.example.org",
        ("p", 1),
    ),
    "but not a network": ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "x, 10.0.0.0/8"}, "10.1.2.3", None),
    "but not a network of IPv6": (
        {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "[2001:db8::]/32,fd00::/8"},
        "fd00::1",
        None,
    ),
    "another domain": ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "ample.org"}, "cal.example.org", ("p", 1)),
    "another network": ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, "11.1.2.3", ("p", 1)),
}


@pytest.mark.parametrize(("environment", "host", "found"), PROXIES.values(), ids=PROXIES)
def test_a_proxy_is_found_by_the_rules_of_the_environment(
    environment: dict[str, str], host: str, found: tuple[str, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = find_proxy(host, 443)

    assert (None if proxy is None else (proxy.host, proxy.port)) == found


@pytest.mark.parametrize("url", ["https://p:1", "socks5://p:1", "http://", "http://[", "http://p:port", "file:///x"])
def test_a_proxy_of_another_kind_is_told_about(url: str, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url)
    with pytest.raises(UnusableAnswer, match="is not written as http://host:port"):
        find_proxy("cal.example.org", 443)
    done = publish(plan, "https://cal.example.org/cal/")
    assert (done.code, "is not written as http://host:port" in done.err) == (2, True)


@contextmanager
def tunnel(script: Script, certificate: tuple[Path, Path]) -> Iterator[tuple[Record, Record]]:
    """A proxy that makes a tunnel to a calendar server with TLS, and that server."""
    with web_server(script, context=context_of(certificate)) as server:

        def connect(connection: Connection) -> None:
            head = connection.read_to(b"\r\n\r\n").decode().split("\r\n")
            connection.record.asked.append(head[0])
            connection.record.headers.append(dict(line.lower().split(": ", 1) for line in head[1:] if line))
            connection.line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with socket.create_connection((server.host, server.port)) as there:
                back = threading.Thread(target=pump, args=(there, connection.line, connection.record), daemon=True)
                back.start()
                pump(connection.line, there, connection.record)
                back.join(LONGEST_SECONDS)

        with listening({}, connect, None) as proxy:
            yield proxy, server


def pump(source: socket.socket, target: socket.socket, record: Record) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            record.taken.append(data)
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@LOGGED_IN
def test_a_proxy_sees_the_name_of_a_server_and_what_is_encrypted(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "cal.example.org")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    asked = answer(401, WWW_Authenticate="Basic realm=x")
    with tunnel({**USUAL, "PROPFIND": [[asked], [FOUND]]}, certificate) as (proxy, server):
        monkeypatch.setenv("HTTPS_PROXY", f"http://gate:k%65y@{proxy.host}:{proxy.port}")
        done = publish(plan, "https://cal.example.org/cal/")

    assert (done.code, proxy.asked) == (0, ["CONNECT cal.example.org:443 HTTP/1.1"]), done.err
    gate = base64.b64encode(b"gate:key").decode()
    assert proxy.headers == [{"host": "cal.example.org:443", "proxy-authorization": f"basic {gate.lower()}"}]
    assert server.verbs() == ["PROPFIND", "PROPFIND", "REPORT", "PUT", "PUT"]
    assert not [headers for headers in server.headers if "proxy-authorization" in headers]
    for secret in (b"Authorization", b"PROPFIND", base64.b64encode(f"{USER}:{PASSWORD}".encode())):
        assert secret not in b"".join(proxy.taken)


REFUSING: dict[str, tuple[tuple[Step, ...], str]] = {
    "407": ((answer(407),), "of the environment, which answers with status 407"),
    "403 and a long body": ((answer(403, Content_Length="9" * 9), Flood(data=b"x" * 4096)), "answers with status 403"),
    "no HTTP": ((b"hello\r\n\r\n",), "does not answer in HTTP"),
    "cut": ((Cut(),), "cannot be reached, or the connection was cut"),
    "silent": ((Hang(),), "gave no answer in time"),
    "headers": ((b"HTTP/1.1 200 X\r\n", Flood(data=b"X: " + b"y" * 60_000 + b"\r\n")), "cannot be reached"),
    "no TLS behind it": ((answer(200), b"hello"), "it does not speak TLS as this program does"),
}


@LOGGED_IN
@pytest.mark.parametrize(("steps", "said"), REFUSING.values(), ids=REFUSING)
def test_a_proxy_that_does_not_do_its_work_is_told_about(
    plan: Path, steps: tuple[Step, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if Hang() in steps:
        monkeypatch.setattr(server_limits, "QUESTION_SECONDS", 0.5)
    with web_server({"CONNECT": [list(steps)]}) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://gate:secret@{server.host}:{server.port}")
        done = publish(plan, "https://cal.example.org/cal/")

    assert (done.code, said in done.err) == (2, True), done.err
    assert "secret" not in done.err.replace(USER, "")
    assert server.said < SOME
    assert not [headers for headers in server.headers if "authorization" in headers]


def test_certificates_that_are_not_there_are_told_about(
    plan: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "no").write_text("nothing")
    for name, place in (("REQUESTS_CA_BUNDLE", "nowhere"), ("CURL_CA_BUNDLE", tmp_path / "no")):
        with monkeypatch.context() as patched, web_server({}) as server:
            patched.setenv(name, str(place))
            done = publish(plan, server.url.replace("http:", "https:"))
        assert f"cannot be checked, because {name} does not name a file or a folder of certificates" in done.err


@LOGGED_IN
def test_a_folder_of_certificates_is_trusted(plan: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "localhost")
    name = subprocess.run(
        ["openssl", "x509", "-subject_hash", "-noout", "-in", certificate[0]],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / f"{name}.0").write_bytes(certificate[0].read_bytes())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder))
    with web_server(USUAL, context=context_of(certificate)) as server:
        done = publish(plan, f"https://localhost:{server.port}/cal/")

    assert done.code == 0, done.err
    assert server.connections == 1


@pytest.mark.parametrize("name", [".netrc", "_netrc"])
def test_the_netrc_of_the_user_is_never_looked_at(
    plan: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / name
    netrc.write_text(f"machine 127.0.0.1\nlogin other\npassword {PASSWORD}\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    with web_server(script(PROPFIND=answer(401, WWW_Authenticate="Basic realm=x"))) as server:
        done = publish(plan, server.url)

    assert (done.code, server.verbs()) == (2, ["PROPFIND"])
    assert "authorization" not in server.headers[0]


# Names that nobody looks up.


@pytest.fixture
def slow_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A resolver that answers nothing until the test is over; the names that it was asked for."""
    over, asked = threading.Event(), list[str]()

    def hang(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        over.wait(LONGEST_SECONDS)
        return []

    monkeypatch.setattr("socket.getaddrinfo", hang)
    monkeypatch.delenv("NO_PROXY", raising=False)
    yield asked
    over.set()


@pytest.mark.parametrize("limit", ["LOOKUP_SECONDS", "QUESTION_SECONDS"])
@pytest.mark.parametrize("proxy", [None, "proxy.example.org"])
def test_a_name_that_is_looked_up_for_ever_is_given_up_in_time(
    plan: Path, slow_names: list[str], limit: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_limits, limit, 0.2)
    if proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy}:3128")
    done = publish(plan, "https://cal.example.org/council/")

    assert (done.code, done.out, "gave no answer in time" in done.err) == (2, "", True), done.err
    assert slow_names == [proxy or "cal.example.org"]


NO_ADDRESS: list[tuple[Exception | list[object], str]] = [
    (socket.gaierror(socket.EAI_NONAME, "unknown"), "cannot be reached"),
    (socket.gaierror(socket.EAI_AGAIN, "later"), "cannot be reached"),
    (UnicodeEncodeError("idna", "x", 0, 1, "label too long"), "does not answer in HTTP"),
    ([], "gave no answer in time"),
]


@pytest.mark.parametrize(("found", "said"), NO_ADDRESS, ids=range(len(NO_ADDRESS)))
def test_a_name_without_an_address_is_told_about(
    plan: Path, found: Exception | list[object], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_: object, **__: object) -> list[object]:
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    done = publish(plan, "https://cal.example.org/council/")

    assert (done.code, said in done.err) == (2, True), done.err
