"""``report``: where the page goes, who may read the file, and what is refused."""

import stat
from pathlib import Path

import pytest

from invoke import invoke
from markup import parse_html, table_texts
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

    assert (done.code, done.out) == (0, "")
    assert done.err == f"{out}: IGF 2020 MAG Virtual Meeting: the season (html)\n"
    assert out.read_bytes() == invoke("report", MAG, *NOW, "-o", "-").out.encode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("report", MAG, *NOW, "-o", "s.html"), "la saison (html)"),
        (("plot", MAG, "--what", "ledger", "-o", "s.svg"), "relevé des charges (svg)"),
    ],
)
def test_what_was_written_is_said_in_the_language(
    arguments: tuple[str | Path, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke(*arguments, "--locale", "fr")

    assert done.err.startswith(f"{arguments[-1]}: IGF 2020 MAG Virtual Meeting")
    assert told in done.err


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


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("proposal") / "one.json"
    assert invoke("propose", MAG, "--slots", "1", "--grid", "4h", "-o", out).code == 0
    return out


def test_a_proposal_stands_beside_todays_rotation_with_the_figures_of_compare(proposal: Path) -> None:
    page = parse_html(invoke("report", MAG, *NOW, "--proposal", proposal).out)
    compared = invoke(
        "compare", MAG, "--proposal", proposal, "--slots", "1", "--time-limit", "1s", "-f", "json"
    ).document
    options = compared["options"]
    assert isinstance(options, list)
    told = {name: option for option in options for name in (option["id"], *option["also"])}
    (table,) = (one for one in page.find("table") if one.find("caption")[0].attributes["id"] == "sheet-1")
    rows = {row[0].strip("+- "): row for row in table_texts(table)[1:]}

    assert list(rows) == ["today", "one"]
    for name, row in rows.items():
        option = told[name]
        counts = [option[key] for key in ("nights", "most_nights", "better", "worse", "moved")]
        assert row[2] == f"{option['worst'] / 600:.1f} h"
        assert row[3:] == [str(count) for count in counts] or name == "today"
        assert row[3:5] == [str(count) for count in counts[:2]]


def test_the_public_sees_no_clock_and_no_group_of_a_decision(proposal: Path) -> None:
    pages = [
        parse_html(invoke("report", MAG, *NOW, kind, "--proposal", proposal).out)
        for kind in ("--public", "--committee")
    ]
    sheets = [
        [one.attributes["id"] for one in page.find("caption") if one.attributes["id"].startswith("sheet")]
        for page in pages
    ]

    assert sheets == [["sheet-1"], [f"sheet-{number}" for number in range(1, 7)]]
    assert "Kathmandu" not in pages[0].text
    assert "Kathmandu" in pages[1].text
    assert "The decision" not in invoke("report", MAG, *NOW, "--committee").out


def test_the_public_does_not_read_who_cannot_attend(tmp_path: Path) -> None:
    plan, proposal = tmp_path / "plan.toml", tmp_path / "ours.json"
    plan.write_text(
        'format = 1\n[meeting]\nid = "s"\nname = "Small"\nuid-domain = "example.org"\nduration = "1h"\n[schedule]\n'
        'first = 2020-10-06\nrepeat = "weekly"\ncount = 4\n[rotation]\nslots = ["14:00", "20:00"]\n'
        '[[members]]\nid = "bo"\nzone = "Asia/Tokyo"\nnever = ["04:00-06:00"]\n'
        + "".join(f'[[members]]\nid = "m{number}"\nzone = "Asia/Tokyo"\n' for number in range(9))
    )
    assert invoke("propose", plan, "--slots", "1", "-f", "json", "-o", proposal).code == 0
    public, committee = (
        invoke("report", plan, *NOW, kind, "--proposal", proposal).out for kind in ("--public", "--committee")
    )

    assert "The decision" in public
    assert "cannot attend" not in public
    assert "Today has calls at hours that bo cannot attend." in committee


def test_a_proposal_is_no_target_and_has_to_be_one(proposal: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(proposal.read_bytes())
    same = invoke("report", MAG, *NOW, "--proposal", page, "-o", page)
    wrong = invoke("report", MAG, *NOW, "--proposal", MAG)

    assert (same.code, page.read_bytes()) == (2, proposal.read_bytes())
    assert "is a file that the proposal is read from" in same.err
    assert (wrong.code, wrong.out) == (2, "")


def test_a_proposal_for_a_plan_of_few_members_is_not_shown_to_the_public(proposal: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    text = MAG.read_text("utf-8").partition("[roster]")[0]
    plan.write_text(text + '[[members]]\nid = "ann"\nzone = "Asia/Tokyo"\n', "utf-8")
    shown = {kind: invoke("report", plan, *NOW, kind, "--proposal", proposal) for kind in ("--public", "--committee")}

    assert [done.code for done in shown.values()] == [0, 0]
    assert [("The decision" in done.out) for done in shown.values()] == [False, True]
