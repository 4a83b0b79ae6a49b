"""The fairest rotation: problem, exact search, bound and certificate, local search, frontier and judge.

Nothing here reads a clock or draws a random number: the caller supplies the time budget and the seed. Algorithms take a
problem and return picks; the judge, which knows no algorithm, checks whether they are right.
"""

from __future__ import annotations

from mag_rotation.propose.answer import Impossible, Offer, Proposed, Recommendation, Share, propose
from mag_rotation.propose.case import Certificate
from mag_rotation.propose.compare import (
    SIZES,
    ClockReading,
    CompareNote,
    GivenRotation,
    LocalHours,
    Option,
    OptionGroup,
    OptionKind,
    RotationTable,
    compare_rotations,
    weigh_proposal,
    weigh_rotations,
)
from mag_rotation.propose.judge import (
    FindingCode,
    PriceClaim,
    Proof,
    ProofPart,
    ProofResult,
    ProposalClaim,
    prove_again,
    verify_proposal,
)
from mag_rotation.propose.online import NextSlot, SlotChoice, next_slot
from mag_rotation.propose.prices import Price
from mag_rotation.propose.request import ConstraintCode, Objective, Request, Setting
from mag_rotation.propose.solve import Budget, Cut

__all__ = [
    "SIZES",
    "Budget",
    "Certificate",
    "ClockReading",
    "CompareNote",
    "ConstraintCode",
    "Cut",
    "FindingCode",
    "GivenRotation",
    "Impossible",
    "LocalHours",
    "NextSlot",
    "Objective",
    "Offer",
    "Option",
    "OptionGroup",
    "OptionKind",
    "Price",
    "PriceClaim",
    "Proof",
    "ProofPart",
    "ProofResult",
    "ProposalClaim",
    "Proposed",
    "Recommendation",
    "Request",
    "RotationTable",
    "Setting",
    "Share",
    "SlotChoice",
    "compare_rotations",
    "next_slot",
    "propose",
    "prove_again",
    "verify_proposal",
    "weigh_proposal",
    "weigh_rotations",
]
