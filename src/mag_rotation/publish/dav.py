"""One calendar of a CalDAV server over HTTP: what it holds, and how an object is put there.

Rule 1: requests go to one origin, that of the URL; a redirection to another is refused. Without https a password or a
calendar goes to this machine alone, unless that is asked for.
Rule 2: a password is sent once the server has asked for one; what the user's own .netrc says is not used.
Rule 3: an object is written on a condition only: that it is as it was read, or that there is none. Nothing is deleted.
Rule 4: messages name the calendar by a URL without a password and quote nothing of an answer.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from mag_rotation.errors import InvalidValue, MissingExtra, RefusedByServer, UnreachableServer
from mag_rotation.publish.login import Login
from mag_rotation.publish.multistatus import CALENDAR_OBJECTS, WHAT_IT_IS, Found, read_multistatus

if TYPE_CHECKING:
    import requests

__all__ = ["Collection", "Resource", "calendar_url", "server_of"]

_WAIT_SECONDS = (10, 60)
"""How long for a connection, and how long for an answer."""
_MOST_BYTES = 64 * 1024 * 1024
_MOST_STEPS = 6
"""Redirections that are followed, and the login, for one answer."""
_REDIRECTS = {301, 302, 307, 308}
_PORTS = {"http": 80, "https": 443}

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
"""What an answer means, by its status."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One object of a calendar: its path on the server, its version there, its text."""

    path: str
    etag: str | None
    text: str


def calendar_url(text: str, *, insecure_http: bool = False) -> str:
    """A URL that a calendar may have, with a slash at its end; raises :class:`InvalidValue` for any other.

    >>> calendar_url("https://cloud.example.org/remote.php/dav/calendars/office/council")
    'https://cloud.example.org/remote.php/dav/calendars/office/council/'
    >>> calendar_url("http://cloud.example.org/council/")
    Traceback (most recent call last):
    mag_rotation.errors.InvalidValue: without https everybody on the way can read it; write https or --insecure-http
    """
    try:
        parts = urlsplit(text)
        origin = _origin(parts)
    except ValueError:
        raise InvalidValue("this is no URL; write one such as https://cloud.example.org/calendars/council/") from None
    if parts.username is not None or parts.password is not None:
        raise InvalidValue("a URL with a user or a password is shown in many places; leave them out of it")
    if parts.scheme not in _PORTS or not parts.hostname:
        raise InvalidValue(
            "this is no URL of a web server; write one such as https://cloud.example.org/calendars/council/"
        )
    if parts.query or parts.fragment:
        raise InvalidValue("a URL of a calendar has no ? and no #; leave them out")
    if parts.scheme == "http" and not insecure_http and not _is_this_machine(parts.hostname):
        raise InvalidValue("without https everybody on the way can read it; write https or --insecure-http")
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/"
    return f"{origin}{path}" if path.endswith("/") else f"{origin}{path}/"


def server_of(url: str) -> str:
    """The server of a URL that :func:`calendar_url` gave, under which a keyring has its passwords."""
    return _origin(urlsplit(url))


def _origin(parts: SplitResult) -> str:
    """Scheme, host and port, the same for the same server."""
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return f"{parts.scheme}://{host}" + ("" if port in {None, _PORTS.get(parts.scheme)} else f":{port}")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Collection:
    """A calendar on a server, to be used in a ``with``; ``url`` is as :func:`calendar_url` gives it.

    Every method raises :class:`UnreachableServer` where there is no answer and :class:`RefusedByServer` where the
    answer is not what was asked for.
    """

    def __init__(self, url: str, *, login: Login | None = None) -> None:
        try:
            import requests  # noqa: PLC0415 - needs an extra
        except ModuleNotFoundError:
            raise MissingExtra("publish", "requests") from None
        self.url = url
        self._login = login
        self._session = requests.Session()
        self._session.auth = _without_login
        self._session.headers["User-Agent"] = "mag-rotation"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._session.close()

    def check(self) -> None:
        """Make sure that this is a calendar and takes events. A redirection on the same server is kept."""
        found = self._list("PROPFIND", WHAT_IT_IS, depth=0)
        if not any(one.is_calendar for one in found):
            self._refuse("is no calendar; give the URL of one, as the settings of the calendar on the server show it")
        if any(one.components and "VEVENT" not in one.components for one in found):
            self._refuse("is a calendar that takes no events")

    def objects(self) -> tuple[Resource, ...]:
        """Everything in the calendar."""
        listed = self._list("REPORT", CALENDAR_OBJECTS, depth=1)
        return tuple(
            Resource(path=self._path(one.href), etag=one.etag, text=one.text) for one in listed if one.text is not None
        )

    def place(self, name: str) -> str:
        """The path of an object that the calendar does not have yet."""
        return urlsplit(self.url).path + quote(name, safe="")

    def put(self, path: str, data: bytes, *, etag: str | None) -> bool:
        """Put an object in the place of the version ``etag``, or of none; False where it is not so any more."""
        if etag is not None and not etag.startswith('"'):
            self._refuse("gives versions that cannot be compared (weak ETags), so that changes by others would be lost")
        condition = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
        status, _ = self._send("PUT", path, data, {"Content-Type": "text/calendar; charset=utf-8", **condition})
        if status == 412:
            return False
        if status not in {200, 201, 204}:
            self._refuse(_REASONS.get(status, f"answers with status {status} to an object"))
        return True

    def _list(self, method: str, body: bytes, *, depth: int) -> tuple[Found, ...]:
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": str(depth)}
        status, data = self._send(method, urlsplit(self.url).path, body, headers)
        if status != 207:
            self._refuse(_REASONS.get(status, f"does not speak CalDAV here (status {status} to {method})"))
        try:
            return read_multistatus(data)
        except InvalidValue as error:
            self._refuse(str(error))

    def _path(self, href: str) -> str:
        """The path of a listed object; one that is not in the calendar is refused."""
        path = urlsplit(urljoin(self.url, href)).path
        if not unquote(path).startswith(unquote(urlsplit(self.url).path)):
            self._refuse("lists objects that are not in the calendar; give the URL that the server itself uses for it")
        return path

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of an answer, with a login where one is asked for, and after redirections."""
        url = server_of(self.url) + path
        of_calendar = path == urlsplit(self.url).path
        for _ in range(_MOST_STEPS):
            with self._ask(method, url, body, headers) as response:
                if response.status_code == 401 and self._login is not None and self._session.auth is _without_login:
                    self._log_in(self._login, response.headers.get("WWW-Authenticate", ""))
                elif response.status_code in _REDIRECTS:
                    url = self._redirected(url, response.headers.get("Location", ""))
                else:
                    if of_calendar:
                        self.url = url if url.endswith("/") else f"{url}/"
                    return response.status_code, self._body(response)
        raise RefusedByServer(self.url, "redirects without an end")

    def _ask(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> requests.Response:
        import requests  # noqa: PLC0415 - needs an extra

        try:
            return self._session.request(
                method, url, data=body, headers=headers, timeout=_WAIT_SECONDS, allow_redirects=False, stream=True
            )
        except requests.exceptions.SSLError as error:
            raise UnreachableServer(self.url, f"has no safe connection: {_tls_reason(error)}") from None
        except requests.Timeout:
            raise UnreachableServer(self.url, "gave no answer in time") from None
        except ValueError:  # requests looks at where a redirection leads, although it does not follow it
            self._refuse("leads to what is no URL")
        except (requests.RequestException, OSError):
            raise UnreachableServer(self.url, "cannot be reached, or the connection was cut") from None

    def _body(self, response: requests.Response) -> bytes:
        import requests  # noqa: PLC0415

        parts, size = [], 0
        try:
            for part in response.iter_content(65536):
                parts.append(part)
                size += len(part)
                if size > _MOST_BYTES:
                    self._refuse(f"answers with more than {_MOST_BYTES >> 20} MiB")
        except requests.RequestException:
            raise UnreachableServer(self.url, "broke off its answer") from None
        return b"".join(parts)

    def _log_in(self, login: Login, asked: str) -> None:
        """Use a login from now on, in the safest of the ways that the server offers."""
        from requests.auth import HTTPBasicAuth, HTTPDigestAuth  # noqa: PLC0415

        user, password = login.user.encode(), login.password.encode()
        if "digest" in asked.lower():
            self._session.auth = HTTPDigestAuth(login.user, login.password)
        else:
            self._session.auth = HTTPBasicAuth(user, password)

    def _redirected(self, url: str, location: str) -> str:
        """Where a redirection leads; it has to stay on the server."""
        try:
            target = urlsplit(urljoin(url, location))
            origin = _origin(target)
        except ValueError:
            self._refuse("leads to what is no URL")
        if origin != server_of(self.url):
            self._refuse(f"redirects to another server, {origin}; give the URL there if that is meant")
        return f"{origin}{target.path}"

    def _refuse(self, reason: str) -> NoReturn:
        raise RefusedByServer(self.url, reason)


def _without_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no login at all; without this the library would look for one in .netrc."""
    return request


def _tls_reason(error: BaseException) -> str:
    """What the TLS library says, found below the errors around it."""
    seen: list[BaseException] = [error]
    for one in seen:
        if isinstance(one, ssl.SSLCertVerificationError):
            return f"its certificate is not to be trusted ({one.verify_message})"
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        seen += [each for each in inner if isinstance(each, BaseException) and each not in seen]
    return "it does not speak TLS as this program does"
