"""Answers for people and programs: facts put into sentences, tables and documents, and these into formats."""

from __future__ import annotations

from mag_rotation.report.calls import describe_calls
from mag_rotation.report.context import Context, context_of
from mag_rotation.report.description import Report
from mag_rotation.report.formats import Form, left_out, mode_line, render, render_file, saved_line
from mag_rotation.report.language import ENGLISH, Language, find_language
from mag_rotation.report.night import describe_member_calls, describe_night
from mag_rotation.report.sentences import sentence, warning_line
from mag_rotation.report.validation import describe_validation

__all__ = [
    "ENGLISH",
    "Context",
    "Form",
    "Language",
    "Report",
    "context_of",
    "describe_calls",
    "describe_member_calls",
    "describe_night",
    "describe_validation",
    "find_language",
    "left_out",
    "mode_line",
    "render",
    "render_file",
    "saved_line",
    "sentence",
    "warning_line",
]
