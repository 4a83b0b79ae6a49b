"""Calls for tests of a proposed time."""

from __future__ import annotations

from datetime import timedelta

from mag_rotation.calls import Call, Status
from mag_rotation.roster import UTC_ZONE
from strategies import at


def call(start: str) -> Call:
    begin = at(start)
    return Call(
        uid=f"{start}@example.org",
        date=begin.date(),
        start=begin,
        end=begin + timedelta(hours=1),
        zone=UTC_ZONE,
        title="Demo",
        status=Status.PLANNED,
    )
