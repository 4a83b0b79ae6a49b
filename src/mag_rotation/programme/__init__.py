"""The programme of an event: sessions, who is in the night for which part of them, and conflicts between them."""

from __future__ import annotations

from mag_rotation.programme.night import (
    AbsentDuty,
    DutyNight,
    SessionNight,
    compute_session_nights,
    list_main_duties,
    warn_of_absent_duties,
)
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
    find_session,
    find_unknown_people,
    schedule_sessions,
)

__all__ = [
    "DEFAULT_LEVELS",
    "DEFAULT_REST",
    "MOST_SESSIONS",
    "AbsentDuty",
    "Duty",
    "DutyNight",
    "Level",
    "Programme",
    "Repeat",
    "Rule",
    "ScheduledSegment",
    "ScheduledSession",
    "Segment",
    "Session",
    "SessionNight",
    "compute_session_nights",
    "find_session",
    "find_unknown_people",
    "list_main_duties",
    "schedule_sessions",
    "warn_of_absent_duties",
]
