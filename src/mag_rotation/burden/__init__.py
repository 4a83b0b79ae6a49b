"""What calls put on members: the matrix of burdens and the ledger of who has borne what.

Rule 1: burdens are integers of point-minutes, equal to those of :mod:`mag_rotation.night`, cell for cell.
Rule 2: members and classes go in and out; how many are worked out at once is nobody's business outside.
"""

from __future__ import annotations

from mag_rotation.burden.matrix import BurdenMatrix, burden_matrix

__all__ = ["BurdenMatrix", "burden_matrix"]
