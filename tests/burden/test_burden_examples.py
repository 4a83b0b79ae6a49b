"""The burden matrix says of all calls of all examples what the night room says of each, and fast ways give no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiences import audience_of
from mag_rotation.burden import make_burden_matrix
from mag_rotation.night import night_of
from mag_rotation.planfile import load_plan
from paths import EXAMPLES

PLANS = sorted(path for path in EXAMPLES.rglob("*.toml"))


def test_there_are_examples() -> None:
    assert len(PLANS) >= 3


@pytest.mark.parametrize("path", PLANS, ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_the_matrix_of_an_example_is_what_its_night_reports_say(path: Path) -> None:
    plan = load_plan(path)
    calls = plan.calls
    matrix = make_burden_matrix(
        [call.start for call in calls],
        [call.minutes for call in calls],
        audience_of(plan.members, plan.meeting, hours=plan.hours, days_off=plan.audience.days_off),
    )
    burdens, nights = matrix.by_member(matrix.burdens()), matrix.by_member(matrix.night_minutes())
    blocked, present = matrix.by_member(matrix.blocked()), matrix.by_member(matrix.present())

    for row, member in enumerate(plan.members):
        found = [
            night_of(
                member,
                start=call.start,
                minutes=call.minutes,
                audience=audience_of([member], plan.meeting, hours=plan.hours, days_off=plan.audience.days_off),
            )
            for call in calls
        ]
        assert burdens[row].tolist() == [night.burden if night else 0 for night in found]
        assert nights[row].tolist() == [night.night_minutes if night else 0 for night in found]
        assert blocked[row].tolist() == [bool(night and night.blocked) for night in found]
        assert present[row].tolist() == [night is not None for night in found]
