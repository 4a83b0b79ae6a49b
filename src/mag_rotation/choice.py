"""How times and rotations are compared before one of them is recommended.

A candidate is compared by three figures, each the smaller the better. Nothing that another candidate dominates is
recommended. "Better" is said only of a candidate that dominates the one in hand; every other change is a trade.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CandidateTime", "Comparison", "Criterion", "Figures", "Standing", "compare_figures", "find_dominated"]


class Criterion(StrEnum):
    """A figure by which candidates are compared."""

    WORST = "worst"
    NIGHTS = "nights"
    TOTAL = "total"


class Standing(StrEnum):
    """How a candidate compares with the one in hand."""

    BETTER = "better"
    """It dominates the one in hand."""
    TRADE = "trade"
    """It is better in one figure and worse in another."""
    SAME = "same"
    """All figures are equal."""
    WORSE = "worse"
    """The one in hand dominates it."""

    @classmethod
    def of(cls, *, gains: bool, pays: bool) -> Standing:
        """Return the standing of a candidate that gains something, and pays something."""
        if gains and pays:
            return cls.TRADE
        if gains:
            return cls.BETTER
        return cls.WORSE if pays else cls.SAME


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What a candidate comes to.

    ``worst`` is the largest burden of a member and ``total`` that of all members, in point-minutes. ``nights`` counts,
    by weight, the people in the night at a time, or the calls in the night of all members under a rotation.

    >>> Figures(worst=600, nights=3, total=900).dominates(Figures(worst=600, nights=4, total=900))
    True
    """

    worst: int
    nights: int
    total: int

    def _values(self) -> tuple[int, int, int]:
        return self.worst, self.nights, self.total

    def dominates(self, other: Figures) -> bool:
        """Whether these figures are nowhere worse than others, and better in one."""
        pairs = list(zip(self._values(), other._values(), strict=True))
        return all(mine <= theirs for mine, theirs in pairs) and any(mine < theirs for mine, theirs in pairs)


@dataclass(frozen=True, kw_only=True, slots=True)
class CandidateTime:
    """A time that may be recommended, with its figures by the names that reports use."""

    figures: Figures

    @property
    def in_night(self) -> int:
        """The people in the night, by weight."""
        return self.figures.nights

    @property
    def worst(self) -> int:
        """The largest burden of a member after it, in point-minutes; without a plan, of this time alone."""
        return self.figures.worst

    @property
    def total(self) -> int:
        """The burdens of all members after it, in point-minutes; without a plan, of this time alone."""
        return self.figures.total


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """How a candidate compares with the one in hand: where it gains and what it pays."""

    standing: Standing
    gains: tuple[Criterion, ...] = ()
    pays: tuple[Criterion, ...] = ()


def compare_figures(candidate: Figures, current: Figures) -> Comparison:
    """Compare a candidate with the one in hand.

    >>> found = compare_figures(Figures(worst=500, nights=4, total=900), Figures(worst=600, nights=3, total=900))
    >>> str(found.standing), [str(one) for one in found.gains], [str(one) for one in found.pays]
    ('trade', ['worst'], ['nights'])
    """
    rows = [(one, getattr(candidate, one), getattr(current, one)) for one in Criterion]
    gains = tuple(one for one, new, old in rows if new < old)
    pays = tuple(one for one, new, old in rows if new > old)
    return Comparison(standing=Standing.of(gains=bool(gains), pays=bool(pays)), gains=gains, pays=pays)


def find_dominated(rows: Sequence[Figures]) -> tuple[bool, ...]:
    """Return for each row whether another row dominates it.

    >>> few, many = Figures(worst=600, nights=3, total=900), Figures(worst=600, nights=4, total=900)
    >>> find_dominated([many, few, few])
    (True, False, False)
    """
    front: list[Figures] = []
    # A row is dominated only by one that comes before it in this order.
    for row in sorted(set(rows), key=Figures._values):
        if not any(better.dominates(row) for better in front):
            front.append(row)
    kept = set(front)
    return tuple(row not in kept for row in rows)
