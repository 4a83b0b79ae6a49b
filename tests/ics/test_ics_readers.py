"""Plans whose calendars programs misread, each with what has to stand in the calendar and what a program then reads.

Law: the plans are in ``tests/readers``; what is right was worked out from plan and program by hand.
"""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from dateutil.tz import tzical

from calendars import events_of, logical, values, version
from engines import instant, read_with_other
from invoke import invoke
from linter import lint
from mag_rotation.planfile import load_plan
from paths import DATA
from shelf import Shelf, run

PLANS = DATA / "readers"
STAMP = datetime(2025, 12, 1, tzinfo=UTC)


def written(name: str, folder: Path) -> bytes:
    """The calendar that the command writes for a plan."""
    out = folder / "feed.ics"
    done = invoke("ics", PLANS / f"{name}.toml", "-o", out, "--stamp", "2025-12-01T00:00Z")
    data = out.read_bytes()

    assert done.code == 0
    assert lint(data) == []
    return data


def test_a_cancelled_call_is_known_without_its_status(tmp_path: Path) -> None:
    events = events_of(written("cancelled", tmp_path)).values()
    (off,) = [event for event in events if str(event["status"]) == "CANCELLED"]

    assert str(off["uid"]) == "year-20260407@example.org"
    assert str(off["summary"]) == "Cancelled: Weekly council"
    assert str(off["description"]).startswith("Cancelled: Tuesday 2026-04-07 14:00 UTC")
    assert (str(off["transp"]), str(off["x-microsoft-cdo-busystatus"])) == ("TRANSPARENT", "FREE")
    assert len([event for event in events if "Cancelled" in str(event["summary"])]) == 1


def test_two_categories_are_one_line(tmp_path: Path) -> None:
    data = written("two-categories", tmp_path)

    assert values(data, "CATEGORIES") == ["midday,Phase I"] * 2
    for name in ("ics", "icalevents"):
        ((first, second),) = read_with_other(name, tmp_path / "feed.ics")
        assert set(first.categories) == set(second.categories) == {"midday", "Phase I"}


def test_an_unchanged_plan_changes_nothing_on_a_server_that_splits_a_label_at_its_comma() -> None:
    plan = load_plan(PLANS / "comma-in-label.toml")
    shelf = Shelf(splits=True)
    first = run(shelf, plan.series, STAMP)
    again = run(shelf, plan.series, STAMP)

    assert first is not None
    assert again is not None
    assert (len(first.written), again.due) == (13, ())
    assert again.edition.changes == ()


def test_a_berlin_winter_is_read_where_the_first_time_of_a_rule_is_lost(tmp_path: Path) -> None:
    data = written("one-year-of-vtimezone", tmp_path)
    ((first, second),) = read_with_other("ts-ics", tmp_path / "feed.ics")

    assert [first.start, second.start] == [datetime(2026, 1, day, 15, tzinfo=UTC) for day in (13, 20)]
    assert values(data, "DTSTART")[:2] == ["20230326T020000", "20231029T030000"]


def test_gaza_leaves_summer_time_where_until_is_compared_with_a_wall_time(tmp_path: Path) -> None:
    lines = logical(written("until-in-vtimezone", tmp_path))
    zone = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE") + 1]
    gaza = tzical(StringIO("\n".join(["BEGIN:VCALENDAR", *zone, "END:VCALENDAR", ""]))).get()
    noon = datetime(2026, 11, 16, 12, tzinfo=gaza)

    assert noon.astimezone(UTC) == datetime(2026, 11, 16, 10, tzinfo=UTC)
    ((*_, last),) = read_with_other("vobject", tmp_path / "feed.ics")
    assert last.start == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_a_series_is_renewed_when_one_of_its_calls_is_cancelled(tmp_path: Path) -> None:
    plan, out = tmp_path / "plan.toml", tmp_path / "feed.ics"
    plan.write_text((PLANS / "series-edition.toml").read_text("utf-8"), "utf-8")
    ics = ("ics", plan, "-o", out, "--layout", "series", "--stamp")
    assert invoke(*ics, "2025-12-01T00:00Z").code == 0
    before = events_of(out.read_bytes())
    assert invoke("cancel", plan, "2026-06-16").code == 0
    assert invoke(*ics, "2026-01-01T00:00Z").code == 0
    after = events_of(out.read_bytes())
    (new,) = after.keys() - before.keys()

    series = (new[0], None)
    assert version(after[series]) == (version(before[series])[0], datetime(2026, 1, 1, tzinfo=UTC))
    assert instant(after[series], "last-modified") == datetime(2026, 1, 1, tzinfo=UTC)
    assert {key for key in before if version(before[key]) != version(after[key])} == {series}


def test_a_long_subject_is_in_encoded_words_of_the_length_that_rfc_2047_allows(tmp_path: Path) -> None:
    done = invoke("invite", PLANS / "long-title.toml", "-o", tmp_path / "mail", "--eml", "--stamp", "2026-08-01T00:00Z")
    (path,) = (tmp_path / "mail").rglob("*.eml")
    head = path.read_bytes().partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    words = re.findall(r"=\?\S+?\?=(?=\s|$)", "\n".join(head))
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)

    assert done.code == 0
    assert len(words) > 1
    assert max(map(len, words)) <= 75
    assert max(map(len, head)) <= 76
    assert message["Subject"] == (
        "Invitation: Séance du conseil d'administration de la fédération européenne des régions, 2026-09-01 14:00 UTC"
    )


def test_every_plan_here_is_asked_for() -> None:
    text = Path(__file__).read_text("utf-8")

    assert [path.stem for path in PLANS.glob("*.toml") if f'"{path.stem}' not in text] == []
