"""What a secretariat does to one call of a plan: calling it off, moving it, adding one, and taking that back.

Rule 1: an act is an edit of the plan's text, and a sentence for whatever else is to be known of what it takes out.
Rule 2: what a call's exception says already stays, unless the plan could not say both.
Rule 3: no act gives a call another UID.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TypeVar

from mag_rotation.calls import Call, extra_places, extra_uids, find_call, with_places
from mag_rotation.errors import AmbiguousCall, InvalidEdit
from mag_rotation.plan import Plan
from mag_rotation.planfile.edits import with_exceptions, with_extras
from mag_rotation.roster import ZoneName
from mag_rotation.series import Extra, Override

__all__ = [
    "Act",
    "Move",
    "add_extra",
    "call_off",
    "find_call_to_edit",
    "find_extra_to_edit",
    "move",
    "take_back_cancel",
    "take_back_move",
    "take_out_extra",
]

V = TypeVar("V")


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """An edit of a plan's text, and what is to be known of what it takes out."""

    edit: Callable[[str], str]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Where a call goes and how it changes; what is None stays. ``minutes`` is its length."""

    to: date | None = None
    at: time | None = None
    zone: ZoneName | None = None
    slot: str | int | None = None
    minutes: int | None = None
    note: str | None = None


def find_call_to_edit(calls: Sequence[Call], wanted: str) -> Call:
    """The call that a number, label, rule date or UID names, or the day on which it is held.

    Unlike :func:`find_call` it never takes the held one for a cancelled one of the same date, nor the call of a rule
    date for one that is held on that day: who wants to change a call has to say which. Raises :class:`UnknownCall` and
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
    uids = extra_uids(plan.series)
    on_day = [call for call in plan.calls if call.uid in uids and wanted in {str(call.date), str(call.day)}]
    return find_call_to_edit(on_day or plan.calls, wanted)


def call_off(plan: Plan, call: Call, *, note: str | None = None) -> Act:
    """Cancel a call, with a word for the members; one that is cancelled already stays as it is but for the note.

    What the plan says of the call already stays for :func:`take_back_cancel`, its own note beside the new one.
    """
    if (place := _extra_place(plan, call)) is not None:
        extra = plan.series.extras[place]
        return _with_extra(plan, place, replace(extra, cancel=True, cancel_note=note or extra.cancel_note))
    old = _override(plan, call)
    if _says_no_more(old):
        off = replace(old, cancel=True, note=note or old.note)
    else:
        told = old.note if _says_no_more(replace(old, cancel=True)) else None  # so that it stays when this is undone
        off = replace(old, cancel=True, cancel_note=note or old.cancel_note or told)
    return Act(edit=lambda text: with_exceptions(text, [off]))


def take_back_cancel(plan: Plan, call: Call, *, note: str | None = None) -> Act:
    """Hold a cancelled call after all, as it was before it was cancelled; a call that is held stays as it is.

    The note of the cancellation goes with it, and ``note`` takes its place.
    """
    if call.is_held:
        return Act(edit=lambda text: text)
    if (place := _extra_place(plan, call)) is not None:
        extra = plan.series.extras[place]
        return _with_extra(plan, place, replace(extra, cancel=False, cancel_note=None, note=note or extra.note))
    old = _override(plan, call)
    kept = None if _says_no_more(old) else old.note
    held = replace(old, cancel=False, cancel_note=None, note=note or kept)
    return Act(edit=lambda text: with_exceptions(text, [held]))


def move(plan: Plan, call: Call, change: Move) -> Act:
    """Change when or how a call is held. Raises :class:`InvalidEdit` for a cancelled call, and an extra's slot."""
    _check_held(call)
    if (place := _extra_place(plan, call)) is not None:
        if change.slot is not None:
            raise InvalidEdit(f"the call of {call.date} is an extra one, which takes no slot; give its hour with --at")
        extra = plan.series.extras[place]
        return _with_extra(
            plan,
            place,
            replace(
                extra,
                to=_or(change.to, extra.to),
                at=_or(change.at, extra.at),
                zone=_or(change.zone, extra.zone),
                minutes=_or(change.minutes, extra.minutes),
                note=_or(change.note, extra.note),
            ),
        )
    old = _override(plan, call)
    override = replace(
        old,
        to=_or(change.to, old.to),
        at=_or(change.at, old.at),
        zone=_or(change.zone, old.zone),
        slot=_or(change.slot, old.slot),
        minutes=_or(change.minutes, old.minutes),
        note=_or(change.note, old.note),
    )
    return Act(edit=lambda text: with_exceptions(text, [override]))


def take_back_move(plan: Plan, call: Call) -> Act:
    """Hold a call as rule and rotation give it: its exception keeps nothing but a place of its own.

    Raises :class:`InvalidEdit` for a cancelled call, and for an extra one, which no rule gives an hour.
    """
    _check_held(call)
    if _extra_place(plan, call) is not None:
        raise InvalidEdit(f"the call of {call.date} is an extra one, which no rule gives an hour; move it instead")
    old = _override(plan, call)
    return Act(edit=lambda text: with_exceptions(text, [Override(date=old.date, location=old.location)]))


def add_extra(plan: Plan, extra: Extra) -> Act:
    """Add a call outside the rule, behind those that the plan has."""
    return Act(edit=lambda text: with_extras(text, plan.series.extras, [extra]))


def take_out_extra(plan: Plan, call: Call) -> Act:
    """Take a call outside the rule out of the plan; those of its date below it get the ``nth`` that keeps their UIDs.

    Raises :class:`InvalidEdit` for a call of the rule.
    """
    gone = _extra_place(plan, call)
    if gone is None:
        raise InvalidEdit(
            f"the call of {call.date} is one of the rule, which stays in the plan; call it off with cancel"
        )
    old = plan.series.extras
    places = extra_places(old)
    above = old[:gone]
    below = with_places((*above, *old[gone + 1 :]), (*places[:gone], *places[gone + 1 :]))[gone:]
    warning = (
        f"if the call of {call.date} has been announced, cancel it instead: then it has a note, and its UID can never "
        "be that of another call"
    )
    return Act(edit=lambda text: with_extras(text, (*above, None, *below)), warnings=(warning,))


def _extra_place(plan: Plan, call: Call) -> int | None:
    """Which of the plan's extra calls this is; None for a call of the rule."""
    uids = extra_uids(plan.series)
    return uids.index(call.uid) if call.uid in uids else None


def _with_extra(plan: Plan, place: int, extra: Extra) -> Act:
    """One of the plan's extra calls changed."""
    extras = (*plan.series.extras[:place], extra, *plan.series.extras[place + 1 :])
    return Act(edit=lambda text: with_extras(text, extras))


def _override(plan: Plan, call: Call) -> Override:
    """The exception of a call of the rule; one that changes nothing where the plan has none."""
    return next((change for change in plan.series.overrides if change.date == call.date), Override(date=call.date))


def _says_no_more(override: Override) -> bool:
    """Whether an exception says nothing of its call, or only that it is cancelled and why."""
    off = replace(override, cancel=True, note=None)
    return off == Override(date=override.date, cancel=True) and (override.cancel or override.note is None)


def _or(new: V | None, old: V) -> V:
    """What is asked for, else what is there."""
    return old if new is None else new


def _check_held(call: Call) -> None:
    """Refuse to move a call that does not take place."""
    if not call.is_held:
        raise InvalidEdit(f"the call of {call.date} is cancelled; take that back first, with cancel --undo")
