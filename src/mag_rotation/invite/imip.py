"""Invitations as mail messages (iMIP, RFC 6047), one message per member.

Equal invitations and dates give equal bytes; boundaries and ids are not random. Messages are ASCII with CR LF line
ends: encoded words in headers, quoted-printable and base64 in bodies. An address with other characters before the @ is
written unchanged and needs SMTPUTF8. The calendar part states its METHOD and is the last alternative; the same bytes
follow as an attachment for programs that look for a file. The HTML has the same content as the plain text and loads
nothing from the network. The words of a message are given by the caller, in any language; the calendar is the same in
all of them.
"""

from __future__ import annotations

from base64 import b64encode, encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from unicodedata import bidirectional

from mag_rotation.invite.attendees import to_one_line
from mag_rotation.invite.invitations import Invitation
from mag_rotation.series import Organizer
from mag_rotation.zones import to_utc

__all__ = ["MailText", "encode_address", "isolate", "write_mail"]

_MIXED, _ALTERNATIVE = "=_outer", "=_inner"
"""Boundaries that no body can hold, for neither quoted-printable nor base64 has "=_" (RFC 2045, 6.7)."""

_SHORT = 60
"""The longest name or subject that fits in a header unencoded, on one line with the header's name."""

_MOST_IN_A_WORD = 39
"""The octets of a text in one encoded word, which then has 64 characters. RFC 2047 allows 75 in a word and 76 in a line
that may begin with "Subject: "; the standard library writes words of 77."""

_TURNING = {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF"}
"""The classes of characters that are written from right to left, or begin or end a run of one direction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MailText:
    """What a message says, in the language of its ``tag``.

    ``opening`` is the first sentence, as its parts before and after the title of the call. ``blocks`` are the
    paragraphs below it; their lines are kept.
    """

    subject: str
    opening: tuple[str, str]
    title: str
    blocks: tuple[str, ...]
    tag: str = "en"
    is_right_to_left: bool = False


def write_mail(invitation: Invitation, organizer: Organizer, text: MailText, *, date: datetime) -> bytes:
    """Return the message that brings an invitation from the organizer to the member.

    ``date`` is its Date, in any zone.
    """
    head = (
        f"From: {_write_mailbox(organizer.name, organizer.email)}",
        f"To: {_write_mailbox(invitation.member.display_name, invitation.address)}",
        f"Subject: {_encode_header(text.subject)}",
        f"Date: {_format_date(date)}",
        f"Message-ID: <{invitation.id}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{_MIXED}"',
    )
    calendar = encodebytes(invitation.data).replace(b"\n", b"\r\n")
    plain = "\n\n".join((text.title.join(text.opening), *text.blocks)) + "\n"
    kind = f"text/calendar; charset=utf-8; method={invitation.method}"
    return b"".join(
        (
            _join_lines(*head, "", f"--{_MIXED}"),
            _join_lines(f'Content-Type: multipart/alternative; boundary="{_ALTERNATIVE}"', "", f"--{_ALTERNATIVE}"),
            _write_part("text/plain; charset=utf-8", "quoted-printable", _encode_printable(plain)),
            _join_lines(f"--{_ALTERNATIVE}"),
            _write_part(
                "text/html; charset=utf-8",
                "quoted-printable",
                _encode_printable(_render_html(text, invitation.event.url)),
            ),
            _join_lines(f"--{_ALTERNATIVE}"),
            _write_part(kind, "base64", calendar),
            _join_lines(f"--{_ALTERNATIVE}--", "", f"--{_MIXED}"),
            _write_part('application/ics; name="invite.ics"', "base64", calendar, 'attachment; filename="invite.ics"'),
            _join_lines(f"--{_MIXED}--"),
        )
    )


def encode_address(address: str) -> str:
    """Return an address for mail, with its domain in ASCII if possible.

    >>> encode_address("seat@b\u00fccher.example")
    'seat@xn--bcher-kva.example'
    """
    local, at, domain = address.rpartition("@")
    try:
        return local + at + domain.encode("idna").decode()
    except UnicodeError:
        return address


@lru_cache(maxsize=4096)
def _write_mailbox(name: str, address: str) -> str:
    """Return a name and an address as a header value, the address on its own line if both are long."""
    phrase, placed = _encode_phrase(to_one_line(name)), f"<{encode_address(address)}>"
    gap = " " if "\r" not in phrase and len(phrase) + len(placed) <= _SHORT else "\r\n "
    return f"{phrase}{gap}{placed}"


def _encode_phrase(name: str) -> str:
    """Return the name before an address: quoted, or in encoded words."""
    if _is_plain(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return _encode_words(name)


@lru_cache(maxsize=64)
def _encode_header(text: str) -> str:
    """Return a text as a header value."""
    return text if _is_plain(text) else _encode_words(text)


def isolate(text: str) -> str:
    """Return a text that does not affect the direction of the following text, with Unicode isolates (UAX 9)."""
    turns = any(bidirectional(letter) in _TURNING for letter in text)
    return f"\u2068{text}\u2069" if turns else text


def _is_plain(text: str) -> bool:
    return text.isascii() and len(text) <= _SHORT and "=?" not in text


def _encode_words(text: str) -> str:
    """Return a text in encoded words, one per line, with no character split (RFC 2047, 2 and 5)."""
    parts = [b""]
    for letter in text:
        octets = letter.encode()
        if len(parts[-1]) + len(octets) > _MOST_IN_A_WORD:
            parts.append(b"")
        parts[-1] += octets
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in parts)


@lru_cache(maxsize=64)
def _format_date(instant: datetime) -> str:
    return format_datetime(to_utc(instant))


def _join_lines(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def _write_part(kind: str, encoding: str, body: bytes, disposition: str | None = None) -> bytes:
    """Return one part of a message: its headers and its encoded body."""
    placed = () if disposition is None else (f"Content-Disposition: {disposition}",)
    return _join_lines(f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", *placed, "") + body


def _encode_printable(text: str) -> bytes:
    return b2a_qp("\n".join(text.splitlines()).encode()).replace(b"\n", b"\r\n") + b"\r\n"


def _render_html(text: MailText, url: str | None) -> str:
    """Return the plain text as HTML, with the link of the call; each block has the direction of its letters."""
    body = "".join(f'<p dir="auto">{_render_block(block, url)}</p>\n' for block in text.blocks)
    before, after = map(escape, text.opening)
    direction = ' dir="rtl"' if text.is_right_to_left else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(text.tag)}"{direction}>\n'
        f'<head><meta charset="utf-8"><title>{escape(text.title)}</title></head>\n'
        f"<body>\n<p>{before}<strong><bdi>{escape(text.title)}</bdi></strong>{after}</p>\n{body}</body>\n</html>\n"
    )


def _render_block(text: str, url: str | None) -> str:
    html = escape(text).replace("\n", "<br>\n")
    is_link = text == url and text.lower().startswith(("https://", "http://"))
    return f'<a href="{escape(text)}">{html}</a>' if is_link else html
