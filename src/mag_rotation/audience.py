"""The members of a meeting and how their hours are counted, as one value for every question about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mag_rotation.errors import InvalidValue
from mag_rotation.hours import Hours
from mag_rotation.roster import NO_DAYS_OFF, DaysOff, Member, check_roster
from mag_rotation.values import freeze

__all__ = ["Audience"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """The members, their night and curves, and the minutes around a call that count.

    ``lead`` is how many minutes before the start members must be up, unless a member has a lead of their own.
    ``overrun`` is how many minutes after the end count. ``days_off`` has the days off of countries, by the values of
    the group ``country``. Raises :class:`InvalidMember` if two members have the same id.

    >>> ann = Member(id="ann", zone="Europe/Zurich", lead=30)
    >>> Audience(members=(ann,), lead=10).lead_of(ann)
    30
    """

    members: tuple[Member, ...]
    hours: Hours = field(default_factory=Hours)
    lead: int = 0
    overrun: int = 0
    days_off: Mapping[str, DaysOff] = field(default_factory=lambda: NO_DAYS_OFF)

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", check_roster(self.members))
        object.__setattr__(self, "days_off", freeze(self.days_off))
        if self.lead < 0 or self.overrun < 0:
            raise InvalidValue(f"found {self.lead} and {self.overrun} minutes of lead and overrun; write 0 or more")

    def lead_of(self, member: Member) -> int:
        """Return how many minutes before the start a member must be up: their own lead, else that of all."""
        return self.lead if member.lead is None else member.lead

    def with_members(self, members: Iterable[Member]) -> Audience:
        """Return other members, counted in the same way."""
        return replace(self, members=tuple(members))

    def with_curve(self, curve: str | None) -> Audience:
        """Return the same members with another curve for those without their own; None changes nothing.

        Raises :class:`InvalidHours` if there is no curve of that name.
        """
        return self if curve is None else replace(self, hours=replace(self.hours, curve=curve))
