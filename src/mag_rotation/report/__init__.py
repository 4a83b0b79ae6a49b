"""Values to text: tables for the terminal, Markdown, CSV and JSON.

Rule 1: nothing is worked out here that a room below has not worked out.
Rule 2: text comes out; nothing is printed or written.
"""

from __future__ import annotations

from mag_rotation.report.answers import (
    Answer,
    Form,
    calls_answer,
    member_calls_answer,
    night_answer,
    render,
    validation_answer,
)
from mag_rotation.report.tables import plural

__all__ = [
    "Answer",
    "Form",
    "calls_answer",
    "member_calls_answer",
    "night_answer",
    "plural",
    "render",
    "validation_answer",
]
