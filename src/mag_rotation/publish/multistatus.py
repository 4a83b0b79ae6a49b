"""Multistatus answers of WebDAV servers, parsed from XML.

XML with a document type, and therefore with entities, is refused. An incomplete answer is refused too, because objects
that are missing in it would be written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder

from mag_rotation.errors import InvalidValue, MissingExtra
from mag_rotation.publish import server_limits

__all__ = ["CALENDAR_OBJECTS", "WHAT_IT_IS", "FoundResource", "read_multistatus"]

_CHUNK = 64 * 1024
_STATUS = re.compile(r"HTTP/[0-9]{1,2}(?:\.[0-9]{1,2})? ([1-5][0-9]{2})(?: .*)?", re.DOTALL)

_DAV = "{DAV:}"
_CALDAV = "{urn:ietf:params:xml:ns:caldav}"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_SPACES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'

WHAT_IT_IS = (
    f"{_HEAD}<propfind {_SPACES}><prop><resourcetype/><C:supported-calendar-component-set/></prop></propfind>"
).encode()
"""The body of a PROPFIND for the type of a resource."""

CALENDAR_OBJECTS = (
    f"{_HEAD}<C:calendar-query {_SPACES}><prop><getetag/><C:calendar-data/></prop>"
    '<C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>'
).encode()
"""The body of a REPORT for all objects of a calendar."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundResource:
    """The properties of one resource.

    ``components`` are the component types that a calendar accepts, empty if the answer does not say; ``text`` is the
    object.
    """

    href: str
    is_calendar: bool = False
    components: frozenset[str] = frozenset()
    etag: str | None = None
    text: str | None = None


def read_multistatus(data: bytes) -> tuple[FoundResource, ...]:
    """Return the resources of an answer; raises :class:`InvalidValue` for anything else and for an incomplete one.

    >>> read_multistatus(b'<multistatus xmlns="DAV:"><response><href>/a/</href></response></multistatus>')
    (FoundResource(href='/a/', is_calendar=False, components=frozenset(), etag=None, text=None),)
    >>> read_multistatus(b"<html/>")
    Traceback (most recent call last):
    mag_rotation.errors.InvalidValue: answers without a list of resources
    """
    root = _parse(data)
    if root.tag != f"{_DAV}multistatus":
        raise InvalidValue("answers without a list of resources")
    return tuple(_read_found(one) for one in root.iterfind(f"{_DAV}response") if not _is_gone(one))


def _parse(data: bytes) -> Element:
    """Return the root of an XML document of an acceptable size."""
    try:
        from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # noqa: PLC0415 - needs an extra
        from defusedxml.ElementTree import (  # type: ignore[import-untyped]  # noqa: PLC0415
            DefusedXMLParser,
            ParseError,
        )
    except ModuleNotFoundError:
        raise MissingExtra("publish", "defusedxml") from None
    tree = _BoundedTree()
    parser = DefusedXMLParser(target=tree, forbid_dtd=True)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            tree.check_tag(start - parser.parser.CurrentByteIndex)
        parser.close()
    except InvalidValue:
        raise
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise InvalidValue("answers with XML that cannot be read") from None
    return tree.close()


class _BoundedTree:
    """A tree builder with limits on depth and size; of attributes only the names are kept."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = self._count = 0
        self.data = self._builder.data
        self.close = self._builder.close

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element; raises :class:`InvalidValue`."""
        self._depth += 1
        self._count += 1
        if self._depth > server_limits.XML_DEPTH:
            raise InvalidValue(f"answers with XML that is more than {server_limits.XML_DEPTH} elements deep")
        if self._count > server_limits.XML_ELEMENTS:
            raise InvalidValue(f"answers with XML of more than {server_limits.XML_ELEMENTS} elements")
        self._builder.start(tag, {"name": attributes["name"]} if "name" in attributes else {})

    @staticmethod
    def check_tag(size: int) -> None:
        """Raise :class:`InvalidValue` for a tag or a comment of so many bytes without an end."""
        if size > server_limits.XML_TAG_BYTES:
            raise InvalidValue(f"answers with XML with a tag of more than {server_limits.XML_TAG_BYTES >> 10} KiB")

    def end(self, tag: str) -> None:
        """End an element."""
        self._depth -= 1
        self._builder.end(tag)


def _is_gone(response: Element) -> bool:
    """Return whether a resource was deleted while the list was made; any other missing one was left out."""
    status = response.findtext(f"{_DAV}status")
    if status is None or _read_code(status) == 200:
        return False
    if _read_code(status) == 404:
        return True
    raise InvalidValue(f"leaves a part of the calendar out (status {_read_code(status) or 'unknown'})")


def _read_code(status: str) -> int:
    """Return the number in a status line, 0 for anything else.

    >>> _read_code("HTTP/1.1 200 OK"), _read_code("HTTP/1.1 " + "2" * 5000), _read_code("")
    (200, 0, 0)
    """
    found = _STATUS.fullmatch(status.strip())
    return int(found[1]) if found else 0


def _read_found(response: Element) -> FoundResource:
    href = (response.findtext(f"{_DAV}href") or "").strip()
    if not href:
        raise InvalidValue("lists a resource without its place")
    props = {child.tag: child for child in _find_properties(response)}
    kind, takes = props.get(f"{_DAV}resourcetype"), props.get(f"{_CALDAV}supported-calendar-component-set")
    etag, text = props.get(f"{_DAV}getetag"), props.get(f"{_CALDAV}calendar-data")
    return FoundResource(
        href=href,
        is_calendar=kind is not None and kind.find(f"{_CALDAV}calendar") is not None,
        components=frozenset(one.get("name", "").upper() for one in (takes if takes is not None else ())),
        etag=None if etag is None else (etag.text or "").strip() or None,
        text=None if text is None else text.text,
    )


def _find_properties(response: Element) -> Iterator[Element]:
    """Return the properties that the resource has."""
    for part in response.iterfind(f"{_DAV}propstat"):
        if _read_code(part.findtext(f"{_DAV}status") or "") == 200:
            for prop in part.iterfind(f"{_DAV}prop"):
                yield from prop
