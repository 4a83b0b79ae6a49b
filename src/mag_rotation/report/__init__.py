"""Values to text: tables for the terminal, Markdown, CSV and JSON.

Rule 1: what a call costs whom is worked out in the rooms below; here it is put into words, dates and local hours.
Rule 2: text comes out; nothing is printed or written.
"""

from __future__ import annotations

from mag_rotation.report.answers import (
    Answer,
    Form,
    calls_answer,
    left_out,
    member_calls_answer,
    night_answer,
    render,
    validation_answer,
)
from mag_rotation.report.context import Context, context_of
from mag_rotation.report.sentences import sentence
from mag_rotation.report.words import plural

__all__ = [
    "Answer",
    "Context",
    "Form",
    "calls_answer",
    "context_of",
    "left_out",
    "member_calls_answer",
    "night_answer",
    "plural",
    "render",
    "sentence",
    "validation_answer",
]
