"""HTTP with one untrusted server: requests, answers, logins and proxies, all with limits.

``http.client`` does the protocol; :class:`Wire` limits its time and size. Redirects are not followed here, and
passwords are not looked up.
"""

from __future__ import annotations

import os
import re
import ssl
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import md5, sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from secrets import token_hex
from socket import inet_aton, socket
from typing import cast
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from mag_rotation.limits import SERVER_ANSWER
from mag_rotation.publish import server_limits
from mag_rotation.publish.login import Login
from mag_rotation.publish.wire import AnswerTooLarge, Wire

__all__ = [
    "Challenge",
    "Digest",
    "HttpAnswer",
    "UnusableAnswer",
    "WebServer",
    "answer_challenges",
    "find_proxy",
    "is_this_machine",
    "read_challenges",
]

_CHUNK = 64 * 1024


class UnusableAnswer(ValueError):
    """An answer, or a proxy in the environment, that cannot be used; the reason calls the server "it"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpAnswer:
    """The answer of a server; ``body`` is decompressed, and empty unless it was wanted.

    ``location`` and ``challenges`` are the headers Location and WWW-Authenticate.
    """

    status: int
    body: bytes = b""
    location: str = ""
    challenges: str = ""


class WebServer:
    """A server at a host and a port, with one connection that is opened when it is needed."""

    __slots__ = ("_connection",)

    def __init__(self, host: str, port: int, *, is_tls: bool) -> None:
        self._connection = _Connection(host, port, is_tls=is_tls)

    def ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str | bytes], *, wanted: int, until: float
    ) -> HttpAnswer:
        """Return the server's answer by the time ``until``; the body of a status other than ``wanted`` is skipped.

        Raises :class:`OSError`, :class:`http.client.HTTPException` and :class:`ValueError`, after which the connection
        is closed.
        """
        try:
            wire = self._connection.open(until=until)
            self._connection.request(method, path, body, {"Accept-Encoding": "gzip", **headers})
            with self._connection.receive() as response:
                wire.expect(SERVER_ANSWER.most_bytes, until=until)
                found = _read_whole(response) if response.status == wanted else self._pass_over(response)
        except BaseException:
            self.close()
            raise
        return HttpAnswer(
            status=response.status,
            body=found,
            location=_decode_header(response.getheader("Location", "")),
            challenges=_decode_header(", ".join(response.headers.get_all("WWW-Authenticate", []))),
        )

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()

    def _pass_over(self, response: HTTPResponse) -> bytes:
        """Read a body that is not needed, so that the connection stays usable; close it if it is long or broken."""
        with suppress(OSError, HTTPException, ValueError):
            response.read(server_limits.REST_BYTES)
        if not response.isclosed():
            self.close()
        return b""


class _Connection(HTTPConnection):
    """A connection whose socket is a :class:`Wire`, through a proxy if the environment sets one."""

    auto_open = 0

    def __init__(self, host: str, port: int, *, is_tls: bool) -> None:
        super().__init__(host, port)
        self.default_port = 443 if is_tls else 80
        self._is_tls = is_tls
        self._wire: Wire | None = None

    def open(self, *, until: float) -> Wire:
        """Return the connection, a new one if there is none or the old one has ended."""
        if self._wire is None or self.sock is None or not self._wire.is_quiet():
            self.close()
            self._wire = self._connect(until)
            self.sock = cast("socket", self._wire)  # has of a socket what http.client asks for
        self._wire.expect(server_limits.HEAD_BYTES, until=until)
        return self._wire

    def receive(self) -> HTTPResponse:
        """Return receive the head of an answer."""
        try:
            return self.getresponse()
        except AnswerTooLarge:
            raise UnusableAnswer(f"answers with headers of more than {server_limits.HEAD_BYTES >> 10} KiB") from None

    def _connect(self, until: float) -> Wire:
        proxy = find_proxy(self.host, self.port) if self._is_tls else None
        wire = Wire(proxy.host if proxy else self.host, proxy.port if proxy else self.port, until=until)
        try:
            wire.expect(server_limits.HEAD_BYTES, until=until)
            if proxy:
                _open_tunnel(wire, proxy, self.host, self.port)
            if self._is_tls:
                wire.start_tls(_make_tls_context(), self.host)
        except BaseException:
            wire.close()
            raise
        return wire


def _decode_header(header: str) -> str:
    """Return a header as UTF-8, which http.client decodes as Latin-1."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace")


def _read_whole(response: HTTPResponse) -> bytes:
    """Return the decompressed body of an answer."""
    encoding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise UnusableAnswer("packs its answer in a way that was not asked for")
    most = SERVER_ANSWER.most_bytes
    too_much = UnusableAnswer(f"gives an answer that {SERVER_ANSWER.find_problem(most + 1)}")
    unpack = zlib.decompressobj(wbits=31) if encoding != "identity" else None
    parts: list[bytes] = []
    left = most
    try:
        while data := response.read(_CHUNK):
            part = unpack.decompress(data, left + 1) if unpack else data
            left -= len(part)
            if left < 0:
                raise too_much
            parts.append(part)
    except AnswerTooLarge:
        raise too_much from None
    if response.length or (unpack and not unpack.eof):
        raise IncompleteRead(b"")
    if unpack and unpack.unused_data:
        raise UnusableAnswer("sends more than the packed answer")
    return b"".join(parts)


def _make_tls_context() -> ssl.SSLContext:
    """Return a TLS context with the certificate authorities of the system, or those set in the environment."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        place = os.environ.get(name)
        if place:
            is_folder = Path(place).is_dir()
            try:
                return ssl.create_default_context(
                    cafile=None if is_folder else place, capath=place if is_folder else None
                )
            except OSError:
                raise UnusableAnswer(
                    f"cannot be checked, because {name} does not name a file or a folder of certificates"
                ) from None
    return ssl.create_default_context()


# Logging in.


@dataclass(frozen=True, kw_only=True, slots=True)
class Challenge:
    """One login method that a server offers (RFC 9110 11.6.1); names of ``parameters`` are in lower case."""

    scheme: str
    parameters: Mapping[str, str]


_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - the grammar's word
_NEXT = r"[ \t]*(?=,|$)"
_GAP = re.compile(r"[ \t,]*")
_SCHEME = re.compile(rf"({_TOKEN})(?:[ \t]+(?=[^ \t,])|{_NEXT})")
_PARAMETER = re.compile(
    rf'({_TOKEN})[ \t]*=[ \t]*(?:({_TOKEN})|"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[^\x00-\x08\x0a-\x1f\x7f])*)"){_NEXT}'
)
_TOKEN68 = re.compile(rf"[A-Za-z0-9._~+/-]+=*{_NEXT}")


def read_challenges(text: str) -> tuple[Challenge, ...]:
    """Return the login methods of a WWW-Authenticate header, as far as it can be read.

    >>> [one.scheme for one in read_challenges('Basic realm="Weekly Digest, old", Negotiate, digest realm="x"')]
    ['basic', 'negotiate', 'digest']
    >>> read_challenges('Basic realm="cut off')
    (Challenge(scheme='basic', parameters={}),)
    """
    return tuple(_parse_challenges(text))


def _parse_challenges(text: str) -> Iterator[Challenge]:
    scheme: str | None = None
    parameters: dict[str, str] = {}
    place = _skip_gap(text, 0)
    while place < len(text):
        pair = _PARAMETER.match(text, place) if scheme else None
        word = None if pair else _SCHEME.match(text, place)
        if pair:
            value = pair[2] if pair[3] is None else re.sub(r"\\(.)", r"\1", pair[3])
            parameters.setdefault(pair[1].lower(), value)
            place = pair.end()
        elif word:
            if scheme:
                yield Challenge(scheme=scheme, parameters=parameters)
            scheme, parameters = word[1].lower(), {}
            place = word.end()
            if not _PARAMETER.match(text, place) and (credential := _TOKEN68.match(text, place)):
                place = credential.end()
        else:
            break
        place = _skip_gap(text, place)
    if scheme:
        yield Challenge(scheme=scheme, parameters=parameters)


def _skip_gap(text: str, place: int) -> int:
    """Return the position after spaces and commas."""
    found = _GAP.match(text, place)
    return found.end() if found else place


class Digest:
    """A login that proves knowledge of a password without sending it (RFC 7616); the lowest ``rank`` is best."""

    __slots__ = ("_asked", "_count", "_hash", "_is_session", "_login", "_nonce", "rank")

    def __init__(self, login: Login, asked: Mapping[str, str]) -> None:
        """Use the parameters of a challenge; raises :class:`UnusableAnswer` if that is impossible."""
        algorithm = asked.get("algorithm", "MD5").upper()
        is_session = algorithm.endswith("-SESS")
        ways = asked.get("qop", "" if is_session else "auth").replace(" ", "").lower().split(",")
        if algorithm not in _HASHES or "auth" not in ways or not {"realm", "nonce"} <= asked.keys():
            raise UnusableAnswer("asks for a login by Digest that cannot be given")
        self.rank = list(_HASHES).index(algorithm)
        self._hash, self._is_session = _HASHES[algorithm], is_session
        self._asked, self._login = asked, login
        self._count = 0
        self._nonce = token_hex(16)

    def header(self, method: str, path: str) -> bytes:
        """Return the header for the next request.

        >>> Digest(Login(user="chair", password="p"), {"realm": "r", "nonce": "n"}).header("GET", "/")[:43]
        b'Digest username="chair", realm="r", nonce="'
        """
        asked, user, has_ways = self._asked, self._login.user, "qop" in self._asked
        self._count += 1
        count = f"{self._count:08x}"
        who = self._hash_parts(user, asked["realm"], self._login.password)
        if self._is_session:
            who = self._hash_parts(who, asked["nonce"], self._nonce)
        what = self._hash_parts(method, path)
        once = (asked["nonce"], count, self._nonce, "auth") if has_ways else (asked["nonce"],)
        parameters = {"username": user, "realm": asked["realm"], "nonce": asked["nonce"], "uri": path}
        parameters |= {name: asked[name] for name in ("opaque",) if name in asked}
        parameters["response"] = self._hash_parts(who, *once, what)
        parameters |= {"cnonce": self._nonce} if has_ways else {}
        words = {"algorithm": asked["algorithm"]} if "algorithm" in asked else {}
        words |= {"qop": "auth", "nc": count} if has_ways else {}
        parts = [f'{name}="{_escape(value)}"' for name, value in parameters.items()]
        return f"Digest {', '.join([*parts, *(f'{name}={word}' for name, word in words.items())])}".encode()

    def _hash_parts(self, *parts: str) -> str:
        return self._hash(":".join(parts).encode(), usedforsecurity=False).hexdigest()


_HASHES = {"SHA-256": sha256, "SHA-256-SESS": sha256, "MD5": md5, "MD5-SESS": md5}
"""The supported algorithms, the better ones first."""


def _escape(text: str) -> str:
    """Return a text for use between quotation marks."""
    return re.sub(r'(["\\])', r"\\\1", text)


def answer_challenges(login: Login, text: str) -> bytes | Digest:
    """Return a login by the safest offered method: the header for Basic, or a digest.

    Raises :class:`UnusableAnswer` if no offered method can be used.
    """
    offered = read_challenges(text)
    digests: list[Digest] = []
    for one in offered:
        if one.scheme == "digest":
            with suppress(UnusableAnswer):
                digests.append(Digest(login, one.parameters))
    if digests:
        return min(digests, key=lambda digest: digest.rank)
    if any(one.scheme == "basic" for one in offered):
        return b"Basic " + b64encode(f"{login.user}:{login.password}".encode())
    raise UnusableAnswer("asks for a login that is neither Basic nor Digest, or that cannot be read")


# Proxies.


@dataclass(frozen=True, kw_only=True, slots=True)
class Proxy:
    """A proxy that makes a tunnel; ``login`` is for the proxy only and is not shown."""

    host: str
    port: int
    login: Login | None = None


def find_proxy(host: str, port: int) -> Proxy | None:
    """Return the proxy of the environment for a TLS connection; None for this machine and hosts in NO_PROXY.

    Raises :class:`UnusableAnswer` if the environment names a proxy of another kind than http.
    """
    name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if is_this_machine(host) or proxy_bypass(name) or _is_in_exempt_network(host):
        return None
    named = getproxies()
    url = named.get("https") or named.get("all")
    if not url:
        return None
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        proxy_host, proxy_port = parts.hostname, parts.port or 80
    except ValueError:
        proxy_host = None
    if not proxy_host or parts.scheme != "http":
        raise UnusableAnswer(
            "cannot be reached, because the proxy in HTTPS_PROXY or ALL_PROXY is not written as http://host:port; "
            "correct it, or add the server to NO_PROXY"
        )
    user = unquote(parts.username or "")
    return Proxy(
        host=proxy_host,
        port=proxy_port,
        login=Login(user=user, password=unquote(parts.password or "")) if user else None,
    )


def is_this_machine(host: str) -> bool:
    """Return whether a name or an address is that of this machine, in any notation.

    >>> [is_this_machine(host) for host in ("localhost", "127.0.0.9", "::1", "127.1", "localhost.example.org")]
    [True, True, True, True, False]
    """
    address = _parse_address(host)
    return host.lower().rstrip(".") == "localhost" if address is None else address.is_loopback


def _parse_address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address in a host, with an IPv4 address inside IPv6 extracted; None for a name."""
    try:
        address = ip_address(host)
    except ValueError:
        try:
            return IPv4Address(inet_aton(host))  # the short forms that resolvers take, such as 127.1
        except (OSError, ValueError):
            return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def _is_in_exempt_network(host: str) -> bool:
    """Return whether NO_PROXY has a network that contains this address, such as ``10.0.0.0/8``.

    The standard library does not support networks there.
    """
    address = _parse_address(host)
    if address is None:
        return False
    for entry in (os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "").split(","):
        with suppress(ValueError):
            if address in ip_network(entry.strip().strip("[]"), strict=False):
                return True
    return False


def _open_tunnel(wire: Wire, proxy: Proxy, host: str, port: int) -> None:
    """Ask a proxy to forward everything to a server; the proxy only learns the server's name."""
    name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {name} HTTP/1.1", f"Host: {name}"]
    if proxy.login:
        known = b64encode(f"{proxy.login.user}:{proxy.login.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {known}")
    wire.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode())
    with HTTPResponse(cast("socket", wire), method="CONNECT") as response:
        response.begin()
        if response.status != 200:
            by = f"the proxy {proxy.host}:{proxy.port} of the environment"
            raise UnusableAnswer(f"cannot be reached by {by}, which answers with status {response.status}")
