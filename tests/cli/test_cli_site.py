"""``publish --site``: which files are written when, what is refused, and that all are written or none."""

import json
import shutil
import stat
from pathlib import Path

import pytest

from invoke import Outcome, invoke
from mag_rotation.errors import MissingExtra
from mag_rotation.report.language import LANGUAGES
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020"
FOREIGN = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:other\r\nBEGIN:VEVENT\r\nUID:a@example.org\r\n"
    "DTSTAMP:20200101T000000Z\r\nDTSTART:20200101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
PAGES = {"index.html", "next.html", "calls.ics", "calls.json"}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A copy of the MAG example, to edit."""
    place = shutil.copytree(MAG, tmp_path / "plan")
    return place / "plan.toml"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def publish(plan: Path, site: Path, *more: object, at: str = "2020-09-10T00:00Z", languages: str = "en") -> Outcome:
    asked = [part for tag in languages.split() for part in ("--locale", tag)]
    return invoke("publish", plan, "--site", site, "--stamp", at, *asked, *more)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def records(folder: Path) -> dict[str, object]:
    found = json.loads((folder / "calls.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def read_calls(folder: Path) -> dict[str, object]:
    """What calls.json has of the calls, without what it keeps about the site."""
    found = records(folder)
    calls = found["calls"]
    assert isinstance(calls, list)
    kept = {key: value for key, value in found.items() if key not in {"site", "sessions"}}
    return {**kept, "calls": [{key: value for key, value in call.items() if key != "before"} for call in calls]}


def starts_before(folder: Path) -> dict[str, str]:
    """The earlier starts of calls, by date."""
    calls = records(folder)["calls"]
    assert isinstance(calls, list)
    return {call["date"]: call["before"] for call in calls if call["before"]}


def sequences(data: bytes) -> dict[str, str]:
    lines = data.decode().replace("\r\n", "\n").split("\n")
    values = [line.partition(":")[2] for line in lines if line.startswith(("UID:", "SEQUENCE:"))]
    return dict(zip(values[::2], values[1::2], strict=True))


def test_a_site_has_its_pages_the_calendar_json_and_a_file_for_each_call_to_come(plan: Path, site: Path) -> None:
    done = publish(plan, site)

    assert (done.code, done.err) == (0, f"{site}: 5 calls to come; 11 of 11 files written\n")
    found = contents(site)
    assert set(found) > PAGES
    assert found["calls.ics"] == invoke("ics", plan, "-o", "-", "--stamp", "2020-09-10T00:00Z").out.encode()
    assert read_calls(site) == invoke("calls", plan, "-f", "json").document
    assert b"UID:mag2020-20200915@mag.example.org" in found["calls/mag2020-20200915.ics"]
    assert "calls/mag2020-20200908.ics" not in found, "a call of the past"
    assert stat.S_IMODE((site / "index.html").stat().st_mode) & 0o044, "a web server has to read it"


def test_a_run_with_nothing_new_writes_no_file(plan: Path, site: Path) -> None:
    publish(plan, site)
    before, times = contents(site), {one: one.stat().st_mtime_ns for one in site.rglob("*")}
    done = publish(plan, site, at="2020-09-11T00:00Z")

    assert done.err == f"{site}: 5 calls to come; nothing is new, and no file was written\n"
    assert contents(site) == before
    assert {one: one.stat().st_mtime_ns for one in site.rglob("*")} == times


def test_a_moved_call_is_a_new_edition_in_the_feed_and_in_its_own_file(plan: Path, site: Path) -> None:
    publish(plan, site)
    assert invoke("move", plan, "XVII", "--at", "15:00").code == 0
    done = publish(plan, site, at="2020-09-11T00:00Z")
    found = contents(site)
    uid = "mag2020-20200915@mag.example.org"

    assert "1 change: 1 moved." in done.out
    assert sequences(found["calls.ics"])[uid] == sequences(found["calls/mag2020-20200915.ics"])[uid] == "1"
    assert sequences(found["calls.ics"])["mag2020-20200922@mag.example.org"] == "0"
    assert b"2020-09-15T15:00:00Z" in found["next.html"]


def test_a_cancelled_call_says_so_in_its_own_file(plan: Path, site: Path) -> None:
    publish(plan, site)
    assert invoke("cancel", plan, "XVII").code == 0
    publish(plan, site, at="2020-09-11T00:00Z")
    found = contents(site)

    assert b"STATUS:CANCELLED" in found["calls/mag2020-20200915.ics"]
    assert b'href="calls/mag2020-20200915.ics"' not in found["next.html"]


def test_the_file_of_a_call_that_left_the_plan_says_so_also_if_it_was_the_last(plan: Path, site: Path) -> None:
    publish(plan, site)
    text = plan.read_text("utf-8")
    plan.write_text(text.replace("until = 2020-10-20", "until = 2020-10-13"), "utf-8")
    assert plan.read_text("utf-8") != text
    done = publish(plan, site, at="2020-09-11T00:00Z")
    found = contents(site)

    assert "1 dropped" in done.out
    assert b"STATUS:CANCELLED" in found["calls/mag2020-20201020.ics"]
    assert sequences(found["calls/mag2020-20201020.ics"]) == {"mag2020-20201020@mag.example.org": "1"}
    assert b"mag2020-20201020" not in found["next.html"]


def test_the_file_of_a_past_call_stays_so_that_links_to_it_go_on_working(plan: Path, site: Path) -> None:
    publish(plan, site)
    before = contents(site)["calls/mag2020-20200915.ics"]
    publish(plan, site, at="2020-09-16T00:00Z")

    assert contents(site)["calls/mag2020-20200915.ics"] == before
    assert b"mag2020-20200915" not in contents(site)["next.html"]


def test_a_site_is_in_all_languages_unless_some_are_named(plan: Path, site: Path) -> None:
    done = publish(plan, site, languages="")
    found = contents(site)

    assert done.err == f"{site}: 5 calls to come; 21 of 21 files written\n"
    for tag in ("fr", "es", "ru", "zh", "ar"):
        for kind in ("index", "next"):
            marked = "zh-Hans" if tag == "zh" else tag
            assert f'<html lang="{marked}"'.encode() in found[f"{kind}.{tag}.html"]
    assert found["index.html"].startswith(b'<!DOCTYPE html>\n<html lang="en">')


def test_without_babel_a_site_is_in_english(plan: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mag_rotation.cli.publish.find_language", refuse_language)

    assert publish(plan, site, languages="").code == 0
    assert {name for name in contents(site) if name.endswith(".html")} == {"index.html", "next.html"}


def refuse_language(_tag: str) -> None:
    raise MissingExtra("report", "babel")


def test_the_first_language_has_the_first_page_and_a_page_in_one_that_is_left_out_leads_there(
    plan: Path, site: Path
) -> None:
    publish(plan, site, languages="en fr")
    done = publish(plan, site, languages="fr")
    found = contents(site)

    assert done.code == 0
    assert b'<html lang="fr"' in found["index.html"]
    assert b'content="0; url=next.html"' in found["next.fr.html"]
    assert b'content="0; url=index.html"' in found["index.fr.html"]
    assert b"hreflang" not in found["index.html"] + found["index.fr.html"]
    publish(plan, site, languages="fr")
    assert contents(site) == found
    publish(plan, site, languages="en fr")
    assert b'<html lang="fr"' in contents(site)["index.fr.html"]


def test_a_dry_run_writes_nothing_and_says_what_it_would(plan: Path, site: Path) -> None:
    done = publish(plan, site, "--dry-run")

    assert done.code == 0
    assert done.err.endswith("11 of 11 files to be written; nothing was written: this is a dry run\n")
    assert not site.exists()


def test_other_files_of_the_folder_stay(plan: Path, site: Path) -> None:
    site.mkdir()
    (site / "style.css").write_text("body{}", "utf-8")
    (site / "index.old.html").write_text("<p>mine</p>", "utf-8")
    assert publish(plan, site).code == 0

    assert (site / "style.css").read_text("utf-8") == "body{}"
    assert (site / "index.old.html").read_text("utf-8") == "<p>mine</p>"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("index.html", "<!DOCTYPE html><title>Our home</title>"),
        ("next.html", ""),
        ("calls.json", '{"meeting": "other"}'),
        ("calls.json", "[]"),
        ("calls.json", "no JSON"),
        pytest.param("calls.json", "[" * 100_000, id="deep JSON"),
        pytest.param("calls.ics", FOREIGN, id="calendar of others"),
        ("calls/mag2020-20200915.ics", "notes"),
    ],
)
def test_a_file_of_others_is_refused_and_nothing_is_written(name: str, text: str, plan: Path, site: Path) -> None:
    (site / name).parent.mkdir(parents=True)
    (site / name).write_text(text, "utf-8", newline="")
    before = contents(site)
    done = publish(plan, site)

    assert (done.code, done.out, contents(site)) == (2, "", before)
    assert str(site / name) in done.err
    assert "left as it was" in " ".join(done.err.split())


def test_a_folder_that_cannot_be_written_leaves_everything_as_it_was(plan: Path, site: Path) -> None:
    publish(plan, site)
    assert invoke("move", plan, "XVII", "--at", "15:00").code == 0
    (site / "next.html").unlink()
    (site / "next.html").mkdir()
    before = contents(site)
    done = publish(plan, site)

    assert (done.code, done.out, contents(site)) == (2, "", before)


def test_the_folder_of_the_plan_is_no_site_because_it_holds_the_roster(plan: Path, tmp_path: Path) -> None:
    for folder in (plan.parent, tmp_path):
        before = contents(tmp_path)
        done = publish(plan, folder)

        assert (done.code, done.out, contents(tmp_path)) == (2, "", before)
        assert "which the web server would show; name a folder for the site alone" in " ".join(done.err.split())
    assert publish(plan, plan.parent / "site").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "give one of --caldav URL and --site DIR"),
        (("--site", "x", "--caldav", "https://example.org/"), "give one of --caldav URL and --site DIR"),
        (("--site", "x", "--user", "ann"), "--user and --insecure-http go with --caldav"),
        (("--site", "x", "--insecure-http"), "--user and --insecure-http go with --caldav"),
        (("--caldav", "https://example.org/", "--base-url", "https://example.org"), "--base-url goes with --site"),
        (("--caldav", "https://example.org/", "--locale", "en", "--locale", "fr"), "give one --locale with --caldav"),
        (("--site", "x", "--base-url", "example.org"), "write the address of a folder"),
        (("--site", "x", "--base-url", "webcal://example.org"), "write the address of a folder"),
        (("--site", "x", "--base-url", "https://example.org/?a"), "write the address of a folder"),
        (("--site", "x", "--base-url", "https:///"), "write the address of a folder"),
        (("--site", "members.csv"), "is not a directory"),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: tuple[str, ...], told: str, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(plan.parent)
    before = contents(plan.parent)
    done = invoke("publish", "plan.toml", *arguments)

    assert (done.code, done.out, contents(plan.parent)) == (2, "", before)
    assert told in " ".join(done.err.split())


@pytest.mark.parametrize("address", ["https://example.org/calls", "https://example.org/calls/"])
def test_the_address_of_the_folder_is_in_the_links_and_in_the_calendar(address: str, plan: Path, site: Path) -> None:
    assert publish(plan, site, "--base-url", address).code == 0
    found = contents(site)

    assert b"webcal://example.org/calls/calls.ics" in found["index.html"]
    assert b"SOURCE;VALUE=URI:https://example.org/calls/calls.ics" in found["calls.ics"].replace(b"\r\n ", b"")


def test_the_sessions_of_the_event_are_on_the_page_and_in_json_without_people(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    path = tmp_path / "examples" / "igf-2020" / "plan.toml"
    path.write_text(path.read_text("utf-8").replace("Main session: trust", "Farewell to tec-08"), "utf-8")
    folder = tmp_path / "site"
    assert publish(path, folder).code == 0
    document = json.loads((folder / "calls.json").read_text("utf-8"))
    sessions = {one["id"]: one for one in document["sessions"]}

    assert read_calls(folder) == invoke("calls", path, "-f", "json").document
    assert list(sessions["inclusion"].items()) == [
        ("id", "inclusion"),
        ("title", "Main session: inclusion"),
        ("phase", "Phase II"),
        ("track", "inclusion"),
        ("room", "main"),
        ("start", "2020-11-11T18:30:00Z"),
        ("end", "2020-11-11T20:00:00Z"),
    ]
    assert (sessions["trust"]["title"], sessions["networking-1"]["track"]) == (None, None)
    assert b'id="programme"' in (folder / "index.html").read_bytes()
    assert [name for name, data in contents(folder).items() if b"tec-08" in data or b"civ-03" in data] == []


ADDRESS = "https://example.org/c/"


def test_options_that_are_not_given_again_are_those_of_the_last_time_and_named(plan: Path, site: Path) -> None:
    publish(plan, site, "--base-url", ADDRESS, "--zone", "Asia/Tokyo", "--utc", languages="fr en")
    before = contents(site)
    kept = "--base-url https://example.org/c/, --locale fr, --locale en, --zone Asia/Tokyo, --utc"
    for more in ((), ("--dry-run",)):
        done = publish(plan, site, *more, languages="")
        assert done.err.splitlines()[0] == f"{site}: comme la dernière fois\xa0: {kept}"
        assert contents(site) == before

    assert records(site)["site"] == {
        "base_url": ADDRESS,
        "locales": ["fr", "en"],
        "zones": ["Asia/Tokyo"],
        "utc": True,
    }
    assert b"webcal://example.org/c/calls.ics" in before["index.html"]
    again = publish(plan, site, "--base-url", ADDRESS, "--zone", "Asia/Tokyo", "--utc", languages="fr en")
    assert "dernière fois" not in again.err


def test_an_option_that_changes_says_from_what_to_what_also_in_a_dry_run(plan: Path, site: Path) -> None:
    publish(plan, site, "--base-url", ADDRESS, languages="en fr")
    told = [
        "--base-url was https://example.org/c/ the last time; now it is https://example.org/d/",
        "--locale was en, fr the last time; now it is en",
    ]
    for more in ("--dry-run", "--utc"):
        done = publish(plan, site, "--base-url", "https://example.org/d", more)
        assert done.err.splitlines()[:-1] == [f"{site}: {line}" for line in told]
    found = contents(site)
    assert b"webcal://example.org/d/calls.ics" in found["index.html"]
    assert b'content="0; url=index.html"' in found["index.fr.html"]


def test_a_site_in_all_languages_says_nothing_about_them(plan: Path, site: Path) -> None:
    publish(plan, site, languages="")
    done = publish(plan, site, languages="")

    assert done.err == f"{site}: 5 calls to come; nothing is new, and no file was written\n"


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ([], ""),
        ("fr", ""),
        ({}, ""),
        ({"base_url": "example.org", "locales": "fr", "zones": ["Mars/Base"], "utc": "yes"}, ""),
        ({"base_url": 1, "locales": [1, "xx", None], "zones": {}, "utc": 1}, ""),
        ({"base_url": "https://example.org", "locales": ["xx", "fr"]}, "--base-url https://example.org/, --locale fr"),
    ],
)
def test_what_the_site_keeps_and_is_no_option_is_left_out(kept: object, told: str, plan: Path, site: Path) -> None:
    publish(plan, site)
    (site / "calls.json").write_text(json.dumps({**records(site), "site": kept, "calls": kept}), "utf-8")
    done = publish(plan, site, languages="")

    assert done.code == 0
    assert ("as last time" in done.err, "dernière fois" in done.err) == (False, bool(told))
    assert told in done.err
    kept_now = records(site)["site"]
    assert isinstance(kept_now, dict)
    assert kept_now["locales"] == (["fr"] if told else list(LANGUAGES))


def test_kept_languages_need_their_extra_and_others_may_be_named(
    plan: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(plan, site, languages="fr")
    before = contents(site)
    monkeypatch.setattr("mag_rotation.cli.publish.find_language", refuse_language)
    done = publish(plan, site, languages="")

    assert (done.code, contents(site)) == (2, before)
    assert "babel" in done.err


def test_a_call_that_moved_tells_when_it_was_before_until_it_is_over(plan: Path, site: Path) -> None:
    publish(plan, site)
    assert starts_before(site) == {}
    assert invoke("move", plan, "XVII", "--at", "15:00").code == 0
    publish(plan, site, at="2020-09-11T00:00Z")
    found = contents(site)

    assert starts_before(site) == {"2020-09-15": "2020-09-15T20:00:00Z"}
    for page, times in (("index.html", 2), ("next.html", 1)):
        assert found[page].count(b"before: 20:00 UTC") == times
    publish(plan, site, at="2020-09-12T00:00Z")
    assert contents(site) == found, "a run with nothing new"
    assert invoke("move", plan, "XVIII", "--note", "the budget").code == 0
    assert "1 edited" in publish(plan, site, at="2020-09-13T00:00Z").out
    assert starts_before(site) == {"2020-09-15": "2020-09-15T20:00:00Z"}, "an edition about another call"
    publish(plan, site, at="2020-09-15T17:00Z")
    assert starts_before(site) == {}, "it is over"
    assert b"before:" not in contents(site)["index.html"] + contents(site)["next.html"]


def test_a_call_that_moves_again_tells_the_last_time_and_one_on_another_day_its_date(plan: Path, site: Path) -> None:
    publish(plan, site)
    for at, day, told in (
        ("15:00", "2020-09-15", b"before: 20:00 UTC"),
        ("16:00", "2020-09-15", b"before: 15:00 UTC"),
        ("20:00", "2020-09-15", b"before: 16:00 UTC"),
        ("20:00", "2020-09-16", b"before: Tue 15 Sep 2020, 20:00 UTC"),
    ):
        assert invoke("move", plan, "XVII", "--at", at, "--to", day).code == 0
        publish(plan, site, at="2020-09-11T00:00Z")
        assert told in contents(site)["next.html"]


def test_all_calls_to_come_tell_their_hours_of_before_if_the_rotation_changes(plan: Path, site: Path) -> None:
    publish(plan, site)
    text = plan.read_text("utf-8")
    plan.write_text(text.replace('at = "20:00"', 'at = "21:00"').replace('at = "15:00"', 'at = "15:30"'), "utf-8")
    publish(plan, site, at="2020-09-11T00:00Z")

    assert starts_before(site) == {
        "2020-09-15": "2020-09-15T20:00:00Z",
        "2020-09-22": "2020-09-22T15:00:00Z",
        "2020-10-20": "2020-10-20T20:00:00Z",
    }
