"""A connection to an untrusted server, with limits on its time and on the incoming bytes."""

from __future__ import annotations

import io
import selectors
import socket
import ssl
import time
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import cast

from mag_rotation.publish import server_limits

__all__ = ["AnswerTooLarge", "Wire", "compute_deadline"]

_CHUNK = 64 * 1024


class AnswerTooLarge(OSError):
    """The server sends more than is accepted."""


def compute_deadline(seconds: float) -> float:
    """Return the time so many seconds from now, on the clock of :class:`Wire`."""
    return time.monotonic() + seconds


class Wire:
    """A connected socket, plain or with TLS, with a deadline and a limit on the incoming bytes.

    Every method raises :class:`OSError` if the connection fails: :class:`TimeoutError` at the deadline or after
    ``silence`` seconds without a byte, :class:`AnswerTooLarge` above the limit. ``http.client`` and ``smtplib`` use a
    wire in place of a socket.
    """

    __slots__ = ("_left", "_socket", "_until", "silence")

    def __init__(self, host: str, port: int, *, until: float, silence: float | None = None) -> None:
        """Connect before the time ``until``."""
        self.silence = server_limits.SILENCE_SECONDS if silence is None else silence
        self._left = 0
        self._until = until
        self._socket = _connect(host, port, until=until, wait=min(server_limits.CONNECT_SECONDS, self.silence))

    def expect(self, most_bytes: int, *, until: float) -> None:
        """Accept so many bytes until then."""
        self._left, self._until = most_bytes, until

    def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Encrypt from here on, with a server whose certificate is for ``host``."""
        self._wait()
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    def is_quiet(self) -> bool:
        """Return whether the connection is open and nothing unexpected has come in."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._socket, selectors.EVENT_READ)
            return not waiting.select(0)

    def sendall(self, data: bytes) -> None:
        """Send all of the data."""
        for start in range(0, len(data), _CHUNK):
            self._wait()
            self._socket.sendall(memoryview(data)[start : start + _CHUNK])

    def recv(self) -> bytes:
        """Return the next bytes; empty at the end."""
        self._wait()
        data = self._socket.recv(min(_CHUNK, self._left + 1))
        self.count(len(data))
        return data

    def makefile(self, _mode: str = "rb") -> io.BufferedReader:
        """Return the incoming bytes as a file, which stays open when the wire is closed."""
        return io.BufferedReader(_Incoming(self, self._socket.makefile("rb", buffering=0)))

    def before_read(self) -> int:
        """Set the timeout of the next read and return how many bytes to ask for at most."""
        self._wait()
        return self._left + 1

    def count(self, size: int) -> None:
        """Count incoming bytes."""
        self._left -= size
        if self._left < 0:
            raise AnswerTooLarge

    def close(self) -> None:
        """Close the connection when none of its files is open any more."""
        self._socket.close()

    def _wait(self) -> None:
        """Set the timeout of the next step by the deadline."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(min(left, self.silence))


class _Incoming(io.RawIOBase):
    """The incoming bytes of a wire, for :class:`io.BufferedReader`."""

    def __init__(self, wire: Wire, file: socket.SocketIO) -> None:
        self._wire, self._file = wire, file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int | None:
        size = self._file.readinto(memoryview(cast("bytearray", buffer))[: self._wire.before_read()])
        self._wire.count(size or 0)
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


def _look_up(host: str, port: int, *, until: float) -> Sequence[tuple[int, tuple[str | int, ...] | tuple[int, bytes]]]:
    """Return the families and addresses of a host; raises :class:`OSError`, and :class:`TimeoutError` at ``until``.

    Resolvers have no deadline, so it runs in a thread that is abandoned if it takes too long.
    """
    answers: SimpleQueue[Sequence[tuple[int, tuple[str | int, ...] | tuple[int, bytes]]] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _, _, _, address in found])
        except Exception as error:  # raised again by who waits for it
            answers.put(error)

    Thread(target=ask, daemon=True, name=f"look up {host}").start()
    try:
        answer = answers.get(timeout=max(0.0, until - time.monotonic()))
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _connect(host: str, port: int, *, until: float, wait: float) -> socket.socket:
    """Connect to the first address of a host that accepts."""
    failed: OSError = TimeoutError()
    for family, address in _look_up(host, port, until=min(until, compute_deadline(server_limits.LOOKUP_SECONDS))):
        left = until - time.monotonic()
        if left <= 0:
            break
        one = socket.socket(family, socket.SOCK_STREAM)
        try:
            one.settimeout(min(wait, left))
            one.connect(address)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            one.close()
            failed = error
        else:
            return one
    raise failed
