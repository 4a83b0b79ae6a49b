from datetime import UTC, datetime

from mag_rotation import night_at

report = night_at(
    datetime(2026, 12, 1, 20, tzinfo=UTC), minutes=120, members={"ann": "Europe/Zurich", "bo": "Asia/Tokyo"}
)
print([row.id for row in report if row.in_night])
