"""Searches of the room ``propose``, run to their end without a clock."""

from __future__ import annotations

from collections.abc import Sequence

from mag_rotation.burden import Ints
from mag_rotation.propose.linear import Relaxation, relax
from mag_rotation.propose.meet_in_the_middle import ExactSearch, Outcome
from mag_rotation.propose.order import Aim
from mag_rotation.propose.problem import Picks, Problem, Stop, run
from mag_rotation.propose.search import PATIENCE, LocalSearch


def search_halves(
    problem: Problem, aim: Aim, *, known: Sequence[int] | None = None, stop: Stop = lambda: False
) -> Outcome:
    """Return the best picks for an aim; as of :class:`ExactSearch`."""
    search = ExactSearch(problem, aim, known=known)
    run(search.steps(), stop)
    return search.outcome


def improve(
    problem: Problem, aim: Aim, picks: Picks, *, seed: int, stop: Stop = lambda: False, patience: int = PATIENCE
) -> Picks:
    """Return picks at least as good; as of :class:`LocalSearch`."""
    search = LocalSearch(problem, aim, picks, seed=seed)
    run(search.steps(patience), stop)
    return search.picks


def relax_at_once(problem: Problem, limit: int | None = None) -> Relaxation:
    """Return the relaxation of a problem; as of :func:`relax`."""
    found = run(relax(problem, limit))
    assert found is not None
    return found


def dual_weights(problem: Problem, *, scale: int, limit: int | None = None) -> Ints:
    """Return weights of the classes that prove the most, about ``scale`` of them in all."""
    return relax_at_once(problem, limit).integers(scale)


def rounded_picks(problem: Problem, *, limit: int | None = None) -> Picks:
    """Return picks near the relaxation's answer."""
    return relax_at_once(problem, limit).picks
