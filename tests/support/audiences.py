"""Audiences for tests: members with the lead and the overrun of a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mag_rotation.audience import Audience
from mag_rotation.hours import Hours
from mag_rotation.propose import Setting
from mag_rotation.roster import NO_DAYS_OFF, DaysOff, Member
from mag_rotation.series import Meeting


def audience_of(
    members: Iterable[Member],
    meeting: Meeting,
    *,
    hours: Hours,
    days_off: Mapping[str, DaysOff] = NO_DAYS_OFF,
) -> Audience:
    """The members as they count at the calls of a meeting."""
    return Audience(members=tuple(members), hours=hours, lead=meeting.lead, overrun=meeting.overrun, days_off=days_off)


def with_members(setting: Setting, members: Iterable[Member]) -> Setting:
    """A setting of a search with other members."""
    return replace(setting, audience=setting.audience.with_members(members))


def with_ids(members: Iterable[Member]) -> list[Member]:
    """The members as they are, or with an id each where several have the same."""
    given = list(members)
    if len({member.id for member in given}) == len(given):
        return given
    return [replace(member, id=f"m{number}") for number, member in enumerate(given)]
