"""The records of a report as CSV, which has no place for sentences."""

from __future__ import annotations

from mag_rotation.cells import write_csv
from mag_rotation.report.description import Report, Screen

__all__ = ["LEAVES_OUT_WARNINGS", "write"]

LEAVES_OUT_WARNINGS: bool = True


def write(report: Report, _screen: Screen) -> str:
    """Return one line of keys, then one for each record."""
    return write_csv(report.records.keys, report.records.rows)
