"""Measures of a list of burdens: plain functions with their definitions and their sources.

Rule 1: a burden is bad; more of it is worse. All take burdens of 0 or more, one for each member, weights unknown.
Rule 2: what can be an integer is one; a float is one division of exact integers, and is not rounded.
Rule 3: none of the averages is ever optimised: the order among plans is leximin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

__all__ = ["gini", "jain", "leximin_key", "mean", "spread", "total", "worst"]


def worst(burdens: Iterable[int]) -> int:
    """The burden of the worst-off; 0 for nobody. Rawls's difference principle looks at it alone.

    >>> worst([60, 180, 120])
    180
    """
    return max(burdens, default=0)


def total(burdens: Iterable[int]) -> int:
    """The sum of all burdens; the utilitarian measure.

    >>> total([60, 180, 120])
    360
    """
    return sum(burdens)


def mean(burdens: Sequence[int]) -> float:
    """The total divided by the number of members; 0 for nobody.

    >>> mean([60, 180, 120])
    120.0
    """
    return sum(burdens) / len(burdens) if burdens else 0.0


def spread(burdens: Sequence[int]) -> int:
    """The worst burden less the least; 0 for nobody.

    >>> spread([60, 180, 120])
    120
    """
    return max(burdens, default=0) - min(burdens, default=0)


def gini(burdens: Sequence[int]) -> float:
    """Gini's coefficient: the sum over ordered pairs of ``|a - b|`` by ``2 n^2 mean``; 0 when all are 0.

    0 means that all bear the same, ``1 - 1/n`` that one bears all. Source: Gini 1912; the form over sorted values is
    that of Sen 1973.

    >>> gini([0, 0, 0, 600])
    0.75
    """
    count, whole = len(burdens), sum(burdens)
    if not whole:
        return 0.0
    ranked = sum((2 * rank - count - 1) * burden for rank, burden in enumerate(sorted(burdens), start=1))
    return float(Fraction(ranked, count * whole))


def jain(burdens: Sequence[int]) -> float:
    """Jain's index: the square of the sum by ``n`` times the sum of squares; 1 when all are 0.

    1 means that all bear the same, ``1/n`` that one bears all. Source: Jain, Chiu, Hawe, DEC-TR-301, 1984.

    >>> jain([0, 0, 0, 600])
    0.25
    """
    squares = sum(burden * burden for burden in burdens)
    return float(Fraction(sum(burdens) ** 2, len(burdens) * squares)) if squares else 1.0


def leximin_key(burdens: Iterable[int]) -> tuple[int, ...]:
    """The burdens from the worst down: of two plans the one with the smaller key spares the worst-off first.

    Where the worst-off bear the same, the next decide, and so on. Source: Sen 1970, for burdens turned round.

    >>> leximin_key([60, 180, 120]) < leximin_key([0, 190, 0])
    True
    """
    return tuple(sorted(burdens, reverse=True))
