"""The commands about messages to members: ``invite`` writes them, ``send`` delivers them.

Rule 1: a file is put in its place whole; other files of the directory are left alone.
Rule 2: exit 1 where a message has not gone; the next run goes on from there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mag_rotation.cli.commands import app, read_plan
from mag_rotation.cli.files import say, write_out
from mag_rotation.cli.ics import UtcOption
from mag_rotation.cli.options import PlanPath, StampOption, ZonesOption, as_option
from mag_rotation.cli.patience import patience
from mag_rotation.errors import MagRotationError, RefusedOutput, UnreadableFile, UnusableEdition
from mag_rotation.plan import Plan, parse_minutes, read_bytes
from mag_rotation.roster import MemberId, member_by_id

if TYPE_CHECKING:
    from mag_rotation.ics import Announced
    from mag_rotation.ics.invites import Invitation
    from mag_rotation.publish.journal import Entry
    from mag_rotation.publish.letters import Letter
    from mag_rotation.publish.mail import Delivery, MailServer

_VARIABLES = "MAG_ROTATION_SMTP"
_SAFE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
"""Names that Windows gives to devices, with any ending."""


class SecurityName(StrEnum):
    """How the line to a mail server is encrypted, by the names of the library."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@app.command("invite")
def invite_command(
    path: PlanPath,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The directory to write to.")],
    previous: Annotated[
        Path | None,
        typer.Option(
            "--previous",
            metavar="FILE",
            help="The calendar that was announced: only what changes is told.",
            show_default=False,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="With --previous: calls to come that did not change, too.")
    ] = False,
    members: Annotated[
        list[str] | None,
        typer.Option("--member", "-m", metavar="ID", help="Only this member; may be repeated.", show_default=False),
    ] = None,
    alarm: Annotated[
        int | None,
        typer.Option(
            "--alarm",
            metavar="LENGTH",
            parser=as_option(parse_minutes),
            help="Remind members so long before a call, such as 15min.",
            show_default=False,
        ),
    ] = None,
    mail: Annotated[bool, typer.Option("--eml", help="Write messages to send instead of calendar files.")] = False,
    zones: ZonesOption = None,
    utc: UtcOption = False,
    stamp: StampOption = None,
) -> None:
    """Write an invitation for each member and call to come. A call that is off is cancelled."""
    from mag_rotation.ics.imip import mail_bytes  # noqa: PLC0415 - brings icalendar
    from mag_rotation.ics.invites import Method, invitations, organizer_of  # noqa: PLC0415
    from mag_rotation.report.invites import unreachable_line, written_line  # noqa: PLC0415

    plan = read_plan(path)
    organizer = organizer_of(plan.meeting)
    asked = [member_by_id(plan.roster, one) for one in dict.fromkeys(members)] if members else plan.roster
    now = stamp or datetime.now(UTC)
    due = invitations(
        plan.calls,
        plan.meeting,
        asked,
        stamp=now,
        previous=None if previous is None else _announced(previous, plan),
        everything=everything,
        alarm=alarm,
        zones=tuple(zones or ()),
        utc=utc,
    )
    folders = _folders(member.id for member in asked)
    written: Counter[Method] = Counter()
    told: set[MemberId] = set()
    with patience("writing invitations"):
        for one in due:
            data = mail_bytes(one, organizer, date=now) if mail else one.data
            _put(out / folders[one.member.id], _file_name(one, ".eml" if mail else ".ics"), data)
            written[one.method] += 1
            told.add(one.member.id)
    for warning in plan.time_warnings:
        say(f"warning: {warning}")
    unreachable = [member for member in asked if not member.email]
    if unreachable:
        say(f"warning: {unreachable_line(unreachable)}")
    say(f"{out}: {written_line(written[Method.REQUEST], written[Method.CANCEL], len(told))}")


def _announced(path: Path, plan: Plan) -> Announced:
    """What was announced, in a file with one event a call."""
    from mag_rotation.ics import Layout, announced  # noqa: PLC0415

    try:
        found = announced(read_bytes(path), plan.meeting)
    except UnusableEdition as error:
        raise UnreadableFile(str(path), str(error)) from None
    if found.layout is Layout.SERIES:
        right = "keep a file in the layout calls beside it, and name that"
        raise UnreadableFile(str(path), f"has one event a slot, and invitations go out one a call; {right}")
    return found


def _folders(ids: Iterable[MemberId]) -> Mapping[MemberId, str]:
    """A directory for each member: the id where every system can have it as a name, else letters of it and a digest.

    >>> _folders([MemberId("gov-01"), MemberId("../Á")])
    {'gov-01': 'gov-01', '../Á': 'member-407bdc49'}
    """
    return {one: _folder(one) for one in ids}


def _folder(name: str) -> str:
    if _SAFE_NAME.fullmatch(name) and not _DEVICES.fullmatch(name):
        return name
    letters = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "member"
    return f"{letters}-{sha256(name.encode()).hexdigest()[:8]}"


def _file_name(invitation: Invitation, suffix: str) -> str:
    """The left part of the UID, which has nothing but letters, digits and hyphens."""
    return invitation.event.uid.partition("@")[0] + suffix


def _put(folder: Path, name: str, data: bytes) -> None:
    """Put a file in its place whole. It is not synced: a run is repeated as it was, and syncing takes minutes."""
    part = folder / f".{name}.part"
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(data)
            part.replace(folder / name)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = (error.strerror or "not writable").lower()
        raise RefusedOutput(
            str(folder / name), f"cannot be written: {reason}; write the rest by the same command"
        ) from None


@app.command("send")
def send_command(
    source: Annotated[
        Path, typer.Argument(metavar="DIR", help="A directory of .eml files, or one such file.", show_default=False)
    ],
    host: Annotated[
        str | None, typer.Option("--host", metavar="NAME", help="The mail server.", show_default=False)
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65535, help="Its port; 587 for starttls, 465 for tls, 25 for none.", show_default=False
        ),
    ] = None,
    security: Annotated[
        SecurityName, typer.Option("--security", help="How the line is encrypted.")
    ] = SecurityName.STARTTLS,
    user: Annotated[
        str | None,
        typer.Option(
            "--user",
            metavar="NAME",
            help=f"Who logs in; {_VARIABLES}_USER if not given. The password: {_VARIABLES}_PASSWORD, or the keyring.",
            show_default=False,
        ),
    ] = None,
    rate: Annotated[str, typer.Option("--rate", metavar="RATE", help="The most messages in a time.")] = "60/min",
    journal: Annotated[
        Path | None,
        typer.Option(
            "--journal",
            metavar="FILE",
            help="What was sent; a file beside DIR if not given.",
            show_default=False,
        ),
    ] = None,
    retry_unknown: Annotated[
        bool, typer.Option("--retry-unknown", help="Send again what may have arrived or not.")
    ] = False,
    retry_refused: Annotated[
        bool, typer.Option("--retry-refused", help="Send again what was refused for good.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, and send nothing.")] = False,
) -> None:
    """Send the messages that invite --eml wrote, each once. A run that was broken off goes on."""
    from mag_rotation.publish.journal import open_journal, read_journal  # noqa: PLC0415 - what needs no network is first
    from mag_rotation.publish.letters import read_letters  # noqa: PLC0415
    from mag_rotation.publish.mail import Patience, seconds_between, send_letters  # noqa: PLC0415

    pace = Patience(between=as_option(seconds_between)(rate))
    with patience(f"reading {source.name}"):
        letters = read_letters(source)
    place = journal or source.resolve().with_name(f"{source.resolve().name}.journal")
    if dry_run:
        _show_due(letters, read_journal(place), retry_unknown=retry_unknown, retry_refused=retry_refused)
        return
    if host is None:
        raise typer.BadParameter("give the mail server with --host NAME, or --dry-run")
    server = _server(host, port, security, user)
    with open_journal(place) as written:
        deliveries = send_letters(
            letters,
            server,
            written,
            patience=pace,
            retry_unknown=retry_unknown,
            retry_refused=retry_refused,
        )
        _tell(deliveries, len(letters), place)


def _server(host: str, port: int | None, security: SecurityName, user: str | None) -> MailServer:
    """Where messages are handed in, and as whom."""
    from mag_rotation.publish.login import find_login  # noqa: PLC0415
    from mag_rotation.publish.mail import PORTS, MailServer, Security  # noqa: PLC0415

    how = Security(security)
    return MailServer(
        host=host, port=port or PORTS[how], security=how, login=find_login(host, variables=_VARIABLES, user=user)
    )


def _show_due(
    letters: Iterable[Letter], entries: Mapping[str, Entry], *, retry_unknown: bool, retry_refused: bool
) -> None:
    """List what would be sent, and count the rest by its last word."""
    from mag_rotation.publish.mail import is_due  # noqa: PLC0415
    from mag_rotation.report.invites import sent_line  # noqa: PLC0415

    counts: Counter[str] = Counter()
    for letter in letters:
        last = entries.get(letter.id)
        if last is None or is_due(last, retry_unknown=retry_unknown, retry_refused=retry_refused):
            write_out(f"{letter.name}  {letter.recipient}\n")
            counts[_TO_SEND] += 1
        else:
            counts[_WORDS[last.outcome, False]] += 1
    say(sent_line(_in_order(counts)))


_WORDS = {  # the outcome of a message, and whether it was tried in this run
    ("sent", True): "sent",
    ("sent", False): "sent before",
    ("refused", True): "refused",
    ("refused", False): "refused before",
    ("deferred", True): "put off",
    ("sending", True): "unknown",
    ("sending", False): "unknown",
}
_NOT_TRIED = "not tried"
_TO_SEND = "to send"
_TROUBLE = {
    "refused": "refused",
    "deferred": "put off",
    "sending": "may have arrived or not; ask, or send it again with --retry-unknown",
}


def _tell(deliveries: Iterable[Delivery], total: int, journal: Path) -> None:
    """Say what became of messages; exits with 1 where one has not gone."""
    from mag_rotation.report.invites import sent_line  # noqa: PLC0415

    counts: Counter[str] = Counter()
    lines: list[str] = []
    tried = False
    try:
        with patience("sending"):
            for delivery in deliveries:
                tried = tried or delivery.tried
                counts[_WORDS[delivery.outcome, delivery.tried]] += 1
                if delivery.outcome in _TROUBLE:
                    said = f" ({delivery.answer})" if delivery.answer else ""
                    lines.append(f"{delivery.letter.name}: {_TROUBLE[delivery.outcome]}{said}")
    except MagRotationError as error:
        if not tried:
            raise
        lines.append(f"stopped: {error}")
    for line in lines:
        say(line)
    counts[_NOT_TRIED] = total - counts.total()
    say(f"{sent_line(_in_order(counts))}; see {journal}")
    if counts.total() > counts["sent"] + counts["sent before"]:
        raise typer.Exit(1)


def _in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts in the same order whatever came first."""
    return {word: counts.get(word, 0) for word in (_TO_SEND, *_WORDS.values(), _NOT_TRIED)}
