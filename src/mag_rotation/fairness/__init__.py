"""Is this fair? Measures of a ledger, and the verdict on a proposed time.

Rule 1: nothing here decides alone; every number has a definition, and every verdict its reasons in sentences.
Rule 2: measures know nothing of plans, and verdicts nothing of how burdens are worked out.
"""

from __future__ import annotations

from mag_rotation.fairness.best import compute_best_possible
from mag_rotation.fairness.check import BetterTime, Check, TimeProposal, check_time, verdict_at
from mag_rotation.fairness.measures import gini, jain, leximin_key, mean, spread, total, worst
from mag_rotation.fairness.sensitivity import Sensitivity, compute_sensitivity
from mag_rotation.fairness.shares import Fairness, GroupShare, MemberShare, measure_fairness
from mag_rotation.fairness.verdict import RULES, Thresholds, Verdict

__all__ = [
    "RULES",
    "BetterTime",
    "Check",
    "Fairness",
    "GroupShare",
    "MemberShare",
    "Sensitivity",
    "Thresholds",
    "TimeProposal",
    "Verdict",
    "check_time",
    "compute_best_possible",
    "compute_sensitivity",
    "gini",
    "jain",
    "leximin_key",
    "mean",
    "measure_fairness",
    "spread",
    "total",
    "verdict_at",
    "worst",
]
