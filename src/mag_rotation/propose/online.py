"""The next call alone: for groups that decide week by week, from the ledger of the calls before it.

Only the ledger and one call count; later calls do not. The order and the constraints are those of rotations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from mag_rotation.calls import Call
from mag_rotation.errors import InvalidRequest
from mag_rotation.propose.answer import Share, shares_of
from mag_rotation.propose.case import Case
from mag_rotation.propose.order import Aim, merit
from mag_rotation.propose.prices import conflict
from mag_rotation.propose.request import Request, Setting
from mag_rotation.propose.solve import Budget
from mag_rotation.propose.turns import Layout, candidates_of, pin_call, starts_of
from mag_rotation.series import Override, Slot
from mag_rotation.values import Fact
from mag_rotation.zones import to_utc

__all__ = ["NextSlot", "SlotChoice", "next_slot"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotChoice:
    """A slot that the call may take; ``worst`` and ``total`` are of the ledger after it, in point-minutes.

    ``in_night`` counts by weight who would be in the night.
    """

    slot: Slot
    start: datetime
    worst: int
    total: int
    in_night: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NextSlot:
    """The next call and the slots that it may take, the fairest first; none where the constraints leave none.

    ``planned`` is the call as the plan has it and ``call`` as the fairest slot has it. ``shares`` are the ledger with
    it, each member beside what the plan would put on them by then, worst first. ``conflict`` names the constraints that
    leave nothing.
    """

    planned: Call
    call: Call
    choices: tuple[SlotChoice, ...]
    shares: tuple[Share, ...]
    conflict: tuple[Fact, ...] = ()

    def exception(self, overrides: Iterable[Override]) -> Override:
        """The exception that holds the call in its slot, with what those of the plan already say of its date."""
        known = next((change for change in overrides if change.date == self.planned.date), None)
        slot, change = self.choices[0].slot, known or Override(date=self.planned.date)
        instead = self.planned.turn.slot if self.planned.turn else slot
        return pin_call(slot, change, instead=instead, minutes=self.call.minutes)


def next_slot(setting: Setting, request: Request, now: datetime) -> NextSlot | None:
    """The fairest slot for the first call at or after ``now`` that takes its hour from the rotation.

    None when there is no such call. ``slots``, ``first``, ``keep``, the objective and what holds between slots of a
    rotation have no meaning here. Raises :class:`InvalidRequest` where plan and request do not fit.
    """
    setting, moment = setting.under(request.curve), to_utc(now)
    held = sorted((call for call in setting.calls if call.is_held), key=lambda call: (call.start, call.uid))
    planned = next((call for call in held if call.start >= moment and _is_of_rotation(call)), None)
    if planned is None:
        return None
    before = tuple(call for call in held if call.start < planned.start)
    slots, stays, mistakes = candidates_of(setting, request)
    if mistakes:
        raise InvalidRequest(mistakes)
    plan = Layout(
        series=setting.series,
        length=1,
        turns=((0, (planned,)),),
        fixed=before,
        candidates=slots,
        on_grid=starts_of(request),
        stays=stays,
    )
    case = Case.of_layout(replace(setting, calls=(*before, planned)), request, plan)
    problem, found = case.problem, case.found
    ranked = sorted(
        (place for place in problem.candidates(0) if problem.keeps([place])),
        key=lambda place: merit(problem, Aim(), [place]),
    )
    asleep = np.zeros(len(slots), dtype=np.int64)
    for kinds in found.parts():
        asleep += found.weight[kinds] @ found.nights(kinds)[0][:, 0]
    choices = []
    for place in ranked:
        burdens = problem.burdens([place])
        choices.append(
            SlotChoice(
                slot=slots[place],
                start=plan.start(planned, place),
                worst=int(burdens.max(initial=0)) * problem.unit,
                total=int(burdens @ problem.sizes) * problem.unit,
                in_night=int(asleep[place]),
            )
        )
    call = planned
    if ranked:
        best, length = choices[0], timedelta(minutes=plan.lengths(planned)[ranked[0]])
        call = replace(planned, start=best.start, end=best.start + length, zone=best.slot.zone, adjusted=None)
    return NextSlot(
        planned=planned,
        call=call,
        choices=tuple(choices),
        shares=shares_of(replace(setting, calls=(*before, planned)), request, (*before, call)),
        conflict=()
        if choices
        else tuple(limit.constraint for limit in conflict(case.bare, case.limits, Budget()).limits),
    )


def _is_of_rotation(call: Call) -> bool:
    """Whether a call takes its hour from the plan's rotation, and not from slots of its phase."""
    return call.turn is not None and (call.turn.phase is None or call.turn.phase.slots is None)
