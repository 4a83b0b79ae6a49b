"""The verdict on one time: rules in a table, thresholds that a plan may change, reasons in sentences.

Rule 1: the verdict is the worst that any rule says; a time of which no rule says anything is good.
Rule 2: every rule that speaks says why, in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mag_rotation.burden import Ledger, LedgerLine
from mag_rotation.errors import InvalidValue
from mag_rotation.night import NightReport

__all__ = ["RULES", "Thresholds", "Verdict", "judge", "listed"]


class Verdict(StrEnum):
    """How fair a time is."""

    GOOD = "good"
    ACCEPTABLE = "acceptable"
    POOR = "poor"

    def is_at_least(self, other: str) -> bool:
        """Whether this verdict is as bad as another, or worse.

        >>> Verdict.POOR.is_at_least("acceptable")
        True
        """
        order = list(Verdict)
        return order.index(self) >= order.index(Verdict(other))


@dataclass(frozen=True, kw_only=True, slots=True)
class Thresholds:
    """When a rule speaks. Shares are whole percents of the members who take part, seats counting by weight.

    A time is acceptable, not good, when more than ``acceptable_share`` are in the night or somebody is for the
    ``acceptable_streak``-th call running; it is poor with more than ``poor_share`` or at the ``poor_streak``-th.
    Somebody with one of the ``required_roles`` in the night makes it poor.
    """

    acceptable_share: int = 20
    poor_share: int = 50
    acceptable_streak: int = 2
    poor_streak: int = 4
    required_roles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.acceptable_share <= self.poor_share <= 100:
            found = f"{self.acceptable_share} and {self.poor_share}"
            raise InvalidValue(f"found shares of {found} percent; they rise from 0 to 100")
        if not 1 <= self.acceptable_streak <= self.poor_streak:
            found = f"{self.acceptable_streak} and {self.poor_streak}"
            raise InvalidValue(f"found streaks of {found} calls; they rise from 1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What is judged: who is in the night, the ledger before the call, and the thresholds."""

    night: NightReport
    ledger: Ledger
    thresholds: Thresholds

    def asleep(self) -> list[LedgerLine]:
        """The lines of those in the night, worst first."""
        lines = {line.member.id: line for line in self.ledger.lines}
        return [lines[member] for member in self.night.in_night]

    @property
    def share(self) -> float:
        """The percentage of members in the night."""
        count = self.night.summary
        return 100 * count.in_night / count.members if count.members else 0.0


Finding = tuple[Verdict, str]


def listed(ids: Sequence[str], most: int = 5) -> str:
    """Some ids as a sentence has them, a long list cut.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c", "d"], most=2)
    ('a', 'a and b', 'a, b and 2 more')
    """
    if len(ids) > most:
        return f"{', '.join(ids[:most])} and {len(ids) - most} more"
    return " and ".join(filter(None, (", ".join(ids[:-1]), *ids[-1:])))


def _blocked(case: Case) -> Finding | None:
    if not case.night.blocked:
        return None
    return Verdict.POOR, f"{listed(case.night.blocked)} cannot attend: the time touches hours they have ruled out"


def _required(case: Case) -> Finding | None:
    asleep = [
        f"{line.member.id} ({role})"
        for line in case.asleep()
        for role in line.member.roles
        if role in case.thresholds.required_roles
    ]
    return (Verdict.POOR, f"{listed(asleep)} must be awake and would be in the night") if asleep else None


def _crowd(case: Case) -> Finding | None:
    count, thresholds = case.night.summary, case.thresholds
    if case.share > thresholds.poor_share:
        verdict, limit = Verdict.POOR, thresholds.poor_share
    elif case.share > thresholds.acceptable_share:
        verdict, limit = Verdict.ACCEPTABLE, thresholds.acceptable_share
    else:
        return None
    return verdict, f"{count.in_night} of {count.members} would be in the night, more than {limit} percent"


def _running(case: Case) -> Finding | None:
    streaks = {line.member.id: line.streak + 1 for line in case.asleep()}
    longest = max(streaks.values(), default=0)
    if longest < case.thresholds.acceptable_streak:
        return None
    verdict = Verdict.POOR if longest >= case.thresholds.poor_streak else Verdict.ACCEPTABLE
    who = [member for member, streak in streaks.items() if streak == longest]
    several = [member for member, streak in streaks.items() if streak >= 2]
    more = f"; {len(several)} in all at least twice running" if len(several) > len(who) else ""
    return verdict, f"{listed(who)} would be in the night {_times(longest)}{more}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice running"}.get(count, f"{count} times running")


def _worst_off(case: Case) -> Finding | None:
    most = max((line.burden for line in case.ledger.lines), default=0)
    again = [line.member.id for line in case.asleep() if most and line.burden == most]
    if not again:
        return None
    have = "has" if len(again) == 1 else "have"
    return Verdict.ACCEPTABLE, f"{listed(again)} {have} borne the most so far and would be in the night"


RULES: tuple[Callable[[Case], Finding | None], ...] = (_blocked, _required, _crowd, _running, _worst_off)
"""What may speak against a time, the gravest first."""


def _nothing_against(case: Case) -> str:
    """Why a time is good."""
    count = case.night.summary
    if not case.ledger.lines:
        return "nobody is in the roster, so no rule can speak against it"
    if not case.night.members:
        return "nobody of the roster takes part at that time, so no rule can speak against it"
    return f"{count.in_night} of {count.members} would be in the night, and no rule speaks against it"


def judge(case: Case) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict on a case and its reasons; a good time has one reason, too: how many are in the night."""
    findings = [finding for rule in RULES if (finding := rule(case)) is not None]
    if not findings:
        return Verdict.GOOD, (_nothing_against(case),)
    verdict = max((verdict for verdict, _ in findings), key=list(Verdict).index)
    return verdict, tuple(reason for _, reason in findings)
