"""Mail servers that break the rules: what a run says, what the journal says, and how many copies there are.

Law: nothing is sent a second time that may have arrived, nothing counts as sent that the server has not taken by RFC
5321, and every run ends, whatever the server says and however slowly. No password is shown.
"""

from __future__ import annotations

import base64
import os
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendars import INVITING
from hostile import Cut, Drip, Flood, Hang, Record, Script, Step, mail_server
from invoke import Outcome as Ended
from invoke import invoke
from mag_rotation.publish import server_limits
from mag_rotation.publish.journal import DeliveryOutcome, read_journal
from mag_rotation.publish.mail import RetryPolicy
from mag_rotation.publish.wire import AnswerTooLarge, Wire, compute_deadline
from servers import context_of, make_certificate

PASSWORD = "open sesame"  # noqa: S105 - of a server of these tests
ENDLESS = 1024 * 1024
"""Far more than a reply may have, and far less than a flood would bring."""


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message is tried again at once, and nobody is logged in."""
    monkeypatch.setattr(server_limits, "GOODBYE_SECONDS", 0.2)
    defaults = RetryPolicy.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "waits", (0, 0))
    for name in ("MAG_ROTATION_SMTP_USER", "MAG_ROTATION_SMTP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


def shorten_waits(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    """Where a server takes too long, it has little time for that; else it has as much as ever."""
    for verb, answers in script.items():
        if any(isinstance(step, Hang | Drip) for steps in answers for step in steps):
            names = {"message": "LAST_ANSWER_SECONDS"} | dict.fromkeys(("MAIL", "RCPT", "DATA"), "MESSAGE_SECONDS")
            monkeypatch.setattr(server_limits, names.get(verb, "SESSION_SECONDS"), 0.5)


def write_messages(folder: Path, *members: str) -> Path:
    """A directory with one message to each member."""
    plan, out = folder / "plan.toml", folder / "out"
    tables = [f'[[members]]\nid = "{one}"\nzone = "UTC"\nemail = "{one}@example.org"\n' for one in members]
    plan.write_text(INVITING.replace("count = 2", "count = 1") + "".join(tables))
    assert invoke("invite", plan, "-o", out, "--stamp", "2026-01-01T00:00Z", "--eml").code == 0
    return out


def send(source: Path, server: Record, *more: object, security: str = "none") -> Ended:
    done = invoke(
        "send", source, "--host", server.host, "--port", server.port, "--security", security, "--rate", "9999/s", *more
    )
    assert not [path for path in source.parent.glob("*.journal") if PASSWORD in path.read_text()]
    assert PASSWORD not in done.out + done.err
    assert "Traceback" not in done.err
    return done


def outcomes(source: Path) -> list[str]:
    """The last word on each message."""
    return [str(entry.outcome) for entry in read_journal(source.with_suffix(".journal")).values()]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What a server does at one verb, and what comes of one message: the outcome, the copies, what is said."""

    name: str
    verb: str
    answers: tuple[tuple[Step, ...], ...]
    outcome: DeliveryOutcome | None
    copies: int
    said: str


def row(name: str, verb: str, *steps: Step, outcome: DeliveryOutcome | None, copies: int, said: str = "") -> Row:
    return Row(name=name, verb=verb, answers=(steps,), outcome=outcome, copies=copies, said=said)


SENT, REFUSED, PUT_OFF, UNKNOWN = (
    DeliveryOutcome.SENT,
    DeliveryOutcome.REFUSED,
    DeliveryOutcome.DEFERRED,
    DeliveryOutcome.SENDING,
)
ODD = {
    "200": b"200 ok\r\n",
    "252": b"252 perhaps\r\n",
    "251": b"251 will forward\r\n",
    "354": b"354 still more\r\n",
    "100": b"100 wait\r\n",
    "699": b"699 odd\r\n",
    "260": b"260 odd\r\n",
    "two digits": b"25 ok\r\n",
    "four digits": b"2500 ok\r\n",
    "no space": b"250ok\r\n",
    "a space before": b" 250 ok\r\n",
    "a sign": b"+250 ok\r\n",
    "an underscore": b"2_5 ok\r\n",
    "wide digits": "\uff12\uff15\uff10 ok\r\n".encode(),
    "garbage": b"what?\r\n",
    "an empty line": b"\r\n",
    "NUL": b"\0\0\0 ok\r\n",
    "two codes": b"250-ok\r\n251 ok\r\n",
    "a refusal inside": b"250-ok\r\n550 no\r\n",
    "HTTP": b"HTTP/1.1 250 OK\r\n\r\n",
}
"""Answers that are neither 250 nor a clear refusal."""

STUCK: dict[str, tuple[tuple[Step, ...], str]] = {
    "cut": ((Cut(),), "it hung up"),
    "cut in a line": ((b"250 o", Cut()), "it hung up"),
    "cut between lines": ((b"250-ok\r\n", Cut()), "it hung up"),
    "silent": ((Hang(),), "no answer in time"),
    "a byte at a time": ((Drip(data=b"250 ok" * 200 + b"\r\n"),), "no answer in time"),
    "a line at a time": ((Drip(data=b"250-\r\n" * 200),), "no answer in time"),
    "lines without an end": ((Flood(data=b"250-" + b"x" * 500 + b"\r\n"),), "its reply does not end"),
    "a line without an end": ((b"250 ", Flood(data=b"x" * 4096)), "its reply does not end"),
    "NUL without an end": ((Flood(data=b"\0" * 4096),), "its reply does not end"),
}
"""Answers that are none, and what is said of them."""

AT_THE_END = [
    row("250", "message", b"250 taken\r\n", outcome=SENT, copies=1),
    row("250 alone", "message", b"250\r\n", outcome=SENT, copies=1),
    row("250 in lines", "message", b"250-a\r\n250-b\r\n250 c\r\n", outcome=SENT, copies=1),
    row("250 with LF", "message", b"250 ok\n", outcome=SENT, copies=1),
    row("250 and NUL", "message", b"250 o\0k\r\n", outcome=SENT, copies=1),
    row("451", "message", b"451 later\r\n", outcome=PUT_OFF, copies=3, said="451 later"),
    row("421", "message", b"421 bye\r\n", outcome=PUT_OFF, copies=3, said="421 bye"),
    row("452 in lines", "message", b"452-a\r\n452 b\r\n", outcome=PUT_OFF, copies=3, said="452 a b"),
    row("554", "message", b"554 no\r\n", outcome=REFUSED, copies=1, said="554 no"),
    row("550 alone", "message", b"550\r\n", outcome=REFUSED, copies=1, said="refused (550)"),
    *(row(name, "message", data, outcome=UNKNOWN, copies=1, said="unexpected reply") for name, data in ODD.items()),
    *(row(name, "message", *steps, outcome=UNKNOWN, copies=1, said=said) for name, (steps, said) in STUCK.items()),
]
BEFORE_IT_GOES = [
    *(
        row(f"{verb} {name}", verb, data, outcome=PUT_OFF, copies=0, said="unexpected reply")
        for verb in ("MAIL", "RCPT", "DATA")
        for name, data in {**ODD, "250": b"250 ok\r\n"}.items()
        if (verb, name) not in {("MAIL", "250"), ("RCPT", "250"), ("RCPT", "251"), ("DATA", "354")}
    ),
    *(
        row(f"{verb} {name}", verb, *steps, outcome=PUT_OFF, copies=0, said=said)
        for verb in ("MAIL", "RCPT", "DATA")
        for name, (steps, said) in STUCK.items()
        if verb == "DATA" or "time" not in name
    ),
    row("RCPT 450", "RCPT", b"450 busy\r\n", outcome=PUT_OFF, copies=0, said="450 busy"),
    row("RCPT 421", "RCPT", b"421 bye\r\n", outcome=PUT_OFF, copies=0, said="421 bye"),
    row("RCPT 550", "RCPT", b"550 unknown\r\n", outcome=REFUSED, copies=0, said="550 unknown"),
    row("MAIL 450", "MAIL", b"450 busy\r\n", outcome=PUT_OFF, copies=0, said="450 busy"),
    row("MAIL 421", "MAIL", b"421 bye\r\n", outcome=PUT_OFF, copies=0, said="421 bye"),
    row("DATA 451", "DATA", b"451 not now\r\n", outcome=PUT_OFF, copies=0, said="451 not now"),
    row("DATA 554", "DATA", b"554 no\r\n", outcome=REFUSED, copies=0, said="554 no"),
    row("DATA answered twice", "DATA", b"354 go on\r\n250 ok\r\n", outcome=PUT_OFF, copies=0, said="before a command"),
    row("RCPT answered twice", "RCPT", b"250 ok\r\n250 ok\r\n", outcome=PUT_OFF, copies=0, said="before a command"),
    row("a terminal", "RCPT", b"550 \x1b[2J\x1b]0;x\x07\xe2\x80\xae\r\n", outcome=REFUSED, copies=0, said="550 ?[2J?"),
]


@pytest.mark.parametrize("case", [*AT_THE_END, *BEFORE_IT_GOES], ids=lambda case: f"{case.verb}: {case.name}")
def test_a_message_is_what_the_server_made_of_it_by_the_rules(
    tmp_path: Path, case: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_messages(tmp_path, "lima")
    shorten_waits(monkeypatch, {case.verb: case.answers})
    with mail_server({case.verb: case.answers}) as server:
        done = send(source, server)

    assert (done.code, outcomes(source)) == (0 if case.outcome is SENT else 1, [str(case.outcome)])
    assert len(server.taken) == case.copies
    assert case.said in done.err
    assert "\x1b" not in done.err
    assert server.said < ENDLESS


@pytest.mark.parametrize("case", [one for one in AT_THE_END if one.outcome is UNKNOWN], ids=lambda case: str(case.name))
def test_what_is_unknown_stays_so_until_somebody_decides(
    tmp_path: Path, case: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_messages(tmp_path, "lima")
    with monkeypatch.context() as patched, mail_server({case.verb: case.answers}) as server:
        shorten_waits(patched, {case.verb: case.answers})
        send(source, server)
    with mail_server({}) as calm:
        again = send(source, calm)
        assert (again.code, outcomes(source), calm.taken) == (1, ["sending"], [])
        assert "may have arrived or not; " in again.err
        decided = send(source / "lima" / "demo-20260303.eml", calm, "--retry-unknown")

    assert (decided.code, outcomes(source), len(calm.taken)) == (0, ["sent"], 1)


def test_one_that_is_refused_among_several_holds_up_nobody(tmp_path: Path) -> None:
    source = write_messages(tmp_path, "apia", "lima", "rome")
    with mail_server({"RCPT": [[b"250 ok\r\n"], [b"550 unknown\r\n"], [b"250 ok\r\n"]]}) as server:
        done = send(source, server)

    assert done.code == 1
    assert "2 sent, 1 refused" in done.err
    assert outcomes(source) == ["sent", "refused", "sent"]
    assert len(server.taken) == 2
    assert server.verbs().count("RSET") == 1


@pytest.mark.parametrize("steps", [[Cut()], [b"421 bye\r\n"], [b"200 ok\r\n"], [b"?\r\n"], [b"250 ok\r\n250 ok\r\n"]])
def test_a_server_that_cannot_start_over_is_connected_to_again(tmp_path: Path, steps: list[Step]) -> None:
    source = write_messages(tmp_path, "apia", "lima")
    with mail_server({"RCPT": [[b"550 unknown\r\n"], [b"250 ok\r\n"]], "RSET": [steps]}) as server:
        send(source, server)

    assert (outcomes(source), server.connections) == (["refused", "sent"], 2)


@pytest.mark.parametrize("reply", [b"252 perhaps\r\n", b"what?\r\n"])
def test_a_server_that_never_says_what_it_takes_is_left_after_three(tmp_path: Path, reply: bytes) -> None:
    source = write_messages(tmp_path, "apia", "lima", "oslo", "rome", "suva")
    with mail_server({"message": [[reply]]}) as server:
        done = send(source, server)
        rest = send(source, server)

    assert (done.code, rest.code) == (1, 1)
    assert "stopped: " in done.err
    assert "does not say clearly whether it takes messages" in done.err
    assert "3 unknown, 2 not tried" in done.err
    assert outcomes(source) == ["sending"] * 5
    assert len(server.taken) == 5


def test_a_server_that_comes_to_its_senses_gets_the_rest(tmp_path: Path) -> None:
    source = write_messages(tmp_path, "apia", "lima", "oslo", "rome")
    replies: list[list[Step]] = [[b"252 perhaps\r\n"], [Cut()], [b"250 ok\r\n"], [b"200 ok\r\n"]]
    with mail_server({"message": replies}) as server:
        done = send(source, server)

    assert "1 sent, 3 unknown; see" in done.err
    assert outcomes(source) == ["sending", "sending", "sent", "sending"]
    assert len(server.taken) == 4


def test_lines_that_begin_with_a_dot_arrive_as_they_are(tmp_path: Path) -> None:
    source = write_messages(tmp_path, "lima")
    (path,) = source.rglob("*.eml")
    path.write_bytes(path.read_bytes() + b"\r\n.\r\n..\r\n.x\r\nlast, without an end")
    with mail_server({}) as server:
        assert send(source, server).code == 0

    assert server.taken[0].endswith(b"\r\n..\r\n...\r\n..x\r\nlast, without an end\r\n.\r\n")


# Before any message.

ENTRANCE: dict[str, tuple[Script, str]] = {
    "a greeting of refusal": ({"greeting": [[b"554 not from here\r\n"]]}, "answers to the connection: 554 not from"),
    "busy": ({"greeting": [[b"421 busy\r\n"]]}, "answers to the connection: 421 busy"),
    "a greeting of 250": ({"greeting": [[b"250 hello\r\n"]]}, "answers to the connection: 250 hello"),
    "SSH": ({"greeting": [[b"SSH-2.0-x\r\n"]]}, "answers to the connection: SSH-2.0-x"),
    "binary": ({"greeting": [[b"\x15\x03\x01\0\x02\n"]]}, "answers to the connection: ?????"),
    "no greeting": ({"greeting": [[Hang()]]}, "no answer in time"),
    "a slow greeting": ({"greeting": [[Drip(data=b"220 " + b"x" * 999)]]}, "no answer in time"),
    "a greeting without an end": ({"greeting": [[Flood(data=b"220-x\r\n" * 99)]]}, "its reply does not end"),
    "two greetings": ({"greeting": [[b"220 a\r\n220 b\r\n"]]}, "it sent a reply before a command"),
    "no EHLO and no HELO": (
        {"EHLO": [[b"502 no\r\n"]], "HELO": [[b"502 no\r\n"]]},
        "answers to the connection: 502 no",
    ),
    "EHLO 200": ({"EHLO": [[b"200 ok\r\n"]]}, "answers to the connection: 200 ok"),
    "EHLO of garbage": ({"EHLO": [[b"?\r\n"]]}, "answers to the connection: ?"),
    "HELO 299": ({"EHLO": [[b"500 no\r\n"]], "HELO": [[b"299 ok\r\n"]]}, "answers to the connection:"),
    "EHLO without an end": ({"EHLO": [[Flood(data=b"250-SIZE 1\r\n" * 99)]]}, "its reply does not end"),
    "cut at EHLO": ({"EHLO": [[Cut()]]}, "it hung up"),
    "a sender that is refused": ({"MAIL": [[b"550 not yours\r\n"]]}, "takes nothing from office@example.org: 550"),
}


@pytest.mark.parametrize(("script", "said"), ENTRANCE.values(), ids=ENTRANCE)
def test_a_server_that_cannot_be_used_ends_the_run_before_a_message(
    tmp_path: Path, script: Script, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_messages(tmp_path, "lima")
    shorten_waits(monkeypatch, script)
    with mail_server(script) as server:
        done = send(source, server)

    assert (done.code, outcomes(source), server.taken) == (2, [], [])
    assert said in done.err
    assert server.said < ENDLESS


@pytest.mark.parametrize(
    "script", [{"EHLO": [[b"502 no\r\n"]]}, {"EHLO": [[b"250-x\r\n250-\r\n250- a\r\n250 \xff\r\n"]]}]
)
def test_a_server_of_old_times_will_do(tmp_path: Path, script: Script) -> None:
    source = write_messages(tmp_path, "lima")
    with mail_server(script) as server:
        assert send(source, server).code == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"), "127.0.0.1")


@pytest.fixture
def login(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setenv("MAG_ROTATION_SMTP_USER", "office")
    monkeypatch.setenv("MAG_ROTATION_SMTP_PASSWORD", PASSWORD)


ECHO = base64.b64encode(f"\0office\0{PASSWORD}".encode())
SECURED: dict[str, tuple[Script, str]] = {
    "STARTTLS 454": ({"STARTTLS": [[b"454 not now\r\n"]]}, "answers to the STARTTLS: 454 not now"),
    "STARTTLS 501": ({"STARTTLS": [[b"501 no\r\n"]]}, "answers to the STARTTLS: 501 no"),
    "STARTTLS 250": ({"STARTTLS": [[b"250 ok\r\n"]]}, "answers to the STARTTLS: 250 ok"),
    "STARTTLS of garbage": ({"STARTTLS": [[b"220go\r\n"]]}, "answers to the STARTTLS: 220go"),
    "STARTTLS and more": ({"STARTTLS": [[b"220 go\r\n250 injected\r\n"]]}, "it sent a reply before a command"),
    "no STARTTLS": ({"EHLO": [[b"250 here\r\n"]]}, "offers no STARTTLS that can be used"),
    "cut at STARTTLS": ({"STARTTLS": [[Cut()]]}, "it hung up"),
    "AUTH 535": ({"AUTH": [[b"535 wrong\r\n"]]}, "does not know this user with this password (535)"),
    "AUTH 535 with the password": (
        {"AUTH": [[b"535 " + ECHO + b" " + PASSWORD.encode() + b"\r\n"]]},
        "does not know this user with this password (535)",
    ),
    "AUTH 454": ({"AUTH": [[b"454 not now\r\n"]]}, "did not check the password (454); try again later"),
    "AUTH 503": ({"AUTH": [[b"503 already\r\n"]]}, "does not know this user with this password (503)"),
    "AUTH 250": ({"AUTH": [[b"250 ok\r\n"]]}, "did not check the password (250)"),
    "AUTH of garbage": ({"AUTH": [[b"?\r\n"]]}, "did not check the password (unexpected reply)"),
    "AUTH asks for ever": (
        {"AUTH": [[b"334 \r\n"]], ECHO.decode().upper(): [[b"334 \r\n"]]},
        "offers no login that can be used",
    ),
    "AUTH asks for no base64": ({"AUTH": [[b"334 a\r\n"]]}, "gives an answer to the login that cannot be read"),
    "cut at AUTH": ({"AUTH": [[Cut()]]}, "it hung up"),
    "silent at AUTH": ({"AUTH": [[Hang()]]}, "no answer in time"),
    "no AUTH": ({"EHLO": [[b"250-x\r\n250 STARTTLS\r\n"], [b"250 x\r\n"]]}, "offers no login that can be used"),
    "only unknown AUTH": (
        {"EHLO": [[b"250-x\r\n250 STARTTLS\r\n"], [b"250-x\r\n250 AUTH X\r\n"]]},
        "offers no login that can be used",
    ),
}


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize(("script", "said"), SECURED.values(), ids=SECURED)
def test_a_login_that_fails_says_so_without_a_password(
    tmp_path: Path, certificate: tuple[Path, Path], script: Script, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_messages(tmp_path, "lima")
    shorten_waits(monkeypatch, script)
    with mail_server(script, context=context_of(certificate)) as server:
        done = send(source, server, security="starttls")

    assert (done.code, outcomes(source), server.taken) == (2, [], [])
    assert said in done.err
    assert ECHO.decode() not in done.err
    assert not [line for line in server.asked if "AUTH" in line and "AUTH" not in script and "EHLO" not in script]


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize("script", [{}, {"AUTH": [[b"334 \r\n"]], ECHO.decode().upper(): [[b"235 ok\r\n"]]}])
def test_a_login_that_succeeds_sends(tmp_path: Path, certificate: tuple[Path, Path], script: Script) -> None:
    source = write_messages(tmp_path, "lima")
    with mail_server(script, context=context_of(certificate)) as server:
        done = send(source, server, security="starttls")

    assert (done.code, len(server.taken)) == (0, 1)


class Killed(BaseException):
    """The end of a run at a place where nothing can be tidied up."""


@pytest.mark.parametrize("step", range(6))
@pytest.mark.parametrize("is_written", [False, True], ids=["before", "after"])
def test_a_run_that_ends_at_any_line_of_the_journal_sends_nothing_twice_and_loses_nothing(
    tmp_path: Path, step: int, is_written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_messages(tmp_path, "apia", "lima", "rome")
    write = os.write
    lines = 0

    def end(descriptor: int, data: bytes) -> int:
        nonlocal lines
        lines += 1
        if lines == step + 1:
            if is_written:
                write(descriptor, data)
            raise Killed
        return write(descriptor, data)

    with mail_server({}) as server:
        with monkeypatch.context() as patched:
            patched.setattr("mag_rotation.publish.journal.os.write", end)
            with pytest.raises(Killed):
                send(source, server)
        arrived = len(server.taken)
        again = send(source, server)

    ids = [line for data in server.taken for line in data.split(b"\r\n") if line.startswith(b"Message-ID:")]
    is_of_sending = step % 2 == 0
    unknown = int(is_of_sending == is_written)
    assert len(ids) == len(set(ids)) == 3 - (is_of_sending and is_written)
    assert outcomes(source).count("sending") == again.code == unknown
    assert arrived == (step + 1) // 2


@pytest.mark.parametrize("limit", ["LOOKUP_SECONDS", "SESSION_SECONDS"])
def test_a_mail_server_whose_name_is_looked_up_for_ever_is_given_up_in_time(
    tmp_path: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, over = write_messages(tmp_path, "ana"), threading.Event()
    monkeypatch.setattr(server_limits, limit, 0.2)
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: over.wait(60) and [])
    done = invoke("send", source, "--host", "mail.example.org", "--security", "tls")
    over.set()

    assert (done.code, "no answer in time" in done.err) == (2, True), done.err
    assert outcomes(source) == []


def test_a_connection_whose_time_is_over_takes_nothing_more() -> None:
    with mail_server({}) as server:
        with pytest.raises(TimeoutError):
            Wire(server.host, server.port, until=compute_deadline(-1))
        wire = Wire(server.host, server.port, until=compute_deadline(9))
        wire.expect(100, until=compute_deadline(9))
        assert wire.recv() == b"220 here\r\n"
        wire.expect(100, until=compute_deadline(-1))
        for use in (wire.recv, lambda: wire.sendall(b"x")):
            with pytest.raises(TimeoutError):
                use()
        wire.close()


@given(st.lists(st.binary(max_size=20), max_size=9), st.integers(1, 60))
def test_no_more_bytes_are_taken_than_may_come(parts: list[bytes], most: int) -> None:
    data = b"".join(parts)
    near, far = socket.socketpair()
    with far, patch("mag_rotation.publish.wire._connect", lambda *_, **__: near):
        wire = Wire("x", 1, until=compute_deadline(9))
        wire.expect(most, until=compute_deadline(9))
        far.sendall(data)
        far.shutdown(socket.SHUT_WR)
        with wire.makefile() as file:
            if len(data) > most:
                with pytest.raises(AnswerTooLarge):
                    file.read()
            else:
                assert file.read() == data
        wire.close()
