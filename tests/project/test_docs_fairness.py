"""The page about fairness has the thresholds of the verdict, each with its default."""

from __future__ import annotations

import re
from dataclasses import fields

from mag_rotation.fairness import RULES, Thresholds
from paths import ROOT

PAGE = (ROOT / "docs" / "fundamentals" / "fairness.md").read_text("utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of the first table of a text, its head left out."""
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[0].splitlines()[2:]]


def test_the_thresholds_are_those_of_the_code() -> None:
    defaults = Thresholds()
    expected = [
        [f"`{one.name.replace('_', '-')}`", f"`{value}`" if (value := getattr(defaults, one.name)) else "none"]
        for one in fields(defaults)
    ]

    assert rows(PAGE.partition("<!-- thresholds -->")[2]) == expected


def test_every_rule_and_every_threshold_stands_in_the_table_of_rules() -> None:
    table = rows(PAGE.partition("## The verdict on one time")[2])

    assert len(table) == len(RULES)
    assert all(one.name.replace("_", "-") in str(table) for one in fields(Thresholds()))
