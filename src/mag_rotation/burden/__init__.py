"""The burdens of calls on members: the matrix of many starts and the ledger of held calls.

Burdens are integers of point-minutes, each equal to what :mod:`mag_rotation.night` computes for that member and call.
"""

from __future__ import annotations

from mag_rotation.burden.ledger import Charge, Ledger, LedgerEntry, LedgerLine, make_ledger
from mag_rotation.burden.matrix import BurdenMatrix, compute_least_totals, make_burden_matrix, matrix_of
from mag_rotation.burden.starts import Bools, Ints, Starts

__all__ = [
    "Bools",
    "BurdenMatrix",
    "Charge",
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
