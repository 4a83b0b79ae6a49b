"""The fairness of rotations: measures of burdens, reports on a ledger, and verdicts on other times.

Every number has a definition, and every verdict gives its reasons.
"""

from __future__ import annotations

from mag_rotation.fairness.best import compute_best_possible
from mag_rotation.fairness.check import (
    AlternativeTime,
    Check,
    ComparedTime,
    JudgedTime,
    TimeProposal,
    WeighedTime,
    check_time,
    judge_times,
    verdict_at,
    weigh_times,
)
from mag_rotation.fairness.measures import gini, jain, leximin_key, mean, spread, total, worst
from mag_rotation.fairness.planner import STEP, ClockChange, PlannerDay, PlannerStart, plan_day, plan_starts
from mag_rotation.fairness.sensitivity import Sensitivity, compute_sensitivity
from mag_rotation.fairness.shares import Fairness, GroupShare, MemberShare, measure_fairness
from mag_rotation.fairness.verdict import RULES, Thresholds, Verdict, VerdictCode

__all__ = [
    "RULES",
    "STEP",
    "AlternativeTime",
    "Check",
    "ClockChange",
    "ComparedTime",
    "Fairness",
    "GroupShare",
    "JudgedTime",
    "MemberShare",
    "PlannerDay",
    "PlannerStart",
    "Sensitivity",
    "Thresholds",
    "TimeProposal",
    "Verdict",
    "VerdictCode",
    "WeighedTime",
    "check_time",
    "compute_best_possible",
    "compute_sensitivity",
    "gini",
    "jain",
    "judge_times",
    "leximin_key",
    "mean",
    "measure_fairness",
    "plan_day",
    "plan_starts",
    "spread",
    "total",
    "verdict_at",
    "weigh_times",
    "worst",
]
