"""Messages over a real SMTP server: each arrives once, whatever breaks off, and no password is seen.

Law: what the server has taken plus what is told to be open is what was to be sent.
"""

from __future__ import annotations

import email
import json
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars import INVITING
from hostile import mail_server
from invoke import Outcome as Ended
from invoke import invoke
from mag_rotation.errors import (
    InvalidMessages,
    InvalidValue,
    MissingExtra,
    RefusedByServer,
    RefusedOutput,
    UnreachableServer,
    UnreadableFile,
)
from mag_rotation.limits import JOURNAL, MAIL
from mag_rotation.publish.journal import MARK, DeliveryOutcome, JournalEntry, journal_of, open_journal, read_journal
from mag_rotation.publish.letters import read_letters
from mag_rotation.publish.login import Login
from mag_rotation.publish.mail import Delivery, MailServer, RetryPolicy, Security, compute_interval, send_letters
from mag_rotation.publish.wire import Wire
from servers import context_of, free_port, make_certificate

STAMP = ("--stamp", "2026-01-01T00:00Z")
PASSWORD = "open sesame"  # noqa: S105 - of a server of these tests
PLAN = (
    INVITING.replace("count = 2", "count = 3")
    + """
[[members]]
id = "hobart"
zone = "Australia/Hobart"
email = "hobart@example.org"
[[members]]
id = "lima"
zone = "America/Lima"
email = "lima@example.org"
"""
)


@dataclass(kw_only=True, slots=True, frozen=True)
class Office:
    """What a mail server took, and how it answers; ``before`` are called when a message is about to be taken."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    refusals: dict[str, list[str]] = field(default_factory=dict)
    """By what is asked, the answers to give before the good one."""
    at_address: Callable[[int], None] = lambda _: None
    at_message: Callable[[int], None] = lambda _: None
    after_message: Callable[[int], None] = lambda _: None
    users: list[str] = field(default_factory=list)

    def _no(self, asked: str) -> str | None:
        answers = self.refusals.get(asked, [])
        return answers.pop(0) if answers else None

    async def handle_MAIL(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._no("MAIL") or "250 ok"

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        self.at_address(len(self.taken))
        envelope.rcpt_tos.append(address)
        return self._no(address) or "250 ok"

    async def handle_RSET(self, _: SMTP, __: Session, ___: Envelope) -> str:  # noqa: N802
        return self._no("RSET") or "250 ok"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        self.at_message(len(self.taken))
        if no := self._no("DATA"):
            return no
        assert isinstance(envelope.content, bytes)
        (recipient,) = envelope.rcpt_tos
        self.taken.append((recipient, envelope.content))
        self.after_message(len(self.taken))
        return "250 taken"

    def ids(self) -> Counter[str]:
        return Counter(str(email.message_from_bytes(data)["Message-ID"]) for _, data in self.taken)

    def authenticate(self, _: SMTP, __: Session, ___: Envelope, ____: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.users.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


@contextmanager
def served(office: Office, **more: object) -> Iterator[MailServer]:
    """A mail server that runs as long as the block does."""
    port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port, **more)  # type: ignore[arg-type]
    controller.start()
    try:
        yield MailServer(host="127.0.0.1", port=port, security=Security.NONE, timeout=20)
    finally:
        controller.stop()


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A directory of six messages."""
    return written(tmp_path, "out")


def written(folder: Path, name: str) -> Path:
    """Write six messages into a directory of that name, for a plan beside it."""
    folder.mkdir(exist_ok=True)
    plan, out = folder / "plan.toml", folder / name
    plan.write_text(PLAN)
    assert invoke("invite", plan, "-o", out, *STAMP, "--eml").code == 0
    return out


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that signs itself, and its key."""
    return make_certificate(tmp_path_factory.mktemp("certificate"), "127.0.0.1")


def send(source: Path | tuple[Path, ...], server: MailServer, *more: object) -> Ended:
    return invoke(
        "send", *(source if isinstance(source, tuple) else (source,)),
        "--host", server.host, "--port", server.port, "--security", server.security, "--rate", "9999/s", *more,
    )  # fmt: skip


def sent(
    source: Path, server: MailServer, waits: list[float] | None = None, *, retry_refused: bool = False
) -> list[Delivery]:
    """What became of the messages of a directory; ``waits`` gets the seconds that were waited."""
    slept = waits if waits is not None else []
    with open_journal(source.with_suffix(".journal")) as journal:
        return list(
            send_letters(
                read_letters(source).letters,
                server,
                journal,
                patience=RetryPolicy(between=0, waits=(5, 30), sleep=slept.append),
                retry_refused=retry_refused,
            )
        )


def names(source: Path) -> list[str]:
    return sorted(path.relative_to(source).as_posix() for path in source.rglob("*.eml"))


# Once and to one.


def test_every_message_goes_once_to_its_member_as_it_is_in_the_file(letters: Path) -> None:
    office = Office()
    with served(office) as server:
        first, second = send(letters, server), send(letters, server)
    journal = letters.with_name("out.journal")

    assert (first.code, first.out, first.err) == (0, "", f"6 sent; see {journal}\n")
    assert (second.code, second.err) == (0, f"6 sent before; see {journal}\n")
    assert [(to, data) for to, data in office.taken] == [
        (f"{name.partition('/')[0]}@example.org", (letters / name).read_bytes()) for name in names(letters)
    ]


def test_the_line_is_encrypted_and_the_user_logs_in(
    letters: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setenv("MAG_ROTATION_SMTP_USER", "office")
    monkeypatch.setenv("MAG_ROTATION_SMTP_PASSWORD", PASSWORD)
    office = Office()
    secured = {"authenticator": office.authenticate}
    with served(
        office, tls_context=context_of(certificate), require_starttls=True, auth_required=True, **secured
    ) as server:
        done = send(letters, replace(server, security=Security.STARTTLS))
    monkeypatch.delenv("MAG_ROTATION_SMTP_PASSWORD")
    kept = {("127.0.0.1", "office"): PASSWORD}
    monkeypatch.setattr("keyring.get_password", lambda service, user: kept.get((service, user)))
    with served(office, ssl_context=context_of(certificate), auth_require_tls=False, **secured) as server:
        again = send(letters, replace(server, security=Security.TLS), "--journal", letters.with_name("other"))

    assert (done.code, again.code) == (0, 0), done.err + again.err
    assert set(office.ids().values()) == {2}
    assert office.users == ["office", "office"]


def test_a_certificate_that_is_not_to_be_trusted_and_a_line_without_encryption_get_no_password(
    letters: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAG_ROTATION_SMTP_USER", "office")
    monkeypatch.setenv("MAG_ROTATION_SMTP_PASSWORD", PASSWORD)
    office = Office()
    secured = {"authenticator": office.authenticate, "auth_require_tls": False}
    with served(office, tls_context=context_of(certificate), **secured) as server:
        untrusted = send(letters, replace(server, security=Security.STARTTLS))
    with served(office, **secured) as server:
        no_tls = send(letters, replace(server, security=Security.STARTTLS))
        in_the_clear = send(letters, server)

    assert (untrusted.code, no_tls.code, in_the_clear.code) == (2, 2, 2)
    assert "its certificate is not to be trusted (self-signed certificate" in untrusted.err
    assert "offers no STARTTLS that can be used" in no_tls.err
    assert "a password goes with --security starttls or tls" in in_the_clear.err
    assert office.users == []
    assert office.taken == []


def test_a_wrong_password_is_told_without_the_password(
    letters: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setenv("MAG_ROTATION_SMTP_PASSWORD", "wrong horse")
    office = Office()
    with served(office, tls_context=context_of(certificate), authenticator=office.authenticate) as server:
        safe = replace(server, security=Security.STARTTLS)
        done = send(letters, safe, "--user", "office")
        monkeypatch.setenv("MAG_ROTATION_SMTP_PASSWORD", "wr\u00f6ng horse")
        odd = send(letters, safe, "--user", "office")

    assert done.err == f"mag-rotation: {server.name}: does not know this user with this password (535)\n"
    assert odd.err == f"mag-rotation: {server.name}: cannot be used so; it takes a user and a password in ASCII\n"
    assert "horse" not in letters.with_name("out.journal").read_text()
    assert PASSWORD not in repr(replace(safe, login=Login(user="office", password=PASSWORD)))


def test_a_server_without_login_is_told(
    letters: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with served(Office(), tls_context=context_of(certificate), auth_exclude_mechanism=["LOGIN", "PLAIN"]) as server:
        safe = replace(server, security=Security.STARTTLS, login=Login(user="office", password=PASSWORD))
        with pytest.raises(RefusedByServer, match="offers no login that can be used"):
            sent(letters, safe)


def test_without_keyring_the_password_comes_from_the_environment_alone(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv("MAG_ROTATION_SMTP_PASSWORD", raising=False)
    done = invoke("send", letters, "--host", "mail.example.org", "--user", "office")

    assert done.code == 2
    assert str(MissingExtra("publish", "keyring")) in done.err


# Broken off.


def killed(letters: Path, office: Callable[[Callable[[], None]], Office]) -> tuple[int, Office]:
    """Send in a process of its own that the server kills; how it ended, and what the server took."""
    process: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        process[0].send_signal(signal.SIGKILL)
        process[0].wait()

    at = office(kill)
    with served(at) as server:
        command = ["send", str(letters), "--host", server.host, "--port", str(server.port), "--security", "none"]
        process.append(
            subprocess.Popen(
                [sys.executable, "-m", "mag_rotation", *command, "--rate", "9999/s"], stderr=subprocess.PIPE
            )
        )
        process[0].communicate(timeout=60)
    return process[0].returncode, at


def at(count: int, act: Callable[[], None]) -> Callable[[int], None]:
    """Act when the server has taken so many messages."""
    return lambda taken: act() if taken == count else None


def rest(letters: Path, office: Office, *more: str) -> Ended:
    """Send the rest to the same office."""
    calm = replace(office, at_address=lambda _: None, at_message=lambda _: None, after_message=lambda _: None)
    with served(calm) as server:
        return send(letters, server, *more)


def test_a_run_killed_between_messages_is_gone_on_with_and_each_arrives_once(letters: Path) -> None:
    code, office = killed(letters, lambda kill: Office(at_address=at(2, kill)))
    assert (code, len(office.taken)) == (-signal.SIGKILL, 2)
    done = rest(letters, office)

    assert (done.code, done.err.partition(";")[0]) == (0, "4 sent, 2 sent before")
    assert sorted(office.ids().values()) == [1] * 6


def test_a_run_killed_after_the_server_took_a_message_does_not_send_it_again(letters: Path) -> None:
    code, office = killed(letters, lambda kill: Office(after_message=at(3, kill)))
    assert (code, len(office.taken)) == (-signal.SIGKILL, 3)
    done = rest(letters, office)

    assert done.code == 1
    assert f"{names(letters)[2]}: may have arrived or not; ask, or send it again with --retry-unknown\n" in done.err
    assert "3 sent, 2 sent before, 1 unknown; see " in done.err
    assert sorted(office.ids().values()) == [1] * 6


def test_a_run_killed_before_the_server_took_a_message_sends_it_when_it_is_asked_to(letters: Path) -> None:
    code, office = killed(letters, lambda kill: Office(at_message=at(0, kill), refusals={"DATA": ["451 gone"]}))
    assert (code, len(office.taken)) == (-signal.SIGKILL, 0)
    assert rest(letters, office).code == 1
    assert len(office.taken) == 5

    assert rest(letters, office, "--retry-unknown").code == 0
    assert sorted(office.ids().values()) == [1] * 6


def test_a_line_that_breaks_while_a_message_is_sent_leaves_it_unknown_and_the_run_goes_on(letters: Path) -> None:
    class Cut(Office):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            if not self.taken:
                self.taken.append(("nobody", b"Message-ID: none\r\n\r\n"))
                assert server.transport is not None
                server.transport.close()
                return "250 nobody hears"
            return await Office.handle_DATA(self, server, session, envelope)

    office = Cut()
    with served(office) as server:
        done = sent(letters, server)

    assert [one.outcome for one in done] == [DeliveryOutcome.SENDING, *[DeliveryOutcome.SENT] * 5]
    assert done[0].answer.startswith("the connection was lost while it was sent")
    assert len(office.taken) == 6


class HangsUp(Office):
    """Hangs up when the first message is addressed, and again, before it takes any."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._no("line"):
            assert server.transport is not None
            server.transport.close()
        return await Office.handle_RCPT(self, server, session, envelope, address, options)


def test_a_line_that_breaks_before_a_message_goes_is_opened_again(letters: Path) -> None:
    office = HangsUp(refusals={"line": ["cut", "cut"]})
    waits: list[float] = []
    with served(office) as server:
        done = sent(letters, server, waits)

    assert [one.outcome for one in done] == [DeliveryOutcome.SENT] * 6
    assert [wait for wait in waits if wait >= 5] == [5, 30]
    assert sorted(office.ids().values()) == [1] * 6


def test_a_server_that_goes_away_is_tried_again_before_the_rest_is_left_to_the_next_run(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = 0

    def connected_once(host: str, port: int, *, until: float, silence: float) -> Wire:
        nonlocal lines
        lines += 1
        if lines > 1:
            raise ConnectionRefusedError(111, "Connection refused")
        return Wire(host, port, until=until, silence=silence)

    monkeypatch.setattr("mag_rotation.publish.mail.Wire", connected_once)
    with (
        served(HangsUp(refusals={"line": ["", "cut"]})) as server,
        pytest.raises(RefusedByServer, match="everything off"),
    ):
        sent(letters, server)

    assert lines == 1 + 2 + 3 + 3
    entries = [entry.outcome for entry in read_journal(letters.with_suffix(".journal")).values()]
    assert entries == [DeliveryOutcome.SENT, *[DeliveryOutcome.DEFERRED] * 3]


def test_a_server_that_cannot_start_over_is_connected_to_again(letters: Path) -> None:
    office = Office(refusals={"hobart@example.org": ["550 no"], "RSET": ["421 bye"]})
    with served(office) as server:
        done = sent(letters, server)

    assert [one.outcome for one in done] == [DeliveryOutcome.REFUSED, *[DeliveryOutcome.SENT] * 5]


def test_a_journal_that_was_cut_off_in_a_line_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    entry = JournalEntry(message="1@x", outcome=DeliveryOutcome.SENDING, file="a.eml")
    with open_journal(path) as journal:
        journal.write(entry)
        journal.write(replace(entry, outcome=DeliveryOutcome.SENT))
    data = path.read_bytes()
    path.write_bytes(data[:-10])

    assert read_journal(path) == {"1@x": entry}
    with open_journal(path) as journal:
        assert journal.last("1@x") == entry
        journal.write(replace(entry, outcome=DeliveryOutcome.SENT, answer="250 \u00fc"))
    assert [json.loads(line)["outcome"] for line in path.read_text().splitlines()] == ["sending", "sent"]
    assert path.stat().st_mode & 0o077 == 0


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    with open_journal(path), pytest.raises(RefusedOutput, match="is in use by another run"), open_journal(path):
        pass
    with pytest.raises(RefusedOutput, match="cannot be written"), open_journal(tmp_path / "no" / "a"):
        pass


LINE = b'{"at": "2026-08-01T09:00:00+00:00", "message": "1@x", "outcome": "sent", "file": "a.eml", "answer": ""}\n'
NO_JOURNALS = {
    "a word": b"x",
    "a line": b"x\n",
    "a text": b"Minutes of the council\n\nPresent: all",
    "a note without a line end": b"call the dentist",
    "a plan": PLAN.encode(),
    "a message": b"From: a@example.org\r\n\r\nhello",
    "binary": bytes(range(256)),
    "zeros": b"\0" * 4096,
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "an empty line": b"\n",
    "a bracket": b"{",
    "the beginning of ours": b'{"at": "',
    "nearly ours": LINE[:47],
    "a list": b"[1]\n",
    "an object": b"{}\n",
    "an object without a line end": b'{"at": "2026-08-01T09:00:00+00:00", "message": "1@x"}',
    "another outcome": LINE.replace(b'"sent"', b'"lost"'),
    "a number for a text": LINE.replace(b'"1@x"', b"1"),
    "a log of another program": b'{"at": "2026-08-01T09:00:00+00:00", "level": "info"',
    "JSON that is deep": b"[" * 100_000,
    "a journal and a text": LINE + b"see above\n",
    "a journal and a word": LINE + b"x",
    "a journal after a text": b"see below\n" + LINE,
    "a journal and zeros": LINE + b"\0" * 100,
}


@pytest.mark.parametrize("data", NO_JOURNALS.values(), ids=NO_JOURNALS)
def test_a_file_that_is_no_journal_is_left_as_it_is_and_no_server_is_asked(
    letters: Path, tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "mine"
    path.write_bytes(data)
    path.chmod(0o640)
    before = path.stat()
    with mail_server({}) as server:
        command = ("send", letters, "--journal", path)
        done = invoke(*command, "--host", server.host, "--port", server.port, "--security", "none")
        dry = invoke(*command, "--dry-run")

    assert (done.code, dry.code, server.connections) == (2, 2, 0)
    assert "is not a line of a journal; name another with --journal" in done.err
    assert path.read_bytes() == data
    assert (path.stat().st_mtime_ns, path.stat().st_mode) == (before.st_mtime_ns, before.st_mode)


def test_what_is_no_file_is_no_journal(letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "way").symlink_to(tmp_path / "pipe")
    large = tmp_path / "large"
    large.write_bytes(LINE * 10)
    monkeypatch.setattr("mag_rotation.publish.journal.JOURNAL", replace(JOURNAL, most_bytes=999))
    wrong = {
        tmp_path / "pipe": "is not a regular file; name a file with --journal",
        tmp_path / "way": "is not a regular file; name a file with --journal",
        Path(os.devnull): "is not a regular file; name a file with --journal",
        tmp_path: "is a directory; name a file with --journal",
        large: "the most that is read of a journal; begin a new journal",
    }
    for path, said in wrong.items():
        for more in (["--dry-run"], ["--host", "127.0.0.1", "--port", free_port(), "--security", "none"]):
            done = invoke("send", letters, "--journal", path, *more)
            assert (done.code, said in done.err) == (2, True), done.err
    assert large.read_bytes() == LINE * 10


@pytest.mark.parametrize("size", range(len(LINE)))
def test_a_journal_that_is_cut_off_anywhere_after_its_first_line_is_gone_on_with(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.journal"
    second = LINE.replace(b"1@x", b"2@x")
    path.write_bytes(LINE + second[:size])
    is_whole = size == len(LINE) - 1  # but for the line end, which an editor may have dropped
    with open_journal(path) as journal:
        assert [one is not None for one in (journal.last("1@x"), journal.last("2@x"))] == [True, is_whole]
        journal.write(JournalEntry(message="3@x", outcome=DeliveryOutcome.SENT, file="a.eml"))

    lines = path.read_bytes().splitlines(keepends=True)
    assert lines[:-1] == ([LINE, second] if is_whole else [LINE])
    assert list(read_journal(path)) == ["1@x", *(["2@x"] if is_whole else []), "3@x"]


def test_a_first_line_that_was_cut_off_has_to_look_like_one(tmp_path: Path) -> None:
    path = tmp_path / "a.journal"
    for size in range(48, len(LINE) - 2):
        path.write_bytes(LINE[:size])
        assert read_journal(path) == {}
        with open_journal(path):
            pass
        assert path.read_bytes() == b""


def test_a_journal_keeps_its_mode_and_a_new_one_is_for_its_owner(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"")
    old.chmod(0o664)
    with open_journal(old) as journal, open_journal(tmp_path / "new") as new:
        journal.write(JournalEntry(message="1@x", outcome=DeliveryOutcome.SENT, file="a.eml"))
        new.write(JournalEntry(message="1@x", outcome=DeliveryOutcome.SENT, file="a.eml"))

    assert [oct((tmp_path / name).stat().st_mode & 0o777) for name in ("old", "new")] == ["0o664", "0o600"]


def test_a_disk_that_is_full_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.journal"
    entry = JournalEntry(message="1@x", outcome=DeliveryOutcome.SENDING, file="a.eml")
    write = os.write
    with open_journal(path) as journal:
        with monkeypatch.context() as patched:
            patched.setattr("mag_rotation.publish.journal.os.write", lambda where, data: write(where, data[:30]))
            with pytest.raises(RefusedOutput, match="cannot be written whole; nothing more was sent"):
                journal.write(entry)
        assert path.read_bytes() == b""
        journal.write(entry)

    assert list(read_journal(path)) == ["1@x"]


def test_a_journal_that_the_system_does_not_give_is_told_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "a.journal"
    path.write_bytes(LINE + LINE[:60])
    for name in ("os.open", "os.ftruncate", "os.fsync"):
        with monkeypatch.context() as patched:
            patched.setattr(f"mag_rotation.publish.journal.{name}", forbid)
            with pytest.raises(RefusedOutput, match="cannot be written: permission denied"), open_journal(path):
                pass
            assert path.read_bytes() == (LINE if name == "os.fsync" else LINE + LINE[:60])
    with monkeypatch.context() as patched:
        patched.setattr("mag_rotation.publish.journal.os.open", forbid)
        with pytest.raises(UnreadableFile, match="permission denied"):
            read_journal(path)


# By whatever way it is named.


def test_a_member_and_then_the_directory_and_then_a_file_send_each_message_once(letters: Path) -> None:
    office, (one, *_) = Office(), names(letters)
    with served(office) as server:
        ended = [send(source, server) for source in (letters / "lima", letters, letters / one)]
    journal = letters.with_name("out.journal")

    assert [(done.code, done.err.partition("; see ")[0]) for done in ended] == [
        (0, "3 sent"),
        (0, "3 sent, 3 sent before"),
        (0, "1 sent before"),
    ]
    assert sorted(office.ids().values()) == [1] * 6
    assert [path.name for path in letters.parent.rglob("*.journal")] == ["out.journal"]
    assert sorted({entry.file for entry in read_journal(journal).values()}) == names(letters)


def ways(letters: Path) -> list[Path]:
    """Ways to name the directory, what is in it, and messages."""
    (letters.parent / "way").symlink_to(letters, target_is_directory=True)
    return [letters / "hobart" / "..", letters.parent / "way", *(letters / name for name in ("lima", *names(letters)))]


def test_the_journal_is_that_of_the_directory_whatever_is_named(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = letters.with_name("out.journal")
    assert {read_letters(way).journal for way in ways(letters)} == {journal}
    monkeypatch.chdir(letters / "lima")
    assert {read_letters(Path(way)).journal for way in (".", "..", "../lima", names(letters / "lima")[0])} == {journal}


@settings(max_examples=25)
@given(data=st.data())
def test_whatever_is_sent_in_whatever_order_nothing_arrives_twice(
    six: tuple[Path, MailServer, Office], data: st.DataObject
) -> None:
    letters, server, office = six
    office.taken.clear()
    letters.with_name("out.journal").unlink(missing_ok=True)
    sources = st.sampled_from([letters, *(letters / name for name in ("hobart", "lima", *names(letters)))])
    runs = data.draw(st.lists(st.lists(sources, min_size=1, max_size=3), max_size=4))
    for run in runs:
        assert send(tuple(run), server).code == 0

    named = {path for run in runs for one in run for path in (one.rglob("*.eml") if one.is_dir() else (one,))}
    assert sorted(office.ids().values()) == [1] * len(named)


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, MailServer, Office]]:
    """A directory of six messages, and a server that runs as long as the tests do."""
    office = Office()
    with served(office) as server:
        yield written(tmp_path_factory.mktemp("six"), "out"), server, office


def test_a_directory_that_is_deleted_and_written_again_is_not_sent_again(letters: Path) -> None:
    office = Office()
    with served(office) as server:
        assert send(letters / "hobart", server).code == 0
        shutil.rmtree(letters)
        assert send(written(letters.parent, "out"), server).err.startswith("3 sent, 3 sent before;")

    assert sorted(office.ids().values()) == [1] * 6


def test_a_run_over_one_member_that_is_killed_is_gone_on_with_by_one_over_all(letters: Path) -> None:
    code, office = killed(letters / "lima", lambda kill: Office(after_message=at(2, kill)))
    assert (code, len(office.taken)) == (-signal.SIGKILL, 2)
    done = rest(letters, office)
    lost = rest(letters / names(letters)[4], office)

    assert done.code == lost.code == 1
    assert "4 sent, 1 sent before, 1 unknown; see " in done.err
    assert f"{names(letters)[4]}: may have arrived or not" in lost.err
    assert sorted(office.ids().values()) == [1] * 6


def test_a_run_over_a_member_is_refused_while_one_over_all_goes_on(letters: Path) -> None:
    with open_journal(letters.with_name("out.journal")), served(Office()) as server:
        assert "out.journal: is in use by another run" in send(letters / "lima", server).err


def test_calendar_files_make_no_directory_of_messages(letters: Path) -> None:
    files = letters.parent / "files"
    assert invoke("invite", letters.parent / "plan.toml", "-o", files, *STAMP).code == 0
    assert sorted(path.name for path in files.iterdir()) == ["hobart", "lima"]
    assert (letters / MARK).read_bytes() == b""


def test_a_directory_is_marked_before_the_first_message_is_in_it(letters: Path) -> None:
    out = letters.parent / "half"
    out.mkdir()
    (out / "hobart").write_text("in the way")

    assert invoke("invite", letters.parent / "plan.toml", "-o", out, *STAMP, "--eml").code == 2
    assert (out / MARK).exists()


def test_where_nothing_is_marked_a_file_has_the_journal_of_its_directory(letters: Path) -> None:
    (letters / MARK).unlink()
    one = letters / names(letters)[0]

    assert read_letters(letters).journal == letters.with_name("out.journal")
    assert read_letters(letters / "lima").journal == letters / "lima.journal"
    assert read_letters(one).journal == read_letters(one.parent).journal == letters / "hobart.journal"
    with pytest.raises(RefusedOutput, match="no place beside it for a journal; name one with --journal FILE"):
        journal_of(Path(letters.anchor))


def test_several_directories_below_what_is_named_are_to_be_sent_one_by_one(tmp_path: Path) -> None:
    weeks = [written(tmp_path / "post", name) for name in ("week1", "week2")]
    office = Office()
    with served(office) as server:
        above = send(tmp_path / "post", server)
        both = send((weeks[0] / "lima", weeks[1]), server)
        dry = invoke("send", tmp_path / "post", "--dry-run")
        assert office.taken == []
        together = send(tmp_path / "post", server, "--journal", tmp_path / "all")
        again = send((weeks[1], weeks[0] / "lima"), server, "--journal", tmp_path / "all")

    cure = "send one directory at a time, or all with one --journal FILE"
    assert (above.code, both.code, dry.code) == (2, 2, 2)
    assert above.err == dry.err
    assert above.err.splitlines() == [
        "mag-rotation: messages with 2 mistakes:",
        *(f"  {week}: has a journal of its own, {week}.journal; {cure}" for week in weeks),
    ]
    assert both.err.splitlines() == [
        "mag-rotation: messages with 1 mistake:",
        f"  {weeks[1]}: has the journal {weeks[1]}.journal, which is not that of {weeks[0] / 'lima'}; {cure}",
    ]
    assert [path.name for path in tmp_path.rglob("*.journal")] == []
    assert (together.code, again.code) == (0, 0)
    assert again.err.startswith("6 sent before;")
    assert sorted(office.ids().values()) == [1] * 6
    files = {entry.file.partition("/")[0] for entry in read_journal(tmp_path / "all").values()}
    assert files == {"week1"}


def test_a_directory_within_another_is_sent_by_itself(letters: Path) -> None:
    inner = written(letters, "more")
    with pytest.raises(InvalidMessages, match=r"out/more: has a journal of its own, .*more\.journal"):
        read_letters(letters)
    assert read_letters(letters / "lima").journal == letters.with_name("out.journal")
    assert read_letters(inner / "lima").journal == letters / "more.journal"


def test_a_link_to_a_message_has_the_journal_of_where_it_leads(letters: Path, tmp_path: Path) -> None:
    one = names(letters)[0]
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "a.eml").symlink_to(letters / one)
    (letters / "again.eml").symlink_to(letters / one)

    assert read_letters(desk / "a.eml").journal == letters.with_name("out.journal")
    assert len(read_letters(letters, desk / "a.eml").letters) == 6
    with pytest.raises(InvalidMessages, match=r"desk/a\.eml: has a journal of its own, .*out\.journal"):
        read_letters(desk)
    assert [letter.name for letter in read_letters(desk, journal=tmp_path / "own").letters] == ["a.eml"]


def test_what_is_named_twice_and_copies_of_a_message_go_once(letters: Path) -> None:
    one, *others = names(letters)
    (letters / "copy.eml").write_bytes((letters / one).read_bytes())
    (letters / ".draft.eml").write_text("passed over")
    office = Office(refusals={"hobart@example.org": ["550 no"] * 2})
    with served(office) as server:
        done = send((letters / others[0], letters / "lima", letters, letters / "copy.eml"), server)
        dry = invoke("send", letters, "--dry-run", "--retry-refused")
        again = send(letters, server, "--retry-refused")

    assert done.err.splitlines()[-1].startswith("4 sent, 2 refused;")
    assert len(dry.lines) == 2
    assert again.err.startswith("2 sent, 4 sent before;")
    assert sorted(office.ids().values()) == [1] * 6


def test_two_messages_with_one_id_to_two_people_are_refused(letters: Path) -> None:
    one = letters / names(letters)[0]
    other = letters / "other.eml"
    other.write_bytes(one.read_bytes().replace(b"hobart@", b"perth@"))
    done = invoke("send", letters, "--dry-run")

    assert done.code == 2
    assert (
        f"other.eml: has the Message-ID of {names(letters)[0]} and another address in To; each message has an id"
        in done.err
    )


def test_a_directory_that_cannot_be_looked_into_is_told(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(place: str | Path) -> Iterator[os.DirEntry[str]]:
        if str(place).endswith("lima"):
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    def forbidden(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    scan = os.scandir
    with monkeypatch.context() as patched:
        patched.setattr("os.scandir", closed)
        done = invoke("send", letters, "--dry-run")
    with monkeypatch.context() as patched:
        patched.setattr("mag_rotation.publish.letters.directory_of", forbidden)
        hidden = invoke("send", letters, "--dry-run")

    assert done.code == hidden.code == 2
    assert f"{letters / 'lima'}: permission denied" in done.err
    assert f"{letters}: permission denied" in hidden.err


def test_on_two_drives_files_are_named_in_full(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_common(_: object) -> str:
        raise ValueError("Paths don't have the same drive")

    monkeypatch.setattr("os.path.commonpath", no_common)
    assert read_letters(letters).letters[0].name == (letters / names(letters)[0]).as_posix()


# Refused and put off.


def test_what_is_refused_for_good_is_told_and_not_tried_again_until_it_is_asked_for(letters: Path) -> None:
    office = Office(refusals={"lima@example.org": ["550 5.1.1 no such user"]})
    with served(office) as server:
        first, second = send(letters, server), send(letters, server)
        third = send(letters, server, "--retry-refused")

    assert first.code == second.code == 1
    assert "lima/demo-20260303.eml: refused (550 5.1.1 no such user)" in first.err
    assert "5 sent" in first.err
    assert "lima/demo-20260303.eml: refused (550 5.1.1 no such user)" in second.err
    assert "1 refused before" in second.err
    assert third.code == 0
    assert sorted(office.ids().values()) == [1] * 6


def test_a_message_that_is_refused_itself_is_recorded(letters: Path) -> None:
    with served(Office(refusals={"DATA": ["554 looks like spam\u202e"]})) as server:
        done = sent(letters, server)

    assert [one.outcome for one in done] == [DeliveryOutcome.REFUSED, *[DeliveryOutcome.SENT] * 5]
    assert done[0].answer == "554 looks like spam?"


@pytest.mark.parametrize(
    ("asked", "deferred", "waited"),
    [("MAIL", 1, [5, 30, 5]), ("hobart@example.org", 2, [5, 30]), ("DATA", 2, [5, 30])],
)
def test_what_is_put_off_is_tried_again_and_then_left_to_the_next_run(
    letters: Path, asked: str, deferred: int, waited: list[float]
) -> None:
    office = Office(refusals={asked: ["451 try later"] * 4})
    waits: list[float] = []
    with served(office) as server:
        first = sent(letters, server, waits)
        second = sent(letters, server)

    assert {(one.outcome, one.answer) for one in first[:deferred]} == {(DeliveryOutcome.DEFERRED, "451 try later")}
    assert [one.outcome for one in first[deferred:]] == [DeliveryOutcome.SENT] * (6 - deferred)
    assert [wait for wait in waits if wait >= 5] == waited
    assert [(one.outcome, one.tried) for one in second] == [
        *[(DeliveryOutcome.SENT, False)] * (6 - deferred),
        *[(DeliveryOutcome.SENT, True)] * deferred,
    ]
    assert sorted(office.ids().values()) == [1] * 6


def test_a_mailbox_that_is_full_for_ever_holds_up_nobody_else(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    more = "".join(f'[[members]]\nid = "m{n}"\nzone = "UTC"\nemail = "m{n}@example.org"\n' for n in range(6))
    plan.write_text(PLAN + more)
    invoke("invite", plan, "-o", tmp_path / "mail", "--eml", *STAMP)
    office = Office(refusals={"m2@example.org": ["452 mailbox full"] * 999})
    waits: list[float] = []
    with served(office) as server:
        runs = [sent(tmp_path / "mail", server, waits) for _ in range(3)]

    full = [one for one in runs[0] if one.letter.recipient == "m2@example.org"]
    assert [one.outcome for one in full] == [DeliveryOutcome.DEFERRED] * 3
    assert len(office.taken) == 8 * 3 - 3
    assert [[one.letter.recipient for one in run[-3:]] for run in runs[1:]] == [["m2@example.org"] * 3] * 2
    assert [wait for wait in waits if wait >= 5] == [5, 30] * 3


def test_what_was_put_off_longest_ago_is_tried_before_mailboxes_that_are_full_for_ever(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    more = "".join(f'[[members]]\nid = "m{n}"\nzone = "UTC"\nemail = "m{n}@example.org"\n' for n in range(5))
    plan.write_text(PLAN.replace("count = 3", "count = 1") + more)
    invoke("invite", plan, "-o", tmp_path / "mail", "--eml", *STAMP)
    full = [f"m{n}@example.org" for n in (0, 1, 3)]
    office = Office(refusals={**{one: ["452 full"] * 999 for one in full}, "m4@example.org": ["451 later"] * 3})
    with served(office) as server:
        for _ in range(3):
            try:
                sent(tmp_path / "mail", server)
            except RefusedByServer:
                continue

    assert {to for to, _ in office.taken} == {f"{who}@example.org" for who in ("hobart", "lima", "m2", "m4")}
    assert len(office.taken) == 4


def test_three_mailboxes_in_a_row_are_the_server(tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    more = "".join(f'[[members]]\nid = "m{n}"\nzone = "UTC"\nemail = "m{n}@example.org"\n' for n in range(4))
    plan.write_text(PLAN + more)
    invoke("invite", plan, "-o", tmp_path / "mail", "--eml", *STAMP)
    office = Office(refusals={f"m{n}@example.org": ["451 greylisted"] * 99 for n in range(4)})
    with served(office) as server, pytest.raises(RefusedByServer, match="everything off"):
        sent(tmp_path / "mail", server)

    assert len(office.taken) == 6


def test_a_server_that_puts_everything_off_is_left_in_peace(letters: Path) -> None:
    office = Office(refusals={"MAIL": ["450 busy"] * 9})
    words = "puts everything off: 450 busy; send the rest later"
    with served(office) as server, pytest.raises(RefusedByServer, match=words):
        sent(letters, server)

    assert {one.outcome for one in read_journal(letters.with_suffix(".journal")).values()} == {DeliveryOutcome.DEFERRED}
    assert len(read_journal(letters.with_suffix(".journal"))) == 3


def test_a_sender_that_is_refused_stops_the_run_and_condemns_no_message(letters: Path) -> None:
    office = Office(refusals={"MAIL": ["550 not yours"]})
    with served(office) as server:
        first, second = send(letters, server), send(letters, server)

    assert first.code == 2
    assert "takes nothing from office@example.org: 550 not yours" in first.err
    assert second.code == 0


def test_a_run_that_stops_in_the_middle_says_how_far_it_came(letters: Path) -> None:
    office = Office()
    with served(replace(office, at_address=at(2, lambda: office.refusals.update(MAIL=["550 enough"])))) as server:
        done = send(letters, server)

    assert done.code == 1
    assert "stopped: " in done.err
    assert "3 sent, 3 not tried" in done.err


def test_a_server_that_is_not_there_is_an_error_and_nothing_is_recorded(letters: Path) -> None:
    server = MailServer(host="127.0.0.1", port=free_port(), security=Security.NONE)
    done = send(letters, server)

    assert done.code == 2
    assert f"{server.name}: cannot be reached: connection refused" in done.err
    assert letters.with_name("out.journal").read_bytes() == b""
    with pytest.raises(UnreachableServer, match="cannot be reached"):
        sent(letters, replace(server, security=Security.TLS))


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(letters: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        server = MailServer(host="127.0.0.1", port=silent.getsockname()[1], security=Security.NONE, timeout=0.2)
        with pytest.raises(UnreachableServer, match="no answer in time"):
            sent(letters, server)


def test_messages_are_spaced_by_the_rate(letters: Path) -> None:
    waits: list[float] = []
    with served(Office()) as server, open_journal(letters.with_suffix(".journal")) as journal:
        list(
            send_letters(
                read_letters(letters).letters, server, journal, patience=RetryPolicy(between=60, sleep=waits.append)
            )
        )

    assert len(waits) == 5
    assert all(0 < wait <= 60 for wait in waits)


@pytest.mark.parametrize("text", ["", "0/s", "60", "60/day", "-1/s", "1e3/s", "60 /min"])
def test_a_rate_is_a_number_a_time(text: str, letters: Path) -> None:
    with pytest.raises(InvalidValue, match="write a rate such as '60/min'"):
        compute_interval(text)
    assert invoke("send", letters, "--dry-run", "--rate", text).code == 2


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(letters: Path) -> None:
    path = letters / names(letters)[0]
    path.write_bytes(path.read_bytes().replace(b"hobart@", "h\u00f6bart@".encode()))
    with served(Office(), enable_SMTPUTF8=False) as server:
        refused = sent(letters, server)
    office = Office()
    with served(office, enable_SMTPUTF8=True) as server:
        taken = sent(letters, server, retry_refused=True)

    assert (refused[0].outcome, refused[0].letter.recipient) == (DeliveryOutcome.REFUSED, "h\u00f6bart@example.org")
    assert "letters beyond ASCII" in refused[0].answer
    assert taken[0].outcome is DeliveryOutcome.SENT
    assert office.taken[0][0] == "h\u00f6bart@example.org"


def test_a_journal_that_cannot_be_written_stops_the_run_before_a_message_goes(
    letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, data: bytes) -> int:
        if b"lima" in data:
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    write = os.write
    office = Office()
    with served(office) as server:
        with monkeypatch.context() as patched:
            patched.setattr("mag_rotation.publish.journal.os.write", full)
            first = send(letters, server)
        second = send(letters, server)

    assert first.code == 1
    assert "out.journal: cannot be written: no space left on device; nothing more was sent" in first.err
    assert "3 sent, 3 not tried" in first.err
    assert second.code == 0
    assert sorted(office.ids().values()) == [1] * 6


# What is looked at first.


def test_a_dry_run_lists_what_would_go_and_asks_no_server(letters: Path) -> None:
    with open_journal(letters.with_name("out.journal")) as journal:
        for letter, outcome in zip(
            read_letters(letters).letters, (DeliveryOutcome.SENT, DeliveryOutcome.SENDING), strict=False
        ):
            journal.write(JournalEntry(message=letter.id, outcome=outcome, file=letter.name))
    done = invoke("send", letters, "--dry-run")
    all_open = invoke("send", letters, "--dry-run", "--retry-unknown")

    assert done.lines == [f"{name}  {name.partition('/')[0]}@example.org" for name in names(letters)[2:]]
    assert done.err == "4 to send, 1 sent before, 1 unknown\n"
    assert len(all_open.lines) == 5
    assert invoke("send", letters).code == 2


def test_what_is_no_message_to_one_member_is_refused_with_everything_else(letters: Path) -> None:
    one, two, three, *_ = (letters / name for name in names(letters))
    good = one.read_bytes()
    one.write_bytes(good.replace(b"To: ", b"Bcc: x@example.org\r\nTo: other@example.org, "))
    two.write_bytes(b"no message")
    three.unlink()
    three.symlink_to("nothing")
    done = invoke("send", letters, "--host", "127.0.0.1")

    assert done.code == 2
    assert done.err.splitlines() == [
        "mag-rotation: messages with 6 mistakes:",
        f"  {names(letters)[0]}: has 2 addresses in To; right is one",
        f"  {names(letters)[0]}: has a Bcc; a message goes to the address in To alone",
        f"  {names(letters)[1]}: has 0 addresses in From; right is one",
        f"  {names(letters)[1]}: has 0 addresses in To; right is one",
        f"  {names(letters)[1]}: has no Message-ID, by which it is known whether it was sent",
        f"  {names(letters)[2]}: no such file; did you mean demo-20260310.eml?",
    ]


ODD_HEADS = {
    "brackets": (b"To: " + b"(" * 50 + b" lima@example.org\r\n", "has 0 addresses in To"),
    "many brackets": (b"To: " + b"(" * 5000 + b"\r\n", "has more than 50 opening brackets in a header; write it again"),
    "many headers To": (b"To: a@example.org\r\n" * 200, "has 200 addresses in To"),
    "a long header": (
        b"To: " + b"x" * 20_000 + b"@example.org\r\n",
        "has more than 16 KiB in a header; write it again",
    ),
    "a long address": (b"To: " + b"x" * 65 + b"@example.org\r\n", "has 0 addresses in To"),
    "a long domain": (b"To: x@" + b"x" * 256 + b"\r\n", "has 0 addresses in To"),
    "a control character": (b"To: lima\0@example.org\r\n", "has 0 addresses in To"),
    "an angle": (b'To: "a>b"@example.org\r\n', "has 0 addresses in To"),
    "no domain": (b"To: lima@\r\n", "has 0 addresses in To"),
    "headers without an end": (b"X-Y: " + b"z" * 300_000, "has more than 256 KiB of headers; write it again"),
}


@pytest.mark.parametrize(("data", "said"), ODD_HEADS.values(), ids=ODD_HEADS)
def test_a_head_that_nobody_could_have_written_is_a_mistake(letters: Path, data: bytes, said: str) -> None:
    path = letters / names(letters)[0]
    name = data.partition(b":")[0]
    kept = [line for line in path.read_bytes().splitlines(keepends=True) if not line.startswith(name + b":")]
    path.write_bytes(data + (b"" if name == b"X-Y" else b"".join(kept)))
    done = invoke("send", letters, "--dry-run")

    assert (done.code, done.out) == (2, "")
    assert f"{names(letters)[0]}: {said}" in done.err


def test_only_files_of_the_size_of_a_mail_are_messages(letters: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mag_rotation.publish.letters.MAIL", replace(MAIL, most_bytes=100_000))
    large, pipe = letters / "large.eml", letters / "pipe.eml"
    large.write_bytes(b"x" * 100_001)
    os.mkfifo(pipe)
    (letters / "device.eml").symlink_to("/dev/zero")
    done = invoke("send", letters, "--dry-run")

    assert done.code == 2
    assert "large.eml: has more than 0 MiB, the most that is read of a mail" in done.err
    assert "pipe.eml: is not a regular file" in done.err
    assert "device.eml: is not a regular file" in done.err


def test_an_empty_directory_and_none_are_told_how_messages_are_made(tmp_path: Path) -> None:
    with pytest.raises(InvalidMessages, match="no such file or directory; mag-rotation invite --eml writes one"):
        read_letters(tmp_path / "none")
    with pytest.raises(InvalidMessages, match=r"holds no \.eml file"):
        read_letters(tmp_path)
    with pytest.raises(InvalidMessages, match="with 2 mistakes"):
        read_letters(tmp_path, tmp_path / "none")


def test_a_message_saved_with_other_line_ends_goes_out_with_the_right_ones(letters: Path) -> None:
    path = letters / names(letters)[0]
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    (letter,) = read_letters(path).letters

    assert (letter.name, letter.recipient) == (names(letters)[0], "hobart@example.org")
    assert letter.data().count(b"\r\n") == letter.data().count(b"\n") > 20


def test_the_tests_speak_to_a_server_that_is_none_of_ours() -> None:
    assert os.environ.get("MAG_ROTATION_SMTP_PASSWORD") is None
    with served(Office()) as server, smtplib.SMTP(server.host, server.port, timeout=20) as line:
        assert line.noop()[0] == 250
