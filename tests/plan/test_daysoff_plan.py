"""Days off in a plan: named and charged where it asks for them, and not even looked for where it does not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiences import audience_of
from conftest import Run
from invoke import invoke
from mag_rotation.burden import make_burden_matrix
from mag_rotation.errors import MissingExtra
from mag_rotation.night import night_of
from mag_rotation.plan import Plan
from mag_rotation.planfile import load_plan

pytestmark = pytest.mark.usefixtures("days_off_packages")

WITHOUT = """format = 1
meeting = { id = "demo", name = "Demo", uid-domain = "example.org", duration = "1h" }
schedule = { first = 2020-12-31, repeat = "FREQ=WEEKLY", count = 3 }
rotation = { slots = [{ at = "21:30" }] }
"""
MEMBERS = """
[[members]]
id = "paris"
zone = "Europe/Paris"
groups = { country = "FR" }
[[members]]
id = "tehran"
zone = "Asia/Tehran"
groups = { country = "IR" }
[[members]]
id = "canary"
zone = "Atlantic/Canary"
groups = { country = "IC" }
[[members]]
id = "nowhere"
zone = "UTC"
"""
NAMED = f"{WITHOUT}days-off = {{}}\n{MEMBERS}"
PRICED = f"{WITHOUT}days-off = {{ weekend-points = 2, holiday-points = 4 }}\n{MEMBERS}"
UNKNOWN = "no public holiday is known of the country 'IC'; only its weekends are named"
HOMELESS = "1 of 4 members has no group 'country', so no day off of theirs is known"


def written(folder: Path, text: str) -> Path:
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def nights(plan: Plan, call: int = 0) -> dict[str, tuple[str | None, int]]:
    """The day off and the burden of each member at a call."""
    return {night.id: (night.day_off, night.burden) for night in plan.night(plan.calls[call]).members}


def test_a_table_of_days_off_names_them_and_charges_nothing_by_itself(tmp_path: Path) -> None:
    plan, plain = (load_plan(written(tmp_path, text)) for text in (NAMED, f"{WITHOUT}{MEMBERS}"))

    # 22:30 on 31 December in Paris; already Friday, 1 January, in Tehran
    assert nights(plan) == {
        "tehran": ("weekend", 540),
        "paris": (None, 360),
        "canary": (None, 270),
        "nowhere": (None, 270),
    }
    assert {member: burden for member, (_, burden) in nights(plan).items()} == {
        member: burden for member, (_, burden) in nights(plain).items()
    }
    assert {day_off for day_off, _ in nights(plain).values()} == {None}


def test_each_minute_pays_what_the_table_says(tmp_path: Path) -> None:
    at_midnight = PRICED.replace("21:30", "22:30").replace('[[members]]\nid = "canary"', "[[members]]\nid = 'canary'")

    found = nights(load_plan(written(tmp_path, at_midnight)))

    # Half an hour of New Year in Paris and none on the Canary Islands, an hour of Friday in Tehran.
    assert found["paris"] == (None, 30 * 7 + 30 * 8 + 30 * 4)
    assert found["tehran"] == ("weekend", 60 * 10 + 60 * 2)
    assert found["canary"] == (None, 30 * 5 + 30 * 7)


def test_the_matrix_of_a_plan_charges_what_its_reports_do(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, PRICED))

    matrix = make_burden_matrix(
        [call.start for call in plan.calls],
        [call.minutes for call in plan.calls],
        audience_of(plan.members, plan.meeting, hours=plan.hours, days_off=plan.audience.days_off),
    )

    burdens = matrix.by_member(matrix.burdens()).T.tolist()
    assert [dict(zip(matrix.members, column, strict=True)) for column in burdens] == [
        {member: burden for member, (_, burden) in nights(plan, call).items()} for call in range(3)
    ]


def test_fairness_and_check_charge_what_the_matrix_does(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, PRICED))
    sums = {member: sum(nights(plan, call)[member][1] for call in range(3)) for member in nights(plan)}

    found = plan.check(datetime(2021, 1, 24, 12, tzinfo=UTC))

    assert {share.id: share.burden for share in plan.fairness().members} == sums
    assert {share.id: share.burden for share in found.before.members} == sums
    assert {night.id: night.day_off for night in found.night.members} == {
        "paris": "weekend",
        "canary": "weekend",
        "tehran": None,
        "nowhere": None,
    }


def test_the_years_beside_those_of_the_calls_are_known_and_others_when_they_are_asked_about(tmp_path: Path) -> None:
    plan = load_plan(written(tmp_path, NAMED))
    near, far = datetime(2021, 7, 14, 12, tzinfo=UTC), datetime(2040, 7, 14, 12, tzinfo=UTC)

    assert plan.audience_at(near) is plan.audience
    for instant in (near, far):
        found = night_of(
            plan.members[0],
            start=instant,
            minutes=60,
            audience=plan.audience_at(instant),
        )
        assert found is not None
        assert found.day_off == "National Day"
    assert invoke("night", tmp_path / "plan.toml", "--at", "2040-07-14T12:00Z").out.count("National Day") == 1


def test_a_document_names_the_versions_it_rests_on_where_days_off_count(tmp_path: Path) -> None:
    path = written(tmp_path, NAMED)
    sources = dict(load_plan(path).sources)

    night = invoke("night", path, "--next", "--now", "2020-12-31T00:00Z", "--format", "json").document
    member = invoke("calls", path, "--member", "paris", "--format", "json").document
    sheet = invoke("night", path, "--next", "--now", "2020-12-31T00:00Z", "--format", "csv").lines
    table = invoke("night", path, "--next", "--now", "2020-12-31T00:00Z").out

    assert list(sources) == ["babel", "holidays"]
    assert night["days_off"] == member["days_off"] == sources
    assert night["warnings"] == member["warnings"] == [UNKNOWN]
    assert sheet[0].endswith("burden,day_off,tzdata,babel,holidays")
    assert sheet[1].endswith(",".join(["weekend", sheet[1].split(",")[-3], *sources.values()]))
    assert f"Days off: babel {sources['babel']}, holidays {sources['holidays']}." in table


def test_a_column_of_days_off_stands_where_somebody_has_one(tmp_path: Path) -> None:
    path = written(tmp_path, NAMED)

    some = invoke("night", path, "--at", "2021-01-02T12:00Z").out
    none = invoke("night", path, "--at", "2021-01-05T12:00Z").out
    of_member = invoke("calls", path, "--member", "tehran").out
    of_other = invoke("calls", path, "--member", "paris").out

    assert "day off" in some
    assert some.count("weekend") == 2 + 1  # two members, and the sentence about the Canary Islands
    assert "day off" not in none
    assert "day off" in of_member
    assert "day off" not in of_other


def test_validate_says_of_whom_no_day_off_can_be_known(tmp_path: Path) -> None:
    document = invoke("validate", written(tmp_path, NAMED), "--format", "json").document
    plain = invoke("validate", written(tmp_path, f"{WITHOUT}{MEMBERS}"), "--format", "json").document

    warnings, before = document["warnings"], plain["warnings"]
    assert isinstance(warnings, list)
    assert isinstance(before, list)
    assert warnings == [*before, UNKNOWN, HOMELESS]


BROKEN = "raise ModuleNotFoundError(\"No module named 'holidays'\", name='holidays')\n"
MESSAGE = "days-off needs the package 'holidays', which is not installed; run: pip install 'mag-rotation[days-off]'"


@pytest.mark.parametrize(
    "command", [("calls",), ("night", "--at", "2021-01-01T12:00Z"), ("ics", "--output", "x.ics"), ("validate",)]
)
def test_a_missing_package_is_an_error_with_its_cure_and_nothing_is_written(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "holidays.py").write_text(BROKEN, encoding="utf-8")
    path = written(tmp_path, NAMED)
    name, *options = command

    done = run(name, path, *options)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"mag-rotation: {MESSAGE}\n")
    assert {child.name for child in tmp_path.iterdir()} - {"__pycache__"} == {"holidays.py", "plan.toml"}


def test_a_plan_without_the_table_gives_the_same_bytes_with_and_without_the_packages(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, f"{WITHOUT}{MEMBERS}")
    arguments = ("night", path, "--at", "2021-01-01T12:00Z", "--format", "json")
    whole = run(*arguments)
    for package in ("holidays", "babel"):
        (tmp_path / f"{package}.py").write_text(BROKEN, encoding="utf-8")

    bare = run(*arguments)

    assert (bare.returncode, bare.stdout) == (0, whole.stdout)
    assert "days_off" not in whole.stdout
    assert whole.stdout.count('"day_off": null') == 4


def test_a_missing_package_is_an_import_error_to_plain_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("mag_rotation.daysoff", "babel"):
        monkeypatch.delitem(__import__("sys").modules, module, raising=False)
    monkeypatch.setitem(__import__("sys").modules, "babel", None)

    with pytest.raises(ImportError) as caught:
        load_plan(written(tmp_path, NAMED))

    assert isinstance(caught.value, MissingExtra)
    assert (caught.value.extra, caught.value.package) == ("days-off", "babel")
