"""Edits of single calls of a plan: cancel, move, add a call outside the rule, and undo these.

Each edit returns a new plan. What the plan says of a call already is kept where a plan can say both, and no edit gives
a call another UID.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TYPE_CHECKING, TypeVar

from mag_rotation.calls import Call, apply_extra_places, assign_extra_places, find_call, make_extra_uids
from mag_rotation.errors import AmbiguousCall, InvalidEdit
from mag_rotation.plan import Plan
from mag_rotation.roster import ZoneName
from mag_rotation.series import Extra, Override
from mag_rotation.values import Fact, FactCode

if TYPE_CHECKING:
    from mag_rotation.propose import NextSlot

__all__ = [
    "CallEdit",
    "CallMove",
    "EditWarning",
    "add_extra",
    "cancel_call",
    "find_call_to_edit",
    "find_extra_to_edit",
    "hold_next_call",
    "move_call",
    "remove_extra",
    "reset_call",
    "restore_call",
]

V = TypeVar("V")


class EditWarning(FactCode):
    """What may be odd about an edit of a plan."""

    UID_SET_FREE = "uid_set_free"


@dataclass(frozen=True, kw_only=True, slots=True)
class CallEdit:
    """The plan after an edit of one call, and warnings about what the edit removes."""

    plan: Plan
    warnings: tuple[Fact, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CallMove:
    """Where a call goes and how it changes; what is None stays. ``minutes`` is its length."""

    to: date | None = None
    at: time | None = None
    zone: ZoneName | None = None
    slot: str | int | None = None
    minutes: int | None = None
    note: str | None = None


def find_call_to_edit(calls: Sequence[Call], wanted: str) -> Call:
    """The call that a number, label, rule date or UID names, or the day on which it is held.

    Unlike :func:`find_call` it never prefers the held one of two calls of a date, nor the call of a rule date to one
    that is held on that day: a call to be changed must be named without doubt. Raises :class:`UnknownCall` and
    :class:`AmbiguousCall`.
    """
    by_date = [call for call in calls if call.date.isoformat() == wanted]
    by_day = [call for call in calls if call.day.isoformat() == wanted and call not in by_date]
    found = [*by_date, *by_day]
    if len(found) > 1:
        raise AmbiguousCall(wanted, tuple(call.uid for call in found), tuple(call.uid for call in by_day))
    return found[0] if found else find_call(calls, wanted)


def find_extra_to_edit(plan: Plan, wanted: str) -> Call:
    """The call that a name of :func:`find_call_to_edit` names, where a day means the extra calls it has, if any."""
    uids = make_extra_uids(plan.series)
    on_day = [call for call in plan.calls if call.uid in uids and wanted in {str(call.date), str(call.day)}]
    return find_call_to_edit(on_day or plan.calls, wanted)


def cancel_call(plan: Plan, call: Call, *, note: str | None = None) -> CallEdit:
    """Cancel a call, with a note for the members; a call that is cancelled already changes its note only.

    What the plan says of the call stays for :func:`restore_call`, its own note beside the new one.
    """
    if (place := _find_extra(plan, call)) is not None:
        extra = plan.extras[place]
        return _replace_extra(plan, place, replace(extra, cancel=True, cancel_note=note or extra.cancel_note))
    old = _find_override(plan, call)
    if _is_only_cancelled(old):
        return _put_override(plan, replace(old, cancel=True, note=note or old.note))
    # a note that stands alone is shown for the cancelled call too, and stays when this is undone
    own_note = old.note if _is_only_cancelled(replace(old, cancel=True)) else None
    return _put_override(plan, replace(old, cancel=True, cancel_note=note or old.cancel_note or own_note))


def restore_call(plan: Plan, call: Call, *, note: str | None = None) -> CallEdit:
    """Hold a cancelled call again, as it was before it was cancelled; a call that is held stays as it is.

    The note of the cancellation is removed, and ``note`` replaces the call's own.
    """
    if call.is_held:
        return CallEdit(plan=plan)
    if (place := _find_extra(plan, call)) is not None:
        extra = plan.extras[place]
        return _replace_extra(plan, place, replace(extra, cancel=False, cancel_note=None, note=note or extra.note))
    old = _find_override(plan, call)
    own_note = None if _is_only_cancelled(old) else old.note
    return _put_override(plan, replace(old, cancel=False, cancel_note=None, note=note or own_note))


def move_call(plan: Plan, call: Call, change: CallMove) -> CallEdit:
    """Change when or how a call is held. Raises :class:`InvalidEdit` for a cancelled call, and an extra's slot."""
    _check_held(call)
    if (place := _find_extra(plan, call)) is not None:
        if change.slot is not None:
            raise InvalidEdit(f"the call of {call.date} is an extra one, which takes no slot; give its hour with --at")
        extra = plan.extras[place]
        return _replace_extra(
            plan,
            place,
            replace(
                extra,
                to=_either(change.to, extra.to),
                at=_either(change.at, extra.at),
                zone=_either(change.zone, extra.zone),
                minutes=_either(change.minutes, extra.minutes),
                note=_either(change.note, extra.note),
            ),
        )
    old = _find_override(plan, call)
    return _put_override(
        plan,
        replace(
            old,
            to=_either(change.to, old.to),
            at=_either(change.at, old.at),
            zone=_either(change.zone, old.zone),
            slot=_either(change.slot, old.slot),
            minutes=_either(change.minutes, old.minutes),
            note=_either(change.note, old.note),
        ),
    )


def reset_call(plan: Plan, call: Call) -> CallEdit:
    """Hold a call as rule and rotation give it: its exception keeps nothing but a location of its own.

    Raises :class:`InvalidEdit` for a cancelled call, and for an extra one, which no rule gives an hour.
    """
    _check_held(call)
    if _find_extra(plan, call) is not None:
        raise InvalidEdit(f"the call of {call.date} is an extra one, which no rule gives an hour; move it instead")
    old = _find_override(plan, call)
    return _put_override(plan, Override(date=old.date, location=old.location))


def hold_next_call(plan: Plan, found: NextSlot) -> CallEdit:
    """Hold the next call in the fairest slot; the plan stays as it is if that is when the call is planned."""
    if (found.call.start, found.call.end) == (found.planned.start, found.planned.end):
        return CallEdit(plan=plan)
    return _put_override(plan, found.exception(plan.overrides))


def add_extra(plan: Plan, extra: Extra) -> CallEdit:
    """Add a call outside the rule, behind those that the plan has."""
    return CallEdit(plan=replace(plan, extras=(*plan.extras, extra)))


def remove_extra(plan: Plan, call: Call) -> CallEdit:
    """Remove a call outside the rule from the plan; those of its date below it get the ``nth`` that keeps their UIDs.

    Raises :class:`InvalidEdit` for a call of the rule.
    """
    gone = _find_extra(plan, call)
    if gone is None:
        raise InvalidEdit(
            f"the call of {call.date} is one of the rule, which stays in the plan; call it off with cancel"
        )
    old, places = plan.extras, assign_extra_places(plan.extras)
    extras = apply_extra_places((*old[:gone], *old[gone + 1 :]), (*places[:gone], *places[gone + 1 :]))
    warning = Fact.of(EditWarning.UID_SET_FREE, date=call.date)
    return CallEdit(plan=replace(plan, extras=extras), warnings=(warning,))


def _find_extra(plan: Plan, call: Call) -> int | None:
    """The index of a call among the plan's extra calls; None for a call of the rule."""
    uids = make_extra_uids(plan.series)
    return uids.index(call.uid) if call.uid in uids else None


def _replace_extra(plan: Plan, place: int, extra: Extra) -> CallEdit:
    """The plan with another extra call at this index."""
    return CallEdit(plan=replace(plan, extras=(*plan.extras[:place], extra, *plan.extras[place + 1 :])))


def _find_override(plan: Plan, call: Call) -> Override:
    """The override of a call of the rule; one that changes nothing where the plan has none."""
    return next((change for change in plan.overrides if change.date == call.date), Override(date=call.date))


def _put_override(plan: Plan, override: Override) -> CallEdit:
    """The plan with this override in the place of the one of its date, or behind the last; without one if it is empty.

    Nothing changes where the plan has it already.
    """
    kept = () if override == Override(date=override.date) else (override,)
    dates = [change.date for change in plan.overrides]
    at = dates.index(override.date) if override.date in dates else len(dates)
    return CallEdit(plan=replace(plan, overrides=(*plan.overrides[:at], *kept, *plan.overrides[at + 1 :])))


def _is_only_cancelled(override: Override) -> bool:
    """Whether an override is empty, or only cancels its call, with or without a note."""
    off = replace(override, cancel=True, note=None)
    return off == Override(date=override.date, cancel=True) and (override.cancel or override.note is None)


def _either(new: V | None, old: V) -> V:
    """The new value where one is asked for, else the old one."""
    return old if new is None else new


def _check_held(call: Call) -> None:
    """Refuse to move a cancelled call."""
    if not call.is_held:
        raise InvalidEdit(f"the call of {call.date} is cancelled; take that back first, with cancel --undo")
