"""Mail servers and calendar servers that break the rules on purpose, by a script, on the loopback only.

Law: a script has for each verb the answers to give one after the other, the last one again and again; what was asked,
what was handed in and how many bytes went out is on record. Everything ends: by itself, with the other side, or with
the test.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

LONGEST_SECONDS = 20
MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Drip:
    """Bytes that go out one by one, after ``seconds`` each."""

    data: bytes
    seconds: float = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Flood:
    """The same bytes again and again, until the other side has gone or ``most`` have gone out."""

    data: bytes
    most: int = MOST_BYTES


@dataclass(frozen=True, kw_only=True, slots=True)
class Hang:
    """Nothing at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """The end of the connection."""


Step = bytes | Drip | Flood | Hang | Cut
Script = Mapping[str, Sequence[Sequence[Step]]]


class Gone(Exception):
    """The connection is at its end."""


@dataclass(kw_only=True, slots=True)
class Record:
    """What a hostile server was asked, took and said."""

    host: str = "127.0.0.1"
    port: int = 0
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    """Of each HTTP request, by small letters."""
    taken: list[bytes] = field(default_factory=list)
    """The messages that came to their last byte, or the bodies that were put."""
    connections: int = 0
    said: int = 0
    """Bytes that went out."""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/cal/"

    def verbs(self) -> list[str]:
        return [line.partition(" ")[0].upper() for line in self.asked]


class Connection:
    """One connection of a hostile server."""

    def __init__(self, line: socket.socket, record: Record, script: Script, left: dict[str, int]) -> None:
        self.line, self.record, self._script, self._left = line, record, script, left
        self._unread = b""

    def steps(self, verb: str, usual: bytes) -> Sequence[Step]:
        """The next answer to a verb."""
        answers = self._script.get(verb, [[usual]])
        place = self._left.get(verb, 0)
        self._left[verb] = place + 1
        return answers[min(place, len(answers) - 1)]

    def play(self, verb: str, usual: bytes) -> bytes:
        """Give the next answer to a verb; what was said of it, as far as it was bytes."""
        said = b""
        for step in self.steps(verb, usual):
            match step:
                case bytes():
                    self._say(step)
                    said += step
                case Drip():
                    for at in range(len(step.data)):
                        if self.record.over.wait(step.seconds):
                            raise Gone
                        self._say(step.data[at : at + 1])
                    said += step.data
                case Flood():
                    for _ in range(step.most // len(step.data)):
                        self._say(step.data)
                case Hang():
                    self.read_line()
                case Cut():
                    raise Gone
        return said

    def encrypt(self, context: ssl.SSLContext) -> None:
        self.line = context.wrap_socket(self.line, server_side=True)

    def read_line(self) -> bytes:
        return self._read_to(b"\n")

    def read_to(self, end: bytes) -> bytes:
        """Everything up to such an end."""
        return self._read_to(end)

    def read(self, size: int) -> bytes:
        """So many bytes."""
        while len(self._unread) < size:
            self._more()
        data, self._unread = self._unread[:size], self._unread[size:]
        return data

    def _read_to(self, end: bytes) -> bytes:
        while end not in self._unread:
            self._more()
        data, _, self._unread = self._unread.partition(end)
        return data + end

    def _more(self) -> None:
        data = self.line.recv(65536)
        if not data:
            raise Gone
        self._unread += data

    def _say(self, data: bytes) -> None:
        self.line.sendall(data)
        self.record.said += len(data)


@contextmanager
def listening(script: Script, serve: Callable[[Connection], None], context: ssl.SSLContext | None) -> Iterator[Record]:
    """A server that runs as long as the block does; with a context it speaks TLS from the first byte."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        record = Record(port=door.getsockname()[1])
        left: dict[str, int] = {}
        threads: list[threading.Thread] = []

        def run(line: socket.socket) -> None:
            with suppress(OSError, Gone):
                line.settimeout(LONGEST_SECONDS)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
                connection = Connection(line, record, script, left)
                try:
                    if context:
                        connection.encrypt(context)
                    serve(connection)
                finally:
                    connection.line.close()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    line, _ = door.accept()
                    record.connections += 1
                    threads.append(threading.Thread(target=run, args=(line,), daemon=True))
                    threads[-1].start()

        usher = threading.Thread(target=accept, daemon=True)
        usher.start()
        try:
            yield record
        finally:
            record.over.set()
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            door.close()
            usher.join()
            for thread in threads:
                thread.join(LONGEST_SECONDS)


USUAL = {
    "greeting": b"220 here\r\n",
    "EHLO": b"250-here\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n",
    "STARTTLS": b"220 go on\r\n",
    "AUTH": b"235 welcome\r\n",
    "DATA": b"354 go on\r\n",
    "message": b"250 taken\r\n",
    "QUIT": b"221 bye\r\n",
}
"""What a mail server that keeps to the rules answers; to everything else, 250."""


@contextmanager
def mail_server(script: Script, *, context: ssl.SSLContext | None = None) -> Iterator[Record]:
    """A mail server; with a context it can go over to TLS.

    In the script ``greeting`` is its first word, ``message`` the answer to the last byte of a message.
    """

    def serve(connection: Connection) -> None:
        connection.play("greeting", USUAL["greeting"])
        while True:
            line = connection.read_line().decode("utf-8", "replace").strip()
            connection.record.asked.append(line)
            verb = line.partition(" ")[0].upper()
            said = connection.play(verb, USUAL.get(verb, b"250 ok\r\n"))
            if verb == "QUIT":
                raise Gone
            if verb == "STARTTLS" and said.startswith(b"220") and context:
                connection.encrypt(context)
            if verb == "DATA" and said.startswith(b"354"):
                connection.record.taken.append(connection.read_to(b"\r\n.\r\n"))
                connection.play("message", USUAL["message"])

    with listening(script, serve, None) as record:
        yield record


@contextmanager
def web_server(script: Script, *, context: ssl.SSLContext | None = None) -> Iterator[Record]:
    """An HTTP server whose answers are sent as they stand in the script; with a context it speaks TLS."""

    def serve(connection: Connection) -> None:
        while True:
            head = connection.read_to(b"\r\n\r\n").decode("latin-1")
            first, *lines = head.rstrip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            connection.record.asked.append(first)
            connection.record.headers.append(headers)
            connection.record.taken.append(connection.read(int(headers.get("content-length", "0"))))
            said = connection.play(first.partition(" ")[0], answer(500))
            if re.search(rb"^connection: close", said, re.IGNORECASE | re.MULTILINE):
                raise Gone

    with listening(script, serve, context) as record:
        yield record


def answer(status: int | str, body: bytes = b"", /, **headers: str) -> bytes:
    """An HTTP answer; headers with ``_`` for ``-``.

    >>> answer(301, Location="/x")
    b'HTTP/1.1 301 X\\r\\nLocation: /x\\r\\nContent-Length: 0\\r\\n\\r\\n'
    """
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    if "Content-Length" not in said and "Transfer-Encoding" not in said:
        said["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body
