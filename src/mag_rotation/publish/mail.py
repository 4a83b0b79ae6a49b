"""Messages handed to a mail server, each of them once.

Rule 1: a message that the server has taken is not sent again, nor one of which nobody knows whether it was taken,
unless that is asked for. The journal has the first word before the message goes, and the last after the answer.
Rule 2: what a server refuses for good is recorded and not tried again; what it puts off is tried a few times, and by
the next run, after all others: a mailbox that is full for ever holds up nobody else.
Rule 3: a password goes over an encrypted line, to a server whose certificate is right, or not at all.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from types import TracebackType
from typing import NoReturn, Self

from mag_rotation.errors import InvalidValue, RefusedByServer, UnreachableServer, quoted
from mag_rotation.publish.journal import Entry, Journal, Outcome
from mag_rotation.publish.letters import Letter
from mag_rotation.publish.login import Login

__all__ = ["Delivery", "MailServer", "Patience", "Security", "is_due", "seconds_between", "send_letters"]

_RATE = re.compile(r"([1-9][0-9]{0,5})/(s|min|h)")
_SECONDS = {"s": 1, "min": 60, "h": 3600}
_MOST_IN_A_ROW = 3
"""Messages put off one after the other before a run ends: then it is the server. Those to one mailbox are one."""

_GONE = (smtplib.SMTPServerDisconnected, OSError)
_TAKEN = (250, 251)
_FOR_GOOD = 500
"""From here on answers are final."""


class Security(StrEnum):
    """How the line to the server is encrypted."""

    STARTTLS = "starttls"
    """After a greeting in the clear."""
    TLS = "tls"
    """From the first byte."""
    NONE = "none"
    """Not at all."""


PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
"""The usual port of each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """Where messages are handed in, and as whom. ``timeout`` is in seconds, for each answer."""

    host: str
    port: int
    security: Security
    login: Login | None = None
    timeout: float = 60

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
class Patience:
    """How messages are spaced and how often they are tried; all in seconds.

    ``between`` is the least time from one message to the next; ``waits`` are those before a message is tried again.
    """

    between: float = 1
    waits: tuple[float, ...] = (5, 30)
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What became of a message in this run: its outcome, what the server said, and whether it was tried in this run.

    ``is_of_mailbox`` says that the server spoke of the mailbox or the message, and not of itself.
    """

    letter: Letter
    outcome: Outcome
    answer: str = ""
    tried: bool = True
    is_of_mailbox: bool = False


def seconds_between(text: str) -> float:
    """The seconds from one message to the next at a rate; raises :class:`InvalidValue`.

    >>> seconds_between("60/min"), seconds_between("10/s")
    (1.0, 0.1)
    """
    found = _RATE.fullmatch(text)
    if found is None:
        raise InvalidValue(f"found {quoted(text)}; write a rate such as '60/min', '5/s' or '500/h'")
    return _SECONDS[found[2]] / int(found[1])


def is_due(last: Entry | None, *, retry_unknown: bool = False, retry_refused: bool = False) -> bool:
    """Whether a message with that last word in the journal is to be sent."""
    match last:
        case None | Entry(outcome=Outcome.DEFERRED):
            return True
        case Entry(outcome=Outcome.SENDING):
            return retry_unknown
        case Entry(outcome=Outcome.REFUSED):
            return retry_refused
        case _:
            return False


def send_letters(
    letters: Iterable[Letter],
    server: MailServer,
    journal: Journal,
    *,
    patience: Patience | None = None,
    retry_unknown: bool = False,
    retry_refused: bool = False,
) -> Iterator[Delivery]:
    """Send what is due, one after the other, and tell what became of each message, those of earlier runs too.

    What earlier runs put off comes last, what was tried longest ago first.

    Raises :class:`UnreachableServer` and :class:`RefusedByServer` where no message can be sent: what was told before
    holds, and what was not told is still to be sent.
    """
    pace = patience or Patience()
    full: set[str] = set()
    in_a_row: set[str] = set()
    waiting = {message: place for place, message in enumerate(journal.deferred(), start=1)}
    with _Line(server) as line:
        for letter in sorted(letters, key=lambda one: waiting.get(one.id, 0)):
            last = journal.last(letter.id)
            if last is not None and not is_due(last, retry_unknown=retry_unknown, retry_refused=retry_refused):
                yield Delivery(letter=letter, outcome=last.outcome, answer=last.answer, tried=False)
                continue
            line.wait(pace)
            delivery = _send(letter, line, journal, replace(pace, waits=()) if letter.recipient in full else pace)
            yield delivery
            if delivery.outcome is not Outcome.DEFERRED:
                in_a_row.clear()
                continue
            if delivery.is_of_mailbox:
                full.add(letter.recipient)
            in_a_row.add(letter.recipient if delivery.is_of_mailbox else letter.id)
            if len(in_a_row) == _MOST_IN_A_ROW:
                raise RefusedByServer(server.name, f"puts everything off: {delivery.answer}; send the rest later")


def _send(letter: Letter, line: _Line, journal: Journal, pace: Patience) -> Delivery:
    """Try a message until the server has taken or refused it, or patience ends."""
    data = letter.data()

    def note(outcome: Outcome, answer: str = "") -> Delivery:
        journal.write(Entry(message=letter.id, outcome=outcome, file=letter.name, answer=answer))
        return Delivery(letter=letter, outcome=outcome, answer=answer)

    said = _Said(outcome=Outcome.DEFERRED)
    for wait in (0, *pace.waits):
        if wait:
            pace.sleep(wait)
        try:
            said = line.send(letter, data, lambda: note(Outcome.SENDING))
        except UnreachableServer as error:
            if not line.was_open:
                raise
            said = _Said(outcome=Outcome.DEFERRED, answer=error.reason)
        if said.outcome is not Outcome.DEFERRED:
            return note(said.outcome, "" if said.outcome is Outcome.SENT else said.answer)
    return replace(note(said.outcome, said.answer), is_of_mailbox=said.is_of_mailbox)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What became of a message by one answer of the server, and whether that spoke of the mailbox or the message."""

    outcome: Outcome
    answer: str = ""
    is_of_mailbox: bool = False


class _Line:
    """A connection to a mail server, opened when it is needed and again when it was lost."""

    __slots__ = ("_began", "_server", "_smtp", "was_open")

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._began: float | None = None
        self.was_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    def wait(self, pace: Patience) -> None:
        """Sleep until the next message may go."""
        now = time.monotonic()
        if self._began is not None and self._began + pace.between > now:
            pace.sleep(self._began + pace.between - now)
        self._began = time.monotonic()

    def send(self, letter: Letter, data: bytes, about_to_go: Callable[[], object]) -> _Said:
        """Send a message; what became of it. ``about_to_go`` is called before anything of it has gone.

        A line that breaks before that has put it off; one that breaks after leaves it as it was about to be.
        """
        smtp = self._smtp or self._open()
        is_plain = letter.sender.isascii() and letter.recipient.isascii()
        if not is_plain and not smtp.has_extn("smtputf8"):
            answer = "the server takes no address with letters beyond ASCII"
            return _Said(outcome=Outcome.REFUSED, answer=answer)
        try:
            sender = smtp.mail(letter.sender, () if is_plain else ("SMTPUTF8", "BODY=8BITMIME"))
            code, words = smtp.rcpt(letter.recipient) if sender[0] in _TAKEN else sender
        except _GONE as error:
            self._close()
            return _Said(outcome=Outcome.DEFERRED, answer=f"the connection was lost: {_reason(error)}")
        if sender[0] >= _FOR_GOOD:
            raise RefusedByServer(self._server.name, f"takes nothing from {letter.sender}: {_words(*sender)}")
        if code not in _TAKEN:
            return self._judged(code, words, is_of_mailbox=sender[0] in _TAKEN)
        about_to_go()
        try:
            code, words = smtp.data(data)
        except smtplib.SMTPDataError as error:  # it was not let begin
            code, words = error.smtp_code, _bytes(error.smtp_error)
        except _GONE as error:
            self._close()
            answer = f"the connection was lost while it was sent: {_reason(error)}"
            return _Said(outcome=Outcome.SENDING, answer=answer)
        return self._judged(code, words, is_of_mailbox=True)

    def _judged(self, code: int, words: bytes, *, is_of_mailbox: bool) -> _Said:
        """What an answer means."""
        answer = _words(code, words)
        if code in _TAKEN:
            return _Said(outcome=Outcome.SENT, answer=answer)
        self._start_over()
        outcome = Outcome.REFUSED if code >= _FOR_GOOD else Outcome.DEFERRED
        return _Said(outcome=outcome, answer=answer, is_of_mailbox=is_of_mailbox)

    def _start_over(self) -> None:
        """Drop what was said of a message that does not go."""
        try:
            if self._smtp is not None and self._smtp.rset()[0] != 250:
                self._close()
        except _GONE:
            self._close()

    def _open(self) -> smtplib.SMTP:
        """Connect, encrypt and log in."""
        server = self._server
        step = "connection"
        try:
            self._smtp = smtp = _connected(server)
            if server.security is Security.STARTTLS:
                step = "STARTTLS"
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if server.login:
                step = "login"
                smtp.login(server.login.user, server.login.password)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self._close()
            _explain(error, server, step)
        self.was_open = True
        return smtp

    def _close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except (smtplib.SMTPException, OSError):
                smtp.close()


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security is Security.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=server.timeout)


def _explain(error: Exception, server: MailServer, step: str) -> NoReturn:
    """Say why there is no connection that can be used, without a word of what was sent to get one."""
    match error:
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            raise RefusedByServer(server.name, f"does not know this user with this password ({code})") from None
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            raise RefusedByServer(server.name, f"answers to the {step}: {_words(code, _bytes(words))}") from None
        case UnicodeError():
            right = "a user and a password in ASCII" if step == "login" else "another name of a host"
            raise RefusedByServer(server.name, f"cannot be used so; it takes {right}") from None
        case smtplib.SMTPException() if not isinstance(error, smtplib.SMTPServerDisconnected):
            reason = f"offers no {step} that can be used; see --security and --port"
            raise RefusedByServer(server.name, reason) from None
    reason = f"cannot be reached: {_reason(error)}; see --host, --port and --security"
    raise UnreachableServer(server.name, reason) from None


def _words(code: int, text: bytes) -> str:
    """An answer on one line."""
    said = " ".join(text.decode("utf-8", "replace").split())
    return f"{code} {''.join(letter if letter.isprintable() else '?' for letter in said)}"[:300].strip()


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _reason(error: Exception) -> str:
    """Why a connection failed."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not to be trusted ({error.verify_message})"
        case TimeoutError() | smtplib.SMTPServerDisconnected(__context__=TimeoutError()):
            return "no answer in time"
        case OSError(strerror=str(words)) if words:
            return words.lower()
        case _:
            return "it hung up"
