"""The answers of the commands in every language, as golden files; ``announce`` and ``decide`` have their own."""

import os

import pytest

from invoke import invoke
from mag_rotation.report.language import LANGUAGES
from mag_rotation.zones import TZDATA_VERSION
from paths import DATA, EXAMPLES

MAG, IGF = EXAMPLES / "mag-2020" / "plan.toml", EXAMPLES / "igf-2020" / "plan.toml"
ASKED = (
    ("night", MAG, "--call", "XVII"),
    ("check", MAG, "--at", "2020-11-03T20:00Z"),
    ("fairness", MAG),
    ("propose", MAG, "--slots", "2", "--grid", "4h", "--quorum", "30"),
    ("compare", MAG, "--grid", "4h"),
    ("drift", MAG),
    ("programme", IGF),
)
GOLDEN = DATA / "languages"
MOST = 36
"""The lines of each answer that a golden file has: sentences and the first rows of tables."""


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_answers_read_as_the_golden_file_of_their_language(language: str) -> None:
    answers = []
    for name, *arguments in ASKED:
        done = invoke(str(name), *arguments, "--locale", language)
        assert (done.code, done.err) == (0, "")
        answers.append("".join(done.out.splitlines(keepends=True)[:MOST]))
    text = "\n".join(answers).replace(TZDATA_VERSION, "{tzdata}")
    path = GOLDEN / f"{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")

    assert text == path.read_text("utf-8")
