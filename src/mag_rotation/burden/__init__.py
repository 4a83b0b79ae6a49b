"""What calls put on members: the matrix of burdens and the ledger of who has borne what.

Rule 1: burdens are integers of point-minutes, equal to those of :mod:`mag_rotation.night`, cell for cell.
Rule 2: members and classes go in and out; how many are worked out at once is nobody's business outside.
"""

from __future__ import annotations

from mag_rotation.burden.clocks import Bools, Ints, Starts
from mag_rotation.burden.ledger import Ledger, LedgerEntry, LedgerLine, make_ledger
from mag_rotation.burden.matrix import BurdenMatrix, compute_least_totals, make_burden_matrix, matrix_of

__all__ = [
    "Bools",
    "BurdenMatrix",
    "Ints",
    "Ledger",
    "LedgerEntry",
    "LedgerLine",
    "Starts",
    "compute_least_totals",
    "make_burden_matrix",
    "make_ledger",
    "matrix_of",
]
