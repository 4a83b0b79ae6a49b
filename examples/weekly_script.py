"""The ten lines of a weekly secretariat script: what is next, who is in the night, and the calendar file."""

from datetime import UTC, datetime
from pathlib import Path

from mag_rotation import load_plan, next_call, to_ics

now = datetime(2020, 9, 9, tzinfo=UTC)  # your script says datetime.now(UTC)
plan = load_plan(Path(__file__).parent / "mag-2020" / "plan.toml")
call = next_call(plan.calls, now)
if call is None:
    raise SystemExit("the season is over")
night = plan.night(call)
print(f"{call.title} starts on {call.start:%Y-%m-%d at %H:%M} UTC and lasts {call.minutes} minutes.")
worst = f", {night.in_night[0]} worst of all" if night.in_night else ""
print(f"{night.summary.in_night} of {night.summary.members} members are in the night{worst}.")
Path("mag-2020.ics").write_bytes(to_ics(plan.calls, plan.meeting, stamp=now))
