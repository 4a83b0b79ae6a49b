"""The programme of an event: sessions, who is in the night for which part of them, and conflicts between them."""

from __future__ import annotations

from mag_rotation.programme.conflicts import (
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
from mag_rotation.programme.propose import (
    STEP,
    ProposedStart,
    ProposedSwap,
    StartProposals,
    SwapProposals,
    propose_starts,
    propose_swaps,
)
from mag_rotation.programme.sessions import (
    DEFAULT_LEVELS,
    DEFAULT_REST,
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
    "STEP",
    "Conflict",
    "Duty",
    "DutyNight",
    "Level",
    "Programme",
    "ProgrammeReport",
    "ProgrammeSetting",
    "ProgrammeWarning",
    "ProposedStart",
    "ProposedSwap",
    "Repeat",
    "Rule",
    "ScheduledSegment",
    "ScheduledSession",
    "Segment",
    "Session",
    "SessionNight",
    "StartProposals",
    "SwapProposals",
    "compute_session_nights",
    "find_conflicts",
    "find_session",
    "find_unknown_people",
    "list_main_duties",
    "make_programme_report",
    "propose_starts",
    "propose_swaps",
    "schedule_sessions",
    "warn_of_sessions",
]
