"""``report``: where the page goes, who may read the file, and what is refused."""

import stat
from pathlib import Path

import pytest

from invoke import invoke
from markup import parse_html
from paths import EXAMPLES

MAG = EXAMPLES / "mag-2020" / "plan.toml"
NOW = ("--now", "2020-09-10T00:00Z")


def test_the_page_is_public_unless_the_committee_is_asked_for() -> None:
    shown = {kind: invoke("report", MAG, *NOW, *kind) for kind in ((), ("--public",), ("--committee",))}

    assert {(done.code, done.err) for done in shown.values()} == {(0, "")}
    assert shown[()] == shown["--public",]
    assert "tec-08" not in shown[()].out
    assert "tec-08" in shown["--committee",].out


@pytest.mark.parametrize("name", ["season.html", "season.HTM", "season"])
def test_a_file_holds_the_page_that_stdout_would_show(name: str, tmp_path: Path) -> None:
    out = tmp_path / name
    done = invoke("report", MAG, *NOW, "-o", out)

    assert (done.code, done.out, done.err) == (0, "", "")
    assert out.read_bytes() == invoke("report", MAG, *NOW, "-o", "-").out.encode()


def test_the_page_of_the_committee_is_for_its_owner_alone(tmp_path: Path) -> None:
    for kind, mode in (("--committee", 0o600), ("--public", 0o600 | 0o044)):
        out = tmp_path / f"{kind}.html"
        invoke("report", MAG, *NOW, kind, "-o", out)

        assert stat.S_IMODE(out.stat().st_mode) & 0o077 == mode & 0o077


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-o", "season.pdf"), "season.pdf is no HTML file; name a file that ends in .html"),
        (("-o", "season.csv"), "season.csv is no HTML file; name a file that ends in .html"),
        (("--calendar", "calls.ics"), "found 'calls.ics'; write an address such as https://example.org/calls.ics"),
        (("--calendar", "javascript:alert(1)"), "found 'javascript:alert(1)'; write an address"),
        (("--calendar", "https://"), "found 'https://'; write an address"),
        (("--calendar", "https://a b"), "found 'https://a b'; write an address"),
        (("--now", "soon"), "'soon' is not an instant"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    arguments: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke("report", MAG, *arguments)

    assert (done.code, done.out) == (2, "")
    assert told in " ".join(done.err.split())
    assert list(tmp_path.iterdir()) == []


def test_the_page_never_replaces_a_file_of_the_plan(tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.write_text(MAG.read_text("utf-8").replace("members.csv", str(MAG.parent / "members.csv")), "utf-8")
    before = plan.read_bytes()
    done = invoke("report", plan, "-o", plan)

    assert (done.code, plan.read_bytes()) == (2, before)
    assert "is a file that this plan is read from" in done.err


@pytest.mark.parametrize("address", ["https://example.org/calls.ics?a=1&b=2", "webcal://example.org/'x\"y.ics"])
def test_the_link_to_subscribe_is_the_address_as_it_was_given(address: str) -> None:
    page = parse_html(invoke("report", MAG, *NOW, "--calendar", address).out)
    links = {one.text: one.attributes["href"] for one in page.find("a")}

    assert links["Subscribe to the calendar"] == address
    assert "Subscribe to the calendar" not in invoke("report", MAG, *NOW).out
