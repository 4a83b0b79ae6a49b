"""Measures of the distribution of burdens, with their definitions and sources.

Burdens are integers of 0 or more, one per member; more is worse, and weights are not used. A float is one division of
exact integers and is not rounded. Rotations are compared by leximin, never by an average.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

__all__ = ["gini", "jain", "leximin_key", "mean", "spread", "total", "worst"]


def worst(burdens: Iterable[int]) -> int:
    """Return the highest burden, 0 without members. Source: Rawls's difference principle.

    >>> worst([60, 180, 120])
    180
    """
    return max(burdens, default=0)


def total(burdens: Iterable[int]) -> int:
    """Return the sum of all burdens (the utilitarian measure).

    >>> total([60, 180, 120])
    360
    """
    return sum(burdens)


def mean(burdens: Sequence[int]) -> float:
    """Return the total divided by the number of members, 0 without members.

    >>> mean([60, 180, 120])
    120.0
    """
    return sum(burdens) / len(burdens) if burdens else 0.0


def spread(burdens: Sequence[int]) -> int:
    """Return the highest burden less the lowest, 0 without members.

    >>> spread([60, 180, 120])
    120
    """
    return max(burdens, default=0) - min(burdens, default=0)


def gini(burdens: Sequence[int]) -> float:
    """Return Gini's coefficient: the sum over ordered pairs of ``|a - b|`` by ``2 n^2 mean``; 0 if all are 0.

    0 means that all have the same burden, ``1 - 1/n`` that one member has all of it. Source: Gini 1912; the form over
    sorted values is from Sen 1973.

    >>> gini([0, 0, 0, 600])
    0.75
    """
    count, whole = len(burdens), sum(burdens)
    if not whole:
        return 0.0
    ranked = sum((2 * rank - count - 1) * burden for rank, burden in enumerate(sorted(burdens), start=1))
    return float(Fraction(ranked, count * whole))


def jain(burdens: Sequence[int]) -> float:
    """Return Jain's index: the square of the sum by ``n`` times the sum of squares; 1 if all are 0.

    1 means that all have the same burden, ``1/n`` that one member has all of it. Source: Jain, Chiu, Hawe, DEC-TR-301,
    1984.

    >>> jain([0, 0, 0, 600])
    0.25
    """
    squares = sum(burden * burden for burden in burdens)
    return float(Fraction(sum(burdens) ** 2, len(burdens) * squares)) if squares else 1.0


def leximin_key(burdens: Iterable[int]) -> tuple[int, ...]:
    """Return the burdens from the highest down: the rotation with the smaller key is fairer to the worst-off.

    If the worst-off have the same burden, the next ones decide. Source: Sen 1970, here for burdens instead of goods.

    >>> leximin_key([60, 180, 120]) < leximin_key([0, 190, 0])
    True
    """
    return tuple(sorted(burdens, reverse=True))
