"""The programme of an event: sessions, who is in the night for which part of them, and conflicts between them.

Every plan may have sessions, so their values are loaded at once; what is computed of them is loaded when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from mag_rotation.programme.conflicts import Conflict as Conflict
    from mag_rotation.programme.conflicts import ProgrammeReport as ProgrammeReport
    from mag_rotation.programme.conflicts import ProgrammeSetting as ProgrammeSetting
    from mag_rotation.programme.conflicts import find_conflicts as find_conflicts
    from mag_rotation.programme.conflicts import make_programme_report as make_programme_report
    from mag_rotation.programme.night import DutyNight as DutyNight
    from mag_rotation.programme.night import ProgrammeWarning as ProgrammeWarning
    from mag_rotation.programme.night import SessionNight as SessionNight
    from mag_rotation.programme.night import compute_session_nights as compute_session_nights
    from mag_rotation.programme.night import list_main_duties as list_main_duties
    from mag_rotation.programme.night import warn_of_sessions as warn_of_sessions
    from mag_rotation.programme.propose import STEP as STEP
    from mag_rotation.programme.propose import ProposedStart as ProposedStart
    from mag_rotation.programme.propose import ProposedSwap as ProposedSwap
    from mag_rotation.programme.propose import StartProposals as StartProposals
    from mag_rotation.programme.propose import SwapProposals as SwapProposals
    from mag_rotation.programme.propose import propose_starts as propose_starts
    from mag_rotation.programme.propose import propose_swaps as propose_swaps

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


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'mag_rotation.programme' has no attribute {name!r}")
    from mag_rotation.programme import conflicts, night, propose  # noqa: PLC0415 - few plans have a programme

    return next(getattr(module, name) for module in (conflicts, night, propose) if name in module.__all__)


def __dir__() -> list[str]:
    return sorted({*__all__, *globals()})
