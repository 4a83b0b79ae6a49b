"""Where tests find the project, the examples and the files that they read."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
EXAMPLES = ROOT / "examples"
DATA = TESTS / "data"
ORACLES = TESTS / "oracles"
BROKEN_PLANS = sorted([*(DATA / "broken").glob("*.toml"), *(DATA / "broken").glob("*/plan.toml")])
