"""The ledger: the burden of held calls on each member, in order.

Burdens count whether a member attended or not; ``attended_burden`` adds up the attended calls only. A ledger is the
same whether its calls are added at once or one by one. A member counts for the calls between joining and leaving.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from mag_rotation.audience import Audience
from mag_rotation.burden.matrix import make_burden_matrix
from mag_rotation.calls import Call
from mag_rotation.errors import InvalidLedger
from mag_rotation.roster import Attendance, Member, MemberId

__all__ = ["Charge", "Ledger", "LedgerEntry", "LedgerLine", "make_ledger"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """A burden on one member beside the calls, in point-minutes: that of a duty in a session."""

    member: MemberId
    start: datetime
    burden: int
    in_night: bool
    blocked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerEntry:
    """The burden of one call on one member; ``attended`` is None if unknown.

    ``blocked`` says that the call touches hours that the member cannot attend, ``is_duty`` that it is no call but a
    duty in a session.
    """

    burden: int
    in_night: bool
    attended: bool | None
    blocked: bool = False
    is_duty: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerLine:
    """The burdens of a ledger's calls on one member.

    ``burdens`` has one value per call in point-minutes, None for calls without the member. ``streak`` is the number of
    the member's latest calls in a row that were in the night, ``longest_streak`` the highest so far.
    ``attended_burden`` adds up the calls that the member attended; None if nothing is known. ``blocked_calls`` is the
    number of calls that touch hours which the member cannot attend. ``duties`` and ``duty_burden`` are the number and
    the point-minutes of duties in sessions; these count in nights, streaks and blocked calls too.
    """

    member: Member
    burdens: tuple[int | None, ...] = ()
    night_calls: int = 0
    streak: int = 0
    longest_streak: int = 0
    attended_burden: int | None = None
    blocked_calls: int = 0
    duties: int = 0
    duty_burden: int = 0

    @property
    def burden(self) -> int:
        """The point-minutes of all calls and duties."""
        return self.duty_burden + sum(burden for burden in self.burdens if burden is not None)

    @property
    def calls(self) -> int:
        """The number of calls in which the member took part."""
        return sum(burden is not None for burden in self.burdens)

    def extend(self, entries: Iterable[LedgerEntry | None]) -> LedgerLine:
        """Return the line with more calls and duties; None stands for a call in which the member took no part."""
        burdens, nights, streak, longest = list(self.burdens), self.night_calls, self.streak, self.longest_streak
        known, blocked, duties, duty_burden = self.attended_burden, self.blocked_calls, self.duties, self.duty_burden
        for entry in entries:
            if entry is not None and entry.is_duty:
                duties += 1
                duty_burden += entry.burden
            else:
                burdens.append(entry.burden if entry else None)
            if entry is None:
                continue
            nights += entry.in_night
            blocked += entry.blocked
            streak = streak + 1 if entry.in_night else 0
            longest = max(longest, streak)
            if entry.attended is not None:
                known = (known or 0) + entry.burden * entry.attended
        return replace(
            self,
            burdens=tuple(burdens),
            night_calls=nights,
            streak=streak,
            longest_streak=longest,
            attended_burden=known,
            blocked_calls=blocked,
            duties=duties,
            duty_burden=duty_burden,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """Lines in the order of the roster, for calls by start; cancelled calls are left out."""

    calls: tuple[Call, ...]
    lines: tuple[LedgerLine, ...]

    def line(self, member: MemberId) -> LedgerLine:
        """Return the line of one member, who must be in the roster."""
        return next(line for line in self.lines if line.member.id == member)


def make_ledger(
    calls: Iterable[Call],
    audience: Audience,
    *,
    history: Iterable[Attendance] = (),
    before: Ledger | None = None,
    charges: Iterable[Charge] = (),
) -> Ledger:
    """Return the burdens of the held calls on each member, added to the ledger ``before``.

    ``history`` says who attended the call of a date. ``charges`` count beside the calls, in the order of the starts.
    Raises :class:`InvalidLedger` if ``before`` has other members or another order, or if one of these calls starts
    before its last one.
    """
    roster = audience.members
    held = sorted((call for call in calls if call.is_held), key=lambda call: (call.start, call.uid))
    lines = [LedgerLine(member=member) for member in roster] if before is None else list(before.lines)
    earlier = () if before is None else before.calls
    if [line.member for line in lines] != list(roster):
        raise InvalidLedger("found a ledger of another roster; carry over one of the same members in the same order")
    if earlier and held and held[0].start < earlier[-1].start:
        late, early = earlier[-1].start.isoformat(), held[0].start.isoformat()
        raise InvalidLedger(f"found a call at {early} after one at {late}; add calls in the order of their starts")
    attended = {(line.date, line.member): line.attended for line in history}
    matrix = make_burden_matrix(
        [call.start for call in held],
        [call.minutes for call in held],
        audience,
    )
    burdens, nights, blocked, present = (
        rows.tolist() for rows in (matrix.burdens(), matrix.night_minutes() > 0, matrix.blocked(), matrix.present())
    )
    charged = defaultdict[MemberId, list[tuple[datetime, LedgerEntry | None]]](list)
    for charge in charges:
        entry = LedgerEntry(
            burden=charge.burden, in_night=charge.in_night, attended=None, blocked=charge.blocked, is_duty=True
        )
        charged[charge.member].append((charge.start, entry))
    lines_now = []
    for line, kind in zip(lines, matrix.class_of.tolist(), strict=True):
        entries = [
            LedgerEntry(
                burden=burden,
                in_night=night,
                attended=attended.get((call.date, line.member.id)),
                blocked=never,
            )
            if here
            else None
            for call, burden, night, never, here in zip(
                held, burdens[kind], nights[kind], blocked[kind], present[kind], strict=True
            )
        ]
        if line.member.id in charged:
            timed = [(call.start, entry) for call, entry in zip(held, entries, strict=True)]
            entries = [entry for _, entry in sorted(timed + charged[line.member.id], key=lambda pair: pair[0])]
        lines_now.append(line.extend(entries))
    return Ledger(calls=(*earlier, *held), lines=tuple(lines_now))
