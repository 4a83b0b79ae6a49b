"""The next call alone: for groups that decide week by week, from the ledger of the calls before it.

Only the ledger and one call count; later calls do not. The order and the constraints are those of rotations. Each slot
has the figures and the verdict that ``check`` gives its time as the replacement of the call, and what another slot
dominates is not recommended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mag_rotation.calls import Call
from mag_rotation.choice import CandidateTime, find_dominated
from mag_rotation.errors import InvalidRequest
from mag_rotation.fairness import JudgedTime, TimeProposal, Verdict, judge_times
from mag_rotation.propose.answer import Share, shares_of
from mag_rotation.propose.case import Case
from mag_rotation.propose.order import Aim, merit
from mag_rotation.propose.prices import conflict
from mag_rotation.propose.request import Request, Setting
from mag_rotation.propose.solve import Budget
from mag_rotation.propose.turns import Layout, candidates_of, pin_call
from mag_rotation.roster import MemberId
from mag_rotation.series import Override, Slot
from mag_rotation.values import Fact
from mag_rotation.zones import to_utc

__all__ = ["NextSlot", "SlotChoice", "next_slot"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotChoice(CandidateTime):
    """A slot that the call may take, with the figures and the verdict of its time as the replacement of the call.

    ``dominated`` says that another choice is worse in no figure and better in one. ``of_plan`` says that the slot is
    one of the plan's, and not an hour of the grid. ``blocked`` are the members who cannot attend it; only the time as
    planned has any.
    """

    slot: Slot
    start: datetime
    minutes: int
    verdict: Verdict
    dominated: bool
    of_plan: bool
    blocked: tuple[MemberId, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class NextSlot:
    """The next call and the slots that it may take; none if the constraints leave none.

    ``choices`` has the recommended slot first, then the other slots of the plan, then hours of the grid; each the
    fairest first. ``planned`` is the call in the plan and ``current`` its time beside the choices; ``call`` is the call
    in the recommended slot. ``shares`` are the ledger with it, each member beside what the plan would put on them by
    then, worst first. ``conflict`` names the constraints that leave nothing.
    """

    planned: Call
    current: SlotChoice
    call: Call
    choices: tuple[SlotChoice, ...]
    shares: tuple[Share, ...]
    conflict: tuple[Fact, ...] = ()

    def exception(self, overrides: Iterable[Override]) -> Override:
        """Return the exception that holds the call in its slot, with what those of the plan already say of its date."""
        known = next((change for change in overrides if change.date == self.planned.date), None)
        change = known or Override(date=self.planned.date)
        return pin_call(self.choices[0].slot, change, instead=self.current.slot, minutes=self.call.minutes)


def next_slot(setting: Setting, request: Request, now: datetime, *, with_grid: bool = False) -> NextSlot | None:
    """Return the slots for the first call at or after ``now`` that takes its hour from the rotation, the best first.

    They are the slots of the plan; ``with_grid`` adds the hours of the request's grid. The recommended slot is the
    fairest by the order of rotations of those that no other dominates. None if there is no such call. ``slots``,
    ``first``, ``keep``, the objective and what holds between slots of a rotation have no meaning here. Raises
    :class:`InvalidRequest` if plan and request do not fit.
    """
    setting, moment = setting.under(request.curve), to_utc(now)
    held = sorted((call for call in setting.calls if call.is_held), key=lambda call: (call.start, call.uid))
    planned = next((call for call in held if call.start >= moment and _is_of_rotation(call)), None)
    if planned is None or planned.turn is None:
        return None
    before = tuple(call for call in held if call.start < planned.start)
    plan = _make_layout(setting, request, planned, before, with_grid=with_grid)
    case = Case.of_layout(replace(setting, calls=(*before, planned)), request, plan)
    problem, lengths = case.problem, plan.lengths(planned)
    places = sorted(
        (place for place in problem.candidates(0) if problem.keeps([place])),
        key=lambda place: merit(problem, Aim(), [place]),
    )
    proposal = TimeProposal(
        start=planned.start,
        minutes=planned.minutes,
        calls=setting.calls,
        audience=setting.audience.with_members(case.found.members),
        thresholds=setting.thresholds,
        instead_of=planned,
    )
    # the planned time comes last: it is compared with the choices, and is one of them only where it may be taken
    *judged, as_planned = judge_times(
        proposal,
        [*((plan.start(planned, place), lengths[place]) for place in places), (planned.start, planned.minutes)],
    )
    dominated = find_dominated([time.figures for time in judged])
    choices = _order_choices(
        [
            _make_choice(plan.candidates[place], time, setting, dominated=is_dominated)
            for place, time, is_dominated in zip(places, judged, dominated, strict=True)
        ]
    )
    is_beaten = any(choice.figures.dominates(as_planned.figures) for choice in choices)
    call = planned
    if choices:
        best = choices[0]
        end = best.start + timedelta(minutes=best.minutes)
        call = replace(planned, start=best.start, end=end, zone=best.slot.zone, adjusted=None)
    return NextSlot(
        planned=planned,
        current=_make_choice(planned.turn.slot, as_planned, setting, dominated=is_beaten),
        call=call,
        choices=choices,
        shares=shares_of(replace(setting, calls=(*before, planned)), request, (*before, call)),
        conflict=()
        if choices
        else tuple(limit.constraint for limit in conflict(case.bare, case.limits, Budget()).limits),
    )


def _make_layout(
    setting: Setting, request: Request, planned: Call, before: tuple[Call, ...], *, with_grid: bool
) -> Layout:
    """Return the calls before and one to choose, whose candidates are the plan's slots and then those of the grid."""
    grid, stays, mistakes = candidates_of(setting, request)
    if mistakes:
        raise InvalidRequest(mistakes)
    staying = [grid[place] for place in stays]
    layout = Layout(
        series=setting.series,
        length=1,
        turns=((0, (planned,)),),
        fixed=before,
        candidates=tuple(dict.fromkeys([*setting.series.rotation.slots, *(grid if with_grid else staying)])),
        on_grid=0,
        stays=(),
    )
    # two slots may be the same time of this call: 14:00 UTC, and 16:00 in Zurich in summer
    slot_of: dict[tuple[datetime, int], Slot] = {}
    for place, (slot, minutes) in enumerate(zip(layout.candidates, layout.lengths(planned), strict=True)):
        time = layout.start(planned, place), minutes
        slot_of[time] = slot if slot in staying else slot_of.get(time, slot)
    kept = tuple(slot_of.values())
    stays = tuple(kept.index(slot) for slot in staying if slot in kept)
    return replace(layout, candidates=kept, on_grid=len(kept), stays=stays)


def _make_choice(slot: Slot, time: JudgedTime, setting: Setting, *, dominated: bool) -> SlotChoice:
    return SlotChoice(
        slot=slot,
        start=time.start,
        minutes=(time.night.end - time.start) // timedelta(minutes=1),
        figures=time.figures,
        verdict=time.verdict,
        dominated=dominated,
        of_plan=slot in setting.series.rotation.slots,
        blocked=time.night.blocked,
    )


def _order_choices(ranked: Sequence[SlotChoice]) -> tuple[SlotChoice, ...]:
    """Return choices that come fairest first: the first that nothing dominates, then slots of the plan, then others."""
    best = next((choice for choice in ranked if not choice.dominated), None)
    return tuple(sorted(ranked, key=lambda choice: (choice is not best, not choice.of_plan)))


def _is_of_rotation(call: Call) -> bool:
    """Return whether a call takes its hour from the plan's rotation, and not from slots of its phase."""
    return call.turn is not None and (call.turn.phase is None or call.turn.phase.slots is None)
