"""What all tests share: the profiles of hypothesis and one way to run the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, settings

from parts import require_module
from paths import DATA

settings.register_profile("quick", max_examples=40, deadline=None, derandomize=True)
settings.register_profile(  # for `make mutants`, where the first failing example is as good as the smallest
    "mutants", settings.get_profile("quick"), max_examples=20, phases=(Phase.explicit, Phase.generate)
)
settings.register_profile("thorough", max_examples=400, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

DAYS_OFF_HINT = "run pip install 'mag-rotation[days-off]'; make test-newest leaves it out in its first run"


SLOW = frozenset(
    line for line in (DATA / "slow.txt").read_text("utf-8").splitlines() if line and not line.startswith("#")
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the list as slow, so that ``make quick`` can leave them out."""
    for item in items:
        if item.nodeid.partition("[")[0] in SLOW:
            item.add_marker(pytest.mark.slow)


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def days_off_packages() -> None:
    """The packages of the extra days-off, or the test is skipped or fails."""
    for name in ("babel", "holidays"):
        require_module(name, DAYS_OFF_HINT)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``mag-rotation`` as a process of its own in an empty directory, with the variables given added."""

    def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mag_rotation", *map(str, arguments)],
            cwd=tmp_path,
            env=os.environ | environment,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return call
