"""The fairest rotation: problem, exact search, bound and certificate, local search, frontier and judge.

Rule 1: nothing here reads a clock or draws a number: time that is left and seeds are passed in.
Rule 2: algorithms take a problem and give picks; whether these are right is for the judge, who knows no algorithm.
Rule 3: what is not proven is said to be not proven.
"""

from __future__ import annotations

from mag_rotation.propose.answer import Impossible, Offer, Proposed, Share, propose
from mag_rotation.propose.case import Certificate
from mag_rotation.propose.judge import Claim, Finding, PriceClaim, Proof, ProofPart, ProofResult, judged, prove_again
from mag_rotation.propose.online import Choice, NextSlot, next_slot
from mag_rotation.propose.prices import Price
from mag_rotation.propose.request import Constraint, ConstraintCode, Objective, Request, Setting
from mag_rotation.propose.solve import Budget

__all__ = [
    "Budget",
    "Certificate",
    "Choice",
    "Claim",
    "Constraint",
    "ConstraintCode",
    "Finding",
    "Impossible",
    "NextSlot",
    "Objective",
    "Offer",
    "Price",
    "PriceClaim",
    "Proof",
    "ProofPart",
    "ProofResult",
    "Proposed",
    "Request",
    "Setting",
    "Share",
    "judged",
    "next_slot",
    "propose",
    "prove_again",
]
