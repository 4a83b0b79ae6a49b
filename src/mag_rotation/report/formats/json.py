"""The document of a report as JSON: a contract whose keys may be added, never lost or renamed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from mag_rotation.report.description import Report, Screen

__all__ = ["LEAVES_OUT_WARNINGS", "dump", "write"]

LEAVES_OUT_WARNINGS: bool = False

_CONTROLS = re.compile("[\x7f-\x9f]")
"""Control characters that JSON lets stand."""


def write(report: Report, _screen: Screen) -> str:
    """Return the document of a report."""
    return dump(report.document)


def dump(document: Mapping[str, object]) -> str:
    """Return a document as text, one key a line, without a letter that a terminal would act on."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"
