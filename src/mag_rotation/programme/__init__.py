"""The programme of an event: sessions, who is in the night for which part of them, and conflicts between them."""

from __future__ import annotations

from mag_rotation.programme.sessions import (
    DEFAULT_LEVELS,
    DEFAULT_REST,
    MOST_SESSIONS,
    Duty,
    Level,
    Programme,
    Repeat,
    Rule,
    ScheduledSegment,
    ScheduledSession,
    Segment,
    Session,
    schedule_sessions,
)

__all__ = [
    "DEFAULT_LEVELS",
    "DEFAULT_REST",
    "MOST_SESSIONS",
    "Duty",
    "Level",
    "Programme",
    "Repeat",
    "Rule",
    "ScheduledSegment",
    "ScheduledSession",
    "Segment",
    "Session",
    "schedule_sessions",
]
