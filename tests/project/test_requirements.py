"""The lists in ``requirements/`` hold what ``pyproject.toml`` asks for, and nothing of the machine that made them.

Law: on every supported Python each list names exactly one version of each package, and it is one that pyproject.toml
allows; in the list of lower bounds it is the bound itself. A change of pyproject.toml fails here until ``make lock``.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from paths import ROOT

LISTS = ROOT / "requirements"
PYTHONS = ("3.11.0", "3.12.1", "3.13.0", "3.14.0")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CORE = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]

ASKED = {
    "constraints.txt": [*CORE, *EXTRAS["all"], *EXTRAS["test"], *GROUPS["build"], *GROUPS["lock"]],
    "oldest.txt": [*CORE, *EXTRAS["all"]],
    "strangers.txt": GROUPS["strangers"],
    "docs.txt": [*CORE, *EXTRAS["all"], *GROUPS["docs"]],
    "bench.txt": [*CORE, *EXTRAS["all"], *GROUPS["bench"]],
}
"""What each list has to hold, as pyproject.toml says it."""


def pins(text: str, python: str) -> dict[str, list[Version]]:
    """The versions that a list names for each package on that Python; fails on a line that is not exact."""
    environment = {key: str(value) for key, value in default_environment().items()}
    environment |= {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    found: dict[str, list[Version]] = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        one = Requirement(line)
        (exact,) = one.specifier
        assert exact.operator == "==", line
        assert one.url is None, line
        if one.marker is None or one.marker.evaluate(environment):
            found.setdefault(canonicalize_name(one.name), []).append(Version(exact.version))
    return found


def unmet(asked: list[str], text: str, python: str) -> list[str]:
    """The requirements that a list does not meet with exactly one version."""
    found = pins(text, python)
    needed = [Requirement(each) for each in asked]
    return [
        str(one)
        for one in needed
        if len(versions := found.get(canonicalize_name(one.name), [])) != 1
        or not one.specifier.contains(versions[0], prereleases=True)
    ]


def test_every_list_is_known_here() -> None:
    assert {path.name for path in LISTS.iterdir()} == set(ASKED)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ASKED)
def test_a_list_holds_one_allowed_version_of_each_package(name: str, python: str) -> None:
    text = (LISTS / name).read_text("utf-8")

    assert unmet(ASKED[name], text, python) == []
    assert [package for package, versions in pins(text, python).items() if len(versions) > 1] == []


def test_the_oldest_versions_are_the_lower_bounds() -> None:
    found = pins((LISTS / "oldest.txt").read_text("utf-8"), PYTHONS[0])
    bounds = {
        canonicalize_name(one.name): Version(bound.version)
        for one in map(Requirement, ASKED["oldest.txt"])
        for bound in one.specifier
        if bound.operator == ">="
    }

    assert set(bounds) == {canonicalize_name(Requirement(each).name) for each in ASKED["oldest.txt"]}
    assert {name: found[name] for name in bounds} == {name: [bound] for name, bound in bounds.items()}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("numpy==2.4.6\n", []),
        ("numpy==2.4.6 ; python_full_version < '3.12'\nnumpy==2.5.5 ; python_full_version >= '3.12'\n", []),
        ("# numpy==2.4.6\n", ["numpy>=2.0"]),
        ("numpy==1.26.4\n", ["numpy>=2.0"]),
        ("numpy==2.5.5 ; python_full_version >= '3.12'\n", ["numpy>=2.0"]),
        ("numpy==2.4.6\nnumpy==2.5.5\n", ["numpy>=2.0"]),
        ("numpy-financial==2.4.6\n", ["numpy>=2.0"]),
    ],
)
def test_what_is_missing_in_a_list_is_found(text: str, missing: list[str]) -> None:
    assert unmet(["numpy>=2.0"], text, "3.11.0") == missing


@pytest.mark.parametrize(
    "path", [*LISTS.iterdir(), ROOT / "tests/oracles/package-lock.json"], ids=lambda path: path.name
)
def test_a_list_names_no_host_and_no_path(path: Path) -> None:
    text = path.read_text("utf-8")

    assert not re.findall(r"://|^-|\s@\s|\\|^\s*#.*(?:^|\s)[~.]?/", text, re.MULTILINE)


def test_the_lock_of_npm_holds_what_package_json_asks_for() -> None:
    folder = ROOT / "tests/oracles"
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    asked = json.loads((folder / "package.json").read_text("utf-8"))["dependencies"]

    assert lock["packages"][""]["dependencies"] == asked
    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in asked} == asked
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)


def test_what_builds_the_project_is_in_the_group_that_is_locked() -> None:
    assert set(PROJECT["build-system"]["requires"]) <= set(GROUPS["build"])
