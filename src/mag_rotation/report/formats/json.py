"""The document of a report as JSON: a contract whose keys may be added, never lost or renamed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from mag_rotation.report.description import LaterRows, Report, Screen

__all__ = ["LEAVES_OUT_WARNINGS", "dump", "write"]

LEAVES_OUT_WARNINGS: bool = False

_CONTROLS = re.compile("[\x7f-\x9f]")
"""Control characters that JSON lets stand."""


def write(report: Report, _screen: Screen) -> str:
    """Return the document of a report."""
    return dump(report.document)


def dump(document: Mapping[str, object]) -> str:
    """Return a document as text, one key a line, without a letter that a terminal would act on."""
    text = _write_value(document, "\n")
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


_write_plain = json.JSONEncoder(ensure_ascii=False).encode


def _write_value(value: object, margin: str) -> str:
    """Return a value as ``json.dumps`` with an indent of 2 does, which takes three times as long for large documents.

    ``margin`` is a line end and the blanks before the value.
    """
    inner = f"{margin}  "
    if isinstance(value, dict) and value:
        items = [f"{inner}{_write_plain(key)}: {_write_value(item, inner)}" for key, item in value.items()]
        return f"{{{','.join(items)}{margin}}}"
    if isinstance(value, list | tuple | LaterRows):
        items = [f"{inner}{_write_value(item, inner)}" for item in value]
        return f"[{','.join(items)}{margin}]" if items else "[]"
    return _write_plain(value)
