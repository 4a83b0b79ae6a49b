from datetime import UTC, date, datetime, time

from mag_rotation import Meeting, Member, Plan, Rotation, Schedule, Slot

plan = Plan(
    meeting=Meeting(id="wg", name="Working group call", uid_domain="example.org", minutes=60),
    schedule=Schedule(first=date(2026, 10, 6), repeat="weekly", count=12),
    rotation=Rotation(slots=(Slot(at=time(14)), Slot(at=time(20), label="evening"))),
    members=(Member(id="ann", zone="Europe/Zurich"), Member(id="bo", zone="Asia/Tokyo")),
)
second = plan.calls[1]
print(plan.night(second).in_night, plan.fairness().worst, plan.check(datetime(2026, 11, 3, 20, tzinfo=UTC)).verdict)
print(plan.propose(slots=2).slots, plan.member("bo").zone)
ics = plan.to_ics(stamp=datetime(2026, 9, 1, tzinfo=UTC))
