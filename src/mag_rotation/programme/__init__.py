"""The programme of an event: sessions, who is in the night for which part of them, and conflicts between them."""

from __future__ import annotations

from mag_rotation.programme.conflicts import (
    MOST_CONFLICTS,
    Conflict,
    ProgrammeReport,
    ProgrammeSetting,
    find_conflicts,
    make_programme_report,
)
from mag_rotation.programme.night import (
    DutyNight,
    ProgrammeWarning,
    SessionNight,
    compute_session_nights,
    list_main_duties,
    warn_of_sessions,
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
    "MOST_CONFLICTS",
    "MOST_SESSIONS",
    "Conflict",
    "Duty",
    "DutyNight",
    "Level",
    "Programme",
    "ProgrammeReport",
    "ProgrammeSetting",
    "ProgrammeWarning",
    "Repeat",
    "Rule",
    "ScheduledSegment",
    "ScheduledSession",
    "Segment",
    "Session",
    "SessionNight",
    "compute_session_nights",
    "find_conflicts",
    "find_session",
    "find_unknown_people",
    "list_main_duties",
    "make_programme_report",
    "schedule_sessions",
    "warn_of_sessions",
]
