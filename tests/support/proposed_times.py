"""Calls for tests of a proposed time."""

from __future__ import annotations

from datetime import timedelta

from strategies import at

from mag_rotation.calls import Call, Status
from mag_rotation.roster import UTC_ZONE


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
