"""Rotating calls of a group spread over the globe: when they are, who is in the night, and a calendar.

Each name is loaded when it is first used; ``import mag_rotation`` itself loads no third-party package.

>>> import mag_rotation
>>> mag_rotation.Slot.__module__
'mag_rotation.series'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
    from mag_rotation.audience import Audience as Audience
    from mag_rotation.calls import Call as Call
    from mag_rotation.calls import find_call as find_call
    from mag_rotation.calls import next_call as next_call
    from mag_rotation.calls import unroll as unroll
    from mag_rotation.errors import Infeasible as Infeasible
    from mag_rotation.errors import InvalidPlan as InvalidPlan
    from mag_rotation.errors import MagRotationError as MagRotationError
    from mag_rotation.fairness import Thresholds as Thresholds
    from mag_rotation.fairness import plan_day as plan_day
    from mag_rotation.hours import Curve as Curve
    from mag_rotation.hours import Hours as Hours
    from mag_rotation.hours import Window as Window
    from mag_rotation.ics import to_ics as to_ics
    from mag_rotation.night import NightReport as NightReport
    from mag_rotation.night import night_at as night_at
    from mag_rotation.night import night_report as night_report
    from mag_rotation.places import zone_name as zone_name
    from mag_rotation.plan import Plan as Plan
    from mag_rotation.planfile import load_plan as load_plan
    from mag_rotation.programme import Programme as Programme
    from mag_rotation.programme import Session as Session
    from mag_rotation.propose import GivenRotation as GivenRotation
    from mag_rotation.propose import Request as Request
    from mag_rotation.roster import Attendance as Attendance
    from mag_rotation.roster import Carried as Carried
    from mag_rotation.roster import Member as Member
    from mag_rotation.roster import Stay as Stay
    from mag_rotation.series import Advance as Advance
    from mag_rotation.series import Extra as Extra
    from mag_rotation.series import Meeting as Meeting
    from mag_rotation.series import Numbering as Numbering
    from mag_rotation.series import Organizer as Organizer
    from mag_rotation.series import Override as Override
    from mag_rotation.series import Phase as Phase
    from mag_rotation.series import Rotation as Rotation
    from mag_rotation.series import Schedule as Schedule
    from mag_rotation.series import Season as Season
    from mag_rotation.series import Series as Series
    from mag_rotation.series import Slot as Slot

_HOME = {
    "Advance": "series",
    "Attendance": "roster",
    "Audience": "audience",
    "Call": "calls",
    "Carried": "roster",
    "Curve": "hours",
    "Extra": "series",
    "GivenRotation": "propose",
    "Hours": "hours",
    "Infeasible": "errors",
    "InvalidPlan": "errors",
    "MagRotationError": "errors",
    "Meeting": "series",
    "Member": "roster",
    "NightReport": "night",
    "Numbering": "series",
    "Organizer": "series",
    "Override": "series",
    "Phase": "series",
    "Plan": "plan",
    "Programme": "programme",
    "Request": "propose",
    "Rotation": "series",
    "Schedule": "series",
    "Season": "series",
    "Series": "series",
    "Session": "programme",
    "Slot": "series",
    "Stay": "roster",
    "Thresholds": "fairness",
    "Window": "hours",
    "find_call": "calls",
    "load_plan": "planfile",
    "next_call": "calls",
    "night_at": "night",
    "night_report": "night",
    "plan_day": "fairness",
    "to_ics": "ics",
    "unroll": "calls",
    "zone_name": "places",
}
"""The room of each name."""

__all__ = sorted(_HOME)  # noqa: PLE0605 - one list, read by the type checker from the imports above


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - takes time, and few ask

        return version("mag-rotation")
    if name not in _HOME:
        raise AttributeError(f"module 'mag_rotation' has no attribute {name!r}")
    return getattr(import_module(f"mag_rotation.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
