"""The verdict on one time: a table of rules, thresholds that a plan may change, and the reasons as facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from mag_rotation.burden import Ledger, LedgerLine
from mag_rotation.errors import InvalidValue
from mag_rotation.night import NightReport
from mag_rotation.values import Fact, FactCode

__all__ = ["RULES", "Thresholds", "Verdict", "VerdictCode", "judge"]


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
class VerdictCase:
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


class VerdictCode(FactCode):
    """What speaks against a time, or why nothing does."""

    RULED_OUT = "hours_ruled_out"
    ROLE_IN_NIGHT = "required_role_in_night"
    MANY_IN_NIGHT = "many_in_night"
    NIGHTS_RUNNING = "nights_running"
    WORST_OFF_AGAIN = "worst_off_again"
    NOTHING_AGAINST = "nothing_against"
    EMPTY_ROSTER = "no_rule_without_roster"
    NOBODY_TAKES_PART = "nobody_takes_part"


Finding = tuple[Verdict, Fact]


def _find_ruled_out(case: VerdictCase) -> Finding | None:
    if not case.night.blocked:
        return None
    return Verdict.POOR, Fact.of(VerdictCode.RULED_OUT, members=case.night.blocked)


def _find_required(case: VerdictCase) -> Finding | None:
    pairs = [
        (line.member.id, role)
        for line in case.asleep()
        for role in line.member.roles
        if role in case.thresholds.required_roles
    ]
    if not pairs:
        return None
    members, roles = zip(*pairs, strict=True)
    return Verdict.POOR, Fact.of(VerdictCode.ROLE_IN_NIGHT, members=members, roles=roles)


def _find_crowd(case: VerdictCase) -> Finding | None:
    count, thresholds = case.night.summary, case.thresholds
    if case.share > thresholds.poor_share:
        verdict, limit = Verdict.POOR, thresholds.poor_share
    elif case.share > thresholds.acceptable_share:
        verdict, limit = Verdict.ACCEPTABLE, thresholds.acceptable_share
    else:
        return None
    return verdict, Fact.of(VerdictCode.MANY_IN_NIGHT, in_night=count.in_night, members=count.members, percent=limit)


def _find_streaks(case: VerdictCase) -> Finding | None:
    streaks = {line.member.id: line.streak + 1 for line in case.asleep()}
    longest = max(streaks.values(), default=0)
    if longest < case.thresholds.acceptable_streak:
        return None
    verdict = Verdict.POOR if longest >= case.thresholds.poor_streak else Verdict.ACCEPTABLE
    members = tuple(member for member, streak in streaks.items() if streak == longest)
    several = sum(streak >= 2 for streak in streaks.values())
    in_all = several if several > len(members) else None
    return verdict, Fact.of(VerdictCode.NIGHTS_RUNNING, members=members, calls=longest, in_all=in_all)


def _find_worst_off(case: VerdictCase) -> Finding | None:
    most = max((line.burden for line in case.ledger.lines), default=0)
    again = tuple(line.member.id for line in case.asleep() if most and line.burden == most)
    return (Verdict.ACCEPTABLE, Fact.of(VerdictCode.WORST_OFF_AGAIN, members=again)) if again else None


RULES: tuple[Callable[[VerdictCase], Finding | None], ...] = (
    _find_ruled_out,
    _find_required,
    _find_crowd,
    _find_streaks,
    _find_worst_off,
)
"""What may speak against a time, the gravest first."""


def _explain_good(case: VerdictCase) -> Fact:
    """Why a time is good."""
    count = case.night.summary
    if not case.ledger.lines:
        return Fact.of(VerdictCode.EMPTY_ROSTER)
    if not case.night.members:
        return Fact.of(VerdictCode.NOBODY_TAKES_PART)
    return Fact.of(VerdictCode.NOTHING_AGAINST, in_night=count.in_night, members=count.members)


def judge(case: VerdictCase) -> tuple[Verdict, tuple[Fact, ...]]:
    """Return the worst verdict of all rules, and a reason for each rule that speaks.

    A time against which no rule speaks is good, and has one reason.
    """
    findings = [finding for rule in RULES if (finding := rule(case)) is not None]
    if not findings:
        return Verdict.GOOD, (_explain_good(case),)
    verdict = max((verdict for verdict, _ in findings), key=list(Verdict).index)
    return verdict, tuple(reason for _, reason in findings)
