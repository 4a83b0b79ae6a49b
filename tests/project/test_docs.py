"""Every code block of every document runs, and shows what it really prints.

``console`` blocks are run in a folder that holds the examples, and must print what stands below each command; a line
``...`` stands for any lines. ``python`` blocks are run, in order, in one namespace a document. ``toml`` blocks are read
as plans, fragments together with the tables they lack; ``json`` blocks are parsed. A comment ``<!-- file: NAME -->``
before a block writes it to that file first. ``sh`` blocks are what a reader types to install, a fixed list, or to
work on the code: targets of the Makefile, and tests that rewrite what is shown.

With ``UPDATE_DOCS=1`` console blocks are rewritten with what was printed; a line ``...`` stays where it is.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pytest

from mag_rotation.planfile import load_plan, plan_template
from mag_rotation.zones import TZDATA_VERSION
from parts import require_file
from paths import ROOT

DOCUMENTS = sorted(
    [
        *(ROOT / name for name in ("README.md", "DESIGN.md", "CONTRIBUTING.md", "SECURITY.md")),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
)
TZDATA_SHOWN = "2026f"
"""The version of the zone rules that the documents were written with; what is newer is shown as it."""

INSTALLING = {
    "pip install . && mag-rotation --help\nuv venv && uv pip install . && uv run mag-rotation --help",
    (
        "python -m venv .venv\n.venv/bin/pip install --constraint requirements/constraints.txt pip\n"
        ".venv/bin/pip install --constraint requirements/constraints.txt "
        "--build-constraint requirements/constraints.txt --editable '.[all,test]'"
    ),
    (
        "uv venv\nuv pip install --constraint requirements/constraints.txt "
        "--build-constraint requirements/constraints.txt --editable '.[all,test]'"
    ),
    "mag-rotation --install-completion",
    "pip install '.[places,sheets]'",
}
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
_TARGET = re.compile(r"make (?P<target>[a-z-]+)")
_REWRITING = re.compile(r"UPDATE_(?:DOCS|GOLDEN)=1 \.venv/bin/python -m pytest (?P<path>\S+)")
_BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<kind>\{?[a-z-]*\}?)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One fenced block: its language, its text, the file it is written to, and where it stands."""

    kind: str
    body: str
    file: str | None
    line: int


def blocks(text: str) -> Iterator[Block]:
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("body")) + 1
        yield Block(kind=match["kind"], body=match["body"], file=match["file"], line=line)


def commands(body: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines below it."""
    command: str | None = None
    shown: list[str] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, shown
            command, shown = line[2:], []
        else:
            shown.append(line)
    if command is not None:
        yield command, shown


def printed(command: str, folder: Path) -> list[str]:
    """What a command prints, stdout and stderr as a terminal would show them, and the exit code where it is not 0."""
    result = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in result.stdout, result.stdout
    shown = result.stdout.replace(TZDATA_VERSION, TZDATA_SHOWN).replace("\ufeff", "")  # no terminal shows it
    lines = [line.rstrip() for line in shown.splitlines()]
    return [*lines, f"(exit {result.returncode})"] if result.returncode else lines


def agrees(shown: list[str], found: list[str]) -> bool:
    """Whether the lines shown are those found, ``...`` standing for any."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(f"{line}\n") for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in found)) is not None


def update_shown(shown: list[str], found: list[str]) -> list[str]:
    """The lines found; a line ``...`` still stands for those between its neighbours, or the lines most like these."""
    updated: list[str] = []
    at, elided = 0, False
    for line in shown:
        if line == "...":
            elided = True
            continue
        near = [line] if line in found[at:] else get_close_matches(line, found[at:], n=1)
        if not near:
            continue
        place = found.index(near[0], at)
        updated += ["...", found[place]] if elided else found[at : place + 1]
        at, elided = place + 1, False
    return [*updated, "..."] if elided else [*updated, *found[at:]]


def is_known_command(line: str) -> bool:
    """Whether a line runs a target of the Makefile, or a test that rewrites what documents and golden files show."""
    if found := _TARGET.fullmatch(line):
        return found["target"] in MAKE_TARGETS
    found = _REWRITING.fullmatch(line)
    return found is not None and (ROOT / found["path"]).is_file()


def plan_around(fragment: str) -> str:
    """A fragment of a plan with the required tables it lacks taken from the template."""
    here = tomllib.loads(fragment)
    if "format" in here:
        return fragment
    # the template's season moved to where the documents' examples are
    template = re.sub("2027-01-05", "2026-01-06", plan_template())
    parts = re.split(r"^(?=\[\[?[a-z])", template, flags=re.MULTILINE)
    names = {"meeting", "schedule", "rotation"} - here.keys()
    kept = [part for part in parts if re.match(r"\[\[?([a-z]+)", part) and part.split("]")[0].strip("[") in names]
    bare = "" if fragment.lstrip().startswith("[") else f"{fragment}\n"
    tables = "" if bare else fragment
    return "\n".join([bare, "format = 1", *kept, tables])


def write_file(block: Block, folder: Path) -> None:
    if block.file is not None:
        (folder / block.file).write_text(block.body, encoding="utf-8")


def run_block(block: Block, folder: Path, namespace: dict[str, object]) -> str:
    """Run one block; its text with what it really prints comes back."""
    match block.kind:
        case "console":
            lines: list[str] = []
            for command, shown in commands(block.body):
                found = printed(command, folder)
                lines += [f"$ {command}", *(shown if agrees(shown, found) else update_shown(shown, found))]
            return "".join(f"{line}\n" for line in lines)
        case "python":
            exec(compile(block.body, f"line {block.line}", "exec"), namespace)  # noqa: S102 - it is our own text
        case "toml":
            path = folder / f"block-{block.line}.toml"
            path.write_text(plan_around(block.body), encoding="utf-8")
            load_plan(path)
        case "json":
            json.loads(block.body)
        case "csv":
            assert block.file is not None, f"line {block.line}: a csv block names its file"
        case "sh":
            known = block.body.strip() in INSTALLING or all(map(is_known_command, block.body.splitlines()))
            assert known, f"line {block.line}: not a known way to install, nor a command for those who work on the code"
        case "ini":
            ConfigParser(interpolation=None).read_string(block.body)
        case "{toctree}" | "{eval-rst}" | "yaml":
            pass  # the first two are for the site, which `make docs` builds; jobs are run below
        case other:
            pytest.fail(f"line {block.line}: no way to check a block of kind {other!r}")
    return block.body


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_code_block_runs_and_shows_what_it_prints(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    text = path.read_text("utf-8")
    namespace: dict[str, object] = {"__name__": "__main__"}
    result = text
    if any("[days-off]" in block.body for block in blocks(text)):
        request.getfixturevalue("days_off_packages")
    for block in blocks(text):
        if block.kind == "csv":  # a plan may stand before the sheet it names
            write_file(block, tmp_path)
    for block in blocks(text):
        write_file(block, tmp_path)
        now = run_block(block, tmp_path, namespace)
        result = result.replace(f"```{block.kind}\n{block.body}```", f"```{block.kind}\n{now}```", 1)
    if os.environ.get("UPDATE_DOCS"):
        path.write_text(result, encoding="utf-8")
    else:
        assert result == text


@pytest.fixture(scope="module")
def jobs() -> list[dict[str, dict[str, object]]]:
    """The scheduled jobs of the documents, read by the YAML package of the documentation's own environment."""
    python = require_file(ROOT / ".venv-docs" / "bin" / "python", "run make docs")
    text = (ROOT / "docs" / "guide" / "publish-site.md").read_text("utf-8")
    found = []
    for block in blocks(text):
        if block.kind == "yaml":
            read = [
                str(python),
                "-c",
                "import json, sys, yaml; print(json.dumps(yaml.load(sys.stdin, yaml.BaseLoader)))",
            ]
            done = subprocess.run(read, input=block.body, capture_output=True, encoding="utf-8", timeout=60, check=True)
            found.append(json.loads(done.stdout))
    return found


def test_the_scheduled_jobs_are_whole(jobs: list[dict[str, dict[str, object]]]) -> None:
    github, gitlab = jobs

    assert set(github["on"]) == {"push", "schedule", "workflow_dispatch"}
    assert set(github["permissions"]) == {"contents", "pages", "id-token"}
    assert gitlab["pages"]["artifacts"] == {"paths": ["public"], "expire_in": "never"}


def list_scripts(jobs: list[dict[str, dict[str, object]]]) -> tuple[str, str]:
    """The lines that the two jobs run, each as one script."""
    github, gitlab = jobs
    job, lines = github["jobs"]["write"], gitlab["pages"]["script"]
    assert isinstance(job, dict)
    assert isinstance(lines, list)
    return "\n".join(step["run"] for step in job["steps"] if "run" in step), "\n".join(lines)


def test_the_scheduled_jobs_run_as_they_are_shown(jobs: list[dict[str, dict[str, object]]], tmp_path: Path) -> None:
    """pip, git and curl are replaced by what does nothing, and by a server that has no earlier run."""
    shutil.copytree(ROOT / "examples" / "mag-2020", tmp_path, dirs_exist_ok=True)
    stands = 'pip() { :; }; git() { :; }; curl() { printf "404"; }; CI_PAGES_URL=https://a.example\n'
    for script, folder in zip(list_scripts(jobs), ("site", "public"), strict=True):
        shown = printed(
            f"{stands}set -eu; CI_API_V4_URL=a CI_PROJECT_ID=1 CI_COMMIT_BRANCH=main CI_JOB_TOKEN=t\n{script}", tmp_path
        )
        assert any(line.startswith(f"{folder}: 0 calls to come; 14 of 14 files written") for line in shown), shown
        assert (tmp_path / folder / "index.html").is_file()


def test_a_job_that_cannot_read_its_last_run_stops(jobs: list[dict[str, dict[str, object]]], tmp_path: Path) -> None:
    stands = (
        "pip() { :; }; curl() { printf 503; }; CI_API_V4_URL=a CI_PROJECT_ID=1 CI_COMMIT_BRANCH=main CI_JOB_TOKEN=t\n"
    )
    shown = printed(f"{stands}set -eu\n{list_scripts(jobs)[1]}", tmp_path)

    assert shown == ["The last run cannot be read: 503", "(exit 1)"]


def test_an_elision_stands_for_any_lines() -> None:
    assert agrees(["a", "...", "c"], ["a", "b", "b", "c"])
    assert agrees(["a", "..."], ["a"])
    assert not agrees(["a", "...", "d"], ["a", "b", "c"])


def test_an_update_keeps_elisions_and_takes_in_what_is_new() -> None:
    found = ["title", "alpha: 2", "beta: 1", "gamma: 1", "warnings: none,", "facts: none"]

    for shown, expected in (
        (["title", "...", "gamma: 1", "warnings: none"], ["title", "...", *found[3:]]),
        (["title", "alpha: 1", "..."], ["title", "alpha: 2", "..."]),
        (["...", "warnings: none", "..."], ["...", "warnings: none,", "..."]),
        (["title", "something that is gone"], found),
        ([], found),
    ):
        assert update_shown(shown, found) == expected
        assert agrees(expected, found)


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("make test", True),
        ("make it-so", False),
        ("UPDATE_DOCS=1 .venv/bin/python -m pytest tests/project/test_docs.py", True),
        ("UPDATE_DOCS=1 .venv/bin/python -m pytest tests/test_docs.py", False),
        ("rm -r .venv", False),
    ],
)
def test_a_command_that_is_not_there_is_noticed(line: str, *, known: bool) -> None:
    assert is_known_command(line) == known


def test_a_wrong_output_is_noticed(tmp_path: Path) -> None:
    block = Block(kind="console", body="$ echo one\ntwo\n", file=None, line=1)

    assert run_block(block, tmp_path, {}) == "$ echo one\none\n"


def links(text: str) -> Mapping[str, int]:
    return {match[1]: 1 for match in re.finditer(r"\]\((?!https?:|#)([^)#\s]+)", text)}


DRAWN = {
    ROOT / line.removeprefix("/")
    for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    if line.startswith("/docs/pictures/")
}
"""The pictures that `make docs` draws; it fails if one of them is missing."""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(path: Path) -> None:
    found = [(path.parent / link).resolve() for link in links(path.read_text("utf-8"))]

    assert [file for file in found if file not in DRAWN and not file.exists()] == []


def test_the_python_of_every_document_has_right_types(tmp_path: Path) -> None:
    """Blocks follow each other in one module a document; imports that stand twice are as they are in a document."""
    for path in DOCUMENTS:
        code = "\n".join(block.body for block in blocks(path.read_text("utf-8")) if block.kind == "python")
        if code:
            name = "_".join(path.relative_to(ROOT).with_suffix("").parts).replace("-", "_")
            (tmp_path / f"{name}.py").write_text(code, "utf-8")
    loose = ("--allow-untyped-defs", "--allow-untyped-calls", "--allow-redefinition", "--no-warn-unreachable")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *loose, *map(str, sorted(tmp_path.glob("*.py")))],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stdout.replace(str(tmp_path), "")
