"""Sending messages to a mail server, each once.

A message that the server accepted is not sent again; neither is one whose fate is unknown, unless the user asks for it.
The journal has an entry before a message is sent and another after the answer.

The meaning of a reply depends on its code alone (RFC 5321). Code 250 after the last byte means sent, codes that begin
with 4 mean deferred, and codes that begin with 5 mean refused. With any other reply, no reply or a broken connection,
the fate of a transmitted message is unknown, and one not yet transmitted is still to be sent. A refused message is
recorded and not tried again. A deferred one is tried a few times, and by the next run after all others, so that a full
mailbox does not delay other members.

A password is only sent over an encrypted connection to a server with a valid certificate.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from socket import socket
from types import TracebackType
from typing import Final, NoReturn, Self, cast

from mag_rotation.errors import InvalidValue, RefusedByServer, UnreachableServer, quote_value
from mag_rotation.publish import server_limits
from mag_rotation.publish.journal import DeliveryOutcome, Journal, JournalEntry
from mag_rotation.publish.letters import Letter
from mag_rotation.publish.login import Login
from mag_rotation.publish.wire import AnswerTooLarge, Wire, compute_deadline

__all__ = ["Delivery", "MailServer", "RetryPolicy", "Security", "compute_interval", "is_due", "send_letters"]

_RATE = re.compile(r"([1-9][0-9]{0,5})/(s|min|h)")
_SECONDS = {"s": 1, "min": 60, "h": 3600}
_MOST_IN_A_ROW = 3
"""The messages in a row that may fail before a run ends, because the server is the cause. Messages deferred for one
mailbox count as one."""

_ENDS = {
    DeliveryOutcome.DEFERRED: "puts everything off",
    DeliveryOutcome.SENDING: "does not say clearly whether it takes messages",
}
"""The outcomes that end a run if they occur that often, and the error message about the server."""

_REPLY = re.compile(rb"([2-5][0-5][0-9])(?:([ -])(.*))?\r?\n", re.DOTALL)
_NO_REPLY: Final = 0
"""The code of an invalid reply."""

_GOES_AWAY = 421
"""The code of a server that closes the connection."""


class Security(StrEnum):
    """How the connection to the server is encrypted."""

    STARTTLS = "starttls"
    """Encrypted after a greeting in clear text."""
    TLS = "tls"
    """Encrypted from the first byte."""
    NONE = "none"
    """Not encrypted."""


PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
"""The usual port of each kind of security."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """The server that accepts messages, and the login; ``timeout`` is the longest silence in seconds."""

    host: str
    port: int
    security: Security
    login: Login | None = None
    timeout: float = server_limits.SILENCE_SECONDS

    def __post_init__(self) -> None:
        if self.login and self.security is Security.NONE:
            raise InvalidValue(
                f"found a user for {self.name} and no encryption; a password goes with --security starttls or tls"
            )

    @property
    def name(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryPolicy:
    """How fast messages are sent and how often they are tried; all values are in seconds.

    ``between`` is the least time between two messages; ``waits`` are those before a message is tried again.
    """

    between: float = 1
    waits: tuple[float, ...] = (5, 30)
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """The result for a message in this run: its state, the server's answer, and whether it was tried in this run.

    ``is_of_mailbox`` says that the answer is about the mailbox or the message and not about the server.
    """

    letter: Letter
    outcome: DeliveryOutcome
    answer: str = ""
    tried: bool = True
    is_of_mailbox: bool = False


def compute_interval(text: str) -> float:
    """Return the seconds between two messages at a rate; raises :class:`InvalidValue`.

    >>> compute_interval("60/min"), compute_interval("10/s")
    (1.0, 0.1)
    """
    found = _RATE.fullmatch(text)
    if found is None:
        raise InvalidValue(f"found {quote_value(text)}; write a rate such as '60/min', '5/s' or '500/h'")
    return _SECONDS[found[2]] / int(found[1])


def is_due(last: JournalEntry | None, *, retry_unknown: bool = False, retry_refused: bool = False) -> bool:
    """Return whether a message with that last journal entry must be sent."""
    match last:
        case None | JournalEntry(outcome=DeliveryOutcome.DEFERRED):
            return True
        case JournalEntry(outcome=DeliveryOutcome.SENDING):
            return retry_unknown
        case JournalEntry(outcome=DeliveryOutcome.REFUSED):
            return retry_refused
        case _:
            return False


def send_letters(
    letters: Iterable[Letter],
    server: MailServer,
    journal: Journal,
    *,
    patience: RetryPolicy | None = None,
    retry_unknown: bool = False,
    retry_refused: bool = False,
) -> Iterator[Delivery]:
    """Send the due messages one after the other, and yield the result for each message, earlier ones too.

    Messages that earlier runs deferred come last, the least recently tried first.

    Raises :class:`UnreachableServer` and :class:`RefusedByServer` if no message can be sent; results before that are
    valid, and the other messages are still to be sent.
    """
    pace = patience or RetryPolicy()
    full: set[str] = set()
    in_a_row: set[str] = set()
    waiting = {message: place for place, message in enumerate(journal.list_deferred(), start=1)}
    with _Line(server) as line:
        for letter in sorted(letters, key=lambda one: waiting.get(one.id, 0)):
            last = journal.last(letter.id)
            if last is not None and not is_due(last, retry_unknown=retry_unknown, retry_refused=retry_refused):
                yield Delivery(letter=letter, outcome=last.outcome, answer=last.answer, tried=False)
                continue
            line.wait(pace)
            delivery = _send(letter, line, journal, replace(pace, waits=()) if letter.recipient in full else pace)
            yield delivery
            if delivery.outcome not in _ENDS:
                in_a_row.clear()
                continue
            if delivery.is_of_mailbox:
                full.add(letter.recipient)
            in_a_row.add(letter.recipient if delivery.is_of_mailbox else letter.id)
            if len(in_a_row) == _MOST_IN_A_ROW:
                raise RefusedByServer(server.name, f"{_ENDS[delivery.outcome]}: {delivery.answer}; send the rest later")


def _send(letter: Letter, line: _Line, journal: Journal, pace: RetryPolicy) -> Delivery:
    """Try to send a message until the server accepts or refuses it, or the retries are used up."""
    data = letter.data()

    def note(outcome: DeliveryOutcome, answer: str = "") -> Delivery:
        journal.write(JournalEntry(message=letter.id, outcome=outcome, file=letter.name, answer=answer))
        return Delivery(letter=letter, outcome=outcome, answer=answer)

    result = _ServerWord(outcome=DeliveryOutcome.DEFERRED)
    for wait in (0, *pace.waits):
        if wait:
            pace.sleep(wait)
        try:
            result = line.send(letter, data, lambda: note(DeliveryOutcome.SENDING))
        except UnreachableServer as error:
            if not line.was_open:
                raise
            result = _ServerWord(outcome=DeliveryOutcome.DEFERRED, answer=error.reason)
        if result.outcome is not DeliveryOutcome.DEFERRED:
            return note(result.outcome, "" if result.outcome is DeliveryOutcome.SENT else result.answer)
    return replace(note(result.outcome, result.answer), is_of_mailbox=result.is_of_mailbox)


@dataclass(frozen=True, kw_only=True, slots=True)
class _ServerWord:
    """The state of a message after one answer, and whether the answer was about the mailbox or the message."""

    outcome: DeliveryOutcome
    answer: str = ""
    is_of_mailbox: bool = False


class _Line:
    """A connection to a mail server, opened when it is needed and again after a failure."""

    __slots__ = ("_began", "_server", "_smtp", "was_open")

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: _Session | None = None
        self._began: float | None = None
        self.was_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    def wait(self, pace: RetryPolicy) -> None:
        """Sleep until the next message may be sent."""
        now = time.monotonic()
        if self._began is not None and self._began + pace.between > now:
            pace.sleep(self._began + pace.between - now)
        self._began = time.monotonic()

    def send(self, letter: Letter, data: bytes, about_to_go: Callable[[], object]) -> _ServerWord:
        """Send a message and return its state; ``about_to_go`` is called before the first byte.

        If the connection breaks before that, the message is deferred; after it, its state stays unknown.
        """
        smtp = self._smtp or self._open()
        smtp.allow(server_limits.MESSAGE_SECONDS)
        try:
            result = self._offer(smtp, letter, about_to_go)
        except smtplib.SMTPServerDisconnected as error:
            self._close()
            return _ServerWord(
                outcome=DeliveryOutcome.DEFERRED, answer=f"the connection was lost: {_describe_reason(error)}"
            )
        return result or self._hand_over(smtp, data)

    def _offer(self, smtp: _Session, letter: Letter, about_to_go: Callable[[], object]) -> _ServerWord | None:
        """Ask the server to accept a message; None if it waits for the data, else the state of the message."""
        is_plain = letter.sender.isascii() and letter.recipient.isascii()
        if not is_plain and not smtp.has_extn("smtputf8"):
            return _ServerWord(
                outcome=DeliveryOutcome.REFUSED, answer="the server takes no address with letters beyond ASCII"
            )
        code, words = smtp.mail(letter.sender, () if is_plain else ("SMTPUTF8", "BODY=8BITMIME"))
        if code // 100 == 5:
            raise RefusedByServer(self._server.name, f"takes nothing from {letter.sender}: {_join_words(code, words)}")
        if code != 250:
            return self._classify_refusal(code, words)
        code, words = smtp.rcpt(letter.recipient)
        if code not in {250, 251}:
            return self._classify_refusal(code, words, is_of_mailbox=True)
        about_to_go()
        code, words = smtp.docmd("DATA")
        if code != 354:
            return self._classify_refusal(code, words, is_of_mailbox=True)
        smtp.check_step()
        return None

    def _hand_over(self, smtp: _Session, data: bytes) -> _ServerWord:
        """Send the data of a message for which the server waits."""
        try:
            code, words = smtp.hand_over(data)
        except smtplib.SMTPServerDisconnected as error:
            self._close()
            answer = f"the connection was lost while it was sent: {_describe_reason(error)}"
            return _ServerWord(outcome=DeliveryOutcome.SENDING, answer=answer)
        if code == 250:
            return _ServerWord(outcome=DeliveryOutcome.SENT, answer=_join_words(code, words))
        if code // 100 in {4, 5}:
            return self._classify_refusal(code, words, is_of_mailbox=True)
        self._close()
        return _ServerWord(outcome=DeliveryOutcome.SENDING, answer=f"unexpected reply: {_join_words(code, words)}")

    def _classify_refusal(self, code: int, words: bytes, *, is_of_mailbox: bool = False) -> _ServerWord:
        """Return the state of a message that the server did not accept, and reset the session for the next one."""
        if code // 100 not in {4, 5}:
            self._close()
            return _ServerWord(outcome=DeliveryOutcome.DEFERRED, answer=f"unexpected reply: {_join_words(code, words)}")
        if code == _GOES_AWAY:
            self._close()
        else:
            self._start_over()
        return _ServerWord(
            outcome=DeliveryOutcome.REFUSED if code // 100 == 5 else DeliveryOutcome.DEFERRED,
            answer=_join_words(code, words),
            is_of_mailbox=is_of_mailbox and code != _GOES_AWAY,
        )

    def _start_over(self) -> None:
        """Reset the session after a message that is not sent."""
        try:
            if self._smtp is not None and self._smtp.rset()[0] != 250:
                self._close()
        except smtplib.SMTPServerDisconnected:
            self._close()

    def _open(self) -> _Session:
        """Connect, encrypt and log in."""
        server = self._server
        try:
            until = compute_deadline(server_limits.SESSION_SECONDS)
            wire = Wire(server.host, server.port, until=until, silence=server.timeout)
        except (OSError, ValueError) as error:
            _explain(error, server, "connection")
        session = _Session(server, wire)
        session.begin(until)
        self._smtp = session
        self.was_open = True
        return session

    def _close(self) -> None:
        session, self._smtp = self._smtp, None
        if session is not None:
            session.leave()


class _OutOfStep(smtplib.SMTPServerDisconnected):
    """The server sent an unexpected reply, so that its replies can no longer be matched to commands."""


class _Session(smtplib.SMTP):
    """An SMTP session with deadlines that only accepts replies that are valid by RFC 5321 (4.2).

    Without a valid reply it is closed, and :class:`smtplib.SMTPServerDisconnected` is raised.
    """

    def __init__(self, server: MailServer, wire: Wire) -> None:
        super().__init__()
        self._server, self._wire = server, wire
        self.sock = cast("socket", wire)  # has of a socket what smtplib asks for
        self._until = 0.0
        self._unread = b""

    def begin(self, until: float) -> None:
        """Encrypt and log in as configured, by the time ``until``."""
        server, step = self._server, "connection"
        self._until = until
        try:
            self._welcome()
            if server.security is Security.STARTTLS:
                step = "STARTTLS"
                self._encrypt()
            if server.login:
                step = "login"
                code, _ = self.login(server.login.user, server.login.password)
                if code != 235:
                    raise smtplib.SMTPAuthenticationError(code, b"")
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.leave()
            _explain(error, server, step)

    def _welcome(self) -> None:
        """Read the server's greeting and its features."""
        self._wire.expect(server_limits.REPLY_BYTES, until=self._until)
        if self._server.security is Security.TLS:
            self._wire.start_tls(ssl.create_default_context(), self._server.host)
        code, words = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        self._greet()

    def _greet(self) -> None:
        code, words = self.ehlo()
        if code // 100 in {4, 5}:
            code, words = self.helo()
        if code != 250:
            raise smtplib.SMTPHeloError(code, words)

    def _encrypt(self) -> None:
        """Encrypt the connection and discard the features announced before (RFC 3207 4.2)."""
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError
        code, words = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, words)
        self.check_step()
        self._wire.start_tls(ssl.create_default_context(), self._server.host)
        self._greet()

    def allow(self, seconds: float) -> None:
        """Set the deadline of the following steps to so many seconds from now, for all of them."""
        self._until = compute_deadline(seconds)
        self._wire.expect(server_limits.REPLY_BYTES, until=self._until)

    def hand_over(self, data: bytes) -> tuple[int, bytes]:
        """Send the data of a message and return the reply."""
        stuffed = re.sub(rb"(?m)^\.", b"..", data)
        self.send(stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"))
        self.allow(server_limits.LAST_ANSWER_SECONDS)
        self._wire.silence = server_limits.LAST_ANSWER_SECONDS
        reply = self.getreply()
        self._wire.silence = self._server.timeout
        return reply

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command; all earlier commands must have been answered."""
        self.check_step()
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and the text of a reply, with ``_NO_REPLY`` as the code if it is invalid."""
        self._wire.expect(server_limits.REPLY_BYTES, until=self._until)
        code, texts = b"", []
        while True:
            line = self._read_line()
            found = _REPLY.fullmatch(line)
            if found is None or code not in {b"", found[1]}:
                return _NO_REPLY, line
            code = found[1]
            texts.append((found[3] or b"").strip())
            if found[2] != b"-":
                return int(code), b"\n".join(texts)

    def leave(self) -> None:
        """Send QUIT and close the connection, whatever the server answers."""
        try:
            self.allow(server_limits.GOODBYE_SECONDS)
            self.quit()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _read_line(self) -> bytes:
        while b"\n" not in self._unread:
            try:
                data = self._wire.recv()
            except OSError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected from error
            if not data:
                self.close()
                raise smtplib.SMTPServerDisconnected
            self._unread += data
        line, end, self._unread = self._unread.partition(b"\n")
        return line + end

    def check_step(self) -> None:
        """Check that there is no more than one reply to a command."""
        if self._unread:
            self.close()
            raise _OutOfStep


def _explain(error: Exception, server: MailServer, step: str) -> NoReturn:
    """Say why there is no usable connection, without repeating what was sent."""
    match error:
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            reason = f"does not know this user with this password ({code})"
            if code // 100 != 5:
                reason = f"did not check the password ({code or 'unexpected reply'}); try again later"
            raise RefusedByServer(server.name, reason) from None
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words) if step != "login":
            raise RefusedByServer(
                server.name, f"answers to the {step}: {_join_words(code, _to_bytes(words))}"
            ) from None
        case UnicodeError():
            right = "a user and a password in ASCII" if step == "login" else "another name of a host"
            raise RefusedByServer(server.name, f"cannot be used so; it takes {right}") from None
        case ValueError() if not isinstance(error, OSError):  # a certificate that is refused is both
            raise RefusedByServer(server.name, f"gives an answer to the {step} that cannot be read") from None
        case smtplib.SMTPException() if not isinstance(error, smtplib.SMTPServerDisconnected):
            reason = f"offers no {step} that can be used; see --security and --port"
            raise RefusedByServer(server.name, reason) from None
    reason = f"cannot be reached: {_describe_reason(error)}; see --host, --port and --security"
    raise UnreachableServer(server.name, reason) from None


def _join_words(code: int, text: bytes) -> str:
    """Return an answer on one line in printable letters."""
    line = f"{code if code != _NO_REPLY else ''} {text.decode('utf-8', 'replace')}"
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(line.split()))[:300].strip()


def _to_bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _describe_reason(error: Exception) -> str:
    """Return why a connection failed."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted ({error.verify_message})"
        case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
            return "no answer in time"
        case AnswerTooLarge() | smtplib.SMTPServerDisconnected(__context__=AnswerTooLarge()):
            return "its reply does not end"
        case _OutOfStep():
            return "it sent a reply before a command"
        case OSError(strerror=str(words)) if words:
            return words.lower()
        case _:
            return "it hung up"
