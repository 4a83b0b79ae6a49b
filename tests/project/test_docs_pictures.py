"""The pictures that the README shows say what the plan of the example says today."""

import re
from pathlib import Path

import pytest

from invoke import invoke
from paths import EXAMPLES, ROOT


def words_of(picture: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>|<tspan[^>]*>([^<]*)</tspan>", picture)


@pytest.mark.parametrize("name", ["compare", "day"])
def test_a_picture_has_the_words_of_a_new_one(name: str, tmp_path: Path) -> None:
    new = tmp_path / "new.svg"
    assert invoke("plot", EXAMPLES / "mag-2020" / "plan.toml", "--what", name, "-o", new).code == 0
    words = words_of(new.read_text("utf-8"))

    assert len(words) > 20
    assert words_of((ROOT / "docs" / "pictures" / f"{name}.svg").read_text("utf-8")) == words


def test_every_picture_of_the_documents_is_there_or_drawn_with_them() -> None:
    drawn = re.search(r"PICTURES = \(([^)]*)\)", (ROOT / "docs" / "conf.py").read_text("utf-8"))
    assert drawn is not None
    names = set(re.findall(r'"(\w+)"', drawn[1]))
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        shown = re.findall(r"!\[([^\]]*)\]\([^)]*pictures/(\w+)\.svg\)", path.read_text("utf-8"))
        assert {name for _, name in shown} <= names, path
        assert all(words.strip() for words, _ in shown), f"{path}: a picture has words for those who cannot see it"
