"""One calendar on a CalDAV server: listing its objects and writing them over HTTP.

Requests only go to the origin of the URL; a redirect to another one is refused. Without https, a password or a calendar
is only sent to this machine, unless the user allows more. A password is sent when the server asks for one. An object is
only written on a condition: it has not changed since it was read, or does not exist yet. Nothing is deleted. Messages
contain the URL without a password, and of an answer nothing but an address.
"""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead
from types import TracebackType
from typing import NoReturn, Self
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from mag_rotation.errors import InvalidValue, RefusedByServer, UnreachableServer, is_control
from mag_rotation.publish import server_limits
from mag_rotation.publish.http import (
    Digest,
    HttpAnswer,
    UnusableAnswer,
    WebServer,
    answer_challenges,
    is_this_machine,
)
from mag_rotation.publish.login import Login
from mag_rotation.publish.multistatus import CALENDAR_OBJECTS, WHAT_IT_IS, FoundResource, read_multistatus
from mag_rotation.publish.wire import compute_deadline

__all__ = ["Collection", "Resource", "parse_calendar_url", "server_of"]

_REDIRECTS = {301, 302, 307, 308}
_PORTS = {"http": 80, "https": 443}
_LISTS = 207
_ETAG = re.compile(r'(W/)?"[!#-~]*"')
_HOST = re.compile(r"[a-z0-9._:%-]+", re.IGNORECASE)
_SAFE = "/%:@!$&'()*+,;=~-._"
"""Characters that need no escape in a path."""

_REASONS = {
    400: "does not take this object (400); it may have one with the same UID, in its trash bin if not in sight",
    401: "does not know this user and password (401)",
    403: "does not allow this user to do that (403); it takes the right to write, and the URL of a calendar",
    404: "has nothing at this address (404); give the URL of a calendar",
    405: "does not allow this here (405); give the URL of a calendar",
    409: "does not take this object (409); it may have one with the same UID, in its trash bin if not in sight",
    413: "finds the object too large (413)",
    415: "does not take calendar objects here (415); give the URL of a calendar that takes events",
    423: "has locked the calendar (423); try again later",
    429: "asks for fewer requests (429); try again later",
    503: "is not available (503); try again later",
    507: "has no room left (507)",
}
"""The meaning of an answer by its status."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One object of a calendar: its path, its version (ETag) and its text."""

    path: str
    etag: str | None
    text: str


def parse_calendar_url(text: str, *, insecure_http: bool = False) -> str:
    """Return the URL of a calendar with a slash at its end; raises :class:`InvalidValue` for an unsuitable one.

    >>> parse_calendar_url("https://cloud.example.org/remote.php/dav/calendars/office/council")
    'https://cloud.example.org/remote.php/dav/calendars/office/council/'
    >>> parse_calendar_url("http://cloud.example.org/council/")
    Traceback (most recent call last):
    mag_rotation.errors.InvalidValue: without https everybody on the way can read it; write https or --insecure-http
    """
    example = "write one such as https://cloud.example.org/calendars/council/"
    try:
        parts = _split(text)
        origin = _origin_of(parts)
    except ValueError:
        raise InvalidValue(f"this is no URL; {example}") from None
    if parts.username is not None or parts.password is not None:
        raise InvalidValue("a URL with a user or a password is shown in many places; leave them out of it")
    if parts.scheme not in _PORTS or not parts.hostname:
        raise InvalidValue(f"this is no URL of a web server; {example}")
    if parts.query or parts.fragment:
        raise InvalidValue("a URL of a calendar has no ? and no #; leave them out")
    if parts.scheme == "http" and not insecure_http and not is_this_machine(parts.hostname):
        raise InvalidValue("without https everybody on the way can read it; write https or --insecure-http")
    try:
        path = _clean_path(parts.path) or "/"
    except ValueError:
        raise InvalidValue("a URL of a calendar has no . and no .. between its slashes; leave them out") from None
    return f"{origin}{path}" if path.endswith("/") else f"{origin}{path}/"


def server_of(url: str) -> str:
    """Return the server of a URL from :func:`parse_calendar_url`, under which a keyring stores its passwords."""
    return _origin_of(urlsplit(url))


def _split(text: str) -> SplitResult:
    """Return the parts of a URL or of a piece of one; raises :class:`ValueError` if it is invalid or endless."""
    if len(text) > server_limits.URL_LETTERS or any(letter == "\\" or is_control(letter) for letter in text):
        raise ValueError
    parts = urlsplit(text)
    if parts.hostname and not _HOST.fullmatch(parts.hostname.encode("idna").decode()):
        raise ValueError
    _origin_of(parts)  # which asks for the port, and there may be none such
    return parts


def _origin_of(parts: SplitResult) -> str:
    """Return scheme, host and port, equal for the same server."""
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{parts.scheme}://{host}" + ("" if port in {None, _PORTS.get(parts.scheme)} else f":{port}")


def _clean_path(path: str) -> str:
    """Return a path as it is sent; raises :class:`ValueError` if servers could interpret it as another.

    >>> _clean_path("/caf\u00e9/a%20b.ics")
    '/caf%C3%A9/a%20b.ics'
    """
    plain = path
    for _ in range(3):  # what is decoded twice on its way must not lead elsewhere either
        if any(map(is_control, plain)) or {".", ".."} & set(re.split(r"[/\\]", plain)):
            raise ValueError
        plain = unquote(plain)
    return quote(path, safe=_SAFE)


class Collection:
    """A calendar on a server, used in a ``with`` statement; ``url`` is from :func:`parse_calendar_url`.

    Every method raises :class:`UnreachableServer` without an answer, and :class:`RefusedByServer` for an unexpected
    one.
    """

    def __init__(self, url: str, *, login: Login | None = None) -> None:
        self.url = url
        self._login = login
        self._known: bytes | Digest | None = None
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        self._web = WebServer(host, parts.port or _PORTS[parts.scheme], is_tls=parts.scheme == "https")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._web.close()

    def check(self) -> None:
        """Check that this is a calendar that accepts events; a redirect on the same server is kept."""
        found = self._list("PROPFIND", WHAT_IT_IS, depth=0)
        if not any(one.is_calendar for one in found):
            self._refuse(
                "is not a calendar; give the URL of one, as the settings of the calendar on the server show it"
            )
        if any(one.components and "VEVENT" not in one.components for one in found):
            self._refuse("is a calendar that takes no events")

    def objects(self) -> tuple[Resource, ...]:
        """Return all objects of the calendar."""
        resources = self._list("REPORT", CALENDAR_OBJECTS, depth=1)
        return tuple(
            Resource(path=self._resolve_path(one.href), etag=one.etag, text=one.text)
            for one in resources
            if one.text is not None
        )

    def place(self, name: str) -> str:
        """Return the path for a new object of the calendar."""
        return urlsplit(self.url).path + quote(name, safe="")

    def check_version(self, resource: Resource) -> None:
        """Check that later changes of an object by others would be noticed."""
        if resource.etag is None:
            self._refuse(f"gives {resource.path} no version (ETag) that others could change")
        version = _ETAG.fullmatch(resource.etag) if len(resource.etag) <= server_limits.ETAG_LETTERS else None
        if version is None:
            self._refuse(f"gives {resource.path} a version (ETag) that HTTP does not allow")
        if version[1]:
            self._refuse("gives versions that cannot be compared (weak ETags), so that changes by others would be lost")

    def put(self, path: str, data: bytes, *, etag: str | None) -> bool:
        """Write an object in place of the version ``etag``, or as a new one; return False if that has changed."""
        condition = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        status = self._send("PUT", path, data, headers).status
        if status == 412:
            return False
        if status not in {200, 201, 204}:
            self._refuse(_REASONS.get(status, f"answers with status {status} to an object"))
        return True

    def _list(self, method: str, body: bytes, *, depth: int) -> tuple[FoundResource, ...]:
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": str(depth)}
        answer = self._send(method, urlsplit(self.url).path, body, headers)
        if answer.status != _LISTS:
            self._refuse(
                _REASONS.get(answer.status, f"does not speak CalDAV here (status {answer.status} to {method})")
            )
        try:
            return read_multistatus(answer.body)
        except InvalidValue as error:
            self._refuse(str(error))

    def _resolve_path(self, href: str) -> str:
        """Return the path of a listed object; raises an error if it is not in the calendar."""
        try:
            parts = _split(href)
            target = urlsplit(urljoin(self.url, href))
            path = _clean_path(target.path)
            is_odd = bool(target.query or target.fragment) or "@" in parts.netloc or target.scheme not in _PORTS
        except ValueError:
            is_odd = True
        if is_odd:
            self._refuse("lists an object at an invalid address")
        if not self._is_inside(path):
            self._refuse("lists objects that are not in the calendar; give the URL that the server itself uses for it")
        return path

    def _is_inside(self, path: str) -> bool:
        """Return whether a clean path is inside the calendar."""
        own = unquote(urlsplit(self.url).path)
        return unquote(path).startswith(own) and unquote(path) != own

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """Return the answer to a request, after a login if needed and after redirects."""
        of_calendar = path == urlsplit(self.url).path
        until = compute_deadline(server_limits.QUESTION_SECONDS)
        has_logged_in = False
        for _ in range(server_limits.MOST_STEPS):
            answer = self._ask(method, path, body, headers, until=until)
            if answer.status == 401 and self._login and not has_logged_in:
                has_logged_in = True
                self._log_in(self._login, answer.challenges)
            elif answer.status in _REDIRECTS:
                path = self._follow_redirect(path, answer.location)
                if not of_calendar and not self._is_inside(path):
                    self._refuse("redirects an object to a place that is not in the calendar")
            else:
                if of_calendar:
                    self.url = server_of(self.url) + (path if path.endswith("/") else f"{path}/")
                return answer
        raise RefusedByServer(self.url, "redirects without an end")

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str], *, until: float) -> HttpAnswer:
        """Return one answer to one request; failures become :class:`RefusedByServer` and similar errors."""
        known = self._known.header(method, path) if isinstance(self._known, Digest) else self._known
        sent: dict[str, str | bytes] = {"User-Agent": "mag-rotation", **headers}
        if known:
            sent["Authorization"] = known
        try:
            return self._web.ask(method, path, body, sent, wanted=_LISTS, until=until)
        except ssl.SSLCertVerificationError as error:
            reason = f"its certificate is not to be trusted ({error.verify_message})"
            raise UnreachableServer(self.url, f"has no safe connection: {reason}") from None
        except TimeoutError:
            raise UnreachableServer(self.url, "gave no answer in time") from None
        except ssl.SSLError:
            reason = "it does not speak TLS as this program does"
            raise UnreachableServer(self.url, f"has no safe connection: {reason}") from None
        except OSError:
            raise UnreachableServer(self.url, "cannot be reached, or the connection was cut") from None
        except UnusableAnswer as error:
            self._refuse(str(error))
        except IncompleteRead:
            raise UnreachableServer(self.url, "broke off its answer") from None
        except (HTTPException, ValueError, zlib.error):
            self._refuse("does not answer in HTTP")

    def _log_in(self, login: Login, asked: str) -> None:
        """Use a login from now on; raises an error if it has failed before."""
        if self._known and not isinstance(self._known, Digest):
            self._refuse(_REASONS[401])
        try:
            self._known = answer_challenges(login, asked)
        except UnusableAnswer as error:
            self._refuse(str(error))

    def _follow_redirect(self, path: str, location: str) -> str:
        """Return the path of a redirect, which must stay on the server."""
        try:
            _split(location)
            target = urlsplit(urljoin(server_of(self.url) + path, location))
            origin, clean = _origin_of(target), _clean_path(target.path)
        except ValueError:
            self._refuse("leads to what is no URL")
        if origin != server_of(self.url):
            self._refuse(f"redirects to another server, {origin}; give the URL there if that is meant")
        if target.query or "@" in target.netloc:
            self._refuse("redirects to an address with a query or a user")
        return clean or "/"

    def _refuse(self, reason: str) -> NoReturn:
        raise RefusedByServer(self.url, reason)
