"""The command that delivers the messages that ``invite`` wrote: ``send``.

It exits with 1 if a message was not sent; the next run continues from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.files import say, write_out
from mag_rotation.cli.options import LocaleOption, argument, as_option, flag, option, user_option
from mag_rotation.cli.progress import show_progress
from mag_rotation.errors import MagRotationError, escape_controls
from mag_rotation.report import ENGLISH, Language

if TYPE_CHECKING:
    from mag_rotation.publish.journal import JournalEntry
    from mag_rotation.publish.letters import Letter
    from mag_rotation.publish.mail import Delivery, MailServer

_VARIABLES = "MAG_ROTATION_SMTP"


class SecurityName(StrEnum):
    """How the line to a mail server is encrypted, by the names of the library."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def run_send(
    sources: Annotated[list[Path], argument("SOURCE", "What invite --eml wrote: the directory, one in it, or a file.")],
    host: Annotated[str | None, option("--host", "NAME", "The mail server.")] = None,
    port: Annotated[
        int | None, option("--port", None, "Its port; 587 for starttls, 465 for tls, 25 for none.", low=1, high=65535)
    ] = None,
    security: Annotated[
        SecurityName, option("--security", None, "The encryption of the connection.")
    ] = SecurityName.STARTTLS,
    user: Annotated[str | None, user_option(_VARIABLES)] = None,
    rate: Annotated[str, option("--rate", "RATE", "The most messages in a time.")] = "60/min",
    journal: Annotated[
        Path | None,
        option("--journal", "FILE", "What was sent; a file beside the directory that invite wrote if not given."),
    ] = None,
    retry_unknown: Annotated[
        bool, flag("--retry-unknown", "Send messages again that may or may not have arrived.")
    ] = False,
    retry_refused: Annotated[
        bool, flag("--retry-refused", "Send messages again that were refused permanently.")
    ] = False,
    dry_run: Annotated[bool, flag("--dry-run", "Show what would be sent, and send nothing.")] = False,
    locale: LocaleOption = None,
) -> None:
    """Send the messages that invite --eml wrote, each once. An interrupted run continues."""
    from mag_rotation.publish.journal import open_journal, read_journal  # noqa: PLC0415 - what needs no network is first
    from mag_rotation.publish.letters import read_letters  # noqa: PLC0415
    from mag_rotation.publish.mail import RetryPolicy, compute_interval, send_letters  # noqa: PLC0415

    language = locale or ENGLISH
    pace = RetryPolicy(between=as_option(compute_interval)(rate))
    with show_progress("reading messages"):
        batch = read_letters(*sources, journal=journal)
    if dry_run:
        known = read_journal(batch.journal)
        _show_due(batch.letters, known, language, retry_unknown=retry_unknown, retry_refused=retry_refused)
        return
    if host is None:
        raise typer.BadParameter("give the mail server with --host NAME, or --dry-run")
    server = _server(host, port, security, user)
    with open_journal(batch.journal) as written:
        deliveries = send_letters(
            batch.letters,
            server,
            written,
            patience=pace,
            retry_unknown=retry_unknown,
            retry_refused=retry_refused,
        )
        _report_deliveries(deliveries, len(batch.letters), batch.journal, language)


def _server(host: str, port: int | None, security: SecurityName, user: str | None) -> MailServer:
    """Return the mail server and the login for it."""
    from mag_rotation.publish.login import find_login  # noqa: PLC0415
    from mag_rotation.publish.mail import PORTS, MailServer, Security  # noqa: PLC0415

    how = Security(security)
    return MailServer(
        host=host, port=port or PORTS[how], security=how, login=find_login(host, variables=_VARIABLES, user=user)
    )


def _show_due(
    letters: Iterable[Letter],
    entries: Mapping[str, JournalEntry],
    language: Language,
    *,
    retry_unknown: bool,
    retry_refused: bool,
) -> None:
    """List what would be sent, and count the rest by outcome."""
    from mag_rotation.publish.mail import is_due  # noqa: PLC0415
    from mag_rotation.report.invites import TO_SEND, outcome_word, sent_line  # noqa: PLC0415

    counts: Counter[str] = Counter()
    for letter in letters:
        last = entries.get(letter.id)
        if last is None or is_due(last, retry_unknown=retry_unknown, retry_refused=retry_refused):
            write_out(escape_controls(f"{letter.name}  {letter.recipient}\n"))
            counts[TO_SEND] += 1
        else:
            counts[outcome_word(last.outcome, tried=False)] += 1
    say(sent_line(counts, language=language))


def _report_deliveries(deliveries: Iterable[Delivery], total: int, journal: Path, language: Language) -> None:
    """Report the outcome of each message; exit with 1 if one was not sent."""
    from mag_rotation.report.invites import NOT_TRIED, outcome_word, sent_line, stopped_line, trouble_line  # noqa: PLC0415

    counts: Counter[str] = Counter()
    lines: list[str] = []
    tried, arrived = False, 0
    try:
        with show_progress("sending"):
            for delivery in deliveries:
                tried = tried or delivery.tried
                arrived += delivery.outcome == "sent"
                counts[outcome_word(delivery.outcome, tried=delivery.tried)] += 1
                lines += trouble_line(delivery.letter.name, delivery.outcome, delivery.answer, language)
    except MagRotationError as error:
        if not tried:
            raise
        lines.append(stopped_line(error, language))
    for line in lines:
        say(line)
    counts[NOT_TRIED] = total - counts.total()
    say(sent_line(counts, str(journal), language))
    if arrived < total:
        raise typer.Exit(1)
