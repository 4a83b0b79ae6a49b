"""Small changes to the code, one at a time: what share of them do the tests notice?

``make mutants`` takes a random sample from another seed each time and prints what no test noticed; a seed repeats a
sample. Each change is made in a copy of the project, so that nothing here is touched.

    python tests/support/mutants.py --count 100 --seed 7 [--room calls] [--workers 2] [--least 92]
"""

from __future__ import annotations

import argparse
import ast
import os
import queue
import random
import resource
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
PACKAGE = Path("src/mag_rotation")
UNSEEN = Path("tests/data/mutants/unseen.toml")
"""The changes that no test can see, with the reason for each."""

ROOMS = ("series", "calls", "zones", "night", "burden", "fairness", "drift", "ics", "propose/judge")
"""What is changed: rooms, and one file of a room."""

TOO_SLOW = frozenset({"cli", "propose", "publish"})
"""Rooms whose tests are not asked about changes below them: they take minutes and look at other things."""

LEAST_SHARE = 92.0
"""Per cent of the changes that have to be noticed."""

MOST_MINUTES = 10
"""For the tests of one room: far above what they take, so that only what does not end is stopped."""

MOST_BYTES = 4 * 1024**3
"""Of memory for one run of tests."""

_COPIED_NOT = shutil.ignore_patterns(".git", ".*_cache", ".hypothesis", ".venv*", "node_modules", "demo", "dist")
_LINKED = (".venv-strangers", "tests/oracles/node_modules")

_COMPARISONS: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """One small change: the file, the line that it is in, and the expression before and after it.

    ``begin`` and ``end`` are where the expression stands in the bytes of the file.
    """

    file: str
    number: int
    line: str
    before: str
    after: str
    begin: int
    end: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names the change, wherever its line has moved to."""
        return self.file, self.line, self.before, self.after

    def change(self, source: bytes) -> bytes:
        """The source with the change in it."""
        return source[: self.begin] + f"({self.after})".encode() + source[self.end :]


class Outcome(StrEnum):
    """What became of a change."""

    NOTICED = "noticed"
    """A test failed."""
    STOPPED = "stopped"
    """The tests did not end, which is noticed, too."""
    SURVIVED = "survived"
    """All tests passed."""


def find_mutants(source: bytes, file: str) -> Iterator[Mutant]:
    """Every small change to the expressions of a source file, in the order of the file.

    Annotations, decorators and the insides of f-strings are left: they are no behaviour, speed, or words.

    >>> [mutant.after for mutant in find_mutants(b"far = low < 3 and not near", "x.py")]
    ['low < 3 or not near', 'low <= 3', '4', '2', 'near']
    """
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for node in _walk_code(ast.parse(source)):
        for changed in _list_changes(node):
            yield Mutant(
                file=file,
                number=node.lineno,
                line=lines[node.lineno - 1].decode().strip(),
                before=ast.unparse(node),
                after=ast.unparse(changed),
                begin=starts[node.lineno - 1] + node.col_offset,
                end=starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0),
            )


def _walk_code(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions below a node that say what is done."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"} or isinstance(value, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr | ast.pattern):
                if isinstance(child, ast.expr):
                    yield child
                yield from _walk_code(child)


def _list_changes(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may be changed into; nothing for most."""
    match node:
        case ast.Compare(ops=operators):
            for index, operator in enumerate(operators):
                others = [*operators[:index], _COMPARISONS[type(operator)](), *operators[index + 1 :]]
                yield ast.Compare(node.left, others, node.comparators)
        case ast.BinOp(op=arithmetic) if type(arithmetic) in _ARITHMETIC:
            yield ast.BinOp(node.left, _ARITHMETIC[type(arithmetic)](), node.right)
        case ast.BoolOp(op=boolean):
            yield ast.BoolOp(ast.Or() if isinstance(boolean, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Call(func=ast.Name(id=name)) if name in _NAMES:
            yield ast.Call(ast.Name(_NAMES[name]), node.args, node.keywords)
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in _NAMES:
            yield ast.Call(ast.Attribute(owner, _NAMES[name]), node.args, node.keywords)
        case _:
            return


def list_files(part: str) -> list[Path]:
    """The source files of a room, or the one that is named, from the root of the project."""
    folder = PACKAGE / part
    return sorted((ROOT / folder).rglob("*.py")) if (ROOT / folder).is_dir() else [ROOT / f"{folder}.py"]


def find_mutants_of(parts: Sequence[str]) -> Iterator[Mutant]:
    """Every change of some rooms."""
    for path in (path for part in parts for path in list_files(part)):
        yield from find_mutants(path.read_bytes(), path.relative_to(ROOT / PACKAGE).as_posix())


def find_visible_mutants(parts: Sequence[str]) -> list[Mutant]:
    """Every change of some rooms, but for those that cannot be seen."""
    unseen = read_unseen()
    return [mutant for mutant in find_mutants_of(parts) if mutant.key not in unseen]


def read_unseen() -> dict[tuple[str, str, str, str], str]:
    """The changes that cannot be seen, and why."""
    tables = tomllib.loads((ROOT / UNSEEN).read_text("utf-8"))["mutant"]
    return {(one["file"], one["line"], one["before"], one["after"]): one["why"] for one in tables}


@cache
def read_users(package: Path) -> dict[str, set[str]]:
    """The rooms that import each room."""
    users: dict[str, set[str]] = {}
    for path in package.rglob("*.py"):
        where = path.relative_to(package).parts[0].removesuffix(".py")
        if where in {"__init__", "__main__"}:
            continue
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mag_rotation."):
                users.setdefault((node.module or "").split(".")[1], set()).add(where)
    return {room: others - {room} for room, others in users.items()}


def list_tests(room: str, file: str = "") -> list[str]:
    """The files with the tests of a room, first the doctests, then those named after the changed file."""
    tests = sorted((ROOT / "tests" / room).glob("test_*.py"), key=lambda path: Path(file).stem not in path.stem)
    places = [PACKAGE / room, PACKAGE / f"{room}.py", Path(f"tests/test_{room}.py")]
    found = [place for place in places if (ROOT / place).exists()]
    return [place.as_posix() for place in [*found, *(path.relative_to(ROOT) for path in tests)]]


def order_rooms(part: str) -> list[str]:
    """A room, and then those whose tests are asked about it, from the bottom up."""
    users = read_users(ROOT / PACKAGE)
    room = part.partition("/")[0].removesuffix(".py")
    asked = users.get(room, set()) - TOO_SLOW
    below = {one: {other for other, above in users.items() if one in above} for one in users}
    return [room, *(one for one in TopologicalSorter(below).static_order() if one in asked)]


class Copy:
    """A copy of the project in which changes are made and tests are run, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        shutil.copytree(ROOT, folder, ignore=_COPIED_NOT, dirs_exist_ok=True)
        for name in _LINKED:
            if (ROOT / name).exists():
                (folder / name).symlink_to((ROOT / name).resolve())
        self._writes = 0
        self._left_out: list[str] = []

    def leave_out(self, tests: Sequence[str]) -> None:
        """Do not run these tests, which fail without a change."""
        self._left_out = [f"--deselect={test}" for test in tests]

    def write(self, file: str, source: bytes) -> None:
        """Write a source file so that no bytecode of another version passes for its own."""
        path = self.root / PACKAGE / file
        path.write_bytes(source)
        self._writes += 1
        os.utime(path, (self._writes, self._writes))  # bytecode is known by whole seconds and by size

    def run(self, tests: Sequence[str], *options: str, minutes: int = MOST_MINUTES) -> tuple[int | None, str]:
        """The exit code of pytest, None where it was stopped, and what it wrote."""
        command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", *options]
        try:
            done = subprocess.run(
                [*command, *self._left_out, *tests],
                cwd=self.root,
                env=os.environ | {"PYTHONPATH": str(self.root / "src"), "HYPOTHESIS_PROFILE": "mutants"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=minutes * 60,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None, ""
        return done.returncode, done.stdout

    def try_mutant(self, mutant: Mutant) -> Outcome:
        """Make a change, run the tests of its room and then of those above, and take it back."""
        source = (ROOT / PACKAGE / mutant.file).read_bytes()
        self.write(mutant.file, mutant.change(source))
        try:
            for room in order_rooms(mutant.file):
                code, _ = self.run(list_tests(room, mutant.file), "-x")
                if code != 0:
                    return Outcome.STOPPED if code is None else Outcome.NOTICED
            return Outcome.SURVIVED
        finally:
            self.write(mutant.file, source)


def find_failing(copy: Copy, parts: Sequence[str], workers: int) -> list[str]:
    """The tests that fail without any change; raises :class:`TimeoutError` where they do not end."""
    rooms = dict.fromkeys(room for part in parts for room in order_rooms(part))
    tests = [test for room in rooms for test in list_tests(room)]
    code, written = copy.run(tests, "-rfE", f"-n{workers}", "--dist=loadfile", minutes=6 * MOST_MINUTES)
    if code is None:
        raise TimeoutError(f"the tests of {', '.join(rooms)} do not end without a change")
    words = (line.split(" ") for line in written.splitlines())
    return [line[1] for line in words if line[0] in {"FAILED", "ERROR"} and len(line) > 1]


def try_mutants(sample: Sequence[Mutant], copies: Sequence[Copy]) -> Iterator[tuple[Mutant, Outcome]]:
    """What becomes of each change, as it comes out."""
    free: queue.SimpleQueue[Copy] = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)

    def try_one(mutant: Mutant) -> tuple[Mutant, Outcome]:
        copy = free.get()
        try:
            return mutant, copy.try_mutant(mutant)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from pool.map(try_one, sample)


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def describe(mutant: Mutant) -> str:
    """Where a change is and what it is."""
    return f"{mutant.file}:{mutant.number}: {mutant.before}  ->  {mutant.after}"


def main() -> int:
    """Run from the command line; exit 1 where too small a share was noticed."""
    parser = argparse.ArgumentParser(description="Make small changes to the code and see how many the tests notice.")
    parser.add_argument("--count", type=int, default=100, help="how many changes to try")
    parser.add_argument("--seed", type=int, default=None, help="repeat the sample of this seed")
    parser.add_argument("--room", action="append", choices=ROOMS, help="change this room only; may be repeated")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--trust", action="store_true", help="do not run the tests without a change first")
    parser.add_argument("--least", type=float, default=LEAST_SHARE, help="per cent that have to be noticed")
    asked = parser.parse_args()
    seed = int(time.time()) if asked.seed is None else asked.seed
    parts = asked.room or ROOMS
    mutants = find_visible_mutants(parts)
    sample = random.Random(seed).sample(mutants, min(asked.count, len(mutants)))  # noqa: S311 - no secret
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))  # that of each run of tests, too
    say(f"seed {seed}: {len(sample)} of {len(mutants)} changes")
    with TemporaryDirectory() as folder:
        workers = max(1, asked.workers)
        copies = [Copy(Path(folder) / str(number)) for number in range(workers)]
        failing = [] if asked.trust else find_failing(copies[0], parts, workers)
        for copy in copies:
            copy.leave_out(failing)
        for test in failing:
            say(f"fails without a change, and is left out: {test}")
        outcomes: list[tuple[Mutant, Outcome]] = []
        for mutant, outcome in try_mutants(sample, copies):
            outcomes.append((mutant, outcome))
            say(f"{len(outcomes)}/{len(sample)} {outcome:8} {describe(mutant)}")
    survivors = [mutant for mutant, outcome in outcomes if outcome is Outcome.SURVIVED]
    share = 100 * (1 - len(survivors) / len(outcomes)) if outcomes else 100.0
    say(f"\nseed {seed}: {len(outcomes) - len(survivors)} of {len(outcomes)} changes were noticed, {share:.1f} %")
    for mutant in sorted(survivors, key=lambda one: (one.file, one.number)):
        say(f"survived: {describe(mutant)}\n    {mutant.line}")
    return 0 if share >= asked.least else 1


if __name__ == "__main__":
    sys.exit(main())
